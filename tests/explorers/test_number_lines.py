"""Linked number lines: every number is the measured one, at whatever the controls stand."""

import math
import re
from decimal import Decimal
from itertools import pairwise, product

import pytest
from driving import at_start
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, texts
from thorough import some

from bp_helpers.explorers import NumberLinesExplorer
from bp_helpers.explorers.number_lines import FUNCTIONS, NUDGES, small_change
from bp_helpers.pictures import ratio, slopes_table

PROPERTY = settings(max_examples=60)
NAMES = st.sampled_from([*FUNCTIONS])
SETTINGS = st.fixed_dictionaries(
    {"u": NAMES, "v": NAMES, "y": NAMES},
    optional={"x": st.floats(-2, 2), "h": st.sampled_from(NUDGES)},
)


def measured_slope(function, at):
    """By central differences over four points: the error falls with step**4."""
    step = 1e-3
    near, far = (function(at + k * step) - function(at - k * step) for k in (1, 2))
    return (8 * near - far) / (12 * step)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("at", [-2.0, -0.3, 0.0, 0.7, 1.9])
def test_each_slope_is_the_measured_one(name, at):
    function = FUNCTIONS[name]
    assert function.slope(at) == pytest.approx(measured_slope(function.value, at), abs=1e-9)


RULES = {
    "triple": ("3 z", "3"), "half": ("z / 2", "1/2"), "plus one": ("z + 1", "1"),
    "negative": ("−z", "−1"), "square": ("z²", "2 z"), "sin": ("sin z", "cos z"),
    "exp of minus": ("exp(−z)", "−exp(−z)"), "tanh": ("tanh z", "1 − tanh² z"),
    "sigmoid": ("φ(z)", "φ(z) (1 − φ(z))"),
}  # fmt: skip


def by_python(rule, z):
    """The value of a rule as it is written in the picture."""
    for written, meant in [
        ("tanh² z", "tanh(z)**2"), ("z²", "z**2"), ("3 z", "3*z"), ("2 z", "2*z"), ("−", "-"),
        (") (", ")*("), ("sin z", "sin(z)"), ("cos z", "cos(z)"), ("tanh z", "tanh(z)"),
    ]:  # fmt: skip
        rule = rule.replace(written, meant)
    names = {"z": z, "φ": lambda u: 1 / (1 + math.exp(-u))}
    return eval(rule, names | {name: getattr(math, name) for name in ("sin", "cos", "exp", "tanh")})


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("at", [-2.0, -0.3, 0.0, 0.7, 1.9])
def test_what_is_written_is_what_is_computed(name, at):
    function = FUNCTIONS[name]
    rule, slope_rule = function.rule.format("z"), function.slope_rule.format("z")
    assert (rule, slope_rule) == RULES[name]
    assert by_python(rule, at) == pytest.approx(function.value(at))
    assert by_python(slope_rule, at) == pytest.approx(function.slope(at))


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


@PROPERTY
@given(SETTINGS)
def test_driven_at_random_it_shows_what_is_measured(values):
    explorer = at_start(NumberLinesExplorer)
    explorer.set(**values)
    assert explorer.trouble.value == ""
    for part in explorer.picture:
        check_svg(part)
    numbers, now = explorer.numbers, explorer.values
    places = []
    for start in (now["x"], now["x"] + now["h"]):
        place = [start]
        for name in "uvy":
            place.append(FUNCTIONS[now[name]].value(place[-1]))
        places.append(place)
    assert [q.value for q in numbers.chain] == places[0]
    assert [q.nudged for q in numbers.chain] == places[1]
    slopes = [FUNCTIONS[now[n]].slope(at) for n, at in zip("uvy", places[0], strict=False)]
    assert numbers.slopes == slopes
    assert numbers.product == pytest.approx(slopes[0] * slopes[1] * slopes[2])
    assert numbers.measured == pytest.approx(
        (places[1][-1] - places[0][-1]) / now["h"], rel=1e-6, abs=1e-9
    )
    ratios = [ratio(before, after) for before, after in pairwise(numbers.chain)]
    if None not in ratios:
        assert math.prod(ratios) == pytest.approx(numbers.measured, rel=1e-9)


def shown_in_columns(numbers):
    """The factors and their product as the table's words have them: the slopes, then the ratios."""
    words = slopes_table(numbers.chain, numbers.shrinking).words.replace("\N{MINUS SIGN}", "-")
    pairs = re.findall(r": slope (\S+), measured ([^;\s]+);", words)
    return list(zip(*pairs, strict=True))


def is_product(column):
    *factors, product = map(Decimal, column)
    return abs(math.prod(factors) - product) <= Decimal(5).scaleb(product.as_tuple().exponent - 1)


MENUS = [*product(FUNCTIONS, repeat=3)]
GRID = [round(-2 + k / 20, 2) for k in range(81)]


def states():
    """Some of the menus with all places of x and h; thoroughly, all of them."""
    start = ("square", "triple", "sin")
    for menus in [start, *some(MENUS, each=240, first=5)]:
        yield from product([menus], GRID, NUDGES)
    yield from product(MENUS, [-1.85], NUDGES[1::5])


def test_what_is_shown_multiplies_to_what_is_shown():
    for menus, x, h in states():
        columns = shown_in_columns(small_change(*menus, h, x))
        assert [len(column) for column in columns] == [4, 4]
        for column in columns:
            assert "\N{EN DASH}" in column or is_product(column), (menus, x, h, column)
            assert max(map(len, column)) <= 12, "it has no more room"


def test_the_ratio_goes_to_the_slope_as_h_shrinks():
    numbers = NumberLinesExplorer().numbers
    off = [abs(measured - numbers.product) for _, measured in numbers.shrinking]
    for larger, smaller in pairwise(off[1:]):
        assert 8 < larger / smaller < 25  # about a tenth of the nudge, a tenth of the error
    assert off[-1] < 1e-3


def test_what_stands_still_has_no_ratio():
    explorer = NumberLinesExplorer()
    explorer.use_preset("there and back")
    numbers = explorer.numbers
    assert [ratio(before, after) for before, after in pairwise(numbers.chain)] == [0, None, None]
    assert (numbers.measured, numbers.product < -2) == (0, True)
    assert "slope 3.0000, measured –; " in explorer.picture.words
    lines, table = explorer.picture
    assert {"Δx = 1.000 = h", "Δu = 0", "Δy = 0"} <= set(texts(lines))
    assert "–" in texts(table)


def test_of_straight_functions_the_ratio_is_the_slope_with_any_nudge():
    explorer = NumberLinesExplorer()
    explorer.use_preset("straight")
    for h in NUDGES:
        explorer.set(h=h)
        assert explorer.numbers.measured == pytest.approx(explorer.numbers.product)


def test_one_saturated_stage_stops_everything():
    explorer = NumberLinesExplorer()
    explorer.use_preset("saturated")
    explorer.set(x=2.0)
    numbers = explorer.numbers
    assert numbers.slopes[:2] == [3, 12]
    assert abs(numbers.product) < 1e-12


def test_words_and_picture_state_the_numbers():
    explorer = NumberLinesExplorer()
    explorer.set(x=1.0, h=1.0, u="square", v="triple", y="triple")
    for said in (
        "x is nudged from 1.000 to 2.000, by h = 1.000",
        "v = 3 u goes from 3.000 to 12.00: 9.000 h, and the slopes so far promise 6.000 h",
        "du/dx = 2 x: slope 2.0000, measured 3.0000",
        "multiplied: slope 18.0000, measured 27.0000; Δy / Δx: 27.0000",
        "As h shrinks, Δy / Δx is 27.0000 with h = 1, off the slope by 9.000, 18.9000 with h = 0.1",
        "18.0009 with h = 0.0001, off the slope by 0.0009000",
    ):
        assert said in explorer.picture.words
    lines, table = explorer.picture
    assert "y moves 18.000 times as far as x, say the slopes; measured: 27.000" in texts(lines)
    assert {"Δv = 9.000 = 9.000 h", "slopes: 6.000 h", "× dv/du = 3.000"} <= set(texts(lines))
    assert "v = 3 u goes from 3.000 to 12.00: 9.000 h" in description(lines)
    assert {"dv/du = 3", "multiplied", "Δy / Δx", "27.0000", "18.0000"} <= set(texts(table))
    assert "Δy / Δx: 27.0000" in description(table)


def ticks(explorer):
    """The texts below the lines, and where they stand."""
    svg = explorer.picture.parts[0].svg
    return re.findall(r'<text x="(\S+)" y="(\S+)"[^>]*text-anchor="middle"[^>]*>([^<]*)<', svg)


@pytest.mark.parametrize("preset", [{}, *NumberLinesExplorer.presets.values()])
def test_the_lines_hold_wherever_the_value_and_the_nudge_are(preset):
    explorer = NumberLinesExplorer()
    explorer.set(**preset)
    before = ticks(explorer)
    assert len(before) > 8
    for x in (-2.0, 0.5, 2.0):
        for h in (1.0, 0.0001):
            explorer.set(x=x, h=h)
            assert ticks(explorer) == before
            for quantity in explorer.numbers.chain:
                low, high = quantity.reach
                assert low <= min(quantity.value, quantity.nudged)
                assert max(quantity.value, quantity.nudged) <= high
