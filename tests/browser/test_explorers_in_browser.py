"""Each explorer in each notebook, driven by mouse and keyboard; its picture must be the engine's.

What is right is drawn by an explorer in this process, for the values and the choice that the page
says its picture is of.
"""

from math import copysign

import pytest
from axe import COLOURS, looked_at
from explorer_page import canonical
from own_notebook import SHOWN, all_explorers, for_each
from thorough import some

STEPPING = [each for each in SHOWN if "step" in all_explorers()[each[1][1]].controls]


def test_every_explorer_is_tested_here():
    assert {kind for _, (_, kind) in SHOWN} == set(all_explorers())
    assert STEPPING


@for_each(SHOWN)
def test_after_run_all_it_stands_where_its_driving_cell_left_it(shown_explorer):
    """At the start or a preset: the browser's late answers to all the moves have not moved it."""
    fresh = shown_explorer.kind()
    places = {fresh.shown}
    for preset in fresh.presets:
        fresh.use_preset(preset)
        places.add(fresh.shown)
    assert shown_explorer.shown_at_first in places


@for_each(some(SHOWN, 3))
def test_each_slider_by_keyboard(explorer):
    """An arrow moves it by one step, and the picture comes along.

    It says the value that is read beside it: not the index of a choice, and no digits that rounding
    left over. The first one is moved three times.
    """
    for k, control in enumerate(explorer.sliders()):
        explorer.reset()
        at, room = explorer.position(control), explorer.room(control)
        step = getattr(explorer.start.handles[control], "step", 1)
        explorer.handle(control).focus()
        for _ in range(min(1 if k else 3, round(abs(room) / step))):
            explorer.page.keyboard.press("ArrowRight" if room > 0 else "ArrowLeft")
            now = explorer.wait_for_slider(control)
            assert now - at == pytest.approx(copysign(step, room), rel=0.01), control
            explorer.assert_right()
            at = now
        said, shown = explorer.said_and_shown(control)
        assert said
        assert said == (shown or said)  # a stepper shows its step in the picture's caption


@for_each(some(SHOWN, 3, 1))
def test_each_list_by_keyboard(explorer):
    """An arrow takes the next choice of a closed list, and the focus stays there."""
    for control, choices in explorer.lists().items():
        explorer.reset()
        chosen = explorer.list_of(control)
        at = choices.index(explorer.value(control))
        chosen.focus()
        explorer.page.keyboard.press("ArrowDown" if at + 1 < len(choices) else "ArrowUp")
        explorer.wait_until_chosen(control, choices[at + 1 if at + 1 < len(choices) else at - 1])
        explorer.assert_right()
        assert chosen.evaluate("list => list === document.activeElement")


@for_each(some(SHOWN, 3, 1))
def test_sliders_by_mouse(explorer):
    for control in some(explorer.sliders(), 3):
        explorer.reset()
        at = explorer.position(control)
        pixels = 40 if explorer.positions(control) > 5 else 120  # past the middle between two
        explorer.drag(control, copysign(pixels, explorer.room(control)))
        assert explorer.wait_for_slider(control) != at, control
        explorer.assert_right()


@for_each(some(SHOWN, 6))
def test_nothing_flickers_while_dragging(explorer):
    control = [each for each in explorer.sliders() if explorer.positions(each) > 5][-1]
    explorer.watch()
    explorer.drag(control, copysign(60, explorer.room(control)), moves=60, pause=16)
    explorer.wait_for_slider(control)
    frames = explorer.frames()
    assert len({frame["shown"] for frame in frames}) > 2, "too few pictures to say anything"
    assert all(frame["there"] for frame in frames)
    assert len({frame["pictures"] for frame in frames}) == 1
    heights = [frame["height"] for frame in frames]
    assert max(heights) - min(heights) <= 3


@for_each(some(SHOWN, 3, 2))
def test_code_button_shows_the_code(explorer):
    """Which is run elsewhere, for every explorer."""
    explorer.button("Code").click()
    code = explorer.box.locator("pre").first  # below it, some offer PyTorch's form
    code.wait_for()
    assert code.inner_text() == explorer.start.code()
    explorer.button("Code").click()
    code.wait_for(state="detached")


@for_each(some(SHOWN, 3))
def test_each_number_that_can_be_typed_says_whose_it_is(explorer):
    """Beside a slider over a few numbers none can be typed: it would stay there and do nothing."""
    assert explorer.box.locator(".bp-choice .widget-readout[contenteditable=true]").count() == 0
    for typed in explorer.box.locator(".widget-readout[contenteditable=true]").all():
        label = typed.locator("xpath=..").locator(".widget-label").inner_text()
        assert typed.get_attribute("role") == "textbox"
        assert typed.get_attribute("aria-label") == f"{label}, typed"


CONTROLS = "button, input, select, .noUi-handle, .widget-readout"

# The contrast of a colour, perhaps see-through, with the page behind it, as WCAG 2 defines it.
CONTRAST = """
(part, property) => {
  const numbers = (colour) => [...colour.matchAll(/[\\d.]+/g)].map(Number);
  const ground = numbers(getComputedStyle(part.closest(".jp-NotebookPanel")).backgroundColor);
  const [r, g, b, alpha = 1] = numbers(getComputedStyle(part)[property]);
  const light = (rgb) => rgb.map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k], 0);
  const seen = [r, g, b].map((c, k) => alpha * c + (1 - alpha) * ground[k]);
  const [low, high] = [light(seen), light(ground.slice(0, 3))].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
"""
# Of the control that has the focus, if one has: its outline, and the outline's contrast.
OUTLINE_OF_FOCUS = f"""
(box, controls) => {{
  const here = document.activeElement;
  if (!box.contains(here) || !here.matches(controls)) return null;
  const {{ outlineStyle, outlineWidth }} = getComputedStyle(here);
  return [outlineStyle, outlineWidth, ({CONTRAST})(here, "outlineColor")];
}}
"""


# To change the theme takes a second: of these tests each begins with the one that the last had. One
# style sheet draws all explorers, so some of them show what it does.
@for_each(some(SHOWN, 6))
@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_the_focus_is_seen_on_each_control(explorer, theme):
    explorer.notebook.use_theme(theme)
    explorer.button("Reset").focus()
    seen = 0
    for _ in range(explorer.box.locator(CONTROLS).count()):
        explorer.page.keyboard.press("Tab")
        outline = explorer.box.evaluate(OUTLINE_OF_FOCUS, CONTROLS)
        if outline is None:
            continue  # a part of the picture, or beyond
        seen += 1
        *form, contrast = outline
        assert form == ["solid", "2px"]
        assert contrast >= 3
    assert seen


@for_each(some(SHOWN, 3, 2))
def test_reset_brings_the_start_back(explorer):
    before = explorer.state()
    control = explorer.sliders()[0]
    explorer.drag(control, copysign(40, explorer.room(control)))
    explorer.wait_for_slider(control)
    assert explorer.state() != before
    explorer.move_and_press(control, "Reset")  # no move that is on its way comes after it
    explorer.wait_for_the_start()
    explorer.notebook.wait_for_kernel()
    after = explorer.state()
    assert canonical(after.pop("svg")) == canonical(before.pop("svg"))
    assert after == before
    assert explorer.goes_at_once("Reset"), "nothing is on its way: there is nothing to wait for"


@for_each(STEPPING)
def test_next_back_and_play(explorer):
    last = explorer.start.handles["step"].max
    for label, expected in [("Back", 0), *[("Next", k + 1) for k in range(last)], ("Next", last)]:
        explorer.button(label).click()
        explorer.wait_until_shown("step", expected)
        explorer.assert_right()
    explorer.button("Back").click()
    explorer.wait_until_shown("step", last - 1)
    explorer.reset()
    explorer.button("Play").click()
    explorer.wait_until_shown("step", 1)
    explorer.assert_right()
    explorer.button("Pause").click()


@for_each(STEPPING)
def test_click_enter_and_space_choose(explorer):
    """Choosing shows the number's formula; the focus stays on the part that was chosen."""
    typed = explorer.box.locator(".bp-typed")

    def press_enter(part):
        part.press("Enter")
        if typed.is_visible():  # the number can be typed too: Escape gives that up, no more
            explorer.page.keyboard.press("Escape")

    explorer.go_to_the_last_step()
    start = explorer.state()["chosen"]
    names = [name for name in explorer.part_names() if name != start]
    chosen_by = {
        "click": lambda part: part.click(),
        "Enter": press_enter,
        "Space": lambda part: part.press("Space"),
    }
    for k, (how, choose) in enumerate(chosen_by.items()):
        name = names[len(names) * (k + 1) // 5]
        before = explorer.state()
        choose(explorer.part(name))
        state = explorer.wait_for_change(before)
        assert state["chosen"] == name, how
        starts = f"{name} = ", f"{name} after = "  # of a parameter that the last step has moved
        assert any(text.startswith(starts) for text in explorer.drawn_texts()), how
        assert explorer.focused() == name, how
        explorer.assert_right()


@for_each(STEPPING)
def test_focus_stays_when_the_picture_grows_under_it(explorer):
    """While Play runs, each step adds numbers before and behind the one that has the focus."""
    name = explorer.part_names()[-1]
    explorer.button("Play").click()
    explorer.part(name).focus()
    for step in (1, 2):
        explorer.wait_until_shown("step", step)
        assert explorer.focused() == name
    explorer.button("Pause").click()


@for_each(STEPPING)
def test_by_keyboard_alone(explorer):
    """From the first button to a weight in the picture, and on to the slider that it got."""
    page = explorer.page
    explorer.box.locator("button").first.focus()
    passed = explorer.tab_until("el => el.dataset.name === 'W2[0,0]'")
    assert passed >= {
        "button Next",
        "button Play",
        "button Reset",
        "button Code",
    }
    while explorer.focused() != "W2[1,0]":
        page.keyboard.press("ArrowRight")
    before = explorer.state()
    page.keyboard.press("Space")
    assert explorer.wait_for_change(before)["chosen"] == "W2[1,0]"
    passed |= explorer.tab_until(
        "el => el.getAttribute('aria-label') === 'W2[1,0]' && el.matches('.noUi-handle')"
    )
    sliders = [*explorer.sliders()]
    assert passed >= {
        f"slider {explorer.start.handles[control].description}"
        for control in sliders[: sliders.index("parameter")]
    }
    at = float(explorer.value("parameter"))
    page.keyboard.press("ArrowRight")
    explorer.wait_until_shown("parameter", round(at + 0.01, 4))
    explorer.assert_right()


@for_each(STEPPING)
def test_a_number_in_the_picture_by_mouse_keys_and_typing_moves_its_slider(explorer):
    """JupyterLab keeps its keys to itself there, and the explorer's sliders follow the picture."""
    page, weight = explorer.page, explorer.part("W2[0,0]")
    at = float(explorer.value("parameter"))
    weight.hover()  # which waits until it stays where it is
    box = weight.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.down()
    page.mouse.move(x - 10, y)
    page.mouse.move(x - 20, y)
    page.mouse.up()
    dragged = round(at - 0.4, 4)  # 20 pixels of 300 from end to end
    explorer.wait_until_shown("parameter", dragged)
    weight.focus()
    page.keyboard.press("ArrowDown")
    explorer.wait_until_shown("parameter", round(dragged - 0.01, 4))
    explorer.assert_right()
    page.keyboard.press("Enter")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    explorer.wait_until_shown("parameter", 0.5)
    explorer.assert_right()
    assert explorer.focused() == "W2[0,0]"


@for_each(some(SHOWN, 4, 1))
@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_handles_and_the_arrows_of_lists_are_seen(explorer, theme):
    explorer.notebook.use_theme(theme)
    for handle in explorer.box.locator(".noUi-handle").all():
        assert handle.evaluate(CONTRAST, "backgroundColor") >= 3
    for chosen in explorer.box.locator("select").all():
        assert "gradient" in chosen.evaluate("list => getComputedStyle(list).backgroundImage")
        assert chosen.evaluate(CONTRAST, "color") >= 3  # the arrow has the colour of the text


def see_that_axe_finds_nothing(explorer, theme, rules, options=None):
    explorer.notebook.use_theme(theme)
    pressed = [name for name in ("Code", "Pin") if explorer.button(name).count()]
    for name in pressed:
        explorer.button(name).click()
    explorer.box.locator("pre").first.wait_for()
    explorer.box.evaluate("box => { box.id = 'bp-looked-at'; }")
    assert rules <= looked_at(explorer.page, "#bp-looked-at", options)
    explorer.box.evaluate("box => box.removeAttribute('id')")
    for name in pressed:
        explorer.button(name).click()
    explorer.box.locator("pre").first.wait_for(state="hidden")  # before the next test presses it


@for_each(some(SHOWN, 4))
def test_accessibility_rules(explorer):
    """Axe looks at the explorer as a whole: at ours and at the controls of ipywidgets in it.

    Its code is shown, and the chosen number's formula pinned, where there is one.
    """
    rules = {"aria-input-field-name", "button-name", "color-contrast"}
    see_that_axe_finds_nothing(explorer, "Light", rules)


@for_each(some(SHOWN, 6, 3))
def test_colours_in_the_dark_theme(explorer):
    see_that_axe_finds_nothing(explorer, "Dark", {"color-contrast"}, COLOURS)


@for_each(some(SHOWN, 4, 2))
def test_the_picture_follows_the_theme(explorer):
    colours = {}
    for theme in ("Dark", "Light"):
        explorer.notebook.use_theme(theme)
        colours[theme] = explorer.view.locator("text").first.evaluate(
            "e => [getComputedStyle(e).fill, getComputedStyle(document.body).backgroundColor]"
        )
    assert colours["Dark"][0] != colours["Light"][0]
