"""Draw ahead what the page in front can show, so that its picture moves without Python.

`python bake.py FOLDER` writes the pictures of notebook 00's explorer as JSON: the one at the start,
one for each number that can be chosen, and, for a few numbers, those along their way, in the pieces
that differ. `landing.js` reads it, and uses the explorers' own page code, which is written beside.
The build runs this with its environment.
"""

import json
import sys
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from bp_helpers.explorers import SvgView, WholeNetworkExplorer
from bp_helpers.pictures.style import DARK

PRESET = "most wrong"  # as notebook 00 begins
# What can be moved, one at a time, and by what step. Each picture costs a kilobyte or more.
MOVED = {"X[0]": 0.12, "X[1]": 0.12, "W1[1,1]": 0.2, "W2[1,1]": 0.3, "b2[1]": 0.3}

Pieces = list[str]
Edits = list[tuple[int, int, Pieces]]


def edits(before: Sequence[str], now: Sequence[str]) -> Edits:
    """Return which pieces of `before` to replace by which, from the last to the first."""
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    found = [(a, b, [*now[c:d]]) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]
    return found[::-1]


def edited(before: Sequence[str], changes: Edits) -> Pieces:
    """Return the pieces with these edits made."""
    now = [*before]
    for start, end, pieces in changes:
        now[start:end] = pieces
    return now


def columns(rows: Sequence[Pieces], start: Pieces) -> dict[int, Pieces]:
    """Return, by their place, the pieces that differ from `start` in any row: one for each row."""
    lengths = {len(row) for row in [*rows, start]}
    if len(lengths) > 1:
        raise ValueError(f"the pictures of one number have {sorted(lengths)} pieces: draw them alike")
    places = range(len(start))
    return {k: [row[k] for row in rows] for k in places if any(row[k] != start[k] for row in rows)}


def values_along(low: float, high: float, step: float, start: float) -> list[float]:
    """Return the values from `low` to `high` by `step`, and `start` among them."""
    count = round((high - low) / step)
    return sorted({round(low + k * step, 10) for k in range(count + 1)} | {start})


class Baker:
    """Draws the explorer's pictures as pieces: what stands between two "<" of their text."""

    def __init__(self) -> None:
        self.explorer = WholeNetworkExplorer()
        self.explorer.use_preset(PRESET)
        self.start = self.pieces()
        self.names = self.chosen_names()

    def pieces(self) -> Pieces:
        """Return the picture as it is now."""
        return self.explorer.picture.svg.split("<")

    def chosen_names(self) -> list[str]:
        """Return the names of all parts that can be chosen, each once."""
        marks = [piece.partition(' data-name="')[2] for piece in self.start]
        return [*dict.fromkeys(mark.partition('"')[0] for mark in marks if mark)]

    def choice(self, name: str) -> dict[str, Any]:
        """Return what changes when `name` is chosen, and what a screen reader says then."""
        self.explorer.use_preset(PRESET)
        self.explorer.choose(name)
        return {"edits": edits(self.start, self.pieces()), "said": self.explorer.view.said}

    def series(self, name: str, step: float) -> dict[str, Any]:
        """Return the values of one number, its hand, and the pieces that differ between them."""
        self.explorer.use_preset(PRESET)
        hand = self.explorer.hands()[name]
        if name in self.names:
            self.explorer.choose(name)  # as it would be in the notebook
        start, rows = self.pieces(), []
        values = values_along(hand.low, hand.high, step, hand.value)
        for value in values:
            self.explorer.set(**{name: value})
            rows.append(self.pieces())
        made = columns(rows, start)
        return {"hand": hand.sent() | {"options": values}, "columns": made}

    def everything(self) -> dict[str, Any]:
        """Return all that the page needs."""
        return {
            "start": "<".join(self.start),
            "choices": {name: self.choice(name) for name in self.names},
            "series": {name: self.series(name, step) for name, step in MOVED.items()},
        }


def style_sheet() -> str:
    """Return the explorers' style sheet, dark where the reader's other pages are."""
    dark = "".join(f"--bp-{name}: {value};" for name, value in DARK.items())
    return f"{SvgView._css}\n@media (prefers-color-scheme: dark) {{ .bp-view {{ {dark} }} }}\n"


def main() -> None:
    """Write everything into the folder that is named."""
    baked = json.dumps(Baker().everything(), ensure_ascii=False, separators=(",", ":"))
    files = {"baked.json": baked, "explorer.js": SvgView._esm, "explorer.css": style_sheet()}
    for name, text in files.items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
