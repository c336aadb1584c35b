"""The longest time that the UI thread did not answer, scene by scene: ``python -m tests.bench.answers [--runs 3]``.

A real daemon with 1,000 machines; keys through the X server as from a person, answers watched from outside (see ``probe``).
Needs root (the lab's isolated hosts), Xvfb, dbus-daemon.
"""

from __future__ import annotations

import argparse
import array
import os
import re
import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import libvirt
from Xlib import XK, X, error
from Xlib.ext import xtest

from tests.bench import subjects
from tests.bench.desk import Desk
from tests.bench.machines import define
from tests.bench.probe import Probe, Spread
from tests.lab.hosts import RootHost
from tests.lab.screen import Picture

BAR_MS = 50.0


class Hands:
    """Keys for whichever window of the program is in front; there is no window manager, so the focus is set here."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self._display = probe.display

    def keys(self, names: str, pause_s: float = 0.3) -> None:
        """``"Down Return"``, ``"ctrl+comma"``: keysyms; the pause follows each."""
        for chord in names.split():
            self._focus()
            codes = [self._code(name) for name in chord.split("+")]
            for code in codes:
                xtest.fake_input(self._display, X.KeyPress, code)
            for code in reversed(codes):
                xtest.fake_input(self._display, X.KeyRelease, code)
            self._display.flush()
            self.probe.wait(pause_s)

    def click(self, x: int, y: int, button: int = 1, pause_s: float = 0.5) -> None:
        """At a place of the main window."""
        at = self.probe.window.translate_coords(self.probe.root, 0, 0)
        xtest.fake_input(self._display, X.MotionNotify, x=x - at.x, y=y - at.y)
        xtest.fake_input(self._display, X.ButtonPress, button)
        xtest.fake_input(self._display, X.ButtonRelease, button)
        self._display.flush()
        self.probe.wait(pause_s)

    def picture(self, path: Path) -> None:
        """The whole screen as a PNG file."""
        size = self.probe.root.get_geometry()
        data = self.probe.root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF).data
        Picture(size.width, size.height, array.array("I", data)).save(path)

    def _code(self, name: str) -> int:
        symbol = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L"}.get(name, name)
        return int(self._display.keysym_to_keycode(XK.string_to_keysym(symbol)))

    def _focus(self) -> None:
        """The topmost window that is no popup gets the keyboard."""
        for window in reversed(self.probe.root.query_tree().children):
            try:
                shown = window.get_attributes()
                if shown.map_state == X.IsViewable and not shown.override_redirect and window.get_geometry().width > 50:
                    window.set_input_focus(X.RevertToParent, X.CurrentTime)
                    self._display.sync()
                    return
            except error.XError:
                continue


@dataclass
class Stage:
    """What a scene may use."""

    host: RootHost
    uri: str
    hands: Hands
    probe: Probe
    pictures: Path | None = None
    taken: int = 0

    def picture(self, name: str) -> None:
        """For whoever doubts that the scene was what it says."""
        if self.pictures is not None:
            self.taken += 1
            self.hands.picture(self.pictures / f"{self.taken:02} {name}.png")


Scene = Callable[[Stage], None]


def home(stage: Stage) -> None:
    stage.hands.keys("alt+Home", 0.5)
    stage.hands.click(300, 260)


def open_first(stage: Stage) -> None:
    home(stage)
    stage.hands.keys("Home Down Return", 0.1)
    stage.probe.wait(3)


def open_more(stage: Stage) -> None:
    """Two further machines that run, and one that is off."""
    for down in (2, 3, 30):
        home(stage)
        stage.hands.keys("Home " + "Down " * down + "Return", 0.05)
        stage.probe.wait(1.5)


def switch_tabs(stage: Stage) -> None:
    stage.hands.keys("ctrl+Next " * 10, 0.4)


def dialog(keys: str) -> Scene:
    """Opens a dialog and closes it, twice: the first time is the dear one."""

    def scene(stage: Stage) -> None:
        home(stage)
        for _ in range(2):
            stage.hands.keys(keys, 1.5)
            stage.picture(keys)
            stage.hands.keys("Escape", 0.7)

    return scene


def delete_dialog(stage: Stage) -> None:
    home(stage)
    stage.hands.keys("End", 0.5)
    stage.hands.keys("Delete", 3)
    stage.picture("delete")
    stage.hands.keys("Escape", 0.7)


def menus(stage: Stage) -> None:
    home(stage)
    stage.hands.keys("Home Down alt+m Right Right Right Right Escape Escape", 0.4)
    stage.hands.click(300, 260, button=3, pause_s=0.8)
    stage.hands.keys("Escape", 0.5)


def filter_list(stage: Stage) -> None:
    home(stage)
    stage.hands.keys("ctrl+f v m minus 0 0 1 BackSpace BackSpace BackSpace 9 Escape", 0.25)


def sort_list(stage: Stage) -> None:
    home(stage)
    for x in (60, 60, 500, 500, 620, 700):
        stage.hands.click(x, 122, pause_s=0.6)
    stage.hands.click(60, 122)


def burst(stage: Stage) -> None:
    """Another client changes 200 machines a second, for six seconds."""
    over = threading.Event()
    worker = threading.Thread(target=_redefine, args=(stage.uri, over))
    worker.start()
    try:
        stage.probe.wait(6)
    finally:
        over.set()
        worker.join()


def _redefine(uri: str, over: threading.Event) -> None:
    connection = libvirt.open(uri)
    texts = [(domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)) for domain in connection.listAllDomains()[500:700]]
    began, count = time.monotonic(), 0
    while not over.is_set():
        text = re.sub(r"<title>[^<]*</title>", f"<title>change {count}</title>", texts[count % len(texts)])
        connection.defineXML(text)
        count += 1
        time.sleep(max(0.0, began + count / 200 - time.monotonic()))
    connection.close()


def hung_guest(stage: Stage) -> None:
    pid = stage.host.qemu_pid("vm-00005")
    os.kill(pid, signal.SIGSTOP)
    try:
        home(stage)
        stage.hands.keys("Home Down Down Down Down Down Down Return", 0.1)
        stage.probe.wait(6)
    finally:
        os.kill(pid, signal.SIGCONT)


def close_tabs(stage: Stage) -> None:
    stage.hands.keys("ctrl+w " * 5, 0.5)


SCENES: dict[str, Scene] = {
    "idle": lambda stage: stage.probe.wait(8),
    "preferences": dialog("ctrl+comma"),
    "new machine": dialog("ctrl+n"),
    "add a connection": dialog("ctrl+shift+n"),
    "delete a machine that is off": delete_dialog,
    "menus": menus,
    "filter": filter_list,
    "sort": sort_list,
    "the first machine opened": open_first,
    "four machines opened": open_more,
    "tabs switched": switch_tabs,
    "200 changes a second": burst,
    "a hung machine opened": hung_guest,
    "tabs closed": close_tabs,
}


@dataclass
class Answers:
    """The spreads of one scene, run by run."""

    spreads: list[Spread] = field(default_factory=list)

    def row(self, name: str) -> str:
        """One row of the table."""
        worst = [one.max for one in self.spreads]
        verdict = (
            "reached" if max(worst) <= BAR_MS else "reached (median)" if statistics.median(worst) <= BAR_MS else "NOT reached"
        )
        p99 = statistics.median(one.p99 for one in self.spreads)
        return f"| {name} | {statistics.median(worst):.0f} | {max(worst):.0f} | {p99:.1f} | {verdict} |"


@contextmanager
def stage_of(host: RootHost, command: list[str], pictures: Path | None) -> Iterator[tuple[Stage, Spread]]:
    """The program started on the host; with the answers while it loaded."""
    with Desk() as desk:
        start = subjects.hostelry(desk, host.uri)
        argv = [*command, *start.command[3:]] if command else start.command
        with Probe(argv, start.watch, start.env, desk.home / "output.txt") as probe:
            if not probe.wait_loaded(60):
                raise RuntimeError((desk.home / "output.txt").read_text()[-2000:])
            probe.wait(3)
            yield Stage(host, host.uri, Hands(probe), probe, pictures), probe.outcome.loading
            print((desk.home / "output.txt").read_text()[-3000:], end="")


def play(host: RootHost, wanted: list[str], found: dict[str, Answers], command: list[str], pictures: Path | None) -> None:
    """All scenes once."""
    with stage_of(host, command, pictures) as (stage, loading):
        found.setdefault("loading", Answers()).spreads.append(loading)
        for name in wanted:
            stage.probe.take_answers()
            began = time.perf_counter() - stage.probe.started
            SCENES[name](stage)
            spread = stage.probe.take_answers()
            stage.picture(name)
            found.setdefault(name, Answers()).spreads.append(spread)
            print(f"{began:7.1f} s  {name}: worst {spread.max} ms, p99 {spread.p99} ms, over 50: {spread.over_50}", flush=True)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--machines", type=int, default=1000)
    parser.add_argument("--running", type=int, default=8)
    parser.add_argument("--scene", action="append", help="words of a scene's name; may be given more than once")
    parser.add_argument("--program", default="", help="a Python file that starts the program, for instance under a profiler")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of the screen after each scene")
    options = parser.parse_args()
    wanted = [name for name in SCENES if not options.scene or any(word in name for word in options.scene)]
    command = [os.sys.executable, str(Path(options.program))] if options.program else []  # type: ignore[attr-defined]
    found: dict[str, Answers] = {}
    with RootHost("bench") as host:
        define(host.uri, options.machines, options.running, host.images)
        for _ in range(options.runs):
            play(host, wanted, found, command, options.pictures)
    print("| scene | worst answer, median ms | worst of all ms | p99 ms | bar 50 ms |\n|---|---|---|---|---|")
    for name, answers in found.items():
        print(answers.row(name))


if __name__ == "__main__":
    main()
