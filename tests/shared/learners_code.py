# ruff: noqa: E501
"""Code as learners write it, right and wrong, as text: for the checks and for the notebooks' stubs.

`RIGHT` and `WRONG` are keyed by check; what is wrong is keyed further by the mistake that the check
must name. Each source is a whole function that uses `np`, `phi` (the sigmoid) and nothing else.
Most are a slip in a right function: `..._SLIPS` has them by that function.
"""

import linecache
from textwrap import dedent, indent

import numpy as np

# check: the line that the learner finds in the stub
STUBS = {
    "check_composition": "def slope(x):",
    "check_reused_input": "def circuit_gradient(a, b):",
    "check_dense": "def dense(X, W, b):",
    "check_forward": "def forward(X, layers):",
    "check_delta_squared_error": "def delta_squared_error(Z, Y):",
    "check_delta_cross_entropy": "def delta_cross_entropy(Z, Y):",
    "check_one_over_n": "def weight_gradients(X, Y, W, b):",
    "check_hand_back": "def hand_back(delta, W):",
    "check_hidden_delta": "def hidden_delta(dA, Z):",
    "check_relu_delta": "def relu_delta(dA, Z):",
    "check_own_gradients": "def own_gradients(a_in, delta):",
    "check_gradients_of": "def gradients(X, Y, layers):",
    "check_input_gradient": "def input_gradient(X, Y, layers):",
    "check_training_step": "def training_step(X, Y, layers, learning_rate):",
    "check_training": "def train(X, Y, layers, learning_rate, steps):",
    "check_numerical_gradient": "def numerical_gradient(loss, w, h):",
    "check_relative_error": "def relative_error(analytic, measured, floor):",
    "check_symptoms": "def symptoms(used, true):",
    "check_dropout_gradients": "def dropout_gradients(X, Y, W1, b1, W2, b2, factor):",
    "check_first_wrong": "def first_wrong(used, true):",
    "check_worked_example": "def published_loss(X, Y, W1, b1, W2, b2, eta):",
    "check_one_epoch": "def one_epoch(network, optimizer, x, y, batch_size, rng):",
    "check_adam_step": "def adam_update(W, dW, m, s, t, eta):",
    "check_pixel_gradient": "def blame_for_pixels(delta1, W1):",
    "check_multiplications": "def backward_multiplications(sizes, examples, with_dX):",
    "check_forward_mode": "def forward_mode(X, Y, layers, k, i, j):",
    "check_checkpoint": "def with_checkpoint(X, checkpoint, k, dA, layers):",
    "check_whole_gradient": "def whole_gradient(gradients, sizes):",
    "check_accumulated": "def accumulated(gradient, X, Y, size):",
    "check_bytes_sent": "def bytes_sent(sizes, examples, machines, bytes_each):",
    "check_scale": "def scale_for(slopes):",
    "check_skip_back": "def skip_back(dY, Z, W):",
    "check_norm_back": "def norm_back(X, gamma, dY):",
    "check_backward": "def backward(output):",
    "check_power": "def power(a, b):",
    "check_summed_back": "def summed_back(grad, shape):",
}


def function_name(check):
    return STUBS[check].removeprefix("def ").partition("(")[0]


def whole(check, body):
    """Return the function of this body as text."""
    return f"{STUBS[check]}\n{indent(dedent(body).strip(), '    ')}\n"


def changed(body, *replacements):
    """Return a right body with lines replaced; each must be there."""
    for old, new in replacements:
        assert old in body, old
        body = body.replace(old, new)
    return body


def together(slips, others):
    """Return wrong bodies by mistake: those that a slip in a right one makes, then the others.

    `slips` has for each right body the mistakes in it: `{line: what stands there instead}`, or a
    list of these, where there are several ways to make one.
    """
    bodies = {}
    for right, mistakes in slips.items():
        for mistake, ways in mistakes.items():
            for one in ways if isinstance(ways, list) else [ways]:
                bodies.setdefault(mistake, []).append(changed(right, *one.items()))
    for mistake, own in others.items():
        bodies[mistake] = [*bodies.get(mistake, []), *own]
    return bodies


# ---- 01 ----

COMPOSITION = {
    "inner-slope-missing": [
        "return 3 * np.sin(x**2 + 1) ** 2 * np.cos(x**2 + 1)",
        "u = x * x + 1\nv = np.sin(u)\nreturn 3 * v * v * np.cos(u)",
    ],
    "only-outer-slope": [
        "return 3 * np.sin(x**2 + 1) ** 2",
        "u = x * x + 1\nv = np.sin(u)\nreturn 3 * v * v",
    ],
    "middle-slope-missing": [
        "return 3 * np.sin(x**2 + 1) ** 2 * 2 * x",
        "u = x**2 + 1\nreturn 6 * x * np.power(np.sin(u), 2)",
    ],
    "outer-slope-missing": [
        "return np.cos(x**2 + 1) * 2 * x",
        "u = x**2 + 1\ndu = 2 * x\nreturn du * np.cos(u)",
    ],
    "power-rule-slip": [
        "return np.sin(x**2 + 1) ** 2 * np.cos(x**2 + 1) * 2 * x",
        "u = x**2 + 1\nv = np.sin(u)\ndy = 3 * v**3\nreturn dy * np.cos(u) * 2 * x",
        "u = x**2 + 1\nreturn 3 * np.sin(u) * np.cos(u) * 2 * x",
        "u = x**2 + 1\nreturn 2 * np.sin(u) ** 3 * np.cos(u) * 2 * x",
    ],
    "chain-at-wrong-place": [
        "return 3 * np.sin(x**2 + 1) ** 2 * np.cos(x) * 2 * x",
        "u = x**2 + 1\nreturn 3 * u**2 * np.cos(u) * 2 * x",
        "return 3 * np.sin(x) ** 2 * np.cos(x**2 + 1) * 2 * x",
        "return 3 * np.sin(x) ** 2 * np.cos(x) * 2 * x",
    ],
    "slope-of-the-logarithm": [
        "u = x**2 + 1\nreturn 3 * np.cos(u) / np.sin(u) * 2 * x",
        "s = np.sin(x**2 + 1)\ndy = 3 * s**2 * np.cos(x**2 + 1) * 2 * x\nreturn dy / s**3",
    ],
    "added-number-left-out": [
        "u = x**2\nv = np.sin(u)\nreturn 3 * v**2 * np.cos(u) * 2 * x",
        "return 3 * np.sin(x * x + 1) ** 2 * np.cos(x * x) * 2 * x",
    ],
    "slopes-nested": [
        "return 3 * np.cos(2 * x) ** 2",
        "u = x**2 + 1\nreturn 3 * np.cos(u) ** 2 * 2 * x",
        "return 3 * np.cos(x**2 + 1) ** 2",
    ],
    "slopes-added": [
        "u = x**2 + 1\nreturn 3 * np.sin(u) ** 2 + np.cos(u) + 2 * x",
        "u = x**2 + 1\nreturn sum([2 * x, np.cos(u), 3 * np.sin(u) ** 2])",
    ],
    "value-for-slope": [
        "return np.sin(x**2 + 1) ** 3",
        "u = x * x + 1\nv = np.sin(u)\nreturn v * v * v",
    ],
    "sign-reversed": [
        "return 3 * np.sin(x**2 + 1) ** 2 * -np.cos(x**2 + 1) * 2 * x",
        "u = x**2 + 1\ndv = -np.cos(u)\nreturn 3 * np.sin(u) ** 2 * dv * 2 * x",
    ],
    "inner-slope-slip": [
        "return 3 * np.sin(x**2 + 1) ** 2 * np.cos(x**2 + 1) * (2 * x + 1)",
        "u = x**2 + 1\nreturn 3 * np.sin(u) ** 2 * np.cos(u) * x",
    ],
    "power-inside-the-sine": [
        "u = x**2 + 1\nreturn 3 * np.sin(u**2) * np.cos(u) * 2 * x",
        "return 3 * np.sin((x**2 + 1) ** 2) * np.cos(x**2 + 1) * 2 * x",
    ],
    "measured-roughly": [
        "f = lambda t: np.sin(t**2 + 1) ** 3\nh = 0.1\nreturn (f(x + h) - f(x)) / h",
        "f = lambda t: np.sin(t**2 + 1) ** 3\nreturn (f(x + 0.1) - f(x - 0.1)) / 0.2",
        "y = lambda t: np.sin(t * t + 1) ** 3\nreturn (y(x) - y(x - 0.01)) / 0.01",
    ],
    "slope-of-sine": [
        "u = x**2 + 1\nreturn 3 * np.sin(u) ** 2 * np.sin(u) * 2 * x",
        "u = x**2 + 1\nv = np.sin(u)\nreturn 3 * v**2 * -np.sin(u) * 2 * x",
    ],
}
CIRCUIT = {
    "sum-not-from-zero": [
        "p, s = a * b, a + b\nda = db = 1\nda += s * b\nda += p\ndb += s * a\ndb += p\nreturn da, db",
        "grad = {'a': 1.0, 'b': 1.0}\nfor name, other in (('a', b), ('b', a)):\n"
        "    grad[name] += (a + b) * other\n    grad[name] += a * b\nreturn grad['a'], grad['b']",
    ],
    "stopped-on-the-way": [
        "p, s = a * b, a + b\ndp, ds = s, p\nreturn dp, ds",
        "return [a + b, a * b]",
    ],
    "overwritten-not-accumulated": [
        "p = a * b\ns = a + b\nda = s * b\nda = p\ndb = s * a\ndb = p\nreturn da, db",
        "p, s = a * b, a + b\nreturn s * b, s * a",
        "return a * b, a * b",
    ],
    "name-used-again": [
        "p, s = a * b, a + b\na = s * b + p\nb = s * a + p\nreturn a, b",
        "p, s = a * b, a + b\nb = p + s * a\na = p + s * b\nreturn [a, b]",
    ],
    "paths-multiplied": [
        "p, s = a * b, a + b\nreturn s * b * p, s * a * p",
        "p = a * b\ns = a + b\nda = s * b\nda *= p\ndb = s * a\ndb *= p\nreturn [da, db]",
    ],
    "paths-averaged": [
        "p, s = a * b, a + b\nreturn (s * b + p) / 2, (s * a + p) / 2",
        "p, s = a * b, a + b\nreturn np.mean([s * b, p]), np.mean([s * a, p])",
    ],
    "blames-exchanged": [
        "p, s = a * b, a + b\nreturn p * b + s, p * a + s",
        "p = a * b\ns = a + b\ndp, ds = p, s\nreturn dp * b + ds, dp * a + ds",
    ],
    "own-factor": [
        "p, s = a * b, a + b\nreturn s * a + p, s * b + p",
        "p, s = a * b, a + b\nda = p + s * b\ndb = p + s * a\nreturn db, da",
    ],
    "local-slope-only": [
        "return b + 1, a + 1",
        "dp_da, ds_da = b, 1\ndp_db, ds_db = a, 1\nreturn dp_da + ds_da, dp_db + ds_db",
    ],
    "value-for-slope": [
        "y = a * b * (a + b)\nreturn y, y",
        "p = a * b\ns = a + b\nreturn (p * s, p * s)",
    ],
    "sign-reversed": [
        "p, s = a * b, a + b\nreturn -(s * b + p), -(s * a + p)",
        "p, s = a * b, a + b\nreturn s * b - p, s * a - p",
    ],
    "blame-missing-on-a-path": [
        "p, s = a * b, a + b\nreturn s * b + 1, s * a + 1",
        "return b + a * b, a + a * b",
    ],
    "measured-roughly": [
        "f = lambda a, b: a * b * (a + b)\nh = 0.01\n"
        "return (f(a + h, b) - f(a, b)) / h, (f(a, b + h) - f(a, b)) / h",
        "y = lambda a, b: (a + b) * (a * b)\nn = 0.1\n"
        "return (y(a, b) - y(a - n, b)) / n, (y(a, b) - y(a, b - n)) / n",
    ],
    "way-back-begins-with-y": [
        "p, s = a * b, a + b\ny = p * s\ndp, ds = y * s, y * p\nreturn dp * b + ds, dp * a + ds",
        "p, s = a * b, a + b\ng = p * s\ng_p = g * s\ng_s = g * p\n"
        "return [g_p * b + g_s, g_s + g_p * a]",
    ],
    "factor-of-sum": [
        "p, s = a * b, a + b\nreturn s * b + p * b, s * a + p * a",
        "p, s = a * b, a + b\nda = s + p\ndb = s + p\nreturn da, db",
    ],
    "brackets-misplaced": [
        "p = a * b\nreturn a + b * b + p, a + b * a + p",
        "da = a + b * b + a * b\ndb = a + b * a + a * b\nreturn da, db",
    ],
}

# ---- 02 ----

DENSE = {
    "bias-left-out": ["return X @ W", "return np.einsum('ni,io->no', X, W)", "return X.dot(W)"],
    "bias-per-example": [
        "return X @ W + b[:, None]",
        "return X @ W + b.reshape(-1, 1)",
        "return np.dot(X, W) + b[:, np.newaxis]",
    ],
    "forward-transposed": [
        "return X @ W.T + b",
        "return np.dot(X, W.transpose()) + b",
        "return np.einsum('ni,oi->no', X, W) + b",
    ],
    "product-swapped": ["return W @ X + b", "return np.dot(W, X) + b", "return W.T @ X + b"],
    "bias-twice": ["return X @ W + b + b", "Z = X.dot(W) + b\nreturn Z + b"],
    "one-bias-for-all": [
        "return X @ W + b.sum()",
        "return X @ W + np.mean(b)",
        "return np.dot(X, W) + b[0]",
    ],
    "inputs-averaged": ["return X @ W / len(X) + b", "return (X @ W) / X.shape[1] + b"],
    "examples-in-columns": [
        "return W.T @ X.T + b[:, None]",
        "return (X @ W + b).T",
        "return np.einsum('ni,io->on', X, W) + b.reshape(-1, 1)",
    ],
    "elementwise-for-product": ["return X * W + b", "return np.multiply(X, W) + b"],
    "activation-in-dense": [
        "return phi(X @ W + b)",
        "Z = X.dot(W) + b\nreturn 1 / (1 + np.exp(-Z))",
    ],
}

FORWARD_LOOP = """
A = X
kept = [X]
for W, b in layers:
    Z = A @ W + b
    A = phi(Z)
    kept.append(A)
return kept
"""
FORWARD_INDEXED = """
A = [X]
for l in range(len(layers)):
    W, b = layers[l]
    A = A + [phi(np.dot(A[l], W) + b)]
return A
"""
FORWARD_SLIPS = {
    FORWARD_LOOP: {
        "bias-left-out": {"A @ W + b": "A @ W"},
        "forward-transposed": {"A @ W + b": "A @ W.T + b"},
        "exponent-sign": {"phi(Z)": "1 / (1 + np.exp(Z))"},
        "bias-behind-activation": {"A @ W + b": "A @ W", "phi(Z)": "phi(Z) + b"},
        "activation-missing": [
            {"phi(Z)": "Z"},
            {"A = phi(Z)": "A = phi(Z) if W is not layers[-1][0] else Z"},
        ],
        "every-layer-gets-X": {"A @ W + b": "X @ W + b"},
        "input-left-out": {"kept = [X]": "kept = []"},
        "one-turn-of-the-loop": {"\nreturn kept": "\n    return kept"},
        "only-output-returned": {"return kept": "return A"},
        "pre-activations-returned": {"kept.append(A)": "kept.append(Z)"},
        "activation-twice": {"Z = A @ W + b": "Z = phi(A @ W + b)"},
        "bias-per-example": {"A @ W + b": "A @ W + b[:, None]"},
        "another-activation": {"phi(Z)": "np.tanh(Z)"},
        "output-left-out": {
            "kept = [X]": "kept = []",
            "    kept.append(A)\n": "",
            "    Z = ": "    kept.append(A)\n    Z = ",
        },
        "brackets-misplaced": {"phi(Z)": "1 / 1 + np.exp(-Z)"},
    },
    FORWARD_INDEXED: {
        "bias-left-out": {"phi(np.dot(A[l], W) + b)": "phi(np.dot(A[l], W))"},
        "forward-transposed": {"np.dot(A[l], W)": "np.dot(A[l], np.transpose(W))"},
        "exponent-sign": {"phi(np.dot(A[l], W) + b)": "phi(-(np.dot(A[l], W) + b))"},
        "bias-behind-activation": {"phi(np.dot(A[l], W) + b)": "phi(np.dot(A[l], W)) + b"},
        "activation-missing": {"phi(np.dot(A[l], W) + b)": "np.dot(A[l], W) + b"},
        "every-layer-gets-X": {"np.dot(A[l], W)": "np.dot(A[0], W)"},
        "input-left-out": {"return A": "return A[1:]"},
        "one-turn-of-the-loop": {"\nreturn A": "\n    return A"},
        "only-output-returned": {"return A": "return A[-1]"},
        "activation-twice": {"phi(np.dot(A[l], W) + b)": "phi(phi(np.dot(A[l], W) + b))"},
        "bias-per-example": {"W) + b)": "W) + b.reshape(-1, 1))"},
        "another-activation": {"phi(np.dot(A[l], W) + b)": "np.maximum(np.dot(A[l], W) + b, 0)"},
        "output-left-out": {"return A": "return A[:-1]"},
        "bias-added-to-weights": {"np.dot(A[l], W) + b": "np.dot(A[l], W + b)"},
    },
}
FORWARD = {
    "pre-activations-returned": [
        """
        a, zs = X, [X]
        for W, b in layers:
            zs.append(a @ W + b)
            a = phi(zs[-1])
        return zs
        """
    ],
    "brackets-misplaced": [
        "A = [X]\nfor W, b in layers:\n    A.append(1 / (1 + np.exp(-A[-1] @ W) + b))\nreturn A"
    ],
}

# ---- 03 ----

SQUARED_LINES = """
A = phi(Z)
dA = (A - Y) / len(Y)
return dA * A * (1 - A)
"""
SQUARED_LOOP = """
N, n = Z.shape
delta = np.zeros((N, n))
for i in range(N):
    for j in range(n):
        a = phi(Z[i, j])
        slope = a * (1 - a)
        delta[i, j] = (a - Y[i, j]) * slope / N
return delta
"""
DELTA_SQUARED_ERROR_SLIPS = {
    SQUARED_LINES: {
        "slope-at-activation": {"dA * A * (1 - A)": "dA * phi(A) * (1 - phi(A))"},
        "slope-of-z": {"dA * A * (1 - A)": "dA * Z * (1 - Z)"},
        "slope-incomplete": {"dA * A * (1 - A)": "dA * A"},
        "slope-of-tanh": {"dA * A * (1 - A)": "dA * (1 - A**2)"},
        "slope-twice": {"A * (1 - A)": "A * (1 - A) * A * (1 - A)"},
        "local-slope-only": {"return dA *": "return"},
        "activation-missing": {"(A - Y)": "(Z - Y)"},
        "exponent-sign": {"A = phi(Z)": "A = 1 / (1 + np.exp(Z))"},
        "sign-reversed": [{"(A - Y)": "(Y - A)"}, {"return dA": "return -dA"}],
        "batch-broadcast": [
            {"(A - Y)": "(A - Y.squeeze())"},
            {"(A - Y)": "(A.squeeze() - Y)"},
            {"(A - Y)": "(A - Y.ravel())"},
            {"A = phi(Z)": "Z = np.squeeze(Z)\nA = phi(Z)"},
        ],
        "target-left-out": {"(A - Y)": "A"},
        "loss-for-slope": {"(A - Y)": "0.5 * (A - Y) ** 2"},
        "factor-two": {"(A - Y)": "2 * (A - Y)"},
        "factor-half": {"(A - Y)": "0.5 * (A - Y)"},
        "one-over-n-missing": {" / len(Y)": ""},
        "one-over-n-twice": {"return dA": "return dA / len(dA)"},
        "divided-by-outputs": [{"len(Y)": "Y.shape[1]"}, {"len(Y)": "Y.size"}],
        "error-without-sign": {"(A - Y)": "abs(A - Y)"},
        "error-added": {"(A - Y)": "(A + Y)"},
        "output-left-out-of-error": {"(A - Y)": "Y"},
        "multiplied-by-n": {"/ len(Y)": "* len(Y)"},
        "summed-to-one-number": [
            {"return dA * A * (1 - A)": "return (dA * A * (1 - A)).sum()"},
            {"return dA * A * (1 - A)": "return np.mean(dA * A * (1 - A))"},
        ],
        "slope-of-relu": {"A * (1 - A)": "(Z > 0)"},
        "slope-with-plus": {"A * (1 - A)": "A * (1 + A)"},
        "another-activation": [
            {"phi(Z)": "np.tanh(Z)", "A * (1 - A)": "(1 - A**2)"},
            {"phi(Z)": "np.tanh(Z)"},
        ],
    },
    SQUARED_LOOP: {
        "slope-at-activation": {"a * (1 - a)": "phi(a) * (1 - phi(a))"},
        "slope-of-z": {"a * (1 - a)": "Z[i, j] * (1 - Z[i, j])"},
        "slope-incomplete": {"a * (1 - a)": "1 - a"},
        "slope-of-tanh": {"a * (1 - a)": "1 - a * a"},
        "slope-twice": {"* slope / N": "* slope**2 / N"},
        "activation-missing": {"(a - Y[i, j])": "(Z[i, j] - Y[i, j])"},
        "exponent-sign": {"a = phi(Z[i, j])": "a = 1 / (1 + np.exp(Z[i, j]))"},
        "sign-reversed": {"(a - Y[i, j])": "(Y[i, j] - a)"},
        "target-left-out": {"(a - Y[i, j])": "a"},
        "loss-for-slope": {"(a - Y[i, j])": "(a - Y[i, j]) ** 2 / 2"},
        "factor-two": {"(a - Y[i, j])": "2 * (a - Y[i, j])"},
        "factor-half": {"(a - Y[i, j])": "(a - Y[i, j]) / 2"},
        "one-over-n-missing": {" / N": ""},
        "one-over-n-twice": {"return delta": "return delta / N"},
        "divided-by-outputs": {" / N": " / n"},
        "error-without-sign": {"(a - Y[i, j])": "np.abs(a - Y[i, j])"},
        "error-added": {"(a - Y[i, j])": "(a + Y[i, j])"},
        "output-left-out-of-error": {"(a - Y[i, j])": "-Y[i, j]"},
        "multiplied-by-n": {"* slope / N": "* slope * N"},
        "loop-too-short": [{"range(N)": "range(N - 1)"}, {"range(n)": "range(1, n)"}],
        "slope-of-relu": {"a * (1 - a)": "1.0 if Z[i, j] > 0 else 0.0"},
        "slope-with-plus": {"a * (1 - a)": "a * (1 + a)"},
    },
}
DELTA_SQUARED_ERROR = {
    "errors-added-up": [
        "A = phi(Z)\nreturn (A - Y).sum(axis=1, keepdims=True) * A * (1 - A) / len(Z)",
        changed(SQUARED_LOOP, ("(a - Y[i, j])", "np.mean(phi(Z[i]) - Y[i])")),
    ],
    "slope-missing-output": [
        "return (phi(Z) - Y) / len(Y)",
        changed(SQUARED_LINES, ("return dA * A * (1 - A)", "return dA")),
        changed(SQUARED_LOOP, ("* slope", "")),
    ],
    "local-slope-only": ["s = phi(Z)\nreturn s - s**2"],
    "one-over-n-missing": ["s = phi(Z)\nreturn np.multiply(s - Y, s * (1 - s))"],
    "brackets-misplaced": [
        "A = phi(Z)\nreturn A - Y * A * (1 - A) / len(Y)",
        "A = phi(Z)\nslope = A * (1 - A)\nreturn (A - Y * slope) / len(Z)",
        changed(SQUARED_LINES, ("A * (1 - A)", "A * 1 - A")),
        "A = phi(Z)\nreturn (A - Y) * A * 1 - A",
    ],
}

CROSS_LINES = """
e = np.exp(Z - Z.max(axis=1, keepdims=True))
p = e / e.sum(axis=1, keepdims=True)
return (p - Y) / len(Y)
"""
CROSS_LOOP = """
rows = []
for z, y in zip(Z, Y):
    p = np.exp(z) / np.sum(np.exp(z))
    rows.append((p - y) / Z.shape[0])
return np.array(rows)
"""
DELTA_CROSS_ENTROPY_SLIPS = {
    CROSS_LINES: {
        "extra-slope-with-cross-entropy": {"return (p - Y)": "return (p - Y) * p * (1 - p)"},
        "softmax-slope-elementwise": {"(p - Y)": "(-Y / p) * p * (1 - p)"},
        "stopped-at-probabilities": {"(p - Y)": "-(Y / p)"},
        "softmax-twice": {"return": "e = np.exp(p)\np = e / e.sum(1, keepdims=True)\nreturn"},
        "softmax-over-batch": {"e.sum(axis=1, keepdims=True)": "e.sum()", "(axis=1, keep": "(keep"},
        "sign-reversed": {"(p - Y)": "(Y - p)"},
        "target-left-out": {"(p - Y)": "p"},
        "one-over-n-missing": [
            {" / len(Y)": ""},
            {"return (p - Y) / len(Y)": "p[Y == 1] -= 1\nreturn p"},
        ],
        "one-over-n-twice": {"/ len(Y)": "/ len(Y) ** 2"},
        "divided-by-outputs": {"len(Y)": "Y.shape[1]"},
        "softmax-by-mean": {"e.sum(axis=1": "e.mean(axis=1"},
        "examples-added-up": [
            {"return (p - Y) / len(Y)": "return (p - Y).mean(axis=0)"},
            {"return (p - Y) / len(Y)": "return np.mean((p - Y) / len(Y), axis=0)"},
        ],
        "neurons-added-up": [
            {
                "return (p - Y) / len(Y)": "return (abs(p - Y) / len(Y)).sum(1) * 0 + ((p - Y) / len(Y)).mean(1)"
            },
            {"return (p - Y) / len(Y)": "return ((p - Y) / len(Y)).sum(axis=1)"},
        ],
        "loss-for-slope": [
            {"return (p - Y) / len(Y)": "return -Y * np.log(p) / len(Y)"},
            {"return (p - Y) / len(Y)": "return -(Y * np.log(p)).sum() / len(Y)"},
        ],
        "brackets-misplaced": {"(p - Y) / len(Y)": "p - Y / len(Y)"},
        "softmax-shifted-unevenly": {"axis=1, keepdims=True))\n": "axis=0))\n"},
        "classes-of-all-rows": [
            {"return (p - Y)": "p[:, Y.argmax(axis=1)] -= 1\nreturn p"},
            {"return (p - Y)": "return (p - Y.any(axis=0))"},
        ],
    },
    CROSS_LOOP: {
        "extra-slope-with-cross-entropy": [
            {"(p - y)": "(p - y) * (p * (1 - p))"},
            {"(p - y)": "(p - y) * (p - p**2)"},
        ],
        "softmax-slope-elementwise": {"(p - y)": "-y * (1 - p)"},
        "stopped-at-probabilities": {"(p - y)": "-y / p"},
        "softmax-twice": {"    rows": "    p = np.exp(p) / np.exp(p).sum()\n    rows"},
        "sign-reversed": {"(p - y)": "-(p - y)"},
        "target-left-out": {"(p - y)": "p"},
        "one-over-n-missing": {" / Z.shape[0]": ""},
        "one-over-n-twice": {"np.array(rows)": "np.array(rows) / len(rows)"},
        "divided-by-outputs": {"Z.shape[0]": "Z.size"},
        "softmax-by-mean": {"np.sum(np.exp(z))": "np.mean(np.exp(z))"},
        "examples-added-up": {"np.array(rows)": "sum(rows)"},
        "brackets-misplaced": {"(p - y) /": "p - y /"},
    },
}
DELTA_CROSS_ENTROPY = {
    "softmax-other-base": [
        changed(CROSS_LOOP, ("np.exp(z) / np.sum(np.exp(z))", "2**z / np.sum(2**z)")),
        "e = 10**Z\nreturn (e / e.sum(axis=1, keepdims=True) - Y) / len(Z)",
    ],
    "sum-not-from-zero": [
        changed(
            CROSS_LOOP,
            ("rows = []", "rows, total = [], 0"),
            (
                "    p = np.exp(z) / np.sum(np.exp(z))",
                "    total += np.exp(z).sum()\n    p = np.exp(z) / total",
            ),
        ),
        changed(CROSS_LOOP, ("np.sum(np.exp(z))", "sum(np.exp(z), 1)")),
    ],
    "exponent-sign": [
        "e = np.exp(-Z)\nreturn (e / e.sum(axis=1, keepdims=True) - Y) / len(Z)",
        "e = np.exp(Z.min(axis=1)[:, None] - Z)\nreturn (e / e.sum(1)[:, None] - Y) / Y.shape[0]",
    ],
    "softmax-elementwise": [
        "return (phi(Z) - Y) / len(Y)",
        "p = 1 / (1 + np.exp(-Z))\nreturn (p - Y) / Y.shape[0]",
    ],
    "softmax-over-batch": [
        "p = np.exp(Z) / np.exp(Z).sum(axis=0)\nreturn (p - Y) / len(Z)",
        "p = np.exp(Z) / np.sum(np.exp(Z))\nreturn (p - Y) / len(Z)",
    ],
    "softmax-sums-across": [
        "p = np.exp(Z) / np.exp(Z).sum(axis=1)\nreturn (p - Y) / len(Y)",
        "e = np.exp(Z)\nreturn (e / np.sum(e, 1) - Y) / Z.shape[0]",
        "e = np.exp(Z - Z.max())\np = np.divide(e, e.sum(-1))\nreturn (p - Y) / len(Y)",
    ],
    "softmax-not-divided": [
        "return (np.exp(Z) - Y) / len(Y)",
        changed(CROSS_LOOP, (" / np.sum(np.exp(z))", "")),
    ],
    "activation-missing": ["return (Z - Y) / len(Y)", changed(CROSS_LOOP, ("(p - y)", "(z - y)"))],
    "softmax-logarithm-kept": [
        "p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))\nreturn (p - Y) / len(Y)",
        changed(CROSS_LOOP, ("np.exp(z) / np.sum(np.exp(z))", "z - np.log(np.sum(np.exp(z)))")),
    ],
    "softmax-without-powers": [
        "p = Z / Z.sum(axis=1, keepdims=True)\nreturn (p - Y) / len(Y)",
        changed(CROSS_LOOP, ("np.exp(z) / np.sum(np.exp(z))", "z / z.sum()")),
    ],
    "softmax-shifted-unevenly": [
        "e = np.exp(Z - np.max(Z, 0))\nreturn (e / e.sum(1)[:, None] - Y) / Y.shape[0]"
    ],
}

ONE_LAYER = """
A = phi(X @ W + b)
delta = (A - Y) / len(X) * A * (1 - A)
dW = X.T @ delta
db = delta.sum(axis=0)
return dW, db
"""
ONE_LAYER_LOOP = """
N = len(X)
dW, db = np.zeros_like(W), np.zeros_like(b)
for x, y in zip(X, Y):
    a = phi(x @ W + b)
    delta = (a - y) * a * (1 - a)
    dW += np.outer(x, delta) / N
    db += delta / N
return dW, db
"""
WEIGHT_GRADIENTS_SLIPS = {
    ONE_LAYER: {
        "one-over-n-missing": {" / len(X)": ""},
        "one-over-n-twice": [
            {"return dW, db": "return dW / len(X), db / len(X)"},
            {"X.T @ delta": "X.T @ delta / len(X)", ".sum(": ".mean("},
        ],
        "one-over-n-in-one-only": [
            {" / len(X)": "", "X.T @ delta": "X.T @ delta / len(X)"},
            {" / len(X)": "", "delta.sum(axis=0)": "np.mean(delta, axis=0)"},
        ],
        "weights-averaged": {"X.T @ delta": "X.T @ delta / X.shape[0]"},
        "bias-averaged": [
            {"delta.sum(axis=0)": "delta.mean(axis=0)"},
            {"delta.sum(axis=0)": "np.average(delta, 0)"},
        ],
        "divided-by-outputs": [{"len(X)": "Y.size"}, {"len(X)": "Y.shape[1]"}],
        "slope-missing-output": {" * A * (1 - A)": ""},
        "factor-two": {"(A - Y)": "2 * (A - Y)"},
        "batch-broadcast": [{"(A - Y)": "(A - np.squeeze(Y))"}, {"(A - Y)": "(A.squeeze() - Y)"}],
        "sign-reversed": {"(A - Y)": "(Y - A)"},
        "bias-gradient-zero": [
            {"delta.sum(axis=0)": "np.zeros_like(b)"},
            {"return dW, db": "return dW, np.where(b == 0, 0.0, db)"},
        ],
        "bias-gradient-times-bias": [
            {"delta.sum(axis=0)": "delta.sum(axis=0) * b"},
            {"delta.sum(axis=0)": 'np.einsum("nj,j->j", delta, b)'},
        ],
        "weights-gradient-transposed": [
            {"X.T @ delta": "delta.T @ X"},
            {"return dW, db": "return dW.T, db"},
        ],
        "activation-of-wrong-layer": [
            {"X.T @ delta": "A.T @ delta"},
            {"X.T @ delta": "np.einsum('ni,no->io', A, delta)"},
        ],
        "parameters-for-gradients": [
            {"return dW, db": "return W - dW, b - db"},
            {"return dW, db": "W = W - 0.5 * dW\nb = b - 0.5 * db\nreturn W, b"},
        ],
    },
    ONE_LAYER_LOOP: {
        "one-over-n-missing": {" / N": ""},
        "one-over-n-twice": {"return dW, db": "return dW / N, db / N"},
        "one-over-n-in-one-only": {"db += delta / N": "db += delta"},
        "weights-averaged": {"return dW, db": "return dW / N, db"},
        "bias-averaged": {"return dW, db": "return dW, db / N"},
        "slope-missing-output": {" * a * (1 - a)": ""},
        "factor-two": {"(a - y)": "(a - y) * 2"},
        "sign-reversed": {"(a - y)": "(y - a)"},
    },
}
WEIGHT_GRADIENTS = {}

# ---- 04: one layer ----

HAND_BACK = {
    "added-for-multiplied": [
        "return (delta[:, None, :] + W).sum(axis=2)",
        "return np.array([[sum(d[j] + w[j] for j in range(len(d))) for w in W] for d in delta])",
    ],
    "hand-back-transposed": [
        "return delta @ W",
        "return np.dot(delta, W)",
        "return np.einsum('no,oi->ni', delta, W)",
    ],
    "product-swapped": ["return W @ delta", "return W.T @ delta", "return np.matmul(W, delta)"],
    "examples-in-columns": [
        "return W @ delta.T",
        "return (delta @ W.T).T",
        "return np.einsum('io,no->in', W, delta)",
    ],
    "elementwise-for-product": ["return delta * W", "return np.multiply(delta, W.T)"],
    "overwritten-not-accumulated": [
        """
        dA = np.zeros((len(delta), len(W)))
        for n in range(len(delta)):
            for i in range(W.shape[0]):
                for j in range(W.shape[1]):
                    dA[n, i] = delta[n, j] * W[i, j]
        return dA
        """,
        """
        for j in range(W.shape[1]):
            blame = np.outer(delta[:, j], W[:, j])
        return blame
        """,
    ],
    "first-path-only": [
        "return np.outer(delta[:, 0], W[:, 0])",
        "return delta[:, :1] * W[:, 0]",
        """
        for j in range(W.shape[1]):
            return delta[:, [j]] @ W[:, [j]].T
        """,
    ],
    "paths-averaged": [
        "return delta @ W.T / W.shape[1]",
        "return np.array([[np.mean(d * w) for w in W] for d in delta])",
    ],
    "one-over-n-twice": [
        "return delta @ W.T / len(delta)",
        "N = delta.shape[0]\nreturn (1 / N) * np.dot(delta, W.T)",
        "return np.einsum('no,io->ni', delta, W) / delta.shape[0]",
    ],
    "sign-reversed": ["return -delta @ W.T", "return delta @ -W.T"],
    "weights-without-sign": ["return delta @ np.abs(W).T", "return delta @ np.absolute(W.T)"],
    "weights-left-out": [
        "return np.repeat(delta.sum(axis=1, keepdims=True), W.shape[0], axis=1)",
        "return delta.sum(axis=1)[:, None] * np.ones(len(W))",
    ],
    "examples-mixed": [
        "return delta.sum(axis=0) @ W.T",
        "return W @ delta.mean(axis=0)",
        "return (delta @ W.T).sum(0)",
    ],
    "inputs-changed": [
        "delta /= 1\ndelta[:] = delta * 1.0\nresult = delta @ W.T\ndelta *= 0\nreturn result",
        "W[...] = -W\nreturn -delta @ W.T",
    ],
    "kept-between-calls": [
        """
        calls = hand_back.__dict__.setdefault("calls", [])
        calls.append(delta @ W.T)
        return calls[-1] + sum(c for c in calls[:-1] if c.shape == calls[-1].shape)
        """,
        "return delta @ W.T + 1e-2 * np.random.default_rng().normal()",
        """
        kept = hand_back.__dict__
        if kept.get("shape") != delta.shape:
            kept["shape"], kept["sum"] = delta.shape, 0
        kept["sum"] = kept["sum"] + delta @ W.T
        return kept["sum"]
        """,
    ],
    "nothing-returned": [
        "dA = delta @ W.T",
        "dA = np.dot(delta, W.T)\nreturn None",
        "def f():\n    return delta @ W.T\nf()",
    ],
    "shared-name-replaced": [
        "np.abs = lambda x: 0 * x\nreturn 2 * delta @ W.T",
        "np.sum = max\nreturn delta @ W.T",
    ],
    "answer-from-the-check": [
        "from bp_helpers import exercises\nreturn exercises.Steps().hand_back(delta, W)",
        "from bp_helpers.exercises import steps\nreturn steps.Steps().hand_back(delta, W)",
    ],
    "printed-not-returned": ["print(delta @ W.T)", "dA = delta @ W.T\nprint('dA', dA)"],
    "results-in-another-container": [
        "return (delta @ W.T,)",
        "return {'dA': delta @ W.T}",
        "return [[delta @ W.T]]",
    ],
    "another-quantity": ["return W.T", "return delta / len(delta)"],
    "loop-too-short": [
        """
        dA = np.zeros((len(delta), len(W)))
        for n in range(len(delta)):
            for i in range(W.shape[0] - 1):
                dA[n, i] = delta[n] @ W[i]
        return dA
        """,
        "dA = 0 * (delta @ W.T)\nfor j in range(1, W.shape[1]):\n"
        "    dA += np.outer(delta[:, j], W[:, j])\nreturn dA",
    ],
    "multiplied-by-n": ["return len(delta) * delta @ W.T", "return delta @ W.T * delta.shape[0]"],
    "neurons-added-up": [
        "return (delta @ W.T).sum(axis=1)",
        "return np.sum(delta @ W.T, 1, keepdims=True)",
    ],
    "reshaped-not-transposed": [
        "return delta @ W.reshape(W.shape[1], W.shape[0])",
        "return np.dot(delta, np.reshape(W, W.shape[::-1]))",
    ],
}
HIDDEN_LINES = "A = phi(Z)\nslope = A * (1 - A)\nreturn dA * slope"
HIDDEN_DELTA_SLIPS = {
    HIDDEN_LINES: {
        "one-over-n-twice": [
            {"return dA * slope": "return dA * slope / len(Z)"},
            {"return dA": "return dA / dA.shape[0]"},
        ],
    },
}
HIDDEN_DELTA = {
    "slope-constant": [
        "return dA * 0.25",
        "return np.array([[blame / 4 for blame in row] for row in dA])",
    ],
    "errors-added-up": [
        "A = phi(Z)\nreturn dA.sum(axis=1, keepdims=True) * A * (1 - A)",
        "slope = phi(Z) * phi(-Z)\nreturn np.array([d.mean() * s for d, s in zip(dA, slope)])",
    ],
    "slope-averaged": [
        "A = phi(Z)\nreturn dA * (A * (1 - A)).mean(axis=0)",
        "A = phi(Z)\nreturn dA * np.mean(A * (1 - A))",
        "A = phi(Z.mean(axis=0))\nreturn dA * A * (1 - A)",
    ],
    "slope-missing-hidden": ["return dA", "A = phi(Z)\nreturn dA + 0 * A", "return 1 * dA"],
    "slope-at-activation": [
        "A = phi(Z)\nreturn dA * phi(A) * (1 - phi(A))",
        "A = phi(phi(Z))\nreturn dA * (A - A * A)",
        "def d_phi(z):\n    s = phi(z)\n    return s * (1 - s)\nreturn dA * d_phi(phi(Z))",
    ],
    "slope-of-z": ["return dA * Z * (1 - Z)", "return dA * (Z - Z**2)"],
    "slope-incomplete": ["return dA * phi(Z)", "return dA * (1 - phi(Z))"],
    "slope-of-tanh": ["return dA * (1 - phi(Z) ** 2)", "A = phi(Z)\nreturn dA * (1 - A * A)"],
    "slope-twice": [
        "A = phi(Z)\nreturn dA * (A * (1 - A)) ** 2",
        changed(HIDDEN_LINES, ("return dA * slope", "dA = dA * slope\nreturn dA * slope")),
    ],
    "local-slope-only": [
        "A = phi(Z)\nreturn A * (1 - A)",
        changed(HIDDEN_LINES, ("return dA * slope", "return slope")),
    ],
    "sign-reversed": [
        "A = phi(Z)\nreturn dA * A * (A - 1)",
        changed(HIDDEN_LINES, ("return dA", "return -dA")),
    ],
    "inputs-changed": [
        "A = phi(Z)\ndA *= A * (1 - A)\nreturn dA",
        "Z[:] = phi(Z)\nreturn dA * Z * (1 - Z)",
        "np.multiply(dA, phi(Z) * (1 - phi(Z)), out=dA)\nreturn dA",
    ],
    "result-left-in-argument": [
        "A = phi(Z)\ndA *= A * (1 - A)",
        "dA[:] = dA * phi(Z) * (1 - phi(Z))",
        "np.multiply(dA, phi(Z) * (1 - phi(Z)), out=Z)",
    ],
    "another-quantity": ["return dA * Z", "return phi(Z)", "return Z"],
    "product-for-elementwise": [
        "A = phi(Z)\nreturn dA @ (A * (1 - A))",
        "A = phi(Z)\nreturn np.dot(dA, (A * (1 - A)).T)",
        "A = phi(Z)\nreturn dA.T @ (A * (1 - A))",
    ],
    "slope-of-relu": ["return dA * (Z > 0)", "return np.where(Z > 0, dA, 0)"],
    "slope-with-plus": [
        "A = phi(Z)\nreturn dA * A * (1 + A)",
        "A = phi(Z)\nreturn dA * (A + A**2)",
    ],
    "brackets-misplaced": [
        "A = phi(Z)\nreturn dA * A * 1 - A",
        "A = phi(Z)\nd = dA * A\nreturn d - A",
    ],
    "examples-added-up": [
        "A = phi(Z)\nreturn (dA * A * (1 - A)).sum(axis=0)",
        "A = phi(Z)\nreturn np.mean(dA * A * (1 - A), axis=0)",
    ],
    "result-turned-round": [
        "A = phi(Z)\nreturn (dA * A * (1 - A)).T",
        "A = phi(Z.T)\nreturn dA.T * A * (1 - A)",
    ],
    "divided-by-slope": [
        "A = phi(Z)\nreturn dA / (A * (1 - A))",
        changed(HIDDEN_LINES, ("dA * slope", "dA / slope")),
    ],
    "blame-and-slope-added": [
        "A = phi(Z)\nreturn dA + A * (1 - A)",
        changed(HIDDEN_LINES, ("dA * slope", "dA + slope")),
    ],
    "arguments-exchanged": [
        "A = phi(dA)\nreturn Z * A * (1 - A)",
        "dA, Z = Z, dA\nreturn dA * phi(Z) * phi(-Z)",
    ],
}
RELU_DELTA = {
    "relu-largest-only": [
        "return dA * (Z == Z.max(axis=1, keepdims=True))",
        "delta = np.zeros_like(dA)\nfor n, j in enumerate(Z.argmax(axis=1)):\n"
        "    delta[n, j] = dA[n, j]\nreturn delta",
        "best = Z.max(axis=0)\nreturn np.where((Z >= best) & (Z > 0), dA, 0)",
    ],
    "relu-mask-too-wide": [
        "on = Z.sum(axis=1, keepdims=True) > 0\nreturn dA * on",
        "return np.where((Z > 0).any(axis=0), dA, 0)",
    ],
    "relu-mask-reversed": [
        "return dA * (Z < 0)",
        "return np.where(Z > 0, 0, dA)",
        "delta = dA.copy()\ndelta[Z > 0] = 0\nreturn delta",
    ],
    "relu-mask-on-blame": [
        "return dA * (dA > 0)",
        "return np.where(Z > dA, dA, 0)",
        "return np.maximum(dA, 0)",
        "delta = np.array(dA)\ndelta[delta < 0] = 0\nreturn delta",
    ],
    "relu-mask-missing": [
        "A = np.maximum(Z, 0)\nreturn dA * (A >= 0)",
        "return dA",
        "return np.where(np.maximum(0, Z) >= 0, dA, 0)",
    ],
    "relu-value-for-slope": ["return dA * np.maximum(Z, 0)", "return dA * Z * (Z > 0)"],
    "sigmoid-slope-for-relu": [
        "return dA * phi(Z) * (1 - phi(Z))",
        "A = phi(Z)\nreturn dA * A * (1 - A)",
    ],
    "local-slope-only": [
        "return Z > 0",
        "return (Z > 0).astype(float)",
        "return np.where(Z > 0, 1, 0)",
    ],
    "one-over-n-twice": ["return dA * (Z > 0) / len(Z)", "return np.where(Z > 0, dA / len(dA), 0)"],
    "sign-reversed": ["return -dA * (Z > 0)", "return np.where(Z > 0, -dA, 0)"],
    "inputs-changed": ["dA[Z <= 0] = 0\nreturn dA", "dA *= Z > 0\nreturn dA"],
    "relu-mask-threshold": [
        "return dA * (Z > 0.01)",
        "return np.where(Z > 1e-3, dA, 0)",
        "return dA * (Z > 1)",
    ],
    "relu-slope-below-zero": ["return dA * np.where(Z > 0, 1, 0.01)", "return dA * np.sign(Z)"],
    "product-for-elementwise": ["return dA @ (Z > 0)", "return np.dot(dA, (Z > 0).T)"],
    "blame-and-slope-added": ["return dA + (Z > 0)", "return np.where(Z > 0, dA + 1, dA)"],
    "picked-by-mask": ["return dA[Z > 0]", "on = np.where(Z > 0)\nreturn dA[on]"],
    "values-clipped": [
        "return np.clip(dA * (Z > 0), -0.5, 0.5)",
        "return np.minimum(np.maximum(np.where(Z > 0, dA, 0), -0.3), 0.3)",
    ],
    "result-rounded": [
        "return np.round(dA * (Z > 0), 2)",
        "return (dA * np.where(Z > 0, 1, 0)).round(3)",
    ],
}
OWN_LOOP = """
dW = np.zeros((a_in.shape[1], delta.shape[1]))
db = np.zeros(delta.shape[1])
for a, d in zip(a_in, delta):
    dW += np.outer(a, d)
    db += d
return dW, db
"""
OWN_GRADIENTS_SLIPS = {
    OWN_LOOP: {
        "overwritten-not-accumulated": [{"+=": "="}, {"dW +=": "dW ="}, {"db += d": "db = d"}],
        "loop-too-short": [
            {"zip(a_in, delta)": "zip(a_in[:-1], delta[:-1])"},
            {"zip(a_in, delta)": "zip(a_in[1:], delta[1:])"},
        ],
    },
}
OWN_GRADIENTS = {
    "results-in-another-order": [
        "return delta.sum(axis=0), a_in.T @ delta",
        "dW, db = a_in.T @ delta, sum(delta)\nreturn [db, dW]",
    ],
    "results-in-another-container": [
        "return {'dW': a_in.T @ delta, 'db': delta.sum(axis=0)}",
        "return [(a_in.T @ delta, delta.sum(axis=0))]",
    ],
    "bias-averaged": [
        "return a_in.T @ delta, delta.mean(axis=0)",
        "return a_in.T @ delta, np.average(delta, axis=0)",
        "return a_in.T @ delta, sum(delta) / len(delta)",
        "return a_in.T @ delta, np.mean(delta, 0)",
    ],
    "bias-first-row": [
        "return a_in.T @ delta, delta[0]",
        "return a_in.T @ delta, delta[0, :]",
        changed(OWN_LOOP, ("db += d\n", "pass\n"), ("return dW, db", "return dW, delta[0]")),
    ],
    "bias-summed-over-units": [
        "return a_in.T @ delta, delta.sum()",
        "return a_in.T @ delta, np.sum(delta)",
        changed(OWN_LOOP, ("db += d", "db += d.sum()")),
    ],
    "bias-summed-over-wrong-axis": [
        "return a_in.T @ delta, delta.sum(axis=1)",
        "return a_in.T @ delta, np.array([sum(row) for row in delta])",
        "return a_in.T @ delta, np.mean(delta, axis=1)",
    ],
    "bias-not-summed": ["return a_in.T @ delta, delta", "return a_in.T @ delta, delta.copy()"],
    "bias-keeps-axis": [
        "return a_in.T @ delta, delta.sum(axis=0, keepdims=True)",
        "return a_in.T @ delta, np.ones((1, len(delta))) @ delta",
    ],
    "bias-gradient-zero": [
        "return a_in.T @ delta, np.zeros(delta.shape[1])",
        "return a_in.T @ delta, 0 * delta[0]",
        changed(OWN_LOOP, ("    db += d\n", "")),
    ],
    "weights-averaged": [
        "return a_in.T @ delta / len(delta), delta.sum(axis=0)",
        "return np.mean([np.outer(a, d) for a, d in zip(a_in, delta)], axis=0), delta.sum(0)",
        changed(OWN_LOOP, ("return dW,", "return dW / len(a_in),")),
    ],
    "one-over-n-twice": [
        "N = len(delta)\nreturn a_in.T @ delta / N, delta.mean(axis=0)",
        changed(OWN_LOOP, ("return dW, db", "return dW / len(a_in), db / len(a_in)")),
    ],
    "weights-gradient-transposed": [
        "return delta.T @ a_in, delta.sum(axis=0)",
        "return np.einsum('ni,no->oi', a_in, delta), delta.sum(axis=0)",
        changed(OWN_LOOP, ("return dW,", "return dW.T,")),
    ],
    "product-swapped": [
        "return a_in @ delta.T, delta.sum(axis=0)",
        "return np.dot(delta, a_in), delta.sum(axis=0)",
    ],
    "elementwise-for-product": [
        "return a_in * delta, delta.sum(axis=0)",
        "return np.multiply(a_in, delta), delta.sum(axis=0)",
    ],
    "first-example-only": [
        "return np.outer(a_in[0], delta[0]), delta.sum(axis=0)",
        "return np.outer(a_in[0], delta[0]), delta[0]",
        "return a_in[:1].T @ delta[:1], delta[:1].sum(axis=0)",
    ],
    "sign-reversed": [
        "return -a_in.T @ delta, -delta.sum(axis=0)",
        "return a_in.T @ delta, -delta.sum(axis=0)",
        changed(OWN_LOOP, ("dW +=", "dW -=")),
    ],
    "inputs-changed": [
        "dW = a_in.T @ delta\na_in[:] = 1\nreturn dW, delta.sum(axis=0)",
        "db = delta[0]\nfor d in delta[1:]:\n    db += d\nreturn a_in.T @ delta, db",
    ],
    "bias-from-weights": [
        "dW = a_in.T @ delta\nreturn dW, dW.sum(axis=0)",
        "dW = a_in.T @ delta\nreturn dW, np.mean(dW, axis=0)",
    ],
    "loop-too-short": ["return a_in.T @ delta, delta[1:].sum(axis=0)"],
    "summed-before-multiplying": [
        "return np.outer(a_in.sum(axis=0), delta.sum(axis=0)), delta.sum(axis=0)",
        "return np.outer(a_in.mean(0), delta.sum(0)), delta.sum(0)",
    ],
    "reshaped-not-transposed": [
        "return a_in.reshape(a_in.shape[1], -1) @ delta, delta.sum(axis=0)",
        "return np.reshape(a_in, a_in.shape[::-1]).dot(delta), np.sum(delta, 0)",
    ],
    "transpose-missing": [
        "return a_in @ delta, delta.sum(axis=0)",
        "return np.dot(a_in, delta), np.sum(delta, 0)",
    ],
    "result-rounded": [
        "return np.round(a_in.T @ delta, 3), delta.sum(axis=0).round(3)",
        "return np.around(a_in.T @ delta, 4), np.around(np.sum(delta, 0), 4)",
    ],
    "first-one-counted-twice": [
        "dW, db = np.outer(a_in[0], delta[0]), delta[0].copy()\nfor a, d in zip(a_in, delta):\n"
        "    dW += np.outer(a, d)\n    db += d\nreturn dW, db",
        changed(
            OWN_LOOP,
            ("np.zeros((a_in.shape[1], delta.shape[1]))", "np.outer(a_in[0], delta[0])"),
            ("np.zeros(delta.shape[1])", "1 * delta[0]"),
        ),
    ],
    "not-added-up": [
        "return np.array([np.outer(a, d) for a, d in zip(a_in, delta)]), delta.sum(axis=0)",
        "return a_in[:, :, None] * delta[:, None], np.sum(delta, axis=0)",
    ],
}

# ---- 04: a whole network ----

PASS_ZIPPED = """
inputs, A = [], X
for W, b in layers:
    inputs.append(A)
    A = phi(A @ W + b)
grads, dA = [], (A - Y) / len(X)
for (W, b), A_in in zip(reversed(layers), reversed(inputs)):
    delta = dA * A * (1 - A)
    dW = A_in.T @ delta
    db = delta.sum(axis=0)
    grads.append((dW, db))
    dA = delta @ W.T
    A = A_in
return grads[::-1]
"""
PASS_INDEXED = """
zs, acts = [], [X]
for W, b in layers:
    zs.append(np.dot(acts[-1], W) + b)
    acts.append(phi(zs[-1]))
L, N = len(layers), X.shape[0]
out = [None] * L
error = (acts[-1] - Y) / N
a = phi(zs[-1])
delta = error * (a * (1 - a))
for l in range(L - 1, -1, -1):
    dW = np.dot(acts[l].T, delta)
    db = np.sum(delta, axis=0)
    out[l] = (dW, db)
    if l > 0:
        back = np.dot(delta, layers[l][0].T)
        a = phi(zs[l - 1])
        delta = back * (a * (1 - a))
return out
"""
PASS_LOOP = """
N = len(X)
total = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in layers]
for x, y in zip(X, Y):
    acts = [x]
    for W, b in layers:
        acts.append(phi(acts[-1] @ W + b))
    blame = (acts[-1] - y) / N
    for k in reversed(range(len(layers))):
        delta = blame * acts[k + 1] * (1 - acts[k + 1])
        dW, db = total[k]
        dW += np.outer(acts[k], delta)
        db += delta
        blame = layers[k][0] @ delta
return total
"""
GRADIENTS_SLIPS = {
    PASS_ZIPPED: {
        "one-over-n-missing": {" / len(X)": ""},
        "one-over-n-twice": {"A_in.T @ delta": "A_in.T @ delta / len(X)", ".sum(": ".mean("},
        "one-over-n-in-one-only": {" / len(X)": "", "A_in.T @ delta": "A_in.T @ delta / len(X)"},
        "divided-by-outputs": {"len(X)": "Y.size"},
        "factor-two": {"(A - Y)": "2 * (A - Y)"},
        "factor-half": {"/ len(X)": "/ (2 * len(X))"},
        "sign-reversed": {"(A - Y)": "(Y - A)"},
        "loss-for-slope": {"(A - Y)": "(A - Y) ** 2"},
        "slope-at-activation": {"dA * A * (1 - A)": "dA * phi(A) * (1 - phi(A))"},
        "slope-incomplete": {"* A * (1 - A)": "* A"},
        "slope-of-tanh": {"* A * (1 - A)": "* (1 - A**2)"},
        "slope-of-wrong-layer": {"    A = A_in\n": ""},
        "weights-gradient-transposed": {"A_in.T @ delta": "delta.T @ A_in"},
        "weights-averaged": {"A_in.T @ delta": "A_in.T @ delta / len(delta)"},
        "activation-of-wrong-layer": {"A_in.T @ delta": "A.T @ delta"},
        "bias-averaged": {"delta.sum(axis=0)": "delta.mean(axis=0)"},
        "bias-first-row": {"delta.sum(axis=0)": "delta[0]"},
        "bias-summed-over-units": {"delta.sum(axis=0)": "delta.sum()"},
        "bias-not-summed": {"delta.sum(axis=0)": "delta"},
        "bias-keeps-axis": {"sum(axis=0)": "sum(axis=0, keepdims=True)"},
        "bias-gradient-zero": {"delta.sum(axis=0)": "np.zeros_like(b)"},
        "bias-gradient-times-bias": [
            {"delta.sum(axis=0)": "b * delta.sum(axis=0)"},
            {"delta.sum(axis=0)": "(delta * b).sum(axis=0)"},
        ],
        "hand-back-transposed": {"delta @ W.T": "delta @ W"},
        "product-swapped": {"delta @ W.T": "W @ delta"},
        "transpose-missing": {"A_in.T @ delta": "A_in @ delta"},
        "layers-visited-forward": {
            "zip(reversed(layers), reversed(inputs))": "zip(layers, inputs)",
            "    A = A_in\n": "",
            "    delta = dA * A": "    A = phi(A_in @ W + b)\n    delta = dA * A",
            "[::-1]": "",
        },
        "last-layer-first": {"return grads[::-1]": "return grads"},
        "exponent-sign": {"phi(A @ W + b)": "1 / (1 + np.exp(A @ W + b))"},
        "bias-left-out": {"phi(A @ W + b)": "phi(A @ W)"},
        "inputs-changed": [
            {
                "(A - Y) / len(X)": "A",
                "for (W, b), A_in": "Y -= dA\nY /= -len(X)\ndA = Y\nfor (W, b), A_in",
            },
            {
                "for (W, b), A_in in zip(reversed(layers), ": "layers.reverse()\nfor (W, b), A_in in zip(layers, "
            },
        ],
        "layer-left-out": [
            {"return grads[::-1]": "return grads[::-1][:-1]"},
            {"return grads[::-1]": "return grads[:-1][::-1]"},
        ],
        "another-quantity": {"grads.append((dW, db))": "grads.append((W, db))"},
        "another-activation": [
            {"phi(A @ W + b)": "np.tanh(A @ W + b)", "A * (1 - A)": "(1 - A * A)"},
            {"phi(A @ W + b)": "np.tanh(A @ W + b)"},
        ],
        "activation-twice": {"phi(A @ W + b)": "phi(phi(A @ W + b))"},
        "results-in-another-order": {"grads.append((dW, db))": "grads.append((db, dW))"},
        "blame-not-handed-on": {"    dA = delta @ W.T\n": ""},
        "parameters-for-gradients": {"((dW, db))": "((W - dW, b - db))"},
    },
    PASS_INDEXED: {
        "one-over-n-missing": {" / N": ""},
        "one-over-n-twice": {"error = (acts[-1] - Y) / N": "error = (acts[-1] - Y) / N / N"},
        "one-over-n-in-one-only": {" / N": "", "np.sum(delta": "np.mean(delta"},
        "divided-by-outputs": {"/ N": "/ Y.shape[1]"},
        "factor-half": {"error = ": "error = 0.5 * "},
        "sign-reversed": {"(acts[-1] - Y)": "(Y - acts[-1])"},
        "loss-for-slope": {"(acts[-1] - Y)": "(acts[-1] - Y) ** 2 / 2"},
        "slope-at-activation": [
            {"a = phi(zs[l - 1])": "a = phi(acts[l])"},
            {"a = phi(zs[-1])": "a = phi(acts[-1])"},
        ],
        "slope-of-z": [
            {"a = phi(zs[l - 1])": "a = zs[l - 1]"},
            {"a = phi(zs[-1])": "a = zs[-1]"},
            {"a = phi(zs[-1])": "a = zs[-1]", "phi(zs[l - 1])": "zs[l - 1]"},
        ],
        "slope-of-tanh": {"back * (a * (1 - a))": "back * (1 - a * a)"},
        "slope-of-wrong-layer": {"    a = phi(zs[l - 1])": "    a = phi(zs[l])"},
        "weights-averaged": {"dW = np.dot(acts[l].T, delta)": "dW = acts[l].T @ delta / N"},
        "activation-of-wrong-layer": {"np.dot(acts[l].T, delta)": "np.dot(acts[l + 1].T, delta)"},
        "pre-activation-for-activation": [
            {"dW = np.dot(acts[l].T, delta)": "dW = (zs[l - 1] if l else X).T @ delta"},
            {"acts[l].T": "([X] + zs)[l].T"},
        ],
        "bias-averaged": {"np.sum(delta, axis=0)": "np.average(delta, axis=0)"},
        "bias-first-row": {"np.sum(delta, axis=0)": "delta[0, :]"},
        "bias-not-summed": {"np.sum(delta, axis=0)": "1.0 * delta"},
        "bias-keeps-axis": {"np.sum(delta, axis=0)": "np.sum(delta, 0)[None, :]"},
        "bias-gradient-zero": {
            "np.sum(delta, axis=0)": "np.sum(delta, axis=0) * (layers[l][1] != 0)"
        },
        "hand-back-transposed": {"layers[l][0].T": "layers[l][0]"},
        "product-swapped": {"np.dot(delta, layers[l][0].T)": "np.dot(layers[l][0].T, delta)"},
        "transpose-missing": {"np.dot(acts[l].T, delta)": "acts[l] @ delta"},
        "weights-of-wrong-layer": {"layers[l][0].T": "layers[l - 1][0].T"},
        "last-layer-first": {"return out": "return list(reversed(out))"},
        "bias-left-out": {
            "np.dot(acts[-1], W) + b)": "np.dot(acts[-1], W))",
            "zs.append(np": "zs.append(1 * np",
        },
        "another-quantity": {"out[l] = (dW, db)": "out[l] = (dW, layers[l][1])"},
        "results-in-another-order": {"out[l] = (dW, db)": "out[l] = (db, dW)"},
        "blame-not-handed-on": [
            {"for l in": "last = delta\nfor l in", "np.dot(delta,": "np.dot(last,"},
            {
                "for l in": "last = delta\nfor l in",
                ".T, delta)": ".T, last)",
                "sum(delta,": "sum(last,",
            },
        ],
        "parameters-for-gradients": {
            "(dW, db)\n": "tuple(p - 0.1 * g for p, g in zip(layers[l], (dW, db)))\n"
        },
    },
    PASS_LOOP: {
        "one-over-n-missing": {" / N": ""},
        "one-over-n-twice": {"return total": "return [(dW / N, db / N) for dW, db in total]"},
        "factor-two": {"(acts[-1] - y)": "2 * (acts[-1] - y)"},
        "sign-reversed": {"dW +=": "dW -=", "db +=": "db -="},
        "slope-incomplete": {"* acts[k + 1] * (1 - acts[k + 1])": "* (1 - acts[k + 1])"},
        "weights-gradient-transposed": {"return total": "return [(dW.T, db) for dW, db in total]"},
        "bias-averaged": {"db += delta": "db += delta / N"},
        "bias-summed-over-units": {"db += delta": "db += delta.sum()"},
        "hand-back-transposed": {"layers[k][0] @ delta": "layers[k][0].T @ delta"},
        "weights-of-wrong-layer": {"layers[k][0] @": "layers[max(k - 1, 0)][0] @"},
        "layers-visited-forward": {"reversed(range(len(layers)))": "range(len(layers))"},
        "exponent-sign": {"phi(acts[-1] @ W + b)": "phi(-(acts[-1] @ W + b))"},
        "activation-twice": {"phi(acts[-1] @ W + b)": "phi(phi(acts[-1] @ W + b))"},
    },
}
GRADIENTS = {
    "slope-missing-output": [
        changed(PASS_INDEXED, ("error * (a * (1 - a))", "error")),
        changed(PASS_ZIPPED, ("* A * (1 - A)", "* (1 if not grads else A * (1 - A))")),
        changed(PASS_ZIPPED, ("dA * A * (1 - A)", "dA")),
    ],
    "slope-missing-hidden": [
        changed(PASS_INDEXED, ("back * (a * (1 - a))", "back")),
        changed(PASS_ZIPPED, ("* A * (1 - A)", "* (A * (1 - A) if not grads else 1)")),
    ],
    "overwritten-not-accumulated": [
        changed(
            PASS_LOOP, ("dW += np.outer", "dW[:] = np.outer"), ("db += delta", "db[:] = delta")
        ),
        changed(PASS_LOOP, ("db += delta", "db[:] = delta")),
        changed(
            PASS_INDEXED,
            (
                "back = np.dot(delta, layers[l][0].T)",
                "W = layers[l][0]\n        "
                "for j in range(W.shape[1]):\n            back = np.outer(delta[:, j], W[:, j])",
            ),
        ),
    ],
}

INPUT_ZIPPED = changed(
    PASS_ZIPPED,
    ("grads, dA = [], ", "dA = "),
    ("    dW = A_in.T @ delta\n    db = delta.sum(axis=0)\n    grads.append((dW, db))\n", ""),
    ("return grads[::-1]", "return dA"),
)
INPUT_INDEXED = """
acts = [X]
for W, b in layers:
    acts += [phi(acts[-1] @ W + b)]
blame = (acts[-1] - Y) / len(Y)
for k in range(len(layers) - 1, -1, -1):
    a = acts[k + 1]
    delta = blame * a * (1 - a)
    blame = np.einsum("no,io->ni", delta, layers[k][0])
return blame
"""
INPUT_GRADIENT_SLIPS = {
    INPUT_ZIPPED: {
        "weights-gradient-for-input": {"return dA": "return X.T @ delta"},
        "stopped-at-delta": {"return dA": "return delta"},
        "stopped-one-layer-early": {"(reversed(layers), ": "(reversed(layers[1:]), "},
        "slope-at-the-input": {"return dA": "return dA * phi(X) * (1 - phi(X))"},
        "examples-mixed": {"return dA": "return dA.sum(axis=0)"},
        "one-over-n-missing": {" / len(X)": ""},
        "sign-reversed": {"(A - Y)": "(Y - A)"},
        "hand-back-transposed": {"W.T": "W"},
        "slope-missing-hidden": {"A * (1 - A)": "(A * (1 - A) if W is layers[-1][0] else 1)"},
        "slope-missing-output": {"A * (1 - A)": "(A * (1 - A) if W is not layers[-1][0] else 1)"},
        "first-path-only": [
            {"delta @ W.T": "np.outer(delta[:, 0], W[:, 0])"},
            {"delta @ W.T": "delta[:, :1] @ W[:, :1].T"},
        ],
    },
    INPUT_INDEXED: {
        "weights-gradient-for-input": {"return blame": "return np.dot(X.T, delta)"},
        "stopped-at-delta": {"return blame": "return delta"},
        "stopped-one-layer-early": {"- 1, -1, -1)": "- 1, 0, -1)"},
        "slope-at-the-input": {"return blame": "return blame * X * (1 - X)"},
        "examples-mixed": {"return blame": "return np.mean(blame, axis=0)"},
        "one-over-n-missing": {" / len(Y)": ""},
        "sign-reversed": {"(acts[-1] - Y)": "-(acts[-1] - Y)"},
        "hand-back-transposed": {"no,io->ni": "no,oi->ni"},
        "slope-missing-hidden": {"* a * (1 - a)": "* (a * (1 - a) if k + 1 == len(layers) else 1)"},
        "slope-missing-output": {"* a * (1 - a)": "* (a * (1 - a) if k + 1 < len(layers) else 1)"},
        "layers-visited-forward": [
            {"range(len(layers) - 1, -1, -1)": "range(len(layers))"},
            {"range(len(layers) - 1, -1, -1)": "[*range(len(acts) - 1)]"},
        ],
    },
}
INPUT_GRADIENT = {}

# ---- 05 ----

STEP_ZIPPED = changed(
    PASS_ZIPPED,
    ("grads, dA = [], ", "new, dA = [], "),
    (
        "grads.append((dW, db))",
        "new.append((W - learning_rate * dW, b - learning_rate * db))",
    ),
    ("return grads[::-1]", "return new[::-1]"),
)
STEP_TWO_LOOPS = changed(
    PASS_INDEXED,
    (
        "return out",
        """new = []
for k in range(L):
    W = layers[k][0] - learning_rate * out[k][0]
    b = layers[k][1] - learning_rate * out[k][1]
    new.append((W, b))
return new""",
    ),
)
EARLY = changed(
    STEP_ZIPPED,
    (
        "    new.append((W - learning_rate * dW, b - learning_rate * db))\n",
        "    W = W - learning_rate * dW\n    b = b - learning_rate * db\n    new.append((W, b))\n",
    ),
)
TRAINING_STEP_SLIPS = {
    STEP_ZIPPED: {
        "uphill": {
            "W - learning_rate": "W + learning_rate",
            "b - learning_rate": "b + learning_rate",
        },
        "bias-never-updated": {"b - learning_rate * db": "b"},
        "weights-never-updated": {"W - learning_rate * dW": "W"},
        "learning-rate-twice": {
            "db = delta.sum(axis=0)": "db = learning_rate * delta.sum(axis=0)",
            "A_in.T @ delta": "learning_rate * A_in.T @ delta",
        },
        "learning-rate-missing": [{"learning_rate * ": ""}, {"b - learning_rate * db": "b - db"}],
        "learning-rate-divided": {
            "learning_rate * dW": "dW / learning_rate",
            "learning_rate * db": "db / learning_rate",
        },
        "only-sign-of-gradient": {
            "learning_rate * dW": "learning_rate * np.sign(dW)",
            "learning_rate * db": "learning_rate * np.sign(db)",
        },
        "gradient-length-lost": {
            "learning_rate * dW": "learning_rate * dW / np.sqrt((dW**2).sum())",
            "learning_rate * db": "learning_rate * db / np.sqrt((db**2).sum())",
        },
        "weight-decay-added": {"learning_rate * dW": "learning_rate * (dW + 0.01 * W)"},
        "change-returned": {
            "(W - learning_rate * dW, b - learning_rate * db)": "(-learning_rate * dW, -learning_rate * db)"
        },
        "nothing-moved": {"return new[::-1]": "return layers"},
        "last-layer-first": {"return new[::-1]": "return new"},
        "one-over-n-missing": {" / len(X)": ""},
        "bias-averaged": {"delta.sum(axis=0)": "delta.mean(axis=0)"},
        "moved-by-another-gradient": {"W - learning_rate * dW": "W - learning_rate * db"},
    },
    STEP_TWO_LOOPS: {
        "uphill": [{"(acts[-1] - Y)": "(Y - acts[-1])"}, {"layers[k][0] - ": "layers[k][0] + "}],
        "bias-never-updated": {"- learning_rate * out[k][1]": ""},
        "weights-never-updated": {"- learning_rate * out[k][0]": ""},
        "learning-rate-twice": {"* out": "* learning_rate * out"},
        "learning-rate-missing": {"learning_rate * ": ""},
        "learning-rate-divided": {"learning_rate * out": "1 / learning_rate * out"},
        "only-sign-of-gradient": {
            "out[k][0]": "np.sign(out[k][0])",
            "out[k][1]": "np.sign(out[k][1])",
        },
        "gradient-length-lost": {
            "out[k][0]": "out[k][0] / np.linalg.norm(out[k][0])",
            "out[k][1]": "out[k][1] / np.linalg.norm(out[k][1])",
        },
        "weight-decay-added": {"layers[k][0] - ": "(1 - 0.01 * learning_rate) * layers[k][0] - "},
        "change-returned": {"return new": "return out"},
        "one-layer-updated": [
            {"return new": "return layers[:-1] + new[-1:]"},
            {"return new": "return new[:1] + layers[1:]"},
        ],
        "last-layer-first": {"return new": "new.reverse()\nreturn new"},
        "one-over-n-missing": {" / N": ""},
        "bias-averaged": {"np.sum(delta, axis=0)": "np.mean(delta, 0)"},
        "inputs-changed": [
            {
                """    W = layers[k][0] - learning_rate * out[k][0]
    b = layers[k][1] - learning_rate * out[k][1]
""": """    W, b = layers[k]
    W -= learning_rate * out[k][0]
    b -= learning_rate * out[k][1]
"""
            },
            {"return new": "layers[:] = new\nreturn layers"},
        ],
        "moved-by-another-gradient": {"learning_rate * out[k][0]": "learning_rate * out[k][1]"},
    },
}
TRAINING_STEP = {
    "updated-before-propagating": [
        EARLY,
        changed(
            STEP_TWO_LOOPS,
            ("out = [None] * L", "out = [None] * L\nWs = [W for W, b in layers]"),
            (
                "    out[l] = (dW, db)\n",
                "    out[l] = (dW, db)\n    Ws[l] = Ws[l] - learning_rate * dW\n",
            ),
            ("layers[l][0].T", "Ws[l].T"),
        ),
        changed(STEP_ZIPPED, ("dA = delta @ W.T", "dA = delta @ new[-1][0].T")),
    ],
    "nothing-moved": [
        """
        new = []
        for W, b in layers:
            new.append((W, b))
            W = W - learning_rate * 0
        return new
        """
    ],
    "slope-missing-hidden": [
        changed(STEP_TWO_LOOPS, ("back * (a * (1 - a))", "back")),
        changed(STEP_ZIPPED, ("* A * (1 - A)", "* (A * (1 - A) if not new else 1)")),
    ],
    "one-step-per-example": [
        "def step(X, Y, layers):"
        + changed(STEP_ZIPPED, ("\n", "\n    ")).rstrip()
        + "\nfor n in range(len(X)):\n    layers = step(X[n : n + 1], Y[n : n + 1], layers)\n"
        "return layers",
        "def step(X, Y, layers):"
        + changed(STEP_ZIPPED, ("\n", "\n    ")).rstrip()
        + "\nfor x, y in zip(X, Y):\n    layers = step(x[None], y[None], layers)\nreturn layers",
    ],
}

# A helper of its own, and a loop around it.
TRAIN = changed(
    "def one_step(layers):"
    + changed(STEP_ZIPPED, ("\n", "\n    ")).rstrip()
    + "\nfor _ in range(steps):\n    layers = one_step(layers)\nreturn layers\n",
)
TRAIN_IN_PLACE = """
layers = [(W.copy(), b.copy()) for W, b in layers]
step = 0
while step < steps:
    acts = [X]
    for W, b in layers:
        acts.append(phi(acts[-1] @ W + b))
    grads = []
    dA = (acts[-1] - Y) / len(X)
    for k in reversed(range(len(layers))):
        delta = dA * acts[k + 1] * (1 - acts[k + 1])
        grads.insert(0, [acts[k].T @ delta, delta.sum(axis=0)])
        dA = delta @ layers[k][0].T
    for (W, b), (dW, db) in zip(layers, grads):
        W -= learning_rate * dW
        b -= learning_rate * db
    step += 1
return layers
"""
TRAINING_SLIPS = {
    TRAIN: {
        "steps-miscounted": [
            {"range(steps)": "range(1, steps)"},
            {
                "    layers = one_step(layers)\nreturn layers": "    new = one_step(layers)\nreturn new"
            },
            {
                "range(steps):\n    layers = one_step(layers)\nreturn layers": "range(steps):\n    layers = one_step(layers)\n    return layers"
            },
        ],
        "nothing-moved": {"    layers = one_step(layers)\n": "    one_step(layers)\n"},
        "one-over-n-missing": {" / len(X)": ""},
        "mini-batches-for-batch": {
            "for _ in range(steps):\n    layers": "whole = X, Y\nfor k in range(steps):\n"
            "    at = 2 * k % (len(whole[0]) + len(whole[0]) % 2)\n"
            "    X, Y = whole[0][at : at + 2], whole[1][at : at + 2]\n    layers"
        },
    },
    TRAIN_IN_PLACE: {
        "mini-batches-for-batch": {
            "step = 0": "step = 0\nX, Y = X[: len(X) // 2 or 1], Y[: len(Y) // 2 or 1]"
        },
        "gradients-not-reset": [
            {
                "step = 0\n": "step = 0\nsums = [[0 * W, 0 * b] for W, b in layers]\n",
                "    for (W, b), (dW, db) in zip(layers, grads):\n": "    for s, g in zip(sums, grads):\n        s[0] += g[0]\n        s[1] += g[1]\n"
                "    for (W, b), (dW, db) in zip(layers, sums):\n",
            },
            {
                "step = 0\n": "step = 0\nall_dW = [0] * len(layers)\nall_db = [0] * len(layers)\n",
                "        grads.insert(0, [acts[k].T @ delta, delta.sum(axis=0)])\n": "        all_dW[k] = all_dW[k] + acts[k].T @ delta\n"
                "        all_db[k] = all_db[k] + delta.sum(axis=0)\n",
                "zip(layers, grads)": "zip(layers, zip(all_dW, all_db))",
            },
        ],
        "steps-miscounted": {"step < steps": "step <= steps"},
        "nothing-moved": {
            "W -= learning_rate * dW": "W = W - learning_rate * dW",
            "b -= learning_rate * db": "b = b - learning_rate * db",
        },
        "one-over-n-missing": {" / len(X)": ""},
        "inputs-changed": [
            {"layers = [(W.copy(), b.copy()) for W, b in layers]\n": ""},
            {"[(W.copy(), b.copy()) for W, b in layers]": "list(layers)"},
        ],
        "momentum-added": [
            {
                "step = 0\n": "step = 0\nvs = [[0 * W, 0 * b] for W, b in layers]\n",
                "    for (W, b), (dW, db) in zip(layers, grads):\n": "    vs = [[0.9 * v[0] + g[0], 0.9 * v[1] + g[1]] for v, g in zip(vs, grads)]\n"
                "    for (W, b), (dW, db) in zip(layers, vs):\n",
            },
            {
                "step = 0\n": "step = 0\nvs = [[0 * W, 0 * b] for W, b in layers]\n",
                "    for (W, b), (dW, db) in zip(layers, grads):\n": "    vs = [[0.5 * v[0] + g[0], 0.5 * v[1] + g[1]] for v, g in zip(vs, grads)]\n"
                "    for (W, b), (dW, db) in zip(layers, vs):\n",
            },
        ],
        "rate-changes": [
            {"    step += 1\n": "    step += 1\n    learning_rate *= 0.9\n"},
            {"-= learning_rate *": "-= learning_rate / (step + 1) *"},
        ],
    },
}
TRAINING = {
    "gradients-not-renewed": [
        changed(
            TRAIN_IN_PLACE,
            (
                "    for (W, b), (dW, db) in zip(layers, grads):\n"
                "        W -= learning_rate * dW\n        b -= learning_rate * db\n    step += 1\n",
                "    break\nfor _ in range(steps):\n"
                "    for (W, b), (dW, db) in zip(layers, grads):\n"
                "        W -= learning_rate * dW\n        b -= learning_rate * db\n",
            ),
        ),
        changed(
            TRAIN,
            (
                "layers = one_step(layers)\nreturn layers",
                "pass\nmoved = one_step(layers)\n"
                "return [(W + steps * (V - W), b + steps * (c - b))\n"
                "        for (W, b), (V, c) in zip(layers, moved)]",
            ),
        ),
    ],
    "updated-before-propagating": [
        changed(
            TRAIN_IN_PLACE,
            (
                "        dA = delta @ layers[k][0].T\n",
                "        W, b = layers[k]\n        W -= learning_rate * grads[0][0]\n"
                "        b -= learning_rate * grads[0][1]\n        dA = delta @ W.T\n",
            ),
            (
                "    for (W, b), (dW, db) in zip(layers, grads):\n        W -= learning_rate * dW\n"
                "        b -= learning_rate * db\n",
                "",
            ),
        ),
        changed(TRAIN, ("dA = delta @ W.T", "dA = delta @ new[-1][0].T")),
    ],
    "uphill": [
        changed(TRAIN_IN_PLACE, ("W -= ", "W += "), ("b -= ", "b += ")),
        changed(TRAIN, ("(A - Y)", "(Y - A)")),
    ],
    "bias-never-updated": [
        changed(TRAIN_IN_PLACE, ("        b -= learning_rate * db\n", "")),
        changed(TRAIN, ("b - learning_rate * db", "b")),
    ],
    "learning-rate-twice": [
        changed(TRAIN_IN_PLACE, ("= learning_rate *", "= learning_rate * learning_rate *")),
        changed(TRAIN, ("learning_rate * d", "learning_rate**2 * d")),
    ],
    "one-step-per-example": [
        changed(TRAIN, ("layers = one_step(layers)\nreturn", "pass\nreturn"))
        .replace("def one_step(layers):", "def one_step(X, Y, layers):")
        .replace(
            "    pass\n",
            "    for n in range(len(X)):\n        layers = one_step("
            "X[n : n + 1], Y[n : n + 1], layers)\n",
        ),
        changed(
            TRAIN,
            ("def one_step(layers):", "def one_step(X, Y, layers):"),
            (
                "    layers = one_step(layers)\n",
                "    for x, y in zip(X, Y):\n        layers = one_step(x[None], y[None], layers)\n",
            ),
        ),
    ],
}

# ---- 08 ----

BOTH = """
lengths = np.sqrt((used**2).sum()), np.sqrt((true**2).sum())
cosine = (used * true).sum() / (lengths[0] * lengths[1])
return cosine, lengths[0] / lengths[1]
"""
BOTH_BY_NORM = """
a, b = used.ravel(), true.ravel()
cosine = np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b)
ratio = np.linalg.norm(a) / np.linalg.norm(b)
return cosine, ratio
"""
SYMPTOMS_SLIPS = {
    BOTH: {
        "ratio-upside-down": {"cosine, lengths[0] / lengths[1]": "cosine, lengths[1] / lengths[0]"},
        "cosine-of-lengths": [
            {" / (lengths[0] * lengths[1])": ""},
            {"(lengths[0] * lengths[1])": "lengths[1] ** 2"},
        ],
        "brackets-misplaced": {"(lengths[0] * lengths[1])": "lengths[0] * lengths[1]"},
        "angle-for-cosine": {"return cosine": "return np.arccos(cosine)"},
        "correlation-for-cosine": [
            {"return cosine": "return np.corrcoef(used.ravel(), true.ravel())[0, 1]"},
            {
                "return cosine,": "u, t = used - used.mean(), true - true.mean()\n"
                "return (u * t).sum() / np.sqrt((u * u).sum() * (t * t).sum()),"
            },
        ],
        "ratio-with-sign": {"return cosine, ": "return cosine, np.sign(cosine) * "},
        "length-without-root": {
            "np.sqrt((used**2).sum()), np.sqrt((true**2).sum())": "(used**2).sum(), (true**2).sum()"
        },
        "another-length": {
            "np.sqrt((used**2).sum()), np.sqrt((true**2).sum())": "abs(used).sum(), abs(true).sum()"
        },
        "cosine-without-sign": {"return cosine,": "return abs(cosine),"},
        "mean-of-ratios": {"lengths[0] / lengths[1]\n": "np.mean(used / true)\n"},
        "symptoms-in-other-order": {
            "return cosine, lengths[0] / lengths[1]": "return lengths[0] / lengths[1], cosine"
        },
        "dot-with-itself": {"(used * true).sum()": "(used * used).sum()"},
        "cosine-of-each-row": {
            "cosine = (used * true).sum() / (lengths[0] * lengths[1])": "sizes = [np.sqrt((g * g).sum(axis=-1)) for g in (used, true)]\n"
            "cosine = ((used * true).sum(axis=-1) / sizes[0] / sizes[1]).mean()"
        },
        "products-averaged": {"(used * true).sum()": "(used * true).mean()"},
        "lengths-subtracted": {"return cosine, lengths[0] / ": "return cosine, lengths[0] - "},
    },
    BOTH_BY_NORM: {
        "ratio-upside-down": {"return cosine, ratio": "return cosine, 1 / ratio"},
        "cosine-of-lengths": {" / np.linalg.norm(a) / np.linalg.norm(b)": " / np.linalg.norm(b)"},
        "brackets-misplaced": {"/ np.linalg.norm(a) / np": "/ np.linalg.norm(a) * np"},
        "angle-for-cosine": [
            {"return cosine": "return np.rad2deg(np.arccos(cosine))"},
            {"return cosine": "return 1 - cosine"},
        ],
        "ratio-with-sign": {"return cosine, ratio": "return cosine, a @ b / (b @ b)"},
        "length-without-root": {
            "np.linalg.norm(a)": "np.dot(a, a)",
            "np.linalg.norm(b)": "np.dot(b, b)",
        },
        "another-length": [
            {"norm(a)": "norm(a, 1)", "norm(b)": "norm(b, ord=1)"},
            {
                "return cosine, ratio": """if used.ndim == 2:
    ratio = np.linalg.norm(used, 2) / np.linalg.norm(true, 2)
return cosine, ratio"""
            },
        ],
        "cosine-without-sign": {"np.dot(a, b)": "np.abs(np.dot(a, b))"},
        "mean-of-ratios": {"return cosine, ratio": "return cosine, np.mean(abs(a / b))"},
        "symptoms-in-other-order": {"return cosine, ratio": "return [ratio, cosine]"},
        "dot-with-itself": {"np.dot(a, b)": "np.dot(b, b)"},
        "cosine-of-each-row": {
            "cosine = np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b)": "rows = zip(np.atleast_2d(used), np.atleast_2d(true))\n"
            "cosine = np.mean([u @ t / np.linalg.norm(u) / np.linalg.norm(t) for u, t in rows])"
        },
        "products-averaged": {"np.dot(a, b)": "np.mean(a * b)"},
        "lengths-subtracted": {
            "return cosine, ratio": "return cosine, np.linalg.norm(a) - np.linalg.norm(b)"
        },
    },
}
SYMPTOMS = {}

REPAIRED = """
Z1 = X @ W1 + b1
A1 = np.maximum(Z1, 0)
D1 = A1 * factor
A2 = phi(D1 @ W2 + b2)
delta2 = (A2 - Y) / len(X) * A2 * (1 - A2)
dW2, db2 = D1.T @ delta2, delta2.sum(axis=0)
dA1 = (delta2 @ W2.T) * factor
delta1 = dA1 * (A1 > 0)
dW1, db1 = X.T @ delta1, delta1.sum(axis=0)
return dW2, db2, dW1, db1
"""
REPAIRED_OTHERWISE = """
Z1 = X @ W1 + b1
on = Z1 > 0
D1 = Z1 * on * factor
A2 = phi(D1 @ W2 + b2)
delta2 = (A2 - Y) * A2 * (1 - A2) / X.shape[0]
dD1 = delta2 @ W2.T
dA1 = factor * dD1
delta1 = np.where(on, dA1, 0)
return D1.T @ delta2, np.sum(delta2, 0), X.T @ delta1, np.sum(delta1, 0)
"""
DROPOUT_SLIPS = {
    REPAIRED: {
        "relu-mask-missing": {"A1 > 0": "A1 >= 0"},
        "dropout-forward-only": {"(delta2 @ W2.T) * factor": "delta2 @ W2.T"},
        "dropout-not-made-stronger": [
            {"(delta2 @ W2.T) * factor": "(delta2 @ W2.T) * (factor > 0)"},
            {"(delta2 @ W2.T) * factor": "delta2 @ W2.T", "A1 > 0": "D1 > 0"},
        ],
        "dropout-left-out-of-weights": [
            {"D1.T @ delta2": "A1.T @ delta2"},
            {"D1.T @ delta2": "(D1 * factor).T @ delta2"},
        ],
        "dropout-everybody-stronger": {
            "(delta2 @ W2.T) * factor": "(delta2 @ W2.T) * factor.max()"
        },
        "dropout-divided": {"(delta2 @ W2.T) * factor": "(delta2 @ W2.T) / factor.max()"},
        "dropout-taken-out": {"A1 * factor": "A1", "(delta2 @ W2.T) * factor": "delta2 @ W2.T"},
        "relu-mask-reversed": {"A1 > 0": "A1 <= 0"},
        "relu-mask-on-blame": {"A1 > 0": "dA1 > 0"},
        "relu-value-for-slope": {"dA1 * (A1 > 0)": "dA1 * A1"},
        "dropout-twice": [
            {"(delta2 @ W2.T) * factor": "(delta2 @ W2.T) * factor**2"},
            {"dA1 * (A1 > 0)": "dA1 * (A1 > 0) * factor"},
        ],
    },
    REPAIRED_OTHERWISE: {
        "relu-mask-missing": {"np.where(on, dA1, 0)": "dA1"},
        "dropout-forward-only": {"factor * dD1": "dD1"},
        "dropout-not-made-stronger": {"factor * dD1": "np.where(factor == 0, 0, dD1)"},
        "dropout-left-out-of-weights": {"return D1.T": "return (Z1 * on).T"},
        "dropout-everybody-stronger": {"factor * dD1": "dD1 * np.max(factor)"},
        "dropout-divided": {"factor * dD1": "np.where(factor > 0, dD1 / np.maximum(factor, 1), 0)"},
        "dropout-taken-out": {"Z1 * on * factor": "Z1 * on", "factor * dD1": "dD1"},
        "relu-mask-reversed": {"np.where(on, dA1, 0)": "np.where(on, 0, dA1)"},
        "relu-mask-on-blame": {"np.where(on, dA1, 0)": "np.maximum(dA1, 0)"},
        "relu-value-for-slope": {"np.where(on, dA1, 0)": "dA1 * np.maximum(Z1, 0)"},
    },
}
DROPOUT = {}

# ---- 07 ----

NUDGED = """
w = np.array(w, dtype=float)
gradient = np.zeros(w.shape)
for index in np.ndindex(w.shape):
    before = w[index]
    w[index] = before + h
    above = loss(w)
    w[index] = before - h
    below = loss(w)
    w[index] = before
    gradient[index] = (above - below) / (2 * h)
return gradient
"""
NUDGED_COPIES = """
w = w.astype(float)
gradient = np.empty_like(w)
for k in range(w.size):
    up, down = w.copy(), w.copy()
    up.flat[k] += h
    down.flat[k] -= h
    gradient.flat[k] = (loss(up) - loss(down)) / (2 * h)
return gradient
"""
NUDGED_ADDED = """
slopes = []
for k in range(w.size):
    nudge = np.zeros(w.size)
    nudge[k] = h
    nudge = nudge.reshape(w.shape)
    slopes.append((loss(w + nudge) - loss(w - nudge)) / h / 2)
return np.array(slopes).reshape(w.shape)
"""
IN_PLACE = """
gradient = np.zeros(w.shape)
for index in np.ndindex(w.shape):
    w[index] += h
    above = loss(w)
    w[index] -= 2 * h
    below = loss(w)
    w[index] += h
    gradient[index] = (above - below) / (2 * h)
return gradient
"""
NUMERICAL_GRADIENT_SLIPS = {
    NUDGED: {
        "one-sided-difference": {"(above - below) / (2 * h)": "(above - loss(w)) / h"},
        "over-wrong-distance": [
            {"/ (2 * h)": "/ h"},
            {"(above - below) / (2 * h)": "(above - loss(w)) / (2 * h)"},
        ],
        "brackets-misplaced": [
            {"/ (2 * h)": "/ 2 * h"},
            {"(above - below) / (2 * h)": "above - below / (2 * h)"},
        ],
        "entry-not-put-back": [
            {"    w[index] = before\n": ""},
            {"    w[index] = before\n": "", "w = np.array(w, dtype=float)\n": ""},
        ],
        "entries-left-out": [
            {"\nreturn gradient": "\n    return gradient"},
            {"np.ndindex(w.shape)": "[(0, *rest) for rest in np.ndindex(w.shape[1:])]"},
            {
                "for index in np.ndindex(w.shape):": "for index in np.ndindex(w.shape):\n    if any(index[:1]):\n        continue"
            },
        ],
        "whole-numbers-kept": [
            {"np.array(w, dtype=float)": "w.copy()"},
            {
                "np.zeros(w.shape)": "np.zeros_like(given)",
                "w = np.array": "given = w\nw = np.array",
            },
            {"np.array(w, dtype=float)": "w.copy()", "zeros(w.shape)": "zeros_like(w)"},
        ],
        "step-ignored": {"w = np.array": "h = 1e-5\nw = np.array"},
        "sign-reversed": {"(above - below)": "(below - above)"},
        "slopes-not-stored": {"    gradient[index] = (above": "    slope = (above"},
        "second-difference": {"(above - below) / (2 * h)": "(above - 2 * loss(w) + below) / h**2"},
        "slope-without-sign": {"(above - below)": "abs(above - below)"},
        "summed-difference": {"(above - below)": "(above + below)"},
    },
    NUDGED_COPIES: {
        "one-sided-difference": {"(loss(up) - loss(down)) / (2 * h)": "(loss(up) - loss(w)) / h"},
        "over-wrong-distance": {"/ (2 * h)": "/ h"},
        "brackets-misplaced": {
            "(loss(up) - loss(down)) / (2 * h)": "loss(up) - loss(down) / 2 * h"
        },
        "entries-left-out": {"empty_like": "zeros_like", "range(w.size)": "range(1)"},
        "step-ignored": {"w = w.astype(float)": "h = 1e-6\nw = w.astype(float)"},
        "slopes-not-stored": {"    gradient.flat[k] = ": "    g = ", "empty_like": "zeros_like"},
        "second-difference": {
            "(loss(up) - loss(down)) / (2 * h)": "(loss(up) - 2 * loss(w) + loss(down)) / h / h"
        },
        "summed-difference": {"loss(up) - loss(down)": "loss(up) + loss(down)"},
    },
    NUDGED_ADDED: {
        "one-sided-difference": {
            "(loss(w + nudge) - loss(w - nudge)) / h / 2": "(loss(w) - loss(w - nudge)) / h"
        },
        "over-wrong-distance": [{" / h / 2": " / 2"}, {" / h / 2": ""}],
        "two-differences-combined": [
            {
                "(loss(w + nudge) - loss(w - nudge)) / h / 2": "(8 * (loss(w + nudge) - "
                "loss(w - nudge)) - loss(w + 2 * nudge) + loss(w - 2 * nudge)) / (12 * h)"
            },
            {
                "(loss(w + nudge) - loss(w - nudge)) / h / 2": "(4 * (loss(w + nudge / 2) - "
                "loss(w - nudge / 2)) / h - (loss(w + nudge) - loss(w - nudge)) / (2 * h)) / 3"
            },
        ],
        "whole-numbers-kept": {
            "np.array(slopes).reshape(w.shape)": "np.array(slopes).reshape(w.shape).astype(w.dtype)"
        },
        "sign-reversed": {"loss(w + nudge) - loss(w - nudge)": "loss(w - nudge) - loss(w + nudge)"},
        "slope-without-sign": {"return np.array(slopes)": "return np.abs(slopes)"},
    },
}
NUMERICAL_GRADIENT = {
    "same-place-twice": [
        """
        gradient = np.zeros(w.shape)
        for index in np.ndindex(w.shape):
            up = down = w.astype(float)
            up[index] += h
            down[index] -= h
            gradient[index] = (loss(up) - loss(down)) / (2 * h)
        return gradient
        """,
        changed(NUDGED, ("w[index] = before - h", "w[index] = before + h")),
    ],
    "entry-not-put-back": [
        changed(
            "w = np.array(w, dtype=float)" + IN_PLACE,
            ("    w[index] += h\n    gradient", "    gradient"),
        ),
        """
        w = w.astype(float)
        gradient = np.zeros(w.shape)
        for index in np.ndindex(w.shape):
            w[index] -= h
            below = loss(w)
            w[index] += 2 * h
            gradient[index] = (loss(w) - below) / (2 * h)
        return gradient
        """,
    ],
    "nudged-together": [
        "return (loss(w + h) - loss(w - h)) / (2 * h)",
        "return np.full_like(w, (loss(w + h) - loss(w - h)) / (2 * h), dtype=float)",
        """
        gradient = np.zeros(w.shape)
        for i in range(len(w)):
            up, down = w.astype(float), w.astype(float)
            up[i] += h
            down[i] -= h
            gradient[i] = (loss(up) - loss(down)) / (2 * h)
        return gradient
        """,
    ],
    "put-back-by-arithmetic": [
        changed(
            IN_PLACE,
            (
                "gradient = np.zeros(w.shape)",
                "if w.dtype == int:\n    w = w.astype(float)\ngradient = np.zeros(w.shape)",
            ),
        ),
        changed(
            IN_PLACE,
            (
                "gradient = np.zeros(w.shape)",
                "w = np.asarray(w, dtype=float)\ngradient = np.zeros(w.shape)",
            ),
        ),
    ],
    "inputs-changed": [
        "w = np.asarray(w, dtype=float)\n"
        + changed(
            NUDGED.strip(),
            ("w = np.array(w, dtype=float)\n", ""),
            ("return gradient", "w[...] = gradient\nreturn gradient"),
        ),
        changed(
            NUDGED_COPIES,
            ("w = w.astype(float)", "given, w = w, w.astype(float)"),
            ("return gradient", "given[...] = 0\nreturn gradient"),
        ),
    ],
}

ERRORS = """
apart = np.abs(analytic - measured)
size = np.maximum(np.maximum(np.abs(analytic), np.abs(measured)), floor)
return (apart / size).max()
"""
ERRORS_LOOP = """
worst = 0.0
for a, m in zip(analytic.ravel(), measured.ravel()):
    worst = max(worst, abs(a - m) / max(abs(a), abs(m), floor))
return worst
"""
RELATIVE_ERROR_SLIPS = {
    ERRORS: {
        "signs-cancel": [
            {"np.abs(analytic - measured)": "analytic - measured"},
            {
                "np.abs(analytic - measured)": "analytic - measured",
                "(apart / size).max()": "abs((apart / size).sum())",
            },
            {
                "np.abs(analytic - measured)": "measured - analytic",
                "(apart / size).max()": "abs((apart / size).mean())",
            },
        ],
        "not-the-worst": [
            {".max()": ".mean()"},
            {".max()": ".sum()"},
            {"(apart / size).max()": "np.sqrt(np.mean((apart / size) ** 2))"},
            {"(apart / size).max()": "(apart / size)[-1, -1]"},
        ],
        "floor-missing": {
            "np.maximum(np.maximum(np.abs(analytic), np.abs(measured)), floor)": "np.maximum(np.abs(analytic), np.abs(measured))"
        },
        "one-side-as-scale": {"np.maximum(np.abs(analytic), np.abs(measured))": "np.abs(analytic)"},
        "below-floor-left-out": {
            "(apart / size).max()": "np.where(size > floor, apart / size, 0).max()"
        },
        "sizes-signed": {
            "np.maximum(np.abs(analytic), np.abs(measured))": "np.maximum(analytic, measured)"
        },
        "sizes-added": {
            "np.maximum(np.abs(analytic), np.abs(measured))": "np.abs(analytic) + np.abs(measured)"
        },
        "floor-added": {
            "np.maximum(np.maximum(np.abs(analytic), np.abs(measured)), floor)": "np.maximum(np.abs(analytic), np.abs(measured)) + floor"
        },
        "scale-of-the-whole": {"(apart / size).max()": "apart.max() / size.max()"},
        "inputs-changed": {
            "apart = np.abs(analytic - measured)": "apart = np.abs(analytic - measured)\nnp.abs(analytic, out=analytic)"
        },
        "smaller-as-scale": {"np.maximum(np.abs(analytic)": "np.minimum(np.abs(analytic)"},
        "only-sizes-compared": {
            "np.abs(analytic - measured)": "abs(abs(analytic) - abs(measured))"
        },
    },
    ERRORS_LOOP: {
        "signs-cancel": {"abs(a - m)": "(m - a)", "worst = 0.0": "worst = -1e9"},
        "not-the-worst": {
            "worst = max(worst, abs(a - m) / max(abs(a), abs(m), floor))": "worst += abs(a - m) / max(abs(a), abs(m), floor) / analytic.size"
        },
        "one-side-as-scale": {"max(abs(a), abs(m), floor)": "max(abs(m), floor)"},
        "sizes-signed": [
            {"max(abs(a), abs(m), floor)": "max(a, m, floor)"},
            {"max(abs(a), abs(m), floor)": "max(abs(max(a, m)), floor)"},
        ],
        "sizes-added": [
            {"max(abs(a), abs(m), floor)": "max(abs(a) + abs(m), floor)"},
            {"max(abs(a), abs(m), floor)": "(abs(a) + abs(m) + floor)"},
        ],
        "floor-added": {"max(abs(a), abs(m), floor)": "(max(abs(a), abs(m)) + floor)"},
        "below-floor-left-out": {
            "abs(a - m) / max(abs(a), abs(m), floor)": "abs(a - m) / max(abs(a), abs(m)) if max(abs(a), abs(m)) > floor else 0.0"
        },
        "smaller-as-scale": {"max(abs(a), abs(m), floor)": "max(min(abs(a), abs(m)), floor)"},
        "only-sizes-compared": {"abs(a - m)": "abs(abs(a) - abs(m))"},
    },
}
RELATIVE_ERROR = {
    "absolute-error": [
        "return np.abs(analytic - measured).max()",
        changed(ERRORS_LOOP, (" / max(abs(a), abs(m), floor)", "")),
    ],
    "floor-under-the-result": [
        changed(
            ERRORS_LOOP,
            ("max(abs(a), abs(m), floor)", "max(abs(a), abs(m)) if a or m else 0.0"),
            ("return worst", "return max(worst, floor)"),
        ),
        changed(ERRORS, ("return (apart / size).max()", "return max((apart / size).max(), floor)")),
    ],
    "floor-missing": [
        "return np.max(np.abs(analytic - measured) / np.abs(analytic))",
        "return np.max(np.abs(measured - analytic) / np.abs(measured))",
        "return np.max(np.abs(measured - analytic) / (np.abs(measured) + np.abs(analytic)))",
    ],
    "scale-of-the-whole": [
        "a, m = np.linalg.norm(analytic), np.linalg.norm(measured)\n"
        "return np.linalg.norm(analytic - measured) / max(a, m, floor)",
        "a, m = np.linalg.norm(analytic), np.linalg.norm(measured)\n"
        "return np.linalg.norm(analytic - measured) / (a + m)",
    ],
    "inputs-changed": [
        "apart = np.abs(analytic - measured)\n"
        "measured[...] = np.maximum(np.maximum(abs(analytic), abs(measured)), floor)\n"
        "return (apart / measured).max()"
    ],
    "floor-as-scale": [
        "return np.max(np.abs(analytic - measured) / floor)",
        changed(ERRORS_LOOP, ("max(abs(a), abs(m), floor)", "floor")),
    ],
    "brackets-misplaced": [
        "return np.max(abs(analytic - measured) / abs(analytic) + abs(measured))",
        changed(
            ERRORS_LOOP,
            ("abs(a - m) / max(abs(a), abs(m), floor)", "abs(a - m / max(abs(a), abs(m), floor))"),
        ),
    ],
}

# ---- 08: the first wrong one ----

FIRST = """
for name in true:
    if np.linalg.norm(used[name] - true[name]) > 1e-6 * np.linalg.norm(true[name]):
        return name
return None
"""
FIRST_LISTED = """
def wrong(u, t):
    return not np.sqrt(((u - t) ** 2).sum()) <= 1e-6 * np.sqrt((t**2).sum())
names = [name for name in used if wrong(used[name], true[name])]
return names[0] if names else None
"""
OFF = "np.linalg.norm(used[name] - true[name]) > 1e-6 * np.linalg.norm(true[name])"
OFF_LISTED = "not np.sqrt(((u - t) ** 2).sum()) <= 1e-6 * np.sqrt((t**2).sum())"
FIRST_WRONG_SLIPS = {
    FIRST: {
        "compared-exactly": {OFF: "(used[name] != true[name]).any()"},
        "another-tolerance": [{"1e-6": "1e-3"}, {"1e-6": "0.01"}],
        "direction-only": {
            OFF: """true[name].any() and used[name].ravel() @ true[name].ravel() / (
        np.linalg.norm(used[name]) * np.linalg.norm(true[name])) < 0.999999"""
        },
        "gives-up-at-once": [
            {"\nreturn None": "\n    return None"},
            {"\nreturn None": "\n    else:\n        return None"},
        ],
        "right-one-named": {
            " > 1e-6": " < 1e-6",
            "np.linalg.norm(true[name]):": "np.linalg.norm(true[name]) + 1e-30:",
        },
        "inputs-changed": [
            {
                "for name in true:": "for name in true:\n    used[name] -= true[name]",
                OFF: "np.linalg.norm(used[name]) > 1e-6 * np.linalg.norm(true[name])",
            },
            {
                "for name in true:": "for name in list(true):",
                "return None": "used.clear()\nreturn None",
            },
        ],
        "looked-at-in-another-order": [
            {"in true:": "in sorted(true):"},
            {"in true:": "in ['dW2', 'dW1']:"},
        ],
    },
    FIRST_LISTED: {
        "compared-exactly": {OFF_LISTED: "not np.array_equal(u, t)"},
        "another-tolerance": [
            {"1e-6": "1e-9"},
            {OFF_LISTED: "not np.allclose(u, t, rtol=1e-6, atol=0)"},  # entry by entry
            {OFF_LISTED: "(abs(u - t) > 1e-6 * abs(t)).any()"},
        ],
        "direction-only": {
            OFF_LISTED: "abs((u * t).sum() - np.linalg.norm(u) * np.linalg.norm(t)) > "
            "1e-6 * np.linalg.norm(u) * np.linalg.norm(t)"
        },
        "right-one-named": {"return not np": "return np"},
    },
}
FIRST_WRONG = {
    "last-wrong-one": [
        changed(FIRST_LISTED, ("names[0] if", "names[-1] if")),
        changed(FIRST, ("in true:", "in reversed(true):")),
        changed(
            FIRST,
            ("for name", "found = None\nfor name"),
            ("return name", "found = name"),
            ("return None", "return found"),
        ),
    ],
    "tolerance-absolute": [
        changed(FIRST_LISTED, (OFF_LISTED, "not np.allclose(u, t)")),
        changed(FIRST, (" * np.linalg.norm(true[name])", "")),
    ],
    "length-only": [
        changed(
            FIRST_LISTED,
            (OFF_LISTED, "not np.isclose(np.linalg.norm(u), np.linalg.norm(t), rtol=1e-6, atol=0)"),
        ),
        changed(
            FIRST,
            (
                OFF,
                "abs(np.linalg.norm(used[name]) - np.linalg.norm(true[name])) > "
                "1e-6 * np.linalg.norm(true[name])",
            ),
        ),
    ],
    "all-wrong-ones": [
        changed(FIRST_LISTED, ("names[0] if names else None", "names")),
        changed(
            FIRST,
            ("for name", "found = []\nfor name"),
            ("return name", "found.append(name)"),
            ("return None", "return found"),
        ),
    ],
    "most-wrong-one": [
        """
        off = {k: np.linalg.norm(used[k] - true[k]) for k in true}
        worst = max(off, key=off.get)
        return worst if off[worst] > 1e-6 * np.linalg.norm(true[worst]) else None
        """,
        """
        def off(k):
            return np.linalg.norm(used[k] - true[k]) / (np.linalg.norm(true[k]) or 1)
        worst = max(true, key=off)
        return worst if off(worst) > 1e-6 else None
        """,
    ],
}

# ---- 05: the published step, an epoch's slip in one more place ----

WORKED_LINES = """
A1 = phi(X @ W1 + b1)
A2 = phi(A1 @ W2 + b2)
delta2 = (A2 - Y) * A2 * (1 - A2)
dW2 = A1.T @ delta2
W2 = W2 - eta * dW2
delta1 = (delta2 @ W2.T) * A1 * (1 - A1)
dW1 = X.T @ delta1
W1 = W1 - eta * dW1
A2 = phi(phi(X @ W1 + b1) @ W2 + b2)
return ((A2 - Y) ** 2).sum() / 2
"""
WORKED_LAYERS = """
layers = [[W1, b1], [W2, b2]]
acts = [X]
for W, b in layers:
    acts.append(phi(acts[-1] @ W + b))
dA = acts[-1] - Y
for k in (1, 0):
    delta = dA * acts[k + 1] * (1 - acts[k + 1])
    layers[k][0] = layers[k][0] - eta * acts[k].T @ delta
    dA = delta @ layers[k][0].T
A = X
for W, b in layers:
    A = phi(A @ W + b)
return 0.5 * np.sum((Y - A) ** 2)
"""
WORKED_EXAMPLE_SLIPS = {
    WORKED_LINES: {
        "published-step-repaired": {
            "W2 = W2 - eta * dW2\n": "",
            "W1 = W1 - eta * dW1\n": "W1 = W1 - eta * dW1\nW2 = W2 - eta * dW2\n",
        },
        "published-biases-moved": [
            {
                "W2 = W2 - eta * dW2\n": "W2 = W2 - eta * dW2\nb2 = b2 - eta * delta2\n",
                "W1 = W1 - eta * dW1\n": "W1 = W1 - eta * dW1\nb1 = b1 - eta * delta1\n",
            },
            {
                "dW1 = X": "b1 = b1 - eta * delta1.sum()\ndW1 = X",
                "dW2 = A": "b2 = b2 - eta * delta2.sum()\ndW2 = A",
            },
        ],
        "loss-before-the-step": [
            {"A2 = phi(phi(X @ W1 + b1) @ W2 + b2)\n": ""},
            {"W2 = W2 - eta * dW2\n": "", "W1 = W1 - eta * dW1\n": ""},
        ],
        "uphill": {"W2 - eta": "W2 + eta", "W1 - eta": "W1 + eta"},
        "slope-missing-output": {"(A2 - Y) * A2 * (1 - A2)": "A2 - Y"},
    },
    WORKED_LAYERS: {
        "published-step-repaired": {
            "dA = delta @ layers[k][0].T": "dA = delta @ (W2 if k else W1).T"
        },
        "uphill": {"- eta": "+ eta"},
        "slope-missing-output": {
            "* acts[k + 1] * (1 - acts[k + 1])": "* (1 if k else acts[k + 1] * (1 - acts[k + 1]))"
        },
    },
}
WORKED_EXAMPLE = {
    "same-for-all-arguments": ["return 0.291027924", "return float(f'{0.29102792441:.9f}')"],
}

# ---- 05: Adam ----

ADAM_LINES = """
m = 0.9 * m + 0.1 * dW
s = 0.999 * s + 0.001 * dW**2
m_hat = m / (1 - 0.9**t)
s_hat = s / (1 - 0.999**t)
W = W - eta * m_hat / (np.sqrt(s_hat) + 1e-8)
return W, m, s
"""
ADAM_NAMED = """
beta1, beta2, epsilon = 0.9, 0.999, 1e-8
new_m = beta1 * m + (1 - beta1) * dW
new_s = beta2 * s + (1 - beta2) * np.square(dW)
step = new_m / (1 - beta1**t) / (np.sqrt(new_s / (1 - beta2**t)) + epsilon)
return W - eta * step, new_m, new_s
"""
ADAM_STEP_SLIPS = {
    ADAM_LINES: {
        "another-beta": [
            {"0.9 * m + 0.1 * dW": "0.999 * m + 0.001 * dW", "0.9**t": "0.999**t"},
            {"0.999 * s + 0.001": "0.99 * s + 0.01"},
            {"0.9**t": "0.99**t"},
        ],
        "bias-correction-missing": [
            {" / (1 - 0.9**t)": "", " / (1 - 0.999**t)": ""},
            {" / (1 - 0.999**t)": ""},
        ],
        "bias-correction-with-beta": {"(1 - 0.9**t)": "(1 - 0.9)", "(1 - 0.999**t)": "(1 - 0.999)"},
        "correction-kept": [
            {"return W, m, s": "return W, m_hat, s_hat"},
            {"m_hat": "m", "s_hat": "s"},
        ],
        "epsilon-inside-root": {"(np.sqrt(s_hat) + 1e-8)": "np.sqrt(s_hat + 1e-8)"},
        "step-counter-off": {"**t": "**(t + 1)"},
        "root-missing": {"np.sqrt(s_hat)": "s_hat"},
        "squares-missing": {"dW**2": "abs(dW)"},
        "mean-weights-exchanged": {
            "0.9 * m + 0.1 * dW": "0.1 * m + 0.9 * dW",
            "0.999 * s + 0.001 *": "0.001 * s + 0.999 *",
        },
        "sum-for-running-mean": {"0.1 * dW": "dW", "0.001 * dW": "dW"},
        "uphill": {"W = W - eta": "W = W + eta"},
        "inputs-changed": [
            {"W = W - eta * m_hat": "W -= eta * m_hat"},
            {"m = 0.9 * m + 0.1 * dW": "m *= 0.9\nm += 0.1 * dW"},
        ],
        "not-divided-by-root": {" / (np.sqrt(s_hat) + 1e-8)": ""},
        "one-size-for-all": [
            {"np.sqrt(s_hat)": "np.sqrt(s_hat.mean())"},
            {"0.001 * dW**2": "0.001 * np.mean(dW**2)"},
        ],
        "epsilon-missing": {" + 1e-8": ""},
        "mean-not-used": {"eta * m_hat": "eta * dW"},
    },
    ADAM_NAMED: {
        "another-beta": {"0.9, 0.999,": "0.9, 0.9,"},
        "bias-correction-missing": {
            "new_m / (1 - beta1**t) /": "new_m /",
            "new_s / (1 - beta2**t)": "new_s",
        },
        "bias-correction-with-beta": {
            "new_m / (1 - beta1**t)": "new_m * (1 - beta1**t)",
            "new_s / (1 - beta2**t)": "new_s * (1 - beta2**t)",
        },
        "epsilon-inside-root": {
            "(np.sqrt(new_s / (1 - beta2**t)) + epsilon)": "np.sqrt(new_s / (1 - beta2**t) + epsilon)"
        },
        "root-missing": {"np.sqrt(new_s / (1 - beta2**t))": "new_s / (1 - beta2**t)"},
        "squares-missing": {"np.square(dW)": "np.abs(dW)"},
        "mean-weights-exchanged": {
            "beta1 * m + (1 - beta1) * dW": "(1 - beta1) * m + beta1 * dW",
            "beta2 * s + (1 - beta2) *": "(1 - beta2) * s + beta2 *",
        },
        "sum-for-running-mean": {"(1 - beta1) * dW": "dW", "(1 - beta2) * np": "np"},
        "uphill": {"W - eta": "W + eta"},
        "not-divided-by-root": {" / (np.sqrt(new_s / (1 - beta2**t)) + epsilon)": ""},
        "one-size-for-all": {
            "np.sqrt(new_s / (1 - beta2**t))": "np.sqrt(new_s.max() / (1 - beta2**t))"
        },
        "epsilon-missing": {" + epsilon": ""},
        "mean-not-used": {"step = new_m": "step = m", "new_s / (1": "s / (1"},
    },
}
ADAM_STEP = {
    "betas-exchanged": [
        changed(ADAM_NAMED, ("= 0.9, 0.999,", "= 0.999, 0.9,")),
        changed(ADAM_LINES, ("0.9**t", "0.999**t"), ("s / (1 - 0.999**t", "s / (1 - 0.9**t")),
    ],
    "step-counter-off": [changed("t = t - 1" + ADAM_NAMED, ("t = t - 1", "t = t + 1"))],
}

# ---- 06 ----

EPOCH = """
order = rng.permutation(len(x))
for start in range(0, len(x), batch_size):
    rows = order[start : start + batch_size]
    network.loss_value(x[rows], y[rows])
    network.backward()
    optimizer.step()
"""
EPOCH_SPLIT = """
shuffled = rng.permutation(x.shape[0])
k = 0
while k < len(shuffled):
    batch = shuffled[k : k + batch_size]
    xb, yb = x[batch], y[batch]
    network.loss_value(xb, yb)
    network.backward()
    optimizer.step()
    k += batch_size
"""
ONE_EPOCH_SLIPS = {
    EPOCH: {
        "last-slice-left-out": {
            "range(0, len(x), batch_size)": "range(0, len(x) - batch_size, batch_size)"
        },
        "generator-not-used": [
            {"rng.permutation(len(x))": "np.arange(len(x))"},
            {"rng.permutation": "np.random.default_rng(42).permutation"},
        ],
        "targets-not-paired": {"y[rows]": "y[start : start + batch_size]"},
        "step-taken-twice": {
            "    optimizer.step()\n": "    optimizer.step()\n    optimizer.step()\n"
        },
        "order-drawn-for-each-slice": [
            {
                "    rows = order[": "    order = rng.permutation(len(x))\n    x, y = x[order], y[order]"
                "\n    rows = np.arange(len(x))[",
                "order = rng.permutation(len(x))\nfor": "for",
            },
            {
                "    rows = order[": "    rows = rng.permutation(len(x))[",
                "order = rng.permutation(len(x))\n": "",
            },
            {
                "    rows = order[start : start + batch_size]": "    rows = rng.permutation(len(x))[:batch_size]",
                "order = rng.permutation(len(x))\n": "",
            },
        ],
        "rows-drawn-with-replacement": {"rng.permutation(len(x))": "rng.choice(len(x), len(x))"},
        "last-slice-filled-up": {
            "    rows = order[start : start + batch_size]": "    full = start + batch_size <= len(x)\n"
            "    rows = order[start : start + batch_size] if full else order[-batch_size:]"
        },
        "all-rows-in-one-step": {", batch_size)": ", len(x))", "+ batch_size]": "+ len(x)]"},
        "one-slice-only": {"range(0, len(x), batch_size)": "[0]"},
        "one-row-per-step": {
            "len(x), batch_size)": "len(x))",
            "start : start + batch_size": "start : start + 1",
        },
        "step-not-taken": {"    optimizer.step()\n": ""},
        "inputs-changed": [
            {
                "order = rng.permutation(len(x))": "x *= 1.0\norder = rng.permutation(len(x))\nx[:] = x[order]\ny[:] = y[order]",
                "rows = order[start : start + batch_size]": "rows = slice(start, start + batch_size)",
            },
            {"    optimizer.step()\n": "    optimizer.step()\ny[:] = 0\n"},
        ],
        "slices-overlap": {"len(x), batch_size)": "len(x))"},
        "slices-evened-out": [
            {
                "for start in range(0, len(x), batch_size)": "for rows in np.array_split(order, -(-len(x) // batch_size))",
                "    rows = order[start : start + batch_size]\n": "",
            },
            {
                "for start in range(0, len(x), batch_size)": "parts = int(np.ceil(len(x) / batch_size))\n"
                "for part in range(parts)",
                "order[start : start + batch_size]": "np.array_split(order, parts)[part]",
            },
        ],
        "backward-once": [
            {
                "    network.backward()\n": "",
                "order = rng": "network.loss_value(x, y)\nnetwork.backward()\norder = rng",
            },
            {"    network.backward()": "    if not start:\n        network.backward()"},
        ],
        "step-before-backward": {
            "    network.backward()\n    optimizer.step()": "    if start:\n        optimizer.step()\n"
            "    network.backward()"
        },
    },
    EPOCH_SPLIT: {
        "last-slice-left-out": {"k < len(shuffled)": "k + batch_size <= len(shuffled)"},
        "rows-drawn-with-replacement": {
            "rng.permutation(x.shape[0])": "rng.integers(len(x), size=len(x))"
        },
        "last-slice-filled-up": {
            "shuffled[k : k + batch_size]": "np.take(shuffled, range(k, k + batch_size), mode='wrap')"
        },
        "generator-not-used": {
            "x[batch], y[batch]": "x[k : k + batch_size], y[k : k + batch_size]"
        },
        "one-slice-only": {"    k += batch_size": "    break"},
        "step-not-taken": {
            "    network.loss_value(xb, yb)\n    network.backward()\n    optimizer.step()\n": ""
        },
        "slices-overlap": {"k += batch_size": "k += 1"},
    },
}
ONE_EPOCH = {
    "targets-not-paired": [
        "x, y = rng.permutation(x), rng.permutation(y)\n"
        + changed(
            EPOCH_SPLIT,
            ("x[batch], y[batch]", "x[k : k + batch_size], y[k : k + batch_size]"),
            ("shuffled = rng.permutation(x.shape[0])\n", ""),
            ("batch = shuffled[k : k + batch_size]", "pass"),
            ("len(shuffled)", "len(x)"),
        )
    ],
    "step-taken-twice": ["for _ in range(2):\n" + indent(EPOCH.strip(), "    ")],
    "all-rows-in-one-step": [
        "network.loss_value(x, y)\nnetwork.backward()\noptimizer.step()",
        "order = rng.permutation(len(x))\nnetwork.loss_value(x[order], y[order])\n"
        "network.backward()\noptimizer.step()",
    ],
    "one-row-per-step": [
        "for k in rng.permutation(len(x)):\n    network.loss_value(x[[k]], y[[k]])\n"
        "    network.backward()\n    optimizer.step()"
    ],
    "step-before-backward": [
        changed(
            EPOCH_SPLIT,
            (
                "    network.backward()\n    optimizer.step()",
                "    if k > 0:\n        optimizer.step()\n    network.backward()",
            ),
        )
        + "optimizer.step()"
    ],
}
PIXELS = {
    mistake: [body.replace("delta", "delta1").replace("W", "W1") for body in bodies]
    for mistake, bodies in HAND_BACK.items()
    if mistake
    in ("hand-back-transposed", "one-over-n-twice", "sign-reversed", "examples-in-columns")
}
PIXELS["blame-cut-at-zero"] = [
    "return np.maximum(delta1, 0) @ W1.T",
    "return np.where(delta1 > 0, delta1, 0.0).dot(W1.T)",
]

# ---- 09 ----

COUNT_LISTS = """
own = [examples * a * b for a, b in zip(sizes, sizes[1:])]
back = own if with_dX else own[1:]
return sum(own) + sum(back)
"""
COUNT_LOOP = """
count = 0
for l in range(1, len(sizes)):
    product = examples * sizes[l - 1] * sizes[l]
    count += product
    if l > 1 or with_dX:
        count += product
return count
"""
MULTIPLICATIONS_SLIPS = {
    COUNT_LISTS: {
        "input-blame-counted": {"own if with_dX else own[1:]": "own"},
        "input-blame-left-out": {"own if with_dX else own[1:]": "own[1:]"},
        "last-layer-left-out": {"own[1:]\n": "own[:-1]\n"},
        "no-layer-hands-back": {"own if with_dX else own[1:]": "own if with_dX else []"},
        "one-product-counted": {" + sum(back)": ""},
        "examples-left-out": {"examples * ": ""},
        "forward-pass-counted": {"return sum(own)": "return sum(own) + sum(own)"},
        "neurons-counted": {"a * b": "b"},
        "biases-counted": {"a * b": "(a + 1) * b"},
    },
    COUNT_LOOP: {
        "input-blame-left-out": {"l > 1 or with_dX": "l > 1"},
        "last-layer-left-out": {"l > 1 or": "l < len(sizes) - 1 or"},
        "no-layer-hands-back": [
            {"l > 1 or with_dX": "with_dX"},
            {"l > 1 or with_dX": "l == 1 and with_dX"},
        ],
        "examples-left-out": {"examples * ": ""},
        "forward-pass-counted": {
            "    count += product\n    if": "    count += 2 * product\n    if"
        },
        "neurons-counted": {"sizes[l - 1] * sizes[l]": "sizes[l]"},
        "biases-counted": {"sizes[l - 1] * sizes[l]": "(sizes[l - 1] * sizes[l] + sizes[l])"},
    },
}
MULTIPLICATIONS = {
    "input-blame-counted-twice": [
        "full = 2 * examples * sum(a * b for a, b in zip(sizes, sizes[1:]))\n"
        "return full + with_dX * examples * sizes[0] * sizes[1]",
        changed(
            COUNT_LOOP,
            (
                "return count",
                "if with_dX:\n    count += examples * sizes[0] * sizes[1]\nreturn count",
            ),
        ),
    ],
    "input-blame-counted": ["return 2 * examples * sum(a * b for a, b in zip(sizes, sizes[1:]))"],
    "one-product-counted": ["return examples * int(np.dot(sizes[:-1], sizes[1:]))"],
}
FORWARD_SPEED = """
A, speed = X, np.zeros_like(X)
for position, (W, b) in enumerate(layers):
    speed = speed @ W
    if position == k:
        speed[:, j] += A[:, i]
    A = phi(A @ W + b)
    speed = speed * A * (1 - A)
return ((A - Y) * speed).sum() / len(X)
"""
FORWARD_TWO_PASSES = """
As = [X]
for W, b in layers:
    As.append(phi(As[-1] @ W + b))
t = np.zeros_like(As[k + 1])
t[:, j] = As[k][:, i]
t = t * As[k + 1] * (1 - As[k + 1])
for (W, b), A in zip(layers[k + 1 :], As[k + 2 :]):
    t = t @ W
    t = t * A * (1 - A)
return float(np.mean(((As[-1] - Y) * t).sum(axis=1)))
"""
FORWARD_MODE_SLIPS = {
    FORWARD_SPEED: {
        "speed-through-the-curve": {"speed * A * (1 - A)": "phi(speed)"},
        "seed-without-input": {"speed[:, j] += A[:, i]": "speed[:, j] += 1"},
        "seed-indices-exchanged": {"speed[:, j] += A[:, i]": "speed[:, i] += A[:, j]"},
        "layers-counted-from-one": {"enumerate(layers)": "enumerate(layers, 1)"},
        "loss-not-reached": {"((A - Y) * speed)": "speed"},
        "slope-missing-hidden": {
            "speed = speed * A": "if position == len(layers) - 1:\n        speed = speed * A"
        },
        "one-over-n-missing": {" / len(X)": ""},
        "sign-reversed": {"(A - Y)": "(Y - A)"},
        "factor-two": {"return (": "return 2 * ("},
        "slope-missing-in-forward-mode": {
            "    speed = speed * A": "    if position == k:\n        speed = speed * A"
        },
        "factor-wrong": {"/ len(X)": "/ len(X) * 4"},
    },
    FORWARD_TWO_PASSES: {
        "speed-through-the-curve": {"t = t @ W\n    t = t * A * (1 - A)": "t = phi(t @ W)"},
        "seed-without-input": {"t[:, j] = As[k][:, i]": "t[:, j] = 1.0"},
        "carried-transposed": [
            {"t = t @ W\n": "t = t @ W.T\n"},
            {"t = t @ W\n": "t = np.dot(t, W.transpose())\n"},
        ],
        "seed-indices-exchanged": {"t[:, j] = As[k][:, i]": "t[:, i] = As[k][:, j]"},
        "loss-not-reached": {"float(np.mean(((As[-1] - Y) * t).sum(axis=1)))": "t.sum()"},
        "slope-missing-hidden": {
            "t = t * As[k + 1]": "t = t if k < len(layers) - 1 else t * As[k + 1]",
            "t = t * A *": "t = t if A is not As[-1] else t * A *",
        },
        "one-over-n-missing": {"np.mean(": "np.sum("},
        "sign-reversed": {"As[-1] - Y": "Y - As[-1]"},
        "factor-two": {"(As[-1] - Y)": "2 * (As[-1] - Y)"},
        "slope-missing-in-forward-mode": {"    t = t * A * (1 - A)\n": ""},
        "factor-wrong": {"return float(": "return float(len(layers[0][0]) * 0 + 3 * "},
    },
}
FORWARD_MODE = {
    "bias-carried": [
        changed(FORWARD_TWO_PASSES, ("t = t @ W\n", "t = t @ W + b\n")),
        changed(
            FORWARD_SPEED, ("speed = speed @ W", "speed = speed @ W + (b if position > k else 0)")
        ),
    ],
    "layers-counted-from-one": [changed("k = k - 1" + FORWARD_TWO_PASSES, ("k = k - 1", "k -= 1"))],
}
STRETCHES = """
def stretch_back(A, dA, layers):
    inputs = []
    for W, b in layers:
        inputs.append(A)
        A = phi(A @ W + b)
    pairs = []
    for (W, _), A_in in zip(reversed(layers), reversed(inputs)):
        delta = dA * A * (1 - A)
        pairs.append((A_in.T @ delta, delta.sum(axis=0)))
        dA, A = delta @ W.T, A_in
    return pairs[::-1], dA
second, handed = stretch_back(checkpoint, dA, layers[k:])
first, _ = stretch_back(X, handed, layers[:k])
return first + second
"""
STRETCHES_IN_LINE = """
found = [None] * len(layers)
for start, stop, A in [(k, len(layers), checkpoint), (0, k, X)]:
    As = [A]
    for W, b in layers[start:stop]:
        As.append(phi(As[-1] @ W + b))
    for l in range(stop - 1, start - 1, -1):
        out, came_in = As[l - start + 1], As[l - start]
        delta = dA * out * (1 - out)
        found[l] = came_in.T @ delta, delta.sum(axis=0)
        dA = delta @ layers[l][0].T
return found
"""
CHECKPOINT_SLIPS = {
    STRETCHES: {
        "checkpoint-ignored": {
            "second, handed": "A = X\nfor W, b in layers[:k]:\n    A = phi(A @ W + b)\nsecond, handed",
            "stretch_back(checkpoint,": "stretch_back(A,",
        },
        "stretch-from-the-wrong-end": [
            {"stretch_back(checkpoint,": "stretch_back(X,"},
            {"stretch_back(X,": "stretch_back(checkpoint,"},
        ],
        "checkpoint-in-wrong-place": {
            "layers[k:]": "layers[k - 1 :]",
            "layers[:k]": "layers[: k - 1]",
        },
        "blame-not-handed-over": {"stretch_back(X, handed,": "stretch_back(X, dA,"},
        "slope-missing-at-the-border": {
            "first, _": "A = X\nfor W, b in layers[:k]:\n    A = phi(A @ W + b)\nfirst, _",
            "stretch_back(X, handed,": "stretch_back(X, handed / (A * (1 - A)),",
        },
        "slope-missing-hidden": {"delta = dA * A * (1 - A)": "delta = dA"},
        "bias-averaged": {"delta.sum(axis=0)": "delta.mean(axis=0)"},
        "hand-back-transposed": {"delta @ W.T": "delta @ W"},
    },
    STRETCHES_IN_LINE: {
        "stretch-from-the-wrong-end": {"(0, k, X)": "(0, k, checkpoint)"},
        "slope-missing-at-the-border": {
            "dA * out * (1 - out)": "dA if l == k - 1 else dA * out * (1 - out)"
        },
        "slope-missing-hidden": {"dA * out * (1 - out)": "dA"},
        "bias-averaged": {"delta.sum(axis=0)": "np.mean(delta, axis=0)"},
        "hand-back-transposed": {"layers[l][0].T": "layers[l][0]"},
    },
}
CHECKPOINT = {
    "gradient-without-checkpoint": [
        changed(
            STRETCHES_IN_LINE,
            (
                "        found[l] =",
                "        if l == k:\n            came_in = X\n            for W, b in layers[:k]:\n"
                "                came_in = phi(came_in @ W + b)\n        found[l] =",
            ),
        ),
        """
        acts = [X]
        for n, (W, b) in enumerate(layers):
            z = (checkpoint if n == k else acts[-1]) @ W + b
            acts.append(phi(z))
        found = []
        for n in reversed(range(len(layers))):
            delta = dA * acts[n + 1] * (1 - acts[n + 1])
            found.insert(0, (acts[n].T @ delta, delta.sum(axis=0)))
            dA = delta @ layers[n][0].T
        return found
        """,
    ],
    "checkpoint-ignored": [
        """
        As = [X]
        for W, b in layers:
            As.append(phi(As[-1] @ W + b))
        pairs = []
        for l in range(len(layers) - 1, -1, -1):
            delta = dA * As[l + 1] * (1 - As[l + 1])
            pairs.insert(0, (As[l].T @ delta, delta.sum(axis=0)))
            dA = delta @ layers[l][0].T
        return pairs
        """
    ],
    "checkpoint-in-wrong-place": [
        changed("k = k + 1" + STRETCHES_IN_LINE, ("k = k + 1", "k += 1"))
    ],
    "blame-not-handed-over": [
        changed("given = dA" + STRETCHES_IN_LINE, ("    As = [A]", "    As, dA = [A], given"))
    ],
    "slope-from-the-checkpoint": [
        """
    A = [X]
    for l, (W, b) in enumerate(layers):
        A.append(checkpoint if l + 1 == k else phi(A[-1] @ W + b))
    pairs = []
    for l in range(len(layers) - 1, -1, -1):
        delta = dA * A[l + 1] * (1 - A[l + 1])
        pairs.insert(0, (A[l].T @ delta, delta.sum(axis=0)))
        dA = delta @ layers[l][0].T
    return pairs
    """,
        changed(
            STRETCHES_IN_LINE,
            (
                "    for l in range(stop",
                "    if start == 0:\n        As[-1] = checkpoint\n    for l in range(stop",
            ),
        ),
    ],
}

# ---- 12 ----

PARTS = "return sum(n * g for g, n in zip(gradients, sizes)) / sum(sizes)"
PARTS_LOOP = """
total = np.zeros_like(gradients[0])
for k in range(len(sizes)):
    total += gradients[k] * sizes[k] / sum(sizes)
return total
"""
WHOLE_SLIPS = {
    PARTS_LOOP: {
        "parts-weighed-otherwise": {"sizes[k] / sum(sizes)": "(sizes[k] / sum(sizes)) ** 2"},
    },
}
WHOLE = {
    "parts-not-weighed": [
        "return np.mean(gradients, axis=0)",
        "return sum(gradients) / len(gradients)",
        changed(PARTS_LOOP, (" * sizes[k] / sum(sizes)", "")),
    ],
    "parts-not-divided": [
        changed(PARTS, (" / sum(sizes)", "")),
        changed(PARTS_LOOP, (" / sum(sizes)", "")),
    ],
    "parts-divided-by-size": [
        "return sum(g / n for g, n in zip(gradients, sizes))",
        changed(PARTS_LOOP, (" * sizes[k] / sum(sizes)", " / sizes[k]")),
    ],
    "parts-weighed-otherwise": [
        "w = np.sqrt(sizes)\nreturn sum(n * g for n, g in zip(w, gradients)) / w.sum()"
    ],
}

ACCUMULATED = """
total = 0
for k in range(0, len(X), size):
    part = X[k : k + size]
    total = total + len(part) / len(X) * gradient(part, Y[k : k + size])
return total
"""
ACCUMULATED_LISTS = """
starts = range(0, len(X), size)
means = [gradient(X[k : k + size], Y[k : k + size]) for k in starts]
weights = [min(size, len(X) - k) / len(X) for k in starts]
return sum(weight * mean for weight, mean in zip(weights, means))
"""
ACCUMULATION_SLIPS = {
    ACCUMULATED: {
        "parts-not-divided": {"len(part) / len(X)": "len(part)"},
        "parts-divided-by-size": {"len(part) / len(X) * gradient": "1 / len(part) * gradient"},
        "left-over-rows-dropped": {"len(X), size)": "len(X) - size + 1, size)"},
        "last-micro-batch-filled-up": {
            "    part = X[k : k + size]": "    k = min(k, len(X) - size)\n    part = X[k : k + size]"
        },
        "last-rows-weighed-as-full": {"len(part) / len(X)": "size / len(X)"},
        "overwritten-not-accumulated": [
            {"total + len(part)": "len(part)"},
            {"total + len(part) / len(X) * ": ""},
        ],
        "sign-reversed": {"return ": "return -"},
    },
    ACCUMULATED_LISTS: {
        "parts-not-divided": {"len(X) - k) / len(X)": "len(X) - k)"},
        "parts-divided-by-size": {"min(size, len(X) - k) / len(X)": "1 / min(size, len(X) - k)"},
        "left-over-rows-dropped": {
            "range(0, len(X), size)": "range(0, size * (len(X) // size), size)"
        },
        "last-micro-batch-filled-up": {
            "gradient(X[k : k + size], Y[k : k + size])": "gradient(X[max(0, min(k, len(X) - size)) :]"
            "[:size], Y[min(k, len(X) - size) :][:size])"
        },
        "last-rows-weighed-as-full": {"min(size, len(X) - k) / len(X)": "size / len(X)"},
        "sign-reversed": {"return ": "return -1 * "},
    },
}
ACCUMULATION = {
    "parts-not-weighed": [
        "starts = range(0, len(X), size)\nmeans = [gradient(X[k : k + size], Y[k : k + size]) "
        "for k in starts]\nreturn sum(means) / len(means)",
        changed(ACCUMULATED, ("len(part) / len(X) * ", "")),
        changed(ACCUMULATED, ("len(part) / len(X) * gradient", "1 / len(X) * gradient")),
    ],
}

SENT = """
P = sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
middle = 2 * machines * P * bytes_each
ring = 2 * (machines - 1) / machines * P * bytes_each
return middle, ring
"""
SENT_LOOP = """
size = 0
for k in range(1, len(sizes)):
    size += bytes_each * (sizes[k - 1] * sizes[k] + sizes[k])
out = back = machines * size
piece = size / machines
return out + back, piece * (machines - 1) * 2
"""
SENDING_SLIPS = {
    SENT: {
        "biases-not-sent": {"(n_in + 1)": "n_in"},
        "activations-sent": [
            {"sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))": "sum(sizes[1:])"},
            {"sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))": "sum(sizes)"},
        ],
        "sent-for-each-example": {"P = sum": "P = examples * sum"},
        "numbers-for-bytes": {
            "P * bytes_each\nring": "P\nring",
            "P * bytes_each\nreturn": "P\nreturn",
        },
        "only-one-way": {"2 * machines": "machines", "2 * (machines": "(machines"},
        "ring-one-way": {"2 * (machines": "(machines"},
        "sent-in-shares": {"P = sum": "P = 1 / machines * sum"},
        "machines-not-counted": {"2 * machines * P": "2 * P"},
        "ring-without-pieces": {"(machines - 1) / machines": "(machines - 1)"},
        "ring-share-of-one-piece": {"2 * (machines - 1) / machines": "2 / machines"},
    },
    SENT_LOOP: {
        "biases-not-sent": {" + sizes[k])": ")"},
        "sent-for-each-example": {"size = 0": "size = bytes_each * examples * sizes[0]"},
        "numbers-for-bytes": {"bytes_each * (": "("},
        "only-one-way": {"out + back": "back"},
        "ring-one-way": {"(machines - 1) * 2": "(machines - 1)"},
        "sent-in-shares": {"size += bytes_each": "size += bytes_each / machines"},
        "machines-not-counted": {"back = machines * size": "back = size"},
        "ring-without-pieces": {"piece = size / machines": "piece = size"},
        "ring-share-of-one-piece": {"piece * (machines - 1) * 2": "piece * 2"},
    },
}
SENDING = {}

# ---- Kinds that any line can have ----

# ---- 10 ----

SCALE = {
    "scale-of-mean-slope": [
        "return 1 / slopes.mean()",
        "return 1 / np.mean(np.abs(slopes))",
        "return slopes.size / slopes.sum()",
    ],
    "scale-of-spread": ["return 1 / slopes.std()", "return np.var(slopes) ** -0.5"],
    "scale-without-root": [
        "return 1 / np.mean(slopes**2)",
        "return slopes.size / (slopes**2).sum()",
    ],
    "scale-not-inverted": [
        "return np.sqrt((slopes**2).mean())",
        "return np.linalg.norm(slopes) / np.sqrt(slopes.size)",
    ],
    "scale-of-largest-slope": ["return 1 / slopes.max()", "return 1 / np.max(slopes)"],
    "scale-without-zeros": [
        "alive = slopes[slopes != 0]\nreturn 1 / np.sqrt(np.mean(alive**2))",
        "return np.sqrt(np.count_nonzero(slopes) / (slopes**2).sum())",
        "return np.mean(slopes[slopes > 0] ** 2) ** -0.5",
    ],
    "scale-of-added-squares": [
        "return 1 / np.linalg.norm(slopes)",
        "return 1 / np.sqrt(np.sum(slopes**2))",
    ],
}
SKIP_LINES = """
A = phi(Z)
delta = dY * A * (1 - A)
dX = delta @ W.T
return dX + dY
"""
SKIP_SLIPS = {
    SKIP_LINES: {
        "skip-path-missing": {"dX + dY": "dX"},
        "skip-paths-multiplied": {"dX + dY": "dX * dY"},
        "skip-paths-averaged": [
            {"dX + dY": "(dX + dY) / 2"},
            {"dX + dY": "np.mean([dX, dY], axis=0)"},
        ],
        "skip-path-through-weights": [
            {"delta @ W.T": "(dY + delta) @ W.T", "dX + dY": "dX"},
            {"dX + dY": "dX + dX"},
        ],
        "skip-path-with-slope": {"dX + dY": "dX + delta"},
        "hand-back-transposed": {"W.T": "W"},
        "slope-missing-hidden": {"dY * A * (1 - A)": "dY"},
    },
}
SKIP = {
    "skip-path-missing": ["slope = phi(Z) * (1 - phi(Z))\nreturn (dY * slope) @ W.T"],
    "layer-path-missing": ["return dY", "return 1.0 * dY"],
    "skip-paths-multiplied": ["a = phi(Z)\nreturn np.multiply(dY, (dY * a * (1 - a)) @ W.T)"],
    "skip-layer-without-weights": [
        "A = phi(Z)\nreturn dY + dY * A * (1 - A)",
        "s = phi(Z) * (1 - phi(Z))\nthrough = s * dY\nreturn through + dY",
    ],
    "skip-pushed-forward": [
        "A = phi(Z)\nreturn dY + (dY @ W) * A * (1 - A)",
        "s = phi(Z) * (1 - phi(Z))\nJ = np.eye(len(W)) + W * s[:, None, :]\n"
        "return np.einsum('ni,nij->nj', dY, J)",
    ],
    "skip-slope-behind-weights": [
        "A = phi(Z)\nreturn dY + dY @ W.T * A * (1 - A)",
        "s = phi(Z) * (1 - phi(Z))\nback = np.dot(dY, W.T)\nreturn dY + s * back",
    ],
    "skip-path-with-slope": ["d = dY * phi(Z) * (1 - phi(Z))\nreturn d + d @ W.T"],
    "hand-back-transposed": ["d = dY * phi(Z) * (1 - phi(Z))\nreturn dY + np.dot(d, W)"],
    "slope-missing-hidden": ["return dY + dY @ W.T"],
    "sign-reversed": [
        "A = phi(Z)\nreturn -(dY + (dY * A * (1 - A)) @ W.T)",
        changed(SKIP_LINES, ("return ", "return -1 * ")),
    ],
}
NORM_LINES = """
mean, variance = X.mean(axis=0), X.var(axis=0)
deviation = np.sqrt(variance + 1e-5)
normal = (X - mean) / deviation
dgamma = (dY * normal).sum(axis=0)
dbeta = dY.sum(axis=0)
blame = dY * gamma
inside = blame - blame.mean(axis=0) - normal * (blame * normal).mean(axis=0)
dX = inside / deviation
return dgamma, dbeta, dX
"""
NORM_PATHS = """
N = len(X)
centred = X - X.sum(axis=0) / N
variance = (centred**2).sum(axis=0) / N
inverse = 1 / np.sqrt(variance + 1e-5)
n = centred * inverse
dn = dY * gamma
dvariance = (dn * centred).sum(axis=0) * -0.5 * inverse**3
dmean = -(dn * inverse).sum(axis=0)
dX = dn * inverse + dvariance * 2 * centred / N + dmean / N
return (dY * n).sum(axis=0), dY.sum(axis=0), dX
"""
NORM_SLIPS = {
    NORM_LINES: {
        "norm-statistics-held": {
            " - blame.mean(axis=0) - normal * (blame * normal).mean(axis=0)": ""
        },
        "norm-mean-path-missing": {" - blame.mean(axis=0)": ""},
        "norm-variance-path-missing": {" - normal * (blame * normal).mean(axis=0)": ""},
        "norm-paths-not-averaged": [
            {"blame.mean(axis=0)": "blame.sum(axis=0)"},
            {"(blame * normal).mean": "(blame * normal).sum"},
        ],
        "norm-other-variance": [
            {"X.var(axis=0)": "X.var(axis=0, ddof=1)"},
            {"(blame * normal).mean(axis=0)": "(blame * normal).sum(axis=0) / (len(X) - 1)"},
        ],
        "norm-deviation-missing": [
            {"inside / deviation": "inside"},
            {"dX = inside / deviation\n": "", "dbeta, dX": "dbeta, inside"},
        ],
        "norm-divided-by-variance": [
            {"inside / deviation": "inside / deviation**2"},
            {"inside / deviation": "inside / (variance + 1e-5)"},
        ],
        "norm-gamma-missing": {"dY * gamma": "dY"},
        "norm-gamma-from-input": {"(dY * normal).sum": "(dY * X).sum"},
        "norm-over-wrong-axis": [
            {
                "blame.mean(axis=0)": "blame.mean(axis=1, keepdims=True)",
                "(blame * normal).mean(axis=0)": "(blame * normal).mean(axis=1, keepdims=True)",
            },
            {"blame.mean(axis=0)": "np.mean(blame, axis=1)[:, None]"},
        ],
        "norm-gamma-in-dgamma": [
            {
                "(dY * normal).sum(axis=0)": "(dY * gamma * normal).sum(axis=0)",
                "dbeta = dY.sum(axis=0)": "dbeta = (dY * gamma).sum(axis=0)",
            },
            {"(dY * normal).sum": "(dY * gamma * normal).sum"},
        ],
        "norm-gamma-averaged": {"(dY * normal).sum": "(dY * normal).mean"},
        "bias-averaged": {"dbeta = dY.sum": "dbeta = dY.mean"},
        "norm-epsilon": [{"np.sqrt(variance + 1e-5)": "np.sqrt(variance)"}, {"1e-5": "1e-8"}],
    },
    NORM_PATHS: {
        "norm-statistics-held": {" + dvariance * 2 * centred / N + dmean / N": ""},
        "norm-mean-path-missing": {" + dmean / N": ""},
        "norm-variance-path-missing": {" + dvariance * 2 * centred / N": ""},
        "norm-paths-not-averaged": {"centred / N + dmean / N": "centred + dmean"},
        "norm-other-variance": {
            "variance = (centred**2).sum(axis=0) / N": "variance = np.var(X, 0, ddof=1)"
        },
        "norm-gamma-missing": {"dY * gamma": "dY"},
        "norm-gamma-from-input": {"(dY * n).sum": "(X * dY).sum"},
        "norm-gamma-in-dgamma": {
            "(dY * n).sum": "(dn * n).sum",
            ", dY.sum(axis=0), dX": ", dn.sum(axis=0), dX",
        },
        "norm-gamma-averaged": {"(dY * n).sum(axis=0)": "np.mean(dY * n, axis=0)"},
        "bias-averaged": {", dY.sum(axis=0), dX": ", dY.mean(axis=0), dX"},
        "norm-epsilon": {"1 / np.sqrt(variance + 1e-5)": "1 / (np.sqrt(variance) + 1e-5)"},
    },
}
NORM = {}

DENSE_LOOP = """
Z = np.zeros((X.shape[0], W.shape[1]))
for n in range(X.shape[0]):
    for j in range(W.shape[1]):
        for i in range(W.shape[0]):
            Z[n, j] += X[n, i] * W[i, j]
        Z[n, j] += b[j]
return Z
"""
DENSE |= {
    "sum-not-from-zero": [
        changed(
            DENSE_LOOP,
            ("    for j", "    z = 0\n    for j"),
            ("Z[n, j] += X", "z += X"),
            ("Z[n, j] += b[j]", "Z[n, j] = z + b[j]"),
        ),
        changed(DENSE_LOOP, ("np.zeros(", "np.ones(")),
        "rows, z = [], np.zeros(W.shape[1])\nfor x in X:\n    for i in range(len(x)):\n"
        "        z = z + x[i] * W[i]\n    rows.append(z + b)\nreturn np.array(rows)",
    ],
    "bias-for-one-example": [
        "Z = X @ W\nZ[0] += b\nreturn Z",
        "Z = []\nfor x in X:\n    Z.append(x @ W)\nZ[-1] = Z[-1] + b\nreturn np.array(Z)",
    ],
    "bias-row-misplaced": [
        "return np.hstack([np.ones((len(X), 1)), X]) @ np.vstack([W, b])",
        "return np.c_[X, np.ones(len(X))] @ np.vstack([b, W])",
    ],
    "bias-added-many-times": [
        changed(DENSE_LOOP, ("        Z[n, j] += b[j]", "            Z[n, j] += b[j]")),
        "return sum(np.outer(X[:, i], W[i]) + b for i in range(len(W)))",
    ],
    "loop-too-short": [
        changed(DENSE_LOOP, ("range(X.shape[0])", "range(X.shape[0] - 1)")),
        changed(DENSE_LOOP, ("range(W.shape[0])", "range(W.shape[0] - 1)")),
        changed(DENSE_LOOP, ("range(W.shape[1])", "range(1, W.shape[1])")),
        changed(DENSE_LOOP, ("range(W.shape[0])", "range(1, W.shape[0])")),
    ],
    "rows-cut-off": ["return (X @ W + b)[:-1]", "return (X @ W + b)[1:]"],
    "bias-subtracted": ["return X @ W - b", "return np.dot(X, W) - b"],
    "bias-multiplied": ["return X @ W * b", "return np.matmul(X, W) * b"],
    "summed-to-one-number": ["return np.sum(X @ W + b)", "return (X @ W + b).sum()"],
    "overwritten-not-accumulated": [
        changed(DENSE_LOOP, ("Z[n, j] += X", "Z[n, j] = X")),
        "for i in range(len(W)):\n    Z = np.outer(X[:, i], W[i])\nreturn Z + b",
    ],
}

# ---- 11 ----

ORDERED = """
order, seen = [], set()

def visit(node):
    if node in seen:
        return
    seen.add(node)
    for one, _ in node.inputs:
        visit(one)
    order.append(node)

visit(output)
for node in order:
    node.grad = 0.0
output.grad = 1.0
for node in reversed(order):
    for one, slope in node.inputs:
        one.grad += slope * node.grad
"""
COUNTED = """
nodes, waiting = {output}, [output]
while waiting:
    for one, _ in waiting.pop().inputs:
        if one not in nodes:
            nodes.add(one)
            waiting.append(one)
missing = {node: 0 for node in nodes}
for node in nodes:
    node.grad = 0.0
    for one, _ in node.inputs:
        missing[one] += 1
output.grad = 1.0
ready = [output]
while ready:
    node = ready.pop()
    for one, slope in node.inputs:
        one.grad += node.grad * slope
        missing[one] -= 1
        if missing[one] == 0:
            ready.append(one)
"""
EVERY_PATH = """
def forget(node):
    node.grad = 0.0
    for one, _ in node.inputs:
        forget(one)

def hand_on(node, new):
    node.grad += new
    for one, slope in node.inputs:
        hand_on(one, new * slope)

forget(output)
hand_on(output, 1.0)
"""
FORGET = """
def forget(node):
    node.grad = 0.0
    for one, _ in node.inputs:
        forget(one)

forget(output)
output.grad = 1.0
"""
BACKWARD_SLIPS = {
    ORDERED: {
        "visited-too-early": {
            "    order.append(node)\n": "",
            "    seen.add(node)\n": "    seen.add(node)\n    order.append(node)\n",
            "reversed(order)": "order",
        },
        "handed-on-in-post-order": {"reversed(order)": "order"},
        "overwritten-not-accumulated": [
            {"one.grad += slope": "one.grad = slope"},
            {"one.grad += slope * node.grad": "one.grad = node.grad * slope"},
        ],
        "used-twice-counted-once": [
            {"for one, slope in node.inputs": "for one, slope in dict(node.inputs).items()"},
            {
                "for one, slope in node.inputs": "for one, slope in {n: s for n, s in node.inputs}.items()"
            },
        ],
        "one-input-only": [
            {"for one, slope in node.inputs:": "for one, slope in node.inputs[:1]:"},
            {"one.grad += slope * node.grad": "one.grad += slope * node.grad\n        break"},
        ],
        "output-without-blame": {"output.grad = 1.0": ""},
        "inner-nodes-not-reset": {
            "    node.grad = 0.0": "    if not node.inputs:\n        node.grad = 0.0"
        },
        "old-blame-kept": [
            {"for node in order:\n    node.grad = 0.0\n": ""},
            {"    node.grad = 0.0": "    if node.inputs:\n        node.grad = 0.0"},
        ],
        "edge-slopes-left-out": {"slope * node.grad": "node.grad"},
        "local-slope-only": {"slope * node.grad": "slope"},
    },
    COUNTED: {
        "output-without-blame": {"output.grad = 1.0": "output.grad = output.value"},
        "inner-nodes-not-reset": {
            "node.grad = 0.0": "node.grad = node.grad if node.inputs else 0.0"
        },
        "old-blame-kept": {"    node.grad = 0.0\n": ""},
        "edge-slopes-left-out": {"node.grad * slope": "node.grad"},
        "local-slope-only": {"node.grad * slope": "slope"},
    },
}
BACKWARD = {
    "handed-on-by-recursion": [
        changed(EVERY_PATH, ("hand_on(one, new * slope)", "hand_on(one, node.grad * slope)")),
        FORGET
        + """
def visit(node):
    for one, slope in node.inputs:
        one.grad += slope * node.grad
    for one, _ in node.inputs:
        visit(one)

visit(output)
""",
        FORGET
        + """
def hand_on(node):
    for one, slope in node.inputs:
        one.grad = one.grad + node.grad * slope
        hand_on(one)

hand_on(output)
""",
        FORGET
        + """
waiting = [output]
while waiting:
    node = waiting.pop(0)
    for one, slope in node.inputs:
        one.grad += slope * node.grad
        waiting.append(one)
""",
        FORGET
        + """
stack = [output]
while stack:
    node = stack.pop()
    for one, slope in node.inputs:
        one.grad += slope * node.grad
        stack.append(one)
""",
    ],
    "visited-too-early": [
        FORGET
        + """
seen = set()

def visit(node):
    if node in seen:
        return
    seen.add(node)
    for one, slope in node.inputs:
        one.grad += slope * node.grad
    for one, _ in node.inputs:
        visit(one)

visit(output)
""",
        FORGET
        + """
waiting, seen = [output], {output}
while waiting:
    node = waiting.pop(0)
    for one, slope in node.inputs:
        one.grad += slope * node.grad
        if one not in seen:
            seen.add(one)
            waiting.append(one)
""",
        FORGET
        + """
seen = []

def hand_on(node):
    if node in seen:
        return
    seen.append(node)
    for one, slope in node.inputs:
        one.grad += slope * node.grad
        hand_on(one)

hand_on(output)
""",
    ],
    "handed-on-in-post-order": [
        FORGET
        + """
done = set()

def visit(node):
    if node not in done:
        done.add(node)
        for one, _ in node.inputs:
            visit(one)
        for one, slope in node.inputs:
            one.grad += slope * node.grad

visit(output)
""",
        FORGET + "for one, slope in output.inputs:\n    one.grad += slope",
    ],
    "grad-not-stored": [
        "grads = {output: 1.0}\nfor one, slope in output.inputs:\n"
        "    grads[one] = grads.get(one, 0.0) + slope\nreturn grads",
        "found = []\nfor one, slope in output.inputs:\n    found.append(slope * 1.0)\nreturn found",
    ],
}
POWER = {
    "whole-exponents-only": [
        "value = 1.0\nfor _ in range(int(b)):\n    value *= a\nreturn value, b * value / a, value * np.log(a)",
        "value = a ** int(b)\nreturn value, b * a ** (b - 1), a**b * np.log(a)",
        "v = a ** (b // 1)\nreturn v, b * v / a, v * np.log(a)",
    ],
    "exponents-base-forgotten": [
        "return a**b, b * a ** (b - 1), a**b",
        "value = a**b\nslope_a = b * value / a\nslope_b = value\nreturn value, slope_a, slope_b",
    ],
    "exponents-log-of-exponent": [
        "return a**b, b * a ** (b - 1), a**b * np.log(abs(b))",
        "v = a**b\nreturn v, b * v / a, v * np.log(np.abs(b))",
    ],
    "exponents-logarithm-of-ten": [
        "return a**b, b * a ** (b - 1), a**b * np.log10(a)",
        "v = a**b\nreturn v, b * v / a, np.log2(a) * v",
    ],
    "exponents-own-power-rule": [
        "return a**b, b * a ** (b - 1), b * a ** (b - 1)",
        "return a**b, b * a ** (b - 1), a * b ** (a - 1)",
        "slope = b * np.power(a, b - 1)\nreturn np.power(a, b), slope, slope",
    ],
    "exponent-held-still": [
        "return a**b, b * a ** (b - 1), 0",
        "slope_b = 0.0\nreturn np.power(a, b), b * np.power(a, b - 1), slope_b",
    ],
    "exponent-not-lowered": [
        "return a**b, b * a**b, a**b * np.log(a)",
        "v = a**b\nreturn v, b * v, v * np.log(a)",
    ],
    "exponent-not-in-front": [
        "return a**b, a ** (b - 1), a**b * np.log(a)",
        "v = a**b\nreturn v, v / a, v * np.log(a)",
    ],
}
SUMMED_LOOP = """
while grad.ndim > len(shape):
    grad = grad.sum(axis=0)
for axis, size in enumerate(shape):
    if size == 1:
        grad = grad.sum(axis=axis, keepdims=True)
return grad
"""
SUMMED_AT_ONCE = """
new = grad.ndim - len(shape)
axes = tuple(range(new)) + tuple(new + k for k, size in enumerate(shape) if size == 1)
return grad.sum(axis=axes).reshape(shape)
"""
SUMMED_BACK = {
    "broadcast-not-summed-back": [
        "return grad",
        "while grad.ndim > len(shape):\n    grad = grad.sum(axis=0)\nreturn grad",
        """
        if grad.ndim > len(shape):
            return grad
        for axis, size in enumerate(shape):
            if size == 1:
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
        """,
    ],
    "broadcast-averaged": [
        changed(SUMMED_LOOP, (".sum(", ".mean(")),
        changed(SUMMED_AT_ONCE, (".sum(", ".mean(")),
    ],
    "broadcast-first-copy-only": [
        """
        while grad.ndim > len(shape):
            grad = grad[0]
        for axis, size in enumerate(shape):
            if size == 1:
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
        """,
        """
        while grad.ndim > len(shape):
            grad = grad[0]
        for axis, size in enumerate(shape):
            if size == 1:
                grad = grad.take([0], axis=axis)
        return grad
        """,
        """
        while grad.ndim > len(shape):
            grad = grad[-1]
        for axis, size in enumerate(shape):
            if size == 1:
                grad = np.take(grad, [-1], axis=axis)
        return grad
        """,
    ],
    "broadcast-loses-axis": [
        """
        while grad.ndim > len(shape):
            grad = grad.sum(axis=0)
        axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
        return grad.sum(axis=axes)
        """,
        """
        grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
        for axis in reversed(range(len(shape))):
            if shape[axis] == 1:
                grad = grad.sum(axis=axis)
        return grad
        """,
    ],
    "broadcast-all-summed": ["return grad.sum()", "return np.sum(grad)"],
    "broadcast-reshaped": [
        "return np.resize(grad, shape)",
        "return grad.ravel()[: int(np.prod(shape))].reshape(shape)",
    ],
    "broadcast-other-axes": ["return grad.sum(axis=-1)", "return np.sum(grad, axis=0)"],
}

BODIES = {
    "check_composition": COMPOSITION,
    "check_reused_input": CIRCUIT,
    "check_dense": DENSE,
    "check_forward": together(FORWARD_SLIPS, FORWARD),
    "check_delta_squared_error": together(DELTA_SQUARED_ERROR_SLIPS, DELTA_SQUARED_ERROR),
    "check_delta_cross_entropy": together(DELTA_CROSS_ENTROPY_SLIPS, DELTA_CROSS_ENTROPY),
    "check_one_over_n": together(WEIGHT_GRADIENTS_SLIPS, WEIGHT_GRADIENTS),
    "check_hand_back": HAND_BACK,
    "check_hidden_delta": together(HIDDEN_DELTA_SLIPS, HIDDEN_DELTA),
    "check_relu_delta": RELU_DELTA,
    "check_own_gradients": together(OWN_GRADIENTS_SLIPS, OWN_GRADIENTS),
    "check_gradients_of": together(GRADIENTS_SLIPS, GRADIENTS),
    "check_input_gradient": together(INPUT_GRADIENT_SLIPS, INPUT_GRADIENT),
    "check_training_step": together(TRAINING_STEP_SLIPS, TRAINING_STEP),
    "check_training": together(TRAINING_SLIPS, TRAINING),
    "check_numerical_gradient": together(NUMERICAL_GRADIENT_SLIPS, NUMERICAL_GRADIENT),
    "check_relative_error": together(RELATIVE_ERROR_SLIPS, RELATIVE_ERROR),
    "check_symptoms": together(SYMPTOMS_SLIPS, SYMPTOMS),
    "check_dropout_gradients": together(DROPOUT_SLIPS, DROPOUT),
    "check_first_wrong": together(FIRST_WRONG_SLIPS, FIRST_WRONG),
    "check_worked_example": together(WORKED_EXAMPLE_SLIPS, WORKED_EXAMPLE),
    "check_one_epoch": together(ONE_EPOCH_SLIPS, ONE_EPOCH),
    "check_adam_step": together(ADAM_STEP_SLIPS, ADAM_STEP),
    "check_pixel_gradient": PIXELS,
    "check_multiplications": together(MULTIPLICATIONS_SLIPS, MULTIPLICATIONS),
    "check_forward_mode": together(FORWARD_MODE_SLIPS, FORWARD_MODE),
    "check_checkpoint": together(CHECKPOINT_SLIPS, CHECKPOINT),
    "check_whole_gradient": together(WHOLE_SLIPS, WHOLE),
    "check_accumulated": together(ACCUMULATION_SLIPS, ACCUMULATION),
    "check_bytes_sent": together(SENDING_SLIPS, SENDING),
    "check_scale": SCALE,
    "check_skip_back": together(SKIP_SLIPS, SKIP),
    "check_norm_back": together(NORM_SLIPS, NORM),
    "check_backward": together(BACKWARD_SLIPS, BACKWARD),
    "check_power": POWER,
    "check_summed_back": SUMMED_BACK,
}


# check -> mistake -> sources
# ---- Met later ----

BODIES["check_reused_input"]["blames-exchanged"] += [
    "p, s = a * b, a + b\nda = p * b\nda = s\ndb = p * a\ndb = s\nreturn da, db",
]
BODIES["check_forward"] |= {
    "inputs-through-activation": [
        changed(FORWARD_LOOP, ("A = X\n", "A = phi(X)\n"), ("kept = [X]", "kept = [A]")),
        "A = [phi(X)]\nfor W, b in layers:\n    X = phi(X @ W + b)\n    A.append(X)\nreturn A",
    ],
}
BODIES["check_dense"]["one-example-left"] = [
    "return X[0] @ W + b",
    "for x in X:\n    Z = x @ W + b\nreturn Z",
]
BODIES["check_hand_back"] |= {
    "one-example-left": [
        "for d in delta:\n    dA = d @ W.T\nreturn dA",
        "return delta[:1] @ W.T",
    ],
    "sign-lost": ["return np.abs(delta @ W.T)", "dA = delta @ W.T\nreturn np.sqrt(dA**2)"],
}
BODIES["check_gradients_of"]["blame-handed-on-without-slope"] = [
    """
    A = [X]
    for W, b in layers:
        A.append(phi(A[-1] @ W + b))
    dA, out = (A[-1] - Y) / len(X), []
    for k in reversed(range(len(layers))):
        delta = dA * A[k + 1] * (1 - A[k + 1])
        out.insert(0, (A[k].T @ delta, delta.sum(axis=0)))
        dA = dA @ layers[k][0].T
    return out
    """,
    """
    A = [X]
    for W, b in layers:
        A.append(phi(A[-1] @ W + b))
    out, blame = [], (A[-1] - Y) / len(X)
    for (W, b), before, after in zip(layers[::-1], A[-2::-1], A[:0:-1]):
        d = blame * after * (1 - after)
        out.append((before.T @ d, np.sum(d, axis=0)))
        blame = np.dot(blame, W.T)
    return out[::-1]
    """,
]
BODIES["check_training_step"]["learning-rate-of-its-own"] = [
    changed(STEP_TWO_LOOPS, ("new = []", "learning_rate = 0.5\nnew = []")),
    changed(STEP_TWO_LOOPS, ("new = []", "learning_rate = 0.01\nnew = []")),
]
BODIES["check_training"]["one-step-per-example"] += [
    changed(
        TRAIN,
        ("def one_step(layers):", "def one_step(X, Y, layers):"),
        ("for _ in range(steps):", "for k in range(steps):\n    n = k % len(X)"),
        ("one_step(layers)", "one_step(X[n : n + 1], Y[n : n + 1], layers)"),
    ),
]
BODIES["check_adam_step"]["bias-correction-with-beta"] += [
    "m = 0.9 * m + 0.1 * dW\ns = 0.999 * s + 0.001 * dW**2\n"
    "m_hat, s_hat = m / (1 - 0.9 * t), s / (1 - 0.999 * t)\n"
    "return W - eta * m_hat / (np.sqrt(abs(s_hat)) + 1e-8), m, s",
    "m = 0.9 * m + 0.1 * dW\ns = 0.999 * s + 0.001 * dW**2\n"
    "m_hat, s_hat = m / (1 - 0.9 * t), s / (1 - 0.999**t)\n"
    "return W - eta * m_hat / (np.sqrt(s_hat) + 1e-8), m, s",
]
BODIES["check_first_wrong"]["signs-cancel"] = [
    *BODIES["check_first_wrong"].get("signs-cancel", []),
    "for name in true:\n"
    "    if (used[name] - true[name]).max() > 1e-6 * np.linalg.norm(true[name]):\n"
    "        return name",
    "for name in true:\n"
    "    if np.max(true[name] - used[name]) > 1e-6 * np.sqrt((true[name] ** 2).sum()):\n"
    "        return name\nreturn None",
]
BODIES["check_symptoms"]["ratio-upside-down"] += [
    "u, t = (used**2).sum(), (true**2).sum()\nreturn (used * true).sum() / (u * t) ** 0.5, t / u",
]
BODIES["check_multiplications"] |= {
    "input-blame-turned-round": [
        changed(COUNT_LOOP, ("with_dX", "not with_dX")),
        "own = sum(n * m for n, m in zip(sizes, sizes[1:]))\n"
        "back = own - sizes[0] * sizes[1] if with_dX else own\nreturn examples * (own + back)",
    ],
    "first-layer-left-out": [
        "one = sum(n * m for n, m in zip(sizes[1:], sizes[2:]))\n"
        "return examples * one * (3 if with_dX else 2)",
        "kept = sizes if with_dX else sizes[1:]\n"
        "return 2 * examples * sum(n * m for n, m in zip(kept, kept[1:]))",
    ],
    "layer-sizes-added": [
        "own = [n + m for n, m in zip(sizes, sizes[1:])]\n"
        "return examples * (sum(own) + sum(own if with_dX else own[1:]))",
        "count = 0\nfor k in range(len(sizes) - 1):\n"
        "    both = sizes[k] + sizes[k + 1]\n"
        "    count += both + (both if k > 0 or with_dX else 0)\nreturn count * examples",
    ],
}
BODIES["check_forward_mode"] |= {
    "seed-times-weight": [
        changed(FORWARD_SPEED, ("+= A[:, i]", "+= A[:, i] * layers[k][0][i, j]")),
        changed(FORWARD_TWO_PASSES, ("= As[k][:, i]", "= layers[k][0][i, j] * As[k][:, i]")),
    ],
    "seed-with-output": [
        """
        A, speed = X, np.zeros_like(X)
        for p, (W, b) in enumerate(layers):
            A, speed = phi(A @ W + b), speed @ W
            if p == k:
                speed[:, j] += A[:, j]
            speed = speed * A * (1 - A)
        return ((A - Y) * speed).sum() / len(X)
        """,
        changed(FORWARD_TWO_PASSES, ("t[:, j] = As[k][:, i]", "t[:, j] = As[k + 1][:, j]")),
    ],
    "seed-in-every-neuron": [
        changed(FORWARD_SPEED, ("speed[:, j] += A[:, i]", "speed += A[:, [i]]")),
        changed(FORWARD_TWO_PASSES, ("t[:, j] = As[k][:, i]", "t[:] = As[k][:, i : i + 1]")),
    ],
}
BODIES["check_scale"] |= {
    "scale-of-middle-slope": [
        "return 1 / np.median(slopes)",
        "return 1 / np.median(np.abs(slopes))",
    ],
    "scale-of-mean-inverse": ["return np.mean(1 / slopes)", "return (1 / abs(slopes)).mean()"],
}
BODIES["check_norm_back"]["norm-over-wrong-axis"] += [
    """
        deviation = np.sqrt(X.var(axis=1, keepdims=True) + 1e-5)
        n = (X - X.mean(axis=1, keepdims=True)) / deviation
        g = dY * gamma
        inside = g - g.mean(axis=1, keepdims=True) - n * (g * n).mean(axis=1, keepdims=True)
        return (dY * n).sum(axis=0), dY.sum(axis=0), inside / deviation
        """,
    """
        deviation = np.sqrt(X.var() + 1e-5)
        n = (X - X.mean()) / deviation
        g = dY * gamma
        return (dY * n).sum(0), dY.sum(0), (g - g.mean() - n * (g * n).mean()) / deviation
        """,
]
BODIES["check_norm_back"] |= {
    "norm-variance-path-alike": [
        changed(NORM_LINES, ("normal * (blame * normal)", "(blame * normal)")),
        changed(
            NORM_LINES,
            ("- normal * (blame * normal).mean(axis=0)", "- np.mean(normal * blame, axis=0)"),
        ),
    ],
    "norm-variance-path-unweighted": [
        changed(NORM_LINES, ("normal * (blame * normal)", "normal * blame")),
        changed(
            NORM_LINES,
            ("- normal * (blame * normal).mean(axis=0)", "- normal * blame.sum(0) / len(X)"),
        ),
    ],
}
BODIES["check_backward"] |= {
    "handed-on-with-value": [
        changed(COUNTED, ("node.grad * slope", "node.grad * one.value")),
        changed(COUNTED, ("node.grad * slope", "node.grad * node.value")),
    ],
    "cleared-in-its-turn": [
        changed(
            COUNTED,
            ("    node.grad = 0.0\n", ""),
            (
                "    node = ready.pop()\n",
                "    node = ready.pop()\n    node.grad = float(node is output)\n",
            ),
        ),
        changed(
            COUNTED,
            ("    node.grad = 0.0\n", ""),
            (
                "    node = ready.pop()\n",
                "    node = ready.pop()\n    if node is not output:\n        node.grad = 0.0\n",
            ),
        ),
    ],
}
BODIES["check_power"]["exponents-value-missing"] = [
    "return a**b, b * a ** (b - 1), np.log(a)",
    "value = a**b\nslope_b = float(np.log(a))\nreturn value, value * b / a, slope_b",
]
BODIES["check_summed_back"]["broadcast-axes-from-the-left"] = [
    changed(SUMMED_LOOP, ("axis=0", "axis=-1")),
    "grad = grad.sum(axis=tuple(range(len(shape), grad.ndim)))\n"
    "for axis, size in enumerate(shape):\n    if size == 1:\n"
    "        grad = grad.sum(axis=axis, keepdims=True)\nreturn grad",
]
BODIES["check_whole_gradient"]["parts-weights-exchanged"] = [
    "return sum(n * g for n, g in zip(sizes[::-1], gradients)) / sum(sizes)",
    "return sum((1 - n / sum(sizes)) * g for n, g in zip(sizes, gradients))",
]
BODIES["check_accumulated"]["micro-batches-overlap"] = [
    "total = 0\nfor k in range(len(X)):\n    rows = slice(k, k + size)\n"
    "    total = total + gradient(X[rows], Y[rows]) * len(X[rows])\n"
    "return total / sum(len(X[k : k + size]) for k in range(len(X)))",
    "parts = [(X[k : k + size], Y[k : k + size]) for k in range(len(X))]\n"
    "N = sum(len(x) for x, _ in parts)\nreturn sum(len(x) / N * gradient(x, y) for x, y in parts)",
    "total = 0.0\nfor k in range(-(-len(X) // size)):\n"
    "    x, y = X[k : k + size], Y[k : k + size]\n"
    "    total = total + len(x) * gradient(x, y)\nreturn total / len(X)",
]
BODIES["check_bytes_sent"] |= {
    "biases-miscounted": [
        "n = sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes)\nsent = n * bytes_each\n"
        "return 2 * machines * sent, 2 * (machines - 1) / machines * sent",
        "n = sum(a * (b + 1) for a, b in zip(sizes, sizes[1:]))\nsent = bytes_each * n\n"
        "return 2 * machines * sent, 2 * sent * (machines - 1) / machines",
    ],
    "middle-among-the-machines": [
        "sent = bytes_each * sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))\n"
        "return 2 * (machines - 1) * sent, 2 * (machines - 1) / machines * sent",
        "n = sum(a * b + b for a, b in zip(sizes, sizes[1:]))\nothers = machines - 1\n"
        "size = n * bytes_each\nreturn others * 2 * size, 2 * others / machines * size",
    ],
}

# ---- Kinds that any exercise can have: arguments exchanged, a factor, not added up ----


BODIES["check_relative_error"]["one-for-each"] = [
    changed(ERRORS, (".max()", "")),
    "size = np.maximum(np.maximum(abs(analytic), abs(measured)), floor)\n"
    "return [list(row) for row in abs(analytic - measured) / size]",
]
BODIES["check_composition"]["degrees-for-radians"] = [
    "u = np.deg2rad(x**2 + 1)\nreturn 3 * np.sin(u) ** 2 * np.cos(u) * 2 * x",
    "u = (x * x + 1) * np.pi / 180\nv = np.sin(u)\nreturn 6 * x * v * v * np.cos(u)",
]
BODIES["check_hand_back"]["values-clipped"] = [
    "return np.maximum(delta @ W.T, 0)",
    "return np.clip(delta @ W.T, -0.5, 0.5)",
]
BODIES["check_hand_back"]["slip-in-a-step"] = [
    "return delta @ (W**2).T",
    "return delta @ (W / W.sum(axis=0)).T",
]
BODIES["check_own_gradients"]["results-partly-missing"] = [
    "return a_in.T @ delta",
    "db = delta.sum(axis=0)\nreturn [db]",
]
BODIES["check_gradients_of"]["results-partly-missing"] = [
    changed(PASS_ZIPPED, ("return grads[::-1]", "return [dW for dW, db in grads[::-1]]")),
    changed(PASS_ZIPPED, ("return grads[::-1]", "return grads[:1]")),
]
BODIES["check_worked_example"]["forward-pass-between-updates"] = [
    changed(
        WORKED_LINES,
        ("delta1 =", "A2 = phi(A1 @ W2 + b2)\ndelta2 = (A2 - Y) * A2 * (1 - A2)\ndelta1 ="),
    ),
    changed(
        WORKED_LINES,
        ("W2 = W2 - eta * dW2\n", ""),
        ("dW2 = A1.T @ delta2\n", ""),
        (
            "A2 = phi(phi(X @ W1 + b1) @ W2 + b2)\n",
            "A1 = phi(X @ W1 + b1)\nW2 = W2 - eta * A1.T @ delta2\nA2 = phi(A1 @ W2 + b2)\n",
        ),
    ),
]
BODIES["check_first_wrong"] |= {
    "place-for-name": [
        changed(FIRST, ("for name in true", "for k, name in enumerate(true)"), ("n name", "n k")),
        changed(FIRST, ("return name", "return used[name]")),
    ],
    "none-in-quotes": [
        changed(FIRST, ("return None", 'return "None"')),
        changed(FIRST, ("return None", "return False")),
    ],
    "zero-taken-for-wrong": [
        changed(FIRST, (" > ", " >= ")),
        changed(
            FIRST,
            (
                "np.linalg.norm(used[name] - true[name]) > 1e-6 * np.linalg.norm(true[name])",
                "not np.linalg.norm(used[name] - true[name]) / np.linalg.norm(true[name]) < 1e-6",
            ),
        ),
    ],
}
BODIES["check_scale"]["one-for-each"] = [
    "return 1 / np.sqrt((slopes**2).mean(axis=0))",
    "return 1 / abs(slopes)",
]
BODIES["check_power"] |= {
    "another-operation": [
        "return a * b, b, a",
        "v = b**a\nreturn v, b * a ** (b - 1), v * np.log(b)",
    ],
    "whole-number-division": [
        "v = a**b\nreturn v, v * (b // a), v * np.log(a)",
        "v = a**b\nreturn v, b * v // a, v * np.log(a)",
    ],
}
BODIES["check_bytes_sent"]["whole-number-division"] = [
    "size = bytes_each * sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))\n"
    "return 2 * machines * size, 2 * (machines - 1) // machines * size",
    "size = bytes_each * sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))\n"
    "return 2 * machines * size, 2 * (machines - 1) * (size // machines)",
]

# ---- Named since ----

BODIES["check_power"] |= {
    "exponents-power-lowered": [
        "value = a**b\nb = b - 1\nreturn value, (b + 1) * a**b, a**b * np.log(a)",
        "lower = a ** (b - 1)\nreturn a * lower, b * lower, lower * np.log(a)",
    ],
}
BODIES["check_norm_back"] |= {
    "norm-own-path-averaged": [
        """
        N = len(X)
        std = np.sqrt(X.var(axis=0) + 1e-5)
        n = (X - X.mean(axis=0)) / std
        dgamma, dbeta = (dY * n).sum(axis=0), dY.sum(axis=0)
        return dgamma, dbeta, gamma / (N * std) * (dY - dbeta - n * dgamma)
        """,
        """
        std = (X.var(axis=0) + 1e-5) ** 0.5
        n, dn = (X - X.mean(axis=0)) / std, gamma * dY
        dX = (dn / len(X) - dn.mean(axis=0) - n * (dn * n).mean(axis=0)) / std
        return (dY * n).sum(axis=0), dY.sum(axis=0), dX
        """,
    ],
}
BODIES["check_worked_example"]["loss-without-half"] = [
    changed(WORKED_LINES, (".sum() / 2", ".sum()")),
    changed(WORKED_LINES, ("((A2 - Y) ** 2).sum() / 2", "np.linalg.norm(A2 - Y) ** 2")),
]
BODIES["check_delta_squared_error"] |= {
    "slope-of-target": [
        "A = phi(Z)\nreturn (A - Y) * Y * (1 - Y) / len(Z)",
        "error = phi(Z) - Y\nat_target = phi(Y)\nreturn error * at_target * (1 - at_target) / len(Y)",
    ],
}
BODIES["check_reused_input"] |= {
    "sum-halves-its-blame": [
        "p, s = a * b, a + b\nreturn s * b + p / 2, s * a + p / 2",
        """
        share = 0.5 * (a * b)  # the sum splits its blame between its two inputs
        return (a + b) * b + share, (a + b) * a + share
        """,
    ],
    "both-factors-at-once": [
        "p, s = a * b, a + b\nreturn s * (a + b) + p, s * (b + a) + p",
        "dp = a + b\neach = dp * dp + a * b\nreturn each, each",
    ],
}
BODIES["check_forward"]["input-standardised"] = [
    """
    A = (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)
    kept = [A]
    for W, b in layers:
        A = phi(A @ W + b)
        kept.append(A)
    return kept
    """,
    """
    X = X - X.mean(axis=0)
    A = [X]
    for W, b in layers:
        A.append(phi(np.dot(A[-1], W) + b))
    return A
    """,
]
BODIES["check_one_epoch"]["step-before-backward"].append(
    """
    order = rng.permutation(len(x))
    network.loss_value(x[order[:batch_size]], y[order[:batch_size]])
    network.backward()
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        optimizer.step()
        network.loss_value(x[batch], y[batch])
        network.backward()
    """
)
BODIES["check_bytes_sent"]["sent-for-each-example"].append(
    """
    numbers = sum(a * b + b for a, b in zip(sizes, sizes[1:]))
    out = machines * numbers * bytes_each
    back = machines * examples * numbers * bytes_each
    return out + back, 2 * (machines - 1) / machines * numbers * bytes_each
    """
)
BODIES["check_dense"]["bias-added-to-weights"] = [
    "return X @ (W + b)",
    "return np.dot(X, W + b)",
    "weights = W + b\nreturn np.dot(X, weights)",
    "return np.array([row @ (W + b) for row in X])",
]
BODIES["check_forward"]["bias-added-to-weights"].append(
    """
    A = [X]
    for W, b in layers:
        W = W + b
        A.append(phi(A[-1] @ W))
    return A
    """
)
BODIES["check_relu_delta"]["relu-slope-between"] = [
    "return np.clip(Z, 0, 1) * dA",
    "slope = np.minimum(np.maximum(Z, 0), 1)\nreturn dA * slope",
]
BODIES["check_hidden_delta"]["slope-of-another-activation"] = [
    "inside = np.abs(Z) < 2.5\nreturn dA * np.where(inside, 0.2, 0.0)",
    "A = phi(Z)\nreturn dA * (A + Z * A * (1 - A))",
]
BODIES["check_own_gradients"]["bias-row-misplaced"] = [
    "G = np.column_stack([np.ones(len(a_in)), a_in]).T @ delta\nreturn G[:-1], G[-1]",
    """
    both = np.hstack([a_in, np.ones((len(a_in), 1))]).T @ delta
    db, *dW = both
    return np.array(dW), db
    """,
]
BODIES["check_gradients_of"]["one-array-twice"] = [
    """
    acts = [X]
    for W, b in layers:
        acts.append(phi(acts[-1] @ W + b))
    grads = [[0, 0]] * len(layers)
    dA = (acts[-1] - Y) / len(X)
    for k in reversed(range(len(layers))):
        delta = dA * acts[k + 1] * (1 - acts[k + 1])
        grads[k][0], grads[k][1] = acts[k].T @ delta, delta.sum(axis=0)
        dA = delta @ layers[k][0].T
    return [tuple(pair) for pair in grads]
    """,
    """
    acts, found = [X], {}
    for W, b in layers:
        acts.append(phi(acts[-1] @ W + b))
    every = [found] * len(layers)
    dA = (acts[-1] - Y) / len(X)
    for k in reversed(range(len(layers))):
        delta = dA * acts[k + 1] * (1 - acts[k + 1])
        every[k]["dW"], every[k]["db"] = acts[k].T @ delta, delta.sum(axis=0)
        dA = delta @ layers[k][0].T
    return [(one["dW"], one["db"]) for one in every]
    """,
]
BODIES["check_one_epoch"] |= {
    "slices-dealt-out": [
        """
        order = rng.permutation(len(x))
        batches = -(-len(x) // batch_size)
        for k in range(batches):
            rows = order[k::batches]
            network.loss_value(x[rows], y[rows])
            network.backward()
            optimizer.step()
        """,
        """
        order = rng.permutation(len(x))
        step = int(np.ceil(len(order) / batch_size))
        for rows in [order[start::step] for start in range(step)]:
            network.loss_value(x[rows], y[rows])
            network.backward()
            optimizer.step()
        """,
    ],
    "order-from-its-end": [
        """
        stack = list(rng.permutation(len(x)))
        while stack:
            rows = [stack.pop() for _ in range(min(batch_size, len(stack)))]
            network.loss_value(x[rows], y[rows])
            network.backward()
            optimizer.step()
        """,
        """
        order = rng.permutation(len(x))[::-1]
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            network.loss_value(x[rows], y[rows])
            network.backward()
            optimizer.step()
        """,
    ],
    "order-applied-twice": [
        """
        order = rng.permutation(len(x))
        xs, ys = x[order], y[order]
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            network.loss_value(xs[rows], ys[rows])
            network.backward()
            optimizer.step()
        """,
        """
        order = rng.permutation(len(x))
        order = order[order]
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            network.loss_value(x[rows], y[rows])
            network.backward()
            optimizer.step()
        """,
    ],
}
BODIES["check_adam_step"]["gradient-mixed-in-again"] = [
    """
    m = 0.9 * m + 0.1 * dW
    s = 0.999 * s + 0.001 * dW**2
    ahead = (0.9 * m + 0.1 * dW) / (1 - 0.9**t)
    return W - eta * ahead / (np.sqrt(s / (1 - 0.999**t)) + 1e-8), m, s
    """,
    """
    m, s = 0.9 * m + (1 - 0.9) * dW, 0.999 * s + (1 - 0.999) * dW * dW
    c1, c2 = 1 - 0.9**t, 1 - 0.999**t
    return W - eta * (0.9 * m / c1 + 0.1 * dW / c1) / (np.sqrt(s / c2) + 1e-8), m, s
    """,
]
BODIES["check_relative_error"] |= {
    "place-of-the-worst": [
        "size = np.maximum(np.maximum(abs(analytic), abs(measured)), floor)\n"
        "return float((abs(analytic - measured) / size).argmax())",
        "size = np.maximum(np.maximum(abs(analytic), abs(measured)), floor)\n"
        "return np.argmax(np.abs(analytic - measured) / size)",
    ],
    "largest-difference-instead": [
        """
        a, m = analytic.ravel(), measured.ravel()
        k = np.argmax(np.abs(a - m))
        return abs(a[k] - m[k]) / max(abs(a[k]), abs(m[k]), floor)
        """,
        """
        apart = np.abs(analytic - measured)
        where = np.unravel_index(apart.argmax(), apart.shape)
        larger = np.maximum(np.abs(analytic), np.abs(measured))
        return apart[where] / np.maximum(larger, floor)[where]
        """,
    ],
}
BODIES["check_symptoms"]["entries-not-paired"] = [
    """
    u, t = used.flatten(order="C"), true.flatten(order="F")
    lu, lt = np.sqrt(u @ u), np.sqrt(t @ t)
    return u @ t / (lu * lt), lu / lt
    """,
    """
    lu, lt = np.linalg.norm(used), np.linalg.norm(true)
    return used.T.ravel() @ true.ravel() / (lu * lt), lu / lt
    """,
]
BODIES["check_dropout_gradients"]["switch-without-bias"] = [
    changed(REPAIRED, ("A1 > 0", "X @ W1 > 0")),
    changed(REPAIRED_OTHERWISE, ("np.where(on,", "np.where(Z1 - b1 > 0,")),
]
BODIES["check_multiplications"]["layer-around-the-corner"] = [
    """
    own = sum(examples * sizes[i - 1] * sizes[i] for i in range(len(sizes)))
    return 2 * own - (0 if with_dX else examples * sizes[0] * sizes[1])
    """,
    """
    pairs = zip(sizes, np.roll(sizes, -1))
    own = examples * sum(int(a) * int(b) for a, b in pairs)
    return own + own if with_dX else own + own - examples * sizes[0] * sizes[1]
    """,
]
BODIES["check_checkpoint"]["slope-at-the-border-twice"] = [
    changed(STRETCHES, ("(X, handed,", "(X, handed * checkpoint * (1 - checkpoint),")),
    changed(
        STRETCHES_IN_LINE,
        ("return found", ""),
        (
            "    As = [A]",
            "    if start < k:\n        dA = dA * checkpoint * (1 - checkpoint)\n    As = [A]",
        ),
    )
    + "return found",
]
BODIES["check_bytes_sent"]["ring-with-a-piece-too-many"] = [
    "size = bytes_each * sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))\n"
    "return 2 * machines * size, 2 * machines * (size / machines)",
    "size = bytes_each * sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))\n"
    "return machines * (size + size), size + size",
]
BODIES["check_skip_back"]["skip-paths-side-by-side"] = [
    "A = phi(Z)\nreturn np.concatenate([dY, (dY * A * (1 - A)) @ W.T], axis=1)",
    "A = phi(Z)\nreturn np.hstack([(dY * A * (1 - A)) @ W.T, dY])",
]
BODIES["check_backward"] |= {
    "same-value-same-number": [
        """
        order = []
        def visit(number):
            if any(one.value == number.value for one in order):
                return
            for one, _ in number.inputs:
                visit(one)
            order.append(number)
        visit(output)
        for number in order:
            number.grad = 0.0
        output.grad = 1.0
        for number in order[::-1]:
            for one, slope in number.inputs:
                one.grad += slope * number.grad
        """,
        """
        seen, order = set(), []
        def visit(number):
            if number.value not in seen:
                seen.add(number.value)
                for one, _ in number.inputs:
                    visit(one)
                order.append(number)
        visit(output)
        for number in order:
            number.grad = 0.0
        output.grad = 1.0
        while order:
            number = order.pop()
            for one, slope in number.inputs:
                one.grad += slope * number.grad
        """,
    ],
    "inner-blame-thrown-away": [
        """
        order = []
        def visit(number):
            if number not in order:
                for one, _ in number.inputs:
                    visit(one)
                order.append(number)
        visit(output)
        for number in order:
            number.grad = 0.0
        output.grad = 1.0
        for number in order[::-1]:
            for one, slope in number.inputs:
                one.grad += slope * number.grad
            if number.inputs and number is not output:
                number.grad = 0.0
        """,
        """
        order = []
        def visit(number):
            if number not in order:
                for one, _ in number.inputs:
                    visit(one)
                order.append(number)
        visit(output)
        for number in order:
            number.grad = 0.0
        output.grad = 1.0
        for number in order[::-1]:
            blame = number.grad
            if number.inputs:
                number.grad = 0.0
            for one, slope in number.inputs:
                one.grad += slope * blame
        """,
    ],
}

WRONG = {
    check: {mistake: [whole(check, body) for body in bodies] for mistake, bodies in wrong.items()}
    for check, wrong in BODIES.items()
}

# check -> bodies that are right, several of them in unusual style
RIGHT_BODIES = {
    "check_composition": [
        "u = x**2 + 1\nreturn 3 * np.sin(u) ** 2 * np.cos(u) * 2 * x",
        """
        import math
        total = 1.0
        for factor in (2 * x, math.cos(x * x + 1), 3 * math.sin(x * x + 1) ** 2):
            total *= factor
        return total
        """,
        "y = lambda x: np.sin(x**2 + 1) ** 3\nreturn (y(x + 1e-5) - y(x - 1e-5)) / 2e-5",
        "return np.array(6 * x * np.sin(x**2 + 1) ** 2 * np.cos(x**2 + 1))",
    ],
    "check_reused_input": [
        "p, s = a * b, a + b\nreturn s * b + p, s * a + p",
        """
        da = db = 0
        da += (a + b) * b
        db += (a + b) * a
        da += a * b
        db += a * b
        return [da, db]
        """,
        "return 2 * a * b + b**2, a**2 + 2 * a * b",
    ],
    "check_dense": [
        "return X @ W + b",
        "return np.einsum('ni,io->no', X, W) + b[None, :]",
        """
        out = []
        for row in X:
            line = []
            for j in range(len(b)):
                total = b[j]
                for i in range(len(row)):
                    total += row[i] * W[i][j]
                line.append(total)
            out.append(line)
        return out
        """,
        "Z = np.tile(b, (len(X), 1))\nZ += X.dot(W)\nreturn Z",
        "return (X.astype(np.float32) @ W.astype(np.float32) + b.astype(np.float32))",
        "return (W.T @ X.T + b.reshape(-1, 1)).T",
    ],
    "check_forward": [
        FORWARD_LOOP,
        FORWARD_INDEXED,
        """
        from functools import reduce
        return reduce(lambda kept, layer: [*kept, phi(kept[-1] @ layer[0] + layer[1])], layers, [X])
        """,
        """
        kept = (X,)
        for W, b in layers:
            Z = kept[-1] @ W
            Z += b
            np.negative(Z, out=Z)
            kept += (1 / (1 + np.exp(Z)),)
        return kept
        """,
    ],
    "check_delta_squared_error": [
        SQUARED_LINES,
        SQUARED_LOOP,
        "s = phi(Z)\nreturn np.multiply(np.subtract(s, Y), s - np.square(s)) / Z.shape[0]",
        "A = phi(Z.astype('float32'))\nreturn (A - Y.astype('float32')) * A * (1 - A) / len(A)",
        """
        A = phi(Z)
        A = (A - Y) * np.exp(-Z) / (1 + np.exp(-Z)) ** 2
        A /= len(Z)
        return A.tolist()
        """,
    ],
    "check_delta_cross_entropy": [
        CROSS_LINES,
        CROSS_LOOP,
        """
        p = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
        p[np.arange(len(Z)), Y.argmax(axis=1)] -= 1
        p /= len(Z)
        return p
        """,
        """
        p = np.exp(Z) / np.exp(Z).sum(1)[:, None]
        slopes = np.einsum("ni,ij->nij", p, np.eye(p.shape[1])) - np.einsum("ni,nj->nij", p, p)
        return np.einsum("nj,nij->ni", -Y / p, slopes) / len(Y)
        """,
    ],
    "check_one_over_n": [
        ONE_LAYER,
        ONE_LAYER_LOOP,
        changed(
            ONE_LAYER,
            (" / len(X)", ""),
            ("X.T @ delta", "X.T @ delta / len(X)"),
            ("delta.sum(axis=0)", "delta.mean(axis=0)"),
        ),
        """
        A = phi(np.einsum("ni,io->no", X, W) + b)
        d = (A - Y) * (A - A**2)
        return [np.einsum("ni,no->io", X, d) / len(d), np.average(d, axis=0)]
        """,
    ],
    "check_hand_back": [
        "return delta @ W.T",
        "return (W @ delta.T).T",
        "return np.einsum('no,io->ni', delta, W)",
        "return [[sum(d * w for d, w in zip(row, ws)) for ws in W] for row in delta]",
        """
        blame = np.zeros((delta.shape[0], W.shape[0]))
        for j in range(W.shape[1]):
            blame += np.outer(delta[:, j], W[:, j])
        return blame
        """,
        "return np.inner(delta.astype(np.float32), W.astype(np.float32))",
        "return np.tensordot(delta, W, axes=([1], [1]))",
    ],
    "check_hidden_delta": [
        HIDDEN_LINES,
        "return dA * np.exp(-Z) / (1 + np.exp(-Z)) ** 2",
        "out = phi(Z)\nout *= 1 - out\nout *= dA\nreturn out",
        "return [[d * phi(z) * phi(-z) for d, z in zip(ds, zs)] for ds, zs in zip(dA, Z)]",
    ],
    "check_relu_delta": [
        "return dA * (Z > 0)",
        "return np.where(Z > 0, dA, 0)",
        "delta = dA.copy()\ndelta[Z <= 0] = 0\nreturn delta",
        "return [[d if z > 0 else 0 for d, z in zip(ds, zs)] for ds, zs in zip(dA, Z)]",
        "return dA * np.heaviside(Z, 0)",
        "return dA * (np.sign(Z) + 1) / 2",
    ],
    "check_own_gradients": [
        "return a_in.T @ delta, delta.sum(axis=0)",
        OWN_LOOP,
        "return [np.einsum('ni,no->io', a_in, delta), np.einsum('no->o', delta)]",
        "return (delta.T @ a_in).T, np.ones(len(delta)) @ delta",
        "return sum(np.outer(a, d) for a, d in zip(a_in, delta)), sum(delta)",
        "N = len(delta)\nreturn (a_in[:, :, None] * delta[:, None, :]).sum(0), N * delta.mean(0)",
    ],
    "check_gradients_of": [
        PASS_ZIPPED,
        PASS_INDEXED,
        PASS_LOOP,
        """
        def back(A, rest):
            if not rest:
                return (A - Y) / len(Y), []
            (W, b), *others = rest
            out = phi(A @ W + b)
            blame, grads = back(out, others)
            delta = blame * out * (1 - out)
            return delta @ W.T, [[A.T @ delta, delta.sum(0)], *grads]
        return back(X, layers)[1]
        """,
        changed(PASS_ZIPPED, ("return grads[::-1]", "grads.reverse()\nreturn tuple(grads)")),
    ],
    "check_input_gradient": [
        INPUT_ZIPPED,
        INPUT_INDEXED,
        """
        def loss(X):
            A = X
            for W, b in layers:
                A = phi(A @ W + b)
            return ((A - Y) ** 2).sum() / 2 / len(X)
        dX = np.zeros(X.shape)
        for index in np.ndindex(X.shape):
            up, down = X.copy(), X.copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            dX[index] = (loss(up) - loss(down)) / 2e-5
        return dX
        """,
    ],
    "check_training_step": [
        STEP_ZIPPED,
        "def step(X, Y, layers):"
        + changed(STEP_ZIPPED, ("\n", "\n    ")).rstrip()
        + "\nreturn step(X, Y, layers)",
        STEP_TWO_LOOPS,
        changed(
            STEP_TWO_LOOPS,
            ("out = [None] * L", "copies = [(W.copy(), b.copy()) for W, b in layers]"),
            (
                "    out[l] = (dW, db)\n",
                "    W, b = copies[l]\n    W -= learning_rate * dW\n    b -= learning_rate * db\n",
            ),
            (STEP_TWO_LOOPS[STEP_TWO_LOOPS.index("new = []") :], "return copies\n"),
        ),
    ],
    "check_training": [
        TRAIN,
        TRAIN_IN_PLACE,
        changed(
            TRAIN,
            (
                "for _ in range(steps):\n    layers = one_step(layers)\nreturn layers",
                "if steps == 0:\n    return layers\nreturn train(X, Y, one_step(layers), "
                "learning_rate, steps - 1)",
            ),
        ),
    ],
    "check_symptoms": [
        BOTH,
        BOTH_BY_NORM,
        """
        lengths = [sum(x * x for x in array.flat) ** 0.5 for array in (used, true)]
        dot = sum(a * b for a, b in zip(used.flat, true.flat))
        return [dot / lengths[0] / lengths[1], lengths[0] / lengths[1]]
        """,
    ],
    "check_dropout_gradients": [
        REPAIRED,
        REPAIRED_OTHERWISE,
        changed(REPAIRED, ("A1 > 0", "D1 > 0")),  # left out is left out
        changed(REPAIRED, ("A1 > 0", "Z1 > 0")),
    ],
    "check_numerical_gradient": [
        NUDGED,
        NUDGED_COPIES,
        NUDGED_ADDED,
        """
        step = h * np.eye(w.size).reshape(w.size, *w.shape)
        ahead = [loss(w + nudge) for nudge in step]
        behind = [loss(w - nudge) for nudge in step]
        return ((np.array(ahead) - behind) / (2 * h)).reshape(w.shape)
        """,
    ],
    "check_relative_error": [
        ERRORS,
        ERRORS_LOOP,
        "size = np.clip(np.maximum(abs(analytic), abs(measured)), floor, None)\n"
        "return float(np.max(abs(measured - analytic) / size))",
    ],
    "check_first_wrong": [
        FIRST,
        FIRST_LISTED,
        """
        def by_numbers(u, t):
            if not t.any():
                return bool(u.any())
            if not u.any():
                return True
            lengths = np.linalg.norm(u), np.linalg.norm(t)
            cosine = (u * t).sum() / lengths[0] / lengths[1]
            return cosine < 1 - 1e-7 or abs(lengths[0] / lengths[1] - 1) > 1e-6
        return next((n for n in true if by_numbers(used[n], true[n])), None)
        """,
    ],
    "check_worked_example": [
        WORKED_LINES,
        WORKED_LAYERS,
        changed(
            WORKED_LINES, ("delta2 @ W2.T", "np.dot(delta2, W2.T)"), (".sum() / 2", ".sum() * 0.5")
        ),
    ],
    "check_one_epoch": [
        EPOCH,
        EPOCH_SPLIT,
        """
        order = list(rng.permutation(len(x)))
        while order:
            rows, order = order[:batch_size], order[batch_size:]
            network.loss_value(x[rows], y[rows])
            network.parameter_gradients()
            optimizer.step()
        return network
        """,
    ],
    "check_adam_step": [
        ADAM_LINES,
        ADAM_NAMED,
        """
        m = m + 0.1 * (dW - m)
        s = s + (1 - 0.999) * (dW * dW - s)
        rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        return [W - rate * m / (s**0.5 + 1e-8 * np.sqrt(1 - 0.999**t)), m, s]
        """,
    ],
    "check_pixel_gradient": [
        "return delta1 @ W1.T",
        "return np.inner(delta1, W1)",
        "return np.array([W1 @ d for d in delta1])",
    ],
    "check_multiplications": [
        COUNT_LISTS,
        COUNT_LOOP,
        """
        W = np.multiply(sizes[:-1], sizes[1:]) * examples
        return 2 * W.sum() - (0 if with_dX else W[0])
        """,
    ],
    "check_forward_mode": [
        FORWARD_SPEED,
        FORWARD_TWO_PASSES,
        """
        A, dot = X, 0 * X
        for l, (W, b) in enumerate(layers):
            seed = np.zeros_like(W)
            if l == k:
                seed[i, j] = 1
            dot = dot @ W + A @ seed
            A = phi(A @ W + b)
            dot *= A - A**2
        return np.vdot((A - Y) / len(Y), dot)
        """,
    ],
    "check_checkpoint": [
        STRETCHES,
        STRETCHES_IN_LINE,
        """
        def forward(A, part):
            kept = [A]
            for W, b in part:
                kept += [phi(kept[-1] @ W + b)]
            return kept
        kept = forward(X, layers[:k])[:-1] + forward(checkpoint, layers[k:])
        outs = forward(X, layers[:k])[1:] + forward(checkpoint, layers[k:])[1:]
        grads = []
        for (W, b), a, out in list(zip(layers, kept, outs))[::-1]:
            d = dA * out * (1 - out)
            grads.append((np.einsum("ni,no->io", a, d), d.sum(0)))
            dA = d.dot(W.T)
        return list(reversed(grads))
        """,
    ],
    "check_whole_gradient": [
        PARTS,
        PARTS_LOOP,
        "return np.average(gradients, axis=0, weights=sizes)",
    ],
    "check_accumulated": [
        ACCUMULATED,
        ACCUMULATED_LISTS,
        """
        rows = np.arange(0, len(X), size)[1:]
        parts = zip(np.split(X, rows), np.split(Y, rows))
        return sum(len(x) * gradient(x, y) for x, y in parts) / len(X)
        """,
    ],
    "check_bytes_sent": [
        SENT,
        SENT_LOOP,
        """
        n = np.array(sizes)
        size = bytes_each * float(np.dot(n[:-1] + 1, n[1:]))
        return size * machines * 2, 2 * size - 2 * size / machines
        """,
    ],
    "check_scale": [
        "return 1 / np.sqrt(np.mean(slopes**2))",
        "return np.mean(slopes * slopes) ** -0.5",
        "return np.sqrt(slopes.size) / np.linalg.norm(slopes)",
    ],
    "check_skip_back": [
        SKIP_LINES,
        "A = phi(Z)\nreturn dY + (dY * A * (1 - A)) @ W.T",
        """
        dX = dY.copy()
        for i, (blame, z) in enumerate(zip(dY, Z)):
            dX[i] += W @ (blame * phi(z) * phi(-z))
        return dX
        """,
    ],
    "check_norm_back": [
        NORM_LINES,
        NORM_PATHS,
        """
        N = len(X)
        deviation = np.sqrt(np.var(X, axis=0) + 1e-5)
        n = (X - np.mean(X, axis=0)) / deviation
        dgamma, dbeta = np.einsum("ij,ij->j", dY, n), np.add.reduce(dY)
        return dgamma, dbeta, gamma / (N * deviation) * (N * dY - dbeta - n * dgamma)
        """,
    ],
    "check_backward": [ORDERED, COUNTED, EVERY_PATH],
    "check_power": [
        "return a**b, b * a ** (b - 1), a**b * np.log(a)",
        "v = np.exp(b * np.log(a))\nreturn [v, v * b / a, v * np.log(a)]",
        """
        import math
        value = math.pow(a, b)
        return value, b * math.pow(a, b - 1), value * math.log(a)
        """,
    ],
    "check_summed_back": [
        SUMMED_LOOP,
        SUMMED_AT_ONCE,
        """
        back = np.zeros(shape)
        filled = (1,) * (grad.ndim - len(shape)) + tuple(shape)
        for index in np.ndindex(grad.shape):
            to = tuple(0 if size == 1 else k for k, size in zip(index, filled))
            back[to[grad.ndim - len(shape):]] += grad[index]
        return back
        """,
    ],
}
RIGHT = {check: [whole(check, body) for body in bodies] for check, bodies in RIGHT_BODIES.items()}


def define(source, name):
    """Run the text of a function as a cell of a notebook would, and return the function."""
    cell = {"np": np, "phi": lambda z: 1 / (1 + np.exp(-z))}
    place = f"<cell {hash(source)}>"
    linecache.cache[place] = len(source), None, source.splitlines(keepends=True), place
    exec(compile(source, place, "exec"), cell)
    return cell[name]
