"""A digit is drawn by pointer and by keyboard."""

from own_notebook import for_each

DIGIT = [("06_digits.ipynb", (0, "DigitExplorer"))]


def ink(explorer):
    return explorer.view.locator("[data-paint]").evaluate_all(
        "cells => cells.map(cell => cell.dataset.paint).join('')"
    )


def cleared(explorer):
    explorer.button("Clear").click()
    explorer.page.wait_for_function("!document.querySelector(\"[data-paint='1']\")")
    for corner in ("X[63]", "X[0]"):
        explorer.part(corner).scroll_into_view_if_needed()


def wait_for_ink(explorer, expected):
    for _ in range(200):
        if ink(explorer) == expected:
            return
        explorer.page.wait_for_timeout(20)
    raise AssertionError(ink(explorer))


def middle(explorer, name):
    box = explorer.part(name).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@for_each(DIGIT)
def test_a_stroke_puts_ink_and_a_stroke_from_ink_takes_it_away(explorer):
    cleared(explorer)
    mouse = explorer.page.mouse
    for expected in ("0" * 16 + "1" * 8 + "0" * 40, "0" * 64):
        mouse.move(*middle(explorer, "X[16]"))
        mouse.down()
        mouse.move(*middle(explorer, "X[23]"), steps=30)
        mouse.up()
        wait_for_ink(explorer, expected)
        explorer.page.wait_for_timeout(300)  # nothing comes behind
        assert ink(explorer) == expected


@for_each(DIGIT)
def test_a_click_and_the_keys_put_ink_on_one_pixel_each(explorer):
    cleared(explorer)
    explorer.page.mouse.click(*middle(explorer, "X[9]"))
    wait_for_ink(explorer, "0" * 9 + "1" + "0" * 54)
    explorer.part("X[9]").focus()
    for key in ("ArrowDown", "ArrowRight", "Space"):
        explorer.page.keyboard.press(key)
    wait_for_ink(explorer, "0" * 9 + "1" + "0" * 8 + "1" + "0" * 45)
    assert explorer.focused() == "X[18]"
