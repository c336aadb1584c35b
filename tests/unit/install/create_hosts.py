"""Hosts of the create cases: surveys made of the capability files in ``tests/data/create/hosts``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.install import arches, gather
from app.install.choices import Acceleration, Platform
from app.install.sizes import GIB
from app.install.survey import Abilities, HostDisc, Survey
from app.model.records import NetworkRecord, PoolRecord
from app.virt.capabilities import parse_domain, parse_host

DATA = Path(__file__).parents[2] / "data" / "create"
DRIVERS_DISC = "/var/lib/libvirt/images/virtio-win-0.1.240.iso"

COMMON = Survey(
    "host",
    cpus=8,
    memory=32 * GIB,
    memory_free=20 * GIB,
    libvirt_version=9_000_000,
    arch="x86_64",
    networks=(NetworkRecord("n", "default", active=True),),
    bridges=("br0",),
    adapters=("eth0",),
    pools=(PoolRecord("p", "default", active=True, available=500 * GIB, target_path="/var/lib/libvirt/images", type="dir"),),
)


@dataclass(frozen=True)
class HostKind:
    """driver: as libvirt calls it; accel: what new machines get; own: domain capabilities by acceleration; caps: of the host."""

    driver: str
    caps: str
    accel: Acceleration
    own: dict[Acceleration, str]


KVM, TCG = Acceleration.KVM, Acceleration.EMULATION
HOSTS = {
    "workstation": HostKind("QEMU", "qemu.xml", KVM, {KVM: "x86_64-q35-kvm-workstation.xml", TCG: "x86_64-q35-qemu.xml"}),
    "kvm": HostKind("QEMU", "qemu.xml", KVM, {KVM: "x86_64-q35-kvm.xml", TCG: "x86_64-q35-qemu.xml"}),
    "tcg": HostKind("QEMU", "qemu.xml", TCG, {TCG: "x86_64-q35-qemu.xml"}),
    "xen": HostKind("Xen", "xen.xml", Acceleration.XEN, {Acceleration.XEN: "xen-hvm-domain.xml"}),
    "lxc": HostKind("LXC", "lxc.xml", Acceleration.LXC, {}),
    "bhyve": HostKind("BHYVE", "bhyve.xml", Acceleration.BHYVE, {Acceleration.BHYVE: "bhyve-domain.xml"}),
    "vz": HostKind("vz", "vz.xml", Acceleration.VIRTUOZZO, {}),
    "test": HostKind("TEST", "qemu.xml", Acceleration.PRACTICE, {}),
}


def text(name: str) -> str:
    """A capability file."""
    return (DATA / "hosts" / name).read_text()


def survey(name: str) -> Survey:
    """The host of that name as planning sees it."""
    kind = HOSTS[name]
    caps = parse_host(text(kind.caps))
    offers = gather.offers_of(caps)
    own = {accel: abilities(file) for accel, file in kind.own.items()}
    if not own:
        own = {kind.accel: _bare(kind, offers[0].emulator, offers[0].os_type)}
    found = replace(COMMON, driver=kind.driver, accel=kind.accel, abilities=own, offers=offers)
    if kind.accel is Acceleration.PRACTICE:
        return replace(found, offers=(), arch="")
    return replace(found, discs=(HostDisc(DRIVERS_DISC, "default"), HostDisc("/srv/debian.iso", "isos"), HostDisc("/dev/sr0")))


def _bare(kind: HostKind, emulator: str, os_type: str) -> Abilities:
    if kind.accel is Acceleration.PRACTICE:
        return Abilities(arch="i686", machine="")
    return Abilities(emulator, "", "x86_64", os_type)


def abilities(file: str, machine: str = "", os_type: str = "hvm") -> Abilities:
    """Of a file of domain capabilities; the machine's alias is the second part of its name."""
    found = parse_domain(text(file))
    assert found is not None
    alias = file.removesuffix(".xml").partition("-")[2].rpartition("-")[0]
    known = machine or next(
        (name for name in arches.find(found.arch).machines if name in (alias, alias.removesuffix("-kvm"))), ""
    )
    return gather.from_capabilities(found, known or found.machine, os_type)


def learnt(host: Survey, platform: Platform, accel: Acceleration) -> Survey:
    """As ``gather.learn``, from the files; without a file the host has not told."""
    arch = platform.arch or "x86_64"
    machines = (platform.machine,) if platform.machine else arches.find(arch).machines
    files = [f"{arch}-{machine}-{accel.value}.xml" for machine in machines]
    there = next((file for file in files if (DATA / "hosts" / file).exists()), None)
    if there is None or platform == Platform():
        return host
    return replace(host, others={(platform, accel): abilities(there, platform.machine, platform.os_type)})
