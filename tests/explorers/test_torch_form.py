"""The PyTorch form of the flagship's code: beside ours where PyTorch is, and in NumPy elsewhere."""

import html
import re
from types import SimpleNamespace

import numpy as np
import pytest

from bp_helpers.explorers import BackwardExplorer

KINDS = [
    (3, "Sigmoid", "SquaredError", False),
    (6, "Tanh", "BinaryCrossEntropy", True),
    (2, "ReLU", "SoftmaxCrossEntropy", True),
]


@pytest.fixture(params=KINDS, ids=str)
def explorer(request):
    made = BackwardExplorer()
    hidden, activation, loss, batch = request.param
    made.set(hidden=hidden, activation=activation, loss=loss, batch=batch)
    return made


def test_the_code_button_shows_it_below_ours(explorer):
    explorer.code_button.value = True
    ours, theirs = re.findall("<pre>(.*?)</pre>", explorer.code_panel.value, re.DOTALL)
    assert html.unescape(ours) == explorer.code()
    assert html.unescape(theirs) == explorer.torch_code()
    after_numbers = explorer.torch_code().partition("A1 = ")[2]
    assert max(map(len, after_numbers.splitlines())) <= 100


def test_pytorch_gets_our_gradients(explorer):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    made = {}
    exec(explorer.torch_code(), made)
    trace = explorer.numbers.trace
    assert float(made["loss"]) == pytest.approx(trace["loss"], rel=1e-12)
    for name in ("W1", "b1", "W2", "b2", "X"):
        np.testing.assert_allclose(made[name].grad.numpy(), trace[f"d{name}"], atol=1e-12)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def with_logits(z, y, reduction):
    assert reduction == "sum"
    return -(y * np.log(sigmoid(z)) + (1 - y) * np.log(1 - sigmoid(z))).sum()


def cross_entropy(z, y):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -(y * np.log(p)).sum(axis=1).mean()


def test_its_forward_pass_gives_our_loss_with_numpy_in_the_place_of_pytorch(explorer):
    """What PyTorch documents of the functions used: without PyTorch, half of the promise."""
    functional = SimpleNamespace(
        binary_cross_entropy_with_logits=with_logits, cross_entropy=cross_entropy
    )
    torch = SimpleNamespace(
        tensor=lambda values, requires_grad=False: np.array(values),
        sigmoid=sigmoid, tanh=np.tanh, relu=lambda z: np.maximum(z, 0),
        nn=SimpleNamespace(functional=functional),
    )  # fmt: skip
    code = explorer.torch_code()
    forward = code[code.index("X = ") : code.index("loss.backward()")]
    made = {"torch": torch}
    exec(forward, made)
    assert made["loss"] == pytest.approx(explorer.numbers.trace["loss"], rel=1e-9)
