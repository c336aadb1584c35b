"""Where a machine comes from: the list of kinds, and the small editor of the chosen one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.i18n import _
from app.install.sources import table
from ui.icons import icon
from ui.wizard.sources.container import ContainerEditor
from ui.wizard.sources.download import DownloadEditor
from ui.wizard.sources.editor import Desk, SourceEditor
from ui.wizard.sources.host_disc import HostDiscEditor
from ui.wizard.sources.kernel import KernelEditor
from ui.wizard.sources.machine import MachineEditor
from ui.wizard.sources.plain import NothingEditor, PxeEditor
from ui.wizard.sources.tree import TreeEditor
from ui.wizard.sources.volume import VolumeEditor

FILES = ("iso", "image", "cloud")
"""Kinds that are a file of this computer, which the card itself shows and recognises."""

_EDITORS: dict[str, Callable[[Desk], SourceEditor]] = {
    "host-iso": HostDiscEditor,
    "drive": lambda desk: HostDiscEditor(desk, drives=True),
    "volume": VolumeEditor,
    "download": DownloadEditor,
    "tree": TreeEditor,
    "pxe": PxeEditor,
    "kernel": KernelEditor,
    "clone": MachineEditor,
    "container": ContainerEditor,
    "none": NothingEditor,
}


class SourceChooser(QWidget):
    """kind_chosen: the user wants another kind of file.  changed: the editor in front has another answer.
    file_ready: a file that came here (a download) is to be recognised."""

    kind_chosen = Signal(str)
    changed = Signal()
    file_ready = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._made: dict[str, SourceEditor] = {}
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(_("Kind of source"))
        label = QLabel(_("F&rom:"))
        label.setBuddy(self.kinds)
        for row in table.KINDS:
            self.kinds.addItem(icon(row.icon), _(row.words), row.id)
        self.kinds.setMaxVisibleItems(len(table.KINDS))
        top = QHBoxLayout()
        top.addWidget(label)
        top.addWidget(self.kinds)
        top.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(top)
        self.kinds.activated.connect(lambda _index: self._activated())
        self.follow_survey()

    @property
    def kind(self) -> str:
        """The id of the chosen kind (``table.KINDS``)."""
        return str(self.kinds.currentData())

    @property
    def editor(self) -> SourceEditor | None:
        """The chosen kind's editor; None for files, which the card shows."""
        return None if self.kind in FILES else self._made.get(self.kind)

    def follow_survey(self) -> None:
        """What this host cannot do is grey, and says why."""
        model = self.kinds.model()
        for number, row in enumerate(table.KINDS):
            why_not = row.why_not(self._desk.survey) if self._desk.gathered else ""
            if isinstance(model, QStandardItemModel):
                model.item(number).setEnabled(not why_not)
            self.kinds.setItemData(number, why_not or _(row.tip), Qt.ItemDataRole.ToolTipRole)
        for editor in self._made.values():
            editor.follow_survey()
        self._say_tip()

    def _say_tip(self) -> None:
        row = table.kind(self.kind)
        self.kinds.setToolTip(_(row.tip))
        self.kinds.setAccessibleDescription(_(row.tip))

    def show_kind(self, kind: str) -> SourceEditor | None:
        """Puts a kind in front without telling ``kind_chosen``."""
        with QSignalBlocker(self.kinds):
            self.kinds.setCurrentIndex(self.kinds.findData(kind))
        self._say_tip()
        for other, editor in self._made.items():
            editor.setVisible(other == kind)
        if kind in _EDITORS and kind not in self._made:
            made = self._made[kind] = _EDITORS[kind](self._desk)
            made.changed.connect(lambda: self.changed.emit() if self.kind == kind else None)
            made.file_ready.connect(self.file_ready)
            self._column.addWidget(made)
        return self._made.get(kind)

    def choose(self, kind: str) -> SourceEditor | None:
        """As if the user had chosen it."""
        self.kinds.setCurrentIndex(self.kinds.findData(kind))
        self._activated()
        return self.editor

    def _activated(self) -> None:
        editor = self.show_kind(self.kind)
        self.kind_chosen.emit(self.kind)
        if editor is not None:
            editor.begin()
