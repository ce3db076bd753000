"""What is seen of a notebook's explorers and predictions: live, or as their stored pictures."""

from lab import LONGEST

LINE = "Run this cell to drag"
RESTARTED = "The kernel was restarted: run this cell again."
BAD = "Error displaying widget", "model not found", "Loading widget"
KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session?.kernel"
ACTIVE = "jupyterapp.shell.currentWidget.content.activeCellIndex"
# How many signs of a broken connection are seen.
CHAINS = """() => [...document.querySelectorAll(".jupyter-widgets-disconnected")]
  .map(each => getComputedStyle(each, "::before").content)
  .filter(content => content !== "none").length"""
CRASH = "import os; os._exit(1)"
# The ways in which a kernel ends.
ENDS = {
    "restart": f"{KERNEL}.restart().then(() => null)",
    "crash": f"void {KERNEL}.requestExecute({{code: '{CRASH}'}}).done.catch(() => 0)",
    "shutdown": "jupyterapp.shell.currentWidget.sessionContext.shutdown().then(() => null)",
}

# Jupyter's keys for a chosen cell, some of them pressed twice.
SINGLE_KEYS = [*"abcvzxymroslj12346", "d", "d", "0", "i", "ArrowDown", "ArrowUp", "Delete"]
SINGLE_KEYS += ["ArrowRight", "ArrowLeft"]
SINGLE_KEYS += ["Enter", "Shift+M", "Shift+J", "Shift+V", "Shift+L", "Backspace"]

# Of each output that has a live widget: is it live, which pictures and which sentences are there?
LOOK = """() => {
  const notebook = jupyterapp.shell.currentWidget.content;
  const cells = notebook.widgets.filter(cell => cell.model.type === "code"
    && JSON.stringify(cell.model.toJSON().outputs).includes("widget-view+json"));
  return cells.map(cell => ({
    live: cell.outputArea.node.querySelectorAll(".bp-predict, .bp-view > svg").length > 0,
    still: cell.outputArea.node.querySelectorAll("img, details, .bp-answered").length > 0,
    said: [...cell.outputArea.node.querySelectorAll(".bp-said")].map(each => each.textContent),
    text: cell.outputArea.node.textContent,
  }));
}"""


def wait_until(notebook, condition, count=3, seconds=120):
    """Look at the outputs with a widget, of which the notebook has `count`, until they are so."""
    for _ in range(seconds * 5):
        outputs = notebook.page.evaluate(LOOK)
        if len(outputs) == count and condition(outputs):
            return outputs
        notebook.page.wait_for_timeout(200)
    raise AssertionError(outputs)


def are_still(outputs):
    return all(
        not one["live"]
        and one["still"]
        and len(one["said"]) == 1
        and one["said"][0].startswith(LINE)
        for one in outputs
    )


def are_live(outputs):
    return all(one["live"] and not one["said"] for one in outputs)


def say(sentence):
    return lambda outputs: all(one["said"] == [sentence] for one in outputs)


def wait_for_kernel(page):
    """Wait until it can run a cell."""
    page.wait_for_function(f"{KERNEL}?.status === 'idle'", timeout=LONGEST)


def sources(page):
    """Return the kind and the text of every cell."""
    return page.evaluate(
        """jupyterapp.shell.currentWidget.content.widgets.map(cell =>
          [cell.model.type, cell.model.sharedModel.getSource()])"""
    )


def see_that_single_keys_do_nothing(page, place):
    """Press each of Jupyter's keys while the first such part of an output has the focus.

    In a picture arrow keys walk from part to part.
    """
    cells, part = sources(page), page.locator(place).first
    for key in SINGLE_KEYS:
        part.focus()
        active = page.evaluate(ACTIVE)
        page.keyboard.press(key)
        assert sources(page) == cells, (place, key)
        assert page.evaluate(ACTIVE) == active, (place, key)
        stays = "part => (part.closest('.bp-view') ?? part).contains(document.activeElement)"
        assert part.evaluate(stays), (place, key)
