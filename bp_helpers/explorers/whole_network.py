"""The whole running network, trained: every value and every gradient at once, for any penguin."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.data import RunningExample
from bp_helpers.explorers.forward import ForwardExplorer
from bp_helpers.explorers.kit import LONG, Numbers
from bp_helpers.explorers.running import GIVEN, Step
from bp_helpers.explorers.two_species import trained_example
from bp_helpers.pictures import Picture, beside, gradient_bars, number

PARAMETER_GRADIENTS = ("dW1", "db1", "dW2", "db2")
EVERYTHING = {
    *(*GIVEN, "Z1", "A1", "Z2", "A2", "loss", "dA2", "delta2", "dA1", "delta1", "dX"),
    *PARAMETER_GRADIENTS,
}
STEPS = [Step("Everything at once", (), ())]


class WholeNetworkExplorer(ForwardExplorer):
    """Look at any of 219 penguins with the trained network; drag inputs, targets and parameters.

    The slider "penguin" goes from the one that the trained network is surest of, and right, to the
    one that it is most wrong about; it brings the penguin's measurements and species to the other
    sliders. Choose any number to see its formula; a parameter that is chosen gets a slider.
    """

    steps = STEPS
    reach = 6.0  # trained weights are larger
    presets: ClassVar = {"surest": {"penguin": 0}, "most wrong": {"penguin": 218}}

    def fresh_example(self) -> RunningExample:
        """Return the running example with trained parameters."""
        return trained_example()

    def own_controls(self) -> dict[str, widgets.ValueWidget]:
        """Return the slider that chooses a penguin; at the start, the running example's."""
        network, x = self.example.network, np.round(self.penguins, 2)
        y = np.eye(2)[self.species]
        losses = ((network.predict(x) - y) ** 2).sum(axis=1)
        order = losses.argsort(kind="stable")
        self.looked_at = x[order], y[order]
        start = int((self.looked_at[0] == self.example.x[0]).all(axis=1).argmax())
        self.penguin = widgets.IntSlider(
            start, min=0, max=len(x) - 1, description="penguin", style={"description_width": "9em"},
            layout={"width": LONG},
        )  # fmt: skip
        self.penguin.observe(self._look_at, "value")
        return {"penguin": self.penguin}

    def numbers(self) -> Numbers:
        """Return the trace, the surface, the share of penguins that is right, and which it is."""
        return {**super().numbers(), "penguin": self.penguin.value}

    def draw(self, numbers: Numbers) -> Picture:
        """Return the network, the decision surface and the gradients as bars."""
        chosen = numbers["selected"]
        gradient = chosen if chosen[0] == "d" else f"d{chosen}"
        gradients = {name: numbers["trace"][name] for name in PARAMETER_GRADIENTS}
        return beside(super().draw(numbers), gradient_bars(gradients, gradient))

    def describe(self, numbers: Numbers) -> str:
        """Return all values and gradients, what the surface shows, and the largest gradient."""
        trace = numbers["trace"]
        sizes = {
            f"{name}[{','.join(map(str, index))}]": float(gradient)
            for name in PARAMETER_GRADIENTS
            for index, gradient in np.ndenumerate(trace[name])
        }
        largest = max(sizes, key=lambda name: abs(sizes[name]))
        return (
            f"{super().describe(numbers)}\n"
            f"Penguin {numbers['penguin']}, from 0, the surest, to {len(self.penguins) - 1}, the "
            f"most wrong.\nOf the 17 gradients {largest} is largest: {number(sizes[largest], 4)}."
        )

    def _look_at(self, _change: Any) -> None:
        """Bring the penguin's numbers to the sliders; the picture follows as for any control."""
        waiting, self._waiting = self._waiting, True
        x, y = (array[self.penguin.value].tolist() for array in self.looked_at)
        for name, value in zip(("x0", "x1", "y0", "y1"), (*x, *y), strict=True):
            self.controls[name].value = value
        self._waiting = waiting

    @classmethod
    def _known(cls, _step: int) -> Set[str]:
        return EVERYTHING
