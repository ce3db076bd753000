"""The tasks under "Try this" in 09, done by hand: each promise is about what changed."""

import pytest

from bp_helpers.explorers import RaceExplorer, WhichEndExplorer, race


def test_first_task_the_race_says_when_it_is_over_to_the_eye_and_to_the_ear(
    open_explorer, monkeypatch
):
    monkeypatch.setattr(race, "RUN_WIDTHS", race.RUN_WIDTHS[:2])
    monkeypatch.setattr(race, "lap", lambda *which: race.Lap(*which, True, 0.001))
    page = open_explorer(RaceExplorer())
    while page.explorer._next_lap():
        page.show()
        assert page.view.get_by_text("The race is over").count() == 0
    page.show()
    told = "The race is over: 2 networks were run, the largest with 280 parameters"
    assert told in " ".join(page.view.locator("svg").last.locator("text").all_text_contents())
    page.view.get_by_role("status").filter(has_text=told).wait_for(state="attached")


def test_which_end_an_area_grows_and_nothing_else_changes_its_scale(open_explorer):
    explorer = WhichEndExplorer()
    explorer.use_preset("1-100-100-100-1")
    page = open_explorer(explorer)
    areas = page.view.locator("svg").first.locator("rect[fill-opacity]")
    ticks = page.view.locator("svg").first.locator("text[text-anchor=end]")
    before, said = areas.first.bounding_box(), ticks.all_inner_texts()
    page.pull(page.view.get_by_role("slider", name="rows carried"), 0, -180)
    assert explorer.state["n0"] == 1000
    after = areas.first.bounding_box()
    assert after["width"] == pytest.approx(before["width"], abs=0.1)
    assert after["height"] > 50 * before["height"]
    assert ticks.all_inner_texts() == said
