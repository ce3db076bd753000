"""A hostile picture, set from the kernel: nothing of it is executed, nothing of it is in the page.

A notebook from elsewhere can run any code once it is run; but what an explorer shows may come from
data, and data must not become code in the page.
"""

import pytest
from own_notebook import HOSTILE, OWN_NAME

pytestmark = pytest.mark.parametrize("notebook", [OWN_NAME], indirect=True)

TAGS = "script, foreignObject, a, use, animate, set, style, iframe, img"
HARMFUL = f"{TAGS}, [href], [style]:not(svg)"
STYLE = "svg => [...svg.style].filter(name => !name.startsWith('--bp-'))"


def test_a_hostile_picture_is_defused(notebook):
    view = notebook.page.locator(".bp-view[data-shown=hostile]")
    view.locator("text").get_by_text("what is harmless stays").wait_for()
    assert view.locator(HARMFUL).count() == 0
    assert view.locator("svg").evaluate(STYLE) == []  # only the sizes that the page itself gives
    handlers = "v => [...v.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
    names = view.evaluate(handlers)
    assert "data-name" in names
    assert [name for name in names if name.startswith("on") or name.endswith("href")] == []
    assert view.evaluate("v => [...v.querySelectorAll('svg, svg *')].map(e => e.localName)") == [
        "svg",
        "image",
        "image",
        "text",
    ]
    view.locator("text").click()
    notebook.page.wait_for_timeout(200)  # time for an error handler or an animation to fire
    assert notebook.page.evaluate("window.hacked ?? null") is None


def test_the_trap_would_have_been_seen(notebook):
    """The same picture, set with innerHTML, is executed: so the test above can fail."""
    notebook.page.evaluate(
        """svg => { const trap = document.createElement("div"); trap.innerHTML = svg;
          document.body.append(trap); }""",
        HOSTILE,
    )
    notebook.page.wait_for_function("window.hacked !== undefined")
