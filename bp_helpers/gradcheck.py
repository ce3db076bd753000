"""Gradients measured by nudging: what `backward` says beside what the loss does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.network import Network

STEP = 1e-5  # of a nudge
TOLERANCE = 1e-6  # for the relative error


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
            entry = self._entry_to_show(check)
            lines.append(
                f"{name:6}{check.analytic.shape!s:>11}{check.analytic[entry]:12.6f}"
                f"{check.measured[entry]:12.6f}{error:16.1e}  "
                f"{'agrees' if error <= self.tolerance else 'DIFFERS'}"
            )
        lines += [
            "Shown is the largest gradient of each array or, where one differs,",
            "the entry that differs most; the error is the largest of all.",
            f"Tolerance: {self.tolerance:.0e}.",
        ]
        return "\n".join(lines)

    def _entry_to_show(self, check: ParameterCheck) -> tuple[int, ...]:
        agrees = check.relative_error.max() <= self.tolerance
        size = np.abs(check.analytic) if agrees else check.relative_error
        return tuple(int(i) for i in np.unravel_index(size.argmax(), size.shape))

    __repr__ = __str__


def check_gradients(
    network: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    step: float = STEP,
    tolerance: float = TOLERANCE,
) -> GradientReport:
    """Compare every gradient of `network` at (x, y), dL/dX included, with a measured one.

    Each entry w is moved to w + step and w - step, and the loss measured at both:
    `dL/dw = (L(w + step) - L(w - step)) / (2 step)`, the central difference. That takes two
    forward passes an entry, so use a small network and few examples; all in float64, for float32
    rounds too coarsely to measure with (refused with a `TypeError`). The parameters come back
    exactly as they were. An entry nearer than `step` to the kink of a ReLU may differ though the
    gradient is right.

    `compare` says what the relative error is.
    """
    step, tolerance = _checks.positive(step, "step"), _checks.positive(tolerance, "tolerance")
    for name, value in network.parameters.items():
        if value.dtype != np.float64:
            raise TypeError(
                f"check_gradients measures in float64, but {name} is {value.dtype}: "
                "build the same network with dtype=np.float64"
            )
    x = _checks.float_array(x, "check_gradients", "x", np.dtype(np.float64)).copy()
    loss = network.loss_value(x, y)
    dX = network.backward()
    gradients = network.gradients
    arrays = {name: (w, np.array(gradients[name])) for name, w in network.parameters.items()}
    arrays["X"] = (x, dX.copy())

    def measure(array: Array) -> Array:
        return central_differences(array, lambda: network.loss_value(x, y), step)

    checks = {
        name: compare(grad, measure(array), loss, step=step, tolerance=tolerance)
        for name, (array, grad) in arrays.items()
    }
    network.loss_value(x, y)  # the layers remember the point asked about, not the last nudge
    return GradientReport(checks, tolerance)


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
    floor = 10 * np.finfo(np.float64).eps * max(abs(loss), 1.0) / (step * tolerance)
    return ParameterCheck(analytic, measured, relative_errors(analytic, measured, floor))


def relative_errors(analytic: Array | float, measured: Array, floor: float) -> Array:
    """Return |analytic - measured| / max(|analytic|, |measured|, floor), entry by entry."""
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(measured)), floor)
    return np.asarray(np.abs(analytic - measured) / scale)
