"""Keeps a learner's function from waiting, ending the kernel, and changing what all code shares."""

from __future__ import annotations

import builtins
import contextlib
import getpass
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from bp_helpers.exercises.cells import shell

DEEPEST = 3000  # calls in one another; far more end the kernel where they go through C


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
    deepest = sys.getrecursionlimit()
    sys.setrecursionlimit(min(deepest, DEEPEST))
    before = [
        (owner, name, getattr(owner, name), instead)
        for owner, name, instead in (
            (builtins, "input", _nobody_answers),
            (getpass, "getpass", _nobody_answers),
            (shell(), "ask_exit", _nobody_leaves),
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
    if shell() is None:
        return contextlib.nullcontext()
    from IPython.utils.capture import capture_output

    return capture_output(stdout=False, stderr=False)


# ---- What its code and the check share ----

Kept = list[tuple[Any, dict[str, Any]]]  # a module or a class, and what its names stood for
# the builtins may be among what was changed
_setattr, _delattr, _module = setattr, delattr, type(sys)
# what a check works with; pictures and explorers would only take time
OURS = tuple(f"bp_helpers.{name}" for name in (
    "exercises", "_checks", "layers", "losses", "network", "optimizers",
))  # fmt: skip


def shared_names() -> Kept:
    """Return what the names of Python's builtins, NumPy and bp_helpers stand for now."""
    ours = [module for name, module in list(sys.modules.items()) if name.startswith(OURS)]
    classes = {
        id(thing): thing
        for module in ours
        for thing in vars(module).values()
        if isinstance(thing, type) and thing.__module__.startswith(OURS)
    }
    owners = (builtins, np, np.linalg, *ours, *classes.values())
    return [(owner, dict(vars(owner))) for owner in owners]


def put_back(kept: Kept) -> tuple[str, ...]:
    """Let every name stand for what it stood for, and return those that did not.

    A module's new names stay: NumPy makes some of its own when they are first asked for. A class
    has none of its own, and one of them may stand before a name that it has from another class.
    """
    changed = []
    for owner, names in kept:
        now = owner.__dict__
        for name in names:
            if name not in now or now[name] is not names[name]:
                _setattr(owner, name, names[name])
                changed.append(f"{owner.__name__}.{name}")
        if owner.__class__ is not _module:
            for name in [*now]:
                if name not in names:
                    _delattr(owner, name)
                    changed.append(f"{owner.__name__}.{name}")
    return tuple(changed)
