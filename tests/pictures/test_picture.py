"""A picture shows itself, says itself, and stands beside others."""

import base64
import re
from html import unescape
from xml.etree import ElementTree

from svg_checks import parsed

from bp_helpers.pictures import Picture, beside, style
from bp_helpers.pictures.picture import picture
from bp_helpers.pictures.svg import text

ODD = 'a < b & "c"'


def simple(title="Title", said="Said."):
    return picture(40, 30, title, said, text(2, 20, "a"))


def images(shown):
    """Of each image in HTML: the root of its source, and its alternative text."""
    found = re.findall(r'<img src="data:image/svg\+xml;base64,([\w+/=]*)" alt="([^"]*)">', shown)
    assert "".join(re.sub(r"<img [^>]*>", "", shown).split()) == ""
    return [(ElementTree.fromstring(base64.b64decode(data)), unescape(alt)) for data, alt in found]


def test_it_shows_itself_as_an_image_and_says_itself():
    one = simple(ODD, "Line 1.\nLine 2.")
    assert str(one) == repr(one) == one.words == f"{ODD}. Line 1.\nLine 2."
    bundle = one._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == one.words
    [(root, alt)] = images(bundle["text/html"])
    assert alt == root.get("aria-label") == f"{ODD}. Line 1. Line 2."
    colours = root[0]
    assert colours.text == style.image_css()  # for a light and for a dark page
    root.remove(colours)
    assert ElementTree.tostring(root) == ElementTree.tostring(parsed(one))


def test_pictures_stand_beside_each_other():
    a, b, c = (simple(name) for name in "abc")
    both = beside(a, b)
    assert both.svg == a.svg + b.svg
    assert both.words == "a. Said.\nb. Said."
    all_three = beside(both, c)
    assert list(all_three) == [a, b, c]
    assert [alt for _, alt in images(all_three._repr_mimebundle_()["text/html"])] == [
        "a. Said.", "b. Said.", "c. Said.",
    ]  # fmt: skip
    assert list(a) == [a]
    assert beside(a) == Picture(a.svg, a.words, (a,))


def test_nothing_beside_nothing_is_no_picture():
    assert beside()._repr_mimebundle_() == {"text/html": "", "text/plain": ""}
