"""The training explorer: driven at random, it trains as `fit` does, says so, and never breaks."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bp_helpers import (
    Dense,
    GradientDescent,
    Network,
    SoftmaxCrossEntropy,
    Tanh,
    fit,
    load_penguins,
)
from bp_helpers.explorers import TrainingExplorer
from bp_helpers.explorers.training import (
    BATCHES,
    BEYOND_BOUNDS,
    CELLS,
    EXTENT,
    OPTIMIZERS,
    RATES,
    TROUBLE,
    Run,
)
from bp_helpers.pictures import number
from bp_helpers.pictures.surface import grid

DATA = load_penguins()
CONTROLS = st.fixed_dictionaries(
    {},
    optional={
        "learning_rate": st.sampled_from(RATES),
        "batch_size": st.sampled_from(BATCHES),
        "optimizer": st.sampled_from([*OPTIMIZERS]),
    },
)
# Each action moves controls and then trains for some epochs.
ACTIONS = st.lists(st.tuples(CONTROLS, st.integers(0, 4)), min_size=1, max_size=4)
FRESH = TrainingExplorer()


@pytest.fixture(scope="module")
def explorer():
    return TrainingExplorer()


def act(explorer, actions):
    explorer.reset()
    for controls, epochs in actions:
        explorer.set(**controls)
        explorer.train(epochs)


def parameters(explorer):
    return {n: value.copy() for n, value in explorer.training.network.parameters.items()}


def assert_same_parameters(one, other):
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert np.array_equal(value, other[name]), name


@settings(deadline=None, derandomize=True, max_examples=20)
@given(actions=ACTIONS)
def test_any_controls_show_the_engines_numbers(explorer, actions):
    act(explorer, actions)
    assert explorer.trouble.value == ""
    numbers, network = explorer.numbers(), explorer.training.network
    now = numbers["history"][-1]
    for value in parameters(explorer).values():
        assert np.isfinite(value).all()
    assert all(each.loss <= BEYOND_BOUNDS for each in numbers["history"])
    assert (now.unseen_loss, now.unseen_right) == network.measure(DATA.x_test, DATA.y_test)
    assert (now.loss, now.right) == network.measure(DATA.x_train, DATA.y_train)
    network.backward()
    dW1, db1, dW2, db2 = network.gradients.values()
    sizes = [np.sqrt((W**2).sum() + (b**2).sum()) for W, b in ((dW1, db1), (dW2, db2))]
    assert now.sizes == pytest.approx(sizes)

    asked = (grid(EXTENT, CELLS) - DATA.mean) / DATA.deviation
    surface = numbers["surface"].reshape(-1, 3)
    assert np.allclose(surface.sum(axis=1), 1)
    assert np.array_equal(surface.argmax(axis=1), network.predict(asked))

    for svg in re.findall(r"<svg.*?</svg>", explorer.view.svg, re.DOTALL):
        ET.fromstring(svg)
    assert "nan" not in re.sub(r"base64,[^\"]*", "", explorer.view.svg)
    said, epochs = explorer.describe(numbers), explorer.training.epochs
    assert f"After {epochs} epochs:\nTraining: loss {number(now.loss, 4)}, " in said
    assert f"Unseen: loss {number(now.unseen_loss, 4)}, {100 * now.unseen_right:.1f} % " in said
    assert f"Loss after {epochs} epochs" in explorer.view.svg
    assert f"training {number(now.loss, 4)}, {100 * now.right:.1f} % right" in explorer.view.svg
    unseen = f"unseen {number(now.unseen_loss, 4)}, {100 * now.unseen_right:.1f} % right"
    assert unseen in explorer.view.svg
    assert f"Right: {100 * now.right:.1f} % of 274" in explorer.view.svg
    assert explorer.shown.endswith(f" epoch={epochs}")
    assert (TROUBLE in said) == explorer.training.diverged == (TROUBLE in explorer.view.svg)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(actions=ACTIONS)
def test_code_trains_the_same_network(explorer, actions):
    act(explorer, actions)
    made = {}
    exec(explorer.code(), made)
    now = explorer.numbers()["history"][-1]
    same = dict(made["network"].parameters)
    assert_same_parameters(parameters(explorer), same)
    assert (made["loss"], made["right"]) == (now.loss, now.right)
    assert (made["unseen_loss"], made["unseen_right"]) == (now.unseen_loss, now.unseen_right)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(actions=ACTIONS)
def test_reset_restores_exactly(explorer, actions):
    act(explorer, actions)
    explorer.reset()
    assert explorer.values == FRESH.values
    assert explorer.view.svg == FRESH.view.svg
    assert explorer.shown == FRESH.shown
    assert_same_parameters(parameters(explorer), parameters(FRESH))
    explorer.train(2)
    assert explorer.training.history == three_epochs()[:3]


def three_epochs():
    run = Run(DATA)
    for _ in range(3):
        run.epoch("GradientDescent", 0.1, 16)
    return run.history


def test_it_trains_as_fit_does(explorer):
    explorer.reset()
    explorer.train(3)
    rng = np.random.default_rng(0)
    network = Network([Dense(2, 8, rng=rng), Tanh(), Dense(8, 3, rng=rng)], SoftmaxCrossEntropy())
    history = fit(
        network, GradientDescent(network, 0.1), DATA.x_train, DATA.y_train, 3, 16, rng,
        validation=(DATA.x_test, DATA.y_test),
    )  # fmt: skip
    assert_same_parameters(parameters(explorer), dict(network.parameters))
    assert [each.unseen_loss for each in explorer.training.history[1:]] == history.validation_loss


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_learns(explorer, optimizer):
    explorer.reset()
    explorer.set(optimizer=optimizer, learning_rate=0.05)
    explorer.train(40)
    assert explorer.training.history[-1].unseen_right > 0.9


def test_a_run_that_diverges_says_so_stands_and_keeps_the_last_good_parameters(explorer):
    explorer.reset()
    explorer.set(learning_rate=100.0, optimizer="Adam", batch_size=4)
    explorer.play.playing = True
    for _ in range(100):
        kept, epochs = parameters(explorer), explorer.training.epochs
        explorer.train()
        if explorer.training.diverged:
            break
    assert explorer.training.diverged
    assert not explorer.play.playing
    assert explorer.training.epochs == epochs
    assert_same_parameters(parameters(explorer), kept)
    explorer.set(learning_rate=0.1)
    explorer.train(5)
    assert explorer.training.epochs == epochs
    assert_same_parameters(parameters(explorer), kept)
    assert explorer.describe(explorer.numbers()).endswith(f"{TROUBLE}.")
    assert TROUBLE in explorer.view.svg
    explorer.reset()
    assert not explorer.training.diverged
    assert TROUBLE not in explorer.view.svg


@pytest.mark.parametrize("rate", [1e150, 1e308])
def test_numbers_that_overflow_are_caught(rate):
    run = Run(DATA)
    before = [value.copy() for value in run.network.parameters.values()]
    for optimizer in OPTIMIZERS:
        run.epoch(optimizer, rate, 64)
        assert run.diverged
        for value, kept in zip(run.network.parameters.values(), before, strict=True):
            assert np.array_equal(value, kept)
        run.diverged = False


def test_each_tick_is_an_epoch_and_a_late_one_is_none(explorer):
    explorer.reset()
    explorer.play.playing = True
    explorer.play.value = 1
    explorer.play.value = 7  # ticks missed while the kernel was at work are not made up for
    assert explorer.training.epochs == 2
    explorer.play.playing = False
    explorer.play.value = 8
    assert explorer.training.epochs == 2
    explorer.play.playing = True
    explorer.play.value = 0  # Stop
    assert explorer.training.epochs == 2
    explorer.reset()
    assert not explorer.play.playing
    assert explorer.training.epochs == 0


def test_the_button_trains_one_epoch(explorer):
    explorer.reset()
    (one,) = [b for b in explorer.children[0].children if getattr(b, "description", "") == "Epoch"]
    one.click()
    assert explorer.training.epochs == 1


@pytest.mark.parametrize("preset", TrainingExplorer.presets)
def test_a_preset_starts_anew_with_its_settings(explorer, preset):
    explorer.reset()
    explorer.train(2)
    explorer.use_preset(preset)
    assert explorer.training.epochs == 0
    assert explorer.values == FRESH.values | explorer.presets[preset]
    explorer.train(1)
    assert explorer.trouble.value == ""


def test_the_preset_with_too_large_a_rate_makes_the_loss_larger(explorer):
    explorer.use_preset("too large a rate")
    explorer.train(5)
    losses = [each.loss for each in explorer.training.history]
    assert max(losses) > 2 * losses[0]


def test_learning_by_heart_raises_the_loss_on_unseen_penguins(explorer):
    explorer.use_preset("learning by heart")
    explorer.train(100)
    early, late = explorer.training.history[10], explorer.training.history[100]
    assert late.loss < 0.7 * early.loss
    assert late.unseen_loss > 1.5 * early.unseen_loss
    assert late.unseen_right > 0.9


def test_all_points_are_in_view(explorer):
    left, right, bottom, top = EXTENT
    x, y = explorer.millimetres.T
    assert left < x.min() < x.max() < right
    assert bottom < y.min() < y.max() < top


def test_as_an_output_it_is_three_pictures_and_text(explorer):
    explorer.reset()
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == explorer.describe(explorer.numbers())
    assert bundle["text/html"].count("<img") == 3
