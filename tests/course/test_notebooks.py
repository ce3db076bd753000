"""The notebooks as files and as programs; nbval compares their outputs cell by cell too."""

import copy
import re
import shutil
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path

import nbformat
import pytest
from notebook_cells import (
    attempts_at,
    code_cells,
    every_notebook,
    markdown,
    one_line,
    said,
    solution_after,
)
from run_notebooks import LIVE_WIDGET, ROOT, all_notebooks, normalise, read, run

ALLOWED_TAGS = {"exercise", "check", "predict"}
MOST_KILOBYTES = 500
MOST_SECONDS = 60  # a learner waits 20 at most on a quiet machine; this one may be busy


def test_there_are_notebooks():
    assert all_notebooks()


# ---- As files ---------------------------------------------------------------------------------


@every_notebook
def test_stored_as_executed_once_from_top_to_bottom(path):
    cells = code_cells(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@every_notebook
def test_stored_in_the_normal_form(path):
    text = path.read_bytes().decode("utf-8")
    assert "\r\n" not in text
    assert text == nbformat.writes(normalise(read(path)), version=4) + "\n", (
        "store outputs with: python tools/run_notebooks.py"
    )


@every_notebook
def test_what_shows_something_has_a_stored_output(path):
    """Nbval compares nothing where nothing is stored; an emptied notebook would always pass."""
    for cell in code_cells(read(path)):
        last_line = cell.source.strip().splitlines()[-1]
        shows = "print(" in cell.source or re.match(r"[\w.]+\(", last_line)
        defines_only = all(
            line.startswith((" ", "def ", "import ", "from ", ")", "]", "@", "class "))
            for line in cell.source.splitlines()
            if line
        )
        speaks_of_trouble_only = "Says nothing if" in cell.source.splitlines()[0]
        if shows and not defines_only and not speaks_of_trouble_only:
            assert cell.outputs, f"cell {cell.id} shows something, but no output is stored"
    assert any(cell.outputs for cell in code_cells(read(path)))


@every_notebook
def test_no_live_widgets_no_errors_no_warnings_are_stored(path):
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id
            assert LIVE_WIDGET not in output.get("data", {}), cell.id


@every_notebook
def test_tags_are_known_and_cell_names_unique(path):
    cells = read(path).cells
    assert {tag for cell in cells for tag in cell.metadata.get("tags", [])} <= ALLOWED_TAGS
    assert len({cell.id for cell in cells}) == len(cells)


@every_notebook
def test_size(path):
    assert path.stat().st_size <= MOST_KILOBYTES * 1000


@every_notebook
def test_nothing_of_a_machine_is_stored(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/home/|/root/|/Users/|/tmp/|[A-Z]:\\\\\\\\|0x[0-9a-f]{8,}", text)


@every_notebook
def test_links_and_anchors_resolve(path):
    text = markdown(read(path))
    titles = {line.lstrip("# ").replace(" ", "-") for line in text.splitlines() if line[:1] == "#"}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        assert not file or (path.parent / file).exists(), target
        assert file or anchor in titles, target


@every_notebook
def test_every_picture_has_alternative_text(path):
    notebook = read(path)
    html = [
        output.data["text/html"]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]
    images = [
        tag for text in [*html, markdown(notebook)] for tag in re.findall(r"<img[^>]*>", text)
    ]
    for image in images:
        alt = re.search(r'alt="([^"]*)"', image)
        assert alt, image[-200:]
        assert len(alt[1]) > 20, image[-200:]
    assert not re.search(r"!\[\s*\]\(", markdown(notebook))
    for cell in code_cells(notebook):
        for output in cell.outputs:
            # a bare PNG is shown without any alternative text
            assert "image/png" not in output.get("data", {}), cell.id


# ---- As programs ------------------------------------------------------------------------------


class ThoroughRun:
    """A notebook run once for several tests: its solutions, each cell twice, then what comes later.

    That is what a learner goes back to, each prediction asked again and each explorer shown again,
    then each wrong attempt at an exercise with its check. `wrong` says, for the name of such a
    check, what it has to answer.
    """

    def __init__(self, path):
        self.notebook, self.wrong = read(path), {}
        cells = self.notebook.cells
        stubs = {cell.id: cell for cell in cells}
        for position, cell in enumerate(cells):
            if "exercise" in cell.metadata.get("tags", []):
                cells[position] = copy.deepcopy(cell)
                cells[position].source = solution_after(cells, position)
        own = code_cells(self.notebook)
        asked = [cell for cell in own if "predict" in cell.metadata.get("tags", [])]
        shown = [cell for cell in own if "Explorer()" in cell.source]
        self.before = asked + shown
        self.gone_back_to = copy.deepcopy(self.before)
        for cell in self.gone_back_to:
            cell.id = f"{cell.id}-at-the-end"
            if "Explorer()" in cell.source:
                cell.source = cell.source.splitlines()[-1]
        self.first, self.last = own[0], own[-1]
        self.notebook.cells = [each for cell in cells for each in self.twice(cell)]
        self.notebook.cells += self.gone_back_to
        for exercise, source, answer in attempts_at(path.stem):
            number = len(self.wrong)
            for kind, code in (("exercise", source), ("check", None)):
                added = copy.deepcopy(stubs[f"{kind}-{exercise}"])
                added.id, added.source = f"{kind}-{exercise}-{number}", code or added.source
                self.notebook.cells.append(added)
            self.wrong[added.id] = answer
        run(self.notebook, path.parent)

    @staticmethod
    def twice(cell):
        if cell.cell_type != "code":
            return [cell]
        again = copy.deepcopy(cell)
        again.id = f"{cell.id}-again"
        return [cell, again]

    def seconds(self):
        """Return how long the notebook took, each cell twice but the last."""
        begun = self.first.metadata.execution["iopub.status.busy"]
        ended = self.last.metadata.execution["iopub.status.idle"]
        return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()


thorough_run = cache(ThoroughRun)


@every_notebook
def test_cells_may_be_run_twice_what_is_gone_back_to_is_as_before_and_the_time_is_short(path):
    run = thorough_run(path)
    assert run.seconds() < 2 * MOST_SECONDS
    assert [said(cell) for cell in run.gone_back_to] == [said(cell) for cell in run.before]


@every_notebook
def test_the_printed_solutions_pass_the_checks(path):
    run = thorough_run(path)
    exercises = [c for c in run.notebook.cells if "exercise" in c.metadata.get("tags", [])]
    checks = [c for c in run.notebook.cells if "check" in c.metadata.get("tags", [])]
    assert len(checks) == len(exercises)
    for cell in checks:
        assert cell.id in run.wrong or said(cell).startswith("Right"), (cell.id, said(cell))


@pytest.mark.parametrize(
    "path", [p for p in all_notebooks() if list(attempts_at(p.stem))], ids=lambda path: path.stem
)
def test_every_wrong_attempt_is_told_apart(path):
    run = thorough_run(path)
    for cell in run.notebook.cells:
        if cell.id in run.wrong:
            assert not said(cell).startswith("Right"), cell.id
            assert one_line(run.wrong[cell.id]) in one_line(said(cell)), (cell.id, said(cell))


# ---- The comparison itself --------------------------------------------------------------------


def nbval(path):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "--rootdir", ".", "-q", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


FALSIFIED = [
    ("parameters in all: 4810", "parameters in all: 4811"),  # printed
    ("row 3, column 2: 6.1039", "row 3, column 2: 6.1038"),  # what a picture shows
    ("0.144356", "0.144357"),  # in a table
]


def test_falsified_outputs_are_noticed(tmp_path):
    copied = Path(shutil.copy(ROOT / "notebooks" / "06_digits.ipynb", tmp_path))
    text = copied.read_text(encoding="utf-8")
    for stored, falsified in FALSIFIED:
        assert stored in text
        text = text.replace(stored, falsified)
    copied.write_text(text, encoding="utf-8")
    result = nbval(copied)
    assert result.returncode == 1, result.stdout
    assert f"{len(FALSIFIED)} failed" in result.stdout, result.stdout
