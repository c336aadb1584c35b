"""What must not happen to the process of SPICE's library: to stay behind a mistake, or to lose orders that it would have read."""

from __future__ import annotations

import logging
import socket
import time
from pathlib import Path

import pytest

from app.console.spice import outbox, process
from app.console.spice.outbox import Outbox
from app.console.spice.process import LibraryProcess
from tests.fuzz.waiting import Pump
from tests.unit.console.test_spice_process import HEAD

TELLS = HEAD.format(root=str(Path(__file__).resolve().parents[3])) + "tell('mouse', 1)\nfor message in heard():\n    pass\n"


def test_a_mistake_of_ours_ends_the_connection_and_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = tmp_path / "program.py"
    program.write_text(TELLS)
    monkeypatch.setattr(process, "PROGRAM", program)
    ends: list[str] = []
    pump = Pump()

    def sort(_message: object) -> None:
        raise KeyError("unforeseen")

    with caplog.at_level(logging.CRITICAL):
        made = LibraryProcess(pump, sort, ends.append)
        pump.until(lambda: bool(ends))
    assert "unforeseen" in ends[0]
    pump.until(lambda: not Path(f"/proc/{made.pid}").exists())


def test_orders_that_were_read_do_not_count_as_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that reads slowly, but reads, gets all of them."""
    monkeypatch.setattr(outbox, "MOST", 1 << 20)
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    box = Outbox(ours)
    piece, got, put = b"x" * (64 << 10), 0, 0
    end = time.monotonic() + 20
    with ours, theirs:
        while put < 64 and time.monotonic() < end:
            if put - got // len(piece) < 12:  # never all that may wait, and never nothing
                box.put(piece)
                put += 1
            else:
                got += _read(theirs)
        while got < put * len(piece) and time.monotonic() < end:
            got += _read(theirs)
        box.close()
    assert got == 64 * len(piece)


def _read(sock: socket.socket) -> int:
    try:
        return len(sock.recv(16 << 10))
    except BlockingIOError:
        time.sleep(0.001)
        return 0
