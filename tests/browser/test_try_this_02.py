"""The tasks under "Try this" in 02, done by hand: each promise is about what changed."""

from itertools import product

import numpy as np
import pytest

from bp_helpers.explorers import ForwardExplorer, MatrixExplorer

# ---- Four penguins at once -----------------------------------------------------------------------


@pytest.fixture
def matrices(open_explorer):
    return open_explorer(MatrixExplorer())


def entries(page):
    return np.array([[page.number(f"Z1[{i},{j}]") for j in range(3)] for i in range(4)])


def test_along_a_row_the_penguin_stays_and_down_a_column_the_neuron(matrices):
    for name, (i, j) in {"Z1[2,1]": (2, 1), "Z1[2,0]": (2, 0), "Z1[3,0]": (3, 0)}.items():
        matrices.choose(name)
        formula = f"{name} = X[{i},0] × W1[0,{j}] + X[{i},1] × W1[1,{j}] + b1[{j}]"
        assert formula in matrices.words()


def test_a_weight_moves_four_entries_most_where_its_input_is_largest(matrices):
    matrices.choose("W1[0,2]")
    before = entries(matrices)
    matrices.drag("W1[0,2]", 60)
    moved = abs(entries(matrices) - before)
    assert moved[:, :2].max() == 0
    assert moved[:, 2].min() > 0
    inputs = [abs(matrices.number(f"X[{i},0]")) for i in range(4)]
    assert [*np.argsort(moved[:, 2])] == [*np.argsort(inputs)]


def test_a_measurement_is_noticed_by_its_own_penguin_alone(matrices):
    matrices.choose("X[1,0]")
    before = entries(matrices)
    matrices.drag("X[1,0]", 60)
    rows = abs(entries(matrices) - before).min(axis=1)
    assert [*(rows > 0)] == [False, True, False, False]


def test_a_bias_moves_its_column_in_step(matrices):
    matrices.choose("b1[0]")
    before, bias = entries(matrices), matrices.number("b1[0]")
    matrices.drag("b1[0]", 60)
    moved = entries(matrices) - before
    assert moved[:, 0] == pytest.approx([matrices.number("b1[0]") - bias] * 4, abs=1e-3)
    assert moved[0, 0] > 0
    assert not moved[:, 1:].any()


# ---- One penguin, and all others -----------------------------------------------------------------


@pytest.fixture
def forward(open_explorer):
    return open_explorer(ForwardExplorer())


def names(page):
    return {*page.view.locator("[data-name]").evaluate_all("all => all.map((p) => p.dataset.name)")}


def test_each_next_brings_the_numbers_of_one_array_and_any_can_be_read(forward):
    for array in ("Z1", "A1", "Z2", "A2", "loss"):
        before = names(forward)
        forward.press("Next")
        new = names(forward) - before
        assert {name.partition("[")[0] for name in new} == {array}
        chosen = max(new)
        forward.choose(chosen)
        assert any(text.startswith(f"{chosen} = ") for text in forward.texts())
    assert forward.explorer.state["step"] == 5


def values(page, *arrays):
    return {name: page.number(name) for name in names(page) if name.partition("[")[0] in arrays}


def map_and_ring(page):
    image = page.view.locator("image").get_attribute("href")
    return image, page.view.get_by_role("slider", name="this penguin").bounding_box()


def test_an_input_moves_what_follows_and_the_ring_a_weight_the_map_and_the_share(forward):
    forward.press("All")
    given, follow = ("X", "Y", "W1", "b1", "W2", "b2"), ("Z1", "A1", "Z2", "A2", "loss")
    fixed, moving = values(forward, *given), values(forward, *follow)
    image, ring = map_and_ring(forward)
    forward.drag("X[0]", 80)
    now = values(forward, *given)
    assert {name for name in now if now[name] != fixed[name]} == {"X[0]"}
    assert all(value != moving[name] for name, value in values(forward, *follow).items())
    image_after, ring_after = map_and_ring(forward)
    assert image_after == image
    assert ring_after["x"] > ring["x"]

    right = forward.explorer.numbers.right
    forward.choose("W1[0,0]")
    forward.drag("W1[0,0]", 80)
    image, ring = map_and_ring(forward)
    assert image != image_after
    assert ring == ring_after
    assert forward.explorer.numbers.right != right
    assert f"Right: {100 * forward.explorer.numbers.right:.1f} %" in " ".join(forward.texts())


def test_of_another_penguin_all_is_new_but_the_parameters_and_it_is_read_rightly(forward):
    forward.press("All")
    parameters, others = ("W1", "b1", "W2", "b2"), ("X", "Y", "Z1", "A1", "Z2", "A2", "loss")
    fixed, moving = values(forward, *parameters), values(forward, *others)
    forward.press("a Chinstrap")
    assert values(forward, *parameters) == fixed
    assert all(value != moving[name] for name, value in values(forward, *others).items())
    assert forward.number("A2[1]") > 0.7 > forward.number("A2[0]")


def test_no_measurement_brings_the_first_output_above_0_8(forward):
    """The sum of what can only add to it, over activations of at most 1, is too small."""
    forward.press("All")
    highest = 0.0
    for x in product((-3, 0, 3), repeat=2):
        for k, value in enumerate(x):
            forward.type_in(f"X[{k}]", value)
        highest = max(highest, forward.number("A2[0]"))
    most = sum(max(forward.number(f"W2[{i},0]"), 0) for i in range(3)) + forward.number("b2[0]")
    assert highest < 1 / (1 + np.exp(-most)) < 0.8


def test_one_bias_dragged_up_makes_most_penguins_right_and_further_up_fewer(forward):
    forward.press("All")
    forward.choose("b2[0]")
    shares = [forward.explorer.numbers.right]
    while forward.number("b2[0]") < 3:
        forward.drag("b2[0]", 30, moves=3)
        shares.append(forward.explorer.numbers.right)
    assert 0.4 < shares[0] < 0.6
    assert max(shares) > 0.9
    assert shares[-1] < max(shares) - 0.1
