"""Arithmetic that is the same on every processor: it gives what the engine gives, to rounding."""

from decimal import Decimal

import numpy as np
import pytest

from bp_helpers import Dense, Network, Sigmoid, SquaredError, check_gradients
from bp_helpers.explorers.same_everywhere import SameDense, SameSigmoid, product, ten_to


def test_powers_of_ten_are_the_nearest_numbers():
    assert [ten_to(power) for power in (-16, -1, 0, 3)] == [1e-16, 0.1, 1.0, 1000.0]
    assert ten_to(-0.5) == float(Decimal("0.1").sqrt())


@pytest.mark.parametrize("shapes", [((1, 2), (2, 3)), ((4, 1, 3), (3, 2)), ((1, 2), (5, 2, 3))])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_product_is_that_of_the_matrices(shapes, dtype):
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=shape).astype(dtype) for shape in shapes)
    assert product(a, b).dtype == dtype
    np.testing.assert_allclose(product(a, b), a @ b, rtol=20 * float(np.finfo(dtype).eps))


def test_a_product_is_added_up_from_the_first_to_the_last():
    a, b = np.array([[1.0, 1e16, -1e16]]), np.ones((3, 1))
    assert product(a, b) == [[0.0]]  # 1 is lost in 1e16
    assert product(a[:, ::-1], b) == [[1.0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_of_these_layers_agrees_with_the_usual_one(dtype):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(1, 2)).astype(dtype), rng.uniform(size=(1, 2)).astype(dtype)
    arrays = [rng.normal(size=s).astype(dtype) for s in ((2, 3), 3, (3, 2), 2)]
    same, usual = (
        Network([dense(*arrays[:2]), act(), dense(*arrays[2:]), act()], SquaredError())
        for dense, act in [(SameDense.from_arrays, SameSigmoid), (Dense.from_arrays, Sigmoid)]
    )
    close = {"rtol": 50 * float(np.finfo(dtype).eps)}
    np.testing.assert_allclose(same.loss_value(x, y), usual.loss_value(x, y), **close)
    np.testing.assert_allclose(same.backward(), usual.backward(), **close)
    for name, gradient in usual.gradients.items():
        assert same.gradients[name].dtype == dtype
        np.testing.assert_allclose(same.gradients[name], gradient, **close)


def test_its_gradients_are_right():
    rng = np.random.default_rng(2)
    layers = [SameDense.from_arrays(rng.normal(size=(2, 3)), rng.normal(size=3)), SameSigmoid()]
    assert check_gradients(Network(layers, SquaredError()), [[0.5, -1.0]], [[0.0, 1.0, 0.5]]).ok


def test_huge_values_are_safe():
    assert SameSigmoid().forward([-1e4, 0.0, 1e4]).tolist() == [0.0, 0.5, 1.0]
