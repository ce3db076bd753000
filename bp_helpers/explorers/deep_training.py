"""Training of one deep network in four versions at once: as it was, and with each repair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers.explorers.clock import Clock
from bp_helpers.explorers.controls import button, choice_slider, whole_slider
from bp_helpers.explorers.data_sets import digits
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.layers import BatchNorm, Dense, Layer, Residual, Sigmoid, Tanh
from bp_helpers.losses import SoftmaxCrossEntropy
from bp_helpers.network import Network
from bp_helpers.optimizers import GradientDescent
from bp_helpers.pictures import FloatArray, Picture, Version, training_versions

VERSIONS = ("as it was", "tanh", "skip connections", "normalisation")
WIDTH, BATCH, PROBE, SEED = 16, 32, 200, 0
RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
AT_ONCE, MOST_STEPS = 10, 2000
PACE = 50  # milliseconds from tick to tick
SETTINGS = ("layers", "learning_rate")


def deep_network(version: str, layers: int) -> Network:
    """Return a network of so many hidden layers of 16 neurons: always the same weights."""
    rng = np.random.default_rng(SEED)

    def hidden(n_in: int) -> list[Layer]:
        dense = Dense(n_in, WIDTH, rng=rng)
        if version == "tanh":
            return [dense, Tanh()]
        if version == "normalisation":
            return [dense, BatchNorm(WIDTH), Sigmoid()]
        if version == "skip connections" and n_in == WIDTH:
            return [Residual([dense, Sigmoid()])]
        return [dense, Sigmoid()]

    blocks = [hidden(64 if k == 0 else WIDTH) for k in range(layers)]
    last = Dense(WIDTH, 10, rng=rng)
    return Network([layer for block in blocks for layer in block] + [last], SoftmaxCrossEntropy())


class Run:
    """One version in training; `losses` has a loss before any step and after every ten."""

    def __init__(self, version: str, layers: int, learning_rate: float) -> None:
        self.network = deep_network(version, layers)
        self.optimizer = GradientDescent(self.network, learning_rate)
        self.batches = batches()
        self.losses = [self._loss()]
        self.right: list[float | None] = [None]
        self.stopped = False

    def train_to(self, steps: int) -> None:
        """Go on to so many steps; one whose numbers are no longer finite stands."""
        while self.optimizer.steps < steps and not self.stopped:
            try:
                for _ in range(AT_ONCE):
                    self.network.loss_value(*next(self.batches))
                    self.network.parameter_gradients()
                    self.optimizer.step()
                loss = self._loss()
                _, right = self.network.measure(digits().x_test, digits().y_test)
            except ValueError:
                self.stopped = True
                return
            except BaseException:  # interrupted between two of the ten: all begin anew
                runs_of.cache_clear()
                raise
            self.losses.append(loss)
            self.right.append(right)

    def _loss(self) -> float:
        return self.network.loss_value(digits().x_train[:PROBE], digits().y_train[:PROBE])


def batches() -> Iterator[tuple[FloatArray, npt.NDArray[Any]]]:
    """Yield batches of 32 training digits, in the same random order for everybody."""
    rng, data = np.random.default_rng(SEED), digits()
    while True:
        order = rng.permutation(len(data.x_train))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            yield data.x_train[rows], data.y_train[rows]


@lru_cache(maxsize=8)  # what has been trained goes on from where it is
def runs_of(layers: int, learning_rate: float) -> tuple[Run, ...]:
    """Return the four versions in training."""
    return tuple(Run(version, layers, learning_rate) for version in VERSIONS)


@dataclass(frozen=True)
class DeepTrainingNumbers:
    """For each version the losses, one for every ten steps, and the share right at the end."""

    losses: tuple[tuple[float, ...], ...]
    right: tuple[float | None, ...]
    stopped: tuple[bool, ...]


def deep_training(layers: int, learning_rate: float, steps: int) -> DeepTrainingNumbers:
    """Return how four versions of a network train on the digits, with gradient descent."""
    runs, ends = runs_of(layers, learning_rate), steps // AT_ONCE + 1
    for run in runs:
        run.train_to(steps)
    return DeepTrainingNumbers(
        tuple(tuple(run.losses[:ends]) for run in runs),
        tuple(run.right[:ends][-1] for run in runs),
        tuple(len(run.losses) < ends for run in runs),
    )


def deep_training_picture(numbers: DeepTrainingNumbers) -> Picture:
    """Draw the four losses."""
    each = zip(VERSIONS, numbers.losses, numbers.right, numbers.stopped, strict=True)
    return training_versions([Version(*one) for one in each], AT_ONCE)


class DeepTrainingExplorer(Explorer):
    """Four versions of one deep network learn to read digits, side by side.

    Play takes ten steps of all four at each tick, the button 10 steps as many once. Whoever moves
    a slider begins anew.
    """

    compute, draw = deep_training, deep_training_picture
    runs: ClassVar = True
    controls: ClassVar = {
        "layers": whole_slider("hidden layers", 20, 1, 30),
        "learning_rate": choice_slider("learning rate", RATES, 0.1),
    }
    others: ClassVar = {"steps": 0}
    told: ClassVar = ("The loss of four", *(f"{version}: " for version in VERSIONS))
    presets: ClassVar = {"two layers": {"layers": 2}}

    def buttons(self) -> list[widgets.Widget]:
        """Return Play, and ten steps at once."""
        self.clock = Clock(self.view, self._play_on, PACE)
        return [self.clock.button, button("10 steps", self.train, "6em")]

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set; with other settings training begins anew."""
        if name == "steps":
            value = min(_checks.whole(value, name, 0), MOST_STEPS)
        moved = super().moved_to(state, name, value)
        changed = name in SETTINGS and value != state[name]
        return {**moved, "steps": 0} if changed else moved

    def train(self, steps: int = AT_ONCE) -> None:
        """Train all four for some steps more, a multiple of ten, and draw once."""
        steps = _checks.whole(steps, "steps", 0)
        self.set(steps=self.state["steps"] + steps // AT_ONCE * AT_ONCE)

    def _play_on(self) -> bool:
        self.train()
        return bool(self.state["steps"] < MOST_STEPS)
