"""Factors as bars: as long as the numbers say, on the side of their sign, and stated in words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, parsed, texts

from bp_helpers.pictures import short
from bp_helpers.pictures.factors import HALF, Factor, product_bars
from bp_helpers.pictures.numerals import heard

PROPERTY = settings(derandomize=True, deadline=None, max_examples=150)
ANY = st.floats(allow_nan=False, allow_infinity=False)
ERROR, SLOPE = Factor("error", -0.6084), Factor("slope", 0.2383, "forward")
DELTA = Factor("delta", -0.6084 * 0.2383)


def bars(svg):
    return list(parsed(svg).iter("{http://www.w3.org/2000/svg}rect"))


def test_words_and_texts_state_every_number():
    svg = product_bars("Adelie", [ERROR, SLOPE], DELTA)
    check_svg(svg)
    assert description(svg) == "error −0.60840 times slope 0.23830 gives delta −0.1450."
    written = {"Adelie", "error", "−0.60840", "×", "slope", "0.23830", "=", "delta", "−0.1450"}
    assert written <= set(texts(svg))


def test_bars_are_as_long_as_the_numbers():
    error, slope, delta = bars(product_bars("Adelie", [ERROR, SLOPE], DELTA))
    for bar, value in [(error, 0.6084), (slope, 0.2383), (delta, 0.6084 * 0.2383)]:
        assert float(bar.get("width")) == pytest.approx(HALF * value, abs=0.01)


def test_sign_is_shown_by_side_dashes_and_filling():
    error, slope, _ = bars(product_bars("Adelie", [ERROR, SLOPE], DELTA))
    zero = float(slope.get("x"))
    assert float(error.get("x")) + float(error.get("width")) == pytest.approx(zero, abs=0.01)
    assert error.get("stroke-dasharray")
    assert slope.get("stroke-dasharray") is None
    assert float(error.get("fill-opacity")) < float(slope.get("fill-opacity"))
    assert "--bp-backward" in error.get("fill")
    assert "--bp-forward" in slope.get("fill")


@pytest.mark.parametrize(("value", "heads"), [(1.0, 0), (1.01, 1), (-1.0, 0), (-400.0, 1)])
def test_what_is_longer_than_the_scale_has_an_arrow_head(value, heads):
    svg = product_bars("Three", [Factor("a", value), Factor("b", 0.5), SLOPE], Factor("c", 0))
    check_svg(svg)
    assert len(re.findall("<path", svg.svg)) == heads
    assert max(float(bar.get("width")) for bar in bars(svg)) == HALF


@PROPERTY
@given(st.lists(ANY, min_size=2, max_size=3), ANY)
def test_any_finite_numbers_can_be_drawn(values, product):
    factors = [Factor(f"<factor> {k}", value) for k, value in enumerate(values)]
    svg = product_bars("a < b", factors, Factor("delta", product))
    check_svg(svg)
    for written in [*(short(value, 5) for value in values), short(product)]:
        assert heard(written) in description(svg)
