"""What an action works on and with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.actions.interface import Notice, NoticeKind, Offer, Question, UserInterface
from app.model.records import DomainRecord, DomainRef

if TYPE_CHECKING:
    from app.editing.history import History
    from app.hosts.host import Host
    from app.hosts.host_list import HostList
    from app.jobs.runner import JobRunner
    from app.settings.store import Settings

__all__ = ["Context", "Notice", "NoticeKind", "Offer", "Question", "Selection", "Target", "UserInterface"]


class Target(NamedTuple):
    """One selected machine: its host and what is known of it now."""

    host: Host
    record: DomainRecord

    @property
    def ref(self) -> DomainRef:
        return DomainRef(self.host.id, self.record.uuid)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected: hosts' rows and machines' rows; either may be empty."""

    hosts: tuple[Host, ...] = ()
    domains: tuple[DomainRef, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hosts or self.domains)


@dataclass(frozen=True)
class Context:
    """The program's parts that actions use."""

    hosts: HostList
    jobs: JobRunner
    settings: Settings
    ui: UserInterface
    history: History | None = None
    """Earlier definitions; None: none are kept (tests)."""

    def targets(self, selection: Selection) -> tuple[Target, ...]:
        """The selected machines that still exist, in the order of the selection."""
        return tuple(self.each(selection))

    def hosts_of(self, selection: Selection) -> Selection:
        """The hosts that are selected, else those of the selected machines: what the host menu is about."""
        if selection.hosts:
            return selection
        known = {host.id: host for host in self.hosts.hosts}
        ids = dict.fromkeys(ref.host_id for ref in selection.domains)
        return Selection(hosts=tuple(known[one] for one in ids if one in known))

    def each(self, selection: Selection) -> Iterator[Target]:
        """The same one by one, for those who may not need them all: a thousand machines may be selected."""
        for ref in selection.domains:
            record = self.hosts.domain(ref)
            if record is not None:
                yield Target(self.hosts.get(ref.host_id), record)
