"""Write the notebooks without their solutions: `python tools/edition.py FOLDER`.

For a class that hands in its work. Hints, checks and stored outputs stay, so the edition passes the
same comparison of outputs as the course.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from run_notebooks import all_notebooks, read, write

SOLUTION = re.compile(r"\s*<details>\s*<summary>Solution</summary>.*?</details>", re.DOTALL)


def without_solutions(notebook: Any) -> Any:
    """Take the folded solutions out of `notebook`, in place, and return it."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = SOLUTION.sub("", cell.source)
    return notebook


def main(folder: Path) -> None:
    """Write every notebook into `folder`, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in all_notebooks():
        write(without_solutions(read(path)), folder / path.name)
    print(f"{len(all_notebooks())} notebooks without solutions are in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
