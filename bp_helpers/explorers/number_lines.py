"""How a small change travels through a chain of three functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from bp_helpers.explorers.controls import choice_slider, menu, slider_along
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.explorers.torch_form import torch_graph
from bp_helpers.layers import Activation, Sigmoid, Tanh
from bp_helpers.pictures import (
    MINUS,
    Picture,
    Quantity,
    beside,
    line_scale,
    number_lines,
    ratio,
    slopes_table,
)

NUDGES = [1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001]
SHRINKING = [1.0, 0.1, 0.01, 0.001, 0.0001]
LOWEST, HIGHEST = -2.0, 2.0  # x; it is nudged by up to the largest of NUDGES
X_REACH = LOWEST, HIGHEST + NUDGES[0]
X_LINE = line_scale(X_REACH)


Numeric = Callable[[float], float]


@dataclass(frozen=True)
class Function:
    """A function and its slope: how they are written, `{}` for the argument, and what they give.

    No three of them in a row overflow for arguments from -2 to 3.
    """

    rule: str
    slope_rule: str
    value: Numeric
    slope: Numeric


def _of_one_number(phi: Activation) -> tuple[Numeric, Numeric]:
    """Return an activation of the engine, and its slope."""

    def slope(z: float) -> float:
        phi.forward([[z]])
        return phi.backward([[1.0]]).item()

    return lambda z: phi.forward([[z]]).item(), slope


FUNCTIONS = {
    "triple": Function("3 {}", "3", lambda z: 3 * z, lambda _: 3.0),
    "half": Function("{} / 2", "1/2", lambda z: z / 2, lambda _: 0.5),
    "plus one": Function("{} + 1", "1", lambda z: z + 1, lambda _: 1.0),
    "negative": Function(f"{MINUS}{{}}", f"{MINUS}1", lambda z: -z, lambda _: -1.0),
    "square": Function("{}²", "2 {}", lambda z: z * z, lambda z: 2 * z),
    "sin": Function("sin {}", "cos {}", math.sin, math.cos),
    "exp of minus": Function(
        f"exp({MINUS}{{}})", f"{MINUS}exp({MINUS}{{}})",
        lambda z: math.exp(-z), lambda z: -math.exp(-z),
    ),
    "tanh": Function("tanh {}", f"1 {MINUS} tanh² {{}}", *_of_one_number(Tanh())),
    "sigmoid": Function("φ({0})", f"φ({{0}}) (1 {MINUS} φ({{0}}))", *_of_one_number(Sigmoid())),
}  # fmt: skip

TORCH = {
    "triple": "3 * {}", "half": "{} / 2", "plus one": "{} + 1", "negative": "-{}",
    "square": "{} ** 2", "sin": "torch.sin({})", "exp of minus": "torch.exp(-{})",
    "tanh": "torch.tanh({})", "sigmoid": "torch.sigmoid({})",
}  # fmt: skip


@dataclass(frozen=True)
class ChainNumbers:
    """The chain x, u, v, y, each with its nudged value and its slope, and what was measured.

    `shrinking` has, for smaller and smaller nudges, the measured ratio of the whole chain.
    """

    h: float
    chain: list[Quantity]
    shrinking: list[tuple[float, float]]

    @property
    def slopes(self) -> list[float]:
        """The slopes of the three stages."""
        return [quantity.slope for quantity in self.chain[1:]]

    @property
    def product(self) -> float:
        """The slopes multiplied: the slope of the whole chain."""
        return math.prod(self.slopes)

    @property
    def measured(self) -> float | None:
        """The measured ratio of the whole chain."""
        return ratio(self.chain[0], self.chain[-1])


@cache
def reach_of(u: str, v: str, y: str) -> dict[str, tuple[float, float]]:
    """Return the smallest and largest that each quantity can be, wherever x and h are moved."""
    values = [LOWEST + k / 20 for k in range(round(20 * (X_REACH[1] - LOWEST)) + 1)]
    reach = {"x": X_REACH}
    for name, function in {"u": u, "v": v, "y": y}.items():
        values = [FUNCTIONS[function].value(value) for value in values]
        reach[name] = min(values), max(values)
    return reach


def small_change(u: str, v: str, y: str, h: float, x: float) -> ChainNumbers:
    """Return what a nudge of x by h does along the chain, and what smaller nudges would do."""
    stages, reach = {"u": FUNCTIONS[u], "v": FUNCTIONS[v], "y": FUNCTIONS[y]}, reach_of(u, v, y)

    def nudged_by(nudge: float) -> list[Quantity]:
        chain = [Quantity("x", x, x + nudge, reach=reach["x"])]
        for name, function in stages.items():
            before = chain[-1]
            chain.append(
                Quantity(
                    name,
                    function.value(before.value),
                    function.value(before.nudged),
                    f"{name} = {function.rule.format(before.name)}",
                    function.slope_rule.format(before.name),
                    function.slope(before.value),
                    reach[name],
                )
            )
        return chain

    shrinking = []
    for nudge in SHRINKING:
        chain = nudged_by(nudge)
        shrinking.append((nudge, ratio(chain[0], chain[-1]) or 0.0))
    return ChainNumbers(h, nudged_by(h), shrinking)


def chain_picture(numbers: ChainNumbers) -> Picture:
    """Draw the number lines and, beside them, the table of slopes and ratios."""
    return beside(number_lines(numbers.chain), slopes_table(numbers.chain, numbers.shrinking))


class NumberLinesExplorer(Explorer):
    """Nudge x and follow the change: from x to u to v to y, each by a function that you choose.

    Each stage multiplies the change by about its slope. The measured ratios multiply exactly; each
    comes nearer to its slope as the nudge h shrinks.
    """

    compute, draw = small_change, chain_picture
    controls: ClassVar = {
        **{
            name: menu(f"{name} is", [*FUNCTIONS], chosen, "13em", "3em")
            for name, chosen in {"u": "square", "v": "triple", "y": "sin"}.items()
        },
        "h": choice_slider("nudge h", NUDGES, 0.5, "5em"),
        "x": slider_along(X_LINE, "x", 0.3, LOWEST, HIGHEST, 0.05),
    }
    rows: ClassVar = [["x", "h"], ["u", "v", "y"]]
    presets: ClassVar = {
        "straight": {"u": "triple", "v": "negative", "y": "half"},
        "saturated": {"u": "triple", "v": "square", "y": "tanh"},
        "there and back": {"x": -0.5, "h": 1.0},
    }

    def torch_code(self) -> str:
        """Return the chain in PyTorch, whose gradient is the product of the slopes."""
        stages = zip("uvy", "xuv", strict=True)
        lines = {name: TORCH[self.state[name]].format(before) for name, before in stages}
        return torch_graph({"x": self.state["x"]}, lines, 1)
