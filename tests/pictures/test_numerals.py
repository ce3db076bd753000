"""Numerals: significant digits, in the room there is, and no digit that the last bit decides."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bp_helpers.pictures import Duration, factor, measured, number, percent, plain, short
from bp_helpers.pictures.numerals import (
    counted,
    duration,
    fixed,
    heard,
    large,
    number_if_known,
    operand,
    power_of_ten,
    times_as_much,
    written_out,
)

PROPERTY = settings(deadline=None, derandomize=True, max_examples=300)
WRITERS = [number, short, plain, percent, measured, fixed]
# What a computation may give in place of a number that a person would type, or in place of a half.
NICE = [k * 10.0**p for p in range(-7, 8) for k in (1, 2, 5, 0.5, 1.25, 0.0625, 9.9995, 3.00005)]


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0.0193, 4, "0.0193"),
        (-0.0193, 3, "−0.019"),
        (0.0001, 3, "1.0e−4"),
        (-0.0004, 3, "−4.0e−4"),
        (0.0076, 3, "0.0076"),
        (0.00996, 3, "0.010"),
        (0.00096, 4, "0.00096"),
        (-7.6e-12, 3, "−8e−12"),
        (2.8e-17, 3, "0.000"),
        (-0.0, 3, "0.000"),
        (0.0, 4, "0.0000"),
        (-99.9994, 3, "−99.999"),
        (99.9996, 3, "100.00"),
        (9999.96, 3, "10000"),
        (-1234.5678, 3, "−1234.6"),
        (-1234.5678, 4, "−1234.57"),
        (999999.4, 3, "999999"),
        (999999.6, 3, "1.0e6"),
        (-1.26e12, 3, "−1.3e12"),
        (1e123, 3, "1e123"),
        (math.inf, 3, "inf"),
    ],
)
def test_number(value, digits, written):
    assert number(value, digits) == written


@PROPERTY
@given(st.floats(-1e99, 1e99), st.integers(3, 5))
def test_a_number_keeps_its_value_and_its_room(value, digits):
    written = number(value, digits)
    assert "-" not in written
    assert len(written.lstrip("−")) <= digits + 3
    again = float(written.replace("−", "-"))
    assert (again == 0) == (abs(value) < 1e-14)
    assert not (again == 0 and written.startswith("−"))
    if again:
        error = 0.5 * 10.0**-digits if 0.1 < abs(value) < 99 else 0.05 * abs(value)
        room = 0.5 if abs(value) < 1e-9 or abs(value) > 1e9 else 0
        assert abs(again - value) <= error * (1 + 1e-9) + room * abs(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"), (-0.0, "0"), (0.33341, "0.3334"), (-0.09335, "−0.09335"), (12.5, "12.50"),
        (1234.5, "1234"), (-2.5e-7, "−2.50×10⁻⁷"), (1.3e6, "1.30×10⁶"), (float("-inf"), "−inf"),
        (0.99999, "1.000"), (1.0, "1.000"), (99999.6, "1.00×10⁵"), (9.99996e-5, "0.0001000"),
    ],
)  # fmt: skip
def test_short_numbers(value, written):
    assert short(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.5, "0.5"), (-2, "−2"), (30.0, "30"), (1e-5, "10⁻⁵"), (2e-5, "2×10⁻⁵"), (-0.0, "0"),
        (-1e-6, "−1×10⁻⁶"), (1.23456e-9, "1.23×10⁻⁹"),
        (3e5, "3×10⁵"), (1e5, "10⁵"), (0.30000000000000004, "0.3"),
    ],
)  # fmt: skip
def test_plain_numbers(value, written):
    assert plain(value) == written


def test_the_other_forms():
    assert plain(2.34567, 4) == "2.346"
    assert (percent(0.954), percent(1), percent(0.0625)) == ("95.4 %", "100.0 %", "6.2 %")
    assert [percent(v) for v in (-0.5, 0, 2.44e-4, 1e-12)] == [
        "−50.0 %", "0.0 %", "0.024 %", "0.0 %",
    ]  # fmt: skip
    assert (factor(-0.25), factor(0.25)) == ("(−0.25)", "0.25")
    assert [operand(v) for v in (3.6, -0.683553, 1e-15, 4.5672e-6, 123456.7, np.inf)] == [
        "3.6", "−0.68355", "0", "4.5672e−6", "1.2346e5", "inf",
    ]  # fmt: skip
    assert (number_if_known(-0.25), number_if_known(None)) == ("−0.2500", "–")
    assert (power_of_ten(-16), power_of_ten(0), power_of_ten(3)) == ("10⁻¹⁶", "1", "10³")
    assert written_out([[1, -0.5], [0, 2]]) == "1.000, −0.500; 0.000, 2.000"
    assert written_out(np.float64(0.25), 4) == "0.2500"
    assert [fixed(v) for v in (-12.3456, 0.0005, -0.0004, 0)] == [
        "−12.346",
        "0.001",
        "−4e−4",
        "0.000",
    ]
    assert (counted(1, "step"), counted(1000, "step")) == ("1 step", "1,000 steps")
    assert (large(10**11), large(2 * 10**12)) == ("100,000,000,000", "2×10¹²")
    assert [times_as_much(v) for v in (1.25, 99.4, 1234.5)] == ["1.2", "99.4", "1,230"]


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (3.14e-5, "31 µs"), (0.00453, "4.5 ms"), (0.25, "250 ms"), (1.0, "1.0 seconds"),
        (100, "100 seconds"), (1000, "17 minutes"), (3 * 3600, "3.0 hours"),
        (30 * 86400, "30 days"), (100 * 31557600, "100 years"), (31557600e5, "100,000 years"),
        (3.16e17, "10¹⁰ years"),
    ],
)  # fmt: skip
def test_a_time_has_a_unit_that_suits_it_and_two_digits(seconds, written):
    assert duration(seconds) == written
    assert str(Duration(seconds, True)) == written
    assert str(Duration(seconds, False)) == f"would take {written}"


def test_a_measured_number_has_no_noise():
    assert measured(3.1e-12) == "0.0000"
    assert measured(1.234e-7) == "1.2e−7"
    assert measured(-9.54e-10) == "−1e−9"
    assert measured(-0.14485) == number(-0.14485, 4)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("value", [*NICE, *(-v for v in NICE)])
def test_the_last_bits_decide_nothing(write, value):
    near = value * (1 + np.array([-4, -1, 0, 1, 4]) * np.finfo(float).eps)
    assert len({write(each) for each in near.tolist()}) == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("error 4.75×10⁻¹¹.", "error 4.75e−11."),
        ("6.24×10¹³ multiplications", "6.24e13 multiplications"),
        ("tolerance 10⁻⁶, x² stays", "tolerance 1e−6, x² stays"),
        (short(-1.3e-5), "−1.30e−5"),
    ],
)
def test_powers_of_ten_are_said_without_raised_digits(written, said):
    assert heard(written) == said
