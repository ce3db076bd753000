"""Four trainings at once: each is the engine's, and moving a slider begins anew."""

import numpy as np
import pytest
from driving import interrupted_at
from svg_checks import check_svg

from bp_helpers import GradientDescent
from bp_helpers.explorers import DeepTrainingExplorer
from bp_helpers.explorers.deep_training import (
    MOST_STEPS,
    PROBE,
    VERSIONS,
    batches,
    deep_network,
    deep_training,
    digits,
    runs_of,
)
from bp_helpers.pictures.deep_training import LOSSES


def test_each_version_is_trained_as_by_hand():
    numbers = deep_training(3, 0.2, 20)
    for version, losses, right in zip(VERSIONS, numbers.losses, numbers.right, strict=True):
        network, rows = deep_network(version, 3), batches()
        optimizer = GradientDescent(network, 0.2)
        probe = digits().x_train[:PROBE], digits().y_train[:PROBE]
        assert losses[0] == network.loss_value(*probe)
        for _ in range(20):
            network.loss_value(*next(rows))
            network.backward()
            optimizer.step()
        assert losses[2] == network.loss_value(*probe)
        assert right == network.measure(digits().x_test, digits().y_test)[1]


def test_what_was_trained_further_can_be_asked_for_earlier():
    later = deep_training(2, 0.1, 30)
    earlier = deep_training(2, 0.1, 10)
    assert [losses[:2] for losses in later.losses] == [*earlier.losses]
    assert deep_training(2, 0.1, 0).right == (None,) * 4


def test_interrupted_within_ten_steps_it_shows_the_same_afterwards():
    whole = deep_training(4, 0.1, 20)
    runs_of.cache_clear()
    with interrupted_at(GradientDescent, "step", 15), pytest.raises(KeyboardInterrupt):
        deep_training(4, 0.1, 20)
    assert deep_training(4, 0.1, 20) == whole


def test_a_step_that_is_too_long_stands_and_says_so():
    explorer = DeepTrainingExplorer()
    explorer.set(layers=30, learning_rate=1.0)
    for _ in range(4):
        explorer.train(20)
        check_svg(explorer.picture)
    assert explorer.trouble.value == ""
    for stopped in explorer.numbers.stopped:
        assert stopped == ("grew beyond all bounds" in explorer.words) or not stopped


def test_steps_are_refused_or_cut_before_anything_is_trained():
    explorer = DeepTrainingExplorer()
    before = explorer.shown
    for steps in (-10, 2.5, "3", None):
        with pytest.raises(ValueError, match="must be a whole number of at least 0"):
            explorer.set(steps=steps)
    assert explorer.shown == before
    assert explorer.moved_to(explorer.state, "steps", 10**9)["steps"] == MOST_STEPS


@pytest.mark.parametrize("steps", ["a", None, -1, 2.5, True])
def test_a_number_of_steps_that_is_none_is_refused(steps):
    explorer = DeepTrainingExplorer()
    explorer.set(layers=2, steps=10)
    with pytest.raises(ValueError, match=f"^steps is {steps!r}: it must be a whole number of at"):
        explorer.train(steps)
    assert explorer.state["steps"] == 10


def test_another_setting_begins_anew():
    explorer = DeepTrainingExplorer()
    explorer.set(layers=2)
    explorer.train(20)
    assert explorer.state["steps"] == 20
    explorer.set(learning_rate=0.2)
    assert explorer.state["steps"] == 0
    explorer.train()
    explorer.set(layers=2)
    assert explorer.state["steps"] == 10
    assert explorer._play_on()
    assert explorer.state["steps"] == 20


@pytest.mark.parametrize("version", VERSIONS)
def test_the_first_layer_is_the_same_in_all_versions(version):
    first, other = deep_network("as it was", 3), deep_network(version, 3)
    np.testing.assert_array_equal(first.parameters["W1"], other.parameters["W1"])


@pytest.mark.parametrize("layers", [1, 10, 20, 30])
def test_every_training_begins_on_the_scale(layers):
    explorer = DeepTrainingExplorer()
    explorer.set(layers=layers)
    assert all(LOSSES[0] < losses[0] < LOSSES[1] for losses in explorer.numbers.losses)
