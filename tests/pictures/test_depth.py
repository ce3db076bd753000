"""Sizes by layer and slopes: bars on scales that stay, and what is beyond them is cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, parsed, texts

from bp_helpers.pictures import Version, layer_sizes, slope_histogram, training_versions
from bp_helpers.pictures.depth import LENGTH_DOWN, LENGTH_TOP

PROPERTY = settings(max_examples=25, deadline=None)
SIZES = st.floats(-70, 70)
EDGES = np.round(np.linspace(-0.2, 1.2, 29), 2)


def three(*sizes):
    return np.repeat(np.array(sizes)[None], 3, axis=0)


def bars(svg, colour):
    return [rect for rect in parsed(svg).iter() if colour in (rect.get("fill") or "")]


def test_bars_end_at_their_numbers_on_a_scale_of_18_decades():
    svg = layer_sizes(three(1.0, 1.0), three(1e-3, 1.0), (1e-3, 1e-3), "as said")
    short, long = (r for r in bars(svg, "backward") if r.tag.endswith("rect"))
    assert float(short.get("height")) == pytest.approx(LENGTH_DOWN * 9 / 18, abs=0.01)
    assert float(long.get("y")) == pytest.approx(LENGTH_TOP + LENGTH_DOWN * 6 / 18, abs=0.01)
    assert "Length of delta: 0.001000 in layer 1, 1.000 in layer 2." in description(svg)


def test_the_words_say_what_is_too_short_for_the_scale_and_how_far_starts_lie_apart():
    lengths = np.array([[1e-20, 1e-15, 1.0], [1e-21, 1e-15, 1.0], [1e-18, 1e-15, 1.0]])
    said = description(layer_sizes(three(1.0, 1.0, 1.0), lengths, (1.0, 1.0), "as said"))
    assert "below 1.00e−12 up to layer 2. Layer 1 from 1.00e−21 to 1.00e−18." in said


@pytest.mark.parametrize("size", [0.0, 1e-60, 1e7, 1e60])
def test_what_is_beyond_the_scale_is_cut_and_has_an_arrow_head(size):
    svg = layer_sizes(three(1.0, 1.0), three(size, 1.0), (1.0, 1.0), "as said")
    check_svg(svg)
    heads = [p for p in bars(svg, "backward") if p.tag.endswith("path")]
    assert len(heads) == 1


@PROPERTY
@given(st.integers(1, 60), SIZES, SIZES, SIZES)
def test_any_sizes_can_be_drawn(layers, first, last, factor):
    sizes = 10.0 ** np.linspace(first, last, layers)
    bands = np.stack([sizes, sizes / 2, sizes * 2])
    check_svg(layer_sizes(bands, bands, (10.0 ** (factor / 70), 1.0), "as said"))


def test_slopes_as_shares_with_the_dead_counted():
    shares = np.zeros(28)
    shares[4] = shares[24] = 0.5
    svg = slope_histogram(EDGES, shares, 0.707, 0.5, (3, 40))
    check_svg(svg)
    assert "dead units: 3 of 40" in texts(svg)
    assert "Dead units, with slope 0 for all examples: 3 of 40." in description(svg)


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
