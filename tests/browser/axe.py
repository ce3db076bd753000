"""Axe, which looks for what keeps people out: names, roles, contrast."""

from axe_playwright_python.sync_playwright import Axe

# Of another theme only the colours are others.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def looked_at(page, selector, options=None):
    """Let Axe look at what the selector finds; return the ids of the rules that found it right.

    JupyterLab's body has no height, and hides what reaches out of it: Axe would take all that is in
    a notebook for hidden, and find no contrast too low. So the body gets the window's height.
    """
    page.evaluate("() => { document.body.style.height = '100vh'; }")
    found = Axe().run(page, selector, options or {}).response
    page.evaluate("() => { document.body.style.height = ''; }")
    wrong = [(rule["id"], [n["html"][:150] for n in rule["nodes"]]) for rule in found["violations"]]
    assert not wrong, wrong
    return {rule["id"] for rule in found["passes"]}
