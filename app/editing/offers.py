"""Asks a host what it can give a machine: what the forms offer, and what is impossible with its reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from app.devices import cpuset
from app.devices.offers import Cell, Named, Offers
from app.editing import host_device_names
from app.editing.known import known, taken, users_of_devices
from app.errors import HostelryError
from app.i18n import _
from app.install import osinfo
from app.model.changes import Change
from app.model.records import ObjectKind
from app.virt import capabilities, cpu_models, filters, host_devices, interfaces
from app.virt.capabilities import DomainCapabilities, HostCapabilities
from app.virt.host_devices import HostDevice
from app.virt.interfaces import InterfaceRecord
from app.virt.session import Session, SessionState
from app.xmldoc.document import Document

if TYPE_CHECKING:
    from app.hosts.host import Host

T = TypeVar("T")
D = TypeVar("D")


async def offers(
    host: Host, document: Document, *, hosts: Iterable[Host] = (), uuid: str = "", active: bool = False
) -> Offers:
    """Everything the host tells for the document's architecture, machine type and hypervisor; what it does not tell is empty.

    Calls go in the background and are kept for the connection.  hosts: where MAC addresses may be taken, from what is cached.
    """
    arch, machine = document.get("os/type/@arch") or "", document.get("os/type/@machine") or ""
    virt_type = document.get("@type") or ""
    whole = await _or(capabilities.host_capabilities(host.session), HostCapabilities())
    caps = await _or(_domain(host.session, arch, machine, virt_type), None)
    about = _known_of(host)
    await about.read()
    await _or(known(host).refresh(), False)
    arch = arch or whole.arch
    record = host.record
    version = record.libvirt_version if record is not None else 0
    everyone = [host, *(other for other in hosts if other is not host)]
    return Offers(
        libvirt=(version // 1_000_000, version // 1000 % 1000, version % 1000),
        driver=record.driver if record is not None else "",
        virt_type=virt_type,
        arch=arch,
        machine=machine,
        enums=dict(caps.enums) if caps else {},
        supported=caps.supported if caps else frozenset(),
        known=caps.known if caps else frozenset(),
        names={
            **_of_inventory(host),
            **_of_capabilities(whole, caps, arch),
            **about.names(users_of_devices(host, uuid)),
            "cpu-models": tuple(Named(name) for name in await _or(cpu_models.names(host.session, arch), ())),
            "systems": await _systems(),
        },
        taken=taken(everyone, uuid),
        cells=_cells(whole),
        cpus=record.cpus if record is not None else sum(len(cell.cpus) for cell in whole.cells),
        memory_kib=record.memory_kib if record is not None else sum(cell.memory_kib for cell in whole.cells),
        max_vcpus=caps.max_vcpus if caps else 0,
        active=active,
    )


async def _systems() -> tuple[Named, ...]:
    """By libosinfo's names; empty where it is not installed."""
    return tuple(Named(one.id, one.name) for one in await asyncio.to_thread(osinfo.names))


async def learn(hosts: Iterable[Host]) -> bool:
    """Reads what is not known yet of the machines of other hosts; whether that was anything."""
    connected = [host for host in hosts if host.state is SessionState.CONNECTED]
    return any(await asyncio.gather(*(_or(known(host).refresh(), False) for host in connected)))


def with_taken(offered: Offers, host: Host, hosts: Iterable[Host], uuid: str) -> Offers:
    """The same with what is known by now of other hosts' machines."""
    return replace(offered, taken=taken([host, *(other for other in hosts if other is not host)], uuid))


async def _or(question: Awaitable[T], default: D) -> T | D:
    """What the host does not tell limits nothing."""
    try:
        return await question
    except HostelryError:
        return default


async def _domain(session: Session, arch: str, machine: str, virt_type: str) -> DomainCapabilities | None:
    """Of another machine type if the host does not know this one (any more)."""
    found = await capabilities.domain_capabilities(session, arch, machine, virt_type)
    return found if found is not None or not machine else await capabilities.domain_capabilities(session, arch, "", virt_type)


def _of_inventory(host: Host) -> dict[str, tuple[Named, ...]]:
    inventory = host.inventory
    inactive = _("It is not active.")
    return {
        "networks": tuple(
            Named(one.name, one.name if one.active else _("{name} (not active)").format(name=one.name), "")
            for one in sorted(inventory.networks.values(), key=lambda one: one.name)
        ),
        "pools": tuple(
            Named(one.name, one.name, "" if one.active else inactive)
            for one in sorted(inventory.pools.values(), key=lambda one: one.name)
        ),
        "secrets": tuple(Named(one.uuid, one.usage or one.uuid) for one in inventory.secrets.values()),
    }


def _of_capabilities(whole: HostCapabilities, caps: DomainCapabilities | None, arch: str) -> dict[str, tuple[Named, ...]]:
    guest = whole.guest(arch)
    features = sorted(whole.cpu_features | (caps.cpu_features if caps else frozenset())) if arch == whole.arch else []
    emulators = dict.fromkeys([caps.emulator if caps else "", *(one.emulator for one in whole.guests)])
    return {
        "machines": tuple(Named(name) for name in dict.fromkeys(guest.machines if guest else ())),
        "architectures": tuple(Named(name) for name in dict.fromkeys(one.arch for one in whole.guests)),
        "cpu-features": tuple(Named(name) for name in features),
        "emulators": tuple(Named(path) for path in emulators if path),
        "security-models": tuple(Named(name) for name in whole.security_models),
    }


def _cells(whole: HostCapabilities) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            cell.id,
            cell.memory_kib,
            cell.cpus,
            tuple(tuple(sorted(cpuset.members(group) or ())) for group in cell.siblings),
            cell.pages_kib,
        )
        for cell in whole.cells
    )


class _Devices:
    """The devices, interfaces and filters of one host; read once, and again when its list of devices has changed."""

    def __init__(self, host: Host) -> None:
        self._session = host.session
        self._devices: list[HostDevice] | None = None
        self._interfaces: list[InterfaceRecord] = []
        self._filters: list[str] = []
        self._reading = asyncio.Lock()
        host.inventory.changed.connect(self._on_change)
        host.session.state_changed.connect(self._on_state)

    def _on_change(self, change: Change) -> None:
        if change.kind is ObjectKind.NODEDEV:
            self._devices = None

    def _on_state(self, _state: SessionState) -> None:
        self._devices = None

    async def read(self) -> None:
        """Nothing if it is known; what cannot be read stays empty."""
        async with self._reading:
            if self._devices is None:
                # From here a change counts: what is read now may be older than it.
                self._devices = []
                found = await _or(host_devices.list_devices(self._session), None)
                self._interfaces = await _or(interfaces.list_records(self._session), [])
                self._filters = await _or(filters.list_names(self._session), [])
                self._devices = found

    def names(self, users: dict[str, str]) -> dict[str, tuple[Named, ...]]:
        """users: which machine has a device."""
        devices = self._devices or []
        cards = {one.interface for one in devices if one.kind == "net" and one.interface} | {one.name for one in self._interfaces}
        bridges = {one.name for one in self._interfaces if one.kind == "bridge"}
        return {
            "interfaces": tuple(Named(name) for name in sorted(cards - bridges)),
            "bridges": tuple(Named(name) for name in sorted(bridges)),
            "nwfilters": tuple(Named(name) for name in self._filters),
            **host_device_names.names(devices, users),
        }


_about: WeakKeyDictionary[Host, _Devices] = WeakKeyDictionary()


def _known_of(host: Host) -> _Devices:
    found = _about.get(host)
    if found is None:
        found = _about[host] = _Devices(host)
    return found
