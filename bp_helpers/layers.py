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
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array


class Arrays(Mapping[str, Array]):
    """The arrays in use, by name and in order; `arrays["W"] = new` writes into the one in use.

    It holds the arrays of the moment it was asked for; a later `backward` makes new gradients.
    """

    __slots__ = ("_arrays",)

    def __init__(self, arrays: dict[str, Array]) -> None:
        self._arrays = arrays

    def __getitem__(self, name: str) -> Array:
        if name not in self._arrays:
            known = ", ".join(self._arrays) or "none"
            raise KeyError(f"there is no {name!r} here; the names are: {known}")
        return self._arrays[name]

    @_checks.quietly
    def __setitem__(self, name: str, value: npt.ArrayLike) -> None:
        array = self[name]
        if value is array:
            return  # `arrays["W"] -= change` has changed the array, and hands it back
        who = f"The place of {name}"
        new = _checks.real_array(value, who, "a value")
        if new.shape != array.shape:
            raise ValueError(
                f"{name} has shape {array.shape} and cannot become an array of shape {new.shape}: "
                "they must be equal"
            )
        _checks.writable(array, name)
        # in the array's dtype: what is too large for float32 becomes infinite, and is refused
        new = _checks.float_array(new.astype(array.dtype), who, "a value")
        array[...] = new

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def values(self) -> ValuesView[Array]:
        """Return the arrays, in order."""
        return self._arrays.values()

    def items(self) -> ItemsView[str, Array]:
        """Return pairs of a name and its array, in order."""
        return self._arrays.items()

    def __repr__(self) -> str:
        return repr(self._arrays)


NOTHING = Arrays({})


class Layer:
    """What every layer offers; derive your own from it and write `forward` and `backward`.

    A layer with parameters names them in `parameter_names`, for example ("W", "b"): the attribute
    `W` holds the array, and `backward` puts its gradient into `dW`. A layer that gives as many
    values per example as it takes says so with `keeps_width = True`; then `Network` can compare
    the widths before and after it.
    """

    parameter_names: tuple[str, ...] = ()
    keeps_width = False
    latest: object = None  # made by each forward pass, and unlike that of any other: see Network

    def __init_subclass__(cls) -> None:
        """Refuse names that are one text, of which each letter would be taken for a name."""
        if isinstance(cls.parameter_names, str):
            raise TypeError(
                f'{cls.__name__}.parameter_names is the text "{cls.parameter_names}": it must be a '
                f'tuple of names, such as ("{cls.parameter_names}",), with the comma'
            )

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return the output for the input `x`, and keep what `backward` needs."""
        raise NotImplementedError(f"{type(self).__name__} has no forward yet")

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return dL/d(input), given `grad` = dL/d(output); store the parameters' gradients."""
        raise NotImplementedError(f"{type(self).__name__} has no backward yet")

    def parameter_gradients(self, grad: npt.ArrayLike) -> None:
        """Store the parameters' gradients only, where nobody asks for dL/d(input)."""
        self.backward(grad)

    def predict(self, x: npt.ArrayLike) -> Array:
        """Return the output for `x` when the network is used, not trained: that of `forward`."""
        return self.forward(x)

    def after_step(self) -> None:
        """Do what is due when an optimizer has used the latest gradients: here, nothing.

        After an interrupt it may be called twice for one step.
        """

    @property
    def parameters(self) -> Arrays:
        """The parameters by name: the arrays in use, not copies."""
        if not self.parameter_names:
            return NOTHING
        return Arrays({name: getattr(self, name) for name in self.parameter_names})

    @property
    def gradients(self) -> Arrays:
        """The gradients of the latest `backward`, by the names of their parameters."""
        if not self.parameter_names:
            return NOTHING
        found: dict[str, Array] = {}
        for name in self.parameter_names:
            grad = getattr(self, f"d{name}", None)
            if grad is None:
                raise RuntimeError(
                    f"{name} of {self} has no gradient yet: a backward pass makes it (of a "
                    "network: loss_value(x, y), then backward()); in a layer of your own, backward "
                    f"has to put it into self.d{name}"
                )
            found[name] = grad
        return Arrays(found)

    @_checks.quietly
    def _fitting(self, name: str, value: npt.ArrayLike, old: Array, way: str = "") -> Array:
        """Return `value` as an array that may stand in the place of the parameter `old`."""
        if value is old:
            return old  # `layer.W -= change` has changed the array, and hands it back
        new = _checks.float_array(value, self, name, old.dtype)
        if new.shape != old.shape:
            raise ValueError(
                f"{self} got {name} of shape {new.shape} in the place of one of shape "
                f"{old.shape}: they must be equal; for another shape make a new layer{way}"
            )
        return new if new.flags.writeable else new.copy()

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

    parameter_names = ("W", "b")

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
        dtype = _checks.float_dtype(dtype)
        if start == "xavier":
            limit = math.sqrt(6 / (n_in + n_out))
            drawn = rng.uniform(-limit, limit, (n_in, n_out))
        elif start == "he":
            drawn = rng.normal(0, math.sqrt(2 / n_in), (n_in, n_out))
        else:
            raise ValueError(f'start is {start!r}: it must be "xavier" or "he"')
        self._set(drawn.astype(dtype), np.zeros(n_out, dtype))

    @classmethod
    @_checks.quietly
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
        self._W, self._b = W, b
        self.dW: Array | None = None
        self.db: Array | None = None
        self._x: Array | None = None

    @property
    def W(self) -> Array:
        """The weights, (n_in, n_out). Another array may be put in their place, if it fits."""
        return self._W

    @W.setter
    def W(self, value: npt.ArrayLike) -> None:
        self._W = self._fitting("W", value, self._W, " with Dense.from_arrays(W, b)")

    @property
    def b(self) -> Array:
        """The biases, (n_out,). Another array may be put in their place, if it fits."""
        return self._b

    @b.setter
    def b(self, value: npt.ArrayLike) -> None:
        self._b = self._fitting("b", value, self._b, " with Dense.from_arrays(W, b)")

    @property
    def n_in(self) -> int:
        """How many values each example brings in: the rows of `W`."""
        return int(self._W.shape[0])

    @property
    def n_out(self) -> int:
        """How many values each example takes out: the columns of `W`."""
        return int(self._W.shape[1])

    @_checks.quietly
    def forward(self, x: npt.ArrayLike) -> Array:
        """Return `x @ W + b`, shape (N, n_out), for `x` of shape (N, n_in)."""
        self._x = _checks.rows(x, self, self.n_in, self.W.dtype)
        self.latest = object()
        return self._x @ self.W + self.b

    @_checks.quietly
    def backward(self, grad: npt.ArrayLike) -> Array:
        """Store dW and db; return dL/dx, shape (N, n_in), for `grad` = dL/dZ, shape (N, n_out)."""
        self.parameter_gradients(grad)
        return np.asarray(grad, self.W.dtype) @ self.W.T

    @_checks.quietly
    def parameter_gradients(self, grad: npt.ArrayLike) -> None:
        """Store `dW = x.T @ grad` and `db`, the sum of `grad` over the examples."""
        x = _checks.kept(self, self._x)
        grad = _checks.gradient(grad, self, (len(x), self.n_out), self.W.dtype)
        self.dW = x.T @ grad
        self.db = grad.sum(axis=0)

    def __repr__(self) -> str:
        return f"Dense({self.n_in}, {self.n_out})"


class Activation(Layer):
    """An elementwise layer `a = phi(z)`: derive yours from it, and write `value` and `slope`.

    The rest is here: what comes in is checked, z and a are remembered, and `backward` is the chain
    rule, `grad * slope`. Whatever the formulas compute in, the results have the dtype of z.
    """

    keeps_width = True
    _kept: tuple[Array, Array] | None = None

    def value(self, z: Array) -> Array:
        """Return a = phi(z), the shape of `z`."""
        raise NotImplementedError(f"{type(self).__name__} has no value yet")

    def slope(self, z: Array, a: Array) -> Array | float:
        """Return da/dz at `z`, the shape of `z` or one number for all; `a` is `value(z)`."""
        raise NotImplementedError(f"{type(self).__name__} has no slope yet")

    @_checks.quietly
    def forward(self, x: npt.ArrayLike) -> Array:
        """Return the values at `x`, any shape; huge values of either sign are safe."""
        z = _checks.float_array(x, self, "x")
        a = np.asarray(_checks.given_back(self.value(z), self, "value"), z.dtype)
        if a.shape != z.shape:
            raise self._not_elementwise("value", z, a)
        self._kept = z, a
        self.latest = object()
        return a

    @_checks.quietly
    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return `grad` times the slope, the shape of `x`."""
        z, a = _checks.kept(self, self._kept)
        grad = _checks.gradient(grad, self, z.shape, z.dtype)
        slope = np.asarray(_checks.given_back(self.slope(z, a), self, "slope"), z.dtype)
        if slope.shape not in (z.shape, ()):
            raise self._not_elementwise("slope", z, slope)
        return grad * slope

    def _not_elementwise(self, method: str, z: Array, result: Array) -> ValueError:
        return ValueError(
            f"{self}.{method} got z of shape {z.shape} and returned shape {result.shape}: an "
            "activation is elementwise, so they must be equal"
        )


class Sigmoid(Activation):
    """`a = 1 / (1 + exp(-z))`, elementwise, with slope `a * (1 - a)`."""

    def value(self, z: Array) -> Array:
        """Return 1 / (1 + exp(-z))."""
        small = np.exp(-np.abs(z))  # at most 1, so nothing overflows
        return np.asarray(np.where(z >= 0, 1, small) / (1 + small))

    def slope(self, z: Array, a: Array) -> Array:
        """Return a * (1 - a)."""
        return a * (1 - a)


class Tanh(Activation):
    """`a = tanh(z)`, elementwise, with slope `1 - a**2`."""

    def value(self, z: Array) -> Array:
        """Return tanh(z)."""
        return np.asarray(np.tanh(z))

    def slope(self, z: Array, a: Array) -> Array:
        """Return 1 - a**2."""
        return 1 - a * a


class ReLU(Activation):
    """`a = max(z, 0)`, elementwise, with slope 1 where z > 0 and 0 elsewhere.

    At the kink, z = 0, there is no slope to have; this layer takes 0, as most libraries do.
    """

    def value(self, z: Array) -> Array:
        """Return z where it is positive and 0 elsewhere."""
        return np.maximum(z, 0)

    def slope(self, z: Array, a: Array) -> Array:
        """Return 1 where z > 0 and 0 elsewhere."""
        return (z > 0).astype(z.dtype)


class LeakyReLU(Activation):
    """`a = z` where z > 0 and `slope * z` elsewhere, with slopes 1 and `slope`.

    At the kink, z = 0, this layer takes `slope`, the left one, as `ReLU` does. `slope` is at least
    0 and less than 1.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.leak = _checks.fraction(slope, "slope")

    def value(self, z: Array) -> Array:
        """Return z where it is positive and leak * z elsewhere."""
        return np.where(z > 0, z, self.leak * z)

    def slope(self, z: Array, a: Array) -> Array:
        """Return 1 where z > 0 and leak elsewhere."""
        return np.where(z > 0, z.dtype.type(1), z.dtype.type(self.leak))

    def __repr__(self) -> str:
        return f"LeakyReLU({self.leak:g})"


class Identity(Activation):
    """`a = z`, with slope 1: an activation that changes nothing."""

    def value(self, z: Array) -> Array:
        """Return z."""
        return z

    def slope(self, z: Array, a: Array) -> float:
        """Return 1, everywhere."""
        return 1.0


class GELU(Activation):
    """`a = z * sigmoid(2u)` with `u = sqrt(2/pi) * (z + 0.044715 z**3)`, elementwise.

    The tanh form of the Gaussian error linear unit (Hendrycks & Gimpel 2016, section 2), for
    `(1 + tanh(u)) / 2 = sigmoid(2u)`, which keeps its digits where tanh(u) is close to -1. Slope by
    the product rule: `s + z * s * (1 - s) * 2u'`, with `s = sigmoid(2u)` and
    `u' = sqrt(2/pi) * (1 + 3 * 0.044715 z**2)`.
    """

    def value(self, z: Array) -> Array:
        """Return z * sigmoid(2u)."""
        gate, _ = self._gate(z)
        return z * gate

    def slope(self, z: Array, a: Array) -> Array:
        """Return s + z * s * (1 - s) * 2u', with s = sigmoid(2u)."""
        gate, du = self._gate(z)
        return gate + 2 * z * gate * (1 - gate) * du

    @staticmethod
    def _gate(z: Array) -> tuple[Array, Array]:
        """Return sigmoid(2u) and du/dz; without z**3, at which NumPy is slow."""
        z = np.clip(z, -100, 100)  # far beyond what makes sigmoid(2u) 0 or 1; z**3 may overflow
        scale = math.sqrt(2 / math.pi)
        cubic = 0.044715 * z**2
        return Sigmoid().value(2 * scale * z * (1 + cubic)), scale * (1 + 3 * cubic)


class BatchNorm(Layer):
    """Batch normalisation: each of the n columns of a batch gets mean beta and spread gamma.

    With the batch's own mean and variance of a column: `normal = (x - mean) / sqrt(variance + eps)`
    and `y = gamma * normal + beta` (Ioffe & Szegedy 2015, algorithm 1), eps = 1e-5. `gamma` starts
    at 1, `beta` at 0, both of shape (n,); after `backward`, `dgamma` and `dbeta` hold their
    gradients. A batch of one has no spread: whatever x is, y is beta, and dL/dx is 0.

    In use, an example must not depend on those beside it. So `predict` takes instead the `mean` and
    the `variance` of the batches that the layer has learned from: a batch counts when an optimizer
    takes the step that it asks for, or when you call `after_step()` after a step of your own. The
    first ten count alike, and each later one a tenth of all; of each it is the variance with N
    below the sum, where PyTorch keeps the one with N - 1. Before the first, `predict` is refused
    with a `RuntimeError`.
    """

    parameter_names = ("gamma", "beta")
    EPSILON = 1e-5
    LEAST_SHARE = 0.1  # of a batch in `mean` and `variance`

    def __init__(self, n: int, *, dtype: npt.DTypeLike = np.float64) -> None:
        n, dtype = _checks.whole(n, "n"), _checks.float_dtype(dtype)
        self._gamma, self._beta = np.ones(n, dtype), np.zeros(n, dtype)
        self.dgamma: Array | None = None
        self.dbeta: Array | None = None
        self.mean, self.variance = np.zeros(n, dtype), np.zeros(n, dtype)
        self.batches = 0  # that count in them
        self._kept: tuple[Array, Array, Array, Array] | None = None
        self._learnt_from: tuple[Array, Array] | None = None

    @property
    def gamma(self) -> Array:
        """The spread of each column, (n,). Another array may be put in its place, if it fits."""
        return self._gamma

    @gamma.setter
    def gamma(self, value: npt.ArrayLike) -> None:
        self._gamma = self._fitting("gamma", value, self._gamma)

    @property
    def beta(self) -> Array:
        """The mean of each column, (n,). Another array may be put in its place, if it fits."""
        return self._beta

    @beta.setter
    def beta(self, value: npt.ArrayLike) -> None:
        self._beta = self._fitting("beta", value, self._beta)

    @property
    def n_in(self) -> int:
        """How many values each example brings in, and takes out: n."""
        return len(self._gamma)

    n_out = n_in

    @_checks.quietly
    def forward(self, x: npt.ArrayLike) -> Array:
        """Return `gamma * normal + beta`, shape (N, n), for `x` of shape (N, n)."""
        x = _checks.rows(x, self, self.n_in, self.gamma.dtype)
        # seen from the first row: of a column that lies far from 0 the digits that differ count
        beside = x - x[0]
        mean, variance = beside.mean(axis=0), beside.var(axis=0)
        if not _checks.all_finite(variance):
            raise ValueError(
                f"{self} got x with values up to {np.abs(x).max():.1e}, whose squares no {x.dtype} "
                "can hold: scale the inputs to sizes around 1"
            )
        deviation = self._deviation(variance)
        normal = (beside - mean) / deviation
        self._kept = normal, deviation, x[0] + mean, variance
        self.latest = object()
        return self._scaled(normal)

    @_checks.quietly
    def backward(self, grad: npt.ArrayLike) -> Array:
        """Store dgamma and dbeta; return dL/dx, shape (N, n), for `grad` of that shape.

        An x acts over three paths: on its own `normal`, and through the mean and the variance on
        those of the whole batch. Behind the factor 1 / deviation these are the three terms.
        """
        self.parameter_gradients(grad)
        normal, deviation, *_ = _checks.kept(self, self._kept)
        blame = np.asarray(grad, self.gamma.dtype) * self.gamma  # dL/d(normal)
        through_mean = blame.mean(axis=0)
        through_variance = normal * (blame * normal).mean(axis=0)
        return np.asarray((blame - through_mean - through_variance) / deviation)

    @_checks.quietly
    def parameter_gradients(self, grad: npt.ArrayLike) -> None:
        """Store dgamma, the sum of `grad * normal` over the examples, and dbeta, that of `grad`."""
        normal, _, mean, variance = _checks.kept(self, self._kept)
        grad = _checks.gradient(grad, self, normal.shape, self.gamma.dtype)
        self.dgamma = (grad * normal).sum(axis=0)
        self.dbeta = grad.sum(axis=0)
        self._learnt_from = (mean, variance) if len(normal) > 1 else None  # one has no spread

    @_checks.quietly
    def predict(self, x: npt.ArrayLike) -> Array:
        """Return the same with `mean` and `variance` for the batch's own; nothing is kept."""
        x = _checks.rows(x, self, self.n_in, self.gamma.dtype)
        if not self.batches:
            raise RuntimeError(
                f"{self} has not learned from a batch yet, so it has no mean and no variance: "
                "train it first; after a step without an optimizer call after_step() of the layer"
            )
        return self._scaled((x - self.mean) / self._deviation(self.variance))

    @_checks.quietly
    def after_step(self) -> None:
        """Let the batch of the latest `backward` count in `mean` and `variance`, once."""
        if self._learnt_from:
            batch_mean, batch_variance = self._learnt_from
            batches = self.batches + 1
            share = self.gamma.dtype.type(max(self.LEAST_SHARE, 1 / batches))
            mean = self.mean + share * (batch_mean - self.mean)
            variance = self.variance + share * (batch_variance - self.variance)
            # only now, and together: interrupted before, it is done anew and the same
            self.mean, self.variance, self.batches = mean, variance, batches
            self._learnt_from = None

    def _scaled(self, normal: Array) -> Array:
        return np.asarray(self.gamma * normal + self.beta)

    def _deviation(self, variance: Array) -> Array:
        return np.asarray(np.sqrt(variance + variance.dtype.type(self.EPSILON)))

    def __repr__(self) -> str:
        return f"BatchNorm({self.n_in})"


class Residual(Layer):
    """Layers with a path around them, a skip connection: `y = x + F(x)`.

    `F` is the given layers, one after the other (He et al. 2016, eq. 1); it has to give as many
    values as it takes. Going back, an x acts over two paths, so `dL/dx` is the sum of both: `grad`
    itself, and what the layers make of it. Parameters are named by number, as in a network.
    """

    keeps_width = True

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = in_a_row("Residual", layers)
        self._check_width()
        self._dtype = next((array.dtype for array in self.parameters.values()), None)
        self._kept: Array | None = None
        self._seen: list[object] = []  # the pass of each layer inside that led to the latest output

    def _check_width(self) -> None:
        sized = [layer for layer in parts_of(self) if isinstance(layer, (Dense, BatchNorm))]
        known = all(layer.keeps_width or layer in sized for layer in parts_of(self))
        if sized and known and sized[0].n_in != sized[-1].n_out:
            raise ValueError(
                f"{self} takes {sized[0].n_in} values per example, and its layers give "
                f"{sized[-1].n_out}: what is added to x must be as wide as x"
            )

    @property
    def parameters(self) -> Arrays:
        """The parameters of the layers inside, as "W1", "b1", "W2" and so on."""
        return Arrays(by_number([part.parameters for part in parts_of(self)]))

    @property
    def gradients(self) -> Arrays:
        """The gradients of the latest `backward`, by the names of their parameters."""
        return Arrays(by_number([part.gradients for part in parts_of(self)]))

    @_checks.quietly
    def forward(self, x: npt.ArrayLike) -> Array:
        """Return `x + F(x)`, the shape of `x`."""
        x = output = self._read(x)
        _checks.each_once(self.layers)
        for layer in self.layers:
            output = _checks.given_back(layer.forward(output), layer, "forward")
        self._kept = x
        self.latest = object()
        self._seen = [layer.latest for layer in self.layers]
        return self._added(x, output)

    @_checks.quietly
    def backward(self, grad: npt.ArrayLike) -> Array:
        """Store the gradients of the layers inside; return dL/dx, the shape of `x`."""
        x = _checks.kept(self, self._kept)
        _checks.same_pass(self.layers, self._seen)
        grad = through = _checks.gradient(grad, self, x.shape, x.dtype)
        for layer in reversed(self.layers):
            through = _checks.given_back(layer.backward(through), layer, "backward")
        return np.asarray(grad + through)

    @_checks.quietly
    def predict(self, x: npt.ArrayLike) -> Array:
        """Return `x + F(x)` with the layers inside in use, not in training."""
        x = output = self._read(x)
        for layer in self.layers:
            output = _checks.given_back(layer.predict(output), layer, "predict")
        return self._added(x, output)

    def after_step(self) -> None:
        """Pass it on to the layers inside."""
        for layer in self.layers:
            layer.after_step()

    def _read(self, x: npt.ArrayLike) -> Array:
        return _checks.float_array(x, self, "x", self._dtype)

    def _added(self, x: Array, output: Array) -> Array:
        output = np.asarray(output)
        if output.shape != x.shape:
            raise ValueError(
                f"{self} got x of shape {x.shape}, and its layers returned shape {output.shape}: "
                "what is added to x must have its shape"
            )
        return x + output

    def __repr__(self) -> str:
        return f"Residual({self.layers})"


# ---- Layers in a row ----------------------------------------------------------------------------


def parts_of(layer: Layer) -> list[Layer]:
    """Return the layers inside a `Residual`, however deep; of any other layer, itself."""
    if isinstance(layer, Residual):
        return [part for inner in layer.layers for part in parts_of(inner)]
    return [layer]


def by_number(each: list[Arrays]) -> dict[str, Array]:
    """Return arrays of layers under their names with a number: that of the layer, from 1.

    Only layers that have any are counted.
    """
    found: dict[str, Array] = {}
    number = 0
    for own in each:
        number += bool(own)
        for name, array in own.items():
            numbered = f"{name}{number}"
            if numbered in found:
                raise ValueError(
                    f"two parameters would be called {numbered}, the second {name!r} of layer "
                    f"{number}: give parameters names that do not end in a digit"
                )
            found[numbered] = array
    return found


def in_a_row(who: str, layers: Iterable[Layer]) -> list[Layer]:
    """Return the layers as a list; refuse those that cannot stand in a row in `who`."""
    if not isinstance(layers, Iterable):
        raise TypeError(f"{who} got {layers!r} as its layers: put them in a list, [Dense(...)]")
    layers = list(layers)
    if not layers:
        raise ValueError(f"{who} got no layers: it needs at least one")
    seen: list[Layer] = []
    for k, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            hint = kind_hint(layer, "derive it from bp_helpers.Layer")
            raise TypeError(f"layers[{k}] is {layer!r}, which is not a layer: {hint}")
        if any(part is earlier for part in [layer, *parts_of(layer)] for earlier in seen):
            raise ValueError(
                f"layers[{k}] is the same object as an earlier layer, {layer}: a layer remembers "
                "one forward pass, so make a second one"
            )
        seen += [layer, *parts_of(layer)]
    _check_fit(layers)
    return layers


def kind_hint(thing: object, otherwise: str) -> str:
    """Say what to do about a thing of the wrong kind: a class has to be called."""
    return f"write {thing.__name__}() with parentheses" if isinstance(thing, type) else otherwise


def _check_fit(layers: Sequence[Layer]) -> None:
    before: tuple[int, Dense | BatchNorm] | None = None
    for k, part in [(k, part) for k, layer in enumerate(layers) for part in parts_of(layer)]:
        if isinstance(part, (Dense, BatchNorm)):
            if before:
                _check_pair(*before, k, part)
            before = k, part
        elif not part.keeps_width:
            before = None  # what it gives is its own affair


def _check_pair(i: int, first: Dense | BatchNorm, k: int, second: Dense | BatchNorm) -> None:
    if first.n_out != second.n_in:
        raise ValueError(
            f"layers[{i}] {first} gives {first.n_out} values per example, but layers[{k}] "
            f"{second} takes {second.n_in}: make them equal"
        )
    one, other = (next(iter(layer.parameters.values())).dtype for layer in (first, second))
    if one != other:
        raise TypeError(
            f"layers[{i}] {first} computes in {one}, but layers[{k}] {second} in {other}: make "
            "them equal"
        )
