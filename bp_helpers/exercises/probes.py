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
from bp_helpers.exercises.graphs import PLANS, built
from bp_helpers.layers import Dense, Sigmoid
from bp_helpers.losses import SquaredError
from bp_helpers.network import Network
from bp_helpers.optimizers import GradientDescent


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class Probe:
    """Arguments by name, in the order of the call, and what they are in a few words."""

    arguments: dict[str, Any]
    about: str

    def __post_init__(self) -> None:
        """Lock the arrays: what is right is worked out from them, after the learner's call too."""
        _lock(self.arguments)


def _lock(part: Any) -> None:
    if isinstance(part, np.ndarray):
        part.flags.writeable = False
    elif isinstance(part, (list, tuple, dict)):
        for inner in part.values() if isinstance(part, dict) else part:
            _lock(inner)


def with_other_numbers(probe: Probe) -> list[Probe]:
    """Return probes of the same shapes, in each of which one argument's numbers are others."""
    changed = {name: _other_numbers(value) for name, value in probe.arguments.items()}
    return [
        Probe(probe.arguments | {name: value}, f"{probe.about}, {name} changed")
        for name, value in changed.items()
        if value is not probe.arguments[name]
    ]


def _other_numbers(value: Any) -> Any:
    """Return other numbers in the same form, arrays from their end; the same object for others."""
    if isinstance(value, float):
        return 1.25 * value
    if isinstance(value, np.ndarray) and value.ndim:
        return value[::-1].copy()
    if isinstance(value, (list, tuple)):
        others = type(value)(map(_other_numbers, value))
        is_same = all(one is other for one, other in zip(value, others, strict=True))
        return value if is_same else others
    if isinstance(value, dict):
        return {name: _other_numbers(one) for name, one in value.items()}
    return value


# examples, units of each layer from the inputs on, whether the biases are zero
NETWORKS = [
    (5, (2, 4, 3, 2), False),
    (3, (3, 3, 3, 3), False),
    (4, (3, 2, 1), False),
    (4, (2, 3, 2), True),
    (1, (2, 3, 2), False),
    (4, (2, 1), False),
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
            # several: with one alone, a rate of one's own is a factor like any other
            "learning_rate": (0.8, 0.5, 1.25, 0.6, 0.9, 0.7)[seed],
        }
        about = f"{_examples(n)}, a {'-'.join(map(str, sizes))} network"
        about += " with biases 0" if zero else ""
        probes.append(Probe({name: arrays[name] for name in names} | further, about))
    return probes


def trainings() -> list[Probe]:
    """Return networks to be trained, each for another number of steps.

    The one that makes a single step is not the one that has a single layer.
    """
    probes = networks("X", "Y", "layers", "learning_rate")
    return [
        Probe(probe.arguments | {"steps": steps}, f"{probe.about}, {_counted(steps, 'step')}")
        for probe, steps in zip(probes, (4, 3, 1, 5, 3, 2), strict=True)
    ]


def single_layers(*names: str) -> list[Probe]:
    """Return the named arrays of one layer, for each of SINGLE_LAYERS.

    X and a_in have shape (N, n_in), W and b those of the layer, the others (N, n_out). W1 and
    delta1 are what W and delta are called in a network's first layer.
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
        # near 0 on either side: a threshold that is not 0 shows
        arrays["Z"].flat[0], arrays["Z"].flat[-1] = 4e-8, -4e-8
        arrays |= {"W1": arrays["W"], "delta1": arrays["delta"]}
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


class BentLoss:
    """A loss that bends over each entry, over each differently where others are.

    It remembers the `places` at which it was asked for.
    """

    def __init__(self, mix: Array) -> None:
        self.mix, self.places = mix, list[Array]()

    def __call__(self, w: Array) -> float:
        """Return the loss at w."""
        mix = self.mix
        if np.shape(w) != mix.shape:
            raise ValueError(f"loss takes a w of shape {mix.shape} and got shape {np.shape(w)}")
        self.places.append(np.array(w, float))
        return float(np.sin((mix * w).sum()) + (mix * w * w * w).sum() / 3)


def losses() -> list[Probe]:
    """Return a loss, a w of several shapes, and a step h that is large enough to be seen."""
    probes = []
    for seed, (shape, h, whole) in enumerate(NUDGED):
        rng = np.random.default_rng(seed)
        w = rng.integers(-2, 3, shape) if whole else rng.normal(size=shape)
        about = f"w of shape {shape}{', whole numbers' * whole}, h = {h:g}"
        probes.append(Probe({"loss": BentLoss(rng.normal(size=shape)), "w": w, "h": h}, about))
    return probes


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
        "no difference, and zeros in both": (true * [[1, 0, 1], [0, 1, 1]],) * 2 + (1e-8,),
        "signs turned round": (-true, true, 1e-8),
        "one small entry twice as large": (true * [[1, 1, 1], [1, 1, 2]], true, 1e-8),
        "an analytic 0 that is none": (true * [[1, 1, 0], [1, 1, 1]], true, 1e-8),
        "a measured 0": (true, true * [[1, 1, 0], [1, 1, 1]], 1e-8),
        "sizes below the floor": (true / 100, true / 100 * [[1.1, 1, 1], [1, 1, 3]], 1e-3),
    }  # fmt: skip
    return [
        # a copy, for where both are one array: a function that changes one leaves the other alone
        Probe({"analytic": a, "measured": m.copy(), "floor": floor}, f"{about}, floor {floor:g}")
        for about, (a, m, floor) in cases.items()
    ]


def going_back() -> list[Probe]:
    """Return used and true gradients by name, in the order of the way back; about says the case."""
    true, tiny = _gradients(), _gradients(1e-9)
    two = _with("db2", lambda g: g * 16) | {"dW1": -true["dW1"]}
    # one entry that is 0 has come out as rounding alone
    dead = true | {"db2": true["db2"] * [0, 1], "dW1": np.zeros((2, 3)), "db1": np.zeros(3)}
    nearly_dead = dead | {"db2": true["db2"] * [1e-16, 1]}
    alive = dead | {"dW1": true["dW1"] / 1000}
    cases = {
        "only dW1 is wrong, 16 times too small": (_with("dW1", lambda g: g / 16), true),
        "only dW2 is wrong, by its sign": (_with("dW2", lambda g: -g), true),
        "db2 and dW1 are wrong": (two, true),
        "only db1 is wrong: its entries have changed places, so its length is right": (
            _with("db1", lambda g: g[::-1]), true,
        ),
        "they differ by rounding only": (_with("dW2", lambda g: g), true),
        "only dW1 is wrong, and all gradients are about a billionth": (
            _with("dW1", lambda g: 2 * g, 1e-9), tiny,
        ),
        "nothing is wrong, and some true gradients are 0": (nearly_dead, dead),
        "only dW1 is wrong, and the true one is 0": (alive, dead),
        "only db2 is wrong, by three millionths": (_with("db2", lambda g: g * (1 + 3e-6)), true),
        "dW2 is off by a third of a millionth, and nothing is wrong": (
            _with("dW2", lambda g: g * (1 + 3e-7)), true,
        ),
        "only dW2 is wrong: it is 0": (_with("dW2", lambda g: 0 * g), true),
        "dW1 and db1 are wrong, db1 by more": (
            _with("dW1", lambda g: 1.001 * g) | {"db1": 16 * true["db1"]}, true,
        ),
        "dW2 and db1 are wrong, dW2 by more": (
            _with("dW2", lambda g: 16 * g) | {"db1": 1.001 * true["db1"]}, true,
        ),
        "only dW1 is wrong: all its entries are too small": (
            _with("dW1", lambda g: g - np.abs(g) / 2), true,
        ),
        "only db2 is wrong: all its entries are too large": (
            _with("db2", lambda g: g + np.abs(g) / 2), true,
        ),
    }  # fmt: skip
    return [
        Probe({"used": _copied(used), "true": _copied(true)}, about)
        for about, (used, true) in cases.items()
    ]


def _copied(gradients: dict[str, Array]) -> dict[str, Array]:
    """Return arrays of their own, so that who writes into the one does not change the other."""
    return {name: array.copy() for name, array in gradients.items()}


def _gradients(scale: float = 1.0) -> dict[str, Array]:
    rng = np.random.default_rng(7)
    shapes = {"dW2": (3, 2), "db2": (2,), "dW1": (2, 3), "db1": (3,)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def _with(name: str, change: Callable[[Array], Array], scale: float = 1.0) -> dict[str, Array]:
    """Return gradients of which one is changed; all carry the rounding of another computation."""
    found = {each: array * (1 + 1e-12) for each, array in _gradients(scale).items()}
    return found | {name: change(found[name])}


# The worked example: 2-2-2, one example, one bias per layer, given for both units.
WORKED = {
    "X": np.array([[0.05, 0.10]]),
    "Y": np.array([[0.01, 0.99]]),
    "W1": np.array([[0.15, 0.25], [0.20, 0.30]]),
    "b1": 0.35,
    "W2": np.array([[0.40, 0.50], [0.45, 0.55]]),
    "b2": 0.60,
    "eta": 0.5,
}


def published_steps() -> list[Probe]:
    """Return other numbers and then those of the worked example, whose slip hardly shows."""
    probes = []
    for seed, sizes in enumerate([(2, 2, 2), (3, 4, 2), (2, 3, 1)]):
        rng = np.random.default_rng(seed)
        W1, W2 = (rng.normal(size=pair) for pair in pairwise(sizes))
        arguments = {
            "X": rng.normal(size=(1, sizes[0])), "Y": rng.uniform(size=(1, sizes[-1])),
            "W1": W1, "b1": 0.3 * seed - 0.4, "W2": W2, "b2": 0.5 - 0.4 * seed, "eta": 6.0,
        }  # fmt: skip
        about = f"a {'-'.join(map(str, sizes))} network, other numbers, eta = 6"
        probes.append(Probe(arguments, about))
    return [*probes, Probe(WORKED, "the numbers of the worked example")]


def epochs() -> list[Probe]:
    """Return a network, its optimizer, rows that do not fill the last slice, and a generator."""
    probes = []
    for seed, (n, size, sizes) in enumerate([(7, 3, (2, 3, 2)), (8, 4, (3, 2)), (7, 2, (2, 4, 1))]):
        rng = np.random.default_rng(seed)
        pairs = ((Dense(*pair, rng=rng), Sigmoid()) for pair in pairwise(sizes))
        network = Network([layer for pair in pairs for layer in pair], SquaredError())
        arguments = {
            "network": network,
            "optimizer": GradientDescent(network, 2.0),
            "x": rng.normal(size=(n, sizes[0])),
            "y": rng.uniform(size=(n, sizes[-1])),
            "batch_size": size,
            "rng": np.random.default_rng(10 + seed),
        }
        about = f"{_examples(n)}, batch_size {size}, a {'-'.join(map(str, sizes))} network"
        probes.append(Probe(arguments, about))
    return probes


def adam_steps() -> list[Probe]:
    """Return W, dW, m, s, the step and the learning rate; among the gradients are tiny ones."""
    probes = []
    # not the first step first: there the betas cancel, and what is wrong with them hardly shows
    for seed, shape, t in [(1, (4,), 2), (0, (4, 2), 1), (2, (2, 2), 3), (3, (2, 3), 10)]:
        rng = np.random.default_rng(seed)
        dW = rng.normal(size=shape) * np.where(rng.uniform(size=shape) < 0.3, 1e-5, 1.0)
        m, s = (np.zeros(shape), np.zeros(shape)) if t == 1 else (rng.normal(size=shape), dW**2)
        # several rates: with one of 0.5, twice the rate is what comes out without a rate
        eta = (0.3, 0.5, 0.1, 0.7)[seed]
        s = s * 3 if t == 10 else s / 50  # once the squares have been larger: then s falls
        arguments = {"W": rng.normal(size=shape), "dW": dW, "m": m, "s": s, "t": t, "eta": eta}
        probes.append(Probe(arguments, f"W of shape {shape}, step t = {t}"))
    return probes


def passes_back() -> list[Probe]:
    """Return the units of each layer from the inputs on, a batch, and whether dX is asked for."""
    cases = [
        ([784, 1000, 200, 10], 1, False), ([2, 3, 2], 5, True), ([3, 3, 3, 3], 4, False),
        ([64, 16], 7, False), ([5, 4, 6, 3, 1], 2, True),
    ]  # fmt: skip
    return [
        Probe(
            {"sizes": sizes, "examples": examples, "with_dX": with_dX},
            f"{'-'.join(map(str, sizes))}, {_examples(examples)}, {'with' if with_dX else 'no'} dX",
        )
        for sizes, examples, with_dX in cases
    ]


def one_weight() -> list[Probe]:
    """Return networks, and one of their weights, W[i, j] of the layer at position k."""
    weights = [(1, 1, 0), (1, 0, 2), (0, 2, 1), (1, 1, 0), (0, 1, 2), (0, 1, 0)]
    probes = []
    for probe, (k, i, j) in zip(networks("X", "Y", "layers"), weights, strict=True):
        arguments = probe.arguments | {"k": k, "i": i, "j": j}
        probes.append(Probe(arguments, f"{probe.about}, W[{i}, {j}] of layer {k}"))
    return probes


def cut_chains() -> list[Probe]:
    """Return chains, what comes into the layer at position k, and the blame of the last output.

    The checkpoint is not quite what X gives there, so that it shows whether it was used.
    """
    probes = []
    for probe in networks("X", "layers"):
        layers, X = probe.arguments["layers"], probe.arguments["X"]
        if len(layers) == 1:
            continue
        k = len(layers) // 2
        rng = np.random.default_rng(k)
        arguments = {
            "X": X,
            "checkpoint": rng.uniform(0.1, 0.9, size=(len(X), len(layers[k][0]))),
            "k": k,
            "dA": rng.normal(size=(len(X), layers[-1][0].shape[1])),
            "layers": layers,
        }
        probes.append(Probe(arguments, f"{probe.about}, k = {k}"))
    return probes


def activations_slopes() -> list[Probe]:
    """Return slopes of several activations at random places, a few of them negative or 0."""
    z = np.random.default_rng(0).normal(size=(5, 30, 6))
    slopes = {
        "softplus, whose slope is the sigmoid": 1 / (1 + np.exp(-z[0])),
        "a leaky ReLU": np.where(z[1] > 0, 1.0, 0.2),
        "the sine": np.cos(2 * z[2]),
        "twice the identity": np.full((5, 3), 2.0),
        "ReLU": np.where(z[4] > -0.5, 1.0, 0.0),
    }
    return [Probe({"slopes": array}, about) for about, array in slopes.items()]


def skip_connections() -> list[Probe]:
    """Return dY, Z and W of layers that keep the width."""
    probes = []
    for seed, (n, width) in enumerate([(5, 3), (3, 3), (4, 2), (1, 4)]):
        rng = np.random.default_rng(seed)
        arrays = {name: rng.normal(size=(n, width)) for name in ("dY", "Z")}
        arrays["W"] = rng.normal(size=(width, width))
        probes.append(Probe(arrays, f"{_examples(n)}, a layer of {width} neurons"))
    return probes


def normalisations() -> list[Probe]:
    """Return X, gamma and dY; the last column of X is so narrow that epsilon shows."""
    probes = []
    for seed, (n, width) in enumerate([(5, 3), (3, 3), (6, 2), (2, 4)]):
        rng = np.random.default_rng(seed)
        X = rng.normal(1, 2, size=(n, width))
        X[:, -1] *= 0.02
        arrays = {"X": X, "gamma": rng.uniform(0.5, 2, width), "dY": rng.normal(size=(n, width))}
        probes.append(Probe(arrays, f"{_examples(n)}, {width} columns"))
    return probes


def parts_of_batches() -> list[Probe]:
    """Return gradients of the parts of a batch, and how many examples each has."""
    probes = []
    for seed, (shape, sizes) in enumerate([((3, 2), [7, 6]), ((2, 2), [4, 1, 5]), ((3,), [4, 4])]):
        rng = np.random.default_rng(seed)
        gradients = [rng.normal(size=shape) for _ in sizes]
        about = f"parts of {', '.join(map(str, sizes))} examples, gradients of shape {shape}"
        probes.append(Probe({"gradients": gradients, "sizes": sizes}, about))
    return probes


class MeanGradient:
    """The gradient of a layer without bias under squared error: the mean over the rows it gets.

    It takes `most` rows at a time, as if there were memory for no more.
    """

    def __init__(self, W: Array, most: int) -> None:
        self.W, self.most = W, most

    def __call__(self, X: Array, Y: Array) -> Array:
        """Return dW, the shape of W."""
        X, Y = np.asarray(X), np.asarray(Y)
        if X.ndim < 2 or Y.ndim < 2:
            got = f"arrays of shape {X.shape} and {Y.shape}"
            raise ValueError(f"gradient takes rows, as X[0:1] and Y[0:1] are, and got {got}")
        if not len(X):
            raise ValueError("gradient takes one row or more and got none")
        if len(X) != len(Y):
            raise ValueError(f"gradient takes the same rows of X and Y and got {len(X)}, {len(Y)}")
        if len(X) > self.most:
            raise ValueError(f"gradient takes at most {self.most} rows at a time and got {len(X)}")
        return np.asarray(X.T @ (X @ self.W - Y) / len(X))

    def __deepcopy__(self, memo: dict[int, object]) -> MeanGradient:
        """Return itself, as a function does: nobody changes it."""
        return self


def micro_batches() -> list[Probe]:
    """Return a mean gradient, rows of data, and how many of them fit at a time."""
    probes = []
    for seed, (n, size, shape) in enumerate([(13, 7, (3, 2)), (11, 3, (2, 2)), (8, 4, (2, 1))]):
        rng = np.random.default_rng(seed)
        arguments = {
            "gradient": MeanGradient(rng.normal(size=shape), size),
            "X": rng.normal(size=(n, shape[0])),
            "Y": rng.normal(size=(n, shape[1])),
            "size": size,
        }
        probes.append(Probe(arguments, f"{_examples(n)}, {size} at a time"))
    return probes


def sending_machines() -> list[Probe]:
    """Return networks, a machine's examples, how many machines, and the bytes of one number."""
    cases = [([784, 30, 10], 100, 4, 4), ([2, 3, 2], 7, 3, 8), ([5, 4, 4, 1], 1, 10, 4)]
    return [
        Probe(
            {"sizes": sizes, "examples": examples, "machines": machines, "bytes_each": each},
            f"{'-'.join(map(str, sizes))}, {machines} machines, {_examples(examples)} on each, "
            f"{each} bytes a number",
        )
        for sizes, examples, machines, each in cases
    ]


def _layer(rng: np.random.Generator, n_in: int, n_out: int, zero: bool) -> tuple[Array, Array]:
    W = rng.normal(size=(n_in, n_out))
    return W, np.zeros(n_out) if zero else rng.normal(size=n_out)


def _examples(n: int) -> str:
    return _counted(n, "example")


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'s' if n > 1 else ''}"


def graphs() -> list[Probe]:
    """Return outputs of graphs of numbers, without blame and with what earlier calls left."""
    left = [0.0, 0.0, 0.5, 0.0, 0.0, -0.25]
    cases = zip([*PLANS, PLANS[0]], left, strict=True)
    return [
        Probe(
            {"output": built(given, plan, left)},
            f"{about}{', gradients left by an earlier call' * (left != 0)}",
        )
        for (about, given, plan), left in cases
    ]


# the shape of an array, and the one that broadcasting has stretched it to
STRETCHED = [
    ((3,), (4, 3)),
    ((1, 3), (4, 3)),
    ((4, 1), (4, 3)),
    ((), (2, 3)),
    ((3, 2), (3, 2)),
    ((3, 1), (2, 3, 4)),
    ((2, 1), (2, 1)),
    ((1, 3, 1), (2, 3, 4)),
]


def stretched_arrays() -> list[Probe]:
    """Return gradients of stretched arrays, and the shapes before."""
    probes = []
    for seed, (shape, size) in enumerate(STRETCHED):
        grad = np.random.default_rng(seed).normal(size=size)
        about = f"shape {shape}, stretched to {size}"
        probes.append(Probe({"grad": grad, "shape": shape}, about))
    return probes
