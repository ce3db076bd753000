"""Three classes, one of them right: softmax, its cross-entropy, and delta = p - y."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.explorers.kit import Explorer, Numbers, row, slider
from bp_helpers.explorers.output_error import END, STEP
from bp_helpers.gradcheck import check_gradients
from bp_helpers.layers import Identity
from bp_helpers.losses import SoftmaxCrossEntropy
from bp_helpers.network import Network
from bp_helpers.pictures import MINUS, ClassError, Picture, class_errors, number

CLASSES = ("Adelie", "Chinstrap", "Gentoo")
START = (1.0, 2.0, -1.0)


class SoftmaxErrorExplorer(Explorer):
    """The pre-activations of three classes, and which class is right.

    The softmax makes probabilities of them that add up to 1. So whatever one class gains, the
    others lose, and the three deltas add up to 0.
    """

    presets: ClassVar = {
        "confident and right": {"z0": 4.0, "z1": -1.0, "z2": 0.0},
        "undecided": {"z0": 0.0, "z1": 0.0, "z2": 0.0},
        "confident and wrong": {"z0": -1.0, "z1": 4.0, "z2": 0.0},
        "all z larger by 3": {f"z{k}": z + 3 for k, z in enumerate(START)},
    }

    def __init__(self) -> None:
        controls: dict[str, widgets.ValueWidget] = {
            f"z{k}": slider(f"z[{k}] {name}", START[k], -END, END, STEP)
            for k, name in enumerate(CLASSES)
        }
        controls["target"] = widgets.Dropdown(
            options=CLASSES, description="right is", layout={"width": "14em"}
        )
        super().__init__(controls, [row(*controls.values())])

    def numbers(self) -> Numbers:
        """Return the probabilities, the loss, and delta from the backward pass and measured."""
        z = np.array([[self.controls[f"z{k}"].value for k in range(len(CLASSES))]])
        y = np.eye(len(CLASSES))[[CLASSES.index(self.controls["target"].value)]]
        network = Network([Identity()], SoftmaxCrossEntropy())
        report = check_gradients(network, z, y)
        delta = report.parameters["X"]
        return {
            "z": z[0],
            "y": y[0],
            "p": SoftmaxCrossEntropy.probabilities(z)[0],
            "loss": network.loss_value(z, y),
            "delta": delta.analytic[0],
            "measured": delta.measured[0],
            "agrees": report.ok,
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the probabilities beside the target, and delta, as bars."""
        columns = (numbers[name].tolist() for name in ("z", "p", "y", "delta", "measured"))
        classes = [ClassError(*each) for each in zip(CLASSES, *columns, strict=True)]
        return class_errors(_headline(numbers), classes)

    def describe(self, numbers: Numbers) -> str:
        """Return the numbers of each class in words."""
        lines = [
            f"{name}: z {number(z, 2)}, p {number(p, 4)}, target {y:g}, delta {number(delta, 4)}, "
            f"measured {number(measured, 4)}"
            for name, z, p, y, delta, measured in zip(
                CLASSES,
                *(numbers[key].tolist() for key in ("z", "p", "y", "delta", "measured")),
                strict=True,
            )
        ]
        agrees = "agree" if numbers["agrees"] else "differ"
        return "\n".join([_headline(numbers), *lines, f"delta and measured slopes {agrees}"])

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        z = [self.controls[f"z{k}"].value for k in range(len(CLASSES))]
        return "\n".join(
            [
                "import numpy as np",
                "from bp_helpers import SoftmaxCrossEntropy",
                "",
                f"z = np.array([{z}])",
                f"y = np.array([{CLASSES.index(self.controls['target'].value)}])  # which is right",
                "loss = SoftmaxCrossEntropy()  # takes z: the softmax is inside",
                "value, delta = loss.forward(z, y), loss.backward()",
                "p = loss.probabilities(z)",
                "assert np.allclose(delta, p - np.eye(3)[y])",
            ]
        )


def _headline(numbers: Numbers) -> str:
    right = int(numbers["y"].argmax())
    return (
        f"Loss {number(numbers['loss'], 4)}, which is {MINUS}log p of the right class, "
        f"{CLASSES[right]}"
    )
