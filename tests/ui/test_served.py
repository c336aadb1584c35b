"""Qt's VNC platform, as the program starts it: on 127.0.0.1 alone, and a viewer sees the window."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "packaging" / "tools" / "picture.py"
PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication, QPushButton
from ui import served
app = QApplication([])
print(served.keep_local(), flush=True)
button = QPushButton("Hello")
button.resize(300, 200)
button.show()
sys.exit(app.exec())
"""


@contextmanager
def program(platform: str, listener: socket.socket | None = None) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "QT_QPA_PLATFORM": platform, "PYTHONPATH": str(ROOT)}
    if listener is not None:
        environment["HOSTELRY_VNC_FD"] = str(listener.fileno())
    passed = (listener.fileno(),) if listener is not None else ()
    command = [sys.executable, "-P", "-c", PROGRAM]
    with subprocess.Popen(command, env=environment, pass_fds=passed, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def listening(pid: int) -> list[str]:
    """The local addresses on which a process listens, as the kernel writes them (proc(5), /proc/net/tcp)."""
    links = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()]
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in links]


def reported_port(child: subprocess.Popen[str]) -> int:
    assert child.stdout is not None
    return int(child.stdout.readline())


def test_a_socket_from_the_launcher_takes_the_place_of_qts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, program("vnc:size=640x480:port=0", listener) as child:
        port = listener.getsockname()[1]
        assert reported_port(child) == port
        assert listening(child.pid) == [f"0100007F:{port:04X}"]
        picture = tmp_path / "window.png"
        assert subprocess.run([sys.executable, str(PICTURE), str(port), str(picture)], check=False).returncode == 0
        assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_platform_chosen_by_hand_is_kept_local_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with program(f"vnc:size=640x480:port={port}") as child:
        assert reported_port(child) == port
        assert listening(child.pid) == [f"0100007F:{port:04X}"]
        picture = tmp_path / "window.png"
        assert subprocess.run([sys.executable, str(PICTURE), str(port), str(picture)], check=False).returncode == 0


def test_other_platforms_are_let_be() -> None:
    with program("offscreen") as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "None"
        assert listening(child.pid) == []
