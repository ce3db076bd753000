"""One input, three paths to the output: what each carries, and what is missing when it is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from bp_helpers.explorers.controls import slider, tick
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.explorers.torch_form import torch_graph
from bp_helpers.pictures import (
    Edges,
    Path,
    PathNode,
    Picture,
    beside,
    number,
    path_ribbons,
    paths_table,
)

NUDGE = 1e-4
PLACES = {
    "a": (52, 132), "b": (52, 242), "c": (222, 312), "s": (222, 192), "p": (402, 92),
    "q": (402, 252), "y": (582, 172),
}  # fmt: skip
RULES = {"s": "s = a + b", "p": "p = a · s", "q": "q = s + c", "y": "y = p · q"}
# Where a stands in y = a (a + b) ((a + b) + c): one path for each, in the order of the formula.
ROUTES = [("a", "p", "y"), ("a", "s", "p", "y"), ("a", "s", "q", "y")]
NAMES = ["-".join(route) for route in ROUTES]
SUBSCRIPTS = "₁₂₃"


@dataclass(frozen=True)
class PathsNumbers:
    """Every value, the slope along every edge, the paths, and what nudging a measures.

    `measured` sees the nudge only on the paths that are not cut, `measured_full` on all of them.
    """

    values: dict[str, float]
    edges: Edges
    paths: list[Path]
    measured: float
    measured_full: float
    selected: str

    @property
    def products(self) -> list[float]:
        """What each path carries, cut or not."""
        return [path.product for path in self.paths]

    @property
    def total(self) -> float:
        """The sum of the paths that are not cut."""
        return sum(path.product for path in self.paths if not path.cut)


def paths(
    a: float, b: float, c: float, cut1: bool, cut2: bool, cut3: bool, selected: str
) -> PathsNumbers:
    """Return the slopes of y = a (a + b) ((a + b) + c) along each path, and dy/da measured."""
    s = a + b
    p, q = a * s, s + c
    values = {"a": a, "b": b, "c": c, "s": s, "p": p, "q": q, "y": p * q}
    edges = {("a", "p"): ("s", s), ("s", "p"): ("a", a), ("p", "y"): ("q", q), ("q", "y"): ("p", p)}
    edges |= {edge: ("1", 1.0) for edge in [("a", "s"), ("b", "s"), ("s", "q"), ("c", "q")]}
    cuts = [cut1, cut2, cut3]
    ways = [
        Path(route, tuple(edges[edge] for edge in pairwise(route)), cut)
        for route, cut in zip(ROUTES, cuts, strict=True)
    ]

    def output(h: float, held: list[bool]) -> float:
        a1, a2, a3 = (a if hold else a + h for hold in held)  # what each path sees of a
        return a1 * (a2 + b) * ((a3 + b) + c)

    def slope(held: list[bool]) -> float:
        return (output(NUDGE, held) - output(-NUDGE, held)) / (2 * NUDGE)

    return PathsNumbers(values, edges, ways, slope(cuts), slope([False] * 3), selected)


def paths_picture(numbers: PathsNumbers) -> Picture:
    """Draw the circuit with its ribbons and, beside it, the table of paths."""
    nodes = [
        PathNode(name, RULES.get(name, ""), numbers.values[name], place)
        for name, place in PLACES.items()
    ]
    return beside(
        path_ribbons(nodes, numbers.edges, numbers.paths, numbers.selected, _formula(numbers)),
        paths_table(numbers.paths, numbers.measured, numbers.measured_full, numbers.selected),
    )


def _formula(numbers: PathsNumbers) -> str:
    """Write y out; where a path is cut, its a is the number that it is held at."""
    held = number(numbers.values["a"])
    first, second, third = (
        held if path.cut else f"a{SUBSCRIPTS[k]}" for k, path in enumerate(numbers.paths)
    )
    return f"y = {first} · ({second} + b) · (({third} + b) + c)"


class PathsExplorer(Explorer):
    """Let a reach y over three paths: s = a + b, p = a s, q = s + c, y = p q.

    A path that is cut keeps the value of a that was there before the nudge: a stands three times in
    y = a (a + b) ((a + b) + c), once for each path, and the one that is cut does not move. The
    others see the nudge. Choose a path, by its ribbon or its row, to see its slopes.
    """

    compute, draw = paths, paths_picture
    controls: ClassVar = {
        "a": slider("a", 1.5, -2, 2, 0.1, "3em"),
        "b": slider("b", -0.5, -2, 2, 0.1, "3em"),
        "c": slider("c", -1.4, -2, 2, 0.1, "3em"),
        **{f"cut{k + 1}": tick(f"cut {'→'.join(route)}") for k, route in enumerate(ROUTES)},
    }
    others: ClassVar = {"selected": NAMES[0]}
    rows: ClassVar = [["a", "b", "c"], ["cut1", "cut2", "cut3"]]
    presets: ClassVar = {
        "paths cancel": {"a": 1.0, "b": 0.0, "c": -1.5},
        "a is 0": {"a": 0.0, "b": 1.2, "c": 0.5},
    }

    def parts(self, state: State) -> Sequence[str]:
        """Return the names of the paths."""
        return NAMES

    def torch_code(self) -> str:
        """Return y in PyTorch, where `detach` cuts a path: its a is only a number."""
        first, second, third = ("a.detach()" if path.cut else "a" for path in self.numbers.paths)
        inputs = {name: self.state[name] for name in "abc"}
        return torch_graph(inputs, {"y": f"{first} * ({second} + b) * (({third} + b) + c)"}, 1)
