"""Mistakes with a layer's own gradients, with handing the blame back, and in a whole pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.mistakes.mistake import Mistake, after
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers


def _each_path_written_over(s: Steps, output: Any) -> None:
    """Go along every path, and let each number hold what the last path has brought."""

    def visit(node: Any, share: float) -> None:
        node.grad = share
        for one, slope in node.inputs:
            visit(one, share * slope)

    visit(output, 1.0)


def _largest(shares: Array) -> Array:
    """Return the share that is largest without its sign, of each row."""
    return np.take_along_axis(shares, abs(shares).argmax(axis=2)[:, :, None], axis=2)[:, :, 0]


OWN_GRADIENTS = {
    "weights-gradient-transposed": Mistake(
        "dW came out transposed: its rows should be the layer's inputs, as in W.",
        "A gradient has the shape of what it belongs to. Which of the two factors comes first?",
        {"dW": lambda s, a_in, delta: delta.T @ a_in},
    ),
    "weights-averaged": Mistake(
        "dW is the mean over the examples. It should be their sum: the 1/N is in delta already.",
        "With the 1/N already in each row of the blame, what is left to do with the examples?",
        {"dW": lambda s, a_in, delta: a_in.T @ delta / len(delta)},
    ),
    "first-example-only": Mistake(
        "dW has the first example only. Every example adds its share to every weight.",
        "What happens to the rows after the first?",
        {"dW": lambda s, a_in, delta: np.outer(a_in[0], delta[0])},
        {"own_gradients": lambda s, a_in, delta: (np.outer(a_in[0], delta[0]), delta[0])},
    ),
    "summed-before-multiplying": Mistake(
        "Sums were multiplied where products should be added up. A sum of products is not the "
        "product of the sums: each entry meets the one that belongs to it.",
        "Write out a sum of two products. Which factor is multiplied by which?",
        {"dW": lambda s, a_in, delta: np.outer(a_in.sum(axis=0), delta.sum(axis=0))},
        {"dW": lambda s, a_in, delta: np.outer(a_in.mean(axis=0), delta.sum(axis=0))},
        {"dW": lambda s, a_in, delta: np.outer(a_in.mean(axis=0), delta.mean(axis=0))},
        {"hand_back": lambda s, delta, W: np.outer(delta.sum(axis=1), W.sum(axis=1))},
        {"weighted": lambda s, X, W: np.outer(X.sum(axis=1), W.sum(axis=0))},
    ),
    "activation-of-wrong-layer": Mistake(
        "dW was made with what the layer sent out. A weight's share depends on what came in "
        "through it.",
        "A weight that got 0 from its input had no part in the result. Which array says that?",
        {"incoming": lambda s, As, k: As[k + 1]},
    ),
    "pre-activation-for-activation": Mistake(
        "dW was made with the Z of the layer before. What came in through the weights is its A.",
        "What did the layer multiply with W in the forward pass?",
        {
            # the sigmoid turned round gives Z back
            "incoming": lambda s, As, k: As[k] if k == 0 else np.log(As[k] / (1 - As[k]))
        },
    ),
    "bias-averaged": Mistake(
        "The gradient of the bias, or of beta, is the mean over the examples. It should be their "
        "sum: the 1/N is in the blame already.",
        "With the 1/N already in each row of the blame, what is left to do with the examples?",
        {"db": lambda s, delta: delta.mean(axis=0)},
    ),
    "bias-first-row": Mistake(
        "The gradient of the bias has the first example only. The same bias served every example.",
        "What happens to the rows after the first?",
        {"db": lambda s, delta: delta[0]},
    ),
    "bias-summed-over-units": Mistake(
        "The gradient of the bias was added up over the neurons too. Each neuron has a bias of "
        "its own.",
        "How many biases does the layer have, and which entries of the blame belong to each?",
        {"db": lambda s, delta: delta.sum()},
        {"db": lambda s, delta: np.full(delta.shape[1], delta.sum())},
        {"db": lambda s, delta: delta.mean()},
    ),
    "bias-summed-over-wrong-axis": Mistake(
        "The gradient of the bias was added up over the neurons, with one number left per "
        "example. It is the other way round: one number per neuron, added up over the examples.",
        "Which axis has one entry for each bias?",
        {"db": lambda s, delta: delta.sum(axis=1)},
        {"db": lambda s, delta: delta.mean(axis=1)},
    ),
    "bias-not-summed": Mistake(
        "The gradient of the bias is the blame itself, one row per example. There is one bias per "
        "neuron for all examples.",
        "The same bias served every example. What happens to its shares?",
        {"db": lambda s, delta: delta},
    ),
    "bias-keeps-axis": Mistake(
        "The gradient of the bias has one axis too many: it should be a plain row of numbers, one "
        "for each neuron.",
        "A gradient has the shape of what it belongs to. What is the shape of the bias?",
        {"db": lambda s, delta: delta.sum(axis=0, keepdims=True)},
        {"db": lambda s, delta: delta.sum(axis=0)[:, None]},
    ),
    "bias-from-weights": Mistake(
        "The gradient of the bias was made from that of the weights, or from what came in. A bias "
        "is moved by the blame alone.",
        "Which input does a bias have, and what is its share then?",
        *after(
            ["own_gradients"],
            lambda both: (both[0], both[0].sum(axis=0)),
            lambda both: (both[0], both[0].mean(axis=0)),
            lambda both: (both[0], both[0].sum(axis=1)),
            lambda both: (both[0], both[0][0]),
        ),
        {"db": lambda s, delta: (delta * delta).sum(axis=0)},
        {"own_gradients": lambda s, a_in, delta: (s.dW(a_in, delta), a_in.sum(axis=0))},
        {"own_gradients": lambda s, a_in, delta: (s.dW(a_in, delta), a_in.mean(axis=0))},
    ),
    "bias-gradient-zero": Mistake(
        "The gradient of the bias is 0 where it should not be. A bias that is 0 still moves what "
        "comes out when it is nudged: the gradient depends on the slope, not on the value.",
        "Put 0.001 in place of a bias of 0. Does the loss stay where it was?",
        {"db": lambda s, delta: np.zeros(delta.shape[1])},
        {"layer_gradients": lambda s, a_in, delta, b: (s.dW(a_in, delta), s.db(delta) * (b != 0))},
    ),
    "bias-gradient-times-bias": Mistake(
        "The gradient of the bias is multiplied by the bias. In Z it stands alone, so its slope is "
        "1, whatever its value.",
        "A bias goes up by 0.001. How far does Z move if the bias was 0 before, and how far if 5?",
        {"layer_gradients": lambda s, a_in, delta, b: (s.dW(a_in, delta), s.db(delta) * b)},
    ),
}


HAND_BACK = {
    "hand-back-transposed": Mistake(
        "The blame went through the weights in the forward direction. Going back, it comes in at "
        "the outputs and leaves at the inputs. Where they are square, the shapes hide it.",
        "Which axis of the weights are the outputs, and which axis of the blame?",
        {"hand_back": lambda s, delta, W: s.shared(s.handed_on(delta) @ s.weights_used(W))},
    ),
    "product-swapped": Mistake(
        "The two factors of a matrix product have changed places, or the wrong one of them is "
        "transposed. Where everything is square it runs, and the numbers are wrong.",
        "Write the two shapes side by side: the inner two must be the same thing, not only the "
        "same number.",
        {"hand_back": lambda s, delta, W: W @ delta},
        {"hand_back": lambda s, delta, W: W.T @ delta},
        {"dW": lambda s, a_in, delta: a_in @ delta.T},
        {"dW": lambda s, a_in, delta: delta @ a_in},
        {"dW": lambda s, a_in, delta: delta @ a_in.T},
        {"weighted": lambda s, X, W: W @ X},
        {"weighted": lambda s, X, W: W.T @ X},
    ),
    "transpose-missing": Mistake(
        "In the product for dW what came in is not transposed, though it has to be: the examples "
        "are what is added up over. Where everything is square it runs, and the numbers are wrong.",
        "Write the two shapes side by side. Which axis of each has an entry for every example, and "
        "where does it have to be?",
        {"dW": lambda s, a_in, delta: a_in @ delta},
    ),
    "reshaped-not-transposed": Mistake(
        "An array was reshaped where it should be transposed. That gives the right shape, and "
        "the entries are in the wrong places.",
        "Write out a table of 2 by 3, transposed and reshaped to 3 by 2. Are they the same?",
        {
            "hand_back": lambda s, delta, W: s.shared(
                s.handed_on(delta) @ s.weights_used(W).reshape(W.T.shape)
            )
        },
        {"hand_back": lambda s, delta, W: delta @ W.reshape(W.T.shape, order="F")},
        {"weighted": lambda s, X, W: X @ W.reshape(W.T.shape).T},
        {"dW": lambda s, a_in, delta: a_in.reshape(a_in.T.shape) @ delta},
    ),
    "examples-in-columns": Mistake(
        "The result lies on its side: the examples are in its columns. In this course they are in "
        "the rows.",
        "What is the shape of your result for 5 examples, and which axis should have the 5?",
        {"hand_back": lambda s, delta, W: s.weights_used(W) @ s.handed_on(delta).T},
        *after(["dense"], np.transpose),
    ),
    "elementwise-for-product": Mistake(
        "Entries were multiplied one by one. Every input meets every output here, so a matrix "
        "product is needed. With square shapes both of them run.",
        "Which of the two signs, the star or the at sign, adds up over an axis?",
        {"hand_back": lambda s, delta, W: delta * W},
        {"hand_back": lambda s, delta, W: delta * W.T},
        {"dW": lambda s, a_in, delta: a_in * delta},
        {"dW": lambda s, a_in, delta: a_in.T * delta},
        {"weighted": lambda s, X, W: X * W},
    ),
    "overwritten-not-accumulated": Mistake(
        "Only one share is left: the others were left out, or each new one was written over the "
        "one before. All shares are added up.",
        "How many shares are there, and how many of them does your result hold at the end?",
        {"add_paths": lambda s, by_product, by_sum: by_sum},
        {"add_paths": lambda s, by_product, by_sum: by_product},
        {"add_paths": lambda s, *paths: max(paths)},
        {"add_paths": lambda s, *paths: max(paths, key=abs)},
        {"deliver": lambda s, one, share: setattr(one, "grad", share)},
        {"graph_backward": _each_path_written_over},
        *after(["weighed"], lambda shares: shares[-1:], lambda shares: shares[:1]),
        {"gathered": lambda s, means, sizes: means[-1]},
        {"gathered": lambda s, means, sizes: means[0]},
        {"whole_gradient": lambda s, gradients, sizes: gradients[-1]},
        {"whole_gradient": lambda s, gradients, sizes: gradients[0]},
        {"hand_back": lambda s, delta, W: delta[:, -1:] @ W[:, -1:].T},
        {"dW": lambda s, a_in, delta: np.outer(a_in[-1], delta[-1])},
        {"weighted": lambda s, X, W: X[:, -1:] @ W[-1:]},
        {"weighted": lambda s, X, W: X[:, :1] @ W[:1]},
        {"db": lambda s, delta: delta[-1]},
        {"own_gradients": lambda s, a_in, delta: (np.outer(a_in[-1], delta[-1]), delta[-1])},
        {"hand_back": lambda s, delta, W: (delta[:, None] * W).max(axis=2)},
        {"hand_back": lambda s, delta, W: _largest(delta[:, None] * W)},
    ),
    "first-path-only": Mistake(
        "Only the first output's blame was handed back. A neuron is blamed along every path that "
        "leaves it.",
        "To how many outputs did each neuron send its value?",
        {"hand_back": lambda s, delta, W: delta[:, :1] @ W[:, :1].T},
    ),
    "paths-averaged": Mistake(
        "The paths were averaged. What goes on over more paths has more effect: the shares of its "
        "paths add up.",
        "Over each of two paths, a step of 1 raises the result by 1. By how much over both?",
        *after(["handed_on"], lambda delta: delta / delta.shape[1]),
        {"add_paths": lambda s, by_product, by_sum: (by_product + by_sum) / 2},
    ),
    "weights-without-sign": Mistake(
        "The weights were used without their sign, or those below 0 not at all. Blame goes back "
        "over all of them, and a negative weight flips its sign.",
        "A neuron is blamed for an output being too high, through a weight of -2. Should it rise?",
        {"weights_used": lambda s, W: np.abs(W)},
        {"weights_used": lambda s, W: np.maximum(W, 0)},
    ),
    "weights-left-out": Mistake(
        "Every input got the same share. Going back, blame is multiplied by the weight it goes "
        "through.",
        "Which argument does your code not use?",
        {"weights_used": lambda s, W: np.ones_like(W)},
    ),
    "examples-mixed": Mistake(
        "The examples were added up, or averaged. Each keeps a blame of its own in the backward "
        "pass; they only meet in dW and db.",
        "How many rows should come back, and which rows that you were given may each depend on?",
        {"hand_back": lambda s, delta, W: delta.sum(axis=0) @ W.T},
        {"hand_back": lambda s, delta, W: delta.mean(axis=0) @ W.T},
        {"hand_back": lambda s, delta, W: delta.sum(axis=0, keepdims=True) @ W.T},
        {"hand_back": lambda s, delta, W: delta.mean(axis=0, keepdims=True) @ W.T},
        {"handed_on": lambda s, delta: np.tile(delta.sum(axis=0), (len(delta), 1))},
        {"handed_on": lambda s, delta: np.tile(delta.mean(axis=0), (len(delta), 1))},
        *after(["input_gradient"], lambda a: a.sum(axis=0), lambda a: a.mean(axis=0)),
    ),
}


def _without_first_layer(s: Steps, X: Array, Y: Array, layers: Layers) -> Array:
    return Steps.input_gradient(s, s.forward_pass(X, layers)[1][1], Y, layers[1:])


def _through_an_activation(s: Steps, X: Array, Y: Array, layers: Layers) -> Array:
    return Steps.input_gradient(s, X, Y, layers) * s.slope(X)


def _through_a_sigmoids_output(s: Steps, X: Array, Y: Array, layers: Layers) -> Array:
    return Steps.input_gradient(s, X, Y, layers) * X * (1 - X)


WHOLE_PASS = {
    "updated-before-propagating": Mistake(
        "The blame was handed back through weights that had already been changed. The gradient "
        "belongs to the weights that made the prediction.",
        "When does the last layer get its new weights, and who still needs the old ones?",
        {"weights_going_back": lambda s, layers, k, change: layers[k][0] - change},
    ),
    "weights-of-wrong-layer": Mistake(
        "The blame was handed back through the weights of the wrong layer: it goes back through "
        "the same weights that the values came through. Where all layers are square it runs.",
        "A layer's blame arrives through the weights that lead out of it. Which layer owns those?",
        {"weights_going_back": lambda s, layers, k, change: layers[max(k - 1, 0)][0]},
        {"weights_going_back": lambda s, layers, k, change: layers[-1][0]},
    ),
    "blame-not-handed-on": Mistake(
        "Several layers got the same blame. Each layer hands on what it has made of its own: the "
        "blame of the one before is made from the delta that was found last.",
        "Which variable changes from one turn of the loop to the next, and which should?",
        {"blame_before": lambda s, blames, deltas, W: blames[0]},
        {"blame_before": lambda s, blames, deltas, W: s.hand_back(deltas[0], W)},
        {"blame_here": lambda s, deltas: deltas[0]},
    ),
    "blame-handed-on-without-slope": Mistake(
        "What was handed back is the blame that came in, and the activation's slope is left out of "
        "it. What goes back through the weights is delta, which has been through the slope.",
        "Which of your variables is the blame at Z, and which one do you hand back?",
        {"blame_before": lambda s, blames, deltas, W: s.hand_back(blames[-1], W)},
    ),
    "layers-visited-forward": Mistake(
        "The backward pass went through the layers from the first to the last. Blame starts at the "
        "output. Where all layers are square it runs, and the numbers are wrong.",
        "Print the layer's number in each turn of the loop. With which should it begin?",
        {"way_back": lambda s, depth: range(depth)},
        {"way_back": lambda s, depth: range(depth), "first_layer_first": lambda s, pairs: pairs},
    ),
    "last-layer-first": Mistake(
        "In the list, later layers stand before earlier ones. The backward pass finds them in that "
        "order; the list should be in that of the layers.",
        "In which order did your loop add to the list?",
        {"first_layer_first": lambda s, pairs: pairs},
        *after(["training_step"], lambda layers: layers[::-1]),
    ),
    "layer-left-out": Mistake(
        "The gradients of one layer are missing: the first or the last has not been visited.",
        "How many layers are there, and how many times did your loop turn?",
        *after(["gradients"], lambda pairs: pairs[1:], lambda pairs: pairs[:-1]),
        *after(["gradients"], lambda pairs: [tuple(0 * a for a in pairs[0]), *pairs[1:]]),
    ),
    "weights-gradient-for-input": Mistake(
        "That is the gradient of the first layer's weights. The question is how the loss moves "
        "when an input does.",
        "dX has the shape of X: one number for each input of each example.",
        {"input_gradient": lambda s, X, Y, layers: s.backward_pass(X, Y, layers)[0][0][0]},
    ),
    "stopped-at-delta": Mistake(
        "That is delta of the first layer. One step is left, from its Z to what came in.",
        "Between X and the first Z lie weights.",
        {"input_gradient": lambda s, X, Y, layers: s.backward_pass(X, Y, layers)[1][0]},
    ),
    "stopped-one-layer-early": Mistake(
        "The blame has come to A1, what the first layer sent out, and not through that layer.",
        "How many times did your loop turn, and how many layers are there?",
        {"input_gradient": _without_first_layer},
    ),
    "slope-at-the-input": Mistake(
        "The input was treated as if an activation had made it. X went into the first layer as "
        "it was.",
        "Between X and the first Z there are weights. Is there an activation?",
        {"input_gradient": _through_an_activation},
        {"input_gradient": _through_a_sigmoids_output},
    ),
}
