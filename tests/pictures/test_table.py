"""Tables: rows that can be chosen are high enough for a finger, and none lies over another."""

from itertools import pairwise

import pytest
from svg_boxes import all_of, rect_box
from svg_checks import SVG, check_svg, parsed, texts

from bp_helpers.pictures.picture import picture
from bp_helpers.pictures.table import Column, Row, height_of_table, rows_in_words, table

ODD = 'a < b & "c"'
COLUMNS = (Column("name", 8, "start"), Column("value", 120, colour="backward"))
ROWS = [Row(("x", "1.000"), "X[0]", "X[0] = 1"), Row(("sum", ""), lit=True), Row((ODD, "2"), "y")]


@pytest.mark.parametrize(("rows", "least"), [(3, 24), (17, 24), (18, 23)])
def test_a_row_that_can_be_chosen_is_as_high_as_a_finger(rows, least):
    own = [Row((f"n{k}", f"{k}"), f"n{k}", f"n{k}: {k}") for k in range(rows)]
    svg = picture(130, height_of_table(own), "rows", "rows", table(COLUMNS, own, "n1")).svg
    boxes = [
        rect_box(r) for g in parsed(svg).iter() if g.get("data-name") for r in all_of(g, "rect")
    ]
    assert len(boxes) == rows
    for above, below in pairwise(boxes):
        assert above.bottom - above.top >= least
        assert above.bottom <= below.top
    assert boxes[-1].bottom <= height_of_table(own)


def test_rows_that_cannot_be_chosen_stand_closer():
    named, plain = (Row(("a", "1"), name, "a") for name in ("a", ""))
    assert height_of_table([plain] * 5) < height_of_table([named] * 5)


def test_rows_are_said_one_after_the_other():
    rows = [Row(("a", "1", "left out")), Row(("b", "2", ""))]
    assert rows_in_words(rows, "{} is {}") == "a is 1. b is 2."
    assert rows_in_words(rows, "{} is {}", "; ") == "a is 1; b is 2."


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
