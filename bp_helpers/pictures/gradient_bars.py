"""All gradients of a network as bars on one scale that stays: what swells can be seen swelling."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bp_helpers.pictures.axes import FloatArray
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, button, element, number, picture, text

COLUMN, GAP = 47, 14  # of one bar, and between two arrays
BASE, LENGTH = 112, 56  # where the bars start, and how long one of the largest size is
HEIGHT, LEAST = 212, 420  # the least width has room for the title
LARGEST = 0.3  # what is larger is cut, with an arrow head


def gradient_bars(gradients: Mapping[str, FloatArray], selected: str = "") -> Svg:
    """Draw a bar for each number in `gradients`, arrays by name: up is positive, down negative.

    All bars share one scale, to 0.3 on both sides, whatever the numbers are; what is beyond it is
    cut. A negative bar is dashed. Each bar can be chosen, under `dW1[0,1]` for example.
    """
    parts, x = (
        [text(0, 16, "Gradients: how the loss moves when a parameter does", font_weight="bold")],
        0.0,
    )
    for name, array in gradients.items():
        width = COLUMN * array.size
        parts.append(text(x + width / 2, 44, name, "backward", text_anchor="middle"))
        for index, value in np.ndenumerate(array):
            parts.append(_bar(x, name, index, float(value), selected))
            x += COLUMN
        parts.append(_line(x - width, x))
        x += GAP
    title = "The gradients as bars"
    return picture(
        max(x - GAP + 2, LEAST), HEIGHT, title, _in_words(gradients), *parts, chosen=True
    )


def _bar(x: float, array: str, index: tuple[int, ...], value: float, selected: str) -> Svg:
    where = ",".join(map(str, index))
    name, middle = f"{array}[{where}]", x + COLUMN / 2
    length = LENGTH * min(abs(value) / LARGEST, 1)
    ground = element(
        "rect", x=x + 1, y=52, width=COLUMN - 2, height=HEIGHT - 54, rx=4, class_="bp-hit",
        fill=paint("lit") if name == selected else "transparent",
        stroke=paint("ink") if name == selected else "transparent",
    )  # fmt: skip
    bar = element(
        "rect", x=middle - 9, y=BASE - length if value > 0 else BASE, width=18, height=length,
        fill=paint("backward"), fill_opacity=0.75 if value > 0 else 0.3, stroke=paint("backward"),
        stroke_dasharray="4 3" if value < 0 else None,
    )  # fmt: skip
    labels = [
        text(middle, HEIGHT - 26, where, "quiet", text_anchor="middle", font_size=11),
        text(middle, HEIGHT - 10, number(value), "backward", text_anchor="middle", font_size=11),
    ]
    cut = _arrow_head(middle, 1 if value < 0 else -1) if abs(value) > LARGEST else Svg()
    shown = f"{name} = {number(value)}"
    return button(name, shown, ground, bar, cut, *labels, selected=name == selected)


def _line(left: float, right: float) -> Svg:
    return element("line", x1=left + 2, y1=BASE, x2=right - 2, y2=BASE, stroke=paint("quiet"))


def _arrow_head(x: float, down: int) -> Svg:
    end = BASE + down * LENGTH
    return element("path", d=f"M{x - 9:.1f} {end}h18l-9 {6 * down}z", fill=paint("backward"))


def _in_words(gradients: Mapping[str, FloatArray]) -> str:
    said = [
        f"{name} {', '.join(number(v) for v in np.ravel(array))}"
        for name, array in gradients.items()
    ]
    return "; ".join(said) + "."
