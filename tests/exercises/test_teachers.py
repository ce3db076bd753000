"""What a teacher uses: what was handed in, counted; an edition without solutions; the catalogue."""

import ast
import re
import subprocess
import sys
from textwrap import dedent, indent

import collect
import edition
import mistakes_page
import nbformat
import pytest
from learners_code import RIGHT as RIGHT_CODE
from learners_code import WRONG, define, function_name
from run_notebooks import ROOT, all_notebooks, read
from thorough import some

from bp_helpers import exercises
from bp_helpers.exercises import CATALOGUE

# ---- What was handed in ----


def handed_in(*said):
    cells = []
    for k, feedback in enumerate(said, 1):
        cell = nbformat.v4.new_code_cell("check()", id=f"check-{k}", metadata={"tags": ["check"]})
        if feedback:
            data = feedback._repr_mimebundle_()
            cell.outputs = [nbformat.v4.new_output("execute_result", data)]
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells)


RIGHT = exercises.check_hand_back(lambda delta, W: delta @ W.T)
NAMED = exercises.check_hand_back(lambda delta, W: delta @ W)
TWICE = exercises.check_own_gradients(lambda a, delta: (-a.T @ delta, delta.mean(axis=0)))
NOT_TRIED = exercises.check_hand_back(None)
HANDED_IN = {
    "anna": handed_in(RIGHT, NAMED, NOT_TRIED, None),
    "ben": handed_in(NAMED, NAMED, RIGHT, RIGHT),
    "cleo": handed_in(RIGHT, RIGHT, RIGHT, TWICE),
}


def test_what_was_handed_in_is_counted(tmp_path, capsys):
    for name, notebook in HANDED_IN.items():
        (tmp_path / name).mkdir()
        nbformat.write(notebook, tmp_path / name / "04.ipynb")
    (tmp_path / "anna" / ".ipynb_checkpoints").mkdir()
    nbformat.write(handed_in(RIGHT), tmp_path / "anna" / ".ipynb_checkpoints" / "04.ipynb")
    collect.main(tmp_path, tmp_path / "class.csv")
    lines = capsys.readouterr().out.replace("\\", "/").splitlines()
    assert lines == [
        "anna/04.ipynb: 1 of 4 right; 2: named (hand-back-transposed), 3: not tried, 4: not run",
        "ben/04.ipynb: 2 of 4 right; 1: named (hand-back-transposed), "
        "2: named (hand-back-transposed)",
        "cleo/04.ipynb: 3 of 4 right; 4: named (sign-reversed + bias-averaged)",
        "",
        "Mistakes, with how many learners have them at this moment:",
        "   2 hand-back-transposed (04, exercise 2)",
        "   1 hand-back-transposed (04, exercise 1)",
        "   1 sign-reversed (04, exercise 4)",
        "   1 bias-averaged (04, exercise 4)",
    ]
    table = (tmp_path / "class.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == "learner,notebook,exercise,standing,mistake"
    assert table[1:3] == ["anna,04,1,right,", "anna,04,2,named,hand-back-transposed"]
    assert table[-1] == "cleo,04,4,named,sign-reversed + bias-averaged"
    assert len(table) == 13


def test_stored_notebooks_are_read_as_not_tried():
    for path in all_notebooks():
        standings = {row.standing for row in collect.rows(path, "nobody")}
        assert standings <= {"not tried"}, path.name


def with_answers(path, sources):
    """Return a notebook whose checks say what they say of these answers, and the mistakes."""
    notebook, said = read(path), []
    for cell in notebook.cells:
        check = (
            re.search(r"check_\w+", cell.source)
            if "check" in cell.metadata.get("tags", [])
            else None
        )
        if check and check[0] in sources:
            source = sources[check[0]]
            feedback = getattr(exercises, check[0])(define(source, function_name(check[0])))
            data = feedback._repr_mimebundle_()
            cell.outputs = [nbformat.v4.new_output("execute_result", data)]
            said.append((str(feedback.standing), " + ".join(feedback.mistakes)))
    return notebook, said


@pytest.mark.parametrize("name", ["06", "07", "09", "10", "11", "12"])
def test_the_later_notebooks_are_collected_too(tmp_path, name):
    (path,) = (path for path in all_notebooks() if path.name.startswith(name))
    wrong = {check: next(iter(mistakes.values()))[0] for check, mistakes in WRONG.items()}
    right = {check: sources[0] for check, sources in RIGHT_CODE.items()}
    for learner, sources in (("anna", right), ("ben", wrong)):
        notebook, said = with_answers(path, sources)
        (tmp_path / learner).mkdir()
        nbformat.write(notebook, tmp_path / learner / path.name)
        rows = collect.rows(tmp_path / learner / path.name, learner)
        tried = [(row.standing, row.mistake) for row in rows if row.standing != "not tried"]
        assert tried == said
        assert {standing for standing, _ in said} == {"right" if learner == "anna" else "named"}


# ---- An edition without solutions ----


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("edition")
    edition.main(made)
    return made


def test_an_edition_lacks_the_solutions_and_nothing_else(folder):
    for path in all_notebooks():
        ours, theirs = read(path), read(folder / path.name)
        assert [cell.id for cell in ours.cells] == [cell.id for cell in theirs.cells]
        for mine, other in zip(ours.cells, theirs.cells, strict=True):
            assert "<summary>Solution" not in other.source
            assert mine.source.count("<summary>Hint") == other.source.count("<summary>Hint")
            if mine.cell_type == "code" or "<summary>Solution" not in mine.source:
                assert mine == other


@pytest.mark.parametrize("name", some([path.name for path in all_notebooks()], 6, 1))
def test_an_edition_passes_the_comparison_of_its_outputs(folder, name):
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-q"]
    command += ["--rootdir", str(folder), str(folder / name)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-2000:]
    assert " passed" in result.stdout


# ---- The catalogue as a page ----


def test_the_page_of_mistakes_is_what_the_code_says_today(capsys):
    stored = mistakes_page.PAGE.read_text(encoding="utf-8")
    assert stored == mistakes_page.page(), "write it anew with `python tools/mistakes_page.py`"
    assert capsys.readouterr().out == ""


def test_every_mistake_has_its_entry_and_links_lead_to_one():
    text = mistakes_page.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)$", text, re.MULTILINE) == list(CATALOGUE)
    for target in re.findall(r"\]\(#([^)]+)\)", text):
        assert target in {mistake.lower() for mistake in CATALOGUE}
    assert set(mistakes_page.MET) <= set(CATALOGUE)


def stand_in(lines, text):
    """Return whether text has these lines in this order, all of them equally far to the right."""
    for depth in range(17):
        rest = iter(text.splitlines())
        if all(" " * depth + line in rest for line in lines):
            return True
    return False


@pytest.mark.parametrize(("mistake", "checks"), mistakes_page.places().items())
def test_an_entry_shows_what_makes_wrong_code_of_right_code(mistake, checks):
    wrong, right = mistakes_page.two_versions(mistake, checks[0])
    shown = mistakes_page.changes(wrong, right)
    for sign, text in (("-", wrong), ("+", right)):
        ast.parse(f"def f():\n{indent(text, '    ')}")
        assert stand_in([line[2:] for line in shown if line[0] in f"{sign} "], dedent(text))
    of_wrong, of_right = ([line[2:] for line in shown if line[0] == sign] for sign in "-+")
    assert of_wrong != of_right
    # a line on both sides says nothing without those between its two places
    assert any(line[0] == " " for line in shown) or not set(of_wrong) & set(of_right)


def test_a_line_that_was_moved_is_shown_with_those_that_it_passed():
    shown = mistakes_page.changes("a = 1\nb = 2\nc = a", "b = 2\na = 1\nc = a")
    assert sorted(line[0] for line in shown) == [" ", "+", "-"]


def test_lines_keep_the_indentation_that_tells_them_apart():
    shown = mistakes_page.changes(
        "for x in X:\n    total += x\n    total /= n", "for x in X:\n    total += x\ntotal /= n"
    )
    assert shown == ["-     total /= n", "+ total /= n"]
