"""Factors and their product as bars on one scale: error times slope is delta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bp_helpers.pictures.marks import bar
from bp_helpers.pictures.numerals import TIMES, plain, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Scale
from bp_helpers.pictures.svg import Svg, join, line, text

WIDTH = 410  # with room for −1.23×10⁻²⁷⁵
ROW, BAR = 26, 16  # from one row to the next, and a bar's height, in pixels
COLUMNS = {"sign": 0, "name": 18, "bars": 156, "value": 318}
HALF = 75  # the longest bar, to either side of zero


@dataclass(frozen=True)
class Factor:
    """A number with its name; `forward` and `backward` are the colours of values and gradients."""

    name: str
    value: float
    colour: str = "backward"


def product_bars(title: str, factors: Sequence[Factor], product: Factor) -> Picture:
    """Draw each factor as a bar and below them their product, all on one scale.

    Bars go to the right of zero, or to the left and dashed if the number is negative. They end at
    1: one that is longer has an arrow head there. All numbers are finite.
    """
    return picture(
        WIDTH,
        height_of_product(factors) + 24,
        title,
        f"{product_in_words(factors, product)}.",
        text(0, 16, title, font_weight="bold"),
        product_rows(24, factors, product),
    )


def product_rows(top: float, factors: Sequence[Factor], product: Factor) -> Svg:
    """Draw the rows of `product_bars` as a part of another picture, from `top` downward."""
    end = top + ROW * (len(factors) + 1)
    signs = ["", *[TIMES] * (len(factors) - 1)]
    scale = signed_scale(COLUMNS["bars"])
    rows = [
        _row(top + ROW * k, sign, one, short(one.value, 5), scale)
        for k, (sign, one) in enumerate(zip(signs, factors, strict=True))
    ]
    rows.append(_row(end - ROW, "=", product, short(product.value), scale))
    line_above = line(0, end - ROW, WIDTH - 16, end - ROW, "quiet")
    return join(*rows, line_above, zero_line(scale, top, end))


def height_of_product(factors: Sequence[Factor]) -> float:
    """Return how many pixels `product_rows` needs."""
    return ROW * (len(factors) + 1) + 22


def product_in_words(factors: Sequence[Factor], product: Factor) -> str:
    """Return the product as a sentence: error −0.60839 times slope 0.23825 gives delta −0.1449.

    The factors have a digit more: who multiplies them finds the product.
    """
    said = " times ".join(f"{one.name} {short(one.value, 5)}" for one in factors)
    return f"{said} gives {product.name} {short(product.value)}"


def signed_scale(left: float) -> Scale:
    """Return the scale from -1 to 1, 2 HALF pixels long."""
    return Scale(-1, 1, left, left + 2 * HALF)


def zero_line(scale: Scale, top: float, end: float) -> Svg:
    """Draw the line of zero through the bars from `top` to `end`, and what the ends mean below."""
    zero = line(scale(0), top, scale(0), end + 2, "ink")
    labels = [
        text(scale(v), end + 15, plain(v), "quiet", text_anchor="middle")
        for v in (scale.low, 0, scale.high)
    ]
    return join(zero, *labels)


def _row(top: float, sign: str, one: Factor, written: str, scale: Scale) -> Svg:
    base = top + 17
    return join(
        text(COLUMNS["sign"], base, sign),
        text(COLUMNS["name"], base, one.name),
        bar(scale, top + (ROW - BAR) / 2, BAR, one.value, one.colour),
        text(COLUMNS["value"], base, written, one.colour),
    )
