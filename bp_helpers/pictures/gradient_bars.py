"""All gradients of a network as bars on one scale that stays: what swells can be seen swelling."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bp_helpers.pictures.marks import bar
from bp_helpers.pictures.numerals import number
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Scale
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, button, element, text

COLUMN, GAP = 52, 14  # of one bar, and between two arrays
BAR = 18
HEIGHT, LEAST = 212, 420  # the least width has room for the title
SCALE = Scale(-0.3, 0.3, 168, 56)  # what is larger is cut, with an arrow head


def gradient_bars(gradients: Mapping[str, FloatArray], selected: str = "") -> Picture:
    """Draw a bar for each number in `gradients`, arrays by name: up is positive, down negative.

    All bars share one scale, to 0.3 on both sides, whatever the numbers are; what is beyond it is
    cut. A negative bar is dashed. Each bar can be chosen, under `dW1[0,1]` for example.
    """
    title = "Gradients: how the loss moves when a parameter does"
    parts, x = [text(0, 16, title, font_weight="bold")], 0.0
    for name, array in gradients.items():
        width = COLUMN * array.size
        parts.append(text(x + width / 2, 44, name, "backward", text_anchor="middle"))
        for index, value in np.ndenumerate(array):
            parts.append(_column(x, name, index, float(value), selected))
            x += COLUMN
        parts.append(_line(x - width, x))
        x += GAP
    across = max(x - GAP + 2, LEAST)
    return picture(across, HEIGHT, title, _in_words(gradients), *parts, chosen=True)


def _column(x: float, array: str, index: tuple[int, ...], value: float, selected: str) -> Svg:
    where = ",".join(map(str, index))
    name, middle = f"{array}[{where}]", x + COLUMN / 2
    ground = element(
        "rect", x=x + 1, y=52, width=COLUMN - 2, height=HEIGHT - 54, rx=4, class_="bp-hit",
        fill=paint("lit") if name == selected else "transparent",
        stroke=paint("ink") if name == selected else "transparent",
    )  # fmt: skip
    labels = [
        text(middle, HEIGHT - 26, where, "quiet", text_anchor="middle", font_size=11),
        text(middle, HEIGHT - 10, number(value), "backward", text_anchor="middle", font_size=11),
    ]
    upright = bar(SCALE, middle - BAR / 2, BAR, value, "backward", upright=True)
    shown = f"{name} = {number(value)}"
    return button(name, shown, ground, upright, *labels, selected=name == selected)


def _line(left: float, right: float) -> Svg:
    return element(
        "line", x1=left + 2, y1=SCALE(0), x2=right - 2, y2=SCALE(0), stroke=paint("quiet")
    )


def _in_words(gradients: Mapping[str, FloatArray]) -> str:
    """Return all numbers, and the largest; of several as large, but for rounding, the first."""
    said = [
        f"{name} {', '.join(map(number, array.ravel().tolist()))}"
        for name, array in gradients.items()
    ]
    entries = {
        f"{name}[{','.join(map(str, index))}]": float(value)
        for name, array in gradients.items()
        for index, value in np.ndenumerate(array)
    }
    largest = max(entries, key=lambda name: float(f"{abs(entries[name]):.6g}"))
    return f"{'; '.join(said)}. {largest} is largest: {number(entries[largest], 4)}."
