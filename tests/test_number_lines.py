"""Linked number lines: every number is the measured one, at whatever the controls stand."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import SVG, check_svg, description, parsed, texts

from bp_helpers.explorers import NumberLinesExplorer
from bp_helpers.explorers.number_lines import FUNCTIONS, NUDGES
from bp_helpers.pictures.number_lines import Quantity, number_lines, ratio, slopes_table

PROPERTY = settings(derandomize=True, deadline=None, max_examples=100)
NAMES = st.sampled_from([*FUNCTIONS])
SETTINGS = st.fixed_dictionaries(
    {"u": NAMES, "v": NAMES, "y": NAMES},
    optional={"x": st.floats(-2, 2), "h": st.sampled_from(NUDGES)},
)


def pictures(explorer):
    return re.findall(r"<svg.*?</svg>", explorer.view.svg)


def measured_slope(function, at):
    """By central differences over four points: the error falls with step**4."""
    step = 1e-3
    near, far = (function(at + k * step) - function(at - k * step) for k in (1, 2))
    return (8 * near - far) / (12 * step)


# ---- The functions --------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("at", [-2.0, -0.3, 0.0, 0.7, 1.9])
def test_each_slope_is_the_measured_one_and_so_is_its_code(name, at):
    function = FUNCTIONS[name]
    assert function.slope(at) == pytest.approx(measured_slope(function.value, at), abs=1e-9)
    scope = {"np": np, "z": at, "phi": FUNCTIONS["sigmoid"].value}
    assert eval(function.code.format("z"), scope) == pytest.approx(function.value(at))
    assert eval(function.slope_code.format("z"), scope) == pytest.approx(function.slope(at))


@pytest.mark.parametrize("x", [-2.0, -1.0, 0.0, 1.0, 2.0])
def test_no_three_functions_overflow(x):
    for u in FUNCTIONS:
        for v in FUNCTIONS:
            for y in FUNCTIONS:
                for start in (x, x + max(NUDGES)):
                    value = start
                    for name in (u, v, y):
                        assert math.isfinite(FUNCTIONS[name].slope(value)), (u, v, y)
                        value = FUNCTIONS[name].value(value)
                    assert abs(value) < 1e15, (u, v, y)


# ---- The explorer -----------------------------------------------------------------------------


@PROPERTY
@given(SETTINGS)
def test_driven_at_random_it_shows_what_is_measured(values):
    explorer = NumberLinesExplorer()
    explorer.set(**values)
    assert explorer.trouble.value == ""
    for svg in pictures(explorer):
        check_svg(svg)
    numbers, now = explorer.numbers(), explorer.values
    places = []
    for start in (numbers["x"], numbers["x"] + numbers["h"]):
        place = [start]
        for name in "uvy":
            place.append(FUNCTIONS[now[name]].value(place[-1]))
        places.append(place)
    assert [q.value for q in numbers["chain"]] == places[0]
    assert [q.nudged for q in numbers["chain"]] == places[1]
    slopes = [FUNCTIONS[now[n]].slope(at) for n, at in zip("uvy", places[0], strict=False)]
    assert numbers["slopes"] == slopes
    assert numbers["product"] == pytest.approx(slopes[0] * slopes[1] * slopes[2])
    assert numbers["measured"] == pytest.approx(
        (places[1][-1] - places[0][-1]) / numbers["h"], rel=1e-6, abs=1e-9
    )
    if None not in numbers["ratios"]:
        assert math.prod(numbers["ratios"]) == pytest.approx(numbers["measured"], rel=1e-9)
    for word in ("nan", "inf", "None"):
        assert word not in explorer.describe(numbers)


@PROPERTY
@given(SETTINGS)
def test_the_code_gives_the_same_numbers(values):
    explorer = NumberLinesExplorer()
    explorer.set(**values)
    made, numbers = {}, explorer.numbers()
    exec(explorer.code(), made)
    assert [made[n] for n in "uvy"] == pytest.approx([q.value for q in numbers["chain"][1:]])
    assert made["slopes"] == pytest.approx(numbers["slopes"])
    assert made["product"] == pytest.approx(numbers["product"])
    assert made["measured"] == pytest.approx(numbers["measured"], rel=1e-6, abs=1e-9)


def test_the_ratio_goes_to_the_slope_as_h_shrinks():
    numbers = NumberLinesExplorer().numbers()
    off = [abs(measured - numbers["product"]) for _, measured in numbers["shrinking"]]
    for larger, smaller in pairwise(off[1:]):
        assert 8 < larger / smaller < 25  # about a tenth of the nudge, a tenth of the error
    assert off[-1] < 1e-3


def test_what_stands_still_has_no_ratio():
    explorer = NumberLinesExplorer()
    explorer.use_preset("there and back")
    numbers = explorer.numbers()
    assert numbers["ratios"] == [0, None, None]
    assert (numbers["measured"], numbers["product"] < -2) == (0, True)
    assert "measured ratio no ratio, as nothing moved" in explorer.describe(numbers)
    lines, table = pictures(explorer)
    assert {"Δx = 1.000 = h", "Δu = 0", "Δy = 0"} <= set(texts(lines))
    assert "–" in texts(table)


def test_of_straight_functions_the_ratio_is_the_slope_with_any_nudge():
    explorer = NumberLinesExplorer()
    explorer.use_preset("straight")
    for h in NUDGES:
        explorer.set(h=h)
        assert explorer.numbers()["measured"] == pytest.approx(explorer.numbers()["product"])


def test_one_saturated_stage_stops_everything():
    explorer = NumberLinesExplorer()
    explorer.use_preset("saturated")
    explorer.set(x=2.0)
    numbers = explorer.numbers()
    assert numbers["slopes"][:2] == [3, 12]
    assert abs(numbers["product"]) < 1e-12


def test_reset_is_exact():
    explorer = NumberLinesExplorer()
    picture, shown = explorer.view.svg, explorer.shown
    explorer.set(u="tanh", v="sin", y="exp of minus", x=-1.0, h=0.001)
    assert (explorer.view.svg, explorer.shown) != (picture, shown)
    explorer.reset()
    assert (explorer.view.svg, explorer.shown) == (picture, shown)


def test_text_states_what_the_picture_shows():
    explorer = NumberLinesExplorer()
    explorer.set(x=1.0, h=1.0, u="square", v="triple", y="triple")
    assert explorer._repr_mimebundle_()["text/plain"] == (
        "x = 1.000, nudged by h = 1\n"
        "u = x²: 1.000, nudged 4.000; slope du/dx = 2 x = 2.0000, measured ratio 3.0000\n"
        "v = 3 u: 3.000, nudged 12.00; slope dv/du = 3 = 3.0000, measured ratio 3.0000\n"
        "y = 3 v: 9.000, nudged 36.00; slope dy/dv = 3 = 3.0000, measured ratio 3.0000\n"
        "Slopes multiplied: 18.0000; measured for the whole: 27.0000\n"
        "As h shrinks, the whole is 27.0000 with h = 1, 18.9000 with h = 0.1, 18.0900 with "
        "h = 0.01, 18.0090 with h = 0.001, 18.0009 with h = 0.0001"
    )
    lines, table = pictures(explorer)
    assert "y moves 18.000 times as far as x, say the slopes; measured: 27.000" in texts(lines)
    assert {"Δv = 9.000 = 9.000 h", "slopes: 6.000 h", "× dv/du = 3.000"} <= set(texts(lines))
    assert "v = 3 u goes from 3.000 to 12.00: 9.000 h" in description(lines)
    assert {"dv/du = 3", "multiplied", "Δy / Δx", "27.0000", "18.0000"} <= set(texts(table))
    assert "Δy / Δx: 27.0000" in description(table)


# ---- The pictures ---------------------------------------------------------------------------


def chain(*numbers):
    """Quantities q0, q1, ...: of each its value, its nudged value and its slope."""
    return [Quantity(f"q{k}", *pair, f"q{k} =", "", s) for k, (*pair, s) in enumerate(numbers)]


def test_points_stand_where_the_numbers_say():
    svg = number_lines(chain((0.0, 1.5, 1.0), (-10.0, 5.0, 10.0)))
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


def test_the_row_of_the_current_nudge_is_lit():
    def grounds(h):
        svg = slopes_table(chain((0.0, h, 1.0), (0.0, 1.0, 1.0)), [(1.0, 5.0), (0.1, 4.0)])
        return ["used" in rect.get("fill") for rect in parsed(svg).iter(f"{SVG}rect")][-2:]

    assert grounds(0.1) == [False, True]
    assert grounds(1.0) == [True, False]
    assert grounds(0.2) == [False, False]
