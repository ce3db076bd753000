"""What goes on by itself: when it is done, and what ends it."""

import logging

from driving import tick

from bp_helpers.explorers import SvgView
from bp_helpers.explorers.clock import Clock


def clock(act):
    """A clock, and what it has done."""
    done = []

    def note_and_act():
        done.append(1)
        return act()

    return Clock(SvgView(), note_and_act, pace=70), done


def test_each_tick_does_it_once_while_play_is_down():
    ticking, done = clock(lambda: True)
    assert ticking.view.pace == 70
    tick(ticking.view)
    assert done == []
    ticking.button.value = True
    assert ticking.view.playing
    tick(ticking.view)
    tick(ticking.view)
    assert len(done) == 2
    assert ticking.button.value


def test_the_button_follows_the_page_and_says_what_it_would_do():
    ticking, _ = clock(lambda: True)
    button = ticking.button
    assert (button.description, button.icon) == ("Play", "play")
    ticking.view.playing = True
    assert button.value
    assert (button.description, button.icon) == ("Pause", "pause")
    ticking.view.set_state({"playing": False})  # the last view is gone
    assert not button.value
    assert (button.description, button.icon) == ("Play", "play")


def test_a_tick_that_comes_after_the_stop_does_nothing_and_is_answered():
    ticking, done = clock(lambda: True)
    ticking.button.value = True
    ticking.stop()
    assert not ticking.button.value
    tick(ticking.view)
    assert done == []
    assert ticking.view.ticks == 1


def test_it_ends_when_there_is_nothing_left_to_do():
    ticking, done = clock(lambda: False)
    ticking.button.value = True
    tick(ticking.view)
    assert len(done) == 1
    assert not ticking.view.playing
    assert not ticking.button.value


def test_an_exception_answers_the_tick_too(caplog):
    """Or the page would wait for the answer for ever."""
    ticking, done = clock(lambda: 1 / 0)
    ticking.button.value = True
    with caplog.at_level(logging.WARNING):
        tick(ticking.view)
    assert len(done) == 1
    assert ticking.view.ticks == 1
