"""An explorer in the page, driven by hand, beside one in this process that says what is right."""

import base64
import re
from xml.etree import ElementTree

from ipywidgets import Dropdown, FloatLogSlider, FloatSlider, IntSlider, SelectionSlider
from own_notebook import all_explorers

MOMENTS = 1500  # of 20 ms that are waited for what must come: the machine may be busy
BOX = ".bp-explorer"
SLIDERS = (IntSlider, FloatSlider, FloatLogSlider, SelectionSlider)

STATE = """box => {
  const view = box.querySelector(".bp-view");
  const pictures = [...view.querySelectorAll(":scope > svg")];
  const chosen = view.querySelector("[aria-pressed=true], [aria-current=true]");
  const source = (svg) => {
    const copy = svg.cloneNode(true); // without what the page itself says of it and of its parts
    copy.removeAttribute("style");
    for (const part of copy.querySelectorAll("*"))
      for (const { name } of [...part.attributes])
        if (/^(aria-|role$|tabindex$|data-(held|lm-))/.test(name)) part.removeAttribute(name);
    return new XMLSerializer().serializeToString(copy);
  };
  return {
    shown: view.dataset.shown,
    chosen: chosen && chosen.dataset.name,
    svg: pictures.map(source).join(""),
  };
}"""

# Looks at every frame until it is stopped: is the picture there, with text, and how high is all?
WATCH = """box => {
  const frames = window.bpFrames = [];
  const view = box.querySelector(".bp-view");
  const look = () => {
    const pictures = [...view.querySelectorAll(":scope > svg")];
    frames.push({
      there: pictures.length > 0 && pictures.every(
        svg => svg.getBoundingClientRect().height > 50 && svg.querySelector("text")),
      pictures: pictures.length,
      height: box.closest(".jp-OutputArea").getBoundingClientRect().height,
      shown: view.dataset.shown,
    });
    window.bpFrame = requestAnimationFrame(look);
  };
  look();
}"""
STOP_WATCHING = "() => { cancelAnimationFrame(window.bpFrame); return window.bpFrames; }"


def texts(svg):
    """Return every text in the picture, its title and description too, in their order."""
    wanted = ("title", "desc", "text")
    root = ElementTree.fromstring(f"<g>{svg}</g>")
    return ["".join(e.itertext()) for e in root.iter() if e.tag.rpartition("}")[2] in wanted]


def canonical(svg):
    """Return the picture's elements in the one form in which equal pictures are equal.

    What is said of the parts is left out: the page says more than the source.
    """
    svg = re.sub(r' (aria-[a-z]+|role|tabindex)="[^"]*"', "", svg)
    return ElementTree.canonicalize(f"<g>{svg}</g>").split("<")


class ExplorerPage:
    """The k-th explorer in an open notebook."""

    def __init__(self, notebook, k, kind):
        self.notebook, self.page = notebook, notebook.page
        self.box = self.page.locator(BOX).nth(k)
        self.view = self.box.locator(".bp-view")
        self.kind = all_explorers()[kind]
        self.start, self.beside = self.kind(), self.kind()
        self.box.wait_for(state="attached")
        self.box.scroll_into_view_if_needed()
        self.shown_at_first = self.state()["shown"]

    # ---- what the page shows, and what it should show -------------------------------------------

    def state(self):
        """Return what the page shows at one moment: values, the chosen part, the pictures."""
        return self.box.evaluate(STATE)

    def value(self, name):
        """Return the value of a control that the picture is of, as it is written there."""
        return self.values()[name]

    def shown(self):
        """Return what the picture says that it is of."""
        return self.view.get_attribute("data-shown")

    def values(self):
        """Return the values of all controls that the picture is of, as they are written there."""
        return _values(self.shown(), self.start.handles)

    def assert_right(self):
        """See that the page shows exactly what an explorer here draws for the same values."""
        state, fresh = self.assert_right_words()
        seen, right = canonical(state["svg"]), canonical(fresh.view.svg)
        assert [(a, b) for a, b in zip(seen, right, strict=True) if a != b] == []

    def assert_right_words(self):
        """See that the page's texts are right; an image is another with another Matplotlib.

        Return what the page shows and the explorer here. A picture that was made ahead is there
        before the kernel has moved the other sliders, and their values are read: they are waited
        for.
        """
        for _ in range(100):
            state = self.state()
            fresh = self._moved_as(state)
            if fresh.shown == state["shown"]:
                break
            self.page.wait_for_timeout(20)
        assert fresh.shown == state["shown"], (fresh.shown, state["shown"])
        assert texts(state["svg"]) == texts(fresh.view.svg)
        return state, fresh

    def _moved_as(self, state):
        """Return the explorer here, moved to what the page shows in this state."""
        fresh = self.beside  # one for all: to make an explorer takes longer than to draw it
        fresh.reset()
        if state["chosen"]:
            fresh.choose(state["chosen"])
        others = re.findall(r"(held|\w+\[[\d,]+\])=(\S+)", state["shown"])
        known = {
            "held",
            *fresh.hands(),
        }  # pixels have no name of their own: their digit brings them
        fresh.set(**{name: value for name, value in others if name in known})
        start = _values(fresh.shown, fresh.handles)
        now = _values(state["shown"], fresh.handles)
        moved = [name for name in now if now[name] != start[name]]
        fresh.set(**{name: self._exact_value(name, now[name]) for name in moved})
        return fresh

    def _exact_value(self, control, written):
        if control in self.sliders():  # the page leaves out digits that rounding left over
            return _slider_value(self.start.handles[control], self.position(control))
        return type(self.start.handles[control].value)(written)

    def wait_for_change(self, before):
        """Wait until the pictures differ from those in the state `before`; return the new state."""
        for _ in range(MOMENTS):
            now = self.state()
            if now["svg"] != before["svg"]:
                return now
            self.page.wait_for_timeout(20)
        raise AssertionError("the picture did not change")

    def wait_until_shown(self, control, value):
        """Wait until the picture is of this value of the control."""
        for _ in range(MOMENTS):
            if self.value(control) == f"{value:.12g}":
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{control} is {self.value(control)} and not {value:g}")

    def wait_until_chosen(self, control, choice):
        """Wait until the picture is of this choice of a list; the site may fetch Matplotlib."""
        for _ in range(MOMENTS):
            if self.value(control) == choice:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{control} is {self.value(control)} and not {choice}")

    def drawn_texts(self):
        """Return the texts that are drawn, as they can be read on the page."""
        return self.view.locator("text").all_text_contents()

    def sliders(self):
        """Return the names of the controls that are sliders and are in use at the start."""
        controls = self.start.handles.items()
        return [
            name
            for name, control in controls
            if isinstance(control, SLIDERS) and not control.disabled
        ]

    def lists(self):
        """Return the choices, as the page writes them, of each control that is a list."""
        controls = self.start.handles.items()
        lists = {name: control for name, control in controls if isinstance(control, Dropdown)}
        return {
            name: [
                str(option[1] if isinstance(option, tuple) else option) for option in made.options
            ]
            for name, made in lists.items()
        }

    def list_of(self, control):
        """Return the list on the page of this control."""
        label = self.start.handles[control].description
        return self.box.locator(f'.widget-dropdown:has(label:text-is("{label}")) select')

    def position(self, control):
        """Return where the slider's handle stands: for most sliders, their value."""
        return self.handle(control).evaluate(
            "handle => Number(handle.closest('.noUi-target').noUiSlider.get())"
        )

    def said_and_shown(self, control):
        """Return a slider's value as a screen reader says it, and as it is written beside it."""
        return self.handle(control).evaluate(
            """handle => [handle.getAttribute("aria-valuetext"),
              handle.closest(".widget-slider").querySelector(".widget-readout")
                ?.textContent.replace("\u2212", "-")]"""
        )

    def room(self, control):
        """Return how far the handle can go to the right, or if that is further, to the left."""
        ends = [self.handle(control).get_attribute(f"aria-value{end}") for end in ("min", "max")]
        left, right = (float(end) - self.position(control) for end in ends)
        return right if right > -left else left

    def positions(self, control):
        """Return at how many places the slider's handle can stand."""
        return self.handle(control).evaluate(
            """handle => {
              const { range, step } = handle.closest(".noUi-target").noUiSlider.options;
              const [low, high] = [range.min, range.max].map(end => end[0] ?? end);
              return 1 + Math.round((high - low) / step);
            }"""
        )

    def part_names(self):
        """Return the names of all parts that can be chosen, each once, in their order."""
        names = "parts => parts.map(part => part.dataset.name)"
        return list(dict.fromkeys(self.view.locator("[data-name]").evaluate_all(names)))

    def focused(self):
        """Return the name of the part of the picture that has the focus, or None."""
        return self.page.evaluate("document.activeElement.dataset.name ?? null")

    def cut_off(self):
        """Return what reaches out of the notebook's output, to the right.

        A picture too large for a narrow window is scrolled sideways, in a view that does not reach
        out itself.
        """
        return self.box.evaluate(
            """box => {
              const area = box.closest(".jp-OutputArea").getBoundingClientRect();
              const right = Math.min(area.right, innerWidth);
              const isScrolled = part =>
                !part.matches(".bp-view") && part.closest(".bp-view")?.scrollLeft !== undefined;
              return [...box.querySelectorAll("button, .widget-slider, .bp-view, svg, svg *")]
                .filter(part => !isScrolled(part))
                .filter(part => part.getBoundingClientRect().right > right + 1)
                .map(part => part.outerHTML.slice(0, 100));
            }"""
        )

    # ---- hands ----------------------------------------------------------------------------------

    def button(self, label):
        """Return the button with this label."""
        return self.box.get_by_role("button", name=label, exact=True)

    def reset(self):
        """Press Reset and wait for the picture of the start."""
        self.button("Reset").click()
        self.wait_for_the_start()

    def wait_for_the_start(self):
        """Wait until the picture is that of the start."""
        for _ in range(MOMENTS):
            if self.shown() == self.start.shown:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{self.shown()}, at the start {self.start.shown}")

    def move_and_press(self, control, label, moves=5):
        """Move a slider by so many steps and press a button, before a kernel can answer."""
        key = "ArrowRight" if self.room(control) > 0 else "ArrowLeft"
        self.handle(control).evaluate(
            """(handle, [button, key, moves]) => {
              for (let k = 0; k < moves; k++)
                handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
              button.click();
            }""",
            [self.button(label).element_handle(), key, moves],
        )

    def goes_at_once(self, label):
        """Press a button, and say whether the press is let through without waiting."""
        return self.button(label).evaluate(
            """button => {
              let goes = false;
              button.addEventListener("click", () => { goes = true; }, { once: true });
              button.click();
              return goes;
            }"""
        )

    def part(self, name):
        """Return the first part of the pictures with this name."""
        return self.view.locator(f'[data-name="{name}"]').first

    def handle(self, control):
        """Return the handle of the control's slider: they stand as the explorer's widgets do."""
        names = {control: name for name, control in self.start.handles.items()}
        order = [names[one] for one in _all_in(self.start) if isinstance(one, SLIDERS)]
        return self.box.locator(".noUi-handle").nth(order.index(control))

    def wait_for_slider(self, control):
        """Wait until the picture is of the value at which the handle stands; return its place."""
        for _ in range(MOMENTS):
            position = self.position(control)
            value = _slider_value(self.start.handles[control], position)
            if self.value(control) == (f"{value:.12g}" if isinstance(value, float) else str(value)):
                return position
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{control} is {self.value(control)}, its handle at {position}")

    def drag(self, control, pixels, moves=8, pause=0):
        """Drag the slider by so many pixels, in so many moves, with so many ms between them."""
        handle, mouse = self.handle(control), self.page.mouse
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.move(x, y)
        mouse.down()
        for k in range(moves):
            mouse.move(x + pixels * (k + 1) / moves, y)
            self.page.wait_for_timeout(pause)
        mouse.up()

    def go_to_the_last_step(self):
        """Press End on the slider of the steps."""
        self.handle("step").press("End")
        self.wait_until_shown("step", self.start.handles["step"].max)

    def tab_until(self, condition, key="Tab"):
        """Press the key until the condition holds for what has the focus; return what was passed.

        What was passed is named by its role and its name, as a screen reader says it.
        """
        passed = set()
        for _ in range(MOMENTS):
            self.page.keyboard.press(key)
            now = self.page.evaluate_handle("document.activeElement")
            if now.evaluate(condition):
                return passed
            passed.add(
                now.evaluate(
                    """el => `${el.getAttribute("role") ?? el.localName} ` +
                      `${el.getAttribute("aria-label") ?? el.innerText}`"""
                )
            )
        raise AssertionError(f"passed only {sorted(passed)}")

    def photograph(self, devtools, path):
        """Leave a photograph of the window, with the explorer at its top."""
        self.box.evaluate("box => box.scrollIntoView()")
        path.write_bytes(base64.b64decode(devtools.send("Page.captureScreenshot")["data"]))

    def watch(self):
        """Look at every frame from now on."""
        self.box.evaluate(WATCH)

    def frames(self):
        """Stop looking and return what every frame showed."""
        return self.page.evaluate(STOP_WATCHING)


def _all_in(widget):
    """Every widget in a widget, in the order in which they stand in the page."""
    for child in getattr(widget, "children", ()):
        yield child
        yield from _all_in(child)


def _values(shown, names):
    """Split `step=0 x0=0.5`; a value may have spaces in it, as a preset's name does."""
    return dict(re.findall(rf"\b({'|'.join(names)})=(.*?)(?= [\w\[\],]+=|$)", shown))


def _slider_value(widget, position):
    """Return the value of a slider whose handle stands there."""
    if isinstance(widget, SelectionSlider):
        option = widget.options[round(position)]
        return option[1] if isinstance(option, tuple) else option  # (label, value), or the value
    if isinstance(widget, FloatLogSlider):
        return widget.base**position
    return type(widget.value)(position)
