"""One step of gradient descent: what is shown is what the engine does, after any steps taken."""

import re

import numpy as np
import pytest
from driving import at_start, press
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, texts

from bp_helpers import GradientDescent, load_penguins, running_example
from bp_helpers.explorers import OneStepExplorer
from bp_helpers.explorers.controls import RATES
from bp_helpers.explorers.one_step import AXES, network_after
from bp_helpers.pictures import short

PROPERTY = settings(max_examples=40)
ONE, MANY = "one Adelie", "178 of two species"
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("rate"), st.sampled_from(RATES)),
        st.tuples(st.just("axis"), st.sampled_from([*AXES])),
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


def since_reset(actions):
    """The actions after the last reset."""
    resets = [k for k, (what, _) in enumerate(actions) if what == "reset"]
    return actions[resets[-1] + 1 :] if resets else actions


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
        elif what == "axis":
            self.rate = min(max(self.rate, AXES[value] / 100), AXES[value])
        else:
            setattr(self, what, value)


@PROPERTY
@given(ACTIONS)
def test_driven_at_random_it_shows_what_the_engine_gives(actions):
    explorer, shadow = at_start(OneStepExplorer), Shadow()
    for action in actions:
        act(explorer, *action)
        shadow.act(*action)
        assert explorer.trouble.value == ""
        check_svg(explorer.picture)
    numbers = explorer.numbers
    before, squared, after = shadow.step()
    assert numbers.before == pytest.approx(before, rel=1e-12)
    assert numbers.squared_gradient == pytest.approx(squared, rel=1e-9)
    assert numbers.after == pytest.approx(after, rel=1e-9)
    assert numbers.promised == pytest.approx(before - shadow.rate * squared, rel=1e-9)
    assert numbers.real_drop == numbers.before - numbers.after
    if numbers.ratio is not None:
        assert numbers.ratio * numbers.promised_drop == pytest.approx(numbers.real_drop)
    assert numbers.steps == sum(what == "step" for what, _ in since_reset(actions))


@pytest.mark.parametrize("name", [ONE, MANY])
@pytest.mark.parametrize("steps", [0, 3])
def test_the_slope_at_the_start_is_the_measured_one(name, steps):
    explorer = OneStepExplorer()
    explorer.set(penguins=name, rate=2.0)
    for _ in range(steps):
        explorer.take_step()
    numbers, along = explorer.numbers, []
    network = network_after(explorer.state["taken"])
    network.loss_value(*data(name))
    network.backward()
    start = {key: value.copy() for key, value in network.parameters.items()}
    gradients = {key: value.copy() for key, value in network.gradients.items()}
    for rate in (-1e-4, 1e-4):
        for key, value in network.parameters.items():
            value[...] = start[key] - rate * gradients[key]
        along.append(network.loss_value(*data(name)))
    assert (along[1] - along[0]) / 2e-4 == pytest.approx(-numbers.squared_gradient, rel=1e-6)
    assert numbers.losses[0] == numbers.before


@pytest.mark.parametrize(
    ("rate", "end"), [(0.001, 0.01), (0.05, 0.1), (0.1, 10), (6.0, 10), (12.0, 100), (100.0, 100)]
)
def test_the_line_reaches_beyond_the_step_and_the_step_lies_on_it(rate, end):
    """Where the axis does not hold a rate that code sets, another one does."""
    explorer = OneStepExplorer()
    explorer.set(rate=rate)
    numbers = explorer.numbers
    assert numbers.rates[-1] == end
    assert explorer.values["axis"] == f"up to {end:g}"
    on_line = np.interp(rate, numbers.rates, numbers.losses)
    assert numbers.after == pytest.approx(on_line, abs=2e-3)


@pytest.mark.parametrize("axis", AXES)
def test_the_axis_holds_whatever_the_slider_does_and_the_point_is_dragged_along_it(axis):
    explorer = OneStepExplorer()
    explorer.set(axis=axis)
    slider, end = explorer.handles["rate"], AXES[axis]
    assert (slider.min, slider.max, slider.step) == (end / 100, end, end / 100)
    assert explorer.state["rate"] == min(3.0, end)
    for rate in (slider.min, slider.max):
        explorer.set(rate=rate)
        assert explorer.values["axis"] == axis
        assert f'data-x="learning rate 0 {end:g} 64 464"' in explorer.view.svg


@pytest.mark.parametrize(("rate", "room"), [(1e-6, "0.0001 to 0.01"), (500.0, "1 to 100")])
def test_a_rate_on_no_axis_is_refused(rate, room):
    explorer = OneStepExplorer()
    with pytest.raises(ValueError, match=f"it is a number from {room}"):
        explorer.set(rate=rate)
    assert explorer.values == {"rate": 3.0, "axis": "up to 10", "penguins": ONE}


def test_looking_takes_no_step():
    explorer = OneStepExplorer()
    explorer.set(rate=100.0)
    explorer.set(rate=3.0)
    assert explorer.state["taken"] == ()
    before = explorer.numbers.after
    explorer.take_step()
    assert explorer.state["taken"] == ((ONE, 3.0),)
    assert explorer.numbers.before == before
    assert explorer.values == {"rate": 3.0, "axis": "up to 100", "penguins": ONE}


def test_the_button_takes_the_step():
    explorer = OneStepExplorer()
    press(explorer, "Take this step")
    press(explorer, "Take this step")
    assert explorer.numbers.steps == 2
    assert explorer.picture.words.startswith("After 2 steps: the next keeps ")


def test_one_penguin_takes_any_step_and_many_do_not():
    explorer = OneStepExplorer()
    explorer.set(rate=100.0)
    assert explorer.numbers.after < 1e-4
    explorer.set(penguins=MANY)
    assert explorer.numbers.after > explorer.numbers.before
    assert "makes the loss larger" in explorer.view.svg
    explorer.set(rate=5.0)
    assert explorer.numbers.after < explorer.numbers.before


def test_where_all_is_flat_there_is_no_ratio():
    explorer = OneStepExplorer()
    explorer.set(penguins=MANY, rate=100.0)
    for _ in range(5):
        explorer.take_step()
    explorer.set(rate=0.01)
    assert explorer.numbers.ratio is None
    assert "the next hardly changes the loss" in explorer.picture.words
    assert explorer.trouble.value == ""


def test_words_and_picture_state_the_numbers():
    explorer = OneStepExplorer()
    numbers, said = explorer.numbers, explorer.picture.words
    assert said.startswith("The first step keeps 77.1 % of its promise: loss 0.3334, then 0.1174. ")
    for value in (
        numbers.rate,
        numbers.before,
        numbers.after,
        -numbers.promised_drop,
        -numbers.real_drop,
        -numbers.squared_gradient,
    ):
        assert short(value) in said
    formula = "promised: −learning rate × |g|² = −3.000 × 0.09335 = −0.2801"
    assert formula in said
    assert formula in texts(explorer.picture)


def test_the_presets_show_what_their_names_say():
    explorer = OneStepExplorer()
    explorer.use_preset("a hundredth")
    assert explorer.numbers.ratio > 0.999
    explorer.take_step()
    explorer.use_preset("a rate that breaks it")
    numbers = explorer.numbers
    assert (numbers.steps, numbers.penguins) == (0, MANY)
    assert numbers.after > numbers.before


@pytest.mark.parametrize("preset", [None, "a hundredth"])
def test_the_scale_of_heights_holds_from_step_to_step(preset):
    """So that progress is seen: a bar of the same drop is as long after the step as before it."""
    explorer = OneStepExplorer()
    if preset:
        explorer.use_preset(preset)

    def pixels_of_a_unit():
        bars = r'<rect [^>]*width="44" height="(\S+)" [^>]*fill-opacity="0.8"'
        (real,) = re.findall(bars, explorer.view.svg)
        return float(real) / abs(explorer.numbers.real_drop)

    before = pixels_of_a_unit()
    for _ in range(5):
        explorer.take_step()
        assert pixels_of_a_unit() == pytest.approx(before, rel=0.05)
