"""A number is chosen in the picture; if it may be changed, one slider is its own."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from bp_helpers.explorers.explorer import Explorer, State


class ChosenNumberExplorer(Explorer):
    """An explorer in whose picture any number can be chosen: `selected` in the state is its name.

    Numbers are called by array and index, `W1[0,2]`. Those for which `changeable` names an entry
    of the state get the slider `slot`, which reaches from -`reach` to `reach`, or farther if the
    number is out there already. For all others it is disabled.
    """

    slot: ClassVar[str]
    reach: ClassVar[float] = 3.0

    @classmethod
    def start_state(cls) -> State:
        """Return the state at the start, without the slider: what it shows is in an array."""
        state = super().start_state()
        del state[cls.slot]
        return state

    def changeable(self, name: str) -> tuple[str, tuple[int, ...]] | None:
        """Return the array and the place in it that change with the slider while `name` is chosen.

        None says that nothing does; a name that the picture does not have is a ValueError.
        """
        raise NotImplementedError

    def choose(self, name: str) -> None:
        """Select the number called `name`, and give it the slider if it may be changed."""
        self.set(selected=name)

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set; the slider sets what is chosen."""
        if name == "selected":
            self.changeable(value)  # refuses what is no number of the picture
        if name != self.slot:
            return super().moved_to(state, name, value)
        place = self.changeable(state["selected"])
        if place is None:
            raise ValueError(
                f"{state['selected']} is chosen, which no slider changes: choose a parameter first"
            )
        array, index = place
        changed = np.array(state[array])
        low, high = self._range(float(changed[index]))
        changed[index] = np.clip(float(value), low, high)
        return {**state, array: changed}

    def handle_value(self, state: State, name: str) -> Any:
        """Return where a control stands: the slider at what is chosen."""
        if name != self.slot:
            return super().handle_value(state, name)
        place = self.changeable(state["selected"])
        return self.handles[name].value if place is None else float(state[place[0]][place[1]])

    def fit_handles(self, state: State) -> None:
        """Let the slider name what is chosen, and reach it."""
        slot, place = self.handles[self.slot], self.changeable(state["selected"])
        slot.disabled = place is None
        if place:
            array, index = place
            value = float(state[array][index])
            slot.description = f"{array}[{','.join(map(str, index))}]"
            slot.min, slot.max = self._range(value)

    def _range(self, value: float) -> tuple[float, float]:
        """Return the ends of the slider of a number that has this value."""
        return min(-self.reach, value), max(self.reach, value)
