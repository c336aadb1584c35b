"""Machines and consoles that fail, as the user sees them: a sentence with the next step; the window goes on, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.e2e.driver import Driver
from tests.e2e.evil import EvilServer
from tests.e2e.sights import answers, click_screen, middle_of
from tests.lab import guests
from tests.lab.faults import Link
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.world import wait_for

FLOATING_POINT = bytes.fromhex("9bdbe3")
"""fwait, fninit: where KVM emulates the processor itself, as on machines without virtualisation, it stops at these."""


def open_console(window: Driver, name: str) -> None:
    window.double_click(f"{name}, Running", "tree item")
    window.wait(name, "page tab", part=True)
    wait_live(window)


def wait_live(window: Driver) -> None:
    """The console shows the guest: what needs its picture can be pressed."""
    window.wait("Send Ctrl+Alt+Del to the guest", "push button", enabled=True)


def paint(window: Driver, guest: LabGuest, key: str) -> None:
    """Types a key in the console until the boot sector guest's new colour is shown there."""
    click_screen(window)
    box, before = middle_of(window), guest.screenshot()
    blank = window.screen.picture(box)

    def painted() -> bool:
        window.key(key)
        return guest.screenshot() != before

    wait_for(painted, "the key in the guest", 20, 0.2)
    window.screen.wait_picture(lambda now: now.differing(blank) > 1000, "the guest's paint in the console", box=box)


def test_qemu_killed_under_an_open_console(start_program: Start, root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, "harbour").start()
    window = start_program("--connect", "qemu:///system", on=root_host)
    open_console(window, "harbour")
    root_host.kill_qemu("harbour")
    window.wait("This machine is off.")
    window.wait("It stopped by a crash: its log on the host says why.")
    answers(window)
    window.click("Start")
    guest.wait_state("running")
    wait_live(window)
    paint(window, guest, "c")


def test_a_guest_that_ignores_the_shutdown_is_forced_off(start_program: Start, root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, "harbour").start()
    window = start_program("--connect", "qemu:///system", on=root_host, settings={"shutdown-wait-s": 5})
    window.click("harbour, Running", "tree item")
    window.click("Shut down")
    window.wait("“harbour” has not shut down yet.")
    assert guest.state == "running"
    window.click("Wait", "push button")
    window.wait_gone("“harbour” has not shut down yet.")
    answers(window)
    window.wait("“harbour” has not shut down yet.")
    window.click("Force off", "push button")
    guest.wait_state("shut off")
    window.wait("harbour, Off", "tree item")
    window.wait_gone("“harbour” has not shut down yet.")
    assert root_host.domains() == ["harbour"]


@contextmanager
def screen_in_between(host: RootHost, guest: LabGuest) -> Iterator[tuple[Link, Path]]:
    """A link in front of a running guest's VNC socket; gives it and the path where clients connect."""
    path = Path(re.search(r"<graphics type='vnc' socket='([^']+)'", guest.xml())[1])  # type: ignore[index]
    real = path.with_suffix(".real")
    host.run_inside("mv", str(path), str(real))
    with Link(real, listen=path) as link:
        yield link, path


@pytest.fixture
def shown(start_program: Start, root_host: RootHost) -> Iterator[tuple[Driver, LabGuest, Link, Path]]:
    """A window with a console that goes over a link: libvirt's connection goes over one too, so that no descriptor is passed."""
    socket = root_host.images / "harbour.vnc"
    guest = guests.define_boot_sector(root_host, "harbour", graphics=f"<graphics type='vnc' socket='{socket}'/>").start()
    with Link(root_host.socket) as libvirt, screen_in_between(root_host, guest) as (link, path):
        window = start_program("--connect", libvirt.uri(), on=root_host)
        open_console(window, "harbour")
        yield window, guest, link, path
        window.program.kill()


def test_a_screen_that_breaks_off_in_mid_frame_comes_back_by_itself(shown: tuple[Driver, LabGuest, Link, Path]) -> None:
    window, guest, link, _path = shown
    link.rate = 2000  # a frame takes minutes
    click_screen(window)
    window.key("c")
    seen = link.connections
    link.rate = 0
    link.drop()
    wait_for(lambda: link.connections > seen, "the console to connect again")
    wait_live(window)
    paint(window, guest, "d")
    assert guest.state == "running"


@pytest.mark.parametrize(
    ("answer", "sentence", "step"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "What answers at the screen's address is not a VNC server.", "graphics settings"),
        (EvilServer.GREETING + b"\xff" * 4096, "The VNC server sent data that makes no sense.", "Reconnect"),
    ],
    ids=["another server", "garbage after the greeting"],
)
def test_a_screen_that_talks_nonsense_is_named_and_reconnected(
    shown: tuple[Driver, LabGuest, Link, Path], answer: bytes, sentence: str, step: str
) -> None:
    window, guest, link, path = shown
    path.rename(path.with_suffix(".link"))
    with EvilServer(path, answer):
        link.drop()
        window.wait(sentence, "label", part=True)
        window.wait(step, "label", part=True)
        answers(window)
    path.with_suffix(".link").rename(path)
    window.click("Reconnect", "push button")
    wait_live(window)
    paint(window, guest, "c")


@pytest.mark.timeout(180)
def test_a_guest_that_kvm_cannot_run_is_started_with_emulation(start_program: Start, root_host: RootHost) -> None:
    if not guests.kvm_opens():
        pytest.skip("needs /dev/kvm")
    if guests.accel() == "kvm":
        pytest.skip("KVM runs operating systems here, so that no guest stops by it")
    guest = guests.define_boot_sector(root_host, "harbour", accel_name="kvm")
    with (root_host.images / "harbour.img").open("r+b") as image:
        code = FLOATING_POINT + image.read(510)
        image.seek(0)
        image.write(code[:510])
    window = start_program("--connect", "qemu:///system", on=root_host)
    window.double_click("harbour, Off", "tree item")
    window.click("Start")
    window.wait("This machine stopped right after it was started with KVM.", timeout_s=40)
    window.click("Start with emulation instead", "push button")
    window.click("Change and start", "push button")
    wait_for(lambda: "<domain type='qemu'" in guest.xml(), "libvirt's emulated machine")
    wait_live(window)
    paint(window, guest, "c")
    assert list((window.program.folder / "state/hostelry/history").rglob("*.xml")), "the old definition is kept"
