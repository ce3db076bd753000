"""How long a step takes on many machines: the arithmetic, the sending, and both together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bp_helpers.pictures.marks import DASHES, curve, dot
from bp_helpers.pictures.numerals import counted, duration
from bp_helpers.pictures.picture import Picture
from bp_helpers.pictures.scales import FloatArray, Frame, Limits, held
from bp_helpers.pictures.size_chart import size_chart
from bp_helpers.pictures.svg import Svg, circle, text
from bp_helpers.pictures.table import (
    BELOW_TITLE,
    Column,
    Row,
    height_of_table,
    rows_in_words,
    titled_table,
)

WIDTH = 470
FRAME = (64, 44, 300, 246)  # left, top, width and height in pixels
MACHINES: Limits = (1.0, 1000.0)
SECONDS: Limits = (1e-6, 1e6)
TABLE_WIDTH = 400
COLUMNS = (Column("", 0, "start"), Column("one machine", 250), Column("here", 390))


@dataclass(frozen=True)
class StepTimes:
    """The seconds of a step's arithmetic and of its sending, for each number of machines.

    `looked_at` is where the chosen number of machines stands among `machines`.
    """

    machines: tuple[int, ...]
    arithmetic: tuple[float, ...]
    sending: tuple[float, ...]
    looked_at: int

    @property
    def here(self) -> int:
        """The chosen number of machines."""
        return self.machines[self.looked_at]

    @property
    def steps(self) -> FloatArray:
        """The seconds of both together."""
        return np.add(self.arithmetic, self.sending)


def step_times(times: StepTimes) -> Picture:
    """Draw the seconds of a step over the number of machines, both logarithmic."""
    frame, looked_at = Frame.of(*FRAME, MACHINES, SECONDS, log="xy"), times.looked_at
    xs = np.array(times.machines, float)
    lines = {  # the sum is a broad band: where it is nearly one of the two, that lies on it
        "a step": (times.steps, "quiet", None, 5),
        "arithmetic": (np.array(times.arithmetic), "forward", None, 1.5),
        "sending": (np.array(times.sending), "ink", DASHES, 1.5),
    }
    x = frame.x(times.here)
    said = "; ".join(f"{name} {_written(ys[looked_at])}" for name, (ys, *_) in lines.items())
    return size_chart(
        WIDTH,
        frame,
        ("machines", "seconds"),
        times.here,
        "Seconds of a step over the number of machines",
        "On paper: how long a step takes",
        f"With {counted(times.here, 'machine')}: {said}.",
        *(
            curve(frame.path(xs, ys), colour, dashes, width)
            for ys, colour, dashes, width in lines.values()
        ),
        *(
            circle(x, frame.y(float(ys[looked_at])), 4, fill=colour)
            for ys, colour, _, _ in lines.values()
            if ys[looked_at] > 0
        ),
        *_names(frame, {name: (float(ys[-1]), look) for name, (ys, look, *_) in lines.items()}),
        _step_here(frame, times),
        chosen=True,
    )


def _step_here(frame: Frame, times: StepTimes) -> Svg:
    """Draw the step that is looked at: across, the machines are dragged, and up the parameters.

    All of its seconds are in proportion to these, so that both go by the same scale.
    """
    place = frame.x(times.here), frame.y(float(times.steps[times.looked_at]))
    machines, parameters = ("machines", frame.x), ("parameters", frame.y)
    return held("the step", place, dot(*place, "ink"), x=machines, y=parameters)


def _names(frame: Frame, ends: dict[str, tuple[float, str]]) -> list[Svg]:
    """Write each line's name beside its end, one below the other where they would touch."""
    names: list[Svg] = []
    lowest = -math.inf
    for name, (seconds, colour) in sorted(ends.items(), key=lambda pair: -pair[1][0]):
        lowest = max(frame.y(seconds) + 4, lowest + 15)
        names.append(text(frame.right + 8, lowest, name, colour))
    return names


def step_table(times: StepTimes) -> Picture:
    """Write out the times of a step on one machine and on the number looked at."""
    steps = times.steps.tolist()
    lines = {"arithmetic": times.arithmetic, "sending": times.sending, "a step": steps}
    best = int(np.argmin(steps))
    speedup = steps[0] / steps[times.looked_at]
    rows = [
        Row((name, _written(ys[0]), _written(ys[times.looked_at]))) for name, ys in lines.items()
    ]
    rows.append(Row(("times as fast", "1", f"{speedup:.2g}" if speedup < 10 else f"{speedup:.0f}")))
    title = f"One machine beside {times.here:,}"
    verdict = (
        "No number of machines beats one."
        if best == 0
        else f"Fastest, of those on the slider: {counted(times.machines[best], 'machine')}."
    )
    below = BELOW_TITLE + height_of_table(rows)
    return titled_table(
        TABLE_WIDTH,
        title,
        f"{rows_in_words(rows, '{}: {} on one, {} here', '; ')} {verdict}",
        COLUMNS,
        rows,
        text(0, below + 38, verdict),
        room=52,
    )


def _written(seconds: float) -> str:
    return duration(float(seconds)) if seconds else "nothing"
