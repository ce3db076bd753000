"""Any shape, depth, activation, loss and value: properties that hold for all of them.

Hypothesis searches; derandomized, so that a run of the tests repeats the one before.
"""

import numpy as np
from helpers import (
    ACTIVATIONS,
    LOSSES,
    assert_network_gradients,
    keep_off_kinks,
    make_network,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import bp_helpers as bp

steady = settings(deadline=None, derandomize=True, max_examples=50, database=None)


def floats(shape, largest, dtype=np.float64):
    width = np.dtype(dtype).itemsize * 8
    return arrays(dtype, shape, elements=st.floats(-largest, largest, width=width))


@st.composite
def cases(draw, dtype=np.float64, largest=2):
    """Draw a network of depth 1 to 4, inputs and targets."""
    depth, n = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    sizes = draw(st.lists(st.integers(1, 4), min_size=depth + 1, max_size=depth + 1))
    between = [ACTIVATIONS[draw(st.sampled_from(list(ACTIVATIONS)))]() for _ in sizes[2:]]
    make_loss, targets = LOSSES[draw(st.sampled_from(list(LOSSES)))]
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    network = make_network(sizes, between, make_loss(), rng, dtype)
    x = draw(floats((n, sizes[0]), largest, dtype))
    return network, x, targets(rng, n, sizes[-1])


@steady
@given(cases())
def test_gradients_are_the_measured_slopes(case):
    network, x, y = case
    keep_off_kinks(network, x)
    assert_network_gradients(network, x, y)


@steady
@given(cases(), st.integers(2, 4))
def test_the_gradient_of_a_batch_is_the_mean_of_its_examples(case, repeats):
    network, x, y = case
    keep_off_kinks(network, x)
    trace = network.trace(x, y)
    single = [network.trace(x[i : i + 1], y[i : i + 1]) for i in range(len(x))]
    repeated = network.trace(np.vstack([x] * repeats), np.concatenate([y] * repeats))
    for name in network.parameters:
        mean = np.mean([one[f"d{name}"] for one in single], axis=0)
        np.testing.assert_allclose(trace[f"d{name}"], mean, rtol=1e-9, atol=1e-12)
        # and so the same examples several times over change nothing
        np.testing.assert_allclose(repeated[f"d{name}"], trace[f"d{name}"], rtol=1e-9, atol=1e-12)
    # an input's blame is its share of the mean
    stacked = np.vstack([one["dX"] for one in single]) / len(x)
    np.testing.assert_allclose(trace["dX"], stacked, rtol=1e-9, atol=1e-12)


@steady
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_examples_does_not_matter(case, random):
    network, x, y = case
    order = list(range(len(x)))
    random.shuffle(order)
    trace, shuffled = network.trace(x, y), network.trace(x[order], y[order])
    for name in network.parameters:
        np.testing.assert_allclose(
            trace[f"d{name}"], shuffled[f"d{name}"], rtol=1e-9, atol=1e-12, err_msg=name
        )
    np.testing.assert_allclose(trace["dX"][order], shuffled["dX"], rtol=1e-9, atol=1e-12)


@steady
@given(cases(dtype=np.float32, largest=1e4))
def test_float32_stays_and_stays_finite(case):
    network, x, y = case
    trace = network.trace(x, y)
    for name, value in trace.items():
        assert np.isfinite(value).all(), name
        assert name in ("Y", "loss") or value.dtype == np.float32, name


@steady
@given(cases(largest=1e4))
def test_huge_inputs_stay_finite(case):
    network, x, y = case
    assert all(np.isfinite(value).all() for value in network.trace(x, y).values())


@steady
@given(
    st.sampled_from(["Sigmoid", "Tanh", "ReLU", "LeakyReLU", "Identity"]),
    st.sampled_from([np.float32, np.float64]),
    st.data(),
)
def test_activations_rise_and_their_slopes_are_between_0_and_1(name, dtype, data):
    layer = ACTIVATIONS[name]()
    z = np.sort(data.draw(floats(8, 1e4, dtype)))
    a = layer.forward(z)
    assert (np.diff(a) >= 0).all()
    slopes = layer.backward(np.ones_like(z))
    assert (slopes >= 0).all()
    assert (slopes <= 1).all()


@steady
@given(st.sampled_from([np.float32, np.float64]), st.integers(1, 4), st.data())
def test_softmax_gives_probabilities_and_losses_are_not_negative(dtype, n, data):
    z = data.draw(floats((n, 3), 1e4, dtype))
    p = bp.SoftmaxCrossEntropy.probabilities(z)
    assert p.dtype == dtype
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-5)
    labels = data.draw(arrays(np.int64, n, elements=st.integers(0, 2)))
    assert bp.SoftmaxCrossEntropy().forward(z, labels) >= 0
    assert bp.BinaryCrossEntropy().forward(z, (labels[:, np.newaxis] == [0, 1, 2])) >= 0
