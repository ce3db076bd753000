"""A formula, read and computed with the trace's numbers, gives the number that it explains."""

import ast
import math
import re
from itertools import chain

import numpy as np
import pytest
from traces import names_of, random_trace, running_trace

from bp_helpers.data import running_example
from bp_helpers.pictures import entry_name, number
from bp_helpers.pictures.formulas import array_of, factors_of, formula, split_name, value_of
from bp_helpers.pictures.numerals import operand

NAME = re.compile(r"[A-Za-z]+\d*\[[\d,]+\]|loss")
GIVEN = ("X", "Y", "W", "b")


TRACES = {
    "running": running_trace(),
    **{f"random {k}": random_trace((2, 4, 3, 2), k) for k in range(5)},
}


def computed(written):
    """Compute a line of a formula, its signs put into Python's."""
    for sign, python in (("×", "*"), ("½", "0.5"), ("²", "**2"), ("−", "-")):
        written = written.replace(sign, python)
    tree = ast.parse(written, mode="eval")
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert called <= {"exp"}
    return eval(compile(tree, "formula", "eval"), {"__builtins__": {}, "exp": math.exp})


def written(value):
    """A number as a formula shows it, read back."""
    return float(operand(value).replace("−", "-"))


def filled(line, form):
    """Put numbers where a line has names."""
    return NAME.sub(lambda found: form(found[0]), line)


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_every_formula_gives_its_number(trace):
    explained = 0
    for name, expected in names_of(trace):
        assert value_of(trace, name) == expected
        lines = formula(trace, name)
        if name[0] in "XYWb":
            assert lines == [f"{name} = {number(expected)}"]
            assert factors_of(trace, name) == []
            continue
        left, _, names_line = lines[0].partition(" = ")
        assert left == name
        assert factors_of(trace, name) == NAME.findall(names_line)

        exact = filled(names_line, lambda each: f"({value_of(trace, each)!r})")
        assert computed(exact) == pytest.approx(expected, rel=1e-12, abs=1e-12), name

        # the second line is the first with rounded numbers, negative ones in brackets
        rounded = filled(names_line, lambda each: f"({written(value_of(trace, each))})")
        numbers_line = lines[1].removeprefix("= ")
        assert not NAME.search(numbers_line)
        assert not re.search(r"[−×+] −", numbers_line)
        assert computed(numbers_line) == pytest.approx(computed(rounded), rel=1e-12, abs=1e-12)

        assert lines[2:] == [f"= {number(expected, 4)}"]
        # who calculates with them finds the result, but for one in the last digit that it shows
        assert computed(numbers_line) == pytest.approx(expected, rel=1e-4, abs=1e-4), name
        explained += 1
    assert explained == sum(
        np.size(a) for n, a in trace.items() if n.rstrip("0123456789") not in GIVEN
    )


def test_a_formula_reads_as_in_the_course():
    trace = TRACES["running"]
    assert formula(trace, "dW2[0,1]") == [
        "dW2[0,1] = A1[0] × delta2[1]",
        "= 0.59532 × 0.13509",
        "= 0.0804",
    ]
    assert formula(trace, "db1[0]")[:2] == ["db1[0] = delta1[0]", "= −0.056348"]
    assert formula(trace, "X[0]") == ["X[0] = −0.760"]


def test_only_the_first_example_is_explained():
    example = running_example()
    more = example.network.trace(
        np.concatenate([example.x, [[9, 9]]]), np.concatenate([example.y, [[0, 1]]])
    )
    assert value_of(more, "Z1[2]") == pytest.approx(value_of(TRACES["running"], "Z1[2]"), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("dW2[0,1]", ("dW", 2, (0, 1))),
        ("delta12[3]", ("delta", 12, (3,))),
        ("X[1]", ("X", 0, (1,))),
        ("loss", ("loss", 0, ())),
    ],
)
def test_names_are_split(name, split):
    assert split_name(name) == split
    kind, layer, index = split
    array = f"{kind}{layer or ''}"
    assert array_of(name) == array
    assert name == (entry_name(array, index) if index else array)


UNKNOWN = {
    "an array that is not there": ["Q[0]", "Z4[0]", "W[0,0]", "loss1", "A0[0]", "dY[0]"],
    "an index that is not there": ["Z1[3]", "W1[2,0]", "W2[0,2]", "dX[2]", "Y[5]"],
    "too few or too many indices": ["Z1", "W1[0]", "Z1[0,0]", "X", "loss[0]", "dW2"],
    "not written like a name": ["", "Z1[", "Z1[-1]", "Z1[0, 1]", "W01[0,0]", "X0[0]", "1", "<b>"],
}


@pytest.mark.parametrize("name", [*chain(*UNKNOWN.values())])
@pytest.mark.parametrize("function", [value_of, formula, factors_of])
def test_unknown_names_are_refused(function, name):
    with pytest.raises(ValueError, match=f"^{re.escape(repr(name))} is not (a|the name of a) num"):
        function(TRACES["running"], name)
