"""What the explorers of the running example share: its controls, its steps, its parameters."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, ClassVar

import ipywidgets as widgets

from bp_helpers.data import Dataset, running_example
from bp_helpers.explorers.chosen_number import ChosenNumberExplorer
from bp_helpers.explorers.clock import Clock
from bp_helpers.explorers.controls import Control, back_and_next, menu, slider, step_slider
from bp_helpers.explorers.explorer import State
from bp_helpers.pictures import (
    SIGMOIDS,
    FloatArray,
    Highlight,
    NetworkKind,
    Picture,
    Trace,
    network_diagram,
    split_name,
    value_of,
)

GIVEN = ("X", "Y", "W1", "b1", "W2", "b2")
PARAMETERS = ("W1", "b1", "W2", "b2")
EXAMPLE = running_example()
START = dict(EXAMPLE.network.parameters)
TRACE = EXAMPLE.network.trace(EXAMPLE.x, EXAMPLE.y)
FAR, NEAR = ("7.6em", "22em"), ("7.3em", "11.5em")  # label and track of long and short sliders
MEDIUM = "medium"
PACES = {"slow": 4000, MEDIUM: 2000, "fast": 1000}  # milliseconds from step to step


@dataclass(frozen=True)
class Step:
    """One step: what it is, which arrays it uses and makes, and whose formula stands for it."""

    sentence: str
    used: tuple[str, ...]
    made: tuple[str, ...]
    example: str


def known_by(steps: Sequence[Step], step: int) -> Set[str]:
    """Return the names of the arrays that are there after `step`."""
    return {*GIVEN, *(name for earlier in steps[: step + 1] for name in earlier.made)}


def network_at_step(
    steps: Sequence[Step],
    step: int,
    trace: Trace,
    selected: str,
    moved_by: float = 0.0,
    before: Trace | None = None,
    network: NetworkKind = SIGMOIDS,
    names: tuple[Sequence[str], Sequence[str]] = (EXAMPLE.input_names, EXAMPLE.output_names),
) -> Picture:
    """Draw the network as far as `step` has come, with the chosen number's formula.

    With a learning rate `moved_by`, this step is the update of the parameters, by the gradients of
    the trace `before`. `network` says which functions it is made of, `names` what its inputs and
    outputs are called.
    """
    now, last = steps[step], len(steps) - 1
    gradients = any(name.startswith("d") for name in known_by(steps, last))
    known = known_by(steps, step)
    highlight = Highlight(
        known, now.made, now.used, selected, gradients, step, moved_by, before, network
    )
    caption = f"Step {step} of {last}. {now.sentence}"
    return network_diagram(trace, highlight, *names, caption)


class ExampleNetworkExplorer(ChosenNumberExplorer):
    """The running example: drag its inputs, its targets and whichever parameter is chosen.

    Choose any number in the picture to see its formula. A parameter that is chosen (or its
    gradient) gets the slider "parameter".
    """

    slot, arrays, first = "parameter", PARAMETERS, "W2[0,0]"
    in_picture: ClassVar = {"x0": "X[0]", "x1": "X[1]", "y0": "Y[0]", "y1": "Y[1]"}
    controls: ClassVar = {
        "x0": slider("X[0] bill length", EXAMPLE.x[0, 0], -3, 3, 0.01, *FAR),
        "x1": slider("X[1] bill depth", EXAMPLE.x[0, 1], -3, 3, 0.01, *FAR),
        "y0": slider("Y[0] Adelie", EXAMPLE.y[0, 0], 0, 1, 0.05, *NEAR),
        "y1": slider("Y[1] Chinstrap", EXAMPLE.y[0, 1], 0, 1, 0.05, *NEAR),
        "parameter": slider("W2[0,0]", START["W2"][0, 0], -3, 3, 0.01, *FAR),
    }
    rows: ClassVar = [["x0", "y0"], ["x1", "y1"], ["parameter"]]

    @classmethod
    def start_state(cls) -> State:
        """Return the penguin and the parameters of the running example, `W2[0,0]` chosen."""
        return {**cls.start_parameters(), **super().start_state()}

    @classmethod
    def start_parameters(cls) -> dict[str, FloatArray]:
        """Return the parameters at the start, by name."""
        return START

    def call_by_names_of(self, data: Dataset) -> None:
        """Call the sliders of inputs and targets as this table calls its columns and labels."""
        names = *data.feature_names, *data.class_names
        for called, (control, part) in zip(names, self.in_picture.items(), strict=True):
            self.handles[control].description = f"{part} {called}"

    def changeable(self, name: str, state: State) -> tuple[str, tuple[int, ...]] | None:
        """Return the parameter that `name` is or is the gradient of."""
        value_of(self.trace_like(state), name)  # refuses what is no number of the network
        kind, layer, index = split_name(name)
        array = f"{kind.removeprefix('d')}{layer}"
        return (array, index) if array in PARAMETERS else None

    def trace_like(self, state: State) -> Trace:
        """Return a trace with the numbers, by name and shape, that this state's picture has."""
        return TRACE


class SteppedExplorer(ExampleNetworkExplorer):
    """The running example, one step of a pass after the other: `steps` says which there are."""

    steps: ClassVar[Sequence[Step]]

    def buttons(self) -> list[widgets.Widget]:
        """Return Back, Next, Play, how fast it plays, and the slider over the steps."""
        self.clock = Clock(self.view, self._play_on, PACES[MEDIUM])
        self.view.observe(self._begin_to_play, "playing")
        speed = self.handles["speed"]
        speed.observe(lambda change: self.view.set_trait("pace", PACES[change["new"]]), "value")
        return [*back_and_next(self.move), self.clock.button, speed, self.handles["step"]]

    def move(self, by: int) -> None:
        """Go on by so many steps, or back, but not beyond the ends.

        The formula of what the step makes comes into sight, unless another one is pinned.
        """
        step = min(max(self.state["step"] + by, 0), len(self.steps) - 1)
        if step != self.state["step"]:
            self._go_to(step)

    def _go_to(self, step: int) -> None:
        shown = {} if self.pin.value else {"selected": self.steps[step].example}
        self.set(step=step, **shown)

    def _begin_to_play(self, change: Any) -> None:
        """Bring the formula of this step into sight too; from the last step, begin again."""
        if change["new"]:
            self._go_to(self.state["step"] if self._goes_on() else 0)

    def _play_on(self) -> bool:
        self.move(1)
        return self._goes_on()

    def _goes_on(self) -> bool:
        return bool(self.state["step"] < len(self.steps) - 1)


def stepping(steps: Sequence[Step]) -> dict[str, Control]:
    """Return the controls of a `SteppedExplorer`: the speed, and the slider over the steps.

    The picture's caption says which step it is.
    """
    return {
        "speed": menu("speed", [*PACES], MEDIUM, "10.8em", "3.2em"),
        "step": step_slider("step", len(steps) - 1),
    }
