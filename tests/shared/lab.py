"""A real JupyterLab with the project's own settings, and notebooks opened in it by Chromium.

The tests of the notebooks in the browser and the benchmark of their speed both use it.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM_NAMES = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
IMAGES = 'cell => [...cell.querySelectorAll(".jp-OutputArea img")]'
LONGEST = 180_000  # ms to wait for what comes by itself: the machine may be busy, or slow
SEEN = "image.complete && image.naturalWidth > 0 && image.checkVisibility() && image.width > 50"

# It calls nobody but the server, and needs neither a graphics card nor a sandbox of its own.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium():
    """The path in BP_CHROMIUM, or a Chromium or Chrome under its usual name, or None."""
    named = os.environ.get("BP_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def lab_command(folder):
    """Return what start.py starts, for the notebooks in `folder` and with this Python."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    start.ROOT = folder
    return [sys.executable, *start.lab_command()[1:]]


def running_lab(folder, own, *options):
    """Start JupyterLab at `folder`, and end it with the block; gives its address and token."""
    visible = "--LabApp.expose_app_in_browser=True"
    return running_server([*lab_command(folder), visible, *options], folder, own)


def running_notebook_7(folder, own):
    """Do the same with Jupyter Notebook 7."""
    _, *command = lab_command(folder)
    options = [option for option in command if not option.startswith("--LabApp")]
    visible = "--JupyterNotebookApp.expose_app_in_browser=True"
    started = ["notebook" if option == "jupyterlab" else option for option in options]
    return running_server([sys.executable, *started, visible], folder, own)


@contextmanager
def running_server(command, folder, own):
    """Start one of Jupyter's programs and yield its address and token; `own` holds its settings.

    Nothing of the person's own settings comes in, and nothing is left in them.
    """
    names = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
    names += ["JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"]
    variables = {name: str(own / name.lower()) for name in names}
    # Notebook 7 is there for its own tests: a learner's JupyterLab has no button that leads to it.
    page_config = own / "jupyter_config_dir" / "labconfig" / "page_config.json"
    page_config.parent.mkdir(parents=True, exist_ok=True)
    page_config.write_text('{"disabledExtensions": {"@jupyter-notebook/lab-extension": true}}')
    with (
        (own / "log.txt").open("wb") as log,
        subprocess.Popen(
            [*command, "--no-browser", "--port=0"],
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield _wait_for_server(process, own)
        finally:
            _end(process)


def _end(process, seconds=30):
    """End a server; at its end, Python may wait for an idle thread of anyio for ever."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()


def _wait_for_server(process, own, seconds=60):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and process.poll() is None:
        for path in (own / "jupyter_runtime_dir").glob("jpserver-*.json"):
            try:
                server = json.loads(path.read_text(encoding="utf-8"))
                status = f"{server['url']}api/status?token={server['token']}"
                urllib.request.urlopen(status, timeout=10).close()
            except (ValueError, urllib.error.URLError):
                continue  # half written, or announced a moment before it listens
            return server["url"], server["token"]
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{(own / 'log.txt').read_text()}")


def is_labs_own(error, known="removeChild", place="/static/lab/"):
    """Say whether nothing but JupyterLab's own code was running when it threw.

    While it opens a notebook on a busy machine, its layout sometimes removes a node twice ("Failed
    to execute 'removeChild' on 'Node'"). Widgets and their libraries come from elsewhere: from
    /lab/extensions/ and, ours, from a blob.
    """
    frames = [line for line in error.splitlines() if line.lstrip().startswith("at ")]
    written = [f for f in frames if not f.endswith(("(<anonymous>)", "(index 0)"))]  # not built in
    return known in error and bool(written) and all(place in frame for frame in written)


OPEN = """async path => {
  const widget = await jupyterapp.commands.execute("docmanager:open", { path });
  await widget.context.ready;
}"""
CLOSE_ALL = """async () => {
  for (const widget of [...jupyterapp.shell.widgets("main")]) {
    const ended = widget.sessionContext?.shutdown().catch(() => 0);
    await Promise.race([ended, new Promise((soon) => setTimeout(soon, 2000))]); // it may be dead
    widget.dispose();
  }
}"""


def open_lab(page, server):
    """Open JupyterLab with no notebook, for `Notebook.opened_in`."""
    address, token = server
    page.goto(f"{address}lab?reset&token={token}")
    page.wait_for_function("window.jupyterapp", timeout=LONGEST)
    page.evaluate("jupyterapp.restored.then(() => null)")


def close_notebooks(page):
    """Close what is open in JupyterLab, without saving it, and end its kernels."""
    page.evaluate(CLOSE_ALL)


class Notebook:
    """A notebook in JupyterLab, in a page of its own; in Notebook 7 with `place` "notebooks"."""

    def __init__(self, page, server, path, place="lab/tree"):
        self._listen(page, path)
        address, token = server
        page.goto(f"{address}{place}/{path}?reset&token={token}")
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=LONGEST
        )

    @classmethod
    def opened_in(cls, page, path):
        """Open it in the JupyterLab that the page shows: in a second, where a new one takes ten."""
        notebook = cls.__new__(cls)
        notebook._listen(page, path)
        page.evaluate(OPEN, path)
        return notebook

    def _listen(self, page, path):
        self.page = page
        self.path = path
        self.errors = []
        page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        page.on("pageerror", lambda error: self.errors.append(error.stack or error.message))

    def command(self, name, **arguments):
        """Execute one of JupyterLab's commands and wait until it is done."""
        self.page.evaluate(
            "([name, arguments]) => jupyterapp.commands.execute(name, arguments).then(() => null)",
            [name, arguments],
        )

    def use_theme(self, theme):
        """Change to the theme `Light` or `Dark` for good; that takes a second."""
        wanted = f"body[data-jp-theme-light='{str(theme == 'Light').lower()}']"
        if not self.page.locator(wanted).count():
            self.command("apputils:change-theme", theme=f"JupyterLab {theme}")
            self.page.wait_for_selector(wanted, state="attached")

    def run_all(self):
        """Run every cell and wait for the end."""
        # before the kernel is idle, the command would be dropped
        self.page.wait_for_function(
            "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'",
            timeout=LONGEST,
        )
        self.command("notebook:run-all-cells")

    def wait_for_kernel(self):
        """Wait until the kernel has dealt with all that it was sent, and the page knows."""
        ask = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo()"
        for _ in range(2):  # the page may hear of its pictures a moment after the first answer
            self.page.evaluate(f"{ask}.then(() => null)")

    def run_cell(self, index, source=None):
        """Run one cell, with `source` put into it first, and return the text on its page."""
        cell = self.page.evaluate_handle(
            """async ([k, source]) => {
              const notebook = jupyterapp.shell.currentWidget.content;
              if (source !== null) notebook.widgets[k].model.sharedModel.setSource(source);
              notebook.activeCellIndex = k;
              await jupyterapp.commands.execute("notebook:run-cell");
              return notebook.widgets[k].node;
            }""",
            [index, source],
        )
        texts = "outputs => outputs.map(output => output.innerText).join('\\n')"
        return cell.eval_on_selector_all(".jp-OutputArea-output", texts)

    def cells(self):
        """Return the notebook's cells, with their outputs, as they are now."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.content.model.toJSON().cells")

    def assert_every_cell_ran(self):
        """See that every cell has run, without an error and with nothing on stderr."""
        for cell in self.cells():
            if cell["cell_type"] != "code":
                continue
            assert cell["execution_count"], cell["source"]
            for output in cell["outputs"]:
                assert output["output_type"] != "error", output
                assert output.get("name") != "stderr", output

    def cell(self, index):
        """Scroll to a cell and return its element: JupyterLab draws what is far away only then."""
        return self.page.evaluate_handle(
            """async k => {
              const notebook = jupyterapp.shell.currentWidget.content;
              await notebook.scrollToItem(k, "start");
              return notebook.widgets[k].node;
            }""",
            index,
        )

    def show_answers(self):
        """Press the button of each question whose answer is covered."""
        self.page.evaluate(
            """async () => {
              await new Promise(requestAnimationFrame);
              for (const cell of jupyterapp.shell.currentWidget.content.widgets)
                cell.node.querySelector(".bp-cover button")?.click();
            }"""
        )

    def stored_pictures(self):
        """Return, for each stored output with images, how many there are and how many are seen."""
        self.show_answers()
        found = []
        for k, cell in enumerate(self.cells()):
            data = [output.get("data", {}) for output in cell.get("outputs", [])]
            stored = "".join("".join(each.get("text/html", "")) for each in data).count("<img")
            if stored:
                found.append((stored, self._images_seen(self.cell(k), stored)))
        return found

    def _images_seen(self, cell, at_least):
        for _ in range(50):
            seen = cell.evaluate(f"{IMAGES}.filter(image => {SEEN}).length")
            if seen >= at_least:
                break
            self.page.wait_for_timeout(50)  # an image appears a moment after its cell
            self.show_answers()  # and so does what covers it
        return seen

    @contextmanager
    def window(self, width, height, scale=1):
        """Give the window another size; with `scale`, as many pixels as a browser's zoom gives.

        Yields the developer tools' session, in which alone the scale holds.
        """
        before = self.page.viewport_size
        devtools = self.page.context.new_cdp_session(self.page)
        self.resize(devtools, width, height, scale)
        yield devtools
        devtools.detach()
        self.page.set_viewport_size(before)
        self._wait_for_layout()

    def resize(self, devtools, width, height, scale=1):
        """Give the window another size while such a session lasts."""
        self.page.set_viewport_size({"width": width, "height": height})
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        devtools.send("Emulation.setDeviceMetricsOverride", metrics)
        self._wait_for_layout()

    def _wait_for_layout(self):
        self.page.wait_for_function(
            """() => {
              const panel = document.querySelector(".jp-NotebookPanel").getBoundingClientRect();
              return Math.abs(panel.right - innerWidth) < 100 && panel.bottom <= innerHeight;
            }"""
        )
        # What lies along an axis follows its picture in the frame after that.
        self.page.evaluate(
            """async () => {
              for (let k = 0; k < 2; k++) await new Promise(requestAnimationFrame);
            }"""
        )
