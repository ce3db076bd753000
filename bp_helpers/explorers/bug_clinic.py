"""A broken training beside the right one, and what gives the mistake away."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.data import Dataset, load_penguins
from bp_helpers.exercises.clinic import (
    HEALTHY,
    NOBODY,
    PATIENTS,
    Patient,
    batches,
    first_wrong,
    start,
    symptoms,
    train,
)
from bp_helpers.exercises.steps import Layers
from bp_helpers.explorers.kit import Explorer, Numbers, row
from bp_helpers.pictures import (
    FloatArray,
    GroupSymptoms,
    Picture,
    TrainingRun,
    beside,
    number,
    symptoms_table,
    two_accuracies,
    two_losses,
)

STEPS, EVERY = 120, 4  # how long it trains, and after how many steps the curves have a point
RATES = [0.04, 0.1, 0.2, 0.4, 1.0, 2.0, 4.0, 10.0, 20.0]
BATCHES = [1, 4, 16, 64, 274]
MEASURED = np.arange(0, STEPS + 1, EVERY)
EVERYBODY = {HEALTHY: NOBODY, **PATIENTS}


class BugClinicExplorer(Explorer):
    """A 2-3-3 network learns three species of penguins, once rightly and once with one mistake.

    Both start from the same weights and see the same batches. Below the loss and the accuracy
    stand the symptoms of one step of the broken training: what it used as a gradient, compared
    with the true one of the same batch at the same weights.
    """

    presets: ClassVar = {
        "one penguin a step": {"batch_size": 1, "patient": "db averaged"},
        "short steps": {"learning_rate": 0.04, "patient": "W2 updated too early"},
        "faster than right": {"patient": "output slope missing"},
    }

    def __init__(self) -> None:
        controls = {
            "patient": widgets.Dropdown(
                options=[*EVERYBODY], value="db averaged", description="what is broken",
                style={"description_width": "9em"}, layout={"width": "24em"},
            ),
            "batch_size": _choice("batch size", BATCHES, 16),
            "learning_rate": _choice("learning rate", RATES, 4.0),
            "look_at": widgets.IntSlider(
                1, min=1, max=STEPS, description="look at step",
                style={"description_width": "9em"}, layout={"width": "24em"},
            ),
        }  # fmt: skip
        super().__init__(controls, [row(*controls.values())])

    def numbers(self) -> Numbers:
        """Return both trainings' losses and accuracies, and the symptoms of the chosen step."""
        patient, size = EVERYBODY[self.values["patient"]], int(self.values["batch_size"])
        rate, step = float(self.values["learning_rate"]), int(self.values["look_at"])
        x, y = _data()
        broken = _trained(patient.name, size, rate)
        rows = _rows(size)[step - 1]
        before, after = broken[step - 1 : step + 1]
        found = symptoms(before, after, x[rows], y[rows], rate)
        return {
            "patient": patient,
            "step": step,
            "unseen": len(_penguins().y_test),
            "right_run": _run(HEALTHY, size, rate),
            "broken_run": _run(patient.name, size, rate),
            "symptoms": found,
            "first_wrong": first_wrong(found),
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the losses, the accuracies and the symptoms."""
        runs = numbers["right_run"], numbers["broken_run"]
        patient: Patient = numbers["patient"]
        groups = [
            GroupSymptoms(name, found.cosine, found.ratio, found.right)
            for name, found in numbers["symptoms"].items()
        ]
        steps = MEASURED.astype(float)
        return beside(
            two_losses(steps, *runs, numbers["step"]),
            two_accuracies(steps, *runs, numbers["step"], numbers["unseen"]),
            symptoms_table(groups, numbers["step"], _lines(patient)),
        )

    def describe(self, numbers: Numbers) -> str:
        """Return where both trainings end, and the symptoms."""
        lines = [f"What is broken: {numbers['patient'].name}."]
        for name in ("right", "broken"):
            run: TrainingRun = numbers[f"{name}_run"]
            share = float(run.shares[-1])
            lines.append(
                f"After {STEPS} steps, {name}: loss {number(run.losses[-1], 4)}, "
                f"{round(numbers['unseen'] * share)} of {numbers['unseen']} unseen penguins."
            )
        first = numbers["first_wrong"]
        lines.append(
            f"Step {numbers['step']}: {f'first wrong is {first}' if first else 'all right'}."
        )
        for name, found in numbers["symptoms"].items():
            lines.append(f"{name}: {_said(found.cosine, 'cosine')}, {_said(found.ratio, 'ratio')}")
        return "\n".join(lines)

    def code(self) -> str:
        """Return code that trains the same network and looks at the same step."""
        values = self.values
        patient = EVERYBODY[values["patient"]]
        which = "clinic.NOBODY" if patient is NOBODY else f"clinic.PATIENTS[{patient.name!r}]"
        return "\n".join(
            [
                "import numpy as np",
                "from bp_helpers import load_penguins",
                "from bp_helpers.exercises import clinic",
                "",
                "penguins = load_penguins()",
                "x, y = penguins.x_train, np.eye(3)[penguins.y_train]",
                f"size, rate, step = {values['batch_size']}, {values['learning_rate']:g}, "
                f"{values['look_at']}",
                f"rows = clinic.batches(len(x), size, {STEPS}, np.random.default_rng(0))",
                f"layers = clinic.train({which}, clinic.start(0), x, y, rows, rate)",
                "before, after, batch = layers[step - 1], layers[step], rows[step - 1]",
                "symptoms = clinic.symptoms(before, after, x[batch], y[batch], rate)",
            ]
        )


def _choice(label: str, options: list[Any], value: Any) -> widgets.SelectionSlider:
    return widgets.SelectionSlider(
        options=[(f"{option:g}", option) for option in options], value=value, description=label,
        style={"description_width": "9em"}, layout={"width": "24em"},
    )  # fmt: skip


def _lines(patient: Patient) -> dict[str, str]:
    if patient is NOBODY:
        return {"right": patient.right}
    return {"right": patient.right, "broken": patient.broken}


def _said(value: float | None, name: str) -> str:
    return f"no {name}" if value is None else f"{name} {number(value, 4)}"


# ---- Trainings, each done once -----------------------------------------------------------------


@cache
def _penguins() -> Dataset:
    return load_penguins()


@cache
def _data() -> tuple[FloatArray, FloatArray]:
    penguins = _penguins()
    return penguins.x_train, np.eye(3)[penguins.y_train]


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
    penguins, (x, y) = _penguins(), _data()
    states = _trained(name, size, rate)[::EVERY]
    stacked = [
        (
            np.array([layers[k][0] for layers in states]),
            np.array([layers[k][1] for layers in states]),
        )
        for k in range(2)
    ]
    outputs = _forward(x, stacked)
    losses = ((outputs - y) ** 2).sum(axis=(1, 2)) / 2 / len(x)
    decided = _forward(penguins.x_test, stacked).argmax(axis=2)
    return TrainingRun(losses, (decided == penguins.y_test).mean(axis=1))


def _forward(x: FloatArray, stacked: Layers) -> FloatArray:
    """Return the outputs of many networks at once, shape (networks, N, 3)."""
    with np.errstate(over="ignore", under="ignore"):
        for W, b in stacked:
            x = 1 / (1 + np.exp(-(x @ W + b[:, None])))
    return x
