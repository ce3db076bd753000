"""Three classes: the numbers shown are the engine's, wherever its sliders stand."""

import numpy as np
import pytest
from driving import at_start, move_in_page
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, texts

from bp_helpers import SoftmaxCrossEntropy
from bp_helpers.explorers import SoftmaxErrorExplorer
from bp_helpers.explorers.softmax_error import CLASSES
from bp_helpers.pictures import number

PROPERTY = settings(max_examples=40)
Z = st.integers(-20, 20).map(lambda k: k / 4)


@PROPERTY
@given(st.tuples(Z, Z, Z), st.sampled_from(CLASSES))
def test_driven_at_random_it_shows_what_the_engine_gives(z, target):
    explorer = at_start(SoftmaxErrorExplorer)
    explorer.set(z0=z[0], z1=z[1], z2=z[2], target=target)
    assert explorer.trouble.value == ""
    check_svg(explorer.picture)
    numbers, loss = explorer.numbers, SoftmaxCrossEntropy()
    assert numbers.loss == loss.forward([z], np.array([CLASSES.index(target)]))
    assert np.array_equal(numbers.delta, loss.backward()[0])
    assert numbers.agrees
    assert numbers.delta == pytest.approx(numbers.p - numbers.y, abs=1e-12)
    assert numbers.delta.sum() == pytest.approx(0, abs=1e-12)
    for values in (numbers.p, numbers.delta):
        for value in values.tolist():
            assert number(value, 4) in description(explorer.picture)
            assert number(value, 4) in explorer.picture.words


def test_only_differences_between_the_z_count():
    explorer = SoftmaxErrorExplorer()
    before = explorer.numbers
    explorer.add_to_all(3)
    after = explorer.numbers
    assert after.z == pytest.approx(before.z + 3)
    assert after.p == pytest.approx(before.p)


def test_presets_do_what_their_names_say():
    explorer = SoftmaxErrorExplorer()
    errors = {}
    for preset in explorer.presets:
        explorer.use_preset(preset)
        errors[preset] = abs(explorer.numbers.delta[0])
    assert errors["confident and right"] < 0.05
    assert errors["undecided"] == pytest.approx(2 / 3)
    assert errors["confident and wrong"] > 0.95


def test_words_and_picture_state_the_numbers():
    explorer = SoftmaxErrorExplorer()
    assert explorer.picture.words == (
        "Loss 1.3490, which is −log p of the right class, Adelie. "
        "Adelie: z 1, p 0.2595, target 1, delta −0.7405, measured −0.7405; "
        "Chinstrap: z 2, p 0.7054, target 0, delta 0.7054, measured 0.7054; "
        "Gentoo: z −1, p 0.0351, target 0, delta 0.0351, measured 0.0351. "
        "The p add up to 1.0000, the deltas to 0.0000."
    )
    assert {"−0.7405", "0.7054", "1.0000", "sum"} <= set(texts(explorer.picture))


def test_each_pre_activation_stands_in_the_picture_and_is_changed_there():
    explorer = SoftmaxErrorExplorer()
    for k in range(3):
        assert f'data-x="z{k}"' in explorer.view.svg
        assert f"z{k}" in explorer.hands()
        move_in_page(explorer, **{f"z{k}": -2.5})
        assert explorer.values[f"z{k}"] == -2.5
    assert explorer.view.svg.count(">−2.500<") == 3
