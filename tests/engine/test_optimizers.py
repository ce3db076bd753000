"""Optimizers: several steps against the formulas written with floats, entry by entry."""

import copy
import math
import re
import sys
from operator import is_

import numpy as np
import pytest
from helpers import assert_unchanged, make_network, parameters_of

import bp_helpers as bp

OPTIMIZERS = {
    "GradientDescent": lambda network: bp.GradientDescent(network, 0.1),
    "Momentum": lambda network: bp.Momentum(network, 0.1, momentum=0.8),
    "Adam": lambda network: bp.Adam(network, 0.01, beta1=0.8, beta2=0.95, epsilon=1e-3),
}


def one_weight(value=1.0):
    return bp.Network([bp.Dense.from_arrays([[value]], [0.0])], bp.SquaredError())


def steps_with(optimizer, gradients):
    """Take one step for each of `gradients`; return the weight after each of them."""
    dense = optimizer.network.layers[0]
    after = []
    for gradient in gradients:
        dense.dW, dense.db = np.array([[gradient]]), np.array([0.0])
        optimizer.step()
        after.append(float(dense.W[0, 0]))
    return after


# A change of sign, a zero, and sizes far apart, down to one beside which epsilon counts.
GRADIENTS = [2.0, -1.0, 0.5, 0.0, 1e-3, 30.0]


def test_gradient_descent_by_hand():
    after = steps_with(bp.GradientDescent(one_weight(), 0.1), GRADIENTS)
    wanted = [0.8, 0.9, 0.85, 0.85, 0.8499, -2.1501]
    np.testing.assert_allclose(after, wanted, rtol=1e-13)


def test_momentum_by_hand():
    v, w, wanted = 0.0, 1.0, []
    for gradient in GRADIENTS:
        v = 0.8 * v + gradient
        w = w - 0.1 * v
        wanted.append(w)
    optimizer = bp.Momentum(one_weight(), 0.1, momentum=0.8)
    np.testing.assert_allclose(steps_with(optimizer, GRADIENTS), wanted, rtol=1e-13)


@pytest.mark.parametrize("epsilon", [1e-8, 0.1])
def test_adam_by_hand(epsilon):
    m, v, w, wanted = 0.0, 0.0, 1.0, []
    for t, gradient in enumerate(GRADIENTS, start=1):
        m = 0.8 * m + 0.2 * gradient
        v = 0.95 * v + 0.05 * gradient**2
        m_hat, v_hat = m / (1 - 0.8**t), v / (1 - 0.95**t)
        w = w - 0.01 * m_hat / (math.sqrt(v_hat) + epsilon)
        wanted.append(w)
    optimizer = bp.Adam(one_weight(), 0.01, beta1=0.8, beta2=0.95, epsilon=epsilon)
    np.testing.assert_allclose(steps_with(optimizer, GRADIENTS), wanted, rtol=1e-12)


def test_first_step_of_adam_is_the_learning_rate_whatever_the_gradient():
    for gradient in (1e-3, -20.0):
        (after,) = steps_with(bp.Adam(one_weight(), 0.25), [gradient])
        assert after == pytest.approx(1 - math.copysign(0.25, gradient), rel=1e-5)


def test_defaults_are_those_of_the_papers():
    adam, momentum = bp.Adam(one_weight()), bp.Momentum(one_weight(), 0.1)
    assert (adam.learning_rate, adam.beta1, adam.beta2, adam.epsilon) == (1e-3, 0.9, 0.999, 1e-8)
    assert momentum.momentum == 0.9


def test_momentum_of_zero_is_gradient_descent():
    plain = steps_with(bp.GradientDescent(one_weight(), 0.1), GRADIENTS)
    assert steps_with(bp.Momentum(one_weight(), 0.1, momentum=0), GRADIENTS) == plain


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_parameter_has_a_state_of_its_own(name):
    """Two layers trained together move as each would alone with the same gradients."""
    rng = np.random.default_rng(0)
    network = make_network([3, 4, 2], [bp.Tanh()], bp.SquaredError(), rng)
    alone = [
        bp.Network([bp.Dense.from_arrays(layer.W, layer.b)], bp.SquaredError())
        for layer in (network.layers[0], network.layers[2])
    ]
    together = OPTIMIZERS[name](network)
    optimizers = [OPTIMIZERS[name](one) for one in alone]
    for _ in range(4):
        network.loss_value(rng.normal(size=(5, 3)), rng.normal(size=(5, 2)))
        network.backward()
        together.step()
        for dense, one, optimizer in zip(
            (network.layers[0], network.layers[2]), alone, optimizers, strict=True
        ):
            one.layers[0].dW, one.layers[0].db = dense.dW, dense.db
            optimizer.step()
            np.testing.assert_array_equal(dense.W, one.layers[0].W)
            np.testing.assert_array_equal(dense.b, one.layers[0].b)
    assert together.steps == 4


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_changes_the_arrays_in_place_keeps_the_dtype_and_lowers_the_loss(name, dtype):
    rng = np.random.default_rng(1)
    network = make_network([3, 4, 2], [bp.Sigmoid()], bp.SoftmaxCrossEntropy(), rng, dtype)
    x, y = rng.normal(size=(6, 3)).astype(dtype), rng.integers(0, 2, 6)
    optimizer = OPTIMIZERS[name](network)
    arrays = list(network.parameters.values())
    before = network.loss_value(x, y)
    for _ in range(3):
        network.loss_value(x, y)
        network.backward()
        gradients = [grad.copy() for grad in network.gradients.values()]
        optimizer.step()
        for copied, grad in zip(gradients, network.gradients.values(), strict=True):
            np.testing.assert_array_equal(copied, grad)
    assert network.loss_value(x, y) < before
    assert optimizer.steps == 3
    for array, value in zip(arrays, network.parameters.values(), strict=True):
        assert array is value
        assert value.dtype == dtype
    state = [array for memory in optimizer._memory for array in memory]
    assert len(state) == {"GradientDescent": 0, "Momentum": 4, "Adam": 8}[name]
    assert all(array.dtype == dtype for array in state)


def test_the_learning_rate_may_be_set_between_steps():
    optimizer = bp.GradientDescent(one_weight(), 0.1)
    steps_with(optimizer, [1.0])
    optimizer.learning_rate = np.float32(0.5)  # any real number will do
    assert steps_with(optimizer, [1.0]) == pytest.approx([0.4])
    assert optimizer.learning_rate == 0.5


def test_the_same_gradient_may_be_stepped_along_twice():
    optimizer = bp.GradientDescent(one_weight(), 0.1)
    steps_with(optimizer, [1.0])
    optimizer.step()
    assert parameters_of(optimizer.network)["W1"][0, 0] == pytest.approx(0.8)


def test_the_base_class_says_what_is_missing():
    optimizer = bp.Optimizer(one_weight(), 0.1)
    with pytest.raises(NotImplementedError, match="Optimizer does not say what to subtract"):
        steps_with(optimizer, [1.0])


def stepping(name, *before_tanh):
    """Return an optimizer that has taken two steps, ready for the third."""
    rng = np.random.default_rng(0)
    layers = [bp.Dense(3, 4, rng=rng), *before_tanh, bp.Tanh(), bp.Dense(4, 2, rng=rng)]
    network = bp.Network(layers, bp.SquaredError())
    optimizer, x, y = OPTIMIZERS[name](network), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    for k in range(3):
        network.loss_value(x, y)
        network.backward()
        if k < 2:
            optimizer.step()
    return optimizer


OWN = ("step", "_taken")


def interrupted_at(number, optimizer):
    """Step, and raise KeyboardInterrupt at that instruction of the step; return whether it came.

    Instructions are those of Python's bytecode: an interrupt can come at none that is finer.
    """
    instructions = 0

    def trace(frame, event, argument):
        nonlocal instructions
        if not (frame.f_code.co_filename.endswith("optimizers.py") and frame.f_code.co_name in OWN):
            return None
        frame.f_trace_opcodes = True
        instructions += event == "opcode"
        if instructions == number:
            sys.settrace(None)
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    # Python 3.12 looks only here whether any frame wants its instructions traced.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(trace)
    try:
        optimizer.step()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_interrupted_step_is_whole_or_not_at_all(name):
    start, whole = (stepping(name, bp.BatchNorm(4)) for _ in range(2))
    whole.step()
    seen, number, came = set(), 0, True
    while came:
        number += 1
        optimizer = copy.deepcopy(start)
        came = interrupted_at(number, optimizer)
        assert_equal_state(optimizer, start if optimizer.steps == 2 else whole)
        if came:
            seen.add(optimizer.steps)
    assert number > 100
    assert seen == {2, 3}


def assert_equal_state(optimizer, wanted):
    assert_unchanged(parameters_of(wanted.network), optimizer.network)
    for memory, others in zip(wanted._memory, optimizer._memory, strict=True):
        for array, other in zip(memory, others, strict=True):
            np.testing.assert_array_equal(array, other)
    layer, other = (each.network.layers[1] for each in (optimizer, wanted))
    assert layer.batches == other.batches
    np.testing.assert_array_equal(layer.mean, other.mean)


def put_in_front(network):
    network.layers.insert(0, bp.Dense.from_arrays(np.eye(3), np.zeros(3)))


def append(network):
    network.layers.append(bp.Dense.from_arrays(np.eye(2), np.zeros(2)))


def remove_last(network):
    del network.layers[-1]


def replace_layer(network):
    network.layers[0] = bp.Dense(3, 4, rng=np.random.default_rng(0))


def replace_array(network):
    network.layers[2].W = network.layers[2].W.copy()


def make_read_only(network):
    network.layers[2].b.setflags(write=False)


CHANGES = {
    "put in front": (put_in_front, "made for W1, b1, W2, b2, but the network now has W1, b1, W2, "
        "b2, W3, b3: make a new one after changing the layers"),
    "appended": (append, "but the network now has W1, b1, W2, b2, W3, b3: make a new one"),
    "removed": (remove_last, "made for W1, b1, W2, b2, but the network now has W1, b1: make a new"),
    "a layer replaced": (replace_layer, "W1 is not the array it was when this "),
    "an array replaced": (replace_array, "W2 is not the array it was when this "),
    "read-only": (make_read_only, "b2 is read-only, so nothing can change it: call "
        'parameters["b2"].setflags(write=True), or build the layer from a copy'),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_network_that_has_changed_is_refused_before_anything_moves(name, change):
    optimizer = stepping(name)
    network, memory = optimizer.network, list(optimizer._memory)
    spoil, message = CHANGES[change]
    spoil(network)
    network.forward(np.ones((2, 3)))
    network.layers[-1].backward(
        np.ones((2, network.layers[-1].n_out if change != "removed" else 4))
    )
    for layer in network.layers:
        for own, value in layer.parameters.items():
            setattr(layer, f"d{own}", np.ones_like(value))
    before = parameters_of(network)
    with pytest.raises(ValueError, match=re.escape(message)):
        optimizer.step()
    assert_unchanged(before, network)
    assert optimizer.steps == 2
    assert all(map(is_, memory, optimizer._memory))
