"""The code that explorers offer: Python that runs on its own and gives the same result."""

import ast
import math
from dataclasses import dataclass

import numpy as np
import pytest

from bp_helpers import Dense, Sigmoid
from bp_helpers.explorers.code import WIDTH, code_of

FACTOR = 3
NAMES = ("first", "second")


@dataclass(frozen=True)
class Result:
    value: float


def plain(x: float) -> float:
    """Return x."""
    return x


def with_constants(k: int) -> str:
    """Return a name, several times."""
    return NAMES[k] * FACTOR


def with_modules(x: float) -> float:
    """Return a root of a power."""
    return math.sqrt(np.exp(x))


def with_names(x: float) -> Result:
    """Return what a layer of the engine makes of x, in a class of this module."""
    return Result(float(Sigmoid().forward([[x]])[0, 0]))


def with_an_annotation(layer: Dense | None, result: Result) -> Result:
    """Return the result: the other names stand in the signature alone."""
    return result


def with_a_function_inside(x: float) -> float:
    """Return a root, by a function that uses a name of the module."""

    def root(y: float) -> float:
        return math.sqrt(y)

    return sum(root(y) for y in (x, FACTOR))


def with_an_array(X: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Return as many arrays as there are names."""
    return np.concatenate([X] * len(names))


def run(code, result="numbers"):
    made = {}
    exec(code, made)
    return made[result]


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (plain, {"x": 0.1}),
        (plain, {"x": -1e-17}),
        (with_constants, {"k": 1}),
        (with_modules, {"x": 0.3}),
        (with_names, {"x": -0.7}),
        (with_an_annotation, {"layer": None, "result": "any"}),
        (with_a_function_inside, {"x": 2.0}),
        (with_an_array, {"X": np.array([[0.1, -2.5]]), "names": ("a 'b'", 'c "d"')}),
    ],
)
def test_it_runs_on_its_own_and_gives_the_same(function, arguments):
    result, expected = run(code_of(function, arguments)), function(**arguments)
    if isinstance(expected, np.ndarray):
        np.testing.assert_array_equal(result, expected)
    else:
        assert result == expected


def test_it_is_what_the_function_needs_its_source_and_a_call():
    assert code_of(with_constants, {"k": 1}) == (
        "NAMES = ('first', 'second')\n"
        "FACTOR = 3\n\n\n"
        "def with_constants(k: int) -> str:\n"
        '    """Return a name, several times."""\n'
        "    return NAMES[k] * FACTOR\n\n\n"
        "numbers = with_constants(k=1)"
    )
    assert code_of(plain, {"x": 1.0}).startswith("def plain(x: float)")


def imports_of(function, arguments):
    lines = code_of(function, arguments).splitlines()
    return [line for line in lines if line.startswith(("import", "from"))]


def test_modules_come_first_each_once_and_the_engines_names_from_the_package():
    assert imports_of(with_modules, {"x": 1.0}) == ["import math", "import numpy as np"]
    assert imports_of(with_names, {"x": 1.0}) == [
        "from bp_helpers import Sigmoid",
        f"from {__name__} import Result",
    ]
    assert imports_of(with_an_annotation, {"layer": None, "result": None}) == [
        "from bp_helpers import Dense",
        f"from {__name__} import Result",
    ]
    array = {"X": np.ones((1, 1)), "names": ("a",)}
    assert imports_of(with_an_array, array) == ["import numpy as np"]


def test_an_array_among_the_arguments_of_a_function_without_numpy_brings_its_import():
    array = np.array([0.1, 0.2])
    np.testing.assert_array_equal(run(code_of(plain, {"x": array})), array)


def test_a_long_call_has_a_line_for_each_argument():
    short = code_of(with_an_array, {"X": np.zeros(2), "names": ("a",)}).splitlines()[-1]
    assert len(short) <= WIDTH + len("numbers = ")
    long = code_of(with_an_array, {"X": np.zeros(30), "names": ("a",)}).splitlines()
    assert long[-4:] == [
        "numbers = with_an_array(",
        f"    X=np.array({[0.0] * 30}),",
        "    names=('a',),",
        ")",
    ]


def test_the_result_is_called_as_asked():
    code = code_of(plain, {"x": 2.0}, "network")
    assert run(code, "network") == 2
    assert ast.parse(code).body[-1].targets[0].id == "network"
