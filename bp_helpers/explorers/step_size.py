"""How large should a nudge be? The error of a measured slope over all sizes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.data import running_example
from bp_helpers.explorers.kit import LONG, Explorer, Numbers, row, slider
from bp_helpers.explorers.same_everywhere import SameDense, SameSigmoid, product, ten_to
from bp_helpers.gradcheck import TOLERANCE, relative_errors
from bp_helpers.layers import Identity, Layer, ReLU, Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    MINUS,
    Cancellation,
    FloatArray,
    Picture,
    StepSizes,
    beside,
    cancellation,
    short,
    step_sizes,
)

POWERS = np.arange(-16, 0.1, 0.25)  # the steps h of the curve, and of the slider
STEPS = np.array([ten_to(power) for power in POWERS])
NEURON = 1  # the hidden neuron whose kink is crossed
BEND = 1e-3  # the distance over which the second and third derivative are found
SIGMOIDS, PARABOLA, RELU = "W2[0,0], sigmoids", "W2[0,0], a parabola", "b1[1], a ReLU"
ACTIVATIONS: dict[str, tuple[type[Layer], type[Layer]]] = {
    SIGMOIDS: (Sigmoid, Sigmoid),
    PARABOLA: (Sigmoid, Identity),  # squared error of a sum: a parabola over each of its weights
    RELU: (ReLU, Sigmoid),
}
DECIMALS = {"float64": 17, "float32": 9}
FORMULAS = {
    "two-sided": {"truncation": "h² / 6 · L\N{PRIME}\N{PRIME}\N{PRIME}"},
    "one-sided": {"truncation": "h / 2 · L\N{PRIME}\N{PRIME}"},
}
ROUNDING = "ε · L / h"


@dataclass(frozen=True)
class Sweep:
    """The losses at w, and at w + h and w - h for every h of the curve.

    `slope` is that by `backward`; `second` and `third` are the derivatives after it.
    """

    at: float
    above: FloatArray
    below: FloatArray
    slope: float
    second: float
    third: float


class StepSizeExplorer(Explorer):
    """One weight of the running network, nudged by h, and how far off the measured slope is.

    With a large h the loss bends on the way (truncation), with a small one the two losses agree in
    nearly all their digits (rounding); in between lies the best. Where a ReLU is nearer to its kink
    than h, the nudge reaches across it and measures something else.
    """

    presets: ClassVar = {
        "too small a step": {"h": -13.0},
        "float32": {"precision": "float32"},
        "across the kink": {"place": RELU, "h": -1.0},
    }

    def __init__(self) -> None:
        self._sweeps: dict[tuple[str, str, float], Sweep] = {}
        self.h = slider("log10 of h", -5.0, -16.0, 0.0, 0.25)
        self.h.layout.width = LONG
        self.sides = _choice("difference", ["two-sided", "one-sided"])
        self.precision = _choice("precision", ["float64", "float32"])
        self.place = _choice("nudged", list(ACTIVATIONS), "20em")
        self.distance = slider("log10 to the kink", -2.0, -6.0, 0.0, 0.25)
        super().__init__(
            {
                "h": self.h,
                "sides": self.sides,
                "precision": self.precision,
                "place": self.place,
                "distance": self.distance,
            },
            [
                row(self.h, self.sides, self.precision),
                row(self.place, self.distance),
            ],
        )

    # ---- numbers and picture --------------------------------------------------------------------

    def numbers(self) -> Numbers:
        """Return the two losses, their difference, both slopes, and the error for every h."""
        place, precision, sides = self.place.value, self.precision.value, self.sides.value
        distance = ten_to(self.distance.value)
        kept = self._sweep(place, precision)
        at = int(np.abs(POWERS - self.h.value).argmin())
        hs = STEPS
        two_sided = sides == "two-sided"
        other = kept.below if two_sided else np.full_like(kept.above, kept.at)
        over = 2 * hs if two_sided else hs
        measured = (kept.above - other) / over
        errors = relative_errors(kept.slope, measured, floor=0.0)  # the slope is not 0
        eps = float(np.finfo(precision).eps)
        second, third, size = kept.second, kept.third, abs(kept.slope)
        predicted = {
            "truncation": (hs**2 * abs(third) / 6 if two_sided else hs * abs(second) / 2) / size,
            "rounding": eps * kept.at / hs / size,
        }
        difference = float(kept.above[at] - other[at])
        return {
            "h": float(hs[at]),
            "sides": sides,
            "precision": precision,
            "place": place,
            "distance": distance if place == RELU else None,
            "loss": kept.at,
            "above": float(kept.above[at]),
            "other": float(other[at]),
            "difference": difference,
            "over": float(over[at]),
            "measured": float(measured[at]),
            "analytic": kept.slope,
            "error": float(errors[at]),
            "digits": -math.log10(eps),
            "lost": _lost(difference, kept.at, eps),
            "best": _best(two_sided, second, third, eps, kept.at),
            "crosses": place == RELU and two_sided and hs[at] > distance,
            "hs": hs,
            "errors": errors,
            "predicted": predicted,
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the error over h, and the subtraction that made the marked one."""
        two_sided = numbers["sides"] == "two-sided"
        curve = StepSizes(
            numbers["hs"],
            numbers["errors"],
            numbers["predicted"],
            (numbers["h"], numbers["error"]),
            TOLERANCE,
            numbers["distance"] if two_sided else None,
            numbers["best"],
        )
        case = Cancellation(
            {"L(w + h)": numbers["above"], _other(numbers["sides"]): numbers["other"]},
            ("2h" if two_sided else "h", numbers["over"]),
            numbers["measured"],
            numbers["analytic"],
            numbers["error"],
            DECIMALS[numbers["precision"]],
            _kept(numbers),
        )
        formulas = FORMULAS[numbers["sides"]] | {"rounding": ROUNDING}
        return beside(step_sizes(curve, formulas), cancellation(case))

    def describe(self, numbers: Numbers) -> str:
        """Return the marked measurement in words."""
        best = numbers["best"]
        lines = [
            f"{numbers['place']}, {numbers['sides']}, {numbers['precision']}, "
            f"h = {short(numbers['h'])}",
            f"L(w + h) = {numbers['above']:.{DECIMALS[numbers['precision']]}f}, "
            f"{_other(numbers['sides'])} = "
            f"{numbers['other']:.{DECIMALS[numbers['precision']]}f}, difference "
            f"{short(numbers['difference'])}",
            f"Measured {short(numbers['measured'])}, analytic {short(numbers['analytic'])}: "
            f"relative error {short(numbers['error'])}. {_kept(numbers)}",
            f"Predicted: truncation {short(_predicted(numbers, 'truncation'))}, rounding "
            f"{short(_predicted(numbers, 'rounding'))}"
            + (f"; best step {short(best)}" if best else "; a larger step is better"),
        ]
        if numbers["distance"] is not None:
            crossed = "which the nudge crosses" if numbers["crosses"] else "not crossed"
            lines.append(f"The kink is {short(numbers['distance'])} below w, {crossed}.")
        return "\n".join(lines)

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        place, precision = self.place.value, self.precision.value
        hidden, last = (kind.__name__ for kind in ACTIVATIONS[place])
        used = sorted({"Dense", "Network", "SquaredError", "running_example", hidden, last})
        name, position = _entry(place)
        index = ", ".join(map(str, position))
        two_sided = self.sides.value == "two-sided"
        return "\n".join(
            [
                "# The last digits are your processor's; the explorer's are the same on all.",
                "import numpy as np",
                f"from bp_helpers import {', '.join(used)}",
                "",
                "example = running_example()",
                f"x, y = (v.astype(np.{precision}) for v in (example.x, example.y))",
                f"W1, b1, W2, b2 = (v.astype(np.{precision}) "
                "for v in example.network.parameters.values())",
                *(
                    [f"b1[{NEURON}] = 10.0**{self.distance.value!r} - (x @ W1)[0, {NEURON}]"]
                    if place == RELU
                    else []
                ),
                f"layers = [Dense.from_arrays(W1, b1), {hidden}(), "
                f"Dense.from_arrays(W2, b2), {last}()]",
                "network = Network(layers, SquaredError())",
                f"h, w = 10.0**{self.h.value!r}, layers[{0 if name == 'b1' else 2}].{name[0]}",
                "at = network.loss_value(x, y)",
                "network.backward()",
                f"analytic = float(layers[{0 if name == 'b1' else 2}].d{name[0]}[{index}])",
                f"before = w[{index}]",
                f"w[{index}] = before + h",
                "above = network.loss_value(x, y)",
                *(
                    [f"w[{index}] = before - h", "other = network.loss_value(x, y)"]
                    if two_sided
                    else ["other = at"]
                ),
                f"w[{index}] = before",
                f"measured = (above - other) / {'(2 * h)' if two_sided else 'h'}",
                "error = abs(analytic - measured) / max(abs(analytic), abs(measured))",
            ]
        )

    def _sweep(self, place: str, precision: str) -> Sweep:
        """Return the losses for every h; the slider of h asks for the same ones again."""
        power = self.distance.value if place == RELU else 0.0
        key = place, precision, power
        if key not in self._sweeps:
            self._sweeps[key] = _measure(place, precision, ten_to(power))
        return self._sweeps[key]


# ---- The network and its losses -----------------------------------------------------------------


def _entry(place: str) -> tuple[str, tuple[int, ...]]:
    """Return the parameter that is nudged and the index of the entry."""
    return ("b1", (NEURON,)) if place == RELU else ("W2", (0, 0))


def _network(place: str, distance: float, precision: str) -> Network:
    """Return the running network with this place's activations, the same on every processor.

    With ReLUs the bias is such that neuron NEURON stands at z = distance, above its kink.
    """
    example = running_example()
    arrays = [value.astype(precision) for value in example.network.parameters.values()]
    W1, b1, W2, b2 = arrays
    if place == RELU:
        b1[NEURON] = distance - product(example.x.astype(precision), W1)[0, NEURON]
    hidden, last = (SameSigmoid if kind is Sigmoid else kind for kind in ACTIVATIONS[place])
    layers = [SameDense.from_arrays(W1, b1), hidden(), SameDense.from_arrays(W2, b2), last()]
    return Network(layers, SquaredError())


def _point(network: Network) -> tuple[FloatArray, FloatArray]:
    example = running_example()
    dtype = network.parameters["W1"].dtype
    return example.x.astype(dtype), example.y.astype(dtype)


def _measure(place: str, precision: str, distance: float) -> Sweep:
    network, (name, index) = _network(place, distance, precision), _entry(place)
    x, y = _point(network)
    at = network.loss_value(x, y)
    network.parameter_gradients()
    value, grad = network.parameters[name], network.gradients[name]
    hs = STEPS.astype(precision)  # as w + h is rounded when h is a plain number
    nudged = np.concatenate([value[index] + hs, value[index] - hs])
    losses = _losses(network, name, index, nudged)
    bends = _bend(_network(place, distance, "float64"), place)
    return Sweep(at, losses[: len(hs)], losses[len(hs) :], float(grad[index]), *bends)


def _losses(network: Network, name: str, index: tuple[int, ...], values: FloatArray) -> FloatArray:
    """Return the loss for each value of one entry: the network's own, for a stack of networks."""
    _, hidden, _, last = network.layers
    arrays = dict(network.parameters)
    stack = np.repeat(arrays[name][None], len(values), axis=0)
    for one, value in zip(stack, values, strict=True):
        one[index] = value
    arrays[name] = stack if name[0] == "W" else stack[:, None]
    x, y = _point(network)
    A1 = hidden.forward(product(x, arrays["W1"]) + arrays["b1"])
    A2 = last.forward(product(A1, arrays["W2"]) + arrays["b2"])
    return np.array([network.loss.forward(output, y) for output in A2])


def _bend(network: Network, place: str) -> tuple[float, float]:
    """Return the second and third derivative of the loss, from slopes on the side off the kink."""
    name, index = _entry(place)
    x, y = _point(network)
    value = network.parameters[name]
    before, slopes = value[index], []
    for k in range(3):
        value[index] = before + k * BEND
        network.loss_value(x, y)
        network.parameter_gradients()
        slopes.append(float(network.gradients[name][index]))
    value[index] = before
    g0, g1, g2 = slopes
    third = (g0 - 2 * g1 + g2) / BEND**2
    return (4 * g1 - 3 * g0 - g2) / (2 * BEND), 0.0 if abs(third) < 1e-8 else third


# ---- Words --------------------------------------------------------------------------------------


def _choice(label: str, options: list[str], width: str = "16em") -> widgets.Dropdown:
    return widgets.Dropdown(
        options=options, description=label, style={"description_width": "6em"},
        layout={"width": width},
    )  # fmt: skip


def _other(sides: str) -> str:
    return f"L(w {MINUS} h)" if sides == "two-sided" else "L(w)"


def _lost(difference: float, loss: float, eps: float) -> float:
    """Return how many of the digits of the loss both losses share."""
    smallest = eps * loss  # of a difference below it nothing is known
    return math.log10(loss / max(min(abs(difference), loss), smallest))


def _kept(numbers: Numbers) -> str:
    digits = round(numbers["digits"])
    if numbers["difference"] == 0:
        return f"All {digits} digits are lost: both losses are the same."
    return f"Of about {digits} digits, {numbers['lost']:.1f} are lost to cancellation."


def _predicted(numbers: Numbers, name: str) -> float:
    return float(np.interp(numbers["h"], numbers["hs"], numbers["predicted"][name]))


def _best(two_sided: bool, second: float, third: float, eps: float, loss: float) -> float | None:
    """Return the step at which truncation and rounding together are smallest, if there is one."""
    if two_sided:
        return float((3 * eps * loss / abs(third)) ** (1 / 3)) if third else None
    return float((2 * eps * loss / abs(second)) ** (1 / 2))
