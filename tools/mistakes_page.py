"""Write the catalogue of mistakes as a page: `python tools/mistakes_page.py`.

Each entry has a wrong line beside the right one, from the learners' code of the tests, and what
such code shows when its check looks at it. `tests/exercises/test_teachers.py` holds it to the code.
"""

from __future__ import annotations

import difflib
import re
import sys
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Any

from run_notebooks import ROOT, all_notebooks, read

from bp_helpers import exercises
from bp_helpers.exercises import CATALOGUE, Feedback
from bp_helpers.exercises.description import described

sys.path.insert(0, str(ROOT / "tests" / "shared"))
from learners_code import RIGHT, WRONG, define, function_name  # type: ignore[import-not-found]

PAGE = ROOT / "docs" / "mistakes.md"
INTRODUCTION = f"""# The catalogue of mistakes

The checks of the course compare a learner's function with what each of these {len(CATALOGUE)} \
mistakes would give, on numbers of several shapes, and name the one that fits. Here is what they \
know: why it is wrong, the wrong line (-) beside the right one (+), and what gives it away. Where \
a mistake was met in public code, there is a link.

This page is made by `python tools/mistakes_page.py` from the code that does the work.
"""
ELSEWHERE = "in code that no notebook asks for"
GITHUB = "https://github.com"
# where it was met in public: what is said there, and the address
MET = {
    "bias-averaged": ("notes on backpropagation", f"{GITHUB}/kvfrans/notes/issues/5"),
    "bias-from-weights": (
        "an assignment of an online course",
        f"{GITHUB}/rust0258/Deeplearning.ai-Natural-Language-Processing-Specialization/issues/64",
    ),
    "bias-summed-over-units": (
        "a lecture's notebook",
        f"{GITHUB}/rasbt/stat453-deep-learning-ss21/issues/5",
    ),
    "batch-broadcast": ("PyTorch's loss functions", f"{GITHUB}/pytorch/pytorch/issues/16045"),
    "one-over-n-twice": ("a library", f"{GITHUB}/deeplearning4j/deeplearning4j/pull/366"),
    "parts-not-weighed": (
        "a library, accumulating gradients",
        f"{GITHUB}/huggingface/transformers/issues/24725",
    ),
    "slope-at-activation": ("a network from scratch", f"{GITHUB}/benoitfragit/libBrain/issues/78"),
    "slope-missing-output": (
        "a network from scratch",
        f"{GITHUB}/Bot-Academy/NeuralNetworkFromScratch/pull/3",
    ),
    "softmax-twice": (
        "a library's logistic regression",
        f"{GITHUB}/Lightning-Universe/lightning-bolts/issues/654",
    ),
    "updated-before-propagating": (
        "the same network from scratch, and a widely copied worked example (notebook 05)",
        f"{GITHUB}/Bot-Academy/NeuralNetworkFromScratch/pull/3",
    ),
}


@cache
def checks_in(path: Path) -> list[str]:
    """Return the sources of a notebook's cells that check an answer."""
    return [cell.source for cell in read(path).cells if cell.id.startswith("check-")]


def taught_in(check: str) -> str:
    """Return a link to the notebook that has this check, or nothing."""
    for path in all_notebooks():
        if any(f"{check}(" in source for source in checks_in(path)):
            return f"[{path.stem}](../notebooks/{path.name})"
    return ""


def places() -> dict[str, list[str]]:
    """Return, for each mistake, the checks whose learners' code makes it."""
    found: dict[str, list[str]] = {mistake: [] for mistake in CATALOGUE}
    for check, wrong in WRONG.items():
        for mistake in wrong:
            found[mistake].append(check)
    return found


def two_versions(mistake: str, check: str) -> tuple[str, str]:
    """Return wrong code and right code that shows what is wrong with it: the nearest."""
    pairs = [(wrong, right) for wrong in WRONG[check][mistake] for right in RIGHT[check]]
    return min(pairs, key=lambda pair: _to_read(changes(*pair)))


def changes(wrong: str, right: str) -> list[str]:
    """Return the lines that only one of two pieces of code has, with a - or a + before each.

    Where a line was moved, those between its two places are there as well: they show it.
    """
    lines = [line for line in difflib.ndiff(wrong.splitlines(), right.splitlines()) if line[2:]]
    changed = [k for k, line in enumerate(lines) if line[0] in "-+"]
    shown = [lines[k] for k in changed]
    if moved(shown):
        shown = [line for line in lines[changed[0] : changed[-1] + 1] if line[0] in "-+ "]
    code = dedent("\n".join(line[2:] for line in shown)).splitlines()
    return [f"{line[0]} {text}" for line, text in zip(shown, code, strict=True)]


def moved(lines: list[str]) -> set[str]:
    """Return the lines that both pieces of code have, in different places."""
    wrong, right = ({line[2:] for line in lines if line[0] == sign} for sign in "-+")
    return wrong & right


def _to_read(lines: list[str]) -> tuple[int, int]:
    one_sided = len({line[0] for line in lines}) < 2  # a line too many, or one that is not there
    return len(lines) + one_sided, len("".join(lines))


def symptom(said: Feedback) -> str:
    """Return what gives the mistake away."""
    if said.mistake == "kept-between-calls":
        return "the same call twice gives two results."
    if (seen := said.comparison) is None:
        return said.details[0] if said.details else ""
    numbers = seen.yours, seen.true, seen.about
    return f"{described(seen.name, seen.name, [numbers])[0]} {seen.sentence}"


def entry(mistake: str, checks: list[str]) -> str:
    """Return a mistake's part of the page."""
    known = CATALOGUE[mistake]
    check = checks[0]
    wrong, right = two_versions(mistake, check)
    with redirect_stdout(StringIO()):  # what such code prints, the check passes on
        said: Any = getattr(exercises, check)(define(wrong, function_name(check)))
    notebooks = [link for link in dict.fromkeys(map(taught_in, checks)) if link]
    lines = [f"## {mistake}", "", known.explanation, "", "```diff", *changes(wrong, right)]
    lines += ["```", ""]
    if seen := symptom(said):
        lines.append(f"- What shows: {seen}")
    if notebooks:
        lines.append(f"- Met in: {', '.join(notebooks)}")
    if mistake in MET:
        what, where = MET[mistake]
        lines.append(f"- Met in public: [{what}]({where})")
    return "\n".join(lines).rstrip() + "\n"


def contents(found: dict[str, list[str]]) -> str:
    """Return the table of contents: each mistake once, by the first notebook in which it is met."""
    met: dict[str, list[str]] = {}
    for mistake, checks in found.items():
        place = min(filter(None, map(taught_in, checks)), default=ELSEWHERE)
        met.setdefault(place, []).append(f"[{mistake}](#{mistake.lower()})")
    return "\n".join(f"- {place}: {', '.join(met[place])}" for place in sorted(met))


def page() -> str:
    """Return the page."""
    found = places()
    entries = [entry(mistake, checks) for mistake, checks in found.items()]
    return re.sub(r"[ \t]+\n", "\n", "\n".join([INTRODUCTION, f"{contents(found)}\n", *entries]))


def main(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_bytes(page().encode("utf-8"))


if __name__ == "__main__":
    main()
