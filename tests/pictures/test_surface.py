"""The decision surface: the image has the values given, and what lies over it can be read."""

import base64
import re
import struct
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_boxes import text_box
from svg_checks import check_svg

from bp_helpers.pictures import style
from bp_helpers.pictures.pixels import png
from bp_helpers.pictures.surface import (
    LEFT,
    LEVELS,
    SIDE,
    STRONGEST,
    TOP,
    Mark,
    decision_surface,
    grid,
)

NAMES = ["Adelie", "Chinstrap", "Gentoo"]
AXES = ["bill length (mm)", "bill depth (mm)"]
EXTENT = (30.0, 62.0, 12.0, 23.0)
MARK = Mark("this penguin", 39.6, 18.1, [0.4, 0.5, 0.1])


def drawn(size=12, classes=3, mark=MARK, names=NAMES, extent=EXTENT, axes=AXES, seed=0):
    rng = np.random.default_rng(seed)
    outputs = rng.dirichlet(np.ones(classes), (size, size))
    points = rng.uniform([extent[0], extent[2]], [extent[1], extent[3]], (30, 2))
    labels = np.arange(30) % classes
    if mark:
        mark = Mark(mark.name, mark.x, mark.y, mark.outputs[:classes])
    svg = decision_surface(outputs, extent, points, labels, 0.875, axes, names[:classes], mark).svg
    return svg, outputs, points


def tags(svg, name):
    root = ET.fromstring(svg)
    return [node for node in root.iter() if node.tag.rpartition("}")[2] == name]


def decoded(file):
    """Read a PNG as the standard says, checksums and all; return its colours, red to opacity."""
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, rest = {}, file[8:]
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        kind, data, check = rest[4:8], rest[8 : 8 + length], rest[8 + length : 12 + length]
        assert struct.unpack(">I", check)[0] == zlib.crc32(kind + data)
        chunks[kind], rest = data, rest[12 + length :]
    columns, rows, depth, colour_type = struct.unpack(">IIBBxxx", chunks[b"IHDR"])
    assert (depth, colour_type) == (8, 3)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    palette = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
    opacity = np.frombuffer(chunks[b"tRNS"], np.uint8)
    return np.concatenate([palette, opacity[:, np.newaxis]], axis=1)[lines[:, 1:]]


def image_of(svg):
    (image,) = tags(svg, "image")
    kind, _, data = image.get("href").partition(",")
    assert kind == "data:image/png;base64"
    return decoded(base64.b64decode(data))


def test_long_names_are_cut_where_the_picture_ends():
    svg, _, _ = drawn(names=["a rather long name", "another one, longer still", "short"],
                      axes=["petal length in millimetres (standardised)", "width"])  # fmt: skip
    width = float(ET.fromstring(svg).get("width"))
    shown = [node for node in tags(svg, "text") if node.text]
    assert not any("millimetres (standardised)" in node.text for node in shown)
    assert sum(node.text.endswith("…") for node in shown) == 3
    for node in shown:
        box = text_box(node)
        assert box.left >= 0
        assert box.right <= width + 10, node.text  # letters are narrower than their boxes


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 256), st.integers(0, 10))
def test_png_has_the_colours_given(rows, columns, colours, seed):
    rng = np.random.default_rng(seed)
    palette = rng.integers(0, 256, (colours, 4)).astype(np.uint8)
    cells = rng.integers(0, colours, (rows, columns)).astype(np.uint8)
    assert (decoded(png(cells, palette)) == palette[cells]).all()


@pytest.mark.parametrize("classes", [2, 3])
def test_image_shows_who_wins_and_by_how_much(classes):
    svg, outputs, _ = drawn(classes=classes)
    image = image_of(svg)
    ranked = np.sort(outputs, axis=-1)
    assert image.shape == (12, 12, 4)
    assert (image[..., :3] == np.array(style.AREAS)[outputs.argmax(axis=-1)]).all()
    winner = outputs.argmax(axis=-1)
    border = np.zeros(winner.shape, bool)
    border[:, :-1] |= winner[:, :-1] != winner[:, 1:]
    border[:-1] |= winner[:-1] != winner[1:]
    lead = (image[..., 3] / STRONGEST) ** 2
    expected = np.where(border, 0, ranked[..., -1] - ranked[..., -2])
    assert np.abs(lead - expected).max() < 2.1 / LEVELS
    assert 0 < border.sum() < border.size


def test_no_colour_without_a_lead_and_at_a_border_and_all_of_it_with_a_large_one():
    outputs = np.array([[[0.5, 0.5], [1.0, 0.0]], [[9.0, -9.0], [0.0, 1.0]]])
    # above and on the left of the last cell, which goes to the other class, is the border
    assert image_of(decision(outputs))[..., 3].tolist() == [[0, 0], [0, STRONGEST]]
    assert image_of(decision(outputs[:1]))[..., 3].tolist() == [[0, STRONGEST]]


def decision(outputs):
    nothing = np.zeros((0, 2)), np.zeros(0, int)
    return decision_surface(outputs, EXTENT, *nothing, 0.5, AXES, NAMES[:2]).svg


def test_the_grid_is_the_image_cell_by_cell():
    points = grid((0, 4, 10, 14), 2)
    assert points.tolist() == [[1, 13], [3, 13], [1, 11], [3, 11]]


def test_the_same_numbers_give_the_same_picture():
    assert drawn()[0] == drawn()[0]


@pytest.mark.parametrize("classes", [2, 3])
def test_each_class_has_its_own_shape_and_colour(classes):
    svg, _, _ = drawn(classes=classes)
    outlines = tags(svg, "path")[classes:]  # the first ones are the legend's
    assert len(outlines) == classes
    assert len({node.get("fill") for node in outlines}) == classes
    shapes = {re.sub(r"^M\S+ [\d.]+", "", node.get("d").split("M")[1]) for node in outlines}
    kinds = {"".join(re.findall("[a-z]", shape)) for shape in shapes}
    assert len(kinds) == classes
    assert [node.get("d").count("M") for node in outlines] == [30 // classes] * classes


def test_points_stand_where_they_were_measured():
    svg, _, points = drawn(classes=2)
    circles = re.findall(r"M(\S+) (\S+?)a", tags(svg, "path")[2].get("d"))
    left, right, bottom, top = EXTENT
    x = LEFT + SIDE * (points[0::2, 0] - left) / (right - left)
    y = TOP + SIDE * (top - points[0::2, 1]) / (top - bottom)
    assert np.allclose(np.array(circles, float), np.stack([x - 3, y], axis=1), atol=0.06)


@pytest.mark.parametrize(("x", "y"), [(39.6, 18.1), (-1e9, 1e9), (1e9, -1e9), (30.0, 23.0)])
def test_the_mark_stays_in_view(x, y):
    svg, _, _ = drawn(mark=Mark("this penguin", x, y, [0.4, 0.5, 0.1]))
    halo, ring = [c for c in tags(svg, "circle") if c.get("r") == "8"]
    assert (halo.get("cx"), halo.get("cy")) == (ring.get("cx"), ring.get("cy"))
    assert LEFT <= float(ring.get("cx")) <= LEFT + SIDE
    assert TOP <= float(ring.get("cy")) <= TOP + SIDE


EXTENTS = [EXTENT, (-3, 3, -3, 3), (0, 1e-3, 0, 9999), (990, 1010, -0.7, 0.9)]


@pytest.mark.parametrize("extent", EXTENTS)
@pytest.mark.parametrize("mark", [MARK, None], ids=["mark", "no mark"])
@pytest.mark.parametrize("classes", [2, 3])
def test_texts_do_not_overlap_and_all_is_inside(extent, mark, classes):
    svg, _, _ = drawn(extent=extent, mark=mark, classes=classes)
    assert float(ET.fromstring(svg).get("width")) == LEFT + SIDE + 18
    check_svg(svg)


def test_words_state_the_numbers():
    svg, _, _ = drawn()
    root = ET.fromstring(svg)
    title, said = root[0].text, root[1].text
    assert said == (
        "87.5 % of 30 classified correctly. Marked: this penguin at bill length (mm) 39.60, "
        "bill depth (mm) 18.10: Adelie 0.4000, Chinstrap 0.5000, Gentoo 0.1000, so Chinstrap."
    )
    assert root.get("aria-label") == f"{title}. {said}"
    assert drawn(mark=None)[0].count("Marked") == 0


def test_names_are_escaped():
    odd = ["<a>", "b & c", '"d"']
    svg, _, _ = drawn(names=odd, axes=["<x>", "&y"], mark=Mark("<me>", 40, 18, [1, 0, 0]))
    shown = {node.text for node in tags(svg, "text")}
    assert {*odd, "<x>", "&y", "<me>"} <= shown


def test_more_classes_than_shapes_are_refused():
    outputs = np.zeros((2, 2, 4))
    with pytest.raises(ValueError, match="4 classes: it has colours and shapes for 3"):
        decision_surface(outputs, EXTENT, np.zeros((0, 2)), np.zeros(0, int), 1, AXES, "abcd")


def test_colours_are_named_in_both_themes():
    assert set(style.LIGHT) == set(style.DARK)
    assert {f"class{k}" for k in range(len(style.AREAS))} <= set(style.LIGHT)
