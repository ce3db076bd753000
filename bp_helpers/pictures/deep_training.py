"""A deep network in several versions: their gradients by layer, and how each of them trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bp_helpers.pictures.marks import curve, dot
from bp_helpers.pictures.numerals import number, percent, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Frame, latest, round_down, round_up
from bp_helpers.pictures.svg import Svg, join, line, text

WIDTH, LEFT, TOP, ACROSS, DOWN, KEYS = 735, 56, 44, 390, 300, 462
LOSSES, SPAN = (0.01, 50.0), 500.0  # of the scales, which stay: losses, and steps seen at once
LAYERS_DOWN = 210
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


def gradients_by_layer(lengths: Mapping[str, Sequence[float]]) -> Picture:
    """Draw how long the gradient of each layer is, in up to four versions of one network.

    `lengths` has them by the name of the version, first layer first. All are positive.
    """
    each = np.array([*lengths.values()], dtype=np.float64)
    layers = np.arange(1.0, each.shape[1] + 1)
    ends = round_down(float(each.min())), round_up(float(each.max()))
    frame = Frame.of(LEFT, TOP, ACROSS, LAYERS_DOWN, (1, len(layers)), ends, log="y")
    rows = [
        (name, f"dW1 {short(own[0], 2)}", f"dW{len(own)} {short(own[-1], 2)}")
        for name, own in zip(lengths, each.tolist(), strict=True)
    ]
    parts = []
    for k, (own, row, look) in enumerate(zip(each, rows, LOOKS, strict=False)):
        parts.append(curve(frame.path(layers, own), *look, width=2.5))
        parts.append(_key(TOP + 12 + 52 * k, row[0], ", ".join(row[1:]), *look))
    return picture(
        WIDTH,
        TOP + LAYERS_DOWN + 44,
        "The length of each layer's gradient",
        " ".join(f"{name}: {first}, {last}." for name, first, last in rows),
        text(0, 16, "The length of each layer's gradient", font_weight="bold"),
        frame.draw("layer", "length of dW (logarithmic)"),
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
