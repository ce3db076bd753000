"""What a check answers, and how it puts two arrays into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import fill
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.printing import steady

# Two arrays are the same if they differ by no more than this share of the largest entry: float32
# passes, and no mistake of the catalogue comes near it.
TOLERANCE = 1e-5
FOR_PROGRAMS = "application/vnd.bp-helpers.feedback+json"  # the output that tools/collect.py reads
LINE = 66  # letters: so many fit into a notebook in a narrow window


class Standing(StrEnum):
    """How an exercise stands: what code asks for, where a person reads the text."""

    RIGHT = "right"
    NAMED = "named"  # wrong, and the mistake is known
    NOT_YET = "not yet"
    NOT_TRIED = "not tried"
    STOPPED = "stopped"  # by an error


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class Comparison:
    """A learner's array beside the true one: what it is called, and with which arguments."""

    name: str
    yours: Array
    true: Array
    about: str

    @property
    def first(self) -> tuple[int, ...]:
        """Return where the first entry lies that differs; the shapes are the same."""
        return tuple(int(i) for i in np.argwhere(differs(self.yours, self.true))[0])

    @property
    def sentence(self) -> str:
        """Return the first entry that differs in both versions, or the two shapes."""
        if self.yours.shape != self.true.shape:
            shapes = f"yours has shape {self.yours.shape}, it should be {self.true.shape}"
            return f"{self.name}: {shapes} (with {self.about})."
        return f"{side_by_side(self.name, self.yours, self.true)} (with {self.about})."


@dataclass(frozen=True, repr=False, eq=False)
class Feedback:
    """A check's answer.

    `says` is the diagnosis, or why it is right; `hint` a hint; `details` what else there is to
    know, a line each; `mistakes` the ids of what was recognised, in the order of the way.
    """

    standing: Standing
    says: str
    hint: str = ""
    details: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    comparison: Comparison | None = None

    @property
    def correct(self) -> bool:
        """Return whether the answer was right."""
        return self.standing is Standing.RIGHT

    @property
    def mistake(self) -> str | None:
        """Return the id of the first mistake that was recognised."""
        return self.mistakes[0] if self.mistakes else None

    @property
    def title(self) -> str:
        """Return the words that stand before the diagnosis."""
        starts = {Standing.RIGHT: "Right:", Standing.NOT_TRIED: "Not tried yet:"}
        return starts.get(self.standing, "Not yet.")

    @property
    def lines(self) -> list[str]:
        """Return what follows the hint, a line each."""
        numbers = [self.comparison.sentence] if self.comparison else []
        return [*numbers, *self.further]

    @property
    def further(self) -> list[str]:
        """Return what follows the numbers, a line each."""
        entries = ", ".join(self.mistakes)
        catalogue = [f"In the catalogue of mistakes: {entries}."] if entries else []
        return [*self.details, *catalogue]

    @property
    def text(self) -> str:
        """Return all of it in words."""
        hint = [f"Hint: {self.hint}"] if self.hint else []
        return "\n".join([f"{self.title} {self.says}", *hint, *self.lines])

    def __repr__(self) -> str:
        # JupyterLab would break a long line anywhere, also within a word.
        return "\n".join(
            fill(line, LINE, break_on_hyphens=False, break_long_words=False)
            for line in self.text.splitlines()
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the words, the card that a notebook shows, and what a program reads."""
        from bp_helpers.exercises.card import card  # which looks at a Feedback

        return {
            "text/plain": repr(self),
            "text/html": card(self),
            FOR_PROGRAMS: {"standing": str(self.standing), "mistakes": list(self.mistakes)},
        }


def right(why: str, *details: str) -> Feedback:
    """Return that an answer is right, and why."""
    return Feedback(Standing.RIGHT, why, details=_kept(details))


def not_tried(what_to_do: str) -> Feedback:
    """Return that nothing was tried."""
    return Feedback(Standing.NOT_TRIED, what_to_do)


def not_yet(says: str, *details: str, hint: str = "") -> Feedback:
    """Return a Feedback of these sentences, without the empty ones; the first is the diagnosis."""
    return Feedback(Standing.NOT_YET, says, hint, _kept(details))


def stopped(says: str, *details: str) -> Feedback:
    """Return that a function was stopped by an error."""
    return Feedback(Standing.STOPPED, says, details=_kept(details))


def _kept(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def differs(yours: Array, true: Array) -> Array:
    """Return where two arrays of the same shape differ by more than rounding; NaN equals NaN."""
    size = max(np.max(np.abs(true), initial=0, where=np.isfinite(true)), 1e-12)
    with np.errstate(invalid="ignore", over="ignore"):  # of infinite ones, or huge
        close = np.abs(np.subtract(yours, true, dtype=float)) <= TOLERANCE * size
    close |= (yours == true) | (np.isnan(yours) & np.isnan(true))
    return np.asarray(~close)


def same(yours: Array, true: Array) -> bool:
    """Return whether two arrays have the same shape and, to rounding, the same entries."""
    return yours.shape == true.shape and not differs(yours, true).any()


def entry(name: str, index: Sequence[int]) -> str:
    """Return how a learner would write one entry: `dW[0, 2]`."""
    return f"{name}[{', '.join(str(i) for i in index)}]" if index else name


def side_by_side(name: str, yours: Array, true: Array) -> str:
    """Return the first entry that differs, in both versions."""
    index = tuple(int(i) for i in np.argwhere(differs(yours, true))[0])
    mine, theirs = as_many_digits_as_it_takes(float(yours[index]), float(true[index]))
    return f"{entry(name, index)}: yours {mine}, true {theirs}"


def as_many_digits_as_it_takes(mine: float, theirs: float) -> tuple[str, str]:
    """Return two numbers as text, with so many digits that they can be told apart; counts whole."""
    mine, theirs = steady(mine), steady(theirs)
    if mine.is_integer() and theirs.is_integer() and max(abs(mine), abs(theirs)) < 1e15:
        return f"{mine:,.0f}", f"{theirs:,.0f}"
    for digits in (4, 6, 9, 12):
        texts = f"{mine:+.{digits}g}", f"{theirs:+.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def factor(yours: Array, true: Array) -> float | None:
    """Return c if yours is c times the true array in every entry, else None."""
    square = float(np.vdot(true, true))
    if square == 0 or not np.isfinite(yours).all():
        return None
    ratio = float(np.vdot(true, yours)) / square
    return ratio if same(yours, ratio * true) else None


def cosine(yours: Array, true: Array) -> float | None:
    """Return the cosine of the angle between two arrays, or None where there is no angle."""
    lengths = float(np.linalg.norm(yours) * np.linalg.norm(true))
    if true.size < 2 or lengths == 0 or not np.isfinite(lengths):
        return None
    return float(np.vdot(yours, true)) / lengths
