"""A chain of products from either end: multiplications as they are, the best order as it is."""

import re
from functools import reduce
from itertools import pairwise, product

import numpy as np
import pytest
from svg_checks import check_svg

from bp_helpers.explorers import WhichEndExplorer
from bp_helpers.explorers.which_end import HIDDEN, WIDTHS, best_order, which_end
from bp_helpers.pictures.chain_areas import total


class Counted:
    """A matrix that counts the multiplications of its products."""

    count = 0

    def __init__(self, array):
        self.array = array

    def __matmul__(self, other):
        Counted.count += self.array.shape[0] * self.array.shape[1] * other.array.shape[1]
        return Counted(self.array @ other.array)


def run(widths, multiply):
    Counted.count = 0
    result = multiply([Counted(np.ones(shape)) for shape in pairwise(widths)])
    return Counted.count, result.array.shape


@pytest.mark.parametrize("widths", [(3, 4, 5, 6, 2), (1, 7, 7, 7, 1), (5, 1, 4, 1, 9)])
def test_both_ends_take_what_the_products_take(widths):
    numbers = which_end(*widths)
    front = run(widths, lambda chain: reduce(lambda a, b: a @ b, chain))
    back = run(widths, lambda chain: reduce(lambda a, b: b @ a, chain[::-1]))
    assert (total(numbers.from_front), (widths[0], widths[-1])) == front
    assert (total(numbers.from_back), (widths[0], widths[-1])) == back


def test_the_best_order_is_the_best_of_all_five():
    orders = [
        lambda J: ((J[0] @ J[1]) @ J[2]) @ J[3],
        lambda J: (J[0] @ (J[1] @ J[2])) @ J[3],
        lambda J: (J[0] @ J[1]) @ (J[2] @ J[3]),
        lambda J: J[0] @ ((J[1] @ J[2]) @ J[3]),
        lambda J: J[0] @ (J[1] @ (J[2] @ J[3])),
    ]
    for widths in product([1, 3, 7], repeat=5):
        least = min(run(widths, order)[0] for order in orders)
        best, brackets = best_order(widths)
        assert best == least
        matrices = dict(zip(("J1", "J2", "J3", "J4"), range(4), strict=True))
        written = brackets.replace(" ", " @ ")
        for name, k in matrices.items():
            written = written.replace(name, f"J[{k}]")
        assert run(widths, lambda J, written=written: eval(written))[0] == least


def test_with_one_output_the_bottleneck_brings_nothing():
    explorer = WhichEndExplorer()
    explorer.use_preset("a bottleneck")
    front, back = (total(explorer.numbers.from_front), total(explorer.numbers.from_back))
    assert explorer.numbers.best < min(front, back)
    explorer.set(n4=1)
    assert explorer.numbers.best == total(explorer.numbers.from_back)


def test_it_makes_no_difference_in_the_symmetrical_chain():
    numbers = which_end(1, 100, 100, 100, 1)
    assert total(numbers.from_front) == total(numbers.from_back) == 20_100


def test_areas_are_drawn_for_all_widths():
    explorer = WhichEndExplorer()
    ends = WIDTHS[0], WIDTHS[5], WIDTHS[-1]
    for n0, n2, n4 in product(ends, (HIDDEN[0], HIDDEN[-1]), ends):
        explorer.set(n0=n0, n2=n2, n4=n4)
        assert explorer.trouble.value == ""
        for picture in explorer.picture:
            check_svg(picture)


def areas(explorer):
    """The area that is drawn for each product, in square pixels, in all orders."""
    rects = re.findall(r"<rect [^>]*fill-opacity[^>]*>", explorer.view.svg)
    sizes = [re.findall(r' (?:width|height)="([\d.]+)"', rect) for rect in rects]
    return [float(width) * float(height) for width, height in sizes]


def test_an_area_is_the_same_number_of_multiplications_at_any_time():
    """And the largest product there is has room."""
    explorer, per_pixel = WhichEndExplorer(), []
    for n0, n4 in [(200, 200), (1000, 500), (500, 1000), (1000, 1000)]:
        explorer.set(n0=n0, n4=n4)
        both = *explorer.numbers.from_front, *explorer.numbers.from_back
        pairs = zip(both, areas(explorer), strict=True)
        per_pixel += [one.multiplications / area for one, area in pairs]
    assert per_pixel == pytest.approx([per_pixel[0]] * len(per_pixel), rel=0.01)


def test_how_many_are_carried_is_dragged_up_and_down():
    explorer = WhichEndExplorer()
    for name in ("n0", "n4"):
        assert re.search(rf'data-y="{name} 0 1000 \S+ \S+"', explorer.view.svg)
