"""The explorer of depth: its numbers are the engine's, and its prediction is kept."""

import itertools
import re

import numpy as np
import pytest
from svg_checks import check_svg

from bp_helpers import BatchNorm, Dense, Network, Residual, SoftmaxCrossEntropy, Tanh
from bp_helpers.explorers import DepthExplorer
from bp_helpers.explorers.depth import (
    ACTIVATIONS,
    BINS,
    depth,
    depth_picture,
    draws,
    some_digits,
)
from bp_helpers.pictures import LAYER_AXIS

USUAL = {"layers": 6, "width": 8, "scale": 1.3, "biases": 0.5, "starts": "one"}


def by_the_engine(layers, width, activation, scale, biases, skip, norm, start=0):
    """Return the sizes of the activations and the lengths of delta, layer by layer."""
    drawn, made = draws(width, start + 1), []
    weights = [drawn.first[start] * scale / 8]
    weights += [W[start] * scale / width**0.5 for W in drawn.hidden[: layers - 1]]
    for k, W in enumerate(weights):
        inside = [Dense.from_arrays(W, biases * drawn.b[k, start, 0])]
        inside += [BatchNorm(width)] if norm else []
        inside += [ACTIVATIONS[activation]()]
        made.append([Residual(inside)] if skip and k else inside)
    last = Dense.from_arrays(drawn.last[start] / width**0.5, np.zeros(10))
    network = Network([layer for block in made for layer in block] + [last], SoftmaxCrossEntropy())
    network.loss_value(*some_digits())
    network.backward()
    A, spread, lengths = some_digits()[0], [], []
    for block in made:
        for layer in block:
            A = layer.forward(A)
        spread.append(A.std())
    grad = last.backward(network.loss.backward())
    for block in reversed(made):
        layers_inside = block[0].layers if isinstance(block[0], Residual) else block
        through = grad
        for layer in reversed(layers_inside[1:]):
            through = layer.backward(through)
        lengths.insert(0, np.linalg.norm(through))
        handed = layers_inside[0].backward(through)
        grad = grad + handed if isinstance(block[0], Residual) else handed
    return spread, lengths


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("skip", "norm"), [*itertools.product([False, True], repeat=2)])
def test_the_numbers_are_the_engines(activation, skip, norm):
    numbers = depth(**USUAL, activation=activation, skip=skip, norm=norm)
    kind = {name: value for name, value in USUAL.items() if name != "starts"}
    spread, lengths = by_the_engine(**kind, activation=activation, skip=skip, norm=norm)
    np.testing.assert_allclose(numbers.spread[0], spread, rtol=1e-9)
    np.testing.assert_allclose(numbers.lengths[0], lengths, rtol=1e-7)
    assert numbers.measured == pytest.approx((lengths[0] / lengths[-1]) ** (1 / 5))
    np.testing.assert_allclose(numbers.factors[0], np.divide(lengths[:-1], lengths[1:]), rtol=1e-7)
    assert numbers.predicted == pytest.approx(np.exp(np.log(numbers.factors[1]).mean()))
    assert numbers.histogram.sum() == pytest.approx(1)


def test_twenty_starts_are_their_median_and_the_first_is_the_single_one():
    kind = {**USUAL, "activation": "Tanh", "skip": False, "norm": False}
    many = depth(**{**kind, "starts": "twenty"})
    del kind["starts"]
    each = np.array([by_the_engine(**kind, start=start)[1] for start in range(20)])
    np.testing.assert_allclose(many.lengths[0], np.median(each, axis=0), rtol=1e-9)
    np.testing.assert_allclose(many.lengths[1], np.quantile(each, 0.05, axis=0), rtol=1e-9)
    one = depth(**kind, starts="one")
    np.testing.assert_allclose(one.lengths[0], each[0], rtol=1e-9)


@pytest.mark.parametrize(
    ("activation", "scale", "norm"),
    [("Sigmoid", 1.0, False), ("Tanh", 0.5, False), ("Tanh", 1.0, False), ("ReLU", 1.0, False),
     ("ReLU", 2**0.5, False), ("ReLU", 3.0, False), ("GELU", 1.5, False), ("Sigmoid", 1.0, True),
     ("Tanh", 2.0, True), ("ReLU", 1.0, True)],
)  # fmt: skip
def test_the_prediction_is_kept_where_layers_are_wide(activation, scale, norm):
    kind = {"layers": 20, "width": 64, "biases": 0.0, "skip": False, "starts": "twenty"}
    numbers = depth(**kind, activation=activation, scale=scale, norm=norm)
    assert numbers.measured == pytest.approx(numbers.predicted, rel=0.05)


@pytest.mark.parametrize("norm", [False, True])
def test_each_layers_factor_is_predicted_and_not_only_their_mean(norm):
    """Biases make the first layers of tanh steeper than the last ones."""
    kind = {"layers": 12, "width": 64, "biases": 1.0, "skip": False, "starts": "twenty"}
    measured, predicted = depth(**kind, activation="Tanh", scale=1.0, norm=norm).factors
    assert measured == pytest.approx(predicted, rel=0.06)
    assert measured.shape == (11,)


def test_the_spread_is_not_the_size():
    """Sigmoids are about 0.5 in every layer; how far apart they are is another matter."""
    kind = {"layers": 10, "width": 64, "biases": 0.0, "skip": False, "norm": False}
    spread = depth(**kind, activation="Sigmoid", scale=1.0, starts="twenty").spread[0]
    assert np.all(spread < 0.15)
    wide = depth(**kind, activation="Sigmoid", scale=4.0, starts="twenty").spread[0]
    assert np.all(wide > 0.3)


def test_the_root_mean_square_counts_and_not_the_mean():
    kind = {"layers": 30, "width": 64, "biases": 0.0, "skip": False, "norm": False}
    he = depth(**kind, activation="ReLU", scale=2**0.5, starts="twenty")
    assert he.mean_slope * 2**0.5 == pytest.approx(0.71, abs=0.02)
    assert he.slope * 2**0.5 == pytest.approx(he.predicted, rel=0.02) == pytest.approx(1, abs=0.02)
    assert he.measured == pytest.approx(1, abs=0.05)


def test_dead_units_are_counted():
    kind = {**USUAL, "skip": False, "norm": False}
    assert depth(**kind, activation="Sigmoid").dead == 0
    numbers = depth(**{**kind, "biases": 0.0, "layers": 20}, activation="ReLU")
    assert 0 < numbers.dead < numbers.units == 160


def test_one_layer_has_no_factor():
    kind = {**USUAL, "layers": 1, "skip": False, "norm": False}
    numbers = depth(**kind, activation="Sigmoid")
    assert (numbers.measured, numbers.predicted) == (None, None)
    assert numbers.factors.shape == (2, 0)


def test_the_words_say_the_numbers():
    explorer = DepthExplorer()
    explorer.set(activation="ReLU", layers=30, starts="twenty")
    for part in explorer.picture:
        check_svg(part)
    numbers = explorer.numbers
    assert f"measured {numbers.measured:.4f}" in explorer.words
    assert f"Dead units, with slope 0 for all examples: {numbers.dead} of" in explorer.words
    assert len(numbers.histogram) == len(BINS) - 1
    assert "Spread of the activations: " in explorer.words


def test_the_slider_of_layers_lies_along_their_axis():
    """So do the bars, which stay in their places when layers are added."""
    explorer = DepthExplorer()
    ends = []
    for layers in (1, 30, 60):
        explorer.set(layers=layers)
        svg = next(iter(explorer.picture)).svg
        _, low, high, start, end = re.search(
            r'data-x="(\w+) (\S+) (\S+) (\S+) (\S+)"', svg
        ).groups()
        per_layer = (float(end) - float(start)) / (float(high) - float(low))
        ends.append(float(start) + (layers - float(low)) * per_layer)
    assert (ends[0], ends[-1]) == pytest.approx((LAYER_AXIS.start, LAYER_AXIS.end))
    assert ends[1] - ends[0] == pytest.approx(29 * (ends[2] - ends[0]) / 59)


def test_where_there_is_no_factor_none_is_said():
    explorer = DepthExplorer()
    explorer.set(layers=1)
    assert "measured none, predicted none" in explorer.words
    explorer.set(layers=60, activation="ReLU", width=4, scale=15.0)
    assert not explorer.numbers.lengths[0].any()
    assert (explorer.numbers.measured, explorer.numbers.predicted) == (None, None)
    assert "In 60 of 60 layers delta is 0" in explorer.words
    for part in explorer.picture:
        check_svg(part)


NARROW = {"width": 4, "activation": "ReLU", "scale": 1.0, "biases": 0.0, "norm": False}


@pytest.mark.parametrize("starts", ["one", "twenty"])
@pytest.mark.parametrize(
    "kind", [{"layers": 22, "skip": True}, {"layers": 8, "skip": False, "biases": 1.0}]
)
def test_a_layer_without_delta_is_left_out_and_counted(kind, starts):
    """What is left is measured between two layers of one start that both have a delta."""
    kind = {**NARROW, **kind}
    numbers = depth(**kind, starts=starts)
    each = np.array([
        by_the_engine(**kind, start=start)[1] for start in range(20 if starts == "twenty" else 1)
    ]).T  # fmt: skip
    assert numbers.silent == (each == 0).sum() > 0
    assert numbers.in_all == each.size
    logs = np.log(each, where=each > 0, out=np.full_like(each, np.nan))
    steps = logs[:-1] - logs[1:]
    assert numbers.measured == pytest.approx(np.exp(np.nanmean(steps)))
    for found, own in zip(numbers.factors[0], steps, strict=True):
        left = own[np.isfinite(own)]
        assert found == pytest.approx(np.exp(left.mean()) if left.size else np.nan, nan_ok=True)
    np.testing.assert_array_equal(*np.isnan(numbers.factors))
    assert 0.2 < numbers.measured / numbers.predicted < 2


def test_the_starts_that_count_are_the_same_for_the_prediction():
    """Of twenty narrow starts, half are dead: the slopes of these are 0, and none of the others'.

    A leaky ReLU goes on where a ReLU ends, so nothing is left out there.
    """
    kind = {**NARROW, "scale": 1.4, "layers": 20, "skip": False, "starts": "twenty"}
    numbers = depth(**kind)
    assert 0.2 < numbers.silent / numbers.in_all < 0.95
    assert numbers.predicted > 1.4 * numbers.slope
    assert depth(**{**kind, "activation": "LeakyReLU"}).silent == 0


def test_what_rounding_leaves_of_a_slope_counts_as_0(monkeypatch):
    """Near 1, 1 - a**2 has few digits, and which they are is up to the processor."""
    kind = {**NARROW, "activation": "Tanh", "scale": 15.0, "layers": 12, "starts": "twenty"}
    numbers = depth(**kind, skip=True)
    value = Tanh.value
    monkeypatch.setattr(Tanh, "value", lambda self, z: np.nextafter(value(self, z), 0))
    moved = depth(**kind, skip=True)
    assert moved.dead == numbers.dead > 0
    assert moved.silent == numbers.silent > 0
    assert moved.measured == pytest.approx(numbers.measured, rel=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("skip", "norm"), [*itertools.product([False, True], repeat=2)])
@pytest.mark.filterwarnings("error")
def test_every_corner_of_the_controls_has_finite_factors(activation, skip, norm):
    corners = itertools.product([1, 2, 59], [0.1, 15.0], [0.0, 2.0], ["one", "twenty"])
    for layers, scale, biases, starts in corners:
        numbers = depth(layers, 4, activation, scale, biases, skip, norm, starts)
        assert not re.search(r"\b(inf|nan)\b", depth_picture(numbers).words)
        means = [mean for mean in (numbers.measured, numbers.predicted) if mean is not None]
        assert len(means) in (0, 2)
        assert all(1e-3 < mean < 1e3 for mean in means)
