"""Where the askpass programs come with their questions: one socket for the program, private to its user."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from app.ssh import folder

Answer = Callable[[str, str], str | None]
"""Gets ssh's question and its hint (SSH_ASKPASS_PROMPT), on a thread of its own, and may take its time; None refuses."""

LONGEST_QUESTION = 64 * 1024
READ_S = 5.0


class Door:
    """Hands each question to whoever let its asker in.  Any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._answers: dict[str, Answer] = {}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self._socket.bind(str(path))
        path.chmod(0o600)
        self._socket.listen(16)
        threading.Thread(target=self._serve, name="ssh questions", daemon=True).start()

    def let_in(self, answer: Answer) -> str:
        """A name under which questions may be asked from now on."""
        name = secrets.token_hex(8)
        self._answers[name] = answer
        return name

    def shut_out(self, name: str) -> None:
        """Further questions under that name are refused."""
        self._answers.pop(name, None)

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(line,), name="ssh question", daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError, ValueError):
            if _uid_behind(line) != os.geteuid():
                return
            line.settimeout(READ_S)
            question = json.loads(_read_line(line))
            line.settimeout(None)
            answer = self._answers.get(str(question.get("id")))
            text = answer(str(question.get("prompt")), str(question.get("hint"))) if answer is not None else None
            line.sendall(json.dumps(text).encode() + b"\n")


def _uid_behind(line: socket.socket) -> int:
    raw = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", raw)
    return int(uid)


def _read_line(line: socket.socket) -> bytes:
    read = b""
    while not read.endswith(b"\n") and len(read) < LONGEST_QUESTION:
        part = line.recv(4096)
        if not part:
            break
        read += part
    return read


_making = threading.Lock()


def door() -> Door:
    """The program's."""
    with _making:
        return _door()


@functools.cache
def _door() -> Door:
    return Door(folder.folder() / "door")
