"""Fixtures of the end-to-end tests: the real program on a display, a driver for it, and a picture of each failure."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib.error import ConnectionClosedError, XError

from tests.e2e.driver import Driver
from tests.e2e.program import REPOSITORY, Program
from tests.lab.screen import Display
from tests.lab.world import LabError, World, missing_programs

Start = Callable[..., Driver]


def artefacts() -> Path:
    """Where pictures and logs of failed tests go: HOSTELRY_ARTEFACTS, or .artefacts in the repository."""
    folder = Path(os.environ.get("HOSTELRY_ARTEFACTS") or REPOSITORY / ".artefacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keeps the report of a failure while its display is still there: screen, widgets, program's log and daemon's log."""
    report = yield
    if report.failed and call.when != "teardown" and isinstance(item, pytest.Function):
        for value in list(item.funcargs.values()):
            _keep(report, item.name, value)
    return report


def _keep(report: pytest.TestReport, name: str, value: object) -> None:
    stem = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
    try:
        if isinstance(value, Display):
            path = value.picture().save(artefacts() / f"{stem}.png")
            report.sections.append(("Screen at the failure", str(path)))
        elif isinstance(value, Driver):
            report.sections.append(("Program's log", value.program.log[-5000:]))
            report.sections.append(("Shown at the failure", value.outline()))
        elif isinstance(value, World):
            report.sections.append((f"Log of {value.name}", value.log_tail()))
    except (LabError, OSError, XError, ConnectionClosedError) as error:
        report.sections.append(("Not kept", str(error)))


@pytest.fixture
def start_program(display: Display) -> Iterator[Start]:
    """`start_program(*arguments, on=world)` starts Hostelry on the display and gives its driver; all of it ends with the test.

    With `on=root_host` it runs within that host, so that its qemu:///system is the lab's; on a session world as its user.
    `settings={"shutdown-wait-s": 5}` are choices made earlier; `user=65534` runs it as that user (see `Program`).
    The test fails when the program has complained in its log.
    """
    if missing := missing_programs("dbus-daemon", "Xvfb", "virsh"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)}")
    drivers: list[Driver] = []

    def start(*arguments: str, **how: Any) -> Driver:
        from tests.e2e.program import HOSTELRY

        program = Program(display, [*HOSTELRY, *arguments], **how).open()
        drivers.append(Driver(program))
        return drivers[-1]

    yield start
    complaints = [line for driver in drivers for line in driver.program.complaints]
    for driver in drivers:
        driver.close()
        driver.program.close()
    if complaints:
        pytest.fail("The program complained:\n" + "\n".join(complaints), pytrace=False)
