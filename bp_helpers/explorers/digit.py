"""A digit to draw or to change, what a trained network reads, and which pixels are to blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.explorers.controls import LONG, button, menu, whole_slider
from bp_helpers.explorers.data_sets import digits
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.layers import Dense, ReLU
from bp_helpers.losses import SoftmaxCrossEntropy
from bp_helpers.network import Network
from bp_helpers.optimizers import Adam
from bp_helpers.pictures import FloatArray, Picture, beside, digit_paper, digit_read
from bp_helpers.training import fit

DIGITS = tuple("0123456789")
EPOCHS = 20
START, START_IS = 0, "6"  # the test digit at the start, and what it is
MISREAD = 317  # a test digit that the network takes for another: a 3, read as a 5
NAMES = [f"X[{k}]" for k in range(64)]


@dataclass(frozen=True)
class DigitNumbers:
    """What the network makes of 64 pixels: `p` (10,), the loss if it is `target`, `dX` (64,)."""

    pixels: FloatArray
    target: int
    p: FloatArray
    loss: float
    dX: FloatArray
    selected: str


@cache
def digit_reader() -> Network:
    """Return a 64-64-10 network that has learned to read; its parameters have two decimals.

    So small differences between processors, in which training ends, leave no trace.
    """
    data, rng = digits(), np.random.default_rng(0)
    layers = [Dense(64, 64, rng=rng, start="he"), ReLU(), Dense(64, 10, rng=rng)]
    network = Network(layers, SoftmaxCrossEntropy())
    fit(network, Adam(network, 0.003), data.x_train, data.y_train, EPOCHS, 32, rng)
    for array in network.parameters.values():
        array[...] = np.round(array, 2)
    return network


def read_digit(pixels: FloatArray, target: str, selected: str) -> DigitNumbers:
    """Return ten probabilities, and the gradient of the loss at each pixel."""
    network, x = digit_reader(), pixels[np.newaxis]
    p = SoftmaxCrossEntropy.probabilities(network.forward(x))[0]
    loss = network.loss_value(x, np.array([int(target)]))
    dX = network.backward()[0]
    return DigitNumbers(pixels, int(target), p, loss, dX, selected)


def digit_picture(numbers: DigitNumbers) -> Picture:
    """Draw the paper, the blame of its pixels, and the ten probabilities."""
    return beside(
        digit_paper(numbers.pixels, numbers.selected),
        digit_read(numbers.p, numbers.target, numbers.loss, numbers.dX),
    )


class DigitExplorer(Explorer):
    """Draw a digit, or change one that somebody wrote: the network reads along.

    A stroke over the paper puts ink on it, one that starts on ink takes it away; with the keyboard,
    arrows go from pixel to pixel, and Space puts ink there or takes it away. The loss is that of
    the digit which you say it is. Where the gradient is positive, less ink would make the loss
    smaller; where it is negative, more ink.
    """

    compute, draw = read_digit, digit_picture
    controls: ClassVar = {
        "digit": whole_slider("test digit", START, 0, 358, LONG, "5em"),
        "target": menu("it is a", DIGITS, START_IS, "9em"),
    }
    presets: ClassVar = {"a misread one": {"digit": MISREAD}}

    @classmethod
    def start_state(cls) -> State:
        """Return the digit at the start, none of its pixels chosen."""
        return {**super().start_state(), "pixels": digits().x_test[START], "selected": ""}

    def buttons(self) -> list[widgets.Widget]:
        """Return the button that clears the paper."""
        return [button("Clear", self.clear)]

    def clear(self) -> None:
        """Take all ink from the paper."""
        self.set(pixels=np.zeros(64))

    def parts(self, state: State) -> Sequence[str]:
        """Return the names of the pixels."""
        return NAMES

    def choose(self, name: str) -> None:
        """Put ink on the pixel called `name`, `X[9]` for example, or take away what is there."""
        self.refuse_strangers(self.state, [name])
        pixels = self.state["pixels"].copy()
        k = NAMES.index(name)
        pixels[k] = 0.0 if pixels[k] >= 0.5 else 1.0
        self.set(pixels=pixels, selected=name)

    def _news_since(self, before: Picture) -> str | None:
        """Return what the network reads now, and the loss: not the ink of all 64 pixels again."""
        if not before.words:
            return None
        was, now = (
            ". ".join(p.words.split("\n")[1].split(". ")[:2]) for p in (before, self.picture)
        )
        return f"{now}." if now != was else None

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set; another digit brings its pixels and what it is."""
        state = super().moved_to(state, name, value)
        if name != "digit":
            return state
        data = digits()
        k = min(max(int(value), 0), len(data.x_test) - 1)  # where the slider will stand
        return {**state, "pixels": data.x_test[k], "target": str(data.y_test[k])}
