"""Opening a connection in a thread that can be given up."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from app.errors import Failed, HostelryError
from app.i18n import _
from app.virt.binding import libvirt
from app.virt.errors import translate
from app.virt.link import BlockingAsk, Link, Lost, Sockets, open_link
from app.virt.subscriptions import Queue

Opened = Callable[["Opener", Link | None, HostelryError | None], None]
"""Called on the opener's thread at the end, unless it was cancelled."""


def effective_uri(uri: str) -> str:
    """The address as it is opened: ssh must not ask on the terminal from which the program was started, where nobody looks."""
    scheme = uri.split(":", 1)[0]
    if not scheme.endswith("+ssh") or "no_tty=" in uri or os.environ.get("SSH_ASKPASS"):
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}no_tty=1"


class Opener:
    """One try to connect.  ``cancel`` works at once: a thread that hangs in the library is left to itself."""

    def __init__(self, uri: str, *, ask: BlockingAsk, keepalive: tuple[int, int], queue: Queue | None, lost: Lost) -> None:
        self.uri = uri
        self._ask = ask
        self._keepalive = keepalive
        self._queue = queue
        self._lost = lost
        self._cancelled = threading.Event()
        self._sockets = Sockets()

    def start(self, opened: Opened) -> None:
        """Starts the thread."""
        threading.Thread(target=self._run, args=(opened,), name=f"libvirt open {self.uri}", daemon=True).start()

    def cancel(self) -> None:
        """The outcome is no longer wanted: what can be cut is cut, and a connection that still comes is closed again."""
        self._cancelled.set()
        self._sockets.shut_down()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def _run(self, opened: Opened) -> None:
        link: Link | None = None
        error: HostelryError | None = None
        try:
            link = open_link(effective_uri(self.uri), self._ask, f"libvirt {self.uri}", self._sockets)
            link.watch(self._keepalive, self._queue, self._lost)
        except libvirt.libvirtError as failure:
            error = translate(failure, self._what(), connecting=True)
            if link is not None:
                link.close()
                link = None
            self._sockets.close()
        except ImportError as failure:
            error = Failed(
                _("The libvirt binding for Python is missing."),
                next_step=_("Install python3-libvirt (on some systems libvirt-python)."),
                raw=str(failure),
            )
        if not self.cancelled:
            opened(self, link, error)
        elif link is not None:
            link.close()

    def _what(self) -> str:
        return _("Cannot connect to “{uri}”.").format(uri=self.uri)
