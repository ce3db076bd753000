"""The data of several explorers, read once: penguins, digits, or a table of the learner's own."""

from __future__ import annotations

from functools import cache

from bp_helpers.data import Dataset, load_digits, load_penguins

penguins, digits = cache(load_penguins), cache(load_digits)


def for_a_map(data: Dataset, explorer: str, most: int) -> Dataset:
    """Return the data, if a map of two numbers and up to so many classes can be drawn of it."""
    if not isinstance(data, Dataset):
        raise TypeError(
            f"{explorer} got {type(data).__name__}: it takes a data set, as load_table gives"
        )
    numbers, classes = len(data.feature_names), len(data.class_names)
    if numbers != 2 or classes > most:
        raise ValueError(
            f"{explorer} got {numbers} numbers and {classes} classes: its map has room for 2 and "
            f"up to {most}"
        )
    return data
