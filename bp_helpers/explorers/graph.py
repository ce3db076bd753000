"""The running example as the graph that it is: folded to its layers, unfolded to its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from bp_helpers.explorers.chosen_number import ChosenNumberExplorer
from bp_helpers.explorers.controls import slider, tick
from bp_helpers.explorers.example_network import EXAMPLE, FAR, PARAMETERS, START
from bp_helpers.explorers.explorer import State
from bp_helpers.explorers.torch_form import torch_form
from bp_helpers.layers import Activation, Sigmoid
from bp_helpers.pictures import SIGMOIDS, FloatArray, GraphNode, Picture, network_graph, split_name

PARTS = ("layer1", "layer2", "loss")


@dataclass(frozen=True)
class GraphNumbers:
    """All nodes by name, each behind those that it is made from; which are shown; what is chosen.

    `folded` names the parts whose nodes are not shown.
    """

    nodes: dict[str, GraphNode]
    folded: tuple[str, ...]
    selected: str

    @property
    def shown(self) -> list[str]:
        """The names of the nodes that are in the picture."""
        return [name for name, node in self.nodes.items() if node.part not in self.folded]


class _Graph:
    """Makes nodes one after the other, and hands blame back when all are there."""

    # What each rule makes of the values that go in, and its slope along each of them.
    rules: ClassVar[Mapping[str, Callable[..., tuple[float, ...]]]] = {
        "{} × {}": lambda v, w: (v * w, w, v),
        "{} + {}": lambda v, w: (v + w, 1.0, 1.0),
        "{} − {}": lambda v, w: (v - w, 1.0, -1.0),
        "{}²": lambda v: (v * v, 2 * v),
        "φ({})": lambda z: _with_slope(Sigmoid(), z),
    }

    def __init__(self) -> None:
        self.nodes: dict[str, tuple[str, str, str, float, dict[str, float]]] = {}

    def given(self, part: str, name: str, label: str, value: float) -> str:
        self.nodes[name] = part, label, "", float(value), {}
        return name

    def made(self, part: str, name: str, label: str, rule: str, *inputs: str) -> str:
        value, *slopes = self.rules[rule](*(self.nodes[one][3] for one in inputs))
        along = dict(zip(inputs, slopes, strict=True))
        self.nodes[name] = part, label, rule.format(*inputs), value, along
        return name

    def with_blame(self) -> dict[str, GraphNode]:
        """Return the nodes; whoever was made later hands on earlier."""
        grads = dict.fromkeys(self.nodes, 0.0)
        fed: dict[str, list[tuple[str, float]]] = {name: [] for name in self.nodes}
        grads[[*self.nodes][-1]] = 1.0
        for name in reversed([*self.nodes]):
            for one, slope in self.nodes[name][4].items():
                grads[one] += slope * grads[name]
                fed[one].append((name, slope))
        return {
            name: GraphNode(
                name, part, label, rule, value, grads[name], tuple(slopes), tuple(fed[name])
            )
            for name, (part, label, rule, value, slopes) in self.nodes.items()
        }


def example_graph(
    W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray, x0: float, x1: float,
    layer1: bool, layer2: bool, loss: bool, selected: str,
) -> GraphNumbers:  # fmt: skip
    """Return every number of the running example that remembers, with its gradient."""
    graph = _Graph()
    A = [graph.given("", f"X[{i}]", f"x{i}", x) for i, x in enumerate((x0, x1))]
    for layer, (W, b) in enumerate([(W1, b1), (W2, b2)], 1):
        A = [_neuron(graph, layer, j, A, W, b) for j in range(len(b))]
    squares = []
    for k, a in enumerate(A):
        y = graph.given("loss", f"Y[{k}]", f"y{k}", EXAMPLE.y[0, k])
        error = graph.made("loss", f"E[{k}]", f"e{k}", "{} − {}", a, y)
        squares.append(graph.made("loss", f"E[{k}]²", "²", "{}²", error))
    total = graph.made("loss", "S", "+", "{} + {}", *squares)
    half = graph.given("loss", "½", "½", 0.5)
    graph.made("", "L", "L", "{} × {}", total, half)
    unfolded = (layer1, layer2, loss)
    folded = tuple(part for part, open_ in zip(PARTS, unfolded, strict=True) if not open_)
    return GraphNumbers(graph.with_blame(), folded, selected)


def _neuron(
    graph: _Graph, layer: int, j: int, inputs: Sequence[str], W: FloatArray, b: FloatArray
) -> str:
    """Add a neuron's numbers: each product is added to the sum so far, which begins with b."""
    part = f"layer{layer}"
    z = graph.given(part, f"b{layer}[{j}]", f"b{j}", b[j])
    for i, one in enumerate(inputs):
        w = graph.given(part, f"W{layer}[{i},{j}]", f"w{i}{j}", W[i, j])
        product = graph.made(part, f"P{layer}[{i},{j}]", "×", "{} × {}", one, w)
        is_last = i == len(inputs) - 1
        name, label = (f"Z{layer}[{j}]", f"z{j}") if is_last else (f"S{layer}[{i},{j}]", "+")
        z = graph.made(part, name, label, "{} + {}", z, product)
    return graph.made("", f"A{layer}[{j}]", f"a{j}", "φ({})", z)


def _with_slope(phi: Activation, z: float) -> tuple[float, float]:
    """Return what an activation of the engine makes of one number, and its slope there."""
    return phi.forward([[z]]).item(), phi.backward([[1.0]]).item()


def graph_picture(numbers: GraphNumbers) -> Picture:
    """Draw the graph, its folded parts as boxes."""
    return network_graph(numbers.nodes, numbers.folded, numbers.selected)


AT_START = example_graph(**START, x0=0, x1=0, layer1=True, layer2=True, loss=True, selected="")


class GraphExplorer(ChosenNumberExplorer):
    """The running example as a graph: tick a layer to unfold it to the numbers that it is made of.

    Choose a node to see where its value comes from and where its blame. A parameter that is chosen
    gets the slider; a folded layer that is chosen unfolds.
    """

    compute, draw = example_graph, graph_picture
    slot, arrays, first = "parameter", PARAMETERS, "W1[0,0]"
    told: ClassVar = ("L = ",)
    in_picture: ClassVar = {"x0": "X[0]", "x1": "X[1]"}
    controls: ClassVar = {
        "x0": slider("x0 bill length", EXAMPLE.x[0, 0], -3, 3, 0.01, *FAR),
        "x1": slider("x1 bill depth", EXAMPLE.x[0, 1], -3, 3, 0.01, *FAR),
        "parameter": slider("W1[0,0]", START["W1"][0, 0], -3, 3, 0.01, *FAR),
        "layer1": tick("unfold layer 1"),
        "layer2": tick("unfold layer 2"),
        "loss": tick("unfold the loss"),
    }
    rows: ClassVar = [["x0", "x1"], ["parameter", "layer1", "layer2", "loss"]]
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "unfold all": dict.fromkeys(PARTS, True),
        "two shares meet": {"layer2": True, "selected": "A1[0]"},
    }

    @classmethod
    def start_state(cls) -> State:
        """Return the penguin and the parameters of the running example, `W1[0,0]` chosen."""
        return {**START, **super().start_state()}

    def torch_code(self) -> str:
        """Return the same network in PyTorch, written with arrays."""
        X = np.array([[self.state["x0"], self.state["x1"]]])
        parameters = {name: self.state[name] for name in PARAMETERS}
        return torch_form({"X": X, "Y": EXAMPLE.y, **parameters}, SIGMOIDS)

    def choose(self, name: str) -> None:
        """Select a node, or unfold the part that is called so."""
        self.set(selected=name, **({name: True} if name in PARTS else {}))

    def changeable(self, name: str, state: State) -> tuple[str, tuple[int, ...]] | None:
        """Return the parameter that `name` is, if it is one."""
        if name not in AT_START.nodes and name not in PARTS:
            raise ValueError(f"{name!r} is not a node of the graph: one is called W1[0,0]")
        if name in PARTS or name[:2] not in PARAMETERS:
            return None
        kind, layer, index = split_name(name)
        return f"{kind}{layer}", index
