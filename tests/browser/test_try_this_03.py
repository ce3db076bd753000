"""The tasks under "Try this" in 03, done by hand: each promise is about what changed."""

from itertools import pairwise

import numpy as np
import pytest

from bp_helpers.explorers import OutputErrorExplorer, SoftmaxErrorExplorer

# ---- One output, two losses ----------------------------------------------------------------------


@pytest.fixture
def output(open_explorer):
    return open_explorer(OutputErrorExplorer())


def along_z(page):
    """What the explorer shows while z is moved from -5 to 5."""
    shown = []
    for k in range(41):
        page.slide("z", -5 + k / 4)
        shown.append(page.explorer.numbers)
    return shown


def test_as_the_error_grows_the_blame_of_the_squared_error_shrinks_in_the_end(output):
    shown = []
    for label in ("confident and right", "undecided", "confident and wrong"):
        output.press(label)
        shown.append(output.explorer.numbers)
    right, undecided, wrong = shown
    assert right.error < undecided.error < wrong.error
    assert wrong.squared.delta < 0.2 * undecided.squared.delta  # its tangent has become flat
    assert right.squared.delta < undecided.squared.delta
    assert right.cross.delta < undecided.cross.delta < wrong.cross.delta


def test_the_blame_of_the_squared_error_is_largest_at_a_chance_of_2_in_3(output):
    output.slide("target", 0.0)
    shown = along_z(output)
    blames = [numbers.squared.delta for numbers in shown]
    peak = int(np.argmax(blames))
    assert blames[: peak + 1] == sorted(blames[: peak + 1])
    assert blames[peak:] == sorted(blames[peak:], reverse=True)
    assert shown[peak].a == pytest.approx(2 / 3, abs=0.05)
    crosses = [numbers.cross.delta for numbers in shown]
    assert crosses == sorted(crosses)


def test_for_the_other_target_error_and_blame_point_the_other_way(output):
    output.press("undecided")
    numbers = output.explorer.numbers
    assert min(numbers.error, numbers.squared.delta, numbers.cross.delta) > 0
    output.slide("target", 1.0)
    numbers = output.explorer.numbers
    assert max(numbers.error, numbers.squared.delta, numbers.cross.delta) < 0


def test_a_loss_need_not_be_0_for_the_blame_to_be_0(output):
    output.slide("target", 0.5)
    shown = along_z(output)
    (there,) = (numbers for numbers in shown if abs(numbers.cross.delta) < 1e-9)
    assert there.squared.delta == pytest.approx(0)
    assert there.squared.loss == pytest.approx(0)
    assert there.cross.loss == min(numbers.cross.loss for numbers in shown) > 0.5


# ---- Three classes -------------------------------------------------------------------------------


@pytest.fixture
def classes(open_explorer):
    return open_explorer(SoftmaxErrorExplorer())


def test_the_same_added_to_all_z_moves_nothing_but_them(classes):
    for k, z in enumerate((0.5, -2.0, 4.0)):
        classes.slide(f"z{k}", z)
    before = classes.explorer.numbers
    classes.press("all z larger by 3")
    after = classes.explorer.numbers
    assert [*after.z - before.z] == [3, 3, 3]
    assert after.p == pytest.approx(before.p)
    assert after.delta == pytest.approx(before.delta)
    assert after.loss == pytest.approx(before.loss)


def test_blame_is_shared_by_what_the_others_claim(classes):
    classes.press("confident and right")
    assert max(abs(classes.explorer.numbers.delta)) < 0.03
    classes.press("undecided")
    assert classes.explorer.numbers.delta == pytest.approx([-2 / 3, 1 / 3, 1 / 3])


def test_of_a_confident_mistake_the_third_has_little_blame_until_it_claims_as_much(classes):
    classes.press("confident and wrong")
    adelie, chinstrap, gentoo = classes.explorer.numbers.delta
    assert adelie < -0.9
    assert chinstrap > 0.9
    assert 0 < gentoo < 0.05
    classes.slide("z2", 4.0)
    _, chinstrap, gentoo = classes.explorer.numbers.delta
    assert chinstrap == pytest.approx(gentoo)
    assert gentoo > 0.4


def test_the_loss_grows_with_every_step_and_the_blame_never_beyond_1(classes):
    losses, blames = [], []
    for z in np.arange(1, -8.25, -0.25).tolist():
        classes.slide("z0", z)
        losses.append(classes.explorer.numbers.loss)
        blames.append(abs(classes.explorer.numbers.delta[0]))
    assert all(now > before for before, now in pairwise(losses))
    assert losses[-1] > 9
    assert 0.99 < blames[-1] < 1


def test_another_right_class_moves_its_own_blame_and_that_of_the_one_before(classes):
    before = classes.explorer.numbers
    classes.slide("target", "Gentoo")
    after = classes.explorer.numbers
    assert [*after.z] == [*before.z]
    assert [*after.p] == [*before.p]
    assert [*(abs(after.delta - before.delta) > 1e-9)] == [True, False, True]
