"""Where a number of the backward pass comes from: its formula with the live numbers in it.

The names are those of `Network.trace` with an index, for one example (row 0): `Z1[2]`,
`dW2[0,1]`. Made for networks of `Dense` layers with activations between them; see `NetworkKind`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from bp_helpers import losses
from bp_helpers.pictures.numerals import MINUS, TIMES, factor, number, operand

Trace = dict[str, Any]


@dataclass(frozen=True)
class NetworkKind:
    """Which functions a network is made of: by that its formulas differ.

    `activation` is that of the hidden layers, one of `Sigmoid`, `Tanh` and `ReLU`; `loss` is the
    name of the loss's class. With `SquaredError` the outputs are sigmoids, in the trace `A2` for
    example. The other losses take pre-activations; what these are turned into are probabilities,
    which the trace then has as `P`.
    """

    activation: str = "Sigmoid"
    loss: str = "SquaredError"


SIGMOIDS = NetworkKind()


@lru_cache(maxsize=4096)  # a picture asks for the same names again and again
def split_name(name: str) -> tuple[str, int, tuple[int, ...]]:
    """Split `dW2[0,1]` into kind `dW`, layer 2 and index (0, 1); X and Y are of layer 0."""
    found = re.fullmatch(r"([A-Za-z]+)([1-9]\d*)?(?:\[(\d+(?:,\d+)*)\])?", name)
    if not found:
        raise ValueError(f"{name!r} is not the name of a number: write it like Z1[2] or dW2[0,1]")
    kind, layer, index = found.groups()
    return kind, int(layer or 0), tuple(int(i) for i in index.split(",")) if index else ()


def entry_name(array: str, index: Iterable[int]) -> str:
    """Return what an entry of an array is called: W1[0,2]."""
    return f"{array}[{','.join(map(str, index))}]"


def array_of(name: str) -> str:
    """Return the name of the array that a number is in: of `dW2[0,1]` it is `dW2`."""
    return name.partition("[")[0]


def value_of(trace: Trace, name: str, example: int = 0) -> float:
    """Return the number called `name`, for one example; refuse what is none of the trace."""
    kind, layer, index = split_name(name)
    array_name = f"{kind}{layer or ''}"
    if array_name not in trace:
        raise ValueError(f"{name!r} is not a number of this network: there are {', '.join(trace)}")
    array = np.asarray(trace[array_name])
    if kind not in ("W", "b", "dW", "db", "loss"):
        array = array[example]
    if len(index) != array.ndim or any(i >= n for i, n in zip(index, array.shape, strict=True)):
        raise ValueError(
            f"{name!r} is not a number of this network: for one example, {array_name} has shape "
            f"{array.shape}, so it takes {array.ndim} indices, counted from 0"
        )
    return float(array[index])


Piece = tuple[str, str]  # a part of a formula, and its colour: forward, backward or ink


def formula(trace: Trace, name: str, network: NetworkKind = SIGMOIDS) -> list[str]:
    """Return the lines that say where the number comes from: in names, in numbers, and the result.

    The numbers are rounded, but to more digits than the result: who calculates with them finds it.
    Of a batch, what all examples have in common is a sum or a mean over them, with a number for
    each.
    """
    return ["".join(said for said, _ in line) for line in coloured_formula(trace, name, network)]


def coloured_formula(trace: Trace, name: str, network: NetworkKind = SIGMOIDS) -> list[list[Piece]]:
    """Return the lines of `formula` in pieces: each name and number with its colour."""
    template, names = _recipe(trace, name, network)
    own = colour_of(name)
    if not names:
        return [[(name, own), (" = ", "ink"), (number(value_of(trace, name)), own)]]
    over, numbers = "", _in_numbers(trace, template, names, 0)
    if len(trace["Y"]) > 1 and name[:2] in ("lo", "dW", "db"):
        over, numbers = _over_examples(trace, name, template, names, network)
    colours = [colour_of(each) for each in names]
    return [
        [(name, own), (f" = {over}", "ink"), *_filled(template, names, colours)],
        [("= ", "ink"), *numbers],
        [("= ", "ink"), (number(value_of(trace, name), 4), own)],
    ]


def _in_numbers(
    trace: Trace, template: str, names: list[str], example: int, in_sum: bool = False
) -> list[Piece]:
    """Return the template filled with the numbers of one example; `in_sum`, with others after."""
    between = template.split("{}")
    said = []
    for name, before, after in zip(names, between[:-1], between[1:], strict=True):
        alone = before.endswith(("(", ", ")) and after.startswith(")")  # it needs no brackets
        as_text = operand if alone or (template == "{}" and not in_sum) else factor
        said.append(as_text(value_of(trace, name, example)))
    return _filled(template, said, [colour_of(name) for name in names])


def _over_examples(
    trace: Trace, name: str, template: str, names: list[str], network: NetworkKind
) -> tuple[str, list[Piece]]:
    """Return what is done over the examples of a batch, and that in numbers, one for each."""
    n = len(trace["Y"])
    if name == "loss":
        own = " + ".join(operand(loss) for loss in losses_of(trace, network))
        return f"mean over {n} examples of ", [("(", "ink"), (own, "forward"), (f") / {n}", "ink")]
    pieces: list[Piece] = []
    for example in range(n):
        pieces += [(" + ", "ink")] * (example > 0)
        pieces += _in_numbers(trace, template, names, example, in_sum=True)
    return f"sum over {n} examples of ", pieces


def losses_of(trace: Trace, network: NetworkKind) -> list[float]:
    """Return the loss of each example on its own; the loss of the batch is their mean."""
    loss = getattr(losses, network.loss)()
    last = _last(trace)
    outputs = trace[f"{'A' if network.loss == 'SquaredError' else 'Z'}{last}"]
    return [loss.forward(*pair) for pair in zip(outputs[:, None], trace["Y"][:, None], strict=True)]


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


def factors_of(trace: Trace, name: str, network: NetworkKind = SIGMOIDS) -> list[str]:
    """Return the names of the numbers that the number is made from; none for what is given."""
    return _recipe(trace, name, network)[1]


Recipe = tuple[str, list[str]]  # a formula with `{}` for each name, and the names


def _recipe(trace: Trace, name: str, network: NetworkKind) -> Recipe:
    kind, layer, index = split_name(name)
    value_of(trace, name)  # refuses what is not there
    if kind in ("X", "Y", "W", "b"):
        return "", []
    return RECIPES[kind](trace, network, layer, index)


def _input_name(layer: int, index: int) -> str:
    return f"X[{index}]" if layer == 1 else f"A{layer - 1}[{index}]"


def _sum_of_products(pairs: int) -> str:
    return " + ".join([f"{{}} {TIMES} {{}}"] * pairs)


Index = tuple[int, ...]


def _pre_activation(trace: Trace, _network: NetworkKind, layer: int, index: Index) -> Recipe:
    (j,) = index
    n_in = len(trace[f"W{layer}"])
    names = [n for i in range(n_in) for n in (_input_name(layer, i), f"W{layer}[{i},{j}]")]
    return _sum_of_products(n_in) + " + {}", [*names, f"b{layer}[{j}]"]


VALUES = {"Sigmoid": f"1 / (1 + exp({MINUS}{{}}))", "Tanh": "tanh({})", "ReLU": "max(0, {})"}


def _activation(trace: Trace, network: NetworkKind, layer: int, index: Index) -> Recipe:
    name = "Sigmoid" if layer == _last(trace) else network.activation
    return VALUES[name], [f"Z{layer}[{index[0]}]"]


def _probability(trace: Trace, network: NetworkKind, _layer: int, index: Index) -> Recipe:
    own, *outputs = (f"Z{_last(trace)}[{k}]" for k in (index[0], *range(trace["Y"].shape[1])))
    if network.loss == "BinaryCrossEntropy":
        return VALUES["Sigmoid"], [own]
    return f"exp({{}}) / ({' + '.join(['exp({})'] * len(outputs))})", [own, *outputs]


LOSS_TERMS = {
    "SquaredError": f"({{}} {MINUS} {{}})\N{SUPERSCRIPT TWO}",
    "BinaryCrossEntropy": f"{{}} {TIMES} log({{}}) + (1 {MINUS} {{}}) {TIMES} log(1 {MINUS} {{}})",
    "SoftmaxCrossEntropy": f"{{}} {TIMES} log({{}})",
}


def _loss(trace: Trace, network: NetworkKind, _layer: int, _index: Index) -> Recipe:
    outputs = range(trace["Y"].shape[1])
    terms = " + ".join([LOSS_TERMS[network.loss]] * len(outputs))
    if network.loss == "SquaredError":
        names = [n for k in outputs for n in (f"A{_last(trace)}[{k}]", f"Y[{k}]")]
        return f"\N{VULGAR FRACTION ONE HALF} {TIMES} ({terms})", names
    twice = 1 + (network.loss == "BinaryCrossEntropy")
    return f"{MINUS}({terms})", [n for k in outputs for n in (f"Y[{k}]", f"P[{k}]") * twice]


def _error(trace: Trace, said: str, target: str) -> Recipe:
    """What is said minus what is right, and of a batch, its share of the mean."""
    n = len(trace["Y"])
    return f"{{}} {MINUS} {{}}" if n == 1 else f"({{}} {MINUS} {{}}) / {n}", [said, target]


def _blame(trace: Trace, _network: NetworkKind, layer: int, index: Index) -> Recipe:
    """`dA` or `dX`: the sum over the paths to the next layer, or at the output the error itself."""
    (i,) = index
    if layer == _last(trace):
        return _error(trace, f"A{layer}[{i}]", f"Y[{i}]")
    n_out = trace[f"W{layer + 1}"].shape[1]
    names = [n for j in range(n_out) for n in (f"delta{layer + 1}[{j}]", f"W{layer + 1}[{i},{j}]")]
    return _sum_of_products(n_out), names


def _delta(trace: Trace, network: NetworkKind, layer: int, index: Index) -> Recipe:
    (j,) = index
    blame, a = f"dA{layer}[{j}]", f"A{layer}[{j}]"
    if layer == _last(trace) and network.loss != "SquaredError":
        return _error(trace, f"P[{j}]", f"Y[{j}]")
    if layer == _last(trace) or network.activation == "Sigmoid":
        return f"{{}} {TIMES} {{}} {TIMES} (1 {MINUS} {{}})", [blame, a, a]
    if network.activation == "Tanh":
        return f"{{}} {TIMES} (1 {MINUS} {{}}\N{SUPERSCRIPT TWO})", [blame, a]
    return f"{{}} {TIMES} (1 if {{}} > 0, else 0)", [blame, f"Z{layer}[{j}]"]


def _weight_gradient(_trace: Trace, _network: NetworkKind, layer: int, index: Index) -> Recipe:
    i, j = index
    return _sum_of_products(1), [_input_name(layer, i), f"delta{layer}[{j}]"]


def _bias_gradient(_trace: Trace, _network: NetworkKind, layer: int, index: Index) -> Recipe:
    return "{}", [f"delta{layer}[{index[0]}]"]


def _last(trace: Trace) -> int:
    return max(int(name[1:]) for name in trace if re.fullmatch(r"W\d+", name))


RECIPES: dict[str, Callable[[Trace, NetworkKind, int, Index], Recipe]] = {
    "Z": _pre_activation,
    "A": _activation,
    "P": _probability,
    "loss": _loss,
    "dA": _blame,
    "dX": _blame,
    "delta": _delta,
    "dW": _weight_gradient,
    "db": _bias_gradient,
}
