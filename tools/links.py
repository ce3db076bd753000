"""Keep every link that depends on where the project lives: `python tools/links.py [ADDRESS]`.

The address stands once, in pyproject.toml, as `Repository` of [project.urls]. From it follow the
links to Binder, to Colab, to the course in the browser, to the repository itself. With another
ADDRESS (https://github.com/OWNER/NAME) all tracked files change to it. In both cases each notebook
gets its cell for Colab and the line that says how to cite it, and its row in the README its links,
where they are missing.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
from run_notebooks import all_notebooks, read, write

ROOT = Path(__file__).resolve().parent.parent
BRANCH = "main"
ADDRESS = re.compile(r"https://github\.com/([A-Za-z0-9_-]+)/([A-Za-z0-9._-]+)")
TEXTS = {".cff", ".html", ".ipynb", ".json", ".md", ".py", ".toml", ".yml"}
ROW = re.compile(
    r"^(\| \[(\w+)\]\(notebooks/\2\.ipynb\) \| .+? \| \d+(?: to \d+)? \|).*$", re.MULTILINE
)
UNTIL_PUBLISHED = re.compile(r"<!-- until published -->.*?<!-- published -->\n+", re.DOTALL)

COLAB = """\
# Google Colab: installs the course's package there; everywhere else this cell does nothing
import sys

if "google.colab" in sys.modules:
    import subprocess

    from google.colab import output

    package = "git+{repository}"
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "anywidget", package], check=True)
    output.enable_custom_widget_manager()
"""


def repository() -> str:
    """Return the project's address, https://github.com/OWNER/NAME."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["urls"]["Repository"])


def owner_and_name(address: str) -> tuple[str, str]:
    """Return both parts of an address; refuse what is none."""
    found = ADDRESS.fullmatch(address)
    if found is None:
        raise SystemExit(f"{address} is no address of the form https://github.com/OWNER/NAME")
    return found[1], found[2]


def spellings(address: str) -> list[str]:
    """Return the ways in which links write owner and name, each in the same order."""
    owner, name = owner_and_name(address)
    return [f"{owner}/{name}", f"{owner}%2F{name}", f"{owner}.github.io/{name}"]


def tracked_texts() -> list[Path]:
    """Return the files that may hold a link."""
    command = ["git", "ls-files", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in names.rstrip("\0").split("\0")]
    return [file for file in files if file.suffix in TEXTS and file.exists()]


def move(old: str, new: str) -> None:
    """Write the new address for the old one, in every spelling and in every file."""
    pairs = list(zip(spellings(old), spellings(new), strict=True))
    for file in tracked_texts():
        before = after = file.read_bytes()
        for was, becomes in pairs:
            after = after.replace(was.encode(), becomes.encode())
        if after != before:
            file.write_bytes(after)
            print(f"{file.relative_to(ROOT)} changed")


def on_binder(notebook: str) -> str:
    """Return the link that opens a notebook on Binder."""
    place = "/".join(owner_and_name(repository()))
    return (
        f"https://mybinder.org/v2/gh/{place}/{BRANCH}?urlpath=lab/tree/notebooks/{notebook}.ipynb"
    )


def on_colab(notebook: str) -> str:
    """Return the link that opens a notebook on Colab."""
    place = "/".join(owner_and_name(repository()))
    return (
        f"https://colab.research.google.com/github/{place}/blob/{BRANCH}/notebooks/{notebook}.ipynb"
    )


def in_browser(notebook: str) -> str:
    """Return the link that opens a notebook of the site that site/build.py makes."""
    owner, name = owner_and_name(repository())
    return f"https://{owner}.github.io/{name}/lab/index.html?path={notebook}.ipynb"


def colab_cell() -> str:
    """Return the source of a notebook's second cell."""
    return COLAB.format(repository=repository()).rstrip("\n")


def give_colab_cell(path: Path) -> bool:
    """Put the cell behind the notebook's title where it is missing; say whether it was."""
    notebook = read(path)
    if any(cell.id == "colab" for cell in notebook.cells):
        return False
    cell = nbformat.v4.new_code_cell(
        colab_cell(), id="colab", metadata={"jupyter": {"source_hidden": True}}
    )
    notebook.cells.insert(1, cell)
    write(notebook, path)
    return True


def citation(notebook: nbformat.NotebookNode) -> str:
    """Return the folded line that says how to cite a notebook, from CITATION.cff."""
    said = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    course, version, author, year = (
        re.findall(pattern, said, re.MULTILINE)[0]
        for pattern in (
            r'^title: "(.+)"$',
            r"^version: (.+)$",
            r"- name: (.+)$",
            r"^  year: (\d+)$",
        )
    )
    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    return (
        "<details>\n<summary>Cite this notebook</summary>\n\n"
        f'{author} ({year}): "{title}" In *{course}*, version {version}. <{repository()}>'
        "\n\n</details>"
    )


def give_citation(path: Path) -> bool:
    """Put the line at the notebook's end where another one or none is; say whether it was."""
    notebook = read(path)
    end = notebook.cells[-1]
    text = re.sub(r"\n*<details>\n<summary>Cite this.*", "", end.source, flags=re.DOTALL).rstrip()
    wanted = f"{text}\n\n{citation(notebook)}"
    if end.source == wanted:
        return False
    end.source = wanted
    write(notebook, path)
    return True


def with_links(readme: str) -> str:
    """Return the README with the links of each row of its table."""

    def complete(row: re.Match[str]) -> str:
        name = row[2]
        links = [
            f"[browser]({in_browser(name)})",
            f"[Binder]({on_binder(name)})",
            f"[Colab]({on_colab(name)})",
        ]
        return f"{row[1]} {' '.join(links)} |"

    return ROW.sub(complete, readme)


def main(arguments: list[str]) -> None:
    """Move to the address, if one is given; then complete what is missing."""
    readme = ROOT / "README.md"
    if arguments:
        move(repository(), arguments[0])
        text = readme.read_text(encoding="utf-8")
        readme.write_text(UNTIL_PUBLISHED.sub("", text), encoding="utf-8", newline="\n")
    text = with_links(readme.read_text(encoding="utf-8"))
    readme.write_text(text, encoding="utf-8", newline="\n")
    for path in all_notebooks():
        if give_colab_cell(path):
            print(f"{path.name} has its cell for Colab: run it with tools/run_notebooks.py")
        give_citation(path)


if __name__ == "__main__":
    main(sys.argv[1:])
