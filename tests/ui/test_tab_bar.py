"""The bar of tabs: what was opened and closed leaves nothing behind."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from ui.widgets.tab_bar import TabBar


def test_closed_tabs_leave_no_buttons(qtbot: QtBot) -> None:
    bar = TabBar()
    qtbot.addWidget(bar)
    bar.addTab("Machines")
    bar.fix_first()
    bar.show()

    def buttons() -> int:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(bar.findChildren(QAbstractButton))

    before = buttons()
    for _ in range(5):
        bar.addTab("web")
        bar.removeTab(1)
    assert buttons() == before
