"""The backward pass over the running example, one step at a time, with every number open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bp_helpers.explorers.example_network import (
    PARAMETERS,
    ExampleNetworkExplorer,
    Step,
    SteppedExplorer,
    known_by,
    network_at_step,
    step_slider,
)
from bp_helpers.gradcheck import STEP, TOLERANCE, compare
from bp_helpers.layers import Dense, Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    FloatArray,
    MeasuredGradient,
    Picture,
    Trace,
    beside,
    gradient_table,
)

STEPS = [
    Step("Forward: from the inputs to the outputs", ("X",), ("Z1", "A1", "Z2", "A2")),
    Step("The loss: how wrong, in one number", ("A2", "Y"), ("loss",)),
    Step("delta2: the output's error times its slope", ("A2", "Y"), ("dA2", "delta2")),
    Step("dW2 and db2: what came in times delta2", ("A1", "delta2"), ("dW2", "db2")),
    Step("dA1: blame handed back over every path", ("delta2", "W2"), ("dA1",)),
    Step("delta1: that blame times the slope", ("dA1", "A1"), ("delta1",)),
    Step("dW1 and db1: what came in times delta1", ("X", "delta1"), ("dW1", "db1")),
    Step("dX: blame handed back to the inputs", ("delta1", "W1"), ("dX",)),
]


@dataclass(frozen=True)
class BackwardNumbers:
    """Every value of both passes, all 17 gradients beside measured ones, and what is looked at."""

    trace: Trace
    gradients: list[MeasuredGradient]
    step: int
    selected: str


def backward_pass(
    W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray,
    x0: float, x1: float, y0: float, y1: float, step: int, selected: str,
) -> BackwardNumbers:  # fmt: skip
    """Return all values of one forward and one backward pass, and each gradient measured."""
    layers = [Dense.from_arrays(W1, b1), Sigmoid(), Dense.from_arrays(W2, b2), Sigmoid()]
    network = Network(layers, SquaredError())
    trace = network.trace([[x0, x1]], [[y0, y1]])
    return BackwardNumbers(trace, compared_gradients(trace), step, selected)


def backward_picture(numbers: BackwardNumbers) -> Picture:
    """Draw the network as far as the step, and the table of gradients beside it."""
    chosen = numbers.selected
    gradient = chosen if chosen.startswith("d") else f"d{chosen}"
    return beside(
        network_at_step(STEPS, numbers.step, numbers.trace, chosen),
        gradient_table(numbers.gradients, known_by(STEPS, numbers.step), gradient),
    )


def compared_gradients(trace: Trace) -> list[MeasuredGradient]:
    """Return the gradient of every parameter beside the measured one."""
    checks = {
        name: compare(trace[f"d{name}"], measured, trace["loss"])
        for name, measured in measured_gradients(trace).items()
    }
    return [
        MeasuredGradient(
            f"d{name}[{','.join(map(str, index))}]",
            float(check.analytic[index]),
            float(check.measured[index]),
            bool(check.relative_error[index] <= TOLERANCE),
        )
        for name, check in checks.items()
        for index in np.ndindex(check.analytic.shape)
    ]


def measured_gradients(trace: Trace) -> dict[str, FloatArray]:
    """Return the slope of the loss along each parameter, as measured by nudging it.

    The result has the shapes of `W1`, `b1`, `W2`, `b2`. It is what `check_gradients` measures, with
    all losses computed at once: those of a stack of networks, in each of which one parameter is
    moved, up or down. That is what lets the table keep up with a slider.
    """
    parameters = {name: trace[name] for name in PARAMETERS}
    ends = np.cumsum([array.size for array in parameters.values()])
    moves = STEP * np.vstack([np.eye(ends[-1]), -np.eye(ends[-1])])
    nudged = {
        name: array + move.reshape(-1, *array.shape)
        for (name, array), move in zip(
            parameters.items(), np.split(moves, ends[:-1], axis=1), strict=True
        )
    }
    A = trace["X"]
    for layer in "12":
        A = Sigmoid().forward(A @ nudged[f"W{layer}"] + nudged[f"b{layer}"][:, np.newaxis])
    losses = ((A - trace["Y"]) ** 2).sum(axis=(1, 2)) / 2  # the trace is of one example
    above, below = np.split(losses, 2)
    slopes = np.split((above - below) / (2 * STEP), ends[:-1])
    return {
        name: own.reshape(array.shape)
        for (name, array), own in zip(parameters.items(), slopes, strict=True)
    }


class BackwardExplorer(SteppedExplorer):
    """Step through the backward pass; drag inputs, targets and whichever parameter is chosen.

    Choose any number in the picture to see its formula. A parameter that is chosen (or its
    gradient) gets the slider "parameter". Beside every parameter's gradient stands the measured
    one: the parameter nudged, the loss looked at.
    """

    compute, draw, steps = backward_pass, backward_picture, STEPS
    controls: ClassVar = {"step": step_slider(STEPS), **ExampleNetworkExplorer.controls}
    presets: ClassVar = {
        "paths cancel": {"step": 7, "selected": "W2[0,1]", "parameter": 1.9},
        "saturated output": {"step": 7, "selected": "b2[0]", "parameter": -3.0},
        "input 0": {"step": 7, "selected": "dW1[0,0]", "x0": 0.0},
    }
