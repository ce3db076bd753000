"""A chain of products, multiplied from the front or from the back."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import ClassVar

from bp_helpers.explorers.controls import choice_slider
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.explorers.torch_form import function, printed
from bp_helpers.pictures import (
    MOST_AT_ENDS,
    MOST_HIDDEN,
    ChainOrders,
    ChainProduct,
    Picture,
    beside,
    chain_areas,
    chain_orders,
)

WIDTHS = [1, 2, 5, 10, 20, 50, 100, 200, 500, MOST_AT_ENDS]
HIDDEN = [width for width in WIDTHS if width <= MOST_HIDDEN]
PLACE = ("5em", "20em")  # of a slider: its label, and all of it


def which_end(n0: int, n1: int, n2: int, n3: int, n4: int) -> ChainOrders:
    """Return what multiplying J1 J2 J3 J4 takes, Jk of shape (n[k-1], nk), from either end.

    A product of shapes (a, b) and (b, c) takes a * b * c multiplications. From the front every
    product has n0 rows, one for each input; from the back n4 columns, one for each output.
    """
    widths = (n0, n1, n2, n3, n4)
    shapes = list(pairwise(widths))
    from_front = [ChainProduct(k, n0, a * b) for k, (a, b) in enumerate(shapes, 1)][1:]
    from_back = [ChainProduct(k, n4, a * b) for k, (a, b) in enumerate(shapes, 1)][:-1]
    return ChainOrders(widths, tuple(from_front), tuple(reversed(from_back)), *best_order(widths))


@cache
def best_order(widths: tuple[int, ...], first: int = 1) -> tuple[int, str]:
    """Return the least multiplications of any order, and that order with its brackets.

    The matrices are numbered from `first`; the last product may be at any of the places between
    them (matrix-chain multiplication, Cormen et al., *Introduction to Algorithms*, section 15.2).
    """
    if len(widths) == 2:
        return 0, f"J{first}"
    found = []
    for cut in range(1, len(widths) - 1):
        left, left_brackets = best_order(widths[: cut + 1], first)
        right, right_brackets = best_order(widths[cut:], first + cut)
        total = left + right + widths[0] * widths[cut] * widths[-1]
        found.append((total, f"({left_brackets} {right_brackets})"))
    return min(found, key=lambda one: one[0])


def which_end_picture(chain: ChainOrders) -> Picture:
    """Draw both orders as areas on scales that stay, and below them what each takes."""
    return beside(chain_areas(chain), chain_orders(chain))


class WhichEndExplorer(Explorer):
    """The slopes of each layer as matrices in a row, multiplied from the front or from the back.

    Forward mode begins at the front and carries a row for each input through the chain;
    backpropagation begins at the back and carries a column for each output. Areas are compared
    from order to order and from moment to moment: the scales stay.
    """

    compute, draw = which_end, which_end_picture
    controls: ClassVar = {
        "n0": choice_slider("inputs", WIDTHS, 200, *PLACE),
        **{f"n{k}": choice_slider(f"hidden {k}", HIDDEN, 100, *PLACE) for k in (1, 2, 3)},
        "n4": choice_slider("outputs", WIDTHS, 1, *PLACE),
    }
    rows: ClassVar = [["n0", "n1", "n2"], ["n3", "n4"]]
    told: ClassVar = ("From the ",)
    presets: ClassVar = {
        "a network and its loss": {"n0": 1000},
        "one input": {"n0": 1, "n4": 1000},
        "1-100-100-100-1": {"n0": 1},
        "a bottleneck": {"n0": 1000, "n2": 1, "n4": 1000},
    }

    def torch_code(self) -> str:
        """Return the products in PyTorch, which counts its multiplications."""
        shapes = enumerate(pairwise(self.numbers.widths), 1)
        count = [
            "with FlopCounterMode(display=False) as counter:",
            "    product()",
            "return counter.get_total_flops() // 2  # which counts additions, too",
        ]
        orders = {
            "from the front": "((J1 @ J2) @ J3) @ J4",
            "from the back": "J1 @ (J2 @ (J3 @ J4))",
            "the best there is": "torch.linalg.multi_dot([J1, J2, J3, J4])",
        }
        lines = [
            "import torch",
            "from torch.utils.flop_counter import FlopCounterMode",
            "",
            *(f"J{k} = torch.rand({rows}, {columns})" for k, (rows, columns) in shapes),
            *function("multiplications(product)", *count),
            *printed({name: f"multiplications(lambda: {way})" for name, way in orders.items()}),
        ]
        return "\n".join(lines)
