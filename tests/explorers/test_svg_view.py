"""The widget that shows pictures: what it tells the page, and what it takes from there."""

import pytest
from driving import sent_by, tick

from bp_helpers.explorers import SvgView


def test_a_picture_and_its_values_go_in_one_message():
    view = SvgView()
    sent = sent_by(view)
    view.show("<svg/>", "x=1")
    assert [message["state"] for message in sent] == [{"svg": "<svg/>", "shown": "x=1"}]
    view.show("<svg/>", "x=2")
    assert sent[1]["state"] == {"shown": "x=2"}


@pytest.mark.parametrize(
    ("message", "chosen"),
    [
        ({"chosen": "W1[0,0]"}, ["W1[0,0]"]),
        ({"chosen": 3}, []),
        ({"other": "W1"}, []),
        ({"tick": True}, []),
        ("W1", []),
        (None, []),
    ],
)
def test_only_names_are_chosen(message, chosen):
    view, told = SvgView(), []
    view.on_choose(told.append)
    view._handle_custom_msg(message, [])
    assert told == chosen


@pytest.mark.parametrize("message", [{"tick": 1}, {"tick": False}, {"chosen": "W1"}, "tick", None])
def test_what_is_no_tick_is_not_answered(message):
    view, told = SvgView(), []
    view.on_tick(lambda: told.append(1))
    view._handle_custom_msg(message, [])
    assert (told, view.ticks) == ([], 0)


def test_a_tick_is_answered_when_it_is_done():
    view, answered = SvgView(), []
    view.on_tick(lambda: answered.append(view.ticks))
    tick(view)
    tick(view)
    assert answered == [0, 1]
    assert view.ticks == 2
