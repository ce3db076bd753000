"""Mistakes in measuring a gradient by nudging, and in comparing it with another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake, after
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers, Override

OWN_STEP = 1e-5  # what is taken for h by who does not look


def _losses_at(w: Array, index: Any, loss: Any, *nudges: float) -> list[float]:
    """Return the losses with an entry nudged by each of these; the last stays in it."""
    before, losses = w[index].copy(), []
    for nudge in nudges:
        w[index] = before + nudge
        losses.append(loss(w))
    return losses


def _from_the_middle(quotient: Callable[[float, float, float, float], float]) -> Override:
    """Return an entry's slope as this function of the losses at w + h, w and w - h, and of h."""

    def entry_slope(s: Steps, loss: Any, w: Array, index: Any, h: float) -> float:
        before = w[index].copy()
        above, at, below = _losses_at(w, index, loss, h, 0, -h)
        w[index] = before
        return quotient(above, at, below, h)

    return {"entry_slope": entry_slope}


def _up_last(s: Steps, loss: Any, w: Array, index: Any, h: float) -> float:
    """Nudge down first, and leave the entry up."""
    below, above = _losses_at(w, index, loss, -h, h)
    return s.quotient(above, below, h)


def _both_above(s: Steps, loss: Any, w: Array, index: Any, h: float) -> float:
    before = w[index].copy()
    above, again = _losses_at(w, index, loss, h, h)
    w[index] = before
    return s.quotient(above, again, h)


def _of_the_largest_difference(s: Steps, analytic: Array, measured: Array, floor: float) -> float:
    apart = s.apart(analytic, measured)
    return float((apart / s.scale(analytic, measured, floor)).ravel()[apart.argmax()])


def _not_stored(s: Steps, loss: Any, w: Array, h: float) -> Array:
    return 0 * np.asarray(Steps.numerical_gradient(s, loss, w, h))


def _at_once(s: Steps, loss: Any, w: Array, h: float) -> Any:
    return s.quotient(loss(w + h), loss(w - h), h)


def _from_the_first_loss(s: Steps, loss: Any, w: Array, h: float) -> Array:
    """Take each difference from the loss before all nudges."""
    nudged, slopes = s.nudgeable(w), s.room_for_slopes(w)
    start = loss(nudged)
    for index in s.entries(nudged):
        before = nudged[index].copy()
        nudged[index] = before + h
        slopes[index] = (loss(nudged) - start) / h
        s.put_back(nudged, index, before)
    return slopes


def _of_its_own_size(s: Steps, loss: Any, w: Array, index: Any, h: float) -> float:
    """Nudge an entry by a share of itself."""
    size = float(w[index])
    return size * Steps.entry_slope(s, loss, w, index, h * size) if size else 0.0


def _two_steps_up(s: Steps, loss: Any, w: Array, index: Any, h: float) -> float:
    before = w[index].copy()
    at, above = _losses_at(w, index, loss, 0, 2 * h)
    s.put_back(w, index, before)
    return s.quotient(above, at, h)


def _combined(formula: Callable[[Callable[[float], float], float], float]) -> Override:
    """Make an entry's slope of several, each from a step of its own."""
    return {
        "entry_slope": lambda s, loss, w, index, h: formula(
            lambda step: Steps.entry_slope(s, loss, w, index, step), h
        )
    }


def _only(keep: Callable[[tuple[int, ...]], bool]) -> Override:
    return {"entries": lambda s, w: [index for index in np.ndindex(w.shape) if keep(index)]}


def _only_above_the_floor(of: Callable[[Array, Array], Array]) -> Override:
    """Leave out the entries in which this size of the two is not above the floor."""

    def relative_error(s: Steps, analytic: Array, measured: Array, floor: float) -> float:
        counted = of(abs(analytic), abs(measured)) > floor
        errors = s.apart(analytic, measured)[counted]
        sizes = s.larger_size(analytic, measured)[counted]
        return s.worst(errors / sizes) if counted.any() else 0.0

    return {"relative_error": relative_error}


def _never_below_the_floor(s: Steps, analytic: Array, measured: Array, floor: float) -> float:
    return max(Steps.relative_error(s, analytic, measured, floor), floor)


def _by_length(s: Steps, analytic: Array, measured: Array, floor: float) -> float:
    a, m, apart = (np.asarray(np.linalg.norm(g)) for g in (analytic, measured, analytic - measured))
    return float(apart / s.scale(a, m, floor))


def _by_both_lengths(s: Steps, analytic: Array, measured: Array, floor: float) -> float:
    sizes = np.linalg.norm(analytic), np.linalg.norm(measured)
    return float(np.linalg.norm(analytic - measured) / sum(sizes))


def _bias_beside_the_power(s: Steps, X: Array, layers: Layers) -> list[Array]:
    As = [X]
    for W, b in layers:
        As.append(1 / (s.with_bias(1 + np.exp(-s.weighted(As[-1], W)), b)))
    return As


def _delta(formula: Callable[[Array, Array, Array, int], Array]) -> Override:
    """Return delta as this formula of the activation, its slope, the target and how many rows."""
    return {
        "delta_squared_error": lambda s, Z, Y: formula(s.activation(Z), s.slope(Z), Y, len(Z)),
    }


def _delta_of_error(formula: Callable[[Array, Array, int], Array]) -> Override:
    """Return delta as this formula of the error, the activation and the number of examples."""

    def delta_squared_error(s: Steps, Z: Array, Y: Array) -> Array:
        A = s.activation(Z)
        return formula(s.error(A, Y), A, len(Z))

    return {"delta_squared_error": delta_squared_error}


def _dX_with(formula: Callable[..., Array]) -> Callable[..., tuple[Array, Array, Array]]:
    """Return a normalisation's way back with this formula of its three paths and the deviation."""

    def norm_back(s: Steps, X: Array, gamma: Array, dY: Array) -> tuple[Array, Array, Array]:
        dgamma, dbeta, _ = Steps.norm_back(s, X, gamma, dY)
        deviation, g = s.norm_deviation(X), s.norm_blame(dY, gamma)
        normal = (X - X.mean(axis=0)) / deviation
        paths = g, s.through_mean(g), s.through_variance(g, normal)
        return dgamma, dbeta, formula(*paths, deviation)

    return norm_back


def _added_behind(s: Steps, analytic: Array, measured: Array, floor: float) -> float:
    return float((abs(analytic - measured) / abs(analytic) + abs(measured)).max())


def _taken_away_behind(s: Steps, analytic: Array, measured: Array, floor: float) -> float:
    return float(abs(analytic - measured / Steps().scale(analytic, measured, floor)).max())


MEASURING = {
    "one-sided-difference": Mistake(
        "The difference is taken between the nudged place and w itself. That is the slope half a "
        "nudge away from w.",
        "Nudge the entry both ways: how far apart are the two places then?",
        {"numerical_gradient": _from_the_first_loss},
        _from_the_middle(lambda above, at, below, h: (at - below) / h),
        {"entry_slope": _two_steps_up},
    ),
    "over-wrong-distance": Mistake(
        "The change of the loss is not divided by the distance between the two places where you "
        "asked for the loss.",
        "At which two places do you ask for the loss, and how far apart are they?",
        {"quotient": lambda s, above, below, h: (above - below) / h},
        {"quotient": lambda s, above, below, h: above - below},
        {"quotient": lambda s, above, below, h: (above - below) / 2},
        _from_the_middle(lambda above, at, below, h: (above - at) / (2 * h)),
        _from_the_middle(lambda above, at, below, h: (at - below) / (2 * h)),
    ),
    "brackets-misplaced": Mistake(
        "Brackets are missing, or are around the wrong part. Python works out what is in brackets "
        "first, then powers, then products and quotients from left to right, then sums, and an "
        "`if` and `else` at the very end.",
        "What should be worked out first, and what does Python work out first in your line?",
        {"activation": lambda s, Z: 1 / 1 + np.exp(-Z)},
        {"activation": lambda s, Z: 1 / 1 + np.exp(-Z), "slope": lambda s, Z: Steps().slope(Z)},
        {"forward": _bias_beside_the_power},
        {"sine_slope": lambda s, x: np.cos(x * x) + 1},
        {"slope_of_base": lambda s, a, b: b * a**b - 1},
        {"hidden_delta": lambda s, dA, Z: (s.arriving(dA) - s.activation(Z)) * s.activation(Z)},
        _delta(lambda A, D, Y, N: A - Y * D / N),
        _delta(lambda A, D, Y, N: (A - Y * D) / N),
        _delta(lambda A, D, Y, N: (A - Y / N) * D),
        _delta(lambda A, D, Y, N: A - Y * D),
        _delta_of_error(lambda E, A, N: E / N * A - A),
        _delta_of_error(lambda E, A, N: E * A - A / N),
        _delta_of_error(lambda E, A, N: (E * A - A) / N),
        _delta_of_error(lambda E, A, N: E * A - A),
        {"hidden_delta": lambda s, dA, Z: s.arriving(dA) * s.activation(Z) - s.activation(Z)},
        {"output_delta": lambda s, dA, Z: dA * s.activation(Z) - s.activation(Z)},
        {"delta_cross_entropy": lambda s, Z, Y: s.softmax(Z) - Y / len(Z)},
        {"circuit_gradient": lambda s, a, b: (a + b * b + a * b, a + b * a + a * b)},
        {"update_W": lambda s, W, dW, rate: (W - rate) * dW},
        {"unbiased": lambda s, mean, beta, t: mean / 1 - beta**t},
        {"relative_error": _added_behind},
        {"relative_error": _taken_away_behind},
        {"quotient": lambda s, above, below, h: (above - below) / 2 * h},
        {"quotient": lambda s, above, below, h: above - below / (2 * h)},
        {"quotient": lambda s, above, below, h: above - below / 2 * h},
        {"cosine": lambda s, used, true: s.dot(used, true) / s.length(used) * s.length(true)},
        {"cosine": lambda s, used, true: s.dot(used, true) / s.length(true) * s.length(used)},
        {"round_the_ring": lambda s, size, k: (2 * k - 1) / k * size},
        {"round_the_ring": lambda s, size, k: 2 * (k - 1 / k) * size},
        {"round_the_ring": lambda s, size, k: 2 * k - 1 / k * size},
        {"norm_back": _dX_with(lambda g, m, v, deviation: g - m - v / deviation)},
        {"norm_back": _dX_with(lambda g, m, v, deviation: g - (m + v) / deviation)},
        {"norm_back": _dX_with(lambda g, m, v, deviation: g / deviation - m - v)},
    ),
    "same-place-twice": Mistake(
        "Every slope is 0: both losses were taken at the same place. A second name for an array, "
        "as in `down = up`, is no second array; and what is written into a copy never reaches the "
        "array itself.",
        "Print what you hand to the loss, both times. Where do the two differ?",
        {"entry_slope": _both_above},
    ),
    "slopes-not-stored": Mistake(
        "You ask for the losses at the right places, but the array that comes back is still all "
        "0: your slopes are not stored in it.",
        "Which line writes into the array that you return?",
        {"numerical_gradient": _not_stored},
    ),
    "second-difference": Mistake(
        "That is how fast the slope changes, not the slope: the loss at w itself is taken away "
        "twice.",
        "Which two places does a central difference need?",
        _from_the_middle(lambda above, at, below, h: (above - 2 * at + below) / h**2),
        _from_the_middle(lambda above, at, below, h: (above - 2 * at + below) / (2 * h)),
    ),
    "two-differences-combined": Mistake(
        "Two central differences with different steps are put together. That comes closer to the "
        "slope, but what is asked for is one, with the step h.",
        "At how many places is the loss asked for in one central difference?",
        _combined(lambda slope, h: (4 * slope(h) - slope(2 * h)) / 3),
        _combined(lambda slope, h: (4 * slope(h / 2) - slope(h)) / 3),
    ),
    "slope-without-sign": Mistake(
        "The slopes have lost their signs. Where the loss falls, the slope is below 0.",
        "If the loss falls when an entry is raised, what should come out?",
        {"quotient": lambda s, above, below, h: abs(above - below) / (2 * h)},
    ),
    "summed-difference": Mistake(
        "The two losses are added. What counts is how far the loss changes from one to the other.",
        "If the loss is the same on both sides, what should the slope be?",
        {"quotient": lambda s, above, below, h: (above + below) / (2 * h)},
    ),
    "entry-not-put-back": Mistake(
        "An entry is still nudged while the next one is measured, so all later slopes are measured "
        "at another place.",
        "What does the array hold after the first round of your loop?",
        {"put_back": lambda s, w, index, before: None},
        {"entry_slope": _up_last},
    ),
    "nudged-together": Mistake(
        "Several entries are nudged at once, so you measure the sum of their slopes. Each entry "
        "has a slope of its own.",
        "Of a table of 2 by 3, how many entries does your loop nudge, and in how many rounds?",
        {"numerical_gradient": _at_once},
        {"numerical_gradient": lambda s, loss, w, h: np.full(w.shape, _at_once(s, loss, w, h))},
        {"entries": lambda s, w: range(len(w))},
    ),
    "entries-left-out": Mistake(
        "Some entries are never nudged: their slopes are still 0.",
        "Does the loop reach every row and every column, and does the function end behind the "
        "loop, not in it?",
        _only(lambda index: not any(index)),
        _only(lambda index: index[0] == 0),
        _only(lambda index: index[-1] == 0),
        _only(lambda index: len(set(index)) == 1),
        {"entries": lambda s, w: list(np.ndindex(w.shape))[:-1]},
        {"entries": lambda s, w: list(np.ndindex(w.shape))[1:]},
    ),
    "whole-numbers-kept": Mistake(
        "An array of whole numbers cannot hold a fraction, and drops it without a word. What was "
        "put into one was cut off.",
        "Print the dtype of the arrays that you write into.",
        {"nudgeable": lambda s, w: w.copy()},
        {"room_for_slopes": lambda s, w: np.zeros_like(w)},
        {"nudgeable": lambda s, w: w.copy(), "room_for_slopes": lambda s, w: np.zeros_like(w)},
        *after(("dense",), np.trunc),
    ),
    "step-ignored": Mistake(
        "The nudges are not as long as the step h that was given: they are a part or a multiple of "
        "it, or of a length of your own.",
        "What do you add to an entry, and what do you take away?",
        {"entry_slope": lambda s, loss, w, i, h: Steps().entry_slope(loss, w, i, OWN_STEP)},
        {"entry_slope": lambda s, loss, w, i, h: Steps().entry_slope(loss, w, i, h / 2)},
        {"entry_slope": lambda s, loss, w, i, h: Steps().entry_slope(loss, w, i, 2 * h)},
        {"entry_slope": _of_its_own_size},
        {"entry_slope": lambda s, loss, w, i, h: Steps.entry_slope(s, loss, w, i, h * abs(w[i]))},
    ),
    "absolute-error": Mistake(
        "That is how far the two lie apart, not as a share of their size. With a loss in other "
        "units it would be another number.",
        "Divide each difference by the size of what is compared.",
        {"scale": lambda s, a, m, floor: np.ones(np.shape(a))},
    ),
    "signs-cancel": Mistake(
        "Differences of opposite sign cancel, or a negative one counts as less than no "
        "difference. How far apart two numbers are is never negative.",
        "What does your function say of a number that is 1 too small, and of one that is 1 too "
        "large?",
        {"apart": lambda s, a, m: a - m},
        {"apart": lambda s, a, m: m - a},
        {"is_right": lambda s, used, true: (used - true).max() <= 1e-6 * s.length(true)},
        {"is_right": lambda s, used, true: (true - used).max() <= 1e-6 * s.length(true)},
        {"is_right": lambda s, used, true: (used - true).sum() <= 1e-6 * s.length(true)},
        {"is_right": lambda s, used, true: abs((used - true).sum()) <= 1e-6 * s.length(true)},
        {"apart": lambda s, a, m: a - m, "worst": lambda s, errors: float(abs(errors.sum()))},
        {"apart": lambda s, a, m: a - m, "worst": lambda s, errors: float(abs(errors.mean()))},
    ),
    "only-sizes-compared": Mistake(
        "Only the sizes are compared, so a gradient with the wrong sign passes as right.",
        "What should the error be if one says 1 and the other says -1?",
        {"apart": lambda s, a, m: abs(abs(a) - abs(m))},
    ),
    "not-the-worst": Mistake(
        "That is not the error of the worst entry. A gradient is as wrong as its worst entry, "
        "however many others are right.",
        "One wrong entry is enough to break a network: which of the errors tells of it?",
        {"worst": lambda s, errors: float(errors.mean())},
        {"worst": lambda s, errors: float(errors.sum())},
        {"worst": lambda s, errors: float(np.median(errors))},
        {"worst": lambda s, errors: float(errors.ravel()[0])},
        {"worst": lambda s, errors: float(errors.min())},
        {"worst": lambda s, errors: float(errors.ravel()[-1])},
        {"worst": lambda s, errors: float(np.sqrt((errors**2).mean()))},
        {"worst": lambda s, errors: float(np.sqrt((errors**2).sum()))},
        {"worst": lambda s, errors: float((errors**2).mean())},
    ),
    "place-of-the-worst": Mistake(
        "That is where the worst entry stands, not how wrong it is: `argmax` gives a place.",
        "What comes out if the worst entry is the first one?",
        {"worst": lambda s, errors: float(errors.argmax())},
    ),
    "largest-difference-instead": Mistake(
        "The entry was chosen by its difference, before that was divided by the entry's size. A "
        "small entry may be off by less, and by more of its size.",
        "An entry of 100 is off by 1, and one of 0.1 by 0.05. Which one is more wrong?",
        {"relative_error": _of_the_largest_difference},
    ),
    "floor-missing": Mistake(
        "What you divide by has no least size, or only where it is exactly 0. So two gradients "
        "that are nothing but rounding give a large error.",
        "What do you divide by where both gradients are nearly 0, and which argument says how "
        "small that may get?",
        {"at_least": lambda s, size, floor: size},
        {"at_least": lambda s, size, floor: np.where(size == 0, 1, size)},
    ),
    "floor-under-the-result": Mistake(
        "The floor is the least that your result can be. It is the least size to divide by: two "
        "gradients that are alike have an error of 0.",
        "What is compared with the floor in your lines, an error or a size?",
        {"relative_error": _never_below_the_floor},
        {
            "relative_error": _never_below_the_floor,
            "at_least": lambda s, size, floor: np.where(size == 0, 1, size),
        },
    ),
    "below-floor-left-out": Mistake(
        "Entries that are smaller than the floor were left out. They count as well: their "
        "difference is divided by the floor.",
        "What should the error of an entry be that is smaller than the floor, in both gradients?",
        _only_above_the_floor(lambda a, m: np.maximum(a, m)),
        _only_above_the_floor(lambda a, m: np.minimum(a, m)),
        _only_above_the_floor(lambda a, m: a),
        _only_above_the_floor(lambda a, m: m),
    ),
    "one-side-as-scale": Mistake(
        "The difference is compared with one of the two gradients alone. If that one is 0 or "
        "nearly so and the other is not, the result has no upper limit.",
        "Which of the two sizes should count, so that it does not matter which one is wrong?",
        {"larger_size": lambda s, a, m: abs(a)},
        {"larger_size": lambda s, a, m: abs(m)},
    ),
    "smaller-as-scale": Mistake(
        "The difference is compared with the smaller of the two gradients. If that one is 0 and "
        "the other is not, the result has no upper limit.",
        "Which of the two sizes should count, so that the error is never above 2?",
        {"larger_size": lambda s, a, m: np.minimum(abs(a), abs(m))},
    ),
    "floor-as-scale": Mistake(
        "Gradients that are larger than the floor are divided by it. It is the least size, for "
        "gradients that are smaller than it.",
        "If a gradient is 1 and the floor is a hundred-millionth, what is 1 percent of it?",
        {"scale": lambda s, a, m, floor: floor},
        {"at_least": lambda s, size, floor: np.minimum(size, floor)},
    ),
    "sizes-signed": Mistake(
        "The sizes are taken with their signs. Of two negative gradients the larger number is the "
        "smaller size.",
        "What is the size of a gradient of -3?",
        {"larger_size": lambda s, a, m: np.maximum(a, m)},
        {"larger_size": lambda s, a, m: np.abs(np.maximum(a, m))},
        {"larger_size": lambda s, a, m: a},
        {"larger_size": lambda s, a, m: m},
    ),
    "sizes-added": Mistake(
        "You divide by the sum of both sizes, or by their mean. Some do that; here it is the "
        "larger of the two.",
        "If one gradient is 0 and the other is not, the error should be 1. And if both are alike "
        "up to their sign?",
        {"larger_size": lambda s, a, m: abs(a) + abs(m)},
        {"scale": lambda s, a, m, floor: abs(a) + abs(m) + floor},
        {"larger_size": lambda s, a, m: (abs(a) + abs(m)) / 2},
    ),
    "floor-added": Mistake(
        "The floor is added to the size. It is a least size: where the gradients are larger than "
        "it, it plays no part.",
        "Which of several numbers is taken as the size: their sum, or one of them?",
        {"at_least": lambda s, size, floor: size + floor},
    ),
    "scale-of-the-whole": Mistake(
        "All entries are measured by the size of the whole array. A small gradient may then be "
        "entirely wrong, and the large ones beside it hide that.",
        "What should one difference be divided by: by what belongs to its own entry, or to all?",
        {
            "scale": lambda s, a, m, floor: np.full(
                np.shape(a), max(abs(a).max(), abs(m).max(), floor)
            )
        },
        {"relative_error": _by_length},
        {"relative_error": _by_both_lengths},
    ),
}
