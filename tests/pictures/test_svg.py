"""The ground of all pictures: what is written is escaped, the same every time, and readable."""

import re
import xml.etree.ElementTree as ET
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bp_helpers.pictures import style
from bp_helpers.pictures.picture import picture
from bp_helpers.pictures.svg import Svg, _attribute, button, circle, element, join, line, rect, text

ODD = ['<script>alert("1")</script>', "a & b", "'quoted' \"twice\"", "]]>", "<!--", "&amp;", "−½²×"]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]))


# ---- Elements ----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ODD)
def test_odd_texts_come_back_as_they_were(said):
    made = picture(10, 20, said, said, text(1, 2, said), button(said, said, said))
    root = ET.fromstring(made.svg)
    title, described, written, chosen = root
    assert [title.text, described.text, written.text, chosen.text] == [said] * 4
    assert [chosen.get("data-name"), chosen.get("aria-label")] == [said] * 2
    assert root.get("aria-label") == f"{said}. {said}"


@settings(deadline=None, derandomize=True)
@given(TEXTS, TEXTS)
def test_any_text_and_attribute_comes_back_as_it_was(content, value):
    node = ET.fromstring(element("text", content, class_=value))
    assert node.attrib == {"class": value}
    assert (node.text or "") == content
    assert list(node) == []


def test_only_svg_is_taken_as_svg():
    inner = element("g")
    assert join(inner, "<g></g>") == "<g></g>&lt;g&gt;&lt;/g&gt;"
    assert isinstance(join(inner, "a"), Svg)
    assert element("svg", inner, str(inner)) == "<svg><g></g>&lt;g&gt;&lt;/g&gt;</svg>"


@pytest.mark.parametrize(
    ("attributes", "written"),
    [
        ({"class_": "bp-hit"}, ' class="bp-hit"'),
        ({"stroke_width": 1.5}, ' stroke-width="1.5"'),
        ({"x": 1.23456}, ' x="1.23"'),
        ({"x": -0.001}, ' x="0"'),
        ({"x": -0.0}, ' x="0"'),
        ({"x": 758}, ' x="758"'),
        ({"fill": None, "y": 0}, ' y="0"'),
        ({"fill": "ink", "stroke": "none"}, ' fill="var(--bp-ink, #222222)" stroke="none"'),
        ({"class_": "ink"}, ' class="ink"'),
        ({"b": 1, "a": 2}, ' b="1" a="2"'),
    ],
)
def test_attributes(attributes, written):
    assert element("rect", **attributes) == f"<rect{written}></rect>"


def test_shapes():
    assert line(1, 2, 3, 4, "quiet") == element("line", x1=1, y1=2, x2=3, y2=4, stroke="quiet")
    assert rect(1, 2, 3, 4, rx=5) == element("rect", x=1, y=2, width=3, height=4, rx=5)
    assert circle(1, 2, 3, fill="ink") == element("circle", cx=1, cy=2, r=3, fill="ink")


@pytest.mark.parametrize("alike", [(1, 1.0, True), (0, 0.0, -0.0, False)])
def test_attributes_that_are_equal_do_not_depend_on_which_came_first(alike):
    # the cache takes 1, 1.0 and True for the same
    for order in permutations(alike):
        _attribute.cache_clear()
        assert {_attribute("x", value) for value in order} == {f' x="{int(alike[0])}"'}


def test_a_picture_says_what_it_is():
    root = ET.fromstring(picture(30.5, 40, "Title", "Described.").svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert [root.get("viewBox"), root.get("width"), root.get("height")] == [
        "0 0 30.5 40", "30.5", "40",
    ]  # fmt: skip
    assert [child.text for child in root] == ["Title", "Described."]
    assert root.get("role") == "img"
    assert ET.fromstring(picture(1, 1, "", "", chosen=True).svg).get("role") == "group"


@pytest.mark.parametrize(("selected", "pressed"), [(True, "true"), (False, "false")])
def test_a_button_can_be_reached_and_says_whether_it_is_pressed(selected, pressed):
    assert ET.fromstring(button("W1", "the weight", selected=selected)).attrib == {
        "data-name": "W1",
        "role": "button",
        "tabindex": "-1",
        "aria-label": "the weight",
        "aria-pressed": pressed,
    }


# ---- Colours -----------------------------------------------------------------------------------


def themes_of(css):
    """The named colours by theme, as the style sheet says."""
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", css)
    where = ["", "[data-jp-theme-light='false'] ", ":root ", ":root "]
    assert [selector.strip() for selector, _ in rules] == [f"{each}.bp-view" for each in where]
    light, dark, *forced = [dict(re.findall(r"--bp-(\w+): (#\w{6});", rule)) for _, rule in rules]
    assert forced == [light, dark]  # of the system that forces its colours upon the page
    return {"light": light, "dark": dark}


THEMES = themes_of(style.theme_css())


def luminance(colour):
    """As the Web Content Accessibility Guidelines 2.2 define it."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_defined():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)


def test_both_themes_have_every_colour():
    assert list(THEMES["light"]) == list(THEMES["dark"]) == list(style.LIGHT)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["ground", "panel", "lit", "used"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "forward", "backward"])
def test_texts_can_be_read_on_every_ground(theme, ground, ink):
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


def test_a_colour_is_the_themes_and_outside_of_one_the_light_one():
    for name, colour in style.LIGHT.items():
        assert style.paint(name) == f"var(--bp-{name}, {colour})"
