"""What several test files share: slopes measured without the engine, and networks to try."""

import numpy as np

import bp_helpers as bp

STEP = 5e-4
EPS = np.finfo(np.float64).eps

ACTIVATIONS = {
    "Sigmoid": bp.Sigmoid,
    "Tanh": bp.Tanh,
    "ReLU": bp.ReLU,
    "LeakyReLU": lambda: bp.LeakyReLU(0.1),
    "Identity": bp.Identity,
    "GELU": bp.GELU,
}
KINKED = (bp.ReLU, bp.LeakyReLU)

# name: (loss, a function that draws targets for n examples and k outputs)
LOSSES = {
    "SquaredError": (bp.SquaredError, lambda rng, n, k: rng.normal(size=(n, k))),
    "BinaryCrossEntropy, yes or no": (
        bp.BinaryCrossEntropy,
        lambda rng, n, k: rng.integers(0, 2, (n, k)),
    ),
    "BinaryCrossEntropy, probabilities": (
        bp.BinaryCrossEntropy,
        lambda rng, n, k: rng.uniform(0, 1, (n, k)),
    ),
    "SoftmaxCrossEntropy, labels": (
        bp.SoftmaxCrossEntropy,
        lambda rng, n, k: rng.integers(0, k, n),
    ),
    "SoftmaxCrossEntropy, probabilities": (
        bp.SoftmaxCrossEntropy,
        lambda rng, n, k: rng.dirichlet(np.ones(k), n),
    ),
}


def measured_slopes(function, array):
    """Return d function() / d array, entry by entry, by central differences over four points.

    With the outer pair of points the error falls with STEP**4, not STEP**2. So STEP can be large
    enough that rounding hides 100 times less than in `bp_helpers.check_gradients`, which takes two.
    """
    slopes = np.empty_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        at = {}
        for k in (-2, -1, 1, 2):
            array[index] = before + k * STEP
            at[k] = function()
        array[index] = before
        slopes[index] = (8 * (at[1] - at[-1]) - (at[2] - at[-2])) / (12 * STEP)
    return slopes


def assert_gradient(what, analytic, function, array, tolerance=1e-7):
    """Compare `analytic`, entry by entry, with the measured slopes of `function` at `array`.

    An entry smaller than `floor` is drowned by the rounding of `function`, about 10 * EPS of its
    size; it is compared with the floor's accuracy instead of its own.
    """
    assert analytic.shape == array.shape, what
    measured = measured_slopes(function, array)
    floor = 10 * EPS * max(abs(function()), 1) / (STEP * tolerance)
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(measured)), floor)
    error = np.abs(analytic - measured) / scale
    worst = np.unravel_index(error.argmax(), error.shape)
    assert error[worst] <= tolerance, (
        f"{what}{list(map(int, worst))}: analytic {analytic[worst]}, measured {measured[worst]}"
    )


def assert_layer_gradients(layer, x, grad):
    """Compare dL/dx and the parameters' gradients with slopes of sum(grad * layer(x))."""
    layer.forward(x)
    gradients = {"x": layer.backward(grad)}
    gradients |= {name: array.copy() for name, array in layer.gradients.items()}
    for name, array in [("x", x), *layer.parameters.items()]:
        what = f"{layer} d{name}"
        assert_gradient(
            what, gradients[name], lambda: float((grad * layer.forward(x)).sum()), array
        )


def assert_network_gradients(network, x, y):
    """Compare every gradient of `network`, dX included, with its measured slope."""
    network.loss_value(x, y)
    dX = network.backward()
    gradients = {name: grad.copy() for name, grad in network.gradients.items()} | {"X": dX}
    for name, array in [*network.parameters.items(), ("X", x)]:
        assert_gradient(f"d{name}", gradients[name], lambda: network.loss_value(x, y), array)


def make_network(sizes, activations, loss, rng, dtype=np.float64):
    """Return Dense layers of `sizes`, `activations` after all but the last, biases not 0."""
    layers = []
    for n_in, n_out, activation in zip(sizes[:-1], sizes[1:], [*activations, None], strict=True):
        dense = bp.Dense(n_in, n_out, rng=rng, dtype=dtype)
        dense.b += rng.normal(0, 0.5, n_out).astype(dtype)
        layers += [dense] if activation is None else [dense, activation]
    return bp.Network(layers, loss)


def keep_off_kinks(network, x):
    """Move the biases so that no input of a ReLU is within 0.15 of its kink.

    For each neuron the bias puts 0 into the middle of the widest gap between its values over the
    batch, or below all of them if none is wide enough. A slope cannot be measured across a kink.
    """
    value = x
    for layer, following in zip(network.layers, [*network.layers[1:], None], strict=True):
        if isinstance(layer, bp.Dense) and isinstance(following, KINKED):
            products = np.sort(value @ layer.W, axis=0)
            points = np.vstack([products[:1] - 0.3, products])
            widest = np.diff(points, axis=0).argmax(axis=0)
            column = np.arange(layer.n_out)
            layer.b[:] = -(points[widest, column] + points[widest + 1, column]) / 2
        value = layer.forward(value)


def parameters_of(network):
    """Return copies of the parameters by name."""
    return {name: value.copy() for name, value in network.parameters.items()}


def assert_unchanged(before, network):
    """Assert that the parameters are, bit for bit, what `parameters_of` returned."""
    after = parameters_of(network)
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert value.tobytes() == after[name].tobytes(), f"{name} has changed"
