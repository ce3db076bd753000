"""Axes, and a function with a step on it: what is drawn is where the numbers say."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, texts

from bp_helpers.pictures.function_step import StepOnFunction, function_step

PROPERTY = settings(derandomize=True, deadline=None, max_examples=150)
ANY = st.floats(allow_nan=False, allow_infinity=False)


def coordinates(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML](\S+?) ([^ML]+)", path)]


def example(**changes):
    x = np.linspace(0, 4, 9)
    given = {"x": x, "y": (x - 3) ** 2, "start": (1.0, 4.0), "slope": -4.0, "end": (2.0, 1.0)}
    return StepOnFunction(**given | changes)


def test_the_tangent_and_the_bars_are_where_the_numbers_say():
    svg = function_step(example(), "x", "y", "A step")
    assert example().promised == -4
    assert example().real == -3
    assert {"promised", "−4.000", "real", "−3.000", "A step", "x", "y"} <= set(texts(svg))
    assert description(svg) == (
        "A step from x 1.000 to 2.000: y goes from 4.000 to 1.000, a change of −3.000; the tangent "
        "with slope −4.000 promised −4.000."
    )
    promised, real = (float(h) for h in re.findall(r'width="44" height="([\d.]+)"', svg.svg))
    assert promised / real == pytest.approx(4 / 3, abs=1e-3)
    first, last = (coordinates(d)[:2] for d in re.findall(r' d="(M[^"]*)"', svg.svg)[0:1] * 2)
    assert first == last  # one straight line
    (x0, y0), (x1, y1) = first
    pixels_per_x, pixels_per_y = 400 / 4, 270 / (9 * 1.5)
    assert (y1 - y0) / pixels_per_y == pytest.approx(4 * (x1 - x0) / pixels_per_x, rel=1e-2)


def test_a_note_is_written_below_and_said():
    svg = function_step(example(), "x", "y", "A step", "promised: −1 × 4 = −4")
    check_svg(svg)
    assert texts(svg).count("promised: −1 × 4 = −4") == 1
    assert description(svg).endswith(" promised −4.000. promised: −1 × 4 = −4.")
    assert "the y" in texts(svg)


def test_names_are_escaped():
    svg = function_step(example(), '<b> & "x"', "y", "a < b")
    check_svg(svg)
    assert {'<b> & "x"', "a < b"} <= set(texts(svg))


@PROPERTY
@given(st.lists(st.tuples(ANY, ANY), min_size=3, max_size=6), ANY)
def test_any_finite_data_can_be_drawn(points, slope):
    x, y = np.array(points).T
    step = StepOnFunction(x, y, points[0], slope, points[1])
    check_svg(function_step(step, "learning rate", "loss", "A step"))


@pytest.mark.parametrize("scale", [0, 1e-300, 1e-12, 1, 1e9, 1e300])
def test_constant_tiny_and_huge_data_can_be_drawn(scale):
    x = np.linspace(0, 1, 5)
    for y in (x**2 * scale, np.full(5, scale), -x * scale, 1 + x * scale):
        step = StepOnFunction(x, y, (0.0, y[0]), scale, (1.0, y[-1]))
        check_svg(function_step(step, "x", "y", "A step"))
