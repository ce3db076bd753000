"""The network as a picture: every value in blue, and beside it, in orange, its gradient.

A connection's weight and its gradient stand beside the neuron that it leaves, and its line begins
behind them, so that no label covers a line. Each number is at least 24 pixels high in networks up
to 2-6-2: where there are many, what stood one below the other stands side by side.

The numbers come in the order in which they are computed, each with its gradient behind it: so they
are walked over by keys and read aloud. All that is drawn below them comes before them.
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
from bp_helpers.pictures.svg import Svg, also, button, cut, element, join, line, rect, text

CARD, GAP = 148, 138  # a neuron's card and the room between two layers, in pixels
WIDE_CARD, WIDE_GAP = 184, 169  # of a card of two rows, and beside labels of one row
LABEL_LEFT, LABEL_WIDTH = 6, 64  # of a weight or a gradient: the label's distance from the card
BESIDE = 56  # the width of a weight whose gradient stands beside it
LABEL_ROW = (13, 25)  # the least height of a weight or a gradient in a label, and the largest
FINGER = 24  # the height that a finger needs
TOP = 46
ROW = (17, 26)  # the least height of a row in a card, and the largest
ABOVE = 26, 10, 5  # room above a card: with a name, without, and where there are many
HEADING = 12  # and what the letters above the first of the wide cards take
HEIGHT = 476  # of the picture: what stands below it stays while neurons come and go
FEW = 3  # neurons in a hidden layer; more are closer together
# Of formulas: the size of letters, the room for one, and for a line; of short ones, and of those of
# large networks. What a short one is depends on its names, so that its size holds in a drag.
FORMULA, LARGE_FORMULA, SMALL_FORMULA = (15, 9.0, 20), (18, 10.8, 21), (13, 7.8, 16)
SHORT = 60  # letters
# Lines have the same width for the same number, whatever the others are: 4 pixels for these.
WIDEST = {"W": 4.0, "d": 0.3}
THINNEST, THICKEST = 0.6, 4.0
# Of an update: it is a look ahead, and not learning; a parameter that it has moved stays there.
NOT_KEPT = "Back undoes the step; then drag parameters"

# In which row of its card a number stands; in a wide card, in which column.
ROW_OF = {"X": 0, "dX": 0, "b": 0, "db": 0, "Z": 1, "delta": 1, "A": 2, "dA": 2, "P": 2, "Y": 3}


@dataclass(frozen=True)
class Highlight:
    """What a picture shows beyond the numbers.

    `known`: arrays computed so far (the others are dots); `made` and `used`: arrays of this step;
    `selected`: one number, whose formula is written out and whose factors are outlined. Without
    `gradients` their places stay empty. `step` names the moment: where a page goes on to another
    one, the numbers that are used move to what is made of them. With a learning rate `moved_by` the
    parameters have just been moved against their gradients, which are those of the trace `before`,
    and the formulas say so. `network` says which functions the formulas are of.
    """

    known: Collection[str]
    made: tuple[str, ...] = ()
    used: Collection[str] = ()
    selected: str = ""
    gradients: bool = True
    step: int | None = None
    moved_by: float = 0.0
    before: Trace | None = None
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
    titles = {0: input_names, len(sizes) - 1: output_names}
    parts = [text(0, 16, caption, font_weight="bold"), _legend(highlight)]
    parts += [drawing.connections(layer) for layer in range(1, len(sizes))]
    parts += [
        _cards(sizes, k, drawing.letters(k), (*titles.get(k, ()),)) for k in range(len(sizes))
    ]
    parts += [_card(*_loss_corner(sizes), _row(sizes), "L", "loss"), drawing.numbers()]
    parts.append(drawing.explanation(height))
    if highlight.step is not None:
        parts.append(drawing.travellers())
    return picture(
        _width(sizes),
        max(height + _room_for_explanation(sizes), HEIGHT),
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
        self.sizes = _sizes(trace)
        selected = highlight.selected
        self.factors = self.shown_factors(selected) if selected and self.is_known(selected) else []

    def factors_of(self, name: str) -> list[str]:
        return factors_of(self.trace, name, self.highlight.network)

    def shown_factors(self, name: str) -> list[str]:
        """The factors that the picture shows: of a gradient after an update, gradients alone."""
        factors = self.factors_of(name)
        if self.highlight.before is None or name[0] != "d":
            return factors
        return [factor for factor in factors if factor[0] == "d"]

    def is_known(self, name: str) -> bool:
        return array_of(name) in self.highlight.known

    def letters(self, layer: int) -> str:
        """What stands in front of each row of a layer's cards."""
        if layer == 0:
            return "x"
        letters = "bza" if f"A{layer}" in self.trace else "bzp"
        return letters + "y" if layer == len(self.sizes) - 1 else letters

    def numbers(self) -> Svg:
        """Every number in the order in which it is computed, its gradient behind it."""
        return join(*(self.number(name) for name in self.in_order()))

    def in_order(self) -> list[str]:
        has_p = "P" in self.trace
        return _in_order(self.sizes, has_p, self.highlight.gradients)

    def number(self, name: str) -> Svg:
        is_weight = split_name(name)[0] in ("W", "dW")
        if is_weight and not _label_row(self.sizes, split_name(name)[1]):
            return self.line_button(name) if self.is_known(name) else join()
        x, y, width, height, _ = box = _box(self.sizes, name)
        end = x + width - 4, y + height / 2 + 4.5
        if not self.is_known(name):
            return join() if is_weight else text(*end, NOT_YET, "quiet", text_anchor="end")
        shown = number(value_of(self.trace, name))
        look = self.ground(name), self.outline(name), self.weight(name)
        is_selected = name == self.highlight.selected
        return number_cell(box, end, name, shown, colour_of(name), *look, is_selected)

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

    def connections(self, layer: int) -> Svg:
        """The lines to a layer that has labels; they are taken for these by a hand."""
        sizes = self.sizes
        if not _label_row(sizes, layer):
            return join()
        combs = [_comb(sizes, layer, i) for i in range(sizes[layer - 1])]
        lines = [
            also(name, _hit(sizes, name), self.line(name))
            for i, j in np.ndindex(sizes[layer - 1], sizes[layer])
            for name in (f"W{layer}[{i},{j}]", f"dW{layer}[{i},{j}]")
            if self.is_known(name)
        ]
        return join(*combs, *lines)

    def line(self, name: str) -> Svg:
        x1, y1, x2, y2 = _ends_of(self.sizes, name)
        size = value_of(self.trace, name)
        share = min(abs(size) / WIDEST[name[0]], 1)
        outlined = name == self.highlight.selected or name in self.factors
        return element(
            "line", x1=x1, y1=y1, x2=x2, y2=y2, class_="bp-hit", stroke=colour_of(name),
            stroke_width=THINNEST + (THICKEST - THINNEST) * share,
            stroke_dasharray="6 4" if size < 0 else None, stroke_opacity=1 if outlined else 0.55,
        )  # fmt: skip

    def line_button(self, name: str) -> Svg:
        """Where no label found room, the line itself can be chosen; it is 4 pixels wide to hit."""
        hit = line(*_ends_of(self.sizes, name), "transparent", stroke_width=4)
        label = f"{name} = {number(value_of(self.trace, name))}"
        return button(name, label, self.line(name), hit, selected=name == self.highlight.selected)

    def explanation(self, top: float) -> Svg:
        name = self.highlight.selected
        if not name:
            lines: list[list[Piece]] = [[("Choose any number to see where it comes from.", "ink")]]
        elif not self.is_known(name):
            lines = [[(f"{name} is not known yet at this step.", "ink")]]
        else:
            lines = self.formula_lines(name)
        size, letter, height = self.formula_sizes(lines)
        length = int(_width(self.sizes) / letter)
        wrapped = [piece for line in lines for piece in _wrapped(line, length)]
        places = [top + 2 + height * (k + 1) for k in range(len(wrapped))]
        said = [_in_colours(y, size, *line) for y, line in zip(places, wrapped, strict=True)]
        return element("g", *said)  # one, so that what comes behind it stays what it is

    def formula_sizes(self, lines: list[list[Piece]]) -> tuple[int, float, int]:
        names = sum(len(said) for said, _ in lines[0])
        is_short = len(self.trace["Y"]) == 1 and len(lines) > 1 and names <= SHORT
        return LARGE_FORMULA if is_short else _formula_sizes(self.sizes)

    def travellers(self) -> Svg:
        """What moves when the page comes to this step: each factor to the number that it makes."""
        phases, moving = self.phases(), []
        for name in _names(self.sizes, self.highlight.made):
            for used in self.made_from(name):
                way, shown = _way(self.sizes, used, name), number(value_of(self.trace, used))
                phase = phases[array_of(name)]
                moving.append(_traveller(way, shown, colour_of(used), name, phase))
        return element("g", *moving, data_step=self.highlight.step)

    def phases(self) -> dict[str, int]:
        """When each array of this step is made: after those that it is made from.

        The loss answers when all parameters have moved.
        """
        phases: dict[str, int] = {}
        for array in self.highlight.made:
            used = {array_of(one) for one in self.made_from(_names(self.sizes, (array,))[0])}
            first = int(array == "loss" and self.highlight.before is not None)
            phases[array] = max((phases[one] + 1 for one in used if one in phases), default=first)
        return phases

    def made_from(self, name: str) -> list[str]:
        """The numbers that this one is made from, each once."""
        if self.highlight.before is not None and name[0] in "Wb":
            return [f"d{name}"]
        return [*dict.fromkeys(self.factors_of(name))]

    def own_formula(self) -> list[str]:
        """The formula of what is selected, in words."""
        name = self.highlight.selected
        lines = self.own_lines(name) if name and self.is_known(name) else []
        return ["".join(said for said, _ in line) for line in lines]

    def own_lines(self, name: str) -> list[list[Piece]]:
        """The number's formula; of a parameter that has just been moved, what moved it."""
        before, network = self.highlight.before, self.highlight.network
        if before is None or name[0] not in "Wbd":
            return coloured_formula(self.trace, name, network)
        if name[0] in "Wb":
            return self.update_lines(name, before)
        names, *numbers = coloured_formula(before, name, network)
        return [[*names, (", before the step", "ink")], *numbers]

    def formula_lines(self, name: str) -> list[list[Piece]]:
        """The same; of a parameter that has no formula, that of its gradient as well."""
        lines = self.own_lines(name)
        if name[0] in "Wb" and self.highlight.before is None and self.is_known(f"d{name}"):
            lines += coloured_formula(self.trace, f"d{name}", self.highlight.network)
        return lines

    def update_lines(self, name: str, before: Trace) -> list[list[Piece]]:
        """What a step of gradient descent made of a parameter."""
        names: list[Piece] = [
            (f"{name} after", "forward"), (" = ", "ink"), (f"{name} before", "forward"),
            (f" {MINUS} learning rate {TIMES} ", "ink"), (f"d{name}", "backward"),
        ]  # fmt: skip
        numbers: list[Piece] = [
            ("= ", "ink"), (operand(value_of(before, name)), "forward"),
            (f" {MINUS} {plain(self.highlight.moved_by)} {TIMES} ", "ink"),
            (factor(value_of(before, f"d{name}")), "backward"),
        ]  # fmt: skip
        return [names, numbers, [("= ", "ink"), (number(value_of(self.trace, name), 4), "forward")]]


@lru_cache(maxsize=1024)
def _traveller(way: tuple[Place, ...], shown: str, colour: str, to: str, phase: int) -> Svg:
    """A number that is seen only while it moves to the one that is called `to`."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in way)
    return text(
        0, 0, shown, colour, class_="bp-travel", data_way=points, data_to=to, data_phase=phase,
        opacity=0, aria_hidden="true", text_anchor="middle", font_size=14, font_weight="bold",
        stroke="ground", stroke_width=7, stroke_linejoin="round", paint_order="stroke",
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


def _legend(highlight: Highlight) -> Svg:
    said = [("value", "forward"), ("and its gradient", "backward")][: 1 + highlight.gradients]
    if highlight.before is not None:
        said = [("value after the step", "forward"), ("its gradient before it", "backward")]
    said.append(("dashed: negative", "quiet"))
    if highlight.before is not None:
        said.append((NOT_KEPT, "ink"))
    return _in_a_row(*said)


@cache
def _in_a_row(*said: Piece) -> Svg:
    parts = [
        element("tspan", words, fill=colour, dx=14 if k else None)
        for k, (words, colour) in enumerate(said)
    ]
    return element("text", *parts, x=0, y=TOP - 8)


def _in_words(trace: Trace, highlight: Highlight, caption: str, own: Sequence[str]) -> str:
    """Return a line for the step, one for each known array, and one for what is selected.

    `own` is the formula of what is selected.
    """
    lines = [f"{caption}."] if caption else []
    for verb, arrays in ("Uses", highlight.used), ("Makes", highlight.made):
        if arrays:
            lines.append(f"{verb} {', '.join(name for name in trace if name in arrays)}.")
    lines += [f"{name}: {written_out(trace[name], 4)}" for name in trace if name in highlight.known]
    if highlight.before is not None:
        lines.append(f"The values are after the step, the gradients before it. {NOT_KEPT}.")
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
def _in_order(sizes: tuple[int, ...], has_p: bool, gradients: bool) -> list[str]:
    """The names of all numbers as they are computed, each with its gradient behind it."""
    names = [f"X[{k}]" for k in range(sizes[0])]
    for layer in range(1, len(sizes)):
        names += _names(sizes, (f"W{layer}", f"b{layer}"))
        says_p = has_p and layer == len(sizes) - 1
        names += [
            name for k in range(sizes[layer])
            for name in (f"Z{layer}[{k}]", f"P[{k}]" if says_p else f"A{layer}[{k}]")
        ]  # fmt: skip
    names += [f"Y[{k}]" for k in range(sizes[-1])]
    pairs = [(name, _gradient_of(name) if gradients else "") for name in names]
    return [*(one for pair in pairs for one in pair if one), "loss"]


def _gradient_of(name: str) -> str:
    """What the gradient of a number is called; nothing, if it has none in the picture."""
    if name[0] in "PY":
        return ""
    return f"delta{name[1:]}" if name[0] == "Z" else f"d{name}"


@cache
def _box(sizes: tuple[int, ...], name: str) -> Box:
    """Where a number stands: in a card, or as a label in front of its connection."""
    kind, layer, index = split_name(name)
    row, is_gradient = _row(sizes), kind[0] == "d"
    if kind == "loss":
        x, y = _loss_corner(sizes)
        return x + 22, y, 58, row, 4
    if kind in ("W", "dW"):
        x, y = _label_place(sizes, layer, *index)
        row = _label_row(sizes, layer)
        if _is_stacked(sizes, layer):
            return x, y - (0 if is_gradient else row), LABEL_WIDTH, row, 3
        if is_gradient:
            return x + BESIDE, y - row / 2, LABEL_WIDTH, row, 3
        return x, y - row / 2, BESIDE, row, 3
    layer = _layer_of(sizes, kind, layer)
    (x, y), place = _corner(sizes, layer, index[0]), ROW_OF[kind]
    if _is_wide(sizes, layer):
        return x + 2 + 60 * place, y + row * is_gradient, 60, row, 4
    return x + (84 if is_gradient else 22), y + row * place, 60 if is_gradient else 58, row, 4


def _place(sizes: tuple[int, ...], name: str) -> Place:
    """The middle of the place of a number, a little below: where its text has its base line."""
    x, y, width, height, _ = _box(sizes, name)
    return x + width / 2, y + height / 2 + 5


@cache
def _way(sizes: tuple[int, ...], start: str, end: str) -> tuple[Place, ...]:
    """The way from one number to another: along the connection between them, if there is one."""
    between = _connection(sizes, start, end)
    ends = _place(sizes, start), _place(sizes, end)
    if not between:
        return ends
    x1, y1, x2, y2 = _ends(sizes, *between)
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


@cache
def _is_wide(sizes: tuple[int, ...], layer: int) -> bool:
    """Whether the neurons of a hidden layer are so many that their cards have two rows.

    Then the values stand side by side, each above its gradient.
    """
    if layer in (0, len(sizes) - 1):
        return False
    return _room(sizes) / sizes[layer] - _above(sizes, layer) < 3 * FINGER


def _rows_in(sizes: tuple[int, ...], layer: int) -> int:
    if layer == 0:
        return 1
    if _is_wide(sizes, layer):
        return 2
    return 4 if layer == len(sizes) - 1 else 3


def _above(sizes: tuple[int, ...], layer: int) -> float:
    """The room above a card; those of hidden layers have no name there."""
    if layer in (0, len(sizes) - 1):
        return ABOVE[0]
    return ABOVE[1] if sizes[layer] <= FEW else ABOVE[2]


def _heading(sizes: tuple[int, ...], layer: int) -> float:
    return HEADING if _is_wide(sizes, layer) else 0


def _room(sizes: tuple[int, ...]) -> float:
    """The height that the cards of a layer share: what five lines of a formula leave."""
    return HEIGHT - TOP - 5 * _formula_sizes(sizes)[2] - 12


@cache
def _row(sizes: tuple[int, ...]) -> float:
    """The height of a row: where there are many neurons, they are lower."""
    least, largest = ROW
    fits = [
        ((_room(sizes) - _heading(sizes, layer)) / size - _above(sizes, layer))
        / _rows_in(sizes, layer)
        for layer, size in enumerate(sizes[:-1])
    ]
    return max(least, min(largest, *map(math.floor, fits)))


def _loss_height(sizes: tuple[int, ...], layer: int) -> float:
    return _row(sizes) + ABOVE[0] + 6 if layer == len(sizes) - 1 else 0


def _column(sizes: tuple[int, ...], layer: int) -> float:
    """The height that a layer needs: its cards with room above each, at the end the loss."""
    own = _rows_in(sizes, layer) * _row(sizes) + _above(sizes, layer)
    return sizes[layer] * own + _heading(sizes, layer) + _loss_height(sizes, layer)


def _card_width(sizes: tuple[int, ...], layer: int) -> float:
    return WIDE_CARD if _is_wide(sizes, layer) else CARD


@cache
def _left(sizes: tuple[int, ...], layer: int) -> float:
    """Where the cards of a layer begin."""
    if layer == 0:
        return 1
    is_beside = _label_row(sizes, layer) and not _is_stacked(sizes, layer)
    gap = WIDE_GAP if is_beside else GAP
    return _left(sizes, layer - 1) + _card_width(sizes, layer - 1) + gap


def _width(sizes: tuple[int, ...]) -> float:
    return _left(sizes, len(sizes) - 1) + CARD + 1


def _formula_sizes(sizes: tuple[int, ...]) -> tuple[int, float, int]:
    return FORMULA if max(sizes) < 2 * FEW else SMALL_FORMULA


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
    others = TOP + _heading(sizes, layer) + _loss_height(sizes, layer)
    return (_height(sizes) - others) / sizes[layer]


def _top(sizes: tuple[int, ...], layer: int, k: int) -> float:
    """Where the height of a neuron begins."""
    return TOP + _heading(sizes, layer) + _share(sizes, layer) * k


@cache
def _corner(sizes: tuple[int, ...], layer: int, k: int) -> Place:
    """The upper left corner of a card."""
    share, own = _share(sizes, layer), _rows_in(sizes, layer) * _row(sizes)
    above = _above(sizes, layer)
    return _left(sizes, layer), _top(sizes, layer, k) + above + (share - above - own) / 2


def _loss_corner(sizes: tuple[int, ...]) -> Place:
    x, y = _corner(sizes, len(sizes) - 1, sizes[-1] - 1)
    return x, y + 4 * _row(sizes) + ABOVE[0]


def _middle(sizes: tuple[int, ...], layer: int, k: int) -> float:
    return _corner(sizes, layer, k)[1] + _rows_in(sizes, layer) * _row(sizes) / 2


@cache
def _is_stacked(sizes: tuple[int, ...], layer: int) -> bool:
    """Whether gradients of weights stand below these; else there is only room beside them."""
    return _share(sizes, layer - 1) / sizes[layer] >= 2 * FINGER + 3


@cache
def _label_row(sizes: tuple[int, ...], layer: int) -> float:
    """The height of a weight or a gradient in the labels of a layer's connections.

    0 says that there is no room for them: then the lines themselves are chosen.
    """
    least, largest = LABEL_ROW
    room = _share(sizes, layer - 1) / sizes[layer]
    row = (room - 3) / 2 if _is_stacked(sizes, layer) else room - 2
    return min(row, largest) if row >= least else 0.0


@cache
def _label_place(sizes: tuple[int, ...], layer: int, i: int, j: int) -> Place:
    """The left end of a connection's label, in the middle of its height."""
    row = _label_row(sizes, layer)
    slot = 2 * row + 3 if _is_stacked(sizes, layer) else row + 2
    top = _top(sizes, layer - 1, i)
    half = slot * sizes[layer] / 2
    middle = _middle(sizes, layer - 1, i)
    middle = min(max(middle, top + half), top + _share(sizes, layer - 1) - half)
    x = _left(sizes, layer - 1) + _card_width(sizes, layer - 1) + LABEL_LEFT
    return x, middle + slot * (j - (sizes[layer] - 1) / 2)


@cache
def _ends(sizes: tuple[int, ...], layer: int, i: int, j: int) -> tuple[float, float, float, float]:
    """Where a connection's line begins and ends: lines arrive one below the other."""
    x2, _ = _corner(sizes, layer, j)
    spread = min(10.0, (_rows_in(sizes, layer) * _row(sizes) - 12) / sizes[layer - 1])
    y2 = _middle(sizes, layer, j) + spread * (i - (sizes[layer - 1] - 1) / 2)
    if not _label_row(sizes, layer):
        x1 = _left(sizes, layer - 1) + _card_width(sizes, layer - 1)
        return x1, _middle(sizes, layer - 1, i), x2, y2
    x1, y1 = _label_place(sizes, layer, i, j)
    labels = LABEL_WIDTH + (0 if _is_stacked(sizes, layer) else BESIDE)
    return x1 + labels + 2, y1, x2, y2


def _ends_of(
    sizes: tuple[int, ...], name: str, apart: float = 2
) -> tuple[float, float, float, float]:
    """The same of a weight's line, or of its gradient's, which runs below it."""
    kind, layer, (i, j) = split_name(name)
    x1, y1, x2, y2 = _ends(sizes, layer, i, j)
    shift = apart if kind == "dW" else -apart
    return x1, y1 + shift, x2, y2 + shift


# ---- What is drawn below the numbers; it stays as long as the network's sizes do ----------------


@cache
def _comb(sizes: tuple[int, ...], layer: int, i: int) -> Svg:
    """Draw what joins a neuron's card with the labels of the connections that leave it."""
    x = _left(sizes, layer - 1) + _card_width(sizes, layer - 1)
    places = [_label_place(sizes, layer, i, j)[1] for j in range(sizes[layer])]
    middle = _middle(sizes, layer - 1, i)
    teeth = "".join(f"M{x:.1f} {middle:.1f}L{x + LABEL_LEFT:.1f} {y:.1f}" for y in places)
    return element("path", d=teeth, fill="none", stroke="quiet", stroke_opacity=0.6)


@cache
def _hit(sizes: tuple[int, ...], name: str) -> Svg:
    """A hand need not hit the line of a label exactly."""
    x1, y1, x2, y2 = _ends_of(sizes, name, 6)
    way = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
    return element("path", d=way, stroke="transparent", stroke_width=8)


@cache
def _cards(sizes: tuple[int, ...], layer: int, letters: str, titles: tuple[str, ...]) -> Svg:
    """Draw the cards of a layer, without their numbers."""
    parts = []
    for k in range(sizes[layer]):
        x, y = _corner(sizes, layer, k)
        title = titles[k] if titles else ""
        if not _is_wide(sizes, layer):
            parts.append(_card(x, y, _row(sizes), letters, title))
            continue
        parts.append(_frame(x, y, WIDE_CARD, 2 * _row(sizes)))
        if k == 0:
            parts += [_letter(x + 38 + 60 * n, y - 5, one) for n, one in enumerate(letters)]
    return join(*parts)


@cache
def _card(x: float, y: float, row: float, letters: str, title: str) -> Svg:
    """Draw a card with a letter in front of each row, and its title above it."""
    parts = [_frame(x, y, CARD, row * len(letters))]
    if title:
        parts.append(
            text(x + CARD / 2, y - 6, cut(title, CARD / 7.8), "quiet", text_anchor="middle")
        )
    parts += [_letter(x + 5, y + row * (k + 0.5) + 4.5, one) for k, one in enumerate(letters)]
    return join(*parts)


def _frame(x: float, y: float, width: float, height: float) -> Svg:
    return rect(x, y, width, height, rx=6, fill="panel", stroke="quiet", stroke_width=1)


def _letter(x: float, y: float, letter: str) -> Svg:
    return text(x, y, letter, "quiet", font_style="italic")
