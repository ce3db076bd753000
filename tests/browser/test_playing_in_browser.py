"""What goes on by itself ends with its picture, and nothing is left that keeps the kernel busy."""

import nbformat
import pytest
from explorer_page import BOX
from lab import Notebook
from nbformat.v4 import new_code_cell, new_notebook

from .conftest import WINDOW

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
PLAYING = """\
from bp_helpers.explorers import TrainingExplorer

training = TrainingExplorer()
made = [*globals().get("made", []), training]
training"""
REPORT = "print([(each.view.playing, len(each.numbers.history)) for each in made])"


@pytest.fixture(scope="module")
def opened(chromium, server, course):
    """A notebook with a training, and a second cell that says how far all of them are."""
    cells = [new_code_cell(PLAYING), new_code_cell(REPORT)]
    written = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(written, course / "notebooks" / "playing.ipynb")
    page = chromium.new_context(viewport=WINDOW).new_page()
    opened = Notebook(page, server, "notebooks/playing.ipynb")
    opened.run_all()
    yield opened
    opened.page.context.close()


@pytest.fixture
def notebook(opened):
    """This notebook with a new training, which is running."""
    opened.run_cell(0)
    press_play(opened)
    return opened


def press_play(notebook):
    """Press Play and wait for the third epoch."""
    box = notebook.page.locator(BOX).first
    box.get_by_role("button", name="Play", exact=True).click()
    notebook.page.wait_for_function(
        "/training=[3-9]/.test(document.querySelector('.bp-view')?.dataset.shown)"
    )


def report(notebook):
    return notebook.run_cell(1)


def assert_all_stand(notebook):
    """Soon nothing plays, and half a second later each is as far as before."""
    for _ in range(100):  # a tick may be under way, or a page that opens again
        notebook.page.wait_for_timeout(300)
        first = report(notebook)
        if "True" not in first:
            break
    assert "True" not in first
    assert "False" in first
    notebook.page.wait_for_timeout(500)
    assert report(notebook) == first


def test_it_ends_when_its_cell_is_run_again(notebook):
    for _ in range(3):
        notebook.run_cell(0)
        press_play(notebook)
    notebook.run_cell(0)
    assert_all_stand(notebook)


def test_it_ends_when_its_output_is_cleared(notebook):
    notebook.page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 0")
    notebook.command("notebook:clear-cell-output")
    assert_all_stand(notebook)


def test_it_ends_with_reset(notebook):
    notebook.page.locator(BOX).get_by_role("button", name="Reset", exact=True).click()
    assert_all_stand(notebook)


def test_it_ends_with_its_tab_in_jupyterlab(notebook):
    notebook.command("docmanager:save")
    notebook.command("application:close")
    notebook.page.wait_for_function("!jupyterapp.shell.currentWidget?.context")
    notebook.command("docmanager:open", path=notebook.path)
    notebook.page.wait_for_function(
        """jupyterapp.shell.currentWidget?.context?.isReady &&
          jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"""
    )
    assert_all_stand(notebook)


def test_it_ends_with_its_page(notebook, server):
    page = notebook.page.context.new_page()
    notebook.page.close()
    again = Notebook(page, server, notebook.path)
    again.page.wait_for_function(
        "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
    )
    assert_all_stand(again)
    notebook.page = page


def test_play_can_be_pressed_again_where_it_stood(notebook):
    box = notebook.page.locator(BOX)
    play, pause = (box.get_by_role("button", name=name, exact=True) for name in ("Play", "Pause"))
    assert play.count() == 0
    assert pause.get_attribute("aria-pressed") is None, "the name says it already"
    pause.press("Enter")
    play.wait_for()
    assert play.evaluate("one => one === document.activeElement")
    assert pause.count() == 0
    assert_all_stand(notebook)
    press_play(notebook)
    assert "True" in report(notebook)
