"""What every explorer is: controls, numbers that follow from their values, a picture of those."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from html import escape
from typing import Any, ClassVar

import ipywidgets as widgets

from bp_helpers.explorers.svg_view import SvgView
from bp_helpers.pictures import Picture, beside

Numbers = dict[str, Any]


class Explorer(widgets.VBox):
    """Controls above a picture that follows them.

    An explorer derives from this class and says four things: `numbers()`, all that is shown, from
    the controls' values; `draw(numbers)`, its picture; `describe(numbers)`, the same in words;
    `code()`, how to compute the numbers without it. It gives its controls by name and laid
    out in rows; the buttons Reset and Code are added here, and one for each of its `presets`: by
    name, the values that controls get from it, all others being reset. As a notebook's output it is
    a live widget, a still picture and its text at once.

    An exception in one of the four is shown below the controls, and the picture stays as it was.
    """

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def __init__(
        self, controls: Mapping[str, widgets.ValueWidget], layout: Iterable[widgets.Widget]
    ) -> None:
        self.controls = dict(controls)
        self.view = SvgView()
        self.picture = beside()
        self.trouble = widgets.HTML()
        self.code_button = widgets.ToggleButton(description="Code", layout={"width": "5em"})
        self.code_panel = widgets.HTML()
        self._start = {name: control.value for name, control in self.controls.items()}
        self._waiting = False
        common = row(button("Reset", self.reset), self.code_button, *self._preset_buttons())
        super().__init__([*layout, common, self.code_panel, self.trouble, self.view])
        for control in (*self.controls.values(), self.code_button):
            control.observe(lambda _: self.refresh(), "value")
        self.view.on_choose(self._choose_in_page)
        self.refresh()

    def numbers(self) -> Numbers:
        """Return everything that the picture and the text show."""
        raise NotImplementedError

    def draw(self, numbers: Numbers) -> Picture:
        """Return the picture."""
        raise NotImplementedError

    def describe(self, numbers: Numbers) -> str:
        """Return what the picture shows, in words."""
        raise NotImplementedError

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        raise NotImplementedError

    def choose(self, name: str) -> None:
        """Do what choosing the part `name` of the picture means: here, nothing."""

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def shown(self) -> str:
        """The controls' values in one line, as the page says which values its picture is of."""
        return " ".join(
            f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}"
            for name, value in self.values.items()
        )

    def refresh(self) -> None:
        """Compute and draw anew."""
        if self._waiting:
            return
        with self._trouble_shown("The picture could not be drawn."):
            self.picture = self.draw(self.numbers())
            self.view.show(self.picture.svg, self.shown)
            code = escape(self.code()) if self.code_button.value else ""
            self.code_panel.value = code and f"<pre>{code}</pre>"
            self.trouble.value = ""

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

    @contextmanager
    def one_refresh(self) -> Iterator[None]:
        """Change several controls and draw once, at the end of the outermost of such blocks."""
        outer, self._waiting = self._waiting, True
        try:
            yield
        finally:
            self._waiting = outer
            self.refresh()

    def set(self, **values: Any) -> None:
        """Move controls from code, as a hand would, and draw once."""
        self._refuse_unknown(values)
        with self.one_refresh():
            for name, value in values.items():
                self.controls[name].value = value

    def _refuse_unknown(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.controls:
                raise ValueError(f"no control is called {name!r}: there are {[*self.controls]}")

    def reset(self) -> None:
        """Put every control back to where it was at the start."""
        self.set(**self._start)

    def use_preset(self, name: str) -> None:
        """Reset, then move the controls that the preset names."""
        if name not in self.presets:
            raise ValueError(f"no preset is called {name!r}: there are {[*self.presets]}")
        with self.one_refresh():
            self.reset()
            self.set(**self.presets[name])

    def _preset_buttons(self) -> list[widgets.Button]:
        return [button(name, partial(self.use_preset, name), "auto") for name in self.presets]

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle = super()._repr_mimebundle_(**options) or {}
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/html"] = self.picture._repr_mimebundle_()["text/html"]
        with self._trouble_shown("It could not be put in words."):
            data["text/plain"] = self.describe(self.numbers())
        return data


class Slider(widgets.FloatSlider):
    """A slider that rounding in the browser cannot move.

    A browser that is told 0.45 answers with the nearest place of its own, 0.4500000000000002, as if
    somebody had moved the slider there; and when code moves it several times in a row, such answers
    arrive after the last move. They are dropped.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._answers: set[float] = set()  # to what it was told earlier; they may still come
        super().__init__(*arguments, **options)
        self.observe(lambda change: self._expect_answer(change["old"]), "value")

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page says, unless it is an answer to what it was told."""
        said = sync_data.get("value")
        is_move = said is not None and self._is_move(said)
        if not is_move:
            sync_data = {name: state for name, state in sync_data.items() if name != "value"}
        super().set_state(sync_data)
        if is_move:
            self._answers.clear()  # a hand is at work

    def _expect_answer(self, told: float) -> None:
        answer = self._place_in_browser(told)
        if answer != told:
            self._answers.add(answer)

    def _is_move(self, said: float) -> bool:
        if said == self._place_in_browser(self.value):
            return False
        if said in self._answers:
            self._answers.discard(said)
            self.send_state("value")  # whatever the page shows by now, both say the same again
            return False
        return True

    def _place_in_browser(self, value: float) -> float:
        """Return where noUiSlider, which ipywidgets uses, puts its handle for this value."""
        width = self.max - self.min
        percent, step = 100 * (value - self.min) / width, 100 * self.step / width
        place = math.floor(percent / step + 0.5) * step
        return float(self.max if place >= 100 else place * width / 100 + self.min)


LONG = "36em"  # the width of a slider with many steps, so that a hand can find each


def slider(label: str, value: float, low: float, high: float, step: float) -> Slider:
    """Return a slider that answers while it is dragged; arrow keys move it by one step."""
    width = LONG if (high - low) / step > 200 else "24em"
    return Slider(
        value, min=low, max=high, step=step, description=label, readout_format=".2f",
        style={"description_width": "9em"}, layout={"width": width},
    )  # fmt: skip


def button(label: str, act: Callable[[], object], width: str = "5em") -> widgets.Button:
    """Return a button that does `act()`."""
    made = widgets.Button(description=label, layout={"width": width})
    made.on_click(lambda _: act())
    return made


def row(*children: widgets.Widget) -> widgets.Box:
    """Return a row of controls that wraps in a narrow window."""
    return widgets.Box(children, layout={"flex_flow": "row wrap", "align_items": "center"})
