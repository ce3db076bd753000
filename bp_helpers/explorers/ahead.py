"""While nothing else is asked of the kernel, it makes the pictures that a hand may want next."""

from __future__ import annotations

import asyncio
import math
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from bp_helpers.explorers.controls import Hand
from bp_helpers.explorers.frames import Packer, Snapshot, values_along

if TYPE_CHECKING:
    from bp_helpers.explorers.explorer import Explorer, State

BATCH = 0.025  # seconds of work that are sent in one message
ON_THE_WAY = 8  # messages that the page has not answered yet; then it is waited for
COARSEST = 32  # of so many values one has a frame wherever the hand is
NEAR = 8  # so far around the hand each value has one
MOST = 4_000_000  # characters that are sent of one way
IN_BROWSER = sys.platform == "emscripten"  # the browser's Python: there process_time stands still
# Seconds of work on one frame: more would keep all else waiting. By a clock that runs on while the
# machine is at other work, it seems more than it is.
SLOW = 0.1 if IN_BROWSER else 0.03
TRIES = 3  # frames until this is judged, by the quickest of all: others may have been disturbed

working_time = time.perf_counter if IN_BROWSER else time.process_time


class Way:
    """Where one number can go while all else stays as it is, and what of that was sent."""

    def __init__(self, explorer: Explorer, name: str, count: int) -> None:
        self.explorer, self.name, self.count = explorer, name, count
        self.start = explorer.state
        self.values = values_along(explorer.hands()[name])
        self.left = {*range(len(self.values))}
        self.packer = Packer(explorer.picture.svg)
        self.room = MOST
        self.tried, self.quickest = 0, math.inf  # frames; seconds on the quickest

    def leads_to(self, state: State, value: float) -> bool:
        """Say whether `state` is as at the start but for this number, which has this value."""
        own = self.explorer.state_with(self.start, {self.name: value})
        return own.keys() == state.keys() and all(_same(own[key], state[key]) for key in own)

    def next_place(self, value: float) -> int | None:
        """Return the place among the values of the next frame to make, with the hand at `value`.

        First those to which the next key leads; then from there outwards, coarse ones first: a
        multiple of 2^k comes as early as a place that is no such multiple and 4^k times as near.
        """
        here = min(range(len(self.values)), key=lambda k: abs(self.values[k] - value))

        def distance(k: int) -> float:
            steps = abs(k - here)
            return 0 if steps <= 1 else steps / min(k & -k or COARSEST, COARSEST) ** 2

        place = min(self.left, key=distance, default=None)
        return None if place is None or distance(place) > NEAR else place

    async def frames(self, value: float) -> list[Snapshot]:
        """Return some more frames; while they are made, the kernel does what else it is asked."""
        made: list[Snapshot] = []
        start = time.perf_counter()
        while time.perf_counter() - start < BATCH and self.room > 0:
            place = self.next_place(value)
            if place is None:
                break
            before = working_time()
            self.left.remove(place)
            with suppress(Exception):  # it is shown as soon as the hand is there
                made.append(self.explorer.frame_at(self.name, self.values[place], self.start))
            self.tried += 1
            self.quickest = min(self.quickest, working_time() - before)
            if self.tried >= TRIES and self.quickest > SLOW:
                self.left.clear()
            await asyncio.sleep(0)
        return made


class Ahead:
    """What an explorer's kernel and page say to each other of pictures that are made ahead.

    The page asks for them when a hand takes a number, and answers each message of them by asking
    again: so it is never more than a few messages behind, and one that is gone gets no more. They
    are forgotten as soon as anything else than this number has changed; `view.way` says so.
    """

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self._way: Way | None = None
        self._count = 0  # of ways so far
        self._value = 0.0  # where the hand is
        self._credit = 0  # messages that may still be sent
        self._making: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None  # on which the page was heard
        explorer.view.on_ask(self._asked)

    def follow(self, state: State, hands: Mapping[str, Hand]) -> int:
        """Return the way's number if this state is on it, else forget the way and return 0."""
        way = self._way
        if not way:
            return 0
        if way.name not in hands or not way.leads_to(state, hands[way.name].value):
            self._way = None
            return 0
        self._value = hands[way.name].value
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._go_on)  # a cell may run on another thread
        return way.count

    def _asked(self, name: str, value: float, anew: bool) -> None:
        explorer = self.explorer
        if explorer.runs or explorer.view.playing or name not in explorer.hands():
            return
        if anew or not self._way or self._way.name != name:
            self._count += 1
            self._way = Way(explorer, name, self._count)
            explorer.view.way = self._count
        self._value, self._credit = value, ON_THE_WAY
        self._loop = asyncio.get_running_loop()
        self._go_on()

    def _go_on(self) -> None:
        if self._making is None or self._making.done():
            self._making = asyncio.get_running_loop().create_task(self._make())

    async def _make(self) -> None:
        while (way := self._way) and self._credit > 0:
            frames = await way.frames(self._value)
            if way is not self._way:
                continue
            if not frames:
                return
            groups = way.packer.packed(frames)
            way.room -= sum(
                len(group.get("svg", "")) + sum(len(frame["texts"]) for frame in group["frames"])
                for group in groups
            )
            self._credit -= 1
            self.explorer.view.send({"way": way.count, "name": way.name, "groups": groups})


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one is other or bool(np.array_equal(one, other))
    return bool(one == other)
