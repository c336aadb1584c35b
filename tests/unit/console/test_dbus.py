"""QEMU's D-Bus display against a server of our own: what is right, and what a hostile one may try."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.client import Buttons, ClientState, Cursor
from app.console.dbus import message, peer
from app.console.dbus.client import DbusClient
from app.console.dbus.codec import Malformed, Reader, Writer
from app.console.dbus.message import Head
from app.console.dbus.peer import Peer
from app.console.dbus.pixels import Layout, read_format
from app.console.dbus.sound import Format
from app.console.framebuffer import Framebuffer
from app.console.graphics import GraphicsInfo
from app.console.protocols import Opening
from app.console.transport import Link
from app.errors import Busy, HostelryError, Invalid, TimedOut, Unsupported
from tests.fuzz.waiting import Pump

XRGB, RGB16, BGRX = 0x20020888, 0x10020565, 0x20080888
SCREEN = "/org/qemu/Display1/Listener"


class Qemu:
    """The other end: logs in, hands out the listener's socket, keeps what it is asked."""

    def __init__(self) -> None:
        self.client_end, self._end = socket.socketpair()
        self.asked: list[tuple[Head, bytes]] = []
        self.main = Peer(self._end)
        self.screen: Peer | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            serve_log_in(self._end)
            while True:
                data, control, _flags, _address = self._end.recvmsg(16, 64, socket.MSG_WAITALL)
                if len(data) < 16:
                    return
                head = message.parse_head(data + self.main.exactly(message.fields_length(data)))
                self.asked.append((head, bytes(self.main.exactly(head.length))))
                if head.member == "RegisterListener":
                    (descriptor,) = struct.unpack("i", control[0][2])
                    self._register(head, socket.socket(fileno=descriptor))
        except (OSError, Malformed):
            return

    def _register(self, head: Head, sock: socket.socket) -> None:
        self.main.reply(head)
        serve_log_in(sock)
        self.screen = Peer(sock)
        self._ready.set()

    def is_ready(self) -> bool:
        """Whether the client has asked for the screen."""
        return self._ready.is_set()

    def ready(self) -> Peer:
        """The listener's side."""
        assert self.screen is not None
        return self.screen

    def tell(self, member: str, signature: str, *values: Any) -> None:
        """A call on the listener."""
        self.ready().call(SCREEN, "org.qemu.Display1.Listener", member, signature, *values)

    def raw(self, member: str, signature: str, body: bytes, length: int | None = None) -> None:
        """The same with any bytes, and any length in its header."""
        data = bytearray(message.call(1, SCREEN, "org.qemu.Display1.Listener", member))
        head = message._message(Head(message.CALL, 1, 1, path=SCREEN, member=member, signature=""), ())
        made = Writer()
        made.data += struct.pack("<BBBBII", ord("l"), message.CALL, 1, 1, length if length is not None else len(body), 7)
        made.data += bytes(4)
        for code, kind, value in ((1, "o", SCREEN), (3, "s", member), (8, "g", signature)):
            made.align(8)
            made.value("y", code)
            made.value("v", (kind, value))
        struct.pack_into("<I", made.data, 12, len(made.data) - 16)
        made.align(8)
        assert data and head
        self.ready().socket.sendall(bytes(made.data) + body)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._end.close()
        if self.screen is not None:
            self.screen.close()


def serve_log_in(sock: socket.socket) -> None:
    """GLib's side of the handshake."""
    assert sock.recv(1) == b"\0"
    lines = sock.makefile("rb", buffering=0)
    assert lines.readline().startswith(b"AUTH EXTERNAL ")
    sock.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
    assert lines.readline() == b"NEGOTIATE_UNIX_FD\r\n"
    sock.sendall(b"AGREE_UNIX_FD\r\n")
    assert lines.readline() == b"BEGIN\r\n"


class Viewer:
    """A client and its loop."""

    def __init__(self, sock: socket.socket) -> None:
        async def more() -> Link:
            raise NotImplementedError

        self.pump = Pump()
        self.client = DbusClient(Opening(GraphicsInfo(0, "dbus"), Link(sock, True), more, self.pump))
        self.client.damaged.connect(self._take)
        self.client.start()

    def _take(self) -> None:
        self.screen.take_damage()

    @property
    def screen(self) -> Framebuffer:
        assert self.client.framebuffer is not None
        return self.client.framebuffer

    def row(self, y: int = 0) -> list[int]:
        """Pixels as 0xRRGGBB."""
        start = y * self.screen.stride
        return [value & 0xFFFFFF for value in struct.unpack_from(f"<{self.screen.width}I", self.screen.pixels, start)]

    def connected(self) -> None:
        self.pump.until(lambda: self.client.state is ClientState.CONNECTED)

    def error(self) -> HostelryError:
        self.pump.until(lambda: self.client.state is ClientState.CLOSED)
        assert self.client.error is not None and self.client.error.next_step
        return self.client.error


@pytest.fixture
def qemu() -> Iterator[Qemu]:
    made = Qemu()
    yield made
    made.close()


@pytest.fixture
def viewer(qemu: Qemu) -> Iterator[Viewer]:
    made = Viewer(qemu.client_end)
    made.pump.until(qemu.is_ready)
    yield made
    made.client.close()
    assert made.client.join(10)


def test_pictures_parts_and_other_formats(qemu: Qemu, viewer: Viewer) -> None:
    qemu.tell("Scanout", "uuuuay", 2, 2, 12, XRGB, struct.pack("<6I", 0x112233, 0x445566, 0, 0x778899, 0xAABBCC, 0))
    viewer.connected()
    assert (viewer.row(0), viewer.row(1)) == ([0x112233, 0x445566], [0x778899, 0xAABBCC])
    qemu.tell("Update", "iiiiuuay", 1, 1, 1, 1, 4, XRGB, struct.pack("<I", 0xFF0000))
    viewer.pump.until(lambda: viewer.row(1) == [0x778899, 0xFF0000])
    qemu.tell("Scanout", "uuuuay", 3, 1, 6, RGB16, struct.pack("<3H", 0xF800, 0x07E0, 0x001F))
    viewer.pump.until(lambda: viewer.screen.width == 3 and viewer.row() == [0xFF0000, 0x00FF00, 0x0000FF])
    qemu.tell("Scanout", "uuuuay", 1, 1, 4, BGRX, struct.pack("<I", 0x33221100))
    viewer.pump.until(lambda: viewer.screen.width == 1 and viewer.row() == [0x112233])


def test_a_part_that_hangs_over_the_edge_is_cut(qemu: Qemu, viewer: Viewer) -> None:
    qemu.tell("Scanout", "uuuuay", 2, 1, 8, XRGB, bytes(8))
    viewer.connected()
    qemu.tell("Update", "iiiiuuay", 1, 0, 2, 2, 8, XRGB, struct.pack("<4I", 1, 2, 3, 4))
    viewer.pump.until(lambda: viewer.row() == [0, 1])


def test_input_goes_by_position(qemu: Qemu, viewer: Viewer) -> None:
    qemu.tell("Scanout", "uuuuay", 1, 1, 4, XRGB, bytes(4))
    viewer.connected()
    viewer.client.key(0xE048, 0, True)
    viewer.client.pointer(3, 4, Buttons.LEFT | Buttons.SIDE)
    viewer.client.wheel(0, 0, 0, -1)

    def sent(member: str) -> list[tuple[int, ...]]:
        return [struct.unpack(f"<{len(body) // 4}I", body) for head, body in qemu.asked if head.member == member]

    viewer.pump.until(lambda: len(sent("Release")) == 1)
    assert sent("Press") == [(0xC8,), (0,), (5,), (4,)] and sent("SetAbsPosition") == [(3, 4)] and sent("Release") == [(4,)]


def test_the_pointer_is_multiplied_by_its_opacity(qemu: Qemu, viewer: Viewer) -> None:
    seen: list[Cursor] = []
    viewer.client.cursor_changed.connect(seen.append)
    qemu.tell("CursorDefine", "iiiiay", 1, 1, 0, 0, bytes([255, 128, 0, 128]))
    viewer.pump.until(lambda: seen)
    assert seen[0].argb == bytes([128, 64, 0, 128])


HOSTILE: dict[str, tuple[str, str, bytes, int | None]] = {
    "a picture of a terabyte": ("Scanout", "uuuuay", struct.pack("<5I", 1 << 20, 1 << 20, 4 << 20, XRGB, 1 << 26), (1 << 26) + 20),
    "sizes that do not fit": ("Scanout", "uuuuay", struct.pack("<5I", 4000, 4000, 16000, XRGB, 16) + bytes(16), None),
    "rows shorter than wide": ("Scanout", "uuuuay", struct.pack("<5I", 100, 1, 4, XRGB, 4) + bytes(4), None),
    "rows much longer": ("Scanout", "uuuuay", struct.pack("<5I", 1, 1, 1 << 30, XRGB, 4) + bytes(4), None),
    "a format of nothing": ("Scanout", "uuuuay", struct.pack("<5I", 1, 1, 4, 0x20020000, 4) + bytes(4), None),
    "a negative size": ("Update", "iiiiuuay", struct.pack("<4i3I", 0, 0, -1, -1, 4, XRGB, 4) + bytes(4), None),
    "a length that lies": ("Scanout", "uuuuay", struct.pack("<5I", 1, 1, 4, XRGB, 4), 1 << 30),
    "no room for the numbers": ("Scanout", "uuuuay", b"1234", None),
    "a part of nothing": ("Update", "iiiiuuay", struct.pack("<4i3I", 0, 0, 1, 1, 4, XRGB, 4) + bytes(4), None),
    "a huge pointer": ("CursorDefine", "iiiiay", b"", 1 << 28),
    "a pointer cut short": ("CursorDefine", "iiiiay", struct.pack("<4iI", 64, 64, 0, 0, 4) + bytes(4), None),
    "a large unknown": ("Anything", "s", b"", 1 << 27),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_lies_end_the_console_before_memory_is_taken(qemu: Qemu, viewer: Viewer, name: str) -> None:
    member, signature, body, length = HOSTILE[name]
    qemu.ready()
    tracemalloc.start()
    try:
        qemu.raw(member, signature, body, length)
        assert isinstance(viewer.error(), Invalid)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_no_dbus_at_all(qemu: Qemu, viewer: Viewer) -> None:
    qemu.ready().socket.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    assert isinstance(viewer.error(), Invalid)


def test_pictures_by_the_graphics_card_are_said(qemu: Qemu, viewer: Viewer) -> None:
    qemu.raw("ScanoutDMABUF", "huuuutb", bytes(36))
    error = viewer.error()
    assert isinstance(error, Unsupported) and "OpenGL" in error.next_step


def test_it_hangs_up(qemu: Qemu, viewer: Viewer) -> None:
    qemu.ready()
    qemu.close()
    assert isinstance(viewer.error(), Busy)


def test_it_never_says_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "LOG_IN_S", 0.2)
    ours, theirs = socket.socketpair()
    viewer = Viewer(ours)
    assert isinstance(viewer.error(), TimedOut)
    assert viewer.client.join(10)
    theirs.close()


def test_it_does_not_read_what_is_typed(qemu: Qemu, viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    qemu.tell("Scanout", "uuuuay", 1, 1, 4, XRGB, bytes(4))
    viewer.connected()
    monkeypatch.setattr(peer, "MOST_WAITING", 100_000)
    awake = threading.Event()

    def sleep(_count: int) -> bytearray:
        awake.wait(60)
        return bytearray()

    monkeypatch.setattr(qemu.main, "exactly", sleep)
    for _turn in range(20_000):
        viewer.client.key(0x1E, 0, True)
    error = viewer.error()
    awake.set()
    assert isinstance(error, TimedOut)


def test_clipboard_text_both_ways(qemu: Qemu, viewer: Viewer) -> None:
    qemu.tell("Scanout", "uuuuay", 1, 1, 4, XRGB, bytes(4))
    viewer.connected()

    def asked(member: str) -> list[tuple[Head, bytes]]:
        return [(head, body) for head, body in qemu.asked if head.member == member]

    viewer.pump.until(lambda: asked("Register"))
    qemu.main.reply(asked("Register")[0][0])
    viewer.pump.until(lambda: viewer.client.features.clipboard)
    viewer.client.send_text("hinein")
    viewer.pump.until(lambda: asked("Grab"))
    texts: list[str] = []
    viewer.client.cut_text.connect(texts.append)
    path, interface, kind = "/org/qemu/Display1/Clipboard", "org.qemu.Display1.Clipboard", "text/plain;charset=utf-8"
    qemu.main.call(path, interface, "Grab", "uuas", 0, 5, [kind])
    viewer.pump.until(lambda: asked("Request"))
    qemu.main.reply(asked("Request")[0][0], "say", kind, "heraus ✓".encode())
    viewer.pump.until(lambda: texts == ["heraus ✓"])


def test_sound_is_asked_for_only_where_that_is_safe(qemu: Qemu, viewer: Viewer) -> None:
    """QEMU 7.2 dies of it; those that have this property do not."""
    qemu.tell("Scanout", "uuuuay", 1, 1, 4, XRGB, bytes(4))
    viewer.connected()
    viewer.client.set_audio(True)

    def asked(member: str, words: bytes = b"") -> list[Head]:
        return [head for head, body in qemu.asked if head.member == member and words in body]

    viewer.pump.until(lambda: asked("GetAll", b"Display1.Audio"))
    qemu.main.reply(asked("GetAll", b"Display1.Audio")[0], "a{sv}", {})
    qemu.main.reply(asked("GetAll", b"Display1.VM")[0], "a{sv}", {"Name": ("s", "seen")})
    viewer.pump.until(lambda: viewer.client.name == "seen")
    assert not viewer.client.features.audio and not asked("RegisterOutListener")
    qemu.main.call("/org/qemu/Display1/Audio", "org.freedesktop.DBus.Properties", "Set")  # unknown: refused, not fatal
    qemu.main._send(lambda serial: changed_signal(serial, {"NSamples": ("u", 480)}))
    viewer.pump.until(lambda: asked("RegisterOutListener"))
    assert viewer.client.features.audio


def changed_signal(serial: int, values: dict[str, Any]) -> bytes:
    """org.freedesktop.DBus.Properties.PropertiesChanged of the sound."""
    head = Head(message.SIGNAL, 1, serial, path="/org/qemu/Display1/Audio", member="PropertiesChanged", signature="sa{sv}as")
    return message._message(head, ("org.qemu.Display1.Audio", values, []))


@pytest.mark.parametrize(
    ("form", "data", "wanted"),
    [
        (Format(16, True, False, rate=44100, channels=2, big=False), b"\x01\x02", b"\x01\x02"),
        (Format(8, False, False, rate=8000, channels=1, big=False), b"\x00\x80\xff", struct.pack("<3h", -32768, 0, 32512)),
        (Format(8, True, False, rate=8000, channels=1, big=False), b"\x80\x00", struct.pack("<2h", -32768, 0)),
        (Format(32, True, False, rate=8000, channels=1, big=False), struct.pack("<2i", -(2**31), 65536), struct.pack("<2h", -32768, 1)),
        (Format(32, True, True, rate=8000, channels=1, big=False), struct.pack("<2f", 1, -9), struct.pack("<2h", 32767, -32767)),
    ],
)
def test_samples_of_every_kind(form: Format, data: bytes, wanted: bytes) -> None:
    assert form.to_16(data) == wanted


# The wire format by itself.

SIMPLE = {
    "y": st.integers(0, 255), "b": st.booleans(), "q": st.integers(0, 65535), "i": st.integers(-(2**31), 2**31 - 1),
    "u": st.integers(0, 2**32 - 1), "t": st.integers(0, 2**64 - 1), "s": st.text("aä☃𝄞\n", max_size=20),
    "ay": st.binary(max_size=50), "as": st.lists(st.text("ab", max_size=5), max_size=5), "au": st.lists(st.integers(0, 9), max_size=5),
}  # fmt: skip
TYPED = st.sampled_from(sorted(SIMPLE)).flatmap(lambda kind: st.tuples(st.just(kind), SIMPLE[kind]))


@given(st.lists(TYPED, max_size=8))
def test_what_is_written_is_read(values: list[tuple[str, Any]]) -> None:
    signature = "".join(kind for kind, _value in values)
    writer = Writer()
    writer.values(signature, *(value for _kind, value in values))
    assert list(Reader(writer.data).values(signature)) == [value for _kind, value in values]


@given(st.binary(max_size=200), st.sampled_from(["uuuuay", "sa{sv}as", "a{sv}", "v", "as", "uas", "g"]))
def test_any_bytes_are_values_or_malformed(data: bytes, signature: str) -> None:
    said(lambda: Reader(data).values(signature))


def test_variants_within_variants_are_not_followed() -> None:
    level = struct.pack("<B3sI", 2, b"av\0", 1 << 15)  # an array of variants, whose first one is an array of variants ...
    with pytest.raises(Malformed):
        Reader(level * 4000 + bytes(1 << 15)).value("v")


@given(st.binary(min_size=16, max_size=200))
def test_any_header_is_one_or_malformed(data: bytes) -> None:
    said(lambda: message.parse_head(b"l" + data[1:3] + b"\1" + data[4:]))


@given(st.integers(0, 2**32 - 1), st.tuples(*[st.integers(-(2**31), 2**31 - 1)] * 4))
def test_any_layout_is_sane_or_malformed(number: int, sizes: tuple[int, int, int, int]) -> None:
    said(lambda: read_format(number))
    said(lambda: Layout.of(*sizes[:3], XRGB, sizes[3]))


def said(work: Callable[[], object]) -> None:
    try:
        work()
    except Malformed:
        return
