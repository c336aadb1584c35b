"""The console page on a real libvirt: by button, key and pixel, through every state of a machine's life."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.console.spice import library
from tests.lab import guests
from tests.lab.desk import Desk, Story, type_and_see, until
from tests.lab.hosts import RootHost
from ui.console.situation import Button

SPICE = "<graphics type='spice'><listen type='none'/></graphics>"
WITH_PASSWORD = "<graphics type='vnc' passwd='sesame'><listen type='address' address='127.0.0.1'/></graphics>"


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
    tell: Callable[[Story], None], root_host: RootHost, monkeypatch: pytest.MonkeyPatch, graphics: str, word: str
) -> None:
    monkeypatch.setattr(library, "_described", lambda: False)  # as where SPICE's library is not installed
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
