"""Matrices as grids of numbers with their shapes, and where one entry of a product comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from bp_helpers.pictures.formulas import entry_name
from bp_helpers.pictures.marks import number_cell
from bp_helpers.pictures.numerals import TIMES, factor, number, written_out
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray
from bp_helpers.pictures.svg import Svg, element, join, text

CELL, ROW = 62, 24  # one number, in pixels
LEFT, SIGN = 17, 22  # room for the rows' indices, and for a sign between two matrices
TOP = 50  # room for the caption and the columns' indices
LETTER, LINE = 7.8, 18
Index = tuple[int, ...]


@dataclass(frozen=True)
class Product:
    """`Z = X @ W + b`: `X` (N, n_in), `W` (n_in, n_out), `b` (n_out,), and the names of the four.

    An entry's name is that of its matrix and its index: `Z[1,2]`.
    """

    X: FloatArray
    W: FloatArray
    b: FloatArray
    names: tuple[str, str, str, str]

    @property
    def arrays(self) -> dict[str, FloatArray]:
        """The four arrays by their names, in the order in which they are written."""
        arrays = (self.X, self.W, self.b, self.X @ self.W + self.b)
        return dict(zip(self.names, arrays, strict=True))

    def value(self, name: str) -> float:
        """Return the entry called `name`; refuse what is no entry."""
        array, index = self.split(name)
        return float(self.arrays[array][index])

    def split(self, name: str) -> tuple[str, Index]:
        """Split `Z[1,2]` into `Z` and (1, 2); refuse what is no entry."""
        array, _, written = str(name).removesuffix("]").partition("[")
        shape = self.arrays[array].shape if array in self.names else (0,)
        if name not in [entry_name(array, index) for index in np.ndindex(shape)]:
            shapes = ", ".join(f"{key} {value.shape}" for key, value in self.arrays.items())
            raise ValueError(f"{name!r} is not an entry of {shapes}: write it like Z[1,2]")
        return array, tuple(int(k) for k in written.split(","))

    def parts(self, name: str) -> list[str]:
        """Return the entries that the entry is made from; of what is given, those it has a part in.

        Of an entry of Z these are its row of X, its column of W and its bias, factor by factor.
        """
        X, W, b, Z = self.names
        array, index = self.split(name)
        if array == Z:
            n, j = index
            pairs = [(entry_name(X, (n, i)), entry_name(W, (i, j))) for i in range(len(self.W))]
            return [entry for pair in pairs for entry in pair] + [entry_name(b, (j,))]
        if array == X:
            return [entry_name(Z, (index[0], j)) for j in range(self.W.shape[1])]
        return [entry_name(Z, (n, index[-1])) for n in range(len(self.X))]

    def explained(self, name: str) -> list[str]:
        """Return the sum that an entry of Z is, in names and numbers; or where a given one goes."""
        value, parts = number(self.value(name)), self.parts(name)
        if self.split(name)[0] != self.names[3]:
            return [f"{name} = {value} has a part in {', '.join(parts)}, and in no other."]
        written = [factor(self.value(part)) for part in parts]
        return [f"{name} = {_sum(parts)}", f"= {_sum(written)}", f"= {value}"]


def matrix_product(product: Product, selected: str, caption: str = "") -> Picture:
    """Draw `X @ W + b = Z` with shapes, and where the entry `selected` comes from or leads to.

    Of an entry of Z the row, the column and the bias are marked and its sum is written below; of a
    given number, the entries of Z in which it has a part.
    """
    drawing = _Matrices(product, selected)
    rows = max(len(array) for array in (product.X, product.W))
    parts, x = [text(0, 16, caption, font_weight="bold")], 0.0
    for (name, array), sign in zip(product.arrays.items(), ["", TIMES, "+", "="], strict=True):
        if sign:
            middle = TOP + ROW * rows / 2 + 5
            parts.append(text(x + SIGN / 2 + 4, middle, sign, text_anchor="middle", font_size=16))
            x += SIGN
        x += LEFT
        parts.append(drawing.matrix(name, array, x, TOP, rows))
        x += CELL * np.atleast_2d(array).shape[1]
    bottom = TOP + ROW * rows + 34
    lines = [
        piece
        for line in product.explained(selected)
        for piece in textwrap.wrap(line, int(x / LETTER))
    ]
    parts += [text(0, bottom + 22 + LINE * k, line) for k, line in enumerate(lines)]
    height = bottom + 12 + LINE * _most_lines(product, int(x / LETTER))
    title = "A product of matrices and a bias"
    return picture(x + 4, height, title, _in_words(product, selected), *parts, chosen=True)


class _Matrices:
    """Draws the matrices of a product: each entry is a cell that can be chosen."""

    def __init__(self, product: Product, selected: str) -> None:
        self.selected = selected
        self.parts: Collection[str] = product.parts(selected)
        self.leads_to = product.split(selected)[0] != product.names[3]

    def matrix(self, name: str, array: FloatArray, x: float, top: float, rows: int) -> Svg:
        values = np.atleast_2d(array)
        height, width = ROW * len(values), CELL * values.shape[1]
        y = top + (ROW * rows - height) / 2
        cells = [
            self.cell(
                entry_name(name, index[-array.ndim :]),
                float(v),
                x + CELL * index[1],
                y + ROW * index[0],
            )
            for index, v in np.ndenumerate(values)
        ]
        indices = [
            text(x + CELL * (j + 1) - 7, y - 8, str(j), "quiet", text_anchor="end")
            for j in range(values.shape[1])
        ]
        indices += [
            text(x - 6, y + ROW * n + 16, str(n), "quiet", text_anchor="end")
            for n in range(len(values) if array.ndim == 2 else 0)
        ]
        label = _shape_label(x + width / 2, top + ROW * rows + 22, name, array.shape)
        return join(*cells, *indices, _brackets(x, y, width, height), label)

    def cell(self, name: str, value: float, x: float, y: float) -> Svg:
        is_selected, is_part = name == self.selected, name in self.parts
        lit = is_selected or (is_part and self.leads_to)
        marked = is_selected or is_part
        return number_cell(
            (x + 2, y, CELL - 4, ROW, 4),
            (x + CELL - 7, y + 16),
            name,
            number(value),
            "forward",
            ("lit" if lit else "used") if marked else "transparent",
            "ink" if marked else "transparent",
            "bold" if lit else None,
            is_selected,
        )


def _brackets(x: float, y: float, width: float, height: float) -> Svg:
    left = f"M{x + 5:.1f} {y:.1f}h-6v{height:.1f}h6"
    right = f"M{x + width - 5:.1f} {y:.1f}h6v{height:.1f}h-6"
    return element("path", d=left + right, fill="none", stroke="ink", stroke_width=1.4)


def _shape_label(x: float, y: float, name: str, shape: Index) -> Svg:
    return text(x, y, f"{name} {shape}", text_anchor="middle", font_weight="bold")


def _sum(factors: Sequence[str]) -> str:
    pairs = zip(factors[:-1:2], factors[1::2], strict=True)
    return " + ".join([*(f"{a} {TIMES} {b}" for a, b in pairs), factors[-1]])


def _most_lines(product: Product, letters: int) -> int:
    """How many lines the explanation may need, so that the picture's height never changes."""
    return max(
        sum(len(textwrap.wrap("0" * len(line), letters)) for line in product.explained(name))
        for name in (entry_name(product.names[3], (0, 0)), entry_name(product.names[1], (0, 0)))
    )


def _in_words(product: Product, selected: str) -> str:
    X, W, b, Z = (f"{name} {array.shape}" for name, array in product.arrays.items())
    entries = "\n".join(f"{name}: {written_out(array)}" for name, array in product.arrays.items())
    said = " ".join(product.explained(selected)).rstrip(".")
    return f"{X} times {W} plus {b} is {Z}.\n{entries}\nChosen: {said}."
