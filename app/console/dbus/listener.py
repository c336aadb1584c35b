"""What QEMU tells of one screen, over a socket of its own: pictures, their changed parts, the pointer's shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from app.console.client import Cursor
from app.console.dbus import problems
from app.console.dbus.codec import Malformed, Reader
from app.console.dbus.ear import Ear
from app.console.dbus.message import CALL, Head, read_body
from app.console.dbus.pixels import Layout, copy_in
from app.console.dbus.station import DISPLAY, ROOT, Station
from app.console.framebuffer import Framebuffer, Rect
from app.errors import HostelryError

LARGEST_CURSOR = 512
"""Pixels on a side."""


class News(Protocol):
    """What a screen's thread tells, on that thread."""

    def on_screen(self, framebuffer: Framebuffer) -> None:
        """A picture of another size; its damage follows."""

    def on_damage(self, framebuffer: Framebuffer, rects: Sequence[Rect]) -> None:
        """These parts are new."""

    def on_cursor(self, cursor: Cursor) -> None:
        """Another pointer."""

    def on_listener_end(self, error: HostelryError | None) -> None:
        """No more pictures; None: it was closed from here."""


class Listener(Ear):
    """See ``Ear``; of one screen."""

    def __init__(self, station: Station, console: int, news: News) -> None:
        super().__init__(station, f"{ROOT}/Console_{console}", f"{DISPLAY}.Console", "RegisterListener")
        self._news = news
        self._framebuffer: Framebuffer | None = None

    def _ended(self, error: HostelryError | None) -> None:
        self._news.on_listener_end(error)

    def _take(self, head: Head) -> None:
        if head.kind == CALL and head.member == "Scanout" and head.signature == "uuuuay":
            self._scanout(head)
        elif head.kind == CALL and head.member == "Update" and head.signature == "iiiiuuay":
            self._update(head)
        else:
            self._other(head)

    def _pixels(self, head: Head, count: int) -> tuple[Any, ...]:
        """The numbers before the pixels, the last of them the pixels' length."""
        if head.length < count * 4:
            raise Malformed("cut short")
        numbers = Reader(self.peer.exactly(count * 4)).values("i" * count)
        if numbers[-1] != head.length - count * 4:
            raise Malformed(f"{numbers[-1]} bytes of pixels in a message of {head.length}")
        return numbers

    def _scanout(self, head: Head) -> None:
        """A whole picture: straight to where it is shown, if it is of our format."""
        width, height, stride, number, length = self._pixels(head, 5)
        layout = Layout.of(width, height, stride, number, length)
        screen = self._framebuffer
        direct = layout.format.ours
        if screen is None or (screen.width, screen.height) != (width, height) or (direct and screen.stride != stride):
            screen = self._framebuffer = Framebuffer(width, height, stride=stride if direct else 0)
            self._news.on_screen(screen)
        if direct:
            self.peer.into(memoryview(screen.pixels)[:length])
        else:
            copy_in(screen, (0, 0), layout, self._data(layout, length))
        self.peer.reply(head)
        self._news.on_damage(screen, [Rect(0, 0, width, height)])

    def _update(self, head: Head) -> None:
        x, y, width, height, stride, number, length = self._pixels(head, 7)
        layout = Layout.of(width, height, stride, number, length)
        screen = self._framebuffer
        if screen is None:
            raise Malformed("a part of a picture that never came")
        whole = layout.format.ours and x == 0 and width == screen.width and stride == screen.stride
        if whole and y >= 0 and y + height <= screen.height:
            start = y * stride
            self.peer.into(memoryview(screen.pixels)[start : start + length])
            changed = Rect(0, y, width, height)
        else:
            changed = copy_in(screen, (x, y), layout, self._data(layout, length))
        self.peer.reply(head)
        if changed.w:
            self._news.on_damage(screen, [changed])

    def _data(self, layout: Layout, length: int) -> bytearray:
        data = bytearray(layout.size)
        self.peer.into(memoryview(data)[:length])
        return data

    def _other(self, head: Head) -> None:
        if head.member == "CursorDefine":
            body = self.body(head, LARGEST_CURSOR * LARGEST_CURSOR * 4 + 64)
            self._news.on_cursor(_cursor(*read_body(head.signature, body, "iiiiay")))
        elif head.member == "ScanoutDMABUF":
            raise problems.needs_gl()
        else:
            self.body(head)
        self.answer(head)


def _cursor(width: int, height: int, hot_x: int, hot_y: int, argb: bytes) -> Cursor:
    """QEMU's colours are not multiplied by their opacity; ours are."""
    if not (0 < width <= LARGEST_CURSOR and 0 < height <= LARGEST_CURSOR) or len(argb) != width * height * 4:
        raise Malformed(f"a pointer of {width}x{height} in {len(argb)} bytes")
    import numpy  # noqa: PLC0415 - 100 ms, wanted when a screen is shown

    parts = numpy.frombuffer(argb, numpy.uint8).reshape(-1, 4).astype(numpy.uint16)
    parts[:, :3] = parts[:, :3] * parts[:, 3:] // 255
    return Cursor(width, height, min(max(hot_x, 0), width), min(max(hot_y, 0), height), parts.astype(numpy.uint8).tobytes())
