"""An answer that no mistake explains, beside a right one: `python benchmarks/exercises.py`.

For each exercise that returns something: the time of the first such answer, when nothing is known
yet of what mistakes would give, of the second, and their ratios to the time of a right answer.
"""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np

from bp_helpers.exercises import EXERCISES, Exercise
from bp_helpers.exercises.steps import Steps
from bp_helpers.exercises.suspects import suspects


def moved(value: Any) -> Any:
    """Return a result whose numbers are others, by no rule that a mistake follows."""
    if isinstance(value, (list, tuple)):
        return type(value)(moved(part) for part in value)
    return 1.1 * np.asarray(value) + 0.3


def unknown(right: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose results no mistake explains."""
    return lambda *given: moved(right(*given))


def seconds(exercise: Exercise, function: Callable[..., Any]) -> float:
    """Return how long the answer to a function takes."""
    start = process_time()
    exercise(function)
    return process_time() - start


def main() -> None:
    """Print a line for each exercise."""
    print(f"{'exercise':26}{'right':>9}{'first':>9}{'second':>9}{'first / right':>15}")
    for exercise in EXERCISES:
        if exercise.going_in_place or exercise.function == "first_wrong":
            continue
        right = getattr(Steps(), exercise.step or exercise.function)
        took = [seconds(exercise, right) for _ in range(3)]
        suspects.cache_clear()
        first, second = (seconds(exercise, unknown(right)) for _ in range(2))
        print(
            f"{exercise.function:26}{min(took):9.4f}{first:9.3f}{second:9.3f}"
            f"{first / min(took):15.0f}"
        )


if __name__ == "__main__":
    main()
