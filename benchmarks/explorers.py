"""How long an explorer takes, in the kernel, to answer one move of a slider.

Run it from the project's folder: `python -m benchmarks.explorers`; README.md says what each number
means. `--quick` only shows that the script works.
"""

import argparse
import asyncio
import functools
import json
import math
import platform
import time
import zlib
from statistics import median, quantiles

import ipywidgets as widgets
import numpy as np

from bp_helpers.explorers import BackwardExplorer, ForwardExplorer

# name: (explorer, its step, target for the median in ms)
EXPLORERS = {
    "backward, first step": (BackwardExplorer, 0, 5),
    "backward, last step": (BackwardExplorer, 7, 5),
    "forward, last step": (ForwardExplorer, 5, 15),
}
NUMBER = "X[0]"
PARTS = ("numbers", "draw", "hand over")
WARM_UP = 20


def write_messages(widget):
    """Let a widget write its messages as a kernel does; there is no page here to send them to."""
    widget._send = lambda message, buffers=None: json.dumps(message).encode("utf-8")


def timed(owner, method, times):
    """Write down how long each call of a method takes."""
    original = getattr(owner, method)

    @functools.wraps(original)
    def wrapper(*args, **options):
        start = time.perf_counter()
        result = original(*args, **options)
        times.append(time.perf_counter() - start)
        return result

    setattr(owner, method, wrapper)


def explorer_at(kind, step):
    """Return its slider x0, and a list of times for each part of an event."""
    kind = type(kind.__name__, (kind,), {})  # of its own, for only this one is timed
    explorer = kind()
    explorer.set(step=step)
    parts = {name: [] for name in PARTS}
    write_messages(explorer.view)
    timed(kind, "compute", parts["numbers"])
    timed(kind, "draw", parts["draw"])
    timed(explorer.view, "show", parts["hand over"])
    return explorer.handles["x0"], parts


def slider_and_label():
    """The least that could answer: a label that says the slider's value."""
    slider, label = widgets.FloatSlider(min=-3, max=3, step=0.01), widgets.Label()
    write_messages(label)
    slider.observe(lambda change: setattr(label, "value", f"{change.new:.2f}"), "value")
    return slider


def seconds_of_event(slider, value):
    """Return how long it takes from the page's message to the answer, all written."""
    start = time.perf_counter()
    slider.set_state({"value": value})
    return time.perf_counter() - start


def measure(kind, step, events):
    """Return the times of all events: ours, its parts, and the label's, which takes turns."""
    ours, parts = explorer_at(kind, step)
    label = slider_and_label()
    times, floor = [], []
    for k in range(WARM_UP + events):
        value = round(3 * math.sin(k + 1), 2)
        times.append(seconds_of_event(ours, value))
        floor.append(seconds_of_event(label, value))
    kept = {name: own[-events:] for name, own in parts.items()}
    return times[-events:], kept, floor[-events:]


async def sent_ahead(kind, step, name):
    """Ask for the pictures along a number until no more come, as a page does.

    Return how many there were, the bytes, as they are and packed, and the seconds of work.
    """
    explorer = kind()
    explorer.set(step=step)
    messages = []
    explorer.view._send = lambda message, buffers=None: messages.append(json.dumps(message))
    value = explorer.hands()[name].value
    before, count = time.process_time(), -1
    while len(messages) > count:
        count = len(messages)
        explorer.view._handle_custom_msg({"ask": {"name": name, "value": value}}, [])
        while not explorer.ahead._making.done():
            await asyncio.sleep(0)
    seconds = time.process_time() - before
    text = [message.encode("utf-8") for message in messages]
    pictures = sum(message.count('"texts"') for message in messages)
    return pictures, sum(map(len, text)), sum(len(zlib.compress(t, 1)) for t in text), seconds


def milliseconds(times):
    return f"{1000 * median(times):.2f} / {1000 * quantiles(times, n=20)[-1]:.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few events, a second")
    events = 5 if parser.parse_args().quick else 200
    print(f"Python {platform.python_version()}, NumPy {np.__version__},", end=" ")
    print(f"ipywidgets {widgets.__version__}. {events} events, median / 95th percentile in ms.")
    print(f"\n{'':24}{'one event':>16}", *(f"{name:>14}" for name in PARTS), end="")
    print(f"{'target':>8}{'label':>14}{'ratio':>7}")
    for name, (kind, step, target) in EXPLORERS.items():
        times, parts, floor = measure(kind, step, events)
        print(f"{name:24}{milliseconds(times):>16}", end="")
        print("", *(f"{milliseconds(parts[part]):>14}" for part in PARTS), end="")
        print(f"{target:8}{milliseconds(floor):>14}{median(times) / median(floor):7.0f}")
    print(f"\nSent ahead along {NUMBER}: {'pictures':>14}{'kB':>8}{'packed':>8}{'ms of work':>12}")
    for name, (kind, step, _) in EXPLORERS.items():
        pictures, size, packed, seconds = asyncio.run(sent_ahead(kind, step, NUMBER))
        print(f"{name:31}{pictures:8}{size / 1000:8.0f}{packed / 1000:8.0f}{1000 * seconds:12.0f}")


if __name__ == "__main__":
    main()
