"""The controls: each starts where it should, and no browser's rounding moves a slider."""

import ipywidgets as widgets
import numpy as np
import pytest
from driving import sent_by
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from own_notebook import all_explorers

from bp_helpers.explorers.controls import (
    RATES,
    Slider,
    back_and_next,
    button,
    choice_slider,
    made,
    menu,
    rate_slider,
    row,
    slider,
    step_slider,
    tick,
    toggle,
    whole_slider,
)

CONTROLS = {
    "slider": (slider("x", 0.5, -1, 1, 0.1), Slider, 0.5),
    "whole_slider": (whole_slider("n", 3, 1, 9), widgets.IntSlider, 3),
    "step_slider": (step_slider("step", 7), widgets.IntSlider, 0),
    "choice_slider": (choice_slider("size", [1, 4, 16], 4), widgets.SelectionSlider, 4),
    "rate_slider": (rate_slider("rate", 3.0), widgets.SelectionSlider, 3.0),
    "menu": (menu("which", ["this", "that"], "that"), widgets.Dropdown, "that"),
    "tick": (tick("cut"), widgets.Checkbox, False),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_is_made_anew_each_time_and_stands_at_its_start(name):
    control, kind, start = CONTROLS[name]
    one, other = control.make(), control.make()
    assert isinstance(one, kind)
    assert one.tooltip == ""  # of None the page makes "null", and a screen reader reads it
    assert one.value == other.value == control.start == start
    assert one is not other
    assert one.description


def test_they_are_made_by_name():
    controls = {name: control for name, (control, _, _) in CONTROLS.items()}
    assert {name: handle.value for name, handle in made(controls).items()} == {
        name: start for name, (_, _, start) in CONTROLS.items()
    }


def test_a_slider_has_its_range_and_with_many_steps_it_is_long():
    short, long = slider("x", 0, -1, 1, 0.05).make(), slider("x", 0, -3, 3, 0.01).make()
    assert (short.min, short.max, short.step) == (-1, 1, 0.05)
    assert [each.layout.width for each in (short, long)] == ["calc(9em + 15em)", "calc(9em + 27em)"]
    whole = whole_slider("n", 3, 1, 9).make()
    assert (whole.min, whole.max) == (1, 9)


def test_what_is_written_beside_a_slider_is_what_was_set():
    """Without a letter, d3-format writes so many digits and leaves idle zeros out: 0.004, 0.5."""
    assert slider("x", 0.004, -3, 3, 0.01).make().readout_format == ".6"


def test_a_choice_slider_names_its_numbers():
    handle = choice_slider("h", [1.0, 0.1, 0.0001], 0.1).make()
    assert handle.options == (("1", 1.0), ("0.1", 0.1), ("0.0001", 0.0001))
    named = choice_slider("h", [1, 2], 1, name_of=lambda k: f"{k} of them").make()
    assert named.options == (("1 of them", 1), ("2 of them", 2))


def test_the_rates_are_round_and_rise_evenly():
    assert [f"{rate:g}" for rate in RATES[:4]] == ["0.01", "0.012", "0.015", "0.02"]
    assert RATES[-1] == 100
    steps = np.array(RATES[1:]) / RATES[:-1]
    assert steps.min() >= 1.19
    assert steps.max() <= 1.34


def test_a_button_acts():
    pressed = []
    button("Go", lambda: pressed.append(1)).click()
    assert pressed == [1]


def test_back_and_next_go_one_step_each():
    moves = []
    back, forth = back_and_next(moves.append)
    back.click()
    forth.click()
    assert ([back.description, forth.description], moves) == (["Back", "Next"], [-1, 1])


def test_a_toggle_says_what_it_does_and_is_up_at_first():
    made = toggle("Pin", "Keep it", icon="thumb-tack")
    assert (made.description, made.tooltip, made.icon, made.value) == (
        "Pin", "Keep it", "thumb-tack", False,
    )  # fmt: skip


def test_a_row_wraps_and_has_its_children():
    children = [widgets.Button(), widgets.Checkbox()]
    box = row(*children)
    assert box.children == tuple(children)
    assert box.layout.flex_flow == "row wrap"


# ---- What a browser says of a slider ------------------------------------------------------------


def test_a_browsers_late_and_rounded_answers_do_not_move_a_slider():
    handle = slider("x", 0.45, -3, 3, 0.01).make()
    for told in (0.21, 1.31, 1.93, 0.45):  # a cell moves it, and the page answers afterwards
        handle.value = told
    sent = sent_by(handle)
    for answer in (0.20999999999999996, 1.3099999999999996, 1.9299999999999997):
        handle.set_state({"value": answer})
        assert handle.value == 0.45
        assert sent.pop()["state"] == {"value": 0.45}


def test_the_answer_to_where_it_stands_is_no_move_however_often_it_comes():
    handle = slider("x", 0.45, -3, 3, 0.01).make()
    sent = sent_by(handle)
    for _ in range(3):  # each time the slider is shown anew
        handle.set_state({"value": 0.4500000000000002})
        assert handle.value == 0.45
        assert sent == []  # or page and kernel would answer one another for ever


def test_a_hand_moves_a_slider_wherever_it_was_before():
    handle = slider("x", 0.45, -3, 3, 0.01).make()
    handle.value = 0.2
    for moved in (0.20999999999999996, 0.20000000000000018, 0.4500000000000002, 1.9299999999999997):
        handle.set_state({"value": moved, "description": "x"})
        assert handle.value == moved
    handle.value = 1.25
    handle.set_state({"value": 1.2599999999999998})
    handle.set_state({"value": 1.25})
    assert handle.value == 1.25


def test_where_a_browser_needs_no_rounding_no_answer_is_awaited():
    handle = slider("z", 1.0, -5, 5, 0.25).make()
    for told in (-2.0, 0.75, 5.0, 1.0):
        handle.value = told
    handle.set_state({"value": 0.75})
    assert handle.value == 0.75


def test_another_range_and_a_value_in_it_are_told_at_once():
    """In between, a browser would answer with an end of the new range."""
    handle = slider("rate", 3.0, 0.1, 10, 0.1).make()
    sent = sent_by(handle)
    handle.reach(1, 100, 1, 30.0)
    (message,) = sent
    told = {name: message["state"][name] for name in ("min", "max", "step", "value")}
    assert told == {"min": 1, "max": 100, "step": 1, "value": 30.0}
    handle.reach(1, 100, 1, 5.0)  # it has that range already
    assert (len(sent), handle.value) == (1, 30.0)


def test_each_time_that_it_is_told_a_number_one_answer_may_come():
    handle = slider("x", 0.45, -3, 3, 0.01).make()
    for told in (0.21, 0.45, 0.21, 0.45):
        handle.value = told
    for _ in range(2):
        handle.set_state({"value": 0.20999999999999996})
        assert handle.value == 0.45
    handle.set_state({"value": 0.20999999999999996})
    assert handle.value == 0.20999999999999996


def test_what_comes_late_from_a_longer_range_moves_nothing():
    """It would be cut off at the end, and the slider would stand there."""
    handle = slider("rate", 3.0, 1, 100, 1).make()
    handle.reach(0.1, 10, 0.1, 3.0)
    sent = sent_by(handle)
    handle.set_state({"value": 30.0})
    assert handle.value == 3.0
    assert sent.pop()["state"] == {"value": 3.0}


def test_what_a_browser_answers_in_the_range_before_is_dropped():
    handle = slider("rate", 1.2, 0.1, 10, 0.1).make()
    answer = handle._place_in_browser(1.2)
    assert answer != 1.2
    handle.reach(1, 100, 1, 30.0)
    handle.set_state({"value": answer})
    assert handle.value == 30.0


PIXELS = 13  # of an em, in JupyterLab
ARROW = 28  # pixels: the arrow of a list, and the space before its text
FONT = FontProperties(family="DejaVu Sans", size=PIXELS)  # one of the wider ones


@pytest.mark.parametrize("kind", all_explorers().values())
def test_every_choice_of_a_list_has_room_beside_the_arrow(kind):
    menus = [one for one in kind().handles.values() if isinstance(one, widgets.Dropdown)]
    for one in menus:
        width, label = (
            float(each.removesuffix("em"))
            for each in (one.layout.width, one.style.description_width)
        )
        room = PIXELS * (width - label) - 8 - ARROW
        choices = [each[0] if isinstance(each, tuple) else each for each in one.options]
        for choice in choices:
            drawn = TextPath((0, 0), choice, prop=FONT).get_extents().width
            assert drawn <= room, (one.description, choice)


READOUT = 76  # pixels that ipywidgets leaves for how a slider's value is written


@pytest.mark.parametrize("kind", all_explorers().values(), ids=all_explorers())
def test_every_written_value_has_room_beside_its_slider(kind):
    for one in kind().handles.values():
        if isinstance(one, widgets.SelectionSlider) and one.readout:
            for label in one._options_labels:
                drawn = TextPath((0, 0), label, prop=FONT).get_extents().width
                assert drawn <= READOUT, (one.description, label)
