"""The tasks under "Try this" in 04, done by hand: each promise is about what changed."""

import pytest

from bp_helpers.explorers import BackwardExplorer


@pytest.fixture
def backward(open_explorer):
    page = open_explorer(BackwardExplorer())
    page.press("all gradients")
    return page


def test_an_input_of_0_stops_the_gradients_of_its_weights_and_not_its_own(backward):
    backward.type_in("X[0]", 0)
    assert [backward.number(f"dW1[0,{j}]") for j in range(3)] == [0, 0, 0]
    assert all(backward.number(f"dW1[1,{j}]") != 0 for j in range(3))
    assert backward.number("dX[0]") != 0


def test_an_output_that_is_right_gets_no_blame_and_the_other_still_hands_some_back(backward):
    before = abs(backward.number("delta2[0]"))
    backward.type_in("Y[0]", 0.4)
    assert abs(backward.number("delta2[0]")) < 0.1 * before
    assert abs(backward.number("delta2[1]")) > 0.1
    assert all(abs(backward.number(f"dA1[{j}]")) > 0.001 for j in range(3))


def test_where_two_paths_cancel_all_that_follows_from_them_nearly_vanishes(backward):
    backward.part("W2[0,1]").click()
    at = {name: abs(backward.number(name)) for name in ("dA1[0]", "delta1[0]", "dW1[0,0]")}
    backward.type_in("W2[0,1]", 1.9)  # found by dragging
    for name, before in at.items():
        assert abs(backward.number(name)) < 0.1 * before, name
    for k in (0, 1):
        assert abs(backward.number(f"delta2[{k}]")) > 0.1


def test_a_saturated_output_is_more_wrong_and_gets_less_blame(backward):
    """What is chosen, `delta2[0]`, stays in sight with its factors while the bias is dragged."""
    backward.part("delta2[0]").click()
    backward.settle()
    losses, blame = [backward.number("loss")], [abs(backward.number("delta2[0]"))]
    while backward.explorer.hands()["b2[0]"].value > -3:
        backward.drag("b2[0]", -40)
        losses.append(backward.number("loss"))
        blame.append(abs(backward.number("delta2[0]")))
        shown = backward.view.locator("text").all_text_contents()
        assert any(text.startswith("delta2[0] = ") for text in shown)
    assert losses == sorted(losses)
    assert blame[-1] < max(blame)


def test_with_both_inputs_0_of_the_first_layer_only_the_biases_have_gradients(backward):
    for name in ("X[0]", "X[1]"):
        backward.type_in(name, 0)
    assert all(backward.number(f"dW1[{i},{j}]") == 0 for i in (0, 1) for j in range(3))
    assert all(backward.number(f"db1[{j}]") != 0 for j in range(3))


def test_of_a_batch_each_penguin_gives_its_part_and_the_check_holds_for_all_networks(backward):
    alone = backward.number("dW2[0,0]")
    backward.slide("batch", True)
    (own,) = (g for g in backward.explorer.numbers.gradients if g.name == "dW2[0,0]")
    assert own.parts[0] == pytest.approx(alone / 3, abs=1e-3)
    assert abs(own.parts[0]) == max(map(abs, own.parts))
    assert backward.number("dW2[0,0]") == pytest.approx(sum(own.parts), abs=1e-3)
    for control, choices in {
        "loss": ["BinaryCrossEntropy", "SoftmaxCrossEntropy"],
        "activation": ["Tanh", "ReLU"],
        "hidden": [1, 6],
    }.items():
        for choice in choices:
            backward.slide(control, choice)
            n = 5 * backward.explorer.state["hidden"] + 2
            assert f"{n} of {n} agree" in backward.words(), choice
