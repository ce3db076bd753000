"""How large a nudge: what is shown is what a network of our own measures."""

import numpy as np
import pytest
from driving import at_start
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, parsed, texts

from bp_helpers import Dense, Identity, Network, ReLU, Sigmoid, SquaredError, running_example
from bp_helpers.explorers import StepSizeExplorer
from bp_helpers.explorers.step_size import PARABOLA, RELU, SIGMOIDS, losses_nudged
from bp_helpers.pictures import short
from bp_helpers.pictures.numerals import heard

PROPERTY = settings(max_examples=40)
PLACES, SIDES, PRECISIONS = (
    [SIGMOIDS, PARABOLA, RELU],
    ["two-sided", "one-sided"],
    ["float64", "float32"],
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "h": st.integers(-64, 0).map(lambda k: k / 4),
        "sides": st.sampled_from(SIDES),
        "precision": st.sampled_from(PRECISIONS),
        "place": st.sampled_from(PLACES),
        "distance": st.integers(-24, 0).map(lambda k: k / 4),
    },
)


def measure(values):
    """Return two losses, the measured and the analytic slope, with a network of our own."""
    example = running_example()
    dtype = np.dtype(values["precision"])
    x, y = example.x.astype(dtype), example.y.astype(dtype)
    W1, b1, W2, b2 = (value.astype(dtype) for value in example.network.parameters.values())
    hidden, last = Sigmoid(), Sigmoid()
    if values["place"] == RELU:
        hidden = ReLU()
        b1[1] = 10.0 ** values["distance"] - (x @ W1)[0, 1]
    elif values["place"] == PARABOLA:
        last = Identity()
    first, second = Dense.from_arrays(W1, b1), Dense.from_arrays(W2, b2)
    network = Network([first, hidden, second, last], SquaredError())
    at = network.loss_value(x, y)
    network.backward()
    analytic = first.db[1] if values["place"] == RELU else second.dW[0, 0]
    array, index = (first.b, (1,)) if values["place"] == RELU else (second.W, (0, 0))
    before, h = array[index], 10.0 ** values["h"]
    array[index] = before + h
    above = network.loss_value(x, y)
    array[index] = before - h
    below = network.loss_value(x, y)
    if values["sides"] == "one-sided":
        return above, at, (above - at) / h, float(analytic)
    return above, below, (above - below) / (2 * h), float(analytic)


@PROPERTY
@given(st.lists(VALUES, min_size=1, max_size=4))
def test_driven_at_random_it_shows_what_is_measured(actions):
    explorer = at_start(StepSizeExplorer)
    for values in actions:
        explorer.set(**values)
        assert explorer.trouble.value == ""
        for part in explorer.picture:
            check_svg(part)
    numbers = explorer.numbers
    above, other, measured, analytic = measure(explorer.values)
    eps = float(np.finfo(explorer.values["precision"]).eps)
    # the last digits of exp and of a matrix product are this processor's own
    assert numbers.above == pytest.approx(above, rel=8 * eps)
    assert numbers.other == pytest.approx(other, rel=8 * eps)
    rounding = 16 * eps * max(above, other) / numbers.over
    assert numbers.measured == pytest.approx(measured, rel=1e-12, abs=rounding)
    assert numbers.measured == (numbers.above - numbers.other) / numbers.over
    assert numbers.analytic == pytest.approx(analytic, rel=32 * eps)
    analytic = numbers.analytic
    apart = abs(numbers.measured - analytic) / max(abs(numbers.measured), abs(analytic))
    assert numbers.error == pytest.approx(apart, rel=1e-12)
    assert np.isfinite(numbers.errors).all()
    assert (numbers.errors <= 2).all()


def test_what_is_predicted_is_what_is_measured():
    """To the right the truncation line is met; to the left no error is far above rounding's."""
    explorer = StepSizeExplorer()
    for place in PLACES:
        for sides in SIDES:
            explorer.set(place=place, sides=sides, precision="float64", distance=0.0)
            numbers = explorer.numbers
            h, error = numbers.hs, numbers.errors
            truncation, rounding = (numbers.predicted[n] for n in ("truncation", "rounding"))
            clear = (truncation > 100 * rounding) & (h < 0.01)
            if truncation.any():
                assert clear.sum() > 5
            np.testing.assert_allclose(error[clear], truncation[clear], rtol=0.15)
            left = rounding > 100 * truncation
            assert (error[left] <= 3 * rounding[left]).all()


def test_the_best_step_is_where_the_two_lines_are_lowest_together():
    explorer = StepSizeExplorer()
    for sides, power in [("two-sided", 1 / 3), ("one-sided", 1 / 2)]:
        for precision in PRECISIONS:
            explorer.set(sides=sides, precision=precision)
            numbers = explorer.numbers
            both = sum(numbers.predicted.values())
            assert numbers.best == pytest.approx(numbers.hs[both.argmin()], rel=0.4)
            order = np.finfo(precision).eps ** power
            assert order / 20 < numbers.best < 20 * order
    explorer.set(place=PARABOLA, sides="two-sided")
    assert explorer.numbers.best is None
    assert "Predicted: truncation 0, rounding" in explorer.picture.words


def test_a_nudge_across_the_kink_measures_half_and_half():
    explorer = StepSizeExplorer()
    explorer.set(place=RELU, distance=-2.0)
    for power in (-1.0, -1.5, -1.75):
        explorer.set(h=power)
        numbers = explorer.numbers
        said = (1 - 0.01 / numbers.h) / 2
        assert numbers.error == pytest.approx(said, abs=0.03)
        assert "A kink is 0.01000 away, and crossed." in explorer.picture.words
    explorer.set(h=-2.25)
    assert explorer.numbers.error < 1e-5
    assert explorer.picture.words.count("A kink is 0.01000 away.") == 1
    explorer.set(h=-1.0, sides="one-sided")
    assert explorer.numbers.error < 0.1
    assert "crossed" not in explorer.picture.words


def test_a_nudge_that_is_too_small_is_lost():
    explorer = StepSizeExplorer()
    explorer.set(h=-16.0)
    numbers = explorer.numbers
    assert (numbers.difference, numbers.measured, numbers.error) == (0, 0, 1)
    assert "All 16 digits are lost" in explorer.picture.words
    explorer.set(precision="float32", h=-9.0)
    assert "All 7 digits are lost" in explorer.picture.words


def test_the_presets_show_what_their_names_say():
    explorer = StepSizeExplorer()
    explorer.use_preset("too small a step")
    assert explorer.numbers.error > 1e-4
    explorer.use_preset("float32")
    assert explorer.numbers.precision == "float32"
    explorer.use_preset("across the kink")
    assert "and crossed." in explorer.picture.words


def test_its_digits_are_the_same_on_every_processor(monkeypatch):
    """Also where NumPy's exp gives other digits than here, in this test by far."""
    tried = [
        {"place": place, "precision": precision, "h": -13.0}
        for place in PLACES
        for precision in PRECISIONS
    ]
    usual = [digits_shown(values) for values in tried]
    before, exp = Sigmoid().forward([1.0]), np.exp
    monkeypatch.setattr(np, "exp", lambda z: exp(z) * np.float32(1.001))
    assert Sigmoid().forward([1.0]) != before
    assert [digits_shown(values) for values in tried] == usual


def digits_shown(values):
    losses_nudged.cache_clear()
    explorer = StepSizeExplorer()
    explorer.set(**values)
    return explorer.picture.words + explorer.view.svg


def test_words_and_pictures_state_the_numbers():
    explorer = StepSizeExplorer()
    numbers = explorer.numbers
    curve, subtraction = explorer.picture
    for value in (numbers.measured, numbers.analytic, numbers.error):
        assert heard(short(value)) in subtraction.words
    digits = subtraction.words.replace("[", "").replace("]", "")  # around those that are shared
    assert f"L(w + h) = {numbers.above:.17f}, L(w − h) = {numbers.other:.17f}" in digits
    written = short(numbers.error)
    assert f"Relative error {heard(written)} with h = 1.00e−5" in curve.words
    assert f"Relative error {written} with h = 1.00×10⁻⁵" in texts(curve)
    assert written in texts(subtraction)
    assert "L(w − h)" in texts(subtraction)
    spans = [e.text for e in parsed(subtraction).iter() if e.tag.endswith("tspan")]
    assert spans[0] == spans[2] == "0.33342"  # what both share
    assert spans[0] + spans[1] == f"{numbers.above:.17f}"


def test_h_and_the_kink_are_dragged_along_the_axis_that_is_drawn():
    explorer = StepSizeExplorer()
    explorer.use_preset("across the kink")
    picture = parsed(next(iter(explorer.picture)).svg)
    (frame,) = (r for r in picture.iter() if r.tag.endswith("rect") and r.get("fill") == "none")
    left, width = float(frame.get("x")), float(frame.get("width"))
    axes = [part.get("data-x") for part in picture.iter() if part.get("data-x")]
    ends = f"-16 0 {left:g} {left + width:g}"
    assert axes == [f"log10 to the kink {ends}", f"log10 of h {ends}"]


def test_the_kink_can_be_moved_where_there_is_one():
    explorer = StepSizeExplorer()
    for place in PLACES:
        explorer.set(place=place)
        slider = explorer.handles["distance"]
        assert slider.disabled == (place != RELU)
        assert slider.tooltip == (None if place == RELU else "Only a ReLU has a kink")
        for there in (explorer.words, explorer.shown.replace("distance", "log10 to the kink")):
            assert ("log10 to the kink" in there) == (place == RELU)
        assert ("log10 to the kink" in explorer.view.hands) == (place == RELU)
