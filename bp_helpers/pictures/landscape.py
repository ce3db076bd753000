"""A loss over two weights as a landscape: Matplotlib draws it once, paths go over it as SVG."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np

from bp_helpers.pictures.descent import (
    HEIGHT,
    WIDTH,
    DescentPath,
    LossSurface,
    dots,
    heading,
    in_words,
    line_of,
    title,
)
from bp_helpers.pictures.numerals import plain
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Limits, Scale, held_in_space, limits, ticks
from bp_helpers.pictures.style import AREA
from bp_helpers.pictures.svg import Svg, element, join, text

TOP, SIDE = 36, 386
FROM_ABOVE, FROM_ASIDE = 38, -30  # degrees: from here every valley of the course is seen
DOTS_PER_INCH = 100
SHARPER = 2  # as many dots for each pixel, for screens of twice the usual density
COLOURS = 48  # so few make the image a sixth as large, and look the same


class Landscape:
    """A surface in space over its two weights: `svg` shows it, `place` tells what lies where.

    Its `image` has neither a ground of its own nor text, so that it suits either theme.
    """

    def __init__(self, surface: LossSurface) -> None:
        from matplotlib.figure import Figure  # only here: it takes as long as all else together

        self.surface = surface
        self.heights = limits([0.0], surface.z)
        figure = Figure(figsize=(SIDE / DOTS_PER_INCH, SIDE / DOTS_PER_INCH), dpi=DOTS_PER_INCH)
        axes: Any = figure.add_axes((0, 0, 1, 1), projection="3d")
        axes.set_axis_off()
        axes.view_init(elev=FROM_ABOVE, azim=FROM_ASIDE)
        axes.set_proj_type("ortho")  # the same step is as long near and far
        x, y = np.meshgrid(surface.x, surface.y)
        axes.plot_surface(
            x, y, surface.z, rstride=2, cstride=2, color=AREA, alpha=0.55,
            linewidth=0.3, edgecolor="#ffffff60",
        )  # fmt: skip
        axes.set_zlim(*self.heights)
        self._axes = axes
        self.image = _image(figure)
        self.svg = join(_scales(self), self.image)

    def place(self, points: Sequence[Sequence[float]] | FloatArray) -> list[tuple[float, float]]:
        """Return where points (weight, weight, loss) lie in the picture: (x, y) in pixels."""
        from mpl_toolkits.mplot3d.proj3d import proj_transform

        x, y, _ = proj_transform(*np.transpose(points), self._axes.get_proj())
        pixels = self._axes.transData.transform(np.stack([x, y], axis=1))
        return [(across, TOP + SIDE - up) for across, up in pixels.tolist()]


def descent_in_space(landscape: Landscape, paths: Sequence[DescentPath], chosen: str) -> Picture:
    """Draw up to three paths on the landscape: the chosen one with a dot for each step.

    A path ends where it first leaves the landscape. It is drawn also where a ridge hides it. Where
    all start is dragged over the floor; the point's height follows.
    """
    in_front = sorted(paths, key=lambda path: path.name == chosen)
    surface = landscape.surface
    return picture(
        WIDTH,
        HEIGHT,
        f"{title(surface)} as a landscape",
        in_words(surface, paths, chosen),
        heading(paths, chosen),
        landscape.svg,
        *(_way(landscape, path, paths.index(path), path.name == chosen) for path in in_front),
        _start(landscape, paths[0]),
        text(0, HEIGHT - 22, "Height: the loss. The dots lie on the landscape,", "quiet"),
        text(0, HEIGHT - 5, "the lines between them are jumps.", "quiet"),
    )


def _image(figure: Any) -> Svg:
    from PIL import Image  # with it Matplotlib writes its own images

    drawn, smaller = BytesIO(), BytesIO()
    figure.savefig(
        drawn, format="png", dpi=SHARPER * DOTS_PER_INCH, transparent=True,
        pil_kwargs={"compress_level": 0},  # it is read again at once
    )  # fmt: skip
    few = Image.open(drawn).quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    few.save(smaller, format="png", optimize=True)
    data = base64.b64encode(smaller.getvalue()).decode("ascii")
    return element(
        "image", x=0, y=TOP, width=SIDE, height=SIDE, href=f"data:image/png;base64,{data}"
    )


def _way(landscape: Landscape, path: DescentPath, k: int, is_chosen: bool) -> Svg:
    stays = slice(landscape.surface.stays_until(path) + 1)
    if not len(path.points[stays]):
        return Svg()
    places = landscape.place(np.column_stack([path.points, path.losses])[stays])
    return join(_line(places, **line_of(k, is_chosen)), *(dots(places) if is_chosen else []))


def _start(landscape: Landscape, path: DescentPath) -> Svg:
    """The point where all paths start, with a line down to its place on the floor."""
    if landscape.surface.stays_until(path) < 0:
        return Svg()
    (x, y), floor = path.points[0].tolist(), landscape.heights[0]
    above, below, right, far = landscape.place(
        [(x, y, path.losses[0]), (x, y, floor), (x + 1, y, floor), (x, y + 1, floor)]
    )
    ways = [(place[0] - below[0], place[1] - below[1]) for place in (right, far)]
    foot = f"M{below[0] - 6:.1f} {below[1]:.1f}h12"
    return held_in_space(
        "the start", above, below, _line([above, below], stroke="ink", stroke_dasharray="2 3"),
        element("path", d=foot, stroke="ink"), x=("start0", ways[0]), y=("start1", ways[1]),
    )  # fmt: skip


def _line(places: Sequence[tuple[float, float]], **attributes: object) -> Svg:
    way = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return element("path", d=way, fill="none", **attributes)


def _scales(landscape: Landscape) -> Svg:
    """Two edges of the floor, and its left corner upward; the loss on the floor is 0."""
    frame, place = landscape.surface.frame, landscape.place
    (left, right), (near, far), (floor, top) = _ends(frame.x), _ends(frame.y), landscape.heights
    first, second = landscape.surface.names
    edges = [(left, near, top), (left, near, floor), (right, near, floor), (right, far, floor)]
    (ax, ay), (bx, by), (cx, cy) = place(
        [((left + right) / 2, near, floor), (right, (near + far) / 2, floor), (left, near, top)]
    )
    return join(
        _line(place(edges), stroke="quiet"),
        *_ticks(landscape, [(tick, near, floor) for tick in _inside(left, right)], 0, -8, 14),
        *_ticks(landscape, [(right, tick, floor) for tick in _inside(near, far)], 1, 8, 14),
        *_ticks(landscape, [(left, near, tick) for tick in ticks(floor, top)], 2, -7, 4),
        text(ax - 34, ay + 32, first, text_anchor="end"),
        text(bx + 34, by + 32, second),
        text(cx, cy - 12, "loss", text_anchor="middle"),
    )


def _ends(scale: Scale) -> Limits:
    return scale.low, scale.high


def _inside(low: float, high: float) -> list[float]:
    """Return the ticks without those at the ends, which are corners: two axes meet there."""
    room = 0.06 * (high - low)
    return [tick for tick in ticks(low, high) if low + room < tick < high - room]


def _ticks(
    landscape: Landscape,
    points: Sequence[tuple[float, float, float]],
    axis: int,
    right: float,
    down: float,
) -> list[Svg]:
    """Label each of the points with its own number on the axis, so many pixels away from it."""
    return [
        text(
            x + right, y + down, plain(point[axis]), "quiet",
            text_anchor="end" if right < 0 else "start",
        )
        for point, (x, y) in zip(points, landscape.place(points), strict=True)
    ]  # fmt: skip
