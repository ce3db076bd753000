"""What stands before the course: the README, its pictures and links, Binder, Colab, hand-ins."""

import json
import re
import subprocess
import sys
import tomllib
import types
from xml.etree import ElementTree

import links
import picture
import pytest
from run_notebooks import ROOT, all_notebooks, read

from bp_helpers.explorers import BackwardExplorer
from bp_helpers.pictures import number

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEACHING = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("[a-z]*/*.md"))]
SVG = "{http://www.w3.org/2000/svg}"


# ---- Pictures -----------------------------------------------------------------------------------


def test_pictures_are_those_that_the_script_draws_today():
    for name, source in picture.pictures().items():
        stored = (picture.FOLDER / name).read_bytes()
        assert stored == source, f"{name}: draw it anew with `python tools/picture.py`"


@pytest.mark.parametrize("value", [picture.VALUES[0], picture.VALUES[11], picture.VALUES[-1]])
def test_moving_picture_has_the_numbers_of_the_explorer(value):
    frame = picture.VALUES.index(value)
    root = ElementTree.parse(picture.FOLDER / "explorer-light.svg").getroot()
    groups = [g for g in root.iter(f"{SVG}g") if g.get("class") == f"f f{frame}"]
    seen = {text.text for g in groups for text in g.iter(f"{SVG}text")}
    explorer = BackwardExplorer()
    explorer.set(step=7, x0=value)
    for gradient in explorer.numbers.gradients:
        assert number(gradient.backward, 4) in seen, gradient.name
        assert number(gradient.measured, 4) in seen, gradient.name
    assert number(value, 2) in seen


def test_moving_picture_shows_each_moment_one_frame():
    times = sorted(seen for frame in picture.timetable(5) for seen in frame)
    assert times[0][0] == 0
    assert [end for _, end in times[:-1]] == [start for start, _ in times[1:]]
    assert [len(frame) for frame in picture.timetable(5)] == [1, 2, 2, 2, 1]


def test_moving_picture_is_small_and_stands_still_where_that_is_asked_for():
    for theme in ("light", "dark"):
        moving = (picture.FOLDER / f"explorer-{theme}.svg").read_text(encoding="utf-8")
        still = (picture.FOLDER / f"explorer-{theme}-still.svg").read_text(encoding="utf-8")
        assert len(moving) < 300_000
        assert moving.index("prefers-reduced-motion: no-preference") < moving.index("@keyframes")
        assert "@keyframes" not in still
        query = "(prefers-color-scheme: dark) and " if theme == "dark" else ""
        source = f'media="{query}(prefers-reduced-motion: reduce)" srcset="docs/pictures/'
        assert f'{source}explorer-{theme}-still.svg"' in README


# ---- Links --------------------------------------------------------------------------------------


def headings_of(notebook):
    """Return the headings as JupyterLab and GitHub name them in a notebook."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {heading.replace("`", "").replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_and_headings_resolve(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(
        r'\]\(((?:[^()\s]|\([^()\s]*\))+)\)|(?:src|srcset|href)="([^"]+)"', text
    ):
        file, _, anchor = "".join(target).partition("#")
        if file.startswith("https://"):
            continue
        found = page.parent / file if file else page
        assert found.exists(), target
        if anchor and found.suffix == ".ipynb":
            assert anchor in headings_of(read(found)), target
        elif anchor:
            titles = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", t).lower().replace(" ", "-") for t in titles}


def test_every_link_that_depends_on_the_address_has_it():
    """The README's rows, the notebooks' cells and everything else agree with pyproject.toml."""
    owner, name = links.owner_and_name(links.repository())
    assert links.with_links(README) == README, "complete it with `python tools/links.py`"
    ours = re.compile(
        r"(?:mybinder\.org/v2/gh|colab\.research\.google\.com/github|git\+https://github\.com)"
        r"/([\w.-]+/[\w.-]+)"
        rf"|github\.com(?:/|%2F)([\w.-]+(?:/|%2F){name})\b"
        rf"|//([\w.-]+)\.github\.io/{name}\b"
    )
    count = 0
    for file in links.tracked_texts():
        for found in ours.finditer(file.read_text(encoding="utf-8")):
            place = (found[1] or found[2] or f"{found[3]}/{name}").replace("%2F", "/")
            assert place == f"{owner}/{name}", (file.name, found[0])
            count += 1
    assert count > 3 * len(all_notebooks())


def test_one_command_moves_every_link(tmp_path, monkeypatch):
    names = ["pyproject.toml", "README.md", "CITATION.cff", "docs/teaching.md"]
    names += [f"notebooks/{path.name}" for path in all_notebooks()[:1]]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.setattr(links, "ROOT", tmp_path)
    monkeypatch.setattr(links, "all_notebooks", lambda: sorted(tmp_path.glob("notebooks/*")))
    old_owner, old_name = links.owner_and_name(links.repository())
    before = {name: (tmp_path / name).read_text(encoding="utf-8") for name in names}
    links.main(["https://github.com/ada/slopes"])
    assert links.repository() == "https://github.com/ada/slopes"
    for name in names:
        after = (tmp_path / name).read_text(encoding="utf-8")
        assert before[name] != after
        assert old_owner not in after
        assert f"{old_owner}/{old_name}" not in after
    after = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "https://ada.github.io/slopes/" in after
    assert "no public address yet" not in after
    assert links.with_links(after) == after


def test_what_is_no_address_is_refused():
    for wrong in ("ada/slopes", "https://example.org/ada/slopes", "https://github.com/ada"):
        with pytest.raises(SystemExit, match="no address"):
            links.owner_and_name(wrong)


# ---- Colab --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem)
def test_every_notebook_has_its_cell_for_colab(path):
    cell = read(path).cells[1]
    assert cell.id == "colab", "add it with `python tools/links.py`"
    assert cell.source == links.colab_cell()
    assert cell.metadata.jupyter.source_hidden
    assert cell.outputs == []


def test_colab_cell_installs_on_colab_and_nowhere_else(monkeypatch):
    done = []
    monkeypatch.setattr(subprocess, "run", lambda command, check: done.append(command[1:]))
    exec(links.colab_cell(), {})
    assert done == []
    output = types.SimpleNamespace(enable_custom_widget_manager=lambda: done.append("widgets"))
    colab = types.ModuleType("google.colab")
    colab.output = output
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    exec(links.colab_cell(), {})
    package = f"git+{links.repository()}"
    assert done == [["-m", "pip", "install", "--quiet", "anywidget", package], "widgets"]


# ---- Binder and Codespaces ----------------------------------------------------------------------


def test_binder_and_codespaces_have_a_tested_python_and_the_same_steps():
    wanted = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    version = wanted.removeprefix("python-")
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert tuple(map(int, version.split("."))) >= tuple(
        map(int, oldest["requires-python"].removeprefix(">=").split("."))
    )
    space = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert space["image"].endswith(f":{version}")
    assert "-r binder/requirements.txt && bash binder/postBuild" in space["postCreateCommand"]
    assert (ROOT / space["customizations"]["codespaces"]["openFiles"][0]).exists()


def test_binder_installs_what_start_py_installs():
    requirements = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8")
    assert "\n-r ../requirements.txt\n" in requirements
    build = (ROOT / "binder" / "postBuild").read_bytes()
    assert b"\r" not in build
    assert build.startswith(b"#!/bin/bash\n")
    assert b"\nset -e\n" in build
    stored = ["git", "ls-files", "--stage", "binder/postBuild"]
    mode = subprocess.run(stored, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert mode.startswith("100755 ")


# ---- The README's code, lessons, hand-ins -------------------------------------------------------


def test_the_readmes_code_does_what_it_says(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(code, {})
    printed = capsys.readouterr().out
    accuracy = float(re.findall(r"\d\.\d+", printed)[-1])
    assert accuracy > 0.95
