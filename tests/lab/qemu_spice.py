"""A QEMU of our own with a SPICE server, without libvirt, and our client on a loop without Qt."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self

from app.console.client import ClientState
from app.console.graphics import GraphicsInfo
from app.console.protocols import Opening
from app.console.spice.client import SpiceClient, make
from app.console.transport import Link
from app.console.trust.question import Peer
from app.errors import Disconnected
from tests.lab.tls import Pki
from tests.lab.world import find_program, wait_for


def free_port() -> int:
    """A TCP port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SpiceQemu:
    """spice: further options of QEMU's ``-spice``; with ``pki`` there is an encrypted port too.  ``qmp`` is its monitor.

    image: what it boots; None: nothing, and the firmware's text is on the screen.
    """

    def __init__(
        self, image: Path | None, *spice: str, display: str = "qxl-vga", password: str = "", pki: Pki | None = None,
        extra: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self._folder = tempfile.TemporaryDirectory(prefix="hl-spice-")
        self.folder = Path(self._folder.name)
        self.port = free_port() if pki else 0
        (self.folder / "secret").write_text(password)
        options = [f"unix=on,addr={self.folder / 'spice'}", "password-secret=word" if password else "disable-ticketing=on", *spice]
        self.plain_port = free_port() if pki else 0
        if pki:
            options[0] = f"addr=127.0.0.1,port={self.plain_port},tls-port={self.port}"
            options += [f"x509-{what}-file={pki.folder}/{name}.pem" for what, name in TLS_FILES]
        disk = ("-drive", f"file={image},format=raw,if=ide,snapshot=on") if image else ()
        self.process = subprocess.Popen(
            [find_program("qemu-system-x86_64"), "-accel", "tcg", "-m", "16", "-nodefaults", "-display", "none",
             "-device", display, *disk, "-object", f"secret,id=word,file={self.folder / 'secret'}", "-spice", ",".join(options),
             "-serial", f"file:{self.folder / 'serial'}", "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off", *extra],
            stderr=subprocess.PIPE, cwd=self.folder)  # fmt: skip

    def __enter__(self) -> Self:
        self._monitor = socket.socket(socket.AF_UNIX)
        try:
            wait_for(lambda: self._monitor.connect_ex(str(self.folder / "qmp")) == 0, "QEMU's monitor")
        except BaseException:
            self.process.kill()
            self.process.communicate()
            self._monitor.close()
            raise
        self._lines = self._monitor.makefile("rw")
        self._lines.readline()
        self.qmp("qmp_capabilities")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        self._lines.close()
        self._monitor.close()
        self._folder.cleanup()

    def ready(self) -> Self:
        """Waits until the boot sector reads keys."""
        wait_for(lambda: "READY" in (self.folder / "serial").read_text(errors="replace") or None, "the boot sector")
        return self

    def qmp(self, command: str, **arguments: Any) -> Any:
        """A monitor command; its result."""
        self._lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._lines.flush()
        while True:
            answer = json.loads(self._lines.readline())
            if "return" in answer or "error" in answer:
                assert "return" in answer, answer
                return answer["return"]

    def picture(self) -> tuple[int, int, bytes]:
        """What the guest shows, by QEMU's own word: width, height, red green blue."""
        self.qmp("screendump", filename=str(self.folder / "shot.ppm"))
        data = (self.folder / "shot.ppm").read_bytes()
        _magic, width, height, _depth = data.split(None, 4)[:4]
        return int(width), int(height), data[-int(width) * int(height) * 3 :]

    def connect(self) -> socket.socket:
        """To the server; to its encrypted port if it has one."""
        if self.port:
            return socket.create_connection(("127.0.0.1", self.port))
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(str(self.folder / "spice"))
        except OSError:
            sock.close()
            raise
        return sock

    async def plain_link(self) -> Link:
        """To the port without encryption, where there is an encrypted one."""
        return Link(socket.create_connection(("127.0.0.1", self.plain_port)), True)

    async def link(self) -> Link:
        """For the client."""
        try:
            return Link(self.connect(), True, tls=bool(self.port))
        except OSError as error:
            raise Disconnected("gone") from error


TLS_FILES = (("key", "serverkey"), ("cert", "servercert"), ("cacert", "cacert"))


More = Callable[[], Coroutine[Any, Any, Link]]


class Viewer:
    """Our client; what it told is in ``asked``.  ``served`` must run meanwhile."""

    def __init__(self, link: Link, more: More, *, secret: str | None = None,
                 peer: str = "localhost", tls_port: int = 0, secure: More | None = None) -> None:  # fmt: skip
        loop = asyncio.get_running_loop()

        def wake(call: Callable[[], None]) -> None:
            loop.call_soon_threadsafe(call)

        info = GraphicsInfo(0, "spice", tls_port=tls_port)
        opening = Opening(info, link, more, wake, secret, None, Peer(peer), secure)
        self.client: SpiceClient = make(opening)
        self.client.damaged.connect(self._take)
        self.client.start()

    @classmethod
    async def of(cls, qemu: SpiceQemu, **how: Any) -> Viewer:
        """Connected to its server, in so far as that the socket is."""
        return cls(await qemu.link(), qemu.link, tls_port=qemu.port, secure=qemu.link if qemu.port else None, **how)

    def _take(self) -> None:
        if self.client.framebuffer is not None:
            self.client.framebuffer.take_damage()

    async def connected(self) -> Viewer:
        """There is a picture."""
        await until(lambda: self.client.state is not ClientState.CONNECTING)
        assert self.client.state is ClientState.CONNECTED, self.client.error
        return self

    async def closed(self) -> None:
        """It has ended."""
        await until(lambda: self.client.state is ClientState.CLOSED)

    def picture(self) -> tuple[int, int, bytes]:
        """As ``SpiceQemu.picture``."""
        framebuffer = self.client.framebuffer
        assert framebuffer is not None
        rows = [framebuffer.pixels[y * framebuffer.stride :][: framebuffer.width * 4] for y in range(framebuffer.height)]
        pixels = b"".join(rows)
        rgb = bytearray(len(pixels) // 4 * 3)
        rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        return framebuffer.width, framebuffer.height, bytes(rgb)

    async def shows(self, qemu: SpiceQemu) -> None:
        """Until the picture is QEMU's own.  On a thread, as QEMU waits for viewers that do not read."""
        seen = await asyncio.to_thread(qemu.picture)
        while self.picture() != seen:
            await asyncio.sleep(0.02)
            seen = await asyncio.to_thread(qemu.picture)

    def tap(self, code: int) -> None:
        """A key."""
        self.client.key(code, 0, True)
        self.client.key(code, 0, False)


async def until(check: Callable[[], object], timeout_s: float = 20) -> None:
    """Waits on the loop."""
    end = time.monotonic() + timeout_s
    while not check():
        assert time.monotonic() < end, "did not happen"
        await asyncio.sleep(0.01)


def served(story: Coroutine[Any, Any, None]) -> None:
    """Runs it on asyncio's own loop, until its processes and the pipes of TLS have ended."""

    async def run() -> None:
        try:
            await story
        finally:
            await until(lambda: all(not thread.name.startswith("spice ") for thread in threading.enumerate()))

    asyncio.run(run())
