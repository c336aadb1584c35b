"""One connection to a VNC server, and the layers of encryption that the handshake wraps it in."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Protocol

from app.console.vnc import problems
from app.console.vnc.outbox import Outbox, Seal
from app.console.vnc.tls import TlsLayer
from app.console.vnc.wire import Receive, Wire

STALL_S = 30.0
"""A server that stops in the middle of a message for so long is given up."""

KEEPALIVE = ((socket.TCP_KEEPIDLE, 20), (socket.TCP_KEEPINTVL, 5), (socket.TCP_KEEPCNT, 4), (socket.TCP_USER_TIMEOUT, 40_000))
"""The other end is asked for a sign of life after 20 s of silence; after 20 more without one the connection ends."""


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

    def notice_silence(self) -> None:
        """From now on a read gives up after ``STALL_S`` without a byte, and the system notices a dead peer.

        (``Wire.first`` goes on waiting.)  By the socket's own option: Python's time-out would also cut what is being sent.
        """
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", *divmod(int(STALL_S * 1e6), 1_000_000)))
        if self._socket.family in (socket.AF_INET, socket.AF_INET6):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in KEEPALIVE:
                self._socket.setsockopt(socket.IPPROTO_TCP, option, value)

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
