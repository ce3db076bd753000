"""Calls a learner's function with copies, and survives whatever it does."""

from __future__ import annotations

import contextlib
import copy
import dis
import io
import linecache
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from bp_helpers.exercises.cells import code_of
from bp_helpers.exercises.error_messages import (
    OTHER_DEF,
    message_of,
    of_its_line,
    shortened,
    what_it_means,
)
from bp_helpers.exercises.graphs import links
from bp_helpers.exercises.sandbox import alone, pictures_kept, put_back, shared_names
from bp_helpers.exercises.steps.replaceable import steps_made

LONGEST = 10.0  # seconds; a right function takes a thousandth of that, on a slow computer too
MOST = 10_000  # numbers in a result; the right ones have a few dozen


class TookTooLong(BaseException):
    """Raised in a function that has been running for too long; no `except Exception` catches it."""


class TooMuch(Exception):
    """Stands for a result of more numbers than anyone asks for."""


def within(seconds: float, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns, or raise TookTooLong in it if it runs for so long.

    It needs an alarm of the system, which rings in the main thread. There is none on Windows and in
    the browser: there it is the stop button that ends an endless loop.
    """
    rings = hasattr(signal, "setitimer") and sys.platform != "emscripten"
    if not rings or threading.current_thread() is not threading.main_thread():
        return function(*arguments)

    def ring(*_: Any) -> None:
        raise TookTooLong(f"{seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    # it rings again: a bare `except:` in a loop may swallow the first
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        try:
            return function(*arguments)
        finally:  # a ring that came late is raised here, and then only the outer one is carried out
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(eq=False)
class Call:
    """What a function did with its arguments.

    `given` are the arguments as it left them, `value` is what it returned, or None with `error`
    set; `where` says in which line, and `meaning` what that error tells. `changed` names the
    arguments that it changed, `nearly_as_before` those of them that differ by rounding alone.
    `warned` holds one sentence per kind of warning, `printed` what it printed, `shown` its
    pictures. `replaced` names what it gave another meaning to outside of itself, which is put back
    by now, and `asked` says whether it went through the check's own Steps.
    """

    given: dict[str, Any]
    value: Any = None
    error: BaseException | None = None
    where: str = ""
    meaning: str = ""
    changed: tuple[str, ...] = ()
    nearly_as_before: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    printed: str = ""
    shown: tuple[Any, ...] = ()
    replaced: tuple[str, ...] = ()
    asked: bool = False

    @property
    def story(self) -> str:
        """Return in plain words what the error was, and in which line."""
        if self.error is None:
            return ""
        message = message_of(self.error)
        name = type(self.error).__name__.lstrip("_")
        return f"It stops{self.where} with {name}{': ' if message else ''}{message}"


@contextlib.contextmanager
def _watched(made: Call, function: Callable[..., Any]) -> Iterator[None]:
    """Keep what is printed, shown and warned of, and put back what is replaced."""
    printed = io.StringIO()
    with (
        alone(),
        pictures_kept() as pictures,
        contextlib.redirect_stdout(printed),
        warnings.catch_warnings(record=True) as caught,
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
    ):
        warnings.simplefilter("always")
        kept, made_before = shared_names(), steps_made()
        try:
            yield
        finally:
            made.replaced = put_back(kept)
    made.printed = "" if printed.closed else printed.getvalue()
    made.warned = tuple(dict.fromkeys(_warning(one, function) for one in caught))
    made.shown = tuple(pictures.outputs) if pictures else ()
    made.asked = steps_made() > made_before


def safe_call(
    function: Callable[..., Any], arguments: dict[str, Any], in_place: Collection[str] = ()
) -> Call:
    """Call `function` with copies of the arguments, in their order.

    It may change those named by `in_place`. What it prints is kept, and not shown.
    """
    made = Call(copy.deepcopy(arguments))
    with _watched(made, function):
        try:
            made.value = within(LONGEST, not_too_much, function, made.given)
        except BaseException as stopped:  # an interrupt or an exit() is the learner's as well
            made.error = stopped
    place = _frame(made.error, function)
    made.where, made.meaning = _where(place, function), _meaning(made.error, place)
    made.changed = _changed(arguments, made.given, in_place)
    made.nearly_as_before = tuple(
        name for name in made.changed if _close(arguments[name], made.given[name])
    )
    return made


def not_too_much(function: Callable[..., Any], given: dict[str, Any]) -> Any:
    """Return what a function returns, or raise TooMuch if that has more than MOST parts."""
    value = function(*given.values())
    if _is_too_much(value):
        raise TooMuch(f"more than {MOST} numbers")
    return value


def _changed(
    arguments: dict[str, Any], given: dict[str, Any], in_place: Collection[str]
) -> tuple[str, ...]:
    """Return which arguments are no longer as they were and should be."""
    return tuple(
        name
        for name, before in arguments.items()
        if (name not in in_place and not _equal(before, given[name]))
        or links(before) != links(given[name])
    )


def safe_read(made: Call, read: Callable[[], Any]) -> Any:
    """Return what `read` finds in a call's result, or the call's error; if that fails, it is one.

    What a learner's function returns may run code of its own where it is read.
    """
    if made.error is None:
        try:
            return within(LONGEST, read)
        except BaseException as stopped:
            made.error, made.meaning = stopped, what_it_means(stopped)
            made.where = " where the check reads its result"
    return made.error


def _is_too_much(value: Any) -> bool:
    """Return whether a result has more than MOST parts, without going through all of them."""
    waiting, parts = [value], 0
    while waiting and parts <= MOST:
        one = waiting.pop()
        if isinstance(one, dict):
            one = list(one.values())
        parts += one.size if isinstance(one, np.ndarray) else 1
        if isinstance(one, Sequence) and not isinstance(one, (str, bytes)):
            parts += len(one)
            waiting += one[:MOST] if isinstance(one, (list, tuple)) else []
    return parts > MOST


# what a function consists of that returns a constant, whichever version of Python compiled it
IDLE = {"RESUME", "LOAD_CONST", "LOAD_SMALL_INT", "RETURN_CONST", "RETURN_VALUE", "NOP", "CACHE"}


def does_nothing(function: Callable[..., Any]) -> bool:
    """Return whether a function is a stub: it returns a constant, and that is all."""
    code = code_of(function)
    return code is not None and all(one.opname in IDLE for one in dis.get_instructions(code))


def _frame(error: BaseException | None, function: Callable[..., Any]) -> TracebackType | None:
    """Return the last place on the way to an error that is in the learner's own cell."""
    code = code_of(function)
    place, last = error.__traceback__ if error is not None else None, None
    while place is not None:
        if code is not None and place.tb_frame.f_code.co_filename == code.co_filename:
            last = place
        place = place.tb_next
    return last


def _where(place: TracebackType | None, function: Callable[..., Any]) -> str:
    first = code_of(function)
    if place is None or first is None:
        return ""
    mine, line = place.tb_frame.f_code, place.tb_lineno
    # counted from `def`, as a learner counts in the cell
    counted = f"line {line - first.co_firstlineno + 1} of " if mine.co_name == first.co_name else ""
    return f" in {counted}{mine.co_name}{_source(mine.co_filename, line)}"


def _meaning(error: BaseException | None, place: TracebackType | None) -> str:
    if place is not None:
        line = linecache.getline(place.tb_frame.f_code.co_filename, place.tb_lineno)
        if better := of_its_line(error, line, place.tb_frame):
            return better
    elif isinstance(error, TypeError) and " argument" in message_of(error):
        return OTHER_DEF  # it never came as far as one of the learner's lines
    return what_it_means(error)


def _source(filename: str, line: int) -> str:
    text = linecache.getline(filename, line).strip()
    return f" (`{shortened(text)}`)" if text else ""


def _warning(caught: warnings.WarningMessage, function: Callable[..., Any]) -> str:
    code = code_of(function)
    mine = code is not None and caught.filename == code.co_filename
    source = _source(caught.filename, caught.lineno) if mine else ""
    error = caught.message if isinstance(caught.message, Warning) else None
    meaning = what_it_means(error)
    said = message_of(error) if error else shortened(str(caught.message))
    return f"On the way it warns{source}: {said}.{' ' + meaning if meaning else ''}"


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, (list, tuple)):
        return (
            isinstance(after, (list, tuple))
            and len(before) == len(after)
            and all(_equal(one, other) for one, other in zip(before, after, strict=True))
        )
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_equal(before[k], after[k]) for k in before)
    if callable(before):
        return before is after
    return np.array_equal(before, after, equal_nan=True)


def _close(before: Any, after: Any) -> bool:
    arrays = isinstance(before, np.ndarray) and isinstance(after, np.ndarray)
    return bool(arrays and before.shape == after.shape and np.allclose(before, after, rtol=1e-12))
