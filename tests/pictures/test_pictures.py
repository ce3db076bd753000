"""Pictures of digits and of a training: what they say and show is what they were given."""

import base64
import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from svg_checks import SVG, check_svg, parsed, texts

from bp_helpers import History
from bp_helpers.pictures import confusion_matrix, digit_gallery, pixel_blame, training_curves

IMAGES = np.random.default_rng(0).integers(0, 17, (7, 64)) / 16
HISTORY = History(
    loss=[2.0, 0.5],
    accuracy=[0.125, 0.75],
    validation_loss=[1.5, 0.25],
    validation_accuracy=[0.25, 0.875],
)


def gradient():
    values = np.full(64, 0.01)
    values[[10, 63]] = [-0.5, 0.3]
    return values


PICTURES = {
    "gallery": lambda: digit_gallery(IMAGES, [f"digit {k}\nsure" for k in range(7)], columns=5),
    "curves": lambda: training_curves(HISTORY),
    "one epoch": lambda: training_curves(History(loss=[0.0], accuracy=[1.0])),
    "confusion": lambda: confusion_matrix(np.array([0, 1, 2]), np.array([0, 2, 2]), "abc"),
    "blame": lambda: pixel_blame(IMAGES[0], gradient(), "A 3 read as 5"),
    "no blame": lambda: pixel_blame(IMAGES[0], np.zeros(64), "A 3 read as 3"),
}


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES.keys())
def test_no_two_texts_overlap_and_none_is_cut(make):
    for each in make():
        check_svg(each)


def test_a_digit_is_drawn_pixel_by_pixel():
    found = re.findall(r"base64,([^\"]*)", digit_gallery(IMAGES, ["one"] * 7).svg)
    assert len(found) == 7
    for data, pixels in zip(found, IMAGES, strict=True):
        grey = np.array(Image.open(BytesIO(base64.b64decode(data))).convert("RGBA").convert("L"))
        assert np.abs(grey / 255 - (1 - pixels.reshape(8, 8))).max() < 0.003


def test_gallery_names_every_caption():
    assert digit_gallery(IMAGES[:2], ["is 1,\n98% sure", "is 2"]).words == (
        "2 handwritten digits of 8 by 8 pixels. is 1, 98% sure; is 2."
    )


def test_gallery_refuses_images_without_captions():
    with pytest.raises(ValueError, match="7 images and 1 captions"):
        digit_gallery(IMAGES, ["one"])
    with pytest.raises(ValueError, match="0 images and 0 captions"):
        digit_gallery(IMAGES[:0], [])


def test_curves_state_their_values_from_start_to_end():
    assert training_curves(HISTORY).words == (
        "Loss. Training: 2.0000 (epoch 1), 0.5000 (epoch 2). "
        "Validation: 1.5000 (epoch 1), 0.2500 (epoch 2).\n"
        "Right answers. Training: 12.5 % (epoch 1), 75.0 % (epoch 2). "
        "Validation: 25.0 % (epoch 1), 87.5 % (epoch 2)."
    )
    long = History(loss=[1 / (k + 1) for k in range(9)], accuracy=[0.5] * 9)
    assert "Training: 1.0000 (epoch 1), 0.3333 (epoch 3), 0.2000 (epoch 5), 0.1429" in (
        training_curves(long).words
    )


def test_curves_go_through_their_values():
    losses, _ = training_curves(HISTORY)
    validation, training = [
        [tuple(map(float, at)) for at in re.findall(r"([\d.]+) ([\d.]+)", path.get("d"))]
        for path in parsed(losses).iter(f"{SVG}path")
    ]
    assert [x for x, _ in training] == [x for x, _ in validation] == [64, 354]
    assert training[0][1] == 64  # of losses from 0.2 to 2 the largest
    assert training[1][1] == pytest.approx(64 + 190 * np.log(4) / np.log(10), abs=0.1)


def test_curves_need_no_validation():
    drawn = training_curves(History(loss=HISTORY.loss, accuracy=HISTORY.accuracy))
    assert "Validation" not in drawn.words
    assert "validation" not in drawn.svg


@pytest.mark.parametrize("history", [History(), History(loss=[1.0], accuracy=[None])])
def test_curves_refuse_a_history_without_accuracy(history):
    with pytest.raises(ValueError, match="cross-entropy"):
        training_curves(history)


def test_confusion_counts_and_names_the_mistakes():
    true, said = np.array([0, 0, 1, 1, 1, 2]), np.array([0, 0, 1, 2, 2, 0])
    drawn = confusion_matrix(true, said, ["a", "b", "c"])
    assert drawn.words == (
        "Confusion matrix. 3 of 6 on the diagonal, that is, right. "
        "Mistakes and how many: b called c, 2; c called a, 1."
    )
    bold = [t.text for t in parsed(drawn).iter(f"{SVG}text") if t.get("font-weight")]
    assert bold == ["2", "1"]
    assert [t for t in texts(drawn) if t.isdigit()] == ["2", "1", "2", "1", "0"]


def test_confusion_without_mistakes_says_so():
    assert confusion_matrix(np.array([0, 1]), np.array([0, 1]), "ab").words.endswith("none.")


def test_blame_names_the_strongest_pixels_and_marks_them():
    drawn = pixel_blame(IMAGES[0], gradient(), "A 3 read as 5")
    assert "row 0 and column 0: row 1, column 2: −0.5000; row 7, column 7: 0.3000" in drawn.words
    squares = [r for r in parsed(drawn).iter(f"{SVG}rect") if r.get("stroke-width")]
    places = [[(float(r.get(k)) - at) // 30 for k, at in (("x", 300), ("y", 28))] for r in squares]
    assert (places[10], places[63]) == ([2, 1], [7, 7])
    assert squares[10].get("fill") == "none"  # hollow: negative
    assert "--bp-backward" in squares[63].get("fill")
    assert all("--bp-backward" in square.get("stroke") for square in squares)
    hollow, filled = (
        float(squares[k].get("width")) + float(squares[k].get("stroke-width")) for k in (10, 63)
    )
    assert (filled / hollow) ** 2 == pytest.approx(0.6, abs=0.01)
