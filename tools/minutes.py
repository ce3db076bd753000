"""Work out how long each notebook takes, and write it wherever it is said.

    python tools/minutes.py

The shorter time is for reading, running and predicting; the longer one is for trying every
experiment and solving every exercise as well. Sections marked as optional and what is folded away
do not count. Both are rounded to five minutes. They are written into the notebooks' titles, the map
in 00, the table of the README and the lessons for teachers.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

import nbformat
from run_notebooks import ROOT, all_notebooks, read, write

# What each takes, in minutes. 180 words a minute is a slow reading of a technical text.
WORD, LINE_OF_CODE, PREDICTION = 1 / 180, 3 / 60, 0.5
EXPERIMENT, EXERCISE = 1.5, 4.0
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
TIME = re.compile(r"\*\*Time:\*\* (?:about )?\d+(?: to \d+)? minutes")
# A cell that holds the minutes; the first of a row may hold a number and does not.
CELL = re.compile(r"(?<=\S )\| \d+(?: to \d+)? \|")
HERE = {"00_start_here": "(you are here)"}  # the map's row for itself has no link


@dataclass(frozen=True)
class Minutes:
    """How long a notebook takes: reading, running and predicting, or with everything in it."""

    shortest: int
    longest: int

    def __str__(self) -> str:
        return f"{self.shortest} to {self.longest}"


def required(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return the cells that are not in a section marked as optional."""
    kept, optional = [], False
    for cell in cells:
        for heading in re.findall(r"^## .*$", cell.source, re.MULTILINE):
            if cell.cell_type == "markdown":
                optional = heading.endswith("(optional)")
        if not optional:
            kept.append(cell)
    return kept


def minutes(notebook: nbformat.NotebookNode) -> Minutes:
    """Return how long a notebook takes, to five minutes."""
    reading = trying = 0.0
    for cell in required(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            text = FOLDED.sub(" ", cell.source)
            reading += WORD * len(re.findall(r"\w+", text))
            if "**Try this**" in text:
                trying += EXPERIMENT * len(re.findall(r"^(?:- |\d\. )", text, re.MULTILINE))
        elif "predict" in tags:
            reading += PREDICTION
        elif "exercise" in tags:
            trying += EXERCISE
        elif not cell.metadata.get("jupyter", {}).get("source_hidden"):
            reading += LINE_OF_CODE * len(cell.source.splitlines())
    return Minutes(to_five(reading), to_five(reading + trying))


def to_five(time: float) -> int:
    """Round to five minutes, up at half way."""
    return 5 * int(time / 5 + 0.5)


def in_rows(text: str, times: dict[str, Minutes]) -> str:
    """Return a table with the times in its rows: those of the notebooks that a row links to."""
    lines = text.splitlines(keepends=True)
    for k, line in enumerate(lines):
        linked = [
            name for name in times if f"{name}.ipynb)" in line or HERE.get(name, "\0") in line
        ]
        if line.startswith("| ") and linked:
            shortest = sum(times[name].shortest for name in linked)
            longest = sum(times[name].longest for name in linked)
            lines[k] = CELL.sub(f"| {Minutes(shortest, longest)} |", line, count=1)
    return "".join(lines)


def main() -> None:
    """Write the times wherever they are said, and print them."""
    times = {path.stem: minutes(read(path)) for path in all_notebooks()}
    for path in all_notebooks():
        notebook = read(path)
        for cell in notebook.cells:
            if cell is notebook.cells[0]:
                cell.source = TIME.sub(f"**Time:** {times[path.stem]} minutes", cell.source)
            elif "The map" in cell.source and cell.cell_type == "markdown":
                cell.source = in_rows(cell.source, times)
        write(notebook, path)
    for page in (ROOT / "README.md", ROOT / "docs" / "teaching.md"):
        text = in_rows(page.read_text(encoding="utf-8"), times)
        page.write_bytes(text.encode("utf-8"))
    # last and in one piece: whoever reads only its beginning stops nothing half-way
    sys.stdout.write("".join(f"{stem:24} {taken} minutes\n" for stem, taken in times.items()))


if __name__ == "__main__":
    main()
