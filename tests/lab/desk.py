"""A connected host with console pages on Qt's loop, for tests of the whole way from libvirt to the painted picture."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.actions.context import Context
from app.hosts.host import Host
from app.jobs.runner import JobRunner
from app.model.records import DomainRecord, DomainRef
from app.settings.store import Settings
from tests.lab import guests
from tests.lab.hosts import RootHost
from ui.aio import cancel_everything, make_loop
from ui.console.console_view import ConsoleView


class OneHost:
    """A list of hosts that has one."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.hosts = [host]

    def get(self, _host_id: str) -> Host:
        return self._host

    def domain(self, ref: DomainRef) -> DomainRecord | None:
        return self._host.inventory.domains.get(ref.uuid)


class Quiet:
    """A user interface that is asked nothing here."""

    def notify(self, _notice: object) -> None: ...

    async def show_error(self, error: Exception, _offers: object = ()) -> None:
        raise error


class Desk:
    """A host, a context and a page per machine."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.host = host
        ctx: Any = Context(OneHost(host), JobRunner(), Settings(folder, folder), Quiet())  # type: ignore[arg-type]
        self.ctx = ctx
        self.views: list[ConsoleView] = []

    async def open(self, guest: guests.LabGuest) -> ConsoleView:
        await until(lambda: guest.uuid in self.host.inventory.domains)
        view = ConsoleView(self.host, DomainRef(self.host.id, guest.uuid), self.ctx)
        self.views.append(view)
        view.resize(900, 640)
        view.show()
        view.activateWindow()
        return view

    def close(self) -> None:
        for view in self.views:
            view.end()
            view.hide()
            view.deleteLater()


Story = Callable[[Desk], Awaitable[None]]


async def until(check: Callable[[], object], timeout_s: float = 30) -> None:
    end = time.monotonic() + timeout_s
    while not check():
        assert time.monotonic() < end, "did not happen"
        await asyncio.sleep(0.02)


@pytest.fixture
def tell(qapp: QApplication, root_host: RootHost, tmp_path: Path) -> Iterator[Callable[[Story], None]]:
    """Runs a story with a connected host on Qt's loop; a test file imports this fixture by name."""
    loop = make_loop(qapp)

    async def run(story: Story) -> None:
        host = Host(root_host.uri, label="lab")
        await host.connect()
        desk = Desk(host, tmp_path)
        try:
            await story(desk)
        finally:
            desk.close()
            await host.disconnect()
            await cancel_everything()

    yield lambda story: loop.run_until_complete(run(story))
    loop.close()
    asyncio.set_event_loop(None)


def pixels(view: ConsoleView) -> bytes:
    framebuffer = view.display.picture.framebuffer
    return bytes(framebuffer.pixels) if framebuffer is not None else b""


async def settled(view: ConsoleView, still_s: float = 0.4, most_s: float = 3) -> bytes:
    """The picture once it has stood still: keys that were pressed earlier may still be on their way to a slow guest.

    A text screen's cursor never stands still, so it is not waited for longer than ``most_s``.
    """
    last, since, end = pixels(view), time.monotonic(), time.monotonic() + most_s
    while time.monotonic() < min(since + still_s, end):
        await asyncio.sleep(0.02)
        if pixels(view) != last:
            last, since = pixels(view), time.monotonic()
    return last


async def type_and_see(view: ConsoleView, key: Qt.Key) -> None:
    before = await settled(view)
    QTest.keyClick(view.display, key)
    await until(lambda: pixels(view) != before)
