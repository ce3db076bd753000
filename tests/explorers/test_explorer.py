"""What an explorer is, by its smallest: it follows its controls, and nothing breaks it."""

import html
import re
import threading
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import ipywidgets as widgets
import pytest
from driving import buttons_of, choose_in_page, move_in_page, press, sent_by
from hypothesis import given, settings
from hypothesis import strategies as st
from traitlets import TraitError

from bp_helpers.explorers import Explorer
from bp_helpers.explorers.clock import Clock
from bp_helpers.explorers.controls import Control, menu, slider
from bp_helpers.pictures import beside
from bp_helpers.pictures.picture import picture
from bp_helpers.pictures.svg import text


@dataclass(frozen=True)
class SmallNumbers:
    """What is said, and where the next fault lies."""

    said: str
    fault: str


def small(x: float, name: str, mood: str, fault: str) -> SmallNumbers:
    """Return the three in one text."""
    if fault == "compute":
        raise ArithmeticError(f"in compute: <b>{name}</b>")
    return SmallNumbers(f"{name} {x} {mood}", fault)


def small_picture(numbers):
    if numbers.fault == "draw":
        raise ArithmeticError(f"in draw: <b>{numbers.said.split()[0]}</b>")
    words = text(1, 2, numbers.said)
    return beside(
        picture(9, 9, "Small & fine", numbers.said, words), picture(8, 8, "Two", numbers.said)
    )


class Small(Explorer):
    """Three controls, a clock that counts up, and a fault on demand."""

    compute, draw = small, small_picture
    controls = {  # noqa: RUF012
        "x": slider("x", 0.1, -1, 1, 0.1),
        "name": Control("ada", lambda: widgets.Text("ada")),
        "mood": menu("mood", ["calm", "wild"], "calm"),
    }
    others = {"fault": ""}  # noqa: RUF012
    presets = {"far right": {"x": 1.0}, "wild": {"x": -1.0, "mood": "wild"}}  # noqa: RUF012

    def buttons(self):
        self.clock, self.chosen = Clock(self.view, lambda: True, 10), []
        return [self.clock.button]

    def choose(self, name):
        if self.state["fault"] == "choose":
            raise ArithmeticError(f"in choose: <b>{self.values['name']}</b>")
        self.chosen.append(name)

    def code(self):
        if self.state["fault"] == "code":
            raise ArithmeticError(f"in code: <b>{self.values['name']}</b>")
        return super().code()


START = {"x": 0.1, "name": "ada", "mood": "calm"}


def break_in(explorer, where):
    """Let it fail there from now on, as a defect of ours would, and draw anew."""
    explorer.state = {**explorer.state, "fault": where}
    explorer.refresh()


# ---- It follows its controls --------------------------------------------------------------------


def test_at_the_start_it_shows_its_start():
    explorer = Small()
    assert explorer.values == START
    assert explorer.state == {**START, "fault": ""}
    assert explorer.numbers == SmallNumbers("ada 0.1 calm", "")
    assert explorer.view.svg == explorer.picture.svg
    assert explorer.view.shown == explorer.shown == "x=0.1 name=ada mood=calm fault="


def test_moved_by_a_hand_it_is_drawn_once():
    explorer = Small()
    sent = sent_by(explorer.view)
    explorer.handles["x"].value = 0.5
    assert len(sent) == 1
    assert explorer.state["x"] == 0.5
    assert explorer.numbers.said == "ada 0.5 calm"
    assert "ada 0.5 calm" in explorer.view.svg
    assert explorer.view.shown == "x=0.5 name=ada mood=calm fault="


def test_of_a_move_the_first_new_sentence_is_said():
    explorer = Small()
    assert explorer.view.said == ""  # nothing, while the notebook opens
    explorer.handles["x"].value = 0.5
    assert explorer.view.said == "ada 0.5 calm"


def test_a_cell_and_the_page_move_it_at_the_same_time_and_no_move_is_lost():
    page_moves = threading.Event()

    class Slow(Small):
        def moved_to(self, state, name, value):
            if name == "mood":
                page_moves.set()  # between what is read of the state and what becomes of it
                time.sleep(0.2)
            return super().moved_to(state, name, value)

    def page():
        page_moves.wait(5)
        explorer.handles["x"].value = 0.7

    explorer = Slow()
    thread = threading.Thread(target=page)
    thread.start()
    explorer.set(mood="wild")
    thread.join(5)
    assert explorer.values == {**START, "mood": "wild", "x": 0.7}
    assert explorer.numbers.said == "ada 0.7 wild"


def test_several_changes_are_drawn_once():
    explorer = Small()
    sent = sent_by(explorer.view)
    explorer.set(x=0.7, name="eva", mood="wild")
    assert len(sent) == 1
    assert "eva 0.7 wild" in explorer.view.svg
    assert explorer.values == {"x": 0.7, "name": "eva", "mood": "wild"}


def test_led_beyond_its_end_by_a_hand_a_slider_stands_at_its_end():
    explorer = Small()
    move_in_page(explorer, x=7)
    assert (explorer.values["x"], explorer.state["x"]) == (1.0, 1.0)
    assert explorer.numbers.said == "ada 1.0 calm"
    move_in_page(explorer, x=float("-inf"))
    assert (explorer.values["x"], explorer.state["x"]) == (-1.0, -1.0)
    explorer.set(x=1 + 1e-15)  # as code may compute it
    assert explorer.values["x"] == 1.0


def test_rows_say_which_controls_stand_side_by_side():
    class InRows(Small):
        rows = [["x"], ["name", "mood"]]  # noqa: RUF012

    explorer = InRows()
    handles = explorer.handles
    _, _, controls, *_ = explorer.children
    rows = [row.children for row in controls.children]
    assert rows == [(handles["x"],), (handles["name"], handles["mood"])]
    _, _, controls, *_ = (explorer := Small()).children
    assert [row.children for row in controls.children] == [tuple(explorer.handles.values())]


def test_it_says_what_there_would_be_and_stays_where_it_is():
    explorer = Small()
    explorer.set(x=0.3)
    before = explorer.shown, explorer.view.svg, explorer.numbers
    assert explorer.numbers_at(name="eva", mood="wild").said == "eva 0.3 wild"
    with pytest.raises(ValueError, match="no control is called 'z'"):
        explorer.numbers_at(z=1)
    assert (explorer.shown, explorer.view.svg, explorer.numbers) == before


# ---- All of it or nothing -----------------------------------------------------------------------


REFUSED = {
    "no control": ({"x": 0.9, "z": 1}, ValueError, r"no control is called 'z': there are \['x', "),
    "not in the menu": (
        {"x": 0.9, "mood": "odd"},
        ValueError,
        r"mood cannot be 'odd': there are \['calm', 'wild'\]",
    ),
    "no number": (
        {"name": "eva", "x": "far"},
        ValueError,
        "^x cannot be 'far': it is a number from -1 to 1$",
    ),
    "not a number": (
        {"name": "eva", "x": float("nan")},
        ValueError,
        "^x cannot be nan: it is a number from -1 to 1$",
    ),
    "beyond its end": (
        {"name": "eva", "x": 1.01},
        ValueError,
        r"^x cannot be 1\.01: it is a number from -1 to 1$",
    ),
    "no text": ({"x": 0.9, "name": 3}, TraitError, "unicode string"),
    "no picture": (
        {"x": 0.9, "fault": "draw"},
        ValueError,
        "Small cannot be set to x=0.9, fault='",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_one_control_refuses_none_takes(case):
    values, error, message = REFUSED[case]
    explorer = Small()
    explorer.set(x=-0.3, name="ida")
    before = explorer.values, explorer.state, explorer.shown, explorer.view.svg
    with pytest.raises(error, match=message):
        explorer.set(**values)
    assert (explorer.values, explorer.state, explorer.shown, explorer.view.svg) == before
    explorer.handles["x"].value = 0.5  # and a hand moves on from there
    assert explorer.numbers.said == "ida 0.5 calm"


# ---- Reset and presets --------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.floats(-1, 1), st.text(max_size=5), st.sampled_from(["calm", "wild"]))
def test_reset_restores_exactly(x, name, mood):
    explorer = Small()
    before = explorer.view.svg
    explorer.set(x=x, name=name, mood=mood)
    break_in(explorer, "draw")
    press(explorer, "Reset")
    assert explorer.values == START
    assert explorer.state == Small().state
    assert explorer.view.svg == before
    assert explorer.trouble.value == ""


def test_a_preset_resets_and_then_moves_what_it_names_and_draws_once():
    explorer = Small()
    explorer.set(x=-0.3, name="bob", mood="wild")
    sent = sent_by(explorer.view)
    press(explorer, "far right")
    assert explorer.values == {**START, "x": 1.0}
    assert len(sent) == 1
    press(explorer, "wild")
    assert explorer.values == {"x": -1.0, "name": "ada", "mood": "wild"}


def test_an_unknown_preset_is_refused_and_nothing_moves():
    explorer = Small()
    explorer.set(x=0.5)
    with pytest.raises(ValueError, match=r"no preset is called 'left': there are \['far right', "):
        explorer.use_preset("left")
    assert explorer.values == {**START, "x": 0.5}


@pytest.mark.parametrize("label", ["Reset", "far right"])
def test_reset_and_presets_end_what_goes_on_by_itself(label):
    explorer = Small()
    explorer.clock.button.value = True
    press(explorer, label)
    assert not explorer.view.playing
    assert not explorer.clock.button.value


def test_buttons_stand_in_one_row_above_the_picture_and_controls_below():
    explorer = Small()
    above, pictures, below, *_ = explorer.children
    assert above.children[0] is explorer.clock.button
    assert [button.description for button in buttons_of(above)] == ["Reset", "far right", "wild"]
    assert pictures.children == (explorer.view,)
    (row,) = below.children
    assert row.children == tuple(explorer.handles.values())


# ---- Exceptions ---------------------------------------------------------------------------------

FAULTS = {
    "compute": lambda explorer: explorer.handles["x"].set_trait("value", 0.5),
    "draw": lambda explorer: explorer.handles["x"].set_trait("value", 0.5),
    "code": lambda explorer: explorer.code_button.set_trait("value", True),
    "choose": lambda explorer: choose_in_page(explorer, "a part"),
}


@pytest.mark.parametrize("where", FAULTS)
def test_an_exception_is_shown_and_goes_with_the_next_good_refresh(where):
    explorer = Small()
    before = explorer.view.svg
    break_in(explorer, where)
    FAULTS[where](explorer)
    assert f"ArithmeticError: in {where}: &lt;b&gt;ada&lt;/b&gt;" in explorer.trouble.value
    assert "<b>" not in explorer.trouble.value
    assert explorer.view.svg == before
    assert explorer.trouble in explorer.children
    explorer.set(fault="", x=-0.5)
    assert explorer.trouble.value == ""
    assert "ada -0.5 calm" in explorer.view.svg


def test_while_it_cannot_draw_its_output_is_what_is_still_in_view():
    explorer = Small()
    break_in(explorer, "draw")
    assert "ada 0.1 calm" in explorer._repr_mimebundle_()["text/plain"]
    assert "ArithmeticError: in draw" in explorer.trouble.value


def test_one_that_never_drew_says_why_where_it_is_shown():
    class Broken(Small):
        others = {"fault": "compute"}  # noqa: RUF012

    explorer = Broken()
    assert "ArithmeticError: in compute" in explorer.trouble.value
    bundle = explorer._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert "<img" not in bundle["text/html"]
    explorer.set(fault="")
    assert explorer.trouble.value == ""
    assert "<img" in explorer._repr_mimebundle_()["text/html"]


# ---- Choosing, code, output ---------------------------------------------------------------------


def test_what_is_chosen_in_the_page_reaches_choose():
    explorer = Small()
    choose_in_page(explorer, "a part")
    assert explorer.chosen == ["a part"]


def test_what_is_pressed_says_what_it_does():
    """Without a tooltip the page's `title` is the word null, and screen readers say it."""
    assert Small().code_button.tooltip == "Show the Python that computes the same numbers"


def test_code_is_shown_while_its_button_is_down():
    explorer = Small()
    assert explorer.code_panel.value == ""
    explorer.code_button.value = True
    explorer.set(name="<ida>")
    shown = html.unescape(re.fullmatch("<pre>(.*)</pre>", explorer.code_panel.value, re.S)[1])
    assert shown == explorer.code()
    assert shown.endswith("numbers = small(x=0.1, name='<ida>', mood='calm', fault='')")
    made = {}
    exec(shown, made)
    assert made["numbers"] == explorer.numbers
    explorer.code_button.value = False
    assert explorer.code_panel.value == ""


def test_compute_gets_what_its_signature_names_and_no_more():
    class WithMore(Small):
        others = {"fault": "", "taken": (1, 2)}  # noqa: RUF012

    explorer = WithMore()
    assert explorer.trouble.value == ""
    assert [*explorer.arguments(explorer.state)] == ["x", "name", "mood", "fault"]
    assert explorer.shown.endswith("fault= taken=(1, 2)")


def test_as_output_it_is_a_widget_its_pictures_and_their_words():
    explorer = Small()
    explorer.set(name='a "b" & <c>')
    bundle = explorer._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert bundle["text/html"].count("<img") == 2
    assert bundle["text/plain"] == explorer.words
    assert bundle["text/plain"].startswith("Controls: x = 0.1, ")
    assert bundle["text/plain"].endswith(explorer.picture.words)
    assert explorer.picture.words.startswith('Small & fine. a "b" & <c> 0.1 calm')


def test_nothing_from_users_becomes_part_of_the_page():
    explorer = Small()
    odd = '<script>alert(1)</script>" onload="alert(2)'
    explorer.set(name=odd)
    nodes = list(ET.fromstring(f"<g>{explorer.view.svg}</g>").iter())
    tags = {node.tag.rpartition("}")[2] for node in nodes}
    attributes = {name for node in nodes for name in node.attrib}
    assert tags == {"g", "svg", "title", "desc", "text"}
    assert not any(name.startswith("on") or "href" in name for name in attributes)
    explorer.code_button.value = True
    pages = [explorer.code_panel.value, explorer._repr_mimebundle_()["text/html"]]
    break_in(explorer, "compute")
    pages.append(explorer.trouble.value)
    break_in(explorer, "choose")
    choose_in_page(explorer, odd)
    pages.append(explorer.trouble.value)
    for page in pages:
        assert "alert(1)" in page
        assert "<script" not in page
