"""The tasks under "Try this" in 09, done by hand: each promise is about what changed."""

import re
from itertools import combinations, pairwise

import pytest

from bp_helpers.explorers import CheckpointsExplorer, RaceExplorer, WhichEndExplorer, race

# ---- The race ------------------------------------------------------------------------------------


@pytest.fixture
def racing(open_explorer, monkeypatch):
    """A race on a machine that takes a nanosecond for a multiplication, and a while for a pass."""

    def lap(way, width, examples):
        passes = 1 + race.parameters_of(width) if way in (race.NUDGING, race.FORWARD_MODE) else 1
        seconds = 1e-9 * race.counts(width, examples)[way] + 2e-5 * passes
        return race.Lap(way, width, examples, True, seconds)

    monkeypatch.setattr(race, "lap", lap)
    monkeypatch.setattr(race, "RUN_WIDTHS", race.RUN_WIDTHS[:9])
    return open_explorer(RaceExplorer())


OVER = "The race is over"


def race_on(page):
    while page.explorer._next_lap():
        pass
    page.show()
    page.settle()


def table(page, way, column):
    """The last columns of a row: how long it takes, how many times as long as a forward pass."""
    said = re.search(rf"{way}: .*?; time (.*?), (.*?) times that of a forward pass", page.words())
    return said[column]


def seconds(page, way):
    now = page.explorer.numbers
    return [size.durations[way].seconds for size in now.sizes]


def test_the_race_says_when_it_is_over_to_the_eye_and_to_the_ear(racing, monkeypatch):
    monkeypatch.setattr(race, "RUN_WIDTHS", race.RUN_WIDTHS[:2])
    while racing.explorer._next_lap():
        racing.show()
        assert racing.view.get_by_text(OVER).count() == 0
    racing.show()
    told = f"{OVER}: 2 networks were run, the largest with 280 parameters"
    assert told in " ".join(racing.view.locator("svg").last.locator("text").all_text_contents())
    racing.view.get_by_role("status").filter(has_text=told).wait_for(state="attached")


def test_a_network_100_times_as_large_takes_nudging_10_000_times_as_long(racing):
    race_on(racing)
    sizes = racing.explorer.numbers.sizes
    small, large = (race.WIDTHS.index(width) for width in (36, 390))
    larger = sizes[large].parameters / sizes[small].parameters
    assert larger == pytest.approx(100, rel=0.15)
    counted = racing.explorer.numbers.sizes[large].multiplications
    before = racing.explorer.numbers.sizes[small].multiplications
    for way, power in ((race.BACKPROPAGATION, 1), (race.NUDGING, 2)):
        assert counted[way] / before[way] == pytest.approx(larger**power, rel=0.05)


def test_at_the_largest_that_was_run_nudging_takes_days_and_at_a_billion_longer_still(racing):
    race_on(racing)
    racing.slide("parameters", race.parameters_of(race.RUN_WIDTHS[-1]))
    largest = [table(racing, way, 1) for way in (race.NUDGING, race.BACKPROPAGATION)]
    assert "h" in largest[0] or "day" in largest[0]
    assert "ms" in largest[1]
    racing.drag("parameters", 600)
    assert racing.explorer.numbers.sizes[racing.explorer.numbers.looked_at].parameters > 9e8
    assert "years" in table(racing, race.NUDGING, 1)
    assert not racing.explorer.numbers.sizes[-1].durations[race.NUDGING].is_measured


def test_the_clock_hardly_cares_whether_there_are_90_parameters_or_a_thousand(racing):
    race_on(racing)
    small, larger = (race.WIDTHS.index(width) for width in (4, 19))
    times = seconds(racing, race.BACKPROPAGATION)
    counts = [size.multiplications[race.BACKPROPAGATION] for size in racing.explorer.numbers.sizes]
    assert counts[larger] > 8 * counts[small]
    racing.slide("parameters", race.parameters_of(4))
    told = table(racing, race.BACKPROPAGATION, 1)
    assert times[larger] < counts[larger] / counts[small] * times[small]
    assert told.endswith("µs")


def test_with_one_example_the_race_begins_anew_and_the_last_column_says_something_else(racing):
    race_on(racing)
    racing.slide("parameters", race.parameters_of(220))
    times = float(table(racing, race.BACKPROPAGATION, 2))
    assert times == pytest.approx(3, abs=0.1)
    racing.slide("examples", 1)
    assert OVER not in racing.words()
    race_on(racing)
    assert OVER in racing.words()
    racing.slide("parameters", race.parameters_of(220))
    assert float(table(racing, race.BACKPROPAGATION, 2)) != times


# ---- Which end -----------------------------------------------------------------------------------


@pytest.fixture
def ends(open_explorer):
    return open_explorer(WhichEndExplorer())


def multiplications(page):
    """Those from the front and those from the back, as they stand above the pictures."""
    said = re.findall(r"From the \w+: ([\d,]+) multiplications", "\n".join(page.texts()))
    return [int(count.replace(",", "")) for count in said]


def test_the_areas_are_equal_when_there_are_as_many_outputs_as_inputs(ends):
    assert multiplications(ends)[0] > multiplications(ends)[1]
    for control, width in (("n2", 20), ("n0", 500)):
        ends.slide(control, width)
        equal = []
        for outputs in ends.explorer.hands()["n4"].options:
            ends.slide("n4", outputs)
            first, last = multiplications(ends)
            if first == last:
                equal.append(outputs)
        assert equal == [ends.explorer.state["n0"]]
    ends.slide("n1", 20)
    first, last = multiplications(ends)
    assert first != last  # it takes hidden 1 and hidden 3 of one size


def test_the_dot_of_the_outputs_moves_as_its_slider_does(ends):
    ends.pull(ends.view.get_by_role("slider", name="columns carried"), 0, -60)
    assert ends.explorer.state["n4"] > 100


def test_an_area_grows_and_nothing_else_changes_its_scale(ends):
    ends.press("1-100-100-100-1")
    start = multiplications(ends)
    areas = ends.view.locator("svg").first.locator("rect[fill-opacity]")
    ticks = ends.view.locator("svg").first.locator("text[text-anchor=end]")
    before, said = areas.first.bounding_box(), ticks.all_inner_texts()
    ends.pull(ends.view.get_by_role("slider", name="rows carried"), 0, -180)
    assert ends.explorer.state["n0"] == 1000
    after = areas.first.bounding_box()
    assert after["width"] == pytest.approx(before["width"], abs=0.1)
    assert after["height"] > 50 * before["height"]
    assert ticks.all_inner_texts() == said
    front, back = (now / then for now, then in zip(multiplications(ends), start, strict=True))
    assert front == 1000
    assert back < 6


def test_a_network_and_its_loss_is_one_input_turned_round(ends):
    ends.press("a network and its loss")
    one_way = multiplications(ends)
    assert one_way[0] > 100 * one_way[1]
    ends.press("one input")
    assert multiplications(ends) == one_way[::-1]


def test_at_a_bottleneck_both_ends_lose_and_with_one_output_the_back_is_best_again(ends):
    ends.press("a bottleneck")
    first, last = multiplications(ends)
    assert min(first, last) > 50 * ends.explorer.numbers.best
    assert "((J1 J2) (J3 J4))" in ends.texts()
    ends.slide("n4", 1)
    assert multiplications(ends)[1] == ends.explorer.numbers.best


# ---- Checkpoints ---------------------------------------------------------------------------------


@pytest.fixture
def game(open_explorer):
    return open_explorer(CheckpointsExplorer())


def steps(page, whose="Yours"):
    return int(re.search(rf"{whose}: (\d+) steps forward", page.words())[1])


def test_with_nothing_marked_each_step_back_begins_with_a_run_from_the_start(game):
    game.play(60)
    assert steps(game) == 45 == sum(range(10))
    moves = game.explorer.numbers.yours.moves
    assert len(moves) == 55
    assert game.explorer.state["moment"] == 55
    after_back = [moves[k + 1].at for k, move in enumerate(moves[:-2]) if move.kind == "back"]
    assert set(after_back) == {1}


def test_two_marks_get_down_to_18_and_more_to_what_the_table_knows(game):
    two = {}
    for marks in combinations(range(1, 9), 2):
        game.explorer.set(marks=marks)
        two[marks] = game.explorer.numbers.yours.forward_steps
    assert min(two.values()) == 18
    game.press("No marks")
    for name in ("A3", "A6"):
        game.choose(name)
    assert steps(game) == 18
    game.press("No marks")
    for name in ("A4", "A7", "A5", "A1", "A2"):
        game.choose(name)
    assert steps(game) == 15 == game.explorer.numbers.best.forward_steps
    assert any("15" in text for text in game.texts())


def test_the_best_puts_its_first_checkpoint_before_the_middle(game):
    game.slide("beside", "the best")
    marked = re.search(r"The best: .*? marked: A(\d)", game.words(), re.DOTALL)
    assert int(marked[1]) < 5


def test_each_slot_less_costs_more_than_the_one_before(game):
    game.press("long chain")
    fewest = []
    for slots in (4, 3, 2, 1, 0):
        game.slide("slots", slots)
        fewest.append(game.explorer.numbers.best.forward_steps)
    lost = [after - before for before, after in pairwise(fewest)]
    assert lost == sorted(lost)
    assert lost[0] < 5
    assert lost[-1] > 50


def test_whatever_is_marked_the_gradients_stay_the_same_to_the_last_digit(game):
    for name in ("A2", "A8", "A5"):
        game.choose(name)
        assert "Gradients of all three: the same to the last digit" in game.words()
