"""Explorer "output error": driven at random, compared with the engine, reset, read as text."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, texts

from bp_helpers import BinaryCrossEntropy, Network, Sigmoid, SquaredError
from bp_helpers.explorers import OutputErrorExplorer
from bp_helpers.explorers.output_error import CURVE, HIGHEST
from bp_helpers.pictures import short
from bp_helpers.pictures.factors import Factor
from bp_helpers.pictures.output_error import LossPanel, loss_panel

PROPERTY = settings(derandomize=True, deadline=None, max_examples=40)
Z = st.integers(-20, 20).map(lambda k: k / 4)
TARGETS = st.integers(0, 20).map(lambda k: k / 20)


def engine(z, y):
    """Loss and slope at z of the squared error behind a sigmoid and of the cross-entropy."""
    z, y = np.array([[z]]), np.array([[y]])
    squared, cross = Network([Sigmoid()], SquaredError()), BinaryCrossEntropy()
    return {
        "squared": (squared.loss_value(z, y), squared.backward().item()),
        "cross": (cross.forward(z, y), cross.backward().item()),
    }


def pictures(explorer):
    return [f"<svg{each}" for each in explorer.view.svg.split("<svg")[1:]]


@PROPERTY
@given(Z, TARGETS)
def test_driven_at_random_it_shows_what_the_engine_gives(z, y):
    explorer = OutputErrorExplorer()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer.set(z=z, target=y)
    assert explorer.trouble.value == ""
    numbers = explorer.numbers()
    for which, (loss, delta) in engine(z, y).items():
        assert numbers[which]["loss"] == loss
        assert numbers[which]["delta"] == delta
        assert numbers[which]["agrees"]
    error, slope = numbers["error"], numbers["slope"]
    assert numbers["squared"]["delta"] == pytest.approx(error * slope, abs=1e-14)
    assert numbers["cross"]["delta"] == pytest.approx(error, abs=1e-14)
    for svg, which in zip(pictures(explorer), ("squared", "cross"), strict=True):
        check_svg(svg)
        for value in (z, error, slope, numbers[which]["loss"], numbers[which]["delta"]):
            assert short(value) in description(svg)
            assert short(value) in explorer.describe(numbers) or value == z
    for word in ("nan", "inf"):
        assert word not in explorer.describe(numbers)


@pytest.mark.parametrize("y", [0.0, 0.35, 1.0])
def test_the_curves_are_the_engine_s_losses_and_fit_into_their_frames(y):
    explorer = OutputErrorExplorer()
    explorer.set(target=y)
    curves = explorer.numbers()["curves"]
    expected = [engine(z, y) for z in CURVE]
    for which, curve in curves.items():
        assert curve == pytest.approx([losses[which][0] for losses in expected], abs=1e-12)
        assert curve.min() >= 0
        assert curve.max() < HIGHEST[which] * 1.04


def test_the_measured_slopes_are_those_of_the_losses():
    explorer = OutputErrorExplorer()
    explorer.set(z=2.5, target=0.0)
    above, below = engine(2.5 + 1e-4, 0.0), engine(2.5 - 1e-4, 0.0)
    for which in ("squared", "cross"):
        slope = (above[which][0] - below[which][0]) / 2e-4
        assert explorer.numbers()[which]["measured"] == pytest.approx(slope, rel=1e-6)


def test_confidence_in_the_wrong_answer_splits_the_two_losses():
    explorer = OutputErrorExplorer()
    deltas = {}
    for preset in explorer.presets:
        explorer.use_preset(preset)
        deltas[preset] = {w: explorer.numbers()[w]["delta"] for w in ("squared", "cross")}
    wrong, undecided = deltas["confident and wrong"], deltas["undecided"]
    assert wrong["squared"] < undecided["squared"] / 5
    assert wrong["cross"] > undecided["cross"] * 1.9
    assert abs(deltas["confident and right"]["cross"]) < 0.02


def test_reset_is_exact():
    explorer = OutputErrorExplorer()
    picture, shown = explorer.view.svg, explorer.shown
    explorer.set(z=-3.0, target=1.0)
    assert (explorer.view.svg, explorer.shown) != (picture, shown)
    explorer.reset()
    assert (explorer.view.svg, explorer.shown) == (picture, shown)


def test_text_and_picture_state_the_numbers():
    explorer = OutputErrorExplorer()
    explorer.use_preset("confident and wrong")
    assert explorer._repr_mimebundle_()["text/plain"] == (
        "z = 4.00, a = phi(z) = 0.9820, target 0.00: error 0.9820, slope of the sigmoid 0.01766\n"
        "Squared error behind a sigmoid: loss 0.4822, delta 0.01735; measured 0.017345, the same\n"
        "Cross-entropy of the same output: loss 4.018, delta 0.9820; measured 0.982014, the same"
    )
    squared, cross = pictures(explorer)
    assert description(squared) == (
        "At z = 4.000 the output is 0.9820, the target 0, the loss 0.4822. error a − y 0.9820 "
        "times slope a (1 − a) 0.01766 gives delta 0.01735; measured 0.017345, the same."
    )
    assert "times 1 / (a (1 − a)) 56.62 times" in description(cross)
    assert "delta 0.982014, measured by a nudge of z 0.982014 ✓" in texts(cross)


def test_a_slope_that_differs_is_said_to():
    factors = [Factor("one", 2.5), Factor("other", 1.0)]
    panel = LossPanel(
        "A loss", CURVE, CURVE**2, 36, (1.0, 1.0), 0.75, 0.5, factors, 2.5, 2.0, False
    )
    svg = loss_panel(panel)
    check_svg(svg)
    assert "which differs" in description(svg)
    assert "At z = 1.000 the output is 0.7500, the target 0.5, the loss 1.000." in description(svg)
    assert "delta 2.500000, measured by a nudge of z 2.000000 ✕" in texts(svg)


def test_the_code_gives_the_same_numbers():
    explorer = OutputErrorExplorer()
    explorer.set(z=-1.75, target=0.85)
    made = {}
    exec(explorer.code(), made)
    for which in ("squared", "cross"):
        assert made[f"{which}_loss"] == explorer.numbers()[which]["loss"]
        assert made[f"{which}_delta"].item() == explorer.numbers()[which]["delta"]
