"""Paths of a circuit: what each carries is what is missing when it is cut."""

import re
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import SVG, check_svg, description, parsed, texts

from bp_helpers.explorers import PathsExplorer
from bp_helpers.pictures.paths import Node, Path, path_ribbons, paths_table

PROPERTY = settings(derandomize=True, deadline=None, max_examples=100)
SLIDER = st.integers(-20, 20).map(lambda k: k / 10)
INPUTS = {"a": SLIDER, "b": SLIDER, "c": SLIDER}
SETTINGS = st.fixed_dictionaries({**INPUTS, **{f"cut{k}": st.booleans() for k in (1, 2, 3)}})
NAMES = ["a-p-y", "a-s-p-y", "a-s-q-y"]


def pictures(explorer):
    return re.findall(r"<svg.*?</svg>", explorer.view.svg)


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
    explorer = PathsExplorer()
    explorer.set(**values)
    explorer.choose(name)
    assert explorer.trouble.value == ""
    for svg in pictures(explorer):
        check_svg(svg)
    numbers, cuts = explorer.numbers(), [values[f"cut{k}"] for k in (1, 2, 3)]
    assert numbers["measured"] == pytest.approx(slope(values, cuts), abs=1e-5)
    assert numbers["measured_full"] == pytest.approx(slope(values, [False] * 3), abs=1e-5)
    assert numbers["total"] == pytest.approx(numbers["measured"], abs=1e-6)
    missing = sum(p for p, cut in zip(numbers["products"], cuts, strict=True) if cut)
    difference = numbers["measured_full"] - numbers["measured"]
    assert difference == pytest.approx(missing, abs=1e-6)
    assert "✓" in texts(pictures(explorer)[1])
    for word in ("nan", "inf", "None"):
        assert word not in explorer.describe(numbers)


@PROPERTY
@given(st.fixed_dictionaries(INPUTS), st.sampled_from([0, 1, 2]))
def test_what_a_cut_takes_away_is_that_path_s_product(values, k):
    explorer = PathsExplorer()
    explorer.set(**values, **{f"cut{k + 1}": True})
    numbers = explorer.numbers()
    difference = numbers["measured_full"] - numbers["measured"]
    assert difference == pytest.approx(numbers["products"][k], abs=1e-6)


@pytest.mark.parametrize("cuts", [*product([False, True], repeat=3)])
def test_a_cut_moves_no_value(cuts):
    explorer = PathsExplorer()
    values = explorer.numbers()["values"]
    explorer.set(**{f"cut{k + 1}": cut for k, cut in enumerate(cuts)})
    assert explorer.numbers()["values"] == values
    assert explorer.numbers()["values"]["y"] == pytest.approx(circuit(1.5, 1.5, 1.5, -0.5, -1.4))


@PROPERTY
@given(st.fixed_dictionaries(INPUTS))
def test_every_edge_has_its_measured_slope(values):
    explorer = PathsExplorer()
    explorer.set(**values)
    numbers = explorer.numbers()
    steps = {
        "s": lambda v: v["a"] + v["b"],
        "p": lambda v: v["a"] * v["s"],
        "q": lambda v: v["s"] + v["c"],
        "y": lambda v: v["p"] * v["q"],
    }
    assert {edge[1] for edge in numbers["edges"]} == set(steps)
    for (before, after), (_, analytic) in numbers["edges"].items():
        there, back = (
            steps[after](numbers["values"] | {before: numbers["values"][before] + h})
            for h in (1e-3, -1e-3)
        )
        assert analytic == pytest.approx((there - back) / 2e-3, abs=1e-9)
    for path in numbers["paths"]:
        assert path.slopes == tuple(numbers["edges"][edge] for edge in pairwise(path.route))


@PROPERTY
@given(SETTINGS)
def test_the_code_gives_the_same_numbers(values):
    explorer = PathsExplorer()
    explorer.set(**values)
    made, numbers = {}, explorer.numbers()
    exec(explorer.code(), made)
    for name in ("products", "total", "measured"):
        assert made[name] == pytest.approx(numbers[name], abs=1e-6), name


def test_presets():
    explorer = PathsExplorer()
    explorer.use_preset("paths cancel")
    numbers = explorer.numbers()
    assert numbers["total"] == pytest.approx(0, abs=1e-12)
    assert min(map(abs, numbers["products"])) > 0.4
    explorer.use_preset("a is 0")
    numbers = explorer.numbers()
    assert numbers["products"][1:] == [0, 0]
    assert numbers["products"][0] > 1


def test_choosing_lights_ribbon_and_row_and_shows_the_factors():
    explorer = PathsExplorer()
    for name in NAMES:
        explorer.choose(name)
        for svg in pictures(explorer):
            pressed = [g.get("data-name") for g in parsed(svg).iter() if g.get("role") == "button"]
            chosen = [
                g.get("data-name") for g in parsed(svg).iter() if g.get("aria-pressed") == "true"
            ]
            assert (pressed, chosen) == (NAMES, [name])
    assert "a→s→q→y: ds/da = 1, dq/ds = 1, dy/dq = p" in texts(pictures(explorer)[0])
    assert "1.000 × 1.000 × 1.500 = 1.5000" in texts(pictures(explorer)[0])
    with pytest.raises(ValueError, match="'a-b' is no path: there are a-p-y"):
        explorer.choose("a-b")


def test_a_cut_is_seen_in_the_formula_the_ribbon_and_the_row():
    explorer = PathsExplorer()
    explorer.set(cut1=True)
    ribbons, table = pictures(explorer)
    assert "y = 1.500 · (a₂ + b) · ((a₃ + b) + c)" in texts(ribbons)
    assert "1.000 × (−0.400) = −0.4000: cut, so it counts for nothing" in texts(ribbons)
    assert ribbons.count('stroke-dasharray="2 4"') == 2  # the ribbon and the legend
    assert "a→p→y (cut)" in texts(table)
    assert "path a→p→y: 1.000 × (−0.400) = −0.4000, cut" in description(table)


def test_reset_is_exact():
    explorer = PathsExplorer()
    picture, shown = explorer.view.svg, explorer.shown
    explorer.set(a=0.3, c=2.0, cut3=True)
    explorer.choose("a-s-p-y")
    assert (explorer.view.svg, explorer.shown) != (picture, shown)
    explorer.reset()
    assert (explorer.view.svg, explorer.shown) == (picture, shown)


def test_text_states_what_the_picture_shows():
    explorer = PathsExplorer()
    explorer.set(cut2=True)
    assert explorer._repr_mimebundle_()["text/plain"] == (
        "a = 1.500, b = −0.500, c = −1.400, s = 1.000, p = 1.500, q = −0.400, y = −0.600\n"
        "a→p→y: 1.000 × (−0.400) = −0.4000\n"
        "a→s→p→y: 1.000 × 1.500 × (−0.400) = −0.6000 (cut)\n"
        "a→s→q→y: 1.000 × 1.000 × 1.500 = 1.5000\n"
        "Sum of the paths not cut: 1.1000; measured: 1.1000\n"
        "Measured with nothing cut: 0.5000; difference: −0.6000"
    )
    ribbons, table = pictures(explorer)
    assert "dy/da = 1.100, over the paths that are not cut" in texts(ribbons)
    assert "q = s + c = −0.400" in description(ribbons)
    for said in ("sum of the paths not cut 1.1000", "measured, nothing cut 0.5000"):
        assert said in description(table)


# ---- The pictures ---------------------------------------------------------------------------


def two_paths(first, second, cut=False):
    """From x to y directly, and over m."""
    nodes = [
        Node("x", "", 1.0, (60, 100)),
        Node("m", "m = x", 1.0, (300, 200)),
        Node("y", "y = x + m", 2.0, (560, 100)),
    ]
    edges = {("x", "y"): ("f", first), ("x", "m"): ("1", 1.0), ("m", "y"): ("g", second)}
    direct = Path(("x", "y"), (("f", first),), cut)
    return nodes, edges, [direct, Path(("x", "m", "y"), (("1", 1.0), ("g", second)))]


def ribbons(svg):
    """Of each ribbon: its width, its dashes and its colour."""
    buttons = [g for g in parsed(svg).iter(f"{SVG}g") if g.get("data-name")]
    first = [next(g.iter(f"{SVG}path")) for g in buttons]
    return [
        (float(p.get("stroke-width")), p.get("stroke-dasharray"), p.get("stroke")[9:17])
        for p in first
    ]


def test_width_is_size_and_dashes_and_hue_are_sign():
    (wide, solid, positive), (narrow, dashed, negative) = ribbons(
        path_ribbons(*two_paths(4.0, -2.0), "x-y", "y = x + m")
    )
    assert (solid, positive) == (None, "backward")
    assert (dashed, negative[:7]) == ("10 5", "forward")
    assert (wide - 1.5) == pytest.approx(2 * (narrow - 1.5))
    (thin, dotted, _), _ = ribbons(path_ribbons(*two_paths(4.0, -2.0, cut=True), "", "y"))
    assert (thin, dotted) == (1.5, "2 4")


def test_a_slope_lies_on_its_ribbon_and_lets_clicks_through():
    root = parsed(path_ribbons(*two_paths(4.0, -2.0), "x-y", "y = x + m"))
    slopes = [g for g in root.iter(f"{SVG}g") if g.get("pointer-events") == "none"]
    assert [g.find(f"{SVG}text").text for g in slopes] == ["4.00", "1.00", "−2.00"]
    ways = [re.findall(r"[\d.]+ [\d.]+", p.get("d")) for p in root.iter(f"{SVG}path")]
    for g, middle in zip(slopes, [ways[0][6], ways[2][6], ways[2][19]], strict=True):
        ground = g.find(f"{SVG}rect")
        place = float(ground.get("x")) + 23, float(ground.get("y")) + 8
        assert place == pytest.approx(tuple(map(float, middle.split())), abs=0.1)


ANY = st.floats(-1e5, 1e5)


@PROPERTY
@given(ANY, ANY, st.booleans(), ANY, ANY)
def test_any_numbers_can_be_drawn(first, second, cut, held, full):
    nodes, edges, paths = two_paths(first, second, cut)
    check_svg(path_ribbons(nodes, edges, paths, "x-y", "y = x + m"))
    check_svg(paths_table(paths, held, full, "x-y"))


def test_the_lamp_does_not_lie():
    paths = two_paths(4.0, -2.0)[2]
    assert "✓" in texts(paths_table(paths, 2.0, 2.0, ""))
    wrong = texts(paths_table(paths, 2.1, 2.1, ""))
    assert "✓" not in wrong
    assert "✕" in wrong
