"""Predict, then look: the learner settles on an answer before the notebook shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

import ipywidgets as widgets

from bp_helpers.explorers.controls import Hand, button, row
from bp_helpers.explorers.svg_view import SvgView, controls_style
from bp_helpers.pictures import AGREES, DIFFERS, guess_line, plain
from bp_helpers.printing import steady

ROUNDING = 1e-6  # of a step
ANSWERED = "bp-answered"  # the page uncovers then what answers the question


class Prediction(widgets.VBox):
    """A question; what to answer it with; and, once it is answered, the verdict below.

    Until then nothing of the answer is in the page. As a still output it is the question, with the
    answer folded away; once one was given, it says in its place what was said, and why. The page
    puts that into the notebook's file, too.
    """

    def __init__(self, question: str, choices: str, answer: str, why: str) -> None:
        self.question, self.choices, self.answer, self.why = question, choices, answer, why
        self.guess: Any = None
        self.said = ""  # the verdict
        self.verdict = widgets.HTML()
        self.inputs = self._make_inputs()
        style = f"<style>{controls_style()}</style>"  # no explorer need have brought it yet
        asked = widgets.HTML(f"{style}<b>Predict.</b> {escape(question)}")
        super().__init__([asked, *self._make_pictures(), row(*self.inputs), self.verdict])
        self.add_class("bp-predict")

    def commit(self, guess: Any) -> None:
        """Take the learner's answer and show how far off it was, and why; the first one counts."""
        if self.guess is not None:
            return
        self.said = self._judge(guess)
        self.guess = guess
        for one in self.inputs:
            one.disabled = True
        # read aloud by screen readers as soon as it is there
        self.verdict.value = f'<div role="status">{self._verdict_html()}</div>'
        self.add_class(ANSWERED)

    def _make_inputs(self) -> list[widgets.Widget]:
        raise NotImplementedError

    def _make_pictures(self) -> list[widgets.Widget]:
        return []

    def _judge(self, guess: Any) -> str:
        """Say how the guess compares with the answer; a guess that cannot be one is refused."""
        raise NotImplementedError

    def _verdict_html(self) -> str:
        return f"<b>{escape(self.said)}</b><br>{escape(self.why)}"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle = super()._repr_mimebundle_(**options) or {}
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        asked = f"{self.question} ({self.choices})"
        if self.said:
            told = f'<div class="{ANSWERED}">{self._verdict_html()}</div>'
            data["text/plain"] = f"Predict. {asked}\n{self.said} {self.why}"
        else:
            folded = f"{escape(self.answer)}. {escape(self.why)}"
            told = f"<details><summary>Answer</summary>{folded}</details>"
            data["text/plain"] = f"Predict. {asked}"
        data["text/html"] = f"<p><b>Predict.</b> {escape(asked)}</p>{told}"
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

    def commit(self, guess: str) -> None:
        """Take the option, show the verdict, and mark the learner's own and the right one."""
        super().commit(guess)
        for option, one in zip(self.options, self.inputs, strict=True):
            told = [
                *(["your answer"] if option == self.guess else []),
                *(["right"] if option == self.answer else []),
            ]
            if told:
                sign = AGREES if option == self.answer else DIFFERS
                one.description = f"{sign} {option} ({', '.join(told)})"
                one.add_class("bp-marked")

    def _judge(self, guess: str) -> str:
        if guess not in self.options:
            raise ValueError(f"{guess!r} is not one of the options {self.options}")
        if guess == self.answer:
            return f"You said: {guess}. Right!"
        return f"You said: {guess}. The answer is: {self.answer}."


class PredictNumber(Prediction):
    """How large? A marker is dragged from `low` to `high` by `step`; `answer` is a number there.

    No guess is nearer to the answer than half a step, unless it is exact. It cannot be committed
    before the marker was moved. Later the line shows the answer beside it. How far off it was is
    said in digits that a step has.
    """

    def __init__(
        self, question: str, answer: float, low: float, high: float, step: float, why: str
    ) -> None:
        if not low <= answer <= high:
            raise ValueError(f"answer is {answer}: the line reaches only from {low} to {high}")
        self.low, self.high, self.step, self.number = low, high, step, float(answer)
        self.place = low + step * round((high - low) / 2 / step)  # of the marker
        self.is_moved = False
        self._decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        super().__init__(question, f"from {low:g} to {high:g}", plain(self.number, 4), why)

    def move(self, guess: float) -> None:
        """Put the marker there, or at the end of the line that is nearer; once answered, it stays.

        Refuses what is no number with a `ValueError`.
        """
        if self.guess is None:
            self.place = min(max(self._number(guess), self.low), self.high)
            self.is_moved = True
            self.inputs[0].disabled, self.inputs[0].tooltip = False, ""
            self._draw()

    def commit(self, guess: float) -> None:
        """Take the guess, show the verdict, and the answer on the line."""
        super().commit(guess)
        self._draw()

    def _draw(self) -> None:
        shown = f"guess={self.place:g}"
        if self.guess is not None:
            self.view.show(guess_line(self.low, self.high, self.guess, self.number).svg, shown)
            return
        picture = guess_line(self.low, self.high, self.place, is_moved=self.is_moved)
        fine = self.step if self.step == int(self.step) else self.step / 10
        hand = Hand("my guess", self.place, self.low, self.high, self.step, fine)
        self.view.show(picture.svg, shown, {"guess": hand.sent()})

    def _make_inputs(self) -> list[widgets.Widget]:
        commit = button("Commit", lambda: self.commit(self.place), "auto")
        commit.disabled = True
        commit.tooltip = "Move the marker first"
        return [commit]

    def _make_pictures(self) -> list[widgets.Widget]:
        self.view = SvgView()
        self.view.on_move(lambda values: self.move(values["guess"]))
        self._draw()
        return [self.view]

    def _number(self, guess: float) -> float:
        if not math.isfinite(guess):
            raise ValueError(f"{guess} is not a number to compare with {self.number}")
        return float(guess)

    def _judge(self, guess: float) -> str:
        off = self._number(guess) - self.number
        said = f"You said {plain(guess)}; it is {plain(self.number, 4)}."
        if abs(off) < self.step * ROUNDING:
            return f"{said} Exactly."
        if abs(off) < self.step * (0.5 + ROUNDING):
            return f"{said} That is as near as the marker gets."
        times = guess / self.number if self.number else 0
        far = f", {steady(times):.1f} times as large" if times >= 2 else ""
        opposite = " The sign is wrong." if times < 0 else ""
        return f"{said} Off by {plain(round(abs(off), self._decimals))}{far}.{opposite}"
