"""A cell that is run before the one that makes its names says what to run, in a real kernel."""

import json

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bp_helpers.kernel_extension import RUN_ABOVE, code_cells, names_made_by, what_to_run

CELLS = ["import numpy as np\nfrom math import tau", "A1 = 5\n\n\ndef phi(z):\n    return z"]


def shown_by(*sources):
    """Run cells in a fresh kernel, errors and all, and return what the last one shows."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, allow_errors=True, timeout=60).execute()
    return "\n".join(
        "\n".join(output.get("traceback", [])) or output.get("text", "")
        for output in notebook.cells[-1].outputs
    )


def write_notebook(path, *sources):
    cells = [new_markdown_cell("x = 1"), *(new_code_cell(source) for source in sources)]
    path.write_text(nbformat.writes(new_notebook(cells=cells)), encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import numpy as np\nfrom a.b import c, d as e", {"np", "c", "e"}),
        ("x, (y, *z) = 1, (2, 3)\nfor k in range(3):\n    w = k", {"x", "y", "z", "k", "w"}),
        ("def f(a):\n    b = a\n\n\nclass K:\n    c = 1", {"f", "K"}),
        ("print(unknown)", set()),
        ("%matplotlib inline", set()),
        ("x = (", set()),
    ],
)
def test_the_names_that_a_cell_makes(source, names):
    assert names_made_by(source) == names


def test_the_cell_that_makes_the_name_is_said():
    for name, first in [("np", "import numpy as np"), ("tau", "import numpy"), ("phi", "A1 = 5")]:
        said = what_to_run(name, CELLS)
        assert f"`{name}`" in said
        assert f"\n    {first}" in said
        assert RUN_ABOVE in said


def test_of_a_name_that_no_cell_makes_both_ways_are_said():
    said = what_to_run("dleta", CELLS)
    assert RUN_ABOVE in said
    assert "spelt" in said


def test_the_notebook_is_found_by_its_session(tmp_path):
    path = tmp_path / "a.ipynb"
    write_notebook(path, "A1 = 5")
    assert code_cells(str(path), "another") == ["A1 = 5"]


def test_without_a_session_it_is_the_one_with_the_cell_that_was_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    write_notebook(tmp_path / "a.ipynb", "A1 = 5")
    write_notebook(tmp_path / "b.ipynb", "A1 = 6", "print(A1)")
    assert code_cells(None, "print(A1)") == ["A1 = 6", "print(A1)"]
    assert code_cells(None, "print(A2)") == []


@pytest.mark.parametrize("text", [None, "", "{", "[]", json.dumps({"cells": [1]})])
def test_without_a_notebook_there_are_no_cells(tmp_path, text):
    path = tmp_path / "a.ipynb"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert code_cells(str(path), "A1 = 5") == []


def test_a_kernel_says_what_to_run_and_not_the_cells_own_lines():
    shown = shown_by("secret_answer = 3; print(phi(1))")
    assert "NameError: name 'phi' is not defined" in shown
    assert RUN_ABOVE in shown
    assert "secret_answer" not in shown


def test_in_a_function_the_place_is_shown_as_well():
    shown = shown_by("def mine(z):\n    return phi(z)", "mine(1)")
    assert "return" in shown
    assert RUN_ABOVE in shown


def test_other_errors_are_shown_as_always():
    assert "ZeroDivisionError" in shown_by("1 / 0")
    assert RUN_ABOVE not in shown_by("1 / 0")
    local = shown_by("def f():\n    print(x)\n    x = 1", "f()")
    assert "UnboundLocalError" in local
    assert RUN_ABOVE not in local
