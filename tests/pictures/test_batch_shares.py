"""What each example adds to a gradient, as strips that are 1/N wide."""

import re

import numpy as np
import pytest
from svg_checks import SVG, check_svg, description, parsed

from bp_helpers.pictures import batch_shares
from bp_helpers.pictures.batch_shares import FRAME

WIDTH, HEIGHT = FRAME[2], FRAME[3] / 0.4  # of one unit, in pixels, where the heights end at 0.2


def areas(blames):
    """The areas in the picture: of the negative and of the positive strips, as far as there are."""
    drawn = batch_shares("A batch", np.array(blames), 0.2, "db2[0]")
    check_svg(drawn)
    filled = [one for one in parsed(drawn).iter(f"{SVG}path") if one.get("fill-opacity")]
    found = []
    for one in filled:
        x, y = np.array(re.findall(r"[ML](\S+) ([\d.]+)", one.get("d")), dtype=float).T
        size = abs(np.sum(x * np.roll(y, 1) - y * np.roll(x, 1))) / 2 / WIDTH / HEIGHT
        found.append(-size if one.get("stroke-dasharray") else size)
    return found


@pytest.mark.parametrize(
    "blames",
    [[-0.15], [-0.15] * 10, [0.1, -0.2, 0.05, -0.1], [0.01 * (k % 9 - 3) for k in range(180)]],
)
def test_the_areas_add_up_to_the_mean(blames):
    assert sum(areas(blames)) == pytest.approx(np.mean(blames), abs=1e-3)


def test_negative_strips_are_dashed_and_pale_and_stand_first():
    drawn = batch_shares("A batch", np.array([0.1, -0.2, 0.05]), 0.2, "db2[0]")
    down, up = (one for one in parsed(drawn).iter(f"{SVG}path") if one.get("fill-opacity"))
    assert down.get("stroke-dasharray")
    assert not up.get("stroke-dasharray")
    assert float(down.get("fill-opacity")) < float(up.get("fill-opacity"))
    assert down.get("d").startswith(f"M{FRAME[0]}.0 ")


def test_the_words_say_how_many_how_wide_how_high_and_their_sum():
    several = batch_shares("Four", np.array([0.1, -0.2, 0.05, -0.1]), 0.2, "db2[0]")
    assert description(several) == (
        "4 strips, each 1/4 wide, from −0.2000 to 0.1000 high. Together they are db2[0] = −0.03750."
    )
    assert description(batch_shares("One", np.array([0.1]), 0.2, "g")).startswith("1 strip, 1 wide")


def test_wide_strips_are_drawn_apart_and_many_as_one_area():
    def lines(count):
        return batch_shares("T", np.full(count, 0.1), 0.2, "g").svg.count("<path")

    assert lines(10) == lines(1) + 9
    assert lines(100) == lines(1)
