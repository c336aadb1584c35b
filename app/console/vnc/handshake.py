"""From the first byte to the first picture: version, security, the server's size and name."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from app.console.framebuffer import size_is_sane
from app.console.trust.guard import Vouched
from app.console.vnc import problems, sasl, vencrypt
from app.console.vnc.line import Line
from app.console.vnc.password import PASSWORD_BYTES
from app.console.vnc.protocol import MAX_NAME, MAX_REASON, Security
from app.console.vnc.visitor import Visitor
from app.console.vnc.wire import Wire
from app.errors import Disconnected, HostelryError

OPEN_LINK = (Security.VENCRYPT, Security.TLS, Security.SASL, Security.NONE, Security.VNC)
"""Best first where others might read along."""

PRIVATE_LINK = (Security.NONE, Security.VNC, Security.SASL, Security.VENCRYPT, Security.TLS)
"""Where nobody can, encryption would cost time only."""

INSIDE = (Security.SASL, Security.NONE, Security.VNC)


@dataclass(frozen=True, slots=True)
class ServerInit:
    """What the server said about its screen."""

    width: int
    height: int
    name: str


def shake_hands(line: Line, visitor: Visitor, *, shared: bool) -> ServerInit:
    """Runs the whole handshake; raises HostelryError, or ssl.SSLCertVerificationError (see ``Guard.doubt``)."""
    minor = _agree_on_version(line)
    kinds = _one_kind(line.wire) if minor == 3 else _kinds(line.wire)
    kind = _choose(line, kinds, PRIVATE_LINK if visitor.private else OPEN_LINK, minor)
    if kind in (Security.VENCRYPT, Security.TLS):
        _log_in_encrypted(line, visitor, kind, minor)
    else:
        visitor.guard.check_plain(private=visitor.private)
        _log_in(line, visitor, kind, minor)
    line.send(bytes([shared]))
    return _read_init(line.wire)


def _agree_on_version(line: Line) -> int:
    greeting = bytes(line.wire.exactly(12))
    match = re.fullmatch(rb"RFB (\d{3})\.(\d{3})\n", greeting)
    if match is None:
        raise problems.not_vnc(greeting)
    offered = (int(match[1]), int(match[2]))
    minor = 8 if offered >= (3, 8) else 7 if offered == (3, 7) else 3
    line.send(f"RFB 003.00{minor}\n".encode())
    return minor


def _kinds(wire: Wire) -> bytes:
    kinds = bytes(wire.exactly(wire.u8()))
    if not kinds:
        raise problems.refused(_reason(wire))
    return kinds


def _one_kind(wire: Wire) -> bytes:
    """Version 3.3: the server decides."""
    kind = wire.u32()
    if not kind:
        raise problems.refused(_reason(wire))
    return bytes([min(kind, 255)])


def _choose(line: Line, kinds: bytes, order: Sequence[Security], minor: int) -> Security:
    for kind in order:
        if kind in kinds:
            if minor > 3:
                line.send(bytes([kind]))
            return kind
    raise problems.unsupported_security(kinds)


def _log_in_encrypted(line: Line, visitor: Visitor, kind: Security, minor: int) -> None:
    """A server that wants a certificate of ours may say no by hanging up, once the encryption stands."""
    if kind is Security.VENCRYPT:
        inner = vencrypt.begin(line, visitor)
    else:
        vencrypt.begin_old(line, visitor)
        inner = _choose(line, _kinds(line.wire), INSIDE, 8)
    try:
        _log_in(line, visitor, inner, minor)
    except Disconnected as error:
        at_once = not visitor.guard.asked and visitor.used is None
        if visitor.guard.vouched is not Vouched.ANONYMOUS and at_once:
            raise problems.certificate_wanted(error.raw, shown=vencrypt.our_certificate()) from error
        raise


def _log_in(line: Line, visitor: Visitor, kind: Security, minor: int) -> None:
    if kind is Security.SASL:
        _log_in_by_sasl(line, visitor, minor)
        return
    if kind is Security.VNC:
        _answer_challenge(line, visitor)
    elif kind is Security.PLAIN:
        _say_name_and_password(line, visitor)
    if kind is not Security.NONE or minor >= 8:
        _check_result(line.wire, visitor, kind, minor)


def _log_in_by_sasl(line: Line, visitor: Visitor, minor: int) -> None:
    """SASL's own encryption begins after the verdict."""
    client = sasl.log_in(line, visitor, verified=visitor.guard.vouched in (Vouched.AUTHORITY, Vouched.USER))
    try:
        _check_result(line.wire, visitor, Security.SASL, minor)
    except HostelryError:
        client.close()
        raise
    if client.ssf:
        line.begin_layer(lambda below, unread: sasl.SaslLayer(client, below, unread))
    else:
        client.close()


def _answer_challenge(line: Line, visitor: Visitor) -> None:
    from app.console.vnc.password import response  # noqa: PLC0415 - the cipher library is wanted here only

    challenge = bytes(line.wire.exactly(16))
    given = visitor.credentials(name=False, password=True, limit=PASSWORD_BYTES)
    line.send(response(challenge, given.password or ""))


def _say_name_and_password(line: Line, visitor: Visitor) -> None:
    """VeNCrypt's "Plain", which is sent inside of TLS only."""
    given = visitor.credentials(name=True, password=True)
    name, password = (text.encode("utf-8") for text in (given.username or "", given.password or ""))
    line.send(struct.pack(">II", len(name), len(password)) + name + password)


def _check_result(wire: Wire, visitor: Visitor, kind: Security, minor: int) -> None:
    if not wire.u32():
        return
    reason = _reason(wire) if minor >= 8 else ""
    if visitor.used is None or "too many" in reason.lower():
        raise problems.refused(reason)
    cut = kind is Security.VNC and len((visitor.used.password or "").encode("utf-8")) > PASSWORD_BYTES
    raise problems.wrong_password(reason, cut=cut)


def _reason(wire: Wire) -> str:
    return wire.exactly(wire.u32(), MAX_REASON).decode("utf-8", "replace")


def _read_init(wire: Wire) -> ServerInit:
    width, height = struct.unpack(">HH", wire.exactly(4))
    wire.exactly(16)
    name = wire.exactly(wire.u32(), MAX_NAME).decode("utf-8", "replace")
    if not size_is_sane(width, height):
        raise problems.garbage(f"a screen of {width}x{height}")
    return ServerInit(width, height, name)
