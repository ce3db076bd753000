"""Explorer "bug clinic" and its pictures: driven at random, compared with the engine, reset."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import SVG, check_svg, description, parsed, texts

import bp_helpers as bp
from bp_helpers.exercises.clinic import HEALTHY, NOBODY, PATIENTS, batches, start, train
from bp_helpers.explorers import BugClinicExplorer
from bp_helpers.explorers.bug_clinic import BATCHES, EVERY, RATES, STEPS
from bp_helpers.pictures import number
from bp_helpers.pictures.bug_clinic import (
    FIRST_WRONG,
    RIGHT,
    WRONG,
    GroupSymptoms,
    TrainingRun,
    symptoms_table,
    two_accuracies,
    two_losses,
)
from bp_helpers.pictures.numerals import UNKNOWN

PROPERTY = settings(derandomize=True, deadline=None, max_examples=25)
GROUPS = ["dW2", "db2", "dW1", "db1"]
CONTROLS = st.fixed_dictionaries(
    {},
    optional={
        "patient": st.sampled_from([HEALTHY, *PATIENTS]),
        "batch_size": st.sampled_from(BATCHES),
        "learning_rate": st.sampled_from(RATES),
        "look_at": st.integers(1, STEPS),
    },
)


@pytest.fixture(scope="module")
def shared():
    return BugClinicExplorer()


@pytest.fixture
def explorer(shared):
    shared.reset()
    return shared


def pictures(explorer):
    return re.findall(r"<svg.*?</svg>", explorer.view.svg, re.DOTALL)


def engine(layers):
    (W1, b1), (W2, b2) = layers
    return bp.Network(
        [bp.Dense.from_arrays(W1, b1), bp.Sigmoid(), bp.Dense.from_arrays(W2, b2), bp.Sigmoid()],
        bp.SquaredError(),
    )


@PROPERTY
@given(controls=CONTROLS)
def test_any_controls_show_what_training_gives(shared, controls):
    shared.reset()
    shared.set(**controls)
    assert shared.trouble.value == ""
    numbers, values = shared.numbers(), shared.values
    penguins = bp.load_penguins()
    x, y = penguins.x_train, np.eye(3)[penguins.y_train]
    size, rate, at = (values[name] for name in ("batch_size", "learning_rate", "look_at"))
    rows = batches(len(x), size, STEPS, np.random.default_rng(0))
    patient = PATIENTS.get(values["patient"], NOBODY)
    for run, who in ((numbers["right_run"], NOBODY), (numbers["broken_run"], patient)):
        states = train(who, start(0), x, y, rows, rate)
        assert len(run.losses) == len(run.shares) == STEPS // EVERY + 1
        for k in (0, 5, STEPS // EVERY):
            network = engine(states[k * EVERY])
            with np.errstate(over="ignore"):
                assert run.losses[k] == pytest.approx(network.loss_value(x, y), rel=1e-9)
                decided = network.predict(penguins.x_test).argmax(axis=1)
            assert run.shares[k] == pytest.approx((decided == penguins.y_test).mean())
    before, after = states[at - 1 : at + 1]  # of the broken one
    trace = engine(before).trace(x[rows[at - 1]], y[rows[at - 1]])
    assert [*numbers["symptoms"]] == GROUPS
    for name, symptom in numbers["symptoms"].items():
        layer, letter = int(name[-1]) - 1, "Wb".index(name[1])
        used = (before[layer][letter] - after[layer][letter]) / rate
        if symptom.ratio is not None:
            length = np.linalg.norm(trace[name])
            assert symptom.ratio == pytest.approx(np.linalg.norm(used) / length, rel=1e-6)
        if symptom.cosine is not None:
            assert -1 - 1e-9 <= symptom.cosine <= 1 + 1e-9
    for svg in pictures(shared):
        check_svg(svg)
    said = shared.describe(numbers)
    assert values["patient"] in said
    for name in ("right", "broken"):
        assert f"{name}: loss {number(numbers[f'{name}_run'].losses[-1], 4)}, " in said
    first = numbers["first_wrong"]
    assert (f"first wrong is {first}" if first else "all right") in said
    assert (f"first wrong is {first}" if first else "all right") in texts(pictures(shared)[2])[0]


@PROPERTY
@given(controls=CONTROLS)
def test_reset_restores_the_start(shared, controls):
    shared.set(**controls)
    shared.reset()
    assert shared.values == BugClinicExplorer().values
    assert shared.view.svg == BugClinicExplorer().view.svg


@settings(derandomize=True, deadline=None, max_examples=8)
@given(controls=CONTROLS)
def test_code_gives_the_same_symptoms(shared, controls):
    shared.reset()
    shared.set(**controls)
    made = {}
    exec(shared.code(), made)
    assert made["symptoms"] == shared.numbers()["symptoms"]


@pytest.mark.parametrize("preset", BugClinicExplorer.presets)
def test_presets_set_what_they_name(explorer, preset):
    explorer.use_preset(preset)
    assert explorer.values == BugClinicExplorer().values | explorer.presets[preset]


def test_what_the_notebook_says_to_look_for(explorer):
    explorer.use_preset("one penguin a step")
    assert explorer.numbers()["first_wrong"] is None
    explorer.reset()
    assert explorer.numbers()["first_wrong"] == "db2"

    for patient, changes in (("1/N missing", True), ("mean over outputs", False)):
        explorer.set(patient=patient, batch_size=4)
        ratio = explorer.numbers()["symptoms"]["dW2"].ratio
        explorer.set(batch_size=64)
        assert (abs(explorer.numbers()["symptoms"]["dW2"].ratio - ratio) > 1) == changes

    explorer.use_preset("faster than right")
    runs = explorer.numbers()
    assert runs["broken_run"].losses[-1] < runs["right_run"].losses[-1]

    explorer.reset()
    explorer.set(patient="gradients never reset")
    assert explorer.numbers()["first_wrong"] is None
    explorer.set(look_at=2)
    assert explorer.numbers()["first_wrong"] == "dW2"


@pytest.mark.parametrize("patient", PATIENTS)
def test_only_an_early_update_gets_better_with_short_steps(explorer, patient):
    """A wrong direction stays as wrong as it is; this one alone comes near the right one."""
    explorer.set(patient=patient, look_at=1)
    off = {}
    for rate in (4.0, 0.04):
        explorer.set(learning_rate=rate)
        found = explorer.numbers()["symptoms"].values()
        off[rate] = max(
            [max(1 - s.cosine, abs(s.ratio - 1)) for s in found if s.cosine is not None], default=1
        )
    assert (off[0.04] < off[4.0] / 10) == (patient == "W2 updated too early")


def test_as_an_output_it_is_three_pictures_and_text(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].count("<img") == 3
    assert bundle["text/plain"] == explorer.describe(explorer.numbers())


# ---- Pictures -----------------------------------------------------------------------------------

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
