"""Mistakes with a graph of numbers: who hands on when, what is left there, what was stretched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.graphs import (
    by_recursion,
    from_those_waiting,
    inputs_first,
    once,
    stretched,
)
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Override


def _each_value_once(s: Steps, output: Any, from_the_start: bool) -> None:
    """Leave out a node if one of its value was visited, or had all its inputs visited, before."""
    order: list[Any] = []
    seen: set[float] = set()

    def visit(node: Any) -> None:
        if node.value in seen:
            return
        if from_the_start:
            seen.add(node.value)
        for one, _ in node.inputs:
            visit(one)
        seen.add(node.value)
        order.append(node)

    visit(output)
    for node in order:
        s.clear(node)
    s.begin(output)
    for node in order[::-1]:
        for one, slope in s.handed_to(node):
            s.deliver(one, s.share(node, slope))


def _inputs_keep_theirs(s: Steps, output: Any, and_the_output: bool) -> None:
    Steps.graph_backward(s, output)
    for node in inputs_first(output):
        if node.inputs and not (node is output and and_the_output):
            node.grad = 0.0


def _recursion_between(s: Steps, output: Any) -> None:
    """Hand on to one and go on with it, before the next has got its share."""
    for node in inputs_first(output):
        s.clear(node)
    s.begin(output)

    def visit(node: Any) -> None:
        for one, slope in node.inputs:
            s.deliver(one, s.share(node, slope))
            visit(one)

    visit(output)


def _by_values(s: Steps, output: Any) -> None:
    """Hand on what arrived times the value of the one that gets it, or of the one that gives."""
    for node in inputs_first(output):
        s.clear(node)
    s.begin(output)
    for node in s.turns(output):
        for one, _ in node.inputs:
            s.deliver(one, s.share(node, one.value))


def _cleared_in_turn(s: Steps, output: Any) -> None:
    s.begin(output)
    for node in s.turns(output):
        if node is not output:
            s.clear(node)
        for one, slope in node.inputs:
            s.deliver(one, s.share(node, slope))


def _one_level(s: Steps, output: Any) -> None:
    """Go no further than what the output is made from."""
    for one, _ in output.inputs:
        s.clear(one)
    s.begin(output)
    for one, slope in output.inputs:
        s.deliver(one, s.share(output, slope))


def _squeezed(s: Steps, grad: Array, shape: tuple[int, ...]) -> Array:
    return np.squeeze(s.added_up(grad, stretched(shape), True), stretched(shape))


def _if_no_axis_is_new(s: Steps, grad: Array, shape: tuple[int, ...]) -> Array:
    return grad if grad.ndim > len(shape) else s.without_stretching(grad, shape)


def _one_new_axis(s: Steps, grad: Array, shape: tuple[int, ...]) -> Array:
    return np.asarray(grad.sum(axis=0) if grad.ndim > len(shape) else grad)


def _but_for(axis: int) -> Callable[..., Array]:
    """Return adding up over all axes with a single entry but the first, or but the last one."""

    def without_stretching(s: Steps, grad: Array, shape: tuple[int, ...]) -> Array:
        axes = [each for each in stretched(shape) if each != axis % len(shape)]
        return s.added_up(grad, tuple(axes), True)

    return without_stretching


def _adding_up(other: Callable[..., Array], *where: bool) -> Override:
    """Return this in the place of a sum, where keepdims has one of these values."""

    def added_up(s: Steps, grad: Array, axes: tuple[int, ...], keepdims: bool) -> Array:
        if keepdims in where:
            return other(grad, axes, keepdims)
        return Steps.added_up(s, grad, axes, keepdims)

    return {"added_up": added_up}


def _mean(grad: Array, axes: tuple[int, ...], keepdims: bool) -> Array:
    return np.asarray(grad.mean(axis=axes, keepdims=keepdims)) if axes else grad


def _copy(which: int) -> Callable[..., Array]:
    """Return what takes one of the copies, by its place."""

    def one_of(grad: Array, axes: tuple[int, ...], keepdims: bool) -> Array:
        for axis in sorted(axes, reverse=True):
            grad = np.take(grad, [which] if keepdims else which, axis=axis)
        return grad

    return one_of


def _averaged_to_one(s: Steps, grad: Array, shape: tuple[int, ...]) -> Array:
    return Steps.summed_back(s, grad, shape) if shape else np.asarray(grad.mean())


def _added_to_the_old(s: Steps, output: Any) -> None:
    """Give the output its 1 on top of what an earlier call has left there."""
    before = output.grad
    begun = Steps({"begin": lambda s, output: setattr(output, "grad", before + 1.0)})
    begun.graph_backward(output)


GRAPH = {
    "handed-on-by-recursion": Mistake(
        "A number that several paths reach hands on once for each of them, and each time all that "
        "it holds by then. So the same blame is handed on again and again.",
        "Follow one number that is used twice. How often does it hand on, and how much in all?",
        {"turns": lambda s, output: by_recursion(output)},
        {"graph_backward": _recursion_between},
        {"turns": lambda s, output: from_those_waiting(output, 0)},
        {"turns": lambda s, output: from_those_waiting(output, -1)},
    ),
    "used-twice-counted-once": Mistake(
        "A number that one operation uses twice, as in `x * x`, got its share only once. It is in "
        "`inputs` twice, with a slope each time. Both count.",
        "How many pairs has `inputs` for `x * x`, and how many of them does your loop go through?",
        {"handed_to": lambda s, node: dict(node.inputs).items()},
    ),
    "one-input-only": Mistake(
        "Each number hands on to only one of the numbers it was made from. All of them should get "
        "their share.",
        "For how many of the pairs in `inputs` do your lines run before they are through?",
        {"handed_to": lambda s, node: node.inputs[:1]},
        {"handed_to": lambda s, node: node.inputs[-1:]},
    ),
    "visited-too-early": Mistake(
        "Each number hands on once, but some before all their blame has come. What comes later "
        "stays with them.",
        "Find a number that gets blame from two others. Is its turn after both of theirs?",
        {"turns": lambda s, output: once(by_recursion(output))},
        {"turns": lambda s, output: once(from_those_waiting(output, 0))},
        {"turns": lambda s, output: once(from_those_waiting(output, -1))},
    ),
    "handed-on-in-post-order": Mistake(
        "Only the output hands on, or all do so in the order of the forward pass: each of them "
        "before its own share has arrived.",
        "Who is the only one to hold blame at the start?",
        {"turns": lambda s, output: inputs_first(output)},
        {"graph_backward": _one_level},
    ),
    "output-without-blame": Mistake(
        "The output starts without its own blame, which is 1: it moves exactly as fast as itself.",
        "What does the output hold before anybody has handed anything on?",
        {"begin": lambda s, output: setattr(output, "grad", 0.0)},
        {"begin": lambda s, output: setattr(output, "grad", output.value)},
    ),
    "grad-not-stored": Mistake(
        "No number has the `grad` of this call: it is as it was, whatever your function worked out "
        "or returned.",
        "Which line of yours writes into the `grad` of a number?",
        {"graph_backward": lambda s, output: None},
    ),
    "same-value-same-number": Mistake(
        "Numbers of the same value were taken for one and the same number, so that one of them was "
        "left out. Two numbers may be equal, and each has blame of its own.",
        "How do you tell whether you have visited a number before?",
        {"graph_backward": lambda s, output: _each_value_once(s, output, True)},
        {"graph_backward": lambda s, output: _each_value_once(s, output, False)},
    ),
    "inner-blame-thrown-away": Mistake(
        "At the end only the inputs still have their blame: it was taken from the numbers in "
        "between. Every number should keep its own.",
        "What does `grad` hold for a number that is neither an input nor the output?",
        {"graph_backward": lambda s, output: _inputs_keep_theirs(s, output, True)},
        {"graph_backward": lambda s, output: _inputs_keep_theirs(s, output, False)},
    ),
    "inner-nodes-not-reset": Mistake(
        "Numbers in between still hold what an earlier call left in them, and hand it on with the "
        "new blame.",
        "Which of the numbers do you set back: the inputs alone, or all that blame comes to?",
        {"clear": lambda s, node: setattr(node, "grad", node.grad if node.inputs else 0.0)},
    ),
    "old-blame-kept": Mistake(
        "What an earlier call has left is still in the sum. Here every call starts from 0.",
        "Call it twice on the same graph. What does the second call find there?",
        {"clear": lambda s, node: None},
        {"clear": lambda s, node: setattr(node, "grad", 0.0 if node.inputs else node.grad)},
        {"graph_backward": _added_to_the_old},
    ),
    "edge-slopes-left-out": Mistake(
        "Blame is handed on undiminished. Over each edge it is multiplied by the slope there.",
        "Each input comes in a pair. Which half of it does your code not use?",
        {"share": lambda s, node, slope: node.grad},
    ),
    "another-operation": Mistake(
        "The value is not that of a to the power of b: the two have changed places, or they were "
        "put together in another way.",
        "What does your function give for a = 2 and b = 3? It should be 8.",
        {"power": lambda s, a, b: (b**a, *Steps().power(a, b)[1:])},
        {"power": lambda s, a, b: (b**a, a * b ** (a - 1), b**a * np.log(abs(b)))},
        {"power": lambda s, a, b: (b**a, b * a ** (b - 1), b**a * np.log(b))},
        {"power": lambda s, a, b: (a * b, b, a)},
        {"power": lambda s, a, b: (a * b, *Steps().power(a, b)[1:])},
    ),
    "whole-exponents-only": Mistake(
        "The value is right for whole exponents only: the exponent was cut off or rounded to one, "
        "or the loop turns a whole number of times.",
        "What is the root of 4 as a power of 4, and what does your function make of it?",
        *(
            {"power": lambda s, a, b, whole=whole, slopes=slopes: slopes(s, a, b, a ** whole(b))}
            for whole in (int, np.floor, lambda b: max(int(b), 0), lambda b: abs(int(b)))
            for slopes in (
                lambda s, a, b, value: (value, b / a * value, value * np.log(a)),
                lambda s, a, b, value: (value, s.slope_of_base(a, b), s.slope_of_exponent(a, b)),
            )
        ),
    ),
    "exponents-value-missing": Mistake(
        "The slope along the exponent is only the logarithm of the base. It still has to be "
        "multiplied by the value itself.",
        "How fast does a power grow with its exponent when it is large already?",
        {"slope_of_exponent": lambda s, a, b: np.log(a)},
    ),
    "exponents-base-forgotten": Mistake(
        "The slope along the exponent is that of a power of e. With another base it grows at "
        "another rate, the logarithm of the base.",
        "Nudge b at a = 1, where every power is 1. What does your slope say?",
        {"slope_of_exponent": lambda s, a, b: a**b},
    ),
    "exponents-log-of-exponent": Mistake(
        "The logarithm along the exponent is that of the wrong number.",
        "Nudge b at a = 1, where every power is 1. Which logarithm is 0 there?",
        {"slope_of_exponent": lambda s, a, b: a**b * np.log(abs(b))},
        {"slope_of_exponent": lambda s, a, b: a**b * np.log(b)},
    ),
    "exponents-logarithm-of-ten": Mistake(
        "That is another logarithm. The one with the slope 1/x is the natural one.",
        "What is the slope of e to the power b, and what does your formula give for a = e?",
        {"slope_of_exponent": lambda s, a, b: a**b * np.log10(a)},
        {"slope_of_exponent": lambda s, a, b: a**b * np.log2(a)},
    ),
    "exponents-own-power-rule": Mistake(
        "The power rule is for the base. Along the exponent the base stands still, and what moves "
        "is an exponential.",
        "Write down a few values of 2 to the b. By what factor do they grow from one to the next?",
        {"slope_of_exponent": lambda s, a, b: b * a ** (b - 1)},
        {"slope_of_exponent": lambda s, a, b: a * b ** (a - 1)},
    ),
    "exponents-power-lowered": Mistake(
        "Along the exponent the power stays as it is. Only in the slope along the base does its "
        "exponent go down by one.",
        "When that line runs, which exponent does the power in your slope along b have?",
        {"slope_of_exponent": lambda s, a, b: a ** (b - 1) * np.log(a)},
    ),
    "exponent-held-still": Mistake(
        "The exponent was taken for a constant: its slope is 0. It is an input like the base.",
        "Does the power move when only b does?",
        {"slope_of_exponent": lambda s, a, b: 0.0},
    ),
    "exponent-not-lowered": Mistake(
        "In the slope along the base the exponent is one less than before.",
        "What is the slope of the square of a, and which power of a is in it?",
        {"slope_of_base": lambda s, a, b: b * a**b},
        {"slope_of_base": lambda s, a, b: b * a ** (b + 1)},
        {"slope_of_base": lambda s, a, b: a ** (b + 1) / (b + 1)},
    ),
    "exponent-not-in-front": Mistake(
        "In the slope along the base the exponent becomes a factor as well.",
        "What is the slope of the cube of a at 1?",
        {"slope_of_base": lambda s, a, b: a ** (b - 1)},
    ),
    "handed-on-with-value": Mistake(
        "What was handed on was multiplied by a value instead of the slope along the edge. A sum "
        "hands on with slope 1, a product with the value of the other factor.",
        "What does y = a + b say of the slope along a? Does the value of a play a part in it?",
        {"graph_backward": _by_values},
        {"share": lambda s, node, slope: node.grad * node.value},
    ),
    "cleared-in-its-turn": Mistake(
        "Nothing that is handed on lasts. Either no line hands anything on, or each number is set "
        "to 0 when its turn comes, and loses what had arrived by then.",
        "Which line hands on? And when is the last moment at which nothing has arrived anywhere?",
        {"graph_backward": _cleared_in_turn},
    ),
    "broadcast-not-summed-back": Mistake(
        "The array was stretched along an axis, and you did not add up over it. The array itself "
        "has fewer numbers, and each of them is to blame for all its copies.",
        "How many numbers does the array have, and how many has your result?",
        {"summed_back": lambda s, grad, shape: grad},
        {"without_stretching": lambda s, grad, shape: grad},
        *({"without_stretching": _but_for(axis)} for axis in (0, -1)),
        {"summed_back": _if_no_axis_is_new},
        {"without_new_axes": lambda s, grad, shape: grad},
        {"without_new_axes": _one_new_axis},
    ),
    "broadcast-averaged": Mistake(
        "The copies' blame was averaged. Each copy is a path of its own, and paths add.",
        "One number is copied into four rows. If it grows by 1, in how many rows does that show?",
        _adding_up(_mean, True, False),
        _adding_up(_mean, True),
        _adding_up(_mean, False),
        {"summed_back": _averaged_to_one},
    ),
    "broadcast-first-copy-only": Mistake(
        "Of the copies only one was kept: the first, the last or the largest. Each of them is a "
        "path to the loss, and paths add up.",
        "How many of the copies are in each entry of your result?",
        _adding_up(_copy(0), True, False),
        _adding_up(_copy(-1), True, False),
        {"added_up": lambda s, grad, axes, keep: grad.max(axis=axes, keepdims=keep)},
        {"added_up": lambda s, grad, axes, keep: grad.min(axis=axes, keepdims=keep)},
        *(_adding_up(_copy(which), where) for which in (0, -1) for where in (True, False)),
    ),
    "broadcast-axes-from-the-left": Mistake(
        "The axes were lined up from the left, so the wrong ones were added up. NumPy lines shapes "
        "up from the right: new axes come in front.",
        "An array of shape (3,) is stretched to (4, 3). Which of the two axes is new?",
        {
            "without_new_axes": lambda s, grad, shape: s.added_up(
                grad, tuple(range(len(shape), grad.ndim)), False
            )
        },
    ),
    "broadcast-loses-axis": Mistake(
        "An axis with a single entry was lost. A gradient has exactly the shape of what it "
        "belongs to.",
        "Compare your result's shape with the one that is asked for, axis by axis.",
        {"without_stretching": _squeezed},
    ),
    "broadcast-all-summed": Mistake(
        "Everything was added up into one number. Only the copies of the same number belong "
        "together.",
        "Which axes did the array have before it was stretched, and are they still there?",
        {"summed_back": lambda s, grad, shape: grad.sum()},
        {"summed_back": lambda s, grad, shape: np.full(shape, grad.sum())},
    ),
    "broadcast-reshaped": Mistake(
        "The shape is right, the numbers are not: cutting or regrouping adds nothing up.",
        "Is every entry of the gradient that came in somewhere in your result?",
        {"summed_back": lambda s, grad, shape: np.resize(grad, shape)},
    ),
}
