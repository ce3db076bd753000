"""Every mistake of the catalogue, written the way learners write it, is named; right code passes.

`python tests/exercises/test_mistakes.py` prints how many spellings each mistake was tried with.
"""

import ast
import builtins
import re
from collections import Counter

import pytest
from learners_code import RIGHT, STUBS, WRONG, define, function_name
from run_notebooks import all_notebooks, read

from bp_helpers import exercises
from bp_helpers.exercises import CATALOGUE, Standing
from bp_helpers.exercises.suspects import suspects

SPELLINGS = [
    pytest.param(check, mistake, source, id=f"{check}-{mistake}-{number}")
    for check, wrong in WRONG.items()
    for mistake, sources in wrong.items()
    for number, source in enumerate(sources)
]
# in these exercises, or with these mistakes, nearly every learner trips
COMMON = {
    ("check_own_gradients", "bias-averaged"),
    ("check_own_gradients", "bias-first-row"),
    ("check_gradients_of", "one-over-n-missing"),
    ("check_gradients_of", "slope-missing-output"),
    ("check_gradients_of", "bias-averaged"),
    ("check_gradients_of", "hand-back-transposed"),
    ("check_hand_back", "hand-back-transposed"),
    ("check_hand_back", "one-over-n-twice"),
    ("check_hidden_delta", "slope-missing-hidden"),
    ("check_hidden_delta", "slope-at-activation"),
    ("check_relu_delta", "relu-mask-reversed"),
    ("check_relu_delta", "relu-mask-missing"),
    ("check_delta_squared_error", "one-over-n-missing"),
    ("check_delta_squared_error", "slope-missing-output"),
    ("check_delta_squared_error", "sign-reversed"),
    ("check_delta_cross_entropy", "extra-slope-with-cross-entropy"),
    ("check_reused_input", "overwritten-not-accumulated"),
    ("check_training_step", "updated-before-propagating"),
}


def judged(check, source):
    return getattr(exercises, check)(define(source, function_name(check)))


@pytest.mark.parametrize(("check", "mistake", "source"), SPELLINGS)
def test_a_mistake_is_named(check, mistake, source):
    feedback = judged(check, source)
    assert feedback.mistake == mistake, f"{source}\n{feedback}"
    assert feedback.standing is Standing.NAMED
    assert feedback.text.startswith("Not yet. ")
    assert CATALOGUE[mistake].explanation in feedback.says  # of two at once it may be the second
    assert CATALOGUE[mistake].hint in feedback.hint


@pytest.mark.parametrize(
    ("check", "source"), [(check, source) for check in RIGHT for source in RIGHT[check]]
)
def test_right_code_of_any_style_passes(check, source):
    feedback = judged(check, source)
    assert feedback.correct, f"{source}\n{feedback}"
    assert feedback.mistake is None
    assert feedback.text.startswith("Right: ")
    assert len(feedback.text.splitlines()) == 2  # why, and what it was compared with


def test_the_stub_of_every_exercise_says_not_tried_yet():
    for check, stub in STUBS.items():
        for nothing in ("return None  # your line here", "...", "return ..."):
            feedback = judged(check, f"{stub}\n    {nothing}\n")
            assert feedback.standing is Standing.NOT_TRIED
            assert feedback.text.startswith("Not tried yet")
            assert not feedback.correct
            assert feedback.mistake is None


def test_the_stubs_are_those_of_the_notebooks():
    cells = [cell for path in all_notebooks() for cell in read(path).cells]
    exercise = [c.source for c in cells if "exercise" in c.metadata.get("tags", [])]
    lines = {line for source in exercise for line in source.splitlines()}
    assert {*STUBS.values()} <= lines


ARGUMENTS = {check: re.search(r"\((.*)\)", stub)[1].split(", ") for check, stub in STUBS.items()}


@pytest.mark.parametrize("check", STUBS)
def test_a_check_calls_the_arguments_as_the_stub_does(check):
    """Its messages do: what was changed, which axis, what stands in the place of something else."""
    for probe in getattr(exercises, check).probes:
        assert [*probe.arguments] == ARGUMENTS[check]


@pytest.mark.parametrize("check", [c for c in STUBS if not {"X", "layers"} & {*ARGUMENTS[c]}])
def test_of_what_only_other_exercises_are_given_no_mistake_speaks_by_name(check):
    """Where a function makes everything from X, or from layers, the course's names stay."""
    one = getattr(exercises, check)
    results = {*one.result(one.probes[0])}
    own = {*ARGUMENTS[check], *results, *(name.removeprefix("d") for name in results)}
    others = {name for names in ARGUMENTS.values() for name in names} - own - {"dW"}
    others = {name for name in others if re.search("[A-Z_]|delta", name)}  # the rest are words, too
    for name in (name for suspect in suspects(one) for name in suspect.mistakes):
        said = {*re.findall(r"\w+", f"{CATALOGUE[name].explanation} {CATALOGUE[name].hint}")}
        assert said & others == set(), name


def test_every_check_has_right_code_and_at_least_two_spellings_of_each_mistake():
    with_arrays = {name for name in exercises.__all__ if name.startswith("check_")}
    with_arrays -= {"check_impossible_shape", "check_wrong_layer", "check_diagnoses"}  # a name each
    assert set(WRONG) == set(RIGHT) == set(STUBS) == with_arrays
    for check, wrong in WRONG.items():
        assert len(RIGHT[check]) >= 3
        for mistake, sources in wrong.items():
            assert len(set(sources)) >= 2 + ((check, mistake) in COMMON), (check, mistake)


def test_learners_code_stands_alone():
    """It is put into the stubs of the notebooks, where only `np` and `phi` are sure to be known."""
    wrong = [source for wrong in WRONG.values() for sources in wrong.values() for source in sources]
    for source in wrong + [source for sources in RIGHT.values() for source in sources]:
        nodes = list(ast.walk(ast.parse(source)))
        names = [node for node in nodes if isinstance(node, ast.Name)]
        own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
        own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        own |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.alias))}
        foreign = {node.id for node in names} - own - set(dir(builtins))
        assert foreign <= {"np", "phi"}, source


def test_every_mistake_of_the_catalogue_is_tried():
    assert {mistake for wrong in WRONG.values() for mistake in wrong} == set(CATALOGUE)


def spelling_counts():
    return Counter(
        mistake for wrong in WRONG.values() for mistake, sources in wrong.items() for _ in sources
    )


if __name__ == "__main__":
    counts = spelling_counts()
    for name in CATALOGUE:
        checks = [check for check, wrong in WRONG.items() if name in wrong]
        print(f"{name:32} {counts[name]:3}  {', '.join(checks)}")
    print(f"{len(CATALOGUE)} mistakes, {sum(counts.values())} spellings")
