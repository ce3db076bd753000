"""A learner's cells: whether a function is the one that the latest of them would have made."""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

OLDER = (
    "Careful: your latest cell with this function stopped with an error before it could make it. "
    "So this is about the version before; run that cell again first."
)


def code_of(function: Callable[..., Any]) -> CodeType | None:
    """Return a function's code, or None: an object that can be called need not have any."""
    try:
        code = getattr(function, "__code__", None)
    except Exception:  # a class of a learner's own decides what it says of itself
        return None
    return code if isinstance(code, CodeType) else None


def outdated(function: Callable[..., Any]) -> str:
    """Return a sentence if a later cell than the function's own was to define it and failed.

    What stands in a cell and was never run is not known here.
    """
    code = code_of(function)
    if code is None:
        return ""
    defining = re.compile(rf"^\s*def {re.escape(code.co_name)}\b", re.MULTILINE)
    latest = next((cell for cell in reversed(_cells_run()) if defining.search(cell)), "")
    own = "".join(linecache.getlines(code.co_filename))
    return OLDER if latest and own and latest.strip() != own.strip() else ""


def shell() -> Any:
    """Return the shell that runs the cells, or None outside of IPython."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def _cells_run() -> list[str]:
    """Return the text of the cells run so far, or nothing outside of IPython."""
    history = getattr(shell(), "history_manager", None)
    return list(history.input_hist_parsed) if history else []
