"""The network: order of the layers both ways, every gradient, names, trace."""

import numpy as np
import pytest
from helpers import (
    ACTIVATIONS,
    LOSSES,
    assert_network_gradients,
    keep_off_kinks,
    make_network,
    parameters_of,
)

import bp_helpers as bp


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_gradient(activation, loss):
    rng = np.random.default_rng(7)
    make_loss, targets = LOSSES[loss]
    # 3 to 4 to 4 to 2: the square layer in the middle is where a forgotten transpose fits
    between = [ACTIVATIONS[activation](), ACTIVATIONS[activation]()]
    network = make_network([3, 4, 4, 2], between, make_loss(), rng)
    x, y = rng.normal(size=(5, 3)), targets(rng, 5, 2)
    keep_off_kinks(network, x)
    assert_network_gradients(network, x, y)


@pytest.mark.parametrize(
    ("activation", "loss", "sizes"),
    [
        (bp.ReLU, "SoftmaxCrossEntropy, labels", [784, 256, 128, 10]),
        (bp.Tanh, "SquaredError", [100, 80, 60, 40, 20]),
        (bp.GELU, "BinaryCrossEntropy, yes or no", [64, 64, 64, 1]),
    ],
)
def test_larger_networks_along_random_directions(activation, loss, sizes):
    rng = np.random.default_rng(8)
    make_loss, targets = LOSSES[loss]
    network = make_network(sizes, [activation() for _ in sizes[2:]], make_loss(), rng)
    x, y = rng.normal(size=(8, sizes[0])), targets(rng, 8, sizes[-1])
    keep_off_kinks(network, x)
    value = network.loss_value(x, y)
    dX = network.backward()
    gradients = [(w, network.gradients[name].copy()) for name, w in network.parameters.items()]
    for array, gradient in [
        *gradients,
        (x, dX),
    ]:  # one array at a time, so that none hides behind another
        along_gradient = gradient / np.linalg.norm(gradient)
        for direction in (along_gradient, rng.normal(size=array.shape) / np.sqrt(array.size)):
            before = array.copy()
            losses = {}
            for k in (-2, -1, 1, 2):
                array[...] = before + k * 1e-3 * direction
                losses[k] = network.loss_value(x, y)
            array[...] = before
            measured = (8 * (losses[1] - losses[-1]) - (losses[2] - losses[-2])) / (12 * 1e-3)
            analytic = float((gradient * direction).sum())
            assert measured == pytest.approx(analytic, rel=1e-7, abs=2e-12 * max(value, 1))


def test_forward_is_one_layer_after_the_other():
    rng = np.random.default_rng(0)
    network = make_network([3, 4, 2], [bp.Tanh()], bp.SquaredError(), rng)
    first, _, second = network.layers
    x, y = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    by_hand = np.tanh(x @ first.W + first.b) @ second.W + second.b
    np.testing.assert_allclose(network.forward(x), by_hand, rtol=1e-14)
    squared = ((by_hand - y) ** 2).sum() / 10
    assert network.loss_value(x, y) == pytest.approx(squared, rel=1e-14)
    assert network.measure(x, y) == (pytest.approx(squared, rel=1e-14), None)
    np.testing.assert_array_equal(network.predict(x), network.forward(x))


def test_parameter_gradients_are_those_of_backward():
    rng = np.random.default_rng(1)
    network = make_network([3, 4, 2], [bp.Tanh()], bp.SquaredError(), rng)
    x, y = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    network.loss_value(x, y)
    network.backward()
    whole = {name: grad.copy() for name, grad in network.gradients.items()}
    for layer in (network.layers[0], network.layers[2]):
        layer.dW = layer.db = None
    network.parameter_gradients()
    for name, grad in network.gradients.items():
        np.testing.assert_array_equal(grad, whole[name], err_msg=name)


def test_a_loss_that_another_network_has_used_since_is_not_gone_back_from():
    rng, loss = np.random.default_rng(0), bp.SquaredError()
    one, other = (bp.Network([bp.Dense(2, 2, rng=rng)], loss) for _ in range(2))
    x, y = rng.normal(size=(2, 3, 2))
    one.loss_value(x, y)
    alone = one.backward()
    one.loss_value(x, y)
    other.loss_value(x, y)
    with pytest.raises(RuntimeError, match=r"^SquaredError\(\) has not seen the latest"):
        one.backward()
    one.loss_value(x, y)
    np.testing.assert_array_equal(one.backward(), alone)


@pytest.mark.parametrize(
    "used",
    [
        lambda network: network.layers[0].forward([[1.0, 2.0, 3.0]]),
        lambda network: network.layers[1].forward([[1.0, 2.0]]),
        lambda network: network.layers[2].forward([[1.0, 2.0], [3.0, 4.0]]),
        lambda network: network.layers[3].forward([[1.0, 2.0]]),
        lambda network: network.layers[3].layers[0].forward([[1.0, 2.0]]),
        lambda network: network.loss.forward([[1.0, 2.0]], [[0.0, 1.0]]),
    ],
    ids=["Dense", "activation", "BatchNorm", "Residual", "inside Residual", "loss"],
)
@pytest.mark.parametrize("loss", [bp.SquaredError, bp.BinaryCrossEntropy, bp.SoftmaxCrossEntropy])
def test_what_was_used_again_since_the_loss_is_not_gone_back_from(used, loss):
    """It remembers that pass, and would give another gradient without a word."""
    rng = np.random.default_rng(0)
    skip = bp.Residual([bp.Dense(2, 2, rng=rng)])
    network = bp.Network([bp.Dense(3, 2, rng=rng), bp.Tanh(), bp.BatchNorm(2), skip], loss())
    x, y = rng.normal(size=(4, 3)), np.eye(2)[[0, 1, 1, 0]]
    network.loss_value(x, y)
    right = network.backward()
    network.loss_value(x, y)
    used(network)
    with pytest.raises(RuntimeError, match="another forward pass than the one behind the loss"):
        network.backward()
    network.loss_value(x, y)
    np.testing.assert_array_equal(network.backward(), right)


def test_layers_that_were_changed_since_the_loss_are_not_gone_back_through():
    rng = np.random.default_rng(0)
    network = bp.Network([bp.Dense(2, 2, rng=rng)], bp.SquaredError())
    network.loss_value([[1.0, 2.0]], [[0.0, 1.0]])
    network.layers.append(bp.Sigmoid())
    with pytest.raises(RuntimeError, match="or the layers were changed"):
        network.backward()


def test_two_networks_may_share_a_layer_one_after_the_other():
    rng = np.random.default_rng(0)
    shared = bp.Dense(2, 2, rng=rng)
    for _ in range(2):
        for activation in (bp.Sigmoid(), bp.Tanh()):
            network = bp.Network([shared, activation], bp.SquaredError())
            assert bp.check_gradients(network, rng.normal(size=(3, 2)), np.ones((3, 2)))


def test_predictions_and_accuracy_by_loss():
    identity = bp.Dense.from_arrays(np.eye(2), [0.0, 0.0])
    x = [[2.0, -1.0], [-3.0, 1.0], [1.0, 4.0]]
    choice = bp.Network([identity], bp.SoftmaxCrossEntropy())
    assert choice.predict(x).tolist() == [0, 1, 1]
    assert choice.measure(x, [0, 1, 0])[1] == pytest.approx(2 / 3)
    yes_no = bp.Network([identity], bp.BinaryCrossEntropy())
    assert yes_no.predict(x).tolist() == [[1, 0], [0, 1], [1, 1]]
    assert yes_no.measure(x, [[1, 0], [0, 1], [0, 0]])[1] == pytest.approx(4 / 6)


def test_parameters_by_name_are_the_arrays_in_use():
    rng = np.random.default_rng(0)
    network = make_network([2, 3, 3, 1], [bp.ReLU(), bp.Tanh()], bp.SquaredError(), rng)
    assert list(network.parameters) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert network.parameters["W2"] is network.layers[2].W
    before = network.forward([[1.0, 2.0]])
    network.parameters["b3"] += 1
    np.testing.assert_allclose(network.forward([[1.0, 2.0]]), before + 1)


def test_names_in_print():
    example = bp.running_example()
    printed = "Network([Dense(2, 3), Sigmoid(), Dense(3, 2), Sigmoid()], SquaredError())"
    assert repr(example.network) == printed


def dense(n_in, n_out, dtype=np.float64):
    rng = np.random.default_rng(n_in * 10 + n_out)
    return bp.Dense.from_arrays(
        rng.normal(size=(n_in, n_out)).astype(dtype), rng.normal(size=n_out).astype(dtype)
    )


# what: (layers, loss, target, names on the way there, names on the way back)
TRACES = {
    "one layer on logits": (
        lambda: [dense(2, 3)], bp.SoftmaxCrossEntropy, [0, 2],
        "W1 b1 Z1", "delta1 dW1 db1",
    ),
    "one layer": (
        lambda: [dense(2, 1), bp.Sigmoid()], bp.SquaredError, [[0.0], [1.0]],
        "W1 b1 Z1 A1", "dA1 delta1 dW1 db1",
    ),
    "two layers on logits": (
        lambda: [dense(2, 3), bp.ReLU(), dense(3, 1)], bp.BinaryCrossEntropy, [[0], [1]],
        "W1 b1 Z1 A1 W2 b2 Z2", "delta2 dW2 db2 dA1 delta1 dW1 db1",
    ),
    "three layers": (
        lambda: [dense(2, 4), bp.Tanh(), dense(4, 3), bp.GELU(), dense(3, 2), bp.Sigmoid()],
        bp.SquaredError, [[0.0, 1.0], [1.0, 1.0]],
        "W1 b1 Z1 A1 W2 b2 Z2 A2 W3 b3 Z3 A3",
        "dA3 delta3 dW3 db3 dA2 delta2 dW2 db2 dA1 delta1 dW1 db1",
    ),
    "four layers, none of them square": (
        lambda: [dense(2, 3), bp.Tanh(), dense(3, 4), dense(4, 5), bp.LeakyReLU(), dense(5, 2)],
        bp.SoftmaxCrossEntropy, [[0.0, 1.0], [0.5, 0.5]],
        "W1 b1 Z1 A1 W2 b2 Z2 W3 b3 Z3 A3 W4 b4 Z4",
        "delta4 dW4 db4 dA3 delta3 dW3 db3 delta2 dW2 db2 dA1 delta1 dW1 db1",
    ),
    "two activations in a row": (
        lambda: [dense(2, 3), bp.Tanh(), bp.Sigmoid(), dense(3, 2)], bp.SquaredError,
        [[0.0, 1.0], [1.0, 1.0]],
        "W1 b1 Z1 A1 A1_2 W2 b2 Z2", "delta2 dW2 db2 dA1_2 dA1 delta1 dW1 db1",
    ),
    "an activation before the first layer": (
        lambda: [bp.Tanh(), dense(2, 2)], bp.SquaredError, [[0.0, 1.0], [1.0, 1.0]],
        "A0 W1 b1 Z1", "delta1 dW1 db1 dA0",
    ),
    "no parameters at all": (
        lambda: [bp.Tanh(), bp.GELU()], bp.SquaredError, [[0.0, 1.0], [1.0, 1.0]],
        "A0 A0_2", "dA0_2 dA0",
    ),
    "float32": (
        lambda: [dense(2, 3, np.float32), bp.Sigmoid(), dense(3, 2, np.float32)],
        bp.SoftmaxCrossEntropy, [1, 0],
        "W1 b1 Z1 A1 W2 b2 Z2", "delta2 dW2 db2 dA1 delta1 dW1 db1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TRACES)
def test_trace_has_every_value_in_order(what):
    make_layers, loss, y, there, back = TRACES[what]
    layers = make_layers()
    network = bp.Network(layers, loss())
    dtype = np.float32 if what == "float32" else np.float64
    x = np.array([[0.5, -1.0], [2.0, 0.25]], dtype)
    trace = network.trace(x, y)
    assert list(trace) == ["X", *there.split(), "Y", "loss", *back.split(), "dX"]
    assert type(trace["loss"]) is float
    assert all(v.dtype == dtype for name, v in trace.items() if name not in ("Y", "loss"))
    np.testing.assert_array_equal(trace["X"], x)
    np.testing.assert_array_equal(trace["Y"], y)

    # Now each step once more, with fresh layers and without a network.
    fresh, judge = make_layers(), loss()
    outputs = [x]
    for layer in fresh:
        outputs.append(layer.forward(outputs[-1]))
    traced = [name for name in there.split() if name[0] in "ZA"]
    for name, output in zip(traced, outputs[1:], strict=True):
        np.testing.assert_array_equal(trace[name], output, err_msg=name)
    assert trace["loss"] == judge.forward(outputs[-1], y)
    grad = judge.backward()
    blames = [name for name in back.split() if name[:2] not in ("dW", "db")]
    for name, layer in zip(blames, reversed(fresh), strict=True):
        np.testing.assert_array_equal(trace[name], grad, err_msg=name)
        assert trace[name].shape == trace[name.replace("delta", "Z").replace("dA", "A")].shape
        grad = layer.backward(grad)
    np.testing.assert_array_equal(trace["dX"], grad)
    again = bp.Network(fresh, judge)
    for name, value in again.parameters.items():
        np.testing.assert_array_equal(trace[name], value, err_msg=name)
        np.testing.assert_array_equal(trace[f"d{name}"], again.gradients[name], err_msg=name)

    # The network stands as after backward.
    np.testing.assert_array_equal(network.backward(), trace["dX"])


def test_trace_gives_copies():
    rng = np.random.default_rng(0)

    # what hands on what it was given, without a copy, is where a missing copy would show
    class HandsOn(bp.Layer):
        def forward(self, x):
            return x

        def backward(self, grad):
            return grad

    layers = [dense(2, 2), bp.Identity(), HandsOn(), dense(2, 2), bp.Identity()]
    network = bp.Network(layers, bp.SquaredError())
    x, y = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    expected = network.trace(x, y)
    kept = {name: np.copy(value) for name, value in expected.items()}
    arrays = [value for name, value in expected.items() if name != "loss"]
    in_use = [x, y, *network.parameters.values(), *network.gradients.values()]
    for i, one in enumerate(arrays):
        assert not any(np.shares_memory(one, other) for other in [*in_use, *arrays[:i]])
    # a later pass and a step leave the trace as it was
    network.loss_value(x + 1, y - 1)
    network.backward()
    bp.GradientDescent(network, 0.1).step()
    for name, value in kept.items():
        np.testing.assert_array_equal(expected[name], value, err_msg=name)
    # and changing the trace leaves the network as it was
    before, value_before = parameters_of(network), network.loss_value(x, y)
    for array in arrays:
        array[...] = 7
    assert network.loss_value(x, y) == value_before
    for name, value in parameters_of(network).items():
        np.testing.assert_array_equal(value, before[name], err_msg=name)


def test_trace_takes_lists():
    trace = bp.running_example().network.trace([[-0.76, 0.45]], [[1, 0]])
    np.testing.assert_array_equal(trace["X"], [[-0.76, 0.45]])
    np.testing.assert_array_equal(trace["Y"], [[1, 0]])


@pytest.mark.parametrize("loss", LOSSES)
def test_float32_from_one_end_to_the_other(loss):
    make_loss, targets = LOSSES[loss]
    rng = np.random.default_rng(9)
    activations = [make() for make in ACTIVATIONS.values()]
    network = make_network([3] * 8, activations, make_loss(), rng, np.float32)
    x, y = rng.normal(size=(4, 3)).astype(np.float32), targets(rng, 4, 3)
    assert network.forward(x).dtype == np.float32
    network.loss_value(x, y)
    assert network.backward().dtype == np.float32
    for name, value in network.parameters.items():
        assert value.dtype == network.gradients[name].dtype == np.float32, name
    assert network.forward(x.tolist()).dtype == np.float32


def test_widths_are_compared_across_an_activation_of_ones_own():
    class Square(bp.Activation):
        """z squared: neither formula is needed here."""

    with pytest.raises(ValueError, match="gives 3 values per example, but layers"):
        bp.Network([dense(2, 3), Square(), dense(2, 1)], bp.SquaredError())


def test_widths_are_compared_only_where_they_are_known():
    class Twice(bp.Layer):
        """Puts every example beside itself: twice as wide."""

        def forward(self, x):
            return np.hstack([x, x])

        def backward(self, grad):
            left, right = np.split(grad, 2, axis=1)
            return left + right

    network = bp.Network([dense(2, 3), bp.Tanh(), Twice(), dense(6, 1)], bp.SquaredError())
    x, y = np.array([[0.5, -1.0]]), np.array([[1.0]])
    assert network.forward(x).shape == (1, 1)
    assert_network_gradients(network, x, y)
