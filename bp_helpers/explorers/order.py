"""In which order may the nodes of a graph hand their blame on? Try any, and see."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import ipywidgets as widgets

from bp_helpers.explorers.clock import Clock
from bp_helpers.explorers.controls import (
    Control,
    Hand,
    back_and_next,
    button,
    menu,
    slider,
    step_slider,
)
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.explorers.torch_form import torch_graph
from bp_helpers.pictures import (
    TIMES,
    BlameEdge,
    BlameNode,
    OrderedTurn,
    Picture,
    beside,
    blame_graph,
    blame_table,
    factor,
    number,
    turns_in_row,
)

START = ("y",)  # the output goes first
AGAIN = "again"  # among the names of nodes: backward is called once more
ROUNDING = 1e-9
PACE = 1100  # milliseconds from node to node
ADDS, OVERWRITES = "is added  (+=)", "overwrites  (=)"
CLEARED: Mapping[str, Callable[[bool], bool]] = {
    "nothing": lambda is_input: False,
    "the inputs": lambda is_input: is_input,
    "all but the inputs": lambda is_input: not is_input,
    "everything": lambda is_input: True,
}


@dataclass(frozen=True)
class Rule:
    """How a node is made: from which others, as it is written, its value and its slopes."""

    inputs: tuple[str, ...]
    written: str
    value: Callable[..., float]
    slopes: Callable[..., tuple[float, ...]]


def _sum(one: str, other: str) -> Rule:
    return Rule((one, other), f"{one} + {other}", lambda v, w: v + w, lambda v, w: (1.0, 1.0))


def _product(one: str, other: str) -> Rule:
    return Rule((one, other), f"{one} · {other}", lambda v, w: v * w, lambda v, w: (w, v))


# Each node behind those that it is made from, the output last.
GRAPHS: Mapping[str, Mapping[str, Rule]] = {
    "y = (c + d) + c · d": {
        "c": _product("a", "b"),
        "d": _sum("a", "b"),
        "f": _sum("c", "d"),
        "e": _product("c", "d"),
        "y": _sum("f", "e"),
    },
    "y = (a + b) + 1": {
        "p": _sum("a", "b"),
        "y": Rule(("p",), "p + 1", lambda v: v + 1, lambda v: (1.0,)),
    },
}
REUSED, CHAIN = GRAPHS
INPUTS = ("a", "b")
PLACES = {
    REUSED: {
        "a": (60, 104), "b": (60, 262), "c": (245, 104), "d": (245, 262), "f": (430, 104),
        "e": (430, 262), "y": (615, 183),
    },
    CHAIN: {"a": (60, 104), "b": (60, 262), "p": (338, 183), "y": (615, 183)},
}  # fmt: skip


@dataclass(frozen=True)
class HandedOn:
    """One turn: who handed on, how much it held then, and what the nodes hold after it."""

    name: str
    held: float
    grads: dict[str, float]


@dataclass(frozen=True)
class OrderNumbers:
    """Every value, the right gradients, and each turn of the order up to now.

    `grads` is what each node has been handed so far, `sent` what it has handed on in this call.
    `feeds` names those that a node feeds, and `came` says how many of them have handed on to it;
    `slopes` has the slope of each node along those that it is made from. `doubtful` names the nodes
    whose number cannot be trusted, and says why.
    """

    graph: str
    values: dict[str, float]
    right: dict[str, float]
    turns: list[HandedOn]
    grads: dict[str, float]
    sent: dict[str, float]
    came: dict[str, int]
    feeds: dict[str, list[str]]
    slopes: dict[str, dict[str, float]]
    doubtful: dict[str, str]
    order: tuple[str, ...]
    selected: str

    def is_complete(self, name: str) -> bool:
        """Return whether all the blame of this node has come, and nothing about it is wrong."""
        return self.came[name] == len(self.feeds[name]) and name not in self.doubtful


def planned_turns(order: Sequence[str]) -> list[OrderedTurn]:
    """Return each turn of an order. Two of one node cannot pass each other: they are alike."""
    turns = []
    for k, name in enumerate(order):
        alike = [place for place, other in enumerate(order, 1) if other == name]
        which = alike.index(k + 1)
        called = f"turn of {name}"
        if name == AGAIN:
            called = f"call {which + 2} of backward"
        elif which:
            called += f" ({which + 1})"
        first = alike[which - 1] + 1 if which else 1
        last = alike[which + 1] - 1 if which + 1 < len(alike) else len(order)
        turns.append(OrderedTurn("call" if name == AGAIN else name, called, first, last))
    return turns


def handing_on(
    graph: str, a: float, b: float, arriving: str, cleared: str,
    order: tuple[str, ...], turn: int, selected: str,
) -> OrderNumbers:  # fmt: skip
    """Return what each node has been handed after so many turns of this order."""
    rules = GRAPHS[graph]
    values, slopes = _forward(rules, a, b)
    grads = dict.fromkeys(values, 0.0) | {"y": 1.0}
    before = dict.fromkeys(values, 0.0)  # left there by an earlier call
    turns: list[HandedOn] = []
    sent: dict[str, float] = {}
    lost: set[str] = set()
    for name in order[:turn]:
        held = grads.get(name, 0.0)
        if name == AGAIN:
            clear = CLEARED[cleared]
            before = {one: 0.0 if clear(one in INPUTS) else grad for one, grad in grads.items()}
            grads, sent, lost = before | {"y": 1.0}, {}, set()
        else:
            sent[name] = held + (sent.get(name, 0.0) if arriving == ADDS else 0.0)
            for one, slope in slopes.get(name, {}).items():
                if arriving == ADDS:
                    grads[one] += slope * held
                else:
                    if grads[one] != before[one]:
                        lost.add(one)
                    grads[one] = slope * held
        turns.append(HandedOn(name, held, dict(grads)))

    feeds = {one: [name for name in rules if one in rules[name].inputs] for one in values}
    came = {one: sum(name in sent for name in feeds[one]) for one in values}
    numbers = OrderNumbers(
        graph, values, _right(slopes), turns, grads, sent, came, feeds, slopes, {}, order, selected
    )
    kept = {one for one in values if before[one] and (arriving == ADDS or not came[one])}
    return replace(numbers, doubtful=_doubts(numbers, kept, lost))


def _right(slopes: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return the gradients that come of a right order."""
    right = dict.fromkeys([*INPUTS, *slopes], 0.0) | {"y": 1.0}
    for name in reversed(slopes):  # whoever is made later hands on earlier
        for one, slope in slopes[name].items():
            right[one] += slope * right[name]
    return right


def _doubts(numbers: OrderNumbers, kept: set[str], lost: set[str]) -> dict[str, str]:
    """Return which nodes' numbers cannot be trusted, and why.

    In those of `kept` is blame of an earlier call, from those of `lost` a share has been taken.
    """
    doubtful: dict[str, str] = {}
    for one in reversed(numbers.values):  # from the output on, so that doubt is passed on
        whose: dict[str, list[str]] = {}
        for name in numbers.feeds[one]:
            if name in numbers.sent:
                why = _why_wrong(numbers, name, name in doubtful)
                whose.setdefault(why, []).append(name)
        reasons = [f"{why} from {' and '.join(names)}" for why, names in whose.items() if why]
        if one in kept and one != "y":
            reasons.append("old blame in it")
        if one in lost:
            reasons.append("first share lost")
        if reasons:
            doubtful[one] = ", ".join(reasons)
    return doubtful


def _why_wrong(numbers: OrderNumbers, name: str, wrong: bool) -> str:
    """Return in a word what is wrong with what the node `name` has handed on, or nothing."""
    sent, held = numbers.sent[name], numbers.grads[name]
    if abs(sent - held) > ROUNDING:
        return f"too {'little' if abs(sent) < abs(held) else 'much'}"
    if numbers.came[name] < len(numbers.feeds[name]):
        return "too early"
    return "wrong" if wrong else ""


def _forward(
    rules: Mapping[str, Rule], a: float, b: float
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return every value, and the slope of each node along each that it is made from."""
    values, slopes = {"a": a, "b": b}, {}
    for name, rule in rules.items():
        given = [values[one] for one in rule.inputs]
        values[name] = rule.value(*given)
        slopes[name] = dict(zip(rule.inputs, rule.slopes(*given), strict=True))
    return values, slopes


def order_picture(numbers: OrderNumbers) -> Picture:
    """Draw the graph with the blame that has been handed on, and the nodes as a table."""
    rules = GRAPHS[numbers.graph]
    last = numbers.turns[-1].name if numbers.turns else ""
    nodes = [
        BlameNode(
            name,
            f"{name} = {rules[name].written}" if name in rules else name,
            PLACES[numbers.graph][name],
            value,
            numbers.grads[name],
            numbers.right[name],
            numbers.sent.get(name) if name in rules else None,
            (numbers.came[name], len(numbers.feeds[name])),
            numbers.doubtful.get(name, ""),
        )
        for name, value in numbers.values.items()
    ]
    edges = [
        BlameEdge(
            name, one, slope, numbers.sent[name] * slope if name in numbers.sent else None,
            name in numbers.sent and not _handed_on_well(numbers, name),
        )
        for name, slopes in numbers.slopes.items()
        for one, slope in slopes.items()
    ]  # fmt: skip
    done = len(numbers.turns)
    turns = planned_turns(numbers.order)
    return beside(
        blame_graph(
            nodes, edges, turns, done, _so_far(numbers), _last_turn(numbers), last, numbers.selected
        ),
        blame_table(nodes, numbers.selected),
    )


def _handed_on_well(numbers: OrderNumbers, name: str) -> bool:
    exact = abs(numbers.sent[name] - numbers.grads[name]) <= ROUNDING
    return exact and numbers.is_complete(name)


def _so_far(numbers: OrderNumbers) -> str:
    """Return who has handed on, and who would come next."""
    names = [_shown(name) for name in numbers.order]
    done, to_come = names[: len(numbers.turns)], names[len(numbers.turns) :]
    said = f"Handed on: {' '.join(done)}." if done else "Nobody has handed on yet."
    return f"{said} To come: {' '.join(to_come)}." if to_come else said


def _shown(name: str) -> str:
    return "| backward again |" if name == AGAIN else name


def _last_turn(numbers: OrderNumbers) -> str:
    """Return the last turn as a sentence."""
    if not numbers.turns:
        return "y has been handed 1: dy/dy. Choose a node, and it hands on what it holds."
    turn = numbers.turns[-1]
    if turn.name == AGAIN:
        return "backward is called once more: y gets its 1, the others hold what was left there."
    slopes = numbers.slopes.get(turn.name)
    if not slopes:
        return f"{turn.name} is an input: there is nobody to hand on to."
    shares = [
        f"{one} {factor(turn.held)} {TIMES} {factor(slope)} = {number(slope * turn.held, 2)}"
        for one, slope in slopes.items()
    ]
    return f"{turn.name} hands on {number(turn.held, 2)}: to {', to '.join(shares)}."


class OrderExplorer(Explorer):
    """Each node hands its blame on to those it is made from: choose who, and when.

    A node hands on what it holds at that moment. If more arrives later, too little has gone on, and
    every number that was made of it is marked. Choose a node in the picture to let it hand on, or
    drag a turn to another place in the order; the presets are the orders that are tried first.
    """

    compute, draw = handing_on, order_picture
    controls: ClassVar[Mapping[str, Control]] = {
        "turn": step_slider("turn", 1, "9em"),
        "graph": menu("graph", [*GRAPHS], REUSED, "18em", "4em"),
        "a": slider("a", 2, -3, 3, 0.5, "2em"),
        "b": slider("b", 3, -3, 3, 0.5, "2em"),
        "arriving": menu("blame that arrives", [ADDS, OVERWRITES], ADDS, "22em", "10em"),
        "cleared": menu("cleared before call 2", [*CLEARED], "nothing", "26em", "12em"),
    }
    others: ClassVar[Mapping[str, Any]] = {"order": START, "selected": "y"}
    rows: ClassVar = [["graph", "a", "b"], ["arriving", "cleared"]]
    told: ClassVar = ("y = ",)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "recursion": {"order": (*"yfcdecd",), "turn": 7},
        "pre-order": {"order": (*"yfcabde",), "turn": 7},
        "post-order": {"order": (*"abcdfey",), "turn": 7},
        "topological": {"order": (*"yfecd",), "turn": 5},
        "twice": {"graph": CHAIN, "order": ("y", "p", AGAIN, "y", "p"), "turn": 5},
    }

    def buttons(self) -> list[widgets.Widget]:
        """Return Back, Next, Play, the slider from turn to turn, and the second call."""
        self.clock = Clock(self.view, self._play_on, PACE)
        again = button("call backward again", self.again, "12em")
        return [*back_and_next(self.move), self.clock.button, self.handles["turn"], again]

    def torch_code(self) -> str:
        """Return the graph in PyTorch, which finds an order itself, and adds up several calls."""
        rules = GRAPHS[self.state["graph"]]
        lines = {name: rule.written.replace("·", "*") for name, rule in rules.items()}
        calls = 1 + self.state["order"][: self.state["turn"]].count(AGAIN)
        return torch_graph({name: float(self.state[name]) for name in INPUTS}, lines, calls)

    def move(self, by: int) -> None:
        """Go on by so many turns, or back, but not beyond the ends."""
        self.set(turn=min(max(self.state["turn"] + by, 0), len(self.state["order"])))

    def again(self) -> None:
        """Let backward be called once more, after the turns so far."""
        self._append(AGAIN)

    def choose(self, name: str) -> None:
        """Let the node called `name` hand on what it holds now."""
        self.set(selected=name)
        self._append(name)

    def hands(self) -> dict[str, Hand]:
        """Return what a hand can change in the picture: sliders' numbers, and a turn's place.

        A turn that is in the row stays there, so that a hand does not lose it.
        """
        hands, row = super().hands(), turns_in_row(self.state["turn"])
        for place, turn in enumerate(planned_turns(self.state["order"]), 1):
            first, last = turn.first, turn.last
            if place in row:
                first, last = max(first, row[0]), min(last, row[-1])
            if turn.moves:
                hands[turn.name] = Hand(turn.name, place, first, last, 1, 1)
        return hands

    def parts(self, state: State) -> Sequence[str]:
        """Return the names of the nodes."""
        return [*INPUTS, *GRAPHS[state["graph"]]]

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set; another graph begins anew.

        The name of a turn sets its place in the order: the others close up.
        """
        turns = {turn.name: k for k, turn in enumerate(planned_turns(state["order"]))}
        if name in turns:
            name, value = "order", self._with_moved(state["order"], turns[name], value)
        if name == "graph" and value != state["graph"]:
            state = {**state, "order": START, "turn": 0, "selected": "y"}
        if name == "order":
            value = tuple(value)
            self.refuse_strangers(state, [one for one in value if one != AGAIN])
            if not value:
                raise ValueError("an order has at least one turn, this one has none")
            state = {**state, "turn": min(state["turn"], len(value))}
        if name == "turn":
            value = min(max(int(value), 0), len(state["order"]))
            latest = state["order"][value - 1] if value else "y"
            state = {**state, "selected": "y" if latest == AGAIN else latest}
        return super().moved_to(state, name, value)

    def fit_handles(self, state: State) -> None:
        """Let the slider end with the order."""
        self.handles["turn"].max = len(state["order"])

    def _with_moved(self, order: tuple[str, ...], k: int, place: float) -> tuple[str, ...]:
        """Return the order with its turn k at another place, or as near to it as it can be."""
        turn = planned_turns(order)[k]
        if not math.isfinite(place):
            raise ValueError(
                f"{turn.name} cannot be at {place}: choose a place from {turn.first} to {turn.last}"
            )
        others = [*order[:k], *order[k + 1 :]]
        others.insert(min(max(round(place), turn.first), turn.last) - 1, order[k])
        return tuple(others)

    def _append(self, name: str) -> None:
        """Put a turn behind those that have been, in the place of what was to come."""
        so_far = self.state["order"][: self.state["turn"]]
        self.set(order=(*so_far, name), turn=len(so_far) + 1)

    def _play_on(self) -> bool:
        end = len(self.state["order"])
        self.set(turn=(self.state["turn"] + 1) % (end + 1))  # from the end to the start again
        return bool(self.state["turn"] < end)
