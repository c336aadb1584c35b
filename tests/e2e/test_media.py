"""Changing a running machine's disc by every way there is: drop on row and tab, the console bar's menu, a file dialog."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import Start
from tests.e2e.driver import Driver
from tests.e2e.sights import choose_file, ready
from tests.lab import guests, media
from tests.lab.hosts import RootHost
from tests.lab.world import wait_for

NAME = "harbour"


def wait_disc(host: RootHost, path: Path | None) -> None:
    """Waits until virsh says that this disc is in the drive, or none."""

    def right() -> bool:
        shown = host.virsh("domblklist", NAME).split("hdc", 1)[1].split()[0]
        return shown == (str(path) if path else "-")

    wait_for(right, f"{path} in virsh domblklist:\n{host.virsh('domblklist', NAME)}")


def from_menu(window: Driver, *choices: str) -> None:
    """Opens the media menu of the console's bar and clicks through it."""
    buttons = [widget for widget in window.widgets() if widget.name == "Media" and widget.role == "button menu"]
    window.popup_menu(min(buttons, key=lambda widget: widget.box[0]), *choices)


def test_discs_come_and_go_by_drop_menu_and_dialog(start_program: Start, root_host: RootHost) -> None:
    guests.define_boot_sector(root_host, NAME, extra_devices=guests.cdrom()).start()
    first, second = root_host.put(media.tiny_iso(), "first.iso"), root_host.put(media.second_iso(), "second.iso")
    window = start_program("--connect", "qemu:///system", on=root_host)
    ready(window)
    window.drop(first, on=f"{NAME}, Running", role="tree item")
    wait_disc(root_host, first)
    window.double_click(f"{NAME}, Running", "tree item")
    window.drop(second, on=NAME, role="page tab")
    wait_disc(root_host, second)
    from_menu(window, "Eject")
    wait_disc(root_host, None)
    from_menu(window, "Recent media", "first.iso")
    wait_disc(root_host, first)
    from_menu(window, "Insert…")
    choose_file(window, second)
    wait_disc(root_host, second)
    assert first.exists() and second.exists()
    assert root_host.state(NAME) == "running"
