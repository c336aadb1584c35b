"""Servers that stall, crawl, die or change their minds: the console goes on, or ends with a sentence."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from app.console.client import ClientState
from app.console.vnc import line
from app.console.vnc.protocol import Encoding
from app.errors import Disconnected, HostelryError, Invalid, TimedOut
from tests.fuzz import encoders
from tests.fuzz.servers import raw, rectangle, update
from tests.unit.console.test_client import GREETING, PICTURE, Talk

BLUE = b"\xff\0\0\0"
STALL_S = 0.2


@pytest.fixture
def talks() -> Iterator[list[Talk]]:
    made: list[Talk] = []
    yield made
    for talk in made:
        talk.client.close()
        assert talk.client.join(10)
        talk.server.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else takes half a minute."""
    monkeypatch.setattr(line, "STALL_S", STALL_S)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("cut", [1, 3, 10, 20, 5000], ids="after {} bytes".format)
def test_a_stall_within_an_update_ends_with_a_sentence(talks: list[Talk], cut: int) -> None:
    talks.append(talk := Talk(GREETING + PICTURE + update(raw(0, 0, 64, 48, BLUE))[:cut], None))
    error = talk.ends()
    assert isinstance(error, TimedOut) and error.next_step


@pytest.mark.usefixtures("impatient")
def test_silence_between_updates_is_no_fault(talks: list[Talk]) -> None:
    talks.append(talk := Talk(GREETING + PICTURE, None, update(raw(0, 0, 64, 48, BLUE)), None))
    talk.connects()
    quiet = threading.Timer(3 * STALL_S, talk.server.go.set)
    quiet.start()
    framebuffer = talk.client.framebuffer
    assert framebuffer is not None
    talk.pump.until(lambda: bytes(framebuffer.pixels[:4]) == BLUE)
    quiet.join()
    assert talk.client.state is ClientState.CONNECTED


@pytest.mark.usefixtures("impatient")
def test_one_byte_at_a_time_is_slow_and_right(talks: list[Talk]) -> None:
    """Each byte in a write of its own: hextile, ZRLE and Tight among them."""
    rows = [[0x3465A4 if (x + y) % 3 else 0xEEEEEC for x in range(20)] for y in range(18)]
    picture = np.array(rows, dtype=np.uint32)
    parts = [
        rectangle(0, 0, 20, 18, Encoding.HEXTILE, encoders.hextile(picture)),
        rectangle(20, 0, 20, 18, Encoding.ZRLE, encoders.zrle(picture, encoders.Stream())),
        rectangle(40, 0, 20, 18, Encoding.TIGHT, encoders.tight_palette(picture, encoders.Stream())),
    ]
    data = GREETING + update(*parts)
    talks.append(talk := Talk(*(data[at : at + 1] for at in range(len(data))), None))
    talk.connects()
    framebuffer = talk.client.framebuffer
    assert framebuffer is not None
    pixels = np.frombuffer(framebuffer.pixels, dtype="<u4").reshape(48, 64) & 0xFFFFFF
    for x in (0, 20, 40):
        assert np.array_equal(pixels[:18, x : x + 20], picture)


def test_a_new_size_in_the_middle_of_an_update(talks: list[Talk]) -> None:
    parts = update(raw(0, 0, 64, 48, BLUE), rectangle(0, 0, 200, 100, Encoding.DESKTOP_SIZE), raw(190, 90, 10, 10, BLUE))
    talks.append(talk := Talk(GREETING + parts, None))
    talk.connects()
    framebuffer = talk.client.framebuffer
    assert framebuffer is not None and (framebuffer.width, framebuffer.height) == (200, 100)
    assert bytes(framebuffer.pixels[-4:]) == BLUE and not any(framebuffer.pixels[: 64 * 4])


def test_pixels_of_the_size_before_are_refused(talks: list[Talk]) -> None:
    parts = update(rectangle(0, 0, 20, 10, Encoding.DESKTOP_SIZE), raw(0, 0, 64, 48, BLUE))
    talks.append(talk := Talk(GREETING + PICTURE + parts, None))
    assert isinstance(talk.ends(), Invalid)


@pytest.mark.parametrize("cut", [2, 30, 700])
def test_a_server_that_dies_within_an_update(talks: list[Talk], cut: int) -> None:
    talks.append(talk := Talk(GREETING + PICTURE + update(raw(0, 0, 64, 48, BLUE))[:cut]))
    error = talk.ends()
    assert isinstance(error, Disconnected) and error.next_step


@pytest.mark.parametrize("encoding", [Encoding.ZLIB, Encoding.ZRLE])
def test_a_length_that_is_a_lie_takes_no_memory(talks: list[Talk], encoding: Encoding) -> None:
    lie = update(rectangle(0, 0, 64, 48, encoding, struct.pack(">I", 0x7FFFFFFF)))
    talks.append(talk := Talk(GREETING + PICTURE + lie, None))
    error: HostelryError | None = talk.ends()
    assert isinstance(error, Invalid) and error.next_step


def test_the_system_asks_a_silent_peer_for_a_sign_of_life() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as sock:
        line.Line(sock).notice_silence()
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 60
