"""A broken training beside the right one, and what gives the mistake away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar

import numpy as np

from bp_helpers.exercises.clinic import (
    HEALTHY,
    NOBODY,
    PATIENTS,
    Patient,
    Symptom,
    batches,
    first_wrong,
    start,
    symptoms,
    train,
)
from bp_helpers.exercises.steps.replaceable import Layers
from bp_helpers.explorers.controls import choice_slider, menu, whole_slider
from bp_helpers.explorers.data_sets import penguins
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.explorers.stacks import losses_of, outputs_of
from bp_helpers.layers import Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.pictures import (
    FloatArray,
    GroupSymptoms,
    Picture,
    TrainingRun,
    beside,
    symptoms_table,
    two_accuracies,
    two_losses,
)

STEPS, EVERY = 120, 4  # how long it trains, and after how many steps the curves have a point
RATES = [0.04, 0.1, 0.2, 0.4, 1.0, 2.0, 4.0, 10.0, 20.0]
BATCHES = [1, 4, 16, 64, 274]
MEASURED = np.arange(0, STEPS + 1, EVERY)
EVERYBODY = {HEALTHY: NOBODY, **PATIENTS}


@dataclass(frozen=True)
class BugClinicNumbers:
    """Both trainings' losses and accuracies, and the symptoms of the step that is looked at."""

    patient: Patient
    step: int
    right_run: TrainingRun
    broken_run: TrainingRun
    symptoms: dict[str, Symptom]
    first_wrong: str | None


def broken_training(
    patient: str, batch_size: int, learning_rate: float, look_at: int
) -> BugClinicNumbers:
    """Return a right and a broken training, and what the broken one took for a gradient."""
    x, y = _data()
    rows = _rows(batch_size)[look_at - 1]
    before, after = _trained(patient, batch_size, learning_rate)[look_at - 1 : look_at + 1]
    found = symptoms(before, after, x[rows], y[rows], learning_rate)
    return BugClinicNumbers(
        EVERYBODY[patient],
        look_at,
        _run(HEALTHY, batch_size, learning_rate),
        _run(patient, batch_size, learning_rate),
        found,
        first_wrong(found),
    )


def clinic_picture(numbers: BugClinicNumbers) -> Picture:
    """Draw the losses, the accuracies and the symptoms."""
    runs, patient = (numbers.right_run, numbers.broken_run), numbers.patient
    groups = [
        GroupSymptoms(name, found.cosine, found.ratio, found.right)
        for name, found in numbers.symptoms.items()
    ]
    lines = {"right": patient.right}
    if patient is not NOBODY:
        lines["broken"] = patient.broken
    steps = MEASURED.astype(float)
    return beside(
        two_losses(steps, *runs, numbers.step),
        two_accuracies(steps, *runs, numbers.step, len(penguins().y_test)),
        symptoms_table(groups, numbers.step, lines),
    )


# ---- Trainings, each done once -----------------------------------------------------------------


@cache
def _data() -> tuple[FloatArray, FloatArray]:
    data = penguins()
    return data.x_train, np.eye(3)[data.y_train]


@cache
def _rows(size: int) -> list[Any]:
    return batches(len(_data()[0]), size, STEPS, np.random.default_rng(0))


@lru_cache(maxsize=64)
def _trained(name: str, size: int, rate: float) -> list[Layers]:
    """Return the layers before the first step and after each."""
    return train(EVERYBODY[name], start(0), *_data(), _rows(size), rate)


@lru_cache(maxsize=64)
def _run(name: str, size: int, rate: float) -> TrainingRun:
    """Return the loss on all penguins, and the accuracy on unseen ones, as training goes on."""
    data, (x, y) = penguins(), _data()
    states = _trained(name, size, rate)[::EVERY]
    layers = [
        (np.array([W for W, _ in each]), np.array([b for _, b in each]), Sigmoid())
        for each in zip(*states, strict=True)
    ]
    losses = losses_of(SquaredError(), outputs_of(x, layers), y)
    decided = outputs_of(data.x_test, layers).argmax(axis=2)
    return TrainingRun(losses, (decided == data.y_test).mean(axis=1))


class BugClinicExplorer(Explorer):
    """A 2-3-3 network learns three species of penguins, once rightly and once with one mistake.

    Both start from the same weights and see the same batches. Below the loss and the accuracy stand
    the symptoms of one step of the broken training: what it used as a gradient, compared with the
    true one of the same batch at the same weights.
    """

    compute, draw = broken_training, clinic_picture
    controls: ClassVar = {
        "patient": menu("what is broken", [*EVERYBODY], "db averaged", "24em", "9em"),
        "batch_size": choice_slider("batch size", BATCHES, 16),
        "learning_rate": choice_slider("learning rate", RATES, 4.0),
        "look_at": whole_slider("look at step", 1, 1, STEPS),
    }
    presets: ClassVar = {
        "one penguin a step": {"batch_size": 1, "patient": "db averaged"},
        "short steps": {"learning_rate": 0.04, "patient": "W2 updated too early"},
        "faster than right": {"patient": "output slope missing"},
    }
