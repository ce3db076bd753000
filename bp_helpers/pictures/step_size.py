"""How far off a measured slope is, over the size of the nudge; and what is left of two losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bp_helpers.pictures.marks import DASHES, curve, dot, key
from bp_helpers.pictures.numerals import MINUS, plain, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame, Scale, held
from bp_helpers.pictures.svg import Svg, element, join, line, rect, text

WIDTH, HEIGHT = 462, 410
FRAME = (88, 116, 360, 250)  # left, top, width and height in pixels
LIMITS = (1e-16, 1.0), (1e-16, 10.0)  # of the step, and of the error
STEP_AXIS = Scale(-16, 0, FRAME[0], FRAME[0] + FRAME[2])  # of the logarithm of the step
LOOKS = {"truncation": ("ink", DASHES), "rounding": ("ink", "2 4")}
NUMBERS_WIDTH, NUMBERS_HEIGHT = 375, 250
DIGITS_AT = 98  # where the digits of the losses begin
MONOSPACE = "ui-monospace, Menlo, Consolas, monospace"


@dataclass(frozen=True)
class StepSizes:
    """The relative error of a measured slope for each step of `h`, shape (n,).

    `predicted` has by name, `truncation` and `rounding`, what each of the two should make of it.
    `at` is the step that is looked at, with its error; `best` the one, if any, at which both
    together should be smallest. `kink` is the step at which a nudge reaches a kink, `tolerance` the
    error that a check lets pass.
    """

    h: FloatArray
    error: FloatArray
    predicted: dict[str, FloatArray]
    at: tuple[float, float]
    tolerance: float
    kink: float | None
    best: float | None


def step_sizes(sizes: StepSizes, formulas: Mapping[str, str]) -> Picture:
    """Draw the error over the step, both logarithmic, with what `formulas` predict as lines.

    What is beyond an edge, as an error of exactly 0 is, lies on it; a prediction ends there.
    """
    frame = Frame.of(*FRAME, *LIMITS, log="xy")
    h, error = sizes.at
    headline = f"Relative error {short(error)} with h = {short(h)}"
    hs = np.clip(sizes.h, *LIMITS[0])
    return picture(
        WIDTH,
        HEIGHT,
        "The error of a measured slope over the size of the nudge",
        _in_words(sizes, headline),
        text(0, 16, headline, font_weight="bold"),
        key(0, 34, "the error of the measured slope", "forward"),
        *(
            key(0, 56 + 22 * k, f"{name}: {formulas[name]}", *LOOKS[name])
            for k, name in enumerate(formulas)
        ),
        frame.draw("h", "relative error"),
        line(frame.x(h), frame.y(error), frame.x(h), frame.bottom, "ink", stroke_dasharray="2 3"),
        _tolerance(frame, sizes.tolerance),
        _kink(frame, sizes.kink) if sizes.kink else Svg(),
        curve(frame.path_within(hs, sizes.error), "forward", width=2),
        # dashed, so that what was measured is seen through them
        *(curve(frame.path(hs, y), *LOOKS[name], width=2) for name, y in sizes.predicted.items()),
        _nudge(frame, h, error),
        chosen=True,
    )


def _nudge(frame: Frame, h: float, error: float) -> Svg:
    place = frame.x(h), frame.y(error)
    across = ("log10 of h", STEP_AXIS)
    return held("the size of the nudge", place, dot(*place, "ink"), x=across)


def _tolerance(frame: Frame, tolerance: float) -> Svg:
    y = frame.y(tolerance)
    level = line(frame.left, y, frame.right, y, "quiet")
    label = f"tolerance {plain(tolerance)}"
    ground = rect(
        frame.left + 4, y + 3, 90, 15, fill="ground"
    )  # the line down to h goes behind the label
    return join(level, ground, text(frame.left + 6, y + 15, label, "quiet"))


def _kink(frame: Frame, kink: float) -> Svg:
    x = frame.x(kink)
    upright = line(x, frame.top, x, frame.bottom, "quiet", stroke_dasharray="1 3", stroke_width=2)
    label = text(x + 12, frame.top - 7, "kink", "quiet", text_anchor="end")
    across = ("log10 to the kink", STEP_AXIS)
    return held("the kink", (x, frame.top), upright, label, x=across)


def _in_words(sizes: StepSizes, headline: str) -> str:
    h, _ = sizes.at
    predicted = ", ".join(
        f"{name} {short(float(np.interp(h, sizes.h, errors)))}"
        for name, errors in sizes.predicted.items()
    )
    best = f"best step {short(sizes.best)}" if sizes.best else "a larger step is better"
    said = [
        f"{headline}. Predicted: {predicted}; {best}.",
        f"With h from {short(sizes.h[0])} to {short(sizes.h[-1])} the error goes from "
        f"{short(sizes.error[0])} down to {short(sizes.error.min())} and up to "
        f"{short(sizes.error[-1])}.",
    ]
    if sizes.kink:
        said.append(f"A kink is {short(sizes.kink)} away{', and crossed' * (h > sizes.kink)}.")
    return " ".join(said)


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


def cancellation(case: Cancellation) -> Picture:
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
        f"{first} = [{upper[:alike]}]{upper[alike:]}, {second} = [{lower[:alike]}]{lower[alike:]}, "
        f"difference {difference}; "
        + ", ".join(f"{name} {short(value)}" for name, value in rows.items())
        + f". {case.kept}",
        text(0, 16, "Where the slope comes from", font_weight="bold"),
        _digits(44, first, upper, alike),
        _digits(66, second, lower, alike),
        line(DIGITS_AT, 74, end, 74, "ink"),
        _digits(92, "difference", difference, zeros),
        *(_row(122 + 22 * k, name, value) for k, (name, value) in enumerate(rows.items())),
        text(0, 122 + 22 * len(rows) + 10, case.kept, "quiet"),
    )


def _digits(y: float, name: str, written: str, alike: int) -> Svg:
    start = DIGITS_AT - 8 * (written[:1] == MINUS)  # the sign hangs over, the digits are aligned
    shared = element("tspan", written[:alike], fill="quiet")
    own = element("tspan", written[alike:], font_weight="bold", fill="forward")
    number = element("text", shared, own, x=start, y=y, font_family=MONOSPACE)
    return join(text(0, y, name), number)


def _row(y: float, name: str, value: float) -> Svg:
    colour = {"measured": "forward", "analytic": "backward"}.get(name, "ink")
    return join(text(0, y, name, colour), text(DIGITS_AT + 8, y, short(value), colour))
