"""What a gradient costs: the race of notebook 09, in figures.

Run it from the project's folder: `python -m benchmarks.race`; README.md says what each number
means. `--quick` runs the three smallest sizes, to show that the script works.
"""

from __future__ import annotations

import argparse
import os
import platform

import numpy as np

from bp_helpers.explorers.race import (
    BACKPROPAGATION,
    BATCHES,
    FORWARD,
    FORWARD_MODE,
    NUDGING,
    RUN_WIDTHS,
    Lap,
    lap,
    parameters_of,
)
from bp_helpers.pictures import Duration

WAYS = (FORWARD, BACKPROPAGATION, NUDGING, FORWARD_MODE)


def written(one: Lap) -> str:
    """Return how long a lap took, with `~` before what was estimated from a part."""
    return f"{'' if one.is_whole else '~'}{Duration(one.seconds, True)}"


def main() -> None:
    """Print a table for each batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    widths = RUN_WIDTHS[:3] if parser.parse_args().quick else RUN_WIDTHS
    threads = os.environ.get("OMP_NUM_THREADS", "all")
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, threads: {threads}")
    for examples in BATCHES:
        print(f"\n{examples} example{'s' * (examples > 1)}; ~ is estimated from a part.")
        print(f"parameters{''.join(f'{way:>18}' for way in WAYS)}   back over forward")
        for width in widths:
            laps = [lap(way, width, examples) for way in WAYS]
            back = laps[1].seconds / laps[0].seconds - 1
            print(
                f"{parameters_of(width):>10,}{''.join(f'{written(one):>18}' for one in laps)}"
                f"   {back:17.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
