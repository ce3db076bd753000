"""Run notebooks and store their outputs: `python tools/run_notebooks.py [notebook ...]`.

This is the only way outputs change. Each notebook is executed from top to bottom in a fresh kernel
and written back in one normal form, so that a second run changes no byte where no result changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbval.plugin import coalesce_streams

ROOT = Path(__file__).resolve().parent.parent
LIVE_WIDGET = "application/vnd.jupyter.widget-view+json"
CELL_SECONDS = 120


def all_notebooks() -> list[Path]:
    """Return the course's notebooks in their order."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(path: Path) -> Any:
    """Return the notebook in the file `path`."""
    return nbformat.read(path, as_version=4)


def run(notebook: Any, folder: Path) -> Any:
    """Execute `notebook` in place, with `folder` as its working directory, and return it."""
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
    )
    return client.execute()


def normalise(notebook: Any) -> Any:
    """Bring an executed `notebook` into the stored form, in place, and return it.

    Kept: text and still pictures, cell ids, tags. Dropped: live widgets, which cannot be shown
    without their kernel, overwritten states of progress bars, and whatever names a machine or a
    moment.
    """
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(LIVE_WIDGET, None)
        if cell.cell_type == "code":
            cell.outputs = coalesce_streams(cell.outputs)
    return notebook


def write(notebook: Any, path: Path) -> None:
    """Write `notebook` to the file `path`: UTF-8, LF, on every system."""
    text = nbformat.writes(notebook, version=4) + "\n"
    path.write_bytes(text.encode("utf-8"))


def main(paths: list[Path]) -> None:
    """Execute, normalise and write each of `paths`."""
    for path in paths:
        print(f"{path.name} ...", end=" ", flush=True)
        write(normalise(run(read(path), path.parent)), path)
        print(f"{path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or all_notebooks())
