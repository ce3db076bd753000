"""The race: the three ways find the same gradients, and what is shown follows from the laps."""

import re
import time
from itertools import pairwise

import numpy as np
import pytest
from svg_checks import check_svg

from bp_helpers.explorers import RaceExplorer, race
from bp_helpers.explorers.race import (
    BACKPROPAGATION,
    FORWARD,
    FORWARD_MODE,
    NUDGING,
    RUN_WIDTHS,
    WAYS,
    WIDTHS,
    Lap,
    backpropagated,
    batch_of,
    counts,
    duration,
    forward_mode_slopes,
    lap,
    network_of,
    nudged_slopes,
    parameters_of,
    sizes,
)
from bp_helpers.pictures import PARAMETERS_AXIS


def in_a_row(arrays):
    return np.concatenate([array.ravel() for array in arrays])


@pytest.mark.parametrize("examples", [1, 5])
def test_the_three_ways_find_the_same_gradients(examples):
    network, (x, y) = network_of(4), batch_of(4, examples)
    true = in_a_row(backpropagated(network, x, y))
    assert len(true) == parameters_of(4) == 90
    forward = np.array(list(forward_mode_slopes(network, x, y)))
    np.testing.assert_allclose(forward, true, rtol=1e-10, atol=1e-13)
    nudged = np.array(list(nudged_slopes(network, x, y)))
    np.testing.assert_allclose(nudged, true, rtol=1e-3, atol=1e-5)


def test_nudging_leaves_the_network_as_it_was():
    network, (x, y) = network_of(4), batch_of(4, 2)
    before = [array.copy() for array in network.parameters.values()]
    list(nudged_slopes(network, x, y))
    after = network.parameters.values()
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))


def test_the_sizes_go_from_a_hundred_to_a_billion_in_even_steps():
    parameters = [parameters_of(width) for width in WIDTHS]
    assert parameters[0] < 100
    assert 900_000 < parameters_of(700) < 1_100_000
    assert 0.9e9 < parameters[-1] < 1.1e9
    assert all(2.9 < large / small < 3.6 for small, large in pairwise(parameters))


def test_multiplications_are_counted_as_the_products_take_them():
    weights = sum(n_in * n_out for n_in, n_out in pairwise(sizes(16)))
    counted = counts(16, 64)
    assert counted[FORWARD] == 64 * weights
    assert counted[BACKPROPAGATION] == 3 * 64 * weights
    assert counted[NUDGING] == counted[FORWARD_MODE] == (1 + parameters_of(16)) * 64 * weights


def test_a_small_network_is_run_to_its_end():
    for way in WAYS:
        one = lap(way, 4, 1)
        assert one.is_whole
        assert 0 < one.seconds < 60


@pytest.mark.parametrize("tick", [1e-4, 0.1])
def test_a_clock_that_ticks_seldom_times_each_way(tick, monkeypatch):
    seconds = time.perf_counter
    monkeypatch.setattr(time, "perf_counter", lambda: seconds() // tick * tick)
    for way in WAYS:
        one = lap(way, 4, 1)
        assert one.is_whole
        assert 1e-6 < one.seconds < 10
    large = lap(NUDGING, 700, 1)
    assert not large.is_whole
    assert large.seconds > 1


def test_what_would_take_long_is_timed_on_a_part(monkeypatch):
    monkeypatch.setattr(race, "WHOLE", 0.0)
    monkeypatch.setattr(race, "PART", 0.0)
    one = lap(NUDGING, 16, 1)
    assert not one.is_whole
    assert one.seconds > 0


def test_a_time_is_that_of_the_lap_or_reckoned_from_the_largest_one_below():
    laps = [Lap(NUDGING, 4, 64, True, 0.5), Lap(NUDGING, 8, 64, False, 2.0)]
    assert duration(NUDGING, 4, 64, laps).seconds == 0.5
    assert duration(NUDGING, 4, 64, laps).is_measured
    assert not duration(NUDGING, 8, 64, laps).is_measured
    grown = counts(16, 64)[NUDGING] / counts(8, 64)[NUDGING]
    assert duration(NUDGING, 16, 64, laps).seconds == pytest.approx(2.0 * grown)
    assert not duration(NUDGING, 16, 64, laps).is_measured
    assert duration(NUDGING, 4, 1, laps) is None
    assert duration(FORWARD, 4, 64, laps) is None


def test_run_fills_the_table_and_reset_empties_it():
    explorer = RaceExplorer()
    explorer.set(examples=1)
    explorer.run(4)
    size = explorer.numbers.sizes[explorer.numbers.looked_at]
    assert size.parameters == 90
    assert list(size.durations) == list(WAYS)
    assert "Nothing has been run yet" not in explorer.words
    first = explorer.numbers.clock
    assert first > sum(lap.seconds for lap in explorer.state["laps"])
    assert "On the clock: " in explorer.words
    for picture in explorer.picture:
        check_svg(picture)
    explorer.run(4)
    assert len(explorer.state["laps"]) == len(WAYS)  # another run takes the place of the first
    assert explorer.numbers.clock > first
    explorer.reset()
    assert explorer.state["laps"] == ()
    assert "On the clock" not in explorer.words
    with pytest.raises(ValueError, match="width is 5: it must be one of"):
        explorer.run(5)


def test_play_runs_lap_after_lap_and_ends_where_the_machine_does(monkeypatch):
    asked = []

    def quick(way, width, examples):
        asked.append((width, way))
        slow = way == BACKPROPAGATION and width == RUN_WIDTHS[2]
        return Lap(way, width, examples, True, 5.0 if slow else 0.001)

    monkeypatch.setattr(race, "lap", quick)
    explorer = RaceExplorer()
    while explorer._next_lap():
        pass
    assert asked == [(width, way) for width in RUN_WIDTHS[:3] for way in WAYS]
    assert explorer.state["parameters"] == parameters_of(RUN_WIDTHS[2])
    assert "The race is over: 3 networks were run, the largest with 960 parameters" in (
        explorer.words
    )
    explorer.set(examples=1)
    assert "The race is over" not in explorer.words
    assert explorer._next_lap()  # the other batch has a race of its own


def test_the_end_of_the_race_is_said_once_and_by_itself(monkeypatch):
    """What a screen reader says at the end is the verdict, and not the last of the times."""
    monkeypatch.setattr(race, "RUN_WIDTHS", RUN_WIDTHS[:1])
    monkeypatch.setattr(race, "lap", lambda *which: Lap(*which, True, 0.001))
    explorer, said = RaceExplorer(), []
    assert "Play starts the race" in explorer.view.svg
    explorer.view.observe(lambda change: said.append(change["new"]), "said")
    while explorer._next_lap():
        assert "The race is over" not in explorer.words
    assert said[-1].startswith("The race is over: 1 network was run, the largest with 90")
    assert "The race is over" in explorer.view.svg
    count = len(said)
    assert not explorer._next_lap()
    assert len(said) == count
    explorer.reset()
    assert "The race is over" not in explorer.view.svg


def test_the_slider_of_parameters_lies_along_their_axis():
    """Each of its places is where the size is drawn, to a pixel or two."""
    explorer, sizes = RaceExplorer(), [*race.WIDTH_OF]
    pixels = []
    for size in sizes:
        explorer.set(parameters=size)
        pixels.append(float(re.search(r'<circle cx="(\S+)"', explorer.view.svg).group(1)))
    assert pixels == pytest.approx(
        np.linspace(PARAMETERS_AXIS(sizes[0]), PARAMETERS_AXIS(sizes[-1]), len(sizes)), abs=2
    )


def test_play_ends_with_a_sentence_where_the_memory_does(monkeypatch):
    def large(way, width, examples):
        if width > RUN_WIDTHS[0]:
            raise MemoryError
        return Lap(way, width, examples, True, 0.001)

    monkeypatch.setattr(race, "lap", large)
    explorer = RaceExplorer()
    while explorer._next_lap():
        pass
    assert "280 parameters does not fit into the memory" in explorer.trouble.value
    assert "The race is over: 1 network was run, the largest with 90 parameters" in explorer.words
    assert len(explorer.state["laps"]) == len(WAYS), "what was run stays"
    with pytest.raises(MemoryError):
        explorer.run(RUN_WIDTHS[1])


@pytest.mark.parametrize("seconds", [1e-7, 3e-4, 1.0, 7e3, 5e6, 9e9, 1e12])
def test_every_time_can_be_drawn(seconds):
    explorer = RaceExplorer()
    laps = tuple(Lap(way, 64, 64, True, seconds) for way in WAYS)
    explorer.set(laps=laps, parameters=parameters_of(WIDTHS[-1]), is_over=True)
    assert explorer.trouble.value == ""
    for picture in explorer.picture:
        check_svg(picture)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_size_can_be_drawn(width):
    explorer = RaceExplorer()
    explorer.set(parameters=parameters_of(width))
    for picture in explorer.picture:
        check_svg(picture)


def test_the_text_says_how_many_parameters_and_not_how_wide_the_network_is():
    assert "Controls: parameters = 988,410, examples = 64." in RaceExplorer().words
