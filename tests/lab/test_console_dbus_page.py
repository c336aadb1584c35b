"""The console page of a machine whose only display is D-Bus: through its life, hidden and shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from app.console.dbus.client import DbusClient
from tests.lab import guests
from tests.lab.desk import Desk, Story, pixels, settled, type_and_see, until
from tests.lab.hosts import RootHost
from tests.lab.test_console_dbus import DBUS
from ui.console.situation import Button


def test_a_machines_life_by_dbus_alone(tell: Callable[[Story], None], root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics=DBUS).start()

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        assert isinstance(view.connector.client, DbusClient)
        guest.wait_paint()
        view.display.setFocus()
        await until(lambda: view.display.captured)
        await type_and_see(view, Qt.Key.Key_A)
        await type_and_see(view, Qt.Key.Key_B)
        view.hide()
        guest.wait_paint()
        view.show()
        before = await settled(view)
        guest.send_keys("KEY_D")
        await until(lambda: pixels(view) != before)
        root_host.virsh("destroy", guest.name)
        await until(lambda: view.situation().button is Button.START)
        root_host.virsh("start", guest.name)
        await until(lambda: view.situation().live)

    tell(story)
