"""A loss of one output: its curve over the pre-activation, its slope, what the slope is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bp_helpers.pictures.factors import Factor, height_of_product, product_in_words, product_rows
from bp_helpers.pictures.function_step import tangent
from bp_helpers.pictures.marks import AGREES, DASHES, DIFFERS, curve, dot, key
from bp_helpers.pictures.numerals import measured, number, plain, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame, held, wider
from bp_helpers.pictures.svg import Svg, field, join, rect, text

WIDTH, HEIGHT = 410, 518  # with room for three factors, so that two panels are equally high
FRAME = (64, 70, 330, 216)  # left, top, width and height in pixels
BARS = 354


@dataclass(frozen=True)
class LossPanel:
    """A loss as a curve through `z` and `losses`, (n,) each, drawn from 0 to `highest`.

    `at` is the point (z, loss), at which `output` is compared with `target`. The slope there is
    `delta`, the product of two or three `factors`, and `measured` by nudging z.
    """

    name: str
    z: FloatArray
    losses: FloatArray
    highest: float
    at: tuple[float, float]
    output: float
    target: float
    factors: Sequence[Factor]
    delta: float
    measured: float
    agrees: bool


def loss_panel(panel: LossPanel) -> Picture:
    """Draw the curve with its tangent, and below it the factors of its slope as bars."""
    heights = wider((0, panel.highest), below=0.04, above=0.04)
    heading = f"{panel.name}: loss {short(panel.at[1])}"
    frame = Frame.of(*FRAME, (float(panel.z[0]), float(panel.z[-1])), heights)
    return picture(
        WIDTH,
        HEIGHT,
        f"{heading}, delta {short(panel.delta)}",
        _in_words(panel),
        text(0, 16, heading, font_weight="bold"),
        _legend(),
        _target(panel.target),
        frame.draw("z", "loss"),
        tangent(frame, panel.at, panel.delta),
        curve(frame.path(panel.z, panel.losses), "forward"),
        _point(frame, panel.at),
        text(0, BARS - 8, "The slope of the tangent is delta:", font_weight="bold"),
        product_rows(BARS, panel.factors, Factor("delta", panel.delta)),
        text(18, BARS + height_of_product(panel.factors) + 18, _comparison(panel), "quiet"),
        chosen=True,
    )


def _point(frame: Frame, at: tuple[float, float]) -> Svg:
    place = frame.x(at[0]), frame.y(at[1])
    return held("the point on the curve", place, dot(*place, "ink"), x=("z", frame.x))


def _target(target: float) -> Svg:
    right = FRAME[0] + FRAME[2]
    box = rect(right - 62, 25, 62, 26, rx=4, class_="bp-hit", fill="panel", stroke="quiet")
    value = text(right - 8, 42, plain(target), "forward", text_anchor="end")
    name = text(right - 70, 42, "target y", text_anchor="end")
    return join(name, field("target", f"target y = {plain(target)}", box, value))


def _legend() -> Svg:
    return join(
        key(0, 38, "the loss over z", "forward", ink="forward"),
        key(150, 38, "its tangent", "backward", DASHES, ink="backward"),
    )


def _comparison(panel: LossPanel) -> str:
    lamp = AGREES if panel.agrees else DIFFERS
    delta, nudged = number(panel.delta, 6), measured(panel.measured, 6)
    return f"delta {delta}, measured by a nudge of z {nudged} {lamp}"


def _in_words(panel: LossPanel) -> str:
    agrees = "the same" if panel.agrees else "which differs"
    return (
        f"At z = {short(panel.at[0])} the output is {short(panel.output)}, the target "
        f"{plain(panel.target)}. "
        f"{product_in_words(panel.factors, Factor('delta', panel.delta))}; measured "
        f"{measured(panel.measured, 6)}, {agrees}."
    )
