"""Parts of a batch: what each way to put their gradients together gives, by hand."""

import numpy as np
import pytest
from svg_checks import parsed, texts

import bp_helpers as bp
from bp_helpers.explorers import ShardsExplorer
from bp_helpers.explorers.shards import BORDERS, EXAMPLES, NORMALISED, PLAIN, ROOT, network_of
from bp_helpers.pictures import examples_axis

DATA = bp.load_penguins()
X, Y = DATA.x_train[:EXAMPLES], DATA.y_train[:EXAMPLES]


def sums_of_own_gradients(start, end):
    """The gradients of these examples, one by one through the engine, added up."""
    sums = None
    for k in range(start, end):
        network = network_of(PLAIN)
        network.loss_value(X[k : k + 1], Y[k : k + 1])
        network.backward()
        own = [np.array(array) for array in network.gradients.values()]
        sums = own if sums is None else [a + b for a, b in zip(sums, own, strict=True)]
    return sums


@pytest.mark.parametrize("borders", [(7, 13), (12, 13), (3, 7), (7, 3), (0, 13), (5, 5)])
def test_each_way_is_that_of_the_examples_own_gradients(borders):
    explorer = ShardsExplorer()
    explorer.set(border1=borders[0], border2=borders[1])
    numbers = explorer.numbers
    first, second = sorted(borders)
    cuts = [(a, b) for a, b in ((0, first), (first, second), (second, EXAMPLES)) if b > a]
    parts = [(b - a, sums_of_own_gradients(a, b)) for a, b in cuts]
    for k, whole in enumerate(numbers.whole):
        added = sum(sums[k] for _, sums in parts)
        np.testing.assert_allclose(whole, added / EXAMPLES, atol=1e-14)
        np.testing.assert_allclose(numbers.weighted[k], whole, atol=1e-14)
        plain = sum(sums[k] / size for size, sums in parts) / len(parts)
        np.testing.assert_allclose(numbers.means[k], plain, atol=1e-14)
    assert numbers.sizes == (first, second - first, EXAMPLES - second)


@pytest.mark.parametrize("at", [0, 13])
def test_borders_in_one_place_are_seen_and_taken_as_two(at):
    explorer = ShardsExplorer()
    explorer.set(border1=at, border2=at)
    bars, _ = explorer.picture
    grips = {
        (float(one.get("x")), float(one.get("y"))): float(one.get("height"))
        for one in parsed(bars).iter()
        if one.get("class") == "bp-hit"
    }
    (x, y), (same_x, other_y) = grips
    assert x == same_x
    assert abs(y - other_y) >= max(grips.values()) >= 24


def test_no_weights_repair_what_looks_at_the_whole_batch():
    explorer = ShardsExplorer()
    for kind, is_repaired in {PLAIN: True, NORMALISED: False, ROOT: False}.items():
        explorer.set(border1=6, kind=kind)
        assert (explorer.numbers.off(explorer.numbers.weighted) < 1e-12) == is_repaired


def test_the_picture_says_how_much_an_example_counts():
    bars, table = ShardsExplorer().picture
    assert (
        "part 1: 7 examples, each counts 1/14; part 2: 6 examples, each counts 1/12" in bars.words
    )
    assert "mean of the means 0.0628, weighted mean 0.0634, whole batch 0.0634" in table.words
    assert {"0.0628", "0.0634"} <= set(texts(table))


def test_the_sliders_of_the_borders_lie_along_the_row_that_they_cut():
    explorer = ShardsExplorer()
    axis = examples_axis(EXAMPLES)
    left, right = axis.start, axis.end
    for name in BORDERS:
        assert "bp-along" in explorer.handles[name]._dom_classes
        assert f'data-x="{name} 0 {EXAMPLES} {left} {right}"' in explorer.picture.svg
