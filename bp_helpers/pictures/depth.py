"""How large activations and blame are, layer by layer, and how steep the activations are."""

from __future__ import annotations

import numpy as np

from bp_helpers.pictures.marks import DASHES, curve, key
from bp_helpers.pictures.numerals import percent, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame
from bp_helpers.pictures.svg import Svg, element, join, line, rect, text

WIDTH, LEFT, ACROSS = 560, 56, 480
SPREAD_TOP, SPREAD_DOWN, LENGTH_TOP, LENGTH_DOWN = 62, 84, 204, 136
SPREADS, LENGTHS = (1e-6, 1e6), (1e-12, 1e6)  # of the scales, which stay
HIST_WIDTH, HIST_TOP, HIST_DOWN = 330, 62, 278
MOST_SHARE = 1.0


def layer_sizes(
    spread: FloatArray, lengths: FloatArray, factors: tuple[float, float], formula: str
) -> Picture:
    """Draw bars by layer: how large the activations are, and how long delta is.

    Both have shape (3, layers): the middle value, and the two ends of a line if they differ.
    `factors` are the measured and the predicted factor per layer going back; `formula` says in a
    few words where the latter comes from. The scales are logarithmic and stay: what is beyond them
    is cut, with an arrow head.
    """
    layers = spread.shape[1]
    measured, predicted = (short(factor) for factor in factors)
    said = f"per layer going back: measured {measured}, predicted {predicted}"
    top = Frame.of(LEFT, SPREAD_TOP, ACROSS, SPREAD_DOWN, (0.5, layers + 0.5), SPREADS, log="y")
    bottom = Frame.of(LEFT, LENGTH_TOP, ACROSS, LENGTH_DOWN, (0.5, layers + 0.5), LENGTHS, log="y")
    at = np.arange(1.0, layers + 1)
    promised = lengths[0, -1] * factors[1] ** (layers - at)
    return picture(
        WIDTH,
        LENGTH_TOP + LENGTH_DOWN + 62,
        "Activations and blame, layer by layer",
        f"Factor {said} ({formula}). Hidden layers: {layers}. Length of delta: "
        f"{_ends(lengths[0])}{_beyond(lengths[0])}. {_band(lengths)}"
        f"Root mean square of the activations: {_ends(spread[0])}.",
        text(0, 16, "Layer by layer", font_weight="bold"),
        text(LEFT, SPREAD_TOP - 26, "size of the activations", "forward"),
        _axes(top),
        *_bars(top, spread, "forward"),
        text(LEFT, LENGTH_TOP - 26, "length of delta", "backward"),
        _axes(bottom),
        *_bars(bottom, lengths, "backward"),
        curve(bottom.path(at, promised), "ink", DASHES, width=2),
        text(LEFT + ACROSS / 2, bottom.bottom + 33, "hidden layer", text_anchor="middle"),
        _layer_numbers(bottom, layers),
        key(0, LENGTH_TOP + LENGTH_DOWN + 54, f"predicted: {formula}", "ink", DASHES),
        text(WIDTH, 16, f"measured ×{measured}", "backward", text_anchor="end", font_weight="bold"),
        text(WIDTH, 36, f"predicted ×{predicted}", text_anchor="end"),
        text(WIDTH, 54, "per layer, going back", "quiet", text_anchor="end"),
    )


def slope_histogram(
    edges: FloatArray, shares: FloatArray, slope: float, mean: float, dead: tuple[int, int]
) -> Picture:
    """Draw which shares of the slopes lie between the edges, and where their root mean square is.

    `dead` are the units with slope 0 for all examples, and how many units there are.
    """
    frame = Frame.of(
        48, HIST_TOP + 30, HIST_WIDTH - 60, HIST_DOWN - 30, (edges[0], edges[-1]), (0.0, MOST_SHARE)
    )
    tallest = int(shares.argmax())
    return picture(
        HIST_WIDTH,
        HIST_TOP + HIST_DOWN + 62,
        "The slopes of the activations",
        f"Root mean square {short(slope)}, mean {short(mean)}. The tallest bar, "
        f"{percent(float(shares[tallest]))} of them, goes from {short(float(edges[tallest]))} to "
        f"{short(float(edges[tallest + 1]))}. Dead units, with slope 0 for all examples: "
        f"{dead[0]} of {dead[1]}.",
        text(0, 16, "Slopes of the activations", font_weight="bold"),
        key(0, 36, f"root mean square {short(slope)}", "ink"),
        key(0, 58, f"mean {short(mean)}", "quiet", DASHES),
        frame.draw("slope", "share of the slopes"),
        *(
            rect(
                frame.x(left), frame.y(share), frame.x(right) - frame.x(left),
                frame.bottom - frame.y(share), fill="forward", fill_opacity=0.6,
            )
            for left, right, share in zip(
                edges[:-1].tolist(), edges[1:].tolist(), shares.tolist(), strict=True
            )
            if share > 0
        ),
        _upright(frame, slope, "ink"),
        _upright(frame, mean, "quiet", DASHES),
        text(0, HIST_TOP + HIST_DOWN + 58, f"dead units: {dead[0]} of {dead[1]}"),
    )  # fmt: skip


def _ends(sizes: FloatArray) -> str:
    first, last = float(sizes[0]), float(sizes[-1])
    if len(sizes) == 1:
        return short(first)
    return f"{short(first)} in layer 1, {short(last)} in layer {len(sizes)}"


def _beyond(lengths: FloatArray) -> str:
    """Say which is the last layer whose delta is too short for the scale."""
    short_ones = np.flatnonzero(lengths < LENGTHS[0])
    return (
        f"; below {short(LENGTHS[0])} up to layer {short_ones[-1] + 1}" if short_ones.size else ""
    )


def _band(lengths: FloatArray) -> str:
    """Say between which ends the thin line of the first layer lies, where there are lines."""
    _, low, high = lengths[:, 0].tolist()
    return f"Layer 1 from {short(low)} to {short(high)}. " if high > low else ""


def _axes(frame: Frame) -> Svg:
    """Draw a frame with lines at powers of ten, and one through 1 that stands out."""
    parts = [frame.outline()]
    low, high = (round(np.log10(end)) for end in (frame.y.low, frame.y.high))
    for power in range(low, high + 1, 6 if high - low > 12 else 3):
        value = 10.0**power
        y, said = frame.y(value), frame.y.label(value)
        width = 1.5 if power == 0 else 0.5
        parts.append(
            line(frame.left, y, frame.right, y, "quiet", stroke_width=width, stroke_opacity=0.7)
        )
        parts.append(text(frame.left - 7, y + 4, said, "quiet", text_anchor="end"))
    return join(*parts)


def _bars(frame: Frame, sizes: FloatArray, colour: str) -> list[Svg]:
    layers = sizes.shape[1]
    room = (frame.right - frame.left) / layers
    wide = min(0.7 * room, 22.0)
    return [
        _bar(frame, frame.x(k + 1) - wide / 2, wide, sizes[:, k].tolist(), colour)
        for k in range(layers)
    ]


def _bar(frame: Frame, x: float, wide: float, three: list[float], colour: str) -> Svg:
    size, low, high = three
    top, middle = frame.y(size), x + wide / 2
    parts = []
    if size > frame.y.low:
        parts.append(rect(x, top, wide, frame.bottom - top, fill=colour, fill_opacity=0.8))
    if high > low:
        parts.append(line(middle, frame.y(low), middle, frame.y(high), "ink", stroke_width=1.5))
    if size > frame.y.high:
        parts.append(_cut(middle, frame.top, -1, wide, colour))
    elif size <= frame.y.low:
        parts.append(_cut(middle, frame.bottom, 1, wide, colour))
    return join(*parts)


def _cut(middle: float, y: float, way: int, wide: float, colour: str) -> Svg:
    """Draw a small arrow head that points out of the frame, up (-1) or down (1)."""
    half = min(wide / 2, 6)
    return element(
        "path", d=f"M{middle - half:.1f} {y:.1f}h{2 * half:.1f}l{-half:.1f} {6 * way}z", fill=colour
    )


def _layer_numbers(frame: Frame, layers: int) -> Svg:
    every = 1 if layers <= 20 else 5 if layers <= 40 else 10
    shown = [1, *range(every, layers + 1, every)] if every > 1 else range(1, layers + 1)
    return join(
        *(text(frame.x(k), frame.bottom + 17, str(k), "quiet", text_anchor="middle") for k in shown)
    )


def _upright(frame: Frame, at: float, colour: str, dashes: str | None = None) -> Svg:
    x = frame.x(at)
    return curve(f"M{x:.1f} {frame.bottom:.1f}L{x:.1f} {frame.top:.1f}", colour, dashes, width=2)
