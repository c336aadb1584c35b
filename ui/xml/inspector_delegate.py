"""Editing a value in place: a list where the schema has one, else a line that says at once what is not allowed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from app.i18n import _
from app.xmldoc.schema import ValueInfo
from ui.plain import tip as plain_tip
from ui.xml.inspector_rows import NAME, ROLE, VALUE, Spot

Index = QModelIndex | QPersistentModelIndex
Allowed = Callable[[Spot], ValueInfo | None]
Write = Callable[[Spot, str], None]


class ValueDelegate(QStyledItemDelegate):
    """allowed: what may be there; write: takes what was chosen or typed.

    The schema warns and forbids nothing: libvirt decides.
    """

    def __init__(self, parent: QWidget, allowed: Allowed, write: Write) -> None:
        super().__init__(parent)
        self._allowed, self._write = allowed, write

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget | None:  # type: ignore[override]
        if index.column() != VALUE:
            return None
        info = self._allowed(index.sibling(index.row(), NAME).data(ROLE))
        if info is None or not info.values:
            return self._line(parent, info)
        box = QComboBox(parent)
        box.setEditable(not info.closed)
        box.addItems(list(info.values))
        box.activated.connect(lambda _row: self._commit(box))
        return box

    def _line(self, parent: QWidget, info: ValueInfo | None) -> QLineEdit:
        line = QLineEdit(parent)
        line.setFrame(False)

        def check(text: str) -> None:
            wrong = info is not None and not info.allows(text)
            words = _("The schema wants {words} here.").format(words=info.words()) if wrong and info is not None else ""
            QToolTip.showText(line.mapToGlobal(line.rect().bottomLeft()), plain_tip(words), line)

        line.textEdited.connect(check)
        return line

    def _commit(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        value = str(index.data(ROLE) or "")
        if isinstance(editor, QComboBox):
            if editor.findText(value) < 0:
                editor.addItem(value)  # what the machine has stays selectable
            editor.setCurrentText(value)
        elif isinstance(editor, QLineEdit):
            editor.setText(value)

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        value = editor.currentText() if isinstance(editor, QComboBox) else editor.text() if isinstance(editor, QLineEdit) else ""
        if value != index.data(ROLE):
            self._write(index.sibling(index.row(), NAME).data(ROLE), value)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        rect = option.rect
        editor.setGeometry(rect)
        if isinstance(editor, QComboBox):
            editor.setMinimumHeight(rect.height())

