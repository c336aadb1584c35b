"""Asks a host what planning needs to know."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from app.hosts.host import Host
from app.install import arches, hypervisor_user
from app.install.background import in_thread
from app.install.choices import Acceleration, Platform
from app.install.survey import Abilities, Offer, Survey
from app.virt import capabilities, domains
from app.virt.capabilities import DomainCapabilities, HostCapabilities

_OWN = {kind.value: kind for kind in Acceleration}
_PASST_SINCE = 9_002_000
"""libvirt 9.0 and 9.1 have it, but distributions built them without."""


async def gather(host: Host) -> Survey:
    """From what the host already knows, its capabilities (cached a connection) and, on this computer, the kernel's files.

    The names are asked anew: the inventory still has a machine whose removal is only just on its way here.
    """
    local = hypervisor_user.is_local(host.uri)
    facts = await in_thread(_local_facts, timeout_s=5.0, what="") if local else _Facts()
    record = host.record
    driver = record.driver if record else ""
    caps = await capabilities.host_capabilities(host.session)
    offers = offers_of(caps)
    accel, reason = _acceleration(host, driver, offers)
    inventory = host.inventory
    version = record.libvirt_version if record else 0
    return Survey(
        label=host.label,
        driver=driver or "QEMU",
        local=local,
        session=hypervisor_user.is_session(host.uri),
        cpus=record.cpus if record else 1,
        memory=record.memory_kib << 10 if record else 0,
        memory_free=facts.free,
        libvirt_version=version,
        accel=accel,
        accel_reason=reason,
        abilities=await _abilities(host, accel, caps),
        names=frozenset(domain.name for domain in await domains.list_states(host.session)),
        networks=tuple(inventory.networks.values()),
        bridges=tuple(name for name in facts.bridges if name not in {network.bridge for network in inventory.networks.values()}),
        pools=tuple(inventory.pools.values()),
        offers=offers,
        adapters=facts.adapters,
        passt=local and facts.passt and version >= _PASST_SINCE,
        arch=caps.arch,
    )


async def learn(host: Host, survey: Survey, platform: Platform, accel: Acceleration) -> Survey:
    """The survey with the abilities of one more kind of machine, asked of the host; the same if they are known."""
    key = (platform, accel)
    if key in survey.others or (platform == Platform() and accel in survey.abilities):
        return survey
    found = await _of_platform(host, survey, platform, accel)
    return replace(survey, others={**survey.others, key: found}) if found is not None else survey


async def _of_platform(host: Host, survey: Survey, platform: Platform, accel: Acceleration) -> Abilities | None:
    arch = platform.arch or survey.arch
    offer = survey.offer(platform)
    for machine in (platform.machine,) if platform.machine else preferred(arch, offer):
        caps = await capabilities.domain_capabilities(host.session, arch, machine, accel.value)
        if caps is not None:
            return from_capabilities(caps, machine or caps.machine, platform.os_type)
    return None


def preferred(arch: str, offer: Offer | None) -> tuple[str, ...]:
    """Machine types to try, best first; "" is the hypervisor's own default."""
    known = offer.machines if offer else ()
    return (*(name for name in arches.find(arch).machines if not known or name in known), "")


def offers_of(caps: HostCapabilities) -> tuple[Offer, ...]:
    """What the capabilities list: the host's own architecture first, then those that we know, then the others."""
    order = [arch.name for arch in arches.ARCHES]
    found = []
    for guest in caps.guests:
        accels = tuple(_OWN[name] for name in guest.virt_types if name in _OWN)
        if guest.arch and accels:
            found.append(Offer(guest.arch, guest.os_type, tuple(dict.fromkeys(accels)), guest.machines, guest.emulator))
    return tuple(
        sorted(found, key=lambda offer: (offer.arch != caps.arch, order.index(offer.arch) if offer.arch in order else 99))
    )


def _acceleration(host: Host, driver: str, offers: tuple[Offer, ...]) -> tuple[Acceleration, str]:
    if driver.upper() == "TEST":
        return Acceleration.PRACTICE, ""
    offered = {accel for offer in offers for accel in offer.accels}
    special = next((kind for kind in _ONLY if kind in offered), None)
    if special is not None and not offered & {Acceleration.KVM, Acceleration.EMULATION}:
        return special, ""
    kvm = host.accel.virt_type == "kvm"
    return (Acceleration.KVM if kvm else Acceleration.EMULATION), host.accel.reason


_ONLY = (Acceleration.XEN, Acceleration.LXC, Acceleration.BHYVE, Acceleration.VIRTUOZZO, Acceleration.HVF)
"""Hypervisors that a connection has alone."""


async def _abilities(host: Host, accel: Acceleration, caps: HostCapabilities) -> dict[Acceleration, Abilities]:
    """Of both accelerations where the host has them, so that the user may choose."""
    if accel is Acceleration.PRACTICE:
        return {accel: Abilities(arch=caps.guests[0].arch if caps.guests else "i686", machine="")}
    if accel in _ONLY:
        return {accel: await _alone(host, accel, caps)}
    found: dict[Acceleration, Abilities] = {}
    for kind in (Acceleration.KVM, Acceleration.EMULATION):
        abilities = await _capabilities(host, kind.value, caps)
        if abilities is not None:
            found[kind] = abilities
    return found


async def _alone(host: Host, accel: Acceleration, caps: HostCapabilities) -> Abilities:
    """Of a hypervisor that may have no domain capabilities at all (LXC, Virtuozzo)."""
    guest = caps.guest() or (caps.guests[0] if caps.guests else None)
    if guest is None:
        return Abilities(arch=caps.arch, machine="")
    machine = guest.machines[0] if guest.machines else ""
    told = await capabilities.domain_capabilities(host.session, guest.arch, machine, accel.value)
    if told is not None:
        return from_capabilities(told, machine, guest.os_type)
    return Abilities(guest.emulator, machine, guest.arch, guest.os_type)


async def _capabilities(host: Host, virt_type: str, caps: HostCapabilities) -> Abilities | None:
    guest = caps.guest()
    if guest is not None and virt_type not in guest.virt_types:
        return None
    arch = guest.arch if guest else ""
    for machine in (*arches.find(arch).machines, ""):
        found = await capabilities.domain_capabilities(host.session, arch, machine, virt_type)
        if found is not None:
            return from_capabilities(found, machine or found.machine)
    return None


def from_capabilities(caps: DomainCapabilities, machine: str, os_type: str = "hvm") -> Abilities:
    """The parts of domain capabilities that planning uses."""
    return Abilities(
        emulator=caps.emulator,
        machine=machine,
        arch=caps.arch or "x86_64",
        os_type=os_type,
        disk_buses=frozenset(caps.values("disk/bus")),
        channels=frozenset(caps.values("channel/type")),
        redirection="redirdev" in caps.supported,
        folders=frozenset(caps.values("filesystem/driverType")),
        memory_sources=frozenset(caps.values("memoryBacking/sourceType")),
        net_backends=frozenset(caps.values("interface/backendType")),
        loaders=caps.loaders,
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


@dataclass(frozen=True, slots=True)
class _Facts:
    """free: bytes of memory; bridges that somebody set up (not a container engine's); adapters: real network cards."""

    free: int = 0
    bridges: tuple[str, ...] = ()
    adapters: tuple[str, ...] = ()
    passt: bool = False


def _local_facts() -> _Facts:
    """Of this computer; reads small files of the kernel."""
    net = Path("/sys/class/net")
    bridges = (path.parent.name for path in net.glob("*/bridge") if not path.parent.name.startswith(_FOREIGN))
    adapters = (path.parent.name for path in net.glob("*/device"))
    return _Facts(_available(), tuple(sorted(bridges)), tuple(sorted(adapters)), shutil.which("passt") is not None)


_FOREIGN = ("docker", "br-", "virbr", "podman", "cni", "lxc")


def _available() -> int:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    found = next((line.split() for line in lines if line.startswith("MemAvailable:")), None)
    return int(found[1]) << 10 if found else 0
