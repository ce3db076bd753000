"""Several mistakes in one function: two that together explain it all, or the first on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.mistakes.mistake import Finding
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.results import Answer, Value, Values
from bp_helpers.exercises.suspects import Suspect, fits, quietly, rounded, suspects
from bp_helpers.exercises.trials import Outcome, Trial, agree, numbers_wrong, same_outcome


def two_at_once(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise two mistakes that together give these values.

    Where several pairs do, what they have in common is certain, and the rest is not said.
    """
    with quietly():
        pairs = list(_pairs(exercise, trials))
        fitting = [one.together_with(other) for one, other in pairs]
        if len(pairs) == 1:  # then with what may be hidden by one of the two, too
            fitting += (both for one in pairs[0] for both in _completed(exercise, one, trials))
    if not fitting:
        return None
    certain = set.intersection(*({*both.mistakes} for both in fitting))
    mistakes = tuple(dict.fromkeys(one for one in fitting[0].mistakes if one in certain))
    if not mistakes:
        return None
    return Finding(mistakes, complete=len(mistakes) == 2)


def _pairs(exercise: Exercise, trials: list[Trial]) -> Iterator[tuple[Suspect, Suspect]]:
    wrong = [trial for trial in trials if trial.values and trial.wrong]
    if not wrong:
        return
    first, small = wrong[0], min(wrong, key=lambda trial: trial.size)
    able = _able_together(exercise, trials, first)
    # where there are too many: what shows nothing there alone is taken to show nothing with another
    silent = {
        one
        for one in able
        if exercise.one_of_two_in and same_outcome(one.gives(small.probe), small.true)
    }
    yours = _sums(small.yours)
    if not np.isfinite(yours).all():
        return  # too many pairs give NaN or infinity to say which
    seen = set()
    for one, other in _worth_trying(exercise, able, first):
        ids = frozenset({one.mistakes[0], other.mistakes[0]})
        if ids in seen:
            continue
        # most pairs do not fit, and the smallest probe is enough to see it
        if silent.isdisjoint({one, other}):
            if not _are_near(_sums_of_both(one, other, small.probe), yours):
                continue
            gives = one.together_with(other).gives(small.probe)
        else:
            gives = (other if one in silent else one).gives(small.probe)
        if same_outcome(gives, small.yours) and fits(one.together_with(other), trials):
            seen.add(ids)
            yield one, other


@cache  # a learner tries more than once, and there are thousands of pairs
def _sums_of_both(one: Suspect, other: Suspect, probe: Probe) -> tuple[float, float]:
    """Return the sums of what two mistakes give together."""
    return _sums(one.together_with(other).gives(probe))


def _sums(outcome: Outcome) -> tuple[float, float]:
    """Return the sum of all numbers in an outcome, and the sum of their sizes."""
    values = outcome.values() if isinstance(outcome, dict) else ()
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    return (
        float(sum(array.sum() for array in arrays)),
        float(sum(np.abs(array).sum() for array in arrays)),
    )


def _are_near(sums: tuple[float, float], others: tuple[float, float]) -> bool:
    """Return whether sums are so near one another that what they are of may be the same."""
    size = max(abs(sums[1]), abs(others[1]))
    off = abs(sums[0] - others[0]), abs(sums[1] - others[1])
    return not max(off) > 1e-4 * size  # of what is not finite nothing is known


def _worth_trying(
    exercise: Exercise, able: list[Suspect], first: Trial
) -> Iterator[tuple[Suspect, Suspect]]:
    """Return the pairs that can be made at once and spoil the first wrong value, into its shape."""
    name = first.wrong[0]
    true, shape = first.true[name], _shape(first.get(name))
    right_shape, lines = _shape(true), exercise.one_of_two_in
    sharing = list[tuple[Suspect, tuple[int, ...] | None, bool]]()
    for suspect in able:
        gives = _under(name, suspect.gives(first.probe))
        spoils = not agree(gives, true)
        # where one of two alone spoils it in a long exercise, that one has been looked for already
        if spoils or not exercise.long:
            sharing.append((suspect, _shape(gives), spoils))
    for (one, its_shape, spoils_it), (other, shape_too, spoils_too) in combinations(sharing, 2):
        shapes = {its_shape, shape_too}
        fitting = shape in (shapes - {right_shape} or shapes) and (spoils_it or spoils_too)
        one_is_there = not lines or not lines.isdisjoint(one.lines | other.lines)
        if fitting and one_is_there and one.goes_with(other):
            yield one, other


def _shape(value: Value | None) -> tuple[int, ...] | None:
    """Return the shape of an array, or None for what is none."""
    return value.shape if isinstance(value, np.ndarray) else None


def _able_together(exercise: Exercise, trials: list[Trial], first: Trial) -> list[Suspect]:
    """Return the suspects that may be one of two.

    Of those that give the same on every probe only the first is among them. One of two may hide
    what the other spoils. Where there are too many pairs for that, or a result is a word, which
    many pairs give by chance, each leaves alone what is right in the trials.
    """
    alone = exercise.long or isinstance(first.get(first.wrong[0]), Answer)
    right_ones = [trial for trial in trials if not trial.wrong and alone]
    right = tuple(rounded(exercise.result(probe)) for probe in exercise.probes)
    before = list(first.true)[: list(first.true).index(first.wrong[0])]
    able = list[Suspect]()
    for suspect in suspects(exercise):
        gives = suspect.gives(first.probe)
        if (
            isinstance(gives, dict)
            and all(agree(gives.get(name), first.true[name]) for name in before)
            and all(same_outcome(suspect.gives(one.probe), one.true) for one in right_ones)
        ):
            able.append(suspect)
    # what is alike alone goes together with other mistakes if it is in other lines
    apart = _told_apart(able, in_lines=not exercise.long)
    return [one for one in apart if one.key != right]


def _told_apart(alike: Iterable[Suspect], in_lines: bool = False) -> list[Suspect]:
    """Return suspects without those that give what an earlier one gives, on every probe.

    With `in_lines` those are kept that make the same mistake in other lines.
    """
    first: dict[Any, Suspect] = {}
    found: dict[Any, Suspect] = {}
    for suspect in alike:
        same_mistake = first.setdefault(suspect.key, suspect).mistakes == suspect.mistakes
        lines = suspect.lines if in_lines and same_mistake else ()
        if lines or first[suspect.key] is suspect:
            found.setdefault((suspect.key, lines), suspect)
    return list(found.values())


def _under(name: str, outcome: Outcome) -> Array | None:
    value = outcome.get(name) if isinstance(outcome, dict) else None
    return value if isinstance(value, np.ndarray) else None


def first_of_several(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise the mistake that explains the most values, up to what another one spoils."""
    if len(trials[0].true) < 2:
        return None
    partly = [(suspect, _first_fits(suspect, trials)) for suspect in suspects(exercise)]
    suspect, explained = max(partly, key=lambda pair: pair[1], default=(None, 0))
    if not suspect or not explained:
        return None
    alike = _told_apart([one for one, explains in partly if explains == explained])
    further = {
        frozenset(both.mistakes): both
        for one in alike
        for both in _completed(exercise, one, trials)
    }
    if len(further) == 1:
        return Finding(further.popitem()[1].mistakes)
    if _is_in_doubt(suspect, trials):
        return None
    return Finding(suspect.mistakes, complete=False)


def _completed(exercise: Exercise, one: Suspect, trials: list[Trial]) -> Iterator[Suspect]:
    """Return what explains everything together with another mistake, which shows further on."""
    small = min((trial for trial in trials if trial.wrong), key=lambda trial: trial.size)
    fitting = list[Suspect]()
    for other in suspects(exercise):
        if one.goes_with(other) and one.mistakes != other.mistakes:
            both = one.together_with(other)
            if same_outcome(both.gives(small.probe), small.yours) and fits(both, trials):
                fitting.append(other)
    for other in _told_apart(fitting):
        yield one.together_with(other)


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
        alike = [agree(gives.get(name), trial.get(name)) for name in names]
        until = names.index(trial.wrong[0]) if trial.wrong else len(names)
        if not all(alike[:until]) or _rights_what_it_spoils(gives, trial):
            return 0
        if trial.wrong and alike[until]:
            support += 1
            # a 0 may have come about in any way, and be there before anything has
            evidence += numbers_wrong(trial) if _has_numbers(trial.get(trial.wrong[0])) else 0
            explained += [*alike, False].index(False)
        elif trial.wrong:
            support -= 1
            if not agree(gives.get(trial.wrong[0]), trial.true[trial.wrong[0]]):
                return 0
    return explained if support > 0 and evidence > 2 else 0


def _is_in_doubt(suspect: Suspect, trials: list[Trial]) -> bool:
    """Return whether the results are single numbers, and it gives others for some of the rest.

    A formula for one number may come out of several mistakes.
    """
    return any(
        trial.wrong
        and all(isinstance(true, np.ndarray) and true.size == 1 for true in trial.true.values())
        and isinstance(gives := suspect.gives(trial.probe), dict)
        and not all(
            agree(gives.get(name), trial.get(name)) or agree(gives.get(name), true)
            for name, true in trial.true.items()
        )
        for trial in trials
        if trial.values
    )


def _has_numbers(value: Value | None) -> bool:
    return not isinstance(value, np.ndarray) or bool(value.any())


def _rights_what_it_spoils(gives: Values, trial: Trial) -> bool:
    """Return whether the learner has right what this mistake would spoil: then it is another."""
    right_ones = [name for name in trial.true if name not in trial.wrong]
    return any(not agree(gives.get(name), trial.true[name]) for name in right_ones)


def _beside(values: Values, true: Values) -> Values:
    """Return what was read beside the results: how they came about."""
    return {name: value for name, value in values.items() if name not in true}
