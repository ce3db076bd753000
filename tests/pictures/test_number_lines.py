"""Linked number lines and the table of slopes: points and arrows stand where the numbers say."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import SVG, check_svg, parsed

from bp_helpers.pictures.number_lines import Quantity, number_lines, ratio, slopes_table

PROPERTY = settings(max_examples=100)


def chain(*numbers):
    """Quantities q0, q1, ...: of each its value, its nudged value and its slope."""
    return [Quantity(f"q{k}", *pair, f"q{k} =", "", s) for k, (*pair, s) in enumerate(numbers)]


def test_points_stand_where_the_numbers_say():
    x, u = chain((0.0, 1.5, 1.0), (-10.0, 5.0, 10.0))
    svg = number_lines([x, replace(u, reach=(-10.0, 10.0))])
    circles = [(float(c.get("cx")), float(c.get("cy"))) for c in parsed(svg).iter(f"{SVG}circle")][
        2:
    ]  # after the legend's
    (x0, y0), (x1, _), (u0, y2), (u1, _) = circles
    assert y2 > y0
    half = x1 - x0  # 1.5 on a line that reaches from -3 to 3
    assert (u0 - x0, u1 - x0) == pytest.approx((-2 * half, half))  # on one from -10 to 10


def test_rounding_is_no_movement():
    before, after = chain((0.1, 0.1 + 2e-17, 1.0), (1.0, 1.0 + 2.3e-16, 1.0))
    assert (before.change, after.change, ratio(before, after)) == (0, 0, None)


ANY = st.floats(-1e12, 1e12)


@PROPERTY
@given(st.lists(st.tuples(ANY, ANY, ANY), min_size=4, max_size=4))
def test_any_numbers_can_be_drawn(numbers):
    quantities = chain(*numbers)
    check_svg(number_lines(quantities))
    check_svg(slopes_table(quantities, [(1.0, numbers[0][0]), (0.1, numbers[1][1])]))


def test_an_arrow_without_room_ends_in_two_heads():
    def heads(end):
        quantities = chain((0.0, 1.0, 1.0), (0.0, end, end))
        return len(re.findall(r"v12z", number_lines(quantities).svg))

    assert heads(200.0) == heads(2.0) + 2  # the measured and the promised one
    assert heads(-200.0) == heads(-2.0) + 2


@pytest.mark.parametrize("end", [0.3, 0.05, -0.05, -0.3])
def test_a_short_arrow_shows_which_way_it_goes(end):
    svg = number_lines(chain((0.0, 1.0, 1.0), (0.0, end, end))).svg
    lengths = [float(length) for length in re.findall(r'd="M\S+ \S+l(\S+) \S+v\S+z"', svg)]
    short = [length for length in lengths if abs(length) < 9]
    assert short, "its head is as long as it is"
    assert all(length * end < 0 for length in short)


def test_the_row_of_the_current_nudge_is_lit():
    def grounds(h):
        svg = slopes_table(chain((0.0, h, 1.0), (0.0, 1.0, 1.0)), [(1.0, 5.0), (0.1, 4.0)])
        return ["used" in rect.get("fill") for rect in parsed(svg).iter(f"{SVG}rect")][-2:]

    assert grounds(0.1) == [False, True]
    assert grounds(1.0) == [True, False]
    assert grounds(0.2) == [False, False]
