"""Losses: one number that says how wrong a prediction is, and its slope at the prediction.

Every loss is a sum over the outputs of an example and a mean over the N examples. The 1/N of that
mean is in `backward`'s result, and nowhere else in the whole backward pass.

`forward(prediction, target)` returns a float and keeps what `backward()` needs; `backward()`
returns dL/d(prediction), the shape and dtype of the prediction, of shape (N, n_out). Targets are
read in the prediction's dtype. A prediction that is not (N, n_out), a target of another shape
((N,) never stands for (N, 1)), a target out of range, NaN, infinite or empty input is refused with
a `ValueError` or `TypeError`; `backward` before `forward` with a `RuntimeError`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.layers import Sigmoid


class Loss:
    """What every loss offers; derive your own from it and write `forward` and `backward`."""

    measured: object = None  # set by a network: which of its passes this loss saw last
    latest: object = None  # made by each forward pass, and unlike that of any other: see Network

    def forward(self, prediction: npt.ArrayLike, target: npt.ArrayLike) -> float:
        """Return the loss, and keep what `backward` needs."""
        raise NotImplementedError(f"{type(self).__name__} has no forward yet")

    def backward(self) -> Array:
        """Return dL/d(prediction), with the 1/N of the mean in it."""
        raise NotImplementedError(f"{type(self).__name__} has no backward yet")

    def decide(self, prediction: Array) -> npt.NDArray[Any]:
        """Return what the network says, given its last layer's output: here, that output."""
        return prediction

    def accuracy(self, prediction: Array, target: npt.NDArray[Any]) -> float | None:
        """Return the share of right decisions from 0 to 1, or None where nothing is decided."""
        return None

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class SquaredError(Loss):
    """`L = 1/N * sum over examples of 1/2 * sum over outputs of (prediction - target)**2`.

    The 1/2 cancels the 2 of the slope, so that dL/d(prediction) = (prediction - target) / N.
    """

    _difference: Array | None = None

    @_checks.quietly
    def forward(self, prediction: npt.ArrayLike, target: npt.ArrayLike) -> float:
        """Return the loss for a prediction and a target, both of shape (N, n_out)."""
        prediction = _prediction(self, prediction)
        self._difference = prediction - _target(self, target, prediction)
        self.latest = self._difference
        return float((self._difference**2).sum() / (2 * len(prediction)))

    @_checks.quietly
    def backward(self) -> Array:
        """Return `(prediction - target) / N`."""
        difference = _checks.kept(self, self._difference)
        return difference / len(difference)


class BinaryCrossEntropy(Loss):
    """Cross-entropy of independent yes/no outputs, from pre-activations z ("logits").

    `L = 1/N * sum over examples and outputs of -(t * log(p) + (1 - t) * log(1 - p))`, with
    `p = sigmoid(z)`: with several outputs, their losses are added, as in `SquaredError`. Put no
    `Sigmoid` before this loss; it is inside. The slope is dL/dz = (p - t) / N (Bishop 2006, eq.
    4.109, divided by N), computed as `((1 - t) * p - t * (1 - p)) / N`, with `1 - p = sigmoid(-z)`,
    which keeps its digits where p is close to t. Targets are 0, 1 or a probability between them, in
    the prediction's shape.
    """

    _error: Array | None = None

    @_checks.quietly
    def forward(self, prediction: npt.ArrayLike, target: npt.ArrayLike) -> float:
        """Return the loss for logits and targets, both of shape (N, n_out)."""
        z = _prediction(self, prediction)
        t = _target(self, target, z)
        if t.min() < 0 or t.max() > 1:
            raise ValueError(
                f"{self} got targets from {t.min():g} to {t.max():g}: they must be probabilities, "
                "from 0 to 1"
            )
        self._error = (1 - t) * self.probabilities(z) - t * self.probabilities(-z)
        self.latest = self._error
        # -log(p) = softplus(-z), -log(1 - p) = softplus(z), written so that exp never overflows
        losses = np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z)))
        return float(losses.sum() / len(z))

    @_checks.quietly
    def backward(self) -> Array:
        """Return `(p - t) / N`."""
        error = _checks.kept(self, self._error)
        return error / len(error)

    @staticmethod
    def probabilities(prediction: npt.ArrayLike) -> Array:
        """Return p = sigmoid(z) for logits z."""
        return Sigmoid().forward(prediction)

    def decide(self, prediction: Array) -> npt.NDArray[Any]:
        """Return 1 where p > 1/2 and 0 elsewhere, the prediction's shape, as integers."""
        return (prediction > 0).astype(int)

    @_checks.quietly
    def accuracy(self, prediction: Array, target: npt.NDArray[Any]) -> float:
        """Return the share of outputs on the target's side of 1/2."""
        target = _target(self, target, prediction)
        return float(np.mean(self.decide(prediction) == (target > 0.5)))


class SoftmaxCrossEntropy(Loss):
    """Cross-entropy of one choice among K classes, from pre-activations z ("logits").

    `L = 1/N * sum over examples of -sum over classes of t * log(p)`, with
    `p = exp(z) / (sum over classes of exp(z))`. Put no softmax before this loss; it is inside. The
    slope is dL/dz = (p - t) / N (Bishop 2006, eq. 4.109, divided by N). Targets are class indices
    0 to K-1, shape (N,), or rows of probabilities that each add up to 1, shape (N, K).
    """

    _error: Array | None = None

    @_checks.quietly
    def forward(self, prediction: npt.ArrayLike, target: npt.ArrayLike) -> float:
        """Return the loss for logits of shape (N, K) and targets of shape (N,) or (N, K)."""
        z = _prediction(self, prediction)
        t = self._as_probabilities(target, z)
        log_p, largest = _log_softmax(z)
        self._error = np.exp(log_p) - t
        # p and t add up to 1, so this is 0: what a p close to 1 had no digits for is put back
        self._error[largest] -= self._error.sum(axis=1)
        self.latest = self._error
        return float(-(t * log_p).sum() / len(z))

    @_checks.quietly
    def backward(self) -> Array:
        """Return `(p - t) / N`."""
        error = _checks.kept(self, self._error)
        return error / len(error)

    @staticmethod
    @_checks.quietly
    def probabilities(prediction: npt.ArrayLike) -> Array:
        """Return p = softmax(z), row by row, for logits z of shape (N, K)."""
        z = _prediction(SoftmaxCrossEntropy(), prediction)
        return np.asarray(np.exp(_log_softmax(z)[0]))

    def decide(self, prediction: Array) -> npt.NDArray[Any]:
        """Return the most probable class of each example, shape (N,)."""
        return np.asarray(prediction.argmax(axis=1))

    @_checks.quietly
    def accuracy(self, prediction: Array, target: npt.NDArray[Any]) -> float:
        """Return the share of examples whose most probable class is the target's."""
        wanted = self._as_probabilities(target, prediction).argmax(axis=1)
        return float(np.mean(self.decide(prediction) == wanted))

    def _as_probabilities(self, target: npt.ArrayLike, z: Array) -> Array:
        labels = _checks.real_array(target, self, "a target")
        if labels.ndim == 1:
            return self._one_hot(labels, z)
        if labels.shape == (len(z), 1) != z.shape:
            raise ValueError(
                f"{self} got a prediction of shape {z.shape} and a target of shape "
                f"{labels.shape}: class indices have shape (N,); use np.ravel(target)"
            )
        t = _target(self, target, z)
        sums = t.sum(axis=1)
        # float32 rows of many classes add up to 1 only roughly
        if t.min() < 0 or np.abs(sums - 1).max() > 1e-4:
            raise ValueError(
                f"{self} got target rows with values from {t.min():g} and sums from "
                f"{sums.min():g} to {sums.max():g}: probabilities are not negative and add up to "
                "1; for class indices pass shape (N,)"
            )
        return np.asarray(t / sums[:, np.newaxis])

    def _one_hot(self, labels: npt.NDArray[Any], z: Array) -> Array:
        n, n_classes = z.shape
        if labels.shape != (n,):
            raise ValueError(
                f"{self} got {n} predictions and {len(labels)} labels: it needs one label each"
            )
        if labels.dtype.kind == "f":
            _checks.float_array(labels.astype(np.float64), self, "labels")  # what is missing is NaN
        if labels.dtype.kind not in "iu":
            raise TypeError(
                f"{self} got labels of dtype {labels.dtype}: class indices are integers; "
                "convert with np.asarray(target, int)"
            )
        is_class: npt.NDArray[Any] = labels[:, np.newaxis] == np.arange(n_classes)
        if np.count_nonzero(is_class) < n:
            raise ValueError(
                f"{self} got labels from {labels.min()} to {labels.max()} for {n_classes} outputs: "
                f"they must lie between 0 and {n_classes - 1}"
            )
        return np.asarray(is_class, z.dtype)


def _log_softmax(z: Array) -> tuple[Array, tuple[npt.NDArray[Any], ...]]:
    """Return log(p), all its digits however close to 1 a p is, and where each row's largest is."""
    largest = np.arange(len(z)), z.argmax(axis=1)
    shifted = z - z[largest][:, np.newaxis]  # the same p, and exp never overflows
    shifted = np.maximum(shifted, np.finfo(z.dtype).min)  # nor is a log infinite
    powers = np.exp(shifted)
    powers[largest] = 0  # of the largest it is 1; beside that, small ones would lose their digits
    return np.asarray(shifted - np.log1p(powers.sum(axis=1, keepdims=True))), largest


def _prediction(loss: Loss, prediction: npt.ArrayLike) -> Array:
    array = _checks.float_array(prediction, loss, "a prediction")
    if array.ndim != 2:
        raise ValueError(
            f"{loss} got a prediction of shape {array.shape}: it takes one row per example, "
            "shape (N, n_out)"
        )
    return array


def _target(loss: Loss, target: npt.ArrayLike, prediction: Array) -> Array:
    array = _checks.float_array(target, loss, "a target")
    if array.shape != prediction.shape:
        column = array.ndim == 1 and prediction.shape == (len(array), 1)
        hint = "use np.reshape(target, (-1, 1))" if column else "they must be equal"
        raise ValueError(
            f"{loss} got a prediction of shape {prediction.shape} and a target of shape "
            f"{array.shape}: {hint}"
        )
    return np.asarray(_checks.in_dtype(array, prediction.dtype, loss, "a target"))
