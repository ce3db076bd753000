"""Exercises whose answer is a name: which shape, which layer, which patient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.data import load_penguins
from bp_helpers.exercises.clinic import (
    EXAMINATIONS,
    HEALTHY,
    NOBODY,
    PATIENTS,
    WARD,
    Symptom,
    examine,
    start,
)
from bp_helpers.exercises.error_messages import kind_of, message_of, shortened
from bp_helpers.exercises.exercise import Choice
from bp_helpers.exercises.feedback import Feedback, not_yet, right
from bp_helpers.gradcheck import STEP, central_differences, compare
from bp_helpers.layers import Layer

Shape = tuple[int, ...]
AS_THEY_WERE = "Run the cells of this exercise again, from the first one."


def _letter(asks: str, examine: Callable[..., Feedback]) -> Choice:
    """Return the choice of one candidate by its letter, which `examine` gets with the candidate."""

    def examined(chosen: Any, candidates: Mapping[str, Any], *further: Any) -> Feedback:
        if not isinstance(candidates, Mapping):
            return not_yet(f"The candidates are {kind_of(candidates)} by now. {AS_THEY_WERE}")
        name = chosen.strip().strip("()'\"").lower() if isinstance(chosen, str) else chosen
        if not isinstance(name, str) or name not in candidates:
            letters = ", ".join(f'"{one}"' for one in candidates)
            what = shortened(repr(chosen))
            return not_yet(f"{what} is none of the letters; they are {letters}, in quotes.")
        try:
            return examine(name, candidates[name], *further)
        except Exception as stopped:  # another cell may have given the same names to other things
            why = f"{type(stopped).__name__}: {message_of(stopped)}"
            return not_yet(f"Candidate {name} cannot be tried as it is by now ({why}). "
                           f"{AS_THEY_WERE}")  # fmt: skip

    return Choice(asks, "one of the letters", examined)


# ---- The shape that cannot work ----


def _shapes(name: str, shapes: tuple[Shape, Shape, Shape]) -> Feedback:
    X, W, b = shapes
    products = f"X {X} @ W {W}"
    if X[-1] != W[0]:
        return right(
            f"in {products} the inner sizes {X[-1]} and {W[0]} differ, and NumPy refuses. A matrix "
            "product adds up over the axis that the two share."
        )
    try:
        shape = (np.zeros(X) @ np.zeros(W) + np.zeros(b)).shape
    except ValueError:
        return right(
            f"{products} gives {(X[0], W[1])}, and a b of shape {b} does not go with that; NumPy "
            "refuses. Shapes are lined up from the right, and two sizes must be equal or 1."
        )
    if shape != (X[0], W[1]):
        return not_yet(
            f"NumPy takes {name}, but look: {products} has shape {(X[0], W[1])}, and adding a b of "
            f"shape {b} stretches it to {shape}. That is a trap, and it is silent.",
            hint="look for the one that NumPy refuses.",
        )
    if len(b) == 2 and b[0] == X[0] != 1:
        return not_yet(
            f"NumPy takes {name}, and that is a trap: a b of shape {b} is one bias per example, "
            f"not one per neuron. The result has the right shape, {shape}, and wrong numbers.",
            hint="look for the one that NumPy refuses.",
        )
    return not_yet(
        f"NumPy takes {name}: {products} gives {shape}, since the inner sizes are both {W[0]}, and "
        f"a b of shape {b} is added to every example.",
        hint="write the two shapes of each product side by side and compare the inner numbers.",
    )


check_impossible_shape = _letter(
    "Check the name of the candidate, (shape of X, of W, of b), that X @ W + b refuses.", _shapes
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
    errors = {}
    for name, value, analytic in found:
        measured = central_differences(value, loss, STEP)
        report = compare(analytic, measured, loss(), tolerance=SAME)
        errors[name] = float(report.relative_error.max())
    return errors


def _layer(name: str, layer: Layer, x: Array) -> Feedback:
    errors = layer_errors(layer, x)
    wrong = {each: error for each, error in errors.items() if not error <= SAME}
    agreeing = _listed({each: error for each, error in errors.items() if each not in wrong})
    if wrong:
        rest = f" Right: {agreeing}." if agreeing else ""
        return right(
            f"what layer {name} says of its slopes is not what nudging shows. Wrong, beside "
            f"central differences: {_listed(wrong)}.{rest}"
        )
    return not_yet(
        f"Layer {name} agrees with central differences: {agreeing}.",
        hint="let check_gradients look at a network of one layer, for each of the three. A layer "
        "that looks odd may be right.",
    )


def _listed(errors: Mapping[str, float]) -> str:
    """Name each with its error; of one that is only rounding no digit is the same everywhere."""
    return ", ".join(
        f"{name} (relative error {f'{error:.0e}' if not error <= SAME else f'below {SAME:.0e}'})"
        for name, error in errors.items()
    )


check_wrong_layer = _letter(
    "Check the name of the layer whose `backward` does not agree with central differences at x.",
    _layer,
)

# ---- Patients without names ----


def _diagnosed(diagnoses: Any) -> Feedback:
    names = [*PATIENTS, HEALTHY]
    if not isinstance(diagnoses, Mapping):
        return not_yet('A dictionary is expected, like {"A": "uphill", "B": ...}.')
    for letter in WARD:
        if letter not in diagnoses:
            return not_yet(f"Patient {letter} is missing.")
        if diagnoses[letter] not in names:
            listed = ", ".join(f'"{name}"' for name in names)
            return not_yet(f"{letter}: {diagnoses[letter]!r} is none of the names: {listed}.")
    wrong = [letter for letter, patient in WARD.items() if diagnoses[letter] != patient.name]
    if not wrong:
        return right(
            f"{len(WARD)} of {len(WARD)}. No other mistake shows these symptoms under all "
            "examinations."
        )
    return not_yet(
        f"{len(WARD) - len(wrong)} of {len(WARD)} are right.",
        *(f"{letter}: {_contradiction(letter, diagnoses[letter])}" for letter in wrong),
    )


check_diagnoses = Choice(
    'Check `{"A": name, ...}`: which patient of the clinic each one in the ward is.',
    "a dictionary",
    _diagnosed,
)


def _contradiction(letter: str, name: str) -> str:
    """Return what is seen of a patient and would not be if this were the mistake."""
    penguins = load_penguins()
    data = start(0), penguins.x_train, np.eye(3)[penguins.y_train]
    claimed = NOBODY if name == HEALTHY else PATIENTS[name]
    seen, expected = examine(WARD[letter], *data), examine(claimed, *data)
    for (size, rate, step), here, there in zip(EXAMINATIONS, seen, expected, strict=True):
        for group, symptom in here.items():
            if _in_words(symptom) != _in_words(there[group]):
                return (
                    f'with "{name}", step {step} with batch size {size} and learning rate '
                    f"{rate:g} would have {group} {_in_words(there[group])}; the patient has it "
                    f"{_in_words(symptom)}."
                )
    raise AssertionError("two mistakes show the same symptoms")


def _in_words(symptom: Symptom) -> str:
    if symptom.right:
        return "right"
    if symptom.cosine is None:
        return "0" if symptom.ratio == 0 else "too small to be compared"
    return f"wrong: cosine {symptom.cosine:.4f}, ratio {symptom.ratio or 0:.4f}"
