"""What is printed is the same on every machine: the notebooks, run on imitated ones."""

import nbformat
import pytest
from machines import MACHINES, ROOT, run, why_not
from run_notebooks import normalise, write
from run_notebooks import run as run_notebook

# Of these, the first three that can be imitated here and the last, for the time that they take; all
# of them by `python tools/machines.py`. Moved digits can be imitated everywhere.
SOME = [
    "no AVX2",
    "kernel Prescott, threads: 2",
    "kernel Haswell, threads: 1",
    "kernel Nehalem, threads: 1",
    *(f"last digits moved, {seed}" for seed in (1, 2, 3, 4)),
]


@pytest.mark.parametrize("name", MACHINES)
def test_an_imitation_changes_some_digit(name):
    reason = why_not(MACHINES[name])
    if reason:
        pytest.skip(reason)


@pytest.mark.parametrize("place", range(4))
def test_the_notebooks_print_the_same(place):
    able = [machine for machine in map(MACHINES.get, SOME) if why_not(machine) is None]
    able = [*able[:3], able[-1]]
    result = run(able[place], ["notebooks"])
    assert result.passed, f"{able[place].name}: {result.printed[-5000:]}"


def test_a_digit_that_the_processor_decides_is_noticed(tmp_path):
    notebook = nbformat.v4.new_notebook()
    shows = "import numpy as np\nprint(f'{np.exp(np.linspace(1, 2, 9)).sum():.DIGITSf}')"
    notebook.cells = [
        nbformat.v4.new_code_cell(shows.replace("DIGITS", digits)) for digits in ("12", "16")
    ]
    path = tmp_path / "digits.ipynb"
    write(normalise(run_notebook(notebook, tmp_path)), path)
    options = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(path)]
    assert run(MACHINES["this one"], options).passed
    result = run(MACHINES["last digits moved, 1"], options)
    assert "1 failed, 1 passed" in result.printed, result.printed
