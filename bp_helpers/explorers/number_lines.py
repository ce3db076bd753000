"""How a small change travels through a chain of three functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import ipywidgets as widgets

from bp_helpers.explorers.kit import Explorer, Numbers, row, slider
from bp_helpers.pictures import (
    MINUS,
    Picture,
    Quantity,
    beside,
    number,
    number_lines,
    ratio,
    short,
    slopes_table,
)

NUDGES = [1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001]
SHRINKING = [1.0, 0.1, 0.01, 0.001, 0.0001]


@dataclass(frozen=True)
class Function:
    """A function and its slope: how they are written, in Python too, and what they give.

    `{}` stands for the argument. No three of them in a row overflow for arguments from -2 to 3.
    """

    rule: str
    slope_rule: str
    code: str
    slope_code: str
    value: Callable[[float], float]
    slope: Callable[[float], float]


def phi(z: float) -> float:
    """Return the sigmoid of z; far below -700, exp(-z) would overflow."""
    return 1 / (1 + math.exp(-z))


FUNCTIONS = {
    "triple": Function("3 {}", "3", "3 * {}", "3", lambda z: 3 * z, lambda _: 3.0),
    "half": Function("{} / 2", "1/2", "{} / 2", "0.5", lambda z: z / 2, lambda _: 0.5),
    "plus one": Function("{} + 1", "1", "{} + 1", "1", lambda z: z + 1, lambda _: 1.0),
    "negative": Function(f"{MINUS}{{}}", f"{MINUS}1", "-{}", "-1", lambda z: -z, lambda _: -1.0),
    "square": Function("{}²", "2 {}", "{}**2", "2 * {}", lambda z: z * z, lambda z: 2 * z),
    "sin": Function("sin {}", "cos {}", "np.sin({})", "np.cos({})", math.sin, math.cos),
    "exp of minus": Function(
        f"exp({MINUS}{{}})", f"{MINUS}exp({MINUS}{{}})", "np.exp(-{})", "-np.exp(-{})",
        lambda z: math.exp(-z), lambda z: -math.exp(-z),
    ),
    "tanh": Function(
        "tanh {}", f"1 {MINUS} tanh² {{}}", "np.tanh({})", "1 - np.tanh({}) ** 2",
        math.tanh, lambda z: 1 - math.tanh(z) ** 2,
    ),
    "sigmoid": Function(
        "φ({0})", f"φ({{0}}) (1 {MINUS} φ({{0}}))", "phi({0})", "phi({0}) * (1 - phi({0}))",
        phi, lambda z: phi(z) * (1 - phi(z)),
    ),
}  # fmt: skip


class NumberLinesExplorer(Explorer):
    """Nudge x and follow the change: from x to u to v to y, each by a function that you choose.

    Each stage multiplies the change by about its slope. The measured ratios multiply exactly; each
    comes nearer to its slope as the nudge h shrinks.
    """

    presets: ClassVar = {
        "straight": {"u": "triple", "v": "negative", "y": "half"},
        "saturated": {"u": "triple", "v": "square", "y": "tanh"},
        "there and back": {"x": -0.5, "h": 1.0},
    }

    def __init__(self) -> None:
        controls = {
            name: widgets.Dropdown(
                options=[*FUNCTIONS], value=chosen, description=f"{name} is",
                style={"description_width": "3em"}, layout={"width": "12em"},
            )
            for name, chosen in {"u": "square", "v": "triple", "y": "sin"}.items()
        }  # fmt: skip
        stages = [*controls.values()]
        controls["h"] = widgets.SelectionSlider(
            options=[(f"{h:g}", h) for h in NUDGES], value=0.5, description="nudge h",
            style={"description_width": "5em"}, layout={"width": "24em"},
        )  # fmt: skip
        controls["x"] = slider("x", 0.3, -2, 2, 0.05)
        controls["x"].style.description_width = "3em"
        super().__init__(controls, [row(*stages), row(controls["h"], controls["x"])])

    def numbers(self) -> Numbers:
        """Return the chain's values, slopes and measured ratios, one stage after the other."""
        x, h = float(self.values["x"]), float(self.values["h"])
        chain = self._chain(x, h)
        stages = list(pairwise(chain))
        return {
            "x": x,
            "h": h,
            "chain": chain,
            "slopes": [after.slope for _, after in stages],
            "ratios": [ratio(before, after) for before, after in stages],
            "product": math.prod(after.slope for _, after in stages),
            "measured": ratio(chain[0], chain[-1]),
            "shrinking": [(nudge, self._measured(x, nudge)) for nudge in SHRINKING],
        }

    def draw(self, numbers: Numbers) -> Picture:
        """Return the number lines and, beside them, the table of slopes and ratios."""
        chain = numbers["chain"]
        return beside(number_lines(chain), slopes_table(chain, numbers["shrinking"]))

    def describe(self, numbers: Numbers) -> str:
        """Return the chain, its slopes and its ratios in words."""
        chain = numbers["chain"]
        lines = [f"x = {short(numbers['x'])}, nudged by h = {numbers['h']:g}"]
        for before, after, measured in zip(chain, chain[1:], numbers["ratios"], strict=False):
            moved = "no ratio, as nothing moved" if measured is None else number(measured, 4)
            lines.append(
                f"{after.rule}: {short(after.value)}, nudged {short(after.nudged)}; slope "
                f"d{after.name}/d{before.name} = {after.slope_rule} = {number(after.slope, 4)}, "
                f"measured ratio {moved}"
            )
        lines.append(
            f"Slopes multiplied: {number(numbers['product'], 4)}; measured for the whole: "
            f"{number(numbers['measured'], 4)}"
        )
        said = [f"{number(measured, 4)} with h = {h:g}" for h, measured in numbers["shrinking"]]
        return "\n".join([*lines, f"As h shrinks, the whole is {', '.join(said)}"])

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        functions = self._functions()
        phi_code = ["def phi(z):", "    return 1 / (1 + np.exp(-z))", "", ""]
        return "\n".join(
            [
                "import numpy as np",
                "",
                "",
                *(phi_code if FUNCTIONS["sigmoid"] in functions.values() else []),
                "def chain(x):",
                *(
                    f"    {name} = {function.code.format(before)}"
                    for before, (name, function) in zip("xuv", functions.items(), strict=True)
                ),
                "    return u, v, y",
                "",
                "",
                f"x, h = {float(self.values['x'])!r}, {float(self.values['h'])!r}",
                "u, v, y = chain(x)",
                "slopes = [",
                *(
                    f"    {function.slope_code.format(before)},"
                    for before, function in zip("xuv", functions.values(), strict=True)
                ),
                "]",
                "product = slopes[0] * slopes[1] * slopes[2]",
                "measured = (chain(x + h)[-1] - y) / h",
            ]
        )

    def _functions(self) -> dict[str, Function]:
        return {name: FUNCTIONS[self.values[name]] for name in "uvy"}

    def _chain(self, x: float, h: float) -> list[Quantity]:
        chain = [Quantity("x", x, x + h)]
        for name, function in self._functions().items():
            before = chain[-1]
            chain.append(
                Quantity(
                    name,
                    function.value(before.value),
                    function.value(before.nudged),
                    f"{name} = {function.rule.format(before.name)}",
                    function.slope_rule.format(before.name),
                    function.slope(before.value),
                )
            )
        return chain

    def _measured(self, x: float, h: float) -> float:
        chain = self._chain(x, h)
        return ratio(chain[0], chain[-1]) or 0.0
