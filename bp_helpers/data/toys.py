"""Two toy sets in the plane that no straight line can part."""

from __future__ import annotations

import numpy as np

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.data.files import IntArray


def make_moons(n: int, *, rng: np.random.Generator, noise: float = 0.1) -> tuple[Array, IntArray]:
    """Return two half-circles that reach into each other.

    `x` has shape (n, 2), centred on the origin; `y` has shape (n,): class 0 is the upper moon,
    class 1 the lower one, and the rows are mixed. `noise` is the standard deviation of what is
    added to every coordinate.
    """
    noise = _checks.not_negative(noise, "noise")
    y = _mixed_classes(n, rng, "make_moons")
    angle = rng.uniform(0, np.pi, n)
    side = 1 - 2 * y  # the lower moon is the upper one, turned round
    x = np.stack([side * (np.cos(angle) - 0.5), side * (np.sin(angle) - 0.25)], axis=1)
    return x + rng.normal(0, noise, x.shape), y


def make_spirals(
    n: int, *, rng: np.random.Generator, noise: float = 0.05
) -> tuple[Array, IntArray]:
    """Return two spiral arms that wind once and a half round each other.

    `x` has shape (n, 2), within about 1 of the origin; `y` has shape (n,), the arm 0 or 1, and the
    rows are mixed. `noise` is the standard deviation of what is added to every coordinate.
    """
    noise = _checks.not_negative(noise, "noise")
    y = _mixed_classes(n, rng, "make_spirals")
    radius = np.sqrt(rng.uniform(0.02, 1, n))  # the root spreads the points evenly along the arm
    angle = 3 * np.pi * radius + np.pi * y
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return x + rng.normal(0, noise, x.shape), y


def _mixed_classes(n: int, rng: np.random.Generator, who: str) -> IntArray:
    n = _checks.whole(n, "n")
    return _checks.generator(rng, who).permutation(np.arange(n, dtype=np.int64) % 2)
