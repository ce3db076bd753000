"""Tables: rows that can be chosen are high enough for a finger, and none lies over another."""

from itertools import pairwise

import pytest
from svg_boxes import all_of, rect_box
from svg_checks import parsed

from bp_helpers.pictures.picture import picture
from bp_helpers.pictures.table import Column, Row, height_of_table, rows_in_words, table

COLUMNS = (Column("name", 8, "start"), Column("value", 90))


@pytest.mark.parametrize(("rows", "least"), [(3, 24), (17, 24), (18, 23)])
def test_a_row_that_can_be_chosen_is_as_high_as_a_finger(rows, least):
    own = [Row((f"n{k}", f"{k}"), f"n{k}", f"n{k}: {k}") for k in range(rows)]
    svg = picture(100, height_of_table(own), "rows", "rows", table(COLUMNS, own, "n1")).svg
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
