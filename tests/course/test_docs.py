"""The pages beside the notebooks: their links lead somewhere, their numbers are the engine's."""

import re
from urllib.parse import unquote

import glossary
import links
import pytest
import slides
from chromium import running_chromium
from run_notebooks import ROOT, all_notebooks, read, write

from bp_helpers import running_example

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("[a-z]*/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(page):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in link and not link.startswith("mailto:"):
            assert (page.parent / link).exists(), link


def test_the_number_on_the_card_is_the_one_of_the_course():
    example = running_example()
    trace = example.network.trace(example.x, example.y)
    came_in, blame, gradient = trace["A1"][0, 0], trace["delta2"][0, 0], trace["dW2"][0, 0]
    moved = trace["W2"][0, 0] - 3.0 * gradient
    card = (ROOT / "docs" / "card.md").read_text(encoding="utf-8")
    assert "$-0.0863$ is the gradient of `W2[0,0]`" in card
    assert f"{gradient:.4f}" == "-0.0863"
    assert f"${came_in:.4f} \\cdot ({blame:.4f})$" in card
    assert f"from {trace['W2'][0, 0]:.1f} to {moved:.4f}" in card


def test_the_glossary_and_the_questions_are_those_of_the_notebooks_as_they_are():
    again = "write them with `python tools/glossary.py`"
    assert glossary.GLOSSARY.read_text(encoding="utf-8") == glossary.glossary(), again
    assert glossary.QUESTIONS.read_text(encoding="utf-8") == glossary.questions(), again


def test_their_links_lead_to_headings():
    quick_way = (ROOT / "docs" / "quick_way.md").read_text(encoding="utf-8")
    linked = set()
    for page, least in ((glossary.glossary(), 40), (glossary.questions(), 40), (quick_way, 20)):
        there = re.findall(r"\.\./notebooks/(\w+)\.ipynb#(\S+)\)(?=[;,:]| |\n)", page)
        assert len(set(there)) > least
        linked |= set(there)
    for stem, anchor in linked:
        cells = read(ROOT / "notebooks" / f"{stem}.ipynb").cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert unquote(anchor) in {one.replace("`", "").replace(" ", "-") for one in headings}


def test_what_no_notebook_explains_is_refused():
    with pytest.raises(ValueError, match="no notebook sets 'flux capacitor'"):
        glossary.explained(glossary.Term("flux capacitor", "drives a car"))
    with pytest.raises(ValueError, match="No notebook says 'because of the flux'"):
        glossary.answered(glossary.Question("Why?", ("because of the flux",)))


def test_no_term_and_no_question_is_there_twice():
    words = [term.word for term in glossary.TERMS]
    asked = [question.asked for topic in glossary.TOPICS.values() for question in topic]
    assert len(set(words)) == len(words)
    assert len(set(asked)) == len(asked)


def test_the_slides_are_those_of_the_notebooks_as_they_are():
    stored = slides.PAGE.read_text(encoding="utf-8")
    assert stored == slides.page(), "write them with `python tools/slides.py`"
    assert stored.count("<section>") == len(slides.SLIDES) + 2
    assert all('alt="' in image for image in re.findall(r"<img[^>]*>", stored))


def test_a_slide_shows_what_its_cell_has_stored():
    (step,) = [slide for slide in slides.SLIDES if slide.title == "One learning step"]
    cells = {cell.id: cell for cell in read(all_notebooks()[0]).cells}
    ((number, name, which),) = step.shown
    assert number == 0
    assert "2.0589" in slides.shown(cells[name], which)
    asked = slides.shown(cells["predict-cost"], 0)
    assert "How many multiplications" in asked
    assert "<li>about twice as many</li>" in asked


def test_keys_go_from_slide_to_slide():
    with running_chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(slides.PAGE.as_uri())

        def at():
            """The number of the slide whose beginning is at the top of the screen."""
            return page.evaluate(
                "[...document.querySelectorAll('section')]"
                ".findIndex((one) => Math.abs(one.getBoundingClientRect().top) < 2)"
            )

        assert at() == 0
        keys = ["ArrowRight", "PageDown", "Space", "PageUp", "ArrowLeft", "Shift+Space"]
        for key, there in zip(keys, [1, 2, 3, 2, 1, 0], strict=True):
            page.keyboard.press(key)
            assert at() == there, key
        for _ in range(2 * len(slides.SLIDES)):
            page.keyboard.press("ArrowRight")
        assert at() == len(slides.SLIDES) + 1


def test_each_notebook_says_how_to_cite_it(tmp_path):
    for path in all_notebooks():
        notebook = read(path)
        title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
        assert f'"{title}" In *Backpropagation, one gradient at a time*' in links.citation(notebook)
        assert notebook.cells[-1].source.endswith(links.citation(notebook)), (
            f"{path.name}: write it with `python tools/links.py`"
        )
    copied = tmp_path / path.name
    notebook.cells[-1].source = notebook.cells[-1].source.replace("version 0", "version 7")
    write(notebook, copied)
    assert links.give_citation(copied)
    assert read(copied).cells[-1].source == read(path).cells[-1].source
    assert not links.give_citation(copied)


def test_the_words_that_learners_bring_are_met_where_the_table_says():
    teaching = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    _, table = teaching.split("## The words that learners bring")
    rows = re.findall(r"^\| (\w[\w ]*) \| .+ \| (.+notebooks.+) \|$", table, re.MULTILINE)
    words = [word for word, _ in rows]
    assert words == [
        "composite function", "contribution of a weight to the error", "error signal", "efficient",
    ]  # fmt: skip
    for word, places in rows:
        for stem in re.findall(r"notebooks/(\w+)\.ipynb", places):
            cells = read(ROOT / "notebooks" / f"{stem}.ipynb").cells
            text = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
            assert word.partition(" of ")[0] in text, (word, stem)


@pytest.mark.parametrize("page", ["card.md", "quick_way.md"])
def test_pages_for_all_notebooks_name_only_theirs(page):
    linked = set(re.findall(r"notebooks/(\w+)\.ipynb", (ROOT / "docs" / page).read_text("utf-8")))
    assert linked <= {path.stem for path in all_notebooks()}
