"""The bug clinic: what is broken is the line that is shown, and the symptoms are the engine's."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bp_helpers as bp
from bp_helpers.exercises import CATALOGUE, check_diagnoses, check_first_wrong, clinic
from bp_helpers.exercises.clinic import NOBODY, PATIENTS, WARD, batches, start, symptoms, train

PENGUINS = bp.load_penguins()
X, Y = PENGUINS.x_train, np.eye(3)[PENGUINS.y_train]
GROUPS = ["dW2", "db2", "dW1", "db1"]
each_patient = pytest.mark.parametrize("patient", PATIENTS.values(), ids=PATIENTS)

# A program of its own, line by line as the course writes it; a patient's line is put in its place.
PROGRAM = """
for X, Y in data:
    Z1 = X @ W1 + b1
    A1 = phi(Z1)
    A2 = phi(A1 @ W2 + b2)
    dA2 = (A2 - Y) / len(X)
    delta2 = dA2 * A2 * (1 - A2)
    dW2 = A1.T @ delta2
    db2 = delta2.sum(axis=0)
    dA1 = delta2 @ W2.T
    delta1 = dA1 * A1 * (1 - A1)
    dW1 = X.T @ delta1
    db1 = delta1.sum(axis=0)
    sum_dW2, sum_db2 = sum_dW2 + dW2, sum_db2 + db2
    sum_dW1, sum_db1 = sum_dW1 + dW1, sum_db1 + db1
    W2, b2 = W2 - eta * dW2, b2 - eta * db2
    W1, b1 = W1 - eta * dW1, b1 - eta * db1
"""
NUMBERED = r"\b(dW|db|dA|A|W|b|delta|sum_dW|sum_db)(?=\b)"


def of_layer(line, layer):
    """Return a line that serves both layers as it reads in this one."""
    line = line.replace("A_in", "X" if layer == 1 else "A1")
    return re.sub(NUMBERED, rf"\g<1>{layer}", line)


def program(patient):
    """Return the program with the patient's line in the place of the right one."""
    if f"    {patient.right}\n" in PROGRAM:
        return PROGRAM.replace(f"    {patient.right}\n", f"    {patient.broken}\n")
    text = PROGRAM
    for layer in (1, 2):
        right, broken = of_layer(patient.right, layer), of_layer(patient.broken, layer)
        assert f"    {right}\n" in text, right
        text = text.replace(f"    {right}\n", f"    {broken}\n")
    return text


def run_program(text, layers, rows, eta):
    (W1, b1), (W2, b2) = layers
    made = {
        "np": np, "phi": lambda z: 1 / (1 + np.exp(-z)), "eta": eta,
        "data": [(X[batch], Y[batch]) for batch in rows],
        "W1": W1, "b1": b1, "W2": W2, "b2": b2,
        **dict.fromkeys(["sum_dW1", "sum_db1", "sum_dW2", "sum_db2"], 0),
    }  # fmt: skip
    exec(text, made)
    return [(made["W1"], made["b1"]), (made["W2"], made["b2"])]


def assert_same(layers, others):
    for (W, b), (other_W, other_b) in zip(layers, others, strict=True):
        assert np.allclose(W, other_W, rtol=1e-9, atol=1e-12)
        assert np.allclose(b, other_b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("patient", [NOBODY, *PATIENTS.values()], ids=lambda p: p.name)
def test_the_broken_line_that_is_shown_is_what_is_broken(patient):
    rows = batches(len(X), 16, 20, np.random.default_rng(3))
    states = train(patient, start(1), X, Y, rows, 1.5)
    assert len(states) == 21
    assert_same(run_program(program(patient), start(1), rows, 1.5), states[-1])


def test_every_patient_has_a_mistake_of_the_catalogue_and_a_short_name():
    assert len(PATIENTS) == 20
    for name, patient in PATIENTS.items():
        assert patient.mistake in CATALOGUE
        assert patient.right != patient.broken
        assert len(name) <= 21
        assert "=" not in name
    assert len({patient.broken for patient in PATIENTS.values()}) == len(PATIENTS)


def test_a_patient_comes_anew_each_time():
    """What never resets its gradients must not carry them into the next training."""
    rows = batches(len(X), 16, 5, np.random.default_rng(0))
    patient = PATIENTS["gradients never reset"]
    once = train(patient, start(0), X, Y, rows, 1.0)[-1]
    assert_same(once, train(patient, start(0), X, Y, rows, 1.0)[-1])


@given(st.integers(1, 274), st.integers(1, 60))
@settings(derandomize=True, max_examples=50)
def test_batches_are_full_and_an_epoch_has_no_row_twice(size, steps):
    rows = batches(274, size, steps, np.random.default_rng(0))
    assert [len(batch) for batch in rows] == [size] * steps
    per_epoch = 274 // size
    for k in range(0, steps, per_epoch):
        epoch = np.concatenate(rows[k : k + per_epoch])
        assert len(set(epoch.tolist())) == len(epoch)


# ---- Symptoms ----


def engine(layers):
    (W1, b1), (W2, b2) = layers
    return bp.Network(
        [bp.Dense.from_arrays(W1, b1), bp.Sigmoid(), bp.Dense.from_arrays(W2, b2), bp.Sigmoid()],
        bp.SquaredError(),
    )


@each_patient
@given(st.sampled_from([1, 4, 16, 64]), st.sampled_from([0.04, 1.0, 4.0]), st.integers(1, 12))
@settings(derandomize=True, max_examples=8, deadline=None)
def test_symptoms_compare_with_the_engines_gradients(patient, size, rate, step):
    rows = batches(len(X), size, step, np.random.default_rng(5))
    before, after = train(patient, start(2), X, Y, rows, rate)[-2:]
    found = symptoms(before, after, X[rows[-1]], Y[rows[-1]], rate)
    assert [*found] == GROUPS
    trace = engine(before).trace(X[rows[-1]], Y[rows[-1]])
    for name, symptom in found.items():
        layer, letter = int(name[-1]) - 1, "Wb".index(name[1])
        used, true = (before[layer][letter] - after[layer][letter]) / rate, trace[name]
        assert symptom.ratio == pytest.approx(np.linalg.norm(used) / np.linalg.norm(true))
        if symptom.cosine is not None:
            cosine = (used * true).sum() / np.linalg.norm(used) / np.linalg.norm(true)
            assert symptom.cosine == pytest.approx(cosine, abs=1e-9)
        else:
            assert not used.any()
        assert symptom.right == (np.linalg.norm(used - true) < 2e-6 * np.linalg.norm(true))


@given(st.sampled_from([1, 16, 274]), st.sampled_from([0.04, 4.0, 20.0]), st.integers(1, 100))
@settings(derandomize=True, max_examples=15, deadline=None)
def test_nobody_has_symptoms_without_a_mistake(size, rate, step):
    rows = batches(len(X), size, step, np.random.default_rng(0))
    before, after = train(NOBODY, start(0), X, Y, rows, rate)[-2:]
    found = symptoms(before, after, X[rows[-1]], Y[rows[-1]], rate)
    assert clinic.first_wrong(found) is None
    for symptom in found.values():
        assert symptom.cosine is None or symptom.cosine == pytest.approx(1, abs=1e-6)


EXPECTED = {  # which groups are wrong in the second step, with batches of 16
    "1/N missing": GROUPS,
    "output slope missing": GROUPS,
    "db averaged": ["db2", "db1"],
    "dW averaged": ["dW2", "dW1"],
    "dW2 made with Z1": ["dW2"],
    "W2 not transposed": ["dW1", "db1"],
    "W2 updated too early": ["dW1", "db1"],
    "hidden slope missing": ["dW1", "db1"],
    "uphill": GROUPS,
    "gradients never reset": GROUPS,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_wrong_groups(name):
    rows = batches(len(X), 16, 2, np.random.default_rng(0))
    states = train(PATIENTS[name], start(0), X, Y, rows, 4.0)
    found = symptoms(states[1], states[2], X[rows[1]], Y[rows[1]], 4.0)
    assert [group for group, symptom in found.items() if not symptom.right] == EXPECTED[name]
    assert clinic.first_wrong(found) == EXPECTED[name][0]


def test_where_nothing_can_be_told_nothing_is_told():
    layers = [(np.full((2, 3), 80.0), np.full(3, 90.0)), (np.zeros((3, 3)), np.full(3, 900.0))]
    ones = np.ones((4, 2)), np.ones((4, 3))
    after = clinic.train(NOBODY, layers, *ones, [np.arange(4)], 1.0)[-1]
    for symptom in symptoms(layers, after, *ones, 1.0).values():
        assert symptom == clinic.Symptom(None, None, True)


# ---- The first wrong one ----


def test_first_wrong_survives_what_a_learner_writes():
    assert check_first_wrong(lambda used, true: None).text.startswith("Not tried yet")
    assert "without brackets" in check_first_wrong("dW2").text
    assert "ZeroDivisionError" in check_first_wrong(lambda used, true: 1 / 0).text
    assert "KeyError" in check_first_wrong(lambda used, true: used["W2"]).text
    for answer in ("first is dW1", True, 3, ["dW1"], print):
        feedback = check_first_wrong(lambda used, true, answer=answer: answer)
        assert not feedback.correct
        assert feedback.mistake is None
        assert "it should return 'dW1'; yours returns" in feedback.text


# ---- Patients without names ----

NAMES = {letter: patient.name for letter, patient in WARD.items()}


def test_right_diagnoses_pass():
    assert check_diagnoses(dict(NAMES)).text.startswith("Right: 4 of 4.")


@pytest.mark.parametrize("name", [*PATIENTS, clinic.HEALTHY])
def test_each_wrong_diagnosis_is_contradicted_by_a_symptom(name):
    """So no two patients look alike under all examinations, and the exercise can be solved."""
    for letter, right in NAMES.items():
        if name != right:
            feedback = check_diagnoses(NAMES | {letter: name})
            assert not feedback.correct
            assert feedback.text.startswith(f"Not yet. 3 of 4 are right.\n{letter}: with ")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "Not tried yet"),
        (..., "Not tried yet"),
        ("uphill", "A dictionary is expected"),
        ({"A": "uphill"}, "Patient B is missing"),
        (NAMES | {"C": "healthy"}, "C: 'healthy' is none of the names"),
        (NAMES | {"C": ["a"]}, "is none of the names"),
        ({letter: "uphill" for letter in NAMES}, "0 of 4 are right"),
    ],
)
def test_other_answers(answer, words):
    feedback = check_diagnoses(answer)
    assert not feedback.correct
    assert words in feedback.text


# ---- Found in the wild ----


FOUND = """
def dropout_gradients(X, Y, W1, b1, W2, b2, factor):
    A1 = np.maximum(X @ W1 + b1, 0)
    D1 = A1 * factor
    A2 = phi(D1 @ W2 + b2)
    delta2 = (A2 - Y) / len(X) * A2 * (1 - A2)
    dA1 = delta2 @ W2.T
    delta1 = dA1 * (A1 >= 0)
    return D1.T @ delta2, delta2.sum(axis=0), X.T @ delta1, delta1.sum(axis=0)
"""
RELU, DROPOUT = ("A1 >= 0", "A1 > 0"), ("dA1 = delta2 @ W2.T", "dA1 = (delta2 @ W2.T) * factor")


@pytest.mark.parametrize(
    ("repairs", "start", "end"),
    [
        ([], "Not tried yet", "the faults that dropout_gradients came with are all still there."),
        ([RELU], "Not yet. Dropout is in", "One of the two faults is repaired"),
        ([DROPOUT], "Not yet. The blame went through as if", "One of the two faults is repaired"),
        ([RELU, DROPOUT], "Right: whatever", "measured gradients."),
    ],
)
def test_either_repair_is_recognised(repairs, start, end):
    from learners_code import changed, define

    function = define(changed(FOUND, *repairs), "dropout_gradients")
    text = bp.exercises.check_dropout_gradients(function).text
    assert text.startswith(start), text
    assert end in text, text
