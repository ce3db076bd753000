"""A number is chosen in the picture; if it may be changed, one slider is its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.explorers.controls import Hand, toggle
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.pictures import entry_name

Entry = tuple[str, tuple[int, ...]]  # an array's name, and the place in it


class ChosenNumberExplorer(Explorer):
    """An explorer in whose picture any number can be chosen: `selected` in the state is its name.

    Numbers are called by array and index, `W1[0,2]`. The entries of the state's `arrays` can be
    changed in the picture, from -`reach` to `reach`, or farther if the number is out there already.
    Choosing one, or what `changeable` takes for one, gives it the slider `slot` as well; `held` in
    the state is its name. It keeps the slider while others are chosen that no hand can change.

    While the button Pin is down, the formula that is shown stays, whatever is chosen.
    """

    slot: ClassVar[str]
    first: ClassVar[str]  # the name of the number that is chosen at the start
    arrays: ClassVar[Sequence[str]]
    reach: ClassVar[float] = 3.0

    @classmethod
    def start_state(cls) -> State:
        """Return the state at the start, without the slider: what it shows is in an array."""
        state = super().start_state()
        del state[cls.slot]
        return {**state, "selected": cls.first, "held": cls.first}

    def changeable(self, name: str, state: State) -> Entry | None:
        """Return the array and the place in it that change with the slider while `name` is chosen.

        None says that nothing does; a name that the picture does not have is a ValueError.
        """
        raise NotImplementedError

    def tools(self) -> list[widgets.Widget]:
        """Return the button that keeps the formula of the chosen number in sight."""
        tooltip = "Keep this formula while other numbers are chosen and changed"
        self.pin = toggle("Pin", tooltip, icon="thumb-tack")
        return [self.pin]

    def reset(self) -> None:
        """Bring everything back to where it was at the start; nothing is pinned then."""
        self.pin.value = False
        super().reset()

    def choose(self, name: str) -> None:
        """Select the number called `name`, and give it the slider if it may be changed.

        While a formula is pinned, only the slider goes there.
        """
        if not self.pin.value:
            return self.set(selected=name)
        entry = self.changeable(name, self.state)
        if entry:
            return self.set(held=entry_name(*entry))
        self.trouble.value = (
            f"<p>The formula of {escape(str(self.state['selected']))} is pinned. Press Pin again "
            f"to see that of {escape(name)}.</p>"
        )

    def hands(self) -> dict[str, Hand]:
        """Return what a hand can change in the picture: each entry of `arrays`, and each slider."""
        hands, step = super().hands(), self.handles[self.slot].step
        del hands[self.slot]
        for array in self.arrays:
            for index, value in np.ndenumerate(self.state[array]):
                low, high = self._range(value)
                name = entry_name(array, index)
                hands[name] = Hand(name, float(value), low, high, step, step / 10)
        return hands

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set, which may be an entry; the slider sets `held`."""
        if name == "selected":
            entry = self.changeable(value, state)  # refuses what is no number of the picture
            held = entry_name(*entry) if entry else state["held"]
            return {**state, "selected": value, "held": held}
        if name == "held":
            return {**state, "held": entry_name(*self._entry(value, state))}
        if name == self.slot:
            name = state["held"]
        if not self._is_entry(name):
            return super().moved_to(state, name, value)
        array, index = self._entry(name, state)
        changed = np.array(state[array])
        value, (low, high) = float(value), self._range(float(changed[index]))
        if math.isnan(value):
            raise ValueError(f"{name} cannot be nan: choose a number from {low:g} to {high:g}")
        changed[index] = np.clip(value, low, high)
        return {**state, array: changed}

    def handle_value(self, state: State, name: str) -> Any:
        """Return where a control stands, or an entry: the slider stands at what it holds."""
        if name == self.slot:
            name = state["held"]
        if not self._is_entry(name):
            return super().handle_value(state, name)
        array, index = self._entry(name, state)
        return float(state[array][index])

    def fit_handles(self, state: State) -> None:
        """Let the slider name what it holds, and reach it."""
        slot = self.handles[self.slot]
        slot.description = state["held"]
        slot.min, slot.max = self._range(self.handle_value(state, self.slot))

    def _is_entry(self, name: str) -> bool:
        array, bracket, _ = name.partition("[")
        return bool(bracket) and array in self.arrays

    def _entry(self, name: str, state: State) -> Entry:
        entry = self.changeable(name, state)
        if entry is None:
            raise ValueError(f"{name} cannot be changed: it follows from other numbers")
        return entry

    def _range(self, value: float) -> tuple[float, float]:
        """Return the ends of the slider of a number that has this value."""
        return min(-self.reach, value), max(self.reach, value)
