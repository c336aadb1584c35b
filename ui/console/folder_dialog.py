"""Which folder a guest gets, and what it may do with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.i18n import _
from ui.dialogs.dialog_parts import PlainDialog


class FolderDialog(PlainDialog):
    """Used with ``ui.aio.ask``; ``folder`` and ``writable`` are its answer."""

    def __init__(self, parent: QWidget | None, before: str = "") -> None:
        super().__init__(parent, _("Share a folder with the guest"), "folder-open")
        self.add_text(_("Which folder of this computer may the guest see?"), strong=True)
        self.path = QLineEdit(before)
        self.path.setAccessibleName(_("Folder"))
        self.path.setMinimumWidth(self.fontMetrics().averageCharWidth() * 44)
        self.path.textChanged.connect(lambda _text: self._enable())
        browse = QPushButton(_("Choose…"))
        browse.clicked.connect(lambda _checked=False: self._browse())
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        self.body.addLayout(row)
        self.change = QCheckBox(_("The guest may change and delete files in it"))
        self.body.addWidget(self.change)
        self.add_text(_(
            "In a Linux guest with spice-webdavd it is “Spice client folder” under Network in the file manager; in Windows with"
            " the SPICE WebDAV service it is a network drive. Other programs there reach it at http://localhost:9843/."
            " Everyone who uses the guest can see it, until you switch it off or close the screen."
        ))  # fmt: skip
        self.body.addStretch(1)
        self._share = self.buttons.addButton(_("Share"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._enable()

    @property
    def folder(self) -> Path:
        """As it was entered; "~" is one's home."""
        entered = Path(self.path.text().strip())
        try:
            return entered.expanduser()
        except RuntimeError:  # "~somebody" whom nobody knows
            return entered

    @property
    def writable(self) -> bool:
        """Whether the guest may change it."""
        return self.change.isChecked()

    def _enable(self) -> None:
        self._share.setEnabled(self.folder.is_absolute())

    def _browse(self) -> None:
        chooser = QFileDialog(self, _("Folder for the guest"), self.path.text() or str(Path.home()))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(self.path.setText)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()
