"""The site's notebooks change, and a learner has changed one of them: nothing is lost."""

import json
from contextlib import contextmanager

import pytest
from site_page import SiteNotebook, load

build = load("build")
NAME = "01_chain_rule.ipynb"
OWN, NEW = "# a line of the learner's own\n", "A sentence that the newer notebook has."
NEWS = ".bp-news:visible"


@contextmanager
def serving_versions(site):
    """Serve the site; if `state` says "new", with a newer notebook, and if "gone", nothing.

    What `state` names as "missing" is not there.
    """
    serve, state = load("serve"), {"new": False, "gone": False, "missing": []}
    notebook = json.loads((site / "files" / NAME).read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] += NEW
    version = state["version"] = build.version_of(notebook)
    notebook["metadata"]["course_version"] = version
    config = json.loads((site / "jupyter-lite.json").read_text(encoding="utf-8"))
    config["jupyter-config-data"]["notebookVersions"][NAME] = version
    newer = {f"/files/{NAME}": notebook, "/jupyter-lite.json": config}

    class Host(serve.Handler):
        def send_head(self):
            path = self.path.partition("?")[0]
            if state["gone"] or path in state["missing"]:
                self.send_error(503)
                return None
            if not (state["new"] and path in newer):
                return super().send_head()
            data = json.dumps(newer[path]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            return serve.io.BytesIO(data)

    serve.Handler = Host
    with serve.serving(site) as address:
        yield address, state


@pytest.fixture
def learner(chromium):
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(60_000)
    yield context
    context.close()


def first_source(notebook):
    return notebook.cells()[0]["source"]


def change(notebook, k, source):
    """Change a cell's source, as a learner does, and save."""
    notebook.page.evaluate(
        """async ([k, source]) => {
          const { content, context } = jupyterapp.shell.currentWidget;
          content.widgets[k].model.sharedModel.setSource(source);
          await context.save();
        }""",
        [k, source],
    )


def visit_until_it_knows(context, address, version):
    """Open the notebook anew until the page knows of the newer version; return it, still open."""
    known = (
        "JSON.parse(document.getElementById('jupyter-config-data').textContent)"
        f".notebookVersions['{NAME}']"
    )
    for _ in range(4):  # the service worker shows what it has, and brings it up to date
        opened = SiteNotebook(context.new_page(), address, NAME)
        if opened.page.evaluate(known) == version:
            return opened
        opened.page.wait_for_timeout(500)
        opened.page.close()
    raise AssertionError("the newer configuration never came")


def test_an_update_reaches_a_learner_who_has_changed_the_notebook_and_nothing_is_lost(
    learner, site
):
    with serving_versions(site) as (address, state):
        first = SiteNotebook(learner.new_page(), address, NAME)
        original = first_source(first)
        assert first.page.locator(NEWS).count() == 0
        change(first, 0, OWN + original)
        first.page.close()
        state["new"] = True
        second = visit_until_it_knows(learner, address, state["version"])
        page = second.page
        page.wait_for_selector(NEWS)
        assert "newer version" in page.locator(NEWS).inner_text()
        assert first_source(second) == OWN + original, "it stays until the learner asks"
        page.get_by_role("button", name="Get the newer one").click()
        page.get_by_text("What you had is kept as 01_chain_rule-mine.ipynb").wait_for()
        assert first_source(second) == original + NEW
        assert not page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")
        page.get_by_role("button", name="Open 01_chain_rule-mine.ipynb").click()
        page.wait_for_function(
            "jupyterapp.shell.currentWidget.context.path === '01_chain_rule-mine.ipynb'"
        )
        page.wait_for_function("jupyterapp.shell.currentWidget.context.isReady")
        assert first_source(second) == OWN + original
        page.close()
        third = SiteNotebook(learner.new_page(), address, NAME)
        assert first_source(third) == original + NEW
        assert third.page.locator(NEWS).count() == 0


def test_a_notebook_that_was_run_and_not_changed_is_brought_up_to_date_by_itself(learner, site):
    with serving_versions(site) as (address, state):
        first = SiteNotebook(learner.new_page(), address, NAME)
        original = first_source(first)
        first.page.evaluate("jupyterapp.shell.currentWidget.context.save()")  # as after running
        first.page.close()
        state["new"] = True
        second = visit_until_it_knows(learner, address, state["version"])
        second.page.wait_for_function(
            "text => jupyterapp.shell.currentWidget.content.widgets[0]"
            ".model.sharedModel.source === text",
            arg=original + NEW,
        )
        assert second.page.locator(NEWS).count() == 0


def test_starting_over_keeps_what_was_there_and_a_download_has_it(learner, address):
    opened = SiteNotebook(learner.new_page(), address, NAME)
    page, original = opened.page, first_source(opened)
    change(opened, 0, OWN + original)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my work").click()
    assert download.value.suggested_filename == NAME
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert "".join(saved["cells"][0]["source"]) == OWN + original
    for kept in ("01_chain_rule-mine.ipynb", "01_chain_rule-mine-2.ipynb"):
        page.get_by_role("button", name="Start over").click()
        page.locator(NEWS).get_by_role("button", name="Start over").click()
        page.get_by_text(f"What you had is kept as {kept}").wait_for()
        assert first_source(opened) == original
        change(opened, 0, OWN + kept)


def test_before_starting_over_the_page_says_where_the_work_is_kept(learner, address):
    page = SiteNotebook(learner.new_page(), address, NAME).page
    page.get_by_role("button", name="Start over").click()
    said = page.locator(NEWS).inner_text()
    assert "kept in this browser, on this computer only" in said
    assert "a private window forgets it" in said


def test_on_a_phone_what_was_kept_is_found_again_and_can_be_taken_away(chromium, address):
    screen = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = chromium.new_context(**screen)
    context.set_default_timeout(60_000)
    opened = SiteNotebook(context.new_page(), address, NAME, "notebooks")
    page, original = opened.page, first_source(opened)
    earlier = page.locator(".bp-copies").get_by_role("button", name="Open my earlier work")
    assert earlier.count() == 0, "there is none yet"
    for k in (1, 2):
        change(opened, 0, f"{k} {OWN}{original}")
        page.locator(".bp-copies").get_by_role("button", name="Start over").click()
        page.locator(NEWS).get_by_role("button", name="Start over").click()
        page.get_by_text("What you had is kept as").wait_for()
    page.close()
    again = SiteNotebook(context.new_page(), address, NAME, "notebooks")
    again.page.get_by_role("button", name="Open my earlier work").tap()
    again.page.wait_for_url("**/notebooks/index.html?path=01_chain_rule-mine-2.ipynb")
    with again.page.expect_download() as download:
        again.page.get_by_role("button", name="Download my work").tap()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert "".join(saved["cells"][0]["source"]) == f"2 {OWN}{original}"
    assert again.page.get_by_role("button", name="Start over").count() == 0, "the site has no such"
    context.close()


def test_without_the_site_nothing_is_given_up(learner, site):
    with serving_versions(site) as (address, state):
        opened = SiteNotebook(learner.new_page(), address, NAME)
        page, original = opened.page, first_source(opened)
        change(opened, 0, OWN + original)
        opened.wait_for_kernel()  # without its files, JupyterLab puts a question over the button
        state["gone"] = True
        page.get_by_role("button", name="Start over").click()
        page.locator(NEWS).get_by_role("button", name="Start over").click()
        page.get_by_text("Your notebook is as it was").wait_for()
        assert first_source(opened) == OWN + original


def test_if_the_site_goes_before_python_is_there_the_page_says_so(learner, site):
    starts_python = [
        f"/{path.relative_to(site).as_posix()}"
        for path in site.glob("extensions/@jupyterlite/pyodide-kernel-extension/static/*.js")
        if "new Worker(new URL(" in path.read_text(encoding="utf-8")
    ]
    with serving_versions(site) as (address, state):
        state["missing"] = starts_python
        opened = SiteNotebook(learner.new_page(), address, NAME)
        page, original = opened.page, first_source(opened)
        change(opened, 0, OWN + original)
        note = page.locator(".starting")
        note.wait_for()  # on top of JupyterLab's "Loading chunk 592 failed"
        assert "load the page again" in note.inner_text()
        page.close()
        state["missing"] = []
        again = SiteNotebook(learner.new_page(), address, NAME)
        assert first_source(again) == OWN + original
        again.wait_for_kernel()  # JupyterLite keeps answers, and must not keep errors
        assert again.page.locator(".starting").count() == 0
