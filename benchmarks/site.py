"""How long until the first picture in the course's site, and how much is fetched for it.

Run it from the project's folder, with a built site: `python -m benchmarks.site`; site/README.md
says what each number means. `--quick` only shows that the script works. `--film=FOLDER` measures
nothing: it writes what somebody new sees of the landing page, and of a notebook on a phone, a
screenshot each 250 ms, as two film strips. `--whole NOTEBOOK ...` measures instead how long each of
these notebooks takes to run from top to bottom, in the site.
"""

import argparse
import os
import tempfile
import time
from base64 import b64encode
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from lab import CHROMIUM_OPTIONS, find_chromium
from playwright.sync_api import sync_playwright
from site_page import ALONE, DIST, SiteNotebook, load

from benchmarks.latency import OURS, PROBE, RENDERERS, WARM_UP, Measured

FIRST, EXPLORER = "00_start_here.ipynb", "04_backward_pass.ipynb"
PICTURE = ".bp-explorer .bp-view"


def run_whole(playwright, address, name):
    """Return the seconds that all cells of a notebook take, once Python is ready.

    Also return how long the processors worked for that, and how many cells ended with an error.
    """
    browser = playwright.chromium.launch(
        executable_path=find_chromium(), args=[*CHROMIUM_OPTIONS, ALONE]
    )
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.set_default_timeout(300_000)
    opened = SiteNotebook(page, address, name)
    opened.wait_for_kernel()
    before, started = processor_seconds(), time.perf_counter()
    opened.run_all()
    seconds, work = time.perf_counter() - started, processor_seconds() - before
    outputs = [output for cell in opened.cells() for output in cell.get("outputs", [])]
    browser.close()
    return seconds, work, sum(output["output_type"] == "error" for output in outputs)


def counting(serve):
    """Let the server count what it sends; return the list that it adds to."""
    sent = []
    copy = serve.Handler.copyfile

    def count(self, source, output):
        sent.append(len(source.read()))
        source.seek(0)
        copy(self, source, output)

    serve.Handler.copyfile = count
    return sent


def processor_seconds():
    """Return how long the processors have worked for what this script started."""
    times = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    return sum(each.user + each.system for each in times)


def visit(playwright, address, profile):
    """Open the first notebook, run all its cells; return the seconds to each stage."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=find_chromium(), args=[*CHROMIUM_OPTIONS, ALONE],
        viewport={"width": 1400, "height": 1000},
    )  # fmt: skip
    before, started = processor_seconds(), time.perf_counter()
    page = context.new_page()
    opened = SiteNotebook(page, address, FIRST)
    stages = [time.perf_counter() - started]
    opened.wait_for_kernel()
    stages.append(time.perf_counter() - started)
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(f"{PICTURE} > svg").first.wait_for(state="attached", timeout=120_000)
    page.evaluate("new Promise(requestAnimationFrame)")
    stages.append(time.perf_counter() - started)
    stages.append(processor_seconds() - before)
    context.close()
    return stages


def front_page(playwright, address, sent):
    """Open the landing page in a fresh browser; return the seconds until a key has moved it.

    Also return the MB sent until then.
    """
    browser = playwright.chromium.launch(
        executable_path=find_chromium(), args=[*CHROMIUM_OPTIONS, ALONE]
    )
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    weight = page.locator(".moves [data-name='W1[1,1]']")
    weight.wait_for()
    fetched = sum(sent) / 1e6
    weight.press("ArrowUp")
    page.wait_for_function("document.querySelector('.bp-view').dataset.shown.includes('W1[1,1]')")
    page.evaluate("new Promise(requestAnimationFrame)")
    seconds = time.perf_counter() - started
    browser.close()
    return seconds, fetched


RUN_AND_SHOW = """void jupyterapp.commands.execute("notebook:run-all-cells").then(() => {
  jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
  document.querySelector(".bp-explorer").scrollIntoView();
})"""
FILMS: dict[str, tuple[str, dict[str, Any], int]] = {
    "front": ("", {"viewport": {"width": 1366, "height": 768}}, 16),
    "phone": (
        f"notebooks/index.html?path={EXPLORER}",
        {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
        80,
    ),
}


def film(playwright, address, folder):
    """Write a film strip of each first visit into `folder`; the landing page is moved by keys."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (place, device, count) in FILMS.items():
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*CHROMIUM_OPTIONS, ALONE]
        )
        page = browser.new_context(**device).new_page()
        page.goto(address + place, wait_until="commit")
        started, shots = time.perf_counter(), []
        for k in range(count):
            page.wait_for_timeout(max(0, 250 * k - 1000 * (time.perf_counter() - started)))
            shots.append((time.perf_counter() - started, page.screenshot()))
            if page.locator(".moves").count():
                page.locator("[data-name='W1[1,1]']").press("ArrowUp")
            elif k == count // 2 and page.locator(".jp-Notebook").count():
                page.evaluate(RUN_AND_SHOW)
        (folder / f"{name}.png").write_bytes(strip(browser, shots))
        browser.close()


def strip(browser, shots):
    """Return the screenshots side by side, with the seconds below each, as one picture."""
    pictures = "".join(
        f"<figure style='display:inline-block;margin:4px'><img width=220 "
        f"src='data:image/png;base64,{b64encode(shot).decode()}'><br>{seconds:.2f} s</figure>"
        for seconds, shot in shots
    )
    page = browser.new_page(viewport={"width": 1900, "height": 100})
    page.set_content(pictures)
    return page.screenshot(full_page=True)


def latency(playwright, address, blocks, per_block):
    """Measure one slider of the backward explorer at its last step, as benchmarks.latency does."""
    browser = playwright.chromium.launch(
        executable_path=find_chromium(), args=[*CHROMIUM_OPTIONS, ALONE]
    )
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.add_init_script(path=PROBE)
    page.set_default_timeout(120_000)
    opened = SiteNotebook(page, address, EXPLORER)
    opened.run_all()
    explorer = page.locator(".bp-explorer").first
    explorer.locator(".noUi-handle").first.press("End")
    page.wait_for_timeout(2000)
    (ours,) = [renderer for renderer in RENDERERS if renderer.name == OURS]
    explorer.evaluate(
        f"""box => {{
          const handles = box.querySelectorAll(".noUi-handle");
          probe.attach(box.querySelector(".bp-view"), handles[{ours.handle}], {ours.shown});
        }}"""
    )
    Measured(0).press_keys(page, ours.key, WARM_UP)
    measured = Measured(0)
    for _ in range(blocks):
        measured.press_keys(page, ours.key, per_block)
        measured.drag(page, 2)
    browser.close()
    return measured


def megabytes(folder):
    """Return the size of all files in `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main():
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few events; only shows that it works")
    parser.add_argument("--film", type=Path, metavar="FOLDER", help="write film strips, and stop")
    parser.add_argument("--whole", nargs="+", metavar="NOTEBOOK", help="run these, and stop")
    arguments = parser.parse_args()
    quick = arguments.quick
    rounds, events = (1, (1, 5)) if quick else (5, (6, 20))
    serve = load("serve")
    sent = counting(serve)
    rows = {"first visit": [], "return": []}
    with sync_playwright() as playwright, serve.serving(DIST) as address:
        if arguments.film:
            film(playwright, address, arguments.film)
            return
        print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        if arguments.whole:
            for name in arguments.whole:
                seconds, work, errors = run_whole(playwright, address, name)
                took = f"{seconds:6.1f} s from top to bottom, {work:.1f} s of the processors"
                print(f"{name:20}{took}, {errors} errors", flush=True)
            return
        for _ in range(rounds):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
                for stages in rows.values():
                    sent.clear()
                    stages.append([*visit(playwright, address, Path(profile)), sum(sent) / 1e6])
        fronts = []
        for _ in range(rounds):
            sent.clear()
            fronts.append(front_page(playwright, address, sent))
        seconds, fetched = (median(column) for column in zip(*fronts, strict=True))
        print(f"the landing page: moved after {seconds:.2f} s, {fetched:.2f} MB until then")
        print(f"{'':14}{'notebook':>10}{'kernel':>10}{'picture':>10}{'processor':>12}{'MB':>8}")
        for name, stages in rows.items():
            columns = [median(column) for column in zip(*stages, strict=True)]
            seconds = "".join(
                f"{value:{w}.1f}" for value, w in zip(columns, (10, 10, 10, 12), strict=False)
            )
            print(f"{name:14}{seconds}{columns[-1]:8.1f}", flush=True)
        measured = latency(playwright, address, *events)
    typical, rare = measured.key_times()
    print(
        f"slider: key to paint {typical:.0f} / {rare:.0f} ms, {len(measured.keys)} key presses;"
        f" age in drag {median(measured.ages):.0f} ms, {len(measured.ages)} pictures"
    )
    print(f"the site: {megabytes(DIST):.1f} MB; load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
