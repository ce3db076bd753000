"""Data to learn from: penguins, handwritten digits, two toy sets, and the running example."""

from bp_helpers.data.example import RunningExample, running_example
from bp_helpers.data.files import Dataset, load_digits, load_penguins
from bp_helpers.data.table import load_table
from bp_helpers.data.toys import make_moons, make_spirals

__all__ = [
    "Dataset",
    "RunningExample",
    "load_digits",
    "load_penguins",
    "load_table",
    "make_moons",
    "make_spirals",
    "running_example",
]
