"""A plain frame for data: where a number lies in pixels, round ticks, names of the axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import MINUS, Svg, element, join, text

FloatArray = npt.NDArray[np.floating[Any]]
Limits = tuple[float, float]
LARGEST = 8e307  # beyond it even the difference of two numbers overflows
SMALLEST = 1e-290
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def limits(*values: npt.ArrayLike) -> Limits:
    """Return the smallest and largest of the finite values, a little apart if they are all alike.

    Values that differ by less than a thousandth count as alike: a line that hardly moves is to
    look flat. Numbers beyond 8e307 are outside of every frame.
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


@dataclass(frozen=True)
class Frame:
    """A rectangle in pixels, and the numbers at its edges.

    Give it limits from `limits`: they are finite and apart.
    """

    left: float
    top: float
    width: float
    height: float
    x_limits: Limits
    y_limits: Limits

    @property
    def right(self) -> float:
        """The right edge in pixels."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge in pixels."""
        return self.top + self.height

    def x(self, value: float) -> float:
        """Return how far from the left a number is drawn; one outside lies on the edge."""
        return self.left + self.width * min(max(_share(value, self.x_limits), 0), 1)

    def y(self, value: float) -> float:
        """Return how far from the top a number is drawn; one outside lies on the edge."""
        return self.bottom - self.height * min(max(_share(value, self.y_limits), 0), 1)

    def holds(self, x: float, y: float) -> bool:
        """Say whether the point is inside; a NaN is not."""
        return 0 <= _share(x, self.x_limits) <= 1 and 0 <= _share(y, self.y_limits) <= 1

    def path(self, x: FloatArray, y: FloatArray) -> str:
        """Return the way through the points, for a `<path>`.

        What is outside of the frame, NaN or infinite is left out, and the line has a gap there.
        """
        across, up = (
            np.clip(_shares(values, between), -1, 2)  # far outside, pixels could overflow
            for values, between in ((x, self.x_limits), (y, self.y_limits))
        )
        inside = (across >= 0) & (across <= 1) & (up >= 0) & (up <= 1)
        places = zip(
            (self.left + self.width * across).tolist(),
            (self.bottom - self.height * up).tolist(),
            inside.tolist(),
            strict=True,
        )
        pieces, pen = [], "M"
        for px, py, is_inside in places:
            if is_inside:
                pieces.append(f"{pen}{px:.1f} {py:.1f}")
            pen = "L" if is_inside else "M"
        return "".join(pieces)

    def segment(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        """Return the part of a straight line that is inside, for a `<path>`; perhaps none."""
        x0, x1 = (_share(v, self.x_limits) for v in (start[0], end[0]))
        y0, y1 = (_share(v, self.y_limits) for v in (start[1], end[1]))
        first, last = 0.0, 1.0
        for at, by in ((x0, x1 - x0), (y0, y1 - y0)):
            if not math.isfinite(by) or (by == 0 and not 0 <= at <= 1):
                return ""
            if by:
                enter, leave = sorted((-at / by, (1 - at) / by))
                first, last = max(first, enter), min(last, leave)
        if first > last:
            return ""
        across = np.clip([x0 + first * (x1 - x0), x0 + last * (x1 - x0)], 0, 1)
        up = np.clip([y0 + first * (y1 - y0), y0 + last * (y1 - y0)], 0, 1)
        px, py = self.left + self.width * across, self.bottom - self.height * up
        return f"M{px[0]:.1f} {py[0]:.1f}L{px[1]:.1f} {py[1]:.1f}"

    def draw(self, x_name: str, y_name: str) -> Svg:
        """Draw the frame with ticks; the name of `x` stands below, that of `y` above on the left.

        It needs 64 pixels on the left, 18 above, 36 below.
        """
        x_ticks, x_power = _ticks_and_power(self.x_limits)
        y_ticks, y_power = _ticks_and_power(self.y_limits)
        parts = [
            element(
                "rect", x=self.left, y=self.top, width=self.width, height=self.height,
                fill="none", stroke=paint("quiet"),
            ),
            *(self._x_tick(value, x_power) for value in x_ticks),
            *(self._y_tick(value, y_power) for value in y_ticks),
            text(
                self.left + self.width / 2, self.bottom + 33, _with_power(x_name, x_power),
                text_anchor="middle",
            ),
            text(self.left, self.top - 7, _with_power(y_name, y_power)),
        ]  # fmt: skip
        return join(parts)

    def _x_tick(self, value: float, power: int) -> Svg:
        x, end = self.x(value), self.bottom
        mark = element("line", x1=x, y1=end, x2=x, y2=end + 4, stroke=paint("quiet"))
        label = text(x, end + 17, _label(value, power), "quiet", text_anchor="middle", font_size=12)
        return join([mark, label])

    def _y_tick(self, value: float, power: int) -> Svg:
        y, end = self.y(value), self.left
        mark = element("line", x1=end - 4, y1=y, x2=end, y2=y, stroke=paint("quiet"))
        label = text(end - 7, y + 4, _label(value, power), "quiet", text_anchor="end", font_size=12)
        return join([mark, label])


def key(y: float, label: str, colour: str, dashes: str | None = None) -> Svg:
    """Return what stands above a curve's axes for it: a piece of its line, and what it is."""
    line = element(
        "line", x1=0, y1=y, x2=26, y2=y, stroke=paint(colour), stroke_width=2,
        stroke_dasharray=dashes,
    )  # fmt: skip
    return join([line, text(32, y + 4, label)])


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high`, 2 to 7 of them: steps of 1, 2 or 5 times 10^n."""
    rough = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [step * k for k in range(first, last + 1)]


def short(value: float) -> str:
    """Return a number with four significant digits: 0.09335, 12.50; far from 1 as −1.30×10⁻⁵."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}".replace("-", "" if value == 0 else MINUS)
    power = math.floor(math.log10(abs(value)))
    if -4 <= power < 5:
        return f"{value:.{max(3 - power, 0)}f}".replace("-", MINUS)
    mantissa, _, exponent = f"{value:.2e}".partition("e")
    return f"{mantissa.replace('-', MINUS)}{_times_power(int(exponent))}"


def _share(value: float, between: Limits) -> float:
    """Return how far from the lower to the upper limit: 0 to 1 is inside."""
    low, high = between
    return (float(value) / 2 - low / 2) / (high / 2 - low / 2)  # halves do not overflow


def _shares(values: FloatArray, between: Limits) -> FloatArray:
    low, high = between
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray((values / 2 - low / 2) / (high / 2 - low / 2))


def _ticks_and_power(limits: Limits) -> tuple[list[float], int]:
    """Return the ticks and the power of ten that their labels leave out, 0 for most data."""
    values = ticks(*limits)
    power = math.floor(math.log10(max(abs(v) for v in values)))
    return values, 0 if -3 <= power <= 4 else power


def _label(value: float, power: int) -> str:
    """Return a tick's label; the tick may be off its round number by rounding, the label is not."""
    return f"{value / 10.0**power if power else value:.5g}".replace("-", MINUS)


def _with_power(name: str, power: int) -> str:
    return f"{name} ({_times_power(power).lstrip()})" if power else name


def _times_power(power: int) -> str:
    return f"\N{MULTIPLICATION SIGN}10{str(power).translate(SUPERSCRIPTS)}"
