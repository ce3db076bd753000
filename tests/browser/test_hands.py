"""Numbers in a picture by hand: dragged by mouse and finger, moved by arrow keys, typed.

In a page of their own, without JupyterLab; the kernel is this process.
"""

import numpy as np
import pytest
from picture_page import PicturePage

from bp_helpers.explorers import (
    BackwardExplorer,
    BugClinicExplorer,
    DepthExplorer,
    DescentExplorer,
    GraphExplorer,
    NumberLinesExplorer,
    OneStepExplorer,
    OrderExplorer,
    OutputErrorExplorer,
    PathsExplorer,
    RaceExplorer,
    ScalingExplorer,
    ShardsExplorer,
    StepSizeExplorer,
    WhichEndExplorer,
    WholeNetworkExplorer,
)
from bp_helpers.pictures import PARAMETERS_AXIS

SIZE = {"width": 1300, "height": 700}


@pytest.fixture
def context(chromium):
    context = chromium.new_context(viewport=SIZE, has_touch=True)
    yield context
    context.close()


@pytest.fixture
def network(context):
    explorer = BackwardExplorer()
    explorer.set(step=7)
    return PicturePage(context, explorer)


def value(page, name):
    return page.explorer.hands()[name].value


def focused(page):
    return page.page.evaluate("document.activeElement.dataset?.name")


# ---- Walked over --------------------------------------------------------------------------------


def test_arrows_walk_over_a_network_as_it_is_computed_each_gradient_beside_its_value(network):
    network.part("X[0]").focus()
    walked = []
    for _ in range(8):
        walked.append(focused(network))
        network.page.keyboard.press("ArrowRight")
    assert walked == [
        "X[0]", "dX[0]", "X[1]", "dX[1]", "W1[0,0]", "dW1[0,0]", "W1[0,1]", "dW1[0,1]",
    ]  # fmt: skip
    network.page.keyboard.press("End")
    assert focused(network) == "loss"
    network.page.keyboard.press("ArrowLeft")
    assert focused(network) == "Y[1]"


# ---- Heard --------------------------------------------------------------------------------------

NAMES = "view => [...view.querySelectorAll(':scope > svg')].map(svg => svg.ariaLabel)"


def test_a_picture_is_called_by_what_its_parts_do_not_say(network):
    """Whoever comes in by Tab hears that first: a hundred numbers would come before the one."""
    drawn, bars = network.view.evaluate(NAMES)
    assert drawn.startswith("A network with its values and gradients. Step 7 of 8. ")
    assert "loss: 0.3334. Chosen: " in drawn
    assert "W1: " not in drawn
    assert ";" not in drawn
    assert bars == "Gradients from the backward pass and as measured. 17 of 17 agree"
    network.part("W1[0,1]").press("ArrowUp")
    network.settle()
    network.page.wait_for_function(
        "[...document.querySelectorAll('svg')].every(svg => !svg.ariaLabel.includes(';'))"
    )


def test_nothing_is_said_twice(network):
    """Chromium would read the description, with all of the words, behind the name."""
    devtools = network.page.context.new_cdp_session(network.page)
    nodes = devtools.send("Accessibility.getFullAXTree")["nodes"]
    groups = [node for node in nodes if node.get("role", {}).get("value") == "group"]
    assert len(groups) == 2
    assert [group.get("description", {}).get("value", "") for group in groups] == ["", ""]
    heard = [node["name"]["value"] for node in nodes if node.get("name") and not node["ignored"]]
    assert "and its gradient" in heard
    assert "z" not in heard  # the letter beside a number that is called Z1[0]


def test_a_point_says_what_its_numbers_are(context):
    page = PicturePage(context, NumberLinesExplorer())
    assert page.view.get_by_role("slider", name="the value: x", exact=True).count() == 1
    assert page.view.get_by_role("slider", name="the nudged value: nudge h").count() == 1
    page = PicturePage(context, DescentExplorer())
    name = "the start: start W2[0,0], start b2[0]"
    start = page.view.get_by_role("slider", name=name, exact=True)
    start.press("ArrowUp")
    page.settle()
    assert start.count() == 1


def test_a_number_that_can_be_changed_still_says_its_gradient(context):
    page = PicturePage(context, GraphExplorer())
    part = page.part("X[0]").first
    assert part.get_attribute("aria-label") == "x0 bill length"
    assert part.get_attribute("aria-description") == "gradient 0.1899"
    part.press("ArrowUp")
    page.settle()
    assert part.get_attribute("aria-description") == "gradient 0.1907"
    page = PicturePage(context, OrderExplorer())
    row = page.view.locator("svg").last.get_by_role("spinbutton", name="b")
    said = "has been handed 0.00 by 0 of 2; right is 19.00"
    assert row.get_attribute("aria-description") == said


# ---- Dragged ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["X[0]", "Y[1]", "W1[0,2]", "b2[1]"])
def test_a_number_is_dragged_sideways_and_what_is_chosen_stays(network, name):
    chosen, before = network.explorer.state["selected"], value(network, name)
    network.drag(name, 40)
    right = value(network, name)
    assert right > before
    network.drag(name, -20)
    assert before < value(network, name) < right
    assert network.explorer.state["selected"] == chosen
    assert network.page.evaluate("getSelection().toString()") == ""


def test_a_short_move_counts_and_upward_does_not(network):
    for name in ("W1[0,0]", "Y[0]"):
        before = value(network, name)
        network.drag(name, -9, moves=2)
        assert value(network, name) < before, name
        now = value(network, name)
        network.drag(name, 0, down=60)
        assert value(network, name) == now, name


def test_with_shift_it_moves_by_finer_steps(network):
    network.page.keyboard.down("Shift")
    network.drag("W1[0,0]", 7)
    network.page.keyboard.up("Shift")
    moved = value(network, "W1[0,0]") - network.explorer.start["W1"][0, 0]
    assert 0 < moved < 0.02
    assert round(moved * 1000) % 10  # a thousandth is no step of the slider


def test_it_stops_at_its_ends(network):
    network.drag("W2[0,0]", 600, moves=30)
    assert value(network, "W2[0,0]") == 3
    network.drag("W2[0,0]", -600, moves=30)
    assert value(network, "W2[0,0]") == -3


def test_its_range_is_shown_while_it_is_dragged(network):
    x, y = network.middle("W1[0,2]")
    sign, mouse = network.view.locator(".bp-range"), network.page.mouse
    assert sign.is_hidden()
    mouse.move(x, y)
    cursor = "part => getComputedStyle(part).cursor"
    assert network.part("W1[0,2]").evaluate(cursor) == "ew-resize"
    mouse.down()
    mouse.move(x + 30, y)
    network.settle()
    shown = f"W1[0,2] = {value(network, 'W1[0,2]'):g}".replace("-", "\N{MINUS SIGN}")
    assert sign.inner_text().split("\n") == [shown, "\N{MINUS SIGN}3", "3"]
    mouse.up()
    assert sign.is_hidden()


def test_a_click_still_chooses_and_changes_nothing(network):
    before = value(network, "W1[1,1]")
    network.part("W1[1,1]").click()
    network.settle()
    assert network.explorer.state["selected"] == "W1[1,1]"
    assert value(network, "W1[1,1]") == before
    said = network.view.get_by_role("status")
    said.get_by_text("Chosen: W1[1,1] = ").wait_for(state="attached")
    assert "W1:" not in said.text_content()  # only what is new


def test_a_connection_is_chosen_and_dragged_by_its_line(network):
    """As well as by its label: also a little beside it, and its gradient's on the other side."""
    line = network.view.locator('[data-also="W1[0,2]"] line').last
    ends = line.evaluate(
        """line => { const m = line.getScreenCTM();
          return ["x1", "y1", "x2", "y2"].map((k) => line[k].baseVal.value)
            .map((v, k) => v * m.a + (k % 2 ? m.f : m.e)); }"""
    )
    x, y = (0.7 * ends[k] + 0.3 * ends[k + 2] for k in (0, 1))
    network.page.mouse.click(x, y - 3)
    network.settle()
    assert network.explorer.state["selected"] == "W1[0,2]"
    network.page.mouse.click(x, y + 9)
    network.settle()
    assert network.explorer.state["selected"] == "dW1[0,2]"
    before = value(network, "W1[0,2]")
    network.page.mouse.move(x, y - 3)
    network.page.mouse.down()
    network.page.mouse.move(x + 20, y)
    network.page.mouse.move(x + 40, y)
    network.page.mouse.up()
    network.settle()
    assert value(network, "W1[0,2]") > before


@pytest.mark.parametrize("hidden", [3, 4, 5, 6])
def test_every_target_is_24_pixels_wide_and_high_and_none_covers_another(network, hidden):
    network.explorer.set(hidden=hidden)
    network.show()
    boxes = (
        network.view.locator("svg")
        .first.locator("[data-name]")
        .evaluate_all(
            """parts => parts.map((part) => {
          const { x, y, width, height } = part.querySelector("rect").getBoundingClientRect();
          return [part.dataset.name, x, y, width, height];
        })"""
        )
    )
    assert len(boxes) > 40
    assert [box for box in boxes if min(box[3:]) < 23.99] == []
    for k, (name, x, y, width, height) in enumerate(boxes):
        for other, x2, y2, width2, height2 in boxes[:k]:
            across = min(x + width, x2 + width2) - max(x, x2)
            down = min(y + height, y2 + height2) - max(y, y2)
            assert across <= 0.5 or down <= 0.5, (name, other)


@pytest.mark.parametrize("width", [1024, 768, 600])
def test_where_fingers_touch_targets_stay_as_high_in_a_narrow_window(chromium, width):
    size = {"width": width, "height": 768}
    context = chromium.new_context(viewport=size, has_touch=True, is_mobile=True)
    page = PicturePage(context, BackwardExplorer())
    page.explorer.set(step=7, hidden=6)
    page.show()
    heights = page.view.locator("svg [data-name] > rect").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert len(heights) > 40
    assert min(heights) > 23.9
    context.close()


def errors_in(page):
    found = []
    page.page.on("pageerror", lambda error: found.append(error.message))
    return found


def test_a_drag_ends_when_another_picture_has_no_such_number(context):
    page = PicturePage(context, GraphExplorer())
    page.explorer.set(layer1=True)
    page.show()
    errors = errors_in(page)
    x, y = page.middle("W1[0,1]")
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 20, y)
    page.settle()
    page.explorer.set(layer1=False)
    page.show()
    shown = page.explorer.shown
    page.page.mouse.move(x + 40, y)
    page.page.mouse.up()
    page.settle()
    assert page.explorer.shown == shown
    assert page.view.locator(".bp-range").is_hidden()
    assert errors == []


def test_a_drag_ends_with_the_button_that_began_it(network):
    """And no menu of the second button comes between, which would take the pointer away."""
    network.page.evaluate("document.addEventListener('contextmenu', () => { window.menu = true; })")
    x, y = network.middle("W1[0,2]")
    network.page.mouse.move(x, y)
    network.page.mouse.down()
    network.page.mouse.move(x + 20, y)
    network.page.mouse.down(button="right")
    network.page.mouse.up()
    network.settle()
    before = value(network, "W1[0,2]")
    network.page.mouse.move(x + 60, y)
    network.page.mouse.up(button="right")
    network.settle()
    assert value(network, "W1[0,2]") == before
    assert network.page.evaluate("window.menu ?? false") is False
    network.page.mouse.click(x, y, button="right")
    assert network.page.evaluate("window.menu") is True


def test_what_follows_from_others_is_not_dragged(network):
    before = network.explorer.shown
    network.drag("delta2[0]", 40)
    assert network.explorer.shown == before


# An explorer, what is set first, the point, how far it is dragged, and what that moves.
POINTS = {
    "ring in the map": (WholeNetworkExplorer, {}, "this penguin", (40, -30), ["x0", "x1"]),
    "start of the descent": (DescentExplorer, {}, "the start", (60, 40), ["start0", "start1"]),
    "start in the landscape": (
        DescentExplorer, {"seen": "as a landscape"}, "the start", (-40, 30), ["start0", "start1"],
    ),
    "last step": (DescentExplorer, {}, "the last step", (60, 0), ["steps"]),
    "point on a curve": (OutputErrorExplorer, {}, "the point on the curve", (50, 0), ["z"]),
    "end of a step": (OneStepExplorer, {}, "where the step leads", (80, 0), ["rate"]),
    "size of a nudge": (StepSizeExplorer, {}, "the size of the nudge", (45, 0), ["h"]),
    "kink": (StepSizeExplorer, {"place": "b1[1], a ReLU"}, "the kink", (-45, 0), ["distance"]),
    "value on its line": (NumberLinesExplorer, {}, "the value", (-40, 0), ["x"]),
    "border of a nudge": (NumberLinesExplorer, {}, "the nudged value", (30, 0), ["h"]),
    "end of a deep network": (DepthExplorer, {}, "hidden layers", (140, 0), ["layers"]),
    "size on a logarithmic axis": (RaceExplorer, {}, "parameters", (-66, 0), ["parameters"]),
    "border of two parts": (ShardsExplorer, {}, "first border", (100, 0), ["border1"]),
    "step of a training": (BugClinicExplorer, {}, "the step", (72, 0), ["look_at"]),
    "step on many machines": (
        ScalingExplorer, {}, "the step", (70, 41), ["machines", "parameters"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_a_point_is_dragged_where_it_is(context, point):
    """It comes along with the pointer; up and down it goes only as far as its curve does.

    In the landscape it is its place on the floor, at the lower end of the part, that does so.
    """
    kind, given, label, (across, down), moves = POINTS[point]
    page = PicturePage(context, kind())
    page.explorer.set(**given)
    page.show()
    before = {**page.explorer.state}
    part = page.view.get_by_role("slider", name=label).first
    box = part.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    page.pull(part, across, down)
    changed = [name for name in before if np.any(page.explorer.state[name] != before[name])]
    assert {*changed} == {*moves}
    now = part.bounding_box()
    assert now["x"] - box["x"] == pytest.approx(across, abs=12)  # some have large steps
    if down:
        bottom, before = (place["y"] + place["height"] for place in (now, box))
        assert bottom - before == pytest.approx(down, abs=3)
    page.page.mouse.move(0, 0)
    part.focus()
    at = {name: page.explorer.state[name] for name in moves}
    for key in ("ArrowLeft", "ArrowUp") if down else ("ArrowLeft",):
        page.page.keyboard.press(key)
    page.settle()
    after = [page.explorer.state[name] - at[name] for name in moves]
    assert after[0] < 0
    assert all(moved > 0 for moved in after[1:])


def test_of_two_parts_with_one_number_the_sign_stands_beside_the_one_in_the_hand(context):
    page = PicturePage(context, OutputErrorExplorer())
    second = page.view.locator("svg").nth(1)
    box = second.get_by_role("spinbutton", name="target y").bounding_box()
    mouse, x, y = page.page.mouse, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 10, y)
    mouse.move(x + 20, y)
    page.settle()
    sign = page.view.locator(".bp-range")
    assert sign.inner_text().startswith(f"target y = {page.explorer.state['target']:g}")
    assert page.explorer.state["target"] > 0
    assert sign.bounding_box()["x"] > second.bounding_box()["x"]
    mouse.up()


def test_a_size_is_dragged_along_a_logarithmic_axis_in_each_picture_that_has_it(context):
    """Two decades to the left from a million, in the picture where nothing else can be chosen."""
    page = PicturePage(context, RaceExplorer())
    mark = page.view.locator("[data-also=parameters]")
    box, decade = mark.bounding_box(), PARAMETERS_AXIS(1e3) - PARAMETERS_AXIS(1e2)
    page.pull(mark, -2 * decade)
    assert page.explorer.state["parameters"] == 8_970
    assert mark.bounding_box()["x"] - box["x"] == pytest.approx(-2 * decade, abs=3)


def test_a_size_of_many_digits_is_typed_as_it_is_offered(context):
    page = PicturePage(context, RaceExplorer())
    page.view.get_by_role("slider", name="parameters").press("Enter")
    page.page.keyboard.insert_text("1000000000")
    page.page.keyboard.press("Enter")
    offered = page.view.get_by_role("alert").inner_text().rstrip(".").split(", ")
    assert len(offered) == 15
    page.page.keyboard.insert_text(offered[-1])  # what was wrong is marked
    page.page.keyboard.press("Enter")
    page.settle()
    assert page.explorer.state["parameters"] == int(offered[-1]) > 1e9


def test_a_point_that_moves_up_and_down_alone(context):
    page = PicturePage(context, WhichEndExplorer())
    page.pull(page.view.get_by_role("slider", name="rows carried"), 0, -54)
    assert page.explorer.state["n0"] == 500
    page.view.get_by_role("slider", name="columns carried").press("ArrowUp")
    page.settle()
    assert page.explorer.state["n4"] == 2


def test_a_finger_drags_a_border_and_a_key_moves_the_other(context):
    page = PicturePage(context, ShardsExplorer())
    devtools = page.page.context.new_cdp_session(page.page)
    first, second = (
        page.view.get_by_role("slider", name=f"{k} border") for k in ("first", "second")
    )
    box = first.bounding_box()
    swipe(page, devtools, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), -133, 30)
    assert page.explorer.state["border1"] == 3
    second.focus()
    page.page.keyboard.press("ArrowLeft")
    page.settle()
    assert second.get_attribute("aria-valuenow") == "12"
    page.page.keyboard.press("Enter")
    page.view.locator(".bp-typed input").fill("7")
    page.page.keyboard.press("Enter")
    page.settle()
    assert page.explorer.numbers.sizes == (3, 4, 6)


def test_the_sign_at_a_long_part_is_within_the_picture(context):
    page = PicturePage(context, ShardsExplorer())
    page.page.set_viewport_size({"width": 1400, "height": 700})  # the table stands beside it
    page.view.get_by_role("slider", name="first border").focus()
    page.page.keyboard.press("ArrowLeft")
    sign = page.view.locator(".bp-range").bounding_box()
    picture = page.view.locator("svg").first.bounding_box()
    assert sign["y"] >= picture["y"]
    assert sign["y"] + sign["height"] <= picture["y"] + picture["height"]


def test_large_numbers_are_said_in_words_as_beside_their_sliders(context):
    page = PicturePage(context, ScalingExplorer())
    step = page.view.get_by_role("slider", name="the step")
    assert step.get_attribute("aria-valuetext") == "10, 1 billion"
    step.focus()
    page.page.keyboard.press("ArrowUp")
    page.settle()
    assert "parameters = 10 billion" in page.view.locator(".bp-range").inner_text()
    assert step.get_attribute("aria-valuetext") == "10, 10 billion"


def test_a_point_is_typed_number_by_number(context):
    page = PicturePage(context, DescentExplorer())
    part = page.view.get_by_role("slider", name="the start")
    part.focus()
    page.page.keyboard.press("Enter")
    fields = page.view.locator(".bp-typed input")
    assert fields.count() == 2
    fields.nth(0).fill("-2.5")
    fields.nth(1).fill("3")
    page.page.keyboard.press("Enter")
    page.settle()
    assert (page.explorer.state["start0"], page.explorer.state["start1"]) == (-2.5, 3.0)


def test_a_number_that_cannot_be_chosen_is_dragged_all_the_same(context):
    page = PicturePage(context, PathsExplorer())
    page.pull(page.view.get_by_role("spinbutton", name="a", exact=True), -30)
    assert page.explorer.state["a"] < 1.5
    assert page.explorer.trouble.value == ""


def swipe(page, devtools, start, across, down):
    """Draw a finger over the screen, as a hand does: many small moves."""
    x, y = start
    point = {"x": x, "y": y}
    devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    for k in range(1, 11):
        point = {"x": x + across * k / 10, "y": y + down * k / 10}
        devtools.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.settle()


def test_a_finger_drags_a_number_and_the_page_stays(network):
    network.page.evaluate("document.body.style.minHeight = '4000px'")
    devtools = network.page.context.new_cdp_session(network.page)
    before = value(network, "W1[0,2]")
    network.drag("W1[0,2]", 40)
    by_mouse = value(network, "W1[0,2]") - before
    swipe(network, devtools, network.middle("W1[0,2]"), -40, 12)
    assert value(network, "W1[0,2]") == pytest.approx(before, abs=by_mouse / 10)  # all the way
    x, y = network.middle("W1[0,2]")
    swipe(network, devtools, (x, y + 10), 40, 0)  # below the letters
    assert value(network, "W1[0,2]") == pytest.approx(before + by_mouse, abs=by_mouse / 10)
    assert network.page.evaluate("scrollY") == 0
    swipe(network, devtools, (640, 600), 0, -200)  # beside the picture it scrolls: so it could have
    assert network.page.evaluate("scrollY") > 0


@pytest.mark.parametrize("across", [6, 40])
def test_a_finger_that_scrolls_past_a_number_leaves_it_alone(network, across):
    network.page.evaluate("document.body.style.minHeight = '4000px'")
    devtools = network.page.context.new_cdp_session(network.page)
    before = value(network, "W1[1,1]")
    x, y = network.middle("W1[1,1]")
    swipe(network, devtools, (x, y), across, -120)
    assert network.page.evaluate("scrollY") > 50
    assert value(network, "W1[1,1]") == before


def test_a_drag_that_begins_beside_a_number_marks_no_text(network):
    x, y = network.middle("delta2[0]")  # it follows from others
    network.page.mouse.move(x, y)
    network.page.mouse.down()
    network.page.mouse.move(x + 80, y + 90, steps=5)
    network.page.mouse.up()
    assert network.page.evaluate("getSelection().toString()") == ""


def tap(page, part):
    box = part.bounding_box()
    page.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.settle()


def test_a_finger_that_taps_a_number_gets_buttons_for_exact_steps(network):
    steps = network.view.locator(".bp-stepper")
    network.part("b1[1]").click()
    assert steps.is_hidden()  # a mouse needs none
    tap(network, network.part("W1[0,2]"))
    assert network.explorer.state["selected"] == "W1[0,2]"
    less, more = (
        steps.get_by_role("button", name=f"W1[0,2]: one step {w}") for w in ("less", "more")
    )
    for button in (less, more):
        assert min(button.bounding_box()[side] for side in ("width", "height")) >= 24
    start = value(network, "W1[0,2]")
    for _ in range(3):
        tap(network, more)
    tap(network, less)
    assert value(network, "W1[0,2]") == pytest.approx(start + 0.02, abs=1e-9)
    assert steps.inner_text().split("\n")[1] == f"W1[0,2] = {value(network, 'W1[0,2]'):g}"
    network.page.touchscreen.tap(5, 5)
    assert steps.is_hidden()
    tap(network, network.part("delta2[0]"))
    assert steps.is_hidden()  # it follows from others


BARS = """() => {
  const style = "position: sticky; z-index: 4; height: 90px; background: gray";
  document.body.insertAdjacentHTML(
    "afterbegin", `<div class="bp-buttons bp-stay" style="${style}; top: 0"></div>`);
  document.body.insertAdjacentHTML(
    "beforeend", `<div class="bp-controls bp-stay" style="${style}; bottom: 0"></div>`);
}"""


def scroll_between_bars(page, part, height, top):
    """Put bars around the picture that stay, and bring the part there in a window so high."""
    page.page.evaluate(BARS)
    page.page.set_viewport_size({"width": 1300, "height": height})
    page.page.evaluate("by => scrollBy(0, by)", part.bounding_box()["y"] - top)
    assert part.bounding_box()["y"] == pytest.approx(top, abs=1)


def assert_between_bars(page):
    """See that what is shown beside a number is whole between the bars; return where it is."""
    above, below = (page.page.locator(f".bp-{name}") for name in ("buttons", "controls"))
    box = page.view.locator(":is(.bp-stepper, .bp-typed, .bp-range):visible").bounding_box()
    assert above.bounding_box()["y"] + above.bounding_box()["height"] <= box["y"]
    assert box["y"] + box["height"] <= below.bounding_box()["y"]
    return box


def test_what_stands_beside_a_number_is_not_under_the_bar_of_buttons_that_stays(network):
    part = network.part("W1[0,1]")
    scroll_between_bars(network, part, 500, 94)
    number = part.bounding_box()
    x, y = network.middle("W1[0,1]")
    tap(network, part)
    assert assert_between_bars(network)["y"] >= number["y"] + number["height"]
    network.page.touchscreen.tap(1290, 250)
    part.press("Enter")
    assert_between_bars(network)
    network.page.keyboard.press("Escape")
    network.page.mouse.move(x, y)
    network.page.mouse.down()
    network.page.mouse.move(x + 30, y, steps=3)
    assert_between_bars(network)
    network.page.mouse.up()
    network.settle()


def test_what_stands_beside_a_long_part_is_not_under_the_controls_that_stay(context):
    page = PicturePage(context, ShardsExplorer())
    border = page.part("border1")
    scroll_between_bars(page, border, 330, 110)
    tap(page, border)
    assert_between_bars(page)


def test_a_point_is_stepped_number_by_number(context):
    page = PicturePage(context, DescentExplorer())
    tap(page, page.view.get_by_role("slider", name="the start"))
    buttons = page.view.locator(".bp-stepper button")
    assert buttons.count() == 4
    at = page.explorer.state["start1"]
    tap(page, buttons.nth(3))
    assert page.explorer.state["start1"] == pytest.approx(at + 0.1)


def test_buttons_for_steps_go_when_another_picture_has_no_such_number(context):
    page = PicturePage(context, GraphExplorer())
    page.explorer.set(layer1=True)
    page.show()
    tap(page, page.part("W1[0,1]"))
    assert page.view.locator(".bp-stepper").is_visible()
    page.explorer.set(layer1=False)
    page.show()
    assert page.view.locator(".bp-stepper").is_hidden()


# ---- By keyboard --------------------------------------------------------------------------------


def test_a_picture_is_one_stop_and_arrows_walk_over_its_parts(network):
    keyboard = network.page.keyboard
    keyboard.press("Tab")
    assert focused(network) == "W2[0,0]"  # what is chosen
    keyboard.press("Tab")
    assert focused(network) == "dW2[0,0]"  # in the table beside it
    keyboard.press("Tab")
    assert focused(network) is None
    network.part("W2[0,0]").focus()
    keyboard.press("Home")
    order = [focused(network)]
    for _ in range(100):
        keyboard.press("ArrowRight")
        if focused(network) == order[-1]:
            break
        order.append(focused(network))
    names = network.view.locator("svg").first.locator("[tabindex]")
    assert order == names.evaluate_all("parts => parts.map(part => part.dataset.name)")
    keyboard.press("ArrowLeft")
    assert focused(network) == order[-2]
    keyboard.press("Tab")
    keyboard.press("Shift+Tab")
    assert focused(network) == order[-2]  # where one was last


def test_arrow_keys_change_the_number_that_has_the_focus(network):
    keyboard, start = network.page.keyboard, value(network, "X[0]")
    network.part("X[0]").focus()
    for keys, moved in [
        (["ArrowUp"] * 3, 0.03),
        (["ArrowDown"], 0.02),
        (["PageUp"], 0.12),
        (["Shift+ArrowDown"] * 2, 0.118),
        (["PageDown"], 0.02),  # to the next place of the coarser step
    ]:
        for key in keys:
            keyboard.press(key)
        network.settle()
        assert value(network, "X[0]") == pytest.approx(start + moved, abs=1e-9), keys
        assert focused(network) == "X[0]"
        said = network.part("X[0]").get_attribute("aria-valuetext").replace("\N{MINUS SIGN}", "-")
        assert float(said) == pytest.approx(value(network, "X[0]"))


def test_a_number_is_typed_after_enter(network):
    keyboard = network.page.keyboard
    network.part("b1[1]").focus()
    for typed, expected in [("0.125", 0.125), ("-1,5", -1.5), ("\N{MINUS SIGN}2", -2.0)]:
        keyboard.press("Enter")
        keyboard.insert_text(typed)
        keyboard.press("Enter")
        network.settle()
        assert value(network, "b1[1]") == expected
        assert focused(network) == "b1[1]"
        assert network.view.locator(".bp-typed").is_hidden()


def test_what_cannot_be_is_answered_with_a_sentence_and_escape_gives_up(network):
    keyboard, before = network.page.keyboard, value(network, "b1[1]")
    network.part("b1[1]").focus()
    keyboard.press("Enter")
    for typed, sentence in [
        ("much", '"much" is no number: type one from \N{MINUS SIGN}3 to 3.'),
        ("3.5", '"3.5" cannot be set here: type one from \N{MINUS SIGN}3 to 3.'),
        (" ", '" " is no number: type one from \N{MINUS SIGN}3 to 3.'),
        ("0x1", '"0x1" is no number: type one from \N{MINUS SIGN}3 to 3.'),
        ("1e999", '"1e999" is no number: type one from \N{MINUS SIGN}3 to 3.'),
    ]:
        keyboard.press("ControlOrMeta+a")
        keyboard.insert_text(typed)
        keyboard.press("Enter")
        assert network.view.get_by_role("alert").inner_text() == sentence
    keyboard.press("Escape")
    network.settle()
    assert value(network, "b1[1]") == before
    assert focused(network) == "b1[1]"


def test_to_a_screen_reader_it_is_a_field_with_a_range_and_the_rest_are_buttons(network):
    weight = network.part("W2[0,0]")
    names = ["role", "aria-label", "aria-valuenow", "aria-valuemin", "aria-valuemax"]
    assert [weight.get_attribute(name) for name in names] == [
        "spinbutton", "W2[0,0]", "1.8", "-3", "3",
    ]  # fmt: skip
    assert weight.get_attribute("aria-current") == "true"
    assert weight.get_attribute("aria-pressed") is None
    network.part("delta2[0]").click()
    network.settle()
    assert network.part("delta2[0]").get_attribute("role") == "button"
    assert network.part("delta2[0]").get_attribute("aria-pressed") == "true"
    assert weight.get_attribute("aria-current") is None


# ---- Turns in an order --------------------------------------------------------------------------


@pytest.fixture
def order(context):
    explorer = OrderExplorer()
    explorer.use_preset("topological")  # y f e c d
    return PicturePage(context, explorer)


@pytest.mark.parametrize("scale", [1, 0.8])
def test_a_turn_follows_the_hand_from_place_to_place(order, scale):
    order.page.evaluate("scale => { document.body.style.zoom = scale }", scale)
    places = [order.middle(f"turn of {name}")[0] for name in "yfecd"]
    order.drag("turn of e", places[3] - places[2])
    assert order.explorer.state["order"] == (*"yfced",)
    assert order.middle("turn of e")[0] == pytest.approx(places[3], abs=1)
    drawn = order.view.locator("svg")  # what is read aloud comes later
    assert "too little from c" in "".join(drawn.all_text_contents())
    order.drag("turn of e", places[1] - places[3], moves=9)
    assert order.explorer.state["order"] == (*"yefcd",)
    assert "too little from" not in "".join(drawn.all_text_contents())


def test_a_turn_is_moved_by_keys_and_keeps_the_focus(order):
    order.part("turn of f").focus()
    keyboard = order.page.keyboard
    keyboard.press("ArrowUp")
    order.settle()
    assert order.explorer.state["order"] == (*"yefcd",)
    held = order.page.evaluate("document.activeElement.dataset.x")
    assert held == "turn of f"
    said = order.part("turn of f")
    assert [said.get_attribute(f"aria-{what}") for what in ("label", "valuenow", "valuemax")] == [
        "turn of f", "3", "5",
    ]  # fmt: skip
    keyboard.press("ArrowRight")
    keyboard.press("ArrowDown")  # the one beside it, one place earlier
    order.settle()
    assert order.explorer.state["order"] == (*"yecfd",)


def test_a_turn_of_a_long_order_stays_in_the_row_with_its_focus(order):
    """The row has room for 19 turns; others are reached when more, or fewer, have been."""
    for name in "fcde" * 6:
        order.choose(name)
    last = "turn of e (7)"  # of 29
    order.part(last).focus()
    for key, place in (("PageUp", 29), ("ArrowDown", 28), ("PageDown", 26)):  # behind the sixth e
        order.page.keyboard.press(key)
        order.settle()
        assert order.page.evaluate("document.activeElement.dataset.x") == last
        assert order.explorer.hands()[last].value == place
    first = order.view.locator('[data-x^="turn of"]').first
    name = first.get_attribute("data-x")
    first.focus()
    order.page.keyboard.press("PageDown")
    order.settle()
    assert order.page.evaluate("document.activeElement.dataset.x") == name
    assert order.explorer.hands()[name].value == order.explorer.hands()[name].low >= 11


def test_a_turn_is_moved_by_a_finger(order):
    order.page.touchscreen.tap(*order.middle("turn of c"))
    later = order.view.get_by_role("button", name="turn of c: one step more")
    later.click()
    order.settle()
    assert order.explorer.state["order"] == (*"yfedc",)
