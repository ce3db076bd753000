"""fit: it learns, it counts right, it repeats itself, and its bar says what happened."""

import re
import sys

import numpy as np
import pytest
from helpers import assert_unchanged, make_network, parameters_of

import bp_helpers as bp


def small(loss=None, dtype=np.float64):
    rng = np.random.default_rng(0)
    network = make_network([2, 3, 2], [bp.Tanh()], loss or bp.SoftmaxCrossEntropy(), rng, dtype)
    return network, rng.normal(size=(7, 2)).astype(dtype), rng.integers(0, 2, 7)


def digits_network(rng):
    layers = [bp.Dense(64, 64, rng=rng, start="he"), bp.ReLU(), bp.Dense(64, 10, rng=rng)]
    return bp.Network(layers, bp.SoftmaxCrossEntropy())


def test_learns_digits_to_97_percent_on_unseen_ones():
    digits = bp.load_digits()
    rng = np.random.default_rng(0)
    network = digits_network(rng)
    optimizer = bp.Adam(network, learning_rate=0.005)
    history = bp.fit(
        network, optimizer, digits.x_train, digits.y_train, epochs=15, batch_size=32, rng=rng,
        validation=(digits.x_test, digits.y_test),
    )  # fmt: skip
    assert history.validation_accuracy[-1] >= 0.97
    assert history.loss[-1] < 0.1 < 0.5 < history.loss[0]
    assert np.mean(network.predict(digits.x_test) == digits.y_test) == pytest.approx(
        history.validation_accuracy[-1]
    )
    assert optimizer.steps == 15 * 45  # 1438 rows in batches of 32


def test_whole_batches_are_the_loop_written_out():
    network, x, y = small()
    by_hand, _, _ = small()
    history = bp.fit(network, bp.Momentum(network, 0.1), x, y, 4, 7, np.random.default_rng(1),
                     validation=(x, y))  # fmt: skip
    optimizer = bp.Momentum(by_hand, 0.1)
    for epoch in range(4):
        before, accuracy = by_hand.measure(x, y)
        by_hand.backward()
        optimizer.step()
        after, accuracy_after = by_hand.measure(x, y)
        # measured before the epoch's only step, and after it
        assert history.loss[epoch] == pytest.approx(before, rel=1e-12)
        assert history.accuracy[epoch] == pytest.approx(accuracy)
        assert history.validation_loss[epoch] == pytest.approx(after, rel=1e-12)
        assert history.validation_accuracy[epoch] == pytest.approx(accuracy_after)
    wanted = parameters_of(by_hand)
    for name, value in network.parameters.items():
        np.testing.assert_allclose(value, wanted[name], rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 7, 100])
def test_a_smaller_last_batch_counts_by_its_rows(batch_size):
    network, x, y = small()
    loss, accuracy = network.measure(x, y)
    optimizer = bp.GradientDescent(network, 1e-14)  # too small to change anything in between
    history = bp.fit(network, optimizer, x, y, 2, batch_size, np.random.default_rng(2))
    assert history.loss == pytest.approx([loss, loss], rel=1e-9)
    assert history.accuracy == pytest.approx([accuracy, accuracy], rel=1e-9)
    assert optimizer.steps == 2 * -(-7 // batch_size)


def test_each_epoch_takes_every_row_once_in_a_new_order():
    class Remembering(bp.SquaredError):
        def forward(self, prediction, target):
            self.seen = [*getattr(self, "seen", []), target[:, 0].tolist()]
            return super().forward(prediction, target)

    network, x, _ = small(Remembering())
    rows = np.arange(7.0)[:, np.newaxis]
    y = np.hstack([rows, rows])
    bp.fit(network, bp.GradientDescent(network, 1e-6), x, y, 2, 3, np.random.default_rng(3))
    look, *batches = network.loss.seen  # the look at all data comes first
    assert look == list(range(7))
    assert [len(batch) for batch in batches] == [3, 3, 1, 3, 3, 1]
    first, second = (
        [row for batch in half for row in batch] for half in (batches[:3], batches[3:])
    )
    assert sorted(first) == sorted(second) == look
    assert first != second
    assert first != look


def test_rows_of_x_and_y_stay_together():
    """Only if every target meets its own row can this line be learned exactly."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(20, 2))
    y = x @ [[2.0], [-3.0]] + 0.5
    network = bp.Network([bp.Dense(2, 1, rng=rng)], bp.SquaredError())
    history = bp.fit(network, bp.GradientDescent(network, 0.1), x, y, 200, 5, rng)
    assert history.loss[-1] < 1e-12
    np.testing.assert_allclose(network.layers[0].W, [[2], [-3]], atol=1e-5)


def test_history_has_one_number_per_epoch():
    network, x, y = small()
    optimizer = bp.Adam(network)
    history = bp.fit(network, optimizer, x, y, 3, 2, np.random.default_rng(0))
    assert (len(history.loss), len(history.accuracy)) == (3, 3)
    assert (history.validation_loss, history.validation_accuracy) == ([], [])
    validation = (x[:2], y[:2])
    history = bp.fit(network, optimizer, x, y, 3, 2, np.random.default_rng(0), validation)
    assert [len(column) for column in vars(history).values()] == [3, 3, 3, 3]


def test_squared_error_has_no_accuracy():
    network, x, _ = small(bp.SquaredError())
    y = np.tanh(x)
    history = bp.fit(network, bp.Adam(network), x, y, 2, 3, np.random.default_rng(0), (x, y))
    assert history.accuracy == history.validation_accuracy == [None, None]
    assert len(history.loss) == len(history.validation_loss) == 2


def test_batches_of_one_row_are_refused_where_batch_norm_is_to_be_measured():
    rng = np.random.default_rng(0)
    network = bp.Network([bp.Dense(2, 2, rng=rng), bp.BatchNorm(2)], bp.SquaredError())
    optimizer = bp.GradientDescent(network, 0.1)
    x, y = rng.normal(size=(2, 4, 2))
    before = network.parameters["W1"].copy()
    with pytest.raises(ValueError, match=r"BatchNorm\(2\) learns no mean .* batch_size at least 2"):
        bp.fit(network, optimizer, x, y, 1, 1, rng, validation=(x, y))
    assert np.array_equal(network.parameters["W1"], before)
    bp.fit(network, optimizer, x, y, 1, 2, rng, validation=(x, y))
    history = bp.fit(network, optimizer, x, y, 1, 1, rng, validation=(x, y))
    assert len(history.validation_loss) == 1


def test_the_same_seed_gives_the_same_network():
    def trained(seed):
        network, x, y = small()
        history = bp.fit(network, bp.Adam(network), x, y, 3, 2, np.random.default_rng(seed))
        return history, network

    (history, network), (same_history, same), (other_history, _) = map(trained, (1, 1, 2))
    assert history == same_history
    assert_unchanged(parameters_of(network), same)
    assert history != other_history


@pytest.mark.parametrize("make", [bp.GradientDescent, bp.Momentum, bp.Adam])
def test_float32_stays(make):
    network, x, y = small(dtype=np.float32)
    optimizer = make(network, 0.01)
    bp.fit(network, optimizer, x, y, 2, 3, np.random.default_rng(0), validation=(x, y))
    for name, value in network.parameters.items():
        assert value.dtype == network.gradients[name].dtype == np.float32, name


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_lists_are_read_in_the_dtype_of_the_network(dtype):
    network, x, y = small(dtype=dtype)
    from_lists, _, _ = small(dtype=dtype)
    history = bp.fit(network, bp.Adam(network), x, y, 2, 3, np.random.default_rng(0))
    optimizer = bp.Adam(from_lists)
    same = bp.fit(from_lists, optimizer, x.tolist(), y.tolist(), 2, 3, np.random.default_rng(0))
    assert history == same
    assert_unchanged(parameters_of(network), from_lists)


def test_data_is_not_changed():
    network, x, y = small()
    x_before, y_before = x.copy(), y.copy()
    bp.fit(network, bp.Adam(network), x, y, 2, 3, np.random.default_rng(0), validation=(x, y))
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(y, y_before)


def test_the_progress_bar_ends_with_the_last_epoch(capsys):
    pytest.importorskip("tqdm", reason="only the progress bar needs tqdm")
    network, x, y = small()
    history = bp.fit(network, bp.Adam(network), x, y, 3, 7, np.random.default_rng(0), progress=True)
    printed = capsys.readouterr()
    last = re.split(r"[\r\n]+", printed.out.strip())[-1]
    loss = f"{history.loss[-1]:.4f}"
    assert re.fullmatch(rf"100% \|█{{30}}\| epoch 3 of 3, loss {re.escape(loss)}", last)
    assert printed.err == ""


def test_without_progress_nothing_is_printed_and_tqdm_is_not_needed(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)  # as if it were not installed
    network, x, y = small()
    bp.fit(network, bp.Adam(network), x, y, 1, 3, np.random.default_rng(0))
    assert capsys.readouterr() == ("", "")
    before = parameters_of(network)
    with pytest.raises(ImportError, match=r"progress=True needs the package tqdm: install it"):
        bp.fit(network, bp.Adam(network), x, y, 1, 3, np.random.default_rng(0), progress=True)
    assert_unchanged(before, network)


class Stop(bp.SquaredError):
    """Somebody presses the stop button at call number `last`."""

    calls = 0

    def forward(self, prediction, target):
        self.calls += 1
        if self.calls == self.last:
            raise KeyboardInterrupt
        return super().forward(prediction, target)


# Two calls look at the data; an epoch has two batches and one look at the validation data.
@pytest.mark.parametrize(("last", "epochs", "steps"), [(3, 0, 0), (4, 0, 1), (5, 0, 2), (10, 2, 5)])
@pytest.mark.parametrize("progress", [False, True])
def test_interrupted_it_returns_the_history_so_far(last, epochs, steps, progress, capsys):
    def trained(n, last):
        rng = np.random.default_rng(0)
        network = make_network([2, 3, 1], [bp.Tanh()], Stop(), rng)
        network.loss.last = last
        optimizer, x, y = bp.Adam(network), rng.normal(size=(6, 2)), rng.normal(size=(6, 1))
        return optimizer, bp.fit(
            network, optimizer, x, y, n, 3, np.random.default_rng(1), (x, y), progress
        )

    optimizer, history = trained(7, last)
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == (
        f"Stopped in epoch {epochs + 1} of 7. The history has the whole epochs: {epochs}. The "
        f"network stands where its last whole step left it: step {steps}."
    )
    assert optimizer.steps == steps
    assert {len(numbers) for numbers in vars(history).values()} == {epochs}
    if epochs:
        _, same = trained(epochs, None)
        assert vars(history) == vars(same)
