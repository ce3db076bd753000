"""The network diagram: every number right, in its place, within reach, and none too early."""

import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise, takewhile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_boxes import Box, all_of, buttons_of, rect_box, text_box, text_of
from traces import names_of, random_trace, running_trace

from bp_helpers.pictures import number
from bp_helpers.pictures.formulas import factors_of, formula, value_of
from bp_helpers.pictures.network_diagram import Highlight, network_diagram

GIVEN = [r"X", r"Y", r"W\d", r"b\d"]
SIZES = [(1, 1), (5, 4), (2, 3, 2), (1, 6, 1), (5, 6, 4), (2, 4, 3, 2), (5, 6, 6, 4)]
EXTREME = [0.0, 1e4, -1e4, 1e-7, -1e-7, -99.9996, 0.5, -2.25, 3.0]
DRAWN_AT_EDGES = {"line": ("x1", "x2", "y1", "y2"), "rect": ("x", "y"), "text": ("x", "y")}


def array_of(name):
    return name.partition("[")[0]


def given_arrays(trace):
    return [name for name in trace if any(re.fullmatch(kind, name) for kind in GIVEN)]


def highlights(trace):
    """A step for each array that is computed, as they are computed one after the other."""
    known = given_arrays(trace)
    steps = [Highlight(set(known))]
    for name in [name for name in trace if name not in known]:
        before = steps[-1].known
        steps.append(Highlight({*before, name}, made=(name,), used=sorted(before)[::2]))
    return steps


def with_selected(highlight, name):
    return Highlight(highlight.known, highlight.made, highlight.used, name)


def drawn(trace, highlight, caption="Step 3 of 7. delta2: the output's error times its slope"):
    n_in, n_out = trace["X"].shape[1], trace["Y"].shape[1]
    inputs = [f"measurement {k}" for k in range(n_in)]
    outputs = [f"species {k}" for k in range(n_out)]
    return network_diagram(trace, highlight, inputs, outputs, caption).svg


def cards_of(root):
    return [rect_box(r) for r in all_of(root, "rect") if r.get("fill").startswith("var(--bp-panel")]


def assert_well_placed(svg):
    """Everything inside the view box, no text over another nor over the border of a card."""
    root = ET.fromstring(svg)
    view = Box(*map(float, root.get("viewBox").split()))
    for tag, attributes in DRAWN_AT_EDGES.items():
        for node in all_of(root, tag):
            x_and_y = [float(node.get(name)) for name in attributes]
            assert all(map(math.isfinite, x_and_y))
    for node in all_of(root, "rect"):
        assert view.holds(rect_box(node)), node.attrib
    for node in all_of(root, "line"):
        assert view.holds(Box(*(float(node.get(n)) for n in ("x1", "y1", "x1", "y1"))))
        assert view.holds(Box(*(float(node.get(n)) for n in ("x2", "y2", "x2", "y2"))))
        assert 0.6 <= float(node.get("stroke-width")) <= 4
    texts = [(text_of(node), text_box(node)) for node in all_of(root, "text")]
    for said, box in texts:
        assert view.holds(box), said
    texts.sort(key=lambda pair: pair[1].top)
    for k, (said, box) in enumerate(texts):
        for other, its_box in takewhile(
            lambda pair, end=box.bottom: pair[1].top < end, texts[k + 1 :]
        ):
            assert not box.meets(its_box), (said, other)
    for card in cards_of(root):
        for said, box in texts:
            assert card.holds(box, slack=1) or not card.meets(box), said
    return root


def assert_numbers_are_right(root, trace, known):
    """Every known number can be chosen, and says its value; no other has a name."""
    expected = {name: value for name, value in names_of(trace) if array_of(name) in known}
    buttons = buttons_of(root)
    assert set(buttons) == set(expected)
    for name, node in buttons.items():
        said, shown = node.get("aria-label").split(" = ")
        assert said == name
        (*texts,) = all_of(node, "text")
        assert [text.text for text in texts] in ([shown], [])  # a line has no text
        again = float(shown.replace("−", "-"))
        value = expected[name]
        assert shown == number(value)
        assert again == pytest.approx(value, rel=0.05 if abs(value) > 1e-9 else 0.5, abs=1e-14)
        assert re.fullmatch(r"−?\d+(\.\d+)?(e−?\d+)?", shown)


# ---- Places ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("values", [None, EXTREME], ids=["normal", "extreme"])
def test_every_step_is_well_placed_and_right(sizes, values):
    trace = random_trace(sizes, 0, values)
    for highlight in highlights(trace):
        root = assert_well_placed(drawn(trace, highlight))
        assert_numbers_are_right(root, trace, highlight.known)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
    st.integers(0, 1000),
    st.sampled_from([None, EXTREME]),
    st.data(),
)
def test_random_networks_steps_and_selections(sizes, seed, values, data):
    trace = random_trace(sizes, seed, values)
    name = data.draw(st.sampled_from([name for name, _ in names_of(trace)]))
    highlight = with_selected(data.draw(st.sampled_from(highlights(trace))), name)
    root = assert_well_placed(drawn(trace, highlight))
    assert_numbers_are_right(root, trace, highlight.known)


@pytest.mark.parametrize(
    "trace",
    [running_trace(), random_trace((5, 4), 1, EXTREME), random_trace((5, 6, 4), 1, EXTREME)],
    ids=["running", "5-4", "5-6-4"],
)
def test_selections_are_explained_inside_the_picture(trace):
    everything = highlights(trace)[-1]
    plain = ET.fromstring(drawn(trace, everything))
    view = Box(*map(float, plain.get("viewBox").split()))
    before = {(text_of(node), node.get("x"), node.get("y")) for node in all_of(plain, "text")}
    last_of_each_array = {array_of(name): name for name, _ in names_of(trace)}
    for name in last_of_each_array.values():
        root = ET.fromstring(drawn(trace, with_selected(everything, name)))
        texts = [(text_of(n), n.get("x"), n.get("y"), n) for n in all_of(root, "text")]
        added = [node for *known, node in texts if tuple(known) not in before]
        lines = formula(trace, name) + (formula(trace, f"d{name}") if name[0] in "Wb" else [])
        assert " ".join(map(text_of, added)) == " ".join(lines)
        lowest = max(box.bottom for box in cards_of(root))
        for node in added:
            assert view.holds(text_box(node)), text_of(node)
            assert text_box(node).top > lowest
        for one, next_one in pairwise(added):
            assert not text_box(one).meets(text_box(next_one))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_nothing_moves_when_values_change(sizes):
    def places(trace):
        svg = drawn(trace, Highlight(set(trace)))
        return [
            (node.tag, *(node.get(name) for name in attributes))
            for tag, attributes in DRAWN_AT_EDGES.items()
            for node in all_of(ET.fromstring(svg), tag)
        ]

    assert places(random_trace(sizes, 1)) == places(random_trace(sizes, 2, EXTREME))


def test_the_running_network_has_a_label_on_every_connection():
    root = ET.fromstring(drawn(running_trace(), Highlight(set(running_trace()))))
    labelled = [name for name, node in buttons_of(root).items() if all_of(node, "text")]
    assert set(labelled) == set(buttons_of(root))


@pytest.mark.parametrize("hidden", range(1, 7))
def test_up_to_six_hidden_neurons_each_number_is_24_pixels_high_and_below_it_nothing_moves(hidden):
    trace = random_trace((2, hidden, 2), hidden)
    root = assert_well_placed(drawn(trace, Highlight(set(trace))))
    heights = {
        name: [float(r.get("height")) for r in all_of(node, "rect")]
        for name, node in buttons_of(root).items()
    }
    assert set(heights) == {name for name, _ in names_of(trace)}
    assert min(height for (height,) in heights.values()) >= 24
    assert root.get("height") == "476"


def test_numbers_come_in_the_order_in_which_they_are_computed_with_their_gradients_beside():
    """By the arrow keys and to a screen reader; what is painted below them comes before."""
    root = ET.fromstring(drawn(random_trace((1, 2, 1), 0), Highlight(set(running_trace()))))
    assert [*buttons_of(root)] == [
        "X[0]", "dX[0]", "W1[0,0]", "dW1[0,0]", "W1[0,1]", "dW1[0,1]",
        "b1[0]", "db1[0]", "b1[1]", "db1[1]",
        "Z1[0]", "delta1[0]", "A1[0]", "dA1[0]", "Z1[1]", "delta1[1]", "A1[1]", "dA1[1]",
        "W2[0,0]", "dW2[0,0]", "W2[1,0]", "dW2[1,0]", "b2[0]", "db2[0]",
        "Z2[0]", "delta2[0]", "A2[0]", "dA2[0]", "Y[0]", "loss",
    ]  # fmt: skip
    drawn_things = [node for node in root.iter() if node.tag.rpartition("}")[2] in ("line", "rect")]
    cells = [node for button in buttons_of(root).values() for node in all_of(button, "rect")]
    assert drawn_things[-len(cells) :] == cells


# ---- What is shown -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trace", [running_trace(), random_trace((5, 6, 4), 3)], ids=["running", "5-6-4"]
)
def test_dash_is_for_negative_and_width_grows_with_size(trace):
    root = ET.fromstring(drawn(trace, Highlight(set(trace))))
    lines = [n for n in all_of(root, "line") if n.get("stroke") != "transparent"]
    layers = [k for k in (1, 2, 3) if f"W{k}" in trace]
    seen = iter(lines)
    for layer in layers:
        for index in np.ndindex(trace[f"W{layer}"].shape):
            for name, colour in ((f"W{layer}", "forward"), (f"dW{layer}", "backward")):
                line, value = next(seen), trace[name][index]
                assert f"--bp-{colour}," in line.get("stroke")
                assert (line.get("stroke-dasharray") is not None) == (value < 0)
                share = min(abs(value) / (4 if colour == "forward" else 0.3), 1)
                assert float(line.get("stroke-width")) == pytest.approx(0.6 + 3.4 * share, abs=0.01)
    assert next(seen, None) is None


def test_a_weight_that_stays_keeps_its_width_while_another_moves():
    def widths(trace):
        root = ET.fromstring(drawn(trace, Highlight({"W1"})))
        return [line.get("stroke-width") for line in all_of(root, "line")]

    trace = random_trace((2, 2), 0)
    moved = {**trace, "W1": trace["W1"].copy()}
    moved["W1"][0, 0] = 9.0
    assert widths(moved)[1:] == widths(trace)[1:]
    assert widths(moved)[0] == "4" != widths(trace)[0]


@pytest.mark.parametrize(
    "trace", [running_trace(), random_trace((2, 6, 2), 3)], ids=["running", "2-6-2"]
)
def test_no_label_covers_a_line(trace):
    """A line begins behind the labels of its own layer, and there are no others on its way."""
    root = ET.fromstring(drawn(trace, Highlight(set(trace))))
    cells = [rect_box(r) for r in all_of(root, "rect")]
    for line in all_of(root, "line"):
        left, right = float(line.get("x1")), float(line.get("x2"))
        assert left < right
        assert not any(left < cell.right and cell.left < right for cell in cells)


def test_without_any_weight_the_lines_are_thin():
    root = ET.fromstring(drawn(random_trace((2, 2), 0, [0.0]), Highlight({"W1"})))
    assert {line.get("stroke-width") for line in all_of(root, "line")} == {"0.6"}


@pytest.mark.parametrize("step", range(12))
def test_what_is_not_known_yet_is_nowhere_in_the_picture(step):
    trace = random_trace((5, 6, 4), 4)
    highlight = with_selected(highlights(trace)[step], "dW1[0,0]")
    blind = {
        name: array if name in highlight.known else array * 0 + 1234.5
        for name, array in trace.items()
    }
    assert drawn(trace, highlight) == drawn(blind, highlight)
    dots = drawn(trace, highlight).count(">·</text>")
    on_cards = [name for name, _ in names_of(trace) if "W" not in name]
    assert dots == sum(array_of(name) not in highlight.known for name in on_cards)
    assert "dW1[0,0] is not known yet" in drawn(trace, highlight)


def test_without_gradients_nothing_speaks_of_them():
    trace = running_trace()
    forward = {name for name in trace if not name.startswith("d")}
    svg = drawn(trace, Highlight({*forward} - {"Z2"}, gradients=False), "A caption")
    assert "gradient" not in svg
    assert svg.count(">·</text>") == 2  # the two z that are not known yet


def test_made_used_and_selected_can_be_told_apart():
    trace = running_trace()
    highlight = Highlight(set(trace), made=("delta2",), used=("A2", "dA2"), selected="delta2[1]")
    for name, node in buttons_of(ET.fromstring(drawn(trace, highlight))).items():
        ground = all_of(node, "rect")[0]
        expected = {"delta2": "lit", "A2": "used", "dA2": "used"}.get(array_of(name))
        assert (f"--bp-{expected}," in ground.get("fill")) == (expected is not None)
        outlined = name in ["delta2[1]", *factors_of(trace, "delta2[1]")]
        assert ground.get("stroke").startswith("var(--bp-ink") == outlined
        assert node.get("aria-pressed") == ("true" if name == "delta2[1]" else "false")
        assert (ground.get("stroke-dasharray") is None) == (name == "delta2[1]")


# ---- In words ----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", range(len(highlights(running_trace()))))
def test_words_state_what_is_shown(step):
    trace = running_trace()
    highlight = with_selected(highlights(trace)[step], "A1[2]")
    root = ET.fromstring(drawn(trace, highlight, "A caption"))
    title, said = root[0].text, root[1].text
    assert root.get("aria-label") == f"{title}. {said}".replace(".\n", "\n").replace("\n", ". ")
    assert said.startswith("A caption.\n")
    for verb, arrays in ("Uses", highlight.used), ("Makes", highlight.made):
        listed = ", ".join(name for name in trace if name in arrays)
        assert (f"\n{verb} {listed}.\n" in said) == bool(arrays)
    stated = dict(re.findall(r"(\w+): ((?:−?\d+\.\d+(?:[,;] )?)+)$", said, re.MULTILINE))
    buttons = buttons_of(root)
    shown = {}
    for name in buttons:
        shown.setdefault(array_of(name), []).append((name, number(value_of(trace, name), 4)))
    assert set(stated) == set(shown)
    for array, pairs in shown.items():
        assert re.split("[,;] ", stated[array]) == [value for _, value in sorted(pairs)]
    assert (" ".join(formula(trace, "A1[2]")) in said) == ("A1" in highlight.known)


def test_a_long_name_is_cut_where_its_card_ends():
    names = ["petal length in centimetres", "width"]
    root = assert_well_placed(
        network_diagram(running_trace(), Highlight({"X"}), names, names, "A caption").svg
    )
    shown = [text_of(node) for node in all_of(root, "text")]
    assert shown.count("petal length in c…") == 2
    assert shown.count("width") == 2


def test_names_are_escaped():
    names = ["<script>", 'a "b" & c']
    svg = network_diagram(running_trace(), Highlight({"X"}), names, names[::-1], "<b>&</b>").svg
    shown = [node.text for node in all_of(ET.fromstring(svg), "text")]
    assert [shown.count(name) for name in names] == [2, 2]
    assert "<b>&</b>" in shown
    assert "script>" not in svg.replace("&lt;script&gt;", "")


def test_the_same_numbers_give_the_same_picture():
    one, other = (drawn(running_trace(), Highlight(set(running_trace()))) for _ in range(2))
    assert one == other
