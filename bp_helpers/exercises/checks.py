"""One check per exercise: give it your function, it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bp_helpers.exercises import exercise
from bp_helpers.exercises.feedback import Feedback
from bp_helpers.exercises.judge import judge


def check_composition(slope: Callable[..., Any]) -> Feedback:
    """Check `slope(x)`: dy/dx of y = sin(x**2 + 1) ** 3, a float."""
    return judge(exercise.COMPOSITION, slope)


def check_reused_input(circuit_gradient: Callable[..., Any]) -> Feedback:
    """Check `circuit_gradient(a, b)`: (dy/da, dy/db) for p = a * b, s = a + b, y = p * s."""
    return judge(exercise.CIRCUIT, circuit_gradient)


def check_dense(dense: Callable[..., Any]) -> Feedback:
    """Check `dense(X, W, b)`: Z, shape (N, n_out)."""
    return judge(exercise.DENSE, dense)


def check_forward(forward: Callable[..., Any]) -> Feedback:
    """Check `forward(X, layers)`: [A0, A1, ..., AL] of sigmoid layers, A0 being X."""
    return judge(exercise.FORWARD, forward)


def check_delta_squared_error(delta_squared_error: Callable[..., Any]) -> Feedback:
    """Check `delta_squared_error(Z, Y)`: delta of sigmoid outputs, shape (N, n)."""
    return judge(exercise.DELTA_SQUARED_ERROR, delta_squared_error)


def check_delta_cross_entropy(delta_cross_entropy: Callable[..., Any]) -> Feedback:
    """Check `delta_cross_entropy(Z, Y)`: delta of softmax outputs, Y one-hot, shape (N, n)."""
    return judge(exercise.DELTA_CROSS_ENTROPY, delta_cross_entropy)


def check_one_over_n(weight_gradients: Callable[..., Any]) -> Feedback:
    """Check `weight_gradients(X, Y, W, b)`: (dW, db) of one sigmoid layer, squared error."""
    return judge(exercise.WEIGHT_GRADIENTS, weight_gradients)


def check_hand_back(hand_back: Callable[..., Any]) -> Feedback:
    """Check `hand_back(delta, W)`: dA of the layer before, shape (N, n_in)."""
    return judge(exercise.HAND_BACK, hand_back)


def check_hidden_delta(hidden_delta: Callable[..., Any]) -> Feedback:
    """Check `hidden_delta(dA, Z)`: delta of a sigmoid layer, shape (N, n)."""
    return judge(exercise.HIDDEN_DELTA, hidden_delta)


def check_relu_delta(relu_delta: Callable[..., Any]) -> Feedback:
    """Check `relu_delta(dA, Z)`: delta of a ReLU layer, shape (N, n)."""
    return judge(exercise.RELU_DELTA, relu_delta)


def check_own_gradients(own_gradients: Callable[..., Any]) -> Feedback:
    """Check `own_gradients(a_in, delta)`: (dW, db), shapes (n_in, n_out) and (n_out,)."""
    return judge(exercise.OWN_GRADIENTS, own_gradients)


def check_gradients_of(gradients: Callable[..., Any]) -> Feedback:
    """Check `gradients(X, Y, layers)`: [(dW, db), ...], first layer first."""
    return judge(exercise.GRADIENTS, gradients)


def check_input_gradient(input_gradient: Callable[..., Any]) -> Feedback:
    """Check `input_gradient(X, Y, layers)`: dX, shape (N, n0)."""
    return judge(exercise.INPUT_GRADIENT, input_gradient)


def check_training_step(training_step: Callable[..., Any]) -> Feedback:
    """Check `training_step(X, Y, layers, learning_rate)`: new layers [(W, b), ...]."""
    return judge(exercise.TRAINING_STEP, training_step)


def check_numerical_gradient(numerical_gradient: Callable[..., Any]) -> Feedback:
    """Check `numerical_gradient(loss, w, h)`: central differences, an array of w's shape."""
    return judge(exercise.NUMERICAL_GRADIENT, numerical_gradient)


def check_relative_error(relative_error: Callable[..., Any]) -> Feedback:
    """Check `relative_error(analytic, measured, floor)`: that of the worst entry, a float."""
    return judge(exercise.RELATIVE_ERROR, relative_error)


def check_training(train: Callable[..., Any]) -> Feedback:
    """Check `train(X, Y, layers, learning_rate, steps)`: the layers after that many steps."""
    return judge(exercise.TRAINING, train)
