"""Connections that fail, as the user sees them: each ends in a sentence with the next step, and the window goes on."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Start
from tests.e2e.sights import answers, ready
from tests.lab import faults, guests
from tests.lab.hosts import RootHost
from tests.lab.world import wait_for

NOBODY = 65534

FAILING = {
    "qemmu:///system": ("qemmu:///system", "No libvirt driver on this computer understands that address.", "Correct the address"),
    "qemu+tcp://no-such-host.invalid/system": ("no-such-host.invalid", "No host of that name was found.", "Check the spelling"),
    "qemu+ssh://ann@no-host.invalid/system": (
        "ann@no-host.invalid",
        "No host of the name “no-host.invalid” was found.",
        "Check the spelling",
    ),
    "qemu+tcp://127.0.0.1:1/system": ("127.0.0.1", "nothing listens on that port", "Check that the libvirt service runs there"),
    "qemu+unix:///system?socket=/nowhere/sock": (
        "A libvirt service at another socket",
        "The libvirt service does not run there",
        "Start the libvirt service on that host",
    ),
}
"""URI: its name in the list, the reason, the next step."""


def test_each_connection_that_fails_says_why_and_what_to_do(start_program: Start, root_host: RootHost) -> None:
    window = start_program(*(part for uri in FAILING for part in ("--connect", uri)), on=root_host)
    ready(window)
    for uri, (label, reason, step) in FAILING.items():
        window.double_click(f"{label}, Disconnected: ", "tree item", part=True)
        window.wait(f"Cannot connect to “{uri}”.")
        window.wait(reason, "label", part=True)
        window.wait(step, "label", part=True)
        window.wait("Try again", "push button", enabled=True)
        window.key("ctrl+w")
    answers(window)


def test_a_refused_connection_is_corrected_in_the_dialog(start_program: Start, root_host: RootHost) -> None:
    guests.define_boot_sector(root_host, "harbour")
    window = start_program("--connect", "qemmu:///system", on=root_host)
    ready(window)
    window.menu("File", "Add connection…")
    window.type("qemu+tcp://127.0.0.1:1/system", into="Address")
    window.click("Connect", "push button")
    window.wait("nothing listens on that port", part=True)
    window.type(f"qemu+unix:///system?socket={root_host.socket}", into="Address")
    window.click("Connect", "push button")
    window.wait("harbour, Off", "tree item")


def test_a_user_without_permission_learns_which_group_to_join(start_program: Start, root_host: RootHost) -> None:
    window = start_program("--connect", "qemu:///system", on=root_host, user=NOBODY)
    window.wait("You may not use the libvirt service's socket.", "label", part=True)
    window.wait("sudo usermod -aG libvirt", "label", part=True)
    answers(window)


def test_a_daemon_that_ends_and_comes_back(start_program: Start, root_host: RootHost) -> None:
    harbour = guests.define_boot_sector(root_host, "harbour").start()
    guests.define_boot_sector(root_host, "lighthouse")
    window = start_program("--connect", "qemu:///system", on=root_host)
    window.wait("harbour, Running", "tree item")
    ready(window)
    root_host.kill_daemon()
    window.wait("This computer, Trying again soon: The libvirt service does not run there", "tree item", part=True)
    window.wait("harbour, ", "tree item", part=True)  # the last that was known stays
    answers(window)
    root_host.start_daemon()
    wait_for(lambda: harbour.state == "running", "libvirtd to have found its guest again")
    root_host.virsh("destroy", "harbour")
    root_host.virsh("start", "lighthouse")
    window.wait("harbour, Off", "tree item", timeout_s=30)
    window.wait("lighthouse, Running", "tree item")
    window.wait("This computer, 1 of 2 running", "tree item")


@pytest.mark.timeout(150)
def test_a_daemon_that_hangs_and_goes_on(start_program: Start, root_host: RootHost) -> None:
    guests.define_boot_sector(root_host, "harbour").start()
    window = start_program("--connect", "qemu:///system", on=root_host)
    window.wait("harbour, Running", "tree item")
    ready(window)
    with faults.hung_daemon(root_host):
        answers(window)
        window.wait("This computer, Connecting again: The host did not answer any more.", "tree item", timeout_s=60)
        window.wait("harbour, ", "tree item", part=True)
        answers(window)
    window.wait("This computer, 1 of 1 running", "tree item", timeout_s=40)
    assert root_host.state("harbour") == "running"
