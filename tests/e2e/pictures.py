"""``packaging/pictures``: the pictures of README and manual, taken of the real program with real guests.

    python -m tests.e2e.pictures docs/images [STOP …]

A person's way through the program on an isolated host of the lab, by mouse and keyboard; each stop is a picture.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.e2e.driver import Driver
from tests.e2e.program import HOSTELRY, Program
from tests.e2e.sights import SCREEN, click_screen, middle_of, ready
from tests.e2e.studio import Studio
from tests.lab import guests, hosts, media
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.screen import Display
from tests.lab.world import LabError, sweep, wait_for

NAME = "workshop"
SHELL = ("uname -srm", "ls /", "ls -l /dev/sr0 /dev/vda", "free", "ip -4 addr show eth0")
"""What is typed into the guest, for something to look at."""
WORK = {
    "web": "while :; do i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; sleep 2; done",
    "database": "while :; do dd if=/dev/zero of=/dev/vda bs=64k count=300; sync; sleep 3; done",
}
"""What the machines with an agent do, so that there is load to see."""
OFF = ("archive", "mail", "printing")
CLOUD_IMAGE = "debian-11-genericcloud-amd64.qcow2"
WAIT_S = 240
POOL = Path("/var/lib/libvirt/images")


class StudioHost(RootHost):
    """A host whose pool has the folder that libvirt's pools have on most computers."""

    @property
    def pool_folder(self) -> Path:
        """The pool's folder, seen from outside."""
        return self.root / "lib/images"

    def make_pool(self) -> None:
        """The pool "default", as a distribution makes it."""
        self.pool_folder.mkdir(exist_ok=True)
        self.virsh("pool-define-as", "default", "dir", "--target", str(POOL))
        self.virsh("pool-start", "default")
        self.virsh("pool-autostart", "default")


class Tour:
    """The way through the program; each method is a stop with its pictures."""

    def __init__(self, window: Driver, host: StudioHost, studio: Studio) -> None:
        self.window, self.host, self.studio = window, host, studio
        self.patience_s = 40.0
        self.working: list[LabGuest] = []

    def run(self, wanted: Sequence[str] = ()) -> None:
        """All of it, in the order of a first day, or the wanted stops only: each takes up where the one before it ended."""
        ready(self.window)
        self.studio.place("Hostelry")
        for stop in (
            self.first_start, self.sources, self.cloud_image, self.new_machine, self.console, self.overview, self.settings,
            self.difference, self.xml_tab, self.drop, self.machines, self.host_page, self.shut_down, self.delete, self.connection,
            self.preferences, self.tasks, self.away,
        ):  # fmt: skip
            if not wanted or stop.__name__ in wanted:
                print(stop.__name__, flush=True)
                stop()

    def first_start(self) -> None:
        """An empty host, and the line that says why it was chosen."""
        self.window.wait("This computer, No machines", "tree item")
        self.studio.take("first-start")

    def sources(self) -> None:
        """Everything that a machine can be made from."""
        self.window.key("ctrl+n")
        self.window.wait("Free on this host.", "label")
        self.window.click("No medium", "combo box")
        self.studio.take("sources", "New machine", above=150)
        self.window.key("esc")
        self.window.click("Cancel", "push button")
        self.window.wait_gone("Create only", "push button")

    def cloud_image(self) -> None:
        """A dropped cloud image, and what it is told for its first start."""
        image = self.host.pool_folder / CLOUD_IMAGE
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(image), "2G"], check=True)
        self.window.drop(POOL / image.name, on="This computer, No machines", role="tree item")
        self.window.wait("Host name:", "text")
        self.window.type("web", into="Name:")
        for field, text in (("Host name:", "web"), ("User:", "ann"), ("Password:", "a good one")):
            self.window.type(text, into=field)
        self.window.key("Tab")
        self.window.wait_gone("Nobody could log in. Give a user a password or an SSH key.", "label")
        self.studio.take("cloud-init", "New machine")
        self.window.key("esc")
        self.window.wait_gone("Create only", "push button")

    def new_machine(self) -> None:
        """A dropped ISO, and the page that comes of it."""
        self.window.drop(self._medium(media.tiny_iso(), "debian-11.iso"), on="This computer, No machines", role="tree item")
        self.window.wait("Debian 11", part=True)
        self.window.type(NAME, into="Name:")
        self.studio.take("new-machine", "New machine")
        self.window.click("Create and start", "push button")

    def console(self) -> None:
        """The started guest with something typed, beside a list of machines with load."""
        self._furnish()
        self.window.wait_colour(media.FIRST_COLOUR, 0.8, "the booted guest", within=middle_of(self.window), timeout_s=WAIT_S)
        self.window.click("Console", "check box")
        click_screen(self.window)
        for line in SHELL:
            self.window.type(line + "\n")
            time.sleep(1)
        self._put_to_work()
        time.sleep(self.patience_s)  # until the graphs have a story to tell
        self.studio.take("console")

    def _furnish(self) -> None:
        """Further machines: some that work, some that are off."""
        for name in OFF:
            guests.define_boot_sector(self.host, name)
        guests.define_boot_sector(self.host, "kiosk").start()
        self.working = [guests.define_agent(self.host, name, network=guests.DEFAULT_NET).start() for name in WORK]

    def _put_to_work(self) -> None:
        for guest in self.working:
            wait_for(partial(guests.agent_answers, guest), f"the agent of “{guest.name}”", WAIT_S, 0.5)
            guests.agent_exec(guest, "/bin/sh", "-c", WORK[guest.name])

    def _medium(self, source: Path, name: str) -> Path:
        """A copy of an ISO in the host's pool; gives its path as the host sees it."""
        shutil.copy(source, self.host.pool_folder / name)
        return POOL / name

    def overview(self) -> None:
        """Screen and facts side by side."""
        self.window.key("ctrl+alt")
        self.window.click("Both", "check box")
        self.studio.take("overview")
        self.window.click("Console", "check box")

    def settings(self) -> None:
        """The settings of the running machine, with its screen beside."""
        self.window.click("Settings", "check box")
        self.window.wait("Overview, ", "list item", part=True)
        self.window.click("Processors, ", "list item", part=True)
        self.window.wait("Processors at most", "text")
        self.studio.take("settings")

    def difference(self) -> None:
        """What applying would change, in words."""
        self.window.click("Overview, ", "list item", part=True)
        self.window.type("Tools and drivers", into="Title")
        self.window.click("Memory, ", "list item", part=True)
        self.window.type("3 GiB", into="Memory")
        self.window.key("Tab")
        self.window.click("Show…", "push button")
        self.window.wait("At the next start", "tree item")
        self.studio.take("difference", "Changes")
        self.window.key("esc")
        self.window.wait_gone("Changes in words")

    def xml_tab(self) -> None:
        """The definition as text, with the same edits in it; they are given up then."""
        self.window.click("XML", "check box")
        self.window.wait("Where the cursor is")
        self.studio.take("xml")
        self.window.click("Revert", "push button")
        self.window.wait_gone("Apply", "push button")
        self.window.click("Console", "check box")

    def drop(self) -> None:
        """A second disc above the guest's screen."""

        def hovering() -> None:
            self.studio.take("drop")

        self.window.drop(self._medium(media.second_iso(), "drivers.iso"), on=SCREEN, hovering=hovering)
        self.window.wait("drivers.iso", part=True)
        self.window.wait_gone("“drivers.iso” is in the CD drive of “workshop”.")

    def machines(self) -> None:
        """All machines, some of them selected."""
        self.window.click("Machines", "page tab")
        self.window.click("database, Running", "tree item", part=True)
        self.window.key("shift+down")
        self.studio.take("list")

    def host_page(self) -> None:
        """The host's own page."""
        self.window.click("This computer, 4 of 7 running", "tree item")
        self.window.key("Return")
        self.window.wait("Test KVM now", "push button")
        self.studio.take("host")
        self.window.key("ctrl+w")

    def shut_down(self) -> None:
        """A guest that ignores the power button, and what then is offered."""
        self.window.click("kiosk, Running", "tree item", part=True)
        self.window.key("ctrl+shift+d")
        self.window.wait("Send by power button", "push button", timeout_s=WAIT_S)
        self.studio.take("shut-down")
        self.window.click("Force off", "push button")
        wait_for(lambda: self.host.state("kiosk") == "shut off", "it to be off")

    def delete(self) -> None:
        """The question before a machine goes."""
        self.host.virsh("destroy", NAME)
        self.window.click(f"{NAME}, Off", "tree item")
        self.window.key("Delete")
        self.window.wait("Storage to delete", part=True)
        self.studio.take("delete", "Delete")
        self.window.key("esc")

    def connection(self) -> None:
        """A host that does not answer, and the words for it."""
        self.window.key("ctrl+shift+n")
        self.window.type("rack2.example", into="Host name or address")
        self.window.click("Connect", "push button")
        self.window.wait("No host of the name “rack2.example” was found.", part=True)
        self.studio.take("connection", "Add connection")
        self.window.key("esc")
        self.window.wait_gone("Connect", "push button")

    def preferences(self) -> None:
        """What can be chosen."""
        self.window.menu("File", "Preferences…")
        self.window.wait("Search the preferences")
        self.studio.take("preferences", "Preferences")
        self.window.key("esc")

    def tasks(self) -> None:
        """What ran, and how it ended."""
        self.window.click("Tasks", "check box")
        self.studio.take("tasks")
        self.window.click("Tasks", "check box")

    def away(self) -> None:
        """The service has gone: what the window says."""
        self.window.click("This computer", "tree item", part=True)
        self.window.key("Return")
        self.host.kill_daemon()
        self.window.wait("is away", part=True)
        self.studio.take("away")


@contextmanager
def stage(folder: Path) -> Iterator[Tour]:
    """Host, display, program and driver; all of it goes at the end."""
    with (
        StudioHost("studio", pool=False) as host,
        Display(1400, 960) as screen,
        Program(screen, HOSTELRY, on=host, settings={"shutdown-wait-s": 5}) as program,
        Driver(program) as window,
    ):
        host.make_pool()
        yield Tour(window, host, Studio(screen, folder))


def main(arguments: list[str]) -> int:
    """Takes the pictures into the given folder; 1 with the reason when that fails."""
    folder = Path(arguments[0]) if arguments else Path("docs/images")
    if reason := hosts.why_not():
        print(f"Pictures: {reason}.", file=sys.stderr)
        return 1
    sweep()
    folder.mkdir(parents=True, exist_ok=True)
    with stage(folder) as tour:
        try:
            tour.run(arguments[1:])
        except LabError as error:
            seen = tour.window.screen.picture().save(Path(tempfile.gettempdir()) / "hostelry-pictures.png")
            print(f"{error}\nThe screen then: {seen}", file=sys.stderr)
            return 1
        for path in tour.studio.taken:
            print(f"{path.stat().st_size:7} {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
