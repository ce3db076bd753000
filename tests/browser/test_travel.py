"""Play shows what travels: numbers move to what is made of them, as slowly as one likes, or not."""

import pytest
from own_notebook import for_each

BACKWARD = [("04_backward_pass.ipynb", (0, "BackwardExplorer"))]
MOVING = """() => document.getAnimations()
  .map(({ effect }) => effect)
  .filter(({ target }) => target.classList.contains("bp-travel"))
  .map((effect) => effect.getTiming().duration)"""
FINISH = "() => document.getAnimations().forEach((one) => one.finish())"
OPACITY = "part => Number(getComputedStyle(part.querySelector('text')).opacity)"


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
def test_what_is_made_is_seen_when_the_numbers_have_come_or_at_once_when_one_is_changed(explorer):
    explorer.box.locator("select").first.select_option("slow")
    explorer.wait_until_chosen("speed", "slow")
    explorer.button("Next").click()
    explorer.wait_until_shown("step", 1)
    assert explorer.part("loss").evaluate(OPACITY) == 0
    explorer.page.evaluate(FINISH)
    assert explorer.part("loss").evaluate(OPACITY) == 1
    explorer.button("Next").click()
    explorer.wait_until_shown("step", 2)
    assert [explorer.part(f"{name}2[0]").evaluate(OPACITY) for name in ("delta", "dA")] == [0, 0]
    explorer.drag("y0", -20)
    explorer.wait_for_slider("y0")
    assert [explorer.part(f"{name}2[0]").evaluate(OPACITY) for name in ("delta", "dA")] == [1, 1]
    assert explorer.page.evaluate(MOVING) == []


@for_each(BACKWARD)
def test_play_begins_with_what_the_step_makes_one_after_the_other(explorer):
    """The hidden neurons first, the outputs last; and the formula of what is made is there."""
    explorer.box.locator("select").first.select_option("slow")
    explorer.wait_until_chosen("speed", "slow")
    explorer.button("Play").click()
    explorer.view.locator('[data-name="Z1[0]"][aria-pressed=true]').wait_for()
    delays = explorer.page.evaluate(
        """() => Object.fromEntries(document.getAnimations()
          .map(({ effect }) => effect)
          .filter(({ target }) => target.dataset.to)
          .map((effect) => [effect.target.dataset.to, effect.getTiming().delay]))"""
    )
    assert [delays[name] for name in ("Z1[0]", "A1[2]", "Z2[1]", "A2[0]")] == [0, 800, 1600, 2400]
    explorer.button("Pause").click()


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
