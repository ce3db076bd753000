"""Puts into words how an array that nobody recognises lies to the true one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.feedback import (
    as_many_digits_as_it_takes,
    cosine,
    factor,
    same,
)

ZERO = (
    "Is something multiplied by 0, or taken away from itself? `a * 1 - a` is 0 too: without "
    "brackets Python multiplies first."
)
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
    wrong = [pair for pair in wrong if pair[0].shape == pair[1].shape]
    if len(wrong) < len(pairs) and not any(same(*pair[:2]) for pair in wrong):
        rest = f" It is right in {len(pairs) - len(wrong)} of {len(pairs)} trials."
    else:
        rest = ""
    said = [f"{_relation(it, wrong, everywhere=not rest)}{rest}"]
    if not any(yours.any() for yours, _, _ in wrong) and any(a.size > 1 for a, _, _ in wrong):
        said.append(ZERO)
    return said


def _why(yours: Array, true: Array) -> str:
    if true.shape == ():
        return ": one number is asked for"
    if yours.shape == ():
        return f": one number, where an array of shape {true.shape} is asked for"
    if yours.shape == true.shape[::-1]:
        return ": rows and columns are swapped"
    return ""


def _relation(it: str, wrong: Sequence[Pair], everywhere: bool) -> str:
    """Return how wrong arrays lie to the true ones: 0, a factor, another direction."""
    if not any(yours.any() for yours, _, _ in wrong):
        return f"{it} is 0{' everywhere' if everywhere else ''}."
    factors = [factor(yours, true) for yours, true, _ in wrong]
    known = [each for each in factors if each is not None]
    single = all(true.size == 1 for _, true, _ in wrong)
    if len(known) < len(factors):
        yours, true, _ = wrong[factors.index(None)]
        return f"{it} {_direction(yours, true)}"
    different = len({true.tobytes() for _, true, _ in wrong}) > 1  # the same twice shows nothing
    if everywhere and different and np.ptp(known) < 1e-4 * abs(known[0] or 1):
        times, _ = as_many_digits_as_it_takes(known[0], 1.0)
        return (
            f"Everywhere it is {times.removeprefix('+')} times the true one: a constant factor is "
            "wrong."
        )
    if single:
        return f"{it} has another value."
    listed = ", ".join(
        f"{as_many_digits_as_it_takes(times, 1.0)[0].removeprefix('+')} with {about}"
        for times, (_, _, about) in zip(known, wrong, strict=True)
    )
    changing = " that changes" if len(known) > 1 else ""
    return f"Its direction is right, and a factor is wrong{changing}: {listed}."


def _direction(yours: Array, true: Array) -> str:
    angle = cosine(yours, true)
    if angle is None:
        return "has another value."
    if angle > 0.9999:
        return "comes close, but lies farther off than rounding explains."
    text = f"{angle:.2f}" if angle < 0.995 else f"{angle:.4f}"
    return (
        "points in another direction than the true one: the cosine between the two is "
        f"{text}, where the same direction has 1."
    )
