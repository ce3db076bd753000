"""A pass back through a chain of layers with few activations kept: what is run when, and memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import Scale
from bp_helpers.pictures.svg import Svg, button, circle, element, join, line, rect, text
from bp_helpers.pictures.table import Column, Row, rows_in_words, titled_table

WIDTH, HEIGHT = 446, 346
LEFT, RIGHT = 14, 314  # of the chain: its input and its output
STRIP, BOX = 60, 20  # the middle of the strip, and half the height of a layer
TOP, BOTTOM = 112, 338  # of the moves, which go down
MEMORY = (336, 436)  # the axis of what is kept
RADIUS, FINGER = 7, 24
ROWS = 13  # from the middle of the strip to each of two rows, where one would be too narrow
VERDICT_WIDTH = 660
COLUMNS = (
    Column("", 6, "start"),
    Column("steps forward", 240),
    Column("of them again", 390),
    Column("slots", 500),
)


@dataclass(frozen=True)
class Move:
    """One step: "forward", which makes A[at], or "back", through the layer that A[at] goes into.

    `kept` has the numbers of the activations that are in memory after it, A[0] first.
    """

    kind: str
    at: int
    kept: tuple[int, ...]

    @property
    def in_memory(self) -> int:
        """How many activations there are: those kept, and the one in hand."""
        return len({*self.kept, self.at})


def checkpoint_run(
    name: str,
    layers: int,
    marks: Sequence[int],
    moves: Sequence[Move],
    moment: int,
    chosen: bool = False,
) -> Picture:
    """Draw the chain and below it its first `moment` moves, one under the other.

    `marks` are the activations that are marked, in their order; with `chosen=True` they can be
    marked in the picture. Right beside each move stands how many activations there are then. A pass
    for which nothing is marked would fill the picture.
    """
    across = Scale(0, layers, LEFT, RIGHT)
    down = Scale(0, layers * (layers + 1) // 2, TOP, BOTTOM)
    done = moves[:moment]
    steps = sum(move.kind == "forward" for move in done)
    peak = max((move.in_memory for move in moves), default=1)
    title = f"{name}: {steps} steps forward, at most {peak} activations"
    now = done[-1].kept if done else (0,)
    return picture(
        WIDTH,
        HEIGHT,
        title,
        _in_words(layers, marks, moves, done),
        text(0, 15, title, font_weight="bold"),
        *(_layer(across, k) for k in range(1, layers + 1)),
        *(_place(across, k, layers, marks, now, chosen) for k in range(layers)),
        text(LEFT - 6, TOP - 12, "the moves, downward", "quiet"),
        element("path", d=_kept_bars(across, down, done), stroke="forward",
                stroke_width=5, stroke_opacity=0.35),
        _lines(across, down, done, "forward"),
        _lines(across, down, done, "back"),
        _memory(down, done, layers),
        chosen=chosen,
    )  # fmt: skip


def _layer(across: Scale, k: int) -> Svg:
    gap = RADIUS + 1
    width = max(across(k) - across(k - 1) - 2 * gap, 2)
    return rect(
        across(k - 1) + gap, STRIP - BOX, width, 2 * BOX, rx=3, fill="panel", stroke="quiet",
        stroke_width=0.7,
    )  # fmt: skip


def _place(
    across: Scale, k: int, layers: int, marks: Sequence[int], now: Sequence[int], chosen: bool
) -> Svg:
    """Draw an activation: full if it is in memory now, with its number in the order if marked."""
    x, y = across(k), _row(across, k)
    order = str(marks.index(k) + 1) if k in marks else ""
    is_kept, is_marked = k in now, bool(order) or k == 0
    activation = circle(
        x, y, RADIUS, fill="forward" if is_kept else "ground",
        stroke="forward" if is_marked else "quiet", stroke_width=2 if is_marked else 1,
        stroke_dasharray=None if is_marked else "2 2",
    )  # fmt: skip
    number = text(
        x, y + 4, order, "ground" if is_kept else "ink", text_anchor="middle",
        font_weight="bold", font_size=11 if len(order) > 1 else None,
    )  # fmt: skip
    if not chosen or not 0 < k < layers - 1:
        return join(activation, number)
    hit = element(
        "rect", class_="bp-hit", x=x - FINGER / 2, y=y - FINGER / 2, width=FINGER, height=FINGER,
        rx=3, fill="transparent", stroke="transparent",
    )  # fmt: skip
    said = f"A{k}, what comes out of layer {k}" + (f", number {order} to be kept" if order else "")
    return button(f"A{k}", said, hit, activation, number, selected=bool(order))


def _row(across: Scale, k: int) -> float:
    """Return at which height an activation lies: in a long chain every other one is lower.

    So a finger does not touch two of them at once.
    """
    if across(1) - across(0) > FINGER + 2:
        return STRIP
    return STRIP + (ROWS if k % 2 else -ROWS)


def _lines(across: Scale, down: Scale, done: Sequence[Move], kind: str) -> Svg:
    """Draw the moves of one kind: a step to the right, or one to the left."""
    pieces, by = [], 1 if kind == "forward" else -1
    for k, move in enumerate(done):
        if move.kind == kind:
            start = across(move.at - 1 if by > 0 else move.at + 1)
            pieces.append(f"M{start:.1f} {down(k):.1f}L{across(move.at):.1f} {down(k + 1):.1f}")
    colour = "forward" if kind == "forward" else "backward"
    return element(
        "path", d="".join(pieces), fill="none", stroke=colour, stroke_width=2,
        stroke_dasharray=None if by > 0 else "5 2",
    )  # fmt: skip


def _kept_bars(across: Scale, down: Scale, done: Sequence[Move]) -> str:
    """Return a line for each activation, from the move that kept it to the one that let go."""
    since: dict[int, int] = {0: 0}
    pieces = []
    for k, move in enumerate(done):
        let_go = [at for at in since if at not in move.kept]
        pieces += [(at, since.pop(at), k + 1) for at in let_go]
        for at in move.kept:
            since.setdefault(at, k + 1)
    pieces += [(at, start, len(done)) for at, start in since.items()]
    return "".join(
        f"M{across(at):.1f} {down(start):.1f}L{across(at):.1f} {down(end):.1f}"
        for at, start, end in pieces
    )


def _memory(down: Scale, done: Sequence[Move], most: int) -> Svg:
    """Draw how many activations there are after each move."""
    scale = Scale(0, most, *MEMORY)
    corners = [(0, 0.0)]
    for k, move in enumerate(done):
        corners += [(move.in_memory, k), (move.in_memory, k + 1)]
    corners.append((0, len(done)))
    path = "M" + "L".join(f"{scale(count):.1f} {down(at):.1f}" for count, at in corners) + "z"
    ticks = [
        join(
            line(scale(n), TOP, scale(n), BOTTOM, "quiet", stroke_opacity=0.4),
            text(scale(n), TOP - 6, str(n), "quiet", text_anchor="middle"),
        )
        for n in range(0, most + 1, 1 + most // 5)
    ]
    area = element("path", d=path, fill="forward", fill_opacity=0.3, stroke="forward")
    return join(*ticks, area, text(MEMORY[0], STRIP + 18, "in memory"))


def _in_words(
    layers: int, marks: Sequence[int], moves: Sequence[Move], done: Sequence[Move]
) -> str:
    steps = sum(move.kind == "forward" for move in moves)
    said = [
        f"A chain of {layers} layers; marked: "
        + (", ".join(f"A{mark}" for mark in marks) or "nothing")
        + ".",
        f"{steps} steps forward in all, {steps - (layers - 1)} of them again.",
    ]
    if done:
        kept = ", ".join(f"A{at}" for at in done[-1].kept)
        said.append(f"After {len(done)} of {len(moves)} moves at A{done[-1].at}; kept: {kept}.")
    return " ".join(said)


def checkpoint_verdict(yours: int, best: int, layers: int, slots: int, equal: bool) -> Picture:
    """Draw what the two passes take, beside keeping all activations, and that gradients agree."""
    all_kept = layers - 1
    rows = [
        Row((name, str(steps), str(steps - all_kept), str(room)))
        for name, steps, room in (
            ("yours", yours, slots), ("the best", best, slots), ("all kept", all_kept, layers - 2),
        )
    ]  # fmt: skip
    agree = "the same to the last digit" if equal else "NOT the same"
    return titled_table(
        VERDICT_WIDTH,
        f"Gradients of all three: {agree}",
        rows_in_words(rows, "{}: {} steps forward, {} of them again, slots: {}", "; "),
        COLUMNS,
        rows,
    )
