"""A function as a line, the slope's promise at one point, and where a step really leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bp_helpers.pictures.marks import DASHES, arrow_head, curve, dot, key
from bp_helpers.pictures.numerals import short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame, Limits, held, limits, wider
from bp_helpers.pictures.svg import Svg, join, line, rect, text

FRAME = (64, 72, 400, 270)  # left, top, width and height in pixels
WIDTH, HEIGHT = 650, 384
NOTE_HEIGHT = 24
BARS = {"promised": 512, "real": 600}  # the middle of each
BAR = 44


@dataclass(frozen=True)
class StepOnFunction:
    """A step from `start` to `end`, two points (x, y) on the line through `x` and `y`, (n,) each.

    `slope` is the function's slope at `start`: it promises a change of slope * (step in x).
    `heights` are the limits of y that the picture holds, so that several can be compared; what lies
    outside widens them. Without them the picture fits the line and both points.
    """

    x: FloatArray
    y: FloatArray
    start: tuple[float, float]
    slope: float
    end: tuple[float, float]
    heights: Limits | None = None

    @property
    def promised(self) -> float:
        """The change of y that the slope at the start promises for the whole step."""
        return self.slope * (self.end[0] - self.start[0])

    @property
    def real(self) -> float:
        """The change of y."""
        return self.end[1] - self.start[1]


def function_step(
    step: StepOnFunction, x_name: str, y_name: str, title: str, note: str = ""
) -> Picture:
    """Draw the function, its tangent at the start, and the two changes as bars on the same scale.

    The frame holds the line and both points; what of the tangent and of its bar is outside is cut,
    the bar with an arrow head. `note` is a line below the picture.
    """
    frame = Frame.of(*FRAME, *_limits(step))
    return picture(
        WIDTH,
        HEIGHT + (NOTE_HEIGHT if note else 0),
        title,
        _in_words(step, x_name, y_name) + (f" {note}." if note else ""),
        text(0, 16, title, font_weight="bold"),
        text(0, HEIGHT + 12, note) if note else Svg(),
        _legend(y_name),
        frame.draw(x_name, y_name),
        tangent(frame, step.start, step.slope),
        curve(frame.path(step.x, step.y), "forward"),
        _bars(frame, step),
        _point(frame, *step.start, "ink"),
        _end(frame, step.end, x_name),
        chosen=True,
    )


def _limits(step: StepOnFunction) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the limits, with room below for what the slope promises, but not for all of it."""
    across = limits(step.x, step.start[0], step.end[0])
    values = limits(step.y, step.start[1], step.end[1])
    if step.heights is None:
        return across, wider(values, below=0.4, above=0.1)
    return across, (min(step.heights[0], values[0]), max(step.heights[1], values[1]))


def tangent(frame: Frame, point: tuple[float, float], slope: float) -> Svg:
    """Draw the straight line with this slope through the point, from edge to edge."""
    ends = [(x, point[1] + slope * (x - point[0])) for x in (frame.x.low, frame.x.high)]
    return curve(frame.segment(ends[0], ends[1]), "backward", DASHES, width=2)


def _point(frame: Frame, x: float, y: float, colour: str) -> Svg:
    """Draw the point, if it is inside."""
    return dot(frame.x(x), frame.y(y), colour) if frame.holds(x, y) else Svg()


def _end(frame: Frame, end: tuple[float, float], x_name: str) -> Svg:
    """The point where the step leads; it is dragged to make the step longer or shorter."""
    place = frame.x(end[0]), frame.y(end[1])
    return held("where the step leads", place, _point(frame, *end, "forward"), x=(x_name, frame.x))


def _bars(frame: Frame, step: StepOnFunction) -> Svg:
    start = frame.y(step.start[1])
    level = line(
        frame.right, start, BARS["real"] + BAR / 2 + 8, start, "quiet", stroke_dasharray="2 3"
    )
    changes = {"promised": (step.promised, "backward"), "real": (step.real, "forward")}
    return join(level, *(_bar(frame, step, name, *changes[name]) for name in changes))


def _bar(frame: Frame, step: StepOnFunction, name: str, change: float, colour: str) -> Svg:
    middle, start = BARS[name], frame.y(step.start[1])
    target = step.start[1] + change
    end = frame.y(target) if np.isfinite(target) else frame.bottom
    bar = rect(
        middle - BAR / 2, min(start, end), BAR, abs(end - start), fill=colour,
        fill_opacity=0.3 if name == "promised" else 0.8, stroke=colour,
        stroke_dasharray=DASHES if name == "promised" else None,
    )  # fmt: skip
    is_cut = end in (frame.top, frame.bottom) and not frame.holds(step.start[0], target)
    return join(
        text(middle, 36, name, colour, text_anchor="middle"),
        text(middle, 53, short(change), colour, text_anchor="middle"),
        bar,
        arrow_head(end, middle, end - start, colour, upright=True) if is_cut else Svg(),
    )


def _legend(y_name: str) -> Svg:
    second, promise = 52 + 7.4 * len(f"the {y_name}"), "its tangent: what the slope promises"
    return join(
        key(0, 32, f"the {y_name}", "forward", ink="forward"),
        key(second, 32, promise, "backward", DASHES, ink="backward"),
    )


def _in_words(step: StepOnFunction, x_name: str, y_name: str) -> str:
    (x0, y0), (x1, y1) = step.start, step.end
    return (
        f"A step from {x_name} {short(x0)} to {short(x1)}: {y_name} goes from {short(y0)} to "
        f"{short(y1)}, a change of {short(step.real)}; the tangent with slope {short(step.slope)} "
        f"promised {short(step.promised)}."
    )
