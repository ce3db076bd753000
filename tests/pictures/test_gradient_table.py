"""The table of gradients: every number twice, a lamp that does not lie, nothing too early."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_boxes import Box, all_of, buttons_of, rect_box, text_box
from svg_checks import SVG

from bp_helpers.pictures.gradient_table import MOST, MeasuredGradient, gradient_table


def of_one(name, backward, measured, agrees):
    """The gradient of one example, where nothing has a kink."""
    return MeasuredGradient(name, backward, measured, agrees, on_kink=False, parts=())


GRADIENTS = [
    of_one("dW1[0,0]", -0.0193, -0.01929, True),
    of_one("dW1[0,1]", 0.0, -0.00001, True),
    of_one("db1[0]", 12345.6789, 12345.6789, True),
    of_one("dW2[0,0]", -99999.99999, 1e-7, False),
    of_one("db2[0]", 0.25, -0.25, False),
]
ARRAYS = ["dW1", "db1", "dW2", "db2"]


def rows_of(svg):
    """Of each row, what it shows: name, backward, measured, lamp."""
    found = buttons_of(ET.fromstring(svg))
    return {name: [text.text for text in all_of(node, "text")] for name, node in found.items()}


def test_rows_show_both_numbers_and_whether_they_agree():
    assert list(rows_of(gradient_table(GRADIENTS, ARRAYS, "").svg).values()) == [
        ["dW1[0,0]", "−0.0193", "−0.0193", "✓"],
        ["dW1[0,1]", "0.0000", "−1.0e−5", "✓"],
        ["db1[0]", "12345.7", "12345.7", "✓"],
        ["dW2[0,0]", "−100000", "1.0e−7", "✕"],
        ["db2[0]", "0.2500", "−0.2500", "✕"],
    ]


def test_what_is_not_known_is_a_dot_and_nowhere_in_the_picture():
    known = {"dW2", "db2"}
    svg = gradient_table(GRADIENTS, known, "").svg
    for name, (_, backward, _, lamp) in rows_of(svg).items():
        assert (backward == "·") == (lamp == "·") == (name.partition("[")[0] not in known)
    blind = [
        gradient
        if gradient.name.partition("[")[0] in known
        else of_one(gradient.name, 1234.5, gradient.measured, not gradient.agrees)
        for gradient in GRADIENTS
    ]
    assert svg == gradient_table(blind, known, "").svg


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        ((), "none is known yet"),
        (("dW1",), "2 of 2 agree"),
        (("dW2", "db2"), "0 of 2 agree"),
        (ARRAYS, "3 of 5 agree"),
    ],
)
def test_words_state_verdict_and_every_number(known, verdict):
    root = ET.fromstring(gradient_table(GRADIENTS, known, "").svg)
    title, said = root[0].text, root[1].text
    assert root.get("aria-label") == f"{title}. {said}"
    assert all_of(root, "text")[0].text == f"Do they agree? {verdict}"
    labels = []
    for node in buttons_of(root).values():
        labels.append(node.get("aria-label"))
        name, backward, measured, lamp = (text.text for text in all_of(node, "text"))
        parts = [f"{name}: measured {measured}", f"backward {backward}", "which differs"]
        assert labels[-1] == ", ".join(parts[: {"·": 1, "✓": 2, "✕": 3}[lamp]])
    assert said == "; ".join([verdict, *labels]) + "."


def test_one_row_is_selected():
    pressed = {
        name: (node.get("aria-pressed"), all_of(node, "rect")[0].get("fill").partition(",")[0])
        for name, node in buttons_of(
            ET.fromstring(gradient_table(GRADIENTS, ARRAYS, "db1[0]").svg)
        ).items()
    }
    assert pressed.pop("db1[0]") == ("true", "var(--bp-used")
    assert set(pressed.values()) == {("false", "transparent")}


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(*[st.floats(-1e5, 1e5)] * 2, st.booleans()), min_size=1, max_size=60),
    st.sets(st.sampled_from(ARRAYS)),
)
def test_everything_has_its_place(values, known):
    gradients = [of_one(f"{ARRAYS[k % 4]}[{k // 10},{k % 10}]", *v) for k, v in enumerate(values)]
    svg = gradient_table(gradients, known, "").svg
    root = ET.fromstring(svg)
    view = Box(*map(float, root.get("viewBox").split()))
    texts = [(node.text, text_box(node)) for node in root.iter(f"{SVG}text")]
    assert all(view.holds(rect_box(node)) for node in all_of(root, "rect"))
    assert all(view.holds(box) for _, box in texts)
    for (said, box), (other, its_box) in combinations(texts, 2):
        assert not box.meets(its_box), (said, other)
    rows = rows_of(svg)
    if len(gradients) > MOST:  # there is room for a layer
        gradients = [gradient for gradient in gradients if gradient.name[2] == "1"]
    assert [*rows] == [gradient.name for gradient in gradients]
    for gradient in gradients:
        shown = rows[gradient.name][2]
        assert re.fullmatch(r"−?\d+(\.\d+)?(e−?\d+)?", shown)
        assert float(shown.replace("−", "-")) == pytest.approx(
            gradient.measured, abs=5e-5 if abs(gradient.measured) > 1e-3 else 1e-9, rel=0.06
        )
