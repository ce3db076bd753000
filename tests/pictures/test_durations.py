"""How times are written in the race's pictures."""

import pytest

from bp_helpers.pictures.numerals import duration
from bp_helpers.pictures.size_chart import Duration


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
