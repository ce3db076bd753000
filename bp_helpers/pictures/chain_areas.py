"""A chain of matrices multiplied from either end: every product an area, on scales that stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bp_helpers.pictures.marks import dot
from bp_helpers.pictures.numerals import TIMES
from bp_helpers.pictures.picture import Picture, beside, picture
from bp_helpers.pictures.scales import Frame, held
from bp_helpers.pictures.svg import Svg, join, line, rect, text
from bp_helpers.pictures.table import Column, Row, rows_in_words, titled_table

WIDTH, HEIGHT = 440, 290
FRAME = (64, 66, 350, 180)  # left, top, width and height in pixels
THIN = 1.5  # pixels of a product that would not be seen
MOST_AT_ENDS, MOST_HIDDEN = 1000, 100  # units in a layer: so all products have room on the scales
ENTRIES = MOST_AT_ENDS * MOST_HIDDEN + 2 * MOST_HIDDEN**2  # of three matrices, at most
TABLE_WIDTH = 660
COLUMNS = (
    Column("order", 6, "start"),
    Column("brackets", 250, "start"),
    Column("multiplications", 500),
    Column("times the least", 640),
)


@dataclass(frozen=True)
class ChainProduct:
    """One product: what has been multiplied so far, `carried` rows or columns, meets J`matrix`.

    `size` is how many entries that matrix has.
    """

    matrix: int
    carried: int
    size: int

    @property
    def multiplications(self) -> int:
        """How many multiplications it takes: each entry meets everything that is carried."""
        return self.carried * self.size


@dataclass(frozen=True)
class ChainOrders:
    """The widths of the layers, the products of both orders in turn, and the best order.

    `best` is the least number of multiplications of any order, `brackets` an order that takes it.
    """

    widths: tuple[int, ...]
    from_front: tuple[ChainProduct, ...]
    from_back: tuple[ChainProduct, ...]
    best: int
    brackets: str


def chain_areas(chain: ChainOrders) -> Picture:
    """Draw both orders: each product is as wide as its matrix has entries, as high as is carried.

    Both have the same scales, whatever the widths: so an area is a number of multiplications, the
    same one at any time. How many are carried can be dragged, as `n0` and `n4`.
    """
    return beside(
        _order(
            "From the front", chain.from_front, "rows carried, one for each input", "n0", "forward"
        ),
        _order(
            "From the back", chain.from_back, "columns carried, one for each output", "n4",
            "backward",
        ),
    )  # fmt: skip


def chain_orders(chain: ChainOrders) -> Picture:
    """Draw a table of both orders and of the best one: brackets, multiplications."""
    orders = {
        "from the front, as forward mode": ("(((J1 J2) J3) J4)", total(chain.from_front)),
        "from the back, as backpropagation": ("(J1 (J2 (J3 J4)))", total(chain.from_back)),
    }
    as_short = [order for order, count in orders.values() if count == chain.best]
    orders["the best there is"] = ([*as_short, chain.brackets][0], chain.best)
    rows = [
        Row((name, order, f"{count:,}", f"{count / chain.best:.1f}"))
        for name, (order, count) in orders.items()
    ]
    shapes = ", ".join(f"J{k} {a}{TIMES}{b}" for k, (a, b) in enumerate(pairwise(chain.widths), 1))
    return titled_table(
        TABLE_WIDTH,
        f"The chain J1 J2 J3 J4: {shapes}",
        rows_in_words(rows, "{}: {}, {} multiplications, {} times the least"),
        COLUMNS,
        rows,
    )


def total(products: Sequence[ChainProduct]) -> int:
    """Return the multiplications of all of them."""
    return sum(product.multiplications for product in products)


def _order(
    title: str,
    products: Sequence[ChainProduct],
    carried: str,
    name: str,
    colour: str,
) -> Picture:
    frame = Frame.of(*FRAME, (0.0, ENTRIES), (0.0, MOST_AT_ENDS))
    end = frame.right, frame.y(products[0].carried)
    level = line(frame.left, end[1], *end, "ink", stroke_dasharray="2 3")
    count = f"{total(products):,} multiplications"
    parts, start = [], 0
    for product in products:
        parts.append(_area(frame, product, start, colour))
        start += product.size
    return picture(
        WIDTH,
        HEIGHT,
        f"{title}: {count}",
        "; ".join(
            f"J{p.matrix}: {p.carried} {TIMES} {p.size:,} = {p.multiplications:,}" for p in products
        )
        + ".",
        text(0, 15, f"{title}: {count}", font_weight="bold"),
        text(0, 34, "width times height is the number of multiplications", "quiet"),
        frame.draw("entries of the matrices", carried),
        *parts,
        held(carried, end, level, dot(*end, "ink"), y=(name, frame.y)),
        chosen=True,
    )


def _area(frame: Frame, product: ChainProduct, start: int, colour: str) -> Svg:
    x, end = frame.x(start), frame.x(start + product.size)
    height = max(frame.bottom - frame.y(product.carried), THIN)
    area = rect(
        x, frame.bottom - height, max(end - x, THIN), height, fill=colour, fill_opacity=0.35,
        stroke=colour, stroke_width=1.5,
    )  # fmt: skip
    above = max(frame.bottom - height - 5, frame.top + 14)
    name = text((x + end) / 2, above, f"J{product.matrix}", text_anchor="middle")
    return join(area, name if end - x > 20 else Svg())
