"""The pictures of the bug clinic: two runs as curves, and the symptoms of one step."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import SVG, check_svg, description, parsed, texts

from bp_helpers.pictures import (
    GroupSymptoms,
    TrainingRun,
    number,
    symptoms_table,
    two_accuracies,
    two_losses,
)
from bp_helpers.pictures.bug_clinic import FIRST_WRONG, RIGHT, WRONG
from bp_helpers.pictures.numerals import UNKNOWN

PROPERTY = settings(max_examples=25)
GROUPS = ["dW2", "db2", "dW1", "db1"]

SHARES = st.floats(0, 1)
RUNS = st.lists(st.tuples(st.floats(0, 2), SHARES), min_size=3, max_size=3).map(
    lambda pairs: TrainingRun(*np.array(pairs).T)
)
STEPS_SHOWN = np.array([0.0, 10.0, 20.0])


@PROPERTY
@given(right=RUNS, broken=RUNS, at=st.integers(1, 20))
def test_curves_are_drawn_and_said(right, broken, at):
    losses = two_losses(STEPS_SHOWN, right, broken, at)
    accuracies = two_accuracies(STEPS_SHOWN, right, broken, at, 68)
    for svg in (losses, accuracies):
        check_svg(svg)
        lines = [path for path in parsed(svg).iter(f"{SVG}path") if path.get("stroke-width")]
        assert [bool(path.get("stroke-dasharray")) for path in lines] == [False, True]
        for path in lines:
            assert len(re.findall("[ML]", path.get("d"))) == len(STEPS_SHOWN)
    for name, run in (("right", right), ("broken", broken)):
        assert f"{name}: {number(run.losses[-1], 4)}" in description(losses)
        assert f"{name}: {round(68 * run.shares[-1])} of 68" in description(accuracies)


MAYBE = st.none() | st.floats(-1, 1)
SYMPTOM = st.tuples(MAYBE, st.none() | st.floats(0, 1e6), st.booleans())


@PROPERTY
@given(symptoms=st.lists(SYMPTOM, min_size=4, max_size=4), step=st.integers(1, 120))
def test_symptoms_are_drawn_and_said(symptoms, step):
    groups = [GroupSymptoms(name, *symptom) for name, symptom in zip(GROUPS, symptoms, strict=True)]
    lines = {"right": "db = delta.sum(axis=0)", "broken": "db = delta.mean(axis=0)"}
    svg = symptoms_table(groups, step, lines)
    check_svg(svg)
    said, shown = description(svg), texts(svg)
    wrong = [group.name for group in groups if not group.right]
    headline = f"Step {step}, going backward: "
    assert shown[0] == headline + (f"first wrong is {wrong[0]}" if wrong else "all right")
    for group in groups:
        verdict = RIGHT if group.right else FIRST_WRONG if group.name == wrong[0] else WRONG
        assert f"{group.name} {verdict}: " in said
        for value in (group.cosine, group.ratio):
            assert (UNKNOWN if value is None else number(value, 4)) in shown
    for line in lines.values():
        assert line in said
        assert line in shown
    bars = [r for r in parsed(svg).iter(f"{SVG}rect") if r.get("fill-opacity")]
    cosines = [group.cosine for group in groups if group.cosine is not None]
    assert [bool(bar.get("stroke-dasharray")) for bar in bars] == [c < 0 for c in cosines]
    lit = [r for r in parsed(svg).iter(f"{SVG}rect") if "--bp-lit" in r.get("fill")]
    assert len(lit) == bool(wrong)
