"""The pages of `docs` as pages of the site, without a browser."""

import re

import pytest
from run_notebooks import ROOT, all_notebooks
from site_page import load

pages = load("pages")

TABLE = """# A page

| word | what it *is* |
|---|---|
| **loss, $L$** | one < two |
"""


def test_a_cell_knows_its_column_and_a_formula_is_laid_out_by_the_browser():
    made = pages.to_html(TABLE)
    assert '<h1 id="a-page">A page</h1>' in made
    assert made.count('<th scope="col">') == 2
    assert '<td data-column="what it *is*">one &lt; two</td>' in made
    assert re.search(
        r'<td data-column="word"><strong>loss, <math .*<mi>L</mi>.*</math></strong>', made
    )
    assert "$" not in made


@pytest.mark.parametrize(("link", "becomes"), [
    ("card.md", "card.html"),
    ("mistakes.md#sign-reversed", "mistakes.html#sign-reversed"),
    ("#here", "#here"),
    ("https://pytorch.org", "https://pytorch.org"),
    ("../notebooks/01_ab.ipynb#1.-Nudge", "lab/index.html?path=01_ab.ipynb#1.-Nudge"),
])  # fmt: skip
def test_a_link_leads_to_a_page_of_the_site(link, becomes):
    assert pages.in_site(link) == becomes


@pytest.mark.parametrize("link", ["teaching.md", "../README.md", "../notebooks/no.md"])
def test_a_link_to_what_the_site_does_not_have_is_an_error(link):
    with pytest.raises(ValueError, match="no page of the site"):
        pages.to_html(f"[it]({link})")


def test_each_page_is_there_with_all_that_its_links_name(tmp_path):
    pages.write_pages(tmp_path)
    texts = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.html")}
    assert len(texts) == len(pages.PAGES)
    for text in texts.values():
        assert text.count("<h1") == text.count('aria-current="page"') == 1
        for link in re.findall(r'href="([^"]+)"', re.split("<main>", text)[1]):
            name, _, anchor = link.partition("#")
            if name in texts or not name:
                assert not anchor or f'id="{anchor}"' in (texts[name] if name else text), link
            elif notebook := re.fullmatch(r"lab/index\.html\?path=(\w+\.ipynb)", name):
                assert (ROOT / "notebooks" / notebook[1]).is_file()
            else:
                assert "://" in link


def test_each_page_that_a_notebook_names_is_one_of_the_site():
    for path in all_notebooks():
        text = path.read_text(encoding="utf-8")
        assert {*re.findall(r"/blob/main/docs/(\w+)\.md", text)} <= pages.PAGES.keys()


def test_the_page_in_front_links_to_all_of_them():
    landing = (ROOT / "site" / "landing.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="(\w+)\.html"', landing)) == set(pages.PAGES)
