"""A console's thread: frames, back-pressure, scrollback, log."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.console.text import log as log_module
from app.console.text.console import HIGH, ByteConsole
from app.console.text.log import TextLog, log_path
from app.errors import HostelryError


class FakeWire:
    """A line that keeps what is written."""

    def __init__(self) -> None:
        self.written = bytearray()
        self.holds: list[bool] = []

    def write(self, data: bytes) -> None:
        self.written += data

    def hold(self, held: bool) -> None:
        self.holds.append(held)

    def close(self) -> None: ...


def until(check: Callable[[], object], limit_s: float = 20) -> None:
    end = time.monotonic() + limit_s
    while not check():
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.005)


def wait_for(event: threading.Event) -> None:
    event.wait(20)


@pytest.fixture
def console() -> Iterator[ByteConsole]:
    """Its signals come on its own thread here."""
    made = ByteConsole(lambda call: call(), rows=5, cols=20, kept=100)
    made.changed.connect(made.take)
    made.take()
    yield made
    made.close()
    assert made.join(10)


def shown(console: ByteConsole) -> list[str]:
    return [line.text() for line in console.frame.rows]


def test_shows_what_comes_and_sends_what_is_typed(console: ByteConsole) -> None:
    wire = FakeWire()
    console.attach(wire)
    console.received(b"login: \x1b[6n")
    until(lambda: shown(console)[:1] == ["login: "] or shown(console)[:1] == ["login:"])
    console.send(b"root\r")
    assert bytes(wire.written) == b"\x1b[1;8Rroot\r"


def test_lines_are_numbered_over_screen_and_scrollback(console: ByteConsole) -> None:
    console.received(b"".join(b"line %d\r\n" % number for number in range(50)))
    until(lambda: console.frame.top == 46)
    assert [console.line(number).text() for number in (0, 45, 46, 49)] == ["line 0", "line 45", "line 46", "line 49"]


def test_keeps_so_many_lines_and_no_more(console: ByteConsole) -> None:
    console.received(b"".join(b"%d\r\n" % number for number in range(5000)))
    until(lambda: console.frame.top == 4996)
    assert console.scrollback.first == 4896
    assert console.line(4896).text() == "4896"
    assert console.line(4895).text() == ""


def test_rows_that_do_not_change_stay_the_same_object(console: ByteConsole) -> None:
    console.received(b"one\r\ntwo\r\n")
    until(lambda: shown(console)[1:2] == ["two"])
    before = console.frame.rows
    console.received(b"three")
    until(lambda: shown(console)[2:3] == ["three"])
    assert console.frame.rows[0] is before[0] and console.frame.rows[1] is before[1]


def test_a_flood_is_held_and_goes_on() -> None:
    console = ByteConsole(lambda call: call())
    wire = FakeWire()
    console.attach(wire)
    stop = threading.Event()
    console._command(lambda _emulator: wait_for(stop))  # the thread is busy, as with a slow parser
    sent = 0
    while not wire.holds:
        console.received(b"y\r\n" * 1000)
        sent += 3000
        assert sent < 2 * HIGH
    stop.set()
    until(lambda: wire.holds == [True, False])
    console.close()
    assert console.join(10)


def test_a_guest_that_asks_without_end_is_not_answered_without_end(console: ByteConsole) -> None:
    wire = FakeWire()
    console.attach(wire)
    console.received(b"\x1b[6n" * 4000 + b"done")
    until(lambda: "done" in shown(console)[0])
    assert len(wire.written) < 16_000


def test_clear_and_reset(console: ByteConsole) -> None:
    console.received(b"x\r\n" * 20 + b"\x1b(0\x1b[31mq")
    until(lambda: console.frame.top > 10)
    console.clear()
    until(lambda: shown(console) == [""] * 5)
    assert console.scrollback.first == console.scrollback.end
    console.reset()
    console.received(b"q")
    until(lambda: shown(console)[0] == "q")
    assert console.frame.rows[0].runs == ()


def test_the_bell_rings_once_for_many_in_a_row(console: ByteConsole) -> None:
    rings: list[int] = []
    console.bell.connect(lambda: rings.append(1))
    console.received(b"\x07" * 1000)
    until(lambda: rings)
    assert len(rings) < 20


def test_the_log_has_every_byte_for_its_owner_alone(console: ByteConsole, tmp_path: Path) -> None:
    path = log_path(tmp_path, "../web server/ü", "0123456789abcdef", "serial0")
    assert path.parent == tmp_path / "console-logs"
    console.use_log(TextLog(path))
    console.received(b"boot \x1b[31mred\r\n")
    until(lambda: path.exists() and path.read_bytes() == b"boot \x1b[31mred\r\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    console.use_log(None)
    console.received(b"secret")
    until(lambda: "secret" in shown(console)[1])
    assert b"secret" not in path.read_bytes()


def test_a_full_log_goes_on_in_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "LARGEST", 100)
    log = TextLog(tmp_path / "logs" / "a.log")
    log.open()
    for number in range(70):
        log.write(b"%09d\n" % number)
    log.close()
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["a.log", "a.log.1", "a.log.2", "a.log.3", "a.log.4"]
    assert (tmp_path / "logs" / "a.log.1").read_bytes().startswith(b"000000060")


def test_a_log_that_cannot_be_written_is_told_and_the_console_goes_on(console: ByteConsole, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    failed: list[HostelryError] = []
    console.log_failed.connect(failed.append)
    console.use_log(TextLog(Path("/dev/full")))
    console.received(b"hello")
    until(lambda: failed)
    assert failed[0].next_step
    console.received(b" again")
    until(lambda: shown(console)[0] == "hello again")


def test_a_log_never_follows_a_link(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    (tmp_path / "a.log").symlink_to(target)
    with pytest.raises(HostelryError):
        TextLog(tmp_path / "a.log").open()
    assert target.read_text() == "mine"
