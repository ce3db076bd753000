"""Exercises: checks that say which mistake they see, and the catalogue of those mistakes."""

from bp_helpers.exercises.catalogue import CATALOGUE
from bp_helpers.exercises.checks import (
    check_composition,
    check_delta_cross_entropy,
    check_delta_squared_error,
    check_dense,
    check_forward,
    check_gradients_of,
    check_hand_back,
    check_hidden_delta,
    check_input_gradient,
    check_numerical_gradient,
    check_one_over_n,
    check_own_gradients,
    check_relative_error,
    check_relu_delta,
    check_reused_input,
    check_training,
    check_training_step,
)
from bp_helpers.exercises.clinic_checks import (
    check_diagnoses,
    check_dropout_gradients,
    check_first_wrong,
    check_symptoms,
)
from bp_helpers.exercises.feedback import Feedback
from bp_helpers.exercises.mistake import Mistake
from bp_helpers.exercises.special import (
    check_impossible_shape,
    check_worked_example,
    check_wrong_layer,
)
from bp_helpers.exercises.steps import Steps

__all__ = [
    "CATALOGUE",
    "Feedback",
    "Mistake",
    "Steps",
    "check_composition",
    "check_delta_cross_entropy",
    "check_delta_squared_error",
    "check_dense",
    "check_diagnoses",
    "check_dropout_gradients",
    "check_first_wrong",
    "check_forward",
    "check_gradients_of",
    "check_hand_back",
    "check_hidden_delta",
    "check_impossible_shape",
    "check_input_gradient",
    "check_numerical_gradient",
    "check_one_over_n",
    "check_own_gradients",
    "check_relative_error",
    "check_relu_delta",
    "check_reused_input",
    "check_symptoms",
    "check_training",
    "check_training_step",
    "check_worked_example",
    "check_wrong_layer",
]
