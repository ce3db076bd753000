"""Layers and activations of a learner's own that are not finished."""

import subprocess
import sys
from decimal import Decimal

import numpy as np
import pytest

import bp_helpers as bp

X, Y = np.array([[0.5, -1.0], [2.0, 0.1], [-0.3, 0.4]]), np.array([[1.0], [0.0], [1.0]])


class Scale(bp.Layer):
    """A layer as CONTRIBUTING shows one."""

    parameter_names = ("s",)

    def __init__(self):
        self.s = np.ones(3)

    def forward(self, x):
        self.x = np.asarray(x)
        return self.x * self.s

    def backward(self, grad):
        self.ds = (grad * self.x).sum(axis=0)
        return grad * self.s


def network(own):
    rng = np.random.default_rng(0)
    return bp.Network([bp.Dense(2, 3, rng=rng), own, bp.Dense(3, 1, rng=rng)], bp.SquaredError())


def learn(net):
    net.loss_value(X, Y)
    net.backward()
    bp.GradientDescent(net, 0.1).step()


def without_return(kind, method):
    return type("Own", (kind,), {method: lambda *_: None})()


@pytest.mark.parametrize(
    ("kind", "method"),
    [(Scale, "forward"), (Scale, "backward"), (bp.Sigmoid, "value"), (bp.Sigmoid, "slope")],
)
@pytest.mark.parametrize("use", [learn, lambda net: net.trace(X, Y)], ids=["learn", "trace"])
def test_what_has_no_return_is_named(kind, method, use):
    says = rf"Own\(\)\.{method} returned None: does it end without `return`\?"
    with pytest.raises(TypeError, match=says):
        use(network(without_return(kind, method)))


@pytest.mark.parametrize("method", ["forward", "backward"])
@pytest.mark.parametrize("use", [learn, lambda net: net.trace(X, Y)], ids=["learn", "trace"])
def test_a_loss_that_has_no_return_is_named(method, use):
    net = network(Scale())
    net.loss = without_return(bp.SquaredError, method)
    with pytest.raises(TypeError, match=rf"Own\(\)\.{method} returned None"):
        use(net)


def test_two_parameters_of_one_name_are_refused():
    class Two(Scale):
        parameter_names = ("s", "s1")
        s1 = np.ones(3)

    net = bp.Network([Two(), *(Scale() for _ in range(10))], bp.SquaredError())
    with pytest.raises(ValueError, match="two parameters would be called s11, the second 's' of"):
        _ = net.parameters


def test_the_layer_is_right_as_it_is():
    assert bp.check_gradients(network(Scale()), X, Y)


@pytest.mark.parametrize(
    ("gradient", "error", "says"),
    [
        ([1.0, 2.0, 3.0], TypeError, r"the gradient of s2 is \[1.0, 2.0, 3.0\]: it must be"),
        (np.ones((1, 3)), ValueError, r"s2 has shape \(3,\) .* shape \(1, 3\)"),
    ],
)
def test_a_gradient_of_another_kind_moves_nothing(gradient, error, says):
    own = Scale()
    own.backward = lambda grad: (setattr(own, "ds", gradient), grad)[1]
    net = network(own)
    before = {name: array.copy() for name, array in net.parameters.items()}
    with pytest.raises(error, match=says):
        learn(net)
    for name, array in net.parameters.items():
        assert np.array_equal(array, before[name])


def test_a_gradient_of_another_shape_does_not_pass_the_check():
    own = Scale()
    own.backward = lambda grad: (setattr(own, "ds", np.ones((1, 3))), grad)[1]
    with pytest.raises(ValueError, match=r"s2 has shape \(3,\), but its gradient has shape \(1, 3"):
        bp.check_gradients(network(own), X, Y)


def test_whole_numbers_take_no_step():
    own = Scale()
    own.s = np.ones(3, dtype=int)
    own.backward = lambda grad: (setattr(own, "ds", np.ones(3, dtype=int)), grad)[1]
    net = network(own)
    W1 = net.parameters["W1"].copy()
    with pytest.raises(TypeError, match="s2 has dtype int64: a step needs float64 or float32"):
        learn(net)
    assert np.array_equal(net.parameters["W1"], W1)


def test_a_number_is_no_parameter():
    own = Scale()
    own.s = 1.0
    for use in (learn, lambda net: bp.check_gradients(net, X, Y)):
        with pytest.raises(TypeError, match=r"s2 is 1.0: a parameter must be a NumPy array"):
            use(network(own))


@pytest.mark.parametrize("first", [None, bp.Sigmoid(), X], ids=["None", "a layer", "the data"])
def test_what_is_checked_is_a_network(first):
    with pytest.raises(TypeError, match="it takes a Network, then x and y"):
        bp.check_gradients(first, X, Y)


@pytest.mark.parametrize("step", [1e-14, 1e-17, 1e-300])
def test_a_step_with_which_no_mistake_would_show_is_refused(step):
    class Wrong(bp.Sigmoid):
        def slope(self, z, a):
            return a

    with pytest.raises(ValueError, match="Take a larger step, or none"):
        bp.check_gradients(network(Wrong()), X, Y, step=step)
    assert not bp.check_gradients(network(Wrong()), X, Y, step=1e-7)


def test_a_whole_number_of_any_size_is_shown(capsys):
    bp.show(n=2**70)
    assert "1.18" in capsys.readouterr().out


@pytest.mark.parametrize("make", [bp.make_moons, bp.make_spirals])
def test_what_is_refused_draws_nothing(make):
    rng = np.random.default_rng(3)
    with pytest.raises(ValueError, match="noise"):
        make(10, rng=rng, noise=-1)
    assert rng.random() == np.random.default_rng(3).random()


# Interrupts a small forward pass after each line of _checks in turn, as Ctrl-C may.
QUIET = """
import sys, numpy as np, bp_helpers as bp
from bp_helpers import _checks
sigmoid, x, left = bp.Sigmoid(), np.ones((1, 2)), 0
for stop in range(200):
    count = 0
    def trace(frame, event, arg):
        global count
        frame.f_trace_opcodes = True
        count += event == "opcode" and frame.f_code.co_filename == _checks.__file__
        if count == stop + 1 and event == "opcode":
            count += 1
            raise KeyboardInterrupt
        return trace
    try:
        sys.settrace(trace)
        sigmoid.forward(x)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(None)
print(_checks._QUIET.get(), np.geterr()["over"])
"""


@pytest.mark.parametrize("method", ["forward", "backward", "predict"])
def test_inside_a_residual_what_has_no_return_is_named_as_well(method):
    net = network(bp.Residual([without_return(Scale, method)]))
    use = net.predict if method == "predict" else lambda x: (net.loss_value(x, Y), net.backward())
    with pytest.raises(TypeError, match=rf"{method} returned None: does it end without `return`"):
        use(X)


def test_one_text_is_no_tuple_of_names():
    with pytest.raises(TypeError, match=r'is the text "scale": .* such as \("scale",\), with the'):
        type("Forgetful", (bp.Layer,), {"parameter_names": "scale"})


def test_a_loss_that_forgets_the_mean_is_refused_before_a_step():
    class Each(bp.SquaredError):
        def forward(self, prediction, target):
            super().forward(prediction, target)
            return (self._difference**2).sum(axis=1)

    net = bp.Network([bp.Dense(2, 1, rng=np.random.default_rng(0))], Each())
    before = net.parameters["W1"].copy()
    optimizer = bp.GradientDescent(net, 0.1)
    with pytest.raises(
        ValueError, match=r"forward returned an array of shape \(4,\): a loss is one"
    ):
        bp.fit(net, optimizer, np.ones((4, 2)), np.ones((4, 1)), 1, 2, np.random.default_rng(0))
    np.testing.assert_array_equal(net.parameters["W1"], before)


def test_a_layer_that_comes_twice_into_the_list_later_is_refused():
    dense = bp.Dense(2, 2, rng=np.random.default_rng(0))
    net = bp.Network([dense, bp.Tanh()], bp.SquaredError())
    net.layers.append(dense)
    with pytest.raises(ValueError, match=r"Dense\(2, 2\) stands twice in this list of layers"):
        net.loss_value(np.ones((1, 2)), np.ones((1, 2)))
    skip = bp.Residual([bp.Dense(2, 2, rng=np.random.default_rng(0))])
    skip.layers.append(skip.layers[0])
    with pytest.raises(ValueError, match="stands twice"):
        skip.forward(np.ones((1, 2)))


@pytest.mark.parametrize("kind", ["dense", "residual", "activation"])
def test_a_pass_of_another_network_with_the_same_x_is_another_pass(kind):
    shared = {
        "dense": bp.Dense(2, 2, rng=np.random.default_rng(0)),
        "residual": bp.Residual([bp.Dense(2, 2, rng=np.random.default_rng(0))]),
        "activation": bp.Tanh(),
    }[kind]
    one, two = (bp.Network([shared], bp.SquaredError()) for _ in range(2))
    x, y = np.ones((1, 2)), np.zeros((1, 2))
    one.loss_value(x, y)
    two.loss_value(x, y)
    with pytest.raises(RuntimeError, match="remembers another forward pass"):
        one.backward()


def test_a_read_only_array_is_copied_where_it_becomes_a_parameter():
    net = bp.Network([bp.Dense(3, 2, rng=np.random.default_rng(0))], bp.SquaredError())
    net.layers[0].W = np.broadcast_to([1.0, 2.0], (3, 2))
    net.loss_value(np.array([[1.0, 0.0, 0.0]]), np.zeros((1, 2)))
    net.backward()
    bp.GradientDescent(net, 0.1).step()
    np.testing.assert_allclose(net.parameters["W1"], [[0.9, 1.8], [1.0, 2.0], [1.0, 2.0]])


def test_a_loss_in_the_place_of_another_is_told():
    net = bp.Network([bp.Dense(2, 1, rng=np.random.default_rng(0))], bp.SquaredError())
    net.loss_value(np.ones((1, 2)), np.ones((1, 1)))
    net.loss = bp.BinaryCrossEntropy()
    with pytest.raises(RuntimeError, match="or it was put in the place of another loss"):
        net.backward()


@pytest.mark.parametrize("rate", [np.array(0.1), Decimal("0.1"), np.float32(0.1)])
def test_a_number_of_any_kind_is_a_learning_rate(rate):
    net = bp.Network([bp.Dense(2, 1, rng=np.random.default_rng(0))], bp.SquaredError())
    assert bp.GradientDescent(net, rate).learning_rate == pytest.approx(0.1)
    with pytest.raises(ValueError, match="learning_rate is True"):
        bp.GradientDescent(net, True)


def test_an_interrupt_leaves_no_quiet_behind():
    quiet = subprocess.run(
        [sys.executable, "-c", QUIET], capture_output=True, text=True, timeout=120, check=False
    )
    assert quiet.stdout.strip() == "False warn", quiet.stderr
