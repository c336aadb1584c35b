"""One connection to a VNC server, and the layers of encryption that the handshake wraps it in."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import Protocol

from app.console.vnc import problems
from app.console.vnc.outbox import Outbox, Seal
from app.console.vnc.tls import TlsLayer
from app.console.vnc.wire import Receive, Wire


class Layer(Protocol):
    """Lies between the socket and the protocol."""

    def receive(self, target: memoryview) -> int:
        """Console thread.  Like ``socket.recv_into``."""

    def seal(self, data: bytes) -> bytes:
        """Any thread, one at a time.  What is sent for ``data``; of nothing: what the layer itself wants to say."""

    def close(self) -> None:
        """Frees what it holds; ``seal`` may still be called."""


class Line:
    """Owns the socket.  Everything on the console's thread, but ``send`` and ``hang_up``, which any thread may call."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self.outbox = Outbox(sock)
        self._receive: Receive = sock.recv_into
        self._layers: list[Layer] = []
        self.wire = Wire(self._receive)
        self.cipher_bits = 0

    def send(self, data: bytes) -> None:
        """Never blocks."""
        self.outbox.send(data)

    def limit_wait(self, seconds: float | None) -> None:
        """How long a read may take from now on."""
        self._socket.settimeout(seconds)

    def start_tls(self, context: ssl.SSLContext, host: str) -> bytes | None:
        """The server's certificate, DER, or None if it shows none.  Raises HostelryError or ssl.SSLCertVerificationError."""
        layer = TlsLayer(self._socket, self.outbox.send, context, host)
        if self._use(layer.receive, layer.seal):
            # Somebody in between put words into what is to come out of the encryption.
            raise problems.garbage("data before the beginning of TLS")
        layer.shake_hands()
        self.cipher_bits = layer.bits
        return layer.certificate

    def begin_layer(self, make: Callable[[Receive, bytes], Layer]) -> None:
        """What comes and goes from now on passes through it too.  make: of the source below and what it has brought already."""
        below, seal_below = self._receive, self.outbox.seal
        layer = make(below, self.wire.switch(below))
        self._use(layer.receive, lambda data: seal_below(layer.seal(data)))
        self._layers.append(layer)

    def _use(self, receive: Receive, seal: Seal) -> bytes:
        self._receive, self.outbox.seal = receive, seal
        return self.wire.switch(receive)

    def hang_up(self) -> None:
        """Wakes whoever reads or writes."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """For good."""
        self._socket.close()
        for layer in self._layers:
            layer.close()
