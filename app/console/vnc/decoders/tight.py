"""Tight: solid rectangles, palettes, gradients and plain pixels through four zlib streams, or JPEG (rfbproto.rst)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas
from app.console.vnc.decoders.jpeg import MAX_JPEG
from app.console.vnc.inflate import Inflater
from app.console.vnc.packed import Pixels, pixels_of_rgb
from app.console.vnc.wire import Wire

if TYPE_CHECKING:
    from app.console.vnc.decoders.jpeg import JpegDecoder

FILL, JPEG = 8, 9
COPY, PALETTE, GRADIENT = 0, 1, 2
SMALLEST_COMPRESSED = 12
"""Fewer bytes are sent as they are."""


class TightDecoder:
    """Four zlib streams for the connection, each reset when the server says so."""

    def __init__(self) -> None:
        self._streams = [Inflater() for _ in range(4)]
        self._jpeg: JpegDecoder | None = None

    def decode(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        """One rectangle."""
        control = wire.u8()
        for number, stream in enumerate(self._streams):
            if control >> number & 1:
                stream.reset()
        kind = control >> 4
        if kind == FILL:
            canvas.area(rect)[...] = int.from_bytes(wire.exactly(3), "big")
        elif kind == JPEG:
            self._draw_jpeg(wire, canvas, rect)
        elif kind < FILL:
            self._basic(wire, canvas, rect, kind)
        else:
            raise problems.garbage(f"tight: kind {kind}")

    def _draw_jpeg(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        if self._jpeg is None:
            from app.console.vnc.decoders.jpeg import JpegDecoder  # noqa: PLC0415 - loads a library

            self._jpeg = JpegDecoder()
        self._jpeg.draw(wire.exactly(compact_length(wire), MAX_JPEG), canvas, rect)

    def _basic(self, wire: Wire, canvas: Canvas, rect: Rect, kind: int) -> None:
        stream = self._streams[kind & 3]
        mode = wire.u8() if kind & 4 else COPY
        if mode == COPY:
            canvas.area(rect)[...] = pixels_of_rgb(_data(wire, stream, rect.w * rect.h * 3), rect.h, rect.w)
        elif mode == PALETTE:
            _draw_palette(wire, stream, canvas, rect)
        elif mode == GRADIENT:
            data = _data(wire, stream, rect.w * rect.h * 3)
            canvas.area(rect)[...] = _gradient(data, rect.h, rect.w)
        else:
            raise problems.garbage(f"tight: filter {mode}")


def compact_length(wire: Wire) -> int:
    """Of what follows: seven bits, seven bits, eight bits; the high bit says that more follows."""
    length = 0
    for shift in (0, 7, 14):
        byte = wire.u8()
        if shift == 14:
            return length | byte << 14
        length |= (byte & 0x7F) << shift
        if not byte & 0x80:
            break
    return length


def _data(wire: Wire, stream: Inflater, size: int) -> bytes | bytearray:
    """``size`` bytes after decompression."""
    if size < SMALLEST_COMPRESSED:
        return wire.exactly(size)
    return stream.take(wire.exactly(compact_length(wire), MAX_JPEG), size)


def _draw_palette(wire: Wire, stream: Inflater, canvas: Canvas, rect: Rect) -> None:
    count = wire.u8() + 1
    palette = np.zeros(256, dtype="<u4")
    palette[:count] = pixels_of_rgb(wire.exactly(count * 3), 1, count)[0]
    area = canvas.area(rect)
    if count <= 2:
        stride = (rect.w + 7) // 8
        rows = np.frombuffer(_data(wire, stream, stride * rect.h), dtype=np.uint8).reshape(rect.h, stride)
        bits = np.unpackbits(rows, axis=1, count=rect.w)
        area[...] = palette[bits]
        return
    places = np.frombuffer(_data(wire, stream, rect.w * rect.h), dtype=np.uint8).reshape(rect.h, rect.w)
    # "wrap" needs no check (the palette has 256 places) and writes straight to the screen: 1.6 times as fast.
    np.take(palette, places, out=area, mode="wrap")


def _gradient(data: bytes | bytearray, height: int, width: int) -> Pixels:
    """Undoes the prediction left + above - above-left, cut to 0..255, per colour.

    A pixel depends on its neighbours, but the pixels of one diagonal do not depend on each other: one step each.
    """
    size = width + height - 1
    deltas = np.frombuffer(data, dtype=np.uint8).reshape(height, width, 3).astype(np.int16)
    out = np.zeros((height + 1, width + 1, 3), dtype=np.int16)
    for diagonal in range(size):
        top = max(0, diagonal - width + 1)
        ys = np.arange(top, min(height, diagonal + 1))
        xs = diagonal - ys
        guess = out[ys + 1, xs] + out[ys, xs + 1] - out[ys, xs]
        out[ys + 1, xs + 1] = deltas[ys, xs] + guess.clip(0, 255) & 0xFF
    rgb = out[1:, 1:].astype(np.uint32)
    return np.asarray(rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2], dtype=np.uint32)
