"""Layers: each knows how to go forward, and how to pass a gradient back.

Rows are examples. `forward(x)` keeps what `backward` needs; `backward(grad)` takes the gradient of
the loss with respect to the layer's output, stores the gradients of the layer's parameters, and
returns the gradient with respect to the layer's input. Arrays are kept, not copied: do not change
one in place between `forward` and `backward`.

Every layer computes in the dtype it is given, float64 or float32. Lists, integers and booleans are
read as float64 (by `Dense`: as the dtype of `W`). All layers refuse empty, ragged, textual, NaN and
infinite input with a `ValueError` or `TypeError`, a gradient of the wrong shape with a
`ValueError`, and `backward` before `forward` with a `RuntimeError`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array


class Layer:
    """What every layer offers; derive your own from it and write `forward` and `backward`."""

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return the output for the input `x`, and keep what `backward` needs."""
        raise NotImplementedError(f"{type(self).__name__} has no forward yet")

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return dL/d(input), given `grad` = dL/d(output); store the parameters' gradients."""
        raise NotImplementedError(f"{type(self).__name__} has no backward yet")

    def parameter_gradients(self, grad: npt.ArrayLike) -> None:
        """Store the parameters' gradients only, where nobody asks for dL/d(input)."""
        self.backward(grad)

    def parameters(self) -> Iterator[tuple[str, Array, Array | None]]:
        """Yield (name, parameter, gradient); the gradient is None before the first `backward`."""
        yield from ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Dense(Layer):
    """A fully connected layer: `Z = X @ W + b`.

    `W` has shape (n_in, n_out), so that `W[i, j]` runs from input i to output j; `b` has shape
    (n_out,). After `backward`, `dW` and `db` hold dL/dW and dL/db, with the same shapes.

    `start` sets how `W` is drawn from `rng`: "xavier", uniform within sqrt(6 / (n_in + n_out))
    (Glorot & Bengio 2010, eq. 16), suits sigmoid and tanh; "he", normal with standard deviation
    sqrt(2 / n_in) (He et al. 2015, eq. 10), suits ReLU. `b` starts at 0.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        start: str = "xavier",
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        n_in, n_out = _checks.whole(n_in, "n_in"), _checks.whole(n_out, "n_out")
        rng = _checks.generator(rng, f"Dense({n_in}, {n_out})")
        if np.dtype(dtype) not in _checks.FLOATS:
            raise TypeError(f"dtype is {np.dtype(dtype)}: it must be float64 or float32")
        if start == "xavier":
            limit = math.sqrt(6 / (n_in + n_out))
            drawn = rng.uniform(-limit, limit, (n_in, n_out))
        elif start == "he":
            drawn = rng.normal(0, math.sqrt(2 / n_in), (n_in, n_out))
        else:
            raise ValueError(f'start is {start!r}: it must be "xavier" or "he"')
        self._set(drawn.astype(dtype), np.zeros(n_out, dtype))

    @classmethod
    def from_arrays(cls, W: npt.ArrayLike, b: npt.ArrayLike) -> Dense:
        """Make a layer from copies of `W`, shape (n_in, n_out), and `b`, shape (n_out,)."""
        weights = _checks.float_array(W, "Dense.from_arrays", "W")
        if weights.ndim != 2:
            raise ValueError(
                f"Dense.from_arrays got W of shape {weights.shape}: it must be (n_in, n_out)"
            )
        bias = _checks.float_array(b, "Dense.from_arrays", "b", weights.dtype)
        if bias.shape != weights.shape[1:]:
            raise ValueError(
                f"Dense.from_arrays got W of shape {weights.shape} and b of shape {bias.shape}: "
                f"b must have shape ({weights.shape[1]},), one bias per output"
            )
        layer = cls.__new__(cls)
        layer._set(weights.copy(), bias.copy())
        return layer

    def _set(self, W: Array, b: Array) -> None:
        self.W, self.b = W, b
        self.dW: Array | None = None
        self.db: Array | None = None
        self._x: Array | None = None

    @property
    def n_in(self) -> int:
        """How many values each example brings in: the rows of `W`."""
        return int(self.W.shape[0])

    @property
    def n_out(self) -> int:
        """How many values each example takes out: the columns of `W`."""
        return int(self.W.shape[1])

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return `x @ W + b`, shape (N, n_out), for `x` of shape (N, n_in)."""
        self._x = _checks.rows(x, self, self.n_in, self.W.dtype)
        return self._x @ self.W + self.b

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Store dW and db; return dL/dx, shape (N, n_in), for `grad` = dL/dZ, shape (N, n_out)."""
        self.parameter_gradients(grad)
        return np.asarray(grad, self.W.dtype) @ self.W.T

    def parameter_gradients(self, grad: npt.ArrayLike) -> None:
        """Store `dW = x.T @ grad` and `db`, the sum of `grad` over the examples."""
        x = _checks.kept(self, self._x)
        grad = _checks.gradient(grad, self, (len(x), self.n_out), self.W.dtype)
        self.dW = x.T @ grad
        self.db = grad.sum(axis=0)

    def parameters(self) -> Iterator[tuple[str, Array, Array | None]]:
        """Yield ("W", W, dW) and ("b", b, db): the arrays themselves, not copies."""
        yield "W", self.W, self.dW
        yield "b", self.b, self.db

    def __repr__(self) -> str:
        return f"Dense({self.n_in}, {self.n_out})"


class Sigmoid(Layer):
    """`a = 1 / (1 + exp(-z))`, elementwise, with slope `a * (1 - a)`."""

    _a: Array | None = None

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return the sigmoid of `x`, any shape; huge values of either sign are safe."""
        x = _checks.float_array(x, self, "x")
        small = np.exp(-np.abs(x))  # at most 1, so nothing overflows
        self._a = np.where(x >= 0, 1, small) / (1 + small)
        return self._a

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return `grad * a * (1 - a)`, the shape of `x`."""
        a = _checks.kept(self, self._a)
        grad = _checks.gradient(grad, self, a.shape, a.dtype)
        return grad * a * (1 - a)


class Tanh(Layer):
    """`a = tanh(z)`, elementwise, with slope `1 - a**2`."""

    _a: Array | None = None

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return tanh of `x`, any shape."""
        self._a = np.tanh(_checks.float_array(x, self, "x"))
        return self._a

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return `grad * (1 - a**2)`, the shape of `x`."""
        a = _checks.kept(self, self._a)
        grad = _checks.gradient(grad, self, a.shape, a.dtype)
        return grad * (1 - a * a)


class ReLU(Layer):
    """`a = max(z, 0)`, elementwise, with slope 1 where z > 0 and 0 elsewhere.

    At the kink, z = 0, there is no slope to have; this layer takes 0, as most libraries do.
    """

    _a: Array | None = None

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return `x` where it is positive and 0 elsewhere, any shape."""
        self._a = np.maximum(_checks.float_array(x, self, "x"), 0)
        return self._a

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return `grad` where z > 0 (there a > 0 too) and 0 elsewhere, the shape of `x`."""
        a = _checks.kept(self, self._a)
        grad = _checks.gradient(grad, self, a.shape, a.dtype)
        return grad * (a > 0)


class LeakyReLU(Layer):
    """`a = z` where z > 0 and `slope * z` elsewhere, with slopes 1 and `slope`.

    At the kink, z = 0, this layer takes `slope`, the left one, as `ReLU` does. `slope` is at least
    0 and less than 1.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = _checks.fraction(slope, "slope")
        self._x: Array | None = None

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return `x` where it is positive and `slope * x` elsewhere, any shape."""
        self._x = _checks.float_array(x, self, "x")
        return np.where(self._x > 0, self._x, self.slope * self._x)

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return `grad` where z > 0 and `slope * grad` elsewhere, the shape of `x`."""
        x = _checks.kept(self, self._x)
        grad = _checks.gradient(grad, self, x.shape, x.dtype)
        return np.where(x > 0, grad, self.slope * grad)

    def __repr__(self) -> str:
        return f"LeakyReLU({self.slope:g})"


class Identity(Layer):
    """`a = z`, with slope 1: an activation that changes nothing."""

    _x: Array | None = None

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return `x`, any shape."""
        self._x = _checks.float_array(x, self, "x")
        return self._x

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return `grad`, the shape of `x`."""
        x = _checks.kept(self, self._x)
        return _checks.gradient(grad, self, x.shape, x.dtype)


class GELU(Layer):
    """`a = z/2 * (1 + tanh(u))` with `u = sqrt(2/pi) * (z + 0.044715 z**3)`, elementwise.

    The tanh form of the Gaussian error linear unit (Hendrycks & Gimpel 2016, section 2). Slope by
    the product rule: `(1 + tanh(u)) / 2 + z/2 * (1 - tanh(u)**2) * u'`, with
    `u' = sqrt(2/pi) * (1 + 3 * 0.044715 z**2)`.
    """

    _x: Array | None = None

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return GELU of `x`, any shape; huge values of either sign are safe."""
        self._x = _checks.float_array(x, self, "x")
        tanh_u, _ = self._gate(self._x)
        return self._x / 2 * (1 + tanh_u)

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return `grad` times the slope at `x`, the shape of `x`."""
        x = _checks.kept(self, self._x)
        grad = _checks.gradient(grad, self, x.shape, x.dtype)
        tanh_u, du = self._gate(x)
        return grad * ((1 + tanh_u) / 2 + x / 2 * (1 - tanh_u * tanh_u) * du)

    @staticmethod
    def _gate(x: Array) -> tuple[Array, Array]:
        """Return tanh(u) and du/dx."""
        z = np.clip(x, -10, 10)  # beyond 10, tanh(u) is 1 to the last digit and z**3 may overflow
        scale = math.sqrt(2 / math.pi)
        return np.tanh(scale * (z + 0.044715 * z**3)), scale * (1 + 3 * 0.044715 * z**2)
