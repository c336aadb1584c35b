"""Opening a connection in a thread that can be given up."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.errors import Failed, HostelryError
from app.i18n import _
from app.virt.binding import libvirt
from app.virt.errors import translate
from app.virt.link import BlockingAsk, Link, Lost, Sockets, open_link
from app.virt.ssh_access import SshAccess, Way
from app.virt.subscriptions import Queue

Opened = Callable[["Opener", Link | None, HostelryError | None], None]
"""Called on the opener's thread at the end, unless it was cancelled."""


class Opener:
    """One try to connect.  ``cancel`` works at once: a thread that hangs in the library is left to itself."""

    def __init__(self, ssh: SshAccess, *, ask: BlockingAsk, keepalive: tuple[int, int], queue: Queue | None, lost: Lost) -> None:
        self.uri = ssh.uri
        self._ssh = ssh
        self._ask = ask
        self._way: Way | None = None
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
        if self._way is not None:
            self._way.refuse()
        self._sockets.shut_down()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def _run(self, opened: Opened) -> None:
        link, error = self._open()
        if not self.cancelled:
            opened(self, link, error)
        elif link is not None:
            link.close()

    def _open(self) -> tuple[Link | None, HostelryError | None]:
        link: Link | None = None
        error: HostelryError | None = None
        try:
            with self._ssh.way() as self._way:
                try:
                    link = open_link(self._way.uri, self._ask, f"libvirt {self.uri}", self._sockets)
                    link.watch(self._keepalive, self._queue, self._lost)
                except libvirt.libvirtError as failure:
                    error = self._explained(failure, self._way)
        except ImportError as failure:
            error = Failed(
                _("The libvirt binding for Python is missing."),
                next_step=_("Install python3-libvirt (on some systems libvirt-python)."),
                raw=str(failure),
            )
        except OSError as failure:
            error = Failed(
                self._what(),
                why=_("No program could be prepared that asks for passwords."),
                next_step=_("Check that XDG_RUNTIME_DIR or the temporary folder can be written to."),
                raw=str(failure),
            )
        if error is None:
            return link, None
        if link is not None:
            link.close()
        self._sockets.close()
        return None, error

    def _explained(self, failure: libvirt.libvirtError, way: Way) -> HostelryError:
        raw = failure.get_error_message() or str(failure)
        return self._ssh.explain(self._what(), raw, way.attempt) or translate(failure, self._what(), connecting=True)

    def _what(self) -> str:
        return _("Cannot connect to “{uri}”.").format(uri=self.uri)
