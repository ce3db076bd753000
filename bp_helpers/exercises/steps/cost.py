"""The price of a gradient: multiplications, forward mode, checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.steps.network import NetworkSteps
from bp_helpers.exercises.steps.replaceable import Layers


class CostSteps(NetworkSteps):
    """The price of a gradient: multiplications, forward mode, checkpoints."""

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
