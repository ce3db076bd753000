"""What every picture function returns: a picture that shows itself and says itself in words."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from bp_helpers.pictures import style
from bp_helpers.pictures.numerals import heard
from bp_helpers.pictures.svg import Svg, element


@dataclass(frozen=True)
class Picture:
    """A picture for a notebook: put it last in a cell. For several, see `beside`.

    `svg` is its source, `words` what it shows, with its numbers. In a notebook it is an image, as
    JupyterLab shows a stored SVG only after its notebook has been trusted. The image brings colours
    for light and dark pages, and their ground. The words are its alternative text and the output's
    plain text.
    """

    svg: Svg
    words: str
    parts: tuple[Picture, ...] | None = None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": "".join(_image(one) for one in self), "text/plain": self.words}

    def __iter__(self) -> Iterator[Picture]:
        """The single pictures of which this one consists."""
        return iter((self,) if self.parts is None else self.parts)

    def __str__(self) -> str:
        return self.words

    __repr__ = __str__


def picture(
    width: float, height: float, title: str, description: str, *children: str, chosen: bool = False
) -> Picture:
    """Return a picture with its title and description in words.

    `chosen=True` says that parts of it can be chosen: then it is a group of buttons to a screen
    reader, and else one image.
    """
    title, description = heard(title), heard(description)
    words = f"{title}. {description}"
    svg = element(
        "svg",
        element("title", title),
        element("desc", description),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="group" if chosen else "img",
        aria_label=_in_one_line(words),
        font_family=style.FONT,
        font_size=style.SVG_FONT_SIZE,
    )
    return Picture(svg, words)


def beside(*pictures: Picture) -> Picture:
    """Return one picture in which these stand side by side, where there is room for it."""
    parts = tuple(one for each in pictures for one in each)
    return Picture(
        Svg("".join(one.svg for one in parts)), "\n".join(one.words for one in parts), parts
    )


def _in_one_line(words: str) -> str:
    """Return the words without line breaks, which are not heard; a full stop is."""
    return words.replace(".\n", "\n").replace("\n", ". ")


def _image(one: Picture) -> str:
    colours = element("style", Svg(style.image_css()))
    source = one.svg.replace(">", f">{colours}", 1).encode("utf-8")  # behind <svg ...>
    data = base64.b64encode(source).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(_in_one_line(one.words))}">'
