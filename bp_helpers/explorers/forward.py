"""The forward pass over the running example, and what its network decides everywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np
import numpy.typing as npt

from bp_helpers.data import Dataset
from bp_helpers.explorers.controls import button
from bp_helpers.explorers.data_sets import for_a_map, penguins
from bp_helpers.explorers.example_network import (
    ExampleNetworkExplorer,
    Step,
    SteppedExplorer,
    network_at_step,
    stepping,
)
from bp_helpers.explorers.explorer import State
from bp_helpers.explorers.torch_form import torch_form
from bp_helpers.layers import Dense, Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    SIGMOIDS,
    FloatArray,
    Mark,
    Picture,
    Trace,
    beside,
    decision_surface,
    grid,
)

STEPS = [
    Step("The inputs: two measurements", (), ("X",), "X[0]"),
    Step("Z1: each hidden neuron adds up what comes in", ("X", "W1", "b1"), ("Z1",), "Z1[0]"),
    Step("A1: and passes on its activation", ("Z1",), ("A1",), "A1[0]"),
    Step("Z2: each output adds up what comes in", ("A1", "W2", "b2"), ("Z2",), "Z2[0]"),
    Step("A2: the network's answer", ("Z2",), ("A2",), "A2[0]"),
    Step("The loss: how wrong, in one number", ("A2", "Y"), ("loss",), "loss"),
]
EXTENT = (-3.0, 3.0, -3.0, 3.0)  # where the sliders of the inputs reach
CELLS = 40
SIDE = 220  # of the surface in the picture, in pixels: small enough to stand beside the network


@dataclass(frozen=True)
class ForwardNumbers:
    """Every value of one pass, and what the network says of all other measurements.

    `surface` has shape (40, 40, 2), its first row at the top; `right` is the share of the first two
    classes of `data` that it classifies correctly.
    """

    trace: Trace
    surface: FloatArray
    right: float
    step: int
    selected: str
    data: Dataset


def first_two_classes(data: Dataset) -> tuple[FloatArray, npt.NDArray[np.integer[Any]]]:
    """Return all examples of them, of the penguins (219, 2) and (219,): x and y, 0 or 1."""
    x, y = np.concatenate([data.x_train, data.x_test]), np.append(data.y_train, data.y_test)
    return x[y < 2], y[y < 2]


@cache
def everywhere() -> FloatArray:
    """Return the measurements at 40 times 40 places, row by row from the top."""
    return grid(EXTENT, CELLS)


def decisions(network: Network, data: Dataset) -> tuple[FloatArray, float]:
    """Return what the network says everywhere, and of how many of the two classes it is right.

    The former has shape (40, 40, 2), its first row at the top; the latter is a share from 0 to 1.
    """
    x, species = first_two_classes(data)
    outputs = network.predict(np.concatenate([everywhere(), x]))
    surface, answers = outputs[: -len(x)], outputs[-len(x) :]
    right = float((answers.argmax(axis=1) == species).mean())
    return surface.reshape(CELLS, CELLS, 2), right


def forward_pass(
    W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray,
    x0: float, x1: float, y0: float, y1: float, step: int, selected: str, data: Dataset,
) -> ForwardNumbers:  # fmt: skip
    """Return all values of one pass, and what the network says of all other measurements."""
    layers = [Dense.from_arrays(W1, b1), Sigmoid(), Dense.from_arrays(W2, b2), Sigmoid()]
    network = Network(layers, SquaredError())
    surface, right = decisions(network, data)
    trace = network.trace([[x0, x1]], [[y0, y1]])
    return ForwardNumbers(trace, surface, right, step, selected, data)


def surface_picture(
    trace: Trace, surface: FloatArray, right: float, side: float, data: Dataset
) -> Picture:
    """Draw the network's answer for all measurements, and the example that is looked at."""
    (x,), (answer,) = trace["X"].tolist(), trace["A2"].tolist()
    marked = "this penguin" if data is penguins() else "this example"
    return decision_surface(
        surface,
        EXTENT,
        *first_two_classes(data),
        right,
        [f"{name} (standardised)" for name in data.feature_names],
        data.class_names[:2],
        Mark(marked, x[0], x[1], answer, held=("X[0]", "X[1]")),
        side,
    )


def forward_picture(numbers: ForwardNumbers) -> Picture:
    """Draw the network as far as the step and, beside it, the decision surface."""
    return beside(
        network_at_step(
            STEPS,
            numbers.step,
            numbers.trace,
            numbers.selected,
            names=(numbers.data.feature_names, numbers.data.class_names[:2]),
        ),
        surface_picture(numbers.trace, numbers.surface, numbers.right, SIDE, numbers.data),
    )


class ForwardExplorer(SteppedExplorer):
    """Step through the forward pass; drag inputs, targets and whichever parameter is chosen.

    Choose any number in the picture to see its formula. A parameter that is chosen gets the slider
    "parameter". Beside the network stands its answer for every pair of measurements, with the 219
    Adelie and Chinstrap penguins of `load_penguins()` and the one that is looked at.

    Or a table of your own, with two labels: `ForwardExplorer(load_table("mine.csv"))`.
    """

    compute, draw, steps = forward_pass, forward_picture, STEPS
    controls: ClassVar = {**stepping(STEPS), **ExampleNetworkExplorer.controls}
    presets: ClassVar = {"a Chinstrap": {"step": 5, "x0": 0.54, "x1": 0.35, "y0": 0.0, "y1": 1.0}}

    def __init__(self, data: Dataset | None = None) -> None:
        super().__init__()
        if data is not None:
            for_a_map(data, "ForwardExplorer", 2)
            self.call_by_names_of(data)
            above = self.children[0]  # without the presets, which are about penguins
            above.children = [one for one in above.children if one not in self.preset_buttons]
            self.begin_with(**_start_with(data))

    @classmethod
    def start_state(cls) -> State:
        """Return the penguin of the running example, among all penguins."""
        return {**super().start_state(), "data": penguins()}

    def buttons(self) -> list[widgets.Widget]:
        """Return the buttons that go through the steps, and All, which does it at once."""
        return [*super().buttons(), button("All", lambda: self.move(len(STEPS)))]

    def torch_code(self) -> str:
        """Return this pass in PyTorch, and the one back."""
        return torch_form(self.numbers.trace, SIGMOIDS)


def _start_with(data: Dataset) -> State:
    """Return what is different at the start with other data: its first example is looked at."""
    x = np.clip(np.round(data.x_train[0], 2), EXTENT[0], EXTENT[1]).tolist()
    y = np.eye(2)[data.y_train[0]].tolist()
    return {"data": data, "x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
