"""The PyTorch form of explorers' code: beside ours where PyTorch is, and in NumPy elsewhere."""

import html
import re
from types import SimpleNamespace

import numpy as np
import pytest

from bp_helpers import load_penguins
from bp_helpers.explorers import (
    BackwardExplorer,
    DepthExplorer,
    DescentExplorer,
    ForwardExplorer,
    GraphExplorer,
    MatrixExplorer,
    NumberLinesExplorer,
    OneStepExplorer,
    OrderExplorer,
    OutputErrorExplorer,
    PathsExplorer,
    ShardsExplorer,
    SoftmaxErrorExplorer,
    TrainingExplorer,
    WhichEndExplorer,
    WholeNetworkExplorer,
)
from bp_helpers.pictures.chain_areas import total

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
    assert max(map(len, explorer.torch_code().splitlines())) <= 100


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


OTHERS = [
    DepthExplorer, DescentExplorer, ForwardExplorer, GraphExplorer, MatrixExplorer,
    NumberLinesExplorer, OneStepExplorer, OrderExplorer, OutputErrorExplorer, PathsExplorer,
    ShardsExplorer, SoftmaxErrorExplorer, TrainingExplorer, WhichEndExplorer, WholeNetworkExplorer,
]  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_the_code_of_other_explorers_has_it_too_and_it_is_python(kind):
    made = kind()
    made.code_button.value = True
    _, theirs = re.findall("<pre>(.*?)</pre>", made.code_panel.value, re.DOTALL)
    compile(html.unescape(theirs), "theirs", "exec")
    assert html.unescape(theirs) == made.torch_code()
    lines = made.torch_code().splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100


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


@pytest.mark.parametrize(("x", "u", "v", "y"), [
    (0.3, "triple", "square", "tanh"),
    (-0.5, "half", "sin", "sigmoid"),
    (1.25, "plus one", "negative", "exp of minus"),
])  # fmt: skip
def test_pytorch_multiplies_the_slopes_of_a_chain(x, u, v, y):
    explorer = NumberLinesExplorer()
    explorer.set(x=x, u=u, v=v, y=y)
    made = run_with_torch(explorer.torch_code())
    assert made["x"].grad.item() == pytest.approx(explorer.numbers.product, rel=1e-12)
    for quantity in explorer.numbers.chain:
        assert made[quantity.name].item() == pytest.approx(quantity.value, rel=1e-12)


@pytest.mark.parametrize("cuts", ["000", "100", "010", "001", "110", "101", "011"])
def test_pytorch_adds_up_the_paths_that_are_not_cut(cuts):
    explorer = PathsExplorer()
    explorer.set(a=-1.2, **{f"cut{k}": cut == "1" for k, cut in enumerate(cuts, 1)})
    made = run_with_torch(explorer.torch_code())
    assert made["y"].item() == pytest.approx(explorer.numbers.values["y"], rel=1e-12)
    assert made["a"].grad.item() == pytest.approx(explorer.numbers.total, rel=1e-12)


def test_nothing_reaches_a_in_pytorch_where_all_paths_are_cut():
    explorer = PathsExplorer()
    explorer.set(cut1=True, cut2=True, cut3=True)
    assert explorer.numbers.total == 0
    assert run_with_torch(explorer.torch_code())["a"].grad is None


@pytest.mark.parametrize("value", [-0.76, 2.5])
def test_pytorch_gets_the_output_of_the_layer(value):
    explorer = MatrixExplorer()
    explorer.set(value=value)
    made = run_with_torch(explorer.torch_code())
    np.testing.assert_allclose(made["Z1"].numpy(), explorer.numbers.Z1, rtol=1e-12)


@pytest.mark.parametrize("penguins", ["one Adelie", "178 of two species"])
@pytest.mark.parametrize("steps", [0, 2])
def test_pytorch_takes_the_step(penguins, steps):
    explorer = OneStepExplorer()
    explorer.set(penguins=penguins, rate=2.0)
    for _ in range(steps):
        explorer.take_step()
    explorer.set(rate=5.0)
    made, numbers = run_with_torch(explorer.torch_code()), explorer.numbers
    found = [made[name].item() for name in ("before", "promised_drop", "after")]
    assert found == pytest.approx([numbers.before, numbers.promised_drop, numbers.after], rel=1e-12)


@pytest.mark.parametrize("kind", [
    "a plain network", "with batch normalisation", "root of the mean",
])  # fmt: skip
@pytest.mark.parametrize("borders", [(7, 13), (5, 6)])
def test_pytorch_puts_the_gradient_together_from_the_parts(kind, borders):
    explorer = ShardsExplorer()
    explorer.set(kind=kind, border1=borders[0], border2=borders[1])
    made = run_with_torch(explorer.torch_code())
    for name in ("means", "weighted", "whole"):
        for theirs, ours in zip(made[name], getattr(explorer.numbers, name), strict=True):
            np.testing.assert_allclose(theirs.detach().numpy(), ours, atol=1e-12)


@pytest.mark.parametrize("data", [None, load_penguins(seed=3)])
def test_pytorch_trains_to_the_same_network(data):
    explorer = TrainingExplorer(data)
    for optimizer, rate in [
        ("Momentum", 0.1), ("Momentum", 0.05), ("Adam", 0.02), ("GradientDescent", 0.5),
        ("Adam", 0.01),
    ]:  # fmt: skip
        explorer.set(optimizer=optimizer, learning_rate=rate, batch_size=64)
        explorer.train(2)
    made = run_with_torch(explorer.torch_code())
    assert made["loss"].item() == pytest.approx(explorer.numbers.history[-1].loss, rel=1e-9)
    for name, ours in explorer.state["training"].network.parameters.items():
        np.testing.assert_allclose(made[name].detach().numpy(), ours, atol=1e-9)


def test_pytorch_begins_with_the_same_network():
    explorer = TrainingExplorer()
    loss = run_with_torch(explorer.torch_code())["loss"].item()
    assert loss == pytest.approx(explorer.numbers.history[0].loss, rel=1e-12)


@pytest.mark.parametrize("preset", ["jumps across", "plateau", "momentum misses the turn"])
def test_pytorch_goes_down_in_three_ways(preset):
    explorer = DescentExplorer()
    explorer.use_preset(preset)
    found = run_with_torch(explorer.torch_code())["found"]
    for path in explorer.numbers.paths:
        point, loss = found[path.name]
        assert point == pytest.approx(path.points[-1], abs=1e-6)
        assert loss == pytest.approx(path.losses[-1], rel=1e-6)


@pytest.mark.parametrize("preset", ["a network and its loss", "one input", "a bottleneck"])
def test_pytorch_counts_the_multiplications(preset):
    explorer = WhichEndExplorer()
    explorer.use_preset(preset)
    numbers = explorer.numbers
    assert run_with_torch(explorer.torch_code())["found"] == {
        "from the front": total(numbers.from_front),
        "from the back": total(numbers.from_back),
        "the best there is": numbers.best,
    }


@pytest.mark.parametrize("state", [
    {},
    {"activation": "ReLU", "layers": 1, "scale": 1.4, "biases": 0.5},
    {"activation": "LeakyReLU", "layers": 30, "width": 4, "norm": True},
    {"activation": "GELU", "layers": 5, "biases": 1.0, "skip": True},
    {"activation": "Tanh", "starts": "twenty", "norm": True, "skip": True},
], ids=str)  # fmt: skip
def test_pytorch_gets_the_sizes_of_each_layer(state):
    explorer = DepthExplorer()
    explorer.set(**state)
    made = run_with_torch(explorer.torch_code())
    for name in ("spread", "lengths"):
        theirs = np.median([each.detach().numpy() for each in made[name]], axis=1)
        np.testing.assert_allclose(theirs, getattr(explorer.numbers, name)[0], rtol=1e-9)
