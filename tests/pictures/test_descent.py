"""A contour with paths on it: whatever the numbers, it can be drawn, and says what it shows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import SVG, check_svg, description, parsed, texts

from bp_helpers.pictures.descent import DescentPath, LossSurface, descent, losses_on_the_way

PROPERTY = settings(derandomize=True, deadline=None, max_examples=60)
VALUES = st.floats(-1e6, 1e6)
AXIS = np.linspace(-2, 2, 5)


def bowl(names=("u", "v"), levels=(1, 2, 4)):
    return LossSurface(AXIS, AXIS, AXIS**2 + AXIS[:, np.newaxis] ** 2, levels, names)


def path(name, *points):
    points = np.array(points, dtype=float)
    return DescentPath(name, 0.5, points, (points**2).sum(axis=1))


def test_it_says_where_each_path_goes():
    paths = [path("one", (1, 1), (0, 0)), path("two", (1, 1), (1, 3))]
    svg = descent(bowl(), paths, "one")
    assert description(svg) == (
        "From u = 1.000, v = 1.000, loss 2.000. Chosen: one.\n"
        "one, learning rate 0.5: after 1 steps u = 0, v = 0, loss 0\n"
        "two, learning rate 0.5: after 1 steps u = 1.000, v = 3.000, loss 10.00; "
        "leaves the picture at step 1"
    )
    assert "one: loss 0" in texts(svg)
    curves = losses_on_the_way(paths, "one", 3, (0.1, 20))
    assert description(curves) == "one: from 2.000 to 0. two: from 2.000 to 10.00."
    for each in (svg, curves):
        check_svg(each)


def test_only_levels_that_the_surface_reaches_are_drawn():
    assert bowl(levels=(-1, 0, 1, 8, 9)).levels == [1]
    flat = LossSurface(AXIS, AXIS, np.ones((5, 5)), [0.5, 1, 2], ("u", "v"))
    assert flat.levels == []
    check_svg(descent(flat, [path("one", (1, 1), (0, 0))], "one"))


def test_a_ring_and_the_hole_in_it_are_one_area():
    outline = parsed(f'<svg xmlns="{SVG[1:-1]}">{bowl(levels=(1,)).svg}</svg>')[0].get("d")
    assert outline.count("M") == outline.count("z") == 2


def test_names_are_escaped():
    svg = descent(bowl(names=("<b>", "a & b")), [path("x < y", (1, 1), (0, 0))], "x < y")
    check_svg(svg)
    assert {"<b>", "a & b", "x < y: loss 0"} <= set(texts(svg))


@PROPERTY
@given(
    st.lists(st.tuples(VALUES, VALUES), min_size=2, max_size=5),
    st.lists(VALUES, min_size=9, max_size=9),
)
def test_any_surface_and_any_path_can_be_drawn(points, heights):
    z = np.reshape(heights, (3, 3))
    surface = LossSurface(np.arange(3.0), np.arange(3.0), z, [z.mean(), z.max() / 2], ("u", "v"))
    paths = [path(name, *points) for name in ("one", "two", "three")]
    check_svg(descent(surface, paths, "two"))
    check_svg(losses_on_the_way(paths, "two", 40, (1e-3, 10)))
