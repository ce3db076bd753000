"""A small extension of IPython: an unknown name says which cell makes it, and so what to run.

Who begins in the middle of a notebook, or comes back to one whose kernel was restarted, runs a cell
whose names are made by others above it. "NameError: name 'phi' is not defined" does not say so.
"""

from __future__ import annotations

import json
import os
import symtable
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

RUN_ABOVE = "Run > Run All Above Selected Cell"


def load_ipython_extension(shell: Any) -> None:
    """Let `show_unknown_name` show each `NameError` of a cell."""
    shell.set_custom_exc((NameError,), show_unknown_name)


def show_unknown_name(
    shell: Any,
    kind: type[NameError],
    error: NameError,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> None:
    """Show the error with what to run; where it was only if that is not the cell's own code.

    The cell itself stands above. To repeat its lines might even give away the answer of a
    prediction, whose source is hidden.
    """
    if kind is NameError and error.name:
        source = shell.history_manager.input_hist_raw[-1]
        cells = code_cells(shell.user_ns.get("__session__"), source)
        said = what_to_run(error.name, cells)
        in_cell = trace.tb_next is None or trace.tb_next.tb_next is None  # the first is IPython's
        usual = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset)
        lines = [*([f"NameError: {error}"] if in_cell else usual), "", said]
        error._render_traceback_ = lambda: lines  # type: ignore[attr-defined] # asked by IPython
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def what_to_run(name: str, cells: Iterable[str]) -> str:
    """Return a sentence that says which of `cells` (their sources) makes `name`."""
    for source in cells:
        if name in names_made_by(source):
            first = source.strip().splitlines()[0]
            return (
                f"`{name}` is made by another cell, which has not been run\n"
                f"since the kernel started. It begins with\n\n    {first}\n\n"
                f"Run that cell first, or all above this one:\n{RUN_ABOVE}."
            )
    return (
        f"If a cell above makes `{name}`, run that one first:\n{RUN_ABOVE}.\n"
        "If none does, look at how it is spelt."
    )


def names_made_by(source: str) -> set[str]:
    """Return the names that a cell imports, assigns or defines; none if it cannot be compiled."""
    try:
        table = symtable.symtable(source, "cell", "exec")
    except SyntaxError:  # one with magics, or a learner's half-written one
        return set()
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}


def code_cells(session: object, source: str) -> list[str]:
    """Return the sources of the notebook's code cells as it was last saved, if it can be found.

    `session` is what IPython calls so: the notebook's path. In the browser's Python there is none.
    There it is the notebook in its folder that holds the cell with this `source`.
    """
    if named := str(session or os.environ.get("JPY_SESSION_NAME", "")):
        return _sources(Path(named))
    found = map(_sources, sorted(Path().glob("*.ipynb")))
    return next((cells for cells in found if source in cells), [])


def _sources(path: Path) -> list[str]:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
        return ["".join(cell["source"]) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError):
        return []
