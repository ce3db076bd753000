"""What a screen reader says of a picture that has changed: what is new in it, and not too much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bp_helpers.pictures import Picture

MOST = 4  # items of a list; of the others, how many there are
# A row of numbers, as in `W1: 1, 2; 3, 4`: it is said with the rows beside it.
ROW = re.compile(r"[\d\s.,e+\N{MINUS SIGN}-]+")


def all_news(before: Picture, now: Picture) -> str:
    """Return what is new after another step or choice; of a later picture's list, how it begins."""
    first, *others = now
    known = _known(before)
    told = list(_new_lines(first, known))
    for line in (line for other in others for line in _new_lines(other, known)):
        beginning, *_ = line.split("; ")
        if not any(beginning in one for one in told):  # as in a row of a table
            told.append(beginning)
    return "\n".join(told)


def news_of_move(before: Picture, now: Picture, beginnings: Sequence[str]) -> str:
    """Return all new items that begin so; if none does, the first new sentence."""
    known = _known(before)
    begins = tuple(beginnings)
    told = [item for item in _items(now) if item.startswith(begins) and item not in known]
    first = next((line for one in now for line in _new_lines(one, known)), "")
    return "\n".join(dict.fromkeys(told)) or _cut(first)[0]


def _known(picture: Picture) -> set[str]:
    return {*_sentences(picture), *_items(picture)}


def _sentences(picture: Picture) -> list[str]:
    return [sentence for line in picture.words.split("\n") for sentence in _cut(line)]


def _items(picture: Picture) -> list[str]:
    """Return the items of its sentences; one that is no list is an item by itself."""
    return [item for sentence in _sentences(picture) for item in sentence.split("; ")]


def _cut(line: str) -> list[str]:
    """Return the sentences of a line, each without its full stop."""
    return line.removesuffix(".").split(". ")


def _new_lines(picture: Picture, known: set[str]) -> Iterator[str]:
    for line in picture.words.split("\n"):
        new = [_new_items(sentence, known) for sentence in _cut(line) if sentence not in known]
        if any(new):
            yield ". ".join(filter(None, new)) + ("." if line.endswith(".") else "")


def _new_items(sentence: str, known: set[str]) -> str:
    """Return what is new in a sentence: of a long list, its first new items."""
    items = sentence.split("; ")
    if len(items) <= MOST or any(ROW.fullmatch(item) for item in items):
        return sentence
    new = [item for item in items if item not in known]
    more = [f"and {len(new) - MOST} more"] if len(new) > MOST + 1 else []
    return "; ".join([*new[:MOST], *more] if more else new)
