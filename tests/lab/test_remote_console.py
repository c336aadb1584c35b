"""The screen of a guest on a host over SSH: picture and keys, on a good and on a long line, and what stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app import errors
from app.hosts.host import Host
from app.virt.tunnel import open_tunnel
from tests.lab import guests
from tests.lab.desk import Desk, Story, type_and_see, until
from tests.lab.hosts import RootHost
from tests.lab.ssh import PASSWORD, SshClient, SshServer
from tests.lab.test_remote_ssh import Person
from tests.lab.world import wait_for
from ui.aio import cancel_everything, make_loop
from ui.console.console_view import ConsoleView
from ui.console.situation import Button

Tell = Callable[[str, Person, Story], None]


@pytest.fixture
def tell(qapp: QApplication, tmp_path: Path) -> Iterator[Tell]:
    """Runs a story with the host of that address connected, on Qt's loop."""
    loop = make_loop(qapp)

    async def run(uri: str, person: Person, story: Story) -> None:
        host = Host(uri, label="far", ask=person)
        await host.connect()
        desk = Desk(host, tmp_path)
        try:
            await story(desk)
        finally:
            desk.close()
            await asyncio.sleep(0.1)
            await host.disconnect()
            await cancel_everything()

    yield lambda uri, person, story: loop.run_until_complete(run(uri, person, story))
    loop.close()
    asyncio.set_event_loop(None)


def boot(host: RootHost, graphics: str | None = None) -> guests.LabGuest:
    """A guest that shows each key."""
    serial = f"<serial type='file'><source path='{host.images}/boot.serial'/><target port='0'/></serial>"
    guest = guests.define_boot_sector(host, graphics=graphics, extra_devices=serial).start()
    log = host.images / "boot.serial"
    wait_for(lambda: log.exists() and b"READY" in log.read_bytes(), "the guest to wait for keys")
    return guest


async def press(view: ConsoleView, key: Qt.Key) -> None:
    """A key into the picture, seen there."""
    await until(lambda: view.situation().live)
    view.display.setFocus()
    await until(lambda: view.display.captured)
    await type_and_see(view, key)


@pytest.mark.parametrize(("rtt_s", "graphics"), [(0.0, None), (0.2, None), (0.0, guests.SPICE), (0.2, guests.SPICE)])
def test_picture_and_keys_with_one_question(
    tell: Tell, ssh_server: SshServer, ssh_client: SshClient, rtt_s: float, graphics: str | None
) -> None:
    """The server listens on the far host's loopback address only; the password is asked once for all."""
    guest = boot(ssh_server.host, graphics)
    ssh_server.link.rtt_s = rtt_s
    person = Person(PASSWORD)

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await press(view, Qt.Key.Key_A)

    tell(ssh_client.uri(ssh_server, "operator"), person, story)
    assert len(person.asked) == 1


@pytest.mark.parametrize("graphics", [guests.VNC_SOCKET, "<graphics type='spice'><listen type='socket'/></graphics>"])
def test_a_screen_at_a_unix_socket(tell: Tell, ssh_server: SshServer, ssh_client: SshClient, graphics: str) -> None:
    guest = boot(ssh_server.host, graphics)

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await press(view, Qt.Key.Key_B)

    tell(ssh_client.uri(ssh_server, keyfile=ssh_server.key), Person(), story)


def test_the_picture_comes_back_after_the_line_broke(tell: Tell, ssh_server: SshServer, ssh_client: SshClient) -> None:
    guest = boot(ssh_server.host)

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        ssh_server.link.drop()
        await until(lambda: not view.situation().live)
        desk.host.session.reconnect_now()
        await press(view, Qt.Key.Key_C)

    tell(ssh_client.uri(ssh_server, keyfile=ssh_server.key), Person(), story)


def test_the_picture_is_there_again_after_libvirt_s_restart(tell: Tell, ssh_server: SshServer, ssh_client: SshClient) -> None:
    guest = boot(ssh_server.host)

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        await asyncio.to_thread(ssh_server.host.restart_daemon)
        await until(lambda: desk.host.state.name == "CONNECTED", 40)
        await press(view, Qt.Key.Key_D)

    tell(ssh_client.uri(ssh_server, keyfile=ssh_server.key), Person(), story)


def test_nobody_listens_there(ssh_server: SshServer, ssh_client: SshClient) -> None:
    async def story() -> None:
        host = Host(ssh_client.uri(ssh_server, keyfile=ssh_server.key))
        await host.connect()
        with pytest.raises(errors.Disconnected) as raised:
            await open_tunnel(host.session, "127.0.0.1:9")
        assert "127.0.0.1:9" in raised.value.why
        await host.disconnect()

    asyncio.run(story())


def test_a_server_that_forbids_forwarding(ssh_server: SshServer, ssh_client: SshClient) -> None:
    ssh_server.configure("AllowTcpForwarding no\n")

    async def story() -> None:
        host = Host(ssh_client.uri(ssh_server, keyfile=ssh_server.key))
        await host.connect()
        with pytest.raises(errors.HostelryError) as raised:
            await open_tunnel(host.session, "127.0.0.1:5900")
        await host.disconnect()
        assert "AllowTcpForwarding" in raised.value.next_step
        await host.disconnect()

    asyncio.run(story())


def test_a_screen_without_address_says_what_to_do(tell: Tell, ssh_server: SshServer, ssh_client: SshClient) -> None:
    guest = boot(ssh_server.host, "<graphics type='vnc'><listen type='none'/></graphics>")

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().button is Button.RECONNECT)
        assert "listen" in view.situation().detail

    tell(ssh_client.uri(ssh_server, keyfile=ssh_server.key), Person(), story)
