"""A picture that is stored in a notebook has the colours of the page, though it is an image."""

import io

import pytest
from lab import Notebook
from PIL import Image

from bp_helpers.pictures.style import DARK, LIGHT


@pytest.fixture
def notebook(page):
    return Notebook.opened_in(page, "around/06_digits.ipynb")


def ground_of(picture):
    """The colour of its upper right corner, where nothing is drawn."""
    photo = Image.open(io.BytesIO(picture.screenshot())).convert("RGB")
    return "#{:02x}{:02x}{:02x}".format(*photo.getpixel((photo.width - 3, 3)))


def test_it_follows_the_theme(notebook):
    first = next(
        k
        for k, cell in enumerate(notebook.cells())
        if any("<img" in str(o.get("data", {})) for o in cell.get("outputs", []))
    )
    notebook.cell(first)
    picture = notebook.page.locator(".jp-OutputArea img[src^='data:image/svg']").first
    for theme, colours in (("Dark", DARK), ("Light", LIGHT)):
        notebook.use_theme(theme)
        notebook.page.wait_for_timeout(300)
        assert ground_of(picture) == colours["ground"]


def test_pictures_that_belong_together_stand_side_by_side(notebook):
    together = next(
        k for k, cell in enumerate(notebook.cells()) if "training_curves(history)" in cell["source"]
    )
    notebook.show_answers()  # they answer a question, and are covered
    cell = notebook.cell(together)
    cell.wait_for_selector("img[src^='data:image/svg']")
    pictures = cell.query_selector_all("img[src^='data:image/svg']")
    loss, accuracy = (picture.bounding_box() for picture in pictures)
    assert accuracy["y"] == loss["y"]
    assert accuracy["x"] >= loss["x"] + loss["width"]
