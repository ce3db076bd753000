"""Slips that nobody had to think of: in one step something is squared, turned round, exchanged."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.suspects import lines_needed, outcome
from bp_helpers.exercises.trials import Outcome

# what may be done to a number, or to each entry of an array, in a step that does not ask for it
CHANGES: dict[str, Callable[[Any], Any]] = {
    "given the opposite sign": lambda a: -a,
    "taken without its sign": abs,
    "squared": lambda a: a * a,
    "doubled": lambda a: 2 * a,
    "halved": lambda a: a / 2,
    "raised by 1": lambda a: a + 1,
    "lowered by 1": lambda a: a - 1,
    "taken away from 1": lambda a: 1 - a,
    "turned upside down": lambda a: 1 / a,
    "put under a root": np.sqrt,
    "cut to a whole number": np.trunc,
    "rounded down, as `//` does it": np.floor,
    "put into the exponent of e": np.exp,
    "put through a sigmoid": lambda a: Steps().activation(a),
    "multiplied by the sigmoid's slope there": lambda a: a * Steps().slope(a),
    "put through a ReLU": lambda a: np.maximum(a, 0),
}
# and to an array as a whole
WHOLE_CHANGES: dict[str, Callable[[Array], Any]] = {
    "transposed": lambda a: a.T,
    "inverted instead of transposed": lambda a: np.linalg.pinv(a).T,
    "replaced by its first row": lambda a: np.broadcast_to(a[:1], a.shape),
    "replaced by its first column": lambda a: np.broadcast_to(a[..., :1], a.shape),
    "reversed row by row": lambda a: a[::-1],
    "reversed column by column": lambda a: a[..., ::-1],
    "divided by the number of its rows": lambda a: a / len(a),
    "multiplied by the number of its rows": lambda a: a * len(a),
    "divided by the sums of its columns": lambda a: a / a.sum(axis=0),
    "divided by the sums of its rows": lambda a: a / a.sum(axis=-1, keepdims=True),
    "divided by its length": lambda a: a / np.linalg.norm(a),
    "lowered by the means of its columns": lambda a: a - a.mean(axis=0),
    "averaged over its rows": lambda a: a.mean(axis=0, keepdims=True),
    "added up over its rows": lambda a: a.sum(axis=0, keepdims=True),
    "added up over its columns": lambda a: a.sum(axis=-1, keepdims=True),
    "added up from row to row": lambda a: a.cumsum(axis=0),
}
# and to two of them
JOINED: dict[str, Callable[[Any, Any], Any]] = {
    "replaced by `{}`": lambda a, other: other,
    "multiplied by `{}`": lambda a, other: a * other,
    "divided by `{}`": lambda a, other: a / other,
    "added to `{}`": lambda a, other: a + other,
    "lowered by `{}`": lambda a, other: a - other,
}


@dataclass(frozen=True, eq=False)
class Slip:
    """A change in one step: of what goes into it by this name, or of what comes out."""

    exercise: Exercise
    line: str
    argument: str
    said: str
    change: Callable[[Any, dict[str, Any]], Any]  # of the value, and of all that is given

    @property
    def sentence(self) -> str:
        """Return what was done, where."""
        made = inspect.getdoc(getattr(Steps, self.line)) or ""
        what = made.removeprefix("Return ").partition(", shape")[0].partition("\n")[0].rstrip(".")
        if self.argument:
            return f"Yours is what comes if `{self.argument}` is {self.said} in this step: {what}."
        return f"Yours is what comes if the result of this step is {self.said}: {what}."

    def gives(self, probe: Probe) -> Outcome:
        """Return what comes out with it."""
        right, argument = getattr(Steps, self.line), self.argument
        names = [*inspect.signature(right).parameters][1:]

        def line(s: Steps, *given: Any, **named: Any) -> Any:
            values = dict(zip(names, given, strict=False)) | named
            around = {**probe.arguments, **values}
            if argument:
                return right(s, **values | {argument: self.change(values[argument], around)})
            return self.change(right(s, **values), around)

        return outcome(self.exercise, probe, {self.line: line})


@cache
def slips(exercise: Exercise) -> list[Slip]:
    """Return every slip of these kinds in a step that the exercise needs, the plainest first."""
    return [
        Slip(exercise, line, argument, said, change)
        for line in lines_needed(exercise)
        if not line.startswith("_") and callable(getattr(Steps, line, None))
        for argument in ["", *list(inspect.signature(getattr(Steps, line)).parameters)[1:]]
        for said, change in _changes(exercise, line, argument)
    ]


def _changes(
    exercise: Exercise, line: str, argument: str
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for said, change in CHANGES.items():
        yield said, lambda value, _, change=change: change(_number(value))
    for said, change in WHOLE_CHANGES.items():
        yield said, lambda value, _, change=change: change(_array(value))
    beside = [*exercise.probes[0].arguments, *inspect.signature(getattr(Steps, line)).parameters]
    for other in dict.fromkeys(beside):
        for said, join in JOINED.items():
            if other not in (argument, "self"):
                yield (
                    said.format(other),
                    lambda value, given, other=other, join=join: join(
                        value, _like(value, given[other])
                    ),
                )


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.ndarray, np.floating)):
        raise TypeError("neither a number nor an array")
    return value


def _array(value: Any) -> Array:
    if not isinstance(value, np.ndarray) or not value.ndim:
        raise TypeError("no array")
    return value


def _like(value: Any, other: Any) -> Any:
    if np.shape(_number(value)) != np.shape(_number(other)):
        raise TypeError("of another shape")
    return other
