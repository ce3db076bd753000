"""Probabilities beside their target, and delta, as bars."""

from svg_checks import check_svg

from bp_helpers.pictures import ClassError, class_errors
from bp_helpers.pictures.factors import HALF


def test_the_bars_are_as_long_as_the_numbers():
    picture = class_errors(
        "Two", [ClassError("<a>", -1, 0.25, 1, -0.75, -0.75), ClassError("b", 2, 0, 0, 1, 1)]
    )
    check_svg(picture)
    assert f'width="{150 * 0.25:g}"' in picture.svg
    assert f'width="{HALF * 0.75:g}"' in picture.svg
    assert f'width="{HALF:g}"' in picture.svg
