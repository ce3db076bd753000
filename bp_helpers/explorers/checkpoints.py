"""Going back through a chain of layers with room for only a few of its activations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.explorers.clock import Clock
from bp_helpers.explorers.controls import button, menu, whole_slider
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.layers import Dense, Tanh
from bp_helpers.pictures import (
    FloatArray,
    Move,
    Picture,
    beside,
    checkpoint_run,
    checkpoint_verdict,
)

MOST_LAYERS = 16
UNITS, EXAMPLES = 3, 2  # of the chain whose gradients are computed
ALL_KEPT, BEST = "everything kept", "the best"
PACE = 150  # milliseconds from move to move


# ---- What is run when ---------------------------------------------------------------------------


def moves_of(layers: int, slots: int, marks: Sequence[int]) -> tuple[Move, ...]:
    """Return every move of a pass back through so many layers.

    To go back through layer k takes A[k-1], what came into it. The input A[0] is always kept; the
    nearest activation that is kept is where a run forward begins. On its way it keeps the marked
    activations that it comes by, the first in the order of `marks` first, as long as a slot is
    free. A slot is free again when the way back has come to its activation.
    """
    kept: tuple[int, ...] = (0,)
    moves = []
    for layer in range(layers, 0, -1):
        start, goal = kept[-1], layer - 1
        free = slots - (len(kept) - 1)
        chosen = [mark for mark in marks if start < mark < goal][:free]
        for at in range(start + 1, goal + 1):
            if at in chosen:
                kept = (*kept, at)
            moves.append(Move("forward", at, kept))
        kept = tuple(one for one in kept if one < goal or one == 0)
        moves.append(Move("back", goal, kept))
    return tuple(moves)


@cache
def best_marks(layers: int, slots: int) -> tuple[int, ...]:
    """Return the activations to mark, in their order, to go back with the fewest steps forward.

    The first checkpoint cuts the chain in two: the second part has one slot less, the first part
    has all of them again (Griewank & Walther 2000, *Algorithm 799: revolve*).
    """
    cut = _best_cut(layers, slots)[1]
    if not cut:
        return ()
    second = tuple(cut + mark for mark in best_marks(layers - cut, slots - 1))
    return (cut, *second, *best_marks(cut, slots))


@cache
def _best_cut(layers: int, slots: int) -> tuple[int, int]:
    """Return the fewest steps, and where the first checkpoint is then: 0 stands for nowhere."""
    without = layers * (layers - 1) // 2, 0
    if slots == 0 or layers < 3:
        return without
    return min(
        (cut + _best_cut(layers - cut, slots - 1)[0] + _best_cut(cut, slots)[0], cut)
        for cut in range(1, layers - 1)
    )


# ---- The chain ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckpointRun:
    """A pass back: its moves, and the gradients that it brought, dW of the first layer first."""

    moves: tuple[Move, ...]
    gradients: tuple[FloatArray, ...]

    @property
    def forward_steps(self) -> int:
        """How many layers were run forward, each as often as it was run."""
        return sum(move.kind == "forward" for move in self.moves)


def run_back(layers: int, moves: Sequence[Move]) -> CheckpointRun:
    """Go back through a chain of real layers, keeping only what the moves say."""
    rng = np.random.default_rng(0)
    chain = [(Dense(UNITS, UNITS, rng=rng), Tanh()) for _ in range(layers)]
    now: FloatArray = rng.normal(size=(EXAMPLES, UNITS))
    blame: FloatArray = rng.normal(size=(EXAMPLES, UNITS))
    at, kept = 0, {0: now}
    gradients: list[FloatArray] = []
    for move in moves:
        if move.kind == "forward":
            if move.at != at + 1:
                at = max(one for one in kept if one < move.at)
                now = kept[at]
            dense, tanh = chain[at]
            at, now = move.at, tanh.forward(dense.forward(now))
        else:
            at, now = move.at, now if at == move.at else kept[move.at]
            dense, tanh = chain[at]
            tanh.forward(dense.forward(now))
            blame = dense.backward(tanh.backward(blame))
            gradients.append(dense.gradients["W"])
        kept = {one: kept.get(one, now) for one in move.kept}
    return CheckpointRun(tuple(moves), tuple(gradients[::-1]))


# ---- The explorer -------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckpointNumbers:
    """A chain of layers, the learner's pass back through it, the best one, and all kept.

    `moment` is how many of the moves are drawn, `beside` what they are compared with.
    """

    layers: int
    slots: int
    marks: tuple[int, ...]
    moment: int
    beside: str
    yours: CheckpointRun
    best: CheckpointRun
    all_kept: CheckpointRun

    @property
    def are_equal(self) -> bool:
        """Whether all three give the same gradients, to the last bit."""
        return all(
            np.array_equal(mine, theirs) and np.array_equal(mine, every)
            for mine, theirs, every in zip(
                self.yours.gradients, self.best.gradients, self.all_kept.gradients, strict=True
            )
        )


def checkpoints(
    layers: int, slots: int, marks: tuple[int, ...], moment: int, beside: str
) -> CheckpointNumbers:
    """Return the passes back with these marks, with the best ones, and with all activations kept.

    `marks` has the activations to keep in the order in which they get a slot.
    """
    passes = ((slots, marks), (slots, best_marks(layers, slots)), (layers, tuple(range(layers))))
    yours, best, all_kept = (
        run_back(layers, moves_of(layers, room, kept)) for room, kept in passes
    )
    return CheckpointNumbers(layers, slots, marks, moment, beside, yours, best, all_kept)


def checkpoints_picture(numbers: CheckpointNumbers) -> Picture:
    """Draw the learner's pass, and beside it the one that it is compared with."""
    layers, slots = numbers.layers, numbers.slots
    marks, other = tuple(range(1, layers - 1)), numbers.all_kept
    if numbers.beside == BEST:
        marks, other = best_marks(layers, slots), numbers.best
    name = numbers.beside.capitalize()
    return beside(
        checkpoint_run("Yours", layers, numbers.marks, numbers.yours.moves, numbers.moment, True),
        checkpoint_run(name, layers, marks, other.moves, len(other.moves)),
        checkpoint_verdict(
            numbers.yours.forward_steps, numbers.best.forward_steps, layers, slots,
            numbers.are_equal,
        ),
    )  # fmt: skip


class CheckpointsExplorer(Explorer):
    """Go back through a chain of layers with a few slots for activations, and place them yourself.

    Click an activation of the upper strip to mark it, and again to take the mark away. The first
    marks get a slot on the first run; when a slot is free again, the next mark on the way takes it.
    """

    compute, draw = checkpoints, checkpoints_picture
    controls: ClassVar = {
        "layers": whole_slider("layers", 10, 3, MOST_LAYERS, label_width="5em"),
        "slots": whole_slider("slots", 2, 0, 4, label_width="5em"),
        "beside": menu("beside it", [ALL_KEPT, BEST], ALL_KEPT, "20em"),
        "moment": whole_slider("moves", 55, 0, 55, label_width="5em"),
    }
    others: ClassVar = {"marks": (), "selected": ""}
    rows: ClassVar = [["layers", "slots"], ["moment", "beside"]]
    presets: ClassVar = {"long chain": {"layers": 16, "slots": 3, "marks": (4, 8, 12)}}

    def buttons(self) -> list[widgets.Widget]:
        """Return Play and No marks."""
        self.clock = Clock(self.view, self._next_move, PACE)
        return [self.clock.button, button("No marks", self.unmark, "auto")]

    def unmark(self) -> None:
        """Take all marks away."""
        self.set(marks=())

    def parts(self, state: State) -> Sequence[str]:
        """Return the names of the activations that can be marked."""
        return [f"A{k}" for k in range(1, state["layers"] - 1)]

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set; whatever changes the run shows it to its end.

        To select an activation, `A3` for example, is to mark it, or to take its mark away.
        """
        if name in ("layers", "slots"):  # how many moves there are can take for ever to find out
            handle = self.handles[name]
            value = min(max(value, handle.min), handle.max)
        if name in ("layers", "slots", "moment"):
            value = int(value)
        if name == "marks":
            value = self._marks_of(state, value)
        state = super().moved_to(state, name, value)
        if name == "selected":
            marks, at = state["marks"], int(value.removeprefix("A"))
            kept = tuple(mark for mark in marks if mark != at)
            state = {**state, "marks": kept if at in marks else (*marks, at)}
        if name == "layers":
            kept = tuple(mark for mark in state["marks"] if mark < state["layers"] - 1)
            state = {**state, "marks": kept}
        return state if name in ("moment", "beside") else {**state, "moment": _length(state)}

    def _marks_of(self, state: State, marks: Any) -> tuple[int, ...]:
        """Return the marks as numbers; they may also be names, as `A3` for 3."""
        if not isinstance(marks, (list, tuple)):
            raise ValueError(f"marks cannot be {marks!r}: it is a list, as [3, 5] or ['A3', 'A5']")
        names = [mark if isinstance(mark, str) else f"A{mark}" for mark in marks]
        self.refuse_strangers(state, names)
        return tuple(int(name.removeprefix("A")) for name in dict.fromkeys(names))

    def fit_handles(self, state: State) -> None:
        """Let the slider of moves end where the run does."""
        self.handles["moment"].max = _length(state)

    def _next_move(self) -> bool:
        """Show one more move, from the start after the last one; say whether there are more."""
        length = _length(self.state)
        moment = self.state["moment"] % length + 1
        self.set(moment=moment)
        return bool(moment < length)


def _length(state: State) -> int:
    return len(moves_of(state["layers"], state["slots"], state["marks"]))
