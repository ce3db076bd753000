"""Two slopes and their product as curves, with the numbers at a few points."""

import numpy as np
import pytest
from svg_checks import SVG, check_svg, description, parsed, texts

from bp_helpers.pictures import SlopeCurve, slope_product

Z = np.linspace(-5, 5, 101)
SLOPE = 1 / (2 + np.exp(Z) + np.exp(-Z))


@pytest.fixture
def drawn():
    curves = [
        SlopeCurve("one", 1 / SLOPE, 160),
        SlopeCurve("other", SLOPE, 0.25, "forward"),
        SlopeCurve("both", Z * 0 + 1, 1),
    ]
    return slope_product("<Cancels>", Z, curves, marked=[50, 90])


def test_the_numbers_at_the_marked_points_multiply_to_the_last(drawn):
    check_svg(drawn)
    first = "At z = 0, one 4.0000 times other 0.25000 gives both 1.000."
    second = "At z = 4, one 56.616 times other 0.017663 gives both 1.000."
    assert description(drawn).startswith(f"{first} {second} both is largest at z = ")
    assert {"z = 4", "56.616", "×", "0.017663", "=", "1.000"} <= set(texts(drawn))


def test_each_curve_has_a_dot_on_it_at_each_marked_point(drawn):
    curves = [path.get("d") for path in parsed(drawn).iter(f"{SVG}path")]
    dots = [
        (float(dot.get("cx")), float(dot.get("cy"))) for dot in parsed(drawn).iter(f"{SVG}circle")
    ]
    assert len(curves) == 3
    for curve, k, (x, y) in zip(np.repeat(curves, 2), [50, 90] * 3, dots, strict=True):
        corner = curve.replace("M", "L").split("L")[1 + k].split()
        assert [float(v) for v in corner] == pytest.approx([x, y], abs=0.06)


def test_the_product_says_where_it_is_largest():
    hump = SlopeCurve("hump", SLOPE, 0.25)
    said = description(slope_product("T", Z, [hump, hump, hump], marked=[50]))
    assert said.endswith("hump is largest at z = 0: 0.2500.")
