"""QEMU's pictures into a ``Framebuffer``: formats, bounds, rows.

A format is pixman's number: bits a pixel, order of the colours, bits of alpha, red, green, blue (pixman.h, PIXMAN_FORMAT).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.console.dbus.codec import Malformed
from app.console.framebuffer import Framebuffer, Rect, size_is_sane

if TYPE_CHECKING:
    import numpy

_ARGB, _ABGR, _BGRA, _RGBA = 2, 3, 8, 9
MOST_PADDING = 4096
"""Bytes at the end of a row."""


@dataclass(frozen=True, slots=True)
class Format:
    """One of pixman's.  shifts: of red, green, blue from the pixel's lowest bit; bits: how wide each is."""

    bytes: int
    bits: tuple[int, int, int]
    shifts: tuple[int, int, int]

    @property
    def ours(self) -> bool:
        """Whether the framebuffer takes it as it is."""
        return self.bytes == 4 and self.bits == (8, 8, 8) and self.shifts == (16, 8, 0)


def read_format(number: int) -> Format:
    """Raises ``Malformed`` for what QEMU does not make of a PC's screen."""
    size, order = number >> 24, number >> 16 & 0x3F
    alpha, red, green, blue = (number >> place & 0xF for place in (12, 8, 4, 0))
    if size not in (16, 24, 32) or not (red and green and blue) or max(red, green, blue) > 8 or red + green + blue + alpha > size:
        raise Malformed(f"pixel format {number:#x}")
    top = size - (red + green + blue)
    shifts = {
        _ARGB: (green + blue, blue, 0), _ABGR: (0, red, red + green),
        _BGRA: (top, top + red, top + red + green), _RGBA: (top + green + blue, top + blue, top),
    }.get(order)  # fmt: skip
    if shifts is None:
        raise Malformed(f"pixel format {number:#x}")
    return Format(size // 8, (red, green, blue), shifts)


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of pixels as they come: sizes are checked against each other before memory is taken."""

    width: int
    height: int
    stride: int
    format: Format

    @staticmethod
    def of(width: int, height: int, stride: int, number: int, length: int) -> Layout:
        """Raises ``Malformed``.  length: of the data that follows."""
        layout = Layout(width, height, stride, read_format(number))
        row = width * layout.format.bytes
        if not size_is_sane(width, height) or not row <= stride <= row + MOST_PADDING or stride % layout.format.bytes:
            raise Malformed(f"a picture of {width}x{height}, {stride} bytes a row")
        # The last row may lack its padding.
        if not stride * (height - 1) + row <= length <= stride * height:
            raise Malformed(f"{length} bytes for {width}x{height}, {stride} a row")
        return layout

    @property
    def size(self) -> int:
        """Bytes of all rows, padding included."""
        return self.stride * self.height


def copy_in(target: Framebuffer, at: tuple[int, int], layout: Layout, data: bytearray) -> Rect:
    """Converts the rows into the framebuffer, as far as they are on it; what changed."""
    import numpy  # noqa: PLC0415 - as in the other protocols, wanted when a part comes

    x, y = at
    width, height = min(layout.width, target.width - x), min(layout.height, target.height - y)
    if x < 0 or y < 0 or width <= 0 or height <= 0:
        return Rect(0, 0, 0, 0)
    screen = numpy.frombuffer(target.pixels, numpy.uint32, target.stride // 4 * target.height)
    screen = screen.reshape(target.height, target.stride // 4)
    screen[y : y + height, x : x + width] = _rows(numpy, layout, data)[:height, :width]
    return Rect(x, y, width, height)


def _rows(np: Any, layout: Layout, data: bytearray) -> numpy.ndarray[Any, Any]:
    """As 0x00RRGGBB."""
    form = layout.format
    if form.bytes == 3:
        raw = np.frombuffer(data, np.uint8, layout.size).reshape(layout.height, layout.stride)[:, : layout.width * 3]
        parts = raw.reshape(layout.height, layout.width, 3).astype(np.uint32)
        values = parts[..., 0] | parts[..., 1] << 8 | parts[..., 2] << 16
    else:
        kind = np.uint32 if form.bytes == 4 else np.uint16
        values = np.frombuffer(data, kind, layout.size // form.bytes).reshape(layout.height, layout.stride // form.bytes)
    if form.ours:
        return values  # type: ignore[no-any-return]
    values = values.astype(np.uint32)
    out = np.zeros_like(values)
    for place, (bits, shift) in zip((16, 8, 0), zip(form.bits, form.shifts, strict=True), strict=True):
        colour = values >> shift & (1 << bits) - 1
        out |= colour * 255 // ((1 << bits) - 1) << place
    return out  # type: ignore[no-any-return]
