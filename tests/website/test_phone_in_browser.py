"""The notebooks on a phone's screen: read, run, dragged by a finger, upright and on its side."""

import pytest
from learner import tagged
from site_page import ON_A_PHONE, SiteNotebook, drag_by_touch

UPRIGHT, ASIDE = {"width": 390, "height": 844}, {"width": 844, "height": 390}
SCREENS = {"upright": UPRIGHT, "on its side": ASIDE, "tablet": {"width": 768, "height": 1024}}
on_each_screen = pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)


def phones_context(chromium, screen=UPRIGHT):
    context = chromium.new_context(viewport=screen, has_touch=True, is_mobile=True)
    context.set_default_timeout(120_000)
    return context


@pytest.fixture(scope="module", params=ON_A_PHONE)
def phone(request, chromium, address):
    context = phones_context(chromium)
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


@on_each_screen
def test_text_is_readable_and_as_wide_as_the_screen(phone, screen):
    phone.page.set_viewport_size(screen)
    text = phone.page.locator(".jp-MarkdownOutput p").first
    assert float(text.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")) >= 16
    assert text.bounding_box()["width"] > 300
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@on_each_screen
def test_a_question_is_as_large_as_the_text_around_it(phone, screen):
    phone.page.set_viewport_size(screen)
    phone.cell(tagged(phone.path.removeprefix("notebooks/"), "predict")[0])
    question = phone.page.locator(".bp-predict .widget-html-content, .bp-predict button")
    question.first.wait_for()
    sizes = question.evaluate_all("all => all.map(one => getComputedStyle(one).fontSize)")
    assert {float(size.removesuffix("px")) for size in sizes} == {16}


def test_text_is_as_large_as_the_reader_has_asked_for(phone):
    root, text = phone.page.locator("html"), phone.page.locator(".jp-MarkdownOutput p").first
    root.evaluate("root => { root.style.fontSize = '24px'; }")
    assert text.evaluate("p => getComputedStyle(p).fontSize") == "24px"
    root.evaluate("root => { root.style.fontSize = ''; }")


def test_a_finger_finds_each_button(phone):
    phone.page.set_viewport_size(UPRIGHT)
    phone.page.wait_for_timeout(300)  # the toolbar puts away what has no room
    bars = ".jp-NotebookPanel-toolbar jp-button:visible, .bp-copies button:visible"
    boxes = phone.page.locator(bars).evaluate_all(
        "buttons => buttons.map((button) => button.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) > 5
    assert min(min(box["width"], box["height"]) for box in boxes) >= 36
    bar = phone.page.locator(".jp-NotebookPanel-toolbar").bounding_box()
    assert boxes[0]["y"] + boxes[0]["height"] <= bar["y"] + bar["height"], "none is cut"


def test_the_menus_have_the_whole_width(phone):
    phone.page.set_viewport_size(UPRIGHT)
    phone.page.wait_for_timeout(300)
    last = phone.page.locator("#menu-panel .lm-MenuBar-item", has_text="Help")
    menus = phone.page.locator("#menu-panel .lm-MenuBar").bounding_box()
    box = last.bounding_box()
    assert box["x"] + box["width"] <= menus["x"] + menus["width"] + 1


def test_what_does_not_fit_into_the_toolbar_covers_no_tool(phone):
    """While a notebook opens, the kernel's name has a line of its own below the buttons."""
    assert phone.page.locator(".bp-copies").evaluate(
        """copies => {
          const late = document.createElement("div");
          late.style.cssText = "width: 100%; height: 80px; flex: none";
          document.querySelector(".jp-NotebookPanel-toolbar").append(late);
          const { x, y, width, height } = copies.querySelector("button").getBoundingClientRect();
          const there = document.elementFromPoint(x + width / 2, y + height / 2);
          late.remove();
          return there === copies.querySelector("button");
        }"""
    )


def test_a_learners_tools_are_there_and_cover_nothing(phone):
    phone.page.set_viewport_size(UPRIGHT)
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


# ---- From one notebook to another ----------------------------------------------------------------

OWN = "# a line of the learner's own"


@pytest.fixture
def visitor(chromium):
    context = phones_context(chromium)
    yield context
    context.close()


def shown(page):
    """Return which notebook a page shows, once it does."""
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
    return page.evaluate("jupyterapp.shell.currentWidget.context.path")


def test_a_link_opens_the_next_notebook_in_its_place_and_what_was_written_is_kept(visitor, address):
    opened = SiteNotebook(visitor.new_page(), address, "00_start_here.ipynb", "notebooks")
    page, k = opened.page, tagged("00_start_here.ipynb", "predict")[0]
    page.evaluate(
        "([k, source]) => jupyterapp.shell.currentWidget.content.widgets[k]"
        ".model.sharedModel.setSource(source)",
        [k, OWN],
    )
    page.locator(".jp-MarkdownOutput a", has_text="Next: ").first.tap()
    page.wait_for_url("**/notebooks/index.html?path=01_chain_rule.ipynb")
    assert shown(page) == "01_chain_rule.ipynb"
    assert visitor.pages == [page], "no new tab"
    page.go_back()
    page.wait_for_url("**/notebooks/index.html?path=00_start_here.ipynb")
    assert shown(page) == "00_start_here.ipynb"
    assert opened.cells()[k]["source"] == OWN


def test_every_link_between_notebooks_opens_one_of_the_site(visitor, address, site):
    """Those of the map in notebook 00, too, pressed for a tab of their own."""
    opened = SiteNotebook(visitor.new_page(), address, "00_start_here.ipynb", "notebooks")
    links = opened.page.locator("a[data-commandlinker-command][href$='.ipynb']")
    links.nth(12).wait_for(state="attached")
    named = set()
    for link in links.all():
        link.evaluate(
            "link => { window.open = (address) => { window.asked = address; };"
            " link.dispatchEvent(new MouseEvent('click',"
            " { bubbles: true, cancelable: true, ctrlKey: true })); }"
        )
        asked = opened.page.evaluate("window.asked")
        assert asked.startswith(f"{address}notebooks/index.html?path=")
        named.add(asked.partition("path=")[2])
    assert named == {path.name for path in (site / "files").glob("*.ipynb")} - {
        "00_start_here.ipynb"
    }


HOME, ONE = "index.html", "notebooks/index.html?path=01_chain_rule.ipynb"
LISTS = {  # what asks for JupyterLite's list of files, and where that leads
    "tree": HOME,  # the logo, and File > Open
    "tree/?path=data": HOME,
    "tree?path=01_chain_rule.ipynb": ONE,
    "tree/index.html?path=01_chain_rule.ipynb#2.-Along-a-chain": f"{ONE}#2.-Along-a-chain",
}


@pytest.mark.parametrize(("asked", "found"), LISTS.items(), ids=LISTS)
def test_where_jupyterlite_has_a_list_of_files_there_is_the_course(visitor, address, asked, found):
    page = visitor.new_page()
    page.goto(f"{address}{asked}")
    page.wait_for_url(f"{address}{found}")


def test_a_phone_on_its_side_opens_a_notebook(chromium, address):
    """To put the logo away is written down, which must not come before the storage is open."""
    context = phones_context(chromium, ASIDE)
    opened = SiteNotebook(context.new_page(), address, "01_chain_rule.ipynb", "notebooks")
    opened.page.wait_for_function(
        "document.querySelector('#top-panel-wrapper')?.offsetHeight === 0"
    )
    context.close()


@pytest.mark.parametrize("screen", [UPRIGHT, ASIDE], ids=["upright", "on its side"])
def test_the_readmes_links_to_the_panels_show_a_phone_one_notebook(chromium, address, screen):
    context = phones_context(chromium, screen)
    page = context.new_page()
    page.goto(f"{address}lab/index.html?path=01_chain_rule.ipynb#2.-Along-a-chain")
    page.wait_for_url(f"{address}{ONE}#2.-Along-a-chain")
    assert shown(page) == "01_chain_rule.ipynb"
    context.close()


def test_a_narrow_window_with_a_mouse_keeps_the_panels(chromium, address):
    context = chromium.new_context(viewport=UPRIGHT)
    page = context.new_page()
    page.goto(f"{address}lab/index.html?path=01_chain_rule.ipynb")
    assert shown(page) == "01_chain_rule.ipynb"
    assert "/lab/" in page.url
    context.close()
