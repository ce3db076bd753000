"""The tasks under "Try this" in 07, done by hand: each promise is about what changed."""

import re
from itertools import pairwise

import pytest

from bp_helpers.explorers import StepSizeExplorer
from bp_helpers.gradcheck import TOLERANCE

NUDGE, KINK = "log10 of h", "log10 to the kink"


@pytest.fixture
def nudging(open_explorer):
    return open_explorer(StepSizeExplorer())


def error(page):
    """The relative error at the marked nudge, as the picture says it."""
    said = re.search(r"Relative error ([\d.e−]+) with", page.words())[1]
    return float(said.replace("−", "-"))


def lowest(page):
    """The power of ten with the smallest error, and that error."""
    numbers = page.explorer.numbers
    at = int(numbers.errors.argmin())
    return page.explorer.handles["h"].min + at * page.explorer.handles["h"].step, numbers.errors[at]


def step(page, name, key, times):
    page.part(name).focus()
    for _ in range(times):
        page.page.keyboard.press(key)
    page.settle()


def test_too_small_a_nudge_loses_digit_after_digit_until_none_is_left(nudging):
    nudging.press("too small a step")
    assert error(nudging) > 1e-4
    lost = []
    while "All 16 digits are lost" not in nudging.words():
        lost.append(float(re.search(r"([\d.]+) are lost", nudging.words())[1]))
        step(nudging, NUDGE, "ArrowLeft", 1)
    assert lost == sorted(lost)
    assert lost[0] > 12
    assert error(nudging) == 1
    assert -16 < nudging.explorer.state["h"] < -15


def test_to_the_right_the_error_falls_along_rounding_and_rises_along_truncation(nudging):
    numbers = nudging.explorer.numbers
    best, _ = lowest(nudging)
    assert -6 < best < -4
    for power in (-14.0, -11.0, -8.0):
        nudging.slide("h", power)
        assert nudging.explorer.numbers.error < 3 * _predicted(numbers, "rounding", power)
    for power in (-3.0, -2.0, -1.0):
        nudging.slide("h", power)
        assert error(nudging) == pytest.approx(_predicted(numbers, "truncation", power), rel=0.2)


def _predicted(numbers, kind, power):
    return numbers.predicted[kind][round((power + 16) / 0.25)]


def arm(page):
    """By what the error grows from one power of ten to the next, where truncation makes it."""
    errors = []
    for power in (-4.0, -3.0, -2.0, -1.0):
        page.slide("h", power)
        errors.append(error(page))
    return [after / before for before, after in pairwise(errors)]


def test_one_sided_the_right_arm_is_less_steep_and_the_lowest_point_higher(nudging):
    assert arm(nudging)[1:] == pytest.approx([100, 100], rel=0.1)
    before = lowest(nudging)
    nudging.press("Reset")
    nudging.slide("sides", "one-sided")
    assert arm(nudging) == pytest.approx([10] * 3, rel=0.2)
    after = lowest(nudging)
    assert after[0] < before[0]
    assert after[1] > 100 * before[1]


def test_in_float32_no_nudge_is_good_enough_for_the_check(nudging):
    assert error(nudging) < TOLERANCE
    nudging.press("float32")
    assert error(nudging) > 0.005  # at the usual 0.00001
    assert lowest(nudging)[1] > TOLERANCE


def test_of_a_parabola_the_largest_nudge_is_as_good_and_one_sided_it_is_not(nudging):
    nudging.slide("place", "W2[0,0], a parabola")
    nudging.slide("h", 0.0)
    assert error(nudging) < 1e-13
    nudging.slide("sides", "one-sided")
    assert error(nudging) > 0.01
    assert arm(nudging) == pytest.approx([10] * 3, rel=0.2)


def test_the_error_drops_when_the_nudge_no_longer_reaches_the_kink(nudging):
    nudging.press("across the kink")
    errors = [error(nudging)]
    while nudging.explorer.state["distance"] < nudging.explorer.state["h"]:
        step(nudging, KINK, "ArrowRight", 1)
        errors.append(error(nudging))
    assert min(errors[:-1]) > 0.1
    assert errors[-1] < 0.001
    nudging.press("across the kink")
    at_the_cliff = error(nudging)
    nudging.slide("sides", "one-sided")
    assert error(nudging) < 0.2 * at_the_cliff
    assert nudging.view.get_by_role("slider", name="the kink").count() == 0
