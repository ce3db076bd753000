"""The one widget with JavaScript of its own: it shows an SVG and says what a hand does to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from bp_helpers.pictures import theme_css

# The files of the page's side, each for one concern. They are joined in this order, and the last
# one has the widget's `render`.
PAGE_PARTS = [
    "clean", "patch", "pieces", "frames", "legible", "controls", "clock", "parts", "hand", "ahead",
    "press", "stay", "along", "range", "stepper", "drag", "keys", "typed", "heard", "spoken",
    "travel", "paint", "view",
]  # fmt: skip


def page_script() -> str:
    """Return the JavaScript of `SvgView`: the files in `page`, one after the other."""
    return "\n".join(page_file(f"{part}.js") for part in PAGE_PARTS)


def controls_style() -> str:
    """Return the style of buttons, sliders and lists, in explorers and in predictions."""
    return page_file("controls.css")


def page_file(name: str) -> str:
    """Return the text of one of the files in `page`."""
    return (files("bp_helpers.explorers") / "page" / name).read_text(encoding="utf-8")


class SvgView(anywidget.AnyWidget):
    """Shows the pictures in `svg`, changing only what differs, so that nothing flickers.

    `shown` says in a line which values the pictures are of; tests and benchmarks read it from the
    page. Parts with `data-name` can be chosen by click, Enter and Space: `on_choose` is told.
    `hands` has the numbers that a hand can change there, by the names of the parts, each as
    `Hand.sent()`: they are dragged, moved by arrow keys or typed, and `on_move` is told. A point
    names its numbers, and where they are drawn, in `data-x` and `data-y`. `said` is read aloud when
    it changes. When a hand takes a number, the page asks for pictures of its other values: `on_ask`
    is told. They are sent as messages. The page shows them as long as the picture in `svg` is on
    the same `way`, and all other controls stand as the picture has them: `hands`, and `choices` by
    label. While it is `playing`, the page asks for the next picture again and again, each time
    `pace` milliseconds or more after the last was there: `on_tick` is told. It ends with the last
    view.
    """

    _esm = page_script()
    _css = theme_css() + page_file("view.css") + controls_style()
    svg = traitlets.Unicode().tag(sync=True)
    shown = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    hands = traitlets.Dict().tag(sync=True)
    moved = traitlets.Dict().tag(sync=True, echo_update=False)  # by the page: a count, and values
    answered = traitlets.Int(0).tag(sync=True)  # the count up to which they have been followed
    choices = traitlets.Dict().tag(sync=True)
    way = traitlets.Int(0).tag(sync=True)  # on which the picture is, of those that go ahead
    playing = traitlets.Bool(False).tag(sync=True)
    pace = traitlets.Int(100).tag(sync=True)
    ticks = traitlets.Int(0).tag(sync=True)  # answered

    def show(
        self,
        svg: str,
        shown: str,
        hands: Mapping[str, Any] | None = None,
        said: str | None = None,
        way: int = 0,
        choices: Mapping[str, Any] | None = None,
    ) -> None:
        """Show other pictures, in one message to the page; without `said`, nothing new is said."""
        with self.hold_sync():
            self.svg, self.shown, self.hands, self.way = svg, shown, dict(hands or {}), way
            self.choices = dict(choices or {})
            if said is not None:
                self.said = said

    def _on_message(self, name: str, kind: type, callback: Callable[[Any], None]) -> None:
        """Call `callback(what)` whenever the page sends something of this kind as `name`."""

        def receive(_widget: Any, content: Any, _buffers: Any) -> None:
            what = content.get(name) if isinstance(content, dict) else None
            if isinstance(what, kind):
                callback(what)

        self.on_msg(receive)

    def on_choose(self, callback: Callable[[str], None]) -> None:
        """Call `callback(name)` whenever a named part is chosen."""
        self._on_message("chosen", str, callback)

    def on_move(self, callback: Callable[[dict[str, float]], None]) -> None:
        """Call `callback(values)` whenever a hand has changed numbers: their values by name."""

        def receive(change: Any) -> None:
            with self.hold_sync():
                try:
                    callback(change["new"]["values"])
                finally:
                    self.answered = change["new"]["count"]

        self.observe(receive, "moved")

    def on_ask(self, callback: Callable[[str, float, bool], None]) -> None:
        """Call `callback(name, value, anew)` when the page asks for pictures of a number's way.

        `value` is where the hand has it now; `anew` says that the page has none of them.
        """

        def asked(ask: dict[str, Any]) -> None:
            if isinstance(ask.get("value"), (int, float)):
                callback(str(ask.get("name")), ask["value"], bool(ask.get("anew")))

        self._on_message("ask", dict, asked)

    def on_tick(self, callback: Callable[[], None]) -> None:
        """Call `callback()` at each tick of the page, and tell the page when it is done."""

        def ticked(is_one: bool) -> None:
            if not is_one:
                return
            try:
                callback()
            finally:
                self.ticks += 1

        self._on_message("tick", bool, ticked)
