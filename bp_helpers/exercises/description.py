"""Puts into words how an array that nobody recognises lies to the true one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.feedback import (
    as_many_digits_as_it_takes,
    cosine,
    differs,
    factor,
    same,
)
from bp_helpers.printing import steady

ZERO = (
    "Is something multiplied by 0, or taken away from itself? `a * 1 - a` is 0 too: without "
    "brackets Python multiplies first."
)
SHOWN = 3  # trials whose factors are told
NOT_MOVED = "Which of your lines moves it, and is it the moved one that you return?"
Pair = tuple[Array, Array, str]  # a learner's array, the true one, and what it was tried with


def described(it: str, name: str, pairs: Sequence[Pair]) -> list[str]:
    """Return sentences on an array called `name`; `it` is what the first begins with."""
    wrong = [pair for pair in pairs if not same(pair[0], pair[1])]
    yours, true, _ = wrong[0]
    if yours.shape != true.shape:
        return [f"{it} has the wrong shape{_why(yours, true)}."]
    if not np.isfinite(yours).all():
        bad = int((~np.isfinite(yours)).sum())
        some = f"{bad} of the {yours.size} entries of {name} {'is' if bad == 1 else 'are'}"
        return [
            f"{some if yours.size > 1 else f'{name} is'} NaN or infinite.",
            "Is something divided by 0, or has an exp grown too large?",
        ]
    right = len(pairs) - len(wrong)
    rest = f" It is right in {right} of {len(pairs)} trials." if right else ""
    wrong = [pair for pair in wrong if pair[0].shape == pair[1].shape]
    said = [f"{_relation(it, wrong, everywhere=not rest)}{rest}"]
    if not any(yours.any() for yours, _, _ in wrong) and any(a.size > 1 for a, _, _ in wrong):
        said.append(NOT_MOVED if name.startswith("change of ") else ZERO)
    return [*said, *right_places(name, yours, true)]


def right_places(name: str, yours: Array, true: Array) -> list[str]:
    """Return which rows or columns of an array are right, if some are."""
    kinds = [("Entry", "Entries")] if true.ndim == 1 else [("Row", "Rows"), ("Column", "Columns")]
    for axis, (one_of_them, several) in enumerate(kinds):
        others = tuple(one for one in range(true.ndim) if one != axis)
        places = np.flatnonzero(~differs(yours, true).any(axis=others)) if true.ndim else ()
        if len(places):
            *first, last = map(str, places)
            those = f"{several} {', '.join(first)} and {last} of {name} are"
            it = those if first else f"{one_of_them} {last} of {name} is"
            return [f"{it} right, and the rest is not: what is different there?"]
    return []


def when_right(right: Sequence[dict[str, Any]], wrong: Sequence[dict[str, Any]]) -> list[str]:
    """Return what the arguments have in common with which a function is right, if anything.

    One right trial may be right for another reason, and a wrong one wrong. Beside few wrong ones
    one right trial says nothing, and otherwise one alone only if it is the smallest of its kind.
    Where two things are common to them, it may be either of the two.
    """
    if len(right) < 2 and len(wrong) < 4:
        return []
    several = len(right) > 1 and len(wrong) > 1
    kinds = KINDS_OF_ARGUMENTS if several else KINDS_OF_ARGUMENTS[:SMALLEST]
    reasons = [
        f"It is right {with_what}. {look}"
        for with_what, has, look in kinds
        if right and all(map(has, right)) and not any(map(has, wrong))
    ]
    return reasons if len(reasons) == 1 else []


def sizes_meant(
    shape: tuple[int, ...], given: dict[str, Any], others: Sequence[dict[str, Any]]
) -> str:
    """Return what the sizes of a shape are, by the arrays that were given, if that is certain.

    Axes that have other sizes in other arguments have this one by chance: it may be any of them.
    """
    known: dict[int, list[str]] = {}
    for axis, size in _axes(given).items():
        known.setdefault(size, []).append(axis)
    elsewhere = [_axes(other) for other in others]
    meant = [
        f"{size} is `{known[size][0]}`"
        for size in dict.fromkeys(shape)
        if len({tuple(each.get(axis) for each in elsewhere) for axis in known.get(size, [])}) == 1
    ]
    return f"In the shape that is asked for, {' and '.join(meant)}." if meant else ""


def _axes(given: dict[str, Any]) -> dict[str, int]:
    """Return the size of every axis of the arrays that were given, as code has it."""
    weights = {f"layers[{k}][0]": W for k, (W, _) in enumerate(given.get("layers", []))}
    return {
        f"{name}.shape[{axis}]": size
        for name, array in {**given, **weights}.items()
        if isinstance(array, np.ndarray)
        for axis, size in enumerate(array.shape)
    }


def _arrays(given: dict[str, Any]) -> list[Array]:
    weights = [W for W, _ in given.get("layers", [])]
    arrays = [each for each in [*given.values(), *weights] if isinstance(each, np.ndarray)]
    return [array for array in arrays if array.ndim == 2]


SMALLEST = 4  # the first kinds: one example, one step, one layer, one output
KINDS_OF_ARGUMENTS: list[tuple[str, Callable[[dict[str, Any]], bool], str]] = [
    (
        "with a single example",
        lambda given: any(len(array) == 1 for array in _arrays(given)),
        "Look at what depends on how many there are: sums, means and the 1/N.",
    ),
    (
        "with a single step",
        lambda given: given.get("steps") == 1,
        "Look at what goes from one step to the next.",
    ),
    (
        "with a single layer",
        lambda given: len(given.get("layers", "  ")) == 1 or len(given.get("sizes", "   ")) == 2,
        "Look at what goes from one layer to the next.",
    ),
    (
        "with a single output",
        lambda given: any(array.shape[1] == 1 for array in _arrays(given)),
        "Look at what depends on how many outputs there are.",
    ),
    (
        "for a weight of the first layer",
        lambda given: "i" in given and given["k"] == 0,
        "Look at what your lines do when the weight is in another layer.",
    ),
    (
        "where everything is square",
        lambda given: all(len(array) == array.shape[1] for array in _arrays(given)),
        "Look at which axis is which: in sizes, in transposes and in products.",
    ),
    (
        "where nothing is square",
        lambda given: all(len(array) != array.shape[1] for array in _arrays(given)),
        "Look at what depends on a comparison of two sizes.",
    ),
]  # fmt: skip


def _why(yours: Array, true: Array) -> str:
    if true.shape == ():
        return ": one number is asked for"
    if yours.shape == ():
        return f": one number, where an array of shape {true.shape} is asked for"
    if yours.shape == true.shape[::-1]:
        return ": rows and columns are swapped"
    return ""


def _digits(times: float) -> str:
    """Return a factor with as many digits as tell it from 1."""
    return as_many_digits_as_it_takes(times, 1.0)[0].removeprefix("+")


def _relation(it: str, wrong: Sequence[Pair], everywhere: bool) -> str:
    """Return how wrong arrays lie to the true ones: 0, a factor, another direction."""
    if not any(yours.any() for yours, _, _ in wrong):
        return f"{it} is 0{' everywhere' if everywhere else ''}."
    factors = [factor(yours, true) for yours, true, _ in wrong]
    known = [each for each in factors if each is not None]
    single = all(true.size == 1 for _, true, _ in wrong)
    if len(known) < len(factors):
        yours, true, about = wrong[factors.index(None)]
        where = "" if single or factors[0] is None else f" That is so with {about}."
        return f"{it} {_direction(yours, true)}{where}"
    different = len({true.tobytes() for _, true, _ in wrong}) > 1  # the same twice shows nothing
    if everywhere and different and np.ptp(known) < 1e-4 * abs(known[0] or 1):
        times = _digits(known[0])
        return f"Everywhere it is {times} times the true one: a constant factor is wrong."
    listed = "; ".join(
        f"{_digits(times)} times the true one with {about}"
        for times, (_, _, about) in zip(known[:SHOWN], wrong, strict=False)
    )
    if single and (near := _off_by(known)):
        return f"{it} has another value{near}."
    if single and len(known) > 1:
        return f"{it} has another value, and not by one factor: {listed}."
    if single:
        return f"{it} has another value."
    changing = " that changes" if len(known) > 1 else ""
    return f"{_way(known)}, and a factor is wrong{changing}: {listed}."


def _way(factors: Sequence[float]) -> str:
    """Return whether arrays point along the true ones or against them, by their factors."""
    against = [times < 0 for times in factors]
    if not any(against):
        return "Its direction is right"
    return "It points exactly the opposite way" + ("" if all(against) else " in some trials")


def _off_by(factors: Sequence[float]) -> str:
    """Return by how much a few numbers are off at most, if they come close in every trial."""
    off = steady(max(abs(times - 1) for times in factors))
    if len(factors) < 3 or not 1e-6 < off < 0.1:
        return ""
    return f", close to the true one: at most about {steady(100 * off):.2g}% off"


def _direction(yours: Array, true: Array) -> str:
    angle = cosine(yours, true)
    if angle is None:
        return "has another value."
    angle = steady(angle)
    length = steady(float(np.linalg.norm(yours) / np.linalg.norm(true)))
    off = abs(length - 1)
    if off > 0.01 and angle > 1 - min(0.01, off / 100):  # it is rather the length that is wrong
        times = f"{length:.{2 if off > 0.1 else 3}g} times the length"
        return f"has about the right direction, and {times} of the true one."
    if angle > 0.9999:
        return "comes close, but lies farther off than rounding explains."
    text = f"{angle:.2f}" if angle < 0.995 else f"{angle:.4f}"
    long = f", and it is {length:.2g} times as long" if off > 0.1 else ""
    return (
        "points in a different direction from the true one: the cosine between the two is "
        f"{text} (1 is the same direction){long}."
    )
