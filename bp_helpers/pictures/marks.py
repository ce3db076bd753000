"""The marks that many pictures share: curves and their key, dots, bars, arrow heads, numbers."""

from __future__ import annotations

from functools import lru_cache

from bp_helpers.pictures.scales import Scale
from bp_helpers.pictures.svg import Svg, button, circle, element, join, line, rect, text

AGREES, DIFFERS = "\N{CHECK MARK}", "\N{MULTIPLICATION X}"
DASHES = "7 4"  # of a curve that is promised, expected or broken, beside a solid one
HEAD = 7  # the length of an arrow head, in pixels
Place = tuple[float, float]
Box = tuple[float, float, float, float, float]  # x, y, width, height and the corners' radius


def curve(d: str, colour: str, dashes: str | None = None, width: float = 2.5) -> Svg:
    """Draw the line along a path."""
    return element(
        "path", d=d, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dashes
    )


def key(
    x: float, y: float, label: str, colour: str, dashes: str | None = None, ink: str = "ink"
) -> Svg:
    """Draw what stands for a curve: a piece of its line, and to the right of it what it is."""
    sample = line(x, y, x + 26, y, colour, stroke_width=2.5, stroke_dasharray=dashes)
    return join(sample, text(x + 32, y + 4, label, ink))


def dot(x: float, y: float, colour: str, r: float = 6) -> Svg:
    """Draw a point, with a rim of the ground's colour so that it stands off a line."""
    return circle(x, y, r, fill=colour, stroke="ground", stroke_width=2)


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
    drawn = rect(
        x, y, width, height, fill=colour, fill_opacity=0.3 if value < 0 else 0.8, stroke=colour,
        stroke_dasharray="4 3" if value < 0 else None,
    )  # fmt: skip
    if scale.holds(value):
        return drawn
    return join(drawn, arrow_head(end, place + thickness / 2, end - zero, colour, upright))


def arrow_head(along: float, middle: float, towards: float, colour: str, upright: bool) -> Svg:
    """Draw an arrow head whose ground is at `along` and which points the way of `towards`' sign."""
    tip = HEAD if towards > 0 else -HEAD
    if upright:
        outline = f"M{middle - 10:.1f} {along:.1f}h20l-10 {tip}z"
    else:
        outline = f"M{along:.1f} {middle - 10:.1f}v20l{tip} -10z"
    return element("path", d=outline, fill=colour)


@lru_cache(maxsize=1024)  # while a slider moves, most numbers stay as they are
def number_cell(
    box: Box,
    end: Place,
    name: str,
    shown: str,
    colour: str,
    ground: str,
    outline: str,
    weight: str | None,
    selected: bool,
) -> Svg:
    """Draw the number called `name` in a box, its text ending at `end`; it can be chosen."""
    x, y, width, height, rounding = box
    frame = rect(
        x, y, width, height, rx=rounding, class_="bp-hit", fill=ground, stroke=outline,
        stroke_width=2 if selected else 1.2, stroke_dasharray=None if selected else "2 2",
    )  # fmt: skip
    label = text(*end, shown, colour, text_anchor="end", font_weight=weight)
    return button(name, f"{name} = {shown}", frame, label, selected=selected)
