"""What goes on by itself: done tick after tick, as long as its picture is on screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from bp_helpers.explorers.controls import toggle
from bp_helpers.explorers.svg_view import SvgView


class Clock:
    """A button Play, which says Pause while it is down, and what is done at each tick until then.

    The ticks come from the page, each after the picture of the one before was drawn there, at
    intervals of `pace` milliseconds or more. So they end with the picture: when its cell is run
    again, its output is cleared or its tab is closed. `act` says whether to go on.
    """

    def __init__(self, view: SvgView, act: Callable[[], bool], pace: int) -> None:
        self.view, self.act = view, act
        view.pace = pace
        self.button = toggle("Play", "Play or pause", "6em", "play")
        self.button.add_class("bp-renamed")
        widgets.link((view, "playing"), (self.button, "value"))
        view.observe(self._name_button, "playing")
        view.on_tick(self._tick)

    def stop(self) -> None:
        """End it, as the button does."""
        self.view.playing = False

    def _name_button(self, change: dict[str, Any]) -> None:
        """Let the button say what it would do now."""
        name = "Pause" if change["new"] else "Play"
        self.button.description, self.button.icon = name, name.lower()

    def _tick(self) -> None:
        # one may arrive late, after the clock was stopped
        if not self.view.playing:
            return
        goes_on = False
        try:
            goes_on = self.act()
        finally:
            if not goes_on:
                self.stop()
