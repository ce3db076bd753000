"""What every explorer is: controls, a function of their values, a picture of what it returns."""

from __future__ import annotations

import inspect
import math
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from html import escape
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np
from traitlets import TraitError

from bp_helpers import _checks
from bp_helpers.explorers.ahead import Ahead
from bp_helpers.explorers.clock import Clock
from bp_helpers.explorers.code import code_of
from bp_helpers.explorers.controls import (
    Control,
    Hand,
    button,
    hand_of,
    is_of_its_kind,
    made,
    room_of,
    row,
    toggle,
)
from bp_helpers.explorers.frames import Snapshot
from bp_helpers.explorers.news import all_news, news_of_move
from bp_helpers.explorers.svg_view import SvgView
from bp_helpers.pictures import Picture, beside, entry_name

State = dict[str, Any]
# A cell may move an explorer while the page's messages are followed, in another thread: whoever
# reads the state to change it is alone with it until it is drawn.
ONE_AT_A_TIME = threading.RLock()
MANY = 20  # names in a message
ROUNDING = 1e-9  # of what code computes for a control
# Of the state: when one of them changes, all that is new is said.
HEARD = ("step", "turn", "order", "selected")


class Explorer(widgets.VBox):
    """A picture, and below it the controls that it follows.

    A derived class says what it is in class attributes:

    - `compute`, a pure function: the numbers, from all that they depend on;
    - `draw`, a function of those numbers: their picture;
    - `controls`, by the name of the argument of `compute` that each sets;
    - `others`, the arguments that no control shows, by their value at the start;
    - `rows`, the names of the controls that stand side by side (without it, all of them);
    - `presets`: by name, the values that differ from the start;
    - `in_picture`: what a control's number is called in the picture, if it has another name there;
    - `told`: how that begins which a screen reader says of a move, if it is new.

    All that is shown follows from one `state`, of which `compute` gets what its signature names.
    Whatever moves, by hand or from code, changes that state and nothing else. `numbers` has what
    `compute` returned, `picture` what `draw` made of it; the picture says itself in words. The
    button Code shows the source of `compute` with the state's values. As a notebook's output an
    explorer is a live widget, a still picture and a text at once.

    An exception in `compute` or `draw` is shown below the controls; the picture stays as it was.
    """

    compute: ClassVar[Callable[..., Any]]
    draw: ClassVar[Callable[[Any], Picture]]
    controls: ClassVar[Mapping[str, Control]] = {}
    others: ClassVar[Mapping[str, Any]] = {}
    rows: ClassVar[Sequence[Sequence[str]] | None] = None
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    in_picture: ClassVar[Mapping[str, str]] = {}
    told: ClassVar[Sequence[str]] = ("loss: ",)
    runs: ClassVar[bool] = False  # it goes on over time, so that no picture is made ahead
    clock: Clock | None = None  # of an explorer in which something goes on by itself

    def __init__(self) -> None:
        self.handles = made(self.controls)
        self.view = SvgView()
        self.ahead = Ahead(self)
        self.trouble = widgets.HTML()
        self.code_button = toggle("Code", "Show the Python that computes the same numbers")
        self.code_panel = widgets.HTML()
        self._following = False
        self._heard: list[Any] = []
        reset = button("Reset", self.reset)
        self.preset_buttons = [
            button(name, partial(self.use_preset, name), "auto") for name in self.presets
        ]
        buttons = *self.buttons(), reset, self.code_button, *self.tools(), *self.preset_buttons
        above = row(*buttons)
        names = [list(self.controls)] if self.rows is None else self.rows
        pictures = widgets.Box([self.view])
        below = widgets.VBox([row(*(self.handles[name] for name in own)) for own in names])
        super().__init__([above, pictures, below, self.trouble, self.code_panel])
        self.add_class("bp-explorer")
        for part, name in ((above, "buttons"), (pictures, "pictures"), (below, "controls")):
            part.add_class(f"bp-{name}")
        self.start = self.state = self.start_state()
        self._follow(self.start)
        for name, handle in self.handles.items():
            handle.observe(partial(self._moved, name), "value")
        self.code_button.observe(lambda _: self.refresh(), "value")
        self.view.on_choose(self._choose_in_page)
        self.view.on_move(self._move_in_page)
        self.picture = beside()  # none, until the first one succeeds
        self.refresh()

    # ---- what a derived class may add -----------------------------------------------------------

    @classmethod
    def start_state(cls) -> State:
        """Return every argument of `compute` as it is at the start."""
        return {name: control.start for name, control in cls.controls.items()} | {**cls.others}

    def buttons(self) -> list[widgets.Widget]:
        """Return buttons of its own, which stand above the picture, before Reset."""
        return []

    def tools(self) -> list[widgets.Widget]:
        """Return what stands beside Reset and Code: here, nothing."""
        return []

    def choose(self, name: str) -> None:
        """Do what choosing the part `name` of the picture means: it is what is selected."""
        if "selected" in self.state:
            self.set(selected=name)

    def hands(self) -> dict[str, Hand]:
        """Return what a hand can change in the picture, by the names of its parts.

        It is every number that has a slider. To set one by such a name is to set its control.
        """
        hands = {self.in_picture.get(name, name): hand_of(h) for name, h in self.handles.items()}
        return {name: hand for name, hand in hands.items() if hand}

    def parts(self, state: State) -> Sequence[str]:
        """Return what can be selected in the picture; where nothing is said, whatever is drawn."""
        return ()

    def refuse_strangers(self, state: State, names: Iterable[Any]) -> None:
        """Raise a `ValueError` for a name that is none of the `parts`."""
        parts = self.parts(state)
        for name in names:
            if name not in parts:
                there = ", ".join(parts) if len(parts) < MANY else f"{parts[0]} to {parts[-1]}"
                raise ValueError(f"{name!r} is no part of the picture: there are {there}")

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set to `value`; an array keeps its shape."""
        if name == "selected" and self.parts(state):
            self.refuse_strangers(state, [value])
        now = state.get(name)
        if isinstance(now, np.ndarray):
            value = _checks.float_array(value, type(self).__name__, name, now.dtype)
            if value.shape != now.shape:
                raise ValueError(
                    f"{type(self).__name__} got {name} of shape {value.shape}: it must have shape "
                    f"{now.shape}"
                )
        return {**state, name: value}

    def handle_value(self, state: State, name: str) -> Any:
        """Return where the control `name` stands in this state; of what is none, None."""
        return state[name] if name in self.handles else None

    def at_start(self, name: str, array: Any) -> Any:
        """Return the array `name` as it is at the start, in the shape that it has by now."""
        return self.start[name]

    def preset_start(self) -> State:
        """Return the state to which presets are applied: that of the start."""
        return self.start

    def begin_with(self, **values: Any) -> None:
        """Start with these arguments of `compute` instead, and go there."""
        self.start = {**self.start, **values}
        self.reset()

    def fit_handles(self, state: State) -> None:
        """Change labels and ranges of controls that depend on the state: here, none do."""

    # ---- the state ------------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: handle.value for name, handle in self.handles.items()}

    @property
    def words(self) -> str:
        """Where the controls in use stand, and what the picture says of itself."""
        used = [handle for handle in self.handles.values() if not handle.disabled]
        stand = [f"{handle.description} = {_said(handle)}" for handle in used]
        return f"Controls: {', '.join(stand)}.\n{self.picture.words}"

    @property
    def shown(self) -> str:
        """The controls' values, and what else the picture depends on, in one line.

        Of arrays only the entries that differ from the start are named, of controls those in use.
        """
        return self._shown_at(self.state)

    def _shown_at(self, state: State) -> str:
        others = {name: value for name, value in state.items() if name not in self.handles}
        said = [
            f"{name}={_written(self.handle_value(state, name))}"
            for name, handle in self.handles.items()
            if not handle.disabled
        ]
        for name, value in others.items():
            if isinstance(value, np.ndarray):
                said += _changed_entries(name, value, self.at_start(name, value))
            else:
                said.append(f"{name}={_written(value)}")
        return " ".join(said)

    def numbers_at(self, **values: Any) -> Any:
        """Return the numbers as they would be with these values; nothing moves."""
        with ONE_AT_A_TIME:
            return type(self).compute(**self.arguments(self.state_with(self.state, values)))

    @classmethod
    def arguments(cls, state: State) -> dict[str, Any]:
        """Return what `compute` gets: all of the state that its signature names."""
        return {name: state[name] for name in inspect.signature(cls.compute).parameters}

    def frame_at(self, name: str, value: float, state: State | None = None) -> Snapshot:
        """Return the picture as it would be with another value of a number; nothing moves.

        All else is as in `state`, or without it as it is now.
        """
        kind, state = type(self), self.state_with(state or self.state, {name: value})
        with ONE_AT_A_TIME:
            picture = kind.draw(kind.compute(**self.arguments(state)))
        return Snapshot(value, self._shown_at(state), picture.svg)

    def set(self, **values: Any) -> None:
        """Move controls from code, as a hand would, and draw once; all of it or nothing.

        Raises a `ValueError` for what a control cannot hold, and for what the picture cannot be
        drawn with.
        """
        self._set(values, exactly=True)

    def _set(self, values: Mapping[str, Any], exactly: bool) -> None:
        """Set these values; what is beyond the end of a control is refused, or stands there."""
        with ONE_AT_A_TIME:
            before, state, stand = self.state, self.state, dict[str, Any]()
            for name, value in values.items():
                if exactly and not is_of_its_kind(self._holder(name), value):
                    raise self._refusal(name, value)
                state = self.state_with(state, {name: value})
                stand[name] = self._stands(state, name)
            try:
                self.state = self._follow(state)
                for name, value in values.items() if exactly else ():
                    is_held = _is_near(self._stands(self.state, name), self._stands(state, name))
                    if not is_held or not _is_near(stand[name], value):
                        raise self._refusal(name, value)
                self._draw()
            except Exception as error:  # then all stay where they were
                self.state = self._follow(before)
                if isinstance(error, (ValueError, TraitError)):
                    raise
                given = ", ".join(f"{name}={value!r}" for name, value in values.items())
                raise ValueError(f"{type(self).__name__} cannot be set to {given}") from error

    def _holder(self, name: str) -> widgets.ValueWidget | Hand | None:
        """Return the control that is called so, or what else a hand can change by that name."""
        return self.handles.get(self._own_name(name)) or self.hands().get(name)

    def _stands(self, state: State, name: str) -> Any:
        return self.handle_value(state, self._own_name(name))

    def _own_name(self, name: str) -> str:
        """Return what a control is called whose number may be called otherwise in the picture."""
        return next((own for own, called in self.in_picture.items() if called == name), name)

    def _refusal(self, name: str, value: Any) -> ValueError:
        room = room_of(self._holder(name))
        return ValueError(f"{name} cannot be {value!r}: it is {room}")

    def reset(self) -> None:
        """Bring everything back to where it was at the start, and stop what goes on by itself."""
        if self.clock:
            self.clock.stop()
        self._become(self.start)

    def use_preset(self, name: str) -> None:
        """Reset, then set what the preset names, and draw once."""
        if name not in self.presets:
            raise ValueError(f"no preset is called {name!r}: there are {[*self.presets]}")
        if self.clock:
            self.clock.stop()
        self._become(self.state_with(self.preset_start(), self.presets[name]))

    def state_with(self, state: State, values: Mapping[str, Any]) -> State:
        """Return the state after these values were set, one after the other; nothing moves."""
        known = {**self.handles, **self.state}
        for called, value in values.items():
            name = self._own_name(called)
            if name not in known and name not in self.hands():
                raise ValueError(f"no control is called {name!r}: there are {[*known]}")
            options = self.controls[name].options if name in self.controls else ()
            if options and value not in options:
                raise ValueError(f"{name} cannot be {value!r}: there are {[*options]}")
            state = self.moved_to(state, name, value)
        return state

    def _moved(self, name: str, change: Any) -> None:
        """Follow a control that a hand has moved."""
        with ONE_AT_A_TIME:
            if not self._following:
                self._become(self.moved_to(self.state, name, change["new"]))

    def _become(self, state: State) -> None:
        with ONE_AT_A_TIME:
            self.state = self._follow(state)
            self.refresh()

    def _follow(self, state: State) -> State:
        """Put the controls where this state has them; return it with what they made of it."""
        self._following = True
        try:
            self.fit_handles(state)
            for name, handle in self.handles.items():
                wanted = self.handle_value(state, name)
                if handle.value != wanted:
                    handle.value = wanted
                if handle.value != wanted:  # it ends there
                    state = self.moved_to(state, name, handle.value)
                elif name in state:  # of the same value another kind, as 1.0 for 1
                    state = {**state, name: handle.value}
        finally:
            self._following = False
        return state

    # ---- what is shown --------------------------------------------------------------------------

    def refresh(self) -> None:
        """Compute and draw anew."""
        with ONE_AT_A_TIME, self._trouble_shown("The picture could not be drawn."):
            self._draw()

    def _draw(self) -> None:
        kind, before = type(self), self.picture
        numbers = kind.compute(**self.arguments(self.state))
        picture = kind.draw(numbers)
        self.numbers, self.picture = numbers, picture
        hands = self.hands()
        way = self.ahead.follow(self.state, hands)
        sent = {name: hand.sent() for name, hand in hands.items()}
        news = self._news_since(before)
        self.view.show(picture.svg, self.shown, sent, news, way, self._choices())
        self.code_panel.value = self._code_shown() if self.code_button.value else ""
        self.trouble.value = ""

    def _choices(self) -> dict[str, str | bool]:
        """Return where menus and boxes stand, by what is written beside them."""
        menus = [h for h in self.handles.values() if isinstance(h, widgets.Dropdown)]
        boxes = [h for h in self.handles.values() if isinstance(h, widgets.Checkbox)]
        return {h.description: h.label for h in menus} | {h.description: h.value for h in boxes}

    def _news_since(self, before: Picture) -> str | None:
        """Return what a screen reader says: of another step or choice, all that is new.

        Of a move, it is what begins as one of `told`, or the first new sentence.
        """
        heard = [self.state.get(name) for name in HEARD]
        is_other, self._heard = heard != self._heard, heard
        if not before.words:
            return None
        if is_other:
            return all_news(before, self.picture) or None
        return news_of_move(before, self.picture, self.told) or None

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        return code_of(type(self).compute, self.arguments(self.state))

    def torch_code(self) -> str:
        """Return the same in PyTorch, where an explorer has it: here, nothing."""
        return ""

    def _code_shown(self) -> str:
        shown = f"<pre>{escape(self.code())}</pre>"
        torch = self.torch_code()
        return shown + (torch and f"<p>The same with PyTorch:</p><pre>{escape(torch)}</pre>")

    @contextmanager
    def _trouble_shown(self, what: str) -> Iterator[None]:
        """Show an exception in the explorer, not in a log that nobody reads."""
        try:
            yield
        except Exception:
            text = escape(traceback.format_exc(limit=-3))
            self.trouble.value = f"<pre>{what}\n{text}</pre>"

    def _choose_in_page(self, name: str) -> None:
        with self._trouble_shown(f"{escape(name)} could not be chosen."):
            self.choose(name)

    def _move_in_page(self, values: Mapping[str, float]) -> None:
        with self._trouble_shown(f"{escape(', '.join(values))} could not be changed."):
            self._set(values, exactly=False)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle = super()._repr_mimebundle_(**options) or {}
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        return data | self.picture._repr_mimebundle_() | {"text/plain": self.words}


def _is_near(place: Any, value: Any) -> bool:
    """Return whether a control stands where it was told, but for rounding; None is no control."""
    if isinstance(place, (int, float)):
        return math.isclose(place, float(value), rel_tol=ROUNDING, abs_tol=ROUNDING)
    return place is None or bool(place == value)


def _said(handle: Any) -> str:
    """Return what stands beside a control: for a slider over options, the option's name."""
    if isinstance(handle, widgets.SelectionSlider):
        return str(handle.options[handle.index][0])
    return _written(handle.value)


def _written(value: Any) -> str:
    """Write a value in a line: all of its digits, but none that rounding left over."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _changed_entries(name: str, array: Any, start: Any) -> Iterable[str]:
    for index in np.argwhere(array != start).tolist():
        yield f"{entry_name(name, index)}={_written(float(array[tuple(index)]))}"
