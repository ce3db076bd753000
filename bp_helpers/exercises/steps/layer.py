"""One layer of sigmoid or ReLU units, forward and back, and the error of the outputs."""

from __future__ import annotations

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.steps.replaceable import Layers, Replaceable


class LayerSteps(Replaceable):
    """One layer of sigmoid or ReLU units, forward and back, and the error of the outputs."""

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
