"""Training: gradient descent, Adam, an epoch, and a published step with a slip in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bp_helpers._checks import Array
from bp_helpers.exercises.steps.network import NetworkSteps
from bp_helpers.exercises.steps.replaceable import Layers, Override
from bp_helpers.network import Network
from bp_helpers.optimizers import Optimizer

EPSILON = 1e-8  # of Adam

Rows = npt.NDArray[np.int64]


class LearningSteps(NetworkSteps):
    """Training: gradient descent, Adam, an epoch, and a published step with a slip in it."""

    def step_size(self, learning_rate: float) -> float:
        """Return what each gradient is multiplied by."""
        return learning_rate

    def update_W(self, W: Array, dW: Array, rate: float) -> Array:
        """Return the new weights."""
        return W - rate * dW

    def update_b(self, b: Array, db: Array, rate: float) -> Array:
        """Return the new biases."""
        return b - rate * db

    def update(self, layers: Layers, pairs: Layers, learning_rate: float) -> Layers:
        """Return the new layers."""
        rate = self.step_size(learning_rate)
        return [
            (self.update_W(W, dW, rate), self.update_b(b, db, rate))
            for (W, b), (dW, db) in zip(layers, pairs, strict=True)
        ]

    def training_step(self, X: Array, Y: Array, layers: Layers, learning_rate: float) -> Layers:
        """Return the layers after one step of gradient descent."""
        pairs, _ = self.backward_pass(X, Y, layers, learning_rate)
        return self.update(layers, pairs, learning_rate)

    def train(self, X: Array, Y: Array, layers: Layers, learning_rate: float, steps: int) -> Layers:
        """Return the layers after so many steps."""
        for k in range(self.step_count(X, steps)):
            layers = self.training_step(X, Y, layers, self.rate_in(k, learning_rate))
        return layers

    def step_count(self, X: Array, steps: int) -> int:
        """Return how many steps are made."""
        return steps

    def rate_in(self, k: int, learning_rate: float) -> float:
        """Return the learning rate in the step at position k."""
        return learning_rate

    def one_epoch(
        self,
        network: Network,
        optimizer: Optimizer,
        x: Array,
        y: Array,
        batch_size: int,
        rng: np.random.Generator,
    ) -> None:
        """Train the engine's network in place, with every row once."""
        for rows, rows_of_y in self.slices(len(x), batch_size, rng):
            network.loss_value(x[rows], y[rows_of_y])
            self.go_back(network)
            self.take_step(optimizer)

    def slices(
        self, n: int, batch_size: int, rng: np.random.Generator
    ) -> Sequence[tuple[Rows, Rows]]:
        """Return each step's rows of x and of y: one random order, cut into slices."""
        of_x, of_y = self.orders(n, rng)
        return list(zip(self.cut(of_x, batch_size), self.cut(of_y, batch_size), strict=True))

    def orders(self, n: int, rng: np.random.Generator) -> tuple[Rows, Rows]:
        """Return the order of the rows of x and that of the rows of y: the same random one."""
        order = rng.permutation(n)
        return order, order

    def cut(self, order: Rows, size: int) -> list[Rows]:
        """Return slices of an order."""
        return [order[start : start + size] for start in range(0, len(order), size)]

    def go_back(self, network: Network) -> None:
        """Make a network's gradients."""
        network.backward()

    def take_step(self, optimizer: Optimizer) -> None:
        """Move a network's parameters."""
        optimizer.step()

    # ---- Adam ----

    def adam_update(
        self, W: Array, dW: Array, m: Array, s: Array, t: int, eta: float
    ) -> tuple[Array, Array, Array]:
        """Return W, m and s after Adam's step number t, which counts from 1."""
        new_m = self.running_mean(m, dW, self.beta_m())
        new_s = self.running_mean(s, self.squares(dW, new_m), self.beta_s())
        m_hat = self.unbiased(self.mean_used(m, new_m), self.beta_m(), self.counted(t))
        s_hat = self.unbiased(self.squares_used(s, new_s), self.beta_s(), self.counted(t))
        return self.update_W(W, self.scaled(m_hat, s_hat, dW), self.step_size(eta)), new_m, new_s

    def mean_used(self, old: Array, new: Array) -> Array:
        """Return the running mean of the gradient that the step is made with."""
        return new

    def squares_used(self, old: Array, new: Array) -> Array:
        """Return the running mean of its square that the step is made with."""
        return new

    def beta_m(self) -> float:
        """Return how much of m stays in a step."""
        return 0.9

    def beta_s(self) -> float:
        """Return how much of s stays in a step."""
        return 0.999

    def squares(self, dW: Array, m: Array) -> Array:
        """Return what s is the running mean of."""
        return dW * dW

    def running_mean(self, mean: Array, new: Array, beta: float) -> Array:
        """Return the mean after one more value."""
        return beta * mean + (1 - beta) * new

    def counted(self, t: int) -> int:
        """Return the step's number as the correction counts it."""
        return t

    def unbiased(self, mean: Array, beta: float, t: int) -> Array:
        """Return a running mean of t values that started at 0, as if it had not."""
        return np.asarray(mean / (1 - beta**t))

    def scaled(self, m_hat: Array, s_hat: Array, dW: Array) -> Array:
        """Return the step before the learning rate."""
        return np.asarray(m_hat / (np.sqrt(s_hat) + EPSILON))

    # ---- A published step with a slip in it: the weights change too early, the biases never ----

    def published_loss(
        self, X: Array, Y: Array, W1: Array, b1: float, W2: Array, b2: float, eta: float
    ) -> float:
        """Return the loss of one example after that step; one bias serves a whole layer."""
        slip: Override = {
            "weights_going_back": lambda s, layers, k, change: s.weights_too_early(
                layers, k, change
            ),
            "update_b": lambda s, b, db, rate: s.bias_that_stays(b, db, rate),
        }
        layers = [(W, np.full(W.shape[1], b)) for W, b in ((W1, b1), (W2, b2))]
        return type(self)(slip, *self.overrides).loss_after_step(X, Y, layers, eta)

    def weights_too_early(self, layers: Layers, k: int, change: Array) -> Array:
        """Return the weights through which the published step hands its blame back."""
        return layers[k][0] - change

    def bias_that_stays(self, b: Array, db: Array, rate: float) -> Array:
        """Return the biases after the published step."""
        return b

    def loss_after_step(self, X: Array, Y: Array, layers: Layers, eta: float) -> float:
        """Return the loss of one example after a step."""
        return self.loss_of_one(X, Y, self.training_step(X, Y, layers, eta))

    def loss_of_one(self, X: Array, Y: Array, layers: Layers) -> float:
        """Return the squared error of one example."""
        return float((self.error(self.forward(X, layers)[-1], Y) ** 2).sum() / 2)
