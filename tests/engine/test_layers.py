"""Every layer: values, every entry of every gradient, kinks, huge inputs, dtypes."""

import math
import re

import numpy as np
import pytest
from helpers import ACTIVATIONS, KINKED, assert_layer_gradients

import bp_helpers as bp

SHAPES = {"one example": (1, 3), "one column": (4, 1), "not square": (5, 4), "square": (3, 3)}


def each(table):
    return pytest.mark.parametrize("key", table)


def activation_input(activation, shape, rng):
    """Draw inputs of both signs; for a ReLU none within 0.1 of its kink."""
    if isinstance(activation, KINKED):
        return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.1, 2, shape)
    return rng.normal(0, 1.5, shape)


@each(SHAPES)
def test_dense_gradients(key):
    rng = np.random.default_rng(1)
    n, n_in = SHAPES[key]
    for n_out in (1, 2, n_in):
        dense = bp.Dense.from_arrays(rng.normal(size=(n_in, n_out)), rng.normal(size=n_out))
        assert_layer_gradients(dense, rng.normal(size=(n, n_in)), rng.normal(size=(n, n_out)))


@each(ACTIVATIONS)
def test_activation_gradients(key):
    rng = np.random.default_rng(2)
    for shape in [*SHAPES.values(), (6,), (2, 3, 2)]:
        layer = ACTIVATIONS[key]()
        x = activation_input(layer, shape, rng)
        assert_layer_gradients(layer, x, rng.normal(size=shape))


def test_dense_adds_the_bias_to_every_row():
    dense = bp.Dense.from_arrays(W=[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], b=[10.0, 20.0, 30.0])
    z = dense.forward([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])
    np.testing.assert_array_equal(z, [[11, 22, 33], [14, 25, 36], [8, 19, 30]])
    dx = dense.backward([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    # gradients are sums over the examples, not means: the 1/N is in the loss
    np.testing.assert_array_equal(dense.dW, [[1, 0, 2], [0, 1, -1]])
    np.testing.assert_array_equal(dense.db, [1, 1, 1])
    np.testing.assert_array_equal(dx, [[1, 4], [2, 5], [3, 6]])


def gelu(z):
    return z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


FORMULAS = {
    "Sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "Tanh": math.tanh,
    "ReLU": lambda z: max(z, 0),
    "LeakyReLU": lambda z: max(z, 0.1 * z),
    "Identity": lambda z: z,
    "GELU": gelu,
}


@each(FORMULAS)
def test_activation_values(key):
    z = np.array([-3.0, -1.0, -0.1, 0.0, 0.1, 1.0, 3.0])
    a = ACTIVATIONS[key]().forward(z)
    np.testing.assert_allclose(a, [FORMULAS[key](float(v)) for v in z], rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize(("layer", "slope"), [(bp.ReLU(), 0.0), (bp.LeakyReLU(0.25), 0.25)])
def test_at_the_kink_the_left_slope_is_taken(layer, slope):
    z = np.array([[-1.0, -0.0, 0.0, 1.0]])
    assert layer.forward(z)[0, 1:3].tolist() == [0, 0]
    np.testing.assert_array_equal(layer.backward(np.ones_like(z)), [[slope, slope, slope, 1]])


# name: (limit of the value, limit of the slope) far to the left; the same far to the right
LIMITS = {
    "Sigmoid": ((lambda z: 0, 0), (lambda z: 1, 0)),
    "Tanh": ((lambda z: -1, 0), (lambda z: 1, 0)),
    "ReLU": ((lambda z: 0, 0), (lambda z: z, 1)),
    "LeakyReLU": ((lambda z: z * 0.1, 0.1), (lambda z: z, 1)),
    "Identity": ((lambda z: z, 1), (lambda z: z, 1)),
    "GELU": ((lambda z: 0, 0), (lambda z: z, 1)),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each(LIMITS)
def test_huge_inputs_reach_the_limits_without_a_warning(key, dtype):
    layer = ACTIVATIONS[key]()
    for size in (1e2, 1e4, 1e15, 1e30):
        z = np.array([[-size, size]], dtype)
        a = layer.forward(z)
        slopes = layer.backward(np.ones_like(z))
        wanted = [[limit(float(v)) for v, (limit, _) in zip(z[0], LIMITS[key], strict=True)]]
        rounding = 4 * np.finfo(dtype).eps
        np.testing.assert_allclose(a, wanted, rtol=rounding, atol=1e-43)
        np.testing.assert_allclose(slopes, [[s for _, s in LIMITS[key]]], rtol=rounding, atol=1e-43)


def test_sigmoid_keeps_all_digits_of_small_values():
    z = np.array([-700.0, -100.0, -40.0, -20.0])
    np.testing.assert_allclose(bp.Sigmoid().forward(z), [math.exp(v) for v in z], rtol=1e-8)


@each(ACTIVATIONS)
def test_activations_stay_in_float32_and_agree_with_float64(key):
    layer = ACTIVATIONS[key]()
    z = np.linspace(-6, 6, 40).reshape(8, 5)
    grad = np.cos(z)
    a, dz = layer.forward(z), layer.backward(grad)
    a32 = layer.forward(z.astype(np.float32))
    dz32 = layer.backward(grad.astype(np.float32))
    assert a.dtype == dz.dtype == np.float64
    assert a32.dtype == dz32.dtype == np.float32
    np.testing.assert_allclose(a32, a, rtol=1e-5, atol=1e-6)
    # the slope of GELU adds terms that cancel, each about as large as z
    np.testing.assert_allclose(dz32, dz, rtol=1e-5, atol=1e-5)


def test_dense_stays_in_float32():
    dense = bp.Dense(3, 2, rng=np.random.default_rng(0), dtype=np.float32)
    assert dense.forward(np.ones((4, 3), np.float32)).dtype == np.float32
    assert dense.backward(np.ones((4, 2), np.float32)).dtype == np.float32
    arrays = [*dense.parameters.values(), *dense.gradients.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("x", [[[1, 2]], [[1.0, 2.0]], [[True, False]], np.array([[1, 2]], "u1")])
def test_lists_integers_and_booleans_are_read_as_the_dtype_of_w(x):
    for dtype in (np.float32, np.float64):
        dense = bp.Dense.from_arrays(np.eye(2, dtype=dtype), np.zeros(2, dtype))
        z = dense.forward(x)
        np.testing.assert_array_equal(z, np.array(x, dtype), strict=True)
        assert dense.backward([[1, 0]]).dtype == dtype
    for make in ACTIVATIONS.values():
        assert make().forward(x).dtype == np.float64


def test_starts_of_dense():
    n_in, n_out = 300, 100
    xavier = bp.Dense(n_in, n_out, rng=np.random.default_rng(0))
    limit = math.sqrt(6 / (n_in + n_out))
    assert np.abs(xavier.W).max() <= limit
    assert xavier.W.std() == pytest.approx(limit / math.sqrt(3), rel=0.02)  # a uniform's deviation
    he = bp.Dense(n_in, n_out, rng=np.random.default_rng(0), start="he")
    assert he.W.std() == pytest.approx(math.sqrt(2 / n_in), rel=0.02)
    assert np.abs(he.W).max() > 3 * math.sqrt(2 / n_in)  # a normal has tails
    for dense in (xavier, he):
        assert abs(dense.W.mean()) < 0.01
        np.testing.assert_array_equal(dense.b, np.zeros(n_out))
        assert dense.W.shape == (dense.n_in, dense.n_out) == (n_in, n_out)


def test_start_is_drawn_from_the_generator_given():
    one, same, other = (bp.Dense(3, 4, rng=np.random.default_rng(seed)).W for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    rounded = bp.Dense(3, 4, rng=np.random.default_rng(1), dtype=np.float32).W
    np.testing.assert_array_equal(rounded, one.astype(np.float32), strict=True)


def test_from_arrays_copies():
    W, b = np.ones((2, 2)), np.ones(2)
    dense = bp.Dense.from_arrays(W, b)
    dense.W += 1
    dense.b += 1
    assert W.tolist() == [[1, 1], [1, 1]]
    assert b.tolist() == [1, 1]


def all_layers(rng):
    return [bp.Dense(3, 3, rng=rng), *(make() for make in ACTIVATIONS.values())]


def test_backward_changes_neither_its_input_nor_what_forward_kept():
    rng = np.random.default_rng(3)
    for layer in all_layers(rng):
        x, grad = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
        x_before, grad_before = x.copy(), grad.copy()
        y = layer.forward(x)
        y_before = y.copy()
        first = layer.backward(grad).copy()
        first_gradients = [g.copy() for g in layer.gradients.values()]
        again = layer.backward(grad)  # gradients are stored anew, not added up
        np.testing.assert_array_equal(first, again)
        for before, now in zip(first_gradients, layer.gradients.values(), strict=True):
            np.testing.assert_array_equal(before, now)
        np.testing.assert_array_equal(x, x_before)
        np.testing.assert_array_equal(grad, grad_before)
        np.testing.assert_array_equal(y, y_before)


def test_backward_belongs_to_the_latest_forward():
    rng = np.random.default_rng(4)
    for used, fresh in zip(
        all_layers(np.random.default_rng(0)), all_layers(np.random.default_rng(0)), strict=True
    ):
        used.forward(rng.normal(size=(5, 3)))
        used.backward(rng.normal(size=(5, 3)))
        x, grad = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
        used.forward(x)
        fresh.forward(x)
        np.testing.assert_array_equal(used.backward(grad), fresh.backward(grad))


def test_parameters_are_the_arrays_in_use():
    dense = bp.Dense(2, 3, rng=np.random.default_rng(0))
    with pytest.raises(RuntimeError) as error:
        dense.gradients  # noqa: B018
    assert str(error.value) == (
        "W of Dense(2, 3) has no gradient yet: a backward pass makes it (of a network: "
        "loss_value(x, y), then backward()); in a layer of your own, backward has to put it into "
        "self.dW"
    )
    x = np.ones((1, 2))
    dense.forward(x)
    dense.parameter_gradients(np.ones((1, 3)))
    assert list(dense.parameters) == list(dense.gradients) == ["W", "b"]
    assert dense.parameters["W"] is dense.W
    assert dense.parameters["b"] is dense.b
    assert dense.gradients["W"] is dense.dW
    assert dense.gradients["b"] is dense.db
    for make in ACTIVATIONS.values():
        assert dict(make().parameters) == dict(make().gradients) == {}


def test_a_layer_of_ones_own():
    class Double(bp.Layer):
        def forward(self, x):
            return 2 * np.asarray(x)

        def backward(self, grad):
            self.asked = True
            return 2 * np.asarray(grad)

    layer = Double()
    network = bp.Network([layer, bp.Dense(2, 1, rng=np.random.default_rng(0))], bp.SquaredError())
    network.loss_value([[1.0, 2.0]], [[0.5]])
    network.parameter_gradients()  # without its own, a layer's backward stands in
    assert layer.asked
    assert repr(layer) == "Double()"
    for call in (bp.Layer().forward, bp.Layer().backward):
        with pytest.raises(NotImplementedError, match=r"Layer has no (forward|backward) yet"):
            call(np.ones((1, 1)))


def test_an_array_is_written_into_by_its_name():
    dense = bp.Dense.from_arrays([[1.0, 2.0]], [3.0, 4.0])
    W, b = dense.W, dense.b
    dense.parameters["W"] = [[5, 6]]
    dense.parameters["b"] -= np.array([1.0, 1.0])
    assert dense.W is W
    assert dense.b is b
    np.testing.assert_array_equal(dense.forward([[1.0]]), [[7, 9]])
    dense.backward([[1.0, 2.0]])
    dense.gradients["W"] *= 2
    np.testing.assert_array_equal(dense.dW, [[2, 4]])
    assert repr(dense.parameters) == repr({"W": W, "b": b})


def test_an_array_of_another_shape_or_name_is_refused():
    dense = bp.Dense.from_arrays([[1.0, 2.0]], [3.0, 4.0])
    with pytest.raises(
        ValueError, match=r"^b has shape \(2,\) and cannot become an array of shape \(\): they must"
    ):
        dense.parameters["b"] = 7
    for arrays, message in [
        (dense.parameters, "there is no 'W1' here; the names are: W, b"),
        (bp.ReLU().parameters, "there is no 'W1' here; the names are: none"),
    ]:
        with pytest.raises(KeyError) as unknown:
            arrays["W1"]
        assert unknown.value.args == (message,)
        with pytest.raises(KeyError):
            arrays["W1"] = 0
    np.testing.assert_array_equal(dense.b, [3, 4])


class Softplus(bp.Activation):
    """A reader's own: log(1 + exp(z)), computed in float64 whatever comes in."""

    def value(self, z):
        return np.logaddexp(0.0, z.astype(np.float64))

    def slope(self, z, a):
        return -np.expm1(-a.astype(np.float64))


@each(SHAPES)
def test_an_activation_of_ones_own_needs_a_formula_and_a_slope(key):
    rng = np.random.default_rng(5)
    x, grad = rng.normal(size=SHAPES[key]), rng.normal(size=SHAPES[key])
    layer = Softplus()
    np.testing.assert_allclose(layer.forward(x), np.log1p(np.exp(x)), rtol=1e-12)
    assert_layer_gradients(layer, x, grad)
    assert layer.forward(x.astype(np.float32)).dtype == np.float32
    assert layer.backward(grad.astype(np.float32)).dtype == np.float32
    with pytest.raises(ValueError, match="got a gradient of shape"):
        layer.backward(np.ones((7, 7), np.float32))


class Wrong(bp.Activation):
    """Neither method is elementwise once `broken` names it."""

    def __init__(self, broken):
        self.broken = broken

    def value(self, z):
        return z[:1] if self.broken == "value" else z

    def slope(self, z, a):
        return np.ones(z.shape[1]) if self.broken == "slope" else 1


@pytest.mark.parametrize(("broken", "shape"), [("value", (1, 3)), ("slope", (3,))])
def test_an_activation_that_is_not_elementwise_says_so(broken, shape):
    layer, x = Wrong(broken), np.ones((4, 3))
    words = (
        f"Wrong().{broken} got z of shape (4, 3) and returned shape {shape}: an activation is "
        "elementwise, so they must be equal"
    )
    with pytest.raises(ValueError, match=re.escape(words)):
        layer.backward(layer.forward(x))


def test_an_activation_without_its_methods_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="Activation has no value yet"):
        bp.Activation().forward([1.0])
    with pytest.raises(NotImplementedError, match="Activation has no slope yet"):
        bp.Activation().slope(np.ones(1), np.ones(1))


def test_names_in_print():
    rng = np.random.default_rng(0)
    assert repr(bp.Dense(2, 3, rng=rng)) == "Dense(2, 3)"
    assert repr(bp.LeakyReLU()) == "LeakyReLU(0.01)"
    assert repr(bp.Sigmoid()) == "Sigmoid()"


@pytest.mark.parametrize("z", [-3.0, -6.0, -9.0])
def test_gelu_keeps_its_digits_where_it_is_small(z):
    scale, cubic = math.sqrt(2 / math.pi), 0.044715 * z**2
    u, du = scale * z * (1 + cubic), scale * (1 + 3 * cubic)
    gate = math.exp(2 * u) / (1 + math.exp(2 * u))  # (1 + tanh(u)) / 2
    gelu = bp.GELU()
    np.testing.assert_allclose(gelu.forward([[z]]), [[z * gate]], rtol=1e-12)
    slope = gate + 2 * z * gate * (1 - gate) * du
    np.testing.assert_allclose(gelu.backward([[1.0]]), [[slope]], rtol=1e-12)
