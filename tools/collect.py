"""Say what the checks said in notebooks that learners handed in: `python tools/collect.py FOLDER`.

Prints a line for each notebook in FOLDER and below it, from the outputs that it was saved with;
nothing in it is run. An exercise that was changed after its check is not noticed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from run_notebooks import read

STANDINGS = re.compile(r"^right\b|^not yet\b|not tried yet\b", re.IGNORECASE)


def standing(cell: Any) -> str:
    """Return what a check's stored output says: right, not yet, not tried yet; else not run."""
    for output in cell.outputs:
        said = output.get("text") or output.get("data", {}).get("text/plain", "")
        found = STANDINGS.search(said)
        if found:
            return found[0].lower()
    return "not run"


def checks(path: Path) -> dict[str, str]:
    """Return the standing of each exercise of a notebook, by its number."""
    return {
        cell.id.removeprefix("check-"): standing(cell)
        for cell in read(path).cells
        if "check" in cell.metadata.get("tags", [])
    }


def main(folder: Path) -> None:
    """Print a line for each notebook."""
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        found = checks(path)
        right = sum(standing == "right" for standing in found.values())
        rest = ", ".join(f"{k}: {said}" for k, said in found.items() if said != "right")
        print(f"{path.relative_to(folder)}: {right} of {len(found)} right{rest and '; '}{rest}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
