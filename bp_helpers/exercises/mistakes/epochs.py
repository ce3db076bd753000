"""Mistakes in an epoch: the order of the rows, their slices, and a step for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.machines import GradientOf
from bp_helpers.exercises.steps.replaceable import Override
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


def _first_slice_made_ahead(
    s: Steps,
    network: Network,
    optimizer: Optimizer,
    x: Array,
    y: Array,
    batch_size: int,
    rng: np.random.Generator,
) -> None:
    """Step along the gradients of the slice before; the first slice's are made before the loop."""
    slices = s.slices(len(x), batch_size, rng)
    for number, (rows, rows_of_y) in enumerate([slices[0], *slices]):
        if number:
            s.take_step(optimizer)
        network.loss_value(x[rows], y[rows_of_y])
        s.go_back(network)


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


EPOCHS = {
    "last-slice-left-out": Mistake(
        "The last slice has no part in it: it was never used, or no step was made for it.",
        "With 7 rows and slices of 3: how many slices are there, and how many steps do you make?",
        {"cut": lambda s, order, size: Steps().cut(order, size)[: len(order) // size]},
        {"cut": lambda s, order, size: Steps().cut(order, size)[:-1]},
    ),
    "generator-not-used": Mistake(
        "The order of the rows does not come from the generator that you were given: the rows were "
        "taken as they came, or mixed by another generator.",
        "Which of your lines asks that generator for the order, and which uses what it gives?",
        _same_order(lambda n, rng: np.arange(n)),
        _same_order(lambda n, rng: np.random.default_rng(0).permutation(n)),
        {"orders": lambda s, n, rng: (np.sort(rng.permutation(n)), np.arange(n))},
    ),
    "targets-not-paired": Mistake(
        "Inputs and targets no longer belong together: in some step, inputs came with the targets "
        "of other rows.",
        "Take the first row of each slice: whose measurements are these, and whose target?",
        {"orders": lambda s, n, rng: (rng.permutation(n), np.arange(n))},
        {"orders": lambda s, n, rng: (np.arange(n), rng.permutation(n))},
        {"orders": lambda s, n, rng: (rng.permutation(n), rng.permutation(n))},
        {"accumulated": _with_targets(lambda Y, at, size: Y[:size])},
        {"accumulated": _with_targets(lambda Y, at, size: Y[::-1][at : at + size])},
    ),
    "order-drawn-for-each-slice": Mistake(
        "The rows were drawn anew for each slice, so some may be used twice and others never.",
        "How often in an epoch is the random order needed?",
        _drawn_for_each(lambda n, size, k, rng: rng.permutation(n)[k : k + size]),
        _drawn_for_each(lambda n, size, k, rng: rng.permutation(n)[:size]),
        _drawn_for_each(lambda n, size, k, rng: rng.integers(0, n, size)),
        _drawn_for_each(lambda n, size, k, rng: rng.choice(n, size)),
        _drawn_for_each(lambda n, size, k, rng: rng.choice(n, size, replace=False)),
        _drawn_for_each(lambda n, size, k, rng: rng.choice(n, min(size, n - k), replace=False)),
        _slices(_mixed_again_for_each),
    ),
    "rows-drawn-with-replacement": Mistake(
        "The rows were drawn so that one may come again: some are used twice and others never.",
        "Print the rows as you draw them. Is every row among them once?",
        _same_order(lambda n, rng: rng.integers(0, n, n)),
        _same_order(lambda n, rng: rng.choice(n, n)),
    ),
    "last-slice-filled-up": Mistake(
        "The last slice was filled up with rows that had been used before. It may be shorter than "
        "the others.",
        "With 7 rows and slices of 3: which rows are in your last slice?",
        {"cut": lambda s, order, size: [*Steps().cut(order, size)[:-1], order[-size:]]},
        {"cut": lambda s, order, size: Steps().cut(_filled_up(order, size), size)},
    ),
    "all-rows-in-one-step": Mistake(
        "All rows went into a step. A step takes one slice.",
        "Which rows are in the `x` and `y` of your last `loss_value`?",
        {"cut": lambda s, order, size: [order]},
        {"cut": lambda s, order, size: [order] * -(-len(order) // size)},
        _slices(lambda n, size, rng: [np.arange(n)]),
    ),
    "one-slice-only": Mistake(
        "Only one slice of the rows has moved the parameters: the others were never used, or no "
        "step was made for them.",
        "There are three things to do for each slice. For how many slices are all three done?",
        {"cut": lambda s, order, size: [order[:size]]},
        {"cut": lambda s, order, size: Steps().cut(order, size)[-1:]},
        {"cut": lambda s, order, size: [order[:size]] * -(-len(order) // size)},
    ),
    "one-row-per-step": Mistake(
        "You made a step for each row. That is more steps than you were asked for, and shakier "
        "ones.",
        "How many rows does a step take?",
        {"cut": lambda s, order, size: Steps().cut(order, 1)},
    ),
    "slices-evened-out": Mistake(
        "The rows were dealt out into slices of nearly the same size. A slice has `batch_size` "
        "rows, and only the last one may be shorter.",
        "With 7 rows and slices of 3: how many rows has each of your slices?",
        {"cut": lambda s, order, size: np.array_split(order, -(-len(order) // size))},
        {"cut": lambda s, order, size: np.array_split(order, max(1, len(order) // size))},
    ),
    "slices-dealt-out": Mistake(
        "The rows were dealt out one by one, as cards are. A slice is a piece of the order: rows "
        "that follow one another there.",
        "Which places of the order are in your first slice?",
        {"cut": lambda s, order, size: _dealt_out(order, -(-len(order) // size))},
        {"cut": lambda s, order, size: _dealt_out(order, max(1, len(order) // size))},
    ),
    "order-from-its-end": Mistake(
        "The slices were taken from the end of the order. The first step is made with the rows at "
        "its beginning.",
        "Which row of the order does your first step use? `pop` takes the last one.",
        {"cut": lambda s, order, size: Steps().cut(order[::-1], size)},
        {"cut": lambda s, order, size: Steps().cut(order, size)[::-1]},
    ),
    "order-applied-twice": Mistake(
        "The order was applied twice: it mixed rows that were mixed already.",
        "After `x[order]`, which row stands first, and which one does your first slice pick?",
        {"orders": lambda s, n, rng: (_applied_twice(rng.permutation(n)),) * 2},
    ),
    "slices-overlap": Mistake(
        "The slices overlap, so some rows are used more than once.",
        "Where does the second slice begin, and where does the first one end?",
        {"cut": lambda s, order, n: [order[k : k + n] for k in range(len(order))]},
        {"cut": lambda s, order, n: [order[k : k + n] for k in range(len(order) - n + 1)]},
        {"cut": lambda s, order, n: [order[k : k + n] for k in range(-(-len(order) // n))]},
        {"cut": lambda s, order, n: [order[: k + n] for k in range(0, len(order), n)]},
        {"cut": lambda s, order, n: [order[k : k + n + 1] for k in range(0, len(order), n)]},
    ),
    "step-taken-twice": Mistake(
        "Every slice, or the whole epoch, was used twice. Each row should be used once, and each "
        "slice makes one step.",
        "How many times do the parameters change for one slice, and how many slices are there?",
        {"take_step": lambda s, optimizer: [optimizer.step() for _ in range(2)]},
        {"take_step": _back_and_step_again},
        {"slices": lambda s, *given: [rows for rows in Steps.slices(s, *given) for _ in range(2)]},
        {"one_epoch": _two_epochs},
    ),
    "step-before-backward": Mistake(
        "The step comes before the backward pass of its slice, so it goes along the gradients of "
        "the slice before.",
        "Between a slice's loss and its backward pass, whose gradients does your step find?",
        {"one_epoch": lambda s, **given: _one_slice_behind(s, False, **given)},
        {"one_epoch": lambda s, **given: _one_slice_behind(s, True, **given)},
        {"one_epoch": _first_slice_made_ahead},
    ),
    "backward-once": Mistake(
        "The gradients were made once, and all steps went along them. Each slice has gradients of "
        "its own.",
        "After the first step, which of your lines makes new gradients?",
        {"one_epoch": lambda s, **given: _one_backward_pass(s, False, **given)},
        {"one_epoch": lambda s, **given: _one_backward_pass(s, True, **given)},
    ),
    "step-not-taken": Mistake(
        "No parameter has moved: no step is ever taken.",
        "Three things happen for each slice. Which of your lines changes the parameters?",
        {"take_step": lambda s, optimizer: None},
        {"one_epoch": lambda s, **_: None},
    ),
}
