"""check_gradients: right where the engine is right, alarmed where something is wrong."""

import sys

import numpy as np
import pytest
from helpers import (
    ACTIVATIONS,
    LOSSES,
    assert_unchanged,
    keep_off_kinks,
    make_network,
    parameters_of,
)

import bp_helpers as bp
from bp_helpers.gradcheck import STEP, TOLERANCE, compare


class Scaled(bp.Network):
    """A network that takes its gradients, all of them or the `wrong` one, times `factor`."""

    factor = 1.0
    wrong = None

    def backward(self):
        dX = super().backward()
        for name, grad in self.gradients.items():
            grad *= self.factor if self.wrong in (None, name) else 1.0
        return dX * (self.factor if self.wrong in (None, "X") else 1.0)


@pytest.mark.parametrize("loss", LOSSES)
def test_agrees_with_every_layer_and_loss(loss):
    rng = np.random.default_rng(0)
    make_loss, targets = LOSSES[loss]
    activations = [make() for make in ACTIVATIONS.values()]
    network = make_network([3, *[4] * len(activations), 2], activations, make_loss(), rng)
    x, y = rng.normal(size=(4, 3)), targets(rng, 4, 2)
    keep_off_kinks(network, x)
    before, x_before = parameters_of(network), x.copy()
    report = bp.check_gradients(network, x, y)
    assert report.ok, report
    assert 0 < report.max_relative_error <= report.tolerance == 1e-6
    assert list(report.parameters) == [*before, "X"]
    assert_unchanged(before, network)
    np.testing.assert_array_equal(x, x_before)


def test_running_example_agrees_to_many_digits():
    example = bp.running_example()
    report = bp.check_gradients(example.network, example.x, example.y)
    trace = example.network.trace(example.x, example.y)
    for name, check in report.parameters.items():
        np.testing.assert_array_equal(check.analytic, trace[f"d{name}"])
        np.testing.assert_allclose(check.measured, check.analytic, rtol=1e-7)
    assert sum(check.analytic.size for check in report.parameters.values()) == 17 + 2


def test_the_formula_is_the_central_difference():
    """A squared error is a parabola in W and b: its central difference is exact at any step."""
    network = bp.Network([bp.Dense.from_arrays([[3.0]], [1.0])], bp.SquaredError())
    report = bp.check_gradients(network, [[2.0]], [[4.0]], step=0.5)  # prediction 7, error 3
    measured = {name: check.measured.tolist() for name, check in report.parameters.items()}
    assert measured == {"W1": [[6.0]], "b1": [3.0], "X": [[9.0]]}
    # tanh is no parabola: the two points of the formula, by hand
    network = bp.Network([bp.Tanh()], bp.SquaredError())
    report = bp.check_gradients(network, [[0.3]], [[0.0]], step=0.1)
    by_hand = (np.tanh(0.4) ** 2 / 2 - np.tanh(0.2) ** 2 / 2) / 0.2
    assert report.parameters["X"].measured[0, 0] == pytest.approx(by_hand, rel=1e-13)


class Wrong(bp.Tanh):
    """A tanh whose slope is off by one part in `parts`, at input 1 of example 0 only."""

    def __init__(self, parts):
        self.parts = parts

    def backward(self, grad):
        right = super().backward(grad)
        right[0, 1] *= 1 + 1 / self.parts
        return right


@pytest.mark.parametrize(("parts", "ok"), [(1e4, False), (1e9, True)])
def test_one_wrong_entry_is_found_and_only_what_depends_on_it_is_blamed(parts, ok):
    rng = np.random.default_rng(3)
    network = make_network([2, 3, 2], [Wrong(parts)], bp.SquaredError(), rng)
    report = bp.check_gradients(network, rng.normal(size=(1, 2)), rng.normal(size=(1, 2)))
    assert report.ok is ok
    assert bool(report) is ok, "so that `assert check_gradients(...)` fails where it should"
    if not ok:
        errors = {name: check.relative_error for name, check in report.parameters.items()}
        assert (errors["W1"] > 1e-6).tolist() == [[False, True, False]] * 2
        assert (errors["b1"] > 1e-6).tolist() == [False, True, False]
        assert (errors["X"] > 1e-6).any()
        assert max(errors["W2"].max(), errors["b2"].max()) < 1e-6
        assert report.max_relative_error == max(error.max() for error in errors.values())
        assert bp.check_gradients(
            network, rng.normal(size=(1, 2)), rng.normal(size=(1, 2)), tolerance=1e-2
        ).ok


def test_relative_error_divides_by_the_larger_of_the_two():
    network = bp.Network([Wrong(2.0)], bp.SquaredError())  # slope too large by a half
    report = bp.check_gradients(network, [[0.3, 0.8]], [[0.0, 0.0]])
    error = report.parameters["X"].relative_error
    assert error[0, 1] == pytest.approx(1 - 1 / 1.5, rel=1e-6)
    assert error[0, 0] < 1e-8


def test_a_gradient_too_small_to_measure_is_no_alarm():
    # saturated: the slopes are about 1e-13, and rounding moves the measured ones by 1e-11
    network = bp.Network([bp.Dense.from_arrays([[1.0]], [29.0]), bp.Sigmoid()], bp.SquaredError())
    assert bp.check_gradients(network, [[1.0]], [[0.0]]).ok


class NaNGradient(bp.Tanh):
    def backward(self, grad):
        return np.full_like(super().backward(grad), np.nan)


def test_a_nan_gradient_never_passes():
    report = bp.check_gradients(bp.Network([NaNGradient()], bp.SquaredError()), [[0.3]], [[0.0]])
    assert not report.ok
    # nor behind parameters that agree: dX is the last of the three
    rng = np.random.default_rng(0)

    class NaNInput(bp.Dense):
        def backward(self, grad):
            return np.full_like(super().backward(grad), np.nan)

    network = bp.Network([NaNInput(2, 2, rng=rng)], bp.SquaredError())
    report = bp.check_gradients(network, [[0.3, 0.4]], [[0.0, 1.0]])
    assert not report.ok
    assert np.isnan(report.max_relative_error)


def test_the_table_shows_the_largest_gradient_or_the_entry_that_differs():
    example = bp.running_example()
    report = bp.check_gradients(example.network, example.x, example.y)
    assert repr(report) == str(report)
    head, *rows, _, _, last = str(report).splitlines()
    assert head.split() == ["shape", "analytic", "measured", "relative", "error"]
    assert [row.split()[0] for row in rows] == ["W1", "b1", "W2", "b2", "X"]
    for row, check in zip(rows, report.parameters.values(), strict=True):
        largest = check.analytic.flat[np.abs(check.analytic).argmax()]
        assert row.split()[-3:] == [
            "below", "1e-06", "agrees"
        ]  # fmt: skip
        assert row.split()[-5:-3] == [f"{largest:.6f}", f"{largest:.6f}"]
    assert last == "Tolerance: 1e-06."

    network = bp.Network([Wrong(2.0)], bp.SquaredError())
    report = bp.check_gradients(network, [[2.0, 0.1]], [[0.0, -3.0]])
    _, row, *_ = str(report).splitlines()
    slope = (np.tanh(0.1) + 3) * (1 - np.tanh(0.1) ** 2)
    assert row.split() == [
        "X", "(1,", "2)", f"{1.5 * slope:.6f}", f"{slope:.6f}", "3.3e-01", "DIFFERS"
    ]  # fmt: skip
    network = bp.Network([Wrong(2.0)], bp.SquaredError())
    report = bp.check_gradients(network, [[0.5, 3.0]], [[-2.0, 0.0]])  # the wrong one is small
    check = report.parameters["X"]
    assert check.analytic[0, 0] > 10 * check.analytic[0, 1]
    assert f"{check.analytic[0, 1]:.6f}" in str(report)


def test_on_the_kink_the_measured_slope_is_between_the_two():
    network = bp.Network([bp.ReLU()], bp.SquaredError())
    report = bp.check_gradients(network, [[0.0]], [[-1.0]], step=1e-5)
    # left 0, right 1: the two-sided measurement sees a half, the layer decides for the left one
    assert report.parameters["X"].measured[0, 0] == pytest.approx(0.5, rel=1e-4)
    assert report.parameters["X"].analytic[0, 0] == 0
    assert not report.ok


def with_zero_row(factor=1.0, wrong=None):
    """A network whose biases are 0, and inputs of which one row is: its neurons are on the kink."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    x[2] = 0
    layers = [bp.Dense(3, 5, rng=rng), bp.ReLU(), bp.Dense(5, 2, rng=rng)]
    network = Scaled(layers, bp.SquaredError())
    network.factor, network.wrong = factor, wrong
    return network, x, y


def test_an_entry_on_a_kink_is_checked_a_little_beside_and_that_is_said():
    network, x, y = with_zero_row()
    before, x_before = parameters_of(network), x.copy()
    report = bp.check_gradients(network, x, y)
    assert report.ok, report
    on_kink = {name: check.on_kink for name, check in report.parameters.items()}
    assert on_kink == {"W1": 0, "b1": 5, "W2": 0, "b2": 0, "X": 3}
    printed = str(report)
    assert "agrees, 5 beside a kink" in printed
    assert "On a kink, such as a ReLU's at 0, there is no slope" in printed
    assert_unchanged(before, network)
    np.testing.assert_array_equal(x, x_before)


def test_the_gradients_stored_are_those_of_the_point_on_the_kink():
    network, x, y = with_zero_row()
    bp.check_gradients(network, x, y)
    stored = {name: grad.copy() for name, grad in network.gradients.items()}
    fresh, _, _ = with_zero_row()
    fresh.loss_value(x, y)
    fresh.backward()
    for name, grad in stored.items():
        np.testing.assert_array_equal(grad, fresh.gradients[name])


@pytest.mark.parametrize("wrong", ["W1", "b1", "W2", "b2", "X"])
@pytest.mark.parametrize("factor", [0.0, -1.0, 1.01])
def test_on_a_kink_or_not_a_mistake_is_one(wrong, factor):
    network, x, y = with_zero_row(factor, wrong)
    report = bp.check_gradients(network, x, y)
    assert [n for n, c in report.parameters.items() if c.relative_error.max() > 1e-6] == [wrong]


def test_a_mistake_that_is_0_on_the_kink_is_seen_beside_it():
    network, x, y = with_zero_row(2.0, "b1")
    report = bp.check_gradients(network, 0 * x, y)
    wrong = [n for n, c in report.parameters.items() if c.relative_error.max() > 1e-6]
    assert wrong == ["b1"]
    check = report.parameters["b1"]
    assert check.on_kink == 5
    np.testing.assert_allclose(check.analytic, 2 * check.measured, rtol=1e-6)


def test_a_mistake_at_one_point_alone_is_not_put_down_to_a_kink():
    class WrongAtZero(bp.Tanh):
        def slope(self, z, a):
            return np.where(z == 0, 0, super().slope(z, a))

    report = bp.check_gradients(
        bp.Network([WrongAtZero()], bp.SquaredError()), [[0.0, 0.5]], [[-1.0, 1.0]]
    )
    assert not report.ok
    assert report.parameters["X"].on_kink == 0


class Moody(bp.SquaredError):
    """Gives up at a chosen call, in the middle of the measuring."""

    calls = 0

    def forward(self, prediction, target):
        self.calls += 1
        if self.calls == self.last:
            raise ArithmeticError("enough")
        return super().forward(prediction, target)


@pytest.mark.parametrize("last", [2, 3, 8, 17, 37])
def test_parameters_come_back_bit_for_bit_when_the_loss_gives_up(last):
    example = bp.running_example()
    example.network.loss = Moody()
    example.network.loss.last = last
    before, x_before = parameters_of(example.network), example.x.copy()
    with pytest.raises(ArithmeticError, match="enough"):
        bp.check_gradients(example.network, example.x, example.y)
    assert_unchanged(before, example.network)
    np.testing.assert_array_equal(example.x, x_before)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_parameters_come_back_bit_for_bit_wherever_it_is_interrupted(share):
    """The traceback is kept, as a notebook keeps it: what only its end would put back stands."""
    network, x, y = with_zero_row()
    before = parameters_of(network)
    lines = 0

    def count(frame, event, _):
        nonlocal lines
        if frame.f_code.co_filename.endswith(("gradcheck.py", "_slopes.py", "contextlib.py")):
            lines += event == "line"
            if lines == last:
                raise KeyboardInterrupt
            return count

    def check(stop):
        nonlocal lines, last
        lines, last = 0, stop
        trace = sys.gettrace()
        sys.settrace(count)
        try:
            bp.check_gradients(network, x, y)
        finally:
            sys.settrace(trace)

    last = -1
    check(last)
    first = int(share * lines)
    for stop in range(first, first + 12):  # that is once through the lines of a nudge
        with pytest.raises(KeyboardInterrupt) as kept:
            check(stop)
        assert kept
        assert_unchanged(before, network)


def test_gradients_stored_are_those_of_the_point_asked_about():
    example = bp.running_example()
    bp.check_gradients(example.network, example.x, example.y)
    fresh = bp.running_example()
    trace = fresh.network.trace(fresh.x, fresh.y)
    for name, grad in example.network.gradients.items():
        np.testing.assert_array_equal(grad, trace[f"d{name}"])
    np.testing.assert_array_equal(example.network.backward(), trace["dX"])


def test_compare_measures_by_the_larger_of_the_two_but_not_below_the_floor():
    analytic, measured = np.array([2.0, -1.0, 0.0, 1e-12]), np.array([1.0, -1.0, 0.0, 0.0])
    check = compare(analytic, measured, loss=0.5)
    floor = 10 * np.finfo(float).eps / (STEP * TOLERANCE)  # a loss below 1 counts as 1
    np.testing.assert_allclose(check.relative_error, [0.5, 0, 0, 1e-12 / floor])
    other = compare(analytic, measured, loss=-20.0, step=1e-3, tolerance=1e-4)
    assert other.relative_error[3] == pytest.approx(1e-12 / (200 * np.finfo(float).eps / 1e-7))


def normal(size):
    return lambda rng, shape: size * rng.normal(size=shape)


def whole(end):
    return lambda rng, shape: rng.integers(0, end, shape)


def labels(rng, shape):
    return rng.integers(0, shape[1], shape[0])


def penguins(rng, shape):
    return rng.normal([44, 17, 200, 4200], [5, 2, 14, 800], shape)


SQUARED, SOFTMAX = bp.SquaredError, bp.SoftmaxCrossEntropy
# the activation between two layers, or None for one layer; the loss; how x and y are drawn
UNITS = {
    "pixels from 0 to 255": (bp.ReLU, SOFTMAX, whole(256), labels),
    "pixels from 0 to 255, saturating": (bp.Sigmoid, SOFTMAX, whole(256), labels),
    "penguins in mm and g": (bp.GELU, SOFTMAX, penguins, labels),
    "targets of 1e12": (bp.Tanh, SQUARED, normal(1), normal(1e12)),
    "targets of 1e12, a ReLU": (bp.ReLU, SQUARED, normal(1), normal(1e12)),
    "targets of 1e-12": (None, SQUARED, normal(1e-12), normal(1e-12)),
    "inputs of 1e-12": (bp.Tanh, bp.BinaryCrossEntropy, normal(1e-12), whole(2)),
    "inputs of 1e6": (bp.LeakyReLU, SQUARED, normal(1e6), normal(1)),
    "inputs of 1e-12, a ReLU": (bp.ReLU, SOFTMAX, normal(1e-12), labels),
    "zeros and ones, targets of 1e12": (bp.GELU, SQUARED, whole(2), normal(1e12)),
    "inputs of 1e6, targets of 1e-12": (bp.Tanh, SQUARED, normal(1e6), normal(1e-12)),
    "targets of 1e30": (bp.Sigmoid, SQUARED, normal(1), normal(1e30)),
}


def case_of(units, rng):
    activation, loss, inputs, targets = UNITS[units]
    if activation is None:
        layers = [bp.Dense(4, 3, rng=rng)]
    else:
        layers = [bp.Dense(4, 5, rng=rng), activation(), bp.Dense(5, 3, rng=rng)]
    return Scaled(layers, loss()), inputs(rng, (5, 4)), targets(rng, (5, 3))


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("factor", [1.0, 2.0, -1.0, 0.0])
def test_any_units_right_ones_agree_and_wrong_ones_are_caught(units, factor):
    for seed in range(2):
        network, x, y = case_of(units, np.random.default_rng(seed))
        network.factor = factor
        before = parameters_of(network)
        report = bp.check_gradients(network, x, y)
        assert report.ok is (factor == 1.0), f"seed {seed}\n{report}"
        assert_unchanged(before, network)


@pytest.mark.parametrize("size", [1e-30, 1e-12, 1e12, 1e30])
@pytest.mark.parametrize("wrong", ["W1", "b1", "W2", "b2", "X"])
def test_a_mistake_in_one_array_is_caught_whatever_the_size_of_all(size, wrong):
    rng = np.random.default_rng(0)
    x, y = size * rng.normal(size=(4, 3)), rng.normal(size=(4, 2)) * min(size, 1.0)
    layers = [bp.Dense(3, 4, rng=rng), bp.LeakyReLU(0.3), bp.Dense(4, 2, rng=rng)]
    network = Scaled(layers, bp.SquaredError())
    assert bp.check_gradients(network, x, y).ok
    network.wrong = wrong
    for network.factor in (0.0, 1.01):
        report = bp.check_gradients(network, x, y)
        assert report.parameters[wrong].relative_error.max() > 1e-6, report


def test_a_network_that_adds_to_its_loss_is_measured_with_it():
    class Decaying(bp.Network):
        def loss_value(self, x, y):
            sizes = [float((w**2).sum()) for w in self.parameters.values()]
            return super().loss_value(x, y) + 0.05 * sum(sizes)

        def backward(self):
            dX = super().backward()
            for name, w in self.parameters.items():
                self.gradients[name].__iadd__(0.1 * w)
            return dX

    for size in (1e-6, 1.0, 255.0, 1e6):
        rng = np.random.default_rng(0)
        layers = [bp.Dense(3, 5, rng=rng), bp.ReLU(), bp.Dense(5, 2, rng=rng)]
        network = Decaying(layers, bp.SquaredError())
        x, y = size * rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
        assert bp.check_gradients(network, x, y).ok


class WrongLoss(bp.SquaredError):
    def backward(self):
        return 1.01 * super().backward()


@pytest.mark.parametrize("size", [1.0, 1e12])
def test_a_loss_with_a_wrong_slope_is_caught_in_any_units(size):
    rng = np.random.default_rng(0)
    network = bp.Network([bp.Dense(3, 2, rng=rng), bp.Tanh()], WrongLoss())
    x, y = rng.normal(size=(4, 3)), size * rng.normal(size=(4, 2))
    report = bp.check_gradients(network, x, y)
    assert all(check.relative_error.max() > 1e-6 for check in report.parameters.values())


def test_a_layer_that_is_not_seen_beside_another_is_caught():
    """Its inputs are so small that a nudge of 1e-5 of its weights moves no digit of the loss."""

    class NoWeights(bp.Dense):
        def parameter_gradients(self, grad):
            super().parameter_gradients(grad)
            self.dW = 0 * self.dW

    rng = np.random.default_rng(0)
    network = bp.Network(
        [NoWeights(2, 3, rng=rng), bp.Tanh(), bp.Dense(3, 1, rng=rng)], bp.SquaredError()
    )
    report = bp.check_gradients(network, 1e-12 * rng.normal(size=(4, 2)), rng.normal(size=(4, 1)))
    assert [name for name, c in report.parameters.items() if c.relative_error.max() > 1e-6] == [
        "W1"
    ]


def test_a_step_of_ones_own_is_the_only_one():
    network = bp.Network([bp.Dense.from_arrays([[1.0]], [0.01]), bp.ReLU()], bp.SquaredError())
    report = bp.check_gradients(network, [[0.0]], [[-1.0]], step=0.1)
    assert report.parameters["b1"].measured[0] == pytest.approx((1.11**2 - 1) / 0.4)
    assert not report.ok
    assert bp.check_gradients(network, [[0.0]], [[-1.0]]).ok


def test_what_is_printed_does_not_hang_on_the_last_digit():
    rng = np.random.default_rng(0)
    for seed in range(20):
        wrong = np.random.default_rng(seed).normal(1, 1e-15, 4)
        analytic = np.array([1.5, -3.0, 3.0, 2.0])
        check = bp.ParameterCheck(
            analytic * wrong, analytic * rng.normal(2, 1e-10, 4), 0.5 * rng.normal(1, 1e-10, 4)
        )
        right = bp.ParameterCheck(
            analytic * wrong, analytic * wrong, np.abs(rng.normal(0, 1e-10, 4))
        )
        printed = str(bp.GradientReport({"W1": check, "b1": right}, 1e-6))
        _, first, second, *_ = printed.splitlines()
        assert first.split()[2:] == ["1.500000", "3.000000", "5.0e-01", "DIFFERS"]
        assert second.split()[2:] == ["-3.000000", "-3.000000", "below", "1e-06", "agrees"]


@pytest.mark.parametrize("size", [1e-13, 1e-5, 1e6, 1e150])
def test_any_size_is_printed_with_its_digits(size):
    array = np.array([1.2345 * size])
    printed = str(bp.GradientReport({"W1": bp.ParameterCheck(array, array, 0 * array)}, 1e-6))
    assert printed.splitlines()[1].split()[2] == f"{1.2345 * size:.3e}"


# ---- Where rounding may do much ----------------------------------------------------------------


class Exaggerating(bp.Dense):
    """Gradients that are far from right."""

    def parameter_gradients(self, grad):
        super().parameter_gradients(grad)
        self.dW, self.db = 100 * self.dW, -50 * self.db


@pytest.mark.parametrize("activation", [bp.ReLU, bp.LeakyReLU])
@pytest.mark.parametrize("W", [[[1.0], [-1.0]], [[-1.0], [1.0]]])
def test_a_sum_that_cancels_on_a_kink_does_not_let_everything_pass(activation, W):
    for kind, ok in ((bp.Dense, True), (Exaggerating, False)):
        network = bp.Network([kind.from_arrays(W, [0.0]), activation()], bp.SquaredError())
        report = bp.check_gradients(network, [[1.0, 1.0]], [[1.0]])
        assert report.ok is ok, report
        assert report.parameters["W1"].on_kink == 2


def test_equal_rows_on_a_kink_do_not_let_everything_pass():
    class Doubled(bp.BatchNorm):
        def parameter_gradients(self, grad):
            super().parameter_gradients(grad)
            self.dbeta = 2 * self.dbeta

    for kind, ok in ((bp.BatchNorm, True), (Doubled, False)):
        network = bp.Network([kind(1), bp.LeakyReLU()], bp.SquaredError())
        assert bp.check_gradients(network, [[0.3], [0.3]], [[1.0], [1.0]]).ok is ok


def test_what_is_drawn_at_random_is_refused():
    class Drop(bp.Layer):
        rng = np.random.default_rng(0)

        def forward(self, x):
            self.mask = 2.0 * (self.rng.random(np.shape(x)) < 0.5)
            return x * self.mask

        def backward(self, grad):
            return -5 * grad * self.mask

    layers = [bp.Dense(2, 3, rng=np.random.default_rng(1)), Drop()]
    with pytest.raises(ValueError, match=r"two losses at one point.*drawn at random"):
        bp.check_gradients(bp.Network(layers, bp.SquaredError()), np.ones((4, 2)), np.ones((4, 3)))


def sure(loss, W, y):
    """A network that is sure of its answer, and right."""
    W = np.array(W, float)
    return bp.Network([bp.Dense.from_arrays(W, 0 * W[0])], loss), [[1.0]], y


@pytest.mark.parametrize("z", [10, 18, 19, 25, 36, 40, 58])
def test_a_network_that_is_sure_is_no_false_alarm(z):
    cases = [
        sure(bp.SoftmaxCrossEntropy(), [[z, 0]], [0]),
        sure(bp.SoftmaxCrossEntropy(), [[0, z, 1]], [1]),
        sure(bp.BinaryCrossEntropy(), [[z]], [[1]]),
        sure(bp.BinaryCrossEntropy(), [[-z]], [[0]]),
        (bp.Network([bp.Dense.from_arrays([[-z / 5]], [0]), bp.GELU()], bp.SquaredError()),
         [[1.0]], [[0.3]]),
    ]  # fmt: skip
    for network, x, y in cases:
        report = bp.check_gradients(network, x, y)
        assert report.ok, report


def test_a_trained_network_is_no_false_alarm():
    digits, rng = bp.load_digits(), np.random.default_rng(0)
    layers = [bp.Dense(64, 8, rng=rng, start="he"), bp.Tanh(), bp.Dense(8, 10, rng=rng)]
    network = bp.Network(layers, bp.SoftmaxCrossEntropy())
    x, y = 16 * digits.x_train, digits.y_train
    bp.fit(network, bp.Adam(network, 0.003), x, y, 20, 32, rng)
    for row in range(3):
        report = bp.check_gradients(network, x[row : row + 1], y[row : row + 1])
        assert report.ok, report


def test_after_an_interrupted_check_there_is_no_loss_to_go_back_from(monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    network = bp.Network([bp.Dense(2, 1, rng=np.random.default_rng(0))], bp.SquaredError())
    monkeypatch.setattr("bp_helpers.gradcheck.compare", interrupted)  # after the first nudges
    with pytest.raises(KeyboardInterrupt):
        bp.check_gradients(network, [[1.0, 2.0]], [[0.0]])
    with pytest.raises(RuntimeError, match="goes back from a loss, and none belongs"):
        network.backward()


class Log(bp.Activation):
    """An activation whose domain ends at 0."""

    def value(self, z):
        return np.log(z)

    def slope(self, z, a):
        return 1 / z


def test_close_to_where_a_function_ends_a_smaller_step_is_taken():
    x, y = [[1e-6, 2e-6, 0.5]], [[0.0, 0.0, 0.0]]
    report = bp.check_gradients(bp.Network([Log()], bp.SquaredError()), x, y)
    assert report.ok, report
    wrong = type("Wrong", (Log,), {"slope": lambda self, z, a: 1.01 / z})
    assert not bp.check_gradients(bp.Network([wrong()], bp.SquaredError()), x, y)
    with pytest.raises(ValueError, match="NaN or infinite"):
        bp.check_gradients(bp.Network([Log()], bp.SquaredError()), x, y, step=1e-5)


def test_few_examples_before_a_batch_norm_are_no_false_alarm():
    for seed in range(51, 56):
        rng = np.random.default_rng(seed)
        layers = [bp.Dense(3, 4, rng=rng), bp.BatchNorm(4), bp.Tanh(), bp.Dense(4, 2, rng=rng)]
        x, y = rng.normal(size=(2, 3)), rng.normal(size=(2, 2))
        report = bp.check_gradients(bp.Network(layers, bp.SquaredError()), x, y)
        assert report.ok, report


def test_equal_rows_of_zeros_before_a_batch_norm_are_no_false_alarm():
    layers = [bp.Dense.from_arrays([[0.7]], [0.5]), bp.BatchNorm(1), bp.Tanh()]
    network = bp.Network(layers, bp.SquaredError())
    report = bp.check_gradients(network, [[0.0], [0.0]], [[0.0], [1.0]])
    assert report.ok, report
