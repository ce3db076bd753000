"""One step of gradient descent: what the slope promises, and what the loss really does."""

from __future__ import annotations

import math
from typing import ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.data import running_example
from bp_helpers.explorers.kit import Explorer, Numbers, button, row
from bp_helpers.explorers.rates import rate_slider
from bp_helpers.explorers.two_species import CODE, two_species
from bp_helpers.optimizers import GradientDescent
from bp_helpers.pictures import FloatArray, Picture, StepOnFunction, function_step, percent, short

POINTS = 81  # of the curve
# A loss is known to about 16 digits; a promise far below that cannot be compared with anything.
MEASURABLE = 1e-9


class OneStepExplorer(Explorer):
    """The loss of the running network along minus its gradient, and a step of any size on it.

    The slope at the start promises a drop of eta * |g|^2, where |g|^2 is the sum of all 17 squared
    gradients. With one penguin no step is too large: all that is wanted is one answer, and further
    is better. The 178 penguins of two species want different answers, and a large step drowns one
    species in the other's. The picture shows 0 to the power of ten above the learning rate, so
    that with a smaller rate it zooms in, until the line is as straight as its tangent.
    """

    presets: ClassVar = {
        "a hundredth": {"rate": 0.01},
        "a rate that breaks it": {"rate": 30.0, "penguins": "178 of two species"},
    }

    def __init__(self) -> None:
        self.data = _data()
        self.network = running_example().network
        self.steps = 0
        self._curves: dict[tuple[str, float], tuple[FloatArray, FloatArray]] = {}
        self.rate = rate_slider("learning rate", 3.0)
        self.penguins = widgets.Dropdown(
            options=list(self.data), description="penguins", layout={"width": "21em"}
        )
        step = button("Take this step", self.take_step)
        step.layout.width = "9em"
        super().__init__(
            {"rate": self.rate, "penguins": self.penguins}, [row(self.rate, self.penguins, step)]
        )

    # ---- numbers and picture --------------------------------------------------------------------

    def numbers(self) -> Numbers:
        """Return the loss before, as promised and after the step, and the line they lie on."""
        rate, penguins = float(self.rate.value), self.penguins.value
        x, y = self.data[penguins]
        before = self.network.loss_value(x, y)
        self.network.parameter_gradients()
        squared = sum(float((grad**2).sum()) for grad in self.network.gradients.values())
        after = float(self._losses(np.array([rate]))[0])
        promised_drop, real_drop = rate * squared, before - after
        measurable = promised_drop > MEASURABLE * before
        rates, losses = self._curve(penguins, rate)
        return {
            "rate": rate,
            "penguins": penguins,
            "steps": self.steps,
            "before": before,
            "squared_gradient": squared,
            "promised": before - promised_drop,
            "after": after,
            "promised_drop": promised_drop,
            "real_drop": real_drop,
            "ratio": real_drop / promised_drop if measurable else None,
            "rates": rates,
            "losses": losses,
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the loss along minus the gradient with tangent, step and the two drops."""
        step = StepOnFunction(
            numbers["rates"],
            numbers["losses"],
            (0.0, numbers["before"]),
            -numbers["squared_gradient"],
            (numbers["rate"], numbers["after"]),
        )
        note = (
            f"promised: −learning rate × |g|² = −{short(numbers['rate'])} × "
            f"{short(numbers['squared_gradient'])} = {short(-numbers['promised_drop'])}"
        )
        return function_step(step, "learning rate", "loss", _headline(numbers), note)

    def describe(self, numbers: Numbers) -> str:
        """Return the numbers of the step in words."""
        ratio = numbers["ratio"]
        share = (
            "The promise is too small to be measured: the slope is flat here."
            if ratio is None
            else f"Real drop / promised drop: {short(ratio)}."
        )
        return "\n".join(
            [
                f"{_headline(numbers)}, {numbers['penguins']}, learning rate "
                f"{short(numbers['rate'])}.",
                f"|g|^2, the sum of the 17 squared gradients: {short(numbers['squared_gradient'])}",
                f"Loss before: {short(numbers['before'])}; promised: {short(numbers['promised'])}; "
                f"after: {short(numbers['after'])}",
                f"Promised drop: {short(numbers['promised_drop'])}; real drop: "
                f"{short(numbers['real_drop'])}. {share}",
            ]
        )

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        lines = [
            "import numpy as np",
            "from bp_helpers import GradientDescent, load_penguins, running_example",
            "",
            "example = running_example()",
            "network, x, y = example.network, example.x, example.y",
        ]
        if self.penguins.value != next(iter(self.data)):
            lines += CODE
        if self.steps:
            lines.append(f"now = {[v.round(6).tolist() for v in self.network.parameters.values()]}")
            lines.append("for parameter, value in zip(network.parameters.values(), now):")
            lines.append("    parameter[...] = value")
        return "\n".join(
            [
                *lines,
                f"rate = {float(self.rate.value)!r}",
                "before = network.loss_value(x, y)",
                "network.backward()",
                "squared_gradient = sum((grad**2).sum() for grad in network.gradients.values())",
                "promised = before - rate * squared_gradient",
                "GradientDescent(network, rate).step()",
                "after = network.loss_value(x, y)",
            ]
        )

    # ---- steps ----------------------------------------------------------------------------------

    def take_step(self) -> None:
        """Let `GradientDescent` take the step that is shown; the picture then starts where it led.

        The learning rate stays as it is.
        """
        self.network.loss_value(*self.data[self.penguins.value])
        self.network.parameter_gradients()
        GradientDescent(self.network, float(self.rate.value)).step()
        self.steps += 1
        self._curves.clear()
        self.refresh()

    def reset(self) -> None:
        """Bring back the network and the controls as at the start."""
        self.network = running_example().network
        self.steps = 0
        self._curves.clear()
        super().reset()

    @property
    def shown(self) -> str:
        """The controls' values and the number of steps taken, in one line."""
        return f"{super().shown} steps={self.steps}"

    def _curve(self, penguins: str, rate: float) -> tuple[FloatArray, FloatArray]:
        """Return rates from 0 to a power of ten, and the loss after a step with each of them."""
        end = max(10.0 ** math.ceil(math.log10(rate) - 1e-6), rate)
        if (penguins, end) not in self._curves:  # a moving slider mostly asks for the same line
            rates = np.linspace(0, end, POINTS)
            self._curves[penguins, end] = rates, self._losses(rates)
        return self._curves[penguins, end]

    def _losses(self, rates: FloatArray) -> FloatArray:
        """Return the loss after a step with each of the rates; the gradients are there already."""
        x, y = self.data[self.penguins.value]
        values, gradients = self.network.parameters.values(), self.network.gradients.values()
        start = [(w, w.copy(), grad) for w, grad in zip(values, gradients, strict=True)]
        losses = []
        for rate in rates.tolist():
            for value, before, grad in start:
                value[...] = before - rate * grad
            losses.append(self.network.loss_value(x, y))
        for value, before, _ in start:
            value[...] = before
        return np.array(losses)


def _headline(numbers: Numbers) -> str:
    taken = f"After {numbers['steps']} step{'s' * (numbers['steps'] != 1)}: the next one"
    start = taken if numbers["steps"] else "The first step"
    if numbers["ratio"] is None:
        return f"{start} hardly changes the loss"
    if numbers["after"] > numbers["before"]:
        return f"{start} makes the loss larger"
    return f"{start} keeps {percent(numbers['ratio'])} of its promise"


def _data() -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return by name: the running example's one penguin, and all Adelie and Chinstrap penguins."""
    example, (x, y) = running_example(), two_species()
    return {"one Adelie": (example.x, example.y), f"{len(x)} of two species": (x, y)}
