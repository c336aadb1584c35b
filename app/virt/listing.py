"""Guests as records: states in one call, the rest in a second, both in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from app.i18n import _
from app.model.records import DomainRecord, DomainState
from app.virt import lookup
from app.virt.binding import constant, libvirt
from app.virt.errors import is_unsupported
from app.virt.hedge import hedged
from app.virt.session import Session

READ_S = 60.0
"""How long a listing may take; a daemon that hangs is noticed earlier by keepalive."""

LATE_S = 4.0
"""A reading that takes longer has probably met a guest that hangs."""

FEW = 8
"""Up to so many guests are asked one by one for what has no bulk call, more by filtered listings."""

Stats = dict[str, Any]


async def list_states(session: Session) -> list[DomainRecord]:
    """All guests with name, number and state, by one call; memory and the like stay ``None``."""
    return await session.call(_list_states, what=_("Cannot list the machines."), timeout_s=READ_S)


async def read_records(session: Session, uuids: Iterable[str] | None = None) -> list[DomainRecord]:
    """Whole records (state, memory, vCPUs, autostart, saved state) of these guests, or of all; those that are gone are left out.

    The title stays empty: no bulk call brings it (see ``titles``).
    """
    wanted = None if uuids is None else list(uuids)
    if wanted is not None and not wanted:
        return []

    async def ask() -> list[DomainRecord]:
        what = _("Cannot read the machines.")
        return await session.call(lambda conn: _read(conn, wanted), what=what, timeout_s=READ_S, background=True)

    records, _late = await hedged(ask, LATE_S)
    return records


async def titles(session: Session, uuids: Iterable[str]) -> dict[str, str]:
    """The titles of guests that have one; one round trip each, so for visible guests only on slow hosts."""
    wanted = list(uuids)
    return await session.call(lambda conn: _titles(conn, wanted), timeout_s=READ_S, background=True)


# -- on workers --------------------------------------------------------------------------------


def stats_of(conn: libvirt.virConnect, uuids: Sequence[str] | None, groups: int) -> list[tuple[libvirt.virDomain, Stats]]:
    """The bulk call, for all guests or for some; never waits for a guest that hangs, where the driver knows how not to."""
    nowait = constant("VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT")
    try:
        return _stats(conn, uuids, groups, nowait)
    except libvirt.libvirtError as error:
        if not is_unsupported(error):
            raise
        return _stats(conn, uuids, groups, 0)


def _stats(
    conn: libvirt.virConnect, uuids: Sequence[str] | None, groups: int, flags: int
) -> list[tuple[libvirt.virDomain, Stats]]:
    if uuids is None:
        return conn.getAllDomainStats(groups, flags)
    domains = _present(conn, uuids)
    return conn.domainListGetStats(domains, groups, flags) if domains else []


def _present(conn: libvirt.virConnect, uuids: Sequence[str]) -> list[libvirt.virDomain]:
    found = []
    for uuid in uuids:
        try:
            found.append(lookup.domain(conn, uuid))
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
                raise
    return found


def _list_states(conn: libvirt.virConnect) -> list[DomainRecord]:
    try:
        entries = stats_of(conn, None, libvirt.VIR_DOMAIN_STATS_STATE)
    except libvirt.libvirtError as error:
        if not is_unsupported(error):
            raise
        entries = [(domain, _state(domain)) for domain in conn.listAllDomains()]
    domains: dict[str, libvirt.virDomain] = {}
    records = []
    for domain, stats in entries:
        record = _record(domain, stats)
        domains[record.uuid] = domain
        if not record.name.startswith(lookup.PROBE_PREFIX):
            records.append(record)
    lookup.remember_all(conn, domains)
    return records


def _state(domain: libvirt.virDomain) -> Stats:
    state, reason = domain.state()
    return {"state.state": state, "state.reason": reason}


def _record(domain: libvirt.virDomain, stats: Stats) -> DomainRecord:
    return DomainRecord(
        uuid=domain.UUIDString(),
        name=domain.name(),
        id=domain.ID(),
        state=domain_state(stats.get("state.state", 0)),
        reason=stats.get("state.reason", 0),
        vcpus=stats.get("vcpu.current"),
        memory_kib=stats.get("balloon.current"),
        max_memory_kib=stats.get("balloon.maximum"),
    )


def domain_state(number: int) -> DomainState:
    """libvirt's number as a state; NOSTATE for one that is newer than this program."""
    return DomainState(number) if number in DomainState._value2member_map_ else DomainState.NOSTATE


def _read(conn: libvirt.virConnect, uuids: Sequence[str] | None) -> list[DomainRecord]:
    groups = libvirt.VIR_DOMAIN_STATS_STATE | libvirt.VIR_DOMAIN_STATS_VCPU | libvirt.VIR_DOMAIN_STATS_BALLOON
    try:
        entries = stats_of(conn, uuids, groups)
    except libvirt.libvirtError as error:
        if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN and uuids is not None:
            return _read_one_by_one(conn, uuids)
        if not is_unsupported(error):
            raise
        domains = conn.listAllDomains() if uuids is None else _present(conn, uuids)
        entries = [(domain, _state(domain)) for domain in domains]
    entries = [entry for entry in entries if not entry[0].name().startswith(lookup.PROBE_PREFIX)]
    for domain, _stats_of_it in entries:
        lookup.remember(conn, domain)
    return _with_flags(conn, entries, everything=uuids is None)


def _read_one_by_one(conn: libvirt.virConnect, uuids: Sequence[str]) -> list[DomainRecord]:
    """One of several went meanwhile, which fails the bulk call: finds out which."""
    if len(uuids) == 1:
        lookup.drop(conn, uuids[0])
        return []
    half = len(uuids) // 2
    return _read(conn, uuids[:half]) + _read(conn, uuids[half:])


def _with_flags(
    conn: libvirt.virConnect, entries: Sequence[tuple[libvirt.virDomain, Stats]], *, everything: bool
) -> list[DomainRecord]:
    if everything or len(entries) > FEW:
        autostart = _uuids(conn, libvirt.VIR_CONNECT_LIST_DOMAINS_AUTOSTART)
        saved = _uuids(conn, libvirt.VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE)
        transient = _uuids(conn, libvirt.VIR_CONNECT_LIST_DOMAINS_TRANSIENT)
        return [_whole(domain, stats, autostart, saved, transient) for domain, stats in entries]
    records = []
    for domain, stats in entries:
        uuid = {domain.UUIDString()}
        try:
            autostart = uuid if _answer(domain.autostart) else set()
            saved = uuid if _answer(domain.hasManagedSaveImage) else set()
            transient = set() if domain.isPersistent() else uuid
            records.append(_whole(domain, stats, autostart, saved, transient))
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
                raise
    return records


def _answer(question: Any) -> bool:
    """A yes-or-no call; no where the driver lacks it or the guest is transient."""
    try:
        return bool(question())
    except libvirt.libvirtError as error:
        if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
            raise
        return False


def _uuids(conn: libvirt.virConnect, flag: int) -> set[str]:
    """Guests with a property; empty where the driver cannot filter by it."""
    try:
        return {domain.UUIDString() for domain in conn.listAllDomains(flag)}
    except libvirt.libvirtError as error:
        if not is_unsupported(error):
            raise
        return set()


def _whole(domain: libvirt.virDomain, stats: Stats, autostart: set[str], saved: set[str], transient: set[str]) -> DomainRecord:
    record = _record(domain, stats)
    if record.vcpus is None or record.memory_kib is None:
        record = _from_info(domain, record)
    return replace(
        record,
        autostart=record.uuid in autostart,
        managed_save=record.uuid in saved,
        persistent=record.uuid not in transient,
    )


def _from_info(domain: libvirt.virDomain, record: DomainRecord) -> DomainRecord:
    """Memory and vCPUs by a call of their own, for drivers whose bulk statistics lack them (the test driver)."""
    if domain.ID() >= 0 and domain.connect().getType() == "QEMU":
        return record  # it hangs and was passed over: info() would wait for it
    try:
        _state_now, max_kib, kib, vcpus, _cpu_time = domain.info()
    except libvirt.libvirtError:
        return record
    return replace(record, vcpus=vcpus, memory_kib=kib, max_memory_kib=max_kib)


def _titles(conn: libvirt.virConnect, uuids: Sequence[str]) -> dict[str, str]:
    found = {}
    for domain in _present(conn, uuids):
        try:
            found[domain.UUIDString()] = domain.metadata(libvirt.VIR_DOMAIN_METADATA_TITLE, None)
        except libvirt.libvirtError:
            continue  # most guests have none
    return found
