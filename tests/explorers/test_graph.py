"""The running example as a graph: its gradients are the network's, folded or not."""

from itertools import product

import numpy as np
import pytest
from driving import at_start
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, texts

from bp_helpers.data import running_example
from bp_helpers.explorers import GraphExplorer
from bp_helpers.explorers.graph import PARTS
from bp_helpers.pictures import value_of

PROPERTY = settings(max_examples=25, deadline=None)
MOVES = st.integers(-30, 30).map(lambda k: k / 10)


def trace_of(explorer):
    example, state = running_example(), explorer.state
    for name, value in example.network.parameters.items():
        value[...] = state[name]
    return example.network.trace([[state["x0"], state["x1"]]], example.y)


@PROPERTY
@given(MOVES, MOVES, MOVES, st.sampled_from(["W1[1,2]", "b1[0]", "W2[2,1]", "b2[1]"]))
def test_values_and_gradients_are_those_of_the_network(x0, x1, value, name):
    explorer = at_start(GraphExplorer)
    explorer.set(**dict.fromkeys(PARTS, True), x0=x0, x1=x1)
    explorer.choose(name)
    explorer.set(parameter=value)
    trace, nodes = trace_of(explorer), explorer.numbers.nodes
    assert nodes["L"].value == pytest.approx(trace["loss"])
    named = {"X": "dX", "W1": "dW1", "b1": "db1", "W2": "dW2", "b2": "db2"}
    named |= {"Z1": "delta1", "Z2": "delta2", "A1": "dA1", "A2": "dA2"}
    compared = 0
    for one, node in nodes.items():
        array, bracket, index = one.partition("[")
        if array in named and bracket:
            assert node.value == pytest.approx(value_of(trace, one), abs=1e-12)
            grad = value_of(trace, f"{named[array]}[{index}")
            assert node.grad == pytest.approx(grad, abs=1e-12)
            compared += 1
    assert compared == 2 + 17 + 5 + 5
    for part in explorer.picture:
        check_svg(part)


def test_there_are_57_numbers_and_a_fold_hides_only():
    explorer = GraphExplorer()
    assert len(explorer.numbers.nodes) == 57
    grads = {name: node.grad for name, node in explorer.numbers.nodes.items()}
    counts = {}
    for opened in product([False, True], repeat=3):
        explorer.set(**dict(zip(PARTS, opened, strict=True)))
        counts[opened] = len(explorer.numbers.shown)
        assert {name: node.grad for name, node in explorer.numbers.nodes.items()} == grads
        for part in explorer.picture:
            check_svg(part)
        assert f"{counts[opened]} numbers" in explorer.picture.words
    assert counts[False, False, False] == 8
    assert counts[True, True, True] == 57


def test_each_share_adds_up_to_the_gradient():
    explorer = GraphExplorer()
    nodes = explorer.numbers.nodes
    for name, node in nodes.items():
        if name != "L":
            total = sum(nodes[fed].grad * slope for fed, slope in node.feeds)
            assert node.grad == pytest.approx(total, abs=1e-15)
    assert len(nodes["A1[0]"].feeds) == 2
    assert len(nodes["X[0]"].feeds) == 3
    assert all(len(node.feeds) == 1 for name, node in nodes.items() if name[0] in "Wb")


def test_choosing_a_folded_part_unfolds_it_and_a_parameter_gets_the_slider():
    explorer = GraphExplorer()
    explorer.choose("layer2")
    assert explorer.values["layer2"]
    assert explorer.state["selected"] == "layer2"
    explorer.choose("W2[2,1]")
    explorer.set(parameter=-2.0)
    assert explorer.state["W2"][2, 1] == -2.0
    assert np.array_equal(explorer.state["W1"], running_example().network.parameters["W1"])
    explorer.choose("A1[0]")
    _, second = explorer.picture
    said = texts(second)
    assert "A1[0] = φ(Z1[0]) = 0.5953" in said
    assert "dL/dA1[0] = dL/dP2[0,1] × slope + dL/dP2[0,0] × slope" in said
    with pytest.raises(ValueError, match="'W3' is not a node"):
        explorer.choose("W3")
