"""The bug clinic: a broken training beside the right one, and the symptoms of one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bp_helpers.pictures.axes import FloatArray, Frame, key
from bp_helpers.pictures.style import paint
from bp_helpers.pictures.svg import Svg, element, join, number, picture, text

WIDTH, LEFT, TOP, ACROSS, DOWN = 320, 64, 92, 242, 190
LOSS_UP_TO = (0.5, 1.5)  # three outputs between 0 and 1 have no larger loss than 1.5
TABLE, ROW, ROWS_TOP = 430, 40, 74
NAME, AXIS, HALF, RATIO, VERDICT = 8, 118, 54, 302, 322  # where the columns are
RIGHT, WRONG, FIRST_WRONG = "right", "wrong", "first wrong"
UNKNOWN = "\N{EM DASH}"


@dataclass(frozen=True)
class Run:
    """A training: the loss, and the share that is decided rightly, at each of some steps."""

    losses: FloatArray
    shares: FloatArray


@dataclass(frozen=True)
class Group:
    """One array of parameters: `dW2` for example, its two symptoms, or None, and whether right."""

    name: str
    cosine: float | None
    ratio: float | None
    right: bool


def two_losses(steps: FloatArray, right: Run, broken: Run, at: int) -> Svg:
    """Draw the loss of both trainings over the steps, the broken one dashed; a line marks `at`."""
    most = max(right.losses.max(), broken.losses.max())
    top = next((limit for limit in LOSS_UP_TO if most <= limit), LOSS_UP_TO[-1])
    last = float(right.losses[-1]), float(broken.losses[-1])
    written = [f"{name}: {number(loss, 4)}" for name, loss in _named(*last)]
    frame = Frame(LEFT, TOP, ACROSS, DOWN, (0, float(steps[-1])), (0, top))
    return _two_curves("The loss, on all penguins", written, frame, steps, at, right.losses,
                       broken.losses, "loss")  # fmt: skip


def two_accuracies(steps: FloatArray, right: Run, broken: Run, at: int, of: int) -> Svg:
    """Draw how many unseen penguins both decide rightly, in percent; `of` is how many there are."""
    last = float(right.shares[-1]), float(broken.shares[-1])
    written = [
        f"{name}: {round(of * share)} of {of}, {100 * share:.1f} %" for name, share in _named(*last)
    ]
    frame = Frame(LEFT, TOP, ACROSS, DOWN, (0, float(steps[-1])), (0, 100))
    return _two_curves("Unseen penguins decided rightly", written, frame, steps, at,
                       100 * right.shares, 100 * broken.shares, "percent")  # fmt: skip


def symptoms_table(groups: Sequence[Group], step: int, lines: Mapping[str, str]) -> Svg:
    """Draw the symptoms of a step, in the order of the way back; the first wrong one is lit.

    `lines` are lines of code by what they are, as "broken"; they stand below.
    """
    verdicts = _verdicts(groups)
    first = next((g.name for g, v in zip(groups, verdicts, strict=True) if v == FIRST_WRONG), "")
    found = f"first wrong is {first}" if first else "all right"
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
        text(AXIS, 46, "cosine with the true one", "quiet", text_anchor="middle"),
        text(RATIO, 46, "ratio", "quiet", text_anchor="end"),
        *(
            text(AXIS + HALF * k, 64, label, "quiet", text_anchor="middle", font_size=11)
            for k, label in ((-1, "\N{MINUS SIGN}1"), (0, "0"), (1, "1"))
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
) -> Svg:
    x = frame.x(at)
    marked = element(
        "line", x1=x, y1=frame.top, x2=x, y2=frame.bottom, stroke=paint("quiet"),
        stroke_dasharray="2 3",
    )  # fmt: skip
    return picture(
        WIDTH,
        TOP + DOWN + 44,
        title,
        f"After {int(steps[-1])} steps: {'; '.join(keys)}.",
        text(0, 16, title, font_weight="bold"),
        key(38, keys[0], "forward"),
        key(60, keys[1], "backward", "6 4"),
        frame.draw("step", unit),
        marked,
        _line(frame, steps, right, "forward"),
        _line(frame, steps, broken, "backward", "6 4"),
    )


def _line(
    frame: Frame, x: FloatArray, y: FloatArray, colour: str, dashes: str | None = None
) -> Svg:
    d = frame.path(x, np.clip(y, *frame.y_limits))
    return element(
        "path", d=d, fill="none", stroke=paint(colour), stroke_width=2.5, stroke_dasharray=dashes
    )


def _verdicts(groups: Sequence[Group]) -> list[str]:
    verdicts: list[str] = []
    for group in groups:
        wrong = WRONG if FIRST_WRONG in verdicts else FIRST_WRONG
        verdicts.append(RIGHT if group.right else wrong)
    return verdicts


def _row(y: float, group: Group, verdict: str) -> Svg:
    ground = element(
        "rect", x=1, y=y, width=TABLE - 2, height=ROW - 6, rx=4,
        fill=paint("lit" if verdict == FIRST_WRONG else "panel"),
    )  # fmt: skip
    mark = "\N{CHECK MARK}" if verdict == RIGHT else "\N{MULTIPLICATION X}"
    base = y + 22
    weight = "bold" if verdict == FIRST_WRONG else None
    return join(
        [
            ground,
            text(NAME, base, group.name, font_weight="bold"),
            _bar(y, group.cosine),
            text(AXIS + HALF + 10, base, _written(group.cosine)),
            text(RATIO, base, _written(group.ratio), text_anchor="end"),
            text(VERDICT, base, f"{mark} {verdict}", font_weight=weight),
        ]
    )


def _code(y: float, name: str, line: str) -> Svg:
    code = text(NAME + 62, y, line, font_family="monospace", font_size=12)
    return join([text(NAME, y, name, "quiet"), code])


def _bar(y: float, cosine: float | None) -> Svg:
    """Draw the cosine from the middle: to the right if positive, to the left and dashed if not."""
    middle = element("line", x1=AXIS, y1=y + 4, x2=AXIS, y2=y + ROW - 10, stroke=paint("quiet"))
    if cosine is None:
        return middle
    length = HALF * min(abs(cosine), 1)
    bar = element(
        "rect", x=AXIS if cosine > 0 else AXIS - length, y=y + 9, width=length, height=ROW - 24,
        fill=paint("backward"), fill_opacity=0.75 if cosine > 0 else 0.3, stroke=paint("backward"),
        stroke_dasharray="4 3" if cosine < 0 else None,
    )  # fmt: skip
    return join([bar, middle])


def _written(value: float | None) -> str:
    return UNKNOWN if value is None else number(value, 4)


def _in_words(group: Group, verdict: str) -> str:
    cosine = "no direction" if group.cosine is None else f"cosine {number(group.cosine, 4)}"
    ratio = "too small to compare" if group.ratio is None else f"ratio {number(group.ratio, 4)}"
    return f"{group.name} {verdict}: {cosine}, {ratio}"
