"""The tasks under "Try this" in 11, done by hand: each promise is about what changed."""

from itertools import permutations

import pytest

from bp_helpers.explorers import GraphExplorer, OrderExplorer
from bp_helpers.pictures.marks import DIFFERS

# ---- Who hands on first? -------------------------------------------------------------------------


@pytest.fixture
def order(open_explorer):
    return open_explorer(OrderExplorer())


def holds(page, name):
    return page.explorer.numbers.grads[name]


def crosses(page):
    """The nodes that have a cross: below the table stands why."""
    return {text[2] for text in page.texts() if text.startswith(DIFFERS) and text[3:4] == ":"}


def is_right(page):
    numbers = page.explorer.numbers
    return numbers.grads == pytest.approx(numbers.right)


def test_who_hands_on_too_early_hands_on_too_little_and_later_too_much(order):
    held, sent = [], []
    for name in ("y", "f", "c", "e"):
        order.choose(name)
        held.append(holds(order, "c"))
        sent.append(order.explorer.numbers.sent.get("c"))
    assert held == [0, 1, 1, 6]
    assert sent == [None, None, 1, 1]
    assert crosses(order) == {"a", "b"}
    little = holds(order, "a")
    order.choose("c")
    assert holds(order, "a") > little
    assert not is_right(order)
    assert crosses(order) == {"a", "b"}
    assert f"{DIFFERS} a: too much from c" in order.texts()


def test_recursion_hands_on_too_much_and_pre_order_too_little(order):
    for label, way in (("recursion", 1), ("pre-order", -1)):
        order.press(label)
        end = holds(order, "a")
        order.play(8)  # from the start again, to the end
        assert order.explorer.state["turn"] == 7
        assert holds(order, "a") == end
        numbers = order.explorer.numbers
        assert way * (numbers.sent["c"] - numbers.grads["c"]) > 0
        assert way * (end - numbers.right["a"]) > 0


def test_in_post_order_nothing_reaches_the_inputs_and_the_last_turn_gives_to_two(order):
    order.press("post-order")
    while order.explorer.state["turn"]:
        order.press("Back")
    given = []
    for _ in order.explorer.state["order"]:
        before = dict(order.explorer.numbers.grads)
        order.press("Next")
        given.append({name for name in before if holds(order, name) != before[name]})
    assert given == [set()] * 6 + [{"f", "e"}]
    assert holds(order, "a") == holds(order, "b") == 0


def test_two_pairs_of_neighbours_can_swap_and_all_orders_without_a_cross_are_topological(order):
    order.press("topological")
    start = order.explorer.state["order"]
    swaps = []
    for place in range(len(start) - 1):
        order.press("topological")
        order.drag(f"turn of {start[place]}", 35)
        swapped = order.explorer.state["order"]
        assert swapped[place + 1] == start[place]
        if not crosses(order):
            assert is_right(order)
            swaps.append({*swapped[place : place + 2]})
    assert swaps == [{"f", "e"}, {"c", "d"}]
    feeds = order.explorer.numbers.feeds
    for tried in permutations(start):
        order.explorer.set(order=tried, turn=5)
        later = all(tried.index(one) < tried.index(name) for name in tried for one in feeds[name])
        assert (not order.explorer.numbers.doubtful) == later


def test_overwriting_keeps_what_comes_over_one_path_right(order):
    order.press("topological")
    order.slide("arriving", "overwrites  (=)")
    numbers = order.explorer.numbers
    right = {name for name in numbers.grads if numbers.grads[name] == numbers.right[name]}
    assert right == {name for name, fed in numbers.feeds.items() if len(fed) < 2}
    assert crosses(order) == {*numbers.grads} - right


def test_of_a_second_call_nothing_but_clearing_everything_is_right(order):
    order.press("twice")
    assert holds(order, "a") == 3
    holding = {}
    for cleared in ("the inputs", "all but the inputs", "everything"):
        order.slide("cleared", cleared)
        holding[cleared] = holds(order, "a")
    assert holding == {"the inputs": 2, "all but the inputs": 2, "everything": 1}


# ---- The graph of all numbers --------------------------------------------------------------------


@pytest.fixture
def graph(open_explorer):
    explorer = GraphExplorer()
    explorer.use_preset("unfold all")
    return open_explorer(explorer)


def test_shares_are_added_where_a_number_is_used_twice_and_no_parameter_is(graph):
    added = {name for name, node in graph.explorer.numbers.nodes.items() if len(node.feeds) > 1}
    assert added == {"X[0]", "X[1]", "A1[0]", "A1[1]", "A1[2]"}
    for name in ("A1[0]", "W1[0,0]", "b2[1]"):
        graph.choose(name)
        (formula,) = (text for text in graph.texts() if text.startswith(f"dL/d{name} = "))
        assert (" + " in formula) == (name in added)
    graph.press("two shares meet")
    assert graph.explorer.state["selected"] in added


def test_a_weight_moves_the_values_behind_it_and_gradients_of_numbers_that_stay(graph):
    before = graph.explorer.numbers.nodes
    graph.drag("W1[0,0]", 60)
    now = graph.explorer.numbers.nodes
    moved = {name for name in now if now[name].value != before[name].value}
    bent = {name for name in now if now[name].grad != before[name].grad}
    assert moved == _behind(now, "W1[0,0]")
    assert {"W1[0,1]", "W2[2,1]", "b2[0]", "X[1]"} <= bent - moved
    assert "S" in moved - bent  # a sum, times 1/2


def _behind(nodes, name):
    found = {name}
    for one, node in nodes.items():
        if found & {*node.inputs}:
            found.add(one)
    return found


def test_through_a_sum_the_same_gradient_goes_to_all_that_is_added(graph):
    graph.choose("Z1[0]")
    nodes = graph.explorer.numbers.nodes
    delta = nodes["Z1[0]"].grad
    same = {name for name, node in nodes.items() if node.grad == delta}
    assert same == {"Z1[0]", "S1[0,0]", "P1[1,0]", "b1[0]", "P1[0,0]"}
    assert {node.rule.split()[1] for name, node in nodes.items() if name[:2] in ("S1", "Z1")} == {
        "+"
    }
