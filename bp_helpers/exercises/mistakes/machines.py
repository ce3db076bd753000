"""Mistakes with parts of a batch, and in counting what machines send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.machines import GradientOf
from bp_helpers.exercises.steps.replaceable import Override


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


PARTS = {
    "parts-weights-exchanged": Mistake(
        "The parts got each other's weights: a part that has many examples counts little.",
        "Print each weight beside the number of examples of its part. Do they go together?",
        {"weighed": lambda s, gradients, sizes: Steps().weighed(gradients, sizes[::-1])},
        _weights(lambda n, sizes: 1 - n / sum(sizes)),
    ),
    "parts-not-weighed": Mistake(
        "Your result ignores how many examples each part has. A part's gradient is a mean over "
        "its own examples, so a large part has to count more than a small one.",
        "With parts of 7 and 6 examples, which share of the whole should one example have?",
        _weights(lambda n, sizes: 1 / len(sizes)),
        _weights(lambda n, sizes: 1),
        _weights(lambda n, sizes: 1 / sum(sizes)),
        {"whole_gradient": lambda s, gradients, sizes: reduce(_halfway, gradients)},
        {"accumulated": _half_by_half},
    ),
    "parts-not-divided": Mistake(
        "Each part is weighted by its examples, and the sum is not divided by the number of all "
        "examples.",
        "What should come out if all parts have the same gradient?",
        _weights(lambda n, sizes: n),
        _weights(lambda n, sizes: n / len(sizes)),
        _weights(lambda n, sizes: n / max(sizes)),
    ),
    "parts-divided-by-size": Mistake(
        "Each part is divided by its number of examples. Its gradient is a mean already; the more "
        "examples it has, the more it counts.",
        "Should a part of 100 examples count more or less than one of 10?",
        _weights(lambda n, sizes: 1 / n),
        _weights(lambda n, sizes: 1 / n / len(sizes)),
        _weights(lambda n, sizes: 1 / n / sum(1 / each for each in sizes)),
    ),
}


def _shares_of_all(starts: Callable[[int, int], Iterable[int]]) -> Override:
    """Begin the micro-batches there, and divide by all rows nevertheless."""

    def accumulated(s: Steps, gradient: GradientOf, X: Array, Y: Array, size: int) -> Any:
        total = 0.0 * gradient(X[:1], Y[:1])
        for k in starts(len(X), size):
            part = X[k : k + size]
            total = total + len(part) / len(X) * gradient(part, Y[k : k + size])
        return total

    return {"accumulated": accumulated}


def _each_as_full(s: Steps, gradient: GradientOf, X: Array, Y: Array, size: int) -> Any:
    """Weigh each micro-batch by `size`, the last one too, which may have fewer rows."""
    means = [gradient(X[k : k + size], Y[k : k + size]) for k in s.starts(len(X), size)]
    shares = s.weighed(means, [size] * len(means))
    return len(means) * size / len(X) * sum(shares)


def _filled_up(
    s: Steps,
    as_left: bool,
    gradient: GradientOf,
    X: Array,
    Y: Array,
    size: int,
) -> Any:
    """Take the last `size` rows where fewer are left, with the weight of those or of `size`."""
    starts = [*s.starts(len(X), size)]
    rows = [*(slice(k, k + size) for k in starts[:-1]), slice(-size, None)]
    means = [gradient(X[each], Y[each]) for each in rows]
    sizes = [len(X[each]) for each in rows]
    return s.gathered(means, [*sizes[:-1], len(X) - starts[-1]] if as_left else sizes)


MICRO_BATCHES = {
    "left-over-rows-dropped": Mistake(
        "The rows that are left over at the end take no part. The last micro-batch may be smaller; "
        "its examples count like all others.",
        "With 13 rows and micro-batches of 4: which rows does your loop never see?",
        {"starts": lambda s, n, size: range(0, n - size + 1, size)},
        _shares_of_all(lambda n, size: range(0, n - size + 1, size)),
    ),
    "last-rows-weighed-as-full": Mistake(
        "The last micro-batch has the weight of a full one, although it may have fewer rows.",
        "With 13 rows, 4 at a time: the weights add up to 16/13. What should the last one be?",
        {"accumulated": _each_as_full},
    ),
    "last-micro-batch-filled-up": Mistake(
        "The last micro-batch was filled up with rows that had been used before. It may be "
        "smaller.",
        "With 13 rows, 4 at a time: which rows are in your last micro-batch?",
        {"accumulated": lambda s, **given: _filled_up(s, True, **given)},
        {"accumulated": lambda s, **given: _filled_up(s, False, **given)},
        _shares_of_all(lambda n, size: [max(min(k, n - size), 0) for k in range(0, n, size)]),
    ),
    "micro-batches-overlap": Mistake(
        "The micro-batches overlap: the next one begins before the last one ends, and some rows "
        "count several times.",
        "Where does the second micro-batch begin, and where does the first one end?",
        {"starts": lambda s, n, size: range(n)},
        {"starts": lambda s, n, size: range(0, n, max(size - 1, 1))},
        {"starts": lambda s, n, size: range(n - size + 1)},
        {"starts": lambda s, n, size: range(-(-n // size))},
        _shares_of_all(lambda n, size: range(n)),
        _shares_of_all(lambda n, size: range(n - size + 1)),
        _shares_of_all(lambda n, size: range(0, n, max(size - 1, 1))),
        _shares_of_all(lambda n, size: range(-(-n // size))),
    ),
}


def _both(change: Callable[[float], float]) -> dict[str, Callable[..., Any]]:
    """Return lines in which what is sent either way is changed alike."""
    right = Steps()
    return {
        "through_the_middle": lambda s, size, k: change(right.through_the_middle(size, k)),
        "round_the_ring": lambda s, size, k: change(right.round_the_ring(size, k)),
    }


def _sent(numbers: Callable[[int, Any, int], int]) -> Override:
    """Return so many numbers for what is sent: of parameters, layers' sizes and examples."""
    return {
        "payload": lambda s, sizes, examples, each: (
            each * numbers(s.parameter_count(sizes), sizes, examples)
        )
    }


def _back_for_each_example(
    s: Steps, sizes: Sequence[int], examples: int, machines: int, bytes_each: int
) -> tuple[float, float]:
    """Send the parameters out once, and a gradient for each example back to the middle."""
    size = s.payload(sizes, examples, bytes_each)
    return machines * size * (1 + examples), s.round_the_ring(size, machines)


SENDING = {
    "sent-in-shares": Mistake(
        "What is sent was shared out among the machines. They share the examples; each needs all "
        "the parameters, and its gradient has as many numbers.",
        "With twice as many machines, which part of a gradient does one of them make?",
        {
            "bytes_sent": lambda s, sizes, examples, machines, bytes_each: Steps.bytes_sent(
                s, sizes, examples, machines, bytes_each / machines
            )
        },
    ),
    "biases-not-sent": Mistake(
        "The biases are left out. They are parameters like the weights, and have gradients.",
        "How many parameters has a layer of 2 inputs and 3 neurons?",
        {"parameter_count": lambda s, sizes: Steps().products(sizes, 1)},
    ),
    "biases-miscounted": Mistake(
        "The biases are miscounted. Each neuron of a layer has one; the inputs have none.",
        "How many biases has a layer of 2 inputs and 3 neurons?",
        {"parameter_count": lambda s, sizes: Steps.parameter_count(s, sizes) + sizes[0]},
        {"parameter_count": lambda s, sizes: Steps.parameter_count(s, [*sizes[::-1]])},
    ),
    "middle-among-the-machines": Mistake(
        "One machine too few talks to the middle. Each of the machines that work on examples gets "
        "the parameters and sends a gradient; the middle itself is not one of them.",
        "How many machines work on examples, and how many lines meet in the middle?",
        {"through_the_middle": lambda s, size, k: 2 * (k - 1) * size},
    ),
    "activations-sent": Mistake(
        "One number for each neuron is sent. What goes out are the parameters, and what comes back "
        "is a gradient for each of them; activations stay on their machine.",
        "What does a machine need to work out its share, and what do the others need of it?",
        {"parameter_count": lambda s, sizes: sum(sizes[1:])},
        {"parameter_count": lambda s, sizes: sum(sizes)},
    ),
    "sent-for-each-example": Mistake(
        "Something is sent for each example. The data is on the machines already, and the "
        "gradients of a machine's examples are added up before they are sent.",
        "Does a gradient grow when a machine has more examples?",
        _sent(lambda count, sizes, examples: examples * count),
        _sent(lambda count, sizes, examples: examples * sizes[0] + count),
        _sent(lambda count, sizes, examples: examples * sum(sizes) + count),
        {"bytes_sent": _back_for_each_example},
    ),
    "numbers-for-bytes": Mistake(
        "Numbers are counted where bytes are asked for.",
        "How many bytes has one number?",
        {"payload": lambda s, sizes, examples, each: s.parameter_count(sizes)},
    ),
    "only-one-way": Mistake(
        "Only one of the two ways is counted. Parameters go out and gradients come back; in the "
        "ring, sums are collected first and handed out afterwards.",
        "What has to travel before a machine can begin, and what when it is done?",
        _both(lambda sent: sent / 2),
        {"through_the_middle": lambda s, size, k: k * size},
    ),
    "ring-one-way": Mistake(
        "In the ring only one of the two rounds is counted. In the first the sums are collected, "
        "in the second they are handed out.",
        "When the sums are complete, which machine has which of them, and which does it need?",
        {"round_the_ring": lambda s, size, k: (k - 1) / k * size},
    ),
    "machines-not-counted": Mistake(
        "As much goes through the middle as for a single machine. But it sends to every machine, "
        "and hears from every one.",
        "What happens to the one in the middle when there are twice as many machines?",
        {"through_the_middle": lambda s, size, k: 2 * size},
    ),
    "ring-with-a-piece-too-many": Mistake(
        "Your number has each machine pass on the whole gradient twice. There are as many pieces "
        "as machines, and both times one of them need not be passed on.",
        "With 2 machines there are 2 pieces. How many does each machine send to get the sums?",
        {"round_the_ring": lambda s, size, k: 2 * size},
    ),
    "ring-without-pieces": Mistake(
        "Your number for the ring has each machine pass on the whole gradient every time, or it "
        "adds up what all machines pass on. A machine passes on one piece at a time, and there "
        "are as many pieces as machines.",
        "How large is a piece, how often does a machine pass one on, and is your number that of "
        "one machine?",
        {"round_the_ring": lambda s, size, k: 2 * (k - 1) * size},
        {"round_the_ring": lambda s, size, k: 2 * k * size},
    ),
    "whole-number-division": Mistake(
        "A division with `//`, or an `int` around it, drops what comes after the decimal point. "
        "Where the numbers do not divide evenly, that gives a different number.",
        "What are 7 / 2 and 7 // 2?",
        {"round_the_ring": lambda s, size, k: 2 * (k - 1) * size // k},
        {"round_the_ring": lambda s, size, k: 2 * (k - 1) * (size // k)},
        {"round_the_ring": lambda s, size, k: 2 * size // k * (k - 1)},
        {"round_the_ring": lambda s, size, k: 2 * (k - 1) // k * size},
        {"slope_of_base": lambda s, a, b: a**b * (b // a)},
        {"slope_of_base": lambda s, a, b: a**b * b // a},
    ),
    "ring-share-of-one-piece": Mistake(
        "That is one piece out and one piece back. A machine passes pieces on until all of the "
        "others' have come by.",
        "With 4 machines: how many of the others' pieces come by in one round?",
        {"round_the_ring": lambda s, size, k: 2 * size / k},
    ),
}
