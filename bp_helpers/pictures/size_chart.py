"""What something costs over its size, both logarithmic."""

from __future__ import annotations

from dataclasses import dataclass

from bp_helpers.pictures.numerals import duration
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Frame
from bp_helpers.pictures.svg import Svg, text

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
    chosen: bool = False,
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
        chosen=chosen,
    )


@dataclass(frozen=True)
class Duration:
    """Seconds; `is_measured` says that they passed, and were not reckoned from a part."""

    seconds: float
    is_measured: bool

    def __str__(self) -> str:
        return ("" if self.is_measured else "would take ") + duration(self.seconds)
