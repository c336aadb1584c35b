"""Cursor pictures of the protocol made into ARGB32, premultiplied, blue first in memory."""

from __future__ import annotations


def from_mask(pixels: bytes | bytearray, mask: bytes | bytearray, width: int, height: int) -> bytes:
    """Colours plus one bit a pixel (rows padded to bytes) that says what is opaque (RFC 6143, 7.8.1)."""
    out = bytearray(len(pixels))
    stride = (width + 7) // 8
    for y in range(height):
        row = int.from_bytes(mask[y * stride : (y + 1) * stride], "big")
        for x in range(width):
            if row >> (stride * 8 - 1 - x) & 1:
                at = (y * width + x) * 4
                out[at : at + 4] = pixels[at : at + 3] + b"\xff"
    return bytes(out)


def from_rgba(pixels: bytes | bytearray) -> bytes:
    """Swaps red and blue; the protocol's pixels are premultiplied already."""
    out = bytearray(pixels)
    out[0::4], out[2::4] = pixels[2::4], pixels[0::4]
    return bytes(out)
