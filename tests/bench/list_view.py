"""What the list costs: painting, sorting, filtering, loading, live updates.  Run: python -m tests.bench.list_view

Needs no daemon: the real inventory, statistics, model and view with made-up guests, offscreen.  Each number is the
median of several runs, in the thread's own time, so that other programs do not count.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.model.records import DomainState
from tests.ui.host_world import Load, World, WorldHost, guest
from ui.models.columns import Col
from ui.models.host_tree_model import HostTreeModel
from ui.widgets.host_tree import HostTree

ROWS_IN_SIGHT = 40


@dataclass
class Line:
    """One line of the table; milliseconds or percent."""

    what: str
    values: list[float]
    bar: float
    unit: str = "ms"

    def __str__(self) -> str:
        median, worst = statistics.median(self.values), max(self.values)
        verdict = "reached" if median <= self.bar else "NOT REACHED"
        return f"| {self.what:<52} | {median:7.1f} | {worst:7.1f} | {self.bar:6.1f} {self.unit:<2} | {verdict:<11} |"


class Stage:
    """A window with a list of ``count`` guests, half of them running, 40 rows in sight."""

    def __init__(self, app: QApplication, count: int) -> None:
        self.app = app
        self.world = World()
        self.host = self.world.add(WorldHost("test:///bench", "bench"))
        self.model = HostTreeModel(self.world)
        self.view = HostTree(self.model)
        self.view.show()
        height = self.view.visualRect(self.model.index(0, 0)).height()
        self.view.resize(1400, ROWS_IN_SIGHT * height + self.view.header().height() + 2 * self.view.frameWidth())
        self.settle()
        self.records = [guest(number, DomainState.RUNNING if number % 2 else DomainState.SHUTOFF) for number in range(count)]
        self.load = Load(self.host)

    def fill(self) -> None:
        """Brings all guests and a history."""
        self.host.put(*self.records)
        self.model.flush()
        for _tick in range(45):
            self.host.statistics.add(self.load.sample())
        self.settle(400)

    def settle(self, ms: int = 30) -> None:
        """Lets the event loop run."""
        loop = QEventLoop()
        QTimer.singleShot(ms, loop.quit)
        loop.exec()

    def until_painted(self, do: Callable[[], object]) -> float:
        """Milliseconds of ``do`` and of the layout and painting that it causes: the thread's own time, so that
        other programs on the machine do not count."""
        begin = time.thread_time()
        do()
        self.app.processEvents()
        return (time.thread_time() - begin) * 1000

    def longest_block(self, do: Callable[[], object], seconds: float) -> float:
        """The longest work, in milliseconds of the thread's own time, between two turns of the event loop."""
        loop, gaps = QEventLoop(), [0.0]
        timer = QTimer()
        last = time.thread_time()

        def tick() -> None:
            nonlocal last
            now = time.thread_time()
            gaps.append(now - last)
            last = now

        timer.timeout.connect(tick)
        timer.start(0)
        QTimer.singleShot(5, do)
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()
        return max(gaps) * 1000

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()
        self.model.deleteLater()
        self.settle()


def repaint(stage: Stage) -> Line:
    return Line("full repaint, 40 rows", [stage.until_painted(stage.view.viewport().repaint) for _n in range(30)], 8)


def first_keystroke(stage: Stage) -> Line:
    """Later ones find the guests' texts ready."""
    return Line(
        "first filter keystroke, 5,000 guests, with painting", [stage.until_painted(lambda: stage.model.set_filter("1"))], 50
    )


def keystrokes(stage: Stage) -> Line:
    texts = ["12", "123", "12", "1", "", "state:run", "vm-4", "zzz", "", "-1", ""]
    return Line(
        "filter keystroke, 5,000 guests, with painting",
        [stage.until_painted(lambda text=text: stage.model.set_filter(text)) for text in texts],  # type: ignore[misc]
        50,
    )


def sorts(stage: Stage) -> Line:
    chosen = [(column, order) for column in (Col.STATE, Col.CPU, Col.VCPUS, Col.NAME) for order in list(Qt.SortOrder)]
    return Line(
        "sort, 5,000 guests, with painting",
        [stage.until_painted(lambda c=column, o=order: stage.view.sortByColumn(c, o)) for column, order in chosen],  # type: ignore[misc]
        50,
    )


def update(stage: Stage, count: int) -> Line:
    """Milliseconds of work a second are tenths of a percent."""
    costs = []
    for _n in range(15):
        sample = stage.load.sample()
        begin = time.process_time()
        stage.host.statistics.add(sample)
        stage.settle(250)
        costs.append((time.process_time() - begin) * 100)
    return Line(f"update at 1 Hz, {count:,} guests, of a processor", costs, 2 if count <= 1000 else 5, "%")


def hidden(stage: Stage) -> Line:
    stage.view.hide()
    line = update(stage, 1000)
    line.what, line.bar = "the same, hidden", 1
    stage.view.show()
    stage.settle(200)
    return line


def keys(stage: Stage) -> Line:
    stage.view.setCurrentIndex(stage.model.index(0, 0))
    press = [stage.until_painted(lambda: QTest.keyClick(stage.view, Qt.Key.Key_Down)) for _n in range(60)]
    return Line("key to paint (Down), 1,000 guests", press, 16)


def event(stage: Stage) -> Line:
    times = []
    stage.view.scrollToTop()
    stage.settle()
    for number in range(30):
        state = DomainState.PAUSED if number % 2 else DomainState.RUNNING
        times.append(stage.until_painted(lambda s=state: stage.host.put(guest(1, s))))  # type: ignore[misc]
    return Line("one guest's change to paint, 1,000 guests", times, 15)


def inserting(app: QApplication, count: int, bar: float) -> Line:
    blocks = []
    for _n in range(5):
        stage = Stage(app, count)
        blocks.append(stage.longest_block(lambda: stage.host.put(*stage.records), 1.0))  # noqa: B023 (called at once)
        stage.close()
    return Line(f"longest block while {count:,} guests come", blocks, bar)


def main() -> int:
    """Prints the table; 1 if a bar was not reached."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    lines = [inserting(app, 1000, 50), inserting(app, 5000, 100)]
    big = Stage(app, 5000)
    big.fill()
    lines += [repaint(big), first_keystroke(big), keystrokes(big), sorts(big), update(big, 5000)]
    big.close()
    small = Stage(app, 1000)
    small.fill()
    lines += [update(small, 1000), keys(small), event(small), hidden(small)]
    small.close()
    print(f"| {'what':<52} | median  | worst   | bar       | verdict     |")
    print(f"|{'-' * 54}|---------|---------|-----------|-------------|")
    print("\n".join(map(str, lines)))
    return int(any(statistics.median(line.values) > line.bar for line in lines))


if __name__ == "__main__":
    sys.exit(main())
