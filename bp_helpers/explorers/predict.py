"""Predict, then look: the learner settles on an answer before the notebook shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

import ipywidgets as widgets

from bp_helpers.explorers.controls import button, row
from bp_helpers.explorers.svg_view import SvgView
from bp_helpers.pictures import guess_line, plain

ROUNDING = 1e-6  # of a step


class Prediction(widgets.VBox):
    """A question; what to answer it with; and, once it is answered, the verdict below.

    Until then nothing of the answer is in the page. As a still output it is the question, with the
    answer folded away.
    """

    def __init__(self, question: str, choices: str, answer: str, why: str) -> None:
        self.question, self.choices, self.answer, self.why = question, choices, answer, why
        self.guess: Any = None
        self.verdict = widgets.HTML()
        self.inputs = self._make_inputs()
        asked = widgets.HTML(f"<b>Predict.</b> {escape(question)}")
        super().__init__([asked, row(*self.inputs), self.verdict, *self._make_pictures()])
        self.add_class("bp-predict")

    def commit(self, guess: Any) -> None:
        """Take the learner's answer and show how far off it was, and why; the first one counts."""
        if self.guess is not None:
            return
        said = self._judge(guess)
        self.guess = guess
        for one in self.inputs:
            one.disabled = True
        # read aloud by screen readers as soon as it is there
        self.verdict.value = f'<div role="status"><b>{escape(said)}</b><br>{escape(self.why)}</div>'

    def _make_inputs(self) -> list[widgets.Widget]:
        raise NotImplementedError

    def _make_pictures(self) -> list[widgets.Widget]:
        return []

    def _judge(self, guess: Any) -> str:
        """Say how the guess compares with the answer; a guess that cannot be one is refused."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle = super()._repr_mimebundle_(**options) or {}
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/html"] = (
            f"<p><b>Predict.</b> {escape(self.question)} ({escape(self.choices)})</p>"
            f"<details><summary>Answer</summary>{escape(self.answer)}. {escape(self.why)}</details>"
        )
        data["text/plain"] = f"Predict. {self.question} ({self.choices})"
        return data


class PredictChoice(Prediction):
    """Which of these? `options` are at least two different texts, `answer` is one of them."""

    def __init__(self, question: str, options: Sequence[str], answer: str, why: str) -> None:
        if len(set(options)) != len(options) or len(options) < 2:
            raise ValueError(f"options are {[*options]}: they must be two or more different texts")
        if answer not in options:
            raise ValueError(f"answer is {answer!r}: it must be one of the options {[*options]}")
        self.options = [*options]
        super().__init__(question, " / ".join(options), answer, why)

    def _make_inputs(self) -> list[widgets.Widget]:
        return [button(option, partial(self.commit, option), "auto") for option in self.options]

    def _judge(self, guess: str) -> str:
        if guess not in self.options:
            raise ValueError(f"{guess!r} is not one of the options {self.options}")
        if guess == self.answer:
            return f"You said: {guess}. So it is."
        return f"You said: {guess}. The answer is: {self.answer}."


class PredictNumber(Prediction):
    """How large? A slider goes from `low` to `high` by `step`; `answer` is a number between them.

    No guess is nearer to the answer than half a step, unless it is exact. Below the slider a line
    shows the guess, and later the answer beside it. How far off it was is said in digits that the
    slider has.
    """

    def __init__(
        self, question: str, answer: float, low: float, high: float, step: float, why: str
    ) -> None:
        if not low <= answer <= high:
            raise ValueError(f"answer is {answer}: the slider reaches only from {low} to {high}")
        self.low, self.high, self.step, self.number = low, high, step, float(answer)
        self._decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        super().__init__(question, f"from {low:g} to {high:g}", plain(self.number, 4), why)
        self.slider.observe(lambda _: self._draw(), "value")

    def commit(self, guess: float) -> None:
        """Take the guess, show the verdict, and the answer on the line."""
        super().commit(guess)
        self._draw()

    def _draw(self) -> None:
        if self.guess is None:
            picture = guess_line(self.low, self.high, self.slider.value)
        else:
            picture = guess_line(self.low, self.high, self.guess, self.number)
        self.view.show(picture.svg, f"guess={self.slider.value:g}")

    def _make_inputs(self) -> list[widgets.Widget]:
        middle = self.low + self.step * round((self.high - self.low) / 2 / self.step)
        self.slider = widgets.FloatSlider(
            middle, min=self.low, max=self.high, step=self.step, description="my guess",
            readout_format=f".{self._decimals}f", layout={"width": "32em"},
        )  # fmt: skip
        return [self.slider, button("Commit", lambda: self.commit(self.slider.value), "auto")]

    def _make_pictures(self) -> list[widgets.Widget]:
        self.view = SvgView()
        self._draw()
        return [self.view]

    def _judge(self, guess: float) -> str:
        if not math.isfinite(guess):
            raise ValueError(f"{guess} is not a number to compare with {self.number}")
        off = guess - self.number
        said = f"You said {guess:g}; it is {plain(self.number, 4)}."
        if abs(off) < self.step * ROUNDING:
            return f"{said} Exactly."
        if abs(off) < self.step * (0.5 + ROUNDING):
            return f"{said} That is as near as this slider gets."
        times = guess / self.number if self.number else 0
        far = f", {times:.1f} times as large" if times >= 2 else ""
        opposite = " The sign is the other way round." if times < 0 else ""
        return f"{said} Off by {plain(round(abs(off), self._decimals))}{far}.{opposite}"
