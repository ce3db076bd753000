"""Looks for one small change in a learner's own lines that makes all of it right."""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import linecache
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType
from typing import Any

from bp_helpers.exercises.cells import code_of
from bp_helpers.exercises.error_messages import shortened
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.mistakes.mistake import Finding
from bp_helpers.exercises.probes import Probe
from bp_helpers.exercises.safe_call import LONGEST, TookTooLong, not_too_much, within
from bp_helpers.exercises.sandbox import alone, pictures_kept
from bp_helpers.exercises.suspects import quietly
from bp_helpers.exercises.trials import Outcome, Trial, same_outcome

LONGEST_CELL = 300  # lines; what is longer is no cell with an exercise
SECONDS = 1.0  # for one changed version; a right one takes a thousandth of that
# what may never end once it is changed, or do something outside of itself
NOT_TRIED = ast.While, ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await, ast.ClassDef
OUTSIDE = {"open", "exec", "eval", "input", "os", "sys", "globals", "setattr"}
# a loop that adds to what it goes through may never end: what these are called of stays
GROWING = {"append", "insert", "extend", "add", "update"}

OPERATORS, COMPARISONS = ("+", "-", "*", "/", "@", "//"), ("<", ">", "<=", ">=", "==", "!=")
# functions that are taken for one another
ALIKE = [
    {"sum", "mean", "max", "min"}, {"maximum", "minimum"}, {"sin", "cos", "tan"}, {"std", "var"},
    {"log", "log2", "log10"}, {"zeros_like", "ones_like"}, {"dot", "multiply", "outer"},
]  # fmt: skip
OVER_AN_AXIS = {"sum", "mean", "max", "min", "var", "std", "norm"}
AXES = ["", *(f"axis={axis}{kept}" for axis in (0, 1, -1) for kept in ("", ", keepdims=True"))]
# what may be missing around any value, and about a whole one beside a name of the function's own
AROUND = ["-({})", "({}).T", "({}) ** 2", "1 - ({})", "({}) * 2", "({}) / 2", "np.sqrt({})",
          "np.abs({})", "phi({})"]  # fmt: skip
BESIDE = ["({}) * {}", "({}) / {}", "({}) + {}", "({}) - {}", "({}) / len({})"]
BRACKETS = 0  # the rank of the first changes to be tried
Change = tuple[ast.AST, Callable[[], None], Callable[[], None]]  # where; do, undo


def one_change(
    function: Callable[..., Any], exercise: Exercise, trials: list[Trial]
) -> Finding | None:
    """Recognise code that one small change makes right, and tell its line.

    That is so of the code, whatever the learner had in mind: the change was made and tried.
    """
    code = code_of(function)
    cell = _definitions(code) if code else None
    if not code or not cell or any(trial.values is None or trial.made.changed for trial in trials):
        return None
    end = time.monotonic() + LONGEST  # only a function that is slow itself comes to that
    in_order = sorted(trials, key=lambda trial: (not trial.wrong, trial.size))
    with quietly(), alone(), pictures_kept(), contextlib.redirect_stdout(io.StringIO()):
        for rank, (place, do, undo) in _changes(cell):
            try:
                do()
            except SyntaxError:  # it is none by itself, such as the format in an f-string
                continue
            changed = _made(cell, function, code.co_name)
            undo()
            if time.monotonic() > end:
                return None
            if changed and all(
                same_outcome(_gives(exercise, one.probe, changed), one.true) for one in in_order
            ):
                mistake = "brackets-misplaced" if rank == BRACKETS else "slip-in-a-step"
                return Finding((mistake,), _sentence(code, place))
    return None


def _sentence(code: CodeType, place: ast.AST) -> str:
    line = getattr(place, "lineno", 0) - code.co_firstlineno + 1  # counted from `def`
    source = ast.get_source_segment("".join(linecache.getlines(code.co_filename)), place) or ""
    text = shortened(source.partition("\n")[0])
    where = f"in line {line} " if line > 0 else ""
    if isinstance(place, ast.stmt):
        look = "look at all of that line, and at where it stands"
        return f"One small change makes all of it right, {where}at `{text}`: {look}."
    which = _which(code, place, text)
    return f"One small change makes all of it right, {where}where it says `{text}`{which}."


def _which(code: CodeType, place: ast.AST, text: str) -> str:
    """Return which one of several in its line is meant."""
    line = linecache.getline(code.co_filename, getattr(place, "lineno", 0)).encode()
    before = line[: getattr(place, "col_offset", 0)].decode()
    alone = rf"(?<![\w.]){re.escape(text)}(?!\w)"
    if len(re.findall(alone, line.decode())) < 2:
        return ""
    count = len(re.findall(alone, before))
    return f" for the {('first', 'second', 'third')[count]} time" if count < 3 else ""


def _definitions(code: CodeType) -> ast.Module | None:
    """Return the functions of a learner's cell, if changing them can do no harm."""
    lines = linecache.getlines(code.co_filename)
    try:
        whole = ast.parse("".join(lines if len(lines) <= LONGEST_CELL else []))
    except SyntaxError:  # magics and the like
        return None
    cell = ast.Module([one for one in whole.body if isinstance(one, ast.FunctionDef)], [])
    for node in ast.walk(cell):
        if isinstance(node, NOT_TRIED) or (isinstance(node, ast.Name) and node.id in OUTSIDE):
            return None
        if isinstance(node, ast.FunctionDef) and node.name in _names(node):
            return None  # it calls itself
    return cell if any(getattr(one, "name", "") == code.co_name for one in cell.body) else None


def _made(cell: ast.Module, function: Callable[..., Any], name: str) -> Callable[..., Any] | None:
    """Return the function of a changed cell, if it can be made."""
    made = dict(getattr(function, "__globals__", {}))
    try:
        exec(compile(cell, "<changed>", "exec"), made)
    except Exception:
        return None
    changed: Callable[..., Any] = made[name]
    return changed


def _gives(exercise: Exercise, probe: Probe, function: Callable[..., Any]) -> Outcome:
    given = copy.deepcopy(probe.arguments)
    try:
        value = within(SECONDS, not_too_much, function, given)
        return exercise.read_result(value, given, probe)
    except (Exception, SystemExit, TookTooLong) as error:
        return error


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)
            and isinstance(one.ctx, ast.Load)}  # fmt: skip


# ---- Changes ----


def _changes(cell: ast.Module) -> Iterator[tuple[int, Change]]:
    """Yield all changes with their ranks, what nearly everybody has needed once before the rest."""
    for definition in cell.body:
        scope = _scope(definition)
        found: list[tuple[int, Change]] = []
        for parent in ast.walk(definition):
            found += [(3, change) for change in _of_blocks(parent)]
            for field, place, node in _expressions(parent, scope):
                with contextlib.suppress(ValueError):  # an f-string that Python cannot write out
                    for rank, new in _instead_of(parent, node, scope):
                        found.append((rank, _replaced(parent, field, place, node, new)))
        yield from sorted(found, key=lambda pair: pair[0])


def _scope(definition: ast.AST) -> list[str]:
    """Return the names that a function has: its arguments and what it assigns."""
    given = [one.arg for one in ast.walk(definition) if isinstance(one, ast.arg)]
    own = [one.id for one in ast.walk(definition) if isinstance(one, ast.Name)
           and isinstance(one.ctx, ast.Store)]  # fmt: skip
    return list(dict.fromkeys([*given, *own]))


def _expressions(parent: ast.AST, scope: list[str]) -> Iterator[tuple[str, int | None, ast.expr]]:
    """Yield what a node has of expressions that are read: in which field, at which place.

    Names that are not the function's own stay, such as those of functions and modules.
    """
    if isinstance(parent, (ast.arguments, ast.FunctionDef)):
        return
    for field, value in ast.iter_fields(parent):
        for place, one in enumerate(value) if isinstance(value, list) else [(None, value)]:
            stored = isinstance(getattr(one, "ctx", None), ast.Store)
            foreign = isinstance(one, ast.Name) and one.id not in scope
            if isinstance(one, ast.expr) and not stored and not foreign and field != "func":
                yield field, place, one


def _replaced(parent: ast.AST, field: str, place: int | None, old: ast.expr, new: str) -> Change:
    def put(node: ast.expr) -> None:
        if place is None:
            setattr(parent, field, node)
        else:
            getattr(parent, field)[place] = node

    def do() -> None:
        put(ast.parse(new, mode="eval").body)

    return old, do, lambda: put(old)


def _instead_of(parent: ast.AST, node: ast.expr, scope: list[str]) -> Iterator[tuple[int, str]]:
    """Yield what may stand in the place of an expression: how rare that is, and itself."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            one, other = ast.unparse(left), ast.unparse(right)
            signs = OPERATORS if not isinstance(op, (ast.Add, ast.Sub)) else OPERATORS[:3]
            yield from ((1, f"({one}) {sign} ({other})") for sign in signs)
            yield from ((1, one), (1, other), (2, ast.unparse(ast.BinOp(right, op, left))))
            for grouped in (
                *_around_the_last(left, op, right),
                *_around_the_first(left, op, right),
            ):
                yield BRACKETS, ast.unparse(grouped)
        case ast.UnaryOp(operand=part) | ast.Attribute(attr="T", value=part):
            yield 1, ast.unparse(part)
        case ast.Compare(left=left, ops=[_], comparators=[right]):
            one, other = ast.unparse(left), ast.unparse(right)
            yield from ((1, f"({one}) {sign} ({other})") for sign in COMPARISONS)
        case ast.Constant(value=bool() as answer):
            yield 1, str(not answer)
        case ast.Constant(value=int() | float() as number):
            numbers = (1, 1, 2, 3, 0.5, -1, number + 1, number - 1, -number)
            yield from ((1, str(each)) for each in numbers)
            yield from ((2, name) for name in scope if isinstance(parent, ast.Subscript))
        case ast.BoolOp(values=parts):
            yield from ((1, ast.unparse(part)) for part in parts)
        case ast.IfExp(body=first, orelse=second):
            if isinstance(first, ast.BinOp):  # `a + b if c else d` is `(a + b) if c else d`
                chosen = ast.IfExp(node.test, first.right, second)
                yield BRACKETS, ast.unparse(ast.BinOp(first.left, first.op, chosen))
            yield from ((1, ast.unparse(first)), (1, ast.unparse(second)))
        case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper)):
            begin, end = (ast.unparse(part) if part else "" for part in (lower, upper))
            for cut in ("1:", ":-1", "::-1", f"{begin}:", f":{end}", ":"):
                yield 2, f"{ast.unparse(value)}[{cut}]"
        case ast.Subscript(value=value):
            yield 2, ast.unparse(value)
        case ast.Call():
            yield from _other_calls(node)
        case ast.Name() if not isinstance(parent, (ast.For, ast.comprehension)) and not (
            isinstance(parent, ast.Attribute) and parent.attr in GROWING
        ):
            yield from ((2, name) for name in scope)
    yield from _with_more(parent, node, scope)


def _around_the_last(left: ast.expr, op: ast.operator, right: ast.expr) -> Iterator[ast.expr]:
    """Yield `a - (b / c)` for `(a - b) / c`, and so on further in."""
    if isinstance(left, ast.BinOp):
        inner = [ast.BinOp(left.right, op, right), *_around_the_last(left.right, op, right)]
        yield from (ast.BinOp(left.left, left.op, each) for each in inner)


def _around_the_first(left: ast.expr, op: ast.operator, right: ast.expr) -> Iterator[ast.expr]:
    """Yield `(a - b) / c` for `a - b / c`, and so on further in."""
    if isinstance(right, ast.BinOp):
        inner = [ast.BinOp(left, op, right.left), *_around_the_first(left, op, right.left)]
        yield from (ast.BinOp(each, right.op, right.right) for each in inner)


def _other_calls(node: ast.Call) -> Iterator[tuple[int, str]]:
    called, arguments = ast.unparse(node.func), [ast.unparse(one) for one in node.args]
    of, _, name = called.rpartition(".")
    for alike in ALIKE:
        if of and name in alike:
            inside = ast.unparse(node).removeprefix(called)
            yield from ((1, f"{of}.{other}{inside}") for other in sorted(alike - {name}))
    if name in OVER_AN_AXIS and of:
        first = arguments[0] + ", " if of.startswith("np") and arguments else ""
        yield from ((1, f"{called}({first}{axis})") for axis in AXES)
    if name == "append" and len(arguments) == 1:
        yield 2, f"{of}.insert(1, {arguments[0]})"
    if name == "range":
        yield from ((1, f"reversed({ast.unparse(node)})"), (2, f"range(2, {arguments[-1]})"))
    if len(arguments) == 1 and not node.keywords:
        yield from ((2, arguments[0]), (2, f"({arguments[0]}).T"))
    if len(arguments) == 2 and not node.keywords:
        yield from ((2, one) for one in arguments)
        yield 2, f"{called}({arguments[1]}, {arguments[0]})"


def _with_more(parent: ast.AST, node: ast.expr, scope: list[str]) -> Iterator[tuple[int, str]]:
    """Yield an expression with something about it that may be missing."""
    if isinstance(node, (ast.Slice, ast.Starred, ast.Tuple)):
        return
    text = ast.unparse(node)
    if isinstance(parent, (ast.Subscript, ast.Call)):
        yield from ((2, f"{text} + 1"), (2, f"{text} - 1"))
    if not isinstance(node, ast.Constant) and not isinstance(parent, ast.Attribute):
        yield from ((3, around.format(text)) for around in AROUND)
    if isinstance(parent, (ast.Return, ast.Assign, ast.AugAssign, ast.Tuple)) or (
        isinstance(parent, ast.Call) and ast.unparse(parent.func).endswith(".append")
    ):
        for beside in BESIDE:
            yield from ((4, beside.format(text, name)) for name in scope)
    if isinstance(parent, ast.Return):
        yield 3, f"({text})[::-1]"


def _of_blocks(parent: ast.AST) -> Iterator[Change]:
    """Yield changes of whole lines: left out, exchanged, in a loop or behind it, `=` or `+=`."""
    for field in ("body", "orelse"):
        block = getattr(parent, field, [])
        for k in range(len(block)) if isinstance(block, list) else []:
            for place, size, new in _of_lines(block, k):
                for line in new:
                    if not hasattr(line, "lineno"):  # the others stay where they are
                        ast.fix_missing_locations(ast.copy_location(line, place))
                whole = [*block[:k], *new, *block[k + size :]]
                put = partial(setattr, parent, field)
                yield place, partial(put, whole), partial(put, block)


def _of_lines(block: list[ast.stmt], k: int) -> Iterator[tuple[ast.stmt, int, list[ast.stmt]]]:
    """Yield what may stand in the place of this line, or of it and the next."""
    one, *behind = block[k : k + 2]
    if not isinstance(one, ast.Return) and len(block) > 1:
        yield one, 1, []
    match one:
        case ast.AugAssign(target=target, value=value):
            yield one, 1, [ast.Assign([target], value)]
            for other in (ast.Add(), ast.Sub(), ast.Mult(), ast.Div()):
                yield one, 1, [ast.AugAssign(target, other, value)]
        case ast.Assign(targets=[ast.Name() | ast.Subscript() as target], value=value):
            yield one, 1, [ast.AugAssign(target, ast.Add(), value)]
        case ast.For(body=[first, *middle, last]):
            rest = [_loop(one, [first, *middle]), last]
            yield last, 1, rest
            yield first, 1, [first, _loop(one, [*middle, last])]
    for after in behind:
        yield after, 2, [after, one]
        if isinstance(one, ast.For):
            yield after, 2, [_loop(one, [*one.body, after])]
        if isinstance(after, ast.For):
            yield one, 2, [_loop(after, [one, *after.body])]


def _loop(loop: ast.For, body: list[ast.stmt]) -> ast.For:
    """Return a loop with other lines in it."""
    return ast.For(loop.target, loop.iter, body, [])
