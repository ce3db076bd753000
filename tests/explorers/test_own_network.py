"""The learner's own network in the flagship: size, activation, loss, one penguin or three."""

import re
import warnings
from itertools import combinations

import numpy as np
import pytest
from driving import choose_in_page, engine_of
from svg_boxes import Box, all_of, text_box
from svg_checks import parsed

import bp_helpers as bp
from bp_helpers.explorers import BackwardExplorer
from bp_helpers.explorers.backward import RATE, UPDATE, measured_gradients
from bp_helpers.pictures import formula

EVERY = [(h, a, loss, batch) for h, a, loss, batch in [
    (1, "Tanh", "SquaredError", True), (2, "ReLU", "BinaryCrossEntropy", False),
    (3, "Sigmoid", "SquaredError", True), (3, "Tanh", "SoftmaxCrossEntropy", False),
    (4, "Sigmoid", "BinaryCrossEntropy", True), (5, "ReLU", "SquaredError", True),
    (6, "Sigmoid", "SquaredError", False), (6, "ReLU", "SoftmaxCrossEntropy", True),
]]  # fmt: skip


@pytest.fixture(params=EVERY, ids=str)
def explorer(request):
    made = BackwardExplorer()
    hidden, activation, loss, batch = request.param
    made.set(hidden=hidden, activation=activation, loss=loss, batch=batch, step=UPDATE - 1)
    return made


def test_every_number_is_the_engines(explorer):
    network, x, y = engine_of(explorer)
    trace = dict(explorer.numbers.trace)
    if "P" in trace:
        p = trace.pop("P")
        np.testing.assert_array_equal(p, network.loss.probabilities(trace["Z2"]))
    right = network.trace(x, y)
    assert [*trace] == [*right]
    for name, array in right.items():
        np.testing.assert_array_equal(trace[name], array)


def test_what_is_measured_is_what_check_gradients_measures_and_all_agree(explorer):
    report = bp.check_gradients(*engine_of(explorer))
    measured = measured_gradients(explorer.numbers.trace, explorer.numbers.network)
    for name, slopes in measured.items():
        np.testing.assert_allclose(slopes, report.parameters[name].measured, atol=1e-9, rtol=0)
    n = 5 * len(explorer.state["b1"]) + 2
    assert f"{n} of {n} agree" in explorer.words


def test_the_parts_of_a_batch_add_up_to_the_gradient_and_each_is_its_penguins_own(explorer):
    network, x, y = engine_of(explorer)
    n = len(x)
    alone = []
    for k in range(n):
        trace = network.trace(x[k : k + 1], y[k : k + 1])
        alone.append({name: trace[name] / n for name in ("dW1", "db1", "dW2", "db2")})
    for gradient in explorer.numbers.gradients:
        array, index = re.fullmatch(r"(\w+)\[([\d,]+)\]", gradient.name).groups()
        at = tuple(map(int, index.split(",")))
        assert gradient.parts == pytest.approx([each[array][at] for each in alone] if n > 1 else [])
        if n > 1:
            assert sum(gradient.parts) == pytest.approx(gradient.backward)


def test_the_update_is_the_engines_and_its_loss_answers(explorer):
    network, x, y = engine_of(explorer)
    before = network.loss_value(x, y)
    network.backward()
    bp.GradientDescent(network, RATE).step()
    explorer.set(step=UPDATE)
    assert explorer.trouble.value == ""
    assert explorer.numbers.updated["loss"] == network.loss_value(x, y)
    assert f"loss {before:.4f} to" in explorer.words


def value(formula_in_numbers):
    """What a line of a formula comes to, read as Python."""
    said = formula_in_numbers.removeprefix("= ").replace("−", "-").replace("×", "*")
    said = said.replace("²", "**2").replace("½", "0.5").replace(", else", " else")
    return eval(said, {"exp": np.exp, "tanh": np.tanh, "log": np.log, "max": max})


@pytest.mark.slow  # all numbers of eight networks
def test_every_formula_comes_to_the_number_that_stands_there_and_fits(explorer):
    laid_out = set()  # many choices leave a picture's texts where they are
    for name in sorted(set(re.findall(r'data-name="([^"]+)"', next(iter(explorer.picture)).svg))):
        choose_in_page(explorer, name)
        assert explorer.trouble.value == ""
        lines = formula(explorer.numbers.trace, name, explorer.numbers.network)
        if len(lines) > 1:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # log of a p that is written as 0.000
                assert value(lines[1]) == pytest.approx(value(lines[2]), abs=0.02)
        for part in explorer.picture:
            root = parsed(part.svg)
            view = Box(*map(float, root.get("viewBox").split()))
            standing = [t for t in all_of(root, "text") if t.get("class") != "bp-travel"]
            boxes = tuple(text_box(t) for t in standing)
            if boxes in laid_out:
                continue
            laid_out.add(boxes)
            assert [
                t.text for t, box in zip(standing, boxes, strict=True) if not view.holds(box)
            ] == []
            met = [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])]
            assert met == []


def test_hidden_neurons_come_and_go_and_the_others_stay_as_they_are():
    explorer = BackwardExplorer()
    explorer.set(**{"W2[2,1]": 0.5, "b1[0]": 2.0})
    kept = {name: explorer.state[name] for name in ("W1", "b1", "W2")}
    explorer.set(hidden=6)
    for name, array in kept.items():
        now = explorer.state[name]
        np.testing.assert_array_equal(now[:, :3] if name == "W1" else now[:3], array)
    assert "W2[5,1]" in explorer.hands()
    explorer.set(hidden=3)
    for name, array in kept.items():
        np.testing.assert_array_equal(explorer.state[name], array)


def test_what_is_chosen_of_a_neuron_that_goes_is_chosen_no_more():
    explorer = BackwardExplorer()
    explorer.set(hidden=6, step=7)
    choose_in_page(explorer, "W1[1,5]")
    explorer.set(hidden=5)
    assert explorer.state["selected"] == explorer.state["held"] == "W2[0,0]"
    assert explorer.trouble.value == ""
    with pytest.raises(ValueError, match=r"W1\[1,5\]"):
        explorer.set(selected="W1[1,5]")
    with pytest.raises(ValueError, match=r"W1\[1,5\]"):
        explorer.set(held="W1[1,5]")


def test_a_loss_without_outputs_of_its_own_has_probabilities_instead():
    explorer = BackwardExplorer()
    choose_in_page(explorer, "A2[1]")
    explorer.set(loss="BinaryCrossEntropy")
    assert explorer.state["selected"] == "W2[0,0]"
    explorer.set(selected="P[1]")
    explorer.set(loss="SquaredError")
    assert explorer.state["selected"] == "W2[0,0]"


def test_with_softmax_the_targets_add_up_to_1_whichever_is_moved():
    explorer = BackwardExplorer()
    explorer.set(y0=0.4, y1=0.1)
    explorer.set(loss="SoftmaxCrossEntropy")
    assert (explorer.values["y0"], explorer.values["y1"]) == (0.4, 0.6)
    explorer.set(y1=0.25)
    assert (explorer.values["y0"], explorer.values["y1"]) == (0.75, 0.25)
    assert explorer.trouble.value == ""


def test_on_the_kink_of_a_relu_it_says_that_there_is_no_slope():
    explorer = BackwardExplorer()
    explorer.set(activation="ReLU", step=7, x0=0.0, x1=0.0, **{"b1[0]": 0.0})
    assert "db1[0]: measured" in explorer.words
    assert "no slope on a kink" in explorer.words
    assert "differs" not in explorer.words


def test_in_a_large_network_the_table_shows_the_layer_of_what_is_chosen():
    explorer = BackwardExplorer()
    explorer.set(hidden=6, step=7)
    for chosen, layer, rows in [("W2[0,0]", 2, 14), ("Z1[3]", 1, 18), ("dX[1]", 1, 18)]:
        choose_in_page(explorer, chosen)
        table = [*explorer.picture][1]
        assert f"32 of 32 agree; layer {layer}; " in table.words
        assert table.svg.count("data-name") == rows


def test_what_stands_below_the_picture_stays_while_neurons_come_and_go():
    explorer, heights = BackwardExplorer(), set()
    for hidden in range(1, 7):
        explorer.set(hidden=hidden)
        sizes = re.findall(r'<svg[^>]* viewBox="0 0 \S+ (\S+)"', explorer.picture.svg)
        heights.add(max(map(float, sizes)))
    assert len(heights) == 1
