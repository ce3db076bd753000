"""Training, one epoch after the other, while you look on and turn the knobs."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers import _checks
from bp_helpers.data import Dataset
from bp_helpers.explorers.clock import Clock
from bp_helpers.explorers.code import code_of
from bp_helpers.explorers.controls import button, choice_slider, menu
from bp_helpers.explorers.data_sets import for_a_map, penguins
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.explorers.torch_form import OPTIMIZERS as TORCH_OPTIMIZERS
from bp_helpers.explorers.torch_form import begin, forward, function
from bp_helpers.layers import Dense, Tanh
from bp_helpers.losses import SoftmaxCrossEntropy
from bp_helpers.network import Network
from bp_helpers.optimizers import Adam, GradientDescent, Momentum, Optimizer
from bp_helpers.pictures import (
    FloatArray,
    NetworkKind,
    Picture,
    beside,
    decision_surface,
    gradient_sizes,
    grid,
    loss_curve,
)
from bp_helpers.training import fit

OPTIMIZERS = {kind.__name__: kind for kind in (GradientDescent, Momentum, Adam)}
RATES = [round(k * 10.0**p, 3) for p in (-3, -2, -1, 0, 1) for k in (1, 2, 5)] + [100.0]
BATCHES = [1, 4, 16, 64, 274]
BEYOND_BOUNDS = 100.0  # a blind guess among three has a loss of 1.1
TROUBLE = "The loss grew beyond all bounds: try a smaller learning rate, then Reset"
EXTENT = (30.0, 62.0, 12.0, 23.0)  # millimetres, around all penguins
AROUND = 0.06  # of the range of other data, left free around it
CELLS = 40
LAYERS = ["layer 1", "layer 2"]
SIZES = 1e-4, 1e2  # the ends of the scale of their gradients
PACE = 100  # milliseconds from epoch to epoch

Stretch = tuple[str, float, int, int]  # optimizer, learning rate, batch size, epochs


@dataclass(frozen=True)
class Measured:
    """What is known after an epoch; `sizes` are the lengths of the layers' gradients."""

    loss: float
    right: float
    unseen_loss: float
    unseen_right: float
    sizes: tuple[float, ...]


def train(stretches: tuple[Stretch, ...], data: Dataset) -> Network:
    """Return a 2-8-3 network after this training: always the same start, the same batches.

    It has an output for each class of the data.
    """
    rng = np.random.default_rng(0)
    layers = [Dense(2, 8, rng=rng), Tanh(), Dense(8, len(data.class_names), rng=rng)]
    network = Network(layers, SoftmaxCrossEntropy())
    optimizer = None
    for name, learning_rate, batch_size, epochs in stretches:
        if type(optimizer) is not OPTIMIZERS[name]:
            optimizer = OPTIMIZERS[name](network, learning_rate)
        optimizer.learning_rate = learning_rate
        fit(network, optimizer, data.x_train, data.y_train, epochs, batch_size, rng)
    return network


class Training:
    """The same training, an epoch at a time; what it was before each stays as it is.

    `history` has what was measured before the first epoch and after each. A training whose loss
    grows beyond all bounds has `diverged`: it keeps the parameters from before that epoch, and
    stands.
    """

    def __init__(self, data: Dataset) -> None:
        self.rng, self.data = np.random.default_rng(0), data
        outputs = len(data.class_names)
        layers = [Dense(2, 8, rng=self.rng), Tanh(), Dense(8, outputs, rng=self.rng)]
        self.network = Network(layers, SoftmaxCrossEntropy())
        self.optimizer: Optimizer | None = None
        self.stretches: tuple[Stretch, ...] = ()
        self.diverged = False
        self.history: tuple[Measured, ...] = (_measured(self.network, data),)

    @property
    def epochs(self) -> int:
        """How many epochs it has been trained."""
        return len(self.history) - 1

    def after_epoch(self, optimizer: str, learning_rate: float, batch_size: int) -> Training:
        """Return the training after one more epoch with these settings, unless it has diverged."""
        if self.diverged:
            return self
        after = copy.deepcopy(self)
        try:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                after._fit(optimizer, learning_rate, batch_size)
                measured = _measured(after.network, self.data)
        except (ValueError, FloatingPointError):  # the engine refuses what is not finite
            measured = None
        if measured is None or measured.loss > BEYOND_BOUNDS:
            after = copy.deepcopy(self)
            after.diverged = True
            return after
        after.history = (*self.history, measured)
        after.stretches = _longer(self.stretches, optimizer, learning_rate, batch_size)
        return after

    def _fit(self, optimizer: str, learning_rate: float, batch_size: int) -> None:
        kind = OPTIMIZERS[optimizer]
        if type(self.optimizer) is not kind:
            self.optimizer = kind(self.network, learning_rate)
        self.optimizer.learning_rate = learning_rate
        x, y = self.data.x_train, self.data.y_train
        if not fit(self.network, self.optimizer, x, y, 1, batch_size, self.rng).loss:
            raise KeyboardInterrupt  # `fit` keeps what it has by then; half an epoch is none here

    def __deepcopy__(self, memo: dict[int, object]) -> Training:
        made = object.__new__(Training)
        made.__dict__ = self.__dict__ | {
            name: copy.deepcopy(self.__dict__[name], memo)
            for name in ("rng", "network", "optimizer")
        }
        return made

    def __str__(self) -> str:
        said = [f"{name}:{rate:g}:{size}x{epochs}" for name, rate, size, epochs in self.stretches]
        return ",".join([f"{self.epochs}", *said, *["diverged"] * self.diverged])


def _longer(
    stretches: tuple[Stretch, ...], optimizer: str, learning_rate: float, batch_size: int
) -> tuple[Stretch, ...]:
    now = optimizer, learning_rate, batch_size
    if stretches and stretches[-1][:3] == now:
        return (*stretches[:-1], (*now, stretches[-1][3] + 1))
    return (*stretches, (*now, 1))


def _measured(network: Network, data: Dataset) -> Measured:
    unseen_loss, unseen_right = network.measure(data.x_test, data.y_test)
    loss, right = network.measure(data.x_train, data.y_train)
    network.parameter_gradients()
    dW1, db1, dW2, db2 = (grad.ravel() for grad in network.gradients.values())
    sizes = math.hypot(*dW1, *db1), math.hypot(*dW2, *db2)
    return Measured(loss, right or 0, unseen_loss, unseen_right or 0, sizes)


@dataclass(frozen=True)
class TrainingNumbers:
    """What was measured before the first epoch and after each, and the decisions by now.

    `surface` has the classes' probabilities, shape (40, 40, n_classes), its first row at the top,
    for measurements within `extent`.
    """

    history: tuple[Measured, ...]
    surface: FloatArray
    diverged: bool
    data: Dataset
    extent: tuple[float, float, float, float]


def decisions(training: Training) -> TrainingNumbers:
    """Return what was measured, and the probability of each class for all measurements."""
    data = training.data
    extent = extent_of(data)
    cells = (grid(extent, CELLS) - data.mean) / data.deviation
    p = SoftmaxCrossEntropy.probabilities(training.network.forward(cells))
    surface = p.reshape(CELLS, CELLS, -1)
    return TrainingNumbers(training.history, surface, training.diverged, data, extent)


def extent_of(data: Dataset) -> tuple[float, float, float, float]:
    """Return the ends of the map, in the data's own unit: around all that was measured."""
    if data is penguins():
        return EXTENT
    x = np.concatenate([data.x_train, data.x_test]) * data.deviation + data.mean
    low, high = x.min(axis=0), x.max(axis=0)
    low, high = low - AROUND * (high - low), high + AROUND * (high - low)
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])


def training_picture(numbers: TrainingNumbers) -> Picture:
    """Draw the decisions, the losses and the sizes of the gradients."""
    data, history = numbers.data, numbers.history
    unit = " (mm)" if data is penguins() else ""
    surface = decision_surface(
        numbers.surface,
        numbers.extent,
        data.x_train * data.deviation + data.mean,
        data.y_train,
        history[-1].right,
        [f"{name}{unit}" for name in data.feature_names],
        data.class_names,
    )
    losses = loss_curve(
        [each.loss for each in history],
        [each.unseen_loss for each in history],
        (history[-1].right, history[-1].unseen_right),
        TROUBLE if numbers.diverged else "",
    )
    return beside(surface, losses, gradient_sizes(LAYERS, history[-1].sizes, SIZES))


class TrainingExplorer(Explorer):
    """Train a 2-8-3 network to tell three species of penguins apart, and turn the knobs meanwhile.

    Or a table of your own: `TrainingExplorer(load_table("mine.csv"))`.

    Play trains one epoch at each tick, the button Epoch a single one, `train(n)` n of them. Beside
    the decisions over all measurements stand the loss, on the penguins trained with and on unseen
    ones, and the size of each layer's gradient.
    """

    compute, draw = decisions, training_picture
    runs: ClassVar = True
    controls: ClassVar = {
        "learning_rate": choice_slider("learning rate", RATES, 0.1),
        "batch_size": choice_slider("batch size", BATCHES, 16),
        "optimizer": menu("optimizer", [*OPTIMIZERS], "GradientDescent", "20em"),
    }
    told: ClassVar = ("Loss after ", "unseen ")
    presets: ClassVar = {
        "one penguin a step": {"batch_size": 1},
        "all penguins a step": {"batch_size": 274},
        "too large a rate": {"learning_rate": 10.0},
        "learning by heart": {"optimizer": "Adam", "batch_size": 4, "learning_rate": 0.05},
    }

    def __init__(self, data: Dataset | None = None) -> None:
        super().__init__()
        if data is not None:
            self.begin_with(training=Training(for_a_map(data, "TrainingExplorer", 3)))

    def buttons(self) -> list[widgets.Widget]:
        """Return Play and Epoch."""
        self.clock = Clock(self.view, self._play_on, PACE)
        return [self.clock.button, button("Epoch", self.train)]

    @classmethod
    def start_state(cls) -> State:
        """Return the settings, and a network that has not been trained."""
        return {**super().start_state(), "training": Training(penguins())}

    def train(self, epochs: int = 1) -> None:
        """Train for some epochs with the controls' settings, and draw once."""
        training = self.state["training"]
        for _ in range(_checks.whole(epochs, "epochs", 0)):
            training = training.after_epoch(**self.values)
        self.set(training=training)

    def code(self) -> str:
        """Return code that trains the same network to the same state, without the explorer."""
        training = self.state["training"]
        arguments = {"stretches": training.stretches, "data": training.data}
        return code_of(train, arguments, "network")

    def torch_code(self) -> str:
        """Return the same training in PyTorch: the same start, the same batches."""
        training = self.state["training"]
        made, outputs = repr(training.data), len(training.data.class_names)
        epoch = [
            "for _ in range(epochs):",
            "    for rows in torch.tensor(rng.permutation(len(X))).split(batch_size):",
            "        optimizer.zero_grad()",
            "        loss_of(X[rows], Y[rows]).backward()",
            "        optimizer.step()",
        ]
        lines = [
            *begin("import numpy as np", f"from bp_helpers import Dense, {made.partition('(')[0]}"),
            f"data = {made}",
            "X, Y = torch.tensor(data.x_train), torch.tensor(data.y_train)",
            "rng = np.random.default_rng(0)",
            "W1 = torch.tensor(Dense(2, 8, rng=rng).W, requires_grad=True)",
            "b1 = torch.zeros(8, requires_grad=True)",
            f"W2 = torch.tensor(Dense(8, {outputs}, rng=rng).W, requires_grad=True)",
            f"b2 = torch.zeros({outputs}, requires_grad=True)",
            *function(
                "loss_of(X, Y)",
                *forward(NetworkKind("Tanh", "SoftmaxCrossEntropy")),
                "return loss",
            ),
            *function("train(epochs, batch_size)", *epoch),
            "",
            "",
        ]
        before = None
        for name, rate, batch_size, epochs in training.stretches:
            optimizer = TORCH_OPTIMIZERS[name].format("[W1, b1, W2, b2]", rate)
            again = f'optimizer.param_groups[0]["lr"] = {rate}'
            lines.append(again if name == before else f"optimizer = {optimizer}")
            lines.append(f"train({epochs}, {batch_size})")
            before = name
        return "\n".join([*lines, "loss = loss_of(X, Y)", "print(loss.item())"])

    def _play_on(self) -> bool:
        self.train()
        return not self.state["training"].diverged
