"""Pictures of handwritten digits, and of what a network makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bp_helpers.pictures import style
from bp_helpers.pictures.still import Still, new_figure, plain_axes


def digit_gallery(
    images: npt.NDArray[np.float64], captions: Sequence[str], columns: int = 10
) -> Still:
    """Draw digits side by side, each with its caption below.

    `images` has shape (N, 64), from 0 (paper) to 1 (ink); `captions` has N texts.
    """
    if len(images) != len(captions) or len(images) == 0:
        raise ValueError(
            f"digit_gallery got {len(images)} images and {len(captions)} captions: "
            "it needs at least one image, and one caption each"
        )
    cell = 7.6 / columns
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    lines = max(caption.count("\n") for caption in captions) + 1
    figure = new_figure(columns * cell, rows * (0.8 * cell + 0.1 + 0.17 * lines))
    for axes in figure.subplots(rows, columns, squeeze=False).flat:
        axes.axis("off")
    for axes, image, caption in zip(figure.axes, images, captions, strict=False):
        _show_pixels(axes, image)
        axes.text(3.5, 8.1, caption, ha="center", va="top", fontsize=9, color=style.INK)
    said = "; ".join(" ".join(caption.split()) for caption in captions)
    return Still(figure, f"{len(images)} handwritten digits of 8 by 8 pixels: {said}.")


def confusion_matrix(
    true: npt.NDArray[np.int64], said: npt.NDArray[np.int64], class_names: Sequence[str]
) -> Still:
    """Draw how often each true class (row) was called which (column).

    `true` and `said` have shape (N,): positions in `class_names`.
    """
    from matplotlib.colors import ListedColormap

    counts = np.zeros((len(class_names), len(class_names)), dtype=int)
    np.add.at(counts, (true, said), 1)
    figure = new_figure(4.6, 4.3)
    axes = figure.subplots()
    wrong = counts - np.diag(counts.diagonal())
    # 0 nothing, 1 right, 2 wrong; a mistake is bold too, so that it shows without its colour
    kind = np.eye(len(counts), dtype=int) + 2 * (wrong > 0)
    axes.imshow(kind, cmap=ListedColormap(["#ffffff", style.FAINT, style.MISTAKE]), vmin=0, vmax=2)
    for (row, column), count in np.ndenumerate(counts):
        if count or row == column:
            weight = "normal" if row == column else "bold"
            axes.text(column, row, str(count), ha="center", va="center", fontsize=9, weight=weight)
    plain_axes(axes)
    axes.set_xticks(range(len(class_names)), class_names)
    axes.set_yticks(range(len(class_names)), class_names)
    axes.set_xlabel("the network says", fontsize=style.FONT_SIZE)
    axes.set_ylabel("it is", fontsize=style.FONT_SIZE)
    mistakes = [
        f"{class_names[row]} called {class_names[column]}, {wrong[row, column]}"
        for row, column in np.argwhere(wrong)
    ]
    alt = f"Confusion matrix: {counts.trace()} of {counts.sum()} on the diagonal, that is, right."
    return Still(figure, f"{alt} Mistakes and how many: {'; '.join(mistakes) or 'none'}.")


def pixel_blame(
    image: npt.NDArray[np.float64], gradient: npt.NDArray[np.float64], title: str
) -> Still:
    """Draw a digit beside dL/dX, the gradient at its pixels, both of shape (64,).

    Where the gradient is positive, more ink would raise the loss; a plus or minus sign marks every
    pixel whose gradient has at least a quarter of the largest size.
    """
    from matplotlib.colors import LinearSegmentedColormap

    figure = new_figure(6.0, 3.1)
    left, right = figure.subplots(1, 2)
    _show_pixels(left, image)
    largest = float(np.abs(gradient).max())
    signed = LinearSegmentedColormap.from_list("signed", style.SIGNED)
    mesh = right.imshow(gradient.reshape(8, 8), cmap=signed, vmin=-largest, vmax=largest)
    for pixel in np.flatnonzero(np.abs(gradient) >= largest / 4):
        sign = "+" if gradient[pixel] > 0 else "\N{MINUS SIGN}"
        right.text(pixel % 8, pixel // 8, sign, ha="center", va="center", fontsize=11)
    for axes, text in (left, title), (right, "dL/dX at its pixels"):
        plain_axes(axes, text)
        axes.set_xticks([])
        axes.set_yticks([])
    figure.colorbar(mesh, ax=right, shrink=0.8)
    strongest = np.abs(gradient).argsort()[::-1][:3]
    named = "; ".join(f"row {p // 8}, column {p % 8}: {gradient[p]:+.4f}" for p in strongest)
    return Still(
        figure,
        f"{title}, beside the gradient at its pixels. Strongest, counted from row 0 and column 0: "
        f"{named}.",
    )


def _show_pixels(axes: Any, image: npt.NDArray[np.float64]) -> None:
    axes.imshow(image.reshape(8, 8), cmap="Greys", vmin=0, vmax=1)
