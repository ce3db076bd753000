"""Where a number of the backward pass comes from: its formula with the live numbers in it.

The names are those of `Network.trace` with an index, for one example (row 0): `Z1[2]`,
`dW2[0,1]`. Made for networks of `Dense` and `Sigmoid` layers with `SquaredError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from bp_helpers.pictures.numerals import MINUS, TIMES, factor, number

Trace = dict[str, Any]


@lru_cache(maxsize=4096)  # a picture asks for the same names again and again
def split_name(name: str) -> tuple[str, int, tuple[int, ...]]:
    """Split `dW2[0,1]` into kind `dW`, layer 2 and index (0, 1); X and Y are of layer 0."""
    found = re.fullmatch(r"([A-Za-z]+)([1-9]\d*)?(?:\[(\d+(?:,\d+)*)\])?", name)
    if not found:
        raise ValueError(f"{name!r} is no name of a number: write it like Z1[2] or dW2[0,1]")
    kind, layer, index = found.groups()
    return kind, int(layer or 0), tuple(int(i) for i in index.split(",")) if index else ()


def value_of(trace: Trace, name: str) -> float:
    """Return the number called `name`, for the first example; refuse what is none of the trace."""
    kind, layer, index = split_name(name)
    array_name = f"{kind}{layer or ''}"
    if array_name not in trace:
        raise ValueError(f"{name!r} is no number of this network: there are {', '.join(trace)}")
    array = np.asarray(trace[array_name])
    if kind not in ("W", "b", "dW", "db", "loss"):
        array = array[0]
    if len(index) != array.ndim or any(i >= n for i, n in zip(index, array.shape, strict=True)):
        raise ValueError(
            f"{name!r} is no number of this network: of one example, {array_name} has the shape "
            f"{array.shape}, so it takes {array.ndim} indices, counted from 0"
        )
    return float(array[index])


Piece = tuple[str, str]  # a part of a formula, and its colour: forward, backward or ink


def formula(trace: Trace, name: str) -> list[str]:
    """Return the lines that say where the number comes from: in names, in numbers, and the result.

    The result is rounded, as are the numbers before it; it was computed with all their digits.
    """
    return ["".join(said for said, _ in line) for line in coloured_formula(trace, name)]


def coloured_formula(trace: Trace, name: str) -> list[list[Piece]]:
    """Return the lines of `formula` in pieces: each name and number with its colour."""
    template, names = _recipe(trace, name)
    own = colour_of(name)
    if not names:
        return [[(name, own), (" = ", "ink"), (number(value_of(trace, name)), own)]]
    write = number if template == "{}" else factor
    numbers = [write(value_of(trace, each)) for each in names]
    colours = [colour_of(each) for each in names]
    return [
        [(name, own), (" = ", "ink"), *_filled(template, names, colours)],
        [("= ", "ink"), *_filled(template, numbers, colours)],
        [("= ", "ink"), (number(value_of(trace, name), 4), own)],
    ]


def colour_of(name: str) -> str:
    """Return the colour of a number: `backward` for a gradient, `forward` for a value."""
    return "backward" if name[0] == "d" else "forward"


def _filled(template: str, said: list[str], colours: list[str]) -> list[Piece]:
    """Return the template in pieces, with `said` in the places of its `{}`."""
    between = template.split("{}")
    pieces = [(between[0], "ink")]
    for one, colour, after in zip(said, colours, between[1:], strict=True):
        pieces += [(one, colour), (after, "ink")]
    return [piece for piece in pieces if piece[0]]


def factors_of(trace: Trace, name: str) -> list[str]:
    """Return the names of the numbers that the number is made from; none for what is given."""
    return _recipe(trace, name)[1]


Recipe = tuple[str, list[str]]  # a formula with `{}` for each name, and the names


def _recipe(trace: Trace, name: str) -> Recipe:
    kind, layer, index = split_name(name)
    value_of(trace, name)  # refuses what is not there
    if kind in ("X", "Y", "W", "b"):
        return "", []
    return RECIPES[kind](trace, layer, index)


def _input_name(layer: int, index: int) -> str:
    return f"X[{index}]" if layer == 1 else f"A{layer - 1}[{index}]"


def _sum_of_products(pairs: int) -> str:
    return " + ".join([f"{{}} {TIMES} {{}}"] * pairs)


def _pre_activation(trace: Trace, layer: int, index: tuple[int, ...]) -> Recipe:
    (j,) = index
    n_in = len(trace[f"W{layer}"])
    names = [n for i in range(n_in) for n in (_input_name(layer, i), f"W{layer}[{i},{j}]")]
    return _sum_of_products(n_in) + " + {}", [*names, f"b{layer}[{j}]"]


def _activation(_trace: Trace, layer: int, index: tuple[int, ...]) -> Recipe:
    return f"1 / (1 + exp({MINUS}{{}}))", [f"Z{layer}[{index[0]}]"]


def _loss(trace: Trace, _layer: int, _index: tuple[int, ...]) -> Recipe:
    layer, n_out = _last(trace), trace["Y"].shape[1]
    terms = " + ".join([f"({{}} {MINUS} {{}})\N{SUPERSCRIPT TWO}"] * n_out)
    names = [n for k in range(n_out) for n in (f"A{layer}[{k}]", f"Y[{k}]")]
    return f"\N{VULGAR FRACTION ONE HALF} {TIMES} ({terms})", names


def _blame(trace: Trace, layer: int, index: tuple[int, ...]) -> Recipe:
    """`dA` or `dX`: the sum over the paths to the next layer, or at the output the error itself."""
    (i,) = index
    if layer == _last(trace):
        return f"{{}} {MINUS} {{}}", [f"A{layer}[{i}]", f"Y[{i}]"]
    n_out = trace[f"W{layer + 1}"].shape[1]
    names = [n for j in range(n_out) for n in (f"delta{layer + 1}[{j}]", f"W{layer + 1}[{i},{j}]")]
    return _sum_of_products(n_out), names


def _delta(_trace: Trace, layer: int, index: tuple[int, ...]) -> Recipe:
    (j,) = index
    a = f"A{layer}[{j}]"
    return f"{{}} {TIMES} {{}} {TIMES} (1 {MINUS} {{}})", [f"dA{layer}[{j}]", a, a]


def _weight_gradient(_trace: Trace, layer: int, index: tuple[int, ...]) -> Recipe:
    i, j = index
    return _sum_of_products(1), [_input_name(layer, i), f"delta{layer}[{j}]"]


def _bias_gradient(_trace: Trace, layer: int, index: tuple[int, ...]) -> Recipe:
    return "{}", [f"delta{layer}[{index[0]}]"]


def _last(trace: Trace) -> int:
    return max(int(name[1:]) for name in trace if re.fullmatch(r"W\d+", name))


RECIPES: dict[str, Callable[[Trace, int, tuple[int, ...]], Recipe]] = {
    "Z": _pre_activation,
    "A": _activation,
    "loss": _loss,
    "dA": _blame,
    "dX": _blame,
    "delta": _delta,
    "dW": _weight_gradient,
    "db": _bias_gradient,
}
