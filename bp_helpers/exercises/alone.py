"""Keeps a learner's function from waiting for an answer, and from ending the kernel."""

from __future__ import annotations

import builtins
import contextlib
import getpass
import sys
from collections.abc import Iterator
from typing import Any

DEEPEST = 3000  # calls in one another; far more end the kernel where they go through C


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _nobody_answers(*_: Any, **__: Any) -> str:
    raise EOFError("nobody answers while a check runs")


def _nobody_leaves(*_: Any, **__: Any) -> None:
    raise SystemExit


def _nobody_goes_deeper(_: int) -> None:
    pass


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let input() raise EOFError and exit() SystemExit, and nothing go deeper than DEEPEST calls.

    In a notebook exit() raises nothing: it tells the kernel to end once the cell has been run.
    """
    shell, deepest = _shell(), sys.getrecursionlimit()
    sys.setrecursionlimit(min(deepest, DEEPEST))
    before = [
        (owner, name, getattr(owner, name), instead)
        for owner, name, instead in (
            (builtins, "input", _nobody_answers),
            (getpass, "getpass", _nobody_answers),
            (shell, "ask_exit", _nobody_leaves),
            (sys, "setrecursionlimit", _nobody_goes_deeper),
        )
        if hasattr(owner, name)
    ]
    for owner, name, _, instead in before:
        setattr(owner, name, instead)
    try:
        yield
    finally:
        for owner, name, was, _ in before:
            setattr(owner, name, was)
        sys.setrecursionlimit(deepest)


def pictures_kept() -> contextlib.AbstractContextManager[Any]:
    """Keep what display() and plt.show() show in `outputs`, for a check calls many times."""
    if _shell() is None:
        return contextlib.nullcontext()
    from IPython.utils.capture import capture_output

    return capture_output(stdout=False, stderr=False)
