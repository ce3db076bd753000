"""Three classes, one of them right: softmax, its cross-entropy, and delta = p - y."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.explorers.controls import button, menu, slider
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.explorers.output_error import STEP
from bp_helpers.explorers.torch_form import torch_losses
from bp_helpers.gradcheck import check_gradients
from bp_helpers.layers import Identity
from bp_helpers.losses import SoftmaxCrossEntropy
from bp_helpers.network import Network
from bp_helpers.pictures import MINUS, ClassError, FloatArray, Picture, class_errors, number

CLASSES = ("Adelie", "Chinstrap", "Gentoo")
START = (1.0, 2.0, -1.0)
Z_END = 8.0  # a browser's slider works out each quarter of this range without rounding too


@dataclass(frozen=True)
class SoftmaxErrorNumbers:
    """What follows from the three pre-activations: arrays of shape (3,), the loss, and a verdict.

    `delta` is from the backward pass, `measured` by nudging each z; `agrees` says whether they do.
    """

    z: FloatArray
    y: FloatArray
    p: FloatArray
    loss: float
    delta: FloatArray
    measured: FloatArray
    agrees: bool


def softmax_error(z0: float, z1: float, z2: float, target: str) -> SoftmaxErrorNumbers:
    """Return probabilities, loss and delta of three classes, of which `target` is right."""
    z = np.array([[z0, z1, z2]])
    y = np.eye(3)[[CLASSES.index(target)]]
    network = Network([Identity()], SoftmaxCrossEntropy())  # the softmax is inside the loss
    p, loss = SoftmaxCrossEntropy.probabilities(z), network.loss_value(z, y)
    report = check_gradients(network, z, y)
    delta = report.parameters["X"]
    return SoftmaxErrorNumbers(
        z[0], y[0], p[0], loss, delta.analytic[0], delta.measured[0], report.ok
    )


def softmax_error_picture(numbers: SoftmaxErrorNumbers) -> Picture:
    """Draw the probabilities beside the target, and delta, as bars."""
    columns = (numbers.z, numbers.p, numbers.y, numbers.delta, numbers.measured)
    rows = zip(CLASSES, *(column.tolist() for column in columns), strict=True)
    right = CLASSES[int(numbers.y.argmax())]
    title = f"Loss {number(numbers.loss, 4)}, which is {MINUS}log p of the right class, {right}"
    return class_errors(title, [ClassError(*each) for each in rows])


class SoftmaxErrorExplorer(Explorer):
    """The pre-activations of three classes, and which class is right.

    The softmax makes probabilities of them that add up to 1. So whatever one class gains, the
    others lose, and the three deltas add up to 0.
    """

    compute, draw = softmax_error, softmax_error_picture
    told: ClassVar = ("Loss ", *(f"{name}: " for name in CLASSES))
    controls: ClassVar = {
        **{
            f"z{k}": slider(f"z[{k}] {name}", START[k], -Z_END, Z_END, STEP)
            for k, name in enumerate(CLASSES)
        },
        "target": menu("right is", CLASSES, CLASSES[0]),
    }
    presets: ClassVar = {
        "confident and right": {"z0": 4.0, "z1": -1.0, "z2": 0.0},
        "undecided": {"z0": 0.0, "z1": 0.0, "z2": 0.0},
        "confident and wrong": {"z0": -1.0, "z1": 4.0, "z2": 0.0},
    }

    def buttons(self) -> list[widgets.Widget]:
        """Return the button that adds the same to all three z, wherever they are."""
        return [button("all z larger by 3", self.add_to_all, "auto")]

    def add_to_all(self, more: float = 3.0) -> None:
        """Add as much to all three z; where a slider ends sooner, less, but the same to each."""
        z = [self.state[f"z{k}"] for k in range(3)]
        room = min(more, Z_END - max(z))
        self.set(**{f"z{k}": value + room for k, value in enumerate(z)})

    def torch_code(self) -> str:
        """Return the loss and its delta in PyTorch, which takes the number of the right class."""
        label = int(self.numbers.y.argmax())
        entropy = f"torch.nn.functional.cross_entropy(z, torch.tensor({label}))"
        return torch_losses(self.numbers.z.tolist(), {"cross": entropy})
