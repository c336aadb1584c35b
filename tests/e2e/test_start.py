"""The real program on a lab host, by mouse and keyboard: see the machines, look into one, type in it."""

from __future__ import annotations

from tests.e2e.conftest import Start
from tests.lab import guests
from tests.lab.hosts import RootHost


def test_the_guests_of_this_machine_are_listed(root_host: RootHost, start_program: Start) -> None:
    guests.define_boot_sector(root_host, "harbour").start()
    guests.define_boot_sector(root_host, "lighthouse")
    person = start_program("--connect", "qemu:///system", on=root_host)
    person.wait("harbour, Running", "tree item")
    person.wait("lighthouse", "tree item", part=True)
    root_host.virsh("start", "lighthouse")
    person.wait("lighthouse, Running", "tree item")


def test_a_key_typed_in_the_console_paints_the_guest(root_host: RootHost, start_program: Start) -> None:
    guest = guests.define_boot_sector(root_host, "harbour").start()
    person = start_program("--connect", "qemu:///system", on=root_host)
    person.double_click("harbour, Running", "tree item")
    person.wait("harbour", "page tab", part=True)
    middle = (person.screen.width // 2, person.screen.height // 2)
    person.screen.click(*middle)
    before, box = guest.screenshot(), (middle[0] - 20, middle[1] - 20, 40, 40)
    blank = person.screen.picture(box)
    person.key("c")
    guest.wait_picture(other_than=before)  # the guest has got the key
    person.screen.wait_picture(lambda now: now.differing(blank) > 1000, "the painted guest in the console", box=box)
