"""Which storage a guest's definition names, and which guests use which storage, also through backing files."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from app.i18n import _
from app.virt import lookup
from app.virt.binding import libvirt
from app.virt.errors import is_lost
from app.virt.safe_xml import parse
from app.virt.session import Session

CHUNK = 20
"""Guests read by one worker call, so that other calls get their turn."""

LIMIT_S = 20.0
"""After that the rest is reported as not checked: a thousand guests over a slow link would take minutes."""

CHAIN_LIMIT = 50
"""QEMU itself gives up far earlier; a loop of backing files must end somewhere."""


@dataclass(frozen=True, slots=True)
class DiskSource:
    """One disk of a definition.

    path: file or block device on the host, empty for others (``where`` then has words for it).
    pool, volume: names, for disks defined by volume.  backing: paths of the chain, as the XML has it (running guests).
    """

    target: str
    device: str = "disk"
    type: str = "file"
    path: str = ""
    pool: str = ""
    volume: str = ""
    where: str = ""
    format: str = ""
    readonly: bool = False
    shareable: bool = False
    backing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Users:
    """by_path: names of the guests that use a path, directly or through backing files.  unchecked: guests not read."""

    by_path: dict[str, frozenset[str]] = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """Sorted names."""
        return tuple(sorted(self.by_path.get(path, ())))


def disks(text: str) -> tuple[DiskSource, ...]:
    """The disks of a domain's XML, empty drives left out; nothing if it is malformed."""
    try:
        root = parse(text)
    except ParseError:
        return ()
    return tuple(disk for element in root.iterfind("devices/disk") if (disk := _disk(element)) is not None)


def boot_files(text: str) -> tuple[str, ...]:
    """Kernel, ramdisk and device tree that the hypervisor starts a machine with; nothing if its XML is malformed."""
    try:
        root = parse(text)
    except ParseError:
        return ()
    return tuple(path for name in ("kernel", "initrd", "dtb") if (path := (root.findtext(f"os/{name}") or "").strip()))


def _disk(element: Element) -> DiskSource | None:
    source = element.find("source")
    if source is None or not source.attrib:
        return None
    driver, target = element.find("driver"), element.find("target")
    return DiskSource(
        target=target.get("dev", "") if target is not None else "",
        device=element.get("device", "disk"),
        type=element.get("type", "file"),
        path=source.get("file") or source.get("dev") or source.get("dir") or "",
        pool=source.get("pool", ""),
        volume=source.get("volume", ""),
        where=" ".join(filter(None, (source.get("protocol"), source.get("name"), source.get("path")))),
        format=driver.get("type", "") if driver is not None else "",
        readonly=element.find("readonly") is not None,
        shareable=element.find("shareable") is not None,
        backing=_backing(element),
    )


def _backing(element: Element) -> tuple[str, ...]:
    """``<backingStore>`` elements stand in each other, one for each file of the chain."""
    found: list[str] = []
    store = element.find("backingStore")
    while store is not None and len(found) < CHAIN_LIMIT:
        source = store.find("source")
        path = (source.get("file") or source.get("dev") or "") if source is not None else ""
        if path:
            found.append(path)
        store = store.find("backingStore")
    return tuple(found)


async def volume_path(session: Session, pool: str, volume: str) -> str:
    """The path of a volume by the names of it and its pool; empty if it is not there or the pool is stopped."""
    return await session.call(lambda conn: _volume_path(conn, pool, volume), what=_("Cannot look the volume up."), timeout_s=30)


def _volume_path(conn: libvirt.virConnect, pool: str, volume: str) -> str:
    try:
        return str(conn.storagePoolLookupByName(pool).storageVolLookupByName(volume).path())
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return ""


async def chain(session: Session, path: str) -> tuple[str, ...]:
    """The files below ``path`` that its pool knows of, nearest first."""
    return await session.call(lambda conn: tuple(_chain(conn, path)), what=_("Cannot look the file up."), timeout_s=60)


def _chain(conn: libvirt.virConnect, path: str) -> list[str]:
    found: list[str] = []
    while len(found) < CHAIN_LIMIT:
        try:
            backing = parse(conn.storageVolLookupByPath(path).XMLDesc(0)).findtext("backingStore/path")
        except libvirt.libvirtError as error:
            if is_lost(error):
                raise
            return found
        except ParseError:
            return found
        if not backing or backing in found:
            return found
        found.append(backing)
        path = backing
    return found


async def users(session: Session, guests: Sequence[tuple[str, str]], *, limit_s: float = LIMIT_S) -> Users:
    """Who uses what among ``guests`` (UUID, name): the running and the next definition of each, and their backing files."""
    found: dict[str, set[str]] = {}
    unchecked: list[str] = []
    until = time.monotonic() + limit_s
    for start in range(0, len(guests), CHUNK):
        part = guests[start : start + CHUNK]
        if time.monotonic() > until:
            unchecked += [name for _uuid, name in part]
            continue
        for guest, paths in await _chunk(session, part):
            if paths is None:
                unchecked.append(guest)
            for path in paths or ():
                found.setdefault(path, set()).add(guest)
    return Users({path: frozenset(names) for path, names in found.items()}, tuple(unchecked))


async def _chunk(session: Session, guests: Sequence[tuple[str, str]]) -> list[tuple[str, frozenset[str] | None]]:
    what = _("Cannot find out which machines use which disks.")
    return await session.call(lambda conn: [(name, _uses(conn, uuid)) for uuid, name in guests], what=what, timeout_s=60)


def _uses(conn: libvirt.virConnect, uuid: str) -> frozenset[str] | None:
    """Every path that one guest uses; nothing if it went meanwhile, None if it does not tell (busy, hung)."""
    try:
        domain = lookup.domain(conn, uuid)
        texts = [domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)]
        if domain.isActive():
            texts.append(domain.XMLDesc(0))
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return frozenset() if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN else None
    started_with = {path for text in texts for path in boot_files(text)}
    return frozenset(_with_chains(conn, [disk for text in texts for disk in disks(text)]) | started_with)


def _with_chains(conn: libvirt.virConnect, sources: Iterable[DiskSource]) -> set[str]:
    paths: set[str] = set()
    for disk in sources:
        path = disk.path or (_volume_path(conn, disk.pool, disk.volume) if disk.pool else "")
        paths.update(disk.backing)
        if path and path not in paths:
            paths.update((path, *_chain(conn, path)))
    return paths
