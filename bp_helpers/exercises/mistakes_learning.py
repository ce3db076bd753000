"""Mistakes in training with an optimizer: epochs, Adam, parts of a batch, a published step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistake import Mistake
from bp_helpers.exercises.steps import EPSILON, Override, Steps


def _slices(cut: Callable[[int, int, np.random.Generator], list[Any]]) -> Override:
    return {"slices": lambda s, n, size, rng: cut(n, size, rng)}


def _cut(order: Any, size: int) -> list[Any]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def _own_order_for_each(n: int, size: int, rng: np.random.Generator) -> list[Any]:
    return [rng.permutation(n)[start : start + size] for start in range(0, n, size)]


EPOCHS = [
    Mistake(
        "last-slice-left-out",
        "The rows of the last slice, which is not full, never had their turn.",
        "With 7 rows and slices of 3, where does the last slice start, and how long is it?",
        (
            _slices(lambda n, size, rng: _cut(rng.permutation(n), size)[: n // size]),
            _slices(lambda n, size, rng: _cut(rng.permutation(n), size)[:-1]),
        ),
    ),
    Mistake(
        "rows-in-given-order",
        "The rows were taken in the order in which they were given.",
        "Which of your lines uses the random order?",
        (_slices(lambda n, size, rng: _cut(np.arange(n), size)),),
    ),
    Mistake(
        "order-drawn-for-each-slice",
        "The order was drawn anew for each slice. Some rows have their turn twice then, and others "
        "never.",
        "How often in an epoch is the random order needed?",
        (
            _slices(_own_order_for_each),
            _slices(lambda n, size, rng: [rng.permutation(n)[:size] for _ in range(0, n, size)]),
        ),
    ),
    Mistake(
        "all-rows-in-one-step",
        "All rows went into one step.",
        "How many rows does a step take, and how many steps make an epoch?",
        (_slices(lambda n, size, rng: [rng.permutation(n)]),),
    ),
    Mistake(
        "first-slice-only",
        "Only one slice of the rows was used.",
        "How many times does your loop turn, and which rows does it take in each turn?",
        (
            _slices(lambda n, size, rng: _cut(rng.permutation(n), size)[:1]),
            _slices(lambda n, size, rng: [rng.permutation(n)[:size] for _ in [0]] * -(-n // size)),
        ),
    ),
    Mistake(
        "one-row-per-step",
        "Each row made a step of its own: more steps, and shakier ones, than are asked for.",
        "How many rows does a step take?",
        (_slices(lambda n, size, rng: _cut(rng.permutation(n), 1)),),
    ),
    Mistake(
        "step-not-taken",
        "No parameter has moved: nobody takes a step along the gradients.",
        "Three things happen for each slice. Which of your lines changes the parameters?",
        ({"one_epoch": lambda s, **_: None},),
    ),
]


def _corrected_kept(
    steps: Steps, W: Array, dW: Array, m: Array, s: Array, t: int, eta: float
) -> tuple[Array, Array, Array]:
    W, m, s = Steps.adam_update(steps, W, dW, m, s, t, eta)
    return W, steps.unbiased(m, steps.beta_m(), t), steps.unbiased(s, steps.beta_s(), t)


ADAM = [
    Mistake(
        "betas-exchanged",
        "The two betas have changed places. The mean of the squares is the one that forgets "
        "slowly.",
        "Which of 0.9 and 0.999 belongs to which of the two running means?",
        (
            {"beta_m": lambda s: 0.999, "beta_s": lambda s: 0.9},
            {"beta_s": lambda s: 0.9},
            {"beta_m": lambda s: 0.999},
        ),
    ),
    Mistake(
        "bias-correction-missing",
        "A running mean that starts at 0 is too small at first, and nothing makes up for it here.",
        "In the first step, which share of the gradient is in m?",
        (
            {"unbiased": lambda s, mean, beta, t: mean},
            {"unbiased": lambda s, mean, beta, t: mean / (1 - beta**t) if beta < 0.95 else mean},
            {"unbiased": lambda s, mean, beta, t: mean / (1 - beta**t) if beta > 0.95 else mean},
        ),
    ),
    Mistake(
        "bias-correction-with-beta",
        "The correction does not depend on the step as it should: the power is missing, or the "
        "mean is multiplied where it should be divided.",
        "After many steps no correction is left. What is yours then?",
        (
            {"unbiased": lambda s, mean, beta, t: mean / (1 - beta)},
            {"unbiased": lambda s, mean, beta, t: mean * (1 - beta**t)},
            {"unbiased": lambda s, mean, beta, t: mean / beta**t},
        ),
    ),
    Mistake(
        "correction-kept",
        "The corrected means came back as m and s. The running means go on without correction, or "
        "it is applied again in the next step.",
        "What do the next step's m and s start from?",
        ({"adam_update": _corrected_kept},),
    ),
    Mistake(
        "epsilon-inside-root",
        "Epsilon stands under the root, where it is ten thousand times as large. It keeps the "
        "division from 0, and is added to the root.",
        "What is the root of 0.00000001, and which of the two numbers should be added?",
        (
            {"scaled": lambda s, m_hat, s_hat: m_hat / np.sqrt(s_hat + EPSILON)},
            {"scaled": lambda s, m_hat, s_hat: m_hat / (np.sqrt(s_hat + EPSILON) + EPSILON)},
        ),
    ),
    Mistake(
        "step-counter-off",
        "The step's number is one off in the correction.",
        "Which t has the first step, and what does 1 - beta ** t give with yours?",
        (
            {"counted": lambda s, t: t + 1},
            {"counted": lambda s, t: t - 1},
            {"counted": lambda s, t: max(t - 1, 1)},
        ),
    ),
    Mistake(
        "root-missing",
        "The gradient's mean is divided by the mean of the squares itself. Its root has the "
        "gradient's unit, so that the step has none.",
        "If all gradients become ten times as large, how should the step change?",
        ({"scaled": lambda s, m_hat, s_hat: m_hat / (s_hat + EPSILON)},),
    ),
    Mistake(
        "squares-missing",
        "The second mean is of the gradient. It should be of the gradient's square.",
        "What is its size when the sign of the gradient changes all the time?",
        (
            {"squares": lambda s, dW: dW},
            {"squares": lambda s, dW: np.abs(dW)},
        ),
    ),
    Mistake(
        "mean-weights-exchanged",
        "In the running mean old and new have changed places: nearly everything is forgotten in "
        "each step.",
        "With a beta of 0.9, which share of the old mean stays?",
        ({"running_mean": lambda s, mean, new, beta: (1 - beta) * mean + beta * new},),
    ),
    Mistake(
        "sum-for-running-mean",
        "The new value is added in full. In a mean it has a share, and the old mean has the rest.",
        "If every gradient is 1, where should the running mean end?",
        (
            {"running_mean": lambda s, mean, new, beta: beta * mean + new},
            {"running_mean": lambda s, mean, new, beta: mean + (1 - beta) * new},
        ),
    ),
]


def _weighed(gradients: Any, sizes: Any, by: float) -> list[Array]:
    return [n * g / by for g, n in zip(gradients, sizes, strict=True)]


PARTS = [
    Mistake(
        "parts-not-weighed",
        "The parts' gradients count alike, however many examples each has. The mean of unequal "
        "parts' means is not the mean of the whole.",
        "With parts of 7 and 6 examples, which share of the whole should one example have?",
        (
            {"weighed": lambda s, gradients, sizes: [g / len(sizes) for g in gradients]},
            {"weighed": lambda s, gradients, sizes: list(gradients)},
        ),
    ),
    Mistake(
        "parts-not-divided",
        "Each part is weighed by its examples, and the sum is not divided by how many there are.",
        "What should come out if all parts have the same gradient?",
        (
            {"weighed": lambda s, gradients, sizes: _weighed(gradients, sizes, 1)},
            {"weighed": lambda s, gradients, sizes: _weighed(gradients, sizes, len(sizes))},
        ),
    ),
    Mistake(
        "parts-divided-by-size",
        "Each part is divided by its number of examples. Its gradient is a mean already; the more "
        "examples it has, the more it counts.",
        "Should a part of 100 examples count more or less than one of 10?",
        (
            {
                "weighed": lambda s, gradients, sizes: [
                    g / n for g, n in zip(gradients, sizes, strict=True)
                ]
            },
            {
                "weighed": lambda s, gradients, sizes: [
                    g / n / len(sizes) for g, n in zip(gradients, sizes, strict=True)
                ]
            },
            {"weighed": lambda s, gradients, sizes: [g / sum(sizes) for g in gradients]},
        ),
    ),
]


PUBLISHED = [
    Mistake(
        "published-step-repaired",
        "That is the loss after a right step. The published one differs a little, because one "
        "thing in it happens too early.",
        "Which numbers does the way back read, and have they been changed by then?",
        ({"weights_too_early": lambda s, layers, k, change: layers[k][0]},),
    ),
    Mistake(
        "published-biases-moved",
        "The biases move in your step. The worked example leaves its biases where they are.",
        "Which of the four arrays does the published step change?",
        (
            {"bias_that_stays": lambda s, b, db, rate: b - rate * db},
            {"bias_that_stays": lambda s, b, db, rate: b - rate * db.sum()},
            {
                "bias_that_stays": lambda s, b, db, rate: b - rate * db,
                "weights_too_early": lambda s, layers, k, change: layers[k][0],
            },
        ),
    ),
    Mistake(
        "loss-before-the-step",
        "That is the loss before the step, with the weights as they were.",
        "With which weights is the last forward pass made?",
        ({"loss_after_step": lambda s, X, Y, layers, eta: Steps.loss_of_one(s, X, Y, layers)},),
    ),
]
