"""Every gradient twice: as the backward pass says, and as measured by nudging the parameter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bp_helpers.pictures.formulas import array_of, split_name
from bp_helpers.pictures.marks import AGREES, DIFFERS
from bp_helpers.pictures.numerals import NOT_YET, fixed, measured, number
from bp_helpers.pictures.picture import Picture
from bp_helpers.pictures.table import Column, Row, titled_table

WIDTH = 300
KINK = "^"  # that it has no slope there
MOST = 18  # rows that have room beside the network
FIRST, PART = 126, 54  # pixels: where what the first example gave ends, and room for one more


@dataclass(frozen=True)
class MeasuredGradient:
    """One gradient, `dW2[0,1]` for example, its two values, and whether they agree.

    `on_kink` says that they cannot: there is no slope where a ReLU is at 0. `parts` is what each
    example of a batch gave; their sum is the gradient.
    """

    name: str
    backward: float
    measured: float
    agrees: bool
    on_kink: bool
    parts: tuple[float, ...]


def gradient_table(
    gradients: Sequence[MeasuredGradient], known: Collection[str], selected: str
) -> Picture:
    """Draw a row for each gradient; of those whose array is not in `known` only the measured one.

    A lamp says whether the two agree: a check mark, a cross, or a dot where nothing is known yet.
    If the gradients have parts, these have columns of their own, and the lamp stands for what was
    measured. Where there are more than 18 rows, those of the layer of the number that is `selected`
    are shown.
    """
    columns = _columns(len(gradients[0].parts))
    shown, which = _shown(gradients, selected)
    rows = [_row(gradient, array_of(gradient.name) in known) for gradient in shown]
    compared = [gradient for gradient in gradients if array_of(gradient.name) in known]
    agreeing = sum(gradient.agrees for gradient in compared)
    verdict = f"{agreeing} of {len(compared)} agree" if compared else "none is known yet"
    note = f" ({KINK}: kink)" if any(gradient.on_kink for gradient in compared) else ""
    question = "Do they agree?" if columns is ALONE else "Over examples:"
    return titled_table(
        max(WIDTH, columns[-1].x + 12),
        "Gradients from the backward pass and as measured",
        "; ".join([verdict, *which, *(row.words for row in rows)]) + ".",
        columns,
        rows,
        heading=f"{question} {verdict}{note}",
        selected=selected,
        room=6,
    )


ALONE = (
    Column("", 8, "start"),
    Column("backward", 158, colour="backward"),
    Column("measured", 242),
    Column("", 280),
)


def _columns(parts: int) -> Sequence[Column]:
    """Return the columns: of a batch, one for each example and one for their sum."""
    if not parts:
        return ALONE
    examples = [Column(f"ex. {k}", FIRST + PART * k, "end", "backward") for k in range(parts)]
    total = Column("sum", FIRST + PART * parts, "end", "backward")
    return [ALONE[0], *examples, total, Column("", FIRST + PART * parts + 18)]


def _shown(
    gradients: Sequence[MeasuredGradient], selected: str
) -> tuple[list[MeasuredGradient], list[str]]:
    """Return the gradients that have room, and which these are, if not all."""
    if len(gradients) <= MOST:
        return [*gradients], []
    layers = {gradient.name: split_name(gradient.name)[1] for gradient in gradients}
    wanted = split_name(selected)[1] if selected else 0
    layer = wanted if wanted in layers.values() else 1
    return [each for each in gradients if layers[each.name] == layer], [f"layer {layer}"]


def _row(gradient: MeasuredGradient, is_known: bool) -> Row:
    name, nudged = gradient.name, measured(gradient.measured)
    words = f"{name}: measured {nudged}"
    parts = [fixed(part) for part in gradient.parts]
    backward = number(gradient.backward, 4)
    said = [*parts, fixed(gradient.backward) if parts else backward]
    if not is_known:
        said = [NOT_YET] * len(said)
    lamp = NOT_YET
    if is_known:
        words += f", backward {backward}" + (f" = {' + '.join(parts)}" if parts else "")
        words += _verdict(gradient)
        lamp = AGREES if gradient.agrees else KINK if gradient.on_kink else DIFFERS
    beside = [] if parts else [nudged]
    return Row((name, *said, *beside, lamp), name, words)


def _verdict(gradient: MeasuredGradient) -> str:
    if gradient.agrees:
        return ""
    return ", no slope on a kink" if gradient.on_kink else ", which differs"
