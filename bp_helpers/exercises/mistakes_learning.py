"""Mistakes in training with an optimizer: epochs, Adam, parts of a batch, a published step."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.learning import EPSILON
from bp_helpers.exercises.steps.machines import GradientOf
from bp_helpers.exercises.steps.replaceable import Layers, Override
from bp_helpers.network import Network
from bp_helpers.optimizers import Optimizer


def _slices(rows: Callable[[int, int, np.random.Generator], list[Any]]) -> Override:
    """Return other rows for each step, the same of x and of y."""
    return {"slices": lambda s, n, size, rng: [(each, each) for each in rows(n, size, rng)]}


def _same_order(order: Callable[[int, np.random.Generator], Any]) -> Override:
    """Return this order for x and y."""
    return {"orders": lambda s, n, rng: (order(n, rng),) * 2}


def _dealt_out(order: Any, hands: int) -> list[Any]:
    return [order[first::hands] for first in range(hands)]


def _applied_twice(order: Any) -> Any:
    return order[order]


def _filled_up(order: Any, size: int) -> Any:
    """Return an order that goes on from its beginning, to a whole number of slices."""
    return np.resize(order, -(-len(order) // size) * size)


def _drawn_for_each(rows: Callable[[int, int, int, np.random.Generator], Any]) -> Override:
    """Return slices that are each drawn by themselves."""

    def slices(s: Steps, n: int, size: int, rng: np.random.Generator) -> list[tuple[Any, Any]]:
        drawn = [rows(n, size, part[0], rng) for part in s.cut(np.arange(n), size)]
        return [(each, each) for each in drawn]

    return {"slices": slices}


def _mixed_again_for_each(n: int, size: int, rng: np.random.Generator) -> list[Any]:
    rows, order = [], np.arange(n)
    for start in range(0, n, size):
        order = order[rng.permutation(n)]
        rows.append(order[start : start + size])
    return rows


def _back_and_step_again(s: Steps, optimizer: Optimizer) -> None:
    optimizer.step()
    optimizer.network.backward()
    optimizer.step()


def _two_epochs(s: Steps, *given: Any, **named: Any) -> None:
    for _ in range(2):
        Steps.one_epoch(s, *given, **named)


def _one_slice_behind(
    s: Steps,
    at_the_end_too: bool,
    network: Network,
    optimizer: Optimizer,
    x: Array,
    y: Array,
    batch_size: int,
    rng: np.random.Generator,
) -> None:
    """Step along the gradients of the slice before, of which the first slice has none."""
    for number, (rows, rows_of_y) in enumerate(s.slices(len(x), batch_size, rng)):
        network.loss_value(x[rows], y[rows_of_y])
        if number:
            s.take_step(optimizer)
        s.go_back(network)
    if at_the_end_too:
        s.take_step(optimizer)


def _one_backward_pass(
    s: Steps,
    of_all_rows: bool,
    network: Network,
    optimizer: Optimizer,
    x: Array,
    y: Array,
    batch_size: int,
    rng: np.random.Generator,
) -> None:
    """Step once for each slice, along the gradients of all rows, or of the first slice."""
    slices = s.slices(len(x), batch_size, rng)
    first, first_of_y = (slice(None), slice(None)) if of_all_rows else slices[0]
    network.loss_value(x[first], y[first_of_y])
    s.go_back(network)
    for _ in slices:
        s.take_step(optimizer)


def _with_targets(of: Callable[[Array, int, int], Array]) -> Callable[..., Array]:
    """Return going through a batch piece by piece with these targets."""

    def accumulated(s: Steps, gradient: GradientOf, X: Array, Y: Array, size: int) -> Array:
        starts = s.starts(len(X), size)
        rows = [X[k : k + size] for k in starts]
        means = [gradient(x, of(Y, k, len(x))) for x, k in zip(rows, starts, strict=True)]
        return np.asarray(s.gathered(means, [len(x) for x in rows]))

    return accumulated


EPOCHS = [
    Mistake(
        "last-slice-left-out",
        "The last slice has no part in it: it was never used, or no step was made for it.",
        "With 7 rows and slices of 3: how many slices are there, and how many steps do you make?",
        {"cut": lambda s, order, size: Steps().cut(order, size)[: len(order) // size]},
        {"cut": lambda s, order, size: Steps().cut(order, size)[:-1]},
    ),
    Mistake(
        "generator-not-used",
        "The order of the rows does not come from the generator that you were given: the rows were "
        "taken as they came, or mixed by another generator.",
        "Which of your lines asks that generator for the order, and which uses what it gives?",
        _same_order(lambda n, rng: np.arange(n)),
        _same_order(lambda n, rng: np.random.default_rng(0).permutation(n)),
        {"orders": lambda s, n, rng: (np.sort(rng.permutation(n)), np.arange(n))},
    ),
    Mistake(
        "targets-not-paired",
        "Inputs and targets no longer belong together: in some step, rows of the one came with "
        "other rows of the other.",
        "Take the first row of each slice: whose measurements are these, and whose target?",
        {"orders": lambda s, n, rng: (rng.permutation(n), np.arange(n))},
        {"orders": lambda s, n, rng: (np.arange(n), rng.permutation(n))},
        {"orders": lambda s, n, rng: (rng.permutation(n), rng.permutation(n))},
        {"accumulated": _with_targets(lambda Y, at, size: Y[:size])},
        {"accumulated": _with_targets(lambda Y, at, size: Y[::-1][at : at + size])},
    ),
    Mistake(
        "order-drawn-for-each-slice",
        "The rows were drawn anew for each slice, so some are used twice and others never.",
        "How often in an epoch is the random order needed?",
        _drawn_for_each(lambda n, size, k, rng: rng.permutation(n)[k : k + size]),
        _drawn_for_each(lambda n, size, k, rng: rng.permutation(n)[:size]),
        _drawn_for_each(lambda n, size, k, rng: rng.integers(0, n, size)),
        _drawn_for_each(lambda n, size, k, rng: rng.choice(n, size)),
        _drawn_for_each(lambda n, size, k, rng: rng.choice(n, size, replace=False)),
        _drawn_for_each(lambda n, size, k, rng: rng.choice(n, min(size, n - k), replace=False)),
        _slices(_mixed_again_for_each),
    ),
    Mistake(
        "rows-drawn-with-replacement",
        "The rows were drawn so that one may come again: some are used twice and others never.",
        "Print the rows as you draw them. Is every row among them once?",
        _same_order(lambda n, rng: rng.integers(0, n, n)),
        _same_order(lambda n, rng: rng.choice(n, n)),
    ),
    Mistake(
        "last-slice-filled-up",
        "The last slice was filled up with rows that had been used before. It may be shorter than "
        "the others.",
        "With 7 rows and slices of 3: which rows are in your last slice?",
        {"cut": lambda s, order, size: [*Steps().cut(order, size)[:-1], order[-size:]]},
        {"cut": lambda s, order, size: Steps().cut(_filled_up(order, size), size)},
    ),
    Mistake(
        "all-rows-in-one-step",
        "All rows went into a step. A step takes one slice.",
        "Which rows are in the `x` and `y` of your last `loss_value`?",
        {"cut": lambda s, order, size: [order]},
        {"cut": lambda s, order, size: [order] * -(-len(order) // size)},
        _slices(lambda n, size, rng: [np.arange(n)]),
    ),
    Mistake(
        "first-slice-only",
        "Only one slice of the rows has moved the parameters: the others were never used, or no "
        "step was made for them.",
        "There are three things to do for each slice. For how many slices are all three done?",
        {"cut": lambda s, order, size: [order[:size]]},
        {"cut": lambda s, order, size: Steps().cut(order, size)[-1:]},
        {"cut": lambda s, order, size: [order[:size]] * -(-len(order) // size)},
    ),
    Mistake(
        "one-row-per-step",
        "Each row made a step of its own: more steps, and shakier ones, than are asked for.",
        "How many rows does a step take?",
        {"cut": lambda s, order, size: Steps().cut(order, 1)},
    ),
    Mistake(
        "slices-evened-out",
        "The rows were dealt out into slices of nearly the same size. A slice has `batch_size` "
        "rows, and only the last one may be shorter.",
        "With 7 rows and slices of 3: how many rows has each of your slices?",
        {"cut": lambda s, order, size: np.array_split(order, -(-len(order) // size))},
        {"cut": lambda s, order, size: np.array_split(order, max(1, len(order) // size))},
    ),
    Mistake(
        "slices-dealt-out",
        "The rows were dealt out one by one, as cards are. A slice is a piece of the order: rows "
        "that stand there one after the other.",
        "Which places of the order are in your first slice?",
        {"cut": lambda s, order, size: _dealt_out(order, -(-len(order) // size))},
        {"cut": lambda s, order, size: _dealt_out(order, max(1, len(order) // size))},
    ),
    Mistake(
        "order-from-its-end",
        "The slices were taken from the end of the order. The first step is made with the rows at "
        "its beginning.",
        "Which row of the order does your first step use? `pop` takes the last one.",
        {"cut": lambda s, order, size: Steps().cut(order[::-1], size)},
        {"cut": lambda s, order, size: Steps().cut(order, size)[::-1]},
    ),
    Mistake(
        "order-applied-twice",
        "The order was applied twice: rows that were mixed already were picked by it once more.",
        "After `x[order]`, which row stands first, and which one does your first slice pick?",
        {"orders": lambda s, n, rng: (_applied_twice(rng.permutation(n)),) * 2},
    ),
    Mistake(
        "slices-overlap",
        "The slices overlap, so some rows are used more than once.",
        "Where does the second slice begin, and where does the first one end?",
        {"cut": lambda s, order, size: [order[k : k + size] for k in range(len(order))]},
        {"cut": lambda s, order, size: [order[k : k + size] for k in range(len(order) - size + 1)]},
        {
            "cut": lambda s, order, size: [
                order[k : k + size] for k in range(-(-len(order) // size))
            ]
        },
        {"cut": lambda s, order, size: [order[: k + size] for k in range(0, len(order), size)]},
        {
            "cut": lambda s, order, size: [
                order[k : k + size + 1] for k in range(0, len(order), size)
            ]
        },
    ),
    Mistake(
        "step-taken-twice",
        "Every slice, or the whole epoch, was used twice. Each row should be used once, and each "
        "slice makes one step.",
        "How many times do the parameters change for one slice, and how many slices are there?",
        {"take_step": lambda s, optimizer: [optimizer.step() for _ in range(2)]},
        {"take_step": _back_and_step_again},
        {"slices": lambda s, *given: [rows for rows in Steps.slices(s, *given) for _ in range(2)]},
        {"one_epoch": _two_epochs},
    ),
    Mistake(
        "step-before-backward",
        "The step comes before the backward pass of its slice, so it goes along the gradients of "
        "the slice before.",
        "Between a slice's loss and its backward pass, whose gradients does your step find?",
        {"one_epoch": lambda s, **given: _one_slice_behind(s, False, **given)},
        {"one_epoch": lambda s, **given: _one_slice_behind(s, True, **given)},
    ),
    Mistake(
        "backward-once",
        "The gradients were made once, and all steps went along them. Each slice has gradients of "
        "its own.",
        "After the first step, which of your lines makes new gradients?",
        {"one_epoch": lambda s, **given: _one_backward_pass(s, False, **given)},
        {"one_epoch": lambda s, **given: _one_backward_pass(s, True, **given)},
    ),
    Mistake(
        "step-not-taken",
        "No parameter has moved: no step is ever taken.",
        "Three things happen for each slice. Which of your lines changes the parameters?",
        {"take_step": lambda s, optimizer: None},
        {"one_epoch": lambda s, **_: None},
    ),
]


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


ADAM = [
    Mistake(
        "betas-exchanged",
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
    Mistake(
        "another-beta",
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
    Mistake(
        "bias-correction-missing",
        "A running mean that starts at 0 is too small at first. Nothing makes up for it here, in m "
        "or in s or in both.",
        "In the first step, which share of the gradient is in m, which share of its square is in "
        "s, and which of your lines brings each of them up to the whole?",
        *_in_one_only("unbiased", lambda s, mean, beta, t: mean),
    ),
    Mistake(
        "bias-correction-with-beta",
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
    Mistake(
        "gradient-mixed-in-again",
        "The step is made with m and, once more, the gradient, as in Nadam. Adam's step is made "
        "with m alone: the gradient is in it.",
        "How often does dW come into your step?",
        {"adam_update": _mixed_in_again},
    ),
    Mistake(
        "correction-kept",
        "The corrected means came back as m and s. The next step has to start from the means "
        "before the correction: it corrects them itself.",
        "What do the next step's m and s start from?",
        {"adam_update": _corrected_kept},
    ),
    Mistake(
        "epsilon-inside-root",
        "Epsilon is under the root, where it is ten thousand times as large. It is there to keep "
        "the division away from 0, and it is added after the root is taken.",
        "What is the root of 0.00000001, and which of the two numbers should be added?",
        {"scaled": lambda s, m_hat, s_hat, dW: m_hat / np.sqrt(s_hat + EPSILON)},
        {"scaled": lambda s, m_hat, s_hat, dW: m_hat / (np.sqrt(s_hat + EPSILON) + EPSILON)},
    ),
    Mistake(
        "step-counter-off",
        "The step's number is one off in the correction.",
        "Which t does the first step have, and what does 1 - beta ** t give with yours?",
        {"counted": lambda s, t: t + 1},
        {"counted": lambda s, t: t - 1},
        {"counted": lambda s, t: max(t - 1, 1)},
    ),
    Mistake(
        "root-missing",
        "The gradient's mean is divided by the mean of the squares itself, not by its root. The "
        "root has the gradient's unit, so the step has none.",
        "If all gradients become ten times as large, how should the step change?",
        _bare(lambda m, s: m / (s + EPSILON)),
    ),
    Mistake(
        "not-divided-by-root",
        "The second running mean plays no part in the step: the first is not divided by its root.",
        "If a gradient is small in every step, how far should Adam move its parameter?",
        _bare(lambda m, s: m),
    ),
    Mistake(
        "one-size-for-all",
        "One size serves all entries. In Adam each parameter has a size of its own: the mean of "
        "one gradient is divided by the root of the mean of that same gradient's squares.",
        "If one gradient is large and its neighbours are small, by what is each of them divided?",
        _bare(lambda m, s: m / (np.sqrt(s.mean()) + EPSILON)),
        _bare(lambda m, s: m / (np.sqrt(s).mean() + EPSILON)),
        _bare(lambda m, s: m / (np.sqrt(s.sum()) + EPSILON)),
        _bare(lambda m, s: m / (np.sqrt(s.max()) + EPSILON)),
        {"squares": lambda s, dW, m: np.full(dW.shape, (dW * dW).mean())},
        {"squares": lambda s, dW, m: np.full(dW.shape, (dW * dW).sum())},
    ),
    Mistake(
        "epsilon-missing",
        "Epsilon is missing from the division. Where a gradient is 0 in every step, that is 0 "
        "divided by 0.",
        "What does your step divide by if a gradient has been 0 so far?",
        _bare(lambda m, s: np.divide(m, np.sqrt(s))),
    ),
    Mistake(
        "mean-not-used",
        "The step uses the gradient itself, or a running mean of the step before, instead of the "
        "new one.",
        "Which m is above the line of the fraction, and which s is below it?",
        {"mean_used": lambda s, old, new: old, "squares_used": lambda s, old, new: old},
        {"mean_used": lambda s, old, new: old},
        {"squares_used": lambda s, old, new: old},
        {"scaled": lambda s, m_hat, s_hat, dW: dW / (np.sqrt(s_hat) + EPSILON)},
    ),
    Mistake(
        "squares-missing",
        "The second running mean is not that of the squared gradients.",
        "What is squared in your s? If all gradients become ten times as large, how many times as "
        "large should s be?",
        {"squares": lambda s, dW, m: dW},
        {"squares": lambda s, dW, m: np.abs(dW)},
        {"squares": lambda s, dW, m: m * m},
    ),
    Mistake(
        "mean-weights-exchanged",
        "In the running mean old and new have changed places: nearly everything is forgotten in "
        "each step.",
        "With a beta of 0.9, which share of the old mean stays?",
        *_in_one_only("running_mean", lambda s, mean, new, beta: (1 - beta) * mean + beta * new),
    ),
    Mistake(
        "sum-for-running-mean",
        "The new value is added in full. In a running mean it gets a share, and the old mean keeps "
        "the rest.",
        "If every gradient is 1, where should the running mean end?",
        *_in_one_only("running_mean", lambda s, mean, new, beta: beta * mean + new),
        *_in_one_only("running_mean", lambda s, mean, new, beta: mean + (1 - beta) * new)[:2],
    ),
]


def _weights(weight: Callable[[int, Any], float]) -> Override:
    """Return the parts times these weights, of a part's size and of all sizes."""
    return {
        "weighed": lambda s, gradients, sizes: [
            weight(n, sizes) * g for g, n in zip(gradients, sizes, strict=True)
        ]
    }


def _half_by_half(s: Steps, gradient: GradientOf, X: Array, Y: Array, size: int) -> Array:
    """Cut into halves until they are small enough, and take the mean of each two."""
    if len(X) <= size:
        return np.asarray(gradient(X, Y))
    middle = len(X) // 2
    parts = ((X[:middle], Y[:middle]), (X[middle:], Y[middle:]))
    return _halfway(*(_half_by_half(s, gradient, *part, size) for part in parts))


def _halfway(one: Array, other: Array) -> Array:
    return (one + other) / 2


PARTS = [
    Mistake(
        "parts-weights-exchanged",
        "The parts got each other's weights: a part that has many examples counts little.",
        "Print each weight beside the number of examples of its part. Do they go together?",
        {"weighed": lambda s, gradients, sizes: Steps().weighed(gradients, sizes[::-1])},
        _weights(lambda n, sizes: 1 - n / sum(sizes)),
    ),
    Mistake(
        "parts-not-weighed",
        "How many examples a part has plays no part. Its gradient is a mean over its own examples, "
        "so a large part has to count more than a small one.",
        "With parts of 7 and 6 examples, which share of the whole should one example have?",
        _weights(lambda n, sizes: 1 / len(sizes)),
        _weights(lambda n, sizes: 1),
        _weights(lambda n, sizes: 1 / sum(sizes)),
        {"whole_gradient": lambda s, gradients, sizes: reduce(_halfway, gradients)},
        {"accumulated": _half_by_half},
    ),
    Mistake(
        "parts-not-divided",
        "Each part is weighted by its examples, and the sum is not divided by the number of all "
        "examples.",
        "What should come out if all parts have the same gradient?",
        _weights(lambda n, sizes: n),
        _weights(lambda n, sizes: n / len(sizes)),
        _weights(lambda n, sizes: n / max(sizes)),
    ),
    Mistake(
        "parts-divided-by-size",
        "Each part is divided by its number of examples. Its gradient is a mean already; the more "
        "examples it has, the more it counts.",
        "Should a part of 100 examples count more or less than one of 10?",
        _weights(lambda n, sizes: 1 / n),
        _weights(lambda n, sizes: 1 / n / len(sizes)),
        _weights(lambda n, sizes: 1 / n / sum(1 / each for each in sizes)),
    ),
]


def _one_layer_at_a_time(order: Callable[[int], Any]) -> Override:
    """Return a step in which each layer is updated before the next one's gradients are made."""

    def training_step(s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float) -> Layers:
        current = Steps(*s.overrides, {"weights_going_back": Steps.weights_going_back})
        layers = list(layers)
        for k in order(len(layers)):
            pairs = current.gradients(X, Y, layers)
            layers[k] = current.update(layers, pairs, learning_rate)[k]
        return layers

    return {"training_step": training_step}


def _with_new_activations(
    s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float
) -> Layers:
    """Make the weights' gradients with what comes in after the layers before have been updated."""
    current = Steps(*s.overrides, {"weights_going_back": Steps.weights_going_back})
    new = Steps.training_step(current, X, Y, layers, learning_rate)
    _, As = s.forward_pass(X, new)
    incoming: Override = {"incoming": lambda s, _, k: As[k]}
    return Steps.training_step(Steps(*current.overrides, incoming), X, Y, layers, learning_rate)


PUBLISHED = [
    Mistake(
        "forward-pass-between-updates",
        "A new forward pass was made when some of the weights had been updated and others had not. "
        "All the gradients of a step belong to one forward pass, with the weights before the step.",
        "Which activations does the gradient of each layer need: those before its neighbour moved, "
        "or those after?",
        _one_layer_at_a_time(lambda depth: reversed(range(depth))),
        _one_layer_at_a_time(range),
        {"training_step": _with_new_activations},
    ),
    Mistake(
        "published-step-repaired",
        "The blame goes back through weights that have not moved yet, as in a right step. In the "
        "published one, something happens too early.",
        "Which numbers does the backward pass read, and have they been changed by then?",
        {"weights_too_early": lambda s, layers, k, change: layers[k][0]},
    ),
    Mistake(
        "published-biases-moved",
        "The biases move in your step. The worked example leaves its biases where they are.",
        "Which of the four arrays does the published step change?",
        {"bias_that_stays": lambda s, b, db, rate: b - rate * db},
        {"bias_that_stays": lambda s, b, db, rate: b - rate * db.sum()},
        {
            "bias_that_stays": lambda s, b, db, rate: b - rate * db,
            "weights_too_early": lambda s, layers, k, change: layers[k][0],
        },
    ),
    Mistake(
        "loss-before-the-step",
        "That is the loss before the step, with the weights as they were.",
        "With which weights is the last forward pass made?",
        {"loss_after_step": lambda s, X, Y, layers, eta: Steps.loss_of_one(s, X, Y, layers)},
    ),
]
