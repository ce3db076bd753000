"""Pictures: what they say in words is what they were given, and they can be shown."""

import re
from html import unescape
from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from matplotlib.image import imread

from bp_helpers import History
from bp_helpers.pictures import Still, confusion_matrix, digit_gallery, pixel_blame, training_curves

IMAGES = np.random.default_rng(0).uniform(0, 1, (7, 64))
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
    "gallery": lambda: digit_gallery(IMAGES, [f"digit {k}\nsure" for k in range(7)], columns=3),
    "curves": lambda: training_curves(HISTORY),
    "confusion": lambda: confusion_matrix(np.array([0, 1, 2]), np.array([0, 2, 2]), "abc"),
    "blame": lambda: pixel_blame(IMAGES[0], gradient(), "A 3 read as 5"),
}

every_picture = pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES.keys())


@every_picture
def test_shown_as_an_image_with_alternative_text(make):
    picture = make()
    shown = picture._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"}
    assert shown["text/plain"] == picture.alt == repr(picture)
    alt = re.search(r'alt="([^"]*)"', shown["text/html"])
    assert unescape(alt[1]) == picture.alt


@every_picture
def test_the_png_has_twice_the_pixels_it_is_shown_with(make):
    picture = make()
    pixels = imread(BytesIO(picture.png()))
    shown_width = int(re.search(r'width="(\d+)"', picture._repr_mimebundle_()["text/html"])[1])
    assert abs(pixels.shape[1] - 2 * shown_width) <= 2
    assert pixels.min() < pixels.max()


def drawn_texts(axes):
    """All texts of `axes` that are drawn; Matplotlib keeps labels for ticks out of view as well."""
    yield from axes.texts
    if not axes.axison:
        return
    yield from (axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label)
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for place, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True):
            if low <= place <= high:
                yield label


@every_picture
def test_no_two_texts_overlap_and_none_is_cut(make):
    figure = make().figure
    figure.draw_without_rendering()
    boxes = [
        (text.get_text(), text.get_window_extent())
        for axes in figure.axes
        for text in drawn_texts(axes)
        if text.get_text()
    ]
    assert boxes
    for text, box in boxes:
        assert box.x0 >= -1, text
        assert box.y0 >= -1, text
        assert box.x1 <= figure.bbox.width + 1, text
        assert box.y1 <= figure.bbox.height + 1, text
    for (text, box), (other_text, other_box) in combinations(boxes, 2):
        assert not box.overlaps(other_box), (text, other_text)


def test_gallery_names_every_caption():
    assert digit_gallery(IMAGES[:2], ["is 1,\n98% sure", "is 2"]).alt == (
        "2 handwritten digits of 8 by 8 pixels: is 1, 98% sure; is 2."
    )


def test_gallery_refuses_images_without_captions():
    with pytest.raises(ValueError, match="7 images and 1 captions"):
        digit_gallery(IMAGES, ["one"])
    with pytest.raises(ValueError, match="0 images and 0 captions"):
        digit_gallery(IMAGES[:0], [])


def test_curves_state_their_values_from_start_to_end():
    assert training_curves(HISTORY).alt == (
        "Two curves over 2 epochs. Training loss: 2.0000 (epoch 1), 0.5000 (epoch 2). "
        "Validation loss: 1.5000 (epoch 1), 0.2500 (epoch 2). "
        "Training accuracy: 12.5 % (epoch 1), 75.0 % (epoch 2). "
        "Validation accuracy: 25.0 % (epoch 1), 87.5 % (epoch 2)."
    )
    long = History(loss=[1 / (k + 1) for k in range(9)], accuracy=[0.5] * 9)
    assert "Training loss: 1.0000 (epoch 1), 0.3333 (epoch 3), 0.2000 (epoch 5), 0.1429" in (
        training_curves(long).alt
    )


def test_curves_need_no_validation():
    history = History(loss=HISTORY.loss, accuracy=HISTORY.accuracy)
    assert "Validation" not in training_curves(history).alt


@pytest.mark.parametrize("history", [History(), History(loss=[1.0], accuracy=[None])])
def test_curves_refuse_a_history_without_accuracy(history):
    with pytest.raises(ValueError, match="cross-entropy"):
        training_curves(history)


def test_confusion_counts_and_names_the_mistakes():
    true, said = np.array([0, 0, 1, 1, 1, 2]), np.array([0, 0, 1, 2, 2, 0])
    assert confusion_matrix(true, said, ["a", "b", "c"]).alt == (
        "Confusion matrix: 3 of 6 on the diagonal, that is, right. "
        "Mistakes and how many: b called c, 2; c called a, 1."
    )


def test_confusion_without_mistakes_says_so():
    assert confusion_matrix(np.array([0, 1]), np.array([0, 1]), "ab").alt.endswith("none.")


def test_blame_names_the_strongest_pixels_and_marks_them():
    picture = pixel_blame(IMAGES[0], gradient(), "A 3 read as 5")
    assert "row 0 and column 0: row 1, column 2: -0.5000; row 7, column 7: +0.3000" in picture.alt
    marks = [(t.get_text(), t.get_position()) for t in picture.figure.axes[1].texts]
    assert marks == [("\N{MINUS SIGN}", (2, 1)), ("+", (7, 7))]


def test_alternative_text_is_escaped():
    picture = Still(training_curves(HISTORY).figure, 'a < b & "c"')
    assert 'alt="a &lt; b &amp; &quot;c&quot;"' in picture._repr_mimebundle_()["text/html"]
