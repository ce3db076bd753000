"""Compares what a learner's function returned with the truth and with what mistakes would give.

A wrong name is worse than none. So equal errors are no evidence; of two mistakes at once only those
are named that every explanation has in common; and what has a simpler reading is told as that.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import combinations
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.catalogue import CATALOGUE
from bp_helpers.exercises.error_messages import what_it_means
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.feedback import (
    Comparison,
    Feedback,
    Standing,
    differs,
    not_tried,
    not_yet,
    right,
    same,
    stopped,
)
from bp_helpers.exercises.history import outdated
from bp_helpers.exercises.mistake import Mistake
from bp_helpers.exercises.nearby import nearby, stem
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.relation import described
from bp_helpers.exercises.results import Answer, Gap, Value, Values, arrays_in
from bp_helpers.exercises.safe_call import Call, TookTooLong, does_nothing, safe_call
from bp_helpers.exercises.steps import Override, Steps, in_one_place

Outcome = Values | BaseException  # what a function returned, by name, or what it raised
FIRST_ON_THE_WAY = "This is the first mistake on the way; there may be another further on."


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
        return [name for name in self.true if not _agree(self.get(name), self.true[name])]

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


@dataclass(frozen=True, eq=False)
class Suspect:
    """A mistake, or several together, in an exercise: the lines that make it.

    What it gives on a probe is worked out when somebody asks.
    """

    mistakes: tuple[Mistake, ...]
    overrides: tuple[Override, ...]
    exercise: Exercise
    known: dict[Probe, Outcome] = field(default_factory=dict)

    def gives(self, probe: Probe) -> Outcome:
        """Return what comes out with this mistake, by name, or what is raised."""
        if probe not in self.known:
            self.known[probe] = self._worked_out(probe)
        return self.known[probe]

    def _worked_out(self, probe: Probe) -> Outcome:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                return self.exercise.result(probe, *self.overrides)
            except Exception as error:  # the mistake itself may not run with these shapes
                return error

    def together_with(self, other: Suspect) -> Suspect:
        """Return both at once."""
        both = self.mistakes + other.mistakes, self.overrides + other.overrides
        return Suspect(*both, self.exercise)

    @cached_property
    def lines(self) -> set[str]:
        """Return the names of the methods of Steps that it replaces."""
        return {name for override in self.overrides for name in override}


@dataclass(frozen=True)
class Finding:
    """What was recognised: the mistakes, a sentence on what stands where, whether that is all."""

    mistakes: tuple[Mistake, ...]
    detail: str = ""
    complete: bool = True


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
    # the same arguments twice in a row, and once more at the end: what is kept shows
    for probe in [first, *exercise.probes, first]:
        trial = _try(exercise, function, probe)
        if not trials:
            sys.stdout.write(trial.made.printed)
            if nothing := _nothing(exercise, function, trial):
                return nothing
        if isinstance(trial.made.error, (KeyboardInterrupt, MemoryError, SystemExit, TookTooLong)):
            return _stopped([trial])  # what takes long or all memory is not tried again
        trials.append(trial)
    with np.errstate(all="ignore"):  # a learner's numbers may be of any size
        return _verdict(exercise, trials[1:-1], [trials[0], trials[-1]])


def _try(exercise: Exercise, function: Callable[..., Any], probe: Probe) -> Trial:
    made = safe_call(function, probe.arguments, exercise.going_in_place)
    yours = exercise.read_call(made, probe) if made.error is None else made.error
    return Trial(probe, made, yours, exercise.result(probe))


def _nothing(exercise: Exercise, function: Callable[..., Any], trial: Trial) -> Feedback | None:
    """Return the answer to a function that returns nothing where something is asked for."""
    made = trial.made
    if made.error is not None or not (made.value is None or made.value is Ellipsis):
        return None
    if made.value is Ellipsis or does_nothing(function):
        return _untouched(exercise)
    if not any(isinstance(value, Gap) for value in exercise.read_call(made, trial.probe).values()):
        return None  # None is an answer here
    if made.printed:
        return _named([CATALOGUE["printed-not-returned"]])
    right_result = arrays_in(exercise.raw_result(trial.probe)[0])
    for name in made.changed:
        left = arrays_in(made.given[name])
        if len(left) == len(right_result) and _has_all(left, right_result):
            details = [f"Your function changed what it was given: {name}."]
            return _named([CATALOGUE["result-left-in-argument"]], details=details)
    return _named([CATALOGUE["nothing-returned"]], details=_changed([trial]))


def _verdict(exercise: Exercise, trials: list[Trial], again: list[Trial]) -> Feedback:
    wrong = [trial for trial in trials if trial.wrong]
    changed = [trial for trial in trials if trial.made.changed]
    if not all(same_outcome(trials[0].yours, one.yours) for one in again):
        off = next((one for one in [*again, *wrong] if one.wrong), trials[0])
        known = _by_answers(exercise, trials) or CATALOGUE["kept-between-calls"]
        return _named([known], _comparison([off]), _warned(trials))
    if not wrong and not changed:
        return right(exercise.why, exercise.compared, *_warned(trials))
    if not wrong:
        nearly = changed[0].made.changed == changed[0].made.nearly_as_before
        mistake = CATALOGUE["put-back-by-arithmetic" if nearly else "inputs-changed"]
        return _named([mistake], details=[*_changed(changed), *_warned(trials)])
    if exercise.faults and _as_given(exercise, trials):
        return _untouched(exercise)
    if finding := recognise(exercise, trials):
        return _found(exercise, finding, trials)
    if changed and not _raised(trials):
        details = [*_changed(changed), *_warned(trials)]
        return _named([CATALOGUE["inputs-changed"]], _comparison(wrong), details)
    if raised := _raised(wrong):
        return _stopped([raised], *_warned(trials))
    says, *details = _unrecognised(exercise, trials)
    answer = not_yet(says, *details, *_warned(trials))
    return replace(answer, comparison=_comparison(wrong))


# ---- Recognising ----


@cache
def suspects(exercise: Exercise) -> list[Suspect]:
    """Return every way of every mistake in a line that this exercise needs.

    Of two explanations the one that supposes less comes first.
    """
    needed = lines_needed(exercise)
    ways = [
        (mistake, override)
        for mistake in CATALOGUE.values()
        for way in mistake.ways
        for override in in_one_place(way)
        if override.keys() & needed
    ]
    ways.sort(key=lambda pair: len(pair[1]))
    return [Suspect((mistake,), (override,), exercise) for mistake, override in ways]


def lines_needed(exercise: Exercise) -> set[str]:
    """Return the names of the methods of Steps that a right answer goes through."""
    needed = set()

    class Watched(Steps):
        def __getattribute__(self, name: str) -> Any:
            needed.add(name)
            return super().__getattribute__(name)

    for probe in exercise.probes:
        exercise.raw_result(probe, steps=Watched)
    return needed


def recognise(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Return what is known of these values: one mistake, a simple reading, two mistakes, a first.

    Trials without a result are explained by their error; no mistake is named for them alone.
    """
    for suspect in suspects(exercise):
        if _fits(suspect, trials):
            return Finding(suspect.mistakes)
    for reading in (_constant, _another_container, _another_quantity):
        if finding := reading(exercise, trials):
            return finding
    kinds = [_two_at_once, _first_of_several]
    for kind in reversed(kinds) if exercise.long else kinds:
        if finding := kind(exercise, trials):
            return finding
    return None


def _fits(suspect: Suspect, trials: list[Trial]) -> bool:
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
            evidence += _numbers_wrong(trial)
        elif isinstance(gives, dict) or not _shape_wrong(trial):
            return False
    return evidence > 0


def _numbers_wrong(trial: Trial) -> int:
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


def _shape_wrong(trial: Trial) -> bool:
    for name in trial.wrong:
        yours, true = trial.get(name), trial.true[name]
        if isinstance(yours, np.ndarray) and isinstance(true, np.ndarray):
            return yours.shape != true.shape
    return False


def _constant(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise one and the same number for different arguments."""
    names = list(trials[0].true)
    values = [trial.get(name) for trial in trials for name in names]
    numbers = [v.item() for v in values if isinstance(v, np.ndarray) and v.size == 1]
    if len(trials) < 3 or len(numbers) < len(values) or np.ptp(numbers) != 0:
        return None
    by_chance = abs(numbers[0]) in (0, 1)  # such a number many formulas give
    return None if by_chance else Finding((CATALOGUE["same-for-all-arguments"],))


def _another_quantity(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise a quantity that lies near the right one, in its place, in every wrong trial."""
    found: list[dict[str, str]] = []
    evidence, complete = 0, True
    for trial in trials:
        if trial.values is None:
            return None
        if not trial.wrong:
            continue
        name = trial.wrong[0]
        yours, true = trial.get(name), trial.true[name]
        if not isinstance(yours, np.ndarray):
            return None
        candidates = nearby(exercise, trial.probe, name).items()
        alike = {stem(other): other for other, array in candidates if same(yours, array)}
        found.append(alike)
        evidence += int(np.count_nonzero(yours))
        complete &= len(trial.wrong) == 1
        if isinstance(true, np.ndarray) and yours.shape == true.shape and yours.size < 2:
            evidence -= 1
    shared = [each for each in found[0] if all(each in alike for alike in found)]
    if not shared or evidence < 4:
        return None
    first = next(trial for trial in trials if trial.wrong)
    detail = f"{first.wrong[0]}: what stands there is {found[0][shared[0]]}."
    return Finding((CATALOGUE["another-quantity"],), detail, complete)


def _another_container(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise right numbers in another order, or in another container than asked for."""
    ordered = True
    for trial in trials:
        if trial.values is None:
            return None
        raw = exercise.raw_result(trial.probe)[0]
        if not trial.wrong:
            continue
        returned = [array.ravel() for array in arrays_in(trial.made.value)]
        wanted = [array.ravel() for array in arrays_in(raw)]
        if not wanted or not (_has_all(returned, wanted) or _same_row(returned, wanted)):
            return None
        ordered &= len(returned) == len(wanted)
        ordered &= not any(isinstance(value, Gap) for value in trial.values.values())
        ordered &= type(raw) in (list, tuple)
    first = next(trial for trial in trials if trial.wrong)
    if ordered:
        return Finding((CATALOGUE["results-in-another-order"],), exercise.asks)
    gap = next((one.text for one in (first.values or {}).values() if isinstance(one, Gap)), "")
    return Finding((CATALOGUE["results-in-another-container"],), gap or exercise.asks)


def _has_all(some: Sequence[Array], wanted: Sequence[Array]) -> bool:
    """Return whether all the wanted arrays are among these, in whatever order."""
    left = list(some)
    for array in wanted:
        place = next((k for k, other in enumerate(left) if same(other, array)), None)
        if place is None:
            return False
        del left[place]
    return True


def _same_row(some: Sequence[Array], wanted: Sequence[Array]) -> bool:
    """Return whether these are the same numbers in the same order, divided in another way."""
    return bool(some) and same(np.concatenate(some), np.concatenate(wanted))


def _two_at_once(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise two mistakes that together give these values.

    Where several pairs do, what they have in common is certain, and the rest is not said.
    """
    if not exercise.two_at_once:
        return None
    fitting = list(_pairs(exercise, trials))
    if not fitting:
        return None
    certain = set.intersection(*({mistake.id for mistake in pair} for pair in fitting))
    named = {mistake.id: mistake for mistake in fitting[0] if mistake.id in certain}
    mistakes = tuple(named.values())
    if not mistakes:
        return None
    return Finding(mistakes, complete=len(mistakes) == 2)


def _pairs(exercise: Exercise, trials: list[Trial]) -> Iterator[tuple[Mistake, ...]]:
    wrong = [trial for trial in trials if trial.values and trial.wrong]
    if not wrong:
        return
    first, small = wrong[0], min(wrong, key=lambda trial: trial.size)
    name = first.wrong[0]
    able = _able_together(exercise, trials, first)
    alone = [_under(name, one.gives(first.probe)) for one in able]
    shape = getattr(first.get(name), "shape", None)
    if not any(value is not None and value.shape == shape for value in alone):
        return  # no mistake gives such a shape, nor will two of them
    spoil = [not _agree(value, first.true[name]) for value in alone]
    seen = set()
    for (one, one_spoils), (other, other_spoils) in combinations(zip(able, spoil, strict=True), 2):
        ids = frozenset({one.mistakes[0].id, other.mistakes[0].id})
        # where one of them alone spoils the first wrong value, it has been looked for already
        spoilt = one_spoils and other_spoils if exercise.long else one_spoils or other_spoils
        if not spoilt or ids in seen or one.lines & other.lines:
            continue
        both = one.together_with(other)
        # most pairs do not fit, and the smallest probe is enough to see it
        if same_outcome(both.gives(small.probe), small.yours) and _fits(both, trials):
            seen.add(ids)
            yield both.mistakes


def _able_together(exercise: Exercise, trials: list[Trial], first: Trial) -> list[Suspect]:
    """Return the suspects that may be one of two: each leaves alone what is right in the trials.

    Of those that give the same on every probe only the first is among them.
    """
    right_ones = [trial for trial in trials if not trial.wrong]
    right = tuple(_key(exercise.result(probe)) for probe in exercise.probes)
    before = list(first.true)[: list(first.true).index(first.wrong[0])]
    found: dict[Any, Suspect] = {}
    for suspect in suspects(exercise):
        gives = suspect.gives(first.probe)
        if (
            isinstance(gives, dict)
            and all(_agree(gives.get(name), first.true[name]) for name in before)
            and all(same_outcome(suspect.gives(one.probe), one.true) for one in right_ones)
        ):
            key = tuple(_key(suspect.gives(probe)) for probe in exercise.probes)
            if key != right:
                found.setdefault(key, suspect)
    return list(found.values())


def _key(outcome: Outcome) -> Any:
    """Return the same for outcomes that are the same to rounding, for nearly all of them."""
    if not isinstance(outcome, dict):
        return type(outcome), str(outcome)
    return tuple((name, *_rounded(value)) for name, value in outcome.items())


def _rounded(value: Value) -> tuple[Any, ...]:
    if isinstance(value, np.ndarray):
        size = np.abs(value).max(initial=1e-12, where=np.isfinite(value))
        return value.shape, f"{size:.6g}", (np.round(value / size, 6) + 0.0).tobytes()
    return value.text, *(_rounded(part) for part in getattr(value, "parts", ()))


def _by_answers(exercise: Exercise, trials: list[Trial]) -> Mistake | None:
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


def _first_of_several(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    if len(trials[0].true) < 2:
        return None
    partly = [(suspect, _first_fits(suspect, trials)) for suspect in suspects(exercise)]
    suspect, explained = max(partly, key=lambda pair: pair[1], default=(None, 0))
    return Finding(suspect.mistakes, complete=False) if suspect and explained else None


def _first_fits(suspect: Suspect, trials: list[Trial]) -> int:
    """Return how many values a suspect explains, up to what another mistake spoils; or 0.

    It must give the first wrong value in most trials; in the others it may make no difference.
    """
    explained = support = evidence = 0
    for trial in trials:
        if trial.values is None:
            continue  # another mistake stops it
        gives = suspect.gives(trial.probe)
        if not isinstance(gives, dict):
            return 0
        if not same_outcome(_beside(gives, trial.true), _beside(trial.values, trial.true)):
            return 0
        names = list(trial.true)
        alike = [_agree(gives.get(name), trial.get(name)) for name in names]
        until = names.index(trial.wrong[0]) if trial.wrong else len(names)
        if not all(alike[:until]):
            return 0
        if trial.wrong and alike[until]:
            support += 1
            evidence += _numbers_wrong(trial)
            explained += [*alike, False].index(False)
        elif trial.wrong:
            support -= 1
            if not _agree(gives.get(trial.wrong[0]), trial.true[trial.wrong[0]]):
                return 0
    return explained if support > 0 and evidence > 2 else 0


def _beside(values: Values, true: Values) -> Values:
    """Return what was read beside the results: how they came about."""
    return {name: value for name, value in values.items() if name not in true}


def _as_given(exercise: Exercise, trials: list[Trial]) -> bool:
    """Return whether the function still does what it did when the learner got it."""
    faults = tuple(CATALOGUE[mistake] for mistake in exercise.faults)
    as_given = Suspect(faults, tuple(fault.ways[0] for fault in faults), exercise)
    return all(same_outcome(as_given.gives(trial.probe), trial.yours) for trial in trials)


def _under(name: str, outcome: Outcome) -> Array | None:
    value = outcome.get(name) if isinstance(outcome, dict) else None
    return value if isinstance(value, np.ndarray) else None


def _agree(one: Value | None, other: Value | None) -> bool:
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
    """Return whether two calls returned the same, to rounding, or raised the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_agree(one[name], other[name]) for name in one)
    return type(one) is type(other) and str(one) == str(other)


# ---- Words ----


def _untouched(exercise: Exercise) -> Feedback:
    if exercise.faults:
        return not_tried(f"the faults that {exercise.function} came with are all still there.")
    if exercise.going_in_place:
        return not_tried(f"{exercise.function} does nothing. Write your lines in the place of its "
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
    return stopped(made.story, what_it_means(made.error), f"Tried with {about}.", *further)


def _found(exercise: Exercise, finding: Finding, trials: list[Trial]) -> Feedback:
    details = [finding.detail] if finding.detail else []
    if not finding.complete:
        details.append(FIRST_ON_THE_WAY)
    if raised := _raised(trials):
        details.append(f"With {raised.probe.about}: {_lower(raised.made.story)}")
    repaired = [fault for fault in exercise.faults if fault != finding.mistakes[0].id]
    if len(repaired) == 1 and len(exercise.faults) == 2 and finding.complete:
        details.append("One of the two faults is repaired; this is the other one.")
    details += [*_changed(trials), *_warned(trials)]
    wrong = [trial for trial in trials if trial.wrong]
    return _named(finding.mistakes, _comparison(wrong), details)


def _named(
    mistakes: Sequence[Mistake],
    comparison: Comparison | None = None,
    details: Sequence[str] = (),
) -> Feedback:
    first = mistakes[0]
    says, hint = first.explanation, first.hint
    if len(mistakes) > 1:
        says = f"Two mistakes at once. The one: {says} The other: {mistakes[1].explanation}"
        hint = f"{hint} {mistakes[1].hint}"
    ids = tuple(mistake.id for mistake in mistakes)
    return Feedback(Standing.NAMED, says, hint, tuple(details), ids, comparison)


def _comparison(wrong: list[Trial]) -> Comparison | None:
    """Return yours beside the true, for the first array that is wrong."""
    # a result says more than an error does
    trial = min(wrong, key=lambda trial: trial.values is None)
    for name in trial.wrong:
        yours, true = trial.get(name), trial.true[name]
        if isinstance(yours, np.ndarray) and isinstance(true, np.ndarray):
            return Comparison(name, yours, true, trial.probe.about)
        return None
    return None


def _unrecognised(exercise: Exercise, trials: list[Trial]) -> list[str]:
    """Return what can be said of values that no mistake explains."""
    wrong = [trial for trial in trials if trial.wrong]
    trial = wrong[0]
    name = trial.wrong[0]
    yours, true = trial.get(name), trial.true[name]
    if isinstance(true, Answer):
        said = yours.text if isinstance(yours, (Answer, Gap)) else "nothing"
        return [f"Where {trial.probe.about}, it should return {true.text}; yours returns {said}."]
    if not isinstance(yours, np.ndarray) or not isinstance(true, np.ndarray):
        return [yours.text if isinstance(yours, Gap) else f"{name} is missing."]
    several = len(trial.true) > 1
    first = f"First wrong, {exercise.direction}: {name}. " if several else ""
    pairs = []
    for each in trials:
        mine, theirs = each.get(name), each.true.get(name)
        if isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray):
            pairs.append((mine, theirs, each.probe.about))
    says, *details = described("It" if several else name, name, pairs)
    return [f"{first}{says}", *details]


def _raised(trials: list[Trial]) -> Trial | None:
    return next((trial for trial in trials if trial.made.error is not None), None)


def _changed(trials: list[Trial]) -> list[str]:
    names = dict.fromkeys(name for trial in trials for name in trial.made.changed)
    return [f"Your function changed what it was given: {', '.join(names)}."] if names else []


def _warned(trials: list[Trial]) -> list[str]:
    return list(dict.fromkeys(warned for trial in trials for warned in trial.made.warned))[:2]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
