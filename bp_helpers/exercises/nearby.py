"""The quantities that lie near the right one, by name: what may stand in its place."""

from __future__ import annotations

from functools import cache
from itertools import chain, combinations, permutations

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.results import CHANGE
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Layers
from bp_helpers.layers import Dense, Sigmoid
from bp_helpers.losses import Loss, SquaredError
from bp_helpers.network import Network


def stem(name: str) -> str:
    """Return a quantity's name without the number of its layer."""
    return name.rstrip("0123456789")


def network(layers: Layers, loss: Loss | None = None) -> Network:
    """Return the engine's network of these sigmoid layers."""
    pairs = ((Dense.from_arrays(W, b), Sigmoid()) for W, b in layers)
    return Network(list(chain.from_iterable(pairs)), loss or SquaredError())


def nearby(exercise: Exercise, probe: Probe, name: str) -> dict[str, Array]:
    """Return the quantities that are not the one asked for under `name`."""
    if name.startswith(CHANGE.format("")):
        return {}
    true = exercise.result(probe)[name]
    if not isinstance(true, np.ndarray):
        return {}
    return {
        other: array
        for other, array in _quantities(exercise, probe).items()
        if other != name and not (array.shape == true.shape and np.allclose(array, true))
    }


@cache
def _quantities(exercise: Exercise, probe: Probe) -> dict[str, Array]:
    arguments = probe.arguments
    given = {name: a for name, a in arguments.items() if isinstance(a, np.ndarray)}
    results = {
        name: value
        for name, value in exercise.result(probe).items()
        if isinstance(value, np.ndarray)
    }
    layers = arguments.get("layers")
    if layers is None and {"X", "Y", "W", "b"} <= given.keys():
        layers = [(arguments["W"], arguments["b"])]
    if layers is not None:
        Y = arguments.get("Y", np.zeros((len(arguments["X"]), layers[-1][0].shape[1])))
        trace = network(layers).trace(arguments["X"], Y)
        found = {n: np.asarray(a) for n, a in trace.items()}
        return found | given | results
    made = {}
    if "Z" in given:
        made = {
            "phi(Z)": Steps().activation(given["Z"]),
            "the slope of phi": Steps().slope(given["Z"]),
        }
    atoms = {**given, **made}
    turned = {f"{n}.T": a.T for n, a in given.items() if a.ndim == 2}
    products = {
        f"{one} * {other}": atoms[one] * atoms[other]
        for one, other in combinations(atoms, 2)
        if atoms[one].shape == atoms[other].shape
    }
    parts = {**atoms, **turned, **products}
    averaged = {f"{n} / N": a / len(a) for n, a in {**atoms, **products}.items() if a.ndim}
    return {**parts, **averaged, **results}


def matrix_products(_: Exercise, probe: Probe, name: str) -> dict[str, Array]:
    """Return every matrix product of two given arrays, turned or not."""
    given = {n: a for n, a in probe.arguments.items() if isinstance(a, np.ndarray) and a.ndim == 2}
    either_way = given | {f"{n}.T": a.T for n, a in given.items()}
    return {
        f"{one} @ {other}": either_way[one] @ either_way[other]
        for one, other in permutations(either_way, 2)
        if either_way[one].shape[1] == len(either_way[other])
    }
