"""A machine made for plugging things in and out while it runs, and edit sessions on it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from app.editing.outcome import Outcome
from app.editing.session import EditSession
from app.hosts.host import Host
from app.jobs.runner import JobRunner
from app.model.records import DomainRef
from app.xmldoc.document import Document
from tests.lab import guests, media
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.world import wait_for

HARDWARE = """<controller type='usb' model='qemu-xhci'/><controller type='scsi' model='virtio-scsi'/>
<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"""

EXTRA = """<maxMemory slots='4' unit='MiB'>2048</maxMemory><cpu><numa><cell id='0' cpus='0-3' memory='320' unit='MiB'/></numa></cpu>
<iothreads>1</iothreads>"""


@contextmanager
def hot_host() -> Iterator[RootHost]:
    """A host whose machines can be limited."""
    with RootHost("editing", cgroups=True) as host:
        yield host


def start(host: RootHost, name: str = "hot", change: Callable[[str], str] = str) -> LabGuest:
    """A Linux with agent, four processors of which two are plugged in, room for memory, USB and SCSI; its agent answers.

    change: of its definition.
    """
    host.put(media.kernel("generic"), "vmlinuz")
    host.put(media.initrd("generic", agent=True), "agent.img")
    guests.make_disk(host, f"{name}.qcow2")
    host.define(change(hot_xml(host, name)))
    guest = LabGuest(host, name).start()
    wait_for(lambda: guests.agent_answers(guest), f"the agent of “{name}”", 120, 0.3)
    return guest


def hot_xml(host: RootHost, name: str) -> str:
    """Its definition."""
    return guests.domain_xml(
        name,
        devices=guests.disk(host.images / f"{name}.qcow2") + guests.cdrom() + guests.serial_log(host, name) + guests.AGENT_CHANNEL
        + HARDWARE,
        kernel=host.images / "vmlinuz",
        initrd=host.images / "agent.img",
        network=guests.DEFAULT_NET,
        graphics=guests.own_display(host),
        memory_mib=320,
        vcpus=4,
        extra=EXTRA,
    ).replace("<vcpu>4<", "<vcpu current='2'>4<").replace("<input type='tablet' bus='usb'/>", "")  # fmt: skip


def shell(guest: LabGuest, command: str) -> str:
    """What a command in the guest prints, by its agent."""
    request: dict[str, object] = {"execute": "guest-exec", "arguments": {"path": "/bin/sh", "arg": ["-c", command], "capture-output": True}}
    pid = _agent(guest, request)["pid"]

    def ended() -> dict[str, object] | None:
        found = _agent(guest, {"execute": "guest-exec-status", "arguments": {"pid": pid}})
        return found if found.get("exited") else None

    return base64.b64decode(str(wait_for(ended, f"“{command}” in “{guest.name}”", 20, 0.1).get("out-data", ""))).decode()


def _agent(guest: LabGuest, request: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = json.loads(guest.world.virsh("qemu-agent-command", guest.name, json.dumps(request)))["return"]
    return found


def wait_shell(guest: LabGuest, command: str, wanted: str, timeout_s: float = 20) -> None:
    """Waits until a command in the guest prints ``wanted``."""
    last = ""

    def there() -> bool:
        nonlocal last
        last = shell(guest, command)
        return wanted in last

    wait_for(there, f"“{wanted}” from “{command}” in the guest", timeout_s, 0.3)


def editing(guest: LabGuest, test: Callable[[EditSession, JobRunner], Awaitable[None]]) -> None:
    """Runs ``test`` with a session of the program on the machine."""

    async def main() -> None:
        host = Host(guest.world.uri)
        await host.connect()
        await host.session.subscribed()
        session = EditSession(host, DomainRef(host.id, await asyncio.to_thread(lambda: guest.uuid)))
        jobs = JobRunner()
        try:
            await session.load()
            await test(session, jobs)
        finally:
            session.close()
            await jobs.close()
            await host.disconnect()

    asyncio.run(main())


def change(guest: LabGuest, edit: Callable[[Document], object], **how: bool) -> Outcome:
    """One edit, applied; what came of it."""
    found: list[Outcome] = []

    async def test(session: EditSession, jobs: JobRunner) -> None:
        session.edit("test", edit)
        found.append(await session.apply(jobs, **how))

    editing(guest, test)
    return found[0]


def live(guest: LabGuest) -> Document:
    """How it runs, from virsh."""
    return Document.parse(guest.xml())


def inactive(guest: LabGuest) -> Document:
    """Its definition, from virsh."""
    return Document.parse(guest.xml(inactive=True))
