"""Axe, which looks for what keeps people out: names, roles, contrast."""

from axe_playwright_python.sync_playwright import Axe

# Of another theme only the colours are others.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}

# What is right need not be described node by node, nor JupyterLab's styles be fetched again.
SHORT = {"resultTypes": ["violations"], "preload": False}

# JupyterLab moves what is in view while heights of cells become known: till it stays.
INTO_VIEW = """
async (box) => {
  const middle = () => {
    const { top, bottom } = box.getBoundingClientRect();
    return (top + bottom) / 2;
  };
  for (let still = 0; still < 3; ) {
    const inView = Math.abs(middle() - innerHeight / 2) < innerHeight / 3;
    still = inView ? still + 1 : 0;
    if (!inView) box.scrollIntoView({ block: "center" });
    await new Promise((soon) => setTimeout(soon, 100));
  }
}
"""


def looked_at(page, selector, options=None):
    """Let Axe look at what the selector finds; return the ids of the rules that found it right.

    Axe passes over texts that are scrolled out of view, so the first box found is scrolled to.
    JupyterLab's body has no height, and hides what reaches out of it: Axe would take all that is in
    a notebook for hidden, and find no contrast too low. So the body gets the window's height.
    """
    page.locator(selector).first.evaluate(INTO_VIEW)
    page.evaluate("() => { document.body.style.height = '100vh'; }")
    found = Axe().run(page, selector, {**SHORT, **(options or {})}).response
    page.evaluate("() => { document.body.style.height = ''; }")
    wrong = [(rule["id"], [n["html"][:150] for n in rule["nodes"]]) for rule in found["violations"]]
    assert not wrong, wrong
    return {rule["id"] for rule in found["passes"]}
