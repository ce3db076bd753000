"""Three ways down: paths and surface are those of the engine, wherever the walk begins."""

import re
from functools import cache

import numpy as np
import pytest
from driving import at_start, interrupted_at
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import SVG, check_svg, description, parsed

import bp_helpers as bp
from bp_helpers.explorers import DescentExplorer
from bp_helpers.explorers.controls import RATES
from bp_helpers.explorers.descent import LOSSES, TwoWeights, two_weights
from bp_helpers.pictures import short

PROPERTY = settings(max_examples=25)
PLACES = {
    "a neuron's weight and bias": [("W2", (0, 0)), ("b2", (0,))],
    "two weights to one output": [("W2", (0, 0)), ("W2", (1, 0))],
    "two weights on one path": [("W1", (0, 1)), ("W2", (1, 1))],
    "two weights from one input": [("W1", (0, 1)), ("W1", (0, 0))],
}
OPTIMIZERS = {
    "gradient descent": ("gradient_descent", bp.GradientDescent),
    "momentum": ("momentum", bp.Momentum),
    "Adam": ("adam", bp.Adam),
}
STARTS = st.floats(-8, 8)
CONTROLS = st.fixed_dictionaries(
    {},
    optional={
        "pair": st.sampled_from(list(PLACES)),
        "optimizer": st.sampled_from(list(OPTIMIZERS)),
        "seen": st.sampled_from(["from above", "as a landscape"]),
        "gradient_descent": st.sampled_from(RATES),
        "momentum": st.sampled_from(RATES),
        "adam": st.sampled_from(RATES),
        "steps": st.integers(1, 40),
        "start0": STARTS,
        "start1": STARTS,
    },
)


@pytest.fixture
def explorer():
    """One explorer for all: what it computed for one test must not show in another."""
    return at_start(DescentExplorer)


@cache
def trained():
    penguins = bp.load_penguins()
    rows = [k for k in range(len(penguins.y_train)) if penguins.y_train[k] in (0, 1)]
    x, y = penguins.x_train[rows], np.eye(2)[penguins.y_train[rows]]
    network = bp.running_example().network
    bp.fit(network, bp.Adam(network, 0.02), x, y, 300, len(x), np.random.default_rng(0))
    return x, y, [value.copy() for value in network.parameters.values()]


def network_at(pair, values):
    network = bp.running_example().network
    arrays = {}
    for (name, array), value in zip(network.parameters.items(), trained()[2], strict=True):
        array[...] = value
        arrays[name] = array
    for (name, index), value in zip(PLACES[pair], values, strict=True):
        arrays[name][index] = value
    return network, arrays


def walked(pair, optimizer, rate, start, steps):
    """The path in another way: all parameters step, then all but the two are put back."""
    x, y, others = trained()
    network, arrays = network_at(pair, start)
    walker = OPTIMIZERS[optimizer][1](network, rate)
    points, losses = [start], [network.loss_value(x, y)]
    for _ in range(steps):
        network.backward()
        walker.step()
        point = [arrays[name][index] for name, index in PLACES[pair]]
        for array, value in zip(arrays.values(), others, strict=True):
            array[...] = value
        for (name, index), value in zip(PLACES[pair], point, strict=True):
            arrays[name][index] = value
        points.append(point)
        losses.append(network.loss_value(x, y))
    return np.array(points), np.array(losses)


def check_shown(explorer):
    assert explorer.trouble.value == ""
    for part in explorer.picture:
        check_svg(part)


def test_the_axis_of_losses_holds_whatever_is_moved(explorer):
    def axis():
        chart = [*explorer.picture][1]
        return re.findall(r'<text[^>]*text-anchor="end"[^>]*>([^<]+)</text>', chart.svg)

    before = axis()
    assert before[0] == "0.01"
    assert before[-1] == "1"
    for moved in ({"start0": 3.0}, {"steps": 1}, {"gradient_descent": 100.0}):
        explorer.set(**moved)
        assert axis() == before


def test_no_loss_leaves_the_axis():
    for pair in PLACES:
        z = two_weights(pair).surface.z
        assert LOSSES[0] < z.min() < z.max() < LOSSES[1]


def surface_of(explorer):
    return next(iter(explorer.picture))


@PROPERTY
@given(moves=st.lists(CONTROLS, min_size=1, max_size=3))
def test_driven_at_random_it_shows_what_the_engine_gives(moves):
    explorer = at_start(DescentExplorer)
    for move in moves:
        explorer.set(**move)
        check_shown(explorer)
    values, numbers = explorer.values, explorer.numbers
    for path in numbers.paths:
        rate = values[OPTIMIZERS[path.name][0]]
        start = (values["start0"], values["start1"])
        points, losses = walked(values["pair"], path.name, rate, start, values["steps"])
        assert np.allclose(path.points, points, rtol=1e-9, atol=1e-9), path.name
        assert np.allclose(path.losses, losses, rtol=1e-9, atol=1e-12), path.name


@pytest.mark.parametrize("pair", PLACES)
def test_only_the_two_weights_move(explorer, pair):
    explorer.set(pair=pair, adam=5.0, momentum=50.0)
    weights = two_weights(pair)
    _, _, others = trained()
    for (name, array), other in zip(weights.network.parameters.items(), others, strict=True):
        moved = {tuple(map(int, index)) for index in np.argwhere(array != other)}
        assert moved <= {index for array_name, index in PLACES[pair] if array_name == name}


@pytest.mark.parametrize("pair", PLACES)
def test_the_first_step_goes_against_the_measured_slope(explorer, pair):
    explorer.set(pair=pair, gradient_descent=0.01)
    path = explorer.numbers.paths[0]
    x, y, _ = trained()
    for k in (0, 1):
        ends = []
        for nudge in (-1e-5, 1e-5):
            values = path.points[0].copy()
            values[k] += nudge
            ends.append(network_at(pair, values)[0].loss_value(x, y))
        slope = (ends[1] - ends[0]) / 2e-5
        assert path.points[1, k] - path.points[0, k] == pytest.approx(-0.01 * slope, rel=1e-4)


@pytest.mark.parametrize("pair", PLACES)
def test_the_surface_is_the_loss(pair):
    weights, surface = two_weights(pair), two_weights(pair).surface
    x, y, _ = trained()
    for values in ((-8.0, 8.0), (0.5, -3.0)):
        expected = network_at(pair, values)[0].loss_value(x, y)
        assert weights.loss(*values) == pytest.approx(expected, rel=1e-12)
    # A point on a contour line has the loss of that line, up to the coarseness of the grid.
    outlines = [path.get("d") for path in parsed(f"{SVG_OPEN}{surface.svg}</svg>")]
    assert len(outlines) == len(surface.levels) >= 5
    for level, outline in zip(surface.levels, outlines, strict=True):
        px, py = np.array(re.findall(r"[ML]([\d.]+) ([\d.]+)", outline), dtype=float).T
        u, v = -8 + (px - 112) * 16 / 306, 8 - (py - 62) * 16 / 306
        inside = (abs(u) < 7.9) & (abs(v) < 7.9)
        found = [weights.loss(*at) for at in zip(u[inside][::5], v[inside][::5], strict=True)]
        assert np.median(found) == pytest.approx(level, rel=0.03), level


SVG_OPEN = f'<svg xmlns="{SVG[1:-1]}">'


def test_the_dots_lie_where_the_path_goes(explorer):
    explorer.set(steps=5)
    path = explorer.numbers.paths[0]
    circles = list(parsed(surface_of(explorer)).iter(f"{SVG}circle"))
    drawn = {(float(c.get("cx")), float(c.get("cy"))) for c in circles}
    for u, v in path.points:
        x, y = 112 + (u + 8) * 306 / 16, 62 + (8 - v) * 306 / 16
        assert any(abs(x - a) < 0.02 and abs(y - b) < 0.02 for a, b in drawn)
    assert len(circles) == 6


@pytest.mark.parametrize("pair", PLACES)
def test_the_landscape_shows_the_same_paths(explorer, pair):
    explorer.set(pair=pair, optimizer="momentum", steps=12)
    words, chart = description(surface_of(explorer)), tuple(explorer.picture)[1]
    explorer.set(seen="as a landscape")
    check_shown(explorer)
    landscape, beside = explorer.picture
    assert description(landscape) == words
    assert beside == chart
    numbers = explorer.numbers
    path = next(path for path in numbers.paths if path.name == "momentum")
    shown = numbers.surface.stays_until(path) + 1
    circles = list(parsed(landscape).iter(f"{SVG}circle"))
    drawn = np.array([(float(c.get("cx")), float(c.get("cy"))) for c in circles])
    lie = numbers.landscape.place(np.column_stack([path.points, path.losses])[:shown])
    assert np.allclose(drawn, [*lie[1:], lie[0]], atol=0.01)  # the start lies over the others


def test_a_preset_leaves_the_way_of_looking_as_it_is(explorer):
    explorer.set(seen="as a landscape")
    explorer.use_preset("plateau")
    assert explorer.values["seen"] == "as a landscape"
    assert explorer.values["steps"] == 40
    explorer.reset()
    assert explorer.values["seen"] == "from above"


def test_a_path_that_leaves_is_cut_and_said_so(explorer):
    explorer.set(optimizer="Adam", adam=6.0)
    check_shown(explorer)
    path = next(path for path in explorer.numbers.paths if path.name == "Adam")
    outside = np.abs(path.points).max(axis=1) > 8
    assert outside.any()
    said = f"leaves the picture at step {outside.argmax()}"
    assert said in description(surface_of(explorer))
    circles = list(parsed(surface_of(explorer)).iter(f"{SVG}circle"))
    assert len(circles) == outside.argmax()


def test_the_steps_shown_are_the_first_of_the_same_path(explorer):
    explorer.set(steps=40)
    long = explorer.numbers.paths
    explorer.set(steps=7)
    for path, whole in zip(explorer.numbers.paths, long, strict=True):
        assert len(path.points) == len(path.losses) == 8
        assert np.array_equal(path.points, whole.points[:8])


@pytest.mark.parametrize("optimizer", ["momentum", "Adam"])
def test_interrupted_within_a_step_a_path_is_the_same_afterwards(optimizer):
    asked = optimizer, 0.5, (-5.0, 6.0), 20
    whole = TwoWeights("two weights on one path").walk(*asked)
    weights = TwoWeights("two weights on one path")
    # the optimizer remembers a step to a point that is not known yet
    with interrupted_at(TwoWeights, "_at", 8), pytest.raises(KeyboardInterrupt):
        weights.walk(*asked)
    again = weights.walk(*asked)
    np.testing.assert_array_equal(again.points, whole.points)
    np.testing.assert_array_equal(again.losses, whole.losses)


def test_the_axis_of_steps_holds_and_the_last_one_is_dragged_along_it(explorer):
    for steps in (1, 20, 40):
        explorer.set(steps=steps, optimizer="Adam")
        chart = parsed(tuple(explorer.picture)[1])
        (hand,) = (part for part in chart.iter() if part.get("data-x"))
        assert hand.get("data-x") == "steps 0 40 64 334"
        (end,) = hand.iter(f"{SVG}circle")
        assert float(end.get("cx")) == pytest.approx(64 + 270 * steps / 40)


def test_the_start_sliders_are_called_after_the_weights(explorer):
    explorer.set(pair="two weights on one path")
    assert start_labels(explorer) == ["start W1[0,1]", "start W2[1,1]"]
    explorer.reset()
    assert start_labels(explorer) == ["start W2[0,0]", "start b2[0]"]


def start_labels(explorer):
    return [explorer.handles[name].description for name in ("start0", "start1")]


def test_an_unknown_pair_is_refused_and_nothing_moves(explorer):
    before = explorer.shown
    with pytest.raises(ValueError, match=r"pair cannot be 'none': there are \[.a neuron's"):
        explorer.set(steps=3, pair="none")
    assert explorer.shown == before


def losses_of(explorer):
    check_shown(explorer)
    return {path.name: path.losses for path in explorer.numbers.paths}


def test_the_presets_show_what_their_names_say(explorer):
    explorer.use_preset("jumps across")
    zigzag = losses_of(explorer)["gradient descent"]
    assert zigzag[1] > zigzag[0]
    assert zigzag[-1] < zigzag[0] / 5

    explorer.use_preset("plateau")
    losses = losses_of(explorer)
    assert losses["gradient descent"][10] > 0.9 * losses["gradient descent"][0]
    assert losses["Adam"][10] < 0.3 * losses["Adam"][0]

    explorer.use_preset("momentum swings over")
    swinging = losses_of(explorer)["momentum"]
    up_again = np.flatnonzero(np.diff(swinging) > 0)
    assert swinging[up_again[0]] < 0.5 * swinging[0]
    assert swinging[-1] < swinging[up_again[0]] / 5
    momentum = explorer.numbers.paths[1]
    assert explorer.numbers.surface.stays_until(momentum) == 40

    explorer.use_preset("momentum misses the turn")
    losses = losses_of(explorer)
    assert losses["momentum"][-1] > 4 * losses["gradient descent"][-1]


def test_words_state_the_numbers(explorer):
    surface, chart = explorer.picture
    assert (
        "From W2[0,0] = −5.000, b2[0] = 6.000, loss 0.1198. Chosen: gradient descent."
        in surface.words
    )
    for path in explorer.numbers.paths:
        for value in (*path.points[-1], path.losses[-1]):
            assert short(value) in surface.words
        assert f"{path.name}, learning rate {path.rate:g}: after 20 steps" in surface.words
        start, end = short(path.losses[0]), short(path.losses[-1])
        assert f"{path.name}: from {start} to {end}." in chart.words
