"""A small change on its way through a chain: a number line for each quantity, and the slopes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bp_helpers.pictures.axes import short, ticks
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import MINUS, Svg, element, join, number, picture, text

# Number lines: the texts on the left, the lines, and on the right what the nudge did.
WIDTH, TOP, ROW = 700, 106, 90
MIDDLE, HALF = 261, 132  # of the lines: where 0 is, and how far they reach to both sides
TRACE, TRACE_HALF, UNIT = 563, 133, 32  # of the nudge's trace; UNIT: pixels for one h
DOT, HEAD = 5, 9
TABLE_WIDTH, TABLE_TOP, LINE = 340, 64, 21
COLUMNS = (6, 240, 332)  # where the first starts, and the others end
HUES, PLAIN = ("ink", "backward", "forward"), ("ink", "ink", "forward")
ROUNDING = 1e-14  # a smaller share of a number is rounding and no movement
DELTA, TIMES = "\N{GREEK CAPITAL LETTER DELTA}", "\N{MULTIPLICATION SIGN}"
TO, NO_RATIO = "\N{RIGHTWARDS ARROW}", "\N{EN DASH}"


@dataclass(frozen=True)
class Quantity:
    """One quantity of the chain: where it is, and where it is after the nudge.

    `rule` says how it follows from the quantity before, `slope_rule` and `slope` what its slope is
    there; the first quantity has none of them.
    """

    name: str
    value: float
    nudged: float
    rule: str = ""
    slope_rule: str = ""
    slope: float = 1.0

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


def number_lines(chain: Sequence[Quantity]) -> Svg:
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
        *(_trace(chain, k) for k in range(len(chain))),
    )


def slopes_table(chain: Sequence[Quantity], shrinking: Sequence[tuple[float, float]]) -> Svg:
    """Draw the slope and the measured ratio of each stage, of all together, and as h shrinks.

    `shrinking` has pairs (h, measured ratio of the whole).
    """
    whole, promised = ratio(chain[0], chain[-1]), slope_so_far(chain, len(chain) - 1)
    stages = [
        (f"d{b.name}/d{a.name} = {b.slope_rule}", number(b.slope, 4), _written(ratio(a, b)))
        for a, b in pairwise(chain)
    ]
    first, last = chain[0].name, chain[-1].name
    end = TABLE_TOP + LINE * len(stages)
    below = end + 3.6 * LINE
    rows = [_row(TABLE_TOP + LINE * k, *stage) for k, stage in enumerate(stages)]
    rows += [
        _rule(end - 14),
        _row(end + 4, "multiplied", number(promised, 4), _multiplied(chain)),
        _row(end + 4 + LINE, f"{DELTA}{last} / {DELTA}{first}", "", _written(whole)),
    ]
    for k, (h, measured) in enumerate(shrinking):
        y = below + LINE * (k + 2)
        is_now = math.isclose(h, chain[0].change, rel_tol=1e-6)
        rows.append(_ground(y, "used" if is_now else None))
        rows.append(_row(y, f"{h:g}", short(measured - promised), number(measured, 4), PLAIN))
    return picture(
        TABLE_WIDTH,
        below + LINE * (len(shrinking) + 1) + 10,
        "Slopes and measured ratios",
        _table_in_words(stages, promised, whole, shrinking),
        text(0, 16, "Each stage on its own, and all together", font_weight="bold"),
        _row(TABLE_TOP - LINE, "stage", "slope", "measured"),
        *rows,
        text(0, below, f"{DELTA}{last} / {DELTA}{first} as h shrinks", font_weight="bold"),
        _row(below + LINE, "h", "off the slope by", "measured", PLAIN),
    )


def _headline(chain: Sequence[Quantity]) -> str:
    first, last = chain[0], chain[-1]
    promised, whole = slope_so_far(chain, len(chain) - 1), ratio(first, last)
    return (
        f"{last.name} moves {number(promised)} times as far as {first.name}, say the slopes; "
        f"measured: {_written(whole, 3)}"
    )


def _written(value: float | None, digits: int = 4) -> str:
    return NO_RATIO if value is None else number(value, digits)


def _multiplied(chain: Sequence[Quantity]) -> str:
    """Write the product of the measured ratios: it is the whole one, the steps between cancel."""
    product = 1.0
    for a, b in pairwise(chain):
        measured = ratio(a, b)
        if measured is None:
            return NO_RATIO
        product *= measured
    return number(product, 4)


# ---- Number lines ---------------------------------------------------------------------------


def _legend() -> Svg:
    y, line = 46, {"y1": 62, "y2": 62}
    right = TRACE - TRACE_HALF
    return join(
        [
            text(MIDDLE - HALF, y, "each line has its own scale", "quiet"),
            element("circle", cx=MIDDLE - HALF + 5, cy=62, r=5, fill=paint("ink")),
            text(MIDDLE - HALF + 16, 66, "value"),
            _nudged_dot(MIDDLE - HALF + 75, 62),
            text(MIDDLE - HALF + 86, 66, "nudged", "forward"),
            text(right, y, "in units of the nudge h, one scale", "quiet"),
            element(
                "line", x1=right, x2=right + 26, stroke=paint("forward"), stroke_width=5, **line
            ),
            text(right + 32, 66, "measured", "forward"),
            element(
                "line", x1=right + 106, x2=right + 132, stroke=paint("backward"), stroke_width=3,
                stroke_dasharray="7 4", **line,
            ),
            text(right + 138, 66, "slopes promise", "backward"),
        ]
    )  # fmt: skip


def _reach(quantity: Quantity) -> float:
    """Return how far the line reaches: 3, 10, 30, 100, ... so that both points are on it."""
    size = max(abs(quantity.value), abs(quantity.nudged), 3.0)
    power = 10.0 ** math.floor(math.log10(size))
    return next(k * power for k in (1, 3, 10) if k * power >= size)


def _place(quantity: Quantity, value: float) -> float:
    return MIDDLE + HALF * value / _reach(quantity)


def _connections(k: int, before: Quantity, after: Quantity) -> Svg:
    y = TOP + ROW * k
    pairs = [
        (before.value, after.value, "ink", None),
        (before.nudged, after.nudged, "forward", "5 4"),
    ]
    return join(
        element(
            "line", x1=_place(before, start), y1=y, x2=_place(after, end), y2=y + ROW,
            stroke=paint(colour), stroke_dasharray=dash, stroke_opacity=0.6,
        )
        for start, end, colour, dash in pairs
    )  # fmt: skip


def _line(y: float, quantity: Quantity) -> Svg:
    start, end = _place(quantity, quantity.value), _place(quantity, quantity.nudged)
    return join(
        [
            text(0, y - 4, f"{quantity.name} = {short(quantity.value)}", font_weight="bold"),
            text(0, y + 15, f"{TO} {short(quantity.nudged)}", "forward"),
            text(0, y - ROW / 2 + 7, quantity.rule, "quiet"),
            element("line", x1=MIDDLE - HALF, y1=y, x2=MIDDLE + HALF, y2=y, stroke=paint("quiet")),
            _ticks(y, quantity),
            _arrow(start, end, y, DOT),
            element("circle", cx=start, cy=y, r=DOT, fill=paint("ink")),
            _nudged_dot(end, y),
        ]
    )


def _ticks(y: float, quantity: Quantity) -> Svg:
    reach = _reach(quantity)
    places = {value: _place(quantity, value) for value in ticks(-reach, reach)}
    marks = "".join(f"M{x:.1f} {y - 4:.1f}v8" for x in places.values())
    labels = [
        text(x, y + 19, _tick_label(value), "quiet", text_anchor="middle", font_size=11)
        for value, x in places.items()
    ]
    return join([element("path", d=marks, stroke=paint("quiet")), *labels])


def _tick_label(value: float) -> str:
    """Write a whole number; from 100000 on like 3e5."""
    if abs(value) < 1e5:
        return f"{round(value)}".replace("-", MINUS)
    mantissa, _, power = f"{value:.0e}".partition("e")
    return f"{mantissa}e{int(power)}".replace("-", MINUS)


def _nudged_dot(x: float, y: float) -> Svg:
    return element(
        "circle", cx=x, cy=y, r=DOT, fill=paint("ground"), stroke=paint("forward"), stroke_width=2
    )


def _arrow(
    start: float, end: float, y: float, gap: float, colour: str = "forward", dashed: bool = False
) -> Svg:
    """Draw an arrow whose tip stays `gap` before the end; a very short one has no head."""
    forward = math.copysign(1, end - start)
    tip = end - forward * gap
    has_head = abs(end - start) > gap + HEAD
    return element(  # a group, so that what stands beside it keeps its place when the head goes
        "g",
        element(
            "line", x1=start, y1=y, x2=tip - forward * HEAD / 2 if has_head else end, y2=y,
            stroke=paint(colour), stroke_width=3 if dashed else 4,
            stroke_dasharray="7 4" if dashed else None,
        ),
        _head(tip, y, forward, colour) if has_head else Svg(),
    )  # fmt: skip


def _head(tip: float, y: float, forward: float, colour: str) -> Svg:
    outline = f"M{tip:.1f} {y:.1f}l{-forward * HEAD:g} -6v12z"
    return element("path", d=outline, fill=paint(colour))


# ---- What the nudge did -----------------------------------------------------------------------


def _trace(chain: Sequence[Quantity], k: int) -> Svg:
    """Draw how far the k-th quantity moved, in units of h, and how far the slopes said it would."""
    y, quantity = TOP + ROW * k, chain[k]
    measured, promised = ratio(chain[0], quantity), slope_so_far(chain, k)
    change = f"{DELTA}{quantity.name} = {short(quantity.change)}"
    if quantity.change:
        change += f" = {_written(measured, 3)} h" if k else " = h"
    left = TRACE - TRACE_HALF
    parts = [
        element(
            "line", x1=TRACE, y1=y - 12, x2=TRACE, y2=y + 18, stroke=paint("quiet"),
            stroke_dasharray="2 3",
        ),
        text(left, y - 17, change, "forward"),
        _trace_arrow(y - 5, measured or 0.0, "forward"),
    ]  # fmt: skip
    if k:
        slope = f"{TIMES} d{quantity.name}/d{chain[k - 1].name} = {number(quantity.slope)}"
        parts += [
            _trace_arrow(y + 9, promised, "backward"),
            text(left, y + 31, f"slopes: {number(promised)} h", "backward"),
            text(TRACE + TRACE_HALF, y - ROW / 2 + 7, slope, "backward", text_anchor="end"),
        ]
    return join(parts)


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
    return (
        f"{quantity.rule} goes {moved}: {_written(ratio(chain[0], quantity), 3)} h, and the slopes "
        f"so far promise {number(slope_so_far(chain, k))} h."
    )


# ---- Table --------------------------------------------------------------------------------------


def _row(y: float, first: str, second: str, third: str, colours: Sequence[str] = HUES) -> Svg:
    columns = zip(COLUMNS, (first, second, third), colours, ("start", "end", "end"), strict=True)
    return join(text(x, y, said, colour, text_anchor=end) for x, said, colour, end in columns)


def _rule(y: float) -> Svg:
    return element("line", x1=0, y1=y, x2=TABLE_WIDTH, y2=y, stroke=paint("quiet"))


def _ground(y: float, colour: str | None) -> Svg:
    return element(
        "rect", x=0, y=y - 15, width=TABLE_WIDTH, height=LINE - 1, rx=3,
        fill=paint(colour) if colour else "transparent",
    )  # fmt: skip


def _table_in_words(
    stages: Sequence[tuple[str, str, str]],
    promised: float,
    whole: float | None,
    shrinking: Sequence[tuple[float, float]],
) -> str:
    said = [f"{name}: slope {slope}, measured {measured}" for name, slope, measured in stages]
    said.append(f"slopes multiplied {number(promised, 4)}, the whole measured {_written(whole)}")
    said += [f"with h = {h:g} measured {number(measured, 4)}" for h, measured in shrinking]
    return "; ".join(said) + "."
