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
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, element, join, text

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
    counts = np.zeros((len(class_names), len(class_names)), dtype=int)
    np.add.at(counts, (true, said), 1)
    wrong = counts - np.diag(counts.diagonal())
    left = top = 46.0
    end = left + COUNT * len(counts)
    parts = [
        text(left, 14, "the network says"),
        text(0, top - 8, "it is", "ink"),
    ]
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
    right, side = LARGE + 60, LARGE / 8
    strongest = np.abs(gradient).argsort(kind="stable")[::-1][:3].tolist()
    named = "; ".join(
        f"row {p // 8}, column {p % 8}: {number(float(gradient[p]), 4)}" for p in strongest
    )
    return picture(
        right + LARGE + 2,
        LARGE + 56,
        title,
        "Beside it the gradient at its pixels. Strongest, counted from row 0 and column 0: "
        f"{named}.",
        text(0, 16, title, font_weight="bold"),
        _digit(1, 28, LARGE, pixels),
        text(right, 16, "dL/dX at its pixels", font_weight="bold"),
        *(
            blame_square(
                right + side * (p % 8), 28 + side * (p // 8), side, float(value) / (largest or 1)
            )
            for p, value in enumerate(gradient)
        ),
        _outline(right, 28, LARGE),
        text(right, LARGE + 48, f"largest: {number(largest, 4)}; hollow: negative", "quiet"),
    )


def _captioned(x: float, y: float, side: float, pixels: FloatArray, caption: str) -> Svg:
    lines = [
        text(x + side / 2 + 1, y + side + 15 + LINE * k, line, text_anchor="middle")
        for k, line in enumerate(caption.split("\n"))
    ]
    return join([_digit(x + 1, y + 1, side, pixels), *lines])


def _digit(x: float, y: float, side: float, pixels: FloatArray) -> Svg:
    """Draw ink on paper, in either theme."""
    grey = np.rint(np.linspace(255, 0, LEVELS)).astype(np.uint8)
    palette = np.stack([grey, grey, grey, np.full_like(grey, 255)], axis=1)
    cells = np.rint((LEVELS - 1) * np.clip(pixels, 0, 1)).astype(np.uint8).reshape(8, 8)
    return join([image(x, y, side, cells, palette, pixelated=True), _outline(x, y, side)])


def _outline(x: float, y: float, side: float) -> Svg:
    return element("rect", x=x, y=y, width=side, height=side, fill="none", stroke=paint("quiet"))


def _count(x: float, y: float, count: int, is_right: bool) -> Svg:
    """Draw a cell; a mistake is bold and outlined too, so that it shows without its colour."""
    is_wrong = count > 0 and not is_right
    ground = element(
        "rect", x=x + 1, y=y + 1, width=COUNT - 2, height=COUNT - 2, rx=4,
        fill=paint("lit" if is_wrong else "panel" if is_right else "ground"),
        stroke=paint("ink") if is_wrong else None,
    )  # fmt: skip
    if not count and not is_right:
        return ground
    label = text(
        x + COUNT / 2, y + COUNT / 2 + 5, str(count), text_anchor="middle",
        font_weight="bold" if is_wrong else None,
    )  # fmt: skip
    return join([ground, label])


def blame_square(x: float, y: float, side: float, share: float) -> Svg:
    """Draw a pixel's gradient as a share of the largest: a filled square, a hollow one below 0."""
    size = (side - 2) * math.sqrt(abs(share))
    corner = x + (side - size) / 2, y + (side - size) / 2
    rim = min(3.0, size / 2)
    if share >= 0:
        rim = 0.0
    return element(
        "rect", x=corner[0] + rim / 2, y=corner[1] + rim / 2, width=size - rim, height=size - rim,
        fill="none" if share < 0 else paint("backward"), stroke=paint("backward"),
        stroke_width=rim,
    )  # fmt: skip
