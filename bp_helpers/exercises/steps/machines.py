"""Gradients of parts of a batch, and what is sent for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.steps.replaceable import Replaceable

GradientOf = Callable[[Array, Array], Array]  # of rows of X and of Y


class MachineSteps(Replaceable):
    """Gradients of parts of a batch, and what is sent for them."""

    def whole_gradient(self, gradients: Sequence[Array], sizes: Sequence[int]) -> Array:
        """Return the gradient of a whole batch from those of its parts, each a mean of its own."""
        return np.asarray(sum(self.weighed(gradients, sizes)))

    def weighed(self, gradients: Sequence[Array], sizes: Sequence[int]) -> list[Array]:
        """Return what each part brings."""
        return [size / sum(sizes) * g for g, size in zip(gradients, sizes, strict=True)]

    def accumulated(self, gradient: GradientOf, X: Array, Y: Array, size: int) -> Array:
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
