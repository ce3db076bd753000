"""Mistakes in deep networks: the scale of the start, skip connections, batch normalisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.depth import NORM_EPSILON
from bp_helpers.exercises.steps.replaceable import Override


def _through_other_variance(s: Steps, blame: Array, normal: Array) -> Array:
    return np.asarray(normal * (blame * normal).sum(axis=0) / max(len(blame) - 1, 1))


def _norm_over(**axis: Any) -> Callable[..., tuple[Array, Array, Array]]:
    """Return the backward pass of a normalisation over other entries than those of a column."""

    def norm_back(s: Steps, X: Array, gamma: Array, dY: Array) -> tuple[Array, Array, Array]:
        deviation = np.sqrt(X.var(**axis) + NORM_EPSILON)
        normal = (X - X.mean(**axis)) / deviation
        blame = s.norm_blame(dY, gamma)
        inside = blame - blame.mean(**axis) - normal * (blame * normal).mean(**axis)
        return s.norm_dgamma(dY, normal, X), s.db(dY), inside / deviation

    return norm_back


def _without_gamma_on(path: str) -> Callable[..., tuple[Array, Array, Array]]:
    """Return the backward pass in which this path begins with dY as it is."""

    def norm_back(s: Steps, X: Array, gamma: Array, dY: Array) -> tuple[Array, Array, Array]:
        right = getattr(Steps, path)
        bare: Override = {path: lambda s, blame, *normal: right(s, blame / gamma, *normal)}
        return Steps.norm_back(Steps(*s.overrides, bare), X, gamma, dY)

    return norm_back


def _with_gamma(in_dgamma: int, in_dbeta: int) -> Callable[..., tuple[Array, Array, Array]]:
    """Return the backward pass with gamma once more in dgamma, in dbeta or in both."""

    def norm_back(s: Steps, X: Array, gamma: Array, dY: Array) -> tuple[Array, Array, Array]:
        dgamma, dbeta, dX = Steps.norm_back(s, X, gamma, dY)
        return dgamma * gamma**in_dgamma, dbeta * gamma**in_dbeta, dX

    return norm_back


# The paths through the mean and the variance, each without its 1/N.
SUMMED_PATHS: Override = {
    "through_mean": lambda s, blame: blame.sum(axis=0),
    "through_variance": lambda s, blame, normal: normal * (blame * normal).sum(axis=0),
}

SCALE = {
    "scale-of-mean-slope": Mistake(
        "The mean of the slopes, or of their sizes, was used. Lengths are made of squares, so what "
        "counts is the root of the mean of the squared slopes.",
        "Half of the slopes 1 and half of them 0: what does that make of the sum of the squares?",
        {"typical_slope": lambda s, slopes: np.mean(slopes)},
        {"typical_slope": lambda s, slopes: np.mean(np.abs(slopes))},
    ),
    "scale-of-spread": Mistake(
        "That is how far the slopes lie from their mean. Slopes that are all alike have no "
        "spread, and let blame through all the same.",
        "What is your scale if every slope is 1? And what should it be?",
        {"typical_slope": lambda s, slopes: np.std(slopes)},
        {"typical_slope": lambda s, slopes: np.var(slopes)},
    ),
    "scale-without-root": Mistake(
        "The squares are still there: the mean of the squared slopes belongs to the variance of "
        "the weights, and its root to their scale.",
        "Every slope 1/4: by how much must the scale make up for it?",
        {"rooted": lambda s, square: square},
    ),
    "scale-not-inverted": Mistake(
        "That is what the slopes do to the blame. The scale is what undoes it.",
        "Scale times slope is to be 1. If the slopes are small, is your scale large?",
        {"scale_against": lambda s, slope: slope},
    ),
    "scale-of-middle-slope": Mistake(
        "You took the slope in the middle: half of them are smaller. Lengths are made of squares, "
        "and there the steep places count for more.",
        "Nine slopes of 1 and eight of 9: is the one in the middle a fair answer for all of them?",
        {"typical_slope": lambda s, slopes: np.median(slopes)},
        {"typical_slope": lambda s, slopes: np.median(np.abs(slopes))},
    ),
    "scale-of-mean-inverse": Mistake(
        "You made a scale for each slope, and took the mean of these. A layer has one scale: "
        "first find one number for all its slopes, then undo it.",
        "Among your slopes is one of nearly 0. What does it make of the mean of the inverses?",
        {"scale_for": lambda s, slopes: np.mean(1 / slopes)},
        {"scale_for": lambda s, slopes: np.mean(1 / np.abs(slopes))},
        {"scale_for": lambda s, slopes: np.sqrt(np.mean(1 / np.square(slopes)))},
    ),
    "scale-of-largest-slope": Mistake(
        "Only the steepest place was counted. Most of the blame passes where the activation is "
        "flatter.",
        "Which share of the slopes is as large as the one that you took?",
        {"typical_slope": lambda s, slopes: np.max(slopes)},
        {"typical_slope": lambda s, slopes: np.max(np.abs(slopes))},
    ),
    "scale-without-zeros": Mistake(
        "Slopes that are 0, or all that are not above 0, were left out of the mean. They count as "
        "well: where the activation is flat, none of the blame comes through.",
        "Of 100 slopes 50 are 0 and 50 are 1. How many squares are there, and how many do you "
        "divide by?",
        {"averaged": lambda s, squares: np.mean(squares[squares > 0])},
        {"typical_slope": lambda s, slopes: np.sqrt(np.mean(slopes[slopes > 0] ** 2))},
    ),
    "scale-of-added-squares": Mistake(
        "The squared slopes were added up. The more slopes there are, the larger is their sum, "
        "though the activation is the same.",
        "What becomes of your sum when every slope is given twice?",
        {"averaged": lambda s, squares: np.sum(squares)},
    ),
}


SKIP = {
    "skip-path-missing": Mistake(
        "Only the blame that went through the layer is there. X also went around it, into the sum, "
        "and along that path blame comes back as well.",
        "If all weights were 0, the output would be X plus a constant. What would be the blame of "
        "X?",
        {"both_ways": lambda s, around, through: through},
    ),
    "layer-path-missing": Mistake(
        "The blame that went around the layer is there; what came through it is missing, or is 0.",
        "Over how many paths does X reach the output? Print what each of them brings.",
        {"both_ways": lambda s, around, through: around},
    ),
    "skip-paths-multiplied": Mistake(
        "The two paths were multiplied. Slopes along a chain are multiplied, what comes over "
        "several paths is added.",
        "Do the two paths lie one behind the other, or side by side?",
        {"both_ways": lambda s, around, through: around * through},
    ),
    "skip-paths-side-by-side": Mistake(
        "You put the blame of the two paths side by side. Both paths come from the same X, so for "
        "each of its entries, add what they bring.",
        "How many numbers of blame does one entry of X get?",
        {"both_ways": lambda s, around, through: np.concatenate([around, through], axis=1)},
        {"both_ways": lambda s, around, through: np.concatenate([through, around], axis=1)},
        {"both_ways": lambda s, around, through: np.concatenate([around, through], axis=0)},
    ),
    "skip-paths-averaged": Mistake(
        "The mean of the two paths was taken. The output is a sum, so each path counts in full.",
        "How far does the output move if X moves by a little and all weights are 0?",
        {"both_ways": lambda s, around, through: (around + through) / 2},
    ),
    "skip-path-through-weights": Mistake(
        "The blame was handed back through the weights on both paths. The path around the layer "
        "has none.",
        "What did X meet on its way around the layer?",
        {"skip_back": lambda s, dY, Z, W: s.hand_back(dY + s.hidden_delta(dY, Z), W)},
        {"both_ways": lambda s, around, through: 2 * through},
    ),
    "skip-path-with-slope": Mistake(
        "The blame that goes around the layer was multiplied by the activation's slope. It never "
        "met the activation.",
        "Which of the two terms of the sum has been through the activation?",
        {
            "skip_back": lambda s, dY, Z, W: s.both_ways(
                dY * s.slope(Z), s.hand_back(s.hidden_delta(dY, Z), W)
            )
        },
    ),
    "skip-layer-without-weights": Mistake(
        "On the path through the layer the weights are missing. What went through them going "
        "forward goes back through them.",
        "X becomes Z in the layer, and Z its output. Which of these two steps does your line undo?",
        {"skip_back": lambda s, dY, Z, W: s.both_ways(dY, s.hidden_delta(dY, Z))},
    ),
    "skip-pushed-forward": Mistake(
        "On the path through the layer, the blame went the way of a small change of X: forward "
        "through the weights, then times the slope. Going back it is the other way round, in order "
        "and direction.",
        "In a table with the slope of each output along each input: do you add up over the inputs, "
        "or over the outputs?",
        {"skip_back": lambda s, dY, Z, W: s.both_ways(dY, (dY @ W) * s.slope(Z))},
    ),
    "skip-slope-behind-weights": Mistake(
        "On the path through the layer, the slope comes in after the weights. It is the slope of "
        "Z, so it belongs to the blame before that is handed back to X.",
        "Going forward, which comes first, the weights or the activation? And going back?",
        {"skip_back": lambda s, dY, Z, W: s.both_ways(dY, s.hand_back(dY, W) * s.slope(Z))},
    ),
}


NORM = {
    "norm-statistics-held": Mistake(
        "The mean and the variance were held still. They are made of X, so blame comes back "
        "through both of them.",
        "If one example moves, which of the normalised values move with it?",
        {
            "through_mean": lambda s, blame: 0 * blame,
            "through_variance": lambda s, blame, normal: 0 * blame,
        },
    ),
    "norm-mean-path-missing": Mistake(
        "The path through the mean is missing: each example moves the mean, and so all the others.",
        "Shift a whole column of X by the same amount. What happens to the output, and what should "
        "the blame of that column add up to?",
        {"through_mean": lambda s, blame: 0 * blame},
    ),
    "norm-variance-path-alike": Mistake(
        "The path through the variance has the wrong share for each example. The further an "
        "example lies from the mean, the more it moves the variance.",
        "Make a column of X a little wider. Which of its entries move most, and which not at all?",
        {"through_variance": lambda s, blame, normal: (blame * normal).mean(axis=0)},
        {"through_variance": lambda s, blame, normal: blame * (normal * normal).mean(axis=0)},
    ),
    "norm-variance-path-unweighted": Mistake(
        "In the path through the variance, *normal* is missing inside the mean: the variance moves "
        "each output by as much as its own *normal* says.",
        "If the variance grows a little, which outputs move most, and which not at all?",
        {"through_variance": lambda s, blame, normal: normal * blame.mean(axis=0)},
    ),
    "norm-variance-path-missing": Mistake(
        "The path through the variance is missing, or comes out as 0: each example moves the "
        "variance, and all are divided by its root.",
        "Make a whole column of X twice as wide around its mean. What happens to the output?",
        {"through_variance": lambda s, blame, normal: 0 * blame},
    ),
    "norm-paths-not-averaged": Mistake(
        "A factor 1/N is missing on a path: one example moves the mean, or the variance, by an Nth "
        "of its own move.",
        "By how much does the mean of ten numbers move when one of them moves by 1?",
        SUMMED_PATHS,
        {"through_mean": lambda s, blame: blame.sum(axis=0)},
        {"through_variance": lambda s, blame, normal: normal * (blame * normal).sum(axis=0)},
    ),
    "norm-own-path-averaged": Mistake(
        "The path from each value straight to its own normalised value has a 1/N too much. Only "
        "the paths through the mean and the variance have one.",
        "Multiply your formula for dX out into its three paths. What is each of them divided by?",
        {
            **SUMMED_PATHS,
            "over_deviation": lambda s, blame, deviation: blame / deviation / len(blame),
        },
    ),
    "norm-other-variance": Mistake(
        "The variance was divided by N - 1. That is an estimate for other data; here the batch is "
        "divided by its own spread, with N.",
        "What is the sum of the squares divided by, in the variance and going back through it?",
        {"norm_variance": lambda s, X: X.var(axis=0, ddof=int(len(X) > 1))},
        {
            "norm_variance": lambda s, X: X.var(axis=0, ddof=int(len(X) > 1)),
            "through_variance": _through_other_variance,
        },
        {"through_variance": _through_other_variance},
    ),
    "norm-deviation-missing": Mistake(
        "In the forward pass X was divided by the deviation. Your backward pass does not divide by "
        "it.",
        "A column that is ten times as wide: what is the same move of one of its entries worth?",
        {"over_deviation": lambda s, blame, deviation: blame},
    ),
    "norm-divided-by-variance": Mistake(
        "It was divided by the variance. In the forward pass it was the deviation, its root.",
        "In which units is the variance of a length?",
        {"over_deviation": lambda s, blame, deviation: blame / deviation**2},
        {"norm_deviation": lambda s, X: X.var(axis=0) + NORM_EPSILON},
    ),
    "norm-epsilon": Mistake(
        "Epsilon is missing, or another number, or outside the root. In the forward pass the "
        "columns were divided by the root of the variance and epsilon together.",
        "Where the variance is 0, what was the column divided by in the forward pass?",
        *(
            {"norm_deviation": lambda s, X, other=other: np.sqrt(s.norm_variance(X) + other)}
            for other in (0, 1e-8, 1e-7, 1e-6, 1e-4, 1e-3)
        ),
        {"norm_deviation": lambda s, X: np.sqrt(s.norm_variance(X)) + NORM_EPSILON},
    ),
    "norm-gamma-missing": Mistake(
        "The blame of the normalised values lacks gamma, which they were multiplied by in the "
        "forward pass, or it lacks it on one of the paths.",
        "What lies between the normalised values and the output?",
        {"norm_blame": lambda s, dY, gamma: dY},
        {"norm_back": _without_gamma_on("through_mean")},
        {"norm_back": _without_gamma_on("through_variance")},
    ),
    "norm-gamma-from-input": Mistake(
        "The gradient of gamma was made with what came in, X. What gamma multiplies is the "
        "normalised value.",
        "A gradient is what came in times the blame. What comes in to gamma?",
        {"norm_dgamma": lambda s, dY, normal, X: (dY * X).sum(axis=0)},
    ),
    "norm-gamma-averaged": Mistake(
        "The gradient of gamma came out as the mean over the examples. The 1/N is in the blame "
        "already: they are added.",
        "How many times would the 1/N of the loss be in your result?",
        {"norm_dgamma": lambda s, dY, normal, X: (dY * normal).mean(axis=0)},
    ),
    "norm-over-wrong-axis": Mistake(
        "Means were taken along a row, or over the whole array. In batch normalisation each column "
        "has a mean of its own, over the examples.",
        "How many means are there for 5 examples of 3 columns?",
        {
            "through_mean": lambda s, g: g.mean(axis=1, keepdims=True),
            "through_variance": lambda s, g, n: n * (g * n).mean(axis=1, keepdims=True),
        },
        {"through_mean": lambda s, g: g.mean(axis=1, keepdims=True)},
        {"norm_back": _norm_over(axis=1, keepdims=True)},
        {"norm_back": _norm_over(axis=None, keepdims=False)},
    ),
    "norm-gamma-in-dgamma": Mistake(
        "gamma is a factor in dgamma, in dbeta or in both. How far Y moves with gamma is the "
        "normalised value, and with beta it is 1, whatever gamma is.",
        "By how much does Y move when gamma or beta moves by 1? Does gamma itself play a part in "
        "that?",
        *({"norm_back": _with_gamma(*both)} for both in ((1, 1), (1, 0), (0, 1))),
    ),
}
