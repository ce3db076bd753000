"""One step of gradient descent: what the slope promises, and what the loss really does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.data import running_example
from bp_helpers.explorers.controls import Slider, button, menu, slider_along
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.explorers.torch_form import (
    OPTIMIZERS,
    begin,
    forward,
    function,
    tensors,
)
from bp_helpers.explorers.trained_network import network_with, two_species
from bp_helpers.network import Network
from bp_helpers.optimizers import GradientDescent
from bp_helpers.pictures import (
    SIGMOIDS,
    FloatArray,
    Limits,
    Picture,
    Scale,
    StepOnFunction,
    function_step,
    limits,
    percent,
    short,
    wider,
)

POINTS = 81  # of the curve
WHOLE = 10.0  # a line that ends at this learning rate or further is seen as a whole, down to 0
STEPS = 100  # of the learning rate, along its axis
AXES = {f"up to {end:g}": end for end in (0.01, 0.1, 1.0, 10.0, 100.0)}
PLACE = Scale(0, WHOLE, 64, 464)  # of the axis in the picture; the others lie there as well
# A loss is known to about 16 digits; a promise far below that cannot be compared with anything.
MEASURABLE = 1e-9
ONE, MANY = "one Adelie", "178 of two species"
Taken = tuple[tuple[str, float], ...]  # of each step taken: which penguins, the learning rate


@dataclass(frozen=True)
class StepNumbers:
    """The loss before the step, as promised and after it, after `steps` steps already taken.

    `squared_gradient` is |g|^2; `rates` and `losses` are the line on which all this lies; `ratio`
    is the real drop over the promised one, None where the promise is too small to be measured.
    """

    rate: float
    penguins: str
    steps: int
    before: float
    squared_gradient: float
    after: float
    rates: FloatArray
    losses: FloatArray

    @property
    def promised_drop(self) -> float:
        """The learning rate times |g|^2."""
        return self.rate * self.squared_gradient

    @property
    def promised(self) -> float:
        """The loss after the step, if the slope stayed as it is."""
        return self.before - self.promised_drop

    @property
    def real_drop(self) -> float:
        """How much smaller the loss is after the step."""
        return self.before - self.after

    @property
    def ratio(self) -> float | None:
        """The real drop over the promised one."""
        measurable = self.promised_drop > MEASURABLE * self.before
        return self.real_drop / self.promised_drop if measurable else None


def one_step(rate: float, axis: str, penguins: str, taken: Taken) -> StepNumbers:
    """Return what a step with this learning rate promises and does, after the steps taken.

    `axis` says how far along the line all is computed.
    """
    x, y = data(penguins)
    network = network_after(taken)
    before = network.loss_value(x, y)
    network.backward()
    squared_gradient = sum(float((grad**2).sum()) for grad in network.gradients.values())
    GradientDescent(network, rate).step()
    after = network.loss_value(x, y)
    line = loss_along(penguins, AXES[axis], taken)
    return StepNumbers(rate, penguins, len(taken), before, squared_gradient, after, *line)


def data(penguins: str) -> tuple[FloatArray, FloatArray]:
    """Return x and y of the running example's one penguin, or of 178 of two species."""
    example = running_example()
    return (example.x, example.y) if penguins == ONE else two_species()


@lru_cache(maxsize=64)
def parameters_after(taken: Taken) -> dict[str, FloatArray]:
    """Return the parameters of the running example after these steps."""
    network = running_example().network
    if taken:
        penguins, rate = taken[-1]
        network = network_after(taken[:-1])
        network.loss_value(*data(penguins))
        network.backward()
        GradientDescent(network, rate).step()
    return dict(network.parameters)


def network_after(taken: Taken) -> Network:
    """Return the running example's network after these steps."""
    return network_with(parameters_after(taken))


@lru_cache(maxsize=16)  # a moving slider mostly asks for the same lines again
def loss_along(penguins: str, end: float, taken: Taken) -> tuple[FloatArray, FloatArray]:
    """Return learning rates from 0 to `end`, and the loss after a step with each of them."""
    x, y = data(penguins)
    network, start = network_after(taken), parameters_after(taken)
    network.loss_value(x, y)
    network.backward()
    gradients = {name: grad.copy() for name, grad in network.gradients.items()}
    rates, losses = np.linspace(0, end, POINTS), []
    for rate in rates.tolist():
        for name, array in network.parameters.items():
            array[...] = start[name] - rate * gradients[name]
        losses.append(network.loss_value(x, y))
    return rates, np.array(losses)


def held_limits(penguins: str, end: float, before: float) -> Limits:
    """Return the losses between which the picture is drawn: they hold from step to step.

    They come from the line before any step. Where the picture zooms in, so far that a step would
    leave it, it moves along with the loss at the start, and its scale stays.
    """
    _, first = loss_along(penguins, end, ())
    if end >= WHOLE:
        return wider(limits([0.0], first), below=0.3, above=0.1)
    low, high = wider(limits(first), below=0.4, above=0.1)
    return low - first[0] + before, high - first[0] + before


def one_step_picture(numbers: StepNumbers) -> Picture:
    """Draw the loss along minus the gradient with tangent, step and the two drops."""
    step = StepOnFunction(
        numbers.rates,
        numbers.losses,
        (0.0, numbers.before),
        -numbers.squared_gradient,
        (numbers.rate, numbers.after),
        held_limits(numbers.penguins, float(numbers.rates[-1]), numbers.before),
    )
    note = (
        f"promised: −learning rate × |g|² = −{short(numbers.rate)} × "
        f"{short(numbers.squared_gradient)} = {short(-numbers.promised_drop)}"
    )
    losses = f"loss {short(numbers.before)}, then {short(numbers.after)}"
    headline = f"{_headline(numbers)}: {losses}"
    return function_step(step, "learning rate", "loss", headline, note)


def _headline(numbers: StepNumbers) -> str:
    taken = f"After {numbers.steps} step{'s' * (numbers.steps != 1)}: the next"
    start = taken if numbers.steps else "The first step"
    if numbers.ratio is None:
        return f"{start} hardly changes the loss"
    if numbers.after > numbers.before:
        return f"{start} makes the loss larger"
    return f"{start} keeps {percent(numbers.ratio)} of its promise"


class OneStepExplorer(Explorer):
    """The loss of the running network along minus its gradient, and a step of any size on it.

    The slope at the start promises a drop of eta * |g|^2, where |g|^2 is the sum of all 17 squared
    gradients. With one penguin no step is too large: all that is wanted is one answer, and further
    is better. The 178 penguins of two species want different answers, and a large step drowns one
    species in the other's. With a shorter axis the picture zooms in, until the line is as straight
    as its tangent.
    """

    compute, draw = one_step, one_step_picture
    controls: ClassVar = {
        "rate": slider_along(PLACE, "rate", 3.0, WHOLE / STEPS, WHOLE, WHOLE / STEPS),
        "axis": menu("axis", [*AXES], "up to 10", "13em", "3em"),
        "penguins": menu("penguins", [ONE, MANY], ONE, "21em"),
    }
    others: ClassVar = {"taken": ()}
    in_picture: ClassVar = {"rate": "learning rate"}
    presets: ClassVar = {
        "a hundredth": {"axis": "up to 0.01", "rate": 0.01},
        "a rate that breaks it": {"axis": "up to 100", "rate": 30.0, "penguins": MANY},
    }

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set to `value`: the rate is on the axis, as before."""
        state = super().moved_to(state, name, value)
        low, high = _ends(state["axis"])
        if name == "axis":
            return {**state, "rate": min(max(state["rate"], low), high)}
        if name == "rate" and not low <= value <= high:
            longer = (axis for axis, end in AXES.items() if value <= end)
            return {**state, "axis": next(longer, [*AXES][-1])}
        return state

    def fit_handles(self, state: State) -> None:
        """Let the slider go as far as the axis."""
        low, high = _ends(state["axis"])
        slider = self.handles["rate"]
        assert isinstance(slider, Slider)
        slider.reach(low, high, low, min(max(state["rate"], low), high))

    def buttons(self) -> list[widgets.Widget]:
        """Return the button that takes the step."""
        return [button("Take this step", self.take_step, "9em")]

    def torch_code(self) -> str:
        """Return the step in PyTorch, with the parameters that the steps taken led to."""
        numbers = self.numbers
        imported = ["from bp_helpers.explorers.trained_network import two_species"]
        given = ["X, Y = map(torch.tensor, two_species())"]
        if numbers.penguins == ONE:
            x, y = data(ONE)
            imported, given = [], tensors({"X": x, "Y": y}, follow=False)
        parameters = parameters_after(self.state["taken"])
        named = f"[{', '.join(parameters)}]"
        lines = [
            *begin(*imported),
            *given,
            *tensors(parameters),
            *function("loss_now()", *forward(SIGMOIDS), "return loss"),
            "",
            "",
            f"optimizer = {OPTIMIZERS['GradientDescent'].format(named, numbers.rate)}",
            "before = loss_now()",
            "before.backward()",
            f"promised_drop = {numbers.rate} * sum((one.grad**2).sum() for one in {named})",
            "optimizer.step()",
            "after = loss_now()",
            "print(before.item(), (before - promised_drop).item(), after.item())",
        ]
        return "\n".join(lines)

    def take_step(self) -> None:
        """Let `GradientDescent` take the step that is shown; the picture then starts where it led.

        The learning rate stays as it is.
        """
        now = self.state
        self.set(taken=(*now["taken"], (now["penguins"], now["rate"])))


def _ends(axis: str) -> Limits:
    """Return the smallest and the largest learning rate that can be chosen on this axis."""
    return AXES[axis] / STEPS, AXES[axis]
