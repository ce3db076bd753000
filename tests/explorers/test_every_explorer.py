"""What holds for every explorer that there is: driven as a hand would, without a browser."""

import dataclasses
import inspect
import math
import os
import random
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import driving
import ipywidgets as widgets
import numpy as np
import pytest
from driving import move_at_random, move_in_page, names_in
from traitlets import TraitError

import bp_helpers
from bp_helpers import Network, explorers
from bp_helpers.explorers import Explorer
from bp_helpers.explorers.frames import values_along
from bp_helpers.pictures import Landscape, LossSurface

ROOT = Path(bp_helpers.__file__).parent.parent
KINDS = [
    kind
    for kind in vars(explorers).values()
    if isinstance(kind, type) and issubclass(kind, Explorer) and kind is not Explorer
]
MOVES = 25
NARROW = 569  # pixels that JupyterLab leaves for an explorer in a window of 700


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def explorer(request):
    return request.param()


def assert_sound(explorer):
    assert explorer.trouble.value == ""
    ET.fromstring(f"<g>{explorer.view.svg}</g>")
    for said in (explorer.view.svg, explorer.words):
        assert not re.search(r"\b(nan|inf|None)\b", said)
    assert explorer.picture.words.strip()


def same(one, other):
    """Whether two results are equal to the last bit, arrays and all."""
    if isinstance(one, Network):
        return same(dict(one.parameters), dict(other.parameters))
    if isinstance(one, (Landscape, LossSurface)):  # made once, so they know no equality
        return one.svg == other.svg
    if dataclasses.is_dataclass(one):
        return type(one) is type(other) and same(vars(one), vars(other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    return one == other


def result_of(code):
    namespace = {}
    exec(code, namespace)
    return namespace.get("numbers", namespace.get("network"))


def test_a_narrow_window_shows_each_picture_whole(explorer):
    """Its letters, of 13 pixels, have at least 9 there (`legible.js`)."""
    widths = [int(width) for width in re.findall(r'<svg [^>]*?\bwidth="(\d+)"', explorer.view.svg)]
    assert len(widths) == len([*explorer.picture])
    assert math.ceil(max(widths) * 9 / 13) <= NARROW


def test_nothing_is_set_before_it_is_an_explorer(explorer):
    kind = type(explorer)
    if "__init__" in vars(kind):
        first = inspect.getsource(kind.__init__).split(":\n", 1)[1].strip()
        assert first.startswith("super().__init__()")


def test_wherever_a_hand_leaves_it_it_is_sound_and_says_all_that_the_picture_depends_on(explorer):
    rng = random.Random(1)
    assert_sound(explorer)
    pictures = {explorer.shown: explorer.view.svg}
    for _ in range(MOVES):
        move_at_random(explorer, rng)
        assert_sound(explorer)
        assert explorer.view.shown == explorer.shown
        assert pictures.setdefault(explorer.shown, explorer.view.svg) == explorer.view.svg
    assert len(set(pictures.values())) > 1  # it was moved indeed


def test_reset_brings_everything_back_and_nothing_outside_is_changed(explorer):
    """Two of a kind do not know of each other, and the arrays at the start stay as they are."""
    start = explorer.view.svg, explorer.shown, explorer.values
    other, rng = type(explorer)(), random.Random(2)
    for _ in range(MOVES):
        move_at_random(explorer, rng)
    other.refresh()
    fresh = type(explorer)()
    assert other.view.svg == fresh.view.svg == start[0]
    explorer.reset()
    assert (explorer.view.svg, explorer.shown, explorer.values) == start
    assert same(explorer.state, fresh.state) or "training" in explorer.state


def test_presets_mean_the_same_from_everywhere(explorer):
    rng = random.Random(4)
    for name, values in explorer.presets.items():
        for _ in range(3):
            move_at_random(explorer, rng)
        fresh = type(explorer)()
        if "seen" in fresh.state:  # the one thing that a preset leaves as it is
            fresh.set(seen=explorer.state["seen"])
        fresh.use_preset(name)
        explorer.use_preset(name)
        assert_sound(explorer)
        assert explorer.shown == fresh.shown
        assert explorer.view.svg == fresh.view.svg
        shown = {**explorer.state, **explorer.values}
        at_its_end = {
            key: handle.max
            for key, handle in explorer.handles.items()
            if key in values and isinstance(handle, widgets.IntSlider) and handle.max < values[key]
        }
        assert {key: shown[key] for key in values} == {**values, **at_its_end}


def test_its_code_gives_the_same_numbers(explorer):
    rng = random.Random(5)
    for _ in range(4):
        move_at_random(explorer, rng)
        code = explorer.code()
        assert not re.search(r"import \w*(Explorer|widgets)", code)
        result = result_of(code)
        expected = explorer.numbers
        if isinstance(result, Network):
            expected = explorer.state["training"].network
        assert same(result, expected)


def test_every_part_that_can_be_chosen_is_chosen_and_stays_so(explorer):
    for name in names_in(explorer):
        explorer.choose(name)
        assert_sound(explorer)
        assert explorer.state["selected"] == name


def test_what_is_no_part_is_refused_and_nothing_moves(explorer):
    before = explorer.shown
    if "selected" in explorer.state:
        with pytest.raises(ValueError, match="nonsense"):
            explorer.choose("nonsense")
    with pytest.raises(ValueError, match="no control is called 'nonsense'"):
        explorer.set(nonsense=1)
    assert explorer.shown == before


@pytest.mark.slow  # it runs tests in a process of their own
def test_the_example_for_contributors_is_driven_like_the_others(tmp_path):
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    package = shutil.copytree(ROOT / "bp_helpers", tmp_path / "bp_helpers") / "explorers"
    (package / "hidden_delta.py").write_text(code, encoding="utf-8")
    init = (package / "__init__.py").read_text(encoding="utf-8")
    init += "from bp_helpers.explorers.hidden_delta import HiddenDeltaExplorer\n"
    (package / "__init__.py").write_text(init, encoding="utf-8")
    here = Path(__file__)
    for file in (here, Path(driving.__file__)):
        shutil.copy(file, tmp_path)
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "HiddenDelta"]
    done = subprocess.run(
        [sys.executable, *command, here.name],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    drive_it = sum("explorer" in inspect.signature(test).parameters for test in tests)
    assert f"{drive_it} passed" in done.stdout, done.stdout


def test_what_a_hand_changes_is_what_a_slider_would_have_made_of_it(explorer):
    """One state: the sliders follow, and the picture is the same as by them."""
    other = type(explorer)()
    for name, hand in explorer.hands().items():
        explorer.reset()
        other.reset()
        value = hand.options[-1] if hand.options else hand.high
        move_in_page(explorer, **{name: value})
        other.set(**{name: value})
        assert_sound(explorer)
        assert explorer.hands()[name].value == value
        assert explorer.view.hands == {n: h.sent() for n, h in explorer.hands().items()}
        assert explorer.shown == other.shown
        assert explorer.view.svg == other.view.svg
        controls = {called: control for control, called in explorer.in_picture.items()}
        if controls.get(name, name) in explorer.handles:
            assert explorer.values[controls.get(name, name)] == value


def test_a_picture_made_ahead_is_the_one_that_is_shown_then(explorer):
    rng = random.Random(6)
    for _ in range(6):
        move_at_random(explorer, rng)
        for name in rng.sample([*explorer.hands()], min(3, len(explorer.hands()))):
            before = explorer.shown, explorer.view.svg, explorer.values
            value = rng.choice(values_along(explorer.hands()[name]))
            frame = explorer.frame_at(name, value)
            assert (explorer.shown, explorer.view.svg, explorer.values) == before
            move_in_page(explorer, **{name: value})
            assert (frame.shown, frame.svg) == (explorer.view.shown, explorer.view.svg)
            assert explorer.hands()[name].value == value


def test_an_array_of_another_shape_or_with_nan_is_refused_and_nothing_moves(explorer):
    before = explorer.shown, explorer.view.svg
    for name, value in explorer.state.items():
        if isinstance(value, np.ndarray):
            for odd in (value[:1, ..., None], np.full_like(value, np.nan), None):
                with pytest.raises((ValueError, TypeError), match=rf"got {name}\b"):
                    explorer.set(**{name: odd})
    assert (explorer.shown, explorer.view.svg) == before


def test_what_no_picture_can_be_drawn_of_is_refused_and_nothing_moves(explorer):
    before = explorer.shown, explorer.view.svg
    for name in set(explorer.state) - set(explorer.handles):
        for odd in ("nothing", object()):
            with pytest.raises((ValueError, TypeError)):
                explorer.set(**{name: odd})
            assert (explorer.shown, explorer.view.svg, explorer.trouble.value) == (*before, "")


def test_a_number_that_is_nan_is_refused_and_nothing_moves(explorer):
    before = explorer.shown, explorer.view.svg
    for name in explorer.hands():
        with pytest.raises((ValueError, TraitError)):
            explorer.set(**{name: float("nan")})
    assert (explorer.shown, explorer.view.svg) == before


def test_a_number_of_another_kind_does_as_well(explorer):
    for name, handle in explorer.handles.items():
        if isinstance(handle.value, (int, float)) and not isinstance(handle, widgets.Checkbox):
            before = explorer.shown
            explorer.set(**{name: np.float64(handle.value)})
            assert explorer.trouble.value == ""
            assert explorer.shown == before
