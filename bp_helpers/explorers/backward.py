"""The backward pass over the running example, one step at a time, with every number open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from bp_helpers.explorers.controls import Hand
from bp_helpers.explorers.example_network import (
    PARAMETERS,
    ExampleNetworkExplorer,
    Step,
    SteppedExplorer,
    known_by,
    network_at_step,
    stepping,
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
    number,
)

STEPS = [
    Step("Forward: from the inputs to the outputs", ("X",), ("Z1", "A1", "Z2", "A2"), "Z1[0]"),
    Step("The loss: how wrong, in one number", ("A2", "Y"), ("loss",), "loss"),
    Step("delta2: the output's error times its slope", ("A2", "Y"), ("dA2", "delta2"), "delta2[0]"),
    Step("dW2 and db2: what came in times delta2", ("A1", "delta2"), ("dW2", "db2"), "dW2[0,0]"),
    Step("dA1: blame handed back over every path", ("delta2", "W2"), ("dA1",), "dA1[0]"),
    Step("delta1: that blame times the slope", ("dA1", "A1"), ("delta1",), "delta1[0]"),
    Step("dW1 and db1: what came in times delta1", ("X", "delta1"), ("dW1", "db1"), "dW1[0,0]"),
    Step("dX: blame handed back to the inputs", ("delta1", "W1"), ("dX",), "dX[0]"),
    Step(
        "The update: each parameter moves against its gradient",
        ("dW1", "db1", "dW2", "db2"), ("W1", "b1", "W2", "b2", "loss"), "W2[0,0]",
    ),
]  # fmt: skip
UPDATE = len(STEPS) - 1
RATE = 1.0  # the learning rate of the update


@dataclass(frozen=True)
class BackwardNumbers:
    """Every value of both passes, all 17 gradients beside measured ones, and what is looked at.

    `updated` has the values after one step of gradient descent, beside the gradients that led it.
    """

    trace: Trace
    updated: Trace
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
    updated = trace if step < UPDATE else after_update(trace)
    return BackwardNumbers(trace, updated, compared_gradients(trace), step, selected)


def after_update(trace: Trace) -> Trace:
    """Return the values after one step of gradient descent, with the gradients that led it."""
    W1, b1, W2, b2 = (trace[name] - RATE * trace[f"d{name}"] for name in PARAMETERS)
    layers = [Dense.from_arrays(W1, b1), Sigmoid(), Dense.from_arrays(W2, b2), Sigmoid()]
    network = Network(layers, SquaredError())
    after = network.trace(trace["X"], trace["Y"])
    return {name: (trace if name[0] == "d" else after)[name] for name in trace}


def backward_picture(numbers: BackwardNumbers) -> Picture:
    """Draw the network as far as the step, and the table of gradients beside it."""
    chosen = numbers.selected
    gradient = chosen if chosen.startswith("d") else f"d{chosen}"
    return beside(
        _network(numbers),
        gradient_table(numbers.gradients, known_by(STEPS, numbers.step), gradient),
    )


def _network(numbers: BackwardNumbers) -> Picture:
    """Draw the network; at the update, with what it does to the loss."""
    if numbers.step < UPDATE:
        return network_at_step(STEPS, numbers.step, numbers.trace, numbers.selected)
    before, after = (number(float(t["loss"]), 4) for t in (numbers.trace, numbers.updated))
    said = f"{STEPS[UPDATE].sentence}: loss {before} to {after}"
    steps = [*STEPS[:UPDATE], replace(STEPS[UPDATE], sentence=said)]
    return network_at_step(steps, UPDATE, numbers.updated, numbers.selected, RATE)


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
    """Step through the backward pass and, at its end, one step of learning.

    Drag inputs, targets and parameters.

    Choose any number in the picture to see its formula. A parameter that is chosen (or its
    gradient) gets the slider "parameter". Beside every parameter's gradient stands the measured
    one: the parameter nudged, the loss looked at.
    """

    compute, draw, steps = backward_pass, backward_picture, STEPS
    controls: ClassVar = {**stepping(STEPS), **ExampleNetworkExplorer.controls}
    presets: ClassVar = {
        "paths cancel": {"step": 7, "selected": "W2[0,1]", "parameter": 1.9},
        "saturated output": {"step": 7, "selected": "b2[0]", "parameter": -3.0},
        "input 0": {"step": 7, "selected": "dW1[0,0]", "x0": 0.0},
    }

    def hands(self) -> dict[str, Hand]:
        """Return what a hand can change: at the update no parameter, for it shows what follows."""
        hands = super().hands()
        if self.state["step"] < UPDATE:
            return hands
        return {name: hand for name, hand in hands.items() if name[0] not in "Wb"}
