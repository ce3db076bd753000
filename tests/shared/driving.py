"""What a hand and a page do to an explorer, without a browser."""

import re
from contextlib import contextmanager
from functools import cache
from itertools import count

import ipywidgets as widgets
import numpy as np

import bp_helpers as bp
from bp_helpers.explorers.backward import OTHER_X, OTHER_Y
from bp_helpers.pictures import entry_name

PARAMETERS = [
    entry_name(name, index)
    for name, array in bp.running_example().network.parameters.items()
    for index in np.ndindex(array.shape)
]


def engine_of(explorer):
    """The network that is shown, made by hand, with its inputs and its targets."""
    state, loss = explorer.state, explorer.state.get("loss", "SquaredError")
    layers = [
        bp.Dense.from_arrays(state["W1"], state["b1"]),
        getattr(bp, state.get("activation", "Sigmoid"))(),
        bp.Dense.from_arrays(state["W2"], state["b2"]),
    ]
    if loss == "SquaredError":
        layers.append(bp.Sigmoid())
    x, y = ([[explorer.values[f"{name}{k}"] for k in (0, 1)]] for name in "xy")
    if state.get("batch"):
        x, y = [*x, *OTHER_X], [*y, *OTHER_Y]
    return bp.Network(layers, getattr(bp, loss)()), np.array(x), np.array(y)


def own_table(folder, header, rows):
    """Write a table of one's own, and return it as it is read."""
    path = folder / "mine.csv"
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return bp.load_table(path)


@cache
def _one_of(kind):
    return kind()


def at_start(kind):
    """An explorer as at its start; to bring one back takes much less time than to make one."""
    explorer = _one_of(kind)
    explorer.reset()
    return explorer


def buttons_of(widget, kinds=widgets.Button):
    """The buttons in a widget, in their order."""
    if isinstance(widget, kinds):
        return [widget]
    return [one for child in getattr(widget, "children", []) for one in buttons_of(child, kinds)]


def press(widget, label):
    """Press the one button in it that is called so."""
    (only,) = (button for button in buttons_of(widget) if button.description == label)
    only.click()


def choose_in_page(explorer, name):
    explorer.view._handle_custom_msg({"chosen": name}, [])


def act(explorer, moves):
    """Choose a name, change a parameter that is chosen, or set controls, one after the other."""
    for move in moves:
        if isinstance(move, str):
            choose_in_page(explorer, move)
        elif isinstance(move, tuple):
            explorer.set(selected=move[0], parameter=move[1])
        else:
            explorer.set(**move)


def move_in_page(explorer, **values):
    """Change numbers as the page does when a hand drags or types them."""
    count = explorer.view.answered + 1
    explorer.view.set_state({"moved": {"count": count, "values": values}})
    assert explorer.view.answered == count  # the page waits for no other answer


def tick(view):
    view._handle_custom_msg({"tick": True}, [])


def sent_by(widget):
    """The messages to the page, from now on."""
    messages = []
    widget._send = lambda message, buffers=None: messages.append(message)
    return messages


@contextmanager
def interrupted_at(kind, method, call):
    """Let the so-manieth call of a method be interrupted, as by Jupyter's stop button."""
    as_it_is, calls = getattr(kind, method), count(1)

    def interrupted(self, *arguments):
        if next(calls) == call:
            raise KeyboardInterrupt
        return as_it_is(self, *arguments)

    setattr(kind, method, interrupted)
    try:
        yield
    finally:
        setattr(kind, method, as_it_is)


def any_value(handle, rng):
    """A place where a hand could leave this control."""
    if isinstance(handle, widgets.Checkbox):
        return rng.random() < 0.5
    if isinstance(handle, (widgets.Dropdown, widgets.SelectionSlider)):
        return rng.choice([value for _, value in handle._options_full])
    if isinstance(handle, widgets.IntSlider):
        return rng.randint(handle.min, handle.max)
    steps = round((handle.max - handle.min) / handle.step)
    return min(handle.min + handle.step * rng.randint(0, steps), handle.max)


def names_in(explorer):
    """The parts of the picture that can be chosen."""
    return sorted(set(re.findall(r'data-name="([^"]+)"', explorer.view.svg)))


def move_at_random(explorer, rng):
    """Move a control, choose a part of the picture, or press a button."""
    buttons = [each for each in buttons_of(explorer) if each.description != "Reset"]
    if buttons and rng.random() < 0.2:
        rng.choice(buttons).click()
        return
    names = names_in(explorer)
    handles = [handle for handle in explorer.handles.values() if not handle.disabled]
    hands = explorer.hands()
    if hands and rng.random() < 0.3:
        name = rng.choice([*hands])
        hand = hands[name]
        value = rng.choice(hand.options or [hand.low, hand.high, rng.uniform(hand.low, hand.high)])
        move_in_page(explorer, **{name: value})
        return
    if names and (rng.random() < 0.3 or not handles):
        choose_in_page(explorer, rng.choice(names))
        return
    handle = rng.choice(handles)
    handle.value = any_value(handle, rng)


def is_along(slider, axis, behind):
    """Whether a slider is as wide as it takes to lie along this axis of a picture at full size."""
    label, whole = (
        float(re.fullmatch(r"calc\((\d+)px \* var\(--bp-share, 1\) [-+] \d+px\)", width)[1])
        for width in (slider.style.description_width, slider.layout.width)
    )
    return (label, whole) == axis and slider.layout.width.endswith(f"+ {behind}px)")
