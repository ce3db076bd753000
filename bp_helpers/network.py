"""A network: layers in a row, and a loss at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.layers import Arrays, Dense, Layer
from bp_helpers.losses import Loss


class Network:
    """Layers in a row and a loss: `forward` goes through them, `backward` comes back.

    The layers are numbered as in the course: `W1` and `b1` belong to the first `Dense`, and so on.
    A list that cannot work (empty, a class instead of an object, one layer twice, widths or dtypes
    that do not fit) is refused here, with the layers named.
    """

    def __init__(self, layers: Sequence[Layer], loss: Loss) -> None:
        self.layers = list(layers)
        self.loss = loss
        self._loss_is_current = False
        _check_kinds(self.layers, loss)
        _check_fit(self.layers)

    @_checks.quietly
    def forward(self, x: npt.ArrayLike) -> Array:
        """Return the last layer's output, shape (N, n_out), for `x` of shape (N, n_in)."""
        return self._finite(self._output(x))

    def _output(self, x: npt.ArrayLike) -> Array:
        self._loss_is_current = False
        output = x
        for layer in self.layers:
            output = layer.forward(output)
        return np.asarray(output)

    def _finite(self, output: Array) -> Array:
        if not _checks.all_finite(output):  # what a layer gives is looked at by the next one
            raise ValueError(
                f"the output of the last layer, {self.layers[-1]}, has NaN or infinite values: "
                "its input or its parameters are too large; if this happened while training, the "
                "learning rate is probably too large"
            )
        return output

    @_checks.quietly
    def loss_value(self, x: npt.ArrayLike, y: npt.ArrayLike) -> float:
        """Return the loss at `x` for the targets `y`; `backward` then goes back from it."""
        return self._loss_of(self._output(x), y)

    @_checks.quietly
    def measure(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[float, float | None]:
        """Return the loss, as `loss_value`, and the accuracy from 0 to 1.

        The accuracy is the share of examples (with `BinaryCrossEntropy`: of outputs) that `predict`
        gets right, or None with `SquaredError`, which decides nothing.
        """
        prediction = self._output(x)
        return self._loss_of(prediction, y), self.loss.accuracy(prediction, np.asarray(y))

    def _loss_of(self, prediction: Array, y: npt.ArrayLike) -> float:
        value = self.loss.forward(prediction, y)
        self._loss_is_current = True
        return value

    @_checks.quietly
    def backward(self) -> Array:
        """Store every parameter's gradient, and return dL/dX, shape (N, n_in)."""
        return self.layers[0].backward(self._gradient_after_first_layer())

    @_checks.quietly
    def parameter_gradients(self) -> None:
        """Store every parameter's gradient; dL/dX, which training does not need, is left out."""
        self.layers[0].parameter_gradients(self._gradient_after_first_layer())

    def _gradient_after_first_layer(self) -> Array:
        if not self._loss_is_current:
            raise RuntimeError(
                "Network.backward goes back from a loss, and none belongs to the latest forward "
                "pass: call loss_value(x, y) first"
            )
        grad = self.loss.backward()
        for layer in reversed(self.layers[1:]):
            grad = layer.backward(grad)
        return grad

    @_checks.quietly
    def predict(self, x: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return what the network says about each row of `x`.

        With `SoftmaxCrossEntropy` a class index per example, shape (N,); with `BinaryCrossEntropy`
        0 or 1 per output; with `SquaredError` the last layer's output itself.
        """
        return self.loss.decide(self.forward(x))

    @property
    def parameters(self) -> Arrays:
        """Every parameter by its name, from "W1", "b1" to the last layer: the arrays in use.

        Changing one in place changes the network: `parameters["W1"] -= eta * gradients["W1"]`.
        """
        return Arrays(self._by_number([layer.parameters for layer in self.layers]))

    @property
    def gradients(self) -> Arrays:
        """Every parameter's gradient from the latest backward pass, by the parameter's name.

        Before the first backward pass there is none to have: a `RuntimeError`.
        """
        return Arrays(self._by_number([layer.gradients for layer in self.layers]))

    @staticmethod
    def _by_number(each: list[Arrays]) -> dict[str, Array]:
        found: dict[str, Array] = {}
        number = 0
        for own in each:
            number += bool(own)
            for name, array in own.items():
                found[f"{name}{number}"] = array
        return found

    @_checks.quietly
    def trace(self, x: npt.ArrayLike, y: npt.ArrayLike) -> dict[str, Any]:
        """Return every value of one forward and one backward pass by its name, as copies.

        In order: `X`; for each layer its `W1`, `b1` and output `Z1` or `A1`; the target `Y`;
        `loss` (a float); then back: `dA2`, `delta2` (= dL/dZ2), `dW2`, `db2`, `dA1`, ... and `dX`.
        The l-th layer with parameters makes `Zl`; the activation after it makes `Al` (a second one
        `Al_2`; one before the first of them `A0`). Afterwards the network stands as after
        `backward`.
        """
        self._loss_is_current = False
        outputs = _output_names(self.layers)
        values: dict[str, Any] = {}
        output = x
        for layer, name in zip(self.layers, outputs, strict=True):
            values |= {f"{own}{name[1:]}": value.copy() for own, value in layer.parameters.items()}
            output = layer.forward(output)
            values[name] = output.copy()
        output = np.asarray(output)
        values |= {"Y": np.array(y), "loss": self._loss_of(output, y)}
        grad = self.loss.backward()
        for layer, name in zip(reversed(self.layers), reversed(outputs), strict=True):
            values[_gradient_name(name)] = grad.copy()
            grad = layer.backward(grad)
            values |= {f"d{own}{name[1:]}": np.array(g) for own, g in layer.gradients.items()}
        return {"X": np.array(x, output.dtype), **values, "dX": grad.copy()}

    def __repr__(self) -> str:
        return f"Network({self.layers}, {self.loss})"


def _output_names(layers: list[Layer]) -> list[str]:
    names: list[str] = []
    number = repeated = 0
    for layer in layers:
        if layer.parameters:
            number, repeated = number + 1, 0
            names.append(f"Z{number}")
        else:
            repeated += 1
            names.append(f"A{number}" if repeated == 1 else f"A{number}_{repeated}")
    return names


def _gradient_name(name: str) -> str:
    return f"delta{name[1:]}" if name.startswith("Z") else f"d{name}"


def _check_kinds(layers: list[Layer], loss: Loss) -> None:
    if not layers:
        raise ValueError("Network got no layers: it needs at least one")
    for k, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            hint = _kind_hint(layer, "derive it from bp_helpers.Layer")
            raise TypeError(f"layers[{k}] is {layer!r}, which is not a layer: {hint}")
        if any(layer is earlier for earlier in layers[:k]):
            raise ValueError(
                f"layers[{k}] is the same object as an earlier layer, {layer}: a layer remembers "
                "one forward pass, so make a second one"
            )
    if not isinstance(loss, Loss):
        hint = _kind_hint(loss, "pass one such as SquaredError()")
        raise TypeError(f"Network got the loss {loss!r}, which is not a loss: {hint}")


def _kind_hint(thing: object, otherwise: str) -> str:
    return f"write {thing.__name__}() with parentheses" if isinstance(thing, type) else otherwise


def _check_fit(layers: list[Layer]) -> None:
    before: tuple[int, Dense] | None = None
    for k, layer in enumerate(layers):
        if isinstance(layer, Dense):
            if before:
                _check_pair(*before, k, layer)
            before = k, layer
        elif not layer.keeps_width:
            before = None  # what it gives is its own affair


def _check_pair(i: int, first: Dense, k: int, second: Dense) -> None:
    if first.n_out != second.n_in:
        raise ValueError(
            f"layers[{i}] {first} gives {first.n_out} values per example, but layers[{k}] "
            f"{second} takes {second.n_in}: make them equal"
        )
    if first.W.dtype != second.W.dtype:
        raise TypeError(
            f"layers[{i}] {first} computes in {first.W.dtype}, but layers[{k}] {second} in "
            f"{second.W.dtype}: make them equal"
        )
