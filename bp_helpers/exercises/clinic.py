"""Broken networks: patients with one mistake of the catalogue each, and what shows that they are.

Every patient is a network of two sigmoid layers under squared error whose training makes one
mistake. What it used as a gradient is read from the step that it took, so that a mistake in the
update shows as one in the backward pass does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bp_helpers._checks import Array
from bp_helpers.exercises.feedback import cosine
from bp_helpers.exercises.mistakes import CATALOGUE
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers, Override
from bp_helpers.layers import Dense

HEALTHY = "nothing is broken"
WRONG = 1e-6  # off by more than this share of its length, a gradient is wrong
# What a step used is a difference of two parameters; it is known to about this share of them.
ROUNDING = 1e-15


@dataclass(frozen=True)
class Patient:
    """One mistake: its name, its id in the catalogue, and the broken line.

    Of the mistake's ways it is the one that replaces the method `method` of Steps, or of several
    such the one at position `nth`. `right` and `broken` are that line in the notation of the
    course. Where the same line serves both layers it has no number: `db = ...`.
    """

    name: str
    mistake: str | None
    method: str
    right: str
    broken: str
    nth: int = 0

    def steps(self) -> Steps:
        """Return a fresh Steps that makes the mistake."""
        if self.mistake is None:
            return Steps()
        if self.mistake == "gradients-not-reset":
            return Steps(_never_reset())
        ways = [way for way in CATALOGUE[self.mistake].ways if self.method in way]
        return Steps(ways[self.nth])


@dataclass(frozen=True)
class Symptom:
    """What a step used for one array of parameters, compared with the true gradient.

    `cosine` is that of the angle between the two, or None where one of them has no direction;
    `ratio` is the length of the used one divided by that of the true one, or None where the true
    one is too small to divide by. `right` allows for rounding.
    """

    cosine: float | None
    ratio: float | None
    right: bool


def _never_reset() -> Override:
    """Return an update that keeps the sum of all gradients so far: its mistake, batch by batch.

    The catalogue's way replaces a training with one batch only.
    """
    total: Layers = []

    def update(s: Steps, layers: Layers, pairs: Layers, learning_rate: float) -> Layers:
        earlier = total or [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
        total[:] = [
            (sum_W + dW, sum_b + db)
            for (sum_W, sum_b), (dW, db) in zip(earlier, pairs, strict=True)
        ]
        return Steps.update(s, layers, total, learning_rate)

    return {"update": update}


ERROR, SLOPE = "dA2 = (A2 - Y) / len(X)", "delta = dA * A * (1 - A)"
OWN_W, OWN_B = "dW = A_in.T @ delta", "db = delta.sum(axis=0)"
BACK, HIDDEN = "dA1 = delta2 @ W2.T", "delta1 = dA1 * A1 * (1 - A1)"
UPDATE = "W, b = W - eta * dW, b - eta * db"

PATIENTS = {
    patient.name: patient
    for patient in [
        Patient("1/N missing", "one-over-n-missing", "mean", ERROR, "dA2 = A2 - Y"),
        Patient("1/N twice", "one-over-n-twice", "mean", ERROR, "dA2 = (A2 - Y) / len(X) ** 2"),
        Patient(
            "mean over outputs", "divided-by-outputs", "mean",
            ERROR, "dA2 = (A2 - Y) / A2.size", nth=1,
        ),
        Patient(
            "output slope missing", "slope-missing-output", "output_delta",
            "delta2 = dA2 * A2 * (1 - A2)", "delta2 = dA2",
        ),
        Patient(
            "slope taken at A", "slope-at-activation", "slope",
            SLOPE, "delta = dA * phi(A) * (1 - phi(A))",
        ),
        Patient("db always 0", "bias-gradient-zero", "db", OWN_B, "db = 0 * delta.sum(axis=0)"),
        Patient("db averaged", "bias-averaged", "db", OWN_B, "db = delta.mean(axis=0)"),
        Patient(
            "db over all neurons", "bias-summed-over-units", "db",
            OWN_B, "db = delta.sum()",
        ),
        Patient("dW averaged", "weights-averaged", "dW", OWN_W, "dW = A_in.T @ delta / len(X)"),
        Patient(
            "dW of one example", "first-example-only", "dW",
            OWN_W, "dW = np.outer(A_in[0], delta[0])"
        ),
        Patient(
            "dW2 made with Z1", "pre-activation-for-activation", "incoming",
            "dW2 = A1.T @ delta2", "dW2 = Z1.T @ delta2",
        ),
        Patient(
            "W2 not transposed", "hand-back-transposed", "hand_back",
            BACK, "dA1 = delta2 @ W2",
        ),
        Patient(
            "one path only", "first-path-only", "hand_back",
            BACK, "dA1 = delta2[:, :1] @ W2[:, :1].T"
        ),
        Patient(
            "W2 without its sign", "weights-without-sign", "weights_used",
            BACK, "dA1 = delta2 @ np.abs(W2).T"
        ),
        Patient(
            "examples mixed", "examples-mixed", "hand_back",
            BACK, "dA1 = delta2.sum(axis=0) @ W2.T",
        ),
        Patient(
            "hidden slope missing", "slope-missing-hidden", "hidden_delta",
            HIDDEN, "delta1 = dA1",
        ),
        Patient(
            "hidden blame reversed", "sign-reversed", "arriving",
            HIDDEN, "delta1 = -dA1 * A1 * (1 - A1)"
        ),
        Patient(
            "W2 updated too early", "updated-before-propagating", "weights_going_back",
            BACK, "dA1 = delta2 @ (W2 - eta * dW2).T",
        ),
        Patient("uphill", "uphill", "step_size", UPDATE, "W, b = W + eta * dW, b + eta * db"),
        Patient(
            "gradients never reset", "gradients-not-reset", "update",
            UPDATE, "W, b = W - eta * sum_dW, b - eta * sum_db",
        ),
    ]
}  # fmt: skip
NOBODY = Patient(HEALTHY, None, "", UPDATE, UPDATE)


def start(seed: int) -> Layers:
    """Return the layers of a 2-3-3 network before any training."""
    rng = np.random.default_rng(seed)
    return [(layer.W, layer.b) for layer in (Dense(2, 3, rng=rng), Dense(3, 3, rng=rng))]


def batches(
    examples: int, size: int, steps: int, rng: np.random.Generator
) -> list[npt.NDArray[np.int64]]:
    """Return the rows of each of so many steps: every epoch in a new order, and full batches."""
    per_epoch = examples // size
    epochs = [rng.permutation(examples) for _ in range(math.ceil(steps / per_epoch))]
    return [
        epochs[k // per_epoch][k % per_epoch * size : (k % per_epoch + 1) * size]
        for k in range(steps)
    ]


def train(
    patient: Patient,
    layers: Layers,
    X: Array,
    Y: Array,
    rows: Iterable[npt.NDArray[np.int64]],
    learning_rate: float,
) -> list[Layers]:
    """Return the layers before the first step and after each; a step has the batch X[rows]."""
    steps, states = patient.steps(), [layers]
    with np.errstate(over="ignore", under="ignore"):  # a sigmoid of far away is 0, and that is fine
        for batch in rows:
            layers = steps.training_step(X[batch], Y[batch], layers, learning_rate)
            states.append(layers)
    return states


def output(layers: Layers, X: Array) -> Array:
    """Return what a network of these layers says about each row of X, shape (N, 3)."""
    with np.errstate(over="ignore", under="ignore"):
        return Steps().forward(X, layers)[-1]


def symptoms(
    before: Layers, after: Layers, X: Array, Y: Array, learning_rate: float
) -> dict[str, Symptom]:
    """Return what the step from `before` to `after` with this batch shows, the last layer first."""
    found = {}
    with np.errstate(over="ignore", under="ignore"):
        true = Steps().gradients(X, Y, before)
    for k in reversed(range(len(before))):
        arrays = zip("Wb", before[k], after[k], true[k], strict=True)
        for letter, old, new, gradient in arrays:
            noise = ROUNDING * float(np.abs(old).max() + np.abs(new).max()) / learning_rate
            found[f"d{letter}{k + 1}"] = _symptom((old - new) / learning_rate, gradient, noise)
    return found


def first_wrong(found: dict[str, Symptom]) -> str | None:
    """Return the name of the first wrong one, or None."""
    return next((name for name, symptom in found.items() if not symptom.right), None)


def _symptom(used: Array, true: Array, noise: float) -> Symptom:
    """Return the symptom; `noise` is how much of an entry of `used` may be rounding."""
    noise *= math.sqrt(true.size)
    length, off = float(np.linalg.norm(true)), float(np.linalg.norm(used - true))
    right = off <= WRONG * length + noise
    if length <= noise / WRONG:
        return Symptom(None, None, right)
    ratio = float(np.linalg.norm(used)) / length
    has_direction = ratio * length > noise / WRONG
    return Symptom(cosine(used, true) if has_direction else None, ratio, right)


# ---- A ward of patients without names ----

WARD = {
    "A": PATIENTS["db averaged"],
    "B": PATIENTS["W2 updated too early"],
    "C": NOBODY,
    "D": PATIENTS["gradients never reset"],
}
# batch size, learning rate, which step is looked at
EXAMINATIONS = [(16, 4.0, 1), (16, 4.0, 20), (64, 4.0, 20), (16, 0.04, 20)]


def examine(
    patient: Patient,
    layers: Layers,
    X: Array,
    Y: Array,
    examinations: Sequence[tuple[int, float, int]] = EXAMINATIONS,
) -> list[dict[str, Symptom]]:
    """Return the symptoms of one step under each of these batch sizes and learning rates."""
    seen = []
    for size, rate, step in examinations:
        rows = batches(len(X), size, step, np.random.default_rng(0))
        states = train(patient, layers, X, Y, rows, rate)
        seen.append(symptoms(states[-2], states[-1], X[rows[-1]], Y[rows[-1]], rate))
    return seen
