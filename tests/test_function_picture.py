"""Axes, and a function with a step on it: what is drawn is where the numbers say."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, texts

from bp_helpers.pictures.axes import Frame, limits, short, ticks, wider
from bp_helpers.pictures.function import StepOnFunction, function_step

PROPERTY = settings(derandomize=True, deadline=None, max_examples=150)
ANY = st.floats(allow_nan=False, allow_infinity=False)
FRAME = Frame(64, 20, 400, 200, (0.0, 10.0), (-1.0, 1.0))


def coordinates(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML](\S+?) ([^ML]+)", path)]


def example(**changes):
    x = np.linspace(0, 4, 9)
    given = {"x": x, "y": (x - 3) ** 2, "start": (1.0, 4.0), "slope": -4.0, "end": (2.0, 1.0)}
    return StepOnFunction(**given | changes)


def test_numbers_become_pixels():
    assert (FRAME.x(0), FRAME.x(5), FRAME.x(10)) == (64, 264, 464)
    assert (FRAME.y(-1), FRAME.y(0), FRAME.y(1)) == (220, 120, 20)
    assert (FRAME.x(-3), FRAME.y(7)) == (64, 20)  # outside: at the edge
    assert FRAME.holds(10, -1)
    assert not FRAME.holds(10.1, 0)
    assert not FRAME.holds(5, float("nan"))


def test_points_outside_leave_a_gap():
    y = np.array([0.0, 0.5, 2.0, np.nan, np.inf, 0.5, 1.0])
    path = FRAME.path(np.arange(7.0), y)
    assert path == "M64.0 120.0L104.0 70.0M264.0 70.0L304.0 20.0"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((0, 0), (10, 0), [(64, 120), (464, 120)]),
        ((0, 0), (5, 2), [(64, 120), (164, 20)]),
        ((-10, 0), (20, 0), [(64, 120), (464, 120)]),
        ((2, -9), (2, 9), [(144, 220), (144, 20)]),
        ((0, 2), (10, 2), []),
        ((0, 3), (1, 1.5), []),
        ((0, 0), (5, float("inf")), []),
    ],
)
def test_a_straight_line_is_cut_at_the_frame(start, end, expected):
    assert coordinates(FRAME.segment(start, end)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-3, 7, [-2, 0, 2, 4, 6]),
        (0.1, 0.32, [0.1, 0.15, 0.2, 0.25, 0.3]),
    ],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


@PROPERTY
@given(st.lists(ANY, min_size=1, max_size=5))
def test_any_data_gives_usable_limits_and_ticks(values):
    between = limits(values)
    low, high = wider(between, 0.4, 0.1)
    assert -8e307 <= low < high <= 8e307
    made = ticks(low, high)
    assert 2 <= len(made) <= 7
    assert all(low - 1e-6 * abs(low) <= tick <= high + 1e-6 * abs(high) for tick in made)
    kept = [v for v in values if abs(v) <= 8e307]
    assert all(between[0] <= v <= between[1] for v in kept)


def test_limits_of_nothing_finite():
    assert limits([np.nan, np.inf]) == (0, 1)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"), (-0.0, "0"), (0.33341, "0.3334"), (-0.09335, "−0.09335"), (12.5, "12.50"),
        (1234.5, "1234"), (-2.5e-7, "−2.50×10⁻⁷"), (1.3e6, "1.30×10⁶"), (float("-inf"), "−inf"),
    ],
)  # fmt: skip
def test_short_numbers(value, written):
    assert short(value) == written


def test_the_tangent_and_the_bars_are_where_the_numbers_say():
    svg = function_step(example(), "x", "y", "A step")
    assert example().promised == -4
    assert example().real == -3
    assert {"promised", "−4.000", "real", "−3.000", "A step", "x", "y"} <= set(texts(svg))
    assert description(svg) == (
        "A step from x 1.000 to 2.000: y goes from 4.000 to 1.000, a change of −3.000; the tangent "
        "with slope −4.000 promised −4.000."
    )
    promised, real = (float(h) for h in re.findall(r'width="44" height="([\d.]+)"', svg))
    assert promised / real == pytest.approx(4 / 3, abs=1e-3)
    first, last = (coordinates(d)[:2] for d in re.findall(r' d="(M[^"]*)"', svg)[0:1] * 2)
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
