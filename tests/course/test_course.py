"""The notebooks as a course: each has the same anatomy, one notation, and no misspelt word."""

import ast
import re
from types import SimpleNamespace

import minutes
import nbformat
import pytest
from notebook_cells import code_cells, every_notebook, markdown, said
from run_notebooks import ROOT, all_notebooks, read
from spellchecker import SpellChecker

from bp_helpers import explorers

COURSE = all_notebooks()
every_part = pytest.mark.parametrize("path", COURSE, ids=lambda path: path.stem)
MAP = next((path for path in COURSE if path.name.startswith("00")), None)  # it has no exercises
MOVED = re.compile(r"\.(set|choose|use_preset|take_step|train|run)\(")
EXPLORER = re.compile(r"\b(\w+Explorer)\(\)")


def tagged(notebook, tag):
    return [k for k, cell in enumerate(notebook.cells) if tag in cell.metadata.get("tags", [])]


# ---- Anatomy ------------------------------------------------------------------------------------


def test_the_course_is_complete():
    assert [path.stem for path in COURSE] == [
        "00_start_here",
        "01_chain_rule",
        "02_forward_pass",
        "03_output_error",
        "04_backward_pass",
        "05_gradient_descent",
        "06_digits",
        "07_checking_gradients",
        "08_bug_clinic",
        "09_cost",
        "10_depth",
        "11_autograd",
        "12_many_machines",
    ]


@every_part
def test_title_is_a_question_and_says_what_when_and_where_to(path):
    title = read(path).cells[0].source
    assert title.splitlines()[0].startswith("# ")
    assert title.splitlines()[0].endswith("?")
    for part in ("**What you will be able to do:**", "**What you need:**", "**Time:**"):
        assert part in title
    first, last = COURSE[0], COURSE[-1]
    k = COURSE.index(path)
    if path != first:
        assert f"]({COURSE[k - 1].name})" in title
    if path != last:
        assert f"]({COURSE[k + 1].name})" in title


@every_part
def test_a_text_has_a_heading_at_its_beginning_only(path):
    """What an open prediction covers ends at the next cell that begins with a heading."""
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"^```.*?^```$", "", cell.source, flags=re.MULTILINE | re.DOTALL)
            assert not re.search(r"\n#{1,6} ", text), cell.id


@every_part
def test_end_sums_up_in_three_sentences_and_asks_one_question(path):
    cells = [cell.source for cell in read(path).cells]
    (end,) = [source for source in cells if source.startswith("## What you can now say")]
    assert len(re.findall(r"^- ", end, re.MULTILINE)) == 3
    assert end.count("**To take along:**") == 1
    assert cells[-1] == end


@every_part
def test_at_least_three_predictions_each_an_output_of_its_own(path):
    notebook = read(path)
    predictions = tagged(notebook, "predict")
    assert len(predictions) >= 3
    for k in predictions:
        cell = notebook.cells[k]
        # the code knows the answer, and JupyterLab shows the first line of what is hidden
        assert cell.metadata.jupyter.source_hidden
        assert cell.source.startswith(
            "# Predict first: the code behind this line knows the answer\n"
        )
        assert cell.outputs[0].data["text/plain"].startswith("Predict. ")


@every_part
def test_at_least_two_exercises_with_check_hint_and_solution(path):
    notebook = read(path)
    exercises, checks = tagged(notebook, "exercise"), tagged(notebook, "check")
    assert [k + 1 for k in exercises] == checks
    assert len(exercises) >= 2 or path == MAP
    for k in checks:
        help_text = notebook.cells[k + 1].source
        assert "<summary>Hint</summary>" in help_text
        assert "<summary>Solution</summary>" in help_text
        assert notebook.cells[k].outputs[0].data["text/plain"].startswith("Not tried yet")


UNCHANGED = re.compile(
    r"(as (it|they) (is|are|was|were)\b|changes? nothing|(not|n't) change)", re.IGNORECASE
)


@every_part
def test_a_task_says_that_what_is_given_stays_as_it_is(path):
    """The checks see to it, and nobody is judged by what is not said."""
    cells = read(path).cells
    for k in tagged(read(path), "exercise"):
        if not re.search(r"def \w+\((?!x\)|a, b\))", cells[k].source):
            continue  # nothing is called, or with numbers, which nobody can change
        before = "\n".join(cell.source for cell in cells[:k] if cell.cell_type == "markdown")
        task = before[before.rindex("\n## ") :]
        assert UNCHANGED.search(task), cells[k].source


@every_part
def test_every_explorer_is_tried_and_driven(path):
    """Behind each explorer: what to try, then a cell that moves it and prints what follows."""
    cells = read(path).cells
    shown = [
        k
        for k, cell in enumerate(cells)
        if cell.cell_type == "code" and EXPLORER.search(cell.source)
    ]
    assert shown, "a notebook of this course has an explorer"
    for k in shown:
        (name,) = EXPLORER.findall(cells[k].source)
        assert issubclass(getattr(explorers, name), explorers.Explorer)
        behind = cells[k + 1 : k + 6]
        experiments = next(cell.source for cell in behind if "**Try this**" in cell.source)
        assert 3 <= len(re.findall(r"^(?:- |\d\. )", experiments, re.MULTILINE)) <= 5
        driven = [c for c in behind if c.cell_type == "code" and MOVED.search(c.source)]
        assert driven
        assert driven[0].outputs


@every_part
def test_every_button_that_sets_an_explorer_is_in_the_text_behind_it(path):
    cells = read(path).cells
    behind = dict[str, str]()
    for cell in cells:
        shown = EXPLORER.findall(cell.source) if cell.cell_type == "code" else []
        behind |= dict.fromkeys(shown, "")
        if behind and cell.cell_type == "markdown":
            behind[[*behind][-1]] += cell.source
    for name, text in behind.items():
        presets = getattr(explorers, name).presets
        assert [preset for preset in presets if f"**{preset}**" not in text] == [], name


@every_part
def test_who_drives_an_explorer_begins_at_its_start(path):
    """Or what is printed would be of the place where the learner has left it."""
    made = set()
    for cell in code_cells(read(path)):
        for name in made:
            used = re.findall(rf"\b{name}\.(\w+)\(", cell.source)
            if set(used) & {"set", "choose", "train", "run", "step"}:
                assert used[0] in ("reset", "use_preset"), cell.source
        here = re.findall(r"^(\w+) = \w*Explorer\(", cell.source, re.MULTILINE)
        made = (made - set(re.findall(r"^(\w+) = ", cell.source, re.MULTILINE))) | set(here)


@every_part
def test_hidden_cells_are_few_and_short(path):
    notebook = read(path)
    hidden = [
        cell
        for cell in code_cells(notebook)
        if cell.metadata.get("jupyter", {}).get("source_hidden")
    ]
    plumbing = [
        cell
        for cell in hidden
        if "predict" not in cell.metadata.get("tags", []) and cell.id != "colab"
    ]
    assert len(plumbing) <= 3
    assert all(len(cell.source.splitlines()) <= 40 for cell in hidden)


# ---- Code ---------------------------------------------------------------------------------------

MOST_IMPORT_LINES, MOST_LINES = 6, 25


def import_lines(source):
    """Return how many lines there are from the first import to the end of the last."""
    imports = [n for n in ast.parse(source).body if isinstance(n, (ast.Import, ast.ImportFrom))]
    return imports[-1].end_lineno - imports[0].lineno + 1 if imports else 0


@every_notebook
def test_visible_cells_are_short_and_their_imports_few(path):
    for cell in code_cells(read(path)):
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            continue
        assert len(cell.source.splitlines()) <= MOST_LINES, cell.id
        assert import_lines(cell.source) <= MOST_IMPORT_LINES, cell.id


@every_notebook
def test_arrays_are_shown_by_the_package(path):
    for cell in code_cells(read(path)):
        assert "def show(" not in cell.source, cell.id


def check_prediction(source):
    """Hold a prediction to this: its answer is written out, and an assert computes it."""
    tree = ast.parse(source)
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("PredictChoice", "PredictNumber")
    ]
    (answer,) = [keyword.value for keyword in call.keywords if keyword.arg == "answer"]
    answer = ast.literal_eval(answer)
    facts = [node for node in tree.body if isinstance(node, ast.Assert)]
    assert facts, "an assert computes the answer"
    for fact in facts:
        assert any(isinstance(node, ast.Name) for node in ast.walk(fact.test)), "of what?"
    if call.func.id == "PredictNumber":
        stated = [n.value for f in facts for n in ast.walk(f) if isinstance(n, ast.Constant)]
        assert abs(answer) in stated, f"the assert compares with {answer}"
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        low, high, step = (ast.literal_eval(given[name]) for name in ("low", "high", "step"))
        assert abs((low + high) / 2 - answer) > 2 * step, "the marker starts at the answer"


@every_notebook
def test_the_answer_to_a_prediction_is_written_out_and_asserted(path):
    notebook = read(path)
    for k in tagged(notebook, "predict"):
        try:
            check_prediction(notebook.cells[k].source)
        except (ValueError, AssertionError) as error:
            pytest.fail(f"{notebook.cells[k].id}: {error}")


@pytest.mark.parametrize(
    "source",
    [
        "assert x < 1\nPredictNumber('?', answer=x, low=0, high=1, step=0.1, why='')",
        "PredictNumber('?', answer=0.5, low=0, high=1, step=0.1, why='')",
        "assert abs(x - 0.6) < 1e-3\nPredictNumber('?', answer=0.5, low=0, high=1, step=1, why='')",
        "assert abs(x - 0.6) < .1\nPredictNumber('?', answer=0.6, low=0, high=1, step=0.1, why='')",
        "assert True\nPredictChoice('?', ['up', 'down'], answer='up', why='')",
        "assert x > 0\nPredictChoice('?', ['up', 'down'], answer=a if x else b, why='')",
    ],
)
def test_a_prediction_that_could_drift_is_noticed(source):
    with pytest.raises((ValueError, AssertionError)):
        check_prediction(source)


NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)")
QUESTION = re.compile(r"Predict(?:Choice|Number)\(")


def open_below(cells, k):
    """Return the words of the explorers that are not covered while the question `k` is open."""
    words = []
    for cell in cells[k + 1 :]:
        tags = {*cell.metadata.get("tags", [])}
        if tags & {"predict", "exercise"} or cell.source.startswith("#"):
            break
        if EXPLORER.search(cell.source):
            words.append(said(cell))
    return "\n".join(words)


def given_away(answer, above, below):
    """Say whether the answer stands in what was printed above, or in the explorers below.

    Small whole numbers stand everywhere; other whole numbers, and words, may be of anything above.
    """
    if isinstance(answer, str):
        return len(answer) > 5 and answer in below
    texts = below if float(answer).is_integer() else above + below
    wanted = f"{abs(answer):.12g}"
    decimals = len(wanted.partition(".")[2])
    found = {f"{float(number):.{decimals}f}" for number in NUMBER.findall(texts)}
    return abs(answer) >= 10 * 10**-decimals and f"{abs(answer):.{decimals}f}" in found


@every_notebook
def test_no_answer_to_a_prediction_stands_above_it_or_in_an_explorer_that_stays_open(path):
    cells = read(path).cells
    for k in tagged(read(path), "predict"):
        (call,) = (
            node
            for node in ast.walk(ast.parse(cells[k].source))
            if isinstance(node, ast.Call) and QUESTION.match(ast.unparse(node))
        )
        (answer,) = (ast.literal_eval(each.value) for each in call.keywords if each.arg == "answer")
        asked = [cell for cell in cells[:k] if "predict" not in cell.metadata.get("tags", [])]
        above = "\n".join(said(cell) if cell.cell_type == "code" else "" for cell in asked)
        assert not given_away(answer, above, open_below(cells, k)), (cells[k].id, answer)


def test_an_answer_that_is_given_away_is_noticed():
    assert given_away(0.4292, "relative error 0.4292", "")
    assert given_away(-0.05584, "it moves by −0.055841", "")
    assert given_away(57, "", "8 of the 57 numbers are shown")
    assert given_away("both fall", "", "Of two, both fall.")
    assert not given_away(57, "57 penguins", "0.57 and 5.7")
    assert not given_away(0.4292, "0.4300, 1.4292", "0.4291")


# ---- The lists of notebooks ---------------------------------------------------------------------


def test_the_readme_has_every_notebook_with_its_question_and_its_minutes():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    row = r"^\| \[(\w+)\]\(notebooks/\1\.ipynb\) \| (.+) \| ([\d to]+) \|"
    rows = re.findall(row, readme, re.MULTILINE)
    assert [row[0] for row in rows] == [path.stem for path in all_notebooks()]
    for path, (_, question, time) in zip(all_notebooks(), rows, strict=True):
        title = read(path).cells[0].source
        assert question.startswith(title.splitlines()[0].removeprefix("# "))
        assert f"**Time:** {time} minutes" in title


def test_the_map_has_every_notebook_with_its_question_and_its_minutes():
    (source,) = [cell.source for cell in read(MAP).cells if "## 5. The map" in cell.source]
    rows = re.findall(r"^\| \d\d \| \[(.+)\]\((.+)\) .+ \| ([\d to]+) \|$", source, re.MULTILINE)
    expected = []
    for path in [path for path in all_notebooks() if path != MAP]:
        title = read(path).cells[0].source
        (time,) = re.findall(r"\*\*Time:\*\* ([\d to]+) minutes", title)
        expected.append((title.splitlines()[0].removeprefix("# "), path.name, time))
    assert rows == expected


@every_notebook
def test_the_minutes_are_those_of_the_script(path):
    notebook = read(path)
    said = f"**Time:** {minutes.minutes(notebook)} minutes"
    assert said in notebook.cells[0].source, "write them with `python tools/minutes.py`"


def test_what_takes_time_and_what_does_not():
    words = nbformat.v4.new_markdown_cell("word " * 1800)
    folded = nbformat.v4.new_markdown_cell("<details>" + "word " * 1800 + "</details>")
    optional = nbformat.v4.new_markdown_cell("## 3. More (optional)\n" + "word " * 1800)
    exercises = [nbformat.v4.new_code_cell(metadata={"tags": ["exercise"]}) for _ in range(6)]
    required = nbformat.v4.new_markdown_cell("## 4. Your turn")
    cells = [words, folded, optional, exercises[0], required, *exercises[1:]]
    assert str(minutes.minutes(nbformat.v4.new_notebook(cells=cells))) == "10 to 30"


TERM = r"\(?[+-]?[ ]?\d[\d,]*\.?\d*\)?"
EQUATION = re.compile(
    rf"(?<![\w.^/])({TERM}(?:[ ]*[*+-][ ]*{TERM})+)[ ]*=[ ]*([+-]?\d[\d,]*\.?\d*)(?![\w%])"
)


def equations(printed):
    """Yield each sum or product of numbers in the lines, and the number behind its equals sign."""
    plain = re.sub(r"[A-Za-z_/]+(\[[\d,]+\])?", "", printed)  # names and words between them
    for left, right in EQUATION.findall(plain):
        yield left.replace(",", ""), right.replace(",", "")


def off(left, right):
    """By how many of the last printed digit's units what was printed is not what it comes to."""
    unit = 10.0 ** -len(right.partition(".")[2])
    result = eval(left, {"__builtins__": {}})  # digits, brackets, *, + and - alone
    return abs(result - float(right)) / unit


@every_notebook
def test_who_computes_a_printed_equation_again_gets_the_printed_result(path):
    """So its numbers have enough digits: rounded factors have another product."""
    for cell in code_cells(read(path)):
        for output in cell.outputs:
            for left, right in equations(output.get("text", "")):
                assert off(left, right) <= 0.5001, f"{left} = {right}"


def test_an_equation_with_too_few_digits_is_noticed():
    (equation,) = equations("dL/dw = 0.5953 * 0.2383 * (-0.6084) = -0.08629\n")
    assert off(*equation) > 1
    (equation,) = equations("dL/dw = 0.595325 * 0.238258 * (-0.608366) = -0.08629\n")
    assert off(*equation) <= 0.5


def test_the_minutes_are_written_before_they_are_printed(tmp_path, monkeypatch):
    """Whoever reads only the beginning of the list, as `head` does, stops nothing half-way."""
    (tmp_path / "docs").mkdir()
    for page in ("README.md", "docs/teaching.md"):
        (tmp_path / page).write_bytes((ROOT / page).read_bytes())
    done = []
    monkeypatch.setattr(minutes, "ROOT", tmp_path)
    monkeypatch.setattr(minutes, "write", lambda notebook, path: done.append(path))
    monkeypatch.setattr(minutes.sys, "stdout", SimpleNamespace(write=done.append))
    minutes.main()
    assert done[:-1] == all_notebooks()
    assert done[-1].count("minutes\n") == len(all_notebooks())


def test_only_the_cell_with_the_minutes_changes():
    row = "| 04 | [Who?](04_backward_pass.ipynb) Layer 2. | 40 |\n"
    times = {"04_backward_pass": minutes.Minutes(15, 45)}
    assert minutes.in_rows(row, times) == row.replace("40", "15 to 45")
    assert minutes.in_rows(row, {"05_gradient_descent": minutes.Minutes(1, 2)}) == row


# ---- Notation -----------------------------------------------------------------------------------

# What LaTeX may be made of: the symbols of the course, and what sets them.
COMMANDS = frozenset(
    """
    delta Delta varphi gamma eta beta epsilon odot cdot times sum frac tfrac sqrt mathsf text
    underset underbrace overbrace left right quad qquad max min log ln exp sin cos tanh to in
    approx begin end ne mu dots leftarrow big bigl bigr , ; !
    """.split()  # noqa: SIM905
) | {"\\", " "}
ELSEWHERE = "<summary>The same four equations elsewhere</summary>"  # another book's symbols
MATHEMATICS = r"\$\$.*?\$\$|\$[^$\n]+\$"
# In code and in prose: other schools' names for what has one here.
FOREIGN = {
    r"\by_?hat\b": "A2, the last activation",
    r"\by_?pred\w*\b": "A2, the last activation",
    r"\bd[zZ]\d*\b": "delta",
    r"\bgrad_[WwbB]\d*\b": "dW and db",
    r"\blr\b": "learning_rate",
    r"\balpha\b": "learning_rate",
    r"\bsigmoid\(": "phi(",
    r"\btheta\b": "W and b",
    r"\bcost function\b": "loss",
    r"\bW\d?\.T @ a": "rows are examples: A @ W",
}


def mathematics(text):
    return re.findall(MATHEMATICS, text, re.DOTALL)


@every_notebook
def test_formulas_are_written_in_the_notation_of_the_course(path):
    for cell in read(path).cells:
        if cell.cell_type != "markdown" or ELSEWHERE in cell.source:
            continue
        for formula in mathematics(cell.source):
            commands = set(re.findall(r"\\([A-Za-z]+|.)", formula))
            assert commands <= COMMANDS, (cell.id, commands - COMMANDS, formula)
            assert not re.search(r"\^\{?(?:\\top|T\b)", formula), "a transpose is ^{\\mathsf T}"


@every_notebook
def test_names_are_those_of_the_course(path):
    for cell in read(path).cells:
        if ELSEWHERE in cell.source:
            continue
        text = re.sub(MATHEMATICS, " ", cell.source, flags=re.DOTALL)  # dL/dz is no name there
        for foreign, ours in FOREIGN.items():
            found = re.search(foreign, text)
            assert not found, (cell.id, found and found[0], f"here it is called {ours}")


def test_the_rules_of_notation_can_fail():
    assert not set(re.findall(r"\\([A-Za-z]+|.)", r"$\sigma'(z)$")) <= COMMANDS
    for wrong in ("y_hat", "dZ2 = 1", "lr = 0.1", "sigmoid(z)", "grad_W1"):
        assert any(re.search(foreign, wrong) for foreign in FOREIGN), wrong


# ---- Spelling -----------------------------------------------------------------------------------

KNOWN_WORDS = set((ROOT / "tests" / "course" / "words.txt").read_text(encoding="utf-8").split())
PROSE = [*all_notebooks(), *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("[a-z]*/*.md"))]
NOT_WORDS = r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|<[^>]*>|https?://\S+"
SPELLING = SpellChecker()


def misspelt(text):
    words = re.findall(r"[A-Za-z]+(?:'[a-z]+)?", re.sub(NOT_WORDS, " ", text, flags=re.DOTALL))
    plain = {word.lower().removesuffix("'s") for word in words}
    return sorted(SPELLING.unknown(plain - KNOWN_WORDS))


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_spelling(path):
    text = path.read_text(encoding="utf-8")
    assert misspelt(markdown(read(path)) if path.suffix == ".ipynb" else text) == []


def test_a_slip_would_be_noticed():
    assert misspelt("The derivitive of the loss `dervative` is $\\dleta$.") == ["derivitive"]


def test_no_word_is_listed_for_nothing():
    assert SPELLING.unknown(KNOWN_WORDS) == KNOWN_WORDS
