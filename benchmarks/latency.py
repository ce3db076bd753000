"""How long a slider, and a number in the picture, takes to reach it, in a real JupyterLab.

Run it from the project's folder: `python -m benchmarks.latency`; README.md says what each number
means. `--quick` only shows that the script works.
"""

import argparse
import asyncio
import os
import random
import socket
import tempfile
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import nbformat
from lab import CHROMIUM_OPTIONS, Notebook, find_chromium, running_lab
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

PROBE = Path(__file__).with_name("latency_probe.js")
WARM_UP = 5  # events at the start that do not count
STEP = 0.01  # of the slider
DELAY = 0.05  # seconds each way, in the run with a slow network

SLIDER = f'FloatSlider(-0.76, min=-3, max=3, step={STEP}, description="X[0]")'
EXPLORER = """\
from bp_helpers.explorers import BackwardExplorer

explorer = BackwardExplorer()
explorer.set(step=7)
explorer
"""
LABEL = f"""\
from ipywidgets import FloatSlider, Label, VBox

slider, label = {SLIDER}, Label("-0.76")


def show(change):
    label.value = f"{{change['new']:g}}"


slider.observe(show, "value")
VBox([slider, label])
"""
INTERACT = f"""\
%matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact

from bp_helpers import check_gradients, running_example

example = running_example()
network, sizes = example.network, (2, 3, 2)


def place(layer, k):
    return layer, -(k + 0.5) / sizes[layer]


def draw(x0):
    x = np.array([[x0, 0.45]])
    report, trace = check_gradients(network, x, example.y), network.trace(x, example.y)
    figure, axes = plt.subplots(figsize=(10, 5))
    axes.axis("off")
    for layer in (1, 2):
        for (i, j), w in np.ndenumerate(trace[f"W{{layer}}"]):
            g = trace[f"dW{{layer}}"][i, j]
            (x1, y1), (x2, y2) = place(layer - 1, i), place(layer, j)
            for value, colour, up in ((w, "tab:blue", 0.012), (g, "tab:red", -0.012)):
                style = "-" if value >= 0 else "--"
                width = 0.6 + 2 * abs(value)
                axes.plot([x1, x2], [y1 + up, y2 + up], style, color=colour, linewidth=width)
                middle = (x1 + x2) / 2, y1 + 0.4 * (y2 - y1) + 1.5 * up
                axes.text(*middle, f"{{value:.3f}}", color=colour, fontsize=8)
    for layer, size in enumerate(sizes):
        names = [f"Z{{layer}}", f"A{{layer}}", f"dA{{layer}}"] if layer else ["X", "dX"]
        for k in range(size):
            lines = [f"{{name}} {{trace[name][0, k]:.3f}}" for name in names]
            axes.text(*place(layer, k), "\\n".join(lines), backgroundcolor="white", va="center")
    rows = [
        f"d{{name}}{{list(index)}} {{check.analytic[index]:.4f}} {{check.measured[index]:.4f}}"
        for name, check in report.parameters.items()
        for index in np.ndindex(check.analytic.shape)
    ]
    axes.text(2.4, -0.5, "\\n".join(rows), va="center", fontsize=8)
    print(f"{{x0:g}}")  # says which value the picture is of
    plt.show()


interact(draw, x0={SLIDER});
"""


class Renderer:
    """One way to show what a hand does: a notebook's code, and how the page says its value.

    The hand holds the slider number `handle`, or if there is a `part`, that number in the picture.
    """

    def __init__(self, name, code, root, shown, handle=0, part=None):
        self.name, self.code = name, code
        self.root, self.shown, self.handle, self.part = root, shown, handle, part
        self.key = "ArrowUp" if part else "ArrowRight"  # to the next value

    def open(self, browser, server, notebooks):
        """Open and run it, in a page of its own; return the page and the seconds that took."""
        notebook = new_notebook(cells=[new_code_cell(self.code)])
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook.metadata.kernelspec = nbformat.from_dict(kernel)
        nbformat.write(notebook, notebooks / f"{self.name}.ipynb")
        page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        page.add_init_script(path=PROBE)
        page.set_default_timeout(120_000)
        started = time.perf_counter()
        opened = Notebook(page, server, f"notebooks/{self.name}.ipynb")
        opened.run_all()
        page.wait_for_function(f"({self.shown})(document.querySelector('{self.root}')) !== null")
        page.evaluate("new Promise(requestAnimationFrame)")
        seconds = time.perf_counter() - started
        page.evaluate(
            f"""(part) => {{
              const root = document.querySelector("{self.root}");
              const handle = part
                ? root.querySelector(`[data-name="${{part}}"]`)
                : document.querySelectorAll(".noUi-handle")[{self.handle}];
              probe.attach(root, handle, {self.shown});
            }}""",
            self.part,
        )
        return page, seconds


OURS, SCRUBBED, FLOOR, PEER = "explorer", "number", "label", "interact"
VIEW = ".jp-OutputArea .bp-view"
SHOWN = "root => root && Number(root.dataset.shown.match(/x0=(\\S+)/)[1])"
RENDERERS = [
    Renderer(OURS, EXPLORER, VIEW, SHOWN, handle=1),
    Renderer(SCRUBBED, EXPLORER, VIEW, SHOWN, part="X[0]"),
    Renderer(
        FLOOR,
        LABEL,
        ".jp-OutputArea .widget-vbox > .widget-label",
        "root => root && Number(root.textContent)",
    ),
    Renderer(
        PEER,
        INTERACT,
        ".jp-OutputArea .widget-interact",
        """root => {
          const image = root && root.querySelector("img");
          const ready = image && image.complete && image.naturalWidth > 0;
          return ready ? Number(root.querySelector("pre").textContent) : null;
        }""",
    ),
]


class Measured:
    """What was measured of one renderer, in milliseconds; the opening in seconds."""

    def __init__(self, opening):
        self.opening, self.keys, self.settled = opening, [], []
        self.ages, self.off = [], []

    def press_keys(self, page, key, count):
        """Press a key `count` times, each time waiting for its picture."""
        page.bring_to_front()
        page.evaluate("probe.handle.focus()")
        for _ in range(count):
            page.keyboard.press(key)
            self.keys.append(page.evaluate("probe.latency()"))
            page.wait_for_timeout(random.uniform(100, 130))  # not in step with the frames

    def drag(self, page, seconds):
        """Drag the slider, or the number, to and fro for so long."""
        page.bring_to_front()
        result = page.evaluate("seconds => probe.drag(seconds)", seconds)
        self.ages += [picture["age"] for picture in result["pictures"]]
        self.off += [picture["off"] for picture in result["pictures"]]
        self.settled.append(result["settled"])
        page.wait_for_timeout(500)

    def row(self, name):
        """Return a line of the table."""
        typical, rare = self.key_times()
        return (
            f"{name:10}{typical:9.0f} /{rare:5.0f}{median(self.ages):15.0f}"
            f"{sum(self.off) / len(self.off) / STEP:12.1f}"
            f"{median(self.settled):12.0f}{self.opening:15.1f}"
            f"{len(self.keys):12} {len(self.ages):8}"
        )

    def key_times(self):
        """Return median and 95th percentile from key press to paint."""
        return median(self.keys), quantiles(self.keys, n=20)[-1]


def measure(browser, server, notebooks, blocks, per_block):
    """Measure all renderers in turns, so that whatever else runs here disturbs each of them."""
    pages, results = {}, {}
    for renderer in RENDERERS:
        page, opening = renderer.open(browser, server, notebooks)
        Measured(0).press_keys(page, renderer.key, WARM_UP)
        pages[renderer.name], results[renderer.name] = page, Measured(opening)
    for _ in range(blocks):
        for renderer in RENDERERS:
            page, measured = pages[renderer.name], results[renderer.name]
            measured.press_keys(page, renderer.key, per_block)
            measured.drag(page, 2)
    for page in pages.values():
        page.context.close()
    return results


def report(title, results):
    """Print the table of one run."""
    print(f"\n{title}; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        f"{'':10}{'key to paint':>16}{'age in drag':>15}{'steps off':>12}{'settled':>12}"
        f"{'opening (s)':>15}{'key presses':>12} {'pictures':>8}"
    )
    for name, measured in results.items():
        print(measured.row(name))
    slider, scrubbed = results[OURS], results[SCRUBBED]
    print(
        f"a number over its slider: key to paint, median "
        f"{scrubbed.key_times()[0] / slider.key_times()[0]:.2f}; age in drag "
        f"{median(scrubbed.ages) / median(slider.ages):.2f}"
    )
    ours, floor, peer = (results[name].key_times() for name in (OURS, FLOOR, PEER))
    print(
        f"over the floor: median {ours[0] / floor[0]:.2f}, 95th percentile "
        f"{ours[1] / floor[1]:.2f}; interact over ours: median {peer[0] / ours[0]:.1f}, "
        f"95th percentile {peer[1] / ours[1]:.1f}",
        flush=True,
    )


# ---- A slow network -----------------------------------------------------------------------------


async def _carry(reader, writer):
    """Hand on what comes in, each piece DELAY seconds later, in its order."""
    loop = asyncio.get_running_loop()
    on_the_way = asyncio.Queue()

    async def deliver():
        while True:
            due, data = await on_the_way.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                writer.close()
                return
            writer.write(data)

    delivery = asyncio.create_task(deliver())
    data = b"."
    while data:
        try:
            data = await reader.read(2**16)
        except ConnectionError:
            data = b""
        on_the_way.put_nowait((loop.time() + DELAY, data))
    await delivery


@contextmanager
def slow_network(server):
    """Yield the server's address and token as seen over a network with DELAY each way."""
    address, token = server
    started = Future()

    async def connect(reader, writer):
        there = await asyncio.open_connection("localhost", urlsplit(address).port)
        with suppress(asyncio.CancelledError):  # at the end, with the browser still connected
            await asyncio.gather(_carry(reader, there[1]), _carry(there[0], writer))

    async def serve():
        stop = asyncio.Event()
        proxy = await asyncio.start_server(connect, "localhost", family=socket.AF_INET)
        started.set_result((asyncio.get_running_loop(), stop, proxy.sockets[0].getsockname()[1]))
        await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    loop, stop, port = started.result()
    try:
        yield f"http://localhost:{port}/", token
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


# ---- The runs -----------------------------------------------------------------------------------


@contextmanager
def lab(no_delay):
    """Start JupyterLab with the project's settings, or with the kernel connection as it is else."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        course, own = Path(folder, "course"), Path(folder, "own")
        notebooks = course / "notebooks"
        notebooks.mkdir(parents=True)
        if not no_delay:
            settings = own / "jupyter_config_dir" / "jupyter_server_config.d"
            settings.mkdir(parents=True)
            off = '{"ServerApp": {"jpserver_extensions": {"bp_helpers.server_extension": false}}}'
            (settings / "off.json").write_text(off, encoding="utf-8")
        with running_lab(course, own) as server:
            yield server, notebooks


def main():
    """Run all three and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few events; only shows that it works")
    size = (2, 5) if parser.parse_args().quick else (6, 20)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
        print(f"Chromium {browser.version}. Times in ms, median / 95th percentile.", flush=True)
        with lab(no_delay=True) as (server, notebooks):
            report("As the course starts it", measure(browser, server, notebooks, *size))
            with slow_network(server) as slow:
                title = f"The same over a network with {2 * DELAY * 1000:.0f} ms there and back"
                report(title, measure(browser, slow, notebooks, *size))
        with lab(no_delay=False) as (server, notebooks):
            report("Without the no-delay websocket", measure(browser, server, notebooks, *size))
        browser.close()


if __name__ == "__main__":
    main()
