"""A guess on a line of numbers, and, once it may be seen, the answer beside it."""

from __future__ import annotations

from bp_helpers.pictures.numerals import plain
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Scale, held
from bp_helpers.pictures.svg import Svg, circle, element, join, line, text

WIDTH, HEIGHT, LEFT, ACROSS, LINE = 500, 96, 80, 340, 46
DIGITS = 4  # of a guess and of an answer


def guess_line(
    low: float, high: float, guess: float, answer: float | None = None, is_moved: bool = True
) -> Picture:
    """Draw the line from `low` to `high` with the guess above it and the answer below.

    Both lie on the line. Without an answer only the guess is drawn, as a marker that a hand can
    drag: the number called `guess`. Until it `is_moved`, it is no guess yet, and hollow.
    """
    scale = Scale(low, high, LEFT, LEFT + ACROSS)
    said = f"Your guess: {plain(guess, DIGITS)}" if is_moved else "No guess yet"
    if answer is not None:
        said += f"; the answer: {plain(answer, DIGITS)}"
    label = f"your guess {plain(guess, DIGITS)}" if is_moved else "drag me"
    marker = _guess(scale(guess), label, is_moved)
    if answer is None:
        marker = held("my guess", (scale(guess), LINE - 9), marker, x=("guess", scale))
    return picture(
        WIDTH,
        HEIGHT,
        f"A line from {plain(low)} to {plain(high)}",
        said,
        line(LEFT, LINE, LEFT + ACROSS, LINE, "quiet"),
        *(_tick(scale(value), plain(value)) for value in scale.ticks),
        _answer(scale(guess), scale(answer), answer) if answer is not None else Svg(),
        marker,
        chosen=answer is None,
    )


def _tick(x: float, written: str) -> Svg:
    mark = line(x, LINE - 3, x, LINE + 3, "quiet")
    label = text(x, LINE + 19, written, "quiet", text_anchor="middle")
    return join(mark, label)


def _guess(x: float, label: str, is_filled: bool) -> Svg:
    outline = f"M{x:.1f} {LINE - 2}l-8 -15h16z"
    fill = "forward" if is_filled else "ground"
    return join(
        element("path", d=outline, fill=fill, stroke="forward", stroke_width=2),
        text(x, LINE - 23, label, "forward", text_anchor="middle"),
    )


def _answer(start: float, x: float, answer: float) -> Svg:
    """The answer, and how far it is from the guess at `start`."""
    between = line(start, LINE, x, LINE, "ink", stroke_width=4, stroke_dasharray="4 3")
    label = f"the answer {plain(answer, DIGITS)}"
    return join(
        between,
        circle(x, LINE, 6, fill="ink", stroke="ground"),
        text(x, LINE + 42, label, "ink", text_anchor="middle", font_weight="bold"),
    )
