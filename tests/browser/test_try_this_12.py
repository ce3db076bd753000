"""The tasks under "Try this" in 12, done by hand: each promise is about what changed."""

import re

import pytest

from bp_helpers.explorers import ScalingExplorer, ShardsExplorer

# ---- A batch in parts ----------------------------------------------------------------------------


@pytest.fixture
def parts(open_explorer):
    return open_explorer(ShardsExplorer())


def counts(page):
    """What each example of each part counts, as the picture says it: 14 stands for 1/14."""
    return [int(said) for said in re.findall(r"counts? 1/(\d+)", page.words())][:-1]


def off(page):
    """By how many percent the mean of the means is off."""
    said = re.search(r"the mean of the means is off by ([\d.]+)\s%", page.words())
    return float(said[1]) if said else 0.0


def move(page, name, across):
    """Drag a border to the place of the example, counted from the start."""
    before = page.explorer.state[name]
    page.part(name).focus()
    key = "ArrowRight" if across > before else "ArrowLeft"
    for _ in range(abs(across - before)):
        page.page.keyboard.press(key)
    page.settle()
    assert page.explorer.state[name] == across


def test_a_penguin_with_a_part_of_its_own_counts_as_much_as_the_twelve_others(parts):
    assert counts(parts) == [14, 12]
    before = off(parts)
    parts.drag("border1", 5 * stride(parts))
    assert parts.explorer.state["border1"] == 12
    assert counts(parts) == [24, 2]
    assert off(parts) > 10 * before
    assert "the weighted mean by rounding alone" in parts.words()


def stride(page):
    """How many pixels there are from one example to the next."""
    low, high, start, end = map(float, page.part("border1").get_attribute("data-x").split()[1:])
    scale = page.part("border1").evaluate("part => part.ownerSVGElement.getScreenCTM().a")
    return scale * (end - start) / (high - low)


def test_of_3_4_and_6_an_example_counts_most_in_the_smallest_part(parts):
    move(parts, "border1", 3)
    move(parts, "border2", 7)
    assert counts(parts) == [9, 12, 18]


def test_the_plain_mean_is_right_for_one_part_alone(parts):
    right = set()
    for border1 in range(14):
        for border2 in range(border1, 14):
            parts.explorer.set(border1=border1, border2=border2)
            numbers = parts.explorer.numbers
            if numbers.off(numbers.means) < 1e-9:
                right.add(numbers.sizes)
    assert right == {(0, 0, 13), (0, 13, 0), (13, 0, 0)}
    parts.press("Reset")
    move(parts, "border1", 13)
    assert off(parts) == 0


def test_no_weights_repair_batch_normalisation_or_a_root(parts):
    parts.press("batch normalisation")
    assert "the weighted mean by rounding alone" not in parts.words()
    parts.slide("kind", "root of the mean")
    assert "the weighted mean by rounding alone" not in parts.words()


# ---- On paper ------------------------------------------------------------------------------------


@pytest.fixture
def paper(open_explorer):
    return open_explorer(ScalingExplorer())


def walked(page):
    """Arithmetic and sending, for each number of machines that the slider can have."""
    numbers = []
    for k, machines in enumerate(page.explorer.hands()["machines"].options):
        page.slide("machines", machines)
        now = page.explorer.numbers
        assert now.here == machines
        numbers.append((machines, now.arithmetic[k], now.sending[k]))
    return numbers


def slower_to_send(walk):
    return min(machines for machines, arithmetic, sending in walk if sending > arithmetic)


def test_arithmetic_shrinks_and_sending_stays_and_a_large_batch_moves_the_crossing(paper):
    walk = walked(paper)
    arithmetic = [each for _, each, _ in walk]
    assert arithmetic == sorted(arithmetic, reverse=True)
    assert arithmetic[-1] == pytest.approx(arithmetic[0] / 1000)
    assert walk[-1][2] < 1.3 * walk[2][2]
    assert slower_to_send(walk) == 2
    paper.press("a large batch")
    assert slower_to_send(walked(paper)) == 50


def told(page):
    (sentence,) = (
        text for text in page.texts() if text.startswith(("No number of machines", "Fastest"))
    )
    return sentence


def test_the_number_of_parameters_changes_no_verdict(paper):
    said, steps = set(), []
    for parameters in paper.explorer.hands()["parameters"].options:
        paper.slide("parameters", parameters)
        said.add(told(paper))
        now = paper.explorer.numbers
        steps.append((now.arithmetic[0], now.sending[-1]))
    assert said == {"No number of machines beats one."}
    assert steps == sorted(steps)


def test_a_faster_wire_does_what_no_number_of_machines_could(paper):
    assert told(paper) == "No number of machines beats one."
    paper.slide("wire", 1e11)
    assert told(paper) == "Fastest, of those on the slider: 1,000 machines."


def test_at_home_a_large_batch_lets_two_laptops_beat_one(paper):
    paper.press("at home")
    faster = []
    for batch in paper.explorer.hands()["batch"].options:
        paper.slide("batch", batch)
        now = paper.explorer.numbers
        one, two = (now.arithmetic[k] + now.sending[k] for k in (0, 1))
        faster.append(two < one)
    assert faster == sorted(faster)
    assert 2 <= faster.index(True) < len(faster)
