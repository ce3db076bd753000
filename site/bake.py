"""Draw ahead what the landing page can show, so that its picture moves without Python.

`python bake.py FOLDER` writes the pictures of notebook 00's explorer as JSON: the one at the start,
one for each number that can be chosen, and, for a few numbers, those along their way. `landing.js`
reads it, and uses the explorers' own page code, which is written beside. The build runs this with
its environment.
"""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from bp_helpers.explorers import SvgView, WholeNetworkExplorer
from bp_helpers.explorers.controls import Hand
from bp_helpers.explorers.frames import frames_along, values_along
from bp_helpers.pictures.style import DARK

PRESET = "most wrong"  # as notebook 00 begins
# What can be moved, one at a time, and by what step. Each picture costs a kilobyte or more.
MOVED = {"X[0]": 0.12, "X[1]": 0.12, "W1[1,1]": 0.2, "W2[1,1]": 0.3, "b2[1]": 0.3}


def with_options(hand: Hand, step: float) -> Hand:
    """Return the hand of a number that goes by `step`, and has its value of the start as well."""
    options = sorted({*values_along(replace(hand, step=step)), hand.value})
    return replace(hand, options=options)


def names_in(svg: str) -> list[str]:
    """Return the names of all parts that can be chosen in a picture, each once."""
    return [*dict.fromkeys(re.findall(r' data-name="([^"]*)"', svg))]


def edits(before: Sequence[str], now: Sequence[str]) -> list[tuple[int, int, list[str]]]:
    """Return which stretches of `before` to replace by which pieces, from the last to the first.

    Two choices make different places of a picture longer, so pieces are not compared by place.
    """
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    found = [(a, b, [*now[c:d]]) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]
    return found[::-1]


class Baker:
    """Draws the pictures of one explorer at its preset."""

    def __init__(self) -> None:
        self.explorer = WholeNetworkExplorer()
        self.explorer.use_preset(PRESET)
        self.start = self.explorer.picture.svg
        self.names = names_in(self.start)

    def choose(self, name: str) -> None:
        """Bring everything back to the preset, and choose a number."""
        self.explorer.use_preset(PRESET)
        self.explorer.choose(name)

    def choices(self) -> dict[str, Any]:
        """Return, by the name of each number, the picture with it chosen, as edits of the first.

        `said` is what a screen reader says then.
        """
        made = {}
        for name in self.names:
            self.choose(name)
            changes = edits(self.start.split("<"), self.explorer.picture.svg.split("<"))
            made[name] = {"edits": changes, "said": self.explorer.view.said}
        return made

    def series(self, name: str, step: float) -> dict[str, Any]:
        """Return the hand of one number, and the pictures along its way while it is chosen."""
        self.choose(name)
        hand = with_options(self.explorer.hands()[name], step)
        frames = frames_along(self.explorer, name, hand.options)
        return {"hand": hand.sent(), "groups": frames["groups"]}

    def everything(self) -> dict[str, Any]:
        """Return all that the page needs."""
        return {
            "start": self.start,
            "choices": self.choices(),
            "series": {name: self.series(name, step) for name, step in MOVED.items()},
        }


def script() -> str:
    """Return the explorers' page code as a module of which `landing.js` uses these."""
    return f"{SvgView._esm}\nexport {{ framePieces, newClock, newFrames, render }};\n"


def style_sheet() -> str:
    """Return the explorers' style sheet, dark where the reader's other pages are."""
    dark = "".join(f"--bp-{name}: {value};" for name, value in DARK.items())
    return f"{SvgView._css}\n@media (prefers-color-scheme: dark) {{ .bp-view {{ {dark} }} }}\n"


def main() -> None:
    """Write everything into the folder that is named."""
    baked = json.dumps(Baker().everything(), ensure_ascii=False, separators=(",", ":"))
    files = {"baked.json": baked, "explorer.js": script(), "explorer.css": style_sheet()}
    for name, text in files.items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
