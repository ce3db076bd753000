"""The landing page, as a browser shows it."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from run_notebooks import all_notebooks
from site_page import drag_by_touch, load

from bp_helpers.explorers import WholeNetworkExplorer

bake = load("bake")


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
    page.wait_for_selector(".moves")
    found = Axe().run(page).response
    assert [(v["id"], [n["html"][:150] for n in v["nodes"]]) for v in found["violations"]] == []
    assert {"color-contrast", "document-title", "region"} <= {v["id"] for v in found["passes"]}


@every_look
def test_nothing_is_cut_off_and_the_picture_is_seen(page, address):
    page.goto(address)
    page.wait_for_selector(".moves")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".bp-view > svg").count() == 3
    assert page.locator(".bp-view > svg").first.bounding_box()["width"] > 500


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_there_is_the_still_and_nothing_from_elsewhere(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert page.locator("h1").inner_text()
    assert page.locator(".bp-view > svg").first.is_visible()
    assert page.get_by_text("Drag the weight").count() == 1
    for promised in ("Drag the weight", "Move a weight"):
        assert not page.get_by_text(promised).is_visible(), "it does not promise what it lacks"
    assert page.get_by_role("heading", name="One network, one mistake").is_visible()
    assert all(url.startswith((address, "data:")) for url in asked)


def test_each_link_leads_to_a_notebook_or_a_page_of_the_site(page, address, site):
    page.goto(address)
    links = page.locator("a").evaluate_all("links => links.map(link => link.href)")
    beside = [link for link in links if "/lab/" not in link]
    assert len(beside) == 7
    assert all((site / urlsplit(link).path.lstrip("/")).is_file() for link in beside)
    links = [link for link in links if "/lab/" in link]
    named = [parse_qs(urlsplit(link).query)["path"][0] for link in links]
    assert named == [all_notebooks()[0].name, *[path.name for path in all_notebooks()]]
    for link, name in zip(links, named, strict=True):
        assert (site / urlsplit(link).path.lstrip("/")).is_file()
        assert (site / "files" / name).is_file()


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_a_question_opens_the_section_that_answers_it(page, address):
    page.goto(address)
    page.get_by_role("link", name="questions").click()
    page.get_by_role("link", name="01: 2. Along a chain").first.click()
    heading = page.locator(".jp-MarkdownOutput h2", has_text="2. Along a chain")
    heading.wait_for(timeout=120_000)
    page.wait_for_function(
        "one => { const y = one.getBoundingClientRect().y; return y > 0 && y < innerHeight; }",
        arg=heading.element_handle(),
    )


@pytest.mark.parametrize("page", [LOOKS["narrow"] | LOOKS["dark"]], indirect=True)
def test_a_page_beside_is_accessible_and_is_not_cut_off(page, address):
    page.goto(f"{address}card.html")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    links = page.locator("main a[href*=path]").evaluate_all("links => links.map(l => l.href)")
    assert links
    assert all("/notebooks/index.html?path=" in link for link in links), "for a small screen"


LARGER = """addEventListener("DOMContentLoaded", () => {
  document.documentElement.style.fontSize = "%dpx";
})"""


@pytest.mark.parametrize("size", [16, 24, 32])
@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_no_page_is_wider_than_a_phone_whatever_the_size_of_its_letters(page, address, site, size):
    page.add_init_script(LARGER % size)
    names = [path.name for path in site.glob("*.html")]
    assert len(names) == 8
    for name in names:
        page.goto(f"{address}{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name


# ---- The picture that moves without Python -------------------------------------------------------

TAGS = ("title", "desc")


@pytest.fixture
def moving(page, address):
    page.goto(address)
    page.wait_for_selector(".moves")
    return page


def part(page, name):
    return page.locator(f'.bp-view [data-name="{name}"]')


def words(page):
    """Return what the three pictures say, with all of their numbers: their titles and words."""
    return page.locator(".bp-view > svg").evaluate_all(
        """(pictures, tags) => pictures.map((picture) =>
             tags.map((tag) => picture.querySelector(tag)?.textContent ?? ""))""",
        TAGS,
    )


def words_here(explorer):
    pictures = explorer.picture.svg.split("<svg ")[1:]
    return [
        [
            html.unescape("".join(re.findall(f"<{tag}>(.*?)</{tag}>", svg, re.DOTALL)))
            for tag in TAGS
        ]
        for svg in pictures
    ]


def explorer_here(name=None, value=None):
    """Return notebook 00's explorer, as it is when this number is chosen and moved."""
    explorer = WholeNetworkExplorer()
    explorer.use_preset(bake.PRESET)
    if name:
        explorer.choose(name)
        explorer.set(**{name: value})
    return explorer


@pytest.mark.parametrize("name", bake.MOVED)
def test_each_number_moves_by_keys_and_the_picture_is_the_explorers(moving, name):
    number = part(moving, name)
    number.focus()
    for key in ("ArrowUp", "ArrowDown", "ArrowDown", "PageUp"):
        number.press(key)
        value = float(number.get_attribute("aria-valuenow"))
        assert words(moving) == words_here(explorer_here(name, value))
    assert value != explorer_here().hands()[name].value


def test_a_hand_that_goes_to_another_number_brings_the_first_one_back(moving):
    part(moving, "X[0]").press("ArrowUp")
    part(moving, "b2[1]").press("ArrowUp")
    moved = float(part(moving, "b2[1]").get_attribute("aria-valuenow"))
    assert words(moving) == words_here(explorer_here("b2[1]", moved))


def test_any_number_can_be_chosen(moving):
    for name in ("dW2[2,1]", "loss", "delta1[0]"):
        part(moving, name).last.click()
        chosen = explorer_here()
        chosen.choose(name)
        assert words(moving) == words_here(chosen)


def test_a_mouse_drags_a_number(moving):
    box = part(moving, "W1[1,1]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    moving.mouse.move(x, y)
    moving.mouse.down()
    moving.mouse.move(x + 120, y, steps=6)
    moving.mouse.up()
    value = float(part(moving, "W1[1,1]").get_attribute("aria-valuenow"))
    assert value > 2
    assert words(moving) == words_here(explorer_here("W1[1,1]", value))


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def number_in(place):
    return float(place.text_content().strip().replace("\N{MINUS SIGN}", "-"))


WINDOWS = [(360, 800), (390, 844), (640, 800), (844, 390), (1366, 768)]


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_phones_first_screen_has_the_number_to_drag(moving):
    box = part(moving, "W1[1,1]").bounding_box()
    assert box["y"] + box["height"] <= PHONE["viewport"]["height"] - 30  # other fonts are smaller


@pytest.mark.parametrize("page", [PHONE], indirect=True)
@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_the_sentence_promises_first_what_is_in_sight(moving, width, height):
    moving.set_viewport_size({"width": width, "height": height})
    view = moving.locator(".bp-view").bounding_box()
    loss = part(moving, "loss").first.bounding_box()
    is_in_sight = loss["x"] + loss["width"] <= view["x"] + view["width"]
    assert is_in_sight == (width > 768)
    assert moving.locator("p .in-sight").is_visible() == is_in_sight
    assert moving.locator("p .out-of-sight").is_visible() != is_in_sight
    weight, gradient = part(moving, "W1[1,1]"), part(moving, "dW1[1,1]").first
    (x, y), below = (weight.bounding_box()[each] for each in "xy"), gradient.bounding_box()
    assert abs(below["x"] - x) < 5
    assert 0 < below["y"] - y < 50
    assert below["x"] + below["width"] < width
    before = number_in(gradient)
    for _ in range(5):
        weight.press("PageUp")
    assert abs(number_in(gradient)) < abs(before), "it shrinks"


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_finger_drags_a_number_and_links_open_single_notebooks(moving):
    part(moving, "X[0]").scroll_into_view_if_needed()
    drag_by_touch(moving, part(moving, "X[0]").bounding_box(), 60)
    value = float(part(moving, "X[0]").get_attribute("aria-valuenow"))
    assert value > 0.6
    assert words(moving) == words_here(explorer_here("X[0]", value))
    links = moving.locator("a[href*='path=']").evaluate_all("links => links.map(link => link.href)")
    assert len(links) > len(all_notebooks())
    assert all("/notebooks/index.html?path=" in link for link in links)
    assert moving.get_by_text("On a screen this small").is_visible()


def test_it_is_small_and_fetches_ahead_only_while_somebody_plays(page, address):
    asked = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(address)
    page.wait_for_selector(".moves")
    assert sum(request.sizes()["responseBodySize"] for request in asked) < 400_000
    assert not any("pyodide" in request.url for request in asked)
    with page.expect_request(lambda request: request.url.endswith("pyodide.asm.wasm")):
        part(page, "W1[1,1]").press("ArrowUp")


def test_what_is_fetched_ahead_is_there(page, address, site):
    page.goto(address)
    files = json.loads(page.locator(".bp-view").get_attribute("data-ahead"))
    assert all((site / file).is_file() for file in files)
    assert sum((site / file).stat().st_size for file in files) > 15e6
