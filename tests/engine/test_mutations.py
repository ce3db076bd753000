"""Would the tests notice? Break the engine one line at a time, and see that a test fails.

Each mutant is a copy of the package with one line replaced. A fast part of the other tests runs
against it, in another process, until one of them fails: first the test that noticed it when
`noticed_by.json` was written, then the others. `python tests/engine/test_mutations.py` prints what
notices each mutant today, and writes that file anew.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

TESTS = Path(__file__).resolve().parent
NOTICED_BY = TESTS / "noticed_by.json"
PACKAGE = TESTS.parents[1] / "bp_helpers"
BATCH = 8  # mutants that one process tries

# A module's own tests come first; then, should they all pass, the others in this order.
FAST = [
    "layers",
    "deep_layers",
    "losses",
    "network",
    "optimizers",
    "gradcheck",
    "by_hand",
    "training",
    "errors",
    "own_parts",
]
SLOW = "learns_digits or larger_networks or agrees_with_every"  # longer than all the rest

# Runs pytest on one copy of the package after the other. Each time everything that knows the copy
# before is forgotten, and what is imported then is looked at. What is selected next runs only where
# nothing before it failed. Prints, per copy, pytest's exit code and the first test that failed.
RUN = """
import contextlib, io, json, sys
from pathlib import Path
import pytest

class Watch:
    first = None
    def pytest_runtest_logreport(self, report):
        if report.failed and not self.first:
            self.first = report.nodeid

for folder, options, selections in json.loads(sys.argv[1]):
    for name in list(sys.modules):
        if name.split(".")[0] in ("bp_helpers", "helpers", "engine"):
            del sys.modules[name]
    sys.path[0] = folder
    import bp_helpers
    if Path(folder) not in Path(bp_helpers.__file__).resolve().parents:
        sys.exit(f"imported {bp_helpers.__file__} instead of the copy")
    watch, printed = Watch(), io.StringIO()
    for selected in selections:
        with contextlib.redirect_stdout(printed):
            code = pytest.main([*options, selected], plugins=[watch])
        if code == 1:
            break
    if code > 1:
        sys.exit(printed.getvalue())
    print(json.dumps([code, watch.first]))
"""


class Mutant(NamedTuple):
    """One line of one function, and what stands there instead."""

    where: str
    line: str
    instead: str
    mistake: str

    @property
    def name(self):
        return f"{self.where}: {self.mistake}"


def mutants(where, line, *changes):
    return [Mutant(where, line, *change) for change in changes]


MUTANTS = [
    # the door
    *mutants(
        "_checks.all_finite", "return bool(np.isfinite(array).all())",
        ("return False", "huge values taken for infinite ones"),
        ("return True", "NaN let in"),
    ),
    # Dense
    *mutants(
        "layers.Dense.forward", "return self._x @ self.W + self.b",
        ("return self._x @ self.W", "the bias forgotten"),
        ("return self._x @ self.W - self.b", "the bias subtracted"),
    ),
    *mutants(
        "layers.Dense.backward", "return np.asarray(grad, self.W.dtype) @ self.W.T",
        ("return np.asarray(grad, self.W.dtype) @ self.W", "dX without the transpose"),
        ("return np.asarray(grad, self.W.dtype) @ self.W.T / len(self._x)", "1/N again in dX"),
        ("return np.asarray(grad) @ self.W.T.astype(np.float64)", "dX leaks float64"),
        ("return np.asarray(grad, self.W.dtype) @ np.abs(self.W.T)", "dX loses W's signs"),
        ("return self._x * 0", "dX is zero"),
        (
            "return np.asarray(grad) @ (self.W if self.n_in == self.n_out else self.W.T)",
            "dX without the transpose where the shapes hide it",
        ),
    ),
    *mutants(
        "layers.Dense.backward", "self.parameter_gradients(grad)",
        ("pass", "dW and db not stored"),
        (
            "self.parameter_gradients(grad); self.W -= 0.1 * self.dW",
            "the update comes before the error has passed back",
        ),
    ),
    *mutants(
        "layers.Dense.parameter_gradients", "self.dW = x.T @ grad",
        ("self.dW = x.T @ grad / len(x)", "dW a mean"),
        ("self.dW = grad.T @ x", "dW transposed"),
        (
            "self.dW = grad.T @ x if self.n_in == self.n_out else x.T @ grad",
            "dW transposed where the shapes hide it",
        ),
        ("self.dW = x[:1].T @ grad[:1]", "dW from the first example only"),
        ("self.dW = -x.T @ grad", "dW with the wrong sign"),
        ("self.dW = 2 * x.T @ grad", "dW twice too large"),
        ("self.dW = x.T @ grad + (0 if self.dW is None else self.dW)", "dW added up"),
        ("self.dW = x.T.astype(np.float64) @ grad", "dW leaks float64"),
        ("self.dW = np.abs(x.T) @ grad", "dW loses x's signs"),
        ("self.dW = np.ones_like(x.T) @ grad", "dW forgets x"),
    ),
    *mutants(
        "layers.Dense.parameter_gradients", "self.db = grad.sum(axis=0)",
        ("self.db = grad.mean(axis=0)", "db a mean"),
        ("self.db = grad[0].copy()", "db from the first example only"),
        ("self.db = grad.sum(axis=1)", "db over the wrong axis"),
        ("self.db = grad.sum() * np.ones_like(self.b)", "db over both axes"),
        ("self.db = -grad.sum(axis=0)", "db with the wrong sign"),
        ("self.db = grad.sum(axis=0, dtype=np.float64)", "db leaks float64"),
        ("self.db = x.sum() * grad.sum(axis=0)", "db times the input"),
    ),
    # activations
    *mutants(
        "layers.Activation.forward",
        'a = np.asarray(_checks.given_back(self.value(z), self, "value"), z.dtype)',
        ("a = np.asarray(self.value(z))", "a formula in float64 leaks it"),
    ),
    *mutants(
        "layers.Activation.forward", "if a.shape != z.shape:",
        ("if False:", "values of another shape let through"),
    ),
    *mutants(
        "layers.Activation.forward", "self._kept = z, a",
        ("self._kept = self._kept or (z, a)", "the first forward pass remembered for ever"),
        ("self._kept = a, a", "slope at a, not z"),
    ),
    *mutants(
        "layers.Activation.backward",
        "grad = _checks.gradient(grad, self, z.shape, z.dtype)",
        ("grad = np.asarray(grad, z.dtype)", "a bad gradient let in"),
    ),
    *mutants(
        "layers.Activation.backward",
        'slope = np.asarray(_checks.given_back(self.slope(z, a), self, "slope"), z.dtype)',
        ("slope = np.asarray(self.slope(a, a), z.dtype)", "slope at a, not z"),
        ("slope = np.asarray(self.slope(z, z), z.dtype)", "z handed on as a"),
        ("slope = np.asarray(self.slope(z, a))", "a formula in float64 leaks it"),
    ),
    *mutants(
        "layers.Activation.backward", "if slope.shape not in (z.shape, ()):",
        ("if False:", "a slope that broadcasts used"),
        ("if slope.shape != z.shape:", "one slope for all refused"),
    ),
    *mutants(
        "layers.Activation.backward", "return grad * slope",
        ("return grad", "the slope forgotten"),
        ("return slope", "what came from above forgotten"),
        ("return grad / slope", "divided by the slope"),
        ("return slope * (grad > 0)", "mask by the gradient's sign"),
    ),
    *mutants(
        "layers.Sigmoid.value", "return np.asarray(np.where(z >= 0, 1, small) / (1 + small))",
        ("return np.exp(z) / (1 + np.exp(z))", "exp overflows"),
        ("return 1 / (1 + small)", "symmetric instead of rising"),
    ),
    *mutants(
        "layers.Sigmoid.slope", "return a * (1 - a)",
        ("return a", "half of the slope forgotten"),
        ("return a * (1 + a)", "a sign in the slope"),
        ("return self.value(a) * (1 - self.value(a))", "slope at a, not z"),
    ),
    *mutants(
        "layers.Tanh.value", "return np.asarray(np.tanh(z))",
        ("return (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z))", "exp overflows"),
    ),
    *mutants(
        "layers.Tanh.slope", "return 1 - a * a",
        ("return 1 - a", "the square forgotten"),
        ("return 1 - np.tanh(a) ** 2", "slope at a, not z"),
        ("return a * (1 - a)", "the sigmoid's slope"),
    ),
    *mutants(
        "layers.ReLU.value", "return np.maximum(z, 0)",
        ("return np.minimum(z, 0)", "the other half"),
        ("return np.abs(z)", "the absolute value"),
    ),
    *mutants(
        "layers.ReLU.slope", "return (z > 0).astype(z.dtype)",
        ("return (a >= 0).astype(z.dtype)", "mask after the ReLU with >=: always open"),
        ("return (z >= 0).astype(z.dtype)", "open at the kink"),
        ("return (z <= 0).astype(z.dtype)", "mask inverted"),
        ("return a", "times the value, not the slope"),
    ),
    *mutants(
        "layers.LeakyReLU.value", "return np.where(z > 0, z, self.leak * z)",
        ("return np.where(z > 0, z, 0)", "no leak"),
        ("return np.where(z > 0, self.leak * z, z)", "the two sides exchanged"),
    ),
    *mutants(
        "layers.LeakyReLU.slope",
        "return np.where(z > 0, z.dtype.type(1), z.dtype.type(self.leak))",
        ("return np.where(z >= 0, 1, self.leak)", "the other slope at the kink"),
        ("return np.where(z > 0, 1, 0)", "no leak"),
        ("return np.where(z > 0, self.leak, 1)", "the two slopes exchanged"),
        ("return np.where(z > 0, 1, -self.leak)", "the leak's sign"),
    ),
    *mutants(
        "layers.Identity.value", "return z",
        ("return -z", "the sign"),
    ),
    *mutants(
        "layers.Identity.slope", "return 1.0",
        ("return z", "the slope is not 1"),
    ),
    *mutants(
        "layers.GELU.value", "return z * gate",
        ("return 2 * z * gate", "twice"),
        ("return gate", "the factor z forgotten"),
    ),
    *mutants(
        "layers.GELU.slope",
        "return gate + 2 * z * gate * (1 - gate) * du",
        ("return gate", "half of the product rule"),
        ("return gate + 2 * z * gate * (1 - gate)", "the inner slope forgotten"),
    ),
    *mutants(
        "layers.GELU._gate", "cubic = 0.044715 * z**2",
        ("cubic = 0.0447 * z**2", "another constant, forward and backward alike"),
    ),
    *mutants(
        "layers.GELU._gate",
        "return Sigmoid().value(2 * scale * z * (1 + cubic)), scale * (1 + 3 * cubic)",
        (
            "return Sigmoid().value(2 * scale * z * (1 + cubic)), scale * (1 + cubic)",
            "the 3 of the cube's slope forgotten",
        ),
        (
            "return (1 + np.tanh(scale * z * (1 + cubic))) / 2, scale * (1 + 3 * cubic)",
            "small ones lose their digits",
        ),
    ),
    *mutants(
        "layers.GELU._gate", "z = np.clip(z, -100, 100)  # far beyond what makes sigmoid(2u) 0 or "
        "1; z**3 may overflow",
        ("pass", "the cube overflows"),
    ),
    # BatchNorm
    *mutants(
        "layers.BatchNorm.forward", "beside = x - x[0]",
        ("beside = x", "a column far from 0 loses its digits"),
    ),
    *mutants(
        "layers.BatchNorm.forward",
        "mean, variance = beside.mean(axis=0), beside.var(axis=0)",
        (
            "mean, variance = beside.mean(axis=0), beside.var(axis=0, ddof=1)",
            "N - 1 for N in the variance",
        ),
        (
            "mean, variance = beside.mean(axis=0), (beside * beside).mean(axis=0)",
            "the mean left in the variance",
        ),
        ("mean, variance = beside.mean(), beside.var()", "over the columns as well"),
        (
            "mean, variance = beside.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)",
            "over the columns instead",
        ),
        ("mean, variance = 0 * x[0], beside.var(axis=0)", "the mean not taken away"),
    ),
    *mutants(
        "layers.BatchNorm.forward", "self._kept = normal, deviation, x[0] + mean, variance",
        ("self._kept = normal, deviation, mean, variance", "learns a mean seen from the first row"),
    ),
    *mutants(
        "layers.BatchNorm.forward", "if not _checks.all_finite(variance):",
        ("if False:", "squares that overflow let through"),
    ),
    *mutants(
        "layers.BatchNorm.forward", "normal = (beside - mean) / deviation",
        ("normal = (beside - mean) / deviation**2", "divided by the variance"),
        ("normal = beside / deviation", "the mean not taken away"),
    ),
    *mutants(
        "layers.BatchNorm._deviation",
        "return np.asarray(np.sqrt(variance + variance.dtype.type(self.EPSILON)))",
        ("return np.asarray(np.sqrt(variance) + variance.dtype.type(self.EPSILON))", "eps outside"),
        ("return np.asarray(np.sqrt(variance + np.float64(self.EPSILON)))", "eps leaks float64"),
    ),
    *mutants(
        "layers.BatchNorm._scaled", "return np.asarray(self.gamma * normal + self.beta)",
        ("return np.asarray(normal)", "gamma and beta forgotten"),
        ("return np.asarray(self.gamma * (normal + self.beta))", "beta scaled too"),
    ),
    *mutants(
        "layers.BatchNorm.backward",
        "return np.asarray((blame - through_mean - through_variance) / deviation)",
        ("return np.asarray(blame / deviation)", "the mean and the variance held"),
        ("return np.asarray((blame - through_mean) / deviation)", "the variance's path forgotten"),
        ("return np.asarray((blame - through_variance) / deviation)", "the mean's path forgotten"),
        ("return np.asarray(blame - through_mean - through_variance)", "1 / deviation forgotten"),
        ("return np.asarray((blame - through_mean + through_variance) / deviation)", "a sign"),
    ),
    *mutants(
        "layers.BatchNorm.backward",
        "blame = np.asarray(grad, self.gamma.dtype) * self.gamma  # dL/d(normal)",
        ("blame = np.asarray(grad, self.gamma.dtype)", "gamma forgotten on the way back"),
    ),
    *mutants(
        "layers.BatchNorm.backward", "through_mean = blame.mean(axis=0)",
        ("through_mean = blame.sum(axis=0)", "the 1/N of the mean forgotten"),
    ),
    *mutants(
        "layers.BatchNorm.backward", "through_variance = normal * (blame * normal).mean(axis=0)",
        ("through_variance = normal * (blame * normal).sum(axis=0)", "the 1/N forgotten"),
        (
            "through_variance = normal * (blame * normal).sum(axis=0) / (len(normal) - 1)",
            "N - 1 for N in the backward pass only",
        ),
        ("through_variance = normal * blame.mean(axis=0)", "one normal forgotten"),
    ),
    *mutants(
        "layers.BatchNorm.parameter_gradients", "self.dgamma = (grad * normal).sum(axis=0)",
        ("self.dgamma = (grad * normal).mean(axis=0)", "dgamma a mean"),
        ("self.dgamma = grad.sum(axis=0)", "dgamma forgets the input"),
        ("self.dgamma = (grad * self._scaled(normal)).sum(axis=0)", "dgamma with the output"),
    ),
    *mutants(
        "layers.BatchNorm.parameter_gradients", "self.dbeta = grad.sum(axis=0)",
        ("self.dbeta = grad.mean(axis=0)", "dbeta a mean"),
    ),
    *mutants(
        "layers.BatchNorm.parameter_gradients",
        "self._learnt_from = (mean, variance) if len(normal) > 1 else None  # one has no spread",
        ("self._learnt_from = mean, variance", "a batch of one counts, with a spread of 0"),
        ("pass", "no batch ever counts"),
    ),
    *mutants(
        "layers.BatchNorm.predict", "if not self.batches:",
        ("if False:", "used before it has learned"),
    ),
    *mutants(
        "layers.BatchNorm.predict",
        "return self._scaled((x - self.mean) / self._deviation(self.variance))",
        ("return self.forward(x)", "in use by the batch's own statistics"),
    ),
    *mutants(
        "layers.BatchNorm.after_step",
        "self.mean, self.variance, self.batches = mean, variance, batches",
        ("self.mean, self.batches = mean, batches", "the variance in use is never renewed"),
    ),
    *mutants(
        "layers.BatchNorm.after_step", "self._learnt_from = None",
        ("pass", "a batch counts twice"),
    ),
    *mutants(
        "layers.BatchNorm.after_step",
        "share = self.gamma.dtype.type(max(self.LEAST_SHARE, 1 / batches))",
        ("share = self.gamma.dtype.type(self.LEAST_SHARE)", "the start at 0 stays in the mean"),
        ("share = self.gamma.dtype.type(1 / batches)", "old batches are never forgotten"),
        ("share = np.float64(max(self.LEAST_SHARE, 1 / batches))", "the mean leaks float64"),
    ),
    # Residual
    *mutants(
        "layers.Residual._added", "return x + output",
        ("return output", "the path around forgotten"),
        ("return x - output", "the sign"),
    ),
    *mutants(
        "layers.Residual._added", "if output.shape != x.shape:",
        ("if False:", "a sum that broadcasts"),
    ),
    *mutants(
        "layers.Residual._check_width",
        "if sized and known and sized[0].n_in != sized[-1].n_out:",
        ("if False:", "what is wider behind than before let through"),
    ),
    *mutants(
        "layers.Residual.backward", "return np.asarray(grad + through)",
        ("return through", "the path around forgotten on the way back"),
        ("return grad", "the layers forgotten on the way back"),
        ("return grad * through", "multiplied instead of added"),
        ("return (grad + through) / 2", "the mean of the two paths"),
    ),
    *mutants(
        "layers.Residual.backward", "for layer in reversed(self.layers):",
        ("for layer in self.layers:", "back in the order of forward"),
    ),
    *mutants(
        "layers.Residual.forward", "self._kept = x",
        ("self._kept = output.astype(np.float64)", "a gradient asked for in float64"),
    ),
    *mutants(
        "layers.Residual.predict",
        'output = _checks.given_back(layer.predict(output), layer, "predict")',
        ("output = layer.forward(output)", "layers inside act as in training"),
        ("output = layer.predict(output)", "one that returns nothing is not named"),
    ),
    *mutants(
        "layers.Residual.after_step", "layer.after_step()",
        ("pass", "layers inside do not hear of the step"),
    ),
    # parameters and gradients by name
    *mutants(
        "layers.Arrays.__setitem__", "array[...] = new",
        ("self._arrays[name] = new", "the network keeps its old array"),
    ),
    *mutants(
        "layers.Arrays.__setitem__",
        'new = _checks.float_array(new.astype(array.dtype), who, "a value")',
        ("pass", "a value that float32 cannot hold used"),
    ),
    *mutants(
        "layers.Arrays.__setitem__", "if new.shape != array.shape:",
        ("if False:", "a value that broadcasts used"),
    ),
    *mutants(
        "layers.Layer.gradients", "if grad is None:",
        ("if False:", "no gradient handed out as if it were one"),
    ),
    *mutants(
        "layers.by_number", "number += bool(own)",
        ("number += 1", "activations counted as well"),
    ),
    *mutants(
        "layers.by_number", "number = 0",
        ("number = -1", "counted from 0"),
    ),
    *mutants(
        "layers._check_fit", "elif not part.keeps_width:",
        ("elif part.keeps_width:", "widths compared only where they may change"),
    ),
    # losses
    *mutants(
        "losses.SquaredError.forward",
        "return float((self._difference**2).sum() / (2 * len(prediction)))",
        ("return float((self._difference**2).sum() / len(prediction))", "the 1/2 forgotten"),
        ("return float((self._difference**2).mean() / 2)", "a mean over the outputs too"),
    ),
    *mutants(
        "losses.SquaredError.backward", "return difference / len(difference)",
        ("return difference", "the 1/N forgotten"),
        ("return difference / len(difference) ** 2", "the 1/N twice"),
        ("return difference / difference.size", "a mean over the outputs too"),
        ("return 2 * difference / len(difference)", "the 2 of the square not cancelled"),
        ("return -difference / len(difference)", "the sign"),
    ),
    *mutants(
        "losses.BinaryCrossEntropy.forward",
        "self._error = (1 - t) * self.probabilities(z) - t * self.probabilities(-z)",
        ("self._error = self.probabilities(z) - t", "loses its digits where p is close to t"),
        ("self._error = t - self.probabilities(z)", "the sign"),
        ("self._error = z - t", "the sigmoid forgotten"),
        (
            "self._error = (self.probabilities(z) - t) * self.probabilities(z)",
            "times p, as if the sigmoid's slope had not cancelled",
        ),
    ),
    *mutants(
        "losses.BinaryCrossEntropy.forward",
        "losses = np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z)))",
        ("losses = np.log1p(np.exp(z)) - t * z", "exp overflows"),
        (
            "losses = np.maximum(z, 0) - t * z + np.log(1 + np.exp(-np.abs(z)))",
            "small losses lose their digits",
        ),
    ),
    *mutants(
        "losses.BinaryCrossEntropy.backward", "return error / len(error)",
        ("return error", "the 1/N forgotten"),
        ("return error / error.size", "a mean over the outputs too"),
    ),
    *mutants(
        "losses.SoftmaxCrossEntropy.forward",
        "self._error = np.exp(log_p) - t",
        ("self._error = t - np.exp(log_p)", "the sign"),
        ("self._error = log_p - t", "the exponential forgotten"),
        ("self._error = -t / np.exp(log_p)", "the slope at p, not at z"),
    ),
    *mutants(
        "losses.SoftmaxCrossEntropy.backward", "return error / len(error)",
        ("return error", "the 1/N forgotten"),
        ("return error / len(error) ** 2", "the 1/N twice"),
    ),
    *mutants(
        "losses.SoftmaxCrossEntropy.forward", "self._error[largest] -= self._error.sum(axis=1)",
        ("pass", "loses its digits where p is close to t"),
    ),
    *mutants(
        "losses.SoftmaxCrossEntropy._as_probabilities",
        "return np.asarray(t / sums[:, np.newaxis])",
        ("return t", "a row of t that adds up to 1 but for rounding"),
    ),
    *mutants(
        "losses._log_softmax", "powers[largest] = 0  # of the largest it is 1; beside that, small "
        "ones would lose their digits",
        ("powers[largest] = 1", "the largest counts twice"),
    ),
    *mutants(
        "losses._log_softmax",
        "return np.asarray(shifted - np.log1p(powers.sum(axis=1, keepdims=True))), largest",
        (
            "return np.asarray(shifted - np.log(1 + powers.sum(axis=1, keepdims=True))), largest",
            "small losses lose their digits",
        ),
    ),
    *mutants(
        "losses._log_softmax",
        "shifted = z - z[largest][:, np.newaxis]  # the same p, and exp never overflows",
        ("shifted = z", "exp overflows"),
        ("shifted = z - z.max()", "one row's size makes another row vanish"),
    ),
    *mutants(
        "losses.SoftmaxCrossEntropy._one_hot",
        "is_class: npt.NDArray[Any] = labels[:, np.newaxis] == np.arange(n_classes)",
        (
            "is_class = np.tile(np.isin(np.arange(n_classes), labels), (n, 1))",
            "every row gets all labels",
        ),
        ("is_class = labels[:, np.newaxis] == np.arange(n_classes) + 1", "classes counted from 1"),
    ),
    *mutants(
        "losses.SoftmaxCrossEntropy._one_hot", "if np.count_nonzero(is_class) < n:",
        ("if False:", "a label that is no class"),
    ),
    # the network
    *mutants(
        "network.Network._gradient_after_first_layer", "for layer in reversed(self.layers[1:]):",
        ("for layer in self.layers[1:]:", "back in the order of forward"),
        ("for layer in reversed(self.layers[2:]):", "a layer left out"),
    ),
    *mutants(
        "network.Network._gradient_after_first_layer",
        'grad = _checks.given_back(layer.backward(grad), layer, "backward")',
        ("layer.backward(grad)", "every layer gets the loss's gradient"),
    ),
    *mutants(
        "network.Network._gradient_after_first_layer", "if self._measured is None:",
        ("if False:", "goes back from an older loss"),
    ),
    *mutants(
        "network.Network._gradient_after_first_layer",
        "if self._measured is not self.loss.measured:",
        ("if False:", "goes back from another network's loss"),
    ),
    *mutants(
        "network.Network._gradient_after_first_layer",
        "_checks.same_pass([*self.layers, self.loss], self._seen)",
        ("pass", "goes back through another forward pass"),
        ("_checks.same_pass(self.layers, self._seen)", "through another pass of the loss"),
    ),
    *mutants(
        "layers.Residual.backward", "_checks.same_pass(self.layers, self._seen)",
        ("pass", "goes back through another forward pass"),
    ),
    *mutants(
        "layers.by_number", "if numbered in found:",
        ("if False:", "one parameter hides another"),
    ),
    *mutants(
        "layers.Dense.forward", "self.latest = object()",
        ("pass", "that it was used again goes unnoticed"),
    ),
    *mutants(
        "layers.Activation.forward", "self.latest = object()",
        ("pass", "that it was used again goes unnoticed"),
    ),
    *mutants(
        "layers.BatchNorm.forward", "self.latest = object()",
        ("pass", "that it was used again goes unnoticed"),
    ),
    *mutants(
        "layers.Residual.forward", "self.latest = object()",
        ("pass", "that it was used again goes unnoticed"),
    ),
    *mutants(
        "losses.SquaredError.forward", "self.latest = self._difference",
        ("pass", "that it was used again goes unnoticed"),
    ),
    *mutants(
        "losses.BinaryCrossEntropy.forward", "self.latest = self._error",
        ("pass", "that it was used again goes unnoticed"),
    ),
    *mutants(
        "losses.SoftmaxCrossEntropy.forward", "self.latest = self._error",
        ("pass", "that it was used again goes unnoticed"),
    ),
    *mutants(
        "network.Network._output", "self.forget()",
        ("pass", "a later forward pass keeps the older loss"),
    ),
    *mutants(
        "network.Network._output",
        'way = "forward" if in_training else "predict"',
        ('way = "forward"', "used as in training"),
    ),
    *mutants(
        "network.Network.measure",
        "if not in_training and any(map(_differs_in_use, self._parts)):",
        ("if False:", "goes back from what was measured in use"),
    ),
    *mutants(
        "_checks.given_back", "if result is None:",
        ("if False:", "what has no return is not named"),
    ),
    *mutants(
        "network.Network.after_step", "layer.after_step()",
        ("pass", "no layer hears of the step"),
    ),
    *mutants(
        "network.Network.trace", "values[name] = output.copy()",
        ("values[name] = output", "outputs not copied"),
    ),
    *mutants(
        "network.Network.trace", "values[_gradient_name(name)] = grad.copy()",
        ("values[_gradient_name(name)] = grad", "gradients not copied"),
        ("values[_gradient_name(name)] = layer.backward(grad)", "delta and dA one layer off"),
    ),
    *mutants(
        "network.Network.trace",
        'values |= {f"d{n}": np.array(g) for n, g in zip(own, gradients, strict=True)}',
        (
            'values |= {f"d{n}": g for n, g in zip(own, gradients, strict=True)}',
            "dW not copied",
        ),
    ),
    *mutants(
        "network.Network.trace",
        "values |= {n: array.copy() for n, array in zip(own, arrays, strict=True)}",
        ("values |= {n: array for n, array in zip(own, arrays, strict=True)}", "W not copied"),
    ),
    *mutants(
        "network.Network.trace",
        'return {"X": np.array(x, output.dtype), **values, "dX": grad.copy()}',
        ('return {"X": np.asarray(x), **values, "dX": grad.copy()}', "X not copied"),
        ('return {"X": np.array(x, float), **values, "dX": grad.copy()}', "X leaks float64"),
    ),
    *mutants(
        "network.Network.trace", "self._measured = None",
        ("pass", "a trace that fails keeps the older loss"),
    ),
    # optimizers
    *mutants(
        "optimizers.Optimizer.step",
        "moved.extend(map(np.subtract, self._arrays, changes, self._arrays))",
        ("moved.extend(map(np.add, self._arrays, changes, self._arrays))", "up the slope"),
        ("moved.extend(map(np.subtract, self._arrays, changes))", "not in place: nothing changes"),
        (
            "for a, c in zip(self._arrays, changes): moved.append(np.subtract(a, c, a))",
            "an interrupt may come between two parameters",
        ),
    ),
    *mutants(
        "optimizers.Optimizer.step", "steps = self.steps + 1",
        ("steps = 1", "steps not counted"),
        ("steps = self.steps + len(self._arrays)", "steps counted once per parameter"),
    ),
    *mutants(
        "optimizers.Optimizer.step",
        "change, after = self._change(grad, before, steps)",
        ("change, after = self._change(grad, before, steps - 1)", "one step behind"),
        ("change, after = self._change(grad, self._start(grad), steps)", "nothing remembered"),
    ),
    *mutants(
        "optimizers.Optimizer.step", "memory.append(after)",
        ("memory.append(before)", "the memory not renewed"),
    ),
    *mutants(
        "optimizers.Optimizer.step", "except BaseException:",
        ("except ValueError:", "parameters of one step, memory of another"),
    ),
    *mutants(
        "optimizers.Optimizer.step", "if moved:",
        ("if True:", "an interrupted step is counted that has not been taken"),
        ("if False:", "an interrupted step is taken and not counted"),
    ),
    *mutants(
        "optimizers.Adam._change",
        "if not _checks.all_finite(v) and _checks.all_finite(grad):  # the next step would be NaN",
        ("if False:", "a square that overflowed remembered"),
        ("if not _checks.all_finite(v):", "a NaN gradient called too large"),
    ),
    *mutants(
        "optimizers.Optimizer.step", "if not _checks.all_finite(change):",
        ("if False:", "a NaN gradient used"),
        ("if not _checks.all_finite(grad):", "a step that is infinite taken"),
    ),
    *mutants(
        "optimizers.Optimizer._checked",
        "if grad.shape != array.shape or grad.dtype != array.dtype:",
        ("if False:", "a gradient that broadcasts used"),
        ("if grad.shape != array.shape:", "a gradient of another dtype used"),
    ),
    *mutants(
        "optimizers.Optimizer._checked",
        "if len(arrays) != len(self._arrays) or any(map(is_not, arrays, self._arrays)):",
        ("if any(map(is_not, arrays, self._arrays)):", "layers that came later not noticed"),
        (
            "if len(arrays) != len(self._arrays):",
            "an array moved that the network no longer has",
        ),
    ),
    *mutants(
        "optimizers.Optimizer._not_the_network_it_was", "if list(now) != self._names:",
        ("if True:", "another array called other layers"),
    ),
    *mutants(
        "optimizers.Optimizer._checked", "_checks.writable(array, name)",
        ("pass", "a read-only array found when others have moved"),
    ),
    *mutants(
        "optimizers.GradientDescent._change", "return self.learning_rate * grad, ()",
        ("return grad, ()", "the learning rate forgotten"),
        ("return self.learning_rate * grad * grad, ()", "the gradient squared"),
    ),
    *mutants(
        "optimizers.Momentum._change", "v = self.momentum * v + grad",
        ("v = grad - self.momentum * v", "the memory's sign"),
        ("v = (1 - self.momentum) * v + grad", "the other share kept"),
        ("v = self.momentum * v + (1 - self.momentum) * grad", "the gradient scaled down"),
    ),
    *mutants(
        "optimizers.Momentum._change", "return self.learning_rate * v, (v,)",
        ("return self.learning_rate * (grad + self.momentum * v), (v,)", "Nesterov's rule"),
        ("return self.learning_rate * grad, (v,)", "the memory not used"),
        ("return self.learning_rate * v, memory", "the memory not renewed"),
    ),
    *mutants(
        "optimizers.Momentum._start", "return (np.zeros_like(value),)",
        ("return (np.zeros(value.shape),)", "state in float64"),
    ),
    *mutants(
        "optimizers.Adam._start", "return np.zeros_like(value), np.zeros_like(value)",
        ("return np.zeros(value.shape), np.zeros(value.shape)", "state in float64"),
    ),
    *mutants(
        "optimizers.Adam._change", "m = m + (1 - self.beta1) * (grad - m)",
        ("m = m + (1 - self.beta2) * (grad - m)", "beta2 for beta1"),
    ),
    *mutants(
        "optimizers.Adam._change", "v = v + (1 - self.beta2) * (grad * grad - v)",
        ("v = v + (1 - self.beta1) * (grad * grad - v)", "beta1 for beta2"),
        ("v = v + (1 - self.beta2) * (np.abs(grad) - v)", "the square forgotten"),
    ),
    *mutants(
        "optimizers.Adam._change", "m_hat = m / (1 - self.beta1**step)",
        ("m_hat = m", "m without bias correction"),
    ),
    *mutants(
        "optimizers.Adam._change", "v_hat = v / (1 - self.beta2**step)",
        ("v_hat = v", "v without bias correction"),
        ("v_hat = v / (1 - self.beta2)", "corrected as if every step were the first"),
    ),
    *mutants(
        "optimizers.Adam._change",
        "return self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon), (m, v)",
        (
            "return self.learning_rate * m_hat / np.sqrt(v_hat + self.epsilon), (m, v)",
            "epsilon inside the root",
        ),
        (
            "return self.learning_rate * m_hat / (v_hat + self.epsilon), (m, v)",
            "the root forgotten",
        ),
    ),
    *mutants(
        "optimizers.Optimizer._taken", "self.network.after_step()",
        ("pass", "nobody is told of the step"),
    ),
    # the gradient check
    *mutants(
        "gradcheck.central_differences", "slopes[index] = (above - below) / (2 * step)",
        ("slopes[index] = (above - below) / step", "the 2 forgotten"),
        ("slopes[index] = (above - loss()) / step", "one-sided"),
        ("slopes[index] = (below - above) / (2 * step)", "the sign"),
    ),
    *mutants(
        "gradcheck.central_differences", "array[index] = before",
        ("pass", "not put back"),
        ("array[index] += step", "put back to rounding only"),
    ),
    *mutants(
        "gradcheck.relative_errors",
        "return np.asarray(np.abs(analytic - measured) / scale)",
        (
            "return np.asarray(np.abs(analytic - measured))",
            "absolute instead of relative",
        ),
        (
            "return np.asarray((analytic - measured) / scale)",
            "the sign of the difference kept",
        ),
    ),
    *mutants(
        "gradcheck.relative_errors",
        "scale = np.maximum(np.maximum(np.abs(analytic), np.abs(measured)), floor)",
        ("scale = np.maximum(np.abs(measured), floor)", "divided by the measured one only"),
        ("scale = np.maximum(np.abs(analytic), np.abs(measured))", "no floor under rounding"),
    ),
    *mutants(
        "gradcheck.compare",
        "return ParameterCheck(analytic, measured, relative_errors(analytic, measured, floor))",
        (
            "return ParameterCheck(analytic, analytic, relative_errors(analytic, analytic, floor))",
            "compares the gradient with itself",
        ),
    ),
    *mutants(
        "gradcheck.compare", "floor = _rounding(loss, step) / tolerance",
        ("floor = _rounding(loss, step)", "the tolerance forgotten"),
    ),
    *mutants(
        "gradcheck._rounding",
        "return ROUNDING * max(abs(loss), 1.0) / step",
        ("return ROUNDING / step", "the loss's size forgotten"),
        ("return ROUNDING * max(abs(loss), 1.0) / STEP", "the step forgotten"),
    ),
    *mutants(
        "gradcheck._doubtful",
        "return np.isfinite(check.analytic) & (unseen | ~(check.relative_error <= tolerance))",
        (
            "return np.isfinite(size) & ~(check.relative_error <= tolerance)",
            "what is not seen passes",
        ),
        ("return np.zeros(size.shape, bool)", "one step for all units"),
    ),
    *mutants(
        "gradcheck._checks_at", "if network.loss_value(x, y) != loss:",
        ("if False:", "whatever is drawn at random passes"),
    ),
    *mutants(
        "gradcheck._look_beside", "for side in (moves, [-move for move in moves]):",
        ("for side in (moves,):", "looks where a ReLU is off"),
        ("for side in ([-move for move in moves],):", "looks where another ReLU is off"),
    ),
    *mutants(
        "gradcheck._look_closer",
        "plainly = relative_errors(analytic, np.asarray(slope.value), SMALLEST) <= tolerance",
        ("plainly = True", "a kink crossed by rounding passes everything"),
    ),
    *mutants(
        "gradcheck.check_gradients",
        "network.forget()  # the latest loss is one of a nudged network",
        ("pass", "goes back from a nudged network"),
    ),
    *mutants(
        "gradcheck._look_beside", "here.relative_error[worse] = there.relative_error[worse]",
        ("here.relative_error[worse] = 0", "on a kink all is right"),
    ),
    *mutants(
        "gradcheck.check_gradients", "network.backward()",
        ("pass", "the gradients of another point are left behind"),
    ),
    *mutants(
        "gradcheck._refuse_what_tells_nothing", "if rounding > largest / 100 > 0:",
        ("if False:", "a step with which nothing shows passes everything"),
    ),
    *mutants(
        "gradcheck._checks_at", "if analytic[name].shape != array.shape:",
        ("if False:", "a gradient of another shape passes"),
    ),
    *mutants(
        "gradcheck.check_gradients", "array[...] = before[name]",
        ("pass", "an interruption leaves an entry nudged"),
    ),
    *mutants(
        "_slopes.moved", "array[...] = old",
        ("pass", "not put back"),
    ),
    *mutants(
        "_slopes.Observed.slope", "array[entry] = before",
        ("pass", "not put back"),
    ),
    *mutants(
        "_slopes.Observed.has_kink", "return narrow > max(wide / 2, 2 * doubt)",
        ("return False", "a kink is a mistake"),
        ("return True", "a mistake at this point alone is a kink"),
    ),
    *mutants(
        "_slopes.observed_outputs",
        "weight = np.reshape([slope.value for slope in slopes], outputs.shape)",
        (
            "loss(outputs); weight = network.loss.backward()",
            "the loss's own slope taken for a measured one",
        ),
    ),
    *mutants(
        "gradcheck._worst", "first = int(np.argmax(size >= (1 - HAIR) * size.max()))",
        ("first = int(np.argmax(size))", "rounding chooses among equal entries"),
    ),
    *mutants(
        "gradcheck.GradientReport.max_relative_error",
        "return float(np.max([check.relative_error.max() for check in self.parameters.values()]))",
        (
            "return max(float(check.relative_error.max()) for check in self.parameters.values())",
            "a NaN behind a number is lost",
        ),
        (
            "return float(np.max([check.relative_error.mean() "
            "for check in self.parameters.values()]))",
            "one wrong entry drowns among right ones",
        ),
    ),
    *mutants(
        "gradcheck.check_gradients", "network.loss_value(x, y)  # the layers remember the point "
        "asked about, not the last nudge",
        ("pass", "the network is left at the last nudge"),
    ),
    *mutants(
        "gradcheck._rounding_of_gradients",
        "apart = 10 * np.abs(gradients[name] - check.analytic)",
        ("apart = np.zeros_like(check.analytic)", "what rounding leaves of a 0 is a false alarm"),
        ("apart = np.full_like(check.analytic, 1e-6)", "small wrong gradients pass"),
    ),
    # training
    *mutants(
        "training.note_interruption", "del numbers[whole:]",
        ("pass", "a part of an epoch in the history"),
    ),
    *mutants(
        "training._epoch", "loss, accuracy = network.measure(x[batch], y[batch], in_training=True)",
        (
            "loss, accuracy = network.measure(x[batch], y[: len(batch)], in_training=True)",
            "targets of other rows",
        ),
        ("loss, accuracy = network.measure(x[batch], y[batch])", "trains as if in use"),
    ),
    *mutants(
        "training._epoch", "order = rng.permutation(len(x))",
        ("order = np.arange(len(x))", "the same order in every epoch"),
        ("order = rng.integers(0, len(x), len(x))", "some rows twice, some never"),
    ),
    *mutants(
        "training._epoch", "return float(np.average(losses, weights=sizes)), mean_accuracy",
        ("return float(np.average(losses)), mean_accuracy", "a small last batch counts as a whole"),
    ),
    *mutants(
        "training._epoch", "for start in range(0, len(x), batch_size):",
        ("for start in range(0, len(x) - batch_size + 1, batch_size):", "the last rows left out"),
    ),
    # what the lines above leave out
    *mutants(
        "optimizers.Optimizer._taken", "self._memory, self.steps = memory, steps",
        ("self.steps = steps", "the memory not taken over"),
        ("self._memory = memory", "the step not counted"),
    ),
    *mutants(
        "losses.SquaredError.forward",
        "self._difference = prediction - _target(self, target, prediction)",
        ("self._difference = _target(self, target, prediction) - prediction", "the sign"),
    ),
]  # fmt: skip


@cache
def parsed(file):
    source = file.read_text(encoding="utf-8")
    return source, ast.parse(source)


def mutated(mutant):
    """Return the module's file name, and its source with the line replaced."""
    module, *names = mutant.where.split(".")
    file = PACKAGE / f"{module}.py"
    source, node = parsed(file)
    for name in names:
        (node,) = (child for child in node.body if getattr(child, "name", None) == name)
    lines = source.splitlines(keepends=True)
    inside = range(node.lineno - 1, node.end_lineno)
    found = [number for number in inside if lines[number].strip() == mutant.line]
    assert len(found) == 1, (
        f"{mutant.where} has the line {mutant.line!r} {len(found)} times instead of once: "
        "the engine has changed, so bring the table of mutants up to date"
    )
    lines[found[0]] = lines[found[0]].replace(mutant.line, mutant.instead)
    return file.name, "".join(lines)


@cache
def noticed_by():
    """Return the test that noticed each mutant, by the mutant's name."""
    return json.loads(NOTICED_BY.read_text(encoding="utf-8"))


def broken_copy(folder, mutant=None):
    """Copy the package into `folder`, break it, and return what RUN is to do with it.

    Of a copy that is not broken, those tests are run that notice a mutant.
    """
    folder.mkdir()
    copy = folder / "bp_helpers"
    # What Python has compiled comes along; it looks by the time and size of a source what is new.
    not_tested = shutil.ignore_patterns("pictures", "explorers", "exercises")
    shutil.copytree(PACKAGE, copy, ignore=not_tested)
    selections = sorted({*noticed_by().values()})
    if mutant:
        name, source = mutated(mutant)
        (copy / name).write_text(source, encoding="utf-8")
        own, noted = name.removesuffix(".py"), noticed_by().get(mutant.name)
        order = sorted(FAST, key=lambda part: part != own)  # a stable sort: only `own` moves
        selections = [*([noted] if noted else []), *(f"test_{part}.py" for part in order)]
    options = ["-o", "addopts=", "-x", "-q", "--tb=no", "--assert=plain", "-k", f"not ({SLOW})"]
    # without looking for garbage after each run, which takes longer than most tests
    options += ["-p", "no:cacheprovider", "-p", "no:unraisableexception"]
    return [str(folder), options, [str(TESTS / selected) for selected in selections]]


def first_failures(runs):
    """Return, for each copy, the first test that failed, or None."""
    result = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(runs)],
        cwd=runs[0][0],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    # Anything but tests that pass or fail (an import that breaks, say) is no proof.
    assert result.returncode == 0, result.stdout + result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert all((code == 0) == (first is None) for code, first in answers)
    return [first and first.rpartition("/")[2] for _, first in answers]


def failures_of(folder, first):
    """Return the first test that fails for each mutant of the batch that begins at `first`."""
    batch = MUTANTS[first : first + BATCH]
    runs = [broken_copy(folder / str(first + k), mutant) for k, mutant in enumerate(batch)]
    return first_failures(runs)


def test_every_line_of_the_table_is_still_in_the_engine():
    sources = [mutated(mutant) for mutant in MUTANTS]
    for (name, source), mutant in zip(sources, MUTANTS, strict=True):
        compile(source, name, "exec")
        assert source != (PACKAGE / name).read_text(encoding="utf-8"), mutant.mistake


def test_of_each_mutant_of_the_table_it_is_noted_what_notices_it():
    """Without that, nearly all tests run before the one that does."""
    assert set(noticed_by()) == {mutant.name for mutant in MUTANTS}


def test_a_copy_without_a_mistake_passes_also_behind_one_with_a_mistake(tmp_path):
    folder = tmp_path.resolve()
    broken = broken_copy(folder / "broken", MUTANTS[-1])
    assert first_failures([broken, broken_copy(folder / "copy")])[1] is None


@pytest.fixture(scope="module")
def failure(tmp_path_factory):
    """Return what says which test noticed a mutant; a batch is tried when it is asked for."""
    folder, tried = tmp_path_factory.mktemp("mutants").resolve(), {}

    def failure(number):
        first = number - number % BATCH
        if first not in tried:
            tried[first] = failures_of(folder, first)
        return tried[first][number - first]

    return failure


@pytest.mark.parametrize("number", range(len(MUTANTS)), ids=[mutant.name for mutant in MUTANTS])
def test_the_mistake_is_noticed(number, failure):
    assert failure(number) is not None, f"no test notices {MUTANTS[number]}"


if __name__ == "__main__":
    tests = {}
    with TemporaryDirectory() as folder:
        for first in range(0, len(MUTANTS), BATCH):
            noticed = failures_of(Path(folder).resolve(), first)
            for mutant, failure in zip(MUTANTS[first : first + BATCH], noticed, strict=True):
                print(f"{mutant.name} | {failure or 'NOT NOTICED'}", flush=True)
                if failure:
                    tests[mutant.name] = failure
    NOTICED_BY.write_text(json.dumps(tests, indent=1) + "\n", encoding="utf-8", newline="\n")
