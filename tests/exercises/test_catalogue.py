"""The catalogue itself: its words, and that its numbers are told from the truth and each other."""

import contextlib
import copy
import re
import subprocess
import sys
import warnings
from functools import cache

import numpy as np
import pytest
from exercise_truths import ENGINE, MEASURED
from hypothesis import given
from hypothesis import strategies as st

from bp_helpers import exercises
from bp_helpers.exercises import CATALOGUE, EXERCISES, Mistake, Steps
from bp_helpers.exercises.description import described
from bp_helpers.exercises.feedback import (
    TOLERANCE,
    as_many_digits_as_it_takes,
    factor,
    same,
    side_by_side,
)
from bp_helpers.exercises.mistakes.in_the_call import IN_THE_CALL
from bp_helpers.exercises.nearby import network
from bp_helpers.exercises.probes import WORKED
from bp_helpers.exercises.results import Answer, Gap, arrays_in
from bp_helpers.exercises.suspects import suspects
from bp_helpers.exercises.trials import same_outcome

each_exercise = pytest.mark.parametrize("one", EXERCISES, ids=lambda one: one.function)


@each_exercise
def test_what_is_asked_for_names_the_function_and_what_it_gives(one):
    said = re.fullmatch(r"What is asked for: `(\w+)\([\w, ]+\)` gives ([^`].+\.)", one.asked_for)
    assert said
    assert said[1] == one.function
    assert one.asks.endswith(said[2])


def largest_difference(gives, true):
    """Return how far two results lie apart, as a share of the largest true entry."""
    if not isinstance(gives, dict) or gives.keys() != true.keys():
        return np.inf
    apart = 0.0
    for name, array in true.items():
        other = gives[name]
        if isinstance(array, Answer):
            apart = apart if other == array else np.inf
            continue
        if not isinstance(other, np.ndarray) or other.shape != np.shape(array):
            return np.inf
        off = np.abs(other - array).max()
        apart = max(apart, off / max(np.abs(array).max(), 1e-12) if np.isfinite(off) else np.inf)
    return apart


@cache
def that_matter(one):
    """Return the suspects that make any difference at all in an exercise."""
    true = [one.result(probe) for probe in one.probes]
    return [
        suspect
        for suspect in suspects(one)
        if not all(map(same_outcome, map(suspect.gives, one.probes), true))
    ]


# ---- Numbers ----


@each_exercise
def test_the_right_steps_the_engine_and_the_measured_slopes_agree(one):
    """A check compares with Steps, and tells the learner of the other two."""
    for probe in one.probes:
        true = one.result(probe)
        arguments = copy.deepcopy(probe.arguments)
        value = ENGINE[one.function](**arguments)
        assert largest_difference(one.read(value, arguments), true) < 1e-12
        if "measured" in one.compared:
            arguments = copy.deepcopy(probe.arguments)
            for name, slope in MEASURED[one.function](**arguments).items():
                assert np.abs(slope - true[name]).max() <= 1e-7 * max(1, np.abs(true[name]).max())


def test_what_a_check_says_it_compared_with_is_so():
    for one in EXERCISES:
        assert ("measured" in one.compared) == (one.function in MEASURED)
        count = re.match(r"\d+", one.compared)
        assert not count or int(count[0]) == len(one.probes), one.function


@pytest.mark.slow  # every mistake on every probe
@each_exercise
def test_no_mistake_comes_near_the_truth_on_all_probes(one):
    true = [one.result(probe) for probe in one.probes]
    for suspect in that_matter(one):
        apart = max(map(largest_difference, map(suspect.gives, one.probes), true))
        assert apart > 100 * TOLERANCE, (suspect.mistakes[0], apart)


# These give the same numbers in an exercise; the one named is that of the learner's own lines.
ALIKE = [
    ("hand-back-transposed", "reshaped-not-transposed"),  # where the weights are square
    ("another-tolerance", "length-without-root"),  # where only two lengths are compared
    ("uphill", "sign-reversed"),  # whoever writes an update is told of both
    ("bias-never-updated", "bias-gradient-zero"),
    ("one-over-n-missing", "one-over-n-in-one-only"),  # where dW and db are not asked for
    ("weights-averaged", "one-over-n-in-one-only"),  # where the 1/N is given
    ("bias-averaged", "one-over-n-in-one-only"),
    ("slope-of-z", "activation-missing"),  # where the activation serves the slope alone
    ("slope-missing-hidden", "activation-missing"),
    ("activation-twice", "activation-in-dense"),  # where a layer is followed by its activation
    ("activation-in-dense", "activation-twice"),
    ("slope-of-tanh", "another-activation"),
    ("slope-of-relu", "another-activation"),
    ("one-layer-updated", "loop-too-short"),  # where the loop goes over a single example
    ("loss-before-the-step", "loop-too-short"),
    ("nothing-moved", "loop-too-short"),
    ("weights-never-updated", "loop-too-short"),
    ("elementwise-for-product", "rows-cut-off"),  # in the loss of a single output
    ("product-swapped", "neurons-added-up"),
    ("summed-to-one-number", "neurons-added-up"),  # in the loss of a single output
    ("neurons-added-up", "product-for-elementwise"),
    ("errors-added-up", "neurons-added-up"),  # where the one number is stretched again
    ("errors-added-up", "summed-to-one-number"),
    ("one-turn-of-the-loop", "output-left-out"),  # with two layers
    ("slope-at-activation", "activation-twice"),  # where the activation serves the slope alone
    ("loss-before-the-step", "nothing-moved"),
    ("loss-before-the-step", "weights-never-updated"),  # in a step whose biases stay
    ("nothing-moved", "weights-never-updated"),
    ("published-step-repaired", "weights-of-wrong-layer"),  # with two layers
    ("first-example-only", "one-example-left"),  # where a layer's gradients are all there is
    ("examples-mixed", "examples-added-up"),  # where another array is added, which broadcasts
]


def in_a_row(one, suspect):
    """Return the shapes of all that a suspect gives, and its wrong numbers, in a row."""
    shapes, numbers = [], []
    for probe in one.probes:
        gives, true = suspect.gives(probe), one.result(probe)
        if not isinstance(gives, dict) or largest_difference(gives, true) < TOLERANCE:
            shapes.append("stops, or right")
            continue
        for name, array in gives.items():
            shapes.append(getattr(array, "shape", None) or getattr(array, "text", ""))
            for part in array.parts if isinstance(array, Gap) else ():
                shapes.append(part.shape)
                numbers.append(np.nan_to_num(np.clip(part, -1e9, 1e9).ravel()))
            if isinstance(array, np.ndarray) and isinstance(true.get(name), np.ndarray):
                share = np.clip(array, -1e9, 1e9).ravel() / (np.abs(true[name]).max() or 1)
                numbers.append(np.nan_to_num(share))
    return shapes, np.concatenate([[0.0], *numbers])


@pytest.mark.slow  # every mistake beside every other
@each_exercise
def test_mistakes_are_told_from_one_another(one):
    rows = [(suspect.mistakes[0], *in_a_row(one, suspect)) for suspect in that_matter(one)]
    rows = [row for row in rows if set(row[1]) != {"stops, or right"}]
    # what only says which arguments changed places comes last, after all that say more
    rows = [row for row in rows if row[0] != "arguments-exchanged"]
    for k, (later, shapes, numbers) in enumerate(rows):
        for earlier, other_shapes, others in rows[:k]:
            if shapes == other_shapes and later != earlier and (earlier, later) not in ALIKE:
                assert np.abs(numbers - others).max() > 10 * TOLERANCE, (earlier, later)


@each_exercise
def test_no_line_of_any_mistake_writes_into_a_probe(one):
    """All of them are tried with the same arrays, one after the other."""
    for probe in one.probes:
        before = arrays_in(copy.deepcopy(probe.arguments))
        for suspect in suspects(one):
            with (
                np.errstate(all="ignore"),
                contextlib.suppress(Exception),
                warnings.catch_warnings(),
            ):
                warnings.simplefilter("ignore")
                one.result(probe, *suspect.overrides)
            after = arrays_in(probe.arguments)
            assert all(map(np.array_equal, before, after)), suspect.mistakes[0]


def test_every_mistake_makes_a_difference_somewhere():
    seen = {suspect.mistakes[0] for one in EXERCISES for suspect in that_matter(one)}
    in_the_call = {name for name, mistake in CATALOGUE.items() if not mistake.ways}
    assert seen | in_the_call == set(CATALOGUE)
    assert in_the_call == set(IN_THE_CALL)


def test_every_way_replaces_steps_that_exist_and_makes_a_difference_somewhere():
    effective = {id(suspect.overrides[0]) for one in EXERCISES for suspect in that_matter(one)}
    for mistake, entry in CATALOGUE.items():
        for way in entry.ways:
            assert all(callable(getattr(Steps, name)) for name in way)
            assert id(way) in effective, (mistake, way)


def test_probes_are_what_the_exercises_promise():
    for one in EXERCISES:
        arrays = [probe.arguments for probe in one.probes]
        if "layers" in arrays[0]:
            assert any(len(a["X"]) >= 3 and not a["layers"][0][1].any() for a in arrays)
            assert any(a["layers"][-1][0].shape[1] == 1 for a in arrays)
            assert any({W.shape for W, _ in a["layers"]} == {(3, 3)} for a in arrays)
        elif "Z" in arrays[0]:
            assert max(len(a["Z"]) for a in arrays) >= 3
            assert {len(a["Z"]) for a in arrays} >= {1}
            for a in arrays:  # no entry stands on the kink of a ReLU, nor too near to be nudged
                assert np.abs(a["Z"]).min() > 1e-8
        elif "W" in arrays[0] and "dW" not in arrays[0]:
            shapes = [a["W"].shape for a in arrays]
            assert any(n == k for n, k in shapes)
            assert any(n != k for n, k in shapes)


def test_a_whole_network_trains_with_the_mistakes_of_the_catalogue():
    """What a clinic for broken networks needs: the same steps, one of them broken."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 2))
    Y = (X[:, :1] * X[:, 1:] > 0).astype(float)
    layers = [(rng.normal(size=(2, 4)), np.zeros(4)), (rng.normal(size=(4, 1)), np.zeros(1))]

    def loss(*mistakes):
        ways = [CATALOGUE[mistake].ways[0] for mistake in mistakes]
        trained = Steps(*ways).train(X, Y, layers, 0.5, 200)
        return network(trained).loss_value(X, Y)

    start = network(layers).loss_value(X, Y)
    assert loss() < 0.95 * start
    assert loss("bias-averaged") < start
    assert loss("sign-reversed") > start
    assert loss("bias-averaged", "slope-missing-hidden") != loss("bias-averaged")


def test_the_worked_example_is_the_one_that_was_published():
    """The numbers printed there: losses before and after, with nine digits."""
    X, Y = WORKED["X"], WORKED["Y"]
    layers = [(WORKED[f"W{k}"], np.full(2, WORKED[f"b{k}"])) for k in (1, 2)]
    assert network(layers).loss_value(X, Y) == pytest.approx(0.298371109, abs=5e-10)
    assert Steps().published_loss(**WORKED) == pytest.approx(0.291027924, abs=5e-10)
    new = Steps().training_step(X, Y, layers, WORKED["eta"])
    np.testing.assert_allclose(new[1][0].T, [[0.35891648, 0.408666186],
                                             [0.511301270, 0.561370121]], atol=5e-9)  # fmt: skip
    np.testing.assert_allclose(new[0][0].T, [[0.149780716, 0.19956143],
                                             [0.24975114, 0.29950229]], atol=5e-9)  # fmt: skip


# ---- Words ----


CODE = ("@", ".T", "axis=", "np.", "sum(", "mean(", "len(", "return ", "lambda", "1 - a")


@pytest.mark.parametrize(("name", "mistake"), CATALOGUE.items())
def test_words_explain_and_hint_and_give_no_solution_away(name, mistake):
    assert re.fullmatch(r"[a-z]+(-[a-zX]+)*", name)
    for text in (mistake.explanation, mistake.hint):
        assert 20 < len(text) < 260
        assert text[-1] in ".?"
        assert text == " ".join(text.split())
        for code in CODE:
            assert code not in text, (code, text)
        for word in ("simply", "just ", "obvious", "easy", "easily", "!"):
            assert word not in text
    assert mistake.explanation != mistake.hint


def test_every_mistake_has_a_name_of_its_own():
    topics = [
        thing
        for name, module in sys.modules.items()
        if ".exercises.mistakes." in name
        for thing in vars(module).values()
        if isinstance(thing, dict) and any(isinstance(one, Mistake) for one in thing.values())
    ]
    assert sum(map(len, topics)) == len(CATALOGUE)  # of two with one name only one is in it


def test_explanations_are_all_different():
    assert len({mistake.explanation for mistake in CATALOGUE.values()}) == len(CATALOGUE)


# ---- The package ----


FRESH = """
import sys, numpy.random, bp_helpers
assert "bp_helpers.exercises" not in sys.modules
before = set(sys.modules)
import bp_helpers.exercises
new = {name for name in set(sys.modules) - before if not name.startswith(("bp_helpers", "numpy"))}
print(sorted({name.partition(".")[0] for name in new} - sys.stdlib_module_names))
"""


def test_exercises_bring_numpy_only_and_the_engine_does_not_bring_them():
    command = [sys.executable, "-W", "error", "-c", FRESH]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_public_names_are_documented_and_sorted():
    docs = {name: getattr(exercises, name).__doc__ for name in exercises.__all__}
    assert all(docs.values())
    for name, doc in docs.items():
        if name.startswith("check_"):
            assert doc.startswith("Check ")
    assert len(set(exercises.__all__)) == len(exercises.__all__)


# ---- Comparing ----


@given(
    st.lists(st.floats(-100, 100).filter(lambda v: abs(v) > 1e-3), min_size=2, max_size=6),
    st.floats(-10, 10).filter(lambda c: abs(c) > 1e-2),
)
def test_a_factor_is_found(entries, c):
    array = np.array(entries)
    assert factor(c * array, array) == pytest.approx(c)
    assert same(array, array.astype(np.float32))
    assert not same(array, array + 1e-3 * np.abs(array).max())
    assert not same(array, array[:, None])


@pytest.mark.parametrize("half", [1.5625, 0.062505, -12.345])
def test_no_last_digit_decides_what_is_said_of_a_number(half):
    near = [float(np.nextafter(half, way)) for way in (-np.inf, np.inf)]
    assert len({as_many_digits_as_it_takes(value, 1.0) for value in (half, *near)}) == 1
    true, turned = np.array([1.0, 2.0]), np.array([-2.0, 1.0])
    for yours in (true, true + turned):
        pairs = ([(value * yours, true, "x")] for value in (half, *near))
        assert len({tuple(described("It", "dW", pair)) for pair in pairs}) == 1


def test_as_many_digits_as_it_takes():
    line = side_by_side("W", np.array([1.00002, 1.0]), np.array([1.0, 1.0]))
    assert line == "W[0]: yours +1.00002, true +1"
