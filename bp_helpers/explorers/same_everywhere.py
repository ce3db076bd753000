"""A network whose last digits are the same on every processor, to show what rounding does.

Addition, multiplication and division are rounded in the same way everywhere. Exponentials and
powers are not, and a matrix product may be added up in any order: their last digits depend on the
processor. Where those digits are what is shown, they come from here.
"""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np
import numpy.typing as npt

from bp_helpers.layers import Dense, Sigmoid
from bp_helpers.pictures import FloatArray

DIGITS = Context(prec=28)  # far more than the 17 that a float64 keeps


def ten_to(power: float) -> float:
    """Return 10**power, rounded once."""
    return float(DIGITS.power(10, Decimal(power)))


def product(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return `a @ b`, added up from the first to the last; stacks of matrices are taken, too."""
    return np.asarray((a[..., :, :, None] * b[..., None, :, :]).sum(axis=-2))


class SameDense(Dense):
    """A `Dense` layer with such products. One example is taken, so that dW is no sum."""

    def forward(self, x: npt.ArrayLike) -> FloatArray:
        """Return `x @ W + b`, shape (1, n_out), for `x` of shape (1, n_in)."""
        super().forward(x)
        return product(np.asarray(x, self.W.dtype), self.W) + self.b

    def backward(self, grad: npt.ArrayLike) -> FloatArray:
        """Store dW and db; return dL/dx, shape (1, n_in), for `grad` of shape (1, n_out)."""
        self.parameter_gradients(grad)
        return product(np.asarray(grad, self.W.dtype), self.W.T)


class SameSigmoid(Sigmoid):
    """A `Sigmoid` whose exponential is rounded once."""

    def value(self, z: FloatArray) -> FloatArray:
        """Return 1 / (1 + exp(-z))."""
        small = [float(DIGITS.exp(Decimal(-abs(float(value))))) for value in z.ravel()]
        exponentials = np.array(small, z.dtype).reshape(z.shape)
        return np.asarray(np.where(z >= 0, 1, exponentials) / (1 + exponentials))
