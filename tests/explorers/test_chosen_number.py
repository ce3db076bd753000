"""A number is chosen in the picture, and one slider is its own: in the explorers of the network."""

import re

import numpy as np
import pytest
from driving import at_start, choose_in_page, move_in_page
from traces import names_of, running_trace

from bp_helpers.explorers import BackwardExplorer, ForwardExplorer, WholeNetworkExplorer
from bp_helpers.pictures import entry_name

NAMES = [name for name, _ in names_of(running_trace())]
PARAMETERS = [name for name in NAMES if name[0] in "Wb"]
KINDS = [BackwardExplorer, ForwardExplorer, WholeNetworkExplorer]


def parameters_of(explorer):
    """Every parameter by its name with index."""
    return {
        entry_name(name, index): float(entry)
        for name in ("W1", "b1", "W2", "b2")
        for index, entry in np.ndenumerate(explorer.state[name])
    }


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def explorer(request):
    return at_start(request.param)


@pytest.mark.parametrize("name", NAMES)
def test_the_slider_belongs_to_the_parameter_that_was_chosen_last(explorer, name):
    """Choosing another number, to see its formula, leaves the slider where it is."""
    explorer.choose("b1[2]")
    before, slot = parameters_of(explorer), explorer.handles["parameter"]
    explorer.choose(name)
    chosen = name.removeprefix("d")
    parameter = chosen if chosen in PARAMETERS else "b1[2]"
    assert parameters_of(explorer) == before
    assert (slot.description, slot.value) == (parameter, before[parameter])
    assert not slot.disabled
    slot.value = -2.345
    assert parameters_of(explorer) == {**before, parameter: -2.345}
    assert explorer.state["selected"] == name
    array, _, index = parameter.removesuffix("]").partition("[")
    assert explorer.numbers.trace[array][tuple(map(int, index.split(",")))] == -2.345


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_is_changed_where_it_stands_and_the_choice_stays(explorer, name):
    explorer.choose("delta2[0]")
    before = parameters_of(explorer)
    hand = explorer.hands()[name]
    assert (hand.value, hand.low, hand.high) == (before[name], -explorer.reach, explorer.reach)
    move_in_page(explorer, **{name: 1.2345})
    assert parameters_of(explorer) == {**before, name: 1.2345}
    assert explorer.state["selected"] == "delta2[0]"
    assert explorer.view.hands[name]["value"] == 1.2345


def test_what_the_page_changes_moves_the_sliders(explorer):
    explorer.choose("W2[1,0]")
    move_in_page(explorer, **{"X[0]": 1.23, "W2[1,0]": -0.5})
    assert explorer.values["x0"] == explorer.state["x0"] == 1.23
    assert explorer.values["parameter"] == parameters_of(explorer)["W2[1,0]"] == -0.5


@pytest.mark.parametrize(
    ("name", "why"),
    [("delta2[0]", "no control is called"), ("W9[0,0]", "no control"), ("W1[7,0]", "no control")],
)
def test_what_no_hand_can_change_is_refused_in_the_page(explorer, name, why):
    before = explorer.shown
    move_in_page(explorer, **{"X[0]": 1.0, name: 1.0})
    assert explorer.trouble.value.startswith("<pre>")
    assert why in explorer.trouble.value
    assert explorer.shown == before


def test_a_pinned_formula_stays_while_others_are_chosen_and_changed(explorer):
    explorer.choose("delta2[0]")
    explorer.pin.value = True
    explorer.choose("W1[1,2]")
    assert explorer.state["selected"] == "delta2[0]"
    assert explorer.handles["parameter"].description == "W1[1,2]"
    explorer.choose("dW1[0,1]")  # the gradient's parameter
    assert explorer.handles["parameter"].description == "W1[0,1]"
    before = explorer.shown
    choose_in_page(explorer, "A1[0]")
    assert "delta2[0] is pinned. Press Pin again to see that of A1[0]." in explorer.trouble.value
    assert explorer.shown == before
    move_in_page(explorer, **{"W1[0,1]": 0.5})
    assert explorer.trouble.value == ""
    explorer.pin.value = False
    explorer.choose("A1[0]")
    assert explorer.state["selected"] == "A1[0]"
    explorer.pin.value = True
    explorer.reset()
    assert not explorer.pin.value


def test_another_choice_is_said_aloud_and_of_a_move_the_loss(explorer):
    explorer.choose("W1[0,0]")
    explorer.choose("W2[1,1]")
    assert "Chosen: W2[1,1] = " in explorer.view.said
    assert "W1:" not in explorer.view.said  # only what is new
    if "step" in explorer.state:
        explorer.set(step=5)
    move_in_page(explorer, **{"X[0]": 0.5})
    assert explorer.view.said == f"loss: {explorer.numbers.trace['loss']:.4f}"


def test_setting_with_a_choice_is_all_or_nothing(explorer):
    explorer.choose("W1[0,0]")
    start = parameters_of(explorer)
    explorer.set(selected="b1[2]", parameter=0.5)
    assert parameters_of(explorer) == {**start, "b1[2]": 0.5}
    x0 = explorer.values["x0"]
    for wrong, message in [
        ({"x0": 1.0, "selected": "W9[0,0]"}, r"'W9\[0,0\]' is not a number of this network"),
        ({"selected": "b2[0]", "z": 1.0}, "no control is called 'z'"),
        ({"selected": "b2[0]", "held": "loss"}, "loss cannot be changed: it follows from"),
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
def test_beyond_its_end_it_is_refused_from_code_and_at_its_end_for_a_hand(explorer, value):
    explorer.choose("W1[1,0]")
    before, ends = explorer.shown, f"it is a number from -{explorer.reach:g} to {explorer.reach:g}"
    for name in ("parameter", "W1[1,0]"):
        with pytest.raises(ValueError, match=rf"^{re.escape(name)} cannot be .*: {ends}$"):
            explorer.set(x0=1.0, **{name: value})
        assert explorer.shown == before
    move_in_page(explorer, **{"W1[1,0]": value})
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
    sliders = {name: handle for name, handle in explorer.handles.items() if hasattr(handle, "min")}
    for name, handle in sliders.items():
        steps = (handle.value - handle.min) / handle.step
        assert steps == pytest.approx(round(steps)), name
        assert handle.min <= handle.value <= handle.max
