"""A number is chosen in the picture, and one slider is its own: in the explorers of the network."""

import re

import numpy as np
import pytest
from traces import names_of, running_trace

from bp_helpers.explorers import BackwardExplorer, ForwardExplorer, WholeNetworkExplorer
from explorers.driving import choose_in_page

NAMES = [name for name, _ in names_of(running_trace())]
PARAMETERS = [name for name in NAMES if name[0] in "Wb"]
KINDS = [BackwardExplorer, ForwardExplorer, WholeNetworkExplorer]


def parameters_of(explorer):
    """Every parameter by its name with index."""
    return {
        f"{name}[{','.join(map(str, index))}]": float(entry)
        for name in ("W1", "b1", "W2", "b2")
        for index, entry in np.ndenumerate(explorer.state[name])
    }


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.__name__)
def shared(request):
    return request.param()


@pytest.fixture
def explorer(shared):
    shared.reset()
    return shared


@pytest.mark.parametrize("name", NAMES)
def test_the_slider_belongs_to_the_chosen_parameter_alone(explorer, name):
    before, slot = parameters_of(explorer), explorer.handles["parameter"]
    explorer.choose(name)
    parameter = name.removeprefix("d")
    assert slot.disabled == (parameter not in PARAMETERS)
    assert parameters_of(explorer) == before
    if parameter in PARAMETERS:
        assert (slot.description, slot.value) == (parameter, before[parameter])
        slot.value = -2.345
        assert parameters_of(explorer) == {**before, parameter: -2.345}
        array, _, index = parameter.removesuffix("]").partition("[")
        used = explorer.numbers.trace[array][tuple(map(int, index.split(",")))]
        assert used == -2.345
    else:
        with pytest.raises(ValueError, match=re.escape(f"{name} is chosen, which no slider")):
            explorer.set(parameter=-2.345)
        assert parameters_of(explorer) == before


def test_setting_with_a_choice_is_all_or_nothing(explorer):
    explorer.choose("W1[0,0]")
    start = parameters_of(explorer)
    explorer.set(selected="b1[2]", parameter=0.5)
    assert parameters_of(explorer) == {**start, "b1[2]": 0.5}
    x0 = explorer.values["x0"]
    for wrong, message in [
        ({"x0": 1.0, "selected": "W9[0,0]"}, r"'W9\[0,0\]' is no number of this network"),
        ({"selected": "b2[0]", "z": 1.0}, "no control is called 'z'"),
        ({"selected": "loss", "parameter": 1.0}, "loss is chosen, which no slider changes"),
        ({"x0": 1.0, "parameter": "far"}, "far"),
        ({"x0": 1.0, "parameter": float("nan")}, "cannot be nan"),
    ]:
        with pytest.raises(Exception, match=message):
            explorer.set(**wrong)
        assert explorer.state["selected"] == "b1[2]"
        assert explorer.values["x0"] == x0
        assert parameters_of(explorer) == {**start, "b1[2]": 0.5}


def test_a_name_that_the_picture_does_not_have_is_said_in_the_page(explorer):
    before = explorer.state["selected"]
    choose_in_page(explorer, "W3[<0>]")
    assert "W3[&lt;0&gt;]" in explorer.trouble.value
    assert "<0>" not in explorer.trouble.value
    assert explorer.state["selected"] == before


@pytest.mark.parametrize("value", [-17.0, 17.0, 1e300])
def test_from_code_it_goes_no_farther_than_by_hand(explorer, value):
    explorer.set(selected="W1[1,0]", parameter=value)
    end = explorer.reach if value > 0 else -explorer.reach
    assert explorer.values["parameter"] == parameters_of(explorer)["W1[1,0]"] == end


@pytest.mark.parametrize("there", [0.123456789, 1 / 3, -17.25, 6.0000001, 1e4])
def test_choosing_a_parameter_off_the_slider_does_not_move_it(explorer, there):
    explorer.choose("b1[0]")
    W1 = explorer.state["W1"].copy()
    W1[1, 2] = there
    explorer.set(W1=W1)
    before, slot = parameters_of(explorer), explorer.handles["parameter"]
    explorer.choose("W1[1,2]")
    assert parameters_of(explorer) == before
    assert slot.value == there
    explorer.choose("W1[0,0]")
    assert parameters_of(explorer) == before
    assert (slot.min, slot.max) == (-explorer.reach, explorer.reach)
    assert explorer.trouble.value == ""


def test_the_sliders_reach_what_they_start_with_by_their_steps(explorer):
    for name, handle in explorer.handles.items():
        steps = (handle.value - handle.min) / handle.step
        assert steps == pytest.approx(round(steps)), name
        assert handle.min <= handle.value <= handle.max
