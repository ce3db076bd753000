"""Draw the README's pictures: `python tools/picture.py`.

The one that moves is the backward explorer itself: one of its sliders is moved from code, each of
its pictures is a frame, and the frames become one SVG that plays them with CSS alone. What two
frames share is written once. For readers who asked for less motion there is the first frame alone:
a browser does not always tell a picture inside of a page what its reader asked for, so the page has
to choose. The small pictures are those that the notebooks have stored.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree

from run_notebooks import ROOT, read

from bp_helpers.explorers import BackwardExplorer
from bp_helpers.pictures import number, style
from bp_helpers.pictures.svg import Svg, element, text

FOLDER = ROOT / "docs" / "pictures"
THEMES = {"light": style.LIGHT, "dark": style.DARK}
CHOSEN = "dW1[0,1]"  # its formula is written below the network
VALUES = tuple(round(-0.76 + 0.08 * k, 2) for k in range(26))  # of the slider, left to right
STEP, REST = 0.12, 1.8  # seconds that a frame stays on its way, and at both ends
PLAYS = 5  # then it stands still: what moves for ever draws eyes and power from the page
SHAPES = ("line", "rect", "circle", "path", "text")
SPOKEN = re.compile(r"class|role|tabindex|data-.*|aria-.*")  # an image has no parts to choose
# Notebook, cell, and which of its pictures: those that stand in a row below the README's table.
SMALL = [
    ("00_start_here", "explorer", 2),
    ("01_chain_rule", "paths", 0),
    ("03_output_error", "explorer", 0),
    ("05_gradient_descent", "descent", 0),
]
STORED = re.compile(r'<img src="data:image/svg[^"]*;base64,([^"]*)"')
MARGIN, GAP, SLIDER = 16, 24, 48  # pixels: around, between the two pictures, the slider's height


@dataclass(frozen=True)
class Panel:
    """One picture in all frames: where it lies, how large it is, its shapes in each frame."""

    x: float
    y: float
    width: float
    height: float
    frames: list[list[Svg]]


def shapes(root: ElementTree.Element) -> list[Svg]:
    """Return the shapes of a picture in their order, with nothing but what paints them."""
    found = []
    for part in root.iter():
        if part.tag.rpartition("}")[2] in SHAPES and part.get("class") != "bp-travel":
            found.append(painted(part))
        elif "transform" in part.attrib:
            raise ValueError(f"a moved group would lose its place: {part.attrib}")
    return found


def painted(part: ElementTree.Element) -> Svg:
    """Return a shape, a text with its parts in their colours."""
    attributes = {name: v for name, v in part.attrib.items() if not SPOKEN.fullmatch(name)}
    return element(part.tag.rpartition("}")[2], part.text or "", *map(painted, part), **attributes)


def slider(value: float) -> list[Svg]:
    """Draw the slider with its handle at `value`, over the reach that the explorer gives it."""
    left, right, y = 150.0, 590.0, 20.0
    x = left + (right - left) * (value + 3) / 6
    return [
        text(left - 16, y + 5, "X[0] bill length", text_anchor="end"),
        element("line", x1=left, y1=y, x2=right, y2=y, stroke="quiet", stroke_width=4,
                stroke_linecap="round", stroke_opacity=0.4),
        element("circle", cx=x, cy=y, r=9, fill="forward"),
        text(right + 18, y + 5, number(value, 2)),
    ]  # fmt: skip


def panels(values: Sequence[float]) -> list[Panel]:
    """Move the slider from code, and return what the explorer shows at each of the values."""
    explorer = BackwardExplorer()
    explorer.set(step=7, selected=CHOSEN)
    pictures = []
    for value in values:
        explorer.set(x0=value)
        sources = re.findall(r"<svg.*?</svg>", explorer.view.svg, re.DOTALL)
        pictures.append([ElementTree.fromstring(source) for source in sources])
    found = [Panel(0, 0, 660, SLIDER, [slider(value) for value in values])]
    x = 0.0
    for roots in zip(*pictures, strict=True):
        width, height = float(roots[0].attrib["width"]), float(roots[0].attrib["height"])
        found.append(Panel(x, SLIDER, width, height, [shapes(root) for root in roots]))
        x += width + GAP
    return found


def moving(panel: Panel) -> Svg:
    """Return a panel with its shapes in their order: those that never change, once."""
    parts = []
    rows = list(zip(*panel.frames, strict=True))  # a row for each shape, with all its frames
    # Lines stay below what is written over them; among themselves the order does not matter.
    for _, run in groupby(rows, key=lambda row: row[0].startswith("<line")):
        together = list(run)
        parts += [row[0] for row in together if len(set(row)) == 1]
        changing = [row for row in together if len(set(row)) > 1]
        if changing:
            for k, shown in enumerate(zip(*changing, strict=True)):
                parts.append(element("g", *shown, class_=f"f f{k}"))
    return element("g", *parts, transform=f"translate({MARGIN + panel.x:g} {MARGIN + panel.y:g})")


def timetable(frames: int) -> list[list[tuple[float, float]]]:
    """Return for each frame when it is seen, in seconds: rest, to the right, rest, and back."""
    last = frames - 1
    order = [*range(last + 1), *range(last - 1, 0, -1)]
    seen: list[list[tuple[float, float]]] = [[] for _ in range(frames)]
    now = 0.0
    for k in order:
        then = now + (REST if k in (0, last) else STEP)
        seen[k].append((now, then))
        now = then
    return seen


def style_sheet(frames: int) -> str:
    """Return CSS that shows one frame at a time; without motion, the first."""
    seen = timetable(frames)
    length = max(end for times in seen for _, end in times)
    rules = [".f { visibility: hidden } .f0 { visibility: visible }"]
    rules.append("@media (prefers-reduced-motion: no-preference) {")
    rules.append(f".f {{ animation: {length:g}s step-end {PLAYS} }}")
    for k, times in enumerate(seen):
        marks = "" if k == 0 else "0% { visibility: hidden } "
        for start, end in times:
            marks += f"{100 * start / length:.3f}% {{ visibility: visible }} "
            marks += f"{100 * end / length:.3f}% {{ visibility: hidden }} "
        rules.append(f"@keyframes f{k} {{ {marks}}} .f{k} {{ animation-name: f{k} }}")
    return "\n".join([*rules, "}"])


def in_words(values: Sequence[float]) -> str:
    """Say what is seen, with the numbers at both ends."""
    explorer = BackwardExplorer()
    ends = []
    for value in dict.fromkeys([values[0], values[-1]]):
        explorer.set(step=7, x0=value)
        trace, gradients = explorer.numbers.trace, explorer.numbers.gradients
        agree = sum(gradient.agrees for gradient in gradients)
        ends.append(
            f"at {number(value, 2)} the loss is {number(float(trace['loss']))}, {CHOSEN} is "
            f"{number(float(trace['dW1'][0, 1]))}, and {agree} of {len(gradients)} gradients agree "
            "with measured ones"
        )
    return (
        "A small network; beside every value stands its gradient, beside every gradient the "
        f"measured one, and all follow the slider X[0]: {'; '.join(ends)}."
    )


def picture(colours: dict[str, str], values: Sequence[float] = VALUES) -> str:
    """Return the whole picture in the given colours; of a single value, it stands still."""
    parts = panels(values)
    width = max(panel.x + panel.width for panel in parts) + 2 * MARGIN
    height = max(panel.y + panel.height for panel in parts) + 2 * MARGIN
    movement = [element("style", Svg(style_sheet(len(values))))] if len(values) > 1 else []
    ground = element("rect", width=width, height=height, rx=8, fill="ground")
    drawing = element(
        "svg",
        element("title", "The backward explorer while a slider is dragged"),
        element("desc", in_words(values)),
        *movement,
        ground,
        *map(moving, parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        font_family=style.FONT,
        font_size=style.SVG_FONT_SIZE,
    )
    painted = re.sub(r"var\(--bp-(\w+), #\w+\)", lambda name: colours[name[1]], drawing)
    return painted.replace("><", ">\n<") + "\n"  # a line for each shape, so that a diff can be read


def explorer_pictures() -> dict[str, bytes]:
    """Return the moving picture by the names of its files: light and dark, and standing still."""
    found = {}
    for theme, colours in THEMES.items():
        found[f"explorer-{theme}.svg"] = picture(colours).encode()
        found[f"explorer-{theme}-still.svg"] = picture(colours, VALUES[:1]).encode()
    return found


def small_picture(notebook: str, cell: str, k: int) -> bytes:
    """Return a picture as a notebook has stored it, but in the colours that its page asks for."""
    cells = {each.id: each for each in read(ROOT / "notebooks" / f"{notebook}.ipynb").cells}
    stored = STORED.findall(cells[cell].outputs[0].data["text/html"])[k]
    source = base64.b64decode(stored).decode("utf-8")
    dark = "".join(f"--bp-{name}: {colour}; " for name, colour in style.DARK.items())
    dark += f"background: {style.DARK['ground']} !important"
    rule = f"<style>@media (prefers-color-scheme: dark) {{ svg {{ {dark} }} }}</style>"
    return (source.replace("<title>", f"{rule}<title>", 1) + "\n").encode()


def pictures() -> dict[str, bytes]:
    """Return all of them by the names of their files."""
    small = {f"{place[0]}.svg": small_picture(*place) for place in SMALL}
    return explorer_pictures() | small


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, source in pictures().items():
        (FOLDER / name).write_bytes(source)
        print(f"{name}: {len(source) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
