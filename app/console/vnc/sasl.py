"""SASL inside VNC, as QEMU speaks it (ui/vnc-auth-sasl.c; rfbproto.rst has the number only)."""

from __future__ import annotations

import struct

from app.console.client import Credentials
from app.console.vnc import libsasl, problems
from app.console.vnc.libsasl import SaslClient, SaslError
from app.console.vnc.line import Line
from app.console.vnc.visitor import Visitor
from app.console.vnc.wire import Receive
from app.errors import Disconnected

MAX_MECHANISMS = 4096
MAX_DATA = 128 * 1024
MAX_STEPS = 32
CHUNK = 64 * 1024
KERBEROS = ("GSSAPI", "GSS-SPNEGO", "GS2-KRB5", "GS2-IAKERB")
"""They fail without a ticket, and the library does not go on to the next one by itself."""

WORTH_A_KEY = 56
"""Bits that QEMU demands of SASL's own encryption where there is no other."""


def log_in(line: Line, visitor: Visitor, *, verified: bool) -> SaslClient:
    """verified: inside of TLS whose server is known.  If the result has an ``ssf``, all that follows the server's verdict
    is encrypted by it (``SaslLayer``).  Raises HostelryError.
    """
    offered = _mechanisms(bytes(line.wire.exactly(line.wire.u32(), MAX_MECHANISMS)))
    answers = _Answers(visitor)
    client = _client(line, visitor, answers, verified=verified)
    try:
        _exchange(line, client, offered)
    except SaslError as error:
        client.close()
        raise problems.sasl_failed(offered, str(error)) from error
    except Disconnected as error:
        client.close()
        # QEMU says no by hanging up.
        raise (problems.wrong_password(error.raw) if answers.given else error) from error
    except BaseException:
        client.close()
        raise
    return client


def _client(line: Line, visitor: Visitor, answers: _Answers, *, verified: bool) -> SaslClient:
    safe = verified or visitor.private
    return SaslClient(
        visitor.guard.peer.host, answers, external_bits=line.cipher_bits, plaintext=safe,
        min_bits=0 if safe or line.cipher_bits else WORTH_A_KEY, max_bits=0 if verified else 100_000,
    )  # fmt: skip


def _mechanisms(data: bytes) -> list[str]:
    return [name for name in data.decode("ascii", "replace").replace(",", " ").split() if len(name) <= 20]


class _Answers:
    """Asks the user once, for all that the library wants to know."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self.given: Credentials | None = None

    def __call__(self, wanted: int) -> str | None:
        if wanted == libsasl.CB_USER:
            return ""
        if wanted not in (libsasl.CB_AUTHNAME, libsasl.CB_PASS):
            return None
        if self.given is None:
            self.given = self._visitor.credentials(name=True, password=True)
        return self.given.username if wanted == libsasl.CB_AUTHNAME else self.given.password


def _exchange(line: Line, client: SaslClient, offered: list[str]) -> None:
    name, done, said = _start(client, offered)
    line.send(struct.pack(">I", len(name)) + name.encode() + _packed(said))
    for _step in range(MAX_STEPS):
        answer, complete = _heard(line)
        if not (done and complete and answer is None):
            done, said = client.step(answer)
        if complete:
            if not done:
                raise SaslError("the server ended the exchange early")
            return
        line.send(_packed(said))
    raise problems.garbage(f"more than {MAX_STEPS} SASL steps")


def _start(client: SaslClient, offered: list[str]) -> tuple[str, bool, bytes | None]:
    try:
        return client.start(" ".join(offered))
    except SaslError:
        others = [name for name in offered if name not in KERBEROS]
        if others == offered or not others:
            raise
        return client.start(" ".join(others))


def _packed(said: bytes | None) -> bytes:
    """Nothing and an empty text are not the same: a text has a zero byte at its end."""
    return bytes(4) if said is None else struct.pack(">I", len(said) + 1) + said + b"\0"


def _heard(line: Line) -> tuple[bytes | None, bool]:
    """What the server says, and whether it is done."""
    size = line.wire.u32()
    data = bytes(line.wire.exactly(size, MAX_DATA))[:-1] if size else None
    return data, bool(line.wire.u8())


class SaslLayer:
    """See ``line.Layer``: the encryption that a mechanism brings (DIGEST-MD5, Kerberos)."""

    def __init__(self, client: SaslClient, below: Receive, unread: bytes) -> None:
        self._client = client
        self._below = below
        self._raw = memoryview(bytearray(CHUNK))
        self._ready = memoryview(self._decode(unread) if unread else b"")

    def receive(self, target: memoryview) -> int:
        """Console thread."""
        while not self._ready:
            count = self._below(self._raw)
            if not count:
                return 0
            self._ready = memoryview(self._decode(bytes(self._raw[:count])))
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _decode(self, data: bytes) -> bytes:
        try:
            return self._client.decode(data)
        except SaslError as error:
            raise problems.garbage(f"SASL: {error}") from error

    def close(self) -> None:
        """Any thread."""
        self._client.close()

    def seal(self, data: bytes) -> bytes:
        """Any thread."""
        try:
            return self._client.encode(data) if data else b""
        except SaslError:
            return b""  # closed meanwhile: the reader hears of it
