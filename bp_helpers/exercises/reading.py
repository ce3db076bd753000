"""Reads what a function returned into arrays by name, or says what is in their place.

The names stand in the order in which the quantities are found: forward for a forward pass,
backward (last layer first, dW before db) for gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bp_helpers._checks import Array


@dataclass(frozen=True)
class Gap:
    """Stands where an array should be; `text` says what is there instead."""

    text: str


Values = dict[str, Array | Gap]
Reader = Callable[[Any, dict[str, Any]], Values]


def read_array(value: Any, name: str) -> Array | Gap:
    """Return a float copy of `value`, or a Gap."""
    if value is None or value is Ellipsis:
        return Gap(f"{name} is {value}: its part is not there yet.")
    if isinstance(value, Iterator):
        return Gap(
            f"{name} is a {type(value).__name__}, which has computed nothing yet: return the "
            "values themselves, `return` instead of `yield`, a list in square brackets."
        )
    try:
        array = np.array(value)
    except Exception:  # whatever a learner returns may refuse in its own way
        return Gap(f"{name} is a {type(value).__name__} whose parts have different shapes.")
    if array.dtype.kind not in "fiub":
        return Gap(f"{name} is a {type(value).__name__}, and numbers are expected.")
    return array.astype(np.result_type(array, np.float32) if array.dtype.kind == "f" else float)


def one(name: str) -> Reader:
    """Return a reader of a single array or number."""
    return lambda value, _: {name: read_array(value, name)}


def pair(first: str, second: str) -> Reader:
    """Return a reader of two arrays in a tuple or list."""

    def read(value: Any, _: dict[str, Any]) -> Values:
        whole = _sequence(value, 2, f"two results: {first}, {second}")
        if isinstance(whole, Gap):
            return {first: whole}
        return {first: read_array(whole[0], first), second: read_array(whole[1], second)}

    return read


def two_layers(value: Any, _: dict[str, Any]) -> Values:
    """Read dW2, db2, dW1, db1."""
    names = ["dW2", "db2", "dW1", "db1"]
    whole = _sequence(value, 4, f"four results: {', '.join(names)}")
    if isinstance(whole, Gap):
        return {names[0]: whole}
    return {name: read_array(one, name) for name, one in zip(names, whole, strict=True)}


def activations(value: Any, arguments: dict[str, Any]) -> Values:
    """Read [A0, ..., AL]."""
    names = [f"A{k}" for k in range(len(arguments["layers"]) + 1)]
    whole = _sequence(
        value, len(names), f"a list of {len(names)} arrays, {names[0]} to {names[-1]}"
    )
    if isinstance(whole, Gap):
        return {"A0": whole}
    return {name: read_array(one, name) for name, one in zip(names, whole, strict=True)}


def layer_pairs(value: Any, arguments: dict[str, Any]) -> Values:
    """Read [(dW1, db1), ...] into dW and db of the last layer first."""
    depth = len(arguments["layers"])
    whole = _sequence(value, depth, f"a list of {depth} pairs (dW, db), one per layer")
    if isinstance(whole, Gap):
        return {f"dW{depth}": whole}
    values: Values = {}
    for k in range(depth, 0, -1):
        values |= _pair(whole[k - 1], f"dW{k}", f"db{k}")
    return values


def changes(value: Any, arguments: dict[str, Any]) -> Values:
    """Read new layers [(W1, b1), ...] into how far they moved, the last layer first."""
    layers = arguments["layers"]
    depth = len(layers)
    whole = _sequence(value, depth, f"a list of {depth} pairs (W, b), one per layer")
    if isinstance(whole, Gap):
        return {CHANGE.format(f"W{depth}"): whole}
    values: Values = {}
    for k in range(depth, 0, -1):
        names = f"W{k}", f"b{k}"
        new = _pair(whole[k - 1], *names)
        for name, old in zip(names, layers[k - 1], strict=True):
            if name in new:
                values[CHANGE.format(name)] = _change(name, new[name], old)
    return values


CHANGE = "change of {0}"


def _change(name: str, new: Array | Gap, old: Array) -> Array | Gap:
    if isinstance(new, Gap):
        return new
    if new.shape != old.shape:
        return Gap(f"The new {name} has shape {new.shape}; the old one has shape {old.shape}.")
    return np.asarray(new - old)


def _pair(value: Any, first: str, second: str) -> Values:
    return pair(first, second)(value, {})


def _sequence(value: Any, length: int, wanted: str) -> Any:
    """Return `value` if it is a list or tuple of this length, or a Gap."""
    if value is None or value is Ellipsis:
        return Gap(f"It returns {value} here, where it should return {wanted}.")
    if isinstance(value, Iterator):
        return Gap(
            f"It returns a {type(value).__name__}, which has computed nothing yet; it should "
            f"return {wanted}. Put list(...) around it, and use `return`, not `yield`."
        )
    kind = type(value).__name__
    what = f"It returns {'an' if kind in ('int', 'ndarray') else 'a'} {kind}"
    if isinstance(value, np.ndarray):
        what += f" of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        if len(value) == length:
            return value
        what += f" of length {len(value)}"
    return Gap(f"{what}; it should return {wanted}.")
