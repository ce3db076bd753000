"""Tasks under "Try this" in 00, 04 and 09, done by hand: each promise is about what changed.

In a page of their own, without JupyterLab; the kernel is this process.
"""

import pytest
from picture_page import PicturePage

from bp_helpers.explorers import (
    BackwardExplorer,
    RaceExplorer,
    WhichEndExplorer,
    WholeNetworkExplorer,
    race,
)


@pytest.fixture
def open_explorer(chromium):
    context = chromium.new_context(viewport={"width": 1300, "height": 700})
    yield lambda explorer: PicturePage(context, explorer)
    context.close()


def typed(page, name, value):
    """Put the focus on a number, press Enter, and type."""
    page.part(name).focus()
    page.page.keyboard.press("Enter")
    page.page.keyboard.insert_text(str(value))
    page.page.keyboard.press("Enter")
    page.settle()


def gradient(page, name):
    """A number that follows, as the picture says it."""
    said = page.part(name).get_attribute("aria-label").partition(" = ")[2]
    return float(said.replace("\N{MINUS SIGN}", "-"))


# ---- 00 -----------------------------------------------------------------------------------------


@pytest.fixture
def whole(open_explorer):
    explorer = WholeNetworkExplorer()
    explorer.use_preset("most wrong")
    return open_explorer(explorer)


def test_00_first_task_the_weight_with_the_longest_bar_is_dragged_until_the_answer_is_right(whole):
    bars = whole.view.locator("svg").nth(1)
    bars.locator('[data-name="dW1[1,1]"]').click()
    whole.settle()
    assert whole.explorer.handles["parameter"].description == "W1[1,1]"
    losses, sizes = [gradient(whole, "loss")], [abs(gradient(whole, "dW1[1,1]"))]
    assert gradient(whole, "dW1[1,1]") < 0  # more of it, less error
    for _ in range(4):
        whole.drag("W1[1,1]", 30)
        losses.append(gradient(whole, "loss"))
        sizes.append(abs(gradient(whole, "dW1[1,1]")))
    assert losses == sorted(losses, reverse=True)
    assert sizes[-1] < sizes[0]
    assert gradient(whole, "A2[1]") > gradient(whole, "A2[0]")  # Chinstrap


def test_00_with_targets_as_the_outputs_say_all_bars_are_short_and_no_weight_has_moved(whole):
    before = [abs(gradient(whole, name)) for name in ("dW2[0,0]", "dW1[0,0]", "db2[0]", "db2[1]")]
    for k in (0, 1):
        typed(whole, f"Y[{k}]", f"{gradient(whole, f'A2[{k}]'):.3f}")
    after = [abs(gradient(whole, name)) for name in ("dW2[0,0]", "dW1[0,0]", "db2[0]", "db2[1]")]
    assert all(now < 0.02 * then for now, then in zip(after, before, strict=True))
    assert "W1[" not in whole.explorer.shown.replace("held=W1", "")


def test_00_the_biases_of_the_outputs_go_opposite_ways_and_lower_the_loss(whole):
    assert gradient(whole, "db2[0]") > 0 > gradient(whole, "db2[1]")
    loss = gradient(whole, "loss")
    whole.drag("b2[0]", -20)
    lower = gradient(whole, "loss")
    whole.drag("b2[1]", 20)
    assert gradient(whole, "loss") < lower < loss


def test_00_at_the_end_of_the_weight_the_other_penguins_pay(whole):
    before = whole.explorer.numbers.right
    losses = [gradient(whole, "loss")]
    for _ in range(3):
        whole.drag("W1[1,1]", 120, moves=8)
        losses.append(gradient(whole, "loss"))
    assert whole.explorer.hands()["W1[1,1]"].value == whole.explorer.reach
    assert losses[-1] < losses[0]
    assert whole.explorer.numbers.right < before


# ---- 04 -----------------------------------------------------------------------------------------


@pytest.fixture
def backward(open_explorer):
    explorer = BackwardExplorer()
    explorer.set(step=7)
    return open_explorer(explorer)


def test_04_an_input_of_0_stops_the_gradients_of_its_weights_and_not_its_own(backward):
    typed(backward, "X[0]", 0)
    assert [gradient(backward, f"dW1[0,{j}]") for j in range(3)] == [0, 0, 0]
    assert all(gradient(backward, f"dW1[1,{j}]") != 0 for j in range(3))
    assert gradient(backward, "dX[0]") != 0


def test_04_an_output_that_is_right_gets_no_blame_and_the_other_still_hands_some_back(backward):
    before = abs(gradient(backward, "delta2[0]"))
    typed(backward, "Y[0]", 0.4)
    assert abs(gradient(backward, "delta2[0]")) < 0.1 * before
    assert abs(gradient(backward, "delta2[1]")) > 0.1
    assert all(abs(gradient(backward, f"dA1[{j}]")) > 0.001 for j in range(3))


def test_04_where_two_paths_cancel_all_that_follows_from_them_nearly_vanishes(backward):
    backward.part("W2[0,1]").click()
    at = {name: abs(gradient(backward, name)) for name in ("dA1[0]", "delta1[0]", "dW1[0,0]")}
    typed(backward, "W2[0,1]", 1.9)  # found by dragging
    for name, before in at.items():
        assert abs(gradient(backward, name)) < 0.1 * before, name
    for k in (0, 1):
        assert abs(gradient(backward, f"delta2[{k}]")) > 0.1


def test_04_a_saturated_output_is_more_wrong_and_gets_less_blame(backward):
    """What is chosen, `delta2[0]`, stays in sight with its factors while the bias is dragged."""
    backward.part("delta2[0]").click()
    backward.settle()
    losses, blame = [gradient(backward, "loss")], [abs(gradient(backward, "delta2[0]"))]
    while backward.explorer.hands()["b2[0]"].value > -3:
        backward.drag("b2[0]", -40)
        losses.append(gradient(backward, "loss"))
        blame.append(abs(gradient(backward, "delta2[0]")))
        shown = backward.view.locator("text").all_text_contents()
        assert any(text.startswith("delta2[0] = ") for text in shown)
    assert losses == sorted(losses)
    assert blame[-1] < max(blame)


# ---- 09 -----------------------------------------------------------------------------------------


def test_09_first_task_the_race_says_when_it_is_over_to_the_eye_and_to_the_ear(
    open_explorer, monkeypatch
):
    monkeypatch.setattr(race, "RUN_WIDTHS", race.RUN_WIDTHS[:2])
    monkeypatch.setattr(race, "lap", lambda *which: race.Lap(*which, True, 0.001))
    page = open_explorer(RaceExplorer())
    while page.explorer._next_lap():
        page.show()
        assert page.view.get_by_text("The race is over").count() == 0
    page.show()
    told = "The race is over: 2 networks were run, the largest with 280 parameters"
    assert told in " ".join(page.view.locator("svg").last.locator("text").all_text_contents())
    page.view.get_by_role("status").filter(has_text=told).wait_for(state="attached")


def test_09_which_end_an_area_grows_and_nothing_else_changes_its_scale(open_explorer):
    explorer = WhichEndExplorer()
    explorer.use_preset("1-100-100-100-1")
    page = open_explorer(explorer)
    areas = page.view.locator("svg").first.locator("rect[fill-opacity]")
    ticks = page.view.locator("svg").first.locator("text[text-anchor=end]")
    before, said = areas.first.bounding_box(), ticks.all_inner_texts()
    page.pull(page.view.get_by_role("slider", name="rows carried"), 0, -180)
    assert explorer.state["n0"] == 1000
    after = areas.first.bounding_box()
    assert after["width"] == pytest.approx(before["width"], abs=0.1)
    assert after["height"] > 50 * before["height"]
    assert ticks.all_inner_texts() == said
