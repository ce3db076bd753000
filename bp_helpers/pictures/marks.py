"""The marks that many pictures share: a curve and its key, a dot, a bar, an arrow head."""

from __future__ import annotations

from bp_helpers.pictures.scales import Scale
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, element, join, text

AGREES, DIFFERS = "\N{CHECK MARK}", "\N{MULTIPLICATION X}"
DASHES = "7 4"  # of a curve that is promised, expected or broken, beside a solid one
HEAD = 7  # the length of an arrow head, in pixels


def curve(d: str, colour: str, dashes: str | None = None, width: float = 2.5) -> Svg:
    """Draw the line along a path."""
    return element(
        "path", d=d, fill="none", stroke=paint(colour), stroke_width=width, stroke_dasharray=dashes
    )


def key(
    x: float, y: float, label: str, colour: str, dashes: str | None = None, ink: str = "ink"
) -> Svg:
    """Draw what stands for a curve: a piece of its line, and to the right of it what it is."""
    line = element(
        "line", x1=x, y1=y, x2=x + 26, y2=y, stroke=paint(colour), stroke_width=2.5,
        stroke_dasharray=dashes,
    )  # fmt: skip
    return join([line, text(x + 32, y + 4, label, ink)])


def dot(x: float, y: float, colour: str, r: float = 6) -> Svg:
    """Draw a point, with a rim of the ground's colour so that it stands off a line."""
    return element(
        "circle", cx=x, cy=y, r=r, fill=paint(colour), stroke=paint("ground"), stroke_width=2
    )


def bar(
    scale: Scale, place: float, thickness: float, value: float, colour: str, upright: bool = False
) -> Svg:
    """Draw a bar along the scale from 0 to the value; a negative one is dashed and pale.

    It reaches from `place` over its thickness, downward, or if it is `upright` to the right. One
    that is longer than the scale has an arrow head there.
    """
    zero, end = scale(0), scale(value)
    along, length = min(zero, end), abs(end - zero)
    x, y, width, height = along, place, length, thickness
    if upright:
        x, y, width, height = place, along, thickness, length
    rect = element(
        "rect", x=x, y=y, width=width, height=height, fill=paint(colour),
        fill_opacity=0.3 if value < 0 else 0.8, stroke=paint(colour),
        stroke_dasharray="4 3" if value < 0 else None,
    )  # fmt: skip
    if scale.holds(value):
        return rect
    return join([rect, arrow_head(end, place + thickness / 2, end - zero, colour, upright)])


def arrow_head(
    along: float, middle: float, towards: float, colour: str, upright: bool = False
) -> Svg:
    """Draw an arrow head whose ground is at `along` and which points the way of `towards`' sign."""
    tip = HEAD if towards > 0 else -HEAD
    if upright:
        outline = f"M{middle - 10:.1f} {along:.1f}h20l-10 {tip}z"
    else:
        outline = f"M{along:.1f} {middle - 10:.1f}v20l{tip} -10z"
    return element("path", d=outline, fill=paint(colour))
