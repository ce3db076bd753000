"""Axe finds nothing to mend in predictions, asked and answered, right and wrong, in both themes."""

import pytest
from axe import looked_at
from lab import Notebook
from own_notebook import OWN_NAME

QUESTIONS = """
from ipywidgets import VBox
from bp_helpers.explorers import PredictChoice, PredictNumber

right, wrong, asked = (
    PredictChoice("Which one?", ["this", "that", "neither"], answer="that", why="So it is.")
    for _ in range(3)
)
exact, near, far, unmoved = (
    PredictNumber("How large?", answer=2.5, low=-4, high=8, step=0.5, why="Count.")
    for _ in range(4)
)
right.commit("that"), wrong.commit("this")
exact.commit(2.5), near.commit(2.7), far.commit(-3)
VBox([right, wrong, asked, exact, near, far, unmoved])
"""


@pytest.fixture
def questions(page):
    page.set_viewport_size({"width": 1366, "height": 1500})
    notebook = Notebook.opened_in(page, f"notebooks/{OWN_NAME}")
    notebook.run_all()
    notebook.run_cell(0, QUESTIONS)
    page.locator(".bp-predict.bp-answered").nth(4).wait_for()
    return notebook


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_in_predictions(questions, theme, photos):
    questions.use_theme(theme)
    said = questions.page.get_by_role("status").all_inner_texts()
    assert [text.split("\n")[0] for text in said if text.startswith("You said")] == [
        "You said: that. Right!",
        "You said: this. The answer is: that.",
        "You said 2.5; it is 2.5. Exactly.",
        "You said 2.7; it is 2.5. That is as near as the marker gets.",
        "You said −3; it is 2.5. Off by 5.5. The sign is wrong.",
    ]
    questions.page.screenshot(path=photos / f"predictions-{theme}.png")
    rules = {"button-name", "color-contrast", "svg-img-alt"}
    assert rules <= looked_at(questions.page, ".bp-predict")


def test_what_was_answered_is_as_clear_as_the_question(questions):
    """Its buttons can no longer be pressed, but are read."""
    marked = questions.page.locator("button.bp-marked")
    assert marked.all_inner_texts() == [
        "✓ that (your answer, right)",
        "✕ this (your answer)",
        "✓ that (right)",
    ]
    for button in marked.all():
        assert button.is_disabled()
        assert button.evaluate("one => getComputedStyle(one).opacity") == "1"


def test_commit_takes_the_guess_where_the_hand_has_left_it(questions):
    """Also while the kernel is still at an earlier move."""
    unmoved = questions.page.locator(".bp-predict").last
    marker = unmoved.locator("[data-x^=guess]").first
    marker.press("ArrowRight")
    commit = unmoved.get_by_role("button", name="Commit")
    questions.page.wait_for_function("one => !one.disabled", arg=commit.element_handle())
    marker.evaluate(
        """(marker, commit) => {
          for (let k = 0; k < 5; k++) {
            const event = new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true });
            marker.dispatchEvent(event);
          }
          commit.click();
        }""",
        commit.element_handle(),
    )
    said = unmoved.get_by_role("status")
    said.wait_for()
    assert said.inner_text().startswith("You said 5; ")
