"""Arrays as text: names, shapes and numbers in columns, the same on every processor."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks

DIGITS = 4
LARGE = 1e8  # from here on a number has a power of ten instead of all its figures
ROUNDING = 1e-14  # what rounding may leave of a sum of numbers around 1 that is 0
MOST = 8  # rows and columns of an array that are printed


def show(**arrays: npt.ArrayLike) -> None:
    """Print each array: its name, its shape, its rows. `show(X=X, W1=W1)`.

    Each is a number, a vector or a matrix, of floats, whole numbers or truth values. Floats have
    four decimals, or look like 2.3e-05 where four decimals would say 0, and like 1.5000e+09 where
    they are large. Of an array with more than
    eight rows or columns the first eight are printed.

    Raises `TypeError` where a value does not hold real numbers, and `ValueError` where it has three
    axes or more, rows of different lengths, or masked entries.
    """
    given = {name: _checked(name, value) for name, value in arrays.items()}
    shapes = {name: f"{array.shape}" if array.ndim else "" for name, array in given.items()}
    names_width = max([7, *map(len, given)])
    shapes_width = max([6, *map(len, shapes.values())])
    for name, array in given.items():
        margin = f"{name:{names_width}} {shapes[name]:{shapes_width}}"
        for row in _rows(array):
            print(f"{margin} {row}")
            margin = " " * len(margin)


def steady(value: float) -> float:
    """Return the number rounded to twelve digits, a zero without a sign.

    Whatever is written with fewer digits is rounded like this first. Two processors differ in about
    the sixteenth digit: of a half such as 0.0625, that digit decides which way it is rounded.
    """
    return float(f"{value:.12g}") + 0.0


def _checked(name: str, value: npt.ArrayLike) -> npt.NDArray[np.generic]:
    """Return the value as an array, or say what about it cannot be printed."""
    array = _checks.real_array(value, "show", name)
    if array.ndim > 2:
        raise ValueError(
            f"show got {name} of shape {array.shape}: it prints at most two axes; choose a part, "
            f"as in {name}[0]"
        )
    return array


def _rows(array: npt.NDArray[np.generic]) -> list[str]:
    """Return the rows as text, in columns of one width."""
    table = np.atleast_2d(array)
    rows, columns = (min(size, MOST) for size in table.shape)
    written = [[_written(value) for value in row[:columns]] for row in table[:rows].tolist()]
    width = max([8, *(len(entry) for row in written for entry in row)])
    more = "  ..." if table.shape[1] > columns else ""
    lines = ["  ".join(f"{entry:>{width}}" for entry in row) + more for row in written]
    return [*lines, f"{'...':>{width}}"] if table.shape[0] > rows else lines or [""]


def _written(value: float) -> str:
    """Return a number as text. It is rounded first, so that no processor's last digit shows."""
    if not isinstance(value, float):
        return f"{value}"
    value = steady(value)
    if abs(value) < ROUNDING:
        value = 0.0
    if abs(value) >= LARGE and math.isfinite(value):
        return f"{value:.{DIGITS}e}"
    written = f"{value:.{DIGITS}f}"
    vanished = value != 0 and float(written) == 0
    return f"{value:.1e}" if vanished else written
