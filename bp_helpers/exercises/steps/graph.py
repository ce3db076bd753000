"""Graphs of scalars, a power, and what undoes broadcasting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.graphs import inputs_first, stretched
from bp_helpers.exercises.steps.replaceable import Replaceable


class GraphSteps(Replaceable):
    """Graphs of scalars, a power, and what undoes broadcasting."""

    def graph_backward(self, output: Any) -> None:
        """Give every node behind `output` its gradient, whatever it held before."""
        for node in inputs_first(output):
            self.clear(node)
        self.begin(output)
        for node in self.turns(output):
            for one, slope in self.handed_to(node):
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

    def handed_to(self, node: Any) -> Iterable[tuple[Any, float]]:
        """Return those that a node hands on to, each with the slope along it."""
        return list(node.inputs)

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
