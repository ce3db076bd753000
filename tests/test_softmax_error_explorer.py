"""Explorer "softmax error": driven at random, compared with the engine, reset, read as text."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, texts

from bp_helpers import SoftmaxCrossEntropy
from bp_helpers.explorers import SoftmaxErrorExplorer
from bp_helpers.explorers.softmax_error import CLASSES
from bp_helpers.pictures import number
from bp_helpers.pictures.class_errors import ClassError, class_errors
from bp_helpers.pictures.factors import HALF

PROPERTY = settings(derandomize=True, deadline=None, max_examples=40)
Z = st.integers(-20, 20).map(lambda k: k / 4)


@PROPERTY
@given(st.tuples(Z, Z, Z), st.sampled_from(CLASSES))
def test_driven_at_random_it_shows_what_the_engine_gives(z, target):
    explorer = SoftmaxErrorExplorer()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer.set(z0=z[0], z1=z[1], z2=z[2], target=target)
    assert explorer.trouble.value == ""
    check_svg(explorer.view.svg)
    numbers, loss = explorer.numbers(), SoftmaxCrossEntropy()
    assert numbers["loss"] == loss.forward([z], np.array([CLASSES.index(target)]))
    assert np.array_equal(numbers["delta"], loss.backward()[0])
    assert numbers["agrees"]
    assert numbers["delta"] == pytest.approx(numbers["p"] - numbers["y"], abs=1e-12)
    assert numbers["delta"].sum() == pytest.approx(0, abs=1e-12)
    for values in (numbers["p"], numbers["delta"]):
        for value in values.tolist():
            assert number(value, 4) in description(explorer.view.svg)
            assert number(value, 4) in explorer.describe(numbers)


def test_only_differences_between_the_z_count():
    explorer = SoftmaxErrorExplorer()
    before = explorer.numbers()
    explorer.use_preset("all z larger by 3")
    after = explorer.numbers()
    assert after["z"] == pytest.approx(before["z"] + 3)
    assert after["p"] == pytest.approx(before["p"])


def test_presets_do_what_their_names_say():
    explorer = SoftmaxErrorExplorer()
    errors = {}
    for preset in explorer.presets:
        explorer.use_preset(preset)
        errors[preset] = abs(explorer.numbers()["delta"][0])
    assert errors["confident and right"] < 0.05
    assert errors["undecided"] == pytest.approx(2 / 3)
    assert errors["confident and wrong"] > 0.95


def test_reset_is_exact():
    explorer = SoftmaxErrorExplorer()
    picture, shown = explorer.view.svg, explorer.shown
    explorer.set(z1=-3.0, target="Gentoo")
    assert (explorer.view.svg, explorer.shown) != (picture, shown)
    explorer.reset()
    assert (explorer.view.svg, explorer.shown) == (picture, shown)


def test_text_and_picture_state_the_numbers():
    explorer = SoftmaxErrorExplorer()
    assert explorer._repr_mimebundle_()["text/plain"] == (
        "Loss 1.3490, which is −log p of the right class, Adelie\n"
        "Adelie: z 1.00, p 0.2595, target 1, delta −0.7405, measured −0.7405\n"
        "Chinstrap: z 2.00, p 0.7054, target 0, delta 0.7054, measured 0.7054\n"
        "Gentoo: z −1.00, p 0.0351, target 0, delta 0.0351, measured 0.0351\n"
        "delta and measured slopes agree"
    )
    assert description(explorer.view.svg).endswith("The p add up to 1.0000, the deltas to 0.0000.")
    assert {"−0.7405", "0.7054", "1.0000", "sum"} <= set(texts(explorer.view.svg))


def test_the_bars_are_as_long_as_the_numbers():
    svg = class_errors(
        "Two", [ClassError("<a>", -1, 0.25, 1, -0.75, -0.75), ClassError("b", 2, 0, 0, 1, 1)]
    )
    check_svg(svg)
    assert f'width="{150 * 0.25:g}"' in svg.svg
    assert f'width="{HALF * 0.75:g}"' in svg.svg
    assert f'width="{HALF:g}"' in svg.svg


def test_the_code_gives_the_same_numbers():
    explorer = SoftmaxErrorExplorer()
    explorer.set(z0=-1.75, target="Gentoo")
    made = {}
    exec(explorer.code(), made)
    assert made["value"] == explorer.numbers()["loss"]
    assert np.array_equal(made["delta"][0], explorer.numbers()["delta"])
