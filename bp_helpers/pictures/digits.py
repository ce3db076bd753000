"""Pictures of handwritten digits, and of what a network makes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bp_helpers.pictures.numerals import number
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.pixels import image
from bp_helpers.pictures.scales import FloatArray
from bp_helpers.pictures.svg import Svg, join, rect, text

WIDTH, GAP, LINE = 740, 12, 17  # of a gallery; between two digits; of a caption
COUNT = 36  # the side of a cell of the confusion matrix
LARGE = 240  # the side of a digit that is looked at
LEVELS = 65  # of grey: a digit has 17


def digit_gallery(images: FloatArray, captions: Sequence[str], columns: int = 10) -> Picture:
    """Draw digits side by side, each with its caption below.

    `images` has shape (N, 64), from 0 (paper) to 1 (ink); `captions` has N texts.
    """
    if len(images) != len(captions) or len(images) == 0:
        raise ValueError(
            f"digit_gallery got {len(images)} images and {len(captions)} captions: "
            "it needs at least one image, and one caption each"
        )
    cell = WIDTH / columns
    lines = max(caption.count("\n") for caption in captions) + 1
    high = cell + LINE * lines
    parts = [
        _captioned(cell * (k % columns), high * (k // columns), cell - GAP, pixels, caption)
        for k, (pixels, caption) in enumerate(zip(images, captions, strict=True))
    ]
    said = "; ".join(" ".join(caption.split()) for caption in captions)
    title = f"{len(images)} handwritten digits of 8 by 8 pixels"
    rows = -(-len(images) // columns)
    return picture(cell * min(columns, len(images)), high * rows, title, f"{said}.", *parts)


def confusion_matrix(
    true: npt.NDArray[np.int64], said: npt.NDArray[np.int64], class_names: Sequence[str]
) -> Picture:
    """Draw how often each true class (row) was called which (column).

    `true` and `said` have shape (N,): positions in `class_names`.
    """
    positions = range(len(class_names))
    if len(true) != len(said) or any(k not in positions for k in (*true, *said)):
        raise ValueError(
            f"confusion_matrix got {len(true)} true classes and {len(said)} answers: it takes as "
            f"many of the one as of the other, all of them positions in the {len(positions)} names"
        )
    counts = np.zeros((len(class_names), len(class_names)), dtype=int)
    np.add.at(counts, (true, said), 1)
    wrong = counts - np.diag(counts.diagonal())
    left = top = 46.0
    end = left + COUNT * len(counts)
    parts = [text(left, 14, "the network says"), text(0, top - 8, "it is", "ink")]
    for k, name in enumerate(class_names):
        middle = left + COUNT * (k + 0.5)
        parts.append(text(middle, top - 8, name, "quiet", text_anchor="middle"))
        parts.append(text(left - 10, middle + 5, name, "quiet", text_anchor="end"))
    parts += [
        _count(left + COUNT * column, top + COUNT * row, int(count), row == column)
        for (row, column), count in np.ndenumerate(counts)
    ]
    mistakes = [
        f"{class_names[row]} called {class_names[column]}, {wrong[row, column]}"
        for row, column in np.argwhere(wrong)
    ]
    words = (
        f"{counts.trace()} of {counts.sum()} on the diagonal, that is, right. Mistakes and how "
        f"many: {'; '.join(mistakes) or 'none'}."
    )
    return picture(max(end + 2, 170), end + 2, "Confusion matrix", words, *parts)


def pixel_blame(pixels: FloatArray, gradient: FloatArray, title: str) -> Picture:
    """Draw a digit beside dL/dX, the gradient at its pixels, both of shape (64,).

    Where the gradient is positive, more ink would raise the loss: a filled square. Where it is
    negative, the square is hollow. Their areas show how large it is.
    """
    largest = float(np.abs(gradient).max())
    right = LARGE + 60
    return picture(
        right + LARGE + 2,
        LARGE + 56,
        title,
        "Beside it the gradient at its pixels. Strongest, counted from row 0 and column 0: "
        f"{most_blamed(gradient, 4)}.",
        text(0, 16, title, font_weight="bold"),
        _digit(1, 28, LARGE, pixels),
        text(right, 16, "dL/dX at its pixels", font_weight="bold"),
        *blame_squares(right, 28, LARGE / 8, gradient, largest or 1.0),
        outline(right, 28, LARGE),
        text(right, LARGE + 48, f"largest: {number(largest, 4)}; hollow: negative", "quiet"),
    )


def _captioned(x: float, y: float, side: float, pixels: FloatArray, caption: str) -> Svg:
    lines = [
        text(x + side / 2 + 1, y + side + 15 + LINE * k, line, text_anchor="middle")
        for k, line in enumerate(caption.split("\n"))
    ]
    return join(_digit(x + 1, y + 1, side, pixels), *lines)


def _digit(x: float, y: float, side: float, pixels: FloatArray) -> Svg:
    """Draw ink on paper, in either theme."""
    grey = np.rint(np.linspace(255, 0, LEVELS)).astype(np.uint8)
    palette = np.stack([grey, grey, grey, np.full_like(grey, 255)], axis=1)
    cells = np.rint((LEVELS - 1) * np.clip(pixels, 0, 1)).astype(np.uint8).reshape(8, 8)
    return join(image(x, y, side, cells, palette, pixelated=True), outline(x, y, side))


def outline(x: float, y: float, side: float) -> Svg:
    """Draw the edge of a square picture of pixels."""
    return rect(x, y, side, side, fill="none", stroke="quiet")


def _count(x: float, y: float, count: int, is_right: bool) -> Svg:
    """Draw a cell; a mistake is bold and outlined too, so that it shows without its colour."""
    is_wrong = count > 0 and not is_right
    ground = rect(
        x + 1, y + 1, COUNT - 2, COUNT - 2, rx=4,
        fill="lit" if is_wrong else "panel" if is_right else "ground",
        stroke="ink" if is_wrong else None,
    )  # fmt: skip
    if not count and not is_right:
        return ground
    label = text(
        x + COUNT / 2, y + COUNT / 2 + 5, str(count), text_anchor="middle",
        font_weight="bold" if is_wrong else None,
    )  # fmt: skip
    return join(ground, label)


def most_blamed(gradient: FloatArray, digits: int = 3) -> str:
    """Return in words the three largest gradients of pixels: of equal ones, always the same."""
    strongest = np.abs(gradient.round(12)).argsort(kind="stable")[::-1][:3].tolist()
    return "; ".join(
        f"row {p // 8}, column {p % 8}: {number(float(gradient[p]), digits)}" for p in strongest
    )


def blame_squares(
    left: float, top: float, side: float, gradient: FloatArray, full: float
) -> list[Svg]:
    """Draw the gradient at each pixel of a digit, pixels of this `side` from `left` and `top` on.

    A gradient as large as `full`, or larger, fills its pixel.
    """
    return [
        _blame_square(left + side * (p % 8), top + side * (p // 8), side, share)
        for p, share in enumerate(np.clip(gradient / full, -1, 1).tolist())
    ]


def _blame_square(x: float, y: float, side: float, share: float) -> Svg:
    """Draw a pixel's gradient as a share of the largest: a filled square, a hollow one below 0."""
    size = (side - 2) * math.sqrt(abs(share))
    corner = x + (side - size) / 2, y + (side - size) / 2
    rim = min(3.0, size / 2)
    if share >= 0:
        rim = 0.0
    return rect(
        corner[0] + rim / 2, corner[1] + rim / 2, size - rim, size - rim,
        fill="none" if share < 0 else "backward", stroke="backward", stroke_width=rim,
    )  # fmt: skip
