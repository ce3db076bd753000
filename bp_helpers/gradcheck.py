"""Gradients measured by nudging: what `backward` says beside what the loss does."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.network import Network

STEP = 1e-5  # of a nudge
TOLERANCE = 1e-6  # for the relative error
SEEN = 0.01  # a gradient is seen when rounding moves its measurement by no more than this share
HAIR = 1e-3  # entries nearer to each other than this share are equally large


@dataclass(frozen=True)
class ParameterCheck:
    """One array of the network: its gradient twice, and how far apart the two are.

    `analytic` (from `backward`), `measured` (from nudging) and `relative_error` have its shape.
    """

    analytic: Array
    measured: Array
    relative_error: Array


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
            )
        lines += [
            "Shown is the largest gradient of each array or, where one differs,",
            "the entry that differs most; the error is the largest of all.",
            f"Tolerance: {self.tolerance:.0e}.",
        ]
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
    exactly as they were. An entry nearer than `step` to the kink of a ReLU may differ though the
    gradient is right.

    The step is 1e-5. Without a `step` of yours, an entry that does not agree, and every entry of an
    array too small to be seen, is measured with smaller and larger steps too, and the most certain
    measurement counts. So data in any units is checked: pixels from 0 to 255, or targets of 1e12.

    `compare` says what the relative error is.
    """
    steps_are_free, step = step is None, _checks.positive(STEP if step is None else step, "step")
    tolerance = _checks.positive(tolerance, "tolerance")
    for name, value in network.parameters.items():
        if value.dtype != np.float64:
            raise TypeError(
                f"check_gradients measures in float64, but {name} is {value.dtype}: "
                "build the same network with dtype=np.float64"
            )
    x = _checks.float_array(x, "check_gradients", "x", np.dtype(np.float64)).copy()
    loss = network.loss_value(x, y)
    if not math.isfinite(loss):
        raise ValueError(
            f"check_gradients got a loss of {loss} at (x, y), so no slope can be measured: scale "
            "the inputs and targets to sizes around 1"
        )
    dX = network.backward()
    gradients = network.gradients
    arrays = {name: (w, np.array(gradients[name])) for name, w in network.parameters.items()}
    arrays["X"] = (x, dX.copy())

    def nudged() -> float:
        return network.loss_value(x, y)

    noise = _rounding_of_sums([grad for _, grad in arrays.values()])
    checks = {}
    for name, (array, grad) in arrays.items():
        measured = central_differences(array, nudged, step)
        checks[name] = compare(grad, measured, loss, step=step, tolerance=tolerance)
        if steps_are_free:
            _look_closer(checks[name], array, nudged, loss, tolerance, noise)
    network.loss_value(x, y)  # the layers remember the point asked about, not the last nudge
    return GradientReport(checks, tolerance)


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
    return 10 * float(np.finfo(np.float64).eps) * max(abs(loss), 1.0) / step


def _rounding_of_sums(gradients: list[Array]) -> float:
    """Return what rounding may leave of a gradient that is 0 because its terms cancel.

    Nobody hands the terms out; they are about as large as other gradients. A bias before a
    `BatchNorm` is such a one.
    """
    finite = [float(np.abs(grad).max()) for grad in gradients if np.isfinite(grad).all()]
    return 10 * float(np.finfo(np.float64).eps) * max(finite, default=0.0)


def _look_closer(
    check: ParameterCheck,
    array: Array,
    loss: Callable[[], float],
    at: float,
    tolerance: float,
    noise: float,
) -> None:
    """Measure anew, in place, what STEP was too large or too small for; `at` is the loss here.

    `noise` is how far rounding may have moved the analytic gradient itself.
    """
    size = np.maximum(np.abs(check.analytic), np.abs(check.measured))
    unseen = bool((size * SEEN < _rounding(at, STEP)).all())
    for index in np.argwhere(unseen | ~(check.relative_error <= tolerance)):
        entry = tuple(int(i) for i in index)
        if np.isfinite(size[entry]):
            finest = min(STEP, _rounding(at, 1.0) / (SEEN * max(float(size[entry]), 1e-300)))
            slope, uncertainty = _most_certain_slope(array, entry, loss, finest, tolerance)
            check.measured[entry] = slope
            check.relative_error[entry] = relative_errors(
                check.analytic[entry], np.asarray(slope), (uncertainty + noise) / tolerance
            )


def _most_certain_slope(
    array: Array, entry: tuple[int, ...], loss: Callable[[], float], finest: float, tolerance: float
) -> tuple[float, float]:
    """Return the slope along one entry, and how uncertain it is.

    From STEP, the step goes down while the slope differs by more than rounding from that of a tenth
    of the step, or from that of the `finest` step which still sees it: the loss bends on the way,
    or has a kink. Then the step goes up until the slope is known well enough, or the loss bends.
    """

    def measured(step: float) -> tuple[float, float]:
        return _slope(array, entry, loss, step)

    step, last = STEP, measured(finest)
    now, finer = measured(step), measured(step / 10)
    while step / 10 > finest and not (_agree(now, finer) and _agree(now, last)):
        step /= 10
        now, finer = finer, measured(step / 10)
    best, uncertainty = now[0], now[1] + abs(now[0] - finer[0])
    for _ in range(20):
        step *= 10
        larger = measured(step)
        if uncertainty <= tolerance / 10 * abs(best):
            break
        if not _agree(now, larger):
            uncertainty *= 10  # the bend may have begun before rounding let it be seen
            break
        rounding = now[1] + larger[1]
        if rounding < min(uncertainty, abs(larger[0])):
            best, uncertainty = larger[0], rounding
        now = larger
    return best, uncertainty


def _agree(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two slopes, each with its rounding, are the same as far as rounding lets one see."""
    return abs(one[0] - other[0]) <= one[1] + other[1] < math.inf


def _slope(
    array: Array, entry: tuple[int, ...], loss: Callable[[], float], step: float
) -> tuple[float, float]:
    """Return the slope measured with one step, and its rounding; infinite where nothing is."""
    before = array[entry]
    try:
        array[entry] = before + step
        above = loss()
        array[entry] = before - step
        below = loss()
    except ValueError:  # nudged so far that the loss is not finite
        return 0.0, math.inf
    finally:
        array[entry] = before
    return (above - below) / (2 * step), _rounding(max(abs(above), abs(below)), step)
