"""Make pages of the site from those in `docs`: the card, the glossary, the questions and others.

`python pages.py FOLDER` writes them as HTML that needs no script, to be read, heard or printed:
formulas are MathML, each cell of a table knows its column, and links to notebooks open them in the
site. The build runs this with its environment.
"""

import html
import re
import shutil
import sys
from pathlib import Path
from string import Template
from typing import Any

import mistune
from latex2mathml.converter import convert
from mistune.toc import add_toc_hook

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"
PAGES = {
    "card": "Card",
    "glossary": "Glossary",
    "questions": "Questions",
    "quick_way": "Quick way",
    "mistakes": "Mistakes",
    "accessibility": "Accessibility",
    "claims": "Claims",
}


def in_site(link: str) -> str:
    """Return where a link of a page in `docs` leads to in the site.

    Raises:
        ValueError: if the site has neither such a page nor such a notebook.

    """
    path, mark, fragment = link.partition("#")
    if not path or "://" in path:
        return link
    if notebook := re.fullmatch(r"\.\./notebooks/(\w+\.ipynb)", path):
        return f"lab/index.html?path={notebook[1]}{mark}{fragment}"
    name = path.removesuffix(".md")
    if name in PAGES:
        return f"{name}.html{mark}{fragment}"
    raise ValueError(f"{link} is no page of the site: say so in another way, or add it to PAGES")


class Renderer(mistune.HTMLRenderer):
    """HTML with MathML, with links for the site and with tables that say their columns."""

    def inline_math(self, text: str) -> str:
        """Return a formula that the browser lays out and a screen reader reads."""
        return convert(text)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link that leads to a page of the site."""
        return super().link(text, in_site(url), title)

    def table_cell(
        self, text: str, align: str | None = None, head: bool = False, column: str = ""
    ) -> str:
        """Return a cell; where the screen is narrow its column's name stands above it."""
        if head:
            return f'<th scope="col">{text}</th>\n'
        return f'<td data-column="{html.escape(column)}">{text}</td>\n'


def _name_columns(_: mistune.Markdown, state: mistune.BlockState) -> None:
    for table in (token for token in state.tokens if token["type"] == "table"):
        head, body = table["children"]
        names = [cell["text"] for cell in head["children"]]
        for row in body["children"]:
            for cell, name in zip(row["children"], names, strict=True):
                cell["attrs"]["column"] = name


def _anchor(heading: dict[str, Any], _: int) -> str:
    return re.sub(r"[^\w-]", "", heading["text"].lower().replace(" ", "-"))


def to_html(text: str) -> str:
    """Return the HTML of a page's Markdown."""
    markdown = mistune.create_markdown(renderer=Renderer(), plugins=["table", "math"])
    assert isinstance(markdown, mistune.Markdown)
    add_toc_hook(markdown, heading_id=_anchor)
    markdown.before_render_hooks.append(_name_columns)
    return str(markdown(text))


def page(name: str) -> str:
    """Return the whole page that `docs/name.md` becomes."""
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    title = text.splitlines()[0].removeprefix("# ")
    current = {name: ' aria-current="page"'}
    links = [
        f'<a href="{one}.html"{current.get(one, "")}>{said}</a>' for one, said in PAGES.items()
    ]
    template = (HERE / "page.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        title=html.escape(title), links="\n".join(links), content=to_html(text)
    )


def write_pages(folder: Path) -> None:
    """Write all pages and their looks into `folder`."""
    for name in PAGES:
        (folder / f"{name}.html").write_text(page(name), encoding="utf-8")
    shutil.copy(HERE / "page.css", folder)


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
