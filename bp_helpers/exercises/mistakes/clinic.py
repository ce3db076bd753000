"""Mistakes in the bug clinic: with dropout, and in comparing two gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.measuring import Gradients
from bp_helpers.exercises.steps.replaceable import Override


def _lengths(s: Steps, used: Array, true: Array) -> float:
    return s.length(used) * s.length(true)


def _cosine_is_one(s: Steps, used: Array, true: Array, where_there_is_none: bool) -> bool:
    lengths = _lengths(s, used, true)
    return s.dot(used, true) / lengths > 1 - 1e-6 if lengths else where_there_is_none


def _mean_cosine(used: Array, true: Array, axis: int) -> float:
    """Return the mean of the cosines along an axis."""
    lengths = np.linalg.norm(used, axis=axis) * np.linalg.norm(true, axis=axis)
    return float(((used * true).sum(axis=axis) / lengths).mean())


def _within(share: float) -> Callable[[Steps, Array, Array], bool]:
    return lambda s, used, true: s.length(used - true) <= share * s.length(true)


def _most_wrong(s: Steps, used: Gradients, true: Gradients) -> str | None:
    off = {name: s.length(used[name] - true[name]) for name in true}
    worst = max(off, key=lambda name: off[name])
    return None if s.is_right(used[worst], true[worst]) else worst


def _where_nothing_is(answer: Any) -> Override:
    return {"first_wrong": lambda s, used, true: Steps.first_wrong(s, used, true) or answer}


def _found(of: Callable[[str, Gradients, Gradients], Any]) -> Override:
    def first_wrong(s: Steps, used: Gradients, true: Gradients) -> Any:
        name = Steps.first_wrong(s, used, true)
        return name and of(name, used, true)

    return {"first_wrong": first_wrong}


def _in_weights_alone(s: Steps, *given: Any, **named: Any) -> tuple[Array, ...]:
    """Let dropout's factor reach dW1 and not db1."""
    forgotten = Steps(*s.overrides, {"drop_back": lambda _, dD, factor: dD})
    *with_factor, _ = Steps.dropout_gradients(s, *given, **named)
    return *with_factor, Steps.dropout_gradients(forgotten, *given, **named)[-1]


def _without_bias_in_the_mask(s: Steps, X: Array, W1: Array, **others: Array) -> tuple[Array, ...]:
    def relu_delta(own: Steps, dA: Array, Z: Array) -> Array:
        return Steps.relu_delta(own, dA, own.weighted(X, W1))

    asked = Steps(*s.overrides, {"relu_delta": relu_delta})
    return Steps.dropout_gradients(asked, X=X, W1=W1, **others)


CLINIC = {
    "dropout-forward-only": Mistake(
        "Dropout is in the forward pass, and missing in the backward pass or in a part of it. A "
        "neuron that was left out had no part in the answer, and one that was made stronger had a "
        "stronger part.",
        "By how much does the next layer's input move when a hidden activation does?",
        {"drop_back": lambda s, dD, factor: dD},
        {"dropout_gradients": _in_weights_alone},
    ),
    "dropout-not-made-stronger": Mistake(
        "The neurons that were left out get no blame, and that is right. Those that stayed were "
        "made stronger in the forward pass; their blame was not.",
        "What was a neuron that stayed multiplied by? Is its slope 1?",
        {"drop_back": lambda s, dD, factor: dD * (factor > 0)},
    ),
    "dropout-everybody-stronger": Mistake(
        "All blame was made stronger, even that of the neurons that were left out. They had no "
        "part in the answer.",
        "Each neuron has a factor of its own. What is it for one that was left out?",
        {"drop_back": lambda s, dD, factor: dD * factor.max()},
    ),
    "dropout-divided": Mistake(
        "The blame was divided by what dropout multiplies with, or multiplied by its inverse. A "
        "factor in the forward pass is the same factor in the backward pass.",
        "If z = 1.25 * a, what is the slope of z, as a function of a?",
        {
            "drop_back": lambda s, dD, factor: np.divide(
                dD, factor, out=np.zeros_like(dD), where=factor > 0
            )
        },
        {"drop_back": lambda s, dD, factor: dD / factor.max()},
    ),
    "switch-without-bias": Mistake(
        "Your code asks which neurons were on before it adds the bias. A neuron is on where its "
        "whole Z is above 0.",
        "If the inputs bring 0.1 and the bias is -0.3, was the neuron on?",
        {"dropout_gradients": _without_bias_in_the_mask},
    ),
    "dropout-twice": Mistake(
        "The blame was multiplied by dropout's factor twice. In the forward pass it is there once.",
        "If z = 1.25 * a, what is the slope of z, as a function of a?",
        {"drop_back": lambda s, dD, factor: dD * factor * factor},
    ),
    "dropout-left-out-of-weights": Mistake(
        "dW2 was made with another quantity than what came into the second layer. What came in has "
        "been through dropout, once.",
        "Which array is multiplied with W2 in the forward pass?",
        {"dropped_in": lambda s, A, D, factor: A},
        {"dropped_in": lambda s, A, D, factor: D * factor},
    ),
    "dropout-taken-out": Mistake(
        "Dropout has gone from the forward pass, and that makes it another network: the question "
        "is about the one with dropout.",
        "Leave the forward pass as it was: where does `factor` come in there? Going back, the "
        "blame passes the same place.",
        {"drop": lambda s, A, factor: A, "drop_back": lambda s, dD, factor: dD},
        {"drop": lambda s, A, factor: A},
    ),
    "ratio-upside-down": Mistake(
        "The ratio is the wrong way round: it should say how many times as long the used gradient "
        "is, so divide by the length of the true one.",
        "If the used gradient is twice the true one, what should come out, and what does?",
        {"length_ratio": lambda s, used, true: s.length(true) / s.length(used)},
        {"length_ratio": lambda s, used, true: (s.length(true) / s.length(used)) ** 2},
    ),
    "entries-not-paired": Mistake(
        "The entries are paired wrongly: one array was read row by row, the other column by "
        "column.",
        "Which entry of `used` is multiplied by `true[0, 1]`?",
        {"dot": lambda s, one, other: float(one.ravel() @ other.ravel(order="F"))},
        {"dot": lambda s, one, other: float(one.ravel(order="F") @ other.ravel())},
    ),
    "cosine-of-lengths": Mistake(
        "The sum of the products has not been divided by both lengths. A cosine does not change "
        "when one of the two becomes longer.",
        "Double all entries of `used`, and then those of `true`. Does your cosine stay both times?",
        {"cosine": lambda s, used, true: s.dot(used, true)},
        {"cosine": lambda s, used, true: s.dot(used, true) / s.length(true) ** 2},
        {"cosine": lambda s, used, true: s.dot(used, true) / s.length(used) ** 2},
        {"cosine": lambda s, used, true: s.dot(used, true) / s.length(true)},
        {"cosine": lambda s, used, true: s.dot(used, true) / s.length(used)},
        {"cosine": lambda s, used, true: s.dot(used, true) / (s.length(used) + s.length(true))},
    ),
    "angle-for-cosine": Mistake(
        "That is the angle between the two, or the cosine taken from 1. The cosine itself is asked "
        "for: 1 for the same direction, -1 for the opposite one.",
        "What should come out for two equal arrays?",
        {"cosine": lambda s, used, true: np.arccos(Steps().cosine(used, true))},
        {"cosine": lambda s, used, true: np.degrees(np.arccos(Steps().cosine(used, true)))},
        {"cosine": lambda s, used, true: 1 - Steps().cosine(used, true)},
    ),
    "correlation-for-cosine": Mistake(
        "That is a correlation: the mean of each array was taken away first. A cosine looks at the "
        "entries as they are.",
        "Add 1 to every entry of both. Does the direction stay, and does your number?",
        {"cosine": lambda s, used, true: Steps().cosine(used - used.mean(), true - true.mean())},
    ),
    "ratio-with-sign": Mistake(
        "The ratio has the direction in it. It compares two lengths, which are never negative; the "
        "direction is what the cosine tells.",
        "What should the ratio be for a gradient and its opposite?",
        {"length_ratio": lambda s, used, true: s.dot(used, true) / s.dot(true, true)},
        {
            "length_ratio": lambda s, used, true: (
                np.sign(s.dot(used, true)) * s.length(used) / s.length(true)
            )
        },
    ),
    "cosine-of-each-row": Mistake(
        "Each row, or each column, got a cosine of its own, and these were averaged. The angle is "
        "that between two whole arrays, each taken as one long list of numbers.",
        "Over how many numbers does each of your sums go, and how many has the array?",
        {"cosine": lambda s, used, true: _mean_cosine(used, true, -1)},
        {"cosine": lambda s, used, true: _mean_cosine(used, true, 0)},
    ),
    "products-averaged": Mistake(
        "The products of the entries are averaged. For a cosine they are added up.",
        "What should come out for two equal arrays, and what does?",
        {"dot": lambda s, one, other: float((one * other).mean())},
    ),
    "lengths-subtracted": Mistake(
        "One length is taken away from the other. A ratio is one divided by the other: it says how "
        "many times as long.",
        "What should come out for two equal lengths?",
        {"length_ratio": lambda s, used, true: s.length(used) - s.length(true)},
    ),
    "dot-with-itself": Mistake(
        "One of the two arrays is multiplied with itself. A cosine needs the products of one with "
        "the other.",
        "Which two arrays are above the line of your fraction?",
        {"cosine": lambda s, used, true: s.dot(used, used) / _lengths(s, used, true)},
        {"cosine": lambda s, used, true: s.dot(true, true) / _lengths(s, used, true)},
    ),
    "another-tolerance": Mistake(
        "It allows more, or less, than a millionth of the true gradient's length. If you compare "
        "the squares of lengths with a millionth, you allow a thousandth; if you compare entry by "
        "entry, one that should be 0 may not even be off by rounding.",
        "Which number is in your comparison, and what is it multiplied by?",
        *({"is_right": _within(share)} for share in (1e-2, 1e-3, 1e-7)),
        {"is_right": lambda s, used, true: (abs(used - true) <= 1e-6 * abs(true)).all()},
    ),
    "length-without-root": Mistake(
        "A length is the root of the sum of squares. In at least one place yours has no root.",
        "How long is an arrow from (0, 0) to (3, 4)?",
        {"length": lambda s, array: s.dot(array, array)},
        {"length_ratio": lambda s, used, true: s.dot(used, used) / s.dot(true, true)},
    ),
    "another-length": Mistake(
        "The length of an array is the root of the sum of its squares. Yours is something else, "
        "such as the sum of its entries or of their sizes, the largest of them, a mean, or a "
        "table's norm of order 2.",
        "How long is [[1, 0], [0, 1]], by hand and with your lines?",
        {"length": lambda s, array: float(np.abs(array).sum())},
        {"length": lambda s, array: float(np.abs(array).max())},
        {"length": lambda s, array: float(np.linalg.norm(array, 2))},
        {"length": lambda s, array: float(np.sqrt((array * array).mean()))},
        {"length_ratio": lambda s, used, true: np.abs(used).sum() / np.abs(true).sum()},
        {"length_ratio": lambda s, used, true: np.abs(used).max() / np.abs(true).max()},
        {"length_ratio": lambda s, used, true: used.sum() / true.sum()},
        {"length_ratio": lambda s, used, true: np.linalg.norm(used, 2) / np.linalg.norm(true, 2)},
    ),
    "cosine-without-sign": Mistake(
        "The cosine has lost its sign. Below 0 the two point away from each other: what goes "
        "downhill for the one goes uphill for the other.",
        "What should come out for a gradient and its opposite?",
        {"cosine": lambda s, used, true: abs(s.dot(used, true)) / _lengths(s, used, true)},
        {"cosine": lambda s, used, true: np.abs(used * true).sum() / _lengths(s, used, true)},
    ),
    "mean-of-ratios": Mistake(
        "The entries were divided one by one, and then averaged. One small true entry is enough "
        "to spoil that.",
        "What is asked for is one length divided by another. How many numbers is a length?",
        {"length_ratio": lambda s, used, true: float((used / true).mean())},
        {"length_ratio": lambda s, used, true: float(np.abs(used / true).mean())},
    ),
    "symptoms-in-other-order": Mistake(
        "The two numbers have changed places: the cosine comes first.",
        "In which order does the exercise ask for them?",
        {"symptoms": lambda s, used, true: (s.length_ratio(used, true), s.cosine(used, true))},
    ),
    "last-wrong-one": Mistake(
        "It names the last wrong one. What is wrong further on may only follow from the first.",
        "In which order does your loop go through them, and does it stop at the first?",
        {"looked_at": lambda s, names: names[::-1]},
    ),
    "looked-at-in-another-order": Mistake(
        "If several arrays are wrong, it does not name the one that the backward pass comes to "
        "first: it takes them in another order, or leaves some out.",
        "If all of them are wrong, which one do you name, and which one is first in `true`?",
        {"looked_at": lambda s, names: sorted(names)},
        {"looked_at": lambda s, names: names[2:] + names[:2]},
        {"looked_at": lambda s, names: [name for name in names if "W" in name]},
        {"looked_at": lambda s, names: [name for name in names if "b" in name]},
    ),
    "most-wrong-one": Mistake(
        "It names the one that is furthest off. What is wrong further on may be off by more, only "
        "because it was made from the first wrong one.",
        "In which order does your loop go through them, and does it stop at the first?",
        {"first_wrong": _most_wrong},
        {
            "first_wrong": lambda s, used, true: max(
                true, key=lambda name: s.length(used[name] - true[name])
            )
        },
    ),
    "compared-exactly": Mistake(
        "It calls rounding a mistake. The same gradient, computed in a different order, differs in "
        "its last digits.",
        "How far off may it be? A millionth of the length of the true one is asked for.",
        {"is_right": lambda s, used, true: np.array_equal(used, true)},
    ),
    "tolerance-absolute": Mistake(
        "It calls every small gradient right, whatever it is: what you allow does not shrink with "
        "the gradient. A fixed number never does, and `allclose` has one, unless you set its "
        "`atol` to 0.",
        "If both gradients become ten times as small, is your comparison the same? A length goes "
        "with a length, a square with a square.",
        {"is_right": lambda s, used, true: np.allclose(used, true)},
        {"is_right": lambda s, used, true: s.length(used - true) <= 1e-6},
    ),
    "direction-only": Mistake(
        "It looks at the direction only. A gradient that is 16 times too small has a cosine of 1.",
        "Which single number notices both, a wrong direction and a wrong length?",
        {"is_right": lambda s, used, true: _cosine_is_one(s, used, true, True)},
        {"is_right": lambda s, used, true: _cosine_is_one(s, used, true, False)},
        {
            "is_right": lambda s, used, true: _cosine_is_one(
                s, used, true, s.length(used) == s.length(true)
            )
        },
    ),
    "length-only": Mistake(
        "It looks at the length only. A gradient that is reversed has the right length.",
        "Which single number notices both, a wrong direction and a wrong length?",
        {
            "is_right": lambda s, used, true: np.isclose(
                s.length(used), s.length(true), rtol=1e-6, atol=0
            )
        },
    ),
    "all-wrong-ones": Mistake(
        "It returns every wrong one. Only the first is asked for.",
        "What should your loop do as soon as it has found one?",
        {
            "first_wrong": lambda s, used, true: [
                name for name in true if not s.is_right(used[name], true[name])
            ]
        },
    ),
    "place-for-name": Mistake(
        "It returns the place of the first wrong gradient, or the gradient itself. The answer "
        "should be its name.",
        "Call it with two dictionaries of your own. Is what comes back one of their names?",
        _found(lambda name, used, true: [*true].index(name)),
        _found(lambda name, used, true: [*true].index(name) + 1),
        _found(lambda name, used, true: used[name]),
        _found(lambda name, used, true: true[name]),
    ),
    "none-in-quotes": Mistake(
        "Where nothing is wrong, it returns something other than None, such as a text that only "
        "looks like it.",
        "What is the difference between None and the same word in quotes?",
        *map(_where_nothing_is, ("None", "", False, "none", [], True)),
    ),
    "zero-taken-for-wrong": Mistake(
        "It calls a gradient of 0 wrong where 0 is right. There, how far off it is and how far off "
        "it may be are both 0.",
        "What does your comparison say of 0 and 0? And what is 0 divided by 0?",
        {"is_right": lambda s, used, true: s.length(used - true) < 1e-6 * s.length(true)},
    ),
    "gives-up-at-once": Mistake(
        "It looks at the first array only, and returns None where that one is right.",
        "When does your function know that none is wrong? After the loop, not in it.",
        {"looked_at": lambda s, names: names[:1]},
    ),
    "right-one-named": Mistake(
        "It names the first one that is right.",
        "Which way round is your comparison?",
        {"is_right": lambda s, used, true: not Steps.is_right(s, used, true)},
    ),
}
