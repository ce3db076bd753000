"""Write the slides of the first lesson: `python tools/slides.py`.

One self-contained page, `docs/slides/lesson_1.html`, a slide to a screen and to a printed sheet.
Arrow keys, PageDown, PageUp and Space go from slide to slide. Pictures, printed numbers and
questions are those that the first two notebooks have stored, found by the names of their cells;
titles and what to ask the class stand here. A test holds the page to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

import nbformat
from run_notebooks import ROOT, all_notebooks, read

PAGE = ROOT / "docs" / "slides" / "lesson_1.html"
IMAGE = re.compile(r'<img src="data:image/svg[^>]*>')
STYLE = """
body { margin: 0; font: 1.3rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
section { box-sizing: border-box; min-height: 100vh; padding: 4vh 6vw; display: flex;
  flex-direction: column; justify-content: center; border-bottom: 1px solid #bbb; }
h1, h2 { line-height: 1.2; margin: 0 0 0.6em; }
h1 { font-size: 2.6rem; } h2 { font-size: 2rem; }
p, li { max-width: 46em; } p { margin: 0 0 0.6em; }
img { max-width: 100%; max-height: 62vh; }
pre { font-size: 1.1rem; background: #f2f2f2; padding: 0.8em; overflow-x: auto; }
.ask { border-left: 6px solid #a84800; padding-left: 0.8em; font-weight: 600; }
@media screen { html { scroll-snap-type: y mandatory; } section { scroll-snap-align: start; } }
@media print { section { min-height: 0; height: 100vh; break-after: page; border: 0; } }
"""
SCRIPT = """
const slides = [...document.querySelectorAll("section")];
const STEPS = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in STEPS)) return;
  const step = event.key === " " && event.shiftKey ? -1 : STEPS[event.key];
  const tops = slides.map((slide) => Math.round(slide.getBoundingClientRect().top));
  const below = tops.findIndex((top) => top > 1);  // the first slide that begins further down
  const above = tops.findLastIndex((top) => top < -1);
  const next = step > 0 ? (below < 0 ? slides.length - 1 : below) : Math.max(above, 0);
  // a slide higher than the screen is read to its end first
  if (step > 0 && event.key !== "ArrowRight" && tops[next] > innerHeight + 1) return;
  slides[next].scrollIntoView();
  event.preventDefault();
});
"""


@dataclass(frozen=True)
class Slide:
    """A title, what is said, what the class is asked, and cells whose pictures or prints it shows.

    `shown` has for each the number of the notebook, the cell, and which of its pictures. A cell
    that is a prediction gives its question.
    """

    title: str
    said: tuple[str, ...] = ()
    ask: str = ""
    shown: tuple[tuple[int, str, int], ...] = ()


SLIDES = (
    Slide(
        "A penguin, and a wrong answer",
        ("Two measurements of a penguin's bill go in, two numbers come out: one for Adelie, one "
         "for Chinstrap. This one is a Chinstrap. The network says Adelie.",),
        "The bars are gradients. Which weight would you turn first, and which way?",
        ((0, "explorer", 0),),
    ),
    Slide(
        "A gradient says how fast the loss moves when a number moves",
        ("Its sign says which way, its size says how much.",),
        "One bar is the longest. It points to the left. What does that mean for its weight?",
        ((0, "explorer", 1),),
    ),
    Slide("Predict: the surest penguin", shown=((0, "predict-fade", 0),)),
    Slide(
        "You could find a gradient by nudging",
        ("Move one weight a little, run the network again, see how the loss moves.",),
        "What does that cost for a million weights?",
        ((0, "nudge", 0),),
    ),
    Slide("Predict: what does it cost from the back?", shown=((0, "predict-cost", 0),)),
    Slide(
        "Hand the blame back",
        ("The outputs are blamed first. Then each neuron hands its blame to those that fed it, "
         "each time multiplied by the weight between the two. Each adds up what it gets.",),
        shown=((0, "way-back-picture", 0),),
    ),
    Slide(
        "One learning step",
        ("Forward, loss, backward, and every weight moves a little against its gradient.",),
        shown=((0, "step", 0),),
    ),
    Slide(
        "A slope is a sensitivity",
        ("If I move this, how many times as far does that move? It is a promise for small steps.",),
        shown=((1, "slope-picture", 0),),
    ),
    Slide("Predict: a chain", shown=((1, "predict-chain", 0),)),
    Slide(
        "Along a chain, slopes multiply",
        ("Each slope is taken at the number that comes in there.",),
        shown=((1, "lines", 0),),
    ),
    Slide(
        "Where paths meet, they add",
        ("A sum passes on, a product swaps.",),
        "Cut one path. What is left of the slope?",
        ((1, "paths", 0),),
    ),
    Slide(
        "Go back from the end, and take every step once",
        ("Each node collects what it is handed. Three paths, and still every step only once.",),
        shown=((1, "collect-picture", 0),),
    ),
    Slide(
        "One weight of a network",
        ("What comes in, times the slope, times the error.",),
        shown=((1, "weight-picture", 0),),
    ),
)  # fmt: skip


def shown(cell: nbformat.NotebookNode, which: int) -> str:
    """Return a cell's picture, or its question, or what it prints."""
    if "predict" in cell.metadata.get("tags", []):
        question = cell.outputs[0].data["text/plain"].removeprefix("Predict. ")
        asked, _, choices = question.rpartition(" (")
        options = "".join(f"<li>{escape(one)}</li>" for one in choices.rstrip(")").split(" / "))
        return f'<p class="ask">{escape(asked)}</p><ul>{options}</ul>'
    for output in cell.outputs:
        if pictures := IMAGE.findall(output.get("data", {}).get("text/html", "")):
            return str(pictures[which])
    return f"<pre>{escape(cell.outputs[0].text.rstrip())}</pre>"


def page() -> str:
    """Return the page."""
    notebooks = [read(path) for path in all_notebooks()[:2]]
    cells = [{cell.id: cell for cell in notebook.cells} for notebook in notebooks]
    first, last = (
        notebooks[0].cells[0].source.splitlines()[0].removeprefix("# "),
        cells[1]["end"].source.partition("**To take along:** ")[2].split("\n")[0],
    )
    sections = [f"<section><h1>{escape(first)}</h1><p>The first lesson</p></section>"]
    for slide in SLIDES:
        parts = [
            f"<h2>{escape(slide.title)}</h2>",
            *(f"<p>{escape(one)}</p>" for one in slide.said),
        ]
        parts += [shown(cells[number][name], which) for number, name, which in slide.shown]
        if slide.ask:
            parts.append(f'<p class="ask">{escape(slide.ask)}</p>')
        sections.append(f"<section>{''.join(parts)}</section>")
    take = re.sub(r"\*(.+?)\*", r"<em>\1</em>", escape(last))
    sections.append(f'<section><h2>To take along</h2><p class="ask">{take}</p></section>')
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Lesson 1: {escape(first)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(sections)
        + f"\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_bytes(page().encode("utf-8"))


if __name__ == "__main__":
    main()
