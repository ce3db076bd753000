"""Every gradient twice: as the backward pass says, and as measured by nudging the parameter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bp_helpers.pictures.marks import AGREES, DIFFERS
from bp_helpers.pictures.numerals import measured, number
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.svg import text
from bp_helpers.pictures.table import Column, Row, height_of_table, table

WIDTH, TOP = 300, 28
UNKNOWN = "\N{MIDDLE DOT}"
COLUMNS = (
    Column("", 8, "start"),
    Column("backward", 158, colour="backward"),
    Column("measured", 242),
    Column("", 280),
)


@dataclass(frozen=True)
class MeasuredGradient:
    """One gradient, `dW2[0,1]` for example, its two values, and whether they agree."""

    name: str
    backward: float
    measured: float
    agrees: bool


def gradient_table(
    gradients: Sequence[MeasuredGradient], known: Collection[str] = (), selected: str = ""
) -> Picture:
    """Draw a row for each gradient; of those whose array is not in `known` only the measured one.

    A lamp says whether the two agree: a check mark, a cross, or a dot where nothing is known yet.
    """
    rows = [_row(gradient, _array(gradient) in known) for gradient in gradients]
    compared = [gradient for gradient in gradients if _array(gradient) in known]
    agreeing = sum(gradient.agrees for gradient in compared)
    verdict = f"{agreeing} of {len(compared)} agree" if compared else "none is known yet"
    return picture(
        WIDTH,
        TOP + height_of_table(rows) + 6,
        "Gradients from the backward pass and as measured",
        "; ".join([verdict, *(row.words for row in rows)]) + ".",
        text(0, 16, f"Do they agree? {verdict}", font_weight="bold"),
        table(COLUMNS, rows, selected, TOP),
        chosen=True,
    )


def _array(gradient: MeasuredGradient) -> str:
    return gradient.name.partition("[")[0]


def _row(gradient: MeasuredGradient, is_known: bool) -> Row:
    name, nudged = gradient.name, measured(gradient.measured)
    words = f"{name}: measured {nudged}"
    if not is_known:
        return Row((name, UNKNOWN, nudged, UNKNOWN), name, words)
    backward = number(gradient.backward, 4)
    words += f", backward {backward}" + ("" if gradient.agrees else ", which differs")
    return Row((name, backward, nudged, AGREES if gradient.agrees else DIFFERS), name, words)
