"""A table of your own: two columns of numbers and a label, from a CSV file."""

from __future__ import annotations

import csv
import io
import math
import os
from pathlib import Path
from typing import NoReturn

import numpy as np

from bp_helpers import _checks
from bp_helpers.data.files import Dataset, split_rows

FEWEST = 10  # rows: a fifth of them is kept for testing
MOST_LABELS = 3  # the pictures have colours and shapes for as many
LARGEST = 1e100  # whose square and sum are still finite


@_checks.quietly
def load_table(path: str | os.PathLike[str], seed: int = 0) -> Dataset:
    """Return your own table as a data set, for `TrainingExplorer(load_table("mine.csv"))`.

    `ForwardExplorer` and `WholeNetworkExplorer` take it too, if there are two labels.

    `path` is a CSV file in UTF-8: a first row with three names, then at least 10 rows, each with
    two numbers and a label, separated by commas. There are 2 or 3 different labels; sorted, they
    are the classes. As with `load_penguins`, `seed` draws which fifth is kept for testing, and the
    numbers are standardised with the other rows' mean and standard deviation. Rows without anything
    in them are skipped.

    What does not fit is refused with a `ValueError` that names the row, counted from 1 as a
    spreadsheet does, and the column; a file that is not there with a `FileNotFoundError`.
    """
    header, rows = _rows_of(path)
    numbers = [[_number(cell, header[k], line) for k, cell in enumerate(row[:2])]
               for line, row in rows]  # fmt: skip
    labels = [_label(row[2], header[2], line) for line, row in rows]
    classes = tuple(sorted(set(labels)))
    if not 2 <= len(classes) <= MOST_LABELS:
        _refuse(
            f"column {header[2]!r} has {len(classes)} different label(s), such as {classes[0]!r}: "
            f"there must be 2 or {MOST_LABELS}, for a network to tell apart"
        )
    x, y = np.array(numbers), np.array([classes.index(label) for label in labels], dtype=np.int64)
    train, test = split_rows(len(x), seed)
    mean, deviation = x[train].mean(axis=0), x[train].std(axis=0)
    for k, name in enumerate(header[:2]):
        if np.ptp(x[:, k]) == 0:  # the deviation of equal numbers may be a little above 0
            _refuse(f"column {name!r} has the same number in every row: it tells nothing apart")
        if np.ptp(x[train, k]) == 0 or deviation[k] == 0:
            _refuse(
                f"column {name!r} has nearly the same number in all rows but those kept for "
                "testing: give numbers that differ more, or another seed"
            )
    for k, label in enumerate(classes):
        if k not in y[train]:
            _refuse(
                f"all rows with the label {label!r} are kept for testing, so no network can learn "
                "it: give more of them, or another seed"
            )
    x = (x - mean) / deviation
    return Dataset(
        x[train], y[train], x[test], y[test], (header[0], header[1]), classes, mean, deviation,
        f"load_table({os.fspath(path)!r}{f', seed={seed}' if seed else ''})",
    )  # fmt: skip


def _rows_of(path: str | os.PathLike[str]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names in the first row, and each other row with its number."""
    table = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    try:
        cells = [[cell.strip() for cell in row] for row in table]
    except csv.Error as error:
        _refuse(f"row {table.line_num} cannot be read: {error}")
    if not cells or not any(cells[0]):
        _refuse("row 1 is empty: it must name the columns, as in: length,depth,species")
    header = cells[0]
    rows = [(line, row) for line, row in enumerate(cells[1:], 2) if any(row)]
    for line, row in [(1, header), *rows]:
        _check_width(line, row)
    _check_header(header)
    if len(rows) < FEWEST:
        _refuse(f"there are {len(rows)} rows below the names: there must be at least {FEWEST}")
    return header, rows


def _text_of(path: str | os.PathLike[str]) -> str:
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(
            f"load_table found no file {os.fspath(path)!r}: it looked in {Path.cwd()}"
        )
    try:
        return file.read_bytes().decode("utf-8-sig")  # spreadsheets put a mark before the text
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        _refuse(f"row {line} is not text in UTF-8: save the table as 'CSV UTF-8'")


def _check_width(line: int, row: list[str]) -> None:
    if len(row) == 3:
        return
    for name, mark in (("semicolons", ";"), ("tabs", "\t")):
        if len(row) < 3 and mark in "".join(row):
            _refuse(f"row {line} is separated by {name}: use commas, and write 3.5, not 3,5")
    hint = ""
    if len(row) > 3 and line > 1:
        hint = "; numbers have a point, as 3.5, and a comma within a text needs quotes around it"
    _refuse(f"row {line} has {len(row)} columns: there must be 3, two of numbers and a label{hint}")


def _check_header(header: list[str]) -> None:
    for k, name in enumerate(header):
        if not name:
            _refuse(f"row 1 has no name for column {k + 1}")
        if k < 2 and _is_number(name):
            _refuse(
                f"row 1 has the number {name} as the name of column {k + 1}: the first row must "
                "name the columns, as in: length,depth,species"
            )
    if len(set(header)) < len(header):
        _refuse(f"row 1 names two columns alike: {', '.join(header)}")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # which Python allows between digits


def _number(cell: str, column: str, line: int) -> float:
    where = f"row {line}, column {column!r}"
    if not cell:
        _refuse(f"{where}: the cell is empty; write a number or leave the row out")
    if not _is_number(cell):
        _refuse(f"{where}: {cell!r} is not a number; write numbers as 3.5 or 1000, without a comma")
    value = float(cell)
    if not math.isfinite(value):
        _refuse(f"{where}: {cell!r} is not finite; write a number or leave the row out")
    if abs(value) > LARGEST:
        _refuse(f"{where}: {cell} is too large to compute with; the largest is {LARGEST:g}")
    return value


def _label(cell: str, column: str, line: int) -> str:
    if not cell:
        _refuse(f"row {line}, column {column!r}: the label is missing")
    return cell


def _refuse(what: str) -> NoReturn:
    raise ValueError(f"load_table cannot use this table: {what}")
