"""Where a number lies in a picture: a scale along one axis, a frame of two, round ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bp_helpers._checks import Array
from bp_helpers.pictures.numerals import plain, power_of_ten
from bp_helpers.pictures.svg import Svg, element, join, line, rect, text

FloatArray = Array
Limits = tuple[float, float]
LARGEST = 8e307  # beyond it even the difference of two numbers overflows
SMALLEST = 1e-290
ALIKE = 1e-9  # what is this share of a scale or a step outside of it is at its end
HIT = 13  # pixels around the middle of a point at which a hand or a finger gets hold of it
STEPS = (1, 2, 5, 10)  # ticks are one of these apart, times a power of ten


def limits(*values: npt.ArrayLike) -> Limits:
    """Return the smallest and largest of the finite values, a little apart if they are all alike.

    Values that differ by less than a thousandth count as alike: a line that hardly moves is to look
    flat. Numbers beyond 8e307 are outside of every frame.
    """
    flat = np.concatenate([np.ravel(np.asarray(v, dtype=np.float64)) for v in values])
    flat = flat[np.abs(flat) <= LARGEST]
    if not flat.size:
        return 0.0, 1.0
    low, high = float(flat.min()), float(flat.max())
    size = max(abs(low), abs(high))
    if size < SMALLEST:
        return -1.0, 1.0
    if high / 2 - low / 2 < 5e-4 * size:
        return max(low - size / 2, -LARGEST), min(high + size / 2, LARGEST)
    return low, high


def wider(between: Limits, below: float, above: float) -> Limits:
    """Return limits further apart, by shares of their distance: 0.5 is half of it."""
    low, high = between
    half = high / 2 - low / 2
    return max(low - 2 * below * half, -LARGEST), min(high + 2 * above * half, LARGEST)


def latest(span: float, now: float) -> Limits:
    """Return the limits of an axis of time: from 0 to `span`, later the last `span` of it.

    So one unit always has the same width.
    """
    return max(now - span, 0.0), max(now, span)


def round_up(value: float, steps: tuple[float, ...] = STEPS) -> float:
    """Return the next of ..., 1, 2, 5, 10, 20, ... that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(k * power for k in (*steps, 10 * steps[0]) if k * power >= value * (1 - ALIKE))


def round_down(value: float) -> float:
    """Return the next of ..., 1, 2, 5, 10, 20, ... that is not above a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(k * power for k in (10, 5, 2, 1, 0.5) if k * power <= value * (1 + ALIKE))


@dataclass(frozen=True)
class Scale:
    """Numbers from `low` to `high` along the pixels from `start` to `end`.

    Give it limits that are finite and apart, as from `limits`; those of a logarithmic scale are
    positive.
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel at which a number is drawn; one outside lies at the end."""
        return self.start + (self.end - self.start) * min(max(self.share(value), 0.0), 1.0)

    def holds(self, value: float) -> bool:
        """Say whether the number is on the scale, but for rounding; a NaN is not."""
        return -ALIKE <= self.share(value) <= 1 + ALIKE

    def share(self, value: float) -> float:
        """Return how far from the lower to the upper limit: 0 to 1 is on the scale."""
        if self.log:
            if not value > 0:
                return -1.0
            return (math.log(value) - math.log(self.low)) / math.log(self.high / self.low)
        return (float(value) / 2 - self.low / 2) / (self.high / 2 - self.low / 2)

    def shares(self, values: FloatArray) -> FloatArray:
        """Return `share` for each of the numbers."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            if self.log:
                along = np.log(np.maximum(values, 0)) - math.log(self.low)
                return np.asarray(along / math.log(self.high / self.low))
            return np.asarray((values / 2 - self.low / 2) / (self.high / 2 - self.low / 2))

    def places(self, values: FloatArray) -> FloatArray:
        """Return the pixel at which each of the numbers is drawn; one outside lies at the end."""
        return self.pixels(self.shares(values))

    def pixels(self, shares: FloatArray) -> FloatArray:
        """Return the pixel for each share of the way to the end; one outside lies at an end."""
        return self.start + (self.end - self.start) * np.clip(shares, 0, 1)

    @cached_property
    def ticks(self) -> list[float]:
        """Round numbers on the scale: linear 2 to 7, logarithmic 1, 2, 5, 10 or powers of ten."""
        return _log_ticks(self.low, self.high) if self.log else ticks(self.low, self.high)

    @cached_property
    def power(self) -> int:
        """The power of ten that the labels of the ticks leave out, 0 for most data."""
        if self.log:
            return 0
        power = math.floor(math.log10(max(abs(v) for v in self.ticks)) + ALIKE)
        return 0 if -3 <= power <= 4 else power

    @cached_property
    def _in_powers(self) -> bool:
        """Whether the ticks are powers of ten, and some of them long when they are written out."""
        if not self.log:
            return False
        first, last = _decades(self.low, self.high)
        return last - first > 2 and (first < -4 or last > 4)

    def label(self, tick: float) -> str:
        """Return a tick's label; the tick may be off its round number by rounding, this is not."""
        if self._in_powers:
            return power_of_ten(round(math.log10(tick)))
        return plain(tick / 10.0**self.power if self.power else tick)

    def named(self, name: str) -> str:
        """Return the name of the axis, with the power of ten that the labels leave out."""
        times = f" (\N{MULTIPLICATION SIGN}{power_of_ten(self.power)})" if self.power else ""
        return name + times


@dataclass(frozen=True)
class Frame:
    """A rectangle for data: the scale of `x` from left to right, that of `y` from bottom to top."""

    x: Scale
    y: Scale

    @classmethod
    def of(
        cls,
        left: float,
        top: float,
        width: float,
        height: float,
        x_limits: Limits,
        y_limits: Limits,
        log: str = "",
    ) -> Frame:
        """Return a frame by its place in pixels; `log` names the logarithmic axes: "y" or "xy"."""
        x = Scale(*x_limits, left, left + width, "x" in log)
        return cls(x, Scale(*y_limits, top + height, top, "y" in log))

    @property
    def left(self) -> float:
        """The left edge in pixels."""
        return self.x.start

    @property
    def right(self) -> float:
        """The right edge in pixels."""
        return self.x.end

    @property
    def top(self) -> float:
        """The upper edge in pixels."""
        return self.y.end

    @property
    def bottom(self) -> float:
        """The lower edge in pixels."""
        return self.y.start

    def holds(self, x: float, y: float) -> bool:
        """Say whether the point is inside; a NaN is not."""
        return self.x.holds(x) and self.y.holds(y)

    def path(self, x: FloatArray, y: FloatArray) -> str:
        """Return the way through the points, for a `<path>`.

        What is outside of the frame, NaN or infinite is left out, and the line has a gap there.
        """
        # far outside, pixels could overflow
        across, up = np.clip(self.x.shares(x), -1, 2), np.clip(self.y.shares(y), -1, 2)
        inside = (np.abs(across - 0.5) <= 0.5 + ALIKE) & (np.abs(up - 0.5) <= 0.5 + ALIKE)
        places = zip(
            self.x.pixels(across).tolist(), self.y.pixels(up).tolist(), inside.tolist(), strict=True
        )
        pieces, pen = [], "M"
        for px, py, is_inside in places:
            if is_inside:
                pieces.append(f"{pen}{px:.1f} {py:.1f}")
            pen = "L" if is_inside else "M"
        return "".join(pieces)

    def path_within(self, x: FloatArray, y: npt.ArrayLike) -> str:
        """Return the same for points of which those above and below the frame lie on its edge."""
        return self.path(x, np.clip(y, self.y.low, self.y.high))

    def upright(self, x: float, colour: str = "ink") -> Svg:
        """Draw a dashed line from the bottom to the top, at a value of `x`."""
        at = self.x(x)
        return line(at, self.top, at, self.bottom, colour, stroke_dasharray="2 3")

    def segment(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        """Return the part of a straight line that is inside, for a `<path>`; perhaps none."""
        x0, x1 = self.x.share(start[0]), self.x.share(end[0])
        y0, y1 = self.y.share(start[1]), self.y.share(end[1])
        first, last = 0.0, 1.0
        for at, by in ((x0, x1 - x0), (y0, y1 - y0)):
            if not math.isfinite(by) or (by == 0 and not 0 <= at <= 1):
                return ""
            if by:
                enter, leave = sorted((-at / by, (1 - at) / by))
                first, last = max(first, enter), min(last, leave)
        if first > last:
            return ""
        ends = np.array([first, last])
        px, py = self.x.pixels(x0 + ends * (x1 - x0)), self.y.pixels(y0 + ends * (y1 - y0))
        return f"M{px[0]:.1f} {py[0]:.1f}L{px[1]:.1f} {py[1]:.1f}"

    def outline(self) -> Svg:
        """Draw the edge."""
        width, height = self.right - self.left, self.bottom - self.top
        return rect(self.left, self.top, width, height, fill="none", stroke="quiet")

    def draw(self, x_name: str, y_name: str) -> Svg:
        """Draw the frame with ticks; the name of `x` stands below, that of `y` above on the left.

        It needs 64 pixels on the left, 18 above, 36 below.
        """
        middle = (self.left + self.right) / 2
        return join(
            self.outline(),
            axis_below(self.x, self.bottom),
            *(self._y_tick(value) for value in self.y.ticks),
            text(middle, self.bottom + 33, self.x.named(x_name), text_anchor="middle"),
            text(self.left, self.top - 7, self.y.named(y_name)),
        )

    def _y_tick(self, value: float) -> Svg:
        y, end = self.y(value), self.left
        mark = line(end - 4, y, end, y, "quiet")
        said = self.y.label(value)
        return join(mark, text(end - 7, y + 4, said, "quiet", text_anchor="end"))


def axis_below(scale: Scale, y: float) -> Svg:
    """Draw the ticks of a scale from left to right with their labels, below a line at `y`."""
    parts = []
    for value in scale.ticks:
        x, said = scale(value), scale.label(value)
        parts.append(line(x, y, x, y + 4, "quiet"))
        parts.append(text(x, y + 17, said, "quiet", text_anchor="middle"))
    return join(*parts)


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high`, 2 to 7 of them: steps of 1, 2 or 5 times 10^n."""
    rough = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in STEPS if power * k >= rough * 0.999)
    first, last = math.ceil(low / step - ALIKE), math.floor(high / step + ALIKE)
    return [step * k for k in range(first, last + 1)]


def _log_ticks(low: float, high: float) -> list[float]:
    """Return 1, 2, 5, 10 and so on between the limits, or where these are many, powers of 10."""
    first, last = _decades(low, high)
    if last - first > 2:
        return [10.0**p for p in range(first, last + 1, math.ceil((last - first) / 5))]
    fine = [k * 10.0**p for p in range(first - 1, last + 1) for k in (1, 2, 5)]
    return [v for v in fine if low * (1 - ALIKE) <= v <= high * (1 + ALIKE)]


def _decades(low: float, high: float) -> tuple[int, int]:
    """Return the smallest and the largest power of ten between the limits, as exponents."""
    return math.ceil(math.log10(low) - ALIKE), math.floor(math.log10(high) + ALIKE)


def held(
    label: str,
    at: tuple[float, float],
    *children: str,
    x: tuple[str, Scale],
    y: tuple[str, Scale] | None = None,
) -> Svg:
    """Return a part of a picture that is dragged where it is, along one axis or both.

    `at` is its middle in pixels, `children` what is drawn there. `x` and `y` say which of the
    explorer's numbers lie across and up, by name, and on which scale they are drawn, which may be
    logarithmic. `label` is what a screen reader calls the part.
    """
    axes = {f"data_{axis}": _written(*pair) for axis, pair in (("x", x), ("y", y)) if pair}
    hit = rect(
        at[0] - HIT, at[1] - HIT, 2 * HIT, 2 * HIT, rx=HIT, fill="transparent", class_="bp-hit"
    )
    return element("g", *children, hit, role="slider", tabindex=-1, aria_label=label, **axes)


def logarithmic(scale: Scale) -> Scale:
    """Return the scale of the numbers' decimal logarithms, which lie at the same places."""
    return Scale(math.log10(scale.low), math.log10(scale.high), scale.start, scale.end)


def _written(name: str, scale: Scale) -> str:
    ends = (scale.low, scale.high, scale.start, scale.end)
    return " ".join([name, *(f"{value:.12g}" for value in ends), *(["log"] if scale.log else [])])
