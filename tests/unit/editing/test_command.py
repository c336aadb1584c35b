"""Commands that people copy into a shell: nothing in a definition becomes a command or an option of its own."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from app.editing.command import commands_of
from app.editing.plan import plan
from app.xmldoc.document import Document

NASTY = "\nEND_OF_XML\ntouch {mark}\nEND_OF_XML_\n$(touch {mark}) `touch {mark}` '\ntouch {mark}\n' \""


def machine(name: str, devices: str = "", more: str = "") -> Document:
    return Document.parse(f"<domain type='kvm'><name>{name}</name>{more}<devices>{devices}</devices></domain>")


def run(line: str, folder: Path) -> list[list[str]]:
    """What a shell makes of it: the arguments of each virsh that it started, and what it was given."""
    program = folder / "virsh"
    program.write_text(
        f"#!/bin/sh\n{{ for one; do printf '%s\\0' \"$one\"; done; cat | tr '\\0' '?'; printf '\\1'; }} >>{shlex.quote(str(folder / 'said'))}\n"
    )
    program.chmod(0o755)
    subprocess.run(["sh", "-c", line], env={"PATH": f"{folder}:/usr/bin:/bin"}, check=True, stdin=subprocess.DEVNULL)
    return [one.split("\0") for one in (folder / "said").read_text().split("\1") if one]


def test_xml_cannot_end_its_own_text(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    disk = f"<disk type='file'><source file='/a'/><!--{NASTY.format(mark=mark)}--><target dev='vda'/></disk>"
    (command,) = commands_of(plan(machine("a"), machine("a", disk), None), "qemu:///system")
    ((*arguments, given),) = run(command.line, tmp_path)
    assert not mark.exists()
    assert arguments == ["-c", "qemu:///system", "attach-device", "a", "/dev/stdin", "--config"]
    assert given.strip() == disk


def test_values_stay_values(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    text = NASTY.format(mark=mark).replace("<", "&lt;").strip()
    (command,) = commands_of(plan(machine("a"), machine("a", more=f"<description>{text}</description>"), None), "test:///x;touch y")
    ((*arguments, _given),) = run(command.line, tmp_path)
    assert not mark.exists()
    assert arguments[:4] == ["-c", "test:///x;touch y", "desc", "a"]
    assert arguments[-1] == text


def test_a_name_is_no_option(tmp_path: Path) -> None:
    after = machine("--help", "<input type='tablet' bus='usb'/>", "<title>t</title>")
    lines = [command.line for command in commands_of(plan(machine("--help"), after, None), "qemu:///system")]
    for line in lines:
        words = shlex.split(line.partition("\n")[0])
        assert words[words.index("--help") - 1] == "--domain", line
    assert len(lines) == 2


def test_a_value_that_makes_no_sense_has_a_command_too() -> None:
    after = machine("a", more="<memtune><hard_limit unit='KiB'>abc</hard_limit></memtune>")
    (command,) = [one for one in commands_of(plan(machine("a"), after, None), "qemu:///system") if "abc" in one.line]
    assert command.line.startswith("virt-xml ")
