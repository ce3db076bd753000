"""Mistakes with the chain rule alone: a composition, and an input used twice."""

from __future__ import annotations

import numpy as np

from bp_helpers.exercises.mistakes.mistake import Mistake, after
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Override

NUDGES = (1, 0.5, 0.1, 0.05, 0.01)  # with smaller ones the slope is nearly right


def _measured(low: float, high: float) -> Override:
    """Return slopes between two places so far from the given one."""

    def composition(s: Steps, x: float) -> float:
        y = [np.sin((x + nudge) ** 2 + 1) ** 3 for nudge in (low, high)]
        return float(y[1] - y[0]) / (high - low)

    def circuit_gradient(s: Steps, a: float, b: float) -> tuple[float, float]:
        def y(a: float, b: float) -> float:
            return a * b * (a + b)

        da, db = y(a + high, b) - y(a + low, b), y(a, b + high) - y(a, b + low)
        return da / (high - low), db / (high - low)

    return {"composition": composition, "circuit_gradient": circuit_gradient}


def _with_the_slope_for_a(a: float, b: float) -> tuple[float, float]:
    """Return dy/da, and what dy/db becomes with that in the place of a."""
    p, s = a * b, a + b
    da = s * b + p
    return da, s * da + p


CHAIN_RULE = {
    "inner-slope-missing": Mistake(
        "The slope of the innermost function is missing: when x moves, its square does not move "
        "by as much.",
        "Three functions are nested. How many factors has your product?",
        {"square_slope": lambda s, x: 1},
    ),
    "only-outer-slope": Mistake(
        "That is the slope of the outermost function, the cube, alone. What goes into the cube "
        "does not move by as much as x.",
        "Three functions are nested. How many factors has your product?",
        {"sine_slope": lambda s, x: 1, "square_slope": lambda s, x: 1},
    ),
    "middle-slope-missing": Mistake(
        "The slope of the sine is missing: you went from the cube straight to what is inside "
        "the sine.",
        "Three functions are nested. How many factors has your product?",
        {"sine_slope": lambda s, x: 1},
    ),
    "outer-slope-missing": Mistake(
        "The slope of the outermost function, the cube, is missing.",
        "Three functions are nested. How many factors has your product?",
        {"cube_slope": lambda s, x: 1},
    ),
    "power-rule-slip": Mistake(
        "The slope of the cube is not right: an exponent becomes a factor, and what stays as the "
        "exponent is one less.",
        "Nudge v ** 3 at v = 2 by 0.001: how many times as much does it move?",
        {"cube_slope": lambda s, x: s.sine(x) ** 2},
        {"cube_slope": lambda s, x: 3 * s.sine(x) ** 3},
        {"cube_slope": lambda s, x: 3 * s.sine(x)},
        {"cube_slope": lambda s, x: 2 * s.sine(x) ** 2},
        {"cube_slope": lambda s, x: 2 * s.sine(x) ** 3},
        {"cube_slope": lambda s, x: s.sine(x) ** 3},
    ),
    "power-inside-the-sine": Mistake(
        "The power has got inside the sine. y is the cube of a sine: the sine comes first, and in "
        "the slope of the cube it is the sine that is squared.",
        "Which comes first in your lines, the power or the sine? And which one should?",
        {"cube_slope": lambda s, x: 3 * np.sin((x * x + 1) ** 2)},
        {"composition": lambda s, x: 6 * x * (x * x + 1) ** 2 * np.cos((x * x + 1) ** 3)},
    ),
    "inner-slope-slip": Mistake(
        "The slope of the innermost function, the square with 1 added, is not right: the exponent "
        "becomes a factor, and what is only added drops out.",
        "Nudge x ** 2 + 1 at x = 2 by 0.001: how many times as much does it move?",
        {"square_slope": lambda s, x: x},
        {"square_slope": lambda s, x: 2},
        {"square_slope": lambda s, x: x * x},
        {"square_slope": lambda s, x: 2 * x + 1},
        {"square_slope": lambda s, x: 2 * x * x},
        {"square_slope": lambda s, x: x * x + 1},
    ),
    "slope-of-sine": Mistake(
        "The slope of the sine is not right. Where the sine is flat, at its top, its slope is 0; "
        "where it crosses 0, it is steepest.",
        "Which function is 1 at 0 and 0 at a quarter turn?",
        {"sine_slope": lambda s, x: np.sin(s.inner(x))},
        {"sine_slope": lambda s, x: -np.sin(s.inner(x))},
        {"sine_slope": lambda s, x: np.cos(s.inner(x)) ** 2},
        {"sine_slope": lambda s, x: np.tan(s.inner(x))},
        {"sine_slope": lambda s, x: 1 / np.cos(s.inner(x))},
    ),
    "slope-of-the-logarithm": Mistake(
        "That is the slope of the logarithm of y: how fast y grows as a share of itself.",
        "How do you get from the slope of log(y) to that of y?",
        {"composition": lambda s, x: Steps().composition(x) / s.sine(x) ** 3},
    ),
    "added-number-left-out": Mistake(
        "The 1 that is added to the square is missing somewhere. It changes no slope by itself, "
        "but it changes where the slopes behind it are taken.",
        "What goes into your sine and your cosine, and what into the sine of the exercise?",
        {"inner": lambda s, x: x * x},
        {"sine_slope": lambda s, x: np.cos(x * x)},
    ),
    "chain-at-wrong-place": Mistake(
        "A slope is taken at the wrong place. Each function's slope belongs to what came into "
        "that function, not to x itself and not to something further in.",
        "Name the values on the way, u and v, and write each slope with the one that goes in.",
        {"sine_slope": lambda s, x: np.cos(x)},
        {"sine_slope": lambda s, x: np.cos(2 * x)},
        {"sine_slope": lambda s, x: np.cos(np.sin(x * x + 1))},
        {"cube_slope": lambda s, x: 3 * np.sin(x) ** 2},
        {"cube_slope": lambda s, x: 3 * (x * x + 1) ** 2},
        {"cube_slope": lambda s, x: 3 * x**2},
        {"cube_slope": lambda s, x: 3 * x**2, "sine_slope": lambda s, x: np.cos(x)},
        {"cube_slope": lambda s, x: 3 * np.cos(x * x + 1) ** 2},
        {"inner": lambda s, x: x},
    ),
    "degrees-for-radians": Mistake(
        "The angle was taken for degrees. NumPy's sine takes radians, and only with these is the "
        "cosine its slope.",
        "What is the sine of 90 for NumPy? And what would it be for degrees?",
        {"inner": lambda s, x: np.deg2rad(x * x + 1)},
        {"sine_slope": lambda s, x: np.cos(np.deg2rad(x * x + 1))},
    ),
    "slopes-nested": Mistake(
        "A slope is put into another function, where the value belongs. Slopes are factors: a "
        "change is stretched once by each, one after the other.",
        "If the inner stage doubles a nudge and the next triples it, what has become of it?",
        {"composition": lambda s, x: 3 * np.cos(2 * x) ** 2},
        {"sine_slope": lambda s, x: np.cos(2 * x), "square_slope": lambda s, x: 1},
        {"composition": lambda s, x: 3 * np.cos(x * x + 1) ** 2 * 2 * x},
        {"composition": lambda s, x: 3 * np.cos(x * x + 1) ** 2},
    ),
    "slopes-added": Mistake(
        "The slopes are added. Along one path a change is stretched by each stage in turn, so "
        "the slopes are multiplied; sums belong to branches.",
        "If the inner stage doubles a nudge and the next triples it, what has become of it?",
        {"composition": lambda s, x: s.cube_slope(x) + s.sine_slope(x) + s.square_slope(x)},
    ),
    "value-for-slope": Mistake(
        "That is the value of the function, not its slope.",
        "The slope says how far y moves for a small move of what went in, per unit.",
        {"composition": lambda s, x: np.sin(x * x + 1) ** 3},
        {"circuit_gradient": lambda s, a, b: (a * b * (a + b), a * b * (a + b))},
        {"circuit_gradient": lambda s, a, b: a * b * (a + b)},
        {"circuit_gradient": lambda s, a, b: (a * b, a + b)},
    ),
    "measured-roughly": Mistake(
        "That is a slope measured by a nudge so large that the curve bends within it. The chain "
        "rule gives the slope itself.",
        "Make your nudge ten times as small. Does your result stay as it is?",
        *(_measured(*between) for h in NUDGES for between in ((0, h), (-h, 0), (-h, h))),
    ),
    "way-back-begins-with-y": Mistake(
        "Your backward pass starts with the value of y. It should start with 1: along itself, y "
        "moves by as much as it moves.",
        "How far does y move if y moves by 1? With which number do you begin?",
        {
            "circuit_gradient": lambda s, a, b: tuple(
                a * b * (a + b) * slope for slope in Steps().circuit_gradient(a, b)
            )
        },
        {"factor_slopes": lambda s, p, total: (p * total * total, p * total * p)},
    ),
    "paths-multiplied": Mistake(
        "The two paths are multiplied. Stages along one path multiply; separate paths from the "
        "same input add up.",
        "A nudge of a moves y through p and, besides, through s. What is the whole move?",
        {"add_paths": lambda s, by_product, by_sum: by_product * by_sum},
    ),
    "sum-halves-its-blame": Mistake(
        "The sum hands on half of its blame to each of its inputs. If either of them moves by 1, "
        "the sum moves by 1: each gets the whole blame.",
        "Hold b still and move a by 1. How far does a + b move?",
        {"add_paths": lambda s, by_product, by_sum: by_product + by_sum / 2},
    ),
    "both-factors-at-once": Mistake(
        "For each input, the product a * b got the slopes of both its factors. While a moves, b "
        "stands still.",
        "Hold b still at 3 and move a by 1. How far does a * b move?",
        {"circuit_gradient": lambda s, a, b: (s.add_paths((a + b) * (a + b), a * b),) * 2},
    ),
    "blames-exchanged": Mistake(
        "In y = p * s, a factor itself was taken for its slope. How far p moves y depends on the "
        "other factor, s.",
        "Hold s still at 5 and move p by 1. How far does the product move?",
        {"factor_slopes": lambda s, p, total: (p, total)},
        {"circuit_gradient": lambda s, a, b: (a + b, a + b)},
    ),
    "name-used-again": Mistake(
        "A name got a new value while its old one was still needed: the second slope was made with "
        "the first one, where a or b belongs.",
        "Which value do `a` and `b` have in each line: the number that came in, or its slope?",
        {"circuit_gradient": lambda s, a, b: _with_the_slope_for_a(a, b)},
        {"circuit_gradient": lambda s, a, b: _with_the_slope_for_a(b, a)[::-1]},
    ),
    "blame-missing-on-a-path": Mistake(
        "One of the two paths has its own slope only. What moves the product or the sum moves y by "
        "the slope that follows as well.",
        "If p moves by 1 and s stays at 5, how far does y = p * s move?",
        {"circuit_gradient": lambda s, a, b: (b + a * b, a + a * b)},
        {"circuit_gradient": lambda s, a, b: ((a + b) * b + 1, (a + b) * a + 1)},
    ),
    "factor-of-sum": Mistake(
        "The path through the sum has a factor too many, or the one through the product lacks it. "
        "In a sum, each part moves the whole by as much as itself.",
        "Move a by 1. How far does a + b move, and how far a * b?",
        {"circuit_gradient": lambda s, a, b: ((a + b) * b + a * b * b, (a + b) * a + a * b * a)},
        {"circuit_gradient": lambda s, a, b: ((a + b) * b + a * b * a, (a + b) * a + a * b * b)},
        {"circuit_gradient": lambda s, a, b: (a + b + a * b, a + b + a * b)},
    ),
    "own-factor": Mistake(
        "da and db are exchanged, or the slope of the product a * b was taken to be the factor "
        "that moves. It is the other one.",
        "Hold b still at 3 and move a by 1. How far does the product move? And which of your two "
        "results is first?",
        *after(["circuit_gradient"], lambda both: both[::-1]),
    ),
}
