"""The site in Firefox: the landing page moves there, and so does each explorer of two notebooks."""

import json
import re

import pytest
from firefox import running_firefox
from lab import is_labs_own
from run_notebooks import all_notebooks
from site_page import KNOWN, LONGEST, ON_A_PHONE
from thorough import some

SOURCES = "jupyterapp.shell.currentWidget.content.model.toJSON().cells.map(cell => cell.source)"
VIEW = "document.querySelector('.bp-view')"
KNOWN_THERE = 'can\'t access property "type"', KNOWN[1]
OTHERS = [path.name for path in all_notebooks() if path.name not in ON_A_PHONE]
TRIED = [*ON_A_PHONE, *some(OTHERS, len(OTHERS), len(OTHERS))]  # the others if all are asked for


@pytest.fixture(scope="module")
def firefox(site):
    with running_firefox() as page:
        yield page


def test_the_landing_page_moves_by_key_and_by_mouse(firefox, address):
    firefox.goto(address)
    firefox.wait_for("document.querySelector('.moves')")
    number = f"{VIEW}.querySelector('[role=slider]')"
    firefox.evaluate(f"{number}.scrollIntoView({{ block: 'center' }})")
    place = "(({ x, y, width, height }) => [x + width / 2, y + height / 2])"
    middle = firefox.evaluate(f"{place}({number}.getBoundingClientRect())")
    for move in (lambda: firefox.drag(middle, 40), lambda: firefox.press_arrow(VIEW)):
        before = json.dumps(firefox.evaluate(f"{VIEW}.dataset.shown"))
        move()
        firefox.wait_for(f"{VIEW}.dataset.shown !== {before}")


@pytest.mark.parametrize("name", TRIED)
def test_each_explorer_draws_and_answers_a_key(firefox, address, name):
    seconds = LONGEST / 1000
    firefox.run_notebook(f"{address}lab/index.html?path={name}", seconds)
    has = [re.search(r"Explorer\(", source) for source in firefox.evaluate(SOURCES)]
    explorers = [k for k, found in enumerate(has) if found]
    assert explorers
    for k in explorers:
        firefox.assert_answers_a_key(firefox.explorer_in(k, seconds))


def test_the_console_has_no_errors(firefox):
    assert [error for error in firefox.errors if not is_labs_own(error, *KNOWN_THERE)] == []
