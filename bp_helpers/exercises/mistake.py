"""What a mistake of the catalogue is, and what was recognised in a learner's results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Override


@dataclass(frozen=True)
class Mistake:
    """A well-known mistake.

    Each of `ways` replaces methods of Steps by functions that make the mistake; they differ in how
    much of the work they spoil. A mistake that shows in the call, not in the numbers, has none.
    """

    id: str
    explanation: str
    hint: str
    ways: tuple[Override, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What was recognised: the mistakes, a sentence on what stands where, whether that is all."""

    mistakes: tuple[Mistake, ...]
    detail: str = ""
    complete: bool = True


def after(lines: Sequence[str], *changes: Callable[[Any], Any]) -> tuple[Override, ...]:
    """Return the ways to change what a right line gives: each of these lines, in each way."""

    def changed(line: str, change: Callable[[Any], Any]) -> Override:
        right = getattr(Steps, line)
        return {line: lambda s, *given, **named: change(right(s, *given, **named))}

    return tuple(changed(line, change) for line in lines for change in changes)
