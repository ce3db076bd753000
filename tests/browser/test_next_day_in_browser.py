"""What becomes of an explorer whose page, kernel, server or connection has gone meanwhile."""

import re

import nbformat
import pytest
from explorer_page import BOX
from lab import Notebook, close_notebooks, running_lab
from nbformat.v4 import new_code_cell, new_notebook, new_output
from outputs import (
    BAD,
    CHAINS,
    ENDS,
    KERNEL,
    LINE,
    RESTARTED,
    are_live,
    are_still,
    say,
    wait_until,
)
from run_notebooks import LIVE_WIDGET, all_notebooks, normalise, read, write
from thorough import some

from .conftest import LAPTOP

NAME = "next_day.ipynb"
CELLS = [
    "from bp_helpers.explorers import OutputErrorExplorer, PredictChoice, PredictNumber",
    'PredictChoice("Which of the two?", ["one", "other"], "other", "Because.")',
    'PredictNumber("How large?", 3, 0, 10, 1, "Because.")',
    "OutputErrorExplorer()",
]
UNREACHED = "The kernel cannot be reached"


def write_notebook(path):
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    stored = new_output("display_data", {"text/html": "<p>never run here</p>"})
    notebook.cells.append(new_code_cell("1 + 1", outputs=[stored]))
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)


@pytest.fixture
def path(course, request):
    """The place of a notebook that is this test's own."""
    name = re.sub(r"\W", "_", request.node.name) + ".ipynb"
    write_notebook(course / "next_day" / name)
    return f"next_day/{name}"


def open_and_run(page, path):
    notebook = Notebook.opened_in(page, path)
    run_all(notebook)
    return notebook


def run_all(notebook):
    notebook.run_all()
    wait_until(notebook, are_live)


def save(notebook):
    notebook.command("docmanager:save")
    assert LIVE_WIDGET in str(notebook.cells()), "else nothing here would be tried"


SAID = [
    "You said: one. The answer is: other.\nBecause.",
    "You said 6; it is 3. Off by 3, 2.0 times as large.\nBecause.",
]


def answer(page):
    """Answer both questions, the second by keyboard."""
    page.get_by_role("button", name="one", exact=True).click()
    page.locator(".bp-predict [data-x^=guess]").press("ArrowRight")
    page.get_by_role("button", name="Commit").click()
    page.locator(".bp-predict.bp-answered").nth(1).wait_for()


def stored_answers(notebook):
    """Return what the outputs of the two questions hold, as text, below the question."""
    texts = ["".join(cell["outputs"][0]["data"]["text/plain"]) for cell in notebook.cells()[1:3]]
    return [text.partition("\n")[2] for text in texts]


def photograph(notebook, photos, name):
    box = notebook.page.locator(".bp-said").last
    box.scroll_into_view_if_needed()
    notebook.page.screenshot(path=photos / f"{name}.png")


# ---- The page has gone ---------------------------------------------------------------------------


def test_the_next_day_each_picture_is_there_with_one_line_under_it(
    tmp_path, new_page, chromium, photos
):
    folder = tmp_path / "course"
    folder.mkdir()
    write_notebook(folder / NAME)
    with running_lab(folder, tmp_path / "first") as lab:
        notebook = Notebook(new_page, lab, NAME)
        run_all(notebook)
        answer(new_page)
        save(notebook)
        assert stored_answers(notebook) == [said.replace("\n", " ") for said in SAID]
    with running_lab(folder, tmp_path / "second") as lab:
        next_day = chromium.new_context(viewport=LAPTOP).new_page()
        notebook = Notebook(next_day, lab, NAME)
        outputs = wait_until(notebook, are_still)
        next_day.wait_for_function(
            "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
        )
        next_day.wait_for_timeout(3000)  # the widgets' own renderer looks for its model so long
        outputs = wait_until(notebook, are_still)
        assert not [bad for bad in BAD for one in outputs if bad in one["text"]]
        assert [one.inner_text() for one in next_day.locator(".bp-answered").all()] == SAID
        assert notebook.errors == []
        photograph(notebook, photos, "next-day")
        run_all(notebook)
        next_day.context.close()


def test_a_reload_brings_everything_back_live_also_when_not_all_was_run(path, server, page):
    notebook = Notebook(page, server, path)
    page.wait_for_function(f"{KERNEL}?.status === 'idle'")
    for k in range(len(CELLS)):
        notebook.run_cell(k)
    wait_until(notebook, are_live)
    handle, view = page.locator(f"{BOX} .noUi-handle").first, page.locator(f"{BOX} .bp-view").first
    handle.press("ArrowRight")
    save(notebook)
    handle.press("ArrowRight")  # the kernel knows of it, the file does not
    page.wait_for_timeout(500)
    moved, shown = handle.get_attribute("aria-valuenow"), view.get_attribute("data-shown")
    page.reload()
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
    wait_until(notebook, are_live)
    trusted = "jupyterapp.shell.currentWidget.content.widgets.every(cell => cell.model.trusted)"
    assert not page.evaluate(trusted)
    assert handle.get_attribute("aria-valuenow") == moved
    assert view.get_attribute("data-shown") == shown
    handle.press("ArrowRight")
    page.wait_for_function(
        "([handle, at]) => handle.getAttribute('aria-valuenow') !== at",
        arg=[handle.element_handle(), moved],
    )


DIRTY = "jupyterapp.shell.currentWidget.context.model.dirty"
MODELS = f"""jupyterapp.shell.currentWidget.context.model.toJSON().cells
  .flatMap(cell => cell.outputs ?? []).map(output => output.data["{LIVE_WIDGET}"]?.model_id)
  .filter(Boolean)"""


@pytest.fixture(params=["shipped", "saved"])
def stored(request, course, path, server, page):
    """The notebook opened, with pictures in its file: as it is shipped, or from a first run."""
    notebook = Notebook(page, server, path)
    run_all(notebook)
    save(notebook)
    if request.param == "shipped":
        close_notebooks(page)
        write(normalise(read(course / path)), course / path)
        notebook = Notebook(page, server, path)
        see_that_each(notebook, are_still)
    return notebook


def run_and_leave(notebook):
    """Run every cell, move the explorer and answer one question; return what is then seen."""
    before = notebook.page.evaluate(MODELS)
    run_all(notebook)
    after = notebook.page.evaluate(MODELS)
    assert len(set(after) - set(before)) == 3, "else nothing here would be tried"
    handle = notebook.page.locator(f"{BOX} .noUi-handle").first
    for _ in range(2):
        handle.press("ArrowRight")
    notebook.page.get_by_role("button", name="other", exact=True).click()
    notebook.page.locator(".bp-answered").wait_for()
    notebook.wait_for_kernel()
    return after, seen(notebook.page)


def seen(page):
    """Return where the explorer's sliders are, what its picture shows and what was answered."""
    handles = page.locator(f"{BOX} .noUi-handle").all()
    view = page.locator(f"{BOX} .bp-view").first
    return (
        [handle.get_attribute("aria-valuenow") for handle in handles],
        view.get_attribute("data-shown"),
        page.locator(".bp-answered").all_inner_texts(),
    )


def load_again(notebook):
    notebook.page.reload()
    notebook.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")


def test_a_reload_also_brings_back_what_was_run_and_not_saved(stored):
    models, left = run_and_leave(stored)
    page = stored.page
    page.wait_for_function(DIRTY)  # nothing of it is in the file
    load_again(stored)
    wait_until(stored, are_live)
    assert page.evaluate(MODELS) == models
    page.locator(".bp-answered").wait_for()
    assert seen(page) == left
    assert changes(page, press_a_key)
    save(stored)  # what is seen is what is saved
    assert page.evaluate(MODELS) == models
    assert stored_answers(stored) == ["You said: other. Right! Because.", ""]


def test_what_was_brought_back_is_no_change_of_the_notebook(stored):
    run_all(stored)
    load_again(stored)
    wait_until(stored, are_live)
    stored.wait_for_kernel()
    assert not stored.page.evaluate(DIRTY)


def test_a_reload_does_not_bring_back_what_a_lost_change_has_made(stored):
    run_all(stored)
    stored.run_cell(3, CELLS[3] + "  # as I want it")
    *kept, lost = stored.page.evaluate(MODELS)
    load_again(stored)
    for k in (1, 2):
        see_that(stored, k, are_live)
    models = stored.page.evaluate(MODELS)
    assert models[:2] == kept
    assert lost not in models


def test_what_is_brought_back_brings_its_own_answer(path, server, page):
    notebook = Notebook(page, server, path)
    run_all(notebook)
    answer(page)
    save(notebook)
    run_all(notebook)
    page.get_by_role("button", name="other", exact=True).click()
    page.locator(".bp-answered").wait_for()
    load_again(notebook)
    wait_until(notebook, are_live)
    page.wait_for_function(DIRTY)  # the answer is written a moment after it is seen
    assert stored_answers(notebook)[0] == "You said: other. Right! Because."
    html = "".join(notebook.cells()[1]["outputs"][0]["data"]["text/html"])
    assert html.count("bp-answered") == 1


def test_after_a_restart_a_reload_brings_nothing_back(stored):
    run_and_leave(stored)
    stored.page.evaluate(ENDS["restart"])
    load_again(stored)
    stored.page.wait_for_function(f"{KERNEL}?.status === 'idle'")
    stored.page.wait_for_timeout(3000)  # the widgets' own renderer looks for its model so long
    see_that_each(stored, are_still)


def test_a_kernel_that_was_restarted_since_the_file_was_saved(path, server, page, new_page):
    notebook = open_and_run(page, path)
    save(notebook)
    notebook.page.evaluate(
        "jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(() => null)"
    )
    later = Notebook(new_page, server, path)
    later.page.wait_for_timeout(5000)
    outputs = wait_until(later, are_still)
    assert not [bad for bad in BAD for one in outputs if bad in one["text"]]


# ---- The course's own notebooks ------------------------------------------------------------------

# Some of them: together they hold explorers, predictions, exercises and pictures.
NAMES = [path.name for path in some(all_notebooks(), 6, 1)]
LOOK_AT = """k => {
  const { node } = jupyterapp.shell.currentWidget.content.widgets[k].outputArea;
  return {
    live: node.querySelectorAll(".bp-predict, .bp-view > svg").length > 0,
    still: node.querySelectorAll("img, details").length > 0,
    said: [...node.querySelectorAll(".bp-said")].map(each => each.textContent),
    text: node.textContent,
  };
}"""


def see_that_each(notebook, condition):
    """Scroll to each explorer and prediction, and wait until its output is so."""
    for k, cell in enumerate(notebook.cells()):
        words = [output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
        if not any(re.match(r"Controls: |Predict\. ", "".join(each)) for each in words):
            continue
        see_that(notebook, k, condition)


def see_that(notebook, k, condition):
    """Scroll to a cell, and wait until its output is so."""
    notebook.cell(k)
    for _ in range(200):
        found = notebook.page.evaluate(LOOK_AT, k)
        if condition([found]):
            break
        notebook.page.wait_for_timeout(100)
    assert condition([found]), (k, found)
    assert not [bad for bad in BAD if bad in found["text"]]


@pytest.mark.parametrize("name", NAMES)
def test_each_notebook_before_its_first_run_and_the_next_day(name, server, page, photos):
    notebook = Notebook.opened_in(page, f"next_day/{name}")
    see_that_each(notebook, are_still)
    assert LINE not in str(notebook.cells()), "the line stands in the page, not in the file"
    page.screenshot(path=photos / f"{name}-never-run.png")
    notebook.run_all()
    see_that_each(notebook, are_live)
    save(notebook)
    page.evaluate(ENDS["shutdown"])
    notebook = Notebook(page, server, f"next_day/{name}")
    page.wait_for_timeout(3000)  # the widgets' own renderer looks for its model so long
    see_that_each(notebook, are_still)
    assert LINE not in str(notebook.cells())
    assert notebook.errors == []


def test_a_notebook_of_the_course_comes_back_live_as_it_was_left(server, page):
    name = "04_backward_pass.ipynb"
    notebook = Notebook.opened_in(page, f"next_day/{name}")
    notebook.run_all()
    see_that_each(notebook, are_live)
    handles = page.locator(f"{BOX} .noUi-handle")
    for handle in handles.all():
        handle.press("ArrowRight")
    page.wait_for_timeout(1000)
    where = "handles => handles.map(handle => handle.getAttribute('aria-valuenow'))"
    left = handles.evaluate_all(where)
    assert len(left) > 1
    save(notebook)
    notebook = Notebook(page, server, f"next_day/{name}")
    see_that_each(notebook, are_live)
    assert handles.evaluate_all(where) == left


# ---- The kernel has gone while the page is open --------------------------------------------------


def drag_the_point(page, point):
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def press_a_key(page, point):
    point.press("ArrowRight")


def changes(page, move):
    """Move the point in the explorer's picture, and return whether that is seen a second later."""
    view = page.locator(f"{BOX} .bp-view")
    before = view.get_attribute("data-shown"), view.text_content()
    move(page, view.get_by_role("slider").first)
    page.wait_for_timeout(1000)
    return (view.get_attribute("data-shown"), view.text_content()) != before


@pytest.mark.parametrize("how", ENDS)
def test_each_output_says_so_in_one_sentence_and_nothing_moves(how, path, page, photos):
    notebook = open_and_run(page, path)
    for move in (drag_the_point, press_a_key):
        assert changes(page, move), "else nothing below could fail"
    page.evaluate(ENDS[how])
    outputs = wait_until(notebook, say(RESTARTED))
    assert all(one["live"] for one in outputs), "the picture stands as it was"
    assert page.evaluate(CHAINS) == 0
    page.wait_for_timeout(1000)  # after a crash JupyterLab says so too
    if page.locator(".jp-Dialog").count():
        page.locator(".jp-Dialog .jp-mod-accept").click()
    for handle in page.locator(".noUi-handle").all():
        handle.scroll_into_view_if_needed()
        at, box = handle.get_attribute("aria-valuenow"), handle.bounding_box()
        handle.press("ArrowRight")
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 2)
        page.mouse.up()
        assert handle.get_attribute("aria-valuenow") == at
    for move in (drag_the_point, press_a_key):
        assert not changes(page, move)
    photograph(notebook, photos, how)


def test_restart_and_run_all_brings_everything_back_without_a_sentence(path, page):
    notebook = open_and_run(page, path)
    page.evaluate(ENDS["restart"])
    wait_until(notebook, say(RESTARTED))
    run_all(notebook)


def test_a_lost_connection_is_said_and_recovers(path, page):
    notebook = open_and_run(page, path)
    page.context.set_offline(True)
    page.evaluate(f"void {KERNEL}.reconnect().catch(() => 0)")
    wait_until(notebook, lambda outputs: all(UNREACHED in "".join(one["said"]) for one in outputs))
    page.context.set_offline(False)
    page.evaluate(f"void {KERNEL}.reconnect().catch(() => 0)")
    wait_until(notebook, are_live)
    handle = page.locator(".noUi-handle").last
    at = handle.get_attribute("aria-valuenow")
    handle.press("ArrowRight")
    assert handle.get_attribute("aria-valuenow") != at
