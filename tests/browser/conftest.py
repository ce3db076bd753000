"""One JupyterLab and one Chromium for all tests here, and each notebook opened and run once.

To open JupyterLab costs the browser ten seconds, a notebook in it one: what has to open JupyterLab
itself does so, and the rest shares two pages.

The fixtures end with this package: Playwright's event loop runs as long as its browser is open,
and tests elsewhere start loops of their own.
"""

import shutil

import nbformat
import pytest
from chromium import running_chromium
from explorer_page import ExplorerPage
from lab import Notebook, close_notebooks, open_lab, running_lab
from own_notebook import OWN_NAME, own_notebook
from picture_page import PicturePage
from run_notebooks import all_notebooks

WINDOW = {"width": 1400, "height": 900}
LAPTOP = {"width": 1366, "height": 768}


@pytest.fixture(scope="package")
def chromium():
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def course(tmp_path_factory):
    """A folder with copies of the notebooks: JupyterLab writes into those that it opens.

    Those in `notebooks` are run once for many tests. Two pages with one notebook share its kernel.
    """
    course = tmp_path_factory.mktemp("lab") / "course"
    for folder in ("notebooks", "next_day", "around", "explored"):
        (course / folder).mkdir(parents=True)
        for path in all_notebooks():
            shutil.copy(path, course / folder)
    nbformat.write(own_notebook(), course / "notebooks" / OWN_NAME)
    return course


@pytest.fixture(scope="package")
def server(chromium, course):
    """JupyterLab over this folder."""
    with running_lab(course, course.parent / "own") as address:
        yield address


@pytest.fixture(scope="package")
def course_page(chromium, server):
    """A page with JupyterLab, for the notebooks that are run once."""
    page = chromium.new_context(viewport=WINDOW).new_page()
    open_lab(page, server)
    return page


@pytest.fixture(scope="package")
def notebook(request, course_page):
    """The notebook named by the parameter: opened, looked at before it is run, then run."""
    opened = Notebook.opened_in(course_page, f"notebooks/{request.param}")
    cells = opened.cells()
    opened.trusted_before = [c for c in cells if c["metadata"].get("trusted")]
    opened.pictures_before = opened.stored_pictures()
    opened.run_all()
    yield opened
    close_notebooks(course_page)


@pytest.fixture(scope="package")
def shared_page(chromium, server):
    """The page behind `page`."""
    page = chromium.new_context(viewport=LAPTOP).new_page()
    open_lab(page, server)
    return page


@pytest.fixture
def page(shared_page):
    """A page with JupyterLab and no notebook; what a test opens in it is closed behind it."""
    shared_page.set_viewport_size(LAPTOP)
    yield shared_page
    close_notebooks(shared_page)


@pytest.fixture
def new_page(chromium):
    """An empty page, of a browser that has not seen JupyterLab before."""
    context = chromium.new_context(viewport=LAPTOP)
    yield context.new_page()
    context.close()


@pytest.fixture
def open_explorer(chromium):
    """A function that opens an explorer's picture in a page of its own, without JupyterLab."""
    context = chromium.new_context(viewport={"width": 1300, "height": 700})
    yield lambda explorer: PicturePage(context, explorer)
    context.close()


@pytest.fixture(scope="package")
def shown_explorer(request, notebook):
    """The notebook's k-th explorer; the parameter says k and the class."""
    k, kind = request.param
    return ExplorerPage(notebook, k, kind)


@pytest.fixture
def explorer(shown_explorer):
    """The explorer as it is after Reset."""
    shown_explorer.reset()
    return shown_explorer


@pytest.fixture(scope="package")
def photos(tmp_path_factory):
    """Where photographs are left for a person to look at."""
    return tmp_path_factory.mktemp("photographs")
