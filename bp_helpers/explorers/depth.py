"""How large activations and blame are in each layer of a deep network that has just been drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from bp_helpers.explorers.controls import choice_slider, menu, slider, tick, whole_slider_along
from bp_helpers.explorers.data_sets import digits
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.explorers.torch_form import ACTIVATIONS as TORCH_ACTIVATIONS
from bp_helpers.explorers.torch_form import begin, normalising
from bp_helpers.layers import GELU, Activation, BatchNorm, LeakyReLU, ReLU, Sigmoid, Tanh
from bp_helpers.losses import SoftmaxCrossEntropy
from bp_helpers.pictures import (
    LAYER_AXIS,
    MOST_LAYERS,
    FloatArray,
    Picture,
    Slopes,
    beside,
    layer_sizes,
    slopes_and_factors,
)

ACTIVATIONS: dict[str, type[Activation]] = {
    kind.__name__: kind for kind in (Sigmoid, Tanh, ReLU, LeakyReLU, GELU)
}
WIDTHS = [4, 8, 16, 32, 64]
EXAMPLES, MANY = 16, 20
ONE, TWENTY = "one", "twenty"
FLAT = 1e-9  # a slope below it counts as 0: of 1 - a**2 near 1, rounding leaves few digits
BINS = np.round(np.linspace(-0.2, 1.2, 29), 2)  # of the slopes; GELU's go beyond 0 and 1


class Draws(NamedTuple):
    """Numbers from N(0, 1) for many starts: a network's weights before they are scaled.

    Shapes: `first` (starts, 64, n), `hidden` (layers - 1, starts, n, n), `last` (starts, n, 10),
    `b` (layers, starts, 1, n).
    """

    first: FloatArray
    hidden: FloatArray
    last: FloatArray
    b: FloatArray


@lru_cache(maxsize=4)
def draws(width: int, starts: int) -> Draws:
    """Return the same numbers each time; the first start is the same, however many there are."""
    each = [np.random.default_rng(seed) for seed in range(starts)]
    first = np.stack([rng.normal(size=(64, width)) for rng in each])
    hidden = np.stack([rng.normal(size=(MOST_LAYERS - 1, width, width)) for rng in each], axis=1)
    last = np.stack([rng.normal(size=(width, 10)) for rng in each])
    b = np.stack([rng.normal(size=(MOST_LAYERS, 1, width)) for rng in each], axis=1)
    return Draws(first, hidden, last, b)


@lru_cache(maxsize=1)
def some_digits() -> tuple[FloatArray, FloatArray]:
    """Return 16 digits, (16, 64), and what they show, one-hot, (16, 10)."""
    data = digits()
    return data.x_train[:EXAMPLES], np.eye(10)[data.y_train[:EXAMPLES]]


@dataclass(frozen=True)
class DepthNumbers:
    """What was found, from the first hidden layer to the last.

    `spread` and `lengths`, shape (3, layers), are the median over the starts and the 5 and 95 %
    points: of the standard deviation of the activations, over all examples and units of a layer,
    and of the length of delta. `factors`, shape (2, layers - 1), are the factors by which the
    length of delta changes from each layer's successor to the layer: measured (of several starts,
    the geometric mean) and as the formula predicts them. Both are about the starts in which neither
    of the two layers has a delta of 0, and NaN where there is no such start. `measured` and
    `predicted` are the geometric means of what there is of both, over layers and starts, or None.
    `slope` is the root mean square of the slopes and `mean_slope` their mean; `histogram` are the
    shares of the slopes by BINS. `dead` of `units` have slope 0 for all examples. Delta is 0 in
    `silent` of the layers, of which all starts together have `in_all`.
    """

    spread: FloatArray
    lengths: FloatArray
    factors: FloatArray
    measured: float | None
    predicted: float | None
    slope: float
    mean_slope: float
    histogram: FloatArray
    dead: int
    units: int
    silent: int
    in_all: int
    scale: float
    skip: bool
    norm: bool


class Kept(NamedTuple):
    """What normalisation needs in the backward pass: its result, and 1 over the deviation."""

    normal: FloatArray
    inverse: FloatArray


def sizes(stack: FloatArray) -> FloatArray:
    """Return the length of each array in a stack, all its entries taken together."""
    return np.asarray(np.sqrt(np.einsum("sij,sij->s", stack, stack)))


def deviations(stack: FloatArray) -> FloatArray:
    """Return the standard deviation of each array in a stack, over all its entries.

    It is what Glorot & Bengio (2010) plot by layer. The root mean square would not do: of sigmoids
    it is about 0.5 whatever the network, as their mean is, and hides how far they are apart. No
    prediction depends on it: that is about delta, whose length is a root of squares.
    """
    centred = stack - stack.mean(axis=(1, 2), keepdims=True)
    return sizes(centred) / math.sqrt(stack[0].size)


def normalised(Z: FloatArray) -> Kept:
    """Return each column of each start with mean 0 and spread 1, and what it was multiplied by."""
    centred = Z - Z.mean(axis=1, keepdims=True)
    inverse = 1 / np.sqrt(_mean_product(centred, centred) + BatchNorm.EPSILON)
    return Kept(centred * inverse, inverse)


def _mean_product(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the mean over the examples of what the two give multiplied entry by entry."""
    return np.asarray(np.einsum("sij,sij->sj", one, other)[:, None] / one.shape[1])


def normalised_back(blame: FloatArray, kept: Kept) -> FloatArray:
    """Return dL/dZ from dL/d(normal): the mean and the variance are paths too."""
    through_mean = blame.mean(axis=1, keepdims=True)
    through_variance = kept.normal * _mean_product(blame, kept.normal)
    return np.asarray((blame - through_mean - through_variance) * kept.inverse)


def depth(
    layers: int, width: int, activation: str, scale: float, biases: float, skip: bool, norm: bool,
    starts: str,
) -> DepthNumbers:  # fmt: skip
    """Return how large activations and blame are, layer by layer, on 16 digits.

    Weights are drawn from N(0, scale**2 / n), n being how many values come in, biases from
    N(0, biases**2). With `skip`, each hidden layer after the first is added to what came in; with
    `norm`, each pre-activation is normalised over the batch. A slope below FLAT counts as 0.
    """
    drawn = draws(width, MANY if starts == TWENTY else 1)
    X, Y = some_digits()
    phi = ACTIVATIONS[activation]()
    weights = [drawn.first, *drawn.hidden[: layers - 1]]  # what goes over them is scaled instead
    size = scale / np.sqrt([len(X[0]), *[width] * (layers - 1)])
    last = drawn.last / math.sqrt(width)

    A, spread, kept = X, [], []
    slopes = np.empty((layers, len(last), len(X), width))
    for k, W in enumerate(weights):  # there
        Z = A @ W
        Z *= size[k]
        Z += biases * drawn.b[k]
        if norm:
            kept.append(normalised(Z))
            Z = kept[k].normal
        made = phi.value(Z)
        slope = phi.slope(Z, made)
        slopes[k] = np.where(np.abs(slope) < FLAT, 0, slope)
        A = A + made if skip and k else made
        spread.append(deviations(A))

    p = SoftmaxCrossEntropy.probabilities((A @ last).reshape(-1, 10)).reshape(len(last), -1, 10)
    dA, lengths = (p - Y) / len(X) @ last.transpose(0, 2, 1), []
    for k in reversed(range(layers)):  # and back
        delta = dA * slopes[k]
        if norm:
            delta = normalised_back(delta, kept[k])
        lengths.append(sizes(delta))
        if k:
            handed_back = delta @ weights[k].transpose(0, 2, 1)
            handed_back *= size[k]
            dA = dA + handed_back if skip else handed_back
    return summary(spread, lengths[::-1], slopes, kept, scale, skip, norm)


def summary(
    spread: list[FloatArray], lengths: list[FloatArray], slopes: FloatArray, kept: list[Kept],
    scale: float, skip: bool, norm: bool,
) -> DepthNumbers:  # fmt: skip
    """Return the numbers of all layers and starts in the form in which they are shown.

    `slopes` has shape (layers, starts, examples, n).
    """
    squares = np.einsum("lsij,lsij->ls", slopes, slopes) / slopes[0, 0].size
    stretched = scale**2 * squares
    for k, each in enumerate(kept):
        stretched[k] *= np.square(each.inverse).mean(axis=(1, 2)) * (1 - 2 / EXAMPLES)
    is_there = np.array(lengths) > 0
    starts = is_there[:-1] & is_there[1:]  # for each factor, those that count
    logs = np.log(np.where(is_there, lengths, 1))
    factors = _mean_over(starts, stretched[1:] if skip else stretched[:-1])
    pairs = np.stack([
        np.exp(_mean_over(starts, logs[:-1] - logs[1:])), np.sqrt(1 + factors if skip else factors)
    ])  # fmt: skip
    measured, predicted = (_mean_factor(own, starts.sum(axis=1)) for own in pairs)
    return DepthNumbers(
        _three(spread), _three(lengths), pairs, measured, predicted,
        math.sqrt(squares.mean()), float(slopes.mean()), _histogram(slopes),
        int((slopes == 0).all(axis=2).sum()), slopes[:, :, 0].size, int((~is_there).sum()),
        is_there.size, scale, skip, norm,
    )  # fmt: skip


def _mean_over(starts: npt.NDArray[np.bool_], values: FloatArray) -> FloatArray:
    """Return for each row the mean over the starts that count, and NaN where none does."""
    counts = starts.sum(axis=1)
    sums = np.where(starts, values, 0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _mean_factor(factors: FloatArray, starts: npt.NDArray[np.int_]) -> float | None:
    """Return the geometric mean of factors, each of so many starts, if there are any."""
    known = starts > 0
    if not known.any():
        return None
    return float(np.exp(np.average(np.log(factors[known]), weights=starts[known])))


def _three(each: list[FloatArray]) -> FloatArray:
    """Return the median over the starts, and the points below and above which 5 % lie."""
    stacked = np.stack(each)
    if stacked.shape[1] == 1:
        return np.repeat(stacked.T, 3, axis=0)
    return np.asarray(np.quantile(stacked, [0.5, 0.05, 0.95], axis=1))


def _histogram(slopes: FloatArray) -> FloatArray:
    """Return the share of the slopes between two BINS each; np.histogram takes far longer.

    A hair is added, so that what lies on an edge, but for rounding, is above it everywhere. Layer
    by layer, because so many numbers at once do not fit into the processor's cache.
    """
    per_one = round(1 / (BINS[1] - BINS[0]))
    counts = np.zeros(len(BINS) - 1)
    for layer in slopes:
        place = layer.ravel() * per_one
        place += 1e-9 - BINS[0] * per_one
        counts += np.bincount(place.astype(np.intp), minlength=len(counts))
    return counts / slopes.size


def depth_picture(numbers: DepthNumbers) -> Picture:
    """Draw the sizes by layer, and beside them the slopes and what follows from them."""
    slopes = Slopes(
        BINS, numbers.histogram, numbers.slope, numbers.mean_slope, numbers.dead, numbers.units
    )
    return beside(
        layer_sizes(numbers.spread, numbers.lengths, numbers.factors[1]),
        slopes_and_factors(
            slopes,
            numbers.factors,
            (numbers.measured, numbers.predicted),
            _formula(numbers),
            (numbers.silent, numbers.in_all),
        ),
    )


def _formula(numbers: DepthNumbers) -> str:
    if numbers.skip:
        inside = "scale × slope" + " / deviation" * numbers.norm
        return f"√(1 + ({inside})²)"
    if numbers.norm:
        return "scale × slope / deviation"
    if numbers.silent:  # the slope of all layers is not that of those that count
        return "scale × slope"
    return f"scale × slope = {numbers.scale:.2f} × {numbers.slope:.3f}"


class DepthExplorer(Explorer):
    """How blame fades or swells on its way back through up to sixty layers.

    Blue is the spread of each layer's activations, their standard deviation over all examples and
    units, orange the length of its delta, both on logarithmic scales that stay. The dashed line is
    what the prediction makes of the last layer's delta, layer by layer; each factor stands beside
    the measured one. The network has been drawn and not trained; 16 digits go through it.
    """

    compute, draw = depth, depth_picture
    controls: ClassVar = {
        "layers": whole_slider_along(LAYER_AXIS, "hidden layers", 10, 1, MOST_LAYERS),
        "scale": slider("scale of the start", 1.0, 0.1, 15.0, 0.1),
        "biases": slider("biases", 0.0, 0.0, 2.0, 0.1),
        "width": choice_slider("width", WIDTHS, 32),
        "activation": menu("activation", [*ACTIVATIONS], "Sigmoid", "16em", "6em"),
        "starts": menu("starts", [ONE, TWENTY], ONE, "12em", "4em"),
        "skip": tick("skip connections", "11em"),
        "norm": tick("normalisation", "10em"),
    }
    rows: ClassVar = [
        ["layers", "width"], ["scale", "biases"], ["activation", "starts", "skip", "norm"]
    ]  # fmt: skip
    presets: ClassVar = {
        "ReLU, Xavier": {"activation": "ReLU", "layers": 30},
        "ReLU, He": {"activation": "ReLU", "layers": 30, "scale": 1.4},
        "blow up": {"activation": "ReLU", "layers": 30, "scale": 3.0},
    }

    def torch_code(self) -> str:
        """Return the same pass in PyTorch: the spreads, and the lengths of all deltas."""
        now = self.state
        starts = MANY if now["starts"] == TWENTY else 1
        phi = f"{TORCH_ACTIVATIONS[now['activation']]}({'normal' if now['norm'] else 'Z'})"
        lines = [
            *begin("from bp_helpers.explorers.depth import draws, some_digits"),
            "X, Y = map(torch.tensor, some_digits())",
            f"first, hidden, last, b = map(torch.tensor, draws({now['width']}, {starts}))",
            "A = X.requires_grad_()",
            "pre_activations, spread = [], []",
            f"for k in range({now['layers']}):",
            "    W = hidden[k - 1] if k else first",
            f"    Z = {now['scale']} * A @ W / W.shape[-2] ** 0.5 + {now['biases']} * b[k]",
            "    Z.retain_grad()",
            "    pre_activations.append(Z)",
            *[f"    {line}" for line in normalising("Z")] * now["norm"],
            f"    A = {f'A + {phi} if k else {phi}' if now['skip'] else phi}",
            "    spread.append(A.std((1, 2), correction=0))",
            "logs = torch.log_softmax(A @ last / last.shape[-2] ** 0.5, -1)",
            "loss = -(Y * logs).sum() / len(X)  # of all starts together",
            "loss.backward()",
            "lengths = [Z.grad.norm(dim=(1, 2)) for Z in pre_activations]",
            "for sizes in (spread, lengths):",
            "    print(torch.stack(sizes).quantile(0.5, dim=1))  # the median over the starts",
        ]
        return "\n".join(lines)
