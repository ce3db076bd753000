"""The checks of the bug clinic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.data import load_penguins
from bp_helpers.exercises import exercise
from bp_helpers.exercises.attempt import attempt
from bp_helpers.exercises.catalogue import CATALOGUE
from bp_helpers.exercises.clinic import (
    EXAMINATIONS,
    HEALTHY,
    NOBODY,
    PATIENTS,
    WARD,
    Symptom,
    examine,
    start,
)
from bp_helpers.exercises.feedback import Feedback, not_yet, same
from bp_helpers.exercises.judge import judge
from bp_helpers.exercises.plain_words import what_it_means
from bp_helpers.exercises.reading import Gap
from bp_helpers.exercises.steps import Steps

# ---- The two numbers ----


def check_symptoms(symptoms: Callable[..., Any]) -> Feedback:
    """Check `symptoms(used, true)`: the cosine between two arrays, and the ratio of lengths."""
    return judge(exercise.SYMPTOMS, symptoms)


# ---- The first wrong one ----

Gradients = dict[str, Array]
NAMES = ("dW2", "db2", "dW1", "db1")  # going backward


def _gradients(scale: float = 1.0) -> Gradients:
    rng = np.random.default_rng(7)
    shapes = {"dW2": (3, 2), "db2": (2,), "dW1": (2, 3), "db1": (3,)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def _with(name: str, change: Callable[[Array], Array], scale: float = 1.0) -> Gradients:
    """Return gradients of which one is changed; all carry the rounding of another computation."""
    found = {each: array * (1 + 1e-12) for each, array in _gradients(scale).items()}
    return found | {name: change(found[name])}


def _cases() -> list[tuple[str, Gradients, Gradients, str | None]]:
    """Return what each case is, what was used, what is true, and the answer."""
    true, tiny = _gradients(), _gradients(1e-9)
    two = _with("db2", lambda g: g * 16) | {"dW1": -true["dW1"]}
    dead = true | {"dW1": np.zeros((2, 3)), "db1": np.zeros(3)}
    return [
        ("only dW1 is wrong, by a factor 1/16", _with("dW1", lambda g: g / 16), true, "dW1"),
        ("only dW2 is wrong: reversed", _with("dW2", lambda g: -g), true, "dW2"),
        ("db2 and dW1 are wrong", two, true, "db2"),
        (
            "only db1 is wrong: its entries have changed places, so its length is right",
            _with("db1", lambda g: g[::-1]), true, "db1",
        ),
        ("they differ by rounding only", _with("dW2", lambda g: g), true, None),
        (
            "only dW1 is wrong, and all gradients are about a billionth",
            _with("dW1", lambda g: 2 * g, 1e-9), tiny, "dW1",
        ),
        ("nothing is wrong, and some true gradients are 0", dead, dead, None),
        ("only db2 is wrong, by a thousandth", _with("db2", lambda g: 1.001 * g), true, "db2"),
    ]  # fmt: skip


def _close(used: Array, true: Array) -> bool:
    return bool(np.linalg.norm(used - true) <= 1e-6 * np.linalg.norm(true))


def _cosine_is_one(used: Array, true: Array) -> bool:
    lengths = np.linalg.norm(used) * np.linalg.norm(true)
    return bool(lengths == 0 or (used * true).sum() / lengths > 1 - 1e-6)


def _same_length(used: Array, true: Array) -> bool:
    return bool(np.isclose(np.linalg.norm(used), np.linalg.norm(true), rtol=1e-6, atol=0))


def _first(used: Gradients, true: Gradients, is_right: Callable[[Array, Array], Any]) -> str | None:
    return next((name for name in true if not is_right(used[name], true[name])), None)


def _last(used: Gradients, true: Gradients) -> str | None:
    return _first(dict(reversed(used.items())), dict(reversed(true.items())), _close)


Answer = Callable[[Gradients, Gradients], Any]
# id, what a learner's function did, what would have been better to look at
SLIPS: list[tuple[str, Answer, str, str]] = [
    (
        "last-wrong-one",
        _last,
        "It names the one that is wrong last. What is wrong further on may only be what follows "
        "from the first.",
        "In which order does your loop go through them, and does it stop at the first?",
    ),
    (
        "compared-exactly",
        lambda used, true: _first(used, true, np.array_equal),
        "It calls rounding a mistake. The same gradient, computed in another order, differs in "
        "its last digits.",
        "How far off may it be? A millionth of the length of the true one is asked for.",
    ),
    (
        "tolerance-absolute",
        lambda used, true: _first(used, true, np.allclose),
        "It takes small gradients for right, whatever they are. Your tolerance is a fixed number, "
        "as the `atol` of `np.allclose` is unless it is set to 0.",
        "Compare how far off it is with how long the true gradient is.",
    ),
    (
        "direction-only",
        lambda used, true: _first(used, true, _cosine_is_one),
        "It looks at the direction only. A gradient that is 16 times too small has a cosine of 1.",
        "Which single number notices both, a wrong direction and a wrong length?",
    ),
    (
        "length-only",
        lambda used, true: _first(used, true, _same_length),
        "It looks at the length only. A gradient that is reversed has the right length.",
        "Which single number notices both, a wrong direction and a wrong length?",
    ),
    (
        "all-wrong-ones",
        lambda used, true: [name for name in true if not _close(used[name], true[name])],
        "It returns all that are wrong. The first one is asked for.",
        "What should your loop do as soon as it has found one?",
    ),
    (
        "gives-up-at-once",
        lambda used, true: _first({"dW2": used["dW2"]}, {"dW2": true["dW2"]}, _close),
        "It looks at the first array only, and returns None where that one is right.",
        "When does your function know that none is wrong? After the loop, not in it.",
    ),
    (
        "right-one-named",
        lambda used, true: _first(used, true, lambda a, b: not _close(a, b)),
        "It names the first one that is right.",
        "Which way round is your comparison?",
    ),
]


def check_first_wrong(first_wrong: Callable[..., Any]) -> Feedback:
    """Check `first_wrong(used, true)`: the name of the first wrong gradient, or None."""
    if not callable(first_wrong):
        return not_yet("The check takes the function first_wrong itself, without brackets.")
    cases, said = _cases(), []
    for about, used, true, _ in cases:
        made = attempt(first_wrong, {"used": used, "true": true})
        if made.error is not None:
            return not_yet(made.story, what_it_means(made.error), f"Tried where {about}.")
        if made.changed:
            return not_yet(CATALOGUE["inputs-changed"].explanation, mistake="inputs-changed")
        said.append(made.value)
    if all(each is None or each is Ellipsis for each in said):
        return Feedback(
            False, None, "Not tried yet: first_wrong returns None, whatever it is given."
        )
    wrong = [k for k, (*_, answer) in enumerate(cases) if not _says(said[k], answer)]
    if not wrong:
        return Feedback(
            True, None, f"Right: it finds the first wrong one in all {len(cases)} cases."
        )
    for name, slip, explanation, hint in SLIPS:
        gives = [slip(used, true) for _, used, true, _ in cases]
        if all(_says(*pair) for pair in zip(said, gives, strict=True)):
            return not_yet(explanation, f"Hint: {hint}", mistake=name)
    about, _, _, answer = cases[wrong[0]]
    return not_yet(f"Where {about}, it should return {answer!r}; yours returns {said[wrong[0]]!r}.")


def _says(value: Any, answer: Any) -> bool:
    return type(value) is type(answer) and repr(value) == repr(answer)  # an array has no one ==


# ---- Patients without names ----


def check_diagnoses(diagnoses: Any) -> Feedback:
    """Check `{"A": name, ...}`: which patient of the clinic each one in the ward is."""
    if diagnoses is None or diagnoses is Ellipsis:
        return Feedback(False, None, "Not tried yet: write a dictionary instead of None.")
    names = [*PATIENTS, HEALTHY]
    if not isinstance(diagnoses, Mapping):
        return not_yet('A dictionary is expected, like {"A": "uphill", "B": ...}.')
    for letter in WARD:
        if letter not in diagnoses:
            return not_yet(f"Patient {letter} is missing.")
        if diagnoses[letter] not in names:
            listed = ", ".join(f'"{name}"' for name in names)
            return not_yet(f"{letter}: {diagnoses[letter]!r} is none of the names: {listed}.")
    wrong = [letter for letter, patient in WARD.items() if diagnoses[letter] != patient.name]
    if not wrong:
        return Feedback(True, None, f"Right: {len(WARD)} of {len(WARD)}.")
    return not_yet(
        f"{len(WARD) - len(wrong)} of {len(WARD)} are right.",
        *(f"{letter}: {_contradiction(letter, diagnoses[letter])}" for letter in wrong),
    )


def _contradiction(letter: str, name: str) -> str:
    """Return what is seen of a patient and would not be if this were the mistake."""
    penguins = load_penguins()
    data = start(0), penguins.x_train, np.eye(3)[penguins.y_train]
    claimed = NOBODY if name == HEALTHY else PATIENTS[name]
    seen, expected = examine(WARD[letter], *data), examine(claimed, *data)
    for (size, rate, step), here, there in zip(EXAMINATIONS, seen, expected, strict=True):
        for group, symptom in here.items():
            if _in_words(symptom) != _in_words(there[group]):
                return (
                    f'with "{name}", step {step} with batch size {size} and learning rate '
                    f"{rate:g} would have {group} {_in_words(there[group])}; the patient has it "
                    f"{_in_words(symptom)}."
                )
    raise AssertionError("two mistakes show the same symptoms")


def _in_words(symptom: Symptom) -> str:
    if symptom.right:
        return "right"
    if symptom.cosine is None:
        return "0" if symptom.ratio == 0 else "too small to be compared"
    return f"wrong: cosine {symptom.cosine:.4f}, ratio {symptom.ratio or 0:.4f}"


# ---- Found in the wild ----

RELU, DROPOUT = "relu-mask-missing", "dropout-forward-only"
REPAIRED = {
    RELU: "Dropout is repaired; this is the other fault.",
    DROPOUT: "The slope of the ReLU is repaired; this is the other fault.",
}


def check_dropout_gradients(dropout_gradients: Callable[..., Any]) -> Feedback:
    """Check `dropout_gradients(X, Y, W1, b1, W2, b2, factor)`: dW2, db2, dW1, db1."""
    answer = judge(exercise.DROPOUT, dropout_gradients)
    if answer.mistake not in REPAIRED:
        return answer
    if _both_faults(dropout_gradients):
        return Feedback(
            False,
            None,
            "Not tried yet: dW2 and db2 are right, dW1 and db1 are wrong, and both faults are "
            "still there.",
        )
    if "first mistake on the way" not in answer.text:
        return Feedback(False, answer.mistake, f"{answer.text}\n{REPAIRED[answer.mistake]}")
    return answer


def _both_faults(function: Callable[..., Any]) -> bool:
    faulty = Steps(CATALOGUE[RELU].ways[0], CATALOGUE[DROPOUT].ways[0])
    for probe in exercise.DROPOUT.probes:
        made = attempt(function, probe.arguments)
        yours = exercise.DROPOUT.read(made.value, probe.arguments)
        found = exercise.DROPOUT.read(faulty.dropout_gradients(**probe.arguments), probe.arguments)
        if yours.keys() != found.keys():
            return False
        for name, theirs in found.items():
            mine = yours[name]
            if isinstance(mine, Gap) or isinstance(theirs, Gap) or not same(mine, theirs):
                return False
    return True
