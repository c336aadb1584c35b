"""The process's end of the socket, on GLib's main loop: orders come in, news go out."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from typing import Any

from app.console.spice import wire
from app.console.spice.wire import Message
from app.console.spice.worker import glib


class Line:
    """Each order has one handler.  ended: the program is gone or wants no more."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reader = wire.Reader(wire.ORDERS)
        self._handlers: dict[str, Callable[..., None]] = {}
        self._over = self._unheard = False
        self.ended: Callable[[], None] = lambda: None
        sock.setblocking(True)
        wanted = glib.glib().IOCondition.IN | glib.glib().IOCondition.HUP
        glib.glib().unix_fd_add_full(glib.glib().PRIORITY_DEFAULT, sock.fileno(), wanted, self._on_ready)

    def on(self, name: str, handler: Callable[..., None]) -> None:
        """``handler(*values)``; with the bytes or the descriptor of the message after them, where its form has such."""
        self._handlers[name] = handler

    def tell(self, name: str, *args: Any, payload: bytes = b"", fd: int = -1) -> None:
        """News; waits for a program that does not read, and with it the server."""
        parts = wire.packed(name, *args, payload=payload)
        try:
            data = memoryview(b"".join(parts))
            while data and not self._unheard:
                sent = self._sock.sendmsg([data], wire.ancillary(fd), socket.MSG_NOSIGNAL)
                data, fd = data[sent:], -1
        except OSError:
            self._unheard = True  # the end is told by what is read: there may be orders before it

    def _on_ready(self, _fd: int, _condition: Any, _data: object = None) -> bool:
        try:
            messages = self._reader.receive(self._sock, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except (wire.Nonsense, OSError):
            messages = None
        if messages is None:
            self._end()
            return False
        for message in messages:
            self._handle(message)
        return not self._over

    def _handle(self, message: Message) -> None:
        form = wire.ORDERS[message.name]
        more: tuple[Any, ...] = (message.payload,) if form.most else ()
        if form.fd:
            more = (message.fd,)
        try:
            self._handlers[message.name](*message.args, *more)
        except Exception:  # noqa: BLE001 - one thing that failed ends no screen; it is in the program's standard error
            sys.excepthook(*sys.exc_info())

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._reader.close()
            self.ended()
