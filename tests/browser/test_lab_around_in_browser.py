"""What JupyterLab does around a notebook: its panels, its keys, its questions."""

import shutil

import pytest
from explorer_page import BOX
from lab import LONGEST, Notebook, running_lab
from outputs import ACTIVE, see_that_single_keys_do_nothing, sources, wait_for_kernel
from playwright.sync_api import expect
from run_notebooks import ROOT, all_notebooks
from thorough import some

from .conftest import LAPTOP

NAMES = [path.name for path in all_notebooks()]


# ---- Panels and questions ------------------------------------------------------------------------


def test_the_first_window_is_all_notebook_and_one_click_brings_the_list_of_files(
    tmp_path, new_page, photos
):
    """In a JupyterLab that nobody has used yet: it keeps the layout of its window."""
    (tmp_path / "course").mkdir()
    shutil.copy(ROOT / "notebooks" / NAMES[0], tmp_path / "course")
    with running_lab(tmp_path / "course", tmp_path / "own") as (address, token):
        see_the_first_window(new_page, f"{address}lab/tree/{NAMES[0]}?token={token}", photos)


def see_the_first_window(page, address, photos):
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    wait_for_kernel(page)
    files = page.locator("#filebrowser .jp-DirListing-content")
    assert not files.is_visible()
    assert page.locator(".jp-NotebookPanel").bounding_box()["width"] > 0.9 * LAPTOP["width"]
    page.screenshot(path=photos / "first-window.png")
    page.locator(".jp-SideBar [data-id=filebrowser]").click()
    files.wait_for()
    with page.expect_response(lambda answer: "/lab/api/workspaces" in answer.url):
        pass  # JupyterLab saves its layout a moment later
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    files.wait_for()  # who opens it has it open the next time


def test_on_a_tablet_the_network_stands_whole_beside_its_table(server, chromium):
    """The strip of buttons on the right is away there, and comes back with View > Appearance."""
    page = chromium.new_context(viewport={"width": 1024, "height": 768}, has_touch=True).new_page()
    notebook = Notebook(page, server, "notebooks/04_backward_pass.ipynb")
    strip = page.locator(".jp-SideBar.jp-mod-right")
    strip.wait_for(state="hidden")
    notebook.run_all()
    box = page.locator(BOX)
    box.wait_for(state="attached")
    box.scroll_into_view_if_needed()
    page.wait_for_function("box => document.querySelector(box).clientHeight > 300", arg=BOX)
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    notebook.command("application:toggle-side-tabbar", side="right")
    strip.wait_for()
    page.context.close()


WHOLE_IN_VIEW = """box => {
  const node = document.querySelector(box)?.getBoundingClientRect();
  const view = document.querySelector(".jp-WindowedPanel-outer").getBoundingClientRect();
  return node?.height > 300 && node.top >= view.top && node.bottom <= view.bottom + 1;
}"""
COUNT_SCROLLS = """() => {
  window.brought = 0;
  const scroll = Element.prototype.scrollIntoView;
  Element.prototype.scrollIntoView = function (how) {
    window.brought += this.classList.contains("bp-live");
    scroll.call(this, how);
  };
}"""


def test_one_shift_enter_brings_the_first_explorer(page, photos):
    Notebook.opened_in(page, f"around/{NAMES[0]}")
    wait_for_kernel(page)
    title = page.locator(".jp-Notebook h1").bounding_box()
    below = page.locator(".jp-Notebook").bounding_box()
    assert title["y"] > below["y"], "the title is still in view"
    explorer = page.locator(f"{BOX} .bp-view > svg")
    assert not explorer.count()
    page.keyboard.press("Shift+Enter")
    explorer.first.wait_for()
    page.wait_for_function(WHOLE_IN_VIEW, arg=BOX)
    page.screenshot(path=photos / "first-explorer.png")
    page.locator(".jp-Notebook").hover()
    page.mouse.wheel(0, -5000)
    page.wait_for_function("() => document.querySelector('.jp-Notebook h1')?.checkVisibility()")
    page.wait_for_timeout(300)
    assert not page.evaluate(WHOLE_IN_VIEW, BOX), "a hand that scrolls away is let go"


def test_running_all_cells_is_not_stopped_at_each_explorer(page):
    notebook = Notebook.opened_in(page, f"around/{NAMES[0]}")
    wait_for_kernel(page)
    page.evaluate(COUNT_SCROLLS)
    notebook.run_all()
    page.locator(f"{BOX} .bp-view > svg").first.wait_for(state="attached")
    assert page.evaluate("window.brought") == 0


def test_a_cell_that_a_hand_has_chosen_stays_chosen(page):
    notebook = Notebook.opened_in(page, f"around/{NAMES[1]}")
    wait_for_kernel(page)
    for chosen in (0, 5):
        page.evaluate(f"{ACTIVE} = {chosen}")
        for name in (NAMES[2], NAMES[1]):
            notebook.command("docmanager:open", path=f"around/{name}")
        assert page.evaluate(ACTIVE) == chosen


def test_a_notebook_that_opens_behind_another_takes_no_focus(page):
    notebook = Notebook.opened_in(page, f"around/{NAMES[0]}")
    wait_for_kernel(page)
    page.evaluate("document.activeElement.blur()")
    behind = {"activate": False, "mode": "split-right"}
    notebook.command("docmanager:open", path=f"around/{NAMES[1]}", options=behind)
    page.wait_for_function(
        """[...jupyterapp.shell.widgets("main")].some(({ content, context }) =>
          context?.path.includes("01_") && content.activeCellIndex > 0)"""
    )
    assert page.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize("name", some(NAMES, 6))
def test_an_untouched_notebook_opens_clean_and_closes_without_a_question(name, page):
    notebook = Notebook.opened_in(page, f"around/{name}")
    wait_for_kernel(page)
    page.wait_for_timeout(1000)  # it learns the kernel's language a moment later
    assert not page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")
    notebook.command("application:close")
    page.wait_for_function("!jupyterapp.shell.currentWidget?.context")
    assert page.locator(".jp-Dialog").count() == 0


def test_a_notebook_that_was_changed_is_dirty(page):
    """So the test above can fail, and a learner's work is not forgotten."""
    Notebook.opened_in(page, f"around/{NAMES[1]}")
    wait_for_kernel(page)
    page.wait_for_timeout(1000)
    page.evaluate(
        "jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource('1')"
    )
    assert page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")


def test_a_question_before_its_imports_says_which_cell_to_run(page):
    """Not with its own source, which would give the answer away."""
    notebook = Notebook.opened_in(page, "around/04_backward_pass.ipynb")
    wait_for_kernel(page)
    tags = [cell["metadata"].get("tags", []) for cell in notebook.cells()]
    asked = tags.index(["predict"])
    said = notebook.run_cell(asked)
    assert said.startswith("NameError: name 'A1' is not defined")
    assert "is made by another cell, which has not been run" in said
    assert "example = running_example()" in said, "how that cell begins"
    assert "Run > Run All Above Selected Cell" in said
    assert "nudged" not in said
    notebook.command("notebook:run-all-above")
    notebook.run_cell(asked)
    page.locator(".bp-predict").nth(0).wait_for()


# ---- Keys and focus ------------------------------------------------------------------------------


def run_and_look(notebook):
    """Run notebook 03, with an explorer and predictions, and scroll to the explorer."""
    notebook.run_all()
    notebook.page.locator(f"{BOX} .bp-view > svg").first.wait_for(state="attached")
    notebook.page.locator(BOX).first.scroll_into_view_if_needed()
    return notebook


@pytest.fixture(scope="module")
def explored(chromium, server):
    """Notebook 03 for tests in turn."""
    page = chromium.new_context(viewport=LAPTOP).new_page()
    yield run_and_look(Notebook(page, server, "explored/03_output_error.ipynb"))
    page.context.close()


def test_single_keys_do_nothing_while_the_focus_is_in_an_output(page):
    """In a notebook of its own: one of the keys answers a prediction, which stays answered."""
    unanswered = run_and_look(Notebook.opened_in(page, "around/03_output_error.ipynb"))
    in_picture = [f"{BOX} .bp-view [role=spinbutton]", f"{BOX} .bp-view [role=slider]"]
    places = [f"{BOX} .noUi-handle", *in_picture, f"{BOX} button"]
    for place in [*places, ".bp-predict button", ".bp-predict [data-x^=guess]"]:
        see_that_single_keys_do_nothing(unanswered.page, place)


PLACES = [f"{BOX} .noUi-handle", f"{BOX} button", ".bp-predict button", ".bp-cover button"]
WHERE = """() => {
  const notebook = jupyterapp.shell.currentWidget.content;
  const active = notebook.activeCellIndex;
  return [active, document.activeElement === notebook.widgets[active].node];
}"""

CHOOSE = """k => {
  const notebook = jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = k;
  notebook.mode = "command";
  notebook.activeCell.node.focus();
}"""


def cell_around(part):
    return part.evaluate(
        "part => jupyterapp.shell.currentWidget.content.widgets.findIndex("
        "cell => cell.node.contains(part))"
    )


@pytest.mark.parametrize("place", PLACES)
def test_escape_leads_out_of_an_output_and_shift_enter_on_to_the_next_cell(explored, place):
    """Neither runs the cell again: what was dragged or answered there stays."""
    page = explored.page
    part = page.locator(place).first
    part.scroll_into_view_if_needed()
    cell = cell_around(part)
    if "noUi" in place:
        part.press("ArrowRight")
        page.wait_for_timeout(200)
    before = explored.cells()[cell]["execution_count"], part.get_attribute("aria-valuetext")
    part.focus()
    page.keyboard.press("Escape")
    assert page.evaluate(WHERE) == [cell, True]
    part.focus()
    page.keyboard.press("Shift+Enter")
    assert page.evaluate(WHERE) == [cell + 1, True]
    page.wait_for_timeout(300)
    now = explored.cells()[cell]["execution_count"], part.get_attribute("aria-valuetext")
    assert now == before


def test_arrows_come_to_a_prediction_as_to_any_other_cell(explored):
    """Its code is hidden: JupyterLab alone would pass it by."""
    page = explored.page
    asked = cell_around(page.locator(".bp-predict").first)
    page.evaluate(CHOOSE, asked - 1)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(WHERE) == [asked, True]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(WHERE) == [asked, True]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.bp-predict') !== null")


def test_shift_enter_on_a_still_picture_runs_its_cell(page):
    """There is nothing to lose: its answer was folded away, and the focus was on that line."""
    Notebook.opened_in(page, "around/03_output_error.ipynb")
    wait_for_kernel(page)
    answer = page.locator(".jp-OutputArea-output summary").first
    cell = cell_around(answer)
    answer.focus()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "k => !jupyterapp.shell.currentWidget.content.widgets[k].node.querySelector('summary')",
        arg=cell,
    )  # what ran brought the question itself, or says which cell has to run before it
    assert page.evaluate(WHERE) == [cell + 1, True]


def test_tab_and_shortcuts_with_ctrl_work_there_as_everywhere(explored):
    page = explored.page
    handle = page.locator(f"{BOX} .noUi-handle").first
    handle.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.bp-said, .widget-vbox')")
    assert not handle.evaluate("handle => handle === document.activeElement")
    explored.page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty = true")
    handle.focus()
    page.keyboard.press("Control+s")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")


def test_the_focus_stays_where_it_was_after_an_answer(explored):
    """Behind those for which the predictions must not be answered."""
    page = explored.page
    for box in page.locator(".bp-predict").all():
        button = box.get_by_role("button").last
        button.scroll_into_view_if_needed()
        if box.get_by_role("slider").count():
            box.get_by_role("slider").press("ArrowRight")
        expect(button).to_be_enabled(timeout=LONGEST)
        button.focus()
        page.keyboard.press("Enter")
        said = box.get_by_role("status").inner_text()
        page.wait_for_function(
            "said => document.querySelector('.bp-checked').textContent === said", arg=said
        )
        assert button.evaluate("button => button === document.activeElement")
        assert all(each.is_disabled() for each in box.get_by_role("button").all())
        page.keyboard.press("Tab")
        assert button.evaluate("button => button.disabled"), "once the focus has gone on"


def test_the_same_keys_would_have_changed_the_notebook_elsewhere(explored):
    """So the first of these tests can fail. It is the last, for it changes the notebook."""
    cells = sources(explored.page)
    explored.page.locator(".jp-Cell .jp-InputPrompt").first.click()
    explored.page.keyboard.press("b")
    explored.page.wait_for_timeout(300)
    assert len(sources(explored.page)) == len(cells) + 1
