"""The backward pass step by step: whatever is moved, every number in view is the engine's."""

import re

import numpy as np
import pytest
from driving import act, at_start, choose_in_page, engine_of, press, tick
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_boxes import all_of, rect_box
from svg_checks import parsed
from traces import names_of, running_trace

import bp_helpers as bp
from bp_helpers.explorers import BackwardExplorer
from bp_helpers.explorers.backward import RATE, STEPS, UPDATE, measured_gradients
from bp_helpers.pictures import formula, number
from bp_helpers.pictures.formulas import array_of

GIVEN = {"X", "Y", "W1", "b1", "W2", "b2"}
NAMES = [name for name, _ in names_of(running_trace())]
MOVES = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "step": st.integers(0, UPDATE - 1),
            **dict.fromkeys(("x0", "x1"), st.floats(-3, 3)),
            **dict.fromkeys(("y0", "y1"), st.floats(0, 1)),
        },
    ),
    st.tuples(st.sampled_from([name for name in NAMES if name[0] in "Wb"]), st.floats(-3, 3)),
    st.sampled_from(NAMES),
)


def known_at(step):
    return GIVEN.union(*(earlier.made for earlier in STEPS[: step + 1]))


def labels_in(svg):
    """What each part that can be chosen says of itself, after its name."""
    labels = [n.get("aria-label") for n in parsed(svg).iter() if n.get("data-name")]
    return dict(re.split(" = |: ", label.replace("−", "-"), maxsplit=1) for label in labels)


def assert_shows_the_engines_numbers(explorer):
    assert explorer.trouble.value == ""
    network, x, y = engine_of(explorer)
    engines = dict(names_of(network.trace(x, y)))
    assert dict(names_of(explorer.numbers.trace)) == engines
    step = explorer.values["step"]
    known = known_at(step)
    diagram, table = explorer.picture

    shown = labels_in(diagram)
    assert set(shown) == {name for name in NAMES if array_of(name) in known}
    for name, label in shown.items():
        assert float(label) == pytest.approx(engines[name], abs=5.01e-4)
    agreed = 0
    for name, label in labels_in(table).items():
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-\d+)?", label)]
        assert numbers == pytest.approx([engines[name]] * len(numbers), abs=5.1e-5)
        assert len(numbers) == 1 + (array_of(name) in known)
        agreed += len(numbers) - 1
        assert "differs" not in label
    assert_words_say_them(explorer, engines, known, agreed)


def assert_words_say_them(explorer, engines, known, agreed):
    diagram, table = (part.words.replace("−", "-") for part in explorer.picture)
    step = explorer.values["step"]
    lines = diagram.splitlines()
    assert f"Step {step} of {UPDATE}. {STEPS[step].sentence}" in lines[0]
    uses, makes = (line.rstrip(".").split(" ", 1)[1].split(", ") for line in lines[1:3])
    assert (set(uses), set(makes)) == ({*STEPS[step].used}, {*STEPS[step].made})
    listed = dict(line.split(": ") for line in lines if line.partition(": ")[0] in known)
    assert set(listed) == known
    for array, numbers in listed.items():
        expected = [value for name, value in engines.items() if array_of(name) == array]
        found = [float(n) for n in re.split("[,;] ", numbers)]
        assert found == pytest.approx(expected, abs=5.01e-5)
    chosen = explorer.state["selected"]
    explained = "Chosen: " + " ".join(formula(explorer.numbers.trace, chosen))
    assert (explained.replace("−", "-") in lines) == (array_of(chosen) in known)
    assert (f"{agreed} of {agreed} agree" in table) == (agreed > 0)


@settings(max_examples=40)
@given(st.lists(MOVES, min_size=1, max_size=6))
def test_driven_at_random_it_shows_the_engines_numbers(moves):
    explorer = at_start(BackwardExplorer)
    act(explorer, moves)
    assert_shows_the_engines_numbers(explorer)


@settings(max_examples=20)
@given(st.lists(MOVES, min_size=1, max_size=6))
def test_what_is_measured_at_once_is_what_check_gradients_measures_one_by_one(moves):
    explorer = at_start(BackwardExplorer)
    act(explorer, moves)
    report = bp.check_gradients(*engine_of(explorer))
    measured = measured_gradients(explorer.numbers.trace, explorer.numbers.network)
    assert [*measured, "X"] == [*report.parameters]
    for name, slopes in measured.items():
        # the losses are summed in another order, and 1e-16 of one is 1e-11 of a slope
        np.testing.assert_allclose(slopes, report.parameters[name].measured, atol=1e-10, rtol=0)
        np.testing.assert_array_equal(
            [
                each.measured
                for each in explorer.numbers.gradients
                if array_of(each.name[1:]) == name
            ],
            slopes.ravel(),
        )


@pytest.mark.parametrize("corner", [(-3, -3, 0, 0), (3, 3, 1, 1), (-3, 3, 1, 0), (0, 0, 0, 0)])
def test_the_ends_of_the_sliders_are_sound(corner):
    explorer = BackwardExplorer()
    for name in NAMES:
        if name[0] in "Wb":
            explorer.set(selected=name, parameter=3 if "0" in name else -3)
    explorer.set(**dict(zip(("x0", "x1", "y0", "y1"), corner, strict=True)), step=7)
    assert_shows_the_engines_numbers(explorer)


@pytest.mark.parametrize("preset", BackwardExplorer.presets)
def test_every_preset_is_sound_and_shows_what_it_says(preset):
    explorer = BackwardExplorer()
    press(explorer, preset)
    assert_shows_the_engines_numbers(explorer)
    trace = explorer.numbers.trace
    assert {
        "all gradients": len(known_at(explorer.state["step"])) == len(known_at(UPDATE)),
        "paths cancel": abs(trace["dA1"][0, 0]) < 0.001,
        "saturated": trace["A2"][0, 0] < 0.1 and abs(trace["delta2"][0, 0]) < 0.07,
        "input 0": not trace["dW1"][0].any() and trace["dW1"][1].all(),
    }[preset]


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_of_every_number_the_formula_shows_as_soon_as_it_is_known(step):
    explorer = BackwardExplorer()
    explorer.set(step=step)
    for name in NAMES:
        choose_in_page(explorer, name)
        assert explorer.trouble.value == ""
        shown = "".join(parsed(next(iter(explorer.picture))).itertext())
        if array_of(name) in known_at(step):
            moved = step == UPDATE and name[0] in "Wb"
            start = f"{name} after = {name} before − learning rate × d{name}"
            assert (start if moved else formula(explorer.numbers.trace, name)[0]) in shown
        else:
            assert f"{name} is not known yet at this step." in shown


# ---- Play and the update -------------------------------------------------------------------------


def test_each_step_brings_the_formula_of_what_it_makes():
    explorer = BackwardExplorer()
    for step in STEPS[1:]:
        press(explorer, "Next")
        assert explorer.state["selected"] == step.example
        assert array_of(step.example) in step.made
        assert f"Chosen: {step.example}" in explorer.words


def test_a_pinned_formula_stays_from_step_to_step():
    explorer = BackwardExplorer()
    explorer.pin.value = True
    press(explorer, "Next")
    assert explorer.state["selected"] == "W2[0,0]"


def test_the_update_moves_each_parameter_against_its_gradient_and_the_loss_answers():
    explorer = BackwardExplorer()
    network, x, y = engine_of(explorer)
    before, gradients = network.loss_value(x, y), network.trace(x, y)
    bp.GradientDescent(network, RATE).step()
    explorer.set(step=UPDATE)
    updated = explorer.numbers.updated
    for name, array in network.parameters.items():
        assert np.array_equal(updated[name], array)
        assert np.array_equal(updated[f"d{name}"], gradients[f"d{name}"])
    assert updated["loss"] == network.loss_value(x, y) < before
    words = explorer.words
    assert f"loss {before:.4f} to {updated['loss']:.4f}" in words
    assert explorer.state["W2"][0, 0] == 1.8  # the state is that of before
    assert not any(name[0] in "Wb" for name in explorer.hands())


def test_the_update_says_what_is_of_before_and_how_parameters_are_changed_again():
    """The weight that the slider holds has moved in the picture, and not there."""
    explorer = BackwardExplorer()
    explorer.set(step=UPDATE)
    shown = "".join(parsed(next(iter(explorer.picture))).itertext())
    assert "value after the step" in shown
    assert "its gradient before it" in shown
    for said in (shown, explorer.words, explorer.view.said):
        assert "Back undoes the step; then drag parameters" in said
    slider = explorer.handles["parameter"]
    assert (slider.description, slider.value) == ("W2[0,0] before", 1.8)
    press(explorer, "Back")
    assert "Back undoes the step; then drag parameters" not in explorer.words
    assert slider.description == "W2[0,0]"
    assert explorer.numbers.updated is explorer.numbers.trace


@pytest.mark.parametrize("name", ["dW2[1,0]", "delta1[2]", "dA2[0]", "dX[1]"])
def test_at_the_update_a_gradients_formula_has_the_numbers_that_led_to_it(name):
    explorer = BackwardExplorer()
    explorer.set(step=UPDATE, selected=name)
    names, *numbers = formula(explorer.numbers.trace, name)
    shown = "".join(parsed(next(iter(explorer.picture))).itertext())
    assert f"{names}, before the step" in shown
    assert all(line in shown for line in numbers)


def ways(explorer, step):
    explorer.set(step=step)
    root = parsed(next(iter(explorer.picture)))
    moving = [node for node in root.iter() if node.get("class") == "bp-travel"]
    (group,) = [node for node in root.iter() if node.get("data-step")]
    assert group.get("data-step") == str(step)
    return [(n.text, [tuple(map(float, p.split(","))) for p in n.get("data-way").split()])
            for n in moving]  # fmt: skip


def test_what_is_used_travels_to_what_is_made_of_it():
    """dA1 is made of both deltas, each on its way back over a connection, and of the weights."""
    explorer = BackwardExplorer()
    trace = explorer.numbers.trace
    moving = ways(explorer, 4)
    assert len(moving) == 3 * (2 + 2)
    expected = [number(v) for v in [*trace["delta2"][0].tolist() * 3, *trace["W2"].ravel()]]
    assert sorted(text for text, _ in moving) == sorted(expected)
    back = [way for _, way in moving if len(way) == 4]
    assert len(back) == 6  # each delta over each of its connections
    for way in back:
        across = [x for x, _ in way]
        assert across == sorted(across, reverse=True)


def test_a_traveller_starts_and_ends_where_the_numbers_stand():
    explorer = BackwardExplorer()
    explorer.set(step=6)
    root = parsed(next(iter(explorer.picture)))
    boxes = [rect_box(r) for g in root.iter() if g.get("data-name") for r in all_of(g, "rect")]
    for _, way in ways(explorer, 6):
        for x, y in (way[0], way[-1]):
            assert any(b.left <= x <= b.right and b.top <= y <= b.bottom for b in boxes)


@pytest.mark.parametrize(
    ("step", "phases"),
    [
        (0, {"Z1": "0", "A1": "1", "Z2": "2", "A2": "3"}),
        (2, {"dA2": "0", "delta2": "1"}),
        (3, {"dW2": "0", "db2": "0"}),
        (UPDATE, {"W1": "0", "b1": "0", "W2": "0", "b2": "0", "loss": "1"}),
    ],
)
def test_what_is_made_of_what_the_same_step_makes_comes_after_it(step, phases):
    explorer = BackwardExplorer()
    explorer.set(step=step)
    root = parsed(next(iter(explorer.picture)))
    moving = [node for node in root.iter() if node.get("data-to")]
    assert {array_of(n.get("data-to")): n.get("data-phase") for n in moving} == phases


def test_play_brings_the_formula_of_the_step_it_begins_with_unless_one_is_pinned():
    explorer = BackwardExplorer()
    explorer.view.playing = True
    assert explorer.state["selected"] == STEPS[0].example
    explorer.reset()
    explorer.pin.value = True
    explorer.view.playing = True
    assert explorer.state["selected"] == "W2[0,0]"


def test_play_begins_again_from_the_last_step():
    explorer = BackwardExplorer()
    explorer.set(step=UPDATE)
    explorer.view.playing = True
    assert (explorer.state["step"], explorer.state["selected"]) == (0, STEPS[0].example)
    for _ in range(UPDATE):
        assert explorer.view.playing
        tick(explorer.view)
    assert explorer.state["step"] == UPDATE
    assert not explorer.view.playing


@pytest.mark.parametrize(("speed", "pace"), [("slow", 4000), ("medium", 2000), ("fast", 1000)])
def test_play_has_a_speed(speed, pace):
    explorer = BackwardExplorer()
    explorer.set(speed=speed)
    assert explorer.view.pace == pace
