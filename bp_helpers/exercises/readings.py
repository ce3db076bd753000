"""Simple readings of results that no mistake of the catalogue gives: what they are instead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.catalogue import CATALOGUE
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.feedback import factor, same
from bp_helpers.exercises.mistake import Finding
from bp_helpers.exercises.nearby import nearby, stem
from bp_helpers.exercises.results import CHANGE, Gap, arrays_in
from bp_helpers.exercises.trials import Trial, numbers_wrong


def constant(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise one and the same number for different arguments."""
    names = list(trials[0].true)
    values = [trial.get(name) for trial in trials for name in names]
    numbers = [v.item() for v in values if isinstance(v, np.ndarray) and v.size == 1]
    if len(trials) < 3 or len(numbers) < len(values) or np.ptp(numbers) != 0:
        return None
    by_chance = abs(numbers[0]) in (0, 1)  # such a number many formulas give
    return None if by_chance else Finding((CATALOGUE["same-for-all-arguments"],))


def rounded(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise right numbers that were rounded to so many digits behind the point."""
    arrays = [array for trial in trials for array in arrays_in(trial.made.value)]
    whole = all(trial.values is not None for trial in trials)
    digits = next((k for k in range(1, 8) if _all_have(arrays, k)), None)
    if not whole or digits is None:
        return None
    pairs = [(trial.get(name), trial.true[name]) for trial in trials for name in trial.true]
    for yours, true in pairs:
        if not isinstance(yours, np.ndarray) or not isinstance(true, np.ndarray):
            return None
        if yours.shape != true.shape:
            return None
        if np.abs(yours - true).max(initial=0) > 0.5001 * 10.0**-digits:
            return None
    # where nothing but zeros is left, nothing of the right numbers is
    if sum(map(np.count_nonzero, arrays)) < 3 or sum(map(numbers_wrong, trials)) < 3:
        return None
    return Finding((CATALOGUE["result-rounded"],))


def _all_have(arrays: Sequence[Array], digits: int) -> bool:
    """Return whether no number goes on behind so many digits."""
    return all(np.abs(array - np.round(array, digits)).max(initial=0) < 1e-12 for array in arrays)


def parameters(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise parameters after a step along the gradients, where these are asked for."""
    rates: list[float] = []
    for trial in trials:
        before = _parameters(trial)
        if trial.values is None or before.keys() != trial.true.keys():
            return None
        for name, old in before.items():
            yours, slope = trial.get(name), np.asarray(trial.true[name])
            if not isinstance(yours, np.ndarray) or yours.shape != old.shape:
                return None
            rate = np.vdot(slope, yours - old) / np.vdot(slope, slope)
            if not rate or not np.allclose(yours - old, rate * slope, rtol=0, atol=1e-9):
                return None
            rates.append(float(rate))
    if np.ptp(rates) > 1e-6 * abs(rates[0]):
        return None
    return Finding((CATALOGUE["parameters-for-gradients"],))


def own_rate(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise a step of gradient descent whose rate is not the one that was given."""
    rates, given = list[float](), list[float]()
    for trial in trials:
        if trial.values is None or "steps" in trial.probe.arguments:
            return None
        for name, true in trial.true.items():
            yours = trial.get(name)
            if not name.startswith(CHANGE.format("")) or not isinstance(yours, np.ndarray):
                return None
            times = factor(yours, np.asarray(true))
            if times is None:
                return None
            given.append(trial.probe.arguments["learning_rate"])
            rates.append(times * given[-1])
    if rates[0] <= 0 or np.ptp(rates) > 1e-6 * rates[0] or np.ptp(given) == 0:
        return None
    detail = f"Yours steps with {rates[0]:.4g}."
    return Finding((CATALOGUE["learning-rate-of-its-own"],), detail)


def _parameters(trial: Trial) -> dict[str, Array]:
    """Return the weights and biases that a probe has, by the names of their gradients."""
    given = trial.probe.arguments
    if "layers" in given:
        pairs = enumerate(given["layers"], 1)
        return {f"d{n}{k}": array for k, pair in pairs for n, array in zip("Wb", pair, strict=True)}
    return {f"d{name}": given[name] for name in ("W", "b") if name in given}


def another_quantity(exercise: Exercise, trials: list[Trial]) -> Finding | None:
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
    detail = f"{first.wrong[0]}: what you have there is {found[0][shared[0]]}."
    return Finding((CATALOGUE["another-quantity"],), detail, complete)


def another_container(exercise: Exercise, trials: list[Trial]) -> Finding | None:
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
        if not wanted or not (has_all(returned, wanted) or _same_row(returned, wanted)):
            return None
        ordered &= len(returned) == len(wanted)
        ordered &= not any(isinstance(value, Gap) for value in trial.values.values())
        ordered &= type(raw) in (list, tuple)
    first = next(trial for trial in trials if trial.wrong)
    if ordered:
        return Finding((CATALOGUE["results-in-another-order"],), exercise.asks)
    gap = next((one.text for one in (first.values or {}).values() if isinstance(one, Gap)), "")
    return Finding((CATALOGUE["results-in-another-container"],), gap or exercise.asks)


def has_all(some: Sequence[Array], wanted: Sequence[Array]) -> bool:
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
