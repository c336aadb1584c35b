"""The server's half of each encoding, simple and complete: for tests of the decoders and for recorded sessions.

A picture is ``[row, column]`` of 0x00RRGGBB.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint32]


class Stream:
    """A zlib stream that lasts for the connection, flushed after each piece."""

    def __init__(self, level: int = 1) -> None:
        self._stream: Any = zlib.compressobj(level)

    def add(self, data: bytes) -> bytes:
        return bytes(self._stream.compress(data) + self._stream.flush(zlib.Z_SYNC_FLUSH))


def as_raw(picture: Picture) -> bytes:
    """Our pixel format: blue, green, red, unused."""
    return picture.astype("<u4").tobytes()


def as_rgb(picture: Picture) -> bytes:
    """Tight's three bytes."""
    return picture.astype(">u4").view(np.uint8).reshape(*picture.shape, 4)[..., 1:].tobytes()


def as_bgr(picture: Picture) -> bytes:
    """ZRLE's three bytes."""
    return picture.astype("<u4").view(np.uint8).reshape(*picture.shape, 4)[..., :3].tobytes()


def zlib_raw(picture: Picture, stream: Stream) -> bytes:
    data = stream.add(as_raw(picture))
    return struct.pack(">I", len(data)) + data


# Tight


def compact(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    if length < 0x4000:
        return bytes([length & 0x7F | 0x80, length >> 7])
    return bytes([length & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length >> 14])


def _tight_data(data: bytes, stream: Stream) -> bytes:
    if len(data) < 12:
        return data
    packed = stream.add(data)
    return compact(len(packed)) + packed


def tight_fill(picture: Picture) -> bytes:
    return b"\x80" + as_rgb(picture[:1, :1])


def tight_jpeg(data: bytes) -> bytes:
    return b"\x90" + compact(len(data)) + data


def tight_png(data: bytes) -> bytes:
    return b"\xa0" + compact(len(data)) + data


def tight_copy(picture: Picture, stream: Stream) -> bytes:
    """Stream 0."""
    return b"\x00" + _tight_data(as_rgb(picture), stream)


def tight_palette(picture: Picture, stream: Stream) -> bytes:
    """Stream 1; up to 256 colours, two of them as bits."""
    colours, places = np.unique(picture, return_inverse=True)
    places = places.reshape(picture.shape).astype(np.uint8)
    if len(colours) == 1:
        colours = np.append(colours, colours)
    data = np.packbits(places, axis=1).tobytes() if len(colours) == 2 else places.tobytes()
    return b"\x50\x01" + bytes([len(colours) - 1]) + as_rgb(colours.reshape(1, -1)) + _tight_data(data, stream)


def tight_gradient(picture: Picture, stream: Stream) -> bytes:
    """Stream 2."""
    rgb = np.frombuffer(as_rgb(picture), dtype=np.uint8).reshape(*picture.shape, 3).astype(np.int16)
    padded = np.zeros((picture.shape[0] + 1, picture.shape[1] + 1, 3), dtype=np.int16)
    padded[1:, 1:] = rgb
    guess = (padded[1:, :-1] + padded[:-1, 1:] - padded[:-1, :-1]).clip(0, 255)
    return b"\x60\x02" + _tight_data((rgb - guess & 0xFF).astype(np.uint8).tobytes(), stream)


# ZRLE


def zrle(picture: Picture, stream: Stream, kind: str = "best") -> bytes:
    """kind: how tiles are packed (raw, solid, packed, runs, palette runs), or the smallest of them."""
    parts = []
    for y in range(0, picture.shape[0], 64):
        for x in range(0, picture.shape[1], 64):
            parts.append(_zrle_tile(picture[y : y + 64, x : x + 64], kind))
    data = stream.add(b"".join(parts))
    return struct.pack(">I", len(data)) + data


def trle(picture: Picture, kind: str = "best") -> bytes:
    """The same tiles, 16x16 and not compressed."""
    height, width = picture.shape
    return b"".join(
        _zrle_tile(picture[y : y + 16, x : x + 16], kind) for y in range(0, height, 16) for x in range(0, width, 16)
    )


def _zrle_tile(tile: Picture, kind: str) -> bytes:
    colours = np.unique(tile)
    ways: dict[str, Callable[[], bytes]] = {"raw": lambda: b"\0" + as_bgr(tile), "runs": lambda: _zrle_runs(tile)}
    if len(colours) == 1:
        ways["solid"] = lambda: b"\1" + as_bgr(tile[:1, :1])
    if 2 <= len(colours) <= 16:
        ways["packed"] = lambda: _zrle_packed(tile, colours)
    if 2 <= len(colours) <= 127:
        ways["palette runs"] = lambda: _zrle_palette_runs(tile, colours)
    if kind in ways:
        return ways[kind]()
    return min((way() for way in ways.values()), key=len)


def _zrle_packed(tile: Picture, colours: Picture) -> bytes:
    bits = 1 if len(colours) == 2 else 2 if len(colours) <= 4 else 4
    places = np.searchsorted(colours, tile).astype(np.uint8)
    planes = np.stack([places >> (bits - 1 - bit) & 1 for bit in range(bits)], axis=-1).reshape(tile.shape[0], -1)
    return bytes([len(colours)]) + as_bgr(colours.reshape(1, -1)) + np.packbits(planes, axis=1).tobytes()


def _runs(tile: Picture) -> list[tuple[int, int]]:
    flat = tile.reshape(-1)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(flat.astype(np.int64))) + 1, [len(flat)]])
    return [(int(flat[start]), int(end - start)) for start, end in pairwise(starts)]


def _length(length: int) -> bytes:
    return b"\xff" * ((length - 1) // 255) + bytes([(length - 1) % 255])


def _zrle_runs(tile: Picture) -> bytes:
    return b"\x80" + b"".join(colour.to_bytes(4, "little")[:3] + _length(length) for colour, length in _runs(tile))


def _zrle_palette_runs(tile: Picture, colours: Picture) -> bytes:
    place = {int(colour): index for index, colour in enumerate(colours)}
    runs = (bytes([place[colour]]) if n == 1 else bytes([place[colour] | 128]) + _length(n) for colour, n in _runs(tile))
    return bytes([128 + len(colours)]) + as_bgr(colours.reshape(1, -1)) + b"".join(runs)


# Hextile


def hextile(picture: Picture) -> bytes:
    """Background and one coloured part per row's run, or raw where that does not fit."""
    parts = []
    for y in range(0, picture.shape[0], 16):
        for x in range(0, picture.shape[1], 16):
            parts.append(_hextile_tile(picture[y : y + 16, x : x + 16]))
    return b"".join(parts)


def _hextile_tile(tile: Picture) -> bytes:
    background = int(np.bincount(np.unique(tile, return_inverse=True)[1].reshape(-1)).argmax())
    ground = int(np.unique(tile)[background])
    parts = []
    for y, row in enumerate(tile):
        x = 0
        for colour, length in _runs(row.reshape(1, -1)):
            if colour != ground:
                parts.append(struct.pack("<I", colour) + bytes([x << 4 | y, (length - 1) << 4]))
            x += length
    if len(parts) > 255:
        return b"\x01" + as_raw(tile)
    flags = 2 | (8 | 16 if parts else 0)
    return bytes([flags]) + struct.pack("<I", ground) + (bytes([len(parts)]) + b"".join(parts) if parts else b"")
