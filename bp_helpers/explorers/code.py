"""The code that an explorer offers: the source of its function, and a call with its values."""

from __future__ import annotations

import ast
import inspect
import symtable
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

import bp_helpers
from bp_helpers import pictures
from bp_helpers.data import Dataset

WIDTH = 78  # of an import or a call in one line
PUBLIC = (bp_helpers, pictures)  # what one of these exports is imported from there


def code_of(
    function: Callable[..., Any], arguments: Mapping[str, Any], result: str = "numbers"
) -> str:
    """Return Python that defines `function` again and calls it with these arguments.

    What the function uses of its own module is shown, too: helpers below it, private classes above
    it, numbers and texts written out. Public classes, tables and arrays are imported from there,
    and all else from where it is at home. Run on its own, the code leaves what the function returns
    in `result`.
    """
    module = sys.modules[function.__module__]
    shown = _shown(function)
    imports, constants = _Imports(), []
    for name in _names_in(shown.values()):
        thing = vars(module).get(name)
        if name in shown or name not in vars(module):  # or it is built in
            continue
        if isinstance(thing, ModuleType):
            imports.add_module(thing.__name__, name)
        elif isinstance(thing, (str, int, float, tuple)):
            constants.append(f"{name} = {thing!r}")
        else:
            imports.add(name, _home(name, thing, module))
    call = f"{result} = {_call(function.__name__, arguments)}"
    for value in arguments.values():
        if isinstance(value, Dataset):
            imports.add(value.made_by.partition("(")[0], bp_helpers.__name__)
    if "np." in call:
        imports.add_module("numpy", "np")
    classes = [source for name, source in shown.items() if inspect.isclass(vars(module).get(name))]
    functions = [source for source in shown.values() if source not in classes]
    above = "\n\n".join("\n".join(lines) for lines in (imports.lines(), constants) if lines)
    return "\n\n\n".join(part.strip() for part in (above, *classes, *functions, call) if part)


# ---- What is shown ------------------------------------------------------------------------------


@cache  # while the code is in sight, each move shows it anew
def _shown(function: Callable[..., Any]) -> Mapping[str, str]:
    """Return the source of the function, and of what is shown with it, by name."""
    own = vars(sys.modules[function.__module__])
    shown = {function.__name__: inspect.getsource(function)}
    waiting = [function.__name__]
    for name in waiting:  # it grows
        for other in _global_names(shown[name]):
            thing: Any = own.get(other)
            is_own = getattr(thing, "__module__", "") == function.__module__
            if is_own and other not in shown and _is_helper(thing):
                shown[other] = inspect.getsource(thing)
                waiting.append(other)
    return shown


def _is_helper(thing: Any) -> bool:
    """Return whether it is a function, or a class that is private."""
    return inspect.isroutine(inspect.unwrap(thing)) or (
        inspect.isclass(thing) and thing.__name__.startswith("_")
    )


def _names_in(sources: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(name for source in sources for name in _global_names(source))


@cache  # of each source once
def _global_names(source: str) -> dict[str, None]:
    """Return the names that a function or a class takes from its module, each once."""
    whole = symtable.symtable(source, "", "exec")
    around = (one.get_name() for one in whole.get_symbols() if one.is_referenced())
    return dict.fromkeys([*_names_within(whole), *around])


def _names_within(table: symtable.SymbolTable) -> Iterator[str]:
    for inner in table.get_children():
        yield from (one.get_name() for one in inner.get_symbols() if one.is_global())
        yield from _names_within(inner)


# ---- Imports ------------------------------------------------------------------------------------


class _Imports:
    """The modules that are imported, and the names from each module: a line for each."""

    def __init__(self) -> None:
        self._modules: set[str] = set()
        self._names: dict[str, set[str]] = {}

    def add_module(self, module: str, name: str) -> None:
        self._modules.add(f"import {module}" + f" as {name}" * (module != name))

    def add(self, name: str, module: str) -> None:
        self._names.setdefault(module, set()).add(name)

    def lines(self) -> list[str]:
        """Return them in order: whole modules, then names, those of this package last."""
        homes = sorted(self._names, key=lambda home: (home.startswith("bp_helpers"), home))
        return [*sorted(self._modules), *(_import_line(home, self._names[home]) for home in homes)]


def _import_line(module: str, names: Iterable[str]) -> str:
    line = f"from {module} import {', '.join(sorted(names))}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {one}," for one in sorted(names)), ")"])


def _home(name: str, thing: Any, module: ModuleType) -> str:
    """Return from where to import what this module calls `name`."""
    for package in PUBLIC:
        if name in package.__all__ and getattr(package, name) is thing:
            return package.__name__
    return _imported(module).get(name, module.__name__)


@cache
def _imported(module: ModuleType) -> dict[str, str]:
    """Return from where a module imports each name that it imports."""
    lines = ast.parse(inspect.getsource(module)).body
    return {
        name.asname or name.name: line.module
        for line in lines
        if isinstance(line, ast.ImportFrom) and line.module
        for name in line.names
    }


# ---- The call -----------------------------------------------------------------------------------


def _call(name: str, arguments: Mapping[str, Any]) -> str:
    given = [f"{argument}={_literal(value)}" for argument, value in arguments.items()]
    line = f"{name}({', '.join(given)})"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {one}," for one in given), ")"])


def _literal(value: Any) -> str:
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value)
