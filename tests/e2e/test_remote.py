"""Hosts over SSH in the real window: the questions, and the screen."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import Start
from tests.e2e.driver import Driver
from tests.lab import guests
from tests.lab.ssh import PASSWORD, SshClient, SshServer
from tests.lab.world import wait_for

SCREEN = "The machine's screen"


def boot(server: SshServer, name: str) -> guests.LabGuest:
    return guests.define_boot_sector(server.host, name).start()


def types_into(window: Driver, guest: guests.LabGuest) -> None:
    """Keys, until the guest has got one, and the window shows that; on a slow line the picture comes late."""
    x, y, width, height = window.wait(SCREEN).box
    middle = (x + width // 2, y + height // 2)
    before, box = guest.screenshot(), (middle[0] - 20, middle[1] - 20, 40, 40)
    blank = window.screen.picture(box)

    def arrived() -> bool:
        window.screen.click(*middle)
        window.key("c")
        return guest.screenshot() != before

    wait_for(arrived, "a key in the guest", 40, 1.0)
    window.screen.wait_picture(lambda now: now.differing(blank) > 1000, "the painted guest in the console", box=box)


def test_the_questions_and_the_screen(start_program: Start, ssh_server: SshServer, tmp_path: Path) -> None:
    """Nothing is known of the host: its key is shown and accepted, the password asked once, and then the screen works."""
    guest, client = boot(ssh_server, "harbour"), SshClient(tmp_path)
    window = start_program("--connect", client.uri(ssh_server, "operator"))
    window.wait("Fingerprint")
    window.click("Accept and connect", "push button")
    window.wait("Sign in", "push button")
    window.screen.type_text(PASSWORD)
    window.key("Return")
    window.double_click("harbour, Running", "tree item")
    types_into(window, guest)
    assert client.known_hosts.exists()


def test_a_cancelled_password_says_what_to_do(start_program: Start, ssh_server: SshServer, ssh_client: SshClient) -> None:
    window = start_program("--connect", ssh_client.uri(ssh_server, "operator"))
    window.wait("Sign in", "push button")
    window.click("Cancel", "push button")
    window.wait_gone("Sign in", "push button")
    window.double_click("operator@127.0.0.1", "tree item", part=True)
    window.wait("cancelled", part=True)
    window.wait("Sign in again", "push button")
