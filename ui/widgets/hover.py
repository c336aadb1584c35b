"""The frame that a flat button has under the pointer, after a menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QToolButton


def leave_with_menu(button: QToolButton) -> None:
    """No window manager is obliged to say that the pointer left the button while its menu had the mouse."""
    menu = button.menu()
    if menu is not None:
        menu.aboutToHide.connect(lambda: QTimer.singleShot(0, button, lambda: _look(button)))


def _look(button: QToolButton) -> None:
    if button.underMouse() and not button.rect().contains(button.mapFromGlobal(QCursor.pos())):
        QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))
        button.update()
