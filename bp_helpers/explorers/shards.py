"""A batch cut into parts, and its gradient put together from theirs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from bp_helpers.data import load_penguins
from bp_helpers.explorers.controls import menu, whole_slider_along
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.explorers.torch_form import begin, forward, function, normalising, tensors
from bp_helpers.layers import BatchNorm, Dense, Layer, Sigmoid
from bp_helpers.losses import SoftmaxCrossEntropy
from bp_helpers.network import Network
from bp_helpers.pictures import (
    FloatArray,
    NetworkKind,
    Picture,
    beside,
    examples_axis,
    shard_gradients,
    shards,
)

EXAMPLES = 13
BORDERS = ("border1", "border2")
PLAIN, NORMALISED, ROOT = "a plain network", "with batch normalisation", "root of the mean"
SHOWN = [("dW1[0,0]", 0, 0), ("dW1[0,1]", 0, 1), ("dW1[1,2]", 0, 5), ("db1[0]", 1, 0),
         ("dW2[0,0]", -2, 0), ("dW2[2,1]", -2, 7)]  # fmt: skip


def network_of(kind: str) -> Network:
    """Return a 2-3-3 network, always the same, with or without a layer that sees the batch."""
    rng = np.random.default_rng(5)
    between: list[Layer] = [BatchNorm(3)] if kind == NORMALISED else []
    layers = [Dense(2, 3, rng=rng), *between, Sigmoid(), Dense(3, 3, rng=rng)]
    return Network(layers, SoftmaxCrossEntropy())


def gradients_of(kind: str, x: FloatArray, y: npt.NDArray[Any]) -> list[FloatArray]:
    """Return the gradients of the mean loss over these examples, or the root of their squares'."""
    network = network_of(kind)
    if kind == ROOT:
        each = [gradients_of(PLAIN, x[k : k + 1], y[k : k + 1]) for k in range(len(x))]
        return [np.sqrt(np.mean(np.square(arrays), axis=0)) for arrays in zip(*each, strict=True)]
    network.measure(x, y, in_training=True)
    network.parameter_gradients()
    return list(network.gradients.values())


@dataclass(frozen=True)
class ShardsNumbers:
    """The borders, the sizes between them, and every gradient three ways, an array each.

    `means` has the mean of the parts' gradients, `weighted` their mean weighted by sizes, `whole`
    the gradient of all examples at once; a part without examples has none, and is left out.
    """

    borders: tuple[int, int]
    sizes: tuple[int, ...]
    means: tuple[FloatArray, ...]
    weighted: tuple[FloatArray, ...]
    whole: tuple[FloatArray, ...]

    def off(self, found: tuple[FloatArray, ...]) -> float:
        """Return the length of the difference from the whole batch's gradient, over its own."""
        gap = np.concatenate([np.ravel(a - b) for a, b in zip(found, self.whole, strict=True)])
        return float(
            np.linalg.norm(gap) / np.linalg.norm(np.concatenate([*map(np.ravel, self.whole)]))
        )


def combined(weights: list[float], parts: list[list[FloatArray]]) -> tuple[FloatArray, ...]:
    """Return the sum of the parts' gradients, each part with its weight."""
    each = zip(weights, parts, strict=True)
    shares = [[weight * own for own in arrays] for weight, arrays in each]
    return tuple(np.sum(arrays, axis=0) for arrays in zip(*shares, strict=True))


def shard_numbers(border1: int, border2: int, kind: str) -> ShardsNumbers:
    """Return the gradients of 13 penguins, cut behind two of them, put together in two ways."""
    data = load_penguins()
    x, y = data.x_train[:EXAMPLES], data.y_train[:EXAMPLES]
    pairs = [*pairwise([0, *sorted((border1, border2)), EXAMPLES])]
    sizes = tuple(end - start for start, end in pairs)
    parts = [gradients_of(kind, x[start:end], y[start:end]) for start, end in pairs if end > start]

    means = combined([1 / len(parts)] * len(parts), parts)
    weighted = combined([size / EXAMPLES for size in sizes if size], parts)
    whole = tuple(gradients_of(kind, x, y))
    return ShardsNumbers((border1, border2), sizes, means, weighted, whole)


def shards_picture(numbers: ShardsNumbers) -> Picture:
    """Draw the parts, and below them some of the gradients, three ways."""
    ways = [
        [float(np.ravel(found[array])[at]) for _, array, at in SHOWN]
        for found in (numbers.means, numbers.weighted, numbers.whole)
    ]
    off = numbers.off(numbers.means), numbers.off(numbers.weighted)
    return beside(
        shards(numbers.borders, EXAMPLES, BORDERS),
        shard_gradients([name for name, _, _ in SHOWN], ways[0], ways[1], ways[2], off),
    )


class ShardsExplorer(Explorer):
    """A batch of 13 penguins, cut into parts as if each were on a machine of its own.

    Drag the borders. Each part gives the mean gradient of its own examples. Below stand the plain
    mean of these, their weighted mean, and what all examples at once would have given.
    """

    compute, draw = shard_numbers, shards_picture
    controls: ClassVar = {
        "border1": whole_slider_along(examples_axis(EXAMPLES), "first border", 7, 0, EXAMPLES),
        "border2": whole_slider_along(
            examples_axis(EXAMPLES), "second border", EXAMPLES, 0, EXAMPLES
        ),
        "kind": menu("gradient of", [PLAIN, NORMALISED, ROOT], PLAIN, "23em", "7em"),
    }
    rows: ClassVar = [["border1"], ["border2"], ["kind"]]
    told: ClassVar = ("part ", "Of all gradients: ")
    presets: ClassVar = {"batch normalisation": {"kind": NORMALISED}}

    def torch_code(self) -> str:
        """Return the gradients of the parts, both their means, and the whole's, in PyTorch."""
        kind, sizes = self.state["kind"], [size for size in self.numbers.sizes if size]
        names = ["W1", "b1", *["gamma", "beta"] * (kind == NORMALISED), "W2", "b2"]
        parameters = dict(zip(names, network_of(kind).parameters.values(), strict=True))
        network = NetworkKind("Sigmoid", "SoftmaxCrossEntropy")
        passing = forward(network)
        if kind == NORMALISED:
            normal = ["Z1 = X @ W1 + b1", *normalising("Z1")]
            passing = [*normal, *forward(network, "gamma * normal + beta")]
        passing = [*passing, f"return torch.autograd.grad(loss, [{', '.join(names)}])"]
        gradients = function("gradients(X, Y)", *passing)
        if kind == ROOT:
            each = "each = [mean_gradients(X[k : k + 1], Y[k : k + 1]) for k in range(len(X))]"
            roots = "return [torch.stack(own).square().mean(0).sqrt() for own in zip(*each)]"
            gradients = [
                *function("mean_gradients(X, Y)", *passing),
                *function("gradients(X, Y)", each, roots),
            ]
        lines = [
            *begin("from bp_helpers import load_penguins"),
            "data = load_penguins()",
            f"X = torch.tensor(data.x_train[:{EXAMPLES}])",
            f"Y = torch.tensor(data.y_train[:{EXAMPLES}])",
            *tensors(parameters),
            *gradients,
            "",
            "",
            f"sizes = {sizes}",
            "parts = [gradients(*part) for part in zip(X.split(sizes), Y.split(sizes))]",
            "means = [sum(own) / len(sizes) for own in zip(*parts)]",
            "weighted = [sum(n * g for n, g in zip(sizes, own)) / len(X) for own in zip(*parts)]",
            "whole = gradients(X, Y)",
            'for name, found in {"mean": means, "weighted": weighted, "whole": whole}.items():',
            "    print(name, *found)",
        ]
        return "\n".join(lines)
