"""What a learner does with a notebook's exercises."""

from notebook_cells import attempts_at, one_line, solution_after
from run_notebooks import all_notebooks, read

COURSE = {path.name: read(path).cells for path in all_notebooks()}


def tagged(name, tag):
    cells = enumerate(COURSE[name])
    return [k for k, cell in cells if tag in cell.metadata.get("tags", [])]


def cells_of(notebook):
    return COURSE[notebook.path.removeprefix("notebooks/")]


def try_each_exercise(notebook):
    """A usual mistake is named, the notebook's own solution is right; the last answer is heard."""
    cells = cells_of(notebook)
    name = notebook.path.removeprefix("notebooks/").removesuffix(".ipynb")
    wrong = {str(k): (source, answer) for k, source, answer in attempts_at(name)}
    for k in tagged(f"{name}.ipynb", "exercise"):
        attempt, answer = wrong[cells[k].id.removeprefix("exercise-")]
        for source, expected in ((attempt, answer), (solution_after(cells, k), "Right")):
            notebook.run_cell(k, source)
            feedback = notebook.run_cell(k + 1).lstrip()  # the site's kernel prints "" before it
            assert one_line(expected) in one_line(feedback)
            assert feedback.startswith("✓ Right") == (expected == "Right")
    if wrong:
        heard = "document.querySelector('.bp-checked').textContent.startsWith('Right')"
        notebook.page.wait_for_function(heard)
