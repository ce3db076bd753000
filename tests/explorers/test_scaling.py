"""The explorer of many machines, on paper: its formula, its verdicts, its picture."""

import numpy as np
import pytest

from bp_helpers.explorers import ScalingExplorer
from bp_helpers.explorers.scaling import MACHINES, scaling
from bp_helpers.pictures import StepTimes, step_table, step_times


def test_the_arithmetic_is_shared_and_the_sending_is_not():
    numbers = scaling(10, 1e9, 1e3, 1e13, 1e9)
    np.testing.assert_allclose(numbers.arithmetic, [0.3 / k for k in MACHINES])
    np.testing.assert_allclose(numbers.sending, [8 * (k - 1) / k for k in MACHINES])
    assert numbers.sending[0] == 0
    assert MACHINES[numbers.looked_at] == 10


def test_the_size_of_the_network_decides_nothing():
    small, large = (scaling(100, size, 1e4, 1e13, 1e9) for size in (1e6, 1e10))
    ratio = np.add(large.arithmetic, large.sending) / np.add(small.arithmetic, small.sending)
    np.testing.assert_allclose(ratio, 1e4)


@pytest.mark.parametrize(
    ("batch", "verdict"),
    [
        (1e3, "No number of machines beats one."),
        (1e6, "Fastest, of those on the slider: 1,000 machines."),
    ],
)
def test_the_batch_decides(batch, verdict):
    explorer = ScalingExplorer()
    explorer.set(batch=batch)
    assert verdict in explorer.words


def test_large_numbers_are_said_in_words_beside_their_sliders_and_in_the_text():
    explorer = ScalingExplorer()
    explorer.set(batch=2e5)
    assert "parameters = 1 billion, batch = 200,000, multiplications/s = 10 trillion" in (
        explorer.words
    )
    names = [name for name, _ in explorer.handles["wire"].options]
    assert names == ["10 million", "100 million", "1 billion", "10 billion", "100 billion"]


def test_at_home_two_machines_beat_one_from_a_batch_of_a_few_thousand():
    explorer = ScalingExplorer()
    explorer.use_preset("at home")
    assert "No number of machines beats one." in explorer.words
    steps = {}
    for batch in (2e3, 5e3):
        explorer.set(batch=batch)
        steps[batch] = np.add(explorer.numbers.arithmetic, explorer.numbers.sending)
    assert steps[2e3][0] < steps[2e3][1]
    assert steps[5e3][1] < steps[5e3][0]


def test_one_machine_sends_nothing_and_its_grammar_is_right():
    explorer = ScalingExplorer()
    explorer.set(machines=1)
    assert "With 1 machine: a step 300 ms; arithmetic 300 ms; sending nothing." in explorer.words
    assert "times as fast: 1 on one, 1 here" in explorer.words


def test_the_names_of_the_lines_do_not_touch():
    svg = step_times(StepTimes((1, 1000), (1.0, 0.5), (0.0, 0.5), looked_at=1)).svg
    places = [
        float(each.split('y="')[1].split('"')[0])
        for each in svg.split("<text")
        if any(f">{name}</text>" in each for name in ("arithmetic", "sending", "a step"))
    ]
    assert len(places) == 3
    assert np.diff(sorted(places)).min() >= 15


def test_the_table_says_what_one_machine_takes():
    words = step_table(StepTimes((1, 10), (2.0, 0.2), (0.0, 0.1), looked_at=1)).words
    assert "a step: 2.0 seconds on one, 300 ms here; times as fast: 1 on one, 6.7 here" in words


def test_the_point_of_the_step_goes_by_the_axes_that_are_drawn():
    svg = ScalingExplorer().picture.svg
    assert 'data-x="machines 1 1000 64 364 log"' in svg
    assert 'data-y="parameters 1e-06 1000000 290 44 log"' in svg
