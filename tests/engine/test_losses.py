"""Every loss: values, every entry of the gradient, limits, accuracy, dtypes."""

import math

import numpy as np
import pytest
from helpers import LOSSES, assert_gradient

import bp_helpers as bp


@pytest.mark.parametrize(("n", "k"), [(1, 2), (4, 1), (3, 3), (6, 4)])
@pytest.mark.parametrize("name", LOSSES)
def test_gradient(name, n, k):
    rng = np.random.default_rng(n)
    make, targets = LOSSES[name]
    loss, prediction, target = make(), rng.normal(0, 2, (n, k)), targets(rng, n, k)
    loss.forward(prediction, target)
    gradient = loss.backward()
    assert_gradient(name, gradient, lambda: loss.forward(prediction, target), prediction)


def test_squared_error_by_hand():
    loss = bp.SquaredError()
    # (1/2 (1 + 4) + 1/2 (0 + 9)) / 2
    assert loss.forward([[1.0, 2.0], [3.0, 0.0]], [[0.0, 0.0], [3.0, 3.0]]) == 3.5
    np.testing.assert_array_equal(loss.backward(), [[0.5, 1], [0, -1.5]])


def test_binary_cross_entropy_by_hand():
    loss = bp.BinaryCrossEntropy()
    log3 = math.log(3)  # sigmoid(log 3) = 3/4
    value = loss.forward([[log3, -log3], [0.0, log3]], [[1, 1], [0, 0.25]])
    row1 = -math.log(3 / 4) - math.log(1 / 4)
    row2 = -math.log(1 / 2) - 0.25 * math.log(3 / 4) - 0.75 * math.log(1 / 4)
    assert value == pytest.approx((row1 + row2) / 2, rel=1e-14)
    np.testing.assert_allclose(loss.backward(), [[-1 / 8, -3 / 8], [1 / 4, 1 / 4]], rtol=1e-14)
    np.testing.assert_allclose(loss.probabilities([[log3, 0.0]]), [[0.75, 0.5]], rtol=1e-14)


def test_softmax_cross_entropy_by_hand():
    loss = bp.SoftmaxCrossEntropy()
    logits = np.log([[1.0, 2.0, 5.0], [4.0, 2.0, 2.0]])  # p = 1/8, 2/8, 5/8 and 4/8, 2/8, 2/8
    by_labels = loss.forward(logits, [2, 1])
    assert by_labels == pytest.approx((-math.log(5 / 8) - math.log(2 / 8)) / 2, rel=1e-14)
    slopes = loss.backward()
    np.testing.assert_allclose(
        slopes, np.array([[1 / 8, 2 / 8, -3 / 8], [4 / 8, -6 / 8, 2 / 8]]) / 2, rtol=1e-14
    )
    by_rows = loss.forward(logits, [[0, 0, 1], [0, 1, 0]])
    assert by_rows == by_labels
    np.testing.assert_array_equal(loss.backward(), slopes)
    mixed = loss.forward(logits[:1], [[0.5, 0.25, 0.25]])
    wanted = -0.5 * math.log(1 / 8) - 0.25 * math.log(2 / 8) - 0.25 * math.log(5 / 8)
    assert mixed == pytest.approx(wanted, rel=1e-14)
    p = loss.probabilities(logits)
    np.testing.assert_allclose(p, [[0.125, 0.25, 0.625], [0.5, 0.25, 0.25]], rtol=1e-14)


def test_softmax_ignores_what_is_added_to_a_whole_row():
    logits, labels = np.array([[0.5, -1.0, 2.0]]), [0]
    loss = bp.SoftmaxCrossEntropy()
    value = loss.forward(logits, labels)
    slopes = loss.backward()
    assert slopes.sum() == pytest.approx(0, abs=1e-15)
    assert loss.forward(logits + 1000, labels) == pytest.approx(value, rel=1e-12)


def test_softmax_of_two_classes_is_the_sigmoid_of_their_difference():
    z = np.array([[0.3], [-2.0], [5.0]])
    target = np.array([[1], [0], [0]])
    two_logits = np.hstack([np.zeros_like(z), z])
    binary, softmax = bp.BinaryCrossEntropy(), bp.SoftmaxCrossEntropy()
    assert binary.forward(z, target) == pytest.approx(softmax.forward(two_logits, target[:, 0]))
    np.testing.assert_allclose(binary.backward(), softmax.backward()[:, 1:], rtol=1e-13)


# loss, logits, target, value, gradient: far out, the loss is the distance itself
SATURATED = [
    (bp.BinaryCrossEntropy, [[800.0]], [[0]], 800, [[1]]),
    (bp.BinaryCrossEntropy, [[-800.0]], [[1]], 800, [[-1]]),
    (bp.BinaryCrossEntropy, [[800.0]], [[1]], 0, [[0]]),
    (bp.BinaryCrossEntropy, [[1e4, -1e4]], [[0, 1]], 2e4, [[1, -1]]),
    (bp.BinaryCrossEntropy, [[1e4]], [[0.25]], 7500, [[0.75]]),
    (bp.SoftmaxCrossEntropy, [[1e4, -1e4]], [1], 2e4, [[1, -1]]),
    (bp.SoftmaxCrossEntropy, [[1e4, -1e4]], [0], 0, [[0, 0]]),
    (bp.SoftmaxCrossEntropy, [[1e4, 1e4]], [0], math.log(2), [[-0.5, 0.5]]),
    (bp.SoftmaxCrossEntropy, [[-1e4, -1e4, 1e4]], [[0.5, 0.5, 0]], 2e4, [[-0.5, -0.5, 1]]),
    # each row by itself: the size of one must not swallow the other
    (
        bp.SoftmaxCrossEntropy,
        [[1e4, 1e4], [0, 0]],
        [0, 1],
        math.log(2),
        [[-0.25, 0.25], [0.25, -0.25]],
    ),
    (bp.SquaredError, [[1e4]], [[-1e4]], 2e8, [[2e4]]),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("make", "logits", "target", "value", "gradient"), SATURATED)
def test_huge_logits(make, logits, target, value, gradient, dtype):
    loss = make()
    rounding = 4 * float(np.finfo(dtype).eps)
    assert loss.forward(np.array(logits, dtype), target) == pytest.approx(value, rel=rounding)
    slopes = loss.backward()
    assert slopes.dtype == dtype
    np.testing.assert_allclose(slopes, gradient, rtol=rounding, atol=1e-43)


def test_small_losses_keep_their_digits():
    # log(1 + e^-40) is e^-40 to 17 digits, though 1 + e^-40 rounds to 1
    loss = bp.BinaryCrossEntropy().forward([[40.0]], [[1]])
    assert loss == pytest.approx(math.exp(-40), rel=1e-14, abs=0)


@pytest.mark.parametrize("name", LOSSES)
def test_float32_stays_and_agrees(name):
    rng = np.random.default_rng(5)
    make, targets = LOSSES[name]
    prediction, target = rng.normal(size=(7, 3)), targets(rng, 7, 3)
    loss = make()
    value, slopes = loss.forward(prediction, target), loss.backward()
    value32, slopes32 = loss.forward(prediction.astype(np.float32), target), loss.backward()
    assert type(value) is type(value32) is float
    assert slopes.dtype == np.float64
    assert slopes32.dtype == np.float32
    assert value32 == pytest.approx(value, rel=1e-5)
    np.testing.assert_allclose(slopes32, slopes, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_nothing_given_is_changed_and_backward_repeats_itself(name):
    rng = np.random.default_rng(6)
    make, targets = LOSSES[name]
    prediction, target = rng.normal(size=(4, 3)), targets(rng, 4, 3)
    prediction_before, target_before = prediction.copy(), target.copy()
    loss = make()
    loss.forward(prediction, target)
    first = loss.backward().copy()
    np.testing.assert_array_equal(loss.backward(), first)
    np.testing.assert_array_equal(prediction, prediction_before)
    np.testing.assert_array_equal(target, target_before)


def test_decisions_and_accuracy():
    yes_no, choice, squared = bp.BinaryCrossEntropy(), bp.SoftmaxCrossEntropy(), bp.SquaredError()
    logits = np.array([[-1.0, 2.0], [0.0, -3.0]])
    decided = yes_no.decide(logits)
    assert decided.tolist() == [[0, 1], [0, 0]]  # p = 1/2 is not a yes
    assert decided.dtype.kind == "i"
    assert yes_no.accuracy(logits, np.array([[0, 1], [1, 1]])) == 0.5
    assert yes_no.accuracy(logits, np.array([[0.2, 0.9], [0.4, 0.6]])) == 0.75
    scores = np.array([[1.0, 3.0, 2.0], [5.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    assert choice.decide(scores).tolist() == [1, 0, 2, 1]
    assert choice.accuracy(scores, np.array([1, 0, 2, 2])) == 0.75
    assert choice.accuracy(scores, np.eye(3)[[1, 1, 2, 2]]) == 0.5
    assert squared.accuracy(scores, scores) is None
    assert squared.decide(scores) is scores


def test_a_loss_of_ones_own_starts_from_the_base_class():
    class Mean(bp.Loss):
        pass

    for call in (lambda: Mean().forward([[1.0]], [[1.0]]), Mean().backward):
        with pytest.raises(NotImplementedError, match=r"Mean has no (forward|backward) yet"):
            call()
    assert repr(Mean()) == "Mean()"


@pytest.mark.parametrize(
    ("loss", "prediction", "target"),
    [
        (bp.BinaryCrossEntropy(), np.array([[2.0], [-1.0]]), np.array([0.0, 1.0])),
        (bp.SoftmaxCrossEntropy(), np.array([[2.0, 0.0], [1.0, 3.0]]), np.array([[0], [1]])),
    ],
)
def test_accuracy_refuses_a_target_of_another_shape_as_the_loss_does(loss, prediction, target):
    """NumPy would compare each with each."""
    for refuses in (loss.forward, loss.accuracy):
        with pytest.raises(ValueError, match=r"use np\.(reshape|ravel)\(target"):
            refuses(prediction, target)


# ---- Sure of it --------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [1.0, 20.0, 40.0, 300.0])
def test_a_small_error_keeps_its_digits(z):
    small = math.exp(-z) / (1 + math.exp(-z))
    for loss, logits, target in [
        (bp.SoftmaxCrossEntropy(), [[z, 0.0]], [0]),
        (bp.BinaryCrossEntropy(), [[z]], [[1.0]]),
        (bp.BinaryCrossEntropy(), [[-z]], [[0.0]]),
    ]:
        assert loss.forward(logits, target) == pytest.approx(math.log1p(math.exp(-z)), rel=1e-12)
        np.testing.assert_allclose(np.abs(loss.backward()), small, rtol=1e-12)


def test_a_row_that_adds_up_to_one_but_for_rounding_has_the_slope_of_its_loss():
    z, t = np.array([[3.0, 0.0, -1.0]]), np.array([[0.3333, 0.3333, 0.3333]])
    loss = bp.SoftmaxCrossEntropy()
    loss.forward(z, t)
    measured = [
        (loss.forward(z + 1e-6 * e, t) - loss.forward(z - 1e-6 * e, t)) / 2e-6 for e in np.eye(3)
    ]
    loss.forward(z, t)
    np.testing.assert_allclose(loss.backward()[0], measured, rtol=1e-8)


@pytest.mark.parametrize("loss", [bp.SquaredError(), bp.BinaryCrossEntropy()])
def test_a_target_too_large_for_the_dtype_of_the_prediction_is_refused(loss):
    with pytest.raises(ValueError, match=r"1e\+39 at index \(1, 0\), and computes in float32"):
        loss.forward(np.zeros((2, 1), np.float32), np.array([[0.0], [1e39]]))
