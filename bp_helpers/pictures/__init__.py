"""Pictures: plain numbers in, a picture out, with a text that states its numbers."""

from bp_helpers.pictures.digits import confusion_matrix, digit_gallery, pixel_blame
from bp_helpers.pictures.still import Drawing, Still
from bp_helpers.pictures.training import training_curves

__all__ = [
    "Drawing",
    "Still",
    "confusion_matrix",
    "digit_gallery",
    "pixel_blame",
    "training_curves",
]
