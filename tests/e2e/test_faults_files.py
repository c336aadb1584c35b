"""Files and disks that fail, as the user sees them: a sentence with the next step; the window goes on, nothing is lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.e2e.sights import answers, choose_file, ready
from tests.lab import guests, media
from tests.lab.faults import small_filesystem
from tests.lab.hosts import RootHost
from tests.lab.world import find_program, wait_for


def discs(host: RootHost, name: str) -> str:
    return host.virsh("domblklist", name)


def test_a_file_that_is_no_iso_is_refused_in_words(start_program: Start, root_host: RootHost, tmp_path: Path) -> None:
    guest = guests.define_boot_sector(root_host, "harbour", extra_devices=guests.cdrom()).start()
    fake = tmp_path / "letters.iso"
    fake.write_text("Dear Anna,\n" * 1000)
    before = guest.xml()
    window = start_program("--connect", "qemu:///system", on=root_host)
    ready(window)
    window.drop(fake, on="harbour, Running", role="tree item")
    window.wait("“letters.iso” cannot be put into the CD drive of “harbour”.")
    window.wait("This is neither an ISO nor a disk image. Choose another file.")
    window.click("Close", "push button")
    assert guest.xml() == before
    window.drop(fake, on="This computer, 1 of 1 running", role="tree item")
    window.wait("This is neither an ISO nor a disk image. Choose another file.")
    window.click("Create and start", "push button")
    window.wait("This is neither an ISO nor a disk image. Choose another file.")
    window.click("Cancel", "push button")
    answers(window)
    assert root_host.domains() == ["harbour"]


def test_an_iso_deleted_while_in_use_is_named_at_the_next_start(start_program: Start, root_host: RootHost) -> None:
    disc = root_host.put(media.second_iso(), "holiday.iso")
    guest = guests.define_boot_sector(root_host, "harbour", extra_devices=guests.cdrom(disc)).start()
    window = start_program("--connect", "qemu:///system", on=root_host, settings={"confirm-force-off": False})
    window.wait("harbour, Running", "tree item")
    ready(window)
    disc.unlink()
    window.context_menu("harbour, Running", "Power", "Force off")
    window.wait("harbour, Off", "tree item")
    window.click("harbour, Off", "tree item")
    window.click("Start")
    window.wait("Cannot start “harbour”.")
    window.wait("holiday.iso", "label", part=True)
    window.key("esc")
    answers(window)
    window.context_menu("harbour, Off", "Media", "Eject medium")
    wait_for(lambda: "holiday.iso" not in discs(root_host, "harbour"), "the empty drive in virsh domblklist")
    window.click("Start")
    guest.wait_state("running")


def test_a_name_that_is_taken_is_said_beside_the_field(start_program: Start, root_host: RootHost) -> None:
    guests.define_boot_sector(root_host, "harbour")
    window = start_program("--connect", "qemu:///system", on=root_host)
    ready(window)
    window.drop(media.tiny_iso(), on="This computer, 0 of 1 running", role="tree item")
    window.wait("Debian 11", "label")
    window.type("harbour", into="Name:")
    window.click("Create and start", "push button")
    window.wait("There is a machine of this name already. “harbour-2” is free.")
    assert root_host.domains() == ["harbour"]
    window.type("lighthouse", into="Name:")
    window.click("Create only", "push button")
    wait_for(lambda: sorted(root_host.domains()) == ["harbour", "lighthouse"], "the second machine in virsh list")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<domain type='qemu'><name>harbour</na", "“broken.xml” cannot be used."),
        ("<pool type='dir'><name>harbour</name></pool>", "“broken.xml” cannot be used."),
        (
            "<domain type='qemu'><name>harbour</name><memory>16384</memory></domain>",
            "Cannot replace the definition of “harbour”.",
        ),
    ],
    ids=["malformed", "no machine", "incomplete"],
)
def test_broken_xml_from_a_file_changes_nothing(
    start_program: Start, root_host: RootHost, tmp_path: Path, text: str, reason: str
) -> None:
    guest = guests.define_boot_sector(root_host, "harbour")
    before = guest.xml(inactive=True)
    file = tmp_path / "broken.xml"
    file.write_text(text)
    window = start_program("--connect", "qemu:///system", on=root_host)
    ready(window)
    window.context_menu("harbour, Off", "Definition", "Replace definition from file…")
    choose_file(window, file)
    if reason.startswith("Cannot replace"):
        window.click("Replace", "push button")
    window.wait(reason)
    window.key("esc")
    answers(window)
    assert guest.xml(inactive=True) == before


def installed_disk(host: RootHost) -> Path:
    """A disk image of 12 MiB that cannot be compressed."""
    raw, image = host.images / "raw", host.images / "installed.qcow2"
    raw.write_bytes(os.urandom(12 << 20))
    subprocess.run([find_program("qemu-img"), "convert", "-O", "qcow2", str(raw), str(image)], check=True)
    return image


@contextmanager
def pool(host: RootHost, name: str, size: str) -> Iterator[Path]:
    """A storage pool on a file system of its own."""
    with small_filesystem(host, size) as folder:
        host.virsh("pool-define-as", name, "dir", "--target", str(folder))
        host.virsh("pool-start", name)
        try:
            yield folder
        finally:
            host.virsh("pool-destroy", name)
            host.virsh("pool-undefine", name)


def test_a_copy_for_which_there_is_no_room(start_program: Start, root_host: RootHost) -> None:
    image = installed_disk(root_host)
    with pool(root_host, "small", "20m") as folder:
        window = start_program("--connect", "qemu:///system", on=root_host)
        ready(window)
        window.drop(image, on="This computer, No machines", role="tree item")
        window.click("This image itself", "combo box")
        window.click("A copy of it", "list item")
        window.click("default (", "combo box", part=True)
        window.click("small", "list item", part=True)
        root_host.run_inside("fallocate", "-l", "15m", str(folder / "other"))  # somebody else was quicker
        window.click("Create and start", "push button")
        window.wait("The pool “small” has too little space.", "label", part=True)
        window.wait("Delete something there, or choose another pool.", "label", part=True)
        assert root_host.domains() == []
        assert root_host.run_inside("ls", str(folder)).split() == ["other"]
        window.wait("A copy of it", "combo box")  # not the image itself, which a second press would write to
        window.click("small", "combo box", part=True)
        window.click("default", "list item", part=True)
        window.click("Create only", "push button")
        wait_for(lambda: root_host.domains() == ["installed"], "the machine in virsh list")
        assert "/installed.qcow2'" not in root_host.virsh("dumpxml", "installed"), "the copy is used"
