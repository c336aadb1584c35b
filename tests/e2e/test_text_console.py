"""The serial console of a machine in the real program, by keyboard alone."""

from __future__ import annotations

from tests.e2e.conftest import Start
from tests.e2e.sights import ready
from tests.lab import guests
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.world import wait_for


def said(guest: LabGuest) -> str:
    return (guest.world.images / f"{guest.name}.serial").read_text(errors="replace")


def test_a_shell_on_the_serial_port_by_keyboard(start_program: Start, root_host: RootHost) -> None:
    guest = guests.define_linux(root_host).start()
    guest.wait_serial("LAB GUEST READY")
    driver = start_program("--connect", "qemu:///system", on=root_host)
    ready(driver)
    driver.double_click(f"{guest.name}, Running", "tree item")
    driver.wait("Consoles: Screen")
    driver.key("ctrl+shift+t")
    driver.wait("Terminal: Serial 1")

    def typed() -> bool:
        driver.type("echo typed-$((6*7)) > /dev/ttyS1")
        driver.key("enter")
        return "typed-42" in said(guest)

    wait_for(typed, "the shell's answer", 30, 0.5)
    driver.key("ctrl+w")  # the shell's, not the tab's
    driver.type("echo still-here > /dev/ttyS1")
    driver.key("enter")
    wait_for(lambda: "still-here" in said(guest), "the shell after Ctrl+W", 20)
    driver.key("ctrl+shift+f")
    driver.type("READY")
    driver.wait("Text to find")
    driver.key("esc")
    driver.key("ctrl+shift+t")
    driver.wait("The machine's screen")
