"""The code that explorers offer: Python that runs on its own and gives the same result."""

import ast
import importlib
import inspect
import math
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

import bp_helpers
from bp_helpers import Dense, Sigmoid, explorers, pictures
from bp_helpers.explorers.code import WIDTH, code_of
from bp_helpers.gradcheck import compare
from bp_helpers.pictures import FloatArray

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


@cache
def halved(x: float) -> float:
    return _Scale(1 / 2).of(x)


class _Scale:
    def __init__(self, by: float) -> None:
        self.by = by

    def of(self, x: float) -> float:
        return _times(self.by, x)


def _times(x: float, y: float) -> float:
    return x * y if y else _times(y, x + FACTOR)


def with_helpers(x: float) -> Result:
    """Return a quarter, by helpers that need others."""
    return replace(Result(x), value=halved(halved(x)))


def with_things_from_elsewhere(X: FloatArray) -> list[bool]:
    """Return which neighbours are equal."""
    return [bool(compare(one, other, 1.0).ok) for one, other in pairwise(X)]


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
        (with_helpers, {"x": 3.0}),
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


def test_modules_come_first_each_once_and_the_engines_names_from_the_package_last():
    assert imports_of(with_modules, {"x": 1.0}) == ["import math", "import numpy as np"]
    assert imports_of(with_names, {"x": 1.0}) == [
        f"from {__name__} import Result",
        "from bp_helpers import Sigmoid",
    ]
    assert imports_of(with_an_annotation, {"layer": None, "result": None}) == [
        f"from {__name__} import Result",
        "from bp_helpers import Dense",
    ]
    array = {"X": np.ones((1, 1)), "names": ("a",)}
    assert imports_of(with_an_array, array) == ["import numpy as np"]


def test_helpers_are_shown_and_what_is_from_elsewhere_comes_from_its_home():
    code = code_of(with_helpers, {"x": 3.0})
    shown = [line.split("(")[0] for line in code.splitlines() if line.startswith(("def", "class"))]
    assert shown == ["class _Scale:", "def with_helpers", "def halved", "def _times"]
    assert {*imports_of(with_helpers, {"x": 3.0})} == {
        "from dataclasses import replace",
        "from functools import cache",
        f"from {__name__} import Result",
    }
    assert imports_of(with_things_from_elsewhere, {"X": np.ones(1)}) == [
        "import numpy as np",
        "from itertools import pairwise",
        "from bp_helpers.gradcheck import compare",
        "from bp_helpers.pictures import FloatArray",
    ]


KINDS = [
    kind
    for name, kind in vars(explorers).items()
    if name.endswith("Explorer") and kind is not explorers.Explorer
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_explorer_imports_public_names_from_their_homes_in_one_line_for_each(kind):
    lines = ast.parse(kind().code()).body
    assert not any(isinstance(line, ast.Import) and "._" in line.names[0].name for line in lines)
    froms = [line for line in lines if isinstance(line, ast.ImportFrom)]
    modules = [line.module for line in froms]
    assert len(set(modules)) == len(modules)
    for line in froms:
        for name in (one.name for one in line.names):
            assert not name.startswith("_")
            assert is_at_home(name, importlib.import_module(line.module))


def is_at_home(name, module):
    """Whether it is exported, defined or assigned there."""
    if module in (bp_helpers, pictures):
        return name in module.__all__
    is_of = getattr(getattr(module, name), "__module__", None)
    return is_of == module.__name__ or name in assigned_in(module)


def assigned_in(module):
    lines = ast.parse(inspect.getsource(module)).body
    targets = [target for line in lines if isinstance(line, ast.Assign) for target in line.targets]
    targets += [line.target for line in lines if isinstance(line, ast.AnnAssign)]
    return {node.id for one in targets for node in ast.walk(one) if isinstance(node, ast.Name)}


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
