"""Each notebook of the built site, in a browser that reaches no other host.

Those that are run on a phone's screen are left out here.
"""

import re

import pytest
from explorer_page import ExplorerPage
from lab import is_labs_own
from learner import COURSE, tagged, try_each_exercise
from own_notebook import shown_explorers
from run_notebooks import all_notebooks
from site_page import KNOWN, ON_A_PHONE, SiteNotebook, load
from thorough import some

OTHERS = [path.name for path in all_notebooks() if path.name not in ON_A_PHONE]
every_notebook = pytest.mark.parametrize(
    "notebook", some(reversed(OTHERS), 12), indirect=True, scope="package"
)


def name_of(notebook):
    return notebook.path.removeprefix("notebooks/")


@every_notebook
def test_every_cell_runs_and_nothing_is_printed_to_stderr(notebook):
    notebook.assert_every_cell_ran()


@every_notebook
def test_nobody_but_the_site_was_asked(notebook, address):
    assert notebook.asked
    elsewhere = [url for url in notebook.asked if not url.startswith((address, "data:", "blob:"))]
    assert elsewhere == []


@every_notebook
def test_each_explorer_answers_sliders_and_clicks(notebook):
    """What it shows must be what an explorer here draws for the same values and choice."""
    for k, kind in enumerate(shown_explorers()[name_of(notebook)]):
        explorer = ExplorerPage(notebook, k, kind)
        explorer.reset()
        for control in explorer.sliders():
            at = explorer.position(control)
            explorer.handle(control).press(
                "ArrowRight" if explorer.room(control) > 0 else "ArrowLeft"
            )
            explorer.page.wait_for_function(
                "([h, at]) => Number(h.closest('.noUi-target').noUiSlider.get()) !== at",
                arg=[explorer.handle(control).element_handle(), at],
            )
            explorer.wait_for_slider(control)
            explorer.assert_right()
        explorer.reset()  # a parameter that was moved stays so when another is chosen
        labels = explorer.view.locator("[data-name] text", has_text=re.compile(r"\S"))
        if labels.count():
            labels.last.click()
            explorer.page.wait_for_timeout(300)
            explorer.assert_right()


@every_notebook
def test_each_explorer_answers_its_lists(notebook):
    for k, kind in enumerate(shown_explorers()[name_of(notebook)]):
        explorer = ExplorerPage(notebook, k, kind)
        explorer.reset()
        for control, choices in explorer.lists().items():
            for choice in reversed(choices):  # the first one is the start
                explorer.list_of(control).select_option(label=choice)
                explorer.wait_until_chosen(control, choice)
                explorer.assert_right_words()


@every_notebook
def test_each_exercise_gives_feedback(notebook):
    try_each_exercise(notebook)


@every_notebook
def test_the_console_has_no_errors(notebook):
    assert [error for error in notebook.errors if not is_labs_own(error, *KNOWN)] == []


# ---- A learner who comes back --------------------------------------------------------------------

FIRST, EXERCISE = next((name, k) for name in COURSE for k in tagged(name, "exercise"))
OWN = "# a line of the learner's own"


def source(notebook, k):
    return notebook.cells()[k]["source"]


def test_changes_survive_a_reload_and_a_second_visit_needs_no_server(chromium, site):
    """The first visit keeps what it fetched; the service worker answers in the server's place."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(120_000)
    with load("serve").serving(site) as address:
        first = SiteNotebook(context.new_page(), address, FIRST)
        first.wait_for_kernel()
        original = source(first, EXERCISE)
        first.run_cell(EXERCISE, f"{OWN}\n{original}")
        first.page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
        first.page.close()
        second = SiteNotebook(context.new_page(), address, FIRST)
        assert source(second, EXERCISE) == f"{OWN}\n{original}"
        second.page.close()
    third = SiteNotebook(context.new_page(), address, FIRST)
    assert source(third, EXERCISE) == f"{OWN}\n{original}"
    third.run_all()
    third.page.locator(".bp-view > svg").first.wait_for(state="attached")
    context.close()


def test_a_page_that_is_loaded_again_opens_the_notebook_it_had(chromium, address):
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(120_000)
    page = SiteNotebook(context.new_page(), address, FIRST).page
    second = next(name for name in COURSE if name != FIRST)
    for name in (FIRST, second):
        page.evaluate("path => jupyterapp.commands.execute('docmanager:open', { path })", name)
        page.wait_for_function("name => location.search === `?path=${name}`", arg=name)
    page.reload()
    page.locator(".jp-Notebook").wait_for()
    page.wait_for_function(
        "name => jupyterapp.shell.currentWidget?.context?.path === name", arg=second
    )
    context.close()


def test_a_cell_that_is_run_before_its_imports_says_what_to_run(chromium, address):
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(120_000)
    opened = SiteNotebook(context.new_page(), address, FIRST)
    opened.wait_for_kernel()
    said = opened.run_cell(tagged(FIRST, "predict")[0])
    assert "is made by another cell, which has not been run" in said
    assert "Run All Above Selected Cell" in said
    assert "assert" not in said, "no line of the cell itself, which knows the answer"
    context.close()


@pytest.mark.parametrize("app", ["lab", "notebooks"])
def test_the_glossary_that_a_notebook_names_is_the_sites_own(chromium, address, app):
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(120_000)
    opened = SiteNotebook(context.new_page(), address, "00_start_here.ipynb", app)
    link = opened.page.locator(".jp-MarkdownOutput a", has_text="the glossary")
    with context.expect_page() as opening:
        link.click()
    page = opening.value
    page.get_by_role("heading", level=1).wait_for()
    assert page.url == f"{address}glossary.html"
    context.close()


OUTPUTS = """() => [...document.querySelectorAll(".jp-OutputArea-output")]
  .map(output => ({
    live: output.querySelectorAll(".bp-predict, .bp-view > svg").length > 0,
    still: (output.closest(".jp-OutputArea") ?? output).querySelectorAll("img, details").length > 0,
    said: [...output.querySelectorAll(".bp-said")].map(each => each.textContent).join(),
    text: output.textContent,
  }))
  .filter(output => output.live || output.said)"""


def outputs_when(notebook, condition):
    """Draw every cell and look at what has a widget, until they are so."""
    for _ in range(60):
        for k in range(len(notebook.cells())):
            notebook.cell(k)
        found = notebook.page.evaluate(OUTPUTS)
        if found and all(condition(each) for each in found):
            return found
        notebook.page.wait_for_timeout(1000)
    raise AssertionError(found)


def test_explorers_without_their_kernel_say_what_to_do(chromium, address):
    """Python ends when it is restarted, and with the page; the pictures stay."""
    name = "00_start_here.ipynb"
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(120_000)
    first = SiteNotebook(context.new_page(), address, name)
    first.wait_for_kernel()
    assert first.page.evaluate("jupyterapp.shell.leftCollapsed"), "the window is all notebook"
    assert not first.page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")
    first.run_all()
    live = outputs_when(first, lambda one: one["live"] and not one["said"])
    cells = len(first.cells())
    for key in ("b", "x", "ArrowRight"):
        first.page.locator(".noUi-handle").first.press(key)
    assert len(first.cells()) == cells
    first.command("docmanager:save")
    first.page.evaluate(
        "jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(() => null)"
    )
    outputs_when(first, lambda one: one["said"].startswith("The kernel was restarted"))
    first.page.close()
    later = SiteNotebook(context.new_page(), address, name)
    later.wait_for_kernel()
    still = outputs_when(later, lambda one: one["said"].startswith("Run this cell to drag"))
    assert len(still) == len(live)
    assert not any(one["live"] or "widget" in one["text"] for one in still)
    assert all(one["still"] for one in still)
    context.close()
