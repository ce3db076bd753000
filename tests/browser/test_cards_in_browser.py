"""What the checks answer, as cards in a page of their own: axe finds nothing to mend in them."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from bp_helpers.exercises import check_hand_back, check_own_gradients
from bp_helpers.exercises.card import card

# JupyterLab's colours, light and dark: of the page, of what is written, of what the bars say
THEMES = {
    "light": ("#ffffff", "#000000", "#388e3c", "#f57c00", "#d32f2f", "#bdbdbd"),
    "dark": ("#111111", "#ffffff", "#388e3c", "#f57c00", "#d32f2f", "#616161"),
}
CARDS = [
    check_hand_back(lambda delta, W: delta @ W.T),
    check_hand_back(lambda delta, W: delta @ W),
    check_hand_back(lambda delta, W: delta @ W.T + 1),
    check_hand_back(lambda delta, W: (delta @ W.T)[:, :1]),
    check_hand_back(lambda delta, W: delta @ np.zeros(7)),
    check_own_gradients(lambda a_in, delta: (-a_in.T @ delta, delta.mean(axis=0))),
    check_hand_back(None),
]


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_the_cards(chromium, theme):
    page = chromium.new_page(viewport={"width": 700, "height": 900})
    ground, ink, *bars = THEMES[theme]
    names = ("success-color1", "warn-color1", "error-color1", "border-color1")
    colours = ";".join(f"--jp-{name}:{bar}" for name, bar in zip(names, bars, strict=True))
    style = f":root{{{colours}}} body{{background:{ground};color:{ink}}}"
    cards = "".join(map(card, CARDS))
    page.set_content(
        f'<html lang="en"><title>Cards</title><style>{style}</style>'
        f"<main><h1>Cards</h1>{cards}</main></html>"
    )
    found = Axe().run(page).response
    page.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
