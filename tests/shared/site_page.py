"""The built site, served here, and notebooks opened in it by Chromium, which reaches no other host.

The tests of the site and the benchmark of its speed both use it.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from lab import LONGEST, ROOT, Notebook

DIST = ROOT / "site" / "dist"
# Also for what a service worker or a kernel asks, which Playwright does not always see.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
# What this older JupyterLab's table of contents says when it asks for a cell that is not there yet.
KNOWN = "Cannot read properties of undefined (reading 'type')", "/build/jlab_core"
ON_A_PHONE = ["00_start_here.ipynb", "04_backward_pass.ipynb"]  # the site says it can be


def load(name):
    """Import a script of the folder `site`, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "site" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def python_of_the_site():
    """Return a Python 3.12, which builds the site, or None; pyenv's count."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    theirs = pyenv.glob("versions/3.12*/bin/python3.12")
    for name in (sys.executable, "python3.12", "python3", *theirs):
        path = shutil.which(name)
        version = "import sys; print(sys.version_info[:2] == (3, 12))"
        answer = path and subprocess.run([path, "-c", version], capture_output=True, text=True)
        if answer and answer.stdout.strip() == "True":
            return path
    return None


def build_site():
    """Build the site if the runtime is here; say why there is none to look at, or None."""
    if os.environ.get("BP_PYODIDE"):
        python = python_of_the_site()
        if python is None:
            return "the site is built by Python 3.12, and there is none"
        subprocess.run([python, ROOT / "site" / "build.py"], check=True)
    if not (DIST / "index.html").exists():
        return "there is no site: build it (site/README.md), or set BP_PYODIDE to a folder"
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        built = DIST / "files" / path.name
        if not built.exists() or cells_of(built) != cells_in_site(path):
            return f"the site in site/dist is older than {path.name}: build it again"
    return None


def cells_of(path):
    """Return a notebook's cells, without what the site adds to its metadata."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def cells_in_site(path):
    """Return the cells of one of the course's notebooks as the site has them."""
    build, cells = load("build"), cells_of(path)
    for cell in cells:
        cell["source"] = build.text_in_site("".join(cell["source"]), build.repository())
    return cells


def drag_by_touch(page, box, by):
    """Put a finger on the middle of a box and move it sideways."""
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    devtools = page.context.new_cdp_session(page)

    def touch(kind, *points):
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [*points]})

    touch("touchStart", {"x": x, "y": y})
    for k in range(1, 7):
        touch("touchMove", {"x": x + k * by / 6, "y": y})
    touch("touchEnd")
    devtools.detach()


class SiteNotebook(Notebook):
    """A notebook in the site, in a page of its own; `app` is `notebooks` without the panels."""

    def __init__(self, page, address, name, app="lab"):
        self.page = page
        self.path = f"notebooks/{name}"  # as the tests of JupyterLab call it
        self.errors = []
        page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        page.on("pageerror", lambda error: self.errors.append(error.stack or error.message))
        page.goto(f"{address}{app}/index.html?path={name}")
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=LONGEST
        )

    def wait_for_kernel(self):
        """Wait until it can run a cell."""
        self.page.wait_for_function(
            "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'",
            timeout=LONGEST,
        )

    def run_all(self):
        """Run every cell and wait for the end."""
        self.wait_for_kernel()
        self.command("notebook:run-all-cells")
