"""Gradients as bars: as long as their numbers, and honest about those that are cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, parsed, text_box, texts

from bp_helpers.pictures import number
from bp_helpers.pictures.gradient_bars import SCALE, gradient_bars
from bp_helpers.pictures.marks import HEAD

PROPERTY = settings(max_examples=25)
LONGEST = SCALE(0.3) - SCALE(0)


def bar_of(svg, name):
    (group,) = [g for g in parsed(svg).iter() if g.get("data-name") == name]
    return group[1], len(group)


def test_a_bar_is_as_long_as_its_number_and_dashed_below_zero():
    svg = gradient_bars({"dW1": np.array([[0.15, -0.075]]), "db1": np.array([0.0])})
    right, _ = bar_of(svg, "dW1[0,0]")
    left, _ = bar_of(svg, "dW1[0,1]")
    assert float(right.get("width")) == pytest.approx(LONGEST / 2, abs=0.01)
    assert float(right.get("x")) == SCALE(0)
    assert float(left.get("width")) == pytest.approx(LONGEST / 4, abs=0.01)
    assert float(left.get("x")) == pytest.approx(SCALE(-0.075), abs=0.01)
    assert right.get("stroke-dasharray") is None
    assert left.get("stroke-dasharray")
    assert {"dW1[0,1]", "db1[0]", "0.150", "−0.075"} <= set(texts(svg))
    assert description(svg) == "dW1 0.150, −0.075; db1 0.000. dW1[0,0] is largest: 0.1500."


@pytest.mark.parametrize("value", [0.31, -0.31, 7.0, -12345.0])
def test_what_is_too_long_is_cut_and_says_so(value):
    svg = gradient_bars({"db1": np.array([value, 0.1])}, "db1[0]")
    check_svg(svg)
    bar, parts = bar_of(svg, "db1[0]")
    assert float(bar.get("width")) == LONGEST
    assert parts == bar_of(svg, "db1[1]")[1] + 1
    assert number(value) in texts(svg)


def test_the_longest_bar_and_its_arrow_head_keep_clear_of_the_name():
    svg = gradient_bars({"dW1": np.array([[-7.0]])})
    (name,) = (one for one in parsed(svg).iter() if one.text == "dW1[0,0]")
    assert text_box(name)[2] < SCALE(-0.3) - HEAD


@PROPERTY
@given(st.lists(st.floats(-99, 99), min_size=9, max_size=9), st.sampled_from(["", "dW1[1,2]"]))
def test_any_gradients_can_be_drawn(values, selected):
    check_svg(
        gradient_bars(
            {"dW1": np.reshape(values[:6], (2, 3)), "db1": np.array(values[6:])}, selected
        )
    )
