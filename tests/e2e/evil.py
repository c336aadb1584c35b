"""A server at a UNIX socket that says one thing to everybody."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from typing import Self


class EvilServer:
    """Says `answer` to each client and then nothing, until it is closed."""

    GREETING = b"RFB 003.008\n\x01\x01\x00\x00\x00\x00"
    """A VNC server's up to "no password, accepted"."""

    def __init__(self, path: Path, answer: bytes) -> None:
        self._path, self._answer = path, answer
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(16)
        self._clients: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, name="evil server")

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._socket.accept()
                self._clients.append(client)
                with contextlib.suppress(OSError):
                    client.sendall(self._answer)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        for one in (self._socket, *self._clients):
            one.close()
        self._path.unlink(missing_ok=True)
