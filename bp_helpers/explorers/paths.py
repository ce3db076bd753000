"""One input, three paths to the output: what each carries, and what is missing when it is cut."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

import ipywidgets as widgets

from bp_helpers.explorers.kit import Explorer, Numbers, row, slider
from bp_helpers.pictures import (
    Edges,
    Node,
    Path,
    Picture,
    beside,
    measured,
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
SUBSCRIPTS = "₁₂₃"


class PathsExplorer(Explorer):
    """Let a reach y over three paths: s = a + b, p = a s, q = s + c, y = p q.

    A path that is cut keeps the value of a that was there before the nudge: a stands three times in
    y = a (a + b) ((a + b) + c), once for each path, and the one that is cut does not move. The
    others see the nudge. Choose a path, by its ribbon or its row, to see its slopes.
    """

    presets: ClassVar = {
        "paths cancel": {"a": 1.0, "b": 0.0, "c": -1.5},
        "a is 0": {"a": 0.0, "b": 1.2, "c": 0.5},
    }

    def __init__(self) -> None:
        self.selected = "-".join(ROUTES[0])
        inputs = {
            name: slider(name, value, -2, 2, 0.1)
            for name, value in {"a": 1.5, "b": -0.5, "c": -1.4}.items()
        }
        for control in inputs.values():
            control.style.description_width = "3em"
        cuts = {
            f"cut{k + 1}": widgets.Checkbox(
                False, description=f"cut {'→'.join(route)}", indent=False, layout={"width": "10em"}
            )
            for k, route in enumerate(ROUTES)
        }
        super().__init__({**inputs, **cuts}, [row(*inputs.values()), row(*cuts.values())])

    def numbers(self) -> Numbers:
        """Return every value and path, the sum of the paths not cut, and what is measured."""
        values = self._values()
        edges = _edges(values)
        paths = [
            Path(route, tuple(edges[edge] for edge in pairwise(route)), cut)
            for route, cut in zip(ROUTES, self._cuts(), strict=True)
        ]
        return {
            "values": values,
            "edges": edges,
            "paths": paths,
            "products": [path.product for path in paths],
            "total": sum(path.product for path in paths if not path.cut),
            "measured": self._measured(self._cuts()),
            "measured_full": self._measured([False] * len(ROUTES)),
            "selected": self.selected,
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the circuit with its ribbons and, beside it, the table of paths."""
        paths, selected = numbers["paths"], numbers["selected"]
        nodes = [
            Node(name, RULES.get(name, ""), numbers["values"][name], place)
            for name, place in PLACES.items()
        ]
        ribbons = path_ribbons(nodes, numbers["edges"], paths, selected, self._formula())
        table = paths_table(paths, numbers["measured"], numbers["measured_full"], selected)
        return beside(ribbons, table)

    def describe(self, numbers: Numbers) -> str:
        """Return the values, each path and the sum in words."""
        values = [f"{name} = {number(value)}" for name, value in numbers["values"].items()]
        paths = [
            f"{path.title}: {path.in_numbers} = {number(path.product, 4)}"
            f"{' (cut)' if path.cut else ''}"
            for path in numbers["paths"]
        ]
        difference = numbers["measured_full"] - numbers["measured"]
        return "\n".join(
            [
                ", ".join(values),
                *paths,
                f"Sum of the paths not cut: {number(numbers['total'], 4)}; "
                f"measured: {measured(numbers['measured'])}",
                f"Measured with nothing cut: {measured(numbers['measured_full'])}; "
                f"difference: {measured(difference)}",
            ]
        )

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        a, b, c = (float(self.values[name]) for name in "abc")
        nudged = ["a" if cut else "a + h" for cut in self._cuts()]
        back = ["a" if cut else "a - h" for cut in self._cuts()]
        return "\n".join(
            [
                "def output(a1, a2, a3):  # what each path sees of a",
                "    return a1 * (a2 + b) * ((a3 + b) + c)",
                "",
                "",
                f"a, b, c = {a!r}, {b!r}, {c!r}",
                "s = a + b",
                "p = a * s",
                "q = s + c",
                "products = [s * q, 1 * a * q, 1 * 1 * p]",
                f"cuts = {self._cuts()}",
                "total = sum(each for each, cut in zip(products, cuts) if not cut)",
                f"h = {NUDGE}",
                f"measured = (output({', '.join(nudged)}) - output({', '.join(back)})) / (2 * h)",
            ]
        )

    def choose(self, name: str) -> None:
        """Select the path called `name`, a-s-p-y for example, to see its slopes."""
        known = ["-".join(route) for route in ROUTES]
        if name not in known:
            raise ValueError(f"{name!r} is no path: there are {', '.join(known)}")
        self.selected = name
        self.refresh()

    def reset(self) -> None:
        """Bring back every control and the choice as at the start."""
        self.selected = "-".join(ROUTES[0])
        super().reset()

    def _cuts(self) -> list[bool]:
        return [self.values[f"cut{k + 1}"] for k in range(len(ROUTES))]

    def _values(self) -> dict[str, float]:
        a, b, c = (float(self.values[name]) for name in "abc")
        s = a + b
        p, q = a * s, s + c
        return {"a": a, "b": b, "c": c, "s": s, "p": p, "q": q, "y": p * q}

    def _measured(self, cuts: list[bool]) -> float:
        """Return the slope of y by nudging a both ways, on the paths that are not cut."""
        a, b, c = (float(self.values[name]) for name in "abc")
        there, back = (
            _output([a if cut else a + h for cut in cuts], b, c) for h in (NUDGE, -NUDGE)
        )
        return (there - back) / (2 * NUDGE)

    def _formula(self) -> str:
        """Write y out; where a path is cut, its a is the number that it is held at."""
        held = number(float(self.values["a"]))
        first, second, third = (
            held if cut else f"a{SUBSCRIPTS[k]}" for k, cut in enumerate(self._cuts())
        )
        return f"y = {first} · ({second} + b) · (({third} + b) + c)"


def _output(seen: list[float], b: float, c: float) -> float:
    """Return y when the three paths see these values of a."""
    return seen[0] * (seen[1] + b) * ((seen[2] + b) + c)


def _edges(values: dict[str, float]) -> Edges:
    """Return the slope along each edge: 1 into a sum, into a product the other factor."""
    into_products = {("a", "p"): "s", ("s", "p"): "a", ("p", "y"): "q", ("q", "y"): "p"}
    into_sums = [("a", "s"), ("b", "s"), ("s", "q"), ("c", "q")]
    return {
        **{edge: (other, values[other]) for edge, other in into_products.items()},
        **{edge: ("1", 1.0) for edge in into_sums},
    }
