"""When updates are asked for."""

from __future__ import annotations

import struct
import threading
import time

import pytest

from app.console.vnc import requests
from app.console.vnc.beat import Beat
from app.console.vnc.messages import continuous_updates, fence, update_request
from app.console.vnc.protocol import Encoding
from app.console.vnc.requests import UpdateRequests
from app.errors import Invalid
from tests.fuzz.servers import play, raw, rectangle, update

ASK = update_request(64, 48, incremental=True)
WHOLE = update_request(64, 48, incremental=False)
ON, OFF = (continuous_updates(64, 48, enable=on) for on in (True, False))
FRAME = update(raw(0, 0, 2, 2, b"abcd"))
CAN_GO_ON = b"\x96"


@pytest.fixture
def sent() -> list[bytes]:
    return []


@pytest.fixture
def asking(sent: list[bytes]) -> UpdateRequests:
    made = UpdateRequests(sent.append)
    made.screen(64, 48)
    return made


def test_hidden_nothing_is_asked_and_it_is_made_up_for(asking: UpdateRequests, sent: list[bytes]) -> None:
    asking.next()
    asking.watch(False)
    asking.next()
    assert sent == [ASK]
    asking.watch(True)
    asking.watch(True)
    assert sent == [ASK, ASK]


def test_a_server_that_sends_by_itself_is_not_asked(asking: UpdateRequests, sent: list[bytes]) -> None:
    asking.go_on_by_itself()
    asking.next()
    asking.go_on_by_itself()
    assert sent == [ON]


def test_a_server_that_sends_by_itself_is_stopped_while_hidden(asking: UpdateRequests, sent: list[bytes]) -> None:
    asking.go_on_by_itself()
    asking.watch(False)
    asking.next()
    asking.watch(True)
    asking.whole()
    assert sent == [ON, OFF, ON, ON, WHOLE]


def test_it_may_begin_while_hidden(asking: UpdateRequests, sent: list[bytes]) -> None:
    asking.watch(False)
    asking.go_on_by_itself()
    assert sent == []
    asking.watch(True)
    assert sent == [ON]


def test_the_session_goes_on_by_itself() -> None:
    assert bytes(play(FRAME + CAN_GO_ON + FRAME).sent) == ASK + ON


def test_a_new_size_goes_on_too() -> None:
    notes = play(CAN_GO_ON + update(rectangle(0, 0, 32, 16, Encoding.DESKTOP_SIZE)))
    assert bytes(notes.sent) == ON + continuous_updates(32, 16, enable=True) + update_request(32, 16, incremental=False)


def test_a_fence_comes_back() -> None:
    notes = play(struct.pack(">B3xIB", 248, 1 << 31 | 0b111, 4) + b"abcd" + b"\x02")
    assert bytes(notes.sent) == fence(0b011, b"abcd")
    assert notes.events == [("bell", None)]


def test_an_answer_to_a_fence_is_not_answered() -> None:
    assert not play(struct.pack(">B3xIB", 248, 0b11, 0)).sent


def test_a_huge_fence_is_garbage() -> None:
    assert isinstance(play(struct.pack(">B3xIB", 248, 1 << 31, 65)).error, Invalid)


class Answering:
    """Notes when requests come; ``updates`` plays a server's."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)
        self.requests = UpdateRequests(lambda _data: self.asked.release())
        self.requests.pace()

    def answered(self) -> bool:
        return self.asked.acquire(timeout=10)


def test_far_away_it_asks_again_while_updates_flow_and_then_rests() -> None:
    server = Answering()
    server.requests.next()
    server.requests.drawn()
    assert all(server.answered() for _ in range(3))
    time.sleep(2 * requests.FLOWS_S)
    while server.asked.acquire(blocking=False):
        pass
    assert not server.asked.acquire(timeout=3 * requests.AGAIN_S)
    server.requests.next()
    server.requests.drawn()
    assert all(server.answered() for _ in range(3))
    server.requests.close()


def test_a_beat_ends_with_its_call() -> None:
    called = threading.Semaphore(0)
    beat = Beat(called.release, first_s=0.001, every_s=0.001, lasts_s=20)
    beat.close()
    beat.go()
    beat = Beat(called.release, first_s=0.001, every_s=0.001, lasts_s=20)
    beat.go()
    assert called.acquire(timeout=10) and called.acquire(timeout=10)
    beat.close()
    while called.acquire(blocking=False):
        pass
    beat.go()
    assert not called.acquire(timeout=0.05)


def test_while_an_update_arrives_nothing_more_is_asked() -> None:
    server = Answering()
    server.requests.drawn()
    server.requests.next()
    while server.asked.acquire(timeout=requests.AGAIN_S / 3):
        pass
    assert not server.asked.acquire(timeout=3 * requests.AGAIN_S)
    server.requests.close()
