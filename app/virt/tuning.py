"""Changing what a running guest may use: processors, memory, shares, limits.  Nothing here touches its definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import on_domain
from app.virt.session import Session

Parameters = Mapping[str, int | str | bool]
"""libvirt's typed parameters by name."""

_LIVE = 1
"""VIR_DOMAIN_AFFECT_LIVE."""


async def set_vcpus(session: Session, uuid: str, count: int) -> None:
    """How many of its processors are plugged in.  A guest that does not let go of one makes this wait 5 s and fail."""
    what = _("Cannot change the number of processors of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.setVcpusFlags(count, _LIVE))


async def set_vcpu(session: Session, uuid: str, number: int, on: bool) -> None:
    """Plugs one processor in or out."""
    what = _("Cannot change a processor of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.setVcpu(str(number), int(on), _LIVE))


async def set_memory(session: Session, uuid: str, kib: int) -> None:
    """Tells the balloon how much the guest may keep."""
    what = _("Cannot change the memory of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.setMemoryFlags(kib, _LIVE))


async def set_balloon_period(session: Session, uuid: str, seconds: int) -> None:
    """How often the guest tells what it uses; 0: never."""
    what = _("Cannot change how often the guest reports its memory.")
    await on_domain(session, uuid, what, lambda domain: domain.setMemoryStatsPeriod(seconds, _LIVE))


async def set_scheduler(session: Session, uuid: str, values: Parameters) -> None:
    """cpu_shares, vcpu_period, vcpu_quota ..."""
    what = _("Cannot change the processor shares of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.setSchedulerParametersFlags(dict(values), _LIVE))


async def set_memory_limits(session: Session, uuid: str, values: Parameters) -> None:
    """hard_limit, soft_limit, swap_hard_limit, in KiB."""
    what = _("Cannot change the memory limits of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.setMemoryParameters(dict(values), _LIVE))


async def set_block_shares(session: Session, uuid: str, values: Parameters) -> None:
    """weight, and device_weight, device_read_bytes_sec ... as "path,value,path,value"."""
    what = _("Cannot change the storage shares of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.setBlkioParameters(dict(values), _LIVE))


async def set_numa(session: Session, uuid: str, values: Parameters) -> None:
    """numa_nodeset, numa_mode."""
    what = _("Cannot change the NUMA nodes of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.setNumaParameters(dict(values), _LIVE))


async def pin_vcpu(session: Session, uuid: str, number: int, cpus: Iterable[int] | None) -> None:
    """On which of the host's processors one of the guest's runs; None: on any."""
    what = _("Cannot pin a processor of the running machine.")
    wanted = None if cpus is None else frozenset(cpus)
    await on_domain(session, uuid, what, lambda domain: domain.pinVcpuFlags(number, _map(domain, wanted), _LIVE))


async def pin_emulator(session: Session, uuid: str, cpus: Iterable[int] | None) -> None:
    """On which of the host's processors the hypervisor's own threads run; None: on any."""
    what = _("Cannot pin the emulator of the running machine.")
    wanted = None if cpus is None else frozenset(cpus)
    await on_domain(session, uuid, what, lambda domain: domain.pinEmulator(_map(domain, wanted), _LIVE))


async def pin_iothread(session: Session, uuid: str, number: int, cpus: Iterable[int] | None) -> None:
    """On which of the host's processors an I/O thread runs; None: on any."""
    what = _("Cannot pin an I/O thread of the running machine.")
    wanted = None if cpus is None else frozenset(cpus)
    await on_domain(session, uuid, what, lambda domain: domain.pinIOThread(number, _map(domain, wanted), _LIVE))


def _map(domain: libvirt.virDomain, cpus: frozenset[int] | None) -> tuple[bool, ...]:
    count = domain.connect().getCPUMap()[0]
    return tuple(cpus is None or number in cpus for number in range(count))


async def add_iothread(session: Session, uuid: str, number: int) -> None:
    """A further I/O thread."""
    what = _("Cannot add an I/O thread to the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.addIOThread(number, _LIVE))


async def remove_iothread(session: Session, uuid: str, number: int) -> None:
    """Ends an I/O thread that no disk uses."""
    what = _("Cannot remove an I/O thread of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.delIOThread(number, _LIVE))


async def set_perf(session: Session, uuid: str, events: Mapping[str, bool]) -> None:
    """Which events the host's kernel counts for it."""
    what = _("Cannot change the counters of the running machine.")
    await on_domain(session, uuid, what, lambda domain: domain.setPerfEvents(dict(events), _LIVE))


async def set_disk_limits(session: Session, uuid: str, target: str, values: Parameters) -> None:
    """total_bytes_sec, read_iops_sec, total_bytes_sec_max ... of one disk; 0: no limit."""
    what = _("Cannot change the limits of the disk “{target}”.").format(target=target)
    await on_domain(session, uuid, what, lambda domain: domain.setBlockIoTune(target, dict(values), _LIVE))


async def set_card_limits(session: Session, uuid: str, mac: str, values: Parameters) -> None:
    """inbound.average, inbound.peak, inbound.burst, outbound.average ... of one network card, in KiB (a second); 0: no limit."""
    what = _("Cannot change the limits of the network card “{mac}”.").format(mac=mac)
    await on_domain(session, uuid, what, lambda domain: domain.setInterfaceParameters(mac, dict(values), _LIVE))
