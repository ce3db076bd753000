"""The backward pass of a whole network, with dropout too."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.steps.layer import LayerSteps
from bp_helpers.exercises.steps.replaceable import Layers


class NetworkSteps(LayerSteps):
    """The backward pass of a whole network, with dropout too."""

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

    def blame_for_pixels(self, delta1: Array, W1: Array) -> Array:
        """Return dX, shape (N, pixels)."""
        return self.hand_back(delta1, W1)

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
