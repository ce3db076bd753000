"""The tasks under "Try this" in 00, done by hand: each promise is about what changed."""

import pytest

from bp_helpers.explorers import WholeNetworkExplorer


@pytest.fixture
def whole(open_explorer):
    explorer = WholeNetworkExplorer()
    explorer.use_preset("most wrong")
    return open_explorer(explorer)


def test_first_task_the_weight_with_the_longest_bar_is_dragged_until_the_answer_is_right(whole):
    bars = whole.view.locator("svg").nth(1)
    bars.locator('[data-name="dW1[1,1]"]').click()
    whole.settle()
    assert whole.explorer.handles["parameter"].description == "W1[1,1]"
    losses, sizes = [whole.number("loss")], [abs(whole.number("dW1[1,1]"))]
    assert whole.number("dW1[1,1]") < 0  # more of it, less error
    for _ in range(4):
        whole.drag("W1[1,1]", 30)
        losses.append(whole.number("loss"))
        sizes.append(abs(whole.number("dW1[1,1]")))
    assert losses == sorted(losses, reverse=True)
    assert sizes[-1] < sizes[0]
    assert whole.number("A2[1]") > whole.number("A2[0]")  # Chinstrap


def test_with_targets_as_the_outputs_say_all_bars_are_short_and_no_weight_has_moved(whole):
    before = [abs(whole.number(name)) for name in ("dW2[0,0]", "dW1[0,0]", "db2[0]", "db2[1]")]
    for k in (0, 1):
        whole.type_in(f"Y[{k}]", f"{whole.number(f'A2[{k}]'):.3f}")
    after = [abs(whole.number(name)) for name in ("dW2[0,0]", "dW1[0,0]", "db2[0]", "db2[1]")]
    assert all(now < 0.02 * then for now, then in zip(after, before, strict=True))
    assert "W1[" not in whole.explorer.shown.replace("held=W1", "")


def test_the_biases_of_the_outputs_go_opposite_ways_and_lower_the_loss(whole):
    assert whole.number("db2[0]") > 0 > whole.number("db2[1]")
    loss = whole.number("loss")
    whole.drag("b2[0]", -20)
    lower = whole.number("loss")
    whole.drag("b2[1]", 20)
    assert whole.number("loss") < lower < loss


def test_at_the_end_of_the_weight_the_other_penguins_pay(whole):
    before = whole.explorer.numbers.right
    losses = [whole.number("loss")]
    for _ in range(3):
        whole.drag("W1[1,1]", 120, moves=8)
        losses.append(whole.number("loss"))
    assert whole.explorer.hands()["W1[1,1]"].value == whole.explorer.reach
    assert losses[-1] < losses[0]
    assert whole.explorer.numbers.right < before


def test_from_the_surest_on_the_bars_hardly_show_until_late(whole):
    def longest():
        gradients = [name for name in whole.explorer.numbers.trace if name[:2] in ("dW", "db")]
        return max(abs(whole.explorer.numbers.trace[name]).max() for name in gradients)

    whole.press("surest")
    sizes = [longest()]
    for penguin in range(20, 220, 20):
        whole.slide("penguin", min(penguin, 218))
        sizes.append(longest())
    whole.slide("penguin", 218)
    assert max(sizes[:6]) < 0.05 * longest()
