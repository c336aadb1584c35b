"""Machines made from others run: a linked one from a template, a full one from a machine; what is below stays as it was."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from pathlib import Path

from app.install.profile.disks import Copy, Operation, beside
from app.install.profile.identity import New
from app.install.profile.template import clean, fates, is_template, make
from app.virt import domains
from app.virt.session import Session
from app.xmldoc import Document
from tests.lab import guests
from tests.lab.guests import LabGuest
from tests.lab.test_install_seed import on
from tests.lab.world import SessionWorld


def done(world: SessionWorld, operation: Operation) -> None:
    """The operation by qemu-img, for a file that the world's QEMU may use."""
    if isinstance(operation, Copy):
        command = ["convert", "-f", operation.source_format, "-O", operation.format, operation.source, operation.path]
    else:
        command = ["create", "-q", "-f", "qcow2", "-b", operation.backing, "-F", operation.backing_format, operation.path]
    subprocess.run(["qemu-img", *command], check=True, capture_output=True)
    Path(operation.path).chmod(0o666)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_linked_from_a_template_and_full_from_a_machine(session_world: SessionWorld) -> None:
    origin = guests.define_boot_sector(session_world, "origin")
    image = next(Path(disk) for disk in _sources(origin))
    before, origin_uuid = digest(image), origin.uuid

    async def work(session: Session) -> None:
        document = Document.parse(await domains.xml(session, origin_uuid, inactive=True, secure=True))
        template = Document.parse(clean(document).xml)
        template.set("name", "template")
        uuid = await domains.define(session, template.to_text())
        kept = Document.parse(await domains.xml(session, uuid, inactive=True, secure=True))
        assert is_template(kept), "the mark survives libvirt"
        for name, source, linked in (("linked", kept, True), ("full", document, False)):
            namer = beside(name, [str(image)], str(image.parent))
            clone = make(source, New(name), namer, chosen=fates(source, linked=linked))
            for operation in clone.operations:
                await asyncio.to_thread(done, session_world, operation)
            assert await domains.define(session, clone.xml) == clone.uuid

    on(session_world, work)
    machines = [LabGuest(session_world, name) for name in ("linked", "full")]
    for machine in machines:
        machine.start().wait_paint()
    assert digest(image) == before
    assert str(image) not in machines[1].xml() and len({machine.uuid for machine in (*machines, origin)}) == 3


def _sources(guest: LabGuest) -> list[str]:
    document = Document.parse(guest.xml(inactive=True))
    return [document.get("source/@file", "", disk) or "" for disk in document.find_all("devices/disk")]
