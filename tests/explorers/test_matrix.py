"""One layer and four penguins: the product is the one by hand, and its entries can be changed."""

import numpy as np
import pytest
from driving import at_start
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_checks import check_svg

from bp_helpers import load_penguins, running_example
from bp_helpers.explorers import MatrixExplorer
from bp_helpers.pictures import number

ENTRIES = [
    f"{name}[{','.join(map(str, index))}]"
    for name, shape in {"X": (4, 2), "W1": (2, 3), "b1": (3,), "Z1": (4, 3)}.items()
    for index in np.ndindex(shape)
]
GIVEN = [name for name in ENTRIES if name[0] != "Z"]
MOVES = st.lists(
    st.one_of(st.sampled_from(ENTRIES), st.tuples(st.sampled_from(GIVEN), st.floats(-3, 3))),
    min_size=1,
    max_size=8,
)


@settings(max_examples=30)
@given(MOVES)
def test_driven_at_random_it_shows_the_layers_numbers(moves):
    explorer = at_start(MatrixExplorer)
    for move in moves:
        if isinstance(move, str):
            explorer.choose(move)
        else:
            explorer.set(selected=move[0], value=move[1])
    assert explorer.trouble.value == ""
    check_svg(explorer.picture)
    numbers = explorer.numbers
    by_hand = [
        [
            sum(x * w for x, w in zip(row, column, strict=True)) + b
            for column, b in zip(numbers.W1.T, numbers.b1, strict=True)
        ]
        for row in numbers.X
    ]
    assert np.allclose(numbers.Z1, by_hand)
    rows = "; ".join(", ".join(number(z) for z in row) for row in numbers.Z1.tolist())
    assert f"\nZ1: {rows}\n" in explorer.picture.words


def test_its_first_row_is_the_running_example():
    example, numbers = running_example(), MatrixExplorer().numbers
    trace = example.network.trace(example.x, example.y)
    assert np.array_equal(numbers.X[:1], example.x)
    assert np.allclose(numbers.Z1[:1], trace["Z1"])
    assert np.abs(numbers.X - load_penguins().x_train[[1, 7, 13, 2]]).max() <= 0.005


@pytest.mark.parametrize("name", GIVEN)
def test_a_given_number_gets_the_slider(name):
    explorer = MatrixExplorer()
    explorer.choose(name)
    slot = explorer.handles["value"]
    assert (slot.description, slot.disabled) == (name, False)
    slot.value = 2.5
    array, _, index = name.removesuffix("]").partition("[")
    place = tuple(map(int, index.split(",")))
    for kind in ("X", "W1", "b1"):
        changed = np.argwhere(explorer.state[kind] != explorer.start[kind]).tolist()
        assert changed == ([[*place]] if kind == array else [])
    assert explorer.state[array][place] == 2.5
    assert f"Chosen: {name} = 2.500 has a part in Z1[" in explorer.picture.words


def test_a_result_cannot_be_changed():
    explorer = MatrixExplorer()
    explorer.choose("Z1[3,2]")
    before = explorer.view.svg
    assert explorer.handles["value"].description == "X[1,0]"  # it keeps what it had
    with pytest.raises(ValueError, match=r"no control is called 'Z1\[3,2\]'"):
        explorer.set(**{"Z1[3,2]": 1.0})
    assert explorer.view.svg == before
    said = explorer.picture.words
    assert "Chosen: Z1[3,2] = X[3,0] × W1[0,2] + X[3,1] × W1[1,2] + b1[2]" in said


def test_an_unknown_entry_is_refused():
    explorer = MatrixExplorer()
    with pytest.raises(ValueError, match=r"Z1\[9,9\].*is not an entry of X \(4, 2\)"):
        explorer.choose("Z1[9,9]")
    assert explorer.state["selected"] == "X[1,0]"
