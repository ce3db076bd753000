"""Outputs that add up to 1, what they should be, and the difference: delta, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bp_helpers.pictures.factors import BAR, signed_bar, signed_scale
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, element, join, number, picture, text

WIDTH, TOP, ROW = 620, 86, 34
COLUMNS = {"name": 0, "p": 84, "p value": 246, "delta": 318, "delta value": 480, "measured": 556}
LONGEST = 150  # the bar of p = 1


@dataclass(frozen=True)
class ClassError:
    """One class: its probability, 1 if it is the target and else 0, and its delta twice."""

    name: str
    p: float
    y: float
    delta: float
    measured: float


def class_errors(title: str, classes: Sequence[ClassError]) -> Svg:
    """Draw for each class p as a bar with a mark at y, and delta as a bar to its side of 0."""
    end = TOP + ROW * len(classes)
    return picture(
        WIDTH,
        end + 54,
        title,
        _in_words(classes),
        text(0, 16, title, font_weight="bold"),
        text(COLUMNS["p"], 46, "p = softmax(z)", "forward"),
        _mark(COLUMNS["p"], 52),
        text(COLUMNS["p"] + 10, 67, "marks the target y"),
        text(COLUMNS["delta"], 46, "delta = p \N{MINUS SIGN} y", "backward"),
        text(COLUMNS["measured"], 46, "measured"),
        *(_row(TOP + ROW * k, one) for k, one in enumerate(classes)),
        _scales(end),
        _sums(end + 42, classes),
    )


def _row(top: float, one: ClassError) -> Svg:
    base, bar_top = top + 21, top + (ROW - BAR) / 2
    left = COLUMNS["p"]
    bar = element(
        "rect", x=left, y=bar_top, width=LONGEST * one.p, height=BAR, fill=paint("forward"),
        fill_opacity=0.8,
    )  # fmt: skip
    return join(
        [
            text(COLUMNS["name"], base, one.name),
            bar,
            _mark(left + LONGEST * one.y, bar_top - 4),
            text(COLUMNS["p value"], base, number(one.p, 4), "forward"),
            signed_bar(COLUMNS["delta"], bar_top, one.delta, "backward"),
            text(COLUMNS["delta value"], base, number(one.delta, 4), "backward"),
            text(COLUMNS["measured"], base, number(one.measured, 4)),
        ]
    )


def _mark(x: float, top: float) -> Svg:
    return element(
        "line", x1=x, y1=top, x2=x, y2=top + BAR + 8, stroke=paint("ink"), stroke_width=3
    )


def _scales(end: float) -> Svg:
    left = COLUMNS["p"]
    line = element("line", x1=left, y1=TOP, x2=left, y2=end + 2, stroke=paint("ink"))
    labels = [
        text(left + LONGEST * k, end + 15, f"{k}", "quiet", text_anchor="middle", font_size=12)
        for k in (0, 1)
    ]
    return join([line, *labels, signed_scale(COLUMNS["delta"], TOP, end)])


def _sums(y: float, classes: Sequence[ClassError]) -> Svg:
    p, delta = _totals(classes)
    return join(
        [
            text(COLUMNS["name"], y, "sum"),
            text(COLUMNS["p value"], y, p, "forward"),
            text(COLUMNS["delta value"], y, delta, "backward"),
        ]
    )


def _totals(classes: Sequence[ClassError]) -> tuple[str, str]:
    return (
        number(sum(one.p for one in classes), 4),
        number(sum(one.delta for one in classes), 4),
    )


def _in_words(classes: Sequence[ClassError]) -> str:
    each = [
        f"{one.name}: p {number(one.p, 4)}, y {one.y:g}, delta {number(one.delta, 4)}, measured "
        f"{number(one.measured, 4)}"
        for one in classes
    ]
    p, delta = _totals(classes)
    return f"{'; '.join(each)}. The p add up to {p}, the deltas to {delta}."
