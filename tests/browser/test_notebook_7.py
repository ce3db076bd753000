"""The same in Jupyter Notebook 7, for who starts that one: live, its keys, and the next day."""

import importlib.util
import shutil

import pytest
from explorer_page import BOX
from lab import Notebook, is_labs_own, running_notebook_7
from outputs import (
    ACTIVE,
    BAD,
    CHAINS,
    ENDS,
    KERNEL,
    LOOK,
    RESTARTED,
    are_live,
    are_still,
    say,
    see_that_single_keys_do_nothing,
    sources,
    wait_for_kernel,
    wait_until,
)
from run_notebooks import ROOT

NAME = "03_output_error.ipynb"
WIDGETS = 9  # explorers and predictions in it
HANDLE = f"{BOX} .noUi-handle"

pytestmark = pytest.mark.skipif(
    not importlib.util.find_spec("notebook"), reason="Jupyter Notebook 7 is not installed"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    base = tmp_path_factory.mktemp("notebook_7")
    notebooks = base / "course" / "notebooks"
    notebooks.mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / NAME, notebooks)
    with running_notebook_7(base / "course", base / "own") as address:
        yield address


@pytest.fixture(scope="module")
def opened(server, chromium):
    """The notebook in a page of its own, as it is shipped."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    notebook = Notebook(context.new_page(), server, f"notebooks/{NAME}", "notebooks")
    wait_for_kernel(notebook.page)
    yield notebook
    context.close()


@pytest.fixture
def run(opened):
    """The notebook with all that it shows live and nothing answered, whatever became of it."""
    if not opened.page.evaluate(f"Boolean({KERNEL})"):
        reopen(opened)
    shown, answered = opened.page.evaluate(LOOK), opened.page.locator(".bp-answered").count()
    if len(shown) < WIDGETS or not are_live(shown) or answered:
        opened.run_all()
        wait_until(opened, are_live, WIDGETS)
    opened.page.locator(BOX).first.scroll_into_view_if_needed()
    return opened


def reopen(notebook):
    notebook.command("docmanager:save")
    load_again(notebook)


def load_again(notebook):
    notebook.page.reload()
    notebook.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")


def test_an_untouched_notebook_shows_its_pictures_and_is_clean(opened, photos):
    page = opened.page
    lines = "[...document.querySelectorAll('.bp-said')].map(line => line.textContent)"
    page.wait_for_function(f"{lines}.length > 0")
    assert all(line.startswith("Run this cell") for line in page.evaluate(lines))
    page.wait_for_timeout(1000)  # it learns the kernel's language a moment later
    assert not page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")
    page.screenshot(path=photos / "notebook-7-never-run.png")
    known = "reading 'schema'", "/static/notebook/"  # it looks for settings that it does not have
    assert [error for error in opened.errors if not is_labs_own(error, *known)] == []


def test_explorers_are_live_and_an_arrow_key_stays_in_its_slider(run):
    handle = run.page.locator(HANDLE).first
    picture = run.page.locator(f"{BOX} .bp-view").first
    shown, at = picture.get_attribute("data-shown"), handle.get_attribute("aria-valuenow")
    handle.press("ArrowRight")
    assert handle.get_attribute("aria-valuenow") != at
    assert handle.evaluate("handle => handle === document.activeElement")
    run.page.wait_for_function(
        "([picture, shown]) => picture.dataset.shown !== shown",
        arg=[picture.element_handle(), shown],
    )


NUMBER = f"{BOX} .bp-view [role=spinbutton]"


@pytest.mark.parametrize("place", [HANDLE, NUMBER, f"{BOX} button", ".bp-predict button"])
def test_single_keys_do_nothing_while_the_focus_is_in_an_output(place, run):
    see_that_single_keys_do_nothing(run.page, place)


def test_the_same_keys_would_have_changed_the_notebook_elsewhere(run):
    """So the test above can fail."""
    cells = sources(run.page)
    run.page.locator(".jp-Cell .jp-InputPrompt").first.click()
    active = run.page.evaluate(ACTIVE)
    run.page.keyboard.press("ArrowDown")
    assert run.page.evaluate(ACTIVE) > active
    run.page.keyboard.press("b")
    run.page.wait_for_timeout(300)
    assert len(sources(run.page)) == len(cells) + 1
    run.page.keyboard.press("z")
    run.page.wait_for_timeout(300)
    assert sources(run.page) == cells


def test_the_focus_stays_where_it_was_after_an_answer(run):
    box = run.page.locator(".bp-predict").first
    button = box.get_by_role("button").last
    button.press("Enter")
    box.get_by_role("status").wait_for()
    run.page.wait_for_timeout(200)
    assert button.evaluate("button => button === document.activeElement")


@pytest.mark.parametrize("is_saved", [False, True])
def test_a_page_that_is_loaded_again_is_live_while_its_kernel_is(is_saved, run):
    # Only what one run has made: the kernel holds what those of the tests above did as well. Where
    # it does not send all of it within 4 s, ipywidgets asks for one model after the other.
    run.page.evaluate(ENDS["restart"])
    run.run_all()
    wait_until(run, are_live, WIDGETS)
    if is_saved:
        run.command("docmanager:save")
    handle = run.page.locator(HANDLE).first
    handle.press("ArrowRight")  # the kernel knows of it, the file does not
    moved = handle.get_attribute("aria-valuenow")
    run.page.wait_for_timeout(500)
    load_again(run)
    wait_until(run, are_live, WIDGETS)
    assert handle.get_attribute("aria-valuenow") == moved


@pytest.mark.parametrize("how", ENDS)
def test_when_the_kernel_ends_each_output_says_so_and_nothing_moves(how, run, photos):
    run.page.evaluate(ENDS[how])
    outputs = wait_until(run, say(RESTARTED), WIDGETS)
    assert all(one["live"] for one in outputs), "the picture stands as it was"
    assert run.page.evaluate(CHAINS) == 0
    run.page.wait_for_timeout(1000)  # after a crash it says so too
    if run.page.locator(".jp-Dialog").count():
        run.page.locator(".jp-Dialog .jp-mod-accept").click()
    handle = run.page.locator(HANDLE).first
    at = handle.get_attribute("aria-valuenow")
    handle.press("ArrowRight")
    assert handle.get_attribute("aria-valuenow") == at
    run.page.screenshot(path=photos / f"notebook-7-{how}.png")


def test_the_next_day_each_picture_is_there_with_one_line_under_it(run, photos):
    run.command("docmanager:save")
    run.page.evaluate(ENDS["shutdown"])
    reopen(run)
    wait_for_kernel(run.page)
    run.page.wait_for_timeout(3000)  # the widgets' own renderer looks for its model so long
    outputs = wait_until(run, are_still, WIDGETS)
    assert not [bad for bad in BAD for one in outputs if bad in one["text"]]
    run.page.locator(".bp-said").last.scroll_into_view_if_needed()
    run.page.screenshot(path=photos / "notebook-7-next-day.png")
