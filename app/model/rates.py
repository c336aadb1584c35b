"""Rates from two samples of one guest's raw counters.

Counters begin anew at each start of the guest and may vanish when a device is unplugged; a poll may
come late or twice.  A rate is told only where two counters can be compared; else it is ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.model.records import DomainState
from app.model.sample import DomainSample

MIN_INTERVAL_S = 0.05
"""Two samples closer than this tell more about timer noise than about the guest."""

OFF_STATES = frozenset({DomainState.SHUTOFF, DomainState.CRASHED})


@dataclass(frozen=True, slots=True)
class Rates:
    """What one guest does now; ``None`` means not known.

    cpu_percent: 0-100 of the guest's own vCPUs.  cpu_cores: host processors' worth of time used, which is what
    totals are made of.  memory_percent: of what the guest has; used_kib is the same in KiB.
    *_bytes_s: bytes a second over all disks or interfaces.
    """

    cpu_percent: float | None = None
    cpu_cores: float | None = None
    memory_percent: float | None = None
    memory_used_kib: int | None = None
    disk_read_bytes_s: float | None = None
    disk_write_bytes_s: float | None = None
    net_rx_bytes_s: float | None = None
    net_tx_bytes_s: float | None = None

    @property
    def disk_bytes_s(self) -> float | None:
        """Read and written together."""
        return _sum(self.disk_read_bytes_s, self.disk_write_bytes_s)

    @property
    def net_bytes_s(self) -> float | None:
        """Received and sent together."""
        return _sum(self.net_rx_bytes_s, self.net_tx_bytes_s)


IDLE = Rates(0.0, 0.0, 0.0, 0, 0.0, 0.0, 0.0, 0.0)
"""A guest that is off."""

UNKNOWN = Rates()
"""A guest that was never sampled."""


def rates(old: DomainSample | None, new: DomainSample, elapsed_s: float) -> Rates:
    """What happened between two samples that lie ``elapsed_s`` of monotonic time apart."""
    if new.state in OFF_STATES:
        return IDLE
    used, percent = memory(new)
    if old is None or elapsed_s < MIN_INTERVAL_S or restarted(old, new):
        return Rates(memory_percent=percent, memory_used_kib=used)
    cores = _per_second(old.cpu_time_ns, new.cpu_time_ns, elapsed_s * 1e9)
    return Rates(
        cpu_percent=_share(cores, old.vcpus, new.vcpus),
        cpu_cores=cores,
        memory_percent=percent,
        memory_used_kib=used,
        disk_read_bytes_s=_per_second(old.disk_read_bytes, new.disk_read_bytes, elapsed_s),
        disk_write_bytes_s=_per_second(old.disk_write_bytes, new.disk_write_bytes, elapsed_s),
        net_rx_bytes_s=_per_second(old.net_rx_bytes, new.net_rx_bytes, elapsed_s),
        net_tx_bytes_s=_per_second(old.net_tx_bytes, new.net_tx_bytes, elapsed_s),
    )


def restarted(old: DomainSample, new: DomainSample) -> bool:
    """True if the counters of ``new`` belong to a later run of the guest than those of ``old``."""
    if old.state in OFF_STATES:
        return True
    return old.cpu_time_ns is not None and new.cpu_time_ns is not None and new.cpu_time_ns < old.cpu_time_ns


def memory(sample: DomainSample) -> tuple[int | None, float | None]:
    """Memory in use in KiB and in percent.

    The guest's own word comes first (balloon driver: ``available - usable``, since libvirt 4.7 and
    Linux guests; older ones tell ``available - unused``, which counts caches as used); else the
    host's resident set against what the guest was given.  QEMU itself may make that more than all.
    """
    if sample.available_kib:
        free = sample.usable_kib if sample.usable_kib is not None else sample.unused_kib
        if free is not None:
            return _of(max(sample.available_kib - free, 0), sample.available_kib)
    whole = sample.balloon_kib or sample.max_balloon_kib
    if sample.rss_kib is None or not whole:
        return None, None
    return _of(min(sample.rss_kib, whole), whole)


def _of(used: int, whole: int) -> tuple[int, float]:
    return used, min(100.0, 100.0 * used / whole)


def _per_second(old: int | None, new: int | None, elapsed: float) -> float | None:
    if old is None or new is None or new < old:  # less than before: a disk or card was unplugged
        return None
    return (new - old) / elapsed


def _share(cores: float | None, old_vcpus: int | None, new_vcpus: int | None) -> float | None:
    """Percent of the guest's vCPUs; of the larger number if some came or went between the samples."""
    vcpus = max(old_vcpus or 0, new_vcpus or 0)
    if cores is None or not vcpus:
        return None
    return min(100.0, 100.0 * cores / vcpus)


def _sum(first: float | None, second: float | None) -> float | None:
    if first is None:
        return second
    return first if second is None else first + second
