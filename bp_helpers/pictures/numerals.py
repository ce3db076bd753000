"""How pictures write numbers: with a real minus sign, and never 0.000 for what is not 0.

Every number is made steady first, and what is written follows from the rounded one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bp_helpers.printing import ROUNDING, steady

MINUS, TIMES = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}"
TO = "\N{RIGHTWARDS ARROW}"
UNKNOWN = "\N{EN DASH}"  # where a number would stand that nobody knows
NOT_YET = "\N{MIDDLE DOT}"  # where one will stand at a later step
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", f"{MINUS}0123456789")
POWERS = re.compile(f"({TIMES})?\\b10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
MINUTE, HOUR, DAY, YEAR = 60.0, 3600.0, 86400.0, 31557600.0
UNITS = [  # a unit, and up to how many of it
    ("µs", 1e-6, 1000), ("ms", 1e-3, 1000), ("seconds", 1.0, 120), ("minutes", MINUTE, 120),
    ("hours", HOUR, 48), ("days", DAY, 731), ("years", YEAR, float("inf")),
]  # fmt: skip
MOST_MORE = 9  # digits of a factor, of the twelve that are steady
KNOWN, SURE = 9, 1e-3  # decimals of a measured slope, rounded at about 1e-11; above, all are sure


@lru_cache(maxsize=4096)  # a picture repeats many of its numbers, and so does the next one
def number(value: float, digits: int = 3) -> str:
    """Return a number for a column: `digits` decimals, and never wider than -99.999 (with three).

    There are more decimals where fewer would leave less than two digits of a small number, and
    fewer for a large one: 0.450, 0.0076, 1234.6. What has no room that way is written like 7.6e−4
    or 1.2e6. A number below 1e-14 is what rounding leaves of 0, and written as 0.
    """
    value = steady(value)
    size, room = abs(value), digits + 3
    if size < ROUNDING:
        return f"{0:.{digits}f}"
    if not math.isfinite(value):
        return f"{value}".replace("-", MINUS)
    written = f"{size:.{digits}f}"
    if size < 0.1:
        written = f"{size:.{max(digits, 1 - _power(size, 2))}f}"
    for decimals in range(digits - 1, -1, -1):
        if len(written) <= room or size < 1:
            break
        written = f"{size:.{decimals}f}"
    if len(written) > room:
        written = _scientific(size, 1)
    if len(written) > room:
        written = _scientific(size, 0)
    return f"{MINUS}{written}" if value < 0 else written


@lru_cache(maxsize=4096)
def short(value: float, digits: int = 4) -> str:
    """Return a number for a sentence: four digits, as 0.09335, or far from 1 as −1.30×10⁻⁵."""
    value = steady(value)
    if value == 0 or not math.isfinite(value):
        return f"{value:g}".replace("-", MINUS)
    power = _power(value, digits)
    if -4 <= power < 5:
        return f"{value:.{max(digits - 1 - power, 0)}f}".replace("-", MINUS)
    return _times_power_of_ten(f"{value:.2e}")


def plain(value: float, digits: int = 5) -> str:
    """Return a number as one would type it, without zeros at its end: 0.5, 30, −2, 10⁻⁵."""
    written = f"{steady(value):.{digits}g}"
    if "e" in written:
        mantissa, _, power = f"{steady(value):.2e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return _times_power_of_ten(f"{mantissa}e{power}").removeprefix(f"1{TIMES}")
    return written.replace("-", MINUS)


def power_of_ten(power: int) -> str:
    """Return 10⁻⁶ for -6, and 1 for 0."""
    return f"10{str(power).translate(SUPERSCRIPTS)}" if power else "1"


def heard(words: str) -> str:
    """Return words for a screen reader, which spells raised digits or leaves them out: 1.3e−5."""
    return POWERS.sub(lambda power: f"{'' if power[1] else 1}e{power[2].translate(LOWERED)}", words)


def percent(share: float) -> str:
    """Return a share in percent: 95.4 % for 0.954; a very small one has two digits, as 0.0024 %."""
    hundredths = steady(100 * share)
    if 1e-6 <= abs(hundredths) < 0.05:  # below it, rounding may decide
        return f"{plain(hundredths, 2)} %"
    return f"{hundredths:.1f} %".replace("-", MINUS)


def measured(value: float, digits: int = 4) -> str:
    """Return a measured slope as `number` does, without what is only noise of the measuring."""
    if abs(value) > SURE:
        return number(value, digits)
    known = round(steady(value), KNOWN)
    if 0 < abs(known) < 0.95 * 10.0 ** (1 - KNOWN):  # only its first digit is known
        return f"{MINUS if known < 0 else ''}{_scientific(abs(known), 0)}"
    return number(known, digits)


def number_if_known(value: float | None, digits: int = 4) -> str:
    """Return a number as `number` does, and a dash where nobody knows it."""
    return UNKNOWN if value is None else number(value, digits)


def operand(value: float) -> str:
    """Return a number to calculate on with: five digits, without zeros at their end: 3.6, 0.68355.

    With the three decimals of `number`, a sum of products would end in another third decimal than
    the result that is shown beside it.
    """
    value = steady(value)
    if not math.isfinite(value):
        return number(value)
    mantissa, e, power = f"{abs(value) if abs(value) >= ROUNDING else 0:.5g}".partition("e")
    written = f"{mantissa}e{int(power)}".replace("-", MINUS) if e else mantissa
    return f"{MINUS}{written}" if value <= -ROUNDING else written


def factor(value: float) -> str:
    """Return a number to stand in a product, as `operand` does: a negative one in brackets."""
    written = operand(value)
    return f"({written})" if written.startswith(MINUS) else written


def multiplied(factors: Sequence[float], digits: int = 4) -> tuple[list[str], str]:
    """Return numbers for a column, and their product: what is written multiplies to what is.

    They are written as `number` does, and the factors with more digits where rounded ones would
    give the product another last digit.
    """
    product = math.prod(factors)
    written, shown = [number(value, digits) for value in factors], number(product, digits)
    if not math.isfinite(product):
        return written, shown
    result = _decimal(shown)
    half = Decimal(5).scaleb(result.adjusted() - len(result.as_tuple().digits))  # of its last digit
    for more in range(1, MOST_MORE):
        if abs(math.prod(map(_decimal, written)) - result) <= half:
            break
        written = [_longer(value, digits, more) for value in factors]
    return written, shown


def _longer(value: float, digits: int, more: int) -> str:
    """Return a number as `number` does with so many digits more, but for zeros at their end."""
    value = steady(value)
    written = number(value, digits)
    if "e" in written or (value and not _decimal(written)):
        return _scientific(value, 1 + more)
    decimals = len(written.partition(".")[2])
    whole, _, part = f"{value:.{decimals + more}f}".partition(".")
    part = part[:decimals] + part[decimals:].rstrip("0")
    return (f"{whole}.{part}" if part else whole).replace("-", MINUS)


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(MINUS, "-"))


def written_out(array: npt.ArrayLike, digits: int = 3) -> str:
    """Return an array's numbers in a line: a comma between them, a semicolon between rows."""
    rows = np.atleast_2d(np.asarray(array))
    return "; ".join(", ".join(number(v, digits) for v in row) for row in rows.tolist())


def fixed(value: float) -> str:
    """Return a number with three decimals, for narrow columns; one that they leave at 0 as 4e−4."""
    value = steady(value)
    if ROUNDING <= abs(value) < 0.5e-3:
        return f"{MINUS if value < 0 else ''}{_scientific(abs(value), 0)}"
    return f"{round(value, 3) + 0.0:.3f}".replace("-", MINUS)  # + 0.0 takes the sign from a zero


def counted(count: int, thing: str) -> str:
    """Return so many things in words: 1 example, 1,000 examples."""
    return f"{count:,} {thing}{'s' * (count != 1)}"


def large(count: int) -> str:
    """Return a count with commas, or from a trillion on as a power of ten."""
    return f"{count:,}" if count < 10**12 else plain(float(count), 3)


def times_as_much(ratio: float) -> str:
    """Return how many times as much something is: 3.5, or from a hundred on three digits."""
    ratio = steady(ratio)
    return f"{ratio:.1f}" if ratio < 99.5 else f"{float(f'{ratio:.3g}'):,.0f}"


def duration(seconds: float) -> str:
    """Return seconds in a unit that suits them, with two digits: 4.5 ms, 3.2 hours, 170 years."""
    name, unit, _ = next(one for one in UNITS if seconds < one[2] * one[1])
    count = float(f"{seconds / unit:.2g}")
    if count >= 1e6:
        return f"{plain(count, 2)} {name}"
    return f"{count:,.0f} {name}" if count >= 10 else f"{count:.1f} {name}"


def _power(value: float, digits: int) -> int:
    """Return the power of ten of the first digit, after rounding to so many digits."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def _scientific(value: float, decimals: int) -> str:
    mantissa, _, power = f"{value:.{decimals}e}".partition("e")
    return f"{mantissa}e{int(power)}".replace("-", MINUS)


def _times_power_of_ten(written: str) -> str:
    mantissa, _, power = written.partition("e")
    return f"{mantissa.replace('-', MINUS)}{TIMES}{power_of_ten(int(power))}"
