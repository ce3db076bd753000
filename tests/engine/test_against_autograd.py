"""Random networks against HIPS autograd: formulas written here, derivatives found by a machine.

Nothing below goes through the engine: each formula is the textbook's, in autograd's NumPy, and is
differentiated by autograd.
"""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, value_and_grad
from helpers import ACTIVATIONS, LOSSES, keep_off_kinks, make_network

import bp_helpers as bp

PHI = {
    "Sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "Tanh": anp.tanh,
    "ReLU": lambda z: anp.maximum(z, 0),
    "LeakyReLU": lambda z: anp.where(z > 0, z, 0.1 * z),
    "Identity": lambda z: z,
    "GELU": lambda z: 0.5 * z * (1 + anp.tanh(anp.sqrt(2 / anp.pi) * (z + 0.044715 * z**3))),
}


def squared_error(prediction, target):
    return 0.5 * anp.mean(anp.sum((prediction - target) ** 2, axis=1))


def binary_cross_entropy(logits, target):
    p = 1 / (1 + anp.exp(-logits))
    return -anp.mean(anp.sum(target * anp.log(p) + (1 - target) * anp.log(1 - p), axis=1))


def softmax_cross_entropy(logits, target):
    powers = anp.exp(logits)
    p = powers / anp.sum(powers, axis=1, keepdims=True)
    one_hot = anp.eye(logits.shape[1])[target] if target.ndim == 1 else target
    return -anp.mean(anp.sum(one_hot * anp.log(p), axis=1))


COST = {
    bp.SquaredError: squared_error,
    bp.BinaryCrossEntropy: binary_cross_entropy,
    bp.SoftmaxCrossEntropy: softmax_cross_entropy,
}


def cost_of(names, cost, target):
    """Return the loss as a function of x and of W1, b1, W2, b2, ..."""

    def loss(x, *parameters):
        output = x
        for k, name in enumerate([*names, "Identity"]):
            output = PHI[name](anp.dot(output, parameters[2 * k]) + parameters[2 * k + 1])
        return cost(output, target)

    return loss


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("seed", range(8))
def test_random_networks(seed, name):
    rng = np.random.default_rng([seed, len(name)])
    depth, n = rng.integers(1, 6), int(rng.integers(1, 8))
    sizes = rng.integers(1, 7, depth + 1).tolist()
    names = rng.choice(list(PHI), depth - 1).tolist()
    make_loss, targets = LOSSES[name]
    network = make_network(sizes, [ACTIVATIONS[k]() for k in names], make_loss(), rng)
    x, y = rng.normal(size=(n, sizes[0])), targets(rng, n, sizes[-1])
    keep_off_kinks(network, x)

    value = network.loss_value(x, y)
    dX = network.backward()
    parameters = list(network.parameters.values())
    loss = cost_of(names, COST[make_loss], y)
    assert value == pytest.approx(float(loss(x, *parameters)), rel=1e-12, abs=1e-14)
    everything = tuple(range(len(parameters) + 1))
    theirs = grad(loss, everything)(x, *parameters)
    ours = [dX, *network.gradients.values()]
    for k, (mine, wanted) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_allclose(mine, wanted, rtol=1e-9, atol=1e-13, err_msg=f"{names} {k}")


def test_a_training_run_stays_with_autograd():
    """Thirty steps of gradient descent: an error of any step would grow in the next ones."""
    rng = np.random.default_rng(0)
    network = make_network([3, 5, 4, 2], [bp.Tanh(), bp.GELU()], bp.SoftmaxCrossEntropy(), rng)
    x, y = rng.normal(size=(9, 3)), rng.integers(0, 2, 9)
    theirs = [array.copy() for array in network.parameters.values()]
    loss = cost_of(["Tanh", "GELU"], softmax_cross_entropy, y)
    slopes = value_and_grad(lambda parameters: loss(x, *parameters))
    optimizer = bp.GradientDescent(network, 0.5)
    for _ in range(30):
        value = network.loss_value(x, y)
        network.backward()
        optimizer.step()
        wanted, gradients = slopes(theirs)
        assert value == pytest.approx(wanted, rel=1e-9)
        theirs = [array - 0.5 * g for array, g in zip(theirs, gradients, strict=True)]
    for (name, array), wanted in zip(network.parameters.items(), theirs, strict=True):
        np.testing.assert_allclose(array, wanted, rtol=1e-9, err_msg=name)
