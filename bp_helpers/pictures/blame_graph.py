"""A graph of numbers in which blame is handed on: what each node holds so far, and what is wrong.

The value of a node stands in blue, what it has been handed so far in orange. A number that
cannot be trusted has a cross, a dotted frame and a reason; one that is complete has a check mark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bp_helpers.pictures.marks import AGREES, DIFFERS
from bp_helpers.pictures.numerals import TIMES, number
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.svg import Svg, button, element, field, join, line, rect, text
from bp_helpers.pictures.table import BELOW_TITLE, Column, Row, height_of_table, titled_table

WIDTH, HEIGHT = 676, 348
TURNS, TURN, STRIDE = 60, (28, 26), 31  # of the order: where it begins, a turn's card, the next one
ROOM, MORE = 19, "\N{HORIZONTAL ELLIPSIS}"  # turns in the row; the sign that there are others
CARD = (116, 66)
TO_START = "dy/dy"  # the 1 that the output is handed by nobody
TABLE_WIDTH = 372
COLUMNS = (
    Column("node", 8, "start"),
    Column("came", 96),
    Column("holds", 160, "end", "backward"),
    Column("right", 224),
    Column("handed on", 308, "end", "backward"),
    Column("", 332),
)


@dataclass(frozen=True)
class BlameNode:
    """A node: how it is computed, its card's middle, its value, and the blame that it holds.

    `right` is the gradient that it has in the end, if all goes well; `sent` what it has handed on,
    or None; `came` from how many of how many nodes blame has come; `doubt` says why its number is
    wrong, if it is.
    """

    name: str
    rule: str
    place: tuple[float, float]
    value: float
    holds: float
    right: float
    sent: float | None
    came: tuple[int, int]
    doubt: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether all of its blame has come, and none of it is wrong."""
        return self.came[0] == self.came[1] and not self.doubt

    @property
    def mark(self) -> str:
        """A cross for a wrong number, a check mark for a complete one, nothing while it waits."""
        return DIFFERS if self.doubt else AGREES if self.is_complete else ""

    @property
    def words(self) -> str:
        """What stands in its card and its row, as a sentence without an end."""
        said = f"{self.rule} = {number(self.value, 2)}, has been handed {number(self.holds, 2)}"
        if self.came[1]:
            said += f" by {self.came[0]} of {self.came[1]}"
        if self.sent is not None:
            said += f", has handed on {number(self.sent, 2)}"
        state = f"wrong: {self.doubt}" if self.doubt else "complete" if self.is_complete else ""
        return f"{said}, {state}" if state else said


@dataclass(frozen=True)
class BlameEdge:
    """A way from a node back to one that it is made from: the slope, and what has gone over it."""

    start: str
    end: str
    slope: float
    handed: float | None
    wrong: bool


@dataclass(frozen=True)
class OrderedTurn:
    """A turn of the order: what stands in its card, what a hand calls it, where it can be moved.

    Places are counted from 1, and go from `first` to `last`.
    """

    short: str
    name: str
    first: int
    last: int

    @property
    def moves(self) -> bool:
        """Whether it can be anywhere else."""
        return self.first < self.last


def blame_graph(
    nodes: Sequence[BlameNode],
    edges: Sequence[BlameEdge],
    turns: Sequence[OrderedTurn],
    done: int,
    so_far: str,
    last_turn: str,
    last: str,
    selected: str,
) -> Picture:
    """Draw the graph, inputs on the left: each node can be chosen. Above it stands the order.

    `done` of its turns have been; each is dragged to another place. Of a long order the row has the
    latest of these. `so_far` says the same in words, `last_turn` what the node called `last` has
    just done.
    """
    title = "Blame on its way back"
    places = {node.name: node.place for node in nodes}
    return picture(
        WIDTH,
        HEIGHT,
        title,
        " ".join([so_far, last_turn, *(f"{node.words}." for node in nodes)]),
        text(0, 18, "Order", font_weight="bold"),
        _row_of_turns(turns, done),
        _legend(),
        *(_way(edge, places, edge.start == last) for edge in edges),
        *(_card(node, node.name == last, node.name == selected) for node in nodes),
        text(0, HEIGHT - 12, last_turn),
        chosen=True,
    )


def blame_table(nodes: Sequence[BlameNode], selected: str) -> Picture:
    """Draw a row for each node, the output first, and below them why numbers are wrong."""
    rows = [_row(node) for node in reversed(nodes)]
    reasons = [f"{node.name}: {node.doubt}" for node in reversed(nodes) if node.doubt]
    top = BELOW_TITLE + height_of_table(rows) + 22
    return titled_table(
        TABLE_WIDTH,
        "What each node holds",
        "; ".join([row.words for row in rows]) + ".",
        COLUMNS,
        rows,
        *(text(0, top + 18 * k, f"{DIFFERS} {reason}") for k, reason in enumerate(reasons)),
        selected=selected,
        room=22 + 18 * len(nodes),
    )


def _row(node: BlameNode) -> Row:
    came = f"{node.came[0]} of {node.came[1]}" if node.came[1] else TO_START
    sent = "" if node.sent is None else number(node.sent, 2)
    cells = node.name, came, number(node.holds, 2), number(node.right, 2), sent, node.mark
    return Row(cells, node.name, f"{node.words}; right is {cells[3]}")


def _legend() -> Svg:
    return join(
        text(0, 50, "value", "forward"),
        text(44, 50, "blame so far", "backward"),
        text(142, 50, f"{AGREES} complete", "quiet"),
        text(228, 50, f"{DIFFERS} wrong", "quiet"),
        text(296, 50, "dotted: too early, too little or too much", "quiet"),
    )


def turns_in_row(done: int) -> range:
    """Return the places, counted from 1, that the row has room for: the last ones that have been.

    As long as these are few, they are the first ones.
    """
    first = max(done - ROOM, 0)
    return range(first + 1, first + ROOM + 1)


def _row_of_turns(turns: Sequence[OrderedTurn], done: int) -> Svg:
    first = turns_in_row(done)[0] - 1
    cards = [
        _turn(turn, TURNS + STRIDE * k, first + k + 1 - done)
        for k, turn in enumerate(turns[first : first + ROOM])
    ]
    earlier = [text(TURNS - 4, 18, MORE, text_anchor="end")] if first else []
    later = [text(TURNS + STRIDE * ROOM + 2, 18, MORE)] if first + ROOM < len(turns) else []
    return join(*earlier, *cards, *later)


def _turn(turn: OrderedTurn, x: float, ahead: int) -> Svg:
    """Draw a turn as a card: the last one that has been, `ahead` 0, is lit, one to come pale."""
    (width, height), has_been = TURN, ahead <= 0
    card = rect(
        x, 0.5, width, height, rx=4, class_="bp-hit",
        fill="panel" if ahead < 0 else "ground" if ahead else "lit",
        stroke="ink" if has_been else "quiet", stroke_width=1.5 if has_been else 0.75,
    )  # fmt: skip
    said = text(
        x + width / 2, 18, turn.short, "ink" if has_been else "quiet", text_anchor="middle",
        font_style=None if turn.short == "call" else "italic",
    )  # fmt: skip
    if not turn.moves:
        return join(card, said)
    return field(turn.name, turn.name, card, said, stride=STRIDE)


def _way(edge: BlameEdge, places: dict[str, tuple[float, float]], lit: bool) -> Svg:
    """Draw the way from one node's card to another's, with what has gone over it."""
    (x1, y1), (x2, y2) = places[edge.start], places[edge.end]
    x1, x2 = x1 - CARD[0] / 2, x2 + CARD[0] / 2 + 8
    gone = edge.handed is not None
    way = line(
        x1, y1, x2, y2, "backward" if gone else "quiet",
        stroke_width=(3.5 if lit else 2) if gone else 1,
        stroke_dasharray="2 4" if edge.wrong else None,
    )  # fmt: skip
    far = math.hypot(x2 - x1, y2 - y1)
    ux, uy = (x2 - x1) / far, (y2 - y1) / far
    corners = [(x2 - 5 * uy, y2 + 5 * ux), (x2 + 8 * ux, y2 + 8 * uy), (x2 + 5 * uy, y2 - 5 * ux)]
    head = element(
        "path", d=f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in corners)}",
        fill="backward" if gone else "quiet",
    )  # fmt: skip
    slope = f"{TIMES} {number(edge.slope, 1)}"
    along = 0.27 if abs(y2 - y1) > 100 else 0.5  # crossing ways carry their labels apart
    x, y = x1 + along * (x2 - x1), y1 + along * (y2 - y1)
    lines = [slope] if edge.handed is None else [slope, number(edge.handed, 2)]
    height = 15 * len(lines) + 2
    ground = rect(x - 23, y - height / 2, 46, height, rx=3, fill="ground", fill_opacity=0.9)
    labels = [
        text(x, y - height / 2 + 13 + 15 * k, said, ("quiet", "backward")[k],
             text_anchor="middle", font_weight="bold" if k and lit else None)
        for k, said in enumerate(lines)
    ]  # fmt: skip
    return join(way, head, ground, *labels)


def _card(node: BlameNode, lit: bool, selected: bool) -> Svg:
    (x, y), (width, height) = node.place, CARD
    left, top = x - width / 2, y - height / 2
    frame = rect(
        left, top, width, height, rx=6, class_="bp-hit", fill="lit" if lit else "panel",
        stroke="ink" if selected or node.doubt or node.is_complete else "quiet",
        stroke_width=2 if selected else 1.2, stroke_dasharray="2 4" if node.doubt else None,
    )  # fmt: skip
    came = f"{node.came[0]} of {node.came[1]}" if node.came[1] else TO_START
    return button(
        node.name,
        node.words,
        frame,
        text(left + 5, top + 18, node.rule, font_style="italic"),
        text(left + 5, top + 37, number(node.value, 2), "forward"),
        text(left + 5, top + 57, number(node.holds, 2), "backward", font_weight="bold"),
        text(left + width - 5, top + 57, f"{came} {node.mark}".strip(), "quiet", text_anchor="end"),
        selected=selected,
    )
