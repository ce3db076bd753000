"""What a check says of code that no mistake explains, that stops, or that never does."""

import _thread
import dataclasses
import re
import signal
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from learners_code import (
    CROSS_LINES,
    PASS_INDEXED,
    PASS_LOOP,
    PASS_ZIPPED,
    STEP_TWO_LOOPS,
    TRAIN,
    changed,
    define,
    function_name,
    whole,
)
from thorough import some

import bp_helpers as bp
from bp_helpers import exercises
from bp_helpers.exercises import (
    CATALOGUE,
    Feedback,
    Standing,
    check_forward,
    check_hand_back,
    check_hidden_delta,
    check_impossible_shape,
    check_numerical_gradient,
    check_own_gradients,
    check_relative_error,
    check_training_step,
    check_wrong_layer,
    safe_call,
)
from bp_helpers.exercises.description import described
from bp_helpers.exercises.feedback import side_by_side
from bp_helpers.exercises.sandbox import shared_names
from bp_helpers.exercises.suspects import suspects
from bp_helpers.exercises.trials import same_outcome
from bp_helpers.gradcheck import relative_errors


def judged(check, body):
    return getattr(exercises, check)(define(whole(check, body), function_name(check)))


def test_feedback_shows_its_text():
    feedback = Feedback(Standing.NAMED, "First.", "Look.", ("Second.",), ("bias-averaged",))
    assert repr(feedback) == str(feedback) == feedback.text
    assert feedback.text.splitlines() == [
        "Not yet. First.",
        "Hint: Look.",
        "Second.",
        "In the catalogue of mistakes: bias-averaged.",
    ]
    assert feedback.mistake == "bias-averaged"
    with pytest.raises(AttributeError):
        feedback.says = "Right"


@pytest.mark.parametrize("standing", Standing)
def test_code_asks_for_the_standing_and_the_words_follow_it(standing):
    feedback = Feedback(standing, "why.")
    assert feedback.correct == (standing is Standing.RIGHT)
    starts = {Standing.RIGHT: "Right: why.", Standing.NOT_TRIED: "Not tried yet: why."}
    assert feedback.text == starts.get(standing, "Not yet. why.")


def test_a_long_line_is_broken_between_words():
    feedback = Feedback(Standing.NOT_YET, "two-part " * 20, "none, and   two   gaps.")
    shown = repr(feedback).splitlines()
    assert max(map(len, shown)) <= 66
    assert " ".join(shown).split() == feedback.text.split()
    assert shown[-1] == "Hint: none, and   two   gaps."


# ---- Two mistakes at once ----

AVERAGED = ("np.sum(delta, axis=0)", "np.mean(delta, axis=0)")
TWO = [
    (changed(PASS_INDEXED, AVERAGED, ("back * (a * (1 - a))", "back")), "bias-averaged"),
    (
        changed(PASS_INDEXED, (" / N", ""), AVERAGED, ("layers[l][0].T", "layers[l][0]")),
        "one-over-n-in-one-only",
    ),
    (
        changed(PASS_ZIPPED, ("(A - Y)", "(Y - A)"), ("delta @ W.T", "delta @ np.abs(W).T")),
        "sign-reversed",
    ),
    (
        changed(
            PASS_INDEXED,
            ("error * (a * (1 - a))", "error"),
            ("np.sum(delta, axis=0)", "delta[0]"),
        ),
        "slope-missing-output",
    ),
    (  # both spoil the first value
        changed(PASS_INDEXED, ("error * (a * (1 - a))", "error"), (" / N", "")),
        "one-over-n-missing",
    ),
    (
        changed(PASS_LOOP, ("db += delta", "db += 3 * delta"), ("dW += np", "dW -= np")),
        "sign-reversed",
    ),
    (  # the second is in no catalogue
        changed(
            PASS_ZIPPED,
            ("delta.sum(axis=0)", "delta.mean(axis=0)"),
            ("delta @ W.T", "delta @ W.T + 0.3"),
        ),
        "bias-averaged",
    ),
]


@pytest.mark.parametrize(("body", "mistake"), TWO)
def test_of_two_mistakes_the_first_going_backward_is_named(body, mistake):
    feedback = judged("check_gradients_of", body)
    assert mistake in feedback.mistakes, feedback
    told = "This is the first mistake that shows", "Two mistakes at once"
    assert any(words in feedback.text for words in told)


@pytest.mark.parametrize(
    ("check", "body", "mistakes"),
    [
        (
            "check_own_gradients",
            "return -a_in.T @ delta, delta.mean(axis=0)",
            {"sign-reversed", "bias-averaged"},
        ),
        (
            "check_own_gradients",
            "return delta.T @ a_in, delta[0]",
            {"weights-gradient-transposed", "bias-first-row"},
        ),
        (
            "check_delta_squared_error",
            "A = phi(Z)\nreturn 2 * (A - Y) * A * (1 - A)",
            {"factor-two", "one-over-n-missing"},
        ),
        (
            "check_hidden_delta",
            "A = phi(phi(Z))\nreturn -dA * A * (1 - A)",
            {"slope-at-activation", "sign-reversed"},
        ),
        (
            "check_adam_step",
            "m = 0.999 * m + 0.001 * dW\ns = 0.9 * s + 0.1 * dW**2\n"
            "m_hat, s_hat = m / (1 - 0.999**t), s / (1 - 0.9**t)\n"
            "return W + eta * m_hat / (np.sqrt(s_hat) + 1e-8), m, s",
            {"uphill", "betas-exchanged"},
        ),
        (
            "check_numerical_gradient",
            "start, slopes = loss(w), np.zeros(w.shape)\nfor i in range(len(w)):\n"
            "    up = np.array(w, float)\n    up[i] += h\n"
            "    slopes[i] = (loss(up) - start) / h\nreturn slopes",
            {"one-sided-difference", "nudged-together"},
        ),
        (
            "check_symptoms",
            "a, b = (used * used).sum(), (true * true).sum()\n"
            "return (used * true).sum() / (a * b), b / a",
            {"length-without-root", "ratio-upside-down"},
        ),
    ],
)
def test_two_mistakes_in_a_short_exercise_are_both_named(check, body, mistakes):
    feedback = judged(check, body)
    assert set(feedback.mistakes) == mistakes, feedback
    assert feedback.says.startswith("Two mistakes at once. ")


def test_where_several_pairs_explain_the_numbers_only_what_they_share_is_said():
    body = changed(CROSS_LINES, ("return (p - Y) / len(Y)", "return (Y - p) * p"))
    assert len(judged("check_delta_cross_entropy", body).mistakes) < 2


def test_slices_drawn_by_themselves_are_not_taken_for_one_slice_in_two_epochs():
    body = "for _ in range(len(x) // batch_size):\n"
    body += "    rows = rng.permutation(len(x))[:batch_size]\n"
    body += "    network.loss_value(x[rows], y[rows])\n    network.backward()\n    optimizer.step()"
    assert judged("check_one_epoch", body).mistakes == ("order-drawn-for-each-slice",)


def test_what_was_begun_and_not_finished_gets_no_name():
    body = "output.grad = 1\nfor number, slope in output.inputs:\n    number.grad = 0"
    assert judged("check_backward", body).mistakes == ()


def test_where_one_of_two_mistakes_hides_the_other_no_third_is_named():
    body = "wrong = None\nfor name in true:\n"
    body += "    a, b = np.linalg.norm(used[name]), np.linalg.norm(true[name])\n"
    body += "    if abs(a - b) > 1e-6 * b:\n        wrong = name\nreturn wrong"
    named = judged("check_first_wrong", body).mistakes
    assert set(named) <= {"last-wrong-one", "length-only"}


def test_a_mistake_and_changed_inputs_are_both_told():
    feedback = judged("check_own_gradients", "delta *= 1.5\nreturn a_in.T @ delta, delta.mean(0)")
    assert feedback.mistake == "inputs-changed"
    assert "changed what it was given: delta." in feedback.text
    body = changed(
        STEP_TWO_LOOPS, ("out[k][1]", "out[k][1] * 0"), ("new = []", "X[0] = 0\nnew = []")
    )
    feedback = judged("check_training_step", body)
    assert feedback.mistake == "bias-never-updated"
    assert "changed what it was given: X." in feedback.text


def test_a_step_with_a_rate_of_its_own_is_told_which():
    body = changed(STEP_TWO_LOOPS, ("new = []", "learning_rate = 0.5\nnew = []"))
    feedback = judged("check_training_step", body)
    assert feedback.mistakes == ("learning-rate-of-its-own",)
    assert "Yours steps with 0.5." in feedback.text


def test_gradients_that_are_too_small_are_wrong_as_well():
    body = "for name in true:\n    off = (used[name] - true[name]).max()\n"
    body += "    if off > 1e-6 * np.linalg.norm(true[name]):\n        return name"
    assert judged("check_first_wrong", body).mistakes == ("signs-cancel",)


# ---- Numbers that nothing explains ----


def test_yours_and_the_true_number_stand_side_by_side():
    feedback = check_hand_back(lambda delta, W: delta @ W.T + (np.arange(len(delta)) == 1)[:, None])
    text = feedback.text
    found = text[text.index("dA[1, 0]: yours ") :].removeprefix("dA[1, 0]: yours ").split()
    assert float(found[2]) == pytest.approx(float(found[0].strip(",")) - 1, abs=1e-3)
    assert "(with 5 examples: delta (5, 2), W (3, 2))." in text
    assert "the cosine between the two is 0.76" in text


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda delta, W: np.zeros((len(delta), len(W))), "dA is 0 everywhere"),
        (lambda delta, W: delta @ W.T + 0.3, "a different direction"),
        (lambda delta, W: (delta @ W.T).astype(np.float16), "dA comes close, but lies farther off"),
        (lambda delta, W: 0.7 * delta @ W.T + 1e-3, "dA has about the right direction, and 0.7 "),
        (lambda delta, W: (delta @ W.T)[:, :1], "yours has shape (5, 1), it should be (5, 3)"),
        (lambda delta, W: (delta @ W.T)[None, :, :2], "yours has shape (1, 5, 2)"),
        (lambda delta, W: delta @ W.T / 0.0, "divide by zero encountered in divide"),
        (lambda delta, W: (delta @ W.T) * np.nan, "15 of the 15 entries of dA are NaN"),
        (lambda delta, W: [2 * delta @ W.T, None], "is a list"),
        (lambda delta, W: "delta @ W.T", "dA is a str, and a single array or number is wanted"),
        (lambda delta, W: 1j * delta @ W.T, "dA is an ndarray of complex numbers, and"),
        (lambda delta, W: [[1.0, 2.0], [3.0]], "parts have different shapes; a single array"),
        (lambda delta, W: (row for row in delta @ W.T), "dA is a generator"),
        (lambda delta, W: {"dA": delta @ W}, "It stops"),
        (lambda delta, W: {"dA": 2 * delta @ W.T}, "dA is a dict"),
        (lambda delta, W: print, "dA is a function"),
    ],
)
def test_what_is_not_recognised_is_described(function, words):
    feedback = check_hand_back(function)
    assert feedback.text.startswith("Not yet. ")
    assert words in feedback.text
    assert feedback.mistake is None


def test_the_first_wrong_quantity_going_backward_is_named():
    body = changed(
        PASS_INDEXED, ("return out", "k = L // 2\nout[k] = out[k][0] + 1, out[k][1]\nreturn out")
    )
    assert "First wrong, going backward: dW2. It points" in judged("check_gradients_of", body).text
    body = changed(
        PASS_INDEXED, ("return out", "k = L // 2\nout[k] = out[k][0], out[k][1] + 1\nreturn out")
    )
    assert "First wrong, going backward: db2. It points" in judged("check_gradients_of", body).text
    feedback = check_forward(lambda X, layers: [X, *(X @ np.ones((X.shape[1], 9)) for _ in layers)])
    assert "First wrong, going forward: A1. It has the wrong shape." in feedback.text
    feedback = check_relative_error(lambda a, m, floor: np.stack([a, m]))
    assert "error has the wrong shape: one number is asked for." in feedback.text


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (lambda dW, db: (dW, None), "db is None: its part is not there yet"),
        (lambda dW, db: (None, db), "dW is None"),
        (lambda dW, db: (..., db), "dW is Ellipsis"),
        (
            lambda dW, db: dW,
            "It returns an ndarray of shape (3, 2); it should return two results: dW, db",
        ),
        (lambda dW, db: (dW, db, dW), "It returns a tuple of length 3"),
        (lambda dW, db: [dW], "It returns a list of length 1"),
        (lambda dW, db: {"dW": dW, "db": db}, "It returns a dict; it should return two results"),
        (
            lambda dW, db: iter((dW, db)),
            "It returns a tuple_iterator, which has computed nothing yet",
        ),
    ],
)
def test_a_part_that_is_missing_is_told_apart(result, words):
    feedback = check_own_gradients(lambda a, delta: result(a.T @ delta, delta.sum(axis=0)))
    assert words in feedback.text
    assert feedback.text.startswith("Not yet. ")


@pytest.mark.parametrize(
    ("check", "body", "mistakes"),
    [
        (
            "check_reused_input",
            "s = a + b\nreturn s * a, s * b",
            {"own-factor", "overwritten-not-accumulated"},
        ),
        (
            "check_gradients_of",
            changed(
                PASS_INDEXED, ("np.sum(delta", "np.mean(delta"), ("back * (a * (1 - a))", "back")
            ),
            {"bias-averaged", "slope-missing-hidden"},
        ),
        (
            "check_forward",
            "kept = []\nfor W, b in layers:\n    X = phi(X @ W)\n    kept.append(X)\nreturn kept",
            {"bias-left-out", "results-partly-missing"},
        ),
        (
            "check_own_gradients",
            "return delta.mean(axis=0), a_in.T @ delta",
            {"bias-averaged", "results-in-another-order"},
        ),
        (
            "check_training",
            """
            for _ in range(steps - 1):
                acts = [X]
                for W, b in layers:
                    acts.append(phi(acts[-1] @ W + b))
                dA, new = (acts[-1] - Y) / len(X), []
                for k in range(len(layers) - 1, -1, -1):
                    (W, b), delta = layers[k], dA * acts[k + 1] * (1 - acts[k + 1])
                    step = acts[k].T @ delta, delta.sum(axis=0)
                    new.insert(0, (W + learning_rate * step[0], b + learning_rate * step[1]))
                    dA = delta @ W.T
                layers = new
            return layers
            """,
            {"uphill", "steps-miscounted"},
        ),
        (
            "check_numerical_gradient",
            """
            w = np.array(w, dtype=float)
            start, slopes = loss(w), np.zeros(w.shape)
            for index in np.ndindex(w.shape):
                w[index] += h
                slopes[index] = (loss(w) - start) / h
            return slopes
            """,
            {"one-sided-difference", "entry-not-put-back"},
        ),
    ],
)
def test_two_mistakes_of_which_one_shows_later_are_both_named(check, body, mistakes):
    assert set(judged(check, body).mistakes) == mistakes


WHOLE_PASS = """
As = [X]
for W, b in layers:
    As.append(phi(As[-1] @ W + b))
delta = (As[-1] - Y) / len(X) * As[-1] * (1 - As[-1])
found = []
for k in reversed(range(len(layers))):
    found.append((As[k].T @ delta, delta.sum(axis=0)))
    delta = (delta @ layers[k][0].T) * As[k] * (1 - As[k])
return found[::-1]
"""
PUBLISHED_STEP = """
A1 = phi(X @ W1 + b1)
A2 = phi(A1 @ W2 + b2)
delta2 = (A2 - Y) * A2 * (1 - A2)
delta1 = (delta2 @ W2.T) * A1 * (1 - A1)
W2 = W2 - eta * A1.T @ delta2
W1 = W1 - eta * X.T @ delta1
return ((phi(phi(X @ W1 + b1) @ W2 + b2) - Y) ** 2).sum() / 2
"""
STRETCHES = """
def stretch(A, dA, layers):
    came_in = []
    for W, b in layers:
        came_in.append(A)
        A = phi(A @ W + b)
    found = []
    for k in reversed(range(len(layers))):
        delta = dA * A * (1 - A)
        if first and k == len(layers) - 1:
            delta = dA
        found.append((came_in[k].T @ delta, delta.sum(axis=0)))
        dA, A = delta @ layers[k][0].T, came_in[k]
    return found[::-1], dA
first = True
late, handed = stretch(checkpoint, dA, layers[k:])
first = False
return stretch(X, handed, layers[:k])[0] + late
"""
GRAPH = """
order = []
def visit(node):
    if node not in order:
        for one, _ in node.inputs:
            visit(one)
        order.append(node)
visit(output)
for node in order:
    node.grad = 0.0
output.grad = 1.0
for node in reversed(order):
    for one, slope in node.inputs:
        one.grad = node.grad
"""
NORM = """
deviation = np.sqrt(X.var(axis=0) + 1e-5)
normal = (X - X.mean(axis=0)) / deviation
blame = dY * gamma
dX = (blame - normal * (blame * normal).mean(axis=0)) / deviation
return (dY * normal).sum(axis=0), dY.mean(axis=0), dX
"""
COUNTED = """
count = 0
for k in range(len(sizes) - 2):
    count += 2 * examples * sizes[k] * sizes[k + 1]
return count if with_dX else count - examples * sizes[0] * sizes[1]
"""


@pytest.mark.parametrize(
    ("check", "body", "mistakes"),
    [
        ("check_worked_example", PUBLISHED_STEP.replace("W2 = W2 - eta * A1.T @ delta2\n", ""),
         "one-layer-updated"),
        ("check_backward", GRAPH, "overwritten-not-accumulated+edge-slopes-left-out"),
        ("check_gradients_of", WHOLE_PASS.replace(" / len(X)", "").replace("[::-1]", ""),
         "one-over-n-missing+last-layer-first"),
        ("check_checkpoint", STRETCHES, "slope-missing-output"),
        ("check_one_over_n", "A = phi(X @ W + b)\nreturn (A - Y) * A * (1 - A) / len(X)",
         "stopped-on-the-way"),
        ("check_norm_back", NORM, "bias-averaged+norm-mean-path-missing"),
        ("check_bytes_sent",
         "size = bytes_each * sum(a * b for a, b in zip(sizes, sizes[1:]))\n"
         "return 2 * (machines - 1) / machines * size, 2 * machines * size",
         "biases-not-sent+results-in-another-order"),
        ("check_hand_back", "return np.ones((len(delta), len(W)))", "same-for-all-arguments"),
        ("check_reused_input", "return 5.0, 8.0", "same-for-all-arguments"),
        ("check_dense", "return (X @ W + b).astype(int)", "whole-numbers-kept"),
        ("check_first_wrong",
         "return max(true, key=lambda name: np.linalg.norm(used[name] - true[name]))",
         "most-wrong-one"),
        ("check_multiplications", COUNTED, "loop-too-short"),
        ("check_accumulated",
         "parts = [slice(k, k + size - 1) for k in range(0, len(X), size)]\n"
         "return sum(len(X[k]) / len(X) * gradient(X[k], Y[k]) for k in parts)",
         "loop-too-short"),
    ],
)  # fmt: skip
def test_what_was_named_otherwise_or_not_at_all(check, body, mistakes):
    assert set(judged(check, body).mistakes) == set(mistakes.split("+"))


def test_zeros_are_no_evidence_of_a_mistake():
    for check in ("check_relu_delta", "check_hand_back", "check_hidden_delta"):
        name = "delta" if check == "check_hand_back" else "dA"
        other = "W.T" if check == "check_hand_back" else "np.eye(Z.shape[1])"
        feedback = judged(check, f"return 0 * ({name} @ {other})")
        assert not feedback.mistakes or feedback.mistakes == ("slip-in-a-step",)
        assert "is 0 everywhere" in feedback.text
    assert judged("check_one_over_n", "return np.zeros(W.shape), np.zeros(b.shape)").mistake is None
    without = GRAPH.replace("output.grad = 1.0\n", "")
    assert judged("check_backward", without).mistake == "output-without-blame"


def test_one_right_trial_of_a_few_is_no_rule():
    feedback = judged("check_accumulated", """
        n = -(-len(X) // size)
        rows = np.arange(n * size) % len(X)
        parts = [rows[k * size : (k + 1) * size] for k in range(n)]
        return sum(gradient(X[k], Y[k]) for k in parts) / n
    """)  # fmt: skip
    assert "It is right in 1 of 3 trials" in feedback.text
    assert "It is right with" not in feedback.text


def test_what_comes_close_and_where_it_is_right():
    coarse = "y = lambda x: np.sin(x**2 + 1) ** 3\nreturn (y(x + 0.008) - y(x)) / 0.008"
    assert (
        "close to the true one: at most about 6.3% off" in judged("check_composition", coarse).text
    )
    fine = judged("check_composition", coarse.replace("0.008", "0.0002")).text
    assert "at most about 0.16% off" in fine
    feedback = judged("check_forward_mode", """
        A, speed = X, np.zeros_like(X)
        for each, (W, b) in enumerate(layers):
            speed = speed @ W
            if each == k:
                speed[:, j] += X[:, i]
            A = phi(A @ W + b)
            speed = speed * A * (1 - A)
        return ((A - Y) * speed).sum() / len(X)
    """)  # fmt: skip
    assert "It is right for a weight of the first layer." in feedback.text


def test_numbers_that_are_alike_by_chance_are_no_slip():
    for body in ("return a_in.T @ delta, np.ones(delta.shape[1])", "return a_in.T @ delta, 0"):
        assert judged("check_own_gradients", body).mistakes != ("slip-in-a-step",)


def test_a_factor_that_is_not_always_there_is_not_told_as_if_it_were():
    text = judged("check_hand_back", "d = delta @ W.T\nreturn d * 3 if len(d) > 1 else d").text
    assert "is the right one times 3, in 4 of 5 trials. It is right with a single example" in text


def test_right_numbers_in_too_many_brackets_are_in_the_right_order():
    found = judged("check_own_gradients", "return [a_in.T @ delta], delta.sum(axis=0)").mistake
    assert found == "results-in-another-container"


def test_what_is_right_in_some_trials_is_told_by_what_they_have_in_common():
    feedback = judged("check_hidden_delta", "return dA * phi(Z) * phi(-Z) - np.sin(len(Z) - 1)")
    assert "It is right with a single example. Look at what depends on how many" in feedback.text
    feedback = judged("check_dense", "Z = X @ W + b\nZ[1:] = np.sin(Z[1:])\nreturn Z")
    assert "Row 0 of Z is right, and the rest is not" in feedback.text
    feedback = judged("check_dense", "Z = X @ W + b\nZ[0] = np.sin(Z[0])\nreturn Z")
    assert re.search(r"Rows 1(, \d)* and \d of Z are right, and the rest is not", feedback.text)
    feedback = judged("check_hand_back", "return (delta @ W.T)[:, :-1, None]")
    assert "In the shape that is asked for, 5 is `delta.shape[0]`" in feedback.text


def test_a_graph_that_is_taken_apart_is_an_argument_that_was_changed():
    right = GRAPH.replace("one.grad = node.grad", "one.grad += slope * node.grad")
    feedback = judged("check_backward", right + "    node.inputs = ()\n")
    assert feedback.mistakes == ("inputs-changed",)


def test_lists_of_layers_of_another_length_or_kind():
    for end, words in [
        (
            "return grads[::-1], dA",
            "It returns a tuple of length 2; it should return a list of 3 pairs",
        ),
        (
            "return grads[::-1][:2]",
            "It returns a list of length 2; it should return a list of 3 pairs",
        ),
        ("return reversed(grads)", "It returns a list_reverseiterator"),
        ("return [dW for dW, db in grads[::-1]]", "it should return a pair: dW3, db3"),
        ("return [None] * len(grads)", "For layer 3 it returns None here, where it should return"),
    ]:
        feedback = judged("check_gradients_of", changed(PASS_ZIPPED, ("return grads[::-1]", end)))
        assert words in feedback.text, feedback
    feedback = check_training_step(lambda X, Y, layers, rate: [(b, W) for W, b in layers])
    assert "The new W3 has shape (2,); the old one has shape (3, 2)." in feedback.text


SINGLE = np.array([1.7])


@pytest.mark.parametrize(
    ("pairs", "words", "not_words"),
    [
        ([(SINGLE * 2, SINGLE), (SINGLE * 3, SINGLE)], "has another value", "cosine"),
        ([(SINGLE * 2, SINGLE), (SINGLE, SINGLE)], "right in 1 of 2 trials", "Everywhere"),
        ([(SINGLE * 2, SINGLE), (SINGLE * 2, SINGLE)], "has another value", "Everywhere"),
        ([(SINGLE * 0, SINGLE), (SINGLE * 0, SINGLE * 2)], "is 0 everywhere", "taken away"),
        (
            [(np.array([1.0, 1.05]), np.ones(2)), (np.array([2.0, 2.1]), 2 * np.ones(2))],
            "the cosine between the two is 0.9997",
            "1.00,",
        ),
        (
            [(1.00003 * np.arange(3), np.arange(3.0)), (1.00003 * np.ones(2), np.ones(2))],
            "Everywhere it is 1.00003 times",
            "is 1 times",
        ),
        (
            [(-2 * np.arange(3.0), np.arange(3.0)), (-3 * np.ones(2), np.ones(2))],
            "It points exactly the opposite way, and a factor is wrong that changes: -2 times",
            "direction is right",
        ),
        (
            [(2 * np.arange(3.0), np.arange(3.0)), (-3 * np.ones(2), np.ones(2))],
            "the opposite way in some trials",
            "direction is right",
        ),
        ([(SINGLE * 2, SINGLE), (SINGLE, SINGLE * 0)], "has another value", "That is so"),
    ],
)
def test_what_is_said_of_two_arrays_is_so(pairs, words, not_words):
    trials = [(yours, true, f"trial {k}") for k, (yours, true) in enumerate(pairs)]
    text = " ".join(described("It", "dW", trials))
    assert words in text, text
    assert not_words not in text, text


def test_a_result_of_another_kind_says_what_is_wanted():
    feedback = check_hand_back(lambda delta, W: (delta, np.ones((2, 7))))
    assert "It returns" in feedback.text or "a single array or number is wanted" in feedback.text


# ---- What a check is given, and what it leaves alone ----


def test_a_check_says_if_the_latest_version_did_not_come_into_being():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    try:
        run = partial(shell.run_cell, store_history=True, silent=False)
        run("from bp_helpers.exercises import check_hand_back")
        run("def hand_back(delta, W):\n    return delta @ W.T")
        assert "Careful" not in repr(run("check_hand_back(hand_back)").result)
        run("def hand_back(delta, W)\n    return delta @ W")  # the colon is missing
        feedback = run("check_hand_back(hand_back)").result
        assert feedback.correct
        assert "this is about the version before" in feedback.text
        run("def hand_back(delta, W):\n    return delta @ W")
        feedback = run("check_hand_back(hand_back)").result
        assert feedback.mistake == "hand-back-transposed"
        assert "Careful" not in feedback.text
        run("def hand_back(delta, W):\n    display(W)\n    return delta @ W.T")
        with capture_output() as shown:
            run("feedback = check_hand_back(hand_back)")
        assert [output.data["text/plain"][:5] for output in shown.outputs] == ["array"]
    finally:
        InteractiveShell.clear_instance()


def test_not_a_function():
    assert check_hand_back(None).text.startswith("Not tried yet")
    assert "itself, without brackets" in check_hand_back(np.zeros((2, 2))).text


def test_functions_of_every_kind_are_taken():
    class HandBack:
        def __call__(self, delta, W):
            return delta @ W.T

    assert check_hand_back(HandBack()).correct
    assert check_hand_back(lambda delta, W: np.inner(delta, W)).correct
    assert check_hand_back(np.inner).correct
    assert "different shapes" not in check_hand_back(np.matmul).text


def test_what_can_be_called_may_say_nothing_of_itself():
    class Silent:
        def __getattr__(self, name):
            raise RuntimeError(f"no {name}")

        def __call__(self, delta, W):
            return delta @ W.T

    class Odd(Silent):
        __code__ = 5

    assert check_hand_back(Silent()).correct
    assert check_hand_back(Odd()).correct


def test_the_next_check_meets_untouched_numbers():
    def spoil(delta, W):
        delta[:], W[:] = 0, 0
        return delta @ W.T

    assert not check_hand_back(spoil).correct
    assert check_hand_back(lambda delta, W: delta @ W.T).correct


# ---- Code that stops ----


@pytest.mark.parametrize(
    ("body", "where", "words"),
    [
        ("return delta @ w", "in line 2 of hand_back (`return delta @ w`) with NameError",
         "spelt as in the `def` line"),
        ("if 0:\n    x = 1\nreturn x", "in line 4 of hand_back", "before anything was stored"),
        ("x = 1\nreturn delta @ W @ delta",
         "in line 3 of hand_back (`return delta @ W @ delta`) with ValueError: matmul",
         "the last size of the left array is 2, and the right one has 3 rows"),
        ("return np.dot(delta, W) + 1j", "shapes (5,2) and (3,2)", "inner sizes must meet"),
        ("return delta + W", "could not be broadcast", "two equal shapes"),
        ("delta += np.ones((2, 1, 1))\nreturn delta", "non-broadcastable", "keeps its shape"),
        ("return delta[:, 7]", "IndexError", "axis 1 has the size 2 here"),
        ("return [1, 2][2]", "IndexError", "runs from 0 to n - 1"),
        ("return np.einsum('...,...->', W, W)", "ellipsis", "behind `->` as well"),
        ("return delta @ np.linalg.inv(W)", "LinAlgError", "multiplied by the transpose"),
        ("for k in np.ndindex(W):\n    pass", "truth value", "takes a shape, such as `w.shape`"),
        ("return delta[0, 0, 0]", "IndexError", "fewer axes"),
        ("return delta(W)", "TypeError", "square brackets"),
        ("return delta.dott(W)", "AttributeError", "Nothing called `dott`"),
        ("return [delta].dot(W)", "'list' object", "This is a list, not an array"),
        ("return (delta, W).T", "'tuple' object", "This is a tuple, not an array"),
        ("(delta @ W.T).sum().backward()", "'numpy.float64'", "`backward` belongs to PyTorch"),
        ("return None @ W", "ValueError: matmul", "a single number, or None"),
        ("return None + W", "TypeError", "Something here is None"),
        ("if delta > 0:\n    return W", "truth value", "one answer"),
        ("import math\nreturn math.exp(delta)", "TypeError", "np.exp for math.exp"),
        ("return delta.sum(axis=2)", "AxisError", "no axis 2"),
        ("a, b = 1, 2, 3", "ValueError", "more or fewer names"),
        ("return 1 / 0", "ZeroDivisionError", "divided by 0"),
        ("import math\nreturn math.exp(1000)", "OverflowError", "too large"),
        ("return hand_back(delta, W)", "RecursionError", "calls itself"),
        ("exit()", "SystemExit", "leave out exit()"),
        ("return {}['dA']", "KeyError", "print its keys"),
        ("return next(x for x in [] if x)", "StopIteration", "next(..., None)"),
        ("k = 'a'\nreturn [1, 2][k]", "TypeError", "one whole number"),
        ("return delta.reshape(7, 7)", "ValueError", "another number"),
        ("raise KeyError('W')", "KeyError: 'W'", ""),
        ("return delta ^ W.T", "TypeError", "`^` is no power in Python: write `**`."),
        ("x = 3.0\nreturn x ^ 2", "TypeError", "write `**`"),
        ("return delta @ W.transpose", "Error", "a method without the () that call it"),
        ("return delta * W.sum", "TypeError", "write () behind it"),
        ("return sin(delta)", "NameError", "after its name: `np.sin`"),
        ("return dot(delta, W)", "NameError", "`np.dot`"),
        ("return numpy.inner(delta, W)", "NameError", "call NumPy `np`"),
        ("return torch.tensor(delta)", "NameError", "no exercise needs more than NumPy"),
        ("return W.size(0)", "TypeError", "as `.shape` and `.size` of an array are none"),
        ("return np.array([delta, W])", "ValueError", "do not make one array"),
        ("return (1.0).backward()", "AttributeError", "network.backward()"),
        ("return delta.zero_grad()", "AttributeError", "nothing to reset"),
        ("return pairwise(W)", "NameError", "`from itertools import pairwise`"),
        ("return delta[W > 0]", "IndexError", "must have the shape of the array"),
        ("return delta[W]", "IndexError", "cannot be an index"),
        ("return delta[0.5]", "IndexError", "cannot be an index"),
        ("raise RuntimeError", "with RuntimeError\n", ""),
        ("return max(delta, delta)", "truth value", "np.maximum takes the larger of two"),
        ("import nowhere.at_all", "ModuleNotFoundError", "`nowhere` is not installed"),
        ("for _ in 3:\n    pass", "TypeError", "use range(...)"),
        ("return {delta: 1}", "TypeError", "a dictionary"),
        ("return delta.mm(W.T)", "AttributeError", "`mm` belongs to PyTorch"),
        ("return delta.exp()", "AttributeError", "a function: `np.exp(...)`"),
        ("return delta.sum(dim=0)", "TypeError", "NumPy's are `axis` and `keepdims`"),
        ("return delta.std(keepdim=True)", "TypeError", "`keepdim` is PyTorch's word"),
        ("n = input('How many? ')", "EOFError: nobody answers", "leave out input()"),
        ("import getpass\ngetpass.getpass()", "EOFError: nobody answers", "leave out input()"),
    ],
)  # fmt: skip
def test_an_error_is_located_and_explained(body, where, words):
    feedback = judged("check_hand_back", body)
    assert feedback.text.startswith("Not yet. It stops in ")
    assert where in feedback.text
    assert words in feedback.text
    assert feedback.mistake is None


@pytest.mark.parametrize(
    ("before", "body", "words"),
    [
        (
            "sum = 12",
            "return sum(W)",
            "`sum` is an int here, which cannot be called. Run `del sum`",
        ),
        ("list = []", "return list(W)", "`list` is a list here, which cannot be called. Run `del"),
        ("phi = 'x'", "return phi(W)", "`phi` is a str here, which cannot be called. If it was"),
        ("", "max = 0; return max(W)", "`max` is an int here, which cannot be called. Give it"),
        ("np = 3", "return np.dot(delta, W.T)", "`np` is an int here: run `import numpy as np`"),
        ("", "return delta(W)", "`delta` is an ndarray here, which cannot be called. Use square"),
        ("", "return W.T(delta)", "Use square brackets"),
        ("", "return np.dott(delta, W.T)", "is it misspelt"),
    ],
)
def test_a_name_that_stands_for_something_else_by_now_is_told(before, body, words, tmp_path):
    cell = tmp_path / "cell.py"  # a file, so that Python finds the line that raised
    cell.write_text(f"import numpy as np\n{before}\ndef hand_back(delta, W):\n    {body}\n")
    names = {}
    exec(compile(cell.read_text(), cell, "exec"), names)
    assert words in check_hand_back(names["hand_back"]).text


def test_of_a_long_message_the_beginning_is_told():
    for body in ("raise ValueError('x' * 10**6)", f"raise ValueError('{'x' * 10**5}')"):
        text = judged("check_hand_back", body).text
        assert "ValueError: xxx" in text
        assert len(text) < 1000


def test_an_error_may_refuse_to_be_told():
    body = "class Own(Exception):\n    def __str__(self):\n        return 1 / 0\nraise Own"
    assert "with Own\n" in judged("check_hand_back", body).text


def test_exit_does_not_end_the_kernel(monkeypatch):
    left = []
    shell = SimpleNamespace(ask_exit=lambda: left.append("left"))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    body = "import IPython\nIPython.get_ipython().ask_exit()\nreturn delta @ W.T"
    feedback = judged("check_hand_back", body)
    assert not left
    assert "with SystemExit" in feedback.text
    assert "leave out exit()" in feedback.text
    shell.ask_exit()
    assert left == ["left"]


def test_arguments_that_do_not_match():
    feedback = check_hand_back(lambda delta: delta)
    assert "TypeError" in feedback.text
    assert "keep the `def` line" in feedback.text


def test_a_call_whose_arguments_do_not_match_is_not_the_def_line():
    feedback = judged("check_accumulated", "return gradient(X)")
    assert "which one is missing, or too many?" in feedback.text
    assert "keep the `def` line" not in feedback.text


def test_an_error_in_a_helper_of_the_same_cell_names_the_helper():
    source = (
        "def turn(W):\n    return W.t\n\ndef hand_back(delta, W):\n    return delta @ turn(W)\n"
    )
    text = check_hand_back(define(source, "hand_back")).text
    assert "It stops in turn" in text
    assert "Nothing called `t`" in text


def test_an_error_with_some_shapes_only():
    feedback = judged("check_hand_back", "assert len(delta) > 1\nreturn delta @ W.T")
    assert "AssertionError" in feedback.text
    assert "Tried with 1 example: delta (1, 3), W (2, 3)." in feedback.text


# ---- Warnings ----


def test_warnings_become_part_of_the_answer(capfd):
    body = "A = 1 / (1 + np.exp(1e4 * np.abs(Z)))\nreturn dA * A"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        feedback = judged("check_hidden_delta", body)
    assert "on the way it warns" in feedback.text
    assert "overflow encountered in exp" in feedback.text
    assert "too large to be held" in feedback.text
    assert capfd.readouterr().err == ""


def test_right_code_that_warns_is_right_and_told_so():
    body = "np.exp(np.float64(1e4))\nA = phi(Z)\nreturn dA * A * (1 - A)"
    feedback = judged("check_hidden_delta", body)
    assert feedback.correct
    assert feedback.text.startswith("Right: ")
    assert "overflow encountered in exp" in feedback.text


# ---- Code that never stops, or asks for too much ----


def test_a_keyboard_interrupt_is_told():
    feedback = judged("check_hand_back", "raise KeyboardInterrupt")
    assert feedback.text.startswith("Not yet. Your function was interrupted while it was running")
    assert not feedback.correct


@pytest.mark.parametrize("body", ["while True:\n    pass", "n = 0\nwhile n < 1:\n    n -= 1"])
def test_an_endless_loop_can_be_interrupted(body):
    timer = threading.Timer(0.5, _thread.interrupt_main)
    # Ignored, where the tests run in the background of a shell.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    started = time.perf_counter()
    timer.start()
    try:
        feedback = judged("check_hand_back", body)
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
    assert time.perf_counter() - started < 10
    assert "interrupted while it was running in line" in feedback.text
    assert "a loop that never ends" in feedback.text


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm on this system")
@pytest.mark.parametrize(
    "body",
    [
        "while True:\n    pass",
        "while True:\n    try:\n        delta @ W.T\n    except Exception:\n        pass",
        "once = True\nwhile True:\n    try:\n        while True:\n            pass\n"
        "    except:\n        if not once:\n            raise\n        once = False",
    ],
)
def test_an_endless_loop_is_stopped(body, monkeypatch):
    monkeypatch.setattr(safe_call, "LONGEST", 0.2)
    before = signal.getsignal(signal.SIGALRM)
    feedback = judged("check_hand_back", body)
    assert feedback.standing is Standing.STOPPED
    assert "was still running after 0.2 seconds, and was stopped in line" in feedback.text
    assert "a loop that never ends" in feedback.text
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm on this system")
def test_an_alarm_that_rings_while_it_is_turned_off_is_not_left_ringing(monkeypatch):
    rung = []
    turn = signal.setitimer

    def late(which, seconds, again=0.0):
        turn(which, seconds, again)
        if seconds == 0 and not rung:
            rung.append("late")
            raise safe_call.TookTooLong

    monkeypatch.setattr(signal, "setitimer", late)
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(safe_call.TookTooLong):
        safe_call.within(10, lambda: None)
    assert rung
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_function_does_not_raise_how_deep_calls_may_go():
    before = sys.getrecursionlimit()
    body = (
        "import sys\nsys.setrecursionlimit(10**6)\nassert sys.getrecursionlimit() <= 3000\n"
        "return delta @ W.T"
    )
    assert judged("check_hand_back", body).correct
    assert sys.getrecursionlimit() == before
    try:
        sys.setrecursionlimit(10**6)
        feedback = judged("check_hand_back", "return hand_back(delta, W)")
        assert sys.getrecursionlimit() == 10**6
    finally:
        sys.setrecursionlimit(before)
    assert "calls itself" in feedback.text


def test_in_another_thread_there_is_no_alarm_and_the_check_works():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(judged, "check_hand_back", "return delta @ W.T").result().correct


@pytest.mark.parametrize(
    "body", ["return np.zeros((10**7, 10**7))", "return np.ones((10**6, 10**6, 10**6)) @ W"]
)
def test_too_much_memory_is_explained(body):
    feedback = judged("check_hand_back", body)
    assert "MemoryError: Unable to allocate" in feedback.text
    assert "larger than this computer's memory" in feedback.text


# ---- The shape that cannot work ----

CANDIDATES = {
    "a": ((4, 2), (2, 3), (3,)),
    "b": ((4, 2), (2, 3), (4, 1)),
    "c": ((4, 2), (3, 2), (2,)),
    "d": ((4, 2), (2, 3), (2,)),
    "e": ((4, 2), (2, 1), (4,)),
    "f": ((1, 2), (2, 3), (1, 3)),
}


@pytest.mark.parametrize(
    ("name", "correct", "words"),
    [
        ("a", False, "NumPy takes a: X (4, 2) @ W (2, 3) gives (4, 3)"),
        ("b", False, "one bias per example, not one per neuron"),
        ("c", True, "the inner sizes 2 and 3 differ"),
        (" c ", True, "the inner sizes 2 and 3 differ"),
        ("d", True, "a b of shape (2,) does not go with that"),
        ("e", False, "stretches it to (4, 4)"),
        ("f", False, "is added to every example"),
        ("z", False, "is none of the letters"),
        (3, False, "is none of the letters"),
        (["a"], False, "is none of the letters"),
        (None, False, "Not tried yet"),
        (..., False, "Not tried yet"),
    ],
)
def test_the_impossible_shape(name, correct, words):
    feedback = check_impossible_shape(name, CANDIDATES)
    assert feedback.correct == correct
    assert words in feedback.text
    assert feedback.text.startswith(("Right", "Not yet", "Not tried yet"))


# ---- The layer that is wrong ----


class Twice(bp.Layer):
    """y = 2 x + g x, with `hands_back` for its slope along x and `own` times the gradient of g."""

    parameter_names = ("g",)

    def __init__(self, hands_back, own=1.0):
        self.hands_back, self.own, self.g, self.dg = hands_back, own, np.array([0.5, -1.0]), None

    def forward(self, x):
        self.x = x
        return 2 * x + self.g * x

    def backward(self, grad):
        self.dg = self.own * (grad * self.x).sum(axis=0)
        return grad * (self.hands_back + self.g)


LAYERS = {"right": Twice(2), "back": Twice(1), "own": Twice(2, 1.001), "both": Twice(0, 0)}
LAYER_INPUT = np.array([[0.3, -0.7], [1.2, 0.4], [-0.5, 0.9]])


@pytest.mark.parametrize(
    ("name", "correct", "words"),
    [
        (
            "right",
            False,
            "Layer right agrees with central differences: dg (relative error below 1e-06)",
        ),
        ("back", True, "differences: the blame handed back (relative error "),
        (
            "own",
            True,
            "differences: dg (relative error 1e-03). Right: the blame handed back "
            "(relative error below 1e-06)",
        ),
        ("both", True, "differences: dg (relative error 1e+00), the blame handed back"),
        (" back ", True, "differences: the blame handed back"),
        ("z", False, "is none of the letters"),
        (3, False, "is none of the letters"),
        (None, False, "Not tried yet"),
        (..., False, "Not tried yet"),
    ],
)
def test_the_layer_that_is_wrong(name, correct, words):
    feedback = check_wrong_layer(name, LAYERS, LAYER_INPUT)
    assert feedback.correct == correct
    assert words in feedback.text
    assert feedback.text.startswith(("Right", "Not yet", "Not tried yet"))


def test_a_layer_that_gives_nan_is_wrong_and_nothing_is_changed():
    before = LAYER_INPUT.copy()
    feedback = check_wrong_layer("nan", {"nan": Twice(np.nan)}, LAYER_INPUT)
    assert feedback.correct
    assert "the blame handed back (relative error nan)" in feedback.text
    assert np.array_equal(LAYER_INPUT, before)
    assert LAYERS["right"].g.tolist() == [0.5, -1.0]


def test_the_checks_relative_error_is_that_of_check_gradients():
    example = bp.running_example()
    report = bp.check_gradients(example.network, example.x, example.y)
    floor = 10 * np.finfo(float).eps / (1e-5 * report.tolerance)  # the loss is below 1
    for one in report.parameters.values():
        expected = relative_errors(one.analytic, one.measured, floor)
        np.testing.assert_allclose(one.relative_error, expected, rtol=1e-12, atol=0)


def test_a_w_that_comes_back_by_arithmetic_is_told_from_one_that_is_changed():
    def nudge_in_place(loss, w, h):
        w = np.asarray(w, float)
        made = np.zeros(w.shape)
        for index in np.ndindex(w.shape):
            w[index] += h
            above = loss(w)
            w[index] -= 2 * h
            made[index] = (above - loss(w)) / (2 * h)
            w[index] += h
        return made

    assert check_numerical_gradient(nudge_in_place).mistake == "put-back-by-arithmetic"


def test_a_loss_refuses_an_array_of_another_shape():
    feedback = check_numerical_gradient(lambda loss, w, h: loss(w[0]))
    assert "loss takes a w of shape (3, 2) and got shape (2,)" in feedback.text


@pytest.mark.parametrize("count", [1, 4, 5])
def test_a_training_of_always_the_same_number_of_steps_is_refused(count):
    body = changed(TRAIN, ("range(steps)", f"range({count})"))
    assert judged("check_training", TRAIN).correct
    assert not judged("check_training", body).correct


SHUFFLED = """
order = list(range(len(x)))
rng.shuffle(order)
losses = []
for k in range(0, len(x), batch_size):
    rows = order[k : k + batch_size]
    losses.append(network.loss_value(x[rows], y[rows]))
    network.backward()
    optimizer.step()
return losses
"""
ASKED_MORE_OFTEN = """
w, gradient = np.array(w, float), np.zeros(np.shape(w))
loss(w)
for index in np.ndindex(w.shape):
    nudge = np.zeros(w.shape)
    nudge[index] = h
    loss(w)
    gradient[index] = (loss(w + nudge) - loss(w - nudge)) / (2 * h)
return gradient.tolist()
"""
GRAD_ITSELF = """
if grad.shape == shape:
    return grad
while grad.ndim > len(shape):
    grad = grad.sum(axis=0)
for axis, size in enumerate(shape):
    if size == 1:
        grad = grad.sum(axis=axis, keepdims=True)
return float(grad) if shape == () else grad
"""
ONE_PATH_AFTER_ANOTHER = """
def clear(number):
    number.grad = 0.0
    for one, _ in number.inputs:
        clear(one)

def hand_on(number, blame):
    number.grad += blame
    for one, slope in number.inputs:
        hand_on(one, blame * slope)

clear(output)
hand_on(output, 1.0)
return output
"""


@pytest.mark.parametrize(
    ("check", "body"),
    [
        ("check_reused_input", "p, s = a * b, a + b\nreturn [s * b + p, s * a + p]"),
        (
            "check_composition",
            "h = 1e-5\ny = lambda x: np.sin(x**2 + 1) ** 3\nreturn (y(x + h) - y(x - h)) / (2 * h)",
        ),
        (
            "check_forward",
            "found = (X.copy(),)\nfor W, b in layers:\n    found += (phi(found[-1] @ W + b),)\n"
            "return found",
        ),
        ("check_one_epoch", SHUFFLED),
        ("check_numerical_gradient", ASKED_MORE_OFTEN),
        ("check_summed_back", GRAD_ITSELF),
        ("check_backward", ONE_PATH_AFTER_ANOTHER),
        (
            "check_accumulated",
            "return sum(gradient(X[k : k + 1], Y[k : k + 1]) for k in range(len(X))) / len(X)",
        ),
    ],
)
def test_what_a_task_leaves_open_is_accepted(check, body):
    feedback = judged(check, body)
    assert feedback.correct, feedback


def test_right_in_float32():
    def hidden_delta(dA, Z):
        A = 1 / (1 + np.exp(-Z.astype(np.float32)))
        return dA.astype(np.float32) * A * (1 - A)

    assert check_hidden_delta(hidden_delta).correct


# ---- Whatever a function does beside its work ----


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ("np.subtract = lambda *a, **k: 0 * a[0]\nreturn delta", "shared-name-replaced"),
        ("np.linalg.norm = None\nreturn delta", "shared-name-replaced"),
        (
            "import bp_helpers.exercises.feedback as f\nf.TOLERANCE = 1e9\nreturn 2 * delta @ W.T",
            "shared-name-replaced",
        ),
        (
            "from bp_helpers.exercises import Steps\n"
            "Steps.hand_back = lambda s, delta, W: 2 * delta @ W.T\nreturn 2 * delta @ W.T",
            "shared-name-replaced",
        ),
        (
            "import builtins\nbuiltins.isinstance = builtins.all = lambda *_: True\nreturn delta",
            "shared-name-replaced",
        ),
        (
            "import sys\nframe = sys._getframe()\n"
            "while 'exercise' not in frame.f_locals:\n    frame = frame.f_back\n"
            "found = frame.f_locals\nreturn found['exercise'].result(found['probe'])['dA']",
            "answer-from-the-check",
        ),
    ],
)
def test_a_function_neither_changes_the_check_nor_asks_it(body, mistake):
    before = shared_names()
    feedback = judged("check_hand_back", body)
    assert feedback.mistakes == (mistake,), feedback
    assert all(vars(owner)[name] is thing for owner, was in before for name, thing in was.items())
    assert check_hand_back(lambda delta, W: delta @ W.T).correct


def test_the_numbers_of_a_check_stay_what_they_are():
    body = (
        "import sys\nframe = sys._getframe()\n"
        "while 'exercise' not in frame.f_locals:\n    frame = frame.f_back\n"
        "for probe in frame.f_locals['exercise'].probes:\n    probe.arguments['W'][:] = 0\n"
        "return 0 * (delta @ W.T)"
    )
    assert "read-only" in judged("check_hand_back", body).text
    assert check_hand_back(lambda delta, W: delta @ W.T).correct


KEEPS = "kept = {name}.__dict__.setdefault('kept', {{}})\nkey = {key}\n"
KEEPS += "if key not in kept:\n    kept[key] = {result}\nreturn kept[key]"


@pytest.mark.parametrize(
    ("check", "key", "result"),
    [
        ("check_hand_back", "delta.shape, W.shape", "delta @ W.T"),
        ("check_own_gradients", "a_in.shape", "(a_in.T @ delta, delta.sum(axis=0))"),
        ("check_dense", "X.shape", "X @ W + b"),
        ("check_whole_gradient", "len(sizes), sizes[0]",
         "sum(n * g for n, g in zip(sizes, gradients)) / sum(sizes)"),
        ("check_composition", "round(x)", "6 * x * np.sin(x**2 + 1) ** 2 * np.cos(x**2 + 1)"),
    ],
)  # fmt: skip
def test_what_is_kept_for_numbers_of_one_shape_shows(check, key, result):
    name = function_name(check)
    feedback = judged(check, KEEPS.format(name=name, key=key, result=result))
    assert not feedback.correct
    assert judged(check, f"return {result}").correct


@pytest.mark.parametrize(
    ("check", "second", "result"),
    [
        ("check_own_gradients", "delta", "(a_in.T @ delta, delta.sum(axis=0))"),
        ("check_hidden_delta", "Z", "dA / (2 + np.exp(Z) + np.exp(-Z))"),
        ("check_delta_squared_error", "Y",
         "(1 / (1 + np.exp(-Z)) - Y) / (2 + np.exp(Z) + np.exp(-Z)) / len(Z)"),
    ],
)  # fmt: skip
def test_each_argument_is_given_with_other_numbers_of_its_shape(check, second, result):
    keeps = f"kept = {function_name(check)}.__dict__.setdefault('kept', {{}})\n"
    keeps += f"{second} = kept.setdefault({second}.shape, {second})\n"
    assert "numbers that were tried first" in judged(check, f"{keeps}return {result}").text
    assert judged(check, f"return {result}").correct


def test_a_second_call_on_the_same_graph_starts_from_nothing_too():
    right = GRAPH.replace("one.grad = node.grad", "one.grad += slope * node.grad")
    keeping = right.replace("not in order:\n", "not in seen:\n        seen.append(node)\n")
    assert judged("check_backward", right).correct
    assert judged("check_backward", f"seen = []{keeping}").correct
    cell = "seen = []\n" + whole("check_backward", keeping)
    assert exercises.check_backward(define(cell, "backward")).mistake == "kept-between-calls"


def test_an_error_of_a_kind_that_is_made_in_the_call_is_told():
    feedback = judged("check_hand_back", "class Own(BaseException):\n    pass\nraise Own('no')")
    assert feedback.standing is Standing.STOPPED
    assert "with Own: no" in feedback.text


@pytest.mark.parametrize(
    "body",
    [
        "return np.ones((3000, 3000))",
        "return [0] * 10**7",
        "return [[0]] * 10**6",
        "return {'dA': [delta] * 10**6}",
        "endless = []\nendless.append(endless)\nreturn endless",
        "return range(10**12)",
    ],
)
def test_a_huge_result_is_not_gone_through(body):
    started = time.process_time()
    feedback = judged("check_hand_back", body)
    assert time.process_time() - started < 5
    assert "returns more than 10000 numbers; a right result has 15 here" in feedback.text
    assert not feedback.mistakes


def test_of_what_a_function_prints_the_beginning_is_shown(capsys):
    assert judged("check_hand_back", "print('x' * 10**6)\nreturn delta @ W.T").correct
    printed = capsys.readouterr().out
    assert len(printed) < 6000
    assert printed.endswith("... and 995001 more letters\n")


def test_a_function_may_close_what_it_prints_to():
    assert judged("check_hand_back", "import sys\nsys.stdout.close()\nreturn delta @ W.T").correct


def test_zeros_are_told_what_may_have_made_them():
    brackets = "s = phi(Z)\nreturn dA * (s * 1 - s)"
    assert judged("check_hidden_delta", brackets).mistake == "brackets-misplaced"
    feedback = judged("check_hidden_delta", f"while False:\n    pass\n{brackets}")
    assert "`a * 1 - a` is 0 too" in feedback.text
    assert not feedback.mistakes


def test_what_changes_a_graph_need_not_return_anything():
    text = judged("check_backward", "output.grad = 1j").text
    assert "grad of y is a complex, and numbers are expected" in text
    assert "returns None" not in text


def test_lines_that_were_never_run():
    for body in ("order = rng.permutation(len(x))\nyield order", "yield"):
        assert "None of the lines of one_epoch" in judged("check_one_epoch", body).text

    async def hand_back(delta, W):
        return delta @ W.T

    with warnings.catch_warnings(action="ignore"):  # that nobody has waited for it
        assert "leave out `async`" in check_hand_back(hand_back).text


def test_a_name_as_numpy_writes_it_and_one_that_is_long():
    body = (
        "for name in true:\n"
        "    if np.linalg.norm(used[name] - true[name]) > 1e-6 * np.linalg.norm(true[name]):\n"
        "        return np.str_(name)"
    )
    assert judged("check_first_wrong", body).correct
    assert len(judged("check_first_wrong", "return 'x' * 10**6").text) < 1000


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ([(np.ones((4, 4)), np.ones(4))], "The candidates are a list by now. Run the cells"),
        ({"b": np.ones(3)}, "Candidate b cannot be tried as it is by now (AttributeError"),
        (None, "The candidates are a NoneType by now. Run the cells"),
    ],
)
def test_what_a_choice_is_about_may_have_changed_by_now(about, words):
    assert words in check_wrong_layer("b", about, LAYER_INPUT).text
    assert words[:20] in check_impossible_shape("b", about).text


def test_a_letter_may_be_a_capital():
    assert check_impossible_shape(" C ", CANDIDATES).correct
    assert len(check_impossible_shape("c" * 10**5, CANDIDATES).text) < 1000


def test_as_many_rows_as_fit_and_no_more():
    feedback = judged("check_accumulated", "return gradient(X[:0], Y[:0])")
    assert "gradient takes one row or more and got none" in feedback.text
    feedback = judged("check_accumulated", "return gradient(X, Y)")
    assert "gradient takes at most 7 rows at a time and got 13" in feedback.text


# ---- Whatever comes back ----


class Refuses:
    def __array__(self, *_, **__):
        raise RuntimeError("no array of me")

    def __len__(self):
        return -1


ANYTHING = [
    1, True, "x", b"x", [], (), {}, [[]], [None], (None, None), [1, [2]], [(1, 2)] * 3, range(3),
    np.array([]), np.array(None), np.zeros((0, 3)), np.array([1, "a"], dtype=object), 10**400,
    [10**400], [[1e308] * 3] * 5, np.float16(1), np.datetime64("2020-01-01"), np.nan, [np.inf] * 2,
    [np.zeros(2)] * 4, Refuses(), [Refuses(), Refuses()], int,
    type("", (), {})(),
]  # fmt: skip


@pytest.mark.slow  # the judge looks for a name for each value
@pytest.mark.parametrize("check", [name for name in exercises.__all__ if name.startswith("check_")])
def test_a_check_answers_whatever_a_function_returns(check):
    for value in some(ANYTHING, 2):
        given = {
            "check_impossible_shape": [value, CANDIDATES],
            "check_wrong_layer": [value, LAYERS, LAYER_INPUT],
        }.get(check, [lambda *_, v=value: v])
        feedback = getattr(exercises, check)(*given)
        assert not feedback.correct
        assert feedback.text.startswith("Not yet. ")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm on this system")
def test_a_result_that_never_lets_itself_be_read(monkeypatch):
    class Endless:
        def __array__(self, *_, **__):
            while True:
                pass

    monkeypatch.setattr(safe_call, "LONGEST", 0.2)
    text = check_hand_back(lambda delta, W: Endless()).text
    assert "still running after 0.2 seconds" in text
    assert "where the check reads its result" in text


def test_a_result_that_refuses_everything():
    class Refusing:
        def __getattribute__(self, name):
            raise RuntimeError(f"no {name}")

    text = check_hand_back(lambda delta, W: Refusing()).text
    assert "with RuntimeError: no __class__" in text


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Refuses(), "NumPy can't make an array of it (RuntimeError: no array of me)"),
        (np.ones((2, 2)) * 1j, "an ndarray of complex numbers, and"),
        (np.array([1.0, 2.0], dtype=object), "an ndarray of Python's objects, and"),
        ([["1.0", "2.0"]], "a list of text, and"),
        ([[1.0, 2.0], [3.0]], "a list whose parts have different shapes"),
    ],
)
def test_what_cannot_be_read_is_told(result, words):
    assert words in check_hand_back(lambda delta, W: result).text


# ---- No name where there is none ----


@pytest.mark.parametrize(
    ("check", "body"),
    [
        ("check_first_wrong", "return next(iter(true))"),
        ("check_first_wrong", "return 'dW2' if used['dW2'].any() else None"),
        ("check_relative_error", "return 1.0"),
        ("check_relative_error", "return (abs(analytic) / np.maximum(abs(analytic), floor)).max()"),
        ("check_numerical_gradient", "return np.zeros(w.shape)"),
        ("check_numerical_gradient", "loss(w)\nreturn 0 * w"),
        ("check_hidden_delta", "A = phi(Z)\nreturn dA * A * (2 - A)"),
        ("check_symptoms", "u = used.ravel()\nreturn u @ u, 1.0"),
    ],
)
def test_a_coincidence_is_no_diagnosis(check, body):
    feedback = judged(check, body)
    assert set(feedback.mistakes) <= {"slip-in-a-step"}, feedback  # which was made right and tried
    assert not feedback.correct


# ---- One small change ----


@pytest.mark.parametrize(
    ("check", "body", "place"),
    [
        ("check_hand_back", "return delta @ (W**2).T", "in line 2 where it says `W**2`"),
        ("check_hand_back", "return delta @ np.linalg.pinv(W)",
         "in line 2 where it says `np.linalg.pinv(W)`"),
        ("check_skip_back", "return Z + (dY * phi(Z) * phi(-Z)) @ W.T",
         "in line 2 where it says `Z` for the first time"),
        ("check_hidden_delta",
         "a = phi(Z)\nprint(f'{len(a):,}', f'{dA}\\n')\nreturn dA * a * (2 - a)",
         "in line 4 where it says `2`"),
        ("check_relu_delta", "return np.trunc(dA) * (Z > 0)",
         "in line 2 where it says `np.trunc(dA)`"),
        ("check_hidden_delta", "A = phi(Z)\nreturn dA * A * (2 - A)",
         "in line 3 where it says `2`"),
        ("check_dense", "Z = np.zeros((len(X), len(b)))\nfor n in range(len(X)):\n"
         "    Z[n] = X[0] @ W + b\nreturn Z", "in line 4 where it says `0`"),
        ("check_power", "return a**b, b * a**(b - 1), a**b / np.log(a)",
         "in line 2 where it says `a**b / np.log(a)`"),
        ("check_own_gradients", "dW = 0\nfor x, d in zip(a_in, delta):\n    dW += np.outer(x, d)\n"
         "    db = delta.sum(axis=0) + dW.sum()\nreturn dW, db",
         "in line 5 where it says `delta.sum(axis=0) + dW.sum()`"),
    ],
)  # fmt: skip
def test_one_small_change_that_makes_it_right_is_located(check, body, place):
    text = judged(check, body).text
    assert f"One small change makes all of it right, {place}." in text


def test_a_slow_function_is_not_changed_for_long(monkeypatch):
    monkeypatch.setattr("bp_helpers.exercises.repairs.LONGEST", 0)
    text = judged("check_hidden_delta", "return dA * phi(Z) * (2 - phi(Z))").text
    assert "One small change" not in text


@pytest.mark.parametrize(
    "body",
    [
        "k = 0\nwhile k < 1:\n    k += 1\nreturn dA * phi(Z) * (2 - phi(Z))",  # may never end
        "open\nreturn dA * phi(Z) * (2 - phi(Z))",  # may do something outside
        "def again(n):\n    return n and again(n - 1)\nreturn dA * phi(Z) * (2 - phi(Z))",
    ],
)
def test_what_may_do_harm_when_it_is_changed_is_not_changed(body):
    assert "One small change" not in judged("check_hidden_delta", body).text


# ---- What is worked out, and when ----


@pytest.mark.parametrize(
    "one", [check_hand_back, exercises.check_worked_example, exercises.check_adam_step]
)
def test_a_way_that_is_not_a_suspect_makes_no_difference(one):
    tried = {id(override) for suspect in suspects(one) for override in suspect.overrides}
    probe = one.probes[0]
    left_out = [way for mistake in CATALOGUE.values() for way in mistake.ways]
    left_out = [way for way in left_out if id(way) not in tried][::9]
    for way in left_out:
        assert same_outcome(one.result(probe, way), one.result(probe))


def test_what_a_mistake_gives_is_not_worked_out_before_somebody_asks():
    suspects.cache_clear()
    check_hand_back(lambda delta, W: delta @ W)
    assert any(not suspect.known for suspect in suspects(check_hand_back))


def test_a_name_of_the_wrong_kind_is_no_other_container():
    feedback = exercises.check_first_wrong(lambda used, true: 2)
    assert feedback.mistakes == ()
    assert "it should return 'dW1'; yours returns 2" in feedback.text


def test_one_result_where_three_are_asked_for():
    feedback = exercises.check_adam_step(lambda W, dW, m, s, t, eta: W - eta * dW)
    assert "it should return three results: W, m, s" in feedback.text


def test_a_single_number_that_is_not_finite():
    feedback = exercises.check_scale(lambda slopes: np.float64(np.inf))
    assert feedback.says == "scale is NaN or infinite."


@pytest.mark.parametrize(
    ("check", "body", "detail"),
    [
        (
            "check_hand_back",
            "return delta @ W.T * len(delta) ** 2",
            "What you have in dA is the right one times the square of `len(delta)`.",
        ),
        (
            "check_hand_back",
            "return -3 * delta @ W.T / np.sqrt(W.size)",
            "What you have in dA is the right one times -3, divided by the root of `W.size`.",
        ),
        (
            "check_hidden_delta",
            "return len(dA) * dA * phi(Z) * phi(-Z) / Z.shape[1]",
            "What you have in delta is the right one times `len(dA)`, divided by `dA.shape[1]`.",
        ),
        (
            "check_bytes_sent",
            "n = 8 * bytes_each * sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))\n"
            "return 2 * machines * n, 2 * (machines - 1) / machines * n",
            "What you have in middle and ring is the right one times 8.",
        ),
        (
            "check_accumulated",
            "return sum(gradient(X[k : k + size], Y[k : k + size]) * (k + 7) / 7\n"
            "           for k in range(0, len(X), size))",
            "With parts of 7, 6 examples your result is made of 1, 2 times their gradients; the "
            "shares of the parts are 0.5385, 0.4615.",
        ),
        (
            "check_summed_back",
            "return grad.sum(axis=-1)",
            "With shape (3,), stretched to (4, 3), yours is added up over axis 1.",
        ),
        (
            "check_pixel_gradient",
            "return delta1.T @ delta1",
            "dX: what you have there is delta1.T @ delta1.",
        ),
        (
            "check_forward_mode",
            "A = X\nfor W, b in layers:\n    A = phi(A @ W + b)\n"
            "return ((A - Y) ** 2).sum() / 2 / len(X)",
            "dW[i, j]: what you have there is loss.",
        ),
    ],
)
def test_what_stands_in_the_place_of_the_right_numbers_is_told(check, body, detail):
    feedback = judged(check, body)
    assert feedback.standing is Standing.NAMED
    assert detail in feedback.details, feedback


@pytest.mark.parametrize("rows", ["[:1]", "[:-1]", "[1:]"])
@pytest.mark.parametrize("counted", ["len(X)", "len(rows)"])
def test_a_pass_over_some_of_the_rows_is_told(rows, counted):
    """Whether the 1/N counts these rows, or all of them."""
    body = f"rows, Y = X{rows}, Y{rows}\nA = phi(rows @ W + b)\n"
    body += f"delta = (A - Y) * A * (1 - A) / max({counted}, 1)\n"
    feedback = judged("check_one_over_n", f"{body}return rows.T @ delta, delta.sum(axis=0)")
    assert feedback.mistake in ("first-example-only", "one-example-left", "loop-too-short"), (
        feedback
    )


def test_a_count_stands_in_full():
    line = side_by_side("count", np.array(1_188_500.0), np.array(1_188_000.0))
    assert line == "count: yours 1,188,500, true 1,188,000"


def test_in_a_table_0_has_no_sign():
    line = side_by_side("W", np.array([-0.0]), np.array([1.0]))
    assert line == "W[0]: yours 0, true 1"


def test_a_comparisons_answer_is_no_number():
    feedback = judged("check_relative_error", "return (analytic > measured).any()")
    assert feedback.says.startswith("error is False, but a number is needed")


@pytest.mark.parametrize("at", [1e-3, 1e-5, 1e-7, -1e-7])
def test_a_mask_that_asks_for_another_number_than_0_is_told(at):
    assert judged("check_relu_delta", f"return dA * (Z > {at})").mistake == "relu-mask-threshold"


def test_the_place_of_the_worst_entry_is_not_its_error():
    body = "size = np.maximum(np.maximum(abs(analytic), abs(measured)), floor)\n"
    body += "return (abs(analytic - measured) / size).argmax()"
    assert judged("check_relative_error", body).mistake == "place-of-the-worst"


def test_a_single_step_is_told_from_a_single_layer():
    body = TRAIN.rstrip() + " if steps == 1 else [(np.sin(W), np.cos(b)) for W, b in layers]"
    assert "It is right with a single step. Look" in judged("check_training", body).text


def test_of_a_size_that_several_axes_have_by_chance_nothing_is_said():
    text = judged("check_checkpoint", "return [(W.T, b) for W, b in layers]").text
    assert "yours has shape (2, 3), it should be (3, 2)" in text
    assert "In the shape that is asked for" not in text


def test_a_single_row_is_no_slice():
    text = judged("check_accumulated", "return sum(map(gradient, X, Y)) / len(X)").text
    assert "gradient takes rows, as X[0:1] and Y[0:1] are, and got arrays of shape (3,)" in text


def test_what_is_changed_is_named_beside_another_mistake():
    feedback = judged("check_hand_back", "delta /= len(delta)\nreturn delta @ W.T")
    assert feedback.mistakes == ("one-over-n-twice", "inputs-changed")
    assert "Your function changed what it was given: delta." in feedback.text


def test_two_mistakes_in_the_right_order_are_told_before_one_in_another_order():
    feedback = judged("check_reused_input", "p, s = a * b, a + b\nreturn p * a + s, p * b + s")
    assert feedback.mistakes == ("blames-exchanged", "own-factor")


# ---- Batch norm's backward pass, to 1e-9 ----


def norm_in_one_line(X, gamma, dY):
    N, inverse = len(X), (X.var(axis=0) + 1e-5) ** -0.5
    normal, dbeta = (X - X.mean(axis=0)) * inverse, dY.sum(axis=0)
    dgamma = (dY * normal).sum(axis=0)
    return dgamma, dbeta, gamma * inverse / N * (N * dY - dbeta - normal * dgamma)


def norm_as_published(X, gamma, dY):
    """Ioffe & Szegedy (2015), section 3, path by path."""
    N, centred = len(X), X - X.mean(axis=0)
    variance = (centred**2).mean(axis=0) + 1e-5
    blame = dY * gamma
    through_variance = (blame * centred * -0.5 * variance**-1.5).sum(axis=0)
    through_mean = -blame.sum(axis=0) / variance**0.5 - 2 * through_variance * centred.mean(axis=0)
    dX = blame / variance**0.5 + through_variance * 2 * centred / N + through_mean / N
    return (dY * centred / variance**0.5).sum(axis=0), dY.sum(axis=0), dX


def norm_with_less_exact_variance(X, gamma, dY):
    deviation = np.sqrt((X**2).mean(axis=0) - X.mean(axis=0) ** 2 + 1e-5)
    normal, g = (X - X.mean(axis=0)) / deviation, dY * gamma
    dX = (g - g.mean(axis=0) - normal * (g * normal).mean(axis=0)) / deviation
    return (dY * normal).sum(axis=0), dY.sum(axis=0), dX


def norm_by_matrices(X, gamma, dY):
    N, deviation = len(X), np.sqrt(X.var(axis=0) + 1e-5)
    normal = (X - X.mean(axis=0)) / deviation
    slopes = [
        (np.eye(N) - 1 / N - np.outer(one, one) / N) * own
        for one, own in zip(normal.T, gamma / deviation, strict=True)
    ]
    dX = np.stack([slope @ own for slope, own in zip(slopes, dY.T, strict=True)], axis=1)
    return np.einsum("ij,ij->j", dY, normal), np.ones(N) @ dY, dX


NORM_BACK = [norm_in_one_line, norm_as_published, norm_with_less_exact_variance, norm_by_matrices]


@pytest.mark.parametrize("form", NORM_BACK)
def test_right_forms_of_batch_norm_are_within_a_hundredth_of_what_is_allowed(form):
    check = exercises.check_norm_back
    check_again = dataclasses.replace(check, within=check.within / 100)
    assert check.within == 1e-9
    for one in (check, check_again):
        assert one(lambda X, gamma, dY: form(X, gamma, dY)).correct


def test_batch_norm_in_float32_is_near_but_not_near_enough():
    def norm_back(X, gamma, dY):
        arrays = (array.astype(np.float32) for array in (X, gamma, dY))
        return norm_in_one_line(*arrays)

    answer = exercises.check_norm_back(norm_back)
    assert not answer.correct
    assert "some numbers differ from the true ones by more than 1e-09" in answer.text
    assert "float32 have seven digits" in answer.text
