"""A small circuit in which one input reaches the output by several paths: each path a ribbon."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bp_helpers.pictures.marks import AGREES, DIFFERS
from bp_helpers.pictures.numerals import TIMES, TO, factor, number
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.svg import Svg, button, element, field, join, line, rect, text
from bp_helpers.pictures.table import BELOW_TITLE, Column, Row, height_of_table, titled_table

WIDTH, HEIGHT = 631, 420
CARD = (96, 44)
WIDEST, THINNEST = 14, 1.5  # a ribbon, in pixels
LARGEST = 4.0  # a product of this size has the widest ribbon, and so has a larger one
BEND = 12  # straight pieces that a ribbon's bend is made of
TABLE_WIDTH = 381
COLUMNS = (Column("path", 8, "start"), Column("slopes along it", 302), Column("product", 373))
# The slope along an edge, from one node to the next: as it is written, and its value.
Slope = tuple[str, float]
Edges = Mapping[tuple[str, str], Slope]


@dataclass(frozen=True)
class PathNode:
    """An input or a step of the circuit: how it is computed, its value, and its card's middle."""

    name: str
    rule: str
    value: float
    place: tuple[float, float]


@dataclass(frozen=True)
class Path:
    """A way from the input to the output, with the slopes along it; `cut` if it is held."""

    route: tuple[str, ...]
    slopes: tuple[Slope, ...]
    cut: bool = False

    @property
    def name(self) -> str:
        """The name by which it is chosen: a-s-p-y."""
        return "-".join(self.route)

    @property
    def title(self) -> str:
        """The name as it is shown, with arrows."""
        return TO.join(self.route)

    @property
    def product(self) -> float:
        """The slopes along the path, multiplied."""
        return math.prod(value for _, value in self.slopes)

    @property
    def in_numbers(self) -> str:
        """The product written out."""
        return f" {TIMES} ".join(factor(value) for _, value in self.slopes)


def path_ribbons(
    nodes: Sequence[PathNode], edges: Edges, paths: Sequence[Path], selected: str, formula: str
) -> Picture:
    """Draw the circuit with a ribbon for each path, as wide as its product is large, up to 4.

    Ribbons run side by side in the order of `paths`: give them from top to bottom. One of a
    negative product is dashed; one that is cut is a dotted line. `formula` is the whole circuit in
    one line; the path called `selected` is written out below it.
    """
    total = sum(path.product for path in paths if not path.cut)
    start, end = paths[0].route[0], paths[0].route[-1]
    on_paths = {name for path in paths for name in path.route}
    title = f"d{end}/d{start} = {number(total)}, over the paths that are not cut"
    return picture(
        WIDTH,
        HEIGHT,
        title,
        _in_words(nodes, paths),
        text(0, 16, title, font_weight="bold"),
        _legend(),
        *(_wire(nodes, edge) for edge in edges if edge[0] not in on_paths),
        *(_ribbon(nodes, paths, path, path.name == selected) for path in paths),
        *(_slope_label(nodes, paths, edge, slope) for edge, (_, slope) in edges.items()),
        *(_card(node) for node in nodes),
        *_explanation(paths, selected, formula),
        chosen=True,
    )


def paths_table(
    paths: Sequence[Path], measured_held: float, measured_full: float, selected: str
) -> Picture:
    """Draw a row for each path, the sum of those not cut, and what is measured.

    `measured_held` is the output's slope with the cut paths held, `measured_full` with nothing cut.
    """
    held = sum(path.product for path in paths if path.cut)
    total = sum(path.product for path in paths if not path.cut)
    agrees = math.isclose(total, measured_held, rel_tol=1e-5, abs_tol=1e-5)
    lines = [_path_row(path) for path in paths]
    sums = [
        Row(("sum of the paths not cut", "", number(total, 4))),
        Row(("measured, cut paths held", AGREES if agrees else DIFFERS, _nudged(measured_held))),
        Row(("measured, nothing cut", "", _nudged(measured_full))),
        Row(("their difference", "", _nudged(measured_full - measured_held))),
        Row(("products of the cut paths", "", number(held, 4))),
    ]
    rule = BELOW_TITLE + height_of_table(lines)
    said = [row.words for row in lines] + [f"{row.cells[0]} {row.cells[2]}" for row in sums]
    return titled_table(
        TABLE_WIDTH,
        "Paths and their sum",
        "; ".join(said) + ".",
        COLUMNS,
        [*lines, *sums],
        line(0, rule, TABLE_WIDTH, rule, "quiet"),
        heading="Each path, and all together",
        selected=selected,
        room=6,
    )


def _nudged(slope: float) -> str:
    """Return a measured slope without what the width of the nudge adds: a hundred-millionth."""
    return number(round(slope, 6), 4)


def _path_row(path: Path) -> Row:
    title = f"{path.title} (cut)" if path.cut else path.title
    cells = title, path.in_numbers, number(path.product, 4)
    return Row(cells, path.name, _path_in_words(path))


# ---- Circuit --------------------------------------------------------------------------------


def _legend() -> Svg:
    samples = [
        (0, "positive", "backward", None, 6),
        (92, "negative", "backward", "10 5", 6),
        (188, "cut", "quiet", "2 4", 2),
    ]
    lines = [
        element(
            "line", x1=x, x2=x + 26, y1=34, y2=34, stroke=colour, stroke_width=width,
            stroke_dasharray=dash,
        )
        for x, _, colour, dash, width in samples
    ]  # fmt: skip
    return join(
        *lines,
        *(text(x + 32, 38, said, colour) for x, said, colour, _, _ in samples),
        text(252, 38, "the wider, the larger the path's product, up to 4", "quiet"),
    )


def _ends(nodes: Sequence[PathNode], edge: tuple[str, str]) -> tuple[float, float, float, float]:
    places = {node.name: node.place for node in nodes}
    (x1, y1), (x2, y2) = places[edge[0]], places[edge[1]]
    return x1 + CARD[0] / 2, y1, x2 - CARD[0] / 2, y2


def _wire(nodes: Sequence[PathNode], edge: tuple[str, str]) -> Svg:
    corners = _bend(*_ends(nodes, edge), 0, 0)
    return element("path", d=f"M{'L'.join(corners)}", fill="none", stroke="quiet")


def _bend(x1: float, y1: float, x2: float, y2: float, start: float, end: float) -> list[str]:
    """Return the corners of a smooth line, moved down by `start` and `end` at its ends."""
    corners = []
    for k in range(BEND + 1):
        share = k / BEND
        smooth = share * share * (3 - 2 * share)
        shift = start + smooth * (end - start)
        corners.append(f"{x1 + share * (x2 - x1):.1f} {y1 + smooth * (y2 - y1) + shift:.1f}")
    return corners


def _thickness(path: Path) -> float:
    if path.cut:
        return THINNEST
    return THINNEST + (WIDEST - THINNEST) * min(abs(path.product) / LARGEST, 1)


def _lane(paths: Sequence[Path], path: Path, node: str) -> float:
    """Return how far below the node's middle the path runs: those above it make room."""
    through = [other for other in paths if node in other.route]
    widths = [_thickness(other) for other in through]
    before = through.index(path)
    return sum(widths[:before]) + widths[before] / 2 - sum(widths) / 2


def _ribbon(nodes: Sequence[PathNode], paths: Sequence[Path], path: Path, selected: bool) -> Svg:
    corners = []
    for edge in pairwise(path.route):
        corners += _bend(*_ends(nodes, edge), *(_lane(paths, path, node) for node in edge))
    way = f"M{'L'.join(corners)}"
    thickness = _thickness(path)
    dash = "2 4" if path.cut else "10 5" if path.product < 0 else None
    colour = "quiet" if path.cut else "backward"
    ribbon = element(
        "path", d=way, fill="none", stroke=colour, stroke_width=thickness,
        stroke_opacity=0.9 if selected else 0.5, stroke_linejoin="round", stroke_dasharray=dash,
    )  # fmt: skip
    hit = element("path", d=way, fill="none", stroke="transparent", stroke_width=max(thickness, 6))
    return button(path.name, _path_in_words(path), ribbon, hit, selected=selected)


def _slope_label(
    nodes: Sequence[PathNode], paths: Sequence[Path], edge: tuple[str, str], slope: float
) -> Svg:
    """The slope, in the middle of the ribbons over this edge; a click on it chooses one of them."""
    over = [path for path in paths if edge in pairwise(path.route)]
    lanes = [_lane(paths, path, node) for path in over for node in edge]
    x1, y1, x2, y2 = _ends(nodes, edge)
    x, y, width = (x1 + x2) / 2, (y1 + y2) / 2 + sum(lanes) / max(len(lanes), 1), 46
    ground = rect(x - width / 2, y - 8, width, 16, rx=3, fill="ground", fill_opacity=0.85)
    label = text(x, y + 4, number(slope, 2), "backward", text_anchor="middle")
    return element("g", ground, label, pointer_events="none")


def _card(node: PathNode) -> Svg:
    (x, y), (width, height) = node.place, CARD
    card = join(
        rect(x - width / 2, y - height / 2, width, height, rx=6, fill="panel", stroke="quiet"),
        text(x, y - 5, node.rule or node.name, "quiet", text_anchor="middle"),
        text(x, y + 14, number(node.value), "forward", text_anchor="middle", font_weight="bold"),
    )
    return card if node.rule else field(node.name, node.name, card)


def _explanation(paths: Sequence[Path], selected: str, formula: str) -> list[Svg]:
    lines = [formula]
    for path in paths:
        if path.name == selected:
            steps = zip(path.route, path.route[1:], path.slopes, strict=False)
            slopes = [f"d{after}/d{before} = {written}" for before, after, (written, _) in steps]
            lines += [
                f"{path.title}: {', '.join(slopes)}",
                f"{path.in_numbers} = {number(path.product, 4)}"
                + (": cut, so it counts for nothing" if path.cut else ""),
            ]
    top = HEIGHT - 20 * len(lines)
    return [text(0, top + 20 * k + 8, line) for k, line in enumerate(lines)]


def _path_in_words(path: Path) -> str:
    cut = ", cut" if path.cut else ""
    return f"path {path.title}: {path.in_numbers} = {number(path.product, 4)}{cut}"


def _in_words(nodes: Sequence[PathNode], paths: Sequence[Path]) -> str:
    values = [f"{node.rule or node.name} = {number(node.value)}" for node in nodes]
    return "; ".join([*values, *map(_path_in_words, paths)]) + "."
