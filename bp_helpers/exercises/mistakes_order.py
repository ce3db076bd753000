"""Mistakes with the order of things: whole passes, updates and training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistake import Mistake, after
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers, Override


def _without_first_layer(s: Steps, X: Array, Y: Array, layers: Layers) -> Array:
    return Steps.input_gradient(s, s.forward_pass(X, layers)[1][1], Y, layers[1:])


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


def _through_an_activation(s: Steps, X: Array, Y: Array, layers: Layers) -> Array:
    return Steps.input_gradient(s, X, Y, layers) * s.slope(X)


def _through_a_sigmoids_output(s: Steps, X: Array, Y: Array, layers: Layers) -> Array:
    return Steps.input_gradient(s, X, Y, layers) * X * (1 - X)


WHOLE_PASS = [
    Mistake(
        "updated-before-propagating",
        "The blame was handed back through weights that had already been changed. The gradient "
        "belongs to the weights that made the prediction.",
        "When does the last layer get its new weights, and who still needs the old ones?",
        {"weights_going_back": lambda s, layers, k, change: layers[k][0] - change},
    ),
    Mistake(
        "weights-of-wrong-layer",
        "The blame was handed back through the weights of the wrong layer: it goes back through "
        "the weights through which the values came. Where all layers are square it runs.",
        "A layer's blame arrives through the weights that lead out of it. Which layer owns those?",
        {"weights_going_back": lambda s, layers, k, change: layers[max(k - 1, 0)][0]},
        {"weights_going_back": lambda s, layers, k, change: layers[-1][0]},
    ),
    Mistake(
        "blame-not-handed-on",
        "Several layers got the same blame. Each layer hands on what it has made of its own: the "
        "blame of the one before is made from the delta that was found last.",
        "Which variable changes from one turn of the loop to the next, and which should?",
        {"blame_before": lambda s, blames, deltas, W: blames[0]},
        {"blame_before": lambda s, blames, deltas, W: s.hand_back(deltas[0], W)},
        {"blame_here": lambda s, deltas: deltas[0]},
    ),
    Mistake(
        "blame-handed-on-without-slope",
        "What was handed back is the blame that came in, and the activation's slope is left out of "
        "it. What goes back through the weights is delta, which has been through the slope.",
        "Which of your variables is the blame at Z, and which one do you hand back?",
        {"blame_before": lambda s, blames, deltas, W: s.hand_back(blames[-1], W)},
    ),
    Mistake(
        "layers-visited-forward",
        "The backward pass went through the layers from the first to the last. Blame starts at the "
        "output. Where all layers are square it runs, and the numbers are wrong.",
        "Print the layer's number in each turn of the loop. With which should it begin?",
        {"way_back": lambda s, depth: range(depth)},
        {"way_back": lambda s, depth: range(depth), "first_layer_first": lambda s, pairs: pairs},
    ),
    Mistake(
        "last-layer-first",
        "In the list, later layers stand before earlier ones. The backward pass finds them in that "
        "order; the list should be in that of the layers.",
        "In which order did your loop add to the list?",
        {"first_layer_first": lambda s, pairs: pairs},
        *after(["training_step"], lambda layers: layers[::-1]),
    ),
    Mistake(
        "layer-left-out",
        "The gradients of one layer are missing: the first or the last has not been visited.",
        "How many layers are there, and how many times did your loop turn?",
        *after(["gradients"], lambda pairs: pairs[1:], lambda pairs: pairs[:-1]),
        *after(["gradients"], lambda pairs: [tuple(0 * a for a in pairs[0]), *pairs[1:]]),
    ),
    Mistake(
        "weights-gradient-for-input",
        "That is the gradient of the first layer's weights. The question is how the loss moves "
        "when an input does.",
        "dX has the shape of X: one number for each input of each example.",
        {"input_gradient": lambda s, X, Y, layers: s.backward_pass(X, Y, layers)[0][0][0]},
    ),
    Mistake(
        "stopped-at-delta",
        "That is delta of the first layer. One step is left, from its Z to what came in.",
        "Between X and the first Z lie weights.",
        {"input_gradient": lambda s, X, Y, layers: s.backward_pass(X, Y, layers)[1][0]},
    ),
    Mistake(
        "stopped-one-layer-early",
        "The blame has come to A1, what the first layer sent out, and not through that layer.",
        "How many times did your loop turn, and how many layers are there?",
        {"input_gradient": _without_first_layer},
    ),
    Mistake(
        "slope-at-the-input",
        "The input was treated as if an activation had made it. X went into the first layer as "
        "it was.",
        "Between X and the first Z there are weights. Is there an activation?",
        {"input_gradient": _through_an_activation},
        {"input_gradient": _through_a_sigmoids_output},
    ),
]


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


LEARNING = [
    Mistake(
        "uphill",
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
    Mistake(
        "nothing-moved",
        "The layers came back as they were.",
        "Where do the new values go, and are they what you return?",
        {"update": lambda s, layers, pairs, learning_rate: layers},
    ),
    Mistake(
        "bias-never-updated",
        "The biases have not moved. A bias is a parameter like the weights and has its gradient.",
        "How many arrays does each layer have, and how many does your update touch?",
        {"update_b": lambda s, b, db, rate: b},
    ),
    Mistake(
        "weights-never-updated",
        "The weights have not moved, only the biases.",
        "How many arrays does each layer have, and how many does your update touch?",
        {"update_W": lambda s, W, dW, rate: W},
    ),
    Mistake(
        "moved-by-another-gradient",
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
    Mistake(
        "one-layer-updated",
        "Not all of the layers show their step. Every layer takes one: either the others were not "
        "updated, or something that was made with their old values is used again.",
        "How often does the update run? And which lines behind it still have values from before?",
        {"update": ONLY_LAST},
        {"update": ONLY_FIRST},
        {"update": _updated_only(slice(1, None))},
        {"update": _updated_only(slice(-1))},
        {"published_loss": _published_with(ONLY_FIRST)},
        {"published_loss": _published_with(ONLY_LAST)},
    ),
    Mistake(
        "learning-rate-twice",
        "The learning rate is applied twice, so every step has the rate squared in it.",
        "Find each place where the rate is used. Is a gradient multiplied in one and again in the "
        "next?",
        {"step_size": lambda s, learning_rate: learning_rate**2},
    ),
    Mistake(
        "learning-rate-missing",
        "A whole gradient was taken away: there the learning rate plays no part.",
        "Which lines change a parameter, and is the learning rate in each of them?",
        {"step_size": lambda s, learning_rate: 1.0},
        {"update_W": lambda s, W, dW, rate: W - dW},
        {"update_b": lambda s, b, db, rate: b - db},
        {"published_loss": lambda s, eta, **given: Steps.published_loss(s, eta=1.0, **given)},
        *({"published_loss": _published_without_rate(k)} for k in (0, 1)),
    ),
    Mistake(
        "learning-rate-divided",
        "The gradient is divided by the learning rate. A larger rate should make a larger step.",
        "With twice the rate, should a parameter move further or less far?",
        {"step_size": lambda s, learning_rate: 1 / learning_rate},
    ),
    Mistake(
        "only-sign-of-gradient",
        "Only the sign of the gradient is left, so every parameter moves equally far. In gradient "
        "descent a small gradient makes a small step.",
        "Where the loss hardly changes with a weight, how far should that weight move?",
        {
            "update_W": lambda s, W, dW, rate: W - rate * np.sign(dW),
            "update_b": lambda s, b, db, rate: b - rate * np.sign(db),
        },
        {
            "update_W": lambda s, W, dW, rate: W - rate * dW / np.linalg.norm(dW),
            "update_b": lambda s, b, db, rate: b - rate * db / np.linalg.norm(db),
        },
    ),
    Mistake(
        "weight-decay-added",
        "The weights also shrink a little in each step: that is weight decay, and it was not asked "
        "for. The step follows from the gradients alone.",
        "Which part of your step has the weight itself in it?",
        *(way for share in (1, 0.1, 0.01) for way in _with_decay(share)),
    ),
    Mistake(
        "change-returned",
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
    Mistake(
        "gradients-not-reset",
        "The gradients of earlier steps are still in the sum: every step goes against all "
        "gradients so far. Each step needs those of the current weights only.",
        "What do the gradients start from in the second step?",
        {"train": _not_reset},
    ),
    Mistake(
        "gradients-not-renewed",
        "Every step used what the first one had found: its gradients, or what came out of its "
        "forward pass. After a step the weights are different, and so is all of that.",
        "Which lines have to run again in every step?",
        {"train": _not_renewed},
    ),
    Mistake(
        "one-step-per-example",
        "A step was made from one example alone. Every step is to be made with the gradient of all "
        "examples together.",
        "How many examples does each of your steps see?",
        {"training_step": _step_for_each(1)},
        {"training_step": _step_for_each(1, smaller=True)},
        {"train": _one_example_in_turn},
    ),
    Mistake(
        "mini-batches-for-batch",
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
    Mistake(
        "momentum-added",
        "The steps remember where they were going: that is momentum. Plain descent goes against "
        "the current gradient, and nothing else.",
        "What does the second step know of the first one's gradient?",
        _with_momentum(0.9, 1.0),
        _with_momentum(0.9, 0.1),
        _with_momentum(0.5, 1.0),
        _with_momentum(0.5, 0.5),
    ),
    Mistake(
        "rate-changes",
        "The learning rate changes from step to step. It should be the same one throughout.",
        "Print the rate in each step. What is it in the last one?",
        {"rate_in": lambda s, k, rate: rate / (k + 1)},
        {"rate_in": lambda s, k, rate: rate / (k + 1) ** 0.5},
        {"rate_in": lambda s, k, rate: rate * 0.9**k},
        {"rate_in": lambda s, k, rate: rate * 0.99**k},
        {"rate_in": lambda s, k, rate: rate * 0.95**k},
        {"rate_in": lambda s, k, rate: rate * 0.5**k},
    ),
    Mistake(
        "steps-miscounted",
        "That is the result after a different number of steps.",
        "Count the updates with steps = 3. Does each step start from the layers of the one before?",
        {"step_count": lambda s, X, steps: steps - 1},
        {"step_count": lambda s, X, steps: steps + 1},
        *({"step_count": lambda s, X, steps, count=count: count} for count in range(1, 11)),
        {"step_count": lambda s, X, steps: len(X)},
    ),
]


# What shows in the call, or in the values as they are, not in a line of the mathematics.
IN_THE_CALL = [
    Mistake(
        "inputs-changed",
        "Your function changed something that it was given and should have left as it was.",
        "Assignments such as `-=`, those to an entry or to `.shape`, `out=`, and `pop`, `reverse` "
        "or `append` change the thing itself. Work on a copy.",
    ),
    Mistake(
        "put-back-by-arithmetic",
        "The array that you were given comes back nearly as it was, not exactly: adding h and "
        "taking it away again leaves a rounding error.",
        "Keep the entry's value in a variable before you nudge it, and write that back; or nudge a "
        "copy.",
    ),
    Mistake(
        "kept-between-calls",
        "The same arguments gave two different results: something is kept from one call to the "
        "next, or drawn at random.",
        "Where do your sums start? What starts outside of the function is not fresh at the next "
        "call.",
    ),
    Mistake(
        "shared-name-replaced",
        "Your function gave a new meaning to a name that all other code uses as well, the check "
        "too. It has been put back.",
        "Which names does your function set outside of itself? Keep what you need in variables of "
        "your own.",
    ),
    Mistake(
        "answer-from-the-check",
        "Your function takes its answer from the parts of the check, so there is nothing of yours "
        "to compare.",
        "Start from the formula in the text above, with the arguments that your function gets.",
    ),
    Mistake(
        "nothing-returned",
        "What comes back is None: your function works something out and keeps it to itself, at "
        "least in some cases.",
        "Does its last line hand the result back, or is it still the one of the stub? And if there "
        "is an `if`, what happens otherwise?",
    ),
    Mistake(
        "printed-not-returned",
        "Your function prints something and returns None. What is printed can be read; only what "
        "is returned can be used.",
        "Which word hands a value back to whoever called the function? And does an `except` that "
        "prints hide an error?",
    ),
    Mistake(
        "result-left-in-argument",
        "The right result is in an array that you were given, which is overwritten, and "
        "nothing is returned.",
        "Make an array of your own for the result, and hand it back at the end.",
    ),
    Mistake(
        "results-in-another-order",
        "The results come back in a different order from the one you were asked for.",
        "In which order does the exercise ask for them?",
    ),
    Mistake(
        "results-in-another-container",
        "The numbers that are asked for stand in another order, are wrapped up in another way, or "
        "have others beside them.",
        "In which order should the results stand, and which brackets should be around them?",
    ),
    Mistake(
        "results-partly-missing",
        "What came back is a part of what is asked for; the rest is missing.",
        "How many results does the exercise ask for, and how many stand behind your `return`?",
    ),
    Mistake(
        "stopped-on-the-way",
        "What came back is found on the way, and is right there. The last lines are missing.",
        "What does the exercise ask for, and what still lies between that and what you have?",
    ),
    Mistake(
        "slip-in-a-step",
        "One step does something to a value that the formula does not ask for, uses a different "
        "value in its place or leaves something out. Change that, and all of it is right.",
        "Write the formula beside your lines, and compare the two piece by piece.",
    ),
    Mistake(
        "result-rounded",
        "The numbers are right, but rounded. What is computed from them next needs all their "
        "digits.",
        "Rounding is for reading: where would you do it, and where not?",
    ),
    Mistake(
        "values-clipped",
        "Numbers beyond a limit were cut off at it. The formula has no such limit: how far they "
        "reached is lost.",
        "Which of your lines keeps numbers below or above a bound (a clip, a maximum, a mask), and "
        "which formula asks for that?",
    ),
    Mistake(
        "parameters-for-gradients",
        "These are the values after a step. The task is the gradients alone; what is done with "
        "them comes later.",
        "Which argument says how far a step should go? The exercise gives you none.",
    ),
    Mistake(
        "arguments-exchanged",
        "Two arguments are swapped: your function would be right if they came in the other order.",
        "In which order does the first line name the arguments, and which is which in your lines?",
    ),
    Mistake(
        "not-added-up",
        "The shares are right, but not all that belong together were added up.",
        "How many axes has your result, and how many should it have?",
    ),
    Mistake(
        "one-for-each",
        "There is a number for each row, column or entry. You were asked for one for all of them "
        "together.",
        "Over which axes does your mean, sum or largest one go? Without `axis` it goes over all.",
    ),
    Mistake(
        "parts-weighed-otherwise",
        "The parts are added up with weights that are not their shares of the examples.",
        "Print what each part is multiplied by on its way into your sum. Which share of the "
        "examples does each part have?",
    ),
    Mistake(
        "broadcast-other-axes",
        "It is not added up over exactly those axes over which the array was stretched.",
        "Write the two shapes below each other, lined up from the right. Where do they differ?",
    ),
    Mistake(
        "factor-wrong",
        "There is a factor too many, or one is missing.",
        "Where does each of your factors come from?",
    ),
    Mistake(
        "learning-rate-of-its-own",
        "Every step was made with the same learning rate, whichever was given. The rate is one of "
        "the arguments.",
        "Where does the rate in your update come from?",
    ),
    Mistake(
        "same-for-all-arguments",
        "The same numbers come back, whatever your function is given.",
        "Which of the arguments does the result depend on?",
    ),
    Mistake(
        "one-array-twice",
        "Two places of your result hold the same numbers, as one and the same array does. `[[0, "
        "0]] * 3` makes one pair and shows it three times: what is written into one stands in all.",
        "Where is the list made that you write into, and how many lists are in it?",
    ),
    Mistake(
        "another-quantity",
        "This is a different quantity from the one you were asked for.",
        "Is it the one that the exercise names, and has it gone all of its way when your function "
        "returns it?",
    ),
]
