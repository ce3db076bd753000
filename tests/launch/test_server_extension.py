"""The extension of Jupyter's server; test_start.py tries its kernel connection too."""

import asyncio
import json
import re
import shutil
import urllib.request

import pytest
from browser.lab import running_lab
from run_notebooks import ROOT
from tornado.websocket import websocket_connect

from bp_helpers.server_extension import sanitised


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
