"""Paths as ribbons and as rows: width is size, dashes are the sign, and the lamp does not lie."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import SVG, check_svg, parsed, texts

from bp_helpers.pictures.paths import Path, PathNode, path_ribbons, paths_table

PROPERTY = settings(max_examples=100)


def two_paths(first, second, cut=False):
    """From x to y directly, and over m."""
    nodes = [
        PathNode("x", "", 1.0, (60, 100)),
        PathNode("m", "m = x", 1.0, (300, 200)),
        PathNode("y", "y = x + m", 2.0, (560, 100)),
    ]
    edges = {("x", "y"): ("f", first), ("x", "m"): ("1", 1.0), ("m", "y"): ("g", second)}
    direct = Path(("x", "y"), (("f", first),), cut)
    return nodes, edges, [direct, Path(("x", "m", "y"), (("1", 1.0), ("g", second)))]


def ribbons(svg):
    """Of each ribbon: its width, its dashes and its colour."""
    buttons = [g for g in parsed(svg).iter(f"{SVG}g") if g.get("data-name")]
    first = [next(g.iter(f"{SVG}path")) for g in buttons]
    return [
        (float(p.get("stroke-width")), p.get("stroke-dasharray"), p.get("stroke")[9:17])
        for p in first
    ]


def test_width_is_size_and_dashes_are_sign():
    (wide, solid, positive), (narrow, dashed, negative) = ribbons(
        path_ribbons(*two_paths(4.0, -2.0), "x-y", "y = x + m")
    )
    assert (solid, positive) == (None, "backward")
    assert (dashed, negative) == ("10 5", "backward")
    assert (wide - 1.5) == pytest.approx(2 * (narrow - 1.5))
    (thin, dotted, _), _ = ribbons(path_ribbons(*two_paths(4.0, -2.0, cut=True), "", "y"))
    assert (thin, dotted) == (1.5, "2 4")


def test_a_slope_lies_on_its_ribbon_and_lets_clicks_through():
    root = parsed(path_ribbons(*two_paths(4.0, -2.0), "x-y", "y = x + m"))
    slopes = [g for g in root.iter(f"{SVG}g") if g.get("pointer-events") == "none"]
    assert [g.find(f"{SVG}text").text for g in slopes] == ["4.00", "1.00", "−2.00"]
    ways = [re.findall(r"[\d.]+ [\d.]+", p.get("d")) for p in root.iter(f"{SVG}path")]
    for g, middle in zip(slopes, [ways[0][6], ways[2][6], ways[2][19]], strict=True):
        ground = g.find(f"{SVG}rect")
        place = float(ground.get("x")) + 23, float(ground.get("y")) + 8
        assert place == pytest.approx(tuple(map(float, middle.split())), abs=0.1)


ANY = st.floats(-1e5, 1e5)


@PROPERTY
@given(ANY, ANY, st.booleans(), ANY, ANY)
def test_any_numbers_can_be_drawn(first, second, cut, held, full):
    nodes, edges, paths = two_paths(first, second, cut)
    check_svg(path_ribbons(nodes, edges, paths, "x-y", "y = x + m"))
    check_svg(paths_table(paths, held, full, "x-y"))


def test_the_lamp_does_not_lie():
    paths = two_paths(4.0, -2.0)[2]
    assert "✓" in texts(paths_table(paths, 2.0, 2.0, ""))
    wrong = texts(paths_table(paths, 2.1, 2.1, ""))
    assert "✓" not in wrong
    assert "✕" in wrong
