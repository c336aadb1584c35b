"""One open libvirt connection with its workers and its event registrations; opening and closing block."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from app.virt import lookup
from app.virt.binding import libvirt
from app.virt.credentials import Answers, CredentialRequest, questions, wanted_kinds
from app.virt.errors import is_lost, is_unsupported
from app.virt.events import VirEventThread
from app.virt.subscriptions import Deregister, Queue, subscribe_lifecycle, subscribe_rest
from app.virt.workers import Workers

CALLS_AT_ONCE = 4
"""libvirtd serves 5 requests of a client at once (``max_client_requests``) and stops reading past that."""

Lost = Callable[["Link", int], None]
"""Called on VirEventThread when the connection closes by itself; the number is virConnectCloseReason."""

BlockingAsk = Callable[[CredentialRequest], Answers | None]


class Link:
    """A connection that is open.  Made by ``open_link``; everything here but ``close_in_background`` runs on workers."""

    def __init__(self, conn: libvirt.virConnect, name: str) -> None:
        self.conn = conn
        self.workers = Workers(CALLS_AT_ONCE, name)
        self.has_events = False
        self._deregister: list[Deregister] = []
        self._closing = threading.Event()

    def watch(self, keepalive: tuple[int, int], queue: Queue | None, lost: Lost) -> None:
        """Sets keepalive (interval in s, count), listens for the connection's end and for lifecycle events."""
        with _unless_supported():
            self.conn.setKeepAlive(*keepalive)
        with _unless_supported():
            self.conn.registerCloseCallback(lambda _conn, reason, _opaque: lost(self, reason), None)
            self._deregister.append(self.conn.unregisterCloseCallback)
        if queue is not None:
            first = subscribe_lifecycle(self.conn, queue)
            self.has_events = first is not None
            self._keep(first)

    def subscribe(self, queue: Queue) -> None:
        """Registers for all other kinds of event; one round trip each."""
        for deregister in subscribe_rest(self.conn, queue):
            self._keep(deregister)
            if self._closing.is_set():
                return

    def _keep(self, deregister: Deregister | None) -> None:
        if deregister is not None:
            self._deregister.append(deregister)

    def close_in_background(self) -> threading.Event:
        """Closes in a thread of its own, which may hang with the host; the event is set when it is done.  Any thread."""
        done = threading.Event()
        self._closing.set()
        self.workers.close()
        threading.Thread(target=self._close, args=(done,), name="libvirt close", daemon=True).start()
        return done

    def close(self) -> None:
        """Deregisters (callbacks hold the connection open) and closes; blocks."""
        self._closing.set()
        self.workers.close()
        for deregister in reversed(self._deregister):
            try:
                deregister()
            except libvirt.libvirtError as error:
                if is_lost(error):
                    continue  # the registration ends with the connection; the local part is undone all the same
        self._deregister.clear()
        lookup.forget(self.conn)
        with contextlib.suppress(libvirt.libvirtError):
            self.conn.close()

    def _close(self, done: threading.Event) -> None:
        self.close()
        done.set()


class _unless_supported(contextlib.AbstractContextManager["None"]):  # noqa: N801 - reads as a statement
    """Ignores that the driver lacks something; any other error passes."""

    def __exit__(self, _kind: object, error: object, _trace: object) -> bool:
        return isinstance(error, libvirt.libvirtError) and (is_unsupported(error) or not is_lost(error))


def open_link(uri: str, ask: BlockingAsk, name: str) -> Link:
    """Opens a connection; blocks as long as libvirt does, which may be minutes.  Raises ``libvirtError``."""
    VirEventThread.ensure_started()
    rounds = 0

    def on_credentials(raw: list[list[Any]], _opaque: object) -> int:
        nonlocal rounds
        answers = ask(CredentialRequest(uri, questions(raw), again=rounds > 0))
        rounds += 1
        if answers is None:
            return -1
        for entry, answer in zip(raw, answers, strict=False):
            entry[4] = answer or entry[3] or ""
        return 0

    return Link(libvirt.openAuth(uri, [wanted_kinds(), on_credentials, None], 0), name)
