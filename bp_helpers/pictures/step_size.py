"""How far off a measured slope is, over the size of the nudge; and what is left of two losses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bp_helpers.pictures.axes import SUPERSCRIPTS, FloatArray, Frame, key, short
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import MINUS, Svg, element, join, picture, text

WIDTH, HEIGHT = 430, 410
FRAME = (56, 116, 360, 250)  # left, top, width and height in pixels
X_LIMITS, Y_LIMITS = (-16.0, 0.0), (-16.0, 1.0)  # powers of ten
TICKS = (-16, -12, -8, -4, 0)
DASHES = {"truncation": "7 4", "rounding": "2 4"}
COLOURS = {"truncation": "backward", "rounding": "ink"}
NUMBERS_WIDTH, NUMBERS_HEIGHT = 375, 250
DIGITS_AT = 98  # where the digits of the losses begin
MONOSPACE = "ui-monospace, Menlo, Consolas, monospace"


@dataclass(frozen=True)
class StepSizes:
    """The relative error of a measured slope for each step of `h`, shape (n,).

    `predicted` has by name, `truncation` and `rounding`, what each of the two should make of it.
    `at` is the step that is looked at, with its error. `kink` is the step at which a nudge reaches
    a kink, `tolerance` the error that a check lets pass.
    """

    h: FloatArray
    error: FloatArray
    predicted: dict[str, FloatArray]
    at: tuple[float, float]
    tolerance: float
    kink: float | None


def step_sizes(sizes: StepSizes, formulas: dict[str, str]) -> Svg:
    """Draw the error over the step, both logarithmic, with what `formulas` predict as lines.

    What is beyond an edge, as an error of exactly 0 is, lies on it.
    """
    frame = Frame(*FRAME, X_LIMITS, Y_LIMITS)
    h, error = sizes.at
    headline = f"Relative error {short(error)} with h = {short(h)}"
    lines = [
        _line(frame, sizes.h, sizes.predicted[name], COLOURS[name], DASHES[name])
        for name in sizes.predicted
    ]
    return picture(
        WIDTH,
        HEIGHT,
        "The error of a measured slope over the size of the nudge",
        _in_words(sizes, headline),
        text(0, 16, headline, font_weight="bold"),
        key(34, "the error of the measured slope", "forward"),
        *(
            key(56 + 22 * k, f"{name}: {formulas[name]}", COLOURS[name], DASHES[name])
            for k, name in enumerate(formulas)
        ),
        _axes(frame),
        _down_to_axis(frame, h, error),
        _tolerance(frame, sizes.tolerance),
        _kink(frame, sizes.kink) if sizes.kink else Svg(),
        _line(frame, sizes.h, sizes.error, "forward", None),
        *lines,  # dashed, so that what was measured is seen through them
        _marked(frame, h, error),
    )


def _power(values: FloatArray | float, between: tuple[float, float]) -> FloatArray:
    """Return log10, with what is beyond the limits at their edge; of 0 the lower limit."""
    low, high = between
    return np.asarray(np.log10(np.clip(values, 10.0**low, 10.0**high)))


def _line(frame: Frame, x: FloatArray, y: FloatArray, colour: str, dashes: str | None) -> Svg:
    inside = y >= 10.0 ** Y_LIMITS[0]
    if dashes:  # a prediction ends at the edge; a measured error of 0 lies on it
        y = np.where(inside & (y <= 10.0 ** Y_LIMITS[1]), y, np.nan)
    path = frame.path(_power(x, X_LIMITS), _power(y, Y_LIMITS))
    return element(
        "path", d=path, fill="none", stroke=paint(colour), stroke_width=2, stroke_dasharray=dashes
    )


def _place(frame: Frame, h: float, error: float) -> tuple[float, float]:
    return frame.x(float(_power(h, X_LIMITS))), frame.y(float(_power(error, Y_LIMITS)))


def _down_to_axis(frame: Frame, h: float, error: float) -> Svg:
    x, y = _place(frame, h, error)
    return element(
        "line", x1=x, y1=y, x2=x, y2=frame.bottom, stroke=paint("ink"), stroke_dasharray="2 3"
    )


def _marked(frame: Frame, h: float, error: float) -> Svg:
    x, y = _place(frame, h, error)
    return element(
        "circle", cx=x, cy=y, r=6, fill=paint("ink"), stroke=paint("ground"), stroke_width=2
    )


def _tolerance(frame: Frame, tolerance: float) -> Svg:
    y = frame.y(float(np.log10(tolerance)))
    line = element("line", x1=frame.left, y1=y, x2=frame.right, y2=y, stroke=paint("quiet"))
    label = f"tolerance {ten_to(round(np.log10(tolerance)))}"
    ground = element(
        "rect", x=frame.left + 4, y=y + 3, width=90, height=15, fill=paint("ground")
    )  # the line down to h goes behind the label
    return join([line, ground, text(frame.left + 6, y + 15, label, "quiet", font_size=12)])


def _kink(frame: Frame, kink: float) -> Svg:
    x = frame.x(float(np.log10(kink)))
    line = element(
        "line", x1=x, y1=frame.top, x2=x, y2=frame.bottom, stroke=paint("quiet"),
        stroke_dasharray="1 3", stroke_width=2,
    )  # fmt: skip
    return join([line, text(x + 12, frame.top - 7, "kink", "quiet", text_anchor="end")])


def _axes(frame: Frame) -> Svg:
    parts = [
        element(
            "rect", x=frame.left, y=frame.top, width=frame.width, height=frame.height,
            fill="none", stroke=paint("quiet"),
        ),
        text(frame.left, frame.top - 7, "relative error"),
        text(frame.left + frame.width / 2, frame.bottom + 38, "h", text_anchor="middle"),
    ]  # fmt: skip
    small = {"font_size": 12}
    for power in TICKS:
        x, y, end = frame.x(power), frame.y(power), frame.bottom
        parts += [
            element("line", x1=x, y1=end, x2=x, y2=end + 4, stroke=paint("quiet")),
            text(x, end + 18, ten_to(power), "quiet", text_anchor="middle", **small),
            element("line", x1=frame.left - 4, y1=y, x2=frame.left, y2=y, stroke=paint("quiet")),
            text(frame.left - 7, y + 4, ten_to(power), "quiet", text_anchor="end", **small),
        ]
    return join(parts)


def ten_to(power: int) -> str:
    """Return 10⁻⁶ for -6, and 1 for 0."""
    return f"10{str(power).translate(SUPERSCRIPTS)}" if power else "1"


def _in_words(sizes: StepSizes, headline: str) -> str:
    kink = f" A kink is {short(sizes.kink)} away." if sizes.kink else ""
    return (
        f"{headline}. With h from {short(sizes.h[0])} to {short(sizes.h[-1])} the error goes from "
        f"{short(sizes.error[0])} down to {short(sizes.error.min())} and up to "
        f"{short(sizes.error[-1])}.{kink}"
    )


# ---- Two losses and their difference ------------------------------------------------------------


@dataclass(frozen=True)
class Cancellation:
    """Two losses by name, in the order in which they are subtracted, and what follows.

    `over` is what their difference is divided by, as text and as a number; `decimals` how many
    decimals a loss is known to; `kept` a sentence on the digits that are left of the difference.
    """

    losses: dict[str, float]
    over: tuple[str, float]
    measured: float
    analytic: float
    error: float
    decimals: int
    kept: str


def cancellation(case: Cancellation) -> Svg:
    """Draw the subtraction; the digits that both losses share are lost, and stand back."""
    (first, a), (second, b) = case.losses.items()
    upper, lower = (f"{loss:.{case.decimals}f}" for loss in (a, b))
    alike = next((k for k in range(len(upper)) if upper[k : k + 1] != lower[k : k + 1]), len(upper))
    difference = f"{a - b:.{case.decimals}f}".replace("-", MINUS)
    zeros = len(difference) - len(difference.lstrip(f"{MINUS}0."))
    end = DIGITS_AT + 8 * max(len(upper), len(lower))
    rows = {
        f"divided by {case.over[0]}": case.over[1],
        "measured": case.measured,
        "analytic": case.analytic,
        "relative error": case.error,
    }
    return picture(
        NUMBERS_WIDTH,
        NUMBERS_HEIGHT,
        "Two losses and their difference",
        f"{first} = {upper}, {second} = {lower}, difference {difference}; "
        + ", ".join(f"{name} {short(value)}" for name, value in rows.items())
        + f". {case.kept}",
        text(0, 16, "Where the slope comes from", font_weight="bold"),
        _digits(44, first, upper, alike),
        _digits(66, second, lower, alike),
        element("line", x1=DIGITS_AT, y1=74, x2=end, y2=74, stroke=paint("ink")),
        _digits(92, "difference", difference, zeros),
        *(_row(122 + 22 * k, name, value) for k, (name, value) in enumerate(rows.items())),
        text(0, 122 + 22 * len(rows) + 10, case.kept, "quiet"),
    )


def _digits(y: float, name: str, written: str, alike: int) -> Svg:
    start = DIGITS_AT - 8 * (written[:1] == MINUS)  # the sign hangs over, the digits are aligned
    shared = element("tspan", written[:alike], fill=paint("quiet"))
    own = element("tspan", written[alike:], font_weight="bold", fill=paint("forward"))
    number = element("text", shared, own, x=start, y=y, font_family=MONOSPACE)
    return join([text(0, y, name), number])


def _row(y: float, name: str, value: float) -> Svg:
    colour = {"measured": "forward", "analytic": "backward"}.get(name, "ink")
    return join([text(0, y, name, colour), text(DIGITS_AT + 8, y, short(value), colour)])
