"""Predictions: nothing of the answer shows before the learner has settled on one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from svg_checks import check_svg

from bp_helpers.explorers import PredictChoice, PredictNumber
from bp_helpers.pictures import guess_line

SHARES = st.integers(0, 1000).map(lambda k: k / 1000)  # of the way along a slider
WHY = "Because 2 < 3 & so on."


def choice():
    return PredictChoice("Up or down?", ["up", "down", "not at all"], "down", WHY)


def number():
    return PredictNumber("How large?", 0.31, -1, 1, 0.05, WHY)


def move(asked, guess):
    """Drag the marker, as the page does."""
    moved = {"count": asked.view.answered + 1, "values": {"guess": guess}}
    asked.view.set_state({"moved": moved})


def all_text(widget):
    """Everything that the page gets to see of the widget and of what is in it."""
    parts = [str(getattr(widget, "value", "")), str(getattr(widget, "description", ""))]
    return " ".join(parts + [all_text(child) for child in getattr(widget, "children", [])])


@pytest.mark.parametrize("make", [choice, number])
def test_nothing_of_the_answer_is_there_before_a_guess(make):
    asked = make()
    page = all_text(asked)
    assert asked.question in page
    assert "Because" not in page
    assert asked.verdict.value == ""
    assert asked.guess is None


@pytest.mark.parametrize("make", [choice, number])
def test_each_brings_the_look_of_its_buttons(make):
    """No explorer need have come before it."""
    style = make().children[0].value.partition("</style>")[0]
    assert ".bp-predict button { min-height: 28px; height: auto; white-space: normal; }" in style
    assert ":focus-visible" in style


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("down", "You said: down. Right!"),
        ("up", "You said: up. The answer is: down."),
        ("not at all", "You said: not at all. The answer is: down."),
    ],
)
def test_pressing_an_option_shows_the_verdict_and_the_reason(option, said):
    asked = choice()
    labels = [b.description for b in asked.inputs]
    next(b for b in asked.inputs if b.description == option).click()
    assert asked.guess == option
    assert said in asked.verdict.value
    for label, one in zip(labels, asked.inputs, strict=True):
        marks = ["✓" * (label == "down"), "✗" * (label == option != "down")]
        told = ["your answer"] * (label == option) + ["right"] * (label == "down")
        marked = f"{''.join(marks)} {label} ({', '.join(told)})"
        assert one.description.replace("\N{MULTIPLICATION X}", "✗") == (marked if told else label)
    assert "Because 2 &lt; 3 &amp; so on." in asked.verdict.value


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        (0.3, "You said 0.3; it is 0.31. That is as near as the marker gets."),
        (0.35, "Off by 0.04."),
        (0.5, "Off by 0.19."),
        (0.95, "Off by 0.64, 3.1 times as large."),
        (-0.3, "Off by 0.61. The sign is wrong."),
        (0, "Off by 0.31."),
    ],
)
def test_a_number_is_told_how_far_off_it_was(guess, said):
    asked = number()
    move(asked, guess)
    asked.inputs[0].click()
    assert asked.guess == guess
    assert said in asked.verdict.value
    assert "Because" in asked.verdict.value


def test_a_count_has_no_decimals():
    asked = PredictNumber("How many?", 3, 0, 17, 1, WHY)
    asked.commit(8.0)
    assert "You said 8; it is 3. Off by 5, 2.7 times as large." in asked.verdict.value
    assert "the answer 3<" in asked.view.svg
    exact = PredictNumber("How many?", 3, 0, 17, 1, WHY)
    exact.commit(3.0)
    assert "You said 3; it is 3. Exactly." in exact.verdict.value
    fine = PredictNumber("How far?", 0.26261, 0, 1, 0.01, WHY)
    fine.commit(0.25)
    assert "it is 0.2626. Off by 0.01." in fine.verdict.value
    rounded = PredictNumber("How far?", -0.99999999, -3, 3, 0.1, WHY)
    rounded.commit(0.0)
    assert "it is −1. Off by 1." in rounded.verdict.value


@pytest.mark.parametrize("make", [choice, number])
def test_the_first_guess_counts(make):
    asked = make()
    first = asked.options[0] if isinstance(asked, PredictChoice) else 0.9
    asked.commit(first)
    verdict = asked.verdict.value
    asked.commit("down" if isinstance(asked, PredictChoice) else 0.31)
    assert (asked.guess, asked.verdict.value) == (first, verdict)
    assert all(one.disabled for one in asked.inputs)


@pytest.mark.parametrize("make", [choice, number])
def test_as_text_it_holds_the_answer_and_the_reason_once_it_was_given(make):
    asked = make()
    before = asked._repr_mimebundle_()["text/plain"]
    assert "Because" not in before
    asked.commit("up" if isinstance(asked, PredictChoice) else 0.9)
    after = asked._repr_mimebundle_()["text/plain"]
    assert after == f"{before}\n{asked.said} {WHY}"
    assert asked.said.startswith("You said")
    still = asked._repr_mimebundle_()["text/html"]
    assert "<details>" not in still, "there is nothing left to hide"
    assert f'<div class="bp-answered"><b>{asked.said}</b>' in still


def test_a_number_cannot_be_committed_before_the_marker_was_moved():
    asked = number()
    (commit,) = asked.inputs
    assert commit.disabled
    assert "drag me" in asked.view.svg
    assert "No guess yet" in asked.view.svg
    move(asked, asked.place)  # to where it stands: that is a guess, too
    assert not commit.disabled
    assert f"your guess {asked.place:g}" in asked.view.svg
    commit.click()
    assert asked.guess == asked.place
    assert asked.view.hands == {}


def test_the_marker_goes_from_end_to_end_by_the_steps():
    asked = number()
    assert asked.view.hands["guess"] == {
        "label": "my guess", "value": 0.0, "low": -1, "high": 1, "step": 0.05, "fine": 0.005,
    }  # fmt: skip
    assert 'data-x="guess -1 1 80 420"' in asked.view.svg  # along the line's own scale
    asked.move(7)
    assert asked.place == 1
    with pytest.raises(ValueError, match="nan is not a number"):
        asked.move(float("nan"))
    assert asked.place == 1


def test_as_a_still_output_the_answer_is_folded_away():
    data = choice()._repr_mimebundle_()
    assert data["text/plain"] == "Predict. Up or down? (up / down / not at all)"
    shown, folded = data["text/html"].split("<details>")
    assert "Up or down?" in shown
    assert "Because" not in shown
    assert "down. Because 2 &lt; 3 &amp; so on." in folded
    assert "application/vnd.jupyter.widget-view+json" in data


def test_text_is_never_markup():
    asked = PredictChoice("<b>1 < 2</b>?", ["<i>", "no"], "no", "<script>")
    asked.commit("<i>")
    page = all_text(asked.children[0]) + asked.verdict.value
    page += asked._repr_mimebundle_()["text/html"]
    assert "<script" not in page
    assert "<i>" not in page
    assert "&lt;b&gt;1" in page


def test_the_line_shows_the_guess_and_only_later_the_answer():
    asked = number()
    move(asked, 0.9)
    assert "your guess 0.9" in asked.view.svg
    assert "answer" not in asked.view.svg
    asked.inputs[0].click()
    assert "Your guess: 0.9; the answer: 0.31" in asked.view.svg
    after = asked.view.svg
    move(asked, 0.2)  # late, from the page
    assert asked.view.svg == after


@given(SHARES, SHARES, st.sampled_from([(-1, 1), (0, 0.05), (0, 17), (-40, 5)]))
def test_the_line_is_sound_wherever_guess_and_answer_are(guess, answer, ends):
    low, high = ends
    place = [low + share * (high - low) for share in (guess, answer)]
    for picture in (guess_line(low, high, place[0]), guess_line(low, high, *place)):
        check_svg(picture)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_any_guess_gets_a_verdict(answer, guess):
    asked = PredictNumber("How large?", answer, -1, 1, 0.01, WHY)
    asked.commit(guess)
    assert "nan" not in asked.verdict.value
    assert asked.verdict.value.count("You said") == 1


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match=r"answer is 'left': it must be one of .*'up'"):
        PredictChoice("?", ["up", "down"], "left", WHY)
    with pytest.raises(ValueError, match="two or more different texts"):
        PredictChoice("?", ["up", "up"], "up", WHY)
    with pytest.raises(ValueError, match="answer is 3: the line reaches only from -1 to 1"):
        PredictNumber("?", 3, -1, 1, 0.1, WHY)


def test_what_cannot_be_an_answer_is_refused_and_changes_nothing():
    asked, other = choice(), number()
    with pytest.raises(ValueError, match="'sideways' is not one of the options"):
        asked.commit("sideways")
    with pytest.raises(ValueError, match="nan is not a number"):
        other.commit(float("nan"))
    assert asked.guess is None
    assert other.guess is None
    assert not any(one.disabled for one in asked.inputs)


def test_the_marker_starts_in_the_middle():
    asked = PredictNumber("How large?", 0.02, 0, 0.05, 0.001, WHY)
    assert asked.place == pytest.approx(0.025)
