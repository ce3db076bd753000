"""Residual and BatchNorm: values, every entry of every gradient, in use, names, bad input."""

import copy
import re

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad as slope_of
from helpers import (
    ACTIVATIONS,
    KINKED,
    LOSSES,
    assert_layer_gradients,
    assert_network_gradients,
    parameters_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import bp_helpers as bp

steady = settings(deadline=None, derandomize=True, max_examples=30, database=None)
SHAPES = {"three examples": (3, 2), "one column": (5, 1), "not square": (6, 4), "square": (4, 4)}
SMOOTH = [name for name, make in ACTIVATIONS.items() if not isinstance(make(), KINKED)]


def batch_norm(n, seed=0, dtype=np.float64):
    """A layer whose gamma and beta are not those of the start; one gamma is negative."""
    rng = np.random.default_rng(seed)
    layer = bp.BatchNorm(n, dtype=dtype)
    layer.gamma = rng.uniform(0.5, 2, n).astype(dtype) * np.where(np.arange(n) == 1, -1, 1).astype(
        dtype
    )
    layer.beta = rng.normal(size=n).astype(dtype)
    return layer


def dense(n_in, n_out, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)
    return bp.Dense.from_arrays(W.astype(dtype), b.astype(dtype))


def residual(n, seed=0, dtype=np.float64):
    inside = [dense(n, n + 1, seed, dtype), bp.Tanh(), dense(n + 1, n, seed + 1, dtype)]
    return bp.Residual(inside)


def both(n, seed=0, dtype=np.float64):
    """All of it in one layer: a path around, and normalisation inside."""
    inside = [dense(n, n, seed, dtype), batch_norm(n, seed, dtype), bp.Tanh()]
    return bp.Residual([*inside, bp.Residual([dense(n, n, seed + 1, dtype), bp.Sigmoid()])])


KINDS = {"BatchNorm": batch_norm, "Residual": residual, "both": both}
each_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


# ---- Values and gradients -----------------------------------------------------------------------


@each_kind
@each_shape
def test_every_entry_of_every_gradient(make, shape):
    rng = np.random.default_rng(1)
    assert_layer_gradients(make(shape[1]), rng.normal(1, 2, shape), rng.normal(size=shape))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", SMOOTH)
def test_every_gradient_of_a_network(activation, loss):
    rng = np.random.default_rng(3)
    make_loss, targets = LOSSES[loss]
    phi = ACTIVATIONS[activation]
    layers = [batch_norm(3), dense(3, 4), batch_norm(4, 1), phi(), both(4, 2), phi(), dense(4, 2)]
    network = bp.Network(layers, make_loss())
    x, y = rng.normal(size=(5, 3)), targets(rng, 5, 2)
    assert_network_gradients(network, x, y)
    assert bp.check_gradients(network, x, y).ok


def test_batch_norm_by_hand():
    layer = bp.BatchNorm(2)
    layer.EPSILON = 0.0
    layer.gamma, layer.beta = [2.0, 1.0], [10.0, 0.0]
    y = layer.forward([[1.0, 0.0], [3.0, 8.0], [5.0, 4.0]])  # means 3 and 4
    deviation = np.sqrt(8 / 3), np.sqrt(32 / 3)  # of the population: the mean of the squares
    np.testing.assert_allclose(y[:, 0], 10 + 2 * np.array([-2, 0, 2]) / deviation[0])
    np.testing.assert_allclose(y[:, 1], np.array([-4, 4, 0]) / deviation[1])
    dx = layer.backward([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    # blame 2; its mean 2/3; normal -2 and 0 and 2 over 1.633, whose mean with the blame is -0.8165
    normal = np.array([-2, 0, 2]) / deviation[0]
    wanted = (np.array([2, 0, 0]) - 2 / 3 - normal * (normal[0] * 2 / 3)) / deviation[0]
    np.testing.assert_allclose(dx[:, 0], wanted)
    np.testing.assert_array_equal(dx[:, 1], 0)
    np.testing.assert_allclose(layer.dgamma, [normal[0], 0])
    np.testing.assert_array_equal(layer.dbeta, [1, 0])


def test_a_bias_that_a_normalisation_takes_away_is_no_false_alarm():
    """Its gradient is 0, and rounding leaves something of it; a wrong one still shows."""

    class Wrong(bp.Dense):
        def parameter_gradients(self, grad):
            super().parameter_gradients(grad)
            self.db = self.db + 1e-9

    for seed in range(20):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(5, 3)), rng.integers(0, 2, 5)
        for kind in (bp.Dense, Wrong):
            first = kind.from_arrays(rng.normal(size=(3, 4)), rng.normal(size=4))
            layers = [first, batch_norm(4, seed), bp.Tanh(), dense(4, 2, seed)]
            network = bp.Network(layers, bp.SoftmaxCrossEntropy())
            report = bp.check_gradients(network, x, y)
            assert report.ok == (kind is bp.Dense)
            assert np.abs(first.db).max() < 1e-15 or kind is Wrong


def test_two_examples_become_minus_one_and_one():
    layer = bp.BatchNorm(1)
    np.testing.assert_allclose(layer.forward([[3.0], [7.0]]), [[-1], [1]], rtol=1e-5)
    assert np.abs(layer.backward([[1.0], [5.0]])).max() < 1e-5  # whatever they are, so no blame


def test_the_epsilon_is_that_of_the_docstring():
    assert bp.BatchNorm.EPSILON == 1e-5
    y = bp.BatchNorm(1).forward([[0.0], [2e-3]])  # variance 1e-6
    np.testing.assert_allclose(y, [[-1e-3 / np.sqrt(1.1e-5)], [1e-3 / np.sqrt(1.1e-5)]])


def test_a_batch_of_one_says_nothing_about_itself():
    layer = batch_norm(3)
    np.testing.assert_array_equal(layer.forward([[5.0, -1.0, 1e6]]), [layer.beta])
    np.testing.assert_array_equal(layer.backward([[1.0, 2.0, 3.0]]), np.zeros((1, 3)))
    np.testing.assert_array_equal(layer.dbeta, [1, 2, 3])
    np.testing.assert_array_equal(layer.dgamma, np.zeros(3))
    layer.after_step()
    assert layer.batches == 0


def test_residual_adds_and_goes_back_over_both_paths():
    layer = bp.Residual([bp.Dense.from_arrays([[2.0, 0.0], [1.0, 3.0]], [10.0, 20.0])])
    np.testing.assert_array_equal(layer.forward([[1.0, 1.0]]), [[1 + 13, 1 + 23]])
    np.testing.assert_array_equal(layer.backward([[1.0, 100.0]]), [[1 + 2, 100 + 301]])
    np.testing.assert_array_equal(layer.gradients["W1"], [[1, 100], [1, 100]])


def test_residual_of_nothing_but_zeros_hands_everything_on():
    layer = bp.Residual([bp.Dense.from_arrays(np.zeros((3, 3)), np.zeros(3)), bp.Tanh()])
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)


# ---- Against autograd ---------------------------------------------------------------------------


def their_batch_norm(x, gamma, beta):
    mean = anp.mean(x, axis=0)
    variance = anp.mean((x - mean) ** 2, axis=0)
    return gamma * (x - mean) / anp.sqrt(variance + 1e-5) + beta


def test_both_against_autograd():
    rng = np.random.default_rng(4)
    network = bp.Network(
        [
            dense(3, 4), batch_norm(4), bp.Tanh(),
            bp.Residual([dense(4, 4, 1), batch_norm(4, 1), bp.Sigmoid()]), dense(4, 2, 2),
        ],
        bp.SquaredError(),
    )  # fmt: skip
    x, y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))

    def loss(x, W1, b1, gamma2, beta2, W3, b3, gamma4, beta4, W5, b5):
        a = anp.tanh(their_batch_norm(x @ W1 + b1, gamma2, beta2))
        inside = 1 / (1 + anp.exp(-their_batch_norm(a @ W3 + b3, gamma4, beta4)))
        return 0.5 * anp.mean(anp.sum(((a + inside) @ W5 + b5 - y) ** 2, axis=1))

    arrays = [x, *network.parameters.values()]
    assert network.loss_value(x, y) == pytest.approx(float(loss(*arrays)), rel=1e-12)
    ours = [network.backward(), *network.gradients.values()]
    theirs = slope_of(loss, tuple(range(len(arrays))))(*arrays)
    for mine, wanted in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, wanted, rtol=1e-9, atol=1e-13)


# ---- Properties ---------------------------------------------------------------------------------

cases = st.tuples(st.integers(2, 9), st.integers(1, 5), st.integers(0, 10**6))


@steady
@given(cases, st.sampled_from([np.float64, np.float32]))
def test_columns_get_mean_beta_and_spread_gamma(case, dtype):
    n, width, seed = case
    layer = batch_norm(width, seed, dtype)
    x = np.random.default_rng(seed).normal(3, 2, (n, width)).astype(dtype)
    y = layer.forward(x)
    assert y.dtype == dtype
    rounding = 1e-5 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(y.mean(axis=0), layer.beta, rtol=rounding, atol=10 * rounding)
    spread = np.abs(layer.gamma) * np.sqrt(x.var(axis=0) / (x.var(axis=0) + 1e-5))
    np.testing.assert_allclose(y.std(axis=0), spread, rtol=100 * rounding, atol=10 * rounding)


@steady
@given(cases, st.floats(-50, 50), st.floats(0.1, 50))
def test_what_is_added_to_a_column_is_lost_and_what_it_is_multiplied_with_nearly(case, shift, size):
    n, width, seed = case
    layer = batch_norm(width, seed)
    layer.EPSILON = 0.0
    x = np.random.default_rng(seed).normal(size=(n, width))
    before = layer.forward(x)
    np.testing.assert_allclose(layer.forward(size * x + shift), before, rtol=1e-6, atol=1e-9)


@steady
@given(cases)
def test_nothing_goes_back_along_what_is_lost(case):
    """Moving all examples together changes nothing, so their shares of the blame add up to 0."""
    n, width, seed = case
    layer = batch_norm(width, seed)
    layer.EPSILON = 0.0
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, width))
    layer.forward(x)
    dx = layer.backward(rng.normal(size=(n, width)))
    scale = 1e-11 * max(1.0, float(np.abs(dx).max())) * n
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=scale)
    np.testing.assert_allclose((dx * (x - x.mean(axis=0))).sum(axis=0), 0, atol=scale)


@steady
@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_the_examples_does_not_matter(case, random):
    n, width, seed = case
    rng = np.random.default_rng(seed)
    x, grad = rng.normal(size=(n, width)), rng.normal(size=(n, width))
    order = list(range(n))
    random.shuffle(order)
    for make in KINDS.values():
        layer = make(width, seed)
        y, dx = layer.forward(x), layer.backward(grad)
        before = [array.copy() for array in layer.gradients.values()]
        np.testing.assert_allclose(layer.forward(x[order]), y[order], rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(layer.backward(grad[order]), dx[order], rtol=1e-6, atol=1e-9)
        for one, other in zip(before, layer.gradients.values(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)


# ---- Remembering, dtypes ------------------------------------------------------------------------


@each_kind
def test_backward_changes_nothing_and_belongs_to_the_latest_forward(make):
    rng = np.random.default_rng(5)
    used, fresh = make(3), make(3)
    used.forward(rng.normal(size=(6, 3)))
    used.backward(rng.normal(size=(6, 3)))
    x, grad = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    x_before, grad_before = x.copy(), grad.copy()
    y = used.forward(x)
    y_before = y.copy()
    np.testing.assert_array_equal(y, fresh.forward(x))
    first = used.backward(grad).copy()
    np.testing.assert_array_equal(first, fresh.backward(grad))
    gradients = [array.copy() for array in used.gradients.values()]
    np.testing.assert_array_equal(used.backward(grad), first)
    for before, now in zip(gradients, used.gradients.values(), strict=True):
        np.testing.assert_array_equal(before, now)
    for now, before in ((x, x_before), (grad, grad_before), (y, y_before)):
        np.testing.assert_array_equal(now, before)


@each_kind
def test_float32_stays_and_agrees_with_float64(make):
    rng = np.random.default_rng(6)
    x, grad = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    double, single = make(3), make(3, dtype=np.float32)
    y, dx = double.forward(x), double.backward(grad)
    y32 = single.forward(x.astype(np.float32))
    dx32 = single.backward(grad.astype(np.float32))
    double.after_step()
    single.after_step()
    in_use = single.predict(x.astype(np.float32))
    assert {a.dtype for a in (y32, dx32, in_use, *single.gradients.values())} == {
        np.dtype(np.float32)
    }
    np.testing.assert_allclose(y32, y, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(dx32, dx, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(in_use, double.predict(x), rtol=1e-4, atol=1e-4)
    assert single.forward(x.tolist()).dtype == np.float32  # lists are read in its dtype


def test_a_residual_without_parameters_keeps_the_dtype_it_is_given():
    layer = bp.Residual([bp.Tanh()])
    for dtype in (np.float32, np.float64):
        x = np.linspace(-1, 1, 6, dtype=dtype).reshape(2, 3)
        assert layer.forward(x).dtype == layer.backward(x).dtype == dtype
    assert layer.forward([[1, 2]]).dtype == layer.backward([[1, 2]]).dtype == np.float64
    assert dict(layer.parameters) == dict(layer.gradients) == {}


# ---- In use -------------------------------------------------------------------------------------


def test_in_use_the_batches_learnt_from_stand_for_the_batch_itself():
    rng = np.random.default_rng(7)
    layer = batch_norm(3)
    batches = [rng.normal(k, 1 + k, (4, 3)) for k in range(10)]
    for batch in batches:
        layer.forward(batch)
        layer.backward(batch)
        layer.after_step()
    # the first ten count alike
    mean = np.mean([batch.mean(axis=0) for batch in batches], axis=0)
    variance = np.mean([batch.var(axis=0) for batch in batches], axis=0)
    np.testing.assert_allclose(layer.mean, mean)
    np.testing.assert_allclose(layer.variance, variance)
    x = rng.normal(size=(5, 3))
    wanted = layer.gamma * (x - mean) / np.sqrt(variance + 1e-5) + layer.beta
    np.testing.assert_allclose(layer.predict(x), wanted)
    np.testing.assert_array_equal(layer.predict(x[2:3]), layer.predict(x)[2:3])
    # and each later one is a tenth of all
    layer.forward(x)
    layer.backward(x)
    layer.after_step()
    np.testing.assert_allclose(layer.mean, 0.9 * mean + 0.1 * x.mean(axis=0))
    np.testing.assert_allclose(layer.variance, 0.9 * variance + 0.1 * x.var(axis=0))


def test_only_a_batch_that_is_learnt_from_counts_and_only_once():
    rng = np.random.default_rng(8)
    layer, x = batch_norm(2), rng.normal(size=(4, 2))
    layer.forward(x)
    layer.after_step()  # nobody has gone back
    assert layer.batches == 0
    layer.forward(x)
    layer.parameter_gradients(x)
    layer.forward(10 * x)  # only looked at
    layer.after_step()
    layer.after_step()
    assert layer.batches == 1
    np.testing.assert_array_equal(layer.mean, x.mean(axis=0))
    np.testing.assert_array_equal(layer.variance, x.var(axis=0))


def normalised_network(rng):
    layers = [
        bp.Dense(3, 4, rng=rng), bp.BatchNorm(4), bp.Tanh(),
        bp.Residual([bp.Dense(4, 4, rng=rng), bp.BatchNorm(4), bp.Tanh()]), bp.Dense(4, 2, rng=rng),
    ]  # fmt: skip
    return bp.Network(layers, bp.SoftmaxCrossEntropy())


def norms(network):
    return [network.layers[1], network.layers[3].layers[1]]


def test_a_network_in_use_answers_each_example_for_itself():
    rng = np.random.default_rng(9)
    network = normalised_network(rng)
    x, y = rng.normal(2, 3, (30, 3)), rng.integers(0, 2, 30)
    bp.fit(network, bp.Adam(network, 0.01), x, y, 5, 8, rng, validation=(x[:7], y[:7]))
    assert [norm.batches for norm in norms(network)] == [20, 20]
    logits = x
    for layer in network.layers:
        logits = layer.predict(logits)
    np.testing.assert_array_equal(network.predict(x), logits.argmax(axis=1))
    alone = [network.predict(x[k : k + 1])[0] for k in range(30)]
    np.testing.assert_array_equal(network.predict(x), alone)
    loss, accuracy = network.measure(x, y)
    assert loss == pytest.approx(bp.SoftmaxCrossEntropy().forward(logits, y))
    assert accuracy == np.mean(network.predict(x) == y)
    in_training, _ = network.measure(x, y, in_training=True)
    assert in_training == network.loss_value(x, y) != loss


def test_fit_learns_from_the_batch_and_validates_in_use():
    rng = np.random.default_rng(10)
    network = normalised_network(rng)
    x, y = rng.normal(size=(8, 3)), rng.integers(0, 2, 8)
    first = network.loss_value(x, y)
    history = bp.fit(network, bp.Adam(network), x, y, 1, 8, rng, validation=(x, y))
    assert history.loss[0] == pytest.approx(first)
    assert history.validation_loss[0] == network.measure(x, y)[0]


def test_looking_changes_nothing_that_is_used():
    rng = np.random.default_rng(11)
    network = normalised_network(rng)
    x, y = rng.normal(size=(6, 3)), rng.integers(0, 2, 6)
    bp.fit(network, bp.Adam(network), x, y, 1, 3, rng)
    before, state = parameters_of(network), [copy.copy(vars(norm)) for norm in norms(network)]
    x2, y2 = rng.normal(5, 9, (4, 3)), rng.integers(0, 2, 4)
    bp.check_gradients(network, x2, y2)
    network.trace(x2, y2)
    network.measure(x2, y2)
    network.predict(x2)
    network.loss_value(x2, y2)
    network.backward()
    for norm, kept in zip(norms(network), state, strict=True):
        assert norm.batches == kept["batches"]
        np.testing.assert_array_equal(norm.mean, kept["mean"])
        np.testing.assert_array_equal(norm.variance, kept["variance"])
    for name, array in network.parameters.items():
        np.testing.assert_array_equal(array, before[name])


def test_nobody_goes_back_from_what_was_measured_in_use():
    rng = np.random.default_rng(12)
    network = normalised_network(rng)
    x, y = rng.normal(size=(6, 3)), rng.integers(0, 2, 6)
    bp.fit(network, bp.Adam(network), x, y, 1, 3, rng)
    network.loss_value(x, y)
    network.measure(x, y)
    with pytest.raises(RuntimeError, match="none belongs to the latest forward pass"):
        network.backward()
    network.measure(x, y, in_training=True)
    wanted = network.trace(x, y)["dX"]
    network.measure(x, y, in_training=True)
    np.testing.assert_array_equal(network.backward(), wanted)
    # a network that is the same in use goes back from either
    plain = bp.Network([dense(3, 2)], bp.SoftmaxCrossEntropy())
    plain.measure(x, y)
    plain.backward()


# ---- Names --------------------------------------------------------------------------------------


def test_parameters_are_numbered_through_a_residual():
    network = bp.Network(
        [
            dense(2, 3), bp.BatchNorm(3), bp.Tanh(),
            bp.Residual([dense(3, 4), bp.ReLU(), bp.Residual([dense(4, 4)]), dense(4, 3)]),
            bp.Residual([bp.Tanh()]), dense(3, 1),
        ],
        bp.SquaredError(),
    )  # fmt: skip
    names = "W1 b1 gamma2 beta2 W3 b3 W4 b4 W5 b5 W6 b6".split()  # noqa: SIM905
    assert list(network.parameters) == names
    inner = network.layers[3]
    assert list(inner.parameters) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert network.parameters["W4"] is inner.layers[2].layers[0].W is inner.parameters["W2"]
    x, y = np.array([[0.5, 1.0], [2.0, -1.0]]), np.ones((2, 1))
    trace = network.trace(x, y)
    there = "X W1 b1 Z1 gamma2 beta2 Z2 A2 W3 b3 W4 b4 W5 b5 A5 A5_2 W6 b6 Z6 Y loss"
    back = "delta6 dW6 db6 dA5_2 dA5 dW3 db3 dW4 db4 dW5 db5 dA2 delta2 dgamma2 dbeta2 delta1 dW1"
    assert list(trace) == [*there.split(), *back.split(), "db1", "dX"]
    for name, array in network.gradients.items():
        np.testing.assert_array_equal(trace[f"d{name}"], array)
        assert trace[name].tobytes() == network.parameters[name].tobytes()
    np.testing.assert_array_equal(trace["A5"], inner.forward(trace["A2"]))
    assert list(network.gradients) == names


def test_names_in_print():
    assert repr(bp.BatchNorm(3)) == "BatchNorm(3)"
    assert repr(bp.Residual([bp.BatchNorm(3), bp.ReLU()])) == "Residual([BatchNorm(3), ReLU()])"


def test_an_array_may_be_put_in_the_place_of_gamma_and_beta():
    layer = bp.BatchNorm(2)
    layer.gamma, layer.beta = [2, 3], [0.5, 1]
    layer.gamma -= 1.0
    np.testing.assert_array_equal(layer.forward([[1.0, 1.0], [1.0, 1.0]]), [[0.5, 1], [0.5, 1]])
    np.testing.assert_array_equal(layer.parameters["gamma"], [1, 2])


# ---- Bad input ----------------------------------------------------------------------------------

X = np.ones((4, 2))


def built(layers):
    return lambda: bp.Network(layers, bp.SquaredError())


def passed(layer, x, grad=None):
    def call():
        layer.forward(x)
        layer.backward(grad)

    return call


ONE = bp.Tanh()
REFUSED = {
    "no width": (
        lambda: bp.BatchNorm(0), ValueError,
        "n is 0: it must be a whole number of at least 1",
    ),
    "a width of 2.0": (lambda: bp.BatchNorm(2.0), ValueError, "n is 2.0: it must be a whole"),
    "half precision": (
        lambda: bp.BatchNorm(2, dtype=np.float16), TypeError,
        "dtype is float16: it must be float64 or float32",
    ),
    "another width": (
        lambda: bp.BatchNorm(3).forward(X), ValueError,
        "BatchNorm(3) got x of shape (4, 2): its last axis must be n_in=3",
    ),
    "one axis": (
        lambda: bp.BatchNorm(3).forward(np.ones(3)), ValueError,
        "BatchNorm(3) got x of shape (3,): it takes one row per example",
    ),
    "NaN": (
        lambda: bp.BatchNorm(2).forward([[np.nan, 1.0]]), ValueError,
        "BatchNorm(2) got x with 1 value(s) that are NaN or infinite",
    ),
    "another dtype": (
        lambda: bp.BatchNorm(2).forward(X.astype(np.float32)), TypeError,
        "BatchNorm(2) computes in float64 and got x of dtype float32",
    ),
    "squares that overflow": (
        lambda: bp.BatchNorm(1, dtype=np.float32).forward([[1e30], [-1e30]]), ValueError,
        "BatchNorm(1) got x with values up to 1.0e+30, whose squares no float32 can hold: scale "
        "the inputs to sizes around 1",
    ),
    "a sum that overflows": (
        lambda: bp.BatchNorm(1).forward([[1.5e308], [-1.5e308]]), ValueError,
        "BatchNorm(1) got x with values up to 1.5e+308, whose squares no float64 can hold",
    ),
    "back before there": (
        lambda: bp.BatchNorm(2).backward(X), RuntimeError,
        "BatchNorm(2): backward needs a forward pass before it; call forward first",
    ),
    "a gradient of another shape": (
        passed(bp.BatchNorm(2), X, X[:1]), ValueError,
        "BatchNorm(2) got a gradient of shape (1, 2), but its forward returned shape (4, 2)",
    ),
    "used before it has learned": (
        lambda: bp.BatchNorm(2).predict(X), RuntimeError,
        "BatchNorm(2) has not learned from a batch yet, so it has no mean and no variance: "
        "train it first; after a step without an optimizer call after_step() of the layer",
    ),
    "gamma of another shape": (
        lambda: setattr(bp.BatchNorm(2), "gamma", [1.0]), ValueError,
        "BatchNorm(2) got gamma of shape (1,) in the place of one of shape (2,): they must be "
        "equal; for another shape make a new layer",
    ),
    "beta with NaN": (
        lambda: setattr(bp.BatchNorm(2), "beta", [1.0, np.nan]), ValueError,
        "BatchNorm(2) got beta with 1 value(s) that are NaN or infinite",
    ),
    "no layers around which to go": (
        lambda: bp.Residual([]), ValueError, "Residual got no layers: it needs at least one",
    ),
    "no layer": (
        lambda: bp.Residual([bp.Tanh]), TypeError,
        "layers[0] is <class 'bp_helpers.layers.Tanh'>, which is not a layer: write Tanh() with "
        "parentheses",
    ),
    "one layer twice": (
        lambda: bp.Residual([ONE, ONE]), ValueError,
        "layers[1] is the same object as an earlier layer, Tanh(): a layer remembers",
    ),
    "one layer inside and outside": (
        built([ONE, bp.Residual([ONE])]), ValueError,
        "layers[1] is the same object as an earlier layer, Residual([Tanh()]): a layer remembers",
    ),
    "wider behind than before": (
        lambda: bp.Residual([dense(2, 3), bp.Tanh()]), ValueError,
        "Residual([Dense(2, 3), Tanh()]) takes 2 values per example, and its layers give 3: what "
        "is added to x must be as wide as x",
    ),
    "inside they do not fit": (
        lambda: bp.Residual([dense(2, 3), dense(2, 2)]), ValueError,
        "layers[0] Dense(2, 3) gives 3 values per example, but layers[1] Dense(2, 2) takes 2",
    ),
    "a normalisation of another width": (
        built([dense(2, 3), bp.BatchNorm(2)]), ValueError,
        "layers[0] Dense(2, 3) gives 3 values per example, but layers[1] BatchNorm(2) takes 2",
    ),
    "a normalisation in another dtype": (
        built([dense(2, 3), bp.BatchNorm(3, dtype=np.float32)]), TypeError,
        "layers[0] Dense(2, 3) computes in float64, but layers[1] BatchNorm(3) in float32",
    ),
    "a residual of another width": (
        built([dense(2, 3), bp.Residual([dense(2, 2)])]), ValueError,
        "layers[0] Dense(2, 3) gives 3 values per example, but layers[1] Dense(2, 2) takes 2",
    ),
    "a residual back before there": (
        lambda: bp.Residual([bp.Tanh()]).backward(X), RuntimeError,
        "Residual([Tanh()]): backward needs a forward pass before it; call forward first",
    ),
    "a residual's gradient of another shape": (
        passed(bp.Residual([bp.Tanh()]), X, X[:1]), ValueError,
        "Residual([Tanh()]) got a gradient of shape (1, 2), but its forward returned shape (4, 2)",
    ),
    "a residual with infinity": (
        lambda: bp.Residual([bp.Tanh()]).forward([[np.inf]]), ValueError,
        "Residual([Tanh()]) got x with 1 value(s) that are NaN or infinite",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_refused_with_a_way_out(what):
    call, kind, words = REFUSED[what]
    with pytest.raises(kind, match="^" + re.escape(words)):
        call()


def test_layers_of_ones_own_inside_a_residual():
    class Cut(bp.Layer):
        """Leaves out the last column, so nothing fits."""

        def forward(self, x):
            return np.asarray(x)[:, :-1]

    layer = bp.Residual([Cut()])  # how wide it is, is its own affair until it is seen
    words = (
        r"got x of shape \(4, 2\), and its layers returned shape \(4, 1\): what is added to x "
        "must have its shape"
    )
    for call in (layer.forward, layer.predict):
        with pytest.raises(ValueError, match=words):
            call(X)


def test_a_refused_batch_changes_nothing():
    layer = batch_norm(2)
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    layer.forward(x)
    wanted = layer.backward(x)
    layer.after_step()
    mean, kept = layer.mean.copy(), layer.dgamma.copy()
    for call in (
        lambda: layer.forward([[np.nan, 0.0]]),
        lambda: layer.predict([[np.inf, 0.0]]),
        lambda: layer.backward([[1.0, 2.0]]),
    ):
        with pytest.raises(ValueError, match=r"BatchNorm\(2\) got"):
            call()
    np.testing.assert_array_equal(layer.mean, mean)
    np.testing.assert_array_equal(layer.dgamma, kept)
    np.testing.assert_array_equal(layer.backward(x), wanted)
