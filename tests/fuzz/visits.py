"""Handshakes from memory: all that a server says before the first picture, with encryption that only claims to be."""

from __future__ import annotations

import ssl
import struct
from collections.abc import Callable
from pathlib import Path

from app.console.client import Credentials
from app.console.trust.guard import Guard
from app.console.trust.pins import Pins
from app.console.trust.question import Peer, TrustQuestion
from app.console.vnc.handshake import ServerInit, shake_hands
from app.console.vnc.line import Line
from app.console.vnc.outbox import Seal
from app.console.vnc.vencrypt import Sub
from app.console.vnc.visitor import Visitor
from app.console.vnc.wire import Receive, Wire
from app.errors import HostelryError
from tests.fuzz.servers import VERSION, Memory, server_init

VENCRYPT = VERSION + b"\x01\x13\0\2\0"


class MemoryLine(Line):
    """TLS "begins" and changes nothing: what follows in memory is what the server says inside."""

    def __init__(self, data: bytes, step: int = 1 << 30) -> None:
        self.sent = bytearray()
        self.encrypted = False
        self.cipher_bits = 0
        self.wire = Wire(Memory(data, step))

    def send(self, data: bytes) -> None:
        self.sent += data

    def start_tls(self, context: ssl.SSLContext, host: str) -> bytes | None:
        self.encrypted, self.cipher_bits = True, 256
        return None

    def begin_layer(self, make: Callable[[Receive, bytes], object]) -> None:
        self.encrypted = True

    def _use(self, receive: Receive, seal: Seal) -> bytes:
        raise AssertionError("there is nothing below")


NOWHERE = Path("/dev/null/pins.json")
"""Cannot be written: what is trusted lasts for one visit."""


def a_visitor(
    trusts: Callable[[TrustQuestion], bool] = lambda _question: True, *, private: bool = False, path: Path | None = None
) -> Visitor:
    """Answers "user" and "password", and trusts everybody unless told otherwise."""
    guard = Guard(Peer("host", 5900), Pins(path or NOWHERE), trusts, "vnc")
    return Visitor(lambda _name, _password, _limit: Credentials("user", "password"), guard, private)


def play_handshake(data: bytes, step: int = 1 << 30, visitor: Visitor | None = None) -> tuple[ServerInit | HostelryError, MemoryLine]:
    """Every end is a picture's size or a HostelryError with its sentence."""
    line = MemoryLine(data, step)
    try:
        return shake_hands(line, visitor or a_visitor(), shared=True), line
    except HostelryError as error:
        assert error.what
        return error, line


def vencrypt(*kinds: int, inside: bytes, accepted: bytes = b"\1") -> bytes:
    """A server that speaks VeNCrypt, offers ``kinds`` and says ``inside`` once it is encrypted."""
    return VENCRYPT + struct.pack(f">B{len(kinds)}I", len(kinds), *kinds) + accepted + inside


def sasl(mechanisms: bytes, *steps: bytes) -> bytes:
    """A server's side of the exchange; each step with its number of bytes and whether it is the last."""
    return struct.pack(">I", len(mechanisms)) + mechanisms + b"".join(steps)


def sasl_step(data: bytes | None, done: bool) -> bytes:
    """One answer."""
    said = bytes(4) if data is None else struct.pack(">I", len(data) + 1) + data + b"\0"
    return said + bytes([done])


def secured_handshakes() -> tuple[bytes, ...]:
    """Honest ones, to be mutated."""
    end = bytes(4) + server_init()
    challenge = b'nonce="abc",realm="x",qop="auth,auth-int,auth-conf",charset=utf-8,algorithm=md5-sess,cipher="rc4"'
    return (
        vencrypt(Sub.X509_NONE, inside=end), vencrypt(Sub.TLS_VNC, Sub.TLS_NONE, inside=bytes(16) + end),
        vencrypt(Sub.X509_PLAIN, inside=end), VERSION + b"\x01\x12" + b"\2\1\2" + end,
        vencrypt(Sub.X509_SASL, inside=sasl(b"PLAIN,LOGIN", sasl_step(None, True)) + end),
        VERSION + b"\x01\x14" + sasl(b"DIGEST-MD5", sasl_step(challenge, False), sasl_step(b"rspauth=0", True)) + end,
        VERSION + b"\x01\x14" + sasl(b"SCRAM-SHA-1", sasl_step(b"r=abc,s=QUJD,i=4096", False), sasl_step(b"v=abc", True)) + end,
        VERSION + b"\x01\x05" + end,
    )  # fmt: skip
