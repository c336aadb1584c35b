"""Raw counters of guests at one moment, as the host counts them; rates come from two samples.

``None`` means that the host did not say: the group was not asked for, the driver has none (the test
driver knows only the state), or the guest's hypervisor did not answer in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.model.records import DomainState


@dataclass(frozen=True, slots=True)
class DomainSample:
    """Counters of one guest since it started; they begin anew at each start.

    cpu_time_ns: processor time of all vCPUs.  vcpus: how many are on line.
    *_kib: memory in KiB; ``unused``, ``available`` and ``usable`` are told by the guest's balloon
    driver, ``rss`` by the host.  disk_*, net_*: sums over all disks and interfaces; bytes.
    state, reason: virDomainState and its reason at the moment of the sample.
    """

    cpu_time_ns: int | None = None
    vcpus: int | None = None
    max_vcpus: int | None = None
    balloon_kib: int | None = None
    max_balloon_kib: int | None = None
    rss_kib: int | None = None
    unused_kib: int | None = None
    available_kib: int | None = None
    usable_kib: int | None = None
    disk_read_bytes: int | None = None
    disk_write_bytes: int | None = None
    disk_read_requests: int | None = None
    disk_write_requests: int | None = None
    net_rx_bytes: int | None = None
    net_tx_bytes: int | None = None
    state: DomainState = DomainState.NOSTATE
    reason: int = 0


@dataclass(frozen=True, slots=True)
class StatsSample:
    """What one poll of a host brought.  at_s: ``time.monotonic()`` when the answer came; keys are UUIDs.

    partial: True if a call was late, so that guests that hang are missing in the answer.
    """

    at_s: float
    domains: Mapping[str, DomainSample]
    partial: bool = False
