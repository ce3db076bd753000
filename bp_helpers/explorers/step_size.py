"""How large should a nudge be? The error of a measured slope over all sizes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from bp_helpers.data import running_example
from bp_helpers.explorers.controls import menu, slider_along
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.explorers.same_everywhere import SameDense, SameSigmoid, product, ten_to
from bp_helpers.explorers.stacks import losses_of
from bp_helpers.gradcheck import TOLERANCE, relative_errors
from bp_helpers.layers import Identity, Layer, ReLU, Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    MINUS,
    STEP_AXIS,
    Cancellation,
    FloatArray,
    Picture,
    StepSizes,
    beside,
    cancellation,
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


@dataclass(frozen=True)
class StepSizeNumbers:
    """One slope measured with the step h, and the relative error for every step of `hs`.

    `above` is the loss at w + h, `other` the one it is compared with, `over` what their difference
    is divided by. `distance` is how far the kink is below w, None where there is none. `predicted`
    has for every step the error by truncation and by rounding.
    """

    h: float
    sides: str
    precision: str
    place: str
    distance: float | None
    loss: float
    above: float
    other: float
    over: float
    measured: float
    analytic: float
    error: float
    hs: FloatArray
    errors: FloatArray
    predicted: dict[str, FloatArray]
    best: float | None

    @property
    def difference(self) -> float:
        """The difference of the two losses."""
        return self.above - self.other


def measured_slope(
    h: float, sides: str, precision: str, place: str, distance: float
) -> StepSizeNumbers:
    """Return what nudging by 10**h measures, and how far off that is for every other step."""
    kink = ten_to(distance) if place == RELU else None
    kept = losses_nudged(place, precision, kink)
    at = int(np.abs(POWERS - h).argmin())
    hs = STEPS
    two_sided = sides == "two-sided"
    other = kept.below if two_sided else np.full_like(kept.above, kept.at)
    over = 2 * hs if two_sided else hs
    measured = (kept.above - other) / over
    errors = relative_errors(kept.slope, measured, floor=0.0)  # the slope is not 0
    eps = float(np.finfo(precision).eps)
    truncation = hs**2 * abs(kept.third) / 6 if two_sided else hs * abs(kept.second) / 2
    predicted: dict[str, FloatArray] = {
        "truncation": truncation / abs(kept.slope),
        "rounding": eps * kept.at / hs / abs(kept.slope),
    }
    return StepSizeNumbers(
        float(hs[at]), sides, precision, place, kink, kept.at, float(kept.above[at]),
        float(other[at]), float(over[at]), float(measured[at]), kept.slope, float(errors[at]),
        hs, errors, predicted, _best(two_sided, kept.second, kept.third, eps, kept.at),
    )  # fmt: skip


def step_size_picture(numbers: StepSizeNumbers) -> Picture:
    """Draw the error over h, and the subtraction that made the marked one."""
    two_sided = numbers.sides == "two-sided"
    curve = StepSizes(
        numbers.hs,
        numbers.errors,
        numbers.predicted,
        (numbers.h, numbers.error),
        TOLERANCE,
        numbers.distance if two_sided else None,
        numbers.best,
    )
    other = f"L(w {MINUS} h)" if two_sided else "L(w)"
    case = Cancellation(
        {"L(w + h)": numbers.above, other: numbers.other},
        ("2h" if two_sided else "h", numbers.over),
        numbers.measured,
        numbers.analytic,
        numbers.error,
        DECIMALS[numbers.precision],
        _kept(numbers),
    )
    formulas = FORMULAS[numbers.sides] | {"rounding": ROUNDING}
    return beside(step_sizes(curve, formulas), cancellation(case))


# ---- The network and its losses -----------------------------------------------------------------


def _entry(place: str) -> tuple[str, tuple[int, ...]]:
    """Return the parameter that is nudged and the index of the entry."""
    return ("b1", (NEURON,)) if place == RELU else ("W2", (0, 0))


def _network(place: str, distance: float | None, precision: str) -> Network:
    """Return the running network with this place's activations.

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


@lru_cache(maxsize=64)  # the slider of h asks for the same ones again
def losses_nudged(place: str, precision: str, distance: float | None) -> Sweep:
    """Return the losses for every h; with ReLUs the kink is `distance` below w."""
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
    return losses_of(network.loss, A2, y)


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


def _lost(difference: float, loss: float, eps: float) -> float:
    """Return how many of the digits of the loss both losses share."""
    smallest = eps * loss  # of a difference below it nothing is known
    return math.log10(loss / max(min(abs(difference), loss), smallest))


def _kept(numbers: StepSizeNumbers) -> str:
    eps = float(np.finfo(numbers.precision).eps)
    digits = round(-math.log10(eps))
    if numbers.difference == 0:
        return f"All {digits} digits are lost: both losses are the same."
    lost = _lost(numbers.difference, numbers.loss, eps)
    return f"Of about {digits} digits, {lost:.1f} are lost to cancellation."


def _best(two_sided: bool, second: float, third: float, eps: float, loss: float) -> float | None:
    """Return the step at which truncation and rounding together are smallest, if there is one."""
    if two_sided:
        return float((3 * eps * loss / abs(third)) ** (1 / 3)) if third else None
    return float((2 * eps * loss / abs(second)) ** (1 / 2))


class StepSizeExplorer(Explorer):
    """One weight of the running network, nudged by h, and how far off the measured slope is.

    With a large h the loss bends on the way (truncation), with a small one the two losses agree in
    nearly all their digits (rounding); in between lies the best. Where a ReLU is nearer to its kink
    than h, the nudge reaches across it and measures something else.
    """

    compute, draw = measured_slope, step_size_picture
    controls: ClassVar = {
        "h": slider_along(STEP_AXIS, "log10 of h", -5.0, -16.0, 0.0, 0.25),
        "sides": menu("difference", ["two-sided", "one-sided"], "two-sided", "16em", "6em"),
        "precision": menu("precision", ["float64", "float32"], "float64", "16em", "6em"),
        "place": menu("nudged", [*ACTIVATIONS], SIGMOIDS, "20em", "6em"),
        "distance": slider_along(STEP_AXIS, "log10 to the kink", -2.0, -6.0, 0.0, 0.25),
    }
    in_picture: ClassVar = {"h": "log10 of h", "distance": "log10 to the kink"}
    rows: ClassVar = [["h", "sides", "precision"], ["distance", "place"]]
    presets: ClassVar = {
        "too small a step": {"h": -13.0},
        "float32": {"precision": "float32"},
        "across the kink": {"place": RELU, "h": -1.0},
    }

    def fit_handles(self, state: State) -> None:
        """Let the kink be moved where there is one."""
        slider = self.handles["distance"]
        slider.disabled = state["place"] != RELU
        slider.tooltip = "Only a ReLU has a kink" if slider.disabled else None
