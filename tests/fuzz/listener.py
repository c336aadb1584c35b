"""Writes down what a session says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.console.client import Cursor
from app.console.framebuffer import Framebuffer, Rect
from app.console.vnc.clipboard import Clipboard, Extended
from app.console.vnc.session import Session
from app.errors import HostelryError


class Samples:
    """Sound as it came."""

    def __init__(self) -> None:
        self.heard: list[bytes | None] = []

    def begin(self) -> None:
        self.heard.append(b"")

    def samples(self, data: bytes) -> None:
        self.heard.append(data)

    def end(self) -> None:
        self.heard.append(None)


class Notes:
    """A ``Listener``; ``play`` runs a session to its end."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self.framebuffers: list[Framebuffer] = []
        self.damage: list[list[Rect]] = []
        self.cursors: list[Cursor] = []
        self.events: list[tuple[str, object]] = []
        self.error: HostelryError | None = None
        self.sound = Samples()
        self.clipboard = Clipboard(self.sent.extend, lambda text: self.events.append(("cut", text)))

    def play(self, make: Callable[[], Session]) -> None:
        """Every end of a session is a HostelryError: the stream's end at least."""
        try:
            session = make()
            while True:
                session.run_once()
        except HostelryError as error:
            self.error = error

    @property
    def screen(self) -> Framebuffer:
        """The newest."""
        return self.framebuffers[-1]

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green, blue."""
        at = y * self.screen.stride + x * 4
        blue, green, red = self.screen.pixels[at : at + 3]
        return red, green, blue

    def picture(self) -> bytes:
        """All colours without the unused byte."""
        pixels = bytes(self.screen.pixels)
        out = bytearray(len(pixels) // 4 * 3)
        out[0::3], out[1::3], out[2::3] = pixels[0::4], pixels[1::4], pixels[2::4]
        return bytes(out)

    def on_resized(self, framebuffer: Framebuffer) -> None:
        self.framebuffers.append(framebuffer)
        del self.framebuffers[:-2]

    def on_damaged(self, framebuffer: Framebuffer, rects: Sequence[Rect]) -> None:
        assert framebuffer is self.screen
        self.damage.append(list(rects))

    def on_cursor(self, cursor: Cursor) -> None:
        self.cursors.append(cursor)

    def on_pointer_mode(self, absolute: bool) -> None:
        self.events.append(("absolute", absolute))

    def on_leds(self, leds: int) -> None:
        self.events.append(("leds", leds))

    def on_bell(self) -> None:
        self.events.append(("bell", None))

    def on_clipboard(self, message: str | Extended | None) -> None:
        self.clipboard.hear(message)

    def on_audio(self) -> None:
        self.events.append(("audio", None))

    def on_name(self, name: str) -> None:
        self.events.append(("name", name))

    def on_scancodes(self) -> None:
        self.events.append(("scancodes", None))

    def on_resizable(self, screen_id: int, flags: int) -> None:
        self.events.append(("resizable", (screen_id, flags)))
