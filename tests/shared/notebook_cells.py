"""The notebooks' cells: what is code, what is text, and what learners may write into them."""

import re

import pytest
from learners_code import WRONG
from run_notebooks import ROOT, all_notebooks, read

from bp_helpers.exercises import CATALOGUE

every_notebook = pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def said(cell):
    """What the cell printed and what its last line gave, as text."""
    return "".join(
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )


def solution_after(cells, position):
    """The Python block of the next collapsed solution, as the text shows it to the learner."""
    for cell in cells[position:]:
        found = re.search(r"<summary>Solution</summary>\s*```python\n(.*?)```", cell.source, re.S)
        if cell.cell_type == "markdown" and found:
            return found[1]
    raise AssertionError(f"no solution stands after cell {cells[position].id}")


# Beside those of tests/learners_code.py: notebook, exercise, what a learner may write for its
# `return None` (or for None), what the check then says.
OTHER_ATTEMPTS = [
    ("02_forward_pass", 3, "no such letter", "Not yet"),
    ("05_gradient_descent", 3, "return 0.5", "Not yet"),
    ("07_checking_gradients", 3, "c", "Layer c agrees with central differences: dscale"),
    ("07_checking_gradients", 3, "d", "is none of the letters"),
    (
        "08_bug_clinic",
        2,
        "return next((n for n in true if not np.allclose(used[n], true[n])), None)",
        "It calls every small gradient right",
    ),
    (
        "08_bug_clinic",
        3,
        dict(zip("ABCD", ["db averaged", "W2 not transposed", "uphill", "uphill"], strict=True)),
        "1 of 4 are right",
    ),
]


def one_line(text):
    """Return the text as it was before a check broke it into lines, and as a card has names."""
    return " ".join(text.replace("`", "").split())


def attempts_at(name):
    """Yield exercise, source and what its check must say, for all wrong attempts at a notebook."""
    cells = {cell.id: cell for cell in read(ROOT / "notebooks" / f"{name}.ipynb").cells}
    for check, mistakes in WRONG.items():
        for cell in cells.values():
            if cell.id.startswith("check-") and f"{check}(" in cell.source:
                for mistake, (source, *_) in mistakes.items():
                    yield cell.id.removeprefix("check-"), source, CATALOGUE[mistake].explanation
    for _, k, attempt, answer in (a for a in OTHER_ATTEMPTS if a[0] == name):
        stub = cells[f"exercise-{k}"].source
        if stub.endswith("= None  # your answer here"):
            yield k, stub.replace("None  # your answer here", repr(attempt)), answer
        else:
            yield k, re.sub(r"return None  # your.*", lambda _, a=attempt: a, stub), answer
