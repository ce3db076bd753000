"""The controls of explorers: sliders, choices, menus, ticks and buttons, each made in one way."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from numbers import Real
from typing import Any

import ipywidgets as widgets
import traitlets

from bp_helpers.pictures import Scale

NARROW, LONG = "24em", "36em"
TRACK, LONG_TRACK = "15em", "27em"  # with many steps it is long, so that a hand can find each
MANY = 60
READOUT = ".6"  # of d3-format: what is written is what was set, in up to 6 digits and no idle 0
NO_TOOLTIP = ""  # None becomes the word "null" in the page, and a screen reader reads it
ALONG = ["bp-along"]  # the style of a slider that lies along an axis
CHOICE = ["bp-choice"]  # and that of one over a few numbers, beside which none can be typed
BEFORE_TRACK, BEHIND_TRACK = 16, 80  # pixels of a slider between label and track, and behind it


@dataclass(frozen=True)
class Control:
    """A control before an explorer makes it: its value at the start, and how it is made.

    `options` are the values that it can have, if it is a choice among a few.
    """

    start: Any
    make: Callable[[], widgets.ValueWidget]
    options: Sequence[Any] = ()


@dataclass(frozen=True)
class Hand:
    """What a hand can make of a number: where it is, its ends, and by how much it moves.

    `label` is what it is called. `fine` is the step with Shift. If the number is one of `options`,
    which are in the order of its slider, it goes from one to the next.
    """

    label: str
    value: float
    low: float
    high: float
    step: float
    fine: float
    options: Sequence[float] = ()

    def sent(self) -> dict[str, Any]:
        """Return it as the page reads it."""
        given = {name: value for name, value in vars(self).items() if name != "options"}
        return given | ({"options": [*self.options]} if self.options else {})


def hand_of(handle: widgets.ValueWidget) -> Hand | None:
    """Return what a hand can make of a control's number; None if it has none, or is disabled."""
    if getattr(handle, "disabled", True):
        return None
    label = handle.description
    if isinstance(handle, widgets.IntSlider):
        return Hand(label, handle.value, handle.min, handle.max, handle.step, handle.step)
    if isinstance(handle, widgets.FloatSlider):
        return Hand(label, handle.value, handle.min, handle.max, handle.step, handle.step / 10)
    if isinstance(handle, widgets.SelectionSlider):
        options = [value for _, value in handle.options]
        return Hand(label, handle.value, min(options), max(options), 0, 0, options)
    return None


def is_of_its_kind(held: widgets.ValueWidget | Hand | None, value: Any) -> bool:
    """Return whether a control can hold such a thing at all: a number, or True or False.

    What a hand alone can change takes a number as text, too.
    """
    if isinstance(held, widgets.Checkbox):
        return isinstance(value, bool)
    if not room_of(held):
        return True
    try:
        is_number = not math.isnan(float(value))
    except (TypeError, ValueError, OverflowError):
        return False
    return is_number and isinstance(value, (Real, str) if isinstance(held, Hand) else Real)


def room_of(held: widgets.ValueWidget | Hand | None) -> str:
    """Return in words what a slider, a box to tick or a hand can hold; of others, nothing."""
    if isinstance(held, widgets.Checkbox):
        return "True or False"
    if isinstance(held, Hand):
        low, high, whole = held.low, held.high, isinstance(held.value, int)
    elif isinstance(held, (widgets.IntSlider, widgets.FloatSlider)):
        low, high, whole = held.min, held.max, isinstance(held, widgets.IntSlider)
    else:
        return ""
    return f"a {'whole ' * whole}number from {low:g} to {high:g}"


class Slider(widgets.FloatSlider):
    """A slider that rounding in the browser cannot move.

    A browser that is told 0.45 answers with the nearest place of its own, 0.4500000000000002, as if
    somebody had moved the slider there; and when code moves it several times in a row, such answers
    arrive after the last move. They are dropped.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._answers: Counter[float] = Counter()  # to what it was told; they may still come
        super().__init__(*arguments, **options)
        self.observe(lambda change: self._expect_answer(change["old"]), "value")

    @traitlets.validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        if math.isnan(proposal["value"]):
            raise traitlets.TraitError(
                f"{self.description} cannot be nan: choose a number from {self.min} to {self.max}"
            )
        return super()._validate_value(proposal)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page says, unless it is an answer to what it was told."""
        said = sync_data.get("value")
        is_move = said is not None and self._is_move(said)
        if not is_move:
            sync_data = {name: state for name, state in sync_data.items() if name != "value"}
        super().set_state(sync_data)
        if is_move:
            self._answers.clear()  # a hand is at work

    def reach(self, low: float, high: float, step: float, value: float) -> None:
        """Take another range and a value in it, at once: between them, a browser would answer."""
        if (low, high, step) == (self.min, self.max, self.step):
            return
        self._expect_answer(self.value)  # by the range in which it was told
        room = {"min": min(low, self.min), "max": high}
        with self.hold_sync():
            for each in (room, {"min": low, "step": step, "value": value}):
                for name, to in each.items():
                    self.set_trait(name, to)

    def _expect_answer(self, told: float) -> None:
        answer = self._place_in_browser(told)
        if answer != told:
            self._answers[answer] += 1

    def _is_move(self, said: float) -> bool:
        if said == self._place_in_browser(self.value):
            return False
        beyond = not self.min <= said <= self.max  # which a hand could do in an earlier range only
        if not beyond and not self._answers[said]:
            return True
        self._answers[said] -= self._answers[said] > 0
        self.send_state("value")  # whatever the page shows by now, both say the same again
        return False

    def _place_in_browser(self, value: float) -> float:
        """Return where noUiSlider, which ipywidgets uses, puts its handle for this value."""
        width = self.max - self.min
        percent, step = 100 * (value - self.min) / width, 100 * self.step / width
        place = math.floor(percent / step + 0.5) * step
        return float(self.max if place >= 100 else place * width / 100 + self.min)


def _control(
    kind: Callable[..., widgets.ValueWidget],
    start: Any,
    label: str,
    label_width: str,
    width: str,
    choices: Sequence[Any] = (),
    **traits: Any,
) -> Control:
    """Return a control that is a widget of this kind, with its label before it."""
    look = {"style": {"description_width": label_width}, "layout": {"width": width}}
    named = {"description": label, "tooltip": NO_TOOLTIP}
    return Control(start, lambda: kind(value=start, **named, **look, **traits), choices)


def slider(
    label: str,
    start: float,
    low: float,
    high: float,
    step: float,
    label_width: str = "9em",
    track: str = "",
) -> Control:
    """Return a slider that answers while it is dragged; arrow keys move it by one step.

    `track` is the width of all but the label; without it, that depends on how many steps there are.
    """
    track = track or (LONG_TRACK if (high - low) / step >= MANY else TRACK)
    return _slider(label, start, (low, high, step), label_width, f"calc({label_width} + {track})")


def slider_along(
    axis: Scale, label: str, start: float, low: float, high: float, step: float
) -> Control:
    """Return a slider whose handle stands below its number on an axis of the first picture.

    The label stands before the track. Where a narrow window shrinks the picture, it shrinks the
    slider as well (`along.js`).
    """
    widths = _widths_along(axis, low, high)
    return _slider(label, start, (low, high, step), *widths, _dom_classes=ALONG)


def whole_slider_along(axis: Scale, label: str, start: int, low: int, high: int) -> Control:
    """Return a slider over whole numbers that lies along an axis, as `slider_along` does."""
    kind, widths = widgets.IntSlider, _widths_along(axis, low, high)
    return _control(kind, start, label, *widths, min=low, max=high, _dom_classes=ALONG)


def choice_slider_along(
    axis: Scale,
    label: str,
    options: Sequence[float],
    start: float,
    name_of: Callable[[float], str],
) -> Control:
    """Return a slider over a few numbers, equally far apart on an axis, along which it lies.

    Each is written as `name_of` says.
    """
    named = [(name_of(option), option) for option in options]
    kind, widths = widgets.SelectionSlider, _widths_along(axis, options[0], options[-1], nearer=2)
    looks = [*ALONG, *CHOICE]
    return _control(kind, start, label, *widths, options, options=named, _dom_classes=looks)


def _widths_along(axis: Scale, low: float, high: float, nearer: int = 0) -> tuple[str, str]:
    """Return the width of the label, and of it and the track together.

    The track is so many pixels `nearer` to its label than that of a slider over numbers.
    """
    left, right = (f"calc({axis(end):g}px * var(--bp-scale, 1)" for end in (low, high))
    return f"{left} - {BEFORE_TRACK - nearer}px)", f"{right} + {BEHIND_TRACK + nearer}px)"


def _slider(
    label: str,
    start: float,
    reach: tuple[float, float, float],
    label_width: str,
    width: str,
    **traits: Any,
) -> Control:
    low, high, step = reach
    traits |= {"min": low, "max": high, "step": step, "readout_format": READOUT}
    return _control(Slider, float(start), label, label_width, width, **traits)


def whole_slider(
    label: str, start: int, low: int, high: int, width: str = NARROW, label_width: str = "9em"
) -> Control:
    """Return a slider over whole numbers."""
    return _control(widgets.IntSlider, start, label, label_width, width, min=low, max=high)


def step_slider(label: str, end: int, width: str = "10em") -> Control:
    """Return a slider from 0 to `end` over steps of which the picture says where they are."""
    return _control(widgets.IntSlider, 0, label, "3em", width, min=0, max=end, readout=False)


def choice_slider(
    label: str,
    options: Sequence[float],
    start: float,
    label_width: str = "9em",
    width: str = NARROW,
    name_of: Callable[[float], str] | None = None,
) -> Control:
    """Return a slider over a few given numbers, each written as `name_of` says.

    Without it they are written as numbers, from a million on with a word.
    """
    named = [((name_of or _in_words)(option), option) for option in options]
    kind = widgets.SelectionSlider
    return _control(
        kind, start, label, label_width, width, options, options=named, _dom_classes=CHOICE
    )


def _in_words(number: float) -> str:
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if number >= size:
            return f"{number / size:g} {word}"
    return f"{number:,g}"


RATES = [
    float(f"{factor}e{power}")
    for power in (-2, -1, 0, 1)
    for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
] + [100.0]


def rate_slider(
    label: str, start: float, label_width: str = "11em", width: str = NARROW
) -> Control:
    """Return a slider over `RATES`, from 0.01 to 100, each a fifth to a third above the last.

    A logarithmic slider would move the value, in the browser, to the nearest place on its own grid:
    3 would become 3.0199.
    """
    return choice_slider(label, RATES, start, label_width, width)


def menu(
    label: str, options: Sequence[str], start: str, width: str = "14em", label_width: str = "5em"
) -> Control:
    """Return a menu, of which one option is chosen."""
    kind = widgets.Dropdown
    return _control(kind, start, label, label_width, width, options, options=[*options])


def tick(label: str, width: str = "10em") -> Control:
    """Return a box to tick; at the start it is empty."""
    look = {"description": label, "tooltip": NO_TOOLTIP, "layout": {"width": width}}
    return Control(False, lambda: widgets.Checkbox(False, indent=False, **look))


def button(label: str, act: Callable[[], object], width: str = "5em") -> widgets.Button:
    """Return a button that does `act()`."""
    made = widgets.Button(description=label, layout={"width": width})
    made.on_click(lambda _: act())
    return made


def toggle(label: str, tooltip: str, width: str = "5em", icon: str = "") -> widgets.ToggleButton:
    """Return a button that stays down until it is pressed again."""
    return widgets.ToggleButton(
        description=label, tooltip=tooltip, icon=icon, layout={"width": width}
    )


def back_and_next(move: Callable[[int], object]) -> list[widgets.Button]:
    """Return the buttons Back, which does `move(-1)`, and Next, which does `move(1)`."""
    return [button(name, partial(move, by)) for name, by in (("Back", -1), ("Next", 1))]


def row(*children: widgets.Widget) -> widgets.Box:
    """Return a row of controls that wraps in a narrow window."""
    return widgets.Box(children, layout={"flex_flow": "row wrap", "align_items": "center"})


def made(controls: Mapping[str, Control]) -> dict[str, widgets.ValueWidget]:
    """Make each of the controls, by its name."""
    return {name: control.make() for name, control in controls.items()}
