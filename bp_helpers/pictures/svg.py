"""Text that is a picture: SVG elements from plain values, everything in them escaped."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from bp_helpers.pictures import style
from bp_helpers.pictures.numerals import heard


class Svg(str):
    """SVG source; any other string that goes into an element is text and gets escaped."""


@lru_cache(maxsize=2048, typed=True)  # most parts of a picture are those of the one before it
def element(tag: str, *children: str, **attributes: object) -> Svg:
    """Return `<tag attributes>children</tag>`.

    In attribute names `_` stands for `-`, and one at the end is dropped (`class_`). Numbers are
    written with at most two decimals; an attribute that is None is left out. `fill` and `stroke`
    are colours by their names in `style`; any other value is written as it is.
    """
    written = [_attribute(*pair) for pair in attributes.items() if pair[1] is not None]
    return Svg(f"<{tag}{''.join(written)}>{join(*children)}</{tag}>")


def join(*children: str) -> Svg:
    """Return the children one after the other, texts escaped."""
    return Svg("".join([c if isinstance(c, Svg) else escape(c, quote=False) for c in children]))


@lru_cache(maxsize=4096)  # a picture repeats most of its attributes, and so does the next one
def _attribute(name: str, value: object) -> str:
    if isinstance(value, (int, float)):
        written = f"{round(value, 2) + 0.0:g}"  # + 0.0 takes the sign from a zero
    elif name in ("fill", "stroke") and str(value) in style.LIGHT:
        written = style.paint(str(value))
    elif name == "aria_label":
        written = escape(heard(str(value)))
    else:
        written = escape(str(value))
    return f' {name.rstrip("_").replace("_", "-")}="{written}"'


@lru_cache(maxsize=2048, typed=True)
def text(x: float, y: float, content: str, colour: str = "ink", **attributes: object) -> Svg:
    """Return a text whose baseline starts (or with `text_anchor`, ends or centres) at (x, y)."""
    return element("text", content, x=x, y=y, fill=colour, **attributes)


def cut(name: str, letters: float) -> str:
    """Return a name where there is room for so many letters: of a longer one, its beginning."""
    return (
        name
        if len(name) <= letters
        else f"{name[: int(letters) - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str, **attributes: object) -> Svg:
    """Return a straight line from (x1, y1) to (x2, y2)."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, **attributes)


def rect(x: float, y: float, width: float, height: float, **attributes: object) -> Svg:
    """Return a rectangle whose upper left corner is at (x, y)."""
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def circle(x: float, y: float, r: float, **attributes: object) -> Svg:
    """Return a circle around (x, y)."""
    return element("circle", cx=x, cy=y, r=r, **attributes)


def button(name: str, label: str, *children: str, selected: bool = False) -> Svg:
    """Return a part of a picture that can be chosen by click and keyboard, under `name`.

    If an explorer has a number of this name that a hand may change, it is dragged here as well.
    """
    return element(
        "g",
        *children,
        data_name=name,
        role="button",
        tabindex=-1,  # the page makes one part of each picture the stop of the Tab key
        aria_label=label,
        aria_pressed="true" if selected else "false",
    )


def also(name: str, *children: str) -> Svg:
    """Return what a hand may take for the part called `name`, as a line for its label."""
    return element("g", *children, data_also=name)


def field(name: str, label: str, *children: str, stride: float | None = None) -> Svg:
    """Return the number called `name` as a part of a picture that is dragged, but not chosen.

    `stride` is how many pixels one step of it takes, if the part itself moves with the number.
    """
    return element(
        "g", *children, data_x=name, data_stride=stride, role="spinbutton", tabindex=-1,
        aria_label=label,
    )  # fmt: skip
