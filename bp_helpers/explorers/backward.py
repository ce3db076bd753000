"""The backward pass over the running example, one step at a time, with every number open."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from bp_helpers.explorers.kit import Numbers
from bp_helpers.explorers.running import RunningNetworkExplorer, Step
from bp_helpers.gradcheck import STEP, TOLERANCE, compare
from bp_helpers.layers import Sigmoid
from bp_helpers.pictures import MeasuredGradient, Picture, Trace, beside, gradient_table

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


class BackwardExplorer(RunningNetworkExplorer):
    """Step through the backward pass; drag inputs, targets and whichever parameter is chosen.

    Choose any number in the picture to see its formula. A parameter that is chosen (or its
    gradient) gets the slider "parameter". Beside every parameter's gradient stands the measured
    one: the parameter nudged, the loss looked at.
    """

    steps = STEPS
    presets: ClassVar = {
        "paths cancel": {"step": 7, "selected": "W2[0,1]", "parameter": 1.9},
        "saturated output": {"step": 7, "selected": "b2[0]", "parameter": -3.0},
        "input 0": {"step": 7, "selected": "dW1[0,0]", "x0": 0.0},
    }

    def numbers(self) -> Numbers:
        """Return the trace, and every parameter's gradient beside the measured one."""
        x, y = self.example_now()
        trace = self.example.network.trace(x, y)
        checks = {
            name: compare(trace[f"d{name}"], measured, trace["loss"])
            for name, measured in measured_gradients(trace).items()
        }
        gradients = [
            MeasuredGradient(
                f"d{name}[{','.join(map(str, index))}]",
                float(check.analytic[index]),
                float(check.measured[index]),
                bool(check.relative_error[index] <= TOLERANCE),
            )
            for name, check in checks.items()
            for index in np.ndindex(check.analytic.shape)
        ]
        return {
            "trace": trace,
            "gradients": gradients,
            "step": self.step.value,
            "selected": self.selected,
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the network and, beside it, the table of gradients."""
        chosen = numbers["selected"]
        gradient = chosen if chosen[0] == "d" else f"d{chosen}"
        table = gradient_table(numbers["gradients"], self._known(numbers["step"]), gradient)
        return beside(self.network_picture(numbers), table)

    def describe(self, numbers: Numbers) -> str:
        """Return step, loss, chosen number and gradients in words."""
        said = super().describe(numbers)
        known = self._known(numbers["step"])
        compared = [g for g in numbers["gradients"] if g.name.partition("[")[0] in known]
        if not compared:
            return said
        agree = sum(g.agrees for g in compared)
        return f"{said}\nGradients that agree with measured ones: {agree} of {len(compared)}"


def measured_gradients(trace: Trace) -> dict[str, npt.NDArray[np.float64]]:
    """Return the slope of the loss along each parameter, as measured by nudging it.

    The result has the shapes of `W1`, `b1`, `W2`, `b2`. It is what `check_gradients` measures, with
    all losses computed at once: those of a stack of networks, in each of which one parameter is
    moved, up or down. That is what lets the table keep up with a slider.
    """
    parameters = {name: trace[name] for name in ("W1", "b1", "W2", "b2")}
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
