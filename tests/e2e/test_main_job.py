"""The main job by mouse and keyboard alone: from an ISO to a guest that works, a second medium, and back to nothing.

After each step ``virsh`` and the file system are asked whether they agree with the window.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.e2e.driver import Driver
from tests.e2e.sights import SCREEN, click_screen, middle_of
from tests.lab import media
from tests.lab.hosts import RootHost
from tests.lab.world import wait_for

RED = (170, 0, 0)
PAINT_RED = r"printf '\033[0;97;41m\033[8]\033[2J\033[H'"
NAME = "tiny-1"


@pytest.mark.timeout(240)
def test_from_a_dropped_iso_to_a_deleted_machine(start_program: Start, root_host: RootHost) -> None:
    window = start_program(on=root_host)  # without a word: it has to choose qemu:///system by itself
    sees_the_host(window, root_host)
    makes_a_machine(window, root_host)
    sees_it_boot(window, root_host)
    types_into_it(window)
    changes_its_disc(window, root_host)
    shuts_it_down(window, root_host)
    deletes_it_with_its_disk(window, root_host)


def sees_the_host(window: Driver, host: RootHost) -> None:
    window.wait("This computer, No machines", "tree item")
    assert host.domains() == []


def makes_a_machine(window: Driver, host: RootHost) -> None:
    window.drop(media.tiny_iso(), on="This computer, No machines", role="tree item")
    window.wait("Debian 11", part=True)
    window.type(NAME, into="Name:")
    window.click("Create and start", "push button")
    wait_for(lambda: host.domains() == [NAME], "the machine in virsh list")
    assert str(media.tiny_iso()) in host.virsh("dumpxml", NAME)
    assert disk_of(host).exists()


def sees_it_boot(window: Driver, host: RootHost) -> None:
    """By pixels: the guest fills its screen with the first disc's colour when its shell is ready."""
    window.wait_colour(media.FIRST_COLOUR, 0.8, "the booted guest", within=middle_of(window))
    assert host.state(NAME) == "running"


def types_into_it(window: Driver) -> None:
    click_screen(window)
    area = window.wait(SCREEN).box
    before = window.screen.picture(area)
    window.type("echo what is typed is shown")
    wait_for(lambda: window.screen.picture(area).differing(before) > 150, "typed letters on the guest's screen")
    window.key("Return")
    window.type(PAINT_RED)
    window.key("Return")
    window.wait_colour(RED, 0.8, "what the typed command paints", within=middle_of(window))


def changes_its_disc(window: Driver, host: RootHost) -> None:
    window.drop(media.second_iso(), on=SCREEN)
    wait_for(lambda: str(media.second_iso()) in host.virsh("domblklist", NAME), "the second disc in virsh domblklist")
    click_screen(window)
    window.type("readcd")
    window.key("Return")
    window.wait_colour(media.SECOND_COLOUR, 0.8, "the second disc's colour", within=middle_of(window))


def shuts_it_down(window: Driver, host: RootHost) -> None:
    window.click("Shut down")
    wait_for(lambda: host.state(NAME) == "shut off", "virsh to say that it is off", 30)
    window.wait("This machine is off.", part=True)


def deletes_it_with_its_disk(window: Driver, host: RootHost) -> None:
    disk = disk_of(host)
    window.click(f"{NAME}, Off", "tree item")
    window.key("Delete")
    window.click("Delete with 1 disk", "push button")
    wait_for(lambda: host.domains() == [], "virsh to list no machine")
    wait_for(lambda: not disk.exists(), "the disk's file to go")
    assert media.tiny_iso().exists() and media.second_iso().exists()
    window.wait("This computer, No machines", "tree item")


def disk_of(host: RootHost) -> Path:
    return host.images / f"{NAME}.qcow2"
