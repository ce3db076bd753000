"""One output, two losses: the numbers shown are the engine's, wherever its sliders stand."""

import numpy as np
import pytest
from driving import at_start
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, texts

from bp_helpers import BinaryCrossEntropy, Network, Sigmoid, SquaredError
from bp_helpers.explorers import OutputErrorExplorer, output_error
from bp_helpers.explorers.output_error import CURVE
from bp_helpers.pictures import beside, short
from bp_helpers.pictures.numerals import heard

PROPERTY = settings(max_examples=40)
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


@PROPERTY
@given(Z, TARGETS)
def test_driven_at_random_it_shows_what_the_engine_gives(z, y):
    explorer = at_start(OutputErrorExplorer)
    explorer.set(z=z, target=y)
    assert explorer.trouble.value == ""
    numbers = explorer.numbers
    for which, (loss, delta) in engine(z, y).items():
        own = getattr(numbers, which)
        assert (own.loss, own.delta, own.agrees) == (loss, delta, True)
    error, slope = numbers.error, numbers.slope
    assert numbers.squared.delta == pytest.approx(error * slope, abs=1e-14)
    assert numbers.cross.delta == pytest.approx(error, abs=1e-14)
    for part, own in zip(explorer.picture, (numbers.squared, numbers.cross), strict=True):
        check_svg(part)
        factors = [short(error, 5), short(slope, 5)]
        for written in [*factors, short(z), short(own.delta)]:
            assert heard(written) in description(part)
        heading = f": loss {short(own.loss)}, delta {short(own.delta)}. "
        assert heard(heading) in part.words


@pytest.mark.parametrize("y", [0.0, 0.35, 1.0])
def test_the_curves_are_the_engine_s_losses_and_fit_into_their_frames(monkeypatch, y):
    panels = []
    monkeypatch.setattr(output_error, "loss_panel", lambda panel: panels.append(panel) or beside())
    OutputErrorExplorer().set(target=y)
    expected = [engine(z, y) for z in CURVE]
    for which, panel in zip(("squared", "cross"), panels[-2:], strict=True):
        losses = [both[which][0] for both in expected]
        assert panel.losses == pytest.approx(losses, abs=1e-12)
        assert min(losses) >= 0
        assert max(losses) < panel.highest * 1.04


def test_the_measured_slopes_are_those_of_the_losses():
    explorer = OutputErrorExplorer()
    explorer.set(z=2.5, target=0.0)
    above, below = engine(2.5 + 1e-4, 0.0), engine(2.5 - 1e-4, 0.0)
    for which in ("squared", "cross"):
        slope = (above[which][0] - below[which][0]) / 2e-4
        assert getattr(explorer.numbers, which).measured == pytest.approx(slope, rel=1e-6)


def test_confidence_in_the_wrong_answer_splits_the_two_losses():
    explorer = OutputErrorExplorer()
    shown = {}
    for preset in explorer.presets:
        explorer.use_preset(preset)
        shown[preset] = explorer.numbers
    wrong, undecided = shown["confident and wrong"], shown["undecided"]
    assert wrong.squared.delta < undecided.squared.delta / 5
    assert wrong.cross.delta > undecided.cross.delta * 1.9
    assert abs(shown["confident and right"].cross.delta) < 0.02


def test_words_and_picture_state_the_numbers():
    explorer = OutputErrorExplorer()
    explorer.use_preset("confident and wrong")
    squared, cross = explorer.picture
    assert squared.words.startswith("Squared error behind a sigmoid: loss 0.4822, delta 0.01735. ")
    assert description(squared) == (
        "At z = 4.000 the output is 0.9820, the target 0. error a − y 0.98201 "
        "times slope a (1 − a) 0.017663 gives delta 0.01735; measured 0.017345, the same."
    )
    assert "times 1 / (a (1 − a)) 56.616 times" in description(cross)
    assert "delta 0.982014, measured by a nudge of z 0.982014 ✓" in texts(cross)
