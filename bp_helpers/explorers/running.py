"""What the explorers of the running network share: its controls, its steps, its parameters."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import numpy as np
import numpy.typing as npt

from bp_helpers.data import RunningExample, running_example
from bp_helpers.explorers.kit import Explorer, Numbers, button, row, slider
from bp_helpers.pictures import (
    Highlight,
    Picture,
    formula,
    network_diagram,
    split_name,
    value_of,
    written_out,
)

GIVEN = ("X", "Y", "W1", "b1", "W2", "b2")


@dataclass(frozen=True)
class Step:
    """One step: what it is, which arrays it uses and which it makes."""

    sentence: str
    used: tuple[str, ...]
    made: tuple[str, ...]


class RunningNetworkExplorer(Explorer):
    """Go through `steps` over the running network; drag its inputs, targets and parameters.

    Choose any number in the picture to see its formula. A parameter that is chosen (or its
    gradient) gets the slider "parameter". What is shown of it all, a derived class says. With a
    single step there is nothing to step through, and no control for it.
    """

    steps: Sequence[Step] = ()
    reach = 3.0  # of a parameter's slider to both sides, or farther if it is out there already

    def __init__(self) -> None:
        self.example = self.fresh_example()
        self.selected = "W2[0,0]"
        last = len(self.steps) - 1
        first, second = self.example.x[0]
        self.step = widgets.IntSlider(
            0, min=0, max=last, description="step", readout=False,
            style={"description_width": "3em"}, layout={"width": "16em"},
        )  # fmt: skip
        self.parameter = slider(
            self.selected, self._parameters()["W2"][0, 0], -self.reach, self.reach, 0.01
        )
        own = self.own_controls()
        controls = {
            **({"step": self.step} if last else {}),
            **own,
            "x0": slider("X[0] bill length", first, -3, 3, 0.01),
            "x1": slider("X[1] bill depth", second, -3, 3, 0.01),
            "y0": slider("Y[0] Adelie", self.example.y[0, 0], 0, 1, 0.05),
            "y1": slider("Y[1] Chinstrap", self.example.y[0, 1], 0, 1, 0.05),
            "parameter": self.parameter,
        }
        play = widgets.Play(min=0, max=last, interval=1500, show_repeat=False)
        widgets.jslink((play, "value"), (self.step, "value"))
        first_row = [*self._step_buttons(), play, self.step] if last else [*own.values()]
        super().__init__(
            controls,
            [
                row(*first_row),
                row(controls["x0"], controls["x1"]),
                row(controls["y0"], controls["y1"]),
                row(self.parameter),
            ],
        )

    def fresh_example(self) -> RunningExample:
        """Return network and penguin as they are at the start."""
        return running_example()

    def own_controls(self) -> dict[str, widgets.ValueWidget]:
        """Return what a derived class without steps has in the place of their controls."""
        return {}

    # ---- numbers, picture and words -------------------------------------------------------------

    def example_now(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return x and y, both (1, 2), as the sliders say; the chosen parameter follows its own."""
        values = self.values
        if self._selected_parameter():
            array, index = self._selected_parameter()
            array[index] = values["parameter"]
        return np.array([[values["x0"], values["x1"]]]), np.array([[values["y0"], values["y1"]]])

    def network_picture(self, numbers: Numbers) -> Picture:
        """Return the network at this step, from the numbers `trace`, `step` and `selected`."""
        step = self.steps[numbers["step"]]
        known = self._known(numbers["step"])
        last = len(self.steps) - 1
        gradients = any(name.startswith("d") for name in self._known(last))
        highlight = Highlight(known, step.made, step.used, numbers["selected"], gradients)
        caption = f"Step {numbers['step']} of {last}. {step.sentence}" if last else step.sentence
        names = self.example.input_names, self.example.output_names
        return network_diagram(numbers["trace"], highlight, *names, caption)

    def describe(self, numbers: Numbers) -> str:
        """Return the step, everything known by then, and the chosen number in words."""
        step, known = self.steps[numbers["step"]], self._known(numbers["step"])
        trace, selected = numbers["trace"], numbers["selected"]
        uses = f"Uses {', '.join(step.used)}. " if step.used else ""
        lines = [f"{step.sentence}."]
        if len(self.steps) > 1:
            lines = [
                f"Step {numbers['step']} of {len(self.steps) - 1}: {step.sentence}.",
                f"{uses}Makes {', '.join(step.made)}.",
            ]
        lines += [f"{name}: {written_out(trace[name], 4)}" for name in trace if name in known]
        if selected.partition("[")[0] in known:
            lines.append("Chosen: " + " ".join(formula(trace, selected)))
        return "\n".join(lines)

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        values, p = self.values, self._parameters()
        dense = [f"Dense.from_arrays({p[f'W{k}'].tolist()}, {p[f'b{k}'].tolist()})" for k in (1, 2)]
        return "\n".join(
            [
                "from bp_helpers import Dense, Network, Sigmoid, SquaredError",
                "",
                "network = Network(",
                "    [",
                f"        {dense[0]},",
                "        Sigmoid(),",
                f"        {dense[1]},",
                "        Sigmoid(),",
                "    ],",
                "    SquaredError(),",
                ")",
                f"x = [[{values['x0']}, {values['x1']}]]",
                f"y = [[{values['y0']}, {values['y1']}]]",
                "trace = network.trace(x, y)",
            ]
        )

    # ---- choosing -------------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Select the number called `name`, and give its parameter the slider."""
        value_of(self.example.network.trace(self.example.x, self.example.y), name)  # refuses others
        self.selected = name
        chosen = self._selected_parameter()
        with self.one_refresh():
            self.parameter.disabled = chosen is None
            if chosen:
                array, index = chosen
                now = float(array[index])
                self.parameter.description = name.removeprefix("d")
                self.parameter.min = min(-self.reach, now)
                self.parameter.max = max(self.reach, now)
                self.parameter.value = now

    def set(self, selected: str | None = None, **values: Any) -> None:
        """Move controls from code; with `selected`, choose that number first."""
        self._refuse_unknown(values)
        with self.one_refresh():
            if selected is not None:
                self.choose(selected)
            super().set(**values)

    def reset(self) -> None:
        """Bring back every number, step and choice as at the start."""
        fresh = dict(self.fresh_example().network.parameters)
        with self.one_refresh():
            for name, array in self._parameters().items():
                array[...] = fresh[name]
            self.choose("W2[0,0]")
            super().reset()

    def _selected_parameter(self) -> Any:
        kind, layer, index = split_name(self.selected)
        kind = kind.removeprefix("d")
        return (self._parameters()[f"{kind}{layer}"], index) if kind in ("W", "b") else None

    def _parameters(self) -> dict[str, Any]:
        return dict(self.example.network.parameters)

    @classmethod
    def _known(cls, step: int) -> Set[str]:
        return {*GIVEN, *(name for earlier in cls.steps[: step + 1] for name in earlier.made)}

    def _step_buttons(self) -> list[widgets.Button]:
        return [button("Back", lambda: self._move(-1)), button("Next", lambda: self._move(1))]

    def _move(self, by: int) -> None:
        self.step.value = min(max(self.step.value + by, 0), len(self.steps) - 1)
