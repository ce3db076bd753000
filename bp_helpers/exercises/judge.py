"""Compares what a learner's function returned with the truth and with what mistakes would give.

A wrong name is worse than none. So equal errors are no evidence; of two mistakes at once only those
are named that every explanation has in common; and what has a simpler reading is told as that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from bp_helpers.exercises import readings
from bp_helpers.exercises.cells import outdated
from bp_helpers.exercises.containers import another_container, another_order, has_all
from bp_helpers.exercises.description import described, right_places, sizes_meant, when_right
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.feedback import (
    Comparison,
    Feedback,
    Standing,
    not_tried,
    not_yet,
    right,
    stopped,
)
from bp_helpers.exercises.mistakes import CATALOGUE
from bp_helpers.exercises.mistakes.mistake import Finding
from bp_helpers.exercises.probes import with_other_numbers
from bp_helpers.exercises.repairs import one_change
from bp_helpers.exercises.results import Answer, Gap, Values, arrays_in
from bp_helpers.exercises.safe_call import Call, TookTooLong, TooMuch, does_nothing
from bp_helpers.exercises.several_mistakes import first_of_several, two_at_once
from bp_helpers.exercises.suspects import Suspect, fits, suspects
from bp_helpers.exercises.trials import Outcome, Trial, same_outcome, tried

FIRST_ON_THE_WAY = "This is the first mistake that shows; there may be another."
MAYBE_ANOTHER = "There may be another mistake as well."
MORE_DIGITS = (
    "Nearly: the formula is right, but some numbers differ from the true ones by more than {:g}. "
    "Rounding in float64 leaves far less. Numbers in float32 have seven digits, and slopes that "
    "are measured by a nudge about as many."
)
OTHER_NUMBERS = (
    "Your function is right with the numbers that were tried first, and wrong with others of the "
    "same shapes. Does it keep a result from an earlier call, or know these numbers beforehand?"
)
MOST_PRINTED = 5000  # letters
# what takes long or all memory, or wants to end everything, is not tried again
NOT_AGAIN = KeyboardInterrupt, MemoryError, SystemExit, TookTooLong, TooMuch


def judge(exercise: Exercise, function: Any) -> Feedback:
    """Return the answer to a learner's function."""
    if function is None:
        return _untouched(exercise)
    if not callable(function):
        return not_yet(
            f"The check takes the function {exercise.function} itself, without brackets behind "
            f"its name; it got a {type(function).__name__}."
        )
    answer = _judged(exercise, function)
    if older := outdated(function):
        return replace(answer, details=(older, *answer.details))
    return answer


def _judged(exercise: Exercise, function: Callable[..., Any]) -> Feedback:
    trials: list[Trial] = []
    first = exercise.probes[0]
    # the same arguments twice in a row, and once more at the end, and then others of their shapes:
    # what is kept shows
    for probe in [first, *exercise.probes, first, *with_other_numbers(first)]:
        trial = tried(exercise, function, probe)
        if meddled := _meddled(trial.made):
            return meddled
        if not trials:
            sys.stdout.write(_shortened(trial.made.printed))
            for picture in trial.made.shown:
                picture.display()
            if nothing := _nothing(exercise, function, trial):
                return nothing
        if isinstance(trial.made.error, NOT_AGAIN):
            return _stopped([trial])
        trials.append(trial)
    with np.errstate(all="ignore"):  # a learner's numbers may be of any size
        n = len(exercise.probes)
        before, asked, (after, *others) = trials[0], trials[1 : n + 1], trials[n + 1 :]
        answer = _verdict(exercise, function, asked, [before, after])
        if answer.correct and (wrong := [trial for trial in others if trial.wrong]):
            return replace(not_yet(OTHER_NUMBERS), comparison=_comparison(wrong))
        if answer.correct and exercise.spoil:
            again = tried(exercise, _twice(function, exercise.spoil), first)
            if again.wrong:
                return _named(["kept-between-calls"], _comparison([again]))
        return answer


def _twice(function: Callable[..., Any], spoil: Callable[..., None]) -> Callable[..., Any]:
    """Return a call of it, and then another on what that has left, with some of it changed."""

    def called(*given: Any) -> Any:
        function(*given)
        spoil(*given)
        return function(*given)

    return called


def _meddled(made: Call) -> Feedback | None:
    """Return the answer to a function that changes the check, or has it do the work."""
    if made.replaced:
        listed = ", ".join(made.replaced[:3])
        return _named(["shared-name-replaced"], details=[f"It replaced {listed}."])
    return _named(["answer-from-the-check"]) if made.asked else None


def _shortened(printed: str) -> str:
    """Return what a function printed, without the end if it is long."""
    left_out = len(printed) - MOST_PRINTED
    return (
        printed if left_out <= 0 else f"{printed[:MOST_PRINTED]}\n... and {left_out} more letters\n"
    )


def _nothing(exercise: Exercise, function: Callable[..., Any], trial: Trial) -> Feedback | None:
    """Return the answer to a function that returns nothing where something is asked for."""
    made = trial.made
    if _returns_nothing(exercise) and isinstance(made.value, (Coroutine, Generator)):
        return not_yet(
            f"None of the lines of {exercise.function} has been run: with `yield` or `async` in "
            "it, a function waits until somebody asks for its results. Leave that out."
        )
    if made.error is not None or not (made.value is None or made.value is Ellipsis):
        return None
    if made.value is Ellipsis or does_nothing(function):
        return _untouched(exercise)
    if _returns_nothing(exercise):
        return None
    values = exercise.read_result(made.value, made.given, trial.probe).values()
    if not any(isinstance(value, Gap) for value in values):
        return None  # None is an answer here
    if made.printed:
        return _named(["printed-not-returned"])
    right_result = arrays_in(exercise.raw_result(trial.probe)[0])
    for name in made.changed:
        left = arrays_in(made.given[name])
        if len(left) == len(right_result) and has_all(left, right_result):
            details = [f"Your function changed what it was given: {name}."]
            return _named(["result-left-in-argument"], details=details)
    return _named(["nothing-returned"], details=_changed([trial]))


def _returns_nothing(exercise: Exercise) -> bool:
    """Return whether a right function changes what it is given, and returns nothing."""
    return exercise.raw_result(exercise.probes[0])[0] is None


def _verdict(
    exercise: Exercise, function: Callable[..., Any], trials: list[Trial], again: list[Trial]
) -> Feedback:
    wrong = [trial for trial in trials if trial.wrong]
    changed = [trial for trial in trials if trial.made.changed]
    if not all(same_outcome(trials[0].yours, one.yours) for one in again):
        off = next((one for one in [*again, *wrong] if one.wrong), trials[0])
        known = _by_answers(exercise, trials) or "kept-between-calls"
        return _named([known], _comparison([off]), _warned(trials))
    if not wrong and not changed:
        if exercise.within is not None and _largest_difference(trials) > exercise.within:
            return not_yet(MORE_DIGITS.format(exercise.within), *_warned(trials))
        return right(exercise.why, exercise.compared, *_warned(trials))
    if not wrong:
        return _named(_changing(changed), details=[*_changed(changed), *_warned(trials)])
    if exercise.faults and _as_given(exercise, trials):
        return _untouched(exercise)
    if finding := recognise(exercise, function, trials):
        return _found(exercise, finding, trials)
    if changed and not _raised(trials):
        details = [*_changed(changed), MAYBE_ANOTHER, *_warned(trials)]
        return _named(["inputs-changed"], _comparison(wrong), details)
    if raised := _raised(wrong):
        return _stopped([raised], *_warned(trials))
    answer = not_yet(*_unrecognised(exercise, trials), *_warned(trials))
    return replace(answer, comparison=_comparison(wrong))


def _largest_difference(trials: list[Trial]) -> float:
    """Return by how much the numbers of results of the right shapes differ from the true ones."""
    pairs = [(trial.get(name), true) for trial in trials for name, true in trial.true.items()]
    return max(
        float(np.abs(np.subtract(yours, true, dtype=float)).max(initial=0))
        for yours, true in pairs
        if isinstance(yours, np.ndarray) and isinstance(true, np.ndarray)
    )


# ---- Recognising ----


def recognise(
    exercise: Exercise, function: Callable[..., Any], trials: list[Trial]
) -> Finding | None:
    """Return what is known: one mistake, a simple reading, two mistakes, a first, one change.

    Trials without a result are explained by their error; no mistake is named for them alone.
    """
    if finding := readings.constant(exercise, trials) or readings.on_the_way(exercise, trials):
        return finding
    nothing = readings.only_zeros(trials)
    for suspect in suspects(exercise):
        if fits(suspect, trials) and (not nothing or suspect.mistakes[0] in readings.OF_NOTHING):
            return Finding(suspect.mistakes)
    several = [] if nothing else [two_at_once, first_of_several]
    ways_to_read = [
        readings.each_alone,
        another_container,
        readings.rounded,
        readings.clipped,
        readings.parameters,
        readings.own_rate,
        *([] if nothing else [another_order]),
        readings.one_array_twice,
        readings.another_quantity,
        readings.turned_round,
        readings.not_added_up,
        readings.summed_over_others,
        *(reversed(several) if exercise.long else several),
        readings.weights_of_parts,
        readings.another_product,
        readings.a_factor,
        partial(one_change, function),
        readings.a_factor_beside,
    ]
    return next(filter(None, (read(exercise, trials) for read in ways_to_read)), None)


def _by_answers(exercise: Exercise, trials: list[Trial]) -> str | None:
    """Return the mistake that answers wrongly as the function does, whatever its numbers are."""

    def answers(outcome: Outcome) -> Values:
        values = outcome if isinstance(outcome, dict) else {}
        return {name: value for name, value in values.items() if isinstance(value, Answer)}

    first_wrong = [one.get(one.wrong[0]) for one in trials if one.wrong]
    if not first_wrong or not all(isinstance(value, Answer) for value in first_wrong):
        return None
    for suspect in suspects(exercise):
        if all(answers(suspect.gives(one.probe)) == answers(one.yours) for one in trials):
            return suspect.mistakes[0]
    return None


def _as_given(exercise: Exercise, trials: list[Trial]) -> bool:
    """Return whether the function still does what it did when the learner got it."""
    ways = tuple(CATALOGUE[fault].ways[0] for fault in exercise.faults)
    as_given = Suspect(exercise.faults, ways, exercise)
    return all(same_outcome(as_given.gives(trial.probe), trial.yours) for trial in trials)


# ---- Words ----


def _untouched(exercise: Exercise) -> Feedback:
    if exercise.faults:
        return not_tried(f"the faults that {exercise.function} came with are all still there.")
    if _returns_nothing(exercise):
        return not_tried(f"{exercise.function} does nothing. Write your lines in place of its "
                         "last one, run that cell, then this one.")  # fmt: skip
    return not_tried(
        f"{exercise.function} returns None. Replace its last line with yours, run that cell, then "
        "this one."
    )


def _stopped(trials: list[Trial], *further: str) -> Feedback:
    made, about = trials[0].made, trials[0].probe.about
    if isinstance(made.error, (KeyboardInterrupt, TookTooLong)):
        how = "interrupted while it was running"
        if isinstance(made.error, TookTooLong):
            how = f"still running after {made.error}, and was stopped"
        return stopped(
            f"Your function was {how}{made.where}.",
            "Is there a loop that never ends, or far more work than these few numbers need?",
            f"Tried with {about}.",
        )
    if isinstance(made.error, TooMuch):
        return not_yet(
            f"Your function returns {made.error}; a right result has {trials[0].size} here.",
            "Does a loop add to the result too often, or is an array made with a wrong size?",
            f"Tried with {about}.",
        )
    return stopped(made.story, made.meaning, f"Tried with {about}.", *further)


def _found(exercise: Exercise, finding: Finding, trials: list[Trial]) -> Feedback:
    details = [finding.detail] if finding.detail else []
    if finding.mistakes == ("slip-in-a-step",):  # which says nothing of the numbers
        details += _unrecognised(exercise, trials)
    if not finding.complete:
        details.append(FIRST_ON_THE_WAY if len(trials[0].true) > 1 else MAYBE_ANOTHER)
    if raised := _raised(trials):
        details.append(f"With {raised.probe.about}: {_lower(raised.made.story)}")
    repaired = [fault for fault in exercise.faults if fault != finding.mistakes[0]]
    one = len(finding.mistakes) == len(repaired) == 1
    if one and len(exercise.faults) == 2 and finding.complete:
        details.append("One of the two faults is repaired; this is the other one.")
    details += [*_changed(trials), *_warned(trials)]
    wrong = [trial for trial in trials if trial.wrong]
    mistakes = finding.mistakes
    if len(mistakes) == 1 and finding.complete:
        mistakes += tuple(_changing(trials))
    return _named(mistakes, _comparison(wrong), details)


def _named(
    mistakes: Sequence[str],
    comparison: Comparison | None = None,
    details: Sequence[str] = (),
) -> Feedback:
    first, *others = (CATALOGUE[mistake] for mistake in mistakes)
    says, hint = first.explanation, first.hint
    if others:
        says = f"Two mistakes at once. One: {says} The other: {others[0].explanation}"
        hint = f"{hint} {others[0].hint}"
    return Feedback(Standing.NAMED, says, hint, tuple(details), tuple(mistakes), comparison)


def _comparison(wrong: list[Trial]) -> Comparison | None:
    """Return yours beside the true, for the first array that is wrong."""
    # a result says more than an error does
    with_result = [trial for trial in wrong if trial.values is not None]
    trial = _earliest(with_result or wrong)
    both = trial.arrays(trial.wrong[0]) if trial.wrong else None
    return Comparison(trial.wrong[0], *both, trial.probe.about) if both else None


def _earliest(wrong: list[Trial]) -> Trial:
    """Return the first of the trials in which the wrong values begin earliest."""
    return min(wrong, key=lambda trial: [*trial.true].index(trial.wrong[0]) if trial.wrong else 0)


def _unrecognised(exercise: Exercise, trials: list[Trial]) -> list[str]:
    """Return what can be said of code that no mistake explains."""
    wrong = [trial for trial in trials if trial.wrong]
    first = _earliest(wrong)
    name = first.wrong[0]
    both, said = first.arrays(name), _numbers(exercise, trials)
    if not both or (both[0].shape == both[1].shape and right_places(name, *both)):
        return said  # where some places are right, it is not the sizes that make it wrong
    right_ones = [each.probe.arguments for each in trials if not each.wrong]
    return [*said, *when_right(right_ones, [each.probe.arguments for each in wrong])]


def _numbers(exercise: Exercise, trials: list[Trial]) -> list[str]:
    """Return what can be said of values that no mistake explains."""
    trial = _earliest([trial for trial in trials if trial.wrong])
    name = trial.wrong[0]
    yours, true = trial.get(name), trial.true[name]
    if isinstance(true, Answer):
        said = yours.text if isinstance(yours, (Answer, Gap)) else "nothing"
        return [f"Where {trial.probe.about}, it should return {true.text}; yours returns {said}."]
    if not isinstance(yours, np.ndarray) or not isinstance(true, np.ndarray):
        return [yours.text if isinstance(yours, Gap) else f"{name} is missing.", exercise.asked_for]
    several = len(trial.true) > 1
    first = f"First wrong, {exercise.direction}: {name}. " if several else ""
    pairs = [(*both, each.probe.about) for each in trials if (both := each.arrays(name))]
    says, *details = described("It" if several else name, name, pairs)
    if yours.shape != true.shape:
        everything = [each.probe.arguments for each in trials]
        details.append(sizes_meant(true.shape, trial.probe.arguments, everything))
    return [f"{first}{says}", *details]


def _raised(trials: list[Trial]) -> Trial | None:
    return next((trial for trial in trials if trial.made.error is not None), None)


def _changing(trials: list[Trial]) -> list[str]:
    """Return the mistake that changes what is given, if something was changed."""
    changed = [trial.made for trial in trials if trial.made.changed]
    if not changed:
        return []
    nearly = changed[0].changed == changed[0].nearly_as_before
    return ["put-back-by-arithmetic" if nearly else "inputs-changed"]


def _changed(trials: list[Trial]) -> list[str]:
    names = dict.fromkeys(name for trial in trials for name in trial.made.changed)
    if not names:
        return []
    return [
        f"Your function changed what it was given: {', '.join(names)}. Whatever uses that "
        "afterwards, in your function or outside, finds it changed."
    ]


def _warned(trials: list[Trial]) -> list[str]:
    first: dict[str, str] = {}
    for trial in trials:
        for warned in trial.made.warned:
            first.setdefault(warned, f"With {trial.probe.about}: {_lower(warned)}")
    return [*first.values()][:2]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
