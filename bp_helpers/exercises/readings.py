"""Simple readings of results that no mistake of the catalogue gives: what they are instead."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import combinations, permutations
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.description import when_right
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.feedback import as_many_digits_as_it_takes, factor, same
from bp_helpers.exercises.graphs import stretched
from bp_helpers.exercises.mistakes.mistake import Finding
from bp_helpers.exercises.nearby import matrix_products, nearby, stem
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.results import CHANGE, Value, arrays_in
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.suspects import Suspect, outcome, suspects
from bp_helpers.exercises.trials import Trial, agree, numbers_wrong
from bp_helpers.printing import steady

# lines on the way to a result, and what they give, in words
ON_THE_WAY = {
    "circuit_gradient": {"factor_slopes": "dy/dp and dy/ds"},
    "weight_gradients": {"output_delta": "delta", "output_blame": "dL/dA"},
    "gradients": {"output_delta": "delta of the last layer"},
}
# mistakes that say that nothing has come of it; of the others 0 everywhere is no evidence
OF_NOTHING = {"nothing-moved", "output-without-blame", "same-place-twice", "slopes-not-stored"}
# what a size may be taken to, and how that is said
POWERS = {
    1: "times",
    -1: "divided by",
    0.5: "times the root of",
    -0.5: "divided by the root of",
    2: "times the square of",
    -2: "divided by the square of",
}


def constant(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise the same numbers for different arguments, one in all the places of an array."""
    told = set[float]()
    for name in trials[0].true:
        values = [trial.get(name) for trial in trials]
        arrays = [value.ravel() for value in values if isinstance(value, np.ndarray)]
        numbers = np.concatenate(arrays) if len(arrays) == len(values) > 2 else np.array([])
        if not numbers.size or not np.isfinite(numbers).all() or np.ptp(numbers) != 0:
            return None
        by_chance = {0.0} if numbers.size > 3 * len(trials) else {-1.0, 0.0, 1.0}
        if abs(numbers[0]) in by_chance:  # such a number many formulas give
            return None
        told.add(float(numbers[0]))
    return Finding(("same-for-all-arguments",))


def only_zeros(trials: list[Trial]) -> bool:
    """Return whether there is nothing but 0, which many a mistake would give."""
    values = [trial.get(name) for trial in trials for name in trial.true]
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    return len(arrays) == len(values) and not any(array.any() for array in arrays)


def on_the_way(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise quantities from the middle of the way, where the last ones are asked for."""
    for line, names in ON_THE_WAY.get(exercise.function, {}).items():
        if all(_has_come_to(exercise, trial, line) for trial in trials):
            detail = f"What you return is {names}."
            return Finding(("stopped-on-the-way",), detail)
    return None


def _has_come_to(exercise: Exercise, trial: Trial, line: str) -> bool:
    """Return whether a result is what this line of a right answer gives."""
    seen = list[Any]()

    def watched(s: Steps, *given: Any) -> Any:
        seen.append(getattr(Steps(), line)(*given))
        return seen[-1]

    exercise.raw_result(trial.probe, {line: watched})
    there, returned = arrays_in(seen[-1]), arrays_in(trial.made.value)
    return len(there) == len(returned) and all(map(same, returned, there))


def rounded(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise right numbers that were rounded to so many digits behind the point."""
    arrays = [array for trial in trials for array in arrays_in(trial.made.value)]
    whole = all(trial.values is not None for trial in trials)
    digits = next((k for k in range(1, 8) if _all_have(arrays, k)), None)
    if not whole or digits is None:
        return None
    for both in [trial.arrays(name) for trial in trials for name in trial.true]:
        if not both or both[0].shape != both[1].shape:
            return None
        if np.abs(both[0] - both[1]).max(initial=0) > 0.5001 * 10.0**-digits:
            return None
    # where nothing but zeros is left, nothing of the right numbers is
    if sum(map(np.count_nonzero, arrays)) < 3 or sum(map(numbers_wrong, trials)) < 3:
        return None
    return Finding(("result-rounded",))


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
    return Finding(("parameters-for-gradients",))


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
    detail = f"Yours steps with {steady(rates[0]):.4g}."
    return Finding(("learning-rate-of-its-own",), detail)


def _parameters(trial: Trial) -> dict[str, Array]:
    """Return what a probe has of the things whose gradients are asked for, by these names."""
    given = dict(trial.probe.arguments)
    for k, pair in enumerate(given.get("layers", []), 1):
        given |= {f"{name}{k}": array for name, array in zip("Wb", pair, strict=True)}
    found = {name: given.get(name[1:]) for name in trial.true}
    return {name: array for name, array in found.items() if isinstance(array, np.ndarray)}


def another_quantity(
    exercise: Exercise,
    trials: list[Trial],
    of: Callable[[Exercise, Probe, str], dict[str, Array]] = nearby,
) -> Finding | None:
    """Recognise a quantity that lies near the right one, in its place, in every wrong trial."""
    if exercise.going_in_place:
        return None  # what is left in a graph are all quantities of the same kind
    wrong = _first_arrays(trials)
    found = [
        {stem(other): other for other, array in of(exercise, trial.probe, name).items()
         if same(yours, array)}
        for trial, name, yours, _ in wrong
    ]  # fmt: skip
    shared = [each for each in found[0] if all(each in alike for alike in found)] if found else []
    if not shared or sum(int(np.count_nonzero(yours)) for _, _, yours, _ in wrong) < 3:
        return None
    detail = f"{wrong[0][1]}: what you have there is {found[0][shared[0]]}."
    return Finding(("another-quantity",), detail, _only_one_wrong(trials))


def one_array_twice(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise the same numbers in two places of a result that should differ."""
    found = [_in_two_places(trial) for trial in trials if trial.wrong]
    if not found or not all(found):
        return None
    one, other = found[0] or ("", "")
    return Finding(("one-array-twice",), f"{one} and {other} are the same.")


def _in_two_places(trial: Trial) -> tuple[str, str] | None:
    """Return the names of two arrays that are the same and should differ, if there are any."""
    for one, other in combinations(trial.true, 2):
        yours, its = trial.get(one), trial.get(other)
        shown = isinstance(yours, np.ndarray) and yours.ndim and yours.any()
        if (
            shown
            and stem(one) == stem(other)
            and agree(yours, its)
            and not agree(trial.true[one], trial.true[other])
        ):
            return one, other
    return None


def another_product(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise the matrix product of two other arrays in the place of the right one."""
    return another_quantity(exercise, trials, matrix_products)


def not_added_up(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise right shares that were not added up: the axis to add over is still there."""
    wrong = [(yours, true) for *_, yours, true in _first_arrays(trials)]
    for yours, true in wrong:
        sums = [yours.sum(axis=axis) for axis in range(yours.ndim)] + [yours.sum()]
        if yours.ndim <= true.ndim or not any(same(total, true) for total in sums):
            return None
    if sum(true.size for _, true in wrong) < 3:
        return None
    return Finding(("not-added-up",), complete=_only_one_wrong(trials))


def turned_round(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise the right array with its rows as columns."""
    wrong = _first_arrays(trials)
    turned = bool(wrong) and all(same(yours.T, true) for _, _, yours, true in wrong)
    if not turned or not _only_one_wrong(trials):
        return None
    return Finding(("result-turned-round",))


def _first_arrays(trials: list[Trial]) -> list[tuple[Trial, str, Array, Array]]:
    """Return each wrong trial, what is wrong first in it, yours and the true; or nothing.

    There is nothing if a trial was stopped by an error, or has no array where one is asked for.
    """
    found = []
    for trial in trials:
        if trial.values is None:
            return []
        if trial.wrong:
            both = trial.arrays(trial.wrong[0])
            if not both:
                return []
            found.append((trial, trial.wrong[0], *both))
    return found


def _only_one_wrong(trials: list[Trial]) -> bool:
    """Return whether no trial has more than one wrong result."""
    return all(len(trial.wrong) <= 1 for trial in trials)


def weights_of_parts(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise the sum of a batch's parts with other weights than their shares."""
    details = []
    for trial in trials:
        parts, sizes = _parts(trial.probe.arguments)
        yours = trial.get("gradient")
        if not parts or not isinstance(yours, np.ndarray) or yours.shape != parts[0].shape:
            return None
        columns = np.stack([part.ravel() for part in parts], axis=1)
        if len(columns) <= len(parts):
            continue  # any numbers are such a sum
        weights = np.linalg.lstsq(columns, yours.ravel())[0]
        if not same(columns @ weights, yours.ravel()):
            return None
        if trial.wrong:
            listed = ", ".join(f"{weight + 0.0:.4g}" for weight in np.round(weights, 9))
            shares = ", ".join(f"{size / sum(sizes):.4g}" for size in sizes)
            about = ", ".join(map(str, sizes))
            details.append(f"With parts of {about} examples your result is made of {listed} times "
                           f"their gradients; the shares of the parts are {shares}.")  # fmt: skip
    return Finding(("parts-weighed-otherwise",), details[0]) if details else None


def _parts(given: dict[str, Any]) -> tuple[list[Array], list[int]]:
    """Return the gradients of a batch's parts, if it has any, and their numbers of examples."""
    if "gradients" in given:
        return given["gradients"], given["sizes"]
    if "gradient" not in given:
        return [], []
    X, Y, size = given["X"], given["Y"], given["size"]
    slices = [slice(start, start + size) for start in range(0, len(X), size)]
    return [given["gradient"](X[k], Y[k]) for k in slices], [len(X[k]) for k in slices]


def summed_over_others(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise a sum over other axes than those that broadcasting has stretched."""
    details = []
    for trial in trials:
        given, yours = trial.probe.arguments, trial.get("gradient")
        if "grad" not in given:
            return None
        if trial.values is None or not trial.wrong:
            continue
        grad, new = given["grad"], given["grad"].ndim - len(given["shape"])
        axes = (a for n in range(1, grad.ndim + 1) for a in combinations(range(grad.ndim), n))
        found = next((a for a in axes if _has_sums(yours, grad.sum(axis=a))), None)
        if found is None:
            return None
        if {*found} != {*range(new), *(new + axis for axis in stretched(given["shape"]))}:
            listed = " and ".join(map(str, found))
            details.append(f"With {trial.probe.about}, yours is added up over axis {listed}.")
    return Finding(("broadcast-other-axes",), details[0]) if details else None


def _has_sums(yours: Value | None, sums: Array) -> bool:
    """Return whether these are those sums, whatever axes of one entry there are, or copies."""
    if not isinstance(yours, np.ndarray) or not yours.size:
        return False
    copied = np.full(yours.shape, sums.item()) if sums.size == 1 else sums
    return same(yours.ravel(), copied.ravel())


def each_alone(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise a result for each row, column or entry where one for all of them is asked for."""
    wrong = _first_arrays(trials)
    if not wrong or any(true.size > 1 for _, _, _, true in wrong):
        return None
    right = Suspect((), (), exercise)
    for suspect in (
        [right, *suspects(exercise)] if any(yours.ndim for *_, yours, _ in wrong) else []
    ):
        for axis, what in ((0, "column"), (1, "row"), (None, "entry")):
            if all(_is_each(suspect, trial, name, yours, axis) for trial, name, yours, _ in wrong):
                mistakes = ("one-for-each", *suspect.mistakes)
                return Finding(mistakes, f"Yours has one for each {what}.")
    return None


def _is_each(suspect: Suspect, trial: Trial, name: str, yours: Array, axis: int | None) -> bool:
    """Return whether these are the results of the slices along an axis, or of single entries."""
    given = trial.probe.arguments
    arrays = {each: value for each, value in given.items() if isinstance(value, np.ndarray)}
    if len({array.shape for array in arrays.values()}) != 1:
        return False
    slices = [
        array.reshape(-1, 1) if axis is None or array.ndim == 1 else np.moveaxis(array, axis, -1)
        for array in arrays.values()
    ]
    results = [
        outcome(
            suspect.exercise,
            Probe(given | dict(zip(arrays, parts, strict=True)), ""),
            *suspect.overrides,
        )[1]
        for parts in zip(*slices, strict=True)
    ]
    alone = [np.asarray(result[name]) for result in results if isinstance(result, dict)]
    return len(alone) == yours.size and same(np.array(alone).ravel(), yours.ravel())


def a_factor(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise right numbers but for a factor: always the same one, or a size or its root."""
    if any(trial.made.changed for trial in trials):
        return None  # that may be where it comes from
    all_wrong = [(trial, name) for trial in trials for name in trial.wrong]
    first_wrong = [(trial, trial.wrong[0]) for trial in trials if trial.wrong]
    everything = [(trial, name) for trial in trials for name in trial.true]
    for wrong in (all_wrong, first_wrong, everything):  # in the last, the factor may be 1
        law = _law_of([(one.get(name), one.true[name], one) for one, name in wrong])
        if law:
            mistake = "sign-reversed" if law == "times -1" else "factor-wrong"
            names = list(dict.fromkeys(name for one, name in wrong if one is wrong[0][0]))
            listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
            detail = f"What you have in {listed} is the right one {law}{_where(trials, law)}"
            # where some results are right, the others may have it from several places
            several = len(names) > 1 and len(names) < len(wrong[0][0].true)
            return Finding((mistake,), detail, complete=wrong is not first_wrong and not several)
    return None


def a_factor_beside(exercise: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise the numbers of one mistake but for the sign, a size, its root or its square."""
    if any(trial.made.changed or trial.values is None for trial in trials):
        return None
    all_wrong = [(trial, name) for trial in trials for name in trial.wrong]
    first_wrong = [(trial, trial.wrong[0]) for trial in trials if trial.wrong]
    for wrong in (all_wrong, first_wrong):
        laws = [(_law_beside(suspect, wrong), suspect) for suspect in suspects(exercise)]
        known = [(law, suspect) for law, suspect in laws if law == "times -1" or "`" in law]
        if known:
            law, suspect = min(known, key=lambda each: len(each[0]))  # the simplest
            is_sign = law == "times -1"  # which the mistake's own words say
            detail = "" if is_sign else f"Beside that, there is a factor in {wrong[0][1]}: {law}."
            mistake = "sign-reversed" if is_sign else "factor-wrong"
            return Finding((*suspect.mistakes, mistake), detail, complete=wrong is all_wrong)
    return None


def _law_beside(suspect: Suspect, wrong: Sequence[tuple[Trial, str]]) -> str:
    """Return what these numbers are times those of a mistake, in words, or nothing."""
    gives = [suspect.gives(trial.probe) for trial, _ in wrong]
    pairs = [
        (trial.get(name), given.get(name) if isinstance(given, dict) else None, trial)
        for (trial, name), given in zip(wrong, gives, strict=True)
    ]
    return _law_of(pairs)


def clipped(_: Exercise, trials: list[Trial]) -> Finding | None:
    """Recognise right numbers of which those beyond a limit were cut off at it."""
    limits, inside, cut = set[float](), 0, 0
    for trial in trials:
        if not trial.wrong:
            continue
        both = trial.arrays(trial.wrong[0])
        if not both or both[0].shape != both[1].shape or both[0].size < 2:
            return None
        yours, true = both
        low, high = yours.min(), yours.max()
        if not same(yours, np.clip(true, low, high)):
            return None
        cut += int(np.count_nonzero(true > high) + np.count_nonzero(true < low))
        inside += int(np.count_nonzero((true < high) & (true > low)))
        limits |= {float(high)} if (true > high).any() else set()
        limits |= {float(low)} if (true < low).any() else set()
    if cut < 3 or inside < 3 or not 1 <= len({f"{abs(limit):.9g}" for limit in limits}) <= 2:
        return None
    listed = " and ".join(f"{limit + 0.0:g}" for limit in sorted(limits))  # + 0.0: no -0
    complete = len(trials[0].true) == 1
    detail = f"What was cut off has become {listed}."
    return Finding(("values-clipped",), detail, complete=complete)


def _where(trials: list[Trial], law: str) -> str:
    """Return in how many trials a factor is there, unless a size says so, and what is else."""
    wrong = [one.probe.arguments for one in trials if one.wrong]
    right_ones = [one.probe.arguments for one in trials if not one.wrong]
    if not right_ones or "`" in law:
        return "."
    counted = f", in {len(wrong)} of {len(trials)} trials."
    return " ".join([counted, *when_right(right_ones, wrong)])


def _law_of(pairs: Sequence[tuple[Any, Any, Trial]]) -> str:
    """Return what the one is times the other in every pair, in words, or nothing."""
    factors, seen = list[float](), set[bytes]()
    for yours, true, _ in pairs:
        arrays = isinstance(yours, np.ndarray) and isinstance(true, np.ndarray)
        times = factor(yours, true) if arrays and yours.shape == true.shape else None
        if not times:
            return ""
        factors.append(times)
        seen.add(true.tobytes())
    # of so few numbers one may be any multiple of another
    return "" if len(seen) < 3 else _law(factors, tuple(trial.probe for _, _, trial in pairs))


def _sizes(given: dict[str, Any]) -> dict[str, float]:
    """Return the numbers among the arguments, and how long their arrays are, as code has them."""
    found = {name: value for name, value in given.items() if isinstance(value, (int, float))}
    for name, value in given.items():
        if isinstance(value, np.ndarray) and value.ndim:
            found |= {f"len({name})": len(value), f"{name}.size": value.size}
            found |= {f"{name}.shape[{k}]": n for k, n in enumerate(value.shape[1:], 1)}
    return found


def _law(factors: Sequence[float], probes: tuple[Probe, ...]) -> str:
    """Return what makes these factors, in words: a number, a size in each trial, or both."""
    if max(factors) - min(factors) < 1e-5 * abs(factors[0]):
        return f"times {_digits(factors[0])}"
    for words, made, of_one_size in _made_of_sizes(probes):
        number = factors[0] / made[0]
        alone = _alike(number, 1)
        # two sizes, or a number and a size, can make any two factors
        needed = 2 if alone and of_one_size else 3
        if len({*made}) < needed or not (alone or of_one_size):
            continue
        if all(_alike(one, number * size) for one, size in zip(factors, made, strict=True)):
            return words if alone else f"times {_digits(number)}, {words}"
    return ""


@lru_cache(maxsize=64)  # hundreds of mistakes are compared with the same trials
def _made_of_sizes(probes: tuple[Probe, ...]) -> list[tuple[str, list[float], bool]]:
    """Return what one size makes in each trial, or two of them, in words, and whether it is one."""
    sizes = [_sizes(probe.arguments) for probe in probes]
    shared = [size for size in sizes[0] if all(each.get(size, 0) > 0 for each in sizes)]
    of_one = [
        (f"{words} `{size}`", [each[size] ** power for each in sizes], True)
        for size in shared
        for power, words in POWERS.items()
    ]
    of_two = [
        (f"{words} by `{other}`", [each[one] ** power / each[other] for each in sizes], False)
        for one, other in permutations(shared, 2)
        for words, power in ((f"times `{one}`, divided", 1), (f"divided by `{one}` and", -1))
    ]
    return [*of_one, *of_two]


def _alike(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-5)  # NumPy's takes 20 times as long for one number


def _digits(number: float) -> str:
    return as_many_digits_as_it_takes(number, 1.0)[0].removeprefix("+")
