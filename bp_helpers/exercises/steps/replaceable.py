"""What all groups of steps have in common: types, and methods that can be replaced one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any

from bp_helpers._checks import Array

Layers = list[tuple[Array, Array]]  # (W, b) of each layer, or their gradients
Override = Mapping[str, Callable[..., Any]]
_made = [0]


def steps_made() -> int:
    """Return how many there have been: a check sees whether a learner's function made one."""
    return _made[0]


class Replaceable:
    """An object of which some methods are replaced, the others as its class has them.

    `overrides` maps names of methods to functions that stand in their place; each takes the object
    as its first argument, as a method does.
    """

    def __init__(self, *overrides: Override) -> None:
        _made[0] += 1
        self.overrides = overrides
        for override in overrides:
            for name, function in override.items():
                setattr(self, name, MethodType(function, self))
