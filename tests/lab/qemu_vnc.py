"""A QEMU of our own with a VNC server, without libvirt: the boot sector guest, ready in half a second."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

from tests.lab.world import find_program, wait_for


class VncQemu:
    """``socket_path`` is its VNC server; ``qmp`` its monitor.  The guest paints the screen in the colour of each key."""

    def __init__(self, image: Path, *, password: str = "", extra: tuple[str, ...] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hostelry-vnc-")
        self.folder = Path(self._folder.name)
        self.socket_path = self.folder / "vnc.sock"
        secret = self.folder / "secret"
        secret.write_text(password)
        vnc = f"unix:{self.socket_path}" + (",password-secret=vnc" if password else "")
        secrets = ("-object", f"secret,id=vnc,file={secret}") if password else ()
        self.process = subprocess.Popen(
            [find_program("qemu-system-x86_64"), "-accel", "tcg", "-m", "16", "-nodefaults", "-vga", "std", "-display", "none",
             "-drive", f"file={image},format=raw,if=ide,snapshot=on", *secrets, "-vnc", vnc,
             "-serial", f"file:{self.folder / 'serial'}", "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off", *extra],
            stderr=subprocess.PIPE, cwd=self.folder)  # fmt: skip

    def __enter__(self) -> Self:
        wait_for(lambda: self.socket_path.exists() or None, "QEMU's VNC socket")
        self._monitor = socket.socket(socket.AF_UNIX)
        self._monitor.connect(str(self.folder / "qmp"))
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

    def connect(self) -> socket.socket:
        """A connected socket to the VNC server."""
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(str(self.socket_path))
        return sock

    def ready(self) -> Self:
        """Waits until the guest reads keys."""
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
