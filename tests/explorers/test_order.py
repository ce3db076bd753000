"""Who hands on first: the known results of four orders, and what is marked as wrong."""

import random

import pytest
from driving import at_start, choose_in_page, move_in_page, press, tick
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, texts

from bp_helpers.explorers import OrderExplorer
from bp_helpers.explorers.order import (
    ADDS,
    AGAIN,
    CHAIN,
    CLEARED,
    GRAPHS,
    INPUTS,
    OVERWRITES,
    REUSED,
    handing_on,
    planned_turns,
)
from bp_helpers.pictures.blame_graph import MORE, ROOM

PROPERTY = settings(max_examples=60, deadline=None)
HALVES = st.integers(-6, 6).map(lambda k: k / 2)


def output(graph, a, b):
    if graph == CHAIN:
        return (a + b) + 1
    c, d = a * b, a + b
    return (c + d) + c * d


def ended(preset, **values):
    explorer = OrderExplorer()
    explorer.use_preset(preset)
    explorer.set(**values)
    return explorer.numbers


@pytest.mark.parametrize(
    ("preset", "a", "b"),
    [("recursion", 29, 22), ("pre-order", 4, 3), ("post-order", 0, 0), ("topological", 25, 19)],
)
def test_the_known_results(preset, a, b):
    numbers = ended(preset)
    assert (numbers.grads["a"], numbers.grads["b"]) == (a, b)
    right = preset == "topological"
    assert {"a", "b"} & {*numbers.doubtful} == (set() if right else {"a", "b"})


@PROPERTY
@given(st.sampled_from([*GRAPHS]), HALVES, HALVES)
def test_what_is_called_right_is_what_nudging_measures(graph, a, b):
    right = handing_on(graph, a, b, ADDS, "nothing", (), 0, "y").right
    h = 1e-5
    along_a = (output(graph, a + h, b) - output(graph, a - h, b)) / (2 * h)
    along_b = (output(graph, a, b + h) - output(graph, a, b - h)) / (2 * h)
    assert right["a"] == pytest.approx(along_a, abs=1e-6)
    assert right["b"] == pytest.approx(along_b, abs=1e-6)


ORDERS = st.sampled_from([*GRAPHS]).flatmap(
    lambda graph: st.tuples(
        st.just(graph), st.lists(st.sampled_from([*INPUTS, *GRAPHS[graph], AGAIN]), max_size=14)
    )
)


@PROPERTY
@given(ORDERS, HALVES, HALVES, st.sampled_from([ADDS, OVERWRITES]), st.sampled_from([*CLEARED]))
def test_what_has_a_check_mark_is_right(graph_and_order, a, b, arriving, cleared):
    graph, order = graph_and_order
    numbers = handing_on(graph, a, b, arriving, cleared, tuple(order), len(order), "y")
    for name, grad in numbers.grads.items():
        if numbers.is_complete(name):
            assert grad == pytest.approx(numbers.right[name])


@PROPERTY
@given(ORDERS, HALVES, HALVES)
def test_what_is_wrong_when_all_have_handed_on_is_marked(graph_and_order, a, b):
    graph, order = graph_and_order
    order = tuple([*(name for name in order if name != AGAIN), *GRAPHS[graph]])
    numbers = handing_on(graph, a, b, ADDS, "nothing", order, len(order), "y")
    for name, grad in numbers.grads.items():
        if grad != pytest.approx(numbers.right[name]):
            assert name in numbers.doubtful


@pytest.mark.parametrize(
    ("cleared", "p", "a"),
    [("nothing", 2, 3), ("the inputs", 2, 2), ("all but the inputs", 1, 2), ("everything", 1, 1)],
)
def test_a_second_call_without_clearing_turns_1_into_3(cleared, p, a):
    numbers = ended("twice", cleared=cleared)
    assert (numbers.grads["p"], numbers.grads["a"], numbers.grads["b"]) == (p, a, a)
    assert ("a" in numbers.doubtful) == (a != 1)


def test_who_hands_on_too_early_hands_on_too_little_and_says_so():
    explorer = OrderExplorer()
    for name in "yfc":
        choose_in_page(explorer, name)
    numbers = explorer.numbers
    assert numbers.grads["a"] == 3
    assert numbers.doubtful == {"a": "too early from c", "b": "too early from c"}
    choose_in_page(explorer, "e")
    assert explorer.numbers.grads["c"] == 6
    assert explorer.numbers.sent["c"] == 1
    assert explorer.numbers.doubtful["a"] == "too little from c"
    choose_in_page(explorer, "c")  # once more, with all that it holds
    assert explorer.numbers.doubtful["a"] == "too much from c"
    graph, table = explorer.picture
    assert "✕ a: too much from c" not in texts(graph)
    assert any("a: too much from c" in said for said in texts(table))


def test_overwriting_loses_a_share():
    numbers = ended("topological", arriving=OVERWRITES)
    assert numbers.grads["c"] != numbers.right["c"]
    assert numbers.doubtful["c"] == "first share lost"
    assert {"a", "b"} <= {*numbers.doubtful}


def test_choosing_goes_on_from_where_the_turn_is():
    explorer = OrderExplorer()
    explorer.use_preset("topological")
    press(explorer, "Back")
    press(explorer, "Back")
    assert explorer.state["turn"] == 3
    choose_in_page(explorer, "d")
    assert explorer.state["order"] == (*"yfed",)
    press(explorer, "call backward again")
    assert explorer.state["order"] == (*"yfed", AGAIN)
    explorer.set(graph=CHAIN)
    assert (explorer.state["order"], explorer.state["turn"]) == (("y",), 0)


def test_a_turn_is_dragged_to_another_place_and_all_that_follows_is_anew():
    explorer = OrderExplorer()
    explorer.use_preset("topological")
    move_in_page(explorer, **{"turn of e": 4})
    assert explorer.state["order"] == (*"yfced",)
    assert explorer.numbers.doubtful["a"] == "too little from c"
    assert explorer.hands()["turn of e"].value == 4
    move_in_page(explorer, **{"turn of e": 2})
    assert explorer.state["order"] == (*"yefcd",)
    assert (explorer.numbers.grads["a"], explorer.numbers.grads["b"]) == (25, 19)


def test_with_only_some_turns_done_a_later_one_is_dragged_among_them():
    explorer = OrderExplorer()
    explorer.use_preset("topological")
    explorer.set(turn=3)
    move_in_page(explorer, **{"turn of d": 2})
    assert (explorer.state["order"], explorer.state["turn"]) == ((*"ydfec",), 3)
    assert [turn.name for turn in explorer.numbers.turns] == [*"ydf"]


@PROPERTY
@given(ORDERS.filter(lambda drawn: drawn[1]), st.data())
def test_wherever_a_turn_is_put_the_others_keep_their_order(graph_and_order, data):
    graph, order = graph_and_order
    explorer = at_start(OrderExplorer)
    explorer.set(graph=graph)
    explorer.set(order=order)
    turns = planned_turns(order)
    assert len({turn.name for turn in turns}) == len(turns)
    k = data.draw(st.integers(0, len(order) - 1))
    place = data.draw(st.integers(turns[k].first, turns[k].last))
    if turns[k].first == turns[k].last:
        assert turns[k].name not in explorer.hands()
        return
    explorer.set(**{turns[k].name: place})
    now = explorer.state["order"]
    assert explorer.hands()[turns[k].name].value == place
    assert now[place - 1] == order[k]
    assert [*now[: place - 1], *now[place:]] == [*order[:k], *order[k + 1 :]]


def test_two_turns_of_one_node_do_not_pass_each_other():
    explorer = OrderExplorer()
    explorer.use_preset("recursion")  # y f c d e c d
    first, second = (explorer.hands()[name] for name in ("turn of c", "turn of c (2)"))
    assert (first.low, first.value, first.high) == (1, 3, 5)
    assert (second.low, second.value, second.high) == (4, 6, 7)
    move_in_page(explorer, **{"turn of c": 7})
    assert explorer.state["order"] == (*"yfdeccd",)
    with pytest.raises(
        ValueError, match="turn of c cannot be nan: it is a whole number from 1 to 5"
    ):
        explorer.set(**{"turn of c": float("nan")})


def test_a_second_call_is_a_turn_like_the_others():
    explorer = OrderExplorer()
    explorer.use_preset("twice")
    assert explorer.hands()["call 2 of backward"].value == 3
    move_in_page(explorer, **{"call 2 of backward": 5})
    assert explorer.state["order"] == ("y", "p", "y", "p", AGAIN)


def test_an_order_goes_on_as_long_as_somebody_hands_on():
    """It ended after 20 turns, and whoever went on saw nothing happen."""
    explorer = OrderExplorer()
    for _ in range(8):
        for name in "yfecd":
            choose_in_page(explorer, name)
        press(explorer, "call backward again")
    assert (len(explorer.state["order"]), explorer.state["turn"]) == (48, 48)
    assert explorer.numbers.turns[-1].name == AGAIN
    assert explorer.numbers.sent == {}
    assert explorer.numbers.grads["f"] == 8
    for part in explorer.picture:
        check_svg(part)


@pytest.mark.parametrize(
    ("done", "first", "signs"), [(50, 31, 1), (30, 11, 2), (19, 0, 1), (0, 0, 1)]
)
def test_of_a_long_order_the_row_has_the_latest_turns(done, first, signs):
    explorer = OrderExplorer()
    explorer.set(order=[*"yfecd"] * 10)
    explorer.set(turn=done)
    graph, _ = explorer.picture
    said = texts(graph)
    assert said.count(MORE) == signs
    row = [one for one in said if one in explorer.state["order"]]
    assert row == [*explorer.state["order"][first : first + ROOM]]


def test_an_order_has_no_strangers():
    explorer = OrderExplorer()
    with pytest.raises(
        ValueError, match="'p' is no part of the picture: there are a, b, c, d, f, e, y"
    ):
        explorer.set(order=("y", "p"))
    with pytest.raises(ValueError, match="at least one turn"):
        explorer.set(order=())
    assert explorer.state["order"] == ("y",)


def test_play_begins_anew_at_the_end_and_stops_there():
    explorer = OrderExplorer()
    explorer.use_preset("topological")
    explorer.view.playing = True
    steps = []
    while explorer.view.playing and len(steps) < 20:
        tick(explorer.view)
        steps.append(explorer.state["turn"])
    assert steps == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("preset", [*OrderExplorer.presets])
@pytest.mark.parametrize("graph", [REUSED, CHAIN])
def test_the_picture_keeps_to_the_rules(preset, graph):
    explorer = OrderExplorer()
    explorer.use_preset(preset)
    for turn in range(len(explorer.state["order"]) + 1):
        explorer.set(turn=turn, a=-2.5, b=-3)
        for part in explorer.picture:
            check_svg(part)
    explorer.reset()
    explorer.set(graph=graph)
    for part in explorer.picture:
        check_svg(part)


def test_words_state_what_each_holds():
    explorer = OrderExplorer()
    explorer.use_preset("pre-order")
    for said in (
        "Handed on: y f c a b d e.",
        "e hands on 1.00: to c 1 × 5 = 5.00, to d 1 × 6 = 6.00.",
        "a = 2.00, has been handed 4.00 by 2 of 2, wrong: too little from c",
        "c = a · b = 6.00, has been handed 6.00 by 2 of 2, has handed on 1.00, complete",
        "right is 25.00",
    ):
        assert said in explorer.picture.words, said


def test_reasons_fit_beside_the_table_whatever_went_wrong():
    longest = 56  # characters in its width
    for seed in range(300):
        choose = random.Random(seed)
        graph = choose.choice([*GRAPHS])
        nodes = [*INPUTS, *GRAPHS[graph], AGAIN]
        order = tuple(choose.choice(nodes) for _ in range(8))
        arriving = choose.choice([ADDS, OVERWRITES])
        numbers = handing_on(graph, 2.0, 3.0, arriving, "nothing", order, len(order), "y")
        for name, reason in numbers.doubtful.items():
            assert len(f"{name}: {reason}") <= longest
    explorer = OrderExplorer()
    explorer.use_preset("topological")
    explorer.set(arriving=OVERWRITES)
    assert explorer.numbers.doubtful["a"] == "wrong from c and d, first share lost"
