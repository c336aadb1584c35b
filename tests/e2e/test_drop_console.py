"""Files dragged from another program onto a running machine's screen: read before the drop, on a disc in the guest after it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import Start
from tests.e2e.sights import SCREEN, ready
from tests.lab import guests
from tests.lab.hosts import RootHost
from tests.lab.world import wait_for

NAME = "harbour"


def medium(host: RootHost) -> str:
    return host.virsh("domblklist", NAME).split("hdc", 1)[1].split()[0]


def test_the_picture_says_what_a_drop_does_and_the_guest_gets_it(
    start_program: Start, root_host: RootHost, tmp_path: Path
) -> None:
    guests.define_boot_sector(root_host, NAME, extra_devices=guests.cdrom()).start()
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear guest")
    window = start_program("--connect", "qemu:///system", on=root_host)
    ready(window)
    window.double_click(f"{NAME}, Running", "tree item")
    window.wait(SCREEN)
    seen: list[str] = []
    outcome = window.drop(
        letter, on=SCREEN, hovering=lambda: seen.append(window.wait("Put on a disc and insert it", part=True).name)
    )
    assert outcome.accepted and seen
    window.wait_gone(seen[0])
    wait_for(lambda: "hostelry-files-" in medium(root_host), "the disc in virsh domblklist")
    disc = Path(medium(root_host))
    assert disc.stat().st_mode & 0o077 == 0
    buttons = [widget for widget in window.widgets() if widget.name == "Media" and widget.role == "button menu"]
    window.popup_menu(min(buttons, key=lambda widget: widget.box[0]), "Eject")
    wait_for(lambda: medium(root_host) == "-" and not disc.exists(), "the disc to go")
