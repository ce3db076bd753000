"""Mistakes in the bug clinic: with dropout, and in comparing two gradients."""

from __future__ import annotations

import numpy as np

from bp_helpers.exercises.mistake import Mistake

CLINIC = [
    Mistake(
        "dropout-forward-only",
        "Dropout is in the forward pass and not in the backward pass. A neuron that was left out "
        "had no part in the answer, and one that was made stronger had a stronger part.",
        "By how much does the next layer's input move when a hidden activation does?",
        ({"drop_back": lambda s, dD, factor: dD},),
    ),
    Mistake(
        "dropout-not-made-stronger",
        "The neurons that were left out get no blame, and that is right. Those that stayed were "
        "made stronger on the way forward; their blame was not.",
        "What was a neuron that stayed multiplied with? Is its slope 1?",
        ({"drop_back": lambda s, dD, factor: dD * (factor > 0)},),
    ),
    Mistake(
        "dropout-everybody-stronger",
        "All blame was made stronger, that of the neurons left out too. They had no part.",
        "Each neuron has a factor of its own. What is it for one that was left out?",
        ({"drop_back": lambda s, dD, factor: dD * factor.max()},),
    ),
    Mistake(
        "dropout-divided",
        "The blame was divided by what dropout multiplies with, or multiplied by its inverse. A "
        "factor on the way forward is the same factor on the way back.",
        "If z = 1.25 * a, what is the slope of z, as a function of a?",
        (
            {
                "drop_back": lambda s, dD, factor: np.divide(
                    dD, factor, out=np.zeros_like(dD), where=factor > 0
                )
            },
            {"drop_back": lambda s, dD, factor: dD / factor.max()},
        ),
    ),
    Mistake(
        "dropout-taken-out",
        "Dropout has gone from the forward pass. The two passes agree now, but that is another "
        "network: the question is about the one with dropout.",
        "Leave the forward pass as it was. Which line of the way back knows nothing of it?",
        (
            {
                "drop": lambda s, A, factor: A,
                "drop_back": lambda s, dD, factor: dD,
            },
        ),
    ),
    Mistake(
        "ratio-upside-down",
        "The ratio is the wrong way round: it should say how many times as long the used gradient "
        "is, so the true one stands below.",
        "If the used gradient is twice the true one, what should come out, and what does?",
        ({"length_ratio": lambda s, used, true: s.length(true) / s.length(used)},),
    ),
    Mistake(
        "cosine-of-lengths",
        "The sum of the products has not been divided by both lengths. A cosine does not change "
        "when one of the two becomes longer.",
        "Double all entries of one of the two. Does your cosine stay?",
        (
            {"cosine": lambda s, used, true: s.dot(used, true)},
            {"cosine": lambda s, used, true: s.dot(used, true) / s.length(true) ** 2},
            {"cosine": lambda s, used, true: s.dot(used, true) / s.length(used) ** 2},
            {"cosine": lambda s, used, true: s.dot(used, true) / s.length(true)},
            {"cosine": lambda s, used, true: s.dot(used, true) / s.length(used)},
        ),
    ),
    Mistake(
        "length-without-root",
        "A length is the root of the sum of squares. Yours has no root.",
        "How long is an arrow from (0, 0) to (3, 4)?",
        ({"length": lambda s, array: s.dot(array, array)},),
    ),
    Mistake(
        "length-of-absolutes",
        "The absolute values were added up. The length of an arrow is the root of the sum of "
        "squares.",
        "How long is an arrow from (0, 0) to (3, 4)?",
        ({"length": lambda s, array: float(np.abs(array).sum())},),
    ),
    Mistake(
        "cosine-without-sign",
        "The cosine has lost its sign. Below 0 the two point away from each other, and a step "
        "along the one goes uphill on the other.",
        "What should come out for a gradient and its opposite?",
        (
            {
                "cosine": lambda s, used, true: (
                    abs(s.dot(used, true)) / (s.length(used) * s.length(true))
                )
            },
        ),
    ),
    Mistake(
        "mean-of-ratios",
        "The entries were divided one by one, and then averaged. One small true entry is enough "
        "to spoil that.",
        "What is asked for is one length divided by another. How many numbers is a length?",
        (
            {"length_ratio": lambda s, used, true: float((used / true).mean())},
            {"length_ratio": lambda s, used, true: float(np.abs(used / true).mean())},
            {"length_ratio": lambda s, used, true: float(used.sum() / true.sum())},
            {"length_ratio": lambda s, used, true: float(used.mean() / true.mean())},
        ),
    ),
    Mistake(
        "symptoms-in-other-order",
        "The two numbers have changed places: the cosine comes first.",
        "In which order does the exercise ask for them?",
        ({"symptoms": lambda s, used, true: (s.length_ratio(used, true), s.cosine(used, true))},),
    ),
]
