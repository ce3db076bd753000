"""The tasks under "Try this" in 06, done by hand: each promise is about what changed."""

import re

import pytest

from bp_helpers.explorers import DigitExplorer


@pytest.fixture
def drawing(open_explorer):
    explorer = DigitExplorer()
    explorer.use_preset("a misread one")
    return open_explorer(explorer)


def read(page):
    """The digit that is read, and the probability of each, as the picture says them."""
    words = page.words()
    shares = re.search(r"Probabilities (.*?)\. Most", words)[1].replace("−", "-").split(", ")
    p = [float(one.partition(": ")[2]) for one in shares]
    (title,) = (text for text in page.texts() if text.startswith("It reads a "))
    return int(title[-1]), p


def blamed(page):
    """The pixels that are most to blame, with their gradients, the largest first."""
    said = re.search(r"Most to blame: (.*?)\. (?:More|Nowhere)", page.words())[1]
    found = re.findall(r"row (\d), column (\d): (−?)([\d.e−]+)", said)
    return {
        f"X[{8 * int(row) + int(column)}]": float((sign + size).replace("−", "-"))
        for row, column, sign, size in found
    }


def wants_ink(page):
    there = re.search(r"More ink would help most at row (\d), column (\d)", page.words())
    row, column = there.groups()
    return f"X[{8 * int(row) + int(column)}]"


def most_to_blame(page):
    return next(name for name, gradient in blamed(page).items() if gradient > 0)


def test_a_misread_3_is_repaired_at_the_pixel_that_is_most_to_blame(drawing):
    answer, before = read(drawing)
    assert answer == 5
    assert before[5] > 0.95
    worst = most_to_blame(drawing)
    assert drawing.part(worst).get_attribute("data-paint") == "1"  # there is ink
    drawing.choose(worst)
    answer, after = read(drawing)
    assert answer == 3
    assert after[3] > 10 * before[3]


def test_on_empty_paper_a_stroke_is_read_and_the_squares_lead_to_a_7(drawing):
    drawing.press("Clear")
    assert max(read(drawing)[1]) < 0.2
    start, end = (drawing.middle(f"X[{k}]") for k in (1, 6))
    mouse = drawing.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move(*end, steps=20)
    mouse.up()
    drawing.settle()
    assert drawing.view.locator('[data-paint="1"]').count() == 6
    drawing.slide("target", "7")
    shares = [read(drawing)[1][7]]
    while read(drawing)[0] != 7 and len(shares) < 12:
        drawing.choose(wants_ink(drawing))
        shares.append(read(drawing)[1][7])
    assert read(drawing)[0] == 7
    assert shares[-1] > 2 * shares[0]


def test_of_a_digit_that_is_read_rightly_the_squares_are_gone_until_it_is_called_another(drawing):
    drawing.press("Reset")
    answer, p = read(drawing)
    assert answer == 6
    assert p[6] > 0.99
    assert max(map(abs, blamed(drawing).values())) < 0.01
    for digit in "05":
        drawing.slide("target", digit)
        assert max(map(abs, blamed(drawing).values())) > 2
        assert read(drawing) == (answer, p)
