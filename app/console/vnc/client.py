"""A VNC console: one thread that reads and decodes; everything else happens on the event loop."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Sequence
from dataclasses import replace

from app.console.client import Buttons, ClientState, Credentials, Cursor, Features, Wake
from app.console.framebuffer import Framebuffer, Rect
from app.console.protocols import Opening
from app.console.vnc import messages, problems
from app.console.vnc.buttons import mask_of, wheel_masks
from app.console.vnc.handshake import ServerInit, shake_hands
from app.console.vnc.outbox import Outbox
from app.console.vnc.relay import Relay
from app.console.vnc.requests import UpdateRequests
from app.console.vnc.session import Session
from app.console.vnc.wire import Wire
from app.errors import HostelryError
from app.signal import Signal

HANDSHAKE_TIMEOUT_S = 20.0


class VncClient:
    """A ``ConsoleClient`` over a connected socket, which it owns from now on.

    wake: runs a callable soon on the event loop.  password: used without asking.  local: the server is on
    this machine, so that raw pixels are cheapest.  encodings: replaces the pixel encodings that are offered.
    """

    def __init__(
        self,
        sock: socket.socket,
        *,
        wake: Wake,
        local: bool,
        password: str | None = None,
        shared: bool = True,
        encodings: tuple[int, ...] = (),
    ) -> None:
        self.framebuffer: Framebuffer | None = None
        self.state = ClientState.CONNECTING
        self.error: HostelryError | None = None
        self.features = Features()
        self.name = ""
        self.state_changed: Signal[[ClientState]] = Signal()
        self.resized: Signal[[Framebuffer]] = Signal()
        self.damaged: Signal[[]] = Signal()
        self.cursor_changed: Signal[[Cursor]] = Signal()
        self.pointer_mode_changed: Signal[[bool]] = Signal()
        self.leds_changed: Signal[[int]] = Signal()
        self.bell: Signal[[]] = Signal()
        self.cut_text: Signal[[str]] = Signal()
        self.credentials_needed: Signal[[bool, bool]] = Signal()
        self._socket = sock
        self._password = password
        self._shared = shared
        self._local = local
        self._encodings = encodings
        self._outbox = Outbox(sock)
        self._relay = Relay(wake)
        self._held = Buttons.NONE
        self._watched = UpdateRequests(self._outbox.send)
        self._closing = False
        self._answered = threading.Event()
        self._screen = (0, 0)
        self._thread = threading.Thread(target=self._run, name="vnc", daemon=True)

    # What the owner calls, on the event loop.

    def start(self) -> None:
        """Starts the console's thread."""
        self._thread.start()

    def close(self) -> None:
        """Wakes the thread out of its read; ``state_changed(CLOSED)`` follows.  One that never started just lets go."""
        self._closing = True
        self._answered.set()
        if self._thread.ident is None:
            self._socket.close()
            return
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def join(self, timeout_s: float | None = None) -> bool:
        """Waits for the thread after ``close`` (tests, and the end of the program); True if it ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def answer(self, credentials: Credentials | None) -> None:
        """Answers ``credentials_needed``."""
        self._password = credentials.password if credentials else None
        self._answered.set()

    def key(self, scancode: int, keysym: int, pressed: bool) -> None:
        """By position where the server can, else by symbol; a key without either is not sent."""
        if self.features.scancodes and scancode:
            self._outbox.send(messages.qemu_key(scancode, keysym, pressed=pressed))
        elif keysym:
            self._outbox.send(messages.key(keysym, pressed=pressed))

    def pointer(self, x: int, y: int, buttons: Buttons) -> None:
        """Absolute position; a mere move is left out while the server is behind."""
        if self._outbox.congested and buttons == self._held:
            return
        self._held = buttons
        self._outbox.send(messages.pointer(x, y, mask_of(buttons)))

    def pointer_relative(self, dx: int, dy: int, buttons: Buttons) -> None:
        """Motion, as QEMU understands it."""
        self._held = buttons
        self._outbox.send(messages.pointer_relative(dx, dy, mask_of(buttons)))

    def wheel(self, x: int, y: int, dx: int, dy: int) -> None:
        """One press and release a step; at a relative pointer the position means no motion."""
        make = messages.pointer if self.features.absolute_pointer else messages.pointer_relative
        at = (x, y) if self.features.absolute_pointer else (0, 0)
        held = mask_of(self._held)
        self._outbox.send(b"".join(make(*at, held | mask) for mask in wheel_masks(dx, dy)))

    def resize_guest(self, width: int, height: int) -> None:
        """Does nothing where the server cannot."""
        if self.features.resize_guest and 0 < width <= 0xFFFF and 0 < height <= 0xFFFF:
            self._outbox.send(messages.set_desktop_size(width, height, *self._screen))

    def watch(self, watched: bool) -> None:
        """A hidden console costs its server and us nothing."""
        self._watched.watch(watched)

    def send_text(self, text: str) -> None:
        """Offers clipboard text."""
        self._outbox.send(messages.cut_text(text))

    # The console's thread.

    def _run(self) -> None:
        error: HostelryError | None = None
        try:
            self._talk()
        except HostelryError as problem:
            error = self._outbox.problem or problem
        finally:
            # Also when the thread dies of a fault in our code: the owner must hear of the end.
            self._socket.close()
            self._relay.post(self._ended, error)

    def _talk(self) -> None:
        self._socket.settimeout(HANDSHAKE_TIMEOUT_S)
        wire = Wire(self._socket.recv_into)
        init: ServerInit = shake_hands(wire, self._outbox.send, self._ask_password, shared=self._shared)
        self._socket.settimeout(None)
        self.on_name(init.name)
        session = Session(wire, self._outbox.send, self, init, self._watched)
        session.begin(local=self._local, only=self._encodings)
        while not self._closing:
            session.run_once()

    def _ask_password(self) -> str | None:
        if self._password is None:
            self._answered.clear()
            self._relay.post(self.credentials_needed.emit, False, True)
            self._answered.wait()
        return None if self._closing else self._password

    def on_resized(self, framebuffer: Framebuffer) -> None:
        """Session's news, as are all that follow."""
        self._relay.post(self._take_framebuffer, framebuffer)

    def on_damaged(self, framebuffer: Framebuffer, rects: Sequence[Rect]) -> None:
        """Wakes the loop once until the damage is taken."""
        if framebuffer.add_damage(rects):
            self._relay.post(self._show_damage)

    def on_cursor(self, cursor: Cursor) -> None:
        """A new pointer picture."""
        self._relay.post(self.cursor_changed.emit, cursor)

    def on_pointer_mode(self, absolute: bool) -> None:
        """Tablet or mouse."""
        self._relay.post(self._set_pointer_mode, absolute)

    def on_leds(self, leds: int) -> None:
        """Keyboard lights."""
        self._relay.post(self.leds_changed.emit, leds)

    def on_bell(self) -> None:
        """Ding."""
        self._relay.post(self.bell.emit)

    def on_cut_text(self, text: str) -> None:
        """The guest's clipboard."""
        self._relay.post(self.cut_text.emit, text)

    def on_name(self, name: str) -> None:
        """The desktop's name."""
        self._relay.post(self._set_name, name)

    def on_scancodes(self) -> None:
        """Keys may be sent by position."""
        self._relay.post(self._set_scancodes)

    def on_resizable(self, screen_id: int, flags: int) -> None:
        """The guest may be asked for a size."""
        self._relay.post(self._set_screen, screen_id, flags)

    # On the event loop again.

    def _ended(self, error: HostelryError | None) -> None:
        if self.state is ClientState.CLOSED:
            return
        self.state = ClientState.CLOSED
        self.error = None if self._closing else error or problems.closed()
        self.state_changed.emit(self.state)

    def _set_scancodes(self) -> None:
        self.features = replace(self.features, scancodes=True)

    def _take_framebuffer(self, framebuffer: Framebuffer) -> None:
        self.framebuffer = framebuffer
        self.resized.emit(framebuffer)

    def _show_damage(self) -> None:
        if self.state is ClientState.CONNECTING:
            self.state = ClientState.CONNECTED
            self.state_changed.emit(self.state)
        self.damaged.emit()

    def _set_name(self, name: str) -> None:
        self.name = name

    def _set_pointer_mode(self, absolute: bool) -> None:
        self.features = replace(self.features, absolute_pointer=absolute)
        self.pointer_mode_changed.emit(absolute)

    def _set_screen(self, screen_id: int, flags: int) -> None:
        self._screen = (screen_id, flags)
        self.features = replace(self.features, resize_guest=True)


def make(opening: Opening) -> VncClient:
    """See ``app.console.protocols``."""
    return VncClient(opening.link.socket, wake=opening.wake, local=opening.link.local, password=opening.secret)
