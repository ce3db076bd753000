"""Pictures that stand still, with their alternative text: a Matplotlib figure, an SVG."""

from __future__ import annotations

import base64
import re
from html import escape, unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bp_helpers.pictures import style
from bp_helpers.pictures.svg import Svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORDS = re.compile(r'<svg[^>]*? aria-label="([^"]*)"')  # of a picture, not of a part of it
DOTS_PER_INCH = 200  # sharp on a screen of twice the usual density; shown at half its size


class Still:
    """A picture for a notebook: put it last in a cell.

    JupyterLab shows a bare PNG without any alternative text, so the picture is an HTML `<img>`
    with `alt`. The same text, which states what the picture shows in numbers, is the output's plain
    text: screen readers speak it, and the tests compare it.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure = figure
        self.alt = alt

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        file = BytesIO()
        self.figure.savefig(file, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
        return file.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        width = round(self.figure.get_figwidth() * DOTS_PER_INCH / 2)
        source = "data:image/png;base64," + base64.b64encode(self.png()).decode("ascii")
        html = f'<img src="{source}" width="{width}" alt="{escape(self.alt)}">'
        return {"text/html": html, "text/plain": self.alt}

    def __repr__(self) -> str:
        return self.alt


class Drawing:
    """An SVG picture, or several, for a notebook: put it last in a cell.

    What it says of itself in words is the alternative text and the output's plain text.
    """

    def __init__(self, svg: Svg) -> None:
        self.svg = svg

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": still(self.svg), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return "\n".join(unescape(words) for words in WORDS.findall(self.svg))


def still(svg: str) -> str:
    """Return the pictures in `svg` as images in HTML, for where no kernel runs.

    JupyterLab shows a stored SVG only after its notebook has been trusted; an image it shows. An
    image cannot follow the theme, so it brings the ground that its colours are made for.
    """
    ground = f'<svg style="background: {style.LIGHT["ground"]}"'
    images = []
    for one in re.findall(r"<svg.*?</svg>", svg, re.DOTALL):
        source = base64.b64encode(one.replace("<svg", ground, 1).encode("utf-8")).decode("ascii")
        alt = WORDS.search(one)
        images.append(
            f'<img src="data:image/svg+xml;base64,{source}" alt="{alt[1] if alt else ""}">'
        )
    return "".join(images)


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure, sizes in inches, in the style of the course.

    It has a white ground of its own, so that it reads the same in a light and a dark theme.
    """
    from matplotlib.figure import Figure  # only here: it takes as long as all else together

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    figure.set_layout_engine("constrained", w_pad=0.08, h_pad=0.08)
    return figure


def plain_axes(axes: Any, title: str = "") -> None:
    """Keep of `axes` what is needed: a title on the left, no frame on the right and on top."""
    axes.set_title(title, loc="left", fontsize=style.FONT_SIZE + 1, color=style.INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=style.INK, labelsize=style.FONT_SIZE - 1)
