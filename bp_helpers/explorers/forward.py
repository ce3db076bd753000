"""The forward pass over the running example, and what its network decides everywhere else."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.data import load_penguins
from bp_helpers.explorers.kit import Numbers, button
from bp_helpers.explorers.running import RunningNetworkExplorer, Step
from bp_helpers.pictures import Mark, Picture, beside, decision_surface, grid, number, percent

STEPS = [
    Step("The inputs: two measurements of one penguin", (), ("X",)),
    Step("Z1: each hidden neuron adds up what comes in", ("X", "W1", "b1"), ("Z1",)),
    Step("A1: and passes on its activation", ("Z1",), ("A1",)),
    Step("Z2: each output adds up what comes in", ("A1", "W2", "b2"), ("Z2",)),
    Step("A2: the network's answer", ("Z2",), ("A2",)),
    Step("The loss: how wrong, in one number", ("A2", "Y"), ("loss",)),
]
EXTENT = (-3.0, 3.0, -3.0, 3.0)  # where the sliders of the inputs reach
CELLS = 40


class ForwardExplorer(RunningNetworkExplorer):
    """Step through the forward pass; drag inputs, targets and whichever parameter is chosen.

    Choose any number in the picture to see its formula. A parameter that is chosen gets the slider
    "parameter". Beside the network stands its answer for every pair of measurements, with the 219
    Adelie and Chinstrap penguins of `load_penguins()` and the one that is looked at.
    """

    steps = STEPS
    presets: ClassVar = {
        "a Chinstrap": {"step": 5, "x0": 0.54, "x1": 0.35, "y0": 0.0, "y1": 1.0},
    }

    def __init__(self) -> None:
        data = load_penguins()
        x, y = np.concatenate([data.x_train, data.x_test]), np.append(data.y_train, data.y_test)
        self.penguins, self.species = x[y < 2], y[y < 2]
        self._everywhere = np.concatenate([grid(EXTENT, CELLS), self.penguins])
        super().__init__()

    def numbers(self) -> Numbers:
        """Return the trace, the outputs over the surface, and the share of penguins it gets right.

        `surface` has shape (40, 40, 2), its first row at the top.
        """
        x, y = self.example_now()
        outputs = self.example.network.forward(self._everywhere)
        decided = outputs[CELLS**2 :].argmax(axis=1)
        return {
            "trace": self.example.network.trace(x, y),
            "surface": outputs[: CELLS**2].reshape(CELLS, CELLS, 2),
            "right": float((decided == self.species).mean()),
            "step": self.step.value,
            "selected": self.selected,
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the network and, beside it, the decision surface."""
        (x,), (answer,) = numbers["trace"]["X"].tolist(), numbers["trace"]["A2"].tolist()
        surface = decision_surface(
            numbers["surface"],
            EXTENT,
            self.penguins,
            self.species,
            numbers["right"],
            [f"{name} (standardised)" for name in self.example.input_names],
            self.example.output_names,
            Mark("this penguin", x[0], x[1], answer),
        )
        return beside(self.network_picture(numbers), surface)

    def describe(self, numbers: Numbers) -> str:
        """Return step, chosen number, and what the surface shows, in words."""
        answers = numbers["trace"]["A2"][0]
        names = self.example.output_names
        said = ", ".join(f"{n} {number(a, 4)}" for n, a in zip(names, answers, strict=True))
        return (
            f"{super().describe(numbers)}\n"
            f"The network says {said}: {names[int(answers.argmax())]}.\n"
            f"Of all {len(self.penguins)} penguins it gets {percent(numbers['right'])} right."
        )

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        return f"{super().code()}\n\n{CODE_OF_SURFACE}"

    def _step_buttons(self) -> list[widgets.Button]:
        return [*super()._step_buttons(), button("All", lambda: self._move(len(STEPS)))]


CODE_OF_SURFACE = """\
import numpy as np
from bp_helpers import load_penguins

data = load_penguins()
penguins = np.concatenate([data.x_train, data.x_test])
species = np.append(data.y_train, data.y_test)
two = species < 2
right = (network.predict(penguins[two]).argmax(axis=1) == species[two]).mean()"""
