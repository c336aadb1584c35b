"""Whether the installed PySide loses references to None, True and False: ``python -m tests.bench.references``.

PySide 6.12.0 does on Python before 3.12, where these are counted: the program then aborts after a while ("none_dealloc",
"bool_dealloc").  Each call is repeated; what a call takes more than it gives is counted.  Prints the calls that lose; exits with 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPushButton, QTreeView

TIMES = 400
LEAST = -0.05
"""References a call: other threads and caches make less than this."""

COUNTED = (None, True, False)


class _Model(QAbstractTableModel):
    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # type: ignore[override]  # noqa: B008, N802
        return 0 if parent.isValid() else 100

    def columnCount(self, _parent: QModelIndex = QModelIndex()) -> int:  # type: ignore[override]  # noqa: B008, N802
        return 3

    def data(self, _index: QModelIndex, role: int = 0) -> str | None:  # type: ignore[override]
        return "x" if role == Qt.ItemDataRole.DisplayRole else None


class _Source(QObject):
    plain = Signal()
    flag = Signal(bool)
    thing = Signal(object)


def lost(call: Callable[[], object], times: int = TIMES) -> dict[str, float]:
    """References that one call loses, by object; empty if none."""
    call()
    before = [sys.getrefcount(one) for one in COUNTED]
    for _ in range(times):
        call()
    change = [(sys.getrefcount(one) - count) / times for one, count in zip(COUNTED, before, strict=True)]
    return {str(one): less for one, less in zip(COUNTED, change, strict=True) if less < LEAST}


def calls(app: QApplication) -> dict[str, Callable[[], object]]:
    """What the program does all the time."""
    model, source, button, action, view, timer = _Model(app), _Source(app), QPushButton(), QAction(app), QTreeView(), QTimer(app)
    source.plain.connect(lambda: None)
    source.flag.connect(lambda _on: None)
    source.thing.connect(lambda _thing: None)
    button.setCheckable(True)
    button.toggled.connect(lambda _on: None)
    action.setCheckable(True)
    action.toggled.connect(lambda _on: None)
    view.setModel(model)
    view.show()
    timer.setInterval(0)
    timer.timeout.connect(lambda: None)
    index = model.index(0, 0)

    def fire() -> None:
        timer.start()
        app.processEvents()
        timer.stop()

    return {
        "emit()": source.plain.emit,
        "emit(bool)": lambda: source.flag.emit(True),
        "emit(object)": lambda: source.thing.emit(None),
        "dataChanged": lambda: model.dataChanged.emit(index, index),
        "isValid": index.isValid,
        "a call that returns None": view.update,
        "a repaint through a model": view.viewport().repaint,
        "a button that is clicked": button.click,
        "an action that is ticked": action.toggle,
        "selection": lambda: view.setCurrentIndex(index),
        "a timer": fire,
    }


def losers() -> dict[str, dict[str, float]]:
    """The calls that lose references, with how many of which."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    _held = [*COUNTED] * 100_000  # so that the measurement itself survives
    return {name: less for name, call in calls(app).items() if (less := lost(call))}


def main() -> int:
    """Prints what was found."""
    found = losers()
    for name, less in found.items():
        print(f"{name}: loses {less}")
    print("references are lost" if found else "no reference is lost")
    return int(bool(found))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # an interpreter without its None could not end
