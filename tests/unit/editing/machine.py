"""A machine of libvirt's test driver, and a session on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.editing.session import EditSession
from app.hosts.host import Host
from app.model.records import DomainRef
from app.virt import domains

UUID = "11111111-2222-3333-4444-555555555555"
XML = f"""<domain type='test'>
  <name>web</name>
  <uuid>{UUID}</uuid>
  <title>The web</title>
  <memory unit='KiB'>524288</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch='i686'>hvm</type>
  </os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/a.img'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <graphics type='vnc' passwd='topsecret'/>
  </devices>
</domain>
"""


def edited(folder: Path, test: Callable[[EditSession], Awaitable[None]], *, running: bool = False) -> None:
    """Runs ``test`` with a session that was loaded."""

    async def run() -> None:
        driver = folder / "node.xml"
        driver.write_text("<node><cpu><nodes>1</nodes><sockets>1</sockets><cores>4</cores><threads>1</threads></cpu></node>")
        host = Host(f"test://{driver}")
        await host.connect()
        uuid = await domains.define(host.session, XML)
        if running:
            await domains.start(host.session, uuid)
        await host.refresh()
        session = EditSession(host, DomainRef(host.id, uuid))
        try:
            await session.load()
            await test(session)
        finally:
            session.close()
            await host.disconnect()

    asyncio.run(run())


async def until(condition: Callable[[], object]) -> None:
    """Waits for what comes by an event."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - signals of several kinds
            await asyncio.sleep(0.01)
