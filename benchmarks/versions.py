"""This checkout beside another one: the engine's training step, and one event of an explorer.

Run it from the project's folder, with the folder of the other checkout: `python -m
benchmarks.versions ../before`; README.md says what the numbers mean. `--quick` only shows that the
script works.
"""

import argparse
import json
import math
import runpy
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from types import SimpleNamespace

HERE = Path(__file__).resolve()
REPETITIONS, SECONDS = 21, 0.04


def tasks():
    """Return by name what makes each thing to time, by the benchmarks of the checkout it is in."""
    engine, explorers = (
        SimpleNamespace(**runpy.run_path(f"benchmarks/{name}.py"))
        for name in ("engine", "explorers")
    )
    made = {}
    for widths, batch in engine.SHAPES[:-1]:
        for dtype in ("float32", "float64"):

            def step(widths=widths, batch=batch, dtype=dtype):
                network = engine.network_of(widths, dtype)
                return engine.engine_step(network, *engine.data(widths, batch, dtype))

            made[f"step, {engine.name_of(widths, batch)} {dtype}"] = step
    for name, (kind, at, _) in explorers.EXPLORERS.items():

        def event(kind=kind, at=at, counter=count(1)):  # noqa: B008
            slider, _ = explorers.explorer_at(kind, at)
            return lambda: slider.set_state({"value": round(3 * math.sin(next(counter)), 2)})

        made[f"event, {name}"] = event
    return made


def answer():
    """Time what is asked for, line after line: its name, and for how long."""
    known, running = tasks(), {}
    print(json.dumps([*known]), flush=True)
    for line in sys.stdin:
        name, seconds = json.loads(line)
        if name not in running:
            running[name] = known[name]()
        start, calls = time.process_time(), 0
        while time.process_time() - start < seconds:
            running[name]()
            calls += 1
        print((time.process_time() - start) / calls, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path, help="the folder of the other checkout")
    parser.add_argument("--quick", action="store_true", help="few repetitions")
    options = parser.parse_args()
    code = f"import runpy; runpy.run_path({str(HERE)!r})['answer']()"
    pipe = subprocess.PIPE
    sides = [
        subprocess.Popen([sys.executable, "-c", code], cwd=root, stdin=pipe, stdout=pipe, text=True)
        for root in (options.other.resolve(), HERE.parent.parent)
    ]

    def asked(side, *what):
        side.stdin.write(json.dumps(what) + "\n")
        side.stdin.flush()
        return float(side.stdout.readline())

    names, _ = (json.loads(side.stdout.readline()) for side in sides)
    print(f"{'processor time':42}{'other':>12}{'this':>12}{'this / other':>21}")
    for name in names:
        for side in sides:
            asked(side, name, SECONDS)
        turns = range(2 if options.quick else REPETITIONS)
        pairs = [[asked(side, name, SECONDS) for side in sides] for _ in turns]
        other, this = (1e6 * median(own) for own in zip(*pairs, strict=True))
        low, middle, high = quantiles([b / a for a, b in pairs], n=4)
        print(f"{name:42}{other:9.0f} µs{this:9.0f} µs{f'{middle:.2f} ({low:.2f}-{high:.2f})':>21}")
    for side in sides:
        side.stdin.close()
        side.wait()


if __name__ == "__main__":
    main()
