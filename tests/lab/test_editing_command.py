"""The commands that are offered for changes, run in a shell: afterwards the definition is the edited one."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from app.editing.command import Command, commands
from app.editing.session import EditSession
from app.jobs.runner import JobRunner
from app.xmldoc.diff import differences
from app.xmldoc.document import Document
from tests.lab import guests
from tests.lab.editing_stage import editing, inactive
from tests.lab.hosts import RootHost


def _edit(document: Document) -> None:
    document.set("title", "A “title” with $(quotes), and 'more'")
    document.set("currentMemory", "16384")
    document.set("memory", "32768")
    document.set("cputune/shares", "512")
    document.set("memtune/hard_limit", "600000")
    document.set("on_crash", "preserve")
    document.set("devices/video/model/@vram", "32768")
    document.set("devices/disk/driver/@cache", "none")
    document.set("devices/disk/driver/@io", "native")
    document.set("devices/disk[@device='cdrom']/source/@file", "/nowhere/a, b.iso")
    document.insert("<input type='keyboard' bus='usb'/>")
    document.remove("devices/watchdog")
    document.set("features/hyperv/relaxed/@state", "on")
    document.remove("features/acpi")


@pytest.mark.skipif(shutil.which("virt-xml") is None, reason="needs virt-xml")
def test_the_commands_do_what_apply_would(root_host: RootHost) -> None:
    devices = guests.cdrom() + "<watchdog model='ib700' action='reset'/>"
    guest = guests.define_boot_sector(root_host, "it is", extra_devices=devices)
    found: list[Command] = []
    wanted: list[str] = []

    async def test(session: EditSession, _jobs: JobRunner) -> None:
        session.edit("all", _edit)
        found.extend(commands(session))
        wanted.append(session.text)

    editing(guest, test)
    for command in found:
        done = subprocess.run(["/bin/bash", "-c", command.line], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command.line}\n{done.stdout}{done.stderr}"
    left = differences(Document.parse(wanted[0]), inactive(guest))
    assert [one.words() for one in left if one.before is not None] == []  # libvirt adds units and addresses


def test_no_password_is_in_a_command(root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host)
    found: list[Command] = []

    async def test(session: EditSession, _jobs: JobRunner) -> None:
        def edit(document: Document) -> None:
            document.set("devices/graphics/@passwd", "hunter2")
            document.insert("<graphics type='spice' passwd='hunter2'/>")

        session.edit("secret", edit)
        found.extend(commands(session))

    editing(guest, test)
    assert len(found) == 2
    assert not any("hunter2" in repr(command) for command in found)
    assert all(command.note for command in found)
