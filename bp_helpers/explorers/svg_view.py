"""The one widget with JavaScript of its own: it shows an SVG and says what was chosen in it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from bp_helpers.pictures import theme_css

CSS = """
.bp-view { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
.bp-view > svg { max-width: 100%; height: auto; }
.bp-view [data-name] { cursor: pointer; }
.bp-view [data-name]:focus { outline: none; }
.bp-view [data-name]:focus-visible { outline: 2px solid var(--bp-ink); outline-offset: 1px; }
.bp-view [data-name]:hover .bp-hit { stroke: var(--bp-ink); }
"""

# The files of the page's side, each for one concern. They are joined in this order, and the last
# one has the widget's `render`.
PAGE_PARTS = ["clean", "patch", "pieces", "controls", "clock", "view"]


def page_script() -> str:
    """Return the JavaScript of `SvgView`: the files in `page`, one after the other."""
    folder = files("bp_helpers.explorers") / "page"
    return "\n".join((folder / f"{part}.js").read_text(encoding="utf-8") for part in PAGE_PARTS)


class SvgView(anywidget.AnyWidget):
    """Shows the pictures in `svg`, changing only what differs, so that nothing flickers.

    `shown` says in a line which values the pictures are of; tests and benchmarks read it from the
    page. Parts with `data-name` can be chosen by click, Enter and Space: `on_choose` is told.
    While it is `playing`, the page asks for the next picture again and again, each time `pace`
    milliseconds or more after the last was there: `on_tick` is told. It ends with the last view.
    """

    _esm = page_script()
    _css = theme_css() + CSS
    svg = traitlets.Unicode().tag(sync=True)
    shown = traitlets.Unicode().tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    pace = traitlets.Int(100).tag(sync=True)
    ticks = traitlets.Int(0).tag(sync=True)  # answered

    def show(self, svg: str, shown: str) -> None:
        """Show other pictures, in one message to the page."""
        with self.hold_sync():
            self.svg, self.shown = svg, shown

    def on_choose(self, callback: Callable[[str], None]) -> None:
        """Call `callback(name)` whenever a named part is chosen."""

        def receive(_widget: Any, content: Any, _buffers: Any) -> None:
            if isinstance(content, dict) and isinstance(content.get("chosen"), str):
                callback(content["chosen"])

        self.on_msg(receive)

    def on_tick(self, callback: Callable[[], None]) -> None:
        """Call `callback()` at each tick of the page, and tell the page when it is done."""

        def receive(_widget: Any, content: Any, _buffers: Any) -> None:
            if isinstance(content, dict) and content.get("tick") is True:
                try:
                    callback()
                finally:
                    self.ticks += 1

        self.on_msg(receive)
