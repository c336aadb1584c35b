"""Discs that a host has: ISO files in its pools, and what is in its CD drives."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import ParseError

from app.errors import HostelryError
from app.hosts.host import Host
from app.install import pools
from app.install.survey import HostDisc, Survey
from app.virt import nodedevs, storage
from app.virt.safe_xml import parse
from app.virt.session import Session


async def find(host: Host, survey: Survey) -> Survey:
    """The survey with the host's discs; a pool or drive that does not answer is left out.  Some round trips: not needed to
    show the page."""
    found = await asyncio.gather(_in_pools(host, survey), _in_drives(host.session))
    return replace(survey, discs=tuple(disc for listed in found for disc in listed))


async def _in_pools(host: Host, survey: Survey) -> list[HostDisc]:
    listed = [pool for pool in survey.pools if pool.active and pools.holds_files(pool)]
    found: list[HostDisc] = []
    for pool in listed:
        try:
            volumes = await storage.list_volumes(host.session, pool.uuid, formats=False)
        except HostelryError:
            continue
        isos = [volume for volume in volumes if PurePosixPath(volume.path).suffix.lower() == ".iso"]
        found += [HostDisc(volume.path, pool.name, PurePosixPath(volume.path).stem, volume.capacity) for volume in isos]
    return sorted(found, key=lambda disc: disc.title.lower())


async def _in_drives(session: Session) -> list[HostDisc]:
    """libvirt's node devices tell the drives of any host; where it was built without them, this computer's own names do."""
    try:
        names = [record.name for record in await nodedevs.list_records(session, _STORAGE)]
        drives = [await _drive(session, name) for name in names]
    except HostelryError:
        return []
    found = [drive for drive in drives if drive is not None]
    if found or not session.is_local:
        return found
    return [HostDisc(str(path)) for path in await asyncio.to_thread(lambda: sorted(Path("/dev").glob("sr[0-9]*")))]


_STORAGE = 256
"""VIR_CONNECT_LIST_NODE_DEVICES_CAP_STORAGE"""


async def _drive(session: Session, name: str) -> HostDisc | None:
    """A CD drive's device and model; None for other storage."""
    try:
        block = parse(await nodedevs.xml(session, name)).find("capability[@type='storage']")
    except ParseError:
        return None
    if block is None or block.findtext("drive_type") != "cdrom":
        return None
    title = " ".join(filter(None, (block.findtext("vendor"), block.findtext("model"))))
    path = block.findtext("block") or ""
    size = block.findtext("capability[@type='removable']/media_size") or block.findtext("size") or "0"
    return HostDisc(path, "", title, int(size) if size.isdigit() else 0) if path else None
