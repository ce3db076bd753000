"""Compares what a learner's function returned with the truth and with what mistakes would give."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.attempt import Attempt, attempt
from bp_helpers.exercises.catalogue import CATALOGUE
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.feedback import (
    Feedback,
    cosine,
    factor,
    not_yet,
    same,
    side_by_side,
)
from bp_helpers.exercises.mistake import Mistake
from bp_helpers.exercises.plain_words import what_it_means
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.reading import Gap, Values
from bp_helpers.exercises.steps import Override, Steps

Outcome = Values | BaseException  # what a function returned, by name, or what it raised


@dataclass(frozen=True)
class Trial:
    """One probe: what the function did with it, and what would have been right."""

    probe: Probe
    made: Attempt
    yours: Outcome
    true: Values

    @cached_property
    def wrong(self) -> list[str]:
        """Return the names of what is wrong, in the order of the exercise."""
        return [name for name in self.true if not _agree(self.get(name), self.true[name])]

    @property
    def values(self) -> Values | None:
        """Return what the function returned, or None if it raised."""
        return self.yours if isinstance(self.yours, dict) else None

    def get(self, name: str) -> Array | Gap | None:
        """Return what the function has under this name, if anything."""
        return self.values.get(name) if self.values else None


@dataclass(frozen=True)
class Suspect:
    """A way to make one or two mistakes, and what it gives on each probe."""

    mistakes: tuple[Mistake, ...]
    override: Override
    gives: list[Outcome]


def judge(exercise: Exercise, function: Any) -> Feedback:
    """Return the answer to a learner's function."""
    if function is None:
        return _not_tried(exercise)
    if not callable(function):
        return not_yet(
            f"The check takes the function {exercise.function} itself, without brackets behind "
            f"its name; it got a {type(function).__name__}."
        )
    trials: list[Trial] = []
    for probe in [*exercise.probes, exercise.probes[0]]:
        trial = _try(exercise, function, probe)
        if not trials and _nothing(trial.made):
            return _not_tried(exercise)
        if isinstance(trial.made.error, (KeyboardInterrupt, MemoryError, SystemExit)):
            return _stopped(trial)  # what takes long or all memory is not tried again
        trials.append(trial)
    again = trials.pop()
    with np.errstate(all="ignore"):  # a learner's numbers may be of any size
        return _verdict(exercise, trials, again)


def truth(exercise: Exercise, probe: Probe) -> Values:
    """Return the true values by name."""
    return exercise.read(exercise.engine(**probe.arguments), probe.arguments)


def _nothing(made: Attempt) -> bool:
    return made.error is None and (made.value is None or made.value is Ellipsis)


def _try(exercise: Exercise, function: Callable[..., Any], probe: Probe) -> Trial:
    made = attempt(function, probe.arguments)
    yours = exercise.read(made.value, probe.arguments) if made.error is None else made.error
    return Trial(probe, made, yours, truth(exercise, probe))


def _verdict(exercise: Exercise, trials: list[Trial], again: Trial) -> Feedback:
    wrong = [trial for trial in trials if trial.wrong]
    changed = next((trial for trial in trials if trial.made.changed), None)
    if not wrong and not changed and not again.wrong:
        return Feedback(True, None, "\n".join([_praise(exercise, trials), *_warned(trials)]))
    if wrong and (suspect := recognise(exercise, trials)):
        return _named(suspect, trials)
    if not wrong and changed:
        nearly = changed.made.changed == changed.made.nearly_as_before
        mistake = CATALOGUE["put-back-by-arithmetic" if nearly else "inputs-changed"]
        return _named_outright(mistake, [changed], _changed([changed]))
    if not _same_outcome(trials[0].yours, again.yours):
        return _named_outright(CATALOGUE["kept-between-calls"], trials, _numbers([again]))
    if changed and not _raised(trials):
        lines = [*_changed([changed]), *_numbers(wrong)]
        return _named_outright(CATALOGUE["inputs-changed"], trials, lines)
    return not_yet(*_unrecognised(exercise, wrong), *_warned(trials))


# ---- Recognising ----


@cache
def suspects(exercise: Exercise) -> list[Suspect]:
    """Return every way of every mistake that makes a difference in this exercise.

    Of two explanations the one that supposes less comes first.
    """
    right = [truth(exercise, probe) for probe in exercise.probes]
    found = []
    for mistake in CATALOGUE.values():
        for override in mistake.ways:
            gives = [_would_give(exercise, probe, override) for probe in exercise.probes]
            if not all(_same_outcome(one, true) for one, true in zip(gives, right, strict=True)):
                found.append(Suspect((mistake,), override, gives))
    return sorted(found, key=lambda suspect: len(suspect.override))


def recognise(exercise: Exercise, trials: list[Trial]) -> Suspect | None:
    """Return the mistake, or the two, that gave these values, or the first mistake of several."""
    singles = suspects(exercise)
    for suspect in singles:
        if _fits(suspect, trials):
            return suspect
    partly = [(suspect, _first_fits(suspect, trials)) for suspect in singles]
    suspect, explained = max(partly, key=lambda pair: pair[1])
    if explained:
        return suspect
    return _recognise_two(exercise, trials) if exercise.two_at_once else None


def _recognise_two(exercise: Exercise, trials: list[Trial]) -> Suspect | None:
    """Return two mistakes that spoil the first wrong value together."""
    first, *others = sorted(trials, key=lambda trial: not (trial.values and trial.wrong))
    if not first.wrong or not isinstance(first.get(first.wrong[0]), np.ndarray):
        return None
    place = exercise.probes.index(first.probe)
    name = first.wrong[0]
    able = [
        suspect
        for suspect in suspects(exercise)
        if isinstance(gives := suspect.gives[place], dict)
        and not _agree(gives.get(name), first.true[name])
    ]
    for one, other in combinations(able, 2):
        if one.override.keys() & other.override.keys():
            continue
        override = {**one.override, **other.override}
        gives = _would_give(exercise, first.probe, override)
        if _same_outcome(gives, first.yours):
            rest = [_would_give(exercise, trial.probe, override) for trial in others]
            both = Suspect(one.mistakes + other.mistakes, override, [gives, *rest])
            if _fits(both, [first, *others]):
                return both
    return None


def _would_give(exercise: Exercise, probe: Probe, override: Override) -> Outcome:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            value = getattr(Steps(override), exercise.step)(**probe.arguments)
        except Exception as error:  # the mistake itself may not run with these shapes
            return error
        return exercise.read(value, probe.arguments)


def _fits(suspect: Suspect, trials: list[Trial]) -> bool:
    """Return whether a suspect explains every trial, at least one of them in full.

    Where a suspect cannot run, a learner's spelling of it may, by broadcasting.
    """
    explained = False
    for gives, trial in zip(suspect.gives, trials, strict=True):
        same_outcome = _same_outcome(gives, trial.yours)
        if not same_outcome and (isinstance(gives, dict) or not trial.wrong):
            return False
        explained |= same_outcome and bool(trial.wrong)
    return explained


def _first_fits(suspect: Suspect, trials: list[Trial]) -> int:
    """Return how many values a suspect explains, up to what another mistake spoils; or 0.

    It must give the first wrong value in most trials; in the others it may make no difference.
    """
    explained = support = 0
    for gives, trial in zip(suspect.gives, trials, strict=True):
        if trial.values is None:
            continue  # another mistake stops it
        if not isinstance(gives, dict):
            return 0
        names = list(trial.true)
        alike = [_agree(gives.get(name), trial.get(name)) for name in names]
        until = names.index(trial.wrong[0]) if trial.wrong else len(names)
        if not all(alike[:until]):
            return 0
        if trial.wrong and alike[until]:
            support += 1
            explained += [*alike, False].index(False)
        elif trial.wrong:
            support -= 1
            if not _agree(gives.get(trial.wrong[0]), trial.true[trial.wrong[0]]):
                return 0
    return explained if support > 0 else 0


def _agree(one: Array | Gap | None, other: Array | Gap | None) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return same(one, other)
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return False
    return one == other


def _same_outcome(one: Outcome, other: Outcome) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_agree(one[name], other[name]) for name in one)
    return type(one) is type(other) and str(one) == str(other)


# ---- Words ----


def _not_tried(exercise: Exercise) -> Feedback:
    return Feedback(
        False,
        None,
        f"Not tried yet: {exercise.function} returns None. Replace its last line with yours, run "
        "that cell, then this one.",
    )


def _stopped(trial: Trial) -> Feedback:
    if isinstance(trial.made.error, KeyboardInterrupt):
        return not_yet(
            f"Your function was interrupted while it was running{trial.made.where}.",
            "Is there a loop that never ends, or far more work than these few numbers need?",
            f"Tried with {trial.probe.about}.",
        )
    return not_yet(
        trial.made.story, what_it_means(trial.made.error), f"Tried with {trial.probe.about}."
    )


def _named(suspect: Suspect, trials: list[Trial]) -> Feedback:
    complete = len(suspect.mistakes) == 1 and _fits(suspect, trials)
    mistake = suspect.mistakes[0]
    lines = _numbers([trial for trial in trials if trial.wrong])
    if not complete:
        lines.append("This is the first mistake on the way; there may be another further on.")
    if raised := _raised(trials):
        lines.append(f"With {raised.probe.about}: {_lower(raised.made.story)}")
    return _named_outright(mistake, trials, [*lines, *_changed(trials)])


def _named_outright(mistake: Mistake, trials: list[Trial], lines: Any = ()) -> Feedback:
    return not_yet(
        mistake.explanation,
        f"Hint: {mistake.hint}",
        *lines,
        *_warned(trials),
        mistake=mistake.id,
    )


def _numbers(wrong: list[Trial]) -> list[str]:
    """Return one line: yours beside the true, for the first entry or shape that differs."""
    # a result says more than an error does
    trial = min(wrong, key=lambda trial: trial.values is None)
    name = trial.wrong[0]
    yours, true = trial.get(name), trial.true[name]
    if not isinstance(yours, np.ndarray) or not isinstance(true, np.ndarray):
        return [yours.text] if isinstance(yours, Gap) else []
    if yours.shape != true.shape:
        found = f"{name}: yours has shape {yours.shape}, it should be {true.shape}"
    else:
        found = side_by_side(name, yours, true)
    return [f"{found} (with {trial.probe.about})."]


def _unrecognised(exercise: Exercise, wrong: list[Trial]) -> list[str]:
    """Return what can be said of values that no mistake explains."""
    if raised := _raised(wrong):
        made = raised.made
        return [made.story, what_it_means(made.error), f"Tried with {raised.probe.about}."]
    trial = wrong[0]
    name = trial.wrong[0]
    yours, true = trial.get(name), trial.true[name]
    several = len(trial.true) > 1
    first = f"First wrong, {exercise.direction}: {name}. " if several else ""
    it = "It" if several else name
    if not isinstance(yours, np.ndarray) or not isinstance(true, np.ndarray):
        return [yours.text if isinstance(yours, Gap) else f"{name} is missing."]
    if yours.shape != true.shape:
        why = ""
        if true.shape == ():
            why = ": one number is asked for"
        elif yours.shape == true.shape[::-1]:
            why = ": rows and columns are swapped"
        return [f"{first}{it} has the wrong shape{why}.", *_numbers(wrong)]
    if not np.isfinite(yours).all():
        bad = int((~np.isfinite(yours)).sum())
        return [
            f"{first}{bad} of the {yours.size} entries of {name} {'is' if bad == 1 else 'are'} "
            "NaN or infinite.",
            "Is something divided by 0, or has an exp grown too large?",
            *_numbers(wrong),
        ]
    return [f"{first}{_relation(it, wrong)}", *_numbers(wrong)]


def _relation(it: str, wrong: list[Trial]) -> str:
    """Return how wrong arrays lie to the true ones: 0, a factor, another direction."""
    arrays = []
    for trial in wrong:
        yours, true = trial.get(trial.wrong[0]), trial.true[trial.wrong[0]]
        if (
            isinstance(yours, np.ndarray)
            and isinstance(true, np.ndarray)
            and yours.size == true.size
        ):
            arrays.append((yours.reshape(true.shape), true, trial.probe.about))
    if not any(yours.any() for yours, _, _ in arrays):
        return f"{it} is 0 everywhere."
    factors = [factor(yours, true) for yours, true, _ in arrays]
    if None in factors:
        yours, true, _ = arrays[factors.index(None)]
        angle = cosine(yours, true) or 0.0
        if angle > 0.9999:
            return f"{it} comes close, but lies farther off than rounding explains."
        return (
            f"{it} points in another direction than the true one: the cosine between the two is "
            f"{angle:.2f}, and 1 would be the same direction."
        )
    if np.ptp(np.array(factors, float)) < 1e-4 * abs(factors[0] or 1):
        return f"Everywhere it is {factors[0]:.4g} times the true one: a constant factor is wrong."
    if arrays[0][1].size == 1:
        return f"{it} has another value."
    listed = ", ".join(
        f"{times:.4g} with {about}" for times, (_, _, about) in zip(factors, arrays, strict=True)
    )
    return f"Its direction is right, and a factor is wrong that changes: {listed}."


def _praise(exercise: Exercise, trials: list[Trial]) -> str:
    if exercise.right:
        return f"Right: {len(trials)} {exercise.right}"
    first = [next(iter(trial.probe.arguments.values())) for trial in trials]
    measured = exercise.measured is not None and all(
        _agree(trial.get(name), slope)
        for trial in trials
        for name, slope in exercise.measured(**trial.probe.arguments).items()
    )
    if not isinstance(first[0], np.ndarray):
        proof = " and with measured ones" if measured else ""
        return f"Right: {len(trials)} points agree with the exact slopes{proof}."
    sizes = [len(array) for array in first]
    proof = " and with measured gradients" if measured else ""
    return (
        f"Right: {len(trials)} {exercise.noun} of different shapes, batches of {min(sizes)} to "
        f"{max(sizes)}, agree with bp_helpers{proof}."
    )


def _raised(trials: list[Trial]) -> Trial | None:
    return next((trial for trial in trials if trial.made.error is not None), None)


def _changed(trials: list[Trial]) -> list[str]:
    names = dict.fromkeys(name for trial in trials for name in trial.made.changed)
    return [f"Your function changed what it was given: {', '.join(names)}."] if names else []


def _warned(trials: list[Trial]) -> list[str]:
    return list(dict.fromkeys(warned for trial in trials for warned in trial.made.warned))[:2]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
