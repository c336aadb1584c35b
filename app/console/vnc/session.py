"""The talk after the handshake: updates in, damage and news out.  Knows no thread and no socket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Protocol

from app.console.client import Cursor
from app.console.framebuffer import Framebuffer, Rect, size_is_sane
from app.console.vnc import drawing, messages, news, problems, server_messages
from app.console.vnc.audio import Heard
from app.console.vnc.canvas import Canvas
from app.console.vnc.clipboard import Extended
from app.console.vnc.decoders.registry import offered
from app.console.vnc.handshake import ServerInit
from app.console.vnc.protocol import ServerMessage, is_qemu
from app.console.vnc.requests import UpdateRequests
from app.console.vnc.wire import Wire


class Listener(Protocol):
    """Hears of news on the console's thread."""

    @property
    def sound(self) -> Heard: ...
    def on_resized(self, framebuffer: Framebuffer) -> None: ...
    def on_damaged(self, framebuffer: Framebuffer, rects: Sequence[Rect]) -> None: ...
    def on_cursor(self, cursor: Cursor) -> None: ...
    def on_pointer_mode(self, absolute: bool) -> None: ...
    def on_leds(self, leds: int) -> None: ...
    def on_bell(self) -> None: ...
    def on_clipboard(self, message: str | Extended | None) -> None: ...
    def on_audio(self) -> None: ...
    def on_name(self, name: str) -> None: ...
    def on_scancodes(self) -> None: ...
    def on_resizable(self, screen_id: int, flags: int) -> None: ...


class Session:
    """Reads messages for ever; ``run_once`` handles one.  Raises HostelryError when it must end."""

    def __init__(
        self, wire: Wire, send: Callable[[bytes], None], listener: Listener, init: ServerInit, requests: UpdateRequests
    ) -> None:
        self._wire = wire
        self.send = send
        self.listener = listener
        self.requests = requests
        self._drawing = drawing.make(wire, self._news_rectangle)
        self.is_qemu = is_qemu(init.name)
        self._canvas = self._new_canvas(init.width, init.height)
        self.updates = 0
        self.decode_s = 0.0
        self.encoding = 0
        """Of the newest update's first rectangle."""

    def begin(self, *, local: bool, only: tuple[int, ...] = ()) -> None:
        """Says what we can do and asks for the first picture."""
        if not local:
            self.requests.pace()
        self.send(messages.set_pixel_format() + messages.set_encodings(offered(local=local, only=only)))
        self.requests.whole()

    def run_once(self) -> None:
        """Handles one message of the server."""
        kind = self._wire.first()
        if kind == ServerMessage.UPDATE:
            self._update()
            return
        handler = server_messages.HANDLERS.get(kind)
        if handler is None:
            raise problems.garbage(f"message of type {kind}")
        handler(self, self._wire)

    def close(self) -> None:
        """The end: lets go of the screen's memory, for which the garbage collector would take its time."""
        self._drawing.close()

    def poke(self) -> None:
        """Makes QEMU look at its screen now.

        With nobody connected it looks every three seconds only, and a request for an update does not change
        that; any input message does (QEMU ui/vnc.c, protocol_client_msg).  The release of no key at all is
        the input that no guest notices.
        """
        self.send(messages.no_key())

    def resize(self, width: int, height: int) -> None:
        """The screen has a new size; the old picture is dropped."""
        if not size_is_sane(width, height):
            raise problems.garbage(f"a screen of {width}x{height}")
        if (width, height) != (self._canvas.width, self._canvas.height):
            self._canvas = self._new_canvas(width, height)
            self.requests.whole()

    def _new_canvas(self, width: int, height: int) -> Canvas:
        framebuffer = Framebuffer(width, height)
        self.listener.on_resized(framebuffer)
        canvas = Canvas(framebuffer)
        self._drawing.screen(canvas)
        self.requests.screen(width, height)
        return canvas

    def _update(self) -> None:
        """Asks for the next update before decoding this one, so that the server works meanwhile."""
        self._wire.u8()
        count = self._wire.u16()
        self.requests.next()
        self.encoding = int.from_bytes(self._wire.peek(8, 4), "big", signed=True)
        began_s = perf_counter() - self._wire.waited_s
        try:
            self._drawing.draw(count)
            self.requests.drawn()
        finally:
            self.updates += 1
            self.decode_s += perf_counter() - self._wire.waited_s - began_s
            if damage := self._drawing.damage():
                self.listener.on_damaged(self._canvas.framebuffer, damage)

    def _news_rectangle(self, encoding: int, rect: Rect) -> bool:
        """See ``drawing.News``."""
        handler = news.HANDLERS.get(encoding)
        if handler is None:
            return False
        handler(self, self._wire, rect)
        return True
