"""Two slopes and their product as curves: what one of them loses, the other may make up for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bp_helpers.pictures.factors import Factor, product_in_words
from bp_helpers.pictures.marks import curve, dot
from bp_helpers.pictures.numerals import TIMES, plain, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame, wider
from bp_helpers.pictures.svg import Svg, join, text

WIDTH, TOP, HEIGHT = 700, 48, 108  # of the picture, and of the frames in it
LEFTS, ACROSS = (64, 300, 536), 154  # of the frames: the left edges and the width
NUMBERS, ROW = TOP + HEIGHT + 54, 19  # below the frames: a row for each marked point


@dataclass(frozen=True)
class SlopeCurve:
    """A slope over z, (n,) numbers from 0 to `highest`, with its name.

    `forward` and `backward` are the colours of values and gradients.
    """

    name: str
    values: FloatArray
    highest: float
    colour: str = "backward"


def slope_product(
    title: str, z: FloatArray, curves: Sequence[SlopeCurve], marked: Sequence[int]
) -> Picture:
    """Draw two factors and their product, three `curves` over the same z, (n,), side by side.

    The points with the indices `marked` get dots, and below them their numbers.
    """
    signs = zip(LEFTS[1:], (TIMES, "="), strict=True)
    return picture(
        WIDTH,
        NUMBERS + ROW * len(marked),
        title,
        _in_words(z, curves, marked),
        text(0, 16, title, font_weight="bold"),
        *(_curve(left, z, one, marked) for left, one in zip(LEFTS, curves, strict=True)),
        *(text(left - 62, TOP + HEIGHT / 2, sign, font_size=20) for left, sign in signs),
        *(_numbers(NUMBERS + ROW * row, z, curves, k) for row, k in enumerate(marked)),
    )


def _curve(left: float, z: FloatArray, one: SlopeCurve, marked: Sequence[int]) -> Svg:
    heights = wider((0, one.highest), below=0.06, above=0.06)
    frame = Frame.of(left, TOP, ACROSS, HEIGHT, (float(z[0]), float(z[-1])), heights)
    dots = [dot(frame.x(float(z[k])), frame.y(float(one.values[k])), "ink") for k in marked]
    return join(frame.draw("z", one.name), curve(frame.path(z, one.values), one.colour), *dots)


def _numbers(base: float, z: FloatArray, curves: Sequence[SlopeCurve], k: int) -> Svg:
    written = _written(curves, k)
    places = zip(LEFTS, ("", TIMES, "="), curves, written, strict=True)
    return join(
        text(0, base, f"z = {plain(float(z[k]))}"),
        *(
            join(
                text(left - 62, base, sign) if sign else Svg(),
                text(left + ACROSS / 2, base, said, one.colour, text_anchor="middle"),
            )
            for left, sign, one, said in places
        ),
    )


def _written(curves: Sequence[SlopeCurve], k: int) -> list[str]:
    """Return the numbers at a point; with a digit more for factors, whose product is checked."""
    return [short(float(one.values[k]), 5 - (one is curves[-1])) for one in curves]


def _in_words(z: FloatArray, curves: Sequence[SlopeCurve], marked: Sequence[int]) -> str:
    said = []
    for k in marked:
        *factors, product = (Factor(one.name, float(one.values[k])) for one in curves)
        said.append(f"At z = {plain(float(z[k]))}, {product_in_words(factors, product)}.")
    last = curves[-1]
    top = int(last.values.argmax())
    at, largest = plain(float(z[top])), short(float(last.values[top]))
    return f"{' '.join(said)} {last.name} is largest at z = {at}: {largest}."
