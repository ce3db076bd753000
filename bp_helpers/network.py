"""A network: layers in a row, and a loss at the end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.layers import Arrays, Layer, by_number, in_a_row, kind_hint, parts_of
from bp_helpers.losses import Loss


class Network:
    """Layers in a row and a loss: `forward` goes through them, `backward` comes back.

    The layers are numbered as in the course: `W1` and `b1` belong to the first `Dense`, and so on.
    A list that cannot work (empty, a class instead of an object, one layer twice, widths or dtypes
    that do not fit) is refused here, with the layers named.

    A layer may act in use otherwise than in training: `BatchNorm` does. `forward`, `loss_value` and
    `trace` take x as a batch to learn from; `predict` and `measure` use the network as it is.
    """

    def __init__(self, layers: Sequence[Layer], loss: Loss) -> None:
        self.layers = in_a_row("Network", layers)
        self.loss = loss
        self._measured: object = None  # the latest loss to go back from, if there is one
        self._seen: list[object] = []  # the pass of each layer, and of the loss, that led to it
        if not isinstance(loss, Loss):
            hint = kind_hint(loss, "pass one such as SquaredError()")
            raise TypeError(f"Network got the loss {loss!r}, which is not a loss: {hint}")

    @_checks.quietly
    def forward(self, x: npt.ArrayLike) -> Array:
        """Return the last layer's output, shape (N, n_out), for `x` of shape (N, n_in)."""
        return self._finite(self._output(x))

    def _output(self, x: npt.ArrayLike, *, in_training: bool = True) -> Array:
        self.forget()
        _checks.each_once(self.layers)
        output = x
        for layer in self.layers:
            way = "forward" if in_training else "predict"
            output = _checks.given_back(getattr(layer, way)(output), layer, way)
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
    def measure(
        self, x: npt.ArrayLike, y: npt.ArrayLike, *, in_training: bool = False
    ) -> tuple[float, float | None]:
        """Return the loss and the accuracy from 0 to 1, of the network in use or `in_training`.

        The accuracy is the share of examples (with `BinaryCrossEntropy`: of outputs) that `predict`
        gets right, or None with `SquaredError`, which decides nothing. Both are the same, and
        `backward` goes back from the loss, unless a layer acts in use otherwise than in training:
        then it goes back from a loss measured `in_training` only.
        """
        prediction = self._output(x, in_training=in_training)
        loss, accuracy = self._loss_of(prediction, y), self.loss.accuracy(prediction, np.asarray(y))
        if not in_training and any(map(_differs_in_use, self._parts)):
            self._measured = None
        return loss, accuracy

    def _loss_of(self, prediction: Array, y: npt.ArrayLike) -> float:
        value = _checks.one_number(self.loss.forward(prediction, y), self.loss)
        self._measured = self.loss.measured = object()
        self._seen = [layer.latest for layer in self.layers]
        self._seen.append(self.loss.latest)
        return value

    @_checks.quietly
    def backward(self) -> Array:
        """Store every parameter's gradient, and return dL/dX, shape (N, n_in)."""
        dX = self.layers[0].backward(self._gradient_after_first_layer())
        return np.asarray(_checks.given_back(dX, self.layers[0], "backward"))

    @_checks.quietly
    def parameter_gradients(self) -> None:
        """Store every parameter's gradient; dL/dX, which training does not need, is left out."""
        self.layers[0].parameter_gradients(self._gradient_after_first_layer())

    def _gradient_after_first_layer(self) -> Array:
        if self._measured is None:
            raise RuntimeError(
                "Network.backward goes back from a loss, and none belongs to the latest forward "
                "pass: call loss_value(x, y) first"
            )
        if self._measured is not self.loss.measured:
            raise RuntimeError(
                f"{self.loss} has not seen the latest loss_value of this network: another network "
                "has used it since, or it was put in the place of another loss. Call "
                "loss_value(x, y) right before backward, and give each network a loss of its own"
            )
        _checks.same_pass([*self.layers, self.loss], self._seen)
        grad: Array = _checks.given_back(self.loss.backward(), self.loss, "backward")
        for layer in reversed(self.layers[1:]):
            grad = _checks.given_back(layer.backward(grad), layer, "backward")
        return grad

    @_checks.quietly
    def predict(self, x: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return what the network says about each row of `x`.

        With `SoftmaxCrossEntropy` a class index per example, shape (N,); with `BinaryCrossEntropy`
        0 or 1 per output; with `SquaredError` the last layer's output itself.
        """
        return self.loss.decide(self._finite(self._output(x, in_training=False)))

    def forget(self) -> None:
        """Let there be no loss to go back from, until the next `loss_value`."""
        self._measured = None

    def after_step(self) -> None:
        """Let every layer do what is due when the latest gradients have been used for a step."""
        for layer in self.layers:
            layer.after_step()

    @property
    def parameters(self) -> Arrays:
        """Every parameter by its name, from "W1", "b1" to the last layer: the arrays in use.

        Changing one in place changes the network: `parameters["W1"] -= eta * gradients["W1"]`.
        """
        return Arrays(by_number([part.parameters for part in self._parts]))

    @property
    def gradients(self) -> Arrays:
        """Every parameter's gradient from the latest backward pass, by the parameter's name.

        Before the first backward pass there is none to have: a `RuntimeError`.
        """
        return Arrays(by_number([part.gradients for part in self._parts]))

    @property
    def _parts(self) -> list[Layer]:
        return [part for layer in self.layers for part in parts_of(layer)]

    @_checks.quietly
    def trace(self, x: npt.ArrayLike, y: npt.ArrayLike) -> dict[str, Any]:
        """Return every value of one forward and one backward pass by its name, as copies.

        In order: `X`; for each layer its `W1`, `b1` and output `Z1` or `A1`; the target `Y`;
        `loss` (a float); then back: `dA2`, `delta2` (= dL/dZ2), `dW2`, `db2`, `dA1`, ... and `dX`.
        The l-th layer with parameters makes `Zl`; the activation after it makes `Al` (a second one
        `Al_2`; one before the first of them `A0`). Of a `Residual` there are the parameters of the
        layers inside, and one output, `Al` with the number of the last of them. Afterwards the
        network stands as after `backward`.
        """
        self._measured = None
        outputs = _output_names(self.layers)
        numbered = iter(self.parameters)
        names = [[*islice(numbered, len(layer.parameters))] for layer in self.layers]
        values: dict[str, Any] = {}
        output = x
        for layer, name, own in zip(self.layers, outputs, names, strict=True):
            arrays = layer.parameters.values()
            values |= {n: array.copy() for n, array in zip(own, arrays, strict=True)}
            output = np.asarray(_checks.given_back(layer.forward(output), layer, "forward"))
            values[name] = output.copy()
        output = np.asarray(output)
        values |= {"Y": np.array(y), "loss": self._loss_of(output, y)}
        grad = _checks.given_back(self.loss.backward(), self.loss, "backward")
        for layer, name, own in reversed([*zip(self.layers, outputs, names, strict=True)]):
            values[_gradient_name(name)] = grad.copy()
            grad = np.asarray(_checks.given_back(layer.backward(grad), layer, "backward"))
            gradients = layer.gradients.values()
            values |= {f"d{n}": np.array(g) for n, g in zip(own, gradients, strict=True)}
        return {"X": np.array(x, output.dtype), **values, "dX": grad.copy()}

    def __repr__(self) -> str:
        return f"Network({self.layers}, {self.loss})"


def _output_names(layers: list[Layer]) -> list[str]:
    names: list[str] = []
    number = repeated = 0
    for layer in layers:
        with_parameters = sum(bool(part.parameters) for part in parts_of(layer))
        if with_parameters:
            number, repeated = number + with_parameters, 0
        if parts_of(layer) == [layer] and with_parameters:
            names.append(f"Z{number}")
        else:
            repeated += 1
            names.append(f"A{number}" if repeated == 1 else f"A{number}_{repeated}")
    return names


def _differs_in_use(layer: Layer) -> bool:
    return type(layer).predict is not Layer.predict


def _gradient_name(name: str) -> str:
    return f"delta{name[1:]}" if name.startswith("Z") else f"d{name}"
