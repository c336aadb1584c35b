"""A machine's settings by mouse and keyboard in the real window, each step checked with virsh."""

from __future__ import annotations

import re
from functools import partial

from tests.e2e.accessibility import Widget
from tests.e2e.conftest import Start
from tests.e2e.driver import Driver
from tests.e2e.sights import middle_of, ready
from tests.lab import guests, media
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.screen import Picture
from tests.lab.world import LabError, wait_for

BLUES = ((0, 0, 168), media.FIRST_COLOUR)
"""What the Linux guest's shell is written on, in text mode and in graphics."""
WAIT_S = 120
"""For what a guest must do under emulation."""


def open_settings(start_program: Start, host: RootHost, label: str) -> Driver:
    """The program with this machine's tab in front, and its settings in it."""
    window = start_program("--connect", "qemu:///system", on=host)
    ready(window)
    window.double_click(label, "tree item")
    window.click("Settings", "check box")
    window.wait("Find a setting", "text")
    window.wait("Overview, ", "list item", part=True)
    return window


def find_setting(window: Driver, words: str, name: str) -> None:
    """Searches for a setting and goes to it; the keyboard is in it then."""
    window.type(words, into="Find a setting")
    window.wait(name, "list item", part=True)
    window.key("enter")
    field = name.rpartition(": ")[2]
    wait_for(lambda: (found := window.find(field, "text")) and "focused" in found.states, f"the keyboard in “{field}”", 20)


def wait_shell(window: Driver, what: str) -> None:
    """Waits until the console shows the Linux guest's shell."""

    def blue(picture: Picture) -> bool:
        return sum(picture.share(colour) for colour in BLUES) > 0.5

    window.screen.wait_picture(blue, what, box=middle_of(window), timeout_s=WAIT_S)


def apply_by_key(window: Driver) -> None:
    """Ctrl+S, and waits until nothing is left to apply."""
    window.key("ctrl+s")
    window.wait_gone("Apply", "push button", timeout_s=40)


def element(host: RootHost, name: str, tag: str, *, inactive: bool = False) -> str:
    """The text of the first element of this tag, as virsh has it; "" if there is none."""
    text = host.virsh("dumpxml", name, *(["--inactive"] if inactive else []))
    found = re.search(rf"<{tag}\b[^>]*>([^<]*)</{tag}>", text)
    return found[1] if found else ""


def processors(host: RootHost, name: str) -> list[int]:
    """How many it can have by its definition, and has as the most while it runs."""
    lines = host.virsh("vcpucount", name).splitlines()
    return [int(line.split()[-1]) for kind in ("config", "live") for line in lines if line.split()[:2] == ["maximum", kind]]


def test_a_setting_is_found_changed_applied_pending_and_live_after_a_restart(
    start_program: Start, root_host: RootHost, agent_guest: LabGuest
) -> None:
    name = agent_guest.name
    window = open_settings(start_program, root_host, f"{name}, Running")
    wait_shell(window, "the guest's screen beside its settings")

    find_setting(window, "processors at most", "Processors: Processors at most")
    window.key("ctrl+a")
    window.type("2")
    window.wait("1 change", "label")
    assert processors(root_host, name) == [1, 1]

    window.click("Show…", "push button")
    window.wait("Processors at most: 1 → 2", "tree item")
    window.wait("At the next start", "tree item")
    window.click("Apply", "push button")
    window.wait("1 change takes effect at the next start.", part=True, timeout_s=40)
    wait_for(lambda: processors(root_host, name) == [2, 1], "two processors in the definition, one in the running machine")

    window.click("Changes pending (1)", "push button")
    window.wait("Processors at most", "tree item")
    before = agent_guest.qemu_pid()
    window.key("alt+s")  # shut down and start again
    wait_for(lambda: root_host.state(name) == "running" and agent_guest.qemu_pid() != before, "another QEMU", WAIT_S)
    wait_for(lambda: processors(root_host, name) == [2, 2], "two processors in the running machine")
    window.wait_gone("Changes pending (1)", timeout_s=40)
    wait_shell(window, "the new start on the screen beside")
    wait_for(partial(guest_counts, agent_guest, 2), "two processors in the guest", WAIT_S, 1)


def guest_counts(guest: LabGuest, number: int) -> bool:
    """Whether the guest's agent tells this number of processors."""
    try:
        told = guest.world.virsh("vcpucount", guest.name, "--guest", "--active")
    except LabError:
        return False
    return told.strip() == str(number)


def macs(guest: LabGuest) -> set[str]:
    """Network cards that the guest itself sees."""
    return set(re.findall(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", guest.world.virsh("domifaddr", guest.name, "--source", "agent")))


def defined_macs(host: RootHost, name: str) -> tuple[list[str], list[str]]:
    """Network cards of the running machine and of its definition."""
    shown = (host.virsh("domiflist", name, *more) for more in ((), ("--inactive",)))
    live, inactive = (sorted(re.findall(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", text)) for text in shown)
    return live, inactive


def test_a_network_card_is_plugged_in_and_out_by_keyboard(
    start_program: Start, root_host: RootHost, agent_guest: LabGuest
) -> None:
    name = agent_guest.name
    first = defined_macs(root_host, name)[0]
    window = open_settings(start_program, root_host, f"{name}, Running")
    window.key("alt+r")  # Add hardware
    window.wait("Find hardware", "text")
    window.type("virtual network")
    window.wait("Network card: virtual network", "list item")
    window.key("alt+l")  # add and apply
    window.wait("1 change took effect now.", part=True, timeout_s=40)
    live, inactive = defined_macs(root_host, name)
    assert live == inactive
    assert len(live) == len(first) + 1
    (added,) = set(live) - set(first)
    wait_for(lambda: added in macs(agent_guest), "the new card in the guest", WAIT_S, 0.5)

    row = window.wait(f"Network card {added}", "list item", part=True)
    assert "selected" in row.states
    window.key("delete")
    window.wait("1 change", "label")
    window.key("ctrl+s")
    wait_for(lambda: defined_macs(root_host, name) == (first, first), "the card to be gone", WAIT_S)
    wait_for(lambda: added not in macs(agent_guest), "it to be gone from the guest", WAIT_S, 0.5)
    window.wait_gone("Apply", "push button", timeout_s=40)


def test_the_xml_tab_and_the_form_are_one_document_and_the_history_goes_back(start_program: Start, root_host: RootHost) -> None:
    guests.define_boot_sector(root_host, "archive")
    window = open_settings(start_program, root_host, "archive, Off")
    window.click("XML", "check box")
    window.wait("Where the cursor is")
    window.key("ctrl+f")
    window.type("<vcpu placement='static'>1", into="Find in the text")
    window.wait("1 place", "label")
    window.key("esc")  # the place is selected
    window.type("<vcpu placement='static'>3")
    window.wait("Processors, 3 processors", "list item", part=True)

    window.click("Processors, 3 processors", "list item", part=True)
    window.wait("Processors at most", "text")
    window.key("ctrl+z")  # in the form
    window.wait("Processors, 1 processor", "list item", part=True)
    window.wait_gone("Apply", "push button")
    window.key("ctrl+shift+z")
    window.wait("Processors, 3 processors", "list item", part=True)
    assert element(root_host, "archive", "vcpu") == "1"
    apply_by_key(window)
    assert element(root_host, "archive", "vcpu") == "3"

    window.click("History", "push button")
    window.wait("Earlier definitions", "tree")
    rows = wait_for(lambda: entries if len(entries := kept(window)) == 2 else None, "two definitions in the history")
    window.screen.click(*rows[-1].centre)
    window.click("Restore this one", "push button")
    window.wait("Processors, 1 processor", "list item", part=True)
    apply_by_key(window)
    assert element(root_host, "archive", "vcpu") == "1"


def kept(window: Driver) -> list[Widget]:
    """The rows of the history, newest first."""
    return [one for one in window.widgets() if one.role == "tree item" and one.name in ("this program", "found when connecting")]


def test_edits_survive_another_tab_and_closing_asks(start_program: Start, root_host: RootHost) -> None:
    guests.define_boot_sector(root_host, "archive")
    window = open_settings(start_program, root_host, "archive, Off")
    find_setting(window, "title", "Overview: Title")
    window.type("Old papers")
    window.wait("1 change", "label")
    window.click("Machines", "page tab")
    window.wait_gone("Find a setting", "text")
    window.click("archive", "page tab", part=True)
    window.wait("1 change", "label")
    assert not element(root_host, "archive", "title", inactive=True)

    window.key("ctrl+w")
    window.wait("Close without applying", "push button")
    window.key("esc")
    window.wait_gone("Close without applying", "push button")
    window.wait("1 change", "label")

    window.key("ctrl+w")
    window.click("Apply the changes", "push button")
    window.wait_gone("archive", "page tab")
    assert element(root_host, "archive", "title", inactive=True) == "Old papers"

    window.double_click("Old papers, Off", "tree item", part=True)
    window.wait("Find a setting", "text")
    find_setting(window, "title", "Overview: Title")
    window.key("ctrl+a")
    window.type("Nothing")
    window.wait("1 change", "label")
    window.key("ctrl+w")
    window.click("Close without applying", "push button")
    window.wait_gone("Old papers", "page tab")
    assert element(root_host, "archive", "title", inactive=True) == "Old papers"
