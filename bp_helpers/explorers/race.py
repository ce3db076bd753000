"""Three ways to a gradient, run for real: nudging, forward mode and backpropagation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np

from bp_helpers.explorers.clock import Clock
from bp_helpers.explorers.controls import choice_slider, choice_slider_along
from bp_helpers.explorers.explorer import Explorer, State
from bp_helpers.layers import Dense, Layer, Tanh
from bp_helpers.losses import SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    PARAMETERS_AXIS,
    Duration,
    FloatArray,
    Picture,
    RaceSize,
    beside,
    race_counts,
    race_table,
    race_times,
    times_as_much,
)

# Units of a hidden layer: about 100 parameters, 300, 1000, ... ten million, equally far apart on a
# logarithmic axis; four more on paper only.
RUN_WIDTHS = (4, 9, 19, 36, 64, 120, 220, 390, 700, 1250, 2230)
WIDTHS = (*RUN_WIDTHS, 3970, 7060, 12570, 22360)
OUTPUTS = 10
BATCHES = [1, 64]
FORWARD, NUDGING = "one forward pass", "nudging"
FORWARD_MODE, BACKPROPAGATION = "forward mode", "backpropagation"
PASSES = {
    FORWARD: "1",
    NUDGING: "1 + 1 per parameter",
    FORWARD_MODE: "1 + 1 per parameter",
    BACKPROPAGATION: "1 forward, 1 back",
}
WAYS = (FORWARD, NUDGING, FORWARD_MODE, BACKPROPAGATION)
NUDGE = 1e-6
WHOLE = 1.0  # seconds: what would take longer is timed on a part of the parameters
PART = 0.1  # seconds for that part
ENOUGH = 1.0  # seconds for all runs of one that is run again and again
LONGEST = 1.0  # seconds: the race is over after a backpropagation that took longer
SPAN = 0.005  # seconds: what is shorter is timed several times in a row; some browsers' clocks tick
# every 0.1 ms, and those that guard against fingerprinting every 0.1 s
RUNS = 7  # of which the quickest counts: whatever else a machine does makes a run only slower
PACE = 30  # milliseconds from lap to lap


def sizes(width: int) -> tuple[int, ...]:
    """Return the units of each layer of the network of this width."""
    return (width, width, width, OUTPUTS)


def parameters_of(width: int) -> int:
    """Return how many weights and biases that network has."""
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes(width)))


WIDTH_OF = {parameters_of(width): width for width in WIDTHS}

# ---- The ways -----------------------------------------------------------------------------------


def network_of(width: int) -> Network:
    """Return a network of three Dense layers with Tanh between them, always the same."""
    rng = np.random.default_rng(0)
    layers: list[Layer] = []
    for n_in, n_out in pairwise(sizes(width)):
        layers += [Dense(n_in, n_out, rng=rng), Tanh()]
    return Network(layers[:-1], SquaredError())


def batch_of(width: int, examples: int) -> tuple[FloatArray, FloatArray]:
    """Return inputs and targets for that network."""
    rng = np.random.default_rng(1)
    return rng.normal(size=(examples, width)), rng.normal(size=(examples, OUTPUTS))


def nudged_slopes(network: Network, x: FloatArray, y: FloatArray) -> Iterator[float]:
    """Yield the measured slope of one parameter after the other: one more forward pass each."""
    before = network.loss_value(x, y)
    for array in network.parameters.values():
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + NUDGE
            after = network.loss_value(x, y)
            array[index] = kept
            yield (after - before) / NUDGE


def forward_mode_slopes(network: Network, x: FloatArray, y: FloatArray) -> Iterator[float]:
    """Yield the slope of one parameter after the other, from one more forward pass each.

    The values are those of a single pass. Through the layers goes how fast they move with the
    parameter: nothing moves until its own layer.
    """
    network.loss_value(x, y)
    blame = network.loss.backward()
    came_in = x
    for k, layer in enumerate(network.layers):
        for array in layer.parameters.values():
            for index in np.ndindex(array.shape):
                moves = _moved_on(network.layers[: k + 1], np.zeros_like(x))
                moves[:, index[-1]] += came_in[:, index[0]] if len(index) == 2 else 1.0
                yield float((blame * _moved_on(network.layers[k + 1 :], moves)).sum())
        came_in = layer.forward(came_in)


def _moved_on(layers: list[Layer], moves: FloatArray) -> FloatArray:
    """Return how fast the output of some layers moves, given how fast their input does."""
    for layer in layers:
        # elementwise, a slope is multiplied with whichever way one goes
        moves = moves @ layer.W if isinstance(layer, Dense) else layer.backward(moves)
    return moves


def backpropagated(network: Network, x: FloatArray, y: FloatArray) -> list[FloatArray]:
    """Return every gradient, from one pass forward and one back."""
    network.loss_value(x, y)
    network.backward()
    return [*network.gradients.values()]


# ---- Laps ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lap:
    """How long one of WAYS takes on the network of this width.

    `is_whole` says that it was run to its end; else the seconds are reckoned from a part.
    """

    way: str
    width: int
    examples: int
    is_whole: bool
    seconds: float


def lap(way: str, width: int, examples: int) -> Lap:
    """Run one way on one network, and return how long it took or would take."""
    network, (x, y) = network_of(width), batch_of(width, examples)
    if way == FORWARD:
        return Lap(way, width, examples, True, _quickest(lambda: network.loss_value(x, y)))
    if way == BACKPROPAGATION:
        return Lap(way, width, examples, True, _quickest(lambda: backpropagated(network, x, y)))
    find = nudged_slopes if way == NUDGING else forward_mode_slopes
    slopes = chain.from_iterable(find(network, x, y) for _ in count())  # all, and all again, ...
    return Lap(way, width, examples, *_one_by_one(slopes, parameters_of(width)))


def _one_by_one(slopes: Iterator[float], whole: int) -> tuple[bool, float]:
    """Return whether all of the slopes were found, and the seconds for that.

    After the last slope they begin again: where all take less than `SPAN`, they are found several
    times. Where it would be more than `WHOLE` seconds, some are found, and the quickest count for
    all.
    """
    start = since = time.perf_counter()
    quickest, before = float("inf"), 0
    for found, _ in enumerate(slopes, 1):
        now = time.perf_counter()
        if found % whole == 0 and now - start >= SPAN:
            return True, (now - start) * whole / found
        if now - since >= SPAN and found > 3:
            quickest = min(quickest, (now - since) / (found - before))
            since, before = now, found
            is_long = quickest * whole > WHOLE or now - start > 3 * WHOLE
            if is_long and now - start > PART:
                break
    return False, quickest * whole


def _quickest(act: Callable[[], object]) -> float:
    """Return the seconds of the quickest of some runs, of fewer if they take long."""
    act()  # the first one finds nothing prepared
    in_a_row, times = 1, list[float]()
    while len(times) < RUNS and (len(times) < 3 or sum(times) < ENOUGH):
        took = _seconds(act, in_a_row)
        if took < SPAN:
            in_a_row, times = 2 * in_a_row, []
        else:
            times.append(took)
    return min(times) / in_a_row


def _seconds(act: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        act()
    return time.perf_counter() - start


# ---- The explorer -------------------------------------------------------------------------------


@dataclass(frozen=True)
class RaceNumbers:
    """What each way costs at each size; `looked_at` is the place of the one in the table.

    `clock` has the seconds that all laps together took so far, `verdict` what was found when the
    race was over.
    """

    sizes: tuple[RaceSize, ...]
    looked_at: int
    examples: int
    clock: float
    verdict: str


def race(
    parameters: int, examples: int, laps: tuple[Lap, ...], clock: float, is_over: bool
) -> RaceNumbers:
    """Return what was counted for each size, and what the laps so far say of its time."""
    sizes = []
    for each in WIDTHS:
        durations = {way: duration(way, each, examples, laps) for way in WAYS}
        known = {way: found for way, found in durations.items() if found}
        sizes.append(RaceSize(parameters_of(each), PASSES, counts(each, examples), known))
    place = WIDTHS.index(WIDTH_OF[parameters])
    verdict = verdict_of(sizes) if is_over else ""
    return RaceNumbers(tuple(sizes), place, examples, clock, verdict)


def verdict_of(sizes: Sequence[RaceSize]) -> str:
    """Return in a sentence how far the race came, and what it has shown there."""
    run = [size for size in sizes if _measured(size, BACKPROPAGATION)]
    if not run:
        return "The race is over: none of the networks could be run."
    last, seconds = run[-1], run[-1].durations
    times = times_as_much(seconds[NUDGING].seconds / seconds[BACKPROPAGATION].seconds)
    networks = "1 network was" if len(run) == 1 else f"{len(run)} networks were"
    return (
        f"The race is over: {networks} run, the largest with {last.parameters:,} "
        f"parameters, and there nudging takes {times} times as long as backpropagation."
    )


def _measured(size: RaceSize, way: str) -> bool:
    return way in size.durations and size.durations[way].is_measured


def counts(width: int, examples: int) -> dict[str, int]:
    """Return the multiplications of each way: forward, one for each weight and example."""
    forward = examples * sum(n_in * n_out for n_in, n_out in pairwise(sizes(width)))
    one_by_one = (1 + parameters_of(width)) * forward
    return dict(zip(WAYS, (forward, one_by_one, one_by_one, 3 * forward), strict=True))


def duration(way: str, width: int, examples: int, laps: Iterable[Lap]) -> Duration | None:
    """Return how long a way takes at a size, from the lap there or the largest one below it.

    A larger network is reckoned to take as many times as long as it takes multiplications.
    """
    known = [lap for lap in laps if (lap.way, lap.examples) == (way, examples)]
    below = [lap for lap in known if lap.width <= width]
    if not below:
        return None
    nearest = max(below, key=lambda lap: lap.width)
    if nearest.width == width:
        return Duration(nearest.seconds, nearest.is_whole)
    grown = counts(width, examples)[way] / counts(nearest.width, examples)[way]
    return Duration(nearest.seconds * grown, False)


def race_picture(numbers: RaceNumbers) -> Picture:
    """Draw what was counted beside what was timed, and below them one size in a table."""
    size, place = numbers.sizes[numbers.looked_at], numbers.looked_at
    return beside(
        race_counts(numbers.sizes, place),
        race_times(numbers.sizes, place),
        race_table(size, numbers.examples, numbers.clock, numbers.verdict),
    )


def _written(parameters: float) -> str:
    """Return how many they are; from a million on in words, so that there is room for them."""
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if parameters >= size:
            return f"{float(f'{parameters / size:.2g}'):g} {word}"
    return f"{parameters:,}"


class RaceExplorer(Explorer):
    """Nudging, forward mode and backpropagation, each run for real on the machine at hand.

    Play goes from the smallest network to the largest that this machine manages quickly;
    `run(width)` runs one. What would take longer than a second is run for some of the parameters
    and reckoned up; the four largest networks are on paper only.
    """

    compute, draw = race, race_picture
    runs: ClassVar = True
    controls: ClassVar = {
        "parameters": choice_slider_along(
            PARAMETERS_AXIS, "parameters", [*WIDTH_OF], parameters_of(700), _written
        ),
        "examples": choice_slider("examples", BATCHES, 64, "6em"),
    }
    others: ClassVar = {"laps": (), "clock": 0.0, "is_over": False}

    def buttons(self) -> list[widgets.Widget]:
        """Return Play."""
        self.clock = Clock(self.view, self._next_lap, PACE)
        return [self.clock.button]

    def run(self, width: int) -> None:
        """Run every way at one of the sizes that are not on paper only, and look at it."""
        if width not in RUN_WIDTHS:
            raise ValueError(f"width is {width}: it must be one of {RUN_WIDTHS}")
        self._run(width, WAYS)

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set; what has been run is for one batch only."""
        if name == "is_over" and not isinstance(value, bool):
            raise ValueError(f"is_over cannot be {value!r}: it is True or False")
        moved = super().moved_to(state, name, value)
        return {**moved, "is_over": False} if name == "examples" else moved

    def _next_lap(self) -> bool:
        """Run the first lap that is missing, and say whether there may be another one."""
        examples, laps = self.state["examples"], self.state["laps"]
        own = {(lap.way, lap.width): lap for lap in laps if lap.examples == examples}
        for width in RUN_WIDTHS:
            for way in WAYS:
                if (way, width) not in own:
                    return self._ran(way, width)
            if own[BACKPROPAGATION, width].seconds > LONGEST:
                break
        self.set(is_over=True)  # by itself: so its sentence is what a screen reader says
        return False

    def _ran(self, way: str, width: int) -> bool:
        """Run a lap, and return whether there was memory for it; if not, say that it is over."""
        try:
            self._run(width, [way])
        except MemoryError:
            self.set(is_over=True)
            self.trouble.value = (
                f"<p>A network of {parameters_of(width):,} parameters does not fit into the memory "
                "of this machine: the race ends here.</p>"
            )
            return False
        return True

    def _run(self, width: int, ways: Sequence[str]) -> None:
        """Run these ways; a lap takes the place of an earlier one of the same size and batch."""
        start = time.perf_counter()
        laps = [lap(way, width, self.state["examples"]) for way in ways]
        took = time.perf_counter() - start
        new = {(lap.way, lap.width, lap.examples): lap for lap in (*self.state["laps"], *laps)}
        self.set(
            laps=tuple(new.values()),
            parameters=parameters_of(width),
            clock=self.state["clock"] + took,
        )
