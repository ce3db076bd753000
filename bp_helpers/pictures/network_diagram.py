"""The network as a picture: every value in blue, and beside it, in orange, its gradient.

A connection's weight and its gradient stand beside the neuron that it leaves, and its line begins
behind them, so that no label covers a line.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter

import numpy as np

from bp_helpers.pictures.formulas import (
    SIGMOIDS,
    NetworkKind,
    Piece,
    Trace,
    array_of,
    colour_of,
    coloured_formula,
    factors_of,
    split_name,
    value_of,
)
from bp_helpers.pictures.marks import Box, Place, number_cell
from bp_helpers.pictures.numerals import (
    MINUS,
    NOT_YET,
    TIMES,
    factor,
    number,
    operand,
    plain,
    written_out,
)
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.svg import Svg, also, button, element, join, line, rect, text

CARD, GAP = 148, 138  # a neuron's card and the room between two layers, in pixels
LABEL_LEFT, LABEL_WIDTH = 6, 56  # a connection's label: its distance from the card, its width
LABEL_ROW = (12.7, 25)  # the least height of a weight or a gradient in a label, and the largest
TOP = 46
ROOM = 292  # the height that the cards of a layer share, where they are few
ROW = (17, 26)  # the least height of a row in a card, and the largest
ABOVE = 26, 10, 5  # room above a card: with a name, without, and where there are many
LEAST_HEIGHT = 476  # of the picture: what stands below it stays while neurons come and go
FEW = 3  # neurons in a hidden layer; more are closer together
# Of formulas: the size of letters, the room for one, and for a line; of those of large networks.
FORMULA, SMALL_FORMULA = (15, 9.0, 20), (13, 7.8, 16)
# Lines have the same width for the same number, whatever the others are: 4 pixels for these.
WIDEST = {"W": 4.0, "d": 0.3}
THINNEST, THICKEST = 0.6, 4.0

ROW_OF = {"X": 0, "dX": 0, "b": 0, "db": 0, "Z": 1, "delta": 1, "A": 2, "dA": 2, "P": 2, "Y": 3}
# A row of a card: what stands in front of it, the value and its gradient.
CardRow = tuple[str, str, str]


@dataclass(frozen=True)
class Highlight:
    """What a picture shows beyond the numbers.

    `known`: arrays computed so far (the others are dots); `made` and `used`: arrays of this step;
    `selected`: one number, whose formula is written out and whose factors are outlined. Without
    `gradients` their places stay empty. `step` names the moment: where a page goes on to another
    one, the numbers that are used move to what is made of them. With a learning rate `moved_by` the
    parameters have just been moved against their gradients, and their formulas say so. `network`
    says which functions the formulas are of.
    """

    known: Collection[str]
    made: tuple[str, ...] = ()
    used: Collection[str] = ()
    selected: str = ""
    gradients: bool = True
    step: int | None = None
    moved_by: float = 0.0
    network: NetworkKind = SIGMOIDS


def network_diagram(
    trace: Trace,
    highlight: Highlight,
    input_names: Sequence[str],
    output_names: Sequence[str],
    caption: str = "",
) -> Picture:
    """Draw a fully connected network, its activations between the layers, for the first example.

    `trace` comes from `Network.trace`, and where there are probabilities, has them as `P`.
    Connections are wide where the weight (blue) or its gradient (orange) is large, on a scale that
    stays, and dashed where it is negative. Up to about 5-6-4.
    """
    sizes = _sizes(trace)
    drawing = _Diagram(trace, highlight)
    height = _height(sizes)
    parts = [text(0, 16, caption, font_weight="bold"), _legend(highlight.gradients)]
    parts += [drawing.connections(layer, sizes) for layer in range(1, len(sizes))]
    for layer, size in enumerate(sizes):
        titles = {0: input_names, len(sizes) - 1: output_names}.get(layer, [""] * size)
        parts += [
            drawing.card(*_corner(sizes, layer, k), titles[k], drawing.rows(layer, k))
            for k in range(size)
        ]
    x, y = _corner(sizes, len(sizes) - 1, sizes[-1] - 1)
    below = y + 4 * drawing.row + ABOVE[0]
    parts.append(drawing.card(x, below, "loss", [("L", "loss", "")]))
    parts.append(drawing.explanation(height, sizes))
    if highlight.step is not None:
        parts.append(drawing.travellers(sizes))
    return picture(
        _width(sizes),
        max(height + _room_for_explanation(sizes), LEAST_HEIGHT),
        "A network with its values and gradients"
        if highlight.gradients
        else "A network with its values",
        _in_words(trace, highlight, caption, drawing.own_formula()),
        *parts,
        chosen=True,
    )


class _Diagram:
    """Draws the parts: each number is a cell that can be chosen."""

    def __init__(self, trace: Trace, highlight: Highlight) -> None:
        self.trace = trace
        self.highlight = highlight
        self.row = _row(_sizes(trace))
        selected = highlight.selected
        self.factors = self.factors_of(selected) if selected and self.is_known(selected) else []

    def factors_of(self, name: str) -> list[str]:
        return factors_of(self.trace, name, self.highlight.network)

    def is_known(self, name: str) -> bool:
        return array_of(name) in self.highlight.known

    def rows(self, layer: int, k: int) -> list[CardRow]:
        if layer == 0:
            return [("x", f"X[{k}]", f"dX[{k}]")]
        rows = [
            ("b", f"b{layer}[{k}]", f"db{layer}[{k}]"),
            ("z", f"Z{layer}[{k}]", f"delta{layer}[{k}]"),
            ("a", f"A{layer}[{k}]", f"dA{layer}[{k}]")
            if f"A{layer}" in self.trace
            else ("p", f"P[{k}]", ""),
        ]
        return [*rows, ("y", f"Y[{k}]", "")] if f"W{layer + 1}" not in self.trace else rows

    def card(self, x: float, y: float, title: str, rows: list[CardRow]) -> Svg:
        height = self.row * len(rows)
        frame = rect(x, y, CARD, height, rx=6, fill="panel", stroke="quiet", stroke_width=1)
        parts = [frame]
        if title:
            parts.append(text(x + CARD / 2, y - 6, title, "quiet", text_anchor="middle"))
        for row, (label, forward, backward) in enumerate(rows):
            top = y + row * self.row
            base = top + self.row / 2 + 5
            parts.append(text(x + 5, base, label, "quiet", font_style="italic"))
            parts.append(self.cell(x + 22, top, 58, forward, "forward"))
            if backward and self.highlight.gradients:
                parts.append(self.cell(x + 84, top, 60, backward, "backward"))
        return join(*parts)

    def cell(self, x: float, y: float, width: float, name: str, colour: str) -> Svg:
        base = y + self.row / 2 + 5
        if not self.is_known(name):
            return text(x + width - 6, base, NOT_YET, "quiet", text_anchor="end")
        return self.number_in((x, y, width, self.row, 4), (x + width - 6, base), name, colour)

    def number_in(self, box: Box, end: Place, name: str, colour: str) -> Svg:
        """The number called `name` in a box, its text ending at `end`."""
        shown = number(value_of(self.trace, name))
        look = self.ground(name), self.outline(name), self.weight(name)
        return number_cell(box, end, name, shown, colour, *look, name == self.highlight.selected)

    def ground(self, name: str) -> str:
        array = array_of(name)
        if array in self.highlight.made:
            return "lit"
        return "used" if array in self.highlight.used else "transparent"

    def weight(self, name: str) -> str | None:
        # what the step makes is bold, so that it is told from what it uses without colour
        return "bold" if array_of(name) in self.highlight.made else None

    def outline(self, name: str) -> str:
        chosen = name == self.highlight.selected or name in self.factors
        return "ink" if chosen else "transparent"

    def connections(self, layer: int, sizes: tuple[int, ...]) -> Svg:
        labels = _labels(sizes, layer)
        parts = []
        for i in range(sizes[layer - 1]):
            if labels:
                parts.append(_comb(sizes, layer, i))
            for j in range(sizes[layer]):
                ends = _ends(sizes, layer, i, j)
                for name, colour, shift in (
                    (f"W{layer}[{i},{j}]", "forward", -2),
                    (f"dW{layer}[{i},{j}]", "backward", 2),
                ):
                    if self.is_known(name):
                        line = self.line(name, ends, colour, shift)
                        as_part = self.line_of_label if labels else self.line_button
                        parts.append(as_part(name, ends, shift, line))
                if labels:
                    parts.append(self.connection_label(layer, i, j, labels))
        return join(*parts)

    def line(self, name: str, ends: tuple[float, ...], colour: str, shift: float) -> Svg:
        x1, y1, x2, y2 = ends
        size = value_of(self.trace, name)
        share = min(abs(size) / WIDEST[name[0]], 1)
        outlined = name == self.highlight.selected or name in self.factors
        return element(
            "line", x1=x1, y1=y1 + shift, x2=x2, y2=y2 + shift, class_="bp-hit", stroke=colour,
            stroke_width=THINNEST + (THICKEST - THINNEST) * share,
            stroke_dasharray="6 4" if size < 0 else None, stroke_opacity=1 if outlined else 0.55,
        )  # fmt: skip

    def line_of_label(self, name: str, ends: tuple[float, ...], shift: float, drawn: Svg) -> Svg:
        """A line can be chosen and dragged as its label is; a hand need not hit it exactly."""
        x1, y1, x2, y2 = ends
        way = f"M{x1:.1f} {y1 + 3 * shift:.1f}L{x2:.1f} {y2 + 3 * shift:.1f}"
        return also(name, element("path", d=way, stroke="transparent", stroke_width=8), drawn)

    def line_button(self, name: str, ends: tuple[float, ...], shift: float, drawn: Svg) -> Svg:
        """Where no label found room, the line itself can be chosen; it is 4 pixels wide to hit."""
        x1, y1, x2, y2 = ends
        hit = line(x1, y1 + shift, x2, y2 + shift, "transparent", stroke_width=4)
        label = f"{name} = {number(value_of(self.trace, name))}"
        return button(name, label, drawn, hit, selected=name == self.highlight.selected)

    def connection_label(self, layer: int, i: int, j: int, row: float) -> Svg:
        x, y = _label_place(_sizes(self.trace), layer, i, j)
        index = f"{layer}[{i},{j}]"
        cells = [self.small_cell(x, y - row, row, f"W{index}", "forward")]
        if self.is_known(f"dW{index}"):
            cells.append(self.small_cell(x, y, row, f"dW{index}", "backward"))
        return join(*cells)

    def small_cell(self, x: float, y: float, row: float, name: str, colour: str) -> Svg:
        box = (x, y, LABEL_WIDTH, row, 3)
        return self.number_in(box, (x + LABEL_WIDTH - 4, y + row / 2 + 4.5), name, colour)

    def explanation(self, top: float, sizes: tuple[int, ...]) -> Svg:
        name = self.highlight.selected
        if not name:
            lines: list[list[Piece]] = [[("Choose any number to see where it comes from.", "ink")]]
        elif not self.is_known(name):
            lines = [[(f"{name} is not known yet at this step.", "ink")]]
        else:
            lines = self.formula_lines(name)
        wrapped = [piece for line in lines for piece in _wrapped(line, _line_length(sizes))]
        size, _, height = _formula_sizes(sizes)
        return join(
            *(
                _in_colours(top + 2 + height * (k + 1), size, *line)
                for k, line in enumerate(wrapped)
            )
        )

    def travellers(self, sizes: tuple[int, ...]) -> Svg:
        """What moves when the page comes to this step: each factor to the number that it makes."""
        moving = []
        for name in _names(sizes, self.highlight.made):
            for used in self.made_from(name):
                shown = number(value_of(self.trace, used))
                moving.append(_traveller(_way(sizes, used, name), shown, colour_of(used)))
        return element("g", *moving, data_step=self.highlight.step)

    def made_from(self, name: str) -> list[str]:
        """The numbers that this one is made from, each once."""
        if self.highlight.moved_by and name[0] in "Wb":
            return [f"d{name}"]
        return [*dict.fromkeys(self.factors_of(name))]

    def own_formula(self) -> list[str]:
        """The formula of what is selected, in words."""
        name = self.highlight.selected
        lines = self.own_lines(name) if name and self.is_known(name) else []
        return ["".join(said for said, _ in line) for line in lines]

    def own_lines(self, name: str) -> list[list[Piece]]:
        """The number's formula; of a parameter that has just been moved, what moved it."""
        if self.highlight.moved_by and name[0] in "Wb":
            return self.update_lines(name)
        return coloured_formula(self.trace, name, self.highlight.network)

    def formula_lines(self, name: str) -> list[list[Piece]]:
        """The same; of a parameter that has no formula, that of its gradient as well."""
        lines = self.own_lines(name)
        if name[0] in "Wb" and not self.highlight.moved_by and self.is_known(f"d{name}"):
            lines += coloured_formula(self.trace, f"d{name}", self.highlight.network)
        return lines

    def update_lines(self, name: str) -> list[list[Piece]]:
        """What a step of gradient descent made of a parameter."""
        now, gradient = value_of(self.trace, name), value_of(self.trace, f"d{name}")
        rate = self.highlight.moved_by
        names: list[Piece] = [
            (f"{name} after", "forward"), (" = ", "ink"), (f"{name} before", "forward"),
            (f" {MINUS} learning rate {TIMES} ", "ink"), (f"d{name}", "backward"),
        ]  # fmt: skip
        numbers: list[Piece] = [
            ("= ", "ink"), (operand(now + rate * gradient), "forward"),
            (f" {MINUS} {plain(rate)} {TIMES} ", "ink"), (factor(gradient), "backward"),
        ]  # fmt: skip
        return [names, numbers, [("= ", "ink"), (number(now, 4), "forward")]]


@lru_cache(maxsize=1024)
def _traveller(way: tuple[Place, ...], shown: str, colour: str) -> Svg:
    """A number that is seen only while it moves."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in way)
    return text(
        0, 0, shown, colour, class_="bp-travel", data_way=points, opacity=0, aria_hidden="true",
        text_anchor="middle", font_size=14, font_weight="bold", stroke="ground", stroke_width=3,
        paint_order="stroke",
    )  # fmt: skip


def _wrapped(line: Sequence[Piece], length: int) -> list[list[Piece]]:
    """Break a line of a formula between words; each letter keeps its colour."""
    whole = "".join(said for said, _ in line)
    colours = [colour for said, colour in line for _ in said]
    lines, start = [], 0
    for words in textwrap.wrap(whole, length):
        start = whole.index(words, start)
        own = zip(words, colours[start : start + len(words)], strict=True)
        start += len(words)
        grouped = groupby(own, key=itemgetter(1))
        lines.append([("".join(letter for letter, _ in run), colour) for colour, run in grouped])
    return lines


@lru_cache(maxsize=256)
def _in_colours(y: float, size: int, *line: Piece) -> Svg:
    said = [element("tspan", words, fill=colour) for words, colour in line]
    return element("text", *said, x=0, y=y, font_size=size)


@cache
def _legend(gradients: bool) -> Svg:
    parts = [text(0, TOP - 8, "value", "forward")]
    if gradients:
        parts.append(text(44, TOP - 8, "and its gradient", "backward"))
    parts.append(text(176 if gradients else 66, TOP - 8, "dashed: negative", "quiet"))
    return join(*parts)


def _in_words(trace: Trace, highlight: Highlight, caption: str, own: Sequence[str]) -> str:
    """Return a line for the step, one for each known array, and one for what is selected.

    `own` is the formula of what is selected.
    """
    lines = [f"{caption}."] if caption else []
    for verb, arrays in ("Uses", highlight.used), ("Makes", highlight.made):
        if arrays:
            lines.append(f"{verb} {', '.join(name for name in trace if name in arrays)}.")
    lines += [f"{name}: {written_out(trace[name], 4)}" for name in trace if name in highlight.known]
    if own:
        lines.append("Chosen: " + " ".join(own))
    return "\n".join(lines)


@cache
def _names(sizes: tuple[int, ...], arrays: tuple[str, ...]) -> list[str]:
    """The names of all numbers in these arrays."""
    names = []
    for array in arrays:
        kind, layer, _ = split_name(array)
        if kind == "loss":
            names.append(array)
        elif kind in ("W", "dW"):
            shape = np.ndindex(sizes[layer - 1], sizes[layer])
            names += [f"{array}[{i},{j}]" for i, j in shape]
        else:
            names += [f"{array}[{k}]" for k in range(sizes[_layer_of(sizes, kind, layer)])]
    return names


@cache
def _place(sizes: tuple[int, ...], name: str) -> Place:
    """The middle of the place of a number, a little below: where its text has its base line."""
    kind, layer, index = split_name(name)
    if kind == "loss":
        x, y = _corner(sizes, len(sizes) - 1, sizes[-1] - 1)
        return x + 51, y + 4 * _row(sizes) + ABOVE[0] + _row(sizes) / 2 + 5
    if kind in ("W", "dW"):
        x, y = _label_place(sizes, layer, *index)
        row = _labels(sizes, layer)
        return x + LABEL_WIDTH / 2, y + (row if kind == "dW" else -row) / 2 + 5
    x, y = _corner(sizes, _layer_of(sizes, kind, layer), index[0])
    k = ROW_OF[kind]
    return x + (114 if kind[0] == "d" else 51), y + (k + 0.5) * _row(sizes) + 5


@cache
def _way(sizes: tuple[int, ...], start: str, end: str) -> tuple[Place, ...]:
    """The way from one number to another: along the connection between them, if there is one."""
    between = _connection(sizes, start, end)
    ends = _place(sizes, start), _place(sizes, end)
    if not between:
        return ends
    layer, i, j = between
    x1, y1, x2, y2 = _ends(sizes, layer, i, j)
    along: list[Place] = [(x1, y1), (x2, y2)]
    if ends[0][0] > ends[1][0]:
        along.reverse()
    low, high = sorted(x for x, _ in ends)
    return ends[0], *[point for point in along if low < point[0] < high], ends[1]


def _layer_of(sizes: tuple[int, ...], kind: str, layer: int) -> int:
    """Return the layer in whose cards a number stands; targets and probabilities have no number."""
    return len(sizes) - 1 if kind in ("Y", "P") else layer


def _connection(sizes: tuple[int, ...], *names: str) -> tuple[int, int, int] | None:
    """The connection, by layer and index, that two numbers belong to or lie at the ends of."""
    cards = []
    for name in names:
        kind, layer, index = split_name(name)
        if kind in ("W", "dW"):
            return layer, index[0], index[1]
        if kind == "loss":
            return None
        cards.append((_layer_of(sizes, kind, layer), index[0]))
    (a, i), (b, j) = sorted(cards)
    return (b, i, j) if b == a + 1 else None


# ---- Where things are: it depends on the network's sizes alone, so that nothing jumps ----------


def _sizes(trace: Trace) -> tuple[int, ...]:
    weights = [array for name, array in trace.items() if name[0] == "W"]
    return (weights[0].shape[0], *(w.shape[1] for w in weights))


def _rows_in(sizes: tuple[int, ...], layer: int) -> int:
    if layer == 0:
        return 1
    return 4 if layer == len(sizes) - 1 else 3


def _above(sizes: tuple[int, ...], layer: int) -> float:
    """The room above a card; those of hidden layers have no name there."""
    if layer in (0, len(sizes) - 1):
        return ABOVE[0]
    return ABOVE[1] if sizes[layer] <= FEW else ABOVE[2]


@cache
def _row(sizes: tuple[int, ...]) -> float:
    """The height of a row: where there are many neurons, they are lower."""
    least, largest = ROW
    fits = [
        (1.08 * ROOM / size - _above(sizes, layer)) / _rows_in(sizes, layer)
        for layer, size in enumerate(sizes[:-1])
    ]
    return max(least, min(largest, *map(math.floor, fits)))


def _loss_height(sizes: tuple[int, ...], layer: int) -> float:
    return _row(sizes) + ABOVE[0] + 6 if layer == len(sizes) - 1 else 0


def _column(sizes: tuple[int, ...], layer: int) -> float:
    """The height that a layer needs: its cards with room above each, at the end the loss."""
    own = _rows_in(sizes, layer) * _row(sizes) + _above(sizes, layer)
    return sizes[layer] * own + _loss_height(sizes, layer)


def _width(sizes: tuple[int, ...]) -> float:
    return len(sizes) * CARD + (len(sizes) - 1) * GAP + 2


def _formula_sizes(sizes: tuple[int, ...]) -> tuple[int, float, int]:
    return FORMULA if max(sizes) <= FEW + 1 else SMALL_FORMULA


def _line_length(sizes: tuple[int, ...]) -> int:
    return int(_width(sizes) / _formula_sizes(sizes)[1])


def _room_for_explanation(sizes: tuple[int, ...]) -> float:
    """The longest formula is a sum over a layer, once in names and once in numbers."""
    longest = 24 * max(sizes) + 12  # "(-12.345) * (-12.345) + ", again and again
    lines = 2 * math.ceil(longest / (_line_length(sizes) - 10)) + 1
    return _formula_sizes(sizes)[2] * max(lines, 5) + 12  # 5: a cross-entropy of two outputs


def _height(sizes: tuple[int, ...]) -> float:
    return TOP + max(_column(sizes, layer) for layer in range(len(sizes)))


def _share(sizes: tuple[int, ...], layer: int) -> float:
    """The height that each neuron of a layer has; they share it evenly."""
    return (_height(sizes) - TOP - _loss_height(sizes, layer)) / sizes[layer]


@cache
def _corner(sizes: tuple[int, ...], layer: int, k: int) -> tuple[float, float]:
    """The upper left corner of a card."""
    share, own = _share(sizes, layer), _rows_in(sizes, layer) * _row(sizes)
    above = _above(sizes, layer)
    return 1 + layer * (CARD + GAP), TOP + share * k + above + (share - above - own) / 2


def _middle(sizes: tuple[int, ...], layer: int, k: int) -> float:
    return _corner(sizes, layer, k)[1] + _rows_in(sizes, layer) * _row(sizes) / 2


@cache
def _labels(sizes: tuple[int, ...], layer: int) -> float:
    """The height of a weight or a gradient in the labels of a layer's connections.

    0 says that there is no room for them: then the lines themselves are chosen.
    """
    least, largest = LABEL_ROW
    row = (_share(sizes, layer - 1) / sizes[layer] - 3) / 2
    return min(row, largest) if row >= least else 0.0


@cache
def _label_place(sizes: tuple[int, ...], layer: int, i: int, j: int) -> tuple[float, float]:
    """The left end of the line between a connection's weight and its gradient."""
    slot = 2 * _labels(sizes, layer) + 3
    top = TOP + _share(sizes, layer - 1) * i
    middle = _middle(sizes, layer - 1, i)
    half = slot * sizes[layer] / 2
    middle = min(max(middle, top + half), top + _share(sizes, layer - 1) - half)
    x = _corner(sizes, layer - 1, i)[0] + CARD + LABEL_LEFT
    return x, middle + slot * (j - (sizes[layer] - 1) / 2)


@cache
def _comb(sizes: tuple[int, ...], layer: int, i: int) -> Svg:
    """Draw what joins a neuron's card with the labels of the connections that leave it."""
    x = _corner(sizes, layer - 1, i)[0] + CARD
    places = [_label_place(sizes, layer, i, j)[1] for j in range(sizes[layer])]
    middle = _middle(sizes, layer - 1, i)
    teeth = "".join(f"M{x:.1f} {middle:.1f}L{x + LABEL_LEFT:.1f} {y:.1f}" for y in places)
    return element("path", d=teeth, fill="none", stroke="quiet", stroke_opacity=0.6)


@cache
def _ends(sizes: tuple[int, ...], layer: int, i: int, j: int) -> tuple[float, float, float, float]:
    """Where a connection's line begins and ends: lines arrive one below the other."""
    x2, _ = _corner(sizes, layer, j)
    spread = min(10.0, (_rows_in(sizes, layer) * _row(sizes) - 12) / sizes[layer - 1])
    y2 = _middle(sizes, layer, j) + spread * (i - (sizes[layer - 1] - 1) / 2)
    if not _labels(sizes, layer):
        x1 = _corner(sizes, layer - 1, i)[0] + CARD
        return x1, _middle(sizes, layer - 1, i), x2, y2
    x1, y1 = _label_place(sizes, layer, i, j)
    return x1 + LABEL_WIDTH + 2, y1, x2, y2
