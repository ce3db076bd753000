"""A picture shows itself, says itself, and stands beside others; a table is rows of it."""

import base64
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from svg_checks import SVG, check_svg, parsed, texts

from bp_helpers.pictures import Picture, beside, style
from bp_helpers.pictures.picture import picture
from bp_helpers.pictures.svg import text
from bp_helpers.pictures.table import Column, Row, height_of_table, table

ODD = 'a < b & "c"'
COLUMNS = (Column("name", 8, "start"), Column("value", 120, colour="backward"))
ROWS = [Row(("x", "1.000"), "X[0]", "X[0] = 1"), Row(("sum", ""), lit=True), Row((ODD, "2"), "y")]


def simple(title="Title", said="Said."):
    return picture(40, 30, title, said, text(2, 20, "a"))


def images(shown):
    """Of each image in HTML: the root of its source, and its alternative text."""
    found = re.findall(r'<img src="data:image/svg\+xml;base64,([\w+/=]*)" alt="([^"]*)">', shown)
    assert "".join(re.sub(r"<img [^>]*>", "", shown).split()) == ""
    return [(ElementTree.fromstring(base64.b64decode(data)), unescape(alt)) for data, alt in found]


def test_it_shows_itself_as_an_image_and_says_itself():
    one = simple(ODD, "Line 1.\nLine 2.")
    assert str(one) == repr(one) == one.words == f"{ODD}. Line 1.\nLine 2."
    bundle = one._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == one.words
    [(root, alt)] = images(bundle["text/html"])
    assert alt == root.get("aria-label") == f"{ODD}. Line 1. Line 2."
    colours = root[0]
    assert colours.text == style.image_css()  # for a light and for a dark page
    root.remove(colours)
    assert ElementTree.tostring(root) == ElementTree.tostring(parsed(one))


def test_pictures_stand_beside_each_other():
    a, b, c = (simple(name) for name in "abc")
    both = beside(a, b)
    assert both.svg == a.svg + b.svg
    assert both.words == "a. Said.\nb. Said."
    all_three = beside(both, c)
    assert list(all_three) == [a, b, c]
    assert [alt for _, alt in images(all_three._repr_mimebundle_()["text/html"])] == [
        "a. Said.", "b. Said.", "c. Said.",
    ]  # fmt: skip
    assert list(a) == [a]
    assert beside(a) == Picture(a.svg, a.words, (a,))


def test_nothing_beside_nothing_is_no_picture():
    assert beside()._repr_mimebundle_() == {"text/html": "", "text/plain": ""}


# ---- Tables --------------------------------------------------------------------------------------


def drawn(selected=""):
    part = table(COLUMNS, ROWS, selected, top=10)
    return picture(130, 12 + height_of_table(ROWS), "Table", "Words", part, chosen=True)


def test_a_table_has_a_heading_and_a_line_for_each_row():
    check_svg(drawn())
    assert texts(drawn()) == ["name", "value", "x", "1.000", "sum", ODD, "2"]
    heights = {node.text: float(node.get("y")) for node in parsed(drawn()).iter(f"{SVG}text")}
    assert heights["name"] < heights["x"] == heights["1.000"] < heights["sum"] < heights["2"]


@pytest.mark.parametrize("selected", ["", "X[0]", "y", "nobody"])
def test_rows_with_a_name_can_be_chosen_and_one_is(selected):
    groups = [node for node in parsed(drawn(selected)).iter(f"{SVG}g") if node.get("data-name")]
    assert [(g.get("data-name"), g.get("aria-label")) for g in groups] == [
        ("X[0]", "X[0] = 1"), ("y", ""),
    ]  # fmt: skip
    for group in groups:
        chosen = group.get("data-name") == selected
        assert group.get("aria-pressed") == str(chosen).lower()
        assert ("--bp-ink" in group[0].get("stroke")) == chosen
    grounds = [r.get("fill") for r in parsed(drawn(selected)).iter(f"{SVG}rect")]
    assert "--bp-used" in grounds[1]  # the one that is lit
