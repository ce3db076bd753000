"""What the notebooks tell a hand to press is there to be pressed."""

import re

import ipywidgets as widgets
import pytest
from driving import at_start, buttons_of
from run_notebooks import all_notebooks, read

from bp_helpers import explorers

SHOWN = re.compile(r"\b(\w+Explorer)\(")
EXPERIMENTS = "**Try this**"


def tried():
    """Each explorer's class, and the text with what to try on it."""
    for path in all_notebooks():
        name = None
        for cell in read(path).cells:
            if cell.cell_type == "code" and (found := SHOWN.search(cell.source)):
                name = found[1]
            elif EXPERIMENTS in cell.source:
                yield pytest.param(name, cell.source, id=f"{path.stem[:2]}-{name}")


@pytest.mark.parametrize(("name", "text"), list(tried()))
def test_what_is_printed_bold_in_an_experiment_is_a_button_of_its_explorer(name, text):
    explorer = at_start(getattr(explorers, name))
    buttons = buttons_of(explorer, (widgets.Button, widgets.ToggleButton))
    labels = {button.description for button in buttons}
    assert set(re.findall(r"\*\*(.+?)\*\*", text.replace(EXPERIMENTS, ""))) <= labels
