"""The forward explorer: driven at random, it shows what the engine computes, and never breaks."""

import re

import numpy as np
import pytest
from driving import PARAMETERS, act, at_start, own_table, press, tick
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import texts

from bp_helpers import load_digits, load_penguins
from bp_helpers.explorers import ForwardExplorer, TrainingExplorer, WholeNetworkExplorer
from bp_helpers.explorers.forward import CELLS, EXTENT, SIDE, STEPS
from bp_helpers.pictures import grid, number
from bp_helpers.pictures.surface import LEFT, TOP

NAMES = [
    *PARAMETERS,
    *(f"{kind}{k}[{i}]" for kind in "ZA" for k, n in ((1, 3), (2, 2)) for i in range(n)),
    *("X[0]", "X[1]", "Y[0]", "Y[1]", "loss", "dW1[0,0]", "delta2[1]", "dX[0]"),
]

SPECIES = ["Adelie", "Chinstrap"]


ANYWHERE = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {},
            optional={
                "step": st.integers(0, len(STEPS) - 1),
                **dict.fromkeys(("x0", "x1"), st.floats(-3, 3)),
                **dict.fromkeys(("y0", "y1"), st.floats(0, 1)),
            },
        ),
        st.tuples(st.sampled_from(PARAMETERS), st.floats(-3, 3)),
        st.sampled_from(NAMES),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture
def explorer():
    return at_start(ForwardExplorer)


def hidden_and_output(explorer, x):
    """A1 and A2 without the engine, for any number of penguins."""
    p = explorer.state
    A1 = 1 / (1 + np.exp(-(x @ p["W1"] + p["b1"])))
    return A1, 1 / (1 + np.exp(-(A1 @ p["W2"] + p["b2"])))


@settings(max_examples=40)
@given(actions=ANYWHERE)
def test_any_controls_show_the_engines_numbers(actions):
    explorer = at_start(ForwardExplorer)
    act(explorer, actions)
    assert explorer.trouble.value == ""
    numbers, values = explorer.numbers, explorer.values
    x, y = np.array([[values["x0"], values["x1"]]]), np.array([[values["y0"], values["y1"]]])
    A1, A2 = hidden_and_output(explorer, x)
    assert np.allclose(numbers.trace["A1"], A1)
    assert np.allclose(numbers.trace["A2"], A2)
    assert numbers.trace["loss"] == pytest.approx(((A2 - y) ** 2).sum() / 2)
    _, everywhere = hidden_and_output(explorer, grid(EXTENT, CELLS))
    assert np.allclose(numbers.surface, everywhere.reshape(CELLS, CELLS, 2))
    _, surface = explorer.picture
    said = ", ".join(f"{n} {number(a, 4)}" for n, a in zip(SPECIES, A2[0], strict=True))
    assert f"{said}, so {SPECIES[A2[0].argmax()]}." in surface.words


def test_the_penguins_are_all_of_the_two_species(explorer):
    data = load_penguins()
    x, y = np.concatenate([data.x_train, data.x_test]), np.append(data.y_train, data.y_test)
    two = y < 2
    assert two.sum() == 219
    _, outputs = hidden_and_output(explorer, x[two])
    right = (outputs.argmax(axis=1) == y[two]).mean()
    assert explorer.numbers.right == right
    _, surface = explorer.picture
    assert f"Right: {100 * right:.1f} % of 219" in texts(surface)
    assert f"{100 * right:.1f} % of 219 classified correctly" in surface.words


@pytest.mark.parametrize(("x0", "x1"), [(-0.76, 0.45), (3, -3), (0, 1.5)])
def test_dragging_the_inputs_moves_the_mark_and_leaves_the_surface(explorer, x0, x1):
    image = re.search(r'href="[^"]*"', explorer.view.svg)[0]
    explorer.set(x0=x0, x1=x1)
    assert image in explorer.view.svg
    ring = re.findall(r'<circle cx="(\S+)" cy="(\S+)" r="8"', explorer.view.svg)[-1]
    place = LEFT + SIDE * (x0 + 3) / 6, TOP + SIDE * (3 - x1) / 6
    assert [float(v) for v in ring] == pytest.approx(place, abs=0.01)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_moves_the_surface(explorer, name):
    before = explorer.numbers.surface
    explorer.choose(name)
    explorer.set(parameter=2.5)
    assert not np.array_equal(explorer.numbers.surface, before)


def test_each_step_uses_what_is_known_and_makes_what_no_earlier_one_shows(explorer):
    known = {"X", "Y", "W1", "b1", "W2", "b2"}
    for k, step in enumerate(STEPS):
        explorer.set(step=k)
        assert {*step.used} <= known
        known |= {*step.made}
        diagram, _ = explorer.picture
        assert f"Step {k} of 5. {step.sentence}" in diagram.words
        assert f"Step {k} of 5. {step.sentence}" in texts(diagram)
        for name in step.made:
            assert f"\n{name}: " in diagram.words
        for later in STEPS[k + 1 :]:
            assert not any(f'data-name="{name}' in diagram.svg for name in later.made)


def test_it_speaks_of_no_gradient_and_at_the_end_has_no_dot(explorer):
    assert "gradient" not in explorer.view.svg
    explorer.set(step=5)
    assert "gradient" not in explorer.view.svg
    assert ">·</text>" not in explorer.view.svg


def test_back_next_and_all_move_through_the_steps(explorer):
    seen = []
    for label in ["Back", "Next", "Next", "All", "Next", "Back"]:
        press(explorer, label)
        seen.append(explorer.values["step"])
    assert seen == [0, 1, 2, 5, 5, 4]


def test_play_goes_from_step_to_step_and_ends_at_the_last(explorer):
    explorer.set(step=3)
    explorer.clock.button.value = True
    tick(explorer.view)
    assert (explorer.values["step"], explorer.view.playing) == (4, True)
    tick(explorer.view)
    assert (explorer.values["step"], explorer.view.playing) == (5, False)


def test_the_formula_of_a_chosen_neuron_has_its_numbers(explorer):
    explorer.set(step=1, selected="Z1[1]")
    diagram, _ = explorer.picture
    assert "Chosen: Z1[1] = X[0] × W1[0,1] + X[1] × W1[1,1] + b1[1] =" in diagram.words
    assert "= −0.8010" in diagram.words
    assert "= −0.8010" in diagram.svg


# ---- A table of one's own ------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path):
    rows = [(50 + k, round(3 - k / 10, 1), "late" if k % 3 else "early") for k in range(30)]
    return own_table(tmp_path, "minutes,litres,when", rows)


def test_the_map_takes_a_table_of_ones_own(own):
    explorer = ForwardExplorer(own)
    x, y = np.concatenate([own.x_train, own.x_test]), np.append(own.y_train, own.y_test)
    _, outputs = hidden_and_output(explorer, x)
    assert explorer.numbers.right == (outputs.argmax(axis=1) == y).mean()
    for said in (">minutes<", ">litres<", "minutes (standardised)", ">early<", ">late<"):
        assert said in explorer.view.svg
    for penguin in ("Adelie", "Chinstrap", "bill", "penguin"):
        assert penguin not in explorer.view.svg
        assert penguin not in explorer.words
    assert explorer.values["x0"] == pytest.approx(np.clip(own.x_train[0, 0], -3, 3), abs=0.005)
    assert [explorer.values[f"y{k}"] for k in (0, 1)] == [*np.eye(2)[own.y_train[0]]]
    explorer.set(x0=1.0, step=5)
    explorer.reset()
    assert explorer.state["data"] is own
    assert "a Chinstrap" not in {b.description for b in explorer.children[0].children}


def test_its_code_names_the_table(own):
    explorer = ForwardExplorer(own)
    made = {}
    exec(explorer.code(), made)
    assert made["numbers"].right == explorer.numbers.right


@pytest.mark.parametrize("kind", [ForwardExplorer, WholeNetworkExplorer, TrainingExplorer])
def test_what_a_map_has_no_room_for_is_refused(kind):
    with pytest.raises(TypeError, match=f"{kind.__name__} got str: it takes a data set"):
        kind("mine.csv")
    with pytest.raises(ValueError, match="got 64 numbers and 10 classes: its map has room"):
        kind(load_digits())
    if kind is not TrainingExplorer:
        with pytest.raises(ValueError, match=f"{kind.__name__} got 2 numbers and 3 classes"):
            kind(load_penguins())
