"""The page in front of the notebooks, as a browser shows it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from run_notebooks import all_notebooks


@pytest.fixture
def page(request, chromium):
    context = chromium.new_context(**getattr(request, "param", {}))
    yield context.new_page()
    context.close()


LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 800}},
    "zoomed": {"viewport": {"width": 600, "height": 450}, "device_scale_factor": 2},
}
every_look = pytest.mark.parametrize("page", LOOKS.values(), ids=LOOKS, indirect=True)


@every_look
def test_accessibility_rules(page, address):
    page.goto(address)
    found = Axe().run(page).response
    assert [(v["id"], [n["html"][:150] for n in v["nodes"]]) for v in found["violations"]] == []
    assert {"color-contrast", "document-title", "image-alt"} <= {v["id"] for v in found["passes"]}


@every_look
def test_nothing_is_cut_off_and_the_picture_is_seen(page, address):
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("picture img").evaluate("image => image.decode().then(() => image.width)")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_it_needs_no_script_and_nothing_from_elsewhere(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert page.locator("h1").inner_text()
    assert all(url.startswith((address, "data:")) for url in asked)
    assert len(asked) <= 3, "the page, its picture, its icon"


def test_each_link_leads_to_a_notebook_of_the_site(page, address, site):
    page.goto(address)
    links = page.locator("a").evaluate_all("links => links.map(link => link.href)")
    named = [parse_qs(urlsplit(link).query)["path"][0] for link in links]
    assert named == [all_notebooks()[0].name, *[path.name for path in all_notebooks()]]
    for link, name in zip(links, named, strict=True):
        assert (site / urlsplit(link).path.lstrip("/")).is_file()
        assert (site / "files" / name).is_file()


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_start_opens_the_first_notebook(page, address):
    page.goto(address)
    page.get_by_role("link", name="Start with the first notebook").click()
    page.wait_for_selector(".jp-MarkdownOutput h1", timeout=120_000)
    assert page.locator(".jp-MarkdownOutput h1").first.inner_text().startswith("How does every")
