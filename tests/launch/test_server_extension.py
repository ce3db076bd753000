"""The extension of Jupyter's server; test_start.py tries its kernel connection too."""

import asyncio
import json
import re
import shutil
import subprocess
import urllib.request

import pytest
from lab import running_lab
from run_notebooks import ROOT
from tornado.websocket import websocket_connect

from bp_helpers.server_extension import sanitised, shipped_notebooks


@pytest.mark.parametrize("on_hub", [False, True])
def test_messages_are_packed_on_a_hub_and_nowhere_else(on_hub, tmp_path, monkeypatch):
    if on_hub:
        monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/anna/")
    (tmp_path / "course").mkdir()
    with running_lab(tmp_path / "course", tmp_path / "own") as (address, token):
        request = urllib.request.Request(f"{address}api/kernels?token={token}", b"{}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            kernel = json.load(answer)["id"]
        channels = f"{address.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?token={token}"

        async def connect():
            connection = await websocket_connect(channels, compression_options={})
            connection.close()
            while await connection.read_message() is not None:
                pass  # until the server has closed it too
            return connection.headers.get("Sec-WebSocket-Extensions", "")

        assert ("permessage-deflate" in asyncio.run(connect())) == on_hub


EXTENSION = ROOT / "jupyter/share/jupyter/labextensions/bp-helpers"


def test_a_browser_asks_for_the_page_s_code_anew_after_an_update(tmp_path):
    """Its files have no hash in their names: one that were kept for a year would stay old."""
    (tmp_path / "course").mkdir()
    load = json.loads((EXTENSION / "package.json").read_text())["jupyterlab"]["_build"]["load"]
    files = [load, *(str(path.relative_to(EXTENSION)) for path in EXTENSION.rglob("*.js"))]
    with running_lab(tmp_path / "course", tmp_path / "own") as (address, token):
        for file in files:
            asked = f"{address}lab/extensions/bp-helpers/{file}?token={token}"
            with urllib.request.urlopen(asked, timeout=60) as answer:
                assert answer.headers["Cache-Control"] == "no-cache", file


EXPORTED = "04_backward_pass.ipynb"  # with formulas, tables, pictures and folded answers


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The page of a notebook as JupyterLab asks for it, by whether it is sanitised."""
    base = tmp_path_factory.mktemp("exported")
    (base / "course").mkdir()
    shutil.copy(ROOT / "notebooks" / EXPORTED, base / "course")
    pages = {}
    with running_lab(base / "course", base / "own") as (address, token):
        for sanitise in (False, True):
            asked = f"sanitize_html={str(sanitise).lower()}&download=true&token={token}"
            page = f"{address}nbconvert/html/{EXPORTED}?{asked}"
            with urllib.request.urlopen(page, timeout=60) as answer:
                pages[sanitise] = answer.read().decode("utf-8")
    return pages


@pytest.mark.parametrize("part", ["<img ", "<h2", "<details", "<summary", "$$", "\\delta"])
def test_a_sanitised_page_has_the_same_pictures_headings_and_formulas(exported, part):
    assert exported[False].count(part)
    assert exported[True].count(part) == exported[False].count(part)
    assert "&lt;p&gt;" not in exported[True]


@pytest.mark.parametrize(
    "harmful",
    [
        "<script>hacked()</script>",
        '<img src="http://elsewhere.example/hacked.png">',
        '<img src="data:text/html;base64,hacked">',
        '<p onclick="hacked()">text</p>',
        '<a href="javascript:hacked()">text</a>',
        '<a href="data:text/html,hacked">text</a>',
        '<iframe srcdoc="hacked"></iframe>',
        '<svg onload="hacked()"></svg>',
        '<p style="background: url(hacked)">text</p>',
    ],
)
def test_nothing_that_acts_or_asks_elsewhere_passes(harmful):
    clean = sanitised(f"<h1>Title</h1>{harmful}")
    assert clean.startswith("<h1>Title</h1>")
    tags = re.findall(r"<[^>]*>", clean)  # what is escaped is text, and does nothing
    assert "hacked" not in "".join(tags)


def test_bytes_are_read():
    assert sanitised("é <b>x</b>".encode()) == "é <b>x</b>"


# ---- Trust ---------------------------------------------------------------------------------------


@pytest.fixture
def clone(tmp_path):
    """A repository with a notebook as it was committed, a changed one and ones that are its own."""
    folder = tmp_path / "a course"
    (folder / "notebooks").mkdir(parents=True)
    for name in ("unchanged", "changed", "staged", "gone"):
        (folder / "notebooks" / f"{name}.ipynb").write_text("{}")
    (folder / "notebooks" / "text.md").write_text("")
    author = ["-c", "user.name=Anna", "-c", "user.email=anna@example.com"]
    for command in (["init"], ["add", "."], [*author, "commit", "-m", "The course"]):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
    (folder / "notebooks" / "new.ipynb").write_text("{}")
    (folder / "notebooks" / "gone.ipynb").unlink()
    for name in ("changed", "staged"):
        (folder / "notebooks" / f"{name}.ipynb").write_text("{ }")
    subprocess.run(["git", "add", "notebooks/staged.ipynb"], cwd=folder, check=True)
    return folder


def test_only_what_is_as_it_was_committed_is_the_courses_own(clone):
    assert shipped_notebooks(clone) == [clone / "notebooks" / "unchanged.ipynb"]


def test_a_folder_that_is_no_repository_has_none(clone, monkeypatch):
    shutil.rmtree(clone / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(clone.parent))
    assert shipped_notebooks(clone) == []


def test_without_git_there_are_none(clone, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert shipped_notebooks(clone) == []


def test_a_folder_inside_another_repository(clone):
    """Names are those of the course's folder, whatever is above it."""
    outer = clone.parent
    shutil.rmtree(clone / ".git")
    author = ["-c", "user.name=Anna", "-c", "user.email=anna@example.com"]
    for command in (["init"], ["add", "."], [*author, "commit", "-m", "All"]):
        subprocess.run(["git", *command], cwd=outer, check=True, capture_output=True)
    (clone / "notebooks" / "changed.ipynb").write_text("{   }")
    names = [path.name for path in shipped_notebooks(clone)]
    assert names == ["new.ipynb", "staged.ipynb", "unchanged.ipynb"]


def trusted(server, path):
    """Say whether Jupyter trusts each code cell of the notebook that it hands out."""
    address, token = server
    with urllib.request.urlopen(
        f"{address}api/contents/{path}?token={token}", timeout=60
    ) as answer:
        cells = json.load(answer)["content"]["cells"]
    return all(cell["metadata"]["trusted"] for cell in cells if cell["cell_type"] == "code")


def test_the_courses_own_notebooks_are_trusted_and_no_others(tmp_path):
    """Those that are as committed, in the course's own folder."""
    own = {f"notebooks/{path.name}" for path in shipped_notebooks(ROOT)}
    with running_lab(ROOT, tmp_path / "own") as server:
        for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
            name = f"notebooks/{path.name}"
            assert trusted(server, name) == (name in own), name


def test_the_same_in_another_folder_is_not_trusted(tmp_path):
    folder = tmp_path / "course" / "notebooks"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / EXPORTED, folder)
    with running_lab(tmp_path / "course", tmp_path / "own") as server:
        assert not trusted(server, f"notebooks/{EXPORTED}")
