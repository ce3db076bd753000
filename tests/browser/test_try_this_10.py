"""The tasks under "Try this" in 10, done by hand: each promise is about what changed."""

import re

import numpy as np
import pytest

from bp_helpers.explorers import DeepTrainingExplorer, DepthExplorer
from bp_helpers.explorers.deep_training import deep_network, runs_of

# ---- Sixty layers --------------------------------------------------------------------------------


@pytest.fixture
def deep(open_explorer):
    return open_explorer(DepthExplorer())


def ends(page, what):
    """The first layer's and the last one's size, as the picture says them."""
    said = re.search(rf"{what}: ([\d.e−,]+) in layer 1, ([\d.e−,]+) in", page.words())
    return [float(number.replace("−", "-").replace(",", "")) for number in said.groups()]


DELTA, SPREAD = "Length of delta", "Spread of the activations"


def test_in_sixty_layers_of_sigmoids_blame_fades_and_at_one_large_scale_it_does_not(deep):
    deep.drag("layers", 600)
    assert deep.explorer.state["layers"] == 60
    lengths = deep.explorer.numbers.lengths[0]
    gone = np.flatnonzero(lengths < 1e-12)
    assert 30 < gone.max() + 1 < 50  # and all layers before it
    assert len(gone) == gone.max() + 1
    deep.slide("scale", 4.0)
    assert ends(deep, DELTA)[0] < 1e-9 * ends(deep, DELTA)[1]
    assert deep.explorer.numbers.slope < 0.2  # and not 1/4
    factors = {}
    for scale in np.arange(10, 15.1, 0.5).tolist():
        deep.slide("scale", scale)
        factors[scale] = deep.explorer.numbers.measured
    assert factors[10] < 0.95
    assert factors[15] > 1.05
    best = min(factors, key=lambda scale: abs(np.log(factors[scale])))
    assert best == pytest.approx(12, abs=0.5)


def test_xavier_fades_with_relus_he_holds_and_more_blows_up_on_both_ways(deep):
    sizes, scales = {}, {}
    for label in ("ReLU, Xavier", "ReLU, He", "blow up"):
        deep.press(label)
        sizes[label] = ends(deep, SPREAD)[1], ends(deep, DELTA)[0]
        scales[label] = deep.explorer.state["scale"]
    assert [*scales.values()] == [1.0, 1.4, 3.0]
    for way in (0, 1):
        xavier, he, more = (each[way] for each in sizes.values())
        assert xavier < 1e-4
        assert 0.01 < he < 1
        assert more > 1e6


def test_tanh_fades_below_1_and_saturates_above_and_never_grows_beyond_1(deep):
    deep.slide("activation", "Tanh")
    slopes, measured = [], []
    for scale in (0.5, 1.0, 1.5, 2.0):
        deep.slide("scale", scale)
        slopes.append(deep.explorer.numbers.slope)
        measured.append(deep.explorer.numbers.measured)
        assert ends(deep, SPREAD)[1] < 1
        if scale < 1:
            assert ends(deep, SPREAD)[1] < 0.01 * ends(deep, SPREAD)[0]
            assert ends(deep, DELTA)[0] < 0.01 * ends(deep, DELTA)[1]
    assert slopes == sorted(slopes, reverse=True)
    assert slopes[-1] < 0.7
    assert measured == sorted(measured)


def test_skips_and_normalisation_end_the_fading_without_steeper_slopes(deep):
    deep.slide("layers", 30)
    fading, slope = ends(deep, DELTA), deep.explorer.numbers.slope
    assert fading[0] < 1e-15 * fading[1]
    for repair in ("skip", "norm"):
        deep.slide(repair, True)
        first, last = ends(deep, DELTA)
        assert first > last
        numbers = deep.explorer.numbers
        assert numbers.slope < slope
        measured, predicted = numbers.factors
        assert max(abs(measured / predicted - 1)) > 0.15  # not in every layer
        deep.slide(repair, False)


def test_twenty_starts_are_far_apart_for_narrow_layers_and_near_for_wide_ones(deep):
    deep.slide("starts", "twenty")
    apart = []
    for width in deep.explorer.hands()["width"].options:
        deep.slide("width", width)
        _, low, high = deep.explorer.numbers.lengths
        apart.append(high[0] / low[0])
    assert apart == sorted(apart, reverse=True)
    assert apart[0] > 10
    assert apart[-1] < 2


# ---- Training ------------------------------------------------------------------------------------


@pytest.fixture
def training(open_explorer):
    runs_of.cache_clear()
    return open_explorer(DeepTrainingExplorer())


AS_IT_WAS, TANH, SKIP, NORM = range(4)


def losses(page, steps):
    """Each version's loss after so many steps, ten at each tick."""
    page.play((steps - page.explorer.state["steps"]) // 10)
    assert page.explorer.state["steps"] == steps
    return [each[-1] for each in page.explorer.numbers.losses]


def test_one_settles_where_guessing_is_with_little_but_its_last_bias_and_skips_catch_up(training):
    after = losses(training, 100)
    assert after[AS_IT_WAS] == pytest.approx(np.log(10), abs=0.05)
    assert max(after[TANH], after[NORM]) < after[SKIP]
    assert training.explorer.numbers.losses[SKIP][0] > 20
    after = losses(training, 300)
    assert after[AS_IT_WAS] == pytest.approx(np.log(10), abs=0.05)
    assert training.explorer.numbers.right[AS_IT_WAS] < 0.2
    start, now = deep_network("as it was", 20), runs_of(20, 0.1)[AS_IT_WAS].network
    moved = {
        name: np.abs(array - start.parameters[name]).max() for name, array in now.parameters.items()
    }
    assert moved["W1"] < 1e-6
    assert moved[[*moved][-1]] > 0.01
    after = losses(training, 500)
    assert after[SKIP] < after[TANH]
    assert min(after) == after[NORM]


def test_two_layers_of_sigmoids_learn_late_and_three_and_four_hardly(training):
    training.press("two layers")
    early, late = (losses(training, steps)[AS_IT_WAS] for steps in (300, 1000))
    assert early > 2.2
    assert late < 1.8
    ends = []
    for layers in (3, 4):
        training.slide("layers", layers)
        ends.append(losses(training, 1000)[AS_IT_WAS])
    assert late < ends[0] < ends[1]
    assert ends[1] == pytest.approx(np.log(10), abs=0.02)


def test_a_larger_rate_does_not_make_up_for_small_gradients_and_breaks_the_tanh(training):
    small = losses(training, 100)
    training.slide("learning_rate", 1.0)
    assert training.explorer.state["steps"] == 0
    large = losses(training, 100)
    assert large[AS_IT_WAS] > 2.2
    assert large[TANH] > 2 > small[TANH]
