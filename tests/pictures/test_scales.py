"""Scales and frames: a number lies where it should, and ticks are round."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, texts

from bp_helpers.pictures.picture import picture
from bp_helpers.pictures.scales import (
    Frame,
    Scale,
    limits,
    round_down,
    round_up,
    ticks,
    wider,
)

PROPERTY = settings(derandomize=True, deadline=None, max_examples=150)
ANY = st.floats(allow_nan=False, allow_infinity=False)
FRAME = Frame.of(64, 20, 400, 200, (0.0, 10.0), (-1.0, 1.0))
LOG = Scale(1e-4, 1.0, 100, 500, log=True)


def coordinates(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML](\S+?) ([^ML]+)", path)]


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


# ---- Logarithmic ---------------------------------------------------------------------------------


def test_a_factor_of_ten_is_always_as_long():
    assert [LOG(value) for value in (1e-4, 1e-3, 1e-2, 1.0)] == pytest.approx([100, 200, 300, 500])
    assert LOG.shares(np.array([1e-4, 1e-2, 1])) == pytest.approx([0, 0.5, 1])
    assert (LOG(1e-9), LOG(0), LOG(-5), LOG(1e300), LOG(5e-324)) == (100, 100, 100, 500, 100)


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (0.1, 2, ["0.1", "0.2", "0.5", "1", "2"]),
        (0.02, 5, ["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"]),
        (1e-4, 1, ["0.0001", "0.001", "0.01", "0.1", "1"]),
        (1e-16, 1, ["10⁻¹⁶", "10⁻¹²", "10⁻⁸", "10⁻⁴", "1"]),
        (1e-12, 1e12, ["10⁻¹²", "10⁻⁷", "10⁻²", "10³", "10⁸"]),
    ],
)
def test_ticks_of_a_logarithmic_scale(low, high, written):
    scale = Scale(low, high, 0, 400, log=True)
    assert [scale.label(tick) for tick in scale.ticks] == written


@PROPERTY
@given(st.floats(1e-12, 1e12))
def test_limits_grow_in_round_steps(value):
    up, down = round_up(value), round_down(value)
    assert down <= value * (1 + 1e-8)
    assert up >= value * (1 - 1e-8)
    assert up / down < 2.51
    for limit in (up, down):
        assert float(f"{limit:.6e}".partition("e")[0]) in (1, 2, 5)


@pytest.mark.parametrize("value", [1e-5, 0.02, 0.5, 1, 10, 2e4])
def test_the_last_bit_does_not_move_a_limit(value):
    for near in (np.nextafter(value, 0), value, np.nextafter(value, 1e9)):
        assert round_up(near) == pytest.approx(value)
        assert round_down(near) == pytest.approx(value)


# ---- Frames --------------------------------------------------------------------------------------


def test_what_is_outside_by_rounding_is_at_the_edge():
    x = np.array([np.nextafter(0.0, -1), 5, np.nextafter(10.0, 11)])
    assert FRAME.path(x, np.array([-1, 0, np.nextafter(1.0, 2)])) == (
        "M64.0 220.0L264.0 120.0L464.0 20.0"
    )
    assert FRAME.holds(np.nextafter(10.0, 11), 0)


@pytest.mark.parametrize("log", ["", "x", "y", "xy"])
@pytest.mark.parametrize("between", [(1e-3, 1e3), (0.5, 2), (1.0, 1e9), (1e-12, 1e-11)])
def test_its_axes_can_be_read(log, between):
    frame = Frame.of(64, 20, 400, 300, between, between, log)
    drawn = picture(500, 360, "Title", "Words", frame.draw("x", "y"))
    check_svg(drawn)
    assert len(texts(drawn)) >= 6


def test_labels_leave_a_common_power_of_ten_out():
    frame = Frame.of(64, 20, 400, 300, (0, 3e7), (0, 1))
    drawn = texts(picture(500, 360, "Title", "Words", frame.draw("x", "y")))
    assert {"x (×10⁷)", "y", "0.5", "3"} <= set(drawn)
