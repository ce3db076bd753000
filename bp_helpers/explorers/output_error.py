"""One output, two losses: how wrong it is, and how much blame each loss makes of that."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from bp_helpers.explorers.kit import Explorer, Numbers, row, slider
from bp_helpers.gradcheck import check_gradients
from bp_helpers.layers import Identity, Sigmoid
from bp_helpers.losses import BinaryCrossEntropy, SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    Factor,
    FloatArray,
    LossPanel,
    Picture,
    beside,
    loss_panel,
    measured,
    number,
    short,
)

NAMES = {"squared": "Squared error behind a sigmoid", "cross": "Cross-entropy of the same output"}
# z goes from -5 to 5. Of this range, a browser's slider works out each quarter without rounding;
# a rounded value it would send back, late, over one that code has set since.
END, STEP = 5.0, 0.25
CURVE = np.linspace(-END, END, 121)
HIGHEST = {"squared": 0.5, "cross": 5.0}  # of each loss between these ends


class OutputErrorExplorer(Explorer):
    """One output a = phi(z) and what it should be: its squared error and its cross-entropy.

    Both as curves over z with their tangents. A tangent's slope is delta, the blame of this output.
    With the squared error it is error times slope of the sigmoid. The cross-entropy divides by that
    slope, so that it cancels and the error alone is left.
    """

    presets: ClassVar = {
        "confident and right": {"z": -4.0, "target": 0.0},
        "undecided": {"z": 0.0, "target": 0.0},
        "confident and wrong": {"z": 4.0, "target": 0.0},
    }

    def __init__(self) -> None:
        self.z = slider("pre-activation z", 1.0, -END, END, STEP)
        self.z.layout.width = "32em"
        self.target = slider("target y", 0.0, 0.0, 1.0, 0.05)
        super().__init__({"z": self.z, "target": self.target}, [row(self.z, self.target)])

    def numbers(self) -> Numbers:
        """Return the output, its error, the sigmoid's slope, and each loss with its delta."""
        z, y = np.array([[self.z.value]]), np.array([[self.target.value]])
        a = float(Sigmoid().forward(z)[0, 0])
        return {
            "z": self.z.value,
            "y": self.target.value,
            "a": a,
            "error": a - self.target.value,
            "slope": a * (1 - a),
            "squared": _loss(Network([Sigmoid()], SquaredError()), z, y),
            "cross": _loss(Network([Identity()], BinaryCrossEntropy()), z, y),
            "curves": _curves(self.target.value),
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the two losses, each with its curve and the factors of its delta."""
        error = Factor("error a \N{MINUS SIGN} y", numbers["error"])
        slope = Factor("slope a (1 \N{MINUS SIGN} a)", numbers["slope"], "forward")
        divided = Factor("1 / (a (1 \N{MINUS SIGN} a))", 1 / numbers["slope"])
        factors = {"squared": [error, slope], "cross": [error, divided, slope]}
        return beside(
            *(
                loss_panel(
                    LossPanel(
                        name,
                        CURVE,
                        numbers["curves"][which],
                        HIGHEST[which],
                        (numbers["z"], numbers[which]["loss"]),
                        numbers["a"],
                        numbers["y"],
                        factors[which],
                        numbers[which]["delta"],
                        numbers[which]["measured"],
                        numbers[which]["agrees"],
                    )
                )
                for which, name in NAMES.items()
            )
        )

    def describe(self, numbers: Numbers) -> str:
        """Return the numbers of both losses in words."""
        return "\n".join(
            [
                f"z = {number(numbers['z'], 2)}, a = phi(z) = {short(numbers['a'])}, target "
                f"{number(numbers['y'], 2)}: error {short(numbers['error'])}, slope of the sigmoid "
                f"{short(numbers['slope'])}",
                *(_in_words(name, numbers[which]) for which, name in NAMES.items()),
            ]
        )

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        return "\n".join(
            [
                "import numpy as np",
                "from bp_helpers import BinaryCrossEntropy, Network, Sigmoid, SquaredError",
                "",
                f"z, y = np.array([[{self.z.value!r}]]), np.array([[{self.target.value!r}]])",
                "squared = Network([Sigmoid()], SquaredError())",
                "squared_loss, squared_delta = squared.loss_value(z, y), squared.backward()",
                "cross = BinaryCrossEntropy()  # takes z: the sigmoid is inside",
                "cross_loss, cross_delta = cross.forward(z, y), cross.backward()",
                "a = Sigmoid().forward(z)",
                "assert np.allclose(squared_delta, (a - y) * a * (1 - a))",
                "assert np.allclose(cross_delta, a - y)",
            ]
        )


def _loss(network: Network, z: FloatArray, y: FloatArray) -> dict[str, Any]:
    """Return the loss and its slope at z, from the backward pass and measured."""
    report = check_gradients(network, z, y)
    slope = report.parameters["X"]
    return {
        "loss": network.loss_value(z, y),
        "delta": float(slope.analytic[0, 0]),
        "measured": float(slope.measured[0, 0]),
        "agrees": report.ok,
    }


def _curves(y: float) -> dict[str, FloatArray]:
    """Return both losses along CURVE; one at a time, the engine would need 20 ms for that."""
    a = Sigmoid().forward(CURVE)
    return {"squared": (a - y) ** 2 / 2, "cross": np.logaddexp(0, CURVE) - y * CURVE}


def _in_words(name: str, loss: dict[str, Any]) -> str:
    agrees = "the same" if loss["agrees"] else "which differs"
    return (
        f"{name}: loss {short(loss['loss'])}, delta {short(loss['delta'])}; measured "
        f"{measured(loss['measured'], 6)}, {agrees}"
    )
