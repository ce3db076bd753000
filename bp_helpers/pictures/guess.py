"""A guess on a line of numbers, and, once it may be seen, the answer beside it."""

from __future__ import annotations

from bp_helpers.pictures.numerals import plain
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Scale
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, element, join, text

WIDTH, HEIGHT, LEFT, ACROSS, LINE = 500, 96, 80, 340, 46
DIGITS = 4  # of a guess and of an answer


def guess_line(low: float, high: float, guess: float, answer: float | None = None) -> Picture:
    """Draw the line from `low` to `high` with the guess above it and the answer below.

    Both lie on the line; without an answer only the guess is drawn.
    """
    scale = Scale(low, high, LEFT, LEFT + ACROSS)
    said = f"Your guess: {plain(guess, DIGITS)}"
    if answer is not None:
        said += f"; the answer: {plain(answer, DIGITS)}"
    return picture(
        WIDTH,
        HEIGHT,
        f"A line from {plain(low)} to {plain(high)}",
        said,
        element("line", x1=LEFT, y1=LINE, x2=LEFT + ACROSS, y2=LINE, stroke=paint("quiet")),
        *(_tick(scale(value), plain(value)) for value in scale.ticks),
        _answer(scale(guess), scale(answer), answer) if answer is not None else Svg(),
        _guess(scale(guess), guess),
    )


def _tick(x: float, written: str) -> Svg:
    mark = element("line", x1=x, y1=LINE - 3, x2=x, y2=LINE + 3, stroke=paint("quiet"))
    label = text(x, LINE + 19, written, "quiet", text_anchor="middle", font_size=12)
    return join([mark, label])


def _guess(x: float, guess: float) -> Svg:
    outline = f"M{x:.1f} {LINE - 2}l-7 -13h14z"
    label = f"your guess {plain(guess, DIGITS)}"
    return join(
        [
            element("path", d=outline, fill=paint("forward")),
            text(x, LINE - 21, label, "forward", text_anchor="middle"),
        ]
    )


def _answer(start: float, x: float, answer: float) -> Svg:
    """The answer, and how far it is from the guess at `start`."""
    between = element(
        "line", x1=start, y1=LINE, x2=x, y2=LINE, stroke=paint("backward"), stroke_width=4,
        stroke_dasharray="4 3",
    )  # fmt: skip
    label = f"the answer {plain(answer, DIGITS)}"
    return join(
        [
            between,
            element("circle", cx=x, cy=LINE, r=6, fill=paint("backward"), stroke=paint("ground")),
            text(x, LINE + 42, label, "backward", text_anchor="middle", font_weight="bold"),
        ]
    )
