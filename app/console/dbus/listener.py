"""What QEMU tells of one screen, over a socket of its own: pictures, their changed parts, the pointer's shape."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Sequence
from typing import Any, Protocol

from app.console.client import Cursor
from app.console.dbus import problems
from app.console.dbus.codec import Malformed, Reader
from app.console.dbus.message import CALL, Head, read_body
from app.console.dbus.peer import Peer
from app.console.dbus.pixels import Layout, copy_in
from app.console.dbus.station import PROPERTIES, Station
from app.console.framebuffer import Framebuffer, Rect
from app.errors import HostelryError

LARGEST_OTHER = 64 << 10
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


class Listener:
    """From ``start`` until ``close``.  QEMU keeps all that is not read in its memory: who does not look closes it."""

    def __init__(self, station: Station, console: int, news: News) -> None:
        self._station, self._console, self._news = station, console, news
        self._framebuffer: Framebuffer | None = None
        self._closing = False
        self._refused = ""
        ours, self._theirs = socket.socketpair()
        self._peer = Peer(ours)
        self._thread = threading.Thread(target=self._run, name="dbus-screen", daemon=True)

    def start(self) -> None:
        """Asks QEMU for the screen, and reads it."""
        self._station.register(self._console, self._theirs.fileno(), self._on_refused)
        self._theirs.close()
        self._thread.start()

    def close(self) -> None:
        """Any thread; ``on_listener_end(None)`` follows."""
        self._closing = True
        with contextlib.suppress(OSError):
            self._peer.socket.shutdown(socket.SHUT_RDWR)

    def join(self, timeout_s: float | None = None) -> bool:
        """Waits for the thread after ``close``; True if it ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _on_refused(self, detail: str) -> None:
        """On the station's thread."""
        self._refused = detail
        with contextlib.suppress(OSError):
            self._peer.socket.shutdown(socket.SHUT_RDWR)

    # The screen's thread.

    def _run(self) -> None:
        error: Exception | None = None
        try:
            self._peer.log_in()
            while not self._closing:
                self._take()
        except (OSError, Malformed, HostelryError) as problem:
            error = problems.refused("RegisterListener", self._refused) if self._refused else problem
        finally:
            self._peer.close()
            self._news.on_listener_end(None if self._closing or error is None else problems.of(error))

    def _take(self) -> None:
        head = self._peer.head()
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
        numbers = Reader(self._peer.exactly(count * 4)).values("i" * count)
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
            self._peer.into(memoryview(screen.pixels)[:length])
        else:
            copy_in(screen, (0, 0), layout, self._data(layout, length))
        self._peer.reply(head)
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
            self._peer.into(memoryview(screen.pixels)[start : start + length])
            changed = Rect(0, y, width, height)
        else:
            changed = copy_in(screen, (x, y), layout, self._data(layout, length))
        self._peer.reply(head)
        if changed.w:
            self._news.on_damage(screen, [changed])

    def _data(self, layout: Layout, length: int) -> bytearray:
        data = bytearray(layout.size)
        self._peer.into(memoryview(data)[:length])
        return data

    def _other(self, head: Head) -> None:
        limit = LARGEST_CURSOR * LARGEST_CURSOR * 4 + 64 if head.member == "CursorDefine" else LARGEST_OTHER
        if head.length > limit:
            raise Malformed(f"{head.member} of {head.length} bytes")
        body = self._peer.exactly(head.length)
        if head.kind != CALL:
            return
        if head.member == "CursorDefine":
            self._news.on_cursor(_cursor(*read_body(head.signature, body, "iiiiay")))
        elif head.member == "ScanoutDMABUF":
            raise problems.needs_gl()
        if head.interface == PROPERTIES and head.member == "GetAll":
            self._peer.reply(head, "a{sv}", {})  # later QEMUs ask which further interfaces there are
        elif head.interface == PROPERTIES:
            self._peer.refuse(head, "no such property")
        else:
            self._peer.reply(head)


def _cursor(width: int, height: int, hot_x: int, hot_y: int, argb: bytes) -> Cursor:
    """QEMU's colours are not multiplied by their opacity; ours are."""
    if not (0 < width <= LARGEST_CURSOR and 0 < height <= LARGEST_CURSOR) or len(argb) != width * height * 4:
        raise Malformed(f"a pointer of {width}x{height} in {len(argb)} bytes")
    import numpy  # noqa: PLC0415 - 100 ms, wanted when a screen is shown

    parts = numpy.frombuffer(argb, numpy.uint8).reshape(-1, 4).astype(numpy.uint16)
    parts[:, :3] = parts[:, :3] * parts[:, 3:] // 255
    return Cursor(width, height, min(max(hot_x, 0), width), min(max(hot_y, 0), height), parts.astype(numpy.uint8).tobytes())
