"""The whole network: driven at random, it shows the engine's numbers for any penguin."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, parsed, texts

from bp_helpers import check_gradients, fit, load_penguins, running_example
from bp_helpers.explorers import WholeNetworkExplorer
from bp_helpers.explorers.two_species import trained_example, trained_parameters, two_species
from bp_helpers.optimizers import Adam
from bp_helpers.pictures import number
from bp_helpers.pictures.gradient_bars import SCALE, gradient_bars

PROPERTY = settings(deadline=None, derandomize=True, max_examples=25)
PARAMETERS = [
    f"{name}[{','.join(map(str, index))}]"
    for name, array in running_example().network.parameters.items()
    for index in np.ndindex(array.shape)
]
NAMES = [*PARAMETERS, *(f"d{name}" for name in PARAMETERS), "Z1[1]", "dA1[2]", "dX[0]", "loss"]
MOVED = st.fixed_dictionaries(
    {},
    optional={
        "penguin": st.integers(0, 218),
        **dict.fromkeys(("x0", "x1"), st.integers(-300, 300).map(lambda k: k / 100)),
        **dict.fromkeys(("y0", "y1"), st.integers(0, 20).map(lambda k: k / 20)),
        "parameter": st.integers(-600, 600).map(lambda k: k / 100),
    },
)
ACTIONS = st.lists(st.one_of(MOVED, st.sampled_from(NAMES)), min_size=1, max_size=6)
FRESH = WholeNetworkExplorer()


@pytest.fixture(scope="module")
def explorer():
    return WholeNetworkExplorer()


def act(explorer, actions):
    explorer.reset()
    for action in actions:
        explorer.choose(action) if isinstance(action, str) else explorer.set(**action)


def pictures(explorer):
    return re.findall(r"<svg.*?</svg>", explorer.view.svg, re.DOTALL)


@PROPERTY
@given(ACTIONS)
def test_any_controls_show_the_engines_numbers(explorer, actions):
    act(explorer, actions)
    assert explorer.trouble.value == ""
    numbers, values = explorer.numbers(), explorer.values
    x, y = np.array([[values["x0"], values["x1"]]]), np.array([[values["y0"], values["y1"]]])
    assert check_gradients(explorer.example.network, x, y).ok
    trace = explorer.example.network.trace(x, y)
    for name, array in trace.items():
        assert np.array_equal(numbers["trace"][name], array), name
    made = {}
    exec(explorer.code(), made)
    assert np.allclose(made["trace"]["dW1"], trace["dW1"], rtol=1e-12, atol=1e-15)
    network, surface, bars = pictures(explorer)
    for name in PARAMETERS:
        gradient, _, index = f"d{name}".removesuffix("]").partition("[")
        value = trace[gradient][tuple(int(k) for k in index.split(","))]
        label = (
            f'data-name="d{name}" role="button" tabindex="0" aria-label="d{name} = {number(value)}"'
        )
        assert label in network
        assert label in bars
    check_svg(bars)
    assert "nan" not in re.sub(r"base64,[^\"]*", "", surface)


@PROPERTY
@given(ACTIONS)
def test_reset_restores_exactly(explorer, actions):
    act(explorer, actions)
    explorer.reset()
    assert explorer.values == FRESH.values
    assert explorer.view.svg == FRESH.view.svg


@pytest.mark.parametrize("k", [0, 57, 140, 218])
def test_a_penguin_brings_its_measurements_and_its_species(explorer, k):
    explorer.reset()
    explorer.set(penguin=k)
    x, y = explorer.numbers()["trace"]["X"][0], explorer.numbers()["trace"]["Y"][0]
    data = load_penguins()
    everyone = np.concatenate([data.x_train, data.x_test])
    species = np.append(data.y_train, data.y_test)
    same = np.abs(everyone - x).max(axis=1) <= 0.00501
    assert y.argmax() in species[same]
    assert sorted(y) == [0, 1]
    said = explorer.describe(explorer.numbers())
    assert f"Penguin {k}, from 0, the surest, to 218, the most wrong." in said


def test_moved_by_hand_a_penguin_draws_once(explorer, monkeypatch):
    explorer.reset()
    drawn = []
    draw = explorer.draw
    monkeypatch.setattr(explorer, "draw", lambda numbers: drawn.append(1) or draw(numbers))
    explorer.penguin.value = 10
    assert len(drawn) == 1
    assert (explorer.values["x0"], explorer.values["y0"]) == (
        explorer.numbers()["trace"]["X"][0, 0],
        explorer.numbers()["trace"]["Y"][0, 0],
    )


def test_from_left_to_right_the_loss_grows(explorer):
    explorer.reset()
    losses = []
    for k in range(0, 219, 6):
        explorer.set(penguin=k)
        losses.append(explorer.numbers()["trace"]["loss"])
    assert losses == sorted(losses)
    explorer.use_preset("most wrong")
    wrong = explorer.numbers()["trace"]
    assert wrong["A2"].argmax() != wrong["Y"].argmax()
    explorer.use_preset("surest")
    assert explorer.numbers()["trace"]["loss"] < wrong["loss"] / 1000


def test_it_starts_with_the_running_examples_penguin_and_trained_parameters(explorer):
    explorer.reset()
    trace, example = explorer.numbers()["trace"], running_example()
    assert np.array_equal(trace["X"], example.x)
    assert np.array_equal(trace["Y"], example.y)
    assert trace["loss"] < example.network.loss_value(example.x, example.y) / 100
    assert explorer.numbers()["right"] > 0.97


def test_trained_means_trained_from_the_running_example():
    network = running_example().network
    x, y = two_species()
    fit(network, Adam(network, 0.02), x, y, 300, len(x), np.random.default_rng(0))
    rounded = trained_example().network.parameters
    for (name, array), kept in zip(network.parameters.items(), trained_parameters(), strict=True):
        assert np.array_equal(array, kept), name
        assert np.array_equal(np.round(kept, 1), rounded[name]), name


def test_there_is_no_step_to_control(explorer):
    assert "step" not in explorer.controls
    assert explorer.describe(explorer.numbers()).startswith("Everything at once.\nX: ")


@pytest.mark.parametrize("name", ["W2[1,0]", "b1[2]", "dW1[1,1]"])
def test_what_is_chosen_is_chosen_in_both_pictures(explorer, name):
    explorer.reset()
    explorer.choose(name)
    gradient = name if name[0] == "d" else f"d{name}"
    network, _, bars = pictures(explorer)
    assert re.findall(r'data-name="([^"]*)"[^>]*aria-pressed="true"', network) == [name]
    assert re.findall(r'data-name="([^"]*)"[^>]*aria-pressed="true"', bars) == [gradient]
    assert explorer.parameter.description == gradient.removeprefix("d")


# ---- The bars ---------------------------------------------------------------------------------


def bar_of(svg, name):
    (group,) = [g for g in parsed(svg).iter() if g.get("data-name") == name]
    return group[1], len(group)


def test_a_bar_is_as_long_as_its_number_and_dashed_below_zero():
    svg = gradient_bars({"dW1": np.array([[0.15, -0.075]]), "db1": np.array([0.0])})
    up, _ = bar_of(svg, "dW1[0,0]")
    down, _ = bar_of(svg, "dW1[0,1]")
    assert float(up.get("height")) == pytest.approx(28, abs=0.01)
    assert float(up.get("y")) == pytest.approx(SCALE(0.15), abs=0.01)
    assert float(down.get("height")) == pytest.approx(14, abs=0.01)
    assert float(down.get("y")) == SCALE(0)
    assert up.get("stroke-dasharray") is None
    assert down.get("stroke-dasharray")
    assert {"dW1", "db1", "0,1", "0.150", "−0.075"} <= set(texts(svg))
    assert description(svg) == "dW1 0.150, −0.075; db1 0.000. dW1[0,0] is largest: 0.1500."


@pytest.mark.parametrize("value", [0.31, -0.31, 7.0, -12345.0])
def test_what_is_too_long_is_cut_and_says_so(value):
    svg = gradient_bars({"db1": np.array([value, 0.1])}, "db1[0]")
    check_svg(svg)
    bar, parts = bar_of(svg, "db1[0]")
    assert float(bar.get("height")) == 56
    assert parts == bar_of(svg, "db1[1]")[1] + 1
    assert number(value) in texts(svg)


@PROPERTY
@given(st.lists(st.floats(-99, 99), min_size=9, max_size=9), st.sampled_from(["", "dW1[1,2]"]))
def test_any_gradients_can_be_drawn(values, selected):
    check_svg(
        gradient_bars(
            {"dW1": np.reshape(values[:6], (2, 3)), "db1": np.array(values[6:])}, selected
        )
    )
