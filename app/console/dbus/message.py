"""Messages of D-Bus: their header, and what is allowed in it."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from app.console.dbus.codec import Malformed, Reader, Writer, split

CALL, RETURN, ERROR, SIGNAL = 1, 2, 3, 4
NO_REPLY = 1
"""A flag: the caller wants no answer."""

FIXED_HEADER = 16
MOST_HEADER = 16 * 1024
"""Bytes of header fields; QEMU's are below 300."""

_FIELDS = {1: ("path", "o"), 2: ("interface", "s"), 3: ("member", "s"), 4: ("error", "s"), 5: ("reply_to", "u"),
           6: ("destination", "s"), 7: ("sender", "s"), 8: ("signature", "g"), 9: ("fds", "u")}  # fmt: skip


@dataclass(slots=True)
class Head:
    """What stands before a message's body.  length: of the body, in bytes."""

    kind: int = CALL
    flags: int = 0
    serial: int = 0
    length: int = 0
    path: str = ""
    interface: str = ""
    member: str = ""
    error: str = ""
    reply_to: int = 0
    signature: str = ""
    fds: int = 0
    destination: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)

    @property
    def wants_reply(self) -> bool:
        """A call whose caller waits."""
        return self.kind == CALL and not self.flags & NO_REPLY


def fields_length(fixed: bytes | bytearray) -> int:
    """How many bytes of header follow the first 16, with padding; raises ``Malformed``."""
    if fixed[0:1] != b"l" or fixed[3] != 1:
        raise Malformed(f"not D-Bus in this machine's byte order: {bytes(fixed[:4])!r}")
    length = int(struct.unpack_from("<I", fixed, 12)[0])
    if length > MOST_HEADER:
        raise Malformed(f"a header of {length} bytes")
    return length + -length % 8


def parse_head(data: bytes | bytearray) -> Head:
    """The whole header, padding included; raises ``Malformed``."""
    _order, kind, flags, _version, length, serial = struct.unpack_from("<BBBBII", data)
    head = Head(kind, flags, serial, length)
    reader = Reader(data, 12)
    end = reader.value("u") + FIXED_HEADER
    while reader.at < end:
        reader.align(8)
        code, value = reader.value("y"), reader.value("v")
        name, wanted = _FIELDS.get(code, ("", ""))
        if name:
            if isinstance(value, str) != (wanted != "u"):
                raise Malformed(f"header field {code}")
            setattr(head, name, value)
    return head


def call(
    serial: int, path: str, interface: str, member: str, signature: str = "", *values: Any, reply: bool = False, fds: int = 0
) -> bytes:
    """A method call."""
    head = Head(CALL, 0 if reply else NO_REPLY, serial, 0, path, interface, member, signature=signature, fds=fds)
    return _message(head, values)


def reply(serial: int, to: int, signature: str = "", *values: Any) -> bytes:
    """The answer to a call."""
    return _message(Head(RETURN, NO_REPLY, serial, reply_to=to, signature=signature), values)


def refusal(serial: int, to: int, name: str, text: str) -> bytes:
    """The answer that it cannot be."""
    return _message(Head(ERROR, NO_REPLY, serial, reply_to=to, error=name, signature="s"), (text,))


def _message(head: Head, values: tuple[Any, ...]) -> bytes:
    body = Writer()
    body.values(head.signature, *values)
    writer = Writer()
    writer.data += struct.pack("<BBBBII", ord("l"), head.kind, head.flags, 1, len(body.data), head.serial)
    writer.data += bytes(4)
    for code, (name, kind) in _FIELDS.items():
        if value := getattr(head, name):
            writer.align(8)
            writer.value("y", code)
            writer.value("v", (kind, value))
    struct.pack_into("<I", writer.data, 12, len(writer.data) - FIXED_HEADER)
    writer.align(8)
    return bytes(writer.data + body.data)


def read_body(signature: str, data: bytes | bytearray, wanted: str) -> tuple[Any, ...]:
    """The values of a body that has to be of the type ``wanted``."""
    if signature != wanted:
        raise Malformed(f"signature {signature!r} instead of {wanted!r}")
    return Reader(data).values(wanted) if split(wanted) else ()
