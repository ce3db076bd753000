"""What answers a prediction is out of sight until the learner has answered, or asks to see it.

Nothing of that is in the file, and every cell runs as always.
"""

import pytest
from axe import looked_at
from lab import Notebook
from learner import COURSE, tagged

NAME = "02_forward_pass.ipynb"
LINE = "The answer below stays covered until you have given yours."
# Whether any text or output between each question and the next one or heading is seen.
SEEN = """
() => {
  const cells = jupyterapp.shell.currentWidget.content.widgets;
  const seen = (cell) => [...cell.node.querySelectorAll(
    ".jp-MarkdownOutput, .jp-OutputArea-child:not(:has(.bp-live))")]
    .some((part) => getComputedStyle(part).display !== "none");
  return cells.map((cell) => cell.node.isConnected && seen(cell));
}
"""


@pytest.fixture
def notebook(page):
    return Notebook.opened_in(page, f"around/{NAME}")


def question(notebook, k):
    """The first question's cell, scrolled to, and what it answers in the cell behind it."""
    notebook.cell(k)
    notebook.page.wait_for_timeout(300)
    return notebook.page.locator(".jp-Cell").nth(k)


def is_seen(notebook, k):
    notebook.cell(k)
    notebook.page.wait_for_timeout(300)
    return notebook.page.evaluate(SEEN)[k]


@pytest.fixture
def asked():
    """The first question after which a cell prints its answer."""
    cells = COURSE[NAME]
    return next(
        k
        for k in tagged(NAME, "predict")
        if cells[k + 1].cell_type == "code" and cells[k + 1].outputs[0].output_type == "stream"
    )


def test_the_answer_comes_with_the_learners_own(notebook, asked):
    """Also the output that is stored in a notebook which nobody has run."""
    first = question(notebook, asked)
    assert first.get_by_text(LINE).is_visible()
    assert not is_seen(notebook, asked + 1)
    notebook.run_all()
    notebook.assert_every_cell_ran()
    assert not is_seen(notebook, asked + 1)
    question(notebook, asked)
    first.get_by_role("slider").press("ArrowRight")
    first.get_by_role("button", name="Commit").click()
    first.get_by_role("status").wait_for()
    notebook.page.wait_for_timeout(300)
    assert first.get_by_text(LINE).count() == 0
    assert is_seen(notebook, asked + 1)
    saved = str(notebook.cells())
    assert "cover" not in saved.replace("discover", "").replace("recover", "")


TWO_IN_A_ROW = """
from bp_helpers.explorers import PredictChoice

PredictChoice("Which?", ["this", "that"], answer="that", why="So it is.")
"""


def test_two_questions_in_a_row_are_both_answered_first(notebook, asked):
    """What is below them answers both, whichever is answered first."""
    notebook.page.evaluate(
        """k => {
          const { sharedModel } = jupyterapp.shell.currentWidget.content.model;
          const metadata = { tags: ["predict"], trusted: true };
          sharedModel.insertCell(k, { cell_type: "code", source: "", metadata });
        }""",
        asked,
    )
    notebook.run_all()
    notebook.run_cell(asked, TWO_IN_A_ROW)
    first, second = (notebook.page.locator(".jp-Cell").nth(asked + k) for k in (0, 1))
    question(notebook, asked)
    assert first.get_by_text(LINE).is_visible()
    assert second.get_by_text(LINE).is_visible()
    second.get_by_role("slider").press("ArrowRight")
    second.get_by_role("button", name="Commit").click()
    second.get_by_role("status").wait_for()
    assert not is_seen(notebook, asked + 2), "the first one is not answered yet"
    question(notebook, asked)
    first.get_by_role("button", name="this").click()
    first.get_by_role("status").wait_for()
    assert is_seen(notebook, asked + 2)


def test_who_does_not_want_to_answer_is_shown_it(notebook, asked):
    first = question(notebook, asked)
    assert "color-contrast" in looked_at(notebook.page, ".bp-cover")
    first.get_by_role("button", name="Show the answer now").focus()
    notebook.page.keyboard.press("Enter")
    notebook.page.wait_for_timeout(300)
    assert is_seen(notebook, asked + 1)
    notebook.run_all()
    assert is_seen(notebook, asked + 1), "and it stays"


def test_what_can_be_dragged_and_what_went_wrong_is_never_covered(notebook, asked):
    notebook.run_all()
    for box in notebook.page.locator(".bp-explorer").all():
        assert box.evaluate("box => !box.closest('.bp-covered') || box.checkVisibility()")
    notebook.run_cell(asked + 1, "print('an answer'); 1 / 0")
    shown = notebook.page.locator(".jp-Cell").nth(asked + 1)
    shown.get_by_text("ZeroDivisionError").first.wait_for(state="visible")
    assert not shown.get_by_text("an answer", exact=True).last.is_visible()
