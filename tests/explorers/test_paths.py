"""Paths of a circuit: what each carries is what is missing when it is cut."""

from itertools import pairwise, product

import pytest
from driving import at_start
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, parsed, texts

from bp_helpers.explorers import PathsExplorer

PROPERTY = settings(max_examples=50)
SLIDER = st.integers(-20, 20).map(lambda k: k / 10)
INPUTS = {"a": SLIDER, "b": SLIDER, "c": SLIDER}
SETTINGS = st.fixed_dictionaries({**INPUTS, **{f"cut{k}": st.booleans() for k in (1, 2, 3)}})
NAMES = ["a-p-y", "a-s-p-y", "a-s-q-y"]


def circuit(into_p, into_s_for_p, into_s_for_q, b, c):
    """Step by step; a path that is cut sees the value of a that is held."""
    p = into_p * (into_s_for_p + b)
    q = (into_s_for_q + b) + c
    return p * q


def slope(values, cuts):
    """Nudge a on the paths that are not cut, by another step than the explorer's."""
    a, b, c = (values[name] for name in "abc")
    there, back = (circuit(*[a if cut else a + h for cut in cuts], b, c) for h in (1e-3, -1e-3))
    return (there - back) / 2e-3


@PROPERTY
@given(SETTINGS, st.sampled_from(NAMES))
def test_driven_at_random_it_shows_what_is_measured(values, name):
    explorer = at_start(PathsExplorer)
    explorer.set(**values)
    explorer.choose(name)
    assert explorer.trouble.value == ""
    for part in explorer.picture:
        check_svg(part)
    numbers, cuts = explorer.numbers, [values[f"cut{k}"] for k in (1, 2, 3)]
    assert numbers.measured == pytest.approx(slope(values, cuts), abs=1e-5)
    assert numbers.measured_full == pytest.approx(slope(values, [False] * 3), abs=1e-5)
    assert numbers.total == pytest.approx(numbers.measured, abs=1e-6)
    missing = sum(p for p, cut in zip(numbers.products, cuts, strict=True) if cut)
    difference = numbers.measured_full - numbers.measured
    assert difference == pytest.approx(missing, abs=1e-6)
    _, table = explorer.picture
    assert "✓" in texts(table)


@PROPERTY
@given(st.fixed_dictionaries(INPUTS), st.sampled_from([0, 1, 2]))
def test_what_a_cut_takes_away_is_that_path_s_product(values, k):
    explorer = at_start(PathsExplorer)
    explorer.set(**values, **{f"cut{k + 1}": True})
    numbers = explorer.numbers
    difference = numbers.measured_full - numbers.measured
    assert difference == pytest.approx(numbers.products[k], abs=1e-6)


@pytest.mark.parametrize("cuts", [*product([False, True], repeat=3)])
def test_a_cut_moves_no_value(cuts):
    explorer = PathsExplorer()
    values = explorer.numbers.values
    explorer.set(**{f"cut{k + 1}": cut for k, cut in enumerate(cuts)})
    assert explorer.numbers.values == values
    assert explorer.numbers.values["y"] == pytest.approx(circuit(1.5, 1.5, 1.5, -0.5, -1.4))


@PROPERTY
@given(st.fixed_dictionaries(INPUTS))
def test_every_edge_has_its_measured_slope(values):
    explorer = at_start(PathsExplorer)
    explorer.set(**values)
    numbers = explorer.numbers
    steps = {
        "s": lambda v: v["a"] + v["b"],
        "p": lambda v: v["a"] * v["s"],
        "q": lambda v: v["s"] + v["c"],
        "y": lambda v: v["p"] * v["q"],
    }
    assert {edge[1] for edge in numbers.edges} == set(steps)
    for (before, after), (_, analytic) in numbers.edges.items():
        there, back = (
            steps[after](numbers.values | {before: numbers.values[before] + h})
            for h in (1e-3, -1e-3)
        )
        assert analytic == pytest.approx((there - back) / 2e-3, abs=1e-9)
    for path in numbers.paths:
        assert path.slopes == tuple(numbers.edges[edge] for edge in pairwise(path.route))


def test_presets():
    explorer = PathsExplorer()
    explorer.use_preset("paths cancel")
    numbers = explorer.numbers
    assert numbers.total == pytest.approx(0, abs=1e-12)
    assert min(map(abs, numbers.products)) > 0.4
    explorer.use_preset("a is 0")
    numbers = explorer.numbers
    assert numbers.products[1:] == [0, 0]
    assert numbers.products[0] > 1


def test_choosing_lights_ribbon_and_row_and_shows_the_factors():
    explorer = PathsExplorer()
    for name in NAMES:
        explorer.choose(name)
        for part in explorer.picture:
            buttons = [g for g in parsed(part).iter() if g.get("role") == "button"]
            pressed = [g.get("data-name") for g in buttons if g.get("aria-pressed") == "true"]
            assert ([g.get("data-name") for g in buttons], pressed) == (NAMES, [name])
    ribbons, _ = explorer.picture
    assert "a→s→q→y: ds/da = 1, dq/ds = 1, dy/dq = p" in texts(ribbons)
    assert "1 × 1 × 1.5 = 1.5000" in texts(ribbons)
    with pytest.raises(ValueError, match="'a-b' is no part of the picture: there are a-p-y"):
        explorer.choose("a-b")


def test_a_cut_is_seen_in_the_formula_the_ribbon_and_the_row():
    explorer = PathsExplorer()
    explorer.set(cut1=True)
    ribbons, table = explorer.picture
    assert "y = 1.500 · (a₂ + b) · ((a₃ + b) + c)" in texts(ribbons)
    assert "1 × (−0.4) = −0.4000: cut, so it counts for nothing" in texts(ribbons)
    assert ribbons.svg.count('stroke-dasharray="2 4"') == 2  # the ribbon and the legend
    assert "a→p→y (cut)" in texts(table)
    assert "path a→p→y: 1 × (−0.4) = −0.4000, cut" in description(table)


def test_words_and_picture_state_the_numbers():
    explorer = PathsExplorer()
    explorer.set(cut2=True)
    for said in (
        "a = 1.500; b = −0.500; c = −1.400; s = a + b = 1.000; p = a · s = 1.500",
        "path a→s→p→y: 1 × 1.5 × (−0.4) = −0.6000, cut",
        "sum of the paths not cut 1.1000; measured, cut paths held 1.1000",
        "measured, nothing cut 0.5000; their difference −0.6000",
    ):
        assert said in explorer.picture.words
    ribbons, table = explorer.picture
    assert "dy/da = 1.100, over the paths that are not cut" in texts(ribbons)
    assert "q = s + c = −0.400" in description(ribbons)
    for said in ("sum of the paths not cut 1.1000", "measured, nothing cut 0.5000"):
        assert said in description(table)


def test_a_slope_that_is_0_is_measured_as_0():
    explorer = PathsExplorer()
    explorer.use_preset("paths cancel")
    for cut in ("cut1", "cut2", "cut3"):
        explorer.set(**{cut: True})
        assert "measured, nothing cut 0.0000;" in explorer.picture.words
