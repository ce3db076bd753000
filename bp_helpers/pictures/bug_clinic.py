"""The bug clinic: a broken training beside the right one, and the symptoms of one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bp_helpers.pictures.marks import AGREES, DASHES, DIFFERS, bar, curve, dot, key
from bp_helpers.pictures.numerals import MINUS, number, number_if_known, percent
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame, Scale, held
from bp_helpers.pictures.svg import Svg, join, line, rect, text

WIDTH, LEFT, TOP, ACROSS, DOWN = 286, 58, 92, 216, 190
LOSS_UP_TO = (0.5, 1.5)  # three outputs between 0 and 1 have no larger loss than 1.5
TABLE, ROW, ROWS_TOP = 430, 40, 74
NAME, COSINE, RATIO, VERDICT = 8, Scale(-1, 1, 64, 172), 302, 322  # where the columns are
RIGHT, WRONG, FIRST_WRONG = "right", "wrong", "first wrong"


@dataclass(frozen=True)
class TrainingRun:
    """A training: the loss, and the share that is classified correctly, at each of some steps."""

    losses: FloatArray
    shares: FloatArray


NOTHING_LEFT = "nothing left that could be compared"


@dataclass(frozen=True)
class GroupSymptoms:
    """One array of parameters: `dW2` for example, its two symptoms, or None, and whether right."""

    name: str
    cosine: float | None
    ratio: float | None
    right: bool


def two_losses(steps: FloatArray, right: TrainingRun, broken: TrainingRun, at: int) -> Picture:
    """Draw the loss of both trainings over the steps, the broken one dashed.

    A line marks the step `at`; where it meets the broken one's, it is dragged.
    """
    most = max(right.losses.max(), broken.losses.max())
    top = next((limit for limit in LOSS_UP_TO if most <= limit), LOSS_UP_TO[-1])
    last = float(right.losses[-1]), float(broken.losses[-1])
    written = [f"{name}: {number(loss, 4)}" for name, loss in _named(*last)]
    frame = Frame.of(LEFT, TOP, ACROSS, DOWN, (0, float(steps[-1])), (0, top))
    losses = right.losses, broken.losses
    return _two_curves("The loss, on all penguins", written, frame, steps, at, *losses, "loss")


def two_accuracies(
    steps: FloatArray, right: TrainingRun, broken: TrainingRun, at: int, of: int
) -> Picture:
    """Draw in the same way how many of the `of` unseen penguins they classify correctly."""
    last = float(right.shares[-1]), float(broken.shares[-1])
    written = [
        f"{name}: {round(of * share)} of {of}, {percent(share)}" for name, share in _named(*last)
    ]
    frame = Frame.of(LEFT, TOP, ACROSS, DOWN, (0, float(steps[-1])), (0, 100))
    return _two_curves("Unseen penguins classified correctly", written, frame, steps, at,
                       100 * right.shares, 100 * broken.shares, "percent")  # fmt: skip


def symptoms_table(groups: Sequence[GroupSymptoms], step: int, lines: Mapping[str, str]) -> Picture:
    """Draw the symptoms of a step, in the order of the way back; the first wrong one is lit.

    `lines` are lines of code by what they are, as "broken"; they stand below.
    """
    verdicts = _verdicts(groups)
    first = next((g.name for g, v in zip(groups, verdicts, strict=True) if v == FIRST_WRONG), "")
    compared = any(group.cosine is not None or group.ratio is not None for group in groups)
    found = f"first wrong is {first}" if first else "all right" if compared else NOTHING_LEFT
    headline = f"Step {step}, going backward: {found}"
    end = ROWS_TOP + ROW * len(groups)
    rows, said = [], []
    for k, (group, verdict) in enumerate(zip(groups, verdicts, strict=True)):
        rows.append(_row(ROWS_TOP + ROW * k, group, verdict))
        said.append(_in_words(group, verdict))
    written = [f"{name}: {line}" for name, line in lines.items()]
    return picture(
        TABLE,
        end + 36 + 22 * len(lines),
        "The symptoms of one step",
        f"{headline}. {'; '.join(said)}. {'; '.join(written)}.",
        text(0, 16, headline, font_weight="bold"),
        text(COSINE(0), 46, "cosine with the true one", "quiet", text_anchor="middle"),
        text(RATIO, 46, "ratio", "quiet", text_anchor="end"),
        *(
            text(COSINE(k), 64, label, "quiet", text_anchor="middle")
            for k, label in ((-1, f"{MINUS}1"), (0, "0"), (1, "1"))
        ),
        *rows,
        *(_code(end + 26 + 22 * k, *pair) for k, pair in enumerate(lines.items())),
    )


# ---- The parts ---------------------------------------------------------------------------------


def _named(right: float, broken: float) -> list[tuple[str, float]]:
    return [("right", right), ("broken", broken)]


def _two_curves(
    title: str,
    keys: Sequence[str],
    frame: Frame,
    steps: FloatArray,
    at: int,
    right: FloatArray,
    broken: FloatArray,
    unit: str,
) -> Picture:
    place = frame.x(at), frame.y(float(np.interp(at, steps, broken)))
    return picture(
        WIDTH,
        TOP + DOWN + 44,
        title,
        f"After {int(steps[-1])} steps: {'; '.join(keys)}.",
        text(0, 16, title, font_weight="bold"),
        key(0, 38, keys[0], "forward"),
        key(0, 60, keys[1], "ink", DASHES),
        frame.draw("step", unit),
        frame.upright(at, "quiet"),
        curve(frame.path_within(steps, right), "forward"),
        curve(frame.path_within(steps, broken), "ink", DASHES),
        held("the step", place, dot(*place, "ink"), x=("look_at", frame.x)),
        chosen=True,
    )


def _verdicts(groups: Sequence[GroupSymptoms]) -> list[str]:
    verdicts: list[str] = []
    for group in groups:
        wrong = WRONG if FIRST_WRONG in verdicts else FIRST_WRONG
        verdicts.append(RIGHT if group.right else wrong)
    return verdicts


def _row(y: float, group: GroupSymptoms, verdict: str) -> Svg:
    ground = rect(1, y, TABLE - 2, ROW - 6, rx=4, fill="lit" if verdict == FIRST_WRONG else "panel")
    mark = AGREES if verdict == RIGHT else DIFFERS
    base = y + 22
    weight = "bold" if verdict == FIRST_WRONG else None
    return join(
        ground,
        text(NAME, base, group.name, font_weight="bold"),
        _bar(y, group.cosine),
        text(COSINE(1) + 10, base, number_if_known(group.cosine)),
        text(RATIO, base, number_if_known(group.ratio), text_anchor="end"),
        text(VERDICT, base, f"{mark} {verdict}", font_weight=weight),
    )


def _code(y: float, name: str, line: str) -> Svg:
    code = text(NAME + 62, y, line, font_family="monospace")
    return join(text(NAME, y, name, "quiet"), code)


def _bar(y: float, cosine: float | None) -> Svg:
    """Draw the cosine from the middle: to the right if positive, to the left and dashed if not."""
    zero = COSINE(0)
    middle = line(zero, y + 4, zero, y + ROW - 10, "quiet")
    if cosine is None:
        return middle
    return join(bar(COSINE, y + 9, ROW - 24, cosine, "backward"), middle)


def _in_words(group: GroupSymptoms, verdict: str) -> str:
    cosine = "no direction" if group.cosine is None else f"cosine {number(group.cosine, 4)}"
    ratio = "too small to compare" if group.ratio is None else f"ratio {number(group.ratio, 4)}"
    return f"{group.name} {verdict}: {cosine}, {ratio}"
