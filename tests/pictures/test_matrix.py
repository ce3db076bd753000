"""Matrices as pictures: numbers, shapes, and the row, column and bias behind one entry."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, parsed, texts

from bp_helpers.pictures import number
from bp_helpers.pictures.matrix import Product, matrix_product

PROPERTY = settings(max_examples=30)
VALUES = st.floats(-99, 99)


def product(n=4, n_in=2, n_out=3, seed=0):
    rng = np.random.default_rng(seed)
    shapes = (n, n_in), (n_in, n_out), (3,)
    return Product(*(rng.normal(size=shape) for shape in shapes), ("X", "W", "b", "Z"))


def cells(svg):
    """Every entry's rectangle by its name."""
    groups = [g for g in parsed(svg).iter() if g.get("data-name")]
    return {group.get("data-name"): group[0] for group in groups}


def marked(svg):
    return {name for name, rect in cells(svg).items() if rect.get("fill") != "transparent"}


def test_an_entry_of_z_is_its_row_its_column_and_its_bias():
    given = product()
    row, column = given.X[1], given.W[:, 2]
    svg = matrix_product(given, "Z[1,2]", "A layer")
    assert marked(svg) == {"X[1,0]", "X[1,1]", "W[0,2]", "W[1,2]", "b[2]", "Z[1,2]"}
    assert "Z[1,2] = X[1,0] × W[0,2] + X[1,1] × W[1,2] + b[2]" in texts(svg)
    total = row[0] * column[0] + row[1] * column[1] + given.b[2]
    assert f"= {number(total)}" in texts(svg)
    assert given.value("Z[1,2]") == pytest.approx(total)


@pytest.mark.parametrize(
    ("chosen", "reached"),
    [
        ("X[2,1]", {"Z[2,0]", "Z[2,1]", "Z[2,2]"}),
        ("W[1,0]", {"Z[0,0]", "Z[1,0]", "Z[2,0]", "Z[3,0]"}),
        ("b[1]", {"Z[0,1]", "Z[1,1]", "Z[2,1]", "Z[3,1]"}),
    ],
)
def test_a_given_number_has_a_part_in_what_it_moves(chosen, reached):
    given = product()
    assert marked(matrix_product(given, chosen)) == {chosen, *reached}
    before = given.arrays["Z"].copy()
    array, index = given.split(chosen)
    given.arrays[array][index] += 1
    moved = np.argwhere(given.arrays["Z"] != before)
    assert {f"Z[{n},{j}]" for n, j in moved} == reached


def test_every_matrix_stands_with_its_numbers_and_its_shape():
    given = product()
    svg = matrix_product(given, "Z[0,0]", "A layer")
    assert {"X (4, 2)", "W (2, 3)", "b (3,)", "Z (4, 3)", "×", "+", "=", "A layer"} <= set(
        texts(svg)
    )
    shown = cells(svg)
    for name in shown:
        assert number(given.value(name)) in texts(svg)
    assert len(shown) == 8 + 6 + 3 + 12
    assert description(svg).startswith("X (4, 2) times W (2, 3) plus b (3,) is Z (4, 3).\nX: ")


def test_what_is_chosen_is_told_from_what_it_uses_without_colour():
    shown = cells(matrix_product(product(), "Z[1,2]"))
    assert shown["Z[1,2]"].get("stroke-dasharray") is None
    assert shown["X[1,0]"].get("stroke-dasharray")


@PROPERTY
@given(
    n=st.integers(1, 6), n_in=st.integers(1, 4), n_out=st.integers(1, 4), data=st.data(),
)  # fmt: skip
def test_any_product_can_be_drawn_and_its_height_stays(n, n_in, n_out, data):
    def draw(*shape):
        flat = data.draw(st.lists(VALUES, min_size=int(np.prod(shape)), max_size=99))
        return np.array(flat[: int(np.prod(shape))]).reshape(shape)

    given = Product(draw(n, n_in), draw(n_in, n_out), draw(n_out), ("A1", "W2", "b2", "Z2"))
    heights = set()
    for name, array in given.arrays.items():
        last = ",".join(str(size - 1) for size in array.shape)
        svg = matrix_product(given, f"{name}[{last}]", "A layer")
        check_svg(svg)
        heights.add(parsed(svg).get("height"))
    assert len(heights) == 1


@pytest.mark.parametrize("name", ["Z[4,0]", "Z[1]", "b[0,0]", "Q[0,0]", "Z", "Z[-1,0]", ""])
def test_what_is_no_entry_is_refused(name):
    with pytest.raises(ValueError, match=re.escape("is not an entry of X (4, 2), W (2, 3)")):
        product().value(name)
