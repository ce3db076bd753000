"""One output, two losses: how wrong it is, and how much blame each loss makes of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bp_helpers.explorers.controls import slider, slider_along
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.explorers.torch_form import torch_losses
from bp_helpers.gradcheck import check_gradients
from bp_helpers.layers import Identity, Sigmoid
from bp_helpers.losses import BinaryCrossEntropy, SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    MINUS,
    Factor,
    FloatArray,
    LossPanel,
    Picture,
    Scale,
    beside,
    loss_panel,
)

# z goes from -5 to 5. Of this range, a browser's slider works out each quarter without rounding; a
# rounded value it would send back, late, over one that code has set since.
END, STEP = 5.0, 0.25
Z_AXIS = Scale(-END, END, 64, 394)  # of the first picture
CURVE = np.linspace(-END, END, 121)
SQUARED, CROSS = "Squared error behind a sigmoid", "Cross-entropy of the same output"
HIGHEST = 5.0  # both losses on one scale, so that their slopes can be compared


@dataclass(frozen=True)
class LossAndDelta:
    """A loss and its slope over z, from the backward pass and measured; `agrees` if they do."""

    loss: float
    delta: float
    measured: float
    agrees: bool


@dataclass(frozen=True)
class OutputErrorNumbers:
    """One output `a`, its target `y`, the sigmoid's slope at z, and both losses."""

    z: float
    y: float
    a: float
    slope: float
    squared: LossAndDelta
    cross: LossAndDelta

    @property
    def error(self) -> float:
        """How far the output is off: a - y."""
        return self.a - self.y


def output_error(z: float, target: float) -> OutputErrorNumbers:
    """Return what both losses make of one output, a = phi(z), for this target."""
    a = float(Sigmoid().forward([[z]])[0, 0])
    networks = {
        "squared": Network([Sigmoid()], SquaredError()),
        "cross": Network([Identity()], BinaryCrossEntropy()),  # the sigmoid is inside the loss
    }
    losses = {}
    for name, network in networks.items():
        report = check_gradients(network, [[z]], [[target]])
        delta = report.parameters["X"]
        losses[name] = LossAndDelta(
            network.loss_value([[z]], [[target]]),
            float(delta.analytic[0, 0]),
            float(delta.measured[0, 0]),
            report.ok,
        )
    return OutputErrorNumbers(z, target, a, a * (1 - a), **losses)


def output_error_picture(numbers: OutputErrorNumbers) -> Picture:
    """Draw the two losses, each with its curve and the factors of its delta."""
    a = Sigmoid().forward(CURVE)  # the losses of all its points at once; a loss gives their mean
    squared = (a - numbers.y) ** 2 / 2
    cross = np.logaddexp(0, CURVE) - numbers.y * CURVE
    error = Factor(f"error a {MINUS} y", numbers.error)
    slope = Factor(f"slope a (1 {MINUS} a)", numbers.slope, "forward")
    divided = Factor(f"1 / (a (1 {MINUS} a))", 1 / numbers.slope)
    return beside(
        _panel(SQUARED, numbers, "squared", squared, [error, slope]),
        _panel(CROSS, numbers, "cross", cross, [error, divided, slope]),
    )


def _panel(
    title: str, numbers: OutputErrorNumbers, which: str, curve: FloatArray, factors: list[Factor]
) -> Picture:
    own: LossAndDelta = getattr(numbers, which)
    return loss_panel(
        LossPanel(
            title,
            CURVE,
            curve,
            HIGHEST,
            (numbers.z, own.loss),
            numbers.a,
            numbers.y,
            factors,
            own.delta,
            own.measured,
            own.agrees,
        )
    )


class OutputErrorExplorer(Explorer):
    """One output a = phi(z) and what it should be: its squared error and its cross-entropy.

    Both as curves over z with their tangents. A tangent's slope is delta, the blame of this output.
    With the squared error it is error times slope of the sigmoid. The cross-entropy divides by that
    slope, so that it cancels and the error alone is left.
    """

    compute, draw = output_error, output_error_picture
    told: ClassVar = (SQUARED, CROSS)
    controls: ClassVar = {
        "z": slider_along(Z_AXIS, "z", 1.0, -END, END, STEP),
        "target": slider("target y", 0.0, 0.0, 1.0, 0.05),
    }
    presets: ClassVar = {
        "confident and right": {"z": -4.0, "target": 0.0},
        "undecided": {"z": 0.0, "target": 0.0},
        "confident and wrong": {"z": 4.0, "target": 0.0},
    }

    def torch_code(self) -> str:
        """Return both losses and their deltas in PyTorch."""
        z, y = self.numbers.z, self.numbers.y
        cross = f"binary_cross_entropy_with_logits(z, torch.tensor({y!r}))"
        losses = {
            "squared": f"(torch.sigmoid(z) - {y!r}) ** 2 / 2",
            "cross": f"torch.nn.functional.{cross}",
        }
        return torch_losses(z, losses)
