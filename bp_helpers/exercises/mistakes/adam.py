"""Mistakes with Adam."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.learning import EPSILON
from bp_helpers.exercises.steps.replaceable import Override


def _corrected_kept(
    steps: Steps, W: Array, dW: Array, m: Array, s: Array, t: int, eta: float
) -> tuple[Array, Array, Array]:
    W, m, s = Steps.adam_update(steps, W, dW, m, s, t, eta)
    return W, steps.unbiased(m, steps.beta_m(), t), steps.unbiased(s, steps.beta_s(), t)


def _mixed_in_again(
    steps: Steps, W: Array, dW: Array, m: Array, s: Array, t: int, eta: float
) -> tuple[Array, Array, Array]:
    def again(own: Steps, old: Array, new: Array) -> Array:
        return Steps.running_mean(own, new, dW, own.beta_m())

    mixed = Steps(*steps.overrides, {"mean_used": again})
    return Steps.adam_update(mixed, W, dW, m, s, t, eta)


def _bare(formula: Callable[[Array, Array], Any]) -> Override:
    """Return the step before the learning rate as this formula of the corrected means."""
    return {"scaled": lambda s, m_hat, s_hat, dW: formula(m_hat, s_hat)}


def _other_beta(right: float, wrong: float) -> tuple[Override, ...]:
    """Return the ways to take another beta: everywhere, in the mean only, in the correction."""

    def taken(beta: float) -> float:
        return wrong if beta == right else beta

    def running_mean(s: Steps, mean: Array, new: Array, beta: float) -> Array:
        return Steps.running_mean(s, mean, new, taken(beta))

    def unbiased(s: Steps, mean: Array, beta: float, t: int) -> Array:
        return Steps.unbiased(s, mean, taken(beta), t)

    return (
        {"running_mean": running_mean, "unbiased": unbiased},
        {"running_mean": running_mean},
        {"unbiased": unbiased},
    )


def _in_one_only(name: str, wrong: Callable[..., Any]) -> tuple[Override, ...]:
    """Return a wrong line in both running means, in m alone and in s alone."""

    def line(betas: tuple[float, ...]) -> Callable[..., Any]:
        right = getattr(Steps, name)

        def made(s: Steps, mean: Array, *given: Any) -> Any:
            beta = next(value for value in given if isinstance(value, float))
            return (wrong if beta in betas else right)(s, mean, *given)

        return made

    return tuple({name: line(betas)} for betas in ((0.9, 0.999), (0.9,), (0.999,)))


ADAM = {
    "betas-exchanged": Mistake(
        "The two betas have changed places. The mean of the squares is the one that forgets "
        "slowly.",
        "Which of 0.9 and 0.999 belongs to which of the two running means?",
        {"beta_m": lambda s: 0.999, "beta_s": lambda s: 0.9},
        {
            "unbiased": lambda s, mean, beta, t: Steps.unbiased(
                s, mean, {0.9: 0.999, 0.999: 0.9}[beta], t
            )
        },
    ),
    "another-beta": Mistake(
        "One of the two betas, in its running mean or in the correction, is not the number that "
        "the exercise gives.",
        "There are four places with a beta. Which number is in each?",
        *(
            way
            for right, wrongs in ((0.9, (0.999, 0.99, 0.95, 0.8, 0.5)), (0.999, (0.9, 0.99, 0.95)))
            for wrong in wrongs
            for way in _other_beta(right, wrong)
        ),
    ),
    "bias-correction-missing": Mistake(
        "A running mean that starts at 0 is too small at first. Nothing makes up for it here, in m "
        "or in s or in both.",
        "In the first step, which share of the gradient is in m, which share of its square is in "
        "s, and which of your lines brings each of them up to the whole?",
        *_in_one_only("unbiased", lambda s, mean, beta, t: mean),
    ),
    "bias-correction-with-beta": Mistake(
        "The correction does not depend on the step as it should: the power or the 1 minus is "
        "missing, the power is around the wrong part, or the mean is multiplied, not divided.",
        "After many steps no correction is left. What is yours then?",
        *_in_one_only("unbiased", lambda s, mean, beta, t: mean / (1 - beta)),
        *_in_one_only("unbiased", lambda s, mean, beta, t: mean / (1 - beta) ** t),
        *_in_one_only("unbiased", lambda s, mean, beta, t: mean / ((1 - beta) * t)),
        *_in_one_only("unbiased", lambda s, mean, beta, t: mean * (1 - beta**t)),
        *_in_one_only("unbiased", lambda s, mean, beta, t: mean / beta**t),
        *_in_one_only("unbiased", lambda s, mean, beta, t: mean / (1 - beta * t)),
        {
            "unbiased": lambda s, mean, beta, t: mean / (1 - beta * t),
            "scaled": lambda s, m_hat, s_hat, dW: Steps.scaled(s, m_hat, abs(s_hat), dW),
        },
    ),
    "gradient-mixed-in-again": Mistake(
        "The step is made with m and, once more, the gradient, as in Nadam. Adam's step is made "
        "with m alone: the gradient is in it.",
        "How often does dW come into your step?",
        {"adam_update": _mixed_in_again},
    ),
    "correction-kept": Mistake(
        "The corrected means came back as m and s. The next step has to start from the means "
        "before the correction: it corrects them itself.",
        "What do the next step's m and s start from?",
        {"adam_update": _corrected_kept},
    ),
    "epsilon-inside-root": Mistake(
        "Epsilon is under the root, where it is ten thousand times as large. It is there to keep "
        "the division away from 0, and it is added after the root is taken.",
        "What is the root of 0.00000001, and which of the two numbers should be added?",
        {"scaled": lambda s, m_hat, s_hat, dW: m_hat / np.sqrt(s_hat + EPSILON)},
        {"scaled": lambda s, m_hat, s_hat, dW: m_hat / (np.sqrt(s_hat + EPSILON) + EPSILON)},
    ),
    "step-counter-off": Mistake(
        "The step's number is one off in the correction.",
        "Which t does the first step have, and what does 1 - beta ** t give with yours?",
        {"counted": lambda s, t: t + 1},
        {"counted": lambda s, t: t - 1},
        {"counted": lambda s, t: max(t - 1, 1)},
    ),
    "root-missing": Mistake(
        "The gradient's mean is divided by the mean of the squares itself, not by its root. The "
        "root has the gradient's unit, so the step has none.",
        "If all gradients become ten times as large, how should the step change?",
        _bare(lambda m, s: m / (s + EPSILON)),
    ),
    "not-divided-by-root": Mistake(
        "The second running mean plays no part in the step: the first is not divided by its root.",
        "If a gradient is small in every step, how far should Adam move its parameter?",
        _bare(lambda m, s: m),
    ),
    "one-size-for-all": Mistake(
        "One size serves all entries. In Adam each parameter has a size of its own: the mean of "
        "one gradient is divided by the root of the mean of that same gradient's squares.",
        "If one gradient is large and its neighbours are small, what is each of them divided by?",
        _bare(lambda m, s: m / (np.sqrt(s.mean()) + EPSILON)),
        _bare(lambda m, s: m / (np.sqrt(s).mean() + EPSILON)),
        _bare(lambda m, s: m / (np.sqrt(s.sum()) + EPSILON)),
        _bare(lambda m, s: m / (np.sqrt(s.max()) + EPSILON)),
        {"squares": lambda s, dW, m: np.full(dW.shape, (dW * dW).mean())},
        {"squares": lambda s, dW, m: np.full(dW.shape, (dW * dW).sum())},
    ),
    "epsilon-missing": Mistake(
        "Epsilon is missing from the division. Where a gradient is 0 in every step, that is 0 "
        "divided by 0.",
        "What does your step divide by if a gradient has been 0 so far?",
        _bare(lambda m, s: np.divide(m, np.sqrt(s))),
    ),
    "mean-not-used": Mistake(
        "The step uses the gradient itself, or a running mean of the step before, instead of the "
        "new one.",
        "Which m is above the line of the fraction, and which s is below it?",
        {"mean_used": lambda s, old, new: old, "squares_used": lambda s, old, new: old},
        {"mean_used": lambda s, old, new: old},
        {"squares_used": lambda s, old, new: old},
        {"scaled": lambda s, m_hat, s_hat, dW: dW / (np.sqrt(s_hat) + EPSILON)},
    ),
    "squares-missing": Mistake(
        "The second running mean is not that of the squared gradients.",
        "What is squared in your s? If all gradients become ten times as large, how many times as "
        "large should s be?",
        {"squares": lambda s, dW, m: dW},
        {"squares": lambda s, dW, m: np.abs(dW)},
        {"squares": lambda s, dW, m: m * m},
    ),
    "mean-weights-exchanged": Mistake(
        "In a running mean (of the gradients, of their squares, or in both) old and new have "
        "changed places: nearly everything is forgotten in each step.",
        "Look at both means: which share of the old one stays, and is that the larger share?",
        *_in_one_only("running_mean", lambda s, mean, new, beta: (1 - beta) * mean + beta * new),
    ),
    "sum-for-running-mean": Mistake(
        "The new value is added in full. In a running mean it gets a share, and the old mean keeps "
        "the rest.",
        "If every gradient is 1, where should the running mean end?",
        *_in_one_only("running_mean", lambda s, mean, new, beta: beta * mean + new),
        *_in_one_only("running_mean", lambda s, mean, new, beta: mean + (1 - beta) * new)[:2],
    ),
}
