"""The whole network: driven at random, it shows the engine's numbers for any penguin."""

import re

import numpy as np
import pytest
from driving import PARAMETERS, act, at_start, engine_of, move_in_page, own_table
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, parsed

from bp_helpers import Adam, check_gradients, fit, load_penguins, running_example
from bp_helpers.explorers import WholeNetworkExplorer
from bp_helpers.explorers.forward import CELLS, EXTENT
from bp_helpers.explorers.trained_network import (
    network_with,
    rounded_parameters,
    trained_parameters,
    two_species,
)
from bp_helpers.pictures import grid, number

NAMES = [*PARAMETERS, *(f"d{name}" for name in PARAMETERS), "Z1[1]", "dA1[2]", "dX[0]", "loss"]
MOVES = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {},
            optional={
                "penguin": st.integers(0, 218),
                **dict.fromkeys(("x0", "x1"), st.integers(-300, 300).map(lambda k: k / 100)),
                **dict.fromkeys(("y0", "y1"), st.integers(0, 20).map(lambda k: k / 20)),
            },
        ),
        st.tuples(st.sampled_from(PARAMETERS), st.integers(-600, 600).map(lambda k: k / 100)),
        st.sampled_from(NAMES),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture
def explorer():
    return at_start(WholeNetworkExplorer)


def labels_in(part):
    """What each part that can be chosen says of itself."""
    return {n.get("data-name"): n.get("aria-label") for n in parsed(part).iter()}


@settings(max_examples=25)
@given(MOVES)
def test_any_controls_show_the_engines_numbers(moves):
    explorer = at_start(WholeNetworkExplorer)
    act(explorer, moves)
    assert explorer.trouble.value == ""
    numbers = explorer.numbers
    engine, x, y = engine_of(explorer)
    assert check_gradients(engine, x, y).ok
    trace = engine.trace(x, y)
    for name, array in trace.items():
        assert np.array_equal(numbers.trace[name], array), name
    everywhere = engine.forward(grid(EXTENT, CELLS)).reshape(CELLS, CELLS, 2)
    assert np.allclose(numbers.surface, everywhere, rtol=1e-12)
    diagram, bars, surface = explorer.picture
    in_diagram, in_bars = labels_in(diagram), labels_in(bars)
    for name in PARAMETERS:
        gradient, _, index = f"d{name}".removesuffix("]").partition("[")
        value = trace[gradient][tuple(int(k) for k in index.split(","))]
        for labels in (in_diagram, in_bars):
            assert labels[f"d{name}"] == f"d{name} = {number(value)}"
    check_svg(bars)
    assert f"{100 * numbers.right:.1f} % of 219 classified correctly" in surface.words


@pytest.mark.parametrize("k", [0, 57, 140, 218])
def test_a_penguin_brings_its_measurements_and_its_species(explorer, k):
    explorer.set(penguin=k)
    x, y = explorer.numbers.trace["X"][0], explorer.numbers.trace["Y"][0]
    data = load_penguins()
    everyone = np.concatenate([data.x_train, data.x_test])
    species = np.append(data.y_train, data.y_test)
    same = np.abs(everyone - x).max(axis=1) <= 0.00501
    assert y.argmax() in species[same]
    assert sorted(y) == [0, 1]
    said = explorer.picture.words
    assert f"Penguin {k}, from 0, the surest, to 218, the most wrong." in said


@pytest.mark.parametrize(("beyond", "end"), [(-1, 0), (219, 218), (10**6, 218)])
def test_beyond_the_last_penguin_there_is_the_last(explorer, beyond, end):
    explorer.set(penguin=end)
    there = explorer.view.svg
    explorer.reset()
    move_in_page(explorer, penguin=beyond)
    assert explorer.values["penguin"] == end
    assert explorer.view.svg == there


def test_moved_by_hand_a_penguin_is_drawn_once(explorer):
    drawn = []
    explorer.view.observe(lambda change: drawn.append(change["new"]), "shown")
    explorer.handles["penguin"].value = 10
    assert len(drawn) == 1
    assert (explorer.values["x0"], explorer.values["y0"]) == (
        explorer.numbers.trace["X"][0, 0],
        explorer.numbers.trace["Y"][0, 0],
    )


def test_from_left_to_right_the_loss_grows(explorer):
    losses = []
    for k in range(0, 219, 6):
        explorer.set(penguin=k)
        losses.append(explorer.numbers.trace["loss"])
    assert losses == sorted(losses)
    explorer.use_preset("most wrong")
    wrong = explorer.numbers.trace
    assert wrong["A2"].argmax() != wrong["Y"].argmax()
    explorer.use_preset("surest")
    assert explorer.numbers.trace["loss"] < wrong["loss"] / 1000


def test_it_starts_with_the_running_examples_penguin_and_trained_parameters(explorer):
    trace, example = explorer.numbers.trace, running_example()
    assert np.array_equal(trace["X"], example.x)
    assert np.array_equal(trace["Y"], example.y)
    assert trace["loss"] < example.network.loss_value(example.x, example.y) / 100
    assert explorer.numbers.right > 0.97


def test_trained_means_trained_from_the_running_example():
    network = running_example().network
    x, y = two_species()
    fit(network, Adam(network, 0.02), x, y, 300, len(x), np.random.default_rng(0))
    for name, array in network.parameters.items():
        assert np.array_equal(array, trained_parameters()[name]), name
        assert np.array_equal(np.round(array, 1), rounded_parameters()[name]), name
        now = network_with(rounded_parameters()).parameters[name]
        assert np.array_equal(now, rounded_parameters()[name])


# ---- A table of one's own ------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path):
    """Three hundred rows of two kinds, more than there are penguins, one of them far out."""
    rng = np.random.default_rng(3)
    rows = [(x, y, "ripe" if x + y > 0 else "raw") for x, y in rng.normal(0, 1, (299, 2)).round(3)]
    return own_table(tmp_path, "sugar,colour,state", [(40, 0, "ripe"), *rows])


def test_it_takes_a_table_of_ones_own_and_trains_with_it(own):
    explorer = WholeNetworkExplorer(own)
    network = running_example().network
    x, y = own.x_train, np.eye(2)[own.y_train]
    fit(network, Adam(network, 0.02), x, y, 300, len(x), np.random.default_rng(0))
    for name, array in network.parameters.items():
        assert np.array_equal(np.round(array, 1), explorer.state[name]), name
    assert explorer.numbers.right > 0.9
    explorer.use_preset("most wrong")
    assert explorer.values["penguin"] == 299
    losses = []
    for k in range(0, 300, 13):
        explorer.set(penguin=k)
        losses.append(explorer.numbers.trace["loss"])
    assert losses == sorted(losses)
    explorer.use_preset("most wrong")
    said = explorer.words + explorer.view.svg
    for word in ("Example 299, from 0, the surest, to 299", "sugar", "colour", "ripe", "raw"):
        assert word in said
    for penguin in ("Adelie", "Chinstrap", "bill", "enguin"):
        assert penguin not in said


def test_reset_leads_back_to_the_own_table_and_its_code_names_it(own):
    explorer = WholeNetworkExplorer(own)
    before = explorer.view.svg
    explorer.choose("W1[1,1]")
    explorer.set(penguin=40, parameter=2.0)
    made = {}
    exec(explorer.code(), made)
    assert made["numbers"].right == explorer.numbers.right
    explorer.reset()
    assert explorer.view.svg == before
    assert explorer.state["data"] is own


def test_everything_is_known_at_once(explorer):
    assert "step" not in explorer.handles
    diagram, _, _ = explorer.picture
    for name in explorer.numbers.trace:
        assert f"\n{name}: " in diagram.words


@pytest.mark.parametrize("name", ["W2[1,0]", "b1[2]", "dW1[1,1]"])
def test_what_is_chosen_is_chosen_in_both_pictures(explorer, name):
    explorer.choose(name)
    gradient = name if name[0] == "d" else f"d{name}"
    diagram, bars, _ = explorer.picture
    assert re.findall(r'data-name="([^"]*)"[^>]*aria-pressed="true"', diagram.svg) == [name]
    assert re.findall(r'data-name="([^"]*)"[^>]*aria-pressed="true"', bars.svg) == [gradient]
    assert explorer.handles["parameter"].description == gradient.removeprefix("d")
