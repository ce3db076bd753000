"""Measuring a gradient, and comparing two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.steps.replaceable import Replaceable

Gradients = dict[str, Array]


class MeasuringSteps(Replaceable):
    """Measuring a gradient, and comparing two of them."""

    def numerical_gradient(self, loss: Callable[[Array], float], w: Array, h: float) -> Any:
        """Return the central difference of every entry of w, an array of its shape."""
        nudged, slopes = self.nudgeable(w), self.room_for_slopes(w)
        for index in self.entries(nudged):
            slopes[index] = self.entry_slope(loss, nudged, index, h)
        return slopes

    def nudgeable(self, w: Array) -> Array:
        """Return a copy of w that can hold fractions."""
        return np.array(w, dtype=float)

    def room_for_slopes(self, w: Array) -> Array:
        """Return an array of w's shape that can hold fractions."""
        return np.zeros(w.shape)

    def entries(self, w: Array) -> Iterable[tuple[int, ...]]:
        """Return the index of every entry."""
        return np.ndindex(w.shape)

    def entry_slope(
        self, loss: Callable[[Array], float], w: Array, index: tuple[int, ...], h: float
    ) -> float:
        """Return one entry's slope; w is as before afterwards."""
        before = w[index].copy()  # an index may stand for a whole row
        w[index] = before + h
        above = loss(w)
        w[index] = before - h
        below = loss(w)
        self.put_back(w, index, before)
        return self.quotient(above, below, h)

    def put_back(self, w: Array, index: tuple[int, ...], before: float) -> None:
        """Give an entry its value from before the nudges."""
        w[index] = before

    def quotient(self, above: float, below: float, h: float) -> float:
        """Return the slope between w - h and w + h."""
        return (above - below) / (2 * h)

    def relative_error(self, analytic: Array, measured: Array, floor: float) -> float:
        """Return the largest relative error of any entry."""
        errors = self.apart(analytic, measured) / self.scale(analytic, measured, floor)
        return self.worst(errors)

    def apart(self, analytic: Array, measured: Array) -> Array:
        """Return how far each entry is from its measured value."""
        return np.abs(analytic - measured)

    def scale(self, analytic: Array, measured: Array, floor: float) -> Array:
        """Return the size by which each difference is measured."""
        return self.at_least(self.larger_size(analytic, measured), floor)

    def larger_size(self, analytic: Array, measured: Array) -> Array:
        """Return the larger of the two sizes, entry by entry."""
        return np.maximum(np.abs(analytic), np.abs(measured))

    def at_least(self, size: Array, floor: float) -> Array:
        """Return the size, or the floor where that is larger."""
        return np.maximum(size, floor)

    def worst(self, errors: Array) -> float:
        """Return the error that counts."""
        return float(errors.max())

    # ---- Comparing two gradients ----

    def first_wrong(self, used: Gradients, true: Gradients) -> Any:
        """Return the name of the first gradient that is wrong, or None."""
        for name in self.looked_at(list(true)):
            if not self.is_right(used[name], true[name]):
                return name
        return None

    def looked_at(self, names: list[str]) -> list[str]:
        """Return the names in the order in which the gradients are looked at."""
        return names

    def is_right(self, used: Array, true: Array) -> bool:
        """Return whether a gradient is off by no more than a millionth of its length."""
        return self.length(used - true) <= 1e-6 * self.length(true)

    def symptoms(self, used: Array, true: Array) -> tuple[float, float]:
        """Return the cosine of the angle between two arrays, and the ratio of their lengths."""
        return self.cosine(used, true), self.length_ratio(used, true)

    def dot(self, one: Array, other: Array) -> float:
        """Return the sum of the products, entry by entry."""
        return float((one * other).sum())

    def length(self, array: Array) -> float:
        """Return the root of the sum of squares."""
        return float(np.sqrt((array * array).sum()))

    def cosine(self, used: Array, true: Array) -> float:
        """Return the cosine."""
        return self.dot(used, true) / (self.length(used) * self.length(true))

    def length_ratio(self, used: Array, true: Array) -> float:
        """Return how many times as long the first is."""
        return self.length(used) / self.length(true)
