"""Loss curves and gradient bars: true to their numbers, and still where they can be."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from svg_checks import check_svg, parsed, texts

from bp_helpers.pictures.training import BARS_ACROSS, gradient_sizes, loss_curve

SIZES = st.floats(0, 1e300)
RIGHT = 1.0, 1.0
LOSSES = st.lists(st.tuples(SIZES, SIZES), min_size=1, max_size=40)


def nodes(svg, name):
    return [n for n in parsed(svg).iter() if n.tag.rpartition("}")[2] == name]


def axis_of(svg):
    """All texts and places of the axes: what has to stand still while a curve grows."""
    return [(n.text, n.get("x"), n.get("y")) for n in nodes(svg, "text") if n.get("text-anchor")]


@settings(deadline=None, derandomize=True)
@given(LOSSES)
def test_any_losses_make_a_picture(losses):
    training, unseen = zip(*losses, strict=True)
    svg = loss_curve(training, unseen, RIGHT)
    parsed(svg)
    assert "nan" not in svg.svg
    assert "inf" not in svg.svg


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(*[st.floats(1e-4, 100)] * 2), min_size=1, max_size=40))
def test_losses_as_they_come_are_laid_out_well(losses):
    check_svg(loss_curve(*zip(*losses, strict=True), RIGHT))


def test_a_note_is_written_and_said():
    note = "The loss grew beyond all bounds: try a smaller learning rate, then <Reset>"
    svg = loss_curve([1.0, 3.0], [1.0, 2.0], (0.5, 1.0), note)
    assert " ".join(texts(svg)).endswith(note)
    assert nodes(svg, "desc")[0].text == (
        f"Loss after 1 epochs: training 3.0000, 50.0 % right; unseen 2.0000, 100.0 % right. {note}."
    )
    check_svg(svg)


def test_the_axes_stand_still_while_the_curve_grows():
    losses = [1.19, *(0.9 * 0.93**k for k in range(100))]
    pictures = [loss_curve(losses[:n], losses[:n], RIGHT) for n in range(1, 102)]
    assert len({str(axis_of(svg)) for svg in pictures}) == 1


def test_the_curve_is_where_its_numbers_are():
    svg = loss_curve([2, 0.1], [0.2, 0.2], (0.964, 0.941))
    _, training = nodes(svg, "path")
    points = [p.split() for p in training.get("d")[1:].split("L")]
    assert points == [["52.0", "135.4"], ["54.9", "220.0"]]  # 1 of 100 epochs; 10 down to 0.001
    assert texts(svg)[1:3] == ["training 0.1000, 96.4 % right", "unseen 0.2000, 94.1 % right"]


def test_of_a_long_curve_the_last_hundred_epochs_are_drawn_as_wide_as_ever():
    losses = [1.0] * 4990 + [0.5] * 10 + [0.1]
    path = nodes(loss_curve(losses, losses, RIGHT), "path")[1].get("d")
    assert path.count("L") == 100
    assert path.startswith("M52.0 ")
    assert path.endswith("L342.0 220.0")


@pytest.mark.parametrize("epochs", [1, 20, 21, 50, 99, 200, 500, 5000])
def test_epochs_have_whole_ticks(epochs):
    losses = [1.0] * (epochs + 1)
    svg = loss_curve(losses, losses, RIGHT)
    check_svg(svg)
    ticks = [t for t, _, y in axis_of(svg) if y == "367"]
    assert all(t.isdigit() for t in ticks)
    assert float(ticks[0]) <= epochs < float(ticks[-1]) + 20


@settings(deadline=None, derandomize=True)
@example([9685.0])  # the longest bar that there is, with the longest number at its end
@given(st.lists(st.floats(0, 9e98), min_size=1, max_size=6))
def test_any_sizes_make_bars(sizes):
    names = [f"layer {k}" for k in range(len(sizes))]
    svg = gradient_sizes(names, sizes)
    bars = nodes(svg, "rect")
    assert len(bars) == len(sizes)
    assert all(0 <= float(bar.get("width")) <= BARS_ACROSS for bar in bars)
    check_svg(svg)


def test_a_bar_has_room_for_the_longest_name_that_a_notebook_gives_it():
    svg = gradient_sizes(["as it was", "dW11"], [0.01, 1])
    (name,) = [t for t in nodes(svg, "text") if t.text == "as it was"]
    assert float(name.get("x")) > 7 * len("as it was")  # it ends there; a letter takes 7 pixels


def test_bars_are_as_long_as_the_logarithm_says():
    svg = gradient_sizes(["layer 1", "<2>"], [0.01, 1])
    assert [float(bar.get("width")) for bar in nodes(svg, "rect")] == [
        BARS_ACROSS / 2,
        BARS_ACROSS,
    ]
    wider = gradient_sizes(["layer 1", "<2>"], [0.01, 1], (1e-4, 1e4))
    assert [float(bar.get("width")) for bar in nodes(wider, "rect")] == [
        BARS_ACROSS / 4,
        BARS_ACROSS / 2,
    ]
    assert {"layer 1", "<2>", "0.0100", "1.0000"} <= set(texts(svg))
    assert nodes(svg, "desc")[0].text == "layer 1: 0.0100; <2>: 1.0000."
