"""Training, one epoch after the other, while you look on and turn the knobs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np
import numpy.typing as npt

from bp_helpers.data import Dataset, load_penguins
from bp_helpers.explorers.kit import Explorer, Numbers, button, row
from bp_helpers.layers import Dense, Tanh
from bp_helpers.losses import SoftmaxCrossEntropy
from bp_helpers.network import Network
from bp_helpers.optimizers import Adam, GradientDescent, Momentum, Optimizer
from bp_helpers.pictures import (
    Picture,
    beside,
    decision_surface,
    gradient_sizes,
    grid,
    loss_curve,
    number,
    percent,
)
from bp_helpers.training import fit

OPTIMIZERS = {kind.__name__: kind for kind in (GradientDescent, Momentum, Adam)}
RATES = [round(k * 10.0**p, 3) for p in (-3, -2, -1, 0, 1) for k in (1, 2, 5)] + [100.0]
BATCHES = [1, 4, 16, 64, 274]
BEYOND_BOUNDS = 100.0  # a blind guess among three has a loss of 1.1
TROUBLE = "The loss grew beyond all bounds: try a smaller learning rate, then Reset"
EXTENT = (30.0, 62.0, 12.0, 23.0)  # millimetres, around all penguins
CELLS = 40
LAYERS = ["layer 1", "layer 2"]

Settings = tuple[str, float, int]  # optimizer, learning rate, batch size


@dataclass(frozen=True)
class Measured:
    """What is known after an epoch; `sizes` are the lengths of the layers' gradients."""

    loss: float
    right: float
    unseen_loss: float
    unseen_right: float
    sizes: tuple[float, ...]


class Run:
    """A 2-8-3 network and its training so far; always the same start.

    `history` has what was measured before the first epoch and after each. A run whose loss grows
    beyond all bounds has `diverged`: it keeps the parameters from before that epoch, and stands.
    """

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self.rng = np.random.default_rng(0)
        layers = [Dense(2, 8, rng=self.rng), Tanh(), Dense(8, 3, rng=self.rng)]
        self.network = Network(layers, SoftmaxCrossEntropy())
        self.optimizer: Optimizer | None = None
        self.stretches: list[tuple[Settings, int]] = []
        self.diverged = False
        self.history = [self._measure()]

    @property
    def epochs(self) -> int:
        """How many epochs it has been trained."""
        return len(self.history) - 1

    def epoch(self, optimizer: str, learning_rate: float, batch_size: int) -> None:
        """Train for one epoch with these settings, unless it has diverged."""
        if self.diverged:
            return
        before = [value.copy() for value in self.network.parameters.values()]
        try:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                self._fit(optimizer, learning_rate, batch_size)
                measured = self._measure()
        except (ValueError, FloatingPointError):  # the engine refuses what is not finite
            measured = None
        if measured and measured.loss <= BEYOND_BOUNDS:
            self.history.append(measured)
            self._remember((optimizer, learning_rate, batch_size))
            return
        self.diverged = True
        for value, kept in zip(self.network.parameters.values(), before, strict=True):
            value[...] = kept

    def _fit(self, optimizer: str, learning_rate: float, batch_size: int) -> None:
        kind = OPTIMIZERS[optimizer]
        if type(self.optimizer) is not kind:
            self.optimizer = kind(self.network, learning_rate)
        self.optimizer.learning_rate = learning_rate
        x, y = self.data.x_train, self.data.y_train
        fit(self.network, self.optimizer, x, y, 1, batch_size, self.rng)

    def _measure(self) -> Measured:
        unseen_loss, unseen_right = self.network.measure(self.data.x_test, self.data.y_test)
        loss, right = self.network.measure(self.data.x_train, self.data.y_train)
        self.network.parameter_gradients()
        dW1, db1, dW2, db2 = (grad.ravel() for grad in self.network.gradients.values())
        sizes = math.hypot(*dW1, *db1), math.hypot(*dW2, *db2)
        return Measured(loss, right or 0, unseen_loss, unseen_right or 0, sizes)

    def _remember(self, now: Settings) -> None:
        epochs = 0
        if self.stretches and self.stretches[-1][0] == now:
            epochs = self.stretches.pop()[1]
        self.stretches.append((now, epochs + 1))


class TrainingExplorer(Explorer):
    """Train a 2-8-3 network to tell three species of penguins apart, and turn the knobs meanwhile.

    Play trains one epoch at each tick, the button Epoch a single one, `train(n)` n of them. Beside
    the decisions over all measurements stand the loss, on the penguins trained with and on unseen
    ones, and the size of each layer's gradient.
    """

    presets: ClassVar = {
        "one penguin a step": {"batch_size": 1},
        "all penguins a step": {"batch_size": 274},
        "too large a rate": {"learning_rate": 10.0},
        "learning by heart": {"optimizer": "Adam", "batch_size": 4, "learning_rate": 0.05},
    }

    def __init__(self) -> None:
        self.data = load_penguins()
        self.millimetres = self._in_millimetres(self.data.x_train)
        cells = grid(EXTENT, CELLS)
        self._everywhere = (cells - self.data.mean) / self.data.deviation
        self.training = Run(self.data)
        self.play = widgets.Play(min=0, max=1_000_000, interval=100, show_repeat=False)
        self.play.observe(self._tick, "value")
        controls = {
            "learning_rate": _choice("learning rate", RATES, 0.1),
            "batch_size": _choice("batch size", BATCHES, 16),
            "optimizer": widgets.Dropdown(
                options=[*OPTIMIZERS], description="optimizer", layout={"width": "20em"}
            ),
        }
        buttons = row(self.play, button("Epoch", self.train))
        super().__init__(controls, [buttons, row(*controls.values())])

    # ---- training -------------------------------------------------------------------------------

    def train(self, epochs: int = 1) -> None:
        """Train for some epochs with the controls' settings, and draw once."""
        for _ in range(epochs):
            self.training.epoch(**self.values)
        if self.training.diverged:
            self.play.playing = False
        self.refresh()

    def reset(self) -> None:
        """Bring back the controls and the network as at the start."""
        self.play.playing = False
        self.play.value = 0
        self.training = Run(self.data)
        super().reset()

    def _tick(self, change: Any) -> None:
        # a tick may arrive late, after Reset; and Stop sets the value back
        if self.play.playing and change["new"] > change["old"]:
            self.train()

    # ---- numbers, picture and words -------------------------------------------------------------

    @property
    def shown(self) -> str:
        """The controls' values and the number of epochs in one line."""
        return f"{super().shown} epoch={self.training.epochs}"

    def numbers(self) -> Numbers:
        """Return what was measured after each epoch, and the classes' probabilities everywhere.

        `surface` has shape (40, 40, 3), its first row at the top.
        """
        logits = self.training.network.forward(self._everywhere)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return {
            "history": list(self.training.history),
            "surface": (powers / powers.sum(axis=1, keepdims=True)).reshape(CELLS, CELLS, 3),
            "diverged": self.training.diverged,
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the decisions, the losses and the sizes of the gradients."""
        history = numbers["history"]
        surface = decision_surface(
            numbers["surface"],
            EXTENT,
            self.millimetres,
            self.data.y_train,
            history[-1].right,
            [f"{name} (mm)" for name in self.data.feature_names],
            self.data.class_names,
        )
        losses = loss_curve(
            [each.loss for each in history],
            [each.unseen_loss for each in history],
            (history[-1].right, history[-1].unseen_right),
            TROUBLE if numbers["diverged"] else "",
        )
        return beside(surface, losses, gradient_sizes(LAYERS, history[-1].sizes))

    def describe(self, numbers: Numbers) -> str:
        """Return epochs, losses, accuracies and gradient sizes in words."""
        now = numbers["history"][-1]
        lines = [
            f"After {len(numbers['history']) - 1} epochs:",
            f"Training: loss {number(now.loss, 4)}, {percent(now.right)} right.",
            f"Unseen: loss {number(now.unseen_loss, 4)}, {percent(now.unseen_right)} right.",
            *(
                f"Gradient of {name}: length {number(size, 4)}."
                for name, size in zip(LAYERS, now.sizes, strict=True)
            ),
        ]
        return "\n".join([*lines, f"{TROUBLE}."] if numbers["diverged"] else lines)

    def code(self) -> str:
        """Return code that trains the same network to the same state, without the explorer."""
        lines = [CODE_OF_START]
        latest = ""
        for (optimizer, rate, batch_size), epochs in self.training.stretches:
            made = f"optimizer = {optimizer}(network, {rate:g})"
            lines += [
                f"optimizer.learning_rate = {rate:g}" if optimizer == latest else made,
                f"fit(network, optimizer, data.x_train, data.y_train, {epochs}, {batch_size}, rng)",
            ]
            latest = optimizer
        return "\n".join([*lines, CODE_OF_END])

    def _in_millimetres(self, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return x * self.data.deviation + self.data.mean


def _choice(label: str, options: list[Any], start: Any) -> widgets.SelectionSlider:
    return widgets.SelectionSlider(
        options=options, value=start, description=label,
        style={"description_width": "7em"}, layout={"width": "22em"},
    )  # fmt: skip


CODE_OF_START = """\
import numpy as np
from bp_helpers import Adam, Dense, GradientDescent, Momentum, Network, SoftmaxCrossEntropy, Tanh
from bp_helpers import fit, load_penguins

data = load_penguins()
rng = np.random.default_rng(0)
network = Network([Dense(2, 8, rng=rng), Tanh(), Dense(8, 3, rng=rng)], SoftmaxCrossEntropy())"""
CODE_OF_END = """\
loss, right = network.measure(data.x_train, data.y_train)
unseen_loss, unseen_right = network.measure(data.x_test, data.y_test)"""
