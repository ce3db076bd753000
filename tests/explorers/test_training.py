"""The training explorer: driven at random, it trains as `fit` does, says so, and never breaks."""

import re

import numpy as np
import pytest
from driving import at_start, interrupted_at, own_table, press, tick
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg

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
from bp_helpers.explorers.data_sets import penguins
from bp_helpers.explorers.training import (
    BATCHES,
    BEYOND_BOUNDS,
    CELLS,
    EXTENT,
    OPTIMIZERS,
    RATES,
    TROUBLE,
    Training,
)
from bp_helpers.pictures import grid, number

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


@pytest.fixture
def explorer():
    return at_start(TrainingExplorer)


def training_of(explorer):
    return explorer.state["training"]


def act(explorer, actions):
    explorer.reset()
    for controls, epochs in actions:
        explorer.set(**controls)
        explorer.train(epochs)


def parameters(explorer):
    return {n: value.copy() for n, value in training_of(explorer).network.parameters.items()}


def assert_same_parameters(one, other):
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert np.array_equal(value, other[name]), name


@settings(max_examples=20)
@given(actions=ACTIONS)
def test_any_controls_show_the_engines_numbers(actions):
    explorer = at_start(TrainingExplorer)
    act(explorer, actions)
    assert explorer.trouble.value == ""
    numbers, network = explorer.numbers, training_of(explorer).network
    now = numbers.history[-1]
    for value in parameters(explorer).values():
        assert np.isfinite(value).all()
    assert all(each.loss <= BEYOND_BOUNDS for each in numbers.history)
    assert (now.unseen_loss, now.unseen_right) == network.measure(DATA.x_test, DATA.y_test)
    assert (now.loss, now.right) == network.measure(DATA.x_train, DATA.y_train)
    network.backward()
    dW1, db1, dW2, db2 = network.gradients.values()
    sizes = [np.sqrt((W**2).sum() + (b**2).sum()) for W, b in ((dW1, db1), (dW2, db2))]
    assert now.sizes == pytest.approx(sizes)

    asked = (grid(EXTENT, CELLS) - DATA.mean) / DATA.deviation
    surface = numbers.surface.reshape(-1, 3)
    assert np.allclose(surface.sum(axis=1), 1)
    assert np.array_equal(surface.argmax(axis=1), network.predict(asked))

    decided, losses, gradients = explorer.picture
    for part in (decided, losses, gradients):
        check_svg(part)
    epochs = training_of(explorer).epochs
    right, unseen = (f"{100 * share:.1f} % right" for share in (now.right, now.unseen_right))
    assert f"Loss after {epochs} epochs: training {number(now.loss, 4)}, {right}" in losses.words
    assert f"unseen {number(now.unseen_loss, 4)}, {unseen}" in losses.words
    assert f"{100 * now.right:.1f} % of 274 classified correctly" in decided.words
    for k, size in enumerate(now.sizes):
        assert f"layer {k + 1}: {number(size, 4)}" in gradients.words
    diverged = training_of(explorer).diverged
    assert (TROUBLE in losses.words) == diverged == (TROUBLE in losses.svg)
    assert f"training={epochs}" in explorer.shown


def test_it_trains_as_fit_does(explorer):
    explorer.train(3)
    rng = np.random.default_rng(0)
    network = Network([Dense(2, 8, rng=rng), Tanh(), Dense(8, 3, rng=rng)], SoftmaxCrossEntropy())
    history = fit(
        network, GradientDescent(network, 0.1), DATA.x_train, DATA.y_train, 3, 16, rng,
        validation=(DATA.x_test, DATA.y_test),
    )  # fmt: skip
    assert_same_parameters(parameters(explorer), dict(network.parameters))
    assert [
        each.unseen_loss for each in training_of(explorer).history[1:]
    ] == history.validation_loss


@pytest.mark.parametrize("epochs", ["a", None, -1, 2.5])
def test_a_number_of_epochs_that_is_none_is_refused(explorer, epochs):
    with pytest.raises(ValueError, match=f"^epochs is {epochs!r}: it must be a whole number of at"):
        explorer.train(epochs)
    assert explorer.numbers.history[1:] == ()


def test_an_epoch_that_is_interrupted_is_none(explorer, capsys):
    before = training_of(explorer)
    with interrupted_at(GradientDescent, "step", 5), pytest.raises(KeyboardInterrupt):
        explorer.train()
    assert training_of(explorer) is before
    assert "Stopped in epoch 1 of 1" in capsys.readouterr().out


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_learns(explorer, optimizer):
    explorer.set(optimizer=optimizer, learning_rate=0.05)
    explorer.train(40)
    assert training_of(explorer).history[-1].unseen_right > 0.9


def test_reset_goes_back_to_the_same_training(explorer):
    explorer.train(2)
    history = training_of(explorer).history
    explorer.reset()
    explorer.train(2)
    assert training_of(explorer).history == history


def test_an_epoch_leaves_the_training_before_it_as_it_was():
    before = Training(penguins())
    kept = {name: value.copy() for name, value in before.network.parameters.items()}
    after = before.after_epoch("GradientDescent", 0.1, 16)
    again = before.after_epoch("GradientDescent", 0.1, 16)
    assert (before.epochs, after.epochs) == (0, 1)
    assert_same_parameters(dict(before.network.parameters), kept)
    assert_same_parameters(dict(after.network.parameters), dict(again.network.parameters))
    assert after.history == again.history


def test_code_trains_the_same_network_by_stretches(explorer):
    for optimizer, rate, epochs in [("Adam", 0.05, 2), ("Adam", 0.05, 1), ("Momentum", 0.1, 2)]:
        explorer.set(optimizer=optimizer, learning_rate=rate)
        explorer.train(epochs)
    stretches = (("Adam", 0.05, 16, 3), ("Momentum", 0.1, 16, 2))
    assert training_of(explorer).stretches == stretches
    made = {}
    exec(explorer.code(), made)
    assert_same_parameters(parameters(explorer), dict(made["network"].parameters))
    assert explorer.shown.endswith("training=5,Adam:0.05:16x3,Momentum:0.1:16x2")


def test_a_run_that_diverges_says_so_stands_and_keeps_the_last_good_parameters(explorer):
    explorer.set(learning_rate=100.0, optimizer="Adam", batch_size=4)
    explorer.clock.button.value = True
    for _ in range(100):
        kept, epochs = parameters(explorer), training_of(explorer).epochs
        tick(explorer.view)
        if training_of(explorer).diverged:
            break
    assert training_of(explorer).diverged
    assert not explorer.view.playing
    assert training_of(explorer).epochs == epochs
    assert_same_parameters(parameters(explorer), kept)
    explorer.set(learning_rate=0.1)
    explorer.train(5)
    assert training_of(explorer).epochs == epochs
    assert_same_parameters(parameters(explorer), kept)
    assert TROUBLE in explorer.picture.words
    assert TROUBLE in explorer.view.svg
    explorer.reset()
    assert not training_of(explorer).diverged
    assert TROUBLE not in explorer.view.svg


@pytest.mark.parametrize("rate", [1e150, 1e308])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_numbers_that_overflow_are_caught(optimizer, rate):
    before = Training(penguins())
    after = before.after_epoch(optimizer, rate, 64)
    assert after.diverged
    assert not before.diverged
    assert (after.epochs, after.stretches) == (0, ())
    assert_same_parameters(dict(after.network.parameters), dict(before.network.parameters))


def test_each_tick_is_an_epoch_and_a_late_one_is_none(explorer):
    explorer.clock.button.value = True
    tick(explorer.view)
    tick(explorer.view)
    assert training_of(explorer).epochs == 2
    explorer.clock.button.value = False
    tick(explorer.view)
    assert training_of(explorer).epochs == 2
    explorer.clock.button.value = True
    explorer.reset()
    assert not explorer.view.playing
    tick(explorer.view)
    assert training_of(explorer).epochs == 0


def test_the_button_trains_one_epoch(explorer):
    press(explorer, "Epoch")
    assert training_of(explorer).epochs == 1


def test_many_epochs_are_drawn_once(explorer):
    drawn = []
    explorer.view.observe(lambda change: drawn.append(change["new"]), "shown")
    explorer.train(3)
    assert len(drawn) == 1
    assert training_of(explorer).epochs == 3


def test_the_preset_with_too_large_a_rate_makes_the_loss_larger(explorer):
    explorer.use_preset("too large a rate")
    explorer.train(5)
    losses = [each.loss for each in training_of(explorer).history]
    assert max(losses) > 2 * losses[0]


def test_learning_by_heart_raises_the_loss_on_unseen_penguins(explorer):
    explorer.use_preset("learning by heart")
    explorer.train(100)
    early, late = training_of(explorer).history[10], training_of(explorer).history[100]
    assert late.loss < 0.7 * early.loss
    assert late.unseen_loss > 1.5 * early.unseen_loss
    assert late.unseen_right > 0.9


def test_all_points_are_in_view():
    left, right, bottom, top = EXTENT
    x, y = (penguins().x_train * DATA.deviation + DATA.mean).T
    assert left < x.min() < x.max() < right
    assert bottom < y.min() < y.max() < top


# ---- A table of one's own ------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path):
    """Two kinds that a line tells apart, in other units than the penguins."""
    rng = np.random.default_rng(5)
    rows = [
        (x, y, "above" if y > 100 * x else "below")
        for x, y in rng.uniform((0, 0), (1, 100), (40, 2))
    ]
    return own_table(tmp_path, "x,y,side", rows)


def test_a_table_of_ones_own_is_trained_with_and_drawn(own):
    explorer = TrainingExplorer(own)
    assert explorer.numbers.surface.shape == (CELLS, CELLS, 2)
    assert explorer.numbers.data is own
    explorer.set(optimizer="Adam", learning_rate=0.05)
    explorer.train(30)
    assert explorer.numbers.history[-1].right > 0.9
    for said in ("above", "below", ">x<", ">y<"):
        assert said in explorer.view.svg
    assert "(mm)" not in explorer.view.svg
    left, right, bottom, top = explorer.numbers.extent
    x = np.concatenate([own.x_train, own.x_test]) * own.deviation + own.mean
    assert left < x[:, 0].min() < x[:, 0].max() < right
    assert bottom < x[:, 1].min() < x[:, 1].max() < top


def test_its_code_names_the_table_and_gives_the_same_network(own):
    explorer = TrainingExplorer(own)
    explorer.train(3)
    assert re.search(r"^from bp_helpers import \([^)]* load_table,", explorer.code(), re.MULTILINE)
    made = {}
    exec(explorer.code(), made)
    for name, array in training_of(explorer).network.parameters.items():
        np.testing.assert_array_equal(made["network"].parameters[name], array)


def test_reset_and_presets_go_back_to_the_own_table(own):
    explorer = TrainingExplorer(own)
    before = explorer.view.svg
    explorer.train(2)
    explorer.use_preset("too large a rate")
    assert explorer.numbers.data is own
    explorer.reset()
    assert explorer.view.svg == before


def axes(explorer):
    """The texts along the axes of the losses and of the gradients, and where they stand."""
    _, losses, sizes = explorer.picture
    return re.findall(
        r'<text x="(\S+)" y="(\S+)"[^>]*text-anchor[^>]*>([^<]*)<', losses.svg + sizes.svg
    )


def test_scales_hold_whatever_the_training_does(explorer):
    before = axes(explorer)
    for controls in ({}, {"learning_rate": 10.0}, {"optimizer": "Adam", "batch_size": 1}):
        explorer.set(**controls)
        explorer.train(8)
        named = [each for each in axes(explorer) if not each[2].startswith("layer ")]
        assert named == [each for each in before if not each[2].startswith("layer ")]
