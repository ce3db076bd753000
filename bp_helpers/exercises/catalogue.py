"""The catalogue of mistakes: what each is, why it is wrong, a hint, and how it is made.

The order is that of the way back; where two mistakes give the same numbers, the earlier is named.
"""

from __future__ import annotations

from dataclasses import dataclass

from bp_helpers.exercises.steps import Override


@dataclass(frozen=True)
class Mistake:
    """A well-known mistake.

    Each of `ways` replaces methods of Steps by functions that make the mistake; they differ in how
    much of the work they spoil. A mistake that shows in the call, not in the numbers, has none.
    """

    id: str
    explanation: str
    hint: str
    ways: tuple[Override, ...] = ()


_ALL = [
    Mistake(
        "bias-averaged",
        "db is the mean over the examples. It should be their sum: the 1/N is in delta already.",
        "With the 1/N already in each row, what is left to do with the rows?",
        ({"db": lambda s, delta: delta.mean(axis=0)},),
    ),
    Mistake(
        "updated-before-propagating",
        "The blame was handed back over weights that had already been changed. The gradient "
        "belongs to the weights that made the prediction.",
        "When does the last layer get its new weights, and who still needs the old ones?",
        ({"weights_going_back": lambda s, layers, k, change: layers[k][0] - change},),
    ),
    Mistake(
        "inputs-changed",
        "Your function changed an array that it was given. Whoever called it still needs it.",
        "An assignment such as `-=`, or one to an entry, writes into the array itself.",
    ),
    Mistake(
        "kept-between-calls",
        "The same arguments gave two different results: something is kept from one call to the "
        "next.",
        "Where do your sums start? What starts outside of the function is not fresh at the next "
        "call.",
    ),
]

CATALOGUE: dict[str, Mistake] = {mistake.id: mistake for mistake in _ALL}
