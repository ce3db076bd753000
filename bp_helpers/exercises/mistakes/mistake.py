"""What a mistake of the catalogue is, and what was recognised in a learner's results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.steps.replaceable import Override


class Mistake:
    """A well-known mistake: a sentence that says why it is wrong, and a hint.

    Each of `ways` replaces methods of Steps by functions that make the mistake; they differ in how
    much of the work they spoil. A mistake that shows in the call, not in the numbers, has none.
    """

    def __init__(self, explanation: str, hint: str, *ways: Override) -> None:
        self.explanation, self.hint, self.ways = explanation, hint, ways


@dataclass(frozen=True)
class Finding:
    """What was recognised: ids of mistakes, a sentence on what stands where, and if that is all."""

    mistakes: tuple[str, ...]
    detail: str = ""
    complete: bool = True


@dataclass(frozen=True)
class After:
    """A line whose result is changed afterwards; it may be wrong in another way as well."""

    line: Callable[..., Any]
    change: Callable[[Any], Any]

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Return the changed result."""
        return self.change(self.line(*given, **named))

    def behind(self, line: Callable[..., Any]) -> After:
        """Return the same change of what another line gives."""
        return After(line, self.change)


def after(lines: Sequence[str], *changes: Callable[[Any], Any]) -> tuple[Override, ...]:
    """Return the ways to change what a right line gives: each of these lines, in each way."""
    return tuple(
        {line: After(getattr(Steps, line), change)} for line in lines for change in changes
    )
