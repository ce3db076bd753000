"""What an exercise is made of, and the truth about it: from the engine, and measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises import reading
from bp_helpers.exercises.probes import (
    Probe,
    classes,
    dropout_layers,
    gradient_pairs,
    gradients_twice,
    losses,
    networks,
    numbers,
    single_layers,
)
from bp_helpers.exercises.reading import Reader
from bp_helpers.exercises.steps import Layers
from bp_helpers.gradcheck import STEP, central_differences, relative_errors
from bp_helpers.layers import Dense, Identity, Layer, ReLU, Sigmoid
from bp_helpers.losses import Loss, SoftmaxCrossEntropy, SquaredError
from bp_helpers.network import Network
from bp_helpers.optimizers import GradientDescent


@dataclass(frozen=True, eq=False)  # compared by identity, so that what it gives can be kept
class Exercise:
    """One function for a learner to write.

    `step` is the method of Steps that does the same. `read` names what the function returns.
    `engine` gives the true values with `bp_helpers`; `measured` the slopes among them by nudging,
    or nothing where there is no slope. `noun` and `direction` say what is tried, and which way;
    `two_at_once` whether pairs of mistakes are tried too, which takes long for long programs.
    `right`, behind the number of probes, says what a right function has shown, where a count of
    shapes and batches would not.
    """

    function: str
    step: str
    probes: Sequence[Probe]
    read: Reader
    engine: Callable[..., Any]
    measured: Callable[..., dict[str, Array]] | None = None
    noun: str = "layers"
    direction: str = "going backward"
    two_at_once: bool = True
    right: str = ""


def slopes(function: Callable[[], float], array: Array) -> Array:
    """Return the measured slopes of `function()`, which reads `array`, along each entry of it."""
    return central_differences(array, function, STEP)


def network(layers: Layers, loss: Loss | None = None) -> Network:
    """Return the engine's network of these sigmoid layers."""
    pairs = ((Dense.from_arrays(W, b), Sigmoid()) for W, b in layers)
    return Network(list(chain.from_iterable(pairs)), loss or SquaredError())


# ---- 01: the chain rule ----


def _composition(x: float) -> float:
    u = x * x + 1
    return float(3 * np.sin(u) ** 2 * np.cos(u) * 2 * x)


def _measure_composition(x: float) -> dict[str, Array]:
    at = np.array(x)
    return {"dy/dx": slopes(lambda: float(np.sin(at**2 + 1) ** 3), at)}


def _measure_circuit(a: float, b: float) -> dict[str, Array]:
    at = np.array([a, b])
    da, db = slopes(lambda: float(at[0] * at[1] * (at[0] + at[1])), at)
    return {"da": np.array(da), "db": np.array(db)}


COMPOSITION = Exercise(
    "slope",
    "composition",
    numbers(x=[0.7, -1.3, 0.4, 2.1]),
    reading.one("dy/dx"),
    _composition,
    _measure_composition,
)
CIRCUIT = Exercise(
    "circuit_gradient",
    "circuit_gradient",
    numbers(a=[2.0, -1.5, 0.3], b=[3.0, 0.8, -2.2]),
    reading.pair("da", "db"),
    lambda a, b: (2 * a * b + b * b, a * a + 2 * a * b),
    _measure_circuit,
)

# ---- 02: forward ----


def _forward(X: Array, layers: Layers) -> list[Array]:
    made = [X]
    for layer in network(layers).layers:
        made.append(layer.forward(made[-1]))
    return made[::2]


DENSE = Exercise(
    "dense",
    "dense",
    single_layers("X", "W", "b"),
    reading.one("Z"),
    lambda X, W, b: Dense.from_arrays(W, b).forward(X),
)
FORWARD = Exercise(
    "forward",
    "forward",
    networks("X", "layers"),
    reading.activations,
    _forward,
    None,
    "networks",
    "going forward",
)

# ---- 03: the error at the output ----


def _delta(last: Callable[[], Layer], loss: Callable[[], Loss]) -> Callable[..., Any]:
    def engine(Z: Array, Y: Array) -> Array:
        output = Network([last()], loss())
        output.loss_value(Z, Y)
        return output.backward()

    return engine


def _measure_delta(
    last: Callable[[], Layer], loss: Callable[[], Loss]
) -> Callable[..., dict[str, Array]]:
    def measured(Z: Array, Y: Array) -> dict[str, Array]:
        output = Network([last()], loss())
        return {"delta": slopes(lambda: output.loss_value(Z, Y), Z)}

    return measured


def _gradients(X: Array, Y: Array, layers: Layers) -> Layers:
    trace = network(layers).trace(X, Y)
    return [(trace[f"dW{k}"], trace[f"db{k}"]) for k in range(1, len(layers) + 1)]


def _loss_of(X: Array, Y: Array, layers: Layers) -> Callable[[], float]:
    return lambda: network(layers).loss_value(X, Y)


def _measure_one_layer(X: Array, Y: Array, W: Array, b: Array) -> dict[str, Array]:
    loss = _loss_of(X, Y, [(W, b)])
    return {"dW": slopes(loss, W), "db": slopes(loss, b)}


DELTA_SQUARED_ERROR = Exercise(
    "delta_squared_error",
    "delta_squared_error",
    single_layers("Z", "Y"),
    reading.one("delta"),
    _delta(Sigmoid, SquaredError),
    _measure_delta(Sigmoid, SquaredError),
)
DELTA_CROSS_ENTROPY = Exercise(
    "delta_cross_entropy",
    "delta_cross_entropy",
    classes(),
    reading.one("delta"),
    _delta(Identity, SoftmaxCrossEntropy),
    _measure_delta(Identity, SoftmaxCrossEntropy),
)
WEIGHT_GRADIENTS = Exercise(
    "weight_gradients",
    "weight_gradients",
    single_layers("X", "Y", "W", "b"),
    reading.pair("dW", "db"),
    lambda X, Y, W, b: _gradients(X, Y, [(W, b)])[0],
    _measure_one_layer,
)

# ---- 04: going back ----


def _hand_back(delta: Array, W: Array) -> Array:
    layer = Dense.from_arrays(W, np.zeros(W.shape[1]))
    layer.forward(np.zeros((len(delta), len(W))))
    return layer.backward(delta)


def _measure_hand_back(delta: Array, W: Array) -> dict[str, Array]:
    A = np.zeros((len(delta), len(W)))
    return {"dA": slopes(lambda: float((delta * (A @ W)).sum()), A)}


def _through(activation: Callable[[], Layer]) -> Callable[..., Any]:
    def engine(dA: Array, Z: Array) -> Array:
        layer = activation()
        layer.forward(Z)
        return layer.backward(dA)

    return engine


def _measure_through(activation: Callable[[], Layer]) -> Callable[..., dict[str, Array]]:
    def measured(dA: Array, Z: Array) -> dict[str, Array]:
        layer = activation()
        return {"delta": slopes(lambda: float((dA * layer.forward(Z)).sum()), Z)}

    return measured


def _own_gradients(a_in: Array, delta: Array) -> tuple[Any, Any]:
    layer = Dense.from_arrays(np.zeros((a_in.shape[1], delta.shape[1])), np.zeros(delta.shape[1]))
    layer.forward(a_in)
    layer.parameter_gradients(delta)
    return layer.dW, layer.db


def _measure_own(a_in: Array, delta: Array) -> dict[str, Array]:
    W, b = np.zeros((a_in.shape[1], delta.shape[1])), np.zeros(delta.shape[1])

    def blamed() -> float:
        return float((delta * (a_in @ W + b)).sum())

    return {"dW": slopes(blamed, W), "db": slopes(blamed, b)}


def _measure_gradients(X: Array, Y: Array, layers: Layers) -> dict[str, Array]:
    loss = _loss_of(X, Y, layers)
    found: dict[str, Array] = {}
    for k, (W, b) in enumerate(layers, 1):
        found |= {f"dW{k}": slopes(loss, W), f"db{k}": slopes(loss, b)}
    return found


HAND_BACK = Exercise(
    "hand_back",
    "hand_back",
    single_layers("delta", "W"),
    reading.one("dA"),
    _hand_back,
    _measure_hand_back,
)
HIDDEN_DELTA = Exercise(
    "hidden_delta",
    "hidden_delta",
    single_layers("dA", "Z"),
    reading.one("delta"),
    _through(Sigmoid),
    _measure_through(Sigmoid),
)
RELU_DELTA = Exercise(
    "relu_delta",
    "relu_delta",
    single_layers("dA", "Z"),
    reading.one("delta"),
    _through(ReLU),
    _measure_through(ReLU),
)
OWN_GRADIENTS = Exercise(
    "own_gradients",
    "own_gradients",
    single_layers("a_in", "delta"),
    reading.pair("dW", "db"),
    _own_gradients,
    _measure_own,
)
GRADIENTS = Exercise(
    "gradients",
    "gradients",
    networks("X", "Y", "layers"),
    reading.layer_pairs,
    _gradients,
    _measure_gradients,
    "networks",
)
INPUT_GRADIENT = Exercise(
    "input_gradient",
    "input_gradient",
    networks("X", "Y", "layers"),
    reading.one("dX"),
    lambda X, Y, layers: network(layers).trace(X, Y)["dX"],
    lambda X, Y, layers: {"dX": slopes(_loss_of(X, Y, layers), X)},
    "networks",
)

# ---- 05: learning ----


def _train(X: Array, Y: Array, layers: Layers, learning_rate: float, steps: int = 1) -> Layers:
    learner = network(layers)
    optimizer = GradientDescent(learner, learning_rate)
    for _ in range(steps):
        learner.loss_value(X, Y)
        learner.backward()
        optimizer.step()
    arrays = list(learner.parameters.values())
    return list(zip(arrays[::2], arrays[1::2], strict=True))


def _measure_step(X: Array, Y: Array, layers: Layers, learning_rate: float) -> dict[str, Array]:
    return {
        reading.CHANGE.format(name[1:]): -learning_rate * slope
        for name, slope in _measure_gradients(X, Y, layers).items()
    }


TRAINING_STEP = Exercise(
    "training_step",
    "training_step",
    networks("X", "Y", "layers", learning_rate=0.8),
    reading.changes,
    _train,
    _measure_step,
    "networks",
)
TRAINING = Exercise(
    "train",
    "train",
    networks("X", "Y", "layers", learning_rate=0.8, steps=4),
    reading.changes,
    _train,
    None,
    "networks",
    two_at_once=False,
)

# ---- 06: measuring ----


def _numerical_gradient(loss: Callable[[Array], float], w: Array, h: float) -> Array:
    nudged = np.array(w, float)
    return central_differences(nudged, lambda: loss(nudged), h)


NUMERICAL_GRADIENT = Exercise(
    "numerical_gradient",
    "numerical_gradient",
    losses(),
    reading.one("gradient"),
    _numerical_gradient,
    right="arrays of different shapes, one of whole numbers: every entry is the central "
    "difference, and w is as it was.",
)
RELATIVE_ERROR = Exercise(
    "relative_error",
    "relative_error",
    gradients_twice(),
    reading.one("error"),
    lambda analytic, measured, floor: relative_errors(analytic, measured, floor).max(),
    right="pairs of gradients, among them zeros, signs turned round and one wrong entry among "
    "many, get the error of their worst entry.",
)

# ---- 07: the bug clinic ----


def _symptoms(used: Array, true: Array) -> tuple[float, float]:
    one, other = used.ravel(), true.ravel()
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    return float(one @ other / (lengths[0] * lengths[1])), float(lengths[0] / lengths[1])


def _dropout_loss(
    X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array, factor: Array
) -> float:
    hidden = np.maximum(X @ W1 + b1, 0) * factor
    return network([(W2, b2)]).loss_value(hidden, Y)


def _measure_dropout(**arguments: Array) -> dict[str, Array]:
    def loss() -> float:
        return _dropout_loss(**arguments)

    return {f"d{name}": slopes(loss, arguments[name]) for name in ("W2", "b2", "W1", "b1")}


def _dropout_gradients(
    X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array, factor: Array
) -> tuple[Any, ...]:
    first, relu, rest = Dense.from_arrays(W1, b1), ReLU(), network([(W2, b2)])
    rest.loss_value(relu.forward(first.forward(X)) * factor, Y)
    first.backward(relu.backward(rest.backward() * factor))
    return *rest.gradients.values(), first.dW, first.db


SYMPTOMS = Exercise(
    "symptoms",
    "symptoms",
    gradient_pairs(),
    reading.pair("cosine", "ratio"),
    _symptoms,
    direction="in the order that is asked for",
    right="pairs of gradients, of one axis and of two, agree in cosine and ratio.",
)
DROPOUT = Exercise(
    "dropout_gradients",
    "dropout_gradients",
    dropout_layers(),
    reading.two_layers,
    _dropout_gradients,
    _measure_dropout,
    "networks",
)

EXERCISES = [
    COMPOSITION,
    CIRCUIT,
    DENSE,
    FORWARD,
    DELTA_SQUARED_ERROR,
    DELTA_CROSS_ENTROPY,
    WEIGHT_GRADIENTS,
    HAND_BACK,
    HIDDEN_DELTA,
    RELU_DELTA,
    OWN_GRADIENTS,
    GRADIENTS,
    INPUT_GRADIENT,
    TRAINING_STEP,
    TRAINING,
    NUMERICAL_GRADIENT,
    RELATIVE_ERROR,
    SYMPTOMS,
    DROPOUT,
]
