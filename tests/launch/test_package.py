"""The package from outside: what an import costs, what is documented, what is left alone."""

import ast
import inspect
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import GenericAlias

import numpy as np
import pytest

import bp_helpers as bp
import bp_helpers.exercises
import bp_helpers.explorers
import bp_helpers.pictures

TESTS = Path(__file__).resolve().parents[1]
PACKAGE, NOTEBOOKS = TESTS.parent / "bp_helpers", TESTS.parent / "notebooks"
PACKAGES = [bp, bp.data, bp.pictures, bp.explorers, bp.exercises]
ENGINE = [
    "_checks", "_slopes", "layers", "losses", "network", "optimizers", "gradcheck", "training",
    "data",
]  # fmt: skip
ENGINE_FILES = sorted(
    file for name in ENGINE for file in (PACKAGE / f"{name}.py", *(PACKAGE / name).glob("*.py"))
    if file.exists()
)  # fmt: skip

FRESH = """
import json, sys, time
before = set(sys.modules)
start = time.perf_counter()
import numpy
numpy_done = time.perf_counter()
import bp_helpers
ours = time.perf_counter() - numpy_done
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps([sorted(loaded - sys.stdlib_module_names), numpy_done - start, ours]))
"""


def test_an_import_brings_numpy_and_nothing_else():
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", FRESH],
        capture_output=True, encoding="utf-8", check=True, timeout=120,
        cwd=TESTS.parent,
    )  # fmt: skip
    assert result.stderr == ""
    (line,) = result.stdout.splitlines()  # ours; so the import printed nothing
    loaded, numpy_seconds, our_seconds = json.loads(line)
    assert set(loaded) == {"bp_helpers", "numpy"}
    # No limit: a busy machine would break it. `pytest -s` shows the times.
    print(f"import: numpy {numpy_seconds * 1e3:.0f} ms, bp_helpers {our_seconds * 1e3:.0f} ms more")


def test_explorers_and_exercises_do_not_wait_for_matplotlib():
    """It takes as long as everything else together; only some pictures need it."""
    code = (
        "import sys, bp_helpers.explorers, bp_helpers.exercises;"
        "print(sorted({'matplotlib', 'contourpy', 'tqdm', 'numpy'} & set(sys.modules)))"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    printed = subprocess.check_output(command, encoding="utf-8", timeout=120, cwd=TESTS.parent)
    assert printed == "['numpy']\n"


@pytest.mark.parametrize("file", ENGINE_FILES, ids=lambda file: file.stem)
def test_the_engine_imports_only_numpy_the_standard_library_and_itself(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imports = [
        (name, node)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else
                     [alias.name for alias in node.names])
    ]  # fmt: skip
    assert imports
    for name, node in imports:
        top, _, below = name.partition(".")
        if top == "bp_helpers":
            parts = [below.partition(".")[0]] if below else [alias.name for alias in node.names]
            assert set(parts) <= set(ENGINE), f"{file.name} imports {name}"
        elif top == "tqdm":
            # the one guest, asked in only when a progress bar is wanted
            assert file.stem == "training"
            assert node not in tree.body
        else:
            assert top == "numpy" or top in sys.stdlib_module_names, f"{file.name} imports {name}"


def there(package):
    """Return the names that can be imported from it."""
    return {name for name, value in vars(package).items()
            if not name.startswith("_") and not inspect.ismodule(value)}  # fmt: skip


PUBLIC = [(package, name) for package in PACKAGES for name in package.__all__]


@pytest.mark.parametrize(("package", "name"), PUBLIC, ids=[name for _, name in PUBLIC])
def test_public_names_are_documented_with_all_they_offer(package, name):
    thing = getattr(package, name)
    if not callable(thing) or isinstance(thing, GenericAlias):
        return  # a constant, or the name of a type, which says itself
    assert inspect.getdoc(thing)
    if inspect.isclass(thing):
        for attribute, value in vars(thing).items():
            if not attribute.startswith("_") and (callable(value) or isinstance(value, property)):
                assert inspect.getdoc(getattr(thing, attribute)), f"{name}.{attribute}"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_public_names_are_all_there_is_sorted_and_tested(package):
    assert len(package.__all__) == len(set(package.__all__))
    assert set(package.__all__) == there(package)
    files = [file for file in TESTS.rglob("*.py") if file != Path(__file__).resolve()]
    if package is bp.pictures:  # one test drives every explorer, and looks at what it draws
        files += (PACKAGE / "explorers").glob("*.py")
    words = set(re.findall(r"\w+", " ".join(file.read_text(encoding="utf-8") for file in files)))
    # what a call returns or a check is, is met as such, not by its name
    met = {"Dataset", "GradientReport", "History", "ParameterCheck", "RunningExample"}
    met |= {"Choice", "Exercise", "Mistake"}
    assert set(package.__all__) - words <= met


def test_no_test_imports_a_test():
    """What two of them need stands where both find it, and each can be moved or deleted alone."""
    for file in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [getattr(node, "module", None) or "", *(each.name for each in node.names)]
                tests = [name for name in names if name.rpartition(".")[2].startswith("test_")]
                assert tests == [], file


def test_no_two_classes_have_one_name():
    found = Counter(
        node.name
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, times in found.items() if times > 1} == set()


@pytest.mark.parametrize(
    "user",
    [*(PACKAGE / "explorers").glob("*.py"), *NOTEBOOKS.glob("*.ipynb")],
    ids=lambda f: f.name,
)
def test_pictures_are_taken_from_their_package_not_from_its_modules(user):
    assert "bp_helpers.pictures." not in user.read_text(encoding="utf-8")


def test_what_the_calls_return_has_the_public_types():
    example, rng = bp.running_example(), np.random.default_rng(0)
    assert isinstance(example, bp.RunningExample)
    report = bp.check_gradients(example.network, example.x, example.y)
    assert isinstance(report, bp.GradientReport)
    assert all(isinstance(check, bp.ParameterCheck) for check in report.parameters.values())
    optimizer = bp.Adam(example.network)
    assert isinstance(optimizer, bp.Optimizer)
    history = bp.fit(example.network, optimizer, example.x, example.y, 1, 1, rng)
    assert isinstance(history, bp.History)
    assert isinstance(bp.load_penguins(), bp.Dataset)


def test_version_is_a_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+", bp.__version__)


def test_numpys_global_random_state_and_settings_are_left_alone():
    np.random.seed(1)  # noqa: NPY002 - this state is what is watched
    state, errors = np.random.get_state(), np.geterr()  # noqa: NPY002
    printing = np.get_printoptions()
    rng = np.random.default_rng(0)
    bp.load_digits()
    penguins = bp.load_penguins()
    bp.make_moons(10, rng=rng)
    bp.make_spirals(10, rng=rng)
    layers = [bp.Dense(2, 3, rng=rng), bp.ReLU(), bp.Dense(3, 3, rng=rng, start="he")]
    network = bp.Network(layers, bp.SoftmaxCrossEntropy())
    x, y = penguins.x_train, penguins.y_train
    for make in (bp.GradientDescent, bp.Momentum, bp.Adam):
        bp.fit(network, make(network, 0.01), x, y, 1, 50, rng)
    str(bp.check_gradients(network, x[:2], y[:2]))
    network.trace(x, y)
    for before, after in zip(state, np.random.get_state(), strict=True):  # noqa: NPY002
        np.testing.assert_array_equal(before, after)
    assert np.geterr() == errors
    assert np.get_printoptions() == printing
