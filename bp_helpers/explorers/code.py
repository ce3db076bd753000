"""The code that an explorer offers: the source of its function, and a call with its values."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, ModuleType
from typing import Any, cast

import numpy as np

import bp_helpers
from bp_helpers.data import Dataset

WIDTH = 78  # of a call in one line


def code_of(
    function: Callable[..., Any], arguments: Mapping[str, Any], result: str = "numbers"
) -> str:
    """Return Python that defines `function` again and calls it with these arguments.

    Numbers and texts that the function takes from its module are written out, all else is imported.
    Run on its own, the code leaves what the function returns in `result`.
    """
    imports, constants = [], []
    for name in _global_names(function):
        if name in function.__globals__:
            thing = function.__globals__[name]
            if isinstance(thing, (str, int, float, tuple)):
                constants.append(f"{name} = {thing!r}")
            else:
                imports.append(_import_of(name, thing, function.__module__))
    call = f"{result} = {_call(function.__name__, arguments)}"
    loaders = [value.made_by for value in arguments.values() if isinstance(value, Dataset)]
    imports += [f"from bp_helpers import {made_by.partition('(')[0]}" for made_by in loaders]
    if "np." in call:
        imports.append("import numpy as np")
    parts = ["\n".join([*_in_order(imports), *constants]), inspect.getsource(function), call]
    return "\n\n\n".join(part.strip() for part in parts if part)


def _global_names(function: Callable[..., Any]) -> dict[str, None]:
    """Return the global names in a function's body and its signature, each once."""
    definition = cast(ast.FunctionDef, ast.parse(inspect.getsource(function)).body[0])
    definition.body = []  # its names are in the compiled code, where no local one is among them
    signature = (node.id for node in ast.walk(definition) if isinstance(node, ast.Name))
    return dict.fromkeys([*_names(function.__code__), *signature])


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _import_of(name: str, thing: Any, module: str) -> str:
    if isinstance(thing, ModuleType):
        return f"import {thing.__name__}" + f" as {name}" * (thing.__name__ != name)
    return f"from {'bp_helpers' if name in bp_helpers.__all__ else module} import {name}"


def _in_order(imports: list[str]) -> list[str]:
    """Return each import once, whole modules first."""
    return sorted({*imports}, key=lambda line: (line.startswith("from"), line))


def _call(name: str, arguments: Mapping[str, Any]) -> str:
    given = [f"{argument}={_literal(value)}" for argument, value in arguments.items()]
    line = f"{name}({', '.join(given)})"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {one}," for one in given), ")"])


def _literal(value: Any) -> str:
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value)
