"""The course's mathematics, one small method per line: what a mistake changes is one of them.

`Steps()` does everything right. `Steps({"db": lambda s, delta: delta.mean(axis=0)})` does what a
learner's code does in which only that line is wrong; whatever uses the line goes wrong with it.
Bias gradients, handing back and all the rest are therefore written here once, and a mistake once
in the catalogue, whether it is met in a line of its own or in the training of a whole network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from types import MethodType
from typing import Any

import numpy as np
import numpy.typing as npt

from bp_helpers._checks import Array
from bp_helpers.exercises.graphs import inputs_first, stretched
from bp_helpers.network import Network
from bp_helpers.optimizers import Optimizer

EPSILON = 1e-8  # of Adam
NORM_EPSILON = 1e-5  # of batch normalisation

Layers = list[tuple[Array, Array]]
Gradients = dict[str, Array]
Override = Mapping[str, Callable[..., Any]]
Rows = npt.NDArray[np.int64]


class Steps:
    """Forward pass, backward pass and training of sigmoid layers under squared error.

    `overrides` maps names of methods to functions that stand in their place; each takes the Steps
    as its first argument, as a method does. `layers` is a list of pairs (W, b).
    """

    def __init__(self, *overrides: Override) -> None:
        self.overrides = overrides
        for override in overrides:
            for name, function in override.items():
                setattr(self, name, MethodType(function, self))

    # ---- Two exercises on the chain rule ----

    def composition(self, x: float) -> float:
        """Return dy/dx of y = sin(x**2 + 1) ** 3: the three slopes, multiplied."""
        return float(self.cube_slope(x) * self.sine_slope(x) * self.square_slope(x))

    def cube_slope(self, x: float) -> Any:
        """Return the slope of the outermost stage."""
        return 3 * np.sin(x * x + 1) ** 2

    def sine_slope(self, x: float) -> Any:
        """Return the slope of the middle stage."""
        return np.cos(x * x + 1)

    def square_slope(self, x: float) -> Any:
        """Return the slope of the innermost stage."""
        return 2 * x

    def circuit_gradient(self, a: float, b: float) -> tuple[float, float]:
        """Return dy/da and dy/db for p = a * b, s = a + b, y = p * s."""
        p, s = a * b, a + b
        return self.to_a(s * b, p), self.to_b(s * a, p)

    def to_a(self, by_product: float, by_sum: float) -> float:
        """Return dy/da."""
        return self.add_paths(by_product, by_sum)

    def to_b(self, by_product: float, by_sum: float) -> float:
        """Return dy/db."""
        return self.add_paths(by_product, by_sum)

    def add_paths(self, by_product: float, by_sum: float) -> float:
        """Return what the two paths from an input to y bring, together."""
        return by_product + by_sum

    # ---- Forward ----

    def dense(self, X: Array, W: Array, b: Array) -> Array:
        """Return Z = X @ W + b, shape (N, n_out)."""
        return np.asarray(self.with_bias(self.weighted(X, W), b))

    def weighted(self, X: Array, W: Array) -> Array:
        """Return what the inputs bring."""
        return np.asarray(X @ W)

    def with_bias(self, weighted: Array, b: Array) -> Array:
        """Return Z."""
        return weighted + b

    def activation(self, Z: Array) -> Array:
        """Return the sigmoid of Z."""
        return np.asarray(1 / (1 + np.exp(-Z)))

    def forward(self, X: Array, layers: Layers) -> list[Array]:
        """Return [A0, A1, ..., AL]."""
        return [X, *self.forward_pass(X, layers)[1][1:]]

    def forward_pass(self, X: Array, layers: Layers) -> tuple[list[Array], list[Array]]:
        """Return [Z1, ..., ZL] and [A0, A1, ..., AL]."""
        Zs: list[Array] = []
        As = [X]
        for k, (W, b) in enumerate(layers):
            is_last = k == len(layers) - 1
            Zs.append(self.dense(self.handed_forward(Zs, As), W, b))
            As.append((self.output_activation if is_last else self.activation)(Zs[-1]))
        return Zs, As

    def handed_forward(self, Zs: list[Array], As: list[Array]) -> Array:
        """Return what the next layer takes in."""
        return As[-1]

    def output_activation(self, Z: Array) -> Array:
        """Return the activation of the last layer."""
        return self.activation(Z)

    def softmax(self, Z: Array) -> Array:
        """Return the softmax of each row of Z."""
        powers = np.exp(Z - Z.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    # ---- The output's error ----

    def error(self, A: Array, Y: Array) -> Array:
        """Return how far each output is from its target."""
        return A - Y

    def mean(self, per_example: Array) -> Array:
        """Return what the loss's mean over the examples makes of their slopes: the 1/N."""
        return per_example / len(per_example)

    def output_blame(self, A: Array, Y: Array) -> Array:
        """Return dL/dA of the squared error."""
        return self.mean(self.error(A, Y))

    def output_delta(self, dA: Array, Z: Array) -> Array:
        """Return delta of the last layer."""
        return dA * self.slope(Z)

    def delta_squared_error(self, Z: Array, Y: Array) -> Array:
        """Return delta of sigmoid outputs under squared error."""
        return self.output_delta(self.output_blame(self.activation(Z), Y), Z)

    def delta_cross_entropy(self, Z: Array, Y: Array) -> Array:
        """Return delta of softmax outputs under cross-entropy."""
        return self.mean(self.error(self.softmax(Z), Y))

    # ---- One layer, going back ----

    def slope(self, Z: Array) -> Array:
        """Return the slope of the sigmoid at Z."""
        A = self.activation(Z)
        return A * (1 - A)

    def hidden_delta(self, dA: Array, Z: Array) -> Array:
        """Return delta of a hidden sigmoid layer."""
        return self.arriving(dA) * self.slope(Z)

    def arriving(self, dA: Array) -> Array:
        """Return the blame that meets the slope of a hidden layer's activation."""
        return dA

    def relu_delta(self, dA: Array, Z: Array) -> Array:
        """Return delta of a ReLU layer."""
        return np.asarray(self.arriving(dA) * self.relu_slope(Z))

    def relu_slope(self, Z: Array) -> Array:
        """Return the slope of ReLU at Z."""
        return (Z > 0) * 1.0

    def dW(self, a_in: Array, delta: Array) -> Array:
        """Return dL/dW, shape (n_in, n_out)."""
        return np.asarray(a_in.T @ delta)

    def db(self, delta: Array) -> Array:
        """Return dL/db, shape (n_out,)."""
        return np.asarray(delta.sum(axis=0))

    def own_gradients(self, a_in: Array, delta: Array) -> tuple[Array, Array]:
        """Return a layer's (dW, db)."""
        return self.dW(a_in, delta), self.db(delta)

    def hand_back(self, delta: Array, W: Array) -> Array:
        """Return dA of the layer before, shape (N, n_in)."""
        return self.shared(self.handed_on(delta) @ self.weights_used(W).T)

    def handed_on(self, delta: Array) -> Array:
        """Return the blame that goes through the weights."""
        return delta

    def weights_used(self, W: Array) -> Array:
        """Return the weights that it goes through."""
        return W

    def shared(self, dA: Array) -> Array:
        """Return what of this blame is an example's own."""
        return np.asarray(dA)

    # ---- A whole network, going back ----

    def backward_pass(
        self, X: Array, Y: Array, layers: Layers, learning_rate: float = 0.0
    ) -> tuple[Layers, tuple[Array, Array]]:
        """Return [(dW, db), ...], first layer first, and what is left to make dX: (delta1, W1).

        The learning rate plays a part only where weights are updated too early.
        """
        Zs, As = self.forward_pass(X, layers)
        pairs: Layers = []
        blames, deltas = [self.output_blame(As[-1], Y)], list[Array]()
        for k in self.way_back(len(layers)):
            is_last = k == len(layers) - 1
            to_delta = self.output_delta if is_last else self.hidden_delta
            to_pair = self.output_gradients if is_last else self.hidden_gradients
            deltas.append(to_delta(blames[-1], self.slope_argument(Zs, k)))
            pairs.append(to_pair(self.incoming(As, k), self.blame_here(deltas), layers[k][1]))
            W = self.weights_going_back(layers, k, learning_rate * pairs[-1][0])
            if len(pairs) < len(layers):
                blames.append(self.blame_before(blames, deltas, W))
        return self.first_layer_first(pairs), (deltas[-1], W)

    def blame_here(self, deltas: list[Array]) -> Array:
        """Return the delta of which a layer's gradients are made; the deltas so far are given."""
        return deltas[-1]

    def blame_before(self, blames: list[Array], deltas: list[Array], W: Array) -> Array:
        """Return dA of the layer before, from what there is so far."""
        return self.hand_back(deltas[-1], W)

    def way_back(self, depth: int) -> Iterable[int]:
        """Return the layers' positions in the order of the way back."""
        return reversed(range(depth))

    def incoming(self, As: list[Array], k: int) -> Array:
        """Return what came into the layer at position k."""
        return As[k]

    def slope_argument(self, Zs: list[Array], k: int) -> Array:
        """Return the Z at which the slope of the layer at position k is taken."""
        return Zs[k]

    def output_gradients(self, a_in: Array, delta: Array, b: Array) -> tuple[Array, Array]:
        """Return (dW, db) of the last layer."""
        return self.layer_gradients(a_in, delta, b)

    def hidden_gradients(self, a_in: Array, delta: Array, b: Array) -> tuple[Array, Array]:
        """Return (dW, db) of a hidden layer."""
        return self.layer_gradients(a_in, delta, b)

    def layer_gradients(self, a_in: Array, delta: Array, b: Array) -> tuple[Array, Array]:
        """Return (dW, db) of a layer whose bias is b."""
        return self.own_gradients(a_in, delta)

    def weights_going_back(self, layers: Layers, k: int, change: Array) -> Array:
        """Return the weights through which the layer at position k hands its blame back."""
        return layers[k][0]

    def first_layer_first(self, pairs: Layers) -> Layers:
        """Return the pairs, found from the last layer to the first, in the layers' order."""
        return pairs[::-1]

    def gradients(self, X: Array, Y: Array, layers: Layers) -> Layers:
        """Return [(dW, db), ...], first layer first."""
        return self.backward_pass(X, Y, layers)[0]

    def weight_gradients(self, X: Array, Y: Array, W: Array, b: Array) -> tuple[Array, Array]:
        """Return (dW, db) of a network of one layer."""
        return self.gradients(X, Y, [(W, b)])[0]

    def input_gradient(self, X: Array, Y: Array, layers: Layers) -> Array:
        """Return dX, shape (N, n0)."""
        return self.hand_back(*self.backward_pass(X, Y, layers)[1])

    # ---- A hidden ReLU layer with dropout, under a sigmoid layer ----

    def dropout_gradients(
        self, X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array, factor: Array
    ) -> tuple[Array, Array, Array, Array]:
        """Return dW2, db2, dW1, db1; dropout multiplies the hidden activations by `factor`."""
        Z1 = self.dense(X, W1, b1)
        A1 = np.maximum(Z1, 0)
        D1 = self.drop(A1, factor)
        Z2 = self.dense(D1, W2, b2)
        delta2 = self.output_delta(self.output_blame(self.activation(Z2), Y), Z2)
        delta1 = self.relu_delta(self.drop_back(self.hand_back(delta2, W2), factor), Z1)
        came_in = self.dropped_in(A1, D1, factor)
        second = self.output_gradients(came_in, delta2, b2)
        return *second, *self.hidden_gradients(X, delta1, b1)

    def drop(self, A: Array, factor: Array) -> Array:
        """Return what dropout passes on."""
        return A * factor

    def dropped_in(self, A: Array, D: Array, factor: Array) -> Array:
        """Return what came into the second layer."""
        return D

    def drop_back(self, dD: Array, factor: Array) -> Array:
        """Return the blame of what came into dropout."""
        return dD * factor

    # ---- Comparing two gradients ----

    def first_wrong(self, used: Gradients, true: Gradients) -> Any:
        """Return the name of the first gradient that is wrong, or None."""
        for name in self.looked_at(list(true)):
            if not self.is_right(used[name], true[name]):
                return name
        return None

    def looked_at(self, names: list[str]) -> list[str]:
        """Return the names in the order in which the gradients are looked at."""
        return names

    def is_right(self, used: Array, true: Array) -> bool:
        """Return whether a gradient is off by no more than a millionth of its length."""
        return self.length(used - true) <= 1e-6 * self.length(true)

    def symptoms(self, used: Array, true: Array) -> tuple[float, float]:
        """Return the cosine of the angle between two arrays, and the ratio of their lengths."""
        return self.cosine(used, true), self.length_ratio(used, true)

    def dot(self, one: Array, other: Array) -> float:
        """Return the sum of the products, entry by entry."""
        return float((one * other).sum())

    def length(self, array: Array) -> float:
        """Return the root of the sum of squares."""
        return float(np.sqrt((array * array).sum()))

    def cosine(self, used: Array, true: Array) -> float:
        """Return the cosine."""
        return self.dot(used, true) / (self.length(used) * self.length(true))

    def length_ratio(self, used: Array, true: Array) -> float:
        """Return how many times as long the first is."""
        return self.length(used) / self.length(true)

    # ---- Measuring a gradient, and comparing it ----

    def numerical_gradient(self, loss: Callable[[Array], float], w: Array, h: float) -> Any:
        """Return the central difference of every entry of w, an array of its shape."""
        nudged, slopes = self.nudgeable(w), self.room_for_slopes(w)
        for index in self.entries(nudged):
            slopes[index] = self.entry_slope(loss, nudged, index, h)
        return slopes

    def nudgeable(self, w: Array) -> Array:
        """Return a copy of w that can hold fractions."""
        return np.array(w, dtype=float)

    def room_for_slopes(self, w: Array) -> Array:
        """Return an array of w's shape that can hold fractions."""
        return np.zeros(w.shape)

    def entries(self, w: Array) -> Iterable[tuple[int, ...]]:
        """Return the index of every entry."""
        return np.ndindex(w.shape)

    def entry_slope(
        self, loss: Callable[[Array], float], w: Array, index: tuple[int, ...], h: float
    ) -> float:
        """Return one entry's slope; w is as before afterwards."""
        before = w[index]
        w[index] = before + h
        above = loss(w)
        w[index] = before - h
        below = loss(w)
        w[index] = before
        return self.quotient(above, below, h)

    def quotient(self, above: float, below: float, h: float) -> float:
        """Return the slope between w - h and w + h."""
        return (above - below) / (2 * h)

    def relative_error(self, analytic: Array, measured: Array, floor: float) -> float:
        """Return the largest relative error of any entry."""
        errors = self.apart(analytic, measured) / self.scale(analytic, measured, floor)
        return self.worst(errors)

    def apart(self, analytic: Array, measured: Array) -> Array:
        """Return how far each entry is from its measured value."""
        return np.abs(analytic - measured)

    def scale(self, analytic: Array, measured: Array, floor: float) -> Array:
        """Return the size by which each difference is measured."""
        return self.at_least(self.larger_size(analytic, measured), floor)

    def larger_size(self, analytic: Array, measured: Array) -> Array:
        """Return the larger of the two sizes, entry by entry."""
        return np.maximum(np.abs(analytic), np.abs(measured))

    def at_least(self, size: Array, floor: float) -> Array:
        """Return the size, or the floor where that is larger."""
        return np.maximum(size, floor)

    def worst(self, errors: Array) -> float:
        """Return the error that counts."""
        return float(errors.max())

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

    # ---- Learning ----

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
        for _ in range(steps):
            layers = self.training_step(X, Y, layers, learning_rate)
        return layers

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
        s_hat = self.unbiased(self.mean_used(s, new_s), self.beta_s(), self.counted(t))
        return self.update_W(W, self.scaled(m_hat, s_hat, dW), self.step_size(eta)), new_m, new_s

    def mean_used(self, old: Array, new: Array) -> Array:
        """Return the running mean that the step is made with."""
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

    # ---- The price of a gradient ----

    def backward_multiplications(self, sizes: Sequence[int], examples: int, with_dX: bool) -> int:
        """Return how many multiplications the matrix products of a backward pass take."""
        own = self.products(sizes, examples)
        return own + self.products(self.handing_back(sizes, with_dX), examples)

    def products(self, sizes: Sequence[int], examples: int) -> int:
        """Return how many multiplications one product with each of the layers takes."""
        return int(examples * sum(n_in * n_out for n_in, n_out in pairwise(sizes)))

    def handing_back(self, sizes: Sequence[int], with_dX: bool) -> Sequence[int]:
        """Return the sizes between which blame is handed back."""
        return sizes if with_dX else sizes[1:]

    def forward_mode(self, X: Array, Y: Array, layers: Layers, k: int, i: int, j: int) -> float:
        """Return dL/dW[i, j] of the layer at position k, from one pass forward."""
        Zs, As = self.forward_pass(X, layers)
        k = self.seeded_layer(k)
        moves = self.seed(As, k, i, j, layers[k][0].shape[1])
        for each in range(k, len(layers)):
            if each > k:
                moves = self.carried(moves, *layers[each])
            to_delta = self.output_delta if each == len(layers) - 1 else self.hidden_delta
            moves = to_delta(moves, self.slope_argument(Zs, each))
        return self.loss_moves(moves, As[-1], Y)

    def seeded_layer(self, k: int) -> int:
        """Return the position of the layer whose weight moves."""
        return k

    def seed(self, As: list[Array], k: int, i: int, j: int, width: int) -> Array:
        """Return how fast that layer's Z moves when its W[i, j] does."""
        moves = np.zeros((len(As[k]), width))
        moves[:, j] = self.seed_size(As[k][:, i])
        return moves

    def seed_size(self, a: Array) -> Array:
        """Return how fast z moves with a weight over which a comes in."""
        return a

    def carried(self, moves: Array, W: Array, b: Array) -> Array:
        """Return how fast a layer's Z moves, given how fast what comes in does."""
        return np.asarray(moves @ W)

    def loss_moves(self, moves: Array, A: Array, Y: Array) -> float:
        """Return how fast the loss moves, given how fast the last activations do."""
        return float((self.output_blame(A, Y) * moves).sum())

    def with_checkpoint(
        self, X: Array, checkpoint: Array, k: int, dA: Array, layers: Layers
    ) -> Layers:
        """Return [(dW, db), ...], first layer first; the layer at position k takes checkpoint."""
        k = self.cut_at(k)
        first, second = layers[:k], layers[k:]
        late, handed = self.stretch_back(self.second_input(X, checkpoint, first), second, dA)
        early, _ = self.stretch_back(
            self.first_input(X, checkpoint), first, self.handed_over(handed, dA)
        )
        return early + late

    def cut_at(self, k: int) -> int:
        """Return the position of the first layer behind the checkpoint."""
        return k

    def second_input(self, X: Array, checkpoint: Array, first: Layers) -> Array:
        """Return what comes into the second stretch."""
        return checkpoint

    def first_input(self, X: Array, checkpoint: Array) -> Array:
        """Return what comes into the first stretch."""
        return X

    def handed_over(self, handed: Array, given: Array) -> Array:
        """Return the blame with which the first stretch begins."""
        return handed

    def stretch_back(self, X: Array, layers: Layers, dA: Array) -> tuple[Layers, Array]:
        """Return a stretch's [(dW, db), ...] and the blame of X, given that of its output."""
        Zs, As = self.forward_pass(X, layers)
        pairs: Layers = []
        for k in self.way_back(len(layers)):
            delta = self.hidden_delta(dA, self.slope_argument(Zs, k))
            pairs.append(self.layer_gradients(self.incoming(As, k), delta, layers[k][1]))
            dA = self.hand_back(delta, layers[k][0])
        return self.first_layer_first(pairs), dA

    # ---- Deep networks ----

    def scale_for(self, slopes: Array) -> float:
        """Return the scale of the start at which these slopes let blame through undiminished."""
        return float(self.scale_against(self.typical_slope(slopes)))

    def typical_slope(self, slopes: Array) -> float:
        """Return by how much the slopes shorten or stretch a long array that they multiply."""
        return float(np.sqrt(np.mean(np.square(slopes))))

    def scale_against(self, slope: float) -> float:
        """Return the scale that undoes it."""
        return 1 / slope

    def skip_back(self, dY: Array, Z: Array, W: Array) -> Array:
        """Return dX of Y = X + sigmoid(Z), Z = X @ W + b."""
        return self.both_ways(dY, self.hand_back(self.hidden_delta(dY, Z), W))

    def both_ways(self, around: Array, through: Array) -> Array:
        """Return what the path around a layer and the one through it bring, together."""
        return around + through

    def norm_back(self, X: Array, gamma: Array, dY: Array) -> tuple[Array, Array, Array]:
        """Return (dgamma, dbeta, dX) of batch normalisation."""
        deviation = self.norm_deviation(X)
        normal = (X - X.mean(axis=0)) / deviation
        blame = self.norm_blame(dY, gamma)
        inside = blame - self.through_mean(blame) - self.through_variance(blame, normal)
        dX = self.over_deviation(inside, deviation)
        return self.norm_dgamma(dY, normal, X), self.db(dY), dX

    def norm_variance(self, X: Array) -> Array:
        """Return the variance of each column."""
        return np.asarray(X.var(axis=0))

    def norm_deviation(self, X: Array) -> Array:
        """Return what each column is divided by."""
        return np.asarray(np.sqrt(self.norm_variance(X) + NORM_EPSILON))

    def norm_blame(self, dY: Array, gamma: Array) -> Array:
        """Return the blame of the normalised values."""
        return dY * gamma

    def norm_dgamma(self, dY: Array, normal: Array, X: Array) -> Array:
        """Return dL/dgamma."""
        return np.asarray((dY * normal).sum(axis=0))

    def through_mean(self, blame: Array) -> Array:
        """Return what comes back through the mean."""
        return np.asarray(blame.mean(axis=0))

    def through_variance(self, blame: Array, normal: Array) -> Array:
        """Return what comes back through the variance."""
        return np.asarray(normal * (blame * normal).mean(axis=0))

    def over_deviation(self, blame: Array, deviation: Array) -> Array:
        """Return dX from what comes back over all paths."""
        return blame / deviation

    # ---- Parts of a batch ----

    def whole_gradient(self, gradients: Sequence[Array], sizes: Sequence[int]) -> Array:
        """Return the gradient of a whole batch from those of its parts, each a mean of its own."""
        return np.asarray(sum(self.weighed(gradients, sizes)))

    def weighed(self, gradients: Sequence[Array], sizes: Sequence[int]) -> list[Array]:
        """Return what each part brings."""
        return [size / sum(sizes) * g for g, size in zip(gradients, sizes, strict=True)]

    def accumulated(
        self, gradient: Callable[[Array, Array], Array], X: Array, Y: Array, size: int
    ) -> Array:
        """Return the gradient of all rows, of which `gradient` sees so many at a time."""
        starts = self.starts(len(X), size)
        means = [gradient(X[k : k + size], Y[k : k + size]) for k in starts]
        return np.asarray(self.gathered(means, [len(X[k : k + size]) for k in starts]))

    def starts(self, n: int, size: int) -> Sequence[int]:
        """Return where each micro-batch begins; the last one may be smaller."""
        return range(0, n, size)

    def gathered(self, means: list[Array], sizes: list[int]) -> Array:
        """Return what all micro-batches bring, together."""
        return self.whole_gradient(means, sizes)

    def bytes_sent(
        self, sizes: Sequence[int], examples: int, machines: int, bytes_each: int
    ) -> tuple[float, float]:
        """Return a step's bytes through a machine in the middle, and those of one in a ring."""
        size = self.payload(sizes, examples, bytes_each)
        return self.through_the_middle(size, machines), self.round_the_ring(size, machines)

    def payload(self, sizes: Sequence[int], examples: int, bytes_each: int) -> int:
        """Return how many bytes the parameters have, and so many their gradients."""
        return bytes_each * self.parameter_count(sizes)

    def parameter_count(self, sizes: Sequence[int]) -> int:
        """Return how many weights and biases a network has."""
        return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))

    def through_the_middle(self, size: int, machines: int) -> float:
        """Return the bytes to and from a machine that all others talk to."""
        return 2 * machines * size

    def round_the_ring(self, size: int, machines: int) -> float:
        """Return the bytes that each machine of a ring passes on."""
        return 2 * (machines - 1) / machines * size

    # ---- Graphs ----

    def graph_backward(self, output: Any) -> None:
        """Give every node behind `output` its gradient, whatever it held before."""
        for node in inputs_first(output):
            self.clear(node)
        self.begin(output)
        for node in self.turns(output):
            for one, slope in node.inputs:
                self.deliver(one, self.share(node, slope))

    def clear(self, node: Any) -> None:
        """Forget what an earlier call has left."""
        node.grad = 0.0

    def begin(self, output: Any) -> None:
        """Hand the output its own slope along itself."""
        output.grad = 1.0

    def turns(self, output: Any) -> Iterable[Any]:
        """Return the nodes in the order in which they hand on."""
        return inputs_first(output)[::-1]

    def share(self, node: Any, slope: float) -> float:
        """Return what a node hands on over an edge with this slope."""
        return float(node.grad * slope)

    def deliver(self, one: Any, share: float) -> None:
        """Hand a node its share."""
        one.grad += share

    def power(self, a: float, b: float) -> tuple[float, float, float]:
        """Return a ** b, its slope along a and its slope along b."""
        return a**b, self.slope_of_base(a, b), self.slope_of_exponent(a, b)

    def slope_of_base(self, a: float, b: float) -> float:
        """Return how fast a ** b moves with a."""
        return float(b * a ** (b - 1))

    def slope_of_exponent(self, a: float, b: float) -> float:
        """Return how fast a ** b moves with b."""
        return float(a**b * np.log(a))

    def summed_back(self, grad: Array, shape: tuple[int, ...]) -> Array:
        """Return the gradient of an array of this shape that was stretched to that of `grad`."""
        return self.without_stretching(self.without_new_axes(grad, shape), shape)

    def without_new_axes(self, grad: Array, shape: tuple[int, ...]) -> Array:
        """Add up over the axes that the array did not have."""
        return np.asarray(self.added_up(grad, tuple(range(grad.ndim - len(shape))), False))

    def without_stretching(self, grad: Array, shape: tuple[int, ...]) -> Array:
        """Add up over the axes in which the array had a single entry."""
        return np.asarray(self.added_up(grad, stretched(shape), True))

    def added_up(self, grad: Array, axes: tuple[int, ...], keepdims: bool) -> Array:
        """Return the sum over these axes."""
        return np.asarray(grad.sum(axis=axes, keepdims=keepdims))


# a line that serves two places, which may be written out for each: the line, and the two places
TWICE = [
    ({"dW", "db", "own_gradients"}, ("output_gradients", "hidden_gradients")),
    ({"add_paths"}, ("to_a", "to_b")),
]


def in_one_place(way: Override) -> list[Override]:
    """Return a way to make a mistake, and the same in one only of the places that it serves."""
    ways = [way]
    for lines, places in TWICE:
        if way.keys() <= lines:
            ways += [{place: _spoilt(place, way)} for place in places]
    return ways


def _spoilt(place: str, way: Override) -> Callable[..., Any]:
    right = getattr(Steps, place)
    return lambda s, *given: right(Steps(*s.overrides, way), *given)
