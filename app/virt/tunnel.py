"""Streams to addresses on the far side of a session that goes over SSH: a remote guest's screen."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

from app.errors import Disconnected, HostelryError, Unsupported
from app.i18n import _
from app.ssh.tunnel import Tunnel, TunnelFailed
from app.virt.session import Session
from app.virt.ssh_access import SshAccess


async def open_tunnel(session: Session, address: str, speaks_first: bool = True) -> socket.socket:
    """A connected socket to ``address`` as the host sees it: "host:port", or the path of a UNIX socket.

    Goes over the connection that libvirt's ssh has made, so that nothing is asked again.
    speaks_first: the server there does so by itself; if it does not, that nobody answers is seen only when the stream ends.
    Raises ``Unsupported`` for sessions that do not go over SSH.  The caller closes the socket.
    """
    what = _("Cannot open the machine's graphical console.")
    if session.ssh.target is None:
        raise Unsupported(what, why=_("“{uri}” is not reached over SSH.").format(uri=session.uri))
    opening = _Opening(session.ssh, address, what, speaks_first)
    work = asyncio.ensure_future(asyncio.to_thread(opening.run_on_thread))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        opening.abort()
        work.add_done_callback(_close_late)
        raise


def _close_late(work: asyncio.Future[socket.socket]) -> None:
    with contextlib.suppress(HostelryError, OSError, asyncio.CancelledError):
        work.result().close()


def _settle(tunnel: Tunnel, attempt: contextlib.ExitStack) -> None:
    """On a thread of its own: ssh is not through yet, and nobody waits for it."""
    with attempt:
        tunnel.settle()


class _Opening:
    """One try, on a thread; ``abort`` from any other."""

    def __init__(self, ssh: SshAccess, address: str, what: str, speaks_first: bool) -> None:
        self._ssh, self._address, self._what, self._speaks_first = ssh, address, what, speaks_first
        self._tunnel: Tunnel | None = None
        self._aborted = threading.Event()

    def abort(self) -> None:
        self._aborted.set()
        if self._tunnel is not None:
            self._tunnel.abort()

    def run_on_thread(self) -> socket.socket:
        assert self._ssh.target is not None  # noqa: S101
        with contextlib.ExitStack() as stack:
            attempt = stack.enter_context(self._ssh.attempt())
            self._tunnel = Tunnel(attempt, self._ssh.target, self._address)
            try:
                if self._aborted.is_set():
                    raise TunnelFailed("")
                opened = self._tunnel.open(speaks_first=self._speaks_first)
                if not self._speaks_first:
                    rest = (self._tunnel, stack.pop_all())
                    threading.Thread(target=_settle, args=rest, name="ssh settles", daemon=True).start()
                return opened
            except (TunnelFailed, OSError) as failure:
                raw = str(failure)
                if self._address.startswith("/") and "not found" in raw:
                    raise self._no_netcat(raw) from failure
                raise self._ssh.explain(self._what, raw, attempt) or self._no_answer(raw) from failure

    def _no_netcat(self, raw: str) -> HostelryError:
        return Unsupported(
            self._what,
            why=_("Its VNC server is at a UNIX socket, and the host has no netcat that reaches it."),
            next_step=_("Install netcat there (package netcat-openbsd), or let the machine's display listen on an address."),
            raw=raw,
        )

    def _no_answer(self, raw: str) -> HostelryError:
        return Disconnected(
            self._what,
            why=_("Nothing answers at {where} on the host.").format(where=self._address),
            next_step=_("The machine may be just starting or stopping; try again."),
            raw=raw,
        )
