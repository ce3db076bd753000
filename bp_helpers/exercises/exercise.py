"""What an exercise is: an object that is called with what a learner wrote, and answers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bp_helpers.exercises.feedback import Feedback, not_tried
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.results import Reader, Values
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Override


@dataclass(frozen=True, eq=False)  # compared by identity, so that what it gives can be kept
class Exercise:
    """A function for a learner to write; called with it, an exercise returns a Feedback.

    `function` is its name, and `step` the method of Steps that does the same, where that has
    another name. `read` names what the function returns. `asks` says what is asked for, `why` in
    one sentence why a right answer is right, and `compared` what it was compared with.
    `direction` is that in which the results are found. `going_in_place` names the arguments that a
    right function changes. `faults` are the mistakes that the function has when the learner gets
    it. `long` says that it takes several lines: then the first mistake is looked for before two at
    once are. `one_of_two_in` names the lines of which one of two mistakes is in, where looking for
    all pairs would take too long. `spoil` changes what a right function makes anew when it is
    called once more on what it has left. `within` is by how much a number of a right result may
    differ from the true one, if that is less than elsewhere.
    """

    function: str
    probes: Sequence[Probe]
    read: Reader
    asks: str
    why: str
    compared: str
    step: str = ""
    direction: str = "going backward"
    going_in_place: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    long: bool = False
    one_of_two_in: frozenset[str] = frozenset()
    spoil: Callable[..., None] | None = None
    within: float | None = None

    def __post_init__(self) -> None:
        """Give the exercise a docstring of its own."""
        object.__setattr__(self, "__doc__", self.asks)

    @property
    def asked_for(self) -> str:
        """What is asked for, as a sentence of an answer."""
        function, _, result = self.asks.removeprefix("Check ").partition("`: ")
        return f"What is asked for: {function}` gives {result}"

    def __call__(self, function: Any) -> Feedback:
        """Return the answer to a learner's function."""
        from bp_helpers.exercises.judge import judge  # which asks back

        return judge(self, function)

    def read_result(self, value: Any, given: dict[str, Any], probe: Probe) -> Values:
        """Return what a function returned for a probe, or left in what it was given, by name."""
        in_place = {name: given[name] for name in self.going_in_place}
        return self.read(value, {**probe.arguments, **in_place})

    def result(self, probe: Probe, *overrides: Override) -> Values:
        """Return what Steps with these lines replaced gives for a probe, by name."""
        return self.read(*self.raw_result(probe, *overrides))

    def raw_result(
        self, probe: Probe, *overrides: Override, steps: type[Steps] = Steps
    ) -> tuple[Any, dict[str, Any]]:
        """Return what that function returns, and its arguments as it leaves them."""
        # only what a right function changes has to be a copy: no line of Steps writes into the rest
        arguments = copy.deepcopy(probe.arguments) if self.going_in_place else probe.arguments
        return getattr(steps(*overrides), self.step or self.function)(**arguments), arguments


@dataclass(frozen=True, eq=False)
class Choice:
    """Something for a learner to choose; called with it and what it is about, it answers.

    `asks` says what is asked for, `instead` what to write in the place of None, and `examine`
    answers to anything else.
    """

    asks: str
    instead: str
    examine: Callable[..., Feedback]

    def __post_init__(self) -> None:
        """Give the exercise a docstring of its own."""
        object.__setattr__(self, "__doc__", self.asks)

    def __call__(self, chosen: Any, *about: Any) -> Feedback:
        """Return the answer to a learner's choice."""
        if chosen is None or chosen is Ellipsis:
            return not_tried(f"write {self.instead} instead of None.")
        return self.examine(chosen, *about)
