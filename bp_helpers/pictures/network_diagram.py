"""The network as a picture: every value in blue, and beside it, in vermilion, its gradient."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from bp_helpers.pictures.formulas import Trace, factors_of, formula, value_of
from bp_helpers.pictures.numerals import number, written_out
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, button, element, join, text

CARD, GAP, ROW = 148, 156, 22  # a neuron's card and the room between two layers, in pixels
LABEL = (50, 30)  # a connection's weight above its gradient
TOP = 44
LETTER, LINE = 7.8, 18  # room for a letter of a formula, and for a line

# A row of a card: what stands in front of it, the value and its gradient.
Row = tuple[str, str, str]
Place = tuple[float, float]
Box = tuple[float, float, float, float, float]  # x, y, width, height and the corners' radius


@dataclass(frozen=True)
class Highlight:
    """What a picture shows beyond the numbers.

    `known`: arrays computed so far (the others are dots); `made` and `used`: arrays of this step;
    `selected`: one number, whose formula is written out and whose factors are outlined. Without
    `gradients` their places stay empty.
    """

    known: Collection[str]
    made: Collection[str] = ()
    used: Collection[str] = ()
    selected: str = ""
    gradients: bool = True


def network_diagram(
    trace: Trace,
    highlight: Highlight,
    input_names: Sequence[str],
    output_names: Sequence[str],
    caption: str = "",
) -> Picture:
    """Draw a fully connected network of `Dense` and `Sigmoid` layers, for the first example.

    `trace` comes from `Network.trace`. Connections are wide where the weight (blue) or its gradient
    (vermilion) is large, and dashed where it is negative. Up to about 5-6-4.
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
    parts.append(drawing.card(x, y + 4 * ROW + 30, "loss", [("L", "loss", "")]))
    parts.append(drawing.explanation(height, sizes))
    return picture(
        _width(sizes),
        height + _room_for_explanation(sizes),
        "A network with its values and gradients"
        if highlight.gradients
        else "A network with its values",
        _in_words(trace, highlight, caption),
        *parts,
        chosen=True,
    )


class _Diagram:
    """Draws the parts: each number is a cell that can be chosen."""

    def __init__(self, trace: Trace, highlight: Highlight) -> None:
        self.trace = trace
        self.highlight = highlight
        selected = highlight.selected
        self.factors = factors_of(trace, selected) if selected and self.is_known(selected) else []

    def is_known(self, name: str) -> bool:
        return name.partition("[")[0] in self.highlight.known

    def rows(self, layer: int, k: int) -> list[Row]:
        if layer == 0:
            return [("x", f"X[{k}]", f"dX[{k}]")]
        rows = [
            ("b", f"b{layer}[{k}]", f"db{layer}[{k}]"),
            ("z", f"Z{layer}[{k}]", f"delta{layer}[{k}]"),
            ("a", f"A{layer}[{k}]", f"dA{layer}[{k}]"),
        ]
        return [*rows, ("y", f"Y[{k}]", "")] if f"W{layer + 1}" not in self.trace else rows

    def card(self, x: float, y: float, title: str, rows: list[Row]) -> Svg:
        height = ROW * len(rows)
        frame = element(
            "rect", x=x, y=y, width=CARD, height=height, rx=6,
            fill=paint("panel"), stroke=paint("quiet"), stroke_width=1,
        )  # fmt: skip
        parts = [frame]
        if title:
            parts.append(text(x + CARD / 2, y - 6, title, "quiet", text_anchor="middle"))
        for row, (label, forward, backward) in enumerate(rows):
            top = y + row * ROW
            parts.append(text(x + 8, top + 16, label, "quiet", font_style="italic"))
            parts.append(self.cell(x + 22, top, 58, forward, "forward"))
            if backward and self.highlight.gradients:
                parts.append(self.cell(x + 84, top, 60, backward, "backward"))
        return join(parts)

    def cell(self, x: float, y: float, width: float, name: str, colour: str) -> Svg:
        if not self.is_known(name):
            return text(x + width - 6, y + 16, "\N{MIDDLE DOT}", "quiet", text_anchor="end")
        return self.number_in(
            (x, y + 1.5, width, ROW - 3, 4), (x + width - 6, y + 16), name, colour
        )

    def number_in(
        self, box: Box, end: Place, name: str, colour: str, size: int | None = None
    ) -> Svg:
        """The number called `name` in a box, its text ending at `end`."""
        shown = number(value_of(self.trace, name))
        look = self.ground(name), self.outline(name), self.weight(name)
        return _number_in(
            box, end, name, shown, colour, size, *look, name == self.highlight.selected
        )

    def ground(self, name: str) -> str:
        array = name.partition("[")[0]
        if array in self.highlight.made:
            return paint("lit")
        return paint("used") if array in self.highlight.used else "transparent"

    def weight(self, name: str) -> str | None:
        # what the step makes is bold, so that it is told from what it uses without colour
        return "bold" if name.partition("[")[0] in self.highlight.made else None

    def outline(self, name: str) -> str:
        chosen = name == self.highlight.selected or name in self.factors
        return paint("ink") if chosen else "transparent"

    def connections(self, layer: int, sizes: tuple[int, ...]) -> Svg:
        places = _label_places(sizes)[layer - 1]
        lines, labels = [], []
        for (i, j), place in places.items():
            ends = _ends(sizes, layer, i, j)
            for name, colour, shift in (
                (f"W{layer}[{i},{j}]", "forward", -2),
                (f"dW{layer}[{i},{j}]", "backward", 2),
            ):
                if self.is_known(name):
                    line = self.line(name, ends, colour, shift)
                    lines.append(line if place else self.line_button(name, ends, shift, line))
            if place:
                labels.append(self.connection_label(layer, i, j, *place))
        return join(lines + labels)

    def line(self, name: str, ends: tuple[float, ...], colour: str, shift: float) -> Svg:
        x1, y1, x2, y2 = ends
        size = value_of(self.trace, name)
        largest = np.abs(self.trace[name.partition("[")[0]]).max() or 1
        outlined = name == self.highlight.selected or name in self.factors
        return element(
            "line", x1=x1, y1=y1 + shift, x2=x2, y2=y2 + shift, class_="bp-hit",
            stroke=paint(colour), stroke_width=0.6 + 3.4 * abs(size) / largest,
            stroke_dasharray="6 4" if size < 0 else None,
            stroke_opacity=1 if outlined else 0.55,
        )  # fmt: skip

    def line_button(self, name: str, ends: tuple[float, ...], shift: float, line: Svg) -> Svg:
        """Where no label found room, the line itself can be chosen; it is 4 pixels wide to hit."""
        x1, y1, x2, y2 = ends
        hit = element(
            "line", x1=x1, y1=y1 + shift, x2=x2, y2=y2 + shift, stroke="transparent",
            stroke_width=4,
        )  # fmt: skip
        label = f"{name} = {number(value_of(self.trace, name))}"
        return button(name, label, line, hit, selected=name == self.highlight.selected)

    def connection_label(self, layer: int, i: int, j: int, x: float, y: float) -> Svg:
        width, height = LABEL
        ground = element(
            "rect", x=x, y=y, width=width, height=height, rx=4, fill=paint("ground"),
            fill_opacity=0.85,
        )  # fmt: skip
        index = f"{layer}[{i},{j}]"
        cells = [self.small_cell(x, y, f"W{index}", "forward")]
        if self.is_known(f"dW{index}"):
            cells.append(self.small_cell(x, y + height / 2, f"dW{index}", "backward"))
        return join([ground, *cells])

    def small_cell(self, x: float, y: float, name: str, colour: str) -> Svg:
        width, height = LABEL
        box, end = (x, y, width, height / 2, 3), (x + width - 4, y + 12)
        return self.number_in(box, end, name, colour, size=12)

    def explanation(self, top: float, sizes: tuple[int, ...]) -> Svg:
        name = self.highlight.selected
        if not name:
            lines = ["Choose any number to see where it comes from."]
        elif not self.is_known(name):
            lines = [f"{name} is not known yet at this step."]
        else:
            lines = self.formula_lines(name)
        wrapped = [piece for line in lines for piece in textwrap.wrap(line, _line_length(sizes))]
        return join(text(0, top + 22 + LINE * k, line) for k, line in enumerate(wrapped))

    def formula_lines(self, name: str) -> list[str]:
        """The number's formula; of a parameter, which has none, that of its gradient as well."""
        lines = formula(self.trace, name)
        if name[0] in "Wb" and self.is_known(f"d{name}"):
            lines += formula(self.trace, f"d{name}")
        return lines


@lru_cache(maxsize=1024)  # while a slider moves, most numbers stay as they are
def _number_in(
    box: Box,
    end: Place,
    name: str,
    shown: str,
    colour: str,
    size: int | None,
    ground: str,
    outline: str,
    weight: str | None,
    selected: bool,
) -> Svg:
    x, y, width, height, rounding = box
    frame = element(
        "rect", x=x, y=y, width=width, height=height, rx=rounding, class_="bp-hit",
        fill=ground, stroke=outline, stroke_width=2 if selected else 1.2,
        stroke_dasharray=None if selected else "2 2",
    )  # fmt: skip
    label = text(*end, shown, colour, text_anchor="end", font_size=size, font_weight=weight)
    return button(name, f"{name} = {shown}", frame, label, selected=selected)


@cache
def _legend(gradients: bool) -> Svg:
    parts = [text(0, TOP - 8, "value", "forward")]
    if gradients:
        parts.append(text(44, TOP - 8, "and its gradient", "backward"))
    parts.append(text(176 if gradients else 66, TOP - 8, "dashed: negative", "quiet"))
    return join(parts)


def _in_words(trace: Trace, highlight: Highlight, caption: str) -> str:
    """Return a line for the step, one for each known array, and one for what is selected."""
    lines = [f"{caption}."] if caption else []
    for verb, arrays in ("Uses", highlight.used), ("Makes", highlight.made):
        if arrays:
            lines.append(f"{verb} {', '.join(name for name in trace if name in arrays)}.")
    lines += [f"{name}: {written_out(trace[name], 4)}" for name in trace if name in highlight.known]
    if highlight.selected.partition("[")[0] in highlight.known:
        lines.append("Chosen: " + " ".join(formula(trace, highlight.selected)))
    return "\n".join(lines)


# ---- Where things are: it depends on the network's sizes alone, so that nothing jumps ----------


def _sizes(trace: Trace) -> tuple[int, ...]:
    weights = [array for name, array in trace.items() if name[0] == "W"]
    return (weights[0].shape[0], *(w.shape[1] for w in weights))


def _rows_in(sizes: tuple[int, ...], layer: int) -> int:
    if layer == 0:
        return 1
    return 4 if layer == len(sizes) - 1 else 3


def _column(sizes: tuple[int, ...], layer: int) -> float:
    """The height that a layer needs: its cards with room above each, at the end the loss."""
    loss = ROW + 40 if layer == len(sizes) - 1 else 0
    return sizes[layer] * (_rows_in(sizes, layer) * ROW + 40) + loss


def _width(sizes: tuple[int, ...]) -> float:
    return len(sizes) * CARD + (len(sizes) - 1) * GAP + 2


def _line_length(sizes: tuple[int, ...]) -> int:
    return int(_width(sizes) / LETTER)


def _room_for_explanation(sizes: tuple[int, ...]) -> float:
    """The longest formula is a sum over a layer, once in names and once in numbers."""
    longest = 24 * max(sizes) + 12  # "(-12.345) * (-12.345) + ", again and again
    lines = 2 * math.ceil(longest / (_line_length(sizes) - 10)) + 1
    return LINE * max(lines, 4) + 12  # 4: a parameter and its gradient's formula


def _height(sizes: tuple[int, ...]) -> float:
    return TOP + max(_column(sizes, layer) for layer in range(len(sizes)))


@cache
def _corner(sizes: tuple[int, ...], layer: int, k: int) -> tuple[float, float]:
    """The upper left corner of a card; the cards of a layer share the height evenly."""
    loss = ROW + 40 if layer == len(sizes) - 1 else 0
    share = (_height(sizes) - TOP - loss) / sizes[layer]
    own = _rows_in(sizes, layer) * ROW
    return 1 + layer * (CARD + GAP), TOP + share * k + (share - own) / 2 + 10


@cache
def _ends(sizes: tuple[int, ...], layer: int, i: int, j: int) -> tuple[float, float, float, float]:
    x1, y1 = _corner(sizes, layer - 1, i)
    x2, y2 = _corner(sizes, layer, j)
    start, end = _rows_in(sizes, layer - 1) * ROW / 2, _rows_in(sizes, layer) * ROW / 2
    return x1 + CARD, y1 + start, x2, y2 + end


@cache
def _label_places(
    sizes: tuple[int, ...],
) -> list[dict[tuple[int, int], tuple[float, float] | None]]:
    """For each layer's connections the corner of their label, or None where no room is left."""
    width, height = LABEL
    found: list[dict[tuple[int, int], tuple[float, float] | None]] = []
    for layer in range(1, len(sizes)):
        places: dict[tuple[int, int], tuple[float, float] | None] = {}
        for i in range(sizes[layer - 1]):
            for j in range(sizes[layer]):
                x1, y1, x2, y2 = _ends(sizes, layer, i, j)
                free = None
                for along in (0.28, 0.72, 0.5, 0.39, 0.61, 0.2, 0.8):
                    x = x1 + along * (x2 - x1) - width / 2
                    y = y1 + along * (y2 - y1) - height / 2
                    taken = [place for place in places.values() if place]
                    inside = x1 + 2 <= x and x + width <= x2 - 2
                    if inside and not any(
                        abs(x - a) < width + 2 and abs(y - b) < height + 2 for a, b in taken
                    ):
                        free = (x, y)
                        break
                places[i, j] = free
        found.append(places)
    return found
