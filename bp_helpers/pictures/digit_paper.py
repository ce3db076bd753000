"""A digit on paper, pixel by pixel, and what a network reads there."""

from __future__ import annotations

from bp_helpers.pictures.digits import blame_squares, most_blamed, outline
from bp_helpers.pictures.marks import bar
from bp_helpers.pictures.numerals import number
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Scale
from bp_helpers.pictures.svg import Svg, element, join, rect, text

SIDE, TOP = 36, 30  # of a pixel; room for the caption
GRID = 8 * SIDE
LEFT, ROW = GRID + 40, 28  # of the probabilities; from one to the next
P = Scale(0, 1, LEFT + 24, LEFT + 224)
FULL = 4.0  # a gradient of this size, or a larger one, fills its pixel


def digit_paper(pixels: FloatArray, selected: str = "") -> Picture:
    """Draw the paper: `pixels` has shape (64,), from 0 to 1, which is ink.

    Each can be chosen, under `X[9]` for example, and a stroke of the pointer chooses those that it
    crosses. Ink has the colour of the text, so that the picture follows the theme.
    """
    title = "The paper: draw on it"
    rows = "; ".join(
        " ".join(f"{ink:.2g}" for ink in row) for row in pixels.reshape(8, 8).round(2).tolist()
    )
    cells = [_cell(k, float(ink), f"X[{k}]" == selected) for k, ink in enumerate(pixels)]
    return picture(
        GRID + 2,
        TOP + GRID + 2,
        title,
        f"Ink, row by row: {rows}.",
        text(0, 16, title, font_weight="bold"),
        *cells,
        chosen=True,
    )


def digit_read(p: FloatArray, target: int, loss: float, gradient: FloatArray) -> Picture:
    """Draw the gradient at each pixel, shape (64,), and the ten probabilities `p`.

    A square's area is the gradient's size, the same in every picture: filled where more ink makes
    the loss larger, hollow where it makes it smaller. `target` is marked: the right digit.
    """
    answer = int(p.argmax())
    read = ", ".join(f"{k}: {number(float(share))}" for k, share in enumerate(p))
    title = f"It reads a {answer}"
    said = f"loss, if it is a {target}: {number(loss, 4)}"
    return picture(
        LEFT + 290,
        TOP + GRID + 24,
        title,
        f"The {said}. Probabilities {read}. Most to blame: {most_blamed(gradient)}. "
        f"{_wanted(gradient)}",
        text(0, 16, "dL/dX: which pixels are to blame", font_weight="bold"),
        *blame_squares(1, TOP, SIDE, gradient, FULL),
        outline(1, TOP, GRID),
        text(0, TOP + GRID + 18, "filled: less ink would help; hollow: more ink", "quiet"),
        text(LEFT, 16, title, font_weight="bold"),
        text(LEFT, TOP + GRID + 18, said),
        *(_probability(k, float(share), k == answer, k == target) for k, share in enumerate(p)),
    )


def _wanted(gradient: FloatArray) -> str:
    """Return where more ink would help most: of equal places, always the same."""
    steady = gradient.round(12)
    at = int(steady.argmin())
    if steady[at] >= 0:
        return "Nowhere would more ink help."
    there = number(float(gradient[at]))
    return f"More ink would help most at row {at // 8}, column {at % 8}: {there}."


def _cell(k: int, ink: float, selected: bool) -> Svg:
    square = rect(
        1 + SIDE * (k % 8), TOP + SIDE * (k // 8), SIDE, SIDE, class_="bp-hit", fill="ink",
        fill_opacity=min(max(ink, 0.0), 1.0), stroke="quiet", stroke_opacity=0.5,
    )  # fmt: skip
    return element(
        "g", square, data_name=f"X[{k}]", data_paint="1" if ink >= 0.5 else "0", role="button",
        tabindex=-1, aria_label=f"row {k // 8}, column {k % 8}: ink {number(ink, 2)}",
        aria_pressed="true" if selected else "false",
    )  # fmt: skip


def _probability(k: int, share: float, is_answer: bool, is_target: bool) -> Svg:
    y = TOP + ROW * k
    weight = "bold" if is_answer else None
    parts = [
        text(LEFT, y + 18, str(k), font_weight=weight, font_size=15),
        bar(P, y + 5, ROW - 10, share, "forward"),
        text(LEFT + 234, y + 18, number(share), "forward", font_weight=weight),
    ]
    if is_target:
        parts.append(
            rect(LEFT - 6, y + 1, 22, ROW - 4, rx=4, fill="none", stroke="ink", stroke_width=2)
        )
    return join(*parts)
