"""`show`: what a learner sees of an array."""

import numpy as np
import pytest

from bp_helpers import running_example, show
from bp_helpers.printing import steady


def shown(capsys, **arrays):
    show(**arrays)
    return capsys.readouterr().out.splitlines()


def test_name_shape_and_rows_stand_in_columns(capsys):
    W1, b1, _, _ = running_example().network.parameters.values()
    assert shown(capsys, W1=W1, b1=b1, loss=0.33342884) == [
        "W1      (2, 3)  -0.6000    1.1000    0.8000",
        "                 1.4000    0.3000   -1.6000",
        "b1      (3,)    -0.7000   -0.1000    1.0000",
        "loss             0.3334",
    ]


def test_long_names_and_shapes_move_all_numbers(capsys):
    lines = shown(capsys, a=[1.0], what_comes_in=np.zeros((100, 100))[:, :1])
    assert lines[0] == "a             (1,)       1.0000"
    assert lines[1] == "what_comes_in (100, 1)   0.0000"
    lines = shown(capsys, a=[1.0], large=[123456.75, -1.0])
    assert lines[1] == "large   (2,)   123456.7500      -1.0000"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00006, "0.0001"),
        (0.00002, "2.0e-05"),
        (-2.345e-9, "-2.3e-09"),
        (-3e-16, "0.0000"),
        (-0.0, "0.0000"),
        (1 / 3, "0.3333"),
        (0.00005, "0.0001"),
        (np.inf, "inf"),
        (np.nan, "nan"),
        (7, "7"),
        (np.True_, "True"),
        (np.float32(0.1), "0.1000"),
        (99999999.5, "99999999.5000"),
        (-1e8, "-1.0000e+08"),
        (1.7e308, "1.7000e+308"),
    ],
)
def test_a_number_never_looks_like_another(value, text, capsys):
    (line,) = shown(capsys, x=value)
    assert line.split() == ["x", text]


@pytest.mark.parametrize("value", [0.00625, 0.12345, 0.33335, 2.5e-06])
def test_the_last_digit_of_a_processor_does_not_show(value, capsys):
    near = [np.nextafter(value, 0), value, np.nextafter(value, 1)]
    assert len({line.split()[-1] for each in near for line in shown(capsys, x=each)}) == 1


def test_whole_numbers_stay_whole(capsys):
    assert shown(capsys, y=np.array([0, 2, 1]))[0].split() == ["y", "(3,)", "0", "2", "1"]


def test_of_a_large_array_the_first_rows_and_columns(capsys):
    lines = shown(capsys, W=np.arange(900.0).reshape(30, 30))
    assert lines[0].split() == ["W", "(30,", "30)", *[f"{k:.4f}" for k in range(8)], "..."]
    assert lines[-1].split() == ["..."]
    assert len(lines) == 9


def test_an_empty_array_is_a_name_and_a_shape(capsys):
    assert shown(capsys, x=np.zeros((0, 2)))[0].split() == ["x", "(0,", "2)"]


def test_nothing_is_printed_for_nothing(capsys):
    assert shown(capsys) == []


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        ("Adelie", TypeError, "show got x of dtype <U6: it takes real numbers only"),
        (None, TypeError, "x of type NoneType: it takes numbers"),
        (np.ma.array([1.0, -999.0], mask=[0, 1]), ValueError, "x with 1 masked value"),
        (np.zeros((2, 3, 4)), ValueError, r"x of shape \(2, 3, 4\): .* as in x\[0\]"),
        ([[1.0], [1.0, 2.0]], ValueError, "x whose rows have different lengths"),
    ],
)
def test_what_cannot_be_printed_is_refused_before_anything_is(value, error, said, capsys):
    with pytest.raises(error, match=said):
        show(first=1.0, x=value)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("half", [0.0625, 1.5625, -2.5, 0.95, 123456.5])
def test_no_last_digit_decides_which_way_a_half_is_rounded(half):
    near = [np.nextafter(half, -np.inf), half, np.nextafter(half, np.inf)]
    assert len({steady(float(value)) for value in near}) == 1
    assert steady(half) == half


def test_a_zero_is_steady_without_a_sign():
    assert str(steady(-0.0)) == "0.0"
