"""What the program and the process of SPICE's library say to each other: whole, in pieces, and nonsense from a process that was taken over."""

from __future__ import annotations

import array
import contextlib
import fcntl
import itertools
import json
import os
import random
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.framebuffer import Rect
from app.console.spice import wire
from app.console.spice.pictures import Pictures, View
from app.console.spice.wire import Message, Nonsense, Reader

SAMPLES: dict[str, object] = {
    "i": 7, "b": True, "s": "Wörter 🙂", "I": [1, 2, 3, 4], "R": [["0951:1666", "Maker", "Stick", 1, 7, False, False, "", 0, ""]],
}  # fmt: skip


def said(name: str, form: wire.Form) -> bytes:
    """An honest message of a form."""
    return b"".join(wire.packed(name, *(SAMPLES[letter] for letter in form.values), payload=b"\0\1\2\3"[: form.most]))


def framed(header: object, payload: bytes = b"", *, claimed: int | None = None) -> bytes:
    """A message by the rules of the frame, whatever is in it."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<II", len(text), len(payload) if claimed is None else claimed) + text + payload


@pytest.mark.parametrize("table", [wire.ORDERS, wire.NEWS], ids=["orders", "news"])
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_every_message_arrives_however_it_is_cut(table: wire.Table, step: int) -> None:
    plain = {name: form for name, form in table.items() if not form.fd}
    data = b"".join(said(name, form) for name, form in plain.items())
    reader, found = Reader(table), []
    for at in range(0, len(data), step):
        found += reader.feed(data[at : at + step])
    assert [message.name for message in found] == list(plain)
    for message in found:
        form = plain[message.name]
        assert list(message.args) == [SAMPLES[letter] for letter in form.values]
        assert message.payload == b"\0\1\2\3"[: form.most]


def descriptors() -> int:
    """How many this process has."""
    return len(list(Path("/proc/self/fd").iterdir()))


NONSENSE = {
    "no JSON": framed(b"{"), "no list": framed({"a": 1}), "empty": framed([]), "no name": framed([5]), "unknown": framed(["format_disk"]),
    "too few": framed(["mouse"]), "too many": framed(["mouse", 1, 2]), "another kind": framed(["mouse", "1"]),
    "truth for a number": framed(["mouse", True]), "a broken number": framed(["mouse", 1.5]), "not a number": framed(b'["mouse",NaN]'),
    "a number without end": framed(b'["mouse",1' + b"0" * 5000 + b"]"), "deep": framed(b"[" * 60_000),
    "half a character": framed(["usb_unusable", "\ud800"]), "a long text": framed(["usb_unusable", "x" * 5000]),
    "a long list": framed(["clipboard_offered", [0] * 300]), "a list of texts": framed(["clipboard_offered", ["1"]]),
    "bytes that do not belong": framed(["mouse", 1], b"x"), "too many bytes": framed(["sound"], claimed=wire.MAX_SOUND + 1),
    "a lying length": framed(["clipboard", 1], claimed=0xFFFFFFFF), "no header": struct.pack("<II", 0, 0),
    "a header without end": struct.pack("<II", 0xFFFFFFFF, 0), "a device of another form": framed(["usb", 1, [["x"]]]),
    "a picture without memory": framed(["view", 0, 0, 0, 0, 1, 1, 0, 4]),
}  # fmt: skip


@pytest.mark.parametrize("data", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_noticed_before_anything_is_waited_for(data: bytes) -> None:
    with pytest.raises(Nonsense):
        Reader(wire.NEWS).feed(data)


def test_descriptors_go_to_their_messages_and_no_more_than_some_wait() -> None:
    ours, theirs = socket.socketpair()
    reader = Reader(wire.NEWS)
    with ours, theirs:
        for width in (1, 2):
            fd = os.memfd_create(f"picture {width}")
            theirs.sendmsg(wire.packed("view", 0, 0, 0, 0, width, 1, 0, width * 4), wire.ancillary(fd))
            os.close(fd)
        found = [message for _turn in range(2) for message in reader.receive(ours) or ()]
        assert [str(Path(f"/proc/self/fd/{message.fd}").readlink()) for message in found] == [f"/memfd:picture {n} (deleted)" for n in (1, 2)]
        for message in found:
            assert fcntl.fcntl(message.fd, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
            os.close(message.fd)
        many = array.array("i", [theirs.fileno()] * 60)
        theirs.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, many)])
        before = descriptors()
        with pytest.raises(Nonsense):
            reader.receive(ours)
        reader.close()
        assert descriptors() == before


# A process that was taken over.


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_is_garbled_is_nonsense_or_a_message_of_the_table(seed: int) -> None:
    source = random.Random(seed)
    data = bytearray(b"".join(said(*each) for each in source.sample(list(wire.NEWS.items()), 6)))
    for _change in range(source.randrange(1, 8)):
        at = source.randrange(len(data))
        data[at : at + source.randrange(3)] = source.randbytes(source.randrange(4))
    reader = Reader(wire.NEWS)
    with contextlib.suppress(Nonsense):
        for message in reader.feed(bytes(data)):
            form = wire.NEWS[message.name]
            assert wire.fits(message.args, form.values) and len(message.payload) <= form.most


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_noise_is_nonsense_or_waited_for(data: bytes) -> None:
    reader = Reader(wire.NEWS)
    with contextlib.suppress(Nonsense):
        assert all(message.name in wire.NEWS for message in reader.feed(data))


def memory(size: int, *seals: int) -> int:
    fd = os.memfd_create("picture", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
    os.ftruncate(fd, size)
    for seal in seals:
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seal)
    return fd


def view(
    width: int, height: int, *, display: int = 0, head: int = 0, fd: int | None = None, offset: int = 0, stride: int | None = None
) -> Message:
    sealed = memory(max(width * height * 4, 1), fcntl.F_SEAL_SHRINK) if fd is None else fd
    stride = width * 4 if stride is None else stride
    return Message("view", (display, head, 0, 0, width, height, offset, stride), fd=sealed)


@pytest.fixture
def seen() -> Iterator[tuple[Pictures, list[View], Callable[[], list[tuple[int, int]]]]]:
    """Pictures, the views that were shown, and where damage was told."""
    shown: list[View] = []
    damaged: list[tuple[int, int]] = []
    yield Pictures(shown.append, damaged.append), shown, lambda: damaged


Seen = tuple[Pictures, list[View], Callable[[], list[tuple[int, int]]]]


def test_a_picture_is_shared_and_told_once_until_it_is_taken(seen: Seen) -> None:
    pictures, shown, damaged = seen
    message = view(4, 2)
    os.pwrite(message.fd, b"\1\2\3\4", 0)
    call = pictures.view(message)
    assert call is not None
    call()
    assert bytes(shown[0].framebuffer.pixels[:4]) == b"\1\2\3\4" and shown[0].framebuffer.width == 4
    told = pictures.damage(Message("damage", (0, 0, 100, 3, [0, 0, 4, 1, 1, 1, 2, 1])))
    assert told is not None and pictures.damage(Message("damage", (0, 0, 200, 4, [0, 1, 1, 1]))) is None
    told()
    assert damaged() == [(0, 0)] and pictures.traffic.received_bytes == 200
    assert Rect(0, 0, 4, 1) in shown[0].framebuffer.take_damage()


def test_a_picture_may_be_a_part_of_a_larger_one(seen: Seen) -> None:
    pictures, shown, _damaged = seen
    message = view(2, 2, fd=memory(64, fcntl.F_SEAL_SHRINK), offset=8, stride=16)
    os.pwrite(message.fd, bytes(range(64)), 0)
    call = pictures.view(message)
    assert call is not None
    call()
    framebuffer = shown[0].framebuffer
    assert framebuffer.stride == 16 and bytes(framebuffer.pixels) == bytes(range(8, 40))


def test_of_many_pictures_that_nobody_saw_the_newest_is_kept(seen: Seen) -> None:
    pictures, shown, _damaged = seen
    before = descriptors()
    calls = [pictures.view(view(1 + number, 1)) for number in range(50)]
    assert descriptors() <= before + 1
    first, *others = calls
    assert first is not None and not any(others)
    first()
    assert [each.framebuffer.width for each in shown] == [50]


BAD_VIEWS: dict[str, Callable[[], Message]] = {
    "no size": lambda: view(0, 1),
    "too large": lambda: view(20_000, 20_000, fd=memory(4, fcntl.F_SEAL_SHRINK)),
    "memory that may go": lambda: view(2, 2, fd=memory(16)),
    "too little memory": lambda: view(2, 2, fd=memory(15, fcntl.F_SEAL_SHRINK)),
    "no memory": lambda: view(2, 2, fd=os.open("/dev/null", os.O_RDONLY)),
    "memory before the picture only": lambda: view(2, 2, fd=memory(19, fcntl.F_SEAL_SHRINK), offset=4),
    "before its memory": lambda: view(2, 2, offset=-4),
    "far into its memory": lambda: view(2, 2, offset=1 << 40),
    "rows over each other": lambda: view(2, 2, stride=4),
    "rows without end": lambda: view(2, 2, fd=memory(64, fcntl.F_SEAL_SHRINK), stride=1 << 20),
    "half pixels": lambda: view(2, 2, fd=memory(64, fcntl.F_SEAL_SHRINK), offset=2),
    "rows of half pixels": lambda: view(2, 2, fd=memory(64, fcntl.F_SEAL_SHRINK), stride=9),
    "a wild channel": lambda: view(2, 2, display=16),
    "a head below none": lambda: view(2, 2, head=-1),
}


@pytest.mark.parametrize("make", BAD_VIEWS.values(), ids=BAD_VIEWS)
def test_memory_that_cannot_be_a_picture_is_let_go_of(seen: Seen, make: Callable[[], Message]) -> None:
    before = descriptors()
    with pytest.raises(Nonsense):
        seen[0].view(make())
    assert descriptors() == before


def test_more_monitors_than_there_are_is_nonsense(seen: Seen) -> None:
    places = itertools.product(range(5), range(4))
    with pytest.raises(Nonsense):
        for display, head in places:
            seen[0].view(view(1, 1, display=display, head=head))
    assert next(places) == (4, 1), "sixteen were taken"


@pytest.mark.parametrize("numbers", [[0, 0, 5, 1], [-1, 0, 1, 1], [0, 0, 1, 0], [3, 1, 1, 2], [0, 0, 1], [1 << 40, 0, 1, 1]])
def test_damage_outside_of_the_picture_is_nonsense(seen: Seen, numbers: list[int]) -> None:
    pictures, _shown, _damaged = seen
    pictures.view(view(4, 2))
    with pytest.raises(Nonsense):
        pictures.damage(Message("damage", (0, 0, 0, 0, numbers)))
    with pytest.raises(Nonsense):
        pictures.damage(Message("damage", (1, 0, 0, 0, [0, 0, 1, 1])))
