"""How large activations and blame are, layer by layer, and how steep the activations are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bp_helpers.pictures.marks import DASHES, curve, dot, key
from bp_helpers.pictures.numerals import TIMES, UNKNOWN, percent, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame, Scale, held
from bp_helpers.pictures.svg import Svg, element, join, line, rect, text

MOST_LAYERS = 60
LAYERS = (0.5, MOST_LAYERS + 0.5)  # of all axes: a layer stays in its place, however many there are
WIDTH, LEFT, ACROSS = 510, 110, 390  # so the slider along it fits a window of 683 pixels
STEP = ACROSS / MOST_LAYERS  # from layer to layer
BAR = 0.7 * STEP
LAYER_AXIS = Scale(1, MOST_LAYERS, LEFT + STEP / 2, LEFT + ACROSS - STEP / 2)
SPREAD_TOP, SPREAD_DOWN, LENGTH_TOP, LENGTH_DOWN = 46, 100, 184, 188
BOTTOM, BELOW = LENGTH_TOP + LENGTH_DOWN, 42  # of the lowest frames, and what is below them
SPREADS, LENGTHS = (1e-6, 1e6), (1e-12, 1e6)  # of the scales, which stay
SLOPES_WIDTH, SLOPES_LEFT, SLOPES_ACROSS = 330, 48, 270
HIST_TOP, HIST_DOWN, FACTORS_TOP = 86, 80, 296
MOST_SHARE = 1.0
FACTORS = (0.1, 10.0)  # what is beyond lies on the edge
NUMBERED = (1, *range(10, MOST_LAYERS + 1, 10))  # layers whose numbers stand below an axis


@dataclass(frozen=True)
class Slopes:
    """How steep the activations are: the `shares` of the slopes that lie between the `edges`.

    Also their root mean square and their mean, and how many of the `units` are `dead`: they have
    slope 0 for all examples.
    """

    edges: FloatArray
    shares: FloatArray
    root_mean_square: float
    mean: float
    dead: int
    units: int


def layer_sizes(spread: FloatArray, lengths: FloatArray, predicted: FloatArray) -> Picture:
    """Draw bars by layer: how far apart the activations are, and how long delta is.

    `spread` and `lengths` have shape (3, layers): the middle value, and the two ends of a line if
    they differ. `predicted`, shape (layers - 1,), has the predicted factor from each layer's
    successor back to the layer, or NaN where there is none: a skip connection leads around that,
    unchanged. The prediction begins at the last layer that has any delta, and is drawn for those
    that have. The scales stay; those of the sizes are logarithmic, and what is
    beyond them is cut, with an arrow head. The end of the network can be dragged, as `layers`.
    """
    layers = spread.shape[1]
    top = Frame.of(LEFT, SPREAD_TOP, ACROSS, SPREAD_DOWN, LAYERS, SPREADS, log="y")
    bottom = Frame.of(LEFT, LENGTH_TOP, ACROSS, LENGTH_DOWN, LAYERS, LENGTHS, log="y")
    steps = np.append(np.nan_to_num(predicted, nan=1.0), 1.0)[::-1].cumprod()[::-1]
    there = np.flatnonzero(lengths[0])
    from_last = lengths[0, there[-1:]] * steps[there] / steps[there[-1:]]
    promised = curve(bottom.path(there + 1.0, from_last), "ink", DASHES, width=2)
    end = bottom.x(layers), bottom.bottom
    return picture(
        WIDTH,
        BOTTOM + BELOW,
        "Activations and blame, layer by layer",
        f"Length of delta: {_ends(lengths[0])}{_beyond(lengths[0])}. "
        f"{_band(lengths)}Spread of the activations: {_ends(spread[0])}.",
        text(0, 16, "Layer by layer", font_weight="bold"),
        text(LEFT, SPREAD_TOP - 8, "spread of the activations (standard deviation)", "forward"),
        _axes(top),
        *_bars(top, spread, "forward"),
        text(LEFT, LENGTH_TOP - 8, "length of delta", "backward"),
        key(LEFT + 112, LENGTH_TOP - 12, "predicted from the last layer's", "ink", DASHES),
        _axes(bottom),
        *_bars(bottom, lengths, "backward"),
        promised,
        _layer_numbers(bottom),
        held("hidden layers", end, dot(*end, "ink"), x=("layers", bottom.x)),
        chosen=True,
    )


def slopes_and_factors(
    slopes: Slopes,
    factors: FloatArray,
    means: tuple[float | None, float | None],
    formula: str,
    silent: tuple[int, int],
) -> Picture:
    """Draw how steep the activations are, and below that the factor of each layer going back.

    `factors`, shape (2, layers - 1), are those from each layer's successor back to the layer,
    measured and predicted, or NaN; `means` has the mean of both, or None, and `formula` says in a
    few words where the latter comes from. `silent` has the number of layers whose delta is 0, which
    no factor leads to or from, and that of all layers.
    """
    hist = Frame.of(
        SLOPES_LEFT, HIST_TOP, SLOPES_ACROSS, HIST_DOWN, (slopes.edges[0], slopes.edges[-1]),
        (0.0, MOST_SHARE),
    )  # fmt: skip
    rms, mean = short(slopes.root_mean_square), short(slopes.mean)
    dead = f"{slopes.dead} of {slopes.units}"
    measured, predicted = (UNKNOWN if mean is None else f"{TIMES}{short(mean)}" for mean in means)
    key_at = FACTORS_TOP - 50
    frame = Frame.of(
        SLOPES_LEFT, FACTORS_TOP, SLOPES_ACROSS, BOTTOM - FACTORS_TOP, LAYERS, FACTORS, log="y"
    )
    at = np.arange(1.0, factors.shape[1] + 1)
    known = np.isfinite(factors[0])
    return picture(
        SLOPES_WIDTH,
        BOTTOM + BELOW,
        "The slopes of the activations, and the factor per layer",
        f"Factor per layer going back: measured {_said(means[0])}, predicted {_said(means[1])} "
        f"({formula})."
        f"{_left_out(*silent)}{_how_near(factors)} Slopes: root mean square {rms}, mean {mean}. "
        f"{_tallest(slopes)} Dead units, with slope 0 for all examples: {dead}.",
        text(0, 16, "Slopes of the activations", font_weight="bold"),
        key(0, 34, f"root mean square {rms}", "ink"),
        key(0, 54, f"mean {mean}", "quiet", DASHES),
        text(SLOPES_WIDTH, 58, f"dead units: {dead}", text_anchor="end"),
        hist.draw("slope", "share of the slopes"),
        *_histogram(hist, slopes),
        _upright(hist, slopes.root_mean_square, "ink"),
        _upright(hist, slopes.mean, "quiet", DASHES),
        text(0, key_at - 20, "Factor per layer, going back", font_weight="bold"),
        _dots([(13.0, key_at - 4)]),
        text(32, key_at, f"measured {measured}", "backward"),
        key(0, key_at + 14, f"predicted {predicted}", "ink", DASHES),
        *_silent(key_at, *silent),
        text(32, key_at + 36, formula, "quiet"),
        _axes(frame),
        _dots(zip(frame.x.places(at[known]), frame.y.places(factors[0, known]), strict=True)),
        curve(frame.path_within(at, factors[1]), "ink", DASHES, width=2),
        _layer_numbers(frame),
    )


def _said(mean: float | None) -> str:
    return "none" if mean is None else short(mean)


def _ends(sizes: FloatArray) -> str:
    first, last = float(sizes[0]), float(sizes[-1])
    if len(sizes) == 1:
        return short(first)
    return f"{short(first)} in layer 1, {short(last)} in layer {len(sizes)}"


def _beyond(lengths: FloatArray) -> str:
    """Say up to which layer delta is too short for the scale."""
    first_long = np.append(np.flatnonzero(lengths >= LENGTHS[0]), len(lengths))[0]
    return f"; below {short(LENGTHS[0])} up to layer {first_long}" if first_long else ""


def _band(lengths: FloatArray) -> str:
    """Say between which ends the thin line of the first layer lies, where there are lines."""
    _, low, high = lengths[:, 0].tolist()
    return f"Layer 1 from {short(low)} to {short(high)}. " if high > low else ""


def _left_out(silent: int, in_all: int) -> str:
    """Say how many layers have no delta, where some do."""
    if not silent:
        return ""
    return f" In {silent} of {in_all} layers delta is 0: factors to and from them are left out."


def _silent(y: float, silent: int, in_all: int) -> list[Svg]:
    """Write the same, on the right of the two means."""
    lines = ["layers without delta:", f"{silent} of {in_all}, left out"] if silent else []
    return [text(SLOPES_WIDTH, y + 18 * k, each, text_anchor="end") for k, each in enumerate(lines)]


def _how_near(factors: FloatArray) -> str:
    """Say how far the predicted factors of the layers are from the measured ones."""
    measured, predicted = factors[:, np.isfinite(factors[0])]
    if not measured.size:
        return ""
    shares = predicted / measured
    where = "each layer" if measured.size == factors.shape[1] else "each layer that has a factor"
    return (
        f" In {where} the prediction is {short(float(shares.min()))} to "
        f"{short(float(shares.max()))} times what was measured."
    )


def _dots(places: Iterable[tuple[float, float]]) -> Svg:
    """Draw a small dot at each place, all of them as one line that goes nowhere."""
    d = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places)
    return element("path", d=d, stroke="backward", stroke_width=5, stroke_linecap="round")


def _tallest(slopes: Slopes) -> str:
    k = int(slopes.shares.argmax())
    low, high = (short(float(edge)) for edge in slopes.edges[k : k + 2])
    return (
        f"The tallest bar, {percent(float(slopes.shares[k]))} of them, goes from {low} to {high}."
    )


def _histogram(frame: Frame, slopes: Slopes) -> list[Svg]:
    edges, shares = slopes.edges.tolist(), slopes.shares.tolist()
    return [
        rect(
            frame.x(left), frame.y(share), frame.x(right) - frame.x(left),
            frame.bottom - frame.y(share), fill="forward", fill_opacity=0.6,
        )
        for left, right, share in zip(edges[:-1], edges[1:], shares, strict=True)
        if share > 0
    ]  # fmt: skip


def _axes(frame: Frame) -> Svg:
    """Draw a frame with lines at powers of ten, and one through 1 that stands out."""
    parts = [frame.outline()]
    low, high = (round(np.log10(end)) for end in (frame.y.low, frame.y.high))
    for power in range(low, high + 1, max((high - low) // 4, 1)):
        value = 10.0**power
        y, said = frame.y(value), frame.y.label(value)
        width = 1.5 if power == 0 else 0.5
        parts.append(
            line(frame.left, y, frame.right, y, "quiet", stroke_width=width, stroke_opacity=0.7)
        )
        parts.append(text(frame.left - 7, y + 4, said, "quiet", text_anchor="end"))
    return join(*parts)


def _bars(frame: Frame, sizes: FloatArray, colour: str) -> list[Svg]:
    return [_bar(frame, frame.x(k), three.tolist(), colour) for k, three in enumerate(sizes.T, 1)]


def _bar(frame: Frame, middle: float, three: list[float], colour: str) -> Svg:
    size, low, high = three
    top = frame.y(size)
    parts = []
    if size > frame.y.low:
        x, down = middle - BAR / 2, frame.bottom - top
        parts.append(rect(x, top, BAR, down, fill=colour, fill_opacity=0.8))
    if high > low:
        parts.append(line(middle, frame.y(low), middle, frame.y(high), "ink", stroke_width=1.5))
    if size > frame.y.high:
        parts.append(_cut(middle, frame.top, -1, colour))
    elif size <= frame.y.low:
        parts.append(_cut(middle, frame.bottom, 1, colour))
    return join(*parts)


def _cut(middle: float, y: float, way: int, colour: str) -> Svg:
    """Draw a small arrow head that points out of the frame, up (-1) or down (1)."""
    half = BAR / 2
    return element(
        "path", d=f"M{middle - half:.1f} {y:.1f}h{BAR:.1f}l{-half:.1f} {6 * way}z", fill=colour
    )


def _layer_numbers(frame: Frame) -> Svg:
    """Draw numbers of layers below a frame, and what they are."""
    y = frame.bottom + 19
    return join(
        *(text(frame.x(k), y, str(k), "quiet", text_anchor="middle") for k in NUMBERED),
        text((frame.left + frame.right) / 2, y + 17, "hidden layer", text_anchor="middle"),
    )


def _upright(frame: Frame, at: float, colour: str, dashes: str | None = None) -> Svg:
    x = frame.x(at)
    return curve(f"M{x:.1f} {frame.bottom:.1f}L{x:.1f} {frame.top:.1f}", colour, dashes, width=2)
