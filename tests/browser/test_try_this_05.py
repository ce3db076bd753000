"""The tasks under "Try this" in 05, done by hand: each promise is about what changed."""

import numpy as np
import pytest

from bp_helpers.explorers import DescentExplorer, OneStepExplorer, TrainingExplorer

# ---- One step ------------------------------------------------------------------------------------

MANY = "178 of two species"


@pytest.fixture
def one_step(open_explorer):
    return open_explorer(OneStepExplorer())


def test_a_small_step_keeps_its_promise_and_a_large_one_less_than_half(one_step):
    one_step.press("a hundredth")
    assert one_step.explorer.numbers.ratio > 0.99
    kept = []
    for axis in ("up to 0.1", "up to 1", "up to 10"):
        one_step.slide("axis", axis)
        for _ in range(2):
            one_step.drag("learning rate", 150)
            kept.append(one_step.explorer.numbers.ratio)
    assert kept == sorted(kept, reverse=True)
    assert kept[1] > 0.95
    assert kept[-1] < 0.5


def lowest(page):
    """The learning rate whose step leads to the lowest loss."""
    page.slide("penguins", MANY)
    after = {}
    for rate in range(1, 11):
        page.slide("rate", float(rate))
        after[rate] = page.explorer.numbers.after
    best = min(after, key=after.get)
    assert 1 < best < 10
    return float(best)


def test_the_best_step_keeps_about_half_of_its_promise(one_step):
    one_step.slide("rate", lowest(one_step))
    assert one_step.explorer.numbers.ratio == pytest.approx(0.5, abs=0.05)


def test_three_steps_that_are_too_large_end_lower_than_three_of_the_best_first_step(one_step):
    rate = lowest(one_step)

    def three_steps():
        losses = [one_step.explorer.numbers.before]
        for _ in range(3):
            one_step.press("Take this step")
            losses.append(one_step.explorer.numbers.before)
            assert any(f"After {len(losses) - 1} step" in text for text in one_step.texts())
        return losses

    one_step.press("a rate that breaks it")
    assert one_step.explorer.numbers.after > one_step.explorer.numbers.before
    broken = three_steps()
    one_step.press("Reset")
    one_step.slide("penguins", MANY)
    one_step.slide("rate", rate)
    best = three_steps()
    assert broken[1] > broken[0]
    assert best == sorted(best, reverse=True)
    assert broken[3] < best[3]


# ---- Down two weights ----------------------------------------------------------------------------


@pytest.fixture
def descent(open_explorer):
    return open_explorer(DescentExplorer())


def path(page, optimizer):
    page.slide("optimizer", optimizer)
    (chosen,) = (one for one in page.explorer.numbers.paths if one.name == optimizer)
    return chosen


def test_adams_first_step_is_as_long_in_both_numbers_and_those_of_the_others_are_short(descent):
    descent.slide("steps", 1)
    moves = {
        name: abs(np.diff(path(descent, name).points, axis=0)[0])
        for name in ("gradient descent", "momentum", "Adam")
    }
    assert moves["Adam"] == pytest.approx([0.5, 0.5], abs=1e-3)
    assert max(moves["gradient descent"].max(), moves["momentum"].max()) < 0.25
    descent.slide("steps", 20)
    assert len(path(descent, "Adam").points) == 21


def test_gradient_descent_that_jumps_across_stops_at_a_lower_rate_and_ends_higher(descent):
    descent.press("jumps across")

    def rises(losses):
        return int((np.diff(losses) > 0).sum())

    first = path(descent, "gradient descent").losses
    assert rises(first) > 1
    for rate in sorted(descent.explorer.hands()["gradient_descent"].options, reverse=True):
        if rate < 60:
            descent.slide("gradient_descent", rate)
            losses = path(descent, "gradient descent").losses
            if not rises(losses):
                break
    assert rises(losses) == 0
    assert losses[-1] > first[-1]


def test_on_a_plateau_adam_goes_on_and_the_others_hardly(descent):
    descent.press("plateau")
    gone = {
        name: np.linalg.norm(path(descent, name).points[10] - path(descent, name).points[0])
        for name in ("gradient descent", "momentum", "Adam")
    }
    assert gone["Adam"] > 4 * max(gone["gradient descent"], gone["momentum"])


def test_momentum_climbs_the_other_side_and_comes_back(descent):
    descent.press("momentum swings over")
    losses = path(descent, "momentum").losses
    valley = int(np.argmin(losses[:8]))
    top = valley + int(np.argmax(losses[valley : valley + 15]))
    assert 0 < valley < top
    assert losses[top] > 1.1 * losses[valley]
    assert losses[-1] < 0.2 * losses[valley]


def test_from_a_little_further_right_momentum_arrives_too(descent):
    descent.press("momentum misses the turn")
    ends = {name: path(descent, name).losses[-1] for name in ("gradient descent", "momentum")}
    assert ends["momentum"] > 4 * ends["gradient descent"]
    descent.slide("start0", -4.0)
    assert path(descent, "momentum").losses[-1] < 0.3 * ends["momentum"]


# ---- Training ------------------------------------------------------------------------------------


@pytest.fixture
def training(open_explorer):
    return open_explorer(TrainingExplorer())


def play(page, epochs):
    """Let it play for so many ticks of its clock."""
    page.play(epochs)
    return page.explorer.numbers.history


def test_play_separates_the_species_and_with_the_loss_the_gradients_fall(training):
    history = play(training, 12)
    assert history[0].right < 0.5
    assert max(each.right for each in history) > 0.9
    assert history[-1].loss < 0.2 * history[0].loss
    assert all(
        now < 0.3 * then for now, then in zip(history[-1].sizes, history[0].sizes, strict=True)
    )


def test_an_epoch_of_one_penguin_a_step_learns_more_than_one_of_all_at_once(training):
    losses = {}
    for label in ("one penguin a step", "all penguins a step"):
        training.press(label)
        training.press("Epoch")
        start, losses[label] = (each.loss for each in training.explorer.numbers.history)
    assert losses["one penguin a step"] < 0.2 * start
    assert losses["all penguins a step"] > 0.8 * start


def test_after_a_few_epochs_at_too_large_a_rate_a_small_one_brings_it_back(training):
    training.press("too large a rate")
    history = play(training, 3)
    losses = [each.loss for each in history]
    assert max(losses[1:]) > losses[0]
    training.slide("learning_rate", 0.1)
    history = play(training, 20)
    assert history[-1].loss < 0.5
    assert history[-1].right > 0.9


def test_learning_by_heart_the_loss_on_unseen_penguins_rises_and_their_share_hardly_changes(
    training,
):
    training.press("learning by heart")
    history = play(training, 100)
    assert history[100].loss < 0.6 * history[10].loss
    assert history[100].unseen_loss > 1.3 * min(each.unseen_loss for each in history)
    assert abs(history[100].unseen_right - history[10].unseen_right) < 0.05
