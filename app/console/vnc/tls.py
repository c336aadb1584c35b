"""TLS between a console's thread and its socket.

OpenSSL's objects may not be read and written by two threads at once, and a console sends from several: so the encryption
works on memory, under a lock, and only whole records go to the socket.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from typing import cast

from app.console.vnc import problems

CHUNK = 64 * 1024


class TlsLayer:
    """See ``line.Layer``.  wake_sender: makes the outbox call ``seal``, also with nothing to say for itself."""

    def __init__(
        self, sock: socket.socket, wake_sender: Callable[[bytes], None], context: ssl.SSLContext, host: str
    ) -> None:
        self._socket = sock
        self._wake_sender = wake_sender
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        try:
            self._tls = context.wrap_bio(self._in, self._out, server_hostname=host.partition("%")[0])
        except ValueError as error:  # a name that no certificate can have
            raise problems.tls_failed(f"{host}: {error}") from error
        self._lock = threading.Lock()
        self._open = False

    @property
    def certificate(self) -> bytes | None:
        """DER."""
        return self._tls.getpeercert(binary_form=True)

    @property
    def bits(self) -> int:
        """Of the cipher's key."""
        cipher = self._tls.cipher()
        return cipher[2] if cipher else 0

    def shake_hands(self) -> None:
        """Raises HostelryError; ssl.SSLCertVerificationError if the context refuses the certificate."""
        try:
            while not self._try_handshake():
                self._take_in()
            self._open = True
        except ssl.SSLCertVerificationError:
            self._wake_sender(b"")  # says why, so that the server does not wait
            raise
        except TimeoutError as error:
            raise problems.silent() from error
        except ssl.SSLError as error:
            raise problems.tls_failed(str(error)) from error
        except OSError as error:
            raise problems.broken(error) from error

    def _try_handshake(self) -> bool:
        with self._lock:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                done = False
            else:
                done = True
        self._wake_sender(b"")
        return done

    def _take_in(self) -> None:
        data = self._socket.recv(CHUNK)
        if not data:
            raise problems.tls_failed("closed during the TLS handshake")
        with self._lock:
            self._in.write(data)

    def receive(self, target: memoryview) -> int:
        """See ``line.Layer``.  A session cut off without TLS's own good-bye ends like one that was closed."""
        while True:
            count, answers = self._read(target)
            if answers:
                self._wake_sender(b"")
            if count >= 0:
                return count
            data = self._socket.recv(CHUNK)
            if not data:
                return 0
            with self._lock:
                self._in.write(data)

    def _read(self, target: memoryview) -> tuple[int, bool]:
        """The number of bytes (-1: more must come first), and whether TLS has something to say itself."""
        with self._lock:
            try:
                count = cast(int, self._tls.read(len(target), target))  # a number, where it is given a buffer
            except ssl.SSLWantReadError:
                count = -1
            except ssl.SSLZeroReturnError:
                count = 0
            return count, self._out.pending > 0

    def seal(self, data: bytes) -> bytes:
        """See ``line.Layer``."""
        with self._lock:
            try:
                if data:
                    self._tls.write(data)
            except ssl.SSLError:
                return b""  # broken or closed: the reader hears of it, and who sends must not
            return self._out.read()
