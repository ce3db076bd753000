"""The forward explorer: driven at random, it shows what the engine computes, and never breaks."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bp_helpers import load_penguins, running_example
from bp_helpers.explorers import ForwardExplorer
from bp_helpers.explorers.forward import CELLS, EXTENT, STEPS
from bp_helpers.pictures import number
from bp_helpers.pictures.surface import LEFT, SIDE, TOP, grid

PARAMETERS = [
    f"{name}[{','.join(map(str, index))}]"
    for name, array in running_example().network.parameters.items()
    for index in np.ndindex(array.shape)
]
NAMES = [
    *PARAMETERS,
    *(f"{kind}{k}[{i}]" for kind in "ZA" for k, n in ((1, 3), (2, 2)) for i in range(n)),
    *("X[0]", "X[1]", "Y[0]", "Y[1]", "loss", "dW1[0,0]", "delta2[1]", "dX[0]"),
]

SPECIES = ["Adelie", "Chinstrap"]


def actions(inputs, targets):
    """Draw sequences of choices and of moved controls."""
    controls = {
        "step": st.integers(0, len(STEPS) - 1),
        **dict.fromkeys(("x0", "x1", "parameter"), inputs),
        **dict.fromkeys(("y0", "y1"), targets),
    }
    moved = st.fixed_dictionaries({}, optional=controls)
    return st.lists(st.one_of(moved, st.sampled_from(NAMES)), min_size=1, max_size=6)


ANYWHERE = actions(st.floats(-3, 3), st.floats(0, 1))
BY_HAND = actions(  # where the sliders' steps lead
    st.integers(-300, 300).map(lambda k: k / 100), st.integers(0, 20).map(lambda k: k / 20)
)


@pytest.fixture(scope="module")
def explorer():
    return ForwardExplorer()


FRESH = ForwardExplorer()


def act(explorer, actions):
    explorer.reset()
    for action in actions:
        explorer.choose(action) if isinstance(action, str) else explorer.set(**action)


def pictures(explorer):
    return re.findall(r"<svg.*?</svg>", explorer.view.svg, re.DOTALL)


def parameters(explorer):
    return dict(explorer.example.network.parameters)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(actions=ANYWHERE)
def test_any_controls_show_the_engines_numbers(explorer, actions):
    act(explorer, actions)
    assert explorer.trouble.value == ""
    numbers, values, p = explorer.numbers(), explorer.values, parameters(explorer)
    x, y = np.array([[values["x0"], values["x1"]]]), np.array([[values["y0"], values["y1"]]])
    A1 = 1 / (1 + np.exp(-(x @ p["W1"] + p["b1"])))
    A2 = 1 / (1 + np.exp(-(A1 @ p["W2"] + p["b2"])))
    trace = numbers["trace"]
    assert np.allclose(trace["A1"], A1)
    assert np.allclose(trace["A2"], A2)
    assert trace["loss"] == pytest.approx(((A2 - y) ** 2).sum() / 2)
    assert explorer.example.network.loss_value(x, y) == trace["loss"]
    everywhere = explorer.example.network.forward(grid(EXTENT, CELLS)).reshape(CELLS, CELLS, 2)
    assert np.array_equal(numbers["surface"], everywhere)
    assert np.isfinite(everywhere).all()
    assert "nan" not in re.sub(r"base64,[^\"]*", "", explorer.view.svg)
    for svg in pictures(explorer):
        ET.fromstring(svg)
    said = explorer.describe(numbers)
    shown = ", ".join(f"{n} {number(a, 4)}" for n, a in zip(SPECIES, A2[0], strict=True))
    assert f"The network says {shown}: {SPECIES[A2[0].argmax()]}." in said


@settings(deadline=None, derandomize=True, max_examples=25)
@given(actions=BY_HAND)
def test_code_computes_the_same_numbers(explorer, actions):
    act(explorer, actions)
    made = {}
    exec(explorer.code(), made)
    numbers = explorer.numbers()
    for name, value in numbers["trace"].items():
        assert np.allclose(made["trace"][name], value, rtol=1e-12, atol=1e-15), name
    assert made["right"] == numbers["right"]


@settings(deadline=None, derandomize=True, max_examples=25)
@given(actions=ANYWHERE)
def test_reset_restores_exactly(explorer, actions):
    act(explorer, actions)
    explorer.reset()
    assert explorer.values == FRESH.values
    assert explorer.selected == FRESH.selected
    assert explorer.view.svg == FRESH.view.svg
    for name, array in parameters(FRESH).items():
        assert np.array_equal(parameters(explorer)[name], array)


def test_the_penguins_are_all_of_the_two_species(explorer):
    data = load_penguins()
    assert len(explorer.penguins) == (data.y_train < 2).sum() + (data.y_test < 2).sum() == 219
    explorer.reset()
    decided = explorer.example.network.forward(explorer.penguins).argmax(axis=1)
    right = (decided == explorer.species).mean()
    assert explorer.numbers()["right"] == right
    assert f"Right: {100 * right:.1f} % of 219" in pictures(explorer)[1]
    assert f"Of all 219 penguins it gets {100 * right:.1f} % right." in explorer.describe(
        explorer.numbers()
    )


@pytest.mark.parametrize(("x0", "x1"), [(-0.76, 0.45), (3, -3), (0, 1.5)])
def test_dragging_the_inputs_moves_the_mark_and_leaves_the_surface(explorer, x0, x1):
    explorer.reset()
    image = re.search(r'href="[^"]*"', explorer.view.svg)[0]
    explorer.set(x0=x0, x1=x1)
    assert image in explorer.view.svg
    ring = re.findall(r'<circle cx="(\S+)" cy="(\S+)" r="8"', explorer.view.svg)[-1]
    place = LEFT + SIDE * (x0 + 3) / 6, TOP + SIDE * (3 - x1) / 6
    assert [float(v) for v in ring] == pytest.approx(place, abs=0.01)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_moves_the_surface(explorer, name):
    explorer.reset()
    before = explorer.numbers()["surface"]
    explorer.choose(name)
    assert not explorer.parameter.disabled
    assert explorer.parameter.description == name
    explorer.set(parameter=2.5)
    assert not np.array_equal(explorer.numbers()["surface"], before)


def test_each_step_makes_what_the_next_one_may_use(explorer):
    explorer.reset()
    for k, step in enumerate(STEPS):
        explorer.set(step=k)
        assert set(step.used) <= explorer._known(k - 1)
        said = explorer.describe(explorer.numbers())
        assert said.startswith(f"Step {k} of 5: {step.sentence}.")
        for name in step.made:
            assert f"\n{name}: " in said
        assert f"Step {k} of 5. {step.sentence}" in explorer.view.svg
        for later in STEPS[k + 1 :]:
            assert not any(f'data-name="{name}' in explorer.view.svg for name in later.made)


def test_it_speaks_of_no_gradient_and_at_the_end_has_no_dot(explorer):
    explorer.reset()
    assert "gradient" not in explorer.view.svg
    explorer.set(step=5)
    assert "gradient" not in explorer.view.svg
    assert ">·</text>" not in explorer.view.svg


def test_back_next_and_all_move_through_the_steps(explorer):
    explorer.reset()
    buttons = {b.description: b for row in explorer.children[:1] for b in row.children[:3]}
    assert list(buttons) == ["Back", "Next", "All"]
    seen = []
    for name in ["Back", "Next", "Next", "All", "Next", "Back"]:
        buttons[name].click()
        seen.append(explorer.step.value)
    assert seen == [0, 1, 2, 5, 5, 4]


def test_the_formula_of_a_chosen_neuron_has_its_numbers(explorer):
    explorer.reset()
    explorer.set(step=1)
    explorer.choose("Z1[1]")
    said = explorer.describe(explorer.numbers())
    assert "Chosen: Z1[1] = X[0] × W1[0,1] + X[1] × W1[1,1] + b1[1] =" in said
    assert "= −0.8010" in said
    assert "= −0.8010" in explorer.view.svg


def test_as_an_output_it_is_picture_and_text(explorer):
    explorer.reset()
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == explorer.describe(explorer.numbers())
    assert bundle["text/html"].count("<img") == 2
    assert "Marked: this penguin at bill length" in bundle["text/html"]
