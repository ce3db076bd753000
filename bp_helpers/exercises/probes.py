"""The arguments that the checks try a learner's function with.

Batches of one to five examples, layers that are not square and one network that is, biases that
are not zero and one network whose biases are, a single output: each hides or shows another
mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from bp_helpers._checks import Array


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class Probe:
    """Arguments by name, in the order of the call, and what they are in a few words."""

    arguments: dict[str, Any]
    about: str


# examples, units of each layer from the inputs on, whether the biases are zero
NETWORKS = [
    (5, (2, 4, 3, 2), False),
    (3, (3, 3, 3, 3), False),
    (4, (3, 2, 1), False),
    (4, (2, 3, 2), True),
    (1, (2, 3, 2), False),
]
# examples, inputs and outputs of one layer, whether its bias is zero
SINGLE_LAYERS = [
    (5, 3, 2, False),
    (3, 3, 3, False),
    (4, 2, 1, False),
    (4, 3, 2, True),
    (1, 2, 3, False),
]


def numbers(**values: Sequence[float]) -> list[Probe]:
    """Return probes of plain numbers: `numbers(a=[1, 2], b=[3, 4])` makes two."""
    rows = (dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True))
    return [
        Probe(row, ", ".join(f"{name} = {value:g}" for name, value in row.items())) for row in rows
    ]


def networks(*names: str, **further: Any) -> list[Probe]:
    """Return the named ones of X, Y and layers, and what else is given, for each of NETWORKS."""
    probes = []
    for seed, (n, sizes, zero) in enumerate(NETWORKS):
        rng = np.random.default_rng(seed)
        arrays = {
            "layers": [_layer(rng, n_in, n_out, zero) for n_in, n_out in pairwise(sizes)],
            "X": rng.normal(size=(n, sizes[0])),
            "Y": rng.uniform(-1, 2, size=(n, sizes[-1])),
        }
        about = f"{_examples(n)}, a {'-'.join(map(str, sizes))} network"
        about += " with biases 0" if zero else ""
        probes.append(Probe({name: arrays[name] for name in names} | further, about))
    return probes


def single_layers(*names: str) -> list[Probe]:
    """Return the named arrays of one layer, for each of SINGLE_LAYERS.

    X and a_in have shape (N, n_in), W and b those of the layer, the others (N, n_out).
    """
    probes = []
    for seed, (n, n_in, n_out, zero) in enumerate(SINGLE_LAYERS):
        rng = np.random.default_rng(seed)
        W, b = _layer(rng, n_in, n_out, zero)
        arrays = {
            "W": W,
            "b": b,
            "X": rng.normal(size=(n, n_in)),
            "a_in": rng.uniform(0.1, 0.9, size=(n, n_in)),
            "Y": rng.uniform(-1, 2, size=(n, n_out)),
            **{name: rng.normal(size=(n, n_out)) for name in ("Z", "delta", "dA")},
        }
        chosen = {name: arrays[name] for name in names}
        shapes = ", ".join(f"{name} {array.shape}" for name, array in chosen.items())
        probes.append(Probe(chosen, f"{_examples(n)}: {shapes}"))
    return probes


def classes() -> list[Probe]:
    """Return Z and one-hot Y for two, three and four classes."""
    probes = []
    for seed, (n, k) in enumerate([(5, 3), (3, 2), (4, 4), (1, 3)]):
        rng = np.random.default_rng(seed)
        Y = np.eye(k)[rng.permutation(max(n, k))[:n] % k]
        probes.append(Probe({"Z": rng.normal(size=(n, k)), "Y": Y}, f"{_examples(n)}, {k} classes"))
    return probes


def _layer(rng: np.random.Generator, n_in: int, n_out: int, zero: bool) -> tuple[Array, Array]:
    W = rng.normal(size=(n_in, n_out))
    return W, np.zeros(n_out) if zero else rng.normal(size=n_out)


def _examples(n: int) -> str:
    return f"{n} example{'s' if n > 1 else ''}"
