"""What Python's and NumPy's messages mean, for someone who meets them for the first time."""

from __future__ import annotations

import builtins
import re
from types import FrameType, ModuleType

OF_NUMPY = "exp|log|sqrt|tanh|sin|cos|abs|square|sign|matmul|outer|where|maximum|minimum"
OF_PYTORCH = (
    "mm|bmm|unsqueeze|permute|detach|numpy|cpu|numel|float|clamp|sigmoid|softmax|relu|backward|"
    "grad|requires_grad"
)
# the type of an error (or a class above it): a pattern in its message, and the meaning; the first
# that fits counts
MEANINGS: dict[type[BaseException], dict[str, str]] = {
    Exception: {
        r"ufunc 'bitwise_xor'|for \^": "`^` is no power in Python: write `**`.",
        r"builtin_function_or_method|'method'|object arrays are not supported|'function'": (
            "The name of a method or function without brackets is the method itself, not its "
            "result: write () behind it."
        ),
    },
    ValueError: {
        r"size (\d+) is different from (\d+)": (
            "In a matrix product the inner sizes must meet: (N, k) @ (k, m). Here the last size "
            "of the left array is {1}, and the right one has {0} rows. Write the shape of each "
            "under it. (Or should they be multiplied entry by entry, with `*`?)"
        ),
        r"shapes \((.*)\) and \((.*)\) not aligned": (
            "In a matrix product the inner sizes must meet: (N, k) times (k, m). Here the shapes "
            "are ({0}) and ({1}). Write the shape of each under it."
        ),
        r"non-broadcastable output operand": (
            "What stands on the left of an assignment such as += keeps its shape, and the result "
            "has another one. Make a new array: write it out with + and =."
        ),
        r"could not be broadcast together": (
            "An operation entry by entry needs two equal shapes (or a size 1 to repeat). These "
            "two do not fit: print the .shape of both."
        ),
        r"inhomogeneous": (
            "Arrays of different shapes do not make one array. Keep them in a list; and take a "
            "pair of them apart before you compute with it, as in `W, b = pair`."
        ),
        r"could not broadcast input array|setting an array element with a sequence": (
            "What goes into the array does not have the shape of its place there."
        ),
        r"truth value of an array": (
            "An `if`, `while`, `and`, `or`, `not`, `min` or `max` takes one answer, and an array "
            "comparison gives one per entry. Let the comparison itself be an array of True and "
            "False; np.maximum takes the larger of two, entry by entry."
        ),
        r"axis (\d+) is out of bounds": "The array has no axis {0}; axes are counted from 0.",
        r"does not have enough dimensions": (
            "One side of a matrix product is a single number, or None, or a method without the () "
            "that call it (`W.transpose` for `W.transpose()`). A number times an array is `*`."
        ),
        r"must be square|Singular matrix": (
            "Only a square array can have an inverse, and not each of them. No exercise needs "
            "one: going back through `@ W`, a gradient is multiplied by the transpose, `W.T`."
        ),
        r"cannot reshape": (
            "A reshape keeps the number of entries; the new shape has another number."
        ),
        r"unpack": "Something is taken apart into more or fewer names than it has values.",
        r"zip\(\)": "The lists that run side by side have different lengths.",
        r"ellipsis": (
            "In einsum `...` stands for axes that are kept, so it has to be behind `->` as well; "
            "axes that are summed need letters."
        ),
        r"einsum|subscript": (
            "The letters of this call do not fit the arrays' axes: one letter per axis."
        ),
    },
    UnboundLocalError: {
        r"variable '(\w+)'": (
            "`{0}` is used before anything was stored in it on this way through the function."
        ),
    },
    NameError: {
        r"name '(sin|cos|exp|log|sqrt|tanh|maximum|where|zeros|outer|dot|sum|mean|array)' is not": (
            "NumPy's functions come after its name: `np.{0}`."
        ),
        r"name '(pairwise|accumulate|chain|product|permutations)' is not": (
            "`{0}` has to be imported in each notebook: `from itertools import {0}`."
        ),
        r"name 'numpy' is not": "The notebooks call NumPy `np`.",
        r"name '(torch|nn|F|tf|keras|jnp)' is not": (
            "`{0}` has not been imported; no exercise needs more than NumPy, `np`."
        ),
        r"name '(math|random|statistics|itertools|functools|operator|copy)' is not": (
            "`{0}` has not been imported: a line `import {0}` does that. `np` can do much of it, "
            "too."
        ),
        r"name '(\w+)' is not defined": (
            "Python knows nothing called `{0}` here: is it spelt as in the `def` line, does one "
            "of your lines compute it, or has the cell that makes it not been run?"
        ),
    },
    ModuleNotFoundError: {
        r"named '(\w+)": (
            "`{0}` is not installed beside the course; no exercise needs more than NumPy."
        ),
    },
    EOFError: {
        r"nobody answers": (
            "The check gives the function all it needs as arguments: leave out input()."
        ),
    },
    TypeError: {
        r"unexpected keyword argument '(dim|keepdim)'": (
            "`{0}` is PyTorch's word; NumPy's are `axis` and `keepdims`."
        ),
        r"unhashable type": (
            "A key of a dictionary, an entry of a set or an argument of a cache cannot change, "
            "and arrays and lists can."
        ),
        r"'(\w+)' object is not iterable": (
            "A loop goes through a collection, and this is one thing, of the kind {0}. To count "
            "up to a number, use range(...)."
        ),
        r"positional argument": (
            "The call has other arguments than the `def` line of what it calls: which one is "
            "missing, or too many?"
        ),
        r"NoneType": (
            "Something here is None: a function without `return`, or a line not filled in yet."
        ),
        r"only (length-1|0-dimensional) arrays|only size-1": (
            "A function for one number got an array: use NumPy's version, such as np.exp for "
            "math.exp."
        ),
        r"'(int|tuple)' object is not callable": (
            "What is before the round brackets is no function, as `.shape` and `.size` of an "
            "array are none. Use square brackets for an entry, `*` or `@` for a product."
        ),
        r"not callable": (
            "Round brackets call a function, and what is before them is none. Use square brackets "
            "for an entry, `*` or `@` for a product."
        ),
        r"not subscriptable|cannot unpack non-iterable": (
            "This is one thing, and it is used as if it were a collection of things."
        ),
        r"list indices must be|indices must be integers": (
            "A list takes one whole number as its index. A NumPy array takes several."
        ),
        r"Cannot cast|_UFunc|same_kind": (
            "An operation in place (such as `-=`) keeps the kind of number of the array on its "
            "left."
        ),
        r"unsupported operand|can't multiply|bad operand": (
            "These two kinds of thing cannot be combined like that: is one of them a list, a "
            "tuple or a name instead of an array?"
        ),
    },
    IndexError: {
        r"too many indices": "The array has fewer axes than the indices ask for: print its .shape.",
        r"boolean index did not match": (
            "A mask in square brackets must have the shape of the array, or of its first axes."
        ),
        r"must be of integer|only integers|shape mismatch|valid indices": (
            "What is in the square brackets cannot be an index: use whole numbers, slices, or a "
            "mask of True and False."
        ),
        r"out of bounds for axis (\d+) with size (\d+)": (
            "The index lies beyond the end: indices count from 0, and axis {0} has the size {1} "
            "here. Does yours count something else: examples, neurons before, neurons after?"
        ),
        r"": "The index lies beyond the end: with n entries it runs from 0 to n - 1.",
    },
    KeyError: {r"": "The dictionary has no entry under this key: print its keys."},
    StopIteration: {
        r"": "`next` found nothing. Given a second argument, it returns that then: next(..., None)."
    },
    AttributeError: {
        r"'NoneType'": (
            "Something here is None: a function without `return`, or a line not filled in yet."
        ),
        rf"'numpy.ndarray' object has no attribute '({OF_NUMPY})'": (
            "An array has no method of this name; NumPy has it as a function: `np.{0}(...)`."
        ),
        r"has no attribute 'zero_grad'": (
            "That is PyTorch's. Here each backward pass starts from 0, and there is nothing to "
            "reset."
        ),
        r"'float' object has no attribute 'backward'": (
            "The loss is a plain number here. The backward pass is the network's: "
            "network.backward()."
        ),
        rf"'numpy\.\w+' object has no attribute '({OF_PYTORCH})'": (
            "`{0}` belongs to PyTorch. The arrays here are NumPy's: `@` is their matrix product, "
            "`.T` the transpose."
        ),
        r"'(list|tuple)' object has no attribute '\w+'": (
            "This is a {0}, not an array, which `np.array(...)` makes of it; or is the name "
            "misspelt?"
        ),
        r"has no attribute '(\w+)'": (
            "Nothing called `{0}` belongs to this: is it misspelt, or something that only another "
            "kind of thing has?"
        ),
    },
    ZeroDivisionError: {r"": "A number is divided by 0."},
    OverflowError: {r"": "A number became too large to be held."},
    MemoryError: {
        r"": (
            "It asks for an array larger than this computer's memory: look at the shape it would "
            "have."
        ),
    },
    RecursionError: {r"": "The function calls itself and never stops doing so."},
    SystemExit: {r"": "It asks Python to end: leave out exit() and quit()."},
    RuntimeWarning: {
        r"overflow encountered in (\w+)": (
            "A number became too large to be held: is a sign or a bracket missing?"
        ),
        r"divide by zero": "Somewhere a number is divided by 0, or log takes a 0.",
        r"invalid value": (
            "Somewhere the result is no number (NaN): 0/0, inf - inf, or a root or log below 0."
        ),
    },
}


OTHER_DEF = (
    "Your function takes other arguments than the exercise's: keep the `def` line as it was."
)
LONGEST_QUOTE = 300  # letters of a message or of a line of code


def what_it_means(error: BaseException | None) -> str:
    """Return a sentence on what the message of an error or warning means, or nothing."""
    message = "" if error is None else message_of(error)
    for kind, meanings in MEANINGS.items():
        for pattern, meaning in meanings.items() if isinstance(error, kind) else ():
            if found := re.search(pattern, message):
                return meaning.format(*found.groups())
    return ""


def of_its_line(error: BaseException | None, line: str, frame: FrameType) -> str:
    """Return what the line that raised says better than the message, or nothing.

    Mostly a name stands for something else there than it was made for: a learner may store a
    number in `sum`, or a result in `phi`; the error is another cell's then.
    """
    names = {**frame.f_globals, **frame.f_locals}
    if isinstance(error, TypeError) and "not callable" in message_of(error):
        if ".T(" in line:
            return (
                "`.T` is the transposed array itself and takes no brackets. Use square brackets "
                "for an entry, `*` or `@` for a product."
            )
        for name in re.findall(r"(?<![.\w])(\w+)\(", line):
            if name in names and not callable(names[name]):
                return _taken(name, names[name], name in frame.f_locals)
    if isinstance(error, AttributeError) and re.search(r"(?<![.\w])np\.", line):
        np = names.get("np")
        if not isinstance(np, ModuleType):
            return f"`np` is {kind_of(np)} here: run `import numpy as np` again."
    if "truth value" in message_of(error) and "ndindex(" in line:
        return "`np.ndindex` takes a shape, such as `w.shape`, and got an array."
    return ""


def _taken(name: str, value: object, in_function: bool) -> str:
    """Return that a function's name stands for a value, and how to have the function back."""
    is_now = f"`{name}` is {kind_of(value)} here, which cannot be called."
    if hasattr(builtins, name):
        back = "Give it" if in_function else f"Run `del {name}` once, and give the value"
        return f"{is_now} {back} another name than that of Python's function."
    if in_function:
        return f"{is_now} Use square brackets for an entry, `*` or `@` for a product."
    return (
        f"{is_now} If it was a function, run the cell with its `def` again, and give the value "
        "another name. For an entry, use square brackets."
    )


def kind_of(value: object) -> str:
    """Return what kind of thing a value is, with its article."""
    kind = "function" if callable(value) else type(value).__name__
    return f"{'an' if kind[:1].lower() in 'aeiou' or kind == 'ndarray' else 'a'} {kind}"


def message_of(error: BaseException | None) -> str:
    """Return the message of an error, not all of it if it is long."""
    try:
        return shortened(str(error).strip()) if error is not None else ""
    except Exception:  # an error of a learner's own may have none
        return ""


def shortened(text: str) -> str:
    """Return a text, or the beginning of a long one."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]} ..."
