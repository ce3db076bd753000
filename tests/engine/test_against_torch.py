"""The same networks and steps in PyTorch, where it is installed; nothing else here needs it."""

import numpy as np
import pytest
from helpers import ACTIVATIONS, LOSSES, keep_off_kinks, make_network

import bp_helpers as bp

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

THEIR_ACTIVATIONS = {
    "Sigmoid": torch.sigmoid,
    "Tanh": torch.tanh,
    "ReLU": torch.relu,
    "LeakyReLU": lambda z: torch.nn.functional.leaky_relu(z, 0.1),
    "Identity": lambda z: z,
    "GELU": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
}
# PyTorch's means are over all outputs, ours over the examples only
THEIR_LOSSES = {
    bp.SquaredError: lambda z, t: torch.nn.functional.mse_loss(z, t, reduction="sum") / 2 / len(z),
    bp.BinaryCrossEntropy: lambda z, t: (
        torch.nn.functional.binary_cross_entropy_with_logits(z, t.to(z.dtype), reduction="sum")
        / len(z)
    ),
    bp.SoftmaxCrossEntropy: torch.nn.functional.cross_entropy,
}
THEIR_OPTIMIZERS = {
    "GradientDescent": (
        lambda network: bp.GradientDescent(network, 0.1),
        lambda tensors: torch.optim.SGD(tensors, lr=0.1),
    ),
    "Momentum": (
        lambda network: bp.Momentum(network, 0.05, momentum=0.8),
        lambda tensors: torch.optim.SGD(tensors, lr=0.05, momentum=0.8),
    ),
    "Adam": (
        lambda network: bp.Adam(network, 0.01, beta1=0.8, beta2=0.95, epsilon=1e-6),
        lambda tensors: torch.optim.Adam(tensors, lr=0.01, betas=(0.8, 0.95), eps=1e-6),
    ),
    "Adam as it comes": (bp.Adam, torch.optim.Adam),
}


def tensors_of(network):
    return [torch.tensor(array, requires_grad=True) for array in network.parameters.values()]


def their_loss(tensors, phi, loss, x, y):
    W1, b1, W2, b2 = tensors
    return loss(phi(x @ W1 + b1) @ W2 + b2, torch.tensor(y))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients(activation, loss):
    rng = np.random.default_rng(1)
    make_loss, targets = LOSSES[loss]
    network = make_network([4, 5, 3], [ACTIVATIONS[activation]()], make_loss(), rng)
    x, y = rng.normal(size=(6, 4)), targets(rng, 6, 3)
    keep_off_kinks(network, x)
    tensors, their_x = tensors_of(network), torch.tensor(x, requires_grad=True)
    value = network.loss_value(x, y)
    dX = network.backward()
    theirs = their_loss(tensors, THEIR_ACTIVATIONS[activation], THEIR_LOSSES[make_loss], their_x, y)
    theirs.backward()
    assert value == pytest.approx(theirs.item(), rel=1e-12)
    ours = [dX, *network.gradients.values()]
    for mine, tensor in zip(ours, [their_x, *tensors], strict=True):
        np.testing.assert_allclose(mine, tensor.grad.numpy(), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", THEIR_OPTIMIZERS)
def test_twenty_steps(name, dtype):
    rng = np.random.default_rng(2)
    network = make_network([4, 5, 3], [bp.Tanh()], bp.SoftmaxCrossEntropy(), rng, dtype)
    tensors = tensors_of(network)
    make_ours, make_theirs = THEIR_OPTIMIZERS[name]
    ours, theirs = make_ours(network), make_theirs(tensors)
    for _ in range(20):
        x, y = rng.normal(size=(6, 4)).astype(dtype), rng.integers(0, 3, 6)
        network.loss_value(x, y)
        network.backward()
        ours.step()
        theirs.zero_grad()
        loss = THEIR_LOSSES[bp.SoftmaxCrossEntropy]
        their_loss(tensors, torch.tanh, loss, torch.tensor(x), y).backward()
        theirs.step()
    rounding = {"rtol": 1e-9} if dtype == np.float64 else {"rtol": 1e-3, "atol": 1e-5}
    for array, tensor in zip(network.parameters.values(), tensors, strict=True):
        np.testing.assert_allclose(array, tensor.detach().numpy(), **rounding)


def their_batch_norm(x, gamma, beta):
    return torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=1e-5)


def test_batch_norm_and_residual():
    rng = np.random.default_rng(3)
    inside = [bp.Dense(4, 4, rng=rng), bp.BatchNorm(4), bp.Tanh()]
    layers = [
        bp.Dense(3, 4, rng=rng),
        bp.BatchNorm(4),
        bp.Residual(inside),
        bp.Dense(4, 2, rng=rng),
    ]
    network = bp.Network(layers, bp.SquaredError())
    for array in network.parameters.values():
        array += rng.normal(0, 0.3, array.shape)
    x, y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    tensors, their_x = tensors_of(network), torch.tensor(x, requires_grad=True)
    W1, b1, gamma2, beta2, W3, b3, gamma4, beta4, W5, b5 = tensors
    a = their_batch_norm(their_x @ W1 + b1, gamma2, beta2)
    a = a + torch.tanh(their_batch_norm(a @ W3 + b3, gamma4, beta4))
    theirs = THEIR_LOSSES[bp.SquaredError](a @ W5 + b5, torch.tensor(y))
    theirs.backward()
    assert network.loss_value(x, y) == pytest.approx(theirs.item(), rel=1e-12)
    ours = [network.backward(), *network.gradients.values()]
    for mine, tensor in zip(ours, [their_x, *tensors], strict=True):
        np.testing.assert_allclose(mine, tensor.grad.numpy(), rtol=1e-8, atol=1e-13)
