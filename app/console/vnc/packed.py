"""Pixels of three bytes made into 32 bits, without a loop per pixel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint32]


def pixels_of_rgb(data: bytes | bytearray, height: int, width: int) -> Pixels:
    """``height*width*3`` bytes red, green, blue (Tight's TPIXEL) as ``[row, column]``."""
    source = np.frombuffer(data, dtype=np.uint8, count=height * width * 3).reshape(height, width, 3)
    return _joined(source[..., 2], source[..., 1], source[..., 0])


def pixels_of_bgr(data: bytes | memoryview, count: int, offset: int = 0) -> Pixels:
    """``count`` pixels blue, green, red (ZRLE's CPIXEL in our pixel format), flat."""
    source = np.frombuffer(data, dtype=np.uint8, count=count * 3, offset=offset).reshape(count, 3)
    return _joined(source[:, 0], source[:, 1], source[:, 2])


def _joined(blue: npt.NDArray[np.uint8], green: npt.NDArray[np.uint8], red: npt.NDArray[np.uint8]) -> Pixels:
    out = np.empty((*blue.shape, 4), dtype=np.uint8)
    out[..., 0], out[..., 1], out[..., 2], out[..., 3] = blue, green, red, 0xFF
    return out.view("<u4")[..., 0]
