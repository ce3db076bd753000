"""The running example's network once it has learned: trained to tell two species apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from bp_helpers.data import Dataset, load_penguins, running_example
from bp_helpers.network import Network
from bp_helpers.optimizers import Adam
from bp_helpers.pictures import FloatArray
from bp_helpers.training import fit


@cache
def two_species() -> tuple[FloatArray, FloatArray]:
    """Return the Adelie and Chinstrap penguins to train with: x (178, 2), y (178, 2) one-hot."""
    return to_train_with(load_penguins())


def to_train_with(data: Dataset) -> tuple[FloatArray, FloatArray]:
    """Return the first two classes' examples to train with: x (n, 2), y (n, 2) one-hot."""
    two = data.y_train < 2
    return data.x_train[two], np.eye(2)[data.y_train[two]]


def trained_with(data: Dataset) -> dict[str, FloatArray]:
    """Return the parameters, by name, after 300 rounds with all of the two classes at once."""
    network, (x, y) = running_example().network, to_train_with(data)
    fit(network, Adam(network, 0.02), x, y, 300, len(x), np.random.default_rng(0))
    return dict(network.parameters)


@cache
def trained_parameters() -> dict[str, FloatArray]:
    """Return the parameters, by name, of the network trained with the penguins."""
    return trained_with(load_penguins())


def rounded(parameters: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the parameters, rounded to one decimal so that they can be followed."""
    return {name: np.round(array, 1) for name, array in parameters.items()}


@cache
def rounded_parameters() -> dict[str, FloatArray]:
    """Return the rounded parameters of the network trained with the penguins."""
    return rounded(trained_parameters())


def network_with(parameters: Mapping[str, FloatArray]) -> Network:
    """Return the running example's network with these parameters."""
    network = running_example().network
    for name, array in network.parameters.items():
        array[...] = parameters[name]
    return network
