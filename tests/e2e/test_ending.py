"""The program ends cleanly when it is told to, and when there is nothing left to show it on."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.program import HOSTELRY, Program
from tests.lab.screen import Display
from tests.lab.world import missing_programs, wait_for

PRACTICE = "test:///default"


@pytest.fixture
def program(display: Display, tmp_path: Path) -> Iterator[Program]:
    """The program with the practice host's machine in its list."""
    if missing := missing_programs("dbus-daemon"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)}")
    trace = tmp_path / "trace"
    with Program(display, [*HOSTELRY, "--connect", PRACTICE], env={"HOSTELRY_TRACE": str(trace)}) as started:
        wait_for(lambda: not started.runs() or (trace.exists() and "loaded rows=" in trace.read_text()), "the list", 60)
        assert started.runs(), started.log
        yield started


def remembered(program: Program) -> dict[str, object]:
    """The state that it has written."""
    found: dict[str, object] = json.loads((program.folder / "state/hostelry/state.json").read_text())
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(program: Program, number: signal.Signals) -> None:
    program.kill(number)
    assert program.complaints == []
    assert "window-geometry" in remembered(program)


def test_a_display_that_dies_ends_it_with_one_sentence(program: Program, display: Display) -> None:
    display.end_server()
    program.wait_end()
    (complaint,) = program.complaints  # its own log's copy of the sentence
    assert complaint.endswith(program.log.splitlines()[0])
    assert program.log.startswith("The display is gone")
    assert "window-geometry" in remembered(program)
