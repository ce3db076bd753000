"""Learners' code that was not used in building the catalogue: no wrong name, no right code refused.

`python tests/exercises/test_fresh.py` prints the share that is named.
"""

from functools import cache
from pathlib import Path

import pytest
from fresh_code import FRESH
from learners_code import RIGHT, WRONG, define, function_name, whole

from bp_helpers import exercises

NAMED_AT_LEAST = 0.97
# they tell what was done, and that is so wherever they are told
SEEN = ("results-partly-missing", "one-for-each", "same-for-all-arguments")
SHARED = Path(__file__).parents[1] / "shared"


def later_set(name):
    """Return what stands in a later set: the check, what may be said, the code."""
    for part in (SHARED / name).read_text(encoding="utf-8").split("@@ ")[1:]:
        check, *pieces = part.split("\n== ")
        for piece in pieces:
            may, _, body = piece.partition("\n")
            yield check, may.replace("no name", ""), body


ALL = [(check, may, body) for check, pieces in FRESH.items() for may, body in pieces]
ALL += [
    *later_set("fresh_third.txt"),
    *later_set("fresh_fourth.txt"),
    *later_set("fresh_fifth.txt"),
    *later_set("fresh_sixth.txt"),
    *later_set("fresh_seventh.txt"),
]

# What nothing named, or something else, when it was first judged: the catalogue was mended for it.
SETS = tuple(f"mended_{nth}.txt" for nth in ("ninth", "tenth", "eleventh", "fourteenth"))
MENDED = [piece for name in SETS for piece in later_set(name)]


@cache  # what has no wrong name is asked again whether it has one
def judged(check, body):
    return getattr(exercises, check)(define(whole(check, body), function_name(check)))


def allowed(may):
    """Return the sets of mistakes that may be named."""
    return [set(filter(None, names.split("+"))) for names in may.split("|")]


@pytest.mark.parametrize(("check", "may", "body"), ALL)
def test_nothing_is_named_wrongly_and_nothing_right_is_refused(check, may, body):
    feedback = judged(check, body)
    if may == "right":
        assert feedback.correct, f"{body}\n{feedback}"
        return
    assert not feedback.correct, body
    found = set(feedback.mistakes)
    names = [*allowed(may), {"slip-in-a-step"}]  # which was made right and tried: so it is there
    if set() in names:
        names.append(set(SEEN))
    assert any(found <= each for each in names), f"{body}\n{feedback}"
    assert len(feedback.text) > 40  # whoever is not told a name is told something


@pytest.mark.parametrize(("check", "names", "body"), MENDED)
def test_what_was_mended_stays_named(check, names, body):
    assert {*judged(check, body).mistakes} in allowed(names)


def test_nearly_all_that_has_a_name_is_named():
    with_a_name = [
        (check, body) for check, may, body in ALL if may != "right" and all(allowed(may))
    ]
    named = [(check, body) for check, body in with_a_name if judged(check, body).mistakes]
    assert len(with_a_name) > 300
    assert len(named) >= NAMED_AT_LEAST * len(with_a_name)


def test_it_is_other_code_than_that_of_the_catalogue():
    known = {source for group in RIGHT.values() for source in group}
    known |= {s for wrong in WRONG.values() for sources in wrong.values() for s in sources}
    new = {whole(check, body) for check, _, body in ALL}
    assert len(new & known) < 0.05 * len(new)


if __name__ == "__main__":
    with_a_name = [(c, body) for c, may, body in ALL if may != "right" and all(allowed(may))]
    count = sum(bool(judged(check, body).mistakes) for check, body in with_a_name)
    print(f"{count} of {len(with_a_name)} named: {count / len(with_a_name):.1%}")
