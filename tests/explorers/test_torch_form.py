"""The PyTorch form of explorers' code: beside ours where PyTorch is, and in NumPy elsewhere."""

import html
import re
from types import SimpleNamespace

import numpy as np
import pytest

from bp_helpers.explorers import (
    BackwardExplorer,
    ForwardExplorer,
    GraphExplorer,
    OrderExplorer,
    OutputErrorExplorer,
    SoftmaxErrorExplorer,
    WholeNetworkExplorer,
)

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
    assert made["loss"].item() == pytest.approx(trace["loss"], rel=1e-12)
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


# ---- The other explorers that have one -----------------------------------------------------------


def run_with_torch(code):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    made = {}
    exec(code, made)
    return made


OTHERS = [GraphExplorer, OrderExplorer, OutputErrorExplorer, SoftmaxErrorExplorer]


@pytest.mark.parametrize("kind", [*OTHERS, ForwardExplorer, WholeNetworkExplorer])
def test_the_code_of_other_explorers_has_it_too_and_it_is_python(kind):
    made = kind()
    made.code_button.value = True
    _, theirs = re.findall("<pre>(.*?)</pre>", made.code_panel.value, re.DOTALL)
    compile(html.unescape(theirs), "theirs", "exec")
    assert html.unescape(theirs) == made.torch_code()
    assert max(map(len, made.torch_code().partition("torch.tensor")[2].splitlines())) <= 100


@pytest.mark.parametrize("preset", ["surest", "most wrong"])
def test_pytorch_gets_the_whole_networks_gradients(preset):
    explorer = WholeNetworkExplorer()
    explorer.use_preset(preset)
    made, trace = run_with_torch(explorer.torch_code()), explorer.numbers.trace
    for name in ("W1", "b1", "W2", "b2", "X"):
        np.testing.assert_allclose(made[name].grad.numpy(), trace[f"d{name}"], atol=1e-12)


def test_pytorch_gets_the_gradients_of_the_graph_of_numbers():
    explorer = GraphExplorer()
    explorer.set(x0=1.25, parameter=-2.0)
    made, nodes = run_with_torch(explorer.torch_code()), explorer.numbers.nodes
    assert made["loss"].item() == pytest.approx(nodes["L"].value, rel=1e-12)
    for name in ("W1", "W2", "b1", "b2"):
        for index in np.ndindex(tuple(made[name].shape)):
            node = nodes[f"{name}[{','.join(map(str, index))}]"]
            assert made[name].grad[index].item() == pytest.approx(node.grad, abs=1e-12)


def test_pytorch_gets_the_loss_of_the_forward_pass():
    explorer = ForwardExplorer()
    explorer.use_preset("a Chinstrap")
    made = run_with_torch(explorer.torch_code())
    assert made["loss"].item() == pytest.approx(explorer.numbers.trace["loss"], rel=1e-12)


@pytest.mark.parametrize("graph", ["y = (c + d) + c · d", "y = (a + b) + 1"])
def test_pytorch_finds_an_order_that_is_right(graph):
    explorer = OrderExplorer()
    explorer.set(graph=graph, a=-1.5, b=2.5)
    made = run_with_torch(explorer.torch_code())
    assert made["y"].item() == pytest.approx(explorer.numbers.values["y"])
    for name in ("a", "b"):
        assert made[name].grad.item() == pytest.approx(explorer.numbers.right[name])


@pytest.mark.parametrize("target", [0.0, 0.35, 1.0])
def test_pytorch_gets_the_deltas_of_one_output(target):
    explorer = OutputErrorExplorer()
    explorer.set(z=2.25, target=target)
    found = run_with_torch(explorer.torch_code())["found"]
    for name in ("squared", "cross"):
        ours = getattr(explorer.numbers, name)
        assert found[name] == pytest.approx((ours.loss, ours.delta), rel=1e-12)


def test_pytorch_gets_the_deltas_of_three_classes():
    explorer = SoftmaxErrorExplorer()
    explorer.set(z1=3.5, target="Gentoo")
    loss, delta = run_with_torch(explorer.torch_code())["found"]["cross"]
    assert loss == pytest.approx(explorer.numbers.loss, rel=1e-12)
    np.testing.assert_allclose(delta, explorer.numbers.delta, atol=1e-12)


def test_each_call_of_backward_is_one_in_pytorch():
    explorer = OrderExplorer()
    assert explorer.torch_code().count(".backward(") == 1
    explorer.use_preset("twice")
    code = explorer.torch_code()
    assert code.count(".backward(retain_graph=True)") == code.count(".backward()") == 1
    made = run_with_torch(code)
    assert [made[name].grad.item() for name in "ab"] == [2, 2]
