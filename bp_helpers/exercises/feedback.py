"""What a check answers, and how it puts two arrays into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np

from bp_helpers._checks import Array

# Two arrays are the same if they differ by no more than this share of the largest entry: float32
# passes, and no mistake of the catalogue comes near it.
TOLERANCE = 1e-5
LINE = 66  # letters: so many fit into a notebook in a narrow window


@dataclass(frozen=True, repr=False)
class Feedback:
    """A check's answer: `text` for the learner, `mistake` the id of what was recognised."""

    correct: bool
    mistake: str | None
    text: str

    def __repr__(self) -> str:
        # JupyterLab would break a long line anywhere, also within a word.
        return "\n".join(
            fill(line, LINE, break_on_hyphens=False, break_long_words=False)
            for line in self.text.splitlines()
        )


def not_yet(*lines: str, mistake: str | None = None) -> Feedback:
    """Return a Feedback of these lines, without the empty ones."""
    text = "\n".join(line for line in lines if line)
    return Feedback(False, mistake, f"Not yet. {text}")


def differs(yours: Array, true: Array) -> Array:
    """Return where two arrays of the same shape differ by more than rounding; NaN equals NaN."""
    size = max(np.max(np.abs(true), initial=0, where=np.isfinite(true)), 1e-12)
    close = np.isclose(yours, true, rtol=0, atol=TOLERANCE * size, equal_nan=True)
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
    mine, theirs = float(yours[index]), float(true[index])
    for digits in (4, 6, 9, 12):
        texts = f"{mine:+.{digits}g}", f"{theirs:+.{digits}g}"
        if texts[0] != texts[1]:
            break
    return f"{entry(name, index)}: yours {texts[0]}, true {texts[1]}"


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
