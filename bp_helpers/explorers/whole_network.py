"""The whole running network, trained: every value and every gradient at once, for any penguin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.data import Dataset
from bp_helpers.explorers.controls import LONG, whole_slider
from bp_helpers.explorers.data_sets import for_a_map, penguins
from bp_helpers.explorers.example_network import EXAMPLE, GIVEN, PARAMETERS, ExampleNetworkExplorer
from bp_helpers.explorers.explorer import State
from bp_helpers.explorers.forward import EXTENT, decisions, first_two_classes, surface_picture
from bp_helpers.explorers.torch_form import torch_form
from bp_helpers.explorers.trained_network import (
    network_with,
    rounded,
    rounded_parameters,
    trained_with,
)
from bp_helpers.layers import Dense, Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    SIGMOIDS,
    FloatArray,
    Highlight,
    Picture,
    Trace,
    beside,
    gradient_bars,
    network_diagram,
)

SIDE = 160  # of the decision surface in the picture, in pixels
LAST = 10**6  # or as far as there are penguins
GRADIENTS = [f"d{name}" for name in PARAMETERS]
EVERYTHING = frozenset(
    [*GIVEN, *GRADIENTS, "Z1", "A1", "Z2", "A2", "loss", "dA2", "delta2", "dA1", "delta1", "dX"]
)


@dataclass(frozen=True)
class WholeNetworkNumbers:
    """Every value of both passes for penguin number `penguin`, and the answers everywhere else.

    `surface` has shape (40, 40, 2), its first row at the top; `right` is the share of the first two
    classes of `data` that is classified correctly: of the Adelie and Chinstrap penguins.
    """

    trace: Trace
    surface: FloatArray
    right: float
    penguin: int
    selected: str
    data: Dataset


def from_surest_to_most_wrong(
    data: Dataset, parameters: Mapping[str, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Return all examples in the order of the loss with these parameters: x and y, both (n, 2).

    The measurements are rounded to two digits, as far as the sliders go, and end where they end.
    """
    x, classes = first_two_classes(data)
    x, y = np.clip(np.round(x, 2), *EXTENT[:2]), np.eye(2)[classes]
    losses = ((network_with(parameters).predict(x) - y) ** 2).sum(axis=1)
    order = np.round(losses, 12).argsort(kind="stable")  # equal losses must not differ by rounding
    return x[order], y[order]


@cache
def penguins_in_order() -> tuple[FloatArray, FloatArray]:
    """Return the 219 penguins, from the one that the trained network is surest of: x and y."""
    return from_surest_to_most_wrong(penguins(), rounded_parameters())


def whole_network(
    W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray,
    x0: float, x1: float, y0: float, y1: float, penguin: int, selected: str,
    data: Dataset,
) -> WholeNetworkNumbers:  # fmt: skip
    """Return all values of both passes, and what the network says of all other measurements."""
    layers = [Dense.from_arrays(W1, b1), Sigmoid(), Dense.from_arrays(W2, b2), Sigmoid()]
    network = Network(layers, SquaredError())
    surface, right = decisions(network, data)
    trace = network.trace([[x0, x1]], [[y0, y1]])
    return WholeNetworkNumbers(trace, surface, right, penguin, selected, data)


def whole_network_picture(numbers: WholeNetworkNumbers) -> Picture:
    """Draw the network, the gradients as bars and the decision surface, all side by side."""
    trace, chosen, data = numbers.trace, numbers.selected, numbers.data
    highlight = Highlight(EVERYTHING, (), (), chosen, gradients=True)
    last = len(first_two_classes(data)[0]) - 1
    one = "Penguin" if data is penguins() else "Example"
    caption = f"{one} {numbers.penguin}, from 0, the surest, to {last}, the most wrong"
    gradient = chosen if chosen.startswith("d") else f"d{chosen}"
    return beside(
        network_diagram(trace, highlight, data.feature_names, data.class_names[:2], caption),
        gradient_bars({name: trace[name] for name in GRADIENTS}, gradient),
        surface_picture(trace, numbers.surface, numbers.right, SIDE, data),
    )


class WholeNetworkExplorer(ExampleNetworkExplorer):
    """Look at any of 219 penguins with the trained network; drag inputs, targets and parameters.

    The slider "penguin" goes from the one that the trained network is surest of, and right, to the
    one that it is most wrong about; it brings the penguin's measurements and species to the other
    sliders. Choose any number to see its formula; a parameter that is chosen gets a slider.

    Or a table of your own, with two labels: `WholeNetworkExplorer(load_table("mine.csv"))` trains
    the same network with it.
    """

    compute, draw = whole_network, whole_network_picture
    own_examples: tuple[FloatArray, FloatArray] | None = None  # x and y of a table of one's own
    reach = 6.0  # trained weights are larger
    controls: ClassVar = {
        "penguin": whole_slider("penguin", 0, 0, 218, LONG, "5em"),
        **ExampleNetworkExplorer.controls,
    }
    presets: ClassVar = {"surest": {"penguin": 0}, "most wrong": {"penguin": LAST}}

    def __init__(self, data: Dataset | None = None) -> None:
        super().__init__()
        if data is None:
            return
        for_a_map(data, "WholeNetworkExplorer", 2)
        parameters = rounded(trained_with(data))
        self.own_examples = from_surest_to_most_wrong(data, parameters)
        self.call_by_names_of(data)
        self.handles["penguin"].description = "example"
        start = {**self.start, **parameters, "data": data}
        self.begin_with(**self.moved_to(start, "penguin", 0))

    @property
    def examples(self) -> tuple[FloatArray, FloatArray]:
        """The penguins, or what a table of one's own has, in the order of the loss: x and y."""
        return self.own_examples or penguins_in_order()

    def buttons(self) -> list[widgets.Widget]:
        """Return the slider over the penguins."""
        return [self.handles["penguin"]]

    def torch_code(self) -> str:
        """Return both passes of this penguin in PyTorch."""
        return torch_form(self.numbers.trace, SIGMOIDS)

    @classmethod
    def start_state(cls) -> State:
        """Return the trained network, and the penguin of the running example."""
        x, _ = penguins_in_order()
        penguin = int((x == EXAMPLE.x[0]).all(axis=1).argmax())
        return {**super().start_state(), "penguin": penguin, "data": penguins()}

    @classmethod
    def start_parameters(cls) -> dict[str, FloatArray]:
        """Return the trained parameters, by name."""
        return rounded_parameters()

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set; another penguin brings its numbers."""
        state = super().moved_to(state, name, value)
        if name != "penguin":
            return state
        xs, ys = self.examples
        k = min(max(int(value), 0), len(xs) - 1)
        x, y = xs[k].tolist(), ys[k].tolist()
        brought = dict(zip(("x0", "x1", "y0", "y1"), [*x, *y], strict=True))
        return {**state, "penguin": k, **brought}

    def fit_handles(self, state: State) -> None:
        """Let the slider over the penguins end with the last one."""
        super().fit_handles(state)
        self.handles["penguin"].max = len(self.examples[0]) - 1
