"""Outputs that add up to 1, what they should be, and the difference: delta, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bp_helpers.pictures.factors import BAR, signed_scale, zero_line
from bp_helpers.pictures.marks import bar
from bp_helpers.pictures.numerals import MINUS, measured, number, plain
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Scale
from bp_helpers.pictures.svg import Svg, field, join, line, rect, text

WIDTH, TOP, ROW = 702, 86, 34
COLUMNS = {
    "name": 0, "z": 80, "p": 160, "p value": 322, "delta": 390, "delta value": 552, "measured": 628,
}  # fmt: skip
Z_WIDTH, FINGER = 62, 26  # of the number that is dragged
P = Scale(0, 1, COLUMNS["p"], COLUMNS["p"] + 150)
DELTA = signed_scale(COLUMNS["delta"])


@dataclass(frozen=True)
class ClassError:
    """One class: its pre-activation and probability, 1 if it is the target, its delta twice.

    The pre-activation of class k is called `z{k}`, and can be dragged where it stands.
    """

    name: str
    z: float
    p: float
    y: float
    delta: float
    measured: float


def class_errors(title: str, classes: Sequence[ClassError]) -> Picture:
    """Draw for each class p as a bar with a mark at y, and delta as a bar to its side of 0."""
    end = TOP + ROW * len(classes)
    return picture(
        WIDTH,
        end + 54,
        title,
        _in_words(classes),
        text(0, 16, title, font_weight="bold"),
        text(COLUMNS["z"] + Z_WIDTH - 8, 46, "z", "forward", text_anchor="end"),
        text(COLUMNS["p"], 46, "p = softmax(z)", "forward"),
        _mark(COLUMNS["p"], 52),
        text(COLUMNS["p"] + 10, 67, "marks the target y"),
        text(COLUMNS["delta"], 46, f"delta = p {MINUS} y", "backward"),
        text(COLUMNS["measured"], 46, "measured"),
        *(_row(TOP + ROW * k, one, f"z{k}") for k, one in enumerate(classes)),
        zero_line(DELTA, TOP, end),
        _scale_of_p(end),
        _sums(end + 42, classes),
        chosen=True,
    )


def _row(top: float, one: ClassError, z_name: str) -> Svg:
    base, bar_top = top + 21, top + (ROW - BAR) / 2
    return join(
        text(COLUMNS["name"], base, one.name),
        _pre_activation(top, one, z_name),
        bar(P, bar_top, BAR, one.p, "forward"),
        _mark(P(one.y), bar_top - 4),
        text(COLUMNS["p value"], base, number(one.p, 4), "forward"),
        bar(DELTA, bar_top, BAR, one.delta, "backward"),
        text(COLUMNS["delta value"], base, number(one.delta, 4), "backward"),
        text(COLUMNS["measured"], base, measured(one.measured)),
    )


def _pre_activation(top: float, one: ClassError, name: str) -> Svg:
    x = COLUMNS["z"]
    frame = rect(
        x, top + (ROW - FINGER) / 2, Z_WIDTH, FINGER, rx=4, class_="bp-hit", fill="panel",
        stroke="quiet",
    )  # fmt: skip
    z = text(x + Z_WIDTH - 8, top + 21, number(one.z), "forward", text_anchor="end")
    return field(name, f"z of {one.name}", frame, z)


def _mark(x: float, top: float) -> Svg:
    return line(x, top, x, top + BAR + 8, "ink", stroke_width=3)


def _scale_of_p(end: float) -> Svg:
    zero = line(P(0), TOP, P(0), end + 2, "ink")
    labels = [text(P(k), end + 15, f"{k}", "quiet", text_anchor="middle") for k in (0, 1)]
    return join(zero, *labels)


def _sums(y: float, classes: Sequence[ClassError]) -> Svg:
    p, delta = _totals(classes)
    return join(
        text(COLUMNS["name"], y, "sum"),
        text(COLUMNS["p value"], y, p, "forward"),
        text(COLUMNS["delta value"], y, delta, "backward"),
    )


def _totals(classes: Sequence[ClassError]) -> tuple[str, str]:
    return (number(sum(one.p for one in classes), 4), number(sum(one.delta for one in classes), 4))


def _in_words(classes: Sequence[ClassError]) -> str:
    each = [
        f"{one.name}: z {plain(one.z)}, p {number(one.p, 4)}, target {one.y:g}, delta "
        f"{number(one.delta, 4)}, measured {measured(one.measured)}"
        for one in classes
    ]
    p, delta = _totals(classes)
    return f"{'; '.join(each)}. The p add up to {p}, the deltas to {delta}."
