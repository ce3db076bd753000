"""The running example's network once it has learned: trained to tell two species apart."""

from __future__ import annotations

from functools import cache

import numpy as np

from bp_helpers.data import load_penguins, running_example
from bp_helpers.network import Network
from bp_helpers.optimizers import Adam
from bp_helpers.pictures import FloatArray
from bp_helpers.training import fit


@cache
def two_species() -> tuple[FloatArray, FloatArray]:
    """Return the Adelie and Chinstrap penguins to train with: x (178, 2), y (178, 2) one-hot."""
    penguins = load_penguins()
    two = penguins.y_train < 2
    return penguins.x_train[two], np.eye(2)[penguins.y_train[two]]


@cache
def trained_parameters() -> dict[str, FloatArray]:
    """Return the parameters, by name, after 300 rounds with all of these penguins at once."""
    network = running_example().network
    x, y = two_species()
    fit(network, Adam(network, 0.02), x, y, 300, len(x), np.random.default_rng(0))
    return dict(network.parameters)


@cache
def rounded_parameters() -> dict[str, FloatArray]:
    """Return the trained parameters, rounded to one decimal so that they can be followed."""
    return {name: np.round(array, 1) for name, array in trained_parameters().items()}


def rounded_network() -> Network:
    """Return the running example's network with these rounded parameters."""
    network = running_example().network
    for name, array in network.parameters.items():
        array[...] = rounded_parameters()[name]
    return network
