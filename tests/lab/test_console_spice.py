"""SPICE consoles on real libvirt and QEMU: picture, keys, take-over, passwords, and everything that goes wrong."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.console.client import ClientState
from app.console.spice.client import SpiceClient
from app.console.spice.problems import LibraryEnded, TakenOver
from app.console.vnc.client import VncClient
from tests.lab import guests
from tests.lab.desk import Desk, Story, pixels, type_and_see, until
from tests.lab.hosts import RootHost
from ui.console.console_view import ConsoleView
from ui.console.protocol_choice import ProtocolChoice
from ui.console.situation import Button

NONE = "<graphics type='spice'><listen type='none'/></graphics>"
TCP = "<graphics type='spice' port='-1' autoport='yes'><listen type='address' address='127.0.0.1'/></graphics>"
SOCKET = "<graphics type='spice'><listen type='socket'/></graphics>"
BOTH = TCP + "<graphics type='vnc'><listen type='none'/></graphics>"

Tell = Callable[[Story], None]


async def seen(desk: Desk, guest: guests.LabGuest) -> ConsoleView:
    """A page whose picture is live and has the keyboard."""
    view = await desk.open(guest)
    await until(lambda: view.situation().live)
    view.display.setFocus()
    await until(lambda: view.display.captured)
    return view


def spice(view: ConsoleView) -> SpiceClient:
    client = view.connector.client
    assert isinstance(client, SpiceClient)
    return client


@pytest.mark.parametrize("graphics", [NONE, TCP, SOCKET, BOTH])
def test_a_spice_machine_shows_its_screen_and_takes_keys(tell: Tell, root_host: RootHost, graphics: str) -> None:
    guest = guests.define_boot_sector(root_host, graphics=graphics).start()
    guest.wait_paint()

    async def story(desk: Desk) -> None:
        view = await seen(desk, guest)
        assert spice(view).features.scancodes
        await type_and_see(view, Qt.Key.Key_C)
        await type_and_see(view, Qt.Key.Key_B)

    tell(story)


def test_a_machine_that_is_killed_and_started_again_comes_back(tell: Tell, root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics=TCP).start()

    async def story(desk: Desk) -> None:
        view = await seen(desk, guest)
        os.kill(guest.qemu_pid(), signal.SIGKILL)
        await until(lambda: view.situation().button is Button.START)
        guest.start()
        await until(lambda: view.situation().live)

    tell(story)


def test_a_reset_keeps_the_connection(tell: Tell, root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics=TCP).start()
    guest.wait_paint()

    async def story(desk: Desk) -> None:
        view = await seen(desk, guest)
        client, before = spice(view), pixels(view)
        root_host.virsh("reset", guest.name)
        await until(lambda: pixels(view) != before)
        assert spice(view) is client
        assert client.state is ClientState.CONNECTED

    tell(story)


def test_another_viewer_takes_over_and_is_answered_by_a_button(tell: Tell, root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics=TCP).start()

    async def story(desk: Desk) -> None:
        first = await seen(desk, guest)
        second = await desk.open(guest)
        await until(lambda: second.situation().live and not first.situation().live)
        await until(lambda: isinstance(first.connector.problem, TakenOver))
        assert first.situation().button is Button.RECONNECT
        QTest.mouseClick(first.cover.button, Qt.MouseButton.LeftButton)
        await until(lambda: first.situation().live and second.situation().button is Button.RECONNECT)

    tell(story)


def test_a_library_that_crashes_is_told_on_its_page_and_answered_by_a_button(tell: Tell, root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics=TCP).start()

    async def story(desk: Desk) -> None:
        view = await seen(desk, guest)
        os.kill(spice(view).connection.process.pid, signal.SIGSEGV)
        await until(lambda: isinstance(view.connector.problem, LibraryEnded))
        assert view.situation().button is Button.RECONNECT and "process" in view.situation().detail
        QTest.mouseClick(view.cover.button, Qt.MouseButton.LeftButton)
        await until(lambda: view.situation().live)

    tell(story)


def test_a_daemon_that_dies_and_comes_back_brings_the_screen_back(tell: Tell, root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics=TCP).start()
    guest.wait_paint()

    async def story(desk: Desk) -> None:
        view = await seen(desk, guest)
        root_host.kill_daemon()
        await until(lambda: not view.situation().live)
        root_host.start_daemon()
        await until(lambda: view.situation().live)

    tell(story)


def test_a_machine_with_two_protocols_is_shown_by_the_one_that_is_chosen(tell: Tell, root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics=BOTH).start()

    async def story(desk: Desk) -> None:
        view = await seen(desk, guest)
        assert isinstance(view.connector.client, SpiceClient)
        choice = next(each for each in view.features if isinstance(each, ProtocolChoice))
        choice.choose("vnc")
        await until(lambda: isinstance(view.connector.client, VncClient) and view.situation().live)
        desk.views.remove(view)
        view.end()
        view.hide()
        view.deleteLater()
        again = await desk.open(guest)
        await until(lambda: again.situation().live)
        assert isinstance(again.connector.client, VncClient)

    tell(story)
