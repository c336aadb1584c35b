"""The graphical protocols with a client here, best first: one row each.  A client is imported when it is first wanted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from importlib import import_module

from app.console.client import ConsoleClient, Wake
from app.console.graphics import GraphicsInfo
from app.console.transport import Link
from app.console.trust.question import Peer


@dataclass(frozen=True)
class Opening:
    """What a client is made of.

    link: the first connection, which the client owns from now on.  more: opens a further one to the same screen, by the
    same way (event loop; raises HostelryError).  secret, user: the password and the name that the user gave, if any.
    secure: like ``more``, by an encrypted way (``Link.tls``), if there is one.  peer: the server as the user knows it, by
    which certificates are judged.
    """

    info: GraphicsInfo
    link: Link
    more: Callable[[], Awaitable[Link]]
    wake: Wake
    secret: str | None = None
    user: str | None = None
    peer: Peer = field(default_factory=lambda: Peer("localhost"))
    secure: Callable[[], Awaitable[Link]] | None = None


@dataclass(frozen=True, slots=True)
class GraphicsProtocol:
    """``type`` is libvirt's; ``module`` has ``make(opening) -> ConsoleClient``, and may have ``missing`` and ``prepare``.

    missing() -> str: what has to be installed before it works here, in words; empty if nothing.  prepare(): loads what
    takes time, on a thread, before that is asked.
    """

    type: str
    name: str
    module: str

    def missing(self) -> str:
        """See the class."""
        ask: Callable[[], str] = getattr(import_module(self.module), "missing", lambda: "")
        return ask()

    def make(self, opening: Opening) -> ConsoleClient:
        """A client that has not been started."""
        client: ConsoleClient = import_module(self.module).make(opening)
        return client


PROTOCOLS: tuple[GraphicsProtocol, ...] = (
    GraphicsProtocol("spice", "SPICE", "app.console.spice.client"),
    GraphicsProtocol("vnc", "VNC", "app.console.vnc.client"),
    # Last: QEMU 7.2 serves one viewer by it, and keeps in its memory what a viewer does not read.
    GraphicsProtocol("dbus", "D-Bus", "app.console.dbus.client"),
)


def protocol(type_: str) -> GraphicsProtocol:
    """The row of a libvirt type that ``usable`` named."""
    return next(row for row in PROTOCOLS if row.type == type_)


def prepare_on_thread(types: Collection[str]) -> None:
    """Loads the clients of these types, so that nothing waits for that later."""
    for row in PROTOCOLS:
        if row.type in types:
            load: Callable[[], None] = getattr(import_module(row.module), "prepare", lambda: None)
            load()


def usable(types: Collection[str], preferred: str = "") -> Sequence[str]:
    """Those of the types with everything they need, best first; ``preferred`` comes before the others."""
    found = [row.type for row in PROTOCOLS if row.type in types and not row.missing()]
    return sorted(found, key=lambda type_: type_ != preferred)


def lacking(types: Collection[str]) -> dict[str, str]:
    """Those of the types that only need something to be installed, with its words."""
    return {row.type: missing for row in PROTOCOLS if row.type in types and (missing := row.missing())}
