"""A line for a file's path with a button that picks one."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from app.i18n import _
from ui.icons import icon


class PathEdit(QLineEdit):
    """The picker is opened without a nested loop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pick = QAction(icon("document-open"), _("Choose a file"), self)
        pick.triggered.connect(self._pick)
        self.addAction(pick, QLineEdit.ActionPosition.TrailingPosition)

    def _pick(self) -> None:
        dialog = QFileDialog(self, _("Choose a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
