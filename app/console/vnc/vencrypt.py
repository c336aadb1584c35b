"""Encrypted log-ins: VeNCrypt 0.2 and the older "TLS" type (rfbproto.rst; QEMU ui/vnc-auth-vencrypt.c)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from app.console.trust.authorities import anonymous_context, client_key
from app.console.vnc import problems
from app.console.vnc.line import Line
from app.console.vnc.protocol import Security
from app.console.vnc.visitor import Visitor


class Sub(IntEnum):
    """What is inside: TLS without and with a certificate, and how one logs in there."""

    PLAIN = 256
    TLS_NONE = 257
    TLS_VNC = 258
    TLS_PLAIN = 259
    X509_NONE = 260
    X509_VNC = 261
    X509_PLAIN = 262
    X509_SASL = 263
    TLS_SASL = 264


class _Way(NamedTuple):
    certificate: bool
    inner: Security


WAYS: dict[int, _Way] = {
    Sub.X509_SASL: _Way(True, Security.SASL),
    Sub.X509_PLAIN: _Way(True, Security.PLAIN),
    Sub.X509_VNC: _Way(True, Security.VNC),
    Sub.X509_NONE: _Way(True, Security.NONE),
    Sub.TLS_SASL: _Way(False, Security.SASL),
    Sub.TLS_PLAIN: _Way(False, Security.PLAIN),
    Sub.TLS_VNC: _Way(False, Security.VNC),
    Sub.TLS_NONE: _Way(False, Security.NONE),
}


def begin(line: Line, visitor: Visitor) -> Security:
    """VeNCrypt: the connection is encrypted afterwards, and the log-in inside of it is what is given."""
    wire = line.wire
    version = (wire.u8(), wire.u8())
    if version < (0, 2):
        raise problems.unsupported_vencrypt(f"VeNCrypt {version[0]}.{version[1]}")
    line.send(b"\0\2")
    if wire.u8():
        raise problems.refused("VeNCrypt 0.2")
    kinds = struct.unpack(f">{(count := wire.u8())}I", wire.exactly(count * 4))
    chosen = _choose(kinds)
    line.send(struct.pack(">I", chosen))
    if wire.u8() != 1:
        raise problems.refused(Sub(chosen).name)
    _encrypt(line, visitor, certificate=WAYS[chosen].certificate)
    return WAYS[chosen].inner


def begin_old(line: Line, visitor: Visitor) -> None:
    """The "TLS" type: no certificate; a list of log-ins follows inside."""
    _encrypt(line, visitor, certificate=False)


def _choose(kinds: Sequence[int]) -> int:
    """With certificate before without; among those the server's first."""
    for certificate in (True, False):
        for kind in kinds:
            if kind in WAYS and WAYS[kind].certificate is certificate:
                return kind
    raise problems.unsupported_vencrypt(", ".join(Sub(kind).name if kind in set(Sub) else str(kind) for kind in kinds[:10]))


def _encrypt(line: Line, visitor: Visitor, *, certificate: bool) -> None:
    guard = visitor.guard
    if certificate:
        der = line.start_tls(guard.context(), guard.peer.host)
        guard.check(der)
    else:
        line.start_tls(anonymous_context(), guard.peer.host)
        guard.check_anonymous()


def our_certificate() -> str:
    """The path of what we show to servers that ask; empty if there is none."""
    ours = client_key("vnc")
    return str(ours.certificate) if ours else ""
