"""Say what the checks said in notebooks that learners handed in: `python tools/collect.py FOLDER`.

Prints a line for each notebook in FOLDER and below it, then which mistakes the class makes; with
`--csv FILE` it writes a table as well: learner, notebook, exercise, standing, mistake. A learner is
a folder in FOLDER, or a notebook that lies in FOLDER itself. All of it comes from the outputs that
the notebooks were saved with; nothing in them is run. An exercise that was changed after its check
is not noticed.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from run_notebooks import read

from bp_helpers.exercises import Standing
from bp_helpers.exercises.feedback import FOR_PROGRAMS

NOT_RUN = "not run"


class Row(NamedTuple):
    """What a check said; an exercise with two mistakes at once has both, with a + between them."""

    learner: str
    notebook: str
    exercise: str
    standing: str
    mistake: str


def feedback(cell: Any) -> dict[str, Any]:
    """Return what a check's stored output says to programs."""
    for output in cell.outputs:
        if said := output.get("data", {}).get(FOR_PROGRAMS):
            return dict(said)
    return {"standing": NOT_RUN, "mistakes": []}


def rows(path: Path, learner: str) -> list[Row]:
    """Return a row for each exercise of a notebook."""
    found = []
    for cell in read(path).cells:
        if "check" in cell.metadata.get("tags", []):
            said = feedback(cell)
            exercise = cell.id.removeprefix("check-")
            mistakes = " + ".join(said["mistakes"])
            found.append(Row(learner, path.stem, exercise, said["standing"], mistakes))
    return found


def collected(folder: Path) -> dict[Path, list[Row]]:
    """Return the rows of each notebook in `folder` and below it."""
    found = {}
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            place = path.relative_to(folder)
            learner = place.parts[0] if len(place.parts) > 1 else path.stem
            found[place] = rows(path, learner)
    return found


def summary(every_row: list[Row]) -> list[str]:
    """Return a line for each mistake of the class, the most frequent first."""
    learners: dict[tuple[str, str, str], set[str]] = {}
    for row in every_row:
        for mistake in filter(None, row.mistake.split(" + ")):
            learners.setdefault((mistake, row.notebook, row.exercise), set()).add(row.learner)
    counts = Counter({place: len(who) for place, who in learners.items()})
    return [
        f"{count:4} {mistake} ({notebook}, exercise {exercise})"
        for (mistake, notebook, exercise), count in counts.most_common()
    ]


def main(folder: Path, table: Path | None = None) -> None:
    """Print a line for each notebook, then the summary, and write the table."""
    found = collected(folder)
    for place, its_rows in found.items():
        right = sum(row.standing == Standing.RIGHT for row in its_rows)
        rest = ", ".join(
            f"{row.exercise}: {row.standing}{f' ({row.mistake})' if row.mistake else ''}"
            for row in its_rows
            if row.standing != Standing.RIGHT
        )
        print(f"{place}: {right} of {len(its_rows)} right{rest and '; '}{rest}")
    every_row = [row for its_rows in found.values() for row in its_rows]
    if lines := summary(every_row):
        print("\nMistakes, with how many learners have them at this moment:", *lines, sep="\n")
    if table:
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([Row._fields, *every_row])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--csv", type=Path, dest="table")
    main(**vars(parser.parse_args()))
