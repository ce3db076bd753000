"""A loss over z, its tangent, and the factors of its slope."""

import numpy as np
from svg_checks import check_svg, description, texts

from bp_helpers.pictures import Factor, LossPanel, loss_panel

Z = np.linspace(-5, 5, 121)


def test_a_slope_that_differs_is_said_to():
    factors = [Factor("one", 2.5), Factor("other", 1.0)]
    panel = LossPanel("A loss", Z, Z**2, 36, (1.0, 1.0), 0.75, 0.5, factors, 2.5, 2.0, False)
    picture = loss_panel(panel)
    check_svg(picture)
    assert "which differs" in description(picture)
    assert "delta 2.500000, measured by a nudge of z 2.000000 ✕" in texts(picture)
