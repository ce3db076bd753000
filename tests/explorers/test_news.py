"""What a screen reader says of a picture that has changed."""

import pytest
from driving import at_start, choose_in_page, move_in_page

from bp_helpers.explorers import (
    BackwardExplorer,
    BugClinicExplorer,
    DeepTrainingExplorer,
    GraphExplorer,
    OrderExplorer,
    OutputErrorExplorer,
    ShardsExplorer,
    SoftmaxErrorExplorer,
    WhichEndExplorer,
)
from bp_helpers.explorers.news import MOST, all_news, news_of_move
from bp_helpers.pictures import beside
from bp_helpers.pictures.picture import picture


def pictures(*words):
    return beside(*(picture(9, 9, title, said) for title, said in words))


def test_of_another_step_only_what_is_new_is_said():
    before = pictures(("A", "Step 1. Calm.\nW1: 1, 2; 3, 4\nb: 5"))
    now = pictures(("A", "Step 2. Calm.\nW1: 1, 2; 3, 6\nb: 5"))
    assert all_news(before, now) == "Step 2.\nW1: 1, 2; 3, 6"  # a matrix with all of its rows
    assert all_news(now, now) == ""


def test_of_a_long_list_the_first_new_items_are_said_and_how_many_more():
    before = pictures(("A", "; ".join(f"x{k} = 0" for k in range(12)) + "."))
    now = pictures(("A", "; ".join(f"x{k} = {k % 9}" for k in range(12)) + "."))
    first = [f"x{k} = {k}" for k in range(1, MOST + 1)]
    assert all_news(before, now) == "; ".join([*first, "and 6 more"]) + "."


def test_a_short_list_is_said_whole():
    before, now = (pictures(("A", f"right: 1; broken: {k}")) for k in (2, 3))
    assert all_news(before, now) == "right: 1; broken: 3"
    assert news_of_move(before, now, ()) == "right: 1; broken: 3"


def test_a_second_picture_repeats_nothing_and_does_not_list():
    before = pictures(("A", "y = 1"), ("B", "none is known; y = 1; z = 2"))
    now = pictures(("A", "y = 3"), ("B", "2 of 2 agree; y = 3; z = 4"))
    assert all_news(before, now) == "y = 3\n2 of 2 agree"
    before = pictures(("A", "y = 1"), ("B", "y = 1; z"))
    now = pictures(("A", "y = 3"), ("B", "y = 3; z"))
    assert all_news(before, now) == "y = 3"


def test_of_a_move_what_begins_as_told_is_said_once_or_the_first_new_sentence():
    before, now = (pictures(("A", f"x = {k}. loss: {k}"), ("B", f"loss: {k}")) for k in (1, 2))
    assert news_of_move(before, now, ["loss: "]) == "loss: 2"
    assert news_of_move(before, now, ["z"]) == "x = 2"
    assert news_of_move(now, now, ["loss: "]) == ""


# ---- What it comes to ---------------------------------------------------------------------------


def said_after(explorer, **moved):
    move_in_page(explorer, **moved)
    return explorer.view.said


def test_a_step_of_the_backward_pass_does_not_repeat_every_measured_gradient():
    explorer = at_start(BackwardExplorer)
    explorer.set(step=2)
    explorer.set(step=3)
    said = explorer.view.said
    assert said.startswith("Step 3 of 8. ")
    assert "dW2: " in said
    assert said.endswith("8 of 8 agree")
    assert "measured" not in said


def test_a_node_that_hands_on_is_heard_with_what_its_neighbours_hold_then():
    explorer = at_start(OrderExplorer)
    choose_in_page(explorer, "y")
    choose_in_page(explorer, "e")
    said = explorer.view.said
    assert said.startswith("Handed on: y e. e hands on 1.00: to c 1 × 5 = 5.00, to d ")
    assert "c = a · b = 6.00, has been handed 5.00 by 1 of 2" in said
    assert said.count("has been handed 5.00") == 1
    assert said_after(explorer, a=1.0).startswith("y = f + e = ")


@pytest.mark.parametrize("name", ["X[0]", "W1[0,0]"])
def test_of_a_move_in_the_graph_the_loss_is_said_and_not_every_number(name):
    explorer = at_start(GraphExplorer)
    said = said_after(explorer, **{name: -0.4})
    assert said.startswith("L = ")
    assert ";" not in said


def test_of_a_move_of_an_output_every_loss_and_delta_are_said():
    said = said_after(at_start(OutputErrorExplorer), z=4.0)
    assert said == (
        "Squared error behind a sigmoid: loss 0.4822, delta 0.01735\n"
        "Cross-entropy of the same output: loss 4.018, delta 0.9820"
    )
    loss, *classes = said_after(at_start(SoftmaxErrorExplorer), z0=4.0).split("\n")
    assert loss.startswith("Loss 0.1328")
    assert [one.partition(": ")[0] for one in classes] == ["Adelie", "Chinstrap", "Gentoo"]
    assert all(", delta " in one for one in classes)


def test_of_a_move_every_side_is_said():
    said = said_after(at_start(WhichEndExplorer), n4=10)
    assert [line.split(":")[0] for line in said.split("\n")] == ["From the front", "From the back"]
    said = said_after(at_start(ShardsExplorer), border1=9)
    assert [line[:6] for line in said.split("\n")] == ["part 1", "part 2", "Of all"]
    explorer = at_start(BugClinicExplorer)
    explorer.set(patient="uphill")
    assert explorer.view.said.startswith("After 120 steps: right: 0.0444; broken: ")


def test_of_ten_steps_all_four_losses_are_said():
    explorer = at_start(DeepTrainingExplorer)
    explorer.train()
    after, *losses = explorer.view.said.split("\n")
    assert after == "The loss of four trainings after 10 steps"
    assert [one.split(":")[0] for one in losses] == [
        "as it was",
        "tanh",
        "skip connections",
        "normalisation",
    ]
