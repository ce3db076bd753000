"""A loss over two weights as contour lines, and the paths that optimizers take down it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bp_helpers.pictures.marks import dot
from bp_helpers.pictures.numerals import plain, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame, Limits, held, limits
from bp_helpers.pictures.svg import Svg, element, join, text

LEFT, TOP, SIDE, WIDTH, HEIGHT = 112, 62, 306, 432, 450
CHART_LEFT, CHART_WIDTH, CHART = 64, 350, 270  # CHART: from left to right in its frame
DASHES = [None, "8 4", "2 4"]  # each path has its own, whichever is chosen


@dataclass(frozen=True)
class DescentPath:
    """A way over the surface: `points` (n + 1, 2), the start first, and the loss at each.

    `name` is that of an optimizer, `rate` its learning rate.
    """

    name: str
    rate: float
    points: FloatArray
    losses: FloatArray


class LossSurface:
    """The contour lines of `z` (rows, columns) over `x` (columns,) and `y` (rows,), drawn once.

    The area above each of the `levels` is painted thinly, so that more colour is a larger loss, in
    either theme. All values are finite.
    """

    def __init__(
        self,
        x: FloatArray,
        y: FloatArray,
        z: FloatArray,
        levels: Sequence[float],
        names: tuple[str, str],
    ) -> None:
        self.x, self.y, self.z = x, y, z
        self.names = names
        self.levels = [level for level in levels if z.min() < level < z.max()]
        self.frame = Frame.of(LEFT, TOP, SIDE, SIDE, limits(x), limits(y))
        from contourpy import FillType, contour_generator

        areas = contour_generator(x, y, z, fill_type=FillType.OuterOffset)
        above = float(z.max()) + 1
        outlines = [self._outline(*areas.filled(level, above)) for level in self.levels]
        self.svg = join(*map(_area, outlines))

    def _outline(self, areas: list[FloatArray], offsets: list[FloatArray]) -> str:
        rings = [
            points[start:end]
            for points, ends in zip(areas, offsets, strict=True)
            for start, end in pairwise(ends)
        ]
        return "".join(self.frame.path(ring[:, 0], ring[:, 1]) + "z" for ring in rings)

    def stays_until(self, path: DescentPath) -> int:
        """Return the number of steps before the path first leaves the frame, or all of them."""
        inside = [self.frame.holds(x, y) for x, y in path.points.tolist()]
        return (inside.index(False) if False in inside else len(inside)) - 1


def _area(outline: str) -> Svg:
    return element(
        "path", d=outline, fill="forward", fill_opacity=0.07, fill_rule="evenodd", stroke="forward",
        stroke_opacity=0.45, stroke_width=0.8,
    )  # fmt: skip


def descent(surface: LossSurface, paths: Sequence[DescentPath], chosen: str) -> Picture:
    """Draw up to three paths on the surface: the chosen one with a dot for each step.

    A path ends where it first leaves the frame.
    """
    in_front = sorted(paths, key=lambda path: path.name == chosen)
    return picture(
        WIDTH,
        HEIGHT,
        title(surface),
        in_words(surface, paths, chosen),
        heading(paths, chosen),
        surface.svg,
        surface.frame.draw(*surface.names),
        *(_way(surface, path, paths.index(path), path.name == chosen) for path in in_front),
        *_levels_named(surface),
        _start(surface, paths),
        chosen=True,
    )


def losses_on_the_way(
    paths: Sequence[DescentPath], chosen: str, most: int, between: Limits
) -> Picture:
    """Draw the loss along each path, step by step; all paths have the same number of steps.

    There is room for `most` steps, and on a logarithmic axis for losses `between` these. The last
    step of the chosen path is dragged to and fro.
    """
    steps = np.arange(len(paths[0].losses), dtype=np.float64)
    frame = Frame.of(CHART_LEFT, TOP + 48, CHART, SIDE - 48, (0, most), between, log="y")
    last = int(steps[-1])
    parts = [frame.draw("step", "loss")]
    for k, path in enumerate(paths):
        look = line_of(k, path.name == chosen)
        parts.append(element("line", x1=0, y1=12 + 22 * k, x2=40, y2=12 + 22 * k, **look))
        label = f"{path.name}: {short(path.losses[0])} to {short(path.losses[-1])}"
        weight = "bold" if path.name == chosen else None
        parts.append(text(48, 16 + 22 * k, label, font_weight=weight))
        parts.append(element("path", d=frame.path_within(steps, path.losses), fill="none", **look))
    end = frame.x(last), frame.y(float(np.clip(_of(paths, chosen).losses[-1], *between)))
    parts.append(held("the last step", end, dot(*end, "ink", 4), x=("steps", frame.x)))
    return picture(
        CHART_WIDTH,
        HEIGHT,
        f"The loss along {len(paths)} paths of {last} steps",
        " ".join(
            f"{path.name}: from {short(path.losses[0])} to {short(path.losses[-1])}."
            for path in paths
        ),
        *parts,
        chosen=True,
    )


# ---- What the landscape shares with it ---------------------------------------------------------


def title(surface: LossSurface) -> str:
    """Return what a picture of the surface is called."""
    return f"The loss over {surface.names[0]} and {surface.names[1]}"


def heading(paths: Sequence[DescentPath], chosen: str) -> Svg:
    """Return the line above the picture: where the chosen path has got to."""
    path = _of(paths, chosen)
    return text(0, 16, f"{chosen}: loss {short(path.losses[-1])}", font_weight="bold")


def _of(paths: Sequence[DescentPath], chosen: str) -> DescentPath:
    return next(path for path in paths if path.name == chosen)


def line_of(k: int, is_chosen: bool) -> dict[str, object]:
    """Return how the line of the k-th path is drawn."""
    return {
        "stroke": "ink",
        "stroke_width": 3 if is_chosen else 1.4,
        "stroke_opacity": None if is_chosen else 0.6,
        "stroke_dasharray": DASHES[k],
    }


def dots(places: Sequence[tuple[float, float]]) -> list[Svg]:
    """Return a dot for each step, at places in pixels; that of the start is large, and on top."""
    steps = [dot(x, y, "ink", 4) for x, y in places[1:]]
    return [*steps, *(dot(x, y, "ink") for x, y in places[:1])]


def in_words(surface: LossSurface, paths: Sequence[DescentPath], chosen: str) -> str:
    """Return where all paths start, and where each ends or leaves the surface, the chosen first."""
    said = [f"From {_point(surface, paths[0], 0)}. Chosen: {chosen}."]
    for path in sorted(paths, key=lambda path: path.name != chosen):
        steps, stays = len(path.points) - 1, surface.stays_until(path)
        left = f"; leaves the picture at step {stays + 1}" if stays < steps else ""
        given = f"{path.name}, learning rate {plain(path.rate)}"
        said.append(f"{given}: after {steps} steps {_point(surface, path, -1)}{left}")
    return "\n".join(said)


def _point(surface: LossSurface, path: DescentPath, k: int) -> str:
    (first, second), (x, y) = surface.names, path.points[k].tolist()
    return f"{first} = {short(x)}, {second} = {short(y)}, loss {short(float(path.losses[k]))}"


# ---- The map alone -----------------------------------------------------------------------------


def _way(surface: LossSurface, path: DescentPath, k: int, is_chosen: bool) -> Svg:
    frame, stays = surface.frame, surface.stays_until(path)
    inside = path.points[: stays + 1]
    outline = frame.path(inside[:, 0], inside[:, 1])
    if 0 <= stays < len(path.points) - 1:
        outline += frame.segment(tuple(path.points[stays]), tuple(path.points[stays + 1]))
    parts = [element("path", d=outline, fill="none", **line_of(k, is_chosen))]
    if is_chosen:
        parts += dots([(frame.x(x), frame.y(y)) for x, y in inside.tolist()])
    return join(*parts)


def _start(surface: LossSurface, paths: Sequence[DescentPath]) -> Svg:
    """The point where all paths start, for a hand to drag."""
    frame, (x, y) = surface.frame, paths[0].points[0].tolist()
    place = frame.x(x), frame.y(y)
    return held("the start", place, x=("start0", frame.x), y=("start1", frame.y))


def _levels_named(surface: LossSurface) -> list[Svg]:
    levels = ", ".join(plain(level) for level in surface.levels)
    lines = textwrap.wrap(f"More colour: larger loss. Lines at {levels}", 56)
    below = surface.frame.bottom + 56
    return [text(0, below + 17 * k, line, "quiet") for k, line in enumerate(lines)]
