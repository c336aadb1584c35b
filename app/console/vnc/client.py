"""A VNC console: one thread that reads and decodes; everything else happens on the event loop."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.console.base_client import BaseClient
from app.console.capabilities import Traffic
from app.console.client import Buttons, ClientState, Credentials, Cursor, Features, Wake
from app.console.framebuffer import Framebuffer, Rect
from app.console.protocols import Opening
from app.console.relay import Relay
from app.console.trust.guard import Guard, Vouched
from app.console.trust.pins import Pins, user_pins
from app.console.trust.question import Peer, TrustQuestion
from app.console.vnc import messages, problems
from app.console.vnc.buttons import mask_of, wheel_masks
from app.console.vnc.clipboard import Clipboard, Extended
from app.console.vnc.handshake import ServerInit, shake_hands
from app.console.vnc.line import Line
from app.console.vnc.nudge import nudges
from app.console.vnc.protocol import is_qemu, name_of
from app.console.vnc.questions import Questions
from app.console.vnc.reopening import reopener
from app.console.vnc.requests import UpdateRequests
from app.console.vnc.session import Session
from app.console.vnc.sound import Sound
from app.console.vnc.visitor import Visitor
from app.errors import HostelryError
from app.signal import Signal

HANDSHAKE_TIMEOUT_S = 20.0


class VncClient(BaseClient):
    """A ``ConsoleClient`` over a connected socket, which it owns from now on.

    wake: runs a callable soon on the event loop.  user, password: used without asking.  local: the server is on
    this machine, so that raw pixels are cheapest.  private: nobody can read along on the way (None: as ``local``).
    encodings: replaces the pixel encodings that are offered.  peer, pins: by what a certificate is judged.
    reopen: a further connection to the same server (console thread, blocks), for a second look at one.
    """

    def __init__(
        self,
        sock: socket.socket,
        *,
        wake: Wake,
        local: bool,
        password: str | None = None,
        user: str | None = None,
        private: bool | None = None,
        shared: bool = True,
        encodings: tuple[int, ...] = (),
        peer: Peer | None = None,
        pins: Pins | None = None,
        reopen: Callable[[], socket.socket] | None = None,
    ) -> None:
        super().__init__(Features(clipboard=True))
        self.trust_asked: Signal[[TrustQuestion]] = Signal()
        self.vouched = Vouched.NOBODY
        self.password_limit = 0
        self._questions = Questions(Credentials(user, password), self._ask_credentials, self._ask_trust)
        self._guard = Guard(peer or Peer("localhost"), pins or user_pins(), self._questions.trusted, "vnc")
        self._visitor = Visitor(self._questions.credentials, self._guard, local if private is None else private)
        self._reopen = reopen
        self._shared = shared
        self._local = local
        self._encodings = encodings
        self._line = Line(sock)
        self._relay = Relay(wake)
        self.sound_failed: Signal[[HostelryError]] = Signal()
        self.sound = Sound(self._send, wake, self.sound_failed.emit)
        self._clipboard = Clipboard(self._send, lambda text: self._relay.post(self.cut_text.emit, text))
        self._held = Buttons.NONE
        self._watched = UpdateRequests(self._send)
        self._nudges = nudges(self._send)
        self._closing = False
        self._session: Session | None = None
        self._screen = (0, 0)
        self._thread = threading.Thread(target=self._run, name="vnc", daemon=True)

    # What the owner calls, on the event loop.

    def start(self) -> None:
        """Starts the console's thread."""
        self._thread.start()

    def close(self) -> None:
        """Wakes the thread out of its read; ``state_changed(CLOSED)`` follows.  One that never started just lets go."""
        self._closing = True
        self._questions.end()
        if self._thread.ident is None:
            self._line.close()
            return
        self._line.hang_up()

    def join(self, timeout_s: float | None = None) -> bool:
        """Waits for the thread after ``close`` (tests, and the end of the program); True if it ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def answer(self, credentials: Credentials | None) -> None:
        """Answers ``credentials_needed``."""
        self._questions.answer(credentials)

    def trust(self, yes: bool) -> None:
        """Answers ``trust_asked``."""
        self._questions.trust(yes)

    def key(self, scancode: int, keysym: int, pressed: bool) -> None:
        """By position where the server can, else by symbol; a key without either is not sent."""
        if self.features.scancodes and scancode:
            self._send_input(messages.qemu_key(scancode, keysym, pressed=pressed))
        elif keysym:
            self._send_input(messages.key(keysym, pressed=pressed))

    def pointer(self, x: int, y: int, buttons: Buttons) -> None:
        """Absolute position; a mere move is left out while the server is behind."""
        if self._line.outbox.congested and buttons == self._held:
            return
        self._held = buttons
        self._send_input(messages.pointer(x, y, mask_of(buttons)))

    def pointer_relative(self, dx: int, dy: int, buttons: Buttons) -> None:
        """Motion, as QEMU understands it."""
        self._held = buttons
        self._send_input(messages.pointer_relative(dx, dy, mask_of(buttons)))

    def wheel(self, x: int, y: int, dx: int, dy: int) -> None:
        """One press and release a step; at a relative pointer the position means no motion."""
        make = messages.pointer if self.features.absolute_pointer else messages.pointer_relative
        at = (x, y) if self.features.absolute_pointer else (0, 0)
        held = mask_of(self._held)
        self._send_input(b"".join(make(*at, held | mask) for mask in wheel_masks(dx, dy)))

    def resize_guest(self, width: int, height: int) -> None:
        """Does nothing where the server cannot."""
        if self.features.resize_guest and 0 < width <= 0xFFFF and 0 < height <= 0xFFFF:
            self._send(messages.set_desktop_size(width, height, *self._screen))

    def watch(self, watched: bool) -> None:
        """A hidden console costs its server and us nothing."""
        self._watched.watch(watched)

    def send_text(self, text: str) -> None:
        """Offers clipboard text."""
        self._clipboard.offer(text)

    def set_audio(self, heard: bool) -> None:
        """Plays what the guest plays, or does not even ask for it."""
        self.sound.switch(heard)

    def set_microphone(self, open_: bool) -> None:
        """VNC brings sound from the guest only."""

    def traffic(self) -> Traffic:
        """See ``capabilities.Measured``."""
        session, wire = self._session, self._line.wire
        if session is None:
            return Traffic(wire.received)
        return Traffic(wire.received, session.updates, session.decode_s, name_of(session.encoding))

    # The console's thread.

    def _run(self) -> None:
        error: HostelryError | None = None
        try:
            self._talk()
        except HostelryError as problem:
            error = self._line.outbox.problem or problem
        finally:
            # Also when the thread dies of a fault in our code: the owner must hear of the end.
            self._watched.close()
            self._nudges.close()
            self._line.close()
            self.sound.end()
            self._relay.post(self._ended, error)

    def _talk(self) -> None:
        try:
            init = self._shake_hands()
        except ssl.SSLCertVerificationError as problem:
            self._connect_again(problem)
            init = self._shake_hands()
        self._line.notice_silence()
        self._relay.post(self._set_vouched, self._guard.vouched)
        self.on_name(init.name)
        session = Session(self._line.wire, self._send, self, init, self._watched)
        self._session = session
        try:
            session.begin(local=self._local, only=self._encodings)
            while not self._closing:
                session.run_once()
        finally:
            session.close()

    def _shake_hands(self) -> ServerInit:
        self._line.limit_wait(HANDSHAKE_TIMEOUT_S)
        return shake_hands(self._line, self._visitor, shared=self._shared)

    def _connect_again(self, problem: ssl.SSLCertVerificationError) -> None:
        """For a look at the certificate that was refused (see ``Guard``)."""
        if self._reopen is None or not self._guard.strict:
            raise problems.tls_failed(str(problem)) from problem
        self._guard.doubt(problem)
        self._line.close()
        self._line = Line(self._reopen())
        if self._closing:
            self._line.hang_up()

    def _send(self, data: bytes) -> None:
        """Any thread."""
        self._line.send(data)

    def _send_input(self, data: bytes) -> None:
        """On the event loop.  What a guest in QEMU makes of it is looked for soon, see ``nudge``."""
        self._send(data)
        if is_qemu(self.name):
            self._nudges.go()

    def _ask_credentials(self, name: bool, password: bool, limit: int) -> None:
        self._relay.post(self._tell_question, name, password, limit)

    def _ask_trust(self, question: TrustQuestion) -> None:
        self._relay.post(self.trust_asked.emit, question)

    def on_resized(self, framebuffer: Framebuffer) -> None:
        """Session's news, as are all that follow."""
        self._relay.post(self.take_framebuffer, framebuffer)

    def on_damaged(self, framebuffer: Framebuffer, rects: Sequence[Rect]) -> None:
        """Wakes the loop once until the damage is taken."""
        if framebuffer.add_damage(rects):
            self._relay.post(self.show_damage)

    def on_cursor(self, cursor: Cursor) -> None:
        """A new pointer picture."""
        self._relay.post(self.cursor_changed.emit, cursor)

    def on_pointer_mode(self, absolute: bool) -> None:
        """Tablet or mouse."""
        self._relay.post(self.set_pointer_mode, absolute)

    def on_leds(self, leds: int) -> None:
        """Keyboard lights."""
        self._relay.post(self.leds_changed.emit, leds)

    def on_bell(self) -> None:
        """Ding."""
        self._relay.post(self.bell.emit)

    def on_clipboard(self, message: str | Extended | None) -> None:
        """The guest's clipboard."""
        self._clipboard.hear(message)

    def on_audio(self) -> None:
        """The server has sound."""
        self.sound.offered()
        self._relay.post(self._set_audio)

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
        self.change_state(ClientState.CLOSED, None if self._closing else error or problems.closed())

    def _tell_question(self, name: bool, password: bool, limit: int) -> None:
        self.password_limit = limit
        self.credentials_needed.emit(name, password)

    def _set_vouched(self, vouched: Vouched) -> None:
        self.vouched = vouched

    def _set_audio(self) -> None:
        self.features = replace(self.features, audio=True)

    def _set_scancodes(self) -> None:
        self.features = replace(self.features, scancodes=True)

    def _set_name(self, name: str) -> None:
        self.name = name

    def _set_screen(self, screen_id: int, flags: int) -> None:
        self._screen = (screen_id, flags)
        self.features = replace(self.features, resize_guest=True)


def make(opening: Opening) -> VncClient:
    """See ``app.console.protocols``."""
    link = opening.link
    return VncClient(
        link.socket, wake=opening.wake, local=link.local, private=link.private, user=opening.user, password=opening.secret,
        peer=opening.peer, reopen=reopener(opening.more),
    )  # fmt: skip
