"""The bug clinic: both trainings and the symptoms are those of the engine, at any settings."""

import numpy as np
import pytest
from driving import at_start
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, texts

import bp_helpers as bp
from bp_helpers.exercises.clinic import HEALTHY, NOBODY, PATIENTS, batches, start, train
from bp_helpers.explorers import BugClinicExplorer
from bp_helpers.explorers.bug_clinic import BATCHES, EVERY, RATES, STEPS
from bp_helpers.pictures import number

PROPERTY = settings(max_examples=25)
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


@pytest.fixture
def explorer():
    return at_start(BugClinicExplorer)


def engine(layers):
    made = [each for W, b in layers for each in (bp.Dense.from_arrays(W, b), bp.Sigmoid())]
    return bp.Network(made, bp.SquaredError())


@PROPERTY
@given(controls=CONTROLS)
def test_any_controls_show_what_training_gives(controls):
    explorer = at_start(BugClinicExplorer)
    explorer.set(**controls)
    assert explorer.trouble.value == ""
    numbers, values = explorer.numbers, explorer.values
    penguins = bp.load_penguins()
    x, y = penguins.x_train, np.eye(3)[penguins.y_train]
    size, rate, at = (values[name] for name in ("batch_size", "learning_rate", "look_at"))
    rows = batches(len(x), size, STEPS, np.random.default_rng(0))
    patient = PATIENTS.get(values["patient"], NOBODY)
    for run, who in ((numbers.right_run, NOBODY), (numbers.broken_run, patient)):
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
    assert [*numbers.symptoms] == GROUPS
    for name, symptom in numbers.symptoms.items():
        layer, letter = int(name[-1]) - 1, "Wb".index(name[1])
        used = (before[layer][letter] - after[layer][letter]) / rate
        if symptom.ratio is not None:
            length = np.linalg.norm(trace[name])
            assert symptom.ratio == pytest.approx(np.linalg.norm(used) / length, rel=1e-6)
        if symptom.cosine is not None:
            assert -1 - 1e-9 <= symptom.cosine <= 1 + 1e-9
    losses, accuracies, table = explorer.picture
    for part in (losses, accuracies, table):
        check_svg(part)
    for name, run in (("right", numbers.right_run), ("broken", numbers.broken_run)):
        assert f"{name}: {number(run.losses[-1], 4)}" in losses.words
        right = round(run.shares[-1] * len(penguins.y_test))
        assert f"{name}: {right} of {len(penguins.y_test)}" in accuracies.words
    wrong = [name for name, symptom in numbers.symptoms.items() if not symptom.right]
    assert numbers.first_wrong == (wrong[0] if wrong else None)
    headline = f"first wrong is {wrong[0]}" if wrong else "all right"
    assert f"Step {at}, going backward: {headline}" in table.words
    assert f"Step {at}, going backward: {headline}" in texts(table)
    lines = [patient.right, *([patient.broken] if patient is not NOBODY else [])]
    assert all(line in table.words for line in lines)


def test_what_the_notebook_says_to_look_for(explorer):
    explorer.use_preset("one penguin a step")
    assert explorer.numbers.first_wrong is None
    explorer.reset()
    assert explorer.numbers.first_wrong == "db2"

    for patient, changes in (("1/N missing", True), ("mean over outputs", False)):
        explorer.set(patient=patient, batch_size=4)
        ratio = explorer.numbers.symptoms["dW2"].ratio
        explorer.set(batch_size=64)
        assert (abs(explorer.numbers.symptoms["dW2"].ratio - ratio) > 1) == changes

    explorer.use_preset("faster than right")
    runs = explorer.numbers
    assert runs.broken_run.losses[-1] < runs.right_run.losses[-1]

    explorer.reset()
    explorer.set(patient="gradients never reset")
    assert explorer.numbers.first_wrong is None
    explorer.set(look_at=2)
    assert explorer.numbers.first_wrong == "dW2"


@pytest.mark.parametrize("patient", PATIENTS)
def test_only_an_early_update_gets_better_with_short_steps(explorer, patient):
    """A wrong direction stays as wrong as it is; this one alone comes near the right one."""
    explorer.set(patient=patient, look_at=1)
    off = {}
    for rate in (4.0, 0.04):
        explorer.set(learning_rate=rate)
        found = explorer.numbers.symptoms.values()
        off[rate] = max(
            [max(1 - s.cosine, abs(s.ratio - 1)) for s in found if s.cosine is not None], default=1
        )
    assert (off[0.04] < off[4.0] / 10) == (patient == "W2 updated too early")
