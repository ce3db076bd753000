"""The card: its words are those of the text, nothing is carried by colour alone."""

import re
from html import unescape
from xml.etree import ElementTree

import numpy as np
import pytest

from bp_helpers.exercises import Feedback, Standing, check_composition, check_hand_back
from bp_helpers.exercises.card import LOOKS, card
from bp_helpers.exercises.feedback import FOR_PROGRAMS

FEEDBACK = [
    check_hand_back(None),
    check_hand_back(lambda delta, W: delta @ W.T),
    check_hand_back(lambda delta, W: delta @ W),
    check_hand_back(lambda delta, W: 3 * delta @ W.T),
    check_hand_back(lambda delta, W: (delta @ W.T)[:, :2]),
    check_hand_back(lambda delta, W: delta @ w),  # noqa: F821
    check_composition(lambda x: 3 * np.sin(x) ** 2),
]


def words(html):
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


@pytest.mark.parametrize("feedback", FEEDBACK, ids=lambda feedback: feedback.standing)
def test_a_card_says_what_the_text_says(feedback):
    html = card(feedback)
    ElementTree.fromstring(html)  # every tag is closed
    said = words(html)
    symbol, _ = LOOKS[feedback.standing]
    assert said.startswith(f"{symbol} {feedback.title}")
    for sentence in [feedback.says, feedback.hint, *feedback.further]:
        assert " ".join(sentence.replace("`", " ").split()) in said.replace("`", " ")
    if feedback.comparison:
        assert feedback.comparison.about in said
    data = feedback._repr_mimebundle_()
    assert data["text/html"] == html
    assert data["text/plain"] == repr(feedback)
    assert data[FOR_PROGRAMS] == {
        "standing": feedback.standing.value,
        "mistakes": list(feedback.mistakes),
    }


def test_every_standing_has_a_symbol_of_its_own():
    symbols = [LOOKS[standing][0] for standing in Standing]
    assert len(set(symbols)) == len(Standing)


def test_the_first_difference_is_marked_in_the_table():
    def spoil(delta, W):
        dA = delta @ W.T
        dA[1, 1] += 1
        return dA

    def once(delta, W):
        return spoil(delta, W) if len(delta) > 1 else delta @ W.T

    html = card(check_hand_back(once))
    (marked,) = re.findall(r"<tr>(?:(?!</tr>).)*◂.*?</tr>", html)
    assert "dA[1, 1]" in marked
    assert "dA[1, 0]" in html  # the one before, which is right
    assert html.count("<tr>") == 5


def test_what_a_learner_wrote_is_no_html():
    html = card(Feedback(Standing.NOT_YET, "<script>alert(1)</script> `a < b`", "<b>"))
    assert "<script>" not in html
    assert "<code>a &lt; b</code>" in html
