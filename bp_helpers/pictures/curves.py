"""How training goes: the loss, epoch by epoch, and how large each layer's gradient is."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from bp_helpers.pictures.axes import key
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import MINUS, Svg, element, join, number, picture, text

WIDTH, LEFT, TOP, ACROSS, DOWN = 400, 52, 90, 330, 260  # as high as the surface beside it
BAR, BARS_LEFT, BARS_TOP, BARS_ACROSS, BARS_WIDTH = 34, 64, 36, 210, 350
TINY, HUGE = 1e-12, 1e12  # what is beyond lies on the edge of a logarithmic axis
MOST_POINTS = 300  # a longer curve is drawn from fewer of its points
Limits = tuple[float, float]


def loss_curve(
    training: Sequence[float], unseen: Sequence[float], right: tuple[float, float], note: str = ""
) -> Svg:
    """Draw two losses, the first one before any training and then one for each epoch.

    `training` is solid, `unseen` dashed; both have the same length, at least 1, and `right` has for
    each the share that is decided rightly at the end. The axes grow in steps of 1, 2, 5, 10 and so
    on, so that the curves stand still while they grow. `note`, up to two lines, is written below.
    """
    epochs = len(training) - 1
    across = 0.0, max(20.0, _round(epochs))
    down = _log_limits([*training, *unseen], 0.1, 2)
    names = ("training", training), ("unseen", unseen)
    keys = [
        f"{name} {number(losses[-1], 4)}, {100 * share:.1f} % right"
        for (name, losses), share in zip(names, right, strict=True)
    ]
    return picture(
        WIDTH,
        TOP + DOWN + 98,  # with room for a note
        "The loss, epoch by epoch",
        f"Loss after {epochs} epochs: {'; '.join(keys)}." + (f" {note}." if note else ""),
        text(0, 16, f"Loss after {epochs} epochs", font_weight="bold"),
        key(36, keys[0], "forward"),
        key(58, keys[1], "ink", "5 4"),
        _frame(across, down),
        _curve(unseen, across, down, stroke=paint("ink"), stroke_dasharray="5 4"),
        _curve(training, across, down, stroke=paint("forward")),
        _note(note),
    )


def gradient_bars(names: Sequence[str], sizes: Sequence[float]) -> Svg:
    """Draw a bar for each layer's gradient, of logarithmic length: a tick is a factor of 10."""
    low, high = min([1e-4, *sizes]), max([1, *sizes])
    limits = 10.0 ** math.floor(_log(low)), 10.0 ** math.ceil(_log(high))
    end = BARS_TOP - 4 + BAR * len(names)
    return picture(
        BARS_WIDTH,
        end + 46,
        "The size of each layer's gradient",
        "; ".join(f"{name}: {_short(size)}" for name, size in zip(names, sizes, strict=True)) + ".",
        text(0, 16, "Size of the gradient, by layer", font_weight="bold"),
        *(_bar(k, name, sizes[k], limits) for k, name in enumerate(names)),
        element(
            "line", x1=BARS_LEFT, y1=end, x2=BARS_LEFT + BARS_ACROSS, y2=end, stroke=paint("quiet")
        ),
        *(
            _x_tick(BARS_LEFT + BARS_ACROSS * _share(value, limits, log=True), end, value)
            for value in _decades(limits, 4)
        ),
        text(BARS_LEFT + BARS_ACROSS / 2, end + 38, "length (logarithmic)", text_anchor="middle"),
    )


# ---- The parts ---------------------------------------------------------------------------------


def _frame(across: Limits, down: Limits) -> Svg:
    end = TOP + DOWN
    frame = element(
        "rect", x=LEFT, y=TOP, width=ACROSS, height=DOWN, fill="none", stroke=paint("quiet")
    )
    pieces = 5 if str(across[1])[0] == "5" else 4  # 50 is five times 10, 20 four times 5
    parts = [frame]
    parts += [
        _x_tick(LEFT + ACROSS * k / pieces, end, across[1] * k / pieces) for k in range(pieces + 1)
    ]
    parts += [_y_tick(TOP + DOWN * (1 - _share(v, down, log=True)), v) for v in _log_ticks(down)]
    parts.append(text(LEFT + ACROSS / 2, end + 38, "epoch", text_anchor="middle"))
    parts.append(text(LEFT, TOP - 8, "loss (logarithmic)"))
    return join(parts)


def _x_tick(x: float, y: float, value: float) -> Svg:
    mark = element("line", x1=x, y1=y, x2=x, y2=y + 4, stroke=paint("quiet"))
    return join([mark, text(x, y + 18, _tick_label(value), "quiet", text_anchor="middle")])


def _y_tick(y: float, value: float) -> Svg:
    mark = element("line", x1=LEFT - 4, y1=y, x2=LEFT, y2=y, stroke=paint("quiet"))
    return join([mark, text(LEFT - 7, y + 4.5, _tick_label(value), "quiet", text_anchor="end")])


def _curve(losses: Sequence[float], across: Limits, down: Limits, **look: str) -> Svg:
    last = len(losses) - 1
    step = max(1, math.ceil(last / MOST_POINTS))
    places = [
        (LEFT + ACROSS * _share(k, across), TOP + DOWN * (1 - _share(losses[k], down, log=True)))
        for k in [*range(0, last, step), last]
    ]
    path = "M" + "L".join([f"{x:.1f} {y:.1f}" for x, y in places])
    x, y = places[-1]
    return join(
        [
            element("path", d=path, fill="none", stroke_width=2, **look),
            element("circle", cx=x, cy=y, r=3.5, fill=look["stroke"]),
        ]
    )


def _note(note: str) -> Svg:
    lines = textwrap.wrap(note, 40)
    if not lines:
        return Svg()
    top = TOP + DOWN + 48
    ground = element(
        "rect", x=LEFT, y=top, width=ACROSS, height=12 + 18 * len(lines), rx=4,
        fill=paint("lit"), stroke=paint("ink"),
    )  # fmt: skip
    written = [text(LEFT + 10, top + 19 + 18 * k, line) for k, line in enumerate(lines)]
    return join([ground, *written])


def _bar(k: int, name: str, size: float, limits: Limits) -> Svg:
    y = BARS_TOP + BAR * k
    length = BARS_ACROSS * _share(size, limits, log=True)
    bar = element("rect", x=BARS_LEFT, y=y, width=length, height=BAR - 12, fill=paint("backward"))
    return join(
        [
            text(BARS_LEFT - 8, y + 16, name, text_anchor="end"),
            bar,
            text(BARS_LEFT + length + 6, y + 16, _short(size), "backward"),
        ]
    )


# ---- Axes that stand still ---------------------------------------------------------------------


def _log(value: float) -> float:
    return math.log10(min(max(value, TINY), HUGE))


def _share(value: float, limits: Limits, log: bool = False) -> float:
    low, high = limits
    if log:
        value, low, high = _log(value), _log(low), _log(high)
    return min(max((value - low) / (high - low), 0), 1)


def _log_limits(values: Sequence[float], low: float, high: float) -> Limits:
    """Return limits around the values, at least `low` and `high`, at 1, 2 or 5 times a power."""
    return _round(min([low, *values]), down=True), _round(max([high, *values]))


def _round(value: float, down: bool = False) -> float:
    """Return the next of ..., 0.1, 0.2, 0.5, 1, 2, 5, ... up or down."""
    value = min(max(value, TINY), HUGE)
    power = math.floor(math.log10(value))
    near = [k * 10.0**p for p in (power - 1, power, power + 1) for k in (1, 2, 5)]
    if down:
        return max(v for v in near if v <= value * (1 + 1e-9))
    return min(v for v in near if v >= value * (1 - 1e-9))


def _log_ticks(limits: Limits) -> list[float]:
    """Return 1, 2, 5, 10 and so on between the limits, or where these are many, powers of 10."""
    powers = range(math.floor(_log(limits[0])), math.ceil(_log(limits[1])) + 1)
    if len(powers) > 4:
        return _decades(limits, 6)
    fine = [k * 10.0**p for p in powers for k in (1, 2, 5)]
    return [v for v in fine if limits[0] * (1 - 1e-9) <= v <= limits[1] * (1 + 1e-9)]


def _decades(limits: Limits, most: int) -> list[float]:
    """Return powers of 10 from the lower to the upper limit, about `most`, evenly spaced."""
    low, high = math.ceil(_log(limits[0]) - 1e-9), math.floor(_log(limits[1]) + 1e-9)
    return [10.0**p for p in range(low, high + 1, max(1, math.ceil((high - low) / most)))]


def _tick_label(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", MINUS)
