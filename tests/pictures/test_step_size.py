"""Error over step size, and two losses subtracted: what is drawn is where the numbers say."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, parsed, texts

from bp_helpers.pictures.step_size import (
    FRAME,
    Cancellation,
    StepSizes,
    cancellation,
    step_sizes,
)

PROPERTY = settings(derandomize=True, deadline=None, max_examples=100)
SIZE = st.floats(0, 1e300)
NUMBER = st.floats(-1e6, 1e6)
FORMULAS = {"truncation": "h²", "rounding": "1 / h"}
LEFT, TOP, ACROSS, DOWN = FRAME


def example(**changes):
    h = 10.0 ** np.arange(-16.0, 1.0)
    predicted = {"truncation": h**2, "rounding": 1e-16 / h}
    given = {"h": h, "error": h**2 + 1e-16 / h, "predicted": predicted, "at": (1e-4, 1e-8)}
    return StepSizes(**given | {"tolerance": 1e-6, "kink": None, "best": 1e-5} | changes)


def subtraction(**changes):
    given = {
        "losses": {"L(w + h)": 0.75, "L(w − h)": 0.25}, "over": ("2h", 0.5), "measured": 1.0,
        "analytic": 1.25, "error": 0.2, "decimals": 17, "kept": "Two digits are lost.",
    }  # fmt: skip
    return Cancellation(**given | changes)


def lines(svg):
    found = [e for e in parsed(svg).iter() if e.tag.endswith("path")]
    return [
        (re.findall(r"([\d.]+) ([\d.]+)", e.get("d")), e.get("stroke-dasharray")) for e in found
    ]


def test_the_lines_and_the_point_are_where_the_numbers_say():
    svg = step_sizes(example(), FORMULAS)
    check_svg(svg)
    (measured, solid), (truncation, dashes), (rounding, dots) = lines(svg)
    assert (solid, len({dashes, dots})) == (None, 2)
    at = {float(x): float(y) for x, y in truncation}
    decade = ACROSS / 16, DOWN / 17
    for power in (-8, -4, 0):  # two decades up for each one to the right
        x, y = LEFT + ACROSS + power * decade[0], TOP + (1 - 2 * power) * decade[1]
        assert at[round(x, 1)] == pytest.approx(y, abs=0.06)
    assert min(at) == pytest.approx(LEFT + 8 * decade[0], abs=0.06)  # below the edge it ends
    assert len(rounding) == len(measured) == 17
    (circle,) = (e for e in parsed(svg).iter() if e.tag.endswith("circle"))
    assert float(circle.get("cx")) == pytest.approx(LEFT + 12 * decade[0], abs=0.01)
    assert float(circle.get("cy")) == pytest.approx(TOP + 9 * decade[1], abs=0.01)
    assert "Relative error 1.00×10⁻⁸ with h = 0.0001000" in texts(svg)
    assert {"10⁻¹⁶", "10⁻⁴", "1", "tolerance 10⁻⁶", "truncation: h²"} <= set(texts(svg))
    assert "the error goes from 1.000 down to" in description(svg)
    assert "; best step 1.00e−5." in description(svg)
    assert "; a larger step is better." in description(step_sizes(example(best=None), FORMULAS))


def test_an_error_of_0_lies_on_the_edge_and_a_prediction_of_0_is_not_drawn():
    h = 10.0 ** np.arange(-16.0, 1.0)
    predicted = {"truncation": 0 * h, "rounding": 0 * h}
    svg = step_sizes(example(error=0 * h, predicted=predicted, at=(1.0, 0.0)), FORMULAS)
    check_svg(svg)
    (measured, _), (truncation, _), (rounding, _) = lines(svg)
    assert {float(y) for _, y in measured} == {TOP + DOWN}
    assert truncation == rounding == []


def test_a_kink_is_a_line_and_is_said():
    svg = step_sizes(example(kink=1e-2), FORMULAS)
    check_svg(svg)
    assert "kink" in texts(svg)
    assert description(svg).endswith("A kink is 0.01000 away.")
    assert "kink" not in texts(step_sizes(example(), FORMULAS))
    check_svg(step_sizes(example(kink=1.0), FORMULAS))


@PROPERTY
@given(st.lists(st.tuples(SIZE, SIZE, SIZE), min_size=17, max_size=17), st.integers(0, 16))
def test_any_errors_can_be_drawn(rows, k):
    error, truncation, rounding = np.array(rows).T
    h = 10.0 ** np.arange(-16.0, 1.0)
    predicted = {"truncation": truncation, "rounding": rounding}
    sizes = StepSizes(h, error, predicted, (float(h[k]), float(error[k])), 1e-6, float(h[k]), None)
    svg = step_sizes(sizes, FORMULAS)
    parsed(svg)
    assert len(lines(svg)) == 3


def test_what_two_losses_share_stands_back():
    losses = {"L(w + h)": 0.33342797166958299, "L(w − h)": 0.33342969749756246}
    svg = cancellation(subtraction(losses=losses))
    check_svg(svg)
    spans = [e.text or "" for e in parsed(svg).iter() if e.tag.endswith("tspan")]
    assert spans[:4] == ["0.33342", "797166958299", "0.33342", "969749756246"]
    assert spans[4] == "−0.00000"
    assert description(svg).startswith(
        "L(w + h) = [0.33342]797166958299, L(w − h) = [0.33342]96974"
    )
    assert {"divided by 2h", "measured", "analytic", "relative error"} <= set(texts(svg))


def test_two_equal_losses_share_all():
    svg = cancellation(subtraction(losses={"L(w + h)": 0.5, "L(w)": 0.5}, decimals=9))
    spans = [e.text or "" for e in parsed(svg).iter() if e.tag.endswith("tspan")]
    assert spans == ["0.500000000", "", "0.500000000", "", "0.000000000", ""]


@PROPERTY
@given(NUMBER, NUMBER, NUMBER, NUMBER, st.sampled_from([9, 17]))
def test_any_losses_can_be_drawn(a, b, measured, analytic, decimals):
    losses = {"L(w + h)": a / 1e6, "L(w)": b / 1e6}
    case = subtraction(losses=losses, measured=measured, analytic=analytic, decimals=decimals)
    check_svg(cancellation(case))
