"""How training goes: the loss, epoch by epoch, and how large each layer's gradient is."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import numpy as np

from bp_helpers.pictures.marks import DASHES, curve, dot, key
from bp_helpers.pictures.numerals import number, percent
from bp_helpers.pictures.picture import Picture, beside, picture
from bp_helpers.pictures.scales import (
    Frame,
    Limits,
    Scale,
    axis_below,
    latest,
    limits,
    round_down,
    round_up,
)
from bp_helpers.pictures.svg import Svg, join, line, rect, text
from bp_helpers.training import History

WIDTH, LEFT, TOP, ACROSS, DOWN = 356, 52, 90, 290, 260  # as high as the surface beside it
BAR, BARS_LEFT, BARS_TOP, BARS_ACROSS, BARS_WIDTH = 34, 72, 36, 204, 336
TINY, HUGE = 1e-12, 1e12  # what is beyond lies on the edge of a logarithmic axis
EPOCHS = 100.0  # that are seen at once
LOSSES = 1e-3, 10.0  # what is beyond lies on the edge


def loss_curve(
    training: Sequence[float], unseen: Sequence[float], right: tuple[float, float], note: str = ""
) -> Picture:
    """Draw two losses, the first one before any training and then one for each epoch.

    `training` is solid, `unseen` dashed; both have the same length, at least 1, and `right` has for
    each the share classified correctly at the end. The scales always are the same: of more than a
    hundred epochs the last hundred are drawn. `note`, up to two lines, is written below.
    """
    epochs = len(training) - 1
    frame = Frame.of(LEFT, TOP, ACROSS, DOWN, latest(EPOCHS, epochs), LOSSES, log="y")
    names = ("training", training), ("unseen", unseen)
    keys = [
        f"{name} {number(losses[-1], 4)}, {percent(share)} right"
        for (name, losses), share in zip(names, right, strict=True)
    ]
    return picture(
        WIDTH,
        TOP + DOWN + 98,  # with room for a note
        "The loss, epoch by epoch",
        f"Loss after {epochs} epochs: {'; '.join(keys)}." + (f" {note}." if note else ""),
        text(0, 16, f"Loss after {epochs} epochs", font_weight="bold"),
        key(0, 36, keys[0], "forward"),
        key(0, 58, keys[1], "ink", DASHES),
        frame.draw("epoch", "loss (logarithmic)"),
        _losses(frame, unseen, "ink", DASHES),
        _losses(frame, training, "forward"),
        _note(note),
    )


def gradient_sizes(
    names: Sequence[str],
    sizes: Sequence[float],
    ends: Limits | None = None,
    title: str = "Size of the gradient, by layer",
) -> Picture:
    """Draw a bar for each gradient, of logarithmic length: a tick is a factor of 10.

    `ends` are those of the scale, powers of ten; without them it has room for all of the sizes.
    """
    low, high = (min(max(size, TINY), HUGE) for size in (min([1e-4, *sizes]), max([1, *sizes])))
    around = 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))
    scale = Scale(*(ends or around), BARS_LEFT, BARS_LEFT + BARS_ACROSS, log=True)
    end = BARS_TOP - 4 + BAR * len(names)
    return picture(
        BARS_WIDTH,
        end + 46,
        title,
        "; ".join(f"{name}: {number(size, 4)}" for name, size in zip(names, sizes, strict=True))
        + ".",
        text(0, 16, title, font_weight="bold"),
        *(_bar(BARS_TOP + BAR * k, name, sizes[k], scale) for k, name in enumerate(names)),
        line(scale.start, end, scale.end, end, "quiet"),
        axis_below(scale, end),
        text(scale.start + BARS_ACROSS / 2, end + 38, "length (logarithmic)", text_anchor="middle"),
    )


def training_curves(history: History) -> Picture:
    """Draw loss and accuracy, epoch by epoch: training solid, validation dashed.

    Needs a history with accuracies, hence a cross-entropy loss; refuses another with a
    `ValueError`.
    """
    if not history.loss or None in history.accuracy:
        raise ValueError(
            f"training_curves got {len(history.loss)} epochs with accuracies "
            f"{history.accuracy[:1]}: it needs at least one, trained with a cross-entropy loss"
        )
    training, validation = (
        [share or 0.0 for share in shares]
        for shares in (history.accuracy, history.validation_accuracy)
    )
    return beside(
        _loss_by_epoch(history.loss, history.validation_loss),
        _accuracy_by_epoch(training, validation),
    )


def _loss_by_epoch(training: Sequence[float], validation: Sequence[float]) -> Picture:
    said = _both_described(training, validation, 4)
    down = _log_limits([*training, *validation])
    return _two_curves("Loss", said, down, training, validation, "y", "loss (logarithmic)")


def _accuracy_by_epoch(training: Sequence[float], validation: Sequence[float]) -> Picture:
    training, validation = ([100 * share for share in shares] for shares in (training, validation))
    said = _both_described(training, validation, None)
    low, high = limits(training, validation)
    down = low, min(high, 100.0)
    return _two_curves("Right answers", said, down, training, validation, "", "percent")


def _two_curves(
    title: str,
    said: str,
    down: Limits,
    training: Sequence[float],
    validation: Sequence[float],
    log: str,
    unit: str,
) -> Picture:
    epochs = np.arange(1.0, len(training) + 1)
    frame = Frame.of(64, 64, 290, 190, limits(epochs), down, log)
    dashed = []
    if validation:
        line = curve(frame.path_within(epochs, validation), "ink", DASHES, width=2)
        dashed = [key(130, 36, "validation", "ink", DASHES), line]
    return picture(
        372,
        296,
        title,
        said,
        text(0, 16, title, font_weight="bold"),
        key(0, 36, "training", "forward"),
        frame.draw("epoch", unit),
        *dashed,
        curve(frame.path_within(epochs, training), "forward", width=2),
    )


# ---- The parts ---------------------------------------------------------------------------------


def _log_limits(values: Sequence[float]) -> Limits:
    """Return limits around the values, at 1, 2 or 5 times a power of ten."""
    low, high = (min(max(value, TINY), HUGE) for value in (min(values), max(values)))
    low, high = round_down(low), round_up(high)
    return (low, high) if low < high else (low / 2, high * 2)


def _losses(frame: Frame, losses: Sequence[float], colour: str, dashes: str | None = None) -> Svg:
    first, last = int(frame.x.low), len(losses) - 1
    line = frame.path_within(np.arange(first, last + 1.0), losses[first:])
    end = dot(frame.x(last), frame.y(losses[-1]), colour, 4)
    return join(curve(line, colour, dashes, width=2), end)


def _note(note: str) -> Svg:
    lines = textwrap.wrap(note, 40)
    if not lines:
        return Svg()
    top = TOP + DOWN + 48
    ground = rect(LEFT, top, ACROSS, 12 + 18 * len(lines), rx=4, fill="lit", stroke="ink")
    written = [text(LEFT + 10, top + 19 + 18 * k, line) for k, line in enumerate(lines)]
    return join(ground, *written)


def _bar(y: float, name: str, size: float, scale: Scale) -> Svg:
    end = scale(size)
    bar = rect(scale.start, y, end - scale.start, BAR - 12, fill="backward")
    return join(
        text(scale.start - 8, y + 16, name, text_anchor="end"),
        bar,
        text(end + 6, y + 16, number(size, 4), "backward"),
    )


def _both_described(
    training: Sequence[float], validation: Sequence[float], decimals: int | None
) -> str:
    said = [f"Training: {_described(training, decimals)}."]
    if validation:
        said.append(f"Validation: {_described(validation, decimals)}.")
    return " ".join(said)


def _described(values: Sequence[float], decimals: int | None) -> str:
    """Return five of the values with their epochs; without decimals, they are in percent."""
    last = len(values) - 1
    stops = sorted({round(quarter * last / 4) for quarter in range(5)})
    written = [
        percent(values[k] / 100) if decimals is None else number(values[k], decimals) for k in stops
    ]
    return ", ".join(f"{w} (epoch {k + 1})" for w, k in zip(written, stops, strict=True))
