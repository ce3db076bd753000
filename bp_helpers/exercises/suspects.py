"""A suspect: a mistake of the catalogue in an exercise, and what it would give there."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import combinations
from typing import Any

import numpy as np

from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.mistakes import CATALOGUE
from bp_helpers.exercises.mistakes.mistake import After
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.results import Value
from bp_helpers.exercises.steps import Steps, in_one_place
from bp_helpers.exercises.steps.replaceable import Override
from bp_helpers.exercises.trials import Outcome, Trial, numbers_wrong, same_outcome, shape_wrong


@dataclass(frozen=True, eq=False)
class Suspect:
    """A mistake, or several together, in an exercise: the lines that make it.

    What it gives on a probe is worked out when somebody asks.
    """

    mistakes: tuple[str, ...]  # their ids
    overrides: tuple[Override, ...]
    exercise: Exercise
    known: dict[Probe, tuple[Any, Outcome]] = field(default_factory=dict)

    def gives(self, probe: Probe) -> Outcome:
        """Return what comes out with this mistake, by name, or what is raised."""
        return self._worked_out(probe)[1]

    def returns(self, probe: Probe) -> Any:
        """Return what a function with this mistake returns, as it is, or what it raises."""
        return self._worked_out(probe)[0]

    def _worked_out(self, probe: Probe) -> tuple[Any, Outcome]:
        if probe not in self.known:
            with quietly():
                self.known[probe] = outcome(self.exercise, probe, *self.overrides)
        return self.known[probe]

    def together_with(self, other: Suspect) -> Suspect:
        """Return both at once; in a line of both, what is done afterwards is done last."""
        mistakes, overrides = self.mistakes + other.mistakes, self.overrides + other.overrides
        for name in self.lines & other.lines:
            one, another = self.replaced[name], other.replaced[name]
            if isinstance(one, After):
                overrides += ({name: one.behind(another)},)
            elif isinstance(another, After):
                overrides += ({name: another.behind(one)},)
        return Suspect(mistakes, overrides, self.exercise)

    def goes_with(self, other: Suspect) -> bool:
        """Return whether both can be made at once: in a line of both, one of them afterwards."""
        return all(
            isinstance(self.replaced[name], After) != isinstance(other.replaced[name], After)
            for name in self.lines & other.lines
        )

    @cached_property
    def replaced(self) -> dict[str, Callable[..., Any]]:
        """Return what stands in the place of each method of Steps that it replaces."""
        return {name: made for override in self.overrides for name, made in override.items()}

    @cached_property
    def lines(self) -> frozenset[str]:
        """Return the names of these methods."""
        return frozenset(self.replaced)

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """Return the same for suspects that give the same on every probe, to rounding."""
        return tuple(rounded(self.gives(probe)) for probe in self.exercise.probes)


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Let numbers grow too large or be divided by 0 without a word."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def outcome(exercise: Exercise, probe: Probe, *overrides: Override) -> tuple[Any, Outcome]:
    """Return what a function with these lines returns, and what it is by name; or what it raises.

    An error stands for both.
    """
    try:
        raw, arguments = exercise.raw_result(probe, *overrides)
        return raw, exercise.read(raw, arguments)
    except Exception as error:  # a mistake may not run with these shapes
        return error, error


def rounded(outcome: Outcome) -> tuple[Any, ...]:
    """Return the same for outcomes that are the same to rounding, for nearly all of them."""
    if not isinstance(outcome, dict):
        return type(outcome), str(outcome)
    return tuple((name, *_rounded(value)) for name, value in outcome.items())


def _rounded(value: Value) -> tuple[Any, ...]:
    if isinstance(value, np.ndarray):
        size = np.abs(value).max(initial=1e-12, where=np.isfinite(value))
        return value.shape, f"{size:.6g}", (np.round(value / size, 6) + 0.0).tobytes()
    return value.text, *(_rounded(part) for part in getattr(value, "parts", ()))


@cache
def suspects(exercise: Exercise) -> list[Suspect]:
    """Return every way of every mistake in a line that this exercise needs.

    Of two explanations the one that supposes less comes first.
    """
    needed = lines_needed(exercise)
    ways = [
        (mistake, override)
        for mistake, entry in CATALOGUE.items()
        for way in entry.ways
        for override in in_one_place(way)
        if override.keys() & needed.keys()
    ]
    ways.sort(key=lambda pair: len(pair[1]))
    ways += [("arguments-exchanged", way) for way in _exchanges(exercise)]
    return [Suspect((mistake,), (override,), exercise) for mistake, override in ways]


def _exchanges(exercise: Exercise) -> Iterator[Override]:
    """Return the ways to take two arguments of the same type for one another."""
    step, given = exercise.step or exercise.function, exercise.probes[0].arguments
    right = getattr(Steps, step)
    for one, other in combinations(given, 2):
        if type(given[one]) is type(given[other]):
            places = {one: other, other: one}
            yield {
                step: lambda s, places=places, **named: right(
                    s, **{places.get(name, name): value for name, value in named.items()}
                )
            }


@cache
def lines_needed(exercise: Exercise) -> dict[str, None]:
    """Return the names of the methods of Steps that a right answer goes through, as it does."""
    needed = dict[str, None]()

    class Watched(Steps):
        def __getattribute__(self, name: str) -> Any:
            needed[name] = None
            return super().__getattribute__(name)

    for probe in exercise.probes:
        exercise.raw_result(probe, steps=Watched)
    return needed


def fits(suspect: Suspect, trials: list[Trial]) -> bool:
    """Return whether a suspect explains every trial, at least one of them by wrong numbers.

    Where a suspect cannot run, a learner's spelling of it may, and make another shape.
    """
    evidence = 0
    for trial in trials:
        gives = suspect.gives(trial.probe)
        if trial.values is None:
            if isinstance(gives, dict):
                return False
        elif same_outcome(gives, trial.yours):
            evidence += numbers_wrong(trial)
        elif isinstance(gives, dict) or not shape_wrong(trial):
            return False
    return evidence > 0
