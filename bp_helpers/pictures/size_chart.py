"""What something costs over its size, both logarithmic; and how seconds are written."""

from __future__ import annotations

from dataclasses import dataclass

from bp_helpers.pictures.numerals import plain
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Frame
from bp_helpers.pictures.svg import Svg, text

MINUTE, HOUR, DAY, YEAR = 60.0, 3600.0, 86400.0, 31557600.0
UNITS = [  # a unit, and up to how many of it
    ("µs", 1e-6, 1000), ("ms", 1e-3, 1000), ("seconds", 1.0, 120), ("minutes", MINUTE, 120),
    ("hours", HOUR, 48), ("days", DAY, 731), ("years", YEAR, float("inf")),
]  # fmt: skip
BELOW = 40  # pixels of the picture below the frame


def size_chart(
    width: float,
    frame: Frame,
    names: tuple[str, str],
    at: float,
    title: str,
    heading: str,
    words: str,
    *lines: Svg,
    behind: tuple[Svg, ...] = (),
) -> Picture:
    """Draw a frame with its axes' `names`, an upright line at the size `at`, and what is given.

    `behind` is drawn before that line, `lines` after it.
    """
    return picture(
        width,
        frame.bottom + BELOW,
        title,
        words,
        text(0, 15, heading, font_weight="bold"),
        frame.draw(*names),
        *behind,
        frame.upright(at),
        *lines,
    )


@dataclass(frozen=True)
class Duration:
    """Seconds; `is_measured` says that they passed, and were not reckoned from a part."""

    seconds: float
    is_measured: bool

    def __str__(self) -> str:
        if self.is_measured:
            return written_duration(self.seconds)
        return f"would take {written_duration(self.seconds)}"


def written_duration(seconds: float) -> str:
    """Return seconds in a unit that suits them, with two digits: 4.5 ms, 3.2 hours, 170 years."""
    name, unit, _ = next(one for one in UNITS if seconds < one[2] * one[1])
    count = float(f"{seconds / unit:.2g}")
    if count >= 1e6:
        return f"{plain(count, 2)} {name}"
    return f"{count:,.0f} {name}" if count >= 10 else f"{count:.1f} {name}"
