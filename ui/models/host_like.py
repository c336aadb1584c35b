"""What the item models need of `app.hosts`; tests give them the real inventory without libvirt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from app.model.addresses import GuestAddress
from app.model.inventory import Inventory
from app.model.records import HostId, HostRecord
from app.model.statistics import Statistics
from app.signal import Signal


class StateLike(Protocol):
    """A member of `app.virt.session.SessionState`."""

    @property
    def name(self) -> str: ...


class HostLike(Protocol):
    """One saved connection (`app.hosts.Host`)."""

    @property
    def id(self) -> HostId: ...
    @property
    def uri(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def state(self) -> StateLike: ...
    @property
    def error(self) -> Exception | None: ...
    @property
    def record(self) -> HostRecord | None: ...
    @property
    def inventory(self) -> Inventory: ...
    @property
    def statistics(self) -> Statistics: ...
    @property
    def changed(self) -> Signal[[Any]]: ...
    @property
    def addresses(self) -> Mapping[str, Sequence[GuestAddress]]: ...
    @property
    def addresses_changed(self) -> Signal[[frozenset[str]]]: ...


class HostListLike(Protocol):
    """All saved connections (`app.hosts.HostList`)."""

    @property
    def hosts(self) -> Sequence[HostLike]: ...
    @property
    def added(self) -> Signal[[Any]]: ...
    @property
    def removed(self) -> Signal[[Any]]: ...


def connected(host: HostLike) -> bool:
    """True if what the host's inventory says is true now."""
    return host.state.name == "CONNECTED"
