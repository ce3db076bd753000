"""Each notebook of the course, opened in a real JupyterLab and run there from top to bottom."""

import pytest
from lab import is_labs_own
from run_notebooks import all_notebooks

every_notebook = pytest.mark.parametrize(
    "notebook", [path.name for path in all_notebooks()], indirect=True
)


@every_notebook
def test_stored_pictures_are_seen_before_anything_runs(notebook):
    """JupyterLab does not trust the notebook then, and drops what might be harmful."""
    assert not notebook.trusted_before
    assert notebook.pictures_before, "a notebook of this course has pictures"
    for stored, seen in notebook.pictures_before:
        assert seen == stored


@every_notebook
def test_every_cell_runs_without_an_error(notebook):
    notebook.assert_every_cell_ran()


@every_notebook
def test_every_output_is_drawn(notebook):
    for k, cell in enumerate(notebook.cells()):
        if cell.get("outputs"):
            shown = notebook.cell(k).eval_on_selector(".jp-OutputArea", "e => e.innerText")
            assert "Error displaying widget" not in shown
            assert "Loading widget" not in shown


@every_notebook
def test_a_cell_with_an_explorer_may_be_run_again(notebook):
    """Its old controls leave the page while the new ones come; the console tells of a slip."""
    shown = [k for k, cell in enumerate(notebook.cells()) if "Explorer()" in cell["source"]]
    for k in shown:
        notebook.run_cell(k)
        notebook.cell(k).wait_for_selector(".bp-view > svg")


@every_notebook
def test_the_console_has_no_errors(notebook):
    """Stands after the tests above, which scroll through all that is drawn."""
    assert [error for error in notebook.errors if not is_labs_own(error)] == []


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        ("at a.removeChild (http://x/static/lab/1.js:1:20)\nat http://x/static/lab/2.js:3:4", True),
        ("at removeChild (http://x/static/lab/1.js:1:2)\nat Array.map (<anonymous>)", True),
        ("at a.removeChild (http://x/static/lab/1.js:1:20)\nat eval (<anonymous>:3:4)", False),
        ("at a.removeChild (http://x/static/lab/1.js:1:20)\nat blob:http://x/7-a:3:4", False),
        ("at a.removeChild (http://x/static/lab/1.js:1:20)\nat http://x/lab/ex/2.js:3:4", False),
        ("TypeError: a is undefined\nat http://x/static/lab/1.js:1:20", False),
        ("Failed to execute 'removeChild' on 'Node'", False),
    ],
)
def test_only_the_labs_own_slip_is_passed_over(stack, expected):
    assert is_labs_own(stack) == expected
