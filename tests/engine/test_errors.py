"""Errors at the door: what they say, word for word, and that nothing is half-done after one."""

import math
import warnings
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from helpers import ACTIVATIONS, LOSSES, assert_unchanged, make_network, parameters_of

import bp_helpers as bp

RNG = np.random.default_rng(0)
WHOLE = "it must be a whole number of at least"
FINITE = "it must be a finite number"
MAKE_RNG = "pass a NumPy generator, made once, for example rng = np.random.default_rng(0)"
LABELS = [0, 1, 1]


def dense(n_in=2, n_out=3, dtype=np.float64):
    return bp.Dense(n_in, n_out, rng=np.random.default_rng(0), dtype=dtype)


def network(loss=None, dtype=np.float64):
    rng = np.random.default_rng(0)
    return make_network([2, 3, 2], [bp.Sigmoid()], loss or bp.SoftmaxCrossEntropy(), rng, dtype)


READ_ONLY = (
    "W1 is read-only, so nothing can change it: call "
    'parameters["W1"].setflags(write=True), or build the layer from a copy'
)


def with_read_only():
    net = network()
    net.layers[0].W.setflags(write=False)
    return net


def not_finite(got, count, first):
    """What is said of values that are NaN or infinite, the first at this place."""
    where = f"index {first}" if isinstance(first, tuple) else first
    return (
        f"{got} with {count} value(s) that are NaN or infinite, the first at {where}: remove or "
        "replace them; if this happened while training, the learning rate is probably too large"
    )


def forward(x):
    return lambda: dense().forward(x)


def sigmoid(x):
    return lambda: bp.Sigmoid().forward(x)


def squared(prediction, target):
    return lambda: bp.SquaredError().forward(prediction, target)


def binary(prediction, target):
    return lambda: bp.BinaryCrossEntropy().forward(prediction, target)


def softmax(target, prediction=((0.0, 1.0, 2.0),) * 4):
    return lambda: bp.SoftmaxCrossEntropy().forward(prediction, target)


def build(layers, loss=None):
    return lambda: bp.Network(layers, loss or bp.SquaredError())


def seed(number):
    return lambda: bp.load_penguins(seed=number)


def fit(x=((1.0, 2.0),) * 3, y=LABELS, epochs=1, batch_size=2, rng=RNG, optimizer=None, **more):
    def call():
        net = network()
        bp.fit(net, optimizer or bp.Adam(net), x, y, epochs, batch_size, rng, **more)

    return call


def column(*values):
    return np.array(values, float)[:, np.newaxis]


shared = dense()
KINDS = "Dense(2, 3) got x of dtype {}: it takes real numbers only"
TEXT = (
    "; turn text into numbers: figures with np.asarray(..., float), classes with "
    "np.unique(y, return_inverse=True)[1]"
)
PARTS = "; take the real part with .real, or both parts as two columns"
DATES = "; turn dates into numbers, for example with (dates - dates[0]) / np.timedelta64(1, 'D')"
REAL = ": it takes real numbers only"
MISSING = REAL + "; leave it out, or replace it"


class Missing:
    """What pandas has where a number is missing: it equals nothing, not even itself."""

    def __eq__(self, other):
        return self

    __hash__ = object.__hash__

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")

    def __float__(self):
        raise TypeError("float() argument must be a string or a real number, not 'NAType'")

    def __repr__(self):
        return "<NA>"


class Table:
    """A table as people have it: rows of objects under named columns."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows

    def __array__(self, dtype=None, copy=None):
        return np.array(self.rows, object).astype(dtype or object)


class ArrowTable(Table):
    """One whose `columns` are the values, and whose names are elsewhere."""

    def __init__(self, names, rows):
        super().__init__([*zip(*rows, strict=True)], rows)
        self.column_names = names


class Sparse:
    def toarray(self):
        return np.eye(2)


class Refusing:
    """As a tensor that remembers what it was made of."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("use .detach() first")


def filled_with(array):
    objects = np.empty(3, object)
    for index in range(3):
        objects[index] = array
    return objects


def masked(*values, where):
    return np.ma.MaskedArray(values, mask=[value == where for value in values])


REFUSED = {
    # what a layer takes
    "wrong width": (
        forward(np.ones((5, 4))), ValueError,
        "Dense(2, 3) got x of shape (5, 4): its last axis must be n_in=2",
    ),
    "one axis": (
        forward(np.ones(2)), ValueError,
        "Dense(2, 3) got x of shape (2,): it takes one row per example, shape (N, 2); "
        "use np.reshape(x, (1, -1)) for one example",
    ),
    "three axes": (
        forward(np.ones((4, 1, 2))), ValueError,
        "Dense(2, 3) got x of shape (4, 1, 2): it takes one row per example, shape (N, 2); "
        "use np.reshape(x, (len(x), -1))",
    ),
    "text": (forward([["a", "b"]]), TypeError, KINDS.format("<U1") + TEXT),
    "nothing": (
        forward([[1, None]]), TypeError, "Dense(2, 3) got x with None at index (0, 1)" + MISSING,
    ),
    "complex": (forward([[1, 1j]]), TypeError, KINDS.format("complex128") + PARTS),
    "ragged": (
        forward([[1, 2], [3]]), ValueError,
        "Dense(2, 3) got x whose rows have different lengths: every row needs the same number "
        "of values",
    ),
    "no rows": (
        forward(np.ones((0, 2))), ValueError,
        "Dense(2, 3) got x of shape (0, 2): it needs at least one example of at least "
        "one value",
    ),
    "NaN": (
        forward([[1, np.nan], [np.nan, 1]]), ValueError, not_finite("Dense(2, 3) got x", 2, (0, 1)),
    ),
    "infinite": (
        forward([[1, 1], [1, 1], [-np.inf, 1]]), ValueError,
        not_finite("Dense(2, 3) got x", 1, (2, 0)),
    ),
    "float32 for float64": (
        forward(np.ones((1, 2), np.float32)), TypeError,
        "Dense(2, 3) computes in float64 and got x of dtype float32: convert one of them, for "
        "example with .astype(np.float64)",
    ),
    "float64 for float32": (
        lambda: dense(dtype=np.float32).forward(np.ones((1, 2))), TypeError,
        "Dense(2, 3) computes in float32 and got x of dtype float64: convert one of them, for "
        "example with .astype(np.float32)",
    ),
    "float16": (
        sigmoid(np.ones(2, np.float16)), TypeError,
        "Sigmoid() got x of dtype float16: it computes in float64 or float32; convert with "
        ".astype(np.float64)",
    ),
    "an empty list": (
        sigmoid([]), ValueError,
        "Sigmoid() got x of shape (0,): it needs at least one example "
        "of at least one value",
    ),
    "a single number": (
        forward(3.0), ValueError,
        "Dense(2, 3) got x of shape (): it takes one row per example, shape (N, 2); use [[x]] for "
        "one example of one value",
    ),
    "dates": (
        forward(np.array([["2026-01-01", "2026-01-02"]], "M8[D]")), TypeError,
        KINDS.format("datetime64[D]")
        + "; turn dates into numbers, for example with (dates - dates[0]) / np.timedelta64(1, 'D')",
    ),
    "text in a table": (
        forward(Table(["bill", "species"], [[1.0, 2.0], [3.0, "Adelie"]])), TypeError,
        "Dense(2, 3) got x with 'Adelie' at row 1, column 'species'" + REAL + TEXT,
    ),
    "something missing in a table": (
        forward(Table(["bill", "depth"], [[None, 2.0], [3.0, 4]])), TypeError,
        "Dense(2, 3) got x with None at row 0, column 'bill'" + MISSING,
    ),
    "NA in a table": (
        forward(Table(["bill", "depth"], [[1.0, Missing()], [3.0, 4]])), TypeError,
        "Dense(2, 3) got x with <NA> at row 0, column 'depth'" + MISSING,
    ),
    "NaN in a table": (
        forward(Table(["bill", "depth"], [[1.0, 2.0], [3.0, math.nan]])), ValueError,
        not_finite("Dense(2, 3) got x", 1, "row 1, column 'depth'"),
    ),
    "labels as text in objects": (
        softmax(np.array(["Adelie", "Gentoo", "Adelie", "Adelie"], object)), TypeError,
        "SoftmaxCrossEntropy() got a target with 'Adelie' at index (0,)" + REAL + TEXT,
    ),
    "masked": (
        sigmoid(masked(1.0, -999.0, where=-999.0)), ValueError,
        "Sigmoid() got x with 1 masked value(s), the first at index (1,): leave those rows out, or "
        "fill them with .filled(...)",
    ),
    "masked rows in a list": (
        sigmoid([masked(1.0, 2.0, where=0), masked(1.0, -999.0, where=-999.0)]), ValueError,
        "Sigmoid() got x with 1 masked value(s), the first at index (1, 1): leave those rows out, "
        "or fill them with .filled(...)",
    ),
    "masked in a list of lists": (
        forward([[1.0, 2.0], [np.ma.masked, 3.0]]), ValueError,
        "Dense(2, 3) got x with 1 masked value(s), the first at index (1, 0): leave those rows "
        "out, or fill them with .filled(...)",
    ),
    "a generator": (
        forward(row for row in [[1.0, 2.0]]), TypeError,
        "Dense(2, 3) got x of type generator: it takes numbers in an array or in lists; make one "
        "of it first, for example with np.array(list(x))",
    ),
    "columns by name": (
        forward({"a": [1.0], "b": [2.0]}), TypeError,
        "Dense(2, 3) got x of type dict: it takes numbers in an array or in lists; make one of it "
        "first, for example with np.column_stack(list(x.values()))",
    ),
    "nothing at all": (
        forward(None), TypeError,
        "Dense(2, 3) got x of type NoneType: it takes numbers in an array or in lists; make one "
        "of it first",
    ),
    "a date among numbers": (
        forward([[date(2020, 1, 1), 1.0]]), TypeError,
        "Dense(2, 3) got x with datetime.date(2020, 1, 1) at index (0, 0)" + REAL + DATES,
    ),
    "a complex number among objects": (
        forward(np.array([[1j, 2]], object)), TypeError,
        "Dense(2, 3) got x with 1j at index (0, 0)" + REAL + PARTS,
    ),
    "columns with names": (
        forward(np.ones(2, [("a", float), ("b", float)])), TypeError,
        KINDS.format("[('a', '<f8'), ('b', '<f8')]") + "; make an array of its columns, with "
        "numpy.lib.recfunctions.structured_to_unstructured",
    ),
    "a row of arrays": (
        forward(filled_with(np.ones(2))), ValueError,
        "Dense(2, 3) got x with an array of shape (2,) in every place: make one array of them, "
        "with np.stack(...)",
    ),
    "a whole number that no float holds": (
        forward([[1, 10**400]]), ValueError, not_finite("Dense(2, 3) got x", 1, (0, 1)),
    ),
    "a signalling NaN": (
        forward([[1, Decimal("sNaN")]]), ValueError, not_finite("Dense(2, 3) got x", 1, (0, 1)),
    ),
    "half a float in a float32 layer": (
        lambda: dense(dtype=np.float32).forward(np.ones((1, 2), np.float16)), TypeError,
        "Dense(2, 3) got x of dtype float16: it computes in float64 or float32; convert with "
        ".astype(np.float32)",
    ),
    "examples of one value": (
        lambda: dense(1, 2).forward([1.0, 2.0]), ValueError,
        "Dense(1, 2) got x of shape (2,): it takes one row per example, shape (N, 1); use "
        "np.reshape(x, (-1, 1)) for examples of one value each",
    ),
    "a label that is missing": (
        softmax([0, 1, np.nan, 2]), ValueError,
        not_finite("SoftmaxCrossEntropy() got labels", 1, (2,)),
    ),
    "text in the place of a parameter": (
        lambda: network().parameters.__setitem__("b1", ["1", "2", "3"]), TypeError,
        "The place of b1 got a value of dtype <U1" + REAL + TEXT,
    ),
    "NaN in the place of a parameter": (
        lambda: network().parameters.__setitem__("b1", [1, np.nan, 3]), ValueError,
        not_finite("The place of b1 got a value", 1, (1,)),
    ),
    "too much for a float32 parameter": (
        lambda: network(dtype=np.float32).parameters.__setitem__("b2", [0, 1e300]), ValueError,
        not_finite("The place of b2 got a value", 1, (1,)),
    ),
    "a read-only parameter": (
        lambda: with_read_only().parameters.__setitem__("W1", np.ones((2, 3))), ValueError,
        READ_ONLY,
    ),
    "a read-only parameter, checked": (
        lambda: bp.check_gradients(with_read_only(), np.ones((1, 2)), [0]), ValueError, READ_ONLY,
    ),
    "a loss that is infinite, checked": (
        lambda: bp.check_gradients(network(bp.SquaredError()), np.ones((1, 2)), [[1e200, 0]]),
        ValueError,
        "check_gradients got a loss of inf at (x, y), so no slope can be measured: scale the "
        "inputs and targets to sizes around 1",
    ),
    "masked labels": (
        softmax(masked(0, 1, -999, 2, where=-999)), ValueError,
        "SoftmaxCrossEntropy() got a target with 1 masked value(s), the first at index (2,): leave "
        "those rows out, or fill them with .filled(...)",
    ),
    "a sparse matrix": (
        forward(Sparse()), TypeError,
        "Dense(2, 3) got x as a sparse matrix: convert it with .toarray()",
    ),
    "what refuses to become an array": (
        sigmoid(Refusing()), TypeError,
        "Sigmoid() got x of type Refusing, which cannot become an array: use .detach() first",
    ),
    "NaN under a name, as Arrow's tables have it": (
        forward(ArrowTable(["bill", "depth"], [[1.0, np.nan]])), ValueError,
        not_finite("Dense(2, 3) got x", 1, "row 0, column 'depth'"),
    ),
    "ragged rows as objects": (
        sigmoid(np.array([[1, 2], [3]], object)), ValueError,
        "Sigmoid() got x whose rows have different lengths: every row needs the same number of "
        "values",
    ),
    # putting an array in the place of another
    "weights of another shape": (
        lambda: setattr(dense(), "W", np.ones((3, 3))), ValueError,
        "Dense(2, 3) got W of shape (3, 3) in the place of one of shape (2, 3): they must be "
        "equal; for another shape make a new layer with Dense.from_arrays(W, b)",
    ),
    "biases of another dtype": (
        lambda: setattr(dense(), "b", np.ones(3, np.float32)), TypeError,
        "Dense(2, 3) computes in float64 and got b of dtype float32: convert one of them, for "
        "example with .astype(np.float64)",
    ),
    # making a Dense
    "no inputs": (lambda: dense(0), ValueError, f"n_in is 0: {WHOLE} 1"),
    "negative outputs": (lambda: dense(2, -1), ValueError, f"n_out is -1: {WHOLE} 1"),
    "half an input": (lambda: dense(2.5), ValueError, f"n_in is 2.5: {WHOLE} 1"),
    "a boolean for a number": (lambda: dense(True), ValueError, f"n_in is True: {WHOLE} 1"),
    "a seed": (lambda: bp.Dense(2, 3, rng=1), TypeError, f"Dense(2, 3) got rng=1: {MAKE_RNG}"),
    "unknown start": (
        lambda: bp.Dense(2, 3, rng=RNG, start="zeros"), ValueError,
        "start is 'zeros': it must be \"xavier\" or \"he\"",
    ),
    "integer dtype": (
        lambda: dense(dtype=np.int32), TypeError, "dtype is int32: it must be float64 or float32",
    ),
    "W with one axis": (
        lambda: bp.Dense.from_arrays([1.0, 2.0], [0.0]), ValueError,
        "Dense.from_arrays got W of shape (2,): it must be (n_in, n_out)",
    ),
    "b of the wrong length": (
        lambda: bp.Dense.from_arrays(np.ones((3, 2)), np.ones(3)), ValueError,
        "Dense.from_arrays got W of shape (3, 2) and b of shape (3,): b must have shape (2,), one "
        "bias per output",
    ),
    "b as a row": (
        lambda: bp.Dense.from_arrays(np.ones((3, 2)), np.ones((1, 2))), ValueError,
        "Dense.from_arrays got W of shape (3, 2) and b of shape (1, 2): b must have shape (2,), "
        "one bias per output",
    ),
    "b of another dtype": (
        lambda: bp.Dense.from_arrays(np.ones((1, 1), np.float32), np.ones(1)), TypeError,
        "Dense.from_arrays computes in float32 and got b of dtype float64: convert one of them, "
        "for example with .astype(np.float32)",
    ),
    "NaN in W": (
        lambda: bp.Dense.from_arrays([[np.nan]], [0.0]), ValueError,
        not_finite("Dense.from_arrays got W", 1, (0, 0)),
    ),
    "a slope of 1": (
        lambda: bp.LeakyReLU(1), ValueError, f"slope is 1: {FINITE} of at least 0 and less than 1",
    ),
    "a negative slope": (
        lambda: bp.LeakyReLU(-0.1), ValueError,
        f"slope is -0.1: {FINITE} of at least 0 and less than 1",
    ),
    # predictions and targets
    "(N,) target for (N, 1), squared": (
        squared(column(1, 2), [1.0, 2.0]), ValueError,
        "SquaredError() got a prediction of shape (2, 1) and a target of shape (2,): "
        "use np.reshape(target, (-1, 1))",
    ),
    "(N,) target for (N, 1), binary": (
        binary(column(1, 2), [1.0, 0.0]), ValueError,
        "BinaryCrossEntropy() got a prediction of shape (2, 1) and a target of shape (2,): "
        "use np.reshape(target, (-1, 1))",
    ),
    "(N, 1) target for (N,), squared": (
        squared([1.0, 2.0], column(1, 2)), ValueError,
        "SquaredError() got a prediction of shape (2,): it takes one row per example, shape "
        "(N, n_out)",
    ),
    "(N, 1) target for (N,), binary": (
        binary([1.0, 2.0], column(1, 0)), ValueError,
        "BinaryCrossEntropy() got a prediction of shape (2,): it takes one row per example, shape "
        "(N, n_out)",
    ),
    "(N, 1) labels, softmax": (
        softmax([[0], [1], [2], [0]]), ValueError,
        "SoftmaxCrossEntropy() got a prediction of shape (4, 3) and a target of shape (4, 1): "
        "class indices have shape (N,); use np.ravel(target)",
    ),
    "(N,) prediction, softmax": (
        softmax([0, 1], prediction=[1.0, 2.0]), ValueError,
        "SoftmaxCrossEntropy() got a prediction of shape (2,): it takes one row per example, shape "
        "(N, n_out)",
    ),
    "(N,) for (N, 1) probabilities, softmax": (
        softmax([1.0, 1.0], prediction=column(1, 2)), TypeError,
        "SoftmaxCrossEntropy() got labels of dtype float64: class indices are integers; convert "
        "with np.asarray(target, int)",
    ),
    "other width, squared": (
        squared(np.ones((4, 2)), np.ones((4, 3))), ValueError,
        "SquaredError() got a prediction of shape (4, 2) and a target of shape (4, 3): they must "
        "be equal",
    ),
    "other count, binary": (
        binary(np.ones((4, 1)), np.ones((1, 1))), ValueError,
        "BinaryCrossEntropy() got a prediction of shape (4, 1) and a target of shape (1, 1): they "
        "must be equal",
    ),
    "other count, softmax rows": (
        softmax(np.eye(3)), ValueError,
        "SoftmaxCrossEntropy() got a prediction of shape (4, 3) and a target of shape (3, 3): they "
        "must be equal",
    ),
    "label out of range": (
        softmax([0, 1, 2, 3]), ValueError,
        "SoftmaxCrossEntropy() got labels from 0 to 3 for 3 outputs: they must lie between 0 and 2",
    ),
    "negative label": (
        softmax([0, 1, 2, -1]), ValueError,
        "SoftmaxCrossEntropy() got labels from -1 to 2 for 3 outputs: they must lie between 0 "
        "and 2",
    ),
    "float labels": (
        softmax([0.0, 1.0, 2.0, 1.0]), TypeError,
        "SoftmaxCrossEntropy() got labels of dtype float64: class indices are integers; convert "
        "with np.asarray(target, int)",
    ),
    "boolean labels": (
        softmax([True, False, True, True]), TypeError,
        "SoftmaxCrossEntropy() got labels of dtype bool: class indices are integers; convert with "
        "np.asarray(target, int)",
    ),
    "text labels": (
        softmax(["a", "b", "c", "d"]), TypeError,
        "SoftmaxCrossEntropy() got a target of dtype <U1: it takes real numbers only" + TEXT,
    ),
    "too few labels": (
        softmax([0, 1]), ValueError,
        "SoftmaxCrossEntropy() got 4 predictions and 2 labels: it needs one label each",
    ),
    "ragged targets": (
        softmax([[1, 0, 0], [1]]), ValueError,
        "SoftmaxCrossEntropy() got a target whose rows have different lengths: every row needs the "
        "same number of values",
    ),
    "rows that do not add up to 1": (
        softmax([[0.5, 0.5, 0.0]] * 3 + [[0.5, 0.2, 0.2]]), ValueError,
        "SoftmaxCrossEntropy() got target rows with values from 0 and sums from 0.9 to 1: "
        "probabilities are not negative and add up to 1; for class indices pass shape (N,)",
    ),
    "negative probabilities": (
        softmax([[0.75, 0.5, -0.25]] * 4), ValueError,
        "SoftmaxCrossEntropy() got target rows with values from -0.25 and sums from 1 to 1: "
        "probabilities are not negative and add up to 1; for class indices pass shape (N,)",
    ),
    "yes/no target above 1": (
        binary(column(1, 2), column(0, 2)), ValueError,
        "BinaryCrossEntropy() got targets from 0 to 2: they must be probabilities, from 0 to 1",
    ),
    "yes/no target below 0": (
        binary(column(1, 2), column(-1, 1)), ValueError,
        "BinaryCrossEntropy() got targets from -1 to 1: they must be probabilities, from 0 to 1",
    ),
    "NaN target": (
        squared(column(1, 2), column(1, np.nan)), ValueError,
        not_finite("SquaredError() got a target", 1, (1, 0)),
    ),
    "NaN prediction": (
        binary(column(np.nan), column(1)), ValueError,
        not_finite("BinaryCrossEntropy() got a prediction", 1, (0, 0)),
    ),
    "infinite prediction": (
        softmax([0], prediction=[[1.0, np.inf]]), ValueError,
        not_finite("SoftmaxCrossEntropy() got a prediction", 1, (0, 1)),
    ),
    "no predictions": (
        softmax([], prediction=np.ones((0, 3))), ValueError,
        "SoftmaxCrossEntropy() got a prediction of shape (0, 3): it needs at least one example "
        "of at least one value",
    ),
    "complex target": (
        squared(column(1), [[1j]]), TypeError,
        "SquaredError() got a target of dtype complex128: it takes real numbers only" + PARTS,
    ),
    # networks that cannot work
    "no layers": (build([]), ValueError, "Network got no layers: it needs at least one"),
    "a layer for a list": (
        build(bp.Sigmoid()), TypeError,
        "Network got Sigmoid() as its layers: put them in a list, [Dense(...)]",
    ),
    "a class for a layer": (
        build([dense(), bp.Sigmoid]), TypeError,
        "layers[1] is <class 'bp_helpers.layers.Sigmoid'>, which is not a layer: write Sigmoid() "
        "with parentheses",
    ),
    "text for a layer": (
        build([dense(), "relu"]), TypeError,
        "layers[1] is 'relu', which is not a layer: derive it from bp_helpers.Layer",
    ),
    "one layer twice": (
        build([shared, dense(3, 2), shared]), ValueError,
        "layers[2] is the same object as an earlier layer, Dense(2, 3): a layer remembers one "
        "forward pass, so make a second one",
    ),
    "widths that do not fit": (
        build([dense(2, 3), bp.Tanh(), dense(4, 1)]), ValueError,
        "layers[0] Dense(2, 3) gives 3 values per example, but layers[2] Dense(4, 1) takes 4: make "
        "them equal",
    ),
    "dtypes that do not fit": (
        build([dense(2, 3), dense(3, 1, np.float32)]), TypeError,
        "layers[0] Dense(2, 3) computes in float64, but layers[1] Dense(3, 1) in float32: make "
        "them equal",
    ),
    "a class for a loss": (
        build([dense()], bp.SquaredError), TypeError,
        "Network got the loss <class 'bp_helpers.losses.SquaredError'>, which is not a loss: write "
        "SquaredError() with parentheses",
    ),
    "text for a loss": (
        build([dense()], "mse"), TypeError,
        "Network got the loss 'mse', which is not a loss: pass one such as SquaredError()",
    ),
    # data
    "a negative seed": (seed(-1), ValueError, f"seed is -1: {WHOLE} 0"),
    "text for a seed": (seed("a"), ValueError, f"seed is 'a': {WHOLE} 0"),
    "no seed": (seed(None), ValueError, f"seed is None: {WHOLE} 0"),
    # optimizers
    "a learning rate that no float holds": (
        lambda: bp.Adam(network(), 10**310), ValueError,
        f"learning_rate is 1{'0' * 310}: {FINITE} greater than 0",
    ),
    "no network": (
        lambda: bp.Adam(0.1), TypeError,
        "Adam got 0.1 as its network: the network comes first, then the learning rate",
    ),
    "momentum of 1": (
        lambda: bp.Momentum(network(), 0.1, momentum=1), ValueError,
        f"momentum is 1: {FINITE} of at least 0 and less than 1",
    ),
    "negative beta1": (
        lambda: bp.Adam(network(), beta1=-0.1), ValueError,
        f"beta1 is -0.1: {FINITE} of at least 0 and less than 1",
    ),
    "NaN beta2": (
        lambda: bp.Adam(network(), beta2=np.nan), ValueError,
        f"beta2 is nan: {FINITE} of at least 0 and less than 1",
    ),
    "epsilon of 0": (
        lambda: bp.Adam(network(), epsilon=0), ValueError, f"epsilon is 0: {FINITE} greater than 0",
    ),
    # fit
    "no epochs": (fit(epochs=0), ValueError, f"epochs is 0: {WHOLE} 1"),
    "half an epoch": (fit(epochs=1.5), ValueError, f"epochs is 1.5: {WHOLE} 1"),
    "batches of 0": (fit(batch_size=0), ValueError, f"batch_size is 0: {WHOLE} 1"),
    "a seed for fit": (fit(rng=0), TypeError, f"fit got rng=0: {MAKE_RNG}"),
    "foreign optimizer": (
        fit(optimizer=bp.Adam(network())), ValueError,
        "fit got an optimizer that was made for another network: make a new one",
    ),
    "text for an optimizer": (
        fit(optimizer="adam"), TypeError,
        "fit got 'adam' as its optimizer: make one, such as Adam(network)",
    ),
    "more x than y": (
        fit(y=[0, 1]), ValueError,
        "SoftmaxCrossEntropy() got 3 predictions and 2 labels: it needs one label each",
    ),
    "three things to validate with": (
        fit(validation=(1, 2, 3)), TypeError,
        "fit got 3 values as validation: it takes a pair, (x, y)",
    ),
    "an array to validate with": (
        fit(validation=np.ones((3, 2))), TypeError,
        "fit got a ndarray as validation: it takes a pair, (x, y)",
    ),
    "a data set to validate with": (
        fit(validation=bp.load_penguins()), TypeError,
        "fit got a Dataset as validation: it takes a pair, (x, y)",
    ),
    "bad label in the validation data": (
        fit(validation=([[1.0, 2.0]], [5])), ValueError,
        "SoftmaxCrossEntropy() got labels from 5 to 5 for 2 outputs: they must lie between 0 and 1",
    ),
    # gradient check
    "check in float32": (
        lambda: bp.check_gradients(network(dtype=np.float32), [[1, 2]], [0]), TypeError,
        "check_gradients measures in float64, but W1 is float32: make it float64; layers of "
        "bp_helpers are built so with dtype=np.float64",
    ),
    "check of float32 data": (
        lambda: bp.check_gradients(network(), np.ones((1, 2), np.float32), [0]), TypeError,
        "check_gradients computes in float64 and got x of dtype float32: convert one of them, for "
        "example with .astype(np.float64)",
    ),
    "step of 0": (
        lambda: bp.check_gradients(network(), [[1, 2]], [0], step=0), ValueError,
        f"step is 0: {FINITE} greater than 0",
    ),
    "negative tolerance": (
        lambda: bp.check_gradients(network(), [[1, 2]], [0], tolerance=-1), ValueError,
        f"tolerance is -1: {FINITE} greater than 0",
    ),
    # toy data
    "no moons": (lambda: bp.make_moons(0, rng=RNG), ValueError, f"n is 0: {WHOLE} 1"),
    "half a spiral": (lambda: bp.make_spirals(1.5, rng=RNG), ValueError, f"n is 1.5: {WHOLE} 1"),
    "a seed for moons": (
        lambda: bp.make_moons(5, rng=3), TypeError, f"make_moons got rng=3: {MAKE_RNG}",
    ),
    "no generator for spirals": (
        lambda: bp.make_spirals(5, rng=None), TypeError, f"make_spirals got rng=None: {MAKE_RNG}",
    ),
    "negative noise": (
        lambda: bp.make_moons(5, rng=RNG, noise=-1), ValueError,
        f"noise is -1: {FINITE} of at least 0",
    ),
    "NaN noise": (
        lambda: bp.make_spirals(5, rng=RNG, noise=np.nan), ValueError,
        f"noise is nan: {FINITE} of at least 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_the_message_says_both_sides_and_the_way_out(what):
    call, kind, message = REFUSED[what]
    with pytest.raises(kind) as error:
        call()
    assert str(error.value) == message
    assert type(error.value) is kind


@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf, -np.inf, "0.1", None, [0.1], 1j])
@pytest.mark.parametrize("make", [bp.GradientDescent, bp.Momentum, bp.Adam])
def test_learning_rates(make, rate):
    message = f"learning_rate is {rate!r}: {FINITE} greater than 0"
    with pytest.raises(ValueError, match="learning_rate") as error:
        make(network(), rate)
    assert str(error.value) == message
    optimizer = make(network(), 0.5)
    with pytest.raises(ValueError, match="learning_rate") as error:
        optimizer.learning_rate = rate
    assert str(error.value) == message
    assert optimizer.learning_rate == 0.5


LAYERS = {"Dense": lambda: dense(3, 3), **ACTIVATIONS}


@pytest.mark.parametrize("name", LAYERS)
def test_layers_refuse_backward_before_forward_and_gradients_that_do_not_fit(name):
    layer = LAYERS[name]()
    good = np.ones((2, 3))
    with pytest.raises(RuntimeError) as error:
        layer.backward(good)
    assert str(error.value) == (
        f"{layer}: backward needs a forward pass before it; call forward first"
    )
    layer.forward(good)
    wanted = layer.backward(good)
    for bad, kind, words in [
        (np.ones((3, 2)), ValueError, "got a gradient of shape (3, 2), but its forward returned "
         "shape (2, 3): a gradient has the shape of the value it belongs to"),
        (np.ones((1, 3)), ValueError, "got a gradient of shape (1, 3), but its forward returned "
         "shape (2, 3): a gradient has the shape of the value it belongs to"),
        (np.ones((2, 3), np.float32), TypeError, "computes in float64 and got a gradient of dtype "
         "float32: convert one of them, for example with .astype(np.float64)"),
        (good * np.nan, ValueError, not_finite("got a gradient", 6, (0, 0))),
    ]:  # fmt: skip
        with pytest.raises(kind) as error:
            layer.backward(bad)
        assert str(error.value) == f"{layer} {words}"
        stored = [grad.copy() for grad in layer.gradients.values()]
        np.testing.assert_array_equal(layer.backward(good), wanted)  # it still works
        for before, now in zip(stored, layer.gradients.values(), strict=True):
            np.testing.assert_array_equal(before, now)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_refuse_backward_before_forward(name):
    loss = LOSSES[name][0]()
    with pytest.raises(RuntimeError) as error:
        loss.backward()
    assert str(error.value) == (
        f"{loss}: backward needs a forward pass before it; call forward first"
    )


X, Y = np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([0, 1])


def failing(call, *arguments):
    with pytest.raises((ValueError, TypeError)):
        call(*arguments)


# What was done last; whether a loss belongs to it, so that backward has a place to start from.
LATEST = {
    "nothing": (lambda n: None, False),
    "forward": (lambda n: n.forward(X), False),
    "predict": (lambda n: n.predict(X), False),
    "loss_value": (lambda n: n.loss_value(X, Y), True),
    "measure": (lambda n: n.measure(X, Y), True),
    "trace": (lambda n: n.trace(X, Y), True),
    "check_gradients": (lambda n: bp.check_gradients(n, X, Y), True),
    "backward": (lambda n: (n.loss_value(X, Y), n.backward()), True),
    "loss_value, then forward": (lambda n: (n.loss_value(X, Y), n.forward(X)), False),
    "loss_value, then predict": (lambda n: (n.loss_value(X, Y), n.predict(X)), False),
    "trace, then forward": (lambda n: (n.trace(X, Y), n.forward(X)), False),
    "forward, then measure": (lambda n: (n.forward(X), n.measure(X, Y)), True),
    "loss_value, then a bad target": (
        lambda n: (n.loss_value(X, Y), failing(n.loss_value, X, [7, 7])), False,
    ),
    "measure, then a bad x": (lambda n: (n.measure(X, Y), failing(n.measure, X[0], Y)), False),
    "trace, then a bad target": (lambda n: (n.trace(X, Y), failing(n.trace, X, [7, 7])), False),
    "trace, then a bad x": (lambda n: (n.trace(X, Y), failing(n.trace, X[:, :1], Y)), False),
}  # fmt: skip


@pytest.mark.parametrize("latest", LATEST)
@pytest.mark.parametrize("method", ["backward", "parameter_gradients"])
def test_the_network_goes_back_only_from_a_loss_of_its_latest_forward_pass(latest, method):
    prepare, allowed = LATEST[latest]
    net = network()
    prepare(net)
    if allowed:
        getattr(net, method)()
        wanted = network().trace(X, Y)
        for name, grad in net.gradients.items():
            np.testing.assert_allclose(grad, wanted[f"d{name}"], rtol=1e-14)
    else:
        with pytest.raises(RuntimeError) as error:
            getattr(net, method)()
        assert str(error.value) == (
            "Network.backward goes back from a loss, and none belongs to the latest forward pass: "
            "call loss_value(x, y) first"
        )


BAD_DATA = {
    "x too wide": (np.ones((2, 3)), Y),
    "x with one axis": (np.ones(2), Y),
    "x with three axes": (np.ones((2, 1, 2)), Y),
    "NaN in the last row of x": (np.array([[1.0, 2.0], [3.0, np.nan]]), Y),
    "infinite x": (np.array([[np.inf, 2.0], [3.0, 1.0]]), Y),
    "no rows": (np.ones((0, 2)), np.ones(0, int)),
    "text": ([["a", "b"]] * 2, Y),
    "ragged": ([[1.0, 2.0], [3.0]], Y),
    "complex": (X * 1j, Y),
    "float32": (X.astype(np.float32), Y),
    "too few labels": (X, Y[:1]),
    "too many labels": (X, [0, 1, 1]),
    "bad label in the last row": (X, [0, 2]),
    "negative label": (X, [0, -1]),
    "float labels": (X, [0.0, 1.0]),
    "labels in a column": (X, [[0], [1]]),
    "rows that do not add up to 1": (X, [[1.0, 0.0], [0.5, 0.6]]),
    "NaN target": (X, [[1.0, 0.0], [np.nan, 1.0]]),
}
CALLS = {
    "loss_value": lambda n, o, x, y: n.loss_value(x, y),
    "measure": lambda n, o, x, y: n.measure(x, y),
    "trace": lambda n, o, x, y: n.trace(x, y),
    "check_gradients": lambda n, o, x, y: bp.check_gradients(n, x, y),
    "fit": lambda n, o, x, y: bp.fit(n, o, x, y, 1, 1, RNG),
    "fit, validation": lambda n, o, x, y: bp.fit(n, o, X, Y, 1, 1, RNG, validation=(x, y)),
}


def take_step(optimizer):
    optimizer.network.loss_value(X, Y)
    optimizer.network.backward()
    optimizer.step()


def state_of(optimizer):
    """Everything an optimizer remembers between steps, as bytes and numbers."""
    return {
        "steps": optimizer.steps,
        "memory": [[array.tobytes() for array in each] for each in optimizer._memory],
    }


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("what", BAD_DATA)
def test_bad_data_changes_nothing_and_good_data_works_afterwards(what, call):
    net, untouched = network(), network()
    optimizer, same = bp.Adam(net), bp.Adam(untouched)
    for each in (optimizer, same):
        take_step(each)  # so that there is something to lose
    before, state = parameters_of(net), state_of(optimizer)
    with pytest.raises((ValueError, TypeError)):
        CALLS[call](net, optimizer, *BAD_DATA[what])
    assert_unchanged(before, net)
    assert state_of(optimizer) == state
    for each in (optimizer, same):
        take_step(each)
    assert_unchanged(parameters_of(untouched), net)


def test_a_bad_label_in_the_last_rows_is_found_before_the_first_step():
    net = network()
    optimizer = bp.Momentum(net, 0.1)
    before, state = parameters_of(net), state_of(optimizer)
    x, y = np.ones((50, 2)), np.zeros(50, int)
    y[-1] = 2
    with pytest.raises(ValueError, match="labels from 0 to 2 for 2 outputs"):
        bp.fit(net, optimizer, x, y, 1, 10, np.random.default_rng(0))
    assert_unchanged(before, net)
    assert state_of(optimizer) == state


def last_gradient(value):
    """Return what spoils the gradient of the last parameter, after all others were good."""

    def spoil(net):
        net.layers[-1].db = value

    return spoil


BAD_GRADIENTS = {
    "missing": (last_gradient(None), RuntimeError,
        "b of Dense(3, 2) has no gradient yet: a backward pass makes it (of a network: "
        "loss_value(x, y), then backward()); in a layer of your own, backward has to put it into "
        "self.db"),
    "NaN": (last_gradient(np.array([1.0, np.nan])), ValueError,
        "the gradient of b2 has NaN or infinite values; no parameter was changed: look at the "
        "inputs, or try a smaller learning rate"),
    "infinite": (last_gradient(np.array([np.inf, 1.0])), ValueError,
        "the gradient of b2 has NaN or infinite values; no parameter was changed: look at the "
        "inputs, or try a smaller learning rate"),
    "broadcastable": (last_gradient(np.ones(1)), ValueError,
        "b2 has shape (2,) and dtype float64, but its gradient has shape (1,) and dtype float64: "
        "they must be equal"),
    "a row": (last_gradient(np.ones((1, 2))), ValueError,
        "b2 has shape (2,) and dtype float64, but its gradient has shape (1, 2) and dtype float64: "
        "they must be equal"),
    "float32": (last_gradient(np.ones(2, np.float32)), ValueError,
        "b2 has shape (2,) and dtype float64, but its gradient has shape (2,) and dtype float32: "
        "they must be equal"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_GRADIENTS)
@pytest.mark.parametrize("make", [bp.GradientDescent, bp.Momentum, bp.Adam])
def test_a_bad_gradient_moves_no_parameter_and_no_state(make, what):
    spoil, kind, message = BAD_GRADIENTS[what]
    net, untouched = network(), network()
    optimizer, same = make(net, 0.1), make(untouched, 0.1)
    for each in (optimizer, same):
        take_step(each)
    before, state = parameters_of(net), state_of(optimizer)
    spoil(net)
    with pytest.raises(kind) as error:
        optimizer.step()
    assert str(error.value) == message
    assert_unchanged(before, net)
    assert state_of(optimizer) == state
    assert optimizer.steps == 1
    for each in (optimizer, same):
        take_step(each)
    assert_unchanged(parameters_of(untouched), net)


def divided_by_nothing(net):
    """Return an Adam whose epsilon is 0 in float32, so that a gradient of 0 gives 0 / 0."""
    return bp.Adam(net, 0.1, epsilon=1e-50)


@pytest.mark.parametrize(
    ("make", "dtype"),
    [
        (lambda net: bp.GradientDescent(net, 1e308), np.float64),
        (lambda net: bp.Momentum(net, 1e38), np.float32),
        (divided_by_nothing, np.float32),
    ],
)
def test_a_step_that_is_not_finite_moves_no_parameter_and_no_state(make, dtype):
    rng = np.random.default_rng(0)
    dense = [bp.Dense(2, 3, rng=rng, dtype=dtype), bp.Dense(3, 2, rng=rng, dtype=dtype)]
    net = bp.Network([dense[0], bp.ReLU(), dense[1]], bp.SquaredError())
    optimizer, before = make(net), parameters_of(net)
    x = np.array([[0, 1], [0, 2]], dtype)
    net.loss_value(x, 1000 * np.ones((2, 2), dtype))
    net.backward()
    net.layers[-1].db *= dtype(100)
    state = state_of(optimizer)
    with pytest.raises(ValueError, match=r"^the gradient of \w\d is finite, but the step has NaN"):
        optimizer.step()
    assert_unchanged(before, net)
    assert state_of(optimizer) == state
    assert optimizer.steps == 0


@pytest.mark.parametrize("make", [bp.GradientDescent, bp.Momentum, bp.Adam])
def test_a_step_without_any_gradient(make):
    net = network()
    optimizer, before = make(net, 0.1), parameters_of(net)
    with pytest.raises(RuntimeError, match=r"W of Dense.* has no gradient yet: a backward pass"):
        optimizer.step()
    assert_unchanged(before, net)
    assert optimizer.steps == 0


def test_a_layer_that_refused_still_stands_at_its_latest_good_input():
    for make in LAYERS.values():
        layer, grad = make(), np.ones((2, 3))
        layer.forward(np.full((2, 3), 0.5))
        wanted = layer.backward(grad)
        with pytest.raises(ValueError, match="NaN"):
            layer.forward(np.full((2, 3), np.nan))
        np.testing.assert_array_equal(layer.backward(grad), wanted)


READABLE = {
    "a list": [[1, 2], [3, 4]],
    "numbers as objects": np.array([[1, 2.0], [3, np.float32(4)]], object),
    "fractions": [[Fraction(1), 2], [3, 4]],
    "a table": Table(["a", "b"], [[1, 2.0], [3, 4]]),
    "a list of arrays": [np.array([1.0, 2.0]), np.array([3.0, 4.0])],
    "a matrix": np.array([[1.0, 2.0], [3.0, 4.0]]).view(np.matrix),
    "nothing masked": np.ma.MaskedArray([[1.0, 2.0], [3.0, 4.0]], mask=False),
    "decimals": [[Decimal(1), Decimal(2)], [Decimal(3), Decimal(4)]],
    "objects of several kinds": np.array([[True, 2], [3.0, Decimal(4)]], object),
    "big-endian": np.array([[1, 2], [3, 4]], ">f8"),
    "big-endian whole numbers": np.array([[1, 2], [3, 4]], ">i4"),
    "columns beside each other": np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]),
    "every second": np.repeat([[1.0, 2.0], [3.0, 4.0]], 2, axis=1)[:, ::2],
    "bytes": np.array([[1, 2], [3, 4]], np.uint8),
}


def read_only(array):
    array.setflags(write=False)
    return array


@pytest.mark.parametrize("form", READABLE)
def test_numbers_are_read_in_whatever_form_they_come(form):
    x, plain = READABLE[form], read_only(np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_array_equal(network().forward(x), network().forward(plain), strict=True)
    net, same = network(bp.SquaredError()), network(bp.SquaredError())
    assert net.loss_value(plain, x) == same.loss_value(plain, plain)
    bp.fit(net, bp.Adam(net), x, x, 2, 1, np.random.default_rng(0))
    bp.fit(same, bp.Adam(same), plain, plain, 2, 1, np.random.default_rng(0))
    assert_unchanged(parameters_of(same), net)
    assert bp.check_gradients(net, x, x).ok


@pytest.mark.parametrize(
    "labels", [np.array([0, 1], object), np.array([0, 1], ">i8"), Table(None, [0, 1]), [0, 1]]
)
def test_labels_are_read_in_whatever_form_they_come(labels):
    net = network()
    assert net.measure(X, labels) == net.measure(X, np.array([0, 1]))
    assert net.loss_value(X, labels) == net.loss_value(X, [0, 1])


def test_what_a_batch_happens_to_hold_decides_nothing():
    """The batch of the last label alone would be one of booleans."""
    trained = []
    for labels in (np.array([0, 1, np.int64(1), True], object), [0, 1, 1, 1]):
        trained.append(net := network())
        bp.fit(net, bp.Adam(net), np.ones((4, 2)), labels, 3, 1, np.random.default_rng(0))
    assert_unchanged(parameters_of(trained[0]), trained[1])


def test_assigning_is_whole_or_not_at_all_and_safe_wherever_numerical_events_raise():
    net = network(dtype=np.float32)
    before = parameters_of(net)
    with pytest.raises(TypeError):
        net.parameters["b1"] = np.array([1.0, 2.0, "three"], object)
    assert_unchanged(before, net)
    with np.errstate(all="raise"):
        net.parameters["b1"] = [1e-320, 1.0, 2.0]
        net.layers[0].b = [1e-320, 1.0, 2.0]
        bp.Dense.from_arrays(np.ones((1, 1), np.float32), [1e-320])
    np.testing.assert_array_equal(net.parameters["b1"], np.array([0.0, 1.0, 2.0], np.float32))


def test_adam_refuses_a_gradient_whose_square_is_infinite_and_nothing_moves():
    net = network(dtype=np.float32)
    optimizer = bp.Adam(net)
    net.loss_value(np.ones((1, 2), np.float32), [0])
    net.backward()
    net.layers[2].db = np.array([1e30, 0.0], np.float32)
    before = parameters_of(net)
    with pytest.raises(ValueError, match="Adam got a gradient whose square no float32 can hold"):
        optimizer.step()
    assert_unchanged(before, net)
    assert optimizer.steps == 0


@pytest.mark.parametrize("z", [1e308, 1.7e308])
def test_the_largest_logits_make_no_nan(z):
    loss = bp.SoftmaxCrossEntropy()
    with np.errstate(all="raise"):
        assert loss.forward([[z, -z]], [0]) == 0
        assert np.isfinite(loss.forward([[z, -z]], [1]))


def test_whole_numbers_set_by_hand_are_weights():
    for dtype in (np.float64, np.float32):
        layer = dense(dtype=dtype)
        layer.W = np.array([[1, 2, 3], [4, 5, 6]])
        layer.b = [0, 0, 1]
        assert layer.W.dtype == layer.b.dtype == dtype
        np.testing.assert_array_equal(layer.forward([[0.5, 0.5]]), [[2.5, 3.5, 5.5]])
        kept = layer.W
        layer.W -= 0.5
        assert layer.W is kept
    whole = bp.Dense.from_arrays([[1, 2], [3, 4]], [0, 1])
    np.testing.assert_array_equal(whole.forward([[0.5, 0.5]]), [[2, 4]])


SIZES = [0.0, 1e-320, 1e-300, 1e-160, 1.0, 40.0, 800.0, 1e160, 1e300]


def same_as_ever(call):
    """Run `call` where every numerical event raises, and where none does: same result or error."""
    results = []
    for events in ("ignore", "raise"):
        with np.errstate(all=events), warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                results.append(call())
            except ValueError as error:
                results.append(str(error))
    first, second = results
    if isinstance(first, str):
        assert first == second
    else:
        for one, other in zip(first, second, strict=True):
            np.testing.assert_array_equal(one, other)
    return first


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_safe_with_any_size_wherever_numerical_events_raise(name, dtype):
    for size in SIZES:
        for grad in (1.0, 1e-30, 1e-300, 1e30):
            x = np.array([[-size, size, 0.5], [size, 0, -size]]).clip(-3e38, 3e38).astype(dtype)
            layer = LAYERS[name]()
            if name == "Dense" and dtype == np.float32:
                layer = dense(3, 3, np.float32)

            def both(layer=layer, x=x, grad=grad):
                y = layer.forward(x)
                return [y, layer.backward(np.full(y.shape, grad, dtype))]

            same_as_ever(both)
            if isinstance(layer, bp.Activation):
                assert np.isfinite(both()[0]).all()


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_safe_with_any_size_wherever_numerical_events_raise(name):
    make, targets = LOSSES[name]
    t = targets(np.random.default_rng(0), 2, 3)
    for size in SIZES:
        loss, z = make(), np.array([[-size, size, 0.5], [size, 0, -size]])
        same_as_ever(lambda loss=loss, z=z: [loss.forward(z, t), *loss.backward()])


@pytest.mark.parametrize("make", [bp.GradientDescent, bp.Momentum, bp.Adam])
def test_training_and_checking_are_safe_wherever_numerical_events_raise(make):
    y = np.array([[0.0, 1.0], [1.0, 0.0]])
    for size in SIZES:
        for rate in (1e-300, 0.1, 1e300):

            def trained(size=size, rate=rate):
                net = network(bp.SquaredError())
                x = size * np.array([[1.0, -1.0], [0.5, 0.25]])
                history = bp.fit(net, make(net, rate), x, y, 3, 1, np.random.default_rng(0))
                return [*history.loss, *net.forward(x).ravel()]

            same_as_ever(trained)
        x = size * np.array([[1.0, -1.0], [0.5, 0.25]])
        same_as_ever(lambda x=x: [bp.check_gradients(network(bp.SquaredError()), x, y).ok])


def test_an_output_that_is_not_finite_is_refused_not_returned():
    net = bp.Network([bp.Dense.from_arrays([[1e200]], [0.0])], bp.SquaredError())
    for call in (net.forward, net.predict):
        with pytest.raises(ValueError, match="the output of the last layer, Dense"):
            call([[1e200]])
    with pytest.raises(ValueError, match=r"SquaredError.* got a prediction with 1 value"):
        net.loss_value([[1e200]], [[1.0]])


@pytest.mark.parametrize("loss", [bp.BinaryCrossEntropy(), bp.SoftmaxCrossEntropy()])
def test_deciding_is_safe_wherever_numerical_events_raise(loss):
    target = [[1e-300, 1 - 1e-300], [1.0, 0.0]]
    with np.errstate(all="raise"):
        assert loss.accuracy(np.array([[-1.0, 1.0], [1.0, -1.0]], np.float32), target) == 1
