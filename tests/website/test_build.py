"""The parts of the site's build that need no runtime, no network and no browser."""

import io
import json
import re
import sys
import zipfile

import pytest
from run_notebooks import ROOT, all_notebooks
from site_page import load

build = load("build")

OFFICIAL = {
    "IPython": {"depends": ["Jedi", "six"], "imports": ["IPython"]},
    "six": {"depends": [], "imports": ["six"]},
    "jedi": {"depends": ["parso"], "imports": ["jedi"]},
    "parso": {"depends": [], "imports": ["parso"]},
    "typing_extensions": {"depends": ["old"], "imports": []},
}
TEMPLATE = "$title|$question|$picture|$ahead|$start|$rows"
PICTURE = '<svg xmlns="x" width="100" height="50"><title>A network</title></svg>'
README = """# Gradients & errors

<picture>
  <source media="x" srcset="docs/pictures/a-dark.svg">
  <img src="docs/pictures/a.svg" alt="A network">
</picture>

**How much? One < two.**

| notebook | its question | minutes | open it |
|---|---|---|---|
| [00_start](notebooks/00_start.ipynb) | Why? Because a & b | 20 to 30 | [browser](x) |
| [01_next](notebooks/01_next.ipynb) | And then? | 35 to 50 |
"""


def archive(**files):
    return build.zipped({name.replace("__", "/"): text.encode() for name, text in files.items()})


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_lock_keeps_what_is_wanted_and_what_that_depends_on():
    found = build.reduced(OFFICIAL, {}, ["ipython"])
    assert list(found) == ["ipython", "six"]
    assert found["ipython"]["depends"] == ["six"], "jedi is left out, and so is what it depends on"
    assert OFFICIAL["IPython"]["depends"] == ["Jedi", "six"], "the official one stays as it is"


def test_our_own_version_of_a_package_goes_before_the_official_one():
    ours = {"typing-extensions": {"depends": [], "imports": ["typing_extensions"]}}
    found = build.reduced(OFFICIAL, ours, ["typing_extensions"])
    assert found == ours


def test_a_package_that_nobody_has_is_an_error():
    with pytest.raises(KeyError, match="nothing"):
        build.reduced(OFFICIAL, {}, ["nothing"])


def test_a_wheel_says_what_can_be_imported_from_it():
    files = {"a.py": b"", "b/__init__.py": b"", "a-1.dist-info/METADATA": b"", "a-1.data/x": b""}
    assert build.modules_of(build.zipped(files)) == ["a", "b"]


def test_an_archive_is_the_same_whenever_it_is_made():
    assert archive(a="1", b="2") == archive(a="1", b="2")
    wheel = build.make_wheel("on_demand", {"on_demand.py": b"x = 1\n"})
    assert build.modules_of(wheel) == ["on_demand"]


def test_compiled_files_take_the_place_of_sources_and_tests_are_left_out():
    old = archive(**{"a__b.py": "x = 1\n", "a__b.txt": "kept", "a__tests__c.py": "x = 1\n"})
    new = unzipped(build.compiled(old))
    assert list(new) == ["a/b.pyc", "a/b.txt"]
    assert new["a/b.txt"] == b"kept"


def test_compiled_files_stand_beside_sources_that_are_kept():
    new = unzipped(build.compiled(archive(**{"a__b.py": "x = 1\n"}), keep_sources=True))
    assert new["a/b.py"] == b"x = 1\n"
    assert list(new) == ["a/b.py", "a/__pycache__/b.cpython-312.pyc"]


def test_a_compiled_file_runs(tmp_path):
    """Here by the Python that compiled it."""
    (tmp_path / "a.zip").write_bytes(build.compiled(archive(**{"compiled_here.py": "x = 6 * 7\n"})))
    sys.path.insert(0, str(tmp_path / "a.zip"))
    try:
        import compiled_here
    finally:
        sys.path.pop(0)
    assert compiled_here.x == 42


def test_other_content_has_another_name_that_is_still_a_wheels():
    names = {build.named_by_content("a-1.0-py3-none-any.whl", data) for data in (b"1", b"2")}
    assert len(names) == 2
    for name in names:
        assert name.split("-")[0] == "a"
        assert name.split("-")[2:] == ["py3", "none", "any.whl"]


def test_a_file_that_is_another_than_it_should_be_stops_the_build(tmp_path):
    (tmp_path / "a.whl").write_bytes(b"good")
    runtime = build.Runtime(tmp_path)
    assert runtime.read("a.whl", build.sha256(b"good")) == b"good"
    with pytest.raises(SystemExit, match="is not the file"):
        runtime.read("a.whl", build.sha256(b"bad"))


def test_the_page_in_front_has_the_readmes_title_question_and_table_and_the_picture():
    made = build.landing(TEMPLATE, README, PICTURE, ["a.whl"])
    title, question, picture, ahead, start, rows = made.split("|")
    assert title == "Gradients &amp; errors"
    assert question == "How much? One &lt; two."
    sizes = "--bp-width: 100px; --bp-grow: 100; --bp-least: 85px"
    assert f'width="100" style="{sizes}" height="50"' in picture
    assert ahead == "[&quot;a.whl&quot;]"
    assert start == "lab/index.html?path=00_start.ipynb"
    assert rows.count("<tr>") == 2
    assert "<td>Why? Because a &amp; b</td><td>20 to 30</td>" in rows


def test_the_first_picture_has_the_sizes_that_the_pages_code_gives_it():
    code = (ROOT / "bp_helpers" / "explorers" / "page" / "legible.js").read_text(encoding="utf-8")
    given = re.findall(r'^ +"(--[\w-]+)": ', code, re.MULTILINE)
    sizes = re.search(r'style="([^"]*)"', build.landing(TEMPLATE, README, PICTURE, []))[1]
    names = [size.partition(":")[0] for size in sizes.split("; ")]
    assert names == given[:3]  # the others are of an explorer's pictures alone (view.css)
    letters, of = re.search(r"const LEAST = TOUCHED \|\| (\d+) / (\d+);", code).groups()
    assert int(letters) / int(of) == build.LEAST


@pytest.mark.parametrize("gone", ["# Gradients", "**How", "| [0"])
def test_a_readme_without_one_of_them_is_an_error(gone):
    with pytest.raises(ValueError, match=r"README\.md has"):
        build.landing(TEMPLATE, README.replace(gone, "x"), PICTURE, [])


def test_the_courses_own_readme_gives_all_notebooks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    template = (ROOT / "site" / "landing.html").read_text(encoding="utf-8")
    page = build.landing(template, readme, PICTURE, [])
    for path in all_notebooks():
        assert f'href="lab/index.html?path={path.name}"' in page


def test_the_configuration_names_every_package_that_the_kernel_would_look_for_elsewhere():
    text = json.dumps(build.configuration("lock.json", {"a.ipynb": "00000000"}))
    for name in ("ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi", "ipython"):
        assert f'"{name}"' in text
    assert '"disablePyPIFallback": true' in text
    assert '"notebookVersions": {"a.ipynb": "00000000"}' in text


def test_requirements_are_exact_and_have_checksums():
    for name in ("requirements.txt", "in_browser.txt"):
        text = (ROOT / "site" / name).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line and line[0] not in " #"]
        assert lines
        assert all("==" in line for line in lines)
        assert text.count("--hash=sha256:") >= len(lines)


def test_a_version_is_that_of_the_sources_alone():
    def version(*sources, **other):
        return build.version_of({"cells": [{"source": source, **other} for source in sources]})

    assert build.version_of({"cells": []}) == "811c9dc5", "FNV-1a of nothing"
    assert version("a") == "e40c292c", "and of a"
    assert version("a\nb") == version(["a\n", "b"]) == version("a\nb", outputs=[1])
    assert len({version("a", "b"), version("b", "a"), version("ab"), version("a")}) == 4


def test_each_notebook_of_the_site_says_which_version_it_is(tmp_path):
    versions = build.publish_notebooks(tmp_path / "contents")
    assert [*versions] == [path.name for path in all_notebooks()]
    for path in all_notebooks():
        made = json.loads((tmp_path / "contents" / path.name).read_text(encoding="utf-8"))
        assert made["metadata"].pop("course_version") == versions[path.name]
        source = json.loads(path.read_text(encoding="utf-8"))
        for cell in source["cells"]:
            cell["source"] = build.text_in_site("".join(cell["source"]), build.repository())
        assert made == source, "and is else as it was"
        assert build.NO_OWNER not in str(made), "no link leads nowhere"


ADDRESS = "https://github.com/owner/name"
NOWHERE = f"https://github.com/{build.NO_OWNER}/name"
TEXTS = [
    ("[it](ADDRESS/blob/main/docs/card.md#loss) here", ["[it](card.html#loss) here"] * 2),
    (
        "*Course*, version 1. <ADDRESS>\n",
        ["*Course*, version 1. <ADDRESS>\n", "*Course*, version 1.\n"],
    ),
    (
        '# For Colab\npackage = "git+ADDRESS"',
        ['# For Colab\npackage = "git+ADDRESS"', "# For Colab"],
    ),
]


@pytest.mark.parametrize(("source", "becomes"), TEXTS)
def test_links_lead_to_the_sites_own_pages_and_none_leads_nowhere(source, becomes):
    for address, text in zip([ADDRESS, NOWHERE], becomes, strict=True):
        made = build.text_in_site(source.replace("ADDRESS", address), address)
        assert made == text.replace("ADDRESS", address)


def test_a_page_of_a_notebook_gets_what_says_why_it_cannot_start():
    page = "<head><title>x</title></head><body><noscript>y</noscript></body>"
    files = [{"file": "a.wasm", "type": "application/wasm"}]
    made = build.with_starting(page, files, "<p>late</p>\n")
    assert made.index("starting.css") < made.index("starting.js") < made.index("<title>")
    assert "&quot;a.wasm&quot;" in made
    assert made.index("<p>late</p>") < made.index("<noscript>")


def test_a_service_worker_that_keeps_other_things_than_expected_stops_the_build():
    kept = build.without_errors(" ".join(build.KEEPING))
    assert kept == " ".join(build.KEEPING.values())
    with pytest.raises(ValueError, match="service worker has changed"):
        build.without_errors(kept)
