"""The door: what comes in is looked at once, and refused with both sides named and a way out."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar, copy_context
from datetime import date, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Kept = TypeVar("Kept")

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))


_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


def quietly(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Run `function` the same way whatever `np.seterr` and the warnings' filter say.

    What underflows is 0, and what overflows is infinite and refused where it comes in next. The
    setting costs as much as a small layer, so what runs inside such a function leaves it alone.
    """
    ignoring = np.errstate(all="ignore")(function)

    def from_outside(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        _QUIET.set(True)
        return ignoring(*args, **kwargs)

    @functools.wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        if _QUIET.get():
            return function(*args, **kwargs)
        # in a context of its own, of which nothing stays, wherever KeyboardInterrupt may come
        return copy_context().run(from_outside, *args, **kwargs)

    return run


def float_array(
    value: npt.ArrayLike, who: object, what: str, dtype: np.dtype[Any] | None = None
) -> Array:
    """Return `value` as a finite, non-empty float array.

    Lists, integers and booleans become `dtype` (float64 if none is given). Float arrays keep
    their dtype, and a float array of another dtype than the one given is refused: converting it
    silently would either lose digits or turn a float32 computation into a float64 one.
    """
    if type(value) is np.ndarray and value.dtype in FLOATS:  # as between layers: nothing to read
        array: Array = value
    else:
        array = _read(value, who, what, dtype)
    if dtype is not None and array.dtype != dtype:
        raise TypeError(
            f"{who} computes in {dtype} and got {what} of dtype {array.dtype}: "
            f"convert one of them, for example with .astype(np.{dtype})"
        )
    if array.size == 0:
        raise ValueError(
            f"{who} got {what} of shape {array.shape}: it needs at least one example of at least "
            "one value"
        )
    if not all_finite(array):
        bad = np.argwhere(~np.isfinite(array))
        raise ValueError(
            f"{who} got {what} with {len(bad)} value(s) that are NaN or infinite, the first at "
            f"{_place(value, bad[0])}: remove or replace them; if this happened while "
            "training, the learning rate is probably too large"
        )
    return array


def all_finite(array: Array) -> bool:
    """Return whether no value is NaN or infinite."""
    # One call instead of two: a finite sum of squares has finite terms only. Where it is not
    # finite, huge values may have overflowed, so each one is looked at; in a large array, too,
    # for there BLAS would wake its threads.
    if array.size <= 10_000:
        flat = array.ravel()
        if math.isfinite(flat.dot(flat)):
            return True
    return bool(np.isfinite(array).all())


def _read(
    value: npt.ArrayLike, who: object, what: str, dtype: np.dtype[Any] | None
) -> npt.NDArray[Any]:
    """Return `value` as an array of float64 or float32, whatever numbers it holds."""
    array = real_array(value, who, what)
    if array.dtype.kind in "iub" or not isinstance(value, np.ndarray) or value.dtype == object:
        wanted = dtype or (array.dtype if array.dtype in FLOATS else np.dtype(np.float64))
        array = in_dtype(array, wanted, who, what)
    if array.dtype not in FLOATS:
        raise TypeError(
            f"{who} got {what} of dtype {array.dtype}: it computes in float64 or float32; "
            f"convert with .astype(np.{dtype or 'float64'})"
        )
    return array


def in_dtype(
    array: npt.NDArray[Any], dtype: np.dtype[Any], who: object, what: str
) -> npt.NDArray[Any]:
    """Return the array in another dtype; refuse numbers for which that is too small."""
    converted = array.astype(dtype, copy=False)
    if dtype == np.float32 and not all_finite(converted):
        too_large = np.isinf(converted) & np.isfinite(array)
        if too_large.any():
            place = tuple(int(i) for i in np.argwhere(too_large)[0])
            raise ValueError(
                f"{who} got {what} with {array[place]:.4g} at index {place}, and computes in "
                f"{dtype}, whose largest number is {np.finfo(dtype).max:.1e}: scale the data to "
                "sizes around 1, or use float64"
            )
    return converted


def real_array(value: npt.ArrayLike, who: object, what: str) -> npt.NDArray[Any]:
    """Return `value` as an array of real numbers, of whatever dtype and shape.

    Tables are read as they come: numbers kept as objects, or with their bytes in another order. A
    value that is missing, masked or no number is refused with its place.
    """
    _refuse_masked(value, who, what)
    if hasattr(value, "toarray"):
        raise TypeError(f"{who} got {what} as a sparse matrix: convert it with .toarray()")
    try:
        array = np.asarray(value)
    except ValueError:
        raise _ragged(who, what) from None
    except (TypeError, RuntimeError) as refusal:  # of the value's own, which knows the way out
        raise TypeError(
            f"{who} got {what} of type {type(value).__name__}, which cannot become an array: "
            f"{refusal}"
        ) from None
    if array.dtype == object:
        array = _from_objects(array, value, who, what)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"{who} got {what} of dtype {array.dtype}: it takes real numbers only"
            f"{_WAYS_OUT.get(array.dtype.kind, '')}"
        )
    return array


_TEXT = (
    "; turn text into numbers: figures with np.asarray(..., float), classes with "
    "np.unique(y, return_inverse=True)[1]"
)
_WAYS_OUT = {
    "U": _TEXT,
    "S": _TEXT,
    "T": _TEXT,
    "M": "; turn dates into numbers, for example with (dates - dates[0]) / np.timedelta64(1, 'D')",
    "m": "; turn durations into numbers, for example with durations / np.timedelta64(1, 'D')",
    "c": "; take the real part with .real, or both parts as two columns",
    "V": "; make an array of its columns, with numpy.lib.recfunctions.structured_to_unstructured",
}


def _refuse_masked(value: object, who: object, what: str) -> None:
    masked = list(_masked(value))
    if masked:
        raise ValueError(
            f"{who} got {what} with {len(masked)} masked value(s), the first at "
            f"{_place(value, masked[0])}: leave those rows out, or fill them "
            "with .filled(...)"
        )


def _masked(value: object, before: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Yield where a masked array, or a list of them, is masked."""
    if isinstance(value, np.ma.MaskedArray):
        if value.dtype.names is None and value.mask.any():
            yield from ((*before, *index) for index in np.argwhere(value.mask).tolist())
    elif isinstance(value, (list, tuple)) and len(before) < 64:  # the most axes NumPy has
        for i, part in enumerate(value):
            if isinstance(part, (list, tuple, np.ma.MaskedArray)):
                yield from _masked(part, (*before, i))


def _from_objects(
    array: npt.NDArray[Any], value: object, who: object, what: str
) -> npt.NDArray[Any]:
    """Return an array of Python objects as numbers, if they all are."""
    for index in np.ndindex(array.shape):
        one = array[index]
        if isinstance(one, (list, tuple, np.ndarray)):
            raise _nested(array, who, what)
        if not isinstance(one, (Real, Decimal, np.bool_)):
            if not index:
                raise _no_array(one, who, what)
            raise TypeError(
                f"{who} got {what} with {one!r} at {_place(value, index)}: it takes real numbers "
                f"only{_way_out(one)}"
            )
    kinds = {type(one) for one in array.flat}
    if all(issubclass(kind, (bool, np.bool_)) for kind in kinds):
        return array.astype(bool)
    if all(issubclass(kind, (int, np.integer)) for kind in kinds) and np.max(np.abs(array)) < 2**63:
        return array.astype(np.int64)
    return np.array([_as_float(one) for one in array.flat]).reshape(array.shape)


def _as_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:  # a whole number or a fraction that no float can hold
        return math.inf
    except ValueError:  # of a Decimal, the NaN that signals
        return math.nan


def _way_out(one: object) -> str:
    kinds = {
        "U": (str, bytes),
        "c": (complex, np.complexfloating),
        "M": (date, np.datetime64),
        "m": (timedelta, np.timedelta64),
    }
    missing = str(one) in ("NaT", "<NA>")  # which are dates and text to Python
    for kind, types in kinds.items():
        if isinstance(one, types) and not missing:
            return _WAYS_OUT[kind]
    return "; leave it out, or replace it"


def _no_array(one: object, who: object, what: str) -> TypeError:
    way = ""
    if isinstance(one, Mapping):
        way = ", for example with np.column_stack(list(x.values()))"
    elif isinstance(one, Iterable):
        way = ", for example with np.array(list(x))"
    return TypeError(
        f"{who} got {what} of type {type(one).__name__}: it takes numbers in an array or in lists; "
        f"make one of it first{way}"
    )


def _nested(array: npt.NDArray[Any], who: object, what: str) -> ValueError:
    parts = [one.shape if isinstance(one, np.ndarray) else None for one in array.flat]
    if None in parts or len(set(parts)) > 1:
        return _ragged(who, what)
    return ValueError(
        f"{who} got {what} with an array of shape {parts[0]} in every place: make one array of "
        "them, with np.stack(...)"
    )


def _place(value: object, index: Sequence[int]) -> str:
    """Say where `index` is: in a table by the column's name."""
    columns = getattr(value, "column_names", getattr(value, "columns", None))
    if columns is not None and len(index) == 2:
        return f"row {int(index[0])}, column {columns[int(index[1])]!r}"
    return f"index {tuple(int(i) for i in index)}"


def _ragged(who: object, what: str) -> ValueError:
    return ValueError(
        f"{who} got {what} whose rows have different lengths: every row needs the same number of "
        "values"
    )


def rows(value: npt.ArrayLike, who: object, width: int, dtype: np.dtype[Any]) -> Array:
    """Return `value` as an array of shape (N, width), one row per example."""
    x = float_array(value, who, "x", dtype)
    if x.ndim != 2:
        one = "np.reshape(x, (1, -1)) for one example"
        if width == 1:
            one = "np.reshape(x, (-1, 1)) for examples of one value each"
        ways = {0: "[[x]] for one example of one value", 1: one}
        reshape = ways.get(x.ndim, "np.reshape(x, (len(x), -1))")
        raise ValueError(
            f"{who} got x of shape {x.shape}: it takes one row per example, shape (N, {width}); "
            f"use {reshape}"
        )
    if x.shape[1] != width:
        raise ValueError(f"{who} got x of shape {x.shape}: its last axis must be n_in={width}")
    return x


def kept(layer: object, value: Kept | None) -> Kept:
    """Return what `forward` kept for `backward`, or say that `forward` has not run."""
    if value is None:
        raise RuntimeError(f"{layer}: backward needs a forward pass before it; call forward first")
    return value


def gradient(
    value: npt.ArrayLike, who: object, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> Array:
    """Return `value` as a gradient of exactly the shape of what `forward` returned."""
    grad = float_array(value, who, "a gradient", dtype)
    if grad.shape != shape:
        raise ValueError(
            f"{who} got a gradient of shape {grad.shape}, but its forward returned shape {shape}: "
            "a gradient has the shape of the value it belongs to"
        )
    return grad


def writable(array: Array, name: str) -> None:
    """Refuse a parameter that cannot be changed in place, as one that is a view of another."""
    if not isinstance(array, np.ndarray):
        raise TypeError(
            f"{name} is {array!r}: a parameter must be a NumPy array, to be changed in it"
        )
    if not array.flags.writeable:
        raise ValueError(
            f"{name} is read-only, so nothing can change it: call "
            f'parameters["{name}"].setflags(write=True), or build the layer from a copy'
        )


def given_back(result: Any, who: object, method: str) -> Any:
    """Return what a method of a layer gave, unless it gave nothing."""
    if result is None:
        raise TypeError(f"{who}.{method} returned None: does it end without `return`?")
    return result


def one_number(value: Any, loss: object) -> float:
    """Return the loss as a float; refuse what is not one number."""
    given_back(value, loss, "forward")
    if not isinstance(value, (float, int)):
        array = real_array(value, loss, "a loss")
        if array.shape != ():
            raise ValueError(
                f"{loss}.forward returned an array of shape {array.shape}: a loss is one number, "
                "the mean over the examples"
            )
    return float(value)


def each_once(layers: Sequence[object]) -> None:
    """Refuse a layer that stands twice in a list: it remembers one forward pass only."""
    if len(set(map(id, layers))) < len(layers):
        twice = next(one for k, one in enumerate(layers) if any(one is two for two in layers[:k]))
        raise ValueError(
            f"{twice} stands twice in this list of layers: a layer remembers one forward pass, so "
            "make a second one"
        )


def same_pass(parts: Iterable[Any], seen: Iterable[object]) -> None:
    """Refuse to go back through layers or a loss that were used again after the pass in `seen`."""
    for part, before in zip(parts, seen, strict=False):
        if part.latest is not before:
            raise RuntimeError(
                f"{part} remembers another forward pass than the one behind the loss: it was "
                "used again since, or the layers were changed. Call loss_value(x, y) right "
                "before backward, and give each network layers of its own"
            )


def positive(value: float, what: str) -> float:
    """Return `value` as a finite float greater than 0."""
    return _number(value, what, "greater than 0", lambda v: v > 0)


def not_negative(value: float, what: str) -> float:
    """Return `value` as a finite float of at least 0."""
    return _number(value, what, "of at least 0", lambda v: v >= 0)


def fraction(value: float, what: str) -> float:
    """Return `value` as a float from 0 up to, but not including, 1."""
    return _number(value, what, "of at least 0 and less than 1", lambda v: 0 <= v < 1)


def _number(value: object, what: str, wanted: str, fits: Callable[[float], bool]) -> float:
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value.item()
    is_number = isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
    number = _as_float(value) if is_number else math.nan
    if not math.isfinite(number) or not fits(number):
        raise ValueError(f"{what} is {value!r}: it must be a finite number {wanted}")
    return number


def whole(value: int, what: str, least: int = 1) -> int:
    """Return `value` as a whole number of at least `least`."""
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{what} is {value!r}: it must be a whole number of at least {least}")
    return int(value)


def float_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """Return float64 or float32 as a dtype; any other is refused."""
    if np.dtype(dtype) not in FLOATS:
        raise TypeError(f"dtype is {np.dtype(dtype)}: it must be float64 or float32")
    return np.dtype(dtype)


def generator(rng: np.random.Generator, who: str) -> np.random.Generator:
    """Return `rng` if it is a NumPy generator; a bare seed would repeat itself at each call."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{who} got rng={rng!r}: pass a NumPy generator, made once, "
            "for example rng = np.random.default_rng(0)"
        )
    return rng
