"""What planning needs to know of a host, gathered once when the page opens."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.install.plan import Acceleration
from app.model.records import NetworkRecord, PoolRecord


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the hypervisor offers for one architecture, machine family and acceleration (from domain capabilities).

    machine: the canonical or alias name that libvirt takes.  Empty sets mean that it does not say; then nothing is assumed.
    """

    emulator: str = ""
    machine: str = "q35"
    arch: str = "x86_64"
    max_vcpus: int = 0
    cpu_modes: frozenset[str] = frozenset()
    video_models: frozenset[str] = frozenset()
    graphics: frozenset[str] = frozenset()
    rng_models: frozenset[str] = frozenset()
    tpm_models: frozenset[str] = frozenset()
    tpm_backends: frozenset[str] = frozenset()
    hyperv: frozenset[str] = frozenset()
    efi: bool = False
    secure_boot: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """One host as planning sees it; sizes in bytes; 0 where unknown.

    local: files of this machine are files of the host.  session: an unprivileged connection (qemu:///session).
    abilities: by acceleration; accel: which of them new machines get, with the reason.
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

    def of(self, accel: Acceleration) -> Abilities:
        """The abilities under ``accel``; modest ones if the host did not say."""
        return self.abilities.get(accel) or Abilities()
