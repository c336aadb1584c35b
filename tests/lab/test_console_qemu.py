"""Our VNC client against QEMU's server: pictures by pixels, keys that change them, and QEMU's sudden death."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.console.client import Buttons, ClientState, Credentials
from app.console.framebuffer import Rect
from app.console.vnc.canvas import Canvas
from app.console.vnc.client import VncClient
from app.console.vnc.decoders import png
from app.console.vnc.protocol import Encoding
from app.errors import AuthFailed, Disconnected
from tests.fuzz.waiting import Pump
from tests.lab.qemu_vnc import VncQemu

A, B, Q_EXTENDED_UP = 0x1E, 0x30, 0xE048


class Viewer:
    """A client and its loop."""

    def __init__(
        self, qemu: VncQemu, *, password: str | None = None, encodings: tuple[int, ...] = (), local: bool = True
    ) -> None:
        self.pump = Pump()
        self.client = VncClient(qemu.connect(), wake=self.pump, local=local, password=password, encodings=encodings)
        self.client.damaged.connect(self._take)
        self.client.start()

    def _take(self) -> None:
        if self.client.framebuffer is not None:
            self.client.framebuffer.take_damage()

    def connected(self) -> Viewer:
        self.pump.until(lambda: self.client.state is not ClientState.CONNECTING)
        assert self.client.state is ClientState.CONNECTED, self.client.error
        return self

    def closed(self) -> None:
        self.pump.until(lambda: self.client.state is ClientState.CLOSED)

    def picture(self) -> tuple[int, int, bytes]:
        """As ``VncQemu.picture``."""
        framebuffer = self.client.framebuffer
        assert framebuffer is not None
        pixels = bytes(framebuffer.pixels)
        rgb = bytearray(len(pixels) // 4 * 3)
        rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        return framebuffer.width, framebuffer.height, bytes(rgb)

    def tap(self, code: int) -> None:
        self.client.key(code, 0, True)
        self.client.key(code, 0, False)


@pytest.fixture
def qemu(boot_sector: Path) -> Iterator[VncQemu]:
    with VncQemu(boot_sector) as machine:
        yield machine.ready()


@pytest.fixture
def viewer(qemu: VncQemu) -> Iterator[Callable[..., Viewer]]:
    """Makes viewers; they are closed at the end, and their threads end."""
    made: list[Viewer] = []

    def make(**how: object) -> Viewer:
        made.append(Viewer(qemu, **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.client.close()
        assert each.client.join(10)


@pytest.mark.parametrize("encoding", [Encoding.RAW, Encoding.ZLIB, Encoding.HEXTILE, Encoding.TIGHT, Encoding.TIGHT_PNG, Encoding.ZRLE])
def test_the_picture_is_qemus_own(qemu: VncQemu, viewer: Callable[..., Viewer], encoding: Encoding) -> None:
    seen = viewer(encodings=(encoding,)).connected()
    seen.tap(A)
    seen.pump.until(lambda: seen.picture() == qemu.picture())


def test_qemus_png_of_a_text_screen(boot_sector: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The firmware says that there is nothing to boot, and stays there."""
    drawn: list[tuple[int, int]] = []
    draw = png.draw

    def noting(data: bytes, canvas: Canvas, rect: Rect) -> None:
        drawn.append((rect.w, rect.h))
        draw(data, canvas, rect)

    monkeypatch.setattr(png, "draw", noting)
    with VncQemu(boot_sector, extra=("-boot", "order=n,strict=on")) as qemu:
        seen = Viewer(qemu, encodings=(Encoding.TIGHT_PNG,)).connected()
        seen.pump.until(lambda: drawn and any(seen.picture()[2]) and seen.picture() == qemu.picture())
        seen.client.close()
        assert seen.client.join(10)


def test_the_first_picture_does_not_wait_for_qemus_slow_beat(viewer: Callable[..., Viewer]) -> None:
    """With nobody connected QEMU looks at its screen every three seconds; we make it look at once (Session.poke)."""
    assert viewer().connected().client.features.scancodes


def test_nothing_is_written_into_the_guests_log(boot_sector: Path) -> None:
    """With a keyboard layout QEMU looks symbols up, and warns of those that it has not; we send it releases of no key."""
    with VncQemu(boot_sector, extra=("-k", "de")) as qemu:
        seen = Viewer(qemu.ready()).connected()
        seen.pump.until(lambda: seen.client.name.startswith("QEMU"))
        before = seen.picture()
        seen.client.key(A, ord("a"), True)
        seen.client.key(A, ord("a"), False)
        seen.pump.until(lambda: seen.picture() != before)
        time.sleep(0.2)
        seen.client.close()
        assert seen.client.join(10)
        qemu.process.kill()
        assert qemu.process.stderr is not None and qemu.process.stderr.read() == b""


def test_a_typed_key_changes_the_pixels(viewer: Callable[..., Viewer]) -> None:
    seen = viewer().connected()
    seen.tap(A)
    before = seen.picture()
    seen.tap(B)
    seen.pump.until(lambda: seen.picture() != before)


def test_the_picture_goes_on_after_a_reset(qemu: VncQemu, viewer: Callable[..., Viewer]) -> None:
    seen = viewer().connected()
    blank = seen.picture()
    seen.tap(A)
    # Painted over and over, or the guest starts again with the same picture as before.
    seen.pump.until(lambda: seen.picture() != blank and seen.picture() == qemu.picture())
    painted = seen.picture()
    qemu.qmp("system_reset")
    seen.pump.until(lambda: seen.picture() != painted)
    assert seen.client.state is ClientState.CONNECTED


def test_qemu_killed_is_a_closed_connection(qemu: VncQemu, viewer: Callable[..., Viewer]) -> None:
    seen = viewer().connected()
    qemu.process.kill()
    seen.closed()
    assert isinstance(seen.client.error, Disconnected)
    assert seen.client.error.next_step


def test_a_mouse_is_relative_and_the_guest_can_be_asked_for_a_size(viewer: Callable[..., Viewer]) -> None:
    seen = viewer().connected()
    seen.pump.until(lambda: not seen.client.features.absolute_pointer)
    seen.pump.until(lambda: seen.client.features.resize_guest)
    seen.client.pointer_relative(5, -5, Buttons.LEFT)
    seen.client.wheel(0, 0, 0, -1)
    seen.client.resize_guest(800, 600)
    seen.tap(A)
    before = seen.picture()
    seen.tap(B)
    seen.pump.until(lambda: seen.picture() != before)


def test_two_viewers_see_the_same(viewer: Callable[..., Viewer]) -> None:
    first, second = viewer().connected(), viewer(local=False).connected()
    first.tap(A)
    first.pump.until(lambda: first.picture()[2][:3] != b"\0\0\0")
    second.pump.until(lambda: second.picture() == first.picture())


def test_a_password_right_wrong_and_asked_for(boot_sector: Path) -> None:
    with VncQemu(boot_sector, password="sesame") as qemu:
        good = Viewer(qemu, password="sesame").connected()
        bad = Viewer(qemu, password="wrong")
        bad.closed()
        assert isinstance(bad.client.error, AuthFailed)
        asked: list[bool] = []
        slow = Viewer(qemu)
        slow.client.credentials_needed.connect(lambda _name, password: asked.append(password))
        slow.pump.until(lambda: asked)
        slow.client.answer(Credentials(password="sesame"))
        slow.connected()
        for each in (good, slow):
            each.client.close()
            assert each.client.join(10)
