"""Mistakes on the way forward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake, after
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers, Override


def _all_from_X(s: Steps, X: Array, layers: Layers) -> tuple[list[Array], list[Array]]:
    Zs = [s.dense(X, W, b) for W, b in layers]
    return Zs, [X, *(s.activation(Z) for Z in Zs)]


def _bias_behind(s: Steps, X: Array, layers: Layers) -> tuple[list[Array], list[Array]]:
    Zs, As = [], [X]
    for W, b in layers:
        Zs.append(s.weighted(As[-1], W))
        As.append(s.with_bias(s.activation(Zs[-1]), b))
    return Zs, As


def _without_bias(left_out: Callable[[int, int], bool]) -> Callable[..., Any]:
    """Return a forward pass in which the bias is missing in these of so many layers."""

    def forward_pass(s: Steps, X: Array, layers: Layers) -> tuple[list[Array], list[Array]]:
        kept = [(W, 0 * b if left_out(k, len(layers)) else b) for k, (W, b) in enumerate(layers)]
        return Steps.forward_pass(s, X, kept)

    return forward_pass


def _with_inputs(changed: Callable[[Array], Array]) -> Override:
    """Return a forward pass from inputs that were changed first."""
    return {
        "forward_pass": lambda s, X, layers: Steps.forward_pass(s, changed(X), layers),
        "forward": lambda s, X, layers: s.forward_pass(X, layers)[1],
    }


def _in_row(weighted: Array, b: Array, row: int) -> Array:
    biases = np.zeros(weighted.shape)
    biases[row] = b
    return biases


def _powers_shared(Z: Array) -> Array:
    return np.asarray(np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))


def _softmaxes(wrong: Callable[[Array], Array]) -> tuple[Override, ...]:
    """Return a wrong softmax of the numbers, and of those less the largest of a row or column."""
    return (
        {"softmax": lambda s, Z: wrong(np.exp(Z))},
        {"softmax": lambda s, Z: wrong(np.exp(Z - Z.max(axis=1, keepdims=True)))},
        {"softmax": lambda s, Z: wrong(np.exp(Z - Z.max(axis=0)))},
    )


def _softmax_delta(s: Steps, Z: Array, Y: Array) -> Array:
    A = s.softmax(Z)
    return s.output_blame(A, Y) * A * (1 - A)


def _ones_in_front(s: Steps, a_in: Array, delta: Array) -> tuple[Array, Array]:
    both = np.c_[np.ones(len(a_in)), a_in].T @ delta
    return both[:-1], both[-1]


def _ones_behind(s: Steps, a_in: Array, delta: Array) -> tuple[Array, Array]:
    both = np.c_[a_in, np.ones(len(a_in))].T @ delta
    return both[1:], both[0]


FORWARD = {
    "bias-left-out": Mistake(
        "The bias is missing, everywhere or in some layer. Without it, inputs of 0 always give "
        "Z = 0.",
        "Which of your lines uses the bias, and for which layers does it run?",
        {"with_bias": lambda s, weighted, b: weighted},
        {"forward_pass": _without_bias(lambda k, depth: k == depth - 1)},
        {"forward_pass": _without_bias(lambda k, depth: k < depth - 1)},
    ),
    "bias-subtracted": Mistake(
        "The bias is taken away, or a minus sign that is meant for a whole sum reaches only one "
        "part of it. The bias is added to what the inputs bring.",
        "If all inputs are 0, what should Z be?",
        {"with_bias": lambda s, weighted, b: weighted - b},
    ),
    "bias-multiplied": Mistake(
        "The bias is multiplied with the rest. It is added to what the inputs bring.",
        "If all inputs are 0, what should Z be?",
        {"with_bias": lambda s, weighted, b: weighted * b},
    ),
    "bias-twice": Mistake(
        "The bias is added twice. Each neuron adds its bias once to what the inputs bring.",
        "If all inputs are 0, what should Z be, and what is yours?",
        {"with_bias": lambda s, weighted, b: weighted + 2 * b},
    ),
    "one-bias-for-all": Mistake(
        "Every neuron got the same bias: one of the biases, or one number made of all of them. "
        "Each neuron has a bias of its own.",
        "If all inputs are 0, what should the entries of Z be, and what are yours?",
        {"with_bias": lambda s, weighted, b: weighted + b.sum()},
        {"with_bias": lambda s, weighted, b: weighted + b.mean()},
        {"with_bias": lambda s, weighted, b: weighted + b[0]},
        {"with_bias": lambda s, weighted, b: weighted + b[-1]},
    ),
    "bias-for-one-example": Mistake(
        "The bias has reached one of the examples, and not the others. A neuron adds its bias for "
        "every example.",
        "If all inputs are 0, what should each row of Z be, and what are yours?",
        {"with_bias": lambda s, weighted, b: weighted + _in_row(weighted, b, 0)},
        {"with_bias": lambda s, weighted, b: weighted + _in_row(weighted, b, -1)},
    ),
    "bias-added-to-weights": Mistake(
        "The bias was added to the weights, so that it is multiplied by the inputs, too. First "
        "come the products with the inputs, and then the bias is added.",
        "If all inputs are 0, what should each row of Z be, and what are yours?",
        {"dense": lambda s, X, W, b: X @ (W + b)},
    ),
    "bias-row-misplaced": Mistake(
        "The column of ones and the row of the biases are at different ends, so weights and "
        "biases have swapped places.",
        "At which end is your column of ones, and at which end do you look for the biases?",
        {"own_gradients": _ones_in_front},
        {"own_gradients": _ones_behind},
        {"dense": lambda s, X, W, b: np.c_[np.ones(len(X)), X] @ np.r_[W, b[None]]},
        {"dense": lambda s, X, W, b: np.c_[X, np.ones(len(X))] @ np.r_[b[None], W]},
    ),
    "inputs-averaged": Mistake(
        "What the inputs bring is divided by a number. A neuron adds it up, over all its inputs; "
        "nothing is averaged in the forward pass.",
        "What do you divide by, and where is that in the formula for z?",
        {"weighted": lambda s, X, W: X @ W / len(X)},
        {"weighted": lambda s, X, W: X @ W / len(W)},
        {"dense": lambda s, X, W, b: (X @ W + b) / len(X)},
        {"dense": lambda s, X, W, b: (X @ W + b) / len(W)},
    ),
    "bias-per-example": Mistake(
        "The bias is added down the rows: each example gets one. Each neuron has one, the same for "
        "every example.",
        "b has one entry per column of Z. What does NumPy do if you leave its shape alone?",
        {"with_bias": lambda s, weighted, b: weighted + b[:, None]},
    ),
    "forward-transposed": Mistake(
        "W is transposed in the product. Its rows belong to the inputs already, as the columns of "
        "X do. With a square W the shapes hide it.",
        "Write both shapes side by side: the inner two must be the same thing, not only the same "
        "number.",
        {"weighted": lambda s, X, W: X @ W.T},
    ),
    "inputs-through-activation": Mistake(
        "What came in went through the activation before the first weights. It goes into the first "
        "layer as it is; only a layer's Z goes through the activation.",
        "If a 5 comes in, which number do the first weights meet?",
        {"forward": lambda s, X, layers: [s.activation(X), *Steps.forward(s, X, layers)[1:]]},
        {"forward": lambda s, X, layers: Steps.forward(s, s.activation(X), layers)},
        {"forward_pass": lambda s, X, layers: Steps.forward_pass(s, s.activation(X), layers)},
    ),
    "activation-twice": Mistake(
        "The activation is applied once too often: to a number that should be taken as it is.",
        "How many times does each number go through the sigmoid on its way to the next layer?",
        {"activation": lambda s, Z: Steps.activation(s, Steps.activation(s, Z))},
        {
            "activation": lambda s, Z: Steps.activation(s, Steps.activation(s, Z)),
            "slope": lambda s, Z: Steps().slope(Z),
        },
        {"dW": lambda s, a_in, delta: s.activation(a_in).T @ delta},
    ),
    "activation-in-dense": Mistake(
        "The activation is applied inside the dense layer. Z is the value before the activation.",
        "Which letter does the exercise ask for, Z or A?",
        {"dense": lambda s, X, W, b: s.activation(Steps.dense(s, X, W, b))},
        {"dense": lambda s, X, W, b: np.tanh(Steps.dense(s, X, W, b))},
        {"dense": lambda s, X, W, b: np.maximum(Steps.dense(s, X, W, b), 0)},
        {"dense": lambda s, X, W, b: s.activation(s.activation(Steps.dense(s, X, W, b)))},
    ),
    "exponent-sign": Mistake(
        "The sign in the exponent is wrong: what should rise with Z falls.",
        "What should the largest Z give, a number near 1 or one near 0?",
        {"activation": lambda s, Z: 1 / (1 + np.exp(Z))},
        {"softmax": lambda s, Z: Steps().softmax(-Z)},
        {"slope": lambda s, Z: np.exp(-Z) / (1 + np.exp(Z)) ** 2},
    ),
    "bias-behind-activation": Mistake(
        "The bias is added after the activation. It belongs to Z: it shifts where the sigmoid "
        "bends, and all activations lie between 0 and 1.",
        "What is added up before the sigmoid bends it, and do all your activations stay below 1?",
        {"forward_pass": _bias_behind},
    ),
    "activation-missing": Mistake(
        "Z is used where its activation A belongs.",
        "What is between 0 and 1 in the picture of the forward pass, and where do you use it?",
        {"activation": lambda s, Z: Z},
        {"activation": lambda s, Z: Z, "slope": lambda s, Z: Steps().slope(Z)},
        {"activation": lambda s, Z: Z, "slope": lambda s, Z: np.ones_like(Z)},
        {"output_activation": lambda s, Z: Z},
        {"activation": lambda s, Z: Z, "output_activation": lambda s, Z: Steps().activation(Z)},
        {
            "activation": lambda s, Z: Z,
            "output_activation": lambda s, Z: Steps().activation(Z),
            "slope": lambda s, Z: Steps().slope(Z),
        },
        {
            "activation": lambda s, Z: Z,
            "output_activation": lambda s, Z: Steps().activation(Z),
            "output_delta": lambda s, dA, Z: dA * Steps().slope(Z),
        },
        {"handed_forward": lambda s, Zs, As: Zs[-1] if Zs else As[-1]},
        {"softmax": lambda s, Z: Z},
        {"delta_squared_error": lambda s, Z, Y: s.output_delta(s.output_blame(Z, Y), Z)},
    ),
    "every-layer-gets-X": Mistake(
        "Every layer was given X. Only the first takes X; each later one takes what the layer "
        "before it made.",
        "Which variable should change in every turn of the loop?",
        {"forward_pass": _all_from_X},
        {"incoming": lambda s, As, k: As[0]},
    ),
    "input-standardised": Mistake(
        "The inputs were standardised on the way in (their mean taken away, at least). That is "
        "done once, to the data: the network is asked about X as it comes.",
        "What is the first array in your list, and what is X?",
        _with_inputs(lambda X: X - X.mean(axis=0)),
        _with_inputs(lambda X: (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)),
        _with_inputs(lambda X: (X - X.mean(axis=0)) / X.std(axis=0)),
    ),
    "input-left-out": Mistake(
        "A0 is missing from the list. It is what the first layer takes in, and going back needs "
        "it.",
        "What is in the list before the loop begins?",
        {"forward": lambda s, X, layers: s.forward_pass(X, layers)[1][1:]},
    ),
    "one-turn-of-the-loop": Mistake(
        "The list ends with A1: the function returned in the first turn of the loop.",
        "Which of your lines belong to the loop, and which come after it?",
        {"forward": lambda s, X, layers: s.forward_pass(X, layers)[1][:2]},
    ),
    "only-output-returned": Mistake(
        "Only the last activation came back. Going back needs every one of them.",
        "Where could each activation be kept as soon as it is made?",
        {"forward": lambda s, X, layers: s.forward_pass(X, layers)[1][-1]},
    ),
    "pre-activations-returned": Mistake(
        "The list holds the values before the activation, Z, and A is asked for.",
        "Which of the two does the next layer take in?",
        {"forward": lambda s, X, layers: [X, *s.forward_pass(X, layers)[0]]},
    ),
    "softmax-twice": Mistake(
        "The softmax is applied to probabilities, a second time. That squeezes them together.",
        "What is Z: probabilities already, or the numbers before the softmax?",
        {"softmax": lambda s, Z: Steps().softmax(Steps().softmax(Z))},
    ),
    "softmax-elementwise": Mistake(
        "Each output went through a sigmoid of its own. The softmax compares the outputs of an "
        "example with one another: its entries add up to 1 in every row.",
        "Add up a row of your probabilities. What should that give?",
        {"softmax": lambda s, Z: 1 / (1 + np.exp(-Z))},
    ),
    "softmax-over-batch": Mistake(
        "The softmax was divided by a sum that goes over the examples. Each row adds up to 1 "
        "on its own.",
        "Over which axis do the classes of one example lie?",
        *_softmaxes(lambda e: e / e.sum(axis=0))[:2],
        *_softmaxes(lambda e: e / e.sum()),
    ),
    "softmax-shifted-unevenly": Mistake(
        "What is taken away before the powers is not the same for all classes of an example. The "
        "probabilities only stay as they are if you take the same number from the whole row.",
        "Of which axis was the largest taken? Print its shape.",
        {"softmax": lambda s, Z: _powers_shared(Z - Z.max(axis=0))},
        {"softmax": lambda s, Z: _powers_shared(Z - Z.max(axis=1))},
    ),
    "softmax-sums-across": Mistake(
        "The sums of the rows went along the columns: NumPy lines shapes up from the right. "
        "Each row is divided by its own sum. With as many examples as classes the shapes hide it.",
        "Print the shape of your sums. Which shape would put them beside the rows?",
        *_softmaxes(lambda e: e / e.sum(axis=1)),
    ),
    "softmax-not-divided": Mistake(
        "The powers are not divided by their sum, so a row does not add up to 1.",
        "Add up a row of your probabilities. What should that give?",
        *_softmaxes(lambda e: e),
        {"softmax": lambda s, Z: np.exp(Z - Z.max())},
    ),
    "softmax-by-mean": Mistake(
        "The powers are divided by their mean and not by their sum, so a row does not add up to 1.",
        "Add up a row of your probabilities. What should that give?",
        *after(["softmax"], lambda p: p * p.shape[1]),
    ),
    "softmax-logarithm-kept": Mistake(
        "Those are the logarithms of the probabilities. The error takes the probabilities "
        "themselves.",
        "Add up a row of what your code takes for probabilities. What should come out?",
        {"softmax": lambda s, Z: np.log(Steps().softmax(Z))},
    ),
    "softmax-other-base": Mistake(
        "These are powers of a number other than e. Only a power of e is its own slope, and only "
        "then is the error at Z so short.",
        "Which number is raised to the power of Z in the formula, and which in your line?",
        {"softmax": lambda s, Z: Steps().softmax(Z * np.log(2))},
        {"softmax": lambda s, Z: Steps().softmax(Z * np.log(10))},
    ),
    "softmax-without-powers": Mistake(
        "You took the numbers themselves, above or below the line of the softmax. Both places "
        "need powers of e, which are never negative.",
        "What does your formula make of a Z of -1 beside a Z of 1?",
        {"softmax": lambda s, Z: Z / Z.sum(axis=1, keepdims=True)},
        {"softmax": lambda s, Z: Z / np.exp(Z).sum(axis=1, keepdims=True)},
        {"softmax": lambda s, Z: np.exp(Z) / Z.sum(axis=1, keepdims=True)},
    ),
    "output-left-out": Mistake(
        "The output is missing from the list: it ends with what went into the last layer.",
        "What does the last layer give, and does your loop get as far as putting it into the list?",
        {"forward": lambda s, X, layers: s.forward_pass(X, layers)[1][:-1]},
    ),
    "another-activation": Mistake(
        "The neurons are sigmoids, and another activation was used.",
        "Which formula makes your activations, in each of the layers? A sigmoid needs nothing but "
        "its own z.",
        {"activation": lambda s, Z: np.tanh(Z)},
        {"activation": lambda s, Z: np.maximum(Z, 0)},
        {"activation": lambda s, Z: np.tanh(Z), "slope": lambda s, Z: 1 - np.tanh(Z) ** 2},
        {"activation": lambda s, Z: np.maximum(Z, 0), "slope": lambda s, Z: (Z > 0) * 1.0},
        {
            "activation": lambda s, Z: np.maximum(Z, 0),
            "output_activation": lambda s, Z: Steps().activation(Z),
        },
        {
            "activation": lambda s, Z: np.tanh(Z),
            "output_activation": lambda s, Z: Steps().activation(Z),
        },
        {"output_activation": lambda s, Z: s.softmax(Z)},
        {"delta_squared_error": _softmax_delta},
    ),
}
