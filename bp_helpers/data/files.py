"""The two real data sets, read from the files beside this one (sources: README.md there)."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers._checks import Array

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Dataset:
    """Examples to train with, and others to test with.

    `x_train` (N, n_features) and `x_test` are float64; `y_train` (N,) and `y_test` are class
    indices, positions in `class_names`. A measurement in its own unit is `x * deviation + mean`,
    feature by feature. `made_by` is the call that returns this data set.
    """

    x_train: Array
    y_train: IntArray
    x_test: Array
    y_test: IntArray
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    mean: Array
    deviation: Array
    made_by: str = "Dataset(...)"

    def __repr__(self) -> str:
        return self.made_by


def load_penguins(seed: int = 0) -> Dataset:
    """Return two bill measurements of 342 penguins of three species.

    `x_train` is (274, 2) and `x_test` (68, 2): bill length and bill depth, standardised with the
    training rows' mean and standard deviation (in mm). The classes are 0 Adelie, 1 Chinstrap and 2
    Gentoo. Of the 344 rows in the file, 2 have no measurements and are dropped. `seed` draws which
    fifth is kept for testing.
    """
    features = ("bill_length_mm", "bill_depth_mm")
    table = csv.DictReader(_lines("penguins.csv.gz"))
    rows = [row for row in table if "NA" not in [row[f] for f in features]]
    classes = ("Adelie", "Chinstrap", "Gentoo")
    x = np.array([[float(row[f]) for f in features] for row in rows])
    y = np.array([classes.index(row["species"]) for row in rows], dtype=np.int64)
    train, test = split_rows(len(x), seed)
    mean, deviation = x[train].mean(axis=0), x[train].std(axis=0)
    x = (x - mean) / deviation
    return Dataset(
        x[train], y[train], x[test], y[test],
        ("bill length", "bill depth"), classes, mean, deviation, _call("load_penguins", seed),
    )  # fmt: skip


def load_digits(seed: int = 0) -> Dataset:
    """Return 1797 handwritten digits, 8 by 8 pixels each.

    `x_train` is (1438, 64) and `x_test` (359, 64): pixels row by row, from 0 (paper) to 1 (ink);
    `x_train[0].reshape(8, 8)` is a picture. The classes are the digits themselves. `seed` draws
    which fifth is kept for testing.
    """
    table = np.loadtxt(_lines("digits.csv.gz"), delimiter=",")
    x, y = table[:, :-1] / 16, table[:, -1].astype(np.int64)
    train, test = split_rows(len(x), seed)
    names = tuple(f"row {k // 8}, column {k % 8}" for k in range(64))
    return Dataset(
        x[train], y[train], x[test], y[test],
        names, tuple("0123456789"), np.zeros(64), np.full(64, 16.0), _call("load_digits", seed),
    )  # fmt: skip


def _call(name: str, seed: int) -> str:
    return f"{name}({f'seed={seed}' if seed else ''})"


def _lines(name: str) -> list[str]:
    packed = (files("bp_helpers.data") / name).read_bytes()
    return gzip.decompress(packed).decode("utf-8").splitlines()


def split_rows(n: int, seed: int) -> tuple[IntArray, IntArray]:
    """Return which rows are for training, and which fifth is for testing."""
    rng = np.random.default_rng(_checks.whole(seed, "seed", 0))
    test, train = np.split(rng.permutation(n), [round(n / 5)])
    return train, test
