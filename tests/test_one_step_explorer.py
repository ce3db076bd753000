"""Explorer "one step": driven at random, compared with the engine, reset, read as text and code."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, description, texts

from bp_helpers import GradientDescent, load_penguins, running_example
from bp_helpers.explorers import OneStepExplorer
from bp_helpers.explorers.rates import RATES
from bp_helpers.pictures import short

PROPERTY = settings(derandomize=True, deadline=None, max_examples=40)
ONE, MANY = "one Adelie", "178 of two species"
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("rate"), st.sampled_from(RATES)),
        st.tuples(st.just("penguins"), st.sampled_from([ONE, MANY])),
        st.just(("step", None)),
        st.just(("reset", None)),
    ),
    min_size=1,
    max_size=8,
)


def data(name):
    example, penguins = running_example(), load_penguins()
    if name == ONE:
        return example.x, example.y
    rows = [k for k in range(len(penguins.y_train)) if penguins.y_train[k] in (0, 1)]
    return penguins.x_train[rows], np.eye(2)[penguins.y_train[rows]]


def act(explorer, what, value):
    if what == "step":
        explorer.take_step()
    elif what == "reset":
        explorer.reset()
    else:
        explorer.set(**{what: value})


class Shadow:
    """The same network, trained without the explorer."""

    def __init__(self):
        self.network, self.rate, self.penguins = running_example().network, 3.0, ONE

    def step(self):
        before = self.network.loss_value(*data(self.penguins))
        self.network.backward()
        squared = sum(np.sum(g * g) for g in self.network.gradients.values())
        GradientDescent(self.network, self.rate).step()
        return before, squared, self.network.loss_value(*data(self.penguins))

    def act(self, what, value):
        if what == "step":
            self.step()
        elif what == "reset":
            self.__init__()
        else:
            setattr(self, what, value)


@PROPERTY
@given(ACTIONS)
def test_driven_at_random_it_shows_what_the_engine_gives(actions):
    explorer, shadow = OneStepExplorer(), Shadow()
    for action in actions:
        act(explorer, *action)
        shadow.act(*action)
        assert explorer.trouble.value == ""
        check_svg(explorer.view.svg)
    numbers = explorer.numbers()
    before, squared, after = shadow.step()
    assert numbers["before"] == pytest.approx(before, rel=1e-12)
    assert numbers["squared_gradient"] == pytest.approx(squared, rel=1e-9)
    assert numbers["after"] == pytest.approx(after, rel=1e-9)
    assert numbers["promised"] == pytest.approx(before - shadow.rate * squared, rel=1e-9)
    assert numbers["real_drop"] == numbers["before"] - numbers["after"]
    if numbers["ratio"] is not None:
        assert numbers["ratio"] * numbers["promised_drop"] == pytest.approx(numbers["real_drop"])
    for word in ("nan", "inf"):
        assert word not in explorer.describe(numbers)


@pytest.mark.parametrize("name", [ONE, MANY])
@pytest.mark.parametrize("steps", [0, 3])
def test_the_slope_at_the_start_is_the_measured_one(name, steps):
    explorer = OneStepExplorer()
    explorer.set(penguins=name, rate=2.0)
    for _ in range(steps):
        explorer.take_step()
    numbers = explorer.numbers()
    along = explorer._losses(np.array([-1e-4, 1e-4]))
    assert (along[1] - along[0]) / 2e-4 == pytest.approx(-numbers["squared_gradient"], rel=1e-6)
    assert numbers["losses"][0] == numbers["before"]


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.8, 1.0, 6.0, 100.0])
def test_the_line_reaches_beyond_the_step_and_the_step_lies_on_it(rate):
    explorer = OneStepExplorer()
    explorer.set(rate=rate)
    numbers = explorer.numbers()
    end = numbers["rates"][-1]
    assert end / 10 < rate <= end
    on_line = np.interp(rate, numbers["rates"], numbers["losses"])
    assert numbers["after"] == pytest.approx(on_line, abs=2e-3)


def test_looking_changes_nothing():
    explorer = OneStepExplorer()
    before = [value.copy() for value in explorer.network.parameters.values()]
    for rate in (0.01, 100.0):
        explorer.set(rate=rate)
    for (name, value), old in zip(explorer.network.parameters.items(), before, strict=True):
        assert np.array_equal(value, old), name


def test_one_penguin_takes_any_step_and_many_do_not():
    explorer = OneStepExplorer()
    explorer.set(rate=100.0)
    assert explorer.numbers()["after"] < 1e-4
    explorer.set(penguins=MANY)
    assert explorer.numbers()["after"] > explorer.numbers()["before"]
    assert "makes the loss larger" in explorer.view.svg
    explorer.set(rate=5.0)
    assert explorer.numbers()["after"] < explorer.numbers()["before"]


def test_where_all_is_flat_there_is_no_ratio():
    explorer = OneStepExplorer()
    explorer.set(penguins=MANY, rate=100.0)
    for _ in range(5):
        explorer.take_step()
    explorer.set(rate=0.01)
    assert explorer.numbers()["ratio"] is None
    assert "too small to be measured" in explorer.describe(explorer.numbers())
    assert explorer.trouble.value == ""


def test_reset_is_exact():
    explorer = OneStepExplorer()
    picture, shown = explorer.view.svg, explorer.shown
    explorer.set(rate=40.0, penguins=MANY)
    explorer.take_step()
    assert (explorer.view.svg, explorer.shown) != (picture, shown)
    explorer.reset()
    assert (explorer.view.svg, explorer.shown) == (picture, shown)
    fresh = running_example().network.parameters
    for name, value in explorer.network.parameters.items():
        assert np.array_equal(value, fresh[name]), name


def test_text_and_picture_state_the_numbers():
    explorer = OneStepExplorer()
    numbers = explorer.numbers()
    assert explorer._repr_mimebundle_()["text/plain"] == (
        "The first step keeps 77.1 % of its promise, one Adelie, learning rate 3.000.\n"
        "|g|^2, the sum of the 17 squared gradients: 0.09335\n"
        "Loss before: 0.3334; promised: 0.05338; after: 0.1174\n"
        "Promised drop: 0.2801; real drop: 0.2160. Real drop / promised drop: 0.7714."
    )
    said = description(explorer.view.svg)
    for value in ("rate", "before", "after"):
        assert short(numbers[value]) in said
    assert short(-numbers["promised_drop"]) in said
    assert short(-numbers["real_drop"]) in said
    assert short(-numbers["squared_gradient"]) in said
    assert "promised: −learning rate × |g|² = −3.000 × 0.09335 = −0.2801" in texts(
        explorer.view.svg
    )


def test_the_presets_show_what_their_names_say():
    explorer = OneStepExplorer()
    explorer.use_preset("a hundredth")
    assert explorer.numbers()["ratio"] > 0.999
    explorer.take_step()
    explorer.use_preset("a rate that breaks it")
    numbers = explorer.numbers()
    assert (numbers["steps"], numbers["penguins"]) == (0, MANY)
    assert numbers["after"] > numbers["before"]


@pytest.mark.parametrize("name", [ONE, MANY])
@pytest.mark.parametrize("steps", [0, 2])
def test_the_code_gives_the_same_numbers(name, steps):
    explorer = OneStepExplorer()
    explorer.set(penguins=name, rate=4.0)
    for _ in range(steps):
        explorer.take_step()
    explorer.code_button.value = True
    assert explorer.code().splitlines()[-1] in explorer.code_panel.value
    made = {}
    exec(explorer.code(), made)
    for value in ("rate", "before", "squared_gradient", "promised", "after"):
        assert made[value] == pytest.approx(explorer.numbers()[value], rel=1e-4), value


def test_the_page_is_told_the_number_of_steps():
    explorer = OneStepExplorer()
    explorer.take_step()
    assert explorer.view.shown == "rate=3 penguins=one Adelie steps=1"


def test_the_rates_are_round_and_rise_evenly():
    assert [f"{rate:g}" for rate in RATES[:4]] == ["0.01", "0.012", "0.015", "0.02"]
    assert RATES[-1] == 100
    steps = np.array(RATES[1:]) / RATES[:-1]
    assert steps.min() >= 1.19
    assert steps.max() <= 1.34
