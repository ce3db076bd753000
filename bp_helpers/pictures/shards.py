"""A batch cut into parts: what each example counts, and the gradients that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bp_helpers.pictures.marks import AGREES, DASHES, DIFFERS, bar
from bp_helpers.pictures.numerals import TIMES, counted, number, percent
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Scale, held
from bp_helpers.pictures.svg import Svg, circle, join, line, rect, text
from bp_helpers.pictures.table import Column, Row, rows_in_words, titled_table

WIDTH, HEIGHT = 576, 218
TABLE_WIDTH = 735
BARS, LOWEST = (52, 142), 1 / 2  # from the top to the ground of the bars, and the largest weight
BOXES, BOX = 148, 26
KNOBS = {"first": BOXES + BOX / 2, "second": BARS[0]}  # of the borders: how far down
COLUMNS = (
    Column("gradient", 6, "start", "backward"),
    Column("mean of the means", 210),
    Column("weighted mean", 330),
    Column("whole batch", 446),
    Column("means off by", 584),
    Column("weighted off by", 729),
)
ROUNDING = 1e-12  # what two orders of adding may leave


def examples_axis(examples: int) -> Scale:
    """Return the scale along which the examples lie: border k has k of them before it."""
    return Scale(0, examples, 126, 560)


def shards(borders: Sequence[int], examples: int, names: Sequence[str]) -> Picture:
    """Draw the examples in a row, cut at the borders, and what each counts in the mean of means.

    `names` are the explorer's names for the borders, which are dragged: the second one by its upper
    end, so that both can be taken where they coincide. The dashed line is 1/N.
    """
    across = examples_axis(examples)
    left, right = across.start, across.end
    up = Scale(0, LOWEST, BARS[1], BARS[0])
    ends = [0, *sorted(borders), examples]
    sizes = [end - start for start, end in pairwise(ends)]
    present = [size for size in sizes if size]
    parts, start = [], 0
    for k, size in enumerate(sizes):
        parts.append(_part(across, up, k, start, size, len(present)))
        start += size
    level = up(1 / examples)
    said = "; ".join(
        f"part {k + 1}: {counted(size, 'example')}, each counts "
        f"{_share(size * len(present)) if size else 'nothing'}"
        for k, size in enumerate(sizes)
    )
    return picture(
        WIDTH, HEIGHT, "How much an example counts in the mean of the parts' means",
        f"{said}. In the whole batch each counts {_share(examples)}.",
        text(0, 15, "How much an example counts in the mean of the parts' means",
             font_weight="bold"),
        text(0, 34, f"dashed: {_share(examples)}, as in the whole batch, and as in the "
             "weighted mean", "quiet"),
        text(left - 14, BOXES + BOX - 8, "examples", "quiet", text_anchor="end"),
        text(left - 10, level + 4, _share(examples), "quiet", text_anchor="end"),
        *parts,
        line(left, level, right, level, "ink", stroke_width=1.5, stroke_dasharray=DASHES),
        *(
            _border(across(at), knob, f"{which} border", (name, across))
            for (which, knob), name, at in zip(KNOBS.items(), names, borders, strict=True)
        ),
        chosen=True,
    )  # fmt: skip


def shard_gradients(
    names: Sequence[str],
    means: Sequence[float],
    weighted: Sequence[float],
    whole: Sequence[float],
    off: tuple[float, float],
) -> Picture:
    """Draw some gradients three ways, and in the title how far the first two are off in all.

    `off` has the lengths of the differences from the whole batch's gradient, as shares of its own.
    """
    rows = []
    for name, mean, sum_, true in zip(names, means, weighted, whole, strict=True):
        gaps = (_gap(mean, true), _gap(sum_, true))
        rows.append(Row((name, *(number(v, 4) for v in (mean, sum_, true)), *gaps)))
    by = [_off(each) for each in off]
    said = f"the mean of the means is off by {by[0]}, the weighted mean by {by[1]}"
    title = f"Of all gradients: {said if by[0] != by[1] else f'both means are off by {by[0]}'}"
    return titled_table(
        TABLE_WIDTH,
        title,
        rows_in_words(rows, "{}: mean of the means {}, weighted mean {}, whole batch {}"),
        COLUMNS,
        rows,
    )


def _part(across: Scale, up: Scale, k: int, start: int, size: int, parts: int) -> Svg:
    """Draw the examples of a part as boxes, their weights as bars, and in words below."""
    if not size:
        return Svg()
    weight = 1 / (parts * size)
    boxes, width = [], across(1) - across(0)
    for at in range(start, start + size):
        boxes.append(bar(up, across(at) + 6, width - 12, weight, "backward", upright=True))
        box = across(at) + 3, BOXES, width - 6, BOX
        boxes.append(rect(*box, rx=3, fill="forward", fill_opacity=0.25, stroke="forward"))
    middle = across(start + size / 2)
    words = _share(size * parts)  # and as much more as there is room for
    if size > 5:
        words = f"part {k + 1}: {counted(size, 'example')}, {words} each"
    elif size > 2:
        words = f"part {k + 1}: {words}"
    boxes.append(text(middle, BOXES + BOX + 20, words, text_anchor="middle"))
    return join(*boxes)


def _border(x: float, y: float, label: str, axis: tuple[str, Scale]) -> Svg:
    border = line(x, BARS[0], x, BOXES + BOX + 6, "ink", stroke_width=3)
    return held(label, (x, y), border, circle(x, y, 8, fill="ink"), x=axis)


def _share(count: int) -> str:
    return f"1/{count}"


def _gap(value: float, true: float) -> str:
    gap = abs(value - true)
    if gap < ROUNDING:
        return f"{AGREES} rounding"
    return f"{DIFFERS} {_times(gap / abs(true))}"


def _off(share: float) -> str:
    return "rounding alone" if share < ROUNDING else _times(share)


def _times(share: float) -> str:
    return percent(share) if share < 10 else f"{share:.0f} {TIMES}"
