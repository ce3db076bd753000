"""The course's mathematics, one small method per line: what a mistake changes is one of them.

`Steps()` does everything right. `Steps({"db": lambda s, delta: delta.mean(axis=0)})` does what a
learner's code does in which only that line is wrong; whatever uses the line goes wrong with it.
Bias gradients, handing back and all the rest are therefore written here once, and a mistake once
in the catalogue, whether it is met in a line of its own or in the training of a whole network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bp_helpers.exercises.steps.chain_rule import ChainRuleSteps
from bp_helpers.exercises.steps.cost import CostSteps
from bp_helpers.exercises.steps.depth import DepthSteps
from bp_helpers.exercises.steps.graph import GraphSteps
from bp_helpers.exercises.steps.learning import LearningSteps
from bp_helpers.exercises.steps.machines import MachineSteps
from bp_helpers.exercises.steps.measuring import MeasuringSteps
from bp_helpers.exercises.steps.replaceable import Override


class Steps(
    ChainRuleSteps, LearningSteps, MeasuringSteps, CostSteps, DepthSteps, MachineSteps, GraphSteps
):
    """Forward pass, backward pass and training of sigmoid layers under squared error.

    It holds the steps of all notebooks, since one that a mistake replaces is used by many of them.
    `overrides` maps names of methods to functions that stand in their place; each takes the Steps
    as its first argument, as a method does. `layers` is a list of pairs (W, b).
    """


# a line that serves two places, which may be written out for each: the line, and the two places
TWICE = [
    ({"dW", "db", "own_gradients"}, ("output_gradients", "hidden_gradients")),
    ({"add_paths"}, ("to_a", "to_b")),
]


def in_one_place(way: Override) -> list[Override]:
    """Return a way to make a mistake, and the same in one only of the places that it serves."""
    ways = [way]
    for lines, places in TWICE:
        if way.keys() <= lines:
            ways += [{place: _spoilt(place, way)} for place in places]
    return ways


def _spoilt(place: str, way: Override) -> Callable[..., Any]:
    right = getattr(Steps, place)
    return lambda s, *given: right(Steps(*s.overrides, way), *given)
