"""All gradients of a network as bars on one scale that stays: what swells can be seen swelling."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from bp_helpers.pictures.formulas import entry_name
from bp_helpers.pictures.marks import bar
from bp_helpers.pictures.numerals import number
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Scale
from bp_helpers.pictures.svg import Svg, button, line, rect, text

WIDTH, TOP, ROW, GAP = 176, 40, 24, 5  # GAP: between two arrays
BAR = 12
SCALE = Scale(-0.3, 0.3, 73, 121)  # what is larger is cut; its arrow head is clear of the name


def gradient_bars(gradients: Mapping[str, FloatArray], selected: str = "") -> Picture:
    """Draw a bar for each number in `gradients`, arrays by name: to the right is positive.

    All bars share one scale, to 0.3 on both sides, whatever the numbers are; what is beyond it is
    cut. A negative bar is dashed. Each bar can be chosen, under `dW1[0,1]` for example.
    """
    title = "All gradients, on one scale"
    parts, y = [text(0, 16, "Gradients, one scale", font_weight="bold")], float(TOP)
    for name, array in gradients.items():
        start = y
        for index, value in np.ndenumerate(array):
            parts.append(_row(y, name, index, float(value), selected))
            y += ROW
        parts.append(_line(start, y))
        y += GAP
    return picture(WIDTH, y, title, _in_words(gradients), *parts, chosen=True)


@lru_cache(maxsize=512)  # while a slider moves, some of the numbers stay as they are
def _row(y: float, array: str, index: tuple[int, ...], value: float, selected: str) -> Svg:
    name, base = entry_name(array, index), y + ROW / 2 + 5
    ground = rect(
        1, y, WIDTH - 2, ROW, rx=4, class_="bp-hit", fill="transparent",
        stroke="ink" if name == selected else "transparent", stroke_width=2,
    )  # fmt: skip
    labels = [
        text(5, base, name, "ink"),
        text(WIDTH - 5, base, number(value), "backward", text_anchor="end"),
    ]
    drawn = bar(SCALE, y + (ROW - BAR) / 2, BAR, value, "backward")
    shown = f"{name} = {number(value)}"
    return button(name, shown, ground, drawn, *labels, selected=name == selected)


def _line(top: float, bottom: float) -> Svg:
    return line(
        SCALE(0), top, SCALE(0), bottom, "quiet",
        pointer_events="none",  # a click goes to the bar behind it
    )  # fmt: skip


def _in_words(gradients: Mapping[str, FloatArray]) -> str:
    """Return all numbers, and the largest; of several as large, but for rounding, the first."""
    said = [
        f"{name} {', '.join(map(number, array.ravel().tolist()))}"
        for name, array in gradients.items()
    ]
    entries = {
        entry_name(name, index): float(value)
        for name, array in gradients.items()
        for index, value in np.ndenumerate(array)
    }
    largest = max(entries, key=lambda name: float(f"{abs(entries[name]):.6g}"))
    return f"{'; '.join(said)}. {largest} is largest: {number(entries[largest], 4)}."
