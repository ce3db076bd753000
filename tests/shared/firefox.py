"""The machine's own Firefox, driven by WebDriver BiDi; Playwright drives only its own build.

JupyterLab brings the package that speaks over websockets.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import websocket
from explorer_page import BOX, STATE

FIREFOX_NAMES = ["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"]
# Nobody but this machine is asked: everything else goes to a proxy that is not there.
SETTINGS = """
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("network.proxy.allow_hijacking_localhost", false);
"""

# Puts the focus on the first slider, in the picture or beside it, or where there is none on a part;
# says which arrow moves it, away from the end at which it may stand.
TAKE = """(box) => {
  const hand = [".noUi-handle:not([disabled])", "[role=slider][tabindex]", "[data-name][tabindex]"]
    .map((kind) => box.querySelector(kind)).find(Boolean);
  hand.focus();
  const [now, most] = ["aria-valuenow", "aria-valuemax"].map((name) => hand.getAttribute(name));
  return now !== null && Number(now) >= Number(most) ? "ArrowLeft" : "ArrowRight";
}"""
ARROWS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014"}  # as WebDriver calls them


def find_firefox():
    """The path in BP_FIREFOX, or a Firefox under its usual name, or None."""
    named = os.environ.get("BP_FIREFOX")
    return named or next(filter(None, map(shutil.which, FIREFOX_NAMES)), None)


@contextmanager
def running_firefox():
    """Yield a page of a new Firefox; without one, skip, or fail if BP_REQUIRE_BROWSER says so."""
    path = find_firefox()
    if path is None:
        reason = "no Firefox was found: install it, or give its path in the variable BP_FIREFOX"
        if os.environ.get("BP_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        (profile / "user.js").write_text(SETTINGS, encoding="utf-8")
        command = [path, "--headless", "--no-remote", "--profile", folder]
        command.append("--remote-debugging-port=0")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, **quiet) as process:
            try:
                page = FirefoxPage(_address_of(profile / "WebDriverBiDiServer.json"))
                yield page
                page.send("browser.close")
                process.wait(timeout=30)
            finally:
                process.kill()


def _address_of(announced, seconds=60):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            there = json.loads(announced.read_text(encoding="utf-8"))
            return f"ws://{there['ws_host']}:{there['ws_port']}"
        except (FileNotFoundError, ValueError):
            time.sleep(0.1)  # not there yet, or half written
    raise RuntimeError("Firefox did not start")


class FirefoxPage:
    """One page, as a person has it: an address, keys, and what is on it."""

    def __init__(self, address):
        self.socket = websocket.create_connection(
            f"{address}/session", suppress_origin=True, timeout=120
        )
        self.count, self.errors = 0, []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        # In the tab that is there at first, the address line has the focus.
        self.context = self.send("browsingContext.create", type="tab")["context"]
        self.resize(1366, 768)

    def send(self, method, **params):
        """Send a command and return its result; note meanwhile the console's errors, and where."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.count:
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                frames = (answer["params"].get("stackTrace") or {}).get("callFrames", [])
                places = [f"at {frame['url']}" for frame in frames if frame["url"] != "self-hosted"]
                self.errors.append("\n".join([answer["params"]["text"], *places]))
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]

    def resize(self, width, height):
        """Give the window another size."""
        size = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self.context, viewport=size)

    def goto(self, address):
        """Open an address and wait until the page is loaded."""
        self.send("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def run_notebook(self, address, seconds=60):
        """Open a notebook at an address of JupyterLab's and run all of it."""
        current = "jupyterapp.shell.currentWidget"
        self.goto(address)
        self.wait_for(f"window.jupyterapp && {current}?.context?.isReady", seconds)
        status = f"{current}.sessionContext.session?.kernel?.status"
        self.wait_for(f"{status} === 'idle'", seconds)
        self.evaluate("jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")

    def explorer_in(self, k, seconds=60):
        """Scroll to the k-th cell and return the expression of its explorer, once it is drawn."""
        notebook = "jupyterapp.shell.currentWidget.content"
        self.evaluate(f"{notebook}.scrollToItem({k}, 'start')")
        box = f"{notebook}.widgets[{k}].node.querySelector({BOX!r})"
        self.wait_for(f"{box}?.querySelector('.bp-view > svg text')", seconds)
        return box

    def evaluate(self, expression):
        """Return the value of an expression, or what it promises, by way of JSON."""
        found = self.send(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target={"context": self.context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return json.loads(found["result"]["value"])

    def wait_for(self, expression, seconds=60):
        """Wait until the expression is true of the page."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self.evaluate(f"!!({expression})"):
                return
            time.sleep(0.05)
        raise AssertionError(f"after {seconds} s it was still not so: {expression}")

    def state(self, box):
        """Return what an explorer shows: its values, the chosen part, its pictures."""
        return self.evaluate(f"({STATE})({box})")

    def assert_answers_a_key(self, box):
        """Press an arrow in an explorer, and see that it then shows something else."""
        before = json.dumps(self.evaluate(f"JSON.stringify(({STATE})({box}))"))
        self.press_arrow(box)
        self.wait_for(f"JSON.stringify(({STATE})({box})) !== {before}")

    def press_arrow(self, box):
        """Press an arrow in an explorer, on its first slider or part."""
        key = ARROWS[self.evaluate(f"({TAKE})({box})")]
        moves = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._act({"type": "key", "id": "keys", "actions": moves})

    def drag(self, start, by):
        """Put the mouse down on a place of the window and move it sideways."""
        x, y = map(round, start)
        moves = [{"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0}]
        moves += [{"type": "pointerMove", "x": x + round(by * k / 6), "y": y} for k in range(1, 7)]
        moves += [{"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": moves})

    def _act(self, hand):
        self.send("input.performActions", context=self.context, actions=[hand])
