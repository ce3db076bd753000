"""What a network decides, everywhere at once: a plane of inputs, painted by the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bp_helpers.pictures.numerals import number, percent
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.pixels import image
from bp_helpers.pictures.scales import FloatArray, Frame, held
from bp_helpers.pictures.style import AREAS
from bp_helpers.pictures.svg import Svg, circle, cut, element, join, text

Extent = tuple[float, float, float, float]  # left, right, bottom, top

LEFT, TOP, SIDE, MARGIN = 52, 90, 260, 18
LETTER = 7.4  # the room for a letter of a name, in pixels
LEVELS = 64  # how many strengths of a class's colour there are
STRONGEST = 150  # of 255: points and marks are read through it


@dataclass(frozen=True)
class Mark:
    """The one point that is looked at: where it is, and what the network says there.

    `held` has the names of its two numbers, if a hand may drag it.
    """

    name: str
    x: float
    y: float
    outputs: Sequence[float]
    held: tuple[str, str] | None = None


def grid(extent: Extent, size: int) -> FloatArray:
    """Return the points at which to ask for a surface of `size` by `size` cells, (size * size, 2).

    They are the cells' centres, row by row from the top, as an image is stored.
    """
    left, right, bottom, top = extent
    centres = (np.arange(size) + 0.5) / size
    x, y = np.meshgrid(left + centres * (right - left), top - centres * (top - bottom))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def decision_surface(
    outputs: FloatArray,
    extent: Extent,
    points: FloatArray,
    labels: npt.NDArray[np.integer[Any]],
    right: float,
    axis_names: Sequence[str],
    class_names: Sequence[str],
    mark: Mark | None = None,
    side: float = SIDE,
) -> Picture:
    """Draw where a network decides for which class, and how clearly.

    `outputs` has shape (rows, columns, n_classes), up to 3 classes, and belongs to `grid(extent,
    ...)`; each class has a colour, which fades where the lead of the largest output over the next
    is small, and is missing at the border. `points` (N, 2) with class indices `labels` (N,) are
    drawn with a shape for each class; `right` is the share that is classified correctly. What lies
    outside of `extent` is drawn at its edge. `side` is that of the square in pixels. Refuses more
    classes than there are shapes with a `ValueError`.
    """
    if outputs.shape[-1] > len(AREAS):
        raise ValueError(
            f"decision_surface got {outputs.shape[-1]} classes: it has colours and shapes for "
            f"{len(AREAS)}"
        )
    frame = Frame.of(LEFT, TOP, side, side, extent[:2], extent[2:])
    return picture(
        LEFT + side + MARGIN,
        TOP + side + 46,
        "What the network decides for which measurements",
        _in_words(points, right, axis_names, class_names, mark),
        text(0, 16, f"Right: {percent(right)} of {len(points)}", font_weight="bold"),
        _legend(class_names, mark, LEFT + side + MARGIN),
        image(LEFT, TOP, side, *_painted(outputs)),
        frame.draw(*(cut(name, (side + 2 * MARGIN) / LETTER) for name in axis_names)),
        *(_shapes(frame, points[labels == k], k) for k in range(len(class_names))),
        _mark(frame, mark) if mark else Svg(),
        chosen=bool(mark and mark.held),
    )


# ---- The surface as an image -------------------------------------------------------------------


def _painted(outputs: FloatArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return for each cell its place in a palette, and the palette: class * LEVELS + strength."""
    ranked = np.sort(outputs, axis=-1)
    lead = np.clip(ranked[..., -1] - ranked[..., -2], 0, 1)
    strength = np.rint((LEVELS - 1) * np.sqrt(lead))  # the root shows small leads as well
    winner = outputs.argmax(axis=-1)
    # Where the winner changes stays bare: a border is to be seen without colours too.
    strength[:, :-1][winner[:, :-1] != winner[:, 1:]] = 0
    strength[:-1][winner[:-1] != winner[1:]] = 0
    classes = outputs.shape[-1]
    palette = np.empty((classes, LEVELS, 4), np.uint8)
    palette[..., :3] = np.array(AREAS[:classes])[:, np.newaxis]
    palette[..., 3] = np.rint(np.linspace(0, STRONGEST, LEVELS))
    return (winner * LEVELS + strength).astype(np.uint8), palette.reshape(-1, 4)


# ---- What lies over it -------------------------------------------------------------------------


def _shape(k: int, x: float, y: float) -> str:
    """A circle, a triangle or a square of about the same area, as part of an SVG path."""
    if k == 0:
        return f"M{x - 3:.1f} {y:.1f}a3 3 0 1 0 6 0a3 3 0 1 0-6 0"
    if k == 1:
        return f"M{x:.1f} {y - 4:.1f}l4 7h-8z"
    return f"M{x - 2.8:.1f} {y - 2.8:.1f}h5.6v5.6h-5.6z"


def _shapes(frame: Frame, points: FloatArray, k: int) -> Svg:
    return _shapes_at(frame, np.asarray(points, np.float64).tobytes(), k)


@lru_cache(maxsize=32)  # while anything else moves, the points stay where they are
def _shapes_at(frame: Frame, written: bytes, k: int) -> Svg:
    points = np.frombuffer(written).reshape(-1, 2)
    places = zip(
        frame.x.places(points[:, 0]).tolist(), frame.y.places(points[:, 1]).tolist(), strict=True
    )
    outline = "".join([_shape(k, x, y) for x, y in places])
    return _filled(outline, k)


def _filled(outline: str, k: int) -> Svg:
    return element(
        "path", d=outline, fill=f"class{k}", stroke="ground", stroke_width=1.6, paint_order="stroke"
    )


def _mark(frame: Frame, mark: Mark) -> Svg:
    x, y = frame.x(mark.x), frame.y(mark.y)
    ring = join(
        *(
            circle(x, y, 8, fill="none", stroke=colour, stroke_width=width)
            for colour, width in (("ground", 6), ("ink", 3))
        )
    )
    if mark.held is None:
        return ring
    across, up = mark.held
    return held(mark.name, (x, y), ring, x=(across, frame.x), y=(up, frame.y))


def _legend(class_names: Sequence[str], mark: Mark | None, width: float) -> Svg:
    parts = []
    x = 6.0
    room = (width - x - 32 * len(class_names)) / LETTER  # for letters of all names
    if len("".join(class_names)) > room:
        class_names = [cut(name, room / len(class_names)) for name in class_names]
    for k, name in enumerate(class_names):
        parts += [_filled(_shape(k, x, 36), k), text(x + 9, 40, name)]
        x += 32 + LETTER * len(name)
    if mark:
        ring = circle(8, 54, 5, fill="none", stroke="ink", stroke_width=2.5)
        parts += [ring, text(18, 58, mark.name)]
    return join(*parts)


# ---- In words ----------------------------------------------------------------------------------


def _in_words(
    points: FloatArray,
    right: float,
    axis_names: Sequence[str],
    class_names: Sequence[str],
    mark: Mark | None,
) -> str:
    said = f"{percent(right)} of {len(points)} classified correctly."
    if mark is None:
        return said
    answers = ", ".join(
        f"{name} {number(output, 4)}"
        for name, output in zip(class_names, mark.outputs, strict=True)
    )
    winner = class_names[int(np.argmax(mark.outputs))]
    return (
        f"{said} Marked: {mark.name} at {axis_names[0]} {number(mark.x, 2)}, {axis_names[1]} "
        f"{number(mark.y, 2)}: {answers}, so {winner}."
    )
