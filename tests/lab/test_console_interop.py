"""Our VNC client's pictures beside those of servers that we did not write: every encoding, pixel by pixel."""

from __future__ import annotations

import shutil
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.console.client import ClientState, Cursor
from app.console.vnc import drawing
from app.console.vnc.client import VncClient
from app.console.vnc.decoders import registry
from app.console.vnc.decoders.base import Decoder
from app.console.vnc.native.library import library
from app.console.vnc.protocol import Encoding
from app.errors import Disconnected
from tests.fuzz.waiting import Pump
from tests.lab.faults import Link
from tests.lab.secure_vnc import X11Vnc, XServer
from tests.lab.x_pictures import XPainter, photo_like, text_like

pytestmark = pytest.mark.lab

LOSSLESS = [Encoding.RAW, Encoding.HEXTILE, Encoding.TIGHT, Encoding.ZRLE]
"""What Xvnc speaks."""

ONLY_X11VNC = [Encoding.ZLIB]


class Viewer:
    """A client at a port of this machine that is offered one encoding, and CopyRect."""

    def __init__(self, port: int, *encodings: int) -> None:
        self.pump = Pump()
        sock = socket.create_connection(("127.0.0.1", port), 10)
        self.client = VncClient(sock, wake=self.pump, local=True, encodings=(*encodings, Encoding.COPYRECT))
        self.cursors: list[Cursor] = []
        self.client.cursor_changed.connect(self.cursors.append)
        self.client.damaged.connect(self._take)
        self.client.start()
        self.pump.until(lambda: self.client.state is not ClientState.CONNECTING)
        assert self.client.state is ClientState.CONNECTED, self.client.error

    def _take(self) -> None:
        if self.client.framebuffer is not None:
            self.client.framebuffer.take_damage()

    def pixels(self) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
        """[row, column, red green blue]."""
        framebuffer = self.client.framebuffer
        assert framebuffer is not None
        return np.frombuffer(bytes(framebuffer.pixels), dtype=np.uint8).reshape(framebuffer.height, framebuffer.width, 4)[..., 2::-1]

    def shows(self, painter: XPainter) -> bool:
        """Whether the picture is the X server's."""
        return self.pixels().tobytes() == painter.picture()

    def close(self) -> None:
        self.client.close()
        assert self.client.join(10)


@pytest.fixture(scope="module")
def xvnc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XServer]:
    if shutil.which("Xtigervnc") is None:
        pytest.skip("TigerVNC's Xvnc is not installed (tigervnc-standalone-server)")
    with XServer(tmp_path_factory.mktemp("xvnc"), "-SecurityTypes", "None", "-AlwaysShared") as server:
        yield server


@pytest.fixture(scope="module")
def x11vnc(xvnc: XServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[X11Vnc]:
    if shutil.which("x11vnc") is None:
        pytest.skip("x11vnc is not installed")
    with X11Vnc(xvnc.display, tmp_path_factory.mktemp("x11vnc"), "-nocursor", "-nopw") as server:
        yield server


@pytest.fixture
def painter(xvnc: XServer) -> Iterator[XPainter]:
    made = XPainter(xvnc.display)
    yield made
    made.close()


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """Draws in Python and counts which encodings the server really sent."""
    counted: Counter[int] = Counter()
    get = registry.Decoders.get

    def counting(self: registry.Decoders, encoding: int) -> Decoder | None:
        counted[encoding] += 1
        return get(self, encoding)

    monkeypatch.setattr(drawing, "library", lambda: None)
    monkeypatch.setattr(registry.Decoders, "get", counting)
    return counted


@pytest.fixture
def without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """No JPEG is asked for."""
    monkeypatch.setattr(registry, "jpeg_available", lambda: False)


def a_day_at_the_desk(viewer: Viewer, painter: XPainter) -> None:
    """Text in few and many colours, a photo, a scroll, a fill: the picture is the same after each."""
    width, height = painter.width, painter.height
    steps: tuple[Callable[[], None], ...] = (
        lambda: painter.put(0, 0, text_like(width, height)),
        lambda: painter.put(8, 10, text_like(width // 2, height // 2, 12)),
        lambda: painter.put(0, height // 2, text_like(width, height // 3, 100)),
        lambda: painter.put(20, 30, photo_like(width - 40, height - 60)),
        lambda: painter.scroll(24),
        lambda: painter.fill(5, 5, width // 3, 40, 0x3465A4),
    )
    for draw in steps:
        draw()
        viewer.pump.until(lambda: viewer.shows(painter))


@pytest.mark.usefixtures("without_loss")
@pytest.mark.parametrize("encoding", LOSSLESS)
def test_xvnc_in_c(xvnc: XServer, painter: XPainter, encoding: Encoding) -> None:
    if library() is None:
        pytest.skip("the decoders in C are not compiled: packaging/run --only-prepare")
    viewer = Viewer(xvnc.port, encoding)
    a_day_at_the_desk(viewer, painter)
    viewer.close()


@pytest.mark.usefixtures("without_loss")
@pytest.mark.parametrize("encoding", LOSSLESS)
def test_xvnc_in_python(xvnc: XServer, painter: XPainter, used: Counter[int], encoding: Encoding) -> None:
    viewer = Viewer(xvnc.port, encoding)
    a_day_at_the_desk(viewer, painter)
    viewer.close()
    assert used[encoding] > 3 and used[Encoding.COPYRECT], used


@pytest.mark.usefixtures("without_loss")
@pytest.mark.parametrize("encoding", [*LOSSLESS, *ONLY_X11VNC])
def test_x11vnc_in_c(x11vnc: X11Vnc, painter: XPainter, encoding: Encoding) -> None:
    if library() is None:
        pytest.skip("the decoders in C are not compiled: packaging/run --only-prepare")
    viewer = Viewer(x11vnc.port, encoding)
    a_day_at_the_desk(viewer, painter)
    viewer.close()


@pytest.mark.usefixtures("without_loss")
@pytest.mark.parametrize("encoding", [*LOSSLESS, *ONLY_X11VNC])
def test_x11vnc_in_python(x11vnc: X11Vnc, painter: XPainter, used: Counter[int], encoding: Encoding) -> None:
    viewer = Viewer(x11vnc.port, encoding)
    a_day_at_the_desk(viewer, painter)
    viewer.close()
    assert used[encoding] > 3, used


def test_xvnc_rests_while_nobody_looks_and_then_goes_on(xvnc: XServer, painter: XPainter) -> None:
    """It sends by itself (continuous updates), so it must be told to stop."""
    viewer = Viewer(xvnc.port, Encoding.ZRLE)
    viewer.pump.until(lambda: viewer.shows(painter))
    viewer.client.watch(False)
    # What was on its way may still come: after the first of two changes that is over.
    painter.fill(0, 0, 50, 50, 0x112233)
    time.sleep(0.3)
    stopped = viewer.pixels().tobytes()
    painter.fill(0, 0, 100, 100, 0x445566)
    time.sleep(0.3)
    assert viewer.pixels().tobytes() == stopped
    viewer.client.watch(True)
    viewer.pump.until(lambda: viewer.shows(painter))
    painter.fill(50, 50, 100, 100, 0x778899)
    viewer.pump.until(lambda: viewer.shows(painter))
    viewer.close()


@pytest.mark.parametrize("way", ["killed", "line dropped"])
def test_an_xvnc_that_goes_away_is_a_sentence(tmp_path: Path, way: str) -> None:
    with XServer(tmp_path, "-SecurityTypes", "None") as server, Link(("127.0.0.1", server.port), listen=("127.0.0.1", 0)) as link:
        viewer = Viewer(link.port, Encoding.TIGHT)
        server.kill() if way == "killed" else link.drop()
        viewer.pump.until(lambda: viewer.client.state is ClientState.CLOSED)
        assert isinstance(viewer.client.error, Disconnected) and viewer.client.error.next_step
        viewer.close()


@pytest.mark.skipif(not registry.jpeg_available(), reason="libturbojpeg is not installed, so JPEG is never asked for")
def test_xvnc_jpeg_is_close(xvnc: XServer, painter: XPainter) -> None:
    viewer = Viewer(xvnc.port, Encoding.TIGHT)
    painter.put(0, 0, photo_like(painter.width, painter.height))

    def near() -> bool:
        wanted = np.frombuffer(painter.picture(), dtype=np.uint8).reshape(viewer.pixels().shape).astype(int)
        return bool(np.abs(viewer.pixels().astype(int) - wanted).mean() < 3)

    viewer.pump.until(near)
    viewer.close()
