"""Says that something unexpected went wrong, with everything that a report needs."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from app.i18n import _
from ui.crash import details
from ui.icons import icon

_shown: list[CrashDialog] = []


class CrashDialog(QDialog):
    """Not modal: the work can go on.  Further errors are added to the same one."""

    def __init__(self, trace: str) -> None:
        super().__init__(QApplication.activeWindow())
        self.setWindowTitle(_("Unexpected error"))
        self._text = QPlainTextEdit(details(trace), readOnly=True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAccessibleName(_("Details"))
        self._arrange()
        self.resize(680, 420)

    def _arrange(self) -> None:
        label = QLabel(
            _("Something went wrong that was not expected. Your machines go on running, and you can go on working.")
            + "\n"
            + _("Please report it with the details below, so that it can be mended.")
        )
        label.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = QPushButton(icon("edit-copy"), _("&Copy details"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text.toPlainText()))
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for part in (label, self._text, buttons):
            column.addWidget(part)

    def add(self, trace: str) -> None:
        """One more error."""
        self._text.appendPlainText("\n" + trace)


def show_crash(trace: str) -> None:
    """On the UI thread."""
    open_ones = [dialog for dialog in _shown if dialog.isVisible()]
    if open_ones:
        open_ones[0].add(trace)
        return
    dialog = CrashDialog(trace)
    _shown[:] = [dialog]
    dialog.show()
