"""QEMU's D-Bus display on a real desktop with an agent: clipboard both ways, the guest follows the window, two screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage

from app.console.capabilities import Monitors
from app.console.client import ClientState
from tests.lab import media, spice_guest
from tests.lab.spice_guest import SpiceGuest
from tests.lab.test_console_dbus import DBUS, Viewer, rgb
from tests.lab.world import SessionWorld, wait_for

AGENT = (
    "<channel type='qemu-vdagent'><source><clipboard copypaste='yes'/></source>"
    "<target type='virtio' name='com.redhat.spice.0'/></channel>"
)


@pytest.fixture
def desktop(session_world: SessionWorld) -> SpiceGuest:
    """X and spice-vdagent behind QEMU's own end of the agent's channel; a card with two screens."""
    session_world.put(media.kernel("generic"), "vmlinuz-generic")
    session_world.put(spice_guest.initrd(), "spice.img")
    xml = spice_guest.desktop_xml(session_world, "desktop", video="virtio", heads=2, graphics=DBUS)
    for piece in (spice_guest.USB, spice_guest.SOUND, spice_guest.WEBDAV):
        xml = xml.replace(piece, "")
    session_world.define(xml.replace(spice_guest.AGENT, AGENT))
    guest = SpiceGuest(session_world, "desktop")
    guest.start()
    spice_guest.wait_ready(guest)
    said = "grep -c 'received version' /var/log/vdagent"
    wait_for(lambda: guest.shell(said, check=False).strip() == "1", "the agent to have greeted QEMU", 30, 0.3)
    return guest


@pytest.fixture
def viewer(desktop: SpiceGuest) -> Iterator[Viewer]:
    made = Viewer(desktop).connected()
    yield made
    made.client.close()
    made.pump.until(lambda: made.client.state is ClientState.CLOSED)
    assert made.client.join(10)


def test_a_desktop_with_its_agent(desktop: SpiceGuest, viewer: Viewer) -> None:
    """One test, as the desktop takes a while to start."""
    clipboard_both_ways(desktop, viewer)
    follows_the_window(desktop, viewer)
    second_screen(viewer)
    viewer.pump.until(lambda: viewer.picture() == rgb(QImage.fromData(desktop.screenshot())))


def clipboard_both_ways(desktop: SpiceGuest, viewer: Viewer) -> None:
    came: list[str] = []
    viewer.client.cut_text.connect(came.append)
    viewer.pump.until(lambda: viewer.client.features.clipboard)
    desktop.copy("Zwischenablage ✓".encode())
    viewer.pump.until(lambda: came == ["Zwischenablage ✓"])
    viewer.client.send_text("Привет из окна")
    wait_for(lambda: desktop.paste().decode() == "Привет из окна", "the text in the guest", 20, 0.3)


def follows_the_window(desktop: SpiceGuest, viewer: Viewer) -> None:
    viewer.client.resize_guest(1000, 640)
    viewer.pump.until(lambda: (viewer.screen.width, viewer.screen.height) == (1000, 640), timeout_s=60)
    assert desktop.screen_size()[0] >= 1000
    assert viewer.client.features.resize_guest


def second_screen(viewer: Viewer) -> None:
    viewer.pump.until(lambda: viewer.client.features.monitors == 2)
    assert isinstance(viewer.client, Monitors)
    second = viewer.client.monitor(1)
    assert second is viewer.client.monitor(1) and viewer.client.monitor(0) is viewer.client
    second.start()
    viewer.pump.until(lambda: second.state is ClientState.CONNECTED)
    assert second.framebuffer is not None
