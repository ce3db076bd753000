"""A table of one's own: what fits is read exactly, what does not is refused by row and column."""

import csv

import numpy as np
import pytest

import bp_helpers as bp

ROWS = [(1.5 * k, 7.25 - k, "even" if k % 2 == 0 else "odd") for k in range(12)]


def written(tmp_path, rows=ROWS, header="width,height,kind", encoding="utf-8"):
    path = tmp_path / "mine.csv"
    lines = [header, *(row if isinstance(row, str) else ",".join(map(str, row)) for row in rows)]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def all_of(data):
    """The numbers in their own unit with the labels, in any order."""
    x = np.concatenate([data.x_train, data.x_test]) * data.deviation + data.mean
    names = [data.class_names[k] for k in [*data.y_train, *data.y_test]]
    return sorted((*np.round(pair, 9).tolist(), name) for pair, name in zip(x, names, strict=True))


def test_it_is_a_data_set_like_the_penguins(tmp_path):
    data = bp.load_table(written(tmp_path))
    assert isinstance(data, bp.Dataset)
    assert all_of(data) == sorted(ROWS)
    assert (len(data.x_train), len(data.x_test)) == (10, 2)
    assert (data.feature_names, data.class_names) == (("width", "height"), ("even", "odd"))
    np.testing.assert_allclose(data.x_train.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(data.x_train.std(axis=0), 1)
    assert data.x_train.dtype == np.float64
    assert data.y_train.dtype == np.int64


def test_the_seed_draws_who_is_kept_for_testing(tmp_path):
    path = written(tmp_path)
    one, other = bp.load_table(path, seed=1), bp.load_table(path, seed=2)
    assert not np.array_equal(one.y_test, other.y_test) or not np.array_equal(
        one.x_test, other.x_test
    )
    assert repr(one) == f"load_table({str(path)!r}, seed=1)"
    assert repr(bp.load_table(path)) == f"load_table({str(path)!r})"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_as_spreadsheets_write_it(tmp_path, encoding):
    rows = [
        '"1.5", 2 ,"red, dark"',
        "",
        "3,4,b\N{LATIN SMALL LETTER U WITH DIAERESIS}",
        ",,",
        *ROWS[:9],
    ]
    rows = [row if isinstance(row, str) else f"{row[0]},{row[1]},b\u00fc" for row in rows]
    data = bp.load_table(written(tmp_path, rows, encoding=encoding))
    assert data.class_names == ("b\u00fc", "red, dark")
    assert data.feature_names == ("width", "height")
    assert len(all_of(data)) == 11


def test_windows_line_ends_and_a_quoted_line_break_do_not_move_the_rows(tmp_path):
    path = tmp_path / "mine.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("a", "b", "c\nd"), *ROWS, (1, "x", "odd")])
    with pytest.raises(ValueError, match=r"row 14, column 'b': 'x' is not a number"):
        bp.load_table(path)


@pytest.mark.parametrize(
    ("at", "row", "said"),
    [
        (3, "1,,odd", r"row 5, column 'height': the cell is empty"),
        (0, ",2,odd", r"row 2, column 'width': the cell is empty"),
        (2, "1,2,", r"row 4, column 'kind': the label is missing"),
        (2, "1,nan,odd", r"row 4, column 'height': 'nan' is not finite"),
        (2, "-inf,2,odd", r"row 4, column 'width': '-inf' is not finite"),
        (2, "1e999,2,odd", r"row 4, column 'width': '1e999' is not finite"),
        (2, "1e300,2,odd", r"row 4, column 'width': 1e300 is too large"),
        (2, "tall,2,odd", r"row 4, column 'width': 'tall' is not a number; write numbers as 3\.5"),
        (2, "1_000,2,odd", r"row 4, column 'width': '1_000' is not a number"),
        (2, '"1,5",2,odd', r"row 4, column 'width': '1,5' is not a number; write numbers as"),
        (2, '"1,000",2,odd', r"row 4, column 'width': '1,000' .* 1000, without a comma"),
        (2, "1,5,2,5,odd", r"row 4 has 5 columns: there must be 3.*numbers have a point"),
        (2, "1;2;odd", r"row 4 is separated by semicolons: use commas"),
        (2, "1\t2\todd", r"row 4 is separated by tabs"),
        (2, "1,2", r"row 4 has 2 columns: there must be 3"),
        (2, '1,2,"odd', r"cannot be read"),
        (2, "1,2,\u00e9t\u00e9", r"row 4 is not text in UTF-8"),
    ],
)
def test_what_does_not_fit_is_refused_by_row_and_column(tmp_path, at, row, said):
    rows = [*ROWS[:at], row, *ROWS[at + 1 :]]
    encoding = "latin-1" if "UTF-8" in said else "utf-8"
    with pytest.raises(ValueError, match=said):
        bp.load_table(written(tmp_path, rows, encoding=encoding))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "row 1 is empty: it must name the columns"),
        ("1.5,2.0,odd", "row 1 has the number 1.5 as the name of column 1"),
        ("width,,kind", "row 1 has no name for column 2"),
        ("width,width,kind", "row 1 names two columns alike"),
        ("width;height;kind", "row 1 is separated by semicolons"),
        ("width,height", "row 1 has 2 columns"),
        ("id,width,height,kind", "row 1 has 4 columns"),
    ],
)
def test_the_first_row_names_three_columns(tmp_path, header, said):
    with pytest.raises(ValueError, match=said):
        bp.load_table(written(tmp_path, header=header))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(k, -k, "same") for k in range(12)], r"column 'kind' has 1 different label\(s\)"),
        ([(k, -k, f"no {k}") for k in range(12)], r"column 'kind' has 12 different label\(s\)"),
        (ROWS[:9], "there are 9 rows below the names"),
        ([], "there are 0 rows below the names"),
        ([(4, b, label) for _, b, label in ROWS], "column 'width' has the same number"),
        ([(0.1, b, label) for _, b, label in ROWS], "column 'width' has the same number"),
        ([(1e-200 * k, -k, "ab"[k % 2]) for k in range(12)], "column 'width' has nearly the same"),
    ],
)
def test_a_table_from_which_nothing_can_be_learnt_is_refused(tmp_path, rows, said):
    with pytest.raises(ValueError, match=said):
        bp.load_table(written(tmp_path, rows))


def test_each_label_is_there_to_learn_from(tmp_path):
    """Whichever row is the only one with its label: it may be kept for testing."""
    said = []
    for rare in range(10):
        rows = [(k, -k, "rare" if k == rare else "usual") for k in range(10)]
        try:
            assert {*bp.load_table(written(tmp_path, rows)).y_train} == {0, 1}
        except ValueError as error:
            said.append(str(error))
    assert len(said) == 2, "a fifth is kept for testing"
    assert all("all rows with the label 'rare' are kept for testing" in each for each in said)


def test_a_utf_16_table_an_empty_file_and_no_file_at_all(tmp_path):
    with pytest.raises(ValueError, match="row 1 is not text in UTF-8"):
        bp.load_table(written(tmp_path, encoding="utf-16"))
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(ValueError, match="row 1 is empty"):
        bp.load_table(tmp_path / "empty.csv")
    for missing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(FileNotFoundError, match="load_table found no file"):
            bp.load_table(missing)


def test_tiny_numbers_are_read_wherever_numerical_events_raise(tmp_path):
    rows = [f"{k}{'e-200' * (k % 5 == 0)},{k % 3},{'ab'[k % 2]}" for k in range(1, 21)]
    with np.errstate(all="raise"):
        assert len(bp.load_table(written(tmp_path, rows)).x_train) == 16
