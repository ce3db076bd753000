"""A landscape with paths on it: the image and what lies over it agree, whatever the numbers."""

import base64
import re
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from svg_checks import SVG, check_svg, description, parsed, texts

from bp_helpers.pictures.descent import DescentPath, LossSurface
from bp_helpers.pictures.landscape import SIDE, TOP, Landscape, descent_in_space

PROPERTY = settings(derandomize=True, deadline=None, max_examples=15)
VALUES = st.floats(-1e6, 1e6)
X, Y = np.linspace(-2, 2, 9), np.linspace(-1, 3, 9)


def bowl(names=("u", "v")):
    return Landscape(LossSurface(X, Y, X**2 + Y[:, np.newaxis] ** 2, [1, 4], names))


def path(name, *points):
    points = np.array(points, dtype=float)
    return DescentPath(name, 0.5, points, (points**2).sum(axis=1))


def painted(landscape):
    """The opaque part of the image: left, top, right, bottom, in pixels of the picture."""
    data = re.search(r"base64,([^\"]*)", landscape.image)[1]
    image = Image.open(BytesIO(base64.b64decode(data))).convert("RGBA")
    scale = SIDE / image.width
    left, top, right, bottom = (scale * edge for edge in image.getchannel("A").getbbox())
    return left, TOP + top, right, TOP + bottom


def test_what_lies_over_the_image_lies_where_matplotlib_painted():
    landscape = bowl()
    u, v = np.meshgrid(X, Y)
    places = np.array(landscape.place(np.stack([u.ravel(), v.ravel(), (u**2 + v**2).ravel()], 1)))
    expected = [*places.min(axis=0), *places.max(axis=0)]
    assert painted(landscape) == pytest.approx(expected, abs=1.5)


def test_a_larger_loss_is_drawn_higher_and_nothing_else():
    (x0, low), (x1, high) = bowl().place([(1, 1, 0), (1, 1, 5)])
    assert high < low - 20
    assert x1 == pytest.approx(x0)


def test_it_says_where_each_path_goes_and_ends_where_it_leaves():
    paths = [path("one", (1, 1), (0, 0)), path("two", (1, 1), (1, 2), (1, 5), (0, 0))]
    svg = descent_in_space(bowl(), paths, "two")
    check_svg(svg)
    assert description(svg).startswith("From u = 1.000, v = 1.000, loss 2.000. Chosen: two.")
    assert "; leaves the picture at step 2" in description(svg)
    assert {"two: loss 0", "u", "v", "loss"} <= set(texts(svg))
    assert len(list(parsed(svg).iter(f"{SVG}circle"))) == 2


def test_a_path_that_starts_outside_is_only_told():
    svg = descent_in_space(bowl(), [path("one", (5, 5), (0, 0))], "one")
    check_svg(svg)
    assert "; leaves the picture at step 0" in description(svg)
    assert "the start" not in svg.svg
    assert not list(parsed(svg).iter(f"{SVG}circle"))


def test_the_start_is_dragged_over_the_floor():
    """Its data say by how much a pixel across, and one down, changes either number."""
    landscape = bowl()
    svg = descent_in_space(landscape, [path("one", (1, 1), (0, 0))], "one")
    (hand,) = (part for part in parsed(svg).iter() if part.get("data-aslant"))
    assert [hand.get(f"data-{axis}") for axis in "xy"] == ["start0", "start1"]
    changes = np.array(hand.get("data-aslant").split(), dtype=float).reshape(2, 2)
    before, after = np.array(landscape.place([(1, 1, 0), (-0.5, 2, 0)]))
    assert changes @ (after - before) == pytest.approx([-1.5, 1], abs=1e-4)


def test_names_are_escaped():
    svg = descent_in_space(bowl(("<b>", "a & b")), [path("x < y", (1, 1), (0, 0))], "x < y")
    check_svg(svg)
    assert {"<b>", "a & b", "x < y: loss 0"} <= set(texts(svg))


def test_a_flat_surface_can_be_drawn():
    flat = Landscape(LossSurface(X, Y, np.zeros((9, 9)), [1], ("u", "v")))
    still = DescentPath("one", 0.5, np.zeros((2, 2)), np.zeros(2))
    check_svg(descent_in_space(flat, [still], "one"))


@PROPERTY
@given(
    st.lists(st.tuples(VALUES, VALUES), min_size=2, max_size=5),
    st.lists(st.floats(0, 1000), min_size=9, max_size=9),  # losses
)
def test_any_surface_and_any_path_can_be_drawn(points, heights):
    surface = LossSurface(
        np.arange(3.0), np.arange(3.0), np.reshape(heights, (3, 3)), [], ("u", "v")
    )
    paths = [path(name, *points) for name in ("one", "two", "three")]
    paths = [replace(one, losses=np.minimum(one.losses, max(heights))) for one in paths]
    check_svg(descent_in_space(Landscape(surface), paths, "two"))
