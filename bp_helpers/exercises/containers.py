"""Numbers that come in another order or container than asked for, or of which a part is missing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.feedback import same
from bp_helpers.exercises.mistakes.mistake import Finding
from bp_helpers.exercises.results import CHANGE, Gap, arrays_in
from bp_helpers.exercises.several_mistakes import two_at_once
from bp_helpers.exercises.suspects import Suspect, fits, suspects
from bp_helpers.exercises.trials import Trial

ORDER, CONTAINER, PART = (
    f"results-{how}" for how in ("in-another-order", "in-another-container", "partly-missing")
)


def another_container(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise numbers in another order or container than asked for, or a part of them.

    They are the right ones or, where the container alone is wrong already, those of a mistake.
    """
    if any(trial.values is None for trial in trials):
        return None
    wrong = [trial for trial in trials if trial.wrong]
    if not any(arrays_in(trial.made.value) for trial in wrong):
        return None
    waiting: list[Suspect | None] = [None, *(suspects(exercise) if _is_odd(wrong[0]) else [])]
    for suspect in waiting:
        kinds = {_container(exercise, trial, suspect) for trial in wrong}
        if "" in kinds or (PART in kinds and len(kinds) > 1):
            continue
        kind = next((one for one in (CONTAINER, PART) if one in kinds), ORDER)
        gaps = (one.text for one in (wrong[0].values or {}).values() if isinstance(one, Gap))
        detail = exercise.asked_for if kind == ORDER else next(gaps, exercise.asked_for)
        if kind == PART:
            detail = f"{detail} {_there(exercise, wrong[0], suspect)}"
        mistakes = suspect.mistakes if suspect else ()
        turned = _last_layer_first(suspect, trials) if suspect else None
        return turned or Finding((*mistakes, kind), detail)
    return None


def _last_layer_first(suspect: Suspect, trials: list[Trial]) -> Finding | None:
    """Recognise a mistake, and beside it the layers in the order of the way back."""
    for other in suspects(suspect.exercise):
        both = suspect.together_with(other)
        if "first_layer_first" in other.lines and fits(both, trials):
            return Finding(both.mistakes)
    return None


def _is_odd(trial: Trial) -> bool:
    """Return whether several results are asked for and the first wrong one has no such place."""
    both = trial.arrays(trial.wrong[0])
    return len(trial.true) > 1 and (not both or both[0].shape != both[1].shape)


def _returned(exercise: Exercise, trial: Trial, suspect: Suspect | None) -> Any:
    """Return what a function returns that is right, or wrong as suspected; or what it raises."""
    return suspect.returns(trial.probe) if suspect else exercise.raw_result(trial.probe)[0]


def _container(exercise: Exercise, trial: Trial, suspect: Suspect | None) -> str:
    """Return what is wrong with the container of these numbers, or nothing if they are others."""
    raw = _returned(exercise, trial, suspect)
    wanted = [array.ravel() for array in arrays_in(raw)]
    returned = [array.ravel() for array in arrays_in(trial.made.value)]
    # among many numbers are also those of a mistake that nobody has made
    by_chance = suspect is not None and len(returned) > len(wanted)
    if not wanted or not returned or by_chance or _unfinished(trial.made.value):
        return ""
    if has_all(returned, wanted):
        as_many = len(returned) == len(wanted)
        gaps = any(isinstance(value, Gap) for value in (trial.values or {}).values())
        ordered = as_many and not gaps and type(raw) in (list, tuple)
        return ORDER if ordered and not all(map(same, returned, wanted)) else CONTAINER
    if same(np.concatenate(returned), np.concatenate(wanted)):
        return CONTAINER
    return PART if has_all(wanted, returned) and any(a.any() for a in returned) else ""


def _unfinished(value: Any) -> bool:
    """Return whether a result has None or an ellipsis in the place of a part."""
    if isinstance(value, (list, tuple)):
        return any(map(_unfinished, value))
    return value is None or value is Ellipsis


def _there(exercise: Exercise, trial: Trial, suspect: Suspect | None) -> str:
    """Return which of the results are there, and which are not."""
    raw = arrays_in(_returned(exercise, trial, suspect))
    names = [name.removeprefix(CHANGE.format("")) for name in trial.true]
    if names[0].endswith(str(len(names) // 2)):  # last layer first; in the container it is last
        names = [name for k in range(len(names) - 2, -1, -2) for name in names[k : k + 2]]
    left, there, missing = arrays_in(trial.made.value), list[str](), list[str]()
    for name, array in zip(names, raw, strict=True):
        place = next((k for k, one in enumerate(left) if same(one.ravel(), array.ravel())), None)
        (missing if place is None else there).append(name)
        if place is not None:
            del left[place]
    # of another mistake's numbers it is only known which place has none
    said = "" if suspect else f"What is there: {', '.join(there)}. "
    return f"{said}What is missing: {', '.join(missing)}."


def another_order(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise the numbers of a mistake in another order than asked for, in every trial.

    Two mistakes that make the same numbers in the right order are as likely, and are more precise;
    but not where a right number stands in the place of another one.
    """
    if len(trials[0].true) < 2 or len(trials) < 3 or any(one.values is None for one in trials):
        return None
    for suspect in suspects(exercise):
        if all(_container(exercise, trial, suspect) == ORDER for trial in trials):
            in_this_order = None if _right_elsewhere(trials) else two_at_once(exercise, trials)
            mistakes = (*suspect.mistakes, ORDER)
            return in_this_order or Finding(mistakes, exercise.asked_for)
    return None


def _right_elsewhere(trials: list[Trial]) -> bool:
    """Return whether a right result stands in the place of another one, in every trial."""
    return any(
        all(
            isinstance(yours := trial.get(place), np.ndarray)
            and same(yours, np.asarray(trial.true[name]))
            and not same(np.asarray(trial.true[place]), np.asarray(trial.true[name]))
            for trial in trials
        )
        for place, name in permutations(trials[0].true, 2)
    )


def has_all(some: Sequence[Array], wanted: Sequence[Array]) -> bool:
    """Return whether all the wanted arrays are among these, in whatever order."""
    left = list(some)
    for array in wanted:
        place = next((k for k, other in enumerate(left) if same(other, array)), None)
        if place is None:
            return False
        del left[place]
    return True
