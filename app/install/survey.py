"""What planning needs to know of a host, gathered once when the page opens."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.install.choices import Acceleration, Platform
from app.model.records import DomainRecord, NetworkRecord, PoolRecord


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the hypervisor offers for one architecture, machine family and acceleration (from domain capabilities).

    machine: the canonical or alias name that libvirt takes.  Empty sets mean that it does not say; then nothing is assumed.
    """

    emulator: str = ""
    machine: str = "q35"
    arch: str = "x86_64"
    os_type: str = "hvm"
    max_vcpus: int = 0
    cpu_modes: frozenset[str] = frozenset()
    disk_buses: frozenset[str] = frozenset()
    video_models: frozenset[str] = frozenset()
    graphics: frozenset[str] = frozenset()
    rng_models: frozenset[str] = frozenset()
    tpm_models: frozenset[str] = frozenset()
    tpm_backends: frozenset[str] = frozenset()
    hyperv: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    redirection: bool = False
    folders: frozenset[str] = frozenset()
    memory_sources: frozenset[str] = frozenset()
    net_backends: frozenset[str] = frozenset()
    loaders: tuple[str, ...] = ()
    efi: bool = False
    secure_boot: bool = False

    @property
    def x86(self) -> bool:
        return self.arch in ("x86_64", "i686")


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of machine that the host's capabilities list.  machines: names of machine types, the usual one first."""

    arch: str
    os_type: str
    accels: tuple[Acceleration, ...]
    machines: tuple[str, ...] = ()
    emulator: str = ""


@dataclass(frozen=True, slots=True)
class HostDisc:
    """A disc on the host: an ISO in a pool (pool: its name), or a CD drive (pool ""; title: its model)."""

    path: str
    pool: str = ""
    title: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """One host as planning sees it; sizes in bytes; 0 where unknown.

    local: files of this machine are files of the host.  session: an unprivileged connection (qemu:///session).
    abilities: by acceleration, of the host's own architecture; accel: which of them new machines get, with the reason.
    offers: all kinds of machine; others: abilities of those that were asked about (``gather.learn``).
    adapters: network adapters of this computer, for macvtap.  discs: filled by ``discs.find``.
    passt: user mode networks can be made by it.
    """

    label: str
    driver: str = "QEMU"
    local: bool = True
    session: bool = False
    cpus: int = 1
    memory: int = 0
    memory_free: int = 0
    libvirt_version: int = 0
    accel: Acceleration = Acceleration.EMULATION
    accel_reason: str = ""
    abilities: dict[Acceleration, Abilities] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    networks: tuple[NetworkRecord, ...] = ()
    bridges: tuple[str, ...] = ()
    pools: tuple[PoolRecord, ...] = ()
    offers: tuple[Offer, ...] = ()
    others: dict[tuple[Platform, Acceleration], Abilities] = field(default_factory=dict)
    adapters: tuple[str, ...] = ()
    discs: tuple[HostDisc, ...] = ()
    passt: bool = False
    arch: str = ""
    machines: tuple[DomainRecord, ...] = ()

    def of(self, accel: Acceleration) -> Abilities:
        """The abilities under ``accel`` on the host's own architecture; modest ones if the host did not say."""
        return self.abilities.get(accel) or Abilities()

    def at(self, platform: Platform, accel: Acceleration) -> Abilities:
        """The abilities for a kind of machine; modest ones if it was not asked about."""
        known = self.others.get((platform, accel))
        if known is not None:
            return known
        own = platform.arch in ("", self.arch or self.of(accel).arch) and platform.os_type == "hvm"
        if own and not platform.machine:
            return self.of(accel)
        offer = self.offer(platform)
        machine = platform.machine or (offer.machines[0] if offer and offer.machines else "")
        arch = platform.arch or self.arch or "x86_64"
        return Abilities(offer.emulator if offer else "", machine, arch, platform.os_type)

    def offer(self, platform: Platform) -> Offer | None:
        """The line of the capabilities for a kind of machine."""
        arch = platform.arch or self.arch
        return next((offer for offer in self.offers if (offer.arch, offer.os_type) == (arch, platform.os_type)), None)
