"""A trial: what a learner's function did with one probe, and how two results are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.feedback import differs, same
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.results import Answer, Gap, Value, Values
from bp_helpers.exercises.safe_call import Call, safe_call, safe_read

Outcome = Values | BaseException  # what a function returned, by name, or what it raised


@dataclass(frozen=True, eq=False)
class Trial:
    """One probe: what the function did with it, and what would have been right."""

    probe: Probe
    made: Call
    yours: Outcome
    true: Values

    @cached_property
    def wrong(self) -> list[str]:
        """Return the names of what is wrong, in the order of the exercise."""
        return [name for name in self.true if not agree(self.get(name), self.true[name])]

    @property
    def values(self) -> Values | None:
        """Return what the function returned, or None if it raised."""
        return self.yours if isinstance(self.yours, dict) else None

    @property
    def size(self) -> int:
        """Return how many numbers come out."""
        return sum(value.size for value in self.true.values() if isinstance(value, np.ndarray))

    def get(self, name: str) -> Value | None:
        """Return what the function has under this name, if anything."""
        return self.values.get(name) if self.values else None

    def arrays(self, name: str) -> tuple[Array, Array] | None:
        """Return yours and the true array under this name, if both are arrays."""
        yours, true = self.get(name), self.true.get(name)
        if isinstance(yours, np.ndarray) and isinstance(true, np.ndarray):
            return yours, true
        return None


def tried(exercise: Exercise, function: Callable[..., Any], probe: Probe) -> Trial:
    """Return what comes of calling a learner's function with a probe."""
    made = safe_call(function, probe.arguments, exercise.going_in_place)
    yours = safe_read(made, lambda: exercise.read_result(made.value, made.given, probe))
    return Trial(probe, made, yours, exercise.result(probe))


def agree(one: Value | None, other: Value | None) -> bool:
    """Return whether two values are the same, to rounding."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return same(one, other) or one.size == other.size == 0
    if isinstance(one, Gap) and isinstance(other, Gap):
        return (
            one.text == other.text
            and len(one.parts) == len(other.parts)
            and all(same(*pair) for pair in zip(one.parts, other.parts, strict=True))
        )
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return False
    return one == other


def same_outcome(one: Outcome, other: Outcome) -> bool:
    """Return whether two calls returned the same, to rounding, or raised the same kind of error.

    A message may hold an address, and a class that is made in the call is another each time.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(agree(one[name], other[name]) for name in one)
    return type(one).__name__ == type(other).__name__


def numbers_wrong(trial: Trial) -> int:
    """Return how many wrong numbers or answers a trial has."""
    count = 0
    for name in trial.wrong:
        yours, true = trial.get(name), trial.true[name]
        if isinstance(yours, Gap):
            count += sum(part.size for part in yours.parts)
        elif isinstance(yours, np.ndarray) and isinstance(true, np.ndarray):
            count += yours.size if yours.shape != true.shape else int(differs(yours, true).sum())
        else:
            count += isinstance(yours, Answer)
    return count


def shape_wrong(trial: Trial) -> bool:
    """Return whether the first array that is wrong has a wrong shape."""
    pairs = filter(None, map(trial.arrays, trial.wrong))
    return next((yours.shape != true.shape for yours, true in pairs), False)
