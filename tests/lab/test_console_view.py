"""The console page on a real libvirt: by button, key and pixel, through every state of a machine's life."""

from __future__ import annotations

import asyncio
import os
import signal
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
from ui.console.situation import Button

SPICE = "<graphics type='spice'><listen type='none'/></graphics>"
WITH_PASSWORD = "<graphics type='vnc' passwd='sesame'><listen type='address' address='127.0.0.1'/></graphics>"


class OneHost:
    """A list of hosts that has one."""

    def __init__(self, host: Host) -> None:
        self._host = host

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
    """Runs a story with a connected host on Qt's loop."""
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


async def type_and_see(view: ConsoleView, key: Qt.Key) -> None:
    before = pixels(view)
    QTest.keyClick(view.display, key)
    await until(lambda: pixels(view) != before)


def test_a_machines_life_on_its_console(tell: Callable[[Story], None], root_host: RootHost) -> None:
    log = root_host.images / "boot.com1"
    serial = f"<serial type='file'><source path='{log}'/><target port='0'/></serial>"
    guest = guests.define_boot_sector(root_host, extra_devices=serial)

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        assert view.situation().button is Button.START
        QTest.mouseClick(view.cover.button, Qt.MouseButton.LeftButton)
        await until(lambda: view.situation().live)
        assert not view.cover.isVisible()
        await until(lambda: log.exists() and b"READY" in log.read_bytes())
        view.display.setFocus()
        await until(lambda: view.display.captured)
        await type_and_see(view, Qt.Key.Key_A)
        await type_and_see(view, Qt.Key.Key_B)
        root_host.virsh("suspend", guest.name)
        await until(lambda: view.situation().button is Button.RESUME)
        assert view.cover.isVisible() and not view.display.captured
        QTest.mouseClick(view.cover.button, Qt.MouseButton.LeftButton)
        await until(lambda: view.situation().live)
        before = view.connector.client
        root_host.virsh("reset", guest.name)
        await until(lambda: log.read_bytes().count(b"READY") == 2)
        assert view.connector.client is before
        view.display.setFocus()
        await type_and_see(view, Qt.Key.Key_C)
        root_host.virsh("destroy", guest.name)
        await until(lambda: view.situation().button is Button.START)
        root_host.virsh("start", guest.name)
        await until(lambda: view.situation().live)
        os.kill(root_host.qemu_pid(guest.name), signal.SIGKILL)
        await until(lambda: view.situation().button is Button.START)
        assert view.cover.isVisible()

    tell(story)


def test_full_screen_and_sizes_keep_the_connection(tell: Callable[[Story], None], root_host: RootHost) -> None:
    from ui.console.geometry import ScaleMode

    guest = guests.define_boot_sector(root_host).start()

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        client = view.connector.client
        view.set_full_screen(True)
        await until(lambda: view.display.window() is not view.window() and view.display.isVisible())
        QTest.keyClick(view.display, Qt.Key.Key_A)
        view.set_full_screen(False)
        await until(lambda: view.display.window() is view.window())
        view.set_mode(ScaleMode.ONE_TO_ONE)
        view.resize(400, 300)
        await until(lambda: view.display.width() >= view.display.sizeHint().width())
        for mode in ScaleMode:
            view.set_mode(mode)
        assert view.connector.client is client and view.situation().live

    tell(story)


@pytest.mark.parametrize(("graphics", "word"), [(" ", "graphics device"), (SPICE, "SPICE")])
def test_a_machine_without_a_screen_that_we_can_show_says_so(
    tell: Callable[[Story], None], root_host: RootHost, graphics: str, word: str
) -> None:
    guest = guests.define_boot_sector(root_host, graphics=graphics).start()

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: word in view.situation().text)
        assert view.situation().detail

    tell(story)


def test_libvirt_vouches_for_the_password(tell: Callable[[Story], None], root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics=WITH_PASSWORD).start()

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)

    tell(story)


def test_a_host_that_goes_and_comes_back(tell: Callable[[Story], None], root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host).start()

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        await desk.host.disconnect()
        await until(lambda: view.situation().button is Button.CONNECT_HOST)
        QTest.mouseClick(view.cover.button, Qt.MouseButton.LeftButton)
        await until(lambda: view.situation().live)

    tell(story)
