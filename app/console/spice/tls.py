"""Encrypted channels: certificates are judged as those of every other screen, and the library gets the plain side of a pipe.

The library could do TLS itself, but only where it connects itself: neither over SSH nor with a question about the certificate.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable

from app.console.aside import aside
from app.console.spice import problems
from app.console.transport import Link
from app.console.trust.guard import Guard
from app.console.trust.pins import user_pins
from app.console.trust.question import Peer, TrustQuestion

HANDSHAKE_S = 15.0
CHUNK = 64 * 1024
MOST = 4 * CHUNK
"""So much waits for a side that does not read; then the other is not read either."""

_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

AskTrust = Callable[[TrustQuestion], None]
"""Tells the owner, on the event loop, who answers with ``Trust.answer``."""


class Trust:
    """One server's, for all channels of a connection.  Event loop, but for what says otherwise."""

    def __init__(self, peer: Peer, wake: Callable[[Callable[[], None]], None], ask: AskTrust) -> None:
        self.guard = Guard(peer, user_pins(), self._ask_on_thread, "spice")
        self._wake, self._tell = wake, ask
        self._answered = threading.Event()
        self._yes = self._over = False
        self._one_at_a_time = asyncio.Lock()

    def answer(self, yes: bool) -> None:
        """The user's."""
        self._yes = yes
        self._answered.set()

    def end(self) -> None:
        """Whoever waits for an answer waits no more."""
        self._over = True
        self._answered.set()

    async def secured(self, link: Link, again: Callable[[], Awaitable[Link]]) -> Link:
        """The plain side of an encrypted connection.  again: connects anew, for a second look.  Raises HostelryError."""
        try:
            await self._one_at_a_time.acquire()
        except asyncio.CancelledError:
            link.socket.close()
            raise
        try:
            while True:
                try:
                    return Link(await self._opened(link.socket), link.local)
                except ssl.SSLCertVerificationError as problem:
                    if not self.guard.strict:
                        raise problems.not_encrypted(str(problem)) from problem
                    self.guard.doubt(problem)
                except (OSError, ValueError) as problem:
                    raise problems.not_encrypted(str(problem)) from problem
                link = await again()
        finally:
            self._one_at_a_time.release()

    async def _opened(self, plain: socket.socket) -> socket.socket:
        work = asyncio.ensure_future(aside(self._open_on_thread, plain))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(_close_late)
            raise

    def _open_on_thread(self, plain: socket.socket) -> socket.socket:
        plain.settimeout(HANDSHAKE_S)
        try:
            secured = self.guard.context().wrap_socket(plain, server_hostname=self.guard.peer.host)
        except BaseException:
            plain.close()
            raise
        try:
            self.guard.check(secured.getpeercert(binary_form=True))
        except BaseException:
            secured.close()
            raise
        ours, theirs = socket.socketpair()
        threading.Thread(target=pump_on_thread, args=(secured, theirs), name="spice tls", daemon=True).start()
        return ours

    def _ask_on_thread(self, question: TrustQuestion) -> bool:
        self._answered.clear()
        if not self._over:
            self._wake(lambda: self._tell(question))
            self._answered.wait()
        return self._yes and not self._over


def _close_late(work: asyncio.Future[socket.socket]) -> None:
    """Nobody wants it any more."""
    if not work.cancelled() and work.exception() is None:
        work.result().close()


def pump_on_thread(secured: ssl.SSLSocket, plain: socket.socket) -> None:
    """Carries bytes both ways until one side ends; closes both."""
    with secured, plain:
        secured.setblocking(False)
        plain.setblocking(False)
        inward, outward = bytearray(), bytearray()
        try:
            while _carry(secured, plain, inward, outward):
                _wait(secured, plain, inward, outward)
        except OSError:
            return  # the side that is left learns it by its end


def _carry(secured: ssl.SSLSocket, plain: socket.socket, inward: bytearray, outward: bytearray) -> bool:
    """Moves what can be moved now; False at the end."""
    with contextlib.suppress(*_NOT_NOW):
        if len(inward) < MOST and not _take(secured, inward):
            return False
    with contextlib.suppress(*_NOT_NOW):
        if len(outward) < MOST and not _take(plain, outward):
            return False
    with contextlib.suppress(*_NOT_NOW):
        _give(plain, inward)
    with contextlib.suppress(*_NOT_NOW):
        _give(secured, outward)
    return True


def _take(source: socket.socket, waiting: bytearray) -> bool:
    data = source.recv(CHUNK)
    waiting += data
    return bool(data)


def _give(target: socket.socket, waiting: bytearray) -> None:
    while waiting:
        # The same bytes again after "want write", as OpenSSL demands: the buffer only grows at its end meanwhile.
        del waiting[: target.send(bytes(waiting[:CHUNK]))]


def _wait(secured: ssl.SSLSocket, plain: socket.socket, inward: bytearray, outward: bytearray) -> None:
    if secured.pending() and len(inward) < MOST:
        return
    read = [side for side, waiting in ((secured, inward), (plain, outward)) if len(waiting) < MOST]
    write = [side for side, waiting in ((secured, outward), (plain, inward)) if waiting]
    poll = select.poll()
    for side in {secured, plain}:
        poll.register(side, (select.POLLIN if side in read else 0) | (select.POLLOUT if side in write else 0))
    poll.poll()
