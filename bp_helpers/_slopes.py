"""Slopes measured with the step that suits them: large enough to be seen, too small for a bend."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.network import Network

STEP = 1e-5  # of a nudge, where nothing asks for another; of entries above 1, a share of them
SEEN = 0.01  # a slope is seen when rounding moves it by no more than this share
ROUNDING = 10 * float(np.finfo(np.float64).eps)  # how far it moves a value, as a share
Entry = tuple[int, ...]


@dataclass(frozen=True)
class Slope:
    """A measured slope, the step it was measured with, and how far off it may be."""

    value: float
    step: float
    doubt: float

    def agrees(self, other: Slope) -> bool:
        """Return whether both are the same as far as rounding lets one see."""
        return abs(self.value - other.value) <= self.doubt + other.doubt < math.inf


@dataclass(frozen=True)
class Observed:
    """What is observed while an array is nudged: `values()`, which reads the array in place.

    The slope is that of the sum of `weight * values()`. Each weight is known up to `doubt`; each of
    the values moves by `rounding` in its last digits.
    """

    values: Callable[[], Array]
    weight: Array
    doubt: Array
    rounding: Array

    def slope(self, array: Array, entry: Entry, down: float, up: float) -> Slope:
        """Return the slope between `array[entry]` + `down` and + `up`; the entry is put back."""
        before = array[entry]
        high, low = before + up, before + down
        try:
            array[entry] = high
            above = self.values()
            array[entry] = low
            below = self.values()
        except ValueError:  # nudged so far that it is not finite
            return Slope(0.0, up, math.inf)
        finally:
            array[entry] = before
        change = (above - below) / (high - low)
        size = np.maximum(np.abs(above), np.abs(below))
        rounding = 2 * np.maximum(self.rounding, ROUNDING * size) / (high - low)
        doubt = float((np.abs(self.weight) * rounding + self.doubt * np.abs(change)).sum())
        value = float((self.weight * change).sum())
        return Slope(value, up, doubt) if math.isfinite(value + doubt) else Slope(0.0, up, math.inf)

    def most_certain_slope(
        self, array: Array, entry: Entry, expected: float, tolerance: float
    ) -> Slope:
        """Return the slope along one entry that is known best, `expected` to be about so large.

        From the usual step, the step goes down while the slope differs by more than rounding from
        that of a tenth of the step, or from that of the finest step which still sees it: the values
        bend on the way, or have a kink. (And while a smaller step sees more, as it does where the
        step is large beside the values.) Then the step goes up until the slope is known well
        enough, or bends.
        """

        def measured(step: float) -> Slope:
            return self.slope(array, entry, -step, step)

        step = usual_step(array, entry)
        now, finer = measured(step), measured(step / 10)
        size = max(abs(expected), abs(now.value), 1e-300)
        finest = float((np.abs(self.weight) * self.rounding).sum()) / (SEEN * size)
        finest = max(finest, ROUNDING * abs(float(array[entry])))  # with less nothing moves
        finest = min(step, finest or step / 1000)  # where last digits show nothing: not too small
        last = measured(finest) if finest > 0 else finer
        while finer.doubt < now.doubt / 2 or (
            now.step / 10 > finest and not (now.agrees(finer) and now.agrees(last))
        ):
            now, finer = finer, measured(finer.step / 10)
        best = Slope(now.value, now.step, now.doubt + abs(now.value - finer.value))
        for _ in range(40):
            larger = measured(now.step * 10)
            if best.doubt <= tolerance / 10 * abs(best.value):
                break
            if not now.agrees(larger):  # the bend may have begun before rounding let it be seen
                return Slope(best.value, best.step, 10 * best.doubt)
            doubt = now.doubt + larger.doubt
            if doubt < best.doubt:
                best = Slope(larger.value, larger.step, doubt)
            now = larger
        return best

    def has_kink(self, array: Array, entry: Entry, step: float) -> bool:
        """Return whether the slopes on both sides stay apart when the step shrinks.

        Where nothing bends, a slope is measured with a huge step, at which all else has lost its
        digits: the usual one is the largest here.
        """
        step = min(step, usual_step(array, entry))

        def gap(h: float) -> tuple[float, float]:
            left, right = self.slope(array, entry, -h, 0.0), self.slope(array, entry, 0.0, h)
            return abs(left.value - right.value), left.doubt + right.doubt

        (wide, _), (narrow, doubt) = gap(step), gap(step / 10)
        return narrow > max(wide / 2, 2 * doubt)


def usual_step(array: Array, entry: Entry) -> float:
    """Return the step to begin with."""
    return STEP * max(1.0, abs(float(array[entry])))


def observed_number(number: Callable[[], float]) -> Observed:
    """Return one number as what is observed."""
    one, none = np.ones(()), np.zeros(())
    return Observed(lambda: np.array(number()), one, none, np.array(ROUNDING * abs(number())))


def observed_outputs(
    network: Network, x: Array, loss: Callable[[Array], float], tolerance: float
) -> Observed:
    """Return the outputs of `network` as what is observed, weighted with the slope of `loss` there.

    That sees what the loss itself rounds away: beside targets of 1e12, or in a loss of 1e24.
    """
    outputs = np.array(network.forward(x))
    of_loss = observed_number(lambda: loss(outputs))
    slopes = [
        of_loss.most_certain_slope(outputs, entry, 0.0, tolerance)
        for entry in np.ndindex(outputs.shape)
    ]
    weight = np.reshape([slope.value for slope in slopes], outputs.shape)
    doubt = np.reshape([slope.doubt for slope in slopes], outputs.shape)
    spread = ROUNDING * np.abs(outputs)
    arrays = [x, *network.parameters.values()]
    for digits in last_digits(arrays):
        with moved(arrays, digits):
            spread = np.maximum(spread, 3 * np.abs(network.forward(x) - outputs))
    return Observed(lambda: np.array(network.forward(x)), weight, doubt, spread)


def last_digits(arrays: Sequence[Array]) -> list[list[Array]]:
    """Return some ways to move every entry of the arrays by its last digits, up or down.

    So many that it is not by chance if all of them leave a gradient nearly as it is.
    """
    rng = np.random.default_rng(0)
    return [[ROUNDING / 5 * w * rng.choice([-1, 1], w.shape) for w in arrays] for _ in range(16)]


@contextmanager
def moved(arrays: Sequence[Array], moves: Sequence[Array]) -> Iterator[None]:
    """Add to each array its move, in place, and put all back exactly in the end."""
    before = [array.copy() for array in arrays]
    try:
        for array, move in zip(arrays, moves, strict=True):
            array += move
        yield
    finally:
        for array, old in zip(arrays, before, strict=True):
            array[...] = old
