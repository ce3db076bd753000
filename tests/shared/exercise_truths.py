"""What the engine and nudging say of each exercise: Steps, which the checks use, must say the same.

`ENGINE` gives the right result with `bp_helpers` and NumPy, `MEASURED` the slopes among the values,
by name, as central differences.
"""

from itertools import pairwise

import numpy as np

import bp_helpers as bp
from bp_helpers.exercises.graphs import PLANS, built
from bp_helpers.exercises.nearby import network
from bp_helpers.gradcheck import STEP, central_differences, relative_errors


def slopes(function, array):
    return central_differences(array, function, STEP)


def composition(x):
    u = x * x + 1
    return float(3 * np.sin(u) ** 2 * np.cos(u) * 2 * x)


def measured_composition(x):
    at = np.array(x)
    return {"dy/dx": slopes(lambda: float(np.sin(at**2 + 1) ** 3), at)}


def measured_circuit(a, b):
    at = np.array([a, b])
    da, db = slopes(lambda: float(at[0] * at[1] * (at[0] + at[1])), at)
    return {"da": np.array(da), "db": np.array(db)}


def forward(X, layers):
    made = [X]
    for layer in network(layers).layers:
        made.append(layer.forward(made[-1]))
    return made[::2]


def delta(last, loss):
    def engine(Z, Y):
        output = bp.Network([last()], loss())
        output.loss_value(Z, Y)
        return output.backward()

    return engine


def measured_delta(last, loss):
    def measured(Z, Y):
        output = bp.Network([last()], loss())
        return {"delta": slopes(lambda: output.loss_value(Z, Y), Z)}

    return measured


def gradients(X, Y, layers):
    trace = network(layers).trace(X, Y)
    return [(trace[f"dW{k}"], trace[f"db{k}"]) for k in range(1, len(layers) + 1)]


def loss_of(X, Y, layers):
    return lambda: network(layers).loss_value(X, Y)


def measured_one_layer(X, Y, W, b):
    loss = loss_of(X, Y, [(W, b)])
    return {"dW": slopes(loss, W), "db": slopes(loss, b)}


def hand_back(delta, W):
    layer = bp.Dense.from_arrays(W, np.zeros(W.shape[1]))
    layer.forward(np.zeros((len(delta), len(W))))
    return layer.backward(delta)


def measured_hand_back(name):
    def measured(delta, W):
        A = np.zeros((len(delta), len(W)))
        return {name: slopes(lambda: float((delta * (A @ W)).sum()), A)}

    return measured


def through(activation):
    def engine(dA, Z):
        layer = activation()
        layer.forward(Z)
        return layer.backward(dA)

    return engine


def measured_through(activation):
    def measured(dA, Z):
        layer = activation()
        nudge = min(STEP, np.abs(Z).min() / 2)  # so that none crosses the kink of a ReLU

        def loss():
            return float((dA * layer.forward(Z)).sum())

        return {"delta": central_differences(Z, loss, nudge)}

    return measured


def own_gradients(a_in, delta):
    layer = bp.Dense.from_arrays(
        np.zeros((a_in.shape[1], delta.shape[1])), np.zeros(delta.shape[1])
    )
    layer.forward(a_in)
    layer.parameter_gradients(delta)
    return layer.dW, layer.db


def measured_own(a_in, delta):
    W, b = np.zeros((a_in.shape[1], delta.shape[1])), np.zeros(delta.shape[1])

    def blamed():
        return float((delta * (a_in @ W + b)).sum())

    return {"dW": slopes(blamed, W), "db": slopes(blamed, b)}


def measured_gradients(X, Y, layers):
    loss = loss_of(X, Y, layers)
    found = {}
    for k, (W, b) in enumerate(layers, 1):
        found |= {f"dW{k}": slopes(loss, W), f"db{k}": slopes(loss, b)}
    return found


def parameters(network):
    return [layer_array for layer in network.layers[::2] for layer_array in (layer.W, layer.b)]


def train(X, Y, layers, learning_rate, steps=1):
    learner = network(layers)
    optimizer = bp.GradientDescent(learner, learning_rate)
    for _ in range(steps):
        learner.loss_value(X, Y)
        learner.backward()
        optimizer.step()
    arrays = parameters(learner)
    return list(zip(arrays[::2], arrays[1::2], strict=True))


def measured_step(X, Y, layers, learning_rate):
    return {
        f"change of {name[1:]}": -learning_rate * slope
        for name, slope in measured_gradients(X, Y, layers).items()
    }


def published_loss(X, Y, W1, b1, W2, b2, eta):
    layers = [(W, np.full(W.shape[1], b)) for W, b in ((W1, b1), (W2, b2))]
    learner = network(layers)
    trace = learner.trace(X, Y)
    new_W2 = W2 - eta * trace["dW2"]
    delta1 = trace["delta2"] @ new_W2.T * trace["A1"] * (1 - trace["A1"])
    return network([(W1 - eta * X.T @ delta1, layers[0][1]), (new_W2, layers[1][1])]).loss_value(
        X, Y
    )


def one_epoch(network, optimizer, x, y, batch_size, rng):
    bp.fit(network, optimizer, x, y, epochs=1, batch_size=batch_size, rng=rng)


def adam_update(W, dW, m, s, t, eta):
    one = bp.Network([bp.Dense.from_arrays(np.zeros((1, 1)), np.zeros(1))], bp.SquaredError())
    change, (new_m, new_s) = bp.Adam(one, eta)._change(dW, (m, s), t)
    return W - change, new_m, new_s


def numerical_gradient(loss, w, h):
    nudged = np.array(w, float)
    return central_differences(nudged, lambda: loss(nudged), h)


def symptoms(used, true):
    one, other = used.ravel(), true.ravel()
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    return float(one @ other / (lengths[0] * lengths[1])), float(lengths[0] / lengths[1])


def first_wrong(used, true):
    def off(name):
        return np.linalg.norm(used[name] - true[name]) > 1e-6 * np.linalg.norm(true[name])

    return next((name for name in true if off(name)), None)


def dropout_loss(X, Y, W1, b1, W2, b2, factor):
    hidden = np.maximum(X @ W1 + b1, 0) * factor
    return network([(W2, b2)]).loss_value(hidden, Y)


def measured_dropout(**arguments):
    def loss():
        return dropout_loss(**arguments)

    return {f"d{name}": slopes(loss, arguments[name]) for name in ("W2", "b2", "W1", "b1")}


def dropout_gradients(X, Y, W1, b1, W2, b2, factor):
    first, relu, rest = bp.Dense.from_arrays(W1, b1), bp.ReLU(), network([(W2, b2)])
    rest.loss_value(relu.forward(first.forward(X)) * factor, Y)
    first.backward(relu.backward(rest.backward() * factor))
    last = rest.layers[0]
    return last.dW, last.db, first.dW, first.db


def whole_gradient(gradients, sizes):
    """From examples that have these means: each part's examples lie around its mean."""
    examples = []
    for gradient, size in zip(gradients, sizes, strict=True):
        off = np.random.default_rng(size).normal(size=(size, *gradient.shape))
        examples += list(gradient + off - off.mean(axis=0))
    return np.mean(examples, axis=0)


def accumulated(gradient, X, Y, size):
    layer = bp.Dense.from_arrays(gradient.W, np.zeros(Y.shape[1]))
    return bp.Network([layer], bp.SquaredError()).trace(X, Y)["dW1"]


def measured_accumulated(gradient, X, Y, size):
    W = gradient.W.copy()
    return {"gradient": slopes(lambda: ((X @ W - Y) ** 2).sum() / 2 / len(X), W)}


def bytes_sent(sizes, examples, machines, bytes_each):
    """From the engine's arrays: once to and from every machine; then piece by piece in a ring."""
    rng, dtype = np.random.default_rng(0), {4: np.float32, 8: np.float64}[bytes_each]
    layers = [bp.Dense(*pair, rng=rng, dtype=dtype) for pair in pairwise(sizes)]
    arrays = bp.Network(layers, bp.SquaredError()).parameters.values()
    size = sum(array.nbytes for array in arrays)
    middle = sum(2 * size for _ in range(machines))
    ring = sum(size / machines for _ in ("collect", "hand out") for _ in range(machines - 1))
    return middle, ring


def backward_multiplications(sizes, examples, with_dX):
    """From the shapes of the arrays that the engine multiplies."""
    rng = np.random.default_rng(0)
    layers = [bp.Dense(*pair, rng=rng) for pair in pairwise(sizes)]
    grad = bp.Network(layers, bp.SquaredError()).forward(np.zeros((examples, sizes[0])))
    count = 0
    for k in range(len(layers) - 1, -1, -1):
        (n, n_out), layer = grad.shape, layers[k]
        grad = layer.backward(grad)
        count += layer.dW.size * n + (grad.size * n_out if k or with_dX else 0)
    return count


def measured_checkpoint(X, checkpoint, k, dA, layers):
    def first():
        return network(layers[:k]).forward(X)

    def second(A):
        return float((dA * network(layers[k:]).forward(A)).sum())

    handed = slopes(lambda: second(checkpoint), checkpoint)
    found = {}
    for position, (W, b) in enumerate(layers):
        blamed = (
            (lambda: second(checkpoint))
            if position >= k
            else (lambda: float((handed * first()).sum()))
        )
        found |= {f"dW{position + 1}": slopes(blamed, W), f"db{position + 1}": slopes(blamed, b)}
    return found


def with_checkpoint(X, checkpoint, k, dA, layers):
    pairs = []
    for A, stretch in ((checkpoint, layers[k:]), (X, layers[:k])):
        chain = network(stretch).layers
        for layer in chain:
            A = layer.forward(A)
        for layer in reversed(chain):
            dA = layer.backward(dA)
        pairs = [(dense.dW, dense.db) for dense in chain[::2]] + pairs
    return pairs


def skip_layer(Z, W):
    """Return X and a layer in which it has these pre-activations."""
    X = np.random.default_rng(0).normal(size=Z.shape)
    return X, [bp.Dense.from_arrays(W, np.zeros(len(W))), Shifted(Z - X @ W), bp.Sigmoid()]


class Shifted(bp.Layer):
    """Adds an array, whatever comes in."""

    def __init__(self, shift):
        self.shift = shift

    def forward(self, x):
        return x + self.shift

    def backward(self, grad):
        return grad


def skip_back(dY, Z, W):
    X, layers = skip_layer(Z, W)
    block = bp.Residual(layers)
    block.forward(X)
    return block.backward(dY)


def measured_skip(dY, Z, W):
    X, layers = skip_layer(Z, W)
    block = bp.Residual(layers)
    return {"dX": slopes(lambda: float((dY * block.forward(X)).sum()), X)}


def norm_layer(gamma):
    layer = bp.BatchNorm(len(gamma))
    layer.gamma = gamma.copy()
    return layer


def norm_back(X, gamma, dY):
    layer = norm_layer(gamma)
    layer.forward(X)
    dX = layer.backward(dY)
    return layer.dgamma, layer.dbeta, dX


def measured_norm(X, gamma, dY):
    layer = norm_layer(gamma)

    def blamed():
        return float((dY * layer.forward(X)).sum())

    found = {"dgamma": slopes(blamed, layer.gamma), "dbeta": slopes(blamed, layer.beta)}
    # a narrow column bends its outputs within a step that is small for the others
    return found | {"dX": central_differences(X, blamed, STEP / 5)}


def backward(output):
    """Over every path on its own, with the product of its slopes."""

    def forget(node):
        node.grad = 0.0
        for one, _ in node.inputs:
            forget(one)

    def add_path(node, product):
        node.grad += product
        for one, slope in node.inputs:
            add_path(one, product * slope)

    forget(output)
    add_path(output, 1.0)


def measured_blames(output):
    (given, plan) = next(
        (given, plan) for _, given, plan in PLANS if built(given, plan).value == output.value
    )

    def value(nudged, by):
        values = {name: number + by * (name == nudged) for name, number in given.items()}
        for name, (kind, (one, other)) in plan.items():
            made = values[one] * values[other] if kind == "*" else values[one] + values[other]
            values[name] = made + by * (name == nudged)
        return values[name]

    return {
        f"grad of {name}": np.array((value(name, STEP) - value(name, -STEP)) / (2 * STEP))
        for name in [*given, *plan]
    }


def power(a, b):
    return np.power(a, b), np.exp(np.log(a) * (b - 1)) * b, np.exp(np.log(a) * b) * np.log(a)


def measured_power(a, b):
    at = np.array([a, b])
    slope_a, slope_b = slopes(lambda: float(at[0] ** at[1]), at)
    return {"slope_a": np.array(slope_a), "slope_b": np.array(slope_b)}


def summed_back(grad, shape):
    """Entry by entry: each of the stretched array's goes to the one that it is a copy of."""
    result = np.zeros(shape)
    origin = np.broadcast_to(np.arange(result.size).reshape(shape), grad.shape)
    np.add.at(result.reshape(-1), origin.ravel(), grad.ravel())
    return result


def measured_summed_back(grad, shape):
    array = np.zeros(shape)
    return {"gradient": slopes(lambda: float((grad * (array + np.zeros(grad.shape))).sum()), array)}


ENGINE = {
    "slope": composition,
    "circuit_gradient": lambda a, b: (2 * a * b + b * b, a * a + 2 * a * b),
    "dense": lambda X, W, b: bp.Dense.from_arrays(W, b).forward(X),
    "forward": forward,
    "delta_squared_error": delta(bp.Sigmoid, bp.SquaredError),
    "delta_cross_entropy": delta(bp.Identity, bp.SoftmaxCrossEntropy),
    "weight_gradients": lambda X, Y, W, b: gradients(X, Y, [(W, b)])[0],
    "hand_back": hand_back,
    "hidden_delta": through(bp.Sigmoid),
    "relu_delta": through(bp.ReLU),
    "own_gradients": own_gradients,
    "gradients": gradients,
    "input_gradient": lambda X, Y, layers: network(layers).trace(X, Y)["dX"],
    "blame_for_pixels": lambda delta1, W1: hand_back(delta1, W1),
    "training_step": train,
    "train": train,
    "published_loss": published_loss,
    "one_epoch": one_epoch,
    "adam_update": adam_update,
    "numerical_gradient": numerical_gradient,
    "relative_error": lambda analytic, measured, floor: relative_errors(
        analytic, measured, floor
    ).max(),
    "symptoms": symptoms,
    "first_wrong": first_wrong,
    "dropout_gradients": dropout_gradients,
    "whole_gradient": whole_gradient,
    "accumulated": accumulated,
    "bytes_sent": bytes_sent,
    "backward_multiplications": backward_multiplications,
    "forward_mode": lambda X, Y, layers, k, i, j: network(layers).trace(X, Y)[f"dW{k + 1}"][i, j],
    "with_checkpoint": with_checkpoint,
    "scale_for": lambda slopes: 1 / np.sqrt((slopes**2).mean()),
    "skip_back": skip_back,
    "norm_back": norm_back,
    "backward": backward,
    "power": power,
    "summed_back": summed_back,
}
MEASURED = {
    "slope": measured_composition,
    "circuit_gradient": measured_circuit,
    "delta_squared_error": measured_delta(bp.Sigmoid, bp.SquaredError),
    "delta_cross_entropy": measured_delta(bp.Identity, bp.SoftmaxCrossEntropy),
    "weight_gradients": measured_one_layer,
    "hand_back": measured_hand_back("dA"),
    "hidden_delta": measured_through(bp.Sigmoid),
    "relu_delta": measured_through(bp.ReLU),
    "own_gradients": measured_own,
    "gradients": measured_gradients,
    "input_gradient": lambda X, Y, layers: {"dX": slopes(loss_of(X, Y, layers), X)},
    "blame_for_pixels": lambda delta1, W1: measured_hand_back("dX")(delta1, W1),
    "training_step": measured_step,
    "dropout_gradients": measured_dropout,
    "forward_mode": lambda X, Y, layers, k, i, j: {
        "dW[i, j]": slopes(loss_of(X, Y, layers), layers[k][0])[i, j]
    },
    "with_checkpoint": measured_checkpoint,
    "skip_back": measured_skip,
    "norm_back": measured_norm,
    "backward": measured_blames,
    "power": measured_power,
    "summed_back": measured_summed_back,
    "accumulated": measured_accumulated,
}
