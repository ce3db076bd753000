"""Mistakes in counting a backward pass, in forward mode, and in going back from a checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers, Override


def _count(formula: Callable[[Steps, Any, int, bool], int]) -> Override:
    """Return another count: of the layers' sizes, the examples, and whether dX is asked for."""
    return {
        "backward_multiplications": lambda s, sizes, examples, with_dX: formula(
            s, sizes, examples, with_dX
        )
    }


def _counted_too(formula: Callable[[Steps, Any, int, bool], int]) -> Override:
    """Return the right count, and that on top of it."""
    right = Steps.backward_multiplications
    return _count(lambda s, *given: right(s, *given) + formula(s, *given))


def _neurons(s: Steps, sizes: Any, examples: int) -> int:
    return int(examples * sum(sizes[1:]))


COUNTING = {
    "input-blame-counted": Mistake(
        "The blame of the inputs is counted although nobody asks for it. Without it, the first "
        "layer only has to make its own gradients.",
        "Which of the two products of the first layer does training need?",
        {"handing_back": lambda s, sizes, with_dX: sizes},
    ),
    "input-blame-counted-twice": Mistake(
        "With the blame of the inputs, the first layer's handing back is counted twice: it is "
        "added to a count that has it already.",
        "How often does the first layer hand back, and for which of your sums is that in?",
        _count(lambda s, sizes, n, dX: 2 * s.products(sizes, n) + dX * s.products(sizes[:2], n)),
        _counted_too(lambda s, sizes, n, dX: dX * s.products(sizes[:2], n)),
    ),
    "input-blame-left-out": Mistake(
        "The blame of the inputs is left out although it is asked for: then the first layer hands "
        "back as all others do.",
        "Which part of your count depends on what is asked for?",
        _count(lambda s, sizes, n, dX: s.products(sizes, n) + s.products(sizes[1:], n)),
    ),
    "layer-around-the-corner": Mistake(
        "A layer is counted that does not exist, from the outputs back to the inputs: `sizes[i - "
        "1]` is the last size if i is 0.",
        "Which two sizes does your loop multiply in its first turn?",
        _counted_too(lambda s, sizes, n, dX: 2 * s.products([sizes[-1], sizes[0]], n)),
        _counted_too(lambda s, sizes, n, dX: s.products([sizes[-1], sizes[0]], n)),
    ),
    "last-layer-left-out": Mistake(
        "The layer that need not hand its blame back is the first one: there is nobody before it "
        "but the inputs. You left out the last one.",
        "To whom does the last layer hand its blame, and to whom the first?",
        {"handing_back": lambda s, sizes, with_dX: sizes if with_dX else sizes[:-1]},
    ),
    "input-blame-turned-round": Mistake(
        "The blame of the inputs is counted where nobody asks for it, and left out where somebody "
        "does.",
        "Which count should be larger, the one with dX or the one without, and which is yours?",
        {"handing_back": lambda s, sizes, with_dX: sizes[1:] if with_dX else sizes},
    ),
    "first-layer-left-out": Mistake(
        "The first layer is left out altogether. It need not hand its blame back, but its weights "
        "get gradients like all others.",
        "Which products does a network of a single layer need?",
        _count(lambda s, sizes, n, dX: (2 + dX) * s.products(sizes[1:], n)),
        _count(lambda s, sizes, n, dX: 2 * s.products(sizes if dX else sizes[1:], n)),
    ),
    "layer-sizes-added": Mistake(
        "The sizes of two layers were added. Every neuron of one meets every neuron of the other, "
        "so they are multiplied.",
        "How many weights lie between 3 neurons and 2?",
        {"products": lambda s, sizes, examples: examples * sum(map(sum, pairwise(sizes)))},
    ),
    "one-product-counted": Mistake(
        "Only one of the two products of each layer is counted. A layer makes the gradient of its "
        "weights, and it hands its blame back.",
        "Write down the two lines of the backward pass that have a matrix product in them.",
        _count(lambda s, sizes, n, dX: s.products(sizes, n)),
        _count(lambda s, sizes, n, dX: s.products(s.handing_back(sizes, dX), n)),
    ),
    "no-layer-hands-back": Mistake(
        "Layers that hand blame back were left out. Only the first one can leave that out, when "
        "nobody asks for the blame of the inputs: every other layer's gradients are made of what "
        "the next one handed it.",
        "What does the second layer do for the first, whether the inputs are asked for or not?",
        {"handing_back": lambda s, sizes, with_dX: sizes if with_dX else sizes[:1]},
        {"handing_back": lambda s, sizes, with_dX: sizes[:2] if with_dX else sizes[:1]},
    ),
    "examples-left-out": Mistake(
        "The number of examples is missing from the count, or from a part of it. Every example "
        "goes through all the weights.",
        "What happens to the count when the batch is twice as large?",
        {"products": lambda s, sizes, examples: Steps().products(sizes, 1)},
        _count(
            lambda s, sizes, n, dX: s.products(sizes, n) + s.products(s.handing_back(sizes, dX), 1)
        ),
        _count(
            lambda s, sizes, n, dX: s.products(sizes, 1) + s.products(s.handing_back(sizes, dX), n)
        ),
    ),
    "forward-pass-counted": Mistake(
        "The forward pass is counted too. The question is what the backward pass takes.",
        "How many products does each layer take in the backward pass?",
        _counted_too(lambda s, sizes, n, dX: s.products(sizes, n)),
    ),
    "neurons-counted": Mistake(
        "Neurons are counted where weights are meant. Between two layers there is a weight for "
        "each pair of neurons.",
        "How many weights lead from 3 neurons to 2?",
        {"products": _neurons},
        _count(lambda s, sizes, n, dX: 2 * s.products(sizes, n) - (not dX) * n * sizes[0]),
    ),
    "biases-counted": Mistake(
        "Biases are counted as weights. The gradient of a bias is a sum: nothing is multiplied.",
        "Which products does the gradient of a bias take?",
        {"products": lambda s, sizes, n: Steps().products(sizes, n) + _neurons(s, sizes, n)},
    ),
}


def _seed(
    size: Callable[..., Array], columns: Callable[[int, int], Any] = lambda i, j: [j]
) -> Override:
    """Return a seed of this size in these columns."""

    def seed(s: Steps, As: list[Array], k: int, i: int, j: int, width: int) -> Array:
        moves = np.zeros((len(As[k]), width))
        moves[:, columns(i, j)] = size(As, k, i, j)
        return moves

    return {"seed": seed}


def _from_the_start(begin: Callable[[Array], Array], biases: int) -> Callable[..., float]:
    """Return a pass in which something moves from the first layer on, with the biases or not."""

    def forward_mode(s: Steps, X: Array, Y: Array, layers: Layers, k: int, i: int, j: int) -> float:
        _, As = s.forward_pass(X, layers)
        moves = begin(X)
        for each, (W, b) in enumerate(layers):
            moves = moves @ W + biases * b
            if each == k:
                moves = moves + s.seed(As, k, i, j, W.shape[1])
            moves = moves * As[each + 1] * (1 - As[each + 1])
        return s.loss_moves(moves, As[-1], Y)

    return forward_mode


def _one_before(s: Steps, X: Array, Y: Array, layers: Layers, k: int, i: int, j: int) -> float:
    """Count the layers from 1 in a loop: for k = 0 nothing ever moves."""
    return Steps.forward_mode(s, X, Y, layers, k - 1, i, j) if k else 0.0


def _with_slopes(taken: Callable[[int, int], bool]) -> Override:
    """Return forward mode with a slope only in these layers, told by their place and k."""

    def forward_mode(s: Steps, X: Array, Y: Array, layers: Layers, k: int, i: int, j: int) -> float:
        Zs, As = s.forward_pass(X, layers)
        moves = s.seed(As, k, i, j, layers[k][0].shape[1])
        for each in range(k, len(layers)):
            moves = s.carried(moves, *layers[each]) if each > k else moves
            moves = moves * s.slope(Zs[each]) if taken(each, k) else moves
        return s.loss_moves(moves, As[-1], Y)

    return {"forward_mode": forward_mode}


def _with_bent_speed(bent: Callable[[int, int], bool]) -> Callable[..., float]:
    """Return forward mode in which the sigmoid of the speed is taken in these layers."""

    def forward_mode(s: Steps, X: Array, Y: Array, layers: Layers, k: int, i: int, j: int) -> float:
        Zs, As = s.forward_pass(X, layers)
        moves = np.zeros_like(X)
        for each, (W, b) in enumerate(layers):
            moves = s.carried(moves, W, b)
            if each == k:
                moves = moves + s.seed(As, k, i, j, W.shape[1])
            moves = s.activation(moves) if bent(each, k) else moves * s.slope(Zs[each])
        return s.loss_moves(moves, As[-1], Y)

    return forward_mode


FORWARD_MODE = {
    "slope-missing-in-forward-mode": Mistake(
        "In one layer or more, the speed has not been through the activation. From Z to A "
        "it is multiplied by the slope, in every layer from the weight on.",
        "For each layer behind the weight: where does its Z's speed become its A's?",
        _with_slopes(lambda each, k: False),
        _with_slopes(lambda each, k: each == k),
        _with_slopes(lambda each, k: each > k),
    ),
    "speed-through-the-curve": Mistake(
        "The speed was put through the sigmoid as if it were a value. From Z to A a speed is "
        "multiplied by the slope of the sigmoid there.",
        "If Z stands still, how fast does A move? And what does your line give for a speed of 0?",
        {"forward_mode": _with_bent_speed(lambda each, k: True)},
        {"forward_mode": _with_bent_speed(lambda each, k: each >= k)},
        {"forward_mode": _with_bent_speed(lambda each, k: each > k)},
    ),
    "seed-without-input": Mistake(
        "The weight's own step is missing what came in: when a weight grows by 1, its neuron's z "
        "grows by the activation that comes in over it, not by 1.",
        "z is a sum of products. What is the slope of one of them with respect to its weight?",
        {"seed_size": lambda s, a: np.ones_like(a)},
        {
            "forward_mode": lambda s, X, Y, layers, k, i, j: Steps.forward_mode(
                Steps({"seed_size": lambda s, a: np.full_like(a, layers[k][0][i, j])}),
                *(X, Y, layers, k, i, j),
            )
        },
    ),
    "bias-carried": Mistake(
        "The bias was added to what moves. A bias stands still here, whatever the weight does.",
        "Of a sum of three parts, only one moves. How fast does the sum move?",
        {"carried": lambda s, moves, W, b: moves @ W + b},
        {"forward_mode": _from_the_start(np.zeros_like, 1)},
    ),
    "carried-transposed": Mistake(
        "In the forward pass W is used as it is. Its transpose leads back.",
        "From which neuron to which does an entry of W lead, and which way do you go?",
        {"carried": lambda s, moves, W, b: moves @ W.T},
    ),
    "seed-indices-exchanged": Mistake(
        "The two indices of the weight are exchanged: the row says where it comes from, the column "
        "which neuron it leads to.",
        "Which neuron's z moves when W[0, 2] does?",
        _seed(lambda As, k, i, j: As[k][:, [j]], lambda i, j: [i]),
    ),
    "seed-times-weight": Mistake(
        "The weight's value is in its own speed. When a weight grows by 1, its neuron's z grows by "
        "what comes in over it, however large the weight is.",
        "Which factor in your first step would be 0 for a weight of 0? Does such a weight have no "
        "gradient?",
        {
            "forward_mode": lambda s, X, Y, layers, k, i, j: Steps.forward_mode(
                Steps({"seed_size": lambda s, a: a * layers[k][0][i, j]}), *(X, Y, layers, k, i, j)
            )
        },
    ),
    "seed-with-output": Mistake(
        "The weight's own step was made with what comes out of the layer. It is multiplied with "
        "what comes in over the weight.",
        "z is a sum of products. Which number is this weight multiplied by in it?",
        _seed(lambda As, k, i, j: As[k + 1][:, [j]]),
        _seed(lambda As, k, i, j: As[k + 1][:, [i]]),
    ),
    "seed-in-every-neuron": Mistake(
        "You set more than one neuron moving: all of the layer, or the inputs as well. A weight "
        "leads to a single one.",
        "Which column of Z does W[i, j] have a part in, and does X move with it?",
        _seed(lambda As, k, i, j: As[k][:, [i]], lambda i, j: slice(None)),
        {"forward_mode": _from_the_start(np.ones_like, 0)},
    ),
    "layers-counted-from-one": Mistake(
        "That is the slope of a weight of another layer: k counts the layers from 0, as a list "
        "does.",
        "Which pair of the list is the one of k = 0?",
        {"seeded_layer": lambda s, k: k - 1},
        {"seeded_layer": lambda s, k: k + 1},
        {"forward_mode": _one_before},
    ),
    "loss-not-reached": Mistake(
        "You add up how fast the outputs move, but not what that does to the loss: each output "
        "counts by its blame.",
        "One more slope lies between the outputs and the loss. Which?",
        {"loss_moves": lambda s, moves, A, Y: float(s.mean(moves).sum())},
        {"loss_moves": lambda s, moves, A, Y: float(moves.sum())},
    ),
}


def _slope_of_checkpoint(
    s: Steps, X: Array, checkpoint: Array, k: int, dA: Array, layers: Layers
) -> Layers:
    """Take the checkpoint for what came out of the layer before it."""
    Z = np.log(checkpoint / (1 - checkpoint))  # the Z that would have given it
    at_border: Override = {"slope_argument": lambda s, Zs, k: Z if k == len(Zs) - 1 else Zs[k]}
    late, handed = s.stretch_back(checkpoint, layers[k:], dA)
    return Steps(*s.overrides, at_border).stretch_back(X, layers[:k], handed)[0] + late


def _gradient_from_the_first(
    s: Steps, X: Array, checkpoint: Array, k: int, dA: Array, layers: Layers
) -> Layers:
    came_out = s.forward_pass(X, layers[:k])[1][-1]
    at_border: Override = {"incoming": lambda s, As, n: came_out if n == 0 else As[n]}
    late, _ = Steps(*s.overrides, at_border).stretch_back(checkpoint, layers[k:], dA)
    return Steps.with_checkpoint(s, X, checkpoint, k, dA, layers)[:k] + late


def _slope_at_the_border_twice(
    s: Steps, X: Array, checkpoint: Array, k: int, dA: Array, layers: Layers
) -> Layers:
    def handed_over(own: Steps, handed: Array, given: Array) -> Array:
        return Steps.handed_over(own, handed, given) * checkpoint * (1 - checkpoint)

    twice = Steps(*s.overrides, {"handed_over": handed_over})
    return Steps.with_checkpoint(twice, X, checkpoint, k, dA, layers)


def _no_slope_at_the_border(
    s: Steps, X: Array, checkpoint: Array, k: int, dA: Array, layers: Layers
) -> Layers:
    """Take the blame that is handed over for that at the first stretch's last Z."""
    late, handed = s.stretch_back(checkpoint, layers[k:], dA)
    slope = s.slope(s.forward_pass(X, layers[:k])[0][-1])
    return s.stretch_back(X, layers[:k], handed / slope)[0] + late


CHECKPOINTS = {
    "checkpoint-ignored": Mistake(
        "The second stretch was run from X, through all the layers. The checkpoint is there so "
        "that nobody has to begin at the front.",
        "What came into the layer at position k?",
        {"second_input": lambda s, X, checkpoint, first: s.forward_pass(X, first)[1][-1]},
    ),
    "stretch-from-the-wrong-end": Mistake(
        "A stretch was run from the wrong place: the first one begins at X, the second one at the "
        "checkpoint.",
        "What comes into the first layer of each stretch?",
        {"second_input": lambda s, X, checkpoint, first: X},
        {"first_input": lambda s, X, checkpoint: checkpoint},
    ),
    "checkpoint-in-wrong-place": Mistake(
        "The chain is cut at the wrong layer: the checkpoint is what comes into the layer at "
        "position k, counted from 0.",
        "How many layers lie before the checkpoint, and how many behind it?",
        {"cut_at": lambda s, k: k - 1},
        {"cut_at": lambda s, k: k + 1},
    ),
    "slope-from-the-checkpoint": Mistake(
        "At the border the slope was made of the checkpoint. It is what comes into the second "
        "stretch; the slope of the first one's last layer belongs to what that layer itself gave.",
        "Which stretch ends at the border, and what comes out if its last layer is run too?",
        {"with_checkpoint": _slope_of_checkpoint},
    ),
    "gradient-without-checkpoint": Mistake(
        "The weights' gradient at the border was made with what the first stretch gave when it was "
        "run again. What came into the second stretch is the checkpoint.",
        "Which array was multiplied by the weights of the layer at position k?",
        {"with_checkpoint": _gradient_from_the_first},
    ),
    "slope-missing-at-the-border": Mistake(
        "What the second stretch hands back is blame at A. Here it was taken for blame at Z, "
        "without the slope of the layer it comes to.",
        "Which slope lies between the A that the first stretch ends with and its Z?",
        {"with_checkpoint": _no_slope_at_the_border},
    ),
    "slope-at-the-border-twice": Mistake(
        "At the border the blame was multiplied by the slope of the checkpoint before the first "
        "stretch began. The last layer of that stretch does it itself.",
        "How often does the slope of that layer come into your first gradients?",
        {"with_checkpoint": _slope_at_the_border_twice},
    ),
    "blame-not-handed-over": Mistake(
        "The first stretch was given the blame of the last layer's output. It gets what the second "
        "stretch has handed back.",
        "Who hands its blame to the last layer of the first stretch?",
        {"handed_over": lambda s, handed, given: given},
    ),
}
