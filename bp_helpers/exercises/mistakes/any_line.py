"""Mistakes of a kind that any line can have: loops, sums, products of the wrong sort."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake, after
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Override

DELTAS = ("delta_squared_error", "delta_cross_entropy", "hidden_delta", "relu_delta")


RESULTS = ("dense", "hand_back", "dW", *DELTAS)


def _without(index: Any) -> Callable[[Array], Array]:
    """Return what leaves a place of a result at 0."""

    def spoil(result: Array) -> Array:
        left = result.copy()
        left[index] = 0
        return left

    return spoil


def _products(method: str, local: Callable[[Steps, Array], Array]) -> tuple[Override, ...]:
    """Return the ways to take a matrix product of blame and a local slope."""
    return (
        {method: lambda s, dA, Z: dA @ local(s, Z)},
        {method: lambda s, dA, Z: dA @ local(s, Z).T},
        {method: lambda s, dA, Z: dA.T @ local(s, Z)},
        {method: lambda s, dA, Z: local(s, Z) @ dA},
        {method: lambda s, dA, Z: local(s, Z).T @ dA},
    )


def _with_first_again(shares: Any) -> Array:
    return np.asarray([shares[0], *shares])


def _from_one(result: Any) -> Any:
    return result + np.any(result)  # where nothing is added up, something else is wrong


def _running_on(result: Array) -> Array:
    """Go on with the sum from entry to entry, row after row."""
    return np.cumsum(result).reshape(result.shape)


def _shared_by(Z: Array, sums: Callable[[Array], Array]) -> Array:
    """Return powers divided by what these are made of the sums of the rows."""
    powers = np.exp(Z)
    return np.asarray(powers / sums(powers.sum(axis=1))[:, None])


def _outer_sum(s: Steps, a_in: Array, delta: Array, rows: slice) -> tuple[Array, Array]:
    return s.dW(a_in[rows], delta[rows]), s.db(delta[rows])


def _rows_only(rows: slice, *of: str) -> tuple[Override, ...]:
    """Return the ways to work with these rows of a batch; the 1/N counts them, or all of it."""

    def with_rows(method: str, all_counted: bool) -> Override:
        right = getattr(Steps, method)

        def spoilt(s: Steps, X: Array, Y: Array, *more: Any, **named: Any) -> Any:
            over_all: Override = {"mean": lambda _, each: each / len(X)}
            kept = Steps(*s.overrides, over_all) if all_counted else s
            return right(kept, X[rows], Y[rows], *more, **named)

        return {method: spoilt}

    return tuple(with_rows(method, counted) for method in of for counted in (True, False))


def _without_last_pair(s: Steps, sizes: Any, examples: int, with_dX: bool) -> int:
    """Count twice in a loop that ends one too early, and take the first handing back away."""
    first = 0 if with_dX else s.products(sizes[:2], examples)
    return 2 * s.products(sizes[:-1], examples) - first


def _short_parts(s: Steps, gradient: Any, X: Array, Y: Array, size: int) -> Array:
    """Gather micro-batches of which each that is full ends one row too early."""
    parts = [slice(k, k + size - 1) for k in range(0, len(X), size)]
    return np.asarray(sum(len(X[k]) / len(X) * gradient(X[k], Y[k]) for k in parts))


PASSES = ("weight_gradients", "gradients", "training_step", "forward_mode")


ANY_LINE = {
    "loop-too-short": Mistake(
        "A loop or a slice begins one too late or ends one too early: the first or the last of "
        "what it should go through is left out.",
        "Print the counter of each loop, and how long each slice is. Which of them "
        "begins too late or ends too early?",
        *after(RESULTS, _without(-1), _without(0)),
        *after(RESULTS, _without((slice(None), -1)), _without((slice(None), 0))),
        *after(("db",), _without(-1), _without(0)),
        {"weighted": lambda s, X, W: X[:, :-1] @ W[:-1]},
        {"weighted": lambda s, X, W: X[:, 1:] @ W[1:]},
        {"hand_back": lambda s, delta, W: delta[:, :-1] @ s.weights_used(W)[:, :-1].T},
        {"hand_back": lambda s, delta, W: delta[:, 1:] @ s.weights_used(W)[:, 1:].T},
        {"dW": lambda s, a_in, delta: a_in[:-1].T @ delta[:-1]},
        {"dW": lambda s, a_in, delta: a_in[1:].T @ delta[1:]},
        {"db": lambda s, delta: delta[:-1].sum(axis=0)},
        {"db": lambda s, delta: delta[1:].sum(axis=0)},
        {"products": lambda s, sizes, examples: Steps().products(sizes[:-1], examples)},
        {"backward_multiplications": _without_last_pair},
        {"accumulated": _short_parts},
        *_rows_only(slice(None, -1), *PASSES),
        *_rows_only(slice(1, None), *PASSES),
        {"cut": lambda s, order, n: [order[k : k + n - 1] for k in range(0, len(order), n)]},
        {"cut": lambda s, order, size: Steps().cut(order[1:], size)},
        {"cut": lambda s, order, size: Steps().cut(order[:-1], size)},
        {"own_gradients": lambda s, a, d: _outer_sum(s, a, d, slice(None, -1))},
        {"own_gradients": lambda s, a, d: _outer_sum(s, a, d, slice(1, None))},
        *after(("weighed",), lambda shares: shares[:-1], lambda shares: shares[1:]),
        {"weighed": lambda s, gradients, sizes: Steps().weighed(gradients[:-1], sizes[:-1])},
        {"weighed": lambda s, gradients, sizes: Steps().weighed(gradients[1:], sizes[1:])},
    ),
    "rows-cut-off": Mistake(
        "The result is a row or a column short: one example, or one neuron, is missing.",
        "Which sizes should the result have, and where does yours get its own from?",
        *after(RESULTS, lambda a: a[:-1], lambda a: a[1:], lambda a: a[:, :-1], lambda a: a[:, 1:]),
    ),
    "sum-not-from-zero": Mistake(
        "A sum holds more than its shares: it starts from a number other than 0, or from what the "
        "last sum left, or something is added that is not a share.",
        "What does each of your sums hold before its first share is added, in the first turn of "
        "the loop and in the second?",
        *after(("weighted", "hand_back", "dW", "db", "add_paths"), _from_one),
        *after(("weighted", "dense", "hand_back"), lambda a: np.cumsum(a, axis=1), _running_on),
        *after(("weighted", "dense"), lambda a: np.cumsum(a, axis=0)),
        {"softmax": lambda s, Z: _shared_by(Z, lambda sums: np.cumsum(sums))},
        {"softmax": lambda s, Z: _shared_by(Z, lambda sums: 1 + sums)},
        {"clear": lambda s, node: setattr(node, "grad", 1.0)},
    ),
    "bias-added-many-times": Mistake(
        "The bias, or its share, is added once for every input. A neuron has one bias, and adds it "
        "once for each example.",
        "Which loop or sum has the bias in it, and how many terms has it?",
        {"dense": lambda s, X, W, b: s.weighted(X, W) + len(W) * b},
        {"dense": lambda s, X, W, b: s.weighted(X, W) + (len(W) - 1) * b},
        *after(("own_gradients",), lambda both: (both[0], len(both[0]) * both[1])),
    ),
    "summed-to-one-number": Mistake(
        "Everything was added up, or averaged, into one number. What is asked for is more than "
        "one number.",
        "How many numbers are asked for, or what is their shape, and which line loses it?",
        *after((*RESULTS, "whole_gradient"), np.sum, np.mean),
        *after(("circuit_gradient",), sum),
    ),
    "examples-added-up": Mistake(
        "The examples were added up, or averaged. Each keeps a blame of its own; they only meet in "
        "dW and db.",
        "How many rows should the result have, and how many does yours have?",
        *after(
            DELTAS,
            lambda a: a.sum(axis=0),
            lambda a: a.mean(axis=0),
            lambda a: a.sum(axis=0, keepdims=True),
            lambda a: a.mean(axis=0, keepdims=True),
        ),
    ),
    "one-example-left": Mistake(
        "Only one example is left of the batch. Every example has a part in the result.",
        "Which of your lines takes a single row, and who goes through the others?",
        *after(
            ("dense", "hand_back", *DELTAS),
            lambda a: a[0],
            lambda a: a[-1],
            lambda a: a[:1],
            lambda a: a[-1:],
        ),
        *_rows_only(slice(1), *PASSES),
        *_rows_only(slice(-1, None), "forward_mode"),
    ),
    "first-one-counted-twice": Mistake(
        "The first share is in the sum twice: the sum begins with it, and the loop adds it again.",
        "With what does your sum begin, and with what does the loop?",
        {"dW": lambda s, a_in, delta: _with_first_again(a_in).T @ _with_first_again(delta)},
        {"db": lambda s, delta: _with_first_again(delta).sum(axis=0)},
        {
            "own_gradients": lambda s, a_in, delta: Steps.own_gradients(
                s, _with_first_again(a_in), _with_first_again(delta)
            )
        },
        *after(("weighed",), _with_first_again),
    ),
    "sign-lost": Mistake(
        "The sign is lost: this is an absolute value. Blame may be negative: then the loss falls "
        "when the value rises.",
        "Is there an entry below 0 in your result? Should there be one?",
        *after(("hand_back", "hidden_delta", "dW", "input_gradient"), np.abs),
        *after(("handed_on", "arriving"), np.abs),
        {"hand_back": lambda s, delta, W: s.shared(np.abs(s.handed_on(delta)) @ np.abs(W).T)},
    ),
    "neurons-added-up": Mistake(
        "The neurons were added up: one number is left for each example. Each neuron has a number "
        "of its own.",
        "How many columns should the result have, and how many does yours have?",
        *after(
            ("hand_back", *DELTAS),
            lambda a: a.sum(axis=1),
            lambda a: a.mean(axis=1),
            lambda a: a.sum(axis=1, keepdims=True),
        ),
    ),
    "product-for-elementwise": Mistake(
        "There is a matrix product where entries should be multiplied one by one. Each entry meets "
        "the one in its own place, and no other.",
        "Which of the two signs, the star or the at sign, adds up over an axis?",
        *_products("hidden_delta", lambda s, Z: s.slope(Z)),
        *_products("output_delta", lambda s, Z: s.slope(Z)),
        *_products("relu_delta", lambda s, Z: (Z > 0) * 1.0),
        {"dot": lambda s, one, other: float(np.sum(one.T @ other))},
        {"dot": lambda s, one, other: float(np.sum(one @ other.T))},
    ),
    "added-for-multiplied": Mistake(
        "What came in, or the blame, was added to what it should be multiplied by, before the sum. "
        "A weight says how many times over something counts.",
        "If what comes in over a weight is 0, what should this weight's part in the sum be?",
        {"weighted": lambda s, X, W: (X[:, :, None] + W).sum(axis=1)},
        {"hand_back": lambda s, delta, W: (delta[:, None] + W).sum(axis=2)},
        {"dW": lambda s, a_in, delta: (a_in[:, :, None] + delta[:, None]).sum(axis=0)},
    ),
    "result-turned-round": Mistake(
        "The result is right but lies on its side: its rows and columns have changed places.",
        "Which of the two axes has one entry for each example?",
        *after(DELTAS, np.transpose),
    ),
}
