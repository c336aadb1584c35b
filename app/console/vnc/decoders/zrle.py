"""ZRLE: tiles of 64x64 in one zlib stream: plain, solid, palettes, runs (RFC 6143, 7.7.6)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas
from app.console.vnc.decoders.hextile import tiles
from app.console.vnc.inflate import Inflater
from app.console.vnc.packed import Pixels, pixels_of_bgr
from app.console.vnc.wire import Wire

Lengths = npt.NDArray[np.intp]

SIDE = 64
PLAIN_RLE = 128
TILE_OVERHEAD = 1 + 127 * 3


_BYTES = np.arange(256, dtype=np.uint8).reshape(256, 1)
PLACES = {
    bits: (_BYTES >> np.arange(8 - bits, -1, -bits, dtype=np.uint8) & (1 << bits) - 1).astype(np.intp) for bits in (1, 2, 4)
}
"""For each way of packing: the places in the palette that each byte holds."""


class ZrleDecoder:
    """One zlib stream for the connection."""

    def __init__(self) -> None:
        self._stream = Inflater()

    def decode(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        """Inflates the whole rectangle (bounded by the worst that its tiles can need), then draws its tiles."""
        count = -(-rect.w // SIDE) * -(-rect.h // SIDE)
        limit = rect.w * rect.h * 4 + count * TILE_OVERHEAD
        data = self._stream.take(wire.exactly(wire.u32(), limit + limit // 64 + 1024), limit, exact=False)
        reader = _Tiles(data)
        for tile in tiles(rect, SIDE):
            reader.draw(canvas.area(tile), tile)


class _Tiles:
    """Reads tiles one after the other; running out of data is garbage, never an index error."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def draw(self, area: Pixels, tile: Rect) -> None:
        """One tile."""
        kind = self._bytes(1)[0]
        if kind == 0:
            area[...] = self._pixels(tile.w * tile.h).reshape(tile.h, tile.w)
        elif kind == 1:
            area.fill(self._colours(1, 1)[0])
        elif kind <= 16:
            area[...] = self._packed(kind, tile)
        elif kind == PLAIN_RLE:
            area[...] = self._runs(tile.w * tile.h).reshape(tile.h, tile.w)
        elif kind > PLAIN_RLE + 1:
            area[...] = self._palette_runs(kind - PLAIN_RLE, tile.w * tile.h).reshape(tile.h, tile.w)
        else:
            raise problems.garbage(f"zrle: tile of kind {kind}")

    def _bytes(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        if self._at > len(self._data):
            raise problems.garbage("zrle: too little data")
        return self._data[start : self._at]

    def _pixels(self, count: int) -> Pixels:
        return pixels_of_bgr(self._bytes(count * 3), count)

    def _packed(self, colours: int, tile: Rect) -> Pixels:
        """1, 2 or 4 bits a pixel, rows padded to bytes: one look-up gives all pixels of a byte."""
        palette = np.array(self._colours(colours, 16), dtype=np.uint32)
        bits = 1 if colours == 2 else 2 if colours <= 4 else 4
        stride = (tile.w * bits + 7) // 8
        rows = np.frombuffer(self._bytes(stride * tile.h), dtype=np.uint8)
        pixels = palette.take(PLACES[bits]).take(rows, axis=0).reshape(tile.h, stride * 8 // bits)
        return pixels[:, : tile.w]

    def _colours(self, count: int, size: int) -> list[int]:
        """A small palette, filled up with black to ``size``."""
        data = self._bytes(count * 3)
        colours = [data[at] | data[at + 1] << 8 | data[at + 2] << 16 for at in range(0, count * 3, 3)]
        return colours + [0] * (size - count)

    def _runs(self, total: int) -> Pixels:
        """Runs of a pixel each: stretches of four-byte records (pixel, length below 255) at once, longer ones singly."""
        pieces: list[Pixels] = []
        lengths: list[Lengths] = []
        while total > 0:
            colours, runs = self._short_runs(total)
            total -= int(runs.sum())
            pieces.append(colours)
            lengths.append(runs)
            if total > 0:
                pieces.append(self._pixels(1))
                lengths.append(np.array([self._length(total)], dtype=np.intp))
                total -= int(lengths[-1][0])
        if total < 0:
            raise problems.garbage("zrle: runs longer than their tile")
        return np.repeat(np.concatenate(pieces), np.concatenate(lengths))

    def _short_runs(self, total: int) -> tuple[Pixels, Lengths]:
        """As many as come before a long one and are needed for ``total`` pixels; may be none."""
        count = min(total, (len(self._data) - self._at) // 4)
        table = np.frombuffer(self._data, dtype=np.uint8, count=count * 4, offset=self._at).reshape(count, 4)
        runs = table[: _before_first(table[:, 3] == 255), 3].astype(np.intp) + 1
        taken = min(len(runs), int(np.searchsorted(np.cumsum(runs), total)) + 1)
        self._at += taken * 4
        return pixels_of_bgr(table[:taken, :3].tobytes(), taken), runs[:taken]

    def _length(self, limit: int) -> int:
        length, byte = 1, 255
        while byte == 255 and length <= limit:
            byte = self._bytes(1)[0]
            length += byte
        return length

    def _palette_runs(self, colours: int, total: int) -> Pixels:
        palette = np.array(self._colours(colours, 128), dtype=np.uint32)
        places, lengths = self._place_runs(total)
        return np.repeat(palette[np.array(places, dtype=np.intp)], lengths)

    def _place_runs(self, total: int) -> tuple[list[int], list[int]]:
        """A byte with the high bit is followed by a length; a loop per run, not per pixel."""
        data, at, end = self._data, self._at, len(self._data)
        places: list[int] = []
        lengths: list[int] = []
        try:
            while total > 0:
                byte = data[at]
                at += 1
                length = 1
                if byte >= 128:
                    while data[at] == 255:
                        length += 255
                        at += 1
                    length += data[at]
                    at += 1
                places.append(byte & 127)
                lengths.append(length)
                total -= length
        except IndexError as error:
            raise problems.garbage(f"zrle: too little data ({at} of {end})") from error
        if total < 0:
            raise problems.garbage("zrle: runs longer than their tile")
        self._at = at
        return places, lengths


def _before_first(flags: npt.NDArray[np.bool_]) -> int:
    """How many come before the first True."""
    at = int(flags.argmax()) if len(flags) else 0
    return at if len(flags) and flags[at] else len(flags)
