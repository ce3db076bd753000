"""The running example worked out by hand, with Python floats only, against the engine."""

from math import exp

import numpy as np
import pytest

import bp_helpers as bp


def sigmoid(z):
    return 1 / (1 + exp(-z))


def test_running_example_forward_backward_and_one_step():
    # Forward: each hidden neuron takes x1 = -0.76 and x2 = 0.45, and adds its bias.
    z1_1 = -0.76 * -0.6 + 0.45 * 1.4 - 0.7
    z1_2 = -0.76 * 1.1 + 0.45 * 0.3 - 0.1
    z1_3 = -0.76 * 0.8 + 0.45 * -1.6 + 1.0
    a1_1, a1_2, a1_3 = sigmoid(z1_1), sigmoid(z1_2), sigmoid(z1_3)
    # Each output takes the three hidden activations.
    z2_1 = a1_1 * 1.8 + a1_2 * -1.3 + a1_3 * -0.5 - 0.9
    z2_2 = a1_1 * 0.2 + a1_2 * 1.5 + a1_3 * 1.9 - 1.2
    a2_1, a2_2 = sigmoid(z2_1), sigmoid(z2_2)
    # The target is (1, 0); one example, so the mean over the examples is that example's loss.
    loss = ((a2_1 - 1) ** 2 + (a2_2 - 0) ** 2) / 2

    # Backward. The loss at the outputs: d/da of (a - y)^2 / 2 is a - y.
    dA2_1, dA2_2 = a2_1 - 1, a2_2 - 0
    # Through the sigmoid, whose slope is a (1 - a): the blame of each output neuron.
    delta2_1 = dA2_1 * a2_1 * (1 - a2_1)
    delta2_2 = dA2_2 * a2_2 * (1 - a2_2)
    # A weight's gradient: the activation that goes in times the blame of the neuron it goes to.
    dW2_11, dW2_12 = a1_1 * delta2_1, a1_1 * delta2_2
    dW2_21, dW2_22 = a1_2 * delta2_1, a1_2 * delta2_2
    dW2_31, dW2_32 = a1_3 * delta2_1, a1_3 * delta2_2
    # A hidden neuron reaches the loss by two paths, through output 1 and through output 2.
    dA1_1 = 1.8 * delta2_1 + 0.2 * delta2_2
    dA1_2 = -1.3 * delta2_1 + 1.5 * delta2_2
    dA1_3 = -0.5 * delta2_1 + 1.9 * delta2_2
    delta1_1 = dA1_1 * a1_1 * (1 - a1_1)
    delta1_2 = dA1_2 * a1_2 * (1 - a1_2)
    delta1_3 = dA1_3 * a1_3 * (1 - a1_3)
    dW1_11, dW1_12, dW1_13 = -0.76 * delta1_1, -0.76 * delta1_2, -0.76 * delta1_3
    dW1_21, dW1_22, dW1_23 = 0.45 * delta1_1, 0.45 * delta1_2, 0.45 * delta1_3
    # An input reaches the loss by three paths, one through each hidden neuron.
    dX_1 = -0.6 * delta1_1 + 1.1 * delta1_2 + 0.8 * delta1_3
    dX_2 = 1.4 * delta1_1 + 0.3 * delta1_2 - 1.6 * delta1_3

    by_hand = {
        "X": [[-0.76, 0.45]],
        "W1": [[-0.6, 1.1, 0.8], [1.4, 0.3, -1.6]],
        "b1": [-0.7, -0.1, 1.0],
        "Z1": [[z1_1, z1_2, z1_3]],
        "A1": [[a1_1, a1_2, a1_3]],
        "W2": [[1.8, 0.2], [-1.3, 1.5], [-0.5, 1.9]],
        "b2": [-0.9, -1.2],
        "Z2": [[z2_1, z2_2]],
        "A2": [[a2_1, a2_2]],
        "Y": [[1.0, 0.0]],
        "loss": loss,
        "dA2": [[dA2_1, dA2_2]],
        "delta2": [[delta2_1, delta2_2]],
        "dW2": [[dW2_11, dW2_12], [dW2_21, dW2_22], [dW2_31, dW2_32]],
        "db2": [delta2_1, delta2_2],  # a bias is a weight whose input is always 1
        "dA1": [[dA1_1, dA1_2, dA1_3]],
        "delta1": [[delta1_1, delta1_2, delta1_3]],
        "dW1": [[dW1_11, dW1_12, dW1_13], [dW1_21, dW1_22, dW1_23]],
        "db1": [delta1_1, delta1_2, delta1_3],
        "dX": [[dX_1, dX_2]],
    }
    example = bp.running_example()
    trace = example.network.trace(example.x, example.y)
    assert list(trace) == list(by_hand)
    for name, value in by_hand.items():
        np.testing.assert_allclose(trace[name], value, rtol=1e-12, atol=0, err_msg=name)

    # The engine without the trace: the same numbers by forward, backward and parameters.
    example = bp.running_example()
    network = example.network
    np.testing.assert_allclose(network.forward(example.x), [[a2_1, a2_2]], rtol=1e-12)
    assert network.loss_value(example.x, example.y) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(network.backward(), [[dX_1, dX_2]], rtol=1e-12)
    for name, gradient in network.gradients.items():
        np.testing.assert_allclose(gradient, by_hand[f"d{name}"], rtol=1e-12, err_msg=name)

    # One step of gradient descent with eta = 2: every parameter minus eta times its gradient.
    bp.GradientDescent(network, learning_rate=2).step()
    z1_1 = -0.76 * (-0.6 - 2 * dW1_11) + 0.45 * (1.4 - 2 * dW1_21) + (-0.7 - 2 * delta1_1)
    z1_2 = -0.76 * (1.1 - 2 * dW1_12) + 0.45 * (0.3 - 2 * dW1_22) + (-0.1 - 2 * delta1_2)
    z1_3 = -0.76 * (0.8 - 2 * dW1_13) + 0.45 * (-1.6 - 2 * dW1_23) + (1.0 - 2 * delta1_3)
    a1_1, a1_2, a1_3 = sigmoid(z1_1), sigmoid(z1_2), sigmoid(z1_3)
    z2_1 = a1_1 * (1.8 - 2 * dW2_11) + a1_2 * (-1.3 - 2 * dW2_21) + a1_3 * (-0.5 - 2 * dW2_31)
    z2_2 = a1_1 * (0.2 - 2 * dW2_12) + a1_2 * (1.5 - 2 * dW2_22) + a1_3 * (1.9 - 2 * dW2_32)
    a2_1 = sigmoid(z2_1 + (-0.9 - 2 * delta2_1))
    a2_2 = sigmoid(z2_2 + (-1.2 - 2 * delta2_2))
    loss_after = ((a2_1 - 1) ** 2 + a2_2**2) / 2
    assert network.loss_value(example.x, example.y) == pytest.approx(loss_after, rel=1e-12)
    assert loss_after < loss


def test_two_examples_are_averaged_once():
    # z = 3 * 2 - 1 = 5 and z = 3 * -1 - 1 = -4; targets 4 and 0; errors 1 and -4.
    network = bp.Network([bp.Dense.from_arrays(W=[[3.0]], b=[-1.0])], bp.SquaredError())
    loss = network.loss_value([[2.0], [-1.0]], [[4.0], [0.0]])
    assert loss == (1 / 2 * 1**2 + 1 / 2 * (-4) ** 2) / 2
    dX = network.backward()
    dense = network.layers[0]
    np.testing.assert_array_equal(dense.dW, [[(2 * 1 + -1 * -4) / 2]])
    np.testing.assert_array_equal(dense.db, [(1 - 4) / 2])
    np.testing.assert_array_equal(dX, [[3 * 1 / 2], [3 * -4 / 2]])


def test_published_example_with_its_printed_loss_corrected():
    # A worked 2-2-2 example found in many places: inputs 0.05 and 0.10, targets 0.01 and 0.99, one
    # step with eta = 0.5 that leaves the biases alone. Its loss after the step is printed as
    # 0.291027924, which comes from changing W2 before the error has passed back through it.
    hidden = bp.Dense.from_arrays(W=[[0.15, 0.25], [0.20, 0.30]], b=[0.35, 0.35])
    output = bp.Dense.from_arrays(W=[[0.40, 0.50], [0.45, 0.55]], b=[0.60, 0.60])
    network = bp.Network([hidden, bp.Sigmoid(), output, bp.Sigmoid()], bp.SquaredError())
    x, y = [[0.05, 0.10]], [[0.01, 0.99]]
    assert network.loss_value(x, y) == pytest.approx(0.298371109, abs=5e-10)
    network.backward()
    hidden.W -= 0.5 * hidden.dW
    output.W -= 0.5 * output.dW
    assert network.loss_value(x, y) == pytest.approx(0.29102777369, abs=5e-12)
