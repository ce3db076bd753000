"""Which explorer stands in which notebook, and a notebook of the tests' own for the rest."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from run_notebooks import all_notebooks, read

from bp_helpers import explorers

OWN_NAME = "tests_own.ipynb"
HOSTILE = """
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
     xmlns:other="http://www.w3.org/2000/svg" width="300" height="80" onload="window.hacked = 1"
     style="background: url(nowhere.png)">
  <script>window.hacked = 2</script>
  <other:script>window.hacked = 3</other:script>
  <foreignObject width="9" height="9">
    <img xmlns="http://www.w3.org/1999/xhtml" src="nowhere" onerror="window.hacked = 4"/>
  </foreignObject>
  <a href="javascript:window.hacked = 5"><text y="20">a link around a text</text></a>
  <image href="nowhere.png" onerror="window.hacked = 6"/>
  <image xlink:href="nowhere.png"/>
  <text href="javascript:window.hacked = 7" y="40" onclick="window.hacked = 8"
        style="position: fixed" data-name="bait">what is harmless stays</text>
  <use href="data:image/svg+xml,%3Csvg id='x' onload='window.hacked = 9'/%3E#x"/>
  <animate attributeName="href" to="javascript:window.hacked = 10" begin="0s"/>
  <set attributeName="onmouseover" to="window.hacked = 11"/>
  <style>body { display: none }</style>
  <iframe xmlns="http://www.w3.org/1999/xhtml"
          srcdoc="&lt;script&gt;top.hacked = 12&lt;/script&gt;"/>
</svg>
"""
HOSTILE_CODE = f"""
from bp_helpers.explorers import SvgView

hostile = SvgView()
hostile.show({HOSTILE!r}, "hostile")
hostile
"""


def all_explorers():
    """Return every explorer's class by its name."""
    base = explorers.Explorer
    kinds = [kind for kind in vars(explorers).values() if isinstance(kind, type)]
    return {kind.__name__: kind for kind in kinds if issubclass(kind, base) and kind is not base}


def _in_the_course():
    shown = {}
    for path in all_notebooks():
        code = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")
        made = [name for name in re.findall(r"\b(\w+)\(", code) if name in all_explorers()]
        shown[path.name] = made
    return shown


def shown_explorers():
    """Return, for every notebook's name, the names of the explorers in it, in their order."""
    course = _in_the_course()
    elsewhere = {name for names in course.values() for name in names}
    return {**course, OWN_NAME: sorted(set(all_explorers()) - elsewhere)}


SHOWN = [
    (name, (k, kind)) for name, kinds in shown_explorers().items() for k, kind in enumerate(kinds)
]


def for_each(shown):
    """Run a test with each of these explorers, in the page of its notebook."""
    return pytest.mark.parametrize(
        ("notebook", "shown_explorer"),
        shown,
        indirect=True,
        scope="package",  # that of the fixtures; a narrower one would open the notebook each time
        ids=[f"{name}-{kind}" for name, (_, kind) in shown],
    )


def own_notebook():
    """Return a notebook with each explorer that no other shows, and with a hostile picture."""
    code = [f"from bp_helpers.explorers import {n}\n\n{n}()" for n in shown_explorers()[OWN_NAME]]
    notebook = new_notebook(cells=[new_code_cell(each) for each in [*code, HOSTILE_CODE]])
    notebook.metadata.kernelspec = nbformat.from_dict(
        {"display_name": "Python 3", "language": "python", "name": "python3"}
    )
    return notebook
