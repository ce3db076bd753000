"""Mistakes in gradient descent: the update, training, and the step that was published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers, Override


def _published_without_rate(layer: int) -> Callable[..., float]:
    """Return the published step in which one layer's gradient is taken away whole."""

    def published_loss(s: Steps, eta: float, **given: Any) -> float:
        def change_without_rate(s: Steps, layers: Layers, k: int, change: Array) -> Array:
            return np.asarray(layers[k][0] - (change / eta if k == layer else change))

        def update(s: Steps, layers: Layers, pairs: Layers, learning_rate: float) -> Layers:
            more = [(dW / eta, db) if k == layer else (dW, db) for k, (dW, db) in enumerate(pairs)]
            return Steps.update(s, layers, more, learning_rate)

        whole: Override = {"weights_too_early": change_without_rate, "update": update}
        return Steps.published_loss(Steps(*s.overrides, whole), eta=eta, **given)

    return published_loss


def _updated_only(which: slice) -> Callable[..., Layers]:
    """Return an update of these layers alone."""

    def update(s: Steps, layers: Layers, pairs: Layers, learning_rate: float) -> Layers:
        new = list(layers)
        new[which] = Steps.update(s, layers, pairs, learning_rate)[which]
        return new

    return update


ONLY_FIRST, ONLY_LAST = _updated_only(slice(1)), _updated_only(slice(-1, None))


def _published_with(update: Callable[..., Layers]) -> Callable[..., float]:
    """Return the loss after a published step with this update, which comes after all the blame."""
    late: Override = {"weights_too_early": lambda s, layers, k, change: layers[k][0]}
    return lambda s, **given: Steps.published_loss(
        Steps(*s.overrides, late, {"update": update}), **given
    )


def _not_reset(
    s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float, steps: int
) -> Layers:
    total = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    for _ in range(steps):
        pairs, _ = s.backward_pass(X, Y, layers, learning_rate)
        total = [
            (sum_W + dW, sum_b + db) for (sum_W, sum_b), (dW, db) in zip(total, pairs, strict=True)
        ]
        layers = s.update(layers, total, learning_rate)
    return layers


def _not_renewed(
    s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float, steps: int
) -> Layers:
    pairs, _ = s.backward_pass(X, Y, layers, learning_rate)
    for k in range(s.step_count(X, steps)):
        layers = s.update(layers, pairs, s.rate_in(k, learning_rate))
    return layers


def _one_example_in_turn(
    s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float, steps: int
) -> Layers:
    for k in range(s.step_count(X, steps)):
        row = slice(k % len(X), k % len(X) + 1)
        layers = s.training_step(X[row], Y[row], layers, s.rate_in(k, learning_rate))
    return layers


def _step_for_each(size: int, smaller: bool = False) -> Callable[..., Layers]:
    """Return a step for each mini-batch of this size; `smaller` is with an Nth of the rate."""

    def training_step(s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float) -> Layers:
        rate = learning_rate / len(X) if smaller else learning_rate
        for k in range(0, len(X), size):
            rows = slice(k, k + size)
            layers = Steps.training_step(s, X[rows], Y[rows], layers, rate)
        return layers

    return training_step


def _on_the_first(count: Callable[[int], int]) -> Callable[..., Layers]:
    """Return a step that sees so many of the examples, of so many in all."""

    def training_step(s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float) -> Layers:
        rows = slice(count(len(X)))
        return Steps.training_step(s, X[rows], Y[rows], layers, learning_rate)

    return training_step


def _split_among_the_steps(
    s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float, steps: int
) -> Layers:
    for rows in np.array_split(np.arange(len(X)), min(steps, len(X))):
        layers = Steps.training_step(s, X[rows], Y[rows], layers, learning_rate)
    return layers


def _in_turn(size: int) -> Callable[..., Layers]:
    """Return training in which each step takes the next mini-batch of this size."""

    def train(
        s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float, steps: int
    ) -> Layers:
        for k in range(s.step_count(X, steps)):
            start = k % -(-len(X) // size) * size
            rows, rate = slice(start, start + size), s.rate_in(k, learning_rate)
            layers = Steps.training_step(s, X[rows], Y[rows], layers, rate)
        return layers

    return train


def _with_momentum(mu: float, share: float) -> Override:
    def train(
        s: Steps, X: Array, Y: Array, layers: Layers, learning_rate: float, steps: int
    ) -> Layers:
        v = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
        for k in range(s.step_count(X, steps)):
            pairs, _ = s.backward_pass(X, Y, layers, learning_rate)
            v = [
                (mu * vW + share * dW, mu * vb + share * db)
                for (vW, vb), (dW, db) in zip(v, pairs, strict=True)
            ]
            layers = s.update(layers, v, s.rate_in(k, learning_rate))
        return layers

    return {"train": train}


def _with_decay(share: float) -> tuple[Override, ...]:
    """Return an update in which the weights, or all parameters, shrink by a share as well."""
    shrinks = {
        "update_W": lambda s, W, dW, rate: W - rate * (dW + share * W),
        "update_b": lambda s, b, db, rate: b - rate * (db + share * b),
    }
    return {"update_W": shrinks["update_W"]}, shrinks


LEARNING = {
    "uphill": Mistake(
        "Parameters moved along the gradient, to where the loss is larger: either the update adds "
        "where it should take away, or the error at the output is target minus output.",
        "The gradient points to where the loss grows fastest. Where do you want to go?",
        {"step_size": lambda s, learning_rate: -learning_rate},
        {
            "training_step": lambda s, X, Y, layers, learning_rate: Steps.training_step(
                s, X, Y, layers, -learning_rate
            )
        },
        {"update_W": lambda s, W, dW, rate: W + rate * dW},
        {"update_b": lambda s, b, db, rate: b + rate * db},
    ),
    "nothing-moved": Mistake(
        "The layers came back as they were.",
        "Where do the new values go, and are they what you return?",
        {"update": lambda s, layers, pairs, learning_rate: layers},
    ),
    "bias-never-updated": Mistake(
        "The biases have not moved. A bias is a parameter like the weights and has its gradient.",
        "How many arrays does each layer have, and how many does your update touch?",
        {"update_b": lambda s, b, db, rate: b},
    ),
    "weights-never-updated": Mistake(
        "The weights have not moved, only the biases.",
        "How many arrays does each layer have, and how many does your update touch?",
        {"update_W": lambda s, W, dW, rate: W},
    ),
    "moved-by-another-gradient": Mistake(
        "The weights moved along the gradient of the biases. Each array moves along its own, which "
        "has its shape.",
        "Which gradient has the shape of W, and which that of b?",
        {
            "update": lambda s, layers, pairs, learning_rate: [
                (W - s.step_size(learning_rate) * db, b - s.step_size(learning_rate) * db)
                for (W, b), (_, db) in zip(layers, pairs, strict=True)
            ]
        },
    ),
    "one-layer-updated": Mistake(
        "In some layers the step does not show: either they were not updated, or something made "
        "with their old values is used again. Every layer takes a step.",
        "How often does the update run? And which lines behind it still have values from before?",
        {"update": ONLY_LAST},
        {"update": ONLY_FIRST},
        {"update": _updated_only(slice(1, None))},
        {"update": _updated_only(slice(-1))},
        {"published_loss": _published_with(ONLY_FIRST)},
        {"published_loss": _published_with(ONLY_LAST)},
    ),
    "learning-rate-twice": Mistake(
        "The learning rate is applied twice, so every step has the rate squared in it.",
        "Find each place where the rate is used. Is a gradient multiplied in one and again in the "
        "next?",
        {"step_size": lambda s, learning_rate: learning_rate**2},
    ),
    "learning-rate-missing": Mistake(
        "You took away a whole gradient, without the learning rate.",
        "Which lines change a parameter, and is the learning rate in each of them?",
        {"step_size": lambda s, learning_rate: 1.0},
        {"update_W": lambda s, W, dW, rate: W - dW},
        {"update_b": lambda s, b, db, rate: b - db},
        {"published_loss": lambda s, eta, **given: Steps.published_loss(s, eta=1.0, **given)},
        *({"published_loss": _published_without_rate(k)} for k in (0, 1)),
    ),
    "learning-rate-divided": Mistake(
        "The gradient is divided by the learning rate. A larger rate should make a larger step.",
        "With twice the rate, should a parameter move further or less far?",
        {"step_size": lambda s, learning_rate: 1 / learning_rate},
    ),
    "only-sign-of-gradient": Mistake(
        "Only the sign of the gradient is left, so every parameter moves equally far. In gradient "
        "descent a small gradient makes a small step.",
        "Where the loss hardly changes with a weight, how far should that weight move?",
        {
            "update_W": lambda s, W, dW, rate: W - rate * np.sign(dW),
            "update_b": lambda s, b, db, rate: b - rate * np.sign(db),
        },
    ),
    "gradient-length-lost": Mistake(
        "Each gradient was divided by its own length, so only its direction is left: every array "
        "of parameters moves equally far. In gradient descent a small gradient makes a small step.",
        "Near the lowest point gradients are small. How far does a step of yours go there?",
        {
            "update_W": lambda s, W, dW, rate: W - rate * dW / np.linalg.norm(dW),
            "update_b": lambda s, b, db, rate: b - rate * db / np.linalg.norm(db),
        },
    ),
    "weight-decay-added": Mistake(
        "The weights also shrink a little in each step: that is weight decay, and it was not asked "
        "for. The step follows from the gradients alone.",
        "Which part of your step has the weight itself in it?",
        *(way for share in (1, 0.1, 0.01) for way in _with_decay(share)),
    ),
    "change-returned": Mistake(
        "What came back is the change, or the gradient, and not the new layers.",
        "Where do the old values come in?",
        {
            "update_W": lambda s, W, dW, rate: -rate * dW,
            "update_b": lambda s, b, db, rate: -rate * db,
        },
        {
            "update_W": lambda s, W, dW, rate: rate * dW,
            "update_b": lambda s, b, db, rate: rate * db,
        },
        {"training_step": lambda s, X, Y, layers, learning_rate: s.gradients(X, Y, layers)},
    ),
    "gradients-not-reset": Mistake(
        "The gradients of earlier steps are still in the sum: every step goes against all "
        "gradients so far. Each step needs those of the current weights only.",
        "What do the gradients start from in the second step?",
        {"train": _not_reset},
    ),
    "gradients-not-renewed": Mistake(
        "Every step used what the first one had found: its gradients, or what came out of its "
        "forward pass. After a step the weights are different, and so is all of that.",
        "Which lines have to run again in every step?",
        {"train": _not_renewed},
    ),
    "one-step-per-example": Mistake(
        "A step was made from one example alone. Every step is to be made with the gradient of all "
        "examples together.",
        "How many examples does each of your steps see?",
        {"training_step": _step_for_each(1)},
        {"training_step": _step_for_each(1, smaller=True)},
        {"train": _one_example_in_turn},
    ),
    "mini-batches-for-batch": Mistake(
        "A step saw only some of the examples: a mini-batch. The task is steps with the gradient "
        "of all examples together.",
        "Which rows of X and Y go into your first step, and which into the second?",
        *({"training_step": _step_for_each(size)} for size in (2, 3)),
        {"train": _split_among_the_steps},
        *({"train": _in_turn(size)} for size in (2, 3)),
        *(
            {"training_step": _on_the_first(count)}
            for count in (lambda n: max(n // 2, 1), lambda n: 2, lambda n: 3)
        ),
    ),
    "momentum-added": Mistake(
        "The steps remember where they were going: that is momentum. Plain descent goes against "
        "the current gradient, and nothing else.",
        "What does the second step know of the first one's gradient?",
        _with_momentum(0.9, 1.0),
        _with_momentum(0.9, 0.1),
        _with_momentum(0.5, 1.0),
        _with_momentum(0.5, 0.5),
    ),
    "rate-changes": Mistake(
        "The learning rate changes from step to step. It should be the same one throughout.",
        "Print the rate in each step. What is it in the last one?",
        {"rate_in": lambda s, k, rate: rate / (k + 1)},
        {"rate_in": lambda s, k, rate: rate / (k + 1) ** 0.5},
        {"rate_in": lambda s, k, rate: rate * 0.9**k},
        {"rate_in": lambda s, k, rate: rate * 0.99**k},
        {"rate_in": lambda s, k, rate: rate * 0.95**k},
        {"rate_in": lambda s, k, rate: rate * 0.5**k},
    ),
    "steps-miscounted": Mistake(
        "That is the result after a different number of steps.",
        "Count the updates with steps = 3. Does each step start from the layers of the one before?",
        {"step_count": lambda s, X, steps: steps - 1},
        {"step_count": lambda s, X, steps: steps + 1},
        *({"step_count": lambda s, X, steps, count=count: count} for count in range(1, 11)),
        {"step_count": lambda s, X, steps: len(X)},
    ),
}


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


PUBLISHED = {
    "forward-pass-between-updates": Mistake(
        "A new forward pass was made when some of the weights had been updated and others had not. "
        "All the gradients of a step belong to one forward pass, with the weights before the step.",
        "Which activations does the gradient of each layer need: those before its neighbour moved, "
        "or those after?",
        _one_layer_at_a_time(lambda depth: reversed(range(depth))),
        _one_layer_at_a_time(range),
        {"training_step": _with_new_activations},
    ),
    "published-step-repaired": Mistake(
        "The blame goes back through weights that have not moved yet, as in a right step. In the "
        "published one, something happens too early.",
        "Which numbers does the backward pass read, and have they been changed by then?",
        {"weights_too_early": lambda s, layers, k, change: layers[k][0]},
    ),
    "published-biases-moved": Mistake(
        "The biases move in your step. The worked example leaves its biases where they are.",
        "Which of the four arrays does the published step change?",
        {"bias_that_stays": lambda s, b, db, rate: b - rate * db},
        {"bias_that_stays": lambda s, b, db, rate: b - rate * db.sum()},
        {
            "bias_that_stays": lambda s, b, db, rate: b - rate * db,
            "weights_too_early": lambda s, layers, k, change: layers[k][0],
        },
    ),
    "loss-before-the-step": Mistake(
        "That is the loss before the step, with the weights as they were.",
        "With which weights is the last forward pass made?",
        {"loss_after_step": lambda s, X, Y, layers, eta: Steps.loss_of_one(s, X, Y, layers)},
    ),
}
