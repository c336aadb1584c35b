"""What the settings of a machine cost: opening them, and going from page to page.  Run: python -m tests.bench.details [--profile]

Offscreen, on the machine of the corpus that has every device (tests/data/domains/every-device.xml).  Each number is the median of
several runs in the thread's own time, so that other programs do not count, from the click until everything is painted.
"open" is a new view each time, with list and first page; "in the window" is by wall clock, see ``details_window``;
"page, first time" makes the form, "page, again" shows it about the same or another device of its kind.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import os
import pstats
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.devices.offers import Cell, Named, Offers
from tests.bench import details_window
from tests.bench.list_view import Line
from tests.ui.details_world import session_of, view_of
from ui import aio
from ui.details.view import DetailsView
from ui.windows.keeper import SettingsKeeper

MACHINE = Path(__file__).parents[1] / "data" / "domains" / "every-device.xml"
OPEN_MS, PAGE_MS = 100.0, 30.0

OFFERS = Offers(
    libvirt=(11, 0, 0),
    driver="QEMU",
    names={
        "networks": tuple(Named(f"net{number}", f"net{number}: NAT, active") for number in range(40)),
        "cpu-models": tuple(Named(f"Model-{number}") for number in range(120)),
        "cpu-features": tuple(Named(f"feature{number}") for number in range(400)),
    },
    cells=(Cell(0, 64 << 20, tuple(range(32))), Cell(1, 64 << 20, tuple(range(32, 64)))),
    cpus=64,
    memory_kib=128 << 20,
)
"""A large host."""


def paint(app: QApplication) -> None:
    """Until nothing waits to be laid out or painted."""
    for _round in range(3):
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        app.sendPostedEvents()


async def measure(app: QApplication, folder: Path, rounds: int) -> list[Line]:
    """All lines of the table."""
    text = MACHINE.read_text(encoding="utf-8")
    opened, first, again, typed, around = [], [], [], [], []
    for _round in range(rounds):
        began = time.thread_time()
        view = view_of(session_of(text, OFFERS), folder)
        keeper = SettingsKeeper(view.ctx.settings, view)  # writes in a thread, as in the program
        view.resize(900, 800)
        await view.load()
        view.show()
        paint(app)
        opened.append((time.thread_time() - began) * 1e3)
        first += walk(app, view)
        again += walk(app, view)
        typed += typing(app, view)
        began = time.thread_time()
        view.refresh_around()
        paint(app)
        around.append((time.thread_time() - began) * 1e3)
        view.end()
        keeper.end()
        view.hide()
        view.deleteLater()
        paint(app)
    return [
        Line("open the settings", opened, OPEN_MS),
        Line("page, first time", first, PAGE_MS),
        Line("page, again", again, PAGE_MS),
        Line("a key in a field", typed, PAGE_MS),
        Line("list and bar, in a pause of typing", around, OPEN_MS),
    ]


def walk(app: QApplication, view: DetailsView) -> list[float]:
    """Each entry once."""
    spent = []
    for entry in view.list.entries.entries():
        began = time.thread_time()
        view.list.choose(entry.key)
        paint(app)
        spent.append((time.thread_time() - began) * 1e3)
    return spent


def typing(app: QApplication, view: DetailsView) -> list[float]:
    """Letters into the title."""
    view.list.choose("overview")
    paint(app)
    block = view.form.block("title") if view.form is not None else None
    spent = []
    for letter in "settings":
        began = time.thread_time()
        widget = block.widget  # type: ignore[union-attr]
        widget.setText(widget.text() + letter)
        widget.textEdited.emit(widget.text())
        paint(app)
        spent.append((time.thread_time() - began) * 1e3)
    return spent


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--window", action="store_true", help="only opening in the window")
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    loop = aio.make_loop(app)
    profile = cProfile.Profile(time.thread_time)
    with tempfile.TemporaryDirectory() as folder, loop:
        if options.profile and not options.window:
            profile.enable()
        lines = [] if options.window else loop.run_until_complete(measure(app, Path(folder), options.rounds))
        profile.disable()
        text = MACHINE.read_text(encoding="utf-8")
        in_window = details_window.measure(Path(folder), text, options.rounds, OPEN_MS, profile if options.window else None)
        lines += loop.run_until_complete(in_window)
        loop.run_until_complete(asyncio.sleep(0))
    print(f"| {'':<52} | {'median':>7} | {'worst':>7} | {'bar':>9} | |\n|{'-' * 54}|{'-' * 9}|{'-' * 9}|{'-' * 11}|---|")
    print("\n".join(map(str, lines)))
    if options.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
