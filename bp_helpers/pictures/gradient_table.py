"""Every gradient twice: as the backward pass says, and as measured by nudging the parameter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, button, element, number, picture, text

ROW, WIDTH, TOP = 20, 300, 62
COLUMNS = {"name": 8, "backward": 158, "measured": 242}
AGREES, DIFFERS, UNKNOWN = "\N{CHECK MARK}", "\N{MULTIPLICATION X}", "\N{MIDDLE DOT}"


@dataclass(frozen=True)
class MeasuredGradient:
    """One gradient, `dW2[0,1]` for example, its two values, and whether they agree."""

    name: str
    backward: float
    measured: float
    agrees: bool


def gradient_table(
    gradients: list[MeasuredGradient], known: Collection[str] = (), selected: str = ""
) -> Svg:
    """Draw a row for each gradient; of those whose array is not in `known` only the measured one.

    A lamp says whether the two agree: a check mark, a cross, or a dot where nothing is known yet.
    """
    words = [_in_words(gradient, _array(gradient) in known) for gradient in gradients]
    rows = []
    for k, (gradient, said) in enumerate(zip(gradients, words, strict=True)):
        is_known = _array(gradient) in known
        backward = number(gradient.backward, 4) if is_known else UNKNOWN
        lamp = (AGREES if gradient.agrees else DIFFERS) if is_known else UNKNOWN
        numbers = backward, number(gradient.measured, 4)
        rows.append(
            _row(TOP + k * ROW, gradient.name, *numbers, lamp, said, gradient.name == selected)
        )
    compared = [gradient for gradient in gradients if _array(gradient) in known]
    agreeing = sum(gradient.agrees for gradient in compared)
    verdict = f"{agreeing} of {len(compared)} agree" if compared else "none is known yet"
    return picture(
        WIDTH,
        TOP + ROW * len(gradients) + 8,
        "Gradients from the backward pass and as measured",
        "; ".join([verdict, *words]) + ".",
        text(0, 16, f"Do they agree? {verdict}", font_weight="bold"),
        text(COLUMNS["backward"], TOP - 22, "backward", "backward", text_anchor="end"),
        text(COLUMNS["measured"], TOP - 22, "measured", "ink", text_anchor="end"),
        *rows,
        chosen=True,
    )


def _array(gradient: MeasuredGradient) -> str:
    return gradient.name.partition("[")[0]


@lru_cache(maxsize=512)  # while a slider moves, many rows stay as they are
def _row(
    y: float, name: str, backward: str, measured: str, lamp: str, words: str, selected: bool
) -> Svg:
    ground = element(
        "rect", x=1, y=y - 14, width=WIDTH - 2, height=ROW - 1, rx=3, class_="bp-hit",
        fill=paint("used") if selected else "transparent",
        stroke=paint("ink") if selected else "transparent",
    )  # fmt: skip
    return button(
        name,
        words,
        ground,
        text(COLUMNS["name"], y, name),
        text(COLUMNS["backward"], y, backward, "backward", text_anchor="end"),
        text(COLUMNS["measured"], y, measured, text_anchor="end"),
        text(WIDTH - 26, y, lamp, "ink" if lamp != DIFFERS else "backward", text_anchor="middle"),
        selected=selected,
    )


def _in_words(gradient: MeasuredGradient, is_known: bool) -> str:
    said = f"{gradient.name}: measured {number(gradient.measured, 4)}"
    if not is_known:
        return said
    differs = "" if gradient.agrees else ", which differs"
    return f"{said}, backward {number(gradient.backward, 4)}{differs}"
