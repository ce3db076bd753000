"""Several trainings at once: how the loss of each goes, and how many it gets right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bp_helpers.pictures.marks import curve, dot
from bp_helpers.pictures.numerals import number, percent
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Frame, latest
from bp_helpers.pictures.svg import Svg, join, line, text

WIDTH, LEFT, TOP, ACROSS, DOWN, KEYS = 735, 56, 44, 390, 300, 462
LOSSES, SPAN = (0.01, 50.0), 500.0  # of the scales, which stay: losses, and steps seen at once
LOOKS = [("ink", None), ("class0", "7 4"), ("class1", "2 3"), ("class2", "11 3 2 3")]


class Version(NamedTuple):
    """One training: its name, its losses from the start on, the share right, whether it stands."""

    name: str
    losses: Sequence[float]
    right: float | None
    stopped: bool


def training_versions(trainings: Sequence[Version], every: int) -> Picture:
    """Draw the loss of up to four trainings, measured after each `every` steps.

    The scales always are the same: of more than 500 steps the last 500 are drawn. A share that is
    not known is None.
    """
    steps = every * (max(len(each.losses) for each in trainings) - 1)
    frame = Frame.of(LEFT, TOP, ACROSS, DOWN, latest(SPAN, steps), LOSSES, log="y")
    first = int(frame.x.low) // every
    said = [_said(each) for each in trainings]
    parts = []
    for k, (each, words, (colour, dashes)) in enumerate(zip(trainings, said, LOOKS, strict=False)):
        losses = np.clip(each.losses[first:], *LOSSES)
        at = every * (first + np.arange(float(len(losses))))
        parts.append(curve(frame.path(at, losses), colour, dashes, width=2.5))
        parts.append(dot(frame.x(at[-1]), frame.y(losses[-1]), colour, 4))
        parts.append(_key(TOP + 24 + 66 * k, each.name, words, colour, dashes))
    return picture(
        WIDTH,
        TOP + DOWN + 44,
        f"The loss of four trainings after {steps} steps",
        " ".join(f"{each.name}: {words}." for each, words in zip(trainings, said, strict=True)),
        text(0, 16, f"After {steps} steps", font_weight="bold"),
        frame.draw("step", "loss (logarithmic)"),
        *parts,
    )


def _said(each: Version) -> str:
    unseen = "" if each.right is None else f", {percent(each.right)} of unseen digits right"
    stands = "; grew beyond all bounds" if each.stopped else ""
    return f"loss {number(each.losses[-1], 2)}{unseen}{stands}"


def _key(y: float, name: str, said: str, colour: str, dashes: str | None) -> Svg:
    sample = line(KEYS, y, KEYS + 40, y, colour, stroke_width=2.5, stroke_dasharray=dashes)
    first, *rest = said.replace("; ", ", ").split(", ")
    below = [
        text(KEYS + 50, y + 22, first),
        *(text(KEYS + 50, y + 38 + 15 * k, more, "quiet") for k, more in enumerate(rest)),
    ]
    return join(sample, text(KEYS + 50, y + 4, name, colour, font_weight="bold"), *below)
