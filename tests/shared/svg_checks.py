"""What every SVG picture must keep to, read from its source."""

import math
import re
from itertools import combinations
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
LETTER = 0.56  # mean width of a letter, as a share of the font size


def parsed(picture):
    """The element of a picture's source; the source itself will do as well."""
    root = ElementTree.fromstring(getattr(picture, "svg", picture))
    assert root.tag == f"{SVG}svg"
    return root


def description(picture):
    return parsed(picture).find(f"{SVG}desc").text


def texts(picture):
    return [text.text for text in parsed(picture).iter(f"{SVG}text")]


def points(element):
    """All corners that an element has, as (x, y); of curves and relative moves only the start."""
    kind, value = element.tag.removeprefix(SVG), lambda name: float(element.get(name, 0))
    if kind == "line":
        return [(value("x1"), value("y1")), (value("x2"), value("y2"))]
    if kind in ("rect", "image"):
        x, y = value("x"), value("y")
        return [(x, y), (x + value("width"), y + value("height"))]
    if kind == "circle":
        x, y, r = value("cx"), value("cy"), value("r")
        return [(x - r, y - r), (x + r, y + r)]
    if kind == "path":
        pairs = re.findall(r"[ML](\S+?) ([^MLlhvaz]+)", element.get("d"))
        return [(float(x), float(y)) for x, y in pairs]
    if kind == "text":
        left, top, right, bottom = text_box(element)
        return [(left, top), (right, bottom)]
    return []


def text_box(element):
    size = float(element.get("font-size", 13))
    width = LETTER * size * len(element.text or "")
    x, y = float(element.get("x")), float(element.get("y"))
    left = x - {"middle": width / 2, "end": width}.get(element.get("text-anchor"), 0)
    return left, y - 0.75 * size, left + width, y + 0.2 * size


def check_svg(picture):
    """Assert that it is valid, finite, inside of its view box, and that no two texts overlap."""
    root = parsed(picture)
    svg = getattr(picture, "svg", picture)
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text
    for words in ("nan", "inf", "None"):
        assert not re.search(rf'="[^"]*\b{words}\b', re.sub(r'aria-label="[^"]*"', "", svg))
    _, _, width, height = map(float, root.get("viewBox").split())
    for element in root.iter():
        for colour in (element.get("fill"), element.get("stroke")):
            assert colour in (None, "none", "transparent") or colour.startswith("var(--bp-"), colour
        for x, y in points(element):
            assert math.isfinite(x), element.attrib
            assert math.isfinite(y), element.attrib
            assert -0.6 <= x <= width + 0.6, (element.attrib, element.text)
            assert -0.6 <= y <= height + 0.6, (element.attrib, element.text)
    boxes = [(e.text, text_box(e)) for e in root.iter(f"{SVG}text") if e.text]
    for (text, a), (other, b) in combinations(boxes, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (text, other)
