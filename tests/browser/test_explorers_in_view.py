"""Each explorer fits a laptop's window: what is dragged and what it changes are seen together.

All windows are gone through once, with the explorer at its last step and as large as it becomes.
"""

import pytest
from own_notebook import SHOWN, for_each
from thorough import some

HIGHEST = 620  # of the 640 pixels that JupyterLab leaves for a notebook in a window of 1366 x 768
WITH_SIDE_BAR = 1114  # a window that leaves as much as one of 1366 with JupyterLab's side bar open
SCROLL_BAR = 15  # pixels that the notebook's takes; in the tests' browser it is hidden
# The window may also be narrow, or half of it at twice the pixels, as a browser's zoom of 200%
# makes it.
WINDOWS = [(1366, 1), (WITH_SIDE_BAR, 1), (980, 1), (700, 1), (683, 2), (375, 1)]
PHOTOGRAPHED = some([width for width, _ in WINDOWS], 3)
SMALLEST_LETTERS = 11  # pixels
LETTERS = {1366: SMALLEST_LETTERS, WITH_SIDE_BAR: 10, 980: 9, 700: 9, 683: 9}
LONG_SLIDERS = ["DepthExplorer", "DescentExplorer", "StepSizeExplorer"]
WITH_ALL_POINTS = {"StepSizeExplorer": "across the kink"}  # a preset, where the start has not all

# Of everything that is touched, and of each line of a picture: where it lies, what it is called.
LOOK = """box => {
  const bars = [...box.querySelectorAll(".bp-buttons, .bp-controls")];
  for (const bar of bars) bar.style.position = "static"; // and not where the window ends
  const area = box.closest(".jp-OutputArea").getBoundingClientRect();
  const [view, scroller] = [".bp-view", ".bp-pictures"].map((one) => box.querySelector(one));
  const controls = [...box.querySelectorAll("button, .widget-slider, select, .widget-checkbox")];
  const place = (el) => {
    const { left, top, right, bottom } = el.getBoundingClientRect();
    return { left, top, right, bottom, said: el.innerText || el.getAttribute("aria-label") };
  };
  const rows = [...view.querySelectorAll(":scope > svg")].map(place);
  const letters = [...view.querySelectorAll(":scope > svg")].flatMap((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll("text")].map(
      (text) => scale * parseFloat(getComputedStyle(text).fontSize));
  });
  const middle = (el) => (place(el).top + place(el).bottom) / 2;
  const lines = [...box.querySelectorAll(".bp-controls > .widget-box")].map((line) =>
    [...line.children].filter((el) => el.checkVisibility())
      .map((el) => [el.innerText, middle(el)]));
  const look = {
    lines,
    height: box.getBoundingClientRect().height,
    right: Math.min(area.right, innerWidth),
    controls: controls.filter((el) => el.checkVisibility()).map(place),
    pictures: rows,
    letters: Math.round(10 * Math.min(...letters)) / 10,
    scrolls: scroller.scrollWidth > scroller.clientWidth,
  };
  for (const bar of bars) bar.style.position = "";
  return look;
}"""
# Of each slider that lies along an axis: where its track ends, and where its lowest and its highest
# value are on the axis. `ends` has these, and before them their name in the picture, by its label.
ALONG = """(box, ends) => [...box.querySelectorAll(".bp-along:not(.bp-free)")].map((slider) => {
  const [name, low, high] = ends[slider.querySelector(".widget-label").textContent];
  const point = box.querySelector(`[data-x^="${name} "]`);
  const isLog = point.dataset.x.endsWith(" log");
  const numbers = point.dataset.x.replace(" log", "").split(" ").slice(-4).map(Number);
  const [first, last] = numbers.map((value) => isLog ? Math.log(value) : value);
  const [, , start, end] = numbers;
  const matrix = point.ownerSVGElement.getScreenCTM();
  const place = (value) => matrix.e + matrix.a *
    (start + ((end - start) * ((isLog ? Math.log(value) : value) - first)) / (last - first));
  const middle = (part) => {
    const { left, right } = part.getBoundingClientRect();
    return (left + right) / 2;
  };
  const { left, right } = slider.querySelector(".noUi-base").getBoundingClientRect();
  return {
    name, track: [left, right], axis: [place(low), place(high)],
    handle: middle(slider.querySelector(".noUi-handle")), point: middle(point),
  };
})"""
# Of each picture, with its top at the top of the window: how much of it is seen between the bars,
# and whether these are in the window.
IN_SIGHT = """box => {
  const outer = box.closest(".jp-WindowedPanel-outer");
  const rect = (el) => el.getBoundingClientRect();
  const [above, below] = [".bp-buttons", ".bp-controls"].map((name) => box.querySelector(name));
  return [...box.querySelectorAll(".bp-view > svg")].map((svg) => {
    outer.scrollTop += rect(svg).top - rect(outer).top - rect(above).height;
    const seen = Math.min(rect(svg).bottom, rect(below).top) - rect(svg).top;
    return {
      share: seen / rect(svg).height,
      bars: rect(above).top >= rect(outer).top - 1 && rect(below).bottom <= rect(outer).bottom + 1,
    };
  });
}"""


@pytest.fixture(scope="package")
def looks(shown_explorer, photos):
    """What is seen of an explorer in each window, by its width."""
    explorer, found = shown_explorer, {}
    explorer.reset()
    same = explorer.kind()
    if "step" in explorer.start.handles:
        explorer.go_to_the_last_step()
    if explorer.kind.__name__ in WITH_ALL_POINTS:
        preset = WITH_ALL_POINTS[explorer.kind.__name__]
        explorer.button(preset).click()
        same.use_preset(preset)
        explorer.view.get_by_role("slider", name="the kink").wait_for(state="attached")
    if "hidden" in explorer.start.handles:
        explorer.handle("hidden").press("End")
        explorer.box.get_by_label("batch of three").check()
        explorer.page.wait_for_timeout(500)
    unfold = explorer.box.get_by_role("button", name="unfold all")
    if unfold.count():
        unfold.click()
        explorer.page.wait_for_timeout(500)
    ends = {
        handle.description: (same.in_picture.get(name, name), hand.low, hand.high)
        for name, handle in same.handles.items()
        if "bp-along" in handle._dom_classes
        for hand in [same.hands()[same.in_picture.get(name, name)]]
    }
    found["along"] = len(ends)
    with explorer.notebook.window(WINDOWS[0][0], 768) as devtools:
        for width, scale in WINDOWS:
            explorer.notebook.resize(devtools, width - SCROLL_BAR // scale, 768, scale)
            seen, sights = (explorer.box.evaluate(look) for look in (LOOK, IN_SIGHT))
            along = explorer.box.evaluate(ALONG, ends)
            found[width] = {**seen, "sights": sights, "along": along, "cut": explorer.cut_off()}
            if width in PHOTOGRAPHED:
                explorer.photograph(devtools, photos / f"{explorer.kind.__name__}-{width}.png")
    explorer.reset()
    return found


def overlapping(places):
    return [
        (one["said"], other["said"])
        for k, one in enumerate(places)
        for other in places[k + 1 :]
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 1
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 1
    ]


@for_each(SHOWN)
def test_controls_and_picture_fit_a_laptops_window_together(looks):
    heights = {width: looks[width]["height"] for width in (1366, WITH_SIDE_BAR, 980)}
    assert {width: height for width, height in heights.items() if height > HIGHEST} == {}


@for_each(SHOWN)
def test_no_control_is_cut_or_covers_another_and_each_picture_is_seen_with_them(looks):
    for width, _ in WINDOWS:
        look = looks[width]
        assert [c["said"] for c in look["controls"] if c["right"] > look["right"] + 1] == [], width
    for width, letters in LETTERS.items():
        look = looks[width]
        assert overlapping([*look["controls"], *look["pictures"]]) == [], width
        assert look["letters"] >= letters, width
        assert all(sight["bars"] for sight in look["sights"]), width
        assert min(sight["share"] for sight in look["sights"]) > 0.75, width


@for_each(SHOWN)
def test_nothing_is_cut_off_nor_scrolled_sideways(looks):
    cut = {width: looks[width]["cut"] for width in LETTERS}
    assert {width: parts for width, parts in cut.items() if parts} == {}
    assert [width for width in LETTERS if width != 683 and looks[width]["scrolls"]] == []


@for_each(SHOWN)
def test_a_slider_along_an_axis_has_its_values_where_the_axis_has_them(looks):
    """Where there is room for it; a narrow window may have none, and a phone's has none."""
    there = [len(looks[width]["along"]) for width in (1366, WITH_SIDE_BAR, 980, 375)]
    assert there == [looks["along"]] * 3 + [0]
    for width in LETTERS:
        for slider in looks[width]["along"]:
            assert slider["track"] == pytest.approx(slider["axis"], abs=1), (width, slider)
            # a slider over a few sizes has them equally far apart
            assert slider["handle"] == pytest.approx(slider["point"], abs=4), (width, slider)


@for_each([("04_backward_pass.ipynb", (0, "BackwardExplorer"))])
def test_controls_never_take_more_than_half_of_a_low_window(explorer):
    for height, stay in ((768, True), (420, False)):
        with explorer.notebook.window(700, height):
            explorer.page.wait_for_function(
                "([box, stay]) => (box.querySelector('.bp-controls.bp-stay') !== null) === stay",
                arg=[explorer.box.element_handle(), stay],
            )


@for_each([("05_gradient_descent.ipynb", (1, "DescentExplorer"))])
def test_of_controls_that_leave_no_room_the_one_in_use_stays(explorer):
    """A laptop's window at a browser's zoom of 200%: 263 pixels are left for the notebook."""
    with explorer.notebook.window(683, 384):
        explorer.page.wait_for_function(
            "(box) => box.querySelector('.bp-one') !== null", arg=explorer.box.element_handle()
        )
        handle = explorer.box.locator(".bp-controls .noUi-handle").first
        handle.focus()
        explorer.box.locator(".bp-view").evaluate("view => view.scrollIntoView()")
        explorer.page.wait_for_timeout(300)
        assert explorer.box.locator(".bp-controls").evaluate("bar => bar.offsetHeight") == 0
        picture = explorer.box.locator(".bp-view").bounding_box()
        control = handle.bounding_box()
        assert picture["y"] < 200 < control["y"] < 384 - control["height"]


@for_each(SHOWN)
def test_pictures_stand_side_by_side_in_a_window_of_980_pixels(looks, shown_explorer):
    """But for those that are read after the others and have a line of their own there."""
    last = {
        "CheckpointsExplorer": 2, "RaceExplorer": 2, "WhichEndExplorer": 2, "ShardsExplorer": 1,
    }  # fmt: skip
    pictures = looks[980]["pictures"]
    tops = [picture["top"] for picture in pictures[: last.get(shown_explorer.kind.__name__)]]
    assert max(tops) - min(tops) < 1


@for_each(SHOWN)
def test_controls_that_belong_in_one_line_are_in_it(looks, shown_explorer):
    """Where lines are asked for, and no slider is as long as an axis or has a long name."""
    if shown_explorer.kind.rows is None or shown_explorer.kind.__name__ in LONG_SLIDERS:
        return
    for width in (1366, WITH_SIDE_BAR, 980):
        for line in looks[width]["lines"]:
            middles = [middle for _, middle in line]
            assert max(middles) - min(middles) < 4, (width, line)


@for_each(SHOWN)
def test_below_its_smallest_width_the_picture_scrolls_and_stays_legible(looks):
    look = looks[375]
    assert look["letters"] >= SMALLEST_LETTERS
    widest = max(picture["right"] - picture["left"] for picture in look["pictures"])
    assert look["scrolls"] == (widest > look["right"] - look["pictures"][0]["left"] + 1)


@for_each([("04_backward_pass.ipynb", (0, "BackwardExplorer"))])
def test_in_a_narrow_window_the_sliders_of_a_pair_stay_side_by_side(looks):
    tops = {control["said"][:4]: control["top"] for control in looks[700]["controls"]}
    for pair in (("X[0]", "Y[0]"), ("X[1]", "Y[1]")):
        one, other = (tops[name] for name in pair)
        assert one == pytest.approx(other, abs=2)
