"""Gradients measured by nudging: what `backward` says beside what the loss does."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers._slopes import ROUNDING, SEEN, last_digits, moved, observed_number, observed_outputs
from bp_helpers._slopes import STEP as STEP
from bp_helpers.network import Network

TOLERANCE = 1e-6  # for the relative error
HAIR = 1e-3  # entries nearer to each other than this share are equally large
SMALLEST = float(np.finfo(np.float64).tiny)
BESIDE = 0.01  # where on a kink: how far beside it, as a share of an array's largest entry


@dataclass(frozen=True)
class ParameterCheck:
    """One array of the network: its gradient twice, and how far apart the two are.

    `analytic` (from `backward`), `measured` (from nudging) and `relative_error` have its shape.
    `on_kink` counts the entries that have no slope; what is said of them holds a little beside.
    """

    analytic: Array
    measured: Array
    relative_error: Array
    on_kink: int = 0


@dataclass(frozen=True, repr=False)
class GradientReport:
    """The result of `check_gradients`; print it, or show it as a cell's output, for a table."""

    parameters: dict[str, ParameterCheck]
    tolerance: float

    @property
    def max_relative_error(self) -> float:
        """The largest relative error of any entry; NaN if one is NaN, which is never `ok`."""
        return float(np.max([check.relative_error.max() for check in self.parameters.values()]))

    @property
    def ok(self) -> bool:
        """Whether every entry agrees to within the tolerance."""
        return self.max_relative_error <= self.tolerance

    def __bool__(self) -> bool:
        """Return `ok`, so that `assert check_gradients(...)` says what it seems to say."""
        return self.ok

    def __str__(self) -> str:
        lines = [f"{'':6}{'shape':>11}{'analytic':>12}{'measured':>12}{'relative error':>16}"]
        for name, check in self.parameters.items():
            error = float(check.relative_error.max())
            agrees = error <= self.tolerance
            # below the tolerance, the error is rounding, which no two machines share
            share = f"below {self.tolerance:.0e}" if agrees else f"{error:.1e}"
            both = _numerals(
                check, _worst(np.abs(check.analytic) if agrees else check.relative_error)
            )
            lines.append(
                f"{name:6}{check.analytic.shape!s:>11}{both}{share:>16}  "
                f"{'agrees' if agrees else 'DIFFERS'}"
                f"{f', {check.on_kink} beside a kink' if check.on_kink else ''}"
            )
        lines += [
            "Each row shows the array's largest gradient or, if any differs, the one",
            "that differs most. The relative error is the largest in the array.",
            f"Tolerance: {self.tolerance:.0e}.",
        ]
        if any(check.on_kink for check in self.parameters.values()):
            lines.append("On a kink, such as a ReLU's at 0, there is no slope: look beside it.")
        return "\n".join(lines)

    __repr__ = __str__


def _worst(size: Array) -> tuple[int, ...]:
    """Return the index of the largest entry: of equal ones the first, whatever rounding did."""
    size = np.where(np.isnan(size), np.inf, size)
    first = int(np.argmax(size >= (1 - HAIR) * size.max()))
    return tuple(int(i) for i in np.unravel_index(first, size.shape))


def _numerals(check: ParameterCheck, entry: tuple[int, ...]) -> str:
    pair = float(check.analytic[entry]), float(check.measured[entry])
    size = max(map(abs, pair))
    form = "12.6f" if size == 0 or 1e-3 <= size < 1e4 else "12.3e"
    return "".join(f"{number:{form}}" for number in pair)


@_checks.quietly
def check_gradients(
    network: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    step: float | None = None,
    tolerance: float = TOLERANCE,
) -> GradientReport:
    """Compare every gradient of `network` at (x, y), dL/dX included, with a measured one.

    Each entry w is moved to w + step and w - step, and the loss measured at both:
    `dL/dw = (L(w + step) - L(w - step)) / (2 step)`, the central difference. That takes two
    forward passes an entry, so use a small network and few examples; all in float64, for float32
    rounds too coarsely to measure with (refused with a `TypeError`). The parameters come back
    exactly as they were.

    The step is 1e-5. Without a `step` of yours, an entry that does not agree, or is too small to be
    seen, is measured with smaller and larger steps too, and the most certain measurement counts. So
    data in any units is checked: pixels from 0 to 255, or targets of 1e12. An entry on the kink of
    a ReLU has no slope: it is checked at a point a little beside, and the report says so. With a
    `step` of yours, an entry nearer than that to a kink may differ though the gradient is right,
    and one so small that rounding would hide a mistake is refused with a `ValueError`, as is a
    gradient of another shape than its parameter's.

    `compare` says what the relative error is.
    """
    if not isinstance(network, Network):
        raise TypeError(
            f"check_gradients got {network!r} first: it takes a Network, then x and y; a single "
            "layer is Network([layer], SquaredError())"
        )
    steps_are_free, step = step is None, _checks.positive(STEP if step is None else step, "step")
    tolerance = _checks.positive(tolerance, "tolerance")
    _refuse_what_cannot_be_nudged(network)
    x = _checks.float_array(x, "check_gradients", "x", np.dtype(np.float64)).copy()
    arrays = {**network.parameters, "X": x}
    before = {name: array.copy() for name, array in arrays.items()}
    try:
        loss, checks = _checks_at(network, arrays, y, step, tolerance, steps_are_free)
        if not steps_are_free:
            _refuse_what_tells_nothing(checks, loss, step)
        if steps_are_free:
            kinks = _look_closer(network, arrays, y, loss, checks, tolerance)
            if any(on_kink.any() for on_kink in kinks.values()):
                _look_beside(network, arrays, y, checks, kinks, tolerance)
    except BaseException:  # KeyboardInterrupt may come while an entry is being put back
        for name, array in arrays.items():
            array[...] = before[name]
        network.forget()  # the latest loss is one of a nudged network
        raise
    network.loss_value(x, y)  # the layers remember the point asked about, not the last nudge
    network.backward()
    return GradientReport(checks, tolerance)


def _refuse_what_cannot_be_nudged(network: Network) -> None:
    for name, value in network.parameters.items():
        _checks.writable(value, name)
        if value.dtype != np.float64:
            raise TypeError(
                f"check_gradients measures in float64, but {name} is {value.dtype}: make it "
                "float64; layers of bp_helpers are built so with dtype=np.float64"
            )


def _refuse_what_tells_nothing(checks: dict[str, ParameterCheck], loss: float, step: float) -> None:
    """Refuse a step with which a mistake of a hundredth of the largest gradient would not show."""
    largest = max(np.abs(check.analytic).max(initial=0) for check in checks.values())
    rounding = _rounding(loss, step)
    if rounding > largest / 100 > 0:
        raise ValueError(
            f"step is {step:g}: with so small a nudge, rounding alone moves what is measured by "
            f"{rounding:.1g}, and the largest gradient here is {largest:.1g}. Take a larger step, "
            "or none: then a good one is found"
        )


def _checks_at(
    network: Network,
    arrays: dict[str, Array],
    y: npt.ArrayLike,
    step: float,
    tolerance: float,
    steps_are_free: bool = True,
) -> tuple[float, dict[str, ParameterCheck]]:
    """Return the loss, and every array's gradient beside what nudges of one step measure.

    Where other steps may be tried, NaN stands for what a nudge of this one cannot measure, as that
    of a logarithm which it takes below 0.
    """
    x = arrays["X"]
    loss = network.loss_value(x, y)
    if not math.isfinite(loss):
        raise ValueError(
            f"check_gradients got a loss of {loss} at (x, y), so no slope can be measured: scale "
            "the inputs and targets to sizes around 1"
        )
    dX = network.backward()
    if network.loss_value(x, y) != loss:
        raise ValueError(
            "check_gradients got two losses at one point, so no slope can be measured: something "
            "is drawn at random in each forward pass. Let it draw the same each time, or leave it "
            "out"
        )
    gradients = {**network.gradients, "X": dX}
    analytic = {name: np.array(gradients[name]) for name in arrays}
    for name, array in arrays.items():
        if analytic[name].shape != array.shape:
            raise ValueError(
                f"{name} has shape {array.shape}, but its gradient has shape "
                f"{analytic[name].shape}: they must be equal"
            )

    def nudged() -> float:
        try:
            return network.loss_value(x, y)
        except ValueError:
            if not steps_are_free:
                raise
            return math.nan

    checks = {}
    for name, array in arrays.items():
        measured = central_differences(array, nudged, step)
        checks[name] = compare(analytic[name], measured, loss, step=step, tolerance=tolerance)
    return loss, checks


def _look_closer(
    network: Network,
    arrays: dict[str, Array],
    y: npt.ArrayLike,
    loss: float,
    checks: dict[str, ParameterCheck],
    tolerance: float,
) -> dict[str, npt.NDArray[np.bool_]]:
    """Measure anew, in place, what STEP was too large or too small for; return what has a kink."""
    x = arrays["X"]
    doubtful = {name: _doubtful(check, loss, tolerance) for name, check in checks.items()}
    kinks = {name: np.zeros_like(entries) for name, entries in doubtful.items()}
    if not any(entries.any() for entries in doubtful.values()):
        return kinks
    by_loss = observed = observed_number(lambda: network.loss_value(x, y))
    if network.loss.forward(network.forward(x), y) == loss:  # else the network adds to the loss
        observed = observed_outputs(network, x, lambda z: network.loss.forward(z, y), tolerance)
    rounding = _rounding_of_gradients(network, arrays, y, checks)
    for name, check in checks.items():
        for index in np.argwhere(doubtful[name]):
            entry = tuple(int(i) for i in index)
            analytic = check.analytic[entry]
            slope = observed.most_certain_slope(arrays[name], entry, float(analytic), tolerance)
            floor = max(slope.doubt + rounding[name][entry], SMALLEST) / tolerance
            error = relative_errors(analytic, np.asarray(slope.value), floor)
            check.measured[entry], check.relative_error[entry] = slope.value, error
            plainly = relative_errors(analytic, np.asarray(slope.value), SMALLEST) <= tolerance
            # last digits that move a gradient by more than is in doubt may take it over a kink
            over = rounding[name][entry] > slope.doubt and not plainly
            kinks[name][entry] = (error > tolerance or over) and any(
                each.has_kink(arrays[name], entry, slope.step) for each in (observed, by_loss)
            )
    return kinks


def _doubtful(check: ParameterCheck, loss: float, tolerance: float) -> npt.NDArray[np.bool_]:
    """Return which entries differ, or are too small to be seen with STEP where the loss is `loss`.

    A 0 is none of these, as long as other entries of its array are seen.
    """
    size = np.maximum(np.abs(check.analytic), np.abs(check.measured))
    unseen = size * SEEN < _rounding(loss, STEP)
    unseen &= (size > 0) | unseen.all()
    return np.isfinite(check.analytic) & (unseen | ~(check.relative_error <= tolerance))


def _rounding_of_gradients(
    network: Network, arrays: dict[str, Array], y: npt.ArrayLike, checks: dict[str, ParameterCheck]
) -> dict[str, Array]:
    """Return what the last digits of all that comes in do to each gradient.

    To one that is 0 because its terms cancel, as that of a bias before a `BatchNorm`, they do all.
    """
    found = {name: np.zeros_like(check.analytic) for name, check in checks.items()}
    values = list(arrays.values())
    for digits in last_digits(values):
        with moved(values, digits):
            network.loss_value(arrays["X"], y)
            gradients = {"X": network.backward(), **network.gradients}
        for name, check in checks.items():
            apart = 10 * np.abs(gradients[name] - check.analytic)
            found[name] = np.maximum(found[name], apart)
    return found


def _look_beside(
    network: Network,
    arrays: dict[str, Array],
    y: npt.ArrayLike,
    checks: dict[str, ParameterCheck],
    kinks: dict[str, npt.NDArray[np.bool_]],
    tolerance: float,
) -> None:
    """Put in the place of each entry on a kink what is found beside: at the worse of two points.

    The two lie on opposite sides: behind a ReLU that is off, a wrong gradient is 0 as well.
    """
    rng, values = np.random.default_rng(0), list(arrays.values())
    sizes = [BESIDE * (float(np.abs(value).max()) or 1.0) for value in values]
    moves = [size * rng.uniform(-1, 1, v.shape) for size, v in zip(sizes, values, strict=True)]
    for name, on_kink in kinks.items():
        checks[name].relative_error[on_kink] = -1.0  # less than any
        checks[name] = replace(checks[name], on_kink=int(on_kink.sum()))
    for side in (moves, [-move for move in moves]):
        with moved(values, side):
            loss, beside = _checks_at(network, arrays, y, STEP, tolerance)
            _look_closer(network, arrays, y, loss, beside, tolerance)
        for name, on_kink in kinks.items():
            here, there = checks[name], beside[name]
            worse = on_kink & ~(there.relative_error <= here.relative_error)
            here.analytic[worse] = there.analytic[worse]
            here.measured[worse] = there.measured[worse]
            here.relative_error[worse] = there.relative_error[worse]


@_checks.quietly
def central_differences(array: Array, loss: Callable[[], float], step: float) -> Array:
    """Return the slope of the loss along each entry of `array`, in its shape, nudged by `step`.

    `loss()` reads the array in place. Each entry is put back, also when `loss` raises.
    """
    slopes = np.empty_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        try:
            array[index] = before + step
            above = loss()
            array[index] = before - step
            below = loss()
        finally:
            array[index] = before
        slopes[index] = (above - below) / (2 * step)
    return slopes


@_checks.quietly
def compare(
    analytic: Array,
    measured: Array,
    loss: float,
    *,
    step: float = STEP,
    tolerance: float = TOLERANCE,
) -> ParameterCheck:
    """Compare a gradient with what was measured with `step` where the loss was `loss`.

    The relative error is |analytic - measured| / max(|analytic|, |measured|, floor). The floor is
    the smallest gradient that the measurement can tell from rounding at this tolerance: rounding
    moves a loss L by about 10 * 2.2e-16 * L, hence the measured slope by 10 * 2.2e-16 * L / step.
    """
    floor = _rounding(loss, step) / tolerance
    return ParameterCheck(analytic, measured, relative_errors(analytic, measured, floor))


@_checks.quietly
def relative_errors(analytic: Array | float, measured: Array, floor: float) -> Array:
    """Return |analytic - measured| / max(|analytic|, |measured|, floor), entry by entry."""
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(measured)), floor)
    return np.asarray(np.abs(analytic - measured) / scale)


def _rounding(loss: float, step: float) -> float:
    """Return how far rounding may move a slope measured with `step` where the loss is `loss`."""
    return ROUNDING * max(abs(loss), 1.0) / step
