"""Sizes by layer and slopes: bars on scales that stay, and what is beyond them is cut."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, parsed, texts

from bp_helpers.pictures import (
    Slopes,
    Version,
    gradients_by_layer,
    layer_sizes,
    slopes_and_factors,
    training_versions,
)
from bp_helpers.pictures.deep_training import LAYERS_DOWN
from bp_helpers.pictures.depth import BOTTOM, FACTORS_TOP, LENGTH_DOWN, LENGTH_TOP, STEP

PROPERTY = settings(max_examples=25, deadline=None)
SIZES = st.floats(-70, 70)
EDGES = np.round(np.linspace(-0.2, 1.2, 29), 2)


def three(*sizes):
    return np.repeat(np.array(sizes)[None], 3, axis=0)


def no_prediction(layers):
    return np.ones(layers - 1)


def bars(svg, colour):
    return [rect for rect in parsed(svg).iter() if colour in (rect.get("fill") or "")]


def test_bars_end_at_their_numbers_on_a_scale_of_18_decades():
    svg = layer_sizes(three(1.0, 1.0), three(1e-3, 1.0), no_prediction(2))
    short, long = (r for r in bars(svg, "backward") if r.tag.endswith("rect"))
    assert float(short.get("height")) == pytest.approx(LENGTH_DOWN * 9 / 18, abs=0.01)
    assert float(long.get("y")) == pytest.approx(LENGTH_TOP + LENGTH_DOWN * 6 / 18, abs=0.01)
    assert "Length of delta: 0.001000 in layer 1, 1.000 in layer 2." in description(svg)


def test_the_words_say_what_is_too_short_for_the_scale_and_how_far_starts_lie_apart():
    lengths = np.array([[1e-20, 1e-15, 1.0], [1e-21, 1e-15, 1.0], [1e-18, 1e-15, 1.0]])
    said = description(layer_sizes(three(1.0, 1.0, 1.0), lengths, no_prediction(3)))
    assert "below 1.00e−12 up to layer 2. Layer 1 from 1.00e−21 to 1.00e−18." in said


def test_too_short_up_to_a_layer_means_all_layers_up_to_there():
    said = description(layer_sizes(three(1.0, 1.0), three(1e49, 0.0), no_prediction(2)))
    assert "below" not in said
    said = description(layer_sizes(three(*[1.0] * 4), three(0, 1e-15, 1, 0), no_prediction(4)))
    assert "below 1.00e−12 up to layer 2." in said


def test_the_promise_leads_around_layers_without_delta():
    lengths = three(1e3, 0.0, 1.0, 0.0)
    svg = layer_sizes(three(*[1.0] * 4), lengths, np.array([10.0, np.nan, np.nan]))
    check_svg(svg)
    (promised,) = [p for p in parsed(svg).iter() if p.get("stroke-dasharray") and p.get("d")]
    places = [[float(n) for n in at.split()] for at in re.split("[ML]", promised.get("d"))[1:]]
    assert len(places) == 2  # from layer 3, the last that has any, to layer 1
    heights = LENGTH_TOP + LENGTH_DOWN - np.array(places)[:, 1]
    assert heights * 18 / LENGTH_DOWN - 12 == pytest.approx([1, 0], abs=0.01)
    check_svg(layer_sizes(three(1.0, 1.0), three(0.0, 0.0), np.array([np.nan])))


@pytest.mark.parametrize("size", [0.0, 1e-60, 1e7, 1e60])
def test_what_is_beyond_the_scale_is_cut_and_has_an_arrow_head(size):
    svg = layer_sizes(three(1.0, 1.0), three(size, 1.0), no_prediction(2))
    check_svg(svg)
    heads = [p for p in bars(svg, "backward") if p.tag.endswith("path")]
    assert len(heads) == 1


@PROPERTY
@given(st.integers(1, 60), SIZES, SIZES, SIZES)
def test_any_sizes_can_be_drawn(layers, first, last, factor):
    sizes = 10.0 ** np.linspace(first, last, layers)
    bands = np.stack([sizes, sizes / 2, sizes * 2])
    factors = np.full((2, layers - 1), 10.0 ** (factor / 70))
    check_svg(layer_sizes(bands, bands, factors[1]))
    check_svg(slopes_and_factors(halves(), factors, (1.0, 1.0), "as said", (0, 60)))


def test_a_layer_keeps_its_place_when_others_are_added():
    def places(layers):
        svg = layer_sizes(three(*[1.0] * layers), three(*[1.0] * layers), no_prediction(layers))
        return [float(r.get("x")) for r in bars(svg, "forward") if r.tag.endswith("rect")]

    assert places(60)[:5] == places(5)
    assert np.diff(places(60)) == pytest.approx(STEP, abs=0.011)


def test_the_promise_follows_the_prediction_of_each_layer():
    svg = layer_sizes(three(1.0, 1.0, 1.0), three(1.0, 1.0, 1.0), np.array([1e-6, 1e-3]))
    (promised,) = [p for p in parsed(svg).iter() if p.get("stroke-dasharray") and p.get("d")]
    heights = [float(at.split()[1]) for at in re.split("[ML]", promised.get("d"))[1:]]
    down = (LENGTH_TOP + LENGTH_DOWN - np.array(heights)) * 18 / LENGTH_DOWN - 12
    assert down == pytest.approx([-9, -3, 0], abs=0.01)


def halves():
    shares = np.zeros(28)
    shares[4] = shares[24] = 0.5
    return Slopes(EDGES, shares, 0.707, 0.5, 3, 40)


def test_measured_and_predicted_factors_stand_beside_each_other():
    factors = np.array([[0.5, 1.0], [1.0, 0.9]])
    svg = slopes_and_factors(halves(), factors, (0.7, 0.95), "as said", (0, 3))
    assert "In each layer the prediction is 0.9000 to 2.000 times what was measured." in (
        description(svg)
    )
    (dots,) = [p for p in parsed(svg).iter() if (p.get("d") or "").count("h0") == 2]
    heights = [float(at.split()[1]) for at in re.split("h0M|M|h0", dots.get("d"))[1:-1]]
    up = (BOTTOM - np.array(heights)) / (BOTTOM - FACTORS_TOP)
    assert up == pytest.approx((np.log10([0.5, 1.0]) + 1) / 2, abs=0.001)


def test_a_factor_that_means_nothing_has_no_dot_and_is_counted():
    factors = np.array([[0.5, np.nan, 1.0], [1.0, np.nan, 0.9]])
    svg = slopes_and_factors(halves(), factors, (0.7, 0.95), "as said", (1, 4))
    check_svg(svg)
    assert [(p.get("d") or "").count("h0") for p in parsed(svg).iter() if p.get("d")].count(2) == 1
    assert "In 1 of 4 layers delta is 0: factors to and from them are left out. In each layer " in (
        description(svg)
    )
    assert "that has a factor the prediction is 0.9000 to 2.000 times" in description(svg)
    assert {"layers without delta:", "1 of 4, left out"} <= {*texts(svg)}


def test_one_layer_has_no_factor():
    svg = slopes_and_factors(halves(), np.ones((2, 0)), (1.0, 1.0), "as said", (0, 1))
    check_svg(svg)
    assert "times what was measured" not in description(svg)


def test_slopes_as_shares_with_the_dead_counted():
    svg = slopes_and_factors(halves(), np.ones((2, 3)), (1.0, 1.0), "as said", (0, 4))
    check_svg(svg)
    assert "dead units: 3 of 40" in texts(svg)
    assert "Dead units, with slope 0 for all examples: 3 of 40." in description(svg)


def test_gradients_of_all_layers_are_drawn_for_each_version():
    svg = gradients_by_layer({"as it was": [1e-8, 1e-4, 1.0], "tanh": [0.1, 0.1, 0.1]})
    check_svg(svg)
    assert "as it was: dW1 1.00e−8, dW3 1.0. tanh: dW1 0.10, dW3 0.10." in description(svg)
    paths = [p for p in parsed(svg).iter() if (p.get("d") or "").count("L") == 2]
    heights = [[float(at.split()[1]) for at in re.split("[ML]", p.get("d"))[1:]] for p in paths]
    faded, level = heights
    assert np.diff(faded) == pytest.approx([-LAYERS_DOWN / 2] * 2, abs=0.1)
    assert len(set(level)) == 1
    assert len({p.get("stroke-dasharray") for p in paths}) == 2  # told apart without colour


def test_trainings_side_by_side_say_where_they_stand():
    svg = training_versions(
        [Version("a", [2.0, 1.0], 0.5, False), Version("b", [30.0], None, True)], 10
    )
    check_svg(svg)
    assert "a: loss 1.00, 50.0 % of unseen digits right." in description(svg)
    assert "b: loss 30.00; grew beyond all bounds." in description(svg)
    dashes = [p.get("stroke-dasharray") for p in parsed(svg).iter() if p.tag.endswith("path")]
    assert len(set(dashes)) == 2  # told apart without colour


def test_the_scales_of_trainings_hold_while_they_go_on():
    def ticks(losses):
        svg = training_versions([Version("a", losses, None, False)], 10)
        return [
            (n.text, n.get("x"), n.get("y")) for n in parsed(svg).iter() if n.get("text-anchor")
        ]

    assert ticks([2.0]) == ticks([2.0 * 0.9**k for k in range(51)])
    wide = [float(x) for text, x, y in ticks([2.0] * 151) if text in ("1200", "1400")]
    assert wide[1] - wide[0] == 2 / 5 * 390
