"""Small, readable NumPy layers behind an interactive course on backpropagation.

Rows are examples. `A0 = X`; `Z[l] = A[l-1] @ W[l] + b[l]`; `A[l] = phi(Z[l])`; the loss is a mean
over the examples. Going back, `delta[l] = dL/dZ[l]`, `dW[l] = A[l-1].T @ delta[l]`, and `db[l]` is
the sum of `delta[l]` over the examples.
"""

from bp_helpers.data import (
    Dataset,
    RunningExample,
    load_digits,
    load_penguins,
    load_table,
    make_moons,
    make_spirals,
    running_example,
)
from bp_helpers.gradcheck import GradientReport, ParameterCheck, check_gradients
from bp_helpers.layers import (
    GELU,
    Activation,
    BatchNorm,
    Dense,
    Identity,
    Layer,
    LeakyReLU,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
)
from bp_helpers.losses import BinaryCrossEntropy, Loss, SoftmaxCrossEntropy, SquaredError
from bp_helpers.network import Network
from bp_helpers.optimizers import Adam, GradientDescent, Momentum, Optimizer
from bp_helpers.printing import show
from bp_helpers.training import History, fit

__version__ = "0.1.0"

__all__ = [
    "GELU",
    "Activation",
    "Adam",
    "BatchNorm",
    "BinaryCrossEntropy",
    "Dataset",
    "Dense",
    "GradientDescent",
    "GradientReport",
    "History",
    "Identity",
    "Layer",
    "LeakyReLU",
    "Loss",
    "Momentum",
    "Network",
    "Optimizer",
    "ParameterCheck",
    "ReLU",
    "Residual",
    "RunningExample",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "SquaredError",
    "Tanh",
    "check_gradients",
    "fit",
    "load_digits",
    "load_penguins",
    "load_table",
    "make_moons",
    "make_spirals",
    "running_example",
    "show",
]
