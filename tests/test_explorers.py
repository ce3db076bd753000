"""The kit and the backward explorer, driven without a browser: whatever is moved, it stays true."""

import ast
import base64
import html
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from traces import names_of

import bp_helpers as bp
from bp_helpers.explorers import BackwardExplorer, Explorer, SvgView
from bp_helpers.explorers.backward import STEPS, measured_gradients
from bp_helpers.explorers.kit import button, row, slider
from bp_helpers.pictures.formulas import formula
from bp_helpers.pictures.picture import beside, picture
from bp_helpers.pictures.svg import text

# ---- SvgView -----------------------------------------------------------------------------------


def sent_by(view):
    """The messages to the page, from now on."""
    messages = []
    view._send = lambda message, buffers=None: messages.append(message)
    return messages


def test_a_picture_and_its_values_go_in_one_message():
    view = SvgView()
    sent = sent_by(view)
    view.show("<svg/>", "x=1")
    assert [message["state"] for message in sent] == [{"svg": "<svg/>", "shown": "x=1"}]
    view.show("<svg/>", "x=2")
    assert sent[1]["state"] == {"shown": "x=2"}


@pytest.mark.parametrize(
    ("message", "chosen"),
    [
        ({"chosen": "W1[0,0]"}, ["W1[0,0]"]),
        ({"chosen": 3}, []),
        ({"other": "W1"}, []),
        ("W1", []),
        (None, []),
    ],
)
def test_only_names_are_chosen(message, chosen):
    view, told = SvgView(), []
    view.on_choose(told.append)
    view._handle_custom_msg(message, [])
    assert told == chosen


def test_nothing_from_users_becomes_part_of_the_page():
    explorer = Small()
    odd = '<script>alert(1)</script>" onload="alert(2)'
    explorer.set(name=odd)
    nodes = list(ET.fromstring(f"<g>{explorer.view.svg}</g>").iter())
    tags = {node.tag.rpartition("}")[2] for node in nodes}
    attributes = {name for node in nodes for name in node.attrib}
    assert tags == {"g", "svg", "title", "desc", "text"}
    assert not any(name.startswith("on") or "href" in name for name in attributes)
    explorer.fails_in = "numbers"
    explorer.refresh()
    explorer.fails_in = ""
    explorer.code_button.value = True
    for page in (
        explorer.trouble.value,
        explorer.code_panel.value,
        shown_as(explorer)["text/html"],
    ):
        assert "<script" not in page


# ---- The kit, by its smallest explorer ---------------------------------------------------------


class Small(Explorer):
    """Two controls, and a fault on demand in one of the four methods."""

    presets = {"far right": {"x": 1.0}}  # noqa: RUF012

    def __init__(self):
        self.fails_in, self.draws, self.chosen = "", 0, []
        controls = {"x": slider("x", 0.1, -1, 1, 0.1), "name": widgets.Text("ada")}
        super().__init__(controls, [row(*controls.values())])

    def _perhaps_fail(self, where):
        if self.fails_in == where:
            raise ArithmeticError(f"in {where}: <b>{self.values['name']}</b>")

    def numbers(self):
        self._perhaps_fail("numbers")
        return self.values

    def draw(self, numbers):
        self._perhaps_fail("draw")
        self.draws += 1
        said = f"{numbers['name']} {numbers['x']}"
        small = picture(9, 9, "Small & fine", said, text(1, 2, said))
        return beside(small, picture(8, 8, "Two", "2"))

    def describe(self, numbers):
        self._perhaps_fail("describe")
        return f"{numbers['name']} is at {numbers['x']}"

    def code(self):
        self._perhaps_fail("code")
        return f"name, x = {self.values['name']!r}, {self.values['x']}"

    def choose(self, name):
        self._perhaps_fail("choose")
        self.chosen.append(name)


def shown_as(explorer):
    return explorer._repr_mimebundle_()


def choose_in_page(explorer, name):
    explorer.view._handle_custom_msg({"chosen": name}, [])


def test_a_moved_control_is_drawn():
    explorer = Small()
    explorer.controls["x"].value = 0.5
    assert explorer.draws == 2
    assert "ada 0.5" in explorer.view.svg
    assert explorer.view.shown == explorer.shown == "x=0.5 name=ada"


def test_several_changes_are_drawn_once():
    explorer = Small()
    explorer.set(x=0.7, name="eva")
    assert explorer.draws == 2
    with explorer.one_refresh():
        explorer.set(x=0.2)
        explorer.set(x=0.3)
        with explorer.one_refresh():
            explorer.controls["name"].value = "ida"
        assert explorer.draws == 2
    assert explorer.draws == 3
    assert "ida 0.3" in explorer.view.svg


def test_after_a_refused_value_the_picture_shows_what_there_is():
    explorer = Small()
    with pytest.raises(Exception, match="unicode string"):
        explorer.set(x=0.9, name=3)
    assert explorer.values == {"x": 0.9, "name": "ada"}
    assert "ada 0.9" in explorer.view.svg
    explorer.set(x=0.8)
    assert "ada 0.8" in explorer.view.svg


def test_unknown_controls_are_refused_and_nothing_moves():
    explorer = Small()
    with pytest.raises(ValueError, match=r"no control is called 'z': there are \['x', 'name'\]"):
        explorer.set(x=0.5, z=1)
    assert explorer.values == {"x": 0.1, "name": "ada"}


def test_a_preset_resets_and_then_moves_what_it_names_and_draws_once():
    explorer = Small()
    explorer.set(x=-0.3, name="bob")
    draws = explorer.draws
    button_called(explorer, "far right").click()
    assert explorer.values == {"x": 1.0, "name": "ada"}
    assert explorer.draws == draws + 1
    with pytest.raises(ValueError, match=r"no preset is called 'left': there are \['far right'\]"):
        explorer.use_preset("left")
    assert explorer.values == {"x": 1.0, "name": "ada"}


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.floats(-1, 1), st.text(max_size=5))
def test_reset_of_the_kit_restores_exactly(x, name):
    explorer = Small()
    svg = explorer.view.svg
    explorer.set(x=x, name=name)
    explorer.reset()
    assert explorer.values == {"x": 0.1, "name": "ada"}
    assert explorer.view.svg == svg


FAULTS = {
    "numbers": lambda explorer: explorer.set(x=0.5),
    "draw": lambda explorer: explorer.set(x=0.5),
    "code": lambda explorer: setattr(explorer.code_button, "value", True),
    "describe": shown_as,
    "choose": lambda explorer: choose_in_page(explorer, "a part"),
}


@pytest.mark.parametrize("where", FAULTS)
def test_an_exception_is_shown_and_goes_with_the_next_good_refresh(where):
    explorer = Small()
    explorer.fails_in = where
    before = explorer.view.svg
    FAULTS[where](explorer)
    assert f"ArithmeticError: in {where}: &lt;b&gt;ada&lt;/b&gt;" in explorer.trouble.value
    assert "<b>" not in explorer.trouble.value
    assert explorer.view.svg == before
    assert explorer.trouble in explorer.children
    explorer.fails_in = ""
    explorer.set(x=-0.5)
    assert explorer.trouble.value == ""


def test_a_good_description_does_not_hide_that_the_picture_is_old():
    explorer = Small()
    explorer.fails_in = "draw"
    explorer.set(x=0.5)
    assert shown_as(explorer)["text/plain"] == "ada is at 0.5"
    assert "ArithmeticError: in draw" in explorer.trouble.value


def test_what_is_chosen_in_the_page_reaches_choose():
    explorer = Small()
    choose_in_page(explorer, "a part")
    assert explorer.chosen == ["a part"]


def test_code_is_shown_while_its_button_is_down():
    explorer = Small()
    assert explorer.code_panel.value == ""
    explorer.code_button.value = True
    explorer.set(name="<ida>")
    shown = html.unescape(re.fullmatch("<pre>(.*)</pre>", explorer.code_panel.value)[1])
    assert shown == explorer.code() == "name, x = '<ida>', 0.1"
    explorer.code_button.value = False
    assert explorer.code_panel.value == ""


def images_in(page):
    """The attributes of each image in HTML."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(page)
    assert {tag for tag, _ in found} == {"img"}
    return [attributes for _, attributes in found]


def test_as_output_it_is_a_widget_a_picture_and_a_text():
    explorer = Small()
    explorer.set(name='a "b" & <c>')
    bundle = shown_as(explorer)
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert bundle["text/plain"] == 'a "b" & <c> is at 0.1'
    first, second = images_in(bundle["text/html"])
    assert first["alt"] == 'Small & fine. a "b" & <c> 0.1'
    assert second["alt"] == "Two. 2"
    for image, svg in zip(
        (first, second), re.findall("<svg.*?</svg>", explorer.view.svg), strict=True
    ):
        kind, _, data = image["src"].partition(",")
        assert kind == "data:image/svg+xml;base64"
        stored = ET.fromstring(base64.b64decode(data))
        # its dark letters have a light ground on a dark page too
        assert stored.attrib.pop("style") == "background: #ffffff"
        assert ET.tostring(stored) == ET.tostring(ET.fromstring(svg))


def test_a_browsers_late_and_rounded_answers_do_not_move_a_slider():
    control = slider("x", 0.45, -3, 3, 0.01)
    for told in (0.21, 1.31, 1.93, 0.45):  # a cell moves it, and the page answers afterwards
        control.value = told
    sent = sent_by(control)
    for answer in (0.20999999999999996, 1.3099999999999996, 1.9299999999999997):
        control.set_state({"value": answer})
        assert control.value == 0.45
        assert sent.pop()["state"] == {"value": 0.45}


def test_the_answer_to_where_it_stands_is_no_move_however_often_it_comes():
    control = slider("x", 0.45, -3, 3, 0.01)
    sent = sent_by(control)
    for _ in range(3):  # each time the slider is shown anew
        control.set_state({"value": 0.4500000000000002})
        assert control.value == 0.45
        assert sent == []  # or page and kernel would answer one another for ever


def test_a_hand_moves_a_slider_wherever_it_was_before():
    control = slider("x", 0.45, -3, 3, 0.01)
    control.value = 0.2
    for moved in (0.20999999999999996, 0.20000000000000018, 0.4500000000000002, 1.9299999999999997):
        control.set_state({"value": moved, "description": "x"})
        assert control.value == moved
    control.value = 1.25
    control.set_state({"value": 1.2599999999999998})
    control.set_state({"value": 1.25})
    assert control.value == 1.25


def test_where_a_browser_needs_no_rounding_no_answer_is_awaited():
    control = slider("z", 1.0, -5, 5, 0.25)
    for told in (-2.0, 0.75, 5.0, 1.0):
        control.value = told
    control.set_state({"value": 0.75})
    assert control.value == 0.75


def test_a_button_acts():
    pressed = []
    button("Go", lambda: pressed.append(1)).click()
    assert pressed == [1]


def test_the_kits_own_explorer_says_that_it_is_none():
    assert "NotImplementedError" in Explorer({}, []).trouble.value


# ---- The backward explorer ---------------------------------------------------------------------

GIVEN = {"X", "Y", "W1", "b1", "W2", "b2"}
START = BackwardExplorer()
NAMES = [name for name, _ in names_of(START.numbers()["trace"])]
PARAMETERS = [name for name in NAMES if name[0] in "Wb"]


def known_at(step):
    return GIVEN.union(*(earlier.made for earlier in STEPS[: step + 1]))


def array_of(name):
    return name.partition("[")[0]


def parameters_of(explorer):
    """Every parameter by its name with index."""
    arrays = dict(explorer.example.network.parameters)
    return {
        f"{name}[{','.join(map(str, index))}]": float(array[index])
        for name, array in arrays.items()
        for index in np.ndindex(array.shape)
    }


MOVES = st.one_of(
    st.tuples(st.just("step"), st.integers(0, len(STEPS) - 1)),
    st.tuples(st.sampled_from(["x0", "x1", "parameter"]), st.floats(-3, 3)),
    st.tuples(st.sampled_from(["y0", "y1"]), st.floats(0, 1)),
    st.tuples(st.just("choose"), st.sampled_from(NAMES)),
    st.tuples(st.sampled_from(["Back", "Next", "Reset", "Code"]), st.none()),
)


def act(explorer, move):
    what, value = move
    if what == "choose":
        choose_in_page(explorer, value)
    elif what == "Code":
        explorer.code_button.value = not explorer.code_button.value
    elif what in explorer.controls:
        explorer.set(**{what: value})
    else:
        button_called(explorer, what).click()


def button_called(widget, label):
    found, waiting = [], [widget]
    while waiting:
        one = waiting.pop()
        waiting += getattr(one, "children", ())
        if isinstance(one, widgets.Button) and one.description == label:
            found.append(one)
    (only,) = found
    return only


def assert_sound(explorer):
    """Whatever happened before: no trouble, and every number in view is the engine's."""
    assert explorer.trouble.value == ""
    values, p = explorer.values, parameters_of(explorer)
    W1, b1, W2, b2 = (
        np.array([p[name] for name in PARAMETERS if array_of(name) == array]).reshape(shape)
        for array, shape in (("W1", (2, 3)), ("b1", 3), ("W2", (3, 2)), ("b2", 2))
    )
    layers = [
        bp.Dense.from_arrays(W1, b1),
        bp.Sigmoid(),
        bp.Dense.from_arrays(W2, b2),
        bp.Sigmoid(),
    ]
    x, y = [[values["x0"], values["x1"]]], [[values["y0"], values["y1"]]]
    engines = dict(names_of(bp.Network(layers, bp.SquaredError()).trace(x, y)))
    known = known_at(values["step"])
    network, table = re.findall("<svg.*?</svg>", explorer.view.svg, re.DOTALL)
    assert not re.search(r"\b(nan|inf|None)\b", explorer.view.svg)

    shown = numbers_in(network)
    assert set(shown) == {name for name in NAMES if array_of(name) in known}
    for name, label in shown.items():
        assert float(label) == pytest.approx(engines[name], abs=5.01e-4)

    agreed = 0
    for name, label in numbers_in(table).items():
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", label)]
        assert numbers == pytest.approx([engines[name]] * len(numbers), abs=5.1e-5)
        assert len(numbers) == 1 + (array_of(name) in known)
        agreed += len(numbers) - 1
        assert "differs" not in label
    assert_text_states_the_picture(explorer, engines, known, agreed)

    made = {}
    exec(explorer.code(), made)
    again = dict(names_of(made["trace"]))
    assert again == dict(names_of(explorer.numbers()["trace"])) == engines
    assert (explorer.code_panel.value != "") == explorer.code_button.value


def numbers_in(svg):
    """What each part that can be chosen says of itself, after its name."""
    labels = [n.get("aria-label") for n in ET.fromstring(svg).iter() if n.get("data-name")]
    return dict(re.split(" = |: ", label.replace("−", "-"), maxsplit=1) for label in labels)


def assert_text_states_the_picture(explorer, engines, known, agreed):
    said = shown_as(explorer)["text/plain"].replace("−", "-")
    step = explorer.values["step"]
    first, second, *lines = said.splitlines()
    assert first == f"Step {step} of 7: {STEPS[step].sentence}."
    used, made = (", ".join(names) for names in (STEPS[step].used, STEPS[step].made))
    assert second == f"Uses {used}. Makes {made}."
    listed = dict(line.split(": ") for line in lines if line.partition(": ")[0] in known)
    assert set(listed) == set(known)
    for array, numbers in listed.items():
        expected = [value for name, value in engines.items() if array_of(name) == array]
        found = [float(n) for n in re.split("[,;] ", numbers)]
        assert found == pytest.approx(expected, abs=5.01e-5)
    selected = explorer.selected
    explained = "Chosen: " + " ".join(formula(explorer.numbers()["trace"], selected))
    assert (explained.replace("−", "-") in lines) == (array_of(selected) in known)
    verdict = f"Gradients that agree with measured ones: {agreed} of {agreed}"
    assert (verdict in lines) == (agreed > 0)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(MOVES, min_size=1, max_size=8))
def test_what_is_measured_at_once_is_what_check_gradients_measures_one_by_one(moves):
    explorer = BackwardExplorer()
    for move in moves:
        act(explorer, move)
    report = bp.check_gradients(explorer.example.network, *explorer.example_now())
    measured = measured_gradients(explorer.numbers()["trace"])
    assert [*measured, "X"] == [*report.parameters]
    for name, slopes in measured.items():
        # the losses are summed in another order, and 1e-16 of one is 1e-11 of a slope
        np.testing.assert_allclose(slopes, report.parameters[name].measured, atol=1e-10, rtol=0)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(MOVES, min_size=1, max_size=8))
def test_driven_at_random_it_stays_sound_and_reset_brings_everything_back(moves):
    explorer = BackwardExplorer()
    for move in moves:
        before, chosen = parameters_of(explorer), explorer.parameter.description
        act(explorer, move)
        changed = {name for name, value in parameters_of(explorer).items() if value != before[name]}
        allowed = {"parameter": {chosen}, "Reset": set(PARAMETERS)}.get(move[0], set())
        assert changed <= allowed
    assert_sound(explorer)
    explorer.code_button.value = False
    button_called(explorer, "Reset").click()
    assert explorer.values == START.values
    assert explorer.selected == START.selected
    assert parameters_of(explorer) == parameters_of(START)
    assert explorer.view.svg == START.view.svg
    assert explorer.parameter.disabled == START.parameter.disabled
    assert explorer.parameter.description == START.parameter.description


@pytest.mark.parametrize("preset", BackwardExplorer.presets)
def test_every_preset_is_sound_and_shows_what_it_says(preset):
    explorer = BackwardExplorer()
    button_called(explorer, preset).click()
    assert_sound(explorer)
    trace = explorer.numbers()["trace"]
    assert {
        "paths cancel": abs(trace["dA1"][0, 0]) < 0.001,
        "saturated output": trace["A2"][0, 0] < 0.1 and abs(trace["delta2"][0, 0]) < 0.07,
        "input 0": not trace["dW1"][0].any() and trace["dW1"][1].all(),
    }[preset]


def test_setting_with_a_choice_is_all_or_nothing():
    explorer = BackwardExplorer()
    explorer.set(selected="b1[2]", parameter=0.5)
    assert parameters_of(explorer) == {**parameters_of(START), "b1[2]": 0.5}
    for wrong in ({"selected": "W9[0,0]", "x0": 1.0}, {"selected": "b2[0]", "z": 1.0}):
        with pytest.raises(ValueError, match=r"W9|no control is called 'z'"):
            explorer.set(**wrong)
        assert explorer.selected == "b1[2]"
        assert explorer.values["x0"] == START.values["x0"]


@pytest.mark.parametrize("corner", [(-3, -3, 0, 0), (3, 3, 1, 1), (-3, 3, 1, 0), (0, 0, 0, 0)])
def test_the_ends_of_the_sliders_are_sound(corner):
    explorer = BackwardExplorer()
    for name in PARAMETERS:
        explorer.choose(name)
        explorer.set(parameter=3 if "0" in name else -3)
    explorer.set(**dict(zip(("x0", "x1", "y0", "y1"), corner, strict=True)), step=7)
    assert_sound(explorer)


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_every_number_can_be_chosen_at_every_step(step):
    explorer = BackwardExplorer()
    explorer.set(step=step)
    for name in NAMES:
        choose_in_page(explorer, name)
        assert explorer.trouble.value == ""
        shown = "".join(
            ET.fromstring(explorer.view.svg.partition("</svg>")[0] + "</svg>").itertext()
        )
        if array_of(name) in known_at(step):
            assert formula(explorer.numbers()["trace"], name)[0] in shown
        else:
            assert f"{name} is not known yet at this step." in shown


@pytest.mark.parametrize("name", NAMES)
def test_the_slider_belongs_to_the_chosen_parameter_alone(name):
    explorer = BackwardExplorer()
    explorer.choose(name)
    parameter = name.removeprefix("d")
    assert explorer.parameter.disabled == (parameter not in PARAMETERS)
    before = parameters_of(explorer)
    assert before == parameters_of(START)
    explorer.set(parameter=-2.345)
    if parameter in PARAMETERS:
        assert explorer.parameter.description == parameter
        assert parameters_of(explorer) == {**before, parameter: -2.345}
    else:
        assert parameters_of(explorer) == before


@pytest.mark.parametrize("there", [0.123456789, 1 / 3, -17.25, 3.0000001, 1e4])
def test_choosing_a_parameter_off_the_slider_does_not_move_it(there):
    explorer = BackwardExplorer()
    explorer.choose("b1[0]")
    explorer.example.network.layers[0].W[1, 2] = there
    explorer.choose("W1[1,2]")
    assert parameters_of(explorer) == {**parameters_of(START), "W1[1,2]": there}
    assert explorer.parameter.value == there
    explorer.choose("W1[0,0]")
    assert parameters_of(explorer)["W1[1,2]"] == there
    assert (explorer.parameter.min, explorer.parameter.max) == (-3, 3)
    assert explorer.trouble.value == ""


def test_the_sliders_reach_what_they_start_with_by_their_steps():
    for name, control in START.controls.items():
        steps = (control.value - control.min) / control.step
        assert steps == pytest.approx(round(steps)), name
        assert control.min <= control.value <= control.max


def test_unknown_names_are_refused():
    explorer = BackwardExplorer()
    with pytest.raises(ValueError, match=r"'W3\[0,0\]' is no number of this network"):
        explorer.choose("W3[0,0]")
    assert explorer.selected == "W2[0,0]"
    choose_in_page(explorer, "W3[<0>]")
    assert "W3[&lt;0&gt;]" in explorer.trouble.value


def test_back_and_next_stop_at_the_ends():
    explorer = BackwardExplorer()
    for label, expected in [("Back", [0]), ("Next", [*range(1, 8), 7]), ("Back", [6, 5])]:
        for step in expected:
            button_called(explorer, label).click()
            assert explorer.step.value == step


def test_the_code_is_short_and_needs_no_explorer():
    code = START.code()
    imported = {
        node.module for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)
    }
    assert imported == {"bp_helpers"}
    assert max(map(len, code.splitlines())) <= 88
