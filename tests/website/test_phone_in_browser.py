"""The notebooks on a phone's screen: read, run, dragged by a finger, upright and on its side."""

import pytest
from site_page import ON_A_PHONE, SiteNotebook, drag_by_touch

UPRIGHT, ASIDE = {"width": 390, "height": 844}, {"width": 844, "height": 390}


@pytest.fixture(scope="module", params=ON_A_PHONE)
def phone(request, chromium, address):
    context = chromium.new_context(viewport=UPRIGHT, has_touch=True, is_mobile=True)
    context.set_default_timeout(120_000)
    opened = SiteNotebook(context.new_page(), address, request.param, "notebooks")
    opened.run_all()
    yield opened
    context.close()


def first_explorer(phone):
    explorer = phone.page.locator(".bp-explorer").first
    explorer.evaluate("box => box.scrollIntoView()")
    return explorer


def test_every_cell_runs(phone):
    phone.assert_every_cell_ran()


def test_text_is_readable_and_as_wide_as_the_screen(phone):
    text = phone.page.locator(".jp-MarkdownOutput p").first
    assert float(text.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")) >= 16
    assert text.bounding_box()["width"] > 300
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_learners_tools_are_there_and_cover_nothing(phone):
    tools = phone.page.locator(".bp-copies")
    assert tools.get_by_role("button", name="Download my work").is_visible()
    box = tools.bounding_box()
    below = phone.page.locator(".jp-WindowedPanel-outer").bounding_box()
    bar = phone.page.locator(".jp-NotebookPanel-toolbar").bounding_box()
    assert bar["y"] + bar["height"] <= box["y"] + 1
    assert box["y"] + box["height"] <= below["y"] + 1


@pytest.mark.parametrize("screen", [UPRIGHT, ASIDE], ids=["upright", "on its side"])
def test_a_finger_drags_a_number(phone, screen):
    page = phone.page
    page.set_viewport_size(screen)
    explorer = first_explorer(phone)
    view = explorer.locator(".bp-view")
    number = view.locator('[data-name="X[0]"]').first
    number.evaluate("part => part.scrollIntoView({ block: 'center', inline: 'center' })")
    page.wait_for_timeout(300)
    before = view.get_attribute("data-shown")
    drag_by_touch(page, number.bounding_box(), 40)
    page.wait_for_function(
        "([view, before]) => view.dataset.shown !== before", arg=[view.element_handle(), before]
    )


def test_on_its_side_no_line_is_lost_to_the_logo(phone):
    phone.page.set_viewport_size(ASIDE)
    phone.page.wait_for_timeout(1000)
    assert phone.page.locator(".jp-WindowedPanel-outer").bounding_box()["y"] <= 100
