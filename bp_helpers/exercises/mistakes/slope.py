"""Mistakes with an activation's slope."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers, Override


def _slope_is(wrong: Callable[[Steps, Array], Array]) -> tuple[Override, ...]:
    """Return the ways to take a wrong slope: everywhere, at the output, in hidden layers."""
    return (
        {"slope": wrong},
        {"output_delta": lambda s, dA, Z: dA * wrong(s, Z)},
        {"hidden_delta": lambda s, dA, Z: s.arriving(dA) * wrong(s, Z)},
    )


def _delta_with(slope_at: Callable[[Array], Array]) -> Override:
    """Return the way to multiply the output's blame by a slope at the targets."""
    return {"delta_squared_error": lambda s, Z, Y: s.output_blame(s.activation(Z), Y) * slope_at(Y)}


def _spread(Z: Array, slopes: Array) -> Array:
    return np.zeros_like(Z) + slopes


def _is_largest(Z: Array, axis: int | None) -> Array:
    return np.asarray(Z.max(axis=axis, keepdims=True) == Z)


def _as_if_at_z(s: Steps, X: Array, checkpoint: Array, k: int, dA: Array, layers: Layers) -> Layers:
    """Take the blame at the last layer's A for that at its Z."""
    slope = s.slope(s.forward_pass(checkpoint, layers[k:])[0][-1])
    return Steps.with_checkpoint(s, X, checkpoint, k, dA / slope, layers)


def _first_slope_missing(s: Steps, X: Array, Y: Array, layers: Layers) -> Array:
    """Hand the first layer's blame back to the inputs as it arrives there, all else being right."""
    steps = Steps()
    delta, W = steps.backward_pass(X, Y, layers)[1]
    return steps.hand_back(delta / steps.slope(steps.forward_pass(X, layers)[0][0]), W)


SLOPE = {
    "slope-missing-output": Mistake(
        "In the last layer the slope of the activation is missing. Between A and Z, blame (going "
        "back) and speed (going forward) are multiplied by it.",
        "What lies between A and Z of the outputs?",
        {"output_delta": lambda s, dA, Z: dA},
        {"with_checkpoint": _as_if_at_z},
    ),
    "slope-at-activation": Mistake(
        "The slope was taken at A. It belongs to what went into the activation, Z: the activation "
        "was applied twice.",
        "If you have A already, the sigmoid needs no second call to tell its slope.",
        *_slope_is(lambda s, Z: Steps().slope(s.activation(Z))),
    ),
    "slope-of-z": Mistake(
        "Z is used in the formula for the slope where A belongs. The short form of the sigmoid's "
        "slope is in terms of its output.",
        "A slope of the sigmoid is never negative and never above 1/4. Are yours?",
        *_slope_is(lambda s, Z: Z * (1 - Z)),
        *_slope_is(lambda s, Z: s.activation(Z) * (1 - Z)),
        *_slope_is(lambda s, Z: Z * (1 - s.activation(Z))),
    ),
    "slope-of-target": Mistake(
        "The slope was taken at the targets. It belongs to where the network is, its own "
        "activations, not to where it should be.",
        "At which point of the sigmoid does the output stand now? The slope there is what counts.",
        _delta_with(lambda Y: Y * (1 - Y)),
        _delta_with(Steps().slope),
    ),
    "slope-incomplete": Mistake(
        "Half of the sigmoid's slope is missing: the slope is small at both ends of the curve, "
        "near 0 and near 1.",
        "What is your slope for an activation of 0.99, and for one of 0.01?",
        *_slope_is(lambda s, Z: s.activation(Z)),
        *_slope_is(lambda s, Z: 1 - s.activation(Z)),
    ),
    "slope-of-tanh": Mistake(
        "That is the slope of tanh. These neurons are sigmoids.",
        "How steep is the sigmoid in its middle, where it is 1/2?",
        *_slope_is(lambda s, Z: 1 - s.activation(Z) ** 2),
        *_slope_is(lambda s, Z: 1 - np.tanh(Z) ** 2),
    ),
    "slope-of-relu": Mistake(
        "That is the slope of ReLU. These neurons are sigmoids.",
        "How steep is the sigmoid in its middle, where it is 1/2?",
        *_slope_is(lambda s, Z: (Z > 0) * 1.0),
    ),
    "slope-with-plus": Mistake(
        "A sign inside the sigmoid's slope is wrong: it grows with the activation, and it should "
        "be small at both ends of the curve.",
        "What is your slope for an activation of 0.99, and for one of 0.01?",
        *_slope_is(lambda s, Z: s.activation(Z) * (1 + s.activation(Z))),
    ),
    "slope-twice": Mistake(
        "The activation's slope is in there twice.",
        "Has the blame that you start from been through this activation already?",
        *_slope_is(lambda s, Z: Steps().slope(Z) ** 2),
    ),
    "divided-by-slope": Mistake(
        "The blame is divided by the activation's slope, where it should be multiplied by it. The "
        "error is divided by it in one place only: where cross-entropy hands back to A.",
        "Where the activation is nearly flat, should much blame arrive at Z, or hardly any?",
        *_slope_is(lambda s, Z: 1 / Steps().slope(Z)),
    ),
    "slope-averaged": Mistake(
        "A mean of the slopes was used. Each neuron has its own slope, and a different one in "
        "each example.",
        "How many slopes are there for 5 examples of 3 neurons, and how many have you?",
        *_slope_is(lambda s, Z: _spread(Z, Steps().slope(Z).mean(axis=0))),
        {"slope": lambda s, Z: _spread(Z, Steps().slope(Z).mean(axis=1, keepdims=True))},
        {"slope": lambda s, Z: _spread(Z, Steps().slope(Z).mean())},
        {"slope": lambda s, Z: _spread(Z, Steps().slope(Z.mean(axis=0)))},
    ),
    "slope-constant": Mistake(
        "The slope is the same number everywhere, 1/4. That is the steepest that a sigmoid gets, "
        "in its middle; everywhere else it is flatter.",
        "What is the slope where A is 1/2, and what where it is 0.99?",
        *_slope_is(lambda s, Z: np.full_like(Z, 0.25)),
    ),
    "slope-of-another-activation": Mistake(
        "That is the slope of another activation, such as SiLU or the hard sigmoid. The neurons "
        "are sigmoids.",
        "What is your slope at Z = 0, where that of a sigmoid is 1/4, and far from there?",
        *_slope_is(lambda s, Z: 0.2 * (np.abs(Z) < 2.5)),
        *_slope_is(lambda s, Z: (np.abs(Z) < 3) / 6),
        *_slope_is(lambda s, Z: s.activation(Z) + Z * Steps().slope(Z)),
        *_slope_is(lambda s, Z: s.activation(Z) * (1 + Z * (1 - s.activation(Z)))),
    ),
    "slope-missing-hidden": Mistake(
        "The slope of the activation is missing in a hidden layer, or in several layers. Between A "
        "and Z, blame (going back) and speed (going forward) are multiplied by it.",
        "How much does this neuron's A move when its Z does?",
        {"hidden_delta": lambda s, dA, Z: s.arriving(dA)},
        {"input_gradient": _first_slope_missing},
    ),
    "local-slope-only": Mistake(
        "There is a local slope without blame: what arrived from further on is missing there. "
        "Along a path, blame and slope are multiplied.",
        "Each path to the result carries blame. Which of your terms has none in it?",
        {"output_delta": lambda s, dA, Z: s.slope(Z)},
        {"output_delta": lambda s, dA, Z: s.mean(s.slope(Z))},
        {"hidden_delta": lambda s, dA, Z: s.slope(Z)},
        {"relu_delta": lambda s, dA, Z: s.relu_slope(Z) > 0},
        {"circuit_gradient": lambda s, a, b: (b + 1, a + 1)},
        {"share": lambda s, node, slope: slope},
        {"handed_on": lambda s, delta: np.ones_like(delta)},
        {"both_ways": lambda s, around, through: 1 + through},
    ),
    "blame-and-slope-added": Mistake(
        "Blame and slope were added. A slope says how many times as far something moves, so the "
        "two are multiplied.",
        "Where the slope is 0, nothing gets through. What comes out of your line there?",
        {"output_delta": lambda s, dA, Z: dA + s.slope(Z)},
        {"hidden_delta": lambda s, dA, Z: s.arriving(dA) + s.slope(Z)},
        {"relu_delta": lambda s, dA, Z: s.arriving(dA) + s.relu_slope(Z)},
        {"share": lambda s, node, slope: node.grad + slope},
    ),
    "slope-of-wrong-layer": Mistake(
        "The slope belongs to another layer than the blame.",
        "In the loop, whose Z or A do you use, and whose blame is it multiplied with?",
        {"slope_argument": lambda s, Zs, k: Zs[min(k + 1, len(Zs) - 1)]},
        {"slope_argument": lambda s, Zs, k: Zs[max(k - 1, 0)]},
        {"slope_argument": lambda s, Zs, k: Zs[-1]},
    ),
    "relu-mask-missing": Mistake(
        "The blame went through as if no neuron had been off. A mask made with >= from what "
        "came out of the ReLU is always true, and one that asks whether Z differs from 0 nearly "
        "always.",
        "Take a neuron with Z = -2. With what is its blame multiplied?",
        {"relu_slope": lambda s, Z: np.ones_like(Z)},
    ),
    "relu-slope-between": Mistake(
        "Z itself was taken for the slope, cut off at 0 and 1. The slope of ReLU is 0 or 1, and "
        "nothing between.",
        "What is the slope of ReLU at Z = 0.3, and what is yours?",
        {"relu_slope": lambda s, Z: np.clip(Z, 0, 1)},
    ),
    "relu-mask-reversed": Mistake(
        "The mask is the wrong way round. Blame should go through where the neuron was on, and "
        "stop where it was off; what came out of a ReLU is never below 0.",
        "What is the slope of ReLU at Z = 3, and at Z = -3?",
        {"relu_slope": lambda s, Z: (Z < 0) * 1.0},
    ),
    "relu-mask-threshold": Mistake(
        "The mask asks whether Z is above a number other than 0. ReLU bends at 0, so a neuron with "
        "a small positive Z is on.",
        "What is the slope of ReLU at Z = 0.001, and what is yours?",
        *(
            {"relu_slope": lambda s, Z, at=at: np.greater(Z, at) * 1.0}
            for at in (1e-7, -1e-7, -0.01, 0.1, -0.1, 0.5, -0.5, 1.0, -1.0)
        ),
    ),
    "relu-slope-below-zero": Mistake(
        "Below 0 something goes through, as in a leaky ReLU or an absolute value. ReLU is flat "
        "there.",
        "What is the slope of ReLU at Z = -3?",
        *(
            {"relu_slope": lambda s, Z, low=low: np.where(Z > 0, 1.0, low)}
            for low in (0.01, 0.1, 0.2, -1.0)
        ),
        {"relu_delta": lambda s, dA, Z: np.where(Z > 0, s.arriving(dA), Z)},
    ),
    "relu-mask-too-wide": Mistake(
        "One answer serves a whole example, or a whole neuron. Each neuron is on or off by itself, "
        "in each example anew.",
        "How many numbers should the mask have, and how many has yours?",
        *(
            {"relu_slope": lambda s, Z, on=on, axis=axis: on(Z, axis) * np.ones_like(Z)}
            for axis in (0, 1)
            for on in (
                lambda Z, axis: Z.sum(axis=axis, keepdims=True) > 0,
                lambda Z, axis: (Z > 0).any(axis=axis, keepdims=True),
                lambda Z, axis: (Z > 0).all(axis=axis, keepdims=True),
                lambda Z, axis: Z.take([0], axis=axis) > 0,
            )
        ),
    ),
    "relu-largest-only": Mistake(
        "Only the neuron with the largest Z got blame. A ReLU compares each neuron with 0, by "
        "itself: as many let blame through as are on.",
        "Of three neurons at 1, 2 and 3, how many are on, and how many of yours get blame?",
        *(
            {"relu_slope": lambda s, Z, axis=axis, low=low: _is_largest(Z, axis) * (low < Z)}
            for axis in (1, 0, None)
            for low in (-np.inf, 0)
        ),
    ),
    "picked-by-mask": Mistake(
        "A mask in square brackets picks entries out: what is left is a plain row of them, and "
        "where each one came from is lost. Where a neuron was off, there should be a 0.",
        "How many numbers come out, and how many neurons and examples are there?",
        {"relu_delta": lambda s, dA, Z: dA[Z > 0]},
        {"relu_delta": lambda s, dA, Z: dA[Z < 0]},
    ),
    "relu-mask-on-blame": Mistake(
        "The blame has a say in what passes. What counts is whether the neuron was on, and that "
        "is in Z; negative blame passes as well as positive.",
        "Which array knows on which side of the kink the neuron was, and is any other needed?",
        {"relu_delta": lambda s, dA, Z: dA * (dA > 0)},
        {"relu_delta": lambda s, dA, Z: s.relu_slope(Z) * np.maximum(s.arriving(dA), 0)},
        {"relu_delta": lambda s, dA, Z: dA * (dA < 0)},
        {"relu_delta": lambda s, dA, Z: dA * (dA < Z)},
    ),
    "blame-cut-at-zero": Mistake(
        "Negative blame was cut off on its way back through the weights. All of it goes back, "
        "negative as well as positive.",
        "A negative share of the blame says that a larger activation lowers the loss. Where does "
        "yours go?",
        {"handed_on": lambda s, delta: np.maximum(delta, 0)},
    ),
    "relu-value-for-slope": Mistake(
        "Going back, the blame was multiplied by what came out of the ReLU. Only slopes belong "
        "there: 1 or 0 from the ReLU and, where there is dropout, its factor.",
        "ReLU passes on a positive Z as it is: how much does a nudge grow on the way?",
        {"relu_slope": lambda s, Z: np.maximum(Z, 0)},
    ),
    "sigmoid-slope-for-relu": Mistake(
        "That is the slope of another activation, one with a bent curve. This layer is a ReLU.",
        "Draw ReLU. It has two straight parts: which slope has each?",
        {"relu_slope": lambda s, Z: Steps().slope(Z)},
        {"relu_slope": lambda s, Z: 1 - np.tanh(Z) ** 2},
        {"relu_slope": lambda s, Z: np.maximum(Z, 0) * (1 - np.maximum(Z, 0))},
    ),
}
