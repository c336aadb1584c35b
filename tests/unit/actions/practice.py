"""A practice host (libvirt's test driver, a real session) with a few machines, and a scripted user."""

from __future__ import annotations

import asyncio
import uuid as uuids
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from app.actions.catalogue import action
from app.actions.context import Context, Selection
from app.hosts.host import Host
from app.hosts.host_list import HostList
from app.jobs.job import Job
from app.jobs.runner import JobRunner
from app.model.records import DomainRecord, DomainRef
from app.settings.store import Settings
from app.virt import domains
from tests.scripted_ui import ScriptedUi

RUNNING, PAUSED, OFF = 1, 3, 5

_DOMAIN = """
<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
  <test:runstate>{state}</test:runstate>
  <name>{name}</name><uuid>{uuid}</uuid>
  <memory>65536</memory><vcpu>1</vcpu>
  <os><type arch='i686'>hvm</type></os>
  <devices>{devices}</devices>
</domain>"""


def uuid_of(name: str) -> str:
    """Always the same for a name."""
    return str(uuids.uuid5(uuids.NAMESPACE_DNS, name))


def domain_xml(name: str, state: int = OFF, devices: str = "") -> str:
    """A machine of the test driver, with the state in which it begins."""
    return _DOMAIN.format(name=name, uuid=uuid_of(name), state=state, devices=devices)


def plain_xml(name: str) -> str:
    """The same without what libvirt's schema does not know."""
    xmlns = " xmlns:test='http://libvirt.org/schemas/domain/test/1.0'"
    return domain_xml(name).replace(xmlns, "").replace(f"<test:runstate>{OFF}</test:runstate>", "")


@dataclass
class Practice:
    """What a test works with; the host is connected."""

    ctx: Context
    host: Host
    ui: ScriptedUi
    folder: Path

    def select(self, *names: str) -> Selection:
        """These machines."""
        return Selection(domains=tuple(self.ref(name) for name in names))

    def ref(self, name: str) -> DomainRef:
        return DomainRef(self.host.id, uuid_of(name))

    def record(self, name: str) -> DomainRecord | None:
        """What the inventory says now."""
        return self.host.inventory.domains.get(uuid_of(name))

    async def real(self, name: str) -> DomainRecord:
        """What libvirt says now, past the inventory."""
        (record,) = await domains.read_records(self.host.session, [uuid_of(name)])
        return record

    async def run(self, action_id: str, *names: str) -> None:
        """Uses an action on machines, or on the host if none is named."""
        selection = self.select(*names) if names else Selection(hosts=(self.host,))
        await action(action_id).run(self.ctx, selection)

    def reason(self, action_id: str, *names: str) -> str:
        """Why it is disabled; empty if it is enabled."""
        selection = self.select(*names) if names else Selection(hosts=(self.host,))
        able = action(action_id).enablement(self.ctx, selection)
        assert able.enabled != bool(able.reason)
        return able.reason

    async def seen(self, check: Callable[[], bool]) -> None:
        """Waits until the inventory (or anything else on the loop) shows it."""
        changed = asyncio.Event()
        links = [self.host.inventory.changed.connect(lambda _change: changed.set()), self.ui.told.connect(changed.set)]
        while not check():
            changed.clear()
            await changed.wait()
        for link in links:
            link.disconnect()

    @property
    def last_job(self) -> Job:
        return self.ctx.jobs.jobs[-1]


def practise(folder: Path, machines: dict[str, int], test: Callable[[Practice], Awaitable[None]], devices: str = "") -> None:
    """Runs ``test`` with a connected practice host of these machines (name: state)."""
    node = folder / "node.xml"
    listed = "".join(domain_xml(name, state, devices) for name, state in machines.items())
    node.write_text(f"<node>{listed}</node>")
    asyncio.run(asyncio.wait_for(_practise(folder, node, machines, test), 60))


async def _practise(folder: Path, node: Path, machines: dict[str, int], test: Callable[[Practice], Awaitable[None]]) -> None:
    hosts = HostList()
    host = hosts.add(f"test://{node}", label="Practice")
    ui = ScriptedUi()
    ctx = Context(hosts, JobRunner(), Settings(folder / "config", folder / "state"), ui)
    practice = Practice(ctx, host, ui, folder)
    await host.connect()
    try:
        await practice.seen(lambda: len(host.inventory.domains) == len(machines))
        await practice.seen(lambda: all(record.autostart is not None for record in host.inventory.domains.values()))
        await test(practice)
    finally:
        await ctx.jobs.close()
        await hosts.close()
