"""The running network once it has learnt: trained to tell two species of penguins apart."""

from __future__ import annotations

from functools import cache

import numpy as np

from bp_helpers.data import RunningExample, load_penguins, running_example
from bp_helpers.optimizers import Adam
from bp_helpers.pictures import FloatArray
from bp_helpers.training import fit

# The same as code, for a learner who wants the numbers without the explorer.
CODE = [
    "penguins = load_penguins()",
    "two_species = penguins.y_train < 2  # Adelie and Chinstrap",
    "x = penguins.x_train[two_species]",
    "y = np.eye(2)[penguins.y_train[two_species]]",
]


@cache
def two_species() -> tuple[FloatArray, FloatArray]:
    """Return the Adelie and Chinstrap penguins to train with: x (178, 2), y (178, 2) one-hot."""
    penguins = load_penguins()
    two = penguins.y_train < 2
    return penguins.x_train[two], np.eye(2)[penguins.y_train[two]]


@cache
def trained_parameters() -> list[FloatArray]:
    """Return the parameters of the running network after 300 rounds with all penguins at once."""
    network = running_example().network
    x, y = two_species()
    fit(network, Adam(network, 0.02), x, y, 300, len(x), np.random.default_rng(0))
    return list(network.parameters.values())


def trained_example() -> RunningExample:
    """Return the running example with trained parameters, rounded to one decimal to be followed."""
    example = running_example()
    for parameter, trained in zip(
        example.network.parameters.values(), trained_parameters(), strict=True
    ):
        parameter[...] = np.round(trained, 1)
    return example
