"""No two texts in an explorer's picture cover each other, and none is cut off, in any state."""

import random

import pytest
from driving import move_at_random
from own_notebook import all_explorers

STATES, MOVES = 20, 3
# Letters have a little room above and below; what travels passes over everything.
LOOK = """svg => {
  document.body.innerHTML = svg;
  return [...document.querySelectorAll("body > svg")].flatMap((picture) => {
    const edge = picture.getBoundingClientRect();
    const texts = [...picture.querySelectorAll("text:not(.bp-travel)")].map((text) => {
      const { left, top, right, bottom } = text.getBoundingClientRect();
      return { said: text.textContent, left, top: top + 3, right, bottom: bottom - 4 };
    });
    const cut = texts.filter(({ left, top, right, bottom }) =>
      left < edge.left - 1 || top < edge.top - 1 ||
      right > edge.right + 1 || bottom > edge.bottom + 1);
    const covered = texts.flatMap((one, k) => texts.slice(k + 1)
      .filter((other) =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1)
      .map((other) => [one.said, other.said]));
    return [...cut.map(({ said }) => [said]), ...covered];
  });
}"""


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page(viewport={"width": 1600, "height": 1200})
    yield page
    page.close()


@pytest.mark.parametrize("kind", all_explorers().values(), ids=lambda kind: kind.__name__)
def test_texts_have_room(page, kind):
    explorer, rng = kind(), random.Random(1)
    for _ in range(STATES):
        assert page.evaluate(LOOK, explorer.view.svg) == [], explorer.shown
        for _ in range(MOVES):
            move_at_random(explorer, rng)
