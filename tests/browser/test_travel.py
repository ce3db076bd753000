"""Play shows what travels: numbers move to what is made of them, as slowly as one likes, or not."""

import pytest
from own_notebook import for_each

BACKWARD = [("04_backward_pass.ipynb", (0, "BackwardExplorer"))]
MOVING = """() => document.getAnimations()
  .map(({ effect }) => effect)
  .filter(({ target }) => target.classList.contains("bp-travel"))
  .map((effect) => effect.getTiming().duration)"""


@for_each(BACKWARD)
@pytest.mark.parametrize(("speed", "duration"), [("slow", 3200), ("medium", 1600)])
def test_a_step_sets_numbers_moving(explorer, speed, duration):
    explorer.box.locator("select").first.select_option(speed)
    explorer.wait_until_chosen("speed", speed)
    explorer.button("Next").click()
    explorer.wait_until_shown("step", 1)
    moving = explorer.page.evaluate(MOVING)
    assert moving == [duration] * explorer.view.locator(".bp-travel").count() != []


@for_each(BACKWARD)
def test_a_slider_moves_none(explorer):
    explorer.button("Next").click()
    explorer.wait_until_shown("step", 1)
    explorer.page.wait_for_function(f"({MOVING})().length === 0")
    explorer.drag("x0", 40)
    explorer.wait_for_slider("x0")
    assert explorer.page.evaluate(MOVING) == []


@for_each(BACKWARD)
def test_with_reduced_motion_a_step_only_lights_up(explorer):
    explorer.page.emulate_media(reduced_motion="reduce")
    explorer.button("Next").click()
    explorer.wait_until_shown("step", 1)
    assert explorer.page.evaluate(MOVING) == []
    assert explorer.view.locator("rect[fill^='var(--bp-lit']").count() > 0
    explorer.page.emulate_media(reduced_motion="no-preference")
