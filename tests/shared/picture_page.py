"""An explorer's picture in a page of its own, without JupyterLab; its kernel is this process."""

from base64 import b64encode

from driving import press, tick

from bp_helpers.explorers.svg_view import SvgView, page_script

SENT = ("svg", "shown", "hands", "said", "answered", "playing", "pace", "ticks")

SET_UP = """
async ([script, style, state]) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const { default: newView } = await import("data:text/javascript;base64," + script);
  const listeners = [];
  const tell = (what) => listeners.filter(([name]) => name === what).forEach(([, f]) => f());
  const follow = (now) => {
    const changed = Object.keys(now).filter(
      (name) => JSON.stringify(state[name]) !== JSON.stringify(now[name]));
    for (const name of changed) state[name] = now[name];
    changed.forEach((name) => tell(`change:${name}`));
    if (changed.length) tell("change");
  };
  let waiting, running;
  const send = async () => { // as ipywidgets does: one message is on its way, the last one waits
    if (running) return;
    running = true;
    while (waiting) {
      const moved = waiting;
      waiting = undefined;
      follow(await window.kernel({ moved }));
    }
    running = false;
  };
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; tell("change"); },
    save_changes: () => { waiting = state.moved; send(); },
    on: (what, listener) => listeners.push([what, listener]),
    send: async (message) => follow(await window.kernel(message)),
  };
  window.follow = follow;
  newView().render({ model, el: document.body.appendChild(document.createElement("div")) });
}
"""


class PicturePage:
    """The view of an explorer in a page, driven by a real pointer and keyboard."""

    def __init__(self, context, explorer):
        self.explorer, self.page = explorer, context.new_page()
        self.page.expose_function("kernel", self._kernel)
        script = b64encode(page_script().encode("utf-8")).decode("ascii")
        self.page.evaluate(SET_UP, [script, SvgView._css, self._state()])
        self.view = self.page.locator(".bp-view")

    def _state(self):
        return {name: getattr(self.explorer.view, name) for name in SENT}

    def _kernel(self, message):
        if "moved" in message:
            self.explorer.view.set_state(message)
        else:
            self.explorer.view._handle_custom_msg(message, [])
        return self._state()

    def show(self):
        """Let the page follow what was done to the explorer here."""
        self.page.evaluate("now => window.follow(now)", self._state())

    def part(self, name):
        """Return the first part of the pictures with this name, or on this axis."""
        axes = [f'[data-{axis}{its}"]' for axis in "xy" for its in (f'="{name}', f'^="{name} ')]
        return self.view.locator(", ".join([f'[data-name="{name}"]', *axes])).first

    def middle(self, name):
        """Return where the middle of the part is on the screen."""
        box = self.part(name).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, name, across, down=0, moves=5):
        """Drag the part by so many pixels and let go."""
        self.pull(self.part(name), across, down, moves)

    def pull(self, part, across, down=0, moves=5):
        """Drag what this locator finds by so many pixels and let go."""
        part.scroll_into_view_if_needed()
        box, mouse = part.bounding_box(), self.page.mouse
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.move(x, y)
        mouse.down()
        for k in range(1, moves + 1):
            mouse.move(x + across * k / moves, y + down * k / moves)
        mouse.up()
        self.settle()

    def type_in(self, name, value):
        """Put the focus on a number, press Enter, and type."""
        self.part(name).focus()
        keyboard = self.page.keyboard
        keyboard.press("Enter")
        keyboard.insert_text(str(value))
        keyboard.press("Enter")
        self.settle()

    def choose(self, name):
        """Click a number."""
        self.part(name).click()
        self.settle()

    def press(self, label):
        """Press the button that is called so; it stands beside the picture, in the kernel here."""
        press(self.explorer, label)
        self._follow()

    def slide(self, control, value):
        """Move a slider, choose from a list or tick a box; they stand there as well."""
        self.explorer.handles[control].value = value
        self._follow()

    def play(self, ticks):
        """Press Play and let so many ticks of the clock pass, then press it again."""
        button = self.explorer.clock.button
        button.value = True
        for _ in range(ticks):
            tick(self.explorer.view)
        button.value = False
        self._follow()

    def number(self, name):
        """Return a number as the picture says it."""
        part = self.part(name)
        given = part.get_attribute("aria-valuenow")
        said = given or part.get_attribute("aria-label").partition(" = ")[2]
        return float(said.replace("\N{MINUS SIGN}", "-"))

    def words(self):
        """Return what the pictures say of themselves."""
        return "\n".join(self.view.locator("title, desc").all_text_contents())

    def texts(self):
        """Return what is written in the pictures."""
        return self.view.locator("text").all_text_contents()

    def _follow(self):
        self.show()
        self.settle()

    def settle(self):
        """Wait until the page shows what the explorer here does."""
        self.page.wait_for_timeout(50)
        for _ in range(100):
            if self.view.get_attribute("data-shown") == self.explorer.shown:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(self.view.get_attribute("data-shown"))
