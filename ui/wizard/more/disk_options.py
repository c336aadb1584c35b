"""How the first disk is made: format, all space at once, encryption."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.errors import Invalid
from app.i18n import _
from app.install.plan import DiskKind, DiskPlan


class DiskOptions(QWidget):
    """edited: something is another; ``fit(disk)`` puts the answers on a disk and may raise ``Invalid``."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.format = QComboBox()
        self.format.addItem(_("qcow2 (can be snapshot, grows)"), "qcow2")
        self.format.addItem(_("raw (simplest, a little faster)"), "raw")
        self.format.setAccessibleName(_("Format of the disk"))
        self.whole = QCheckBox(_("Take all its s&pace at once"))
        self.whole.setToolTip(_("The pool cannot run out under the machine; making it may take long (libvirt: allocation)"))
        self.encrypt = QCheckBox(_("Encr&ypt it"))
        self.encrypt.setToolTip(_("With LUKS; the host keeps the passphrase, so that the machine starts by itself"))
        self.passphrase, self.again = QLineEdit(), QLineEdit()
        for line, name in ((self.passphrase, _("Passphrase")), (self.again, _("The same again"))):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setAccessibleName(name)
            line.setPlaceholderText(name)
            line.textEdited.connect(lambda _text: self.edited.emit())
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.format)
        first.addWidget(self.whole)
        first.addStretch(1)
        for widget in (self.encrypt, self.passphrase, self.again):
            second.addWidget(widget)
        second.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(first)
        column.addLayout(second)
        self.setFocusProxy(self.format)
        self.format.activated.connect(lambda _index: self.edited.emit())
        self.whole.toggled.connect(lambda _on: self.edited.emit())
        self.encrypt.toggled.connect(self._encrypted)
        self._encrypted(False)

    def _encrypted(self, on: bool) -> None:
        for line in (self.passphrase, self.again):
            line.setVisible(on)
            if not on:
                line.clear()
        self.edited.emit()

    def show_disk(self, disk: DiskPlan) -> None:
        """Which of them apply to it."""
        new = disk.kind is DiskKind.NEW
        self.format.setEnabled(disk.kind in (DiskKind.NEW, DiskKind.COPY))
        self.format.setCurrentIndex(max(0, self.format.findData(disk.format)))
        for widget in (self.whole, self.encrypt):
            widget.setEnabled(new)

    def fit(self, disk: DiskPlan) -> DiskPlan:
        """The disk with what was chosen here."""
        if disk.kind is DiskKind.COPY:
            form = str(self.format.currentData())
            source = disk.source_format or (disk.format if form != disk.format else "")
            return replace(disk, format=form, source_format=source)
        if disk.kind is not DiskKind.NEW:
            return disk
        passphrase = self.passphrase.text() if self.encrypt.isChecked() else ""
        if self.encrypt.isChecked() and not passphrase:
            raise Invalid(_("Give the disk a passphrase, or do not encrypt it."))
        if passphrase != self.again.text() and self.encrypt.isChecked():
            raise Invalid(_("The two passphrases are not the same."))
        form = str(self.format.currentData())
        return replace(disk, format=form, preallocate=self.whole.isChecked(), passphrase=passphrase)
