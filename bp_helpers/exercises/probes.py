"""The arguments that the checks try a learner's function with.

Batches of one to five examples, layers that are not square and one network that is, biases that
are not zero and one network whose biases are, a single output: each hides or shows another
mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def gradient_pairs() -> list[Probe]:
    """Return a used and a true gradient of several shapes; one pair points opposite ways."""
    probes = []
    for seed, (shape, sign) in enumerate([((3, 2), 1), ((3,), 1), ((2, 2), -1), ((2, 4), 1)]):
        rng = np.random.default_rng(seed)
        true = rng.normal(size=shape)
        used = sign * 1.7 * (true + 0.5 * rng.normal(size=shape))
        probes.append(Probe({"used": used, "true": true}, f"arrays of shape {shape}"))
    return probes


def dropout_layers() -> list[Probe]:
    """Return X, Y, two layers, and the factors of dropout, which are 0 or 1 / (share that stays).

    Where there are several examples, every hidden neuron is for one of them on and stays, for one
    on and left out, for one off and stays.
    """
    probes = []
    for seed, n, sizes, stays in [
        (23, 6, (2, 4, 2), 0.8),
        (36, 5, (3, 3, 3), 0.5),
        (66, 4, (2, 3, 1), 0.8),
        (0, 1, (2, 3, 2), 0.5),
    ]:
        rng = np.random.default_rng(seed)
        (W1, b1), (W2, b2) = (_layer(rng, *pair, False) for pair in pairwise(sizes))
        kept = (np.arange(n)[:, None] + np.arange(sizes[1])) % 3 > 0
        arguments = {
            "X": rng.normal(size=(n, sizes[0])),
            "Y": rng.uniform(size=(n, sizes[-1])),
            **{"W1": W1, "b1": b1, "W2": W2, "b2": b2},
            "factor": kept / stays,
        }
        about = f"{_examples(n)}, a {'-'.join(map(str, sizes))} network, {stays:.0%} stay"
        probes.append(Probe(arguments, about))
    return probes


def classes() -> list[Probe]:
    """Return Z and one-hot Y for two, three and four classes."""
    probes = []
    for seed, (n, k) in enumerate([(5, 3), (3, 2), (4, 4), (1, 3)]):
        rng = np.random.default_rng(seed)
        Y = np.eye(k)[rng.permutation(max(n, k))[:n] % k]
        probes.append(Probe({"Z": rng.normal(size=(n, k)), "Y": Y}, f"{_examples(n)}, {k} classes"))
    return probes


# Shape of w, step, whether w has whole numbers. These come first: they show a nudge that is cut off
# together with what else is wrong, and the others without.
NUDGED: list[tuple[tuple[int, ...], float, bool]] = [
    ((3, 2), 0.1, True),
    ((2, 3), 0.1, False),
    ((3, 3), 0.01, False),
    ((4,), 0.05, False),
    ((1,), 0.2, False),
]


def losses() -> list[Probe]:
    """Return a loss, a w of several shapes, and a step h that is large enough to be seen."""
    probes = []
    for seed, (shape, h, whole) in enumerate(NUDGED):
        rng = np.random.default_rng(seed)
        w = rng.integers(-2, 3, shape) if whole else rng.normal(size=shape)
        about = f"w of shape {shape}{', whole numbers' * whole}, h = {h:g}"
        probes.append(Probe({"loss": _bent(rng.normal(size=shape)), "w": w, "h": h}, about))
    return probes


def _bent(mix: Array) -> Callable[[Array], float]:
    """Return a loss that bends over each entry, and over each differently where others are."""

    def loss(w: Array) -> float:
        if np.shape(w) != mix.shape:
            raise ValueError(f"loss takes a w of shape {mix.shape} and got shape {np.shape(w)}")
        return float(np.sin((mix * w).sum()) + (mix * w * w * w).sum() / 3)

    return loss


def gradients_twice() -> list[Probe]:
    """Return two versions of a gradient, and the least size that counts."""
    true = np.array([[0.5, -2.0, 0.03], [-0.4, 1.5, -0.007]])
    rounding = 1e-6 * np.array([[1, -2, 3], [-1, 2, -1]])
    cases = {
        "one entry off by 1 percent": (true * [[1, 1, 1], [1.01, 1, 1]], true, 1e-8),
        "an entry off by 1 percent, negative, and too small": (
            true * [[1, 0.99, 1], [1, 1, 1]], true, 1e-8,
        ),
        "rounding only": (true + rounding * true, true, 1e-8),
        "zeros in both": (true * [[1, 0, 1], [0, 1, 1.2]], true * [[1, 0, 1], [0, 1, 1]], 1e-8),
        "signs turned round": (-true, true, 1e-8),
        "one small entry twice as large": (true * [[1, 1, 1], [1, 1, 2]], true, 1e-8),
        "an analytic 0 that is none": (true * [[1, 1, 0], [1, 1, 1]], true, 1e-8),
        "a measured 0": (true, true * [[1, 1, 0], [1, 1, 1]], 1e-8),
        "sizes below the floor": (true / 100, true / 100 * [[1.1, 1, 1], [1, 1, 3]], 1e-3),
    }  # fmt: skip
    return [
        Probe({"analytic": a, "measured": m, "floor": floor}, f"{about}, floor {floor:g}")
        for about, (a, m, floor) in cases.items()
    ]


def _layer(rng: np.random.Generator, n_in: int, n_out: int, zero: bool) -> tuple[Array, Array]:
    W = rng.normal(size=(n_in, n_out))
    return W, np.zeros(n_out) if zero else rng.normal(size=n_out)


def _examples(n: int) -> str:
    return f"{n} example{'s' if n > 1 else ''}"
