"""Where the parts of an SVG picture lie."""

from dataclasses import dataclass

from svg_checks import SVG


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other):
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other, slack=0.0):
        across = self.left - slack <= other.left and other.right <= self.right + slack
        return across and self.top - slack <= other.top and other.bottom <= self.bottom + slack


def text_of(node):
    """What a text says, all its pieces together."""
    return "".join(node.itertext())


def text_box(node):
    """Where a text is drawn at most: no digit and few letters are wider than 0.6 of the height."""
    size = float(node.get("font-size", 13))
    width = 0.6 * size * len(text_of(node))
    x, y = float(node.get("x")), float(node.get("y"))
    left = x - {"start": 0, "middle": width / 2, "end": width}[node.get("text-anchor", "start")]
    return Box(left, y - 0.75 * size, left + width, y + 0.2 * size)


def rect_box(node):
    x, y, width, height = (float(node.get(name)) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


def all_of(root, tag):
    return list(root.iter(f"{SVG}{tag}"))


def buttons_of(root):
    """Every part that can be chosen, by name."""
    found = [node for node in root.iter() if node.get("data-name")]
    names = [node.get("data-name") for node in found]
    assert len(set(names)) == len(names)
    for node in found:
        assert (node.get("role"), node.get("tabindex")) == ("button", "-1")
    return dict(zip(names, found, strict=True))
