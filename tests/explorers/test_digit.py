"""The digit that is drawn: the network's own probabilities, the engine's own gradient."""

import numpy as np
import pytest
from driving import choose_in_page, press
from svg_checks import check_svg, parsed

from bp_helpers import SoftmaxCrossEntropy, load_digits
from bp_helpers.explorers import DigitExplorer
from bp_helpers.explorers.digit import MISREAD, START, START_IS, digit_reader
from bp_helpers.gradcheck import check_gradients


def test_the_start_is_what_it_says_and_the_misread_one_is_misread():
    digits = load_digits()
    assert str(digits.y_test[START]) == START_IS
    explorer = DigitExplorer()
    assert np.array_equal(explorer.state["pixels"], digits.x_test[START])
    explorer.use_preset("a misread one")
    assert explorer.numbers.target == digits.y_test[MISREAD] == 3
    assert explorer.numbers.p.argmax() == 5


def test_the_network_reads_most_digits_and_has_rounded_parameters():
    digits, network = load_digits(), digit_reader()
    assert network.measure(digits.x_test, digits.y_test)[1] > 0.97
    for array in network.parameters.values():
        assert np.array_equal(array, np.round(array, 2))


@pytest.mark.parametrize("digit", [0, 48, 200, MISREAD])
def test_numbers_are_the_engines_and_the_gradient_is_measured(digit):
    explorer = DigitExplorer()
    explorer.set(digit=digit)
    explorer.choose("X[27]")
    now, network = explorer.numbers, digit_reader()
    x, y = explorer.state["pixels"][np.newaxis], np.array([now.target])
    assert np.array_equal(now.p, SoftmaxCrossEntropy.probabilities(network.forward(x))[0])
    assert now.loss == network.loss_value(x, y)
    report = check_gradients(network, x, y)
    assert report.parameters["X"].measured[0] == pytest.approx(now.dX, abs=1e-5)


def test_a_pixel_that_is_chosen_gets_ink_and_loses_it_again():
    explorer = DigitExplorer()
    press(explorer, "Clear")
    assert not explorer.state["pixels"].any()
    choose_in_page(explorer, "X[9]")
    assert np.flatnonzero(explorer.state["pixels"]).tolist() == [9]
    choose_in_page(explorer, "X[9]")
    assert not explorer.state["pixels"].any()


def test_ink_away_from_where_the_gradient_is_positive_makes_the_loss_smaller():
    explorer = DigitExplorer()
    explorer.use_preset("a misread one")
    now = explorer.numbers
    ahead = np.clip(now.pixels - 0.05 * np.sign(now.dX), 0, 1)
    assert explorer.numbers_at(pixels=ahead).loss < now.loss


def test_the_picture_has_a_cell_for_each_pixel_and_hollow_squares_for_negative_gradients():
    explorer = DigitExplorer()
    paper, read = explorer.picture
    for part in explorer.picture:
        check_svg(part)
    cells = [g for g in parsed(paper).iter() if g.get("data-name")]
    inks = [float(g[0].get("fill-opacity")) for g in cells]
    assert inks == pytest.approx(explorer.state["pixels"], abs=0.006)
    painted = [g.get("data-paint") for g in cells]
    assert painted == ["1" if ink >= 0.5 else "0" for ink in explorer.state["pixels"]]
    squares = [r for r in parsed(read).iter() if r.get("stroke-width") and r.get("x")][:64]
    hollow = [r.get("fill") == "none" for r in squares]
    assert hollow == (explorer.numbers.dX < 0).tolist()


def test_the_text_names_the_pixels_most_to_blame_as_the_paper_does():
    explorer = DigitExplorer()
    explorer.use_preset("a misread one")
    assert "Most to blame: row 3, column 2: 6.104; row 2, column 2: 4.530;" in explorer.words
    assert 'aria-label="row 3, column 2: ink 1.00"' in explorer.picture.svg


def test_a_screen_reader_hears_what_is_read_and_not_the_ink_of_all_pixels(monkeypatch):
    explorer, heard = DigitExplorer(), []
    monkeypatch.setattr(
        explorer.view, "show", lambda svg, shown, sent, news, *_: heard.append(news)
    )
    explorer.choose("X[9]")
    explorer.choose("X[9]")
    assert [*map(type, heard)] == [str, str]
    assert all(news.startswith("It reads a 6. The loss, if it is a 6: 0.00") for news in heard)
    assert max(map(len, heard)) < 60
