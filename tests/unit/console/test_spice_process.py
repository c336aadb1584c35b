"""The process of SPICE's library, played by small programs: news, its sudden end, silence, nonsense, floods, and that none is left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.console.spice import process, wire
from app.console.spice.process import LibraryProcess
from app.console.spice.wire import Message
from tests.fuzz.waiting import Pump

HEAD = """
import os, socket, sys, time
sys.path.insert(0, {root!r})
from app.console.spice import wire
sock = socket.socket(fileno=int(sys.argv[2]))
def tell(name, *args, payload=b""):
    sock.sendall(b"".join(wire.packed(name, *args, payload=payload)))
def heard():
    reader = wire.Reader(wire.ORDERS)
    while (messages := reader.receive(sock)) is not None:
        yield from messages
"""

Made = Callable[[str], "Played"]


class Played:
    """A process that runs ``story`` (Python); what it told is in ``heard``, how it ended in ``ends``."""

    def __init__(self, folder: Path, story: str, monkeypatch: pytest.MonkeyPatch) -> None:
        program = folder / "program.py"
        program.write_text(HEAD.format(root=str(Path(__file__).resolve().parents[3])) + story)
        monkeypatch.setattr(process, "PROGRAM", program)
        self.pump = Pump()
        self.heard: list[Message] = []
        self.ends: list[str] = []
        self.process = LibraryProcess(self.pump, self._sort, self.ends.append)

    def _sort(self, message: Message) -> Callable[[], None]:
        return lambda: self.heard.append(message)

    def gone(self) -> bool:
        """It has been waited for: not even a zombie is left."""
        return bool(self.process.pid) and not Path(f"/proc/{self.process.pid}").exists()


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    made: list[Played] = []

    def begin(story: str) -> Played:
        made.append(Played(tmp_path, story, monkeypatch))
        return made[-1]

    yield begin
    for one in made:
        one.process.close()
        one.pump.until(one.gone)


def test_orders_and_news_go_both_ways_in_their_order(play: Made) -> None:
    played = play("for message in heard():\n    tell('file_progress', *message.args, len(message.payload), 0)\n")
    for number in range(300):
        played.process.tell("file", number, payload=b"x" * number)
    played.pump.until(lambda: len(played.heard) == 300)
    assert [message.args for message in played.heard] == [(number, number, 0) for number in range(300)]
    played.process.close()
    played.pump.until(played.gone)
    assert not played.ends, "it was asked to"


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_an_end_by_a_signal_is_told_after_the_last_news(play: Made, name: str) -> None:
    played = play(f"import signal\ntell('mouse', 1)\nos.kill(os.getpid(), signal.{name})\n")
    played.pump.until(lambda: played.ends)
    assert played.ends == [name] and [message.name for message in played.heard] == ["mouse"]
    assert played.gone()


def test_a_process_that_ends_by_itself_says_with_what(play: Made) -> None:
    played = play("sys.exit(3)\n")
    played.pump.until(lambda: played.ends)
    assert played.ends == ["exit 3"]


@pytest.mark.parametrize("story", ["tell('mouse', 1)\nwhile True: pass\n", "tell('mouse', 1)\nos.kill(os.getpid(), 19)\n"],
                         ids=["loops", "stopped"])  # fmt: skip
def test_one_that_answers_no_more_is_ended(play: Made, monkeypatch: pytest.MonkeyPatch, story: str) -> None:
    monkeypatch.setattr(process, "PING_S", 0.1)
    monkeypatch.setattr(process, "SILENT_S", 0.4)
    played = play(story)
    played.pump.until(lambda: played.ends)
    assert played.ends == [process.SILENT] and played.gone()


def test_one_that_answers_is_left_alone(play: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PING_S", 0.05)
    monkeypatch.setattr(process, "SILENT_S", 0.3)
    played = play("for message in heard():\n    tell('pong', 1, 2)\n")
    played.pump.until(lambda: len(played.heard) > 12)
    assert not played.ends


@pytest.mark.parametrize("data", [b"\0" * 64, os.urandom(4096).hex().encode(), b"\x05\0\0\0\0\0\0\0[\"a\"]"])
def test_nonsense_ends_it(play: Made, data: bytes) -> None:
    played = play(f"sock.sendall({data!r})\ntime.sleep(60)\n")
    played.pump.until(lambda: played.ends)
    assert played.ends[0].startswith("nonsense") and played.gone()


def test_a_flood_waits_for_the_loop_and_the_loop_is_not_held_up(play: Made) -> None:
    played = play("while True:\n    tell('file_progress', 1, 2, 3)\n")
    played.pump.until(lambda: played.heard)
    longest = 0.0
    for _turn in range(30):
        begin, before = time.monotonic(), len(played.heard)
        played.pump.until(lambda before=before: len(played.heard) > before)  # type: ignore[misc]
        longest = max(longest, time.monotonic() - begin)
    assert longest < 5, "a turn of the loop takes some milliseconds"
    time.sleep(0.3)
    assert len(played.process._inbox._calls) <= 1001


def test_a_process_that_does_not_read_holds_nobody_up(play: Made) -> None:
    played = play("tell('mouse', 1)\ntime.sleep(60)\n")
    played.pump.until(lambda: played.heard)
    begin = time.monotonic()
    for _turn in range(5):
        played.process.tell("clipboard_give", 1, payload=bytes(wire.MAX_BYTES))
    assert time.monotonic() - begin < 20, "it sleeps for a minute"
    assert played.process._outbox._bytes <= 4 * wire.MAX_BYTES + 1000
    os.kill(played.process.pid, signal.SIGKILL)
    played.pump.until(lambda: played.ends)


def test_what_is_large_arrives_whole_with_the_socket_behind_it(play: Made) -> None:
    story = """
for message in heard():
    if message.fd >= 0:
        with socket.socket(fileno=message.fd) as given:
            given.sendall(b"here")
    else:
        time.sleep(0.2)
        tell('file_progress', len(message.payload), message.payload.count(b"x"), 0)
"""
    played = play(story)
    ours, theirs = socket.socketpair()
    with ours:
        ours.settimeout(20)
        played.process.tell("clipboard_give", 1, payload=b"x" * wire.MAX_BYTES)
        played.process.tell("socket", 1, carried=theirs)
        assert ours.recv(4) == b"here"
        assert ours.recv(1) == b"", "nobody else has it"
    played.pump.until(lambda: played.heard)
    assert played.heard[0].args == (wire.MAX_BYTES, wire.MAX_BYTES, 0)


def test_one_that_does_not_leave_is_made_to(play: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LEAVE_S", 0.2)
    played = play("tell('mouse', 1)\ntime.sleep(60)\n")
    played.pump.until(lambda: played.heard)
    played.process.close()
    played.pump.until(played.gone)
    assert not played.ends


def test_the_real_one_ends_with_the_program_however_that_ends(tmp_path: Path) -> None:
    """Also when it hangs: it is bound to the program's life by the kernel."""
    pytest.importorskip("gi")
    program = tmp_path / "program.py"
    program.write_text(f"""
import os, signal, sys, time
sys.path.insert(0, {str(Path(__file__).resolve().parents[3])!r})
from app.console.spice.process import LibraryProcess
told = []
process = LibraryProcess(lambda call: call(), lambda message: told.append(message), print)
while not told: time.sleep(0.01)
os.kill(process.pid, signal.SIGSTOP)
print(process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
""")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    end = time.monotonic() + 5
    while _alive(int(done.stdout)):
        assert time.monotonic() < end, "it outlived the program"
        time.sleep(0.01)


def _alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
