"""Exercises whose answer is not a function of arrays: a name, a published number, a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.attempt import attempt
from bp_helpers.exercises.catalogue import CATALOGUE
from bp_helpers.exercises.exercise import slopes
from bp_helpers.exercises.feedback import Feedback, not_yet
from bp_helpers.exercises.plain_words import what_it_means
from bp_helpers.exercises.reading import Gap, read_array
from bp_helpers.exercises.steps import Layers, Override, Steps
from bp_helpers.gradcheck import compare
from bp_helpers.layers import Layer

Shape = tuple[int, ...]


def check_impossible_shape(
    impossible: Any, candidates: Mapping[str, tuple[Shape, Shape, Shape]]
) -> Feedback:
    """Check the name of the candidate, (shape of X, of W, of b), that X @ W + b refuses."""
    if impossible is None or impossible is Ellipsis:
        return Feedback(False, None, "Not tried yet: write one of the letters instead of None.")
    name = impossible.strip().strip("()'\"") if isinstance(impossible, str) else impossible
    if not isinstance(name, str) or name not in candidates:
        letters = ", ".join(f'"{one}"' for one in candidates)
        return not_yet(f"{impossible!r} is none of the letters; they are {letters}, in quotes.")
    X, W, b = candidates[name]
    products = f"X {X} @ W {W}"
    if X[-1] != W[0]:
        return Feedback(
            True,
            None,
            f"Right: in {products} the inner sizes {X[-1]} and {W[0]} differ, and NumPy refuses.",
        )
    try:
        shape = (np.zeros(X) @ np.zeros(W) + np.zeros(b)).shape
    except ValueError:
        return Feedback(
            True,
            None,
            f"Right: {products} gives {(X[0], W[1])}, and a b of shape {b} does not go with that; "
            "NumPy refuses.",
        )
    if shape != (X[0], W[1]):
        return not_yet(
            f"NumPy takes {name}, but look: {products} has shape {(X[0], W[1])}, and adding a b of "
            f"shape {b} stretches it to {shape}. That is a trap, and it is silent.",
            "Hint: look for the one that NumPy refuses.",
        )
    if len(b) == 2 and b[0] == X[0] != 1:
        return not_yet(
            f"NumPy takes {name}, and that is a trap: a b of shape {b} is one bias per example, "
            f"not one per unit. The result has the right shape, {shape}, and wrong numbers.",
            "Hint: look for the one that NumPy refuses.",
        )
    return not_yet(
        f"NumPy takes {name}: {products} gives {shape}, since the inner sizes are both {W[0]}, and "
        f"a b of shape {b} is added to every example.",
        "Hint: write the two shapes of each product side by side and compare the inner numbers.",
    )


# ---- Three layers, one of them wrong ----

SAME = 1e-6  # the relative error that two right gradients stay below
HANDED_BACK = "the blame handed back"


def layer_errors(layer: Layer, x: Array) -> dict[str, float]:
    """Return the largest relative error of each gradient of `layer` at x, and of what it returns.

    The loss is the sum of the layer's outputs, each times a number between 1 and 2: these numbers
    are the blame that comes in.
    """
    x = np.array(x, float)
    blame = np.random.default_rng(0).uniform(1, 2, size=layer.forward(x).shape)

    def loss() -> float:
        return float((blame * layer.forward(x)).sum())

    handed_back = np.array(layer.backward(blame))
    gradients = layer.gradients
    found = [
        (f"d{name}", value, np.array(gradients[name])) for name, value in layer.parameters.items()
    ]
    found.append((HANDED_BACK, x, handed_back))
    return {
        name: float(
            compare(analytic, slopes(loss, value), loss(), tolerance=SAME).relative_error.max()
        )
        for name, value, analytic in found
    }


def check_wrong_layer(wrong_layer: Any, layers: Mapping[str, Layer], x: Array) -> Feedback:
    """Check the name of the layer whose `backward` does not agree with central differences at x."""
    if wrong_layer is None or wrong_layer is Ellipsis:
        return Feedback(False, None, "Not tried yet: write one of the letters instead of None.")
    name = wrong_layer.strip().strip("()'\"") if isinstance(wrong_layer, str) else wrong_layer
    if not isinstance(name, str) or name not in layers:
        names = ", ".join(f'"{one}"' for one in layers)
        return not_yet(f"{wrong_layer!r} is none of the letters; they are {names}, in quotes.")
    errors = layer_errors(layers[name], x)
    wrong = {each: error for each, error in errors.items() if not error <= SAME}
    right = _listed({each: error for each, error in errors.items() if each not in wrong})
    if wrong:
        rest = f" Right are {right}." if right else ""
        return Feedback(
            True,
            None,
            f"Right: layer {name}. Against central differences, wrong is {_listed(wrong)}.{rest}",
        )
    return not_yet(
        f"Layer {name} agrees with central differences: {right}.",
        "Hint: let check_gradients look at a network of one layer, for each of the three. A layer "
        "that looks odd may be right.",
    )


def _listed(errors: Mapping[str, float]) -> str:
    return ", ".join(f"{name} (relative error {error:.0e})" for name, error in errors.items())


# The worked example: 2-2-2, one example, one bias per layer, given for both units.
WORKED_X, WORKED_Y = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
WORKED_LAYERS = [
    (np.array([[0.15, 0.25], [0.20, 0.30]]), np.array([0.35, 0.35])),
    (np.array([[0.40, 0.50], [0.45, 0.55]]), np.array([0.60, 0.60])),
]
WORKED_RATE = 0.5
BIASES_FIXED: Override = {"update_b": lambda s, b, db, rate: b}
CLOSE = 2e-9  # the published number has nine digits


def worked_loss(*overrides: Override) -> float:
    """Return the worked example's loss after one step, with these lines replaced."""
    layers = Steps(*overrides).training_step(WORKED_X, WORKED_Y, WORKED_LAYERS, WORKED_RATE)
    return _loss(layers)


def _loss(layers: Layers) -> float:
    output = Steps().forward(WORKED_X, layers)[-1]
    return float(((output - WORKED_Y) ** 2).sum() / 2)


def _would_give(loss: float, way: Override) -> bool:
    with np.errstate(all="ignore"):
        try:
            return abs(loss - worked_loss(way, BIASES_FIXED)) < CLOSE
        except ValueError:  # a mistake that does not run with these shapes
            return False


def check_worked_example(published_loss: Callable[[], Any]) -> Feedback:
    """Check `published_loss()`: the loss after one step of the worked example, with its bug."""
    if published_loss is None:
        return Feedback(False, None, "Not tried yet: write the function published_loss.")
    if not callable(published_loss):
        return not_yet("The check takes the function published_loss itself, without brackets.")
    made = attempt(published_loss, {})
    if isinstance(made.error, KeyboardInterrupt):
        return not_yet(f"Your function was interrupted while it was running{made.where}.")
    if made.error is not None:
        return not_yet(made.story, what_it_means(made.error))
    if made.value is None or made.value is Ellipsis:
        return Feedback(False, None, "Not tried yet: published_loss returns None.")
    loss = read_array(made.value, "The loss")
    if isinstance(loss, Gap):
        return not_yet(loss.text)
    if loss.size != 1:
        return not_yet(f"It returns an array of shape {loss.shape}; the loss is one number.")
    return _about(float(loss.reshape(())), made.warned)


def _about(loss: float, warned: tuple[str, ...]) -> Feedback:
    early = CATALOGUE["updated-before-propagating"]
    published, right = worked_loss(BIASES_FIXED, early.ways[0]), worked_loss(BIASES_FIXED)
    yours = f"Yours: {loss:.9f}. Published: {published:.9f}."
    if abs(loss - published) < CLOSE:
        return Feedback(
            True,
            None,
            f"Right: {loss:.9f} is the published loss. It comes from blame that went back over "
            f"weights already changed; the right step gives {right:.9f}.",
        )
    if abs(loss - right) < CLOSE:
        return not_yet(
            f"{loss:.9f} is the loss after a right step. The published one is a little larger, "
            "because one thing in it happens too early.",
            "Hint: which numbers does the way back read, and have they been changed by then?",
            yours,
        )
    known = [
        (_loss(WORKED_LAYERS), "That is the loss before the step: no weight has changed yet."),
        (
            worked_loss(),
            "That is a right step in which the biases move too. The worked example leaves its "
            "biases where they are.",
        ),
        (
            worked_loss(early.ways[0]),
            "The order is the published one, and the biases move too. The worked example leaves "
            "its biases where they are.",
        ),
    ]
    for number, text in known:
        if abs(loss - number) < CLOSE:
            return not_yet(text, yours)
    for mistake in CATALOGUE.values():
        for way in mistake.ways:
            if _would_give(loss, way):
                return not_yet(
                    mistake.explanation, f"Hint: {mistake.hint}", yours, mistake=mistake.id
                )
    return not_yet(
        "Yours is neither the published loss nor that of a right step.",
        "Hint: start from the right step in the notebook; a single line changes its place, nothing "
        "else.",
        yours,
        *warned,
    )
