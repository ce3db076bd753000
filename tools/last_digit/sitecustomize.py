"""Moves the last digit of exp, tanh, log and their like, as another processor would.

Python runs a `sitecustomize` that it finds on PYTHONPATH at every start, in kernels of notebooks
too. `tools/machines.py` puts this folder there, and a seed into BP_LAST_DIGIT. Two results
in three of NumPy's and math's functions are then the next floating-point number above or below.
The same argument gives the same result every time, and with the other sign the same but for the
sign. What has few digits, as exp(0) = 1, stays as it is: it is exact on every processor.
"""

import functools
import math
import os
from collections.abc import Callable
from typing import Any

NUMPY_NAMES = [
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "power", "sin",
    "cos", "tan", "arcsin", "arccos", "arctan", "arctan2", "sinh", "cosh", "tanh", "arcsinh",
    "arccosh", "arctanh", "hypot", "cbrt",
]  # fmt: skip
MATH_NAMES = [
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "pow", "sin", "cos", "tan",
    "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
    "hypot", "cbrt", "erf", "erfc",
]  # fmt: skip


Moved = Callable[[Any], Any]  # what makes of a result the one of another processor


def last_digit_mover(np: Any, seed: int) -> Moved:
    """Return what moves the last digit of a floating-point number, or of each in an array."""
    narrower = {np.dtype(np.float64): np.float32, np.dtype(np.float32): np.float16}
    bits = {np.dtype(np.float64): np.uint64, np.dtype(np.float32): np.uint32}
    nextafter, magnitude = np.nextafter, np.abs

    def moved(result: Any) -> Any:
        kind = getattr(result, "dtype", None)
        if kind not in bits:
            return result
        with np.errstate(all="ignore"):
            pattern = magnitude(np.ascontiguousarray(result)).view(bits[kind]).astype(np.uint64)
            drawn = (pattern + np.uint64(seed)) * np.uint64(0x9E3779B97F4A7C15)
            drawn = (drawn ^ (drawn >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
            step = (drawn >> np.uint64(40)) % np.uint64(3)  # 0 down, 1 stay, 2 up
            step = step.reshape(result.shape)
            towards = np.where(step == 0, 0, np.copysign(np.inf, result)).astype(kind)
            exact = (result == result.astype(narrower[kind])) | ~np.isfinite(result)
            return np.where((step == 1) | exact, result, nextafter(result, towards))[()]

    return moved


def of_numpy(function: Any, moved: Moved) -> Callable[..., Any]:
    """Return a function of NumPy with moved results, also where they go into `out`."""

    @functools.wraps(function)
    def call(*arguments: Any, out: Any = None, **options: Any) -> Any:
        if out is None:
            return moved(function(*arguments, **options))
        function(*arguments, out=out, **options)
        for array in out if isinstance(out, tuple) else (out,):
            array[...] = moved(array)
        return out[0] if isinstance(out, tuple) else out

    for method in ("at", "outer", "reduce", "accumulate", "reduceat"):
        setattr(call, method, getattr(function, method))  # as they are
    return call


def of_math(function: Callable[..., float], np: Any, moved: Moved) -> Callable[..., float]:
    """Return a function of `math` with moved results."""

    @functools.wraps(function)
    def call(*arguments: Any) -> float:
        return float(moved(np.float64(function(*arguments))))

    return call


def replace_functions(np: Any, seed: int) -> None:
    """Put functions with moved last digits in the place of those of `np` and `math`."""
    moved = last_digit_mover(np, seed)
    for name in NUMPY_NAMES:
        setattr(np, name, of_numpy(getattr(np, name), moved))
    for name in MATH_NAMES:
        setattr(math, name, of_math(getattr(math, name), np, moved))


if "BP_LAST_DIGIT" in os.environ:
    import numpy

    replace_functions(numpy, int(os.environ["BP_LAST_DIGIT"]))
