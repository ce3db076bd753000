"""A small change on its way through a chain: a number line for each quantity, and the slopes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bp_helpers.pictures.marks import DASHES, key
from bp_helpers.pictures.numerals import (
    TIMES,
    TO,
    UNKNOWN,
    multiplied,
    number,
    number_if_known,
    plain,
    short,
)
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Limits, Scale, held, round_up
from bp_helpers.pictures.svg import Svg, circle, element, join, line, text
from bp_helpers.pictures.table import BELOW_TITLE, Column, Row, height_of_table, table, titled_table

# Number lines: the texts on the left, the lines, and on the right what the nudge did.
WIDTH, TOP, ROW = 698, 106, 90
LEFT, ACROSS = 129, 264  # of the lines: where they start, and how long they are
TRACE, TRACE_HALF, UNIT = 563, 133, 32  # of the nudge's trace; UNIT: pixels for one h
DOT, HEAD = 5, 9
LEAST_HALF = 3.5  # of a head's width: more than half of the line's, or it is not seen
TABLE_WIDTH = 348
STAGES = (
    Column("stage", 6, "start"),
    Column("slope", 240, colour="backward"),
    Column("measured", 340, colour="forward"),
)
NUDGES = (Column("h", 6, "start"), Column("off the slope by", 240), STAGES[2])
FARTHEST = 30.0  # on a line: exponentials go beyond
ROUNDING = 1e-14  # a smaller share of a number is rounding and no movement
DELTA = "\N{GREEK CAPITAL LETTER DELTA}"


@dataclass(frozen=True)
class Quantity:
    """One quantity of the chain: where it is, and where it is after the nudge.

    `rule` says how it follows from the quantity before, `slope_rule` and `slope` what its slope is
    there; the first quantity has none of them. `reach` has the smallest and largest that it can be:
    its line holds that.
    """

    name: str
    value: float
    nudged: float
    rule: str = ""
    slope_rule: str = ""
    slope: float = 1.0
    reach: Limits = (-3.0, 3.0)

    @property
    def change(self) -> float:
        """How far the nudge moved it; what is only rounding counts as nothing."""
        change = self.nudged - self.value
        return change if abs(change) > ROUNDING * max(abs(self.value), abs(self.nudged)) else 0.0


def ratio(before: Quantity, after: Quantity) -> float | None:
    """Return how far `after` moved for each unit that `before` moved; None if that stood still."""
    return after.change / before.change if before.change else None


def slope_so_far(chain: Sequence[Quantity], k: int) -> float:
    """Return the product of the slopes up to the k-th quantity of the chain."""
    return math.prod(quantity.slope for quantity in chain[: k + 1])


def number_lines(chain: Sequence[Quantity]) -> Picture:
    """Draw a number line for each quantity: its value, its nudged value, the arrow between them.

    Lines lead from every value to the one that it makes. On the right stands each arrow again,
    measured in units of the nudge h, above the one that the slopes so far promise.
    """
    title = _headline(chain)
    return picture(
        WIDTH,
        TOP + ROW * (len(chain) - 1) + 40,
        title,
        " ".join(_in_words(chain, k) for k in range(len(chain))),
        text(0, 16, title, font_weight="bold"),
        _legend(),
        *(_connections(k, *pair) for k, pair in enumerate(pairwise(chain))),
        *(_line(TOP + ROW * k, quantity) for k, quantity in enumerate(chain)),
        *_hands(chain[0]),
        *(_trace(chain, k) for k in range(len(chain))),
        chosen=True,
    )


def slopes_table(chain: Sequence[Quantity], shrinking: Sequence[tuple[float, float]]) -> Picture:
    """Draw the slope and the measured ratio of each stage, of all together, and as h shrinks.

    `shrinking` has pairs (h, measured ratio of the whole).
    """
    promised = slope_so_far(chain, len(chain) - 1)
    whole = f"{DELTA}{chain[-1].name} / {DELTA}{chain[0].name}"
    rules = [f"d{b.name}/d{a.name} = {b.slope_rule}" for a, b in pairwise(chain)]
    slopes, product = multiplied([quantity.slope for quantity in chain[1:]])
    ratios, product_measured = _multiplied([ratio(a, b) for a, b in pairwise(chain)])
    stages = [Row(cells) for cells in zip(rules, slopes, ratios, strict=True)]
    together = [
        Row(("multiplied", product, product_measured)),
        Row((whole, "", number_if_known(ratio(chain[0], chain[-1])))),
    ]
    nudges = [
        Row((plain(h), short(measured - promised), number(measured, 4)),
            lit=math.isclose(h, chain[0].change, rel_tol=1e-6))
        for h, measured in shrinking
    ]  # fmt: skip
    rule, below = (BELOW_TITLE + height_of_table(rows) for rows in (stages, [*stages, *together]))
    return titled_table(
        TABLE_WIDTH,
        "Slopes and measured ratios",
        _table_in_words([*stages, *together], nudges, whole),
        STAGES,
        [*stages, *together],
        line(0, rule, TABLE_WIDTH, rule, "quiet"),
        text(0, below + 30, f"{whole} as h shrinks", font_weight="bold"),
        table(NUDGES, nudges, top=below + 40),
        heading="Each stage on its own, and all together",
        room=46 + height_of_table(nudges),
    )


def _headline(chain: Sequence[Quantity]) -> str:
    first, last = chain[0], chain[-1]
    promised, whole = slope_so_far(chain, len(chain) - 1), ratio(first, last)
    return (
        f"{last.name} moves {number(promised)} times as far as {first.name}, say the slopes; "
        f"measured: {number_if_known(whole, 3)}"
    )


def _multiplied(ratios: Sequence[float | None]) -> tuple[list[str], str]:
    """Write the measured ratios and their product: the whole one, the steps between cancel."""
    known = [one for one in ratios if one is not None]
    if len(known) < len(ratios):
        return [number_if_known(one) for one in ratios], UNKNOWN
    return multiplied(known)


# ---- Number lines ---------------------------------------------------------------------------


def _legend() -> Svg:
    right = TRACE - TRACE_HALF
    return join(
        text(LEFT, 46, "each line has its own scale", "quiet"),
        circle(LEFT + 5, 62, 5, fill="ink"),
        text(LEFT + 16, 66, "value"),
        _nudged_dot(LEFT + 75, 62),
        text(LEFT + 86, 66, "nudged", "forward"),
        text(right, 46, "in units of the nudge h, one scale", "quiet"),
        key(right, 62, "measured", "forward", ink="forward"),
        key(right + 106, 62, "slopes promise", "backward", DASHES, ink="backward"),
    )


def line_scale(reach: Limits) -> Scale:
    """Return the scale of the line of a quantity with this reach.

    It ends at 0, or at 0.1, 0.3, 1, ... on either side; what is beyond `FARTHEST` lies at its end.
    """
    low, high = reach
    return Scale(-_end(-low), _end(high), LEFT, LEFT + ACROSS)


def _end(reach: float) -> float:
    return round_up(min(max(reach, 0.1), FARTHEST), (1, 3)) if reach > 0 else 0.0


def _connections(k: int, before: Quantity, after: Quantity) -> Svg:
    y, start_of, end_of = TOP + ROW * k, line_scale(before.reach), line_scale(after.reach)
    pairs = [
        (before.value, after.value, "ink", None),
        (before.nudged, after.nudged, "forward", "5 4"),
    ]
    lines = [
        line(
            start_of(start), y, end_of(end), y + ROW, colour, stroke_dasharray=dash,
            stroke_opacity=0.6,
        )
        for start, end, colour, dash in pairs
    ]  # fmt: skip
    return join(*lines)


def _line(y: float, quantity: Quantity) -> Svg:
    scale = line_scale(quantity.reach)
    start, end = scale(quantity.value), scale(quantity.nudged)
    return join(
        text(0, y - 4, f"{quantity.name} = {short(quantity.value)}", font_weight="bold"),
        text(0, y + 15, f"{TO} {short(quantity.nudged)}", "forward"),
        text(0, y - ROW / 2 + 7, quantity.rule, "quiet"),
        line(LEFT, y, LEFT + ACROSS, y, "quiet"),
        _ticks(y, quantity),
        _arrow(start, end, y, DOT),
        circle(start, y, DOT, fill="ink"),
        _nudged_dot(end, y),
    )


def _hands(first: Quantity) -> list[Svg]:
    """The value and the nudged value of the first quantity are dragged; h is how far they are."""
    scale = line_scale(first.reach)
    nudge = Scale(scale.low - first.value, scale.high - first.value, scale.start, scale.end)
    return [
        held("the nudged value", (scale(first.nudged), TOP), x=("h", nudge)),
        held("the value", (scale(first.value), TOP), x=(first.name, scale)),
    ]


def _ticks(y: float, quantity: Quantity) -> Svg:
    scale = line_scale(quantity.reach)
    places = {value: scale(value) for value in scale.ticks}
    marks = "".join(f"M{x:.1f} {y - 4:.1f}v8" for x in places.values())
    crowded = max(len(plain(value)) for value in places) > 5  # then only the ends are written
    labels = [
        text(x, y + 19, plain(value), "quiet", text_anchor="middle")
        for value, x in places.items()
        if not crowded or value in (0, scale.low, scale.high)
    ]
    return join(element("path", d=marks, stroke="quiet"), *labels)


def _nudged_dot(x: float, y: float) -> Svg:
    return circle(x, y, DOT, fill="ground", stroke="forward", stroke_width=2)


def _arrow(
    start: float, end: float, y: float, gap: float, colour: str = "forward", dashed: bool = False
) -> Svg:
    """Draw an arrow whose tip stays `gap` before the end; a short one has a smaller head."""
    forward = math.copysign(1, end - start)
    tip = end - forward * gap
    head = min(HEAD, abs(end - start) - gap)
    has_head = head > 0
    return element(  # a group, so that what stands beside it keeps its place when the head goes
        "g",
        line(
            start, y, tip - forward * head / 2 if has_head else end, y, colour,
            stroke_width=3 if dashed else 4, stroke_dasharray=DASHES if dashed else None,
        ),
        _head(tip, y, forward, colour, head) if has_head else Svg(),
    )  # fmt: skip


def _head(tip: float, y: float, forward: float, colour: str, length: float = HEAD) -> Svg:
    half = max(length * 2 / 3, LEAST_HALF)
    outline = f"M{tip:.1f} {y:.1f}l{-forward * length:.4g} {-half:.4g}v{2 * half:.4g}z"
    return element("path", d=outline, fill=colour)


# ---- What the nudge did -----------------------------------------------------------------------


def _trace(chain: Sequence[Quantity], k: int) -> Svg:
    """Draw how far the k-th quantity moved, in units of h, and how far the slopes said it would."""
    y, quantity = TOP + ROW * k, chain[k]
    measured, promised = ratio(chain[0], quantity), slope_so_far(chain, k)
    change = f"{DELTA}{quantity.name} = {short(quantity.change)}"
    if quantity.change:
        change += f" = {number_if_known(measured, 3)} h" if k else " = h"
    left = TRACE - TRACE_HALF
    parts = [
        line(TRACE, y - 12, TRACE, y + 18, "quiet", stroke_dasharray="2 3"),
        text(left, y - 17, change, "forward"),
        _trace_arrow(y - 5, measured or 0.0, "forward"),
    ]
    if k:
        slope = f"{TIMES} d{quantity.name}/d{chain[k - 1].name} = {number(quantity.slope)}"
        parts += [
            _trace_arrow(y + 9, promised, "backward"),
            text(left, y + 31, f"slopes: {number(promised)} h", "backward"),
            text(TRACE + TRACE_HALF, y - ROW / 2 + 7, slope, "backward", text_anchor="end"),
        ]
    return join(*parts)


def _trace_arrow(y: float, units: float, colour: str) -> Svg:
    """Draw an arrow of so many units; one that has no room ends at the edge with two heads."""
    length = min(max(units * UNIT, -TRACE_HALF), TRACE_HALF)
    arrow = _arrow(TRACE, TRACE + length, y, 0, colour, dashed=colour == "backward")
    if length == units * UNIT:
        return element("g", arrow)
    forward = math.copysign(1, units)
    return element("g", arrow, _head(TRACE + length - 7 * forward, y, forward, colour))


def _in_words(chain: Sequence[Quantity], k: int) -> str:
    quantity = chain[k]
    moved = f"from {short(quantity.value)} to {short(quantity.nudged)}"
    if k == 0:
        return f"{quantity.name} is nudged {moved}, by h = {short(quantity.change)}."
    measured = number_if_known(ratio(chain[0], quantity), 3)
    return (
        f"{quantity.rule} goes {moved}: {measured} h, and the slopes "
        f"so far promise {number(slope_so_far(chain, k))} h."
    )


# ---- Table --------------------------------------------------------------------------------------


def _table_in_words(rows: Sequence[Row], nudges: Sequence[Row], whole: str) -> str:
    said = []
    for name, slope, measured in (row.cells for row in rows):
        said.append(
            f"{name}: slope {slope}, measured {measured}" if slope else f"{name}: {measured}"
        )
    shrinking = [
        f"{measured} with h = {h}, off the slope by {off}"
        for h, off, measured in (row.cells for row in nudges)
    ]
    return f"{'; '.join(said)}. As h shrinks, {whole} is {', '.join(shrinking)}."
