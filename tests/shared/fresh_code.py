# ruff: noqa: E501
"""Learners' code that was written last, after the catalogue, and not used in building it.

`FRESH` has, for each check, pairs of what may be said and the code: ids of mistakes with a + between
two at once and a | between such as are right as well, "right", or "" where no mistake has a name for
it. The long ones are right programs of yet other styles, with a line or two changed.
"""

from learners_code import ORDERED, changed

Pieces = list[tuple[str, str]]

COMPOSITION: Pieces = [
    ("right", "u = x**2 + 1\nreturn 6 * x * np.sin(u) ** 2 * np.cos(u)"),
    ("right", "s, c = np.sin(x * x + 1), np.cos(x * x + 1)\nreturn 3 * s * s * c * (x + x)"),
    (
        "right",
        "import math\nu = math.pow(x, 2) + 1\nreturn 3 * math.sin(u)**2 * math.cos(u) * 2 * x",
    ),
    ("inner-slope-missing", "a = x**2 + 1\nb = np.sin(a)\ndb = np.cos(a)\nreturn 3 * b**2 * db"),
    ("inner-slope-slip", "u = x**2 + 1\nreturn 3 * np.sin(u)**2 * np.cos(u) * 2"),
    ("middle-slope-missing", "inner = x**2 + 1\nreturn 2 * x * 3 * np.sin(inner) ** 2"),
    ("outer-slope-missing", "return 2 * x * np.cos(1 + x**2)"),
    ("power-rule-slip", "v = np.sin(x**2 + 1)\nreturn 3 * v * np.cos(x**2 + 1) * 2 * x"),
    (
        "slopes-added",
        "u = x**2 + 1\nparts = [2*x, np.cos(u), 3*np.sin(u)**2]\nreturn np.sum(parts)",
    ),
    ("value-for-slope", "f = lambda t: np.sin(t**2 + 1)**3\nreturn f(x)"),
    ("sign-reversed|slope-of-sine", "u = x**2 + 1\nreturn -6 * x * np.sin(u)**2 * np.cos(u)"),
    ("chain-at-wrong-place", "return 3*np.sin(x**2+1)**2 * np.cos(2*x) * 2*x"),
    ("slope-of-sine", "u = x**2+1\nreturn 3*np.sin(u)**2 * (-np.sin(u)) * 2*x"),
    ("slope-of-sine", "return 3 * np.sin(x**2 + 1)**2 * np.tan(x**2 + 1) * 2 * x"),
    ("", "return 42 * x"),
    ("", "return sin(x**2 + 1)**3"),
    ("nothing-returned", "u = x**2 + 1\ny = 3*np.sin(u)**2*np.cos(u)*2*x"),
    ("printed-not-returned", "u = x**2 + 1\nprint(3*np.sin(u)**2*np.cos(u)*2*x)"),
    ("same-for-all-arguments", "return 1.234"),
]
CIRCUIT: Pieces = [
    ("right", "return b * (a + b) + a * b, a * (a + b) + a * b"),
    ("right", "g = [2*a*b + b**2, 2*a*b + a**2]\nreturn np.array(g)"),
    (
        "overwritten-not-accumulated",
        "p = a*b\ns = a+b\ngrad = {}\ngrad['a'] = s*b\ngrad['b'] = s*a\n"
        "grad['a'] = p\ngrad['b'] = p\nreturn grad['a'], grad['b']",
    ),
    ("overwritten-not-accumulated", "s = a + b\nreturn b * s, a * s"),
    (
        "own-factor|results-in-another-order",
        "da = 2*a*b + b**2\ndb = 2*a*b + a**2\nreturn (db, da)",
    ),
    ("paths-multiplied", "dp, ds = a + b, a * b\nreturn dp*b*ds, dp*a*ds"),
    ("local-slope-only", "return (b + 1, a + 1)"),
    ("results-in-another-container", "return {'a': 2*a*b + b*b, 'b': 2*a*b + a*a}"),
    ("", "return 2*a*b, 2*a*b"),
    ("value-for-slope", "return [a*b*(a+b)] * 2"),
    ("blame-missing-on-a-path", "return b + a*b, a + a*b"),
    ("", "return a**2 + b**2, a**2 - b**2"),
]

DENSE_SUM = """
out = []
for row in X:
    out.append([sum(x * w for x, w in zip(row, W[:, j])) + b[j] for j in range(W.shape[1])])
return np.array(out)
"""
DENSE_ADD = """
Z = np.tile(b, (len(X), 1))
for k in range(X.shape[1]):
    Z = Z + X[:, k:k+1] * W[k]
return Z
"""
DENSE: Pieces = [
    ("right", DENSE_SUM),
    ("right", DENSE_ADD),
    ("right", "return np.einsum('ij,jk->ik', X, W) + b[None, :]"),
    ("right", "ones = np.ones((len(X), 1))\nreturn np.hstack([X, ones]) @ np.vstack([W, b])"),
    ("bias-left-out", changed(DENSE_SUM, (" + b[j]", ""))),
    ("bias-left-out", changed(DENSE_ADD, ("np.tile(b, (len(X), 1))", "0"))),
    (
        "bias-added-many-times",
        changed(DENSE_ADD, ("* W[k]", "* W[k] + b"), ("np.tile(b, (len(X), 1))", "0")),
    ),
    (
        "bias-added-many-times",
        changed(DENSE_SUM, ("sum(x * w for", "sum(x * w + b[j] for"), (") + b[j]", ")")),
    ),
    ("forward-transposed", "return np.einsum('ij,kj->ik', X, W) + b"),
    ("loop-too-short", changed(DENSE_ADD, ("range(X.shape[1])", "range(1, X.shape[1])"))),
    ("loop-too-short", changed(DENSE_ADD, ("range(X.shape[1])", "range(X.shape[1] - 1)"))),
    ("rows-cut-off", changed(DENSE_SUM, ("for row in X:", "for row in X[1:]:"))),
    ("rows-cut-off", changed(DENSE_SUM, ("range(W.shape[1])", "range(W.shape[1] - 1)"))),
    ("activation-in-dense", "return np.tanh(X @ W + b)"),
    ("bias-subtracted", "return (X @ W) - b"),
    ("bias-added-to-weights", "return X @ (b + W)"),
    ("summed-to-one-number", "return np.sum(X @ W + b)"),
    ("examples-in-columns", "return np.transpose(np.dot(X, W) + b)"),
    ("elementwise-for-product", "return b + X * W"),
    ("product-swapped", "return np.matmul(W, X) + b"),
    ("overwritten-not-accumulated", changed(DENSE_ADD, ("Z = Z + X", "Z = b + X"))),
    ("results-in-another-container", "return [[X @ W + b]]"),
    ("bias-twice", "return X @ W + 2 * b"),
    ("", "return X @ W + b + 0.5"),
    ("another-quantity", "return W"),
    ("", "return X @ w + b"),
    ("inputs-changed", "X *= 2\nreturn (X / 2) @ W + b"),
    ("bias-left-out+forward-transposed|product-swapped", "return X @ W.T"),
]

FORWARD_REC = """
def go(A, rest):
    if not rest:
        return [A]
    (W, b), *others = rest
    return [A] + go(1 / (1 + np.exp(-(A @ W + b))), others)
return go(X, layers)
"""
FORWARD_DICT = """
acts = {0: X}
for k, (W, b) in enumerate(layers, start=1):
    z = acts[k - 1].dot(W)
    z = z + b
    acts[k] = phi(z)
return [acts[k] for k in range(len(layers) + 1)]
"""
FORWARD: Pieces = [
    ("right", FORWARD_REC),
    ("right", FORWARD_DICT),
    ("right", "out = (X,)\nfor W, b in layers:\n    out += (phi(out[-1] @ W + b),)\nreturn out"),
    ("exponent-sign", changed(FORWARD_REC, ("np.exp(-(A @ W + b))", "np.exp(A @ W + b)"))),
    ("bias-subtracted", changed(FORWARD_REC, ("np.exp(-(A @ W + b))", "np.exp(-A @ W + b)"))),
    ("every-layer-gets-X", changed(FORWARD_DICT, ("acts[k - 1].dot(W)", "X.dot(W)"))),
    ("bias-left-out", changed(FORWARD_DICT, ("    z = z + b\n", ""))),
    ("bias-subtracted", changed(FORWARD_DICT, ("z + b", "z - b"))),
    ("pre-activations-returned|activation-missing", changed(FORWARD_DICT, ("phi(z)", "z"))),
    (
        "input-left-out",
        changed(FORWARD_DICT, ("range(len(layers) + 1)", "range(1, len(layers) + 1)")),
    ),
    ("output-left-out", changed(FORWARD_DICT, ("range(len(layers) + 1)", "range(len(layers))"))),
    (
        "only-output-returned",
        changed(FORWARD_DICT, ("[acts[k] for k in range(len(layers) + 1)]", "acts[len(layers)]")),
    ),
    (
        "results-in-another-container",
        changed(FORWARD_DICT, ("[acts[k] for k in range(len(layers) + 1)]", "acts")),
    ),
    ("another-activation", changed(FORWARD_DICT, ("phi(z)", "np.maximum(z, 0)"))),
    ("activation-twice", changed(FORWARD_DICT, ("z = z + b", "z = phi(z + b)"))),
    ("forward-transposed", changed(FORWARD_DICT, (".dot(W)", ".dot(W.T)"))),
    (
        "results-in-another-order",
        changed(FORWARD_DICT, ("range(len(layers) + 1)]", "range(len(layers), -1, -1)]")),
    ),
    ("factor-wrong", changed(FORWARD_DICT, ("phi(z)", "phi(z) * 1.1"))),
    (
        "bias-left-out+another-activation|another-activation|bias-left-out",
        changed(FORWARD_DICT, ("phi(z)", "np.tanh(z)"), ("    z = z + b\n", "")),
    ),
]

SE = """
n_examples = Z.shape[0]
out = 1.0 / (1.0 + np.exp(-Z))
grad_out = (out - Y) / n_examples
local = out - out * out
return grad_out * local
"""
SE_ROWS = """
rows = []
for z, y in zip(Z, Y):
    a = phi(z)
    rows.append((a - y) * a * (1 - a))
return np.array(rows) / len(rows)
"""
SQUARED: Pieces = [
    ("right", SE),
    ("right", SE_ROWS),
    ("right", "A = phi(Z)\nreturn np.multiply((A - Y), np.multiply(A, 1 - A)) * (1 / len(Z))"),
    ("one-over-n-missing", changed(SE, (" / n_examples", ""))),
    ("one-over-n-missing", changed(SE_ROWS, (" / len(rows)", ""))),
    ("divided-by-outputs", changed(SE, ("Z.shape[0]", "Z.shape[1]"))),
    ("divided-by-outputs", changed(SE, ("Z.shape[0]", "Z.size"))),
    ("sign-reversed", changed(SE, ("(out - Y)", "(Y - out)"))),
    ("factor-two", changed(SE_ROWS, ("(a - y)", "2 * (a - y)"))),
    ("factor-half", changed(SE, ("grad_out * local", "grad_out * local / 2"))),
    ("slope-missing-output", changed(SE, ("grad_out * local", "grad_out"))),
    ("slope-incomplete", changed(SE_ROWS, (" * (1 - a)", ""))),
    ("slope-of-z", changed(SE, ("out - out * out", "Z * (1 - Z)"))),
    ("slope-at-activation", changed(SE_ROWS, ("a * (1 - a)", "phi(a) * (1 - phi(a))"))),
    ("slope-of-tanh", changed(SE, ("out - out * out", "1 - out**2"))),
    ("slope-with-plus", changed(SE, ("out - out * out", "out + out * out"))),
    ("local-slope-only", changed(SE, ("grad_out * local", "local"))),
    ("local-slope-only", changed(SE, ("grad_out * local", "local / n_examples"))),
    ("target-left-out", changed(SE, ("(out - Y)", "out"))),
    ("error-added", changed(SE, ("(out - Y)", "(out + Y)"))),
    ("loss-for-slope", changed(SE, ("(out - Y)", "(out - Y) ** 2"))),
    ("error-without-sign", changed(SE, ("(out - Y)", "abs(Y - out)"))),
    ("brackets-misplaced", "A = phi(Z)\nS = A * (1 - A)\nreturn A - Y * S"),
    ("brackets-misplaced", "A = phi(Z)\nreturn A - Y / len(Y) * A * (1 - A)"),
    ("exponent-sign", changed(SE, ("np.exp(-Z)", "np.exp(Z)"))),
    (
        "another-activation",
        changed(
            SE, ("1.0 / (1.0 + np.exp(-Z))", "np.maximum(Z, 0)"), ("out - out * out", "(Z > 0)")
        ),
    ),
    (
        "examples-added-up",
        changed(SE, ("return grad_out * local", "return np.sum(grad_out * local, axis=0)")),
    ),
    (
        "neurons-added-up",
        changed(SE, ("return grad_out * local", "return np.sum(grad_out * local, axis=1)")),
    ),
    (
        "summed-to-one-number",
        changed(SE, ("return grad_out * local", "return float(np.sum(grad_out * local))")),
    ),
    (
        "result-turned-round",
        changed(SE, ("return grad_out * local", "return (grad_out * local).T")),
    ),
    ("batch-broadcast", changed(SE, ("(out - Y)", "(out - Y.flatten())"))),
    ("product-for-elementwise", changed(SE, ("grad_out * local", "grad_out @ local.T"))),
    ("one-over-n-missing+sign-reversed", "a = phi(Z)\nreturn (Y - a) * a * (1 - a)"),
    ("one-over-n-missing+slope-missing-output", "return phi(Z) - Y"),
    ("sign-reversed+slope-missing-output", "return (Y - phi(Z)) / len(Y)"),
    ("slope-of-tanh+one-over-n-missing", "a = phi(Z)\nreturn (a - Y) * (1 - a * a)"),
    ("another-activation", "a = np.tanh(Z)\nreturn (a - Y) * (1 - a * a) / len(Z)"),
    ("another-quantity", "return Y"),
    ("another-quantity", "return phi(Z)"),
    ("", changed(SE, ("grad_out * local", "grad_out * local + 0.01"))),
    ("", changed(SE, ("grad_out * local", "grad_out * np.sqrt(local)"))),
    (
        "rows-cut-off",
        changed(SE_ROWS, ("np.array(rows) / len(rows)", "np.array(rows[:-1]) / len(rows)")),
    ),
    ("nothing-returned", changed(SE, ("return grad_out * local", "delta = grad_out * local"))),
]

CE = """
shifted = Z - np.max(Z, axis=1, keepdims=True)
powers = np.exp(shifted)
probs = powers / np.sum(powers, axis=1, keepdims=True)
return (probs - Y) / len(Z)
"""
CE_T = """
E = np.exp(Z)
P = (E.T / E.sum(axis=1)).T
G = P.copy()
G[Y.astype(bool)] -= 1
return G / Z.shape[0]
"""
CROSS: Pieces = [
    ("right", CE),
    ("right", CE_T),
    (
        "right",
        "P = np.array([np.exp(z) / np.exp(z).sum() for z in Z])\nreturn np.mean([P - Y], axis=0) / len(P)",
    ),
    ("one-over-n-missing", changed(CE, (" / len(Z)", ""))),
    ("one-over-n-missing", changed(CE_T, (" / Z.shape[0]", ""))),
    ("divided-by-outputs", changed(CE_T, ("Z.shape[0]", "Z.shape[1]"))),
    ("sign-reversed", changed(CE, ("(probs - Y)", "(Y - probs)"))),
    (
        "softmax-over-batch",
        changed(CE, ("np.sum(powers, axis=1, keepdims=True)", "np.sum(powers, axis=0)")),
    ),
    ("softmax-over-batch", changed(CE, ("np.sum(powers, axis=1, keepdims=True)", "powers.sum()"))),
    ("softmax-not-divided", changed(CE, (" / np.sum(powers, axis=1, keepdims=True)", ""))),
    ("softmax-sums-across", changed(CE, (", axis=1, keepdims=True)\nreturn", ", axis=1)\nreturn"))),
    ("softmax-by-mean", changed(CE, ("np.sum(powers", "np.mean(powers"))),
    (
        "extra-slope-with-cross-entropy",
        changed(CE, ("(probs - Y)", "(probs - Y) * probs * (1 - probs)")),
    ),
    ("stopped-at-probabilities", changed(CE, ("(probs - Y)", "(-Y / probs)"))),
    (
        "softmax-slope-elementwise",
        changed(CE, ("(probs - Y)", "(-Y / probs) * (probs * (1 - probs))")),
    ),
    (
        "loss-for-slope",
        changed(CE, ("return (probs - Y) / len(Z)", "return -np.sum(Y * np.log(probs)) / len(Z)")),
    ),
    ("softmax-elementwise", "return (1 / (1 + np.exp(-Z)) - Y) / Y.shape[0]"),
    ("activation-missing", "return (Z - Y) / len(Z)"),
    ("brackets-misplaced", changed(CE, ("(probs - Y) / len(Z)", "probs - Y / len(Z)"))),
    (
        "one-over-n-missing+sign-reversed",
        changed(CE, ("return (probs - Y) / len(Z)", "return Y - probs")),
    ),
    ("one-over-n-missing+softmax-not-divided", "return np.exp(Z) - Y"),
    ("one-over-n-missing+softmax-elementwise", "return phi(Z) - Y"),
    ("error-added", changed(CE, ("probs - Y", "probs + Y"))),
    ("target-left-out", changed(CE, ("(probs - Y)", "probs"))),
    ("softmax-without-powers", "P = Z / np.sum(Z, axis=1, keepdims=True)\nreturn (P - Y) / len(Y)"),
    ("factor-wrong", changed(CE, ("(probs - Y)", "(probs - Y) * 1.5"))),
    ("softmax-other-base", changed(CE, ("np.exp(shifted)", "2.0 ** shifted"))),
    (
        "softmax-twice",
        changed(
            CE,
            (
                "powers = np.exp(shifted)\n",
                "powers = np.exp(shifted)\npowers = np.exp(powers / powers.sum(1, keepdims=True))\n",
            ),
        ),
    ),
]

WG = """
pre = X.dot(W) + b
act = 1 / (1 + np.exp(-pre))
err = (act - Y) / X.shape[0]
d = err * act * (1 - act)
return np.dot(X.T, d), np.sum(d, axis=0)
"""
WEIGHTS: Pieces = [
    ("right", WG),
    (
        "right",
        "A = phi(X @ W + b)\nD = (A - Y) * (A - A**2)\nreturn [np.einsum('ni,nj->ij', X, D) / len(X), D.mean(0)]",
    ),
    ("bias-averaged", changed(WG, ("np.sum(d, axis=0)", "np.mean(d, axis=0)"))),
    ("one-over-n-missing", changed(WG, (" / X.shape[0]", ""))),
    (
        "one-over-n-twice",
        changed(
            WG,
            (
                "np.dot(X.T, d), np.sum(d, axis=0)",
                "np.dot(X.T, d) / len(X), np.sum(d, axis=0) / len(X)",
            ),
        ),
    ),
    ("weights-averaged", changed(WG, ("np.dot(X.T, d)", "np.dot(X.T, d) / len(X)"))),
    (
        "one-over-n-in-one-only",
        changed(WG, (" / X.shape[0]", ""), ("np.sum(d, axis=0)", "d.mean(axis=0)")),
    ),
    ("weights-gradient-transposed", changed(WG, ("np.dot(X.T, d)", "np.dot(d.T, X)"))),
    (
        "results-in-another-order",
        changed(WG, ("np.dot(X.T, d), np.sum(d, axis=0)", "np.sum(d, axis=0), np.dot(X.T, d)")),
    ),
    ("bias-not-summed", changed(WG, ("np.sum(d, axis=0)", "d"))),
    ("bias-summed-over-wrong-axis", changed(WG, ("np.sum(d, axis=0)", "np.sum(d, axis=1)"))),
    ("slope-missing-output", changed(WG, (" * act * (1 - act)", ""))),
    ("activation-of-wrong-layer", changed(WG, ("np.dot(X.T, d)", "np.dot(act.T, d)"))),
    ("bias-left-out", changed(WG, ("X.dot(W) + b", "X.dot(W)"))),
    ("another-quantity", changed(WG, ("np.dot(X.T, d), ", "W, "))),
    ("factor-wrong", changed(WG, ("X.shape[0]", "X.shape[1]"))),
]

BACK_LOOP = """
N, n_out = delta.shape
dA = np.zeros((N, W.shape[0]))
for n in range(N):
    for i in range(W.shape[0]):
        for j in range(n_out):
            dA[n, i] += delta[n, j] * W[i, j]
return dA
"""
HAND_BACK: Pieces = [
    ("right", BACK_LOOP),
    ("right", "return (W @ delta.T).T"),
    ("right", "return np.tensordot(delta, W, axes=(1, 1))"),
    ("overwritten-not-accumulated", changed(BACK_LOOP, ("+=", "="))),
    ("loop-too-short", changed(BACK_LOOP, ("range(n_out)", "range(n_out - 1)"))),
    ("loop-too-short", changed(BACK_LOOP, ("range(n_out)", "range(1, n_out)"))),
    ("loop-too-short", changed(BACK_LOOP, ("range(N)", "range(1, N)"))),
    ("loop-too-short", changed(BACK_LOOP, ("range(W.shape[0])", "range(W.shape[0] - 1)"))),
    ("weights-without-sign", changed(BACK_LOOP, ("W[i, j]", "abs(W[i, j])"))),
    ("paths-averaged", changed(BACK_LOOP, ("return dA", "return dA / n_out"))),
    ("one-over-n-twice", changed(BACK_LOOP, ("return dA", "return dA / N"))),
    ("hand-back-transposed", "return np.matmul(delta, W)"),
    ("examples-in-columns", "return np.dot(W, delta.T)"),
    ("elementwise-for-product", "return delta * W"),
    ("product-swapped", "return W.T @ delta"),
    ("examples-mixed", "return np.sum(delta @ W.T, axis=0)"),
    ("neurons-added-up", "return np.sum(delta @ W.T, axis=1)"),
    ("first-path-only|loop-too-short", "return delta[:, [0]] * W[:, 0]"),
    ("sign-reversed", "return -1 * np.dot(delta, W.T)"),
    ("summed-to-one-number", "return (delta @ W.T).sum()"),
    ("multiplied-by-n", "return delta @ W.T * len(delta)"),
    ("another-quantity", "return W"),
    ("another-quantity", "return delta"),
    ("weights-left-out", "return np.outer(delta.sum(axis=1), np.ones(len(W)))"),
    ("sign-reversed+one-over-n-twice", "return -(delta @ W.T) / len(delta)"),
    ("weights-without-sign+one-over-n-twice", "return delta @ abs(W).T / len(delta)"),
    ("", "return delta @ W.T + delta.mean()"),
    ("factor-wrong", "return 0.9 * delta @ W.T"),
    ("", "return delta @ (W**2).T"),
    ("", "return delta @ W.T.T.T.T.T @ np.ones(3)"),
    (
        "kept-between-calls",
        "hand_back.n = getattr(hand_back, 'n', 0) + 1\nreturn hand_back.n * delta @ W.T",
    ),
    ("", "return delta ^ W"),
]

HIDDEN: Pieces = [
    ("right", "s = 1 / (1 + np.exp(-Z))\nd = s * (1 - s)\nreturn np.multiply(dA, d)"),
    ("right", "e = np.exp(-Z)\nreturn dA * e / (1 + e) ** 2"),
    (
        "right",
        "out = np.empty_like(Z)\nfor i, z in np.ndenumerate(Z):\n    p = phi(z)\n    out[i] = dA[i] * p * (1 - p)\nreturn out",
    ),
    ("slope-of-z", "return dA * (Z * (1 - Z))"),
    ("slope-of-z", "return dA * phi(Z) * (1 - Z)"),
    ("slope-of-z", "A = phi(Z)\nreturn dA * Z * (1 - A)"),
    ("", "A = phi(Z)\nreturn dA * A * (1 - A**2)"),
    ("slope-at-activation", "A = phi(Z)\nS = phi(A)\nreturn dA * S * (1 - S)"),
    ("slope-incomplete", "s = 1 / (1 + np.exp(-Z))\nreturn dA * s"),
    ("slope-incomplete", "return dA - dA * phi(Z)"),
    ("slope-twice", "s = phi(Z)\nreturn dA * s * (1 - s) * s * (1 - s)"),
    ("local-slope-only", "s = phi(Z)\nreturn s * (1 - s)"),
    ("slope-of-tanh", "return dA * (1 - np.tanh(Z) ** 2)"),
    ("slope-of-relu", "return dA * np.heaviside(Z, 0)"),
    ("slope-with-plus", "s = phi(Z)\nreturn dA * s * (s + 1)"),
    ("sign-reversed", "s = phi(Z)\nreturn dA * (s**2 - s)"),
    ("brackets-misplaced", "s = phi(Z)\nreturn dA * s - s"),
    ("product-for-elementwise", "s = phi(Z)\nreturn np.matmul(dA, s * (1 - s))"),
    ("another-quantity", "return dA * Z"),
    ("another-quantity", "return dA + 0 * dA if False else Z"),
    ("examples-added-up", "s = phi(Z)\nreturn np.mean(dA * s * (1 - s), axis=0)"),
    ("result-turned-round", "s = phi(Z)\nreturn np.transpose(dA * s * (1 - s))"),
    (
        "loop-too-short",
        "out = np.zeros(Z.shape)\nfor i in range(len(Z) - 1):\n    s = phi(Z[i])\n    out[i] = dA[i] * s * (1 - s)\nreturn out",
    ),
    (
        "result-left-in-argument",
        "s = phi(Z)\nfor i in range(len(dA)):\n    dA[i] = dA[i] * s[i] * (1 - s[i])",
    ),
    ("inputs-changed", "Z -= 0\ns = phi(Z)\nZ += 1\nreturn dA * s * (1 - s)"),
    ("slope-at-activation+one-over-n-twice", "S = phi(phi(Z))\nreturn dA * S * (1 - S) / len(Z)"),
    ("sign-reversed+slope-of-tanh", "return -dA * (1 - phi(Z)**2)"),
    ("factor-wrong", "s = phi(Z)\nreturn dA * s * (1 - s) * 4"),
    ("divided-by-slope", "s = phi(Z)\nreturn dA / (s * (1 - s))"),
    ("", "s = phi(2 * Z)\nreturn dA * s * (1 - s)"),
    ("slope-missing-hidden", "return dA * 1.0"),
    ("exponent-sign|", "s = 1 / 1 + np.exp(-Z)\nreturn dA * s * (1 - s)"),
]
HIDDEN[-1] = ("brackets-misplaced", HIDDEN[-1][1])
RELU: Pieces = [
    ("right", "mask = Z > 0\nreturn mask * dA"),
    ("right", "out = dA.copy()\nout[Z <= 0] = 0.0\nreturn out"),
    (
        "right",
        "return np.array([[d if z > 0 else 0 for d, z in zip(r, s)] for r, s in zip(dA, Z)])",
    ),
    ("right", "return dA * np.sign(np.maximum(Z, 0))"),
    ("relu-mask-reversed", "out = dA.copy()\nout[Z > 0] = 0\nreturn out"),
    ("relu-mask-on-blame", "return dA * (dA >= 0)"),
    ("relu-mask-missing", "R = np.maximum(0, Z)\nreturn dA * (R >= 0)"),
    ("relu-value-for-slope", "return dA * np.maximum(0, Z)"),
    ("relu-slope-below-zero", "return np.where(Z > 0, dA, 0.01 * dA)"),
    ("relu-slope-below-zero", "return dA * np.sign(Z)"),
    ("relu-mask-threshold", "return np.where(Z >= 0.5, dA, 0)"),
    ("relu-mask-threshold", "return dA * (Z > 1e-2)"),
    ("local-slope-only", "return np.where(Z > 0, 1.0, 0.0)"),
    ("sigmoid-slope-for-relu", "s = phi(Z)\nreturn dA * s * (1 - s)"),
    ("product-for-elementwise", "return dA @ (Z > 0).astype(float)"),
    ("", "return np.maximum(dA * Z, 0)"),
    ("another-quantity", "return dA * Z"),
    ("sign-reversed", "return np.where(Z > 0, -dA, 0)"),
    ("one-over-n-twice", "return np.where(Z > 0, dA, 0) / len(dA)"),
    ("relu-mask-reversed+sign-reversed", "return -dA * (Z < 0)"),
    ("another-quantity", "return np.maximum(Z, 0) * 0 + Z"),
    ("", "if Z > 0:\n    return dA\nreturn 0"),
]

OWN = """
n, n_in = a_in.shape
dW = np.zeros((n_in, delta.shape[1]))
db = np.zeros(delta.shape[1])
for k in range(n):
    for i in range(n_in):
        dW[i] += a_in[k, i] * delta[k]
    db += delta[k]
return dW, db
"""
OWN_GRADIENTS: Pieces = [
    ("right", OWN),
    ("right", "return np.einsum('ni,nj->ij', a_in, delta), np.ones(len(delta)) @ delta"),
    ("bias-averaged", changed(OWN, ("return dW, db", "return dW, db / n"))),
    ("overwritten-not-accumulated", changed(OWN, ("db += delta[k]", "db = delta[k]"))),
    ("overwritten-not-accumulated", changed(OWN, ("dW[i] += a_in", "dW[i] = a_in"))),
    ("loop-too-short", changed(OWN, ("range(n):", "range(n - 1):"))),
    ("loop-too-short", changed(OWN, ("range(n):", "range(1, n):"))),
    ("bias-added-many-times|", changed(OWN, ("    db += delta[k]\n", "        db += delta[k]\n"))),
    ("weights-averaged", "dW = a_in.T @ delta / a_in.shape[0]\ndb = delta.sum(0)\nreturn dW, db"),
    ("weights-gradient-transposed", "return (delta.T @ a_in, np.sum(delta, axis=0))"),
    ("bias-keeps-axis", "return a_in.T @ delta, delta.sum(axis=0).reshape(1, -1)"),
    ("bias-keeps-axis", "return a_in.T @ delta, delta.sum(axis=0).reshape(-1, 1)"),
    ("bias-not-summed", "return a_in.T @ delta, delta + 0"),
    ("bias-first-row", "return a_in.T @ delta, delta[0] * 1.0"),
    ("bias-summed-over-units", "return a_in.T @ delta, float(delta.sum())"),
    ("bias-summed-over-wrong-axis", "return a_in.T @ delta, delta.sum(axis=-1)"),
    ("results-in-another-order", "return delta.sum(0), a_in.T @ delta"),
    ("results-in-another-container", "return {'dW': a_in.T @ delta, 'db': delta.sum(0)}"),
    ("bias-averaged+sign-reversed", "return -(a_in.T @ delta), np.mean(delta, axis=0)"),
    ("weights-gradient-transposed+bias-averaged", "return delta.T @ a_in, delta.mean(0)"),
    ("weights-averaged+bias-first-row", "return a_in.T @ delta / len(delta), delta[0]"),
    ("weights-gradient-transposed+bias-not-summed", "return delta.T @ a_in, delta"),
    ("one-over-n-twice", "return a_in.T @ delta / len(a_in), delta.mean(axis=0)"),
    ("bias-from-weights", "dW = a_in.T @ delta\ndb = np.sum(dW, axis=0)\nreturn dW, db"),
    ("another-quantity", "return a_in, delta.sum(axis=0)"),
    ("factor-wrong", "return a_in.T @ delta * 0.5, delta.sum(axis=0)"),
    ("", "return a_in.T @ delta, np.median(delta, axis=0)"),
    ("", "return a_in.T @ delta"),
    ("first-example-only", "return np.outer(a_in[0], delta[0]), np.sum(delta, 0)"),
]

PASS = """
cache = []
A = X
for W, b in layers:
    Z = A @ W + b
    cache.append((A, Z))
    A = phi(Z)
grad = (A - Y) / len(Y)
result = []
for (W, b), (before, Z) in list(zip(layers, cache))[::-1]:
    s = phi(Z)
    grad = grad * s * (1 - s)
    result = [(before.T @ grad, grad.sum(axis=0))] + result
    grad = grad @ W.T
return result
"""
GRADIENTS: Pieces = [
    ("right", PASS),
    ("bias-averaged", changed(PASS, ("grad.sum(axis=0)", "grad.mean(axis=0)"))),
    ("one-over-n-missing", changed(PASS, (" / len(Y)", ""))),
    ("sign-reversed", changed(PASS, ("(A - Y)", "(Y - A)"))),
    ("factor-two", changed(PASS, ("(A - Y) /", "2 * (A - Y) /"))),
    ("divided-by-outputs", changed(PASS, ("len(Y)", "Y.size"))),
    ("hand-back-transposed", changed(PASS, ("grad @ W.T", "grad @ W"))),
    (
        "last-layer-first",
        changed(
            PASS,
            (
                "[(before.T @ grad, grad.sum(axis=0))] + result",
                "result + [(before.T @ grad, grad.sum(axis=0))]",
            ),
        ),
    ),
    (
        "results-in-another-order",
        changed(
            PASS, ("(before.T @ grad, grad.sum(axis=0))", "(grad.sum(axis=0), before.T @ grad)")
        ),
    ),
    ("slope-at-activation", changed(PASS, ("s = phi(Z)", "s = phi(phi(Z))"))),
    ("slope-of-z", changed(PASS, ("s = phi(Z)", "s = Z"))),
    ("slope-of-tanh", changed(PASS, ("s * (1 - s)", "(1 - s * s)"))),
    ("slope-incomplete", changed(PASS, ("* s * (1 - s)", "* s"))),
    (
        "slope-missing-output",
        changed(
            PASS,
            (
                "    grad = grad * s * (1 - s)\n",
                "    grad = grad * s * (1 - s) if result else grad\n",
            ),
        ),
    ),
    (
        "slope-missing-hidden",
        changed(
            PASS,
            (
                "    grad = grad * s * (1 - s)\n",
                "    if not result:\n        grad = grad * s * (1 - s)\n",
            ),
        ),
    ),
    ("weights-gradient-transposed", changed(PASS, ("before.T @ grad", "grad.T @ before"))),
    ("weights-averaged", changed(PASS, ("before.T @ grad,", "before.T @ grad / len(X),"))),
    ("bias-first-row", changed(PASS, ("grad.sum(axis=0)", "grad[0]"))),
    ("bias-not-summed", changed(PASS, ("grad.sum(axis=0)", "grad"))),
    ("bias-summed-over-units", changed(PASS, ("grad.sum(axis=0)", "grad.sum()"))),
    ("activation-of-wrong-layer", changed(PASS, ("before.T @ grad", "s.T @ grad"))),
    ("weights-without-sign", changed(PASS, ("grad @ W.T", "grad @ np.abs(W.T)"))),
    ("bias-left-out", changed(PASS, ("A @ W + b", "A @ W"))),
    ("exponent-sign", changed(PASS, ("A = phi(Z)", "A = phi(-Z)"), ("s = phi(Z)", "s = phi(-Z)"))),
    ("another-quantity", changed(PASS, ("before.T @ grad,", "W,"))),
    ("layer-left-out", changed(PASS, ("return result", "return result[1:]"))),
    ("loss-for-slope", changed(PASS, ("(A - Y) /", "(A - Y) ** 2 /"))),
    ("target-left-out", changed(PASS, ("(A - Y) /", "A /"))),
    ("first-path-only", changed(PASS, ("grad @ W.T", "grad[:, :1] @ W[:, :1].T"))),
    (
        "one-over-n-missing+bias-averaged|one-over-n-in-one-only|one-over-n-missing|bias-averaged",
        changed(PASS, (" / len(Y)", ""), (".sum(axis=0)", ".mean(axis=0)")),
    ),
    (
        "sign-reversed+hand-back-transposed|sign-reversed",
        changed(PASS, ("(A - Y)", "(Y - A)"), ("grad @ W.T", "grad @ W")),
    ),
    (
        "bias-averaged+slope-missing-hidden|bias-averaged",
        changed(
            PASS,
            (".sum(axis=0)", ".mean(axis=0)"),
            (
                "    grad = grad * s * (1 - s)\n",
                "    if not result:\n        grad = grad * s * (1 - s)\n",
            ),
        ),
    ),
    ("sum-not-from-zero", changed(PASS, ("grad @ W.T", "grad @ W.T + 1"))),
    ("", changed(PASS, ("s = phi(Z)", "s = phi(Z) * 0.99"))),
    (
        "results-in-another-container",
        changed(PASS, ("return result", "return result + [result[0]]")),
    ),
    (
        "inputs-changed",
        changed(PASS, ("grad = (A - Y) / len(Y)", "Y -= A\nY *= -1 / len(X)\ngrad = Y")),
    ),
    (
        "weights-gradient-transposed+bias-averaged|weights-gradient-transposed",
        changed(PASS, ("before.T @ grad", "grad.T @ before"), (".sum(axis=0)", ".mean(axis=0)")),
    ),
]
INPUT = changed(
    PASS,
    ("    result = [(before.T @ grad, grad.sum(axis=0))] + result\n", ""),
    ("result = []\n", ""),
    ("return result", "return grad"),
)
INPUT_GRADIENT: Pieces = [
    ("right", INPUT),
    ("one-over-n-missing", changed(INPUT, (" / len(Y)", ""))),
    (
        "stopped-at-delta",
        changed(
            INPUT,
            ("    grad = grad @ W.T\n", "    delta = grad\n    grad = grad @ W.T\n"),
            ("return grad", "return delta"),
        ),
    ),
    (
        "stopped-one-layer-early",
        changed(INPUT, ("list(zip(layers, cache))[::-1]", "list(zip(layers, cache))[:0:-1]")),
    ),
    (
        "weights-gradient-for-input",
        changed(
            INPUT,
            ("    grad = grad @ W.T\n", "    dW = before.T @ grad\n    grad = grad @ W.T\n"),
            ("return grad", "return dW"),
        ),
    ),
    ("examples-mixed", changed(INPUT, ("return grad", "return grad.mean(0)"))),
    ("hand-back-transposed", changed(INPUT, ("grad @ W.T", "grad @ W"))),
    ("slope-at-the-input", changed(INPUT, ("return grad", "return grad * phi(X) * (1 - phi(X))"))),
    ("sign-reversed", changed(INPUT, ("return grad", "return -grad"))),
    ("another-quantity", changed(INPUT, ("return grad", "return X"))),
]
STEP = changed(
    PASS,
    (
        "return result",
        "eta = learning_rate\nreturn [(W - eta * dW, b - eta * db) for (W, b), (dW, db) in zip(layers, result)]",
    ),
)
TRAINING_STEP: Pieces = [
    ("right", STEP),
    ("uphill", changed(STEP, ("W - eta", "W + eta"), ("b - eta", "b + eta"))),
    ("bias-never-updated", changed(STEP, ("b - eta * db", "b"))),
    ("weights-never-updated", changed(STEP, ("W - eta * dW", "W"))),
    ("learning-rate-missing", changed(STEP, ("eta * dW", "dW"), ("eta * db", "db"))),
    (
        "learning-rate-twice",
        changed(STEP, ("eta = learning_rate", "eta = learning_rate * learning_rate")),
    ),
    ("change-returned", changed(STEP, ("(W - eta * dW, b - eta * db)", "(eta * dW, eta * db)"))),
    ("nothing-moved", changed(STEP, ("(W - eta * dW, b - eta * db)", "(W, b)"))),
    (
        "updated-before-propagating",
        changed(
            STEP,
            ("    grad = grad @ W.T\n", "    grad = grad @ (W - learning_rate * result[0][0]).T\n"),
        ),
    ),
    ("one-over-n-missing", changed(STEP, (" / len(Y)", ""))),
    ("bias-averaged", changed(STEP, ("grad.sum(axis=0)", "grad.mean(axis=0)"))),
    ("brackets-misplaced", changed(STEP, ("W - eta * dW", "(W - eta) * dW"))),
    (
        "inputs-changed",
        changed(
            STEP,
            (
                "return [(W - eta * dW, b - eta * db) for (W, b), (dW, db) in zip(layers, result)]",
                "for (W, b), (dW, db) in zip(layers, result):\n    W -= eta * dW\n    b -= eta * db\nreturn layers",
            ),
        ),
    ),
    (
        "result-left-in-argument",
        changed(
            STEP,
            (
                "return [(W - eta * dW, b - eta * db) for (W, b), (dW, db) in zip(layers, result)]",
                "for (W, b), (dW, db) in zip(layers, result):\n    W -= eta * dW\n    b -= eta * db",
            ),
        ),
    ),
    (
        "one-layer-updated",
        changed(STEP, ("zip(layers, result)]", "zip(layers, result)][:1] + layers[1:]")),
    ),
    ("factor-wrong", changed(STEP, ("eta = learning_rate", "eta = learning_rate / 3"))),
]
TRAIN = (
    "def one(X, Y, layers):"
    + changed(STEP, ("\n", "\n    ")).rstrip()
    + "\nfor k in range(steps):\n    layers = one(X, Y, layers)\nreturn layers\n"
)
TRAINING: Pieces = [
    ("right", TRAIN),
    ("steps-miscounted", changed(TRAIN, ("for k in range(steps)", "for k in range(steps - 1)"))),
    (
        "nothing-moved",
        changed(TRAIN, ("    layers = one(X, Y, layers)\n", "    new = one(X, Y, layers)\n")),
    ),
    ("uphill", changed(TRAIN, ("W - eta", "W + eta"), ("b - eta", "b + eta"))),
    (
        "one-step-per-example",
        changed(
            TRAIN,
            (
                "    layers = one(X, Y, layers)\n",
                "    for i in range(len(X)):\n        layers = one(X[i:i+1], Y[i:i+1], layers)\n",
            ),
        ),
    ),
    (
        "rate-changes",
        changed(
            TRAIN,
            (
                "    layers = one(X, Y, layers)\n",
                "    layers = one(X, Y, layers)\n    learning_rate = learning_rate * 0.9\n",
            ),
        ),
    ),
    ("bias-never-updated", changed(TRAIN, ("b - eta * db", "b"))),
    ("one-over-n-missing", changed(TRAIN, (" / len(Y)", ""))),
    (
        "",
        changed(
            TRAIN,
            (
                "    layers = one(X, Y, layers)\n",
                "    layers = one(X, Y, layers) if k % 2 else layers\n",
            ),
        ),
    ),
]

NUM = """
w = w.astype(float)
flat = w.reshape(-1)
out = np.zeros(flat.size)
for i in range(flat.size):
    keep = flat[i]
    flat[i] = keep + h
    plus = loss(w)
    flat[i] = keep - h
    minus = loss(w)
    flat[i] = keep
    out[i] = (plus - minus) / (2 * h)
return out.reshape(w.shape)
"""
NUMERICAL: Pieces = [
    ("right", NUM),
    (
        "right",
        "def d(k):\n    e = np.zeros(w.size)\n    e[k] = h\n    e = e.reshape(w.shape)\n    return (loss(w + e) - loss(w - e)) / (2 * h)\nreturn np.array([d(k) for k in range(w.size)]).reshape(w.shape)",
    ),
    ("one-sided-difference", changed(NUM, ("(plus - minus) / (2 * h)", "(plus - loss(w)) / h"))),
    ("one-sided-difference", changed(NUM, ("(plus - minus) / (2 * h)", "(loss(w) - minus) / h"))),
    ("over-wrong-distance", changed(NUM, ("/ (2 * h)", "/ h"))),
    ("over-wrong-distance", changed(NUM, ("(plus - minus) / (2 * h)", "plus - minus"))),
    ("brackets-misplaced", changed(NUM, ("/ (2 * h)", "/ 2 * h"))),
    ("brackets-misplaced", changed(NUM, ("(plus - minus) / (2 * h)", "plus - minus / (2 * h)"))),
    ("entry-not-put-back", changed(NUM, ("    flat[i] = keep\n", ""))),
    ("entries-left-out", changed(NUM, ("\nreturn out", "\n    return out"))),
    ("slopes-not-stored", changed(NUM, ("    out[i] = (plus", "    slope = (plus"))),
    ("same-place-twice", changed(NUM, ("keep - h", "keep + h"))),
    ("sign-reversed", changed(NUM, ("(plus - minus)", "(minus - plus)"))),
    ("step-ignored", changed(NUM, ("flat = w", "h = 1e-4\nflat = w"))),
    ("nudged-together", "return np.full(w.shape, (loss(w + h) - loss(w - h)) / (2 * h))"),
    ("whole-numbers-kept", changed(NUM, ("w.astype(float)", "w.copy()"))),
    (
        "second-difference",
        changed(NUM, ("(plus - minus) / (2 * h)", "(plus + minus - 2 * loss(w)) / h**2")),
    ),
    ("factor-wrong", changed(NUM, ("(plus - minus) / (2 * h)", "(plus - minus) / (3 * h)"))),
    ("", "return np.zeros(w.shape)"),
    (
        "two-differences-combined",
        changed(
            NUM,
            (
                "out[i] = (plus - minus) / (2 * h)",
                "c = (plus - minus) / (2 * h)\n    flat[i] = keep + h / 2\n    p = loss(w)\n    flat[i] = keep - h / 2\n    m = loss(w)\n    flat[i] = keep\n    out[i] = (4 * (p - m) / h - c) / 3",
            ),
        ),
    ),
    ("inputs-changed", "w0 = w\n" + NUM.replace("return out", "w0[...] = 0\nreturn out")),
    ("", changed(NUM, ("plus = loss(w)", "plus = loss(flat[i])"))),
]
REL = """
diff = abs(analytic - measured)
top = np.maximum(abs(analytic), abs(measured))
top = np.where(top < floor, floor, top)
return np.max(diff / top)
"""
RELATIVE: Pieces = [
    ("right", REL),
    (
        "right",
        "return max(abs(a - m) / max(abs(a), abs(m), floor) for a, m in zip(analytic.flat, measured.flat))",
    ),
    ("absolute-error", "return np.max(np.abs(analytic - measured))"),
    ("not-the-worst", changed(REL, ("np.max(diff", "np.mean(diff"))),
    ("not-the-worst", changed(REL, ("np.max(diff / top)", "np.linalg.norm(diff / top)"))),
    ("floor-missing", changed(REL, ("top = np.where(top < floor, floor, top)\n", ""))),
    (
        "one-side-as-scale",
        changed(REL, ("np.maximum(abs(analytic), abs(measured))", "abs(measured)")),
    ),
    (
        "signs-cancel",
        changed(REL, ("diff = abs(analytic - measured)", "diff = analytic - measured")),
    ),
    (
        "sizes-added",
        changed(REL, ("np.maximum(abs(analytic), abs(measured))", "abs(analytic) + abs(measured)")),
    ),
    ("floor-added", changed(REL, ("np.where(top < floor, floor, top)", "top + floor"))),
    (
        "scale-of-the-whole",
        "return np.linalg.norm(analytic - measured) / max(np.linalg.norm(analytic), np.linalg.norm(measured), floor)",
    ),
    ("floor-as-scale", "return np.max(abs(analytic - measured)) / floor"),
    ("smaller-as-scale", changed(REL, ("np.maximum(abs", "np.minimum(abs"))),
    (
        "sizes-signed",
        changed(
            REL, ("np.maximum(abs(analytic), abs(measured))", "np.maximum(analytic, measured)")
        ),
    ),
    ("", changed(REL, ("diff / top", "(diff / top) ** 0.5"))),
    ("one-for-each", REL.replace("np.max(diff / top)", "diff / top")),
]
SYM = """
u, t = used.flatten(), true.flatten()
nu, nt = np.linalg.norm(u), np.linalg.norm(t)
return np.dot(u, t) / (nu * nt), nu / nt
"""
SYMPTOMS: Pieces = [
    ("right", SYM),
    ("ratio-upside-down", changed(SYM, ("nu / nt\n", "nt / nu\n"))),
    (
        "symptoms-in-other-order|results-in-another-order",
        changed(SYM, ("np.dot(u, t) / (nu * nt), nu / nt", "nu / nt, np.dot(u, t) / (nu * nt)")),
    ),
    ("cosine-of-lengths", changed(SYM, (" / (nu * nt)", ""))),
    ("brackets-misplaced", changed(SYM, ("(nu * nt)", "nu * nt"))),
    ("length-without-root", changed(SYM, ("np.linalg.norm(u), np.linalg.norm(t)", "u @ u, t @ t"))),
    ("dot-with-itself", changed(SYM, ("np.dot(u, t)", "np.dot(u, u)"))),
    ("cosine-without-sign", changed(SYM, ("np.dot(u, t)", "abs(np.dot(u, t))"))),
    ("mean-of-ratios", changed(SYM, ("nu / nt\n", "np.mean(u / t)\n"))),
    ("another-length", changed(SYM, ("nu / nt\n", "u.sum() / t.sum()\n"))),
    (
        "another-length",
        changed(SYM, ("np.linalg.norm(u), np.linalg.norm(t)", "np.abs(u).sum(), np.abs(t).sum()")),
    ),
    (
        "ratio-upside-down+cosine-without-sign",
        changed(SYM, ("np.dot(u, t)", "abs(np.dot(u, t))"), ("nu / nt\n", "nt / nu\n")),
    ),
    ("lengths-subtracted", changed(SYM, ("nu / nt\n", "nu - nt\n"))),
    (
        "angle-for-cosine",
        changed(SYM, ("np.dot(u, t) / (nu * nt)", "np.arccos(np.dot(u, t) / (nu * nt))")),
    ),
]
FIRST: Pieces = [
    (
        "right",
        "for n, t in true.items():\n    if np.abs(used[n] - t).max() > 1e-6 * np.abs(t).max():\n        return n",
    ),
    (
        "right",
        "bad = [n for n in true if np.linalg.norm(used[n] - true[n]) > 1e-6 * np.linalg.norm(true[n])]\nreturn next(iter(bad), None)",
    ),
    (
        "all-wrong-ones",
        "return [n for n in true if np.linalg.norm(used[n] - true[n]) > 1e-6 * np.linalg.norm(true[n])]",
    ),
    ("compared-exactly", "for n in true:\n    if np.any(used[n] != true[n]):\n        return n"),
    (
        "tolerance-absolute",
        "for n in true:\n    if not np.allclose(used[n], true[n]):\n        return n",
    ),
    (
        "last-wrong-one",
        "answer = None\nfor n in true:\n    if np.linalg.norm(used[n] - true[n]) > 1e-6 * np.linalg.norm(true[n]):\n        answer = n\nreturn answer",
    ),
    (
        "",
        "return max(true, key=lambda n: np.linalg.norm(used[n] - true[n]) if np.linalg.norm(used[n] - true[n]) > 1e-6 * np.linalg.norm(true[n]) else -1)",
    ),
    (
        "looked-at-in-another-order",
        "for n in sorted(true):\n    if np.linalg.norm(used[n] - true[n]) > 1e-6 * np.linalg.norm(true[n]):\n        return n",
    ),
    ("", "return 'dW1'"),
    ("", "return list(true)"),
    (
        "length-only",
        "for n in true:\n    a, b = np.linalg.norm(used[n]), np.linalg.norm(true[n])\n    if abs(a - b) > 1e-6 * b:\n        return n",
    ),
]
DROP = """
h = np.maximum(X @ W1 + b1, 0)
hd = factor * h
p = phi(hd @ W2 + b2)
g2 = (p - Y) * p * (1 - p) / len(X)
g1 = g2 @ W2.T
g1 = g1 * factor
g1 = g1 * (h > 0)
return hd.T @ g2, g2.sum(0), X.T @ g1, g1.sum(0)
"""
DROPOUT: Pieces = [
    ("right", DROP),
    ("dropout-forward-only", changed(DROP, ("g1 = g1 * factor\n", ""))),
    ("relu-mask-missing", changed(DROP, ("(h > 0)", "(h >= 0)"))),
    ("dropout-not-made-stronger", changed(DROP, ("g1 * factor", "g1 * (factor != 0)"))),
    ("dropout-taken-out", changed(DROP, ("factor * h", "h"))),
    ("dropout-twice", changed(DROP, ("g1 * factor", "g1 * factor * factor"))),
    ("", changed(DROP, ("g1 * factor", "g1 @ factor"))),
    ("", changed(DROP, ("(h > 0)", "(W1 > 0)"))),
    ("", changed(DROP, ("hd @ W2 + b2", "hd @ W2 + W2"))),
    ("relu-mask-reversed", changed(DROP, ("(h > 0)", "(h == 0)"))),
    (
        "results-in-another-order",
        changed(
            DROP,
            (
                "hd.T @ g2, g2.sum(0), X.T @ g1, g1.sum(0)",
                "X.T @ g1, g1.sum(0), hd.T @ g2, g2.sum(0)",
            ),
        ),
    ),
    ("bias-averaged", changed(DROP, ("g2.sum(0)", "g2.mean(0)"), ("g1.sum(0)", "g1.mean(0)"))),
]
ADAM = """
b1, b2, eps = 0.9, 0.999, 1e-8
m2 = b1 * m + (1 - b1) * dW
s2 = b2 * s + (1 - b2) * dW * dW
mh, sh = m2 / (1 - b1**t), s2 / (1 - b2**t)
return W - eta * mh / (sh**0.5 + eps), m2, s2
"""
ADAM_UPDATE: Pieces = [
    ("right", ADAM),
    ("betas-exchanged", changed(ADAM, ("0.9, 0.999,", "0.999, 0.9,"))),
    ("bias-correction-missing", changed(ADAM, ("m2 / (1 - b1**t), s2 / (1 - b2**t)", "m2, s2"))),
    ("epsilon-inside-root", changed(ADAM, ("(sh**0.5 + eps)", "(sh + eps) ** 0.5"))),
    (
        "step-counter-off",
        changed("t = t - 1" + ADAM.replace("t = t - 1", ""), ("t = t - 1", "t += 1")),
    ),
    ("root-missing", changed(ADAM, ("sh**0.5", "sh"))),
    ("uphill", changed(ADAM, ("W - eta", "W + eta"))),
    (
        "mean-weights-exchanged",
        changed(
            ADAM,
            ("b1 * m + (1 - b1) * dW", "(1 - b1) * m + b1 * dW"),
            ("b2 * s + (1 - b2) * dW", "(1 - b2) * s + b2 * dW"),
        ),
    ),
    ("squares-missing", changed(ADAM, ("dW * dW", "dW"))),
    ("correction-kept", changed(ADAM, (", m2, s2\n", ", mh, sh\n"))),
    ("", changed(ADAM, ("W - eta", "W - 2 * eta"))),
    ("results-in-another-order", changed(ADAM, (", m2, s2\n", ", s2, m2\n"))),
]
EPOCH = """
perm = rng.permutation(len(x))
for part in [perm[i:i + batch_size] for i in range(0, len(perm), batch_size)]:
    network.loss_value(x[part], y[part])
    network.backward()
    optimizer.step()
"""
ONE_EPOCH: Pieces = [
    ("right", EPOCH),
    (
        "last-slice-left-out",
        changed(
            EPOCH,
            ("range(0, len(perm), batch_size)", "range(0, len(perm) - batch_size + 1, batch_size)"),
        ),
    ),
    ("generator-not-used", changed(EPOCH, ("rng.permutation(len(x))", "list(range(len(x)))"))),
    ("step-not-taken", changed(EPOCH, ("    optimizer.step()\n", ""))),
    ("", changed(EPOCH, ("    network.backward()\n", ""))),
    (
        "all-rows-in-one-step",
        "i = rng.permutation(len(x))\nnetwork.loss_value(x[i], y[i])\nnetwork.backward()\noptimizer.step()",
    ),
    (
        "step-taken-twice",
        changed(EPOCH, ("    optimizer.step()\n", "    optimizer.step()\n    optimizer.step()\n")),
    ),
]
PUBLISHED = """
a1 = phi(X @ W1 + b1)
a2 = phi(a1 @ W2 + b2)
d2 = (a2 - Y) * a2 * (1 - a2)
W2 = W2 - eta * a1.T @ d2
d1 = d2 @ W2.T * a1 * (1 - a1)
W1 = W1 - eta * X.T @ d1
out = phi(phi(X @ W1 + b1) @ W2 + b2)
return 0.5 * np.sum((out - Y) ** 2)
"""
WORKED: Pieces = [
    ("right", PUBLISHED),
    ("same-for-all-arguments", "return 0.291027924"),
    (
        "published-step-repaired",
        changed(
            PUBLISHED,
            ("W2 = W2 - eta * a1.T @ d2\n", ""),
            ("out = ", "W2 = W2 - eta * a1.T @ d2\nout = "),
        ),
    ),
    (
        "loss-before-the-step",
        changed(PUBLISHED, ("phi(phi(X @ W1 + b1) @ W2 + b2)\nreturn", "a2\nreturn")),
    ),
    (
        "published-biases-moved",
        changed(
            PUBLISHED,
            ("d1 = d2", "b2 = b2 - eta * d2\nd1 = d2"),
            ("out = ", "b1 = b1 - eta * d1\nout = "),
        ),
    ),
    ("loss-without-half", changed(PUBLISHED, ("0.5 * np.sum", "np.sum"))),
]
PARTS: Pieces = [
    ("right", "total = sum(sizes)\nreturn sum(n / total * g for n, g in zip(sizes, gradients))"),
    ("parts-not-weighed", "return sum(gradients) / len(sizes)"),
    ("parts-not-divided", "return sum(n * g for n, g in zip(sizes, gradients))"),
    ("parts-divided-by-size", "return sum(g / n for n, g in zip(sizes, gradients))"),
    ("parts-not-weighed", "return np.array(gradients).mean(axis=0)"),
    ("overwritten-not-accumulated", "return gradients[0]"),
    ("", "return np.median(gradients, axis=0)"),
]
ACCUMULATIONS: Pieces = [
    (
        "right",
        "g, k = np.zeros_like(gradient(X[:1], Y[:1])), 0\nwhile k < len(X):\n"
        "    x, y = X[k : k + size], Y[k : k + size]\n    g += gradient(x, y) * len(x)\n"
        "    k += size\nreturn g / len(X)",
    ),
    ("", "return gradient(X, Y)"),
    (
        "parts-not-weighed",
        "g = [gradient(X[k : k + size], Y[k : k + size]) for k in range(0, len(X), size)]\n"
        "return np.mean(g, axis=0)",
    ),
    (
        "parts-not-divided",
        "g = 0\nfor k in range(0, len(X), size):\n    x = X[k : k + size]\n"
        "    g = g + len(x) * gradient(x, Y[k : k + size])\nreturn g",
    ),
    (
        "overwritten-not-accumulated",
        "for k in range(0, len(X), size):\n    g = gradient(X[k : k + size], Y[k : k + size])\n"
        "return g",
    ),
    ("overwritten-not-accumulated", "return gradient(X[:size], Y[:size])"),
]
BYTES: Pieces = [
    (
        "right",
        "p = 0\nfor a, b in zip(sizes[:-1], sizes[1:]):\n    p += a * b + b\nb = p * bytes_each\n"
        "return 2 * b * machines, 2 * b * (machines - 1) / machines",
    ),
    (
        "biases-not-sent",
        "p = sum(np.multiply(sizes[:-1], sizes[1:])) * bytes_each\n"
        "return p * 2 * machines, p * 2 * (1 - 1 / machines)",
    ),
    (
        "ring-with-a-piece-too-many",
        "p = sum(b * (a + 1) for a, b in zip(sizes, sizes[1:])) * bytes_each\n"
        "return 2 * p * machines, 2 * p",
    ),
    (
        "numbers-for-bytes",
        "p = sum(b * (a + 1) for a, b in zip(sizes, sizes[1:]))\n"
        "return 2 * p * machines, 2 * p * (machines - 1) / machines",
    ),
]

SCALES: Pieces = [
    ("right", "return (1 / (slopes.ravel() @ slopes.ravel() / slopes.size)) ** 0.5"),
    ("scale-of-mean-slope", "return 1 / abs(slopes).mean()"),
    ("scale-without-root", "return 1 / np.square(slopes).mean()"),
    ("", "return 1.0"),
    ("scale-of-middle-slope", "return 1 / np.median(slopes)"),
]
SKIPS: Pieces = [
    ("right", "s = 1 / (1 + np.exp(-Z))\nreturn np.dot(dY * s * (1 - s), W.T) + dY"),
    (
        "skip-path-missing",
        "s = 1 / (1 + np.exp(-Z))\nreturn np.dot(dY * (s - s * s), np.transpose(W))",
    ),
    ("skip-path-with-slope", "d = phi(Z) * phi(-Z) * dY\nreturn d @ (W.T + np.eye(len(W)))"),
]
NORMS: Pieces = [
    (
        "right",
        "N, s = len(X), np.sqrt(X.var(0) + 1e-5)\nn = (X - X.mean(0)) / s\nb = dY * gamma\n"
        "return (dY * n).sum(0), dY.sum(0), (b - b.sum(0) / N - n * (b * n).sum(0) / N) / s",
    ),
    (
        "norm-statistics-held",
        "s = np.sqrt(X.var(0) + 1e-5)\nn = (X - X.mean(0)) / s\n"
        "return (dY * n).sum(0), dY.sum(0), dY * gamma / s",
    ),
    (
        "norm-gamma-missing",
        "s = np.sqrt(X.var(0) + 1e-5)\nn = (X - X.mean(0)) / s\n"
        "return (dY * n).sum(0), dY.sum(0), (dY - dY.mean(0) - n * (dY * n).mean(0)) / s",
    ),
]

BACKWARD: Pieces = [
    (
        "right",
        """
        count, stack = {}, [output]
        while stack:
            node = stack.pop()
            node.grad = 0.0
            for one, _ in node.inputs:
                if one not in count:
                    stack.append(one)
                count[one] = count.get(one, 0) + 1
        output.grad = 1.0
        ready = [output]
        while ready:
            node = ready.pop(0)
            for one, slope in node.inputs:
                one.grad = one.grad + slope * node.grad
                count[one] -= 1
                if not count[one]:
                    ready.append(one)
        """,
    ),
    (
        "right",
        """
        depth = {}
        def deepen(node, d):
            node.grad = 0.0
            if d > depth.get(node, -1):
                depth[node] = d
            for one, _ in node.inputs:
                deepen(one, d + 1)
        deepen(output, 0)
        output.grad = 1
        for node in sorted(depth, key=depth.get):
            for one, slope in node.inputs:
                one.grad += node.grad * slope
        return output
        """,
    ),
    (
        "visited-too-early",
        """
        depth, level = {}, [output]
        while level:
            following = []
            for node in level:
                if node not in depth:
                    depth[node] = len(depth)
                    node.grad = 0.0
                    following += [one for one, _ in node.inputs]
            level = following
        output.grad = 1.0
        for node in depth:
            for one, slope in node.inputs:
                one.grad += slope * node.grad
        """,
    ),
    (
        "handed-on-by-recursion",
        """
        def reset(node):
            node.grad = 0
            [reset(one) for one, _ in node.inputs]
        def go(node):
            for pair in node.inputs:
                pair[0].grad += node.grad * pair[1]
            for pair in node.inputs:
                go(pair[0])
        reset(output)
        output.grad = 1
        go(output)
        """,
    ),
    (
        "handed-on-in-post-order|",
        """
        made = []
        def walk(node):
            for one, _ in node.inputs:
                walk(one)
            if node not in made:
                made.append(node)
        walk(output)
        for node in made:
            node.grad = 0.0
        output.grad = 1.0
        for node in made:
            for one, slope in node.inputs:
                one.grad += slope * node.grad
        """,
    ),
    (
        "overwritten-not-accumulated",
        changed(ORDERED, ("one.grad += slope * node.grad", "one.grad = 0 + slope * node.grad")),
    ),
    ("old-blame-kept", changed(ORDERED, ("node.grad = 0.0", "pass"))),
    (
        "old-blame-kept+overwritten-not-accumulated|overwritten-not-accumulated|",
        changed(ORDERED, ("node.grad = 0.0", "pass"), ("+= slope", "= slope")),
    ),
    ("blame-and-slope-added", changed(ORDERED, ("slope * node.grad", "slope + node.grad"))),
    ("local-slope-only", changed(ORDERED, ("slope * node.grad", "slope * output.grad"))),
    ("|sign-reversed", changed(ORDERED, ("output.grad = 1.0", "output.grad = -1.0"))),
    ("factor-wrong", changed(ORDERED, ("slope * node.grad", "slope * node.grad / 2"))),
]
POWER: Pieces = [
    ("right", "y = np.float_power(a, b)\nreturn (y, b * y / a, y * np.log(a))"),
    ("right", "return a**b, b * a ** (b - 1), np.log(a) * a**b"),
    ("exponents-base-forgotten", "y = a**b\nreturn (y, b * y / a, y)"),
    ("exponents-own-power-rule", "s = b * a ** (b - 1)\nreturn a**b, s, s"),
    ("exponent-held-still", "return a**b, b * a ** (b - 1), 0.0 * b"),
    ("exponent-not-in-front", "return [a**b, a**b / a, np.log(a) * a**b]"),
    ("exponent-not-lowered", "y = np.power(a, b)\nreturn y, y * b, np.log(a) * y"),
    ("exponents-logarithm-of-ten", "y = a**b\nreturn y, b * y / a, y * np.log(a) / np.log(2)"),
    (
        "exponents-base-forgotten+exponent-not-lowered|",
        "return a**b, b * a**b, a**b",
    ),
    ("results-in-another-order|", "y = a**b\nreturn y, y * np.log(a), b * y / a"),
    ("exponent-not-lowered", "return a**b, b * a ** (b + 1), a**b * np.log(a)"),
    ("exponents-value-missing", "return a**b, b * a ** (b - 1), np.log(a)"),
    ("another-operation", "return a * b, b, a"),
]
SUMMED: Pieces = [
    (
        "right",
        """
        lead = grad.ndim - len(shape)
        grad = grad.sum(axis=tuple(range(lead)))
        keep = tuple(i for i in range(len(shape)) if shape[i] != grad.shape[i])
        return grad.sum(axis=keep, keepdims=True)
        """,
    ),
    (
        "right",
        """
        padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
        for k, n in enumerate(padded):
            if n == 1:
                grad = np.sum(grad, k, keepdims=True)
        return np.reshape(grad, shape)
        """,
    ),
    ("broadcast-not-summed-back", "return np.array(grad)"),
    (
        "broadcast-averaged",
        """
        padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
        for k, n in enumerate(padded):
            if n == 1:
                grad = np.mean(grad, k, keepdims=True)
        return np.reshape(grad, shape)
        """,
    ),
    ("broadcast-all-summed|summed-to-one-number", "return float(np.sum(grad))"),
    (
        "broadcast-first-copy-only|",
        """
        while grad.ndim > len(shape):
            grad = grad[0]
        return grad[tuple(slice(0, n) for n in shape)]
        """,
    ),
    ("", "return np.ones(shape)"),
    ("", "return np.zeros(shape)"),
    (
        "|bias-summed-over-units|broadcast-loses-axis|broadcast-other-axes",
        "return grad.sum(axis=-1)",
    ),
    ("broadcast-other-axes", "return grad.sum(axis=0)"),
]

FRESH: dict[str, Pieces] = {
    "check_composition": COMPOSITION,
    "check_reused_input": CIRCUIT,
    "check_dense": DENSE,
    "check_forward": FORWARD,
    "check_delta_squared_error": SQUARED,
    "check_delta_cross_entropy": CROSS,
    "check_one_over_n": WEIGHTS,
    "check_hand_back": HAND_BACK,
    "check_hidden_delta": HIDDEN,
    "check_relu_delta": RELU,
    "check_own_gradients": OWN_GRADIENTS,
    "check_gradients_of": GRADIENTS,
    "check_input_gradient": INPUT_GRADIENT,
    "check_training_step": TRAINING_STEP,
    "check_training": TRAINING,
    "check_numerical_gradient": NUMERICAL,
    "check_relative_error": RELATIVE,
    "check_symptoms": SYMPTOMS,
    "check_first_wrong": FIRST,
    "check_dropout_gradients": DROPOUT,
    "check_adam_step": ADAM_UPDATE,
    "check_one_epoch": ONE_EPOCH,
    "check_worked_example": WORKED,
    "check_whole_gradient": PARTS,
    "check_accumulated": ACCUMULATIONS,
    "check_bytes_sent": BYTES,
    "check_scale": SCALES,
    "check_skip_back": SKIPS,
    "check_norm_back": NORMS,
    "check_backward": BACKWARD,
    "check_power": POWER,
    "check_summed_back": SUMMED,
}
