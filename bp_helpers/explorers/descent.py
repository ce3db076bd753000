"""Down the loss over two weights: gradient descent, momentum and Adam from the same start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import ClassVar

import numpy as np

from bp_helpers.explorers.controls import menu, rate_slider, slider, slider_along, whole_slider
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.explorers.stacks import losses_of, outputs_of
from bp_helpers.explorers.torch_form import OPTIMIZERS as TORCH_OPTIMIZERS
from bp_helpers.explorers.torch_form import begin, forward, function, printed
from bp_helpers.explorers.trained_network import network_with, trained_parameters, two_species
from bp_helpers.layers import Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.optimizers import Adam, GradientDescent, Momentum, Optimizer
from bp_helpers.pictures import (
    SIGMOIDS,
    DescentPath,
    FloatArray,
    Landscape,
    LossSurface,
    Picture,
    Scale,
    beside,
    descent,
    descent_in_space,
    entry_name,
    losses_on_the_way,
)

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient descent": GradientDescent,
    "momentum": Momentum,
    "Adam": Adam,
}
Weight = tuple[str, tuple[int, ...]]  # a parameter's array, and the place in it
PAIRS: dict[str, tuple[Weight, Weight]] = {
    "a neuron's weight and bias": (("W2", (0, 0)), ("b2", (0,))),
    "two weights to one output": (("W2", (0, 0)), ("W2", (1, 0))),
    "two weights on one path": (("W1", (0, 1)), ("W2", (1, 1))),
    "two weights from one input": (("W1", (0, 1)), ("W1", (0, 0))),
}
FROM_ABOVE, LANDSCAPE = "from above", "as a landscape"
REACH, CELLS, MOST_STEPS = 8.0, 33, 40
LABEL, WIDTH = "12.5em", "29em"  # so that the sliders stand in columns
FIRST_AXIS = Scale(-REACH, REACH, 112, 418)  # of the map
LOSSES = (0.01, 1.0)  # no two of these weights make it smaller or larger
LEVELS = [0.017, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]


def weight_names(pair: str) -> tuple[str, str]:
    """Return the two weights of a pair as in the course: `W2[0,0]`."""
    first, second = (entry_name(*weight) for weight in PAIRS[pair])
    return first, second


@dataclass
class _Walk:
    """A path as far as it has gone, and what it came from: learning rate and start."""

    given: tuple[float, tuple[float, float]]
    optimizer: Optimizer
    points: list[tuple[float, float]]
    losses: list[float]


class TwoWeights:
    """The running network, trained on 178 penguins of two species, of which two weights move."""

    def __init__(self, pair: str) -> None:
        self.name, self.pair = pair, PAIRS[pair]
        self.network = network_with(trained_parameters())
        self.x, self.y = two_species()
        self.arrays = dict(self.network.parameters)
        self._walks: dict[str, _Walk] = {}

    def loss(self, first: float, second: float) -> float:
        """Return the loss with these two weights."""
        for (name, index), value in zip(self.pair, (first, second), strict=True):
            self.arrays[name][index] = value
        return self.network.loss_value(self.x, self.y)

    @cached_property
    def surface(self) -> LossSurface:
        """The loss over the two weights as a picture; it asks for 1089 losses."""
        axis = np.linspace(-REACH, REACH, CELLS)
        losses = np.array([self._losses(axis, second) for second in axis])
        return LossSurface(axis, axis, losses, LEVELS, weight_names(self.name))

    @cached_property
    def landscape(self) -> Landscape:
        """The same as a surface in space, for which Matplotlib takes a tenth of a second."""
        return Landscape(self.surface)

    def _losses(self, firsts: FloatArray, second: float) -> FloatArray:
        """Return `loss(first, second)` for each of these first weights, all at once."""
        given = {name: np.stack([array] * len(firsts)) for name, array in self.arrays.items()}
        for (name, index), values in zip(self.pair, (firsts, np.array(second)), strict=True):
            np.moveaxis(given[name], 0, -1)[index] = values
        layers = [(given[f"W{k}"], given[f"b{k}"], Sigmoid()) for k in (1, 2)]
        return losses_of(SquaredError(), outputs_of(self.x, layers), self.y)

    def walk(
        self, optimizer: str, rate: float, start: tuple[float, float], steps: int
    ) -> DescentPath:
        """Return the path from `start`; the latest one of each optimizer is kept, and continued."""
        walk = self._walks.get(optimizer)
        if walk is None or walk.given != (rate, start):
            walker = OPTIMIZERS[optimizer](self.network, rate)
            walk = self._walks[optimizer] = _Walk((rate, start), walker, [start], [])
        try:
            self._continue(walk, steps)
        except BaseException:  # interrupted within a step: this walk begins anew
            del self._walks[optimizer]
            raise
        shown = slice(steps + 1)
        return DescentPath(
            optimizer, rate, np.array(walk.points[shown]), np.array(walk.losses[shown])
        )

    def _continue(self, walk: _Walk, steps: int) -> None:
        if len(walk.losses) > steps:
            return
        walk.losses[len(walk.points) - 1 :] = [self.loss(*walk.points[-1])]
        while len(walk.losses) <= steps:
            self.network.parameter_gradients()
            self._hold_the_others()
            walk.optimizer.step()
            walk.points.append(self._at())
            walk.losses.append(self.network.loss_value(self.x, self.y))

    def _hold_the_others(self) -> None:
        """Set the gradients of all other parameters to 0: then no optimizer changes them."""
        for name, grad in self.network.gradients.items():
            kept = [(index, grad[index]) for array, index in self.pair if array == name]
            grad[...] = 0
            for index, value in kept:
                grad[index] = value

    def _at(self) -> tuple[float, float]:
        first, second = (float(self.arrays[name][index]) for name, index in self.pair)
        return first, second


@dataclass(frozen=True)
class DescentNumbers:
    """The three paths, with the loss at each point, and the surface they lie on."""

    paths: list[DescentPath]
    chosen: str
    surface: LossSurface
    landscape: Landscape | None


@cache
def two_weights(pair: str) -> TwoWeights:
    """Return the network of which this pair of weights moves."""
    return TwoWeights(pair)


def three_ways_down(
    pair: str, optimizer: str, seen: str, gradient_descent: float, momentum: float, adam: float,
    steps: int, start0: float, start1: float,
) -> DescentNumbers:  # fmt: skip
    """Return the paths of three optimizers, each with its own learning rate, from one start."""
    rates = {"gradient descent": gradient_descent, "momentum": momentum, "Adam": adam}
    weights = two_weights(pair)
    paths = [weights.walk(name, rate, (start0, start1), steps) for name, rate in rates.items()]
    landscape = weights.landscape if seen == LANDSCAPE else None
    return DescentNumbers(paths, optimizer, weights.surface, landscape)


def descent_picture(numbers: DescentNumbers) -> Picture:
    """Draw the surface with the paths and, beside it, the loss along each."""
    paths, chosen = numbers.paths, numbers.chosen
    if numbers.landscape:
        surface = descent_in_space(numbers.landscape, paths, chosen)
    else:
        surface = descent(numbers.surface, paths, chosen)
    return beside(surface, losses_on_the_way(paths, chosen, MOST_STEPS, LOSSES))


class DescentExplorer(Explorer):
    """Paths of three optimizers over two weights of the running network.

    The network has learned to tell Adelie and Chinstrap penguins apart; from then on 15 of its 17
    parameters stay as they are, because their gradients are set to 0 before each step, which none
    of the optimizers answers with a change. Each optimizer has its own learning rate: for Adam it
    is about the length of a step, for the others it is multiplied by the slope. All three start at
    the same place; the chosen one is drawn with a dot for each step.
    """

    compute, draw = three_ways_down, descent_picture
    controls: ClassVar = {
        "pair": menu("weights", [*PAIRS], next(iter(PAIRS)), "22em", "5em"),
        "optimizer": menu("optimizer", [*OPTIMIZERS], next(iter(OPTIMIZERS)), "20em", "5em"),
        "seen": menu("seen", [FROM_ABOVE, LANDSCAPE], FROM_ABOVE, "20em", "5em"),
        "gradient_descent": rate_slider("rate, gradient descent", 10.0, LABEL, WIDTH),
        "momentum": rate_slider("rate, momentum", 3.0, LABEL, WIDTH),
        "adam": rate_slider("rate, Adam", 0.5, LABEL, WIDTH),
        "steps": whole_slider("steps", 20, 1, MOST_STEPS, WIDTH, LABEL),
        "start0": slider_along(FIRST_AXIS, "start", -5, -REACH, REACH, 0.1),
        "start1": slider("start", 6, -REACH, REACH, 0.1, "7.5em", "16.5em"),
    }
    rows: ClassVar = [[*controls][-2:], [*controls][:3], [*controls][3:-2]]
    presets: ClassVar = {
        "jumps across": {"start1": 5.0, "gradient_descent": 60.0},
        "plateau": {"pair": "two weights to one output", "optimizer": "Adam", "steps": 40},
        "momentum swings over": {
            "optimizer": "momentum", "start0": -7.0, "start1": 5.0, "steps": 40,
        },
        "momentum misses the turn": {
            "pair": "two weights on one path", "optimizer": "momentum",
            "gradient_descent": 30.0, "steps": 40,
        },
    }  # fmt: skip

    def preset_start(self) -> State:
        """Return the start, but with the surface seen in the same way as now."""
        return {**self.start, "seen": self.state["seen"]}

    def fit_handles(self, state: State) -> None:
        """Let the sliders of the start name the two weights."""
        for k, name in enumerate(weight_names(state["pair"])):
            self.handles[f"start{k}"].description = f"start {name}"

    def torch_code(self) -> str:
        """Return the three ways down in PyTorch, each to its end."""
        first, second = weight_names(self.state["pair"])
        passing = [
            "W1, b1, W2, b2 = map(torch.tensor, trained_parameters().values())",
            f"{first}, {second} = w",
            *forward(SIGMOIDS),
            "return loss",
        ]
        steps = [
            f"w = torch.tensor({[self.state['start0'], self.state['start1']]}, requires_grad=True)",
            "optimizer = optimizer_of([w])",
            f"for _ in range({self.state['steps']}):",
            "    optimizer.zero_grad()",
            "    loss_of(w).backward()",
            "    optimizer.step()",
            "return w.tolist(), loss_of(w).item()",
        ]
        made = {
            path.name: TORCH_OPTIMIZERS[OPTIMIZERS[path.name].__name__].format("w", path.rate)
            for path in self.numbers.paths
        }
        lines = [
            *begin(
                "from bp_helpers.explorers.trained_network import trained_parameters, two_species"
            ),
            "X, Y = map(torch.tensor, two_species())",
            *function("loss_of(w)", *passing),
            *function("way_down(optimizer_of)", *steps),
            *printed({name: f"way_down(lambda w: {way})" for name, way in made.items()}),
        ]
        return "\n".join(lines)
