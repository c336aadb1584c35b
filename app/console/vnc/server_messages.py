"""What a server says: one handler a message (RFC 6143, 7.6; rfbproto.rst for the extensions).  Updates are the session's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.console.vnc import audio, clipboard, messages, problems
from app.console.vnc.protocol import ServerMessage
from app.console.vnc.wire import Wire

if TYPE_CHECKING:
    from app.console.vnc.session import Session

Handler = Callable[["Session", Wire], None]

FENCE_REQUEST = 1 << 31
FENCE_MODES = 0b11
"""BlockBefore and BlockAfter: true of a client that handles one message after the other."""

MAX_FENCE = 64


def _bell(session: Session, _wire: Wire) -> None:
    session.listener.on_bell()


def _cut_text(session: Session, wire: Wire) -> None:
    session.listener.on_clipboard(clipboard.read(wire))


def _qemu(session: Session, wire: Wire) -> None:
    audio.read(wire, session.listener.sound)


def _colour_map(_session: Session, wire: Wire) -> None:
    wire.exactly(3)
    wire.skip(wire.u16() * 6, 0xFFFF * 6)


def _fence(session: Session, wire: Wire) -> None:
    """The server measures the way by when its own words come back."""
    wire.exactly(3)
    flags = wire.u32()
    size = wire.u8()
    if size > MAX_FENCE:
        raise problems.garbage(f"a fence of {size} bytes")
    payload = bytes(wire.exactly(size))
    if flags & FENCE_REQUEST:
        session.send(messages.fence(flags & FENCE_MODES, payload))


def _end_of_continuous_updates(session: Session, _wire: Wire) -> None:
    """First it says that the server can; later it only confirms a stop."""
    session.requests.go_on_by_itself()


HANDLERS: dict[int, Handler] = {
    ServerMessage.BELL: _bell,
    ServerMessage.CUT_TEXT: _cut_text,
    ServerMessage.COLOUR_MAP: _colour_map,
    ServerMessage.QEMU: _qemu,
    ServerMessage.FENCE: _fence,
    ServerMessage.END_OF_CONTINUOUS_UPDATES: _end_of_continuous_updates,
}
