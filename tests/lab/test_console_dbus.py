"""QEMU's D-Bus display by libvirt's own socket: pictures by pixels, keys, another look, QEMU's death, its sleep."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QImage

from app.console.client import Buttons, ClientState
from app.console.dbus.client import DbusClient
from app.console.framebuffer import Framebuffer
from app.console.graphics import parse_graphics
from app.console.protocols import Opening
from app.console.transport import Link
from app.errors import Busy
from app.virt import domains
from tests.fuzz.waiting import Pump
from tests.lab import guests, media
from tests.lab.guests import LabGuest
from tests.lab.test_engine_host import connected
from tests.lab.world import SessionWorld, wait_for

DBUS = "<graphics type='dbus' p2p='yes'/>"
A, B = 0x1E, 0x30


class Viewer:
    """A client and its loop."""

    def __init__(self, guest: LabGuest) -> None:
        async def open_socket() -> Link:
            async with connected(guest.world.uri) as host:
                return Link(await domains.open_graphics(host.session, guest.uuid, 0, skip_auth=True), True)

        async def more() -> Link:
            raise NotImplementedError

        self.pump = Pump()
        self.guest = guest
        info = next(info for info in parse_graphics(guest.xml()) if info.type == "dbus")
        self.client = DbusClient(Opening(info, asyncio.run(open_socket()), more, self.pump))
        self.client.damaged.connect(self._take)
        self.client.start()

    def _take(self) -> None:
        self.screen.take_damage()

    @property
    def screen(self) -> Framebuffer:
        assert self.client.framebuffer is not None
        return self.client.framebuffer

    def connected(self) -> Viewer:
        self.pump.until(lambda: self.client.state is not ClientState.CONNECTING)
        assert self.client.state is ClientState.CONNECTED, self.client.error
        return self

    def picture(self) -> bytes:
        """Red, green, blue of every pixel."""
        screen = self.screen
        image = QImage(screen.pixels, screen.width, screen.height, screen.stride, QImage.Format.Format_RGB32)
        return rgb(image)

    def tap(self, code: int) -> None:
        self.client.key(code, 0, True)
        self.client.key(code, 0, False)

    def paint(self) -> bytes:
        """A guest that reads keys has painted its screen in the colour of one; what is seen then."""
        keys = iter([A, B] * 100)
        before = self.picture()

        def painted() -> bool:
            self.tap(next(keys))
            self.pump.until(self.pump.empty)
            return media.in_boot_sector_graphics(self.guest.screenshot()) and self.picture() != before

        wait_for(painted, "the guest to paint", 20, 0.3)
        return self.picture()


def rgb(image: QImage) -> bytes:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width = plain.width() * 3
    lines = bytes(plain.constBits())
    return b"".join(lines[y * plain.bytesPerLine() : y * plain.bytesPerLine() + width] for y in range(plain.height()))


@pytest.fixture
def guest(session_world: SessionWorld) -> LabGuest:
    return guests.define_boot_sector(session_world, graphics=DBUS).start()


@pytest.fixture
def viewer(guest: LabGuest) -> Iterator[Callable[[], Viewer]]:
    """Makes viewers; their threads end with the test."""
    made: list[Viewer] = []

    def make() -> Viewer:
        made.append(Viewer(guest))
        return made[-1]

    yield make
    for each in made:
        each.client.close()
        each.pump.until(lambda each=each: each.client.state is ClientState.CLOSED)  # type: ignore[misc]
        assert each.client.join(10)


def test_the_picture_is_qemus_own_pixel_by_pixel(guest: LabGuest, viewer: Callable[[], Viewer]) -> None:
    seen = viewer().connected()
    seen.paint()
    seen.pump.until(lambda: seen.picture() == rgb(QImage.fromData(guest.screenshot())))
    seen.pump.until(lambda: guest.name in seen.client.name)


def test_input_of_every_kind_is_taken(guest: LabGuest, viewer: Callable[[], Viewer]) -> None:
    seen = viewer().connected()
    seen.paint()
    seen.client.pointer(5, 5, Buttons.LEFT)
    seen.client.pointer(9, 9, Buttons.NONE)
    seen.client.pointer_relative(3, -3, Buttons.RIGHT)
    seen.client.wheel(0, 0, 1, -1)
    seen.client.resize_guest(800, 600)
    seen.client.send_text("text for nobody")
    seen.paint()
    assert seen.client.state is ClientState.CONNECTED
    assert guest.state == "running"


def test_who_does_not_look_lets_go_and_comes_back(guest: LabGuest, viewer: Callable[[], Viewer]) -> None:
    seen = viewer().connected()
    before = seen.paint()
    seen.client.watch(False)
    guest.wait_paint()
    last = seen.picture()
    assert seen.client.state is ClientState.CONNECTED
    seen.client.watch(True)
    seen.pump.until(lambda: seen.picture() == rgb(QImage.fromData(guest.screenshot())))
    assert before and last and guest.state == "running"


def test_a_reset_guest_goes_on(guest: LabGuest, viewer: Callable[[], Viewer]) -> None:
    seen = viewer().connected()
    painted = seen.paint()
    guest.world.virsh("reset", guest.name)
    seen.pump.until(lambda: seen.picture() != painted)
    seen.paint()
    assert seen.client.state is ClientState.CONNECTED


def test_qemu_killed_is_a_closed_connection(guest: LabGuest, viewer: Callable[[], Viewer]) -> None:
    seen = viewer().connected()
    os.kill(guest.qemu_pid(), signal.SIGKILL)
    seen.pump.until(lambda: seen.client.state is ClientState.CLOSED)
    assert isinstance(seen.client.error, Busy) and seen.client.error.next_step


def test_a_hung_qemu_holds_nobody_up(guest: LabGuest, viewer: Callable[[], Viewer]) -> None:
    seen = viewer().connected()
    pid = guest.qemu_pid()
    os.kill(pid, signal.SIGSTOP)
    try:
        for _turn in range(20_000):
            seen.tap(A)
        seen.client.close()
        assert seen.client.join(10)
    finally:
        os.kill(pid, signal.SIGCONT)
    seen.pump.until(lambda: seen.client.state is ClientState.CLOSED)
    assert seen.client.error is None


def test_a_viewer_that_comes_later_takes_the_screen_and_is_not_robbed_of_it(guest: LabGuest, viewer: Callable[[], Viewer]) -> None:
    first = viewer().connected()
    first.paint()
    second = viewer().connected()
    second.pump.until(lambda: second.picture() == rgb(QImage.fromData(guest.screenshot())))
    first.pump.until(lambda: first.client.state is ClientState.CLOSED)
    assert isinstance(first.client.error, Busy), "no error after which the page connects by itself"
    assert "Another viewer" in first.client.error.why
    second.paint()
    assert guest.state == "running"
