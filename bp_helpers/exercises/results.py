"""Reads what a function returned into arrays by name, or says what is in their place.

The names stand in the order in which the quantities are found: forward for a forward pass,
backward (last layer first, dW before db) for gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.error_messages import kind_of, message_of, shortened
from bp_helpers.exercises.graphs import inputs_first


@dataclass(frozen=True)
class Gap:
    """Stands where an array should be; `text` says what is there instead.

    `parts` are the arrays in it, if there are any: two gaps are alike if these are alike as well.
    """

    text: str
    parts: tuple[Array, ...] = ()


@dataclass(frozen=True)
class Answer:
    """An answer that is no number, as Python writes it: a name in quotes, or None."""

    text: str


Value = Array | Answer | Gap
Values = dict[str, Value]
Reader = Callable[[Any, dict[str, Any]], Values]  # of a result, and of the arguments as left behind
HELD = {"c": "complex numbers", "O": "Python's objects", "U": "text"}  # by a dtype's kind
CHANGE = "change of {0}"


def read_array(value: Any, name: str, wanted: str = "numbers are expected") -> Array | Gap:
    """Return a float copy of `value`, or a Gap that says what is wanted."""
    if type(value) is np.ndarray and value.dtype == np.float64:  # nearly always, and many times
        return value.copy()
    if value is None or value is Ellipsis:
        return Gap(f"{name} is {value}: its part is not there yet.")
    if isinstance(value, Coroutine):
        return Gap(f"{name} is a coroutine, which has computed nothing yet: leave out `async`.")
    if isinstance(value, Iterator):
        return Gap(
            f"{name} is {kind_of(value)}, which has computed nothing yet: return the "
            "values themselves, `return` instead of `yield`, a list in square brackets."
        )
    try:
        array = np.array(value)
    except Exception as refused:  # whatever a learner returns may refuse in its own way
        if "inhomogeneous" in message_of(refused):
            return Gap(f"{name} is {kind_of(value)} whose parts have different shapes; {wanted}.")
        why = f"{type(refused).__name__}: {message_of(refused)}"
        return Gap(
            f"{name} is {kind_of(value)}: NumPy can't make an array of it ({why}); {wanted}."
        )
    if array.dtype.kind not in "fiub":
        held = f" of {HELD.get(array.dtype.kind, array.dtype)}" if array.ndim else ""
        return Gap(f"{name} is {kind_of(value)}{held}, and {wanted}.")
    return array.astype(np.result_type(array, np.float32) if array.dtype.kind == "f" else float)


def arrays_in(value: Any) -> list[Array]:
    """Return all arrays and numbers in lists, tuples and dictionaries, in their order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [array for part in value for array in arrays_in(part)]
    array = read_array(value, "")
    return [] if isinstance(array, Gap) else [array]


def one(name: str) -> Reader:
    """Return a reader of a single array or number."""

    def read(value: Any, _: dict[str, Any]) -> Values:
        if isinstance(value, (bool, np.bool_)):
            return {name: Gap(f"{name} is {value}, but a number is needed.")}
        return {name: read_array(value, name, "a single array or number is wanted")}

    return read


def several(*names: str) -> Reader:
    """Return a reader of that many arrays in a tuple or list."""
    counted = {2: "two", 3: "three", 4: "four"}[len(names)]
    return lambda value, _: _named(value, names, f"{counted} results: {', '.join(names)}")


def answer(name: str) -> Reader:
    """Return a reader of a name or None."""

    def read(value: Any, _: dict[str, Any]) -> Values:
        try:
            # NumPy's strings are as good, and show themselves in another way
            plain = str(value) if isinstance(value, str) else value
            return {name: Answer(shortened(repr(plain)))}
        except Exception:  # a learner's object may refuse in its own way
            return {name: Gap(f"{name} is {kind_of(value)}; a name or None is wanted.")}

    return read


def activations(value: Any, arguments: dict[str, Any]) -> Values:
    """Read [A0, ..., AL]."""
    names = [f"A{k}" for k in range(len(arguments["layers"]) + 1)]
    return _named(value, names, f"a list of {len(names)} arrays, {names[0]} to {names[-1]}")


def layer_pairs(value: Any, arguments: dict[str, Any], W: str = "dW", b: str = "db") -> Values:
    """Read [(dW1, db1), ...] into dW and db of the last layer first."""
    depth = len(arguments["layers"])
    whole = _sequence(value, depth, f"a list of {depth} pairs ({W}, {b}), one per layer")
    if isinstance(whole, Gap):
        return {f"{W}{depth}": whole}
    values: Values = {}
    for k in range(depth, 0, -1):
        names = f"{W}{k}", f"{b}{k}"
        begin = f"For layer {k} it returns"
        values |= _named(whole[k - 1], names, f"a pair: {', '.join(names)}", begin)
    return values


def changes(value: Any, arguments: dict[str, Any]) -> Values:
    """Read new layers [(W1, b1), ...] into how far they moved, the last layer first."""
    before = {
        f"{letter}{k}": old
        for k, pair in enumerate(arguments["layers"], 1)
        for letter, old in zip("Wb", pair, strict=True)
    }
    after = layer_pairs(value, arguments, "W", "b")
    return {CHANGE.format(name): _change(name, new, before[name]) for name, new in after.items()}


def trained(_: Any, arguments: dict[str, Any]) -> Values:
    """Read where the order came from, and the parameters of `network`, changed in place."""
    generator = arguments["rng"].bit_generator
    unused = generator.state == type(generator)(generator.seed_seq).state
    values: Values = {"order": Answer("not drawn from rng" if unused else "drawn from rng")}
    parameters = arguments["network"].parameters
    return values | {name: np.array(array) for name, array in parameters.items()}


def central(value: Any, arguments: dict[str, Any]) -> Values:
    """Read a measured gradient and, where its loss knows of it, at which places it was measured."""
    values: Values = {"gradient": read_array(value, "gradient", "an array of w's shape is wanted")}
    places, w, h = arguments["loss"].places, arguments["w"], arguments["h"]
    far = [float(np.abs(place - w).max()) for place in places]
    if max(far, default=0) > 1e-9 * h and not np.isclose(far, h, rtol=1e-6, atol=0).any():
        values["nudge"] = Answer("another step than h")
    gradient = values["gradient"]
    if places and isinstance(gradient, np.ndarray) and not gradient.any():
        twice = zip(places[::2], places[1::2], strict=False)
        alike = all(np.array_equal(*pair) for pair in twice)
        enough = len(places) >= 2 * gradient.size
        asked = "twice at each place" if alike else "at different places"
        values["asked"] = Answer(asked if enough else "at too few places")
    return values


def blames(_: Any, arguments: dict[str, Any]) -> Values:
    """Read what a function left in the nodes behind the argument `output`, the output first."""
    nodes = reversed(inputs_first(arguments["output"]))
    return {f"grad of {node.name}": read_array(node.grad, f"grad of {node.name}") for node in nodes}


def _change(name: str, new: Value, old: Array) -> Value:
    if not isinstance(new, np.ndarray):
        return new
    if new.shape != old.shape:
        text = f"The new {name} has shape {new.shape}; the old one has shape {old.shape}."
        return Gap(text, (new,))
    return np.asarray(new - old)


def _named(value: Any, names: Sequence[str], wanted: str, begin: str = "It returns") -> Values:
    """Read one array for each name, or what is there instead of them all under the first."""
    whole = _sequence(value, len(names), wanted, begin)
    if isinstance(whole, Gap):
        return {names[0]: whole}
    return {name: read_array(part, name) for name, part in zip(names, whole, strict=True)}


def _sequence(value: Any, length: int, wanted: str, begin: str = "It returns") -> Any:
    """Return `value` if it is a list, a tuple or an array of this length, or a Gap."""
    if isinstance(value, (list, tuple)) and len(value) == length:
        return value
    if value is None or value is Ellipsis:
        return Gap(f"{begin} {value} here, where it should return {wanted}.")
    if isinstance(value, Iterator):
        return Gap(
            f"{begin} {kind_of(value)}, which has computed nothing yet; it should "
            f"return {wanted}. Put list(...) around it, and use `return`, not `yield`."
        )
    what = f"{begin} {kind_of(value)}"
    if isinstance(value, np.ndarray):
        if value.shape[:1] == (length,):
            return list(value)
        what += f" of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        what += f" of length {len(value)}"
    return Gap(f"{what}; it should return {wanted}.", tuple(arrays_in(value)))
