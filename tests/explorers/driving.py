"""What a hand and a page do to an explorer, without a browser."""

from contextlib import contextmanager
from itertools import count

import ipywidgets as widgets
import numpy as np

from bp_helpers import running_example

PARAMETERS = [
    f"{name}[{','.join(map(str, index))}]"
    for name, array in running_example().network.parameters.items()
    for index in np.ndindex(array.shape)
]


def buttons_of(widget):
    """The buttons in a widget, in their order."""
    if isinstance(widget, widgets.Button):
        return [widget]
    return [one for child in getattr(widget, "children", []) for one in buttons_of(child)]


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
