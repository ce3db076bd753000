"""The tasks under "Try this" in 08, done by hand: each promise is about what changed."""

import numpy as np
import pytest

from bp_helpers.exercises.clinic import PATIENTS
from bp_helpers.explorers import BugClinicExplorer


@pytest.fixture
def clinic(open_explorer):
    return open_explorer(BugClinicExplorer())


def found(page):
    """What the headline of the symptoms says is wrong first."""
    (title,) = (text for text in page.texts() if "going backward: " in text)
    return title.rpartition(": ")[2].removeprefix("first wrong is ")


def gap(page):
    runs = page.explorer.numbers
    return float(np.abs(runs.broken_run.losses - runs.right_run.losses).max())


def test_some_hide_in_the_curves_and_one_alone_in_the_first_steps_symptoms(clinic):
    hidden = []
    for patient in PATIENTS:
        clinic.slide("patient", patient)
        if gap(clinic) < 0.01:
            hidden.append(patient)
        assert (found(clinic) == "all right") == (patient == "gradients never reset"), patient
    assert "W2 updated too early" in hidden


def test_a_batch_of_one_hides_what_is_averaged(clinic):
    clinic.press("Reset")
    assert found(clinic) == "db2"
    clinic.press("one penguin a step")
    assert clinic.explorer.state["patient"] == "db averaged"
    assert found(clinic) == "all right"
    assert gap(clinic) < 1e-9


def ratios(page):
    return [symptom.ratio for symptom in page.explorer.numbers.symptoms.values()]


def test_a_ratio_that_is_the_batch_size_changes_with_it_and_that_of_the_outputs_does_not(clinic):
    for patient, expected in (("1/N missing", (4, 64)), ("mean over outputs", (1 / 3, 1 / 3))):
        clinic.slide("patient", patient)
        for size, ratio in zip((4, 64), expected, strict=True):
            clinic.slide("batch_size", size)
            assert ratios(clinic) == pytest.approx([ratio] * 4)


def test_an_early_update_is_seen_better_and_better_as_the_rate_grows(clinic):
    clinic.press("short steps")
    assert clinic.explorer.state["patient"] == "W2 updated too early"
    cosines = []
    for rate in clinic.explorer.hands()["learning_rate"].options:
        clinic.slide("learning_rate", rate)
        cosines.append(clinic.explorer.numbers.symptoms["db1"].cosine)
    assert cosines == sorted(cosines, reverse=True)
    assert cosines[0] > 0.999
    assert cosines[-1] < 0.5


def test_with_the_output_slope_missing_it_is_faster_than_right_by_steps_four_times_as_long(clinic):
    clinic.press("faster than right")
    runs = clinic.explorer.numbers
    assert (runs.broken_run.losses[1:] < runs.right_run.losses[1:]).all()
    assert all(3.5 < ratio < 4.6 for ratio in ratios(clinic))
    assert all(symptom.cosine > 0.99 for symptom in runs.symptoms.values())


def test_gradients_that_are_never_reset_are_right_in_the_first_step_only(clinic):
    clinic.slide("patient", "gradients never reset")
    assert found(clinic) == "all right"
    clinic.drag("look_at", 30)  # the step's point, to the right
    at = clinic.explorer.state["look_at"]
    assert at > 2
    for step in (2, 3, at):
        clinic.slide("look_at", step)
        assert found(clinic) == "dW2"
    clinic.slide("look_at", 2)
    assert 1.5 < ratios(clinic)[0] < 2.5  # two gradients in one
