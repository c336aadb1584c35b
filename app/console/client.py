"""What every graphical console protocol offers to the one widget that shows it.

A client owns its connection and thread (or GLib sources).  Its signals are emitted on the thread of
``wake`` (given by the owner: it runs a callable on the event loop), never on the client's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, IntFlag
from typing import Protocol

from app.console.framebuffer import Framebuffer
from app.errors import HostelryError
from app.signal import Signal

Wake = Callable[[Callable[[], None]], None]
"""Runs a callable soon on the event loop's thread; may be called from any thread."""


class ClientState(Enum):
    """CONNECTING until the first picture; CLOSED is final (``error`` says why, None if asked to)."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    CLOSED = "closed"


class Buttons(IntFlag):
    """Pointer buttons pressed, protocol-neutral."""

    NONE = 0
    LEFT = 1
    MIDDLE = 2
    RIGHT = 4
    SIDE = 8
    EXTRA = 16


class Lights(IntFlag):
    """Of a keyboard, as ``leds_changed`` tells them."""

    NONE = 0
    SCROLL = 1
    NUM = 2
    CAPS = 4
    ALL = 7


@dataclass(frozen=True, slots=True)
class Cursor:
    """The guest's pointer picture: ARGB32 premultiplied, ``width*height*4`` bytes; empty = hidden."""

    width: int = 0
    height: int = 0
    hot_x: int = 0
    hot_y: int = 0
    argb: bytes = b""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Answer to a question; None for what was not asked."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Features:
    """What this connection can do, for enablement in the window."""

    absolute_pointer: bool = True
    scancodes: bool = False
    resize_guest: bool = False
    clipboard: bool = False
    """Text goes both ways (``cut_text``, ``send_text``)."""
    clipboard_images: bool = False
    """Pictures too (``app.console.capabilities.ImageClipboard``)."""
    files: bool = False
    """Files can be sent into the guest (``capabilities.FileTransfer``)."""
    audio: bool = False
    """The guest's sound can be heard (``capabilities.Audio``)."""
    microphone: bool = False
    """The guest can record (``capabilities.Audio.set_microphone``)."""
    usb: bool = False
    """USB devices of this computer can be handed to the guest."""
    folder: bool = False
    """A folder of this computer can be shared with the guest."""
    monitors: int = 1
    """Screens of the machine; each further one is a client of its own (``capabilities.Monitors``)."""


class ConsoleClient(Protocol):
    """See the module's text for threads.  Methods are called on the event loop's thread and never block."""

    framebuffer: Framebuffer | None
    state: ClientState
    error: HostelryError | None
    features: Features
    name: str

    state_changed: Signal[[ClientState]]
    resized: Signal[[Framebuffer]]
    """A new framebuffer replaces the old one."""
    damaged: Signal[[]]
    """There is damage to take; sent again only after it was taken."""
    cursor_changed: Signal[[Cursor]]
    pointer_mode_changed: Signal[[bool]]
    """True: absolute positions; False: the guest wants relative motion (capture the pointer)."""
    leds_changed: Signal[[int]]
    """Bits of ``Lights``."""
    bell: Signal[[]]
    cut_text: Signal[[str]]
    credentials_needed: Signal[[bool, bool]]
    """(username wanted, password wanted); answer with ``answer``."""

    def start(self) -> None:
        """Begins to talk on the transport it was made with."""

    def close(self) -> None:
        """Ends for good; ``state_changed(CLOSED)`` follows."""

    def answer(self, credentials: Credentials | None) -> None:
        """None: the user cancelled."""

    def key(self, scancode: int, keysym: int, pressed: bool) -> None:
        """``scancode``: XT set 1, extended keys as 0xE000|code (0: unknown); ``keysym``: X11's, for servers without scancodes."""

    def pointer(self, x: int, y: int, buttons: Buttons) -> None:
        """Absolute position in guest pixels."""

    def pointer_relative(self, dx: int, dy: int, buttons: Buttons) -> None:
        """Motion in guest pixels."""

    def wheel(self, x: int, y: int, dx: int, dy: int) -> None:
        """Steps: dy > 0 is up, dx > 0 is right."""

    def resize_guest(self, width: int, height: int) -> None:
        """Asks the guest for a screen of this size (``features.resize_guest``)."""

    def watch(self, watched: bool) -> None:
        """False: nobody looks, so no more updates are asked for (the connection stays); True: go on.  True at first."""

    def send_text(self, text: str) -> None:
        """Offers clipboard text to the guest."""
