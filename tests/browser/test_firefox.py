"""The course in Firefox: every explorer draws there what it draws here, and answers a key."""

import nbformat
import pytest
from explorer_page import canonical
from firefox import running_firefox
from lab import running_lab
from nbformat.v4 import new_code_cell, new_notebook
from own_notebook import all_explorers

NAMES = sorted(all_explorers())


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    """Firefox, with a notebook of all explorers opened and run."""
    base = tmp_path_factory.mktemp("firefox")
    (base / "course").mkdir()
    cells = [f"from bp_helpers.explorers import {name}\n\n{name}()" for name in NAMES]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = nbformat.from_dict(
        {"display_name": "Python 3", "language": "python", "name": "python3"}
    )
    nbformat.write(notebook, base / "course" / "every_explorer.ipynb")
    with running_firefox() as page, running_lab(base / "course", base / "own") as server:
        address, token = server
        page.run_notebook(f"{address}lab/tree/every_explorer.ipynb?reset&token={token}")
        yield page


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_an_explorer_draws_and_answers_a_key(firefox, name):
    box = firefox.explorer_in(NAMES.index(name))
    state, fresh = firefox.state(box), all_explorers()[name]()
    assert state["shown"] == fresh.shown
    assert canonical(state["svg"]) == canonical(fresh.view.svg)
    firefox.assert_answers_a_key(box)


@pytest.mark.slow
def test_the_console_has_no_errors(firefox):
    assert firefox.errors == []
