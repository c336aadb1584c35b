"""What a host is and what it can give a guest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary
from xml.etree.ElementTree import Element, ParseError

from app.i18n import _
from app.model.records import HostRecord
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S
from app.virt.errors import is_lost
from app.virt.safe_xml import parse
from app.virt.session import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GuestArch:
    """One architecture that the host can run.  machines: canonical and alias names; default first."""

    arch: str
    os_type: str
    virt_types: tuple[str, ...]
    emulator: str
    machines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostCell:
    """One NUMA node.  siblings: processors that share a core, as libvirt spells them: "0,4".  pages_kib: sizes of its pages."""

    id: int
    memory_kib: int
    cpus: tuple[int, ...]
    siblings: tuple[str, ...] = ()
    pages_kib: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HostCapabilities:
    """The host's part of ``virsh capabilities``.  cpu_features: names of processor features that libvirt sees.

    security_models: "selinux", "apparmor", "dac".
    dac_label: as whom QEMU runs there ("+64055:+64055": uid and gid); "" if the driver does not tell.
    """

    arch: str = ""
    cpu_model: str = ""
    cpu_vendor: str = ""
    cpu_features: frozenset[str] = frozenset()
    guests: tuple[GuestArch, ...] = ()
    dac_label: str = ""
    security_models: tuple[str, ...] = ()
    cells: tuple[HostCell, ...] = ()

    def guest(self, arch: str = "", os_type: str = "hvm") -> GuestArch | None:
        """The entry of an architecture, the host's own by default."""
        wanted = arch or self.arch
        return next((guest for guest in self.guests if guest.arch == wanted and guest.os_type == os_type), None)


@dataclass(frozen=True, slots=True)
class DomainCapabilities:
    """What one combination of architecture, machine and virtualisation offers (``virsh domcapabilities``).

    enums: by "section/enum" ("video/modelType", "tpm/model", "disk/bus", "graphics/type", "os/firmware",
    "os/loader/secure"; also "cpu/mode" and "cpu/custom/model", of which the host can run), values in libvirt's order.
    supported: sections that are; known: those that are mentioned at all; cpu_modes as "cpu/mode".
    cpu_features: of the model that is closest to the host's own.
    """

    arch: str
    machine: str
    virt_type: str
    emulator: str = ""
    max_vcpus: int = 0
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    supported: frozenset[str] = frozenset()
    cpu_modes: tuple[str, ...] = ()
    loaders: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    cpu_features: frozenset[str] = frozenset()

    def values(self, name: str) -> tuple[str, ...]:
        """The choices of an enum; empty if the host does not list it."""
        return self.enums.get(name, ())

    @property
    def firmwares(self) -> tuple[str, ...]:
        """Firmware that can be chosen by name: "bios", "efi"."""
        return self.values("os/firmware")

    @property
    def secure_boot(self) -> bool:
        """True if a firmware with Secure Boot can be used."""
        return "yes" in self.values("os/loader/secure")


_host_cache: WeakKeyDictionary[Session, HostCapabilities] = WeakKeyDictionary()
_domain_cache: WeakKeyDictionary[Session, dict[tuple[str, str, str], DomainCapabilities]] = WeakKeyDictionary()


def forget(session: Session) -> None:
    """After a reconnect: the host may have been upgraded."""
    _host_cache.pop(session, None)
    _domain_cache.pop(session, None)


async def host_facts(session: Session) -> HostRecord:
    """Facts for the host's row and overview; what the driver does not tell stays empty."""
    forget(session)
    record = await session.call(_facts, what=_("Cannot read the host's facts."), timeout_s=READ_S, background=True)
    host = await host_capabilities(session)
    return HostRecord(
        hostname=record.hostname,
        driver=record.driver,
        arch=record.arch or host.arch,
        cpu_model=" ".join(part for part in (host.cpu_vendor, host.cpu_model) if part),
        cpus=record.cpus,
        memory_kib=record.memory_kib,
        libvirt_version=record.libvirt_version,
        hypervisor_version=record.hypervisor_version,
    )


def _facts(conn: libvirt.virConnect) -> HostRecord:
    info: list[Any] = _tell(conn.getInfo, [])
    # getInfo counts memory by node 0, which may be set up later in parts; the statistics have all of it.
    memory = _tell(lambda: conn.getMemoryStats(libvirt.VIR_NODE_MEMORY_STATS_ALL_CELLS, 0).get("total", 0), 0)
    return HostRecord(
        hostname=_tell(conn.getHostname, ""),
        driver=_tell(conn.getType, ""),
        arch=info[0] if info else "",
        cpus=info[2] if info else 0,
        memory_kib=memory or (info[1] * 1024 if info else 0),
        libvirt_version=_tell(conn.getLibVersion, 0),
        hypervisor_version=_tell(conn.getVersion, 0),
    )


def _tell(question: Callable[[], T], default: T) -> T:
    try:
        return question()
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return default


async def host_capabilities(session: Session) -> HostCapabilities:
    """The host's capabilities, read once a connection."""
    if (known := _host_cache.get(session)) is not None:
        return known

    def work(conn: libvirt.virConnect) -> HostCapabilities:
        return parse_host(_tell(conn.getCapabilities, ""))

    # Once a connection, so no poll: a daemon that asks its emulators for the first time takes 20 s, and would hold the place
    # of a listing that is asked again beside a hung guest (``app.virt.hedge``).
    found = await session.call(work, what=_("Cannot read what the host can do."), timeout_s=READ_S)
    _host_cache[session] = found
    return found


def parse_host(text: str) -> HostCapabilities:
    """``virsh capabilities``; empty for what is none."""
    try:
        root = parse(text)
    except ParseError:
        return HostCapabilities()
    names = [feature.get("name") or "" for feature in root.findall("host/cpu/feature")]
    return HostCapabilities(
        arch=root.findtext("host/cpu/arch") or "",
        cpu_model=root.findtext("host/cpu/model") or "",
        cpu_vendor=root.findtext("host/cpu/vendor") or "",
        cpu_features=frozenset(names),
        guests=tuple(_parse_guest(guest) for guest in root.findall("guest")),
        dac_label=root.findtext("host/secmodel[model='dac']/baselabel") or "",
        security_models=tuple(model.text or "" for model in root.findall("host/secmodel/model")),
        cells=tuple(_parse_cell(cell) for cell in root.findall("host/topology/cells/cell")),
    )


def _parse_cell(cell: Element) -> HostCell:
    cpus = cell.findall("cpus/cpu")
    pages = [page.get("size") or "" for page in cell.findall("pages")]
    return HostCell(
        id=int(cell.get("id") or 0),
        memory_kib=int(cell.findtext("memory") or 0),
        cpus=tuple(int(cpu.get("id") or 0) for cpu in cpus),
        siblings=tuple(dict.fromkeys(group for cpu in cpus if (group := cpu.get("siblings")))),
        pages_kib=tuple(int(size) for size in pages if size.isdecimal()),
    )


def _parse_guest(guest: Element) -> GuestArch:
    arch = guest.find("arch")
    if arch is None:
        return GuestArch("", "", (), "", ())
    return GuestArch(
        arch=arch.get("name") or "",
        os_type=guest.findtext("os_type") or "",
        virt_types=tuple(domain.get("type") or "" for domain in arch.findall("domain")),
        emulator=arch.findtext("emulator") or "",
        machines=tuple(machine.text or "" for machine in arch.findall("machine")),
    )


async def domain_capabilities(
    session: Session, arch: str = "", machine: str = "", virt_type: str = ""
) -> DomainCapabilities | None:
    """What that combination offers, read once a connection; None if the driver has no such call or not that combination.

    Empty arguments mean the host's own choice.
    """
    cache = _domain_cache.setdefault(session, {})
    key = (arch, machine, virt_type)
    if key in cache:
        return cache[key]

    def work(conn: libvirt.virConnect) -> DomainCapabilities | None:
        text = _tell(lambda: conn.getDomainCapabilities(None, arch or None, machine or None, virt_type or None, 0), "")
        return parse_domain(text)

    found = await session.call(work, what=_("Cannot read what the host can give a machine."), timeout_s=READ_S)
    if found is not None:
        cache[key] = found
    return found


def parse_domain(text: str) -> DomainCapabilities | None:
    """``virsh domcapabilities``; None for what is none."""
    try:
        root = parse(text)
    except ParseError:
        return None
    enums: dict[str, tuple[str, ...]] = {}
    supported: set[str] = set()
    known: set[str] = set()
    for top in root:
        _collect(top, "", enums, (supported, known))
    modes = [mode for mode in root.findall("cpu/mode") if mode.get("supported") == "yes"]
    if root.find("cpu") is not None:
        enums["cpu/mode"] = tuple(mode.get("name") or "" for mode in modes)
    usable = [model.text or "" for model in root.findall("cpu/mode[@name='custom']/model") if model.get("usable") != "no"]
    if usable:
        enums["cpu/custom/model"] = tuple(usable)
    vcpu = root.find("vcpu")
    return DomainCapabilities(
        arch=root.findtext("arch") or "",
        machine=root.findtext("machine") or "",
        virt_type=root.findtext("domain") or "",
        emulator=root.findtext("path") or "",
        max_vcpus=int((vcpu.get("max") if vcpu is not None else None) or 0),
        enums=enums,
        supported=frozenset(supported),
        cpu_modes=tuple(mode.get("name") or "" for mode in modes),
        loaders=tuple(value.text or "" for value in root.findall("os/loader/value")),
        known=frozenset(known),
        cpu_features=frozenset(
            feature.get("name") or "" for feature in root.findall("cpu/mode[@name='host-model']/feature")
        ),
    )


def _collect(
    element: Element, prefix: str, enums: dict[str, tuple[str, ...]], sections: tuple[set[str], set[str]]
) -> None:
    """Gathers enums below an element; ``devices`` and ``features`` are only wrappers and left out of the names.

    sections: those which are supported, and those which are mentioned.
    """
    wrapper = element.tag in ("devices", "features")
    name = prefix if wrapper else f"{prefix}{element.tag}"
    if element.get("supported") is not None:
        sections[1].add(name)
    if element.get("supported") == "yes":
        sections[0].add(name)
    for child in element:
        if child.tag == "enum":
            enums[f"{name}/{child.get('name')}"] = tuple(value.text or "" for value in child.findall("value"))
        elif child.tag not in ("value", "mode"):
            _collect(child, "" if wrapper else f"{name}/", enums, sections)
