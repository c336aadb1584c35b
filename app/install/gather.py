"""Asks a host what planning needs to know."""

from __future__ import annotations

from pathlib import Path

from app.hosts.host import Host
from app.install import hypervisor_user
from app.install.background import in_thread
from app.install.plan import Acceleration
from app.install.survey import Abilities, Survey
from app.virt import capabilities, domains
from app.virt.capabilities import DomainCapabilities

_MACHINES = ("q35", "pc", "virt", "")
"""In the order of preference; "" is the hypervisor's own default."""


async def gather(host: Host) -> Survey:
    """From what the host already knows, its capabilities (cached a connection) and, on this computer, the kernel's files.

    The names are asked anew: the inventory still has a machine whose removal is only just on its way here.
    """
    local = hypervisor_user.is_local(host.uri)
    free, bridges = await in_thread(_local_facts, timeout_s=5.0, what="") if local else (0, ())
    record = host.record
    driver = record.driver if record else ""
    accel, reason = _acceleration(host, driver)
    inventory = host.inventory
    return Survey(
        label=host.label,
        driver=driver or "QEMU",
        local=local,
        session=hypervisor_user.is_session(host.uri),
        cpus=record.cpus if record else 1,
        memory=record.memory_kib << 10 if record else 0,
        memory_free=free,
        libvirt_version=record.libvirt_version if record else 0,
        accel=accel,
        accel_reason=reason,
        abilities=await _abilities(host, accel),
        names=frozenset(domain.name for domain in await domains.list_states(host.session)),
        networks=tuple(inventory.networks.values()),
        bridges=tuple(name for name in bridges if name not in {network.bridge for network in inventory.networks.values()}),
        pools=tuple(inventory.pools.values()),
    )


def _acceleration(host: Host, driver: str) -> tuple[Acceleration, str]:
    if driver.upper() == "TEST":
        return Acceleration.PRACTICE, ""
    kvm = host.accel.virt_type == "kvm"
    return (Acceleration.KVM if kvm else Acceleration.EMULATION), host.accel.reason


async def _abilities(host: Host, accel: Acceleration) -> dict[Acceleration, Abilities]:
    """Of both accelerations where the host has them, so that the user may choose."""
    if accel is Acceleration.PRACTICE:
        guests = (await capabilities.host_capabilities(host.session)).guests
        return {accel: Abilities(arch=guests[0].arch if guests else "i686", machine="")}
    found: dict[Acceleration, Abilities] = {}
    for kind in (Acceleration.KVM, Acceleration.EMULATION):
        caps = await _capabilities(host, kind.value)
        if caps is not None:
            found[kind] = from_capabilities(caps[0], caps[1])
    return found


async def _capabilities(host: Host, virt_type: str) -> tuple[DomainCapabilities, str] | None:
    guest = (await capabilities.host_capabilities(host.session)).guest()
    if guest is not None and virt_type not in guest.virt_types:
        return None
    for machine in _MACHINES:
        caps = await capabilities.domain_capabilities(host.session, guest.arch if guest else "", machine, virt_type)
        if caps is not None:
            return caps, machine or caps.machine
    return None


def from_capabilities(caps: DomainCapabilities, machine: str) -> Abilities:
    """The parts of domain capabilities that planning uses."""
    return Abilities(
        emulator=caps.emulator,
        machine=machine,
        arch=caps.arch or "x86_64",
        max_vcpus=caps.max_vcpus,
        cpu_modes=frozenset(caps.cpu_modes),
        video_models=frozenset(caps.values("video/modelType")),
        graphics=frozenset(caps.values("graphics/type")),
        rng_models=frozenset(caps.values("rng/model")),
        tpm_models=frozenset(caps.values("tpm/model")) if "tpm" in caps.supported else frozenset(),
        tpm_backends=frozenset(caps.values("tpm/backendModel")) if "tpm" in caps.supported else frozenset(),
        hyperv=frozenset(caps.values("hyperv/features")) if "hyperv" in caps.supported else frozenset(),
        efi="efi" in caps.firmwares,
        secure_boot=caps.secure_boot and "efi" in caps.firmwares,
    )


def _local_facts() -> tuple[int, tuple[str, ...]]:
    """Free memory in bytes and the bridges of this computer that somebody set up (not a container engine's)."""
    bridges = tuple(
        sorted(path.parent.name for path in Path("/sys/class/net").glob("*/bridge") if not path.parent.name.startswith(_FOREIGN))
    )
    return _available(), bridges


_FOREIGN = ("docker", "br-", "virbr", "podman", "cni", "lxc")


def _available() -> int:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    found = next((line.split() for line in lines if line.startswith("MemAvailable:")), None)
    return int(found[1]) << 10 if found else 0
