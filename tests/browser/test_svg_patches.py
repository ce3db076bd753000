"""How SvgView brings one picture over into the next, in a page of its own without JupyterLab.

Whatever the way, the page ends as if the new picture had been shown from the start.
"""

import random
from base64 import b64encode

import pytest

from bp_helpers.explorers import BackwardExplorer, NumberLinesExplorer
from bp_helpers.explorers.svg_view import page_script

# show(svg) changes the picture of one view; fresh(svg) is what a new view makes of it.
SET_UP = """
async script => {
  const { default: newView } = await import("data:text/javascript;base64," + script);
  const start = (svg) => {
    const state = { svg, shown: "", pace: 100 }, listeners = [];
    const on = (what, listener) => what === "change" && listeners.push(listener);
    const model = { get: (name) => state[name], on };
    const el = document.body.appendChild(document.createElement("div"));
    const end = newView().render({ model, el });
    const change = (now) => { state.svg = now; listeners.forEach((listener) => listener()); };
    return { el, change, end: () => { end(); el.remove(); } };
  };
  const attributes = (node) => [...node.attributes].map((a) => `${a.name}=${a.value}`).sort();
  const content = (node) => [...node.childNodes].filter((child) => child.nodeValue !== "")
    .map((child) => child.data ?? [child.nodeName, attributes(child), content(child)]);
  let only;
  window.begin = (svg) => { only = start(svg); };
  window.show = (svg) => { only.change(svg); return JSON.stringify(content(only.el)); };
  window.fresh = (svg) => {
    const { el, end } = start(svg);
    end();
    return JSON.stringify(content(el));
  };
  window.mark = () => only.el.querySelectorAll("*").forEach((element) => (element.marked = true));
  window.kept = () => [...only.el.querySelectorAll("*")].every((element) => element.marked);
  window.forbidParsing = () => { window.DOMParser = function () { throw Error("parsed"); }; };
}
"""


@pytest.fixture
def view(chromium):
    page = chromium.new_page()
    page.evaluate(SET_UP, b64encode(page_script().encode("utf-8")).decode("ascii"))
    yield page
    page.close()


def svg(inner):
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="90">{inner}</svg>'


PNG = "data:image/png;base64,AA"
# Name: what stands in the picture before and after.
CHANGES = {
    "an attribute": ('<rect x="1"></rect>', '<rect x="2"></rect>'),
    "an attribute more": ('<rect x="1"></rect>', '<rect x="1" y="5"></rect>'),
    "an attribute less": ('<rect x="1" y="5"></rect>', '<rect y="5"></rect>'),
    "a text": ("<text>1.5</text>", "<text>1.6</text>"),
    "a text that comes": ("<text></text>", "<text>1.6</text>"),
    "a text that goes": ("<text>1.6</text>", "<text></text>"),
    "a text before a part": ("<text>a<tspan>b</tspan></text>", "<text>c<tspan>b</tspan></text>"),
    "a text behind a part": ("<text><tspan>b</tspan>a</text>", "<text><tspan>b</tspan>c</text>"),
    "escaped": ('<g id="a">a</g>', '<g id="&quot;&lt;&#x27;">&lt;b&gt; &amp;amp;</g>'),
    "another entity": ("<text>a</text>", "<text>&#8722;1</text>"),
    "single quotes": ("<text y='1'>a</text>", "<text y='2' x='>'>b</text>"),
    "closed at once": ('<rect x="1"/>', '<rect x="2"/>'),
    "a part more": ('<rect x="1"></rect>', '<rect x="1"></rect><rect x="2"></rect>'),
    "another kind of part": ('<rect x="1"></rect>', '<line x="1"></line>'),
    "a handler": ('<text y="1">a</text>', '<text y="2" onclick="hacked()">a</text>'),
    "a link": (f'<image href="{PNG}"></image>', '<image href="javascript:hacked()"></image>'),
    "a style": ("<text>a</text>", '<text style="position: fixed; hacked: 1">b</text>'),
    "a script": ("<text>a</text>", "<script>hacked()</script>"),
    "beside a script": ("<script>1</script><text>a</text>", "<script>1</script><text>b</text>"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_ends_as_the_new_picture(view, change):
    before, now = map(svg, CHANGES[change])
    expected = view.evaluate("fresh", now)
    assert view.evaluate("fresh", before) != expected
    assert "hacked" not in expected
    view.evaluate("begin", before)
    assert view.evaluate("show", now) == expected
    assert view.evaluate("show", before) == view.evaluate("fresh", before)  # and back


def test_of_two_pictures_each_may_change(view):
    first, second, third = svg("<text>1</text>"), svg("<text>2</text>"), svg("<text>3</text>")
    view.evaluate("begin", first + second)
    for both in (first + third, third + first, first):
        assert view.evaluate("show", both) == view.evaluate("fresh", both)


@pytest.mark.parametrize("kind", [BackwardExplorer, NumberLinesExplorer])
def test_a_slider_goes_to_and_fro(view, kind):
    """Also where a picture gets other parts on the way, as the axes of the number lines do."""
    explorer, draw = kind(), random.Random(0)
    view.evaluate("begin", explorer.view.svg)
    sliders = [name for name, control in explorer.handles.items() if hasattr(control, "min")]
    for _ in range(40):
        control = explorer.handles[draw.choice(sliders)]
        control.value = draw.uniform(control.min, control.max)
        assert view.evaluate("show", explorer.view.svg) == view.evaluate("fresh", explorer.view.svg)


def test_while_dragging_nothing_is_parsed_and_no_element_is_new(view):
    explorer = BackwardExplorer()
    explorer.set(step=7)
    view.evaluate("begin", explorer.view.svg)
    view.evaluate("mark()")
    view.evaluate("forbidParsing()")
    for x0 in (-0.5, 0.0, 2.31):
        explorer.set(x0=x0)
        assert f"{x0:.3f}".lstrip("-") in view.evaluate("show", explorer.view.svg)
        assert view.evaluate("kept()")
