"""Down the loss over two weights: gradient descent, momentum and Adam from the same start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.data import running_example
from bp_helpers.explorers.kit import Explorer, Numbers, row, slider
from bp_helpers.explorers.rates import rate_slider
from bp_helpers.explorers.two_species import CODE, trained_parameters, two_species
from bp_helpers.network import Network
from bp_helpers.optimizers import Adam, GradientDescent, Momentum, Optimizer
from bp_helpers.pictures import (
    DescentPath,
    Landscape,
    LossSurface,
    Picture,
    beside,
    descent,
    descent_in_space,
    losses_on_the_way,
    short,
)

OPTIMIZERS: dict[str, Callable[[Network, float], Optimizer]] = {
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
LEVELS = [0.017, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]


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
        self.pair = PAIRS[pair]
        self.network = running_example().network
        self.x, self.y = two_species()
        for parameter, trained in zip(
            self.network.parameters.values(), trained_parameters(), strict=True
        ):
            parameter[...] = trained
        self.arrays = dict(self.network.parameters)
        self._walks: dict[str, _Walk] = {}

    @property
    def names(self) -> tuple[str, str]:
        """The two weights as in the course: `W2[0,0]`."""
        first, second = (f"{name}[{','.join(map(str, index))}]" for name, index in self.pair)
        return first, second

    def loss(self, first: float, second: float) -> float:
        """Return the loss with these two weights."""
        self._put(first, second)
        return self.network.loss_value(self.x, self.y)

    def surface(self) -> LossSurface:
        """Return the loss over the two weights as a picture."""
        axis = np.linspace(-REACH, REACH, CELLS)
        losses = np.array([[self.loss(first, second) for first in axis] for second in axis])
        return LossSurface(axis, axis, losses, LEVELS, self.names)

    def walk(
        self, optimizer: str, rate: float, start: tuple[float, float], steps: int
    ) -> DescentPath:
        """Return the path from `start`; the latest one of each optimizer is kept, and continued."""
        walk = self._walks.get(optimizer)
        if walk is None or walk.given != (rate, start):
            walker = OPTIMIZERS[optimizer](self.network, rate)
            walk = self._walks[optimizer] = _Walk((rate, start), walker, [start], [])
        self._continue(walk, steps)
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

    def _put(self, *values: float) -> None:
        for (name, index), value in zip(self.pair, values, strict=True):
            self.arrays[name][index] = value

    def _at(self) -> tuple[float, float]:
        first, second = (float(self.arrays[name][index]) for name, index in self.pair)
        return first, second


class DescentExplorer(Explorer):
    """Paths of three optimizers over two weights of the running network.

    The network has learnt to tell Adelie and Chinstrap penguins apart; from then on 15 of its 17
    parameters stay as they are, because their gradients are set to 0 before each step, which none
    of the optimizers answers with a change. Each optimizer has its own learning rate: for Adam it
    is about the length of a step, for the others it is multiplied by the slope. All three start at
    the same place; the chosen one is drawn with a dot for each step.
    """

    presets: ClassVar = {
        "too large a rate": {"start1": 5.0, "gradient_descent": 60.0},
        "plateau": {"pair": "two weights to one output", "optimizer": "Adam", "steps": 40},
        "momentum swings over": {
            "optimizer": "momentum", "start0": -7.0, "start1": 5.0, "steps": 40,
        },
        "momentum misses the turn": {
            "pair": "two weights on one path", "optimizer": "momentum",
            "gradient_descent": 30.0, "steps": 40,
        },
    }  # fmt: skip

    def __init__(self) -> None:
        self._made: dict[str, tuple[TwoWeights, LossSurface]] = {}
        self._landscapes: dict[str, Landscape] = {}
        self.pair = _menu("weights", list(PAIRS))
        self.starts = [slider("", -5, -REACH, REACH, 0.1), slider("", 6, -REACH, REACH, 0.1)]
        self._name_starts()
        self.pair.observe(lambda _: self._name_starts(), "value")
        controls = {
            "pair": self.pair,
            "optimizer": _menu("optimizer", list(OPTIMIZERS)),
            "seen": _menu("seen", [FROM_ABOVE, LANDSCAPE]),
            "gradient_descent": rate_slider("rate, gradient descent", 10.0),
            "momentum": rate_slider("rate, momentum", 3.0),
            "adam": rate_slider("rate, Adam", 0.5),
            "steps": widgets.IntSlider(20, min=1, max=MOST_STEPS, description="steps"),
            "start0": self.starts[0],
            "start1": self.starts[1],
        }
        shown = list(controls.values())
        for control in shown[3:]:  # labels of one width, so that the sliders stand in columns
            control.style.description_width = "12.5em"
            control.layout.width = "29em"
        super().__init__(controls, [row(*shown[:3]), row(*shown[3:])])

    def use_preset(self, name: str) -> None:
        """Reset, then move what the preset names; the surface is still seen in the same way."""
        seen = self.values["seen"]
        with self.one_refresh():
            super().use_preset(name)
            self.set(seen=seen)

    # ---- numbers and picture --------------------------------------------------------------------

    def numbers(self) -> Numbers:
        """Return the three paths, with the loss at each point, and the surface they lie on."""
        values = self.values
        weights, surface = self._two_weights(values["pair"])
        start = (values["start0"], values["start1"])
        rates = {name: float(values[name.lower().replace(" ", "_")]) for name in OPTIMIZERS}
        return {
            "paths": [
                weights.walk(name, rate, start, values["steps"]) for name, rate in rates.items()
            ],
            "chosen": values["optimizer"],
            "rates": rates,
            "surface": surface,
            "landscape": self._landscape() if values["seen"] == LANDSCAPE else None,
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the surface with the paths and, beside it, the loss along each."""
        paths, chosen = numbers["paths"], numbers["chosen"]
        if numbers["landscape"]:
            surface = descent_in_space(numbers["landscape"], paths, chosen)
        else:
            surface = descent(numbers["surface"], paths, chosen)
        return beside(surface, losses_on_the_way(paths, chosen))

    def describe(self, numbers: Numbers) -> str:
        """Return where each path starts and ends, and with which loss."""
        first, second = numbers["surface"].names
        begin = numbers["paths"][0]
        lines = [
            f"From {first} = {short(begin.points[0, 0])}, {second} = {short(begin.points[0, 1])} "
            f"with loss {short(begin.losses[0])}. Chosen: {numbers['chosen']}."
        ]
        for path in numbers["paths"]:
            x, y = path.points[-1]
            steps, stays = len(path.points) - 1, numbers["surface"].stays_until(path)
            left = f"; leaves the picture at step {stays + 1}" if stays < steps else ""
            lines.append(
                f"{path.name}, learning rate {short(numbers['rates'][path.name])}: after {steps} "
                f"steps {first} = {short(x)}, {second} = {short(y)}, loss "
                f"{short(path.losses[-1])}{left}"
            )
        return "\n".join(lines)

    def code(self) -> str:
        """Return code that computes the chosen path again, without the explorer."""
        numbers = self.numbers()
        chosen = numbers["chosen"]
        pair = PAIRS[self.pair.value]
        start = [float(slider.value) for slider in self.starts]
        return "\n".join(
            [
                "import numpy as np",
                "from bp_helpers import Adam, GradientDescent, Momentum",
                "from bp_helpers import fit, load_penguins, running_example",
                "",
                *CODE,
                "network = running_example().network",
                "fit(network, Adam(network, 0.02), x, y, 300, len(x), np.random.default_rng(0))",
                "",
                f"pair = {pair!r}",
                "arrays = dict(network.parameters)",
                f"for (name, index), value in zip(pair, {start!r}):",
                "    arrays[name][index] = value",
                f"optimizer = {OPTIMIZERS[chosen].__name__}(network, {numbers['rates'][chosen]!r})",
                "losses = [network.loss_value(x, y)]",
                f"for _ in range({len(numbers['paths'][0].points) - 1}):",
                "    network.backward()",
                "    for name, grad in network.gradients.items():  # the others stay as they are",
                "        free = [index for array, index in pair if array == name]",
                "        kept = [grad[index] for index in free]",
                "        grad[...] = 0",
                "        for index, value in zip(free, kept):",
                "            grad[index] = value",
                "    optimizer.step()",
                "    losses.append(network.loss_value(x, y))",
            ]
        )

    def _two_weights(self, pair: str) -> tuple[TwoWeights, LossSurface]:
        if pair not in self._made:  # a surface asks for 1089 losses
            weights = TwoWeights(pair)
            self._made[pair] = weights, weights.surface()
        return self._made[pair]

    def _landscape(self) -> Landscape:
        pair = self.pair.value
        if pair not in self._landscapes:  # Matplotlib takes a tenth of a second for it
            self._landscapes[pair] = Landscape(self._two_weights(pair)[1])
        return self._landscapes[pair]

    def _name_starts(self) -> None:
        for start, (name, index) in zip(self.starts, PAIRS[self.pair.value], strict=True):
            start.description = f"start {name}[{','.join(map(str, index))}]"


def _menu(label: str, options: list[str]) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=options, description=label, style={"description_width": "6em"},
        layout={"width": "25em"},
    )  # fmt: skip
