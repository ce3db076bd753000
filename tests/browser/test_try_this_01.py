"""The tasks under "Try this" in 01, done by hand: each promise is about what changed."""

from itertools import pairwise

import pytest

from bp_helpers.explorers import NumberLinesExplorer, PathsExplorer

# ---- A chain of three ----------------------------------------------------------------------------


@pytest.fixture
def lines(open_explorer):
    return open_explorer(NumberLinesExplorer())


def nudges(page):
    """The sizes of a nudge, from the largest down."""
    return sorted(page.explorer.hands()["h"].options, reverse=True)


def test_as_the_nudge_shrinks_the_ratio_comes_to_the_slope_ten_times_as_near_each_time(lines):
    off = []
    for h in nudges(lines):
        lines.slide("h", h)
        off.append(abs(lines.explorer.numbers.measured - lines.explorer.numbers.product))
    assert off == sorted(off, reverse=True)
    rows = dict(lines.explorer.numbers.shrinking)
    gaps = [abs(rows[h] - lines.explorer.numbers.product) for h in (0.1, 0.01, 0.001, 0.0001)]
    assert [a / b for a, b in pairwise(gaps)] == pytest.approx([10] * 3, rel=0.2)


def test_straight_functions_keep_what_their_slopes_promise_for_every_nudge(lines):
    lines.press("straight")
    for h in nudges(lines):
        lines.slide("h", h)
        for quantity in lines.explorer.numbers.chain[1:]:
            assert quantity.nudged != quantity.value
        assert lines.explorer.numbers.measured == pytest.approx(lines.explorer.numbers.product)


def test_a_saturated_stage_stops_what_the_others_pass_on(lines):
    lines.press("saturated")
    slopes, products = [], []
    for k in range(11):
        lines.slide("x", k / 10)
        slopes.append(lines.explorer.numbers.slopes)
        products.append(lines.explorer.numbers.product)
    for stage in (0, 1):
        along = [each[stage] for each in slopes]
        assert along == sorted(along)
    assert max(products) > 1
    assert products[-1] < 1e-3
    assert slopes[-1][2] < 1e-3


def test_there_and_back_a_large_nudge_measures_nothing_and_a_small_one_the_slope(lines):
    lines.press("there and back")
    numbers = lines.explorer.numbers
    assert numbers.product < -2
    assert numbers.measured == pytest.approx(0, abs=1e-6)
    u = numbers.chain[1]
    assert u.value == pytest.approx(u.nudged)  # dot and ring lie on each other
    assert numbers.chain[0].nudged - numbers.chain[0].value == 1
    lines.slide("h", 0.001)
    assert lines.explorer.numbers.measured == pytest.approx(numbers.product, rel=0.01)


def test_the_same_functions_in_the_other_order_have_another_slope(lines):
    lines.press("Reset")
    before = lines.explorer.numbers.product
    lines.slide("u", "triple")
    lines.slide("v", "square")
    assert abs(lines.explorer.numbers.product - before) > 0.1


# ---- Three paths ---------------------------------------------------------------------------------


@pytest.fixture
def paths(open_explorer):
    return open_explorer(PathsExplorer())


CUTS = ("cut1", "cut2", "cut3")


def test_a_cut_takes_away_what_its_path_carries_and_never_changes_y(paths):
    y = paths.explorer.numbers.values["y"]
    for k, cut in enumerate(CUTS):
        paths.slide(cut, True)
        numbers = paths.explorer.numbers
        assert numbers.measured_full - numbers.measured == pytest.approx(numbers.products[k])
        paths.slide(cut, False)
    for cut in CUTS:
        paths.slide(cut, True)
    assert paths.explorer.numbers.measured == pytest.approx(0, abs=1e-6)
    assert paths.explorer.numbers.values["y"] == y


def test_paths_that_cancel_each_carry_something_and_a_cut_shows_it(paths):
    paths.press("paths cancel")
    assert min(map(abs, paths.explorer.numbers.products)) > 0.3
    assert paths.explorer.numbers.measured == pytest.approx(0, abs=1e-6)
    for cut in CUTS:
        paths.slide(cut, True)
        assert abs(paths.explorer.numbers.measured) > 0.3
        paths.slide(cut, False)


def test_c_changes_the_two_ribbons_that_have_q_as_a_slope_and_not_the_one_through_q(paths):
    paths.press("Reset")
    before = paths.explorer.numbers.products
    paths.slide("c", 1.0)
    first, second, through_q = (
        abs(now - then) for now, then in zip(paths.explorer.numbers.products, before, strict=True)
    )
    assert min(first, second) > 0.1
    assert through_q == 0


def test_where_a_is_0_two_paths_have_a_factor_0_and_the_third_has_none(paths):
    paths.press("a is 0")
    carried = paths.explorer.numbers.products
    zero = [any(slope == 0 for _, slope in path.slopes) for path in paths.explorer.numbers.paths]
    assert zero == [product == 0 for product in carried]
    assert sum(zero) == 2
