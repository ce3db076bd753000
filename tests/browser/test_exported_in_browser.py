"""A notebook saved as HTML, as JupyterLab offers it: opened from the disk, without a server."""

import re
import urllib.request

import pytest
from notebook_cells import code_cells, markdown
from run_notebooks import ROOT, all_notebooks, read
from thorough import some

NAMES = [path.name for path in some(all_notebooks(), 4, 1)]
IMAGES = "images => images.map(image => image.complete && image.naturalWidth)"


def pictures_in(notebook):
    """How many pictures the notebook's stored outputs hold."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    return sum(output.get("data", {}).get("text/html", "").count("<img") for output in outputs)


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("sanitised", ["true", "false"])
@pytest.mark.parametrize("name", NAMES)
def test_its_pictures_are_seen_and_its_formulas_are_there(name, sanitised, server, page, tmp_path):
    address, token = server
    asked = f"sanitize_html={sanitised}&download=true&token={token}"
    with urllib.request.urlopen(f"{address}nbconvert/html/notebooks/{name}?{asked}") as answer:
        (tmp_path / "saved.html").write_bytes(answer.read())
    page.route("http*://**", lambda route: route.abort())  # that which draws formulas
    page.goto((tmp_path / "saved.html").as_uri())
    widths = page.locator("img").evaluate_all(IMAGES)
    notebook = read(ROOT / "notebooks" / name)
    assert len(widths) == pictures_in(notebook) > 1
    assert all(width > 50 for width in widths)
    assert page.locator("h1").count() == 1
    assert page.locator("details").count()
    formula = re.search(r"\$\$\s*(.+)", markdown(notebook))[1]
    assert formula in page.locator("body").text_content()  # in an answer still folded, too
