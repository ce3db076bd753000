"""Checkpoints: what is run when, the fewest steps there are, and gradients that do not change."""

import re
from collections import Counter
from functools import cache
from itertools import combinations, permutations
from math import comb

import numpy as np
import pytest
from driving import move_in_page, press
from svg_checks import check_svg

from bp_helpers.explorers import CheckpointsExplorer
from bp_helpers.explorers.checkpoints import (
    BEST,
    best_marks,
    checkpoints,
    moves_of,
    run_back,
)

TABLE = [(1, 2, 6), (2, 3, 20), (3, 3, 35), (4, 3, 56)]  # slots, runs, the longest chain


def steps(moves):
    return sum(move.kind == "forward" for move in moves)


def fewest_steps(layers, slots):
    return steps(moves_of(layers, slots, best_marks(layers, slots)))


def test_without_a_slot_every_run_begins_at_the_input():
    moves = moves_of(64, 0, ())
    assert steps(moves) == 64 * 63 // 2 == 2016
    assert {move.in_memory for move in moves} == {1, 2}


@pytest.mark.parametrize(("layers", "slots", "fewest"), [(64, 2, 258), (64, 7, 137), (10, 2, 15)])
def test_known_numbers(layers, slots, fewest):
    assert fewest_steps(layers, slots) == fewest


@pytest.mark.parametrize("slots", range(5))
def test_the_best_marks_take_no_more_memory_and_go_back_through_every_layer(slots):
    for layers in range(1, 30):
        moves = moves_of(layers, slots, best_marks(layers, slots))
        assert max(move.in_memory for move in moves) <= slots + 2
        assert [move.at for move in moves if move.kind == "back"] == list(range(layers))[::-1]


@pytest.mark.parametrize("slots", [0, 1, 2])
def test_no_marks_take_fewer(slots):
    for layers in range(3, 8):
        places = range(1, layers - 1)
        orders = (o for n in range(len(places) + 1) for o in permutations(places, n))
        least = min(steps(moves_of(layers, slots, order)) for order in orders)
        assert least == fewest_steps(layers, slots)


def test_two_marks_reach_eighteen_in_ten_layers():
    pairs = combinations(range(1, 9), 2)
    assert min(steps(moves_of(10, 2, pair)) for pair in pairs) == 18


@pytest.mark.parametrize(("slots", "runs", "longest"), TABLE)
def test_the_longest_chain_is_binomial(slots, runs, longest):
    """Griewank & Walther 2000: beyond it, some layer is run once more."""

    def most_runs(layers):
        moves = moves_of(layers, slots, best_marks(layers, slots))
        return max(Counter(move.at for move in moves if move.kind == "forward").values())

    assert comb(slots + 1 + runs, runs) == longest
    assert most_runs(longest) == runs
    assert fewest_steps(longest + 1, slots) - fewest_steps(longest, slots) == runs + 1


def test_the_sum_of_both_parts_is_pascals_triangle():
    @cache
    def longest(slots, runs):
        if runs == 0:
            return 1
        if slots == 0:
            return runs + 1
        return longest(slots, runs - 1) + longest(slots - 1, runs)

    for slots in range(8):
        for runs in range(8):
            assert longest(slots, runs) == comb(slots + 1 + runs, runs)


def test_gradients_are_the_same_whatever_is_marked():
    for marks in [(), (3,), (1, 2, 3), (7, 2, 5), (8, 1)]:
        for slots in range(4):
            numbers = checkpoints(10, slots, marks, 0, BEST)
            assert numbers.are_equal
            assert len(numbers.yours.gradients) == 10


def test_gradients_that_differ_would_be_noticed():
    numbers = checkpoints(5, 1, (2,), 0, BEST)
    numbers.yours.gradients[0][0, 0] += 1e-12
    assert not numbers.are_equal


def test_the_gradients_are_those_of_the_whole_chain():
    gradients = run_back(6, moves_of(6, 6, range(6))).gradients
    nudged = run_back(6, moves_of(6, 0, ())).gradients
    assert all(np.array_equal(*pair) for pair in zip(gradients, nudged, strict=True))
    assert all(np.abs(gradient).max() > 0 for gradient in gradients)


def test_marks_are_set_taken_away_and_forgotten_with_their_layers():
    explorer = CheckpointsExplorer()
    for name in ("A5", "A2", "A8"):
        explorer.choose(name)
    assert explorer.state["marks"] == (5, 2, 8)
    explorer.choose("A2")
    assert explorer.state["marks"] == (5, 8)
    explorer.set(layers=7)
    assert explorer.state["marks"] == (5,)
    press(explorer, "No marks")
    assert explorer.state["marks"] == ()
    for name in ("A0", "A6", "nonsense"):
        with pytest.raises(ValueError, match="no part of the picture: there are A1, A2"):
            explorer.choose(name)


def test_marks_are_set_by_number_or_by_name():
    explorer = CheckpointsExplorer()
    explorer.set(marks=["A4", 2, "A2"])
    assert explorer.state["marks"] == (4, 2)
    for marks in (("A9",), (0,), ("x",), (4.5,), "A4", 4, None):
        with pytest.raises(ValueError, match=r"is no part of the picture|marks cannot be"):
            explorer.set(marks=marks)
    assert explorer.state["marks"] == (4, 2)
    explorer.set(layers=16, marks=(14,))
    assert explorer.state["marks"] == (14,)


def test_moves_are_shown_one_by_one_and_to_the_end_after_a_change():
    explorer = CheckpointsExplorer()
    assert explorer.state["moment"] == 55
    assert explorer._next_move()
    assert explorer.state["moment"] == 1  # after the last one it starts again
    explorer.set(moment=54)
    assert not explorer._next_move()
    explorer.choose("A5")
    assert explorer.state["moment"] == explorer.handles["moment"].max == 25 + 10


@pytest.mark.parametrize("layers", [3, 4, 10, 16])
def test_every_chain_can_be_drawn(layers):
    explorer = CheckpointsExplorer()
    explorer.set(layers=layers, beside=BEST)
    for k in range(layers - 2, 0, -2):
        explorer.choose(f"A{k}")
    for moment in (0, 1, 7, explorer.handles["moment"].max):
        explorer.set(moment=min(moment, explorer.handles["moment"].max))
        assert explorer.trouble.value == ""
        for picture in explorer.picture:
            check_svg(picture)


def test_a_chain_of_any_length_ends_where_the_slider_does():
    explorer = CheckpointsExplorer()
    move_in_page(explorer, layers=10**6)
    assert explorer.state["layers"] == explorer.handles["layers"].max
    move_in_page(explorer, layers=-5)
    assert explorer.state["layers"] == explorer.handles["layers"].min


REFUSED = {
    "layers": (10**6, "a whole number from 3 to 16"),
    "slots": (9, "a whole number from 0 to 4"),
    "moment": (56, "a whole number from 0 to 55"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_slider_has_no_room_for_is_refused_from_code(name):
    explorer, (value, room) = CheckpointsExplorer(), REFUSED[name]
    before = explorer.shown
    for odd in (value, 3.5, "three", None):
        with pytest.raises(ValueError, match=f"^{name} cannot be {odd!r}: it is {room}$"):
            explorer.set(**{name: odd})
        assert explorer.shown == before


def test_a_moment_of_the_run_that_is_set_with_it():
    """Also one behind the end of the run before."""
    explorer = CheckpointsExplorer()
    before = explorer.handles["moment"].max
    explorer.set(layers=16, slots=1, moment=before + 5)
    assert explorer.state["moment"] == before + 5


@pytest.mark.parametrize("layers", range(3, 17))
def test_no_finger_touches_two_activations(layers):
    """Each is 24 pixels wide and high, and there is some room between any two of them."""
    explorer = CheckpointsExplorer()
    explorer.set(layers=layers)
    boxes = [
        {name: float(value) for name, value in re.findall(r' (x|y|width|height)="([-\d.]+)"', box)}
        for box in re.findall(r'<rect class="bp-hit"[^>]*>', explorer.view.svg)
    ]
    assert len(boxes) == layers - 2
    assert all(min(box["width"], box["height"]) >= 24 for box in boxes)
    for one, other in combinations(boxes, 2):
        apart = [
            abs(one[along] - other[along]) - one[size]
            for along, size in (("x", "width"), ("y", "height"))
        ]
        assert max(apart) >= 2
