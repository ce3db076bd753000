"""Ways to a gradient against each other: multiplications that were counted, seconds that passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

import numpy as np

from bp_helpers.pictures.marks import DASHES, curve, dot
from bp_helpers.pictures.numerals import HOUR, TIMES, UNKNOWN, YEAR, duration, large, times_as_much
from bp_helpers.pictures.picture import Picture
from bp_helpers.pictures.scales import Frame, Limits, held, hit_area
from bp_helpers.pictures.size_chart import Duration, size_chart
from bp_helpers.pictures.svg import Svg, also, element, join, line, text
from bp_helpers.pictures.table import (
    BELOW_TITLE,
    LINE,
    Column,
    Row,
    height_of_table,
    rows_in_words,
    titled_table,
)

WIDTH = 362
FRAME = (98, 44, 252, 216)  # left, top, width and height in pixels; a label fits before its slider
SIZES: Limits = (50.0, 2e9)
PARAMETERS_AXIS = Frame.of(*FRAME, SIZES, SIZES, log="x").x
MULTIPLICATIONS: Limits = (10.0, 1e21)
SECONDS: Limits = (1e-5, 1e12)
LOOKS = ("quiet", "forward", "ink", "backward")  # of the ways, in their order
LINES = (None, None, "2 6", None)  # in the same order: two of them lie on one another
SHAPES = [  # of their marks: from where, seen from the middle, and how on
    (-4, 0, "h8"), (0, -4.5, "a4.5 4.5 0 1 0 .01 0z"), (0, -5, "l5 9h-10z"), (-4, -4, "h8v8h-8z"),
]  # fmt: skip
LANDMARKS = {"a second": 1.0, "an hour": HOUR, "a year": YEAR, "1000 years": 1000 * YEAR}
TABLE_WIDTH = 790
COLUMNS = (
    Column("", 20, "start"),
    Column("passes", 270),
    Column("multiplications", 390),
    Column(f"{TIMES} forward", 492),
    Column("time, here and now", 682),
    Column(f"{TIMES} forward", 782),
)


@dataclass(frozen=True)
class RaceSize:
    """A network by its number of parameters, and what each way to its gradients costs.

    `passes` says in words how often each way goes through the network; `durations` has those ways
    of which something is known.
    """

    parameters: int
    passes: Mapping[str, str]
    multiplications: Mapping[str, int]
    durations: Mapping[str, Duration]


def race_counts(sizes: Sequence[RaceSize], looked_at: int) -> Picture:
    """Draw the multiplications of each way over the number of parameters, both logarithmic."""
    ways = {way: [size.multiplications[way] for size in sizes] for way in sizes[0].multiplications}
    frame = Frame.of(*FRAME, SIZES, MULTIPLICATIONS, log="xy")
    at = sizes[looked_at]
    place = frame.x(at.parameters), frame.bottom
    said = "; ".join(f"{way} {large(count)}" for way, count in at.multiplications.items())
    xs = np.array([float(size.parameters) for size in sizes])
    lines = [
        curve(frame.path(xs, np.array(ys, float)), colour, dashes, 2)
        for (ys, colour, dashes) in zip(ways.values(), LOOKS, LINES, strict=True)
    ]
    return size_chart(
        WIDTH,
        frame,
        ("parameters", "multiplications"),
        at.parameters,
        "Counted: multiplications over the number of parameters",
        "Counted",
        f"With {at.parameters:,} parameters: {said}.",
        *lines,
        *(
            _mark(k, frame.x(at.parameters), frame.y(count))
            for k, count in enumerate(at.multiplications.values())
        ),
        *(  # above all lines, the highest first
            _name(frame.left + 10, frame.top + 12 + 16 * place, k, way)
            for place, (k, way) in enumerate(
                sorted(enumerate(ways), key=lambda pair: -ways[pair[1]][-1])
            )
        ),
        held("parameters", place, dot(*place, "ink"), x=("parameters", frame.x)),
        chosen=True,
    )


def race_times(sizes: Sequence[RaceSize], looked_at: int) -> Picture:
    """Draw how long each way took over the number of parameters, both logarithmic.

    Filled marks and solid lines were run to their end; hollow marks and dashed lines are reckoned.
    """
    frame = Frame.of(*FRAME, SIZES, SECONDS, log="xy")
    at = sizes[looked_at]
    place = frame.x(at.parameters), frame.bottom
    ways = [*sizes[0].multiplications]
    return size_chart(
        WIDTH,
        frame,
        ("parameters", "seconds"),
        at.parameters,
        "Timed: seconds over the number of parameters",
        "Timed, here and now",
        _times_in_words(sizes, ways),
        *(_way(frame, k, way, sizes) for k, way in enumerate(ways)),
        also("parameters", hit_area(place), dot(*place, "ink")),
        behind=tuple(_landmark(frame, name, seconds) for name, seconds in LANDMARKS.items()),
    )


def race_table(size: RaceSize, examples: int, clock: float, verdict: str = "") -> Picture:
    """Draw what each way costs at one size: passes, multiplications, time.

    Above it stands how many seconds the race took so far, once it has begun, and below it the
    `verdict`, a sentence, once it is over.
    """
    rows = []
    ways = [*size.multiplications]
    forward = size.multiplications[ways[0]]
    pass_time = size.durations.get(ways[0])
    for way, count in size.multiplications.items():
        time = size.durations.get(way)
        times = times_as_much(time.seconds / pass_time.seconds) if time and pass_time else UNKNOWN
        said = str(time) if time else UNKNOWN
        rows.append(
            Row((way, size.passes[way], large(count), times_as_much(count / forward), said, times))
        )
    on_clock = f"On the clock: {duration(clock)}" if clock else ""
    below = BELOW_TITLE + height_of_table(rows)
    told = verdict or ("" if clock else "Nothing has been run yet: Play starts the race.")
    return titled_table(
        TABLE_WIDTH,
        f"{size.parameters:,} parameters, a batch of {examples}",
        (on_clock and f"{on_clock}.\n")
        + (verdict and f"{verdict}\n")
        + rows_in_words(
            rows,
            "{}: passes {}; multiplications {}, {} times those of a forward pass; time {}, "
            "{} times that of a forward pass",
        ),
        COLUMNS,
        rows,
        *([text(TABLE_WIDTH - 8, 16, on_clock, text_anchor="end")] if on_clock else []),
        *(_mark(k, 7, BELOW_TITLE + LINE * (k + 1.5)) for k in range(len(rows))),
        *(
            text(6, below + 20 + 18 * k, line, font_weight="bold")
            for k, line in enumerate(wrap(told, 100))
        ),
        room=48,
    )


# ---- Parts --------------------------------------------------------------------------------------


def _way(frame: Frame, k: int, way: str, sizes: Sequence[RaceSize]) -> Svg:
    """Draw one way: solid between sizes at which it was run, else dashed."""
    known = [(size.parameters, size.durations[way]) for size in sizes if way in size.durations]
    parts = []
    for piece in pairwise(known):
        xs, ys = np.array([(x, each.seconds) for x, each in piece]).T
        run = all(each.is_measured for _, each in piece)
        look = (None, 2) if run else (DASHES, 1.5)
        parts.append(curve(frame.path(xs, ys), LOOKS[k], *look))
    parts += [
        _mark(k, frame.x(x), frame.y(each.seconds), hollow=not each.is_measured)
        for x, each in known
    ]
    return join(*parts)


def _mark(k: int, x: float, y: float, hollow: bool = False) -> Svg:
    """Draw the mark of the k-th way at a place."""
    across, down, on = SHAPES[k]
    return element(
        "path", d=f"M{x + across:.1f} {y + down:.1f}{on}", stroke=LOOKS[k], stroke_width=1.5,
        fill="ground" if hollow else LOOKS[k],
    )  # fmt: skip


def _name(x: float, y: float, k: int, way: str) -> Svg:
    return join(_mark(k, x, y), text(x + 10, y + 4, way, LOOKS[k]))


def _landmark(frame: Frame, name: str, seconds: float) -> Svg:
    y = frame.y(seconds)
    level = line(frame.left, y, frame.right, y, "quiet", stroke_opacity=0.35)
    return join(level, text(frame.left + 6, y - 4, name, "quiet"))


def _times_in_words(sizes: Sequence[RaceSize], ways: Sequence[str]) -> str:
    said = []
    for way in ways:
        known = [(size.parameters, size.durations[way]) for size in sizes if way in size.durations]
        ran = [pair for pair in known if pair[1].is_measured]
        if ran:
            said.append(f"{way}: {_from_to(ran)}")
        elif known:
            said.append(f"{way}: {_from_to(known)}")
    return f"{'; '.join(said)}." if said else "Nothing has been run yet."


def _from_to(known: Sequence[tuple[int, Duration]]) -> str:
    (few, first), (many, last) = known[0], known[-1]
    said = f"{first} with {few:,} parameters"
    return said if few == many else f"{said}, {last} with {many:,}"
