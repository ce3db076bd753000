"""A Feedback as a card: a bar at its edge and a symbol for its standing, a table, a folded hint.

The colours are JupyterLab's own, so the card follows its theme; elsewhere they have a fallback, and
the words never depend on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import numpy as np

from bp_helpers.exercises.feedback import (
    Comparison,
    Feedback,
    Standing,
    as_many_digits_as_it_takes,
    differs,
    entry,
)
from bp_helpers.printing import steady

# the symbol, and the colour of the bar
LOOKS = {
    Standing.RIGHT: ("✓", "var(--jp-success-color1, #388e3c)"),
    Standing.NAMED: ("✗", "var(--jp-warn-color1, #f57c00)"),
    Standing.NOT_YET: ("…", "var(--jp-warn-color1, #f57c00)"),
    Standing.STOPPED: ("■", "var(--jp-error-color1, #d32f2f)"),
    Standing.NOT_TRIED: ("○", "var(--jp-border-color1, #9e9e9e)"),
}
MOST_ROWS = 4
CELL = "padding:1px 10px;text-align:right;border:none;background:none"
PARAGRAPH = "margin:4px 0"


def card(feedback: Feedback) -> str:
    """Return the card as HTML; its words are those of `feedback.text`."""
    symbol, colour = LOOKS[feedback.standing]
    diagnosis = _words(feedback.says)
    if feedback.standing not in (Standing.RIGHT, Standing.NOT_TRIED):
        diagnosis = f"<b>{diagnosis}</b>"
    parts = [
        f'<p style="{PARAGRAPH}"><span aria-hidden="true">{symbol}</span> '
        f"{feedback.title} {diagnosis}</p>"
    ]
    if feedback.hint:
        parts.append(
            f'<details style="{PARAGRAPH}"><summary>Hint</summary>{_words(feedback.hint)}</details>'
        )
    if feedback.comparison:
        parts.append(_table(feedback.comparison))
    parts += [f'<p style="{PARAGRAPH}">{_words(line)}</p>' for line in feedback.further]
    style = f"border-left:6px solid {colour};padding:2px 0 2px 12px;max-width:46em"
    return f'<div class="bp-card" style="{style}">{"".join(parts)}</div>'


def _words(text: str) -> str:
    """Return text as HTML, with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _table(comparison: Comparison) -> str:
    rows = "".join(_rows(comparison))
    names = "".join(f'<th scope="col" style="{CELL}">{name}</th>' for name in ("yours", "true"))
    return (
        f'<p style="{PARAGRAPH}">With {_words(comparison.about)}:</p>'
        f'<table style="margin:4px 0;border:none">'
        f'<tr><td style="{CELL}"></td>{names}</tr>{rows}</table>'
    )


def _rows(comparison: Comparison) -> Iterator[str]:
    yours, true = comparison.yours, comparison.true
    if yours.shape != true.shape:
        yield _row(f"shape of {comparison.name}", str(yours.shape), str(true.shape), marked=True)
        return
    first = comparison.first
    start = max(0, int(np.ravel_multi_index(first, true.shape)) - 1) if first else 0
    wrong = differs(yours, true)
    for index in list(np.ndindex(true.shape))[start : start + MOST_ROWS]:
        mine, theirs = float(yours[index]), float(true[index])
        texts = (
            as_many_digits_as_it_takes(mine, theirs)
            if wrong[index]
            else (f"{steady(theirs):+.4g}",) * 2
        )
        yield _row(entry(comparison.name, index), *texts, marked=index == first)


def _row(name: str, yours: str, true: str, *, marked: bool) -> str:
    mark = " ◂" if marked else ""
    weight = ";font-weight:bold" if marked else ""
    cells = "".join(f'<td style="{CELL}{weight}">{text}</td>' for text in (f"{yours}{mark}", true))
    return f'<tr><th scope="row" style="{CELL};font-weight:normal">{escape(name)}</th>{cells}</tr>'
