"""The machine that 10 builds, taken from its cells: beside `autograd`, PyTorch and the engine."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from run_notebooks import ROOT, read

from bp_helpers import running_example

CELLS = ["array", "operations", "functions", "in-order", "array-backward"]
NOTEBOOK = ROOT / "notebooks" / "11_autograd.ipynb"


@pytest.fixture(scope="module")
def machine():
    """What the cells define, by name."""
    sources = {cell.id: cell.source for cell in read(NOTEBOOK).cells}
    names = {"np": np}
    for cell in CELLS:
        exec(sources[cell], names)
    return names


def network(f, X, W1, b1, W2, b2):
    hidden = f["tanh"](X @ W1 + b1)
    return f["sum_of"](hidden @ W2 * (hidden @ W2) + b2)


def softmax_loss(f, X, W1, b1, W2, b2):
    Z = (X @ W1 + b1) @ W2 + b2
    return f["sum_of"](Z + f["log"](f["sum_of"](f["exp"](Z), axis=1)) * -1.0)


def reused(f, X, W1, b1, W2, b2):
    A = X @ W1
    return f["sum_of"](A * A + A * b1 + f["exp"](A) * A) + f["sum_of"](W2 * b2 * b2)


def stretched(f, X, W1, b1, W2, b2):
    """A row, a column and a single number, each stretched another way."""
    column = f["sum_of"](X, axis=1)
    return f["sum_of"](f["tanh"](column * b1 + f["sum_of"](b2)) * b1) + f["sum_of"](W1 @ W2)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in [(5, 2), (2, 3), (3,), (3, 2), (1, 2)]]


THEIRS = {
    "tanh": anp.tanh,
    "exp": anp.exp,
    "log": anp.log,
    "sum_of": lambda a, axis=None: anp.sum(a, axis=axis, keepdims=axis is not None),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("function", [network, softmax_loss, reused, stretched])
def test_it_agrees_with_autograd(machine, function, seed):
    given = arguments(seed)
    own = [machine["Array"](array) for array in given]
    output = function(machine, *own)
    for _ in range(2):  # a second call finds nothing of the first
        output.backward()
    theirs = autograd.grad(lambda arrays: function(THEIRS, *arrays))(given)
    for array, grad in zip(own, theirs, strict=True):
        assert array.grad.shape == array.value.shape
        np.testing.assert_allclose(array.grad, grad, rtol=1e-12, atol=1e-12)


def test_it_agrees_with_pytorch(machine):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    functions = {
        "tanh": torch.tanh,
        "exp": torch.exp,
        "log": torch.log,
        "sum_of": lambda a, axis=None: a.sum() if axis is None else a.sum(axis, keepdim=True),
    }
    for function in (network, softmax_loss, reused, stretched):
        own = [machine["Array"](array) for array in arguments(7)]
        function(machine, *own).backward()
        tensors = [torch.tensor(array, requires_grad=True) for array in arguments(7)]
        function(functions, *tensors).backward()
        for array, tensor in zip(own, tensors, strict=True):
            grad = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
            np.testing.assert_allclose(array.grad, grad, rtol=1e-12, atol=1e-12)


def test_a_broken_machine_would_be_noticed(machine):
    """Without summing back, the gradient of a stretched array has another shape."""
    own = [machine["Array"](array) for array in arguments(0)]
    broken = machine | {"back_to": lambda shape, grad: grad}
    sources = {cell.id: cell.source for cell in read(NOTEBOOK).cells}
    exec(sources["array-backward"].replace("def back_to", "def unused"), broken)
    broken["array_backward"](network(machine, *own))
    assert own[2].grad.shape != own[2].value.shape
    machine["Array"].backward = machine["array_backward"]


def test_the_seventeen_gradients(machine):
    example = running_example()
    Array, tanh = machine["Array"], machine["tanh"]
    own = {name: Array(array) for name, array in example.network.parameters.items()}

    def phi(z):
        return tanh(z * 0.5) * 0.5 + 0.5

    error = phi(phi(Array(example.x) @ own["W1"] + own["b1"]) @ own["W2"] + own["b2"]) + -example.y
    (machine["sum_of"](error * error) * 0.5).backward()
    trace = example.network.trace(example.x, example.y)
    for name, array in own.items():
        assert np.abs(array.grad - trace[f"d{name}"]).max() < 1e-15
    assert sum(array.grad.size for array in own.values()) == 17
