"""The client over a real socket pair: handshake, questions, input, and every way to end."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator

import pytest

from app.console.client import Buttons, ClientState, Credentials
from app.console.framebuffer import Rect
from app.console.vnc import messages
from app.console.vnc.client import VncClient
from app.console.vnc.password import response
from app.console.vnc.protocol import Encoding
from app.errors import AuthFailed, Busy, Denied, Disconnected, HostelryError, Invalid, Unsupported
from tests.fuzz.servers import NO_SECURITY, VERSION, ScriptedServer, raw, rectangle, server_init, update
from tests.fuzz.waiting import Pump

RED = b"\0\0\xff\0"
PICTURE = update(raw(0, 0, 64, 48, RED))
GREETING = VERSION + NO_SECURITY + server_init()


class Talk:
    """A server's script and the client that meets it."""

    def __init__(self, *parts: bytes | None, password: str | None = None, hang_up: bool = True) -> None:
        self.pump = Pump()
        self.server = ScriptedServer(parts, hang_up=hang_up)
        self.client = VncClient(self.server.client_socket, wake=self.pump, local=True, password=password)
        self.client.start()

    def ends(self) -> HostelryError | None:
        """Waits for the end; why it came."""
        self.pump.until(lambda: self.client.state is ClientState.CLOSED)
        return self.client.error

    def connects(self) -> None:
        self.pump.until(lambda: self.client.state is ClientState.CONNECTED)


@pytest.fixture
def talks() -> Iterator[list[Talk]]:
    """Ends what a test has begun; a thread that stays is a failure."""
    made: list[Talk] = []
    yield made
    for talk in made:
        talk.client.close()
        assert talk.client.join(10)
        talk.server.close()


def test_a_picture_arrives_with_its_damage(talks: list[Talk]) -> None:
    talks.append(talk := Talk(GREETING + PICTURE, None))
    talk.connects()
    framebuffer = talk.client.framebuffer
    assert framebuffer is not None
    assert (framebuffer.width, framebuffer.height, talk.client.name) == (64, 48, "test")
    assert framebuffer.take_damage() == [Rect(0, 0, 64, 48)]
    assert bytes(framebuffer.pixels[:4]) == RED


@pytest.mark.parametrize("version", [b"RFB 003.003\n", b"RFB 003.007\n", b"RFB 003.008\n", b"RFB 003.889\n", b"RFB 004.001\n"])
def test_old_and_odd_versions(talks: list[Talk], version: bytes) -> None:
    security = {b"RFB 003.003\n": b"\0\0\0\x01", b"RFB 003.007\n": b"\x01\x01"}.get(version, NO_SECURITY)
    talks.append(talk := Talk(version + security + server_init() + PICTURE, None))
    talk.connects()


def test_the_password_is_asked_for_and_answered(talks: list[Talk]) -> None:
    challenge = bytes(range(16))
    talks.append(talk := Talk(VERSION + b"\x01\x02" + challenge, None, bytes(4) + server_init() + PICTURE, None))
    asked: list[tuple[bool, bool]] = []
    talk.client.credentials_needed.connect(lambda *what: asked.append(what))
    talk.pump.until(lambda: asked)
    assert asked == [(False, True)]
    talk.client.answer(Credentials(password="sesame"))
    talk.pump.until(lambda: response(challenge, "sesame") in talk.server.received)
    talk.server.go.set()
    talk.connects()


def test_a_wrong_password_says_so(talks: list[Talk]) -> None:
    reason = b"Authentication failed"
    talks.append(
        talk := Talk(VERSION + b"\x01\x02" + bytes(16) + b"\0\0\0\x01" + struct.pack(">I", len(reason)) + reason, password="no")
    )
    assert isinstance(talk.ends(), AuthFailed)


def test_a_cancelled_question_ends_quietly_as_asked_for(talks: list[Talk]) -> None:
    talks.append(talk := Talk(VERSION + b"\x01\x02" + bytes(16), None))
    asked: list[tuple[bool, bool]] = []
    talk.client.credentials_needed.connect(lambda *what: asked.append(what))
    talk.pump.until(lambda: asked)
    talk.client.answer(None)
    assert isinstance(talk.ends(), AuthFailed)


def _refusal(reason: bytes) -> bytes:
    return VERSION + b"\0" + struct.pack(">I", len(reason)) + reason


ENDS: list[tuple[str, bytes, type[HostelryError]]] = [
    ("says nothing and hangs up", b"", Disconnected),
    ("is a web server", b"HTTP/1.1 400 Bad Request\r\n\r\n", Invalid),
    ("has too many viewers", _refusal(b"Too many connections"), Busy),
    ("does not want us", _refusal(b"Access denied by policy"), Denied),
    ("wants RSA-AES", VERSION + b"\x01\x05", Unsupported),
    ("hangs up in the handshake", VERSION + NO_SECURITY + b"\0\x40", Disconnected),
    ("has a name of 4 GB", VERSION + NO_SECURITY + server_init()[:20] + b"\xff\xff\xff\xff", Invalid),
    ("has a reason of 4 GB", VERSION + b"\0\xff\xff\xff\xff", Invalid),
    ("has no pixels", VERSION + NO_SECURITY + server_init(0, 0), Invalid),
    ("has too many pixels", VERSION + NO_SECURITY + server_init(65535, 65535), Invalid),
    ("hangs up in the middle of a frame", GREETING + PICTURE[:3000], Disconnected),
    ("hangs up after a frame", GREETING + PICTURE, Disconnected),
    ("sends garbage after a frame", GREETING + PICTURE + b"\xee" * 100, Invalid),
]


@pytest.mark.parametrize(("script", "kind"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_every_end_is_a_sentence_with_a_next_step(talks: list[Talk], script: bytes, kind: type[HostelryError]) -> None:
    talks.append(talk := Talk(script))
    error = talk.ends()
    assert type(error) is kind
    assert error.what and error.next_step


def test_qemu_is_made_to_look_again_after_a_key(talks: list[Talk]) -> None:
    """And only QEMU: see ``app.console.vnc.nudge``."""
    extended = update(rectangle(0, 0, 0, 0, Encoding.QEMU_EXTENDED_KEY))
    for name in (b"QEMU (guest)", b"Xvnc"):
        talks.append(talk := Talk(VERSION + NO_SECURITY + server_init(name=name) + PICTURE + extended, None))
        talk.connects()
        talk.pump.until(lambda talk=talk: talk.client.features.scancodes)  # type: ignore[misc]
    qemu, xvnc = talks
    for talk in talks:
        talk.client.key(0x1E, ord("a"), True)
    qemu.pump.until(lambda: bytes(qemu.server.received).count(messages.no_key()) >= 3)
    assert messages.no_key() not in bytes(xvnc.server.received)


def test_unsupported_security_names_it(talks: list[Talk]) -> None:
    talks.append(talk := Talk(VERSION + b"\x02\x81\x1e"))
    assert "RealVNC RSA-AES-256" in str(talk.ends()) and "Apple Diffie-Hellman" in str(talk.client.error)


def test_closing_wakes_a_client_that_waits_for_a_silent_server(talks: list[Talk]) -> None:
    talks.append(talk := Talk(GREETING + PICTURE, None))
    talk.connects()
    talk.client.close()
    assert talk.ends() is None


def test_closing_wakes_a_client_that_waits_for_a_password(talks: list[Talk]) -> None:
    talks.append(talk := Talk(VERSION + b"\x01\x02" + bytes(16), None))
    talk.pump.until(lambda: b"\x02" in talk.server.received)
    talk.client.close()
    assert talk.ends() is None


def test_keys_go_as_scancodes_where_the_server_can_and_as_symbols_elsewhere(talks: list[Talk]) -> None:
    talks.append(
        talk := Talk(GREETING + PICTURE, None, update(rectangle(0, 0, 0, 0, Encoding.QEMU_EXTENDED_KEY)), None, hang_up=False)
    )
    talk.connects()
    talk.client.key(0xE01D, 0xFFE4, True)
    talk.pump.until(lambda: struct.pack(">BBxxI", 4, 1, 0xFFE4) in talk.server.received)
    talk.server.go.set()
    talk.pump.until(lambda: talk.client.features.scancodes)
    talk.client.key(0xE01D, 0xFFE4, True)
    talk.pump.until(lambda: struct.pack(">BBHII", 255, 0, 1, 0xFFE4, 0x9D) in talk.server.received)


def test_pointer_wheel_and_relative_motion(talks: list[Talk]) -> None:
    talks.append(talk := Talk(GREETING + PICTURE, None))
    talk.connects()
    talk.client.pointer(10, 20, Buttons.LEFT | Buttons.RIGHT)
    talk.client.wheel(10, 20, 0, 2)
    talk.client.pointer_relative(-3, 4, Buttons.NONE)
    wanted = struct.pack(">BBHH", 5, 5, 10, 20) + struct.pack(">BBHH", 5, 5 | 8, 10, 20) + struct.pack(">BBHH", 5, 5, 10, 20)
    talk.pump.until(lambda: wanted in talk.server.received)
    talk.pump.until(lambda: struct.pack(">BBHH", 5, 0, 0x7FFF - 3, 0x7FFF + 4) in talk.server.received)


def test_nobody_looks_nothing_is_asked_for(talks: list[Talk]) -> None:
    talks.append(talk := Talk(GREETING, None, PICTURE, b"\x02", hang_up=False))
    request = struct.pack(">BBHHHH", 3, 1, 0, 0, 64, 48)
    talk.client.watch(False)
    talk.pump.until(lambda: struct.pack(">BBHHHH", 3, 0, 0, 0, 64, 48) in talk.server.received)
    talk.server.go.set()
    bells: list[int] = []
    talk.client.bell.connect(lambda: bells.append(1))
    talk.pump.until(lambda: bells)
    assert request not in talk.server.received
    talk.client.watch(True)
    talk.pump.until(lambda: request in talk.server.received)


def test_a_server_that_does_not_read_ends_the_console_and_blocks_nobody(talks: list[Talk]) -> None:
    """The server's socket is not read: its end of the pair is silent, so that our sending fills up."""
    import socket

    ours, theirs = socket.socketpair()
    pump = Pump()
    client = VncClient(ours, wake=pump, local=True)
    theirs.sendall(GREETING + PICTURE)
    client.start()
    pump.until(lambda: client.state is ClientState.CONNECTED)
    for _ in range(3):
        client.send_text("x" * 2_000_000)
    pump.until(lambda: client.state is ClientState.CLOSED)
    assert "read" in str(client.error)
    theirs.close()
    assert client.join(10)


def test_a_flood_of_cursors_wakes_the_loop_once(talks: list[Talk]) -> None:
    cursor = update(*[rectangle(0, 0, 1, 1, Encoding.CURSOR, RED + b"\x80")] * 5000)
    talks.append(talk := Talk(GREETING + cursor + PICTURE, None))
    seen: list[object] = []
    talk.client.cursor_changed.connect(seen.append)
    done = threading.Event()
    talk.server._threads[0].join(0.5)
    done.wait(0.2)
    talk.connects()
    assert 1 <= len(seen) < 1000
