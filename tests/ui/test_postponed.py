"""What is done in a window whose parts are not there yet happens when they are."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from ui.windows.postponed import Postponed


class Source(QObject):
    """Two signals as a window has."""

    dropped = Signal(object, list)
    closed = Signal()


def test_deeds_are_kept_until_somebody_listens(qtbot: QtBot) -> None:
    source = Source()
    heard: list[object] = []
    kept = Postponed(source, source.dropped, source.closed)
    source.dropped.emit(None, ["a.iso"])
    source.closed.emit()
    source.dropped.connect(lambda target, files: heard.append((target, files)))
    source.closed.connect(lambda: heard.append("closed"))
    kept.release()
    assert heard == [(None, ["a.iso"]), "closed"]
    source.closed.emit()
    assert heard[2:] == ["closed"]
