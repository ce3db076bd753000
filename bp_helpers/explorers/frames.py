"""Frames: an explorer's pictures for other values of one of its numbers, made ahead of the hand.

`compute` is pure, so a picture can be made before anybody asks for it. One number goes its way, and
all else stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bp_helpers.explorers.controls import Hand

if TYPE_CHECKING:
    from bp_helpers.explorers.explorer import Explorer


@dataclass(frozen=True)
class Snapshot:
    """One picture: the value that the number has in it, its `shown` line, and its SVG."""

    value: float
    shown: str
    svg: str


def values_along(hand: Hand) -> list[float]:
    """Return every value that a number can have, from its low end to its high one."""
    if hand.options:
        return [*hand.options]
    count = int((hand.high - hand.low) / hand.step + 1e-9)
    kind = type(hand.value)  # a whole number stays one
    return [kind(f"{hand.low + k * hand.step:.12g}") for k in range(count + 1)]


def frames_along(
    explorer: Explorer, name: str, values: Iterable[float] | None = None
) -> dict[str, Any]:
    """Return the pictures for other values of the number `name`, as the page reads them.

    `name` is one of `explorer.hands()`, as `W2[0,0]`; `values` are all that it can have, if they
    are not given. Nothing moves. What is returned can be written as JSON: the `name`, and `groups`
    of frames as `Packer.packed` makes them. In the page, `newFrames().add(groups)` of
    `page/frames.js` takes them, and `nearest(value)` gives the picture that is nearest to a value.
    """
    if values is None:
        values = values_along(explorer.hands()[name])
    frames = [explorer.frame_at(name, value) for value in values]
    return {"name": name, "groups": Packer(explorer.picture.svg).packed(frames)}


class Packer:
    """Packs frames as what differs from a picture that the page has already.

    A picture is cut into `pieces`. Of those with the same number of pieces the first is the `base`:
    it is handed out whole, once, and of the others what differs from it.
    """

    def __init__(self, svg: str) -> None:
        self._bases = {len(pieces(svg)): pieces(svg)}
        self._new = {*self._bases}

    def packed(self, frames: Iterable[Snapshot]) -> list[dict[str, Any]]:
        """Return the frames in groups, one for each base.

        A group has the `base`, which is its number of pieces, the first time the `svg` of that
        picture, the `places` of the pieces in which any of its frames differs from it, and the
        `frames`: each with its `value`, its line `shown` and, as `texts`, its pieces at these
        places, in one string with quotation marks between them.
        """
        groups: dict[int, list[tuple[Snapshot, list[str]]]] = {}
        for frame in frames:
            own = pieces(frame.svg)
            groups.setdefault(len(own), []).append((frame, own))
        return [self._group(base, group) for base, group in groups.items()]

    def _group(self, base: int, group: list[tuple[Snapshot, list[str]]]) -> dict[str, Any]:
        if base not in self._bases:
            self._bases[base] = group[0][1]
            self._new.add(base)
        known = self._bases[base]
        places = sorted({k for _, own in group for k in range(base) if own[k] != known[k]})
        packed: dict[str, Any] = {"base": base, "places": places}
        if base in self._new:
            packed["svg"] = joined(known)
            self._new.remove(base)
        packed["frames"] = [
            {"value": f.value, "shown": f.shown, "texts": '"'.join(own[k] for k in places)}
            for f, own in group
        ]
        return packed


def pieces(svg: str) -> list[str]:
    """Return the picture cut at each quotation mark and before each tag.

    So a number that changes is a piece of its own.
    """
    return svg.replace("<", '"<').split('"')


def joined(pieces: Sequence[str]) -> str:
    """Return the picture that was cut into these pieces."""
    return '"'.join(pieces).replace('"<', "<")
