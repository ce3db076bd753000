"""How much faster a step gets on many machines, worked out on paper."""

from __future__ import annotations

from typing import ClassVar

from bp_helpers.explorers.controls import choice_slider
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.pictures import Picture, StepTimes, beside, step_table, step_times

MACHINES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
BATCHES = [float(f"{factor}e{power}") for power in (2, 3, 4, 5) for factor in (1, 2, 5)] + [1e6]
BYTES = 4  # of a number in float32


def scaling(machines: int, parameters: float, batch: float, speed: float, wire: float) -> StepTimes:
    """Return what a step takes on each number of machines, each with its share of the batch.

    A pass forward and two back take three multiplications for each parameter and example; a machine
    does `speed` of them in a second. A ring passes on 2 (K - 1) / K times the network's bytes in
    each machine (Patarasuk & Yuan 2009), of which `wire` go out in a second.
    """
    work = 3 * parameters * batch / speed
    arithmetic = tuple(work / k for k in MACHINES)
    sending = tuple(2 * (k - 1) / k * BYTES * parameters / wire for k in MACHINES)
    return StepTimes(MACHINES, arithmetic, sending, MACHINES.index(machines))


def scaling_picture(times: StepTimes) -> Picture:
    """Draw the times over the number of machines, and write out those of the chosen one."""
    return beside(step_times(times), step_table(times))


class ScalingExplorer(Explorer):
    """When more machines help: the arithmetic is shared, the sending is not.

    Each assumption is a slider: the machines, the network's parameters, the examples in a batch,
    multiplications a second, and bytes a second over the wire.
    """

    compute, draw = scaling, scaling_picture
    controls: ClassVar = {
        "machines": choice_slider("machines", MACHINES, 10),
        "parameters": choice_slider("parameters", [1e6, 1e7, 1e8, 1e9, 1e10, 1e11], 1e9),
        "batch": choice_slider("batch", BATCHES, 1e3),
        "speed": choice_slider("multiplications/s", [1e10, 1e11, 1e12, 1e13, 1e14], 1e13),
        "wire": choice_slider("bytes/s", [1e7, 1e8, 1e9, 1e10, 1e11], 1e9),
    }
    rows: ClassVar = [["machines", "batch"], ["parameters"], ["speed", "wire"]]
    presets: ClassVar = {
        "a large batch": {"batch": 1e6},
        "at home": {"speed": 1e10, "wire": 1e7, "parameters": 1e6, "machines": 2},
    }
