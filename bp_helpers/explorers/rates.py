"""The slider of learning rates: round numbers over four powers of ten."""

from __future__ import annotations

import ipywidgets as widgets

FACTORS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
RATES = [float(f"{factor}e{power}") for power in (-2, -1, 0, 1) for factor in FACTORS] + [100.0]


def rate_slider(label: str, value: float) -> widgets.SelectionSlider:
    """Return a slider over `RATES`, from 0.01 to 100, each a fifth to a third above the last.

    A logarithmic slider would move the value, in the browser, to the nearest place on its own grid:
    3 would become 3.0199.
    """
    return widgets.SelectionSlider(
        options=[(f"{rate:g}", rate) for rate in RATES], value=value, description=label,
        style={"description_width": "11em"}, layout={"width": "28em"},
    )  # fmt: skip
