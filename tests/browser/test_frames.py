"""Pictures that are made ahead, in the page: the nearest one is the picture that Python drew.

In a page of their own, without JupyterLab.
"""

import random

import pytest

from bp_helpers.explorers import BackwardExplorer, DepthExplorer
from bp_helpers.explorers.frames import frames_along, values_along
from bp_helpers.explorers.svg_view import page_file


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.evaluate(f"{page_file('frames.js')}; window.frames_ = newFrames(); undefined")
    yield page
    page.close()


@pytest.mark.parametrize(("kind", "name"), [(BackwardExplorer, "X[0]"), (DepthExplorer, "layers")])
def test_the_nearest_is_as_it_was_drawn(page, kind, name):
    explorer, rng = kind(), random.Random(0)
    values = values_along(explorer.hands()[name])
    made = rng.sample(values, 12)
    for some in (made[:5], made[5:]):
        page.evaluate("g => frames_.add(g)", frames_along(explorer, name, some)["groups"])
    for value in [*made[:3], *rng.sample(values, 5)]:
        nearest = page.evaluate("v => frames_.nearest(v)", value)
        assert abs(nearest["value"] - value) == min(abs(other - value) for other in made)
        frame = explorer.frame_at(name, nearest["value"])
        assert (nearest["shown"], nearest["svg"]) == (frame.shown, frame.svg)


def test_without_any_there_is_none(page):
    assert page.evaluate("frames_.nearest(1) === undefined")
    page.evaluate("g => frames_.add(g)", frames_along(DepthExplorer(), "layers", [3])["groups"])
    assert page.evaluate("frames_.nearest(1).value") == 3
    page.evaluate("frames_.forget()")
    assert page.evaluate("frames_.nearest(1) === undefined")
