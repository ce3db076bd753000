"""The running example: one small network, one penguin, the same numbers in every notebook."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.layers import Dense, Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.network import Network


@dataclass(frozen=True)
class RunningExample:
    """A 2-3-2 network and the penguin it looks at.

    `x` has shape (1, 2): bill length and depth, standardised; `y` has shape (1, 2): 1 for the
    penguin's species, 0 for the other. `millimetres` are the two measurements as taken.
    """

    network: Network
    x: Array
    y: Array
    input_names: tuple[str, str]
    output_names: tuple[str, str]
    millimetres: tuple[float, float]


def running_example() -> RunningExample:
    """Return a fresh copy of the running example: 2 inputs, 3 hidden neurons, 2 outputs, sigmoids.

    The loss is `SquaredError`. The penguin is an Adelie, training row 1 of `load_penguins()`, its
    measurements rounded to two digits. The 17 parameters are all different, and such that no neuron
    is saturated, no pre-activation or gradient is near zero, and no two values of the forward and
    backward pass agree by accident: what looks equal in the course is equal.
    """
    network = Network(
        [
            Dense.from_arrays(W=[[-0.6, 1.1, 0.8], [1.4, 0.3, -1.6]], b=[-0.7, -0.1, 1.0]),
            Sigmoid(),
            Dense.from_arrays(W=[[1.8, 0.2], [-1.3, 1.5], [-0.5, 1.9]], b=[-0.9, -1.2]),
            Sigmoid(),
        ],
        SquaredError(),
    )
    return RunningExample(
        network=network,
        x=np.array([[-0.76, 0.45]]),
        y=np.array([[1.0, 0.0]]),
        input_names=("bill length", "bill depth"),
        output_names=("Adelie", "Chinstrap"),
        millimetres=(39.6, 18.1),
    )
