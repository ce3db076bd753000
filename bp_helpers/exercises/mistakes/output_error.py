"""Mistakes with the error at the output: its sign, its factor, its 1/N, its shape."""

from __future__ import annotations

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake, after
from bp_helpers.exercises.steps import Steps

SIGNED = (
    "composition", "numerical_gradient", "skip_back", "whole_gradient", "add_paths", "arriving",
    "handed_on", "dW", "db", "share", "through_mean", "through_variance", "hand_back",
    "hidden_delta", "relu_delta",
)  # fmt: skip


def _row_sums(errors: Array) -> Array:
    return np.asarray(np.zeros_like(errors) + errors.sum(axis=1, keepdims=True))


def _row_means(errors: Array) -> Array:
    return np.asarray(np.zeros_like(errors) + errors.mean(axis=1, keepdims=True))


def _one_more(examples: int) -> int:
    """Return one more than there are; to halve what comes of a single one is another mistake."""
    return examples + 1 if examples > 1 else examples


ERROR = {
    "sign-reversed": Mistake(
        "A sign is wrong. A slope is positive where raising the value raises the result.",
        "Raise one value a little. Does the result grow or fall, and what does your sign say?",
        *after(["output_blame"], np.negative),  # first: it goes together with other errors
        {"error": lambda s, A, Y: Y - A},
        *after(SIGNED, np.negative),
        {
            "through_mean": lambda s, g: -Steps.through_mean(s, g),
            "through_variance": lambda s, g, normal: -Steps.through_variance(s, g, normal),
        },
        {"add_paths": lambda s, by_product, by_sum: by_product - by_sum},
        *after(["own_gradients"], lambda both: (-both[0], -both[1])),
    ),
    "batch-broadcast": Mistake(
        "A column of shape (N, 1) met a row of shape (N,). NumPy stretches both to (N, N), without "
        "a word: every output is compared with every target.",
        "Print the shapes of what you subtract. With one output per example both should be (N, 1).",
        {"error": lambda s, A, Y: A - np.squeeze(Y)},
        {"error": lambda s, A, Y: np.squeeze(A) - Y},
        {"error": lambda s, A, Y: A - Y.ravel()},
        {"error": lambda s, A, Y: A.ravel() - Y},
        {"error": lambda s, A, Y: A - Y[:, 0]},
        {
            "delta_squared_error": lambda s, Z, Y: s.output_delta(
                s.output_blame(np.squeeze(s.activation(Z)), Y), np.squeeze(Z)
            )
        },
    ),
    "target-left-out": Mistake(
        "The target plays no part: the output itself was taken for its error.",
        "If the output equals its target, how much blame should there be?",
        {"error": lambda s, A, Y: A},
    ),
    "loss-for-slope": Mistake(
        "The loss itself stands where its slope belongs.",
        "If the prediction moves a little, by how many times as much does the loss move?",
        {"error": lambda s, A, Y: (A - Y) ** 2 / 2},
        {"error": lambda s, A, Y: (A - Y) ** 2},
        {"delta_squared_error": lambda s, Z, Y: s.mean((s.activation(Z) - Y) ** 2 / 2)},
        {"delta_squared_error": lambda s, Z, Y: s.mean((s.activation(Z) - Y) ** 2)},
        {"delta_squared_error": lambda s, Z, Y: ((s.activation(Z) - Y) ** 2).sum() / 2 / len(Z)},
        {"delta_cross_entropy": lambda s, Z, Y: s.mean(-Y * np.log(s.softmax(Z)))},
        {"delta_cross_entropy": lambda s, Z, Y: (-Y * np.log(s.softmax(Z))).sum() / len(Z)},
    ),
    "classes-of-all-rows": Mistake(
        "From each row, 1 was taken away in the classes of all the rows: an index such as "
        "`[:, classes]` takes these columns in every row.",
        "With two rows, of class 0 and of class 2: in how many places is there a 1 to take away?",
        {"delta_cross_entropy": lambda s, Z, Y: s.mean(s.softmax(Z) - Y.max(axis=0))},
        {"delta_cross_entropy": lambda s, Z, Y: s.mean(s.softmax(Z) - Y.sum(axis=0))},
    ),
    "error-without-sign": Mistake(
        "The error has lost its sign, or only its sign is left. Blame says which way and how far.",
        "What does your error say if the output is 0.2 too low, and what if it is 0.2 too high?",
        {"error": lambda s, A, Y: abs(A - Y)},
        {"error": lambda s, A, Y: np.sign(A - Y)},
    ),
    "error-added": Mistake(
        "Output and target are added, or multiplied. The error is how far apart they are.",
        "If the output equals its target, how much blame should there be?",
        {"error": lambda s, A, Y: A + Y},
        {"error": lambda s, A, Y: A * Y},
    ),
    "output-left-out-of-error": Mistake(
        "The output plays no part in the error: the target alone was sent back.",
        "If the output equals its target, how much blame should there be?",
        {"error": lambda s, A, Y: Y},
        {"error": lambda s, A, Y: -Y},
    ),
    "errors-added-up": Mistake(
        "The blame of an example's neurons was added up, or averaged, before it met their slopes, "
        "so all of them got the same. Each neuron has a blame of its own.",
        "If one of two neurons has all the blame, how much should arrive at the Z of the other?",
        *(
            {line: lambda s, *given, line=line, over=over: over(getattr(Steps, line)(s, *given))}
            for line in ("error", "arriving")
            for over in (_row_sums, _row_means)
        ),
    ),
    "factor-two": Mistake(
        "A factor 2 is left over. The loss of this course has a 1/2 in front of the square, and "
        "in the slope it cancels the 2.",
        "Write the loss of one output with its 1/2, and below it its slope. Where do your lines "
        "differ?",
        {"error": lambda s, A, Y: 2 * (A - Y)},
    ),
    "loss-without-half": Mistake(
        "The loss is twice as large as it should be. The squared error of this course has a 1/2 in "
        "front of the square.",
        "What stands in front of the square in the loss of one output, and in your lines?",
        *after(["loss_of_one"], lambda loss: 2 * loss),
    ),
    "factor-half": Mistake(
        "Everything is half as large as it should be: the 1/2 of the loss is still there after "
        "the square's slope has been taken.",
        "Write the loss of one output with its 1/2 and take the slope. What becomes of the 2?",
        {"error": lambda s, A, Y: (A - Y) / 2},
    ),
    "one-over-n-missing": Mistake(
        "The 1/N is missing. The loss is the mean over the examples, so each example counts for "
        "1/N of it.",
        "Where in your code is the number of examples?",
        {"mean": lambda s, per_example: per_example},
    ),
    "one-over-n-twice": Mistake(
        "The 1/N is in there more than once. It comes in once, in the slope of the loss at the "
        "output; all blame after that carries it.",
        "Find each place where you divide by the number of examples, or take a mean. How often "
        "does that line run?",
        {"mean": lambda s, per_example: per_example / len(per_example) ** 2},
        {"shared": lambda s, dA: dA / len(dA)},
        {"arriving": lambda s, dA: dA / len(dA)},
        {"own_gradients": lambda s, a_in, delta: (a_in.T @ delta / len(delta), delta.mean(axis=0))},
    ),
    "multiplied-by-n": Mistake(
        "Something is multiplied by the number of examples, or divided by another number than "
        "that. It is divided by it once, at the loss, and all blame after that carries this 1/N.",
        "Where does the 1/N come in? Is it still there at the end of your code, and only once?",
        {"mean": lambda s, per_example: per_example * len(per_example)},
        {"mean": lambda s, per_example: per_example / _one_more(len(per_example))},
        {"shared": lambda s, dA: dA * len(dA)},
        {"arriving": lambda s, dA: dA * len(dA)},
    ),
    "one-over-n-in-one-only": Mistake(
        "The 1/N has reached one of dW and db and not the other: it is in the wrong place.",
        "Where could the 1/N go so that both get it from there?",
        {
            "mean": lambda s, per_example: per_example,
            "dW": lambda s, a_in, delta: a_in.T @ delta / len(delta),
        },
        {"mean": lambda s, per_example: per_example, "db": lambda s, delta: delta.mean(axis=0)},
    ),
    "divided-by-outputs": Mistake(
        "You divided by the number of outputs. The loss is a sum over the outputs and a mean over "
        "the examples.",
        "Which axis of the array are the examples? A mean over everything counts the outputs too.",
        {"mean": lambda s, per_example: per_example / per_example.shape[1]},
        {"mean": lambda s, per_example: per_example / per_example.size},
        {"loss_of_one": lambda s, X, Y, layers: Steps.loss_of_one(s, X, Y, layers) / Y.shape[1]},
    ),
    "extra-slope-with-cross-entropy": Mistake(
        "There is a slope p * (1 - p) too many. With softmax and cross-entropy the slopes of the "
        "two have cancelled already.",
        "Work out dL/dZ for one example on paper. What is left of the softmax's slope?",
        {
            "delta_cross_entropy": lambda s, Z, Y: (
                s.mean(s.error(s.softmax(Z), Y)) * s.softmax(Z) * (1 - s.softmax(Z))
            )
        },
    ),
    "softmax-slope-elementwise": Mistake(
        "Only the entry of the right class gets blame, as if the softmax were a function of one "
        "number. Each input of a softmax moves every one of its outputs.",
        "If the right class gets more, where does it come from? The other entries have blame too.",
        {"delta_cross_entropy": lambda s, Z, Y: s.mean(-Y * (1 - s.softmax(Z)))},
    ),
    "stopped-at-probabilities": Mistake(
        "That is the slope with respect to the probabilities. One step is left, through the "
        "softmax to Z.",
        "Every entry of Z moves every probability of its row: add up those paths.",
        {"delta_cross_entropy": lambda s, Z, Y: s.mean(-Y / s.softmax(Z))},
    ),
}
