"""One program for one login: a second start hands its wishes to the first and ends."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.settings import folders
from ui.commandline import Wishes

ANSWER_S = 2.0
LONGEST_BYTES = 256 * 1024


def _path() -> Path:
    return folders.runtime_folder() / "instance.sock"


def hand_over(wishes: Wishes) -> bool:
    """True if a running program took them; False if there is none (or it does not answer)."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as there:
            there.settimeout(ANSWER_S)
            there.connect(str(_path()))
            there.sendall(json.dumps(wishes.to_json()).encode() + b"\n")
            return there.recv(2) == b"ok"
    except OSError:
        return False


class Door:
    """The first program's end.  ``take`` is called on the door's thread with each wish."""

    def __init__(self, take: Callable[[Wishes], None]) -> None:
        self._take = take
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._thread = threading.Thread(target=self._serve, name="second starts", daemon=True)
        self._open = False

    def open(self) -> None:
        """Begins to listen; without a place for the socket the program simply is not single."""
        path = _path()
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Not by the umask, which is every thread's: within this folder nobody else reaches the socket meanwhile.
            path.parent.chmod(0o700)
            path.unlink(missing_ok=True)
            self._socket.bind(str(path))
            path.chmod(0o600)
            self._socket.listen(4)
            self._open = True
            self._thread.start()

    def close(self) -> None:
        """Stops listening; waits for the thread."""
        if not self._open:
            self._socket.close()
            return
        self._open = False
        _path().unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(1)

    def _serve(self) -> None:
        while self._open:
            try:
                there, _who = self._socket.accept()
            except OSError:
                return
            with there, contextlib.suppress(OSError, ValueError, RecursionError):
                if _peer(there) == os.geteuid():
                    self._take(Wishes.from_json(json.loads(_line(there))))
                    there.sendall(b"ok")


def _peer(there: socket.socket) -> int:
    """The user at the other end."""
    _process, user, _group = struct.unpack("3i", there.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return int(user)


def _line(there: socket.socket) -> bytes:
    """What is sent up to the first line's end, within the time and the room that it may take."""
    got = b""
    until_s = time.monotonic() + ANSWER_S
    while not got.endswith(b"\n") and len(got) < LONGEST_BYTES:
        there.settimeout(max(0.01, until_s - time.monotonic()))
        part = there.recv(65536)
        if not part:
            break
        got += part
    return got
