"""What each example of a batch adds to a gradient: a strip of its blame, 1/N wide."""

from __future__ import annotations

import numpy as np

from bp_helpers.pictures.marks import curve, key
from bp_helpers.pictures.numerals import counted, short
from bp_helpers.pictures.picture import Picture, picture
from bp_helpers.pictures.scales import FloatArray, Frame
from bp_helpers.pictures.svg import Svg, element, join, line, text

WIDTH, HEIGHT = 330, 274
FRAME = (58, 62, 250, 170)  # left, top, width and height in pixels
APART = 8  # strips that are at least so wide, in pixels, have lines between them
MEAN = "2 3"  # the dashes of its line


def batch_shares(title: str, blames: FloatArray, highest: float, total: str) -> Picture:
    """Draw the blame of each example, (N,) numbers without the 1/N, as a strip that is 1/N wide.

    So the area of a strip is its example's share, and all of them together are the gradient called
    `total`: the mean of the heights, a dotted line. The strips are in the order of their heights,
    which lie between -highest and highest; negative ones are dashed and pale.
    """
    heights, count = np.sort(blames), len(blames)
    frame = Frame.of(*FRAME, (0, 1), (-highest, highest))
    mean = float(heights.mean())
    lowest, gradient, largest = map(short, (float(heights[0]), mean, float(heights[-1])))
    width = f"1/{count}" if count > 1 else "1"
    strips = f"{counted(count, 'strip')}, {'each ' * (count > 1)}{width} wide"
    down, up = heights[heights < 0], heights[heights > 0]
    signs = ((0, down), (count - len(up), up))
    return picture(
        WIDTH,
        HEIGHT,
        title,
        f"{strips}, from {lowest} to {largest} high. Together they are {total} = {gradient}.",
        text(0, 16, title, font_weight="bold"),
        key(0, 33, f"all together: {total} = {gradient}", "ink", MEAN, ink="backward"),
        frame.draw(strips, "delta of each, without its 1/N"),
        *(_strips(frame, first, tops, count) for first, tops in signs if tops.size),
        line(frame.left, frame.y(0), frame.right, frame.y(0), "ink"),
        curve(frame.segment((0, mean), (1, mean)), "ink", MEAN),
    )


def _strips(frame: Frame, first: int, tops: FloatArray, count: int) -> Svg:
    """Draw those of the `count` strips from the `first` on that have these heights, of one sign."""
    edges = np.arange(first, first + len(tops) + 1) / count
    across = np.concatenate([edges[:1], np.repeat(edges, 2)[1:-1], edges[-1:]])
    up = np.concatenate([[0], np.repeat(tops, 2), [0]])
    negative = bool(tops[0] < 0)
    area = element(
        "path", d=f"{frame.path(across, up)}z", fill="backward",
        fill_opacity=0.3 if negative else 0.8, stroke="backward",
        stroke_dasharray="4 3" if negative else None,
    )  # fmt: skip
    if (frame.right - frame.left) / count < APART:
        return area
    sides = zip(edges[1:-1].tolist(), tops[1:].tolist(), strict=True)
    between = [frame.segment((x, 0), (x, top)) for x, top in sides]
    return join(area, *(curve(d, "backward", width=1) for d in between))
