"""A small network as the graph of all its numbers, each with its gradient; layers can be folded."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bp_helpers.pictures.formulas import array_of
from bp_helpers.pictures.numerals import TIMES, factor, number
from bp_helpers.pictures.picture import Picture, beside, picture
from bp_helpers.pictures.svg import Svg, button, line, rect, text

CARD, STEP, ROW = (78, 34), 89, 40  # a node, from column to column, from row to row, in pixels
BOX = 150  # the width of a folded part
TOP, ROWS = 50, 9
HEIGHT = TOP + ROWS * ROW
LINE = 20
TITLES = {"layer1": "layer 1", "layer2": "layer 2", "loss": "the loss"}
INSIDE = {
    "layer1": ("Z1 = X W1 + b1", "A1 = φ(Z1)"),
    "layer2": ("Z2 = A1 W2 + b2", "A2 = φ(Z2)"),
    "loss": ("L = ½ Σ (A2 − Y)²", ""),
}
COLUMNS = {"layer1": 3, "layer2": 3, "loss": 2}  # of an unfolded part, without its outputs
OUTPUTS = {"layer1": "A1", "layer2": "A2", "loss": "L"}

Place = tuple[float, float]


@dataclass(frozen=True)
class GraphNode:
    """A number that remembers: the part that it lies in, its value, its gradient, its neighbours.

    `label` is what its card says, `rule` what it is made of, nothing if it is given. `inputs` are
    the names of those that it is made from, `feeds` of those that are made from it, each with the
    slope along the way. Nodes between the parts, which are always shown, have "" as their part.
    """

    name: str
    part: str
    label: str
    rule: str
    value: float
    grad: float
    inputs: tuple[str, ...]
    feeds: tuple[tuple[str, float], ...]

    @property
    def words(self) -> str:
        """Its value and its gradient."""
        made = f"{self.name} = {self.rule}" if self.rule else self.name
        return f"{made} = {number(self.value)}, gradient {number(self.grad, 4)}"


def network_graph(
    nodes: Mapping[str, GraphNode], folded: Collection[str], selected: str
) -> Picture:
    """Draw the running example's graph, from its inputs on the left to the loss on the right.

    `folded` names the parts (layer1, layer2, loss) that are drawn as a box. Each node and each box
    can be chosen; of the one called `selected`, value and gradient are written out. The graph is
    drawn in two pictures, which stand side by side where there is room; A1 is in both.
    """
    shown = [name for name, node in nodes.items() if node.part not in folded]
    title = f"{len(shown)} numbers, and the folded parts" if folded else f"All {len(shown)} numbers"
    legend = text(0, 16, "value", "forward"), text(42, 16, "and below it its gradient", "backward")
    return beside(
        _side(nodes, folded, selected, "X", ("layer1",), title,
              [text(0, 16, title, font_weight="bold")]),
        _side(nodes, folded, selected, "A1", ("layer2", "loss"), "Layer 2 and the loss",
              [*legend, *_explanation(nodes, selected)]),
    )  # fmt: skip


def _side(
    nodes: Mapping[str, GraphNode], folded: Collection[str], selected: str, given: str,
    parts: Sequence[str], title: str, further: Sequence[Svg],
) -> Picture:  # fmt: skip
    """Draw these parts and, on the left of them, what goes into the first: the array `given`."""
    left, width = _left_of(given, parts, folded)
    places = {
        name: _place(name, left)
        for name, node in nodes.items()
        if (array_of(name) in left if not node.part else node.part in parts)
        and node.part not in folded
    }
    near = _near(nodes, selected)
    counts = {part: sum(node.part == part for node in nodes.values()) for part in parts}
    boxes = [part for part in parts if part in folded]
    said = [f"{TITLES[part]} is folded, {counts[part]} numbers are inside" for part in boxes]
    said += [nodes[name].words for name in places]
    written = "\n".join(_explained(nodes, selected)) if given != "X" else ""
    return picture(
        width,
        HEIGHT + 3 * LINE + 10,
        title,
        "; ".join(said) + "." + (f"\n{written}" if written else ""),
        *further,
        *(text(left[part], TOP - 10, TITLES[part], "quiet") for part in parts),
        *(
            _edge(places[one], places[name], {one, name} <= near and selected in (one, name))
            for name in places
            for one in nodes[name].inputs
            if one in places
        ),
        *(edge for part in boxes for edge in _edges_of_box(part, nodes, places, left)),
        *(_box(part, counts[part], left, selected == part) for part in boxes),
        *(_card(nodes[name], place, name in near, name == selected)
          for name, place in places.items()),
        chosen=True,
    )  # fmt: skip


def _near(nodes: Mapping[str, GraphNode], selected: str) -> set[str]:
    """Return the node that is chosen and its neighbours."""
    if selected not in nodes:
        return set()
    node = nodes[selected]
    return {selected, *node.inputs, *(name for name, _ in node.feeds)}


def _explanation(nodes: Mapping[str, GraphNode], selected: str) -> list[Svg]:
    lines = _explained(nodes, selected)
    return [text(0, HEIGHT + LINE * (k + 1), line) for k, line in enumerate(lines)]


def _explained(nodes: Mapping[str, GraphNode], selected: str) -> list[str]:
    """Write out where the value of a node comes from, and where its blame."""
    if selected not in nodes:
        return [f"{TITLES[selected]}: unfolded, it is all of these numbers."] * bool(selected)
    node = nodes[selected]
    made = f" = {node.rule}" if node.rule else ""
    value = f"{node.name}{made} = {number(node.value, 4)}" + ("" if made else ", given")
    if not node.feeds:
        return [value, "dL/dL = 1: the loss moves as fast as itself."]
    names = " + ".join(f"dL/d{name} {TIMES} slope" for name, _ in node.feeds)
    shares = " + ".join(
        f"{factor(nodes[name].grad)} {TIMES} {factor(slope)}" for name, slope in node.feeds
    )
    gradient = f"dL/d{node.name} = {names}"
    return [value, gradient, f"= {shares} = {number(node.grad, 4)}"]


# ---- Where things are ----


def _left_of(
    given: str, parts: Sequence[str], folded: Collection[str]
) -> tuple[dict[str, float], float]:
    """Return where each part and each array between them begins, and how wide all is."""
    left, x = {given: 1.0}, 1.0 + STEP
    for part in parts:
        left[part] = x
        x += BOX + STEP - CARD[0] if part in folded else COLUMNS[part] * STEP
        left[OUTPUTS[part]] = x
        x += STEP
    return left, x - STEP + CARD[0] + 1


def _place(name: str, left: Mapping[str, float]) -> Place:
    """Return the upper left corner of a node's card."""
    column, row = _column_and_row(name, left)
    return column, TOP + ROW * row


def _column_and_row(name: str, left: Mapping[str, float]) -> tuple[float, float]:
    kind = array_of(name)
    index = [int(digit) for digit in re.findall(r"\d+", name.partition("[")[2])]
    if kind == "X":
        return left["X"], 3.0 + 2 * index[0]
    if kind == "L":
        return left["L"], 5.0
    if name == "S":
        return left["L"], 3.0
    if kind == "½":
        return left["loss"] + STEP, 5.0
    if kind in ("Y", "E"):
        squared = name.endswith("²")
        return left["loss"] + STEP * squared, 4.0 * index[0] + (2 if kind == "Y" else 3)
    height = 3 if kind[1] == "1" else 4
    top = height * index[-1]
    if kind[0] == "A":
        return left[kind], top + height - 1.0
    part = left[f"layer{kind[1]}"]
    if kind[0] == "b":
        return part, float(top)
    if kind[0] == "Z":
        return part + 2 * STEP, top + height - 1.0
    column = {"W": 0, "P": 1, "S": 2}[kind[0]]
    return part + column * STEP, top + 1.0 + index[0]


# ---- Parts of the picture ----


def _edge(start: Place, end: Place, lit: bool) -> Svg:
    (x1, y1), (x2, y2) = start, end
    width, height = CARD
    if x1 == x2:  # one above the other
        ends = x1 + width / 2, y1 + height, x2 + width / 2, y2
    else:
        ends = x1 + width, y1 + height / 2, x2, y2 + height / 2
    return _line(ends, lit)


def _line(ends: tuple[float, float, float, float], lit: bool) -> Svg:
    x1, y1, x2, y2 = ends
    return line(
        x1, y1, x2, y2, "ink" if lit else "quiet", stroke_width=2.5 if lit else 1,
        stroke_opacity=1 if lit else 0.55,
    )  # fmt: skip


def _edges_of_box(
    part: str,
    nodes: Mapping[str, GraphNode],
    places: Mapping[str, Place],
    left: Mapping[str, float],
) -> list[Svg]:
    """Return lines from what goes into a folded part, and to what comes out of it."""
    x, width, height = left[part], *CARD
    inside = {name for name, node in nodes.items() if node.part == part}
    lines = []
    for name, (x1, y1) in places.items():
        middle = y1 + height / 2
        if inside & {fed for fed, _ in nodes[name].feeds}:
            lines.append(_line((x1 + width, middle, x, middle), False))
        if inside & {*nodes[name].inputs}:
            lines.append(_line((x + BOX, middle, x1, middle), False))
    return lines


def _box(part: str, count: int, left: Mapping[str, float], selected: bool) -> Svg:
    x, top, height = left[part], TOP, ROW * ROWS - 6
    middle = top + height / 2
    frame = rect(
        x, top, BOX, height, rx=8, class_="bp-hit", fill="panel",
        stroke="ink" if selected else "quiet", stroke_width=2 if selected else 1.2,
    )  # fmt: skip
    said = [*INSIDE[part], f"{count} numbers inside", "choose to unfold"]
    lines = [line for line in said if line]
    return button(
        part,
        f"{TITLES[part]}, folded: {count} numbers inside; choose to unfold",
        frame,
        *(
            text(x + BOX / 2, middle - 30 + 20 * k, line, "ink" if k < len(lines) - 2 else "quiet",
                 text_anchor="middle")
            for k, line in enumerate(lines)
        ),
        selected=selected,
    )  # fmt: skip


def _card(node: GraphNode, place: Place, near: bool, selected: bool) -> Svg:
    (x, y), (width, height) = place, CARD
    frame = rect(
        x, y, width, height, rx=5 if node.rule else 12, class_="bp-hit", fill="panel",
        stroke="ink" if near else "quiet", stroke_width=2.5 if selected else 1.2,
        stroke_dasharray="3 3" if near and not selected else None,
    )  # fmt: skip
    return button(
        node.name,
        node.words,
        frame,
        text(x + 4, y + 14, node.label, "quiet"),
        text(x + width - 4, y + 14, number(node.value, 2), "forward", text_anchor="end"),
        text(x + width - 4, y + 29, number(node.grad), "backward", text_anchor="end"),
        selected=selected,
    )
