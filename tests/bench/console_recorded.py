"""Sessions of real servers, recorded for the viewers' bench: what QEMU and TigerVNC's server send, in rectangles of their choice.

boot: a Linux guest's messages up to its shell, in QEMU (720x400).  desktop: windows that open, move, scroll and close on
Xvnc, full HD.  video: a moving picture of 960x540 on Xvnc.  Recorded anew at each run (some seconds); the bytes of an
update are cut out by our own client, so that each is sent whole, at the pace of the viewer.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.console.vnc import messages
from app.console.vnc.handshake import ServerInit
from app.console.vnc.protocol import COMPRESS_LEVEL_0, JPEG_QUALITY_0, Encoding
from app.console.vnc.requests import UpdateRequests
from app.console.vnc.session import Session
from app.console.vnc.wire import Wire
from app.errors import HostelryError
from tests.bench.console_streams import photo_pictures, text_pictures
from tests.fuzz.encoders import Picture
from tests.fuzz.listener import Notes
from tests.lab.media import boot_sector, initrd, kernel
from tests.lab.qemu_vnc import VncQemu
from tests.lab.secure_vnc import XServer
from tests.lab.x_pictures import XPainter


@dataclass(frozen=True, slots=True)
class Recording:
    """Update messages, and the size of their screen."""

    width: int
    height: int
    frames: list[bytes]


class Recorder:
    """A client without a screen of its own that writes down every update.  It offers pixels only: no cursor, no new size."""

    def __init__(self, sock: socket.socket, encodings: tuple[int, ...]) -> None:
        self._socket = sock
        self._seen = bytearray()
        self._wire = Wire(self._receive)
        self.init = self._greet()
        self._encodings = (*encodings, Encoding.COPYRECT, COMPRESS_LEVEL_0 + 2)
        self.frames: list[bytes] = []

    def _receive(self, target: memoryview) -> int:
        count = self._socket.recv_into(target)
        self._seen += target[:count]
        return count

    def _greet(self) -> ServerInit:
        self._wire.exactly(12)
        self._socket.sendall(b"RFB 003.008\n")
        self._wire.exactly(self._wire.u8())
        self._socket.sendall(b"\1")
        self._wire.u32()
        self._socket.sendall(b"\1")
        width, height = struct.unpack(">HH", self._wire.exactly(4))
        self._wire.exactly(16)
        self._wire.exactly(self._wire.u32())
        return ServerInit(width, height, "")

    def run(self) -> None:
        """Until the socket is shut down."""
        requests = UpdateRequests(self._socket.sendall)
        session = Session(self._wire, self._socket.sendall, Notes(), self.init, requests)
        self._socket.sendall(messages.set_pixel_format() + messages.set_encodings(self._encodings))
        requests.whole()
        with contextlib.suppress(HostelryError, OSError):
            while True:
                begin = len(self._seen) - self._wire.waiting
                session.run_once()
                message = bytes(self._seen[begin : len(self._seen) - self._wire.waiting])
                if message[0] == 0 and message[2:4] != b"\0\0":
                    self.frames.append(message)


@contextlib.contextmanager
def recording(sock: socket.socket, encodings: tuple[int, ...]) -> Iterator[Recorder]:
    """Records on a thread until the block ends."""
    recorder = Recorder(sock, encodings)
    thread = threading.Thread(target=recorder.run)
    thread.start()
    try:
        yield recorder
    finally:
        sock.shutdown(socket.SHUT_RDWR)
        thread.join()
        sock.close()


def boot(encoding: int) -> Recording:
    """The kernel's messages, and the shell."""
    linux = ("-m", "160", "-kernel", str(kernel()), "-initrd", str(initrd()), "-append", "console=tty0")
    with VncQemu(boot_sector(), extra=linux) as qemu:
        time.sleep(1)
        with recording(qemu.connect(), (encoding,)) as recorder:
            time.sleep(9)
    return Recording(recorder.init.width, recorder.init.height, recorder.frames)


def on_xvnc(encodings: tuple[int, ...], play: Callable[[XPainter], None]) -> Recording:
    """What Xvnc sends while ``play`` draws."""
    options = ("-SecurityTypes", "None", "-geometry", "1920x1080")
    with tempfile.TemporaryDirectory() as folder, XServer(Path(folder), *options) as server:
        painter = XPainter(server.display)
        with recording(socket.create_connection(("127.0.0.1", server.port)), encodings) as recorder:
            time.sleep(0.5)
            play(painter)
            time.sleep(0.5)
        painter.close()
    return Recording(recorder.init.width, recorder.init.height, recorder.frames)


def _window(painter: XPainter, x: int, y: int, content: Picture) -> None:
    height, width = content.shape
    painter.fill(x, y, width + 4, height + 28, 0x3D3D3D)
    painter.fill(x + 2, y + 2, width, 22, 0x3465A4)
    for button in range(3):
        painter.fill(x + width - 20 * (button + 1), y + 6, 12, 12, (0xCC0000, 0xEDD400, 0x73D216)[button])
    painter.put(x + 2, y + 26, content)


def desk(painter: XPainter) -> None:
    """A wallpaper; windows open, are dragged and scrolled; a menu comes and goes."""
    photo, text = photo_pictures()[0], text_pictures()
    painter.put(0, 0, photo)
    for number in range(6):
        _window(painter, 80 + 60 * number, 60 + 40 * number, text[number][:500, :800])
        time.sleep(0.05)
    for step in range(25):
        painter.put(80 + 12 * step, 60, photo[60:588, 80 + 12 * step : 92 + 12 * step])
        _window(painter, 92 + 12 * step, 60, text[0][:500, :800])
        time.sleep(0.03)
    for picture in text * 2:
        painter.put(394, 300, picture[:400, :760])
        time.sleep(0.03)
    for number in range(20):
        painter.fill(600, 200, 220, 300, 0xF6F5F4)
        painter.fill(604, 204 + 14 * number, 212, 14, 0x3584E4)
        time.sleep(0.03)


def video(painter: XPainter) -> None:
    """A film in a part of a quiet screen."""
    pictures = photo_pictures()
    for number in range(80):
        painter.put(400, 200, pictures[number % len(pictures)][:540, :960])
        time.sleep(0.02)


RECORDED: dict[str, tuple[str, Callable[[], Recording]]] = {
    "boot, Tight": ("tight", lambda: boot(Encoding.TIGHT)),
    "boot, hextile": ("hextile", lambda: boot(Encoding.HEXTILE)),
    "desktop, Tight": ("tight", lambda: on_xvnc((Encoding.TIGHT,), desk)),
    "desktop, ZRLE": ("zrle", lambda: on_xvnc((Encoding.ZRLE,), desk)),
    "desktop, hextile": ("hextile", lambda: on_xvnc((Encoding.HEXTILE,), desk)),
    "video, Tight+JPEG": ("tight-jpeg", lambda: on_xvnc((Encoding.TIGHT, JPEG_QUALITY_0 + 8), video)),
    "video, ZRLE": ("zrle", lambda: on_xvnc((Encoding.ZRLE,), video)),
}
"""The encoding's name in ``console_streams.ENCODINGS``, and how to record it."""
