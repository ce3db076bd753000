"""Pictures that are made ahead of the hand: each is the one that would be shown."""

import json
import random

import pytest
from unpacking import unpacked

from bp_helpers.explorers import BackwardExplorer, DepthExplorer, WholeNetworkExplorer
from bp_helpers.explorers.controls import Hand
from bp_helpers.explorers.frames import Packer, Snapshot, frames_along, joined, pieces, values_along


def hand(value, low, high, step, options=()):
    return Hand("it", value, low, high, step, step / 10, options)


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (hand(0.5, -1, 1, 0.5), [-1.0, -0.5, 0.0, 0.5, 1.0]),
        (hand(0.1, 0, 0.3, 0.1), [0.0, 0.1, 0.2, 0.3]),
        (hand(2, 1, 3, 1), [1, 2, 3]),
        (hand(4, 1, 8, 0, (1, 4, 8)), [1, 4, 8]),
    ],
)
def test_a_number_goes_from_end_to_end(given, values):
    assert values_along(given) == values
    assert {type(value) for value in values_along(given)} == {type(given.value)}


@pytest.mark.parametrize("svg", ["", '<svg a="1" b=""><text>x "y"</text></svg>', '<a/>"<b>"</b>'])
def test_a_picture_is_cut_and_joined_again(svg):
    assert joined(pieces(svg)) == svg


@pytest.mark.parametrize(
    ("kind", "name", "built"),
    [
        (BackwardExplorer, "X[0]", "with a dash here and there"),
        (DepthExplorer, "layers", "otherwise each time"),
        (WholeNetworkExplorer, "penguin", "with an image"),
    ],
)
def test_packed_and_unpacked_it_is_the_picture(kind, name, built):
    explorer = kind()
    values = random.Random(0).sample(values_along(explorer.hands()[name]), 12)
    along = json.loads(json.dumps(frames_along(explorer, name, values)))
    assert along["name"] == name
    assert {frame.value: frame for frame in unpacked(along["groups"])} == {
        value: explorer.frame_at(name, value) for value in values
    }


def test_without_values_there_is_a_frame_for_each():
    explorer = WholeNetworkExplorer()
    assert len([*unpacked(frames_along(explorer, "Y[0]")["groups"])]) == 21


def test_a_picture_of_each_build_is_handed_out_whole_and_once():
    packer = Packer('<a x="1"></a>')
    first = packer.packed([Snapshot(1, "one", '<a x="2"></a>'), Snapshot(2, "two", "<b></b>")])
    then = packer.packed([Snapshot(3, "three", '<a x="3"></a>'), Snapshot(4, "four", "<c></c>")])
    assert [group.get("svg") for group in first] == ['<a x="1"></a>', "<b></b>"]
    assert [group.get("svg") for group in then] == [None, None]
    assert [*unpacked([*first, *then])] == [
        Snapshot(1, "one", '<a x="2"></a>'),
        Snapshot(2, "two", "<b></b>"),
        Snapshot(3, "three", '<a x="3"></a>'),
        Snapshot(4, "four", "<c></c>"),
    ]


def test_what_stays_the_same_is_not_sent_again():
    packer = Packer('<a x="1" y="2">z</a>')
    (group,) = packer.packed([Snapshot(5, "five", '<a x="1" y="3">z</a>')])
    assert (group["places"], group["frames"][0]["texts"]) == ([4], "3")
