"""From the first byte to the first picture: version, security, the server's size and name."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from app.console.framebuffer import size_is_sane
from app.console.vnc import problems
from app.console.vnc.protocol import MAX_NAME, MAX_REASON, Security
from app.console.vnc.wire import Wire

Send = Callable[[bytes], None]
AskPassword = Callable[[], str | None]
"""Blocks the console's thread until the user answered; None: cancelled."""


@dataclass(frozen=True, slots=True)
class ServerInit:
    """What the server said about its screen."""

    width: int
    height: int
    name: str


def shake_hands(wire: Wire, send: Send, ask_password: AskPassword, *, shared: bool) -> ServerInit:
    """Runs the whole handshake; raises HostelryError."""
    minor = _agree_on_version(wire, send)
    kind = _agree_on_security(wire, send, minor)
    if kind == Security.VNC:
        _log_in(wire, send, ask_password)
    if kind == Security.VNC or minor >= 8:
        _check_result(wire, minor, tried_password=kind == Security.VNC)
    send(bytes([shared]))
    return _read_init(wire)


def _agree_on_version(wire: Wire, send: Send) -> int:
    greeting = bytes(wire.exactly(12))
    match = re.fullmatch(rb"RFB (\d{3})\.(\d{3})\n", greeting)
    if match is None:
        raise problems.not_vnc(greeting)
    offered = (int(match[1]), int(match[2]))
    minor = 8 if offered >= (3, 8) else 7 if offered == (3, 7) else 3
    send(f"RFB 003.00{minor}\n".encode())
    return minor


def _agree_on_security(wire: Wire, send: Send, minor: int) -> int:
    kinds = _one_kind(wire) if minor == 3 else bytes(wire.exactly(wire.u8()))
    if not kinds or kinds == b"\0":
        raise problems.refused(_reason(wire))
    for kind in (Security.NONE, Security.VNC):
        if kind in kinds:
            if minor > 3:
                send(bytes([kind]))
            return kind
    raise problems.unsupported_security(kinds)


def _one_kind(wire: Wire) -> bytes:
    """Version 3.3: the server decides."""
    kind = wire.u32()
    return bytes([kind]) if kind < 256 else b"\0"


def _log_in(wire: Wire, send: Send, ask_password: AskPassword) -> None:
    from app.console.vnc.password import response  # noqa: PLC0415 - the cipher library is wanted here only

    challenge = bytes(wire.exactly(16))
    password = ask_password()
    if password is None:
        raise problems.password_needed()
    send(response(challenge, password))


def _check_result(wire: Wire, minor: int, *, tried_password: bool) -> None:
    if not wire.u32():
        return
    reason = _reason(wire) if minor >= 8 else ""
    if not tried_password or "too many" in reason.lower():
        raise problems.refused(reason)
    raise problems.wrong_password(reason)


def _reason(wire: Wire) -> str:
    return wire.exactly(wire.u32(), MAX_REASON).decode("utf-8", "replace")


def _read_init(wire: Wire) -> ServerInit:
    width, height = struct.unpack(">HH", wire.exactly(4))
    wire.exactly(16)
    name = wire.exactly(wire.u32(), MAX_NAME).decode("utf-8", "replace")
    if not size_is_sane(width, height):
        raise problems.garbage(f"a screen of {width}x{height}")
    return ServerInit(width, height, name)
