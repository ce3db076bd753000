"""What the kernel makes ahead of the hand: when, of what, how much, and what ends it."""

import asyncio
from functools import partial
from itertools import chain, repeat

import numpy as np
import pytest
from driving import move_in_page, sent_by
from unpacking import unpacked

from bp_helpers.explorers import GraphExplorer, SoftmaxErrorExplorer, TrainingExplorer, ahead

NUMBER = "z0"


def talk(*moments, kind=SoftmaxErrorExplorer, **limits):
    """Let a page say these things, one after the other, and return the explorer and its messages.

    Each is what is done to the explorer; after it the kernel has time until it does nothing more.
    """

    async def run():
        explorer = kind()
        sent = sent_by(explorer.view)
        for moment in moments:
            moment(explorer)
            await asyncio.sleep(0)
            while explorer.ahead._making and not explorer.ahead._making.done():
                await asyncio.sleep(0)
        return explorer, sent

    with pytest.MonkeyPatch.context() as patch:
        for name, value in limits.items():
            patch.setattr(ahead, name, value)
        return asyncio.run(run())


def ask(name=NUMBER, value=0.0, anew=False):
    message = {"ask": {"name": name, "value": value, "anew": anew}}
    return lambda explorer: explorer.view._handle_custom_msg(message, [])


def groups_in(sent):
    return [one["content"] for one in sent if one["method"] == "custom"]


def frames_in(sent):
    return [*unpacked([group for message in groups_in(sent) for group in message["groups"]])]


ANSWERED = [ask()] * 12


def test_asked_it_sends_the_pictures_of_the_whole_way():
    explorer, sent = talk(*ANSWERED, NEAR=1000)
    values = ahead.values_along(explorer.hands()[NUMBER])
    assert sorted(frame.value for frame in frames_in(sent)) == values
    assert all(frame == explorer.frame_at(NUMBER, frame.value) for frame in frames_in(sent))
    assert {message["way"] for message in groups_in(sent)} == {explorer.view.way} == {1}
    assert {message["name"] for message in groups_in(sent)} == {NUMBER}


def test_from_the_hand_outwards_coarse_ones_first():
    _, sent = talk(*[ask("X[1]", 1.0)] * 40, kind=GraphExplorer)
    values = [frame.value for frame in frames_in(sent)]
    places = np.round((np.array(values) + 3) / 0.01).astype(int)
    coarse = [place for place in places if place % ahead.COARSEST == 0]
    distances = np.abs(np.array(coarse) - 400)
    assert len(coarse) == 19
    assert (np.diff(distances) >= 0).all()
    assert {*places[:3]} == {399, 400, 401}, "where the next key leads"
    assert [*places[3:5]] == coarse[:2]
    assert {*range(392, 409)} <= {*places}  # each value, and far away only some
    assert len(places) == len({*places}) < 200


def test_it_goes_on_around_the_hand_when_that_has_moved():
    def far_away(explorer):
        move_in_page(explorer, **{"X[1]": -2.0})

    _, sent = talk(*[ask("X[1]", 1.0)] * 40, far_away, kind=GraphExplorer, ON_THE_WAY=100)
    assert len([frame for frame in frames_in(sent) if abs(frame.value + 2.0) < 0.0799]) == 15


def test_a_page_that_does_not_answer_gets_few():
    _, sent = talk(ask(), BATCH=0.0001, ON_THE_WAY=3)
    assert len(groups_in(sent)) == 3
    _, sent = talk(ask(), ask(), BATCH=0.0001, ON_THE_WAY=3)
    assert len(groups_in(sent)) == 6


def test_between_two_pictures_all_else_is_done():
    turns = []

    async def run():
        explorer = SoftmaxErrorExplorer()
        sent = sent_by(explorer.view)
        ask()(explorer)
        while not explorer.ahead._making.done():
            turns.append(1)
            await asyncio.sleep(0)
        return len(frames_in(sent))

    assert 0 < asyncio.run(run()) < len(turns)


def test_on_its_way_the_number_keeps_them():
    def moves(explorer):
        move_in_page(explorer, **{NUMBER: 1.5})
        explorer.handles["z0"].value = 2.0

    explorer, sent = talk(ask(), moves, ask())
    assert explorer.view.way == 1
    assert len({frame.value for frame in frames_in(sent)}) == len(frames_in(sent))


@pytest.mark.parametrize("change", [{"z1": 1.25}, {"z0": 1.0, "z1": 1.25}])
def test_another_value_ends_it(change):
    explorer, sent = talk(ask(), lambda explorer: explorer.set(**change), BATCH=0.0001)
    assert explorer.view.way == 0
    assert explorer.ahead._way is None
    before = len(groups_in(sent))
    explorer, sent = talk(
        ask(), lambda explorer: explorer.set(**change), ask(anew=True), BATCH=0.0001
    )
    assert explorer.view.way == 2
    new = groups_in(sent)[before:]
    assert {message["way"] for message in new} == {2}
    for frame in unpacked([group for message in new for group in message["groups"]]):
        assert frame == explorer.frame_at(NUMBER, frame.value)


def test_who_has_none_of_them_gets_all_anew():
    explorer, sent = talk(*ANSWERED, ask(anew=True), *ANSWERED)
    first, second = (
        [g for m in groups_in(sent) if m["way"] == way for g in m["groups"]] for way in (1, 2)
    )
    assert [*unpacked(second)] == [*unpacked(first)]
    assert explorer.view.way == 2


def test_what_is_sent_has_a_limit():
    _, sent = talk(*ANSWERED, MOST=20_000, BATCH=0.0001)
    sizes = [
        len(frame["texts"]) for m in groups_in(sent) for g in m["groups"] for frame in g["frames"]
    ]
    assert 0 < sum(sizes) < 25_000


def taking(*seconds):
    """Return a clock by which one frame after the other takes so long, and the last all others."""

    def times():
        now = 0.0
        for each in chain(seconds, repeat(seconds[-1])):
            yield now
            now += each
            yield now

    return partial(next, times())


def test_what_takes_long_is_not_made_ahead():
    _, sent = talk(*ANSWERED, working_time=taking(0.04))
    assert len(frames_in(sent)) == ahead.TRIES


@pytest.mark.parametrize("disturbed", [(0.2,), (0.001, 0.2), (0.001, 0.2, 0.2, 0.2)])
def test_a_disturbed_frame_does_not_end_it(disturbed):
    explorer, sent = talk(*ANSWERED, NEAR=1000, working_time=taking(*disturbed, 0.001))
    assert len(frames_in(sent)) == len(ahead.values_along(explorer.hands()[NUMBER]))


class Fragile(SoftmaxErrorExplorer):
    """An explorer that cannot draw some of its values."""

    def compute(z0, **others):
        if 1 < z0 < 2:
            raise ZeroDivisionError("z0 is between 1 and 2")
        return SoftmaxErrorExplorer.compute(z0, **others)

    @classmethod
    def arguments(cls, state):
        return {name: state[name] for name in ("z0", "z1", "z2", "target")}


def test_where_a_picture_cannot_be_made_the_others_are_and_the_hand_is_told_when_it_is_there():
    explorer, sent = talk(*ANSWERED, kind=Fragile, NEAR=1000)
    values = ahead.values_along(explorer.hands()[NUMBER])
    made = sorted(frame.value for frame in frames_in(sent))
    assert made == [value for value in values if not 1 < value < 2]
    assert explorer.ahead._making.exception() is None
    assert explorer.trouble.value == ""
    move_in_page(explorer, **{NUMBER: 1.5})
    assert "z0 is between 1 and 2" in explorer.trouble.value


def test_what_runs_over_time_does_without():
    explorer, sent = talk(ask("learning_rate", 0.1), kind=TrainingExplorer)
    assert (groups_in(sent), explorer.view.way) == ([], 0)


def test_what_plays_does_without():
    def play(explorer):
        explorer.view.playing = True

    _, sent = talk(play, ask())
    assert groups_in(sent) == []


@pytest.mark.parametrize(
    "message",
    [
        {"ask": {"name": "z9", "value": 0}},
        {"ask": {"name": NUMBER}},
        {"ask": NUMBER},
        {"ask": None},
    ],
)
def test_what_cannot_be_asked_is_not_answered(message):
    _, sent = talk(lambda explorer: explorer.view._handle_custom_msg(message, []))
    assert sent == []
