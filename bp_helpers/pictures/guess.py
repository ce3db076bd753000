"""A guess on a line of numbers, and, once it may be seen, the answer beside it."""

from __future__ import annotations

from bp_helpers.pictures.axes import short, ticks
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import MINUS, Svg, element, join, picture, text

WIDTH, HEIGHT, LEFT, ACROSS, LINE = 500, 96, 80, 340, 46


def guess_line(low: float, high: float, guess: float, answer: float | None = None) -> Svg:
    """Draw the line from `low` to `high` with the guess above it and the answer below.

    Both lie on the line; without an answer only the guess is drawn.
    """
    said = f"Your guess: {_label(guess)}"
    if answer is not None:
        said += f"; the answer: {written(answer)}"

    def at(value: float) -> float:
        return LEFT + ACROSS * (value - low) / (high - low)

    return picture(
        WIDTH,
        HEIGHT,
        f"A line from {_label(low)} to {_label(high)}",
        said,
        element("line", x1=LEFT, y1=LINE, x2=LEFT + ACROSS, y2=LINE, stroke=paint("quiet")),
        *(_tick(at(value), value) for value in ticks(low, high)),
        _answer(at(guess), at(answer), answer) if answer is not None else Svg(),
        _guess(at(guess), guess),
    )


def written(answer: float) -> str:
    """Return an answer with four digits, none of them a zero at its end."""
    return _label(answer) if answer == 0 or 1e-4 <= abs(answer) < 1e4 else short(answer)


def _tick(x: float, value: float) -> Svg:
    mark = element("line", x1=x, y1=LINE - 3, x2=x, y2=LINE + 3, stroke=paint("quiet"))
    label = text(x, LINE + 19, _label(value), "quiet", text_anchor="middle", font_size=12)
    return join([mark, label])


def _guess(x: float, guess: float) -> Svg:
    outline = f"M{x:.1f} {LINE - 2}l-7 -13h14z"
    label = f"your guess {_label(guess)}"
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
    label = f"the answer {written(answer)}"
    return join(
        [
            between,
            element("circle", cx=x, cy=LINE, r=6, fill=paint("backward"), stroke=paint("ground")),
            text(x, LINE + 42, label, "backward", text_anchor="middle", font_weight="bold"),
        ]
    )


def _label(value: float) -> str:
    return f"{round(value, 10) + 0.0:.4g}".replace("-", MINUS)
