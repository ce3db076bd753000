"""Tables: a heading for each column, a line of texts for each row, and rows that can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.svg import Svg, button, join, rect, text

LINE = 21  # from one row to the next, in pixels
FINGER, TIGHT = 24, 23  # where rows can be chosen, and where there are many of these
MANY = 17
BELOW_TITLE = 28  # where a table begins that has a title


@dataclass(frozen=True)
class Column:
    """A column: its heading, where its texts start, end or have their middle; its colour."""

    heading: str
    x: float
    anchor: str = "end"
    colour: str = "ink"


@dataclass(frozen=True)
class Row:
    """A row: a text for each column. With a `name` it can be chosen; `words` is what it says then.

    A row that is `lit` has a ground of its own, as one that is selected.
    """

    cells: tuple[str, ...]
    name: str = ""
    words: str = ""
    lit: bool = False


def table(
    columns: Sequence[Column], rows: Sequence[Row], selected: str = "", top: float = 0.0
) -> Svg:
    """Draw the headings and below them the rows, from `top` downward, as a part of a picture.

    It is as wide as its last column reaches and `height_of_table(rows)` high; the row whose name is
    `selected` is marked.
    """
    columns = tuple(columns)
    headings = Row(tuple(column.heading for column in columns))
    parts, line = [_texts(top + 15, columns, headings)], _line(rows)
    for k, row in enumerate(rows, 1):
        is_selected = bool(selected) and row.name == selected
        parts.append(_row(top + 15 + line * k, line, columns, row, is_selected))
    return join(*parts)


def titled_table(
    width: float,
    title: str,
    words: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *more: Svg,
    heading: str = "",
    selected: str | None = None,
    room: float = 4,
) -> Picture:
    """Return a picture of a heading and below it a table, with what else is drawn there.

    The heading is the title, if no other is given. `selected` is the name of the row that is
    marked, or "" for none; without it no row can be chosen. `room` is how many pixels there are
    below the table.
    """
    return picture(
        width,
        BELOW_TITLE + height_of_table(rows) + room,
        title,
        words,
        text(0, 16, heading or title, font_weight="bold"),
        table(columns, rows, selected or "", BELOW_TITLE),
        *more,
        chosen=selected is not None,
    )


def rows_in_words(rows: Sequence[Row], template: str, between: str = ". ") -> str:
    """Return the template for each row, with its cells in the places of the `{}`."""
    return between.join(template.format(*row.cells) for row in rows) + "."


def height_of_table(rows: Sequence[Row]) -> float:
    """Return how many pixels `table` needs."""
    return _line(rows) * (len(rows) + 1)


def _line(rows: Sequence[Row]) -> int:
    """Return how high a row is: so high that a finger hits it, if it can be chosen."""
    if not any(row.name for row in rows):
        return LINE
    return FINGER if len(rows) <= MANY else TIGHT


@lru_cache(maxsize=1024)  # while a slider moves, many rows stay as they are
def _row(y: float, line: int, columns: tuple[Column, ...], row: Row, selected: bool) -> Svg:
    marked = selected or row.lit
    ground = rect(
        1, y - 4.5 - line / 2, columns[-1].x + 6, line, rx=3, class_="bp-hit" if row.name else None,
        fill="used" if marked else "transparent", stroke="ink" if selected else "transparent",
    )  # fmt: skip
    cells = _texts(y, columns, row)
    if not row.name:
        return join(ground, cells)
    return button(row.name, row.words, ground, cells, selected=selected)


def _texts(y: float, columns: tuple[Column, ...], row: Row) -> Svg:
    return join(
        *(
            text(column.x, y, cell, column.colour, text_anchor=column.anchor)
            for column, cell in zip(columns, row.cells, strict=True)
            if cell
        )
    )
