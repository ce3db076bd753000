"""Images within pictures: a grid of cells, each painted in one colour of a palette, as a PNG."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import numpy.typing as npt

from bp_helpers.pictures.svg import Svg, element


def image(
    x: float,
    y: float,
    side: float,
    cells: npt.NDArray[np.uint8],
    palette: npt.NDArray[np.uint8],
    pixelated: bool = False,
) -> Svg:
    """Draw cells as a square; `pixelated` keeps their edges sharp, else they run into each other.

    `cells` (rows, columns) are places in `palette` (n, 4), red to opacity.
    """
    data = base64.b64encode(png(cells, palette)).decode("ascii")
    return element(
        "image", x=x, y=y, width=side, height=side, preserveAspectRatio="none",
        image_rendering="pixelated" if pixelated else None, href=f"data:image/png;base64,{data}",
    )  # fmt: skip


def png(cells: npt.NDArray[np.uint8], palette: npt.NDArray[np.uint8]) -> bytes:
    """Return a PNG file: `cells` (rows, columns) are places in `palette` (n, 4), red to opacity.

    The data, at most 65535 bytes with one more for each row, is stored as it is: different versions
    of zlib would compress it to different bytes.
    """
    rows, columns = cells.shape
    raw = np.pad(cells, ((0, 0), (1, 0))).tobytes()  # each row starts with 0: it is not filtered
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(raw), len(raw) ^ 0xFFFF) + raw
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
            (b"PLTE", palette[:, :3].tobytes()),
            (b"tRNS", palette[:, 3].tobytes()),
            (b"IDAT", stored + struct.pack(">I", zlib.adler32(raw))),
            (b"IEND", b""),
        )
    )
