"""The clock of SvgView, in a page of its own: when it ticks, and what ends it."""

from base64 import b64encode

import pytest

from bp_helpers.explorers.svg_view import page_script

# A picture with as many views as are begun; `sent` counts its ticks.
SET_UP = """
async script => {
  const { default: newPicture } = await import("data:text/javascript;base64," + script);
  const state = { svg: "", shown: "", playing: false, pace: 10, ticks: 0 };
  const listeners = [];
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; told(name); },
    on: (what, listener) => listeners.push([what, listener]),
    save_changes: () => { window.saved = { ...state }; },
    send: (message) => {
      window.sent.push(message);
      if (window.answers) model.set("ticks", state.ticks + 1);
    },
  };
  const told = (name) =>
    listeners.filter(([what]) => what === `change:${name}`).forEach(([, listener]) => listener());
  const picture = newPicture();
  Object.assign(window, { sent: [], answers: true, saved: {}, model });
  window.open = (playing) => { state.playing = playing; picture.initialize({ model }); };
  window.views = [];
  window.begin = () => {
    const el = document.body.appendChild(document.createElement("div"));
    const end = picture.render({ model, el });
    window.views.push({ el, end: () => { end(); el.remove(); } });
  };
}
"""


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.evaluate(SET_UP, b64encode(page_script().encode("utf-8")).decode("ascii"))
    page.evaluate("open(false); begin()")
    yield page
    page.close()


def ticks_in(page, milliseconds):
    """How many ticks are sent in this time."""
    before = page.evaluate("sent.length")
    page.wait_for_timeout(milliseconds)
    return page.evaluate("sent.length") - before


def test_it_ticks_while_it_plays(page):
    assert ticks_in(page, 100) == 0
    page.evaluate("model.set('playing', true)")
    page.wait_for_function("sent.length > 2")
    assert page.evaluate("sent[0]") == {"tick": True}
    page.evaluate("model.set('playing', false)")
    assert ticks_in(page, 100) == 0


def test_it_waits_for_the_answer(page):
    page.evaluate("answers = false; model.set('playing', true)")
    page.wait_for_function("sent.length == 1")
    assert ticks_in(page, 100) == 0
    page.evaluate("model.set('ticks', 1)")
    page.wait_for_function("sent.length == 2")


def test_it_ends_with_the_last_view(page):
    page.evaluate("begin(); model.set('playing', true); views[0].end()")
    page.wait_for_function("sent.length > 1")
    page.evaluate("views[1].end()")
    assert page.evaluate("saved.playing") is False
    assert ticks_in(page, 100) == 0


def test_it_rests_while_its_picture_is_not_in_the_page(page):
    page.evaluate("views[0].el.remove(); model.set('playing', true)")
    assert ticks_in(page, 100) == 0
    page.evaluate("document.body.append(views[0].el)")
    page.wait_for_function("sent.length > 1")


def test_what_was_set_going_in_a_page_that_is_gone_stands(chromium):
    page = chromium.new_page()
    page.evaluate(SET_UP, b64encode(page_script().encode("utf-8")).decode("ascii"))
    page.evaluate("open(true); begin()")
    assert page.evaluate("saved.playing") is False
    assert ticks_in(page, 100) == 0
    page.close()


def test_it_ends_quietly_with_its_kernel(page):
    """A model whose kernel was restarted throws when it is to send something."""
    page.evaluate("void (window.errors = []); void (onerror = (what) => { errors.push(what); })")
    page.evaluate("void (model.send = () => { sent.push(0); throw Error('Cannot send'); })")
    page.evaluate("model.set('playing', true)")
    page.wait_for_function("sent.length > 0")
    assert ticks_in(page, 100) == 0
    assert page.evaluate("errors") == []
