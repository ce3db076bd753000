"""The chain rule of scalar functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from bp_helpers.exercises.steps.replaceable import Replaceable


class ChainRuleSteps(Replaceable):
    """The chain rule of scalar functions."""

    def composition(self, x: float) -> float:
        """Return dy/dx of y = sin(x**2 + 1) ** 3: the three slopes, multiplied."""
        return float(self.cube_slope(x) * self.sine_slope(x) * self.square_slope(x))

    def cube_slope(self, x: float) -> Any:
        """Return the slope of the outermost stage."""
        return 3 * self.sine(x) ** 2

    def sine_slope(self, x: float) -> Any:
        """Return the slope of the middle stage."""
        return np.cos(self.inner(x))

    def inner(self, x: float) -> Any:
        """Return what goes into the sine."""
        return x * x + 1

    def sine(self, x: float) -> Any:
        """Return what goes into the cube."""
        return np.sin(self.inner(x))

    def square_slope(self, x: float) -> Any:
        """Return the slope of the innermost stage."""
        return 2 * x

    def circuit_gradient(self, a: float, b: float) -> tuple[float, float]:
        """Return dy/da and dy/db for p = a * b, s = a + b, y = p * s."""
        along_p, along_s = self.factor_slopes(a * b, a + b)
        return self.to_a(along_p * b, along_s), self.to_b(along_p * a, along_s)

    def factor_slopes(self, p: float, s: float) -> tuple[float, float]:
        """Return dy/dp and dy/ds of y = p * s."""
        return s, p

    def to_a(self, by_product: float, by_sum: float) -> float:
        """Return dy/da."""
        return self.add_paths(by_product, by_sum)

    def to_b(self, by_product: float, by_sum: float) -> float:
        """Return dy/db."""
        return self.add_paths(by_product, by_sum)

    def add_paths(self, by_product: float, by_sum: float) -> float:
        """Return what the two paths from an input to y bring, together."""
        return by_product + by_sum
