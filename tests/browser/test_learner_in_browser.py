"""What a learner does beside dragging: predict, and try each exercise, wrong and then right."""

import pytest
from axe import looked_at
from learner import COURSE, tagged, try_each_exercise
from run_notebooks import ROOT
from thorough import some


def with_tag(tag, each):
    names = some([name for name in COURSE if tagged(name, tag)], each)
    return pytest.mark.parametrize("notebook", names, indirect=True, scope="package")


def prediction(notebook, k):
    """The prediction in cell k, scrolled to, as a locator."""
    notebook.cell(k)
    box = notebook.page.locator(".jp-Cell").nth(k).locator(".bp-predict")
    box.wait_for()
    return box


@with_tag("predict", each=2)
def test_each_prediction_answers_once_the_learner_has_settled(notebook):
    for k in tagged(notebook.path.removeprefix("notebooks/"), "predict"):
        box = prediction(notebook, k)
        verdict = box.get_by_role("status")
        assert verdict.count() == 0
        marker = box.get_by_role("slider")
        if marker.count():
            assert box.get_by_role("button").last.is_disabled(), "no answer before a guess"
            marker.press("ArrowRight")
        box.get_by_role("button").last.click()
        verdict.wait_for()
        assert verdict.inner_text().startswith("You said")
        assert len(verdict.inner_text().splitlines()) >= 2, "and says why"
        assert all(button.is_disabled() for button in box.get_by_role("button").all())


@with_tag("predict", each=6)  # one style sheet draws them all
@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_accessibility_rules_of_predictions(notebook, theme):
    notebook.use_theme(theme)
    prediction(notebook, tagged(notebook.path.removeprefix("notebooks/"), "predict")[0])
    assert looked_at(notebook.page, ".bp-predict")


@with_tag("exercise", each=2)
def test_each_exercise_wrong_and_then_right(notebook):
    try_each_exercise(notebook)


def test_the_course_here_is_the_course():
    assert list(COURSE) == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
