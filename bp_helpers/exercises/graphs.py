"""Graphs of numbers that remember what they were made of, and ways through them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


class Node:
    """A number in a graph: its `value`, what it was made of, and the blame handed to it so far.

    `inputs` are pairs: a node that it was made from, and the slope along it. `grad` may hold what
    an earlier call has left there.
    """

    def __init__(self, name: str, value: float, *inputs: tuple[Node, float]) -> None:
        self.name = name
        self.value = value
        self.inputs = inputs
        self.grad = 0.0

    def __repr__(self) -> str:
        return f"<{self.name} = {self.value:g}, grad {self.grad}>"


# Each node by name: "*" or "+", and those that it is made from; the output last.
Plan = Mapping[str, tuple[str, Sequence[str]]]
PLANS: list[tuple[str, dict[str, float], Plan]] = [
    (
        "y = (c + d) + c d with c = a b and d = a + b",
        {"a": 2.0, "b": 3.0},
        {
            "c": ("*", "ab"), "d": ("+", "ab"), "f": ("+", "cd"), "e": ("*", "cd"),
            "y": ("+", "fe"),
        },
    ),
    (
        "y = p + r with p = a b, q = p p, r = q a",
        {"a": 1.5, "b": -2.0},
        {"p": ("*", "ab"), "q": ("*", "pp"), "r": ("*", "qa"), "y": ("+", "pr")},
    ),
    (
        "y = q c with q = p + c and p = a b",
        {"a": 0.5, "b": 3.0, "c": -1.0},
        {"p": ("*", "ab"), "q": ("+", "pc"), "y": ("*", "qc")},
    ),
    (
        "a short and a long way from y to p",
        {"a": -1.2, "b": 0.7},
        {
            "p": ("+", "ab"), "q": ("*", "pb"), "r": ("*", "qa"), "s": ("+", "rp"),
            "y": ("*", "ps"),
        },
    ),
    (
        "y = c d with c = a b and d = a + b, where a = b = 2",
        {"a": 2.0, "b": 2.0},
        {"c": ("*", "ab"), "d": ("+", "ab"), "y": ("*", "cd")},
    ),
]  # fmt: skip


def built(given: Mapping[str, float], plan: Plan, left: float = 0.0) -> Node:
    """Return the output of a graph; every node has `left` as its blame from an earlier call."""
    nodes = {name: Node(name, value) for name, value in given.items()}
    for name, (kind, names) in plan.items():
        one, other = (nodes[each] for each in names)
        if kind == "*":
            pairs = (one, other.value), (other, one.value)
            nodes[name] = Node(name, one.value * other.value, *pairs)
        else:
            nodes[name] = Node(name, one.value + other.value, (one, 1.0), (other, 1.0))
    for k, node in enumerate(nodes.values()):
        node.grad = left * (k + 1)
    return nodes[name]


def inputs_first(output: Any) -> list[Any]:
    """Return the nodes behind `output` and itself, each behind all that it is made from."""
    found: dict[int, Any] = {}

    def visit(node: Any) -> None:
        if id(node) in found:
            return
        for one, _ in node.inputs:
            visit(one)
        found[id(node)] = node

    visit(output)
    return list(found.values())


def links(thing: Any) -> list[tuple[str, list[str]]]:
    """Return what each node behind an output is made from, by name; of anything else, nothing."""
    if not isinstance(thing, Node):
        return []
    return [(node.name, [one.name for one, _ in node.inputs]) for node in inputs_first(thing)]


def with_other_blame(output: Any) -> None:
    """Give every node behind an output a `grad` that means nothing."""
    for node in inputs_first(output):
        node.grad = 7.0


def by_recursion(output: Any) -> Iterator[Any]:
    """Yield a node and then, for each that it is made from, the same: some of them several times.

    What it yields is used before it goes on.
    """
    yield output
    for one, _ in output.inputs:
        yield from by_recursion(one)


def from_those_waiting(output: Any, place: int) -> Iterator[Any]:
    """Yield the output and those behind it, some several times: level by level for place 0.

    Those that a node is made from wait behind all others. For -1 the one that came last is next.
    """
    waiting = [output]
    while waiting:
        node = waiting.pop(place)
        yield node
        waiting += [one for one, _ in node.inputs]


def once(nodes: Iterable[Any]) -> list[Any]:
    """Return each node the first time that it comes."""
    return list({id(node): node for node in nodes}.values())


def stretched(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes with a single entry, which broadcasting may have stretched."""
    return tuple(axis for axis, size in enumerate(shape) if size == 1)
